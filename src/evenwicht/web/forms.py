"""Forms by construction: fields with their label, buttons, and the token that says that the form is ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.middleware.csrf import get_token

from evenwicht.phrase import Phrase
from evenwicht.reports.catalogue import spoken
from evenwicht.reports.pictures.element import Child, Markup, element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest


def form(request: HttpRequest, *content: Child, to: str = "", **attributes: object) -> Markup:
    """A form that changes something."""
    token = element("input", type="hidden", name="csrfmiddlewaretoken", value=get_token(request))
    return element("form", token, *content, method="post", action=to or None, **attributes)


def field(label: str, name: str, *, kind: str = "text", value: str = "", told: str = "", wrong: str = "", **attributes: object) -> Markup:
    """One field: its label above, what it is for below, what is wrong with it beside."""
    place = f"f-{name}"
    told_by = " ".join([f"{place}-t"] * bool(told) + [f"{place}-w"] * bool(wrong)) or None
    made = element("input", type=kind, name=name, value=value or None, id=place, aria_describedby=told_by,
                   aria_invalid="true" if wrong else None, **attributes)
    return element("div", element("label", label, for_=place), made, element("p", told, class_="small", id=f"{place}-t") if told else None,
                   element("p", wrong, class_="wrong", id=f"{place}-w") if wrong else None, class_="field")


def choice(label: str, name: str, options: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """A list of which one is chosen."""
    place = f"f-{name}"
    made = element("select", [element("option", text, value=value, selected=value == chosen) for value, text in options], name=name, id=place)
    return element("div", element("label", label, for_=place), made, class_="field")


def tick(label: str, name: str, *, on: bool = False, value: str = "1", required: bool = False) -> Markup:
    """A box to tick."""
    return element("label", element("input", type="checkbox", name=name, value=value, checked=on, required=required), element("span", label),
                   class_="tick")


def button(text: str, *, first: bool = False, name: str = "", value: str = "", **attributes: object) -> Markup:
    """A button; `first` is the one filled button of a page."""
    return element("button", text, type="submit", class_="btn first" if first else "btn", name=name or None, value=value or None, **attributes)


def hidden(name: str, value: str) -> Markup:
    """A value that goes along unseen."""
    return element("input", type="hidden", name=name, value=value)


def wrong(sentence: str) -> Markup | None:
    """What could not be done, and what to do; said where the eye is."""
    return element("p", sentence, class_="note", role="alert") if sentence else None


def done(sentence: str) -> Markup | None:
    """What was done."""
    return element("p", sentence, class_="note", role="status") if sentence else None


def fault_said(fault: Mapping[str, Any] | None, language: str) -> str:
    """A sentence that was stored, in the language of whoever reads it; nothing where none was."""
    return spoken(Phrase(fault["template"], dict(fault["values"])), language) if fault else ""
