"""Weeks start on Monday 00:00 UTC; 5 January 1970 begins week 0."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import narwhals as nw
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.measures.weeks import WEEK_US, end_of, microseconds, monday, week_number, week_of

naive = datetime.fromisoformat
"""Hypothesis takes its bounds without a zone."""


def weeks_of(*moments: datetime) -> list[int]:
    frame = nw.from_native(pl.DataFrame({"t": [microseconds(one) for one in moments]}))
    return frame.select(week_of(nw.col("t")))["t"].to_list()


def test_the_fifth_of_january_1970_begins_week_zero():
    assert weeks_of(datetime(1970, 1, 5, tzinfo=UTC)) == [0]
    assert weeks_of(datetime(1970, 1, 4, 23, 59, 59, 999_999, tzinfo=UTC), datetime(1970, 1, 12, tzinfo=UTC)) == [-1, 1]
    assert (week_number(date(1970, 1, 11)), week_number(date(1970, 1, 12)), week_number(date(1970, 1, 4))) == (0, 1, -1)
    assert monday(0) == date(1970, 1, 5)
    assert monday(2930) == date(2026, 3, 2)


@given(st.datetimes(naive("1900-01-01"), naive("2200-01-01"), timezones=st.just(UTC)))
def test_a_moment_lies_in_the_week_of_its_monday(moment: datetime):
    [week] = weeks_of(moment)
    assert monday(week) <= moment.date() < monday(week + 1)
    assert week == week_number(moment.date())
    assert monday(week).weekday() == 0


def test_until_is_inclusive():
    end = end_of(date(2026, 6, 30))
    assert microseconds(end) + 1 == microseconds(datetime(2026, 7, 1, tzinfo=UTC))


@given(st.datetimes(naive("1900-01-01"), naive("2200-01-01")), st.integers(-720, 720))
def test_microseconds_are_exact_in_every_zone(moment: datetime, minutes: int):
    placed = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds(placed)) == placed
    assert WEEK_US == 7 * 24 * 3600 * 1_000_000
