"""The pages of books: the portfolio, a relation, its evidence, imports, help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from evenwicht.phrase import Phrase
from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say, spoken, template
from evenwicht.reports.pages.portfolio import ORDER, reading_help
from evenwicht.reports.pictures.element import Child, Markup, element, join
from evenwicht.reports.pictures.lean import SHAPES, glyph
from evenwicht.web import bridge, forms, frame, zones
from evenwicht.web.books import queries
from evenwicht.web.books.rows import FAILED, OPEN, READ, UNDONE, WAITING
from evenwicht.web.forms import button, form, hidden, tick
from evenwicht.web.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

    from evenwicht.web.books.queries import Alike, Asked, Listed
    from evenwicht.web.books.rows import Book, Import, Month, Snapshot
    from evenwicht.web.people.rows import Membership

EVENTS_A_PAGE = 100
TOGETHER = 8
"""More files than this in one folder are told together; those with problems also by themselves."""

SORT_NAMES = {
    "attention": template("Attention first"), "name": template("By name"), "events": template("Most events first"),
    "last": template("Latest move first"), "speed": template("Slowest first"),
}
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


def _query(asked: Asked, **changed: object) -> str:
    """The address of the table with something else asked of it."""
    given: dict[str, Any] = {"find": asked.find, "verdict": asked.verdict, "sort": asked.sort, "page": 1} | changed
    plain = {"find": "", "verdict": "", "sort": "attention", "page": 1}
    return urlencode({name: value for name, value in given.items() if value != plain[name]})


def _fault(fault: Mapping[str, Any] | None, language: str) -> str:
    return spoken(Phrase(fault["template"], dict(fault["values"])), language) if fault else ""


# the portfolio --------------------------------------------------------------------------------------------------------


def nothing_yet(request: HttpRequest, seat: Membership, *, running: bool, fault: Mapping[str, Any] | None) -> HttpResponse:
    """Before anything was read: what will stand here, and the way to it."""
    language = language_of(request)
    shapes = element("ul", [element("li", glyph(verdict, 1), element("b", words.verdict_word(verdict, language)),
                                    element("span", say(language, _MEANINGS[verdict]))) for verdict in SHAPES if verdict in _MEANINGS], class_="shapes")
    if running:
        said: Child = element("p", say(language, "What was brought is being read. The relations appear here by themselves."), class_="lead",
                              hx_get=reverse("portfolio"), hx_trigger="every 2s", hx_target="body", hx_swap="outerHTML")
    else:
        said = element("p", say(language, "Bring the mail, calendars, invoices and bank statements that are there already, and the relations in "
                                          "them are weighed."), class_="lead")
    where = element("p", element("a", say(language, "Bring files"), href=reverse("imports"), class_="btn first"), class_="btns") \
        if seat.works and not running else None
    content = element("div", element("h1", say(language, "Nothing has been weighed yet")), said, forms.wrong(_fault(fault, language)), where,
                      class_="wrap center")
    return frame.page(request, say(language, "Relations"), content,
                      frame.section(say(language, "What a relation can be"), say(language, "Always a shape and a word; the weight of the line says "
                                                                                             "how long it lasts."), shapes), seat=seat, here="relations")


_MEANINGS = {
    "balanced": template("What is given and received returns to the middle."),
    "temporary": template("It leans now and is expected back."),
    "structural": template("It has settled outside the band."),
    "undecided": template("It leans; whether it stays cannot be said yet."),
    "standing_still": template("Hardly anything moves against its own normal."),
    "too_little_data": template("The sources cannot show it yet; what is missing is named."),
}


def portfolio(
    request: HttpRequest, seat: Membership, snapshot: Snapshot, overview: str, listed: Listed, asked: Asked, *, building: bool,
    fault: Mapping[str, Any] | None,
) -> HttpResponse:
    """All relations."""
    language = language_of(request)
    news: Child = None
    if fault:
        news = forms.wrong(_fault(fault, language))
    elif building:
        news = element("p", say(language, "Something changed, and the relations are worked out again. This is how they stood before."), class_="note",
                       role="status")
    tools = element(
        "form",
        element("div", element("label", say(language, "Find a relation"), for_="find"),
                element("input", type="search", name="find", id="find", value=asked.find or None, placeholder=say(language, "Name, domain, VAT number"),
                        autocomplete="off"), class_="field"),
        element("div", element("label", say(language, "Verdict"), for_="verdict"),
                element("select", element("option", say(language, "All"), value=""), [
                    element("option", words.verdict_word(verdict, language), value=verdict, selected=asked.verdict == verdict) for verdict in ORDER
                ], name="verdict", id="verdict"), class_="field"),
        element("div", element("label", say(language, "Order"), for_="sort"),
                element("select", [element("option", say(language, text), value=name, selected=asked.sort == name) for name, text in SORT_NAMES.items()],
                        name="sort", id="sort"), class_="field"),
        element("button", say(language, "Show"), type="submit", class_="btn"),
        class_="tools", method="get", action=f"{reverse('portfolio')}#all", role="search",
        hx_get=reverse("portfolio"), hx_trigger="input changed delay:250ms from:#find, change from:#verdict, change from:#sort, submit",
        hx_target="#list", hx_swap="outerHTML", hx_push_url="true")
    head = element("header", element("h2", say(language, "All relations"), id="all-h"), element("p", reading_help(language)), class_="sec-head halves")
    return frame.page(
        request, say(language, "Relations"), element("div", news, id="told", class_="wrap"), Markup(overview),
        element("section", head, tools, table(request, snapshot, listed, asked), class_="sec wrap", id="all", aria_labelledby="all-h"),
        bridge.still_needed(snapshot.needs, language), seat=seat, here="relations")


def table(request: HttpRequest, snapshot: Snapshot, listed: Listed, asked: Asked) -> Markup:
    """A page of the table, with the way to the other pages and to files."""
    language = language_of(request)
    if not listed.relations:
        rows: Markup = element("p", say(language, "No relation is like that."), class_="note", role="status")
    else:
        rows = bridge.listed(listed.relations, us=snapshot.us, us_name=snapshot.us_name, language=language, until=snapshot.until)
    last = listed.start + len(listed.relations)
    shown = say(language, "{first} to {last} of {all}", first=numbers.number(listed.start + 1 if listed.relations else 0, language),
                last=numbers.number(last, language), all=numbers.number(listed.count, language))
    here = listed.start // queries.PAGE + 1
    steps = []
    if listed.start:
        steps.append(_step(say(language, "Earlier in the list"), _query(asked, page=here - 1), "prev"))
    if last < listed.count:
        steps.append(_step(say(language, "Further in the list"), _query(asked, page=here + 1), "next"))
    files = element("span", say(language, "Take along:"), " ", [
        join(element("a", form.upper() if form != "parquet" else "Parquet", href=f"{reverse('take-along', args=[form])}?{_query(asked)}".rstrip("?"),
                     download=True), " ") for form in ("csv", "json", "parquet")])
    return element("div", rows, element("div", element("span", shown, role="status"), element("span", steps, class_="btns"), files, class_="more"), id="list")


def _step(text: str, query: str, rel: str) -> Markup:
    where = f"{reverse('portfolio')}?{query}".rstrip("?")
    return element("a", text, href=f"{where}#all", rel=rel, class_="btn", hx_get=where, hx_target="#list", hx_swap="outerHTML show:#all:top",
                   hx_push_url="true")


# a relation -----------------------------------------------------------------------------------------------------------


def relation(
    request: HttpRequest, seat: Membership, snapshot: Snapshot, found: bridge.Stored, body: str, months: Sequence[Month], chair: str,
) -> HttpResponse:
    """One relation, as it was drawn, and what was said of it before."""
    language = language_of(request)
    names = found.names
    title = say(language, "{left} and {right}", left=words.name_of(found.result["a"], names), right=words.name_of(found.result["b"], names))
    return frame.page(request, title, Markup(body), _earlier(snapshot, found, months, chair, language), seat=seat, here="relations")


def _earlier(snapshot: Snapshot, found: bridge.Stored, months: Sequence[Month], chair: str, language: str) -> Markup | None:
    if not months:
        return None
    other = found.result["b"] if chair == found.result["a"] else found.result["a"]
    rows = []
    for month in months:
        side = 1 if month.toward == other else -1 if month.toward == chair else 0
        toward = say(language, "toward {party}", party=words.name_of(month.toward, found.names)) if month.toward else ""
        rows.append(element("li", element("span", numbers.month(month.month, language), class_="when"), glyph(month.verdict, side),
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


# imports --------------------------------------------------------------------------------------------------------------


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
    return element("div", _going(request, seat, one, language) if one.state in OPEN else _gone(request, seat, book, one, language),
                   _problems(one, troubles, language) if one.state not in {*OPEN, UNDONE} else None, id="progress", **polling)


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
        return frame.section(say(language, "Nothing was read"), _fault(one.fault, language), element("div", acts, class_="more"), name="now")
    told = say(language, "{events} in {files} files.", events=numbers.amount(one.events, "events", language, digits=0),
               files=numbers.number(sum(one.told.get("importers", {}).values()), language))
    after: Child = None
    if book.built < book.generation and book.fault is None:
        after = element("p", say(language, "Read. The relations are being worked out."), class_="note", role="status")
    elif book.fault is not None:
        after = forms.wrong(_fault(book.fault, language))
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


# help -----------------------------------------------------------------------------------------------------------------


def help_(request: HttpRequest) -> HttpResponse:
    """How the pages are read."""
    language = language_of(request)
    shapes = element("ul", [element("li", glyph(verdict, 1), element("b", words.verdict_word(verdict, language)),
                                    element("span", say(language, text))) for verdict, text in _MEANINGS.items()], class_="shapes")
    told = element("ul", [element("li", element("b", title), text) for title, text in (
        (say(language, "Toward"), say(language, "A relation leans toward the side that receives more.")),
        (say(language, "Two horizons"), say(language, "A quarter shows how it is now, three years where it settles.")),
        (say(language, "Chairs"), say(language, "Both sides see the same page; changing the chair mirrors it and changes nothing else.")),
        (say(language, "Unknown"), say(language, "What a source could not have shown is unknown, never zero. Each page says what is still needed.")),
        (say(language, "People"), say(language, "No figure is about a person. People are pseudonyms; words are counted, never kept.")),
    )], class_="plain")
    return frame.page(
        request, say(language, "Help"),
        element("div", frame.opening(say(language, "How this works"), say(
            language, "From mail, calendars, invoices and bank statements: who gave what to whom, and whether it returns to balance.")), class_="wrap"),
        frame.section(say(language, "What a relation can be"), say(language, "Always a shape and a word; the weight of the line says how long it lasts."),
                      shapes),
        frame.section(say(language, "How to read a page"), say(language, "Left of the spine is one side, right of it the other."), told), here="help",
        seat=None)
