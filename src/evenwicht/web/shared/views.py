"""What is asked of tables. Each view asks who may (`access`), what there is (`queries`), changes (`acts`), and draws (`pages`)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.messages import error, get_messages, success
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenwicht.errors import WrongCall
from evenwicht.measures.found import KINDS_OF_AXIS_EVENTS
from evenwicht.reports.catalogue import say, spoken
from evenwicht.web import bridge
from evenwicht.web.books import queries as books
from evenwicht.web.care.asked import Asked
from evenwicht.web.given import whole
from evenwicht.web.languages import language_of
from evenwicht.web.people import acts as people
from evenwicht.web.people import queries as seats
from evenwicht.web.people.acts import checked_address, identifiers_of
from evenwicht.web.people.views import AFTER
from evenwicht.web.shared import access, acts, pages, queries, tasks
from evenwicht.web.shared.pages import FACTS_A_PAGE, FIRST_FACTS, Shown
from evenwicht.web.shared.queries import Seated
from evenwicht.web.shared.rows import CORRECTION, NORM, THREAD, Table

if TYPE_CHECKING:
    from django.http import HttpRequest

    from evenwicht.web.people.rows import Membership
    from evenwicht.web.shared.rows import Invitation

AXES = tuple(KINDS_OF_AXIS_EVENTS)
HUNDRED = 100


@require_GET
def together(request: HttpRequest) -> HttpResponse:
    """The tables of an organisation, and a place to lay another."""
    seat = access.sitting(request)
    snapshot = books.book_of(seat.organisation).snapshot
    return pages.together(request, seat, queries.tables(seat.organisation), _others(snapshot), request.GET.get("other", ""))


def _others(snapshot: Any) -> list[tuple[str, str]]:
    """Whom a table can be laid with: key and name of the other side of each relation."""
    if snapshot is None:
        return []
    found = [(one.result["b"] if one.result["a"] == snapshot.us else one.result["a"], one.names)
             for one in books.relations(snapshot, Asked(sort="name"), most=1_000).relations]
    return [(key, names.get(key, key)) for key, names in found]


@require_POST
def lay(request: HttpRequest) -> HttpResponse:
    """Lay a table with the other side of a relation, and make the link that invites it."""
    seat = access.working(request)
    language = language_of(request)
    snapshot = books.book_of(seat.organisation).snapshot
    other = request.POST.get("other", "")
    found = books.relation(snapshot, snapshot.us, other) if snapshot is not None else None
    if snapshot is None or found is None or other == snapshot.us:
        raise Http404
    if "arrangement" not in request.POST:
        error(request, say(language, "The joint arrangement has to be accepted first."))
        return HttpResponseRedirect(reverse("together"))
    made = acts.lay(seat, other, found.names.get(other, other))
    tasks.lay_out.enqueue(made.pk)
    return _invited(request, made)


def _invited(request: HttpRequest, made: Table) -> HttpResponse:
    """Make a link, mail it where that can be, and show it once."""
    language, email = language_of(request), request.POST.get("email", "").strip()
    try:
        address = checked_address(email) if email else ""
    except WrongCall as wrong:
        error(request, spoken(wrong.phrase, language))
        return HttpResponseRedirect(reverse("table", args=[made.name]))
    link = request.build_absolute_uri(reverse("invitation", args=[acts.invite(made, address)]))
    if address and settings.MAIL_IS_SET:
        acts.mail_invitation(made, address, link, language)
    return pages.link(request, made, link, address if settings.MAIL_IS_SET else "")


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What the other side sees first, and sitting down."""
    found = access.invited(secret)
    if found is None or found.used_at is not None:
        return pages.no_longer(request)
    seat = access.seated(request)
    if request.method == "GET":
        return pages.invitation(request, found, secret, seat)
    try:
        return _sat_down(request, found, seat)
    except WrongCall as wrong:
        return pages.invitation(request, found, secret, seat, wrong=spoken(wrong.phrase, language_of(request)))


def _sat_down(request: HttpRequest, found: Invitation, seat: Membership | None) -> HttpResponse:
    """Sit down, for an organisation that is here already or for a new one."""
    if "arrangement" not in request.POST:
        raise WrongCall("The joint arrangement has to be accepted first.")
    if seat is None:
        return _founded(request, found)
    if not seat.works:
        raise WrongCall("A reader cannot sit down for {organisation}; a member or an owner can.", organisation=str(seat.organisation))
    if found.email and seat.person.email.casefold() != found.email.casefold():
        raise WrongCall("This link is meant for {address}.", address=found.email)
    acts.sit_down(found, seat.organisation)
    return HttpResponseRedirect(reverse("table", args=[found.table.name]))


