"""Promises: who waits for what was promised. a gives to b patience with promises and deliveries that come after their day.

One observation per promise: g = 1 when it is broken or more than five working days late, linear before (METHOD §1).
Invoices are in `money`, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from evenwicht.measures.weeks import DAY_US

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

NAME = "promises"
GROUP = "giving_taking"
KIND_OF_KING = "receiver"
KINDS = ("promise", "delivery", "order_response")
UNIT = "days"
FAMILY = "deferral"

FULL_DAYS = 5.0
"""Working days after which a promise counts as broken (METHOD §1)."""

MOST = FULL_DAYS
"""Days that one promise counts for in the plain sums, as in g."""


def commitments(facts: Facts) -> nw.DataFrame[Any]:
    """Promises that fell due and whose keeping could have been seen, as `measures.commitments`; wait in working days."""
    made = promised(facts)
    made = made.filter(~nw.col("met_t").is_null() | (nw.col("due_t") + DAY_US <= nw.col("seen_until")))
    party = made["debtor"].to_numpy()
    due = made["due_t"].to_numpy()
    met = made.select(nw.coalesce("met_t", "seen_until"))["met_t"].to_numpy()
    late = facts.calendars.days(party, met) - facts.calendars.days(party, due)
    early = met // DAY_US <= due // DAY_US
    days = np.where(early, np.minimum(late, 0.0), np.maximum(late, 0.0))
    size = np.clip(days / FULL_DAYS, 0.0, 1.0)
    native = nw.get_native_namespace(made)
    return made.with_columns(
        nw.new_series("wait", days, nw.Float64(), backend=native), nw.new_series("size", size, nw.Float64(), backend=native),
    ).with_columns((nw.col("size") <= 0).alias("kept"), nw.min_horizontal("due_t", "seen_until").alias("t")).select(
        "debtor", "creditor", "t", "wait", "size", "kept", "place")


def promised(facts: Facts) -> nw.DataFrame[Any]:
    """Every promise with a day whose keeping could have been seen, kept or not, due or not yet: place, debtor, creditor, due_t,
    met_t (null while it is open), seen_until (µs).
    """
    return nw.concat([_promised(facts), _delivered(facts), _confirmed(facts)])


_COLUMNS = ["place", "debtor", "creditor", "due_t", "met_t", "seen_until"]


def _promised(facts: Facts) -> nw.DataFrame[Any]:
    """Promises people registered: kept, released, given another day, or still waiting."""
    made = facts.of("promise").filter(~nw.col("due_t").is_null()).select(
        "id", "place", "t", "pair", nw.col("giver").alias("debtor"), nw.col("receiver").alias("creditor"), "due_t")
    later = facts.events.filter(nw.col("kind").is_in(["promise_kept", "promise_released", "promise_renegotiated"])).select(
        nw.col("answers").alias("id"), "pair", "kind", nw.col("t").alias("_t"), nw.col("due_t").alias("_due"))
    keys = ["id", "pair"]
    kept = later.filter(nw.col("kind") == "promise_kept").group_by(keys).agg(nw.col("_t").min().alias("met_t"))
    freed = later.filter(nw.col("kind") == "promise_released").select(keys).unique()
    moved = later.filter((nw.col("kind") == "promise_renegotiated") & ~nw.col("_due").is_null()).unique(
        keys, keep="last", order_by=["_t", "_due"]).select(*keys, nw.col("_due").alias("_new"))
    made = made.join(freed, on=keys, how="anti").join(kept, on=keys, how="left").join(moved, on=keys, how="left")
    made = made.with_columns(nw.coalesce("_new", "due_t").alias("due_t"))
    return facts.covered.answer_end(made, "promise", facts.until_us).filter(~nw.col("seen_until").is_null()).select(_COLUMNS)


def _delivered(facts: Facts) -> nw.DataFrame[Any]:
    """Deliveries with a promised day."""
    return facts.of("delivery").filter(~nw.col("due_t").is_null()).select(
        "place", nw.col("giver").alias("debtor"), nw.col("receiver").alias("creditor"), "due_t", nw.col("t").alias("met_t"),
        nw.lit(facts.until_us).alias("seen_until"))


def _confirmed(facts: Facts) -> nw.DataFrame[Any]:
    """Orders confirmed for a day: met by the first delivery that answers the order, unless that states a day itself.

    An order confirmed again before its first day has passed is one commitment, for the last day confirmed. Later than
    that, another day is a message about a promise that was not kept.
    """
    confirmed = facts.of("order_response").filter(~nw.col("due_t").is_null()).select(
        "id", "place", "t", nw.col("giver").alias("debtor"), nw.col("receiver").alias("creditor"), "due_t", nw.col("answers").alias("order"))
    confirmed = confirmed.with_columns(nw.coalesce("order", "id").alias("_order"))
    sides = ["debtor", "creditor"]
    first = confirmed.unique(["_order", *sides], keep="first", order_by="place").select(
        "_order", *sides, nw.col("due_t").alias("_first"))
    confirmed = confirmed.join(first, on=["_order", *sides], how="left").filter(
        (nw.col("t") < nw.col("_first") + DAY_US) | (nw.col("due_t") == nw.col("_first")),
    ).unique(["_order", *sides], keep="last", order_by="place")
    came = facts.events.filter((nw.col("kind") == "delivery") & ~nw.col("answers").is_null()).select(
        nw.col("answers").alias("order"), nw.col("giver").alias("debtor"), nw.col("receiver").alias("creditor"), nw.col("t").alias("_t"), "due_t")
    dated = came.filter(~nw.col("due_t").is_null()).select("order", *sides).unique()
    met = came.group_by("order", *sides).agg(nw.col("_t").min().alias("met_t"))
    waiting = confirmed.join(dated, on=["order", *sides], how="anti").join(met, on=["order", *sides], how="left")
    return facts.covered.answer_end(waiting, "delivery", facts.until_us).filter(~nw.col("seen_until").is_null()).select(_COLUMNS)
