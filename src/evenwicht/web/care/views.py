"""What is asked of care. Each view asks who may (`access`), what there is (`queries`), changes (`acts`), and draws (`pages`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.messages import get_messages, success
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from evenwicht.errors import WrongCall
from evenwicht.reports.catalogue import say, spoken
from evenwicht.web.care import acts, pages, queries
from evenwicht.web.care.asked import address_of, asked_of, query_of
from evenwicht.web.given import whole
from evenwicht.web.languages import language_of
from evenwicht.web.people import access

if TYPE_CHECKING:
    from django.http import HttpRequest

    from evenwicht.web.people.rows import Membership

def _told(request: HttpRequest, done: str) -> HttpResponse:
    success(request, done)
    return HttpResponseRedirect(address_of(asked_of(QueryDict(request.POST.get("back", "")[:1000]))))


@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep a list under a name: for oneself, or, where one may, for the organisation."""
    seat = access.sitting(request)
    given, language = request.POST, language_of(request)
    query = query_of(asked_of(QueryDict(given.get("back", "")[:1000])))
    try:
        acts.keep_view(seat, given.get("name", ""), query, shared=bool(given.get("shared")) and seat.works, first=bool(given.get("first")))
    except WrongCall as error:
        return _told(request, spoken(error.phrase, language))
    return _told(request, say(language, "The list is kept."))


@require_POST
def drop_view(request: HttpRequest, number: int) -> HttpResponse:
    """Take a saved list away."""
    seat = access.sitting(request)
    view = queries.view(seat, number)
    if view is None:
        raise Http404
    acts.drop_view(view)
    return _told(request, say(language_of(request), "The list is taken away."))


@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """The teams, and who is in them."""
    seat = access.owning(request)
    return _teams(request, seat, done=" ".join(str(one) for one in get_messages(request)))


def _teams(request: HttpRequest, seat: Membership, *, wrong: str = "", done: str = "") -> HttpResponse:
    organisation = seat.organisation
    return pages.teams(request, seat, queries.teams(organisation), queries.seats(organisation), queries.cares(organisation), wrong=wrong, done=done)


@require_POST
def make_team(request: HttpRequest) -> HttpResponse:
    """A new team."""
    seat = access.owning(request)
    try:
        acts.make_team(seat.organisation, request.POST.get("name", ""))
    except WrongCall as error:
        return _teams(request, seat, wrong=spoken(error.phrase, language_of(request)))
    return HttpResponseRedirect(reverse("teams"))


@require_POST
def change_team(request: HttpRequest, number: int) -> HttpResponse:
    """Who is in a team, and what it is called."""
    seat = access.owning(request)
    team = queries.team(seat.organisation, number)
    if team is None:
        raise Http404
    try:
        acts.change_team(team, request.POST.get("name", ""), map(whole, request.POST.getlist("seat")))
    except WrongCall as error:
        return _teams(request, seat, wrong=spoken(error.phrase, language_of(request)))
    success(request, say(language_of(request), "Kept."))
    return HttpResponseRedirect(reverse("teams"))


@require_POST
def end_team(request: HttpRequest, number: int) -> HttpResponse:
    """A team is no more."""
    seat = access.owning(request)
    team = queries.team(seat.organisation, number)
    if team is None:
        raise Http404
    acts.end_team(team)
    success(request, say(language_of(request), "The team is no more; its relations wait for somebody to care for them."))
    return HttpResponseRedirect(reverse("teams"))
