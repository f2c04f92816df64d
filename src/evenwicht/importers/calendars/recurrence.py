"""When a series takes place: RRULE as wall-clock times, bounded so that no rule can take long (RFC 5545, 3.3.10).

A rule is walked period by period from its start to a given end, never further: a rule that never matches ends there
too. Each looked-at day and each instance costs one step of a budget that the whole file shares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TIMES_A_DAY = 48
"""Hours times minutes times seconds of a rule: more is an hourly or a secondly rule in disguise."""

FILE_STEPS = 1_000_000
"""Days looked at and instances made for one file, all its series together: about two seconds."""

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_RANGES = {
    "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366), "BYHOUR": (0, 23), "BYMINUTE": (0, 59), "BYSECOND": (0, 59),
}


class TooOften(ValueError):
    """A rule that repeats within the day: no meeting does, and it could be walked for ever."""


class BadRule(ValueError):
    """A rule that cannot be read."""


@dataclass(slots=True)
class Budget:
    """Steps left for one file; `spend` says whether there was one left."""

    steps: int = FILE_STEPS

    def spend(self, steps: int = 1) -> bool:
        """Take steps; false where there were not enough."""
        self.steps -= steps
        return self.steps >= 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One RRULE. `until` is the text as written: what it means depends on the zone of the start."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: str | None = None
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: frozenset[int] = frozenset()
    hours: frozenset[int] = frozenset()
    minutes: frozenset[int] = frozenset()
    seconds: frozenset[int] = frozenset()
    week_start: int = 0


def rule_of(text: str) -> Rule:
    """Read the value of an RRULE or EXRULE. Raises TooOften for one within the day, BadRule where it makes no sense."""
    parts: dict[str, str] = {}
    for piece in text.replace("\\", "").upper().split(";"):
        name, sign, value = piece.strip().partition("=")
        if sign and value.strip():
            parts.setdefault(name.strip(), value.strip())
    freq = parts.get("FREQ", "")
    if freq in _TOO_OFTEN:
        raise TooOften(freq)
    if freq not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise BadRule(text)
    if parts.get("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.get("SKIP", "OMIT") != "OMIT":
        raise BadRule(text)
    numbers = {name: _numbers(parts[name], *_RANGES[name]) for name in _RANGES if name in parts}
    rule = Rule(
        freq=freq, interval=_positive(parts.get("INTERVAL", "1")),
        count=_positive(parts["COUNT"]) if "COUNT" in parts else None, until=parts.get("UNTIL"),
        months=numbers.get("BYMONTH", frozenset()), month_days=numbers.get("BYMONTHDAY", frozenset()),
        year_days=numbers.get("BYYEARDAY", frozenset()), weeks=numbers.get("BYWEEKNO", frozenset()),
        weekdays=_weekdays(parts.get("BYDAY", "")), positions=numbers.get("BYSETPOS", frozenset()),
        hours=numbers.get("BYHOUR", frozenset()), minutes=numbers.get("BYMINUTE", frozenset()),
        seconds=numbers.get("BYSECOND", frozenset()),
        week_start=_DAYS.index(parts["WKST"]) if parts.get("WKST") in _DAYS else 0,
    )
    if max(1, len(rule.hours)) * max(1, len(rule.minutes)) * max(1, len(rule.seconds)) > MAX_TIMES_A_DAY:
        raise TooOften(text)
    return rule


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) == 0:  # noqa: PLR2004  9 digits: no overflow
        raise BadRule(text)
    return int(text)


def _numbers(text: str, low: int, high: int) -> frozenset[int]:
    found = set()
    for piece in text.split(","):
        try:
            number = int(piece)
        except ValueError:
            raise BadRule(text) from None
        if not low <= number <= high or (number == 0 and low != 0):
            raise BadRule(text)
        found.add(number)
    return frozenset(found)


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    """`MO,-1FR` → ((0, 0), (-1, 4)): which one (0 = each), and the day of the week (Monday = 0)."""
    found = []
    for piece in filter(None, text.split(",")):
        matched = _BYDAY.fullmatch(piece.strip())
        if matched is None:
            raise BadRule(text)
        found.append((int(matched[1] or 0), _DAYS.index(matched[2])))
    return tuple(dict.fromkeys(found))


def clocks(rule: Rule, start: datetime, end: datetime, budget: Budget) -> Iterator[datetime]:
    """Wall-clock times of a rule from `start` (its DTSTART, always the first) to `end`, ascending, COUNT honoured.

    Stops without a word where the budget is spent: `budget.steps` is then below 0. UNTIL is not looked at here.
    """
    left = rule.count
    yield start
    if left is not None:
        left -= 1
        if left == 0:
            return
    for clock in _walk(rule, start, end, budget):
        if clock <= start:
            continue
        if clock > end or not budget.spend():
            return
        yield clock
        if left is not None:
            left -= 1
            if left == 0:
                return


def _walk(rule: Rule, start: datetime, end: datetime, budget: Budget) -> Iterator[datetime]:
    times = _times_of_day(rule, start)
    for days in _periods(rule, start.date(), end.date()):
        if not budget.spend(1 + len(days)):
            return
        kept = sorted({day for day in days if _matches(rule, day)})
        found = [datetime.combine(day, time.time()) for day in kept for time in times]
        if rule.positions:
            size = len(found)
            chosen = {place - 1 if place > 0 else size + place for place in rule.positions}
            found = [clock for place, clock in enumerate(found) if place in chosen]
        yield from found


def _times_of_day(rule: Rule, start: datetime) -> list[datetime]:
    return sorted(
        start.replace(hour=hour, minute=minute, second=second)
        for hour in rule.hours or {start.hour}
        for minute in rule.minutes or {start.minute}
        for second in rule.seconds or {start.second}
    )


def _periods(rule: Rule, first: date, last: date) -> Iterator[list[date]]:
    """For each period of the rule, the days that can matter: a superset of the days that match."""
    if rule.freq == "DAILY":
        for ordinal in range(first.toordinal(), last.toordinal() + 1, rule.interval):
            yield [date.fromordinal(ordinal)]
    elif rule.freq == "WEEKLY":
        offsets = sorted({(weekday - rule.week_start) % 7 for _which, weekday in rule.weekdays}
                         or {(first.weekday() - rule.week_start) % 7})
        monday = first.toordinal() - (first.weekday() - rule.week_start) % 7
        for week in range(monday, last.toordinal() + 1, 7 * rule.interval):
            yield [date.fromordinal(week + offset) for offset in offsets if week + offset > 0]
    elif rule.freq == "MONTHLY":
        for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month, rule.interval):
            yield _days_of_month(rule, number // 12, number % 12 + 1, first)
    else:
        for year in range(first.year, last.year + 1, rule.interval):
            yield _days_of_year(rule, year, first)


def _month_length(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days


def _days_of_month(rule: Rule, year: int, month: int, first: date) -> list[date]:
    if rule.months and month not in rule.months:
        return []
    size = _month_length(year, month)
    if rule.month_days:
        numbers = {number if number > 0 else size + 1 + number for number in rule.month_days}
    elif rule.year_days or rule.weeks:
        numbers = set(range(1, size + 1))
    elif rule.weekdays:
        numbers = set(_ordinals(rule.weekdays, date(year, month, 1), size))
    else:
        numbers = {first.day}
    return [date(year, month, number) for number in sorted(numbers) if 1 <= number <= size]


def _days_of_year(rule: Rule, year: int, first: date) -> list[date]:
    if rule.weeks or rule.year_days:
        opening = date(year, 1, 1).toordinal()
        return [date.fromordinal(opening + offset) for offset in range(_year_length(year))]
    if rule.months or rule.month_days:
        months = sorted(rule.months) if rule.months else range(1, 13)
        return [day for month in months for day in _days_of_month(rule, year, month, first)]
    if rule.weekdays:
        new_year = date(year, 1, 1)
        return [new_year + timedelta(days=number - 1)
                for number in _ordinals(rule.weekdays, new_year, _year_length(year))]
    size = _month_length(year, first.month)
    return [date(year, first.month, first.day)] if first.day <= size else []


def _year_length(year: int) -> int:
    return date(year, 12, 31).timetuple().tm_yday


def _ordinals(weekdays: tuple[tuple[int, int], ...], opening: date, size: int) -> list[int]:
    """Day numbers (1 = `opening`) of the weekdays in a span of `size` days: each of them, the nth, or the nth last."""
    found: set[int] = set()
    for which, weekday in weekdays:
        every = range((weekday - opening.weekday()) % 7 + 1, size + 1, 7)
        if which == 0:
            found.update(every)
        elif -len(every) <= which <= len(every):
            found.add(every[which - 1 if which > 0 else which])
    return sorted(found)


def _matches(rule: Rule, day: date) -> bool:
    """The limits that the list of days has not applied yet."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days:
        size = _month_length(day.year, day.month)
        if day.day not in rule.month_days and day.day - size - 1 not in rule.month_days:
            return False
    if rule.year_days:
        number = day.timetuple().tm_yday
        if number not in rule.year_days and number - _year_length(day.year) - 1 not in rule.year_days:
            return False
    if rule.weeks and not _in_weeks(rule, day):
        return False
    return not rule.weekdays or _on_weekday(rule, day)


