"""Help: how the pages are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.reports import words
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.pictures.element import element
from evenwicht.reports.pictures.lean import glyph
from evenwicht.web import frame
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MEANINGS = {
    "balanced": template("What is given and received returns to the middle."),
    "temporary": template("It leans now and is expected back."),
    "structural": template("It has settled outside the band."),
    "undecided": template("It leans; whether it stays cannot be said yet."),
    "standing_still": template("Hardly anything moves against its own normal."),
    "too_little_data": template("The sources cannot show it yet; what is missing is named."),
}
"""What each verdict means, in a sentence."""


def meaning(verdict: str, language: str) -> str:
    """What a verdict means."""
    return say(language, MEANINGS[verdict])


def help_(request: HttpRequest) -> HttpResponse:
    """How the pages are read."""
    language = language_of(request)
    shapes = element("ul", [element("li", glyph(verdict, 1), element("b", words.verdict_word(verdict, language)),
                                    element("span", say(language, text))) for verdict, text in MEANINGS.items()], class_="shapes")
    told = element("ul", [element("li", element("b", title), text) for title, text in (
        (say(language, "Toward"), say(language, "A relation leans toward the side that receives more.")),
        (say(language, "Two horizons"), say(language, "A quarter shows how it is now, three years where it settles.")),
        (say(language, "Chairs"), say(language, "Both sides see the same page; changing the chair mirrors it and changes nothing else.")),
        (say(language, "Unknown"), say(language, "What a source could not have shown is unknown, never zero. Each page says what is still needed.")),
        (say(language, "People"), say(language, "No figure is about a person. People are pseudonyms; words are counted, never kept.")),
    )], class_="plain")
    return frame.page(
        request, say(language, "Help"),
        element("div", frame.opening(say(language, "How this works"), say(
            language, "From mail, calendars, invoices and bank statements: who gave what to whom, and whether it returns to balance.")), class_="wrap"),
        frame.section(say(language, "What a relation can be"), say(language, "Always a shape and a word; the weight of the line says how long it lasts."),
                      shapes),
        frame.section(say(language, "How to read a page"), say(language, "Left of the spine is one side, right of it the other."), told), here="help",
        seat=None)
