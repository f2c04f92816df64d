"""One VEVENT as a draft: what it says of itself, before versions, series and replies are brought together."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from evenwicht.importers.calendars.lines import parameters_of, split
from evenwicht.importers.calendars.times import basic, believable, length, moment, stamped
from evenwicht.importers.calendars.zones import Zone, fixed, stated, utc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenwicht.importers.calendars.lines import Component
    from evenwicht.importers.calendars.zones import Zones

LONGEST = timedelta(days=7)
"""A timed event that lasts longer is no meeting of that many minutes: its length is not known."""

MAX_UID = 512
"""A longer UID is replaced by its hash."""

_DATE_VALUE = re.compile(r"\d{8}(?:T\d{4,6}Z?)?", re.IGNORECASE | re.ASCII)
_ALL_DAY_MARKS = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT")


class Stamp(NamedTuple):
    """A date or time of an event, placed in a zone.

    clock       the wall clock as written
    at          the moment, UTC
    zone        from wall clock to UTC
    is_day      a day without time
    floating    it had no zone and was read as UTC
    unknown     name of a zone that nothing explains; read with the offset it states, else as UTC
    """

    clock: datetime
    at: datetime
    zone: Zone
    is_day: bool = False
    floating: bool = False
    unknown: str | None = None


class Draft(NamedTuple):
    """One VEVENT. `instance` is its RECURRENCE-ID, `start` its DTSTART; None where absent or unreadable. `called_off` is
    when a message (METHOD:CANCEL) took it back, as `times.basic` writes it; "" where that is not told.
    """

    component: Component
    zones: Zones
    order: int
    method: str
    uid: str
    sequence: int
    stamp: str
    cancelled: bool
    start: Stamp | None
    instance: Stamp | None
    to_the_end: bool = False
    called_off: str = ""

    @property
    def age(self) -> tuple[int, str, bool, int]:
        """What decides which of two versions holds: SEQUENCE, then when it was written, then the order in the file."""
        return self.sequence, self.stamp, self.cancelled, self.order

    @property
    def repeats(self) -> bool:
        """Whether it describes more than one meeting."""
        return "RRULE" in self.component.lines or "RDATE" in self.component.lines

    def differs(self, other: Draft) -> bool:
        """Whether two versions name different starts."""
        return self.start is not None and other.start is not None and self.start.at != other.start.at

    def cancelled_by(self, cancellation: Draft) -> Draft:
        """The same draft with the standing of its cancellation."""
        return self._replace(sequence=cancellation.sequence, stamp=cancellation.stamp or self.stamp, cancelled=True,
                             called_off=stamped(cancellation.stamp) if cancellation.method == "CANCEL" else "")

    def for_instance(self, at: datetime) -> Draft:
        """The draft as it holds for an instance: one that began before the series was called off has been held."""
        return self._replace(cancelled=False) if self.called_off and basic(at) < self.called_off else self

    @property
    def is_private(self) -> bool:
        """Whether the owner keeps it to himself."""
        return self.component.text("CLASS").upper() in ("PRIVATE", "CONFIDENTIAL")

    @property
    def is_all_day(self) -> bool:
        """Whether it is one or more days: by its dates, by Outlook's mark, or running from midnight to midnight."""
        if self.start is None:
            return False
        if self.start.is_day or any(self.component.text(mark).upper() == "TRUE" for mark in _ALL_DAY_MARKS):
            return True
        if self.start.clock.hour or self.start.clock.minute:
            return False
        lasts = self.lasts()
        return lasts is not None and lasts > timedelta() and lasts % timedelta(days=1) == timedelta()

    def _is_whole_days(self, end: Stamp) -> bool:
        """From midnight to midnight is a number of days, also where the clock changes in between."""
        start = self.start
        return (start is not None and end.zone is start.zone and start.clock.time() == time()
                and (end.clock - start.clock) % timedelta(days=1) == timedelta())

    def lasts(self) -> timedelta | None:
        """How long it lasts by DTEND, else by DURATION; None where it says neither, or nothing that can be read."""
        if self.start is None:
            return None
        line = self.component.first("DTEND")
        end = stamp_of(line, self.zones, self.start.zone) if line is not None else None
        if end is not None and (self.start.is_day or not end.is_day):
            if self._is_whole_days(end):
                return end.clock - self.start.clock
            at = self.start.zone(end.clock) if end.unknown is not None and self.start.unknown is None else end.at
            return at - self.start.at
        line = self.component.first("DURATION")
        return length(split(line)[1]) if line is not None else None


