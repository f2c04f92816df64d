"""CAMT.052, .053 and .054 (ISO 20022): what was booked on a bank account.

Any version from 001.01 on, by local name (from version 8 a party sits under `Pty`). Only what is booked counts; what
is pending is left out and counted. An entry with several details is one payment per detail.

The direction is that of the account: CRDT, the other party pays us; DBIT, we pay. A reversal (RvslInd, or a return with
RtrInf) turns back an earlier payment: its giver is who paid at first, so who gets the money back.

Source: ISO 20022 message definition reports, Bank-to-Customer Cash Management.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from evenwicht.importers.bank.camt_writing import write_statements as write_statements  # noqa: PLC0414  the door to what writes it
from evenwicht.importers.bank.movements import UNKNOWN_LINE, Account, Movement, called, provided, write
from evenwicht.importers.source import Reading
from evenwicht.importers.xml.access import attribute, each, first, local, text
from evenwicht.importers.xml.nodes import Node
from evenwicht.importers.xml.parse import records
from evenwicht.importers.xml.parties import Named, named, unwanted
from evenwicht.importers.xml.roots import root_of
from evenwicht.importers.xml.values import amount, believable, currency, day, token, tokens
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.identifiers import of_iban
from evenwicht.ledger.mentions import Mention

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from lxml.etree import _Element

    from evenwicht.importers.source import Head, Source

NAME = "camt"

_SIGNS = re.compile(r"camt\.05[234]\.|BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)\b")
_STATEMENTS = ("Stmt", "Rpt", "Ntfctn")
_PARTIAL = "Ntfctn"
"""A notification (camt.054) shows some bookings of an account, never all: it covers nothing."""

_BOOKED = frozenset({"", "BOOK"})


def identify(head: Head) -> bool:
    """XML that names one of the three messages, in its namespace or by its element."""
    root = root_of(head.start)
    return root is not None and _SIGNS.search(root.head) is not None


def read(source: Source) -> Reading:
    """One payment or reversal per booked transaction; coverage per statement."""
    reading = Reading(label=source.label)
    book = _Book(source, reading)
    for name, element in records(source, reading, "Ntry", *_STATEMENTS):
        if name == "Ntry":
            book.entry(Node(element))
        else:
            book.close(element)
    book.close(None)
    write(source.label, reading, book.own, book.movements)
    if not book.statements and not reading.problems:
        reading.problem(
            "", "The file holds no statement of any account.", "Download the statement again, for a period with bookings.",
        )
    return reading


class _Book:
    """Collects the movements of all statements of a file; ids are given when all are known."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self.source = source
        self.reading = reading
        self.statements = 0
        self.movements: list[Movement] = []
        self.own: dict[Mention, None] = {}
        self._account: Account | None = None
        self._entries = 0
        self._days: list[datetime] = []

    # ── one statement ──

    def _open(self, statement: _Element | None) -> Account:
        """The account of the statement at hand, read at its first entry."""
        if self._account is None:
            self.statements += 1
            self._account = self._whose(statement)
        return self._account

    def _whose(self, statement: _Element | None) -> Account:
        holder = None if statement is None else first(statement, "Acct")
        if holder is None:
            self.reading.problem(
                f"Stmt[{self.statements}]", "The statement does not say of which account it is.",
                "Its bookings were kept as ours. Say who you are with --us.", "warning",
            )
            return Account("", None)
        iban = of_iban(text(holder, "Id", "IBAN")) or of_iban(text(holder, "Id", "Othr", "Id"))
        written = text(holder, "Id", "Othr", "Id")
        owner = _name(Node(holder).first("Ownr"))
        party = named([iban], owner)
        if party is not None:
            shown = party if party.name else replace(party, name=text(holder, "Nm"))
            self.own.setdefault(shown.mention(own=True))
        else:
            self.reading.problem(
                f"Stmt[{self.statements}]", "The statement gives neither an IBAN nor an owner of the account ({account}).",
                "Its bookings were kept as ours. Say who you are with --us.", "warning", account=written or "–",
            )
        return Account(iban.removeprefix("iban:") if iban else written, party, currency(text(holder, "Ccy")))

    def close(self, statement: _Element | None) -> None:
        """The end of a statement: what it covers. None where the file broke off inside one."""
        if statement is None and self._account is None:
            return
        account = self._open(statement)
        if statement is not None and local(statement) != _PARTIAL:
            self._cover(statement, account)
        self._account, self._entries, self._days = None, 0, []

    def _cover(self, statement: _Element, account: Account) -> None:
        """From the first to the last day: as the statement says, unless bookings lie outside; else by its balances."""
        said = [day(text(statement, "FrToDt", name)) for name in ("FrDtTm", "ToDtTm")]
        said = [one or day(text(statement, "FrToDt", name)) for one, name in zip(said, ("FrDt", "ToDt"), strict=True)]
        start, end = said
        if start is None or end is None or end < start or any(not start <= one <= end for one in self._days):
            balances = (day(text(one, "Dt", "Dt") or text(one, "Dt", "DtTm")) for one in each(statement, "Bal"))
            days = self._days or [one for one in balances if one is not None and believable(one, self.source.now)]
            if not days:
                return
            start, end = min(days), max(days)
        self.reading.coverage.append(Coverage(
            self.source.label, account.us, None, ("payment", "reversal"), start, end, "both",
        ))

    # ── one entry ──

    def entry(self, entry: Node) -> None:
        """Read one booked line, with its details."""
        account = self._open(entry.element.getparent())
        self._entries += 1
        self.reading.counted["entry"] += 1
        place = f"Stmt[{self.statements}]/Ntry[{self._entries}]"
        status = (entry.text("Sts", "Cd") or entry.text("Sts")).upper()
        if status not in _BOOKED:
            self.reading.counted["pending" if status == "PDNG" else f"status {status}"] += 1
            return
        at = self._booked(entry, place)
        incoming = self._direction(entry.text("CdtDbtInd"), place)
        if at is None or incoming is None:
            return
        self._days.append(at)
        details = entry.each("NtryDtls", "TxDtls") or entry.each("TxDtls")
        if len(details) > 1 and any(_own_amount(one) is not None for one in details):
            self._several(entry, details, account, at, place, incoming=incoming)
            return
        value, unit = self._amount(entry.first("Amt"), account, place)
        if value is None:
            return
        detail = details[0] if details else None
        if len(details) > 1 and len({_other(one, account, incoming=incoming) for one in details}) > 1:
            self._unshared(place, len(details))
            return
        if detail is None and entry.first("NtryDtls", "Btch") is not None:
            self._batch(entry, place)
        self._movement(entry, detail, account, at, place, value, unit, incoming=incoming)

    def _several(
        self, entry: Node, details: list[Node], account: Account, at: datetime, place: str, *, incoming: bool,
    ) -> None:
        """One payment per detail. The details must carry amounts of their own: a total cannot be shared out."""
        seen: Counter[tuple[str, str, str, str]] = Counter()
        total: dict[str, Decimal] = {}
        for index, detail in enumerate(details, 1):
            here = f"{place}/TxDtls[{index}]"
            value, unit = self._amount(_own_amount(detail), account, here)
            if value is None:
                continue
            way = self._way(detail, account, incoming=incoming)
            total[unit] = total.get(unit, value - value) + (value if way is incoming else -value)
            moved = self._made(entry, detail, account, at, here, value, unit, incoming=way)
            if moved is None:
                continue
            key = (moved.end_to_end, moved.kind, moved.giver, moved.receiver)
            seen[key] += 1
            self.movements.append(moved._replace(twin=seen[key]))
        carrier = entry.first("Amt")
        booked = amount(entry.text("Amt"))
        unit = account.unit if carrier is None else currency(attribute(carrier.element, "Ccy")) or account.unit
        if booked is not None and set(total) == {unit} and total[unit] != booked:
            self.reading.problem(
                place, "The details of this booking add up to {total} {unit}, but {booked} {unit} was booked.",
                "The details were kept. The rest is a charge of the bank, or details are missing.", "note",
                total=total[unit], booked=booked, unit=unit,
            )

    def _way(self, detail: Node, account: Account, *, incoming: bool) -> bool:
        """The direction of one detail. Where it contradicts its entry, the side on which our own account stands decides."""
        said = detail.text("CdtDbtInd")
        if said not in {"CRDT", "DBIT"} or (said == "CRDT") is incoming:
            return incoming
        ours = f"iban:{account.number}"
        if of_iban(detail.text("RltdPties", "DbtrAcct", "Id", "IBAN")) == ours:
            return False
        if of_iban(detail.text("RltdPties", "CdtrAcct", "Id", "IBAN")) == ours:
            return True
        return not incoming

    def _movement(
        self, entry: Node, detail: Node | None, account: Account, at: datetime, place: str, value: Decimal, unit: str,
        *, incoming: bool,
    ) -> None:
        moved = self._made(entry, detail, account, at, place, value, unit, incoming=incoming)
        if moved is not None:
            self.movements.append(moved)

    def _made(
        self, entry: Node, detail: Node | None, account: Account, at: datetime, place: str, value: Decimal, unit: str,
        *, incoming: bool,
    ) -> Movement | None:
        """The movement, when the other side is known and wanted; amounts below zero turn the direction."""
        if value < 0:
            value, incoming = -value, not incoming
        if value == 0:
            self.reading.counted["without amount"] += 1
            return None
        other = None if detail is None else _other(detail, account, incoming=incoming)
        if other is None:
            self.reading.counted[UNKNOWN_LINE] += 1
            return None
        if unwanted(other, self.source.exclude.parties):
            self.reading.counted["excluded"] += 1
            return None
        if other.best == account.us:
            self.reading.counted["between own accounts"] += 1
            return None
        back = entry.text("RvslInd").lower() in {"true", "1"} or (detail is not None and detail.first("RtrInf") is not None)
        end_to_end = _end_to_end(detail)
        return Movement(
            place, account, at, value, unit, incoming, back, other, end_to_end, _references(entry, detail, end_to_end),
        )

    def _batch(self, entry: Node, place: str) -> None:
        payments = entry.text("NtryDtls", "Btch", "NbOfTxs")
        if payments:
            self.reading.problem(
                place, "A batch of {payments} payments is booked here as one line without details, so who paid is not known.",
                "Ask the bank for statements with batch details, or for camt.054 beside them.", "warning", payments=payments,
            )
        else:
            self.reading.problem(
                place, "A batch of payments is booked here as one line without details, so who paid is not known.",
                "Ask the bank for statements with batch details, or for camt.054 beside them.", "warning",
            )

    def _unshared(self, place: str, payments: int) -> None:
        self.reading.problem(
            place, "{payments} payments of different parties are booked here as one, without an amount for each.",
            "They were left out. Ask the bank for statements with the amounts of the details.",
            payments=payments,
        )

    # ── values ──

    def _booked(self, entry: Node, place: str) -> datetime | None:
        for name in ("BookgDt", "ValDt"):
            at = day(entry.text(name, "Dt")) or day(entry.text(name, "DtTm"))
            if at is None:
                continue
            if not believable(at, self.source.now):
                self.reading.problem(
                    place, "A booking is dated {day}, which cannot be.", "It was left out. Compare with the bank's own pages.",
                    day=f"{at:%Y-%m-%d}",
                )
                return None
            if name == "ValDt":
                self.reading.problem(
                    place, "A booking has no booking day; its value day was taken.", "Nothing needs to be done.", "note",
                )
            return at
        self.reading.problem(
            place, "A booking has no day.", "It was left out. Download the statement again, or ask the bank.",
        )
        return None

    def _direction(self, said: str, place: str) -> bool | None:
        if said in {"CRDT", "DBIT"}:
            return said == "CRDT"
        self.reading.problem(
            place, "A booking does not say whether money came in or went out ({said}).",
            "It was left out. Download the statement again, or ask the bank.", said=said or "–",
        )
        return None

    def _amount(self, carrier: Node | None, account: Account, place: str) -> tuple[Decimal | None, str]:
        written = "" if carrier is None else carrier.text()
        value = amount(written)
        if carrier is None or value is None:
            self.reading.problem(
                place, "A booking has no readable amount ({written}).",
                "It was left out. Download the statement again, or ask the bank.", written=written or "–",
            )
            return None, ""
        return value, currency(attribute(carrier.element, "Ccy")) or account.unit


