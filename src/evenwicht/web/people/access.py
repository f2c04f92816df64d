"""Who may do what. Every view asks here first, in its first line; what is refused leaves through the doors below.

    person(request)         anybody who is signed in
    sitting(request)        a member of any role at an organisation: reader, member, owner
    working(request)        one who may import and decide: member, owner
    owning(request)         one who may change people and the organisation: owner

What belongs to another organisation is not forbidden but missing: every query takes the organisation of the seat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from evenwicht.web.people import queries
from evenwicht.web.people.rows import MEMBER, OWNER, READER

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from evenwicht.web.people.rows import Membership, Person


class StrangerError(Exception):
    """Somebody who is not signed in asked for what is not for everybody."""


def person(request: HttpRequest) -> Person:
    """The person who asks. Strangers are sent to sign in."""
    if not request.user.is_authenticated:
        raise StrangerError
    found: Person = request.user
    return found


def sitting(request: HttpRequest) -> Membership:
    """The seat of the person who asks, whatever its role."""
    return _seat(request, {OWNER, MEMBER, READER})


def working(request: HttpRequest) -> Membership:
    """The seat of somebody who may import and decide."""
    return _seat(request, {OWNER, MEMBER})


def owning(request: HttpRequest) -> Membership:
    """The seat of somebody who may change people and the organisation."""
    return _seat(request, {OWNER})


def _seat(request: HttpRequest, roles: set[str]) -> Membership:
    seat = queries.seat_of(person(request))
    if seat is None or seat.role not in roles:
        _refuse()
    return seat


def _refuse() -> NoReturn:
    raise PermissionDenied


class Doors:
    """Middleware: a stranger is shown the way in, also from inside a page whose session has ended."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, StrangerError):
            return None
        back = request.get_full_path() if request.method == "GET" else "/"
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": f"{reverse('account_login')}?{urlencode({'ended': '1'})}"})
        asked = urlencode({"next": back}) if back != "/" else ""
        return HttpResponseRedirect(f"{reverse('account_login')}?{asked}".rstrip("?"))


doors = Doors
