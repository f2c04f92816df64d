"""Invoices and the credit note as UBL 2.1 (Peppol BIS Billing 3, NLCIUS)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from making.firms import BERK, FIRMS, Firm
from making.plan import Invoice

UBL = "urn:oasis:names:specification:ubl:schema:xsd"
FIRM = {BERK.key: BERK, **FIRMS}


def write(invoices: Iterable[Invoice], folder: Path) -> None:
    """verkoop/ (from Berk) and inkoop/ (to Berk), one file each."""
    for invoice in invoices:
        place = folder / ("verkoop" if invoice.seller == BERK.key else f"inkoop/{invoice.seller}")
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{invoice.number.replace('/', '-')}.xml").write_text(_document(invoice), encoding="utf-8", newline="\n")


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _party(firm: Firm) -> str:
    scheme, number = ("0106", firm.kvk) if firm.country == "NL" else ("9932", firm.vat)
    who = firm.people[0] if firm.key != BERK.key else firm.people[-1]
    return (
        f'<cac:Party><cbc:EndpointID schemeID="{scheme}">{number}</cbc:EndpointID>'
        f"<cac:PartyTaxScheme><cbc:CompanyID>{firm.vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        f'<cac:PartyLegalEntity><cbc:RegistrationName>{escape(firm.name)}</cbc:RegistrationName><cbc:CompanyID schemeID="{scheme}">{number}</cbc:CompanyID></cac:PartyLegalEntity>'
        f"<cac:Contact><cbc:ElectronicMail>{who.address}</cbc:ElectronicMail></cac:Contact></cac:Party>"
    )


def _document(invoice: Invoice) -> str:
    seller, buyer = FIRM[invoice.seller], FIRM[invoice.buyer]
    kind = "CreditNote" if invoice.credits else "Invoice"
    quantity = "CreditedQuantity" if invoice.credits else "InvoicedQuantity"
    tax = f'<cac:TaxCategory><cbc:ID>{"S" if invoice.rate else "E"}</cbc:ID><cbc:Percent>{invoice.rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>'
    def euro(name: str, amount: Decimal) -> str:
        return f'<cbc:{name} currencyID="EUR">{_money(amount)}</cbc:{name}>'
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{kind} xmlns="{UBL}:{kind}-2" xmlns:cac="{UBL}:CommonAggregateComponents-2" xmlns:cbc="{UBL}:CommonBasicComponents-2">',
        "<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0</cbc:CustomizationID>",
        f"<cbc:ID>{invoice.number}</cbc:ID><cbc:IssueDate>{invoice.issued}</cbc:IssueDate>",
        "" if invoice.credits else f"<cbc:DueDate>{invoice.due}</cbc:DueDate>",
        f"<cbc:{kind}TypeCode>{381 if invoice.credits else 380}</cbc:{kind}TypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{invoice.credits}</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>" if invoice.credits else "",
        f"<cac:AccountingSupplierParty>{_party(seller)}</cac:AccountingSupplierParty>",
        f"<cac:AccountingCustomerParty>{_party(buyer)}</cac:AccountingCustomerParty>",
        f"<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>{invoice.number}</cbc:PaymentID>"
        f"<cac:PayeeFinancialAccount><cbc:ID>{seller.iban}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>",
        f"<cac:TaxTotal>{euro('TaxAmount', invoice.tax)}</cac:TaxTotal>",
        f"<cac:LegalMonetaryTotal>{euro('LineExtensionAmount', invoice.net)}{euro('TaxExclusiveAmount', invoice.net)}"
        f"{euro('TaxInclusiveAmount', invoice.total)}{euro('PayableAmount', invoice.total)}</cac:LegalMonetaryTotal>",
        f'<cac:{kind}Line><cbc:ID>1</cbc:ID><cbc:{quantity} unitCode="C62">1</cbc:{quantity}>{euro("LineExtensionAmount", invoice.net)}'
        f"<cac:Item><cbc:Name>{invoice.goods}</cbc:Name>{tax.replace('TaxCategory', 'ClassifiedTaxCategory')}</cac:Item>"
        f"<cac:Price>{euro('PriceAmount', invoice.net)}</cac:Price></cac:{kind}Line></{kind}>",
    ]
    return "\n".join(part for part in parts if part) + "\n"
