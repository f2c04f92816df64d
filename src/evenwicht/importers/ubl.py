"""UBL 2.1: invoices and credit notes and what is answered to them, and the orders and deliveries around them.

Every profile is read (Peppol BIS 3, NLCIUS, SI-UBL 1 and 2, XRechnung, EHF …) and none is checked: an invoice that
breaks a rule still tells who billed whom. Elements are found by local name; a Peppol envelope around the document is
opened.

Seller and buyer are the supplier and the customer that the document names, also where the customer wrote it
(self-billing, type 389). What comes below zero is a credit note, and so are the invoice types that UNTDID 1001 calls
credit notes.

Source: OASIS Universal Business Language 2.1; EN 16931-3-2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from evenwicht.importers.source import Reading
from evenwicht.importers.xml.access import attribute, each, first, local, text, texts
from evenwicht.importers.xml.invoice_responses import responses
from evenwicht.importers.xml.papers import CREDIT_TYPES
from evenwicht.importers.xml.parse import tree
from evenwicht.importers.xml.roots import root_of
from evenwicht.importers.xml.ubl_paper import UblPaper
from evenwicht.importers.xml.ubl_writing import write as write  # noqa: PLC0414  the door to what writes it
from evenwicht.importers.xml.values import amount, currency, day, number, token
from evenwicht.ledger.events import Event

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from lxml.etree import _Element

    from evenwicht.importers.source import Head, Source

NAME = "ubl"

_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_ENVELOPES = frozenset({"StandardBusinessDocument", "XHE"})


def identify(head: Head) -> bool:
    """A root element of UBL, bare or in a business envelope."""
    root = root_of(head.start)
    if root is None:
        return False
    if root.namespace.startswith(_NAMESPACE):
        return True
    return (root.name in _ENVELOPES or (root.name == "" and root.doctype)) and _NAMESPACE in root.head


def read(source: Source) -> Reading:
    """One document → one event (a response to several documents: one each), its two parties, and coverage of its own day."""
    reading = Reading(label=source.label)
    root = tree(source, reading)
    if root is None:
        return reading
    document = _unwrapped(root)
    kind = local(document)
    reader = _READERS.get(kind)
    if reader is None:
        reading.counted[f"UBL {kind}"] += 1
        reading.problem(
            kind, "A UBL {kind} is not read yet.",
            "Nothing needs to be done: invoices, credit notes, their responses, orders, order responses and despatch advices are read.",
            "note", kind=kind,
        )
        return reading
    for event in reader(UblPaper(source, reading, document, kind, text(document, "ID"))):
        reading.events.append(event)
        reading.counted[event.kind] += 1
    return reading


def _unwrapped(root: _Element) -> _Element:
    """The document inside an envelope, else the root."""
    if local(root) not in _ENVELOPES:
        return root
    inside = (one for one in root.iter() if one is not root and str(one.tag).startswith("{" + _NAMESPACE))
    return next(inside, root)


def _invoice(paper: UblPaper) -> Iterator[Event]:
    """An invoice or a credit note: what was billed, or taken off."""
    root = paper.root
    at = paper.issued()
    both = paper.sides(
        ("AccountingSupplierParty",), ("AccountingCustomerParty",), _payee_accounts(root),
        texts(root, "PaymentMeans", "PaymentMandate", "PayerFinancialAccount", "ID"),
    )
    if at is None or both is None:
        return
    giver, receiver = both
    name, year = paper.number(), at.year
    value, unit = paper.total("LegalMonetaryTotal", "RequestedMonetaryTotal")
    paper.covers(giver, ("invoice", "credit_note"), at)
    said = "credit_note" if "CreditNote" in local(root) or text(root, "InvoiceTypeCode") in CREDIT_TYPES else "invoice"
    kind = said
    if value is not None and value < 0:
        kind = "credit_note"
        paper.below_zero(said)
    references = [token(name), *(token(one) for one in texts(root, "PaymentMeans", "PaymentID"))]
    _dated, orders = paper.order(giver)
    answers, due = None, None
    if kind == "credit_note":
        billed = [one for one in each(root, "BillingReference", "InvoiceDocumentReference") if text(one, "ID")]
        if billed:
            known = day(text(billed[0], "IssueDate")) or at
            answers = f"invoice:{giver.best}:{text(billed[0], 'ID')}:{known.year}"
        references += [token(text(one, "ID")) for one in billed]
    else:
        due = _due(paper, at)
    yield Event(
        id=f"{kind}:{giver.best}:{name}:{year}", at=at, giver=giver.best, receiver=receiver.best, kind=kind,
        amount=number(None if value is None else abs(value)), unit=unit, answers=answers, due=due,
        evidence=paper.evidence(), references=tuple(dict.fromkeys(one for one in (*references, *orders) if one)),
    )


def _due(paper: UblPaper, at: datetime) -> datetime | None:
    """The day to pay by: as written, else the last of the payment days, else the issue day and the term in words."""
    root = paper.root
    for path in (("DueDate",), ("PaymentMeans", "PaymentDueDate"), ("PaymentTerms", "PaymentDueDate"),
                 ("PaymentTerms", "SettlementPeriod", "EndDate")):
        known = [one for one in (day(written) for written in texts(root, *path)) if one is not None]
        if known:
            return max(known)
    return paper.due_by_terms(texts(root, "PaymentTerms", "Note"), at)


def _order(paper: UblPaper) -> Iterator[Event]:
    """An order: buyer → seller, due on the day that delivery is asked for."""
    at = paper.issued()
    both = paper.sides(("SellerSupplierParty",), ("BuyerCustomerParty",))
    if at is None or both is None:
        return
    giver, receiver = both[1], both[0]
    name = paper.number()
    value, unit = _value(paper)
    paper.covers(giver, ("order",), at)
    yield Event(
        id=f"order:{receiver.best}:{name}:{at.year}", at=at, giver=giver.best, receiver=receiver.best, kind="order",
        amount=number(value), unit=unit, due=_day_of(paper.root, "RequestedDeliveryPeriod"),
        evidence=paper.evidence(), references=(f"order:{token(name)}",),
    )


def _order_response(paper: UblPaper) -> Iterator[Event]:
    """The seller's answer to an order, due on the day that is promised."""
    at = paper.issued()
    both = paper.sides(("SellerSupplierParty",), ("BuyerCustomerParty",))
    if at is None or both is None:
        return
    giver, receiver = both
    answers, orders = paper.order(giver)
    value, unit = _value(paper)
    paper.covers(giver, ("order_response",), at)
    yield Event(
        id=f"order_response:{giver.best}:{paper.number()}:{at.year}", at=at, giver=giver.best, receiver=receiver.best,
        kind="order_response", amount=number(value), unit=unit, answers=answers,
        due=_day_of(paper.root, "PromisedDeliveryPeriod"), evidence=paper.evidence(), references=orders,
    )


