"""What a source could have shown. Outside it a fact is unknown, never zero."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Sees = Literal["both", "given", "received"]

DOCUMENTS = frozenset({"invoice", "credit_note", "order", "order_response", "delivery"})
"""Kinds of which each file holds one: the files of one folder are one source, from the first to the last."""


@dataclass(frozen=True, slots=True, order=True)
class Coverage:
    """One statement: this source would have shown these kinds of events of this party, in this time.

    party       an identifier of the party whose view it is; None = of everyone in the source
    person      keyed pseudonym of the person whose mailbox it is; None = the whole party
    kinds       kinds of events it would have shown
    start, end  first and last moment covered, aware, UTC, both included
    sees        `given`: what the party gave · `received`: what it received · `both`
    identifier  the party as the source named it, where `party` is the key it was resolved to
    """

    source: str
    party: str | None
    person: str | None
    kinds: tuple[str, ...]
    start: datetime
    end: datetime
    sees: Sees = "both"
    identifier: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of `evenwicht.coverage`."""
        stored: dict[str, Any] = {
            "source": self.source, "party": self.party, "person": self.person, "kinds": list(self.kinds),
            "from": self.start.isoformat(), "to": self.end.isoformat(), "sees": self.sees,
        }
        return stored if self.identifier is None else stored | {"identifier": self.identifier}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Coverage:
        return cls(
            source=stored["source"], party=stored["party"], person=stored.get("person"),
            kinds=tuple(stored["kinds"]), start=datetime.fromisoformat(stored["from"]),
            end=datetime.fromisoformat(stored["to"]), sees=stored.get("sees", "both"), identifier=stored.get("identifier"),
        )

    def of(self, keys: Mapping[str, str]) -> Coverage:
        """The same statement about the party whose key an identifier has by now."""
        raw = self.identifier or self.party
        if raw is None:
            return self
        key = keys.get(raw, raw)
        return replace(self, party=key, identifier=None if key == raw else raw)


def as_told(entries: Iterable[Coverage]) -> set[Coverage]:
    """Statements as the sources made them: no party resolved, single documents of one folder put together."""
    told: set[Coverage] = set()
    folders: dict[tuple[object, ...], list[Coverage]] = {}
    for entry in entries:
        raw = replace(entry, party=entry.identifier or entry.party, identifier=None)
        if set(raw.kinds) <= DOCUMENTS:
            folders.setdefault((raw.source, raw.party, raw.person, raw.kinds, raw.sees), []).append(raw)
        else:
            told.add(raw)
    for found in folders.values():
        told.add(replace(found[0], start=min(entry.start for entry in found), end=max(entry.end for entry in found)))
    return told
