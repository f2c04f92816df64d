"""Writes meetings into one iCalendar file: who called whom together, for how many minutes, and how many heads came.

An event of the ledger holds minutes times heads. The file gives both: the length that fits all sides with the fewest heads,
and companions without a name of their own (`jan.2@birch.nl`) where more heads were there than people are known.
Source: RFC 5545.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from math import gcd
from typing import TYPE_CHECKING

from evenwicht.importers.written import Written, addresses, has_mail, in_seconds, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from evenwicht.ledger.events import Event

_UID = re.compile(r"[!-~]{1,500}")
_LONGEST_S = 7 * 86_400
_MOST_HEADS = 500
_FOLD = 74
"""Octets of a line before it is folded; 75 with the space of a continued one."""


@dataclass(frozen=True, slots=True)
class _Meeting:
    """One meeting: its rows by the other organisation, the attendance of each, and its length in seconds."""

    rows: tuple[Event, ...]
    came: Mapping[str, Event]
    seconds: int

    @property
    def event(self) -> Event:
        return self.rows[0]

    def heads(self, event: Event) -> int:
        return _seconds(event) // self.seconds if self.seconds else len(_people(event))


def write(events: Iterable[Event], path: Path) -> list[Event]:
    """Write the meetings and attendances among the events into one calendar.

    Returns the events that it does not hold: other kinds, and meetings whose facts a calendar cannot state. Raises OSError.
    """
    return written(events, path.name).into(path.parent)


def written(events: Iterable[Event], name: str = "agenda.ics") -> Written:
    """The calendar as bytes, and the events that are not in it."""
    events = list(events)
    meetings = _meetings(events)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Evenwicht//simulation//EN", "METHOD:PUBLISH"]
    for meeting in sorted(meetings, key=lambda one: (one.event.at, one.event.id)):
        lines += _component(meeting)
    lines.append("END:VCALENDAR")
    carried = [one for meeting in meetings for one in (*meeting.rows, *meeting.came.values())]
    return Written({name: "".join(map(_folded, lines)).encode("ascii")} if carried else {}, without(events, carried))


def _meetings(events: Sequence[Event]) -> list[_Meeting]:
    called: dict[str, list[Event]] = defaultdict(list)
    came: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind == "meeting":
            called[event.id].append(event)
        elif event.kind == "attendance" and event.answers is not None:
            came[event.answers].append(event)
    found = (_meeting(rows, came.get(identity, [])) for identity, rows in called.items())
    return [meeting for meeting in found if meeting is not None]


def _meeting(rows: list[Event], came: list[Event]) -> _Meeting | None:
    """The meeting of these rows; None where a calendar cannot say them."""
    first = rows[0]
    by = {one.giver: one for one in came}
    alike = {(one.at, one.giver, one.amount, one.person) for one in rows}
    every = (*rows, *came)
    if (
        len(alike) > 1 or len(by) != len(came) or len({one.receiver for one in rows}) != len(rows) or by.keys() != {one.receiver for one in rows}
        or _UID.fullmatch(first.id) is None or any(one.receiver != first.giver or one.at != first.at for one in came)
        or " " in (first.person or "")
        or not all(one.shared and one.due is None and one.unit == "minutes" and has_mail(one.giver) and has_mail(one.receiver) and in_seconds(one) for one in every)
        or any(one.amount is None or one.amount < 0 or not (one.amount * 60).is_integer() for one in every)
        or any(one.answers is not None for one in rows)
    ):
        return None
    seconds = _length(every)
    return None if seconds is None or _is_whole_days(first, seconds) else _Meeting(tuple(rows), by, seconds)


def _length(every: Sequence[Event]) -> int | None:
    """The most seconds of which each side's time is a multiple, with a head for everybody who is named."""
    most = gcd(*map(_seconds, every))
    for parts in range(1, _MOST_HEADS + 1):
        seconds, rest = divmod(most, parts)
        if rest or seconds > _LONGEST_S:
            continue
        if all(not _seconds(one) or len(_people(one)) <= _seconds(one) // seconds <= _MOST_HEADS for one in every):
            return seconds
    return None


def _is_whole_days(event: Event, seconds: int) -> bool:
    """What runs from midnight to midnight is read as a day off, not as a meeting."""
    return seconds > 0 and seconds % 86_400 == 0 and (event.at.hour, event.at.minute) == (0, 0)


def _seconds(event: Event) -> int:
    return round((event.amount or 0.0) * 60)


def _people(event: Event) -> list[str]:
    return addresses(event.person, event.giver)


def _component(meeting: _Meeting) -> list[str]:
    event = meeting.event
    organiser = _people(event)[0]
    lines = [
        "BEGIN:VEVENT", f"UID:{event.id}", f"DTSTAMP:{event.at:%Y%m%dT%H%M%SZ}", f"DTSTART:{event.at:%Y%m%dT%H%M%SZ}",
        f"DTEND:{event.at + timedelta(seconds=meeting.seconds):%Y%m%dT%H%M%SZ}", f"SEQUENCE:{max(0, event.version)}", "SUMMARY:Meeting",
        f"ORGANIZER:mailto:{organiser}",
    ]
    for side in (event, *(meeting.came[row.receiver] for row in meeting.rows)):
        heads = meeting.heads(side)
        answer = "ACCEPTED" if heads else "DECLINED"
        lines += [f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT={answer}:mailto:{one}" for one in _with_companions(_people(side), heads)]
    return [*lines, "STATUS:CONFIRMED", "END:VEVENT"]


def _with_companions(people: list[str], heads: int) -> list[str]:
    """Everybody who is named, and as many more as heads were there."""
    local, _, domain = people[0].partition("@")
    return people + [f"{local}.{number}@{domain}" for number in range(2, heads - len(people) + 2)]


def _folded(line: str) -> str:
    parts = [line[:_FOLD + 1]] + [line[at:at + _FOLD] for at in range(_FOLD + 1, len(line), _FOLD)]
    return "\r\n ".join(parts) + "\r\n"
