"""How long an import takes from a ledger file to the portfolio, and pages after it.

    python -m benchmarks.web_import --relations 1000 --events 100000

Runs on SQLite in a folder of its own; DATABASE_URL names another database.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl


def ledger(relations: int, events: int) -> pl.DataFrame:
    """Mail over two years between us and many others, every relation the same number of messages."""
    each = events // relations
    start = datetime(2024, 7, 1, 9, tzinfo=UTC)
    rows = pl.DataFrame({"relation": pl.Series(range(relations))}).join(pl.DataFrame({"place": pl.Series(range(each))}), how="cross")
    other = pl.format("firm{}.example", pl.col("relation"))
    ours = (pl.col("place") * 7 + pl.col("relation")) % 5 < 3
    return rows.select(
        id=pl.format("{}-{}", "relation", "place"), at=pl.lit(start) + pl.duration(minutes=pl.col("place") * (104 * 7 * 1440 // each)),
        giver=pl.when(ours).then(pl.lit("berk.example")).otherwise(other), receiver=pl.when(ours).then(other).otherwise(pl.lit("berk.example")),
        kind=pl.lit("message"), amount=pl.lit(100.0), unit=pl.lit("words"), evidence=pl.concat_list(pl.format("mail.mbox#message {}", "place")))


def lap(what: str, since: float) -> float:
    now = time.perf_counter()
    print(f"{what:<44} {now - since:7.2f} s", flush=True)
    return now


def main(relations: int, events: int) -> None:
    home = Path(tempfile.mkdtemp(prefix="evenwicht-bench-"))
    os.environ |= {"EVENWICHT_HOME": str(home)}
    from evenwicht.web import start

    start.prepare()
    from django.test import Client
    from django.utils import timezone

    from evenwicht.ledger.table import Ledger, validated
    from evenwicht.web import bridge
    from evenwicht.web.books import acts, imports_page, queries, shelves
    from evenwicht.web.books.rows import READ, Book, Import
    from evenwicht.web.people import acts as people

    seat = people.found_organisation("Berk", ["berk.example"], "owner@berk.example")
    book = queries.book_of(seat.organisation)
    acts.confirm(seat, book, imports_page.TERMS, [])
    source = shelves.ledger(book.pk, 1)
    bridge.kept(Ledger(validated(ledger(relations, events))[0]), source)
    Import.objects.create(pk=1, book=book, person=seat.person, ticket="b", title="bench", state=READ, events=events)
    Book.objects.filter(pk=book.pk).update(generation=1)
    book.refresh_from_db()
    first = since = time.perf_counter()
    whole = bridge.combined([source], us=["berk.example"], decisions=[])
    since = lap("joined", since)
    assert whole is not None
    bridge.kept(whole, shelves.whole(book.pk))
    since = lap("written as one ledger", since)
    found = bridge.judged(whole, today=timezone.now().date())
    since = lap("judged", since)
    acts.keep(book, found, 1)
    since = lap("stored and drawn", since)
    lap(f"{events:,} events, {relations:,} relations", first)
    client = Client(HTTP_HOST="localhost")
    client.force_login(seat.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in ("/", "/", "/?find=firm77", "/?page=3", "/relations/berk.example/firm7.example/", "/relations/berk.example/firm7.example/"):
        since = time.perf_counter()
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        lap(f"{address}, {len(answer.content) // 1000} kB", since)


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--relations", type=int, default=1000)
    given.add_argument("--events", type=int, default=100_000)
    asked = given.parse_args()
    main(asked.relations, asked.events)
