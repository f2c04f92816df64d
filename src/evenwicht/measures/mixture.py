"""A mixture of Gaussians: its tails and its points. Scalars and (G,) arrays; float64; compiled.

Everything is written so that turning all signs turns the result exactly: the other chair sees the same numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.measures.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAIL = 0.05
"""Both ends of a 90 % interval."""

_Z = 1.6448536269514722
"""The 95 % point of one Gaussian; for a mixture the point lies between the smallest and the largest of its parts."""
_ROOT_HALF = 0.7071067811865476
_DENSITY = 0.3989422804014327
_NEGLIGIBLE = 1e-15
_MOST_STEPS = 200
_CLOSE = 1e-7
"""A Newton step this long, in spreads, leaves an error of about its square."""


@compiled
def above(z: float) -> float:
    """P(N(0, 1) > z)."""
    return 0.5 * math.erfc(z * _ROOT_HALF)


@compiled
def shares(loglik: NDArray[np.float64], log_weight: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Writes the posterior weights of the grid points into `weight`; gives the log of their sum, the evidence."""
    top = -np.inf
    for g in range(loglik.size):
        weight[g] = loglik[g] + log_weight[g]
        top = max(top, weight[g])
    total = 0.0
    for g in range(loglik.size):
        weight[g] = math.exp(weight[g] - top)
        total += weight[g]
    for g in range(loglik.size):
        weight[g] /= total
    return top + math.log(total)


@compiled
def mean_of(mean: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """The mean of the mixture."""
    total = 0.0
    for g in range(mean.size):
        total += weight[g] * mean[g]
    return total


@compiled
def outside(
    mean: NDArray[np.float64], sd: NDArray[np.float64], weight: NDArray[np.float64], norm: float, band: float,
) -> float:
    """P(|z - norm| > band)."""
    total = 0.0
    for g in range(mean.size):
        if weight[g] > _NEGLIGIBLE:
            away = mean[g] - norm
            total += weight[g] * (above((band - away) / sd[g]) + above((band + away) / sd[g]))
    return min(total, 1.0)


@compiled
def upper_point(
    mean: NDArray[np.float64], sd: NDArray[np.float64], weight: NDArray[np.float64], turn: float,
) -> float:
    """The z with P(turn · mixture > z) = `TAIL`; `turn` is 1 or -1."""
    lo = np.inf
    hi = -np.inf
    centre = 0.0
    square = 0.0
    narrow = np.inf
    for g in range(mean.size):
        if weight[g] > _NEGLIGIBLE:
            at = turn * mean[g]
            lo = min(lo, at + _Z * sd[g])
            hi = max(hi, at + _Z * sd[g])
            narrow = min(narrow, sd[g])
            centre += weight[g] * at
            square += weight[g] * (at * at + sd[g] * sd[g])
    # The point of the one Gaussian with the same mean and variance is a good start; Newton's steps are quadratic.
    z = min(max(centre + _Z * math.sqrt(max(square - centre * centre, 0.0)), lo), hi)
    for _ in range(_MOST_STEPS):
        tail = 0.0
        density = 0.0
        for g in range(mean.size):
            if weight[g] > _NEGLIGIBLE:
                u = (z - turn * mean[g]) / sd[g]
                tail += weight[g] * above(u)
                density += weight[g] * _DENSITY * math.exp(-0.5 * u * u) / sd[g]
        if tail > TAIL:
            lo = z
        else:
            hi = z
        new = z + (tail - TAIL) / density if density > 0.0 else np.inf
        if not (lo <= new <= hi):
            new = 0.5 * (lo + hi)
        moved = abs(new - z)
        z = new
        if moved <= _CLOSE * narrow or hi - lo <= 1e-14 * (1.0 + abs(z)):
            break
    return z
