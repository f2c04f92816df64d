"""A text table as bytes → rows of cells: which encoding, which delimiter, and what a broken quotation may swallow.

Decoding tries a byte-order mark, then UTF-8 strictly, then Windows-1252, then Latin-1, which takes anything. The
delimiter is the one with which the most rows have one and the same width. Rows are numbered as a spreadsheet shows them.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evenwicht.importers.tables.cells import Cell

DELIMITERS = ",;\t|"

LONGEST_CELL = 1_000_000
"""Characters of one cell; csv refuses more than 131,072 unless it is told. A longer cell is a broken row."""

BROKEN_ROWS = 20
"""Rows with a quotation that never ends, after which a file is given up: each of them costs another look at the rest."""

_VOTERS = 200
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 1 << 20

csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the text of a table is written."""

    encoding: str
    delimiter: str
    quote: str = '"'


def marked_encoding(start: bytes) -> str | None:
    """The encoding that a byte-order mark names, or that the zero bytes of UTF-16 without one give away."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    even, odd = start[:4096:2], start[1:4096:2]
    if len(odd) > 1:
        for zeros, others, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
            if zeros.count(0) > len(zeros) * 0.6 and others.count(0) < len(others) * 0.1:
                return encoding
    return None


def encoding_of(path: Path, wanted: str | None = None) -> str:
    """The first encoding that reads the whole file: the one that is wanted, then in the order above."""
    with path.open("rb") as file:
        marked = marked_encoding(file.read(4096))
    tried = (wanted, marked, "utf-8", "cp1252")
    return next((encoding for encoding in tried if encoding is not None and _reads(path, encoding)), "latin-1")


def _reads(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def first_rows(text: str, delimiter: str, *, cut: bool) -> list[list[str]]:
    """The first rows of a table that are not empty; `cut` says that `text` may stop in the middle of its last row."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(row):
                rows.append(row)
            if len(rows) > _VOTERS:
                break
    except csv.Error:
        pass
    return rows[:-1] if cut and len(rows) > 1 else rows


def vote(text: str, *, cut: bool = False) -> tuple[str, list[list[str]]]:
    """The delimiter with the most rows of one width, and the first rows read with it; the wider one where two tie."""
    best, rows_of_best, most = DELIMITERS[0], first_rows(text, DELIMITERS[0], cut=cut), (0.0, 0)
    for delimiter in DELIMITERS:
        rows = first_rows(text, delimiter, cut=cut)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda found: (found[1], found[0]))
        if (count / len(rows), width) > most:
            best, rows_of_best, most = delimiter, rows, (count / len(rows), width)
    return best, rows_of_best


@dataclass(frozen=True, slots=True)
class TextGrid:
    """The rows of a text file, read anew each time they are asked for, so that a big file is never held in memory."""

    path: Path
    dialect: Dialect
    name: str = ""
    padded: bool = False

    def chunks(self, most: int) -> Iterator[tuple[int, list[list[Cell] | None]]]:
        """(number of the first row, rows) of at most `most` rows at once; None stands for a row that was given up.

        A quotation that is never closed swallows what follows, up to the next quotation mark or the end of the file.
        Its row is given up, and the line after the one on which it began is read as a row of its own; so is a row with
        a cell that is too long. After `BROKEN_ROWS` of them the rest is left.
        """
        number, line, whole = 1, 0, True
        for next_line, rows in self._quick(most):
            whole = rows is not None
            if rows is not None:
                yield number, rows
                number, line = number + len(rows), next_line
        broken = 0
        while not whole and broken < BROKEN_ROWS:
            whole = True
            for next_line, rows in self._careful(line, most):
                yield number, rows
                number, line = number + len(rows), next_line
                if rows[-1] is None:
                    broken, whole = broken + 1, False

    def _quick(self, most: int) -> Iterator[tuple[int, list[list[Cell] | None] | None]]:
        """(line behind them, rows) of whole chunks; ends with None for the chunk in which a quotation is odd."""
        with self.path.open(encoding=self.dialect.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.dialect.delimiter, quotechar=self.dialect.quote, strict=True)
            while True:
                rows: list[list[Cell] | None] = []
                try:
                    rows.extend(islice(reader, most))  # type: ignore[arg-type]  # texts are cells
                except csv.Error:
                    yield reader.line_num, None
                    return
                if not rows:
                    return
                yield reader.line_num, rows

    def _careful(self, line: int, most: int) -> Iterator[tuple[int, list[list[Cell] | None]]]:
        """The same from a line on, row by row: a chunk ends at a row that is given up.

        Text behind a closed quotation (`"Jan" Jansen`) is odd, but where the row is one line it harms nobody.
        """
        with self.path.open(encoding=self.dialect.encoding, newline="") as file:
            lines = islice(file, line, None)
            rows: list[list[Cell] | None] = []
            while True:
                kept: list[str] = []
                try:
                    row = next(csv.reader(
                        _kept(lines, kept), delimiter=self.dialect.delimiter, quotechar=self.dialect.quote, strict=True), None)
                except csv.Error:
                    row = None if len(kept) > 1 else _as_it_stands(kept[0], self.dialect)
                    if row is None:
                        yield line + 1, [*rows, None]
                        return
                else:
                    if row is None:
                        break
                rows.append(row)  # type: ignore[arg-type]
                line += len(kept)
                if len(rows) == most:
                    yield line, rows
                    rows = []
            if rows:
                yield line, rows


def _kept(lines: Iterator[str], kept: list[str]) -> Iterator[str]:
    """The lines, noted as they are taken."""
    for line in lines:
        kept.append(line)
        yield line


def _as_it_stands(line: str, dialect: Dialect) -> list[str] | None:
    """One line as cells, whatever its quotation marks; None where a cell is too long or its quotation stays open."""
    try:
        marks = line.count(dialect.quote)
        return next(csv.reader([line], delimiter=dialect.delimiter, quotechar=dialect.quote)) if marks % 2 == 0 else None
    except csv.Error:
        return None
