"""Assess a ledger that has grown: only the relations whose facts changed, and the portfolio's figures again.

No figure of a relation depends on another relation (METHOD §3, law 3), so what did not change may stay. What a relation's
figures depend on: its events, what is known about its two parties, what their sources cover up to `until`, our own key,
the parameters, and `until` itself, from which every figure is looked back at. With another `until`, other parameters or
another key of ours, all relations are assessed anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.engines.local import assess, found_of, ledger_of, until_of
from evenwicht.errors import WrongCall
from evenwicht.ledger.groups import rolled_up
from evenwicht.ledger.table import SCHEMA, Ledger
from evenwicht.measures.parameters import ParameterSet
from evenwicht.measures.weeks import end_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from evenwicht.ledger.coverage import Coverage
    from evenwicht.measures.found import Found

_LOOKED_AT = tuple(name for name in SCHEMA if name != "evidence")
"""Columns that a figure may depend on."""

_PAIR = ["a", "b"]


def assess_again(
    earlier: Found, ledger: Ledger | Any, until: date | str | None = None, *, parameters: ParameterSet | None = None,
    today: date | None = None,
) -> Found:
    """The result of `assess` on a ledger, with what stayed the same taken from an earlier result.

    earlier   a result of `assess`, or of this function, on the ledger as it was; its options hold (private,
              working_calendars, roll_up)
    the rest  as for `assess`

    The relations are equal to those of a full run to the last bit. Raises what `assess` raises.
    """
    given = ledger_of(ledger)
    book = rolled_up(given) if earlier.options["roll_up"] else given
    chosen = parameters or ParameterSet.shipped()
    last = until_of(book, until, today)
    private, hours = earlier.options["private"], earlier.options["working_calendars"]
    if last != earlier.until or book.us != earlier.us or chosen.sha256 != earlier.parameters["sha256"]:
        anew = assess(book, last, parameters=chosen, private=private, working_calendars=hours)
        return replace(anew, options=earlier.options)
    touched = changed(earlier.ledger, book, end_of(last))
    if touched.height == 0:
        return replace(earlier, ledger=book)
    part = _with_pair(book.events).join(touched, on=_PAIR, how="semi", maintain_order="left").drop(_PAIR)
    kept_relations = earlier.relations.join(touched, on=_PAIR, how="anti")
    try:
        fresh = assess(book.with_events(part), last, parameters=chosen, private=private, working_calendars=hours)
    except WrongCall:  # nothing is left between those pairs
        anew = assess(book, last, parameters=chosen, private=private, working_calendars=hours)
        return replace(anew, options=earlier.options)
    gone = set(touched.iter_rows())
    needs = {key: phrases for key, phrases in earlier.axis_needs.items() if key[:2] not in gone} | dict(fresh.axis_needs)

    def history(pairs: Sequence[tuple[str, str]] | None) -> pl.DataFrame:
        wanted = None if pairs is None else {tuple(sorted(pair)) for pair in pairs}
        stayed = [(a, b) for a, b in kept_relations.select(_PAIR).iter_rows() if wanted is None or (a, b) in wanted]
        parts = [found.smoother(some) for found, some in ((earlier, stayed), (fresh, pairs)) if found.smoother is not None]
        return pl.concat(parts).sort("axis", "a", "b", "week")

    relations = pl.concat([kept_relations, fresh.relations]).sort(_PAIR)
    axes = pl.concat([earlier.axes.join(touched, on=_PAIR, how="anti"), fresh.axes]).sort("a", "b", "axis")
    found = found_of(book, last, chosen, relations, axes, needs, history, earlier.options)
    return replace(found, turner=lambda: pl.concat([earlier.turns.join(touched, on=_PAIR, how="anti"), fresh.turns]).sort(_PAIR),
                   looper=lambda: {pair: sides for pair, sides in earlier.loops.items() if pair not in gone} | fresh.loops)


def changed(before: Ledger, after: Ledger, end: datetime) -> pl.DataFrame:
    """The pairs (a, b) about which two ledgers say different things up to a moment, sorted."""
    one, other = (_prints(_with_pair(ledger.events.filter(pl.col("at") <= end))) for ledger in (before, after))
    joined = one.join(other, on=_PAIR, how="full", coalesce=True)
    same = (pl.col("_sum") == pl.col("_sum_right")) & (pl.col("_count") == pl.col("_count_right"))
    touched = ~same.fill_null(value=False)
    elsewhere = _seen_otherwise(before.coverage, after.coverage, end)
    known = {key for key in {*before.parties, *after.parties} if before.parties.get(key) != after.parties.get(key)}
    of_parties = pl.Series(sorted(known | {party for party in elsewhere if party is not None}), dtype=pl.String)
    if len(of_parties):
        touched = touched | pl.any_horizontal(pl.col(*_PAIR).is_in(of_parties.implode()))
    return joined.filter(touched | (None in elsewhere)).select(_PAIR).sort(_PAIR)


def _with_pair(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns(pl.min_horizontal("giver", "receiver").alias("a"), pl.max_horizontal("giver", "receiver").alias("b"))


def _prints(events: pl.DataFrame) -> pl.DataFrame:
    """A print of each pair's events: how many, and the sum of the hashes of their rows (it wraps around)."""
    return events.select(*_PAIR, pl.struct(_LOOKED_AT).hash().alias("_hash")).group_by(_PAIR).agg(
        pl.col("_hash").sum().alias("_sum"), pl.len().alias("_count"))


def _seen_otherwise(before: Sequence[Coverage] | None, after: Sequence[Coverage] | None, end: datetime) -> set[str | None]:
    """The parties whose sources state something else up to a moment; None among them: everyone's."""
    if before is None or after is None:
        return set() if before is after else {None}
    return {entry.party for entry in {_up_to(entry, end) for entry in before} ^ {_up_to(entry, end) for entry in after}}


def _up_to(entry: Coverage, end: datetime) -> Coverage:
    """What a statement says up to a moment; of what begins later, only that it does."""
    later = end + timedelta(microseconds=1)
    return replace(entry, start=min(entry.start, later), end=min(entry.end, later), source="", identifier=None)
