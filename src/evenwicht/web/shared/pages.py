"""The pages of tables: the invitation, the facts before the verdict, the one page of two, what is said and agreed at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.pages.evidence import kind_name
from evenwicht.reports.pictures.element import Child, Markup, element
from evenwicht.reports.pictures.lean import glyph
from evenwicht.web import forms, frame, zones
from evenwicht.web.forms import button, choice, field, form, hidden, tick
from evenwicht.web.languages import language_of
from evenwicht.web.shared import queries
from evenwicht.web.shared.rows import AGREED, CORRECTION, DECLINED, NORM, QUIET, TAKEN_BACK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from evenwicht.web import bridge
    from evenwicht.web.people.rows import Membership
    from evenwicht.web.shared.queries import Seated
    from evenwicht.web.shared.rows import Invitation, Proposal, Remark, Table, Visit

FACTS_A_PAGE, FIRST_FACTS = 60, 14
DONE = {"page": template("saw the page"), "facts": template("saw the facts"), "looked": template("had looked at the facts"),
        "withdrew": template("withdrew")}
ANSWERS = {AGREED: template("agreed"), DECLINED: template("declined"), TAKEN_BACK: template("taken back"), "": template("waits for an answer")}
ARRANGEMENT = (
    template("Each side answers for what it brings, and may take it away."),
    template("On the page stand facts both know by their nature: mails between the two, invoices, payments, meetings. Nothing else leaves a side."),
    template("People are not on the page; each side tells its own people that facts between the organisations are counted."),
    template("Both have the same rights: read, bring facts, remark, contest, correct, propose, withdraw."),
    template("Who saw what is written down, for both to read."),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of a table is made of."""

    at: Seated
    found: bridge.Stored | None
    body: str
    facts: bridge.Facts | None
    remarks: Sequence[Remark]
    proposals: Sequence[Proposal]
    visits: Sequence[Visit]
    invitations: Sequence[Invitation]
    axes: Sequence[str]
    here: str

    def name(self, *, of_host: bool) -> str:
        """What a side is called."""
        return self.at.table.host.name if of_host else queries.guest_name(self.at.table)

    @property
    def sides(self) -> tuple[bool, bool]:
        """`of_host` of the left side and of the right: the own chair is left."""
        return self.at.of_host, not self.at.of_host


# 1. before there is a table -------------------------------------------------------------------------------------------


def together(request: HttpRequest, seat: Membership, tables: Sequence[Table], others: Sequence[tuple[str, str]], chosen: str) -> HttpResponse:
    """The tables of an organisation, and a place to lay another."""
    language = language_of(request)
    rows = [element("li", element("a", _title(one, language), href=reverse("table", args=[one.name])), " ",
                    element("span", _state(one, seat, language), class_="quiet")) for one in tables]
    listed: Child = element("ul", rows, class_="plain") if rows else element("p", say(language, "No table is laid yet."), class_="quiet")
    lay: Child = None
    if seat.works and others:
        lay = frame.section(
            say(language, "Invite the other side"),
            say(language, "It gets a link, sees the facts first, and has the same rights on the page. The verdict opens for both at one moment."),
            form(request, choice(say(language, "With whom"), "other", others, chosen),
                 field(say(language, "Mail address of the other side"), "email", kind="email", autocomplete="off",
                       told=say(language, "Only this address can then sit down with the link. Without one, the link is handed over by hand.")),
                 _arrangement(language), button(say(language, "Make the link"), first=True), to=reverse("lay"), class_="form narrow left"), name="lay")
    return frame.page(
        request, say(language, "Together"),
        element("div", frame.opening(say(language, "Together"), say(language, "Pages that two sides share: the same figures for both, from the facts "
                                                                              "both brought, each from its own chair.")), class_="wrap"),
        element("section", listed, class_="wrap"), lay, seat=seat, here="together")


def _title(one: Table, language: str) -> str:
    return say(language, "{left} and {right}", left=one.host.name, right=queries.guest_name(one))


