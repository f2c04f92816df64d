"""What is asked of books. Each view asks who may (`access`), what there is (`queries`), changes (`acts`), and draws (`pages`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib.messages import get_messages, success
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_GET, require_POST

from evenwicht.engines.reading import exclusions
from evenwicht.errors import WrongCall
from evenwicht.reports.catalogue import say, spoken
from evenwicht.web import bridge
from evenwicht.web.books import acts, pages, parties_page, queries, tasks
from evenwicht.web.books.queries import Asked
from evenwicht.web.languages import language_of
from evenwicht.web.people import access

if TYPE_CHECKING:
    from django.http import HttpRequest

    from evenwicht.web.books.rows import Book, Import, Snapshot
    from evenwicht.web.bridge import Stored
    from evenwicht.web.people.rows import Membership

TICKET = 32


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    page = given.get("page", "1")
    return Asked(given.get("find", "")[:200], given.get("verdict", "")[:20], given.get("sort", "attention"),
                 int(page) if page.isdecimal() and len(page) < 7 else 1)  # noqa: PLR2004  no list is that long


@require_GET
def portfolio(request: HttpRequest) -> HttpResponse:
    """All relations: the overview, and a page of the table."""
    seat = access.sitting(request)
    book = queries.book_of(seat.organisation)
    snapshot, asked = book.snapshot, _asked(request)
    if snapshot is None:
        return pages.nothing_yet(request, seat, running=queries.running(book), fault=book.fault)
    listed = queries.relations(snapshot, asked)
    if request.htmx and request.htmx.target == "list":
        return HttpResponse(pages.table(request, snapshot, listed, asked))
    overview = queries.drawing(snapshot, f"overview {language_of(request)}") or ""
    return pages.portfolio(request, seat, snapshot, overview, listed, asked, building=book.built < book.generation, fault=book.fault)


FORMS = {"json": "application/json", "csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


@require_GET
def take_along(request: HttpRequest, form: str) -> HttpResponse:
    """What the table shows, as a file."""
    seat = access.sitting(request)
    snapshot = queries.book_of(seat.organisation).snapshot
    if snapshot is None or form not in FORMS:
        raise Http404
    results = [one.result for one in queries.relations(snapshot, _asked(request), most=None).relations]
    if form == "json":
        body: str | bytes = json.dumps({
            "schema": 1, "until": snapshot.until.isoformat(), "us": snapshot.us, "parameters": snapshot.parameters,
            "expected_wrong": snapshot.expected_wrong, "needs": snapshot.needs, "relations": results}, ensure_ascii=False)
    else:
        body = bridge.as_csv(results) if form == "csv" else bridge.as_parquet(results)
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
    key = f"{first} {second} {chair} {language}"
    body = queries.drawing(snapshot, key)
    if body is None:
        body = bridge.drawn_relation(found, queries.detail(snapshot, first, second), chair=chair, us=snapshot.us, language=language,
                                     until=snapshot.until)
        acts.keep_drawing(snapshot, key, body)
    return pages.relation(request, seat, snapshot, found, body, queries.months(book, first, second), chair)


@require_GET
def evidence(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """The events of a relation, or of one axis of it, one by one."""
    seat = access.sitting(request)
    _, snapshot, found = _relation(seat, a, b)
    chair, asked = _chair(request, snapshot, found), _asked(request)
    axes = [axis["axis"] for axis in found.result["axes"]]
    axis = request.GET.get("axis", "")
    if axis and axis not in axes:
        raise Http404
    facts = bridge.facts(found, queries.detail(snapshot, found.result["a"], found.result["b"]), chair=chair, us=snapshot.us,
                         language=language_of(request), until=snapshot.until, axis=axis, start=(asked.page - 1) * pages.EVENTS_A_PAGE, most=pages.EVENTS_A_PAGE)
    return pages.evidence(request, seat, found, facts, axes, axis, asked.page)


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """Bring files; what is being read; what was brought before."""
    seat = access.sitting(request)
    book = queries.book_of(seat.organisation)
    if request.htmx and request.htmx.target == "state":
        return HttpResponse(pages.state(request, seat, book, queries.imports(book)))
    return pages.imports(request, seat, book, queries.imports(book), ticket=get_random_string(TICKET), done=_told(request))


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
    if not set(pages.TERMS) <= set(book.confirmed):
        wrong = say(language, "Before anything is read, the three points below are confirmed.")
    elif not files or len(ticket) != TICKET:
        wrong = say(language, "No file came with the form. Choose files, a folder or a ZIP, and send it again.")
    if wrong:
        return pages.imports(request, seat, book, queries.imports(book), ticket=get_random_string(TICKET), wrong=wrong)
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
        return pages.imports(request, seat, book, queries.imports(book), ticket=get_random_string(TICKET),
                             wrong=spoken(error.phrase, language_of(request)))
    acts.confirm(seat, book, [name for name in pages.TERMS if request.POST.get(name)], words)
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
        return HttpResponse(pages.progress(request, seat, book, one, queries.troubles(one)))
    return pages.import_(request, seat, book, one, queries.troubles(one))


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
    return pages.help_(request)
