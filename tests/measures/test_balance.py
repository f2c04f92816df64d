"""`ew.balance`: what it gives, what must not matter, and what it says about input that does not fit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.errors import WrongCall
from evenwicht.measures import balance as balance_module
from evenwicht.measures.balance import FIGURES, balance
from evenwicht.measures.grid import Grid
from evenwicht.measures.parameters import ParameterSet
from twins import twin_balance

FLOW = ParameterSet.shipped().grid("flow")
DEFERRAL = ParameterSet.shipped().grid("deferral")
POINTS = [(0.15, 0.05, 1.0, 0.15), (0.5, 0.3, 4.0, 0.5), (1.5, 0.9, 12.0, 1.0)]
WEIGHTS = [0.5, 0.3, 0.2]


def portfolio(relations=300, weeks=60, seed=1):
    rng = np.random.default_rng(seed)
    size = rng.integers(0, weeks, relations)
    offsets = np.concatenate(([0], np.cumsum(size)))
    week = np.concatenate([np.sort(rng.choice(weeks, one, replace=False)) for one in size]).astype(np.int64)
    n = rng.integers(0, 9, week.size).astype(float)
    share = np.repeat(1 / (1 + np.exp(-rng.normal(0, 1, relations))), size)
    return offsets, week, rng.binomial(n.astype(int), share).astype(float), n


def single(week, a, n, grid=FLOW, **more):
    found = balance([0, len(week)], week, a, n, grid, **more)
    return {name: float(found[name][0]) for name in FIGURES}


def assert_same(one, other):
    for name in FIGURES:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@given(
    st.lists(st.tuples(st.integers(1, 30), st.floats(0, 1), st.floats(0, 60)), min_size=1, max_size=15),
    st.floats(-1, 1), st.floats(0.05, 1.5), st.integers(0, 60),
)
def test_it_equals_its_twin(relation, norm, band, beyond):
    week = np.cumsum([gap for gap, _, _ in relation]).tolist()
    n = [count for _, _, count in relation]
    a = [share * count for _, share, count in relation]
    end = week[-1] + beyond
    found = single(week, a, n, Grid.of(POINTS, WEIGHTS), norm=norm, band=band, end=end)
    twin = twin_balance(week, a, n, POINTS, WEIGHTS, norm=norm, band=band, end=end)
    for name in FIGURES:
        assert found[name] == pytest.approx(twin[name], abs=1e-9 * max(1.0, abs(twin[name]))), name


def test_every_figure_is_there_once_per_relation():
    offsets, week, a, n = portfolio()
    found = balance(offsets, week, a, n)
    assert tuple(found) == FIGURES
    assert all(values.shape == (300,) and np.isfinite(values).all() for values in found.values())
    assert (found["now_low"] < found["now"]).all()
    assert (found["now"] < found["now_high"]).all()
    assert (found["level_low"] < found["level_high"]).all()
    assert ((found["p_structural"] >= 0) & (found["p_structural"] <= 1)).all()


def test_other_relations_change_nothing_to_the_last_bit():
    offsets, week, a, n = portfolio()
    together = balance(offsets, week, a, n)
    for relation in (0, 7, 131, 299):
        rows = slice(offsets[relation], offsets[relation + 1])
        alone = balance([0, rows.stop - rows.start], week[rows], a[rows], n[rows])
        for name in FIGURES:
            assert alone[name][0] == together[name][relation], name


def test_threads_and_chunks_change_nothing_to_the_last_bit(monkeypatch):
    offsets, week, a, n = portfolio()
    one = balance(offsets, week, a, n, threads=1)
    assert_same(one, balance(offsets, week, a, n, threads=3))
    monkeypatch.setattr(balance_module, "_CHUNK", 7)
    assert_same(one, balance(offsets, week, a, n, threads=2))


def test_the_other_chair_sees_the_mirror_image():
    offsets, week, a, n = portfolio()
    ours = balance(offsets, week, a, n, norm=0.2, band=0.3)
    theirs = balance(offsets, week, n - a, n, norm=-0.2, band=0.3)
    for name, turned in (
        ("now", "now"), ("level", "level"), ("now_low", "now_high"), ("now_high", "now_low"), ("level_low", "level_high"),
    ):
        np.testing.assert_allclose(ours[name], -theirs[turned], rtol=0, atol=1e-12)
    for name in ("p_outside", "p_structural", "half_life_weeks", "loglik"):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-12, atol=1e-12)


def test_shifting_by_whole_weeks_changes_nothing():
    offsets, week, a, n = portfolio()
    assert_same(balance(offsets, week, a, n), balance(offsets, week + 2600, a, n))


def test_the_later_the_less_is_known_of_now_and_the_level_lasts():
    week, a, n = list(range(40)), [8.0] * 40, [10.0] * 40
    soon, late = single(week, a, n), single(week, a, n, end=39 + 520)
    assert late["level"] == pytest.approx(soon["level"], abs=1e-9)
    assert late["now_high"] - late["now_low"] > soon["now_high"] - soon["now_low"]
    assert late["level_high"] - late["level_low"] > soon["level_high"] - soon["level_low"]


def test_an_empty_row_asks_for_its_week():
    week, a, n = [0, 1, 2], [1.0, 2.0, 2.0], [2.0, 2.0, 3.0]
    assert single([*week, 9], [*a, 0.0], [*n, 0.0]) == single(week, a, n, end=9)


def test_a_relation_without_rows_is_what_is_known_beforehand():
    found = single([], [], [], norm=0.4)
    assert found["now"] == pytest.approx(0.4)
    assert found["loglik"] == pytest.approx(0.0, abs=1e-6)
    assert balance([0], [], [], [])["now"].shape == (0,)


def test_norm_and_band_may_differ_by_relation():
    offsets, week, a, n = [0, 2, 4], [0, 1, 0, 1], [4.0, 4.0] * 2, [5.0, 5.0] * 2
    found = balance(offsets, week, a, n, norm=np.array([0.0, 1.4]), band=np.array([0.4, 0.9]))
    first = balance([0, 2], week[:2], a[:2], n[:2], norm=0.0, band=0.4)
    second = balance([0, 2], week[:2], a[:2], n[:2], norm=1.4, band=0.9)
    assert found["p_structural"].tolist() == [first["p_structural"][0], second["p_structural"][0]]
    assert found["p_structural"][0] > 2 * found["p_structural"][1]


def test_a_payer_always_seventeen_days_late_is_structural():
    c = ParameterSet.shipped().dispersion("money")
    found = single(np.arange(40) * 4, [c * (0.5 + 17 / 60)] * 40, [c] * 40, DEFERRAL)
    assert found["p_structural"] >= 0.9
    assert found["level"] == pytest.approx(math.log(0.783 / 0.217), abs=0.15)


@pytest.mark.parametrize("axis", ["money", "promises"])
def test_two_hundred_commitments_met_as_agreed_are_balanced(axis):
    c = ParameterSet.shipped().dispersion(axis)
    band = math.log(1.5) if axis == "money" else math.log(55 / 45)
    found = single(np.arange(200), [c / 2] * 200, [c] * 200, DEFERRAL, band=band)
    assert found["p_structural"] <= 0.2
    assert found["p_outside"] < 0.8
    assert found["level"] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("axis", ["words", "initiative"])
def test_twenty_even_weeks_are_balanced_and_a_hundred_uneven_ones_structural(axis):
    c = ParameterSet.shipped().dispersion(axis)
    even = single(range(20), [2.5 * c] * 20, [5 * c] * 20)
    assert even["p_structural"] <= 0.2
    assert even["p_outside"] < 0.8
    assert single(range(100), [9 * c] * 100, [10 * c] * 100)["p_structural"] > 0.99


def test_a_gust_after_a_long_balance_is_temporary():
    found = single(range(103), [5.0] * 100 + [9.5] * 3, [10.0] * 103)
    assert found["p_outside"] >= 0.8
    assert found["p_structural"] <= 0.2


@pytest.mark.parametrize(("week", "a", "n"), [
    ([0, 1], [97.0, 3.0], [100.0, 100.0]),
    ([0], [1e6], [1e6]),
    ([0, 1, 2], [1e6, 0.0, 1e6], [1e6, 1e6, 1e6]),
    ([0, 520], [1.0, 0.0], [1.0, 1.0]),
    ([0, 1], [0.0, 0.0], [0.0, 0.0]),
    ([0, 1], [0.0, 0.0], [1e-12, 1e-3]),
])
def test_extremes_have_a_finite_answer(week, a, n):
    for grid in (FLOW, DEFERRAL):
        assert all(math.isfinite(value) for value in single(week, a, n, grid).values())


@pytest.mark.parametrize(("change", "says"), [
    ({"offsets": [0, 1]}, "offsets must start at 0"),
    ({"offsets": [0, 3, 2]}, "offsets must start at 0"),
    ({"offsets": []}, "offsets must start at 0"),
    ({"offsets": [0.0, 2.0]}, "offsets must be one row of whole numbers"),
    ({"week": [3, 3]}, "row 1 has week 3 after week 3"),
    ({"week": [3, 1]}, "Weeks must ascend"),
    ({"week": [[0, 1]]}, "week must be one row of whole numbers"),
    ({"a": [1.0, 4.0]}, "row 1 has a = 4.0 of n = 2.0"),
    ({"a": [-0.1, 1.0]}, "a must lie between 0 and n"),
    ({"a": [math.nan, 1.0]}, "a must be finite; row 0 is nan"),
    ({"a": ["x", "y"]}, "a must be one row of numbers"),
    ({"n": [2.0, math.inf]}, "n must be finite"),
    ({"n": [2.0]}, "equally long"),
    ({"n": [2.0, -2.0]}, "a must lie between 0 and n"),
    ({"norm": [0.0, 0.0]}, "norm must be one finite number"),
    ({"norm": math.nan}, "norm must be one finite number"),
    ({"band": 0.0}, "band must be above 0"),
    ({"band": -1.0}, "band must be above 0"),
    ({"end": 0}, "end must not be before the last row"),
    ({"end": 1.5}, "end must be one whole week"),
    ({"end": [1, 2]}, "end must be one whole week"),
    ({"parameters": "2026-2"}, "parameters must be a ParameterSet"),
    ({"threads": 0}, "threads must be 1 or more"),
])
def test_input_that_does_not_fit_is_a_wrong_call(change, says):
    call = {"offsets": [0, 2], "week": [0, 1], "a": [1.0, 1.0], "n": [2.0, 2.0], **change}
    with pytest.raises(WrongCall) as told:
        balance(**call)
    assert says in str(told.value)


def test_what_a_set_and_its_flow_grid_give_is_the_same():
    offsets, week, a, n = portfolio(5)
    assert_same(balance(offsets, week, a, n), balance(offsets, week, a, n, ParameterSet.shipped()))
    assert_same(balance(offsets, week, a, n), balance(offsets, week, a, n, FLOW))
