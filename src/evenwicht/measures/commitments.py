"""The shape that every deferral axis gives: one row per commitment, who owed it and how long the other waited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    Frame = nw.DataFrame[Any]

COLUMNS = ("debtor", "creditor", "t", "wait", "size", "kept")
"""debtor    whose commitment it is
creditor  who waits for it
t         the moment it fell due (µs UTC)
wait      how long the creditor waited beyond the agreement, in the axis's unit; negative = met before it
size      the same as g of METHOD §1, in [-1, 1]; positive: the creditor gave patience
kept      met as agreed
"""


def observed(commitments: Frame) -> Frame:
    """Commitments → one observation each: columns a, b, t, y (a's share, METHOD §1), n = 1, and the columns given."""
    return commitments.with_columns(
        nw.min_horizontal("debtor", "creditor").alias("a"), nw.max_horizontal("debtor", "creditor").alias("b"),
    ).with_columns(
        nw.when(nw.col("creditor") == nw.col("a")).then(0.5 + nw.col("size") / 2).otherwise(0.5 - nw.col("size") / 2).alias("y"),
        nw.lit(1.0).alias("n"),
    )
