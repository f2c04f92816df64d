"""The grid: the worlds a relation may live in, and how common each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.errors import WrongCall
from evenwicht.measures.filter import LANES, WEEKS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


_SLACK = 1e-6
"""How far from 1 the weights may sum: they are stored with nine digits."""


@dataclass(frozen=True)
class Grid:
    """Points of (tau, q, h, s), each with its weight; equal in shape, in one order.

    tau     initial spread of slow, log-odds
    q       drift of slow, log-odds per root year
    h       half-life of fast, weeks
    s       stationary spread of fast, log-odds
    weight  prior weight, sums to 1
    """

    tau: tuple[float, ...]
    q: tuple[float, ...]
    h: tuple[float, ...]
    s: tuple[float, ...]
    weight: tuple[float, ...]

    def __post_init__(self) -> None:
        size = len(self.weight)
        if size == 0 or any(len(part) != size for part in (self.tau, self.q, self.h, self.s)):
            raise WrongCall(
                "A grid needs as many values of tau, q, h, s and weight, at least one; there are {sizes}.",
                sizes=[len(part) for part in (self.tau, self.q, self.h, self.s, self.weight)],
            )
        table = np.array((self.tau, self.q, self.h, self.s, self.weight), dtype=np.float64)
        if not np.isfinite(table).all() or (table < 0).any() or (table[[0, 2, 3]] <= 0).any():
            raise WrongCall(
                "A grid point must be finite, with tau, h and s above 0 and q and weight not below 0; this one is "
                "not: tau {tau}, q {q}, h {h}, s {s}, weight {weight}.",
                **dict(zip(("tau", "q", "h", "s", "weight"), _first_bad(table), strict=True)),
            )
        if abs(sum(self.weight) - 1.0) > _SLACK:
            raise WrongCall("The weights of a grid must sum to 1; these sum to {total}.", total=sum(self.weight))

    @classmethod
    def of(cls, points: Sequence[Sequence[float]], weight: Sequence[float] | None = None) -> Grid:
        """A grid of rows (tau, q, h, s); without weights all are equally common. Weights are scaled to sum to 1."""
        shares = [1.0] * len(points) if weight is None else [float(one) for one in weight]
        total = sum(shares)
        columns = list(zip(*points, strict=True)) or [(), (), (), ()]
        tau, q, h, s = (tuple(float(value) for value in column) for column in columns)
        return cls(tau, q, h, s, tuple(share / total for share in shares))

    def __len__(self) -> int:
        return len(self.weight)

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """(4, G) tau^2, q^2/52, h, s^2 as the filter reads them; G padded to whole registers with the last point."""
        tau, q, h, s = (self._padded(part) for part in (self.tau, self.q, self.h, self.s))
        return np.ascontiguousarray(np.array((tau * tau, q * q / WEEKS_A_YEAR, h, s * s)))

    @cached_property
    def log_weight(self) -> NDArray[np.float64]:
        """(G,) log of the weights, -inf for padding and for weight 0."""
        with np.errstate(divide="ignore"):
            logs = np.log(np.array(self.weight, dtype=np.float64))
        return np.concatenate((logs, np.full(-len(self) % LANES, -np.inf)))

    def _padded(self, part: tuple[float, ...]) -> NDArray[np.float64]:
        return np.pad(np.array(part, dtype=np.float64), (0, -len(self) % LANES), mode="edge")


def _first_bad(table: NDArray[np.float64]) -> list[float]:
    bad = ~np.isfinite(table).all(axis=0) | (table < 0).any(axis=0) | (table[[0, 2, 3]] <= 0).any(axis=0)
    return [float(value) for value in table[:, int(np.argmax(bad))]]
