"""From bytes of a stranger to elements, within limits. What is refused or broken becomes a problem of the reading.

No entities, no DOCTYPE, no network, at most 256 levels and 10 MB in one text (limits of libxml2 that stay on).
"""

from __future__ import annotations

import codecs
import re
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from lxml import etree

from evenwicht.importers.source import HEAD_BYTES
from evenwicht.importers.xml.access import local
from evenwicht.importers.xml.roots import beginning, root_of, wide_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from evenwicht.importers.source import Reading, Source

LARGEST_TREE = 64 * 2**20
"""Bytes of a document that is read as a whole. The largest real invoice seen has 3.3 MB, all of it attachments."""

LARGEST_STREAM = 2 * 2**30
"""Bytes of a file that is read record by record."""

MOST_TAGS = 2_000_000
"""Tags in a tree, or between two records of a stream: about a quarter of a gigabyte of memory, or 20,000 invoice lines."""

_SAFE: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
    "remove_comments": True, "remove_pis": True, "remove_blank_text": True, "collect_ids": False,
}
_EMBEDDED = re.compile(rb"(<(?:[\w.-]+:)?(?:EmbeddedDocument|Attachment)BinaryObject\b[^<>]*>)[^<]*")
_DECLARED = re.compile(rb"^\s*<\?xml[^<>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]+)")
_ODD_DECLARATION = re.compile(rb"^\s*<\?xml[^<>]*?encoding\s*=\s*([\"'])(?![A-Za-z][A-Za-z0-9._-]*\1)[^<>]*\?>")
"""A declaration with a name of an encoding that XML does not allow, such as `UTF-8-W/O-BOM`: the parser ends there."""

_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_PADDING = b" \t\r\n\0\x1a"
"""What programs of long ago put behind the end of a text, and XML allows only in part."""

_CHUNK = 2**20


def tree(source: Source, reading: Reading) -> _Element | None:
    """The root of a document that is small enough to hold as a whole, embedded files left out of it; None = refused."""
    if not _small_enough(source.path.stat().st_size, reading, LARGEST_TREE):
        return None
    with source.path.open("rb") as file:
        whole = file.read(LARGEST_TREE + 1)
    source.advance(len(whole))
    return tree_of(whole, reading)


def tree_of(whole: bytes, reading: Reading) -> _Element | None:
    """The root of a document in memory, as `tree`: for XML that stands inside another file, at most LARGEST_TREE bytes."""
    if _comes_with_doctype(whole[:HEAD_BYTES]):
        _no_doctype(reading)
        return None
    with BytesIO(_ODD_DECLARATION.sub(b"", whole, count=1)) as file:
        encoding = _encoding(file, reading)
        whole = file.read()
    data = whole if wide_encoding(whole) else whole.rstrip(_PADDING)
    if b"BinaryObject" in data:
        data = _EMBEDDED.sub(rb"\1", data)
    if data.count(b"<") > MOST_TAGS:
        _too_many(reading)
        return None
    try:
        root = etree.fromstring(data, etree.XMLParser(encoding=encoding, **_SAFE))
    except etree.XMLSyntaxError as broken:
        _broken(reading, broken, nothing=True)
        return None
    if _brings_doctype(root):
        _no_doctype(reading)
        return None
    return root


def records(source: Source, reading: Reading, *names: str) -> Iterator[tuple[str, _Element]]:
    """Each element of one of the local names as soon as it is complete, with that name; then its content is forgotten.

    What stands before a record in its parent stays reachable, except earlier records. Ends early, with a problem, where
    the XML breaks; the records before that place have been given.
    """
    if not _welcome(source, reading, LARGEST_STREAM):
        return
    with source.path.open("rb") as file:
        encoding = _encoding(file, reading)
        metered = _Metered(file, source)
        wanted = [f"{{*}}{name}" for name in names]
        stream = etree.iterparse(metered, events=("end",), tag=wanted, encoding=encoding, **_SAFE)
        seen = False
        try:
            for _event, element in stream:
                if not seen and _brings_doctype(element):
                    _no_doctype(reading)
                    return
                seen = True
                metered.tags = 0
                yield local(element), element
                _forget(element, names)
        except etree.XMLSyntaxError as broken:
            if metered.full:
                _too_many(reading)
            else:
                _broken(reading, broken, nothing=not seen)
            return
        if not seen and stream.root is not None and _brings_doctype(stream.root):
            _no_doctype(reading)


