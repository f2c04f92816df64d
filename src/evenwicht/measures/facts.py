"""What the axes work on: the shared events up to `until`, with whole-number times and what was covered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw

from evenwicht.measures.calendars import Calendars
from evenwicht.measures.coverage import Covered
from evenwicht.measures.weeks import week_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.ledger.coverage import Coverage

    Frame = nw.DataFrame[Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """Events of relations, ready for the axes.

    events      columns id, t (µs UTC), giver, receiver, kind, amount, unit, thread, answers, due_t (µs), week, a, b
                (the pair in order), present (both directions of the kind are covered in that week, and everyone in
                it could be heard)
    until_us    the last microsecond that exists for this run
    lost        (a, b, party): relations where colleagues of `party` take part whose mailbox was not read
    """

    events: Frame
    until_us: int
    covered: Covered
    calendars: Calendars = field(default_factory=Calendars)
    lost: frozenset[tuple[str, str, str]] = frozenset()

    def of(self, *kinds: str) -> Frame:
        """The covered events of some kinds."""
        return self.events.filter(nw.col("kind").is_in(kinds) & nw.col("present"))

    def any_of(self, *kinds: str) -> Frame:
        """All events of some kinds, covered or not: what the axis could have been about."""
        return self.events.filter(nw.col("kind").is_in(kinds))


def facts_of(
    events: Frame, coverage: Sequence[Coverage] | None, *, until_us: int, persons: Sequence[str] = (),
    calendars: Calendars | None = None, private: bool = False,
) -> Facts:
    """Prepare a ledger's rows.

    persons: keys of free-mail correspondents, who are in no relation. private: count unshared facts too.
    """
    kept = events.select(
        "id", "giver", "receiver", "kind", "amount", "unit", "thread", "answers", "shared", "person", "counter_person",
        nw.col("at").dt.timestamp("us").alias("t"), nw.col("due").dt.timestamp("us").alias("due_t"),
    ).filter(nw.col("t") <= until_us)
    if not private:
        kept = kept.filter(nw.col("shared"))
    if persons:
        kept = kept.filter(~nw.col("giver").is_in(persons) & ~nw.col("receiver").is_in(persons))
    kept = kept.with_columns(
        week_of(nw.col("t")).alias("week"),
        nw.min_horizontal("giver", "receiver").alias("a"), nw.max_horizontal("giver", "receiver").alias("b"),
    )
    covered = Covered(coverage)
    kept = covered.weeks_seen(kept)
    kept, lost = covered.heard(kept)
    kept = kept.with_columns((nw.col("seen_there") & nw.col("seen_back") & ~nw.col("unheard")).alias("present"))
    if lost:
        gone = nw.from_dict({"a": [r[0] for r in sorted(lost)], "b": [r[1] for r in sorted(lost)],
                             "_lost": [True] * len(lost)}, backend=nw.get_native_namespace(kept)).unique(["a", "b"])
        mail = nw.col("kind").is_in(("message", "question"))
        kept = kept.join(gone, on=["a", "b"], how="left").with_columns(
            (nw.col("present") & ~(nw.col("_lost").fill_null(value=False) & mail)).alias("present")).drop("_lost")
    return Facts(kept, until_us, covered, calendars or Calendars(), frozenset(lost))
