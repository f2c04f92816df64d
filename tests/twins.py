"""The plain twins of the fast kernels: the same definitions, written to be read. One relation, Python numbers, no tricks.

A twin shares no code with its kernel: the mode by bisection alone, the quadrature with nodes from NumPy, logarithms
and exponentials from the C library. The two must agree to 1e-9 (law 6).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

NODES, NODE_WEIGHTS = np.polynomial.hermite.hermgauss(7)


@dataclass
class TwinState:
    """The state of one grid point: slow, fast, their covariance, and the log likelihood so far."""

    slow: float
    fast: float
    slow_var: float
    covariance: float
    fast_var: float
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


def twin_filter(
    week: list[int], a: list[float], n: list[float], point: tuple[float, float, float, float],
    *, norm: float = 0.0, end: int | None = None,
) -> tuple[TwinState, list[TwinState]]:
    """One relation through one grid point (tau, q, h, s): the state at `end`, and after each row."""
    tau, q, h, s = point
    state = TwinState(norm, 0.0, tau * tau, 0.0, s * s)
    path: list[TwinState] = []
    for row, now in enumerate(week):
        if row > 0:
            _advance(state, now - week[row - 1], q, h, s)
        innovation = 0.0
        if n[row] > 0:
            m = state.slow + state.fast
            p = state.slow_var + 2 * state.covariance + state.fast_var
            mean, variance, evidence = twin_update(a[row], n[row], m, p)
            c1, c2 = state.slow_var + state.covariance, state.covariance + state.fast_var
            state.slow += c1 / p * (mean - m)
            state.fast += c2 / p * (mean - m)
            state.slow_var -= c1 * c1 * (p - variance) / p**2
            state.covariance -= c1 * c2 * (p - variance) / p**2
            state.fast_var -= c2 * c2 * (p - variance) / p**2
            state.loglik += evidence
            drop = p - variance
            innovation = (mean - m) / math.sqrt(drop) if drop > 1e-14 * p else 0.0
        state.innovations.append(innovation)
        path.append(TwinState(
            state.slow, state.fast, state.slow_var, state.covariance, state.fast_var, state.loglik,
        ))
    if week and end is not None and end > week[-1]:
        _advance(state, end - week[-1], q, h, s)
    return state, path


def _advance(state: TwinState, dt: int, q: float, h: float, s: float) -> None:
    rho = 2.0 ** (-dt / h)
    state.fast *= rho
    state.slow_var += q * q * dt / 52.0
    state.covariance *= rho
    state.fast_var = rho**2 * state.fast_var + s * s * (1.0 - rho**2)


def twin_balance(
    week: list[int], a: list[float], n: list[float],
    grid: list[tuple[float, float, float, float]], weights: list[float],
    *, norm: float = 0.0, band: float = math.log(1.5), end: int | None = None,
) -> dict[str, float]:
    """`measures.balance.balance` for one relation."""
    states = [twin_filter(week, a, n, point, norm=norm, end=end)[0] for point in grid]
    logs = [state.loglik + math.log(weight) for state, weight in zip(states, weights, strict=True)]
    evidence = max(logs) + math.log(sum(math.exp(one - max(logs)) for one in logs))
    posterior = [math.exp(one - evidence) for one in logs]
    x = [(state.slow + state.fast, math.sqrt(state.slow_var + 2 * state.covariance + state.fast_var))
         for state in states]
    level = [(state.slow, math.sqrt(state.slow_var)) for state in states]
    return {
        "now": sum(w * mean for w, (mean, _) in zip(posterior, x, strict=True)),
        "now_low": mixture_point(x, posterior, 0.05), "now_high": mixture_point(x, posterior, 0.95),
        "level": sum(w * mean for w, (mean, _) in zip(posterior, level, strict=True)),
        "level_low": mixture_point(level, posterior, 0.05), "level_high": mixture_point(level, posterior, 0.95),
        "p_outside": 1.0 - mixture_below(x, posterior, norm + band) + mixture_below(x, posterior, norm - band),
        "p_structural": 1.0 - mixture_below(level, posterior, norm + band) + mixture_below(level, posterior, norm - band),
        "half_life_weeks": math.exp(sum(w * math.log(point[2]) for w, point in zip(posterior, grid, strict=True))),
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


def twin_smoother(
    week: list[int], a: list[float], n: list[float], point: tuple[float, float, float, float], *, norm: float = 0.0,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rauch, Tung and Striebel with 2 × 2 matrices: mean and covariance of (slow, fast) after all rows."""
    _, path = twin_filter(week, a, n, point, norm=norm)
    _, q, h, s = point
    mean = [np.array((one.slow, one.fast)) for one in path]
    cov = [np.array(((one.slow_var, one.covariance), (one.covariance, one.fast_var))) for one in path]
    out = [(mean[-1], cov[-1])]
    for row in range(len(week) - 2, -1, -1):
        dt = week[row + 1] - week[row]
        rho = 2.0 ** (-dt / h)
        move = np.diag((1.0, rho))
        ahead_mean = move @ mean[row]
        ahead_cov = move @ cov[row] @ move.T + np.diag((q * q * dt / 52.0, s * s * (1.0 - rho**2)))
        gain = cov[row] @ move.T @ np.linalg.inv(ahead_cov)
        later_mean, later_cov = out[0]
        out.insert(0, (mean[row] + gain @ (later_mean - ahead_mean), cov[row] + gain @ (later_cov - ahead_cov) @ gain.T))
    return out
