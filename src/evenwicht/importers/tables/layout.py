"""What a layout says of a kind of table, and how a table is recognised by its heads. `layout_file` reads it from TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evenwicht.importers.tables.cells import DateSetting, Decimal
from evenwicht.ledger.coverage import Sees

US = "@us"
"""Stands for our side where the table does not name it; whoever joins the files puts our party in its place."""

CellType = Literal["text", "id", "date", "amount"]
IdentifierType = Literal["any", "address", "domain", "vat", "kvk", "iban", "name"]


_AS_IT_STANDS = DateSetting()


def plain(head: str) -> str:
    """A column head as it is compared: no capitals, spaces or punctuation."""
    return re.sub(r"[\W_]+", "", head.casefold())


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """One column: the heads it may have (as `plain`, the preferred one first) and how its cells are read.

    required    a table without this column is not of this layout
    filled      and a row in which its cell is empty or not readable is a problem and gives nothing
    unit        unit of amounts in this column where the row itself names none
    """

    name: str
    heads: tuple[str, ...]
    type: CellType = "text"
    required: bool = False
    filled: bool = False
    date: DateSetting = _AS_IT_STANDS
    decimal: Decimal | None = None
    unit: str = ""
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PartyRule:
    """One party: (how a column identifies it, the columns, of which the first that is filled counts).

    own     whose table it is: the holder of the bank account
    """

    name: str
    columns: tuple[tuple[IdentifierType, tuple[str, ...]], ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a row. All parts that are given must hold; `any_of` holds when one of its conditions does.

    `event` and `kinds`: the earlier event of this row was made, with one of these kinds (none given: any).
    """

    column: str = ""
    values: frozenset[str] | None = None
    not_values: frozenset[str] | None = None
    empty: bool | None = None
    below: float | None = None
    at_least: float | None = None
    same_as: str = ""
    event: str = ""
    kinds: frozenset[str] = frozenset()
    any_of: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows that are left out, and the word under which they are counted."""

    when: tuple[Condition, ...]
    counted: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text with places. `parts` alternate: fixed text, place, fixed text, place, … fixed text."""

    parts: tuple[str, ...]

    @property
    def places(self) -> tuple[str, ...]:
        return self.parts[1::2]


@dataclass(frozen=True, slots=True)
class KindRule:
    """The kind of an event: always `default`, or what a column says; `words` turn the column's words into kinds."""

    default: str
    column: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Circular:
    """An event with more than `above` receivers under one id is a circular: `of` becomes `kind`."""

    above: int
    of: str
    kind: str


@dataclass(frozen=True, slots=True)
class Booking:
    """That a row is a line of a bank account: the column with the account, and those whose text may name invoices."""

    account: str
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventRule:
    """One event that a row may give. Lists of columns or templates mean: the first one that is filled.

    amount          columns, each with a sign; then `count`, the number of things where none of them is filled
    units, amounts  per kind: the unit where none is given, and a fixed amount
    booking         a row without an id of its own is known by account, day and amount, as in CAMT and MT940
    giver_person, receiver_person   columns that may hold a person's address
    """

    name: str
    kind: KindRule
    at: tuple[str, ...]
    giver: str
    receiver: str
    id: tuple[Template, ...]
    amount: tuple[tuple[int, str], ...] = ()
    count: float | None = None
    unit: tuple[Template, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    amounts: Mapping[str, float] = field(default_factory=dict)
    due: tuple[str, ...] = ()
    thread: tuple[Template, ...] = ()
    answers: tuple[Template, ...] = ()
    references: tuple[Template, ...] = ()
    when: tuple[Condition, ...] = ()
    circular: Circular | None = None
    shared: bool = True
    giver_person: str = ""
    receiver_person: str = ""
    booking: Booking | None = None


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """What a table of this kind would have shown; without `kinds`: the kinds found in it. From first to last event."""

    kinds: tuple[str, ...] = ()
    party: str | None = None
    sees: Sees = "both"


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of table, as its TOML file describes it."""

    name: str
    title: Mapping[str, str]
    columns: Mapping[str, ColumnRule]
    parties: Mapping[str, PartyRule]
    events: tuple[EventRule, ...]
    exclude: tuple[Exclusion, ...] = ()
    empty: frozenset[str] = frozenset()
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    coverage: CoverageRule | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How a row of heads answers to a layout: column → index, and what of the required things it lacks."""

    layout: Layout
    columns: Mapping[str, int]
    lacking: tuple[str, ...]
    doubled: tuple[str, ...] = ()

    @property
    def strength(self) -> tuple[int, int]:
        """More columns known is a better match; then more of them required."""
        return len(self.columns), sum(self.layout.columns[name].required for name in self.columns)


def match(layout: Layout, heads: Sequence[str]) -> Match:
    """Find the layout's columns in a row of heads."""
    at: dict[str, int] = {}
    twice: set[str] = set()
    for index, head in enumerate(heads):
        key = plain(head)
        if not key:
            continue
        if key in at:
            twice.add(key)
        else:
            at[key] = index
    columns, doubled = {}, []
    for rule in layout.columns.values():
        known = next((head for head in rule.heads if head in at), None)
        if known is not None:
            columns[rule.name] = at[known]
            if known in twice:
                doubled.append(heads[at[known]])
    lacking = [rule.name for rule in layout.columns.values() if rule.required and rule.name not in columns]
    lacking += [party.name for party in layout.parties.values()
                if not any(name in columns for _how, names in party.columns for name in names)]
    return Match(layout, columns, tuple(lacking), tuple(doubled))
