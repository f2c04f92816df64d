"""The person of a card: which addresses are one person's, as pseudonyms. Names, numbers and addresses stay out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenwicht.importers.cards.lines import plain
from evenwicht.importers.cards.organisations import is_company, mail_addresses
from evenwicht.ledger.identifiers import of_address
from evenwicht.ledger.names import name_of
from evenwicht.ledger.people import face_of, mention_of

if TYPE_CHECKING:
    from evenwicht.importers.cards.lines import Card
    from evenwicht.importers.source import Source
    from evenwicht.ledger.mentions import Mention

_LEAST_DIGITS, _COMPARED = 8, 9
"""A telephone number has at least eight digits; the last nine of two ways to write one are alike (+31 6 …, 06 …)."""


def person_of(card: Card, source: Source) -> Mention | None:
    """The mention of the person of a card; None where it is of an organisation, or tells nothing that others could tell too.

    One person are all mail addresses of a card, the name with each address, and the name with each telephone number: a number
    alone is that of a whole office.
    """
    name = name_of(card.text("FN") or " ".join(part for line in card.all("N")[:1] for part in line.texts()[:3]))
    if not name or is_company(card):
        return None
    known = set()
    for address in mail_addresses(card):
        if of_address(address) is not None and source.exclude.parties.isdisjoint({address, of_address(address)}):
            known |= {address, face_of(name, address)}
    for line in card.all("TEL"):
        digits = re.sub(r"\D", "", plain(line.value).casefold().removeprefix("tel:").partition(";")[0])
        if known and len(digits) >= _LEAST_DIGITS:
            known.add(f"phone:{name}|{digits[-_COMPARED:]}")
    return mention_of(source.pseudonym, known)