def _state(one: Table, seat: Membership, language: str) -> str:
    if one.closed_at is not None:
        return say(language, "closed on {day}", day=zones.moment(one.closed_at, seat.person.zone, language))
    if one.guest is None:
        return say(language, "the other side is invited")
    return say(language, "open") if queries.is_open(one) else say(language, "the facts are looked at")


def _arrangement(language: str) -> Markup:
    return element("fieldset", element("legend", say(language, "The joint arrangement")),
                   element("ul", [element("li", say(language, one)) for one in ARRANGEMENT], class_="small"),
                   tick(say(language, "Accepted, for this organisation"), "arrangement", required=True), class_="arrangement")


def link(request: HttpRequest, made: Table, address: str, mailed: str) -> HttpResponse:
    """A link, shown once."""
    language = language_of(request)
    told = say(language, "It was mailed to {address}, too.", address=mailed) if mailed else say(language, "Hand it to the other side; it is shown only now.")
    content = element(
        "div", element("div", glyph("balanced"), class_="mark"), element("h1", say(language, "A link for {party}", party=queries.guest_name(made))),
        element("p", say(language, "It works for two weeks, and lets one organisation sit down."), " ", told, class_="lead"),
        element("p", element("code", address), class_="note", role="status"),
        element("p", element("a", say(language, "To the page"), href=reverse("table", args=[made.name]), class_="btn first"), class_="btns"),
        class_="wrap center entrance")
    return frame.page(request, say(language, "A link"), content)


def no_longer(request: HttpRequest) -> HttpResponse:
    """A link that was used, taken back, has ended, or never was."""
    language = language_of(request)
    content = element("div", element("div", glyph("too_little_data"), class_="mark"), element("h1", say(language, "This link no longer works")),
                      element("p", say(language, "It was used, taken back, or its two weeks are over. Whoever sent it can make another."), class_="lead"),
                      class_="wrap center entrance")
    return frame.page(request, say(language, "This link no longer works"), content, status=410)


def invitation(request: HttpRequest, found: Invitation, secret: str, seat: Membership | None, *, wrong: str = "") -> HttpResponse:
    """What the other side sees first."""
    language, given = language_of(request), request.POST
    host, guest = found.table.host.name, queries.guest_name(found.table)
    if seat is not None:
        sit = form(request, _arrangement(language), button(say(language, "Sit down as {organisation}", organisation=str(seat.organisation)), first=True),
                   class_="form narrow")
    else:
        sit = form(
            request, field(say(language, "Name of the organisation"), "organisation", value=given.get("organisation", guest), required=True, maxlength=160,
                           autocomplete="organization"),
            field(say(language, "Its domains, mail addresses, VAT or KvK numbers"), "us", value=given.get("us", ""), required=True,
                  told=say(language, "Such as birch.nl, or kvk:12345678; several with a space between. The first names it.")),
            field(say(language, "Name"), "name", value=given.get("name", ""), autocomplete="name", maxlength=120),
            field(say(language, "Mail address"), "email", kind="email", value=given.get("email", found.email), required=True, autocomplete="email"),
            _arrangement(language), button(say(language, "Sit down"), first=True), class_="form narrow")
    title = say(language, "{host} asks {guest} to look at one page together", host=host, guest=guest)
    content = element(
        "div", element("div", glyph("balanced"), class_="mark"), element("h1", title),
        element("p", say(language, "It shows how speaking and listening, giving and taking are balanced between the two. It measures the relation, not one "
                                   "of the sides. Both see the same figures, each from its own chair."), class_="lead"),
        forms.wrong(wrong), sit,
        element("p", element("a", say(language, "Look first, without an account"), href=reverse("look", args=[secret]), class_="btn"), class_="btns"),
        element("p", say(language, "The link works until {day}. No answer is an answer too: nobody is told.", day=numbers.day(found.until, language)),
                class_="small"), class_="wrap center entrance")
    return frame.page(request, title, content, seat=seat, status=400 if wrong else 200)


# 2. the one page of two -----------------------------------------------------------------------------------------------


