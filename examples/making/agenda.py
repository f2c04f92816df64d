"""Inge's calendar: meetings with partners, one series, one that was cancelled, and what is private."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from making import clock
from making.firms import BERK, FIRMS, Person
from making.manners import RELATIONS
from making.plan import Meeting

OWN = {relation.key: relation.ours for relation in RELATIONS}


def write(meetings: Iterable[Meeting], path: Path) -> None:
    """One VCALENDAR, lines folded at 75 octets and ended by CR LF (RFC 5545)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Berk//Agenda//NL", "METHOD:PUBLISH", *_zone()]
    for meeting in meetings:
        lines += _meeting(meeting)
    lines += _others()
    lines.append("END:VCALENDAR")
    path.write_bytes(b"".join(_folded(line) for line in lines))


def _zone() -> list[str]:
    return [
        "BEGIN:VTIMEZONE", "TZID:Europe/Amsterdam",
        "BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST", "DTSTART:19700329T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT", "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET", "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD", "END:VTIMEZONE",
    ]


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _attendee(person: Person, answer: str = "ACCEPTED") -> str:
    return f"ATTENDEE;CN={person.name};ROLE=REQ-PARTICIPANT;PARTSTAT={answer}:mailto:{person.address}"


def _meeting(meeting: Meeting) -> list[str]:
    firm, own = FIRMS[meeting.firm], OWN[meeting.firm]
    them = firm.at(meeting.start.date())
    organiser = own if meeting.ours else them
    lines = [
        "BEGIN:VEVENT", f"UID:{meeting.uid}", f"DTSTAMP:{_stamp(meeting.start - timedelta(days=5))}",
        f"DTSTART;TZID=Europe/Amsterdam:{meeting.start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Amsterdam:{meeting.start + timedelta(minutes=meeting.minutes):%Y%m%dT%H%M%S}",
        f"SUMMARY:{meeting.subject}", f"ORGANIZER;CN={organiser.name}:mailto:{organiser.address}", _attendee(own), _attendee(them),
    ]
    if meeting.heads > 1:
        lines += [_attendee(BERK.people[2] if own != BERK.people[2] else BERK.people[0]),
                  f"ATTENDEE;CN=Planning;PARTSTAT=ACCEPTED:mailto:planning@{firm.domain}"]
    return [*lines, "ATTENDEE;CUTYPE=ROOM;CN=Zaal 1;PARTSTAT=ACCEPTED:mailto:zaal1@berk.example", "STATUS:CONFIRMED", "END:VEVENT"]


def _others() -> list[str]:
    """A quarterly series, a meeting that did not take place, a birthday, a visit to the dentist."""
    own, joris = BERK.people[0], FIRMS["hendriks"].people[0]
    series = clock.at(date(2024, 9, 5), 14)
    called_off = clock.at(date(2026, 3, 17), 10)
    return [
        "BEGIN:VEVENT", "UID:kwartaal-hendriks@berk.example", f"DTSTAMP:{_stamp(series)}", f"DTSTART;TZID=Europe/Amsterdam:{series:%Y%m%dT%H%M%S}",
        "DURATION:PT1H", "RRULE:FREQ=MONTHLY;INTERVAL=3;BYDAY=1TH;COUNT=7", "SUMMARY:Kwartaaloverleg", f"ORGANIZER;CN={own.name}:mailto:{own.address}",
        _attendee(own), _attendee(joris), "STATUS:CONFIRMED", "END:VEVENT",
        "BEGIN:VEVENT", "UID:20260317-afgezegd@berk.example", f"DTSTAMP:{_stamp(called_off)}", "SEQUENCE:1",
        f"DTSTART;TZID=Europe/Amsterdam:{called_off:%Y%m%dT%H%M%S}", "DURATION:PT30M", "SUMMARY:Bezoek magazijn",
        f"ORGANIZER;CN={own.name}:mailto:{own.address}", _attendee(own), _attendee(joris, "DECLINED"), "STATUS:CANCELLED", "END:VEVENT",
        "BEGIN:VEVENT", "UID:verjaardag@berk.example", "DTSTAMP:20250101T080000Z", "DTSTART;VALUE=DATE:20250314", "RRULE:FREQ=YEARLY;COUNT=2",
        "SUMMARY:Verjaardag Ruud", "TRANSP:TRANSPARENT", "END:VEVENT",
        "BEGIN:VEVENT", "UID:tandarts@berk.example", "DTSTAMP:20260101T080000Z", "DTSTART;TZID=Europe/Amsterdam:20260210T083000", "DURATION:PT30M",
        "CLASS:PRIVATE", "SUMMARY:Tandarts", "END:VEVENT",
    ]


def _folded(line: str) -> bytes:
    raw, parts = line.encode(), []
    while len(raw) > 73:
        cut = 73
        while raw[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(raw[:cut])
        raw = raw[cut:]
    return b"\r\n ".join([*parts, raw]) + b"\r\n"
