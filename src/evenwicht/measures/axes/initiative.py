"""Initiative: who makes the first move. a gives to b the conversations and meetings that a begins.

A conversation begins with a message that answers nothing and is the first of its thread. In a source without threads
it begins with the first message after three days of silence between the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from evenwicht.measures.weeks import DAY_US

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

NAME = "initiative"
GROUP = "speaking_listening"
KIND_OF_KING = "receiver"
KINDS = ("message", "meeting")
FAMILY = "flow"

SILENCE_US = 3 * DAY_US
"""Half of all answers on Eu-core e-mail come within a day and nearly all within three: after that it is a new move."""


def flows(facts: Facts) -> nw.DataFrame[Any]:
    """First moves: columns pair, cell, place, by_a, amount = 1, unit `count`."""
    present = facts.of(*KINDS)
    mail = present.filter(nw.col("kind") == "message").select("pair", "cell", "place", "by_a", "t", "thread", "answers")
    opening = mail.filter(nw.col("answers").is_null())
    threaded = mail.filter(~nw.col("thread").is_null()).with_columns(nw.col("t").min().over("pair", "thread").alias("_first"))
    first = threaded.filter(nw.col("answers").is_null() & (nw.col("t") == nw.col("_first"))).unique(
        ["pair", "thread"], keep="first", order_by="place")
    met = present.filter((nw.col("kind") == "meeting") & (nw.col("amount").fill_null(1.0) > 0))
    columns = ["pair", "cell", "place", "by_a"]
    moves = [first.select(columns), met.select(columns)]
    if opening["thread"].is_null().any():
        gap = nw.col("t") - nw.col("t").shift(1).over("pair", order_by="place")
        loose = mail.with_columns(gap.alias("_gap")).filter(nw.col("thread").is_null() & nw.col("answers").is_null())
        moves.append(loose.filter(nw.col("_gap").is_null() | (nw.col("_gap") > SILENCE_US)).select(columns))
    return nw.concat(moves).sort("cell", "place").with_columns(nw.lit(1.0).alias("amount"), nw.lit("count").alias("unit"))
