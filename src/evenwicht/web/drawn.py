"""A template engine whose templates are functions: a name stands for a function of the context and the request.

The library for signing in asks for templates by name; here they are drawn like every other page, from the house's own
words (`people/signing.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template import TemplateDoesNotExist
from django.template.backends.base import BaseEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest


class Page:
    """One name and the function that draws it."""

    def __init__(self, draw: Callable[[Mapping[str, Any], Any], str]) -> None:
        self.draw = draw

    def render(self, context: Mapping[str, Any] | None = None, request: HttpRequest | None = None) -> str:
        known = context or {}
        return self.draw(known, request or known.get("request"))


class Drawn(BaseEngine):  # type: ignore[misc]
    """Finds the functions of `people/signing.py`."""

    app_dirname = "drawn"

    def __init__(self, params: dict[str, Any]) -> None:
        given = dict(params)
        given.pop("OPTIONS")
        super().__init__(given)

    def get_template(self, template_name: str) -> Page:
        from evenwicht.web.people.signing import PAGES

        if template_name not in PAGES:
            raise TemplateDoesNotExist(template_name, backend=self)
        return Page(PAGES[template_name])
