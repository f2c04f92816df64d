"""The filter: what one relation's weeks say about what stays and what returns, for every point of the grid at once.

    x_t    = slow_t + fast_t                            log-odds of A's share, x > 0: A gives more
    slow_t = slow_{t-1} + N(0, q^2/52)                  slow_0 ~ N(norm, tau^2), t in weeks
    fast_t = 2^(-1/h) fast_{t-1} + N(0, s^2 (1 - 4^(-1/h)))                    fast_0 ~ N(0, s^2)
    a_t | n_t ~ Binomial(n_t, sigma(x_t)), by quasi-likelihood for a, n that are not whole

A level does not only creep: now and then it shifts. And a wind does not only blow: now and then there is a gust. So a
relation is settled, shifting or gusty. It begins to shift `jumps` times a year, for SHIFT_WEEKS on average, in which its
level goes as far as N(0, JUMP2 + tau^2); a gust comes GUSTS times a year and brings N(0, GUST2) into fast in GUST_WEEKS.
One Gaussian for each of the three is carried through, and every week they are mixed by the chances of passing from one to
another (the interacting multiple model of H. A. P. Blom and Y. Bar-Shalom, IEEE Transactions on Automatic Control 33,
1988). So a sudden push is at first rather a gust, and when it does not go away more and more a shift. At a point without
jumps there are no gusts either, and only the settled Gaussian has a share.

An observation acts on the scalar x: the mode of its posterior by safeguarded Halley steps in the bracket
[m - (n - a) P, m + a P], then adaptive Gauss-Hermite quadrature with five nodes for mean, variance and likelihood,
carried to (slow, fast) by their covariance with x. With five nodes the mean is off by less than 1/1000 of a standard
deviation and the variance by less than 3/1000 wherever P <= 1, n <= 6; seven gain nothing that a verdict could feel
(`docs/method/model.md`). Source of the approximation: Zoeter, Ypma and Heskes, "Improved unscented Kalman smoothing for
stock volatility estimation" (2004), here with the mode as centre.

How it is laid out. Eight grid points, settled, shifting and gusty, stand side by side on one flat work array. Every loop
over them is short straight-line code of one kind of work, which compiles to vector instructions that need not wait for one
another. Their number is an argument, for a loop whose length is known would be written out in single numbers. A relation
never shares a register with another one, so that its result is the same to the last bit whatever else is in the batch.
All formulas are odd in (a - n/2, norm): the other chair gives the same numbers with the sign turned.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.measures.compiled import compiled, straight
from evenwicht.measures.elementary import exp, log

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINTS = 8
SIDES = 3
LANES = SIDES * POINTS
WEEKS_A_YEAR = 52.0

JUMP2 = 0.5
"""A level that is on its way goes as far as N(0, JUMP2 + tau^2), log-odds squared: the farther apart relations are, the
farther they move, and none less than this."""
SHIFT_WEEKS = 15.0
"""Mean length of the time in which it is on its way."""
GUSTS = 0.7
"""Times a year that a gust comes, where there are jumps at all: the rate of the shape `usual`."""
GUST2, GUST_WEEKS = 1.44, 1.5
"""Variance that a gust brings into fast, and for how many weeks on average it goes on blowing."""

SLOW, FAST, SLOW_VAR, COVARIANCE, FAST_VAR, LOGLIK, SURPRISE, SEEN = range(8)
"""The rows of a final state: means, covariance, log likelihood, sum of squared standardised innovations, their number."""
FINAL = 8

STEP_SLOW, STEP_FAST, STEP_SLOW_VAR, STEP_COVARIANCE, STEP_FAST_VAR, STEP_INNOVATION, STEP_SHARE = range(7)
"""The rows of a path: the state after each week, its standardised innovation (0 where n = 0), and how probable it is
that the relation is as this Gaussian says: settled, shifting or gusty."""
PATH = 7

TAU2, DRIFT, HALF_LIFE, FAST2, SHIFT, GUST = range(6)
"""The rows of the points: tau^2, q^2/52, h, s^2, the chances per week that a shift and that a gust begins."""

# Gauss-Hermite, five nodes, for the weight exp(-z^2); Z = sqrt(2) z, W = weight · exp(z^2) (Abramowitz and Stegun 25.10).
_Z1, _Z2 = 1.3556261799742657, 2.8569700138728056
_W0, _W1, _W2 = 0.9453087204829419, 0.9865809967514283, 1.1814886255359870
_Z1_2, _Z2_2 = _Z1 * _Z1, _Z2 * _Z2
_ROOT_PI = 1.7724538509055159

_CLOSE = 5e-3
"""The last Halley step may be this long: the error after it is below a third of its cube, 5e-8, and moves the result of
the quadrature by less than a hundredth of that."""
_MOST_STEPS = 300
_MOST_WEEKS = 520_000

ARRIVES = 1.0 / SHIFT_WEEKS
SUBSIDES = 1.0 / GUST_WEEKS
"""The chances per week that a shift, and that a gust, is over."""

# Work array: one stretch each. LANES numbers are those of the settled Gaussians, of the shifting and of the gusty ones.
_M1, _M2, _P11, _P12, _P22 = (k * LANES for k in range(5))
_MX, _PX, _PREC, _X, _LO, _HI, _STEP = (k * LANES for k in range(5, 12))
_TOP, _MASS, _R2, _MOVE, _UP, _DOWN, _WIDTH, _PULL = (k * LANES for k in range(12, 20))
_GROW = 20 * LANES
_NODE = 22 * LANES
_SHARE = 26 * LANES
_RHO, _RHO2, _Q, _FRESH, _SHIFTS, _GUSTS, _LL, _RR, _PRODUCT, _WILD = (27 * LANES + k * POINTS for k in range(10))
_STRETCHES = 31
_WORK = _STRETCHES * LANES
_S, _G = POINTS, 2 * POINTS

_FACTORS = 8
"""Weeks whose integrals are multiplied before one logarithm is taken; each lies between 1e-30 and 1, so that it is safe."""


@compiled
def _take_logarithm(w: NDArray[np.float64]) -> None:
    """Moves the product of the integrals, as a logarithm, into the likelihood of all points."""
    for g in range(POINTS):
        w[_LL + g] += math.log(w[_PRODUCT + g])
        w[_PRODUCT + g] = 1.0


@straight
def _week_on(w: NDArray[np.float64], lanes: int) -> None:
    """All Gaussians of all points one week on: mixed by the chances of passing, then moved."""
    for g in range(lanes // SIDES):
        settled = w[_SHARE + g]
        shifting = w[_SHARE + _S + g]
        gusty = w[_SHARE + _G + g]
        to_shift = settled * w[_SHIFTS + g]
        to_gust = settled * w[_GUSTS + g]
        arrived = shifting * ARRIVES
        subsided = gusty * SUBSIDES
        calm = settled - to_shift - to_gust + (arrived + subsided)
        moving = to_shift + (shifting - arrived)
        blowing = to_gust + (gusty - subsided)
        m1 = w[_M1 + g]
        m2 = w[_M2 + g]
        p11 = w[_P11 + g]
        p12 = w[_P12 + g]
        p22 = w[_P22 + g]
        # Distances of the two others from the settled one.
        s1 = w[_M1 + _S + g] - m1
        s2 = w[_M2 + _S + g] - m2
        s11 = w[_P11 + _S + g] - p11
        s12 = w[_P12 + _S + g] - p12
        s22 = w[_P22 + _S + g] - p22
        g1 = w[_M1 + _G + g] - m1
        g2 = w[_M2 + _G + g] - m2
        g11 = w[_P11 + _G + g] - p11
        g12 = w[_P12 + _G + g] - p12
        g22 = w[_P22 + _G + g] - p22
        rho = w[_RHO + g]
        rho2 = w[_RHO2 + g]
        fresh = w[_FRESH + g]
        drift = w[_Q + g]
        a = arrived / calm
        b = subsided / calm
        e1 = a * s1 + b * g1
        e2 = a * s2 + b * g2
        w[_M1 + g] = m1 + e1
        w[_M2 + g] = rho * (m2 + e2)
        w[_P11 + g] = p11 + a * (s11 + s1 * s1) + b * (g11 + g1 * g1) - e1 * e1 + drift
        w[_P12 + g] = rho * (p12 + a * (s12 + s1 * s2) + b * (g12 + g1 * g2) - e1 * e2)
        w[_P22 + g] = fresh + rho2 * (p22 + a * (s22 + s2 * s2) + b * (g22 + g2 * g2) - e2 * e2)
        a = (shifting - arrived) / moving if moving > 0.0 else 1.0
        both = a * (1.0 - a)
        w[_M1 + _S + g] = m1 + a * s1
        w[_M2 + _S + g] = rho * (m2 + a * s2)
        w[_P11 + _S + g] = p11 + a * s11 + both * s1 * s1 + (drift + w[_WILD + g])
        w[_P12 + _S + g] = rho * (p12 + a * s12 + both * s1 * s2)
        w[_P22 + _S + g] = fresh + rho2 * (p22 + a * s22 + both * s2 * s2)
        b = (gusty - subsided) / blowing if blowing > 0.0 else 1.0
        both = b * (1.0 - b)
        w[_M1 + _G + g] = m1 + b * g1
        w[_M2 + _G + g] = rho * (m2 + b * g2)
        w[_P11 + _G + g] = p11 + b * g11 + both * g1 * g1 + drift
        w[_P12 + _G + g] = rho * (p12 + b * g12 + both * g1 * g2)
        w[_P22 + _G + g] = (fresh + GUST2 / GUST_WEEKS) + rho2 * (p22 + b * g22 + both * g2 * g2)
        w[_SHARE + g] = calm
        w[_SHARE + _S + g] = moving
        w[_SHARE + _G + g] = blowing


@straight
def _start(w: NDArray[np.float64], lanes: int, d: float, n: float, seen: float, weight: float) -> None:
    """Where the search for the mode begins: the empirical log-odds weighed against the prediction, and its bracket."""
    for g in range(lanes):
        m = w[_M1 + g] + w[_M2 + g]
        p = w[_P11 + g] + 2.0 * w[_P12 + g] + w[_P22 + g]
        lo = m - (0.5 * n - d) * p
        hi = m + (0.5 * n + d) * p
        x = (m + p * weight * seen) / (1.0 + p * weight)
        w[_MX + g] = m
        w[_PX + g] = p
        w[_PREC + g] = 1.0 / p
        w[_LO + g] = lo
        w[_HI + g] = hi
        w[_X + g] = x if (x >= lo) and (x <= hi) else 0.5 * (lo + hi)


@straight
def _seek(w: NDArray[np.float64], lanes: int, d: float, n: float) -> np.int64:
    """One safeguarded Halley step towards the mode, for all lanes; how many lanes made a step too long to be the last."""
    far = np.int64(0)
    for g in range(lanes):
        x = w[_X + g]
        precision = w[_PREC + g]
        e = exp(-abs(x))
        half = (1.0 - e) / (1.0 + e)
        t = half if x >= 0.0 else -half
        slope = 0.25 * n * (1.0 - t * t)
        f = d - 0.5 * n * t - (x - w[_MX + g]) * precision
        f1 = -(slope + precision)
        f2 = slope * t
        lo = x if f > 0.0 else w[_LO + g]
        hi = x if f < 0.0 else w[_HI + g]
        new = x - f * f1 / (f1 * f1 - 0.5 * f * f2)
        new = new if (new >= lo) and (new <= hi) else 0.5 * (lo + hi)
        w[_LO + g] = lo
        w[_HI + g] = hi
        w[_X + g] = new
        w[_STEP + g] = abs(new - x)
    for g in range(lanes):
        far += np.int64(1) if w[_STEP + g] > _CLOSE else np.int64(0)
    return far


@straight
def _integrate(w: NDArray[np.float64], lanes: int, d: float, n: float) -> None:
    """Mean and variance of x by quadrature around the mode, carried to slow and fast; the likelihood as exp(TOP) · MASS.

    In short loops of one kind of work each: a processor works on many numbers at once, but not far ahead.
    """
    for g in range(lanes):
        w[_STEP + g] = exp(-abs(w[_X + g]))
    for g in range(lanes):
        w[_TOP + g] = log(1.0 + w[_STEP + g])
    for g in range(lanes):
        x = w[_X + g]
        precision = w[_PREC + g]
        e = w[_STEP + g]
        near = 2.0 / (1.0 + e)
        far = e * near
        w[_UP + g] = 0.5 * (near if x >= 0.0 else far)
        w[_DOWN + g] = 0.5 * (far if x >= 0.0 else near)
        width = 1.0 / math.sqrt(0.25 * n * (near * far) + precision)
        away = x - w[_MX + g]
        w[_TOP + g] = d * x - n * (0.5 * abs(x) + w[_TOP + g]) - 0.5 * away * away * precision
        w[_PULL + g] = d - away * precision
        w[_WIDTH + g] = width
        w[_GROW + g] = (0.5 * _Z1) * width
        w[_GROW + LANES + g] = (0.5 * _Z2) * width
    for k in range(2 * lanes):
        w[_GROW + k] = exp(w[_GROW + k])
    # log cosh((x ± z)/2) - log cosh(x/2) = log(cosh(z/2) ± tanh(x/2) sinh(z/2)), here with 1 ± tanh: nothing cancels.
    for g in range(lanes):
        up = w[_UP + g]
        down = w[_DOWN + g]
        grow = w[_GROW + g]
        shrink = 1.0 / grow
        w[_NODE + g] = up * grow + down * shrink
        w[_NODE + LANES + g] = down * grow + up * shrink
        grow = w[_GROW + LANES + g]
        shrink = 1.0 / grow
        w[_NODE + 2 * LANES + g] = up * grow + down * shrink
        w[_NODE + 3 * LANES + g] = down * grow + up * shrink
    for k in range(4 * lanes):
        w[_NODE + k] = log(w[_NODE + k])
    for g in range(lanes):
        width = w[_WIDTH + g]
        half_precision = 0.5 * w[_PREC + g]
        pull = w[_PULL + g]
        z = _Z1 * width
        drag = z * z * half_precision
        w[_NODE + g] = z * pull - n * w[_NODE + g] - drag
        w[_NODE + LANES + g] = -z * pull - n * w[_NODE + LANES + g] - drag
        z = _Z2 * width
        drag = z * z * half_precision
        w[_NODE + 2 * LANES + g] = z * pull - n * w[_NODE + 2 * LANES + g] - drag
        w[_NODE + 3 * LANES + g] = -z * pull - n * w[_NODE + 3 * LANES + g] - drag
    for k in range(4 * lanes):
        w[_NODE + k] = exp(w[_NODE + k])
    for g in range(lanes):
        p = w[_PX + g]
        precision = w[_PREC + g]
        width = w[_WIDTH + g]
        w1p = w[_NODE + g]
        w1m = w[_NODE + LANES + g]
        w2p = w[_NODE + 2 * LANES + g]
        w2m = w[_NODE + 3 * LANES + g]
        u1 = _W1 * (w1p + w1m)
        u2 = _W2 * (w2p + w2m)
        total = _W0 + (u1 + u2)
        per = 1.0 / total
        first = (_W1 * _Z1 * (w1p - w1m) + _W2 * _Z2 * (w2p - w2m)) * per
        second = (_Z1_2 * u1 + _Z2_2 * u2) * per
        variance = width * width * (second - first * first)
        move = w[_X + g] - w[_MX + g] + width * first
        c1 = w[_P11 + g] + w[_P12 + g]
        c2 = w[_P12 + g] + w[_P22 + g]
        drop = max(p - variance, 0.0)
        share = drop * (precision * precision)
        pace = move * precision
        w[_M1 + g] += c1 * pace
        w[_M2 + g] += c2 * pace
        w[_P11 + g] -= c1 * c1 * share
        w[_P12 + g] -= c1 * c2 * share
        w[_P22 + g] -= c2 * c2 * share
        r2 = move * move / max(drop, 1e-300)
        w[_R2 + g] = r2 if drop > 1e-14 * p else 0.0
        w[_MASS + g] = total * width * math.sqrt(precision) * (1.0 / _ROOT_PI)
        w[_MOVE + g] = move


@straight
def _weigh(w: NDArray[np.float64], lanes: int) -> None:
    """After a week: the likelihood of all points, and how probable settled, shifting and gusty are now."""
    for k in range(lanes):
        w[_LO + k] = w[_SHARE + k]
    for g in range(lanes // SIDES):
        top = w[_TOP + g]
        second = w[_TOP + _S + g] if w[_SHARE + _S + g] > 0.0 else top
        third = w[_TOP + _G + g] if w[_SHARE + _G + g] > 0.0 else top
        top = max(top, second)
        top = max(top, third)
        w[_HI + g] = top
        w[_STEP + g] = w[_TOP + g] - top
        w[_STEP + _S + g] = second - top
        w[_STEP + _G + g] = third - top
    for k in range(lanes):
        w[_SHARE + k] *= w[_MASS + k] * exp(w[_STEP + k])
    for g in range(lanes // SIDES):
        total = w[_SHARE + g] + (w[_SHARE + _S + g] + w[_SHARE + _G + g])
        per = 1.0 / total
        w[_SHARE + g] *= per
        w[_SHARE + _S + g] *= per
        w[_SHARE + _G + g] *= per
        w[_PRODUCT + g] *= total
        w[_LL + g] += w[_HI + g]
        w[_RR + g] += w[_LO + g] * w[_R2 + g] + (w[_LO + _S + g] * w[_R2 + _S + g] + w[_LO + _G + g] * w[_R2 + _G + g])


@compiled
def _observe(w: NDArray[np.float64], lanes: int, d: float, n: float) -> None:
    """Takes in one week of n observations of which A gave n/2 + d, for all lanes."""
    more, less = 0.5 * n + d + 0.5, 0.5 * n - d + 0.5
    _start(w, lanes, d, n, math.log(more) - math.log(less), more * less / (n + 1.0))
    _seek(w, lanes, d, n)
    for _ in range(_MOST_STEPS):
        if _seek(w, lanes, d, n) == 0:
            break
    _integrate(w, lanes, d, n)
    _weigh(w, lanes)


@compiled
def _begin(w: NDArray[np.float64], points: NDArray[np.float64], block: int, norm: float) -> None:
    """Every lane before the first week."""
    for g in range(POINTS):
        rho = math.exp(-0.6931471805599453 / points[HALF_LIFE, block + g])
        s2 = points[FAST2, block + g]
        shifts = points[SHIFT, block + g]
        gusts = points[GUST, block + g]
        settled = 1.0 / (1.0 + shifts * SHIFT_WEEKS + gusts * GUST_WEEKS)
        w[_RHO + g] = rho
        w[_RHO2 + g] = rho * rho
        w[_FRESH + g] = s2 * (1.0 - rho * rho)
        w[_Q + g] = points[DRIFT, block + g]
        w[_SHIFTS + g] = shifts
        w[_GUSTS + g] = gusts
        w[_WILD + g] = (JUMP2 + points[TAU2, block + g]) / SHIFT_WEEKS
        w[_SHARE + g] = settled
        w[_SHARE + _S + g] = settled * shifts * SHIFT_WEEKS
        w[_SHARE + _G + g] = settled * gusts * GUST_WEEKS
        w[_LL + g] = 0.0
        w[_RR + g] = 0.0
        w[_PRODUCT + g] = 1.0
        for side in range(SIDES):
            lane = side * POINTS + g
            w[_M1 + lane] = norm
            w[_M2 + lane] = 0.0
            w[_P11 + lane] = points[TAU2, block + g]
            w[_P12 + lane] = 0.0
            w[_P22 + lane] = s2


@compiled
def filter_one(
    week: NDArray[np.int64], d: NDArray[np.float64], n: NDArray[np.float64], end: int, norm: float,
    points: NDArray[np.float64], work: NDArray[np.float64], final: NDArray[np.float64], path: NDArray[np.float64],
) -> None:
    """Runs one relation through all grid points.

    week, d, n  (rows,) weeks ascending, d = a - n/2, n >= 0; a row with n = 0 is only a moment that is asked for
    end         the week at which the state is wanted, not before the last row
    points      (6, G) tau^2, q^2/52, h, s^2, chances a week of a shift and of a gust; G a multiple of `POINTS`
    work        (WORK,) scratch
    final       (FINAL, 3 G), written: the state at `end`, first the settled Gaussians of all points, then the shifting ones,
                then the gusty ones; each with the log likelihood of the rows and of being what it is
    path        (rows, PATH, 3 G), written: the state after each row; not touched when it has no rows
    """
    rows = week.size
    size = points.shape[1]
    keep = path.shape[0] > 0
    lanes = work.size // _STRETCHES
    for block in range(0, size, POINTS):
        _begin(work, points, block, norm)
        seen = 0.0
        for row in range(rows):
            if row > 0:
                for _ in range(min(week[row] - week[row - 1], _MOST_WEEKS)):
                    _week_on(work, lanes)
            if n[row] > 0.0:
                _observe(work, lanes, d[row], n[row])
                seen += 1.0
                if seen % _FACTORS == 0.0:
                    _take_logarithm(work)
            if keep:
                for g in range(POINTS):
                    r = 0.0
                    for side in range(SIDES):
                        lane, at = side * POINTS + g, side * size + block + g
                        for k in range(5):
                            path[row, k, at] = work[k * LANES + lane]
                        path[row, STEP_SHARE, at] = work[_SHARE + lane]
                        if n[row] > 0.0:
                            r += work[_LO + lane] * math.copysign(math.sqrt(work[_R2 + lane]), work[_MOVE + lane])
                    for side in range(SIDES):
                        path[row, STEP_INNOVATION, side * size + block + g] = r
        if rows > 0:
            for _ in range(min(end - week[rows - 1], _MOST_WEEKS)):
                _week_on(work, lanes)
        _take_logarithm(work)
        for side in range(SIDES):
            for g in range(POINTS):
                lane, at = side * POINTS + g, side * size + block + g
                for k in range(5):
                    final[k, at] = work[k * LANES + lane]
                share = work[_SHARE + lane]
                final[LOGLIK, at] = work[_LL + g] + math.log(share) if share > 0.0 else -np.inf
                final[SURPRISE, at] = work[_RR + g]
                final[SEEN, at] = seen


@compiled
def filter_many(
    offsets: NDArray[np.int64], week: NDArray[np.int64], d: NDArray[np.float64], n: NDArray[np.float64],
    end: NDArray[np.int64], norm: NDArray[np.float64], points: NDArray[np.float64],
    first: int, last: int, final: NDArray[np.float64],
) -> None:
    """`filter_one` for the relations first..last-1; `final` is (relations, FINAL, 3 G)."""
    work = np.empty(_WORK, dtype=np.float64)
    path = np.empty((0, PATH, final.shape[2]), dtype=np.float64)
    for relation in range(first, last):
        rows = slice(offsets[relation], offsets[relation + 1])
        filter_one(week[rows], d[rows], n[rows], end[relation], norm[relation], points, work, final[relation], path)


@compiled
def filter_path(
    week: NDArray[np.int64], d: NDArray[np.float64], n: NDArray[np.float64], end: int, norm: float,
    points: NDArray[np.float64], final: NDArray[np.float64], path: NDArray[np.float64],
) -> None:
    """`filter_one` for one relation, with the state after each week in `path` (rows, PATH, 3 G)."""
    filter_one(week, d, n, end, norm, points, np.empty(_WORK, dtype=np.float64), final, path)
