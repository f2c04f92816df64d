"""Events → weekly observations: a's share y, and how much was seen (n), per relation, axis and week (METHOD §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from evenwicht.measures.commitments import observed
from evenwicht.measures.verdict import turns_forced
from evenwicht.measures.weeks import week_of

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

    from evenwicht.measures.facts import Facts

    Frame = nw.DataFrame[Any]

MOST = 200.0
"""Largest effective count of a week: beyond it a week says nothing more (METHOD §1)."""

SMALLEST, LARGEST = 1e-100, 1e100
"""Amounts beyond these are taken at the border: their squares must stay numbers, and one odd row must not stop the rest."""

@dataclass(frozen=True, slots=True)
class Observed:
    """One axis seen over a portfolio.

    facts        what was looked at; it knows the names
    cells        pair, week, y (a's share), n (effective count), given_a, given_b (raw sums; of a deferral axis the waiting
                 each side gave, in its unit), events; one row per pair and week, sorted
    forced       of a flow axis, per pair of the cells: whether the medium makes both take turns (`verdict.turns_forced`)
    commitments  of a deferral axis: `measures.commitments` and pair, week; None for a flow axis
    units        pair, unit: in which units the raw sums are; sorted
    """

    axis: ModuleType
    facts: Facts
    cells: Frame
    forced: NDArray[np.bool_] | None
    commitments: Frame | None
    units: Frame

    @property
    def name(self) -> str:
        return str(self.axis.NAME)

    @property
    def weekly(self) -> Frame:
        """The cells with names: a, b, week, y, n, given_a, given_b, events."""
        return nw.from_native(self.facts.named(self.cells), eager_only=True).select(
            "a", "b", "week", "y", "n", "given_a", "given_b", "events")


def is_flow(axis: ModuleType) -> bool:
    """Whether an axis shares out what was given (else: who waited for whom)."""
    return hasattr(axis, "flows")


def observe(axis: ModuleType, facts: Facts) -> Observed:
    """The weekly observations of one axis. Rows are sorted by relation and week."""
    if is_flow(axis):
        return observe_flows(axis, facts, axis.flows(facts))
    return observe_commitments(axis, facts, axis.commitments(facts))


def observe_flows(axis: ModuleType, facts: Facts, flows: Frame) -> Observed:
    """Share and Kish effective count per unit, then units averaged by their number of events; nothing is converted."""
    amount = nw.col("amount").clip(SMALLEST, LARGEST)
    finite = flows.filter((nw.col("amount") > 0) & nw.col("amount").is_finite()).select("cell", "unit", "by_a", amount.alias("amount"))
    units = sorted(finite["unit"].unique().to_list())
    parts = [_per_unit(finite if len(units) == 1 else finite.filter(nw.col("unit") == unit), unit) for unit in units]
    per_unit = nw.concat(parts) if parts else _per_unit(finite, "")
    each = per_unit.with_columns((nw.col("share") * nw.col("weight")).alias("weighted"))
    sums = ("weighted", "weight", "n", "events", "given_a", "given_b")
    cells = each.select("cell", *sums) if len(units) == 1 else each.sort("cell", "unit").group_by("cell").agg(
        *[nw.col(name).sum() for name in sums]).sort("cell")
    weekly = _unpacked(cells.with_columns((nw.col("weighted") / nw.col("weight")).alias("y")), facts)
    named = per_unit.select((nw.col("cell") // facts.weeks).alias("pair"), "unit").unique().sort("pair", "unit")
    return Observed(axis, facts, weekly, _forced(flows, _firsts(weekly["pair"].to_numpy())[0]), None, named)


def _forced(flows: Frame, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Per pair; flows are in order of pair and time."""
    pair = flows["pair"].to_numpy()
    place = np.searchsorted(pairs, pair)
    kept = place < len(pairs)
    kept[kept] = pairs[place[kept]] == pair[kept]
    amount = flows["amount"].to_numpy()
    return turns_forced(place[kept], flows["by_a"].to_numpy()[kept], np.clip(amount[kept], SMALLEST, LARGEST), len(pairs))


