"""Invoices and orders as XML inside a PDF: Factur-X, ZUGFeRD 1 and 2, XRechnung, Order-X.

Only the attached XML is read, never the pages: what a page shows has no fields. A PDF without such an attachment is a
picture of an invoice, and gives one note.

Source: ISO 19005-3 (PDF/A-3), embedded files; Factur-X 1.0, ZUGFeRD 2.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.paged.attachments import invoice_in
from evenwicht.importers.source import Reading
from evenwicht.importers.xml.cross_industry import documents
from evenwicht.importers.xml.parse import tree_of

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Source

NAME = "pdf_invoice"

_SIGN = b"%PDF-"
_SIGN_WITHIN = 1024
"""The sign of a PDF stands in its first kilobyte (ISO 32000-1, implementation notes); mail programs put lines before it."""

_ROOM_BEFORE = b"\xef\xbb\xbf \t\r\n\0"


def identify(head: Head) -> bool:
    """A PDF, whatever is in it: one without an invoice is told so."""
    return head.start[:_SIGN_WITHIN].lstrip(_ROOM_BEFORE).startswith(_SIGN)


def read(source: Source) -> Reading:
    """One event for the invoice or order that is attached."""
    reading = Reading(label=source.label)
    size = source.path.stat().st_size
    data = invoice_in(source, reading)
    source.advance(size)
    root = None if data is None else tree_of(data, reading)
    if root is not None:
        documents(source, reading, root)
    return reading
