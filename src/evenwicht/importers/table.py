"""Tables (CSV, TSV, XLSX), read by a layout that says which columns make which events.

A layout is a TOML file (`importers/layouts/`, `tables/layout.py`). It is recognised by the heads of the table, or named
by `source.layout`. Nothing is guessed silently: a table that no layout knows, and a column of days or amounts that can
be read in two ways, is a problem that says what to give.
"""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evenwicht.importers.source import Reading
from evenwicht.importers.tables import workbook
from evenwicht.importers.tables.cells import text_of
from evenwicht.importers.tables.columns import Plan
from evenwicht.importers.tables.complaints import Complaints, shown
from evenwicht.importers.tables.dialect import Dialect, TextGrid, encoding_of, marked_encoding, vote
from evenwicht.importers.tables.layout import match, match_shape, places_of
from evenwicht.importers.tables.layout_file import named, shipped
from evenwicht.importers.tables.making import Maker
from evenwicht.importers.tables.rows import Rows
from evenwicht.importers.tables.writing import write as write  # noqa: PLC0414  the door to what writes it
from evenwicht.importers.tables.writing import write_open_items as write_open_items  # noqa: PLC0414

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from evenwicht.importers.source import Head, Source
    from evenwicht.importers.tables.columns import Grid
    from evenwicht.importers.tables.layout import Layout, Match

NAME = "table"

LARGEST = 1024 * 1024 * 1024
"""Bytes of a text table; a larger one is to be split."""

MOST_COLUMNS = 16_384
"""Columns of a table: as many as a spreadsheet has."""

HEAD_WITHIN = 20
"""The heads stand within so many rows from the top; above them may stand a title and a day."""

_SHOWN_HEADS = 40
_SUFFIXES = {".csv", ".tsv", ".tab"}
_NEVER_TEXT = re.compile(
    r"\s*(?:[{\[<]|BEGIN:|WEBVTT|%PDF|From |\{\d:|:\d\d[A-Z]?:|[!-+\--9;-{}~]+:(?:[ \t]|$)|\d+\s*$\s*\d\d:\d\d:\d\d[,.]\d)",
    re.MULTILINE)
"""How JSON, XML, calendars, cards, captions, PDF, mail folders, bank statements and mail begin."""

_ODD = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MOST_ODD = 0.02
_WORDY = re.compile(r"[^\W\d_]")
_LONGEST_HEAD = 80
_FEWEST_CELLS = 5
"""Cells of a row that can be known by their looks alone."""

_ALONE = 3
"""So many heads are a table even under a title, or when no row follows; a sentence with one comma is not."""


def identify(head: Head) -> bool:
    """Whether a file looks like a table: a workbook, or text of which most rows have as many cells as its heads."""
    if head.is_folder or not head.start:
        return False
    if workbook.is_workbook(head.start, head.path):
        return True
    text = _text(head.start)
    if text is None or _NEVER_TEXT.match(text.removeprefix("\ufeff")):
        return False
    _delimiter, rows = vote(text, cut=head.size > len(head.start))
    return _is_table(rows) or head.path.suffix.lower() in _SUFFIXES or _of_known_shape(rows)


