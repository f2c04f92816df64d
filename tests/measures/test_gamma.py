"""The incomplete gamma function beside SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evenwicht.measures.gamma import at_most, lower, lower_one


def test_a_gamma_variable_is_as_likely_below_x_as_scipy_says():
    x, shape, rate = (axis.ravel() for axis in np.meshgrid(
        [0.0, 1e-6, 0.01, 0.3, 1.0, 2.5, 10.0, 60.0, 400.0], [0.05, 0.5, 1.0, 1.7, 5.0, 30.0, 250.0], [0.02, 1.0, 3.0]))
    assert np.abs(at_most(x, shape, rate) - stats.gamma.cdf(x, shape, scale=1 / rate)).max() < 1e-10


@given(st.floats(0.01, 500), st.floats(0, 800))
def test_the_function_is_scipys_wherever_it_is_asked(s: float, x: float):
    assert abs(lower(s, x) - stats.gamma.cdf(x, s)) < 1e-10


def test_both_sides_of_the_split_meet():
    """The series ends at s + 1, where the fraction begins."""
    for s in (0.5, 1.0, 7.0, 90.0):
        below, above = lower(s, s + 1 - 1e-9), lower(s, s + 1 + 1e-9)
        assert 0 <= above - below < 1e-8


def test_it_is_a_chance():
    assert lower(2.0, 0.0) == 0.0
    assert lower(2.0, -1.0) == 0.0
    assert lower(3.0, 1e4) == 1.0
    assert 0.0 <= lower(1.0, 5e-324) <= 1e-300


def test_the_plain_code_says_the_same_as_the_compiled():
    """Run once without compilation; the loop ends at its limit without harm."""
    plain = lower.__wrapped__ if hasattr(lower, "__wrapped__") else lower.py_func if hasattr(lower, "py_func") else None
    assert plain is not None
    for s, x in ((0.3, 0.1), (1.0, 0.0), (2.0, 1.0), (2.0, 3.5), (40.0, 90.0), (1.0, 0.5), (250.0, 240.0), (9e4, 9e4), (9e4, 9.01e4)):
        assert abs(plain(s, x) - lower(s, x)) < 1e-12


@pytest.mark.parametrize(("s", "x"), [(0.5, 0.1), (3.0, 2.0), (3.0, 9.0), (40.0, 41.5), (1e-3, 5.0), (2.0, 0.0), (5.0, 400.0)])
def test_the_plain_function_is_what_was_compiled(s: float, x: float) -> None:
    assert lower_one(s, x) == pytest.approx(float(lower(s, x)), abs=1e-15)
