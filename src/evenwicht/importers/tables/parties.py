"""Who stands in a row: the cells that say who a party is → its best identifier, and a mention with all of them."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import TYPE_CHECKING

from evenwicht.ledger import identifiers
from evenwicht.ledger.mentions import Mention

if TYPE_CHECKING:
    from collections.abc import Callable

    from evenwicht.importers.source import Exclusions
    from evenwicht.importers.tables.layout import IdentifierType, PartyRule

_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$")
_KEY = re.compile(r"(?:vat|kvk|iban|name|peppol):\S")


def address_in(text: str) -> str:
    """The mail address in a cell, `Jan <jan@birch.nl>` or bare, in lower case; empty when there is none."""
    if "@" not in text:
        return ""
    address = parseaddr(text)[1] if "<" in text else text
    return address.strip().lower() if "@" in address and " " not in address.strip() else ""


def of_anything(text: str) -> str | None:
    """The identifier in a cell that may hold a key, a mail address, a domain, or a plain name or number."""
    low = text.strip().lower()
    if "@" in low:
        address = address_in(text)
        found = identifiers.of_address(address)
        return found if found or address.rpartition("@")[2] in identifiers.SHARED_SENDERS else identifiers.of_name(text)
    if _KEY.match(low):
        return identifiers.of_user(text) or identifiers.of_name(text)
    if _DOMAIN.match(low):
        return identifiers.registrable_domain(low) or identifiers.of_name(text)
    return identifiers.of_name(text)


_READERS: dict[IdentifierType, Callable[[str], str | None]] = {
    "any": of_anything,
    "address": lambda text: identifiers.of_address(address_in(text)),
    "domain": identifiers.registrable_domain,
    "vat": identifiers.of_vat,
    "kvk": identifiers.of_kvk,
    "iban": identifiers.of_iban,
    "name": identifiers.of_name,
}


class Parties(dict[tuple[str, ...], str | None]):
    """The texts of a party's columns → its identifier (None: they name nobody); each combination is looked at once.

    `mentions` collects what was found; `excluded` the identifiers that must not be stored.
    """

    def __init__(self, rule: PartyRule, exclude: Exclusions) -> None:
        super().__init__()
        self.columns = tuple(dict.fromkeys(name for _how, names in rule.columns for name in names))
        self._rule = rule
        self.optional = rule.optional
        self._exclude = exclude.parties
        self.mentions: list[Mention] = []
        self.excluded: set[str] = set()

    def __missing__(self, texts: tuple[str, ...]) -> str | None:
        said = dict(zip(self.columns, texts, strict=True))
        found: dict[str, str] = {}
        name = ""
        for how, columns in self._rule.columns:
            text = next((said[column] for column in columns if said[column]), "")
            if how == "name" and text in found.values():
                continue  # what was read as a number is no name beside it
            identifier = _READERS[how](text) if text else None
            if identifier is None:
                continue
            found.setdefault(identifier, text)
            if identifier.startswith("name:") and not text.lower().startswith("name:"):
                name = text
        best = min(found, key=lambda identifier: (identifiers.trust_of(identifier), list(found).index(identifier)), default=None)
        if best is not None:
            self.mentions.append(Mention(tuple(sorted(found, key=identifiers.trust_of)), name, self._rule.own))
            if self._exclude and not self._exclude.isdisjoint({*found, *map(str.lower, texts), *map(address_in, texts)}):
                self.excluded.add(best)
        self[texts] = best
        return best


class Persons(dict[str, str | None]):
    """The text of a cell → keyed pseudonym of the person whose address it holds; None when it holds none."""

    def __init__(self, pseudonym: Callable[[str], str | None]) -> None:
        super().__init__()
        self._pseudonym = pseudonym

    def __missing__(self, text: str) -> str | None:
        address = address_in(text)
        self[text] = found = self._pseudonym(address) if address else None
        return found
