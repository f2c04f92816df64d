"""What the axes work on: the shared events up to `until`, with whole numbers for names and moments, and what was covered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from evenwicht.measures import codes
from evenwicht.measures.calendars import Calendars
from evenwicht.measures.coverage import Covered
from evenwicht.measures.weeks import FIRST_MONDAY_US, WEEK_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.ledger.coverage import Coverage

    Frame = nw.DataFrame[Any]

_NEEDED = ("id", "at", "giver", "receiver", "kind", "amount", "unit", "thread", "answers", "due", "shared", "person", "counter_person")
_PARTIES = ("giver", "receiver", "a", "b", "debtor", "creditor")


@dataclass(frozen=True, slots=True)
class Facts:
    """Events of relations, ready for the axes, sorted by pair and then in the order of the ledger.

    events      place        row in the ledger: the order in time, and where there is a tie the order of the ids
                t, due_t     µs UTC
                giver, receiver   codes: places in `parties`
                kind, unit   words
                amount
                id, thread, answers   codes (`measures.codes`); null where there is none
                pair         the two sides in order as one number (`pair_of`)
                cell         pair and week as one number (`cell_of`): the frame is sorted by it
                by_a         the first of the pair is the giver
                present      both directions of the kind are covered in that week, and everyone in it could be heard;
                seen_there, seen_back, unheard: the three parts of it
    until_us    the last microsecond that exists for this run
    parties     names in order
    first_week, weeks   what the weeks of a cell are counted from, and how many there are
    ids         the ledger's ids by place
    lost        (a, b, party), names: relations where colleagues of `party` take part whose mailbox was not read
    """

    events: Frame
    until_us: int
    covered: Covered
    parties: tuple[str, ...]
    first_week: int
    weeks: int
    ids: pl.Series
    calendars: Calendars = field(default_factory=Calendars)
    lost: frozenset[tuple[str, str, str]] = frozenset()

    def of(self, *kinds: str) -> Frame:
        """The covered events of some kinds."""
        return self.events.filter(nw.col("kind").is_in(kinds) & nw.col("present"))

    def any_of(self, *kinds: str) -> Frame:
        """All events of some kinds, covered or not: what the axis could have been about."""
        return self.events.filter(nw.col("kind").is_in(kinds))

    def pair_of(self, a: nw.Expr, b: nw.Expr) -> nw.Expr:
        """Two codes, the lower one first, as one number in the order of (a, b)."""
        return a * len(self.parties) + b

    def cell_of(self, pair: nw.Expr, week: nw.Expr) -> nw.Expr:
        """Pair and week as one number, in the order of (pair, week)."""
        return pair * self.weeks + (week - self.first_week)

    def sides(self, pairs: pl.Series) -> pl.DataFrame:
        """The names a and b of pairs."""
        return pl.DataFrame({"a": codes.decoded(pairs // len(self.parties), self.parties),
                             "b": codes.decoded(pairs % len(self.parties), self.parties)})

    def named(self, frame: Frame | None = None) -> pl.DataFrame:
        """Rows of the events, or of what an axis made of them, with names for codes and ids for places; in the ledger's order."""
        native = pl.DataFrame((self.events if frame is None else frame).to_native())
        if "pair" in native.columns:
            native = native.with_columns(self.sides(native["pair"])).drop("pair")
        if "cell" in native.columns:
            native = native.with_columns((pl.col("cell") % self.weeks + self.first_week).alias("week")).drop("cell")
        whole = [name for name in _PARTIES if name in native.columns and native.schema[name] != pl.String]
        native = native.with_columns(codes.decoded(native[name], self.parties).alias(name) for name in whole)
        if "place" in native.columns:
            native = native.sort("place").with_columns(pl.col("place").map_batches(self.ids.gather, pl.String).alias("id"))
        return native


def facts_of(
    events: Frame, coverage: Sequence[Coverage] | None, *, until_us: int, persons: Sequence[str] = (),
    calendars: Calendars | None = None, private: bool = False,
) -> Facts:
    """Prepare a ledger's rows.

    persons: keys of free-mail correspondents, who are in no relation. private: count unshared facts too.
    """
    rows = codes.ordered(pl.DataFrame(events.to_native()))
    kept, parties = _kept(rows, until_us, persons, private=private)
    earliest = kept.select(pl.min_horizontal(pl.col("t").min(), pl.col("due_t").min())).item()
    first_week = _week(until_us if earliest is None else earliest)
    weeks = max(_week(until_us) - first_week, 0) + 1
    codes.fits(len(parties), weeks)
    pair = pl.min_horizontal("giver", "receiver") * len(parties) + pl.max_horizontal("giver", "receiver")
    week = (pl.col("t") - FIRST_MONDAY_US) // WEEK_US
    kept = kept.with_columns(
        pair.alias("pair"), (pl.col("giver") < pl.col("receiver")).alias("by_a"), (pair * weeks + (week - first_week)).alias("cell"),
    ).sort("cell", maintain_order=True)
    covered = Covered(coverage, parties)
    seen = covered.weeks_seen(kept.with_columns(week.alias("week")))
    seen, lost = covered.heard(seen)
    seen = seen.drop("person", "counter_person", "week").with_columns(
        (pl.col("seen_there") & pl.col("seen_back") & ~pl.col("unheard")).alias("present"))
    return Facts(nw.from_native(seen, eager_only=True), until_us, covered, parties, first_week, weeks, rows["id"],
                 (calendars or Calendars()).of(parties), frozenset(lost))


def _kept(rows: pl.DataFrame, until_us: int, persons: Sequence[str], *, private: bool) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows that count, with codes for names and identities; and the parties in order."""
    counts = pl.col("at").dt.timestamp("us") <= until_us
    if not private:
        counts &= pl.col("shared")
    if persons:
        counts &= ~pl.col("giver").is_in(persons) & ~pl.col("receiver").is_in(persons)
    needed = rows.select(*_NEEDED, pl.int_range(pl.len()).alias("place")).filter(counts)
    parties = codes.names_in(needed)
    return needed.select(
        "place", pl.col("at").dt.timestamp("us").alias("t"), pl.col("due").dt.timestamp("us").alias("due_t"), "amount", "person",
        "counter_person", codes.few_words(needed["kind"]), codes.few_words(needed["unit"]), *codes.party_codes(needed, parties),
        *codes.identities(needed),
    ), parties


def _week(moment: int) -> int:
    return (moment - FIRST_MONDAY_US) // WEEK_US
