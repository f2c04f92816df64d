"""Columns that do not stand in a table but are made of others: a piece of a text, a day and a time, an account number.

Also rows that stand in one row: a column that occurs several times, or lists several things in a cell.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from evenwicht.importers.letters.html_text import text_of_html
from evenwicht.importers.letters.own_words import own_words
from evenwicht.importers.letters.words import asks, count_words
from evenwicht.importers.tables.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evenwicht.importers.tables.cells import Cell
    from evenwicht.importers.tables.columns import Plan
    from evenwicht.importers.tables.complaints import Complaints
    from evenwicht.importers.tables.layout import Made, Unfold

LONGEST = 40_000
"""Characters of a text in which a piece is looked for: as many as the longest comment of a ticket."""

LONGEST_TEXT = 200_000
"""Characters of a text of which words are counted, as in a mail."""

MOST_PIECES = 1_000
"""Rows that one row may stand for."""

_TAGGED = re.compile(r"<(?:p|br|div|html|body|span|table|a)\b[^<>]{0,500}>", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2})(?:[.,]\d{1,6})?)?$")
_NAMED = re.compile(r"(?:(\d{1,4})\s*(?:h|hr|hrs|hours?|u|uur|uren)\b\.?)?[\s,]*(?:(\d{1,5})\s*(?:m|min|mins|minutes?|minuten)\b\.?)?"
                    r"[\s,]*(?:(\d{1,6})\s*(?:s|sec|secs|seconds?|seconden)\b\.?)?$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d+)?$")
_ACCOUNT_DIGITS = 10


class Completion:
    """Makes the columns that a layout makes of others, for blocks of rows; `width` is the number of cells of the table."""

    def __init__(self, plan: Plan, width: int) -> None:
        self._columns, self._width = plan.match.columns, width
        self._rules = [plan.layout.columns[name] for name in plan.match.made]
        self._empty = {name: rule.empty for name, rule in plan.layout.columns.items()}

    def __bool__(self) -> bool:
        return bool(self._rules)

    def completed(self, rows: Sequence[list[Cell]]) -> list[list[Cell]]:
        """The rows with the made cells behind them; the rows that were given stay as they are."""
        full = [row[:self._width] for row in rows]
        for rule in self._rules:
            made = rule.made
            if made is None:
                continue
            texts = [self._texts(full, name) for name in made.columns]
            for row, cell in zip(full, _cells(made, texts), strict=True):
                row.append(cell)
        return full

    def _texts(self, rows: Sequence[list[Cell]], name: str) -> list[str]:
        index = self._columns.get(name)
        if index is None:
            return [""] * len(rows)
        texts = [text_of(row[index]).strip() for row in rows]
        empty = self._empty[name]
        return ["" if text.casefold() in empty else text for text in texts] if empty else texts


def _cells(made: Made, texts: Sequence[Sequence[str]]) -> list[Cell]:
    if made.how == "joined":
        return [" ".join(filter(None, row)) if row[0] else "" for row in zip(*texts, strict=True)]
    alone = texts[0]
    if made.how == "piece":
        return [_piece(made.pattern, text) for text in alone]
    if made.how == "words":
        return [_words(text) for text in alone]
    if made.how == "asks":
        return ["yes" if text and asks(_own(text)) else "" for text in alone]
    if made.how == "clock":
        return [_minutes(text, made.scale) for text in alone]
    return [iban_at(made.bank, text) for text in alone]


def _piece(pattern: re.Pattern[str] | None, text: str) -> str:
    found = pattern.search(text[:LONGEST]) if pattern is not None and text else None
    return "" if found is None else next((group for group in found.groups() if group), "").strip()


def _own(text: str) -> str:
    text = text[:LONGEST_TEXT]
    return own_words(text_of_html(text) if _TAGGED.search(text) else text)


def _words(text: str) -> Cell:
    return float(count_words(_own(text))) if text else ""


@lru_cache(maxsize=4_096)
def _minutes(text: str, scale: float) -> Cell:
    """`0:12:30`, `12:30` (hours and minutes), `1h 5m`, or a plain number; the text itself where it is none."""
    if (found := _CLOCK.match(text)) is not None:
        return int(found[1]) * 60.0 + int(found[2]) + int(found[3] or 0) / 60
    if (found := _NAMED.match(text)) is not None and any(found.groups()):
        return int(found[1] or 0) * 60.0 + int(found[2] or 0) + int(found[3] or 0) / 60
    return float(text) * scale / 60 if _NUMBER.match(text) else text


@lru_cache(maxsize=4_096)
def iban_at(bank: str, text: str) -> str:
    """`123456789` at the bank `ABNA` → `NL02ABNA0123456789`; what is no account number of ten digits stays as it is.

    Source: ISO 13616; the check digits are 98 minus the remainder by 97 (ISO 7064).
    """
    digits = text.replace(" ", "").replace(".", "")
    if not (digits.isascii() and digits.isdigit() and 1 <= len(digits) <= _ACCOUNT_DIGITS):
        return text
    account = bank + digits.zfill(_ACCOUNT_DIGITS)
    value = int("".join(str(int(letter, 36)) for letter in account + "NL00"))
    return f"NL{98 - value % 97:02d}{account}"


class Unfolding:
    """Turns a row into one for each cell of a repeated column, or for each piece of a cell."""

    def __init__(self, plan: Plan) -> None:
        self._rule: Unfold | None = plan.layout.unfold if plan.match.repeated else None
        self._places = plan.match.repeated

    def __bool__(self) -> bool:
        return self._rule is not None

    def rows(
        self, numbers: Sequence[int], rows: Sequence[list[Cell]], complaints: Complaints | None, most: int,
    ) -> Iterator[tuple[list[int], list[list[Cell]]]]:
        """The unfolded rows and the numbers of the rows they stand in, at most about `most` at once."""
        ready: tuple[list[int], list[list[Cell]]] = [], []
        for number, row in zip(numbers, rows, strict=True):
            pieces = self._pieces(row)
            if len(pieces) > MOST_PIECES and complaints is not None:
                complaints.too_many_pieces(number, len(pieces), MOST_PIECES)
            for piece in self._kept(pieces):
                one = list(row)
                one[self._places[0]] = piece
                ready[0].append(number)
                ready[1].append(one)
            if len(ready[0]) >= most:
                yield ready
                ready = [], []
        if ready[0]:
            yield ready

    def _kept(self, pieces: list[Cell]) -> list[Cell]:
        first: list[Cell] = [""] if not pieces or (self._rule is not None and self._rule.keep) else []
        return first + pieces[:MOST_PIECES]

    def _pieces(self, row: list[Cell]) -> list[Cell]:
        rule = self._rule
        cells = [row[place] for place in self._places if place < len(row)]
        if rule is not None and rule.separator:
            cells = [piece for cell in cells for piece in text_of(cell).split(rule.separator)]
        return [cell for cell in cells if not isinstance(cell, str) or cell.strip()]
