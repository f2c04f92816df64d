"""Which language an answer speaks: `?lang=`, then what was chosen before, then what the browser asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.cache import patch_vary_headers

from evenwicht.reports.catalogue import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

COOKIE = "language"
_YEAR = 365 * 24 * 3600


def language_of(request: HttpRequest) -> str:
    """The language of the one who asks. Works on every request, also one that failed before the middleware."""
    known = getattr(request, "language", None)
    if known in LANGUAGES:
        return str(known)
    for code in (request.GET.get("lang"), request.COOKIES.get(COOKIE), _own(request)):
        if code in LANGUAGES:
            return str(code)
    return accepted(request.headers.get("Accept-Language", ""))


def _own(request: HttpRequest) -> str | None:
    """What a person chose for themselves, where it is known who asks without asking the database for it."""
    person = getattr(request, "_cached_user", None)
    return getattr(person, "language", None) or None


def accepted(header: str) -> str:
    """The language a browser likes best among those spoken here; English where it likes none.

    `nl-BE,nl;q=0.9,en;q=0.8` → `nl`.
    """
    liked = []
    for place, part in enumerate(header.split(",")[:20]):
        code, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            quality = 0.0
        if code[:2].lower() in LANGUAGES and quality > 0:
            liked.append((-quality, place, code[:2].lower()))
    return min(liked)[2] if liked else LANGUAGES[0]


def spoken(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: notes the language on the request, and keeps one that was asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user.is_authenticated  # noqa: B018  loads the person once, whose choice counts
        request.language = language_of(request)
        response = answer(request)
        response.headers.setdefault("Content-Language", request.language)
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        asked = request.GET.get("lang")
        if asked in LANGUAGES:
            response.set_cookie(COOKIE, asked, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
        return response

    return middleware
