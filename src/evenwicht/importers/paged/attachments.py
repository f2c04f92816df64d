"""The XML that travels inside a PDF, found by its name and taken out within limits.

Nothing else of the PDF is unpacked: no page, no font, no picture. No other attachment is opened, unless none has a name
of the standards; then the XML ones are looked at.

Source: ISO 32000-1, 7.11 (file specifications) and 7.9.6 (name trees); Factur-X 1.0; ZUGFeRD 1.0 and 2.3; Order-X 1.0.
"""

from __future__ import annotations

import logging
import struct
import zlib
from typing import TYPE_CHECKING, Any

from evenwicht.importers.source import HEAD_BYTES
from evenwicht.importers.xml.cross_industry import is_document
from evenwicht.importers.xml.roots import root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evenwicht.importers.source import Reading, Source

LARGEST_PDF = 256 * 2**20
"""Bytes of a PDF. Invoices have a few hundred thousand; with scans in them, a few million."""

LARGEST_XML = 32 * 2**20
"""Bytes of the XML in it, unpacked. The largest real invoice seen has 3.3 MB."""

NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "order-x.xml")
"""Names of the attachment, the best first: some PDFs bring an invoice in two versions. ZUGFeRD 1 writes capitals."""

_MOST_ATTACHMENTS = 1_000
_MOST_OPENED = 10
"""Attachments of other names that are looked at."""

_DEEPEST = 16
"""Levels of the name tree; one or two are the rule."""

_Found = tuple[str, Any]


def invoice_in(source: Source, reading: Reading) -> bytes | None:
    """The invoice or order that is attached, as XML; None, with a problem, when there is none or it cannot be had."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError, WrongPasswordError

    size = source.path.stat().st_size
    if size > LARGEST_PDF:
        reading.problem(
            "", "This PDF has {size} MB; PDFs are read up to {largest} MB.", "Ask the sender for the invoice as XML.",
            size=size // 2**20, largest=LARGEST_PDF // 2**20,
        )
        return None
    quiet = logging.getLogger("pypdf")
    if not quiet.handlers:
        quiet.addHandler(logging.NullHandler())
    try:
        with source.path.open("rb") as file:
            return _invoice(PdfReader(file), reading)
    except (DependencyError, FileNotDecryptedError, WrongPasswordError):
        reading.problem(
            "", "This PDF is locked with a password, so its attachments cannot be read.",
            "Ask the sender for one without a password, or for the invoice as XML.",
        )
    except LimitReachedError:
        _too_large(reading)
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, OverflowError, RecursionError,
            NotImplementedError, EOFError, OSError, zlib.error, struct.error) as broken:
        # a damaged file takes a lenient reader to places where its own checks end: what it raises there is one of these
        reading.problem(
            "", "The attachments of this PDF cannot be read: the file is damaged ({reason}).",
            "Open it to see what it is, and ask the sender for it again.", reason=type(broken).__name__,
        )
    return None


def _invoice(pdf: Any, reading: Reading) -> bytes | None:
    found = list(_attachments(pdf))
    for wanted in NAMES:
        for name, specification in found:
            if name.lower() == wanted:
                return _content(specification, reading)
    others = [(name, specification) for name, specification in found if name.lower().endswith(".xml")]
    for name, specification in others[:_MOST_OPENED]:
        data = _content(specification, reading)
        root = None if data is None else root_of(data[:HEAD_BYTES])
        if root is not None and is_document(root.name, root.namespace):
            return data
        reading.counted[f"attachment {name[:80]}"] += 1
    reading.counted["pdf without invoice"] += 1
    reading.problem(
        "", "This PDF has no invoice or order as XML attached to it (factur-x.xml, zugferd-invoice.xml or xrechnung.xml).",
        "What only stands on its pages is not read. Ask the sender for UBL, Factur-X or ZUGFeRD.", "note",
    )
    return None


def _attachments(pdf: Any) -> Iterator[_Found]:
    """Name and file specification of every attachment: those of the name tree, then those only associated with the document."""
    catalogue = pdf.trailer["/Root"].get_object()
    seen: set[int] = set()
    count = 0
    for name, specification in (*_tree(_at(catalogue, "/Names", "/EmbeddedFiles"), set(), 0), *_associated(_at(catalogue, "/AF"))):
        if id(specification) in seen or count >= _MOST_ATTACHMENTS:
            continue
        seen.add(id(specification))
        count += 1
        for field in ("/UF", "/F"):
            written = _at(specification, field)
            if isinstance(written, str):
                yield written.strip(), specification
                break
        else:
            yield name, specification


def _tree(node: Any, seen: set[int], depth: int) -> Iterator[_Found]:
    """The leaves of a name tree, each node once: a hostile one is its own child."""
    if not isinstance(node, dict) or depth > _DEEPEST or id(node) in seen or len(seen) > _MOST_ATTACHMENTS:
        return
    seen.add(id(node))
    names = _at(node, "/Names")
    if isinstance(names, list):
        for name, specification in zip(names[:2 * _MOST_ATTACHMENTS:2], names[1:2 * _MOST_ATTACHMENTS:2], strict=False):
            inside = specification.get_object()
            if isinstance(inside, dict):
                yield str(name.get_object()).strip(), inside
    kids = _at(node, "/Kids")
    if isinstance(kids, list):
        for kid in kids[:_MOST_ATTACHMENTS]:
            yield from _tree(kid.get_object(), seen, depth + 1)


def _associated(files: Any) -> Iterator[_Found]:
    for one in files[:_MOST_ATTACHMENTS] if isinstance(files, list) else ():
        inside = one.get_object()
        if isinstance(inside, dict):
            yield "", inside


def _at(holder: Any, *path: str) -> Any:
    """What stands at a path of names, references followed; None when it is not there."""
    for name in path:
        if not isinstance(holder, dict):
            return None
        below = holder.get(name)
        holder = None if below is None else below.get_object()
    return holder


def _content(specification: Any, reading: Reading) -> bytes | None:
    """The attached file, unpacked; None, with a problem, when it is too large or not in the PDF."""
    stream = _at(specification, "/EF", "/UF") or _at(specification, "/EF", "/F")
    if stream is None or not hasattr(stream, "get_data"):
        reading.problem(
            "", "This PDF names an attached invoice, but does not hold it.", "Ask the sender for the invoice again.",
        )
        return None
    data = stream.get_data()
    if len(data) > LARGEST_XML:
        _too_large(reading)
        return None
    return data if isinstance(data, bytes) else str(data).encode("latin-1", errors="replace")


def _too_large(reading: Reading) -> None:
    reading.problem(
        "", "What is attached to this PDF unpacks to more than {largest} MB; it was not read.",
        "No invoice is that large. Ask the sender what this file is.", largest=LARGEST_XML // 2**20,
    )
