"""Writes invoices, credit notes, orders and despatch advices in UBL 2.1, one file a document, elements in the order of the schema.

Each party stands there with its mail, its name, and its numbers as far as known, the seller of an invoice with its account: what
`ledger.resolve` joins documents, mail and bank on. What the ledger does not know is as plain as the standard allows: one line, and a rate of 21 %.
An order or a delivery that the ledger counts as one piece is a line of one piece: UBL knows values of orders in money only, so
that one is read back as an order of unknown value. Source: OASIS UBL 2.1; EN 16931-3-2.
"""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from evenwicht.importers.written import Written, address, has_mail, in_seconds, without
from evenwicht.importers.xml.creditor_reference import creditor_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from evenwicht.importers.xml.parties import Named
    from evenwicht.ledger.events import Event

_SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_PEPPOL = {
    "Invoice": ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"),
    "CreditNote": ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"),
    "Order": ("urn:fdc:peppol.eu:poacc:trns:order:3", "urn:fdc:peppol.eu:poacc:bis:order_only:3"),
    "DespatchAdvice": ("urn:fdc:peppol.eu:poacc:trns:despatch_advice:3", "urn:fdc:peppol.eu:poacc:bis:despatch_advice:3"),
}
_ROOTS = {"invoice": "Invoice", "credit_note": "CreditNote", "order": "Order", "delivery": "DespatchAdvice"}
_RATE = Decimal("1.21")
_CENT = Decimal("0.01")
_MOST_DECIMALS = 12
_NUMBER = re.compile(r"[!-9;-~]{1,60}")
_NOT_NAME = re.compile(r"[^A-Za-z0-9.-]+")
_CURRENCY = re.compile(r"[A-Z]{3}")


def write(events: Iterable[Event], folder: Path, parties: Mapping[str, Named]) -> list[Event]:
    """Write the invoices, credit notes, orders and deliveries among the events, one file each.

    parties   who everybody is: a name, `vat:`, `peppol:` and `iban:` as far as known, by the key
    Returns the events that none of them holds: other kinds, and facts that UBL cannot state. Raises OSError.
    """
    return written(events, parties).into(folder)


def written(events: Iterable[Event], parties: Mapping[str, Named]) -> Written:
    """Documents as bytes by name, and the events that are in none of them."""
    events = list(events)
    dated = {one.id: one.at for one in events if one.kind in {"order", "invoice"}}
    files: dict[str, bytes] = {}
    carried: list[Event] = []
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for event in events:
        if event.kind in _ROOTS and _is_document(event):
            seen[event.id, event.kind] += 1
            if seen[event.id, event.kind] > 1:
                continue
            files[f"{_NOT_NAME.sub('-', event.id)}.xml"] = _document(event, parties, dated).encode()
            carried.append(event)
    return Written(files, without(events, carried))


def _is_document(event: Event) -> bool:
    """Whether a document can say this: its id is made of seller, number and year, its days are whole, its amount is money."""
    seller = event.receiver if event.kind == "order" else event.giver
    return (
        _number(event.id, event.kind, seller, event.at.year) is not None and event.shared and has_mail(event.giver) and has_mail(event.receiver)
        and in_seconds(event) and (event.due is None or event.due.hour == event.due.minute == event.due.second == 0)
        and _says_amount(event) and _says_answer(event, seller)
    )


def _number(identity: str, kind: str, seller: str, year: int | None = None) -> str | None:
    """The number in `kind:seller:number:year`; None where the id is not of this form."""
    begin = f"{kind}:{seller}:"
    number, _, ends = identity.removeprefix(begin).rpartition(":")
    fits = identity.startswith(begin) and _NUMBER.fullmatch(number) is not None and re.fullmatch(r"\d{4}", ends) is not None
    return number if fits and (year is None or int(ends) == year) else None


def _says_amount(event: Event) -> bool:
    money = event.amount is not None and event.amount >= 0 and _CURRENCY.fullmatch(event.unit) is not None and _is_plain(event.amount)
    piece = event.amount == 1 and event.unit == "count"
    if event.kind == "delivery":
        return piece
    return money or (event.kind == "order" and (piece or (event.amount is None and not event.unit)))


def _is_plain(amount: float) -> bool:
    exponent = Decimal(repr(amount)).as_tuple().exponent
    return isinstance(exponent, int) and -_MOST_DECIMALS <= exponent <= 1


def _says_answer(event: Event, seller: str) -> bool:
    """Whether what it answers can be named in it: an order of the same seller, for a credit note the invoice."""
    if event.kind == "order":
        return event.answers is None
    if event.kind == "credit_note" and event.due is not None:
        return False
    return event.answers is None or _number(event.answers, "invoice" if event.kind == "credit_note" else "order", seller) is not None


