"""What stands in the fields of a statement: whose account, which balance, and each booked line.

Source: SWIFT Standards, Category 9, MT940 and MT942; and what banks make of them.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_CENTURY = 70
"""Two digits of a year from here on are of the last century."""

_MONTHS = 12
_LAST_OF_ANY = 31
_ENTRY = re.compile(
    r"\s*(\d{6})(\d{4}| {4})?\s*(R[CD]|E[CD]|[CD])\s*[A-Z]?\s*(\d{1,30}(?:[,.]\d{0,12})?|[,.]\d{1,12})\s*([NSF][A-Z0-9]{3})?([^\n]*)(.*)",
    re.DOTALL | re.ASCII,
)
_BALANCE = re.compile(r"\s*R?[CD]\s*(\d{6})\s*([A-Z]{3})?", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_CURRENCY_BEHIND = re.compile(r"(?<=\d)\s*([A-Z]{3})$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it is to be used; `repaired` when the calendar has no such day and the last of its month was taken."""

    at: datetime
    repaired: bool = False


class Entry(NamedTuple):
    """A booked line (:61:).

    booked      the entry date, None where the bank gives none
    value       the value date, None where it is not readable
    mark        C, D, RC, RD, EC or ED
    amount      above zero
    reference   what the bank calls the customer's reference; often NONREF, an account, or the other side
    details     the supplementary lines below it
    """

    booked: Day | None
    value: Day | None
    mark: str
    amount: Decimal
    reference: str
    details: str


def entry_of(text: str) -> Entry | None:
    """Read a :61:; None when it is none, or has no readable day."""
    found = _ENTRY.match(text)
    if found is None:
        return None
    valued, entered, mark, written, _kind, reference, details = found.groups()
    booked, value = _days(valued, entered or "")
    if value is None and booked is None:
        return None
    return Entry(booked, value, mark, Decimal("0" + written.replace(",", ".")) + 0, reference.partition("//")[0].rstrip(),
                 " ".join(details.split()))


@lru_cache(maxsize=4_096)
def _days(valued: str, entered: str) -> tuple[Day | None, Day | None]:
    """Entry date and value date: the same few stand on line after line."""
    value = day_of(valued)
    return _booked(entered, value), value


@lru_cache(maxsize=4_096)
def day_of(written: str) -> Day | None:
    """`260230` → the last day of February 2026, repaired; None when there is no such month."""
    year = int(written[:2])
    return _day(year + (1900 if year >= _CENTURY else 2000), int(written[2:4]), int(written[4:6]))


def balance_of(text: str) -> tuple[Day | None, str]:
    """The day and the currency of a balance (:60F:, :62F: …), as far as they are readable."""
    found = _BALANCE.match(text)
    return (None, "") if found is None else (day_of(found[1]), found[2] or "")


@lru_cache(maxsize=1_024)
def account_of(text: str) -> tuple[str, str]:
    """The account number, an IBAN where it holds one, and the currency behind it: `NL93RABO0312445566 EUR`."""
    written = " ".join(text.split()).upper()
    behind = _CURRENCY_BEHIND.search(written)
    unit = behind[1] if behind is not None else ""
    bare = written[:behind.start()] if behind is not None else written
    for part in (bare, *bare.split("/")):
        compact = part.replace(" ", "").replace(".", "")
        if _IBAN.fullmatch(compact):
            return compact, unit
    return bare, unit


def _booked(month_and_day: str, value: Day | None) -> Day | None:
    """The entry date, in the year that brings it nearest to the value date."""
    if not month_and_day.strip() or value is None:
        return None
    month, day = int(month_and_day[:2]), int(month_and_day[2:])
    found = [_day(value.at.year + away, month, day) for away in (0, -1, 1)]
    return min((one for one in found if one is not None), key=lambda one: abs(one.at - value.at), default=None)


def _day(year: int, month: int, day: int) -> Day | None:
    if not (1 <= month <= _MONTHS and 1 <= day <= _LAST_OF_ANY):
        return None
    last = monthrange(year, month)[1]
    return Day(datetime(year, month, min(day, last), tzinfo=UTC), day > last)
