"""CII, the Cross Industry Invoice: Factur-X, ZUGFeRD 1 and 2, XRechnung and NLCIUS-CII as XML, and Order-X orders.

A bare document, or several in an envelope around them. The same within a PDF is read by `pdf_invoice`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenwicht.importers.source import Reading
from evenwicht.importers.xml.cross_industry import ROOTS, documents, is_document
from evenwicht.importers.xml.parse import tree
from evenwicht.importers.xml.roots import root_of

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Source

NAME = "cii"

_ENVELOPES = frozenset({"StandardBusinessDocument", "XHE", "testSet"})
_INSIDE = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(sorted(ROOTS))})[\s>]")


def identify(head: Head) -> bool:
    """A root element of a Cross Industry document, bare or in an envelope."""
    root = root_of(head.start)
    if root is None:
        return False
    return is_document(root.name, root.namespace) or (root.name in {*_ENVELOPES, ""} and _INSIDE.search(root.head) is not None)


def read(source: Source) -> Reading:
    """One event per document, its two parties, and the coverage of its own day."""
    reading = Reading(label=source.label)
    root = tree(source, reading)
    if root is not None:
        documents(source, reading, root)
    return reading
