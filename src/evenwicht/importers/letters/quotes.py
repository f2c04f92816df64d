"""Which lines of a mail somebody else wrote: behind marks, under "X wrote:", under a separator or enclosed headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.letters import attribution, separators, signatures
from evenwicht.importers.letters.lines import is_barred

if TYPE_CHECKING:
    from evenwicht.importers.letters.lines import Kind, Lines

_RULES = frozenset("-_=*#~")
_ENDS = frozenset(">-*_")
"""Characters at the beginning and at the end of a line that may introduce a quote; a colon may stand anywhere in it."""
_ANY, _ATTRIBUTION = 1, 2


def mark_quotes(lines: Lines, known: frozenset[str], *, above: bool) -> None:
    """Mark what is quoted. `known` are lines of the parent; `above`: a "reply above this line" may stand in the text."""
    worth = _worth_a_look(lines, everywhere=above or bool(known))
    if worth is None:
        return
    at, total = 0, len(lines.plain)
    while at < total:
        if lines.quoted[at]:
            lines.mark(at, at + 1, "quoted", "quote mark")
        elif worth[at] and lines.plain[at].strip():
            if known and " ".join(lines.plain[at].split()) in known:
                lines.mark(at, at + 1, "quoted", "parent")
                at += 1
                continue
            taken, why = _marker_at(lines, at, may_attribute=worth[at] == _ATTRIBUTION, above=above)
            if taken:
                at = _mark_from(lines, at, taken, why)
                continue
        at += 1


def _worth_a_look(lines: Lines, *, everywhere: bool) -> bytearray | None:
    """For each line what can begin with it, by cheap signs alone: 0 nothing, `_ANY`, or `_ATTRIBUTION` too. None: all 0.

    Most lines of most mails are prose without a colon: only what is left is shown to the dear expressions.
    """
    total, reach = len(lines.plain), attribution.LONGEST
    signs = [
        at for at, line in enumerate(lines.plain)
        if ":" in line or "：" in line or ((text := line.strip()) and (text[0] in _RULES or text[-1] in _ENDS))
    ]
    quoted = True in lines.follows
    if not signs and not quoted and not everywhere:
        return None
    worth = bytearray((_ANY if everywhere else 0,)) * total
    for at in signs:
        worth[at] = worth[at] or _ANY
        ends = attribution.may_end(lines.plain[at])
        if ends:
            first = max(0, at - reach + 1)
            if ends != "-":
                worth[first:at + 1] = bytes((_ATTRIBUTION,)) * (at + 1 - first)
                continue
            for begin in range(first, at + 1):
                if lines.plain[begin].lstrip()[:1] == "-":
                    worth[begin] = _ATTRIBUTION
    if quoted:
        for at in range(1, total):
            if lines.follows[at]:
                first = max(0, at - reach)
                worth[first:at] = bytes((_ATTRIBUTION,)) * (at - first)
    return worth


def _marker_at(lines: Lines, at: int, *, may_attribute: bool, above: bool) -> tuple[int, str]:
    """How many lines from `at` introduce a quote, and by which rule; (0, "") when they do not."""
    line = lines.plain[at]
    if may_attribute:
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


def _mark_from(lines: Lines, at: int, taken: int, why: str) -> int:
    """Mark what the lines from `at` introduce. Returns the line from which to look on."""
    total = len(lines.plain)
    if why == "above":
        end = total if _spoken_before(lines, at) else at + 1
        lines.mark(at, end, "quoted", "separator")
        return end
    kind: Kind = "quoted"
    if why == "separator" and separators.is_forward(lines.plain[at]):
        kind = "forwarded"
    first: Kind = "attribution" if why == "attribution" else kind
    if lines.follows[at + taken]:
        lines.mark(at, at + taken, first, why)
        return _mark_block(lines, at + taken, kind)
    if why != "attribution" or _spoken_before(lines, at):
        lines.mark(_without_rule_above(lines, at), at, kind, why)
        lines.mark(at, at + taken, first, why)
        lines.mark(at + taken, total, kind, why)
        return total
    lines.mark(at, at + taken, first, why)
    return at + taken


def _spoken_before(lines: Lines, at: int) -> bool:
    """Whether the author has said something above line `at`."""
    while lines.silent < at:
        line = lines.plain[lines.silent]
        if lines.kinds[lines.silent] == "own" and line.strip() and not signatures.is_delimiter(line):
            return True
        lines.silent += 1
    return False


def _mark_block(lines: Lines, at: int, kind: Kind) -> int:
    """Mark the quote behind marks that begins here; what follows it may be an answer. Returns where."""
    begin, total = at, len(lines.plain)
    while at < total:
        if not (lines.quoted[at] or is_barred(lines.plain[at])) and (lines.plain[at].strip() or not lines.follows[at]):
            break
        at += 1
    lines.mark(begin, at, kind, "quote mark")
    return at


def _without_rule_above(lines: Lines, at: int) -> int:
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
