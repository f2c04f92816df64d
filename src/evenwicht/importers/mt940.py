"""MT940 and MT942 (SWIFT): what was booked on a bank account, in the dialects of Dutch and German banks.

The direction is that of the account: C, the other party pays us; D, we pay. RC and RD, and what the bank calls a return,
turn back an earlier payment: its giver is who paid at first. What is only expected (EC, ED) has not happened. The other
side is who the bank names, never who may be meant by free text.

Source: SWIFT Standards, Category 9; the format descriptions of the banks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evenwicht.importers.bank.entries import Entry, account_of, balance_of, entry_of
from evenwicht.importers.bank.fields import END, decoded, fields, healed, looks_swift
from evenwicht.importers.bank.movements import UNKNOWN_LINE, Account, Movement, called, provided, write
from evenwicht.importers.bank.narrative import Told, iban_of, owner_of, told
from evenwicht.importers.source import Reading
from evenwicht.importers.xml.parties import unwanted
from evenwicht.importers.xml.values import believable, currency, token, tokens
from evenwicht.ledger.coverage import Coverage

if TYPE_CHECKING:
    from datetime import datetime

    from evenwicht.importers.bank.entries import Day
    from evenwicht.importers.bank.fields import Field
    from evenwicht.importers.source import Head, Source
    from evenwicht.importers.xml.parties import Named
    from evenwicht.ledger.mentions import Mention

NAME = "mt940"

LARGEST = 256 * 2**20
"""Bytes of a file; ten years of a busy account have some fifty million."""

_OPENING = frozenset({"60F", "60M"})
_CLOSING = frozenset({"62F", "62M"})


def identify(head: Head) -> bool:
    """Tags of a statement from the first lines on."""
    return looks_swift(head.start)


def read(source: Source) -> Reading:
    """One payment or reversal per booked line with another side; coverage per statement."""
    reading = Reading(label=source.label)
    size = source.path.stat().st_size
    if size > LARGEST:
        reading.problem(
            "", "This file has {size} MB; bank statements are read up to {largest} MB.",
            "Export a shorter period, or split the file.", size=size // 2**20, largest=LARGEST // 2**20,
        )
        return reading
    text = healed(decoded(source.path.read_bytes()))
    book = _Book(source, reading)
    share = size / max(len(text), 1)
    advanced = 0
    for one in fields(text):
        if book.take(one):
            source.advance(int(one.end * share) - advanced)
            advanced = int(one.end * share)
    book.close()
    source.advance(size - advanced)
    write(source.label, reading, book.own, book.movements)
    book.report()
    return reading


@dataclass(slots=True)
class _Booking:
    """A :61: with what belongs to it."""

    line: int
    text: str
    narratives: list[str] = field(default_factory=list)
    notes: str = ""


@dataclass(slots=True)
class _Statement:
    """The fields of one statement, as they come."""

    line: int
    account: str = ""
    unit: str = ""
    owner: str = ""
    bookings: list[_Booking] = field(default_factory=list)
    balances: list[tuple[int, Day | None]] = field(default_factory=list)
    open: bool = True


class _Book:
    """Collects the movements of all statements of a file; ids are given when all are known."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self.source = source
        self.reading = reading
        self.statements = 0
        self.own: dict[Mention, None] = {}
        self.movements: list[Movement] = []
        self._statement: _Statement | None = None
        self._booking: _Booking | None = None
        self._strangers: set[str] = set()
        self._owners: dict[str, str] = {}
        self._without_booking_day: Counter[int] = Counter()
        self._known: dict[Account, dict[tuple[str, str], Named | str]] = {}
        self._sides: dict[tuple[str, str], Named | str] = {}

    # ── fields ──

    def take(self, one: Field) -> bool:
        """Put a field where it belongs; whether it began another statement, or ended one."""
        tag, text, line, _end = one
        if tag == "86":  # these two are nearly all fields, and never begin a statement
            if self._booking is not None:
                self._booking.narratives.append(text)
            elif self._statement is None:
                self._statement = _Statement(line)
            return False
        if tag == "61":
            if self._statement is None:
                self._statement = _Statement(line)
            self._booking = _Booking(line, text)
            self._statement.bookings.append(self._booking)
            return False
        begins = self._begins(one)
        if begins:
            self.close()
        if tag == END:
            return True
        if self._statement is None:
            self._statement = _Statement(line)
        here = self._statement
        if tag == "NS":
            if self._booking is not None:
                self._booking.notes += text
            else:
                here.owner = here.owner or owner_of(text)
        elif tag in {"25", "25P"}:
            here.account, unit = account_of(text)
            here.unit = here.unit or unit
        elif tag == "34F":
            here.unit = here.unit or currency(text.strip()[:3])
        elif tag in _OPENING or tag in _CLOSING:
            self._balance(one, here)
        return begins

    def _begins(self, one: Field) -> bool:
        """Whether a field belongs to the next statement; not every bank writes a :20: for each."""
        here = self._statement
        return here is not None and (
            one.tag in {END, "20"} or (one.tag in {"25", "25P"} and here.account != "") or (one.tag in _OPENING and not here.open)
        )

    def _balance(self, one: Field, here: _Statement) -> None:
        on, unit = balance_of(one.text)
        here.unit = unit or here.unit
        here.balances.append((one.line, on))
        if one.tag in _CLOSING:
            here.open = False
            self._booking = None

    # ── one statement ──

    def close(self) -> None:
        """The end of a statement: its bookings become movements, and what it covers is noted."""
        here, self._statement, self._booking = self._statement, None, None
        if here is None or not (here.bookings or here.balances):
            return
        self.statements += 1
        account = self._whose(here)
        self._sides = self._known.setdefault(account, {})
        days = [at for booking in here.bookings if (at := self._booked(booking, account)) is not None]
        if not days:
            days = self._balanced(here)
        if days:
            self.reading.coverage.append(Coverage(
                self.source.label, account.us, None, ("payment", "reversal"), min(days), max(days), "both",
            ))

    def _whose(self, here: _Statement) -> Account:
        iban = iban_of(here.account)
        owner = here.owner or self._owners.get(here.account, "")
        if here.account:
            self._owners[here.account] = owner
        party = called(here.account, owner)
        if party is not None:
            self.own.setdefault(party.mention(own=True))
        elif here.bookings and here.account not in self._strangers:
            self._strangers.add(here.account)
            if here.account:
                self.reading.problem(
                    str(here.line), "The statement gives neither an IBAN nor an owner of the account ({account}).",
                    "Its bookings were kept as ours. Say who you are with --us.", "warning", account=here.account,
                )
            else:
                self.reading.problem(
                    str(here.line), "The statement does not say of which account it is.",
                    "Its bookings were kept as ours. Say who you are with --us.", "warning",
                )
        return Account(iban.removeprefix("iban:") if iban else here.account, party, currency(here.unit))

    def _balanced(self, here: _Statement) -> list[datetime]:
        """The days of the balances, of a statement without bookings."""
        days = []
        for line, on in here.balances:
            if on is None or not believable(on.at, self.source.now):
                continue
            if on.repaired:
                self._repaired(line, on)
            days.append(on.at)
        return days

    # ── one booking ──

    def _booked(self, booking: _Booking, account: Account) -> datetime | None:
        """Read one booking; its day, where it has happened and has one."""
        self.reading.counted["entry"] += 1
        entry = entry_of(booking.text)
        if entry is None:
            self.reading.problem(
                str(booking.line), "A booking (:61:) could not be read: {written}.",
                "It was left out. Download the statement again, or ask the bank.",
                written=" ".join(booking.text.split())[:60] or "–",
            )
            return None
        if entry.mark[0] == "E":
            self.reading.counted["pending"] += 1
            return None
        at = self._day(entry, booking.line)
        if at is not None:
            self._moved(booking, entry, account, at)
        return at

    def _day(self, entry: Entry, line: int) -> datetime | None:
        on = entry.booked or entry.value
        assert on is not None, "an entry has one of the two"
        if not believable(on.at, self.source.now):
            self.reading.problem(
                str(line), "A booking is dated {day}, which cannot be.", "It was left out. Compare with the bank's own pages.",
                day=f"{on.at:%Y-%m-%d}",
            )
            return None
        if entry.booked is None:
            self._without_booking_day[line] += 1
        if on.repaired:
            self._repaired(line, on)
        return on.at

    def _repaired(self, line: int, on: Day) -> None:
        self.reading.problem(
            str(line), "A day after the end of its month stands here; {day}, the last of that month, was taken.",
            "Nothing needs to be done.", "note", day=f"{on.at:%Y-%m-%d}",
        )

    def _moved(self, booking: _Booking, entry: Entry, account: Account, at: datetime) -> None:
        if entry.amount == 0:
            self.reading.counted["without amount"] += 1
            return
        said = told(entry, booking.narratives, booking.notes)
        key = (said.account, said.name)
        other = self._sides.get(key)
        if other is None:
            other = self._sides[key] = self._other(said, account)
        if isinstance(other, str):
            self.reading.counted[other] += 1
            return
        mark, end_to_end = entry.mark, provided(said.end_to_end)
        self.movements.append(Movement(
            str(booking.line), account, at, entry.amount, account.unit, mark in {"C", "RD"},
            mark[0] == "R" or said.returned, other, end_to_end, _references(end_to_end, said),
        ))

    def _other(self, said: Told, account: Account) -> Named | str:
        """Who stands on the other side of a booking, or as what a booking without one that counts is counted."""
        other, ours = called(said.account, said.name), account.party
        iban = iban_of(said.account) if said.account else None
        if other is None or (account.number and iban == f"iban:{account.number}") or (
            ours is not None and not set(other.identifiers).isdisjoint(ours.identifiers)
        ):
            return UNKNOWN_LINE
        return "excluded" if unwanted(other, self.source.exclude.parties) else other

    def report(self) -> None:
        """What is said once for the whole file."""
        if self._without_booking_day:
            self.reading.problem(
                str(min(self._without_booking_day)), "Bookings without a booking day: {bookings}; their value day was taken.",
                "Nothing needs to be done.", "note", bookings=len(self._without_booking_day),
            )
        if not self.statements and not self.reading.problems:
            self.reading.problem(
                "", "The file holds no statement of any account.", "Download the statement again, for a period with bookings.",
            )


def _references(end_to_end: str, said: Told) -> tuple[str, ...]:
    """What can name an invoice: the payer's reference, structured references, and numbers in the free text."""
    found = [token(one) for one in (end_to_end, *said.references) if one]
    return tuple(dict.fromkeys([one for one in (*found, *tokens(said.free)) if one]))
