"""What a card says of an organisation: its name and its mail domain. People, phones and pictures stay out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenwicht.importers.cards.lines import plain
from evenwicht.ledger.identifiers import is_person, of_address, of_name
from evenwicht.ledger.mentions import Mention

if TYPE_CHECKING:
    from evenwicht.importers.cards.lines import Card, Line

_ORGANISATION = frozenset({"org", "organization", "organisation", "company"})
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
_LETTER = re.compile(r"[^\W\d_]")


def mention_of(card: Card) -> tuple[Mention | None, str]:
    """The organisation of a card, and what became of the card: `organisation`, `person`, `several_domains`.

    Name and domain are joined only where the card has one mail domain that is no free-mail provider's. With several,
    those marked as work count, then one that the name resembles; where that leaves several, none is taken: an address
    at a former employer must not make two organisations one.
    """
    name = _name_of(card)
    called = of_name(name) if name else None
    if called is None:
        return None, "person"
    domains = _domains(card.all("EMAIL"), called)
    if len(domains) > 1:
        return Mention((called,), name), "several_domains"
    return Mention((*domains, called), name), "organisation"


def name_sure(card: Card) -> bool:
    """Whether the letters of the organisation's name were certain."""
    return all(line.sure for line in card.all("ORG")[:1])


def _name_of(card: Card) -> str:
    """The name of the organisation; "" where the card is of a person without one, or it repeats the person's name."""
    full = card.text("FN")
    company = is_company(card)
    for line in card.all("ORG"):
        name = line.texts()[0]
        if _LETTER.search(name) is None:
            continue
        return name if company or name.casefold() not in _person(card, full) else ""
    return full if company and _LETTER.search(full) is not None else ""


def is_company(card: Card) -> bool:
    """Whether the card is of an organisation: it says so, or it has no name of a person at all."""
    kinds = {plain(line.value).casefold() for name in ("KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS") for line in card.all(name)}
    if kinds & _ORGANISATION:
        return True
    names = card.all("N")
    return bool(names) and bool(card.all("ORG")) and not any(any(line.texts()) for line in names)


def _person(card: Card, full: str) -> set[str]:
    """The ways in which the person of a card may be written, in small letters."""
    found = {full.casefold()} if full else set()
    for line in card.all("N")[:1]:
        parts = [part for part in line.texts()[:3] if part]
        found |= {" ".join(parts).casefold(), " ".join(reversed(parts)).casefold()}
    return found


def _domains(lines: list[Line], called: str) -> list[str]:
    """The mail domains of an organisation on its card, without free mail: one where it can be told."""
    found: dict[str, bool] = {}
    for line in lines:
        domain = of_address(_address(line))
        if domain is not None and not is_person(domain):
            found[domain] = found.get(domain, False) or "WORK" in line.parameters.get("TYPE", ())
    if len(found) > 1 and any(found.values()):
        found = {domain: work for domain, work in found.items() if work}
    if len(found) > 1:
        alike = [domain for domain in found if _resembles(domain, called)]
        return alike if len(alike) == 1 else list(found)
    return list(found)


def mail_addresses(card: Card) -> list[str]:
    """The mail addresses of a card, in small letters."""
    return [found for line in card.all("EMAIL") if (found := _address(line))]


def _address(line: Line) -> str:
    found = _ADDRESS.search(plain(line.value).removeprefix("mailto:"))
    return found[0].lower() if found is not None else ""


def _resembles(domain: str, called: str) -> bool:
    """Whether a domain is made of the first word of a name: `acme.com` and `name:acme-bv`."""
    first = called.removeprefix("name:").partition("-")[0]
    return len(first) > 2 and first in domain.partition(".")[0].replace("-", "")  # noqa: PLR2004  two letters are chance
