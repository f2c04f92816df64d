"""Two organisations at one table: inviting, the facts first, one verdict for both, what is said and agreed, leaving."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from tests.web.application import US, ledger, send

if TYPE_CHECKING:
    from tests.web.application import Cast

    from evenwicht.ledger.table import Ledger

OTHER = "acme.example"


def same_history() -> Ledger:
    """What happened between Berk and Acme as Acme's sources have it, and something of Acme's own."""
    from evenwicht.ledger.parties import Decision
    from evenwicht.ledger.resolve import resolve

    theirs = ledger(US, (OTHER,)).events
    own = ledger(OTHER, ("secretive.example",)).events
    return resolve(pl.concat([theirs, own]), decisions=[Decision("us", (OTHER,))]).ledger


@pytest.fixture
def acme(cast: Cast) -> Any:
    """The other side has an Evenwicht seat and imported its own half."""
    from evenwicht.web import bridge
    from evenwicht.web.books import queries, shelves, tasks
    from evenwicht.web.books.rows import READ, Book, Import
    from evenwicht.web.people import acts

    seat = acts.found_organisation("Acme NV", [OTHER], "owner@acme.example", "Ans", "en")
    book = queries.book_of(seat.organisation)
    one = Import.objects.create(book=book, person=seat.person, ticket="y" * 32, title="acme.mbox", state=READ)
    made = same_history()
    bridge.kept(made, shelves.ledger(book.pk, one.pk))
    Import.objects.filter(pk=one.pk).update(events=len(made))
    Book.objects.filter(pk=book.pk).update(generation=1)
    tasks.build.call(book.pk)
    cast.seats["acme"] = seat
    return seat


def laid(cast: Cast, **values: str) -> tuple[Any, str]:
    """A table that Berk laid with Acme, worked out, and the address of its invitation."""
    from evenwicht.web.shared.rows import Table

    answer = send(cast.client("owner"), "/together/new/", other=OTHER, arrangement=1, **values)
    assert answer.status_code == 200
    link = re.search(r"/together/invitation/[^<]+/", answer.content.decode())
    assert link is not None
    table = Table.objects.get(host=cast.organisation, closed_at=None)
    work(table)
    return table, link[0]


def work(table: Any) -> None:
    """What the worker does."""
    from evenwicht.web.shared import tasks

    tasks.lay_out.call(table.pk)
    table.refresh_from_db()


def shown(client: Any, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def test_two_sides_from_invitation_to_one_verdict_for_both(cast: Cast, later: list[Any], acme: Any) -> None:
    table, link = laid(cast)
    here = f"/together/{table.name}/"
    host, guest = cast.client("owner"), cast.client("acme")
    assert "Berk BV asks acme.example to look" in shown(cast.client("anonymous"), link)
    refused = send(guest, link)
    assert refused.status_code == 400
    assert "accepted first" in refused.content.decode()
    assert send(guest, link, arrangement=1).url == here
    assert cast.client("anonymous").get(link).status_code == 410, "a link lets one organisation sit down"
    work(table)
    for client in (host, guest):
        page = shown(client, here)
        assert "without a verdict yet" in page
        assert "Structural" not in page
        assert "Which facts are missing?" in page
    assert host.post(f"{here}looked/").status_code == 404, "the verdict is opened by the other side"
    assert send(guest, f"{here}looked/").status_code == 302
    ours, theirs = shown(host, here), shown(guest, here)
    for page in (ours, theirs):
        assert "without a verdict yet" not in page
        assert "relation seen" in page
    assert shown(host, f"{here}?chair={OTHER}") .count("<svg") == theirs.count("<svg")
    figures = json.loads(table.result)
    assert {figures["a"], figures["b"]} == {US, OTHER}
    assert "secretive" not in ours + theirs + table.result
    assert "mail.mbox" not in ours + theirs + shown(guest, f"{here}evidence/")
    assert "Berk BV" in shown(guest, f"{here}evidence/")


def test_both_bring_the_same_and_it_is_one_fact_each(cast: Cast, later: list[Any], acme: Any) -> None:
    table, link = laid(cast)
    before = json.loads(table.result)
    send(cast.client("acme"), link, arrangement=1)
    work(table)
    after = json.loads(table.result)
    assert after["events"] == before["events"]
    assert after == before


def test_a_new_organisation_sits_down_and_is_let_in(cast: Cast, later: list[Any]) -> None:
    table, link = laid(cast, email="ans@acme.example")
    new = cast.client("anonymous")
    given = {"organisation": "Acme NV", "us": OTHER, "name": "Ans", "arrangement": "1"}
    wrong = send(new, link, **given, email="somebody@else.example")
    assert "meant for ans@acme.example" in wrong.content.decode()
    assert "meant for" in send(cast.client("stranger"), link, arrangement=1).content.decode()
    assert "has an account here" in send(new, link, **given, email="owner@berk.example").content.decode()
    assert "is not a domain" in send(new, link, **(given | {"us": "-"}), email="ans@acme.example").content.decode()
    answer = send(new, link, **given, email="ans@acme.example")
    assert answer.status_code == 302
    assert new.post(answer.url).url == f"/together/{table.name}/"
    assert "without a verdict yet" in shown(new, f"/together/{table.name}/")
    table.refresh_from_db()
    assert table.guest.name == "Acme NV"
    assert "Acme NV" in shown(new, "/together/")


def test_who_holds_only_the_link_looks_and_speaks(cast: Cast, later: list[Any]) -> None:
    table, link = laid(cast)
    nobody = cast.client("anonymous")
    page = shown(nobody, f"{link}look/")
    assert "without a verdict yet" in page
    assert "mail.mbox" not in page
    send(nobody, f"{link}look/", words="We see it differently.", signed="Ans", contests=1, about="words")
    send(nobody, f"{link}look/", words=" ")
    assert "There are no words in this remark." in shown(nobody, f"{link}look/")
    send(nobody, f"{link}look/", looked=1)
    for client, where in ((nobody, f"{link}look/"), (cast.client("owner"), f"/together/{table.name}/")):
        page = shown(client, where)
        assert "We see it differently." in page
        assert "contests" in page
        assert "without a verdict yet" not in page
    from evenwicht.web.shared.rows import Invitation

    number = Invitation.objects.get(table=table).pk
    assert send(cast.client("owner"), f"/together/{table.name}/revoke/{number}/").status_code == 302
    assert nobody.get(f"{link}look/").status_code == 410
    assert nobody.get(link).status_code == 410


def test_a_norm_and_a_correction_hold_once_the_other_agrees(cast: Cast, later: list[Any], acme: Any) -> None:
    from evenwicht.web.shared.rows import Proposal

    table, link = laid(cast)
    here = f"/together/{table.name}/"
    host, guest = cast.client("owner"), cast.client("acme")
    send(guest, link, arrangement=1)
    work(table)
    before = json.loads(table.result)
    send(host, f"{here}propose/", kind="norm", axis="words", share=75, since="2025-01-01", words="Berk explains.")
    send(host, f"{here}propose/", kind="norm", axis="words", share=75, since="2025-01-01", words="Berk explains.")
    one = Proposal.objects.get(table=table)
    assert "Berk BV gives 75 of 100, Acme NV 25" in shown(guest, here)
    send(host, f"{here}answer/{one.pk}/", answer="agreed")
    assert "Only the other side" in shown(host, here)
    work(table)
    assert json.loads(table.result) == before, "what one side proposes does not hold yet"
    send(guest, f"{here}answer/{one.pk}/", answer="agreed")
    send(guest, f"{here}answer/{one.pk}/", answer="declined")
    assert "answered before" in shown(guest, here)
    work(table)
    words = next(axis for axis in json.loads(table.result)["axes"] if axis["axis"] == "words")
    assert words["p_structural"] != next(axis for axis in before["axes"] if axis["axis"] == "words")["p_structural"]
    facts = shown(guest, f"{here}evidence/")
    which = re.search(r'<option value="([0-9a-f]{32})"', facts[facts.index("Which fact"):])
    assert which is not None
    chosen = which[1]
    send(guest, f"{here}propose/", which=chosen, wrong="away", words="Of another project.")
    away = Proposal.objects.get(table=table, kind="correction")
    send(guest, f"{here}propose/", which=chosen, wrong="day", day="2026-01-05")
    send(guest, f"{here}propose/", which=chosen, wrong="day", day="soon")
    assert "is not a day" in shown(guest, here)
    for nothing in ("", "0" * 32, '{"at": "never"}', "[" * 100_000):
        send(guest, f"{here}propose/", which=nothing, wrong="day", day="2026-01-05")
        assert "Choose the fact" in shown(guest, here)
    for share in ("100", "0", "9" * 5_000, "²"):
        send(guest, f"{here}propose/", kind="norm", axis="words", share=share, since="2025-01-01")
        assert "from 1 to 99" in shown(guest, here)
    assert send(guest, f"{here}answer/{away.pk + 1}/", answer="taken back").status_code == 302
    events = json.loads(table.result)["events"]
    Proposal.objects.filter(pk=away.pk).update(made_at=away.made_at - timedelta(days=15))
    work(table)
    assert json.loads(table.result)["events"] < events, "a correction nobody answers for two weeks holds"
    assert "not answered for two weeks" in shown(host, here)
    assert send(guest, f"{here}propose/", which=chosen, wrong="thread").status_code == 302


def test_a_thread_is_left_out_by_agreement(cast: Cast, later: list[Any], acme: Any) -> None:
    from evenwicht.web.shared.rows import Proposal

    table, link = laid(cast)
    here = f"/together/{table.name}/"
    send(cast.client("acme"), link, arrangement=1)
    work(table)
    events = json.loads(table.result)["events"]
    facts = shown(cast.client("owner"), f"{here}evidence/?page=2")
    chosen = re.findall(r'<option value="([0-9a-f]{32})"[^>]*>[^<]*message', facts)[0]
    send(cast.client("owner"), f"{here}propose/", which=chosen, wrong="thread")
    send(cast.client("acme"), f"{here}answer/{Proposal.objects.get(table=table).pk}/", answer="agreed")
    work(table)
    assert json.loads(table.result)["events"] < events


def test_leaving_closes_the_page_for_both_and_takes_ones_words_along(cast: Cast, later: list[Any], acme: Any) -> None:
    from evenwicht.web.shared.rows import Remark

    table, link = laid(cast)
    here = f"/together/{table.name}/"
    host, guest = cast.client("owner"), cast.client("acme")
    send(guest, link, arrangement=1)
    send(host, f"{here}say/", words="Ours.")
    send(guest, f"{here}say/", words="Theirs.")
    send(guest, f"{here}withdraw/")
    assert "Tick that it is meant" in shown(guest, here)
    assert send(guest, f"{here}withdraw/", sure=1).status_code == 302
    for client in (host, guest):
        assert client.get(here).status_code == 410
        assert client.get(f"{here}evidence/").status_code == 404
        assert send(client, f"{here}say/", words="Still?").status_code == 404
    table.refresh_from_db()
    assert table.result == ""
    assert [one.words for one in Remark.objects.all()] == ["Ours."]
    assert "closed on" in shown(host, "/together/")
    work(table)
    assert table.result == ""
    laid(cast)


def test_nothing_between_them_is_said(cast: Cast, later: list[Any]) -> None:
    from evenwicht.web.shared import acts, queries
    from evenwicht.web.shared.rows import Table

    empty = acts.lay(cast.seats["owner"], "nobody.example", "Nobody")
    assert acts.lay(cast.seats["owner"], "nobody.example", "Nobody") == empty
    work(empty)
    assert "No fact between the two" in shown(cast.client("owner"), f"/together/{empty.name}/")
    assert queries.stored(Table.objects.get(pk=empty.pk)) is None
    assert cast.client("owner").get(f"/together/{empty.name}/evidence/").status_code == 404


EVERYBODY = ("anonymous", "owner", "member", "reader", "acme", "stranger", "left")
AT_TABLE = (302, 200, 200, 200, 200, 404, 403)
ACTING = (302, 302, 302, 403, 302, 404, 403)
WHO: dict[str, tuple[str, dict[str, object], tuple[int, ...]]] = {
    "": ("get", {}, AT_TABLE),
    "evidence/": ("get", {}, AT_TABLE),
    "looked/": ("post", {}, (302, 404, 404, 403, 302, 404, 403)),
    "say/": ("post", {"words": "x"}, ACTING),
    "propose/": ("post", {"kind": "norm", "axis": "words", "share": 60, "since": "2026-01-01"}, ACTING),
    "answer/999/": ("post", {"answer": "agreed"}, (302, 404, 404, 403, 404, 404, 403)),
    "invite/": ("post", {}, (302, 404, 404, 403, 404, 404, 403)),
    "revoke/999/": ("post", {}, (302, 404, 404, 403, 404, 404, 403)),
    "withdraw/": ("post", {}, ACTING),
}


@pytest.mark.parametrize("place", WHO)
def test_a_table_is_there_for_its_two_sides_alone(cast: Cast, later: list[Any], acme: Any, place: str) -> None:
    table, link = laid(cast)
    send(cast.client("acme"), link, arrangement=1)
    work(table)
    method, sent, answers = WHO[place]
    for who, expected in zip(EVERYBODY, answers, strict=True):
        client, address = cast.client(who), f"/together/{table.name}/{place}"
        answer = client.get(address) if method == "get" else send(client, address, **sent)
        assert answer.status_code == expected, (place, who)


def test_a_link_is_made_again_while_the_other_side_is_free(cast: Cast, later: list[Any]) -> None:
    table, link = laid(cast)
    owner = cast.client("owner")
    assert send(owner, f"/together/{table.name}/invite/", email="no address").status_code == 302
    assert "is not a mail address" in shown(owner, f"/together/{table.name}/")
    assert send(cast.client("owner"), f"/together/{table.name}/invite/").status_code == 200
    assert "Take the link back" in shown(cast.client("owner"), f"/together/{table.name}/")
    own = send(cast.client("owner"), link, arrangement=1)
    assert "is for the other side" in own.content.decode()
    reader = send(cast.client("reader"), link, arrangement=1)
    assert "A reader cannot" in reader.content.decode()
    assert send(cast.client("owner"), "/together/new/", other=OTHER).status_code == 302
    assert send(cast.client("owner"), "/together/new/", other="nobody.example", arrangement=1).status_code == 404
