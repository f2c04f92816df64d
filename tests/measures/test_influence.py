"""What carries a verdict: leaving an event out here is leaving it out of the ledger."""

from __future__ import annotations

import random

import polars as pl
import pytest

from evenwicht.engines.local import assess
from evenwicht.ledger.table import Ledger
from evenwicht.measures import influence
from measures.lines import A, B, axis_of, day, judged

UNTIL = "2026-03-01"


def letters(weeks: int = 60, share: float = 0.85, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return [f"{day('2025-01-06T09:00', 7 * week + number)} {'A -> B' if rng.random() < share else 'B -> A'} message {rng.randint(20, 200)} words <w{week}-{number}>"
            for week in range(weeks) for number in range(3)]


def invoices(late: int, weeks: int = 40) -> list[str]:
    return [line for week in range(weeks) for line in (
        f"{day('2025-01-06', 7 * week)} A -> B invoice 100 EUR <invoice:A:{week}:2025> due {day('2025-01-20', 7 * week)}",
        f"{day('2025-01-20', 7 * week + late + week % 3)} B -> A payment 100 EUR <p{week}> answers <invoice:A:{week}:2025>",
    )]


def turned(lines: list[str]) -> list[str]:
    """The same with the two sides exchanged."""
    return [line.replace(" A -> B ", " + ").replace(" B -> A ", " A -> B ").replace(" + ", " B -> A ") for line in lines]


@pytest.mark.parametrize(("lines", "axis"), [(letters(), "words"), (invoices(12, 60), "money"), (turned(invoices(12, 60)), "money")])
def test_without_an_event_is_as_if_it_had_not_been(lines: list[str], axis: str) -> None:
    found = judged(lines, UNTIL)
    assert axis_of(found, axis)["verdict"] == "structural"
    moved = found.moved(B, A, axis)
    assert moved is not None
    assert moved.events["moves"].abs().to_list() == sorted(moved.events["moves"].abs().to_list(), reverse=True)
    for row in (moved.events.row(0, named=True), moved.events.row(-1, named=True)):
        less = found.ledger.events.filter(pl.col("id") != row["id"])
        without = axis_of(assess(Ledger(less), UNTIL, working_calendars=False), axis)
        assert without["level"] == pytest.approx(row["level_without"], abs=1e-9)
        assert without["p_structural"] == pytest.approx(row["p_without"], abs=1e-9)
        assert row["giver"] == found.ledger.events.row(by_predicate=pl.col("id") == row["id"], named=True)["giver"]


@pytest.mark.parametrize(("late", "weeks", "until", "verdict", "below"), [
    (20, 14, "2025-05-25", "structural", 0.9), (8, 14, "2025-05-25", "undecided", 0.2),
])
def test_the_fewest_are_enough_and_one_less_is_not(late: int, weeks: int, until: str, verdict: str, below: float) -> None:
    found = judged(invoices(late, weeks), until)
    assert axis_of(found, "money")["verdict"] == verdict
    moved = found.moved(A, B, "money")
    assert moved is not None
    assert moved.fewest is not None
    assert len(moved.fewest) > 1
    for ids, still in ((moved.fewest, False), (moved.fewest[:-1], True)):
        less = Ledger(found.ledger.events.filter(~pl.col("id").is_in(ids)))
        assert (axis_of(assess(less, until, working_calendars=False), "money")["p_structural"] >= below) is still


def test_of_many_events_those_of_the_weeks_that_move_most_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    found = judged(letters(), UNTIL)
    every = found.moved(A, B, "words")
    monkeypatch.setattr(influence, "AT_ONCE", 12)
    some = found.moved(A, B, "words")
    assert every is not None
    assert some is not None
    assert (every.events.height, some.events.height) == (180, 12)
    assert set(some.events["id"].to_list()) <= set(every.events["id"].to_list())
    week = pl.col("id").str.split("-").list.first().alias("week")
    together = every.events.group_by(week).agg(pl.col("moves").sum().abs())  # what a week moves is about what its events move
    chosen = together.filter(pl.col("week").is_in(some.events.select(week)["week"].to_list()))
    assert chosen.height == 4
    assert chosen["moves"].min() > together["moves"].quantile(0.75)  # type: ignore[operator]


def test_nothing_carries_what_does_not_lean_or_is_not_there() -> None:
    even = [f"{day('2025-01-06T09:00', 3.5 * number)} {'A -> B' if number % 2 else 'B -> A'} message {60 + number * 37 % 140} words <e{number}>" for number in range(120)]
    found = judged(even, UNTIL)
    assert axis_of(found, "words")["verdict"] == "balanced"
    assert found.moved(A, B, "words") is None
    assert found.moved(A, B, "money") is None


def test_a_verdict_that_many_carry_has_no_fewest() -> None:
    moved = judged(letters(80), "2026-07-19").moved(A, B, "words")
    assert moved is not None
    assert moved.fewest is None
    assert moved.events.height == 200  # of 240


def test_the_only_event_left_out_leaves_nothing_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenwicht.measures.found.MOVABLE", {"too_little_data": 0.5})
    moved = judged(["2025-01-06T09:00Z A -> B message 50 words <w>", "2025-01-06T09:00Z B -> A order 1 count <o>"], "2025-02-02").moved(A, B, "words")
    assert moved is not None
    assert moved.events.rows() == [("w", A, None, None, 0.0)]
