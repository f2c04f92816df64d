"""Days as each language writes them: 9 February 2026 and 9 februari 2026, day and month held together.

`numbers` hands these on, so that a page needs one room for all figures.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from babel.dates import format_date, format_datetime

LOCALES = {"en": "en_GB", "nl": "nl"}
"""English is British: the day stands before the month, as in Dutch."""


def locale(language: str) -> str:
    """The locale in which a language's days and figures are written."""
    return LOCALES[language]


def as_date(value: date | str) -> date:
    """A day from a day, a moment or ISO text."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value[:10])


def day(value: date | str, language: str, *, year: bool = True) -> str:
    """9 February 2026, 9 februari 2026; without the year where it is clear which one is meant."""
    pattern = "d\u00a0MMMM y" if year else "d\u00a0MMMM"
    return format_date(as_date(value), pattern, locale=locale(language))


def short_day(value: date | str, language: str, *, year: bool = False) -> str:
    """30 Jun, 30 jun: for tables and the scale of a picture."""
    pattern = "d\u00a0MMM y" if year else "d\u00a0MMM"
    return format_date(as_date(value), pattern, locale=locale(language)).replace(".", "").replace("Sept", "Sep")


def month(value: date | str, language: str) -> str:
    """February 2026, februari 2026."""
    return format_date(as_date(value), "MMMM\u00a0y", locale=locale(language))


def moment(value: datetime, language: str) -> str:
    """9 February 2026 14:05 UTC."""
    utc = value.astimezone(UTC) if value.tzinfo is not None else value
    return format_datetime(utc, "d\u00a0MMMM y HH:mm", locale=locale(language)) + " UTC"


_ENGLISH_DAY = re.compile(r"(\d{1,2})[ \u00a0]([A-Z][a-z]+)[ \u00a0](\d{4})")
_MONTHS = {
    name: number for number, name in enumerate(
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
         "November", "December"), start=1)
}


def english_day(text: str, language: str) -> str:
    """Text that is a day in English, or in ISO form, said in `language`; any other text as it is."""
    try:
        found = _ENGLISH_DAY.fullmatch(text)
        if found is not None and found[2] in _MONTHS:
            return day(date(int(found[3]), _MONTHS[found[2]], int(found[1])), language)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return day(text, language)
    except ValueError:  # 31 February: not a day, so left as it was written
        return text
    return text


def days_said(text: str, language: str) -> str:
    """A sentence in which days stand in ISO form, with each said in `language`."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: english_day(found[0], language), text)
