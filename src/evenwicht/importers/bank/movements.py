"""One booked line of a bank account, and how the lines of a file become events: the same from every format.

A payment is known by the reference that its payer gave it (EndToEndId); without one, or where a payer gives one
reference to several payments, by its account, day, amount, currency, and its number among equal lines of that day.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from evenwicht.importers.xml.parties import US, Named, named
from evenwicht.importers.xml.values import digest, number, plain, token
from evenwicht.ledger.events import Event
from evenwicht.ledger.identifiers import of_iban

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from evenwicht.importers.source import Reading
    from evenwicht.ledger.mentions import Mention

UNKNOWN_LINE = "without counterparty"
"""How lines without another side are counted: charges, interest, cash."""

_NOT_PROVIDED = frozenset({"", "NOTPROVIDED", "NOTAVAILABLE", "NONREF"})


@dataclass(frozen=True, slots=True)
class Account:
    """Whose books these are: the account's number for hashes, our side in events, and the currency that goes without saying."""

    number: str
    party: Named | None
    unit: str = ""

    @property
    def us(self) -> str:
        return self.party.best if self.party is not None else US


class Movement(NamedTuple):
    """One transaction as the statement shows it.

    place        where it stands in the file
    at           the booking day, midnight UTC
    amount       above zero
    incoming     whether it raised the balance
    turned_back  whether it takes back an earlier payment
    end_to_end   the payer's reference as written, "" for none
    twin         its number among details of one entry that carry the same reference
    """

    place: str
    account: Account
    at: datetime
    amount: Decimal
    unit: str
    incoming: bool
    turned_back: bool
    other: Named
    end_to_end: str
    references: tuple[str, ...]
    twin: int = 1

    @property
    def kind(self) -> str:
        return "reversal" if self.turned_back else "payment"

    @property
    def giver(self) -> str:
        """Who paid: the other side of what comes in, and of a payment of ours that is turned back, we ourselves."""
        return self.other.best if self.incoming is not self.turned_back else self.account.us

    @property
    def receiver(self) -> str:
        return self.account.us if self.incoming is not self.turned_back else self.other.best


@lru_cache(maxsize=65_536)
def called(account: str, name: str) -> Named | None:
    """Who has an account and a name: the same few come back on every statement. None when neither identifies anybody."""
    return named([of_iban(account)], name)


def provided(reference: str) -> str:
    """A payer's reference as written; "" for the words that stand for none, such as NOTPROVIDED."""
    if not reference:
        return ""
    return "" if token(reference).replace("-", "") in _NOT_PROVIDED else reference


def write(label: str, reading: Reading, own: Iterable[Mention], movements: list[Movement]) -> None:
    """Turn all movements of a file into events, now that it is known which references are used once only."""
    often = _used_for_several(movements)
    equal: Counter[tuple[str, datetime, Decimal, str]] = Counter()
    mentioned = dict.fromkeys(own)
    reading.mentions += mentioned
    others: set[int] = set()
    for moved in movements:
        number_of, at, value, unit = moved.account.number, moved.at, moved.amount, moved.unit
        line = (number_of, at, value, unit)
        equal[line] += 1
        us, them, kind = moved.account.us, moved.other.best, moved.kind
        giver, receiver = (them, us) if moved.incoming is not moved.turned_back else (us, them)
        known = moved.end_to_end and (moved.end_to_end, kind, giver, receiver) not in often
        if known:
            identity = moved.end_to_end if moved.twin == 1 else f"{moved.end_to_end}#{moved.twin}"
        else:
            identity = f"pay:{digest(number_of, at.isoformat()[:10], plain(value), unit, equal[line])}"
        reading.events.append(Event(
            id=identity, at=at, giver=giver, receiver=receiver, kind=kind, amount=number(value), unit=unit,
            answers=identity if known and moved.turned_back else None, evidence=(f"{label}#{moved.place}",),
            references=(f"account:{number_of}", *moved.references) if number_of else moved.references,
        ))
        reading.counted[kind] += 1
        if id(moved.other) not in others:  # the same few objects come back; equal ones are told apart below
            others.add(id(moved.other))
            mention = moved.other.mention()
            if mention not in mentioned:
                mentioned[mention] = None
                reading.mentions.append(mention)
    if often:
        reading.problem(
            "", "Payment references that stand on more than one payment of the same parties: {references}, such as {example}.",
            "Those payments were told apart by day and amount. Nothing needs to be done.", "note",
            references=len(often), example=min(often)[0],
        )


def _used_for_several(movements: list[Movement]) -> frozenset[tuple[str, str, str, str]]:
    """References that one payer uses for payments on different days or of different amounts: a label, no identity."""
    times = Counter(moved.end_to_end for moved in movements if moved.twin == 1)
    facts: dict[tuple[str, str, str, str], set[tuple[datetime, Decimal, str]]] = {}
    for moved in movements:
        if moved.end_to_end and moved.twin == 1 and times[moved.end_to_end] > 1:
            key = (moved.end_to_end, moved.kind, moved.giver, moved.receiver)
            facts.setdefault(key, set()).add((moved.at, moved.amount, moved.unit))
    return frozenset(key for key, seen in facts.items() if len(seen) > 1)
