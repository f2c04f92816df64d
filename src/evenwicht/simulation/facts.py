"""From the hidden truth to the facts that the two sides could have exchanged: rows of a ledger, made in columns.

Everything happens in the working hours of UTC (Monday to Friday, 9–17), in which the parties of a simulation live; moments
are counted in such hours from the first Monday (forty a week) and turned into dates at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from evenwicht.ledger.table import RAW, SCHEMA
from evenwicht.simulation.hidden import Hidden, logistic, logit, on_the_day, patience

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from evenwicht.simulation.worlds import World

US = "ours.example"
HOURS_A_WEEK, HOURS_A_DAY, OPENS = 40, 8, 9
GRACE_HOURS, HALF_HOURS, MOST_HOURS = 8.0, 16.0, 400.0
"""How a wait of working hours becomes patience, the other way round: METHOD §1; more than ten weeks are not waited."""
MET = 0.35
"""Part of the answers, deliveries and promises that come as one may expect, whatever the balance."""
CREDIT_DAYS, CREDIT = 30, 30.0
"""Days from an invoice to its due day, and days of lateness that are the whole of g."""
PROMISED_DAYS, LATEST = 10, 5.0
"""Working days from an order or a promise to its day, and working days of lateness that are the whole of g."""
MOST_MESSAGES = 40
KEPT_AT_ONE, KEPT_MORE, KEPT_WITHIN = 0.566, 0.083, (0.45, 0.95)
"""What the mean share of a week keeps of the ratio of lengths: at one message a week, more with each e-fold, within."""

_HOUR_US, _DAY_US, _WEEK_US = 3_600_000_000, 86_400_000_000, 604_800_000_000


def facts_of(told: Hidden, world: World, start: datetime, rng: np.random.Generator) -> pl.DataFrame:
    """Every fact of a portfolio, as importers would have given it: SCHEMA and RAW columns, not resolved.

    start   the first Monday
    """
    conversations = rng.poisson(told.pace / _mean_messages() * (1 - world.meetings))
    first_us = int(start.timestamp()) * 1_000_000
    weeks = told.pace.shape[1]
    parts = [
        _letters(told, conversations, rng),
        _meetings(told, rng.poisson(told.pace / _mean_messages() * world.meetings), rng),
        _invoices(told, world, rng), _deliveries(told, world, rng), _promises(told, world, rng),
    ]
    rows = pl.concat(parts)
    end = first_us + weeks * _WEEK_US
    rows = rows.with_columns((pl.col("at") + first_us).cast(pl.Int64), (pl.col("due") + first_us).cast(pl.Int64)).filter(pl.col("at") < end)
    return _as_ledger(rows)


_CONTINUES = 0.5


def _mean_messages() -> float:
    """Of a conversation: an opening and its answer, and then on with probability one half."""
    return 1 + 1 / (1 - _CONTINUES)


_OPENER = (1 + _CONTINUES / (1 - _CONTINUES * _CONTINUES)) / (1 + 1 / (1 - _CONTINUES))
"""Expected part of the messages of a conversation that its opener writes."""


def _where(count: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Relation and week of each of the things counted, in order."""
    cell = np.repeat(np.arange(count.size), count.ravel())
    return np.divmod(cell, count.shape[1])


def _letters(told: Hidden, count: NDArray[np.int64], rng: np.random.Generator) -> pl.DataFrame:
    relation, week = _where(count)
    by_a = rng.random(relation.size) < logistic(told.slow["initiative"] + told.fast["initiative"])[relation, week]
    length = np.minimum(1 + rng.geometric(1 - _CONTINUES, relation.size), MOST_MESSAGES)
    opened = week * HOURS_A_WEEK + rng.uniform(0, HOURS_A_WEEK, relation.size)
    conversation = np.repeat(np.arange(relation.size), length)
    ends = np.cumsum(length)
    turn = np.arange(conversation.size) - np.repeat(ends - length, length)
    speaks_a = by_a[conversation] == (turn % 2 == 0)
    wait = _answer_hours(told, relation, week, by_a, rng)
    delay = np.where(turn == 1, wait[conversation], rng.exponential(4.0, conversation.size))
    delay[turn == 0] = opened
    passed = np.cumsum(delay)
    hour = passed - np.repeat(passed[ends - length] - opened, length)
    here, now = relation[conversation], week[conversation]
    lean = _words_lean(told)[here, now]
    words = np.maximum(1.0, np.rint(np.exp(3.9 + 0.8 * rng.standard_normal(hour.size) + np.where(speaks_a, lean, -lean) / 2)))
    mail = pl.DataFrame({
        "relation": here, "by_a": speaks_a, "at": _moment(hour), "conversation": conversation, "turn": turn, "amount": words,
        "contact": told.contacts[here, now, 0], "counter": told.contacts[here, now, 1],
    }).with_columns(
        (pl.format("m{}-{}", "conversation", "turn") + "@" + pl.lit(US)).alias("id"),
        (pl.format("m{}-0", "conversation") + "@" + pl.lit(US)).alias("thread"),
        pl.when(pl.col("turn") > 0).then(pl.format("m{}-{}", "conversation", pl.col("turn") - 1) + "@" + pl.lit(US)).alias("answers"),
    )
    messages = _rows(mail, "message", unit="words")
    asked = _rows(mail.filter(pl.col("turn") == 0).with_columns((pl.col("id") + "#q").alias("id"), pl.lit(1.0).alias("amount")), "question", unit="count")
    return pl.concat([messages, asked])