def _firsts(pair: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different pairs of sorted rows, and where the rows of each begin."""
    starts = np.flatnonzero(np.diff(pair, prepend=-1))
    return pair[starts], starts


def _per_unit(flows: Frame, unit: str) -> Frame:
    """Per cell, of one unit: its share and effective count. The flows are sorted by cell."""
    given = nw.col("amount")
    return flows.with_columns(
        nw.when(nw.col("by_a")).then(given).otherwise(0.0).alias("given_a"),
        nw.when(nw.col("by_a")).then(0.0).otherwise(given).alias("given_b"), (given ** 2).alias("squared"),
    ).group_by("cell").agg(
        given.sum().alias("total"), nw.col("given_a").sum(), nw.col("given_b").sum(), nw.col("squared").sum(), nw.len().alias("events"),
    ).select(
        "cell", nw.lit(unit).alias("unit"), (nw.col("given_a") / nw.col("total")).alias("share"),
        nw.col("events").cast(nw.Float64()).alias("weight"), (nw.col("total") ** 2 / nw.col("squared")).alias("n"), "events", "given_a", "given_b",
    ).sort("cell")


def _unpacked(cells: Frame, facts: Facts) -> Frame:
    return cells.select(
        (nw.col("cell") // facts.weeks).alias("pair"), (nw.col("cell") % facts.weeks + facts.first_week).alias("week"),
        "y", "n", "given_a", "given_b", nw.col("events").cast(nw.Int64()))


def observe_commitments(axis: ModuleType, facts: Facts, commitments: Frame) -> Observed:
    """The mean share of the commitments that fell due in a week, and the waiting that each side gave."""
    each = observed(commitments).with_columns(facts.pair_of(nw.col("a"), nw.col("b")).alias("pair"), week_of(nw.col("t")).alias("week"))
    each = each.with_columns(facts.cell_of(nw.col("pair"), nw.col("week")).alias("cell")).sort("cell", "place")
    patience = nw.when(nw.col("size") > 0).then(nw.min_horizontal("wait", nw.lit(axis.MOST))).otherwise(0.0)
    early = nw.when(nw.col("size") < 0).then(nw.min_horizontal(-nw.col("wait"), nw.lit(axis.MOST))).otherwise(0.0)
    creditor_is_a = nw.col("creditor") == nw.col("a")
    cells = each.with_columns(
        nw.when(creditor_is_a).then(patience).otherwise(early).alias("given_a"),
        nw.when(creditor_is_a).then(early).otherwise(patience).alias("given_b"),
    ).group_by("cell").agg(
        nw.col("y").mean(), nw.col("n").sum(), nw.col("given_a").sum(), nw.col("given_b").sum(), nw.len().alias("events"),
    ).sort("cell")
    units = each.select("pair", nw.lit(axis.UNIT).alias("unit")).unique().sort("pair")
    return Observed(axis, facts, _unpacked(cells, facts), None, each.drop("cell", "a", "b"), units)


@dataclass(frozen=True, slots=True)
class Series:
    """Observations as the kernel takes them: relation i owns rows offsets[i]:offsets[i+1].

    pairs     the relations in order: (a, b)
    codes     the same as numbers (`Facts.pair_of`), int64, R
    offsets   int64, R + 1;  week int64, N;  a, n float64, N, with the axis's dispersion in them, n at most 200
    """

    pairs: list[tuple[str, str]]
    codes: NDArray[np.int64]
    offsets: NDArray[np.int64]
    week: NDArray[np.int64]
    a: NDArray[np.float64]
    n: NDArray[np.float64]


def series(observed: Observed, dispersion: float) -> Series:
    """Weekly observations → arrays: a = n·y·c, n = n·c, at most 200 a week (METHOD §1). Sorted by relation and week."""
    cells = observed.cells
    count = np.minimum(cells["n"].to_numpy().astype(np.float64) * dispersion, MOST)
    share = cells["y"].to_numpy().astype(np.float64)
    pairs, starts = _firsts(cells["pair"].to_numpy())
    names = observed.facts.sides(pl.Series(pairs))
    given = np.clip(count * share, 0.0, count)
    return Series(list(zip(names["a"].to_list(), names["b"].to_list(), strict=True)), pairs,
                  np.append(starts, len(share)).astype(np.int64), cells["week"].to_numpy().astype(np.int64), given, count)
