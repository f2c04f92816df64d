"""The plain twins of the fast kernels: the same definitions, written to be read. One relation, Python numbers, no tricks.

A twin shares no code with its kernel: the mode by bisection alone, the quadrature with nodes from NumPy, logarithms
and exponentials from the C library. The two must agree to 1e-9 (law 6).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

NODES, NODE_WEIGHTS = np.polynomial.hermite.hermgauss(5)


JUMP2, SHIFT_WEEKS, GUSTS, GUST2, GUST_WEEKS = 0.5, 15.0, 0.7, 1.44, 1.5


@dataclass
class TwinGaussian:
    """Slow, fast and their covariance, and how probable it is that the relation is as this one says."""

    share: float
    mean: np.ndarray
    cov: np.ndarray


@dataclass
class TwinState:
    """The state of one grid point: settled, shifting and gusty, and the log likelihood so far."""

    sides: tuple[TwinGaussian, TwinGaussian, TwinGaussian]
    loglik: float = 0.0
    innovations: list[float] = field(default_factory=list)


def softplus(x: float) -> float:
    """log(1 + e^x), stable on both sides."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def twin_mode(a: float, n: float, m: float, p: float) -> float:
    """The x at which a - n·sigma(x) - (x - m)/p = 0, by bisection in its exact bracket."""
    low, high = m - (n - a) * p, m + a * p
    for _ in range(4000):
        x = 0.5 * (low + high)
        if x in (low, high):
            break
        if a - n * logistic(x) - (x - m) / p > 0:
            low = x
        else:
            high = x
    return 0.5 * (low + high)


def twin_update(a: float, n: float, m: float, p: float) -> tuple[float, float, float]:
    """Mean and variance of x ~ N(m, p) after a of n, and the log of the evidence, by adaptive Gauss-Hermite."""
    x = twin_mode(a, n, m, p)
    share = logistic(x)
    width = 1.0 / math.sqrt(n * share * (1.0 - share) + 1.0 / p)

    def log_density(at: float) -> float:
        return a * at - n * softplus(at) - (at - m) ** 2 / (2.0 * p) - 0.5 * math.log(2.0 * math.pi * p)

    top = log_density(x)
    at = [x + math.sqrt(2.0) * width * z for z in NODES]
    mass = [w * math.exp(z * z + log_density(one) - top) for w, z, one in zip(NODE_WEIGHTS, NODES, at, strict=True)]
    total = sum(mass)
    mean = sum(w * one for w, one in zip(mass, at, strict=True)) / total
    variance = sum(w * (one - mean) ** 2 for w, one in zip(mass, at, strict=True)) / total
    return mean, variance, top + math.log(math.sqrt(2.0) * width * total)


Point = tuple[float, ...]
"""tau, q, h, s and, where the level jumps, how often a year."""


def twin_filter(
    week: list[int], a: list[float], n: list[float], point: Point, *, norm: float = 0.0, end: int | None = None,
) -> tuple[TwinState, list[TwinState]]:
    """One relation through one grid point: the state at `end`, and after each row."""
    tau, _, _, s = point[:4]
    shifts, gusts = chances_of(point)
    often = np.array((1.0, shifts * SHIFT_WEEKS, gusts * GUST_WEEKS))
    mean, cov = np.array((norm, 0.0)), np.diag((tau * tau, s * s))
    state = TwinState(tuple(TwinGaussian(share, mean, cov) for share in often / often.sum()))
    path: list[TwinState] = []
    for row, now in enumerate(week):
        if row > 0:
            state = _advance(state, now - week[row - 1], point)
        if n[row] > 0:
            state = _learn(state, a[row], n[row])
        else:
            state.innovations.append(0.0)
        path.append(state)
    if week and end is not None and end > week[-1]:
        state = _advance(state, end - week[-1], point)
    return state, path


def chances_of(point: Point) -> tuple[float, float]:
    """Of a shift and of a gust to begin in a week."""
    jumps = point[4] if len(point) > 4 else 0.0
    return jumps / 52.0, GUSTS / 52.0 if jumps > 0 else 0.0


