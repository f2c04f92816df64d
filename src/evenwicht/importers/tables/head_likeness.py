"""How much a column head is like the words of a field: equal, a part of it, or nearly so."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenwicht.importers.tables.head_words import Field

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOISE = frozenset("property hs custom field column kolom veld the de het der die das le la x in of van".split())
"""Words that exports write before or into heads and that say nothing."""
_BROAD = frozenset("date datum id name naam nom number nummer no nr type time tijd value code account contact email mail start from to by in out parent".split())
_OTHER = frozenset("original orig foreign oorspronkelijk oorspronkelijke vreemde source target".split())
"""Words that say little as a part of a longer head: a “leverdatum” is a day, but which? Beside a word of `_OTHER` no part says
anything: an “original currency” is not that of the amounts.
"""

_UNITS = frozenset("eur usd gbp euro h hrs".split())
_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe"}
_SHORTEST_PART, _SHORTEST_LIKE = 5, 6
_LIKE = 88
"""Of 100, by the edits it takes: one slip of the pen in eight letters."""
_MOST_WORDS = 4
_TOO_BROAD = .4
"""Below what a proposal needs, however well the cells bear it out."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a head is, from 0 to 1; the word it was compared with, and how they are alike."""

    score: float
    word: str = ""
    how: str = ""


NONE = Likeness(0.0)


@cache
def words_of(text: str) -> tuple[str, ...]:
    """A head as plain words: no capitals, accents, punctuation: `InvoiceDate` and `invoice_date` are the same."""
    text = _CAMEL.sub(" ", text)
    text = "".join(_LETTERS.get(letter, letter) for letter in text.casefold())
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return tuple(re.findall(r"[^\W_]+", text.replace("#", " no ")))


@cache
def likeness(head: str, field: Field) -> Likeness:
    """The best likeness of a head to one of the words of a field."""
    return like_any(head, field.words)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a field, found by how they are written as one, and by each of their parts."""

    words: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    joined: Mapping[str, int]
    having: Mapping[str, tuple[int, ...]]


@cache
def _prepared(words: tuple[str, ...]) -> _Words:
    parts = tuple(map(words_of, words))
    joined: dict[str, int] = {}
    having: dict[str, tuple[int, ...]] = {}
    for index, part in enumerate(parts):
        joined.setdefault("".join(part), index)
        for one in set(part):
            having[one] = (*having.get(one, ()), index)
    return _Words(words, parts, joined, having)


@cache
def like_any(head: str, words: tuple[str, ...]) -> Likeness:
    """The best likeness of a head to one of several words; of equal ones the first."""
    said = words_of(head)
    if not said:
        return NONE
    known, joined = _prepared(words), "".join(said)
    bare = tuple(one for one in said if one not in _NOISE and one not in _UNITS)
    for text, score in ((joined, 1.0), ("".join(bare), .97)):
        if text in known.joined:
            return Likeness(score, words[known.joined[text]], "equal")
    if not _OTHER.isdisjoint(bare):
        return NONE
    found = [_part(bare, words[index], known.parts[index]) for index in sorted({i for one in bare for i in known.having.get(one, ())})]
    for start in range(1, len(joined) - _SHORTEST_PART + 1):
        end = joined[start:]
        if end in known.joined:
            found.append(Likeness(_TOO_BROAD if end in _BROAD else .56, words[known.joined[end]], "part"))
    if len(joined) >= _SHORTEST_LIKE:
        near = process.extractOne(joined, known.joined.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE)
        if near is not None:
            found.append(Likeness(.8 * near[1] / 100, words[known.joined[near[0]]], "near"))
    return max(found, key=lambda one: one.score, default=NONE)


def _part(bare: tuple[str, ...], word: str, wanted: tuple[str, ...]) -> Likeness:
    """How like a head is to a word with which it shares a part."""
    extra = len(bare) - len(wanted)
    if extra == 0 and len(wanted) > 1 and sorted(bare) == sorted(wanted):
        return Likeness(.9, word, "equal")
    if extra <= 0 or extra >= _MOST_WORDS:
        return NONE
    if len(wanted) == 1:
        if wanted[0] in _BROAD:
            return Likeness(_TOO_BROAD, word, "part")
        return Likeness((.62 if bare[-1] == wanted[0] else .58) - .02 * extra, word, "part") if len(word) > 1 else NONE
    if any(bare[start:start + len(wanted)] == wanted for start in range(extra + 1)):
        return Likeness(max(.6, .82 - .04 * extra), word, "part")
    return Likeness(.72 - .04 * extra, word, "part") if _in_order(wanted, bare) else NONE


def _in_order(wanted: tuple[str, ...], said: tuple[str, ...]) -> bool:
    rest = iter(said)
    return all(word in rest for word in wanted)
