"""Which weeks of which relation a source would have shown. Outside them nothing is counted: unknown is not zero.

CONTRACT, Coverage: an axis uses, per relation, only weeks in which both directions of its kinds are covered; an
opportunity counts only if its answer would have been seen.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from evenwicht.measures.weeks import DAY_US, WEEK_US, microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evenwicht.ledger.coverage import Coverage

EVERYONE = "*"
COLLEAGUES = 0.1
"""Share of a relation's mail that may involve a colleague whose mailbox was not read; beyond it the relation's mail is
not covered. A tenth is noise of copies; more is a second voice that cannot be heard."""

_PERSONAL = ("message", "question")


@dataclass(frozen=True, slots=True)
class _Span:
    party: str
    kind: str
    way: str
    start: int
    end: int


class Covered:
    """What all sources together would have shown. `None` as entries: everything."""

    def __init__(self, entries: Sequence[Coverage] | None) -> None:
        self.complete = entries is None
        self._spans = _spans(entries or ())
        self._persons = _persons(entries or ())
        self._ends: dict[tuple[str, str, str], int] = defaultdict(int)
        for span in self._spans:
            key = (span.party, span.kind, span.way)
            self._ends[key] = max(self._ends[key], span.end)

    def ends(self, giver: str, receiver: str, kind: str) -> int | None:
        """Last moment (µs) at which an event of this kind from giver to receiver would have been seen; None = never."""
        found = max(self._ends.get((giver, kind, "given"), 0), self._ends.get((receiver, kind, "received"), 0),
                    self._ends.get((EVERYONE, kind, "given"), 0), self._ends.get((EVERYONE, kind, "received"), 0))
        return found or None

    def weeks_seen(self, events: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
        """Add `seen_there` and `seen_back`: whether this week would have shown this kind in the event's direction, and
        in the other. Needs columns giver, receiver, kind, week.
        """
        if self.complete:
            return events.with_columns(nw.lit(value=True).alias("seen_there"), nw.lit(value=True).alias("seen_back"))
        rows: set[tuple[str, str, str, int]] = set()
        first, last = _bounds(events)
        for span in self._spans:
            start, end = max(_week(span.start), first), min(_week(span.end), last)
            rows.update((span.party, span.kind, span.way, week) for week in range(start, end + 1))
        backend = nw.get_native_namespace(events)
        ordered = sorted(rows)
        table = nw.from_dict(
            {"_party": [r[0] for r in ordered], "kind": [r[1] for r in ordered], "_way": [r[2] for r in ordered],
             "week": [r[3] for r in ordered]},
            schema={"_party": nw.String(), "kind": nw.String(), "_way": nw.String(), "week": nw.Int64()}, backend=backend,
        )
        everyone = table.filter(nw.col("_party") == EVERYONE).select("kind", "week").unique().with_columns(
            nw.lit(value=True).alias("_all"))
        events = events.join(everyone, on=["kind", "week"], how="left")
        found = []
        for name, party, way in (("_gg", "giver", "given"), ("_rr", "receiver", "received"),
                                 ("_rg", "receiver", "given"), ("_gr", "giver", "received")):
            part = table.filter((nw.col("_way") == way) & (nw.col("_party") != EVERYONE)).select(
                nw.col("_party").alias(party), "kind", "week", nw.lit(value=True).alias(name))
            events = events.join(part, on=[party, "kind", "week"], how="left")
            found.append(name)
        yes = {name: nw.col(name).fill_null(value=False) for name in [*found, "_all"]}
        return events.with_columns(
            (yes["_all"] | yes["_gg"] | yes["_rr"]).alias("seen_there"),
            (yes["_all"] | yes["_rg"] | yes["_gr"]).alias("seen_back"),
        ).drop(*found, "_all")

    def answer_end(self, waiting: nw.DataFrame[Any], kind: str, until_us: int) -> nw.DataFrame[Any]:
        """Add `seen_until`: up to when (µs) an event of `kind` from `debtor` to `creditor` that follows `t` would have
        been seen without a break; null where it would not have been seen at `t`.
        """
        if self.complete:
            return waiting.with_columns(nw.lit(until_us).alias("seen_until"))
        pairs = waiting.select("debtor", "creditor").unique()
        rows: list[tuple[str, str, int, int]] = []
        for debtor, creditor in pairs.iter_rows():
            spans = [
                (span.start, span.end) for span in self._spans
                if span.kind == kind and ((span.way == "given" and span.party in {debtor, EVERYONE})
                                          or (span.way == "received" and span.party in {creditor, EVERYONE}))
            ]
            rows.extend((debtor, creditor, start, min(end, until_us)) for start, end in _merged(spans) if start <= until_us)
        table = nw.from_dict(
            {"debtor": [r[0] for r in rows], "creditor": [r[1] for r in rows], "_from": [r[2] for r in rows],
             "seen_until": [r[3] for r in rows]},
            schema={"debtor": nw.String(), "creditor": nw.String(), "_from": nw.Int64(), "seen_until": nw.Int64()},
            backend=nw.get_native_namespace(waiting),
        )
        numbered = waiting.with_row_index("_row")
        matched = (
            numbered.select("_row", "debtor", "creditor", "t").join(table, on=["debtor", "creditor"], how="inner")
            .filter((nw.col("t") >= nw.col("_from")) & (nw.col("t") <= nw.col("seen_until")))
            .group_by("_row").agg(nw.col("seen_until").max())
        )
        return numbered.join(matched, on="_row", how="left").drop("_row")

    def heard(self, events: nw.DataFrame[Any]) -> tuple[nw.DataFrame[Any], set[tuple[str, str, str]]]:
        """Leave out mail with a colleague whose mailbox was not read, and name the relations where that is too much.

        Returns the events with a column `unheard`, and (a, b, party) for relations whose mail of `party` is not covered.
        """
        events = events.with_columns(nw.lit(value=False).alias("unheard"))
        lost: set[tuple[str, str, str]] = set()
        for party, known in sorted(self._persons.items()):
            for mine, side in (("giver", "person"), ("receiver", "counter_person")):
                here = (nw.col(mine) == party) & nw.col("kind").is_in(_PERSONAL)
                values = events.filter(here & ~nw.col(side).is_null())[side].unique().to_list()
                absent = [value for value in values if not set(value.split()) <= known]
                if absent:
                    events = events.with_columns((nw.col("unheard") | (here & nw.col(side).is_in(absent))).alias("unheard"))
            mail = events.filter(((nw.col("giver") == party) | (nw.col("receiver") == party)) & (nw.col("kind") == "message"))
            shares = mail.group_by("a", "b").agg(nw.col("unheard").mean().alias("share"))
            lost |= {(a, b, party) for a, b in shares.filter(nw.col("share") > COLLEAGUES).select("a", "b").iter_rows()}
        return events, lost


def _bounds(events: nw.DataFrame[Any]) -> tuple[int, int]:
    if events.shape[0] == 0:
        return 0, -1
    return int(events["week"].min()), int(events["week"].max())


def _week(moment: int) -> int:
    return (moment - 4 * DAY_US) // WEEK_US


def _spans(entries: Iterable[Coverage]) -> list[_Span]:
    """One span per party, kind and way, with neighbours joined where they touch within a week (a weekend, a holiday)."""
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for entry in entries:
        ways = ("given", "received") if entry.sees == "both" else (entry.sees,)
        for kind in entry.kinds:
            for way in ways:
                found[(entry.party or EVERYONE, kind, way)].append((microseconds(entry.start), microseconds(entry.end)))
    return [_Span(*key, start, end) for key, spans in sorted(found.items()) for start, end in _merged(spans)]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + WEEK_US:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _persons(entries: Iterable[Coverage]) -> dict[str, set[str]]:
    """Parties that are covered through the mailboxes of certain persons only, and those persons."""
    whole: set[str] = set()
    persons: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.party is None or not set(entry.kinds) & set(_PERSONAL):
            continue
        if entry.person is None:
            whole.add(entry.party)
        else:
            persons[entry.party].add(entry.person)
    return {party: known for party, known in persons.items() if party not in whole}


