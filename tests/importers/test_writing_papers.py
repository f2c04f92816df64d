"""Documents that are written stand in the order of the UBL 2.1 schemas, add up, and say to the importer what was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.importers.read_again import facts, read_again

from evenwicht.importers import ubl
from evenwicht.importers.xml.creditor_reference import creditor_reference
from evenwicht.importers.xml.parties import Named
from evenwicht.importers.xml.ubl_writing import written
from evenwicht.ledger.events import Event

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

US, THEY = "birch.example", "acme.example"
DAY = datetime(2026, 3, 2, tzinfo=UTC)
PARTIES = {
    US: Named((US, "vat:NL123456789B01", "iban:NL18EVEN0000000002"), "Birch & Zonen B.V."),
    THEY: Named((THEY, "peppol:0088:9520000000011", "iban:NL45EVEN0000000001"), "Acme N.V."),
}
COLUMNS = ("id", "at", "giver", "receiver", "kind", "amount", "unit", "due")
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"

_PARTY_IN = "Party"
ORDER = {
    # Written from the schemas of OASIS UBL 2.1 (maindoc and CommonAggregateComponents), as far as these elements go.
    "Invoice": "CustomizationID ProfileID ID IssueDate IssueTime DueDate InvoiceTypeCode Note DocumentCurrencyCode BuyerReference OrderReference "
               "BillingReference AccountingSupplierParty AccountingCustomerParty Delivery PaymentMeans PaymentTerms TaxTotal LegalMonetaryTotal InvoiceLine",
    "CreditNote": "CustomizationID ProfileID ID IssueDate IssueTime CreditNoteTypeCode Note DocumentCurrencyCode BuyerReference OrderReference "
                  "BillingReference AccountingSupplierParty AccountingCustomerParty PaymentMeans PaymentTerms TaxTotal LegalMonetaryTotal CreditNoteLine",
    "Order": "CustomizationID ProfileID ID IssueDate IssueTime OrderTypeCode Note DocumentCurrencyCode BuyerCustomerParty SellerSupplierParty "
             "Delivery PaymentTerms TaxTotal AnticipatedMonetaryTotal OrderLine",
    "DespatchAdvice": "CustomizationID ProfileID ID IssueDate IssueTime DespatchAdviceTypeCode Note OrderReference DespatchSupplierParty "
                      "DeliveryCustomerParty BuyerCustomerParty SellerSupplierParty Shipment DespatchLine",
    "OrderReference": "ID SalesOrderID UUID IssueDate",
    "BillingReference": "InvoiceDocumentReference",
    "InvoiceDocumentReference": "ID UUID IssueDate",
    "AccountingSupplierParty": _PARTY_IN, "AccountingCustomerParty": _PARTY_IN, "BuyerCustomerParty": _PARTY_IN, "SellerSupplierParty": _PARTY_IN,
    "DespatchSupplierParty": _PARTY_IN, "DeliveryCustomerParty": _PARTY_IN,
    "Party": "EndpointID PartyIdentification PartyName PostalAddress PartyTaxScheme PartyLegalEntity Contact",
    "PartyName": "Name", "PostalAddress": "StreetName CityName PostalZone Country", "Country": "IdentificationCode Name",
    "PartyTaxScheme": "RegistrationName CompanyID TaxScheme", "TaxScheme": "ID Name", "PartyLegalEntity": "RegistrationName CompanyID",
    "Contact": "Name Telephone ElectronicMail", "PaymentMeans": "PaymentMeansCode PaymentDueDate PaymentID PayeeFinancialAccount",
    "PayeeFinancialAccount": "ID Name", "TaxTotal": "TaxAmount TaxSubtotal", "TaxSubtotal": "TaxableAmount TaxAmount TaxCategory",
    "TaxCategory": "ID Name Percent TaxScheme", "ClassifiedTaxCategory": "ID Name Percent TaxScheme",
    "LegalMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount PayableAmount",
    "AnticipatedMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount PayableAmount",
    "InvoiceLine": "ID Note InvoicedQuantity LineExtensionAmount Item Price", "CreditNoteLine": "ID Note CreditedQuantity LineExtensionAmount Item Price",
    "Item": "Description Name ClassifiedTaxCategory", "Price": "PriceAmount BaseQuantity", "OrderLine": "Note LineItem",
    "LineItem": "ID Quantity LineExtensionAmount Delivery Price Item", "Shipment": "ID Delivery",
    "Delivery": "ID RequestedDeliveryPeriod PromisedDeliveryPeriod", "RequestedDeliveryPeriod": "StartDate StartTime EndDate EndTime",
    "PromisedDeliveryPeriod": "StartDate StartTime EndDate EndTime", "DespatchLine": "ID DeliveredQuantity OrderLineReference DocumentReference Item",
    "OrderLineReference": "LineID",
}
NEEDED = {
    # Elements without which the schema refuses the one they stand in.
    "Invoice": "ID IssueDate AccountingSupplierParty AccountingCustomerParty LegalMonetaryTotal InvoiceLine",
    "CreditNote": "ID IssueDate AccountingSupplierParty AccountingCustomerParty LegalMonetaryTotal CreditNoteLine",
    "Order": "ID IssueDate BuyerCustomerParty SellerSupplierParty OrderLine", "DespatchAdvice": "ID IssueDate DespatchSupplierParty DeliveryCustomerParty DespatchLine",
    "OrderReference": "ID", "InvoiceDocumentReference": "ID", "PartyTaxScheme": "TaxScheme", "PaymentMeans": "PaymentMeansCode", "TaxTotal": "TaxAmount",
    "TaxSubtotal": "TaxAmount TaxCategory", "LegalMonetaryTotal": "PayableAmount", "InvoiceLine": "ID LineExtensionAmount Item", "CreditNoteLine": "ID",
    "Shipment": "ID", "DespatchLine": "ID OrderLineReference Item", "LineItem": "ID Item", "OrderLine": "LineItem", "OrderLineReference": "LineID",
}


def document(kind: str, number: str = "36", **other: object) -> Event:
    seller, buyer = US, THEY
    giver, receiver = (buyer, seller) if kind == "order" else (seller, buyer)
    amount, unit = (1.0, "count") if kind == "delivery" else (403.59, "EUR")
    due = None if kind == "credit_note" else DAY + timedelta(days=30)
    return replace(Event(f"{kind}:{seller}:{number}:2026", DAY, giver, receiver, kind, amount, unit, due=due), **other)  # type: ignore[arg-type]


def in_schema_order(element: etree._Element) -> None:
    name = etree.QName(element).localname
    below = [etree.QName(one).localname for one in element]
    if below:
        allowed = ORDER[name].split()
        places = [allowed.index(one) for one in below]
        assert places == sorted(places), f"{name}: {below}"
    missing = set(NEEDED.get(name, "").split()) - set(below)
    assert not missing, f"{name} lacks {missing}"
    space = etree.QName(element).namespace or ""
    assert space.endswith("CommonBasicComponents-2") is (not below), f"{name} is in {space}"
    for one in element:
        in_schema_order(one)


def trees(events: list[Event]) -> list[etree._Element]:
    return [etree.fromstring(data) for data in written(events, PARTIES).files.values()]


def test_elements_stand_in_the_order_of_the_schema() -> None:
    order, invoice = document("order"), document("invoice", at=DAY + timedelta(hours=9, minutes=14, seconds=2), answers="order:birch.example:36:2026")
    note, delivery = document("credit_note", answers=invoice.id), document("delivery", answers=order.id)
    bare = [document("order", "37", amount=None, unit="", due=None), document("order", "38", amount=1.0, unit="count"), document("delivery", "39", due=None),
            document("invoice", "40", due=None, giver=THEY, receiver=US, id="invoice:acme.example:40:2026")]
    found = trees([order, invoice, note, delivery, *bare])
    assert sorted(etree.QName(one).localname for one in found) == ["CreditNote", "DespatchAdvice", "DespatchAdvice", "Invoice", "Invoice", "Order", "Order", "Order"]
    for one in found:
        in_schema_order(one)


def test_an_invoice_adds_up_and_says_how_to_pay_it() -> None:
    (root,) = trees([document("invoice")])

    def amount(*path: str) -> Decimal:
        return Decimal(root.findtext("/".join((*(CAC + one for one in path[:-1]), CBC + path[-1]))) or "")

    assert amount("LegalMonetaryTotal", "PayableAmount") == Decimal("403.59")
    assert amount("LegalMonetaryTotal", "TaxExclusiveAmount") == Decimal("333.55")
    assert amount("TaxTotal", "TaxAmount") == Decimal("70.04")
    assert amount("InvoiceLine", "LineExtensionAmount") == amount("LegalMonetaryTotal", "LineExtensionAmount") == amount("TaxTotal", "TaxSubtotal", "TaxableAmount")
    assert root.findtext(f"{CAC}PaymentMeans/{CBC}PaymentID") == creditor_reference("invoice:birch.example:36:2026")
    assert root.findtext(f"{CAC}PaymentMeans/{CAC}PayeeFinancialAccount/{CBC}ID") == "NL18EVEN0000000002"
    ours, theirs = (root.find(f"{CAC}{role}/{CAC}Party") for role in ("AccountingSupplierParty", "AccountingCustomerParty"))
    assert ours is not None
    assert theirs is not None
    assert [(one.get("schemeID"), one.text) for side in (ours, theirs) for one in side.iterfind(f"{CBC}EndpointID")] == [
        ("9944", "NL123456789B01"), ("0088", "9520000000011")]
    assert ours.findtext(f"{CAC}PartyTaxScheme/{CBC}CompanyID") == "NL123456789B01"
    assert ours.findtext(f"{CAC}PartyLegalEntity/{CBC}RegistrationName") == "Birch & Zonen B.V."
    assert ours.findtext(f"{CAC}PostalAddress/{CAC}Country/{CBC}IdentificationCode") == "NL"
    assert theirs.find(f"{CAC}PostalAddress") is None


def test_a_payment_reference_checks() -> None:
    reference = creditor_reference("invoice:birch.example:36:2026")
    assert reference.startswith("RF")
    digits = "".join(str(int(letter, 36)) for letter in reference[4:] + reference[:4])
    assert int(digits) % 97 == 1
    assert reference != creditor_reference("invoice:birch.example:37:2026")


def test_the_importer_finds_both_sides_and_what_is_answered(tmp_path: Path) -> None:
    order, invoice = document("order"), document("invoice", answers="order:birch.example:36:2026")
    note = document("credit_note", "5", answers=invoice.id)
    elsewhere = document("credit_note", "6", answers="invoice:birch.example:12:2025")
    delivery, loose = document("delivery", answers=order.id), document("delivery", "7", answers="order:birch.example:8:2025")
    events = [order, invoice, note, elsewhere, delivery, loose]
    assert ubl.write(events, tmp_path, PARTIES) == []
    found = [read_again(ubl, path) for path in sorted(tmp_path.iterdir())]
    read = {event.id: event for one in found for event in one.events}
    assert facts(read.values(), *COLUMNS) == facts(events, *COLUMNS)
    assert {one.id: read[one.id].answers for one in events} == {
        order.id: None, invoice.id: None, note.id: invoice.id, elsewhere.id: elsewhere.answers, delivery.id: order.id, loose.id: None}
    assert {mark for one in (read[invoice.id], read[loose.id]) for mark in one.references if mark.startswith("order:")} == {"order:36", "order:8"}
    mentions = {one.identifiers for reading in found for one in reading.mentions}
    assert (US, "vat:NL123456789B01", "iban:NL18EVEN0000000002", "name:birch-and-zonen-bv") in mentions
    assert (THEY, "peppol:0088:9520000000011", "name:acme-nv") in mentions
    assert [str(problem.what_phrase) for one in found for problem in one.problems] == []


def test_a_party_nobody_described_is_known_by_its_mail(tmp_path: Path) -> None:
    assert ubl.write([document("invoice")], tmp_path, {}) == []
    found = read_again(ubl, next(tmp_path.iterdir()))
    assert [(one.giver, one.receiver) for one in found.events] == [(US, THEY)]


def test_what_ubl_cannot_say_is_left() -> None:
    good = document("invoice")
    odd = [
        document("invoice", id="36"), document("invoice", "2", at=DAY.replace(year=2025)), document("invoice", "3", shared=False),
        document("invoice", "4", due=DAY + timedelta(hours=1)), document("invoice", "5", amount=None), document("invoice", "6", amount=-3.0),
        document("invoice", "7", unit="count"), document("invoice", "8", amount=1e-13), document("invoice", "9", answers="m1@birch.example"),
        document("invoice", "1 0"), document("invoice", "11", at=DAY + timedelta(microseconds=1)), document("invoice", "12", giver=THEY, receiver=US),
        document("invoice", "13", receiver="kvk:12345678"), document("delivery", "14", amount=2.0), document("delivery", "15", amount=40.0, unit="EUR"),
        document("order", "16", unit="count"), document("order", "17", answers=good.id), document("credit_note", "18", due=DAY),
        document("credit_note", "19", answers="order:birch.example:1:2026"), document("order_response"), replace(good, amount=2.0), document("order", "20", unit="pieces"),
    ]
    assert written([good, *odd], PARTIES).left == tuple(odd)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["invoice", "credit_note", "order", "delivery"]), st.integers(0, 10**9), st.integers(0, 4), st.integers(0, 86_399)),
                min_size=1, max_size=5))
def test_what_is_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, papers: list[tuple[str, int, int, int]]) -> None:
    folder = tmp_path_factory.mktemp("invoices")
    events = [
        document(kind, f"F-{number}", at=DAY + timedelta(seconds=second), amount=1.0 if kind == "delivery" else units / 10**decimals)
        for number, (kind, units, decimals, second) in enumerate(papers)]
    assert ubl.write(events, folder, PARTIES) == []
    found = [read_again(ubl, path) for path in sorted(folder.iterdir())]
    assert facts([event for one in found for event in one.events], *COLUMNS) == facts(events, *COLUMNS)
    assert written(events, PARTIES).files == written(events, PARTIES).files
