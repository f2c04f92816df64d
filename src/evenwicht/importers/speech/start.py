"""When a meeting began: no transcript says so itself, but its name often does."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No transcript is older."""

AHEAD = timedelta(days=2)
"""A start that lies further after the moment of reading is not believed."""

_NAMED = re.compile(
    r"(?<!\d)(?P<gmt>GMT|UTC)?(?P<year>(?:19|20)\d\d)(?P<mark>[-._/]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d)"
    r"|(?<!\d)(?P<gmt2>GMT|UTC)?(?P<year2>(?:19|20)\d\d)(?P<month2>\d\d)(?P<day2>\d\d)(?=\d{6}(?!\d)|\d{4}(?!\d))",
    re.ASCII)
_CLOCK = re.compile(
    r"(?P<t>T|[ _-]+T?|,? at |[ _]+om )?(?P<hour>[01]\d|2[0-3])(?P<mark>[-.:_h]?)(?P<minute>[0-5]\d)"
    r"(?:(?P=mark)(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?!\d)"
    r"(?P<zone>[ _]?(?:GMT|UTC)(?:[+-]\d{1,2}(?::?\d\d)?)?|Z(?![A-Za-z])|[ _]?CES?T(?![A-Za-z])|[+-]\d\d:?\d\d(?!\d))?",
    re.ASCII)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d\d)?$")
_NAMES = {"CET": 1, "CEST": 2}


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of a meeting.

    at        aware, UTC
    day_only  only the day is known: midnight stands for it
    floating  the time had no zone and was read as UTC
    """

    at: datetime
    day_only: bool = False
    floating: bool = False

    @property
    def text(self) -> str:
        """`20260302T080000Z`, or `20260302` for a day: what ids are made of."""
        return f"{self.at:%Y%m%d}" if self.day_only else f"{self.at:%Y%m%dT%H%M%SZ}"

    def earlier(self, seconds: float) -> Start:
        """The start of a recording of which so many seconds had passed at this moment, to the second."""
        try:
            at = self.at - timedelta(seconds=seconds)
        except OverflowError:
            return self
        return replace(self, at=(at + timedelta(milliseconds=500)).replace(microsecond=0))


def start_in(name: str) -> Start | None:
    """The first date in the name of a file, with its time where one follows; None without a date that exists."""
    for match in _NAMED.finditer(name):
        parts = match.groupdict()
        year, month, day = (int(parts[key] or parts[key + "2"]) for key in ("year", "month", "day"))
        clock = _CLOCK.match(name, match.end())
        try:
            if clock is None:
                return Start(datetime(year, month, day, tzinfo=UTC), day_only=True)
            wall = datetime(year, month, day, int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0), tzinfo=UTC)
        except ValueError:
            continue
        zone = clock["zone"] or parts["gmt"] or parts["gmt2"] or ""
        return Start(wall - _offset(zone), floating=not zone)
    return None


def _offset(zone: str) -> timedelta:
    """How far a zone as written is ahead of UTC."""
    zone = zone.strip(" _")
    if zone in _NAMES:
        return timedelta(hours=_NAMES[zone])
    match = _OFFSET.search(zone)
    if match is None:
        return timedelta()
    ahead = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return -ahead if match[1] == "-" else ahead


def moment(value: object) -> Start | None:
    """A start that a file states as a value: ISO text, a TOML date or time, or seconds since 1970; None for others."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        if (value.hour, value.minute, value.second, value.tzinfo) == (0, 0, 0, None):
            return Start(value.replace(tzinfo=UTC), day_only=True)
    if isinstance(value, datetime):
        try:
            return Start(value.astimezone(UTC)) if value.tzinfo is not None else Start(value.replace(tzinfo=UTC), floating=True)
        except OverflowError:
            return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return Start(datetime.fromtimestamp(value / 1000 if value > 1e11 else value, timezone.utc))  # noqa: PLR2004, UP017  milliseconds
        except (ValueError, OverflowError, OSError):
            return None
    return None


def believable(start: Start, now: datetime) -> bool:
    """Whether a meeting can have been then."""
    return EARLIEST <= start.at <= now + AHEAD
