"""Which pseudonyms are one person: somebody who goes to another firm has another address there, and another pseudonym.

An importer that sees the same name at addresses of the same holder, or several addresses on one card, leaves a mention whose
identifiers all begin with `who:` and are pseudonyms (`ledger.persons`): no name, no address. Such a mention joins people and
never organisations, for `ledger.parties` does not look at it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenwicht.ledger.identifiers import registrable_domain
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.names import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WHO = "who:"
"""Stands before the pseudonym of a person in a mention of one."""

_LEAST = 3
"""Letters of a word of a name by which the holder of an address is known: `jansen@` is of Jan Jansen, `jj@` may be anybody."""


def is_of_people(mention: Mention) -> bool:
    """Whether a mention says which pseudonyms are one person, and nothing of organisations."""
    return bool(mention.identifiers) and mention.identifiers[0].startswith(WHO)


def face_of(written: str, address: str) -> str:
    """What stays the same when somebody changes firms: the name, and the part of the address before the @.

    "" where the two do not say who it is: a name of one word, an address that holds no word of the name (`info@`, `sales@`),
    or only one that the firm is called by, too (`acme@acme.com` of Acme Support).
    """
    name = name_of(written)
    holder, _, host = address.strip().lower().partition("@")
    firm = (registrable_domain(host) or "").partition(".")[0]
    holder = holder.partition("+")[0]
    told = any(len(word) >= _LEAST and word in holder and word != firm for word in name.split(" ")) if name else False
    return f"face:{name}|{re.sub(r'[._-]', '', holder)}" if told else ""


def mention_of(pseudonym: Callable[[str], str | None], known: Iterable[str]) -> Mention | None:
    """The mention that says that all of `known` (addresses, faces, a name with a telephone number) are one person."""
    found = sorted({f"{WHO}{one}" for one in map(pseudonym, filter(None, known)) if one})
    return Mention(tuple(found)) if len(found) > 1 else None


def same_people(mentions: Iterable[Mention]) -> dict[str, str]:
    """Pseudonym → the least of all pseudonyms of that person, for everybody in a mention of people."""
    above: dict[str, str] = {}

    def top(one: str) -> str:
        while above.setdefault(one, one) != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for mention in mentions:
        if is_of_people(mention):
            first = top(mention.identifiers[0])
            for other in mention.identifiers[1:]:
                low, high = sorted((first, top(other)))
                above[high] = first = low
    return {one.removeprefix(WHO): top(one).removeprefix(WHO) for one in above}
