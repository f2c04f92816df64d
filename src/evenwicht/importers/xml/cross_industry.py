"""Cross Industry documents of UN/CEFACT: invoices (CII, Factur-X, ZUGFeRD 1 and 2, XRechnung) and orders (Order-X).

Every profile is read and none is checked. The same invoice in UBL gives the same row: parties, amounts, days and
references are taken from the fields that EN 16931 makes equal.

Source: UN/CEFACT SCRDM, Cross Industry Invoice D16B; EN 16931-3-3; ZUGFeRD 1.0; Order-X 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

from evenwicht.importers.xml.access import attribute, each, first, local, text, texts
from evenwicht.importers.xml.papers import CREDIT_TYPES, Paper, order_of, registered, scoped
from evenwicht.importers.xml.parties import Named, named
from evenwicht.importers.xml.values import amount, currency, day, moment, number, token
from evenwicht.ledger.events import Event
from evenwicht.ledger.identifiers import of_address, of_endpoint, of_iban, of_vat

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from lxml.etree import _Element

    from evenwicht.importers.source import Reading, Source

ROOTS = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument", "SCRDMCCBDACIOMessageStructure", "CrossIndustryOrder",
                   "CrossIndustryOrderResponse", "CrossIndustryOrderChange"})
"""Local names of the documents. ZUGFeRD 1 calls its invoice a document; Order-X names no message at all."""

_DRAFT = "urn:un:unece:uncefact:data:standard:CBFBUY:"
"""The namespace of the draft of ZUGFeRD 1, whose root element is called Invoice."""

MOST_DOCUMENTS = 1_000
"""Documents of one file that are read; one is the rule, a business envelope or a test set holds a few."""

_HEADER = ("ExchangedDocument", "HeaderExchangedDocument")
_TRANSACTION = ("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
_AGREEMENT = ("ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
_DELIVERY = ("ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
_SETTLEMENT = ("ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
_SUMS = ("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
_ACCOUNTS = ("IBANID", "ProprietaryID")
_ORDER, _ORDER_CHANGE, _ORDER_RESPONSE = "220", "230", "231"
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(?:Z|[+-]\d{4})?", re.ASCII)
"""Formats 102, 203 and 204 of UNTDID 2379: the digits say which it is, whatever the attribute says."""


def is_document(name: str, namespace: str) -> bool:
    """Whether an element is a Cross Industry document, by its local name and namespace."""
    return name in ROOTS or (name == "Invoice" and namespace.startswith(_DRAFT))


def documents(source: Source, reading: Reading, root: _Element) -> None:
    """Add every document at or below `root`: an event each, its two parties, and the coverage of its own day."""
    if _is_one(root):
        _document(source, reading, root)
        return
    inside = (one for one in root.iter("{*}*") if _is_one(one))
    found = list(islice(inside, MOST_DOCUMENTS + 1))
    for one in found[:MOST_DOCUMENTS]:
        _document(source, reading, one)
    if not found:
        reading.problem(
            "", "The XML holds no invoice or order of a kind that is known here ({root}).",
            "Ask the sender for the invoice as UBL, CII, Factur-X or ZUGFeRD.", root=local(root),
        )
    elif len(found) > MOST_DOCUMENTS:
        reading.problem(
            "", "The file holds more than {most} documents; reading stopped there.", "Split the file.", most=MOST_DOCUMENTS,
        )


def _is_one(element: _Element) -> bool:
    return is_document(local(element), str(element.tag).rpartition("}")[0].lstrip("{"))


def _document(source: Source, reading: Reading, root: _Element) -> None:
    header = _part(root, _HEADER)
    code = "" if header is None else text(header, "TypeCode")
    kind = _kind(root, code)
    paper = _Paper(source, reading, root, kind, "" if header is None else text(header, "ID"))
    reader = _READERS.get(kind)
    if reader is None:
        reading.counted[kind] += 1
        reading.problem(
            paper.place, "A {kind} is not read yet.", "Nothing needs to be done: invoices, credit notes, orders and order responses are read.",
            "note", kind=kind,
        )
        return
    event = reader(paper)
    if event is not None:
        reading.events.append(event)
        reading.counted[event.kind] += 1


def _kind(root: _Element, code: str) -> str:
    """What a document is called, by its root element and, in Order-X, its type."""
    name = local(root)
    if name in {"CrossIndustryInvoice", "CrossIndustryDocument", "Invoice"}:
        return "CreditNote" if code in CREDIT_TYPES else "Invoice"
    if name == "CrossIndustryOrderResponse" or code == _ORDER_RESPONSE:
        return "OrderResponse"
    return "OrderChange" if name == "CrossIndustryOrderChange" or code == _ORDER_CHANGE else "Order"


def _part(root: _Element | None, names: tuple[str, ...]) -> _Element | None:
    """The first element below `root` that has one of these names."""
    found = (first(root, name) for name in names) if root is not None else ()
    return next((one for one in found if one is not None), None)


class _Paper(Paper):
    """A Cross Industry document."""

    __slots__ = ()

    def part(self, names: tuple[str, ...]) -> _Element | None:
        """Agreement, delivery or settlement."""
        return _part(_part(self.root, _TRANSACTION), names)

    def issued(self) -> datetime | None:
        """When it was issued; None, with a problem, when that is not known or not to be believed."""
        header = _part(self.root, _HEADER)
        written = "" if header is None else next(iter(_written(header, "IssueDateTime")), "")
        at = _moment(written)
        if at is None:
            self.reading.problem(
                self.place, "The {kind} {number} has no readable issue date ({written}).",
                "It was left out: ask the sender for one with an IssueDateTime such as 20260331 in format 102.",
                kind=self.kind, number=self.place, written=written or "–",
            )
            return None
        return self.believed(at, written)

    def sides(self) -> tuple[Named, Named] | None:
        """Seller and buyer, told apart and mentioned; None = left out."""
        agreement, settlement = self.part(_AGREEMENT), self.part(_SETTLEMENT)
        paid_on, paid_from = _accounts(settlement, credit=self.kind == "CreditNote")

        def candidates(trading: bool) -> tuple[list[Named], list[Named]]:
            if agreement is None:
                return [], []
            one = _party(first(agreement, "SellerTradeParty"), paid_on, trading=trading)
            two = _party(first(agreement, "BuyerTradeParty"), paid_from, trading=trading)
            return [one] if one is not None else [], [two] if two is not None else []

        return self.both(candidates)

    def total(self) -> tuple[Decimal | None, str]:
        """The amount to pay and its currency; without one the total with VAT, and a problem."""
        settlement = self.part(_SETTLEMENT)
        spare = "" if settlement is None else currency(text(settlement, "InvoiceCurrencyCode"))
        sums = _part(settlement, _SUMS)
        for field in ("DuePayableAmount", "GrandTotalAmount") if sums is not None else ():
            value, unit = _sum(sums, field, spare)
            if value is None:
                continue
            if field != "DuePayableAmount":
                self.reading.problem(
                    self.place, "The {kind} {number} has no amount to pay; its total with VAT was taken.",
                    "Ask the sender for one with a DuePayableAmount if the amount matters.", "warning",
                    kind=self.kind, number=self.place,
                )
            return value, unit or self.no_currency()
        self.reading.problem(
            self.place, "The {kind} {number} has no readable amount to pay.",
            "It was kept without one. Ask the sender for one with a DuePayableAmount.", "warning",
            kind=self.kind, number=self.place,
        )
        return None, spare

    def value(self) -> tuple[Decimal | None, str]:
        """The value of an order: with VAT, else without, else of its lines."""
        settlement = self.part(_SETTLEMENT)
        spare = "" if settlement is None else currency(text(settlement, "OrderCurrencyCode"))
        sums = _part(settlement, _SUMS)
        for field in ("GrandTotalAmount", "TaxBasisTotalAmount", "LineTotalAmount") if sums is not None else ():
            value, unit = _sum(sums, field, spare)
            if value is not None:
                return value, unit
        return None, spare

    def order(self, seller: Named) -> tuple[str | None, tuple[str, ...]]:
        """The order it belongs to: its id where the document dates the order, and references to look it up by."""
        agreement = self.part(_AGREEMENT)
        if agreement is None:
            return None, ()
        numbers = [one for role in ("BuyerOrderReferencedDocument", "SellerOrderReferencedDocument") for one in _numbers(agreement, role)]
        return order_of(seller, numbers, _dated(first(agreement, "BuyerOrderReferencedDocument")))


def _invoice(paper: _Paper) -> Event | None:
    """An invoice or a credit note: what was billed, or taken off."""
    at = paper.issued()
    both = None if at is None else paper.sides()
    if at is None or both is None:
        return None
    giver, receiver = both
    name, year = paper.number(), at.year
    value, unit = paper.total()
    paper.covers(giver, ("invoice", "credit_note"), at)
    said = "credit_note" if paper.kind == "CreditNote" else "invoice"
    kind = said
    if value is not None and value < 0:
        kind = "credit_note"
        paper.below_zero(said)
    settlement = paper.part(_SETTLEMENT)
    references = [token(name), *(token(one) for one in ([] if settlement is None else texts(settlement, "PaymentReference")))]
    _ordered, orders = paper.order(giver)
    answers, due = None, None
    if kind == "credit_note":
        billed = [] if settlement is None else _numbers(settlement, "InvoiceReferencedDocument")
        if billed and settlement is not None:
            known = _dated(first(settlement, "InvoiceReferencedDocument")) or at
            answers = f"invoice:{giver.best}:{billed[0]}:{known.year}"
        references += [token(one) for one in billed]
    else:
        due = _due(paper, settlement, at)
    return Event(
        id=f"{kind}:{giver.best}:{name}:{year}", at=at, giver=giver.best, receiver=receiver.best, kind=kind,
        amount=number(None if value is None else abs(value)), unit=unit, answers=answers, due=due,
        evidence=paper.evidence(), references=tuple(dict.fromkeys(one for one in (*references, *orders) if one)),
    )


def _due(paper: _Paper, settlement: _Element | None, at: datetime) -> datetime | None:
    """The day to pay by: the last of the payment days, else the issue day and the term in words."""
    if settlement is None:
        return None
    written = _written(settlement, "SpecifiedTradePaymentTerms", "DueDateDateTime")
    known = [one for one in map(_on, written) if one is not None]
    if known:
        return max(known)
    return paper.due_by_terms(texts(settlement, "SpecifiedTradePaymentTerms", "Description"), at)


def _order(paper: _Paper) -> Event | None:
    """An order: buyer → seller, due on the day that delivery is asked for."""
    at = paper.issued()
    both = None if at is None else paper.sides()
    if at is None or both is None:
        return None
    receiver, giver = both
    name = paper.number()
    value, unit = paper.value()
    paper.covers(giver, ("order",), at)
    return Event(
        id=f"order:{receiver.best}:{name}:{at.year}", at=at, giver=giver.best, receiver=receiver.best, kind="order",
        amount=number(value), unit=unit, due=_wanted(paper.part(_DELIVERY)), evidence=paper.evidence(),
        references=(f"order:{token(name)}",),
    )


def _order_response(paper: _Paper) -> Event | None:
    """The seller's answer to an order, due on the day that is promised."""
    at = paper.issued()
    both = None if at is None else paper.sides()
    if at is None or both is None:
        return None
    giver, receiver = both
    answers, orders = paper.order(giver)
    value, unit = paper.value()
    paper.covers(giver, ("order_response",), at)
    return Event(
        id=f"order_response:{giver.best}:{paper.number()}:{at.year}", at=at, giver=giver.best, receiver=receiver.best,
        kind="order_response", amount=number(value), unit=unit, answers=answers, due=_wanted(paper.part(_DELIVERY)),
        evidence=paper.evidence(), references=orders,
    )


