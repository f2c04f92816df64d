"""Two sides at one table: what is found does not depend on who brought it, and nothing that is one side's own gets there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given

from evenwicht.engines.local import assess
from evenwicht.errors import WrongCall
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.parties import Decision
from evenwicht.ledger.resolve import resolve
from evenwicht.ledger.table import Ledger, frame_of
from evenwicht.ledger.together import Amendment, Brought, brought, joint, parties_of
from laws.portfolios import PARTIES, START, ledgers
from laws.test_laws import UNTIL, busy, few

A, B, STRANGER = PARTIES
MARK = "marker7311"
FAR = datetime(2027, 1, 1, tzinfo=UTC)


def book(events: list[Event], us: str, *, coverage: list[Coverage] | None = None) -> Ledger:
    """What one side knows: what happened between the two, and things of its own."""
    at = START + timedelta(days=3)
    own = [
        Event(f"{MARK}-1", at, us, STRANGER, "message", 80.0, "words", thread=MARK),
        Event(f"{MARK}-2", at, us, A if us == B else B, "difference", 1.0, "count", shared=False, thread=MARK, person=MARK),
    ]
    seen = [replace(event, evidence=(f"{MARK}.mbox#{us}",), person=f"{MARK}-{us}" if event.giver == us else f"{MARK}-there",
                    counter_person=f"{MARK}-there" if event.giver == us else f"{MARK}-{us}") for event in events]
    return resolve(frame_of([*seen, *own]), decisions=[Decision("us", (us,))], coverage=coverage).ledger


def laid(ledger: Ledger, other: str) -> Brought:
    return brought(ledger, other, mark=ledger.us or "", secret=f"of {ledger.us}".encode(), table="table")


def page(*sides: Brought, **more: object) -> str:
    return json.dumps(assess(joint(sides, table="table", **more), UNTIL).as_dict(), sort_keys=True)  # type: ignore[arg-type]


@given(ledgers())
@few
def test_whoever_brings_it_the_page_is_the_same_to_the_last_byte(events: list[Event]) -> None:
    ours, theirs = laid(book(events, A), B), laid(book(events, B), A)
    assert page(ours, theirs) == page(theirs, ours) == page(ours) == page(theirs)


def test_each_side_brings_half_and_both_halves_are_seen() -> None:
    events = [event for event in busy(1) if event.kind != "payment"]  # two like ones in two books would be taken for one
    whole = page(laid(book(events, A), B))
    halves = page(laid(book(events[::2], A), B), laid(book(events[1::2], B), A))
    assert halves == whole


@given(ledgers(most=15))
@few
def test_nothing_that_is_one_sides_own_lies_on_the_table(events: list[Event]) -> None:
    spans = [Coverage(f"{MARK}.mbox", us, MARK, ("message", "question"), START, FAR) for us in (A, STRANGER)]
    side = laid(book(events, A, coverage=spans), B)
    assert MARK not in str(side.rows.to_dicts())
    assert MARK not in str(side.coverage)
    assert STRANGER not in str((side.rows.to_dicts(), side.coverage, side.own, side.other))
    assert {entry.party for entry in side.coverage or ()} == {A}


def test_people_are_numbered_anew_by_their_own_side_and_coverage_still_finds_them() -> None:
    spans = [Coverage("inbox", A, f"{MARK}-{A}", ("message", "question"), START, FAR)]
    side = laid(book(busy(2), A, coverage=spans), B)
    people = set(side.rows.filter(pl.col("giver") == A)["person"]) | set(side.rows.filter(pl.col("receiver") == A)["counter_person"])
    assert people == {entry.person for entry in side.coverage or ()}
    assert side.rows.filter(pl.col("giver") == B)["person"].null_count() == side.rows.filter(pl.col("giver") == B).height
    both = joint([side, laid(book(busy(2), B), A)], table="table")
    assert both.events["person"].null_count() == 0
    assert both.coverage is None, "where one side does not know what its sources could have shown, all counts as covered"


def test_threads_are_the_same_on_both_sides_and_readable_on_neither() -> None:
    ours, theirs = laid(book(busy(3), A), B), laid(book(busy(3), B), A)
    assert set(ours.rows["thread"].drop_nulls()) == set(theirs.rows["thread"].drop_nulls())
    assert not set(ours.rows["thread"].drop_nulls()) & {event.thread for event in busy(3)}
    left = min(set(ours.rows["thread"].drop_nulls()))
    kept = joint([ours, theirs], table="table", apart=[left]).events
    assert left not in set(kept["thread"])
    assert kept.height < joint([ours, theirs], table="table").events.height


def test_an_answer_finds_what_only_the_other_side_kept() -> None:
    asked = Event("m1", START, B, A, "message", 40.0, "words")
    answer = Event("m2", START + timedelta(hours=9), A, B, "message", 30.0, "words", answers="m1")
    ours, theirs = laid(book([answer], A), B), laid(book([asked], B), A)
    assert "m1" not in str(ours.rows.to_dicts())
    found = joint([ours, theirs], table="table").events
    assert found.filter(pl.col("id") == "m2")["answers"].item() == "m1"
    alone = joint([ours], table="table").events
    assert alone.filter(pl.col("id") == "m2")["answers"].item() is None


def test_one_invoice_under_two_names_of_its_sender_is_one() -> None:
    def invoice(sender: str) -> Event:
        return Event(f"invoice:{sender}:7:2025", START, sender, B, "invoice", 100.0, "EUR", due=START + timedelta(days=14))

    vat = "vat:NL001234567B01"
    ours = resolve(frame_of([invoice(A)]), decisions=[Decision("us", (A,))]).ledger
    theirs = resolve(frame_of([invoice(vat)]), mentions=[Mention((A, vat))], decisions=[Decision("us", (B,))]).ledger
    sides = [laid(ours, B), laid(theirs, A)]
    assert parties_of(sides) == ((A, vat), (B,))
    ledger = joint(sides, table="table", names=[(A, "Alder"), (B, "Birch")])
    assert ledger.events["id"].to_list() == [f"invoice:{A}:7:2025"]
    assert ledger.events["evidence"].to_list() == [[A, B]]
    assert {party.name for party in ledger.parties.values()} == {"Alder", "Birch"}
    gone = joint(sides, table="table", amendments=[Amendment((f"invoice:{A}:7:2025", "invoice", A, B), None)])
    assert gone.events.height == 0, "the copy under the other name goes too"


def test_what_both_corrected_moves_or_goes() -> None:
    events = busy(4)
    sides = [laid(book(events, A), B), laid(book(events, B), A)]
    before = joint(sides, table="table").events
    first, second = before.select("id", "kind", "giver", "receiver").head(2).rows()
    moved = START + timedelta(days=99)
    after = joint(sides, table="table", amendments=[Amendment(first, moved), Amendment(second, None)]).events
    assert after.height == before.height - 1
    assert after.filter((pl.col("id") == first[0]) & (pl.col("kind") == first[1]))["at"].to_list() == [moved]


def test_a_norm_that_one_side_wrote_down_does_not_hold_here() -> None:
    events = busy(5)
    written = Event("norm:words:1", START, A, B, "norm", 0.9, "share", thread="words")
    side = laid(book([*events, written], A), B)
    assert "norm" not in set(side.rows["kind"])
    assert page(side) != page(side, agreed=[written])


def test_who_is_not_known_brings_nothing() -> None:
    with pytest.raises(WrongCall, match="nothing between"):
        laid(book(busy(6), A), "nobody.example")
    with pytest.raises(WrongCall, match="Nothing lies"):
        joint([], table="table")
    same = Brought(frame_of([]), None, (A,), (B,))
    with pytest.raises(WrongCall, match="Both sides say"):
        joint([same, same], table="table")
