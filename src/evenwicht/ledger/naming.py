"""What a written name says: who it is by law, under which names it trades, and what is left without the legal form.

Names are kept as they were written, for people to read. For likeness they are compared without legal form, points,
accents and capitals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from evenwicht.ledger.identifiers import LEGAL_FORMS, of_name

_TRADES = re.compile(
    r"\s*[,(]?\s*(?:\b(?:h\.?\s?/\s?o\.?|t\.?\s?/\s?a\.?|d\.?\s?/\s?b\.?\s?/\s?a\.?|d\.b\.a\.|dba)|"
    r"\b(?:tevens\s+)?handelend\s+onder(?:\s+de)?(?:\s+(?:naam|namen|handelsnaam|handelsnamen))?|"
    r"\b(?:also\s+)?trading\s+as|\bdoing\s+business\s+as|\bauch\s+handelnd\s+unter)(?![\w/])[\s:]*",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\s*;\s*|\s+/\s+|\s+(?:en|and|und)\s+(?:h/o|t/a)\s+", re.IGNORECASE)
_LINKS = frozenset({"and", "en", "und", "et", "co", "cie"})
"""Words between two legal forms, as in GmbH & Co. KG."""

REMEMBERED = 65_536
"""Names whose parts are remembered while a ledger is resolved."""


@dataclass(frozen=True, slots=True)
class Said:
    """A written name taken apart.

    legal     what stands before “h/o”, “t/a”, “handelend onder de naam”, “trading as” or “dba”; else the whole name
    trading   what stands after it
    """

    legal: str
    trading: tuple[str, ...] = ()


@lru_cache(maxsize=REMEMBERED)
def taken_apart(name: str) -> Said:
    """`Jansen Beheer B.V. h/o De Gouden Appel` → the legal name and the names it trades under."""
    name = " ".join(name.split())
    parts = _TRADES.split(name)
    legal = parts[0].strip(" ,(")
    trading = tuple(dict.fromkeys(
        found for part in parts[1:] for text in _SEVERAL.split(part) if of_name(found := text.strip(" ,()\"'“”‘’")) is not None))
    if of_name(legal) is None or not trading:
        return Said(name)
    return Said(legal, trading)


@lru_cache(maxsize=REMEMBERED)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, or of a `name:` identifier, without accents, capitals and points; the legal form is one word."""
    canonical = of_name(name.removeprefix("name:").replace("-", " ")) or ""
    return tuple(canonical.removeprefix("name:").split("-")) if canonical else ()


@lru_cache(maxsize=REMEMBERED)
def core_of(name: str) -> tuple[str, ...]:
    """The words without the legal form: `ACME B.V.`, `Acme` and `name:acme-nv` all give `("acme",)`."""
    words = list(words_of(name))
    end = len(words)
    while end > 1 and (words[end - 1] in LEGAL_FORMS or (words[end - 1] in _LINKS and end < len(words))):
        end -= 1
    start = 1 if end > 1 and words[0] in LEGAL_FORMS else 0
    return tuple(words[start:end])


def has_legal_form(name: str) -> bool:
    """Whether a name says what kind of legal body it is of: `Acme B.V.`, not `Acme` or `J. Jansen`."""
    words = words_of(name)
    return len(words) > 1 and (words[-1] in LEGAL_FORMS or words[0] in LEGAL_FORMS)


def without_form(name: str) -> str:
    """The name as it is written, without the legal form at its end: `Berk Verpakkingen B.V.` → `Berk Verpakkingen`."""
    kept, core = name.split(), core_of(name)
    shortest = next((end for end in range(1, len(kept)) if core_of(" ".join(kept[:end])) == core), len(kept))
    return " ".join(kept[:shortest]).rstrip(",")
