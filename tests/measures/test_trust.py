"""Kept promises with forgetting: by hand, against a sum, and the laws."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenwicht.ledger.events import Event
from evenwicht.ledger.table import frame_of
from evenwicht.measures.calendars import Calendars
from evenwicht.measures.facts import Facts, facts_of
from evenwicht.measures.trust import below, kept_rate, trust
from evenwicht.measures.weeks import end_of, microseconds
from laws.portfolios import PARTIES, ledgers
from measures.lines import day, facts


def summed(x: float, one: float, other: float, steps: int = 20_000) -> float:
    """The same by adding up the density."""
    points = [(place + 0.5) / steps for place in range(steps)]
    density = [math.exp((one - 1) * math.log(p) + (other - 1) * math.log1p(-p)) for p in points]
    return sum(value for p, value in zip(points, density, strict=True) if p <= x) / sum(density)


@pytest.mark.parametrize(("x", "one", "other"), [(0.3, 2.5, 4.0), (0.9, 21.0, 3.2), (0.5, 1.0, 1.0), (0.05, 1.0, 7.0), (0.7, 60.0, 25.0)])
def test_the_distribution_is_that_of_a_sum(x: float, one: float, other: float) -> None:
    assert below(x, one, other) == pytest.approx(summed(x, one, other), abs=2e-3)


@given(st.floats(0, 500), st.floats(0, 500))
@settings(max_examples=60, deadline=None)
def test_kept_and_broken_mirror_each_other(kept: float, broken: float) -> None:
    one, other = kept_rate(kept, broken), kept_rate(broken, kept)
    assert 0 <= one.low < one.rate < one.high <= 1
    assert one.rate == pytest.approx(1 - other.rate)
    assert one.low == pytest.approx(1 - other.high, abs=1e-9)


def test_nothing_known_is_half_and_wide() -> None:
    assert kept_rate(0, 0).rate == 0.5
    assert kept_rate(0, 0).low == pytest.approx(0.05)


def promised(at: str, kept: bool, name: str) -> list[str]:
    made = [f"{at} A -> B promise 1 count <{name}> due {at}"]
    return [*made, f"{at} A -> B promise_kept 1 count <{name}k> answers <{name}>"] if kept else made


def test_a_promise_of_a_year_ago_counts_half() -> None:
    lines = promised(day("2025-03-02"), kept=False, name="old") + promised(day("2026-03-02"), kept=True, name="new")
    row = trust(facts(lines, "2026-03-02")).row(0, named=True)
    assert (row["side"], row["n"], row["kept"]) == ("a", 2, 1)
    assert row["rate"] == pytest.approx(2 / 3.5, abs=2e-3)


UNTIL = date(2025, 9, 1)


def known(events: list[Event]) -> Facts:
    return facts_of(nw.from_native(frame_of(events), eager_only=True), None, until_us=microseconds(end_of(UNTIL)), calendars=Calendars(plain=True))


@given(ledgers())
@settings(max_examples=25, deadline=None)
def test_law_1_the_other_chair_has_the_same_rates_on_the_other_side(events: list[Event]) -> None:
    names = {PARTIES[0]: "z.example", PARTIES[1]: "y.example", PARTIES[2]: "x.example"}
    before = trust(known(events))
    after = trust(known([replace(one, giver=names[one.giver], receiver=names[one.receiver]) for one in events]))
    turned = before.select(
        pl.col("b").replace(names).alias("a"), pl.col("a").replace(names).alias("b"), pl.col("side").replace({"a": "b", "b": "a"}), "n", "kept", "rate", "low", "high")
    assert turned.sort("a", "b", "side").equals(after)


@given(ledgers(parties=PARTIES, least=2))
@settings(max_examples=25, deadline=None)
def test_laws_2_and_3_order_and_other_relations_change_nothing(events: list[Event]) -> None:
    whole = trust(known(events))
    assert trust(known(events[::-1])).equals(whole)
    alone = [one for one in events if {one.giver, one.receiver} == set(PARTIES[:2])]
    if alone:
        assert trust(known(alone)).equals(whole.filter((pl.col("a") == PARTIES[0]) & (pl.col("b") == PARTIES[1])))
