"""From the name of a speaker to an organisation, as far as the file itself or the list beside it says so.

A person's name is no organisation. What counts: the list beside the file, a mail address, "Name (Company)" and
"Company | Name". Everything else is nobody known.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evenwicht.ledger.identifiers import is_person, of_address, of_name, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evenwicht.importers.speech.sidecar import Sidecar

_ADDRESS = re.compile(r"[^\s<>()\[\]|,;:\"']{1,64}@[^\s<>()\[\]|,;:\"']{3,255}")
_WHOLE_ADDRESS = re.compile(rf"(?:[^@]{{0,80}}[<(\[])?{_ADDRESS.pattern}[>)\]]?$")
_BRACKETS = re.compile(r"^([^()\[\]|]{1,80}?)[ ]*[(\[]([^()\[\]]{2,80})[)\]]$")
_ASIDE = re.compile(r"[ ]*[(\[][^()\[\]]{0,80}[)\]]$")
_NO_COMPANY = frozenset("""
    guest gast external extern externe unverified verified host co-host cohost me you ik organizer organiser organisator
    presenter moderator interpreter tolk admin attendee participant deelnemer panelist speaker spreker iphone ipad mobile
    mobiel phone telefoon desktop laptop home thuis office kantoor remote presenting away muted recording opname invité
    invite extérieur externo invitado ai bot notetaker notulist unknown onbekend chair voorzitter
""".split())
_PRONOUNS = re.compile(r"[a-z]+(?:\s?/\s?[a-z]+)+$", re.IGNORECASE)
_FORMS = re.compile(r"-(?:bv|nv|vof|cv|gmbh|ag|kg|sa|sarl|sas|srl|spa|ltd|plc|llc|inc|corp|ab|oy|aps|as)$")


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom a speaker speaks. `organisation` None = not known; `out` = to be left out, by the list beside the file."""

    organisation: str | None = None
    name: str = ""
    address: str = ""
    out: bool = False


@dataclass(slots=True)
class Speakers:
    """Who is who in one file. Made of the list beside it and of all names in it."""

    sidecar: Sidecar
    _on_the_left: bool = field(default=True, init=False)
    _known: dict[str, Whom] = field(default_factory=dict, init=False)

    def learn(self, names: Iterable[str]) -> None:
        """Look at all names of the file: on which side of "A | B" the company stands."""
        halves = [half for half in (_halves(name) for name in names) if half is not None]
        left, right = Counter(one for one, _two in halves), Counter(two for _one, two in halves)
        weight = sum(_looks_like_company(one) - _looks_like_company(two) for one, two in halves)
        weight += sum(left[one] > 1 for one, _two in halves) - sum(right[two] > 1 for _one, two in halves)
        self._on_the_left = weight >= 0
        self._known.clear()

    def whom(self, name: str) -> Whom:
        """For whom the speaker of this name speaks."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._looked_up(name)
        return found

    def knows(self, name: str) -> bool:
        """Whether a text that stands before a colon is certainly a speaker, though it stands there only once."""
        key = " ".join(name.split()).casefold()
        if key in self.sidecar.organisations or _WHOLE_ADDRESS.match(name) is not None:
            return True
        bracketed = _BRACKETS.match(name)
        return bracketed is not None and _capital(bracketed[1]) and _capital(bracketed[2]) and _company(bracketed[2]) is not None

    def _looked_up(self, name: str) -> Whom:
        organisations, addresses = self.sidecar.organisations, self.sidecar.addresses
        for key in (name.casefold(), _ASIDE.sub("", name).casefold()):
            if key in organisations:
                party = organisations[key]
                return Whom(party, address=addresses.get(key, ""), out=party is None)
        address = _ADDRESS.search(name)
        if address is not None:
            return Whom(of_address(address[0]), address=address[0].lower())
        halves = _halves(name)
        if halves is not None:
            return _of_company(halves[0] if self._on_the_left else halves[1])
        bracketed = _BRACKETS.match(name)
        return _of_company(bracketed[2]) if bracketed is not None else Whom()


def _halves(name: str) -> tuple[str, str] | None:
    """Both sides of "A | B", without what stands in brackets behind; None for another form."""
    parts = [part.strip() for part in _ASIDE.sub("", name).split("|")]
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None  # noqa: PLR2004  two sides


def _of_company(text: str) -> Whom:
    party = _company(text)
    return Whom(party, text if party is not None and party.startswith("name:") else "")


def _company(text: str) -> str | None:
    """The organisation that a text names; None for roles, pronouns, devices and numbers."""
    text = text.strip()
    if text.casefold() in _NO_COMPANY or _PRONOUNS.match(text) is not None or not any(letter.isalpha() for letter in text):
        return None
    domain = registrable_domain(text) if "." in text and " " not in text else None
    if domain is not None and not is_person(domain):
        return domain
    return of_name(text)


def _looks_like_company(text: str) -> bool:
    party = _company(text)
    return party is not None and (not party.startswith("name:") or _FORMS.search(party) is not None)


def _capital(text: str) -> bool:
    words = text.split()
    return all(not word[:1].islower() or "." in word for word in (words[0], words[-1]))
