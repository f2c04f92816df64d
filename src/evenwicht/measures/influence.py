"""Which events move a verdict: each is left out in turn, and the axis is judged again without it.

Nothing is approximated: every variant goes through the same observations and the same kernel, as a relation of its own.
Where an axis has many events, whole weeks are left out first, and single events only in the weeks that move it most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from evenwicht.measures.balance import balance
from evenwicht.measures.observations import MOST, is_flow, observe_commitments, observe_flows
from evenwicht.measures.verdict import rounded
from evenwicht.measures.weeks import FIRST_MONDAY_US, WEEK_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from evenwicht.measures.axis_table import AxisTable
    from evenwicht.measures.facts import Facts

AT_ONCE = 200
"""Events that are each left out by themselves; of more, those of the weeks that move the axis most."""

MOST_STEPS = 25
"""Events that are left out together, one after the other, in search of another verdict."""

COLUMNS: dict[str, Any] = {
    "id": pl.String, "giver": pl.String, "level_without": pl.Float64, "p_without": pl.Float64, "moves": pl.Float64,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """What moves one axis of one relation.

    events   COLUMNS, what moves it most first. `level_without` (log-odds) and `p_without` (P structural) are those without
             the event; `moves` is how far its presence carries the level away from the norm, less than 0 where it holds it back
    fewest   ids of the shortest beginning of that list without which P(structural) falls below `below`; None where
             leaving out MOST_STEPS of them does not do it
    """

    events: pl.DataFrame
    fewest: tuple[str, ...] | None


def influence(
    table: AxisTable, facts: Facts, a: str, b: str, *, dispersion: float, below: float | None = None, after_us: int | None = None,
) -> Moved:
    """What moves one judged axis of the relation (a, b), a < b.

    table   the axis as it was judged; facts and dispersion: those it was judged on
    below   the chance that `fewest` is to bring P(structural) under, 0–1; None: it is not looked for
    after_us   only what happened, or fell due, after this moment (µs) is left out; None: everything

    Raises ValueError where the relation has no observation on this axis.
    """
    place = table.series.pairs.index((a, b))
    variants = _Variants(table, facts, int(table.series.codes[place]), place, dispersion)
    events = variants.events(after_us)
    if below is None:
        return Moved(events, None)
    carrying = events.filter(pl.col("moves") > 0)["id"].to_list()
    return Moved(events, variants.fewest(carrying, below))


class _Variants:
    def __init__(self, table: AxisTable, facts: Facts, pair: int, place: int, dispersion: float) -> None:
        self.axis, self.facts, self.grid = table.observed.axis, facts, table.grid
        self.norm, self.band, self.end, self.dispersion = float(table.norm[place]), table.band, int(table.end[place]), dispersion
        self.flow = is_flow(self.axis)
        if self.flow:
            made = pl.DataFrame(self.axis.flows(facts).filter(nw.col("pair") == pair).to_native())
            week = pl.col("cell") % facts.weeks
            by_a = pl.col("by_a")
        else:
            assert table.observed.commitments is not None
            made = pl.DataFrame(table.observed.commitments.filter(nw.col("pair") == pair).to_native())
            week = (pl.col("t") - FIRST_MONDAY_US) // WEEK_US - facts.first_week
            by_a = pl.col("creditor") < pl.col("debtor")
        self.rows = made.with_columns(week.alias("_week"), by_a.alias("_by_a")).sort("_week", "place")
        self.sides = tuple(facts.parties[code] for code in divmod(pair, len(facts.parties)))
        self.whole = float(self._judged([pl.lit(value=True)])["level"][0]) - self.norm

    def events(self, after_us: int | None = None) -> pl.DataFrame:
        places = self.rows["place"].unique(maintain_order=True).to_list()
        if after_us is not None:
            places = self._after(after_us)[-AT_ONCE:]
            if not places:
                return pl.DataFrame(schema=COLUMNS)
        if len(places) > AT_ONCE:
            places = self._in_weeks_that_move()
        without = self._judged([pl.col("place") != one for one in places])
        by_a = dict(self.rows.select("place", "_by_a").iter_rows())
        return pl.DataFrame({
            "id": [self.facts.ids[one] for one in places], "giver": [self.sides[0 if by_a[one] else 1] for one in places],
            "level_without": without["level"], "p_without": rounded(without["p_structural"]), "moves": self._moved(without["level"]),
        }, schema=COLUMNS).with_columns(pl.col("level_without", "p_without").fill_nan(None)).sort(
            pl.col("moves").abs(), "id", descending=[True, False])

    def fewest(self, ordered: Sequence[str], below: float) -> tuple[str, ...] | None:
        chosen = list(ordered[:MOST_STEPS])
        if not chosen:
            return None
        ids = self.rows.with_columns(self.facts.ids.gather(self.rows["place"]).alias("_id"))
        place = dict(ids.select("_id", "place").iter_rows())
        without = self._judged([~pl.col("place").is_in([place[one] for one in chosen[:count]]) for count in range(1, len(chosen) + 1)])
        fallen = np.flatnonzero(~(rounded(without["p_structural"]) >= below))
        return tuple(chosen[:int(fallen[0]) + 1]) if len(fallen) else None

    def _after(self, moment: int) -> list[int]:
        """Places of what happened, or fell due, after a moment, in that order."""
        rows = self.rows
        if self.flow:
            rows = rows.select("place").join(pl.DataFrame(self.facts.events.select("place", "t").to_native()), on="place", how="left")
        return rows.filter(pl.col("t") > moment).sort("t", "place")["place"].unique(maintain_order=True).to_list()

    def _in_weeks_that_move(self) -> list[int]:
        weeks = self.rows["_week"].unique(maintain_order=True).to_list()
        effect = np.abs(self._moved(self._judged([pl.col("_week") != week for week in weeks])["level"]))
        rank = {week: place for place, week in enumerate(np.array(weeks)[np.argsort(-effect, kind="stable")].tolist())}
        ranked = self.rows.with_columns(pl.col("_week").replace_strict(rank).alias("_rank")).sort("_rank", "place")
        return ranked["place"].unique(maintain_order=True).to_list()[:AT_ONCE]

    def _moved(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = np.nan_to_num((self.whole - (levels - self.norm)) * np.sign(self.whole))
        return moved

    def _judged(self, kept: Sequence[pl.Expr]) -> dict[str, NDArray[np.float64]]:
        """Level and chance of each variant, a relation of its own (pair 1, 2, …); NaN where nothing is left of it."""
        found = {name: np.full(len(kept), np.nan) for name in ("level", "p_structural")}
        parts = [self.rows.filter(keep).with_columns(pl.lit(number, pl.Int64).alias("pair")) for number, keep in enumerate(kept, 1)]
        rows = pl.concat(parts)
        if rows.height == 0:
            return found
        if self.flow:
            renamed = rows.with_columns((pl.col("pair") * self.facts.weeks + pl.col("_week")).alias("cell"))
            observed = observe_flows(self.axis, self.facts, nw.from_native(renamed.drop("_week", "_by_a"), eager_only=True))
        else:  # side a is code 0, side b the number of the variant: their pair is that number
            creditor = pl.when("_by_a").then(0).otherwise(pl.col("pair"))
            debtor = pl.when("_by_a").then(pl.col("pair")).otherwise(0)
            renamed = rows.with_columns(creditor.alias("creditor"), debtor.alias("debtor"))
            observed = observe_commitments(self.axis, self.facts, nw.from_native(
                renamed.drop("_week", "_by_a", "pair", "week", "y", "n", strict=False), eager_only=True))
        cells = observed.cells
        count = np.minimum(cells["n"].to_numpy().astype(np.float64) * self.dispersion, MOST)
        given = np.clip(count * cells["y"].to_numpy(), 0.0, count)
        pairs, starts = np.unique(cells["pair"].to_numpy(), return_index=True)
        offsets = np.append(starts, len(count)).astype(np.int64)
        states = balance(offsets, cells["week"].to_numpy().astype(np.int64), given, count, self.grid,
                         norm=np.full(len(pairs), self.norm), band=self.band, end=np.full(len(pairs), self.end, np.int64))
        for name, values in found.items():
            values[pairs - 1] = states[name]
        return found
