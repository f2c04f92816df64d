"""The pages of a relation: what was found, what was said before, and every event."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say
from evenwicht.reports.pages.evidence import kind_name
from evenwicht.reports.pictures.element import Child, Markup, element
from evenwicht.reports.pictures.lean import glyph
from evenwicht.web import frame
from evenwicht.web.forms import hidden
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from evenwicht.web import bridge
    from evenwicht.web.books.rows import Month, Snapshot
    from evenwicht.web.people.rows import Membership

EVENTS_A_PAGE = 100


def relation(
    request: HttpRequest, seat: Membership, snapshot: Snapshot, found: bridge.Stored, body: str, months: Sequence[Month], chair: str,
) -> HttpResponse:
    """One relation, as it was drawn, and what was said of it before."""
    language = language_of(request)
    names = found.names
    title = say(language, "{left} and {right}", left=words.name_of(found.result["a"], names), right=words.name_of(found.result["b"], names))
    return frame.page(request, title, Markup(body), _changes(found, chair, language), _earlier(snapshot, found, months, chair, language), _back(snapshot, found, chair, language),
                      seat=seat, here="relations")


def looked_back(
    request: HttpRequest, seat: Membership, snapshot: Snapshot, found: bridge.Stored, chair: str, on: date | None, body: str | None,
) -> HttpResponse:
    """One relation as it would have been said at the end of an earlier day; a sentence where nothing can be said of that day."""
    language, names = language_of(request), found.names
    title = say(language, "{left} and {right}", left=words.name_of(found.result["a"], names), right=words.name_of(found.result["b"], names))
    today = element("a", say(language, "As it is said now"), href=f"{found.served.relation}?{urlencode({'chair': chair})}")
    if on is None:
        said = say(language, "That is not a day. Choose one up to {until}.", until=numbers.day(snapshot.until, language))
    elif body is None:
        said = say(language, "Nothing can be said of {day}: the facts known now begin later, or end on {until}.", day=numbers.day(on, language),
                   until=numbers.day(snapshot.until, language))
    else:
        said = say(language, "As it would have been said on {day}, with what had happened by then and nothing later.", day=numbers.day(on, language))
    note = element("div", element("p", said, " ", today, class_="note", role="status"), class_="wrap")
    content = [Markup(body)] if body is not None else [element("div", element("h1", title), class_="wrap center")]
    return frame.page(request, title, note, content, _back(snapshot, found, chair, language, on), seat=seat, here="relations",
                      status=200 if body is not None else 404)


def _changes(found: bridge.Stored, chair: str, language: str) -> Markup:
    """The place of what changed: it comes when it is looked at; without a script a link leads to it."""
    there = f"{found.served.relation}changes/?{urlencode({'chair': chair})}"
    return element("div", element("p", element("a", say(language, "What changed since last month"), href=there, class_="btn"), class_="wrap btns"),
                   hx_get=there, hx_trigger="revealed", hx_swap="outerHTML", class_="noprint")


def changes(request: HttpRequest, seat: Membership, found: bridge.Stored, chair: str, body: str) -> HttpResponse:
    """What changed, as a page of its own."""
    language, names = language_of(request), found.names
    title = say(language, "{left} and {right}", left=words.name_of(found.result["a"], names), right=words.name_of(found.result["b"], names))
    back = element("p", element("a", say(language, "The relation"), href=f"{found.served.relation}?{urlencode({'chair': chair})}"))
    return frame.page(request, title, element("div", element("h1", title), back, class_="wrap center"), Markup(body), seat=seat, here="relations")


def changed(found: bridge.Stored, on: date, moved: Sequence[bridge.Moved] | None, language: str) -> str:
    """What changed since the end of a month, axis by axis, with the events that moved each."""
    day = numbers.day(on, language)
    if moved is None:
        content: Markup = element("p", say(language, "Nothing was known yet on {day}.", day=day))
    elif not moved:
        content = element("p", say(language, "No event since {day} moved where it settles.", day=day))
    else:
        content = element("ol", [element("li", element("h3", words.axis_name(one.axis, language)), element("p", _from_to(one, language)),
                                         element("ul", [element("li", _moving(found, event, by, language)) for event, by in one.events], class_="plain"))
                                 for one in moved], class_="changes")
    return frame.section(
        say(language, "What changed since last month"),
        say(language, "Since {day}, by the events that moved it most: each is left out by itself, and the axis is judged without it.", day=day),
        content, name="changes")


def _from_to(one: bridge.Moved, language: str) -> str:
    after = words.verdict_word(one.after, language)
    if one.before is None or one.before == one.after:
        return after
    return say(language, "{before}, and now: {after}", before=words.verdict_word(one.before, language), after=after)


def _moving(found: bridge.Stored, event: Mapping[str, Any], by: float, language: str) -> list[Child]:
    """An event, and toward which side it moves the relation: the side that receives more by it."""
    a, b = found.result["a"], found.result["b"]
    toward = words.name_of(b if by > 0 else a, found.names)
    other = b if event["giver"] == a else a
    pieces = [numbers.short_day(event["at"], language, year=True), kind_name(event["kind"], language)]
    if numbers.finite(event["amount"]) is not None and event["kind"] != "question":
        pieces.append(numbers.amount(event["amount"], event["unit"] or "", language))
    points = numbers.number(abs(math.tanh(by / 2)) * 50, language)
    told = say(language, "{giver} to {receiver}; moves it {points} of 100 parts toward {toward}", giver=words.name_of(event["giver"], found.names),
               receiver=words.name_of(other, found.names), points=points, toward=toward)
    return [element("b", ", ".join(pieces)), element("span", told, " ", element("span", "; ".join(event["evidence"] or ()), class_="where"))]


def _back(snapshot: Snapshot, found: bridge.Stored, chair: str, language: str, on: date | None = None) -> Markup:
    """The question what would have been said on another day."""
    day = element("div", element("label", say(language, "Day"), for_="on"),
                  element("input", type="date", name="on", id="on", value=on.isoformat() if on else None, max=snapshot.until.isoformat(), required=True), class_="field")
    asked = element("form", hidden("chair", chair), day, element("button", say(language, "Look back"), type="submit", class_="btn"), class_="act keeping noprint",
                    method="get", action=found.served.relation)
    return frame.section(
        say(language, "What would it have said then?"),
        say(language, "The same rules, on that day: only what had happened by then, and no source that went on after it. What people decided "
                      "since about who is who holds."), asked, name="back")


def _earlier(snapshot: Snapshot, found: bridge.Stored, months: Sequence[Month], chair: str, language: str) -> Markup | None:
    if not months:
        return None
    other = found.result["b"] if chair == found.result["a"] else found.result["a"]
    rows = []
    for month in months:
        side = 1 if month.toward == other else -1 if month.toward == chair else 0
        toward = say(language, "toward {party}", party=words.name_of(month.toward, found.names)) if month.toward else ""
        there = f"{found.served.relation}?{urlencode({'chair': chair, 'on': month.month.isoformat()})}"
        rows.append(element("li", element("a", numbers.month(month.month, language), href=there, class_="when"), glyph(month.verdict, side),
                            element("b", words.verdict_word(month.verdict, language)), element("span", toward, class_="quiet"),
                            element("span", words.chance(month.certainty, language) if month.certainty is not None else "–", class_="num")))
    return frame.section(
        say(language, "Earlier verdicts"),
        say(language, "What is said of each month with what was known by its last day. The figure is the chance that an imbalance is structural. "
                      "Months before {day} are looked back upon.", day=numbers.day(snapshot.book.organisation.made_at, language)),
        element("ol", rows, class_="months"), name="earlier")


def evidence(
    request: HttpRequest, seat: Membership, found: bridge.Stored, facts: bridge.Facts, axes: Sequence[str], axis: str, page: int,
) -> HttpResponse:
    """Every event of a relation, or of one of its axes."""
    language = language_of(request)
    chair = request.GET.get("chair", "")
    known = {"chair": chair} if chair else {}

    def there(**changed: object) -> str:
        return f"{found.served.relation}evidence/?{urlencode(known | changed)}".rstrip("?")

    links = [element("a", say(language, "Everything"), href=there(), aria_current="true" if not axis else None)]
    links += [element("a", words.axis_name(one, language), href=there(axis=one), aria_current="true" if one == axis else None) for one in axes]
    first = (page - 1) * EVENTS_A_PAGE
    last = min(first + EVENTS_A_PAGE, facts.count)
    steps = []
    if page > 1:
        steps.append(element("a", say(language, "Later"), href=there(axis=axis, page=page - 1), class_="btn", rel="prev"))
    if last < facts.count:
        steps.append(element("a", say(language, "Earlier"), href=there(axis=axis, page=page + 1), class_="btn", rel="next"))
    title = say(language, "Evidence: {left} and {right}", left=facts.left, right=facts.right)
    shown = say(language, "{first} to {last} of {all}", first=numbers.number(min(first + 1, facts.count), language), last=numbers.number(last, language),
                all=numbers.number(facts.count, language))
    return frame.page(
        request, title,
        element("div", frame.opening(title, say(language, "Each event stands on the side that gave it, with where it was read. Words of messages "
                                                          "are counted, never kept.")),
                element("nav", element("a", say(language, "The relation"), href=f"{found.served.relation}?{urlencode(known)}".rstrip("?")), links,
                        class_="onpage", aria_label=say(language, "Evidence by axis")), class_="wrap"),
        element("section", element("div", facts.body, class_="relation seen"), element("div", element("span", shown), element("span", steps, class_="btns"), class_="more"),
                class_="wrap evidence"), seat=seat, here="relations")