def _own_amount(detail: Node) -> Node | None:
    """The amount of one detail: its own from version 4 on, before that as transacted, else as instructed."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt"), ("AmtDtls", "CntrValAmt", "Amt")):
        found = detail.first(*path)
        if found is not None:
            return found
    return None


def _name(party: Node | None) -> str:
    return "" if party is None else party.text("Nm") or party.text("Pty", "Nm")


def _other(detail: Node, account: Account, *, incoming: bool) -> Named | None:
    """The other side: the debtor of what comes in, the creditor of what goes out; banks turn them round in reversals,
    so that whoever of the two is not us counts.
    """
    parties = detail.first("RltdPties")
    if parties is None:
        return None
    ours = account.party
    for role in (("Dbtr", "Cdtr") if incoming else ("Cdtr", "Dbtr")):
        written = parties.text(f"{role}Acct", "Id", "IBAN") or parties.text(f"{role}Acct", "Id", "Othr", "Id")
        name = _name(parties.first(role)) or _name(parties.first(f"Ultmt{role}"))
        party = called(written, name)
        if party is None or (account.number and of_iban(written) == f"iban:{account.number}"):
            continue
        if ours is not None and not set(party.identifiers).isdisjoint(ours.identifiers):
            continue
        return party
    return None


def _end_to_end(detail: Node | None) -> str:
    """The reference that the payer gave, as written; "" where none was provided."""
    return "" if detail is None else provided(detail.text("Refs", "EndToEndId"))


def _references(entry: Node, detail: Node | None, end_to_end: str) -> tuple[str, ...]:
    """What can name an invoice: the payer's reference, structured references, and numbers in the free text."""
    found: list[str] = []
    free: list[str] = []
    if detail is not None:
        found.append(token(end_to_end))
        for structured in detail.each("RmtInf", "Strd"):
            found += [token(one) for one in structured.texts("CdtrRefInf", "Ref")]
            found += [token(one) for one in structured.texts("CdtrRefInf", "CdtrRef")]
            found += [token(one) for one in structured.texts("RfrdDocInf", "Nb")]
            found += [token(one) for one in structured.texts("RfrdDocInf", "RfrdDocNb")]
            free += structured.texts("AddtlRmtInf")
        free += detail.texts("RmtInf", "Ustrd")
        if not free:
            free += detail.texts("AddtlTxInf")
    if not free:
        free += entry.texts("AddtlNtryInf")
    return tuple(dict.fromkeys(one for one in (*found, *tokens(free)) if one))
