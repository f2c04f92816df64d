"""Where the author's own words end before the text does: signatures and notices at the end of a run of own lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.letters import signatures
from evenwicht.importers.letters.words import count_words

if TYPE_CHECKING:
    from evenwicht.importers.letters.lines import Lines

_LONG_NOTICE = 20
"""Words from which a closing paragraph with two legal phrases is a notice, not the author speaking."""
_SHORTEST_NOTICE = 39
"""Characters that so many words need at least."""


def mark_endings(lines: Lines, begin: int, end: int) -> None:
    """Mark signature and notices at the end of one run of own lines."""
    if lines.dashes:
        end = _mark_dashes(lines, begin, end)
    end = _mark_trailing(lines, begin, end)
    top = max(begin, end - signatures.REACH)
    card = top + signatures.signature_after_closing(lines.plain[top:end])
    if card < end:
        lines.mark(card, end, "signature", "card")
        _mark_trailing(lines, begin, card)


def _mark_dashes(lines: Lines, begin: int, end: int) -> int:
    """The first `--` under which at most a signature's number of lines stand, down to the end of the run."""
    below, first = 0, end
    for at in range(end - 1, begin - 1, -1):
        text = lines.plain[at].strip()
        if not text:
            continue
        if text in signatures.DASHES:
            first = at
        below += 1
        if below > signatures.MOST_LINES:
            break
    lines.mark(first, end, "signature", "dashes")
    return first


def _mark_trailing(lines: Lines, begin: int, end: int) -> int:
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
        if not _is_notice(lines, begin, top, end):
            break
        lines.mark(top, end, "disclaimer", "notice")
        end = top
    return end


def _is_notice(lines: Lines, begin: int, top: int, end: int) -> bool:
    """Whether the paragraph from `top` to `end` is a notice: long, or below a ruled line."""
    ruled = signatures.is_delimiter(lines.plain[top]) or (top > begin and _ruled_above(lines, begin, top))
    paragraph = " ".join(lines.plain[top:end])
    if not ruled and len(paragraph) < _SHORTEST_NOTICE:
        return False
    return signatures.has_notice(paragraph, ruled=ruled) and (ruled or count_words(paragraph) >= _LONG_NOTICE)


def _ruled_above(lines: Lines, begin: int, top: int) -> bool:
    above = top - 1
    while above > begin and not lines.plain[above].strip():
        above -= 1
    return bool(lines.plain[above].strip()) and signatures.is_delimiter(lines.plain[above])