# ── one document ──

def _document(event: Event, parties: Mapping[str, Named], dated: Mapping[str, datetime]) -> str:
    root = _ROOTS[event.kind]
    seller = event.receiver if event.kind == "order" else event.giver
    customization, profile = _PEPPOL[root]
    head = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{root} xmlns="{_SPACE}{root}-2" xmlns:cac="{_SPACE}CommonAggregateComponents-2" xmlns:cbc="{_SPACE}CommonBasicComponents-2">',
        f"<cbc:CustomizationID>{customization}</cbc:CustomizationID>", f"<cbc:ProfileID>{profile}</cbc:ProfileID>",
        f"<cbc:ID>{escape(_number(event.id, event.kind, seller) or '')}</cbc:ID>", f"<cbc:IssueDate>{event.at:%Y-%m-%d}</cbc:IssueDate>",
    ]
    if event.at.hour or event.at.minute or event.at.second:
        head.append(f"<cbc:IssueTime>{event.at:%H:%M:%S}Z</cbc:IssueTime>")
    bodies = {"invoice": _invoice, "credit_note": _credit_note, "order": _order, "delivery": _despatch}
    return "\n".join([*head, *bodies[event.kind](event, parties, dated), f"</{root}>", ""])


def _invoice(event: Event, parties: Mapping[str, Named], dated: Mapping[str, datetime]) -> list[str]:
    return [
        *([f"<cbc:DueDate>{event.due:%Y-%m-%d}</cbc:DueDate>"] if event.due else []),
        "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", f"<cbc:DocumentCurrencyCode>{event.unit}</cbc:DocumentCurrencyCode>",
        *_order_reference(event, event.giver, dated),
        *_sides("AccountingSupplierParty", "AccountingCustomerParty", event.giver, event.receiver, parties),
        *_payment_means(event, parties), *_billed(event, "Invoice", "InvoicedQuantity"),
    ]


def _credit_note(event: Event, parties: Mapping[str, Named], dated: Mapping[str, datetime]) -> list[str]:
    billed = []
    if event.answers is not None:
        day = f"{dated[event.answers]:%Y-%m-%d}" if event.answers in dated else f"{event.answers.rpartition(':')[2]}-01-01"
        number = escape(_number(event.answers, "invoice", event.giver) or "")
        billed = [f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{number}</cbc:ID><cbc:IssueDate>{day}</cbc:IssueDate>",
                  "</cac:InvoiceDocumentReference></cac:BillingReference>"]
    return [
        "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>", f"<cbc:DocumentCurrencyCode>{event.unit}</cbc:DocumentCurrencyCode>", *billed,
        *_sides("AccountingSupplierParty", "AccountingCustomerParty", event.giver, event.receiver, parties),
        *_billed(event, "CreditNote", "CreditedQuantity"),
    ]


def _order(event: Event, parties: Mapping[str, Named], _dated: Mapping[str, datetime]) -> list[str]:
    money = event.unit if event.amount is not None and event.unit != "count" else ""
    line = "<cac:Item><cbc:Name>Goods</cbc:Name></cac:Item>"
    total = []
    if money:
        total = [f"<cac:AnticipatedMonetaryTotal>{_amount('PayableAmount', _exact(event), money)}</cac:AnticipatedMonetaryTotal>"]
    return [
        *([f"<cbc:DocumentCurrencyCode>{money}</cbc:DocumentCurrencyCode>"] if money else []),
        *_sides("BuyerCustomerParty", "SellerSupplierParty", event.giver, event.receiver, parties),
        *([f"<cac:Delivery>{_period('RequestedDeliveryPeriod', event.due)}</cac:Delivery>"] if event.due else []), *total,
        f'<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode="C62">1</cbc:Quantity>{line}</cac:LineItem></cac:OrderLine>',
    ]


def _despatch(event: Event, parties: Mapping[str, Named], dated: Mapping[str, datetime]) -> list[str]:
    promised = f"<cac:Delivery>{_period('PromisedDeliveryPeriod', event.due)}</cac:Delivery>" if event.due else ""
    return [
        *_order_reference(event, event.giver, dated),
        *_sides("DespatchSupplierParty", "DeliveryCustomerParty", event.giver, event.receiver, parties),
        f"<cac:Shipment><cbc:ID>1</cbc:ID>{promised}</cac:Shipment>",
        '<cac:DespatchLine><cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode="C62">1</cbc:DeliveredQuantity>',
        "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference><cac:Item><cbc:Name>Goods</cbc:Name></cac:Item></cac:DespatchLine>",
    ]


