"""Words: who has the floor. a gives to b the words b listens to; judged against equality.

Own words of messages, and seconds of talk at 2.5 words a second. A message whose words are not known counts as one
message, beside the others and not converted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

NAME = "words"
GROUP = "speaking_listening"
KIND_OF_KING = "giver"
KINDS = ("message", "talk")
FAMILY = "flow"

WORDS_A_SECOND = 2.5
"""150 words a minute, an ordinary pace of speech in a meeting (CONTRACT, kinds)."""


def flows(facts: Facts) -> nw.DataFrame[Any]:
    """What each side said: columns pair, cell, place, by_a, amount (words, or 1 where they are not known), unit."""
    spoken = nw.col("kind") == "talk"
    known = ~nw.col("amount").is_null()
    return facts.of(*KINDS).select(
        "pair", "cell", "place", "by_a",
        nw.when(~known).then(nw.lit(1.0))
        .otherwise(nw.when(spoken).then(nw.col("amount") * WORDS_A_SECOND).otherwise(nw.col("amount"))).alias("amount"),
        nw.when(~known).then(nw.lit("count")).otherwise(nw.lit("words")).alias("unit"),
    )
