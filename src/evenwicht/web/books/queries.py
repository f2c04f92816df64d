"""What is read of books. Everything takes the organisation of the one who asks: what is another's is not there."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.db.models import Count, F, Min
from django.urls import reverse
from django.utils import timezone

from evenwicht.reports.pages.seen import Served
from evenwicht.web.books import shelves
from evenwicht.web.books.rows import (
    OPEN,
    READ,
    Book,
    Detail,
    Drawing,
    Import,
    Layout,
    Month,
    Relation,
    Snapshot,
    Trouble,
)
from evenwicht.web.bridge import Stored
from evenwicht.web.care import queries as care
from evenwicht.web.care.asked import Asked
from evenwicht.web.given import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from evenwicht.web.people.rows import Membership, Organisation

PAGE = 50
SILENT = timedelta(seconds=90)
"""Without a sign of life for this long, whoever reads is taken to be gone."""

SORTS: dict[str, tuple[Any, ...]] = {
    "attention": ("rank", "-certainty", "a", "b"), "name": ("name", "a", "b"), "events": ("-events", "a", "b"),
    "last": (F("last").desc(nulls_last=True), "a", "b"), "speed": (F("speed").asc(nulls_last=True), "a", "b"),
}
"""Orders of the table, by what they are called in the address."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Some relations, and how many there are of what was asked."""

    relations: Sequence[Stored]
    count: int
    start: int
    numbers: Sequence[int] = ()


def book_of(organisation: Organisation) -> Book:
    """The book of an organisation, with its snapshot."""
    found: Book = Book.objects.select_related("snapshot").get_or_create(organisation=organisation)[0]
    return found


def address(a: str, b: str) -> str:
    """Where a relation is shown. Any key has an address, whatever signs are in it."""
    return f"/relations/{quote(a, safe='@:')}/{quote(b, safe='@:')}/"


def stored(row: Relation) -> Stored:
    """A row as the pages take it."""
    return Stored(json.loads(row.result), {row.a: row.a_name, row.b: row.b_name}, Served(reverse("portfolio"), address(row.a, row.b)),
                  json.loads(row.moves) if row.moves else None)


def _asked_for(snapshot: Snapshot, asked: Asked, seat: Membership | None) -> QuerySet[Relation]:
    found = Relation.objects.filter(snapshot=snapshot)
    if asked.verdict:
        found = found.filter(verdict=asked.verdict)
    if asked.axis:
        found = found.filter(axes__contains=f"|{asked.axis}|")
    for name, what in (("lean", asked.lean), ("turn", asked.turn)):
        if what:
            found = found.filter(**{f"{name}__in": ["", "no"] if what == "nobody" else [what, "both"]})
    if asked.lacks:
        found = found.filter(lacking__contains=f"\n{asked.lacks}\n")
    for word in asked.find.casefold().split()[:6]:
        found = found.filter(search__contains=word)
    return care.narrowed(found, seat, asked.who, asked.tag) if seat is not None else found


def pairs(snapshot: Snapshot, asked: Asked, seat: Membership) -> list[tuple[str, str]]:
    """The sides of all relations that were asked for."""
    return list(_asked_for(snapshot, asked, seat).values_list("a", "b"))


def known(snapshot: Snapshot, given: Iterable[str]) -> list[tuple[str, str]]:
    """Of relations as a form names them by number, the sides of those that the snapshot before or this one has."""
    numbers = [whole(one, digits=18) for one in given]
    return list(Relation.objects.filter(snapshot__book=snapshot.book_id, pk__in=numbers).values_list("a", "b"))


