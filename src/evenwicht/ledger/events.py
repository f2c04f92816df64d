"""The event: one side gives, the other receives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

AUTOMATIC = "automatic"

KINDS = (
    "message", "question", "talk", "meeting", "attendance", "order", "order_response", "delivery", "invoice",
    "credit_note", "payment", "reversal", "favour", "promise", "promise_kept", "promise_released",
    "promise_renegotiated", "invoice_response", "difference", "mistake", "acknowledgement", "repair", "settlement", "disturbance",
    "pulse", AUTOMATIC,
)
"""The kinds this release understands. The vocabulary is open: another kind is kept and read by nothing."""


@dataclass(frozen=True, slots=True, init=False)
class Event:
    """One directed fact. The giver speaks, delivers, pays, promises, answers.

    id              natural key: message-id, `kind:supplier:number:year`, EndToEndId … (not unique alone: the identity
                    of a row is id, kind, giver, receiver)
    at              when it happened, aware, UTC
    giver, receiver an identifier of a party (`ledger.identifiers`), later its key
    amount, unit    words, seconds, minutes, ISO 4217 currency, hours, count; None = not known, which is not zero
    person, counter_person   keyed pseudonyms (`ledger.persons`); several stand beside each other with a space
    thread          conversation, order or case
    answers         id of the event that this one answers, pays, delivers, keeps or repairs
    due             when the counter-move is due by agreement
    shared          both sides know the fact by its nature
    evidence        source and place, `mail.mbox#1042`
    references      what `ledger.resolve` may join it on: invoice numbers, payment references, `subject:<hash>`
    version         SEQUENCE or revision: of two rows with one identity the higher stays
    """

    id: str
    at: datetime
    giver: str
    receiver: str
    kind: str
    amount: float | None = None
    unit: str = ""
    person: str | None = None
    counter_person: str | None = None
    thread: str | None = None
    answers: str | None = None
    due: datetime | None = None
    shared: bool = True
    evidence: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    version: int = 0

    def __init__(  # half the time of the one that a frozen dataclass makes; a mailbox has a hundred thousand events
        self, id: str, at: datetime, giver: str, receiver: str, kind: str, amount: float | None = None, unit: str = "",  # noqa: A002
        person: str | None = None, counter_person: str | None = None, thread: str | None = None, answers: str | None = None,
        due: datetime | None = None, shared: bool = True, evidence: tuple[str, ...] = (), references: tuple[str, ...] = (),
        version: int = 0,
    ) -> None:
        _id(self, id)
        _at(self, at)
        _giver(self, giver)
        _receiver(self, receiver)
        _kind(self, kind)
        _amount(self, amount)
        _unit(self, unit)
        _person(self, person)
        _counter_person(self, counter_person)
        _thread(self, thread)
        _answers(self, answers)
        _due(self, due)
        _shared(self, shared)
        _evidence(self, evidence)
        _references(self, references)
        _version(self, version)


def _setters() -> list[Any]:
    """What fills the slots of an event that nothing can write to afterwards, in the order of its fields."""
    return [getattr(Event, name).__set__ for name in Event.__slots__]


(_id, _at, _giver, _receiver, _kind, _amount, _unit, _person, _counter_person, _thread, _answers, _due, _shared, _evidence, _references,
 _version) = _setters()
