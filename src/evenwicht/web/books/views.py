"""What is asked of books. Each view asks who may (`access`), what there is (`queries`), changes (`acts`), and draws (the `…_page` modules)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.messages import get_messages, success
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_GET, require_POST

from evenwicht.engines.reading import exclusions
from evenwicht.errors import WrongCall
from evenwicht.reports.catalogue import LANGUAGES, say, spoken
from evenwicht.web import along, bridge, tables_seen
from evenwicht.web.books import (
    acts,
    help_page,
    imports_page,
    parties_page,
    portfolio_page,
    queries,
    relation_page,
    shelves,
    table_page,
    tasks,
)
from evenwicht.web.care import acts as care_acts
from evenwicht.web.care import queries as care
from evenwicht.web.care.asked import address_of, asked_of
from evenwicht.web.languages import language_of
from evenwicht.web.people import access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest

    from evenwicht.web.books.rows import Book, Import, Snapshot
    from evenwicht.web.bridge import Stored
    from evenwicht.web.care.asked import Asked
    from evenwicht.web.people.rows import Membership

TICKET = 32


@require_GET
def portfolio(request: HttpRequest) -> HttpResponse:
    """All relations: the overview, and a page of the table."""
    seat = access.sitting(request)
    book = queries.book_of(seat.organisation)
    if not [name for name in request.GET if name != "lang"] and (query := care.first(seat)):
        kept = f"&lang={request.GET['lang']}" if request.GET.get("lang") in LANGUAGES else ""
        return HttpResponseRedirect(f"{reverse('portfolio')}?{query}{kept}")
    snapshot, asked = book.snapshot, asked_of(request.GET)
    if snapshot is None:
        return portfolio_page.nothing_yet(request, seat, running=queries.running(book), fault=book.fault)
    listed, choices = queries.relations(snapshot, asked, seat=seat), care.choices(seat)
    cared = care.cared(seat, [(one.result["a"], one.result["b"]) for one in listed.relations])
    if request.htmx and request.htmx.target == "list":
        return HttpResponse(portfolio_page.table(request, seat, snapshot, listed, asked, choices, cared))
    overview = queries.drawing(snapshot, f"overview {language_of(request)}") or ""
    return portfolio_page.portfolio(request, seat, snapshot, overview, listed, asked, choices, cared, building=book.built < book.generation,
                                    fault=book.fault, done=_told(request))


MOST_CHOSEN = 200


def _looked_at(request: HttpRequest, asked: Asked, done: str) -> HttpResponse:
    success(request, done)
    return HttpResponseRedirect(address_of(asked))


@require_POST
def care_for(request: HttpRequest) -> HttpResponse:
    """Tag the chosen relations, or let somebody care for them; all that a list shows where that was chosen."""
    seat = access.working(request)
    language, given = language_of(request), request.POST
    asked = asked_of(QueryDict(given.get("back", "")[:1000]))
    snapshot = queries.book_of(seat.organisation).snapshot
    if given.get("every") and snapshot is not None:
        chosen = queries.pairs(snapshot, asked, seat)
    elif snapshot is not None:
        chosen = queries.known(snapshot, given.getlist("pair")[:MOST_CHOSEN])
    else:
        chosen = []
    if not chosen:
        return _looked_at(request, asked, say(language, "No relation was chosen: tick one or more rows first."))
    try:
        if given.get("do") == "assign":
            care_acts.assign(seat, given.get("who", ""), chosen)
        elif given.get("do") == "untag":
            care_acts.untag(seat, given.get("tag", ""), chosen)
        else:
            care_acts.tag(seat, given.get("tag", ""), chosen)
    except WrongCall as error:
        return _looked_at(request, asked, spoken(error.phrase, language))
    return _looked_at(request, asked, say(language, "Done for 1 relation.") if len(chosen) == 1 else say(language, "Done for {n} relations.", n=len(chosen)))


FORMS = {"json": "application/json", "csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WRITTEN: dict[str, Callable[[Sequence[Mapping[str, Any]]], str | bytes]] = {"csv": along.as_csv, "parquet": along.as_parquet, "xlsx": along.as_xlsx}


@require_GET
def take_along(request: HttpRequest, form: str) -> HttpResponse:
    """What the table shows, as a file."""
    seat = access.sitting(request)
    snapshot = queries.book_of(seat.organisation).snapshot
    if snapshot is None or form not in FORMS:
        raise Http404
    results = [one.result for one in queries.relations(snapshot, asked_of(request.GET), most=None, seat=seat).relations]
    if form == "json":
        body: str | bytes = json.dumps({
            "schema": 1, "until": snapshot.until.isoformat(), "us": snapshot.us, "parameters": snapshot.parameters,
            "expected_wrong": snapshot.expected_wrong, "needs": snapshot.needs, "relations": results}, ensure_ascii=False)
    else:
        body = WRITTEN[form](results)
    return HttpResponse(body, content_type=FORMS[form], headers={
        "Content-Disposition": f'attachment; filename="evenwicht-{snapshot.until.isoformat()}.{form}"'})


def _relation(seat: Membership, a: str, b: str) -> tuple[Book, Snapshot, Stored]:
    book = queries.book_of(seat.organisation)
    found = queries.relation(book.snapshot, a, b) if book.snapshot is not None else None
    if book.snapshot is None or found is None:
        raise Http404
    return book, book.snapshot, found


def _chair(request: HttpRequest, snapshot: Snapshot, found: Stored) -> str:
    sides = (found.result["a"], found.result["b"])
    for chair in (request.GET.get("chair"), snapshot.us, sides[0]):
        if chair in sides:
            return str(chair)
    raise Http404


@require_GET
def relation(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """One relation, from a chair. It is drawn once for each chair and language."""
    seat = access.sitting(request)
    book, snapshot, found = _relation(seat, a, b)
    chair, language = _chair(request, snapshot, found), language_of(request)
    first, second = found.result["a"], found.result["b"]
    if request.GET.get("on"):
        return _looked_back(request, seat, book, snapshot, found)
    key = f"{first} {second} {chair} {language}"
    body = queries.drawing(snapshot, key)
    if body is None:
        body = bridge.drawn_relation(found, queries.detail(snapshot, first, second), chair=chair, us=snapshot.us, language=language,
                                     until=snapshot.until, open_on=queries.loops(snapshot, first, second))
        acts.keep_drawing(snapshot, key, body)
    return relation_page.relation(request, seat, snapshot, found, body, queries.months(book, first, second), chair)


def _looked_back(request: HttpRequest, seat: Membership, book: Book, snapshot: Snapshot, found: Stored) -> HttpResponse:
    """One relation as it would have been shown at the end of an earlier day."""
    language, chair = language_of(request), _chair(request, snapshot, found)
    try:
        on = date.fromisoformat(request.GET["on"])
    except ValueError:
        return relation_page.looked_back(request, seat, snapshot, found, chair, None, None)
    path = shelves.whole(book.pk)
    past = bridge.as_it_was(path, found, on, snapshot.us) if on <= snapshot.until and path.is_file() else None
    body = None if past is None else bridge.drawn_relation(past[0], past[1], chair=chair, us=snapshot.us, language=language, until=on, open_on=past[2])
    return relation_page.looked_back(request, seat, snapshot, found, chair, on, body)


@require_GET
def changes(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """What changed in a relation since the end of the month before, by the events that moved it."""
    seat = access.sitting(request)
    book, snapshot, found = _relation(seat, a, b)
    chair, language = _chair(request, snapshot, found), language_of(request)
    on, path = tasks.ends_of_months(snapshot.until, 1)[0], shelves.whole(book.pk)
    if on == snapshot.until:
        on = tasks.ends_of_months(snapshot.until, 2)[1]
    key = f"changes {found.result['a']} {found.result['b']} {language}"
    body = queries.drawing(snapshot, key)
    if body is None:
        moved = bridge.changed_since(path, found, on, snapshot.until) if path.is_file() else None
        body = relation_page.changed(found, on, moved, language)
        acts.keep_drawing(snapshot, key, body)
    return HttpResponse(body) if request.htmx else relation_page.changes(request, seat, found, chair, body)


@require_GET
def evidence(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """The events of a relation, or of one axis of it, one by one."""
    seat = access.sitting(request)
    _, snapshot, found = _relation(seat, a, b)
    chair, asked = _chair(request, snapshot, found), asked_of(request.GET)
    axes = [axis["axis"] for axis in found.result["axes"]]
    axis = request.GET.get("axis", "")
    if axis and axis not in axes:
        raise Http404
    facts = bridge.facts(found, queries.detail(snapshot, found.result["a"], found.result["b"]), chair=chair, us=snapshot.us,
                         language=language_of(request), until=snapshot.until, axis=axis, start=(asked.page - 1) * relation_page.EVENTS_A_PAGE, most=relation_page.EVENTS_A_PAGE)
    return relation_page.evidence(request, seat, found, facts, axes, axis, asked.page)


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """Bring files; what is being read; what was brought before."""
    seat = access.sitting(request)
    book = queries.book_of(seat.organisation)
    if request.htmx and request.htmx.target == "state":
        return HttpResponse(imports_page.state(request, seat, book, queries.imports(book)))
    return imports_page.imports(request, seat, book, queries.imports(book), ticket=get_random_string(TICKET), done=_told(request))


def _told(request: HttpRequest) -> str:
    return " ".join(str(one) for one in get_messages(request))


@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Files that were dropped or chosen, as one import."""
    seat = access.working(request)
    book = queries.book_of(seat.organisation)
    files, names = request.FILES.getlist("files"), request.POST.getlist("names")
    ticket = request.POST.get("ticket", "")
    wrong = ""
    language = language_of(request)
    if not set(imports_page.TERMS) <= set(book.confirmed):
        wrong = say(language, "Before anything is read, the three points below are confirmed.")
    elif not files or len(ticket) != TICKET:
        wrong = say(language, "No file came with the form. Choose files, a folder or a ZIP, and send it again.")
    if wrong:
        return imports_page.imports(request, seat, book, queries.imports(book), ticket=get_random_string(TICKET), wrong=wrong)
    named = names if len(names) == len(files) else [file.name for file in files]
    one = acts.bring(seat, book, list(zip(named, files, strict=True)), ticket)
    tasks.read_import.enqueue(one.pk)
    return HttpResponseRedirect(reverse("import", args=[one.pk]))


