"""The rule of CONTRACT, "Verdict of a judged axis", at its border values, and when a medium forces turns."""

from __future__ import annotations

import numpy as np
import pytest

from evenwicht.measures.verdict import axis_verdicts, rounded, turns_forced

NAN = float("nan")


def verdict(p: float, o: float, *, n: int = 8, weeks: int = 4, width: float = 3.0, forced: bool = False, agreed: bool = False) -> str:
    found = axis_verdicts(np.array([n]), np.array([weeks]), np.array([width]), np.array([p]), np.array([o]),
                          forced=np.array([forced]), agreed=np.array([agreed]))
    return str(found[0])


@pytest.mark.parametrize(("case", "expected"), [
    # 1. fewer than 8 observations or 4 filled weeks, or wider than 3: whatever the chances are
    ({"n": 7}, "too_little_data"), ({"weeks": 3}, "too_little_data"), ({"width": 3.0000001}, "too_little_data"),
    ({"width": NAN}, "too_little_data"), ({"n": 7, "forced": True}, "too_little_data"), ({}, "structural"),
    # 2. forced turns come before any other word
    ({"forced": True}, "no_signal"), ({"forced": True, "agreed": True}, "no_signal"),
])
def test_little_data_and_forced_turns_come_first(case: dict[str, object], expected: str):
    assert verdict(0.95, 0.95, **case) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("p", "o", "expected"), [
    (1.0, 1.0, "structural"), (0.9, 0.0, "structural"), (0.9 - 1e-9, 1.0, "undecided"),
    (0.2 + 1e-9, 0.0, "undecided"), (0.2, 0.8, "temporary"), (0.0, 0.8, "temporary"), (0.2, 0.8 - 1e-9, "balanced"),
    (0.0, 1.0, "temporary"), (0.0, 0.0, "balanced"),
])
def test_the_chances_decide(p: float, o: float, expected: str):
    assert verdict(p, o) == expected


@pytest.mark.parametrize(("p", "o", "expected"), [
    (0.9, 1.0, "temporary"), (1.0, 0.1, "temporary"), (0.5, 0.5, "temporary"), (0.2, 0.8, "temporary"), (0.2, 0.5, "balanced"),
])
def test_an_imbalance_both_chose_is_temporary_and_never_structural(p: float, o: float, expected: str):
    assert verdict(p, o, agreed=True) == expected


def test_the_last_bits_of_a_chance_never_decide():
    p = rounded(np.array([0.9 - 4e-10, 0.2 + 4e-10, 0.9 - 6e-10]))
    assert [verdict(one, 0.0) for one in p] == ["structural", "balanced", "undecided"]


def test_each_relation_has_its_own_verdict():
    found = axis_verdicts(np.array([8, 8, 1]), np.array([4, 4, 4]), np.ones(3), np.array([0.95, 0.0, 0.95]), np.array([1.0, 0.9, 1.0]),
                          forced=np.zeros(3, bool), agreed=np.zeros(3, bool))
    assert found.tolist() == ["structural", "temporary", "too_little_data"]


def taking_turns(steps: int, changes: int) -> np.ndarray:
    """Whether a gives, for `steps` + 1 events of which the giver changes in the first `changes` steps."""
    turn = np.concatenate([[0], np.ones(changes), np.zeros(steps - changes)])
    return np.cumsum(turn) % 2 == 0


def forced(by_a: np.ndarray, amount: np.ndarray | None = None) -> bool:
    given = np.ones(len(by_a)) if amount is None else amount
    return bool(turns_forced(np.zeros(len(by_a), np.int64), by_a, given, 1)[0])


def test_turns_are_forced_when_the_giver_changes_in_more_than_seven_of_ten_steps():
    assert forced(taking_turns(50, 36))
    assert not forced(taking_turns(50, 35))
    assert forced(taking_turns(100, 71))
    assert not forced(taking_turns(100, 70))


def test_fewer_than_fifty_steps_force_nothing():
    assert forced(taking_turns(50, 50))
    assert not forced(taking_turns(49, 49))


def test_turns_do_not_hide_who_has_the_floor_where_lengths_differ():
    alternating = taking_turns(60, 60)
    assert forced(alternating, np.full(61, 412.0))
    assert forced(alternating, np.where(alternating, 105.0, 100.0))
    assert not forced(alternating, np.where(alternating, 300.0, 100.0))


@pytest.mark.parametrize("mean", [0.01, 1.0, 400.0])
def test_alike_is_a_coefficient_of_variation_below_a_tenth_whatever_the_unit(mean: float):
    alternating = taking_turns(59, 59)
    assert forced(alternating, np.where(alternating, 1.09, 0.91) * mean)
    assert not forced(alternating, np.where(alternating, 1.11, 0.89) * mean)


def test_steps_do_not_run_from_one_relation_into_the_next():
    """Fifty relations of two events each, a and then b: within each there is one step, between them none."""
    relation = np.repeat(np.arange(50), 2)
    found = turns_forced(relation, np.tile([True, False], 50), np.ones(100), 50)
    assert not found.any()
    whole = np.concatenate([np.zeros(60, np.int64), np.ones(60, np.int64)])
    by_a = np.concatenate([np.tile([True, False], 30), np.ones(60, bool)])
    assert turns_forced(whole, by_a, np.ones(120), 3).tolist() == [True, False, False]


def test_no_events_force_nothing():
    assert turns_forced(np.zeros(0, np.int64), np.zeros(0, bool), np.zeros(0), 2).tolist() == [False, False]
