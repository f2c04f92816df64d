"""A ledger that has grown: what did not change stays, and the whole is that of a full run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evenwicht.engines import incremental
from evenwicht.engines.incremental import assess_again, changed
from evenwicht.engines.local import assess
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.parties import Party
from evenwicht.ledger.table import Ledger, frame_of
from evenwicht.measures.found import Found
from evenwicht.simulation.portfolio import simulate
from laws.portfolios import PARTIES, START, WEEKS, ledgers

UNTIL = (START + timedelta(weeks=WEEKS)).date()
END = datetime(UNTIL.year, UNTIL.month, UNTIL.day, 23, 59, 59, 999_999, tzinfo=UTC)
A, B, C = PARTIES


def book(events: list[Event], **more: Any) -> Ledger:
    return Ledger(frame_of(events), **more)


def equal(one: Found, other: Found) -> None:
    """To the last bit, in the same order."""
    assert one.relations.equals(other.relations)
    assert one.axes.equals(other.axes)
    assert one.history.equals(other.history)
    assert one.as_dict() == other.as_dict()
    assert dict(one.axis_needs) == dict(other.axis_needs)


def mail(number: int, giver: str, receiver: str, days: float) -> Event:
    return Event(f"m{number}{giver}{receiver}", START + timedelta(days=days), giver, receiver, "message", 40.0 + number, "words")


def letters(one: str, other: str, count: int = 40) -> list[Event]:
    return [mail(n, *((one, other) if n % 3 else (other, one)), n * 5 + 0.4) for n in range(count)]


@given(ledgers(parties=PARTIES, least=4, most=30), st.data())
@settings(max_examples=10, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_what_is_assessed_again_is_what_is_assessed_anew(events: list[Event], data: st.DataObject) -> None:
    left_out = set(data.draw(st.lists(st.integers(0, len(events) - 1), max_size=6)))
    known = [event for number, event in enumerate(events) if number not in left_out]
    if not known:
        return
    earlier = assess(book(known), UNTIL)
    again = assess_again(earlier, book(events), UNTIL)
    equal(again, assess(book(events), UNTIL))
    equal(assess_again(again, book(known), UNTIL), earlier)


def test_only_the_relations_with_other_facts_are_assessed(monkeypatch: pytest.MonkeyPatch) -> None:
    made = simulate(12, 40, 4, "usual").ledger
    last = made.events["at"].max()
    partner = sorted({*made.events["giver"], *made.events["receiver"]} - {"ours.example"})[3]
    earlier = assess(made, last.date())  # type: ignore[union-attr]
    row = made.events.filter((pl.col("giver") == partner) & (pl.col("kind") == "message")).head(1)
    grown = made.with_events(pl.concat([made.events, row.with_columns(pl.lit("another").alias("id"))]))
    assessed: list[int] = []

    def noted(ledger: Ledger, *values: Any, **options: Any) -> Found:
        assessed.append(len(ledger))
        return assess(ledger, *values, **options)

    monkeypatch.setattr(incremental, "assess", noted)
    again = assess_again(earlier, grown, last.date())  # type: ignore[union-attr]
    touched = grown.events.filter((pl.col("giver") == partner) | (pl.col("receiver") == partner)).height
    assert assessed == [touched]
    equal(again, assess(grown, last.date()))  # type: ignore[union-attr]
    assert again.history_of("ours.example", partner).height
    assert assess_again(again, grown, last.date()).relations is again.relations  # type: ignore[union-attr]
    assert assessed == [touched]


def whole(source: str, party: str | None, days: int, **more: Any) -> Coverage:
    return Coverage(source, party, None, ("message",), START - timedelta(days=1), START + timedelta(days=days), **more)


@pytest.mark.parametrize(("before", "after", "expected"), [
    (None, None, []),
    (None, (whole("x", A, 900),), [(A, B), (A, C), (B, C)]),
    ((whole("x", A, 900),), (whole("another name", A, 901),), []),  # both beyond until
    ((whole("x", A, 90),), (whole("x", A, 91),), [(A, B), (A, C)]),
    ((whole("x", C, 90),), (whole("x", C, 90), whole("y", B, 90)), [(A, B), (B, C)]),
    ((whole("x", None, 90),), (whole("x", None, 91),), [(A, B), (A, C), (B, C)]),
    ((), (Coverage("x", A, None, ("message",), END + timedelta(days=3), END + timedelta(days=9)),), [(A, B), (A, C)]),
])
def test_what_sources_could_have_shown_touches_the_parties_they_are_of(before: Any, after: Any, expected: list[tuple[str, str]]) -> None:
    events = letters(A, B, 3) + letters(A, C, 3) + letters(B, C, 3)
    assert changed(book(events, coverage=before), book(events, coverage=after), END).rows() == expected


def test_a_party_known_otherwise_touches_its_relations_and_later_facts_touch_none() -> None:
    events = letters(A, B, 3) + letters(A, C, 3)
    named = {C: Party(C, "Cedar", "organisation", (C,))}
    assert changed(book(events), book(events, parties=named), END).rows() == [(A, C)]
    assert changed(book(events), book([*events, mail(9, A, B, 900)]), END).height == 0
    assert changed(book(events), book(events[:-1]), END).rows() == [(A, C)]
    assert changed(book(events), book([*events, mail(9, B, C, 9)]), END).rows() == [(B, C)]
    assert changed(book(events), book([replace(events[0], amount=1.0), *events[1:]]), END).rows() == [(A, B)]
    assert changed(book(events), book(events[::-1]), END).height == 0


def test_a_relation_that_is_gone_is_no_longer_there() -> None:
    events = letters(A, B) + letters(A, C)
    earlier = assess(book(events), UNTIL)
    equal(assess_again(earlier, book(letters(A, C)), UNTIL), assess(book(letters(A, C)), UNTIL))


def test_facts_that_do_not_count_are_no_relation_of_their_own() -> None:
    events = letters(A, B)
    grown = [*events, replace(mail(5, B, C, 9), shared=False)]
    equal(assess_again(assess(book(events), UNTIL), book(grown), UNTIL), assess(book(grown), UNTIL))


@pytest.mark.parametrize("option", ["until", "us", "private", "calendars"])
def test_what_everything_depends_on_makes_everything_anew(option: str) -> None:
    events = letters(A, B) + letters(A, C)
    secret = replace(mail(77, B, A, 33), shared=False)
    earlier = assess(book(events, us=A), UNTIL, private=option == "private", working_calendars=option != "calendars")
    until = UNTIL - timedelta(days=70) if option == "until" else UNTIL
    us = C if option == "us" else A
    again = assess_again(earlier, book([*events, secret], us=us), until)
    expected = assess(book([*events, secret], us=us), until, private=option == "private", working_calendars=option != "calendars")
    equal(again, expected)
    assert again.options == expected.options
