"""Speed: how much happens in a relation, against its own normal. Without speed one falls over.

Discounted Gamma–Poisson on weekly counts of events (METHOD §2). The memory is longer where the rhythm is slower, so that
a quarterly rhythm is no standstill; bursts weigh less by their dispersion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import polars as pl

from evenwicht.measures.gamma import at_most
from evenwicht.measures.verdict import FEWEST_OBSERVATIONS, FEWEST_WEEKS
from evenwicht.measures.weeks import FIRST_MONDAY_US, WEEK_US

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evenwicht.measures.facts import Facts

MOVES = ("message", "talk", "meeting", "order", "order_response", "delivery", "invoice", "payment", "promise", "favour")
"""Kinds that move a relation along. Questions and attendances stand beside a row that is counted already."""

STANDSTILL = 0.25
"""Below this part of its own normal a relation stands still."""

SHORTEST_MEMORY = 3.0
RHYTHMS = 2.0
"""The half-life of memory: three weeks, or the time of two ordinary gaps where that is longer."""

RECENT_WEEKS = 13
"""What is called now is left out of the normal, where enough is left; a silence as long is looked at by itself."""

_MOST_DISPERSION = 10.0


def speeds(facts: Facts, until_week: int) -> pl.DataFrame:
    """Per relation: a, b, events, first, last (µs), speed_now, speed_normal (events a week), speed_ratio, p_standstill.

    Looked at in `until_week`, or where all sources about a relation have ended.
    """
    counted = facts.any_of(*MOVES).group_by("cell").agg(
        nw.len().alias("count"), nw.col("t").min().alias("first"), nw.col("t").max().alias("last"),
    ).sort("cell")
    weekly = pl.DataFrame(counted.to_native()).with_columns((pl.col("cell") // facts.weeks).alias("pair"))
    if weekly.height == 0:
        return pl.DataFrame(schema={
            "a": pl.String, "b": pl.String, "events": pl.Int64, "first": pl.Int64, "last": pl.Int64, "speed_now": pl.Float64,
            "speed_normal": pl.Float64, "speed_ratio": pl.Float64, "p_standstill": pl.Float64})
    relations = weekly.group_by("pair", maintain_order=True).agg(
        pl.col("count").sum().alias("events").cast(pl.Int64), pl.col("first").min(), pl.col("last").max(), pl.len().alias("_rows"))
    rows = relations["_rows"].to_numpy().astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(rows)[:-1]])
    week = (weekly["cell"] % facts.weeks + facts.first_week).to_numpy().astype(np.int64)
    count = weekly["count"].to_numpy().astype(np.float64)
    now, normal, p = _posterior(starts, rows, week, count, _end(facts, relations["pair"].to_numpy(), until_week))
    return pl.concat([facts.sides(relations["pair"]), relations.drop("_rows", "pair")], how="horizontal").with_columns(
        pl.Series("speed_now", now), pl.Series("speed_normal", normal), pl.Series("speed_ratio", now / normal),
        pl.Series("p_standstill", p),
    )


def _end(facts: Facts, pairs: NDArray[np.int64], until_week: int) -> NDArray[np.int64]:
    """The week at which each relation is looked at: until, or where all sources about it have ended."""
    if facts.covered.complete:
        return np.full(len(pairs), until_week, np.int64)
    a, b = np.divmod(pairs, len(facts.parties))
    last = np.max([facts.covered.ends_of(*sides, kind) for kind in MOVES for sides in ((a, b), (b, a))], axis=0)
    return np.where(last == 0, until_week, np.minimum(until_week, (last - FIRST_MONDAY_US) // WEEK_US))


def _posterior(
    starts: NDArray[np.int64], rows: NDArray[np.int64], week: NDArray[np.int64], count: NDArray[np.float64],
    end: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Rate now, own normal (both events a week) and P(rate now < a quarter of normal), per relation."""
    first = week[starts]
    last = week[starts + rows - 1]
    span = np.maximum(end - first + 1, 1).astype(np.float64)
    total = np.add.reduceat(count, starts)
    each = np.repeat(np.arange(len(starts)), rows)
    settled = week <= np.repeat(end - RECENT_WEEKS, rows)
    before = np.add.reduceat(np.where(settled, count, 0.0), starts)
    old = (span >= 3 * RECENT_WEEKS) & (before > 0)
    lived = np.where(old, _lived(starts, week, settled, before, first, end), span)
    normal = np.where(old, before, total) / lived
    squares = np.add.reduceat(np.where(settled | ~np.repeat(old, rows), count**2, 0.0), starts)
    spread = np.clip((squares / lived - normal**2) / normal, 1.0, _MOST_DISPERSION)
    memory = np.maximum(SHORTEST_MEMORY, RHYTHMS / normal)
    decay = np.exp2(-(np.repeat(end, rows) - week) / memory[each])
    seen = np.add.reduceat(count * decay, starts) / spread
    exposure = (1 - np.exp2(-span / memory)) / (1 - np.exp2(-1 / memory)) / spread
    shape, rate = 1.0 + seen, 1.0 / normal + exposure
    p = at_most(STANDSTILL * normal, shape, rate)
    # A memory of two gaps cannot tell a slow rhythm from its end. After a quarter without any event the silence itself
    # is looked at: nothing at all, in so many weeks.
    silence = (end - last).astype(np.float64)
    still = 1.0 / normal + silence / spread
    p_still = np.where(silence >= RECENT_WEEKS, at_most(STANDSTILL * normal, np.ones(len(starts)), still), 0.0)
    return np.where(p_still > p, 1.0 / still, shape / rate), normal, np.maximum(p, p_still)


def _lived(
    starts: NDArray[np.int64], week: NDArray[np.int64], settled: NDArray[np.bool_], before: NDArray[np.float64],
    first: NDArray[np.int64], end: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Weeks that the normal is taken over: up to the last quarter, or, where it fell silent before that, one ordinary gap
    after its last event. Otherwise a relation that lies still for years would have stillness as its normal. With too little to be judged it has no
    rhythm of its own: a short contact that came to an end is no standstill.
    """
    filled = np.add.reduceat(settled.astype(np.int64), starts)
    reach = (np.maximum.reduceat(np.where(settled, week, np.iinfo(np.int64).min), starts) - first).astype(np.float64)
    most = np.maximum(end - RECENT_WEEKS - first + 1, 1).astype(np.float64)
    enough = (filled >= FEWEST_WEEKS) & (before >= FEWEST_OBSERVATIONS)
    return np.asarray(np.where(enough, np.minimum(reach * filled / np.maximum(filled - 1, 1), most), most), np.float64)