def table(request: HttpRequest, shown: Shown, told: Sequence[str]) -> HttpResponse:
    """The page both see."""
    language, at = language_of(request), shown.at
    left, right = (shown.name(of_host=side) for side in shown.sides)
    title = say(language, "{left} and {right}", left=left, right=right)
    notes = [forms.done(one) for one in told]
    if shown.found is None:
        fault = forms.fault_said(at.table.fault, language) or say(language, "The page is being worked out; it is here in a moment.")
        what: list[Child] = [element("div", frame.opening(title, fault), class_="wrap"), _missing(shown, language)]
    elif shown.facts is not None:
        what = [element("div", frame.opening(title, _opens(shown, language)), class_="wrap"), _facts_first(request, shown, language)]
    else:
        what = [Markup(shown.body)]
    return frame.page(
        request, title, element("div", notes, class_="wrap") if notes else None, *what, _voices(request, shown, language), _agreements(request, shown, language),
        _looked(shown, language), _links(request, shown, language), _withdraw(request, shown, language), seat=at.seat, here="together")


def _opens(shown: Shown, language: str) -> str:
    if shown.at.table.joined_at is None:
        return say(language, "The facts, without a verdict yet. It opens for both once the other side has looked at them.")
    latest = numbers.day(shown.at.table.joined_at + QUIET, language)
    return say(language, "The facts, without a verdict yet. It opens for both at one moment: when {party} has looked at them, on {day} at the latest.",
               party=shown.name(of_host=False), day=latest)


def _missing(shown: Shown, language: str) -> Markup | None:
    if shown.at.seat is None:
        return None
    return frame.section(
        say(language, "Which facts are missing?"),
        say(language, "Each side brings what it has: mail, invoices, bank statements, calendars. The same fact from both is one fact."),
        element("p", element("a", say(language, "Bring facts"), href=reverse("imports"), class_="btn"), class_="btns"), name="missing")


def _facts_first(request: HttpRequest, shown: Shown, language: str) -> list[Markup | None]:
    facts = shown.facts
    assert facts is not None
    more = None if shown.at.seat is None else element("a", say(language, "All facts, and correcting them"), href=f"{shown.here}evidence/", class_="btn")
    look = None
    if not shown.at.of_host and (shown.at.seat is None or shown.at.seat.works):
        where = shown.here if shown.at.seat is None else reverse("looked", args=[shown.at.table.name])
        look = form(request, hidden("looked", "1"), button(say(language, "Looked at; open the verdict for both"), first=True), to=where, class_="inline")
    drawn = frame.section(
        say(language, "The facts"),
        say(language, "{count} facts lie on this table, each on the side that gave it. The newest stand here.", count=numbers.number(facts.count, language)),
        element("div", facts.body, class_="relation seen"), element("div", more, look, class_="btns"), name="facts")
    return [drawn, _missing(shown, language)]


def _voices(request: HttpRequest, shown: Shown, language: str) -> Markup:
    """What each side says, side by side, in the same size."""
    columns = []
    for side in shown.sides:
        said = [one for one in shown.remarks if one.of_host == side]
        rows: Child = [_remark(one, language) for one in said] or element("li", say(language, "Nothing said yet."), class_="quiet")
        columns.append(element("div", element("h3", element("bdi", shown.name(of_host=side))), element("ul", rows, class_="plain voices")))
    mine: Child = None
    if shown.at.seat is None or shown.at.seat.works:
        about = [("", say(language, "The whole page")), *((axis, words.axis_name(axis, language)) for axis in shown.axes)]
        signed = field(say(language, "Name"), "signed", maxlength=120) if shown.at.seat is None else None
        where = shown.here if shown.at.seat is None else reverse("remark", args=[shown.at.table.name])
        mine = form(request, signed, choice(say(language, "About"), "about", about, ""), _area(say(language, "What there is to say"), "words", required=True),
                    tick(say(language, "This contests what the page says there"), "contests"), button(say(language, "Say it, for both to read")), to=where,
                    class_="form narrow left")
    return frame.section(say(language, "Both voices"), say(language, "A difference may exist. What one side says stands beside what the other says."),
                         element("div", columns, class_="both"), mine, name="voices")


def _area(label: str, name: str, *, required: bool = False) -> Markup:
    return element("div", element("label", label, for_=f"f-{name}"), element("textarea", "", name=name, id=f"f-{name}", rows=4, maxlength=4000, required=required),
                   class_="field")


