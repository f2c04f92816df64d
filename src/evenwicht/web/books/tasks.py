"""What is done beside the requests, by `evenwicht worker`: reading what was brought, working out what is found."""

from __future__ import annotations

import logging
import time
import uuid
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone
from django_tasks import task

from evenwicht.errors import EvenwichtError
from evenwicht.phrase import Phrase
from evenwicht.web import bridge, tables_seen
from evenwicht.web.books import acts, queries, shelves
from evenwicht.web.books.rows import Book, Import

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("evenwicht.web")

EVERY = 1.0
"""Seconds between two signs of life."""
MONTHS, FEW_MONTHS = 12, 3
MANY = 300_000
"""Events above which only a few months are looked back upon: each costs as much as the verdicts of today."""


class UndoneError(Exception):
    """The import was undone while it was read."""


@task()
def read_import(number: int) -> None:
    """Read the files of an import into its ledger file, then work out what is found."""
    one = acts.begin(number)
    if one is None:
        return
    folder = shelves.upload(number)
    target = shelves.ledger(one.book_id, number)
    try:
        brought = bridge.read_files(
            sorted(folder.iterdir()) if folder.is_dir() else [], target, us=one.book.organisation.us, exclude=one.book.exclusions,
            now=timezone.now(), advance=_beating(one), layout=_layout_of(one))
        kept = acts.finish(one, brought)
    except UndoneError:
        shelves.remove(target)
        return
    except EvenwichtError as error:
        acts.fail(one, error.phrase)
        return
    except Exception as error:
        acts.fail(one, mistake(error))
        raise
    if not kept:
        shelves.remove(target)
        return
    waiting = [label for label in brought.told.get("unknown", ()) if shelves.brought(number, label) is not None]
    for label in waiting:
        _like_before(one, label)
    if not brought.fault:
        shelves.leave(folder, [path for label in waiting if (path := shelves.brought(number, label)) is not None])
        build.call(one.book_id)


def _layout_of(one: Import) -> str | None:
    """The organisation's layout of an import, as a file where the readers can see it."""
    if one.layout is None:
        return None
    path = shelves.layout(one.book_id, one.layout_id)
    path.write_text(one.layout.text, "utf-8")
    return str(path)


def _like_before(one: Import, label: str) -> None:
    """A table with the heads of one of which a person said before what it is, is read like it."""
    path = shelves.brought(one.pk, label)
    known = queries.layout_for(one.book, tables_seen.key_of(path)) if path is not None else None
    if known is not None:
        again = acts.read_by(one, label, known)
        if again is not None:
            read_import.enqueue(again.pk)


def mistake(error: Exception) -> Phrase:
    """What is said of a mistake of ours; the log tells the rest."""
    reference = uuid.uuid4().hex[:8]
    log.error("reference %s", reference, exc_info=error)
    return Phrase("Evenwicht made a mistake; the log tells what happened under {reference}.", {"reference": reference})


def _beating(one: Import) -> Callable[[str, int], None]:
    """Tells how far the reading is, at most once a second, and stops it where the import was undone."""
    done, last = 0, 0.0

    def advance(label: str, count: int) -> None:
        nonlocal done, last
        done += count
        now = time.monotonic()
        if now - last >= EVERY:
            last = now
            if not acts.beat(one, min(done, one.size), label):
                raise UndoneError

    return advance


@task()
def build(number: int) -> None:
    """Work out what is found in everything that holds, and show it; once more where something changed meanwhile."""
    for _ in range(10):
        book = Book.objects.select_related("organisation").get(pk=number)
        if book.built >= book.generation:
            return
        acts.building(book)
        paths = [shelves.ledger(number, one) for one in queries.holding(book)]
        try:
            ledger = bridge.combined([path for path in paths if path.is_file()], us=book.organisation.us, decisions=book.decisions)
            if ledger is not None:
                bridge.kept(ledger, shelves.whole(number))
            found = None if ledger is None else bridge.judged(ledger, today=timezone.now().date(), advance=partial(_alive, book))
            acts.keep(book, found, book.generation)
        except EvenwichtError as error:
            acts.unbuilt(book, error.phrase)
            return
        except Exception as error:
            acts.unbuilt(book, mistake(error))
            raise
        if ledger is not None and found is not None:
            look_back.enqueue(number)


def _alive(book: Book, _: str) -> None:
    acts.building(book)


@task()
def look_back(number: int) -> None:
    """What is said of the end of each of the last twelve months. A month that ended since the organisation is here is said once
    and kept as it was; those before are looked back upon with what is known now.
    """
    book = Book.objects.select_related("snapshot", "organisation").get(pk=number)
    path = shelves.whole(number)
    if book.snapshot is None or not path.is_file():
        return
    lived = set(book.months.filter(lived=True).values_list("month", flat=True).distinct())
    ledger = bridge.ledger_at(path)
    for month in ends_of_months(book.snapshot.until, MONTHS if len(ledger) <= MANY else FEW_MONTHS):
        if month not in lived:
            found = bridge.judged(ledger, today=month, until=month)
            if found is not None:
                acts.keep_month(book, month, found, lived=book.organisation.made_at.date() <= month)


def ends_of_months(until: date, count: int) -> list[date]:
    """The last days of the months before a day, the newest first; that of its own month where it is over."""
    first = (until + timedelta(days=1)).replace(day=1)
    found = []
    for _ in range(count):
        last = first - timedelta(days=1)
        found.append(last)
        first = last.replace(day=1)
    return found
