"""Texts are written in English, in the place where they are used; every other language is looked up here.

A text is a template with `{name}` places. The Dutch ones stand in `locale/nl/LC_MESSAGES/evenwicht.po`, read at run
time, so that there is nothing to compile. A template without a translation is said in English: a test fails on it
(`tests/reports/test_catalogue.py`), a reader never sees an error.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING
from unicodedata import category

from babel.messages.pofile import read_po

from evenwicht.errors import WrongCall
from evenwicht.phrase import Phrase
from evenwicht.reports import days

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LANGUAGES = ("en", "nl")
DOMAIN = "evenwicht"


def template(text: str) -> str:
    """Mark a text that stands in a table and is said later, so that it is collected for the catalogue."""
    return text


@cache
def texts(language: str) -> Mapping[str, str]:
    """Every translated template of a language, by its English text; empty for English.

    Raises WrongCall for a language that Evenwicht does not speak.
    """
    if language not in LANGUAGES:
        raise WrongCall("The language {language} is not known. Use one of: {known}.",
                        language=language, known=", ".join(LANGUAGES))
    if language == "en":
        return MappingProxyType({})
    place = files("evenwicht") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with place.open("rb") as file:
        catalogue = read_po(file, locale=language, domain=DOMAIN)
    return MappingProxyType({
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and message.id and isinstance(message.string, str) and message.string
        and not message.fuzzy
    })


@cache
def translator(language: str) -> Callable[[str], str]:
    """A function from an English template to the template in `language`. Raises WrongCall for an unknown language."""
    known = texts(language)

    def translate(text: str) -> str:
        return known.get(text, text)

    return translate


def say(language: str, text: str, /, **values: object) -> str:
    """Say a template in `language`, its places filled with `values` (already in that language)."""
    said = translator(language)(text)
    return said.format(**values) if values else said


def spoken(phrase: Phrase, language: str) -> str:
    """Say a phrase that was made elsewhere: values that are phrases or days are said in `language` too.

    Whole numbers are left as they are: in a problem they are lines, years and sizes. So is text, but for the words of
    `VALUES` under the names that hold one, so that a party called "order" keeps its name.
    """
    values = {name: _value(name, value, language) for name, value in phrase.values.items()}
    return Phrase(phrase.template, values).said(translator(language))


VALUES = frozenset({
    template("message"), template("question"), template("talk"), template("meeting"), template("attendance"),
    template("order"), template("delivery"), template("invoice"), template("credit note"), template("payment"),
    template("favour"), template("promise"), template("a moment"), template("the giver"), template("the receiver"), template("a kind"),
    template("an amount or an <id>"), template("an amount, ? or an <id>"), template("a unit"), template("an <id>"),
    template("the <id> it answers"), template("a <thread>"), template("a <person>"), template("a <reference>"),
    template("a whole number"), template("a <place>"), template("the end of the line"),
})
"""Words that importers and the ledger put into their sentences."""
_WORDED = frozenset({"kind", "wanted", "word"})


def _value(name: str, value: object, language: str) -> object:
    if isinstance(value, Phrase):
        return spoken(value, language)
    if isinstance(value, datetime):
        return days.moment(value, language)
    if isinstance(value, date):
        return days.day(value, language)
    if name in _WORDED and value in VALUES:
        return translator(language)(str(value))
    return harmless(str(value)) if isinstance(value, str | PurePath) else value


_JOINERS = "\u200c\u200d"
"""Zero-width joiners: invisible, but part of the spelling of some languages."""


def harmless(text: str) -> str:
    """Text out of a file, in one line: white space becomes one space, and signs that steer a terminal or turn the
    direction of writing are left out.
    """
    spaced = " ".join(text.split())
    return "".join(sign for sign in spaced if category(sign) not in {"Cc", "Cf"} or sign in _JOINERS)


def recognised(sentence: str, language: str) -> str:
    """Say an English sentence in `language` when only its text is left, as in a stored result.

    Days among the values are said in `language`. The template whose fixed text matches with the fewest free letters is
    taken; a sentence that matches none is given back as it is.
    """
    if language == "en":
        return days.days_said(sentence, language)
    known = texts(language)
    if sentence in known or len(sentence) > _LONGEST:
        return known.get(sentence, sentence)
    best: tuple[int, str, dict[str, str]] | None = None
    for text, pattern in _patterns(language):
        found = pattern.fullmatch(sentence)
        if found is not None:
            free = sum(map(len, found.groups()))
            if best is None or free < best[0]:
                best = (free, text, found.groupdict())
    if best is None:
        return sentence
    values = {name: days.english_day(value, language) for name, value in best[2].items()}
    return known[best[1]].format(**values)


_LONGEST = 1000
"""Longer text is no sentence of ours; looking for its template would take long."""
_PLACE = re.compile(r"\{(\w+)\}")


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Templates with places, as patterns; a template that is nothing but places would match everything."""
    made = []
    for text in texts(language):
        pieces = _PLACE.split(text)
        named = pieces[1::2]
        if not named or len(set(named)) != len(named) or not "".join(pieces[0::2]).strip(" .,:;()"):
            continue
        pattern = "".join(
            f"(?P<{piece}>.+?)" if odd else re.escape(piece)
            for odd, piece in ((index % 2 == 1, piece) for index, piece in enumerate(pieces))
        )
        made.append((text, re.compile(pattern, re.DOTALL)))
    return tuple(made)