def _remark(one: Remark, language: str) -> Markup:
    about = words.axis_name(one.about, language) if one.about else say(language, "The whole page")
    kind = say(language, "contests") if one.contests else say(language, "remarks")
    return element("li", element("p", element("b", about), " · ".join(filter(None, (kind, numbers.day(one.made_at, language), one.signed))), class_="small"),
                   element("p", element("bdi", one.words)))


def _agreements(request: HttpRequest, shown: Shown, language: str) -> Markup:
    """What was proposed and what holds."""
    acting = shown.at.seat is not None and shown.at.seat.works
    rows: Child = [_proposal(request, shown, one, language, acting=acting) for one in shown.proposals] or element(
        "li", say(language, "Nothing is proposed."), class_="quiet")
    norm: Child = None
    if acting:
        own = shown.name(of_host=shown.at.of_host)
        norm = form(
            request, hidden("kind", NORM), choice(say(language, "Axis"), "axis", [(axis, words.axis_name(axis, language)) for axis in shown.axes], "words"),
            field(say(language, "Of 100, {party} gives", party=own), "share", kind="number", min=1, max=99, value="50", required=True),
            field(say(language, "From"), "since", kind="date", required=True), _area(say(language, "Why"), "words"), button(say(language, "Propose this norm")),
            to=reverse("propose", args=[shown.at.table.name]), class_="form narrow left")
    return frame.section(
        say(language, "Proposed and agreed"),
        say(language, "A norm, a corrected fact or a thread left out holds once both agree; a correction also when nobody answers it for two weeks. "
                      "Both versions stay readable."),
        element("ul", rows, class_="plain"), norm, name="agreed")


def _proposal(request: HttpRequest, shown: Shown, one: Proposal, language: str, *, acting: bool) -> Markup:
    by = shown.name(of_host=one.of_host)
    state = say(language, ANSWERS[one.answer])
    if not one.answer and queries.holds(one):
        state = say(language, "holds: not answered for two weeks")
    change: Child = None
    if acting and not one.answer:
        given = (TAKEN_BACK,) if one.of_host == shown.at.of_host else (AGREED, DECLINED)
        labels = {TAKEN_BACK: say(language, "Take back"), AGREED: say(language, "Agree"), DECLINED: say(language, "Decline")}
        change = form(request, [button(labels[each], name="answer", value=each) for each in given],
                      to=reverse("answer", args=[shown.at.table.name, one.pk]), class_="inline")
    return element("li", element("p", element("b", _proposed(shown, one, language)), " · ", by, " · ", numbers.day(one.made_at, language), " · ", state),
                   element("p", element("bdi", one.words), class_="small") if one.words else None, change)


def _proposed(shown: Shown, one: Proposal, language: str) -> str:
    told: dict[str, Any] = one.told
    if one.kind == NORM:
        part = round(100 * told["share"])
        return say(language, "{axis}: {left} gives {part} of 100, {right} {rest}, from {day}", axis=words.axis_name(told["axis"], language),
                   left=shown.name(of_host=True), right=shown.name(of_host=False), part=part, rest=100 - part, day=numbers.day(told["since"], language))
    was = numbers.day(told["was"], language)
    if one.kind == CORRECTION:
        kind = kind_name(told["identity"][1], language)
        if told["at"] is None:
            return say(language, "{kind} of {day}: not of this relation", kind=kind, day=was)
        return say(language, "{kind} of {day}: was on {other}", kind=kind, day=was, other=numbers.day(told["at"], language))
    return say(language, "The thread with a fact of {day} is left out", day=was)


def _looked(shown: Shown, language: str) -> Markup:
    """Who saw what: sides, never people."""
    rows: Child = [element("li", element("span", numbers.day(one.at, language), class_="when"), " ", element("bdi", shown.name(of_host=one.of_host)), " ",
                           say(language, DONE.get(one.what, one.what))) for one in shown.visits[:20]]
    return frame.section(say(language, "Who looked"), say(language, "Which side saw or did what, for both to read. People are not named."),
                         element("ul", rows, class_="plain"), name="looked")