class _Metered:
    """A file that reports what is read of it, and ends early when tags pile up without a record."""

    def __init__(self, file: IO[bytes], source: Source) -> None:
        self._file = file
        self._source = source
        self.tags = 0
        self.full = False

    def read(self, size: int = -1) -> bytes:
        if self.full:
            return b""
        data = self._file.read(size)
        self._source.advance(len(data))
        self.tags += data.count(b"<")
        self.full = self.tags > MOST_TAGS
        return b"" if self.full else data


def _forget(element: _Element, names: tuple[str, ...]) -> None:
    """Free a record and those before it. The record itself stays, empty, until the next: the parser stands behind it."""
    element.clear()
    parent, earlier = element.getparent(), element.getprevious()
    while parent is not None and earlier is not None and local(earlier) in names:
        parent.remove(earlier)
        earlier = element.getprevious()


def _brings_doctype(element: _Element) -> bool:
    return element.getroottree().docinfo.internalDTD is not None


def _welcome(source: Source, reading: Reading, largest: int) -> bool:
    """Whether a file may be parsed at all: not too large, and no DOCTYPE in sight."""
    if not _small_enough(source.path.stat().st_size, reading, largest):
        return False
    with source.path.open("rb") as file:
        start = file.read(HEAD_BYTES)
    if _comes_with_doctype(start):
        _no_doctype(reading)
        return False
    return True


def _small_enough(size: int, reading: Reading, largest: int) -> bool:
    if size > largest:
        reading.problem(
            "", "This file has {size} MB; XML of this kind is read up to {largest} MB.",
            "Export a shorter period, or split the file.", size=size // 2**20, largest=largest // 2**20,
        )
        return False
    return True


def _comes_with_doctype(start: bytes) -> bool:
    root = root_of(start)
    return root is not None and root.doctype


def _encoding(file: IO[bytes], reading: Reading) -> str | None:
    """The encoding to read a file in where its declaration is wrong, None = as declared. Leaves the file where its XML begins.

    A file that says UTF-8 (or nothing) and is not, is read as Windows-1252, which is what such files are.
    """
    start = file.read(_CHUNK)
    file.seek(0)
    if wide_encoding(start) is not None:
        return None
    begin = beginning(start)
    found = _DECLARED.match(start[begin:])
    declared = found[1].decode().lower() if found else "utf-8"
    trusted = _known(declared)
    marked = codecs.BOM_UTF8 in start[:begin]
    if trusted and not marked and not declared.startswith(("utf", "ucs", "us-ascii", "ascii", "iso-10646")):
        file.seek(begin)
        return None
    if _is_utf8(file):
        file.seek(begin)
        return None if declared == "utf-8" else "utf-8"
    reading.problem(
        "", "The file says it is written in {declared}, but it is not; it was read as Windows-1252.",
        "Look whether names with accents are right. If not, export the file again as UTF-8.", "note",
        declared=declared.upper(),
    )
    file.seek(begin)
    undefined = any(_UNDEFINED_IN_CP1252.search(chunk) for chunk in iter(lambda: file.read(_CHUNK), b""))
    file.seek(begin)
    return "iso-8859-1" if undefined else "windows-1252"


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _known(name: str) -> bool:
    """Whether a declared encoding is one of text that XML may be in. UTF-7 hides markup and is never believed."""
    try:
        codec = codecs.lookup(name)
    except LookupError:
        return False
    return codec.name != "utf-7" and codec._is_text_encoding  # noqa: SLF001  the only place where Python says so


def _no_doctype(reading: Reading) -> None:
    reading.problem(
        "", "The file begins with a DOCTYPE, which can pull in other files; such files are not read.",
        "Invoices, statements and audit files have none. Ask the sender for the file as the standard says.",
    )


def _too_many(reading: Reading) -> None:
    reading.problem(
        "", "The file has more elements in one place than any real file of its kind; reading stopped there.",
        "Export a shorter period, or ask the sender what this file is.",
    )


def _broken(reading: Reading, broken: etree.XMLSyntaxError, *, nothing: bool) -> None:
    line = broken.position[0]
    reason = broken.msg.partition(", line")[0]
    place = str(line) if line else ""
    if nothing:
        reading.problem(
            place, "This is not well-formed XML: {reason}. Nothing could be read.",
            "The file is damaged or cut off. Export or download it again.", reason=reason,
        )
    else:
        reading.problem(
            place, "The XML breaks off here: {reason}. What stands before it was read.",
            "The file is damaged or cut off. Export or download it again.", reason=reason,
        )
