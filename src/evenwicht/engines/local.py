"""Assess a ledger in this process: every axis, every relation, then one verdict each."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from evenwicht import registry
from evenwicht.engines import home
from evenwicht.errors import WrongCall
from evenwicht.ledger.groups import rolled_up
from evenwicht.ledger.resolve import one_row_each
from evenwicht.ledger.table import MOMENT, Ledger, validated
from evenwicht.measures import needs as wanted
from evenwicht.measures.axis_table import AxisTable, axis_table, smoothed_history
from evenwicht.measures.calendars import Calendars
from evenwicht.measures.facts import Facts, facts_of
from evenwicht.measures.found import Found
from evenwicht.measures.influence import Moved, influence
from evenwicht.measures.loops import loops
from evenwicht.measures.observations import observe
from evenwicht.measures.open_ends import open_ends
from evenwicht.measures.parameters import ParameterSet
from evenwicht.measures.relations import relation_rows
from evenwicht.measures.speed import MOVES, speeds
from evenwicht.measures.turns import turns
from evenwicht.measures.weeks import end_of, microseconds, week_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evenwicht.ledger.problems import Problem
    from evenwicht.phrase import Phrase

log = logging.getLogger(__name__)

UNTIL_KINDS = ("message", "talk", "invoice", "payment", "delivery", "order")
"""Kinds whose latest event is the default `until` (CONTRACT)."""


def assess(
    ledger: Ledger | Any, until: date | str | None = None, *, parameters: ParameterSet | None = None,
    private: bool = False, working_calendars: bool = True, today: date | None = None, roll_up: bool = False,
    advance: Callable[[str], None] = lambda _step: None,
) -> Found:
    """Judge every relation of a ledger.

    ledger       a `Ledger`, or a Polars, pandas or Arrow table with the columns of the schema
    until        the last day that exists for this run, inclusive, end of day UTC; default: the day of the latest
                 message, talk, invoice, payment, delivery or order, not after `today`
    parameters   None = the shipped set, the only one for anything the other side may see
    private      count facts that are not shared, too
    working_calendars   False: Monday to Friday in UTC without holidays for everyone
    roll_up      a parent and its subsidiaries are judged as one party (`ledger.groups`)
    advance      told the name of each step, for a progress line

    Raises WrongCall for an empty ledger, a date that cannot be, or a frame that is no ledger.
    """
    book = rolled_up(ledger_of(ledger)) if roll_up else ledger_of(ledger)
    chosen = parameters or ParameterSet.shipped()
    advance("facts")
    facts, last = prepared(book, until, today=today, private=private, working_calendars=working_calendars)
    pairs = facts.sides(pl.Series(np.unique(facts.any_of(*MOVES, "question")["pair"].to_numpy())))
    if pairs.height == 0:
        raise WrongCall("The ledger holds no event between two parties up to {until}. Read more files into it, or give a "
                        "later --until.", until=last.isoformat())
    names = {key: party.name for key, party in book.parties.items()}
    asking = wanted.Wanted(names, book.us)
    tables: list[AxisTable] = []
    for name, axis in registry.members("evenwicht.measures.axes").items():
        advance(name)
        tables.append(axis_table(axis, observe(axis, facts), facts, chosen, asking, until_week=week_number(last)))
    advance("verdicts")
    speed = speeds(facts, week_number(last))
    axes = pl.concat([table.rows for table in tables]) if tables else pl.DataFrame()
    axes = axes.sort("a", "b", "axis")
    relations = relation_rows(list(pairs.iter_rows()), axes, speed)
    axis_needs = {key: value for table in tables for key, value in table.needs.items()}

    def history(chosen_pairs: Sequence[tuple[str, str]] | None) -> pl.DataFrame:
        return smoothed_history(tables, chosen_pairs)

    def moved(a: str, b: str, name: str, below: float | None, after_us: int | None = None) -> Moved:
        table = next(table for table in tables if table.name == name)
        return influence(table, facts, a, b, dispersion=chosen.dispersion(name), below=below, after_us=after_us)

    found = found_of(book, last, chosen, relations, axes, axis_needs, history, {
        "private": private, "working_calendars": working_calendars, "roll_up": roll_up})
    return replace(found, mover=moved, turner=lambda: turns(open_ends(facts), facts.until_us), looper=lambda: loops(facts))


def found_of(
    book: Ledger, last: date, parameters: ParameterSet, relations: pl.DataFrame, axes: pl.DataFrame,
    axis_needs: Mapping[tuple[str, str, str], tuple[Phrase, ...]], history: Callable[[Sequence[tuple[str, str]] | None], pl.DataFrame],
    options: Mapping[str, bool],
) -> Found:
    """The result, with what is said about the portfolio as a whole."""
    flagged = relations.filter(pl.col("verdict") == "structural")
    wrong = float((1.0 - flagged["probability"]).sum()) if flagged.height else 0.0
    waiting = set(axes.filter(pl.col("verdict") == "too_little_data").select("a", "b", "axis").iter_rows())
    return Found(
        ledger=book, until=last, us=book.us, parameters={"id": parameters.id, "sha256": parameters.sha256}, expected_wrong=wrong,
        needs=_most_useful(axis_needs, waiting), relations=relations, axes=axes, axis_needs=axis_needs, smoother=history, options=options,
    )


def prepared(
    book: Ledger, until: date | str | None = None, *, today: date | None = None, private: bool = False,
    working_calendars: bool = True,
) -> tuple[Facts, date]:
    """The facts of a ledger up to `until`, as the axes take them, and that day. Arguments as in `assess`."""
    last = until_of(book, until, today)
    persons = [key for key, party in book.parties.items() if party.kind == "person"]
    facts = facts_of(
        nw.from_native(book.events, eager_only=True), book.coverage, until_us=microseconds(end_of(last)), persons=persons,
        calendars=Calendars(book.parties, plain=not working_calendars), private=private)
    return facts, last


def ledger_of(given: Ledger | Any) -> Ledger:
    """A ledger, or a table with its columns as one: rows that cannot be used are logged and left out."""
    if isinstance(given, Ledger):
        return given
    try:
        frame = nw.from_native(given, eager_only=False)
    except TypeError:
        raise WrongCall("assess takes a Ledger, or a Polars, pandas or Arrow table, and was given {kind}.",
                        kind=type(given).__name__) from None
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    rows, problems = validated(pl.DataFrame(eager.to_arrow()), "The table")
    _refuse_all_bad(rows, problems)
    rows, differing = one_row_each(rows)
    for problem in (*problems, *differing):
        log.warning("%s %s: %s %s", problem.file, problem.place, problem.what_phrase, problem.remedy_phrase)
    return Ledger(rows)


def _refuse_all_bad(rows: pl.DataFrame, problems: Sequence[Problem]) -> None:
    if rows.height == 0 and problems:
        raise WrongCall("No row of the table can be used. The first: {what}", what=str(problems[0].what_phrase))


def until_of(book: Ledger, until: date | str | None, today: date | None) -> date:
    """The last day of a run, as `assess` describes it."""
    if isinstance(until, datetime):
        return until.date()
    if isinstance(until, date):
        return until
    if until is not None:
        try:
            return date.fromisoformat(until)
        except ValueError:
            raise WrongCall("{until} is not a date. Write it as 2026-06-30.", until=until) from None
    if len(book) == 0:
        raise WrongCall("The ledger is empty. Read files into it with “evenwicht read … -o {path}”.", path="LEDGER")
    known = book.events.filter(pl.col("kind").is_in(UNTIL_KINDS) & pl.col("shared"))
    limit = pl.lit(end_of(today or home.today())).cast(MOMENT)
    past = known.filter(pl.col("at") <= limit)
    latest = (past if past.height else known if known.height else book.events)["at"].max()
    assert isinstance(latest, datetime)
    return latest.date()


def _most_useful(
    axis_needs: Mapping[tuple[str, str, str], tuple[Phrase, ...]], waiting: set[tuple[str, ...]],
) -> tuple[Phrase, ...]:
    """What would make most axes of most relations judgeable, first."""
    counts: dict[str, int] = {}
    phrases = {}
    for key, found in axis_needs.items():
        for phrase in found:
            if not phrase.template.startswith("a longer history") and key in waiting:
                text = str(phrase)
                counts[text] = counts.get(text, 0) + 1
                phrases[text] = phrase
    return tuple(phrases[text] for text in sorted(counts, key=lambda text: (-counts[text], text)))