_READERS: dict[str, Callable[[_Paper], Event | None]] = {
    "Invoice": _invoice, "CreditNote": _invoice, "Order": _order, "OrderResponse": _order_response,
}


def _sum(sums: _Element | None, field: str, spare: str) -> tuple[Decimal | None, str]:
    """An amount and its currency. Several of one name are the same in several currencies: that of the document counts."""
    found = [] if sums is None else each(sums, field)
    found.sort(key=lambda one: currency(attribute(one, "currencyID")) not in {"", spare})
    for one in found:
        value = amount(text(one))
        if value is not None:
            return value, currency(attribute(one, "currencyID")) or spare
    return None, spare


def _moment(written: str) -> datetime | None:
    """The moment of `20260302`, `202603020914`, `20260302091455` or `2026-03-02T09:14:00`."""
    found = _DAY.fullmatch(written)
    if found is None:
        date, _letter, time = written.partition("T")
        return moment(date, time)
    time = f"{found[4]}:{found[5]}:{found[6] or '00'}" if found[4] else ""
    return moment(f"{found[1]}-{found[2]}-{found[3]}", time)


def _on(written: str) -> datetime | None:
    """The day of a moment, at midnight UTC."""
    found = _DAY.fullmatch(written)
    return day(written) if found is None else day(f"{found[1]}-{found[2]}-{found[3]}")


