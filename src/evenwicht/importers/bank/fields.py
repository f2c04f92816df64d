"""The tagged fields of SWIFT messages (MT940, MT942), as banks really write them."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

END = ""
"""The tag of what closes a message: a line with a hyphen, or the braces of the next envelope."""

_KNOWN = "20|21|25P?|28C?|60[FM]|61|86|62[FM]|64|65|34F|13D?|90[CD]|NS|940"
_TAG = re.compile(
    rf"\n(?:(?!(?<=[T ]\d\d\n):[0-5]\d:[0-5]\d(?!\d)):({_KNOWN}):|-(?:\}}[^\n]*|XXX)?[ \t]*(?=\n|\Z)|\{{\d:[^\n]*)", re.ASCII)
"""A known tag at the start of a line. `10-06-2026 15` broken before `:20:07` is the time of day, no tag;
`:61:` behind `STANDING ORDER NO. 14` is one, for no hour has 61 minutes."""

_BROKEN_TAG = re.compile(rf"^:\n(?=(?:{_KNOWN}):)", re.MULTILINE)
_TAG_IN_ENVELOPE = re.compile(r"(\{4:)(?=:)")
_FIRST = re.compile(rf":(?:{_KNOWN}):|\{{1:[A-Z]")
_PREAMBLE = re.compile(r"[A-Z0-9 .\x00-\x1f]{0,40}", re.ASCII)
_MOST_PREAMBLE = 8
"""Lines that banks put before the first tag: `ABNANL2A`, `940`, `0000 01INGBNL2AXXXX00001`."""


class Field(NamedTuple):
    """One field: its tag, its text with line breaks, the line of the file it begins on, and where it ends in the text."""

    tag: str
    text: str
    line: int
    end: int


def looks_swift(start: bytes) -> bool:
    """Whether a file begins as a SWIFT statement: a tag, with no more than a bank's own short lines before it."""
    for count, line in enumerate(decoded(start[:4096]).split("\n")):
        if _FIRST.match(line):
            return True
        if count >= _MOST_PREAMBLE or not _PREAMBLE.fullmatch(line.rstrip()):
            return False
    return False


def decoded(data: bytes) -> str:
    """The text with plain line breaks: UTF-16 by its mark, else UTF-8, else Latin-1, which reads every byte."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def healed(text: str) -> str:
    """Tags that exporters break over two lines, or put on the line of the envelope, stand at the start of a line again."""
    if "\n:\n" in text:
        text = _BROKEN_TAG.sub("\n:", text)
    return _TAG_IN_ENVELOPE.sub(r"\1\n", text) if "{4::" in text else text


def fields(text: str) -> Iterator[Field]:
    """Every field in order; an END after each message."""
    text = "\n" + text
    last, line, place = len(text) - 1, 0, 0
    tag, begin = "", -1
    count = text.count
    for found in _TAG.finditer(text):
        start, after = found.span()
        if begin >= 0:
            yield Field(tag, text[begin:start], line, min(start, last))
        line += count("\n", place, start + 1)
        place, begin, tag = start + 1, after, found[1] or END
    if begin >= 0:
        yield Field(tag, text[begin:], line, last)
