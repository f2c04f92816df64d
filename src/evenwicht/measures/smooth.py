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
from evenwicht.measures.compiled import compiled
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

    def work(first: int, last: int) -> None:
        _smooth_many(
            observed.offsets, observed.week, observed.d, observed.n, observed.norm, grid.points, grid.log_weight,
            first, last, table,
        )

    in_threads(work, len(observed), threads)
    return {name: table[k] for k, name in enumerate(COLUMNS)}


@compiled
def smooth_one(week: Integers, points: Floats, path: Floats) -> None:
    """Turns the filtered states in `path` (rows, PATH, 3 G) into smoothed ones, in place; the innovations stay.

    `week` (rows,), `points` (6, G) as the filter takes them. STEP_SHARE becomes the chance of settled, shifting and gusty
    given all rows.
    """
    size = points.shape[1]
    ways = np.empty((kernel.SIDES, kernel.SIDES, 3))
    back = np.empty((kernel.SIDES, 5))
    joint = np.empty(kernel.SIDES)
    mixed = np.empty((kernel.SIDES, 6))
    for g in range(size):
        known = np.int64(-1)
        for row in range(week.size - 2, -1, -1):
            dt = week[row + 1] - week[row]
            if dt != known:
                _passing(dt, points[:, g], ways)
                known = dt
            rho = math.exp(-0.6931471805599453 * float(dt) / points[kernel.HALF_LIFE, g])
            now = path[row]
            later = path[row + 1]
            for of in range(kernel.SIDES):
                lane = of * size + g
                for to in range(kernel.SIDES):
                    ahead = 0.0
                    for one in range(kernel.SIDES):
                        ahead += now[kernel.STEP_SHARE, one * size + g] * ways[one, to, 0]
                    joint[to] = 0.0
                    if ahead > 0.0:
                        joint[to] = later[kernel.STEP_SHARE, to * size + g] * now[kernel.STEP_SHARE, lane] * ways[of, to, 0] / ahead
                    _step_back(
                        now[:, lane], later[:, to * size + g], rho, points[kernel.FAST2, g], ways[of, to, 1], ways[of, to, 2],
                        back[to],
                    )
                _join(joint, back, mixed[of])
            for of in range(kernel.SIDES):
                for k in range(5):
                    now[k, of * size + g] = mixed[of, k]
                now[kernel.STEP_SHARE, of * size + g] = mixed[of, 5]


@compiled
def _join(joint: Floats, parts: Floats, out: Floats) -> None:
    """The Gaussian with the mean and covariance of a mixture (3, 5), and its total share; without any, the first part."""
    total = 0.0
    for to in range(joint.size):
        total += joint[to]
    for k in range(5):
        out[k] = 0.0
    for to in range(joint.size):
        share = joint[to] / total if total > 0.0 else (1.0 if to == 0 else 0.0)
        d1 = parts[to, 0] - parts[0, 0]
        d2 = parts[to, 1] - parts[0, 1]
        out[0] += share * d1
        out[1] += share * d2
        out[2] += share * (parts[to, 2] + d1 * d1)
        out[3] += share * (parts[to, 3] + d1 * d2)
        out[4] += share * (parts[to, 4] + d2 * d2)
    out[2] -= out[0] * out[0]
    out[3] -= out[0] * out[1]
    out[4] -= out[1] * out[1]
    out[0] += parts[0, 0]
    out[1] += parts[0, 1]
    out[5] = total


@compiled
def _passing(dt: int, point: Floats, ways: Floats) -> None:
    """Of the nine ways from settled, shifting or gusty to each of them in `dt` weeks (3, 3, 3): how probable it is from where
    it begins, and what it adds to the variances of slow and of fast. Week by week; after ten years nothing changes any more.
    """
    rho = math.exp(-0.6931471805599453 / point[kernel.HALF_LIFE])
    wild = (kernel.JUMP2 + point[kernel.TAU2]) / kernel.SHIFT_WEEKS
    gust = kernel.GUST2 / kernel.GUST_WEEKS
    step = np.zeros((kernel.SIDES, kernel.SIDES))
    step[0, 0] = 1.0 - point[kernel.SHIFT] - point[kernel.GUST]
    step[0, 1] = point[kernel.SHIFT]
    step[0, 2] = point[kernel.GUST]
    step[1, 0] = kernel.ARRIVES
    step[1, 1] = 1.0 - kernel.ARRIVES
    step[2, 0] = kernel.SUBSIDES
    step[2, 2] = 1.0 - kernel.SUBSIDES
    for of in range(kernel.SIDES):
        # Chance, and expected variances with the way in them, of being in each at the end.
        now = np.zeros((3, kernel.SIDES))
        now[0, of] = 1.0
        for _ in range(min(dt, _MOST_WEEKS)):
            now = np.dot(now, step)
            now[2] *= rho * rho
            now[1, 1] += now[0, 1] * wild
            now[2, 2] += now[0, 2] * gust
        for to in range(kernel.SIDES):
            chance = now[0, to]
            ways[of, to, 0] = chance
            ways[of, to, 1] = point[kernel.DRIFT] * float(dt) + (now[1, to] / chance if chance > 0.0 else 0.0)
            ways[of, to, 2] = now[2, to] / chance if chance > 0.0 else 0.0


@compiled
def _step_back(now: Floats, later: Floats, rho: float, s2: float, drift: float, gust: float, out: Floats) -> None:
    """One step of the smoother: the state `now` given the smoothed state `later`; `drift` came into slow, `gust` into fast."""
    p11 = now[kernel.STEP_SLOW_VAR]
    p12 = now[kernel.STEP_COVARIANCE]
    p22 = now[kernel.STEP_FAST_VAR]
    # The prediction for the next row.
    a11 = p11 + drift
    a12 = rho * p12
    a22 = s2 + rho * rho * (p22 - s2) + gust
    for k in range(5):
        out[k] = now[k]
    determinant = a11 * a22 - a12 * a12
    if not determinant > 0.0:
        return
    # The gain: covariance · transition' · prediction^-1.
    b12 = rho * p12
    b22 = rho * p22
    j11 = (p11 * a22 - b12 * a12) / determinant
    j12 = (b12 * a11 - p11 * a12) / determinant
    j21 = (p12 * a22 - b22 * a12) / determinant
    j22 = (b22 * a11 - p12 * a12) / determinant
    e1 = later[kernel.STEP_SLOW] - now[kernel.STEP_SLOW]
    e2 = later[kernel.STEP_FAST] - rho * now[kernel.STEP_FAST]
    d11 = later[kernel.STEP_SLOW_VAR] - a11
    d12 = later[kernel.STEP_COVARIANCE] - a12
    d22 = later[kernel.STEP_FAST_VAR] - a22
    out[kernel.STEP_SLOW] += j11 * e1 + j12 * e2
    out[kernel.STEP_FAST] += j21 * e1 + j22 * e2
    out[kernel.STEP_SLOW_VAR] = p11 + j11 * j11 * d11 + 2.0 * j11 * j12 * d12 + j12 * j12 * d22
    out[kernel.STEP_COVARIANCE] = p12 + j11 * j21 * d11 + (j11 * j22 + j12 * j21) * d12 + j12 * j22 * d22
    out[kernel.STEP_FAST_VAR] = p22 + j21 * j21 * d11 + 2.0 * j21 * j22 * d12 + j22 * j22 * d22


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
    first: int, last: int, table: Floats,
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
        smooth_one(week[part], points, path)
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
