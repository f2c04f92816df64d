"""The payment reference of an invoice: what its sender prints on it and its payer repeats (ISO 11649, `RF` and check digits)."""

from __future__ import annotations

from hashlib import sha256

_DIGITS = 14
_BASE = 97


def creditor_reference(invoice: str) -> str:
    """`RF63…` for the id of an invoice: 14 digits made of the id, behind two that check them (modulo 97)."""
    digits = str(int.from_bytes(sha256(invoice.encode()).digest()[:8]) % 10**_DIGITS).zfill(_DIGITS)
    return f"RF{_BASE + 1 - int(digits + '271500') % _BASE:02}{digits}"  # R = 27, F = 15
