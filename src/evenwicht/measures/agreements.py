"""What both sides agreed: norms per axis, and disturbances both chose."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import narwhals as nw

from evenwicht.measures import codes

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

NORM = "norm"
"""Kind of the row that `evenwicht norm` writes: amount = the giver's share, unit `share`, thread = the axis."""

DISTURBANCE = "disturbance"


def agreed_norms(facts: Facts, axis: str) -> dict[int, float]:
    """Log-odds of a's agreed share per pair; the latest agreement holds."""
    rows = facts.any_of(NORM).filter(nw.col("thread") == codes.identity(axis)).sort("place")
    found: dict[int, float] = {}
    for pair, by_a, share in rows.select("pair", "by_a", "amount").iter_rows():
        if share is not None and 0.0 < share < 1.0:
            odds = math.log(share / (1.0 - share))
            found[pair] = odds if by_a else -odds
    return found


def agreed_disturbances(facts: Facts) -> dict[int, int]:
    """Pairs with a disturbance that both stated and that still runs, and when it is expected to end (µs)."""
    running = facts.any_of(DISTURBANCE).filter(nw.col("due_t") >= facts.until_us)
    stated: dict[int, dict[int, int]] = {}
    for pair, giver, due in running.select("pair", "giver", "due_t").iter_rows():
        sides = stated.setdefault(pair, {})
        sides[giver] = max(due, sides.get(giver, 0))
    return {pair: min(sides.values()) for pair, sides in stated.items() if len(sides) == 2}  # noqa: PLR2004  both
