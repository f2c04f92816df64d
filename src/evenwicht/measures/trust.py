"""Trust: how often each side kept what it had agreed, with forgetting, and how sure that is.

Beta with forgetting (METHOD §2): a commitment of a year ago counts half. Promises, deliveries and payments; answers have no agreed
day. Documented in docs/method/trust.md. Nothing here changes a verdict.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.measures.axes import money, promises
from evenwicht.measures.weeks import DAY_US

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

HALF_LIFE_DAYS = 365.0
CLOSE = 1e-14
PRIOR = 1.0
"""Kept and broken before anything is known, one each: every rate is as likely."""

COLUMNS: dict[str, Any] = {
    "a": pl.String, "b": pl.String, "side": pl.String, "n": pl.Int64, "kept": pl.Int64, "rate": pl.Float64, "low": pl.Float64, "high": pl.Float64,
}
"""a, b      the relation;  side: "a" or "b", who had promised
n, kept   commitments that fell due, and how many were kept, without forgetting
rate      the chance that the next one is kept;  low, high: 90 % of the probability lies between them
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """The chance that the next commitment is kept, and the interval in which it lies with 90 %."""

    rate: float
    low: float
    high: float


def trust(facts: Facts) -> pl.DataFrame:
    """Kept-rates of each side of each relation with a commitment that fell due; COLUMNS, sorted by (a, b, side)."""
    each = pl.concat([pl.DataFrame(axis.commitments(facts).select("debtor", "creditor", "t", "kept", "place").to_native()) for axis in (promises, money)])
    names = pl.Series(facts.parties, dtype=pl.String)
    weight = 0.5 ** ((facts.until_us - pl.col("t")) / DAY_US / HALF_LIFE_DAYS)
    sides = each.sort("t", "place").with_columns(
        names.gather(each.sort("t", "place")["debtor"]).alias("debtor"), names.gather(each.sort("t", "place")["creditor"]).alias("creditor"), weight.alias("w"),
    ).with_columns(pl.min_horizontal("debtor", "creditor").alias("a"), pl.max_horizontal("debtor", "creditor").alias("b")).with_columns(
        pl.when(pl.col("debtor") == pl.col("a")).then(pl.lit("a")).otherwise(pl.lit("b")).alias("side"))
    sums = sides.group_by("a", "b", "side", maintain_order=True).agg(
        pl.len().alias("n"), pl.col("kept").sum(), (pl.col("w") * pl.col("kept")).sum().alias("_good"), pl.col("w").sum().alias("_all"))
    said = [kept_rate(good, every - good) for good, every in sums.select("_good", "_all").iter_rows()]
    return sums.with_columns(
        pl.Series("rate", [one.rate for one in said], pl.Float64), pl.Series("low", [one.low for one in said], pl.Float64),
        pl.Series("high", [one.high for one in said], pl.Float64),
    ).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items()).sort("a", "b", "side")


def kept_rate(kept: float, broken: float) -> Kept:
    """From counts with forgetting (not less than 0) to a rate and its 90 % interval."""
    one, other = PRIOR + max(kept, 0.0), PRIOR + max(broken, 0.0)
    return Kept(one / (one + other), _point(one, other, 0.05), 1.0 - _point(other, one, 0.05))


def _point(one: float, other: float, chance: float) -> float:
    """The quantile of a Beta distribution, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if below(middle, one, other) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def below(x: float, one: float, other: float) -> float:
    """P(X <= x) of Beta(one, other): the continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    if x <= 0.0 or x >= 1.0:
        return float(x >= 1.0)
    if x > (one + 1) / (one + other + 2):
        return 1.0 - below(1.0 - x, other, one)
    front = math.exp(math.lgamma(one + other) - math.lgamma(one) - math.lgamma(other) + one * math.log(x) + other * math.log1p(-x)) / one
    tiny = 1e-300
    c, d = 1.0, 1.0 / max(1.0 - (one + other) * x / (one + 1), tiny)
    value = d
    for m in range(1, 400):
        for step in (m * (other - m) * x / ((one + 2 * m - 1) * (one + 2 * m)),
                     -(one + m) * (one + other + m) * x / ((one + 2 * m) * (one + 2 * m + 1))):
            d = 1.0 / (1.0 + step * d or tiny)
            c = 1.0 + step / c or tiny
            value *= c * d
        if abs(c * d - 1.0) < CLOSE:
            break
    return front * value
