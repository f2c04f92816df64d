"""Bytes of a transcript to text with one line end: by its byte order mark, else UTF-8, else Windows-1252."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from evenwicht.importers import files

if TYPE_CHECKING:
    from evenwicht.importers.source import Reading, Source

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 first: its little-endian mark begins with that of UTF-16."""


def text_of(data: bytes) -> str:
    """The text of a file, or of its beginning: a letter that is cut in two at the end counts as no error."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _one_line_end(data[len(mark):].decode(codec, "replace"))
    if data[1:4:2] == b"\x00\x00" and data[:1] != b"\x00":
        return _one_line_end(data.decode("utf-16-le", "replace"))
    if data[:3:2] == b"\x00\x00" and data[1:2] != b"\x00":
        return _one_line_end(data.decode("utf-16-be", "replace"))
    try:
        return _one_line_end(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return _one_line_end(data[:error.start].decode("utf-8"))
    return _one_line_end(data.decode("cp1252", "replace"))


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def whole(source: Source, reading: Reading, limit: int) -> bytes | None:
    """All bytes of a file of at most `limit` bytes; None after a problem where it cannot be opened or is larger."""
    return files.whole(source, reading, limit, "The file is {size} MB; of its kind more than {limit} MB is not read.",
                       "Export it again in parts.")
