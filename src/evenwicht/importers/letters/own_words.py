"""Own words, quoted text, signature and notices of one mail, told by the text alone.

Only this text is looked at. The parent mail would help where it stands in the same file, but the figure would then
depend on how somebody cut their mail into files; `parent` is there for callers who have both for certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from evenwicht.importers.letters import attribution, separators, signatures
from evenwicht.importers.letters.words import count_words

Kind = Literal["own", "quoted", "signature", "disclaimer"]

_QUOTE = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks of writing direction: not seen on the page, and in the way of telling what a line is."""
_BAR = re.compile(r"^[ \t]{0,3}\|")
_LONGEST_LINE = 2_000
"""Characters of one line that are looked at to tell what it is."""
_SHORTEST_SHARED = 12
"""Characters a line must have before "the parent has it too" means anything: "Thanks" is everybody's."""
_LONG_NOTICE = 20
"""Words from which a closing paragraph with two legal phrases is a notice, not the author speaking."""


@dataclass(frozen=True, slots=True)
class Segment:
    """`text[start:end]` is of one kind. Segments follow each other without gaps and cover the whole text.

    why     the rule that told: `quote mark`, `attribution`, `separator`, `headers`, `parent`, `dashes`, `phone line`,
            `card`, `notice`; "" for own words
    """

    kind: Kind
    start: int
    end: int
    why: str = ""


@dataclass(slots=True)
class _Lines:
    """The lines of a text without quote marks, where they begin, how deep they are quoted, and what they are."""

    plain: list[str]
    starts: list[int]
    quoted: list[bool]
    follows: list[bool]
    kinds: list[Kind]
    whys: list[str]

    def mark(self, begin: int, end: int, kind: Kind, why: str) -> None:
        for at in range(begin, end):
            self.kinds[at], self.whys[at] = kind, why


def segments(text: str, *, parent: str | None = None) -> tuple[Segment, ...]:
    """The parts of a mail's text, in order. `parent` is the text of the mail it answers, if the caller has it."""
    lines = _lines_of(text)
    _mark_quotes(lines, _lines_known(parent), above=separators.may_reply_above(text))
    begin = 0
    for at in range(len(lines.plain) + 1):
        if at == len(lines.plain) or lines.kinds[at] == "quoted":
            if begin < at:
                _mark_endings(lines, begin, at)
            begin = at + 1
    return _joined(lines, len(text))


def own_words(text: str, *, parent: str | None = None) -> str:
    """The author's own words in `text`, without quotes, signature and notices."""
    return own_of(text, segments(text, parent=parent))


def own_of(text: str, parts: tuple[Segment, ...]) -> str:
    """The own words, given the segments of the text."""
    return "\n".join(text[part.start:part.end].strip("\n") for part in parts if part.kind == "own").strip()


def _lines_of(text: str) -> _Lines:
    raw = text.split("\n")
    starts, at = [], 0
    for line in raw:
        starts.append(at)
        at += len(line) + 1
    if not text.isascii():
        raw = [_DIRECTION.sub("", line) for line in raw]
    plain, quoted = [line[:_LONGEST_LINE] for line in raw], [False] * len(raw)
    if ">" in text:
        for number, line in enumerate(raw):
            found = _QUOTE.match(line)
            if found is not None and not (number and _closes_address(raw[number - 1], line)):
                plain[number], quoted[number] = line[found.end():found.end() + _LONGEST_LINE], True
    follows = [False] * (len(raw) + 1)
    if ">" not in text and "|" not in text:
        return _Lines(plain, starts, quoted, follows, ["own"] * len(raw), [""] * len(raw))
    for number in range(len(raw) - 1, -1, -1):
        has_text = quoted[number] or bool(plain[number].strip())
        follows[number] = (quoted[number] or bool(_BAR.match(plain[number]))) if has_text else follows[number + 1]
    return _Lines(plain, starts, quoted, follows, ["own"] * len(raw), [""] * len(raw))


def _closes_address(before: str, line: str) -> bool:
    """`>` at the start of a line that ends an address broken over two lines is no quote mark."""
    return before.rfind("<") > before.rfind(">") and bool(re.match(r"^\s*>[^>]{0,40}[:：]\s*$", line))


def _lines_known(parent: str | None) -> frozenset[str]:
    if not parent:
        return frozenset()
    lines = (" ".join(_QUOTE.sub("", line).split()) for line in parent.split("\n"))
    return frozenset(line for line in lines if len(line) >= _SHORTEST_SHARED)


def _mark_quotes(lines: _Lines, known: frozenset[str], *, above: bool) -> None:
    """Mark what is quoted: by marks, under "X wrote:", under a separator or the headers of an enclosed mail."""
    ends = [attribution.may_end(line) for line in lines.plain]
    at, total, spoken = 0, len(lines.plain), False
    while at < total:
        line = lines.plain[at]
        if lines.quoted[at]:
            lines.mark(at, at + 1, "quoted", "quote mark")
        elif line.strip():
            if known and " ".join(line.split()) in known:
                lines.mark(at, at + 1, "quoted", "parent")
                at += 1
                continue
            taken, why = _marker_at(lines, at, ends, above=above)
            if taken and why == "above":
                if spoken:
                    lines.mark(at, total, "quoted", "separator")
                    return
                lines.mark(at, at + 1, "quoted", "separator")
            elif taken and lines.follows[at + taken]:
                at = _mark_block(lines, at, taken, why)
                continue
            elif taken and (spoken or why != "attribution"):
                begin = _without_rule_above(lines, at)
                lines.mark(begin, total, "quoted", why)
                return
            elif taken:
                lines.mark(at, at + taken, "quoted", why)
                at += taken
                continue
            else:
                spoken = spoken or not signatures.is_delimiter(line)
        at += 1


