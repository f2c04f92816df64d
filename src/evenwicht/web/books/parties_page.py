"""Who is who: the parties of what was read, and what people decide about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from evenwicht.errors import WrongCall
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.pictures.element import Child, Markup, element
from evenwicht.web import forms, frame
from evenwicht.web.forms import button, choice, field, form, hidden
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from evenwicht.web.books.rows import Book, Snapshot
    from evenwicht.web.people.rows import Membership

OPERATIONS = {
    "merge": template("are one party"), "apart": template("are two, and not suggested again"), "rename": template("is called"),
    "group": template("is the parent of"),
    "business": template("is a business, not a private person"), "split": template("is taken out of its party"),
}
MOST = 500
MOST_SUGGESTED = 25


def decision(given: Mapping[str, str], snapshot: Snapshot | None) -> tuple[str, list[str], str]:
    """What a form says: the operation, the identifiers it is about, a name. Raises WrongCall where something is missing."""
    operation, one, other = given.get("operation", ""), given.get("one", "").strip(), given.get("other", "").strip()
    text = given.get("text", "").strip()
    if operation not in OPERATIONS:
        raise WrongCall("{operation} cannot be decided about parties. Choose one of the list.", operation=operation or "–")
    names = [_known(one, snapshot)]
    if operation in {"merge", "apart", "group"}:
        names.append(_known(other, snapshot))
        if names[0] == names[1]:
            raise WrongCall("{party} is named twice. Name two parties.", party=names[0])
    if operation == "rename" and not text:
        raise WrongCall("A party is called by a name: fill in which.")
    return operation, names, text if operation == "rename" else ""


def _known(text: str, snapshot: Snapshot | None) -> str:
    parties: Sequence[Mapping[str, Any]] = snapshot.parties if snapshot is not None else ()
    for party in parties:
        if text in {party["key"], *party["identifiers"]} or (text and text.casefold() == party["name"].casefold()):
            return text if text in party["identifiers"] else str(party["key"])
    raise WrongCall("{party} is not a party of what was read. Choose one of the list.", party=text or "–")


def page(request: HttpRequest, seat: Membership, book: Book, *, wrong: str = "", done: str = "") -> HttpResponse:
    """The list, and the form of a decision."""
    language = language_of(request)
    parties: Sequence[Mapping[str, Any]] = book.snapshot.parties if book.snapshot is not None else ()
    persons = [party for party in parties if party["kind"] == "person"]  # listed apart, for those who may mark them as a business
    parties = [party for party in parties if party["kind"] != "person"]
    shown = parties[:MOST]
    rows = [_row(party, language) for party in shown]
    head = element("tr", [element("th", text, scope="col") for text in (
        say(language, "Party"), say(language, "Known by"), say(language, "Mark"))])
    table = element("div", element("table", element("caption", say(language, "Parties"), class_="sr"), element("thead", head),
                                   element("tbody", rows)), class_="scroll", tabindex="0", role="group",
                    aria_label=say(language, "Table, scrolls sideways"))
    more = None if len(shown) == len(parties) else element("p", say(language, "The first {shown} of {all}.", shown=len(shown), all=len(parties)), class_="small")
    return frame.page(
        request, say(language, "Parties"),
        element("div", frame.opening(say(language, "Parties"), say(
            language, "Documents join who is who; people decide where they do not. Every decision can be taken back.")),
            forms.wrong(wrong), forms.done(done), class_="wrap"),
        _suggested(request, book, language) if seat.works else None,
        _deciding(request, book, parties, language) if seat.works else None,
        element("section", table, more, class_="sec wrap"), _persons(request, persons, language) if seat.works else None, seat=seat, here="parties", status=400 if wrong else 200)


def _row(party: Mapping[str, Any], language: str) -> Markup:
    mark = say(language, "us") if party["us"] else say(language, "private person, in no relation") if party["kind"] == "person" else ""
    others = [name for name in party["identifiers"] if name != party["key"]]
    return element("tr", element("th", element("bdi", party["name"]), element("br"), element("span", party["key"], class_="small"), scope="row"),
                   element("td", ", ".join(others[:8]), class_="small"), element("td", mark))


def _suggested(request: HttpRequest, book: Book, language: str) -> Markup | None:
    """Who may be one party, or one group, and why; what was decided since is left out."""
    if book.snapshot is None:
        return None
    names = {party["key"]: party["name"] for party in book.snapshot.parties}
    decided = {frozenset(one["names"]) for one in book.decisions if one["operation"] in {"merge", "apart", "group"}}
    found = [one for one in book.snapshot.suggestions if frozenset((one["one"], one["other"])) not in decided]
    if not found:
        return None
    items = []
    for one in found[:MOST_SUGGESTED]:
        sides = [element("span", element("bdi", names.get(key, key)), element("br"), element("span", key, class_="small")) for key in (one["one"], one["other"])]
        merge = one["kind"] == "merge"
        asked = say(language, "One party?") if merge else say(language, "Parent and subsidiary?")
        both = (hidden("one", one["one"]), hidden("other", one["other"]))
        label = f"{names.get(one['one'], one['one'])}, {names.get(one['other'], one['other'])}"
        items.append(element(
            "li", sides[0], element("div", element("b", asked), element("ul", [element("li", forms.fault_said(reason, language)) for reason in one["reasons"]])),
            sides[1], element(
                "div", form(request, *both, button(say(language, "One party") if merge else say(language, "One group"), name="operation", value=one["kind"],
                                                   aria_label=f"{say(language, 'One party') if merge else say(language, 'One group')}: {label}"),
                            button(say(language, "Two parties"), name="operation", value="apart", aria_label=f"{say(language, 'Two parties')}: {label}"),
                            to=reverse("decide"), class_="inline"), class_="btns"), class_="may"))
    return frame.section(say(language, "May be one"), say(language, "Nothing is joined by itself. What is said to be two is not suggested again; every answer "
                                                                    "can be taken back."), element("ol", items, class_="mays"), name="may")


def _persons(request: HttpRequest, persons: Sequence[Mapping[str, Any]], language: str) -> Markup | None:
    """Who writes from free mail: in no relation until marked as a business."""
    if not persons:
        return None
    rows = [element("li", element("bdi", party["name"]), " ", form(
        request, hidden("one", party["key"]), button(say(language, "It is a business"), name="operation", value="business",
                                                     aria_label=f"{say(language, 'It is a business')}: {party['name']}"), to=reverse("decide"), class_="inline"),
        class_="ask") for party in persons[:MOST_SUGGESTED]]
    more = element("p", say(language, "The first {shown} of {all}.", shown=len(rows), all=len(persons)), class_="small") if len(rows) < len(persons) else None
    return frame.section(say(language, "Private persons"), say(language, "Addresses of free mail are kept apart and stand in no relation, until somebody says "
                                                                         "that they are a business."), element("ul", rows, class_="plain"), more, name="persons")


def _deciding(request: HttpRequest, book: Book, parties: Sequence[Mapping[str, Any]], language: str) -> Markup:
    options = element("datalist", [element("option", party["name"], value=party["key"]) for party in parties[:MOST]], id="parties-list")
    operations = [(name, say(language, text)) for name, text in OPERATIONS.items()]
    back: Child = None
    if book.decisions:
        last = book.decisions[-1]
        back = form(request, element("span", say(language, "The last decision: {names} {operation} {text}", names=", ".join(last["names"]),
                                                   operation=say(language, OPERATIONS.get(last["operation"], "")), text=last["text"]), class_="small"),
                    button(say(language, "Take it back")), to=reverse("take-back"), class_="inline")
    return frame.section(
        say(language, "Decide"), say(language, "What is decided holds for everything that was read and will be."),
        options,
        form(request, field(say(language, "Party"), "one", list="parties-list", required=True, autocomplete="off", maxlength=255),
             choice(say(language, "Decision"), "operation", operations, "merge"),
             field(say(language, "Other party"), "other", list="parties-list", autocomplete="off", maxlength=255,
                   told=say(language, "Where two are meant.")),
             field(say(language, "Name"), "text", maxlength=160, autocomplete="off", told=say(language, "Where a name is given.")),
             button(say(language, "Decide"), first=True), to=reverse("decide"), class_="form row"),
        back, name="decide")
