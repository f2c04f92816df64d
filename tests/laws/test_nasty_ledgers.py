"""Ledgers made to break a law: ids shared between relations, amounts of any scale, rows twice, one absurd row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from evenwicht.engines.local import assess
from evenwicht.ledger.events import Event
from evenwicht.ledger.table import Ledger, frame_of

START = datetime(2025, 1, 6, 9, tzinfo=UTC)
UNTIL = date(2025, 12, 31)
A, B, C = "alder.example", "birch.example", "cedar.example"
WEEKS = 40


def axis(events: list[Event], name: str, a: str = A, b: str = B) -> dict[str, object]:
    rows = assess(Ledger(frame_of(events)), UNTIL).axes
    return rows.filter((pl.col("axis") == name) & (pl.col("a") == a) & (pl.col("b") == b)).row(0, named=True)


def week(number: int, days: int = 0) -> datetime:
    return START + timedelta(weeks=number, days=days)


def paid_on_the_day(pay: str = "p") -> list[Event]:
    return [event for w in range(WEEKS) for event in (
        Event(f"i{w}", week(w), A, B, "invoice", 100.0, "EUR", due=week(w, 7)),
        Event(f"{pay}{w}", week(w, 7), B, A, "payment", 100.0, "EUR", answers=f"i{w}"))]


def promised(kept: bool) -> list[Event]:
    found = []
    for w in range(WEEKS):
        found.append(Event(f"z{w}", week(w), A, B, "promise", 1.0, "count", due=week(w, 3)))
        if kept:
            found.append(Event(f"k{w}", week(w, 2), A, B, "promise_kept", 1.0, "count", answers=f"z{w}"))
    return found


def test_a_promise_kept_to_another_says_nothing_here() -> None:
    alone = axis(promised(kept=False), "promises")
    elsewhere = [Event(f"x{w}", week(w, 2), A, C, "promise_kept", 1.0, "count", answers=f"z{w}") for w in range(WEEKS)]
    assert alone["verdict"] == "structural"
    assert axis(promised(kept=False) + elsewhere, "promises") == alone


def test_a_reversal_between_others_takes_no_payment_back_here() -> None:
    alone = axis(paid_on_the_day(), "money")
    elsewhere = [Event(f"r{w}", week(w, 9), C, A, "reversal", 100.0, "EUR", answers=f"p{w}") for w in range(WEEKS)]
    assert alone["verdict"] == "balanced"
    assert axis(paid_on_the_day() + elsewhere, "money") == alone


def ordered(buyer: str, days_late: int) -> list[Event]:
    return [event for w in range(WEEKS) for event in (
        Event(f"order:{A}:{w}:2025", week(w), buyer, A, "order", 10.0, "EUR"),
        Event(f"or{w}", week(w, 1), A, buyer, "order_response", 10.0, "EUR", due=week(w, 7), answers=f"order:{A}:{w}:2025"),
        Event(f"d{w}", week(w, 7 + days_late), A, buyer, "delivery", 1.0, "count", answers=f"order:{A}:{w}:2025"))]


def test_two_buyers_with_the_same_order_numbers_stay_apart() -> None:
    alone = axis(ordered(B, 20), "promises")
    assert alone["verdict"] == "structural"
    assert axis(ordered(B, 20) + ordered(C, 0), "promises") == alone


@pytest.mark.parametrize("factor", [1e-6, 1e-4, 1e4, 1e8])
def test_the_scale_of_a_currency_changes_no_verdict(factor: float) -> None:
    """Paid but for a cent in fifty: settled, whatever the currency counts in."""
    bills = [replace(event, amount=49.99 if event.kind == "payment" else 50.0) for event in paid_on_the_day()]
    scaled = [replace(event, amount=(event.amount or 0) * factor) for event in bills]
    plain, other = axis(bills, "money"), axis(scaled, "money")
    assert plain["verdict"] == other["verdict"] == "balanced"
    assert plain["n"] == other["n"] == WEEKS


@pytest.mark.parametrize("amount", [1e160, 1e-170, 1e308])
def test_one_absurd_row_stops_nobody(amount: float) -> None:
    mails = [Event(f"m{w}", week(w), *((A, B) if w % 3 else (B, A)), "message", 50.0, "words") for w in range(WEEKS)]
    before = axis(mails, "words")
    odd = [Event(f"o{w}", week(w), A, C, "message", amount if w == 3 else 5.0, "words") for w in range(10)]
    assert axis(mails + odd, "words") == before


def test_a_table_with_every_row_twice_is_the_table() -> None:
    frame = frame_of(paid_on_the_day())
    once, twice = assess(frame, UNTIL), assess(pl.concat([frame, frame]), UNTIL)
    assert twice.as_dict() == once.as_dict()


def test_columns_of_other_programs_are_ignored_whatever_they_are_called() -> None:
    frame = frame_of(paid_on_the_day()).drop("id_raw", "references").with_columns(
        pl.lit(1).alias("_row"), pl.lit(2.5).alias("id_raw"), pl.lit(date(2025, 1, 1)).alias("references"))
    assert assess(frame, UNTIL).as_dict() == assess(frame_of(paid_on_the_day()), UNTIL).as_dict()


def test_what_is_dated_in_the_future_does_not_set_the_last_day() -> None:
    far = Event("future", datetime(2090, 1, 1, tzinfo=UTC), A, B, "message", 5.0, "words")
    assert assess(Ledger(frame_of([*paid_on_the_day(), far])), today=date(2025, 12, 1)).until <= date(2025, 12, 1)
