"""The pages of imports: bringing files, what was understood, what was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from evenwicht.phrase import Phrase
from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say, spoken, template
from evenwicht.reports.pictures.element import Child, Markup, element
from evenwicht.web import bridge, forms, frame, zones
from evenwicht.web.books import queries
from evenwicht.web.books.rows import FAILED, OPEN, READ, UNDONE, WAITING
from evenwicht.web.forms import button, form, hidden, tick
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from evenwicht.web.books.queries import Alike
    from evenwicht.web.books.rows import Book, Import
    from evenwicht.web.people.rows import Membership

TOGETHER = 8
"""More files than this in one folder are told together; those with problems also by themselves."""
TERMS = {
    "informed": template("The people whose mailboxes are read have been informed."),
    "council": template("The works council has agreed, or there is none."),
    "exclusions_set": template("What must stay out has been filled in below."),
}
"""What is confirmed before the first mailbox."""

STATES = {
    "waiting": template("waiting"), "reading": template("being read"), "read": template("read"), "failed": template("could not be read"),
    "undone": template("undone"),
}
SEVERITIES = {"error": template("left out"), "warning": template("assumed or partly left out"), "note": template("note, nothing lost")}


def imports(
    request: HttpRequest, seat: Membership, book: Book, found: Sequence[Import], *, ticket: str, wrong: str = "", done: str = "",
) -> HttpResponse:
    """Bring files, and what was brought."""
    language = language_of(request)
    ready = set(TERMS) <= set(book.confirmed)
    may = seat.works
    return frame.page(
        request, say(language, "Imports"),
        element("div", frame.opening(say(language, "Imports"), say(
            language, "Bring what is already there. Each file is recognised by itself, and importing the same file again adds nothing. Every import "
                      "can be undone.")),
            forms.wrong(wrong), forms.done(done), element("div", id="told", role="alert"),
            _drop(request, ticket, language) if may and ready else None, class_="wrap"),
        _before(request, book, language) if may and not ready else None,
        state(request, seat, book, found),
        _before(request, book, language) if may and ready else None,
        seat=seat, here="imports", status=400 if wrong else 200)


def _drop(request: HttpRequest, ticket: str, language: str) -> Markup:
    """The form for files: it works as it is; a script lets files be dropped and shows how far they are."""
    most = numbers.number(settings.LARGEST_UPLOAD / 1e9, language)
    return element(
        "section", element("h2", say(language, "Drop files, a folder or a ZIP here"), id="drop-h"),
        element("p", say(language, "Mail (mbox, eml, msg, pst, Maildir) · calendars (ics) · transcripts (vtt, srt, json) · invoices (UBL, CII, Factur-X) · "
                                   "bank (CAMT, MT940, CSV) · audit file (XAF) · tables of tickets, calls and deliveries; at most {gb} GB at a time", gb=most),
                class_="quiet"),
        form(request, hidden("ticket", ticket),
             element("div",
                     element("label", say(language, "Choose files"), element("input", type="file", name="files", multiple=True, class_="sr", id="files"),
                             class_="btn pickfile"),
                     element("label", say(language, "Choose a folder"), element("input", type="file", id="folder", multiple=True, webkitdirectory=True, class_="sr"),
                             class_="btn pickfile scripted"),
                     button(say(language, "Read them"), first=True), class_="btns"),
             element("p", id="chosen", role="status", class_="small"),
             element("progress", id="sending", max=100, value=0, hidden=True, aria_label=say(language, "Sending")),
             to=reverse("bring"), enctype="multipart/form-data", id="bring", data_most=settings.LARGEST_UPLOAD,
             data_chosen=say(language, "{n} files, {size}", n="%n", size="%s"), data_large=say(
                 language, "This is {size}; at most {gb} GB go at a time. Bring a part of it first.", size="%s", gb=most),
             data_broken=say(language, "The connection broke while the files were sent. Nothing was read; send them again.")),
        class_="drop", aria_labelledby="drop-h", id="drop")


def _before(request: HttpRequest, book: Book, language: str) -> Markup:
    """What is confirmed, and what is never stored."""
    ticks = [tick(say(language, text), name, on=name in book.confirmed) for name, text in TERMS.items()]
    kept = element("ul", [element("li", element("b", title), text) for title, text in (
        (say(language, "Kept"), say(language, "who, when, to whom, how many words; people as pseudonyms only")),
        (say(language, "Counted, never kept"), say(language, "bodies of messages, texts of transcripts, subjects")),
        (say(language, "Shown to the other side"), say(language, "only what it has itself sent or received")),
    )], class_="plain")
    place = "exclusions"
    made = form(
        request, element("fieldset", element("legend", say(language, "Confirmed before the first mailbox"), class_="lab"), ticks, class_="checks"),
        element("div", element("label", say(language, "Never stored"), for_=place),
                element("textarea", " ".join(book.exclusions), name=place, id=place, rows=3, aria_describedby=f"{place}-t"),
                element("p", say(language, "Domains, mail addresses, thread:ID or label:NAME, with spaces between, such as private.example label:HR."),
                        class_="small", id=f"{place}-t"), class_="field"),
        button(say(language, "Keep"), first=not set(TERMS) <= set(book.confirmed)), to=reverse("terms"), class_="form")
    return frame.section(say(language, "Before anything is stored"), say(
        language, "Exclusions are applied while reading. What is excluded leaves no trace, not even a count."),
        element("div", made, kept, class_="two"), name="terms")


def state(request: HttpRequest, seat: Membership, book: Book, found: Sequence[Import]) -> Markup:
    """The imports there are; asks for itself again while one is being read."""
    language = language_of(request)
    running = queries.running(book)
    polling = {"hx_get": reverse("imports"), "hx_trigger": "every 2s", "hx_target": "#state", "hx_swap": "outerHTML"} if running else {}
    if not found:
        return element("div", id="state", **polling)
    head = element("tr", [element("th", text, scope="col", class_=kind) for text, kind in (
        (say(language, "When"), None), (say(language, "What"), None), (say(language, "State"), None), (say(language, "Events"), "n"),
        (say(language, "Problems"), "n"))])
    rows = [element(
        "tr", element("td", zones.moment(one.made_at, seat.person.zone, language)),
        element("th", element("a", element("bdi", one.title or "–"), href=reverse("import", args=[one.pk])), scope="row"),
        element("td", _state_of(one, language)), element("td", numbers.number(one.events, language) if one.state == READ else "–", class_="n"),
        element("td", numbers.number(one.problems, language) if one.state in {READ, FAILED} else "–", class_="n")) for one in found]
    table = element("div", element("table", element("caption", say(language, "Imports"), class_="sr"), element("thead", head), element("tbody", rows)),
                    class_="scroll", tabindex="0", role="group", aria_label=say(language, "Table, scrolls sideways"))
    told = say(language, "Undoing one takes away what only that import brought; what another also knows stays.")
    working = element("p", say(language, "The relations are being worked out."), class_="note", role="status") if book.built < book.generation else None
    return element("div", frame.section(say(language, "What was brought"), told, working, table, name="brought"), id="state", **polling)


def _state_of(one: Import, language: str) -> list[Child]:
    said: list[Child] = [say(language, STATES[one.state])]
    if one.state in OPEN:
        said.append(element("progress", max=100, value=_percent(one), aria_label=one.title))
        if queries.silent(one):
            said.append(element("span", say(language, "no sign of life"), class_="turn"))
    return said


def _percent(one: Import) -> int:
    return min(99, round(100 * one.done / one.size)) if one.size else 0


def import_(request: HttpRequest, seat: Membership, book: Book, one: Import, troubles: Sequence[Alike]) -> HttpResponse:
    """One import."""
    language = language_of(request)
    when = zones.moment(one.made_at, seat.person.zone, language)
    return frame.page(
        request, say(language, "Import"),
        element("div", frame.opening(one.title or say(language, "Import"), say(language, "Brought on {day}.", day=when), " ",
                                     element("a", say(language, "All imports"), href=reverse("imports"))), class_="wrap"),
        progress(request, seat, book, one, troubles), seat=seat, here="imports")


def progress(request: HttpRequest, seat: Membership, book: Book, one: Import, troubles: Sequence[Alike]) -> Markup:
    """How far an import is, or what came of it; asks for itself again until it is known."""
    language = language_of(request)
    going = one.state in OPEN or (one.state == READ and book.built < book.generation)
    polling = {"hx_get": reverse("import", args=[one.pk]), "hx_trigger": "every 1s", "hx_target": "#progress", "hx_swap": "outerHTML"} if going else {}
    return element("div", _unknown(seat, one, language) if one.state in {READ, FAILED} else None,
                   _going(request, seat, one, language) if one.state in OPEN else _gone(request, seat, book, one, language),
                   _problems(one, troubles, language) if one.state not in {*OPEN, UNDONE} else None, id="progress", **polling)


def _unknown(seat: Membership, one: Import, language: str) -> Markup | None:
    """The tables of which somebody has to say what they are."""
    labels = queries.unknown(one) if seat.works else []
    if not labels:
        return None
    return frame.section(
        say(language, "Which columns are what?"), say(language, "These tables are not known yet. Once it was said which column is what, every such table is "
                                                               "read like that."),
        element("ul", [element("li", element("bdi", label), " ", element(
            "a", say(language, "Say what it is"), href=f"{reverse('unknown-table', args=[one.pk])}?{urlencode({'file': label})}", class_="btn"), class_="ask")
            for label in labels], class_="plain"), name="unknown")


def _going(request: HttpRequest, seat: Membership, one: Import, language: str) -> Markup:
    silent = queries.silent(one)
    if silent:
        told = say(language, "Whoever reads the files gives no sign of life. They are kept; “evenwicht worker” must be running.")
    elif one.state == WAITING:
        told = say(language, "Waiting for its turn. This page can be left; the reading goes on.")
    else:
        told = say(language, "Being read. This page can be left; the reading goes on.")
    acts: list[Child] = []
    if seat.works:
        if silent:
            acts.append(form(request, button(say(language, "Try again"), first=True), to=reverse("again", args=[one.pk]), class_="inline"))
        acts.append(form(request, button(say(language, "Undo this import")), to=reverse("undo", args=[one.pk]), class_="inline"))
    run = element("div", element("b", one.label or say(language, STATES[one.state])), element("span", f"{_percent(one)}%", class_="num"),
                  element("progress", max=100, value=_percent(one), aria_label=say(language, "All files")), class_="run")
    return frame.section(say(language, "Being read now"), told, run, element("div", acts, class_="more"), name="now")


def _gone(request: HttpRequest, seat: Membership, book: Book, one: Import, language: str) -> Markup:
    """What came of an import."""
    acts: list[Child] = []
    if one.state == UNDONE:
        return frame.section(say(language, "Undone"), say(language, "What only this import brought is gone."), name="now")
    if seat.works:
        if one.state == FAILED:
            acts.append(form(request, button(say(language, "Try again")), to=reverse("again", args=[one.pk]), class_="inline"))
        acts.append(form(request, button(say(language, "Undo this import")), to=reverse("undo", args=[one.pk]), class_="inline"))
    if one.state == FAILED:
        return frame.section(say(language, "Nothing was read"), forms.fault_said(one.fault, language), element("div", acts, class_="more"), name="now")
    told = say(language, "{events} in {files} files.", events=numbers.amount(one.events, "events", language, digits=0),
               files=numbers.number(sum(one.told.get("importers", {}).values()), language))
    after: Child = None
    if book.built < book.generation and book.fault is None:
        after = element("p", say(language, "Read. The relations are being worked out."), class_="note", role="status")
    elif book.fault is not None:
        after = forms.wrong(forms.fault_said(book.fault, language))
    else:
        after = element("p", element("a", say(language, "To the relations"), href=reverse("portfolio"), class_="btn first"), class_="btns lift")
    left = []
    if one.told.get("internal"):
        left.append(say(language, "{n} within one organisation", n=numbers.number(one.told["internal"], language)))
    if one.told.get("between_others"):
        left.append(say(language, "{n} between two others", n=numbers.number(one.told["between_others"], language)))
    if one.told.get("people"):
        left.append(say(language, "{n} private persons, in no relation until marked as a business", n=numbers.number(one.told["people"], language)))
    aside = element("p", say(language, "Left out: {what}.", what=numbers.listed(left, language)), class_="small") if left else None
    return frame.section(say(language, "Understood"), told, after, _files(one, language), aside, element("div", acts, class_="more"),
                         bridge.still_needed(book.snapshot.needs[:8], language) if book.snapshot is not None and book.built >= book.generation else None,
                         name="now")


def _files(one: Import, language: str) -> Markup:
    """What was read, one row a file; many files of one folder are one row."""
    head = element("tr", [element("th", text, scope="col", class_=kind) for text, kind in (
        (say(language, "File"), None), (say(language, "Size"), "n"), (say(language, "Events"), "n"), (say(language, "Problems"), "n"))])
    folders: dict[str, list[Mapping[str, Any]]] = {}
    for file in one.files:
        folders.setdefault(file["label"].rpartition("/")[0], []).append(file)
    rows = []
    for folder, within in sorted(folders.items()):
        files = within
        if len(within) > TOGETHER:
            together = {name: sum(file[name] for file in files) for name in ("size", "events", "problems")}
            label = say(language, "{folder}: {n} files", folder=folder, n=numbers.number(len(files), language))
            rows.append(_file(together | {"label": label}, language))
            files = [file for file in files if file["problems"]][:TOGETHER]
        rows += [_file(file, language) for file in files]
    return element("div", element("table", element("caption", say(language, "Files of this import"), class_="sr"), element("thead", head),
                                  element("tbody", rows)), class_="scroll", tabindex="0", role="group", aria_label=say(language, "Table, scrolls sideways"))


def _file(file: Mapping[str, Any], language: str) -> Markup:
    return element("tr", element("th", element("bdi", file["label"]), scope="row"), element("td", size_of(file["size"], language), class_="n"),
                   element("td", numbers.number(file["events"], language), class_="n"),
                   element("td", element("span", numbers.number(file["problems"], language), class_="turn" if file["problems"] else None), class_="n"))


def size_of(count: float, language: str) -> str:
    """Bytes for people to read: 1.9 GB, 412 kB."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= step:
            return f"{numbers.number(count / step, language)}{numbers.NO_BREAK}{unit}"
    return f"{numbers.number(count, language)}{numbers.NO_BREAK}B"


def _problems(one: Import, troubles: Sequence[Alike], language: str) -> Markup | None:
    """What was wrong, alike things together, with what to do."""
    if not troubles:
        return None
    items = []
    for alike in troubles:
        trouble = alike.example
        where = " · ".join(part for part in (trouble.file, trouble.place) if part)
        count = say(language, "{n} times; the first: {where}", n=numbers.number(alike.count, language), where=where) if alike.count > 1 else where
        items.append(element(
            "li", element("span", "?", class_="q", aria_hidden="true") if trouble.severity != "note" else element("span"),
            element("div", element("h3", spoken(Phrase(trouble.what, dict(trouble.told)), language)), element("p", count, class_="where")),
            element("div", element("p", spoken(Phrase(trouble.remedy, dict(trouble.told)), language)),
                    element("p", say(language, SEVERITIES[trouble.severity]), class_="where")), class_="prob"))
    return frame.section(
        say(language, "{n} problems", n=numbers.number(one.problems, language)) if one.problems != 1 else say(language, "1 problem"),
        say(language, "One bad record never loses the others. Alike problems stand together, what to do beside them."),
        element("ol", items), name="problems")
