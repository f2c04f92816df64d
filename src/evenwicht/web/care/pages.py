"""The page of teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say
from evenwicht.reports.pictures.element import Markup, element
from evenwicht.web import forms, frame
from evenwicht.web.forms import button, field, form
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from evenwicht.web.care.rows import Team
    from evenwicht.web.people.rows import Membership


def teams(
    request: HttpRequest, seat: Membership, found: Sequence[Team], seats: Sequence[Membership], cares: Mapping[int, int], *, wrong: str = "", done: str = "",
) -> HttpResponse:
    """Every team with who is in it, and a form for a new one."""
    language = language_of(request)
    made = form(request, field(say(language, "Name of the team"), "name", required=True, maxlength=80, autocomplete="off"),
                button(say(language, "Make the team"), first=True), to=reverse("make-team"), class_="form")
    return frame.page(
        request, say(language, "Teams"),
        element("div", frame.opening(say(language, "Teams"), say(
            language, "A team cares for relations together. Whoever is in it sees them under “mine”."), " ",
            element("a", say(language, "People"), href=reverse("people"))), forms.wrong(wrong), forms.done(done), class_="wrap"),
        [_team(request, one, seats, cares.get(one.pk, 0), language) for one in found],
        frame.section(say(language, "A new team"), say(language, "Who is in it is chosen afterwards."), made, name="new"),
        seat=seat, here="people", status=400 if wrong else 200)


def _team(request: HttpRequest, one: Team, seats: Sequence[Membership], cares: int, language: str) -> Markup:
    inside = {seat.pk for seat in one.seats.all()}
    ticks = [forms.tick(str(seat.person), "seat", value=str(seat.pk), on=seat.pk in inside) for seat in seats]
    place = f"name-{one.pk}"
    change = form(
        request,
        element("div", element("label", say(language, "Name of the team"), for_=place),
                element("input", type="text", name="name", id=place, value=one.name, required=True, maxlength=80, autocomplete="off"), class_="field"),
        element("fieldset", element("legend", say(language, "Who is in it"), class_="lab"), ticks, class_="checks"),
        button(say(language, "Keep")), to=reverse("change-team", args=[one.pk]), class_="form")
    end = form(request, button(say(language, "End the team")), to=reverse("end-team", args=[one.pk]), class_="form")
    link = element("a", say(language, "1 relation") if cares == 1 else say(language, "{n} relations", n=numbers.number(cares, language)),
                   href=f"{reverse('portfolio')}?who=team-{one.pk}#all")
    return frame.section(one.name, link, element("div", change, end, class_="two"), name=f"team-{one.pk}")