def _despatch(paper: UblPaper) -> Iterator[Event]:
    """A delivery that the seller announces: one count, on the day of despatch."""
    at = paper.issued()
    both = paper.sides(("SellerSupplierParty", "DespatchSupplierParty"), ("BuyerCustomerParty", "DeliveryCustomerParty"))
    if at is None or both is None:
        return
    giver, receiver = both
    answers, orders = paper.order(giver)
    paper.covers(giver, ("delivery",), at)
    yield Event(
        id=f"delivery:{giver.best}:{paper.number()}:{at.year}", at=at, giver=giver.best, receiver=receiver.best,
        kind="delivery", amount=1.0, unit="count", answers=answers,
        due=_day_of(paper.root, "PromisedDeliveryPeriod") or _day_of(paper.root, "RequestedDeliveryPeriod"),
        evidence=paper.evidence(), references=orders,
    )


_READERS: dict[str, Callable[[UblPaper], Iterator[Event]]] = {
    "Invoice": _invoice, "CreditNote": _invoice, "SelfBilledInvoice": _invoice, "SelfBilledCreditNote": _invoice,
    "Order": _order, "OrderResponse": _order_response, "OrderResponseSimple": _order_response, "DespatchAdvice": _despatch,
    "ApplicationResponse": responses,
}


def _value(paper: UblPaper) -> tuple[Decimal | None, str]:
    """The value of an order: its expected total, else the sum of its lines in one currency, else not known."""
    root = paper.root
    sums = first(root, "AnticipatedMonetaryTotal", "PayableAmount")
    value = None if sums is None else amount(text(sums))
    if sums is not None and value is not None:
        return value, currency(attribute(sums, "currencyID")) or currency(text(root, "DocumentCurrencyCode"))
    lines = each(root, "OrderLine", "LineItem", "LineExtensionAmount")
    values = [amount(text(line)) for line in lines]
    units = {currency(attribute(line, "currencyID")) for line in lines}
    known = [one for one in values if one is not None]
    if not known or len(known) < len(each(root, "OrderLine")) or len(units) != 1:
        return None, currency(text(root, "DocumentCurrencyCode"))
    return sum(known[1:], known[0]), units.pop()


def _day_of(root: _Element, period: str) -> datetime | None:
    """The last day of a delivery period, of the whole document or else the latest of its lines."""
    for where in (("Delivery",), ("Shipment", "Delivery"), ("OrderLine", "LineItem", "Delivery")):
        ends = [text(one, "EndDate") or text(one, "StartDate") for one in each(root, *where, period)]
        known = [found for found in map(day, ends) if found is not None]
        if known:
            return max(known)
    return None


def _payee_accounts(root: _Element) -> list[str]:
    """The accounts that an invoice is to be paid on, where they are the seller's own: no factor, no credit note."""
    if "CreditNote" in local(root) or first(root, "PayeeParty") is not None:
        return []
    return texts(root, "PaymentMeans", "PayeeFinancialAccount", "ID")
