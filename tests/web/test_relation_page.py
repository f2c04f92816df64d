"""The page of a relation: what is open on each side, and what would have been said on an earlier day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.web.application import Cast

from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.table import Ledger
from evenwicht.web import bridge
from evenwicht.web.books import queries, shelves
from evenwicht.web.books.rows import Book

ADDRESS = "/relations/birch.example/berk.example/"


def page(cast: Cast, asked: str = "", status: int = 200) -> str:
    answer = cast.client("reader").get(f"{ADDRESS}{asked}")
    assert answer.status_code == status
    return str(answer.content.decode())


def test_both_chairs_see_the_same_open_invoices_on_the_same_side(cast: Cast) -> None:
    """Everything is paid at the end of the ledger; at the end of the year Birch had not paid what was due, and what was not due yet."""
    assert "Nothing is open on either side." in page(cast)
    mine, theirs = page(cast, "?on=2025-12-31&chair=berk.example"), page(cast, "?on=2025-12-31&chair=birch.example")
    for text, empty in ((mine, "l"), (theirs, "r")):
        part = text[text.index('id="r-turns"'):text.index('id="r-needs"')]
        assert part.count('class="kind">invoice') == part.count(f'<span class="{empty}" role="cell"></span>') == 7
        assert "7 open" in part
        assert "0 open" in part
        assert "20 days after the agreed day" not in part
        assert "after the agreed day" in part
    assert "Wie er aan zet is" in page(cast, "?lang=nl")


def test_a_day_in_the_past_is_said_with_what_was_known_by_then(cast: Cast) -> None:
    now, then = page(cast), page(cast, "?on=2025-12-31")
    assert "As it would have been said on 31" in then
    assert "As it would have been said" not in now
    assert 'datetime="2026' not in then
    assert 'datetime="2025-12' in then
    book = Book.objects.get(pk=cast.organisation.pk)
    stored = queries.relation(book.snapshot, "berk.example", "birch.example")
    assert stored is not None
    past = bridge.as_it_was(shelves.whole(book.pk), stored, date(2025, 12, 31), "berk.example")
    assert past is not None
    whole = bridge.judged(bridge.ledger_at(shelves.whole(book.pk)), today=date(2025, 12, 31), until=date(2025, 12, 31))
    assert whole is not None
    assert past[0].result == next(one for one in whole.as_dict()["relations"] if one["b"] == "birch.example"), "alone or among others, the same is said"


@pytest.mark.parametrize("asked", ["?on=2020-01-01", "?on=2099-01-01", "?on=yesterday", "?on=2025-02-30"])
def test_of_a_day_without_facts_nothing_is_said(cast: Cast, asked: str) -> None:
    text = page(cast, asked, 404)
    assert "As it is said now" in text
    assert 'name="on"' in text


def test_no_source_reaches_beyond_the_day() -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    entries = tuple(Coverage("s", None, None, ("message",), start + timedelta(days=first), start + timedelta(days=last)) for first, last in ((0, 300), (0, 10), (200, 300)))
    from evenwicht.ledger.table import empty

    back = bridge.back_to(Ledger(empty(), coverage=entries), date(2025, 4, 1)).coverage
    assert back is not None
    assert [(entry.start, entry.end.date()) for entry in back] == [(start, date(2025, 4, 1)), (start, date(2025, 1, 11))]
    assert bridge.back_to(Ledger(empty()), date(2025, 4, 1)).coverage is None


def test_what_changed_is_said_by_the_events_that_moved_it(cast: Cast) -> None:
    address = "/relations/acme.example/berk.example/"
    client = cast.client("reader")
    assert 'hx-get="/relations/acme.example/berk.example/changes/' in str(client.get(address).content.decode())
    whole, part = client.get(f"{address}changes/"), client.get(f"{address}changes/", headers={"HX-Request": "true"})
    assert part.content.decode() in whole.content.decode()
    assert part.content.decode().startswith("<section")
    assert "Wat er sinds vorige maand veranderde" in client.get(f"{address}changes/?lang=nl").content.decode()


def test_only_what_happened_since_then_is_named(cast: Cast) -> None:
    """Of the relation that leans on words, messages of the last weeks are named; leaving one out is what influence does."""
    book = Book.objects.get(pk=cast.organisation.pk)
    stored = queries.relation(book.snapshot, "acme.example", "berk.example")
    assert stored is not None
    on, until = date(2026, 3, 31), book.snapshot.until
    moved = bridge.changed_since(shelves.whole(book.pk), stored, on, until)
    assert moved
    words = next(one for one in moved if one.axis == "words")
    assert words.after == stored.result["axes"][-1]["verdict"]
    assert words.events
    assert all(event["at"].date() > on for event, _ in words.events)
    sizes = [abs(by) for _, by in words.events]
    assert sizes == sorted(sizes, reverse=True)
    assert bridge.changed_since(shelves.whole(book.pk), stored, date(2020, 1, 1), until) is None
