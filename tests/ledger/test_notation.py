"""The notation: any event is one line and back, and a line that says nothing clear is refused in one sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.errors import WrongCall
from evenwicht.ledger.events import Event
from evenwicht.ledger.notation import fields_written, parsed, read_lines, read_moment, written, written_moment

WORD = st.one_of(
    st.text(max_size=12), st.text("<>% \t\n\r-?#!é€\u00a0\u2028\x00\ud800", max_size=6),
    st.sampled_from(["", "-", "->", "?", "%", "%41", "<>", "answers", "private", "due", "name:acme & zn", "+", "a+b"]),
)
MOMENT = st.datetimes(timezones=st.just(UTC))
AMOUNT = st.one_of(
    st.none(), st.floats(allow_nan=False), st.integers(-10**18, 10**18).map(float),
    st.sampled_from([-0.5, 5e-324, 1e-7, 0.1 + 0.2, 1e15, 1e16, -1234.56, 0.0]),
)
EVENTS = st.builds(
    Event, id=WORD, at=MOMENT, giver=WORD, receiver=WORD, kind=WORD, amount=AMOUNT, unit=WORD, person=st.none() | WORD,
    counter_person=st.none() | WORD, thread=st.none() | WORD, answers=st.none() | WORD, due=st.none() | MOMENT,
    shared=st.booleans(), evidence=st.lists(WORD, max_size=3).map(tuple), references=st.lists(WORD, max_size=3).map(tuple),
    version=st.integers(-9, 10**9),
)


@given(EVENTS)
def test_every_event_is_one_line_and_back(event: Event) -> None:
    line = written(event)
    assert len(line.splitlines()) == 1
    assert line == line.strip()
    assert parsed(line) == event


@given(EVENTS)
def test_the_fields_a_line_writes_are_those_that_are_not_as_usual(event: Event) -> None:
    usual = {
        "answers": event.answers is not None, "due": event.due is not None, "thread": event.thread is not None,
        "person": event.person is not None, "counter": event.counter_person is not None, "ref": bool(event.references),
        "version": bool(event.version), "private": not event.shared, "evidence": bool(event.evidence),
    }
    assert fields_written(written(event)) == {name for name, stated in usual.items() if stated}


def test_the_line_of_the_contract() -> None:
    line = "2026-03-02T09:14Z birch.nl -> acme.com message 412 words <20260302.77a1@birch.nl>"
    event = Event("20260302.77a1@birch.nl", datetime(2026, 3, 2, 9, 14, tzinfo=UTC), "birch.nl", "acme.com", "message", 412.0, "words")
    assert parsed(line) == event
    assert written(event) == line


def test_everything_a_line_can_say() -> None:
    line = ("2026-03-02T09:14:05.000007Z name:acme%20nv -> b.nl invoice -12.5 EUR <i:1> answers <o> due 2026-04-01T00:00Z "
            "thread <t> person <p1%20p2> counter <p3> ref <a> ref <b%3E> version 3 private evidence <x#1> evidence <y>")
    event = parsed(line)
    assert event == Event(
        "i:1", datetime(2026, 3, 2, 9, 14, 5, 7, tzinfo=UTC), "name:acme nv", "b.nl", "invoice", -12.5, "EUR", "p1 p2", "p3", "t",
        "o", datetime(2026, 4, 1, tzinfo=UTC), shared=False, evidence=("x#1", "y"), references=("a", "b>"), version=3)
    assert written(event) == line


@pytest.mark.parametrize("words, amount, unit", [
    ("? words ", None, "words"), ("12 - ", 12.0, ""), ("", None, ""), ("0 words ", 0.0, "words"), ("? - ", None, ""), ("1 %2D ", 1.0, "-"),
])
def test_amounts_and_units_that_are_not_known(words: str, amount: float | None, unit: str) -> None:
    event = parsed(f"2026-03-02T09:14Z a.nl -> b.nl message {words}<m>")
    assert (event.amount, event.unit) == (amount, unit)


def test_an_unknown_amount_is_not_zero() -> None:
    event = parsed("2026-03-02T09:14Z a.nl -> b.nl message ? words <m>")
    assert " ? words " in written(event)
    assert " 0 words " in written(parsed("2026-03-02T09:14Z a.nl -> b.nl message 0 words <m>"))


def test_a_moment_elsewhere_is_written_in_utc() -> None:
    amsterdam = timezone(timedelta(hours=2))
    assert written_moment(datetime(2026, 7, 1, 0, 30, tzinfo=amsterdam)) == "2026-06-30T22:30Z"
    assert written_moment(datetime(2026, 7, 1, 0, 30, 9, tzinfo=UTC)) == "2026-07-01T00:30:09Z"


LINE = "2026-03-02T09:14Z a.nl -> b.nl message 4 words <m>"


@pytest.mark.parametrize("line, said", [
    ("", "a moment was expected where the end of the line stands"),
    ("yesterday a.nl -> b.nl message <m>", "yesterday is not a moment in UTC"),
    ("2026-03-02 a.nl -> b.nl message <m>", "2026-03-02 is not a moment in UTC"),
    ("2026-03-02T09:14+01:00 a.nl -> b.nl message <m>", "2026-03-02T09:14+01:00 is not a moment in UTC"),
    ("2026-02-30T09:14Z a.nl -> b.nl message <m>", "2026-02-30T09:14Z is not a day that exists"),
    ("2026-03-02T09:14Z", "the giver was expected where the end of the line stands"),
    ("2026-03-02T09:14Z a.nl", "-> was expected where the end of the line stands"),
    ("2026-03-02T09:14Z a.nl b.nl message <m>", "-> was expected where b.nl stands"),
    ("2026-03-02T09:14Z a.nl ->", "the receiver was expected where the end"),
    ("2026-03-02T09:14Z a.nl -> b.nl", "a kind was expected where the end"),
    ("2026-03-02T09:14Z a.nl -> b.nl message", "an amount or an <id> was expected where the end"),
    ("2026-03-02T09:14Z a.nl -> b.nl message many words <m>", "an amount, ? or an <id> was expected where many stands"),
    ("2026-03-02T09:14Z a.nl -> b.nl message 4", "a unit was expected where the end"),
    ("2026-03-02T09:14Z a.nl -> b.nl message 4 words", "an <id> was expected where the end"),
    ("2026-03-02T09:14Z a.nl -> b.nl message 4 words m", "an <id> was expected where m stands"),
    ("2026-03-02T09:14Z a.nl -> b.nl message 4 words <m", "an <id> was expected where <m stands"),
    (f"{LINE} answers", "the <id> it answers was expected where the end"),
    (f"{LINE} answers x", "the <id> it answers was expected where x stands"),
    (f"{LINE} due", "a moment was expected where the end"),
    (f"{LINE} due friday", "friday is not a moment"),
    (f"{LINE} thread t", "a <thread> was expected where t stands"),
    (f"{LINE} person p", "a <person> was expected where p stands"),
    (f"{LINE} counter p", "a <person> was expected where p stands"),
    (f"{LINE} ref r", "a <reference> was expected where r stands"),
    (f"{LINE} version two", "a whole number was expected where two stands"),
    (f"{LINE} version ²", "a whole number was expected where ² stands"),
    (f"{LINE} version", "a whole number was expected where the end"),
    (f"{LINE} evidence e", "a <place> was expected where e stands"),
    (f"{LINE} urgent", "private or evidence was expected where urgent stands"),
    (f"{LINE} thread <%FF>", "Write % itself as %25"),
])
def test_a_line_that_is_not_clear_is_refused_with_the_word(line: str, said: str) -> None:
    with pytest.raises(WrongCall) as caught:
        parsed(line)
    assert said in str(caught.value)
    assert str(caught.value).endswith(".")


@given(st.text("2026-03T0914Z<>%-? .abcdueanswersprivate", max_size=80) | st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    for line in (text, f"{LINE} {text}", LINE.replace("4 words", text)):
        try:
            parsed(line)
        except WrongCall as refused:
            assert str(refused)  # noqa: PT017  both outcomes are right; another exception is not


def test_comments_problems_and_blank_lines_are_passed_over() -> None:
    assert [event.id for event in read_lines(["# a", "", "  ", LINE, "! 4 what", LINE.replace("<m>", "<n>")])] == ["m", "n"]


@pytest.mark.parametrize("text", ["2026-03-02T09:14:00.1234567Z", "2026-03-02T24:00Z", "2026-3-2T09:14Z", "٢٠٢٦-03-02T09:14Z"])
def test_moments_that_are_almost_right(text: str) -> None:
    with pytest.raises(WrongCall):
        read_moment(text)
