"""The document around every page: the mark on the spine, the way to the other pages left, what is one's own right."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import reverse

from evenwicht.reports.catalogue import say
from evenwicht.reports.pages.frame import STYLES
from evenwicht.reports.pictures.element import Child, Markup, element
from evenwicht.reports.pictures.lean import glyph, symbols
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from evenwicht.web.people.rows import Membership

OTHER = {"en": ("nl", "Nederlands"), "nl": ("en", "English")}


@cache
def _head() -> Markup:
    """Style sheets and scripts: the same on every page, from here alone."""
    parts = [element("link", rel="stylesheet", href=static(f"style/{name}")) for name in STYLES]
    parts += [element("link", rel="stylesheet", href=static("web/web.css")),
              element("meta", name="htmx-config", content='{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0}'),
              element("script", src=static("htmx/htmx-2.min.js"), defer=True), element("script", src=static("web/web.js"), defer=True)]
    return Markup("".join(parts))


def document(
    request: HttpRequest, title: str, *content: Child, seat: Membership | None = None, here: str = "", signs: Child = None,
) -> Markup:
    """The whole page. `seat` of the one who asks, where there is one; `here` which part of the application it is."""
    language = language_of(request)
    head = [
        element("meta", charset="utf-8"), element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"), element("title", f"{title} – Evenwicht"),
        element("link", rel="icon", href=static("web/mark.svg"), type="image/svg+xml"), _head(),
    ]
    body = [
        symbols() if signs is None else signs, element("a", say(language, "Skip to the page"), class_="skip", href="#main"),
        _top(request, seat, here, language), element("main", *content, id="main"), _foot(language),
    ]
    return Markup(f"<!doctype html>\n{element('html', element('head', head), element('body', body), lang=language)}\n")


def page(request: HttpRequest, title: str, *content: Child, seat: Membership | None = None, here: str = "", status: int = 200) -> HttpResponse:
    """The whole page as an answer."""
    return HttpResponse(document(request, title, *content, seat=seat, here=here), status=status)


def _top(request: HttpRequest, seat: Membership | None, here: str, language: str) -> Markup:
    links = []
    if seat is not None:
        links = [(reverse("portfolio"), "relations", say(language, "Relations")), (reverse("imports"), "imports", say(language, "Imports")),
                 (reverse("parties"), "parties", say(language, "Parties")), (reverse("together"), "together", say(language, "Together"))]
        if seat.owns:
            links.append((reverse("people"), "people", say(language, "People")))
    left: Child = element("span")
    if links:
        left = element("nav", [element("a", text, href=where, aria_current="page" if here == name else None) for where, name, text in links],
                       aria_label=say(language, "Main"))
    mark = element("a", element("span", "even"), glyph("balanced"), element("span", "wicht"), class_="brand", href="/", aria_label="Evenwicht")
    code, name = OTHER[language]
    own = [element("a", name, href=_in(request, code), lang=code, hreflang=code, rel="alternate")]
    if seat is not None:
        own.append(element("a", element("bdi", str(seat.organisation)), href=reverse("account"), aria_current="page" if here == "account" else None))
    elif request.user.is_authenticated if hasattr(request, "user") else False:
        own.append(element("a", say(language, "Account"), href=reverse("account")))
    right = element("nav", own, aria_label=say(language, "Language and account"))
    return element("header", left, mark, right, class_="top wrap noprint")


def _in(request: HttpRequest, code: str) -> str:
    """This page in another language; a page that answers a form is left for its address."""
    asked = request.GET.copy()
    asked["lang"] = code
    return f"/{request.path.lstrip('/')}?{asked.urlencode()}"  # never //elsewhere


def _foot(language: str) -> Markup:
    return element("footer", element(
        "div",
        element("p", say(language, "Relations between organisations are measured, never people. Words of messages are "
                                   "counted, never kept.")),
        element("p", element("a", say(language, "How this works"), href=reverse("help")), " ",
                say(language, "This page loads nothing from elsewhere.")),
        class_="foot halves"), class_="wrap noprint")


def opening(title: str, *told: Child) -> Markup:
    """The head of a page: its name left of the spine, one or two sentences right of it."""
    return element("header", element("h1", title), element("p", *told), class_="page-head halves")


def section(title: str, told: Child, *content: Child, name: str = "") -> Markup:
    """A part of a page: heading left of the spine, a sentence right of it."""
    head = element("header", element("h2", title, id=f"{name}-h" if name else None), element("p", told), class_="sec-head halves")
    return element("section", head, *content, class_="sec wrap", id=name or None, aria_labelledby=f"{name}-h" if name else None)
