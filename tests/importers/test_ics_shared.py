"""Calendars that others made, and attacks made on purpose; another library as a second route."""

from __future__ import annotations

import time
import warnings
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import icalendar
from icalendar.error import BrokenCalendarProperty

from evenwicht.importers import ics
from evenwicht.importers.calendars.drafts import draft_of
from evenwicht.importers.calendars.lines import calendars_in
from evenwicht.importers.calendars.people import person_of
from evenwicht.importers.calendars.reading import events_of
from evenwicht.importers.calendars.recurrence import Budget
from evenwicht.importers.calendars.zones import Zones
from evenwicht.importers.source import Reading, Source

if TYPE_CHECKING:
    from pathlib import Path

    from evenwicht.importers.calendars.drafts import Draft

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FATES = ("meeting", "cancelled", "private", "all_day", "internal", "without_attendees", "without_organiser", "ahead", "superseded",
         "unreadable", "reply", "excluded")


def source(path: Path) -> Source:
    return Source(path, path.name, NOW, lambda address: f"p:{address}")


def calendar_files(shared: Path) -> list[Path]:
    return sorted((shared / "fixtures" / "ics").glob("*.ics"))


def test_each_real_calendar_is_read_and_every_event_has_one_fate(shared: Path | None) -> None:
    if shared is None:
        return
    counted: Counter[str] = Counter()
    for path in calendar_files(shared):
        found = ics.read(source(path))
        assert found.counted["calendar_event"] == sum(found.counted[fate] for fate in FATES), path.name
        assert all(problem.place for problem in found.problems), path.name
        counted += found.counted
    assert counted["calendar_event"] > 2_000
    assert counted["unreadable"] < 100  # 81 of them are one vCalendar 1.0 file


def test_attacks_take_no_time_and_lose_nothing_around_them(shared: Path | None) -> None:
    if shared is None:
        return
    for path in sorted((shared / "fixtures" / "security").glob("ics_*")):
        data = path.read_bytes()
        beside = b"BEGIN:VEVENT\nUID:beside\nDTSTART:20260302T090000Z\nORGANIZER:mailto:a@acme.com\nATTENDEE:mailto:b@birch.nl\nEND:VEVENT\n"
        start = time.perf_counter()
        reading = Reading(label=path.name)
        events_of([data + b"\n" + beside], reading, source(path), "")
        assert time.perf_counter() - start < 10, path.name
        assert "beside" in {event.id for event in reading.events}, path.name
        assert len(reading.events) <= 6, path.name


def test_thousands_of_attendees_are_all_counted(shared: Path | None) -> None:
    if shared is None:
        return
    path = shared / "fixtures" / "security" / "ics_attendees_0.ics"
    addresses = {line for line in path.read_text().splitlines() if line.startswith("ATTENDEE")}
    found = ics.read(source(path))
    assert len(addresses) > 4_000
    assert sum(event.amount or 0 for event in found.events if event.kind == "attendance") == 60.0 * len(addresses)
    assert not found.problems


def drafts_in(data: bytes) -> list[Draft]:
    return [
        draft_of(component, Zones(calendar.zones, 2027, Budget()), "", number)
        for calendar in calendars_in(data) for number, component in enumerate(calendar.events)
    ]


def of_the_library(data: bytes) -> list[Any] | None:
    """The events the library sees; None where it refuses the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            calendars = icalendar.Calendar.from_ical(data, multiple=True)
            return [event for calendar in calendars for event in calendar.walk("VEVENT")]
        except (ValueError, KeyError, AttributeError, TypeError, IndexError):
            return None


def moment_of(event: Any) -> datetime | None:
    """DTSTART of the library in UTC; None where it has none, or one of which the zone is not known to it."""
    try:
        start = getattr(event.get("DTSTART"), "dt", None)
    except BrokenCalendarProperty:
        return None
    if not isinstance(start, date):
        return None
    if not isinstance(start, datetime):
        return datetime(start.year, start.month, start.day, tzinfo=UTC)
    if start.tzinfo is None:
        named = event["DTSTART"].params.get("TZID")
        return None if named else start.replace(tzinfo=UTC)
    return start.astimezone(UTC)


def test_starts_and_organisers_are_those_the_icalendar_library_sees(shared: Path | None) -> None:
    if shared is None:
        return
    compared = organisers = 0
    for path in calendar_files(shared):
        data = path.read_bytes()
        theirs, ours = of_the_library(data), drafts_in(data)
        if not theirs:
            continue  # refused by the library; a bad line makes it forget whole events
        assert len(theirs) == len(ours), path.name
        for other, draft in zip(theirs, ours, strict=True):
            at = moment_of(other)
            if at is not None and at.year >= 1970:
                assert draft.start is not None, (path.name, draft.uid, at)
                assert draft.start.at == at, (path.name, draft.uid)
                compared += 1
            line = draft.component.first("ORGANIZER")
            organiser = person_of(line) if line is not None else None
            if organiser is not None and "ORGANIZER" in other:
                assert organiser.address in str(other["ORGANIZER"]).lower(), (path.name, draft.uid)
                organisers += 1
    assert compared > 1_800
    assert organisers > 25


def test_invitations_in_real_mails_are_read(shared: Path | None) -> None:
    if shared is None:
        return
    seen = 0
    for path in sorted((shared / "fixtures" / "eml").glob("*.eml")):
        for part in message_from_bytes(path.read_bytes()).walk():
            if part.get_content_type() == "text/calendar":
                data = part.get_payload(decode=True)
                assert isinstance(data, bytes)
                reading = Reading(label=path.name)
                events_of([data], reading, replace(source(path), now=NOW), "1")
                seen += reading.counted["calendar_event"]
                assert not reading.problems, path.name
    assert seen >= 10
