"""Elements by local name as `access`, for records that are looked into many times: each element's children are walked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.xml.access import LONGEST, local

if TYPE_CHECKING:
    from lxml.etree import _Element


class Node:
    """An element, and its children by local name as soon as anybody asks for one of them."""

    __slots__ = ("_below", "element")

    def __init__(self, element: _Element) -> None:
        self.element = element
        self._below: dict[str, list[Node]] | None = None

    def below(self, name: str) -> list[Node]:
        """The children of a local name, in document order."""
        found = self._below
        return (self._walked() if found is None else found).get(name, _NONE)

    def _walked(self) -> dict[str, list[Node]]:
        found = self._below = {}
        for child in self.element:
            called = local(child)
            if called in found:
                found[called].append(Node(child))
            else:
                found[called] = [Node(child)]
        return found

    def each(self, *path: str) -> list[Node]:
        """Every element at a path of local names, in document order."""
        found = [self]
        for name in path:
            if len(found) == 1:
                below = found[0]._below  # noqa: SLF001  of this class
                found = (found[0]._walked() if below is None else below).get(name, _NONE)  # noqa: SLF001
            else:
                found = [one for above in found for one in above.below(name)]
            if not found:
                break
        return found

    def first(self, *path: str) -> Node | None:
        """The first element at a path; None when there is none."""
        found = self.each(*path)
        return found[0] if found else None

    def text(self, *path: str) -> str:
        """The text of the first element at a path that has any, runs of white space as one space; "" when there is none."""
        for found in self.each(*path):
            words = found.words()
            if words:
                return words
        return ""

    def texts(self, *path: str) -> list[str]:
        """The texts of all elements at a path that have any."""
        return [words for found in self.each(*path) if (words := found.words())]

    def words(self) -> str:
        """The text of the element itself, runs of white space as one space."""
        written = self.element.text
        return " ".join(written.split())[:LONGEST] if written else ""


_NONE: list[Node] = []
