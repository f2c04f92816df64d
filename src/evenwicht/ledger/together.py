"""What two sides lay on one table: of each ledger the facts between them that both know, and nothing else; joined into one ledger.

What one side brings is made poorer before it leaves: rows that are not shared, rows with others, names of files, of people, of threads
stay behind. People of the bringing side are numbered anew with its own secret, people of the other side are left out: each brings its own.
What both brought is one fact, whoever brought it first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import polars as pl

from evenwicht.errors import WrongCall
from evenwicht.ledger.identifiers import trust_of
from evenwicht.ledger.ours import US
from evenwicht.ledger.parties import Decision
from evenwicht.ledger.resolve import raw_rows, resolve
from evenwicht.ledger.table import RAW, SCHEMA, empty, frame_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from evenwicht.ledger.coverage import Coverage
    from evenwicht.ledger.events import Event
    from evenwicht.ledger.table import Ledger

AGREED_HERE = ("norm",)
"""Kinds that hold on a table only where both agreed them there, whatever one side wrote down for itself."""

_PART = re.compile(r"#part\d+$")
"""The suffix of the rows into which a payment of several invoices is split: corrected as the one payment that it was."""

_UNSEEN = "unseen:"
"""Stands before the digest of an id that the bringing side has no row of: the other may have it, and then it is found again."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What one side lays on the table.

    rows        SCHEMA and RAW columns, as its sources gave them; the evidence is the mark of the side
    coverage    what its sources could have shown of the two; None = everything
    own, other  identifiers by which it knows itself and the other side, as far as they stand in these rows
    """

    rows: pl.DataFrame
    coverage: tuple[Coverage, ...] | None
    own: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amendment:
    """A fact that both agreed to correct: another moment, or (None) not a fact of this relation.

    identity    id, kind, giver, receiver as they stand in the joint ledger
    """

    identity: tuple[str, str, str, str]
    at: datetime | None


def brought(ledger: Ledger, other: str, *, mark: str, secret: bytes, table: str) -> Brought:
    """What the owner of a ledger lays on the table it shares with `other` (a key in that ledger).

    mark     stands as evidence of every row: which side brought it
    secret   of this side alone; the numbers of its people are made with it
    table    what both sides call their table; thread names are made unreadable with it, alike on both sides

    Raises WrongCall where the ledger does not say whose it is, or does not know the other.
    """
    own = ledger.us
    if own is None or other not in ledger.parties or own == other:
        raise WrongCall("This ledger holds nothing between {own} and {other}. Import what was exchanged first.", own=own or "?", other=other)
    sides = {key: key for key in (own, other)} | {
        name: key for key in (own, other) if key in ledger.parties for name in ledger.parties[key].identifiers} | {US: own}
    rows = raw_rows(ledger).with_columns(
        _giver=pl.col("giver_raw").fill_null(pl.col("giver")).replace_strict(sides, default=None, return_dtype=pl.String),
        _receiver=pl.col("receiver_raw").fill_null(pl.col("receiver")).replace_strict(sides, default=None, return_dtype=pl.String),
    ).filter(pl.col("shared") & (pl.col("_giver") != pl.col("_receiver")) & ~pl.col("kind").is_in(AGREED_HERE))
    people = _each_once(rows["person"], rows["counter_person"], made=lambda person: _digest(person, secret))
    threads = _each_once(rows["thread"], made=lambda thread: _digest(thread, table.encode()))
    known = set(rows["id"]) | set(rows["id_raw"])
    unseen = {one: _UNSEEN + _digest(one, table.encode())
              for name in ("answers", "answers_raw") for one in rows[name].drop_nulls().unique().to_list() if one not in known}
    given = pl.col("_giver") == own
    rows = rows.with_columns(
        pl.when(given).then(pl.col("person").replace_strict(people, default=None, return_dtype=pl.String)).alias("person"),
        pl.when(~given).then(pl.col("counter_person").replace_strict(people, default=None, return_dtype=pl.String)).alias("counter_person"),
        pl.col("thread").replace_strict(threads, default=None, return_dtype=pl.String),
        pl.col("answers", "answers_raw").replace(unseen),
        *[pl.when(pl.col(name) == US).then(pl.lit(own)).otherwise(pl.col(name)).alias(name) for name in ("giver_raw", "receiver_raw", "giver", "receiver")],
        pl.lit([mark]).alias("evidence"),
    ).select(list(SCHEMA | RAW))
    spoken = {*rows["giver_raw"], *rows["receiver_raw"]}
    named = {side: {name for name, key in sides.items() if key == side and name in spoken} | {side} for side in (own, other)}
    return Brought(rows, _coverage(ledger, sides, mark, secret), *(tuple(sorted(named[side])) for side in (own, other)))


def _coverage(ledger: Ledger, sides: Mapping[str, str], mark: str, secret: bytes) -> tuple[Coverage, ...] | None:
    """What the sources could have shown of the two sides, without the names of the sources and of the people."""
    if ledger.coverage is None:
        return None
    kept = set()
    for entry in ledger.coverage:
        raw = ledger.us if (entry.identifier or entry.party) == US else entry.identifier or entry.party
        side = None if raw is None else sides.get(raw, sides.get(entry.party or ""))
        if raw is not None and side is None:
            continue
        source = f"{mark}:{_digest(entry.source, secret)}"
        person = None if entry.person is None else _digest(entry.person, secret)
        kept.add(replace(entry, source=source, person=person, party=side, identifier=None))
    return tuple(sorted(kept, key=str))


def joint(
    sides: Sequence[Brought], *, table: str, names: Sequence[tuple[str, str]] = (), amendments: Iterable[Amendment] = (),
    apart: Iterable[str] = (), agreed: Iterable[Event] = (),
) -> Ledger:
    """One ledger of what both laid on the table. The order of the sides does not matter.

    sides       what each brought; one where the other has brought nothing yet
    names       (identifier, name) of each side, as it calls itself
    amendments  corrections that hold
    apart       threads (as they are called on this table) that are left out by agreement
    agreed      norms and disturbances that both agreed, as events
    """
    rows = pl.concat([empty(), *(side.rows for side in sides), frame_of(agreed)]).filter(~pl.col("thread").fill_null("").is_in(sorted(set(apart))))
    found = {_UNSEEN + _digest(one, table.encode()): one for one in {*rows["id"], *rows["id_raw"]}}
    rows = rows.with_columns(
        pl.when(pl.col(name).str.starts_with(_UNSEEN)).then(pl.col(name).replace_strict(found, default=None, return_dtype=pl.String))
        .otherwise(pl.col(name)).alias(name) for name in ("answers", "answers_raw"))
    first, second = parties_of(sides)
    who = [Decision("merge", first), Decision("merge", second), *(Decision("rename", (key,), name) for key, name in names),
           *(Decision("business", (side[0],)) for side in (first, second))]
    coverage = None if any(side.coverage is None for side in sides) else {entry for side in sides for entry in side.coverage or ()}
    ledger = resolve(rows, decisions=who, coverage=coverage, between_others=True).ledger
    amended = _amended(rows, ledger, tuple(amendments))
    return ledger if amended is None else resolve(amended, decisions=who, coverage=coverage, between_others=True).ledger


def parties_of(sides: Sequence[Brought]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The identifiers of the two parties, best first; the first side's own come first.

    What one side calls the other and the other calls itself belong together; what both claim as their own belongs to neither.
    """
    if not sides:
        raise WrongCall("Nothing lies on this table yet.")
    first, second = set(sides[0].own), set(sides[0].other)
    for side in sides[1:]:
        first, second = first | set(side.other), second | set(side.own)
    both = first & second
    found = tuple(tuple(sorted(names - both, key=lambda one: (trust_of(one), one))) for names in (first, second))
    if not all(found):
        raise WrongCall("Both sides say that they are {party}. One of them has to change who it is.", party=", ".join(sorted(both)))
    return found[0], found[1]


