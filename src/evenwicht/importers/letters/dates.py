"""When a mail was sent, from dates as mail programs write them. Believed from 1990 to two days after the reading."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LEEWAY = timedelta(days=2)

_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_ZONES = {
    # RFC 5322, obs-zone, and the European names that mail programs write; hours from UTC.
    "UT": 0.0, "UTC": 0.0, "GMT": 0.0, "Z": 0.0, "WET": 0.0, "EST": -5.0, "EDT": -4.0, "CST": -6.0, "CDT": -5.0,
    "MST": -7.0, "MDT": -6.0, "PST": -8.0, "PDT": -7.0, "BST": 1.0, "WEST": 1.0, "CET": 1.0, "MET": 1.0, "MEZ": 1.0,
    "CEST": 2.0, "MEST": 2.0, "MESZ": 2.0, "EET": 2.0, "EEST": 3.0, "MSK": 3.0, "IST": 5.5, "JST": 9.0, "KST": 9.0,
    "HKT": 8.0, "SGT": 8.0, "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0,
}
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
_ZONE = r"(?:\s*(?P<zone>[+-]\d{2}:?\d{2}|[A-Za-z]{1,5}\b))?"
_DAY_FIRST = re.compile(
    r"(?<![\d:])(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3})[a-z]*\.?,?[\s-]+(?P<year>\d{2,4})[\s,]+" + _CLOCK + _ZONE)
_ASCTIME = re.compile(
    r"(?P<month>[A-Za-z]{3})[a-z]*\.?\s+(?P<day>\d{1,2}),?\s+" + _CLOCK
    + r"(?:\s+(?P<zone>[+-]\d{4}|[A-Z]{2,5}))?\s+(?P<year>\d{4})\b(?:\s*(?P<later>[+-]\d{4}))?")
_ISO = re.compile(
    r"\b(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?:[T\s]+" + _CLOCK + r"(?:\s*(?P<zone>Z|[+-]\d{2}:?\d{2}))?)?")
_LONGEST = 200
_USUAL = re.compile(r"\s*(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})(?!\d)")
"""How nearly all mails are dated; other ways take longer."""


def moment(text: str) -> datetime | None:
    """A date with time as UTC; None when there is none in `text`. A date without a zone is read as UTC.

    Understands RFC 5322 with its obsolete forms, asctime (mbox From_ lines), and ISO 8601.
    """
    text = text[:_LONGEST]
    usual = _USUAL.match(text)
    if usual is not None:
        day, month, year, hour, minute, second, zone = usual.groups()
        number, offset = _MONTHS.get(month.lower()), _offset(zone)
        if number is not None and offset is not None:
            try:
                return datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=UTC) - offset
            except (ValueError, OverflowError):
                pass  # a leap second, or no date at all
    for form in (_DAY_FIRST, _ASCTIME, _ISO):
        found = form.search(text)
        if found is not None:
            made = _made(found.groupdict())
            if made is not None:
                return made
    return None


def _made(said: dict[str, str | None]) -> datetime | None:
    month = said["month"] or ""
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower())
    offset = _offset(said.get("zone") or said.get("later"))
    if number is None or offset is None:
        return None
    hour = int(said["hour"] or 0)
    if said.get("half"):
        hour = hour % 12 + (12 if (said["half"] or "").lower() == "p" else 0)
    try:
        local = datetime(
            _year(said["year"] or ""), number, int(said["day"] or 0), hour, int(said["minute"] or 0),
            min(59, int(said["second"] or 0)) if int(said["second"] or 0) <= 60 else 99,  # noqa: PLR2004  leap second
            tzinfo=UTC,
        )
        return local - offset
    except (ValueError, OverflowError):
        return None


def _year(text: str) -> int:
    """RFC 5322, section 4.3: two digits below 50 are 20xx, else 19xx; three digits count from 1900."""
    year = int(text)
    if len(text) == 2:  # noqa: PLR2004
        return year + (2000 if year < 50 else 1900)  # noqa: PLR2004
    return year + 1900 if len(text) == 3 else year  # noqa: PLR2004


@lru_cache(maxsize=512)
def _offset(zone: str | None) -> timedelta | None:
    """Of a zone as written; None for one that cannot be: more than 14 hours, or 60 minutes and more."""
    if not zone:
        return timedelta(0)
    if zone[0] not in "+-":
        return timedelta(hours=_ZONES.get(zone.upper(), 0.0))
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:  # noqa: PLR2004
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if zone[0] == "-" else offset


def believed(when: datetime | None, now: datetime) -> datetime | None:
    """`when`, if it lies in 1990 or later and not more than two days after `now`; else None."""
    return when if when is not None and EARLIEST <= when <= now + LEEWAY else None
