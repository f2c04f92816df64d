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
    asked = facts.of("question").select(
        "id", "t", nw.col("giver").alias("creditor"), nw.col("receiver").alias("debtor"), "thread", "answers",
    ).with_columns(nw.col("id").str.replace_all(r"#q$", "").alias("mail"))
    asked = facts.covered.answer_end(asked, ANSWER, facts.until_us).filter(~nw.col("seen_until").is_null())
    mail = facts.events.filter(nw.col("kind") == ANSWER)
    threads = mail.select(nw.col("id").alias("mail"), nw.col("giver").alias("creditor"), nw.col("receiver").alias("debtor"),
                          nw.col("thread").alias("_thread")).unique(["mail", "creditor", "debtor"], keep="any")
    asked = asked.join(threads, on=["mail", "creditor", "debtor"], how="left").with_columns(
        nw.coalesce("_thread", "thread").alias("conversation")).drop("_thread", "thread")
    replies = mail.select(nw.col("giver").alias("debtor"), nw.col("receiver").alias("creditor"), nw.col("t").alias("answered"),
                          nw.col("answers").alias("_answers"), nw.col("thread").alias("conversation"))
    direct = asked.select("id", "mail", "debtor", "creditor", "t").join(
        replies.select("debtor", "creditor", "answered", nw.col("_answers").alias("mail")), on=["mail", "debtor", "creditor"], how="inner")
    talked = asked.filter(~nw.col("conversation").is_null()).select("id", "conversation", "debtor", "creditor", "t").join(
        replies.filter(~nw.col("conversation").is_null()).drop("_answers"), on=["conversation", "debtor", "creditor"], how="inner")
    columns = ["id", "debtor", "creditor", "t", "answered"]
    first = (
        nw.concat([direct.select(columns), talked.select(columns)]).filter(nw.col("answered") > nw.col("t"))
        .group_by("id", "debtor", "creditor").agg(nw.col("answered").min())
    )
    asked = asked.join(first, on=["id", "debtor", "creditor"], how="left").sort("t", "id", "debtor", "creditor")
    return _waited(asked, facts)


def _waited(asked: nw.DataFrame[Any], facts: Facts) -> nw.DataFrame[Any]:
    party = asked["debtor"].to_numpy().astype(object)
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
        (nw.col("wait") <= GRACE_HOURS).alias("kept"), "id",
    )