def draft_of(component: Component, zones: Zones, method: str, order: int) -> Draft:
    """Read what every version of an event must be known by. Raises nothing."""
    start = _first_stamp(component, zones)
    instance_line = component.first("RECURRENCE-ID")
    instance = None
    to_the_end = False
    if instance_line is not None:
        instance = stamp_of(instance_line, zones, start.zone if start is not None else None)
        to_the_end = "THISANDFUTURE" in instance_line.partition(":")[0].upper()
    elif method == "ADD":
        instance = start
    sequence = component.text("SEQUENCE")
    return Draft(
        component=component, zones=zones, order=order, method=method, uid=_uid_of(component, start),
        sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) <= 9 else 0,  # noqa: PLR2004  fits 32 bits
        stamp=component.text("DTSTAMP") or component.text("LAST-MODIFIED"),
        cancelled=method == "CANCEL" or component.text("STATUS").upper() in ("CANCELLED", "CANCELED"),
        start=start, instance=instance, to_the_end=to_the_end,
    )


def _first_stamp(component: Component, zones: Zones) -> Stamp | None:
    """The first DTSTART that can be read: some files write a broken one before or after a good one."""
    for line in component.lines.get("DTSTART", ()):
        found = stamp_of(line, zones, None)
        if found is not None:
            return found
    return None


def _uid_of(component: Component, start: Stamp | None) -> str:
    """UID as written; without one a hash of what makes the meeting: organiser, start, attendees."""
    uid = component.text("UID")
    if uid and len(uid) <= MAX_UID:
        return uid
    what = [uid] if uid else [
        component.text("ORGANIZER").lower(), basic(start.at) if start is not None else "",
        *sorted(split(line)[1].lower() for line in component.lines.get("ATTENDEE", ())),
    ]
    return "sha256:" + hashlib.sha256("\n".join(what).encode("utf-8", "replace")).hexdigest()


def stamp_of(line: str, zones: Zones, default: Zone | None) -> Stamp | None:
    """One date or time of a content line. `default` is the zone where the line names none; None = floating."""
    parameters, value = dated(line)
    return placed(value, parameters, zones, default)


def dated(line: str) -> tuple[Mapping[str, str], str]:
    """Parameters and value of a line with dates, also where a zone name holds a colon that should have been quoted."""
    if '"' not in line:
        head, colon, value = line.rpartition(":")
        value = value.strip()
        if colon and _DATE_VALUE.fullmatch(value) is not None:
            return _parameters(head), value
    return split(line)


@lru_cache(maxsize=1_024)
def _parameters(head: str) -> Mapping[str, str]:
    """The same few come back all through a calendar."""
    return parameters_of(head)


def placed(value: str, parameters: Mapping[str, str], zones: Zones, default: Zone | None) -> Stamp | None:
    """A date or time as written, in the zone its parameters name. None where it is no date of a believable year."""
    written = moment(value)
    if written is None or not believable(written.clock):
        return None
    is_day = written.is_day or parameters.get("VALUE", "").upper() == "DATE"
    name = parameters.get("TZID", "")
    if written.is_utc:
        return Stamp(written.clock, utc(written.clock), utc, is_day)
    if name:
        zone = zones.find(name)
        if zone is not None:
            return Stamp(written.clock, zone(written.clock), zone, is_day)
        ahead = stated(name)
        zone = fixed(ahead) if ahead is not None else utc
        return Stamp(written.clock, zone(written.clock), zone, is_day, unknown=name)
    if default is not None:
        return Stamp(written.clock, default(written.clock), default, is_day)
    return Stamp(written.clock, utc(written.clock), utc, is_day, floating=True)
