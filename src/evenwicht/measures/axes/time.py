"""Time: who gives attention. a gives to b the person-minutes that a's people spend with b's.

In a meeting each side counts its own heads: three of one side and two of the other, half an hour, are 90 and 60
minutes given. How many should come is a matter of agreement, so the axis is judged against an agreed norm and shown
where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

NAME = "time"
GROUP = "giving_taking"
KIND_OF_KING = "receiver"
KINDS = ("meeting", "attendance")
FAMILY = "flow"
BY_AGREEMENT = True
"""Judged only where both sides agreed on a norm; elsewhere its figures are shown."""


def flows(facts: Facts) -> nw.DataFrame[Any]:
    """Person-minutes given: columns pair, cell, place, by_a, amount, unit. Meetings of unknown length are left out."""
    return facts.of(*KINDS).filter(~nw.col("amount").is_null() & (nw.col("amount") > 0)).select(
        "pair", "cell", "place", "by_a", "amount", "unit")
