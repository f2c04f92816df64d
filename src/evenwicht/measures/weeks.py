"""Weeks: they start on Monday 00:00 UTC, and 5 January 1970 begins week 0 (CONTRACT)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import narwhals as nw

DAY_US = 86_400_000_000
WEEK_US = 7 * DAY_US
FIRST_MONDAY_US = 4 * DAY_US
"""The moment at which week 0 begins."""

FIRST_MONDAY = date(1970, 1, 5)


def week_of(moments: nw.Expr) -> nw.Expr:
    """Week numbers (int64) of microseconds since 1970, UTC."""
    return (moments - FIRST_MONDAY_US) // WEEK_US


def week_number(day: date) -> int:
    """The number of the week that holds a day."""
    return (day - FIRST_MONDAY).days // 7


def monday(week: int) -> date:
    """The Monday that begins a week."""
    return FIRST_MONDAY + timedelta(weeks=int(week))


def end_of(day: date) -> datetime:
    """The last microsecond of a day, UTC: `until` is inclusive."""
    return datetime.combine(day, time.max, UTC)


def microseconds(moment: datetime) -> int:
    """A moment as microseconds since 1970, UTC, exactly."""
    passed = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
