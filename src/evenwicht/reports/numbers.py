"""Days, numbers, money and percentages as each language writes them.

English is British: 9 February 2026, € 18,240.00; Dutch: 9 februari 2026, € 18.240,00. A no-break space stands between
day and month and between € and amount, so that neither is torn apart at the end of a line; 93% is closed up in both.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, is_currency

from evenwicht.reports.catalogue import say, template
from evenwicht.reports.days import as_date, day, days_said, english_day, locale, moment, month, short_day

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "NO_BREAK", "amount", "as_date", "day", "days_said", "english_day", "finite", "listed", "moment", "money", "month",
    "number", "percent", "short_day", "short_money", "times",
]

NO_BREAK = "\u00a0"
_MILLION = 1_000_000


def number(value: float, language: str, *, digits: int = 1) -> str:
    """At most `digits` decimals, none that are zero: 5.8, 1,234; 5,8, 1.234. Never minus zero."""
    rounded = round(value, digits) + 0.0
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    return format_decimal(rounded, pattern, locale=locale(language))


def times(value: float, language: str) -> str:
    """1.1 ×: always one decimal, for a ratio."""
    return f"{format_decimal(round(value, 1) + 0.0, '#,##0.0', locale=locale(language))}{NO_BREAK}×"


def percent(share: float, language: str, *, digits: int = 0) -> str:
    """93%, closed up in both languages; `share` in 0 … 1."""
    pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
    return format_percent(round(share, digits + 2) + 0.0, pattern, locale=locale(language))


def money(amount: float, currency: str, language: str) -> str:
    """€ 18,240.00 and € 18.240,00; the code where the currency has no sign of its own."""
    pattern = "¤\u00a0#,##0.00;¤\u00a0-#,##0.00"
    return format_currency(amount, currency, pattern, locale=locale(language))


def short_money(amount: float, currency: str, language: str) -> str:
    """€ 4.61 million and € 4,61 miljoen; below a million without cents: € 412,300."""
    if abs(amount) >= _MILLION:
        sign = format_currency(0, currency, "¤", locale=locale(language)).strip()
        return say(language, "{amount} million", amount=f"{sign}{NO_BREAK}{number(amount / _MILLION, language, digits=2)}")
    return format_currency(round(amount), currency, "¤\u00a0#,##0;¤\u00a0-#,##0", locale=locale(language),
                           currency_digits=False)


_UNITS = {
    "words": (template("{n} word"), template("{n} words")),
    "seconds": (template("{n} second"), template("{n} seconds")),
    "minutes": (template("{n} minute"), template("{n} minutes")),
    "hours": (template("{n} hour"), template("{n} hours")),
    "working hours": (template("{n} working hour"), template("{n} working hours")),
    "days": (template("{n} day"), template("{n} days")),
    "working days": (template("{n} working day"), template("{n} working days")),
    "weeks": (template("{n} week"), template("{n} weeks")),
    "points": (template("{n} point"), template("{n} points")),
    "count": (template("{n} time"), template("{n} times")),
    "events": (template("{n} event"), template("{n} events")),
}


def amount(value: float, unit: str, language: str, *, digits: int = 1) -> str:
    """A figure with its unit: 412 words, 1 hour, € 200.00; an unknown unit stands after the figure as it is."""
    if unit in _UNITS:
        one, many = _UNITS[unit]
        return say(language, one if round(value, digits) == 1 else many, n=number(value, language, digits=digits))
    if is_currency(unit):
        return money(value, unit, language)
    if unit in {"%", "percent"}:
        return percent(value / 100, language)
    return f"{number(value, language, digits=digits)} {unit}".strip()


def listed(parts: Sequence[str], language: str) -> str:
    """a, b and c."""
    return format_list(list(parts), style="standard", locale=locale(language)) if parts else ""


def finite(value: object) -> float | None:
    """A figure that can be said: None for what is missing, not a number or infinite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None
