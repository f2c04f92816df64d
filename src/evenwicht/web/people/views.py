"""What people ask of their account and of the members of their organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.messages import get_messages, success
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenwicht.errors import WrongCall
from evenwicht.reports.catalogue import LANGUAGES, say, spoken
from evenwicht.web import languages, zones
from evenwicht.web.languages import language_of
from evenwicht.web.people import access, acts, pages, queries

if TYPE_CHECKING:
    from django.http import HttpRequest

    from evenwicht.web.people.rows import Membership, Person


AFTER = "after"
"""In a session: where somebody goes on who signs in by a link. Only our own pages write it."""


def _signed_in(request: HttpRequest, person: Person, back: str = "/") -> HttpResponse:
    """Signed in by a link; with a second factor switched on, that is asked for first."""
    record_authentication(request, person, method="link")
    response: HttpResponse = perform_login(request, person, redirect_url=back)
    if person.language:
        response.set_cookie(languages.COOKIE, person.language, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time link. One that came by mail asks for a click first: programs that look at mails open links too."""
    found = queries.link_of(secret, timezone.now())
    if found is None or found.person is None:
        return pages.used_up(request)
    if request.method == "GET" and request.GET.get("ask"):
        return pages.ask_link(request)
    if not acts.use_link(found):
        return pages.used_up(request)
    return _signed_in(request, found.person, request.session.pop(AFTER, "/"))


@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest, secret: str) -> HttpResponse:
    """The first page of all: whose Evenwicht this is, and who owns it."""
    found = queries.link_of(secret, timezone.now())
    if found is None or found.person is not None:
        return pages.used_up(request)
    if request.method == "GET":
        return pages.first_run(request)
    try:
        us = acts.identifiers_of(request.POST.get("us", ""))
        name, email = request.POST.get("organisation", ""), request.POST.get("email", "")
        acts.checked_address(email)
        if not acts.use_link(found):
            return pages.used_up(request)
        seat = acts.found_organisation(name, us, email, request.POST.get("name", ""), language_of(request))
    except WrongCall as error:
        return pages.first_run(request, wrong=spoken(error.phrase, language_of(request)))
    return _signed_in(request, seat.person, reverse("imports"))


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What a person chose for themselves: name, language, time zone."""
    person = access.person(request)
    if request.method == "POST":
        language, zone = request.POST.get("language", ""), request.POST.get("zone", "")
        if language not in LANGUAGES or zone not in zones.known():
            return pages.account(request, person, queries.seat_of(person), wrong=say(
                language_of(request), "This language or time zone is not known. Choose one from the list."))
        acts.remember(person, name=request.POST.get("name", "").strip(), language=language, zone=zone)
        response = HttpResponseRedirect(reverse("account"))
        response.set_cookie(languages.COOKIE, language, samesite="Lax", httponly=True, secure=request.is_secure())
        success(request, say(language, "Kept."))
        return response
    return pages.account(request, person, queries.seat_of(person), done=_told(request))


def _told(request: HttpRequest) -> str:
    return " ".join(str(one) for one in get_messages(request))


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody at the organisation, for its owners."""
    seat = access.owning(request)
    return pages.people(request, seat, queries.members(seat.organisation), done=_told(request))


def _again(request: HttpRequest, seat: Membership, error: WrongCall) -> HttpResponse:
    return pages.people(request, seat, queries.members(seat.organisation), wrong=spoken(error.phrase, language_of(request)))


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """A seat for somebody, and a link by mail, or to hand over where there is no mail."""
    seat = access.owning(request)
    language = language_of(request)
    try:
        made = acts.seat(seat.organisation, request.POST.get("email", ""), request.POST.get("role", ""), request.POST.get("name", ""), language)
    except WrongCall as error:
        return _again(request, seat, error)
    if not settings.MAIL_IS_SET:
        return _handed(request, seat, made)
    address = request.build_absolute_uri(reverse("link", args=[acts.make_link(made.person, acts.INVITATION)])) + "?ask=1"
    try:
        acts.invite(made, address, language)
    except OSError as error:
        return _again(request, seat, WrongCall("The mail could not be sent: {reason}. The seat is there; a link can be made below.", reason=error))
    success(request, say(language, "An invitation is on its way to {address}.", address=made.person.email))
    return HttpResponseRedirect(reverse("people"))


def _handed(request: HttpRequest, seat: Membership, one: Membership) -> HttpResponse:
    """The page with a new link on it, shown this once."""
    address = request.build_absolute_uri(reverse("link", args=[acts.make_link(one.person)]))
    return pages.people(request, seat, queries.members(seat.organisation), link=(one.person.email, address))


def _member(seat: Membership, number: int) -> Membership:
    one = queries.member(seat.organisation, number)
    if one is None:
        raise Http404
    return one


@require_POST
def role(request: HttpRequest, number: int) -> HttpResponse:
    """Another role for a member."""
    seat = access.owning(request)
    try:
        acts.change_role(_member(seat, number), request.POST.get("role", ""))
    except WrongCall as error:
        return _again(request, seat, error)
    success(request, say(language_of(request), "Kept."))
    return HttpResponseRedirect(reverse("people"))


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """A member leaves."""
    seat = access.owning(request)
    try:
        acts.end_seat(_member(seat, number))
    except WrongCall as error:
        return _again(request, seat, error)
    success(request, say(language_of(request), "The seat has ended; what was brought in stays."))
    return HttpResponseRedirect(reverse("people"))


@require_POST
def make_link(request: HttpRequest, number: int) -> HttpResponse:
    """A one-time link for a member, to hand over."""
    seat = access.owning(request)
    one = _member(seat, number)
    if one.ended_at is not None:
        raise Http404
    return _handed(request, seat, one)
