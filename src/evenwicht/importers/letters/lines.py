"""The text of a mail as lines: without quote marks, how each is quoted, and what each is found to be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["own", "quoted", "attribution", "forwarded", "signature", "disclaimer"]

_QUOTE = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+")
_BAR = re.compile(r"^[ \t]{0,3}\|")
_CLOSES_ADDRESS = re.compile(r"^\s*>[^>]{0,40}[:：]\s*$")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks of writing direction: not seen on the page, and in the way of telling what a line is."""
_LONGEST_LINE = 2_000
"""Characters of one line that are looked at to tell what it is."""
_SHORTEST_SHARED = 12
"""Characters a line must have before "the parent has it too" means anything: "Thanks" is everybody's."""


@dataclass(slots=True)
class Lines:
    """The lines of a text.

    raw         as they stand in the text, but for marks of direction; they tell where a line begins
    plain       without quote marks, at most 2,000 characters
    quoted      behind a quote mark
    follows     the first line with text from here on is quoted; one longer than the others
    kinds, whys what a line is, and the rule that told
    marked      whether any line was found to be something else than the author's own
    dashes      whether a line of dashes, as above a signature, can be among them
    silent      so many lines at the top are known to say nothing of the author's
    """

    raw: list[str]
    plain: list[str]
    quoted: list[bool]
    follows: list[bool]
    kinds: list[Kind]
    whys: list[str]
    marked: bool = False
    dashes: bool = True
    silent: int = 0

    def mark(self, begin: int, end: int, kind: Kind, why: str) -> None:
        """The lines from `begin` up to `end` are of one kind."""
        if begin < end:
            self.marked = True
            self.kinds[begin:end] = [kind] * (end - begin)
            self.whys[begin:end] = [why] * (end - begin)


def lines_of(text: str) -> Lines:
    """The lines of `text`; all of them the author's own so far."""
    total_of = text.split("\n")
    raw = total_of if text.isascii() or not _DIRECTION.search(text) else [_DIRECTION.sub("", line) for line in total_of]
    total = len(raw)
    plain = raw if len(text) <= _LONGEST_LINE else [line[:_LONGEST_LINE] for line in raw]
    kinds: list[Kind] = ["own"] * total
    lines = Lines(total_of, plain, [False] * total, [False] * (total + 1), kinds, [""] * total)
    lines.dashes = "--" in text or "__" in text or "—" in text or "–" in text
    marked = ">" in text
    if marked:
        _strip_marks(lines, raw)
    if marked or "|" in text:
        _look_ahead(lines)
    return lines


def _strip_marks(lines: Lines, raw: list[str]) -> None:
    plain = lines.plain = list(lines.plain)
    for number, line in enumerate(raw):
        if ">" not in line:
            continue
        found = _QUOTE.match(line)
        if found is not None and not (number and _closes_address(raw[number - 1], line)):
            plain[number], lines.quoted[number] = line[found.end():found.end() + _LONGEST_LINE], True


def _look_ahead(lines: Lines) -> None:
    after = False
    for number in range(len(lines.plain) - 1, -1, -1):
        if lines.quoted[number]:
            after = True
        elif lines.plain[number].strip():
            after = is_barred(lines.plain[number])
        lines.follows[number] = after


def _closes_address(before: str, line: str) -> bool:
    """`>` at the start of a line that ends an address broken over two lines is no quote mark."""
    return before.rfind("<") > before.rfind(">") and _CLOSES_ADDRESS.match(line) is not None


def is_barred(line: str) -> bool:
    """Whether a line stands behind `|`, which some programs write before a quote."""
    return "|" in line[:4] and _BAR.match(line) is not None


def lines_known(parent: str | None) -> frozenset[str]:
    """The lines of the mail that is answered, blanks squeezed; those too short to tell are left out."""
    if not parent:
        return frozenset()
    lines = (" ".join(_QUOTE.sub("", line).split()) for line in parent.split("\n"))
    return frozenset(line for line in lines if len(line) >= _SHORTEST_SHARED)