def passing_of(point: Point) -> np.ndarray:
    """(3, 3) chances per week from settled, shifting and gusty to each of them."""
    shifts, gusts = chances_of(point)
    return np.array((
        (1 - shifts - gusts, shifts, gusts), (1 / SHIFT_WEEKS, 1 - 1 / SHIFT_WEEKS, 0), (1 / GUST_WEEKS, 0, 1 - 1 / GUST_WEEKS),
    ))


def noise_of(point: Point) -> list[np.ndarray]:
    """What a week adds to the covariance of slow and fast when settled, shifting, gusty."""
    tau, q, h, s = point[:4]
    calm = np.diag((q * q / 52.0, s * s * (1.0 - 4.0 ** (-1 / h))))
    return [calm, calm + np.diag(((JUMP2 + tau * tau) / SHIFT_WEEKS, 0)), calm + np.diag((0, GUST2 / GUST_WEEKS))]


def _advance(state: TwinState, weeks: int, point: Point) -> TwinState:
    """Week after week: mix by the chances of passing, then move each."""
    move = np.diag((1.0, 2.0 ** (-1 / point[2])))
    passing = passing_of(point)
    for _ in range(weeks):
        later = []
        for side, noise in enumerate(noise_of(point)):
            share, mean, cov = _merged([(one.share * passing[of, side], one) for of, one in enumerate(state.sides)])
            later.append(TwinGaussian(share, move @ mean, move @ cov @ move.T + noise))
        state = TwinState(tuple(later), state.loglik, state.innovations)
    return state


def _merged(parts: list[tuple[float, TwinGaussian]]) -> tuple[float, np.ndarray, np.ndarray]:
    """The Gaussian with the mean and covariance of a mixture, and its total share."""
    share = sum(w for w, _ in parts)
    if share == 0:
        return 0.0, parts[0][1].mean, parts[0][1].cov
    mean = sum(w * one.mean for w, one in parts) / share
    cov = sum(w * (one.cov + np.outer(one.mean - mean, one.mean - mean)) for w, one in parts) / share
    return share, mean, cov


def _learn(state: TwinState, a: float, n: float) -> TwinState:
    """One observed week."""
    sides, logs, innovation = [], [], 0.0
    for one in state.sides:
        m, p = one.mean.sum(), one.cov.sum()
        mean, variance, evidence = twin_update(a, n, m, p)
        gain = one.cov.sum(axis=1) / p
        sides.append(TwinGaussian(one.share, one.mean + gain * (mean - m), one.cov - np.outer(gain, gain) * (p - variance)))
        logs.append(evidence + math.log(one.share) if one.share > 0 else -math.inf)
        drop = p - variance
        innovation += one.share * ((mean - m) / math.sqrt(drop) if drop > 1e-14 * p else 0.0)
    evidence = max(logs) + math.log(sum(math.exp(one - max(logs)) for one in logs))
    for one, log in zip(sides, logs, strict=True):
        one.share = math.exp(log - evidence)
    return TwinState(tuple(sides), state.loglik + evidence, [*state.innovations, innovation])


