"""Berk's account, a CAMT.053 statement a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from making.firms import BERK, FIRMS, FIRST, LAST
from making.plan import Payment

OPENING = Decimal("48210.35")
COSTS = Decimal("-14.95")


def write(payments: Iterable[Payment], folder: Path) -> None:
    """YYYY-MM.xml: opening and closing balance, entries in the order of their days, the bank's own costs at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    paid = sorted(payments, key=lambda one: (one.day, one.firm, one.amount))
    balance, first = OPENING, FIRST
    while first < LAST:
        following = (first + timedelta(days=32)).replace(day=1)
        last = following - timedelta(days=1)
        entries = [one for one in paid if first <= one.day <= last]
        closing = balance + sum((one.amount for one in entries), Decimal(0)) + COSTS
        (folder / f"{first:%Y-%m}.xml").write_text(_statement(first, last, balance, closing, entries), encoding="utf-8", newline="\n")
        balance, first = closing, following


def _balance(code: str, amount: Decimal, day: date) -> str:
    sign = "CRDT" if amount >= 0 else "DBIT"
    return f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'


def _entry(number: int, payment: Payment) -> str:
    firm = FIRMS[payment.firm]
    comes_in = payment.amount >= 0
    role, account = ("Dbtr", "DbtrAcct") if comes_in else ("Cdtr", "CdtrAcct")
    amount, sign = f"{abs(payment.amount):.2f}", "CRDT" if comes_in else "DBIT"
    return (
        f'<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{payment.day}</Dt></BookgDt><ValDt><Dt>{payment.day}</Dt></ValDt>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{escape(payment.reference)}</EndToEndId></Refs>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<RltdPties><{role}><Nm>{escape(firm.name)}</Nm></{role}><{account}><Id><IBAN>{firm.iban}</IBAN></Id></{account}></RltdPties>"
        f"<RmtInf><Ustrd>{escape(payment.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _costs(number: int, day: date) -> str:
    return (
        f'<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">{-COSTS:.2f}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>'
        f"<ValDt><Dt>{day}</Dt></ValDt><AddtlNtryInf>Kosten zakelijke rekening</AddtlNtryInf></Ntry>"
    )


def _statement(first: date, last: date, opening: Decimal, closing: Decimal, entries: list[Payment]) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>',
        f"<GrpHdr><MsgId>BERK{last:%Y%m}</MsgId><CreDtTm>{last}T23:00:00</CreDtTm></GrpHdr>",
        f"<Stmt><Id>{last:%Y%m}</Id><CreDtTm>{last}T23:00:00</CreDtTm><FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>",
        f"<Acct><Id><IBAN>{BERK.iban}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>{escape(BERK.name)}</Nm></Ownr></Acct>",
        _balance("OPBD", opening, first), _balance("CLBD", closing, last),
        *(_entry(number, payment) for number, payment in enumerate(entries, 1)), _costs(len(entries) + 1, last),
        "</Stmt></BkToCstmrStmt></Document>",
    ]
    return "\n".join(lines) + "\n"
