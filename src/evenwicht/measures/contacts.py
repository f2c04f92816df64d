"""When the main contact of a side changed: one person falls silent, and another, who is new, carries on.

A cause of temporary imbalance (a contact moves), so only its date and its certainty are told: never who, and nothing about
a person. People are pseudonyms of addresses here; whether somebody went to another firm cannot be seen, and is not looked for.

Model. The conversations of one side, by who spoke first for it in each, are draws from one mix of people, or from two with
a change between (Dirichlet-multinomial, flat prior). The day lies where the two mixes explain the conversations best.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from evenwicht.measures.weeks import end_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from evenwicht.ledger.coverage import Coverage

KIND = "message"

FEWEST = 6
"""Conversations of a side before the change, and after it, below which nothing is said."""

MAIN, GONE = 0.5, 0.1
"""The main contact has at least half of the conversations; one who is gone, or was not there yet, at most a tenth."""

SILENCE_DAYS, LONGER = 28, 2.0
"""The silence is longer than a holiday, and than this many times the longest one before it."""

CHANGES_A_YEAR = 0.15
"""Expected before looking: a main contact stays for six to seven years."""

CERTAIN = 0.9
"""Changes less certain than this are not told."""

BORDER_DAYS = 14
"""A change this near to the first or last mail of a mailbox may be one of mailboxes, and is not told."""

SCHEMA = {"a": pl.String, "b": pl.String, "side": pl.String, "about": pl.Date, "low": pl.Date, "high": pl.Date, "certainty": pl.Float64}


@dataclass(frozen=True, slots=True)
class _Change:
    place: int
    about: float
    low: float
    high: float
    certainty: float


def contact_changes(
    events: pl.DataFrame, until: date | datetime, coverage: Sequence[Coverage] | None = None,
) -> pl.DataFrame:
    """Changes of the main contact of each side of each relation, oldest first.

    events    rows of a ledger: at, giver, receiver, kind, thread, id, person, shared
    until     the last day that exists, inclusive
    coverage  where mailboxes begin and end within the time; None = nowhere

    Returns one row per change: a, b (the pair in order), side (whose contact changed), about (the likeliest day), low and high
    (90 % of the probability lies between them), certainty (that it is a change, and not chance).
    """
    end = until if isinstance(until, datetime) else end_of(until)
    rows = events.filter(
        (pl.col("kind") == KIND) & pl.col("person").is_not_null() & ~pl.col("person").str.contains(" ", literal=True)
        & (pl.col("at") <= end) & pl.col("shared"))
    turns = rows.select(
        pl.min_horizontal("giver", "receiver").alias("a"), pl.max_horizontal("giver", "receiver").alias("b"), pl.col("giver").alias("side"),
        "person", pl.coalesce("thread", "id").alias("talk"), (pl.col("at").dt.timestamp("us") / 86_400e6).alias("day"))
    # a conversation is one draw, however long it goes on
    turns = turns.group_by("a", "b", "side", "person", "talk").agg(pl.col("day").min())
    several = turns.group_by("a", "b", "side").agg(pl.col("person").n_unique().alias("people"), pl.len().alias("talks"))
    several = several.filter((pl.col("people") > 1) & (pl.col("talks") >= 2 * FEWEST)).select("a", "b", "side")
    turns = turns.join(several, on=["a", "b", "side"]).sort("a", "b", "side", "day", "talk", "person")
    borders = _borders(coverage or ())
    found = []
    for (a, b, side), part in turns.group_by("a", "b", "side", maintain_order=True):
        people, _ = _numbered(part["person"].to_list())
        for change in _changes(part["day"].to_numpy(), people, end.timestamp() / 86_400):
            first, about, last = (_day(value) for value in (change.low, change.about, change.high))
            if not _at_a_border(first, last, [*borders[str(a)], *borders[str(b)]]):
                found.append((a, b, side, about, first, last, change.certainty))
    return pl.DataFrame(found, schema=SCHEMA, orient="row").sort("a", "b", "about", "side")


def _day(value: float) -> date:
    return date(1970, 1, 1) + timedelta(days=math.floor(value))


def _numbered(people: Sequence[str]) -> tuple[NDArray[np.int64], int]:
    """People as 0, 1, 2 … in the order in which they appear."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(one, len(numbers)) for one in people], dtype=np.int64), len(numbers)


