"""Favours: who gives extras. a gives to b what nobody had to: discounts, unbilled hours, referrals, flexibility.

A favour counts once its receiver has confirmed it: until then it is not shared, and one side's word alone moves nothing.
Hours, money and counts stay apart, each in its own unit (METHOD §1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

NAME = "favours"
GROUP = "giving_taking"
KIND_OF_KING = "receiver"
KINDS = ("favour",)
FAMILY = "flow"


def flows(facts: Facts) -> nw.DataFrame[Any]:
    """Favours given: columns pair, cell, place, by_a, amount (1 where no size is known), unit."""
    known = ~nw.col("amount").is_null()
    return facts.of(*KINDS).with_columns(
        nw.when(known).then(nw.col("amount")).otherwise(nw.lit(1.0)).alias("amount"),
        nw.when(known).then(nw.col("unit").cast(nw.String())).otherwise(nw.lit("count")).alias("unit"),
    ).select("pair", "cell", "place", "by_a", "amount", "unit")
