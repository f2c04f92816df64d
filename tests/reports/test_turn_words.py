"""Whose turn it is, in words and on the lists: both languages, both chairs, nobody."""

from __future__ import annotations

import io
from typing import Any

import pytest

from evenwicht.engines.local import assess
from evenwicht.reports import words
from evenwicht.reports.formats import html, text
from measures.lines import A, B, day, ledger

NAMES = {A: "Alder BV", B: "Birch NV"}
QUESTION: dict[str, Any] = {
    "a": A, "b": B, "turn": "b", "a_moves": 0, "a_overdue": 0, "a_what": None, "a_since": None, "a_due": None,
    "b_moves": 1, "b_overdue": 1, "b_what": "question", "b_since": "2026-03-02", "b_due": None,
}
BOTH = {**QUESTION, "turn": "both", "a_moves": 3, "a_what": "invoice", "a_since": "2026-02-04", "a_due": "2026-02-04"}


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def test_one_side_with_what_waits() -> None:
    assert plain(words.turn_sentence(QUESTION, NAMES, A, "en")) == "It is Birch NV’s turn: a question of 2 March 2026."
    assert plain(words.turn_sentence(QUESTION, NAMES, A, "nl")) == "Birch NV is aan zet: een vraag van 2 maart 2026."
    assert (words.turn_word(QUESTION, NAMES, "en"), words.turn_word(BOTH, NAMES, "nl"), words.turn_word(None, NAMES, "nl")) == ("Birch NV", "beide", "niemand")
    assert words.turn_sentence(None, NAMES, A, "en") == ""


def test_both_sides_the_chair_first() -> None:
    mine, theirs = "It is Alder BV’s turn: an invoice due on 4 February 2026 and 2 more.", "It is Birch NV’s turn: a question of 2 March 2026."
    assert plain(words.turn_sentence(BOTH, NAMES, A, "en")) == f"{mine} {theirs}"
    assert plain(words.turn_sentence(BOTH, NAMES, B, "en")) == f"{theirs} {mine}"


@pytest.mark.parametrize(("due", "said"), [("2026-03-20", "a promise for 20 March 2026"), (None, "a promise of 2 March 2026")])
def test_a_promise_is_named_by_the_day_it_is_for(due: str | None, said: str) -> None:
    assert plain(words.turn_waits({**QUESTION, "b_what": "promise", "b_due": due}, "b", "en")) == said


def test_the_reports_say_it_and_what_waits_for_the_own_side_stands_before_what_is_in_balance() -> None:
    lines = []
    for week in range(60):
        for place, (one, other) in enumerate((("A", "B"), ("B", "A"), ("A", "C"), ("C", "A"))):
            lines.append(f"{day('2025-01-06', 7 * week + place)} {one} -> {other} message 100 words <m{week}-{place}> thread <t{week}-{place}>")
    lines.append("2026-02-20T09:00Z C -> A question 1 count <x#q>")
    found = assess(ledger(lines, us=A), "2026-03-01")
    assert [row["turn"] for row in found.turns.to_dicts()] == ["a"]
    page = html.page(found, language="en")
    first = page[page.index('class="todo"'):page.index("</ol>", page.index('class="todo"'))]
    assert "cedar.example" in first
    assert "a question of 20" in first
    assert B not in first
    assert f'class="turn"><bdi>{A}</bdi>' in page
    told = io.StringIO()
    text.write(found, told, between=(A, "cedar.example"), chair=A)
    assert f"It is {A}’s turn: a question of 20" in " ".join(told.getvalue().split()).replace("\u00a0", " ")
    silent = io.StringIO()
    text.write(found, silent, between=(A, B), chair=A)
    assert "turn:" not in silent.getvalue()
