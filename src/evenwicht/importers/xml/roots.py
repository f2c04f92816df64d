"""What the first bytes of a file say about it, without a parser: cheap, and safe on any input."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf|[ \t\r\n])+")
_WITHOUT_BOM = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_BESIDE_MARKUP = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_START = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)((?:\s[^<>]*)?)/?>")
_NAMESPACE = re.compile(r"xmlns(?::([\w.-]+))?\s*=\s*[\"']([^\"']*)[\"']")


@dataclass(frozen=True, slots=True)
class Root:
    """The root element of a file: its local name and namespace ("" where the head does not say), and the head as text."""

    name: str
    namespace: str
    doctype: bool
    head: str


def wide_encoding(start: bytes) -> str | None:
    """UTF-16 or UTF-32, by its mark or by the zeros around the first `<`; None for everything else."""
    for mark, name in _BOMS:
        if start.startswith(mark):
            return None if name == "utf-8" else name
    return next((name for sign, name in _WITHOUT_BOM if start.startswith(sign)), None)


def beginning(start: bytes) -> int:
    """Where the XML begins: exporters put white space, or a second byte order mark, before a declaration that must be first."""
    found = _BEFORE.match(start)
    return found.end() if found else 0


def as_text(start: bytes) -> str:
    """The head as text, good enough to recognise element names; letters outside ASCII may be wrong."""
    wide = wide_encoding(start)
    if wide is None:
        return start[beginning(start):].decode("latin-1")
    return start.decode(wide, errors="replace").removeprefix("\ufeff")


def root_of(start: bytes) -> Root | None:
    """The root element that the head of a file begins with; None when it does not begin as XML."""
    head = as_text(start)
    place, doctype = 0, False
    while True:
        beside = _BESIDE_MARKUP.match(head, place)
        if beside is not None:
            place = beside.end()
            continue
        if _DOCTYPE.match(head, place) is None:
            break
        doctype = True
        place = _after_doctype(head, place)
    element = _START.match(head, place)
    if element is None:
        return Root("", "", doctype, head) if doctype else None
    prefix, name, attributes = element[1] or "", element[2], element[3]
    spaces = {found[1] or "": found[2] for found in _NAMESPACE.finditer(attributes)}
    return Root(name, spaces.get(prefix, ""), doctype, head)


def _after_doctype(head: str, place: int) -> int:
    """Where a DOCTYPE with its internal subset ends; the end of the head when it does not end there."""
    opened, closed = head.find("[", place), head.find(">", place)
    if closed < 0:
        return len(head)
    if 0 <= opened < closed:
        closed = head.find(">", max(head.find("]", opened), opened))
        return len(head) if head.find("]", opened) < 0 or closed < 0 else closed + 1
    return closed + 1
