"""The grid: the worlds a relation may live in, and how common each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.errors import WrongCall
from evenwicht.measures.filter import (
    DRIFT,
    FAST2,
    GUST,
    GUST2,
    GUST_WEEKS,
    GUSTS,
    HALF_LIFE,
    JUMP2,
    POINTS,
    SHIFT,
    SHIFT_WEEKS,
    SIDES,
    TAU2,
    WEEKS_A_YEAR,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


MOST_JUMPS = 26.0
"""A year; more often than every second week nothing is ever settled."""
_NAMES = ("tau", "q", "h", "s", "weight", "jumps")
_SLACK = 1e-6
"""How far from 1 the weights may sum: they are stored with nine digits."""


@dataclass(frozen=True)
class Grid:
    """Points of (tau, q, h, s, jumps), each with its weight; equal in shape, in one order.

    tau     initial spread of slow, log-odds
    q       drift of slow, log-odds per root year
    h       half-life of fast, weeks
    s       stationary spread of fast, log-odds
    weight  prior weight, sums to 1
    jumps   times a year that the level shifts; left out: never, and no gusts either
    """

    tau: tuple[float, ...]
    q: tuple[float, ...]
    h: tuple[float, ...]
    s: tuple[float, ...]
    weight: tuple[float, ...]
    jumps: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        size = len(self.weight)
        if not self.jumps:
            object.__setattr__(self, "jumps", (0.0,) * size)
        parts = (self.tau, self.q, self.h, self.s, self.weight, self.jumps)
        if size == 0 or any(len(part) != size for part in parts):
            raise WrongCall(
                "A grid needs as many values of tau, q, h, s, weight and jumps, at least one; there are {sizes}.",
                sizes=[len(part) for part in parts],
            )
        table = np.array(parts, dtype=np.float64)
        if _bad(table).any():
            raise WrongCall(
                "A grid point must be finite, with tau, h and s above 0, q and weight not below 0 and jumps between 0 and "
                "{most} a year; this one is not: tau {tau}, q {q}, h {h}, s {s}, weight {weight}, jumps {jumps}.",
                most=MOST_JUMPS, **dict(zip(_NAMES, table[:, int(np.argmax(_bad(table)))].tolist(), strict=True)),
            )
        if abs(sum(self.weight) - 1.0) > _SLACK:
            raise WrongCall("The weights of a grid must sum to 1; these sum to {total}.", total=sum(self.weight))

    @classmethod
    def of(cls, points: Sequence[Sequence[float]], weight: Sequence[float] | None = None) -> Grid:
        """A grid of rows (tau, q, h, s) or (tau, q, h, s, jumps); without weights all are equally common.

        Weights are scaled to sum to 1.
        """
        shares = [1.0] * len(points) if weight is None else [float(one) for one in weight]
        total = sum(shares)
        columns = list(zip(*points, strict=True)) or [(), (), (), ()]
        tau, q, h, s, *more = (tuple(float(value) for value in column) for column in columns)
        return cls(tau, q, h, s, tuple(share / total for share in shares), more[0] if more else ())

    def __len__(self) -> int:
        return len(self.weight)

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """(6, G) tau^2, q^2/52, h, s^2, chances a week of a shift and of a gust as the filter reads them; G padded to whole
        blocks with the last.
        """
        tau, q, h, s, jumps = (self._padded(part) for part in (self.tau, self.q, self.h, self.s, self.jumps))
        gusts = np.where(jumps > 0, GUSTS, 0.0)
        return np.ascontiguousarray(np.array(
            (tau * tau, q * q / WEEKS_A_YEAR, h, s * s, jumps / WEEKS_A_YEAR, gusts / WEEKS_A_YEAR),
        ))

    @cached_property
    def lanes(self) -> NDArray[np.float64]:
        """(6, 3 G) the points as they stand behind a final state: settled, shifting and gusty.

        The drift and the wind are those of the long run, shifts and gusts in them: what a relation does now is not looked at
        when it is carried ahead.
        """
        points = self.points.copy()
        settled = 1.0 / (1.0 + points[SHIFT] * SHIFT_WEEKS + points[GUST] * GUST_WEEKS)
        points[DRIFT] += settled * points[SHIFT] * (JUMP2 + points[TAU2])
        points[FAST2] += settled * points[GUST] * GUST2 / (1.0 - 0.25 ** (1.0 / points[HALF_LIFE]))
        return np.ascontiguousarray(np.concatenate((points,) * SIDES, axis=1))

    @cached_property
    def log_weight(self) -> NDArray[np.float64]:
        """(3 G,) log of the weights, the same for settled, shifting and gusty; -inf for padding and for weight 0."""
        with np.errstate(divide="ignore"):
            logs = np.log(np.array(self.weight, dtype=np.float64))
        padded = np.concatenate((logs, np.full(-len(self) % POINTS, -np.inf)))
        return np.concatenate((padded,) * SIDES)

    def _padded(self, part: tuple[float, ...]) -> NDArray[np.float64]:
        return np.pad(np.array(part, dtype=np.float64), (0, -len(self) % POINTS), mode="edge")


def _bad(table: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which columns of (6, G) tau, q, h, s, weight, jumps cannot be."""
    wrong: NDArray[np.bool_] = (
        ~np.isfinite(table).all(axis=0) | (table < 0).any(axis=0) | (table[[0, 2, 3]] <= 0).any(axis=0)
        | (table[5] > MOST_JUMPS)
    )
    return wrong
