"""Without speed one falls over: the pace of a relation against its own normal (METHOD §2)."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from evenwicht.measures.speed import MOVES, speeds
from evenwicht.measures.weeks import microseconds, week_number
from measures.lines import A, B, C, Lines, day, facts, moment

START = "2024-01-01"  # a Monday


def pace(lines: Lines, weeks: int) -> dict[str, float]:
    """The speed of the relation at the end of so many weeks."""
    until = moment(START) + timedelta(weeks=weeks, days=-1)
    known = facts(lines, f"{until:%Y-%m-%d}")
    return speeds(known, week_number(until.date())).row(0, named=True)


def mails(weeks: range, step: int = 1, each: int = 3) -> list[str]:
    return [f"{day(START, 7 * week + part)} {'AB'[week % 2]} -> {'BA'[week % 2]} message 50 words <{week}.{part}>"
            for week in weeks[::step] for part in range(each)]


def test_a_steady_relation_goes_at_its_own_pace():
    row = pace(mails(range(104)), 104)
    assert row["events"] == 312
    assert row["speed_normal"] == pytest.approx(3)
    assert row["speed_ratio"] == pytest.approx(1, abs=0.05)
    assert row["p_standstill"] < 0.01


def test_lively_and_then_silent_stands_still():
    assert pace(mails(range(80)), 82)["p_standstill"] < 0.5
    row = pace(mails(range(80)), 104)
    assert row["p_standstill"] >= 0.9
    assert row["speed_ratio"] < 0.25


def test_the_longer_the_silence_the_surer():
    chances = [pace(mails(range(80)), weeks)["p_standstill"] for weeks in (80, 84, 90, 100, 130)]
    assert chances == sorted(chances)


def test_a_relation_that_has_been_dead_for_years_stands_still():
    """Stillness never becomes its normal."""
    row = pace(mails(range(80)), 80 + 10 * 52)
    assert row["speed_normal"] == pytest.approx(3)
    assert row["p_standstill"] > 0.97


def test_one_short_contact_long_ago_is_no_standstill():
    for lines in (mails(range(1)), mails(range(2)), mails(range(3), each=2), mails(range(7), each=1)):
        assert pace(lines, 60)["p_standstill"] < 0.9
    assert pace(mails(range(8), each=1), 60)["p_standstill"] >= 0.9


def test_a_quarterly_rhythm_is_no_standstill_at_any_week_of_it():
    quarterly = mails(range(0, 156, 13), each=1)
    for weeks in (145, 150, 156):
        assert pace(quarterly, weeks)["p_standstill"] < 0.9


def test_a_quarterly_rhythm_that_ends_stands_still_in_the_end():
    quarterly = mails(range(0, 156, 13), each=1)
    assert pace(quarterly, 156 + 130)["p_standstill"] >= 0.9


def test_the_normal_is_what_went_before_the_last_quarter():
    """Three a week for 65 weeks and then silence: the silence does not lower the normal it is compared with."""
    assert pace(mails(range(65)), 78)["speed_normal"] == pytest.approx(3)


def test_after_a_long_silence_the_pace_is_that_of_the_silence():
    """Three a week up to week 64, nothing in the 39 weeks after it: less than one in a third of a week and 39 weeks."""
    assert pace(mails(range(65)), 104)["speed_now"] == pytest.approx(1 / (1 / 3 + 39))


def test_a_young_relation_has_only_what_it_has():
    row = pace(mails(range(10)), 10)
    assert row["speed_normal"] == pytest.approx(3)
    assert row["p_standstill"] < 0.05


def test_busier_than_ever_is_faster_than_normal():
    row = pace([*mails(range(91)), *mails(range(91, 104), each=7)], 104)
    assert row["speed_ratio"] > 1.8


def test_questions_and_attendances_move_nothing_by_themselves():
    assert not {"question", "attendance", "automatic", "pulse", "norm"} & set(MOVES)
    known = facts("2026-03-02T09:00Z A -> B question 1 count <1#q>")
    assert speeds(known, 3000).height == 0
    assert speeds(known, 3000).columns == speeds(facts(mails(range(3))), 3000).columns


def test_first_last_and_count_are_those_of_each_relation():
    known = facts("""
        2026-03-02T09:00Z A -> B message 1 words <1>
        2026-04-02T09:00Z B -> A invoice 1 EUR <2>
        2026-03-05T09:00Z B -> C message 1 words <3>
    """)
    rows = speeds(known, 2940)
    first, last = (microseconds(moment(one)) for one in ("2026-03-02T09:00", "2026-04-02T09:00"))
    assert rows.select("a", "b", "events").rows() == [(A, B, 2), (B, C, 1)]
    assert rows.row(0, named=True)["first"] == first
    assert rows.row(0, named=True)["last"] == last
    assert rows.select(pl.col("p_standstill").is_between(0, 1).all()).item()
