"""The filter: what one relation's weeks say about what stays and what returns, for every point of the grid at once.

    x_t    = slow_t + fast_t                            log-odds of A's share, x > 0: A gives more
    slow_t = slow_{t-1} + N(0, q^2 dt/52)               slow_0 ~ N(norm, tau^2)
    fast_t = 2^(-dt/h) fast_{t-1} + N(0, s^2 (1 - 4^(-dt/h)))      fast_0 ~ N(0, s^2), dt and h in weeks
    a_t | n_t ~ Binomial(n_t, sigma(x_t)), by quasi-likelihood for a, n that are not whole

The state is Gaussian, two numbers and their covariance. An observation acts on the scalar x: the mode of its posterior
by safeguarded Halley steps in the bracket [m - (n - a) P, m + a P], then adaptive Gauss-Hermite quadrature with seven
nodes for mean, variance and likelihood, carried to (slow, fast) by their covariance with x. Source of the
approximation: Zoeter, Ypma and Heskes, "Improved unscented Kalman smoothing for stock volatility estimation" (2004),
here with the mode as centre.

How it is laid out. Eight grid points lie side by side (`LANES`); every loop over them is straight-line code on one
flat work array, which compiles to vector instructions. A relation never shares a register with another one, so that
its result is the same to the last bit whatever else is in the batch. All formulas are odd in (a - n/2, norm): the
other chair gives the same numbers with the sign turned.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.measures.compiled import compiled, straight
from evenwicht.measures.elementary import exp, log1p_unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANES = 8
WEEKS_A_YEAR = 52.0

SLOW, FAST, SLOW_VAR, COVARIANCE, FAST_VAR, LOGLIK, SURPRISE, SEEN = range(8)
"""The rows of a final state: means, covariance, log likelihood, sum of squared standardised innovations, their number."""
FINAL = 8

STEP_SLOW, STEP_FAST, STEP_SLOW_VAR, STEP_COVARIANCE, STEP_FAST_VAR, STEP_INNOVATION = range(6)
"""The rows of a path: the state after each week, and its standardised innovation (0 where n = 0)."""
PATH = 6

TAU2, DRIFT, HALF_LIFE, FAST2 = range(4)
"""The rows of the points: tau^2, q^2/52, h, s^2."""

# Gauss-Hermite, seven nodes, for the weight exp(-z^2); Z = sqrt(2) z, W = weight · exp(z^2) (Abramowitz and Stegun 25.10).
_Z1, _Z2, _Z3 = 1.1544053947399682, 2.3667594107345415, 3.7504397177257425
_W0, _W1, _W2, _W3 = 0.8102646175568073, 0.8286873032836393, 0.8971846002251842, 1.1013307296103220
_Z1_2, _Z2_2, _Z3_2 = _Z1 * _Z1, _Z2 * _Z2, _Z3 * _Z3

_CLOSE = 5e-4
"""The last Halley step may be this long: the error after it is below a third of its cube, 5e-11."""
_MOST_STEPS = 300

# Work array: one stretch of LANES numbers each.
_M1, _M2, _P11, _P12, _P22, _LL, _RR = (k * LANES for k in range(7))
_RHO, _RHO2, _TAU, _Q, _S2 = (k * LANES for k in range(7, 12))
_MX, _PX, _X, _LO, _HI, _STEP, _HLF, _PRODUCT = (k * LANES for k in range(12, 20))
_WORK = 20 * LANES

_FACTORS = 8
"""Weeks whose integrals are multiplied before one logarithm is taken; each lies between 1e-8 and 1, so that it is safe."""


@compiled
def _take_logarithm(w: NDArray[np.float64]) -> None:
    """Moves the product of the integrals, as a logarithm, into the likelihood of all lanes."""
    for g in range(LANES):
        w[_LL + g] += math.log(w[_PRODUCT + g])
        w[_PRODUCT + g] = 1.0


@straight
def _predict(w: NDArray[np.float64], dt: float) -> None:
    """The state of all lanes `dt` weeks on; the decays stand ready in the work array."""
    for g in range(LANES):
        rho = w[_RHO + g]
        rho2 = w[_RHO2 + g]
        s2 = w[_S2 + g]
        w[_M2 + g] *= rho
        w[_P11 + g] += w[_Q + g] * dt
        w[_P12 + g] *= rho
        w[_P22 + g] = s2 + rho2 * (w[_P22 + g] - s2)


@straight
def _decay(w: NDArray[np.float64], dt: float) -> None:
    """2^(-dt/h) and its square, for all lanes."""
    for g in range(LANES):
        rho = exp(-0.6931471805599453 * dt / w[_HLF + g])
        w[_RHO + g] = rho
        w[_RHO2 + g] = rho * rho


@straight
def _seek(w: NDArray[np.float64], d: float, n: float) -> float:
    """One safeguarded Halley step towards the mode, for all lanes; the longest step that was made."""
    longest = 0.0
    for g in range(LANES):
        x = w[_X + g]
        m = w[_MX + g]
        precision = 1.0 / w[_PX + g]
        e = exp(-abs(x))
        half = (1.0 - e) / (1.0 + e)
        t = half if x >= 0.0 else -half
        slope = 0.25 * n * (1.0 - t * t)
        f = d - 0.5 * n * t - (x - m) * precision
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
    for g in range(LANES):
        longest = max(longest, w[_STEP + g])
    return longest


@straight
def _observe(w: NDArray[np.float64], d: float, n: float) -> None:
    """Takes in one week of n observations of which A gave n/2 + d, for all lanes."""
    # The start: the empirical log-odds with half an observation on each side, weighed against the prediction.
    a1 = 0.5 * n + d + 0.5
    b1 = 0.5 * n - d + 0.5
    seen = math.log(a1) - math.log(b1)
    weight = a1 * b1 / (n + 1.0)
    for g in range(LANES):
        m = w[_M1 + g] + w[_M2 + g]
        p = w[_P11 + g] + 2.0 * w[_P12 + g] + w[_P22 + g]
        lo = m - (0.5 * n - d) * p
        hi = m + (0.5 * n + d) * p
        x = (m + p * weight * seen) / (1.0 + p * weight)
        w[_MX + g] = m
        w[_PX + g] = p
        w[_LO + g] = lo
        w[_HI + g] = hi
        w[_X + g] = x if (x >= lo) and (x <= hi) else 0.5 * (lo + hi)
    _seek(w, d, n)
    for _ in range(_MOST_STEPS):
        if _seek(w, d, n) < _CLOSE:
            break
    for g in range(LANES):
        x = w[_X + g]
        m = w[_MX + g]
        p = w[_PX + g]
        half_precision = 0.5 / p
        size = abs(x)
        e = exp(-size)
        t2 = (1.0 - e) / (1.0 + e)
        width = 1.0 / math.sqrt(0.25 * n * (1.0 - t2 * t2) + 2.0 * half_precision)
        top = d * x - n * (0.5 * size + log1p_unit(e)) - (x - m) * (x - m) * half_precision

        xp = x + _Z1 * width
        xm = x - _Z1 * width
        size = abs(xp)
        w1p = exp(d * xp - n * (0.5 * size + log1p_unit(exp(-size))) - (xp - m) * (xp - m) * half_precision - top)
        size = abs(xm)
        w1m = exp(d * xm - n * (0.5 * size + log1p_unit(exp(-size))) - (xm - m) * (xm - m) * half_precision - top)
        xp = x + _Z2 * width
        xm = x - _Z2 * width
        size = abs(xp)
        w2p = exp(d * xp - n * (0.5 * size + log1p_unit(exp(-size))) - (xp - m) * (xp - m) * half_precision - top)
        size = abs(xm)
        w2m = exp(d * xm - n * (0.5 * size + log1p_unit(exp(-size))) - (xm - m) * (xm - m) * half_precision - top)
        xp = x + _Z3 * width
        xm = x - _Z3 * width
        size = abs(xp)
        w3p = exp(d * xp - n * (0.5 * size + log1p_unit(exp(-size))) - (xp - m) * (xp - m) * half_precision - top)
        size = abs(xm)
        w3m = exp(d * xm - n * (0.5 * size + log1p_unit(exp(-size))) - (xm - m) * (xm - m) * half_precision - top)

        u1 = _W1 * (w1p + w1m)
        u2 = _W2 * (w2p + w2m)
        u3 = _W3 * (w3p + w3m)
        total = _W0 + u1 + u2 + u3
        first = (_W1 * _Z1 * (w1p - w1m) + _W2 * _Z2 * (w2p - w2m) + _W3 * _Z3 * (w3p - w3m)) / total
        second = (_Z1_2 * u1 + _Z2_2 * u2 + _Z3_2 * u3) / total
        variance = width * width * (second - first * first)
        move = x + width * first - m
        # The integral of likelihood times prior: sqrt(2) width · total · exp(top) / sqrt(2 pi P).
        integral = total * width / math.sqrt(p * 3.141592653589793)

        c1 = w[_P11 + g] + w[_P12 + g]
        c2 = w[_P12 + g] + w[_P22 + g]
        drop = max(p - variance, 0.0)
        share = drop / (p * p)
        w[_M1 + g] += c1 / p * move
        w[_M2 + g] += c2 / p * move
        w[_P11 + g] -= c1 * c1 * share
        w[_P12 + g] -= c1 * c2 * share
        w[_P22 + g] -= c2 * c2 * share
        r = move / math.sqrt(max(drop, 1e-300))
        r = r if drop > 1e-14 * p else 0.0
        w[_HI + g] = r
        w[_PRODUCT + g] *= integral
        w[_LL + g] += top
        w[_RR + g] += r * r


@compiled
def filter_one(
    week: NDArray[np.int64], d: NDArray[np.float64], n: NDArray[np.float64], end: int, norm: float,
    points: NDArray[np.float64], work: NDArray[np.float64], final: NDArray[np.float64], path: NDArray[np.float64],
) -> None:
    """Runs one relation through all grid points.

    week, d, n  (rows,) weeks ascending, d = a - n/2, n >= 0; a row with n = 0 is only a moment that is asked for
    end         the week at which the state is wanted, not before the last row
    points      (4, G) tau^2, q^2/52, h, s^2; G a multiple of `LANES`
    work        (WORK,) scratch
    final       (FINAL, G), written: the state at `end`
    path        (rows, PATH, G), written: the state after each row; not touched when it has no rows
    """
    rows = week.size
    keep = path.shape[0] > 0
    for block in range(0, points.shape[1], LANES):
        seen = 0.0
        for g in range(LANES):
            work[_M1 + g] = norm
            work[_M2 + g] = 0.0
            work[_P11 + g] = points[TAU2, block + g]
            work[_P12 + g] = 0.0
            work[_P22 + g] = points[FAST2, block + g]
            work[_LL + g] = 0.0
            work[_RR + g] = 0.0
            work[_PRODUCT + g] = 1.0
            work[_Q + g] = points[DRIFT, block + g]
            work[_HLF + g] = points[HALF_LIFE, block + g]
            work[_S2 + g] = points[FAST2, block + g]
        known = np.int64(-1)
        for row in range(rows):
            if row > 0:
                dt = week[row] - week[row - 1]
                if dt != known:
                    _decay(work, float(dt))
                    known = dt
                _predict(work, float(dt))
            for g in range(LANES):
                work[_HI + g] = 0.0
            if n[row] > 0.0:
                _observe(work, d[row], n[row])
                seen += 1.0
                if seen % _FACTORS == 0.0:
                    _take_logarithm(work)
            if keep:
                for g in range(LANES):
                    path[row, STEP_SLOW, block + g] = work[_M1 + g]
                    path[row, STEP_FAST, block + g] = work[_M2 + g]
                    path[row, STEP_SLOW_VAR, block + g] = work[_P11 + g]
                    path[row, STEP_COVARIANCE, block + g] = work[_P12 + g]
                    path[row, STEP_FAST_VAR, block + g] = work[_P22 + g]
                    path[row, STEP_INNOVATION, block + g] = work[_HI + g]
        if rows > 0 and end > week[rows - 1]:
            dt = end - week[rows - 1]
            _decay(work, float(dt))
            _predict(work, float(dt))
        _take_logarithm(work)
        for g in range(LANES):
            final[SLOW, block + g] = work[_M1 + g]
            final[FAST, block + g] = work[_M2 + g]
            final[SLOW_VAR, block + g] = work[_P11 + g]
            final[COVARIANCE, block + g] = work[_P12 + g]
            final[FAST_VAR, block + g] = work[_P22 + g]
            final[LOGLIK, block + g] = work[_LL + g]
            final[SURPRISE, block + g] = work[_RR + g]
            final[SEEN, block + g] = seen


@compiled
def filter_many(
    offsets: NDArray[np.int64], week: NDArray[np.int64], d: NDArray[np.float64], n: NDArray[np.float64],
    end: NDArray[np.int64], norm: NDArray[np.float64], points: NDArray[np.float64],
    first: int, last: int, final: NDArray[np.float64],
) -> None:
    """`filter_one` for the relations first..last-1; `final` is (relations, FINAL, G)."""
    work = np.empty(_WORK, dtype=np.float64)
    path = np.empty((0, PATH, points.shape[1]), dtype=np.float64)
    for relation in range(first, last):
        rows = slice(offsets[relation], offsets[relation + 1])
        filter_one(week[rows], d[rows], n[rows], end[relation], norm[relation], points, work, final[relation], path)


@compiled
def filter_path(
    week: NDArray[np.int64], d: NDArray[np.float64], n: NDArray[np.float64], end: int, norm: float,
    points: NDArray[np.float64], final: NDArray[np.float64], path: NDArray[np.float64],
) -> None:
    """`filter_one` for one relation, with the state after each week in `path` (rows, PATH, G)."""
    filter_one(week, d, n, end, norm, points, np.empty(_WORK, dtype=np.float64), final, path)
