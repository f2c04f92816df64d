"""Open ends: what one side asked, was promised, ordered or billed, and the other has not answered, kept, brought or paid yet.

Only what would have been seen if it had been closed is called open (CONTRACT, Coverage): an invoice whose payment no source
could show is not among them. Nothing is judged here; the axes judge what fell due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from evenwicht.measures.axes import money, promises, response
from evenwicht.measures.weeks import DAY_US

if TYPE_CHECKING:
    from evenwicht.measures.facts import Facts

QUESTION, PROMISE, ORDER, INVOICE = "question", "promise", "order", "invoice"
SORTS = (QUESTION, PROMISE, ORDER, INVOICE)
"""A question without an answer; a promise, or an order confirmed for a day, not kept yet; an order neither confirmed nor
brought; an invoice not paid yet."""

FADED_DAYS = 91
"""After a quarter a question is no longer waited for by anybody."""

COLUMNS: dict[str, Any] = {
    "a": pl.String, "b": pl.String, "debtor": pl.String, "creditor": pl.String, "sort": pl.String, "id": pl.String,
    "since": pl.Int64, "due": pl.Int64, "overdue": pl.Boolean, "waits": pl.Int64, "wait": pl.Float64, "wait_unit": pl.String,
    "amount": pl.Float64, "unit": pl.String, "seen_until": pl.Int64,
}
"""a, b        the relation
debtor      whose move it is;  creditor: who waits
sort        one of SORTS;  id: of the event that opened it
since       when it was asked, promised, ordered or billed (µs)
due         the day agreed for it, or of a question the end of the first working day (µs); null where no day was agreed
overdue     the whole day has passed at `seen_until`
waits       the moment from which `wait` counts (µs): the day agreed; of a question and where there is none, `since`
wait        in wait_unit: working hours of a question, working days of a promise or an order, days of an invoice; less than 0
            before the day
