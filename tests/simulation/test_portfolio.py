"""A simulated ledger says what its truth says, through the same axes as any other ledger."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from evenwicht import registry
from evenwicht.engines.local import assess, prepared
from evenwicht.errors import WrongCall
from evenwicht.ledger.resolve import raw_rows, resolve
from evenwicht.ledger.table import read
from evenwicht.measures.observations import observe
from evenwicht.measures.weeks import monday
from evenwicht.simulation.portfolio import LAST_DAY, simulate, write

if TYPE_CHECKING:
    from pathlib import Path

AXES = ["initiative", "money", "promises", "response", "words"]


def test_the_same_seed_is_the_same_portfolio_and_another_is_not() -> None:
    one, same, other = simulate(5, 30, 1), simulate(5, 30, 1), simulate(5, 30, 2)
    assert one.ledger.events.equals(same.ledger.events)
    assert one.truth.equals(same.truth)
    assert one.around.equals(same.around)
    assert not one.ledger.events.equals(other.ledger.events)


def test_it_is_a_ledger_that_resolving_leaves_as_it_is(tmp_path: Path) -> None:
    made = simulate(12, 60, 4)
    again = resolve(raw_rows(made.ledger)).ledger
    assert again.events.equals(made.ledger.events)
    write(made, tmp_path / "drawn")
    stored, problems = read(tmp_path / "drawn" / "ledger.parquet")
    assert problems == []
    assert stored.events.equals(made.ledger.events)
    assert stored.us == "ours.example"
    assert pl.read_parquet(tmp_path / "drawn" / "truth.parquet").equals(made.truth)


def test_its_time_is_what_was_asked_for() -> None:
    made = simulate(3, 10, 1, until=date(2026, 3, 15))
    assert made.truth["week"].min() == date(2026, 1, 5)
    assert made.truth["week"].max() == date(2026, 3, 9)
    assert made.ledger.events["at"].dt.date().max() <= date(2026, 3, 15)  # type: ignore[operator]
    assert made.ledger.events["at"].dt.date().min() >= date(2026, 1, 5)  # type: ignore[operator]
    assert LAST_DAY.weekday() == 6


def test_what_is_observed_follows_the_truth_on_every_axis_without_leaning() -> None:
    made = simulate(80, 104, 3, "mixed", kings=0.2)
    facts, _last = prepared(made.ledger, LAST_DAY)
    for name in AXES:
        weekly = pl.from_arrow(observe(registry.members("evenwicht.measures.axes")[name], facts).weekly.to_arrow())
        assert isinstance(weekly, pl.DataFrame)
        mondays = pl.Series("week", [monday(week) for week in weekly["week"].to_list()], pl.Date)
        told = weekly.with_columns(mondays).join(made.truth.filter(pl.col("axis") == name), on=["a", "b", "week"], how="inner")
        assert told.height > 1000
        n, share = told["n"].to_numpy(), 1 / (1 + np.exp(-told["now"].to_numpy()))
        assert abs((n * (told["y"].to_numpy() - share)).sum() / n.sum()) < 0.02, name
        assert np.corrcoef(told["y"].to_numpy(), share)[0, 1] > 0.2, name


def test_a_king_is_king_on_every_axis() -> None:
    made = simulate(40, 156, 2, "quiet", kings=1.0, shift_size=0, wind=0.1, gusts=0, stops=0, events=12)
    found = assess(made.ledger)
    told = found.relations.join(made.around.select("a", "b", "king"), on=["a", "b"], suffix="_told")
    named = [(row["pattern"]["king"] if isinstance(row["pattern"], dict) else None, row["king"]) for row in told.iter_rows(named=True)]
    right = sum(seen == true for seen, true in named)
    wrong = sum(seen not in {true, None} for seen, true in named)
    assert wrong == 0
    assert right >= 30


def test_silence_and_changes_are_in_the_ledger_as_told() -> None:
    made = simulate(40, 104, 5, stops=0.8, contact_changes=1.0)
    events = made.ledger.events.with_columns(pl.max_horizontal("giver", "receiver").alias("b"))
    stopped = made.around.filter(pl.col("stopped").is_not_null())
    assert 15 <= stopped.height <= 36
    for row in stopped.iter_rows(named=True):
        opened = events.filter((pl.col("b") == row["b"]) & pl.col("id").str.ends_with("#q"))
        assert opened.filter(pl.col("at").dt.date() >= row["stopped"]).height == 0
    for row in made.around.iter_rows(named=True):
        people = events.filter((pl.col("b") == row["b"]) & (pl.col("giver") == row["b"]) & (pl.col("kind") == "message"))
        before = [day for day in row["changes_b"] if people.filter(pl.col("at").dt.date() >= day + timedelta(days=21)).height]
        assert people["person"].n_unique() <= len(row["changes_b"]) + 1
        assert not before or people["person"].n_unique() > 1


@pytest.mark.parametrize(("call", "said"), [
    ({"relations": 0}, "relations"), ({"weeks": 0}, "weeks"), ({"shape": "round"}, "quiet"), ({"gust": 2}, "gusts"),
    ({"gusts": -1}, "at least 0"), ({"gusts": float("nan")}, "at least 0"),
])
def test_a_wrong_world_gets_one_sentence(call: dict[str, object], said: str) -> None:
    with pytest.raises(WrongCall, match=said):
        simulate(**call)  # type: ignore[arg-type]
