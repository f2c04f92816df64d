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


How = Literal["piece", "joined", "words", "asks", "clock", "iban"]


@dataclass(frozen=True, slots=True)
class Made:
    """How the cells of a column are made of what stands in other columns of the row.

    piece       what `pattern` finds in the column: its first group
    joined      the cells of the columns with a space between them: a day and a time of day
    words       how many words of its writer's own a text has, without quotations and tags
    asks        `yes` where those words hold a question
    clock       a length of time such as 0:12:30 or 1h 5m, in minutes; a plain number is so many times `scale` seconds
    iban        a number of an account at the Dutch bank `bank`, as its IBAN
    """

    how: How
    columns: tuple[str, ...]
    pattern: re.Pattern[str] | None = None
    bank: str = ""
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Span:
    """A moment or a length that follows from other typed columns.

    A date: `start` and so many `seconds` times the amount in `other` later. An amount: from `start` until the date in
    `other`, counted in `seconds` (60: minutes).
    """

    start: str
    other: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """One column: the heads it may have (as `plain`, the preferred one first) and how its cells are read.

    required    a table without this column is not of this layout
    filled      and a row in which its cell is empty or not readable is a problem and gives nothing
    unit        unit of amounts in this column where the row itself names none
    made, span  where it is given, the column does not stand in the table but follows from others
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
    made: Made | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A table without heads: which column stands where ("" for none of interest), and what its cells must look like.

    Every one of the first rows must have this many cells, the last ones but `least` may lack in all of them, and each cell
    with a pattern must match it whole.
    """

    columns: tuple[str, ...]
    cells: Mapping[str, re.Pattern[str]]
    least: int


@dataclass(frozen=True, slots=True)
class Unfold:
    """A row for each cell of a column that stands in the table several times, or for each piece of its cell.

    separator   what stands between the pieces; "" where a cell is one piece
    keep        the row itself stays as well, with this cell empty
    """

    column: str
    separator: str = ""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class PartyRule:
    """One party: (how a column identifies it, the columns, of which the first that is filled counts).

    own         whose table it is: the holder of the bank account
    optional    a row that does not say who it is gives the events without it
    """

    name: str
    columns: tuple[tuple[IdentifierType, tuple[str, ...]], ...]
    own: bool = False
    optional: bool = False


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
    differs_from: str = ""
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

    amount          columns, each with a sign (0: without its own); then `count`, the number of things where none of them is filled
    units, amounts  per kind: the unit where none is given, and a fixed amount
    booking         a row without an id of its own is known by account, day and amount, as in CAMT and MT940
    numbered        equal ids are told apart by a running number: two comments of one minute
    once            of rows that give the same event, the first one gives it: a table with a row for each invoice line
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
    once: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """What a table of this kind would have shown; without `kinds`: the kinds found in it. From first to last event."""

    kinds: tuple[str, ...] = ()
    party: str | None = None
    sees: Sees = "both"


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of table, as its TOML file describes it.

    without     heads (as `plain`) with which a table is of another kind
    generic     fits tables from anywhere: counts only where no layout of a certain program fits
    quote       the mark around cells with a delimiter in them
    verified    made from a real export; else from a published list of columns, and reading by it says so
    """

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
    without: frozenset[str] = frozenset()
    generic: bool = False
    verified: bool = True
    shape: Shape | None = None
    unfold: Unfold | None = None
    quote: str = '"'


@dataclass(frozen=True, slots=True)
class Match:
    """How a row of heads answers to a layout: column → index, and what of the required things it lacks.

    made        columns that are made of others; their cells stand behind those of the table, in this order
    repeated    where the column stands of which every cell is a row
    """

    layout: Layout
    columns: Mapping[str, int]
    lacking: tuple[str, ...]
    doubled: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    repeated: tuple[int, ...] = ()

    @property
    def strength(self) -> tuple[int, int]:
        """More columns known is a better match; then more of them required."""
        return len(self.columns), sum(self.layout.columns[name].required for name in self.columns)


def places_of(heads: Sequence[str]) -> dict[str, list[int]]:
    """Where each head stands, as it is compared."""
    at: dict[str, list[int]] = {}
    for index, head in enumerate(heads):
        if key := plain(head):
            at.setdefault(key, []).append(index)
    return at


def match(layout: Layout, heads: Sequence[str], places: Mapping[str, list[int]] | None = None) -> Match:
    """Find the layout's columns in a row of heads. `places` are those of `places_of`, where several layouts are asked."""
    at = places_of(heads) if places is None else places
    columns: dict[str, int] = {}
    doubled: list[str] = []
    repeated: tuple[int, ...] = ()
    for rule in layout.columns.values():
        known = next((head for head in rule.heads if head in at), None)
        if known is None:
            continue
        columns[rule.name] = at[known][0]
        if layout.unfold is not None and layout.unfold.column == rule.name:
            repeated = tuple(at[known])
        elif len(at[known]) > 1:
            doubled.append(heads[at[known][0]])
    foreign = tuple(head for head in sorted(layout.without) if head in at)
    return _matched(layout, columns, len(heads), foreign, tuple(doubled), repeated)


def match_shape(layout: Layout, rows: Sequence[Sequence[str]]) -> Match | None:
    """Take the first rows of a table without heads for this layout, if every one of them looks like it."""
    shape = layout.shape
    if shape is None or not rows:
        return None
    width = len(rows[0])
    if not shape.least <= width <= len(shape.columns) or any(len(row) != width for row in rows):
        return None
    columns = {name: index for index, name in enumerate(shape.columns[:width]) if name}
    cells = [(columns[name], pattern) for name, pattern in shape.cells.items() if name in columns]
    if any(pattern.fullmatch(row[index].strip()) is None for row in rows for index, pattern in cells):
        return None
    found = _matched(layout, columns, width)
    return None if found.lacking else found


def _matched(
    layout: Layout, columns: dict[str, int], width: int, foreign: tuple[str, ...] = (), doubled: tuple[str, ...] = (),
    repeated: tuple[int, ...] = (),
) -> Match:
    """Add the columns that are made of those which were found, and say what is lacking."""
    made: list[str] = []
    for rule in layout.columns.values():
        if rule.made is not None and any(name in columns for name in rule.made.columns):
            columns[rule.name] = width + len(made)
            made.append(rule.name)
    lacking = [rule.name for rule in layout.columns.values() if rule.required and rule.name not in columns]
    lacking += [party.name for party in layout.parties.values()
                if not any(name in columns for _how, names in party.columns for name in names)]
    return Match(layout, columns, (*lacking, *foreign), doubled, tuple(made), repeated)
