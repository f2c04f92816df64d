"""What changes books: bringing files, undoing, trying again, storing what was found."""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from evenwicht.reports.catalogue import LANGUAGES
from evenwicht.web import bridge, bulk
from evenwicht.web.books import queries, shelves
from evenwicht.web.books.rows import (
    FAILED,
    OPEN,
    READ,
    READING,
    UNDONE,
    WAITING,
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
from evenwicht.web.care.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile

    from evenwicht.ledger.problems import Problem
    from evenwicht.measures.found import Found
    from evenwicht.phrase import Phrase
    from evenwicht.web.people.rows import Membership

log = logging.getLogger("evenwicht.web")

MOST_TROUBLES = 5_000
"""Problems kept of one import; of more the number is kept."""
LEVEL = 6


def confirm(seat: Membership, book: Book, what: Iterable[str], exclusions: Sequence[str]) -> None:
    """Keep what was confirmed before the first mailbox, and what is never stored."""
    now = timezone.now().isoformat()
    book.confirmed = {name: book.confirmed.get(name) or {"by": seat.person_id, "at": now} for name in what}
    book.exclusions = list(exclusions)
    book.save(update_fields=["confirmed", "exclusions"])


def bring(seat: Membership, book: Book, files: Sequence[tuple[str, UploadedFile]], ticket: str) -> Import:
    """An import of files that were uploaded. The same ticket again is the same import."""
    title = files[0][0].replace("\\", "/").split("/", maxsplit=1)[0] if files else ""
    try:
        with transaction.atomic():
            made: Import = Import.objects.create(book=book, person=seat.person, ticket=ticket, title=title[:200], size=sum(file.size or 0 for _, file in files))
    except IntegrityError:
        found: Import = book.imports.get(ticket=ticket)
        return found
    folder = shelves.upload(made.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, file in files:
        target = shelves.free(shelves.within(folder, name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(file.temporary_file_path()).rename(target)
    return made


def keep_layout(book: Book, name: str, key: str, text: str) -> Layout:
    """Keep how a table is read; one with the same heads is read like it from now on."""
    made: Layout = Layout.objects.update_or_create(book=book, key=key, defaults={"name": name[:80], "text": text})[0]
    return made


def read_by(one: Import, label: str, layout: Layout) -> Import | None:
    """A table of an import as an import of its own, read by a layout. None where it is not here any more, or was read like that."""
    path = shelves.brought(one.pk, label)
    if path is None:
        return None
    ticket = hashlib.sha256(f"{one.pk} {label}".encode()).hexdigest()[:32]
    try:
        with transaction.atomic():
            made: Import = Import.objects.create(book_id=one.book_id, person_id=one.person_id, ticket=ticket, title=Path(label).name[:200],
                                                 size=path.stat().st_size, layout=layout)
    except IntegrityError:
        return None
    folder = shelves.upload(made.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.rename(folder / path.name)
    held = Import.objects.get(pk=one.pk)
    held.told = {**held.told, "unknown": [other for other in held.told.get("unknown", ()) if other != label]}
    held.save(update_fields=["told"])
    return made


def beat(one: Import, done: int, label: str) -> bool:
    """A sign of life from whoever reads; False where the import was undone meanwhile."""
    return bool(Import.objects.filter(pk=one.pk, state=READING).update(beat=timezone.now(), done=done, label=label[-200:]))


def begin(number: int) -> Import | None:
    """Take an import to read it; None where somebody else has, or it is no longer wanted."""
    now = timezone.now()
    taken = Import.objects.filter(pk=number, state=WAITING).update(state=READING, beat=now)
    if not taken:
        taken = Import.objects.filter(pk=number, state=READING, beat__lt=now - queries.SILENT).update(beat=now)
    found: Import | None = Import.objects.select_related("book__organisation", "layout").filter(pk=number).first() if taken else None
    return found


def finish(one: Import, brought: bridge.Brought) -> bool:
    """Keep what an import gave; False where it was undone meanwhile."""
    with transaction.atomic():
        taken = Import.objects.filter(pk=one.pk, state=READING).update(
            state=FAILED if brought.fault else READ, done=F("size"), label="", beat=timezone.now(), events=brought.events, files=brought.files,
            told=brought.told, problems=len(brought.problems), fault=phrase_kept(brought.fault) if brought.fault else None)
        if not taken:
            return False
        Trouble.objects.filter(brought=one).delete()
        bulk.write(Trouble, ("brought_id", "file", "place", "what", "remedy", "severity", "told"), (
            (one.pk, problem.file, problem.place, problem.what, problem.remedy, problem.severity, values_kept(problem.values))
            for problem in _gravest(brought.problems)))
        if not brought.fault:
            Book.objects.filter(pk=one.book_id).update(generation=F("generation") + 1)
    return True


def fail(one: Import, fault: Phrase) -> None:
    """Keep why an import could not be read."""
    Import.objects.filter(pk=one.pk, state__in=OPEN).update(state=FAILED, fault=phrase_kept(fault), beat=timezone.now())


def _gravest(problems: Sequence[Problem]) -> Sequence[Problem]:
    order = {"error": 0, "warning": 1, "note": 2}
    return sorted(problems, key=lambda problem: order[problem.severity])[:MOST_TROUBLES]


def phrase_kept(phrase: Phrase) -> dict[str, Any]:
    """A sentence as it is stored: said in the language of whoever reads it."""
    return {"template": phrase.template, "values": {name: plain(value) for name, value in phrase.values.items()}}


def values_kept(values: dict[str, object]) -> str:
    """The values of a problem as JSON text."""
    return json.dumps({name: plain(value) for name, value in values.items()}, ensure_ascii=False)


def plain(value: object) -> object:
    """A value that JSON can hold."""
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)


def again(one: Import) -> bool:
    """Put an import back in the queue, if what it brought is still there."""
    if not shelves.upload(one.pk).is_dir():
        return False
    return bool(Import.objects.filter(pk=one.pk, state__in=(READING, WAITING, FAILED)).update(state=WAITING, beat=None, done=0, fault=None))


def undo(one: Import) -> bool:
    """Take away what only this import brought; what another also knows stays. False where it was undone already."""
    with transaction.atomic():
        gone = Import.objects.filter(pk=one.pk).exclude(state=UNDONE).update(state=UNDONE, beat=timezone.now())
        if gone:
            Book.objects.filter(pk=one.book_id).update(generation=F("generation") + 1)
            Trouble.objects.filter(brought=one).delete()
    shelves.remove(shelves.upload(one.pk))
    shelves.remove(shelves.ledger(one.book_id, one.pk))
    return bool(gone)


def building(book: Book) -> None:
    """A sign of life from whoever works out the result."""
    Book.objects.filter(pk=book.pk).update(beat=timezone.now(), fault=None)


def unbuilt(book: Book, fault: Phrase) -> None:
    """Keep why no result could be made."""
    Book.objects.filter(pk=book.pk).update(fault=phrase_kept(fault))


def keep(book: Book, found: Found | None, generation: int) -> Snapshot | None:
    """Store a result and show it, unless a newer one is shown already. An empty book shows none."""
    if found is None:
        Book.objects.filter(pk=book.pk, built__lt=generation).update(built=generation, snapshot=None)
        return None
    us = found.us or (book.organisation.us or [""])[0]
    with transaction.atomic():
        made = Snapshot.objects.create(book=book, **bridge.summary(found, us))
        waiting = bridge.pairs(found, us)
        while some := list(islice(waiting, bulk.AT_ONCE)):
            bulk.write(Relation, ("snapshot_id", *bridge.RELATION_COLUMNS), ((made.pk, *pair.relation) for pair in some))
            bulk.write(Detail, ("snapshot_id", *bridge.DETAIL_COLUMNS), ((made.pk, *pair.detail) for pair in some))
        everything = queries.relations(made, Asked(), most=None).relations
        for language in LANGUAGES:
            drawn = bridge.overview(everything, us=us, language=language, until=made.until, expected_wrong=made.expected_wrong,
                                    needs=made.needs, address=everything[0].served.all if everything else "/")
            keep_drawing(made, f"overview {language}", drawn)
        shown = Book.objects.filter(pk=book.pk, built__lt=generation).update(built=generation, snapshot=made)
        if not shown:
            transaction.set_rollback(True)
            return None
    forget(book, made)
    return made


def forget(book: Book, shown: Snapshot) -> None:
    """Take away older results; the one before stays for those who are looking at it."""
    old = list(Snapshot.objects.filter(book=book, pk__lt=shown.pk).order_by("-pk").values_list("pk", flat=True)[1:])
    for model in (Drawing, Detail, Relation):
        model.objects.filter(snapshot_id__in=old)._raw_delete("default")  # noqa: SLF001  one statement, nothing hangs on these rows
    Snapshot.objects.filter(pk__in=old).delete()


def keep_drawing(snapshot: Snapshot, key: str, body: str) -> None:
    """Keep a part of a page, so that it is drawn once."""
    Drawing.objects.bulk_create([Drawing(snapshot=snapshot, key=key, body=zlib.compress(body.encode(), LEVEL))], ignore_conflicts=True)


def keep_month(book: Book, month: date, found: Found, *, lived: bool) -> None:
    """Keep what is said of every relation at the end of a month. What was `lived` is not changed afterwards."""
    with transaction.atomic():
        Month.objects.filter(book=book, month=month, lived=False).delete()
        if not Month.objects.filter(book=book, month=month).exists():
            bulk.write(Month, ("book_id", "a", "b", "month", "verdict", "toward", "certainty", "lived"), (
                (book.pk, a, b, month, verdict, toward, certainty, lived) for a, b, verdict, toward, certainty in bridge.months(found)))


def decide(book: Book, operation: str, names: Sequence[str], text: str = "") -> None:
    """One more decision about parties."""
    with transaction.atomic():
        held = Book.objects.select_for_update().get(pk=book.pk)
        held.decisions = [*held.decisions, {"operation": operation, "names": list(names), "text": text}]
        held.generation += 1
        held.save(update_fields=["decisions", "generation"])


def take_back(book: Book) -> bool:
    """The last decision about parties is off; False where there is none."""
    with transaction.atomic():
        held = Book.objects.select_for_update().get(pk=book.pk)
        if not held.decisions:
            return False
        held.decisions = held.decisions[:-1]
        held.generation += 1
        held.save(update_fields=["decisions", "generation"])
    return True
