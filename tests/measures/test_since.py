"""Since when: shifts of known week, gusts, imbalance from the start, and the mirror."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from evenwicht.errors import WrongCall
from evenwicht.measures.balance import balance
from evenwicht.measures.since import NOT_ASKED, _change, since
from evenwicht.simulation.states import single_shifts


def dated(week, a, n, *, structural=True, side=1, **more):
    found = since([0, len(week)], week, a, n, structural=np.array([structural]), side=np.array([side]), **more)
    return tuple(int(one[0]) for one in found)


def test_a_clear_shift_is_dated_to_the_week():
    share = [0.5] * 60 + [0.85] * 60
    begin, low, high = dated(range(120), [20 * one for one in share], [20.0] * 120)
    assert begin == 60
    assert 55 <= low <= 60 <= high <= 65


def test_single_shifts_of_one_are_dated_as_the_method_page_says():
    states, at = single_shifts(1200, 156, 21)
    arrays = states.offsets, states.week, states.a, states.n
    found = balance(*arrays, end=155)
    flagged = found["p_structural"] >= 0.9
    side = np.where(flagged, np.sign(found["level"]), 0).astype(np.int8)
    begin, low, high = since(*arrays, structural=flagged, side=side)
    error = np.abs(begin - at)[flagged]
    assert flagged.sum() > 200
    assert np.median(error) <= 3
    assert (error <= 13).mean() >= 0.78
    assert 0.85 <= ((low <= at) & (at <= high))[flagged].mean() <= 0.99
    assert abs(np.median((begin - at)[flagged])) <= 1
    assert (begin[~flagged] == NOT_ASKED).all()


def test_outside_from_the_start_is_since_the_first_week():
    begin, low, high = dated(range(100, 180), [9.0] * 80, [10.0] * 80)
    assert begin == low == 100
    assert high <= 110


def test_a_gust_is_dated_to_where_it_struck():
    share = [0.5] * 100 + [0.9, 0.88, 0.85]
    begin, low, high = dated(range(103), [20 * one for one in share], [20.0] * 103, structural=False)
    assert begin == 100
    assert 98 <= low <= high <= 102


def test_an_earlier_excursion_that_ended_is_not_the_beginning():
    share = [0.5] * 40 + [0.85] * 40 + [0.5] * 60 + [0.85] * 60
    begin, low, _ = dated(range(200), [30 * one for one in share], [30.0] * 200)
    assert abs(begin - 140) <= 2
    assert low >= 120


def test_the_weeks_of_a_gap_are_all_possible():
    week = [*range(50), *range(90, 140)]
    share = [0.5] * 50 + [0.85] * 50
    begin, low, high = dated(week, [20 * one for one in share], [20.0] * 100)
    assert begin == 90
    assert 50 <= low <= 56
    assert 85 <= high <= 95


def test_the_other_chair_sees_the_same_weeks():
    states, _ = single_shifts(60, 120, 4)
    found = balance(states.offsets, states.week, states.a, states.n, norm=0.1)
    side = np.sign(found["level"] - 0.1).astype(np.int8)
    for lasting in (True, False):
        stays = np.full(60, lasting)
        ours = since(states.offsets, states.week, states.a, states.n, norm=0.1, structural=stays, side=side)
        theirs = since(
            states.offsets, states.week, states.n - states.a, states.n, norm=-0.1, structural=stays, side=-side,
        )
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other)
        begin, low, high = ours
        assert (low <= begin).all()
        assert (begin <= high).all()


@pytest.mark.parametrize("decays", [False, True])
def test_one_pass_back_gives_the_likelihoods_of_the_dense_gaussian(decays):
    rng = np.random.default_rng(5)
    week = np.cumsum(rng.integers(1, 9, 25))
    z, noise, wind2, half_life = rng.normal(0.4, 0.7, 25), rng.uniform(0.2, 2.0, 25), 0.5, 4.0
    fading = 0.5 ** (np.abs(week[:, None] - week) / half_life)
    score = np.full(25, -np.inf)
    _change(week, z, noise, wind2, half_life, decays, 1.0, 0.3, 3, score, np.empty((5, 25)))
    expected = []
    for at in range(3, 25):
        step = np.where(week >= week[at], fading[at] if decays else 1.0, 0.0)
        columns = np.column_stack([np.ones(25), step])
        within = np.linalg.inv(np.diag(noise) + wind2 * fading)
        precision = np.eye(2) + columns.T @ within @ columns
        mean = np.linalg.solve(precision, columns.T @ within @ z)
        spread = np.linalg.inv(precision)
        fits = stats.norm.sf((mean[0] - 0.3) / spread[0, 0] ** 0.5) * stats.norm.sf((0.3 - mean.sum()) / spread.sum() ** 0.5)
        whole = np.diag(noise) + wind2 * fading + columns @ columns.T
        expected.append(stats.multivariate_normal.logpdf(z, np.zeros(25), whole) + np.log(fits))
    np.testing.assert_allclose(np.diff(score[3:]), np.diff(expected), atol=1e-9)
    assert np.isneginf(score[:3]).all()


def test_relations_without_rows_or_side_are_not_asked():
    begin, low, high = since(
        [0, 0, 1], [3], [1.0], [1.0], structural=np.array([True, True]), side=np.array([1, 0], dtype=np.int8),
    )
    assert begin.tolist() == low.tolist() == high.tolist() == [NOT_ASKED, NOT_ASKED]
    assert dated([3], [1.0], [1.0]) == (3, 3, 3)


@pytest.mark.parametrize(("structural", "side", "says"), [
    (np.array([1]), np.array([1]), "structural must be"),
    (np.array([True, False]), np.array([1]), "structural must be"),
    (np.array([True]), np.array([2]), "side must be"),
    (np.array([True]), np.array([0.5]), "side must be"),
])
def test_what_does_not_fit_is_a_wrong_call(structural, side, says):
    with pytest.raises(WrongCall, match=says):
        since([0, 1], [0], [1.0], [1.0], structural=structural, side=side)
