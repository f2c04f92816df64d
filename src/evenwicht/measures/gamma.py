"""The regularised lower incomplete gamma function P(s, x), which SciPy has and this package need not depend on."""

from __future__ import annotations

import math

import numpy as np
from numba import vectorize

_STEPS = 500
_TINY = 1e-300
_CLOSE = 1e-14


def lower_one(s: float, x: float) -> float:
    """P(s, x) for s > 0, x >= 0: the chance that a Gamma(s, 1) variable is at most x.

    Series below s + 1, Lentz's continued fraction above (Numerical Recipes §6.2, the usual split); error about 1e-12.
    """
    if x <= 0.0:
        return 0.0
    front = math.exp(-x + s * math.log(x) - math.lgamma(s))
    if x < s + 1.0:
        term = 1.0 / s
        total = term
        k = s
        for _ in range(_STEPS):
            k += 1.0
            term *= x / k
            total += term
            if term < total * _CLOSE:
                break
        return min(1.0, total * front)
    b = x + 1.0 - s
    c = 1.0 / _TINY
    d = 1.0 / b
    h = d
    for i in range(1, _STEPS):
        an = -i * (i - s)
        b += 2.0
        d = an * d + b
        d = _TINY if abs(d) < _TINY else d
        c = b + an / c
        c = _TINY if abs(c) < _TINY else c
        d = 1.0 / d
        step = d * c
        h *= step
        if abs(step - 1.0) < _CLOSE:
            break
    return max(0.0, 1.0 - front * h)


lower = vectorize(["float64(float64, float64)"], cache=True)(lower_one)  # type: ignore[no-untyped-call]
"""`lower_one`, compiled, elementwise."""


def at_most(x: np.ndarray, shape: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """P(a Gamma(shape, rate) variable <= x), elementwise."""
    return np.asarray(lower(shape, rate * x))
