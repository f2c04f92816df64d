"""What an invoice, a credit note or an order is in any of its syntaxes: its number, its two sides, and what is said of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

from evenwicht.importers.xml.parties import Named, apart, unwanted
from evenwicht.importers.xml.terms import days_of
from evenwicht.importers.xml.values import believable, token
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.identifiers import of_endpoint, of_kvk, of_vat

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from lxml.etree import _Element

    from evenwicht.importers.source import Reading, Source

CREDIT_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
"""UNTDID 1001 codes of documents that lower a debt, where they stand in an element called Invoice."""

_OPEN_SCHEMES = frozenset({"", "SEPA"})
"""Scheme ids that do not say whose register a number is from (or, SEPA, only say that somebody may collect)."""

_KVK_DIGITS = 8
_MOST_NOTES = 20
"""Payment terms that are looked at; real invoices have one to three."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The document in hand, and where its problems go.

    kind     what it is called in problems: `Invoice`
    written  its number as written, "" where it has none
    """

    source: Source
    reading: Reading
    root: _Element
    kind: str
    written: str

    @property
    def place(self) -> str:
        """How the document is called in problems and evidence: its number without spaces, else its kind."""
        return "".join(self.written.split()) or self.kind

    def number(self) -> str:
        """The document's number. Without one it is called after its content, so that reading it twice is one row."""
        if self.written:
            return self.written
        content = "".join(str(words) for words in self.root.itertext())
        self.reading.problem(
            self.place, "The {kind} has no number (ID).",
            "It was kept under a made-up number, and no payment can name it. Ask the sender for a number.", "warning",
            kind=self.kind,
        )
        return "unnumbered-" + hashlib.sha256(content.encode()).hexdigest()[:12]

    def believed(self, at: datetime, written: str) -> datetime | None:
        """The moment of issue; None, with a problem, when it is not to be believed."""
        if believable(at, self.source.now):
            return at
        self.reading.problem(
            self.place, "The {kind} {number} is dated {written}, which cannot be.",
            "It was left out. If the date is right, read the file again after that day.",
            kind=self.kind, number=self.place, written=written,
        )
        return None

    def both(self, candidates: Callable[[bool], tuple[list[Named], list[Named]]]) -> tuple[Named, Named] | None:
        """Seller and buyer, told apart and mentioned; None = left out.

        `candidates` gives who stands in the roles of either, the best first, under legal names, and with True under
        trading names. The first two that are not one and the same party count.
        """
        ones: list[Named] = []
        twos: list[Named] = []
        for trading in (False, True):
            ones, twos = candidates(trading)
            for one, two in product(ones, twos):
                if apart(one, two) is not None:
                    return self._told_apart(one, two)
        return self._told_apart(next(iter(ones), None), next(iter(twos), None))

    def _told_apart(self, one: Named | None, two: Named | None) -> tuple[Named, Named] | None:
        if one is None:
            self.reading.problem(
                self.place, "The {kind} {number} does not say who the seller is.",
                "It was left out. Ask the sender for one with a name, a VAT number or another identifier of the seller.",
                kind=self.kind, number=self.place,
            )
            return None
        if two is None:
            self.reading.problem(
                self.place, "The {kind} {number} does not say who the buyer is.",
                "It was left out. Ask the sender for one with a name, a VAT number or another identifier of the buyer.",
                kind=self.kind, number=self.place,
            )
            return None
        both = apart(one, two)
        if both is None:
            self.reading.problem(
                self.place, "Seller and buyer of the {kind} {number} are one and the same: {party}.",
                "It was left out. If they are two organisations, ask the sender for the identifiers of each.",
                kind=self.kind, number=self.place, party=one.name or one.best,
            )
            return None
        if both[0] is not one or both[1] is not two:
            self.reading.problem(
                self.place, "Seller and buyer of the {kind} {number} carry the same {shared}, which tells them apart no more.",
                "Those identifiers were not used. Tell the sender.", "note", kind=self.kind, number=self.place,
                shared=", ".join(sorted(set(one.identifiers) & set(two.identifiers))),
            )
        if unwanted(one, self.source.exclude.parties) or unwanted(two, self.source.exclude.parties):
            self.reading.counted["excluded"] += 1
            return None
        self.reading.mentions += [both[0].mention(), both[1].mention()]
        return both

    def no_currency(self) -> str:
        """Say that an amount has no currency; the unit to use."""
        self.reading.problem(
            self.place, "The {kind} {number} does not say in which currency its amount is.",
            "The amount was kept without a unit. Ask the sender for one with a currency.", "warning",
            kind=self.kind, number=self.place,
        )
        return ""

    def below_zero(self, said: str) -> None:
        """Say what becomes of a total below zero, of an `invoice` or a `credit_note`."""
        if said == "invoice":
            self.reading.problem(
                self.place, "The invoice {number} has a total below zero; it was read as a credit note.",
                "Nothing needs to be done.", "note", number=self.place,
            )
        else:
            self.reading.problem(
                self.place, "The credit note {number} has a total below zero; it was read as a credit of that size.",
                "Look whether it takes something off the debt. If it adds to it, ask the sender for an invoice.", "warning",
                number=self.place,
            )

    def due_by_terms(self, notes: list[str], at: datetime) -> datetime | None:
        """The issue day and the term in words, where those can be read in one way only."""
        terms = {days for days in map(days_of, notes[:_MOST_NOTES]) if days is not None}
        if len(terms) != 1:
            return None
        days = terms.pop()
        self.reading.problem(
            self.place, "The invoice {number} has no due date; its terms say {days} days, so it falls due {days} days after its issue.",
            "Nothing needs to be done.", "note", number=self.place, days=days,
        )
        return at.replace(hour=0, minute=0, second=0) + timedelta(days=days)

    def covers(self, party: Named, kinds: tuple[str, ...], at: datetime) -> None:
        """One document proves that its own day is covered, for what its sender gives; a folder of them proves a range."""
        on = at.replace(hour=0, minute=0, second=0)
        self.reading.coverage.append(Coverage(self.source.label, party.best, None, kinds, on, on, "given"))

    def evidence(self) -> tuple[str, ...]:
        return (f"{self.source.label}#{self.place}",)


def order_of(seller: Named, numbers: list[str], ordered: datetime | None) -> tuple[str | None, tuple[str, ...]]:
    """The order a document belongs to: its id where the document dates the order, and references to look it up by."""
    identity = f"order:{seller.best}:{numbers[0]}:{ordered.year}" if numbers and ordered else None
    return identity, tuple(f"order:{token(one)}" for one in dict.fromkeys(numbers) if token(one) not in {"", "NA"})


def scoped(scheme: str) -> bool:
    """Whether a scheme id names one register. A colon is only known in the Dutch ones of SI-UBL 1."""
    return scheme.upper() not in _OPEN_SCHEMES and (":" not in scheme or scheme.upper().startswith("NL:"))


def registered(scheme: str, written: str, country: str) -> str | None:
    """A number in a register. Eight digits of a Dutch firm without a scheme are its KvK number."""
    plain = scheme.upper()
    if plain == "NL:VAT":
        return of_vat(written) or of_vat(f"NL{written}")
    if plain in {"0106", "NL:KVK"}:
        return of_kvk(written)
    if scoped(scheme):
        return of_endpoint(scheme, written)
    digits = "".join(written.split())
    return of_kvk(digits) if plain == "" and country == "NL" and digits.isdigit() and len(digits) == _KVK_DIGITS else None
