"""Elements and texts by local name: schema versions differ in namespace and prefix, hardly ever in names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST = 400
"""Characters of one text that are kept. Names, numbers and dates are shorter; more is not data for a ledger."""


@lru_cache(maxsize=4096)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def local(element: _Element) -> str:
    """The name of an element without its namespace. Comments and instructions, which have none, are not parsed."""
    return _without_namespace(str(element.tag))


@lru_cache(maxsize=1024)
def _anywhere(name: str) -> str:
    """A name in any namespace, as the parser looks it up."""
    return "{*}" + name


def each(element: _Element, *path: str) -> list[_Element]:
    """Every element at a path of local names below `element`, in document order."""
    found = [element]
    for name in path:
        wanted = _anywhere(name)
        found = list(found[0].iterchildren(wanted)) if len(found) == 1 else [
            below for one in found for below in one.iterchildren(wanted)]
        if not found:
            break
    return found


def fields(element: _Element, longest: int = LONGEST) -> dict[str, str]:
    """The first text of every direct child that has any, by local name: for flat records, in one pass."""
    found: dict[str, str] = {}
    for below in element:
        words = below.text
        if words and (words := " ".join(words.split())):
            found.setdefault(local(below), words[:longest])
    return found


def first(element: _Element, *path: str) -> _Element | None:
    """The first element at a path of local names; None when there is none."""
    found = each(element, *path)
    return found[0] if found else None


def text(element: _Element, *path: str, longest: int = LONGEST) -> str:
    """The text of the first element at a path that has any, runs of white space as one space; "" when there is none."""
    for found in each(element, *path):
        words = " ".join((found.text or "").split())
        if words:
            return words[:longest]
    return ""


def texts(element: _Element, *path: str, longest: int = LONGEST) -> list[str]:
    """The texts of all elements at a path that have any."""
    found = (" ".join((below.text or "").split())[:longest] for below in each(element, *path))
    return [words for words in found if words]


def attribute(element: _Element, name: str) -> str:
    """An attribute by its local name, stripped; "" when absent."""
    return (element.get(name) or "").strip()[:LONGEST]