def _founded(request: HttpRequest, found: Invitation) -> HttpResponse:
    """A new organisation sits down; its first owner is let in by a link of their own."""
    given = request.POST
    us, email = identifiers_of(given.get("us", "")), checked_address(given.get("email", ""))
    if seats.person_by_email(email) is not None:
        raise WrongCall("{value} has an account here: sign in first, then open the link again.", value=email)
    if found.email and email.casefold() != found.email.casefold():
        raise WrongCall("This link is meant for {address}.", address=found.email)
    seat = people.found_organisation(given.get("organisation", ""), us, email, given.get("name", ""), language_of(request))
    acts.sit_down(found, seat.organisation)
    request.session[AFTER] = reverse("table", args=[found.table.name])
    return HttpResponseRedirect(reverse("link", args=[people.make_link(seat.person)]))


@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, secret: str) -> HttpResponse:
    """The page through a link, without an account: read it, say something, open the verdict."""
    found = access.invited(secret)
    if found is None or found.used_at is not None:
        return pages.no_longer(request)
    at = Seated(found.table, of_host=False, seat=None)
    here = reverse("look", args=[secret])
    if request.method == "POST":
        try:
            if "looked" in request.POST:
                acts.looked(at)
            else:
                acts.remark(at, request.POST.get("words", ""), about=_about(request), contests="contests" in request.POST,
                            signed=request.POST.get("signed", ""))
        except WrongCall as wrong:
            error(request, spoken(wrong.phrase, language_of(request)))
        return HttpResponseRedirect(here)
    return _shown(request, at, here)


@require_GET
def table(request: HttpRequest, name: str) -> HttpResponse:
    """The one page of two sides."""
    at = access.at_table(request, name)
    if at.table.closed_at is not None:
        return pages.closed(request, at)
    return _shown(request, at, reverse("table", args=[name]))


def _shown(request: HttpRequest, at: Seated, here: str) -> HttpResponse:
    language, found = language_of(request), queries.stored(at.table)
    if at.table.stamp != queries.stamp(at.table):
        tasks.lay_out.enqueue(at.table.pk)
    acts.seen(at, "page")
    body, facts = "", None
    if found is not None and at.table.until is not None:
        detail, chair = queries.detail(at.table), _chair(request, at, found)
        seen: dict[str, Any] = {"chair": chair, "us": chair, "language": language, "until": at.table.until}
        if queries.is_open(at.table):
            body = bridge.drawn_relation(found, detail, **seen, open_on=at.table.loops or None)
        else:
            facts = bridge.facts(found, detail, **seen, axis="", start=0, most=FIRST_FACTS)
    told = [str(message) for message in get_messages(request)]
    return pages.table(request, Shown(at, found, body, facts, queries.remarks(at.table), queries.proposals(at.table), queries.visits(at.table),
                                      queries.invitations(at.table) if at.of_host and at.table.guest is None else (), AXES, here), told)


def _chair(request: HttpRequest, at: Seated, found: bridge.Stored) -> str:
    sides = (found.result["a"], found.result["b"])
    own = at.table.host_key if at.of_host else next(key for key in sides if key != at.table.host_key)
    asked = request.GET.get("chair")
    return asked if asked in sides else own


@require_GET
def facts(request: HttpRequest, name: str) -> HttpResponse:
    """Every fact that lies on a table, and a place to say what is wrong with one."""
    at = access.at_table(request, name)
    found = queries.stored(at.table)
    if found is None or at.table.until is None or at.table.closed_at is not None:
        raise Http404
    number = whole(request.GET.get("page", ""), 1, digits=5)
    axis = request.GET.get("axis", "")
    axis = axis if axis in AXES else ""
    start, detail = max(0, number - 1) * FACTS_A_PAGE, queries.detail(at.table)
    chair = _chair(request, at, found)
    drawn = bridge.facts(found, detail, chair=chair, us=chair, language=language_of(request), until=at.table.until, axis=axis, start=start,
                         most=FACTS_A_PAGE)
    acts.seen(at, "facts")
    return pages.facts(request, at, found, drawn, [] if axis else bridge.identities(detail[1], start, FACTS_A_PAGE), number, axis)


