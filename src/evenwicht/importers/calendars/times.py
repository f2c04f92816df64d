"""Dates, times and lengths as calendars write them (RFC 5545, 3.3.4 to 3.3.6), and as some write them wrongly."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Years a meeting can lie in: week 0 of the ledger begins in January 1970."""

_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d{1,9})?\s*(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_LENGTH = re.compile(
    r"([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T?(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.IGNORECASE | re.ASCII,
)
_BASIC = len("20260302T090000")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?", re.ASCII)


class Written(NamedTuple):
    """A date or time as written: a wall clock without zone, and whether it is UTC by its mark or a day without time."""

    clock: datetime
    is_utc: bool = False
    is_day: bool = False


def moment(text: str) -> Written | None:
    """`20260302T090000Z`, `20260302T090000`, `20260302`, and the dashed ISO forms; None where it is none of these."""
    size = len(text)
    if (size == _BASIC or (size == _BASIC + 1 and text[15] == "Z")) and text[8] == "T" and text.isascii():  # as it should be: fast
        try:
            if (text[:8] + text[9:15]).isdigit():
                return Written(datetime.fromisoformat(text[:15]), size > _BASIC)
        except ValueError:
            pass  # 24:00:00 and leap seconds
    matched = _MOMENT.fullmatch(text.strip().upper())
    if matched is None:
        return None
    year, month, day, hour, minute, second, zone = matched.groups()
    try:
        if hour is None:
            return Written(datetime(int(year), int(month), int(day)), is_day=True)  # noqa: DTZ001  a wall clock
        extra = timedelta()
        if (hour, minute) == ("24", "00"):  # the end of the day, written the ISO way
            hour, extra = "00", timedelta(days=1)
        seconds = min(int(second or 0), 59)  # a leap second
        clock = datetime(int(year), int(month), int(day), int(hour), int(minute), seconds) + extra  # noqa: DTZ001
        if zone is None:
            return Written(clock)
        return Written(clock - (offset(zone) or timedelta()), is_utc=True)
    except (ValueError, OverflowError):
        return None


def believable(clock: datetime) -> bool:
    """Whether a wall clock lies in years a meeting can lie in."""
    return FIRST_YEAR <= clock.year <= LAST_YEAR


def length(text: str) -> timedelta | None:
    """`PT1H30M`, `P1W`, `-PT5M`; None where it is no length of time."""
    matched = _LENGTH.fullmatch(text.strip())
    if matched is None or not any(matched.groups()[1:]):
        return None
    sign, weeks, days, hours, minutes, seconds = matched.groups()
    found = timedelta(weeks=int(weeks or 0), days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0),
                      seconds=int(seconds or 0))
    return -found if sign == "-" else found


def offset(text: str) -> timedelta | None:
    """`+0100`, `-05:00`, `+013000` → how far the wall clock is ahead of UTC; None where it is no such thing."""
    if text == "Z":
        return timedelta()
    matched = _OFFSET.fullmatch(text.strip())
    if matched is None:
        return None
    ahead = timedelta(hours=int(matched[2]), minutes=int(matched[3]), seconds=int(matched[4] or 0))
    if ahead >= timedelta(hours=24):
        return None
    return -ahead if matched[1] == "-" else ahead


@lru_cache(maxsize=4_096)
def stamped(text: str) -> str:
    """When a version was written, in the form of `basic`; "" where it does not say so. A time without a zone is UTC."""
    written = moment(text)
    return "" if written is None or not believable(written.clock) else basic(written.clock.replace(tzinfo=UTC))


def basic(at: datetime) -> str:
    """UTC basic format, as it stands in the id of an instance: `20260302T090000Z`."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat()[:19].replace("-", "").replace(":", "") + "Z"