def _words_lean(told: Hidden) -> NDArray[np.float64]:
    """How much longer A's messages are than B's, in log: less what A's part of the messages already gives.

    The share of one week lies nearer the middle than the ratio of lengths, the more so the fewer messages it has, for
    their lengths vary. Lengths are drawn so much farther apart that the mean share of a week is the one told.
    """
    opens = logistic(told.slow["initiative"] + told.fast["initiative"])
    of_a = opens * _OPENER + (1 - opens) * (1 - _OPENER)
    return (told.slow["words"] + told.fast["words"] - logit(of_a)) / _kept(told.pace)


def _kept(pace: NDArray[np.float64]) -> NDArray[np.float64]:
    """Part of the log-odds that is left in the share of a week of so many messages; found by simulating."""
    mean = pace.mean(axis=1, keepdims=True)
    kept: NDArray[np.float64] = np.clip(KEPT_AT_ONE + KEPT_MORE * np.log(np.maximum(mean, 0.1)), *KEPT_WITHIN)
    return kept


def _answer_hours(told: Hidden, relation: NDArray[np.int64], week: NDArray[np.int64], by_a: NDArray[np.bool_],
                  rng: np.random.Generator) -> NDArray[np.float64]:
    """Working hours that the one who asked waits."""
    of_a, of_b = patience((told.slow["response"] + told.fast["response"])[relation, week])
    g = _g(np.where(by_a, of_a, of_b), rng)
    within = rng.uniform(0.2, GRACE_HOURS, g.size)
    return np.where(g > 0, np.minimum(GRACE_HOURS - HALF_HOURS * np.log2(1 - np.minimum(g, 1 - 1e-9)), MOST_HOURS), within)


