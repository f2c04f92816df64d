"""What an unknown table may be: its kind, and which column is what, with a confidence and the reasons for each.

A pure function of the first rows and of what a person has said. A head is compared with known words; the cells must bear it
out, and where they contradict it they win (`placing`). What can be read in two ways (`03/04/2026`, `1.234`) is never chosen: it
becomes a question. Below `SURE` a field is left open.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz import process

from evenwicht.errors import WrongCall
from evenwicht.importers.tables.cell_sorts import looked_at
from evenwicht.importers.tables.cells import text_of
from evenwicht.importers.tables.head_likeness import like_any, words_of
from evenwicht.importers.tables.head_words import KINDS, Kind
from evenwicht.importers.tables.layout import US, plain
from evenwicht.importers.tables.parties import of_anything
from evenwicht.importers.tables.placing import bears_out, placed_in, usable
from evenwicht.importers.tables.proposal import (
    EXTRA,
    FEW,
    MIXED,
    MOST_ROWS,
    SURE,
    TURNED,
    Placed,
    Proposal,
    Question,
    Said,
    Sheet,
)
from evenwicht.ledger.identifiers import of_iban
from evenwicht.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenwicht.importers.tables.cell_sorts import Column

KIND_SURE, KIND_LEAD, BASE_SURE = .8, .05, .74
"""How well a kind must fit, and how far ahead of the next, to be proposed; or what it needs must be there to such a part."""

_LONGEST_NUMBER = 6
"""Digits of the number of a column."""

_NEAR = 60
"""Likeness, of 100, from which a word is worth a “did you mean”."""


def guess(sheet: Sheet, said: Said | None = None, columns: tuple[Column, ...] | None = None) -> Proposal:
    """Propose what a table is; `columns` where they were looked into before. Raises WrongCall where what was said names no
    field, column or kind.
    """
    said = said or Said()
    columns = looked_into(sheet) if columns is None else columns
    if said.kind is not None and said.kind not in KINDS:
        raise WrongCall("{kind} is no kind of table. Choose one of: {known}.", kind=said.kind, known=", ".join(KINDS))
    found = {name: placed_in(kind, columns) for name, kind in KINDS.items()}
    ranking = sorted(((name, _fit(KINDS[name], places, columns, sheet.hints)) for name, places in found.items()),
                     key=lambda one: -one[1])
    kind = said.kind or _chosen(ranking, found)
    if kind is None:
        if said.fields:
            raise WrongCall("Fields belong to a kind of table, and the kind is not sure. Say it first with --kind: {known}.",
                            known=", ".join(KINDS))
        question = Question("kind", choices=tuple(name for name, fit in ranking if fit >= SURE) or tuple(KINDS))
        return Proposal(sheet, columns, None, tuple(ranking), {}, (question,), said)
    places = _with_said(KINDS[kind], found[kind], columns, said)
    made = Proposal(sheet, columns, kind, tuple(ranking), places, (), said)
    us, reason = _our_side(made)
    return replace(made, questions=tuple(_questions(made)), us=us, us_reason=reason)


def looked_into(sheet: Sheet) -> tuple[Column, ...]:
    """The columns of a table."""
    width = len(sheet.heads)
    rows = [list(row[:width]) + [""] * (width - len(row)) for row in sheet.rows[:MOST_ROWS]]
    cells = list(zip(*rows, strict=True)) if rows else [()] * width
    return tuple(looked_at(index, head, column) for index, (head, column) in enumerate(zip(sheet.heads, cells, strict=True)))


# -- which kind it is

def _fit(kind: Kind, places: Mapping[str, Placed], columns: Sequence[Column], hints: Sequence[str]) -> float:
    """How well a kind fits: the mean confidence of what it needs, more for each other field and typical head, less for odd ones."""
    needed = {name for group in kind.needs for name in group}
    base = _base(kind, places)
    taken = {placed.column for placed in places.values() if placed.column is not None}
    more = sum(placed.confidence > SURE for name, placed in places.items() if name not in needed)
    heads = [column.head for column in columns if column.index not in taken]
    marks = sum(like_any(head, kind.marks).score > .8 for head in heads)  # noqa: PLR2004  equal, or nearly all of it
    against = sum(like_any(head, kind.against).score > .55 for head in heads)  # noqa: PLR2004  also as a part
    words = {word for hint in hints for word in words_of(hint)}
    sign = any(word in words for word in kind.signs)
    bare = kind.typical and marks < kind.proof and not sign and not any(places[name].known for name in kind.typical)
    return round(base - (.3 if bare else 0) + min(.2, .03 * more) + min(.2, .05 * marks) - min(.3, .1 * against) + (.1 if sign else 0), 4)


def _base(kind: Kind, places: Mapping[str, Placed]) -> float:
    """The mean confidence of what a kind needs, the best of each group."""
    return sum(max(places[name].confidence for name in group) for group in kind.needs) / len(kind.needs)


def _chosen(ranking: Sequence[tuple[str, float]], found: Mapping[str, Mapping[str, Placed]]) -> str | None:
    (best, fit), (_second, next_fit) = ranking[0], ranking[1]
    sure = fit >= KIND_SURE or (fit >= BASE_SURE and _base(KINDS[best], found[best]) >= BASE_SURE)
    return best if sure and fit - next_fit >= KIND_LEAD else None


# -- what a person said

def _with_said(kind: Kind, found: dict[str, Placed], columns: Sequence[Column], said: Said) -> dict[str, Placed]:
    places = dict(found)
    allowed = [*places, *EXTRA, "currency", "timezone"]
    for name, value in said.fields.items():
        if name not in allowed:
            known, near = ", ".join(dict.fromkeys(allowed)), process.extractOne(name, allowed, score_cutoff=_NEAR)
            if near is None:
                raise WrongCall("{field} is no field of {kind}. Fields are: {known}.", field=name, kind=kind.name, known=known)
            raise WrongCall("{field} is no field of {kind}. Fields are: {known}. Did you mean {near}?", field=name, kind=kind.name,
                            known=known, near=near[0])
        if name in EXTRA:
            if value not in EXTRA[name]:
                raise WrongCall("{field} cannot be {value}. It can be: {known}.", field=name, value=value, known=", ".join(EXTRA[name]))
            places[name] = Placed(name, None, value, 1, (Phrase("said by hand"),))
            continue
        if value in {"", "-"}:
            places[name] = Placed(name, reasons=(Phrase("said by hand"),))
            continue
        column = None if name == "timezone" or (name in {"currency", "unit"} and _no_column(value, columns, name)) else column_of(value, columns, name, kind)
        one = kind.field(name)
        if column is None:
            places[name] = Placed(name, None, US if value == US else value.upper() if name == "currency" else value, 1, (Phrase("said by hand"),))
            continue
        for other, placed in list(places.items()):
            if placed.column == column and other != name:
                places[other] = Placed(other)
        reason = bears_out(one, columns[column], 1)[1] if one is not None else Phrase("its cells are empty")
        places[name] = Placed(name, column, "", 1, (Phrase("said by hand"), reason))
    return places


def _no_column(value: str, columns: Sequence[Column], name: str) -> bool:
    """Whether a currency or a unit is said, not a column that holds it."""
    return re.fullmatch("[A-Za-z]{3}" if name == "currency" else "[A-Za-z]+", value) is not None and all(plain(column.head) != plain(value) for column in columns)


def column_of(text: str, columns: Sequence[Column], name: str = "", kind: Kind | None = None) -> int | None:
    """The column that is meant by a head, or by its number. None for `@us` under a party. Raises WrongCall with the heads."""
    if text == US and kind is not None and (one := kind.field(name)) is not None and one.sort in {"party", "name"}:
        return None
    for column in usable(columns):
        if plain(column.head) == plain(text) != "":
            return column.index
    if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER and 1 <= int(text) <= len(columns) and columns[int(text) - 1] in usable(columns):
        return int(text) - 1
    heads = [column.head for column in usable(columns)]
    near = process.extractOne(text, heads, score_cutoff=_NEAR)
    if near is None:
        raise WrongCall("There is no column {value}. Columns are: {heads}.", value=text, heads=", ".join(heads))
    raise WrongCall("There is no column {value}. Columns are: {heads}. Did you mean {near}?", value=text, heads=", ".join(heads), near=near[0])


# -- what must be asked

def _questions(proposal: Proposal) -> list[Question]:
    kind = KINDS[proposal.kind or ""]
    asked = [Question("field", fields=group) for group in kind.needs
             if not any(proposal.places[name].known or proposal.places[name].rivals for name in group)]
    asked += [Question("field", fields=(name,), choices=tuple(proposal.columns[index].head for index in placed.rivals))
              for name, placed in proposal.places.items() if placed.rivals and not placed.known]
    for one in kind.fields:
        column = proposal.column(one.name)
        if column is None:
            continue
        if one.sort == "moment" and column.day_doubt and column.index not in proposal.said.orders:
            asked.append(Question("date", column.index, (one.name,), ("DMY", "MDY")))
        if one.sort == "amount" and column.mark_doubt and column.index not in proposal.said.decimals:
            asked.append(Question("decimal", column.index, (one.name,), (",", ".")))
    amount = proposal.column("amount")
    one_way = amount is not None and not amount.negative and not amount.empty
    if kind.name == "payments" and amount is not None and one_way and not proposal.has("way", "debit", "credit") and not proposal.fixed("direction"):
        asked.append(Question("direction", amount.index, ("direction",), EXTRA["direction"]))
    if amount is not None and proposal.has("invoice_date") and not proposal.fixed("sign") and MIXED < amount.negative < TURNED:
        asked.append(Question("sign", amount.index, ("sign",), EXTRA["sign"]))
    return asked


# -- who is us

def _our_side(proposal: Proposal) -> tuple[str | None, Phrase]:
    account = proposal.column("account")
    if proposal.kind == "payments" and account is not None and account.distinct == 1:
        held = account.examples[0]
        return of_iban(held) or of_anything(held), Phrase("{value} is the account in every row: its holder is us", {"value": account.examples[0]})
    sides = {"log": ("from", "to"), "invoices": ("supplier", "customer"), "deliveries": ("supplier", "customer"), "tickets": ("requester", "agent"),
             "meetings": ("organiser", "attendee")}.get(proposal.kind or "")
    if sides is None or US in map(proposal.fixed, sides):
        return None, Phrase("our side does not stand in the table; say it with --us when it is read")
    named = [column for name in sides for column in (proposal.column(name), proposal.column(f"{name}_name"), proposal.column(f"{name}_mail"))
             if column is not None]
    if len(named) < 2:  # noqa: PLR2004  one side stands in the table
        return None, Phrase("our side does not stand in the table; say it with --us when it is read")
    always: set[str] | None = None
    for row in proposal.sheet.rows:
        here = {found for column in named if column.index < len(row) and (found := of_anything(text_of(row[column.index])))}
        always = here if always is None else always & here
    if always is not None and len(always) == 1 and len(proposal.sheet.rows) >= FEW:
        us = next(iter(always))
        return us, Phrase("{value} stands in every row, so that is probably us", {"value": us})
    return None, Phrase("the table does not give away which side is us; say it with --us when it is read")