def _in_weeks(rule: Rule, day: date) -> bool:
    number, count = _week_number(day, day.year, rule.week_start)
    return number in rule.weeks or number - count - 1 in rule.weeks


def _week_number(day: date, year: int, week_start: int) -> tuple[int, int]:
    """Week of the day and number of weeks of its week-year; week 1 has at least four days in the year."""
    opening = _first_week(year, week_start)
    if day < opening:
        opening = _first_week(year - 1, week_start)
        following = _first_week(year, week_start)
    else:
        following = _first_week(year + 1, week_start)
        if day >= following:
            opening, following = following, _first_week(year + 2, week_start)
    return (day - opening).days // 7 + 1, (following - opening).days // 7


def _first_week(year: int, week_start: int) -> date:
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)


def _on_weekday(rule: Rule, day: date) -> bool:
    for which, weekday in rule.weekdays:
        if weekday != day.weekday():
            continue
        if which == 0 or rule.freq in ("DAILY", "WEEKLY") or rule.weeks:
            return True
        if rule.freq == "MONTHLY" or rule.months:
            number, size = day.day, _month_length(day.year, day.month)
        else:
            number, size = day.timetuple().tm_yday, _year_length(day.year)
        if which in ((number - 1) // 7 + 1, -((size - number) // 7 + 1)):
            return True
    return False