@require_POST
def terms(request: HttpRequest) -> HttpResponse:
    """What is confirmed before the first mailbox, and what is never stored."""
    seat = access.working(request)
    book = queries.book_of(seat.organisation)
    words = request.POST.get("exclusions", "").replace(",", " ").split()
    try:
        exclusions(words)
    except WrongCall as error:
        return imports_page.imports(request, seat, book, queries.imports(book), ticket=get_random_string(TICKET),
                             wrong=spoken(error.phrase, language_of(request)))
    acts.confirm(seat, book, [name for name in imports_page.TERMS if request.POST.get(name)], words)
    success(request, say(language_of(request), "Kept."))
    return HttpResponseRedirect(reverse("imports"))


def _import(seat: Membership, number: int) -> tuple[Book, Import]:
    book = queries.book_of(seat.organisation)
    one = queries.import_of(book, number)
    if one is None:
        raise Http404
    return book, one


@require_GET
def import_(request: HttpRequest, number: int) -> HttpResponse:
    """One import: how far it is, what was understood, what was wrong, what is still needed."""
    seat = access.sitting(request)
    book, one = _import(seat, number)
    if request.htmx and request.htmx.target == "progress":
        return HttpResponse(imports_page.progress(request, seat, book, one, queries.troubles(one)))
    return imports_page.import_(request, seat, book, one, queries.troubles(one))


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take an import away again."""
    seat = access.working(request)
    book, one = _import(seat, number)
    if acts.undo(one):
        tasks.build.enqueue(book.pk)
    success(request, say(language_of(request), "The import is undone; what another import also knows stays."))
    return HttpResponseRedirect(reverse("imports"))


@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Read an import once more, after whoever read it is gone."""
    seat = access.working(request)
    _, one = _import(seat, number)
    if acts.again(one):
        tasks.read_import.enqueue(one.pk)
    return HttpResponseRedirect(reverse("import", args=[one.pk]))


