"""What the cells of units and kinds say, as the ledger writes it."""

from __future__ import annotations

_UNITS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "woorden": "words", "word": "words", "sec": "seconds", "s": "seconds",
    "second": "seconds", "seconden": "seconds", "min": "minutes", "minute": "minutes", "minuten": "minutes", "h": "hours",
    "hour": "hours", "hrs": "hours", "uur": "hours", "uren": "hours", "stuks": "count", "pcs": "count", "pieces": "count",
    "day": "days", "dagen": "days",
}
_CODE_LETTERS = 3
_LONGEST_KIND = 40


class Units(dict[str, str]):
    """The text of a unit cell → the unit as the ledger writes it: `€` → `EUR`, `min` → `minutes`, `eur` → `EUR`."""

    def __missing__(self, text: str) -> str:
        low = text.casefold()
        unit = _UNITS.get(low) or (text.upper() if len(text) == _CODE_LETTERS and text.isalpha() else low)
        self[text] = unit
        return unit


class Kinds(dict[str, str]):
    """The text of a kind cell → kind: the layout's words first, else the text in small letters without spaces."""

    def __init__(self, default: str, words: dict[str, str]) -> None:
        super().__init__()
        self._default, self._words = default, words

    def __missing__(self, text: str) -> str:
        low = text.casefold()
        kind = self._words.get(low) or "_".join(low.split())[:_LONGEST_KIND] or self._default
        self[text] = kind
        return kind