# ── what stands in several of them ──

def _order_reference(event: Event, seller: str, dated: Mapping[str, datetime]) -> list[str]:
    if event.answers is None:
        return []
    day = f"<cbc:IssueDate>{dated[event.answers]:%Y-%m-%d}</cbc:IssueDate>" if event.answers in dated else ""
    return [f"<cac:OrderReference><cbc:ID>{escape(_number(event.answers, 'order', seller) or '')}</cbc:ID>{day}</cac:OrderReference>"]


def _sides(first: str, second: str, one: str, other: str, parties: Mapping[str, Named]) -> list[str]:
    return [f"<cac:{role}>{_party(key, parties)}</cac:{role}>" for role, key in ((first, one), (second, other))]


def _party(key: str, parties: Mapping[str, Named]) -> str:
    known = parties.get(key)
    name = escape(known.name if known is not None and known.name else key)
    vat = _known(known, "vat")
    scheme, number = _endpoint(key, known)
    taxed = country = ""
    if vat is not None:
        country = f"<cac:PostalAddress><cac:Country><cbc:IdentificationCode>{escape(vat[:2])}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
        taxed = f"<cac:PartyTaxScheme><cbc:CompanyID>{escape(vat)}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    return (
        f"<cac:Party><cbc:EndpointID schemeID=\"{escape(scheme)}\">{escape(number)}</cbc:EndpointID><cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>"
        f"{country}{taxed}<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity>"
        f"<cac:Contact><cbc:ElectronicMail>{escape(address(None, key))}</cbc:ElectronicMail></cac:Contact></cac:Party>"
    )


def _endpoint(key: str, known: Named | None) -> tuple[str, str]:
    """Where its documents are delivered: a number in a register of Peppol, a Dutch VAT number, else its mail."""
    peppol, vat = _known(known, "peppol"), _known(known, "vat")
    if peppol is not None:
        scheme, _, number = peppol.partition(":")
        return scheme, number
    return ("9944", vat) if vat is not None and vat.startswith("NL") else ("EM", address(None, key))


def _known(party: Named | None, scheme: str) -> str | None:
    """What a party is known by in one scheme, `vat` for `vat:NL…`; None where it is not."""
    begin = f"{scheme}:"
    return next((one.removeprefix(begin) for one in (party.identifiers if party else ()) if one.startswith(begin)), None)


def _payment_means(event: Event, parties: Mapping[str, Named]) -> list[str]:
    iban = _known(parties.get(event.giver), "iban")
    account = f"<cac:PayeeFinancialAccount><cbc:ID>{escape(iban)}</cbc:ID></cac:PayeeFinancialAccount>" if iban else ""
    return [f"<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>{creditor_reference(event.id)}</cbc:PaymentID>{account}</cac:PaymentMeans>"]


def _billed(event: Event, root: str, quantity: str) -> list[str]:
    """Tax, totals and the one line."""
    total, unit = _exact(event), event.unit
    net = (total / _RATE).quantize(_CENT)
    category = "<cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    def money(name: str, value: Decimal) -> str:
        return _amount(name, value, unit)

    return [
        f"<cac:TaxTotal>{money('TaxAmount', total - net)}<cac:TaxSubtotal>{money('TaxableAmount', net)}{money('TaxAmount', total - net)}",
        f"<cac:TaxCategory>{category}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>",
        f"<cac:LegalMonetaryTotal>{money('LineExtensionAmount', net)}{money('TaxExclusiveAmount', net)}",
        f"{money('TaxInclusiveAmount', total)}{money('PayableAmount', total)}</cac:LegalMonetaryTotal>",
        f'<cac:{root}Line><cbc:ID>1</cbc:ID><cbc:{quantity} unitCode="C62">1</cbc:{quantity}>{money("LineExtensionAmount", net)}',
        f"<cac:Item><cbc:Name>Goods</cbc:Name><cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory></cac:Item>",
        f"<cac:Price>{money('PriceAmount', net)}</cac:Price></cac:{root}Line>",
    ]


def _exact(event: Event) -> Decimal:
    """The amount as it stands in the ledger, with two decimals where it has no more."""
    amount = Decimal(repr(event.amount))
    cents = amount.quantize(_CENT)
    return cents if cents == amount else amount


def _amount(name: str, value: Decimal, unit: str) -> str:
    return f'<cbc:{name} currencyID="{unit}">{value:f}</cbc:{name}>'


def _period(name: str, due: datetime) -> str:
    return f"<cac:{name}><cbc:EndDate>{due:%Y-%m-%d}</cbc:EndDate></cac:{name}>"
