"""Open loops of a relation, beside each other: whose move it is on which side, since when, and by which event one sees it.

Loops lie on the facts of `measures.open_ends`. The same list for both sides, whoever looks; nobody is behind in general: each
line is one thing with its day.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from evenwicht.measures.open_ends import FADED_DAYS, QUESTION, open_ends
from evenwicht.measures.weeks import DAY_US

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from evenwicht.measures.facts import Facts

@dataclass(frozen=True, slots=True)
class Loop:
    """One thing that is open.

    sort       question, promise, order or invoice;  evidence: ids of the events it is seen by
    since      when it was asked, promised, ordered or billed;  due: the day for it, where there is one
    overdue    the day has passed
    wait       how long the other has waited, in `wait_unit`: hours (working) of a question, days (working) of a promise or
               order after the day, days of an invoice after the day; less than 0 before it
    amount     what is open, in `unit`; None where there is none
    until      up to which day closing it would have been seen
    """

    sort: str
    since: datetime
    due: datetime | None
    overdue: bool
    wait: float
    wait_unit: str
    amount: float | None
    unit: str
    evidence: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """What is open on one side: its moves, the longest waiting first, and how many questions have faded."""

    loops: tuple[Loop, ...] = ()
    faded: int = 0


Loops = dict[tuple[str, str], dict[str, Side]]
"""Relation (a, b) → its sides "a" and "b"; a relation without anything open is not in it."""


def loops(facts: Facts) -> Loops:
    """The open loops of every relation. Overdue ones stand first, then by how long they are open; ties by id."""
    found: dict[tuple[str, str], dict[str, list[Loop]]] = {}
    faded: dict[tuple[str, str, str], int] = {}
    for row in _listed(open_ends(facts)).iter_rows(named=True):
        pair = (row["a"], row["b"])
        letter = "a" if row["debtor"] == row["a"] else "b"
        sides = found.setdefault(pair, {"a": [], "b": []})
        if row["sort"] == QUESTION and row["seen_until"] - row["since"] > FADED_DAYS * DAY_US:
            faded[(*pair, letter)] = faded.get((*pair, letter), 0) + 1
        else:
            sides[letter].append(_loop(row))
    return {pair: {letter: Side(tuple(some), faded.get((*pair, letter), 0)) for letter, some in sides.items()} for pair, sides in found.items()}


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("a", "b", "overdue", "waits", "sort", "id", descending=[False, False, True, False, False, False])


def _loop(row: Mapping[str, Any]) -> Loop:
    return Loop(row["sort"], _moment(row["since"]), None if row["due"] is None else _moment(row["due"]), row["overdue"], row["wait"], row["wait_unit"],
                row["amount"] if row["sort"] != QUESTION else None, row["unit"] or "", (row["id"],), _moment(row["seen_until"]))


def _moment(us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


def told(sides: Mapping[str, Side]) -> dict[str, Any]:
    """Both sides as JSON can hold them: "a" and "b", each with its loops (moments as ISO text) and `faded`."""
    return {letter: {"faded": side.faded, "loops": [
        {**asdict(one), "since": one.since.isoformat(), "due": one.due and one.due.isoformat(), "until": one.until.isoformat(),
         "evidence": list(one.evidence)} for one in side.loops]} for letter, side in sides.items()}