@require_POST
def looked(request: HttpRequest, name: str) -> HttpResponse:
    """The guest has looked at the facts; the verdict opens for both."""
    at = access.acting(request, name)
    if at.of_host:
        raise Http404
    acts.looked(at)
    return HttpResponseRedirect(reverse("table", args=[name]))


@require_POST
def remark(request: HttpRequest, name: str) -> HttpResponse:
    """Say something of the page, or contest it."""
    at = access.acting(request, name)
    return _done(request, name, lambda: acts.remark(at, request.POST.get("words", ""), about=_about(request), contests="contests" in request.POST),
                 "It stands on the page, for both.")


def _about(request: HttpRequest) -> str:
    about = request.POST.get("about", "")
    return about if about in AXES else ""


@require_POST
def propose(request: HttpRequest, name: str) -> HttpResponse:
    """Propose a norm, a corrected fact, or a thread to leave out."""
    at = access.acting(request, name)
    return _done(request, name, lambda: acts.propose(at, *_proposed(request, at), request.POST.get("words", "")),
                 "It is proposed; it holds once the other side agrees.")


def _proposed(request: HttpRequest, at: Seated) -> tuple[str, dict[str, Any]]:
    """What a form proposes: its kind and what is told. Raises WrongCall for what cannot be."""
    given = request.POST
    if given.get("kind") == NORM:
        axis, share, since = given.get("axis", ""), given.get("share", ""), given.get("since", "")
        part = whole(share)
        if axis not in AXES or not 0 < part < HUNDRED:
            raise WrongCall("A norm is a whole number from 1 to 99: how much of 100 the first side gives.")
        part = part if at.of_host else HUNDRED - part
        return NORM, {"axis": axis, "share": part / HUNDRED, "since": _day(since)}
    which = bridge.identified(queries.detail(at.table)[1], given.get("which", "")) if at.table.result else None
    if which is None:
        raise WrongCall("Choose the fact that is meant.")
    identity, was = [which[key] for key in ("id", "kind", "giver", "receiver")], which["at"].isoformat()
    if given.get("wrong") == "thread":
        if not which["thread"]:
            raise WrongCall("This fact stands in no thread.")
        return THREAD, {"thread": which["thread"], "was": was}
    if given.get("wrong") == "away":
        return CORRECTION, {"identity": identity, "at": None, "was": was}
    return CORRECTION, {"identity": identity, "at": _day(given.get("day", "")), "was": was}


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text).isoformat()}T00:00:00+00:00"
    except ValueError:
        raise WrongCall("{value} is not a day. Write it as 2026-03-31.", value=text or "–") from None


@require_POST
def answer(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Agree to what the other side proposed, decline it, or take back one's own."""
    at = access.acting(request, name)
    one = queries.proposal_at(at.table, number)
    if one is None:
        raise Http404
    return _done(request, name, lambda: acts.answer(at, one, request.POST.get("answer", "")), "The answer stands on the page, for both.")


def _done(request: HttpRequest, name: str, act: Any, told: str) -> HttpResponse:
    language = language_of(request)
    try:
        act()
    except WrongCall as wrong:
        error(request, spoken(wrong.phrase, language))
    else:
        success(request, say(language, told))
    return HttpResponseRedirect(reverse("table", args=[name]))


@require_POST
def invite_again(request: HttpRequest, name: str) -> HttpResponse:
    """Another link to a table whose other side is still free."""
    at = access.acting(request, name)
    if not at.of_host or at.table.guest is not None:
        raise Http404
    return _invited(request, at.table)


@require_POST
def revoke(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Take a link back."""
    at = access.acting(request, name)
    one = queries.invitation_at(at.table, number) if at.of_host else None
    if one is None:
        raise Http404
    acts.revoke(one)
    return HttpResponseRedirect(reverse("table", args=[name]))


@require_POST
def withdraw(request: HttpRequest, name: str) -> HttpResponse:
    """Close the page for both."""
    at = access.acting(request, name)
    if "sure" not in request.POST:
        error(request, say(language_of(request), "Tick that it is meant, for the page closes for both."))
        return HttpResponseRedirect(reverse("table", args=[name]))
    acts.close(at)
    return HttpResponseRedirect(reverse("together"))
