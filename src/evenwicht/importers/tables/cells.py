"""What a cell says: a day, a moment, an amount. Decided once per column, from all its cells, never cell by cell.

`03/04/2026` and `1.234` can each be read in two ways. A column is read as day first when at least one of its cells can
only be day first and none only month first; the same for the decimal comma. Where no cell decides, the layout must.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Literal

from evenwicht.importers.late import late

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from zoneinfo import ZoneInfo

Cell = str | float | datetime
"""What a row holds: text in a CSV file; also numbers and moments in a workbook."""

Order = Literal["day", "month"]
Decimal = Literal["comma", "point"]
Doubt = Literal["", "both", "mixed"]
"""Why a column cannot be read throughout: nothing decides (`both`), or its cells contradict each other (`mixed`)."""

MILLISECONDS_FROM = 100_000_000_000
"""Epoch numbers from here on count milliseconds: as seconds they would lie after the year 5138."""

_MONTHS = {
    name: number
    for number, names in enumerate((
        "jan january januari januar jän jänner", "feb febr february februari februar", "mar mrt march maart mär mrz märz",
        "apr april", "may mei mai", "jun june juni", "jul july juli", "aug august augustus", "sep sept september",
        "oct okt october oktober", "nov november", "dec december dez dezember",
    ), start=1)
    for name in names.split()
}
_CLOCK = (
    r"(?:[ T,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?(?:\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?)?$"
)
_YEAR_FIRST = late(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK, re.IGNORECASE)
_TWO_WAYS = late(r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})[-/.](?P<year>\d{4}|\d{2})" + _CLOCK, re.IGNORECASE)
_DAY_NAME = late(
    r"(?:[a-z]{2,9}\.?,?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th|e)?(?:\s*[-/.]\s*|\s+)(?P<name>[^\W\d_]{3,9})\.?,?"
    r"(?:\s*[-/.]\s*|\s+)(?P<year>\d{4}|\d{2})" + _CLOCK, re.IGNORECASE)
_NAME_DAY = late(
    r"(?:[a-z]{2,9}\.?,?\s+)?(?P<name>[^\W\d_]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4}|\d{2})" + _CLOCK,
    re.IGNORECASE)
_UNIX_DATE = late(
    r"[a-z]{3}\s+(?P<name>[a-z]{3})\s+(?P<day>\d{1,2})\s+(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})"
    r"\s+(?:(?P<zone>[+-]\d{4}|UTC|GMT|Z)\s+)?(?P<year>\d{4})$", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?$")
_COMPACT_DAY = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$")
_SECONDS_IN_A_SHEET = 100_000_000
"""March 1973."""

_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SERIAL_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_EXACT = 2**53
"""Whole numbers below it are exact in a float."""

_LONGEST = 64
"""Characters of the longest date or amount that is looked at; anything longer is text."""


@dataclass(frozen=True, slots=True)
class DateSetting:
    """What a layout says of a date column: which of day and month stands first, and whether numbers are moments.

    epoch       plain numbers are seconds (from 10¹¹ on milliseconds) since 1970-01-01
    serial      plain numbers are days since 1899-12-30, as a spreadsheet stores them
    zone        time zone of moments without one; None = UTC. A day without a time is midnight UTC of that day
    """

    order: Order | None = None
    epoch: bool = False
    serial: bool = False
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """A date column, read.

    moments     cell → moment, UTC. A cell that is missing here was not readable, or in doubt
    doubt       why some cells were left open; `in_doubt` are those cells
    order       which stands first in the cells that could be read; None when no cell depends on it
    """

    moments: dict[Cell, datetime]
    doubt: Doubt = ""
    in_doubt: frozenset[Cell] = frozenset()
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """An amount column, read: cell → number, and as in `Days`. `currency` is the one sign or code its cells carry."""

    numbers: dict[Cell, float]
    doubt: Doubt = ""
    in_doubt: frozenset[Cell] = frozenset()
    currency: str = ""


def text_of(cell: Cell) -> str:
    """A cell as text: whole numbers without a decimal point, moments in ISO 8601, a day without its midnight."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.isoformat().removesuffix("T00:00:00")
    return str(int(cell)) if abs(cell) < _EXACT and cell == int(cell) else repr(cell)


def days(cells: Collection[Cell], setting: DateSetting, fallback: Order | None = None) -> Days:
    """Read a date column from its distinct cells. `fallback` is the order of the other date columns, for one in doubt."""
    moments: dict[Cell, datetime] = {}
    others: list[Cell] = []
    for cell in cells:
        plain = iso_moment(cell) if isinstance(cell, str) and cell[4:5] == "-" else None
        if plain is None:
            others.append(cell)
        else:
            moments[cell] = plain
    two_ways: dict[str, re.Match[str]] = {}
    compact = _numbers_are_days(others, setting)
    serial = setting.epoch and _numbers_are_serial(others)
    for cell in others:
        if isinstance(cell, datetime):
            known = _in_utc(cell, setting.zone, has_time=bool(cell.hour or cell.minute or cell.second))
            if known is not None:
                moments[cell] = known
            continue
        text = cell.strip() if isinstance(cell, str) else text_of(cell)
        if len(text) > _LONGEST:
            continue
        if not compact and _NUMBER.match(text):
            moment = None if serial or _lost_format(cell, setting) else _number(text, setting)
        elif (matched := _TWO_WAYS.match(text)) is not None:
            two_ways[cell if isinstance(cell, str) else text] = matched
            continue
        else:
            moment = _one_way(text, setting.zone)
        if moment is not None:
            moments[cell] = moment
    return _decided(moments, two_ways, setting, fallback)


