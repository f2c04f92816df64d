"""Which weeks of which relation a source would have shown. Outside them nothing is counted: unknown is not zero.

CONTRACT, Coverage: an axis uses, per relation, only weeks in which both directions of its kinds are covered; an
opportunity counts only if its answer would have been seen.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from evenwicht.measures.weeks import DAY_US, WEEK_US, microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from evenwicht.ledger.coverage import Coverage

    Codes = NDArray[np.int64]

EVERYONE = "*"
COLLEAGUES = 0.1
"""Share of a relation's mail that may involve a colleague whose mailbox was not read; beyond it the relation's mail is
not covered. A tenth is noise of copies; more is a second voice that cannot be heard."""

_PERSONAL = ("message", "question")


_WIDE = 2**32
"""Room for the weeks of one party in a packed key of party and week."""


class Covered:
    """What all sources together would have shown. `None` as entries: everything."""

    def __init__(self, entries: Sequence[Coverage] | None, parties: Sequence[str] = ()) -> None:
        """parties: the names that the codes in tables stand for."""
        self.complete = entries is None
        self._parties = parties
        self._code = {party: code for code, party in enumerate(parties)} if entries is not None else {}
        self._persons = _persons(entries or ())
        self._spans: dict[tuple[str, str], dict[str, list[tuple[int, int]]]] = defaultdict(dict)
        for (party, kind, way), spans in _spans(entries or ()).items():
            self._spans[kind, way][party] = spans

    def ends(self, giver: str, receiver: str, kind: str) -> int | None:
        """Last moment (µs) at which an event of this kind from giver to receiver would have been seen; None = never."""
        known = [
            spans[-1][1] for way, party in (("given", giver), ("received", receiver)) for spans in (
                self._spans[kind, way].get(party), self._spans[kind, way].get(EVERYONE)) if spans]
        return max((0, *known)) or None

    def ends_of(self, givers: Codes, receivers: Codes, kind: str) -> Codes:
        """`ends` for many; 0 where it would never have been seen."""
        return np.maximum(self._last_of(kind, "given")[givers], self._last_of(kind, "received")[receivers])

    def _last_of(self, kind: str, way: str) -> Codes:
        """The last moment of a kind and way by party, through everyone's coverage too; 0 where there is none."""
        spans = self._spans[kind, way]
        last = np.full(len(self._parties), max(spans[EVERYONE][-1][1], 0) if EVERYONE in spans else 0, np.int64)
        for party, own in spans.items():
            code = self._code.get(party)
            if code is not None:
                last[code] = max(last[code], own[-1][1])
        return last

    def weeks_seen(self, events: pl.DataFrame, kind: str | None = None) -> pl.DataFrame:
        """Add `seen_there` and `seen_back`: whether this week would have shown this kind in the event's direction, and
        in the other. Needs columns giver, receiver (codes), kind and week; `kind` asks as if all were of that kind.
        """
        if self.complete:
            return events.with_columns(pl.lit(value=True).alias("seen_there"), pl.lit(value=True).alias("seen_back"))
        giver, receiver, week = (events[name].to_numpy() for name in ("giver", "receiver", "week"))
        there, back = np.zeros(events.height, bool), np.zeros(events.height, bool)
        kinds = [kind] if kind is not None else events["kind"].unique().cast(pl.String).to_list()
        for one in kinds:
            chosen = np.arange(events.height) if kind is not None else np.flatnonzero((events["kind"] == one).to_numpy())
            a, b, at = giver[chosen], receiver[chosen], week[chosen]
            there[chosen] = self._seen(one, "given", a, at) | self._seen(one, "received", b, at)
            back[chosen] = self._seen(one, "given", b, at) | self._seen(one, "received", a, at)
        return events.with_columns(pl.Series("seen_there", there), pl.Series("seen_back", back))

    def _seen(self, kind: str, way: str, party: Codes, week: Codes) -> NDArray[np.bool_]:
        """Whether each party's events of a kind and way in each week are covered."""
        result = np.zeros(len(party), bool)
        rows: list[tuple[int, int, int]] = []
        for name, spans in self._spans[kind, way].items():
            weeks = [(_week(start), _week(end)) for start, end in spans]
            if name == EVERYONE:
                starts, ends = np.array(weeks, np.int64).T
                place = np.searchsorted(starts, week, side="right") - 1
                result |= (place >= 0) & (week <= ends[np.maximum(place, 0)])
            elif name in self._code:
                rows.extend((self._code[name], start, end) for start, end in weeks)
        if rows:
            rows.sort()
            owner, starts, ends = np.array(rows, np.int64).T
            place = np.searchsorted(owner * _WIDE + starts, party * _WIDE + week, side="right") - 1
            at = np.maximum(place, 0)
            result |= (place >= 0) & (owner[at] == party) & (week <= ends[at])
        return result

    def answer_end(self, waiting: nw.DataFrame[Any], kind: str, until_us: int) -> nw.DataFrame[Any]:
        """Add `seen_until`: up to when (µs) an event of `kind` from `debtor` to `creditor` that follows `t` would have
        been seen without a break; null where it would not have been seen at `t`.
        """
        if self.complete:
            return waiting.with_columns(nw.lit(until_us).alias("seen_until"))
        given, given_set = self._sets(kind, "given", waiting["debtor"].to_numpy())
        received, received_set = self._sets(kind, "received", waiting["creditor"].to_numpy())
        both = given_set * len(received) + received_set
        moment = waiting["t"].to_numpy()
        order = np.argsort(both, kind="stable")
        borders = np.flatnonzero(np.diff(both[order], prepend=-1))
        end = np.full(len(moment), -1, np.int64)
        seen = np.zeros(len(moment), bool)
        for rows in np.split(order, borders[1:]) if len(order) else ():
            one, other = divmod(int(both[rows[0]]), len(received))
            spans = np.array([span for span in _merged((*given[one], *received[other])) if span[0] <= until_us], np.int64)
            if len(spans) == 0:
                continue
            starts, ends = spans.T
            place = np.searchsorted(starts, moment[rows], side="right") - 1
            end[rows] = np.minimum(ends[np.maximum(place, 0)], until_us)
            seen[rows] = (place >= 0) & (moment[rows] <= end[rows])
        native = nw.get_native_namespace(waiting)
        return waiting.with_columns(
            nw.new_series("seen_until", end, nw.Int64(), backend=native), nw.new_series("_seen", seen, nw.Boolean(), backend=native),
        ).with_columns(nw.when(nw.col("_seen")).then(nw.col("seen_until")).alias("seen_until")).drop("_seen")

    def _sets(self, kind: str, way: str, party: Codes) -> tuple[list[tuple[tuple[int, int], ...]], Codes]:
        """The different sets of spans there are for a kind and way, with everyone's in each; and each row's set."""
        spans = self._spans[kind, way]
        everyone = tuple(spans.get(EVERYONE, ()))
        sets = {everyone: 0}
        of_party = np.zeros(len(self._parties), np.int64)
        for name, own in spans.items():
            if name in self._code:
                of_party[self._code[name]] = sets.setdefault((*own, *everyone), len(sets))
        return list(sets), of_party[party]

    def heard(self, events: pl.DataFrame) -> tuple[pl.DataFrame, set[tuple[str, str, str]]]:
        """Leave out mail with a colleague whose mailbox was not read, and all mail of relations where that is too much.

        Returns the events with a column `unheard`, and (a, b, party), by name, for relations whose mail of `party` is
        not covered. Needs columns giver, receiver, pair (codes), kind, person and counter_person.
        """
        known = {self._code[party]: persons for party, persons in self._persons.items() if party in self._code}
        if not known:
            return events.with_columns(pl.lit(value=False).alias("unheard")), set()
        unheard = pl.Series("unheard", np.zeros(events.height, bool))
        personal = events["kind"].is_in(_PERSONAL)
        lost: set[tuple[str, str, str]] = set()
        gone: list[int] = []
        for party, persons in sorted(known.items()):
            for mine, side in (("giver", "person"), ("receiver", "counter_person")):
                here = (events[mine] == party) & personal
                values = events[side].filter(here).drop_nulls().unique().to_list()
                absent = [value for value in values if not set(value.split()) <= persons]
                if absent:
                    unheard = unheard | (here & events[side].is_in(absent).fill_null(value=False))
            theirs = ((events["giver"] == party) | (events["receiver"] == party)) & (events["kind"] == "message")
            mail = pl.DataFrame({"pair": events["pair"], "unheard": unheard}).filter(theirs)
            shares = mail.group_by("pair").agg(pl.col("unheard").mean().alias("share"))
            for pair in shares.filter(pl.col("share") > COLLEAGUES)["pair"].to_list():
                a, b = divmod(pair, len(self._parties))
                lost.add((self._parties[a], self._parties[b], self._parties[party]))
                gone.append(pair)
        if gone:
            unheard = unheard | (events["pair"].is_in(gone) & personal)
        return events.with_columns(unheard.alias("unheard")), lost


def _week(moment: int) -> int:
    return (moment - 4 * DAY_US) // WEEK_US


def _spans(entries: Iterable[Coverage]) -> dict[tuple[str, str, str], list[tuple[int, int]]]:
    """The spans of each party, kind and way, with neighbours joined where they touch within a week (a weekend, a holiday)."""
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for entry in entries:
        ways = ("given", "received") if entry.sees == "both" else (entry.sees,)
        for kind in entry.kinds:
            for way in ways:
                found[(entry.party or EVERYONE, kind, way)].append((microseconds(entry.start), microseconds(entry.end)))
    return {key: _merged(spans) for key, spans in found.items()}


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


