"""The columns of a table, read: a survey of all rows decides how each column is meant, then blocks of rows use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, cast

from evenwicht.importers.tables.cells import Cell, Days, amounts, days, iso_moment, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from evenwicht.importers.tables.cells import Amounts
    from evenwicht.importers.tables.layout import CellType, ColumnRule, Condition, Layout, Match, Span

BLOCK = 8_192
"""Rows that are worked on at once, column by column."""

FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Moments outside these years are slips of a pen or of a clock."""

_DAYS_AHEAD = timedelta(days=2)
_LONGEST_WAIT = 20 * 366 * 86_400.0
"""Seconds; a first answer after twenty years is a slip of a pen."""

_PAST, _FAR = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 1, 1, tzinfo=UTC)


class Grid(Protocol):
    """A table as rows of cells that can be gone through more than once."""

    @property
    def name(self) -> str:
        """The sheet, empty for a text file."""

    @property
    def padded(self) -> bool:
        """Whether blank cells at the end of a row are left away, as in a workbook: then a short row is not odd."""

    def chunks(self, most: int) -> Iterator[tuple[int, list[list[Cell] | None]]]:
        """(number of the first row, as a spreadsheet shows it, rows), at most `most` rows at once.

        None stands for a row that cannot be taken apart.
        """


@dataclass(frozen=True, slots=True)
class Readable:
    """How the cells of a date or amount column are read.

    values      cell → moment or number; a cell that is missing gives nothing
    before      where it is given, moments in ISO 8601 before it are not among the values: each is read where it stands
    bad         cells that are neither empty nor readable
    unbelieved  readable moments outside the years above, or later than now where something is said to have happened
    in_doubt    cells that can be read in two ways; `doubt` says why
    """

    values: Mapping[Cell, datetime] | Mapping[Cell, float]
    bad: frozenset[Cell] = frozenset()
    unbelieved: frozenset[Cell] = frozenset()
    in_doubt: frozenset[Cell] = frozenset()
    doubt: str = ""
    currency: str = ""
    before: datetime | None = None


@dataclass(slots=True)
class Plan:
    """What the survey found: how each typed column is read, where it stands, and which ids are circulars."""

    match: Match
    typed: dict[str, Readable] = field(default_factory=dict)
    borrowed: dict[str, str] = field(default_factory=dict)
    circulars: frozenset[str] = frozenset()

    @property
    def layout(self) -> Layout:
        return self.match.layout

    def has(self, name: str) -> bool:
        """Whether the table has a column, or those from which it follows."""
        rule = self.layout.columns.get(name)
        if rule is not None and rule.span is not None:
            return self.has(rule.span.start) and self.has(rule.span.other)
        return name in self.match.columns


NO_ID = frozenset({"null", "(null)", "nil", "none", "nan", "n/a", "#n/a", "-"})
"""What programs write where there is no id: a thousand rows whose id is `null` are a thousand things."""


def is_empty(cell: Cell, rule: ColumnRule) -> bool:
    """Whether a cell says nothing: blank, or one of the words the layout lists as empty."""
    return isinstance(cell, str) and (not (text := cell.strip()) or text.casefold() in rule.empty)


def latest_of(plan: Plan, name: str, now: datetime) -> datetime:
    """The moment before which a date of this column is believed: soon, where it says that something happened."""
    happened = any(name in event.at for event in plan.layout.events)
    return now + _DAYS_AHEAD if happened else _FAR


def plain_moment(cell: Cell, before: datetime) -> datetime | None:
    """The moment of a cell in ISO 8601 with a zone of UTC, if it is believed; None for any other cell.

    A long log has as many moments as rows: they are read twice rather than kept.
    """
    if not isinstance(cell, str) or cell[4:5] != "-":
        return None
    moment = iso_moment(cell)
    return moment if moment is not None and _PAST <= moment < before else None


