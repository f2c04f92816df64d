"""The simulated shapes are what their names say, and the same seed is the same portfolio."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evenwicht.simulation.states import SHAPES, commitments, portfolio, single_shifts

BAND = math.log(1.5)


@pytest.mark.parametrize(("name", "structural", "events"), [
    ("mixed", 0.56, 6.0), ("thin", 0.56, 0.5), ("gusty", 0.26, 6.0), ("shifty", 0.78, 6.0), ("quiet", 0.0, 6.0),
    ("bursty", 0.56, None), ("usual", 0.22, 4.0),
])
def test_each_shape_has_its_share_of_structural_relations_and_its_events(name, structural, events):
    states = portfolio(name, 3000, 156, 7)
    assert states.structural(BAND).mean() == pytest.approx(structural, abs=0.03)
    if events is not None:
        assert states.n.sum() / (3000 * 156) == pytest.approx(events, rel=0.06)


@pytest.mark.parametrize("name", SHAPES)
def test_rows_are_what_the_kernel_takes_and_follow_the_truth(name):
    states = portfolio(name, 300, 80, 3)
    assert states.offsets[0] == 0
    assert states.offsets[-1] == states.week.size == states.a.size == states.n.size
    assert (states.n > 0).all()
    assert (states.n <= 200).all()
    assert ((states.a >= 0) & (states.a <= states.n)).all()
    relation = np.repeat(np.arange(300), np.diff(states.offsets))
    share = 1 / (1 + np.exp(-states.x[relation, states.week]))
    assert states.a.sum() == pytest.approx((share * states.n).sum(), rel=0.05)


def test_the_same_seed_is_the_same_portfolio():
    one, same, other = portfolio("bursty", 20, 30, 1), portfolio("bursty", 20, 30, 1), portfolio("bursty", 20, 30, 2)
    np.testing.assert_array_equal(one.a, same.a)
    assert one.a.size != other.a.size or (one.a != other.a).any()


def test_a_single_shift_is_where_it_is_said_to_be():
    states, at = single_shifts(200, 100, 5, size=2.0)
    step = np.abs(np.diff(states.slow, axis=1))
    assert (step.argmax(axis=1) + 1 == at).all()
    assert ((at >= 25) & (at < 75)).all()


def test_commitments_are_shares_around_the_truth_and_often_met_exactly():
    states = commitments(300, 156, 2)
    share = states.a / states.n
    assert ((share >= 0) & (share <= 1)).all()
    assert 0.05 < (share == 0.5).mean() < 0.6
    relation = np.repeat(np.arange(300), np.diff(states.offsets))
    x = states.x[relation, states.week]
    assert np.corrcoef(x, share)[0, 1] > 0.4
