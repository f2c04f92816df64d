"""What is wrong with a table, said once for each sort: up to twenty rows by name, the others as a number."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.importers.source import Reading
    from evenwicht.importers.tables.cells import Cell
    from evenwicht.importers.tables.columns import Plan
    from evenwicht.ledger.problems import Severity

LISTED = 20
"""Problems of one sort that are listed row by row; one more problem counts the others."""

_SHOWN = 60


def shown(cell: Cell) -> str:
    """A cell as it is quoted in a sentence: on one line, and not too long."""
    text = " ".join(str(cell).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN - 1] + "…"


class Complaints:
    """Collects the problems of one table in its Reading. What concerns a whole column stands at the row of the heads.

    `sheet` is the sheet of a workbook, empty for a text file.
    """

    def __init__(self, reading: Reading, plan: Plan, heads: Sequence[str], head_row: int, sheet: str) -> None:
        made = [plan.layout.columns[name].made for name in plan.match.made]
        sources = [next((name for name in one.columns if name in plan.match.columns), "") for one in made if one is not None]
        self._reading, self._plan, self._width = reading, plan, len(heads)
        self._heads = [*heads, *sources]
        self._sheet = sheet
        self._top = self.place(max(head_row, 1))
        self._seen: Counter[str] = Counter()
        self._first: dict[str, str] = {}
        self._in_doubt: Counter[str] = Counter()
        self._example: dict[str, str] = {}

    def place(self, number: int) -> str:
        """Where a row stands: `12`, or `Sheet1!12`."""
        return f"{self._sheet}!{number}" if self._sheet else str(number)

    def head(self, column: str) -> str:
        """The head of a column as it stands in the table; of a made one, the head of the column it is made of."""
        span = self._plan.layout.columns[column].span
        if span is not None:
            return self.head(span.start)
        index = self._plan.match.columns[column]
        return self.head(self._heads[index]) if index >= self._width else shown(self._heads[index])

    def _room(self, sort: str, number: int) -> bool:
        self._seen[sort] += 1
        self._first.setdefault(sort, self.place(number))
        return self._seen[sort] <= LISTED

    def ragged(self, number: int, found: int) -> None:
        if self._room("ragged", number):
            self._reading.problem(
                self.place(number), "The row has {found} cells where the heads are {expected}.",
                "What stands under the known heads was read. Look for a delimiter or a quotation mark inside a cell.",
                "warning", found=found, expected=self._width,
            )

    def broken(self, number: int) -> None:
        if self._room("broken", number):
            self._reading.problem(
                self.place(number), "A quotation mark in the row is never closed; the row was left out.",
                "Close the quotation in the row, or take the mark out. The rows behind it were read.",
            )

    def given_up(self, number: int) -> None:
        self._reading.problem(
            self.place(number), "Too many rows have a quotation that is never closed; the rest of the table was not read.",
            "Save the table anew, with every quotation closed.",
        )

    def too_many(self, most: int, last: int) -> None:
        self._reading.problem(
            self.place(last), "The table has more than {most} rows; what follows was not read.",
            "Split the table, for instance by year, and read the parts.", most=most,
        )

    def no_rows(self) -> None:
        self._reading.problem(
            self._top, "The table has heads and no rows.", "If it should have rows, export it again.", "note",
        )

    def unverified(self) -> None:
        self._reading.problem(
            self._top, "The layout {layout} was made from a published list of columns, not from a real export.",
            "Look at some of the events, and whether they are what the table says.", "note", layout=self._plan.layout.name,
        )

    def too_many_pieces(self, number: int, found: int, most: int) -> None:
        if self._room("pieces", number):
            self._reading.problem(
                self.place(number), "The row stands for {found} things; the first {most} were read.",
                "Look whether so many things belong into one row.", "warning", found=found, most=most,
            )

    def doubled(self, heads: Sequence[str]) -> None:
        for head in heads:
            self._reading.problem(
                self._top, "The head {head} stands in the table more than once; its first column was read.",
                "Rename the columns that should not be read.", "warning", head=shown(head),
            )

    def missing(self, number: int, column: str) -> None:
        if self._room(f"missing {column}", number):
            self._reading.problem(
                self.place(number), "The cell under {head} is empty; the row was left out.",
                "Fill in the cell, or take the row out of the table.", head=self.head(column),
            )

    def nobody(self, number: int, party: str) -> None:
        if self._room(f"nobody {party}", number):
            self._reading.problem(
                self.place(number), "The row does not say who the {party} is; it was left out.",
                "Fill in a domain, an address, a number or a name.", party=party,
            )

    def unreadable(self, number: int, column: str, cell: Cell, *, lost: bool) -> None:
        if not self._room(f"unreadable {column}", number):
            return
        if self._plan.layout.columns[column].type == "date":
            self._reading.problem(
                self.place(number), "{cell} under {head} is no date that can be read.",
                "Give the day that is meant, in a way that can be read: 2026-03-31, for example.", "error" if lost else "warning", cell=shown(cell), head=self.head(column),
            )
        else:
            self._reading.problem(
                self.place(number), "{cell} under {head} is no amount that can be read.",
                "Give the amount that is meant, in a way that can be read: 1234.56 or 1234,56, for example.", "error" if lost else "warning",
                cell=shown(cell), head=self.head(column),
            )

    def unbelieved(self, number: int, column: str, cell: Cell) -> None:
        if self._room(f"unbelieved {column}", number):
            self._reading.problem(
                self.place(number), "{cell} under {head} lies before 1970 or in the future; what it dates was left out.",
                "Correct the date. If numbers are seconds or days, a layout must say so.",
                cell=shown(cell), head=self.head(column),
            )

    def in_doubt(self, column: str, cell: Cell) -> None:
        self._in_doubt[column] += 1
        self._example.setdefault(column, shown(cell))

    def no_event(self, number: int) -> None:
        if self._room("no event", number):
            self._reading.problem(
                self.place(number), "The row gives no event: the cells that would date it are empty.",
                "Nothing is lost if it has not happened yet; else fill in the day.", "note",
            )

    def finish(self) -> None:
        """Say what is true of whole columns, and how many rows were not listed."""
        for column, other in self._plan.borrowed.items():
            self._reading.problem(
                self._top, "The days under {head} can be read in two ways; they were read as those under {other}.",
                "If that is wrong, give a layout that says order = \"day\" or order = \"month\" for {column}.", "note",
                head=self.head(column), other=self.head(other), column=column,
            )
        for column, count in self._in_doubt.items():
            self._doubt(column, count)
        for sort, count in self._seen.items():
            if count > LISTED:
                self._reading.problem(
                    self._first[sort], "{count} more rows have the same problem as this one; they are not listed.",
                    "Correct the table where it was made, and read it again.", "warning", count=count - LISTED,
                )

    def _doubt(self, column: str, count: int) -> None:
        readable, rule = self._plan.typed[column], self._plan.layout.columns[column]
        said = {"head": self.head(column), "cell": self._example[column], "count": count, "column": column,
                "layout": self._plan.layout.name}
        severity: Severity = "error" if rule.filled else "warning"
        if rule.type == "date" and readable.doubt == "both":
            self._reading.problem(
                self._top, "Days under {head}, such as {cell}, can be read day first and month first; "
                "{count} cells were not read.",
                "Say which: a file with extends = \"{layout}\" and, under [columns.{column}], order = \"day\" or "
                "order = \"month\", given with --layout.", severity, **said,
            )
        elif rule.type == "date":
            self._reading.problem(
                self._top, "Some days under {head} can only be day first and others only month first; {count} cells "
                "such as {cell} were not read.",
                "Correct the table, or say which: a file with extends = \"{layout}\" and, under [columns.{column}], "
                "order = \"day\" or order = \"month\", given with --layout.", severity, **said,
            )
        elif readable.doubt == "both":
            self._reading.problem(
                self._top, "Amounts under {head}, such as {cell}, can be read with a decimal comma and with a decimal "
                "point; {count} cells were not read.",
                "Say which: a file with extends = \"{layout}\" and, under [columns.{column}], decimal = \"comma\" or "
                "decimal = \"point\", given with --layout.", severity, **said,
            )
        else:
            self._reading.problem(
                self._top, "Some amounts under {head} have a decimal comma and others a decimal point; {count} cells "
                "such as {cell} were not read.",
                "Correct the table, or say which: a file with extends = \"{layout}\" and, under [columns.{column}], "
                "decimal = \"comma\" or decimal = \"point\", given with --layout.", severity, **said,
            )

    def redated(self, kind: str, count: int, head: str) -> None:
        self._reading.problem(
            self._top, "{count} times a {kind} has no day of its own; it stands on the day under {head}.",
            "Add a column with the day on which it happened.", "note", count=count, kind=kind, head=head,
        )

    def without_currency(self, count: int) -> None:
        self._reading.problem(
            self._top, "{count} amounts name no currency; they were kept without one.",
            "Add a column with the currency, or give a layout with unit = \"EUR\" under the column of the amount.", "note",
            count=count,
        )

    def odd_kind(self, kind: str, count: int) -> None:
        self._reading.problem(
            self._top, "{count} rows are of the kind {kind}, which nothing reads; they were kept.",
            "If it is another word for a known kind, give a layout that says so under words.", "note",
            count=count, kind=shown(kind),
        )
