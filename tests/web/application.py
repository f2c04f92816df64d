"""The application for tests: settings in a home of its own, a database that is made once, a fixed cast of people.

The database is SQLite; where `EVENWICHT_TEST_DATABASE` names another, the same tests run on that.
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from evenwicht.ledger.table import Ledger

US, OTHER = "berk.example", "linde.example"
SETTINGS = "evenwicht.web.settings"


@cache
def ready() -> Path:
    """Django with its tables, in a home of its own. What it changes in the environment it puts back."""
    home = Path(tempfile.mkdtemp(prefix="evenwicht-web-"))
    before = {name: os.environ.get(name) for name in ("EVENWICHT_HOME", "DATABASE_URL", "SECRET_KEY", "EVENWICHT_URL")}
    os.environ |= {"DJANGO_SETTINGS_MODULE": SETTINGS, "EVENWICHT_HOME": str(home), "SECRET_KEY": "a secret of the tests alone"}
    os.environ["DATABASE_URL"] = os.environ.get("EVENWICHT_TEST_DATABASE", "")
    os.environ.pop("EVENWICHT_URL", None)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser tests leave an event loop running in this thread
    try:
        from evenwicht.web import start

        mask = os.umask(0o022)
        start.prepare()
        os.umask(mask)
        from django.conf import settings
        from django.test.utils import setup_test_environment

        setup_test_environment()
        settings.ALLOWED_HOSTS = ["testserver", *settings.ALLOWED_HOSTS]
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
    return home


def ledger(us: str = US, others: tuple[str, ...] = ("acme.example", "birch.example", "cedar.example")) -> Ledger:
    """A year of mail and invoices with a few others: one leans, one pays late, one is upright."""
    from evenwicht.ledger.events import Event
    from evenwicht.ledger.parties import Decision
    from evenwicht.ledger.resolve import resolve
    from evenwicht.ledger.table import frame_of

    start = datetime(2025, 7, 7, 9, tzinfo=UTC)
    events = []
    for number, other in enumerate(others):
        for week in range(50):
            at = start + timedelta(weeks=week, hours=number)
            for place in range(4):
                pair = (us, other) if place < (3 if number == 0 else 2) else (other, us)
                events.append(Event(f"m{number}-{week}-{place}", at + timedelta(hours=place), *pair, "message", 100.0, "words",
                                    evidence=(f"mail.mbox#message {week}",), thread=f"t{number}-{week}"))
            due = at + timedelta(days=30)
            events.append(Event(f"i{number}-{week}", at, us, other, "invoice", 100.0, "EUR", due=due, evidence=("bank.xml#1",)))
            late = 20 if number == 1 else 0
            events.append(Event(f"p{number}-{week}", due + timedelta(days=late), other, us, "payment", 100.0, "EUR", answers=f"i{number}-{week}",
                                evidence=("bank.xml#2",)))
    return resolve(frame_of(events), decisions=[Decision("us", (us,))]).ledger


class Cast:
    """Somebody of every kind: an owner, a member and a reader of one organisation, one who left it, one of another."""

    def __init__(self) -> None:
        from evenwicht.web import bridge
        from evenwicht.web.books import acts as books
        from evenwicht.web.books import queries, shelves, tasks
        from evenwicht.web.books.rows import READ, Book, Import
        from evenwicht.web.people import acts

        owner = acts.found_organisation("Berk BV", [US], "owner@berk.example", "Olga", "en")
        self.organisation = owner.organisation
        self.seats = {"owner": owner}
        for role in ("member", "reader"):
            self.seats[role] = acts.seat(self.organisation, f"{role}@berk.example", role)
        self.seats["left"] = acts.seat(self.organisation, "left@berk.example", "member")
        acts.end_seat(self.seats["left"])
        self.seats["stranger"] = acts.found_organisation("Linde BV", [OTHER], "owner@linde.example", "Sam", "en")
        self.imports = {}
        for name, book_us, others in (("owner", US, ("acme.example", "birch.example", "cedar.example")), ("stranger", OTHER, ("dune.example",))):
            book = queries.book_of(self.seats[name].organisation)
            books.confirm(self.seats[name], book, ("informed", "council", "exclusions_set"), [])
            one = Import.objects.create(book=book, person=self.seats[name].person, ticket="x" * 32, title="mail.mbox", state=READ, size=10, done=10)
            made = ledger(book_us, others)
            bridge.kept(made, shelves.ledger(book.pk, one.pk))
            Import.objects.filter(pk=one.pk).update(events=len(made), files=[{"label": "mail.mbox", "size": 10, "events": len(made), "problems": 0}],
                                                    told={"importers": {"mbox": 1}})
            Book.objects.filter(pk=book.pk).update(generation=1)
            tasks.build.call(book.pk)
            self.imports[name] = one
        from evenwicht.web.care.rows import Team, View

        self.team = Team.objects.create(organisation=self.organisation, name="Sales north")
        self.view = View.objects.create(organisation=self.organisation, name="What waits", query="turn=us")

    def client(self, who: str, **defaults: Any) -> Any:
        """A browser in which somebody is signed in; "anonymous" is nobody."""
        from django.test import Client

        made = Client(**defaults)
        if who != "anonymous":
            made.force_login(self.seats[who].person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return made


def send(client: Any, address: str, **values: Any) -> Any:
    """A form as a browser sends it."""
    return client.post(address, urlencode(values, doseq=True), content_type="application/x-www-form-urlencoded")