def _g(mean: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Lateness in 0–1 with the given means, nothing in MET of the cases."""
    late = np.clip(mean / (1 - MET), 0.01, 0.99)
    return np.where(rng.random(mean.size) < MET, 0.0, rng.beta(2 * late, 2 * (1 - late)))


def _meetings(told: Hidden, count: NDArray[np.int64], rng: np.random.Generator) -> pl.DataFrame:
    """A meeting, the other side's attendance, and what each side said in it."""
    relation, week = _where(count)
    by_a = rng.random(relation.size) < logistic(told.slow["initiative"] + told.fast["initiative"])[relation, week]
    hour = (week * HOURS_A_WEEK).astype(np.float64) + np.floor(rng.uniform(0, HOURS_A_WEEK, relation.size))
    minutes = rng.choice((30.0, 45.0, 60.0), relation.size)
    heads_a, heads_b = rng.integers(1, 4, relation.size), rng.integers(1, 4, relation.size)
    spoken = minutes * 60 * rng.uniform(0.1, 0.3, relation.size)
    part = logistic((told.slow["words"] + told.fast["words"])[relation, week])
    base = pl.DataFrame({
        "relation": relation, "by_a": by_a, "at": _moment(hour), "number": np.arange(relation.size),
        "contact": told.contacts[relation, week, 0], "counter": told.contacts[relation, week, 1],
    }).with_columns(pl.format("meeting{}@ours.example", "number").alias("id"))
    organiser, guest = np.where(by_a, heads_a, heads_b), np.where(by_a, heads_b, heads_a)
    meetings = _rows(base.with_columns(pl.Series("amount", minutes * organiser)), "meeting", unit="minutes")
    attended = _rows(base.with_columns(~pl.col("by_a"), pl.col("id").alias("answers"), pl.Series("amount", minutes * guest)), "attendance", unit="minutes")
    talks = [
        _rows(base.with_columns(pl.lit(of_a).alias("by_a"), pl.col("id").alias("answers"), pl.Series("amount", np.rint(seconds)),
                                (pl.col("id") + "#talk:" + _party(pl.lit(of_a))).alias("id")), "talk", unit="seconds")
        for of_a, seconds in ((True, spoken * part), (False, spoken * (1 - part)))
    ]
    return pl.concat([meetings, attended, *talks])


def _papers(told: Hidden, world: World, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    relative = np.divide(told.pace, told.pace.mean(axis=1, keepdims=True), out=np.zeros_like(told.pace), where=told.pace > 0)
    return _where(rng.poisson(world.papers * np.minimum(relative, 3.0)))


def _later(told: Hidden, week: NDArray[np.int64], by: float) -> NDArray[np.int64]:
    """The week in which something falls due: an observation belongs there, and so does the balance that it shows."""
    due: NDArray[np.int64] = np.minimum(week + round(by), told.pace.shape[1] - 1)
    return due


def _sold_by_a(told: Hidden, relation: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
    seller = told.seller[relation]
    return np.where(seller == 2, rng.random(relation.size) < 0.5, seller == 0)  # noqa: PLR2004  both sell


def _invoices(told: Hidden, world: World, rng: np.random.Generator) -> pl.DataFrame:
    relation, week = _papers(told, world, rng)
    sold = _sold_by_a(told, relation, rng)
    share = logistic((told.slow["money"] + told.fast["money"])[relation, _later(told, week, CREDIT_DAYS / 7)])
    agreed = rng.random(relation.size) < on_the_day(logit(share))
    y = np.where(agreed, 0.5, np.clip(rng.beta(4 * share, 4 * (1 - share)), 0.01, 0.99))
    late = np.rint(CREDIT * (2 * y - 1) * np.where(sold, 1, -1))
    day = week * 7 + rng.integers(0, 5, relation.size)
    amount = np.round(np.exp(6.5 + rng.standard_normal(relation.size)), 2)
    base = pl.DataFrame({
        "relation": relation, "by_a": sold, "at": day * _DAY_US, "due": (day + CREDIT_DAYS) * _DAY_US, "amount": amount,
        "number": np.arange(relation.size) + 1,
    }).with_columns(pl.format("invoice:{}:{}:0", _party(pl.col("by_a")), "number").alias("id"))
    paid = base.with_columns(
        ~pl.col("by_a"), pl.Series("at", (day + CREDIT_DAYS + late).astype(np.int64) * _DAY_US), pl.col("id").alias("answers"),
        pl.format("payment{}", "number").alias("id"), pl.lit(None, pl.Int64).alias("due"))
    return pl.concat([_rows(base, "invoice", unit="EUR"), _rows(paid, "payment", unit="EUR")])


def _late_days(told: Hidden, relation: NDArray[np.int64], week: NDArray[np.int64], by_a: NDArray[np.bool_],
               rng: np.random.Generator) -> NDArray[np.float64]:
    """Whole working days after the promised day, where A delivers (B waits) or B does."""
    of_a, of_b = patience((told.slow["promises"] + told.fast["promises"])[relation, _later(told, week, PROMISED_DAYS / 5)])
    g = _g(np.where(by_a, of_b, of_a), rng)
    return np.floor(LATEST * g + rng.random(g.size))


def _deliveries(told: Hidden, world: World, rng: np.random.Generator) -> pl.DataFrame:
    relation, week = _papers(told, world, rng)
    sold = _sold_by_a(told, relation, rng)
    late = _late_days(told, relation, week, sold, rng)
    ordered = week * 5 + rng.integers(0, 5, relation.size)
    due = ordered + PROMISED_DAYS
    base = pl.DataFrame({
        "relation": relation, "by_a": sold, "at": _working_day(due + late.astype(np.int64)), "due": _working_day(due),
        "number": np.arange(relation.size) + 1, "amount": np.ones(relation.size),
    })
    party = _party(pl.col("by_a"))
    order = base.with_columns(~pl.col("by_a"), pl.Series("at", _working_day(ordered)), pl.format("order:{}:{}:0", party, "number").alias("id"))
    delivered = base.with_columns(pl.format("delivery:{}:{}:0", party, "number").alias("id"), pl.format("order:{}:{}:0", party, "number").alias("answers"))
    return pl.concat([_rows(order, "order", unit="count"), _rows(delivered, "delivery", unit="count")])


def _promises(told: Hidden, world: World, rng: np.random.Generator) -> pl.DataFrame:
    relation, week = _papers(told, world, rng)
    by_a = rng.random(relation.size) < 0.5  # noqa: PLR2004  both promise as often
    late = _late_days(told, relation, week, by_a, rng)
    made = week * 5 + rng.integers(0, 5, relation.size)
    due = made + PROMISED_DAYS
    base = pl.DataFrame({
        "relation": relation, "by_a": by_a, "at": _working_day(made), "due": _working_day(due), "amount": np.ones(relation.size),
        "number": np.arange(relation.size) + 1,
    }).with_columns(pl.format("promise{}", "number").alias("id"))
    kept = base.with_columns(
        pl.Series("at", _working_day(due + late.astype(np.int64))), pl.lit(None, pl.Int64).alias("due"), pl.col("id").alias("answers"),
        (pl.col("id") + "#kept").alias("id"))
    return pl.concat([_rows(base, "promise", unit="count"), _rows(kept, "promise_kept", unit="count")])


def _moment(hour: NDArray[np.float64]) -> NDArray[np.int64]:
    """Working hours from the first Monday → microseconds, to the second."""
    week, rest = np.divmod(hour, HOURS_A_WEEK)
    day, within = np.divmod(rest, HOURS_A_DAY)
    moment: NDArray[np.int64] = (week * _WEEK_US + day * _DAY_US + np.floor((OPENS + within) * 3600) * 1_000_000).astype(np.int64)
    return moment


def _working_day(day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Working days from the first Monday → microseconds at midnight."""
    week, rest = np.divmod(day, 5)
    moment: NDArray[np.int64] = week * _WEEK_US + rest * _DAY_US
    return moment


def _party(by_a: pl.Expr) -> pl.Expr:
    return pl.when(by_a).then(pl.lit(US)).otherwise(partner(pl.col("relation")))


def partner(relation: pl.Expr) -> pl.Expr:
    """The key of the other side of a relation."""
    return pl.format("partner-{}.example", (relation + 1).cast(pl.String).str.zfill(5))


def _rows(made: pl.DataFrame, kind: str, *, unit: str) -> pl.DataFrame:
    """Rows of one kind, with times still in microseconds from the first Monday."""
    absent = {"thread": pl.String, "answers": pl.String, "due": pl.Int64, "contact": pl.Int64, "counter": pl.Int64}
    made = made.with_columns(pl.lit(None, kind_).alias(name) for name, kind_ in absent.items() if name not in made.columns)
    by_a, relation = pl.col("by_a"), pl.col("relation")
    ours = pl.when(pl.col("contact").is_not_null()).then(pl.format("ours{}-{}", relation, "contact"))
    theirs = pl.when(pl.col("counter").is_not_null()).then(pl.format("theirs{}-{}", relation, "counter"))
    return made.select(
        "id", pl.col("at").cast(pl.Int64), _party(by_a).alias("giver"), _party(~by_a).alias("receiver"), pl.lit(kind).alias("kind"),
        pl.col("amount").cast(pl.Float64), pl.lit(unit).alias("unit"), pl.when(by_a).then(ours).otherwise(theirs).alias("person"),
        pl.when(by_a).then(theirs).otherwise(ours).alias("counter_person"), "thread", "answers", pl.col("due").cast(pl.Int64),
    )


def _as_ledger(rows: pl.DataFrame) -> pl.DataFrame:
    moment = pl.Datetime("us", "UTC")
    year = pl.col("at").cast(pl.Datetime("us")).dt.year().cast(pl.String)
    numbered = pl.col("kind").is_in(["invoice", "order", "delivery"])
    rows = rows.with_columns(pl.when(numbered).then(pl.col("id").str.replace(":0$", ":") + year).otherwise("id").alias("id"))
    of_paper = rows.filter(numbered).select(pl.col("id").str.replace(r"\d+$", "0").alias("answers"), pl.col("id").alias("_known")).unique("answers")
    rows = rows.join(of_paper, on="answers", how="left", maintain_order="left").with_columns(pl.coalesce("_known", "answers").alias("answers"))
    return rows.with_columns(
        pl.col("at").cast(moment), pl.col("due").cast(moment), pl.lit(value=True).alias("shared"),
        pl.concat_list(pl.lit("simulation#") + pl.col("id")).alias("evidence"), pl.col("id").alias("id_raw"), pl.col("giver").alias("giver_raw"),
        pl.col("receiver").alias("receiver_raw"), pl.col("answers").alias("answers_raw"), pl.col("unit").alias("unit_raw"),
        pl.lit([], pl.List(pl.String)).alias("references"), pl.lit(0, pl.Int64).alias("version"),
    ).select(pl.col(name).cast(kind) for name, kind in (SCHEMA | RAW).items())