def _amended(rows: pl.DataFrame, ledger: Ledger, amendments: Sequence[Amendment]) -> pl.DataFrame | None:
    """The rows with what both agreed to correct; None where nothing changes."""
    if not amendments:
        return None
    held = [ledger.events] if ledger.set_aside is None else [ledger.events, ledger.set_aside]  # other copies of a fact stand aside
    named = {raw: _PART.sub("", name) for frame in held for name, raw in frame.select("id", "id_raw").iter_rows()}
    by = {(_PART.sub("", one.identity[0]), one.identity[1]): one.at for one in amendments}
    identity = [(named.get(name, name), kind) for name, kind in rows.select("id_raw", "kind").iter_rows()]
    moved = pl.Series("at", [by.get(key) or at for key, at in zip(identity, rows["at"], strict=True)], SCHEMA["at"])
    gone = pl.Series([key in by and by[key] is None for key in identity], dtype=pl.Boolean)
    return rows.with_columns(moved).filter(~gone)


def _digest(text: str, key: bytes) -> str:
    return blake2b(text.encode(), key=key[:64], digest_size=10).hexdigest()


def _each_once(*columns: pl.Series, made: Callable[[str], str]) -> dict[str, str]:
    return {text: " ".join(map(made, text.split(" "))) for column in columns for text in column.drop_nulls().unique().to_list()}

