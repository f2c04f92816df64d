"""The document around a page: one file that asks nothing of anyone. No script, no address outside, one font inside."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say
from evenwicht.reports.pictures.element import Child, Markup, element
from evenwicht.reports.pictures.lean import glyph, symbols

if TYPE_CHECKING:
    from datetime import date

STYLES = ("tokens.css", "ground.css", "relation.css", "portfolio.css", "narrow.css")
"""The style sheets, in the order in which they build on each other."""

_FONT = "archivo-latin-wght-normal.woff2"
_COMMENT, _SPACE = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s*\n\s*")


@cache
def style() -> str:
    """All style sheets and the font as one text."""
    home = files("evenwicht.reports.pages")
    font = base64.b64encode((home / "font" / _FONT).read_bytes()).decode("ascii")
    face = ('@font-face{font-family:"Archivo Variable";font-style:normal;font-display:swap;font-weight:100 900;'
            f'src:url(data:font/woff2;base64,{font}) format("woff2-variations")}}')
    texts = [(home / "style" / name).read_text(encoding="utf-8") for name in STYLES]
    return face + _SPACE.sub("\n", _COMMENT.sub("", "".join(texts))).strip()


def policy(styles: str) -> str:
    """Nothing may be loaded and nothing run; the one style sheet is known by its digest."""
    digest = base64.b64encode(hashlib.sha256(styles.encode("utf-8")).digest()).decode("ascii")
    return (f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; "
            "base-uri 'none'; form-action 'none'")


def document(title: str, *content: Child, language: str, until: date, whole: bool) -> str:
    """The whole file. `whole`: it holds the portfolio, so there is a way back to it."""
    styles = style()
    head = [
        element("meta", charset="utf-8"), element("meta", http_equiv="Content-Security-Policy", content=policy(styles)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"), element("meta", name="robots", content="noindex"),
        element("title", f"{title} – Evenwicht"), Markup(f"<style>{styles}</style>"),
    ]
    body = [
        symbols(), element("a", say(language, "Skip to the page"), class_="skip", href="#main"),
        _top(language, until, whole=whole), element("main", *content, id="main"), _foot(language),
    ]
    return f"<!doctype html>\n{element('html', element('head', head), element('body', body), lang=language)}\n"


def _top(language: str, until: date, *, whole: bool) -> Markup:
    """The mark exactly on the spine."""
    left = element("nav", element("a", say(language, "All relations"), href="#all"),
                   aria_label=say(language, "Main")) if whole else element("span")
    mark = element("a" if whole else "span", element("span", "even"), glyph("balanced"), element("span", "wicht"),
                   class_="brand", href="#portfolio" if whole else None, aria_label="Evenwicht" if whole else None)
    right = element("span", say(language, "until {day}", day=numbers.day(until, language)), class_="until")
    return element("header", left, mark, right, class_="top wrap")


def _foot(language: str) -> Markup:
    return element("footer", element(
        "div",
        element("p", say(language, "Relations between organisations are measured, never people. Words of messages are "
                                   "counted, never kept.")),
        element("p", say(language, "This page is one file: it loads nothing and sends nothing.")),
        class_="foot halves"), class_="wrap")
