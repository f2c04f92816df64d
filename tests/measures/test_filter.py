"""The kernel against its plain twin, without compilation, and at the edges of what can be asked."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial.hermite import hermgauss

from evenwicht.measures import filter as kernel
from evenwicht.measures.elementary import exp, log
from evenwicht.measures.grid import Grid
from twins import twin_filter, twin_update

HOUSE = Path(kernel.__file__).resolve().parents[2]
POINTS = [(0.15, 0.05, 1.0, 0.15, 0.0), (0.5, 0.3, 4.0, 0.5, 0.9), (1.5, 0.9, 12.0, 1.0, 0.05), (0.5, 0.05, 4.0, 0.3, 12.0)]


def run(week, a, n, *, grid=None, norm=0.0, end=None):
    grid = grid or Grid.of(POINTS)
    count = np.asarray(n, dtype=float)
    final = np.empty((kernel.FINAL, grid.lanes.shape[1]))
    path = np.empty((len(week), kernel.PATH, grid.lanes.shape[1]))
    kernel.filter_path(
        np.asarray(week, dtype=np.int64), np.asarray(a, dtype=float) - 0.5 * count, count,
        week[-1] if end is None else end, norm, grid.points, final, path,
    )
    return final, path


def assert_like_twin(week, a, n, *, norm=0.0, end=None):
    final, path = run(week, a, n, norm=norm, end=end)
    for g, point in enumerate(POINTS):
        twin, steps = twin_filter(week, a, n, point, norm=norm, end=end)
        for side, one in enumerate(twin.sides):
            lane = side * kernel.POINTS + g
            if one.share < 1e-12:
                assert final[kernel.LOGLIK, lane] < twin.loglik - 20
                continue
            expected = (*one.mean, one.cov[0, 0], one.cov[0, 1], one.cov[1, 1])
            np.testing.assert_allclose(final[:5, lane], expected, atol=1e-9)
            loglik = twin.loglik + math.log(one.share)
            assert final[kernel.LOGLIK, lane] == pytest.approx(loglik, abs=1e-9 * max(1.0, abs(loglik)))
            np.testing.assert_allclose(path[:, kernel.STEP_INNOVATION, lane], twin.innovations, atol=1e-8)
            shares = [step.sides[side].share for step in steps]
            np.testing.assert_allclose(path[:, kernel.STEP_SHARE, lane], shares, atol=1e-9)
            slow = [step.sides[side].mean[0] for step in steps]
            seen = np.array(shares) > 1e-12
            np.testing.assert_allclose(path[seen, kernel.STEP_SLOW, lane], np.array(slow)[seen], atol=1e-9)


rows = st.lists(
    st.tuples(st.integers(1, 60), st.floats(0, 1), st.one_of(st.just(0.0), st.floats(0.05, 200.0))),
    min_size=1, max_size=25,
)


@given(rows, st.floats(-1, 1), st.integers(0, 200))
def test_the_kernel_equals_its_twin(relation, norm, beyond):
    week = np.cumsum([gap for gap, _, _ in relation]).tolist()
    n = [count for _, _, count in relation]
    a = [share * count for _, share, count in relation]
    assert_like_twin(week, a, n, norm=norm, end=week[-1] + beyond)


@pytest.mark.parametrize(("week", "a", "n"), [
    ([0, 1], [97.0, 3.0], [100.0, 100.0]),
    ([0, 520], [1.0, 1.0], [1.0, 1.0]),
    ([0, 1, 2, 3], [200.0, 0.0, 200.0, 0.0], [200.0] * 4),
    ([5], [0.3], [0.7]),
    ([0, 1, 2], [0.0, 0.0, 0.0], [0.0, 1e-6, 0.0]),
    (list(range(80)), [200.0] * 80, [200.0] * 80),
])
def test_the_edges_of_law_five_equal_the_twin(week, a, n):
    assert_like_twin(week, a, n, end=week[-1] + 13)


def test_a_million_events_a_week_flipping_sides_stay_finite_and_near_the_twin():
    week, n = [0, 1, 2, 530], [1e6] * 4
    a = [1e6, 0.0, 5e5, 1e6]
    final, path = run(week, a, n)
    assert np.isfinite(final[:, kernel.POINTS - 7:kernel.POINTS]).all()
    assert np.isfinite(path).all()
    assert not np.isnan(final).any()
    assert (final[[kernel.SLOW_VAR, kernel.FAST_VAR]] > 0).all()
    twin, _ = twin_filter(week, a, n, POINTS[0])
    assert final[kernel.SLOW, 0] == pytest.approx(twin.sides[0].mean[0], abs=1e-6)


def test_a_row_without_observations_changes_nothing_but_the_week_that_is_asked():
    final, _ = run([0, 3, 9], [1.0, 2.0, 0.0], [2.0, 2.0, 0.0])
    same, _ = run([0, 3], [1.0, 2.0], [2.0, 2.0], end=9)
    np.testing.assert_array_equal(final, same)
    between, path = run([0, 2, 3], [1.0, 0.0, 2.0], [2.0, 0.0, 2.0])
    np.testing.assert_allclose(between[:6], run([0, 3], [1.0, 2.0], [2.0, 2.0])[0][:6], atol=1e-12)
    assert (path[1, kernel.STEP_INNOVATION] == 0).all()


def test_the_other_chair_gives_the_same_numbers_with_the_sign_turned():
    rng = np.random.default_rng(3)
    n = rng.integers(0, 12, 60).astype(float)
    a = rng.binomial(n.astype(int), 0.7).astype(float)
    week = np.cumsum(rng.integers(1, 4, 60)).tolist()
    ours, _ = run(week, a, n, norm=0.3)
    theirs, _ = run(week, n - a, n, norm=-0.3)
    np.testing.assert_array_equal(ours[:2], -theirs[:2])
    np.testing.assert_array_equal(ours[2:], theirs[2:])


def test_quadrature_gives_the_exact_moments_of_a_thin_week():
    # One observation with a wide prior, against a fine sum over x.
    mean, variance, evidence = twin_update(1.0, 1.0, 0.2, 4.0)
    x = np.linspace(-30, 30, 200_001)
    density = np.exp(-(x - 0.2) ** 2 / 8) / math.sqrt(8 * math.pi) / (1 + np.exp(-x))
    total = np.trapezoid(density, x)
    true_mean = np.trapezoid(x * density, x) / total
    assert mean == pytest.approx(true_mean, abs=0.01)
    assert variance == pytest.approx(np.trapezoid((x - true_mean) ** 2 * density, x) / total, rel=0.01)
    assert evidence == pytest.approx(math.log(total), abs=0.002)


def test_the_nodes_are_those_of_gauss_and_hermite():
    z, w = hermgauss(5)
    np.testing.assert_allclose([kernel._Z1, kernel._Z2], math.sqrt(2) * z[3:], rtol=1e-15)
    np.testing.assert_allclose([kernel._W0, kernel._W1, kernel._W2], (w * np.exp(z * z))[2:], rtol=1e-14)


@given(st.floats(-690, 690))
def test_exp_is_that_of_the_c_library(x):
    assert exp(x) == pytest.approx(math.exp(x), rel=5e-16)


@given(st.one_of(st.floats(1e-300, 1e300), st.floats(0.5, 2.0)))
def test_log_is_that_of_the_c_library(x):
    assert log(x) == pytest.approx(math.log(x), rel=5e-16, abs=2e-16)


def test_exp_of_very_little_is_as_good_as_nothing():
    assert 0 < exp(-1e6) < 1e-300


def test_the_kernel_runs_without_compilation():
    code = (
        "import numpy as np\n"
        "from evenwicht.measures import filter as kernel\n"
        "from evenwicht.measures.grid import Grid\n"
        "grid = Grid.of([(0.5, 0.3, 4.0, 0.5, 0.9)])\n"
        "final = np.empty((kernel.FINAL, 24)); path = np.empty((3, kernel.PATH, 24))\n"
        "kernel.filter_path(np.array([0, 2, 3]), np.array([0.5, 0.0, -1.0]), np.array([3.0, 0.0, 2.0]), 5, 0.1, grid.points,"
        " final, path)\n"
        "print(repr(final[:6, [0, 8, 16]].ravel().tolist()))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(HOUSE)},
    )
    assert ran.returncode == 0, ran.stderr
    grid = Grid.of([(0.5, 0.3, 4.0, 0.5, 0.9)])
    final, _ = run([0, 2, 3], [2.0, 0.0, 0.0], [3.0, 0.0, 2.0], grid=grid, norm=0.1, end=5)
    np.testing.assert_allclose([float(one) for one in ran.stdout.strip()[1:-1].split(",")], final[:6, [0, 8, 16]].ravel(), atol=1e-12)