def _numbers_are_days(cells: Iterable[Cell], setting: DateSetting) -> bool:
    """Whether the plain numbers of a column are days such as 20260213, not seconds: only when all of them can be."""
    if not (setting.epoch or setting.serial):
        return True
    texts = (text_of(cell).strip() for cell in cells if not isinstance(cell, datetime))
    return not any(_NUMBER.match(text) and not _COMPACT_DAY.match(text) for text in texts)


def _decided(
    moments: dict[Cell, datetime], two_ways: Mapping[str, re.Match[str]], setting: DateSetting, fallback: Order | None,
) -> Days:
    day_first = {cell: _two_way(found, "day", setting.zone) for cell, found in two_ways.items()}
    month_first = {cell: _two_way(found, "month", setting.zone) for cell, found in two_ways.items()}
    only_day = any(day_first[cell] and not month_first[cell] for cell in two_ways)
    only_month = any(month_first[cell] and not day_first[cell] for cell in two_ways)
    open_cells = {cell for cell in two_ways
                  if day_first[cell] and month_first[cell] and day_first[cell] != month_first[cell]}
    order = setting.order
    if order is None and only_day != only_month:
        order = "day" if only_day else "month"
    if order is None and not only_day and open_cells:
        order = fallback
    doubt: Doubt = ""
    if order is None and open_cells:
        doubt = "mixed" if only_day and only_month else "both"
    for cell in two_ways:
        chosen = day_first[cell] if order == "day" else month_first[cell] if order == "month" else None
        if order is None and cell not in open_cells:
            chosen = day_first[cell] or month_first[cell]
        if chosen is not None:
            moments[cell] = chosen
    return Days(moments, doubt, frozenset(open_cells) if doubt else frozenset(), order)


def iso_moment(cell: str) -> datetime | None:
    """The most frequent way to write a moment, ISO 8601 in UTC, by the shortest road."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return moment if moment.tzinfo is UTC else None


def _one_way(text: str, zone: ZoneInfo | None) -> datetime | None:
    """A date that can be read in one way only: ISO 8601, or with the month in letters (English, Dutch, German)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        return _in_utc(moment, zone, has_time=":" in text or "T" in text)
    for pattern in (_YEAR_FIRST, _DAY_NAME, _NAME_DAY, _UNIX_DATE):
        found = pattern.match(text)
        if found is None:
            continue
        said = found.groupdict()
        month = _MONTHS.get(said["name"].lower()) if "name" in said else int(said["month"])
        if month is not None:
            return _made(year_of(said["year"]), month, int(said["day"]), said, zone)
    return None


def _two_way(found: re.Match[str], order: Order, zone: ZoneInfo | None) -> datetime | None:
    said = found.groupdict()
    one, two = int(said["one"]), int(said["two"])
    day, month = (one, two) if order == "day" else (two, one)
    return _made(year_of(said["year"]), month, day, said, zone)


def year_of(text: str) -> int:
    """Two digits: 70 to 99 are 1970 to 1999, the others 2000 to 2069."""
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004  a year of four digits is meant as it stands
        return year
    return year + (1900 if year >= 70 else 2000)  # noqa: PLR2004  as POSIX strptime


def _made(year: int, month: int, day: int, said: Mapping[str, str | None], zone: ZoneInfo | None) -> datetime | None:
    hour, half = int(said.get("hour") or 0), (said.get("half") or "").lower()
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004  hours of a twelve-hour clock
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    micro = int((said.get("fraction") or "0").ljust(6, "0")[:6])
    try:
        moment = datetime(year, month, day, hour, int(said.get("minute") or 0), int(said.get("second") or 0), micro)  # noqa: DTZ001
    except ValueError:
        return None
    return _in_utc(moment, zone, said.get("zone"), has_time=said.get("hour") is not None)


def _in_utc(moment: datetime, zone: ZoneInfo | None, offset: str | None = None, *, has_time: bool = True) -> datetime | None:
    """The moment in UTC; None where the calendar ends. A moment without a zone stands in `zone`, a bare day in UTC."""
    if offset is not None:
        moment = moment.replace(tzinfo=_offset(offset))
    elif moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone if zone is not None and has_time else UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _offset(text: str) -> timezone:
    digits = text.replace(":", "")
    if not digits[1:].isdigit():
        return UTC
    minutes = int(digits[1:3]) * 60 + int(digits[3:5] or 0)
    delta = timedelta(minutes=minutes % (24 * 60))
    return timezone(-delta if digits[0] == "-" else delta)


