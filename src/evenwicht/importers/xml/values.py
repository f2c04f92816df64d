"""What stands in an element, as a value: exact amounts, days, moments, and tokens that join facts.

Nothing is guessed: what is not written as the standard says is None, and the caller names the problem.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from evenwicht.ledger.identifiers import of_iban

if TYPE_CHECKING:
    from collections.abc import Iterable

EARLIEST = datetime(1970, 1, 5, tzinfo=UTC)
"""The first day of week 0 (CONTRACT): a document that is dated before it is dated wrongly."""

_DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_RUN = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*")
_SEPARATORS = re.compile(r"[-/.]")
_DIGIT = re.compile(r"[0-9]")
_IBAN = 15
"""Characters of the shortest IBAN."""

_SHORTEST, _LONGEST, _MOST = 3, 40, 40
_CLOCKS_AHEAD = timedelta(days=2)


def amount(written: str) -> Decimal | None:
    """`-1234.50` → Decimal; None for what is no plain decimal number (NaN, Infinity, exponents, commas)."""
    return Decimal(written) + 0 if _DECIMAL.fullmatch(written) else None


def number(value: Decimal | None) -> float | None:
    """An exact amount as the ledger's float64 column holds it; minus zero is zero."""
    return None if value is None else float(value) + 0.0


def plain(value: Decimal) -> str:
    """One way to write an amount: `12.50` and `12.5` are both `12.5`."""
    return format(value.normalize(), "f")


def currency(written: str) -> str:
    """An ISO 4217 code in capitals; "" for what is none."""
    code = written.strip().upper()
    return code if _CURRENCY.fullmatch(code) else ""


def day(written: str) -> datetime | None:
    """The day of `2026-03-02`, `2026-03-02+01:00` or `2026-03-02T09:14:00+01:00`, as written, at midnight UTC."""
    found = _DAY.match(written)
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError:
        return None


def moment(date: str, time: str = "") -> datetime | None:
    """A day with its time of day in UTC; without a readable time midnight UTC, and a time without a zone is UTC."""
    at = day(date)
    found = _TIME.match(time)
    if at is None or found is None:
        return at
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004  the clock
        return at
    at += timedelta(hours=hour, minutes=minute, seconds=second)
    zone = found[4]
    if zone is None or zone == "Z":
        return at
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    try:
        return at - ahead if zone[0] == "+" else at + ahead
    except OverflowError:
        return None


def believable(at: datetime, now: datetime) -> bool:
    """Whether something can have happened at `at`, when it is read at `now`: clocks of others may be two days ahead."""
    return EARLIEST <= at <= now + _CLOCKS_AHEAD


def token(written: str) -> str:
    """A number that facts are joined on, in one way of writing: capitals, no white space."""
    return "".join(written.split()).upper()[:_LONGEST * 2]


def tokens(words: Iterable[str]) -> tuple[str, ...]:
    """What in free text can be an invoice number: runs of letters and digits with a digit, three characters or more.

    `betreft F2026-113` gives `F2026-113` and `F2026113`, then `F2026` and `113`. Account numbers are left out, and
    words without a digit, so that nothing of the text itself is kept. At most 40.
    """
    whole: dict[str, None] = {}
    parts: dict[str, None] = {}
    for text in words:
        if _DIGIT.search(text) is None:
            continue
        for run in _RUN.findall(text.upper()):
            if run.isalpha() or not _DIGIT.search(run) or (len(run) >= _IBAN and of_iban(run) is not None):
                continue
            whole[run] = None
            if not run.isalnum():
                pieces = _SEPARATORS.split(run)
                whole["".join(pieces)] = None
                for piece in pieces:
                    if _DIGIT.search(piece):
                        parts[piece] = None
    if parts:
        whole |= parts
    return tuple([one for one in whole if _SHORTEST <= len(one) <= _LONGEST][:_MOST])


def digest(*parts: object) -> str:
    """24 hexadecimal digits of SHA-256 over the parts, joined by `|`."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:24]