def _borders(coverage: Iterable[Coverage]) -> dict[str, list[date]]:
    """Per party: the days on which mailboxes of its people begin and end, but for the first and the last of all."""
    days: dict[str, set[date]] = defaultdict(set)
    for entry in coverage:
        if entry.party is not None and KIND in entry.kinds:
            days[entry.party] |= {entry.start.date(), entry.end.date()}
    return defaultdict(list, {party: sorted(found)[1:-1] for party, found in days.items()})


def _at_a_border(low: date, high: date, borders: Iterable[date]) -> bool:
    near = timedelta(days=BORDER_DAYS)
    return any(low - near <= border <= high + near for border in borders)


def _changes(days: NDArray[np.float64], people: NDArray[np.int64], end: float) -> list[_Change]:
    """Changes in one side's conversations: the surest first, then those before and after it.

    days      of the conversations, ascending
    people    who spoke in each, 0, 1, 2 …
    end       the last day that is known
    """
    change = _surest(days, people, end)
    if change is None:
        return []
    k = change.place
    return [*_changes(days[:k], people[:k], days[k]), change, *_changes(days[k:], people[k:], end)]


def _surest(days: NDArray[np.float64], people: NDArray[np.int64], end: float) -> _Change | None:
    size = days.size
    if size < 2 * FEWEST:
        return None
    counts = np.zeros((size + 1, int(people.max()) + 1))
    counts[np.arange(1, size + 1), people] = 1.0
    counts = counts.cumsum(axis=0)[:, np.unique(people)]
    if counts.shape[1] == 1:
        return None
    places = np.arange(FEWEST, size - FEWEST + 1)
    before, after = counts[places], counts[-1] - counts[places]
    fits = _evidence(before) + _evidence(after) - _evidence(counts[-1:])
    span = max(end - days[0], 1.0)
    gaps = np.maximum(days[places] - days[places - 1], 1e-6)
    weights = np.exp(fits - fits.max()) * gaps
    likely = places[int(np.argmax(weights))]
    old = _taken_over(counts[likely], counts[-1] - counts[likely])
    if old is None:
        return None
    if not _stays_silent(days, people == np.unique(people)[old], likely, end):
        return None
    prior = CHANGES_A_YEAR * span / 365.25
    odds = math.log(prior) + fits.max() + math.log(weights.sum() / span)
    certainty = 1.0 / (1.0 + math.exp(-min(odds, 700.0))) if odds > -700.0 else 0.0  # noqa: PLR2004  the range of exp
    if certainty < CERTAIN:
        return None
    low, about, high = _quantiles(days[places - 1], gaps, weights)
    return _Change(int(likely), about, low, high, certainty)


def _evidence(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log of the chance of a sequence with these counts, over all mixes of people: counts of shape (places, people)."""
    people = counts.shape[1]
    alpha = 1.0 / people  # one person usually has most
    table = np.array([math.lgamma(alpha + n) - math.lgamma(alpha) for n in range(int(counts.max()) + 1)])
    total = counts.sum(axis=1).astype(np.int64)
    sums = np.array([math.lgamma(1.0) - math.lgamma(1.0 + n) for n in range(int(total.max()) + 1)])
    return np.asarray(table[counts.astype(np.int64)].sum(axis=1) + sums[total])


def _taken_over(before: NDArray[np.float64], after: NDArray[np.float64]) -> int | None:
    """The one who had most and is gone, where another who was not there has most now; counts of shape (people,)."""
    first, second = before / before.sum(), after / after.sum()
    old, new = np.where(second <= GONE, first, 0.0), np.where(first <= GONE, second, 0.0)
    return int(np.argmax(old)) if old.max() >= MAIN and new.max() >= MAIN else None


def _stays_silent(days: NDArray[np.float64], spoke: NDArray[np.bool_], place: int, end: float) -> bool:
    """Whether the old contact is silent for longer than a holiday, and than ever before. A late word or two count as silence."""
    earlier = days[:place][spoke[:place]]
    longest = float(np.diff(earlier).max()) if earlier.size > 1 else 0.0
    return end - float(earlier[-1]) > max(SILENCE_DAYS, LONGER * longest)


def _quantiles(starts: NDArray[np.float64], gaps: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[float, float, float]:
    """Days below which 5, 50 and 95 % of the probability lie; within the time between two conversations it is even."""
    reached = np.concatenate(([0.0], weights.cumsum() / weights.sum()))
    days = np.concatenate((starts[:1], starts + gaps))
    low, about, high = np.interp((0.05, 0.5, 0.95), reached, days)
    return float(low), float(about), float(high)
