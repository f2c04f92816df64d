"""The beginning of a table of which nothing is known: where its heads stand, and its first rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenwicht.importers.source import Reading
from evenwicht.importers.tables import workbook
from evenwicht.importers.tables.cells import text_of
from evenwicht.importers.tables.dialect import Dialect, TextGrid, encoding_of, vote
from evenwicht.importers.tables.proposal import MOST_ROWS, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evenwicht.importers.tables.cells import Cell
    from evenwicht.importers.tables.columns import Grid
    from evenwicht.ledger.problems import Problem

HEAD_WITHIN = 20
"""The heads stand within so many rows from the top."""

MOST_COLUMNS = 16_384
_START = 65_536
_LONGEST_HEAD = 80
_WORDY = re.compile(r"[^\W\d_]")


def first_look(path: Path) -> tuple[list[Sheet], list[Problem]]:
    """The tables in a file, the one with most rows first: one in a text, one for each sheet of a workbook. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(_START)
    reading = Reading(label=path.name)
    grids: Sequence[Grid]
    if workbook.is_workbook(start, path):
        grids = workbook.sheets(path, reading)
    elif b"\0" in start[:1024] and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        grids = []
    else:
        encoding = encoding_of(path)
        delimiter, _rows = vote(start.decode(encoding, errors="replace"), cut=path.stat().st_size > len(start))
        grids = [TextGrid(path, Dialect(encoding, delimiter))]
    found = [sheet for grid in grids if (sheet := _sheet(grid, path.stem)) is not None]
    return sorted(found, key=lambda sheet: -len(sheet.rows)), reading.problems


def _sheet(grid: Grid, stem: str) -> Sheet | None:
    _first, lines = next(iter(grid.chunks(HEAD_WITHIN + MOST_ROWS)), (1, []))
    rows = [(number, row[:MOST_COLUMNS]) for number, row in enumerate(lines, start=1) if row is not None and any(cell != "" for cell in row)]
    top = [(number, row) for number, row in rows if number <= HEAD_WITHIN]
    if not top:
        return None
    number, row = max(top, key=lambda one: (_headlike(one[1]), -one[0]))
    if _headlike(row) < 2:  # noqa: PLR2004  a column alone gives no events
        return None
    heads = [text_of(cell).strip() for cell in row]
    titles = [text_of(cell) for above, cells in top if above < number for cell in cells if cell != ""]
    return Sheet(tuple(heads), [cells for below, cells in rows if below > number], grid.name, (stem, grid.name, *titles), number)


def _headlike(row: Sequence[Cell]) -> float:
    """How much a row looks like heads: different short texts with letters, less for every cell that is none."""
    filled = [cell for cell in row if cell != ""]
    texts = {cell.strip().casefold() for cell in filled if isinstance(cell, str) and _WORDY.search(cell) and len(cell) <= _LONGEST_HEAD
             and "@" not in cell and not re.search(r"\d{4}", cell)}
    return len(texts) - .5 * (len(filled) - len(texts))
