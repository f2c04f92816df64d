"""Own words, quoted text, signature and notices of one mail, told by the text alone.

Only this text is looked at. The parent mail would help where it stands in the same file, but the figure would then
depend on how somebody cut their mail into files; `parent` is there for callers who have both for certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.importers.letters import separators
from evenwicht.importers.letters.endings import mark_endings
from evenwicht.importers.letters.lines import lines_known, lines_of
from evenwicht.importers.letters.quotes import mark_quotes
from evenwicht.importers.letters.words import count_words

if TYPE_CHECKING:
    from evenwicht.importers.letters.lines import Kind, Lines

FROM_ELSEWHERE = frozenset({"quoted", "attribution", "forwarded"})
"""The kinds of text that come from another mail."""


@dataclass(frozen=True, slots=True)
class Segment:
    """`text[start:end]` is of one kind. Segments follow each other without gaps and cover the whole text.

    kind    `own`; `quoted` from another mail, `attribution` ("X wrote:") above it; `forwarded`, the line of the mail program
            included; `signature`, lines of a phone among them; `disclaimer`
    why     the rule that told: `quote mark`, `attribution`, `separator`, `headers`, `parent`, `dashes`, `phone line`,
            `card`, `notice`; "" for own words
    """

    kind: Kind
    start: int
    end: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, counted narrowly and widely, so that a wrong cut can be seen.

    own     of the author, without signature and notices: what the axis Words weighs
    said    all that does not come from another mail
    all     everything that stands in the text
    """

    own: int
    said: int
    all: int


def segments(text: str, *, parent: str | None = None) -> tuple[Segment, ...]:
    """The parts of a mail's text, in order. `parent` is the text of the mail it answers, if the caller has it."""
    lines = lines_of(text)
    mark_quotes(lines, lines_known(parent), above=separators.may_reply_above(text))
    if lines.marked:
        begin = 0
        for at, kind in enumerate(tuple(lines.kinds)):
            if kind != "own":
                if begin < at:
                    mark_endings(lines, begin, at)
                begin = at + 1
        if begin < len(lines.plain):
            mark_endings(lines, begin, len(lines.plain))
    else:
        mark_endings(lines, 0, len(lines.plain))
    return _joined(lines, len(text)) if lines.marked else (Segment("own", 0, len(text)),)


def own_words(text: str, *, parent: str | None = None) -> str:
    """The author's own words in `text`, without quotes, signature and notices."""
    return own_of(text, segments(text, parent=parent))


def own_of(text: str, parts: tuple[Segment, ...]) -> str:
    """The own words, given the segments of the text."""
    return "\n".join(text[part.start:part.end].strip("\n") for part in parts if part.kind == "own").strip()


def count(text: str, parts: tuple[Segment, ...]) -> Words:
    """The words of a text, given its segments. A segment begins with a line, so no word lies in two of them."""
    own = said = every = 0
    for part in parts:
        words = count_words(text[part.start:part.end])
        every += words
        if part.kind == "own":
            own += words
        if part.kind not in FROM_ELSEWHERE:
            said += words
    return Words(own, said, every)


def _joined(lines: Lines, length: int) -> tuple[Segment, ...]:
    parts: list[Segment] = []
    begin = start = 0
    kind, why = lines.kinds[0], lines.whys[0]
    for at, line in enumerate(lines.plain):
        if (lines.kinds[at] != kind or lines.whys[at] != why) and (lines.quoted[at] or line.strip()):
            parts.append(Segment(kind, begin, start, why))
            begin, kind, why = start, lines.kinds[at], lines.whys[at]
        start += len(lines.raw[at]) + 1
    parts.append(Segment(kind, begin, length, why))
    return tuple(parts)
