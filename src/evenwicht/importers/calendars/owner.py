"""Whose calendar it is: a calendar does not say so in any field of the standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.importers.calendars.people import address_of
from evenwicht.ledger.identifiers import of_address

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

NEARLY_ALL = 0.9
"""Share of the events with people in which the owner stands: not all, for there are forwarded invitations."""

FEWEST = 3
"""Events with people from which presence is looked at: in one or two of them anybody can be in all."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is: an address, or only an organisation; both empty where it cannot be told."""

    address: str = ""
    organisation: str | None = None


def owner_of(names: Iterable[str], present: Counter[str], events: int) -> Owner:
    """The owner of a calendar, by its name or by who is always there.

    names       X-WR-CALNAME of the calendars in the file. Google and others put the owner's address there
    present     in how many events with people each address stands, as organiser or attendee
    events      how many events with people there are

    1. One calendar name that is the address of an organisation or at a free-mail provider, and no other: the owner.
    2. The address that stands in at least 90 % of the events with people, if there are at least 3 of them.
    3. Several such addresses: two people who always meet together. If they are of one organisation it is the owner,
       without a person; of several, it cannot be told.
    """
    named = {address for address in (address_of({}, name) for name in names) if of_address(address) is not None}
    if len(named) == 1:
        address = named.pop()
        if not address.endswith("calendar.google.com"):
            return Owner(address, of_address(address))
    if events < FEWEST:
        return Owner()
    always = [address for address, times in present.items() if times >= NEARLY_ALL * events]
    organisations = {of_address(address) for address in always}
    if len(always) == 1:
        return Owner(always[0], of_address(always[0]))
    if len(organisations) == 1:
        return Owner("", organisations.pop())
    return Owner()
