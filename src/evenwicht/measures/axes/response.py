"""Response: who waits for answers. a gives to b the patience of waiting for what a asked.

One observation per question: g = 1 − 2^(−max(0, w − 8)/16), w the working hours waited by the answering side's calendar
(METHOD §1). A question that waits for eight working hours or less was answered as one may expect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

NAME = "response"
GROUP = "speaking_listening"
KIND_OF_KING = "receiver"
KINDS = ("question",)
ANSWER = "message"
UNIT = "hours"
FAMILY = "deferral"

GRACE_HOURS = 8.0
HALF_HOURS = 16.0
"""One working day of grace, then two more until half of the patience is spent (METHOD §1)."""

MOST = 40.0
"""Working hours that one question counts for in the plain sums: a week. One that is never answered must not drown them."""


def commitments(facts: Facts) -> nw.DataFrame[Any]:
    """Questions that could have been seen answered, as `measures.commitments` describes; wait in working hours."""
    return _waited(asked_for(facts), facts)


def asked_for(facts: Facts) -> nw.DataFrame[Any]:
    """Every question whose answer could have been seen, answered or not: place, t, creditor, debtor, answered (null while it
    is open), seen_until (µs).
    """
    asked = facts.of("question").select(
        "place", "t", nw.col("giver").alias("creditor"), nw.col("receiver").alias("debtor"), nw.col("id").alias("mail"), "thread")
    asked = facts.covered.answer_end(asked, ANSWER, facts.until_us).filter(~nw.col("seen_until").is_null())
    mail = facts.any_of(ANSWER).select("id", "t", "giver", "receiver", "thread", "answers")
    threads = mail.select(nw.col("id").alias("mail"), nw.col("giver").alias("creditor"), nw.col("receiver").alias("debtor"),
                          nw.col("thread").alias("_thread")).unique(["mail", "creditor", "debtor"], keep="any")
    asked = asked.join(threads, on=["mail", "creditor", "debtor"], how="left").with_columns(
        nw.coalesce("_thread", "thread").alias("conversation")).drop("_thread", "thread")
    replies = mail.select(nw.col("giver").alias("debtor"), nw.col("receiver").alias("creditor"), nw.col("t").alias("answered"),
                          "answers", nw.col("thread").alias("conversation"))
    direct = asked.select("place", "mail", "debtor", "creditor", "t").join(
        replies.filter(~nw.col("answers").is_null()).select("debtor", "creditor", "answered", nw.col("answers").alias("mail")),
        on=["mail", "debtor", "creditor"], how="inner")
    talked = asked.filter(~nw.col("conversation").is_null()).select("place", "conversation", "debtor", "creditor", "t").join(
        replies.filter(~nw.col("conversation").is_null()).drop("answers"), on=["conversation", "debtor", "creditor"], how="inner")
    columns = ["place", "t", "answered"]
    first = (
        nw.concat([direct.select(columns), talked.select(columns)]).filter(nw.col("answered") > nw.col("t"))
        .group_by("place").agg(nw.col("answered").min())
    )
    return asked.join(first, on="place", how="left")


def _waited(asked: nw.DataFrame[Any], facts: Facts) -> nw.DataFrame[Any]:
    party = asked["debtor"].to_numpy()
    start = asked["t"].to_numpy()
    end = asked.select(nw.coalesce("answered", "seen_until"))["answered"].to_numpy()
    hours = np.maximum(0.0, facts.calendars.worked(party, end) - facts.calendars.worked(party, start))
    due = facts.calendars.after(party, start, GRACE_HOURS)
    size = 1.0 - np.exp2(-np.maximum(0.0, hours - GRACE_HOURS) / HALF_HOURS)
    native = nw.get_native_namespace(asked)
    waited = asked.with_columns(
        nw.new_series("wait", hours, nw.Float64(), backend=native), nw.new_series("size", size, nw.Float64(), backend=native),
        nw.new_series("due", due, nw.Int64(), backend=native),
    )
    return waited.filter(~nw.col("answered").is_null() | (nw.col("wait") > GRACE_HOURS)).select(
        "debtor", "creditor", nw.min_horizontal("due", "seen_until").alias("t"), "wait", "size",
        (nw.col("wait") <= GRACE_HOURS).alias("kept"), "place",
    )
