"""A document in UBL: when it was issued, who its sides are, what it amounts to, and which order it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.xml.access import attribute, each, first, text, texts
from evenwicht.importers.xml.papers import Paper, order_of, registered, scoped
from evenwicht.importers.xml.parties import Named, named
from evenwicht.importers.xml.values import amount, currency, day, moment
from evenwicht.ledger.identifiers import of_address, of_endpoint, of_iban, of_vat

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from lxml.etree import _Element

_VAT_SCHEMES = frozenset({"", "VAT"})
_BARE = frozenset({"SenderParty", "ReceiverParty"})
"""Roles that are the party itself; in the others it stands in an element of its own."""


class UblPaper(Paper):
    """A document in UBL."""

    __slots__ = ()

    def issued(self) -> datetime | None:
        """When it was issued; None, with a problem, when that is not known or not to be believed."""
        written = text(self.root, "IssueDate")
        at = moment(written, text(self.root, "IssueTime"))
        if at is None:
            self.reading.problem(
                self.place, "The {kind} {number} has no readable issue date ({written}).",
                "It was left out: ask the sender for one with an IssueDate such as 2026-03-31.",
                kind=self.kind, number=self.place, written=written or "–",
            )
            return None
        return self.believed(at, written)

    def sides(
        self, sellers: tuple[str, ...], buyers: tuple[str, ...], paid_on: list[str] | None = None, paid_from: list[str] | None = None,
    ) -> tuple[Named, Named] | None:
        """Seller and buyer, told apart and mentioned; None = left out. `sellers` and `buyers` are roles, the best first."""
        return self.both(lambda trading: (
            _parties(self.root, sellers, paid_on or [], trading=trading), _parties(self.root, buyers, paid_from or [], trading=trading),
        ))

    def total(self, *names: str) -> tuple[Decimal | None, str]:
        """The amount to pay and its currency; without one the total with VAT, and a problem."""
        fallback = currency(text(self.root, "DocumentCurrencyCode"))
        for name in names:
            for sums in each(self.root, name):
                for field in ("PayableAmount", "TaxInclusiveAmount"):
                    found = first(sums, field)
                    written = text(sums, field)
                    value = amount(written)
                    if found is None or value is None:
                        continue
                    if field != "PayableAmount":
                        self.reading.problem(
                            self.place, "The {kind} {number} has no amount to pay; its total with VAT was taken.",
                            "Ask the sender for one with a PayableAmount if the amount matters.", "warning",
                            kind=self.kind, number=self.place,
                        )
                    return value, currency(attribute(found, "currencyID")) or fallback or self.no_currency()
        self.reading.problem(
            self.place, "The {kind} {number} has no readable amount to pay.",
            "It was kept without one. Ask the sender for one with a PayableAmount.", "warning",
            kind=self.kind, number=self.place,
        )
        return None, fallback

    def order(self, seller: Named) -> tuple[str | None, tuple[str, ...]]:
        """The order it belongs to: its id where the document dates the order, and references to look it up by."""
        numbers = [*texts(self.root, "OrderReference", "ID"), *texts(self.root, "OrderReference", "SalesOrderID")]
        known = day(text(self.root, "OrderReference", "IssueDate"))
        return order_of(seller, numbers, known)


def _parties(root: _Element, roles: tuple[str, ...], accounts: list[str], *, trading: bool) -> list[Named]:
    found = (_party(root, role, accounts, trading=trading) for role in roles)
    return [party for party in found if party is not None]


def _party(root: _Element, role: str, accounts: list[str], *, trading: bool) -> Named | None:
    """Who stands in a role; None when nobody does, or nothing identifies them."""
    holder = first(root, role)
    if holder is None:
        return None
    party = holder if role in _BARE else first(holder, "Party")
    if party is None:
        return None
    mails = texts(party, "Contact", "ElectronicMail")
    for contact in ("AccountingContact", "SellerContact", "BuyerContact"):
        mails += texts(holder, contact, "ElectronicMail")
    country = text(party, "PostalAddress", "Country", "IdentificationCode").upper()
    found: list[str | None] = [of_address(mail) for mail in mails]
    found += [of_endpoint(attribute(one, "schemeID"), text(one)) for one in each(party, "EndpointID") if scoped(attribute(one, "schemeID"))]
    for scheme in each(party, "PartyTaxScheme"):
        if text(scheme, "TaxScheme", "ID").upper() in _VAT_SCHEMES:
            found.append(of_vat(text(scheme, "CompanyID")))
    for one in (*each(party, "PartyIdentification", "ID"), *each(party, "PartyLegalEntity", "CompanyID")):
        found.append(registered(attribute(one, "schemeID"), text(one), country))
    found += [of_iban(account) for account in accounts]
    legal, traded = text(party, "PartyLegalEntity", "RegistrationName"), text(party, "PartyName", "Name")
    name = traded or legal if trading else legal or traded
    return named(found, name)