def read_columns(plan: Plan, seen: Mapping[str, set[Cell]], now: datetime) -> None:
    """Decide the date and amount columns from their distinct unusual cells in all rows, and put them into the plan."""
    rules = {name: plan.layout.columns[name] for name in seen}
    filled = {
        name: {cell for cell in cells if not is_empty(cell, rules[name])} if rules[name].empty else cells
        for name, cells in seen.items()
    }
    found = {name: days(filled[name], rule.date) for name, rule in rules.items() if rule.type == "date"}
    orders = {read.order for read in found.values() if read.order is not None}
    for name, read in found.items():
        settled = read
        if read.doubt == "both" and len(orders) == 1:
            settled = days(filled[name], rules[name].date, fallback=next(iter(orders)))
            plan.borrowed[name] = next(other for other, days_ in found.items() if days_.order is not None)
        plan.typed[name] = _believed(filled[name], settled, latest_of(plan, name, now), plain=not rules[name].empty)
    for name, rule in rules.items():
        if rule.type == "amount":
            plan.typed[name] = _numbers(filled[name], amounts(filled[name], rule.decimal))


def _believed(cells: AbstractSet[Cell], read: Days, latest: datetime, *, plain: bool) -> Readable:
    moments, before = read.moments, latest if plain else None
    if not moments or (min(moments.values()) >= _PAST and max(moments.values()) < latest):
        return Readable(moments, _bad(cells, moments.keys(), read.in_doubt), frozenset(), read.in_doubt, read.doubt, before=before)
    unbelieved = frozenset(cell for cell, moment in moments.items() if not _PAST <= moment < latest)
    values = {cell: moment for cell, moment in moments.items() if cell not in unbelieved}
    return Readable(values, _bad(cells, moments.keys(), read.in_doubt), unbelieved, read.in_doubt, read.doubt, before=before)


def _numbers(cells: AbstractSet[Cell], read: Amounts) -> Readable:
    bad = _bad(cells, read.numbers.keys(), read.in_doubt)
    return Readable(read.numbers, bad, in_doubt=read.in_doubt, doubt=read.doubt, currency=read.currency)


def _bad(cells: AbstractSet[Cell], read: AbstractSet[Cell], in_doubt: AbstractSet[Cell]) -> frozenset[Cell]:
    return frozenset(cell for cell in cells - read - in_doubt if not isinstance(cell, str) or cell.strip())


def _nothing(_cell: Cell) -> None:
    return None


