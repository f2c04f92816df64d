"""Whose turn it is: by hand, from both chairs, and what taking a source away may never do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import narwhals as nw
from hypothesis import given, settings

from evenwicht.engines.incremental import assess_again
from evenwicht.engines.local import assess
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.table import Ledger, frame_of
from evenwicht.measures.calendars import Calendars
from evenwicht.measures.facts import facts_of
from evenwicht.measures.open_ends import open_ends
from evenwicht.measures.turns import COLUMNS, FADED_DAYS, FRESH_DAYS, mirrored, mover, turns
from evenwicht.measures.weeks import end_of, microseconds
from laws.portfolios import PARTIES, ledgers
from measures.lines import A, B, Lines, covering, day, facts, ledger

few = settings(max_examples=25, deadline=None)


def turn(lines: Lines, until: str, **more: Any) -> dict[str, Any] | None:
    known = facts(lines, until, **more)
    rows = turns(open_ends(known), known.until_us).to_dicts()
    assert len(rows) <= 1
    return rows[0] if rows else None


def short(found: dict[str, Any] | None) -> tuple[Any, ...]:
    return () if found is None else (found["turn"], found["a_moves"], found["b_moves"])


def test_a_question_makes_it_the_turn_of_the_one_who_was_asked_until_it_is_answered() -> None:
    asked = ["2026-03-02T09:00Z A -> B message 40 words <1> thread <t>", "2026-03-02T09:00Z A -> B question 1 count <1#q>"]
    found = turn(asked, "2026-03-10")
    assert found is not None
    assert short(found) == ("b", 0, 1)
    assert (found["b_what"], found["b_since"], found["b_due"], found["b_overdue"], found["a_what"]) == ("question", date(2026, 3, 2), None, 1, None)
    assert mover(found) == B
    assert turn([*asked, "2026-03-09T10:00Z B -> A message 5 words <2> thread <t>"], "2026-03-10") is None
    assert mover(None) == ""


def test_a_question_fades_after_a_quarter() -> None:
    asked = "2026-03-02T00:00Z A -> B question 1 count <1#q>"
    assert short(turn(asked, f"{date(2026, 3, 2) + timedelta(days=FADED_DAYS - 1)}")) == ("b", 0, 1)
    assert turn(asked, f"{date(2026, 3, 2) + timedelta(days=FADED_DAYS)}") is None


def test_an_invoice_asks_from_the_day_agreed_for_it() -> None:
    lines = "2026-01-05T00:00Z A -> B invoice 1000 EUR <i1> due 2026-02-04T00:00Z"
    assert turn(lines, "2026-02-03") is None
    on_the_day, after = turn(lines, "2026-02-04"), turn(lines, "2026-03-04")
    assert on_the_day is not None
    assert after is not None
    assert (on_the_day["b_since"], on_the_day["b_overdue"], after["b_overdue"]) == (date(2026, 2, 4), 0, 1)
    assert turn("2026-01-05T00:00Z A -> B invoice 1000 EUR <i1>", "2026-06-01") is None, "without a day nobody is to move"


def test_both_sides_may_be_to_move_and_the_longest_waiting_is_named() -> None:
    lines = ["2026-03-02T00:00Z B -> A promise 1 count <p> due 2026-03-20T00:00Z", "2026-03-04T00:00Z B -> A promise 1 count <q> due 2026-03-12T00:00Z",
             "2026-03-05T00:00Z B -> A order 500 EUR <o> due 2026-03-20T00:00Z"]
    found = turn(lines, "2026-03-10")
    assert found is not None
    assert short(found) == ("both", 1, 2)
    assert (found["a_what"], found["b_what"], found["b_since"], found["b_due"]) == ("order", "promise", date(2026, 3, 2), date(2026, 3, 20))
    assert mover(found) == "both"


def test_what_was_last_seen_long_before_the_end_is_no_turn_now() -> None:
    lines = "2026-01-05T00:00Z A -> B invoice 1000 EUR <i1> due 2026-02-04T00:00Z"
    covered = [covering(A, "invoice credit_note", "2026-01-01", "2026-06-30", "both"), covering(A, "payment reversal", "2026-01-01", "2026-03-31", "both")]
    assert short(turn(lines, "2026-04-20", coverage=covered)) == ("b", 0, 1)
    assert turn(lines, f"{date(2026, 3, 31) + timedelta(days=FRESH_DAYS)}", coverage=covered) is None
    assert turn(lines, "2026-04-20", coverage=covered[:1]) is None, "no source could have shown a payment"


def test_nothing_open_gives_an_empty_frame_with_its_columns() -> None:
    known = facts("2026-01-05T00:00Z A -> B message 10 words <1>", "2026-06-01")
    assert dict(turns(open_ends(known), known.until_us).schema) == COLUMNS


UNTIL = date(2025, 9, 1)


def of(events: list[Event], coverage: list[Coverage] | None = None, until: date = UNTIL) -> dict[tuple[str, str], dict[str, Any]]:
    known = facts_of(nw.from_native(frame_of(events), eager_only=True), coverage, until_us=microseconds(end_of(until)), calendars=Calendars(plain=True))
    return {(row["a"], row["b"]): row for row in turns(open_ends(known), known.until_us).to_dicts()}


@given(ledgers())
@few
def test_law_the_other_chair_mirrors(events: list[Event]) -> None:
    names = dict(zip(PARTIES, ("z.example", "y.example", "x.example"), strict=False))
    turned = of([Event(**{name: names.get(value, value) if name in {"giver", "receiver"} else value for name, value in
                          ((one, getattr(event, one)) for one in event.__slots__)}) for event in events])
    told = {}
    for row in of(events).values():
        renamed = {**row, "a": names.get(row["a"], row["a"]), "b": names.get(row["b"], row["b"])}
        one = renamed if renamed["a"] < renamed["b"] else mirrored(renamed)
        told[(one["a"], one["b"])] = one
    assert {pair: short(one) for pair, one in told.items()} == {pair: short(one) for pair, one in turned.items()}
    for one in told.values():
        assert mirrored(mirrored(one)) == one


@given(ledgers())
@few
def test_law_a_source_taken_away_with_its_coverage_never_invents_a_turn(events: list[Event]) -> None:
    """What each kind's own source covers; then one of them is not there."""
    groups = {"mail": ("message", "question", "talk"), "bank": ("payment", "reversal"), "books": ("invoice", "credit_note"),
              "orders": ("order", "order_response", "delivery", "promise", "promise_kept", "promise_released", "promise_renegotiated")}
    end = end_of(UNTIL)
    first = min(event.at for event in events) if events else end
    coverage = {name: [Coverage(name, party, None, kinds, first, end, "both") for party in PARTIES] for name, kinds in groups.items()}
    everything = of(events, [one for some in coverage.values() for one in some])
    for gone, kinds in groups.items():
        left = of([event for event in events if event.kind not in kinds], [one for name, some in coverage.items() if name != gone for one in some])
        for pair, row in left.items():
            for side in ("a", "b"):
                before = everything.get(pair)
                assert row[f"{side}_moves"] <= (before[f"{side}_moves"] if before is not None else 0), (gone, pair)


def test_a_result_says_whose_turn_it_is_also_where_only_what_changed_was_assessed() -> None:
    lines = [f"{day('2026-01-05', 7 * week)} A -> B message 40 words <m{week}> thread <t{week}>" for week in range(12)]
    first = ledger([*lines, "2026-03-20T09:00Z C -> A question 1 count <x#q>"])
    more = Ledger(ledger([*lines, "2026-03-20T09:00Z C -> A question 1 count <x#q>", "2026-03-22T09:00Z A -> B question 1 count <y#q>"]).events)
    earlier = assess(first, "2026-03-30")
    assert [row["turn"] for row in earlier.turns.to_dicts()] == ["a"]
    again, anew = assess_again(earlier, more, "2026-03-30"), assess(more, "2026-03-30")
    assert again.turns.equals(anew.turns)
    assert set(again.turns_by_pair()) == {(A, B), (A, "cedar.example")}
    assert "turn" not in again.as_dict()["relations"][0], "the JSON holds the fields of the contract alone"
