"""Expected back: simulated gusts return when said, and the other chair hears the same."""

from __future__ import annotations

import numpy as np
import pytest

from evenwicht.errors import WrongCall
from evenwicht.measures import forecast
from evenwicht.measures.balance import FLOW_BAND, balance
from evenwicht.measures.forecast import HORIZON, NEVER, expected_back
from evenwicht.measures.grid import Grid
from evenwicht.simulation.states import Shape, portfolio


def test_simulated_gusts_return_within_the_interval():
    now, relations = 103, 4000
    states = portfolio(Shape(shifts=0.0, gusts=3.0, spread=0.1, drift=0.0), relations, now + 1 + HORIZON, 31)
    kept = states.week <= now
    relation = np.repeat(np.arange(relations), np.diff(states.offsets))[kept]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(relation, minlength=relations))))
    arrays = offsets, states.week[kept], states.a[kept], states.n[kept]
    found = balance(*arrays, end=now)
    temporary = (found["p_structural"] <= 0.2) & (found["p_outside"] >= 0.8)
    truly = temporary & (np.abs(states.x[:, now]) > FLOW_BAND)
    back, low, high = expected_back(*arrays, end=now, chosen=temporary)
    true = 1 + np.argmax(np.abs(states.x[:, now + 1:]) <= FLOW_BAND, axis=1)
    assert truly.sum() > 40
    assert (back[temporary] >= 1).all()
    assert ((low <= back) & (back <= high))[temporary].all()
    assert (back[~temporary] == NEVER).all()
    assert 0.85 <= ((low <= true) & (true <= high))[truly].mean() <= 0.99
    assert np.median(np.abs(back - true)[truly]) <= 4


def test_a_stronger_gust_is_back_later_and_a_passed_one_at_once():
    grid = Grid.of([(0.15, 0.05, 4.0, 0.4)])
    mild = expected_back([0, 30], range(30), [5.0] * 28 + [7.5] * 2, [10.0] * 30, grid)
    strong = expected_back([0, 30], range(30), [5.0] * 28 + [10.0] * 2, [10.0] * 30, grid)
    over = expected_back([0, 30], range(30), [5.0] * 30, [10.0] * 30, grid)
    assert over[0][0] == 1
    assert 1 <= mild[0][0] < strong[0][0]
    assert mild[2][0] <= strong[2][0]


def test_the_expected_monday_is_the_first_with_even_odds():
    point = (0.15, 0.05, 4.0, 0.4)
    arrays = [0, 30], range(30), [5.0] * 28 + [10.0] * 2, [10.0] * 30, Grid.of([point])
    back = int(expected_back(*arrays)[0][0])
    before, then = (balance(*arrays, end=29 + ahead)["p_outside"][0] for ahead in (back - 1, back))
    assert before > 0.5 >= then


def test_where_the_wind_is_strong_the_median_return_is_given():
    arrays = [0, 30], range(30), [5.0, 9.0, 1.0] * 9 + [9.5] * 3, [10.0] * 30, Grid.of([(0.15, 0.05, 3.0, 1.5)])
    assert balance(*arrays, end=29 + 60)["p_outside"][0] > 0.5
    back, low, high = (int(one[0]) for one in expected_back(*arrays))
    assert 1 <= low <= back <= high < HORIZON


def test_a_level_far_outside_is_not_expected_back():
    found = expected_back([0, 100], range(100), [10.0] * 100, [10.0] * 100, Grid.of([(3.0, 0.01, 2.0, 0.1)]))
    assert [int(one[0]) for one in found] == [NEVER, NEVER, NEVER]


def test_the_other_chair_hears_the_same_weeks():
    states = portfolio("gusty", 80, 60, 8)
    ours = expected_back(states.offsets, states.week, states.a, states.n, norm=0.2, end=62)
    theirs = expected_back(states.offsets, states.week, states.n - states.a, states.n, norm=-0.2, end=62)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_other_relations_and_threads_change_nothing():
    states = portfolio("gusty", 300, 40, 9)
    together = expected_back(states.offsets, states.week, states.a, states.n, threads=1)
    again = expected_back(states.offsets, states.week, states.a, states.n, threads=2)
    rows = slice(states.offsets[200], states.offsets[201])
    alone = expected_back([0, rows.stop - rows.start], states.week[rows], states.a[rows], states.n[rows])
    for one, other, single in zip(together, again, alone, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one[200] == single[0]


def test_the_fixed_scores_are_standard_and_do_not_move_together():
    scores = forecast._scores()
    assert scores.shape == (forecast.PAIRS, 2 + 2 * HORIZON)
    np.testing.assert_allclose(scores.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(scores.std(axis=0), 1.0, atol=0.02)
    together = np.corrcoef(scores.T) - np.eye(scores.shape[1])
    assert np.abs(together).max() < 0.35
    assert sorted(forecast._strata()) == pytest.approx((np.arange(forecast.PAIRS) + 0.5) / forecast.PAIRS)


def test_chosen_must_fit():
    with pytest.raises(WrongCall, match="chosen must be"):
        expected_back([0, 1], [0], [1.0], [1.0], chosen=np.array([1]))
