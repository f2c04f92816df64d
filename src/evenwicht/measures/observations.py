"""Events → weekly observations: a's share y, and how much was seen (n), per relation, axis and week (METHOD §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from evenwicht.measures.commitments import observed
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

KEYS = ("a", "b", "week")


@dataclass(frozen=True, slots=True)
class Observed:
    """One axis seen over a portfolio.

    weekly       a, b, week, y (a's share), n (effective count), given_a, given_b (raw sums; of a deferral axis the waiting each side gave, in its unit), events
    commitments  of a deferral axis: `measures.commitments` and a, b, week; None for a flow axis
    units        a, b, unit: in which units the raw sums are
    """

    axis: ModuleType
    weekly: Frame
    commitments: Frame | None
    units: Frame

    @property
    def name(self) -> str:
        return str(self.axis.NAME)


def is_flow(axis: ModuleType) -> bool:
    """Whether an axis shares out what was given (else: who waited for whom)."""
    return hasattr(axis, "flows")


def observe(axis: ModuleType, facts: Facts) -> Observed:
    """The weekly observations of one axis. Rows are sorted by relation and week."""
    if is_flow(axis):
        return _flow(axis, axis.flows(facts))
    return _deferral(axis, axis.commitments(facts))


def _flow(axis: ModuleType, flows: Frame) -> Observed:
    """Share and Kish effective count per unit, then units averaged by their number of events; nothing is converted."""
    mine = nw.col("giver") == nw.col("a")
    finite = flows.filter(~nw.col("amount").is_null() & (nw.col("amount") > 0) & nw.col("amount").is_finite()).with_columns(
        nw.col("amount").clip(SMALLEST, LARGEST))
    per_unit = finite.with_columns(
        nw.when(mine).then(nw.col("amount")).otherwise(0.0).alias("from_a"),
        nw.when(mine).then(0.0).otherwise(nw.col("amount")).alias("from_b"), (nw.col("amount") ** 2).alias("squared"),
    ).group_by(*KEYS, "unit").agg(
        nw.col("amount").sum().alias("total"), nw.col("from_a").sum(), nw.col("from_b").sum(), nw.col("squared").sum(), nw.len().alias("events"),
    ).with_columns(
        (nw.col("from_a") / nw.col("total")).alias("share"), (nw.col("total") ** 2 / nw.col("squared")).alias("effective"),
        nw.col("events").cast(nw.Float64()).alias("weight"),
    ).sort(*KEYS, "unit")
    weekly = _weekly_of(per_unit)
    units = per_unit.select("a", "b", "unit").unique().sort("a", "b", "unit")
    return Observed(axis, weekly, None, units)


def _weekly_of(per_unit: Frame) -> Frame:
    return per_unit.with_columns((nw.col("share") * nw.col("weight")).alias("weighted")).group_by(KEYS).agg(
        nw.col("weighted").sum(), nw.col("weight").sum(), nw.col("effective").sum().alias("n"), nw.col("events").sum(),
        nw.col("from_a").sum().alias("given_a"), nw.col("from_b").sum().alias("given_b"),
    ).with_columns((nw.col("weighted") / nw.col("weight")).alias("y")).select(*KEYS, "y", "n", "given_a", "given_b", "events").sort(KEYS)


def _deferral(axis: ModuleType, commitments: Frame) -> Observed:
    each = observed(commitments).with_columns(week_of(nw.col("t")).alias("week"))
    patience = nw.when(nw.col("size") > 0).then(nw.min_horizontal("wait", nw.lit(axis.MOST))).otherwise(0.0)
    early = nw.when(nw.col("size") < 0).then(nw.min_horizontal(-nw.col("wait"), nw.lit(axis.MOST))).otherwise(0.0)
    creditor_is_a = nw.col("creditor") == nw.col("a")
    each = each.with_columns(
        nw.when(creditor_is_a).then(patience).otherwise(early).alias("_from_a"),
        nw.when(creditor_is_a).then(early).otherwise(patience).alias("_from_b"),
    )
    weekly = each.group_by(KEYS).agg(
        nw.col("y").mean(), nw.col("n").sum(), nw.col("_from_a").sum().alias("given_a"),
        nw.col("_from_b").sum().alias("given_b"), nw.len().alias("events"),
    ).select(*KEYS, "y", "n", "given_a", "given_b", "events").sort(KEYS)
    units = each.select("a", "b", nw.lit(axis.UNIT).alias("unit")).unique().sort("a", "b")
    return Observed(axis, weekly, each.drop("_from_a", "_from_b"), units)


@dataclass(frozen=True, slots=True)
class Series:
    """Observations as the kernel takes them: relation i owns rows offsets[i]:offsets[i+1].

    pairs     the relations in order: (a, b)
    offsets   int64, R + 1;  week int64, N;  a, n float64, N, with the axis's dispersion in them, n at most 200
    """

    pairs: list[tuple[str, str]]
    offsets: NDArray[np.int64]
    week: NDArray[np.int64]
    a: NDArray[np.float64]
    n: NDArray[np.float64]


def series(weekly: Frame, dispersion: float) -> Series:
    """Weekly observations → arrays: a = n·y·c, n = n·c, at most 200 a week (METHOD §1). Sorted by relation and week."""
    ordered = weekly.sort(KEYS)
    count = np.minimum(ordered["n"].to_numpy().astype(np.float64) * dispersion, MOST)
    share = ordered["y"].to_numpy().astype(np.float64)
    pairs = list(zip(ordered["a"].to_list(), ordered["b"].to_list(), strict=True))
    starts = [index for index, pair in enumerate(pairs) if index == 0 or pair != pairs[index - 1]]
    offsets = np.array([*starts, len(pairs)], np.int64)
    given = np.clip(count * share, 0.0, count)
    return Series([pairs[s] for s in starts], offsets, ordered["week"].to_numpy().astype(np.int64), given, count)
