"""The path behind the state: what stayed and what returned, week by week, seen from the last week.

Rauch, Tung and Striebel's smoother per grid point, mixed by the final weights of the grid (H. E. Rauch, F. Tung and
C. T. Striebel, "Maximum likelihood estimates of linear dynamic systems", AIAA Journal 3, 1965). Settled, shifting and gusty
are smoothed together: of each of the nine ways from one row to the next a step back, joined by how probable it is (C.-J.
Kim, "Dynamic linear models with Markov-switching", Journal of Econometrics 60, 1994).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.measures import filter as kernel
from evenwicht.measures.balance import FLOW_BAND, grid_of, in_threads, observations
from evenwicht.measures.compiled import compiled, inlined, straight
from evenwicht.measures.mixture import mean_of, shares, upper_point

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from evenwicht.measures.balance import Observations
    from evenwicht.measures.grid import Grid
    from evenwicht.measures.parameters import ParameterSet

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_MOST_WEEKS = 520
COLUMNS = ("slow", "slow_low", "slow_high", "fast", "x", "x_low", "x_high", "innovation")


def smoothed(
    offsets: ArrayLike, week: ArrayLike, a: ArrayLike, n: ArrayLike, grid: ParameterSet | Grid | None = None,
    norm: ArrayLike = 0.0, band: ArrayLike = FLOW_BAND, *, threads: int | None = None,
) -> dict[str, Floats]:
    """The smoothed path, as arrays with one entry per row (N,); input as in `measures.balance.balance`.

    slow, slow_low, slow_high   the level and its 90 % interval, log-odds > 0 where A gives more
    fast                        what returns
    x, x_low, x_high            their sum and its 90 % interval
    innovation                  what the week itself told beyond what was expected, in standard deviations: N(0, 1) when
                                the model holds; 0 where n = 0. From the filter, not the smoother: nothing later is used
                                but the weights of the grid
    """
    observed = observations(offsets, week, a, n, norm=norm, band=band)
    return smoothed_rows(observed, grid_of(grid), threads)


def smoothed_rows(observed: Observations, grid: Grid, threads: int | None = None) -> dict[str, Floats]:
    """`smoothed` for observations that were checked before."""
    table = np.empty((len(COLUMNS), observed.week.size), dtype=np.float64)
    ways = ways_of(grid.points, longest(observed.week))

    def work(first: int, last: int) -> None:
        _smooth_many(
            observed.offsets, observed.week, observed.d, observed.n, observed.norm, grid.points, grid.log_weight,
            ways, first, last, table,
        )

    in_threads(work, len(observed), threads)
    return {name: table[k] for k, name in enumerate(COLUMNS)}


# Work array of one block of points: the row after, this row, what is written, then the nine ways and what goes with them.
_SIDE = kernel.SIDES * kernel.POINTS
_LATER, _NOW, _OUT = 0, 6 * _SIDE, 12 * _SIDE
_WAYS = 18 * _SIDE
_CHANCE, _TO_SLOW, _TO_FAST = (_WAYS + k * kernel.SIDES * _SIDE for k in range(3))
_RATIO = _WAYS + 9 * _SIDE
_OF = _RATIO + _SIDE
_OF_CHANCE, _OF_SLOW, _OF_FAST = (_OF + k * _SIDE for k in range(3))
_ONE = _OF + 3 * _SIDE
_MIXED = _ONE + 6 * kernel.POINTS
_RHO, _WIND = _MIXED + 6 * kernel.POINTS, _MIXED + 7 * kernel.POINTS
_WORK = _MIXED + 8 * kernel.POINTS
_P = kernel.POINTS
_STATE = (kernel.STEP_SLOW, kernel.STEP_FAST, kernel.STEP_SLOW_VAR, kernel.STEP_COVARIANCE, kernel.STEP_FAST_VAR, kernel.STEP_SHARE)


def longest(week: Integers) -> int:
    """A number of weeks that no two rows are farther apart."""
    return int(np.ptp(week)) if week.size else 0


@compiled
def smooth_one(week: Integers, points: Floats, ways: Floats, path: Floats) -> None:
    """Turns the filtered states in `path` (rows, PATH, 3 G) into smoothed ones, in place; the innovations stay.

    `week` (rows,), `points` (6, G) as the filter takes them, `ways` from `ways_of`. STEP_SHARE becomes the chance of settled,
    shifting and gusty given all rows.
    """
    size = points.shape[1]
    w = np.empty(_WORK)
    last = week.size - 1
    for block in range(0, size, kernel.POINTS):
        _take(path[last], block, w, _LATER)
        known = np.int64(-1)
        for row in range(last - 1, -1, -1):
            dt = week[row + 1] - week[row]
            if dt != known:
                _ways_into(dt, points, ways, block, w)
                known = dt
            _take(path[row], block, w, _NOW)
            _row_back(w, w.size // (_WORK // kernel.POINTS))
            for k in range(6):
                for side in range(kernel.SIDES):
                    for g in range(kernel.POINTS):
                        value = w[_OUT + k * _SIDE + side * kernel.POINTS + g]
                        path[row, _STATE[k], side * size + block + g] = value
                        w[_LATER + k * _SIDE + side * kernel.POINTS + g] = value


@compiled
def _take(state: Floats, block: int, w: Floats, where: int) -> None:
    """Copies the state of one block of points (PATH, 3 G) into the work array."""
    size = state.shape[1] // kernel.SIDES
    for k in range(6):
        for side in range(kernel.SIDES):
            for g in range(kernel.POINTS):
                w[where + k * _SIDE + side * kernel.POINTS + g] = state[_STATE[k], side * size + block + g]


@compiled
def ways_of(points: Floats, most: int) -> Floats:
    """The ways from settled, shifting or gusty to each of them in 0..`most` weeks, (weeks, 3, 3, 3, G).

    For each week, how probable a way is from where it begins, and what shifts and gusts on it add to the variances of slow and
    of fast; of each first where from, then where to. Week by week; after ten years nothing changes any more.
    """
    weeks = min(most, _MOST_WEEKS) + 1
    size = points.shape[1]
    ways = np.zeros((weeks, 3, kernel.SIDES, kernel.SIDES, size))
    step = np.zeros((kernel.SIDES, kernel.SIDES))
    now = np.empty((3, kernel.SIDES))
    for g in range(size):
        rho = math.exp(-0.6931471805599453 / points[kernel.HALF_LIFE, g])
        wild = (kernel.JUMP2 + points[kernel.TAU2, g]) / kernel.SHIFT_WEEKS
        gust = kernel.GUST2 / kernel.GUST_WEEKS
        step[0, 0] = 1.0 - points[kernel.SHIFT, g] - points[kernel.GUST, g]
        step[0, 1] = points[kernel.SHIFT, g]
        step[0, 2] = points[kernel.GUST, g]
        step[1, 0] = kernel.ARRIVES
        step[1, 1] = 1.0 - kernel.ARRIVES
        step[2, 0] = kernel.SUBSIDES
        step[2, 2] = 1.0 - kernel.SUBSIDES
        for of in range(kernel.SIDES):
            # Chance, and expected variances with the way in them, of being in each at the end.
            now[:] = 0.0
            now[0, of] = 1.0
            for dt in range(weeks):
                if dt > 0:
                    now = np.dot(now, step)
                    now[2] *= rho * rho
                    now[1, 1] += now[0, 1] * wild
                    now[2, 2] += now[0, 2] * gust
                for to in range(kernel.SIDES):
                    chance = now[0, to]
                    ways[dt, 0, of, to, g] = chance
                    ways[dt, 1, of, to, g] = now[1, to] / chance if chance > 0.0 else 0.0
                    ways[dt, 2, of, to, g] = now[2, to] / chance if chance > 0.0 else 0.0
    return ways


@compiled
def _ways_into(dt: int, points: Floats, ways: Floats, block: int, w: Floats) -> None:
    """Lays ready for `_row_back` what passes in `dt` weeks: the nine ways with the drift, the return, and the wind."""
    at = min(dt, ways.shape[0] - 1)
    for of in range(kernel.SIDES):
        for to in range(kernel.SIDES):
            lane = (of * kernel.SIDES + to) * kernel.POINTS
            for g in range(kernel.POINTS):
                w[_CHANCE + lane + g] = ways[at, 0, of, to, block + g]
                w[_TO_SLOW + lane + g] = ways[at, 1, of, to, block + g] + points[kernel.DRIFT, block + g] * float(dt)
                w[_TO_FAST + lane + g] = ways[at, 2, of, to, block + g]
    for g in range(kernel.POINTS):
        w[_RHO + g] = math.exp(-0.6931471805599453 * float(dt) / points[kernel.HALF_LIFE, block + g])
        w[_WIND + g] = points[kernel.FAST2, block + g]


@compiled
def _row_back(w: Floats, lanes: int) -> None:
    """One row of the smoother for a block of points: all nine ways, those from one kind joined."""
    _ratios(w, lanes)
    for of in range(kernel.SIDES):
        for k in range(6):
            for g in range(kernel.POINTS):
                w[_ONE + k * kernel.POINTS + g] = w[_NOW + k * _SIDE + of * kernel.POINTS + g]
        for g in range(_SIDE):
            w[_OF_CHANCE + g] = w[_CHANCE + of * _SIDE + g]
            w[_OF_SLOW + g] = w[_TO_SLOW + of * _SIDE + g]
            w[_OF_FAST + g] = w[_TO_FAST + of * _SIDE + g]
        _join(w, lanes)
        for k in range(6):
            for g in range(kernel.POINTS):
                w[_OUT + k * _SIDE + of * kernel.POINTS + g] = w[_MIXED + k * kernel.POINTS + g]


@straight
def _ratios(w: Floats, lanes: int) -> None:
    """How much more probable each kind is after the row, given all rows, than it was ahead of it."""
    for g in range(lanes):
        s0 = w[_NOW + 5 * _SIDE + g]
        s1 = w[_NOW + 5 * _SIDE + _P + g]
        s2 = w[_NOW + 5 * _SIDE + 2 * _P + g]
        a0 = s0 * w[_CHANCE + g] + s1 * w[_CHANCE + _SIDE + g] + s2 * w[_CHANCE + 2 * _SIDE + g]
        a1 = s0 * w[_CHANCE + _P + g] + s1 * w[_CHANCE + _SIDE + _P + g] + s2 * w[_CHANCE + 2 * _SIDE + _P + g]
        a2 = s0 * w[_CHANCE + 2 * _P + g] + s1 * w[_CHANCE + _SIDE + 2 * _P + g] + s2 * w[_CHANCE + 2 * _SIDE + 2 * _P + g]
        w[_RATIO + g] = w[_LATER + 5 * _SIDE + g] / a0 if a0 > 0.0 else 0.0
        w[_RATIO + _P + g] = w[_LATER + 5 * _SIDE + _P + g] / a1 if a1 > 0.0 else 0.0
        w[_RATIO + 2 * _P + g] = w[_LATER + 5 * _SIDE + 2 * _P + g] / a2 if a2 > 0.0 else 0.0


@straight
def _join(w: Floats, lanes: int) -> None:
    """The Gaussian with the mean and covariance of the three ways on from one kind, and its total share.

    Without any share, that of the way to settled.
    """
    for g in range(lanes):
        share = w[_ONE + 5 * _P + g]
        j0 = w[_RATIO + g] * share * w[_OF_CHANCE + g]
        j1 = w[_RATIO + _P + g] * share * w[_OF_CHANCE + _P + g]
        j2 = w[_RATIO + 2 * _P + g] * share * w[_OF_CHANCE + 2 * _P + g]
        total = j0 + j1 + j2
        j1 = j1 / total if total > 0.0 else 0.0
        j2 = j2 / total if total > 0.0 else 0.0
        m1, m2, v11, v12, v22 = _step_back(w, g, 0)
        n1, n2, o11, o12, o22 = _step_back(w, g, _P)
        k1, k2, q11, q12, q22 = _step_back(w, g, 2 * _P)
        d1 = n1 - m1
        d2 = n2 - m2
        e1 = k1 - m1
        e2 = k2 - m2
        c1 = j1 * d1 + j2 * e1
        c2 = j1 * d2 + j2 * e2
        w[_MIXED + g] = m1 + c1
        w[_MIXED + _P + g] = m2 + c2
        w[_MIXED + 2 * _P + g] = v11 + j1 * (o11 - v11 + d1 * d1) + j2 * (q11 - v11 + e1 * e1) - c1 * c1
        w[_MIXED + 3 * _P + g] = v12 + j1 * (o12 - v12 + d1 * d2) + j2 * (q12 - v12 + e1 * e2) - c1 * c2
        w[_MIXED + 4 * _P + g] = v22 + j1 * (o22 - v22 + d2 * d2) + j2 * (q22 - v22 + e2 * e2) - c2 * c2
        w[_MIXED + 5 * _P + g] = total


@inlined
def _step_back(w: Floats, g: int, to: int) -> tuple[float, float, float, float, float]:
    """One step of the smoother: the state of this row given the smoothed state after it, on the way to `to`."""
    m1 = w[_ONE + g]
    m2 = w[_ONE + _P + g]
    p11 = w[_ONE + 2 * _P + g]
    p12 = w[_ONE + 3 * _P + g]
    p22 = w[_ONE + 4 * _P + g]
    rho = w[_RHO + g]
    s2 = w[_WIND + g]
    # The prediction for the next row.
    a11 = p11 + w[_OF_SLOW + to + g]
    a12 = rho * p12
    a22 = s2 + rho * rho * (p22 - s2) + w[_OF_FAST + to + g]
    determinant = a11 * a22 - a12 * a12
    per = 1.0 / determinant if determinant > 0.0 else 0.0
    # The gain: covariance · transition' · prediction^-1.
    b12 = rho * p12
    b22 = rho * p22
    j11 = (p11 * a22 - b12 * a12) * per
    j12 = (b12 * a11 - p11 * a12) * per
    j21 = (p12 * a22 - b22 * a12) * per
    j22 = (b22 * a11 - p12 * a12) * per
    e1 = w[_LATER + to + g] - m1
    e2 = w[_LATER + _SIDE + to + g] - rho * m2
    d11 = w[_LATER + 2 * _SIDE + to + g] - a11
    d12 = w[_LATER + 3 * _SIDE + to + g] - a12
    d22 = w[_LATER + 4 * _SIDE + to + g] - a22
    return (
        m1 + (j11 * e1 + j12 * e2),
        m2 + (j21 * e1 + j22 * e2),
        p11 + (j11 * j11 * d11 + 2.0 * j11 * j12 * d12 + j12 * j12 * d22),
        p12 + (j11 * j21 * d11 + (j11 * j22 + j12 * j21) * d12 + j12 * j22 * d22),
        p22 + (j21 * j21 * d11 + 2.0 * j21 * j22 * d12 + j22 * j22 * d22),
    )


@compiled
def shares_at(state: Floats, share: Floats, weight: Floats) -> None:
    """Writes into `weight` (3 G,) how probable each part of a smoothed `state` (PATH, 3 G) is, from the final shares."""
    size = weight.size // kernel.SIDES
    for g in range(size):
        point = 0.0
        for side in range(kernel.SIDES):
            point += share[side * size + g]
        for side in range(kernel.SIDES):
            weight[side * size + g] = point * state[kernel.STEP_SHARE, side * size + g]


@compiled
def _smooth_many(
    offsets: Integers, week: Integers, d: Floats, n: Floats, norm: Floats, points: Floats, log_weight: Floats,
    ways: Floats, first: int, last: int, table: Floats,
) -> None:
    size = points.shape[1]
    most = 0
    for relation in range(first, last):
        most = max(most, offsets[relation + 1] - offsets[relation])
    room = np.empty((most, kernel.PATH, kernel.SIDES * size), dtype=np.float64)
    final = np.empty((kernel.FINAL, kernel.SIDES * size), dtype=np.float64)
    weight = np.empty(kernel.SIDES * size, dtype=np.float64)
    share = np.empty(kernel.SIDES * size, dtype=np.float64)
    for relation in range(first, last):
        begin = offsets[relation]
        rows = offsets[relation + 1] - begin
        if rows == 0:
            continue
        part = slice(begin, begin + rows)
        path = room[:rows]
        kernel.filter_path(week[part], d[part], n[part], week[begin + rows - 1], norm[relation], points, final, path)
        shares(final[kernel.LOGLIK], log_weight, share)
        smooth_one(week[part], points, ways, path)
        for row in range(rows):
            state = path[row]
            shares_at(state, share, weight)
            slow = state[kernel.STEP_SLOW]
            slow_sd = np.sqrt(np.maximum(state[kernel.STEP_SLOW_VAR], 1e-30))
            x = slow + state[kernel.STEP_FAST]
            x_sd = np.sqrt(np.maximum(
                state[kernel.STEP_SLOW_VAR] + 2.0 * state[kernel.STEP_COVARIANCE] + state[kernel.STEP_FAST_VAR], 1e-30,
            ))
            at = begin + row
            table[0, at] = mean_of(slow, weight)
            table[1, at] = -upper_point(slow, slow_sd, weight, -1.0)
            table[2, at] = upper_point(slow, slow_sd, weight, 1.0)
            table[3, at] = mean_of(state[kernel.STEP_FAST], weight)
            table[4, at] = mean_of(x, weight)
            table[5, at] = -upper_point(x, x_sd, weight, -1.0)
            table[6, at] = upper_point(x, x_sd, weight, 1.0)
            table[7, at] = mean_of(state[kernel.STEP_INNOVATION], weight)
