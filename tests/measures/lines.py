"""Ledgers written as ledger lines, so that a test reads like what happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import narwhals as nw

from evenwicht.engines.local import assess
from evenwicht.ledger.coverage import Coverage, Sees
from evenwicht.ledger.notation import read_lines
from evenwicht.ledger.parties import Party
from evenwicht.ledger.table import Ledger, frame_of
from evenwicht.measures.calendars import Calendars
from evenwicht.measures.facts import Facts, facts_of
from evenwicht.measures.observations import observe
from evenwicht.measures.weeks import end_of, microseconds, monday

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

    from evenwicht.measures.found import Found

A, B, C = "alder.example", "birch.example", "cedar.example"

Lines = str | list[str]


def moment(text: str) -> datetime:
    """`2026-03-02` or `2026-03-02T09:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(start: str, days: float = 0) -> str:
    """A moment of the notation, some days after the start of a day."""
    return f"{moment(start) + timedelta(days=days):%Y-%m-%dT%H:%MZ}"


def written(lines: Lines) -> list[str]:
    """One line each; `A`, `B` and `C` as parties are short for the three of these tests."""
    rows = dedent(lines).splitlines() if isinstance(lines, str) else lines
    names = {"A": A, "B": B, "C": C}
    return [" ".join(names.get(word, word) for word in row.split()) for row in rows]


def ledger(
    lines: Lines, *, coverage: Sequence[Coverage] | None = None, us: str | None = None, parties: Iterable[Party] = (),
) -> Ledger:
    return Ledger(frame_of(read_lines(written(lines))), {party.key: party for party in parties}, us,
                  None if coverage is None else tuple(coverage))


def facts(
    lines: Lines, until: str = "2026-12-31", *, coverage: Sequence[Coverage] | None = None, calendars: Calendars | None = None,
    persons: Sequence[str] = (), private: bool = False,
) -> Facts:
    """What the axes work on; Monday to Friday, nine to five in UTC, unless calendars are given."""
    return facts_of(
        nw.from_native(frame_of(read_lines(written(lines))), eager_only=True), coverage,
        until_us=microseconds(end_of(date.fromisoformat(until))), persons=persons, private=private,
        calendars=calendars or Calendars(plain=True),
    )


def weekly(axis: ModuleType, known: Facts) -> dict[str, dict[str, float]]:
    """The weekly observations of an axis by their Monday; of one relation."""
    rows = observe(axis, known).weekly
    assert rows.select("a", "b").unique().shape[0] <= 1
    return {monday(row["week"]).isoformat(): row for row in rows.iter_rows(named=True)}


def commitments(axis: ModuleType, known: Facts) -> list[dict[str, Any]]:
    """The commitments of a deferral axis with their share y, in order of id."""
    return sorted(known.named(observe(axis, known).commitments).iter_rows(named=True), key=lambda row: row["id"])


def covering(
    party: str | None, kinds: str, start: str, end: str, sees: Sees = "both", *, person: str | None = None,
) -> Coverage:
    """Coverage from the first moment of one day to the last of another."""
    return Coverage("test", party, person, tuple(kinds.split()), moment(start),
                    datetime.combine(date.fromisoformat(end), time.max, UTC), sees)


def judged(lines: Lines, until: str | None = None, *, coverage: Sequence[Coverage] | None = None, us: str | None = None,
           parties: Iterable[Party] = (), plain: bool = True, private: bool = False) -> Found:
    return assess(ledger(lines, coverage=coverage, us=us, parties=parties), until, working_calendars=not plain, private=private)


def axis_of(found: Found, axis: str, a: str = A, b: str = B) -> dict[str, Any]:
    """One axis of one relation, as CONTRACT's JSON has it, seen in canonical order."""
    return next(one for one in relation_of(found, a, b)["axes"] if one["axis"] == axis)


def relation_of(found: Found, a: str = A, b: str = B) -> dict[str, Any]:
    return next(one for one in found.as_dict()["relations"] if (one["a"], one["b"]) == (a, b))
