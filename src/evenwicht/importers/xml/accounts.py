"""What a general-ledger account is for: debtors, creditors, VAT or money. From codes where there are any, else its name.

Source: Referentie Grootboekschema (RGS): BVorDeb debtors, BSchCre creditors, BVorBtw and BSchBtw VAT, BLim money.
"""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["debtors", "creditors", "vat", "money"]

_RGS: tuple[tuple[str, Role], ...] = (
    ("bvordeb", "debtors"), ("bschcre", "creditors"), ("bvorbtw", "vat"), ("bschbtw", "vat"), ("blim", "money"),
)
_NAMES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"\b(?:btw|vat|omzetbelasting|voorbelasting|umsatzsteuer|vorsteuer)\b", re.IGNORECASE), "vat"),
    (re.compile(r"\b(?:handels)?debiteur(?:en)?\b|\bdebtors?\b|\b(?:accounts?|trade) receivables?\b|\bdebitoren\b",
                re.IGNORECASE), "debtors"),
    (re.compile(r"\b(?:handels)?crediteur(?:en)?\b|\bcreditors?\b|\b(?:accounts?|trade) payables?\b|\bkreditoren\b|\bleveranciers\b",
                re.IGNORECASE), "creditors"),
    (re.compile(r"\b(?:bank|kas|kasgeld|cash|rekening-?courant bank|spaarrekening|kruisposten)\b", re.IGNORECASE), "money"),
)
_NOT_THE_ACCOUNT = re.compile(r"voorziening|provision|dubieuz|oninbaar|tussenrekening|kosten|suspense", re.IGNORECASE)


def role_of(name: str, account_type: str, codes: tuple[str, ...]) -> Role | None:
    """What an account is for; None for revenue, costs, and whatever else.

    name          as in the chart of accounts: `Debiteuren`
    account_type  `P` profit and loss, `B` balance sheet, `M` both, "" not said
    codes         reference codes beside it, in order of trust: `BVorDebHad`
    """
    for code in codes:
        for start, role in _RGS:
            if code.lower().startswith(start):
                return None if role == "debtors" and code.lower().startswith("bvordebvdd") else role
    if account_type.upper() == "P" or _NOT_THE_ACCOUNT.search(name):
        return None
    return next((role for pattern, role in _NAMES if pattern.search(name)), None)