amount      of an invoice what is still open; of anything else what the event says;  unit: of the amount
seen_until  up to when closing it would have been seen (µs)
"""


def open_ends(facts: Facts) -> pl.DataFrame:
    """Everything that is open at the end of the facts, per relation, in the order of the ledger; COLUMNS."""
    parts = [_questions(facts), _promises(facts), _orders(facts), _invoices(facts)]
    rows = pl.concat([part.select(*_CODES) for part in parts]).sort("place")
    names = pl.Series(facts.parties, dtype=pl.String)
    debtor, creditor = names.gather(rows["debtor"]), names.gather(rows["creditor"])
    said = pl.DataFrame(facts.events.select("place", nw.col("t").alias("since"), nw.col("amount").alias("_amount"), "unit").to_native())
    told = rows.join(said.with_columns(pl.col("unit").cast(pl.String)), on="place", how="left", maintain_order="left")
    return told.with_columns(
        debtor.alias("debtor"), creditor.alias("creditor"), facts.ids.gather(rows["place"]).alias("id"), pl.coalesce("left", "_amount").alias("amount"),
    ).with_columns(
        pl.min_horizontal("debtor", "creditor").alias("a"), pl.max_horizontal("debtor", "creditor").alias("b"),
        pl.coalesce(pl.when(pl.col("sort") != QUESTION).then("due"), "since").alias("waits"),
    ).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())


_CODES: dict[str, Any] = {
    "place": pl.Int64, "debtor": pl.Int64, "creditor": pl.Int64, "sort": pl.String, "due": pl.Int64, "overdue": pl.Boolean,
    "wait": pl.Float64, "wait_unit": pl.String, "left": pl.Float64, "seen_until": pl.Int64,
}


def _coded(rows: Any, sort: str, unit: str) -> pl.DataFrame:
    """Rows with place, debtor, creditor, due_t, seen_until, wait, left → _CODES."""
    frame = pl.DataFrame(rows.to_native()) if isinstance(rows, nw.DataFrame) else rows
    passed = (pl.col("due_t") + (0 if sort == QUESTION else DAY_US)) <= pl.col("seen_until")
    return frame.with_columns(
        pl.lit(sort).alias("sort"), pl.lit(unit).alias("wait_unit"), pl.col("due_t").alias("due"), passed.fill_null(value=False).alias("overdue"),
    ).select(pl.col(name).cast(kind) for name, kind in _CODES.items())


def _questions(facts: Facts) -> pl.DataFrame:
    asked = response.asked_for(facts)
    asked = asked.filter(nw.col("answered").is_null())
    party, start, end = (asked[name].to_numpy() for name in ("debtor", "t", "seen_until"))
    hours = np.maximum(0.0, facts.calendars.worked(party, end) - facts.calendars.worked(party, start))
    rows = pl.DataFrame(asked.to_native()).with_columns(
        pl.Series("wait", hours, pl.Float64), pl.Series("due_t", facts.calendars.after(party, start, response.GRACE_HOURS), pl.Int64),
        pl.lit(None, pl.Float64).alias("left"))
    return _coded(rows, QUESTION, response.UNIT)


def _working_days(facts: Facts, rows: pl.DataFrame) -> pl.Series:
    """Working days of the debtor from the day agreed, or else the day it was ordered, to the day up to which is known."""
    party = rows["debtor"].to_numpy()
    begins = rows.select(pl.coalesce("due_t", "t"))["due_t"].to_numpy()
    return pl.Series("wait", facts.calendars.days(party, rows["seen_until"].to_numpy()) - facts.calendars.days(party, begins), pl.Float64)


def _promises(facts: Facts) -> pl.DataFrame:
    made = promises.promised(facts)
    rows = pl.DataFrame(made.filter(nw.col("met_t").is_null()).to_native()).with_columns(
        pl.lit(None, pl.Int64).alias("t"), pl.lit(None, pl.Float64).alias("left"))
    return _coded(rows.with_columns(_working_days(facts, rows)), PROMISE, promises.UNIT)


def _orders(facts: Facts) -> pl.DataFrame:
    """Orders that nothing answers yet, where an answer of either kind would have been seen."""
    ordered = facts.any_of("order").select(
        "id", "place", "t", "due_t", nw.col("giver").alias("creditor"), nw.col("receiver").alias("debtor"))
    came = facts.any_of("order_response", "delivery", "invoice").filter(~nw.col("answers").is_null()).select(
        nw.col("answers").alias("id"), nw.col("giver").alias("debtor"), nw.col("receiver").alias("creditor")).unique()
    waiting = ordered.join(came, on=["id", "debtor", "creditor"], how="anti").drop("id")
    ends = [facts.covered.answer_end(waiting, kind, facts.until_us)["seen_until"] for kind in ("order_response", "delivery")]
    rows = pl.DataFrame(waiting.to_native()).with_columns(
        pl.Series("_confirmed", ends[0].to_native()), pl.Series("_brought", ends[1].to_native()), pl.lit(None, pl.Float64).alias("left"),
    ).filter(pl.col("_confirmed").is_not_null() & pl.col("_brought").is_not_null()).with_columns(
        pl.min_horizontal("_confirmed", "_brought").alias("seen_until"))
    return _coded(rows.with_columns(_working_days(facts, rows)), ORDER, promises.UNIT)


def _invoices(facts: Facts) -> pl.DataFrame:
    billed = money.settled(facts, facts.any_of("invoice").filter(~nw.col("unheard")))
    rows = pl.DataFrame(billed.filter(nw.col("settled_t").is_null()).to_native())
    begins = pl.coalesce("due_t", "t")
    rows = rows.with_columns(
        (pl.col("owed") - pl.col("paid")).alias("left"), (pl.col("seen_until") // DAY_US - begins // DAY_US).cast(pl.Float64).alias("wait"))
    return _coded(rows, INVOICE, money.UNIT)
