"""The pages of the portfolio: all relations, and what stands there before there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.pages.portfolio import ORDER, Beside, reading_help
from evenwicht.reports.pictures.element import Child, Markup, element, join
from evenwicht.reports.pictures.lean import SHAPES, glyph
from evenwicht.web import bridge, forms, frame
from evenwicht.web.books import queries
from evenwicht.web.books.help_page import MEANINGS, meaning
from evenwicht.web.care.asked import PLAIN, query_of
from evenwicht.web.care.queries import ALL, MINE, NOBODY
from evenwicht.web.forms import button, field, form, hidden, tick
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from evenwicht.web.books.queries import Listed
    from evenwicht.web.books.rows import Snapshot
    from evenwicht.web.care.asked import Asked
    from evenwicht.web.care.queries import Cared, Choices, Pair
    from evenwicht.web.people.rows import Membership

SORT_NAMES = {
    "attention": template("Attention first"), "name": template("By name"), "events": template("Most events first"),
    "last": template("Latest move first"), "speed": template("Slowest first"),
}


def nothing_yet(request: HttpRequest, seat: Membership, *, running: bool, fault: Mapping[str, Any] | None) -> HttpResponse:
    """Before anything was read: what will stand here, and the way to it."""
    language = language_of(request)
    shapes = element("ul", [element("li", glyph(verdict, 1), element("b", words.verdict_word(verdict, language)),
                                    element("span", meaning(verdict, language))) for verdict in SHAPES if verdict in MEANINGS], class_="shapes")
    if running:
        said: Child = element("p", say(language, "What was brought is being read. The relations appear here by themselves."), class_="lead",
                              hx_get=reverse("portfolio"), hx_trigger="every 2s", hx_target="body", hx_swap="outerHTML")
    else:
        said = element("p", say(language, "Bring the mail, calendars, invoices and bank statements that are there already, and the relations in "
                                          "them are weighed."), class_="lead")
    where = element("p", element("a", say(language, "Bring files"), href=reverse("imports"), class_="btn first"), class_="btns") \
        if seat.works and not running else None
    content = element("div", element("h1", say(language, "Nothing has been weighed yet")), said, forms.wrong(forms.fault_said(fault, language)), where,
                      class_="wrap center")
    return frame.page(request, say(language, "Relations"), content,
                      frame.section(say(language, "What a relation can be"), say(language, "Always a shape and a word; the weight of the line says "
                                                                                             "how long it lasts."), shapes), seat=seat, here="relations")


TURNS = {"us": template("of the own side"), "them": template("of the other side"), "nobody": template("nobody’s")}
LEANS = {"us": template("toward the own side"), "them": template("toward the other side")}
AXES = ("words", "initiative", "response", "time", "favours", "money", "promises")


def portfolio(
    request: HttpRequest, seat: Membership, snapshot: Snapshot, overview: str, listed: Listed, asked: Asked, choices: Choices,
    cared: Mapping[Pair, Cared], *, building: bool, fault: Mapping[str, Any] | None, done: str = "",
) -> HttpResponse:
    """All relations."""
    language = language_of(request)
    news: Child = None
    if fault:
        news = forms.wrong(forms.fault_said(fault, language))
    elif building:
        news = element("p", say(language, "Something changed, and the relations are worked out again. This is how they stood before."), class_="note",
                       role="status")
    head = element("header", element("h2", say(language, "All relations"), id="all-h"), element("p", reading_help(language)), class_="sec-head halves")
    return frame.page(
        request, say(language, "Relations"), element("div", news, id="told", class_="wrap"), Markup(overview),
        element("section", head, forms.done(done), _saved(choices, asked, language), _tools(snapshot, asked, choices, language),
                table(request, seat, snapshot, listed, asked, choices, cared), _keep(request, seat, asked, choices, language), class_="sec wrap", id="all",
                aria_labelledby="all-h"),
        bridge.still_needed(snapshot.needs, language), seat=seat, here="relations")


def _saved(choices: Choices, asked: Asked, language: str) -> Markup:
    """Lists under a name: all, what one cares for oneself, what was kept."""
    here = query_of(asked)
    known = [(say(language, "All"), f"who={ALL}"), (say(language, "Mine"), f"who={MINE}"), (say(language, "Waits for the own side"), "turn=us"),
             *((one.name, one.query) for one in choices.views)]
    return element("nav", [element("a", element("bdi", name), href=f"{reverse('portfolio')}?{query}#all", aria_current="true" if query == here else None)
                           for name, query in known], class_="onpage saved", aria_label=say(language, "Lists"))


def _tools(snapshot: Snapshot, asked: Asked, choices: Choices, language: str) -> Markup:
    """What the table is asked: a form that works by itself, and at once where there is a script."""

    def select(label: str, name: str, options: Sequence[tuple[str, str]], chosen: str) -> Markup:
        return element("div", element("label", label, for_=name),
                       element("select", [element("option", text, value=value, selected=value == chosen) for value, text in options], name=name, id=name),
                       class_="field")

    everything = ("", say(language, "All"))
    lacking = [(need, words.need(need, language)) for need in snapshot.needs[:40]]
    if asked.lacks and asked.lacks not in snapshot.needs:
        lacking.append((asked.lacks, asked.lacks))
    whose = [(ALL, say(language, "Everybody")), (MINE, say(language, "Mine")), (NOBODY, say(language, "Nobody")),
             *((f"team-{one.pk}", one.name) for one in choices.teams), *((f"seat-{one.pk}", str(one.person)) for one in choices.seats)]
    further = [
        select(say(language, "Axis that leans"), "axis", [everything, *((one, words.axis_name(one, language)) for one in AXES)], asked.axis),
        select(say(language, "Leans"), "lean", [everything, *((one, say(language, text)) for one, text in LEANS.items())], asked.lean),
        select(say(language, "Cared for by"), "who", whose, asked.who),
        select(say(language, "Tag"), "tag", [everything, *((str(one.pk), one.name) for one in choices.tags)], asked.tag),
        select(say(language, "Missing"), "lacks", [everything, *lacking], asked.lacks),
    ]
    plain = PLAIN
    opened = any(getattr(asked, name) != getattr(plain, name) for name in ("axis", "lean", "who", "tag", "lacks"))
    return element(
        "form",
        element("div", element("label", say(language, "Find a relation"), for_="find"),
                element("input", type="search", name="find", id="find", value=asked.find or None, placeholder=say(language, "Name, domain, VAT number"),
                        autocomplete="off"), class_="field"),
        select(say(language, "Verdict"), "verdict", [everything, *((one, words.verdict_word(one, language)) for one in ORDER)], asked.verdict),
        select(say(language, "Turn"), "turn", [everything, *((one, say(language, text)) for one, text in TURNS.items())], asked.turn),
        select(say(language, "Order"), "sort", [(name, say(language, text)) for name, text in SORT_NAMES.items()], asked.sort),
        element("button", say(language, "Show"), type="submit", class_="btn"),
        element("details", element("summary", say(language, "More to choose by")), element("div", further, class_="further"), open=opened),
        class_="tools", method="get", action=f"{reverse('portfolio')}#all", role="search",
        hx_get=reverse("portfolio"), hx_trigger="input changed delay:250ms from:#find, change, submit",
        hx_target="#list", hx_swap="outerHTML", hx_push_url="true")


def table(
    request: HttpRequest, seat: Membership, snapshot: Snapshot, listed: Listed, asked: Asked, choices: Choices, cared: Mapping[Pair, Cared],
) -> Markup:
    """A page of the table, with the way to the other pages and to files, and what can be done with the rows that are ticked."""
    language = language_of(request)
    if not listed.relations:
        rows: Markup = element("p", say(language, "No relation is like that."), " ",
                               element("a", say(language, "All relations"), href=f"{reverse('portfolio')}?who={ALL}#all"), class_="note", role="status")
    else:
        beside = [_beside(one, number, cared.get((one.result["a"], one.result["b"])), language, may=seat.works)
                  for one, number in zip(listed.relations, listed.numbers, strict=True)]
        rows = bridge.listed(listed.relations, us=snapshot.us, us_name=snapshot.us_name, language=language, until=snapshot.until, beside=beside)
        if seat.works:
            rows = form(request, rows, _together(listed, choices, language), hidden("back", query_of(asked, page=asked.page)),
                        to=reverse("care-for"), class_="together")
    last = listed.start + len(listed.relations)
    shown = say(language, "{first} to {last} of {all}", first=numbers.number(listed.start + 1 if listed.relations else 0, language),
                last=numbers.number(last, language), all=numbers.number(listed.count, language))
    here = listed.start // queries.PAGE + 1
    steps = []
    if listed.start:
        steps.append(_step(say(language, "Earlier in the list"), query_of(asked, page=here - 1), "prev"))
    if last < listed.count:
        steps.append(_step(say(language, "Further in the list"), query_of(asked, page=here + 1), "next"))
    files = element("span", say(language, "Take along:"), " ", [
        join(element("a", {"xlsx": "Excel", "parquet": "Parquet"}.get(kind, kind.upper()), href=f"{reverse('take-along', args=[kind])}?{query_of(asked)}",
                     download=True), " ") for kind in ("csv", "xlsx", "json", "parquet")])
    return element("div", rows, element("div", element("span", shown, role="status"), element("span", steps, class_="btns"), files, class_="more"), id="list")


def _beside(one: bridge.Stored, number: int, cared: Cared | None, language: str, *, may: bool) -> Beside:
    """The box of a row, and who cares for it and its tags."""
    name = " – ".join(one.names.values())
    box = element("input", type="checkbox", name="pair", value=str(number), aria_label=say(language, "Choose {name}", name=name)) if may else None
    told = [element("span", element("bdi", text), class_=kind) for text, kind in (
        *(((cared.carer, "carer"),) if cared and cared.carer else ()), *((tag, "tag") for tag in (cared.tags if cared else ())))]
    return Beside(box, element("small", told, class_="kept") if told else None)


def _together(listed: Listed, choices: Choices, language: str) -> Markup:
    """What is done with the rows that are ticked."""
    every = tick(say(language, "All {n} of this list, also on other pages", n=numbers.number(listed.count, language)), "every") \
        if listed.count > len(listed.relations) else None
    whose = [("nobody", say(language, "Nobody")), *((f"team-{one.pk}", one.name) for one in choices.teams),
             *((f"seat-{one.pk}", str(one.person)) for one in choices.seats)]
    return element(
        "fieldset", element("legend", say(language, "With the ticked rows"), class_="lab"), every,
        element("div",
                element("div", element("label", say(language, "Tag"), for_="do-tag"),
                        element("input", type="text", name="tag", id="do-tag", maxlength=40, list="tags", autocomplete="off"), class_="field"),
                element("datalist", [element("option", value=one.name) for one in choices.tags], id="tags"),
                button(say(language, "Add the tag"), name="do", value="tag"), button(say(language, "Take the tag away"), name="do", value="untag"),
                class_="act"),
        element("div",
                element("div", element("label", say(language, "Cared for by"), for_="do-who"),
                        element("select", [element("option", text, value=value) for value, text in whose], name="who", id="do-who"), class_="field"),
                button(say(language, "Let care"), name="do", value="assign"), class_="act"), class_="acts")


def _keep(request: HttpRequest, seat: Membership, asked: Asked, choices: Choices, language: str) -> Markup:
    """Keep the list as it is asked for, and take kept ones away."""
    kept = [one for one in choices.views if one.person_id is not None or seat.works]
    back = hidden("back", query_of(asked))
    drops = element("ul", [element("li", element("a", element("bdi", one.name), href=f"{reverse('portfolio')}?{one.query}#all"), " ", element(
        "span", ", ".join([say(language, "of the organisation") if one.person_id is None else say(language, "own")]
                          + [say(language, "shown first")] * one.first), class_="small"), form(
        request, back, button(say(language, "Take it away"), aria_label=say(language, "Take {name} away", name=one.name)),
        to=reverse("drop-view", args=[one.pk]), class_="inline")) for one in kept], class_="plain views") if kept else None
    shared = tick(say(language, "For the whole organisation"), "shared") if seat.works else None
    made = form(
        request, back, field(say(language, "Name of the list"), "name", required=True, maxlength=80, autocomplete="off"),
        tick(say(language, "Show it first"), "first"), shared, button(say(language, "Keep")), to=reverse("keep-view"), class_="form keeping")
    teams = element("p", element("a", say(language, "Teams"), href=reverse("teams")), class_="small") if seat.owns else None
    return element("details", element("summary", say(language, "Keep this list, or take one away")),
                   element("p", say(language, "Kept is what is asked above when the page is opened: filters, order and search."), class_="small"),
                   made, drops, teams, class_="keep")


def _step(text: str, query: str, rel: str) -> Markup:
    where = f"{reverse('portfolio')}?{query}"
    return element("a", text, href=f"{where}#all", rel=rel, class_="btn", hx_get=where, hx_target="#list", hx_swap="outerHTML show:#all:top",
                   hx_push_url="true")
