"""Since when: the week in which an imbalance began, with how well that is known.

A filter alone dates a shift early, by up to 80 weeks, and so does the smoothed path where the level hardly drifts. So
the path only says where to begin: from half a year before it left the band, the likelihood of two segments is weighed
for every week. Between the segments the level steps out of the band (structural), or a gust strikes and decays
(temporary); around it the relation's own wind blows, an Ornstein-Uhlenbeck process, so that one windy month is not
taken for the step. The levels are integrated out, and so is how hard it blows: over the winds of the grid.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.errors import WrongCall
from evenwicht.measures import filter as kernel
from evenwicht.measures.balance import FLOW_BAND, grid_of, in_threads, observations
from evenwicht.measures.compiled import compiled
from evenwicht.measures.mixture import above, shares
from evenwicht.measures.smooth import longest, shares_at, smooth_one, ways_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from evenwicht.measures.grid import Grid
    from evenwicht.measures.parameters import ParameterSet

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

NOT_ASKED = -1
"""What stands for a week where side is 0, or where the relation has no rows."""

BEFORE = 26
"""Weeks before the crossing of the smoothed path from which the change is sought."""
SEEN_BEFORE = 52
"""Weeks before those that still tell about the level before."""
UNSEEN = 26
"""How many weeks the time before the first row counts for: it may have been outside from the start."""
TAIL = 0.05

_BEFORE_VAR = 1.0
"""Prior variance of the level before, around the norm; log-odds squared."""
_STEP_VAR = 1.0
"""Prior variance of the step."""

_SEEN, _LEVEL, _PER2, _BACK, _ON = range(5)
"""The rows of the scratch of `_change`: innovations over their variance, one over it, and how a step goes on."""


def since(
    offsets: ArrayLike, week: ArrayLike, a: ArrayLike, n: ArrayLike, grid: ParameterSet | Grid | None = None,
    norm: ArrayLike = 0.0, band: ArrayLike = FLOW_BAND, *, structural: ArrayLike, side: ArrayLike,
    threads: int | None = None,
) -> tuple[Integers, Integers, Integers]:
    """The most probable week of the beginning and its 90 % interval: three arrays of week numbers (R,), int64.

    offsets, week, a, n, grid, norm, band   as in `measures.balance.balance`
    structural  (R,) True: since when the level is outside; False: since when x is (a temporary imbalance)
    side        (R,) +1 where A gives more, -1 where B does, 0 = not asked (`NOT_ASKED` is given)

    Where it has been outside from the start, since and low are the first week.
    """
    observed = observations(offsets, week, a, n, norm=norm, band=band)
    points = grid_of(grid)
    stays, sides = np.asarray(structural), np.asarray(side)
    if stays.shape != (len(observed),) or stays.dtype.kind != "b":
        raise WrongCall("structural must be one truth value for each of the {relations} relations.", relations=len(observed))
    if sides.shape != (len(observed),) or sides.dtype.kind not in "iu" or not np.isin(sides, (-1, 0, 1)).all():
        raise WrongCall("side must be 1, -1 or 0 for each of the {relations} relations.", relations=len(observed))
    winds = _winds(points)
    ways = ways_of(points.points, longest(observed.week))
    weeks = np.full((3, len(observed)), NOT_ASKED, dtype=np.int64)
    turn = np.ascontiguousarray(sides, dtype=np.float64)
    lasting = np.ascontiguousarray(stays)

    def work(first: int, last: int) -> None:
        _since_many(
            observed.offsets, observed.week, observed.d, observed.n, observed.norm, observed.band, points.points,
            points.log_weight, ways, winds, lasting, turn, first, last, weeks,
        )

    in_threads(work, len(observed), threads)
    return weeks[0], weeks[1], weeks[2]


def _winds(grid: Grid) -> Floats:
    """(3, K) the different winds of a grid: s^2, half-life, log of their weight."""
    total: dict[tuple[float, float], float] = {}
    for s, h, weight in zip(grid.s, grid.h, grid.weight, strict=True):
        total[s, h] = total.get((s, h), 0.0) + weight
    return np.array([(s * s, h, math.log(weight)) for (s, h), weight in total.items() if weight > 0]).T.copy()


@compiled
def _left_band(away: Floats, band: float) -> int:
    """The row since which `away` (rows,) is beyond the band until the end; the last row if it is not at the end."""
    row = away.size - 1
    while row > 0 and away[row - 1] > band:
        row -= 1
    return row


@compiled
def _change(
    week: Integers, z: Floats, noise: Floats, wind2: float, half_life: float, decays: bool, turn: float, band: float,
    first: int, score: Floats, w: Floats,
) -> None:
    """Writes the log likelihood of a change at each row from `first` on into `score`, up to one constant.

    z, noise (rows,): linearised observations of x - norm and their variances; `turn` is the side of the step; `w` (5, rows)
    is scratch.

    What was seen and the level, as innovations under the wind with variance one, are got forwards, once. The step as
    innovations v_k / scale_k begins with v = 1 at its row and goes on as v' = back + on · v, wherever it began (back = 0 where
    the step itself decays). So sums over it are polynomials of its v at a row, and these are got backwards, once:
    sum of squares = A v^2 + 2 B v + C, sum with the level = D v + E, with what was seen = F v + G.
    """
    rows = week.size
    ahead = wind2
    ahead_seen = 0.0
    ahead_level = 0.0
    a11 = 1.0 / _BEFORE_VAR
    b1 = 0.0
    alone = 0.0
    for row in range(rows):
        rho = 0.0
        if row > 0:
            rho = math.exp(-0.6931471805599453 * float(week[row] - week[row - 1]) / half_life)
            ahead = wind2 + rho * rho * (ahead - wind2)
            w[_BACK, row - 1] = 0.0 if decays else 1.0 - rho
            w[_ON, row - 1] *= rho
        total = ahead + noise[row]
        gain = ahead / total
        per = 1.0 / math.sqrt(total)
        ahead *= 1.0 - gain
        ahead_seen *= rho
        ahead_level *= rho
        gap_seen = z[row] - ahead_seen
        gap_level = 1.0 - ahead_level
        ahead_seen += gain * gap_seen
        ahead_level += gain * gap_level
        seen = gap_seen * per
        level = gap_level * per
        w[_SEEN, row] = seen * per
        w[_LEVEL, row] = level * per
        w[_PER2, row] = per * per
        w[_ON, row] = 1.0 - gain
        alone -= 0.5 * (seen * seen + math.log(total))
        a11 += level * level
        b1 += level * seen
    square, cross, rest = 0.0, 0.0, 0.0
    with_level, level_rest = 0.0, 0.0
    with_seen, seen_rest = 0.0, 0.0
    for at in range(rows - 1, first - 1, -1):
        if at < rows - 1:
            back = w[_BACK, at]
            on = w[_ON, at]
            rest += back * (2.0 * cross + back * square)
            cross = on * (cross + back * square)
            square *= on * on
            level_rest += back * with_level
            with_level *= on
            seen_rest += back * with_seen
            with_seen *= on
        square += w[_PER2, at]
        with_level += w[_LEVEL, at]
        with_seen += w[_SEEN, at]
        a22 = 1.0 / _STEP_VAR + (square + 2.0 * cross + rest)
        a12 = with_level + level_rest
        b2 = with_seen + seen_rest
        determinant = a11 * a22 - a12 * a12
        before = (a22 * b1 - a12 * b2) / determinant
        size = (a11 * b2 - a12 * b1) / determinant
        before_sd = math.sqrt(a22 / determinant)
        after_sd = math.sqrt((a22 - 2.0 * a12 + a11) / determinant)
        # Before: not beyond the band; after: beyond it, both on this side. As if the two were independent.
        fits = above((turn * before - band) / before_sd) * above((band - turn * (before + size)) / after_sd)
        fit = (a22 * b1 * b1 - 2.0 * a12 * b1 * b2 + a11 * b2 * b2) / determinant
        score[at] = alone + 0.5 * fit - 0.5 * math.log(determinant) + math.log(fits + 1e-300)


@compiled
def _since_many(
    offsets: Integers, week: Integers, d: Floats, n: Floats, norm: Floats, band: Floats, points: Floats,
    log_weight: Floats, ways: Floats, winds: Floats, structural: NDArray[np.bool_], side: Floats, first: int, last: int, found: Integers,
) -> None:
    size = kernel.SIDES * points.shape[1]
    final = np.empty((kernel.FINAL, size), dtype=np.float64)
    weight = np.empty(size, dtype=np.float64)
    posterior = np.empty(size, dtype=np.float64)
    share = np.empty(winds.shape[1], dtype=np.float64)
    for relation in range(first, last):
        begin = offsets[relation]
        rows = offsets[relation + 1] - begin
        if rows == 0 or side[relation] == 0.0:
            continue
        turn = side[relation]
        part = slice(begin, begin + rows)
        weeks = week[part]
        path = np.empty((rows, kernel.PATH, size), dtype=np.float64)
        kernel.filter_path(weeks, d[part], n[part], weeks[rows - 1], norm[relation], points, final, path)
        shares(final[kernel.LOGLIK], log_weight, posterior)
        smooth_one(weeks, points, ways, path)
        x = np.zeros(rows)
        slow = np.zeros(rows)
        for row in range(rows):
            shares_at(path[row], posterior, weight)
            for g in range(size):
                slow[row] += weight[g] * path[row, kernel.STEP_SLOW, g]
                x[row] += weight[g] * (path[row, kernel.STEP_SLOW, g] + path[row, kernel.STEP_FAST, g])
        stays = structural[relation]
        away = turn * ((slow if stays else x) - norm[relation])
        crossing = _left_band(away, band[relation])
        middle = weeks[crossing]
        lo = crossing
        while lo > 0 and weeks[lo - 1] >= middle - BEFORE:
            lo -= 1
        start = lo
        while start > 0 and weeks[start - 1] >= middle - BEFORE - SEEN_BEFORE:
            start -= 1
        stop = rows
        window = stop - start
        z = np.empty(window)
        noise = np.empty(window)
        for k in range(window):
            row = start + k
            e = math.exp(-abs(x[row]))
            half = (1.0 - e) / (1.0 + e)
            t = half if x[row] >= 0.0 else -half
            slope = 0.25 * (1.0 - t * t)
            count = n[begin + row]
            if count > 0.0:
                noise[k] = 1.0 / (count * slope)
                z[k] = x[row] - norm[relation] + (d[begin + row] / count - 0.5 * t) / slope
            else:
                noise[k] = 1e12
                z[k] = x[row] - norm[relation]
        score = np.full((winds.shape[1], window), -np.inf)
        scratch = np.empty((5, window))
        for k in range(winds.shape[1]):
            _change(
                weeks[start:stop], z, noise, winds[0, k], winds[1, k], not stays, turn, band[relation], lo - start, score[k], scratch,
            )
        together = np.empty(window)
        for row in range(window):
            together[row] = -np.inf
            if row >= lo - start:
                together[row] = shares(score[:, row], winds[2], share)
        _dated(weeks[start:stop], together, lo - start, relation, found)


@compiled
def _dated(week: Integers, score: Floats, first: int, relation: int, found: Integers) -> None:
    """The best row, and the points of the posterior over weeks; the weeks of a gap before a row are equally probable."""
    rows = week.size
    gap = np.empty(rows, dtype=np.int64)
    gap[0] = UNSEEN
    gap[1:] = week[1:] - week[:-1]
    best = first
    total = 0.0
    for row in range(first, rows):
        if score[row] > score[best]:
            best = row
    top = score[best]
    heaviest = 0.0
    for row in range(first, rows):
        total += math.exp(score[row] - top) * float(gap[row])
    if first == 0:
        heaviest = math.exp(score[0] - top) * UNSEEN / total
    if heaviest > 0.5:  # noqa: PLR2004 - rather outside from the start than not
        best = 0
    found[0, relation] = week[best]
    for which in range(1, 3):
        tail = TAIL if which == 1 else 1.0 - TAIL
        passed = 0.0
        found[which, relation] = week[rows - 1]
        for row in range(first, rows):
            each = math.exp(score[row] - top) / total
            mass = each * float(gap[row])
            if passed + mass >= tail:
                into = min(max(np.int64(math.ceil((tail - passed) / each)), np.int64(1)), gap[row])
                found[which, relation] = week[0] if row == 0 else week[row - 1] + into
                break
            passed += mass
    found[1, relation] = min(found[1, relation], found[0, relation])
    found[2, relation] = max(found[2, relation], found[0, relation])
