"""What is said when a page cannot be: in both languages, in the house's look, without asking the database."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from django.http import HttpResponse

from evenwicht.reports.catalogue import say
from evenwicht.reports.pictures.element import Markup, element
from evenwicht.reports.pictures.lean import glyph
from evenwicht.web import frame
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from django.http import HttpRequest

log = logging.getLogger("evenwicht.web")


def fault(request: HttpRequest, status: int, title: str, told: str) -> HttpResponse:
    """A page that says what is the matter and where to go on."""
    language = language_of(request)
    content = element(
        "div", element("div", glyph("no_signal"), class_="mark"), element("h1", title), element("p", told, class_="lead"),
        element("p", element("a", say(language, "To the relations"), href="/", class_="btn"), class_="btns"), class_="wrap center fault")
    if getattr(request, "htmx", False):  # a part of a page asked: it gets a sentence, not a page within the page
        return HttpResponse(Markup(element("p", title, " ", told, class_="note", role="alert")), status=status,
                            headers={"HX-Retarget": "#told", "HX-Reswap": "innerHTML"})
    return frame.page(request, title, content, status=status)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django calls it so
    """400: what was sent cannot be read."""
    language = language_of(request)
    return fault(request, 400, say(language, "This cannot be read"),
                 say(language, "What was sent is not what this page takes. Going back and sending it again may help."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403: known, but not for this seat."""
    language = language_of(request)
    return fault(request, 403, say(language, "Not from this seat"),
                 say(language, "This page is for members with another role, or for those who still belong to the organisation. "
                               "An owner can change roles."))


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: not here, or not for this organisation."""
    language = language_of(request)
    return fault(request, 404, say(language, "There is nothing here"),
                 say(language, "The address may hold a mistake, or what stood here is no longer there."))


def broken(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours, with a reference to the log."""
    language, reference = language_of(request), uuid.uuid4().hex[:8]
    log.error("reference %s at %s", reference, request.path)
    return fault(request, 500, say(language, "Evenwicht made a mistake"),
                 say(language, "Nothing was lost. The log tells what happened under {reference}; please report it.", reference=reference))


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the form is older than the session it was made in."""
    language = language_of(request)
    return fault(request, 403, say(language, "This form is too old"),
                 say(language, "The page was open for long, or cookies are switched off. Nothing was changed: open the page again and "
                               "send the form once more."))