def _dated(referenced: _Element | None) -> datetime | None:
    """The day of a document that this one refers to."""
    if referenced is None:
        return None
    for name in ("FormattedIssueDateTime", "IssueDateTime"):
        found = [one for one in map(_on, _written(referenced, name)) if one is not None]
        if found:
            return found[0]
    return None


def _written(holder: _Element, *path: str) -> list[str]:
    """The days at a path: in an element of their own, in the draft of ZUGFeRD 1 directly."""
    return [*texts(holder, *path, "DateTimeString"), *texts(holder, *path, "DateTime"), *texts(holder, *path)]


def _numbers(holder: _Element, role: str) -> list[str]:
    """Numbers of the documents in a role; ZUGFeRD 1 calls them ID."""
    return [one for document in each(holder, role) if (one := text(document, "IssuerAssignedID") or text(document, "ID"))]


def _wanted(delivery: _Element | None) -> datetime | None:
    """The last day on which delivery is asked for or promised."""
    if delivery is None:
        return None
    for path in (("OccurrenceSpecifiedPeriod", "EndDateTime"), ("OccurrenceDateTime",), ("OccurrenceSpecifiedPeriod", "StartDateTime")):
        written = _written(delivery, "RequestedDeliverySupplyChainEvent", *path)
        known = [one for one in map(_on, written) if one is not None]
        if known:
            return max(known)
    return None


