"""What is open on each side: by hand, and the laws that hold for whatever is in the ledger."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw
import pytest
from hypothesis import given, settings

from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.table import frame_of
from evenwicht.measures.calendars import Calendars
from evenwicht.measures.facts import Facts, facts_of
from evenwicht.measures.loops import FADED_DAYS, Loop, loops
from evenwicht.measures.weeks import end_of, microseconds
from laws.portfolios import PARTIES, START, ledgers
from measures.lines import A, B, Lines, covering, day, facts

few = settings(max_examples=25, deadline=None)


def sides(lines: Lines, until: str, **more: Any) -> tuple[list[Loop], list[Loop]]:
    """What is open on A's side and on B's."""
    found = loops(facts(lines, until, **more)).get((A, B))
    return (list(found["a"].loops), list(found["b"].loops)) if found else ([], [])


def told(loop: Loop) -> tuple[str, str, bool, float, float | None]:
    return loop.sort, loop.evidence[0], loop.overdue, loop.wait, loop.amount


def test_a_question_is_open_until_it_is_answered_in_its_thread():
    asked = """
        2026-03-02T09:00Z A -> B message 40 words <1> thread <t>
        2026-03-02T09:00Z A -> B question 1 count <1#q>
    """
    mine, theirs = sides(asked, "2026-03-03")
    assert (mine, [told(one) for one in theirs]) == ([], [("question", "1#q", True, 16.0, None)])
    assert sides(asked, "2026-03-02")[1][0].overdue, "the first working day is over at five"
    answered = asked + "        2026-03-03T10:00Z B -> A message 5 words <2> thread <t>\n"
    assert sides(answered, "2026-03-03") == ([], [])
    assert sides(answered, "2026-03-02")[1], "what is answered later is open today"


def test_a_question_on_a_friday_night_waits_no_hour_in_the_weekend():
    loop = sides("2026-03-06T18:00Z A -> B question 1 count <1#q>", "2026-03-08")[1][0]
    assert (loop.wait, loop.overdue) == (0.0, False)


def test_a_question_that_nobody_waits_for_any_more_is_counted_and_not_listed():
    found = loops(facts(f"{day('2025-03-03T09:00')} A -> B question 1 count <1#q>", "2025-09-01"))[A, B]["b"]
    assert (found.loops, found.faded) == ((), 1)
    assert FADED_DAYS == 91


def test_an_invoice_is_open_for_what_is_left_of_it():
    lines = ["2026-01-05T00:00Z A -> B invoice 1000 EUR <i1> due 2026-02-04T00:00Z", "2026-01-20T00:00Z A -> B credit_note 100 EUR <c1> answers <i1>",
             "2026-02-01T00:00Z B -> A payment 400 EUR <p1> answers <i1>"]
    assert [told(one) for one in sides(lines, "2026-02-10")[1]] == [("invoice", "i1", True, 6.0, 500.0)]
    assert [told(one) for one in sides(lines, "2026-02-04")[1]] == [("invoice", "i1", False, 0.0, 500.0)], "the day itself is still in time"
    assert sides([*lines, "2026-02-09T00:00Z B -> A payment 500 EUR <p2> answers <i1>"], "2026-02-10") == ([], [])
    back = [*lines, "2026-02-09T00:00Z B -> A payment 500 EUR <p2> answers <i1>", "2026-02-10T00:00Z A -> B reversal 500 EUR <r> answers <p2>"]
    assert [told(one) for one in sides(back, "2026-02-10")[1]] == [("invoice", "i1", True, 6.0, 500.0)]


def test_an_invoice_without_an_agreed_day_is_open_and_never_late():
    loop = sides("2026-01-05T00:00Z A -> B invoice 1000 EUR <i1>", "2026-03-10")[1][0]
    assert (loop.due, loop.overdue, loop.wait) == (None, False, 64.0)


def test_what_was_promised_is_open_on_the_side_that_promised():
    lines = ["2026-03-02T00:00Z B -> A promise 1 count <p> due 2026-03-06T00:00Z", "2026-03-04T00:00Z A -> B promise 1 count <q> due 2026-03-20T00:00Z"]
    mine, theirs = sides(lines, "2026-03-11")
    assert [told(one)[:4] for one in theirs] == [("promise", "p", True, 3.0)]
    assert [told(one)[:4] for one in mine] == [("promise", "q", False, -7.0)]
    assert sides([*lines, "2026-03-05T00:00Z B -> A promise_kept 1 count <k> answers <p>"], "2026-03-11")[1] == []
    assert sides([*lines, "2026-03-05T00:00Z A -> B promise_released <k> answers <p>"], "2026-03-11")[1] == []
    moved = sides([*lines, "2026-03-05T00:00Z B -> A promise_renegotiated <k> answers <p> due 2026-03-25T00:00Z"], "2026-03-11")[1]
    assert not moved[0].overdue


def test_an_order_waits_for_a_word_and_then_for_the_goods():
    lines = ["2026-03-02T00:00Z A -> B order 500 EUR <o> due 2026-03-20T00:00Z"]
    assert [told(one)[:3] for one in sides(lines, "2026-03-10")[1]] == [("order", "o", False)]
    lines.append("2026-03-03T00:00Z B -> A order_response 500 EUR <or> answers <o> due 2026-03-24T00:00Z")
    assert [told(one)[:3] for one in sides(lines, "2026-03-25")[1]] == [("promise", "or", True)]
    assert sides([*lines, "2026-03-26T00:00Z B -> A delivery 1 count <d> answers <o>"], "2026-03-27") == ([], [])


def test_what_no_source_could_have_shown_closed_is_not_called_open():
    lines = ["2026-01-05T00:00Z A -> B invoice 1000 EUR <i1> due 2026-02-04T00:00Z", "2026-01-05T09:00Z A -> B question 1 count <1#q>"]
    covered = [covering(A, "invoice credit_note", "2026-01-01", "2026-06-30", "both"), covering(A, "message question", "2026-01-01", "2026-06-30", "received")]
    assert sides(lines, "2026-06-30", coverage=covered) == ([], [])
    bank = [*covered, covering(A, "payment reversal", "2026-01-01", "2026-03-31", "both")]
    loop = sides(lines, "2026-06-30", coverage=bank)[1][0]
    assert (loop.sort, loop.wait, loop.until.date()) == ("invoice", 55.0, date(2026, 3, 31)), "it waits as long as is known"


def test_the_overdue_stand_first_and_then_those_that_wait_longest():
    lines = ["2026-01-05T00:00Z A -> B invoice 10 EUR <late> due 2026-03-01T00:00Z", "2026-01-02T00:00Z A -> B invoice 10 EUR <soon> due 2026-04-01T00:00Z",
             "2026-02-05T00:00Z A -> B invoice 10 EUR <later> due 2026-02-20T00:00Z"]
    assert [one.evidence[0] for one in sides(lines, "2026-03-10")[1]] == ["later", "late", "soon"]


UNTIL = date(2025, 9, 1)


def known(events: list[Event], coverage: list[Coverage] | None = None) -> Facts:
    return facts_of(nw.from_native(frame_of(events), eager_only=True), coverage, until_us=microseconds(end_of(UNTIL)), calendars=Calendars(plain=True))


@given(ledgers())
@few
def test_law_1_the_other_chair_has_the_same_loops_on_the_other_side(events: list[Event]):
    names = {PARTIES[0]: "z.example", PARTIES[1]: "y.example", PARTIES[2]: "x.example"}
    before = loops(known(events))
    turned = loops(known([replace(one, giver=names[one.giver], receiver=names[one.receiver]) for one in events]))
    assert {(names[b], names[a]): {"a": sides["b"], "b": sides["a"]} for (a, b), sides in before.items()} == turned


@given(ledgers(parties=PARTIES, least=2))
@few
def test_laws_2_and_3_order_and_other_relations_change_nothing(events: list[Event]):
    whole = loops(known(events))
    shuffled = list(events)
    random.Random(1).shuffle(shuffled)
    assert loops(known(shuffled)) == whole
    pair = set(PARTIES[:2])
    alone = loops(known([one for one in events if {one.giver, one.receiver} == pair] or events))
    if any({one.giver, one.receiver} == pair for one in events):
        assert alone == {sides: found for sides, found in whole.items() if set(sides) == pair}


@pytest.mark.parametrize("gone", ["payment", "message", "delivery"])
@given(ledgers())
@few
def test_law_8_without_a_source_nothing_more_is_open(gone: str, events: list[Event]):
    """Without the bank file (its rows and its coverage) no invoice is suddenly unpaid."""
    everything = ("message", "question", "payment", "reversal", "invoice", "credit_note", "order", "order_response", "delivery", "promise")
    start, end = START, end_of(UNTIL)
    full = [Coverage("all", None, None, everything, start, end)]
    less = [Coverage("all", None, None, tuple(kind for kind in everything if kind != gone), start, end)]
    before, after = (
        {(pair, letter, loop.sort, loop.evidence) for pair, found in loops(known(some, covered)).items() for letter, side in found.items() for loop in side.loops}
        for some, covered in ((events, full), ([one for one in events if one.kind != gone], less)))
    wrong = {one for one in after - before if one[2] != "order"}
    assert not wrong