def _numbers_are_serial(cells: Iterable[Cell]) -> bool:
    """Whether the plain numbers of a column that should be seconds look like the days of a spreadsheet (1954 to 2119)."""
    texts = (text_of(cell).strip() for cell in cells if not isinstance(cell, datetime))
    return all(_FIRST_SERIAL <= float(text) <= _LAST_SERIAL for text in texts if _NUMBER.match(text))


def _lost_format(cell: Cell, setting: DateSetting) -> bool:
    """Whether a number in a sheet that should be seconds is a day that lost its format, or no moment at all."""
    return setting.epoch and not isinstance(cell, (str, datetime)) and abs(cell) < _SECONDS_IN_A_SHEET


def _number(text: str, setting: DateSetting) -> datetime | None:
    value = float(text)
    try:
        if setting.epoch:
            return _EPOCH + (timedelta(milliseconds=value) if abs(value) >= MILLISECONDS_FROM else timedelta(seconds=value))
        return _SERIAL_ZERO + timedelta(days=value)
    except OverflowError:
        return None


_SPACES = re.compile(r"[\s\u00a0\u2007\u202f'’]")
_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY"}
"""Currency signs that mean one currency. `$` and `kr` mean several: they are read over."""
_CURRENCY = re.compile(r"(?P<sign>[€£¥$])|(?<![A-Za-z])(?P<code>[A-Z]{3})(?![A-Za-z])|(?P<other>\bkr\b\.?)")
_BODY = re.compile(r"(?:\d+(?:[.,]\d+)*|[.,]\d+)$")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$")


def amounts(cells: Iterable[Cell], decimal: Decimal | None = None) -> Amounts:
    """Read an amount column from its distinct cells; `decimal` is what the layout says of its decimal mark."""
    numbers: dict[Cell, float] = {}
    bodies: dict[str, tuple[int, str, Decimal | None]] = {}
    currencies: set[str] = set()
    for cell in cells:
        if isinstance(cell, datetime):
            continue
        if not isinstance(cell, str):
            if abs(cell) != float("inf") and cell == cell:  # noqa: PLR0124  a number that is no number differs from itself
                numbers[cell] = cell
            continue
        parts = _apart(cell)
        if parts is not None:
            sign, body, currency = parts
            bodies[cell] = sign, body, _mark(body)
            currencies |= {currency} - {""}
    seen = {mark for _sign, body, mark in bodies.values() if mark is not None and _value(body, mark) is not None}
    chosen = decimal or (next(iter(seen)) if len(seen) == 1 else None)
    in_doubt: set[Cell] = set()
    for cell, (sign, body, mark) in bodies.items():
        if mark is None and chosen is None and _GROUPED.match(body) is not None:
            in_doubt.add(cell)
            continue
        value = _value(body, decimal or mark or chosen or "point")
        if value is not None:
            numbers[cell] = sign * value
    doubt: Doubt = ("mixed" if seen else "both") if in_doubt else ""
    return Amounts(numbers, doubt, frozenset(in_doubt), currencies.pop() if len(currencies) == 1 else "")


def _apart(cell: str) -> tuple[int, str, str] | None:
    """Sign, digits with their marks, and currency of one amount; None when it is none."""
    if len(cell) > _LONGEST:
        return None
    text, currency = cell.strip(), ""
    found = _CURRENCY.search(text)
    if found is not None:
        currency = _SIGNS.get(found["sign"] or "", "") or found["code"] or ""
        text = (text[:found.start()] + text[found.end():])
    text = _SPACES.sub("", text).replace("\u2212", "-")
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1]
    if text[:1] in "+-":
        sign, text = (-sign if text[:1] == "-" else sign), text[1:]
    for ending in (",--", ",-", ".--", ".-"):
        text = text.removesuffix(ending)
    if text.endswith("-"):
        sign, text = -sign, text[:-1]
    return (sign, text, currency) if _BODY.match(text) else None


def _mark(body: str) -> Decimal | None:
    """The decimal mark that the digits themselves prove; None when they read both ways, or have no mark at all."""
    comma, point = body.count(","), body.count(".")
    if not comma and not point:
        return None
    if comma and point:
        proven: Decimal = "comma" if body.rfind(",") > body.rfind(".") else "point"
        return proven if _value(body, proven) is not None else None
    if comma + point > 1:
        return "point" if comma else "comma"
    whole, _, rest = body.partition("," if comma else ".")
    if len(rest) != 3 or len(whole) > 3 or whole in {"", "0"}:  # noqa: PLR2004  the digits of a group of thousands
        return "comma" if comma else "point"
    return None


def _value(body: str, decimal: Decimal) -> float | None:
    mark, group = (",", ".") if decimal == "comma" else (".", ",")
    whole, _, rest = body.partition(mark)
    if mark in rest or group in rest:
        return None
    if group in whole:
        if _GROUPED.match(whole) is None:
            return None
        whole = whole.replace(group, "")
    return float(f"{whole or '0'}.{rest or '0'}")
