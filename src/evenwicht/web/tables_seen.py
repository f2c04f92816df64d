"""An unknown table for the page on which a person says what it is: what the guesser proposes, as plain values, and a layout.

Like `bridge`, a door between forms and files: strings of a form in, sentences and cells out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evenwicht.errors import WrongCall
from evenwicht.importers.tables.cells import text_of
from evenwicht.importers.tables.first_look import first_look
from evenwicht.importers.tables.guess import guess, looked_into
from evenwicht.importers.tables.head_words import KINDS
from evenwicht.importers.tables.layout import US
from evenwicht.importers.tables.layout_text import layout_text
from evenwicht.importers.tables.placing import example_of
from evenwicht.importers.tables.proposal import EXTRA, Said
from evenwicht.reports.catalogue import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from evenwicht.importers.tables.cell_sorts import Column
    from evenwicht.importers.tables.cells import Decimal, Order
    from evenwicht.importers.tables.proposal import Proposal, Sheet
    from evenwicht.phrase import Phrase

ROWS = 5
LONGEST = 60
ORDERS: dict[str, Order] = {"day": "day", "month": "month"}
MARKS: dict[str, Decimal] = {"comma": "comma", "point": "point"}
NONE = "-"


@dataclass(frozen=True, slots=True)
class Place:
    """A field of the table's kind: which column it is (its number, `@us`, `-`, or empty while it is open), an example, and why."""

    name: str
    chosen: str
    example: str
    reasons: tuple[Phrase, ...]
    ours: bool


@dataclass(frozen=True, slots=True)
class Open:
    """What must be chosen, because it can be meant in two ways: sort is date, decimal, direction or sign; name is that of the form's field.

    chosen   what was chosen, empty while nothing is
    """

    sort: str
    name: str
    head: str
    example: str
    choices: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A table as it is shown.

    heads, rows   the columns with a head by number, and the first rows
    kind, kinds   what it seems to be, empty while it is not sure; all kinds, the best first
    lacking       groups of fields of which one must be chosen still
    layout        the TOML text once nothing is open, else empty
    wrong         what cannot be meant of what was chosen
    """

    heads: tuple[tuple[int, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    count: int = 0
    kind: str = ""
    kinds: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    opened: tuple[Open, ...] = ()
    lacking: tuple[tuple[str, ...], ...] = ()
    layout: str = ""
    wrong: Phrase | None = None
    key: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


def key_of(path: Path) -> str:
    """What two tables have in common that one layout reads: their heads, one a line. Empty for what is no table."""
    sheet = _sheet(path)
    return "" if sheet is None else "\n".join(sheet.heads)


def _sheet(path: Path) -> Sheet | None:
    try:
        sheets, _ = first_look(path)
    except OSError:
        return None
    return next(iter(sheets), None)


def unknown(path: Path, given: Mapping[str, str], name: str) -> Unknown | None:
    """What a table seems to be, with what a person chose on a form (`given`), and its layout where nothing is open; None where
    there is no table. `name` is that of the layout.
    """
    sheet = _sheet(path)
    if sheet is None:
        return None
    columns = looked_into(sheet)
    wrong = None
    try:
        said = _said(given, columns)
        proposal = guess(sheet, said, columns)
    except WrongCall as error:
        wrong, said = error.phrase, Said(given.get("kind") if given.get("kind") in KINDS else None)
        proposal = guess(sheet, said, columns)
    shown = Unknown(
        tuple((column.index + 1, harmless(column.head)) for column in columns if column.head),
        tuple(tuple(_short(text_of(row[column.index]) if column.index < len(row) else "") for column in columns if column.head) for row in sheet.rows[:ROWS]),
        len(sheet.rows), proposal.kind or "", tuple(kind for kind, _ in proposal.kinds), wrong=wrong, key="\n".join(sheet.heads), given=dict(given))
    if proposal.kind is None:
        return shown
    lacking = [question.fields for question in proposal.questions if question.sort == "field"]
    # a layout takes what is not asked; what is asked and open stays without one
    return replace(shown, places=_places(proposal, said), opened=_opened(proposal, said), lacking=tuple(lacking),
                   layout=layout_text(proposal, name) if not proposal.questions and wrong is None else "")


def _said(given: Mapping[str, str], columns: Sequence[Column]) -> Said:
    kind = given.get("kind") or None
    fields = {}
    if kind is not None and given.get("of") == kind:  # fields belong to the kind they were chosen under
        for name, value in given.items():
            if name.startswith("f-") and value:
                fields[name[2:]] = value
    for name in EXTRA:
        if given.get(name) in EXTRA[name]:
            fields[name] = given[name]
    orders = {column.index: ORDERS[value] for column in columns if (value := given.get(f"date-{column.index}", "")) in ORDERS}
    marks = {column.index: MARKS[value] for column in columns if (value := given.get(f"decimal-{column.index}", "")) in MARKS}
    return Said(kind, fields, dict(orders), marks)


def _places(proposal: Proposal, said: Said) -> tuple[Place, ...]:
    found = []
    for one in KINDS[proposal.kind or ""].fields:
        placed = proposal.places[one.name]
        column = proposal.column(one.name)
        chosen = str(column.index + 1) if column is not None else US if placed.fixed == US else NONE if said.fields.get(one.name) == NONE else ""
        found.append(Place(one.name, chosen, _short(example_of(column)) if column is not None else "", placed.reasons,
                           one.sort in {"party", "name"}))
    return tuple(found)


def _opened(proposal: Proposal, said: Said) -> tuple[Open, ...]:
    """What can be read in two ways, also once it was chosen, so that it can be chosen otherwise."""
    found = []
    for one in KINDS[proposal.kind or ""].fields:
        column = proposal.column(one.name)
        if column is None:
            continue
        if one.sort == "moment" and column.day_doubt:
            found.append(Open("date", f"date-{column.index}", harmless(column.head), _short(column.doubtful_day), tuple(ORDERS),
                              str(said.orders.get(column.index, ""))))
        if one.sort == "amount" and column.mark_doubt:
            found.append(Open("decimal", f"decimal-{column.index}", harmless(column.head), _short(column.doubtful_amount), tuple(MARKS),
                              str(said.decimals.get(column.index, ""))))
    amount = proposal.column("amount")
    asked = {question.sort for question in proposal.questions}
    head = harmless(amount.head) if amount is not None else ""
    ways = (Open(sort, sort, head, "", EXTRA[sort], said.fields.get(sort, "")) for sort in ("direction", "sign") if sort in asked or said.fields.get(sort))
    return (*found, *ways)


def _short(text: str) -> str:
    text = harmless(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"
