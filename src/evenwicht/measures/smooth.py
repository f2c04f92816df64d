"""The path behind the state: what stayed and what returned, week by week, seen from the last week.

Rauch, Tung and Striebel's smoother per grid point, mixed by the final weights of the grid (H. E. Rauch, F. Tung and
C. T. Striebel, "Maximum likelihood estimates of linear dynamic systems", AIAA Journal 3, 1965).
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
    """Turns the filtered states in `path` (rows, PATH, G) into smoothed ones, in place; the innovations stay.

    `week` (rows,), `points` (4, G) as the filter takes them.
    """
    for row in range(week.size - 2, -1, -1):
        dt = float(week[row + 1] - week[row])
        now = path[row]
        later = path[row + 1]
        for g in range(points.shape[1]):
            rho = math.exp(-0.6931471805599453 * dt / points[kernel.HALF_LIFE, g])
            s2 = points[kernel.FAST2, g]
            p11 = now[kernel.STEP_SLOW_VAR, g]
            p12 = now[kernel.STEP_COVARIANCE, g]
            p22 = now[kernel.STEP_FAST_VAR, g]
            # The prediction for the next row.
            a11 = p11 + points[kernel.DRIFT, g] * dt
            a12 = rho * p12
            a22 = s2 + rho * rho * (p22 - s2)
            determinant = a11 * a22 - a12 * a12
            if not determinant > 0.0:
                continue
            # The gain: covariance · transition' · prediction^-1.
            b12 = rho * p12
            b22 = rho * p22
            j11 = (p11 * a22 - b12 * a12) / determinant
            j12 = (b12 * a11 - p11 * a12) / determinant
            j21 = (p12 * a22 - b22 * a12) / determinant
            j22 = (b22 * a11 - p12 * a12) / determinant
            e1 = later[kernel.STEP_SLOW, g] - now[kernel.STEP_SLOW, g]
            e2 = later[kernel.STEP_FAST, g] - rho * now[kernel.STEP_FAST, g]
            d11 = later[kernel.STEP_SLOW_VAR, g] - a11
            d12 = later[kernel.STEP_COVARIANCE, g] - a12
            d22 = later[kernel.STEP_FAST_VAR, g] - a22
            now[kernel.STEP_SLOW, g] += j11 * e1 + j12 * e2
            now[kernel.STEP_FAST, g] += j21 * e1 + j22 * e2
            now[kernel.STEP_SLOW_VAR, g] = p11 + j11 * j11 * d11 + 2.0 * j11 * j12 * d12 + j12 * j12 * d22
            now[kernel.STEP_COVARIANCE, g] = p12 + j11 * j21 * d11 + (j11 * j22 + j12 * j21) * d12 + j12 * j22 * d22
            now[kernel.STEP_FAST_VAR, g] = p22 + j21 * j21 * d11 + 2.0 * j21 * j22 * d12 + j22 * j22 * d22


@compiled
def _smooth_many(
    offsets: Integers, week: Integers, d: Floats, n: Floats, norm: Floats, points: Floats, log_weight: Floats,
    first: int, last: int, table: Floats,
) -> None:
    size = points.shape[1]
    most = 0
    for relation in range(first, last):
        most = max(most, offsets[relation + 1] - offsets[relation])
    room = np.empty((most, kernel.PATH, size), dtype=np.float64)
    final = np.empty((kernel.FINAL, size), dtype=np.float64)
    weight = np.empty(size, dtype=np.float64)
    for relation in range(first, last):
        begin = offsets[relation]
        rows = offsets[relation + 1] - begin
        if rows == 0:
            continue
        part = slice(begin, begin + rows)
        path = room[:rows]
        kernel.filter_path(week[part], d[part], n[part], week[begin + rows - 1], norm[relation], points, final, path)
        shares(final[kernel.LOGLIK], log_weight, weight)
        smooth_one(week[part], points, path)
        for row in range(rows):
            state = path[row]
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