def _of_known_shape(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table without heads looks like one that comes along."""
    if not rows or len(rows[0]) < _FEWEST_CELLS:
        return False
    return any(match_shape(layout, rows[:HEAD_WITHIN]) is not None for layout in shipped().values())


def _text(start: bytes) -> str | None:
    """The beginning of a file as text; None when it is none."""
    encoding = marked_encoding(start)
    if encoding is not None:
        text = start.decode(encoding, errors="replace")
    else:
        text = start.decode("utf-8", errors="replace")
        if text.count("\ufffd") > len(text) * 0.001 + 1:
            text = start.decode("cp1252", errors="replace")
    return text if len(_ODD.findall(text)) <= max(1, _MOST_ODD * len(text)) else None


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first row can be heads (short, different texts with letters) of most rows after it.

    Above the heads may stand a title: rows in which one cell is filled.
    """
    titles = 0
    while titles < min(len(rows), HEAD_WITHIN) and sum(1 for cell in rows[titles] if cell.strip()) == 1:
        titles += 1
    rows = rows[titles:]
    if not rows or len(rows[0]) < 2:  # noqa: PLR2004  one column has no delimiter to be known by
        return False
    heads = [head.strip() for head in rows[0] if head.strip()]
    like_prose = titles or len(rows) == 1
    if len(heads) < (_ALONE if like_prose else 2) or any(len(head) > _LONGEST_HEAD for head in heads):
        return False
    if like_prose and any(head[-1] in ".!?:" for head in heads):
        return False
    if sum(_WORDY.search(head) is not None for head in heads) < len(heads) * 0.8 or len(set(heads)) < len(heads) * 0.5:
        return False
    widths = [len(row) for row in rows]
    common = max(set(widths), key=widths.count)
    return common > 1 and widths.count(common) >= len(widths) * 0.6


@dataclass(frozen=True, slots=True)
class _Found:
    """A table, the row that holds its heads, and the layout that knows them."""

    grid: Grid
    head_row: int
    heads: list[str]
    match: Match


def read(source: Source) -> Reading:
    """Read a table by its layout. Raises WrongCall when `source.layout` is no layout; nothing for bad data."""
    reading = Reading(label=source.label)
    layout = named(source.layout) if source.layout is not None else None
    try:
        size = source.path.stat().st_size
        with source.path.open("rb") as file:
            start = file.read(65_536)
    except OSError as error:
        reading.problem(
            "", "The file cannot be opened: {reason}.", "Look whether it is still there and may be read.",
            reason=error.strerror or str(error),
        )
        return reading
    tops = [(grid, top) for grid in _grids(source, reading, layout, start, size) if (top := _top(grid))]
    layouts = [layout] if layout is not None else list(shipped().values())
    found = [known for grid, top in tops if (known := _recognised(grid, top, layouts, reading)) is not None]
    if not found:
        found = _otherwise_quoted([grid for grid, _top in tops], layouts, reading)
    if not reading.problems and not tops:
        reading.problem("", "The table is empty.", "Export it again, with its heads.", "warning")
    elif tops and not found and not any(problem.severity == "error" for problem in reading.problems):
        _say_unknown(tops[0][1], layouts, reading, chosen=layout is not None)
    share = size // max(len(found), 1)
    with _collector_paused():
        for known in found:
            _read_one(reading, source, known, share)
    source.advance(size - share * len(found))
    return reading


@contextmanager
def _collector_paused() -> Generator[None, None, None]:
    """Events hold no circles; the collector would look at all of them again and again, a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _grids(source: Source, reading: Reading, layout: Layout | None, start: bytes, size: int) -> Sequence[Grid]:
    """The tables in a file: one in a text, one for each sheet of a workbook."""
    if workbook.is_workbook(start, source.path):
        return workbook.sheets(source.path, reading, layout.sheet if layout is not None else None)
    if size > LARGEST:
        reading.problem(
            "", "The table has {size} bytes, more than the {most} that are read at once.",
            "Split the table, for instance by year, and read the parts.", size=size, most=LARGEST,
        )
        return []
    if _text(start) is None:
        reading.problem(
            "", "The file is not text, so it is no table of this kind.", "Save the table as CSV or XLSX.",
        )
        return []
    wanted = layout.encoding if layout is not None else None
    encoding = encoding_of(source.path, wanted)
    if wanted is not None and encoding != wanted:
        reading.problem(
            "", "The table is not written in {wanted}, as the layout says; it was read as {encoding}.",
            "Correct the encoding in the layout, or leave it out.", "warning", wanted=wanted, encoding=encoding,
        )
    delimiter = layout.delimiter if layout is not None else None
    if delimiter is None:
        delimiter, _rows = vote(start.decode(encoding, errors="replace"), cut=size > len(start))
    return [TextGrid(source.path, Dialect(encoding, delimiter))]


def _top(grid: Grid) -> list[tuple[int, list[str]]]:
    """The first rows that are not blank, as text."""
    _first, rows = next(iter(grid.chunks(HEAD_WITHIN)), (1, []))
    return [
        (number, [text_of(cell).strip() for cell in row[:MOST_COLUMNS]])
        for number, row in enumerate(rows, start=1) if row is not None and any(cell != "" for cell in row)
    ]


def _recognised(
    grid: Grid, top: Sequence[tuple[int, list[str]]], layouts: Sequence[Layout], reading: Reading,
) -> _Found | None:
    """The layout whose required columns stand in one of the first rows, or whose shape they have.

    One of a certain program comes before one that fits tables from anywhere; of several, the one that knows most columns.
    """
    fits = [
        _Found(grid, number, heads, found)
        for number, heads in top for places in (places_of(heads),)
        for layout in layouts if not (found := match(layout, heads, places)).lacking
    ]
    cells = [row for _number, row in top]
    fits += [
        _Found(grid, 0, _labels(layout, len(cells[0])), shaped)
        for layout in layouts if layout.shape is not None and (shaped := match_shape(layout, cells)) is not None
    ]
    fits = [fit for fit in fits if not fit.match.layout.generic] or fits
    if not fits:
        return None
    best = max(fits, key=lambda fit: fit.match.strength)
    rivals = {fit.match.layout.name for fit in fits if fit.match.strength == best.match.strength}
    if len(rivals) > 1:
        reading.problem(
            grid.name, "More than one layout knows this table: {layouts}.", "Choose one of them with --layout.",
            layouts=", ".join(sorted(rivals)),
        )
        return None
    return replace(best, grid=_quoted(best.grid, best.match.layout))


def _labels(layout: Layout, width: int) -> list[str]:
    """What the columns of a table without heads are called in sentences."""
    names = layout.shape.columns[:width] if layout.shape is not None else ()
    return [layout.columns[name].heads[0] if name else "" for name in names]


def _quoted(grid: Grid, layout: Layout) -> Grid:
    """A text table with the quotation mark that a layout says."""
    if not isinstance(grid, TextGrid) or grid.dialect.quote == layout.quote:
        return grid
    return replace(grid, dialect=replace(grid.dialect, delimiter=layout.delimiter or grid.dialect.delimiter, quote=layout.quote))


def _otherwise_quoted(grids: Sequence[Grid], layouts: Sequence[Layout], reading: Reading) -> list[_Found]:
    """A text table by a layout that quotes its cells with another mark than most."""
    others = [(_quoted(grid, layout), layout) for layout in layouts if layout.quote != '"' for grid in grids if isinstance(grid, TextGrid)]
    return [known for grid, layout in others if (known := _recognised(grid, _top(grid), [layout], reading)) is not None]


def _say_unknown(
    top: Sequence[tuple[int, list[str]]], layouts: Sequence[Layout], reading: Reading, *, chosen: bool,
) -> None:
    """Say which columns the table has, and which layouts there are or what the chosen one lacks."""
    number, heads = max(top[:3], key=lambda row: sum(1 for cell in row[1] if cell))
    columns = ", ".join(shown(head) for head in heads[:_SHOWN_HEADS] if head)
    if len(heads) > _SHOWN_HEADS:
        columns += ", …"
    if chosen:
        nearest = min((match(layouts[0], cells) for _row, cells in top), key=lambda found: len(found.lacking))
        rules = nearest.layout.columns
        lacking = "; ".join(
            f"{name} ({', '.join(rules[name].heads[:4])})" if name in rules else name for name in nearest.lacking
        )
        reading.problem(
            str(number), "The layout {layout} needs columns that are not in the table: {lacking}. "
            "The table has: {columns}.",
            "Name the heads of this table in a layout of your own, and give its path to --layout.",
            layout=nearest.layout.name, lacking=lacking, columns=columns,
        )
        return
    reading.problem(
        str(number), "No layout knows this table. Its columns are: {columns}.",
        "Have one proposed with “evenwicht layout {file}”. If it is an export of a program that docs/how-to/layouts.md names, "
        "or one of {layouts}, choose its layout with --layout.",
        columns=columns, file=reading.label, layouts=", ".join(name for name, layout in shipped().items() if layout.generic),
    )


def _read_one(reading: Reading, source: Source, known: _Found, size: int) -> None:
    """Read one recognised table; `size` bytes are reported as dealt with."""
    plan = Plan(known.match)
    complaints = Complaints(reading, plan, known.heads, known.head_row, known.grid.name)
    if not known.match.layout.verified:
        complaints.unverified()
    complaints.doubled(known.match.doubled)
    rows = Rows(known.grid, plan, known.head_row, len(known.heads))
    counted = rows.survey(complaints, source.now)
    reading.counted.update(counted)
    if not counted:
        complaints.no_rows()
    maker = Maker(reading, source, plan, complaints)
    maker.find_circulars(rows)
    done = reported = 0
    for block in rows.blocks():
        maker.add(block)
        done += len(block)
        source.advance(size * done // max(counted["rows"], 1) - reported)
        reported = size * done // max(counted["rows"], 1)
    source.advance(size - reported)
    maker.finish()
    complaints.finish()