def _table(seat: Membership, number: int, given: QueryDict) -> tuple[Book, Import, str, Path]:
    book, one = _import(seat, number)
    label = given.get("file", "")
    path = shelves.brought(one.pk, label) if label in queries.unknown(one) else None
    if path is None:
        raise Http404
    return book, one, label, path


@require_GET
def unknown_table(request: HttpRequest, number: int) -> HttpResponse:
    """A table that no layout knows: its first rows, what it seems to be, and what must be chosen."""
    seat = access.working(request)
    _, one, label, path = _table(seat, number, request.GET)
    shown = tables_seen.unknown(path, request.GET.dict(), label)
    if shown is None:
        raise Http404
    return table_page.page(request, seat, one, label, shown)


@require_POST
def keep_table(request: HttpRequest, number: int) -> HttpResponse:
    """Keep how the table is read, and read it."""
    seat = access.working(request)
    book, one, label, path = _table(seat, number, request.POST)
    shown = tables_seen.unknown(path, request.POST.dict(), label)
    if shown is None:
        raise Http404
    if request.POST.get("do") == "look":
        return table_page.page(request, seat, one, label, shown)
    if not shown.layout:
        return table_page.page(request, seat, one, label, shown, wrong=say(language_of(request), "Something must be chosen still; it is marked below."))
    layout = acts.keep_layout(book, Path(label).stem, shown.key, shown.layout)
    made = acts.read_by(one, label, layout)
    if made is None:
        raise Http404
    tasks.read_import.enqueue(made.pk)
    return HttpResponseRedirect(reverse("import", args=[made.pk]))


@require_GET
def parties(request: HttpRequest) -> HttpResponse:
    """Who is who."""
    seat = access.sitting(request)
    return parties_page.page(request, seat, queries.book_of(seat.organisation), done=_told(request))


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Two are one, one is called otherwise, a person is a business."""
    seat = access.working(request)
    book = queries.book_of(seat.organisation)
    try:
        operation, names, text = parties_page.decision(request.POST, book.snapshot)
    except WrongCall as error:
        return parties_page.page(request, seat, book, wrong=spoken(error.phrase, language_of(request)))
    acts.decide(book, operation, names, text)
    tasks.build.enqueue(book.pk)
    success(request, say(language_of(request), "Decided; the relations are worked out again."))
    return HttpResponseRedirect(reverse("parties"))


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """The last decision about parties is off."""
    seat = access.working(request)
    book = queries.book_of(seat.organisation)
    if acts.take_back(book):
        tasks.build.enqueue(book.pk)
        success(request, say(language_of(request), "The last decision is taken back; the relations are worked out again."))
    return HttpResponseRedirect(reverse("parties"))


@require_GET
def help_(request: HttpRequest) -> HttpResponse:
    """How to read the pages. Open to everybody: it shows nothing of anybody."""
    return help_page.help_(request)
