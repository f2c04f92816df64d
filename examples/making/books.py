"""The audit file of the book year 2025 (XML Auditfile Financieel 3.2): sales, purchases and the bank."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from making.firms import BERK, FIRMS
from making.plan import Happened, Invoice, Payment

YEAR = 2025


def write(happened: Happened, path: Path) -> None:
    """One file. Debit equals credit in every transaction and in all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    invoices = [one for one in happened.invoices if one.issued.year == YEAR]
    sold = [one for one in invoices if one.seller == BERK.key]
    bought = [one for one in invoices if one.buyer == BERK.key]
    paid = [one for one in happened.payments if one.day.year == YEAR]
    journals = [
        _journal("70", "Verkoopboek", "S", _sales(sold)),
        _journal("60", "Inkoopboek", "P", _purchases(bought)),
        _journal("20", "Bank", "B", _bank(paid)),
    ]
    lines = sum(len(rows) for journal in journals for _head, rows in journal[3])
    debit = sum((amount for journal in journals for _head, rows in journal[3] for _row, kind, amount in rows if kind == "D"), Decimal(0))
    credit = sum((amount for journal in journals for _head, rows in journal[3] for _row, kind, amount in rows if kind == "C"), Decimal(0))
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>', '<auditfile xmlns="http://www.auditfiles.nl/XAF/3.2">',
        f"<header><fiscalYear>{YEAR}</fiscalYear><startDate>{YEAR}-01-01</startDate><endDate>{YEAR}-12-31</endDate><curCode>EUR</curCode>"
        f"<dateCreated>{YEAR + 1}-01-15</dateCreated><softwareDesc>Kasboek</softwareDesc><softwareVersion>4.1</softwareVersion></header>",
        f"<company><companyIdent>{BERK.kvk}</companyIdent><companyName>{escape(BERK.name)}</companyName>"
        f"<taxRegistrationCountry>NL</taxRegistrationCountry><taxRegIdent>{BERK.vat}</taxRegIdent>",
        "<customersSuppliers>", *(_partner(key) for key in FIRMS), "</customersSuppliers>",
        "<generalLedger>", *(f"<ledgerAccount><accID>{number}</accID><accDesc>{name}</accDesc><accTp>{kind}</accTp></ledgerAccount>" for number, name, kind in (
            ("1100", "Bank", "B"), ("1300", "Debiteuren", "B"), ("1500", "Btw te betalen", "B"), ("1520", "Btw te vorderen", "B"), ("1600", "Crediteuren", "B"),
            ("4000", "Inkopen", "P"), ("8000", "Omzet", "P"))), "</generalLedger>",
        "<periods>", *(f"<period><periodNumber>{month}</periodNumber><startDatePeriod>{date(YEAR, month, 1)}</startDatePeriod>"
                       f"<endDatePeriod>{date(YEAR + month // 12, month % 12 + 1, 1) - (date(2000, 1, 2) - date(2000, 1, 1))}</endDatePeriod></period>"
                       for month in range(1, 13)), "</periods>",
        f"<transactions><linesCount>{lines}</linesCount><totalDebit>{debit}</totalDebit><totalCredit>{credit}</totalCredit>",
    ]
    for number, name, kind, transactions in journals:
        out.append(f"<journal><jrnID>{number}</jrnID><desc>{name}</desc><jrnTp>{kind}</jrnTp>")
        for (ident, day, text), rows in transactions:
            out.append(f"<transaction><nr>{ident}</nr><desc>{escape(text)}</desc><periodNumber>{day.month}</periodNumber><trDt>{day}</trDt>")
            out += [row for row, _kind, _amount in rows]
            out.append("</transaction>")
        out.append("</journal>")
    out.append("</transactions></company></auditfile>")
    path.write_text("\n".join(out) + "\n", encoding="utf-8", newline="\n")


Row = tuple[str, str, Decimal]
Transaction = tuple[tuple[str, date, str], list[Row]]


def _journal(number: str, name: str, kind: str, transactions: Iterable[Transaction]) -> tuple[str, str, str, list[Transaction]]:
    return number, name, kind, list(transactions)


def _partner(key: str) -> str:
    firm = FIRMS[key]
    kind = {"jansensmit": "B", "voskarton": "S", "vandam": "S"}.get(key, "C")
    return (
        f"<customerSupplier><custSupID>{firm.account}</custSupID><custSupName>{escape(firm.name)}</custSupName><eMail>{firm.people[0].address}</eMail>"
        f"<commerceNr>{firm.kvk if firm.country == 'NL' else ''}</commerceNr><taxRegistrationCountry>{firm.country}</taxRegistrationCountry><taxRegIdent>{firm.vat}</taxRegIdent>"
        f"<custSupTp>{kind}</custSupTp><bankAccount><bankAccNr>{firm.iban}</bankAccNr></bankAccount></customerSupplier>"
    ).replace("<commerceNr></commerceNr>", "")


def _row(number: int, account: str, document: str, day: date, text: str, amount: Decimal, kind: str, *, partner: str = "", invoice: str = "") -> Row:
    return (
        f"<trLine><nr>{number}</nr><accID>{account}</accID><docRef>{escape(document)}</docRef><effDate>{day}</effDate><desc>{escape(text)}</desc>"
        f"<amnt>{amount}</amnt><amntTp>{kind}</amntTp>"
        + (f"<custSupID>{partner}</custSupID>" if partner else "") + (f"<invRef>{escape(invoice)}</invRef>" if invoice else "") + "</trLine>",
        kind, amount,
    )


def _sales(sold: list[Invoice]) -> Iterable[Transaction]:
    for number, one in enumerate(sold, 1):
        partner, (give, take) = FIRMS[one.buyer].account, ("C", "D") if one.credits else ("D", "C")
        invoice = one.credits or one.number
        rows = [_row(1, "1300", one.number, one.issued, FIRMS[one.buyer].name, one.total, give, partner=partner, invoice=invoice),
                _row(2, "8000", one.number, one.issued, one.goods, one.net, take)]
        if one.tax:
            rows.append(_row(3, "1500", one.number, one.issued, "Btw", one.tax, take))
        yield (f"V{number:04d}", one.issued, f"{'Creditnota' if one.credits else 'Factuur'} {one.number}"), rows


def _purchases(bought: list[Invoice]) -> Iterable[Transaction]:
    for number, one in enumerate(bought, 1):
        yield (f"I{number:04d}", one.issued, f"Factuur {one.number}"), [
            _row(1, "1600", one.number, one.issued, FIRMS[one.seller].name, one.total, "C", partner=FIRMS[one.seller].account, invoice=one.number),
            _row(2, "4000", one.number, one.issued, one.goods, one.net, "D"), _row(3, "1520", one.number, one.issued, "Btw", one.tax, "D"),
        ]


def _bank(paid: list[Payment]) -> Iterable[Transaction]:
    """The bookkeeper wrote the invoice beside a payment where it was for one."""
    for number, one in enumerate(paid, 1):
        firm, amount, comes_in = FIRMS[one.firm], abs(one.amount), one.amount > 0
        invoice = one.pays[0] if len(one.pays) == 1 else ""
        yield (f"B{number:04d}", one.day, one.text), [
            _row(1, "1100", f"B{number:04d}", one.day, one.text, amount, "D" if comes_in else "C"),
            _row(2, "1300" if comes_in else "1600", f"B{number:04d}", one.day, one.text, amount, "C" if comes_in else "D", partner=firm.account, invoice=invoice),
        ]
