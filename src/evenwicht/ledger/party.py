"""What a party is, and what people can decide about parties. Values; who is joined with whom is `ledger.parties`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Operation = Literal["us", "merge", "split", "rename", "business", "group", "ungroup", "apart"]


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation, or a person who writes from a free-mail address.

    key             its best identifier
    name            for people to read
    kind            `organisation`, or `person`: listed apart, in no relation until marked as a business
    identifiers     everything it is known by, the key included, best first
    aliases         the identifiers that rows may carry instead of the key, and other names it was seen under
    legal_name      what it is called by law, where that is not its name and a document says so; else empty
    trading_names   names it trades under (“h/o”, “trading as”), as written
    """

    key: str
    name: str
    kind: Literal["organisation", "person"] = "organisation"
    identifiers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    legal_name: str = ""
    trading_names: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        stored: dict[str, Any] = {
            "name": self.name, "kind": self.kind, "identifiers": list(self.identifiers), "aliases": list(self.aliases)}
        if self.legal_name:
            stored["legal_name"] = self.legal_name
        if self.trading_names:
            stored["trading_names"] = list(self.trading_names)
        return stored

    @classmethod
    def from_dict(cls, key: str, stored: dict[str, Any]) -> Party:
        return cls(key, stored.get("name", key), stored.get("kind", "organisation"),
                   tuple(stored.get("identifiers", ())), tuple(stored.get("aliases", ())),
                   stored.get("legal_name", ""), tuple(stored.get("trading_names", ())))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about parties. Kept in the ledger, so that it survives another import; the last can be undone.

    us          `names` are all ours; the first is our key
    merge       `names` are one party
    split       the identifier `names[0]` is taken out of the party it was joined to
    rename      the party of `names[0]` is called `text`
    business    the free-mail address `names[0]` is a business
    group       `names[0]` is the parent of the others, which stay parties of their own (`ledger.groups`)
    ungroup     `names` have no parent any more
    apart       `names` are two: an earlier merge of them is off, and they are not suggested again
    """

    operation: Operation
    names: tuple[str, ...]
    text: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"operation": self.operation, "names": list(self.names), "text": self.text}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Decision:
        return cls(stored["operation"], tuple(stored["names"]), stored.get("text", ""))
