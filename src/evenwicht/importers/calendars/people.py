"""Who is at a meeting: addresses of organiser and attendees, and how many heads each organisation had there."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from evenwicht.importers.calendars.lines import parameters_of, split
from evenwicht.ledger.identifiers import of_address
from evenwicht.ledger.names import MOST_NAMES, name_in, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evenwicht.importers.calendars.lines import Component

_NO_PERSONS = frozenset({"ROOM", "RESOURCE", "GROUP"})
_CALENDARS = "calendar.google.com"
"""Addresses of rooms, shared calendars and unknown organisers, which Google writes where a person should stand."""

_ROOM = re.compile(
    r"(?:(?:meeting|conf(?:erence)?|board|vergader|overleg|video)[._-]?)?(?:rooms?|zaal|kamer|ruimte|raum|salle|sala|beamer|resource)"
    r"(?:[._-][^@]*|\d[^@]*)?@|[^@]*@(?:rooms?|resources?|zalen)\.",
    re.ASCII)
"""How mailboxes of rooms are called where the program does not say CUTYPE=ROOM: `zaal4@`, `room-3.12@`, `x@rooms.acme.com`."""

_PRESENT = frozenset({"", "ACCEPTED", "COMPLETED", "IN-PROCESS"})
"""PARTSTAT of one who comes, or came; "" = not given, which counts as present (CONTRACT, meeting)."""


_MOST_OF_A_CIRCLE = 50
"""Attendees up to whom those of one event are kept in memory for the next one with the same."""


class Person(NamedTuple):
    """One natural person at a meeting. `answer` is PARTSTAT in capitals, "" where the file gives none; `name` is the
    name in its one way of writing (`ledger.names`), never stored as such.
    """

    address: str
    organisation: str | None
    answer: str = ""
    name: str = ""

    @property
    def comes(self) -> bool:
        """Whether the answer is that of one who comes, or came."""
        return self.answer in _PRESENT


class Side(NamedTuple):
    """One organisation at a meeting: the addresses of its heads that come, sorted. It may have none and be invited.
    `names` are those of all its people, coming or not, in their one way of writing.
    """

    organisation: str
    heads: tuple[str, ...]
    names: tuple[str, ...] = ()


def address_of(parameters: dict[str, str], value: str) -> str:
    """The mail address of a calendar user, lower case; "" where there is none (`invalid:nomail`, `urn:uuid:…`).

    The address itself goes first, then the EMAIL parameter (RFC 7986), which stands beside addresses that are no mail.
    """
    for text in (value, parameters.get("EMAIL", "")):
        text = text.strip().strip("<>").strip()  # noqa: PLW2901  each is peeled
        while text[:7].lower() == "mailto:":
            text = text[7:].strip().strip("<>").strip()  # noqa: PLW2901
        text = text.partition("?")[0]  # noqa: PLW2901
        if "%" in text:
            text = unquote(text)  # noqa: PLW2901
        text = text.lower()  # noqa: PLW2901
        if "@" in text and not text.startswith(("imceaex-", "urn:", "http:", "https:")):
            return text
    return ""


@lru_cache(maxsize=65_536)
def person_of(line: str) -> Person | None:
    """The person of an ORGANIZER or ATTENDEE line; None for rooms, things, lists, and people without an address."""
    place = line.lower().rfind(":mailto:")
    if place >= 0 and '"' not in line[place:]:  # also where a name holds a colon that should have been quoted
        parameters, value = parameters_of(line[:place]), line[place + 1:]
    else:
        parameters, value = split(line)
    if parameters.get("CUTYPE", "").upper() in _NO_PERSONS or parameters.get("ROLE", "").upper() == "NON-PARTICIPANT":
        return None
    address = address_of(parameters, value)
    if not address or address.endswith(_CALENDARS) or _ROOM.match(address) is not None:
        return None
    name = name_of(parameters.get("CN", "").partition("@")[0]) or name_in(address)
    return Person(address, of_address(address), parameters.get("PARTSTAT", "").strip().upper(), name)


class Cast(NamedTuple):
    """Who is at a meeting, by organisation. `fate` says why it is no meeting between organisations; None = it is one.

    organiser   address of who called it
    own         his organisation and its heads
    others      the other organisations, in order of their identifiers
    people      every address at it, the organiser first
    """

    organiser: str
    own: Side
    others: tuple[Side, ...]
    people: tuple[str, ...]
    fate: str | None


def cast_of(component: Component, answers: dict[str, str], excluded: frozenset[str]) -> Cast:
    """Bring organiser and attendees of an event together.

    `answers` are PARTSTAT of replies in the same file, by address: later than what the event itself says.
    `excluded` are domains and addresses that must not be stored: they are as good as absent.
    The organiser is a head of his side, listed as attendee or not, answered or not, unless he declined his own meeting.
    Attendees without an organisation (an address at no domain, or of a service that writes for others) are on no side.
    """
    organiser, attendees = component.first("ORGANIZER"), component.lines.get("ATTENDEE", [])
    if answers or len(attendees) > _MOST_OF_A_CIRCLE:
        return _cast(organiser, attendees, answers, excluded)
    return _circle(organiser, tuple(attendees), excluded)


@lru_cache(maxsize=1_024)
def _circle(organiser: str | None, attendees: tuple[str, ...], excluded: frozenset[str]) -> Cast:
    """Those who meet over and over: a team, the same people of two firms."""
    return _cast(organiser, attendees, {}, excluded)


def _cast(line: str | None, attendees: Iterable[str], answers: dict[str, str], excluded: frozenset[str]) -> Cast:
    organiser = person_of(line) if line is not None else None
    people = _attendees(attendees, answers)
    if organiser is not None:
        people = {organiser.address: people.get(organiser.address, organiser), **people}
    shut_out = {address for address, person in people.items() if shut_out_by(person, excluded)} if excluded else frozenset[str]()
    heads: dict[str, list[str]] = {}
    names: dict[str, set[str]] = {}
    caller = organiser.address if organiser is not None else None
    for address, organisation, answer, name in people.values():
        if organisation is not None and address not in shut_out:
            side = heads.get(organisation)
            if side is None:
                side, names[organisation] = heads.setdefault(organisation, []), set()
            if name:
                names[organisation].add(name)
            if answer in _PRESENT or (address == caller and answer != "DECLINED"):
                side.append(address)
    own = organiser.organisation if organiser is not None else None
    fate = None
    if organiser is not None and organiser.address in shut_out:
        fate = "excluded"
    elif organiser is None or own is None:
        fate = "without_organiser" if heads else "without_attendees"
    elif len(heads) == 1:
        fate = "excluded" if shut_out else "internal"
    sides = {organisation: Side(organisation, tuple(sorted(heads[organisation])), tuple(sorted(names[organisation])[:MOST_NAMES]))
             for organisation in sorted(heads)}
    own_side = sides.pop(own or "", Side(own or "", ()))
    return Cast(
        organiser.address if organiser is not None else "", own_side, tuple(sides.values()),
        tuple([address for address in people if address not in shut_out]) if shut_out else tuple(people), fate,
    )


def _attendees(lines: Iterable[str], answers: dict[str, str]) -> dict[str, Person]:
    """Attendees by address; one who is listed twice is one person, and comes if either line says so."""
    found: dict[str, Person] = {}
    for line in lines:
        person = person_of(line)
        if person is None:
            continue
        if answers and person.address in answers:
            person = person._replace(answer=answers[person.address])
        earlier = found.get(person.address)
        if earlier is None or earlier.answer not in _PRESENT:
            found[person.address] = person
    return found


def shut_out_by(person: Person, excluded: frozenset[str]) -> bool:
    """Whether somebody is among those of whom nothing may be stored."""
    return not excluded.isdisjoint((person.address, person.address.rpartition("@")[2], person.organisation))