def _accounts(settlement: _Element | None, *, credit: bool) -> tuple[list[str], list[str]]:
    """The seller's accounts (none of a factor's, none on a credit note), and those that the buyer is debited on."""
    if settlement is None:
        return [], []
    means = each(settlement, "SpecifiedTradeSettlementPaymentMeans")
    theirs = [one for mean in means for name in _ACCOUNTS for one in texts(mean, "PayeePartyCreditorFinancialAccount", name)]
    debited = [one for mean in means for name in _ACCOUNTS for one in texts(mean, "PayerPartyDebtorFinancialAccount", name)]
    return [] if credit or first(settlement, "PayeeTradeParty") is not None else theirs, debited


def _party(party: _Element | None, accounts: list[str], *, trading: bool) -> Named | None:
    """Who stands in a role; None when nobody does, or nothing identifies them."""
    if party is None:
        return None
    country = text(party, "PostalTradeAddress", "CountryID").upper()
    found: list[str | None] = [of_address(mail) for name in ("URIID", "CompleteNumber")
                               for mail in texts(party, "DefinedTradeContact", "EmailURIUniversalCommunication", name)]
    found += [of_endpoint(scheme, text(one)) for one in each(party, "URIUniversalCommunication", "URIID")
              if scoped(scheme := attribute(one, "schemeID"))]
    found += [of_vat(text(one)) for one in each(party, "SpecifiedTaxRegistration", "ID") if attribute(one, "schemeID").upper() in {"VA", "VAT"}]
    for one in (*each(party, "ID"), *each(party, "GlobalID"), *each(party, "SpecifiedLegalOrganization", "ID")):
        found.append(registered(attribute(one, "schemeID"), text(one), country))
    found += [of_iban(account) for account in accounts]
    legal, traded = text(party, "Name"), text(party, "SpecifiedLegalOrganization", "TradingBusinessName")
    return named(found, traded or legal if trading else legal or traded)