def twin_balance(
    week: list[int], a: list[float], n: list[float], grid: list[Point], weights: list[float],
    *, norm: float = 0.0, band: float = math.log(1.5), end: int | None = None,
) -> dict[str, float]:
    """`measures.balance.balance` for one relation."""
    states = [twin_filter(week, a, n, point, norm=norm, end=end)[0] for point in grid]
    logs = [state.loglik + math.log(weight) for state, weight in zip(states, weights, strict=True)]
    evidence = max(logs) + math.log(sum(math.exp(one - max(logs)) for one in logs))
    points = [math.exp(one - evidence) for one in logs]
    parts = [(w * one.share, one) for w, state in zip(points, states, strict=True) for one in state.sides]
    posterior = [w for w, _ in parts]
    x = [(one.mean.sum(), math.sqrt(one.cov.sum())) for _, one in parts]
    level = [(one.mean[0], math.sqrt(one.cov[0, 0])) for _, one in parts]
    return {
        "now": sum(w * mean for w, (mean, _) in zip(posterior, x, strict=True)),
        "now_low": mixture_point(x, posterior, 0.05), "now_high": mixture_point(x, posterior, 0.95),
        "level": sum(w * mean for w, (mean, _) in zip(posterior, level, strict=True)),
        "level_low": mixture_point(level, posterior, 0.05), "level_high": mixture_point(level, posterior, 0.95),
        "p_outside": 1.0 - mixture_below(x, posterior, norm + band) + mixture_below(x, posterior, norm - band),
        "p_structural": 1.0 - mixture_below(level, posterior, norm + band) + mixture_below(level, posterior, norm - band),
        "half_life_weeks": math.exp(sum(w * math.log(point[2]) for w, point in zip(points, grid, strict=True))),
        "loglik": evidence,
    }


def mixture_below(parts: list[tuple[float, float]], weights: list[float], z: float) -> float:
    """P(mixture < z)."""
    return sum(w * 0.5 * math.erfc((mean - z) / sd / math.sqrt(2.0)) for w, (mean, sd) in zip(weights, parts, strict=True))


def mixture_point(parts: list[tuple[float, float]], weights: list[float], share: float) -> float:
    """The z with P(mixture < z) = share, by bisection."""
    low = min(mean - 10 * sd for mean, sd in parts)
    high = max(mean + 10 * sd for mean, sd in parts)
    for _ in range(200):
        z = 0.5 * (low + high)
        if mixture_below(parts, weights, z) < share:
            low = z
        else:
            high = z
    return 0.5 * (low + high)


def twin_smoother(week: list[int], a: list[float], n: list[float], point: Point, *, norm: float = 0.0) -> list[TwinState]:
    """The three sides given all rows: Rauch, Tung and Striebel with 2 × 2 matrices for each way from row to row."""
    _, path = twin_filter(week, a, n, point, norm=norm)
    out = [path[-1]]
    for row in range(len(week) - 2, -1, -1):
        dt = week[row + 1] - week[row]
        move = np.diag((1.0, 2.0 ** (-dt / point[2])))
        here = path[row].sides
        ways = [[_way(dt, point, of, to) for to in range(3)] for of in range(3)]
        ahead = [sum(one.share * ways[of][to][0] for of, one in enumerate(here)) for to in range(3)]
        sides = []
        for of, one in enumerate(here):
            parts = []
            for to, there in enumerate(out[0].sides):
                chance, noise = ways[of][to]
                ahead_cov = move @ one.cov @ move.T + noise
                gain = one.cov @ move.T @ np.linalg.inv(ahead_cov)
                joint = there.share * one.share * chance / ahead[to] if ahead[to] > 0 else 0.0
                parts.append((joint, TwinGaussian(
                    joint, one.mean + gain @ (there.mean - move @ one.mean),
                    one.cov + gain @ (there.cov - ahead_cov) @ gain.T,
                )))
            sides.append(TwinGaussian(*_merged(parts)))
        out.insert(0, TwinState(tuple(sides), path[row].loglik, path[row].innovations))
    return out


def _way(dt: int, point: Point, of: int, to: int) -> tuple[float, np.ndarray]:
    """The chance of a way in `dt` weeks, and the noise on it: for every week, what it adds wherever it may have been then."""
    passing, noise = passing_of(point), noise_of(point)
    chance = np.linalg.matrix_power(passing, dt)[of, to]
    total = np.zeros((2, 2))
    for at in range(1, dt + 1):
        before, after = np.linalg.matrix_power(passing, at), np.linalg.matrix_power(passing, dt - at)
        fade = np.diag((1.0, 2.0 ** (-(dt - at) / point[2])))
        for side in range(3):
            share = before[of, side] * after[side, to] / chance if chance > 0 else float(side == 0)
            total += share * fade @ noise[side] @ fade
    return float(chance), total
