"""A workbook (XLSX) as tables: its values, never its formulas or links, behind the limits that a hostile file needs."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openpyxl import Workbook

    from evenwicht.importers.source import Reading
    from evenwicht.importers.tables.cells import Cell

MOST_BYTES = 512 * 1024 * 1024
"""Bytes of a workbook when unpacked."""

MOST_ENTRIES = 1_000
MOST_RATIO = 100
"""Unpacked to packed, for entries of more than a megabyte: a blank sheet packs well, a bomb packs better."""

MOST_SHEETS = 100
MOST_CELLS = 40_000_000
"""Cells of one sheet, the blank ones before a far-off cell included."""

_SMALL = 1024 * 1024
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, EOFError, OSError, NotImplementedError, RuntimeError, OverflowError, AssertionError,
)
"""What zipfile, the XML parsers (whose errors are SyntaxErrors) and openpyxl raise for files that are damaged."""


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """One sheet, held in memory: reading it again would unpack it again."""

    name: str
    lines: list[list[Cell]]
    padded: bool = True

    def chunks(self, most: int) -> Iterator[tuple[int, list[list[Cell] | None]]]:
        """(number of the first row, rows) of at most `most` rows at once."""
        for start in range(0, len(self.lines), most):
            yield start + 1, list(self.lines[start:start + most])


def is_workbook(start: bytes, path: Path) -> bool:
    """Whether a ZIP holds a workbook. `start` is the beginning of the file."""
    if not start.startswith(b"PK\x03\x04"):
        return False
    if b"xl/workbook.xml" in start or b"xl/worksheets/" in start:
        return True
    if b"[Content_Types].xml" not in start and b"docProps/" not in start:
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def sheets(path: Path, reading: Reading, only: str | None = None) -> list[SheetGrid]:
    """The sheets of a workbook in their order; `only` names the one that is wanted. What cannot be read is a problem."""
    from openpyxl import load_workbook  # heavy: only who reads a workbook pays for it

    try:
        if not _is_safe(path):
            reading.problem(
                "", "The workbook unpacks to more than a table can be, or declares entities; it was not read.",
                "Save it anew from a spreadsheet program, or as CSV.",
            )
            return []
        with path.open("rb") as file:  # a path would be judged by its ending
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                return _sheets_of(book, reading, only)
            finally:
                book.close()
    except _UNREADABLE as error:
        _damaged(reading, "", error)
        return []


def _sheets_of(book: Workbook, reading: Reading, only: str | None) -> list[SheetGrid]:
    grids = []
    wanted = [sheet for sheet in book.worksheets if only is None or sheet.title.casefold() == only.casefold()]
    for sheet in wanted[:MOST_SHEETS]:
        lines: list[list[Cell]] = []
        try:
            sheet.reset_dimensions()
            complete = _fill(lines, sheet.iter_rows(values_only=True))
        except _UNREADABLE as error:
            _damaged(reading, sheet.title, error)
        else:
            if not complete:
                reading.problem(
                    sheet.title, "The sheet has cells far outside its table; what follows row {row} was not read.",
                    "Delete the cells below and to the right of the table.", row=len(lines),
                )
        grids.append(SheetGrid(sheet.title, lines))
    return grids


def _fill(lines: list[list[Cell]], rows: Iterable[tuple[Any, ...]]) -> bool:
    """Add the rows, without the blank cells at their end; False when there are too many cells."""
    cells = 0
    for row in rows:
        cells += len(row) + 1
        if cells > MOST_CELLS:
            return False
        values = [_cell(value) for value in row]
        while values and values[-1] == "":
            values.pop()
        lines.append(values)
    while lines and not lines[-1]:
        lines.pop()
    return True


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, (str, datetime)):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  a sheet knows no time zones; the layout does
    return value.isoformat() if isinstance(value, time) else str(value)


def _damaged(reading: Reading, sheet: str, error: BaseException) -> None:
    reading.problem(
        sheet, "The workbook cannot be read: {reason}.", "Open it in a spreadsheet program and save it anew, or as CSV.",
        reason=str(error).strip().rstrip(".") or type(error).__name__,
    )


def _is_safe(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            return False
        for entry in entries:
            if entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
                return False
            if entry.filename.endswith((".xml", ".rels", ".vml")):
                with archive.open(entry) as part:
                    if _DECLARES.search(part.read(4096)):
                        return False
    return True
