"""Signing in without a password, the first run, seats and roles, what a person chose."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.application import Cast, send

from evenwicht.errors import WrongCall
from evenwicht.web.people import acts, queries
from evenwicht.web.people.rows import Link, Membership, Organisation, Person


def test_a_code_by_mail_signs_in(cast: Cast) -> None:
    client = Client()
    answer = send(client, reverse("account_login"), email="owner@berk.example")
    assert answer.headers["Location"] == reverse("account_confirm_login_code")
    assert mail.outbox[0].to == ["owner@berk.example"]
    code = mail.outbox[0].subject.split()[0]
    assert code in mail.outbox[0].body
    wrong = send(client, reverse("account_confirm_login_code"), code="000000", action="verify")
    assert "This code is not right" in wrong.content.decode()
    right = send(client, reverse("account_confirm_login_code"), code=code, action="verify")
    assert right.status_code == 302
    assert client.get("/").status_code == 200


def test_an_unknown_address_is_told_nothing_and_gets_no_mail(cast: Cast) -> None:
    client = Client()
    known = send(client, reverse("account_login"), email="owner@berk.example")
    unknown = send(Client(), reverse("account_login"), email="nobody@berk.example")
    assert unknown.status_code == known.status_code
    assert unknown.headers["Location"] == known.headers["Location"]
    assert len(mail.outbox) == 1


def test_a_link_works_once(cast: Cast) -> None:
    address = reverse("link", args=[acts.make_link(cast.seats["reader"].person)])
    client = Client()
    assert client.get(address).status_code == 302
    assert client.get("/").status_code == 200
    again = Client()
    assert again.get(address).status_code == 410
    assert "no longer works" in again.get(address).content.decode()
    assert again.get("/").status_code == 302


def test_a_link_from_a_mail_asks_for_a_click(cast: Cast) -> None:
    address = reverse("link", args=[acts.make_link(cast.seats["reader"].person)]) + "?ask=1"
    client = Client()
    assert client.get(address).status_code == 200  # as a program that inspects mail does
    assert client.get("/").status_code == 302
    assert send(client, address).status_code == 302
    assert client.get("/").status_code == 200


def test_a_link_ends_after_its_time_and_only_its_digest_is_kept(cast: Cast) -> None:
    secret = acts.make_link(cast.seats["reader"].person)
    assert not Link.objects.filter(digest__contains=secret).exists()
    Link.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert Client().get(reverse("link", args=[secret])).status_code == 410


def test_a_second_step_is_asked_for_also_after_a_link(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.mfa.totp.internal import auth

    client = Client()
    client.get(reverse("link", args=[acts.make_link(cast.seats["owner"].person)]))
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)[1]  # type: ignore[index]
    code = auth.format_hotp_value(auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time()))))
    assert send(client, reverse("mfa_activate_totp"), code=code).status_code == 302
    again = client.get(reverse("mfa_view_recovery_codes"))
    assert again.headers["Location"].startswith(reverse("mfa_reauthenticate"))  # before something that matters, once more
    assert "to be sure" in client.get(again.headers["Location"]).content.decode()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP.validate_code", lambda *_: True)
    send(client, again.headers["Location"], code=code)
    assert client.get(reverse("mfa_view_recovery_codes")).content.decode().count("<code>") == 10
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_index"):
        assert client.get(reverse(name)).status_code == 200
    fresh = Client()
    answer = fresh.get(reverse("link", args=[acts.make_link(cast.seats["owner"].person)]))
    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert fresh.get("/").status_code == 302
    assert "authenticator" in fresh.get(reverse("mfa_authenticate")).content.decode()


def test_the_first_run_makes_an_organisation_and_its_owner(cast: Cast) -> None:
    address = reverse("first-run", args=[acts.make_link(None)])
    client = Client()
    assert "Whose relations" in client.get(address).content.decode()
    wrong = send(client, address, organisation="Eik BV", us="no domain at all", email="eva@eik.example")
    assert "is not a domain" in wrong.content.decode()
    assert "Eik BV" in wrong.content.decode()  # what was filled in is still there
    assert "is not a mail address" in send(client, address, organisation="Eik BV", us="eik.example", email="eva").content.decode()
    done = send(client, address, organisation="Eik BV", us="eik.example kvk:12345678", email="Eva@eik.example")
    assert done.headers["Location"] == reverse("imports")
    made = Organisation.objects.get(name="Eik BV")
    assert made.us == ["eik.example", "kvk:12345678"]
    assert queries.owners(made) == 1
    assert client.get("/").status_code == 200
    assert Client().get(address).status_code == 410


def test_a_seat_is_given_by_mail(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "MAIL_IS_SET", True, raising=False)
    answer = send(cast.client("owner"), reverse("invite"), email="New@berk.example", role="member", name="Nina")
    assert answer.status_code == 302
    assert mail.outbox[0].to == ["new@berk.example"]
    address = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]  # type: ignore[index]
    client = Client()
    assert "with this button" in client.get(address).content.decode()
    send(client, address)
    assert client.get("/").status_code == 200


def test_without_mail_a_link_is_shown_once(cast: Cast) -> None:
    page = send(cast.client("owner"), reverse("invite"), email="new@berk.example", role="reader").content.decode()
    address = re.search(r"http://testserver(/accounts/link/[\w-]+/)", page)[1]  # type: ignore[index]
    assert Client().get(address).status_code == 302
    assert address not in cast.client("owner").get(reverse("people")).content.decode()


@pytest.mark.parametrize(("sent", "told"), [
    ({"email": "no address", "role": "reader"}, "is not a mail address"), ({"email": "a@b.example", "role": "king"}, "is not a role"),
])
def test_a_wrong_seat_gets_a_sentence(cast: Cast, sent: dict[str, str], told: str) -> None:
    answer = send(cast.client("owner"), reverse("invite"), **sent)
    assert answer.status_code == 400
    assert told in answer.content.decode()


def test_the_last_owner_stays(cast: Cast) -> None:
    seat = cast.seats["owner"]
    for name, sent in (("role", {"role": "reader"}), ("end", {})):
        answer = send(cast.client("owner"), reverse(name, args=[seat.pk]), **sent)
        assert "There must be an owner" in answer.content.decode()
    acts.change_role(cast.seats["member"], "owner")
    assert send(cast.client("owner"), reverse("role", args=[seat.pk]), role="reader").status_code == 302
    with pytest.raises(WrongCall, match="owner"):
        acts.end_seat(Membership.objects.select_related("organisation").get(pk=cast.seats["member"].pk))
    with pytest.raises(WrongCall, match="not a role"):
        acts.change_role(seat, "king")


def test_who_leaves_is_out_at_once_and_their_links_with_them(cast: Cast) -> None:
    reader = cast.client("reader")
    assert reader.get("/").status_code == 200
    secret = acts.make_link(cast.seats["reader"].person)
    send(cast.client("owner"), reverse("end", args=[cast.seats["reader"].pk]))
    assert reader.get("/").status_code == 403
    assert Client().get(reverse("link", args=[secret])).status_code == 410
    page = cast.client("owner").get(reverse("people")).content.decode()
    assert "left on" in page


def test_who_left_can_come_back(cast: Cast) -> None:
    acts.seat(cast.organisation, "left@berk.example", "reader")
    assert cast.client("left").get("/").status_code == 200


def test_a_member_of_another_organisation_cannot_be_reached(cast: Cast) -> None:
    theirs = cast.seats["stranger"]
    for name in ("role", "end", "make-link"):
        assert send(cast.client("owner"), reverse(name, args=[theirs.pk]), role="reader").status_code == 404
    theirs.refresh_from_db()
    assert theirs.role == "owner"
    assert theirs.ended_at is None


def test_language_and_time_zone_are_kept_and_followed(cast: Cast) -> None:
    client = cast.client("reader")
    assert send(client, reverse("account"), name="Rik", language="nl", zone="Asia/Tokyo").status_code == 302
    assert 'lang="nl"' in client.get("/").content.decode()
    fresh = cast.client("reader")
    assert "Relaties" in fresh.get("/").content.decode()
    assert "Relations" in fresh.get("/?lang=en").content.decode()
    assert "Relations" in fresh.get("/").content.decode()  # and it is remembered
    wrong = send(client, reverse("account"), language="xx", zone="Nowhere/Land")
    assert "niet bekend" in wrong.content.decode()
    assert Person.objects.get(email="reader@berk.example").zone == "Asia/Tokyo"


def test_moments_are_said_on_the_clock_of_the_reader(cast: Cast) -> None:
    from evenwicht.web.books.rows import Import

    Import.objects.filter(pk=cast.imports["owner"].pk).update(made_at="2026-03-01T23:30:00Z")
    Person.objects.filter(email="reader@berk.example").update(zone="Asia/Tokyo")
    assert "2\u00a0March 2026, 08:30" in cast.client("reader").get(reverse("imports")).content.decode()
    assert "2\u00a0March 2026, 00:30" in cast.client("owner").get(reverse("imports")).content.decode()


def test_a_closed_account_is_told_so(cast: Cast) -> None:
    person = cast.seats["reader"].person
    secret = acts.make_link(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    client = Client()
    answer = client.get(reverse("link", args=[secret]), follow=True)
    assert "closed" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_identifiers_of_the_own_side_are_checked() -> None:
    assert acts.identifiers_of("Birch.NL, kvk:12345678 birch.nl") == ["birch.nl", "kvk:12345678"]
    with pytest.raises(WrongCall, match="At least one"):
        acts.identifiers_of("  ")
