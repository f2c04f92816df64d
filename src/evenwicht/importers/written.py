"""What the writers beside the importers have in common: files as bytes, what a format cannot carry, people as addresses.

A writer is pure: events in, bytes out, and the same events give the same bytes. It never bends a fact to make it fit: what
its format cannot say stands in `left`, and another format may carry it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.ledger.identifiers import is_person, of_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from evenwicht.ledger.events import Event

_NOT_LOCAL = re.compile(r"[^a-z0-9_-]+")
_NOBODY = "office"
"""The mailbox of a side whose person an event does not name."""


@dataclass(frozen=True, slots=True)
class Written:
    """Files by their names, and the events that are in none of them, in their order."""

    files: dict[str, bytes]
    left: tuple[Event, ...] = ()

    def into(self, folder: Path) -> list[Event]:
        """Write the files into a folder, which is made where there are any. Returns what is in none of them. Raises OSError."""
        if self.files:
            folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        return list(self.left)


def has_mail(party: str) -> bool:
    """Whether a party's key is a mail domain of its own, so that its people can have addresses there."""
    return not is_person(party) and of_address(f"{_NOBODY}@{party}") == party


def address(person: str | None, party: str) -> str:
    """The mail address of a person, made from the pseudonym; of the office where nobody is named."""
    local = _NOT_LOCAL.sub("-", (person or "").lower()).strip("-") or _NOBODY
    return f"{local}@{party}"


def addresses(people: str | None, party: str) -> list[str]:
    """The addresses of a column of persons, which stand beside each other with a space; at least one."""
    return [address(one, party) for one in (people or "").split()] or [address(None, party)]


def in_seconds(event: Event) -> bool:
    """Whether its moments are whole seconds: finer ones stand in no format."""
    return not event.at.microsecond and not (event.due and event.due.microsecond)


def without(events: Iterable[Event], carried: Iterable[Event]) -> tuple[Event, ...]:
    """The events that are not among the carried ones, by identity of the objects."""
    known = {id(one) for one in carried}
    return tuple(one for one in events if id(one) not in known)
