"""Who a document says somebody is: all identifiers that it gives, the best one first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.ledger.identifiers import is_person, of_name, trust_of
from evenwicht.ledger.mentions import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable

US = "@us"
"""Our own side, in a file that does not say who that is."""


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation as one document knows it: identifiers in order of trust, and the name as written."""

    identifiers: tuple[str, ...]
    name: str = ""

    @property
    def best(self) -> str:
        """The identifier that stands in the event."""
        return self.identifiers[0]

    def mention(self, *, own: bool = False) -> Mention:
        """That these identifiers stood together."""
        return Mention(self.identifiers, self.name, own)


def named(identifiers: Iterable[str | None], name: str = "", *, nameable: bool = True) -> Named | None:
    """Put identifiers in order of trust; None when nothing identifies anybody.

    Free-mail addresses are left out: a person, never an organisation. With `nameable` the name is the identifier of
    last resort, else it is only for people to read (the title of a bank account is no name of a firm).
    """
    found = [one for one in identifiers if one is not None and not is_person(one)]
    if nameable and name:
        called = of_name(name)
        found += [called] if called is not None else []
    ordered = tuple(sorted(dict.fromkeys(found), key=trust_of))
    return Named(ordered, name) if ordered else None


def beside(party: Named, other: Named) -> Named | None:
    """A party without the identifiers that another one carries too; None when it has no others."""
    rest = tuple(identifier for identifier in party.identifiers if identifier not in other.identifiers)
    return Named(rest, party.name) if rest else None


def apart(one: Named, two: Named) -> tuple[Named, Named] | None:
    """Two parties of one document, told apart: what both of them carry says nothing about either, unless one of them
    has nothing else. None when neither has: then they are one and the same.
    """
    if set(one.identifiers).isdisjoint(two.identifiers):
        return one, two
    first, second = beside(one, two), beside(two, one)
    return None if first is None and second is None else (first or one, second or two)


def unwanted(party: Named, excluded: frozenset[str]) -> bool:
    """Whether a party is among those of which nothing may be stored."""
    return not excluded.isdisjoint(party.identifiers)
