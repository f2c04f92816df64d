"""King and lackey, and two kings (CONTRACT, Signs, time, defaults)."""

from __future__ import annotations

from typing import Any

import pytest

from evenwicht.measures.patterns import pattern
from measures.lines import A, B

SPEAKING, GIVING = "speaking_listening", "giving_taking"
GROUPS = {"words": SPEAKING, "response": SPEAKING, "initiative": SPEAKING, "money": GIVING, "promises": GIVING}


def axis(name: str, verdict: str = "structural", king: str | None = None, rates: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"axis": name, "group": GROUPS[name], "verdict": verdict, "king": king, "rates": rates}


def thrones(*names: str, king: str) -> list[dict[str, Any]]:
    return [axis(name, king=king) for name in names]


@pytest.mark.parametrize(("king", "lackey"), [(A, B), (B, A)])
def test_three_structural_axes_of_both_groups_make_a_king_and_a_lackey_in_either_direction(king: str, lackey: str):
    found = pattern(A, B, thrones("money", "response", "words", king=king), 1.0)
    assert found == {"name": "king_and_lackey", "king": king, "lackey": lackey, "axes": ["money", "response", "words"]}


@pytest.mark.parametrize("axes", [
    thrones("money", "response", king=A),  # two are no pattern
    thrones("words", "response", "initiative", king=A),  # of one group only
    [*thrones("money", "response", king=A), axis("words", king=B)],  # not one king
    [*thrones("money", "response", king=A), axis("words", "undecided", king=A)],  # not all structural
])
def test_less_is_no_pattern(axes: list[dict[str, Any]]):
    assert pattern(A, B, axes, 1.0) is None


def test_an_axis_against_the_king_does_not_take_the_throne_away():
    found = pattern(A, B, [*thrones("money", "response", "words", king=B), axis("initiative", king=A)], 1.0)
    assert found is not None
    assert (found["king"], found["axes"]) == (B, ["money", "response", "words"])


def rates(kept_a: int, n_a: int, kept_b: int = 0, n_b: int = 0) -> dict[str, Any]:
    return {"a": {"n": n_a, "kept": kept_a, "median_wait": 0.0}, "b": {"n": n_b, "kept": kept_b, "median_wait": 0.0}}


def even(*names: str, money: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    return [axis(name, "balanced", rates=money if name == "money" else None) for name in names]


FOUR = ("initiative", "money", "response", "words")


def test_four_balanced_axes_a_living_pace_and_kept_words_are_two_kings():
    found = pattern(A, B, even(*FOUR, money=rates(8, 10, 4, 5)), 0.75)
    assert found == {"name": "two_kings", "axes": list(FOUR)}


@pytest.mark.parametrize(("axes", "ratio"), [
    (even(*FOUR[:3]), 1.0),  # three judged
    (even(*FOUR), 0.7499),  # slowing down
    (even(*FOUR), None),  # no pace known
    ([*even(*FOUR), axis("promises", "temporary")], 1.0),  # one is not balanced
    (even(*FOUR, money=rates(79, 100)), 1.0),  # a keeps less than four of five
    (even(*FOUR, money=rates(10, 10, 7, 9)), 1.0),  # b does
])
def test_anything_less_is_not_two_kings(axes: list[dict[str, Any]], ratio: float | None):
    assert pattern(A, B, axes, ratio) is None


def test_what_cannot_be_judged_takes_no_crown_away_and_gives_none():
    lacking = axis("promises", "too_little_data")
    assert pattern(A, B, [*even(*FOUR), lacking], 1.0) == {"name": "two_kings", "axes": list(FOUR)}
    assert pattern(A, B, [*even(*FOUR[:3]), lacking], 1.0) is None


def test_kept_words_count_over_money_and_promises_together():
    axes = [*even(*FOUR, money=rates(7, 10)), axis("promises", "balanced", rates=rates(9, 10))]
    assert pattern(A, B, axes, 1.0) is not None  # 16 of 20
    axes[-1] = axis("promises", "balanced", rates=rates(8, 10))
    assert pattern(A, B, axes, 1.0) is None  # 15 of 20


def test_slow_answers_are_no_broken_word():
    axes = [axis(name, "balanced", rates=rates(0, 10) if name == "response" else None) for name in FOUR]
    assert pattern(A, B, axes, 1.0) is not None
