"""What a table seems to be, as values: its beginning, what a person said of it, what was found for each field, what must be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from evenwicht.importers.tables.cell_sorts import Column
    from evenwicht.importers.tables.cells import Cell, Decimal, Order
    from evenwicht.phrase import Phrase

SURE = .5
"""Confidence from which a column is proposed for a field."""

MOST_ROWS = 3_000
"""Rows that are looked at."""

FEW = 3
"""Rows below which nothing is concluded from what they have in common."""

MIXED, TURNED = .35, .8
"""Share of amounts below zero from which it is open whether invoices stand below zero, and from which they do."""

QuestionSort = Literal["kind", "date", "decimal", "field", "direction", "sign"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The beginning of a table: its heads and up to `MOST_ROWS` rows.

    name        of the sheet, empty for a text file
    hints       words of the file's name and of a title above the heads
    head_row    number of the row with the heads
    """

    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    name: str = ""
    hints: tuple[str, ...] = ()
    head_row: int = 1


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has said of a table: how columns are written, by index, and fields by name (a head, number or value)."""

    kind: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[int, Order | Literal["iso"]] = field(default_factory=dict)
    decimals: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """What was found for a field: a column, or a fixed value (`@us`, `EUR`), or nothing; how sure, and why.

    rivals      columns between which nothing decides
    """

    field: str
    column: int | None = None
    fixed: str = ""
    confidence: float = 0.0
    reasons: tuple[Phrase, ...] = ()
    rivals: tuple[int, ...] = ()

    @property
    def known(self) -> bool:
        return self.column is not None or bool(self.fixed)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is not chosen for anybody. `about` is a column's index, or the names of fields that can answer it."""

    sort: QuestionSort
    column: int | None = None
    fields: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a table seems to be.

    kind            None while it is not sure; `kinds` are all of them with how well they fit, best first
    places          for each field of the kind, what was found
    questions       what must be said before it can be a layout
    us, us_reason   our side where the table gives it away, and why
    """

    sheet: Sheet
    columns: tuple[Column, ...]
    kind: str | None
    kinds: tuple[tuple[str, float], ...]
    places: Mapping[str, Placed]
    questions: tuple[Question, ...]
    said: Said
    us: str | None = None
    us_reason: Phrase | None = None

    def column(self, name: str) -> Column | None:
        """The column of a field."""
        placed = self.places.get(name)
        return self.columns[placed.column] if placed is not None and placed.column is not None else None

    def fixed(self, name: str) -> str:
        """The fixed value of a field, empty when it has none."""
        placed = self.places.get(name)
        return placed.fixed if placed is not None else ""

    def has(self, *names: str) -> bool:
        """Whether one of these fields has a column."""
        return any(self.column(name) is not None for name in names)


EXTRA = {"direction": ("in", "out", "signed"), "sign": ("normal", "turned")}
"""What may be set beside fields, and to what: which way payments without a sign go; whether invoices stand below zero."""


def is_turned(proposal: Proposal) -> bool:
    """Whether invoices stand below zero in this table, as some bookkeeping writes what is to be paid."""
    amount = proposal.column("amount")
    return proposal.fixed("sign") == "turned" or (not proposal.fixed("sign") and amount is not None and amount.negative >= TURNED)
