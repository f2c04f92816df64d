"""How many words a text has, and whether it asks something."""

from __future__ import annotations

import re

from evenwicht.importers.late import late

_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u200c\u200d"
_UNSPACED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd"
_LETTER = rf"(?:[^\W_{_UNSPACED}][{_MARKS}]*+)"
_WORD = late(rf"{_LETTER}++(?:['’ʼ‘‐‑\-_·]+{_LETTER}++)*+")
_RUN = late(rf"[{_UNSPACED}]+")
_HAS_UNSPACED = late(rf"[{_UNSPACED}]")
_JOINING = b"'-_"
_BLANKED = bytes(byte if bytes((byte,)).isalnum() else 0x20 for byte in range(256))
"""Of plain text: letters and digits stay, what does not join a word is a blank."""
_URL = late(r"(?:https?://|ftp://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]'؟？]", re.IGNORECASE)
_ASKS = re.compile(r"[?？؟⸮]")


def count_words(text: str) -> int:
    """Runs of letters and digits; apostrophes, hyphens and underscores inside a run do not split it.

    Chinese characters and kana are written without blanks: there two characters count as one word (a run of odd
    length is rounded up), about what segmenters find for Chinese and Japanese. Korean has blanks and is counted so.
    """
    if text.isascii():
        return len(text.encode("ascii").translate(_BLANKED, _JOINING).split())
    words = len(_WORD.findall(text))
    if _HAS_UNSPACED.search(text):
        words += sum((len(run[0]) + 1) // 2 for run in _RUN.finditer(text))
    return words


def asks(text: str) -> bool:
    """Whether a text holds a question mark, of any script, that is not a part of a web address."""
    if "?" not in text and (text.isascii() or not _ASKS.search(text)):
        return False
    lowered = text.lower()
    if "://" not in lowered and "www." not in lowered:
        return True
    return _ASKS.search(_URL.sub(" ", text)) is not None
