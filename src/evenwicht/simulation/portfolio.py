"""A portfolio with known truth: the ledger that importers would have made of it, and what nobody could see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from evenwicht.errors import WrongCall
from evenwicht.ledger.parties import Party
from evenwicht.ledger.table import Ledger, in_order
from evenwicht.simulation.facts import US, facts_of, partner
from evenwicht.simulation.hidden import Hidden, hidden, truth
from evenwicht.simulation.worlds import world_of

if TYPE_CHECKING:
    from pathlib import Path

LAST_DAY = date(2026, 6, 28)
"""A Sunday: the end of every simulation unless another day is given."""


@dataclass(frozen=True)
class Simulated:
    """A simulated portfolio.

    ledger  what both sides exchanged; `us` is `ours.example`, side A of every relation
    truth   one row per relation × axis × week: a, b, axis, week (its Monday), slow, now. Log-odds, > 0 where `a` gives more
    around  one row per relation: a, b, king (its key, or null), stopped (the Monday of the first silent week, or null),
            changes_a, changes_b (list of Mondays on which another person took over)
    """

    ledger: Ledger
    truth: pl.DataFrame
    around: pl.DataFrame


def simulate(
    relations: int = 100, weeks: int = 156, seed: int = 1, shape: str = "usual", *, until: date = LAST_DAY, **parameters: Any,
) -> Simulated:
    """Draw a portfolio with known truth; the same arguments give the same portfolio.

    shape       one of `simulation.states.SHAPES`; parameters: any field of World or Shape
    until       the last day, a Sunday

    Raises WrongCall for an unknown shape or parameter, and for numbers that make no portfolio.
    """
    for name, value in (("relations", relations), ("weeks", weeks)):
        if value < 1:
            raise WrongCall("--{name} is {value}, and should be at least 1.", name=name, value=value)
    world = world_of(shape, parameters)
    rng = np.random.default_rng(seed)
    told = hidden(world, relations, weeks, rng)
    start = until - timedelta(days=until.weekday() + 7 * (weeks - 1))
    rows = facts_of(told, world, datetime.combine(start, time(), UTC), rng)
    ledger = Ledger(in_order(rows), _parties(rows), US)
    return Simulated(ledger, _truth(told, start), _around(told, start))


def write(made: Simulated, folder: Path) -> None:
    """Write `ledger.parquet`, `truth.parquet` and `around.parquet` into a folder, which is made."""
    from evenwicht.ledger import table

    folder.mkdir(parents=True, exist_ok=True)
    table.write(made.ledger, folder / "ledger.parquet")
    made.truth.write_parquet(folder / "truth.parquet")
    made.around.write_parquet(folder / "around.parquet")


def _parties(rows: pl.DataFrame) -> dict[str, Party]:
    keys = sorted({*rows["giver"].unique().to_list(), *rows["receiver"].unique().to_list()})
    return {key: Party(key, key.partition(".")[0].replace("-", " ").capitalize(), identifiers=(key,)) for key in keys}


def _pairs(count: int) -> pl.DataFrame:
    return pl.DataFrame({"relation": np.arange(count)}).select(pl.lit(US).alias("a"), partner(pl.col("relation")).alias("b"))


def _mondays(start: date, weeks: int) -> list[date]:
    return [start + timedelta(weeks=week) for week in range(weeks)]


def _truth(told: Hidden, start: date) -> pl.DataFrame:
    relations, weeks = told.pace.shape
    pairs, mondays = _pairs(relations), pl.Series("week", _mondays(start, weeks), pl.Date)
    each = pl.DataFrame({"_r": np.repeat(np.arange(relations), weeks), "_w": np.tile(np.arange(weeks), relations)})
    base = each.select(pairs["a"].gather(each["_r"]), pairs["b"].gather(each["_r"]), mondays.gather(each["_w"]))
    return pl.concat([
        base.with_columns(pl.lit(axis).alias("axis"), pl.Series("slow", slow.ravel()), pl.Series("now", now.ravel()))
        for axis, (slow, now) in truth(told).items()
    ]).select("a", "b", "axis", "week", "slow", "now")


def _around(told: Hidden, start: date) -> pl.DataFrame:
    relations, weeks = told.pace.shape
    mondays = _mondays(start, weeks)
    pairs = _pairs(relations)
    changed = np.diff(told.contacts, axis=1, prepend=0) > 0
    return pairs.with_columns(
        pl.Series("king", [None if k == 0 else pairs["a" if k > 0 else "b"][i] for i, k in enumerate(told.king.tolist())], pl.String),
        pl.Series("stopped", [mondays[week] if week < weeks else None for week in told.stopped.tolist()], pl.Date),
        *[pl.Series(f"changes_{side}", [[mondays[w] for w in np.flatnonzero(changed[i, :, column])] for i in range(relations)], pl.List(pl.Date))
          for column, side in enumerate("ab")],
    )
