"""Replies and cancellations that stand in another mail than the invitation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from evenwicht.importers.calendars.reading import events_of
from evenwicht.importers.source import Exclusions, Reading, Source
from evenwicht.ledger.persons import Pseudonyms
from evenwicht.ledger.replies import replied
from evenwicht.ledger.resolve import one_row_each
from evenwicht.ledger.table import frame_of

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SOURCE = Source(Path("mail.mbox"), "mail.mbox", NOW, Pseudonyms(b"k" * 32))
HOUR = "DTSTART:20260303T100000Z\nDTEND:20260303T110000Z\n"


def mail(method: str, *people: str, stamp: str = "20260225T090000Z", more: str = HOUR, sequence: int = 0) -> str:
    return (f"BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:u@birch.nl\nDTSTAMP:{stamp}\nSEQUENCE:{sequence}\n{more}"
            "ORGANIZER:mailto:ann@birch.nl\n" + "".join(f"ATTENDEE;PARTSTAT={one}\n" for one in people) + "END:VEVENT\nEND:VCALENDAR\n")


def read(*mails: str) -> pl.DataFrame:
    """Each mail by itself, as the mail importer does, then one row per identity."""
    events = []
    for number, text in enumerate(mails):
        reading = Reading(label="mail.mbox")
        events_of([text.encode()], reading, SOURCE, str(number))
        events += reading.events
    return one_row_each(frame_of(events))[0]


def minutes(rows: pl.DataFrame, kind: str = "attendance") -> list[float]:
    return rows.filter(pl.col("kind") == kind).sort("at")["amount"].to_list()


INVITED = mail("REQUEST", "NEEDS-ACTION:mailto:dee@acme.com", "NEEDS-ACTION:mailto:eve@acme.com")


def says(person: str, answer: str, *, stamp: str = "20260226T090000Z", more: str = HOUR, sequence: int = 0) -> str:
    return mail("REPLY", f"{answer}:mailto:{person}@acme.com", stamp=stamp, more=more, sequence=sequence)


@pytest.mark.parametrize("mails, heads", [
    ([INVITED], 0), ([INVITED, says("dee", "ACCEPTED")], 1), ([INVITED, says("dee", "ACCEPTED"), says("eve", "ACCEPTED")], 2),
    ([INVITED, says("dee", "ACCEPTED"), says("dee", "DECLINED", stamp="20260227T090000Z")], 0),
    ([INVITED, says("dee", "TENTATIVE")], 0), ([INVITED, says("dee", "ACCEPTED", stamp="20260224T090000Z")], 0),
    ([INVITED, says("fay", "ACCEPTED")], 1),  # brought by a colleague
    ([mail("REQUEST", "ACCEPTED:mailto:dee@acme.com"), says("dee", "DECLINED")], 0),
    ([mail("REQUEST", "NEEDS-ACTION:mailto:dee@acme.com", sequence=1), says("dee", "ACCEPTED")], 0),  # to the meeting before it was moved
])
def test_who_answers_is_a_head_in_any_order_of_the_mails(mails: Sequence[str], heads: int) -> None:
    for order in permutations(mails):
        found = replied(read(*order))
        assert minutes(found.rows) == [60.0 * heads]
        assert minutes(found.rows, "meeting") == [60.0]
        person = found.rows.filter(pl.col("kind") == "attendance")["person"].to_list()[0]
        assert len((person or "").split()) == heads
        assert "reply" not in found.rows["kind"].to_list()
        assert found.aside.height == sum("METHOD:REPLY" in one for one in mails)


def test_reading_again_with_what_was_set_aside_changes_nothing() -> None:
    first = replied(read(INVITED, says("dee", "ACCEPTED")))
    again = replied(pl.concat([first.rows, first.aside]))
    assert again.rows.equals(first.rows)
    later = read(says("eve", "ACCEPTED"))
    assert minutes(replied(pl.concat([first.rows, first.aside, later])).rows) == [120.0]


SERIES = HOUR + "RRULE:FREQ=DAILY;COUNT=3\n"


def test_a_reply_to_one_instance_goes_before_one_to_the_series() -> None:
    invited = mail("REQUEST", "NEEDS-ACTION:mailto:dee@acme.com", more=SERIES)
    one = says("dee", "DECLINED", more="RECURRENCE-ID:20260304T100000Z\nDTSTART:20260304T100000Z\n")
    assert minutes(replied(read(invited, says("dee", "ACCEPTED", stamp="20260228T090000Z"), one)).rows) == [60.0, 0.0, 60.0]


def test_a_series_called_off_in_a_later_mail_ends_where_it_was_called_off() -> None:
    invited = mail("REQUEST", "ACCEPTED:mailto:dee@acme.com", more=SERIES)
    off = mail("CANCEL", "ACCEPTED:mailto:dee@acme.com", stamp="20260304T090000Z", sequence=1)
    found = replied(read(invited, off)).rows.filter(pl.col("id").str.contains("/"))
    assert minutes(found) == [60.0, 0.0, 0.0]
    assert minutes(found, "meeting") == [60.0, 0.0, 0.0]
    together = Reading(label="x")
    events_of([(invited + off).encode()], together, SOURCE, "")
    assert minutes(frame_of(together.events)) == [60.0, 0.0, 0.0]


def test_rows_without_replies_are_left_as_they_are() -> None:
    rows = read(INVITED)
    assert replied(rows).rows.equals(rows)
    alone = replied(read(says("dee", "ACCEPTED")))
    assert (alone.rows.height, alone.aside.height) == (0, 1)


@pytest.mark.parametrize("reply", [
    mail("REPLY", "ACCEPTED:mailto:bas@birch.nl"), mail("REPLY", "NEEDS-ACTION:mailto:dee@acme.com"),
    mail("REPLY", "ACCEPTED:mailto:dee@acme.com", stamp="soon"), mail("REPLY", "ACCEPTED:mailto:dee@acme.com").replace("ORGANIZER", "X-NOBODY"),
    mail("COUNTER", "ACCEPTED:mailto:dee@acme.com"),
])
def test_answers_that_give_no_row(reply: str) -> None:
    assert read(INVITED, reply).height == 2


def test_nothing_is_written_of_who_is_left_out_or_has_no_pseudonym() -> None:
    for source in (replace(SOURCE, pseudonym=lambda _address: None), replace(SOURCE, exclude=Exclusions(parties=frozenset({"dee@acme.com"})))):
        reading = Reading(label="x")
        events_of([says("dee", "ACCEPTED").encode()], reading, source, "")
        assert not reading.events
