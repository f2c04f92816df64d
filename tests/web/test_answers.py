"""What every answer says: headers, languages, pages for when something is wrong, log lines without people."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.application import Cast, send

from evenwicht.errors import WrongCall
from evenwicht.web import environment, health, languages, logs, start
from evenwicht.web.people import acts, queries

PAGES = ("portfolio", "imports", "parties", "account", "people", "help", "account_login", "mfa_index")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_guarded(cast: Cast, name: str) -> None:
    answer = cast.client("owner").get(reverse(name))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store" or "no-cache" in answer.headers["Cache-Control"]
    page = answer.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick" not in page
    for part in page.split("<script")[1:]:
        assert part.startswith(' src="/static/')
    assert 'href="http' not in page.replace('href="http://testserver', "")


@pytest.mark.parametrize(("asked", "cookie", "header", "spoken"), [
    ("nl", "en", "en", "nl"), ("", "nl", "en", "nl"), ("", "", "nl-BE,nl;q=0.9,en;q=0.8", "nl"), ("", "", "de,fr", "en"), ("xx", "", "", "en"),
    ("", "", "en;q=0.2,nl;q=0.9", "nl"), ("", "xx", "nl;q=0,en;q=nonsense", "en"),
])
def test_the_language_is_asked_then_kept_then_accepted(asked: str, cookie: str, header: str, spoken: str) -> None:
    client = Client(headers={"Accept-Language": header})
    if cookie:
        client.cookies["language"] = cookie
    answer = client.get(reverse("help"), {"lang": asked} if asked else {})
    assert f'<html lang="{spoken}">' in answer.content.decode()
    assert "Accept-Language" in answer.headers["Vary"]
    assert (answer.cookies["language"].value == asked) if asked in {"en", "nl"} else "language" not in answer.cookies


def test_the_link_to_the_other_language_keeps_the_page(cast: Cast) -> None:
    page = cast.client("reader").get("/?find=acme&verdict=balanced").content.decode()
    assert 'href="/?find=acme&amp;verdict=balanced&amp;lang=nl"' in page


def test_no_link_leads_elsewhere() -> None:
    assert 'href="//' not in Client().get("//elsewhere.example/page").content.decode()


@pytest.mark.parametrize(("lang", "title"), [("en", "There is nothing here"), ("nl", "Hier is niets")])
def test_what_is_not_there(cast: Cast, lang: str, title: str) -> None:
    answer = Client().get(f"/nowhere/?lang={lang}")
    assert answer.status_code == 404
    assert title in answer.content.decode()


def test_what_is_not_for_a_seat(cast: Cast) -> None:
    assert "Not from this seat" in cast.client("reader").get(reverse("people")).content.decode()


def test_a_form_without_its_token_changes_nothing(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.seats["owner"].person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = send(client, reverse("invite"), email="x@y.example", role="owner")
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()
    assert queries.person_by_email("x@y.example") is None


def test_a_mistake_of_ours_is_told_without_its_story(cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("anna@berk.example")

    monkeypatch.setattr(queries, "seat_of", broken)
    client = cast.client("owner")
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Evenwicht made a mistake" in page
    assert "ZeroDivision" not in page


def test_a_session_that_ended_within_a_page_leads_to_signing_in(cast: Cast) -> None:
    answer = Client().get("/", headers={"HX-Request": "true", "HX-Target": "list"})
    assert answer.headers["HX-Redirect"] == "/accounts/login/?ended=1"
    assert "The session has ended" in Client().get("/accounts/login/?ended=1").content.decode()
    part = cast.client("left").get("/", headers={"HX-Request": "true"})
    assert part.status_code == 403
    assert part.content.startswith(b"<p")


def test_after_signing_in_the_page_that_was_asked_for(cast: Cast) -> None:
    answer = Client().get("/relations/acme.example/berk.example/?chair=acme.example")
    assert answer.headers["Location"] == "/accounts/login/?next=%2Frelations%2Facme.example%2Fberk.example%2F%3Fchair%3Dacme.example"
    assert 'name="next" value="/relations/acme.example/' in Client().get(answer.headers["Location"]).content.decode()


def test_health_needs_nothing_and_readiness_the_database(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/healthz").content == b"ok\n"
    assert Client().get("/readyz").content == b"ok\n"

    class Down:
        def cursor(self) -> None:
            from django.db import OperationalError

            raise OperationalError

    monkeypatch.setattr(health, "connection", Down())
    assert Client().get("/readyz").status_code == 503
    assert Client().get("/healthz").status_code == 200


def test_log_lines_name_nobody() -> None:
    record = logging.LogRecord("x", 40, "f", 1, "mail to %s at /accounts/link/%s/", ("anna.b+x@berk.example", "Secret-1"), None)
    assert logs.Nobody().filter(record)
    assert record.getMessage() == "mail to …@… at /accounts/link/…/"


# what is set from outside ---------------------------------------------------------------------------------------------


def test_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOST", "PORT", "DATABASE_URL", "SECRET_KEY", "EVENWICHT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EVENWICHT_HOME", str(tmp_path / "home"))
    here = environment.environment()
    assert (here.host, here.port, here.https) == ("127.0.0.1", 8000, False)
    assert here.database["NAME"] == str(tmp_path / "home" / "evenwicht.sqlite3")
    key = tmp_path / "home" / "secret.key"
    assert here.secret == key.read_text()
    assert key.stat().st_mode & 0o777 == 0o600
    assert environment.environment().secret == here.secret
    monkeypatch.setenv("EVENWICHT_URL", "https://evenwicht.example.com/")
    monkeypatch.setenv("HOST", "0.0.0.0")
    there = environment.environment()
    assert there.https
    assert "evenwicht.example.com" in there.hosts
    assert "0.0.0.0" not in there.hosts
    for name, value in (("PORT", "many"), ("EVENWICHT_URL", "evenwicht.example.com"), ("DATABASE_URL", "mysql://x")):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            with pytest.raises(WrongCall):
                environment.environment()


def test_database_addresses(tmp_path: Path) -> None:
    made = environment.database_of("postgresql://an%40na:se%2Fcret@db.example:5433/books?sslmode=require", tmp_path)
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == ("an@na", "se/cret", "db.example", "5433", "books")
    assert made["OPTIONS"] == {"sslmode": "require"}
    assert environment.database_of("postgres:///books?host=/run/pg", tmp_path)["HOST"] == "/run/pg"
    assert environment.database_of("sqlite:////srv/x.db", tmp_path)["NAME"] == "/srv/x.db"


# starting -------------------------------------------------------------------------------------------------------------


def test_the_ways_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert start.first_link() is None  # there are accounts
    monkeypatch.setenv("PORT", "8123")
    assert start.listening() == ("127.0.0.1", 8123)
    link = start.sign_in_link("OWNER@berk.example")
    assert link.startswith("http://127.0.0.1:8123/accounts/link/")
    assert Client().get(link.removeprefix("http://127.0.0.1:8123")).status_code == 302
    with pytest.raises(WrongCall, match="Nobody here"):
        start.sign_in_link("nobody@berk.example")
    from evenwicht.web.people.rows import Person

    Person.objects.all().delete()
    first = start.first_link()
    assert first is not None
    assert "/accounts/first/" in first


def test_starting_again_changes_nothing(home: Path) -> None:
    stamp = home / "static" / ".made-from"
    before = stamp.stat().st_mtime_ns
    start._migrate()
    start._collect()
    assert stamp.stat().st_mtime_ns == before
    assert any((home / "static" / "htmx").glob("htmx-2.min.*.js"))


def test_no_change_of_a_table_is_without_its_migration() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_accepted_takes_the_first_of_equals() -> None:
    assert languages.accepted("nl,en") == "nl"
    assert languages.accepted("") == "en"


def test_a_link_that_was_opened_twice_at_once_lets_one_in(cast: Cast) -> None:
    from django.utils import timezone

    link = queries.link_of(acts.make_link(cast.seats["owner"].person), timezone.now())
    assert link is not None
    assert acts.use_link(link)
    assert not acts.use_link(link)
