"""Payment terms in words: the number of days from the invoice, where only one reading is possible."""

from __future__ import annotations

import re

from evenwicht.importers.late import late

_DAYS = r"(?:days?|dagen|dag|dgn|tagen?|tage?|jours?|dagar|dage|dager|d[ií]as?|giorni)\b"
_NET = r"(?:net(?:to|t)?)\b"
_EXPLICIT = late(
    rf"(?<![\d.,])(\d{{1,3}})\s*{_DAYS}\s*{_NET}|\b{_NET}[\s:]*(?:within|binnen|innerhalb|inom)?\s*(\d{{1,3}})(?:\s*{_DAYS}|\s*$)", re.IGNORECASE,
)
_ANY = late(rf"(?<![\d.,])(\d{{1,3}})\s*{_DAYS}", re.IGNORECASE)
_CHOICE = late(rf"\d\s*(?:of|or|oder|ou|tot|to|bis|à|-|–|/)\s*\d{{1,3}}\s*{_DAYS}", re.IGNORECASE)
_OTHER_START = late(
    r"receipt|ontvangst|erhalt|eingang|r[ée]ception|levering|delivery|lieferung|mottag|modtag|"
    r"end of (?:the )?month|einde maand|monatsende|fin de mois", re.IGNORECASE,
)
_DISCOUNT = late(
    r"discount|korting|skonto|escompte|rabatt?|kassakorting|prepa(?:id|yment)|vooruit|vorkasse|aanbetaling|"
    r"termijnen|instal|raten", re.IGNORECASE,
)
_LONGEST_TERM = 365


def days_of(note: str) -> int | None:
    """`Betalen binnen 30 dagen netto.` → 30; None when the words can mean anything else.

    A number beside "net" is the term, whatever discount stands beside it. Otherwise the words may name one number of
    days only, no discount, and no other starting day than the invoice's own (receipt, delivery, end of month).
    """
    if _OTHER_START.search(note) or _CHOICE.search(note):
        return None
    explicit = {int(found[1] or found[2]) for found in _EXPLICIT.finditer(note)}
    if explicit:
        return _one(explicit)
    if _DISCOUNT.search(note):
        return None
    return _one({int(found[1]) for found in _ANY.finditer(note)})


def _one(numbers: set[int]) -> int | None:
    days = next(iter(numbers), None)
    return days if len(numbers) == 1 and days is not None and days <= _LONGEST_TERM else None
