"""Whose turn it is in a relation: who is to move, with what, since when, and how often.

A turn is made of open ends (`measures.open_ends`), so of what would have been seen if it had been closed:

    question   asked and not answered, until a quarter has passed; then nobody waits for it any more
    promise    given and not kept yet, also before its day
    order      neither confirmed nor brought yet
    invoice    from the day agreed for it; before that day, and without one, nobody is to move

What was last seen more than a month before the end is of then, and gives no turn now. Nothing is judged, and nobody is behind in
general: a relation is the turn of the one, of the other, of both, or of nobody. Documented in docs/method/attention.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.measures.open_ends import FADED_DAYS, INVOICE, QUESTION
from evenwicht.measures.weeks import DAY_US

if TYPE_CHECKING:
    from collections.abc import Mapping

FRESH_DAYS = 31
"""How long before the end closing it may last have been seen; what was seen no later is of then, not of now."""

A, B, BOTH = "a", "b", "both"

COLUMNS: dict[str, Any] = {
    "a": pl.String, "b": pl.String, "turn": pl.String,
    "a_moves": pl.Int64, "a_overdue": pl.Int64, "a_what": pl.String, "a_since": pl.Date, "a_due": pl.Date,
    "b_moves": pl.Int64, "b_overdue": pl.Int64, "b_what": pl.String, "b_since": pl.Date, "b_due": pl.Date,
}
"""a, b       the relation;  turn: "a", "b" or "both"; a relation in which nobody is to move has no row
_moves     how many things wait for that side;  _overdue: of how many the day has passed
_what      the one that waits longest: question, promise, order, invoice;  null where none waits
_since     the day from which that one waits: asked, promised, ordered, or the day agreed for an invoice
_due       the day agreed for it, where there is one
"""


def turns(ends: pl.DataFrame, until_us: int) -> pl.DataFrame:
    """Whose turn it is, per relation, sorted by (a, b); COLUMNS.

    ends        `open_ends` of the facts
    until_us    end of the last day that exists (µs)
    """
    asks = pl.col("sort") == QUESTION
    waiting = ends.filter(
        (pl.col("seen_until") > until_us - FRESH_DAYS * DAY_US)
        & ~(asks & (pl.col("seen_until") - pl.col("since") > FADED_DAYS * DAY_US))
        & ((pl.col("sort") != INVOICE) | (pl.col("due") // DAY_US <= pl.col("seen_until") // DAY_US).fill_null(value=False)))
    # since when: an invoice from the day agreed for it; everything else from the day it was asked, promised or ordered
    waiting = waiting.with_columns(
        pl.when(pl.col("sort") == INVOICE).then("due").otherwise("since").alias("from"), pl.when(~asks).then("due").alias("agreed"),
        pl.when(pl.col("debtor") == pl.col("a")).then(pl.lit(A)).otherwise(pl.lit(B)).alias("side"))
    each = waiting.sort("a", "b", "from", "sort", "id").group_by("a", "b", "side", maintain_order=True).agg(
        pl.len().alias("moves"), pl.col("overdue").sum(), pl.col("sort").first().alias("what"), _day("from").first().alias("since"),
        _day("agreed").first().alias("due"))
    sides = [each.filter(pl.col("side") == side).drop("side").rename({name: f"{side}_{name}" for name in ("moves", "overdue", "what", "since", "due")})
             for side in (A, B)]
    both = sides[0].join(sides[1], on=["a", "b"], how="full", coalesce=True).with_columns(pl.col("^[ab]_(moves|overdue)$").fill_null(0))
    return both.with_columns(
        pl.when(pl.col("b_moves") == 0).then(pl.lit(A)).when(pl.col("a_moves") == 0).then(pl.lit(B)).otherwise(pl.lit(BOTH)).alias("turn"),
    ).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items()).sort("a", "b")


def _day(name: str) -> pl.Expr:
    return pl.from_epoch(name, time_unit="us").dt.date()


def mirrored(turn: Mapping[str, Any]) -> dict[str, Any]:
    """A turn with a and b exchanged: what one side is to do becomes the other's, nothing else."""
    other = {A: B, B: A, BOTH: BOTH}
    turned: dict[str, Any] = {"a": turn["b"], "b": turn["a"], "turn": other[turn["turn"]]}
    for name in COLUMNS:
        if name not in turned:
            turned[name] = turn[f"{other[name[0]]}{name[1:]}"]
    return turned


def mover(turn: Mapping[str, Any] | None) -> str:
    """The key of the party whose turn it is; "both", or empty where it is nobody's."""
    if turn is None:
        return ""
    return BOTH if turn["turn"] == BOTH else str(turn[turn["turn"]])