def _links(request: HttpRequest, shown: Shown, language: str) -> Markup | None:
    at = shown.at
    if not at.of_host or at.table.guest is not None or at.seat is None or not at.seat.works:
        return None
    rows = [element("li", say(language, "until {day}", day=numbers.day(one.until, language)), f" · {one.email} " if one.email else " ",
                    form(request, button(say(language, "Take the link back")), to=reverse("revoke", args=[at.table.name, one.pk]), class_="inline"))
            for one in shown.invitations]
    another = form(request, field(say(language, "Mail address of the other side"), "email", kind="email", autocomplete="off"),
                   button(say(language, "Make another link")), to=reverse("invite-again", args=[at.table.name]), class_="form narrow left")
    return frame.section(say(language, "Links"), say(language, "Each lets one organisation sit down, once. They can be taken back."),
                         element("ul", rows, class_="plain"), another, name="links")


def _withdraw(request: HttpRequest, shown: Shown, language: str) -> Markup | None:
    if shown.at.seat is None or not shown.at.seat.works:
        return None
    return frame.section(
        say(language, "Withdraw"),
        say(language, "The page closes for both. What was imported stays with its owner; remarks go with the side that made them."),
        form(request, tick(say(language, "Close this page for both"), "sure", required=True), button(say(language, "Withdraw")),
             to=reverse("withdraw", args=[shown.at.table.name]), class_="form narrow left"), name="withdraw")


def closed(request: HttpRequest, at: Seated) -> HttpResponse:
    """A table one of the two has left."""
    language = language_of(request)
    content = element(
        "div", element("div", glyph("standing_still"), class_="mark"), element("h1", say(language, "This page is closed")),
        element("p", say(language, "It was withdrawn on {day}, for both sides. What each imported stays with it.", day=numbers.day(at.table.closed_at, language)),
                class_="lead"), class_="wrap center entrance")
    return frame.page(request, say(language, "This page is closed"), content, seat=at.seat, here="together", status=410)


def facts(
    request: HttpRequest, at: Seated, found: bridge.Stored, drawn: bridge.Facts, which: Sequence[dict[str, Any]], page: int, axis: str,
) -> HttpResponse:
    """Every fact on the table, and what is wrong with one."""
    language, name = language_of(request), at.table.name
    here = reverse("table-facts", args=[name])
    known = f"axis={axis}&" if axis else ""
    steps = [element("a", say(language, "Later"), href=f"{here}?{known}page={page - 1}", class_="btn", rel="prev") if page > 1 else None,
             element("a", say(language, "Earlier"), href=f"{here}?{known}page={page + 1}", class_="btn", rel="next") if page * FACTS_A_PAGE < drawn.count else None]
    wrong: Child = None
    if at.seat is not None and at.seat.works and which:
        options = [(one["key"], " · ".join(
            (numbers.day(one["at"], language), kind_name(one["kind"], language), words.name_of(one["giver"], found.names)))) for one in which]
        ways = (("day", say(language, "It was on another day")), ("away", say(language, "It is not of this relation")),
                ("thread", say(language, "Leave its whole thread out")))
        wrong = frame.section(
            say(language, "Something is not right"), say(language, "What is proposed here holds once the other side agrees; a correction also after two weeks."),
            form(request, choice(say(language, "Which fact"), "which", options, ""), choice(say(language, "What about it"), "wrong", ways, "day"),
                 field(say(language, "The day it was"), "day", kind="date"), _area(say(language, "Why"), "words"), button(say(language, "Propose"), first=True),
                 to=reverse("propose", args=[name]), class_="form narrow left"), name="wrong")
    title = say(language, "Facts: {left} and {right}", left=drawn.left, right=drawn.right)
    return frame.page(
        request, title,
        element("div", frame.opening(title, say(language, "Each fact stands on the side that gave it, with who brought it.")),
                element("nav", element("a", say(language, "The page"), href=reverse("table", args=[name])), class_="onpage", aria_label=say(language, "Facts")),
                class_="wrap"),
        element("section", element("div", drawn.body, class_="relation seen"), element("div", steps, class_="btns"), class_="wrap evidence"),
        wrong, seat=at.seat, here="together")
