"""The examples in the application: an organisation, two people, and what was read. `python -m evenwicht.web.demonstration LEDGER`

Prints one-time sign-in links, one a line: the role, a tab, the address. What was brought once is not brought again.
"""

from __future__ import annotations

import shutil
import sys
from datetime import timedelta
from pathlib import Path

from evenwicht.web import start

NAME, US = "Berk Verpakkingen BV", "berk.example"
PEOPLE = {"owner": "owner@berk.example", "reader": "reader@berk.example"}
TICKET = "the examples"
LASTS = timedelta(days=1)


def bring(ledger: Path) -> None:
    """The organisation with its people, and the examples as an import of theirs; nothing where they are there."""
    from evenwicht.web import bridge
    from evenwicht.web.books import acts as books
    from evenwicht.web.books import imports_page, queries, shelves, tasks
    from evenwicht.web.books.rows import READ, Book, Import
    from evenwicht.web.people import acts
    from evenwicht.web.people import queries as people

    owner = people.person_by_email(PEOPLE["owner"])
    seat = people.seat_of(owner) if owner is not None else acts.found_organisation(NAME, [US], PEOPLE["owner"])
    if seat is None:
        return
    acts.seat(seat.organisation, PEOPLE["reader"], "reader")
    book = queries.book_of(seat.organisation)
    if not book.imports.exists():
        books.confirm(seat, book, imports_page.TERMS, [])
        events = bridge.events_in(ledger)
        one = Import.objects.create(book=book, person=owner or seat.person, ticket=TICKET, title="examples/berk", state=READ, events=events)
        shutil.copyfile(ledger, shelves.ledger(book.pk, one.pk))
        Import.objects.filter(pk=one.pk).update(files=bridge.files_of(ledger), told={"importers": {}})
        Book.objects.filter(pk=book.pk).update(generation=1)
    tasks.build.call(book.pk)


def links() -> dict[str, str]:
    """A one-time link for each of the people."""
    return {role: start.sign_in_link(email, LASTS) for role, email in PEOPLE.items()}


def main(ledger: Path) -> None:
    """Bring the examples and print the links."""
    start.set_up()
    bring(ledger)
    for role, address in links().items():
        sys.stdout.write(f"{role}\t{address}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