def relations(snapshot: Snapshot, asked: Asked, most: int | None = PAGE, seat: Membership | None = None) -> Listed:
    """The relations of a snapshot that were asked for; `most` None = all of them; without a seat nothing is asked of care."""
    found = _asked_for(snapshot, asked, seat)
    count = found.count()
    start = 0 if most is None else max(0, min(asked.page - 1, (count - 1) // most if count else 0)) * most
    rows = found.order_by(*SORTS.get(asked.sort, SORTS["attention"]))
    if most is None:
        kept = list(rows)
    else:  # sorted by what is narrow; the results, which are wide, are fetched of one page alone
        numbers = list(rows.values_list("pk", flat=True)[start:start + most])
        held = Relation.objects.in_bulk(numbers)
        kept = [held[number] for number in numbers if number in held]
    return Listed([stored(row) for row in kept], count, start, [row.pk for row in kept])


def verdicts(snapshot: Snapshot) -> dict[str, int]:
    """How many relations have each verdict."""
    return dict(Relation.objects.filter(snapshot=snapshot).values_list("verdict").annotate(n=Count("pk")).order_by())


def relation(snapshot: Snapshot, a: str, b: str) -> Stored | None:
    """One relation, in whichever order its sides are named."""
    first, second = sorted((a, b))
    row = Relation.objects.filter(snapshot=snapshot, a=first, b=second).first()
    return None if row is None else stored(row)


def detail(snapshot: Snapshot, a: str, b: str) -> tuple[bytes, bytes, str]:
    """What the page of a relation is drawn from."""
    history, events, contacts = Detail.objects.values_list("history", "events", "contacts").get(snapshot=snapshot, a=a, b=b)
    return bytes(history), bytes(events), contacts


def loops(snapshot: Snapshot, a: str, b: str) -> str:
    """What is open on each side of a relation, as JSON."""
    found: str = Detail.objects.values_list("loops", flat=True).get(snapshot=snapshot, a=a, b=b)
    return found


def drawing(snapshot: Snapshot, key: str) -> str | None:
    """A part of a page that was drawn before."""
    body = Drawing.objects.filter(snapshot=snapshot, key=key).values_list("body", flat=True).first()
    return None if body is None else zlib.decompress(bytes(body)).decode()


def months(book: Book, a: str, b: str) -> Sequence[Month]:
    """What was said of a relation at the ends of months, the newest first."""
    return list(Month.objects.filter(book=book, a=a, b=b).order_by("-month")[:24])


def imports(book: Book) -> Sequence[Import]:
    """The imports of an organisation, the newest first."""
    return list(book.imports.select_related("person").order_by("-pk")[:100])


def import_of(book: Book, number: int) -> Import | None:
    """One import of an organisation."""
    found: Import | None = book.imports.filter(pk=number).select_related("person").first()
    return found


def layout_for(book: Book, key: str) -> Layout | None:
    """The organisation's layout for a table with these heads."""
    found: Layout | None = book.layouts.filter(key=key).order_by("-pk").first() if key else None
    return found


def unknown(one: Import) -> list[str]:
    """The tables of an import that nobody has said of yet what they are, by label; in order, so that each keeps its address."""
    return [label for label in one.told.get("unknown", ()) if shelves.brought(one.pk, label) is not None]


def holding(book: Book) -> list[int]:
    """Numbers of the imports that hold: read, and not undone."""
    return list(book.imports.filter(state=READ, events__gt=0).order_by("pk").values_list("pk", flat=True))


def running(book: Book) -> bool:
    """Whether something is being read or worked out."""
    return book.built < book.generation or book.imports.filter(state__in=OPEN).exists()


def silent(one: Import) -> bool:
    """Whether whoever reads an import has given no sign of life."""
    return one.state in OPEN and (one.beat or one.made_at) < timezone.now() - SILENT


@dataclass(frozen=True, slots=True)
class Alike:
    """Problems with one remedy: how many, and one of them."""

    count: int
    example: Trouble


def troubles(one: Import, most: int = 40) -> Sequence[Alike]:
    """The problems of an import, grouped by what to do, the gravest and most frequent first."""
    groups = list(Trouble.objects.filter(brought=one).values("severity", "what", "remedy").annotate(n=Count("pk"), first=Min("pk")).order_by())
    order = {"error": 0, "warning": 1, "note": 2}
    groups.sort(key=lambda group: (order.get(group["severity"], 3), -group["n"], group["first"]))
    examples = {row.pk: row for row in Trouble.objects.filter(pk__in=[group["first"] for group in groups[:most]])}
    return [Alike(group["n"], examples[group["first"]]) for group in groups[:most] if group["first"] in examples]
