"""Mails for tests, written in one line each."""

from __future__ import annotations

from datetime import UTC, datetime

from evenwicht.importers import mail
from evenwicht.importers.letters.message import Intake
from evenwicht.importers.source import Reading, Source

NOW = datetime(2026, 7, 1, tzinfo=UTC)
HEADERS = {
    "From": "Jan <jan@birch.nl>", "To": "piet@acme.com", "Date": "Mon, 2 Mar 2026 10:00:00 +0100", "Message-ID": "<m@birch.nl>",
    "Subject": "Offerte",
}


def letter(body="Dag Piet.\n", **changed):
    """The bytes of a mail. `letter(Subject=None)` leaves a header out; `_` in a name is written `-`."""
    headers = HEADERS | {name.replace("_", "-"): value for name, value in changed.items()}
    head = "".join(f"{name}: {value}\n" for name, value in headers.items() if value is not None)
    return head.encode() + b"\n" + (body if isinstance(body, bytes) else body.encode())


def reading_of(*mails, tmp_path=None, **options):
    """Read mails as one source; `options` go to the source."""
    source = Source(tmp_path, "mail", NOW, pseudonym=lambda address: f"p-{address.partition('@')[0]}", **options)
    reading = Reading()
    intake = Intake(source, reading)
    for number, data in enumerate(mails, 1):
        intake.take(data, str(number))
    intake.close()
    return reading


def file_reading(path, data, **options):
    """Read one file as the mail importer does."""
    path.write_bytes(data)
    return mail.read(Source(path, path.name, NOW, **options))


def messages(reading, kind="message"):
    """`giver>receiver amount` of every event of a kind."""
    return [f"{event.giver}>{event.receiver} {event.amount}" for event in reading.events if event.kind == kind]
