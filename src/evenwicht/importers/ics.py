"""Calendars: iCalendar files (RFC 5545) as every calendar program exports them.

`Reading.counted`: `calendar_event` = `meeting` (with another organisation) + `cancelled` + `private` + `all_day` + `internal`
(one organisation) + `without_attendees` + `without_organiser` + `ahead` (not held yet) + `superseded` (an older version) +
`reply` + `excluded` + `unreadable`. Beside these `instance` (meetings of a series), `calendar_other` (tasks, journals, free/busy)
and `outside_time` (rows outside `since` and `before`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.calendars.owner import owner_of
from evenwicht.importers.calendars.reading import events_of
from evenwicht.importers.calendars.writing import write as write  # noqa: PLC0414  the door to what writes it
from evenwicht.importers.files import whole
from evenwicht.importers.source import Reading
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.identifiers import is_person, of_address
from evenwicht.ledger.mentions import Mention

if TYPE_CHECKING:
    from evenwicht.importers.calendars.desk import Shown
    from evenwicht.importers.source import Head, Source

NAME = "ics"

MAX_BYTES = 100_000_000
"""Larger files are refused: the largest real calendars, with attachments inside, are a third of it."""

_KINDS = ("meeting", "attendance")


def identify(head: Head) -> bool:
    """Whether a file begins with BEGIN:VCALENDAR, in any case, after a byte order mark and white space; also UTF-16.

    A file that begins with BEGIN:VEVENT has lost its frame and is read as well.
    """
    start = head.start[:4096].replace(b"\x00", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        start = start.removeprefix(mark)
    return start.lstrip()[:15].upper().startswith((b"BEGIN:VCALENDAR", b"BEGIN:VEVENT"))


def read(source: Source) -> Reading:
    """Read one calendar file: meetings with other organisations, and what the file would have shown of them."""
    reading = Reading(label=source.label)
    data = whole(source, reading, MAX_BYTES, "The calendar is {size} MB; more than {limit} MB is not read.",
                 "Export the calendar in parts, for instance a year at a time, without attachments.")
    if data is None:
        return reading
    shown = events_of((data,), reading, source, "")
    _cut(reading, source)
    _cover(reading, source, shown)
    source.advance(len(data))
    return reading


def _cut(reading: Reading, source: Source) -> None:
    """Leave out what is outside the time that was asked for."""
    if source.since is None and source.before is None:
        return
    kept = [
        event for event in reading.events
        if (source.since is None or event.at >= source.since) and (source.before is None or event.at < source.before)
    ]
    reading.counted["outside_time"] += len(reading.events) - len(kept)
    reading.events[:] = kept


def _cover(reading: Reading, source: Source, shown: Shown) -> None:
    """One statement: this calendar shows the meetings of its owner from its first to its last event."""
    if shown.first is None or shown.last is None:
        return
    first = shown.first if source.since is None else max(shown.first, source.since)
    last = shown.last if source.before is None else min(shown.last, source.before)
    if first > last:
        return
    owner = owner_of(shown.names, shown.present, shown.peopled)
    party = of_address(owner.address) if owner.address else owner.organisation
    person = source.pseudonym(owner.address) if owner.address else None
    reading.coverage.append(Coverage(source.label, party, person, _KINDS, first, last))
    if party is not None and not is_person(party):
        reading.mentions.append(Mention((party,), own=True))