@dataclass(slots=True)
class Block:
    """Some thousand rows of one table, and their columns as lists.

    numbers, rows   row numbers as a spreadsheet shows them, and the cells
    sides           party → its identifier in each row
    made, ids       event → which rows gave it and of which kind, and the ids, empty where it was not given
    """

    plan: Plan
    numbers: list[int]
    rows: list[list[Cell]]
    _texts: dict[str, list[str]] = field(default_factory=dict)
    _typed: dict[str, list[object]] = field(default_factory=dict)
    made: dict[str, tuple[list[bool], Sequence[str]]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    sides: dict[str, list[str | None]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def raw(self, name: str) -> list[Cell]:
        """The cells of a column as they stand; empty ones when the table does not have it."""
        index = self.plan.match.columns.get(name)
        return [""] * len(self.rows) if index is None else [row[index] for row in self.rows]

    def text(self, name: str) -> list[str]:
        """The cells of a column as text without outer space; empty where they say nothing."""
        if name in self._texts:
            return self._texts[name]
        rule = self.plan.layout.columns[name]
        raw = self.raw(name)
        try:
            texts = list(map(str.strip, raw))  # type: ignore[arg-type]  # all cells of a text file are texts
        except TypeError:
            texts = [text_of(cell).strip() for cell in raw]
        if rule.empty:
            texts = ["" if text.casefold() in rule.empty else text for text in texts]
        if rule.type == "id":
            texts = [text[1:-1] if text[:1] == "<" and text[-1:] == ">" else text for text in texts]
            if not NO_ID.isdisjoint(map(str.casefold, set(texts))):
                texts = ["" if text.casefold() in NO_ID else text for text in texts]
        self._texts[name] = texts
        return texts

    def moments(self, name: str) -> list[datetime | None]:
        """A date column: moments, None where the cell gives none."""
        return cast("list[datetime | None]", self._values(name))

    def unusual(self, name: str, now: datetime) -> Iterable[Cell]:
        """The cells of a date or amount column that must be decided with the others: all but plain moments."""
        rule = self.plan.layout.columns[name]
        if rule.type != "date" or rule.empty:
            return self.raw(name)
        before = latest_of(self.plan, name, now)
        return [cell for cell in self.raw(name) if plain_moment(cell, before) is None]

    def figures(self, name: str) -> list[float | None]:
        """An amount column: numbers, None where the cell gives none."""
        return cast("list[float | None]", self._values(name))

    def _values(self, name: str) -> list[object]:
        if name not in self._typed and (span := self.plan.layout.columns[name].span) is not None:
            self._typed[name] = self._spanned(span, self.plan.layout.columns[name].type)
        if name not in self._typed:
            readable = self.plan.typed.get(name)
            get: Callable[[Cell], object] = readable.values.get if readable is not None else _nothing
            before = readable.before if readable is not None else None
            if before is None:
                self._typed[name] = [get(cell) for cell in self.raw(name)]
            else:
                self._typed[name] = [plain_moment(cell, before) or get(cell) for cell in self.raw(name)]
        return self._typed[name]

    def _spanned(self, span: Span, type_: CellType) -> list[object]:
        """A moment some time after another, or the time between two; None where something is missing or absurd."""
        starts = self.moments(span.start)
        if type_ == "date":
            return [
                start + timedelta(seconds=figure * span.seconds)
                if start is not None and figure is not None and 0 <= figure * span.seconds <= _LONGEST_WAIT else None
                for start, figure in zip(starts, self.figures(span.other), strict=True)
            ]
        return [
            (end - start).total_seconds() / span.seconds if start is not None and end is not None and end > start else None
            for start, end in zip(starts, self.moments(span.other), strict=True)
        ]

    def holds(self, conditions: Sequence[Condition]) -> list[bool]:
        """For each row, whether all conditions hold."""
        masks = [self._holds(condition) for condition in conditions]
        return masks[0] if len(masks) == 1 else [all(row) for row in zip(*masks, strict=True)]

    def _holds(self, condition: Condition) -> list[bool]:
        masks: list[list[bool]] = []
        if condition.event:
            rows, kinds = self.made[condition.event]
            wanted = condition.kinds
            masks.append([row and kind in wanted for row, kind in zip(rows, kinds, strict=True)] if wanted else rows)
        if condition.any_of:
            masks.append([any(row) for row in zip(*map(self._holds, condition.any_of), strict=True)])
        if condition.column:
            name = condition.column
            texts = self.text(name)
            if condition.values is not None:
                masks.append([text.casefold() in condition.values for text in texts])
            if condition.not_values is not None:
                masks.append([text.casefold() not in condition.not_values for text in texts])
            if condition.empty is not None:
                masks.append([(not text) is condition.empty for text in texts])
            if condition.same_as:
                masks.append([one == other for one, other in zip(texts, self.text(condition.same_as), strict=True)])
            if condition.differs_from:
                other = self.text(condition.differs_from)
                masks.append([one != two for one, two in zip(texts, other, strict=True)])
            if condition.below is not None:
                masks.append([figure is not None and figure < condition.below for figure in self.figures(name)])
            if condition.at_least is not None:
                masks.append([figure is not None and figure >= condition.at_least for figure in self.figures(name)])
        return masks[0] if len(masks) == 1 else [all(row) for row in zip(*masks, strict=True)]
