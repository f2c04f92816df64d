"""The days of an Outlook series: the binary pattern of [MS-OXOCAL] 2.2.1.44, as the lines of iCalendar ([MS-OXCICAL] 2.1.3.2)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenwicht.importers.letters.charsets import CONTROLS
from evenwicht.importers.outlook.items import APPOINTMENT, Item

PATTERN, ZONE, ZONE_NAME = 0x8216, 0x8260, 0x8234
MOST_DATES = 5_000

_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_DAY, _WEEK, _MONTH, _NTH, _MONTH_END = range(5)
_YEARLY = 0x200D
_UNTIL, _COUNT = 0x2021, 0x2022
_LAST = 5
_SLACK = timedelta(hours=2)
"""An end is said in UTC and the zone may be an hour off at another time of the year; no pattern has two meetings so close."""
_FARTHEST = timedelta(hours=15)
"""No zone is further from UTC; a pattern that says so is not that of the first meeting."""
_EPOCH = datetime(1601, 1, 1)  # noqa: DTZ001  the pattern counts minutes of the zone of the series
_SUBJECT, _PLACE = 0x1, 0x10
_FOUR_BYTES = (0x2, 0x4, 0x8, 0x20, 0x40, 0x80, 0x100)


@dataclass(frozen=True, slots=True)
class Series:
    """A series as iCalendar.

    times       DTSTART, DTEND, RRULE and EXDATE of the whole
    changed     RECURRENCE-ID, DTSTART and DTEND of each meeting that was moved
    """

    times: list[str]
    changed: list[list[str]]


class _Bytes:
    """Little-endian numbers one after the other. Raises struct.error at the end."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def short(self) -> int:
        return self._next("<H")

    def long(self) -> int:
        return self._next("<I")

    def skip(self, count: int) -> None:
        self.at += count

    def longs(self) -> list[int]:
        count = self.long()
        if count > MOST_DATES:
            raise struct.error("dates")
        return [self.long() for _ in range(count)]

    def _next(self, form: str) -> int:
        value: int = struct.unpack_from(form, self.raw, self.at)[0]
        self.at += struct.calcsize(form)
        return value


def series_of(item: Item, start: datetime) -> Series | None:
    """The series that an item is; None where its pattern is not there, damaged, or of another calendar than ours.

    start   when the first meeting is, UTC
    """
    raw = item.named.get((APPOINTMENT, PATTERN))
    if not isinstance(raw, bytes):
        return None
    try:
        return _read(_Bytes(raw), start, _zone(item))
    except (struct.error, OverflowError, IndexError):
        return None


def _read(raw: _Bytes, start: datetime, zone: str) -> Series | None:
    raw.skip(4)
    frequency, pattern, calendar = raw.short(), raw.short(), raw.short()
    raw.long()
    period = raw.long()
    raw.long()
    days = raw.long() if pattern in {_WEEK, _MONTH, _NTH, _MONTH_END} else 0
    nth = raw.long() if pattern == _NTH else 0
    if pattern > _MONTH_END or calendar not in {0, 1}:
        return None
    end, count, week_start = raw.long(), raw.long(), raw.long()
    deleted, _moved = raw.longs(), raw.longs()
    first_day, last_day = raw.long(), raw.long()
    raw.skip(8)
    begins, ends = raw.long(), raw.long()
    first = _local(first_day + begins)
    ahead = first - start.replace(tzinfo=None)
    rule = _rule(frequency, pattern, period, days, nth, first.month)
    if rule is None or abs(ahead) > _FARTHEST:
        return None
    if pattern == _WEEK:
        rule += f";WKST={_DAYS[week_start % 7]}"
    if end == _COUNT:
        rule += f";COUNT={count}"
    elif end == _UNTIL:
        rule += f";UNTIL={_local(last_day + begins) - ahead + _SLACK:%Y%m%dT%H%M%SZ}"
    changed = _changed(raw)
    moved = {original - original % 1_440 for original, _new, _end in changed}

    def said(name: str, minutes: int) -> str:
        if zone:
            return f'{name};TZID="{zone}":{_local(minutes):%Y%m%dT%H%M%S}'
        return f"{name}:{_local(minutes) - ahead:%Y%m%dT%H%M%SZ}"

    times = [said("DTSTART", first_day + begins), said("DTEND", first_day + ends), f"RRULE:{rule}"]
    times += [said("EXDATE", day + begins) for day in deleted if day not in moved]
    return Series(times, [[said("RECURRENCE-ID", old), said("DTSTART", new), said("DTEND", new_end)] for old, new, new_end in changed])


def _rule(frequency: int, pattern: int, period: int, days: int, nth: int, month: int) -> str | None:
    names = ",".join(name for bit, name in enumerate(_DAYS) if days >> bit & 1)
    if pattern == _DAY:
        return f"FREQ=DAILY;INTERVAL={max(1, period // 1_440)}"
    if pattern == _WEEK:
        return f"FREQ=WEEKLY;INTERVAL={max(1, period)};BYDAY={names}" if names else None
    if frequency == _YEARLY:
        rule = f"FREQ=YEARLY;INTERVAL={max(1, period // 12)};BYMONTH={month}"
    else:
        rule = f"FREQ=MONTHLY;INTERVAL={max(1, period)}"
    if pattern == _NTH:
        return f"{rule};BYDAY={names};BYSETPOS={-1 if nth >= _LAST else max(1, nth)}" if names else None
    return f"{rule};BYMONTHDAY={-1 if pattern == _MONTH_END or days >= 31 else max(1, days)}"  # noqa: PLR2004  the last of any month


def _changed(raw: _Bytes) -> list[tuple[int, int, int]]:
    """(original start, start, end) of each meeting that was changed, in minutes. What is cut off ends the list."""
    found = []
    try:
        for _ in range(min(raw.short(), MOST_DATES)):
            start, end, original, flags = raw.long(), raw.long(), raw.long(), raw.short()
            if flags & _SUBJECT:
                raw.skip(2)
                raw.skip(raw.short())
            raw.skip(4 * sum(bool(flags & bit) for bit in _FOUR_BYTES if bit < _PLACE))
            if flags & _PLACE:
                raw.skip(2)
                raw.skip(raw.short())
            raw.skip(4 * sum(bool(flags & bit) for bit in _FOUR_BYTES if bit > _PLACE))
            found.append((original, start, end))
    except struct.error:
        pass
    return found


def _local(minutes: int) -> datetime:
    return _EPOCH + timedelta(minutes=minutes)


def _zone(item: Item) -> str:
    """The zone by the name Windows has for it ([MS-OXOCAL] 2.2.1.41), else as it was shown; "" when none is said."""
    raw = item.named.get((APPOINTMENT, ZONE))
    name = ""
    if isinstance(raw, bytes) and len(raw) > 8:  # noqa: PLR2004
        length = int.from_bytes(raw[6:8], "little")
        name = raw[8:8 + 2 * min(length, 200)].decode("utf-16-le", "replace")
    if not name:
        said = item.named.get((APPOINTMENT, ZONE_NAME))
        name = said if isinstance(said, str) else ""
    return CONTROLS.sub("", name).replace('"', "")[:200].strip()
