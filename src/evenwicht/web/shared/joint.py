"""From the ledgers of both sides to the one result of their table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from evenwicht.ledger.events import Event
from evenwicht.ledger.together import Amendment, brought, joint, parties_of
from evenwicht.web import bridge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from evenwicht.ledger.table import Ledger
    from evenwicht.ledger.together import Brought


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its ledger file, its name, the identifiers it says are its own, the secret its people are numbered with."""

    path: Path
    name: str
    us: Sequence[str]
    secret: bytes


@dataclass(frozen=True, slots=True)
class Joined:
    """A result, ready to be stored: `host_key` is the key of the side that laid the table."""

    host_key: str
    until: date
    result: str
    history: bytes
    events: bytes
    contacts: str
    loops: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """What both sides agreed, as plain values: kind and what was told (`rows.Proposal`)."""

    kind: str
    told: Mapping[str, Any]


def joined(host: Side, guest: Side | None, *, other: str, table: str, agreed: Sequence[Agreed], today: date) -> Joined | None:
    """What is found in the facts both lay on the table; None where there are none yet.

    other   what the host's ledger calls the other side
    """
    sides = [] if not host.path.is_file() else _laid(bridge.ledger_at(host.path), host, {other}, table)
    if guest is not None and guest.path.is_file():
        theirs = _laid(bridge.ledger_at(guest.path), guest, {*host.us, *(sides[0].own if sides else ())}, table)
        sides = [*sides, *theirs] if sides else [_turned(side) for side in theirs]
    sides = [side for side in sides if side.rows.height]
    if not sides:
        return None
    first, second = parties_of(sides)
    names = [(first[0], host.name), *([(second[0], guest.name)] if guest is not None else [])]
    amendments = [Amendment(tuple(one.told["identity"]), _moment(one.told["at"])) for one in agreed if one.kind == "correction"]
    norms = [_norm(number, one.told, first[0], second[0]) for number, one in enumerate(agreed) if one.kind == "norm"]
    ledger = joint(sides, table=table, names=names, amendments=amendments, agreed=norms,
                   apart=[one.told["thread"] for one in agreed if one.kind == "thread"])
    found = bridge.judged(ledger, today=today)
    if found is None:
        return None
    host_key = next(key for key, party in ledger.parties.items() if first[0] in party.identifiers)
    for pair in bridge.pairs(found, host_key):
        relation = dict(zip(bridge.RELATION_COLUMNS, pair.relation, strict=True))
        detail = dict(zip(bridge.DETAIL_COLUMNS, pair.detail, strict=True))
        return Joined(host_key, found.until, relation["result"], detail["history"], detail["events"], detail["contacts"],
                      detail["loops"])
    return None


def _laid(ledger: Ledger, side: Side, other: set[str], table: str) -> list[Brought]:
    """What a side lays on the table; nothing where its ledger does not know the other."""
    known = sorted(key for key, party in ledger.parties.items() if key != ledger.us and other & {key, *party.identifiers})
    return [brought(ledger, key, mark=side.name, secret=side.secret, table=table) for key in known[:1]]


def _turned(side: Brought) -> Brought:
    """The same, so that the host comes first."""
    return replace(side, own=side.other, other=side.own)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _norm(number: int, told: Mapping[str, Any], host: str, guest: str) -> Event:
    return Event(f"norm:{told['axis']}:{number:06}", _moment(told["since"]) or datetime(1970, 1, 5, tzinfo=UTC), host, guest, "norm",
                 float(told["share"]), "share", thread=told["axis"])