def _marker_at(lines: _Lines, at: int, ends: list[bool], *, above: bool) -> tuple[int, str]:
    """How many lines from `at` introduce a quote, and by which rule; (0, "") when they do not."""
    line = lines.plain[at]
    if any(ends[at:at + attribution.LONGEST]) or any(lines.follows[at + 1:at + 1 + attribution.LONGEST]):
        taken = attribution.length_at(lines.plain, at, lines.follows)
        if taken:
            return taken, "attribution"
    if separators.is_separator(line):
        return 1, "separator"
    if (":" in line or "：" in line) and separators.is_header_block(lines.plain, at):
        return 1, "headers"
    if above and separators.is_reply_above(line):
        return 1, "above"
    return 0, ""


def _mark_block(lines: _Lines, at: int, taken: int, why: str) -> int:
    """Mark the introducing lines and the marked quote under them; what follows the quote may be an answer. Returns where."""
    lines.mark(at, at + taken, "quoted", why)
    at += taken
    total = len(lines.plain)
    while at < total:
        if lines.quoted[at] or _BAR.match(lines.plain[at]):
            lines.mark(at, at + 1, "quoted", "quote mark")
        elif lines.plain[at].strip() or not lines.follows[at]:
            break
        else:
            lines.mark(at, at + 1, "quoted", "quote mark")
        at += 1
    return at


def _without_rule_above(lines: _Lines, at: int) -> int:
    """A ruled line right above the headers of an enclosed mail belongs to it."""
    begin = at
    for back in range(at - 1, max(-1, at - 4), -1):
        if not lines.plain[back].strip():
            continue
        above = lines.plain[back]
        if lines.kinds[back] != "own" or not (signatures.is_delimiter(above) or separators.is_title(above)):
            break
        begin = back
    return begin


def _mark_endings(lines: _Lines, begin: int, end: int) -> None:
    """Mark signature and notices at the end of one run of own lines."""
    end = _mark_dashes(lines, begin, end)
    end = _mark_trailing(lines, begin, end)
    card = begin + signatures.signature_after_closing(lines.plain[begin:end])
    if card < end:
        lines.mark(card, end, "signature", "card")
        end = card
    _mark_trailing(lines, begin, end)


def _mark_dashes(lines: _Lines, begin: int, end: int) -> int:
    """The first `--` under which at most a signature's number of lines stand, down to the end of the run."""
    below, first = 0, end
    for at in range(end - 1, begin - 1, -1):
        if not lines.plain[at].strip():
            continue
        if signatures.is_signature_mark(lines.plain[at]):
            first = at
        below += 1
        if below > signatures.MOST_LINES:
            break
    lines.mark(first, end, "signature", "dashes")
    return first


def _mark_trailing(lines: _Lines, begin: int, end: int) -> int:
    """From the last line upward: lines of a phone, ruled lines, and paragraphs that are notices."""
    while end > begin:
        line = lines.plain[end - 1]
        if not line.strip():
            end -= 1
            continue
        if signatures.is_phone_line(line) or signatures.is_delimiter(line):
            lines.mark(end - 1, end, "signature", "phone line")
            end -= 1
            continue
        top = end - 1
        while top > begin and lines.plain[top - 1].strip() and end - top < signatures.MOST_LINES * 2:
            top -= 1
        paragraph = " ".join(lines.plain[top:end])
        ruled = signatures.is_delimiter(lines.plain[top]) or (top > begin and _ruled_above(lines, begin, top))
        if not signatures.is_notice(paragraph, ruled=ruled, long=count_words(paragraph) >= _LONG_NOTICE):
            break
        lines.mark(top, end, "disclaimer", "notice")
        end = top
    return end


def _ruled_above(lines: _Lines, begin: int, top: int) -> bool:
    above = top - 1
    while above > begin and not lines.plain[above].strip():
        above -= 1
    return bool(lines.plain[above].strip()) and signatures.is_delimiter(lines.plain[above])


def _joined(lines: _Lines, length: int) -> tuple[Segment, ...]:
    parts: list[Segment] = []
    begin = 0
    kind, why = lines.kinds[0], lines.whys[0]
    for at in range(1, len(lines.plain)):
        if not lines.plain[at].strip() and not lines.quoted[at]:
            continue
        if lines.kinds[at] != kind or lines.whys[at] != why:
            parts.append(Segment(kind, begin, lines.starts[at], why))
            begin, kind, why = lines.starts[at], lines.kinds[at], lines.whys[at]
    parts.append(Segment(kind, begin, length, why))
    return tuple(parts)
