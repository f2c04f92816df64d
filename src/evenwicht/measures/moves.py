"""A person who worked for one firm and now writes from another: a contact that moved. Days and firms, nobody.

Two pseudonyms are one person where the importers say so (`ledger.people`). The firms stay two. Told is when the last word came
from the one and the first from the other: a cause of imbalance, for who answered there no longer does.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.ledger.identifiers import is_person
from evenwicht.ledger.people import same_people
from evenwicht.measures.contacts import KIND, LONGER, SILENCE_DAYS
from evenwicht.measures.weeks import end_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evenwicht.ledger.mentions import Mention

FEWEST_THERE, FEWEST_HERE = 3, 2
"""Conversations from the old firm, and from the new one, below which nothing is said."""

LATE_DAYS = 14
"""A last word from the old firm this long after the first from the new one is of the handing over."""

MOST_BETWEEN_DAYS = 365
"""Somebody who is away for longer did more than change firms, and the day of it is not known."""

SCHEMA = {"side": pl.String, "to": pl.String, "with": pl.String, "about": pl.Date, "low": pl.Date, "high": pl.Date}


def moves(events: pl.DataFrame, until: date | datetime, mentions: Iterable[Mention]) -> pl.DataFrame:
    """Contacts that moved from one firm to another, oldest first.

    events    rows of a ledger: at, giver, receiver, kind, thread, id, person, shared
    until     the last day that exists, inclusive
    mentions  of a ledger: which pseudonyms are one person

    Returns one row per person who moved and other side that heard from that person at both firms: side (the old firm), to (the new
    firm), with (that other side), about (the day of the first word from the new firm), low and high (the last day of the old firm
    and the first of the new, in order).
    """
    people = same_people(mentions)
    end = until if isinstance(until, datetime) else end_of(until)
    if not people:
        return pl.DataFrame(schema=SCHEMA)
    rows = events.filter((pl.col("kind") == KIND) & pl.col("person").is_in(list(people)) & (pl.col("at") <= end) & pl.col("shared"))
    rows = rows.select(
        pl.col("person").replace_strict(people, return_dtype=pl.String).alias("who"), "person", pl.col("giver").alias("firm"),
        pl.col("receiver").alias("with"), pl.coalesce("thread", "id").alias("talk"), "at")
    rows = rows.filter(pl.col("person").n_unique().over("who") > 1, pl.col("firm").n_unique().over("who") > 1)
    found = []
    for (_who,), part in rows.sort("at", "talk").group_by("who", maintain_order=True):
        found += _moves_of(part, end)
    return pl.DataFrame(found, schema=SCHEMA, orient="row").unique().sort("about", "side", "to", "with")


def _moves_of(rows: pl.DataFrame, end: datetime) -> list[tuple[str, str, str, date, date, date]]:
    """The moves of one person; rows in order of time."""
    talks = rows.group_by("firm", "talk").agg(pl.col("at").min())
    stays = rows.group_by("firm").agg(pl.col("at").min().alias("first"), pl.col("at").max().alias("last")).join(
        talks.group_by("firm").agg(pl.len().alias("talks"), pl.col("at").sort().diff().max().alias("gap")), on="firm").sort("first", "firm")
    found = []
    firms = [row for row in stays.iter_rows(named=True) if not is_person(row["firm"])]
    for old, new in pairwise(firms):
        if old["talks"] >= FEWEST_THERE and new["talks"] >= FEWEST_HERE and _followed(old, new, end):
            first, last = new["first"].date(), old["last"].date()
            found += [(old["firm"], new["firm"], other, first, min(first, last), max(first, last))
                      for other in sorted(_heard(rows, old["firm"]) & _heard(rows, new["firm"]))]
    return found


def _heard(rows: pl.DataFrame, firm: str) -> set[str]:
    """Who heard from the person at a firm."""
    return set(rows.filter(pl.col("firm") == firm)["with"])


def _followed(old: dict[str, Any], new: dict[str, Any], end: datetime) -> bool:
    """Whether the old firm fell silent about when the new one began to be heard."""
    gap = old["gap"] if isinstance(old["gap"], timedelta) else timedelta(0)
    last: datetime = old["last"]
    first: datetime = new["first"]
    return (-timedelta(days=LATE_DAYS) <= first - last <= timedelta(days=MOST_BETWEEN_DAYS)
            and end - last > max(timedelta(days=SILENCE_DAYS), LONGER * gap))
