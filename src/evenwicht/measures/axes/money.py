"""Money: who gives credit. a gives to b the days that b pays after the agreed day, or that a pays before it.

One observation per invoice with an agreed day: g = min(1, days / 30) beyond it (METHOD §1). What was invoiced against
what was paid would be an accounting identity, so it is not what is measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from evenwicht.measures.weeks import DAY_US, week_of

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

NAME = "money"
GROUP = "giving_taking"
KIND_OF_KING = "receiver"
KINDS = ("invoice",)
ANSWER = "payment"
UNIT = "days"
FAMILY = "deferral"

FULL_DAYS = 30.0
"""A month of credit is the whole of g."""
MOST = FULL_DAYS
"""Days that one invoice counts for in the plain sums, as in g."""

SETTLED = 1e-3
"""An invoice is paid when no more than this part of it is open: rounding and bank charges, in any currency or scale."""

LOOSE = 0.1
"""Share of payments the other way that may settle nothing known (a refund) before invoices are taken to be missing."""


def _comparable(facts: Facts) -> nw.DataFrame[Any]:
    """Invoices of weeks in which invoices both ways would have been seen.

    A bank file that shows both directions shows unseen invoices too: as payments that settle nothing known. Where there
    are none, invoices of one direction are all there are.
    """
    billed = facts.any_of("invoice").filter(~nw.col("unheard"))
    if facts.covered.complete:
        return billed.filter(nw.col("present"))
    weeks = billed.with_columns(week_of(nw.col("t")).alias("week"))
    banked = nw.from_native(facts.covered.weeks_seen(pl.DataFrame(weeks.to_native()), ANSWER), eager_only=True)
    billed = billed.with_columns((banked["seen_there"] & banked["seen_back"]).alias("_banked"))
    keys = ["giver", "receiver"]
    sent = billed.group_by(keys).agg(nw.len().alias("_sent"))
    loose = facts.any_of(ANSWER).filter(nw.col("answers").is_null()).group_by(keys).agg(nw.len().alias("_loose"))
    missing = sent.join(loose, on=keys, how="inner").filter(
        (nw.col("_loose") > 1) & (nw.col("_loose") > nw.col("_sent") * LOOSE)).select(*keys, nw.lit(value=True).alias("_missing"))
    return billed.join(missing, on=keys, how="left").filter(
        nw.col("present") | (nw.col("seen_there") & nw.col("_banked") & ~nw.col("_missing").fill_null(value=False)))


def commitments(facts: Facts) -> nw.DataFrame[Any]:
    """Invoices whose payment could have been seen, as `measures.commitments` describes; wait in days."""
    billed = settled(facts, _comparable(facts).filter(~nw.col("due_t").is_null()))
    falls_due = nw.col("due_t") + DAY_US
    counted = billed.filter(~nw.col("settled_t").is_null() | (falls_due <= nw.col("seen_until")))
    end = nw.coalesce("settled_t", "seen_until")
    days = (end // DAY_US - nw.col("due_t") // DAY_US).cast(nw.Float64())
    return counted.with_columns(days.alias("wait")).with_columns(
        nw.max_horizontal(nw.min_horizontal(nw.col("wait") / FULL_DAYS, nw.lit(1.0)), nw.lit(-1.0)).alias("size"),
        (nw.col("wait") <= 0).alias("kept"), nw.min_horizontal("due_t", "seen_until").alias("t"),
    ).select("debtor", "creditor", "t", "wait", "size", "kept", "place")


def settled(facts: Facts, invoices: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """Some invoices whose payment could have been seen, and what became of them, paid or not, due or not yet.

    invoices   rows of the events. Returns place, t, due_t, creditor, debtor, amount, unit, owed (less what was credited),
    paid (so far, in the invoice's unit), settled_t (null while more than a thousandth is open), seen_until (µs)
    """
    billed = invoices.filter(~nw.col("amount").is_null() & (nw.col("amount") > 0)).select(
        "id", "place", "t", "due_t", "amount", "unit", nw.col("giver").alias("creditor"), nw.col("receiver").alias("debtor"))
    billed = facts.covered.answer_end(billed, ANSWER, facts.until_us).filter(~nw.col("seen_until").is_null())
    keys = ["id", "creditor", "debtor"]
    lowered = facts.events.filter(nw.col("kind") == "credit_note").select(
        nw.col("answers").alias("id"), nw.col("giver").alias("creditor"), nw.col("receiver").alias("debtor"), "unit", "amount",
    ).group_by(*keys, "unit").agg(nw.col("amount").sum().alias("credited"))
    billed = billed.join(lowered, on=[*keys, "unit"], how="left").with_columns(
        (nw.col("amount") - nw.col("credited").fill_null(0.0)).alias("owed"))
    taken_back = facts.events.filter(nw.col("kind") == "reversal").select(
        nw.col("answers").alias("pay"), "pair", nw.lit(value=True).alias("_back"),
    ).filter(~nw.col("pay").is_null()).unique(["pay", "pair"])
    paid = facts.events.filter((nw.col("kind") == ANSWER) & ~nw.col("answers").is_null()).select(
        nw.col("id").alias("pay"), nw.col("answers").alias("id"), nw.col("receiver").alias("creditor"),
        nw.col("giver").alias("debtor"), nw.col("t").alias("paid_t"), nw.col("amount").alias("paid"), nw.col("unit").alias("_paid_in"), "pair", "place",
    ).join(taken_back, on=["pay", "pair"], how="left").filter(nw.col("_back").is_null())
    # An amount that is not known, or in another currency, cannot be compared: it settles what it answers.
    comparable = ~nw.col("paid").is_null() & (nw.col("_paid_in") == nw.col("unit"))
    steps = paid.join(billed.select(*keys, "owed", "unit"), on=keys, how="inner").with_columns(
        nw.when(comparable).then(nw.col("paid")).otherwise(nw.col("owed")).alias("paid"),
    ).with_columns(nw.col("paid").cum_sum().over(*keys, order_by="place").alias("total"))
    so_far = steps.group_by(keys).agg(nw.col("paid").sum())
    done = steps.filter(nw.col("total") >= nw.col("owed") * (1.0 - SETTLED)).group_by(keys).agg(nw.col("paid_t").min().alias("settled_t"))
    billed = billed.join(done, on=keys, how="left").join(so_far, on=keys, how="left")
    return billed.with_columns(nw.col("paid").fill_null(0.0)).filter(nw.col("owed") > nw.col("amount") * SETTLED)
