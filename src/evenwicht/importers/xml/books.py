"""An audit file boiled down to what can become events: the company, its relations, accounts, and lines with a relation.

`importers.xaf` says what the lines mean. Amounts are signed: debit above zero, credit below.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from evenwicht.importers.xml.access import each, fields, local, text, texts
from evenwicht.importers.xml.accounts import Role, role_of
from evenwicht.importers.xml.parties import Named, named
from evenwicht.importers.xml.values import amount, currency, day
from evenwicht.ledger.identifiers import of_address, of_iban, of_kvk, of_vat

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.etree import _Element

BILLING: dict[str, Role] = {"S": "debtors", "P": "creditors"}
"""Journals of invoices, and on which accounts they leave what is open."""

PAYING = frozenset({"B", "C"})
"""Journals of money."""

UNTYPED = frozenset({"", "Z", "O"})
"""Types that do not say what a journal is for."""

_BY_NAME = (
    (re.compile(r"verkoop|verkopen|sales|debiteuren", re.IGNORECASE), "S"), (re.compile(r"inkoop|inkopen|purchas|crediteuren", re.IGNORECASE), "P"),
    (re.compile(r"bank|giro", re.IGNORECASE), "B"), (re.compile(r"\bkas|cash", re.IGNORECASE), "C"),
)
_DUTCH_VAT = re.compile(r"\d{9}B\d{2}")

NO_NUMBER = frozenset({"", "0", "-"})
"""What packages write where there is no invoice number."""


@dataclass(slots=True)
class Line:
    """One line that names a relation: signed amount, debit above zero."""

    journal: str
    entry: str
    line: str
    relation: str
    account: str
    amount: Decimal
    unit: str
    booked: datetime | None
    invoice: str = ""
    document: str = ""
    order: str = ""
    match: str = ""
    due: datetime | None = None
    named: bool = False
    opening: bool = False

    @property
    def place(self) -> str:
        return f"{self.journal}/{self.entry}/{self.line}" if self.journal else f"opening/{self.line}"

    @property
    def number(self) -> str:
        """The invoice number, as far as this line knows one."""
        return next((one for one in (self.invoice, self.document) if one not in NO_NUMBER), "")


@dataclass(slots=True)
class Sub:
    """What the subledger adds to a line of the journals."""

    line: Line
    sells: str
    mutation: str


@dataclass(slots=True)
class Books:
    """The file, boiled down to what can become events."""

    unit: str = "EUR"
    unit_said: bool = False
    start: datetime | None = None
    end: datetime | None = None
    created: datetime | None = None
    last: datetime | None = None
    company: dict[str, str] = field(default_factory=dict)
    company_read: bool = False
    relations: dict[str, tuple[Named | None, str]] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    vat_accounts: set[str] = field(default_factory=set)
    journals: dict[str, str] = field(default_factory=dict)
    journal_names: dict[str, str] = field(default_factory=dict)
    days: dict[tuple[str, str], datetime] = field(default_factory=dict)
    accounts: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    subs: list[Sub] = field(default_factory=list)
    transactions: int = 0
    seen: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    _parent: _Element | None = None
    _key: str = ""

    def header(self, element: _Element) -> None:
        self.unit = currency(text(element, "curCode")) or "EUR"
        self.unit_said = bool(currency(text(element, "curCode")))
        self.start, self.end = day(text(element, "startDate")), day(text(element, "endDate"))
        self.created = day(text(element, "dateCreated"))

    def about(self, company: _Element | None) -> None:
        """The company itself: its fields stand before its lists, so they are there at the first record of any list."""
        if company is None or self.company_read:
            return
        self.company_read = True
        self.company = {local(one).lower(): " ".join((one.text or "").split())[:400] for one in company if len(one) == 0}

    def relation(self, element: _Element) -> None:
        self.about(_above(element, "company"))
        key = text(element, "custSupID")
        if not key:
            return
        country = text(element, "taxRegistrationCountry").upper() or text(element, "streetAddress", "country").upper()
        identifiers = [
            *(of_address(mail) for mail in texts(element, "eMail")),
            vat_of(text(element, "taxRegIdent"), country),
            kvk_of(text(element, "commerceNr") or text(element, "Commercenr"), country),
            *(of_iban(one) for one in texts(element, "bankAccount", "bankAccNr")),
        ]
        self.relations[key] = (named(identifiers, text(element, "custSupName")), text(element, "custSupTp").upper())

    def account(self, element: _Element) -> None:
        self.about(_above(element, "company"))
        key = text(element, "accID")
        self.types[key] = text(element, "accTp").upper()
        codes = tuple(text(element, name) for name in ("RGScode", "leadReference", "leadCode"))
        role = role_of(text(element, "accDesc"), self.types[key], codes)
        if key and role is not None:
            self.roles[key] = role

    def vat(self, element: _Element) -> None:
        self.vat_accounts |= {*texts(element, "vatToPayAccID"), *texts(element, "vatToClaimAccID")}

    def opening(self, element: _Element) -> None:
        line = self._line(element, "", "")
        if line is not None:
            line.opening = True
            line.booked, line.due = day(text(element, "invDt")), day(text(element, "invDueDt"))
            self.subs.append(Sub(line, text(element, "invPurSalTp").upper(), text(element, "mutTp").upper()))

    def subledger(self, element: _Element) -> None:
        line = self._line(element, text(element, "jrnID"), text(element, "trNr"), name=text(element, "trLineNr"))
        if line is not None:
            line.booked, line.due = day(text(element, "invDt")), day(text(element, "invDueDt"))
            self.subs.append(Sub(line, text(element, "invPurSalTp").upper(), text(element, "mutTp").upper()))

    def journal(self, element: _Element) -> None:
        self._journal(element)

    def _journal(self, element: _Element) -> str:
        """The journal's key; at its first sight also what it is for, by its type or else by its name."""
        key = text(element, "jrnID")
        if key in self.journals:
            return key
        said, name = text(element, "jrnTp").upper(), text(element, "desc")
        self.journal_names[key] = name
        if said in UNTYPED:
            said = next((known for pattern, known in _BY_NAME if pattern.search(name)), said)
        self.journals[key] = said
        offset = text(element, "offsetAccID")
        if offset and self.types.get(offset, "B") != "P":
            if said in BILLING:
                self.roles[offset] = BILLING[said]
            elif said in PAYING:
                self.roles[offset] = "money"
        if said in PAYING:
            self.accounts.append(text(element, "bankAccNr"))
        return key

    def transaction(self, element: _Element) -> None:
        self.about(_above(element, "company"))
        parent = element.getparent()
        if parent is None:
            return
        self.transactions += 1
        if parent is not self._parent:
            self._parent, self._key = parent, self._journal(parent)
        key = self._key
        entry, booked = text(element, "nr"), day(text(element, "trDt"))
        if booked is not None:
            self.last = booked if self.last is None else max(self.last, booked)
            self.days[key, entry] = booked
        for one in each(element, "trLine"):
            self.seen += 1
            line = self._line(one, key, entry, booked)
            if line is not None:
                self.lines.append(line)

    def _line(self, element: _Element, journal: str, entry: str, booked: datetime | None = None, name: str = "") -> Line | None:
        """A line with a relation and a readable amount; in another currency where the line says so."""
        said = fields(element)
        relation = said.get("custSupID", "")
        if not relation:
            return None
        name = name or said.get("nr", "")
        value, side = amount(said.get("amnt", "")), said.get("amntTp", "").upper()
        if value is None or side not in {"D", "C"}:
            self.unreadable[f"{journal}/{entry}/{name}"] += 1
            return None
        unit = self.unit
        foreign, other = currency(text(element, "currency", "curCode")), amount(text(element, "currency", "curAmnt"))
        if foreign and foreign != self.unit and other is not None:
            value, unit = abs(other) if value >= 0 else -abs(other), foreign
        return Line(
            journal, entry, name, relation, said.get("accID", ""), value if side == "D" else -value, unit,
            day(said.get("effDate", "")) or booked, said.get("invRef", ""), said.get("docRef", ""),
            said.get("orderRef", ""), said.get("matchKeyID", ""),
        )


TAKE = {
    "header": Books.header, "customerSupplier": Books.relation, "ledgerAccount": Books.account, "vatCode": Books.vat,
    "obSbLine": Books.opening, "transaction": Books.transaction, "journal": Books.journal, "sbLine": Books.subledger,
    "company": Books.about,
}
"""What takes in each kind of record, by the name of its element."""


def _above(element: _Element, name: str) -> _Element | None:
    return next((one for one in element.iterancestors() if local(one) == name), None)


def vat_of(written: str, country: str) -> str | None:
    """A VAT number; packages often leave the country in front of a Dutch one out."""
    compact = re.sub(r"[\s.\-]", "", written).upper()
    return of_vat(f"NL{compact}") if _DUTCH_VAT.fullmatch(compact) and country in {"NL", ""} else of_vat(written)


def kvk_of(written: str, country: str) -> str | None:
    """A Dutch KvK number; a number of another country, or with letters (HRB 40331), is in another register."""
    return of_kvk(written) if country in {"NL", ""} and not re.search(r"[^\d .]", written) else None
