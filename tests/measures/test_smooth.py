"""The smoothed path: its twin, its end, its mirror, and how often its intervals hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.measures.balance import balance
from evenwicht.measures.grid import Grid
from evenwicht.measures.smooth import COLUMNS, smoothed
from evenwicht.simulation.states import portfolio
from twins import mixture_point, twin_smoother

POINT = (0.5, 0.3, 4.0, 0.5, 0.9)


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1), st.one_of(st.just(0.0), st.floats(0.01, 80))), min_size=1,
                max_size=20), st.floats(-1, 1), st.sampled_from((POINT, POINT[:4])))
def test_it_equals_its_twin(relation, norm, point):
    week = np.cumsum([gap for gap, _, _ in relation]).tolist()
    n = [count for _, _, count in relation]
    a = [share * count for _, share, count in relation]
    found = smoothed([0, len(week)], week, a, n, Grid.of([point]), norm=norm)
    for row, state in enumerate(twin_smoother(week, a, n, point, norm=norm)):
        shares = [one.share for one in state.sides]
        slow = [(one.mean[0], np.sqrt(one.cov[0, 0])) for one in state.sides]
        x = [(one.mean.sum(), np.sqrt(one.cov.sum())) for one in state.sides]
        middle = [sum(w * m for w, (m, _) in zip(shares, part, strict=True)) for part in (slow, x)]
        expected = (
            middle[0], mixture_point(slow, shares, 0.05), mixture_point(slow, shares, 0.95), middle[1] - middle[0],
            middle[1], mixture_point(x, shares, 0.05), mixture_point(x, shares, 0.95),
        )
        for name, value in zip(COLUMNS, expected, strict=False):
            assert found[name][row] == pytest.approx(value, abs=1e-8), name


def test_what_came_after_tells_a_shift_from_a_gust():
    week = np.arange(80)
    n = np.full(80, 40.0)
    step = n * np.where(week < 40, 0.5, 0.8)
    found = smoothed([0, 80], week, step, n, Grid.of([(0.3, 0.05, 2.0, 0.1, 0.2)]))
    assert found["slow"][20] < 0.4
    assert found["slow"][50] > 1.3
    never = smoothed([0, 80], week, step, n, Grid.of([(0.3, 0.05, 2.0, 0.1)]))
    assert never["slow"][20] > 0.5
    back = smoothed([0, 80], week, n * np.where((week < 40) | (week > 42), 0.5, 0.9), n, Grid.of([(0.3, 0.05, 2.0, 0.1, 0.2)]))
    assert abs(back["slow"][41]) < 0.2
    assert back["fast"][41] > 1.3


def test_its_last_row_is_the_balance_and_rows_keep_their_relation():
    states = portfolio("mixed", 40, 80, 5)
    arrays = states.offsets, states.week, states.a, states.n
    found, now = smoothed(*arrays), balance(*arrays)
    last = states.offsets[1:] - 1
    for path, figure in (("x", "now"), ("x_low", "now_low"), ("x_high", "now_high"), ("slow", "level"),
                         ("slow_low", "level_low"), ("slow_high", "level_high")):
        np.testing.assert_allclose(found[path][last], now[figure], atol=1e-10)
    rows = slice(states.offsets[7], states.offsets[8])
    alone = smoothed([0, rows.stop - rows.start], states.week[rows], states.a[rows], states.n[rows])
    for name in COLUMNS:
        np.testing.assert_array_equal(found[name][rows], alone[name])


def test_the_other_chair_sees_the_mirror_image():
    states = portfolio("gusty", 20, 60, 6)
    ours = smoothed(states.offsets, states.week, states.a, states.n, norm=0.2)
    theirs = smoothed(states.offsets, states.week, states.n - states.a, states.n, norm=-0.2)
    for name, turned in (("slow", "slow"), ("fast", "fast"), ("x", "x"), ("x_low", "x_high"), ("slow_high", "slow_low"),
                         ("innovation", "innovation")):
        np.testing.assert_allclose(ours[name], -theirs[turned], atol=1e-12)


def test_ninety_percent_intervals_hold_nine_times_in_ten_and_innovations_are_standard():
    states = portfolio("mixed", 400, 156, 11)
    found = smoothed(states.offsets, states.week, states.a, states.n)
    relation = np.repeat(np.arange(400), np.diff(states.offsets))
    x, slow = states.x[relation, states.week], states.slow[relation, states.week]
    assert 0.87 < np.mean((found["x_low"] <= x) & (x <= found["x_high"])) < 0.95
    assert 0.85 < np.mean((found["slow_low"] <= slow) & (slow <= found["slow_high"])) < 0.95
    assert abs(found["innovation"].mean()) < 0.02
    assert found["innovation"].std() == pytest.approx(1.0, abs=0.05)


def test_what_was_asked_without_rows_is_empty_and_empty_relations_are_passed_over():
    assert smoothed([0], [], [], [])["x"].shape == (0,)
    found = smoothed([0, 0, 2, 2], [0, 4], [1.0, 0.0], [1.0, 0.0])
    assert found["x"].shape == (2,)
    assert found["innovation"][1] == 0.0
    assert np.isfinite(np.array([found[name] for name in COLUMNS])).all()
