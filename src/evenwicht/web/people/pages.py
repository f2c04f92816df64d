"""The pages of people: the first run, links, the account, the members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from evenwicht.reports.catalogue import say, template
from evenwicht.reports.pictures.element import Child, Markup, element
from evenwicht.reports.pictures.lean import glyph
from evenwicht.web import forms, frame, zones
from evenwicht.web.forms import button, choice, field, form
from evenwicht.web.languages import language_of
from evenwicht.web.people.rows import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from evenwicht.web.people.rows import Membership, Person

ROLE_NAMES = {"owner": template("owner"), "member": template("member"), "reader": template("reader")}
ROLE_MEANINGS = {
    "owner": template("imports, decides, and changes people"), "member": template("imports and decides"),
    "reader": template("reads everything, changes nothing"),
}


def used_up(request: HttpRequest) -> HttpResponse:
    """A link that was used, has ended, or never was."""
    language = language_of(request)
    content = element("div", element("div", glyph("too_little_data"), class_="mark"), element("h1", say(language, "This link no longer works")),
                      element("p", say(language, "It was used, its day is over, or a part of it is missing. Signing in by mail address works "
                                                 "all the same."), class_="lead"),
                      element("p", element("a", say(language, "Sign in"), href=reverse("account_login"), class_="btn first"), class_="btns"),
                      class_="wrap center entrance")
    return frame.page(request, say(language, "This link no longer works"), content, status=410)


def ask_link(request: HttpRequest) -> HttpResponse:
    """One click before a link is used up."""
    language = language_of(request)
    content = element("div", element("div", glyph("balanced"), class_="mark"), element("h1", say(language, "Sign in")),
                      element("p", say(language, "The link works once, with this button."), class_="lead"),
                      form(request, button(say(language, "Sign in"), first=True), class_="form narrow"), class_="wrap center entrance")
    return frame.page(request, say(language, "Sign in"), content)


def first_run(request: HttpRequest, *, wrong: str = "") -> HttpResponse:
    """Whose Evenwicht this is, and who owns it."""
    language = language_of(request)
    given = request.POST
    content = element(
        "div", element("div", glyph("balanced"), class_="mark"), element("h1", say(language, "Whose relations are weighed here?")),
        element("p", say(language, "One side of every relation is the organisation of whoever installs this. The other side sees the same "
                                   "page, once it is invited."), class_="lead"),
        forms.wrong(wrong),
        form(request,
             field(say(language, "Name of the organisation"), "organisation", value=given.get("organisation", ""), required=True, maxlength=160,
                   autocomplete="organization"),
             field(say(language, "Its domains, mail addresses, VAT or KvK numbers"), "us", value=given.get("us", ""), required=True,
                   told=say(language, "Such as birch.nl, or kvk:12345678; several with a space between. The first names it.")),
             field(say(language, "Name of the first owner"), "name", value=given.get("name", ""), autocomplete="name", maxlength=120),
             field(say(language, "Mail address of the first owner"), "email", kind="email", value=given.get("email", ""), required=True,
                   autocomplete="email"),
             button(say(language, "Begin"), first=True), class_="form narrow"),
        class_="wrap center entrance")
    return frame.page(request, say(language, "First run"), content)


def account(request: HttpRequest, person: Person, seat: Membership | None, *, wrong: str = "", done: str = "") -> HttpResponse:
    """What a person chose for themselves."""
    language = language_of(request)
    sits = say(language, "{role} at {organisation}", role=say(language, ROLE_NAMES[seat.role]), organisation=str(seat.organisation)) \
        if seat is not None else say(language, "No seat at an organisation")
    own = form(
        request, field(say(language, "Name"), "name", value=person.name, autocomplete="name", maxlength=120),
        choice(say(language, "Language"), "language", (("en", "English"), ("nl", "Nederlands")), person.language or language),
        choice(say(language, "Time zone"), "zone", ((name, name.replace("_", " ")) for name in zones.sorted_names()), person.zone),
        button(say(language, "Keep"), first=True), class_="form")
    around: list[Child] = [
        element("li", element("b", say(language, "Mail address")), element("bdi", person.email)),
        element("li", element("b", say(language, "Seat")), sits),
        element("li", element("b", say(language, "Second step at sign-in")),
                element("a", say(language, "An authenticator app"), href=reverse("mfa_index"))),
        element("li", element("b", say(language, "This browser")),
                form(request, button(say(language, "Sign out")), to=reverse("account_logout"))),
    ]
    content = element("div", frame.opening(say(language, "Account"), say(language, "Name, language and time zone are for this person alone; "
                                                                                   "no figure is ever about people.")),
                      forms.wrong(wrong), forms.done(done), element("div", own, element("ul", around, class_="plain"), class_="two"), class_="wrap")
    return frame.page(request, say(language, "Account"), content, seat=seat, here="account")


def people(
    request: HttpRequest, seat: Membership, members: Sequence[Membership], *, wrong: str = "", done: str = "",
    link: tuple[str, str] | None = None,
) -> HttpResponse:
    """The members, their roles, and a seat for one more."""
    language = language_of(request)
    handed = None if link is None else element(
        "div", element("p", say(language, "A link for {address}; it signs in once, within a day, and is shown only now:", address=link[0])),
        element("p", element("code", link[1])), class_="note", role="status")
    head = element("tr", [element("th", text, scope="col") for text in (
        say(language, "Person"), say(language, "Role"), say(language, "Since"), say(language, "Change"))])
    rows = [_member(request, seat, one, language) for one in members]
    table = element("div", element("table", element("caption", say(language, "People of {organisation}", organisation=str(seat.organisation)), class_="sr"),
                                   element("thead", head), element("tbody", rows)), class_="scroll", tabindex="0", role="group",
                    aria_label=say(language, "Table, scrolls sideways"))
    mail = say(language, "An invitation is mailed.") if settings.MAIL_IS_SET else say(
        language, "No mail server is set up: a one-time link is shown here, to hand over.")
    more = form(
        request, field(say(language, "Mail address"), "email", kind="email", required=True, autocomplete="off"),
        field(say(language, "Name"), "name", maxlength=120, autocomplete="off"),
        choice(say(language, "Role"), "role", [(role, f"{say(language, ROLE_NAMES[role])}: {say(language, ROLE_MEANINGS[role])}") for role in ROLES], "member"),
        button(say(language, "Give a seat"), first=True), to=reverse("invite"), class_="form narrow left")
    return frame.page(
        request, say(language, "People"),
        element("div", frame.opening(say(language, "People"), say(language, "Who may sign in, and to what. There is always an owner.")),
                forms.wrong(wrong), forms.done(done), handed, class_="wrap"),
        element("section", table, class_="wrap"),
        frame.section(say(language, "One more"), mail, more, name="more"), seat=seat, here="people",
        status=400 if wrong else 200)


def _member(request: HttpRequest, seat: Membership, one: Membership, language: str) -> Markup:
    when = zones.moment(one.since, seat.person.zone, language)
    name = element("th", element("bdi", str(one.person)), element("br"), element("span", one.person.email, class_="small"), scope="row")
    if one.ended_at is not None:
        left = say(language, "left on {day}", day=zones.moment(one.ended_at, seat.person.zone, language))
        return element("tr", name, element("td", left), element("td", when), element("td"))
    roles = [(role, say(language, ROLE_NAMES[role])) for role in ROLES]
    options = element("select", [element("option", text, value=role, selected=role == one.role) for role, text in roles], name="role",
                      aria_label=say(language, "Role of {person}", person=str(one.person)))
    change = element("div",
                     form(request, options, button(say(language, "Keep")), to=reverse("role", args=[one.pk]), class_="inline"),
                     form(request, button(say(language, "Make a link")), to=reverse("make-link", args=[one.pk]), class_="inline"),
                     form(request, button(say(language, "End the seat")), to=reverse("end", args=[one.pk]), class_="inline"), class_="btns")
    return element("tr", name, element("td", say(language, ROLE_NAMES[one.role])), element("td", when), element("td", change))
