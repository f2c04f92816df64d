"""When a temporary imbalance is expected back in the band, and how soon or late that may be.

The expected Monday is exact, from the mixture of Gaussian forecasts. The time of first return has no closed form: a
fixed set of paths, the same for every relation and every run, is followed week by week. The set holds every path with
its mirror image, so that the other chair sees the same interval. A relation in a strong wind is never more likely in the
band than out of it, on any one Monday, yet it comes back: there the expected Monday is the median of the first return.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.errors import WrongCall
from evenwicht.measures import filter as kernel
from evenwicht.measures.balance import FLOW_BAND, final_states, grid_of, in_threads, observations
from evenwicht.measures.compiled import compiled
from evenwicht.measures.mixture import outside

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from evenwicht.measures.grid import Grid
    from evenwicht.measures.parameters import ParameterSet

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

NEVER = -1
"""The relation was not asked for, or is as likely as not to stay away beyond the horizon."""

HORIZON = 104
"""Weeks ahead; a bound at the horizon means: or later."""
PAIRS = 256
"""Paths are followed in pairs of a path and its mirror image."""
LOW, HIGH = 0.05, 0.95
_FEWEST = 32
"""With fewer paths that fit "outside now, level inside", the level is left free."""


def expected_back(
    offsets: ArrayLike, week: ArrayLike, a: ArrayLike, n: ArrayLike, grid: ParameterSet | Grid | None = None,
    norm: ArrayLike = 0.0, band: ArrayLike = FLOW_BAND, *, end: ArrayLike | None = None, chosen: ArrayLike | None = None,
    threads: int | None = None,
) -> tuple[Integers, Integers, Integers]:
    """Weeks ahead of `end` at which x is expected back in the band, and the 5 % and 95 % points of the return time.

    offsets, week, a, n, grid, norm, band, end   as in `measures.balance.balance`
    chosen   (R,) truth values: for which relations; None = all

    Gives three int64 arrays (R,), counted from 1: the first Monday with forecast P(in band) >= 1/2 (where there is none
    within `HORIZON`, the first by which it has been back with probability 1/2; where there is none either, `NEVER`), and
    low and high given that x is outside now and the level is not, which is what "temporary" says. Where the first is
    `NEVER`, so are the others.
    """
    observed = observations(offsets, week, a, n, norm=norm, band=band, end=end)
    points = grid_of(grid)
    asked = np.ones(len(observed), dtype=bool) if chosen is None else np.ascontiguousarray(chosen)
    if asked.shape != (len(observed),) or asked.dtype.kind != "b":
        raise WrongCall("chosen must be one truth value for each of the {relations} relations.", relations=len(observed))
    final, weight, _ = final_states(observed, points, threads)
    weeks = np.full((3, len(observed)), NEVER, dtype=np.int64)

    def work(first: int, last: int) -> None:
        _back_many(
            final, weight, points.lanes, observed.norm, observed.band, asked, _scores(), _strata(), first, last, weeks,
        )

    in_threads(work, len(observed), threads)
    return weeks[0], weeks[1], weeks[2]


@cache
def _scores() -> Floats:
    """(PAIRS, 2 + 2·HORIZON) fixed standard normal scores, column by column the same evenly spread set in another order.

    Evenly spread values shuffled by splitmix64, a fixed public generator: no library's random numbers, which may change
    with its version.
    """
    even = np.array([NormalDist().inv_cdf((k + 0.5) / PAIRS) for k in range(PAIRS)])
    columns = 2 + 2 * HORIZON
    keys = _splitmix64(np.arange(columns * PAIRS, dtype=np.uint64)).reshape(columns, PAIRS)
    return np.ascontiguousarray(even[np.argsort(keys, axis=1, kind="stable")].T)


@cache
def _strata() -> Floats:
    """(PAIRS,) evenly spread shares that choose the grid point of a pair, in an order of their own."""
    keys = _splitmix64(np.arange(PAIRS, dtype=np.uint64) + np.uint64(1 << 40))
    return (np.argsort(keys, kind="stable") + 0.5) / PAIRS


def _splitmix64(counter: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sebastiano Vigna's splitmix64 of a counter."""
    z = (counter + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def _first_likely(
    state: Floats, weight: Floats, points: Floats, norm: float, band: float, mean: Floats, sd: Floats,
) -> int:
    """The first week ahead with P(in band) >= 1/2, or `NEVER`."""
    for ahead in range(1, HORIZON + 1):
        for g in range(weight.size):
            rho = math.exp(-0.6931471805599453 * ahead / points[kernel.HALF_LIFE, g])
            s2 = points[kernel.FAST2, g]
            mean[g] = state[kernel.SLOW, g] + rho * state[kernel.FAST, g]
            sd[g] = math.sqrt(
                state[kernel.SLOW_VAR, g] + points[kernel.DRIFT, g] * ahead + 2.0 * rho * state[kernel.COVARIANCE, g]
                + s2 + rho * rho * (state[kernel.FAST_VAR, g] - s2)
            )
        if outside(mean, sd, weight, norm, band) <= 0.5:  # noqa: PLR2004 - as likely in the band as not
            return ahead
    return NEVER


@compiled
def _returns(
    state: Floats, weight: Floats, points: Floats, norm: float, band: float, level_inside: bool, scores: Floats,
    strata: Floats, count: Integers,
) -> int:
    """Counts first returns by week into `count` (HORIZON + 1,), the last for later ones; gives how many paths fitted."""
    fitted = 0
    for ahead in range(count.size):
        count[ahead] = 0
    for pair in range(strata.size):
        g = 0
        passed = weight[0]
        while passed < strata[pair] and g < weight.size - 1:
            g += 1
            passed += weight[g]
        slow_sd = math.sqrt(max(state[kernel.SLOW_VAR, g], 0.0))
        slope = state[kernel.COVARIANCE, g] / slow_sd if slow_sd > 0.0 else 0.0
        fast_sd = math.sqrt(max(state[kernel.FAST_VAR, g] - slope * slope, 0.0))
        rho = math.exp(-0.6931471805599453 / points[kernel.HALF_LIFE, g])
        drift = math.sqrt(points[kernel.DRIFT, g])
        wind = math.sqrt(points[kernel.FAST2, g] * (1.0 - rho * rho))
        for mirror in range(2):
            turn = 1.0 - 2.0 * mirror
            z1 = turn * scores[pair, 0]
            slow = state[kernel.SLOW, g] - norm + slow_sd * z1
            fast = state[kernel.FAST, g] + slope * z1 + fast_sd * turn * scores[pair, 1]
            if abs(slow + fast) <= band or (level_inside and abs(slow) > band):
                continue
            fitted += 1
            back = HORIZON
            for ahead in range(1, HORIZON + 1):
                slow += drift * turn * scores[pair, 2 * ahead]
                fast = rho * fast + wind * turn * scores[pair, 2 * ahead + 1]
                if abs(slow + fast) <= band:
                    back = ahead - 1
                    break
            count[back] += 1
    return fitted


@compiled
def _back_many(
    final: Floats, weight: Floats, points: Floats, norm: Floats, band: Floats, asked: NDArray[np.bool_], scores: Floats,
    strata: Floats, first: int, last: int, weeks: Integers,
) -> None:
    mean = np.empty(points.shape[1])
    sd = np.empty(points.shape[1])
    count = np.zeros(HORIZON + 1, dtype=np.int64)
    for relation in range(first, last):
        if not asked[relation]:
            continue
        state = final[relation]
        back = _first_likely(state, weight[relation], points, norm[relation], band[relation], mean, sd)
        fitted = _returns(state, weight[relation], points, norm[relation], band[relation], True, scores, strata, count)
        if fitted < _FEWEST:
            fitted = _returns(
                state, weight[relation], points, norm[relation], band[relation], False, scores, strata, count,
            )
        low = _point(count, fitted, LOW) if fitted > 0 else back
        high = _point(count, fitted, HIGH) if fitted > 0 else back
        if back == NEVER and fitted > 0:
            median = _point(count, fitted, 0.5)
            back = median if median < HORIZON else NEVER
        if back == NEVER:
            continue
        weeks[0, relation] = back
        weeks[1, relation] = min(low, back)
        weeks[2, relation] = max(high, back)


@compiled
def _point(count: Integers, fitted: int, share: float) -> int:
    """The first week by which this share of the paths has returned; `HORIZON` if none."""
    passed = 0
    for ahead in range(HORIZON):
        passed += count[ahead]
        if passed >= share * fitted:
            return ahead + 1
    return HORIZON
