"""The subject as something two mails of one conversation share, and nothing that could be read back."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|antw|antwoord|doorst|betreft|betr|sv|vs|vb|vl|rv|tr|ref|rif|res|enc|i|r|odp|pd|ynt|ilt|"
    r"atb|ang|továbbítás|vá|tov|απ|πρθ|σχετ|ответ|отв|hal|bls|trs|blz|sp|ne|re|回复|回覆|答复|转发|轉寄|转寄|返信|転送|"
    r"回信|답장|전달)\s*(?:[\[(]\d{1,3}[\])]|\*\d{1,3}|\^\d{1,3})?\s*[:：]|\[(?:re|fwd?|external|extern)\]\s*:?|external:)\s*", re.IGNORECASE)
_LONGEST = 2_000


_REPLY = re.compile(r"^\s*(?:re|aw|antw|antwoord|sv|odp|ynt|atb|απ|ответ|отв|回复|回覆|答复|回信|답장)\s*(?:[\[(]\d{1,3}[\])])?\s*[:：]", re.IGNORECASE)


def is_reply(subject: str) -> bool:
    """Whether a subject says that the mail answers another one, whose id may have been lost. A forward begins anew."""
    return _REPLY.match(subject[:_LONGEST]) is not None


def normalised(subject: str) -> str:
    """Without the marks of replies and forwards, in one case, blanks squeezed. `RE: Fwd:  Offerte 12` → `offerte 12`."""
    text = subject[:_LONGEST]
    while (found := _PREFIX.match(text)) is not None and found.end():
        text = text[found.end():]
    return " ".join(text.casefold().split())


def reference_of(subject: str) -> str | None:
    """`subject:` and 16 hexadecimal digits of the normalised subject; None when nothing is left of it."""
    return _reference(subject[:_LONGEST])


@lru_cache(maxsize=2_048)
def _reference(subject: str) -> str | None:
    plain = normalised(subject)
    return f"subject:{hashlib.sha256(plain.encode()).hexdigest()[:16]}" if plain else None
