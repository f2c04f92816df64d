"""The voice of the command line: one language for a run, standard error for everything but the result."""

from __future__ import annotations

import os

from rich.console import Console

from evenwicht.phrase import Phrase
from evenwicht.reports.catalogue import LANGUAGES, spoken, translator


def language_of_reader() -> str:
    """The language of the reader: EVENWICHT_LANG, else the locale of the shell, else English."""
    for name in ("EVENWICHT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = os.environ.get(name, "")[:2].lower()
        if code in LANGUAGES:
            return code
    return "en"


LANGUAGE = language_of_reader()
translate = translator(LANGUAGE)
said = Console(stderr=True, highlight=False, soft_wrap=True)


def say(template: str, /, **values: object) -> None:
    """One line for the reader, on standard error."""
    said.print(spoken(Phrase(template, values), LANGUAGE), markup=False)


def say_phrase(phrase: Phrase, indent: str = "") -> None:
    """A sentence that was made elsewhere, on standard error."""
    said.print(indent + spoken(phrase, LANGUAGE), markup=False)
