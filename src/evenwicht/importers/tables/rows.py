"""The rows of a table, walked through twice: a survey that decides the columns, then blocks to make events from."""

from __future__ import annotations

from collections import Counter
from itertools import compress
from typing import TYPE_CHECKING, cast

from evenwicht.importers.tables.columns import BLOCK, Block, read_columns
from evenwicht.importers.tables.dialect import BROKEN_ROWS
from evenwicht.importers.tables.made import Completion, Unfolding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from evenwicht.importers.tables.cells import Cell
    from evenwicht.importers.tables.columns import Grid, Plan
    from evenwicht.importers.tables.complaints import Complaints

MOST_ROWS = 2_000_000
"""Rows of one table; a problem says that what lies behind them is left. (A sheet cannot hold more than 1,048,576.)"""


class Rows:
    """The rows behind the heads: blank, broken and excluded ones left out, short ones filled up, made columns added.

    grid        the table
    plan        what the survey finds is put here
    head_row    number of the row that holds the heads, `width` how many cells it has
    """

    def __init__(self, grid: Grid, plan: Plan, head_row: int, width: int) -> None:
        self._grid, self._plan, self._head_row, self._width = grid, plan, head_row, width
        self._watched = circular_column(plan)
        self._completion, self._unfolding = Completion(plan, width), Unfolding(plan)
        self.often: frozenset[str] = frozenset()

    def survey(self, complaints: Complaints, now: datetime) -> Counter[str]:
        """Walk once: decide the date and amount columns, list what is wrong with rows, count rows and excluded rows.

        `often` becomes the set of ids that stand in so many rows that they may be circulars.
        """
        layout, columns = self._plan.layout, self._plan.match.columns
        seen: dict[str, set[Cell]] = {name: set() for name, rule in layout.columns.items()
                                      if rule.type in {"date", "amount"} and rule.span is None and name in columns}
        ids: Counter[str] = Counter()
        counted: Counter[str] = Counter()
        for block in self._blocks(complaints, counted):
            counted["rows"] += len(block)
            for name, cells in seen.items():
                cells.update(block.unusual(name, now))
            if self._watched is not None:
                ids.update(block.text(self._watched[0]))
        read_columns(self._plan, seen, now)
        if self._watched is not None:
            self.often = frozenset(text for text, count in ids.items() if text and count > self._watched[1])
        return counted

    def blocks(self) -> Iterator[Block]:
        """Walk again, without a word about what is wrong."""
        return self._blocks(None, Counter())

    def _blocks(self, complaints: Complaints | None, counted: Counter[str]) -> Iterator[Block]:
        broken = 0
        for first, rows in self._grid.chunks(BLOCK):
            numbers = list(range(first, first + len(rows)))
            last = self._head_row + MOST_ROWS
            if numbers[-1] > last:
                if complaints is not None and first <= last + 1:
                    complaints.too_many(MOST_ROWS, last)
                numbers, rows = numbers[:max(0, last - first + 1)], rows[:max(0, last - first + 1)]  # noqa: PLW2901
                if not numbers:
                    return
            if first <= self._head_row:
                behind = self._head_row - first + 1
                numbers, rows = numbers[behind:], rows[behind:]  # noqa: PLW2901  the rows up to the heads are cut off
            if None in rows:
                broken = self._broken(numbers, rows, broken, complaints)
            lists = cast("list[list[Cell]]", rows)
            if None in rows or set(map(len, lists)) != {self._width} or not all(map(any, lists)):
                numbers, lists = self._tidy(numbers, rows, complaints)
            if lists:
                for some, rows_ in self._unfolded(numbers, lists, complaints):
                    full = self._completion.completed(rows_) if self._completion else rows_
                    yield self._wanted(Block(self._plan, some, full), counted)

    def _unfolded(
        self, numbers: list[int], rows: list[list[Cell]], complaints: Complaints | None,
    ) -> Iterable[tuple[list[int], list[list[Cell]]]]:
        return self._unfolding.rows(numbers, rows, complaints, BLOCK) if self._unfolding else [(numbers, rows)]

    def _broken(
        self, numbers: list[int], rows: Sequence[list[Cell] | None], before: int, complaints: Complaints | None,
    ) -> int:
        for number, row in zip(numbers, rows, strict=True):
            if row is None:
                before += 1
                if complaints is not None:
                    complaints.broken(number)
                    if before == BROKEN_ROWS:
                        complaints.given_up(number)
        return before

    def _tidy(
        self, numbers: list[int], rows: Sequence[list[Cell] | None], complaints: Complaints | None,
    ) -> tuple[list[int], list[list[Cell]]]:
        """Drop the broken and the blank rows, and fill up the short ones."""
        width = self._width
        kept: tuple[list[int], list[list[Cell]]] = [], []
        for number, row in zip(numbers, rows, strict=True):
            if row is None or not any(cell != "" for cell in row):
                continue
            if len(row) < width:
                if complaints is not None and not self._grid.padded:
                    complaints.ragged(number, len(row))
                row = row + [""] * (width - len(row))  # noqa: PLW2901  a short row is filled up
            elif len(row) > width and complaints is not None and any(cell != "" for cell in row[width:]):
                complaints.ragged(number, len(row))
            kept[0].append(number)
            kept[1].append(row)
        return kept

    def _wanted(self, block: Block, counted: Counter[str]) -> Block:
        for exclusion in self._plan.layout.exclude:
            out = block.holds(exclusion.when)
            if True in out:
                counted[exclusion.counted] += sum(out)
                keep = [not one for one in out]
                block = Block(self._plan, list(compress(block.numbers, keep)), list(compress(block.rows, keep)))
        return block


def circular_column(plan: Plan) -> tuple[str, int] | None:
    """The column whose id may be that of a circular, and above how many receivers it is one; None without either."""
    for rule in plan.layout.events:
        if rule.circular is not None:
            for template in rule.id:
                for place in template.places:
                    if place in plan.match.columns:
                        return place, rule.circular.above
    return None
