"""Portfolios of weekly observations with known truth: the seven shapes on which the error rates are measured.

A shape is a world: how often a relation is heard, how often its level shifts, how often a gust comes. Per relation the
half-life of return, the background wind and the rate of events are drawn anew, so that no filter knows them. Log-odds
throughout, > 0 where A gives more; weeks count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEEKS_A_YEAR = 52
MOST_A_WEEK = 200
MOST_COMMITMENTS = 10
"""Of commitments that fall due in one week of the simulation."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One world.

    events         mean number of events a week; a relation's own mean is Gamma(2) around it
    shifts, gusts  a year; a shift stays and has size N(0, shift_size²), a gust has size N(0, gust_size²) and decays
    spread         standard deviation of the level at the start
    far            share of relations whose spread at the start is five times as large
    drift          of the level, log-odds per root year
    wind           median over relations of the stationary spread of the background
    half_life      weeks, median over relations of the half-life of return
    bursty         events come in threads of one giver, of geometric length with mean 4, their words log-normal
    """

    events: float = 6.0
    shifts: float = 0.25
    gusts: float = 1.0
    spread: float = 0.5
    far: float = 0.0
    drift: float = 0.05
    wind: float = 0.45
    half_life: float = 3.0
    shift_size: float = 0.85
    gust_size: float = 1.2
    bursty: bool = False


SHAPES = MappingProxyType({
    "mixed": Shape(),
    "thin": Shape(events=0.5),
    "gusty": Shape(shifts=0.05, gusts=4.0, spread=0.3),
    "shifty": Shape(shifts=1.0, gusts=0.5),
    "quiet": Shape(shifts=0.0, spread=0.08, drift=0.0),
    "bursty": Shape(bursty=True),
    "usual": Shape(events=4.0, shifts=0.05, gusts=0.7, spread=0.18, far=0.2),
})
"""The shapes of the published accuracy table, by name."""


CALM = Shape(shifts=0.0, spread=0.1, gusts=0.3, wind=0.25)
"""Relations near balance in a light wind: where it is measured how well a single shift is dated.

Lighter than that of the shapes, on purpose: in their wind (0.45, a gust a year) a shift of 1.0 is dated to 4 weeks instead
of 2 in the median, and 75 % instead of 86 % lie within 13 weeks.
"""


@dataclass(frozen=True)
class States:
    """What was observed and what was true: R relations, T weeks, N filled rows.

    offsets (R+1,), week (N,) int64 and a, n (N,) float64 as the kernel takes them, without dispersion
    slow, fast (R, T) float64: the truth, week by week
    """

    offsets: NDArray[np.int64]
    week: NDArray[np.int64]
    a: NDArray[np.float64]
    n: NDArray[np.float64]
    slow: NDArray[np.float64]
    fast: NDArray[np.float64]

    @property
    def x(self) -> NDArray[np.float64]:
        """(R, T) the true log-odds of A's share."""
        return self.slow + self.fast

    def structural(self, band: float) -> NDArray[np.bool_]:
        """(R,) whether the level lies outside the band at the end."""
        return np.abs(self.slow[:, -1]) > band


def portfolio(shape: Shape | str, relations: int, weeks: int, seed: int) -> States:
    """A portfolio of one shape, given by name or in full; the same seed gives the same portfolio."""
    world = SHAPES[shape] if isinstance(shape, str) else shape
    rng = np.random.default_rng(seed)
    return _observed(world, *paths(world, relations, weeks, rng), rng)


def paths(world: Shape, relations: int, weeks: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The level and what returns, (R, T) each: half-life and wind are a relation's own."""
    slow = _level(world, relations, weeks, rng)
    half_life = world.half_life * np.exp(0.5 * rng.standard_normal(relations))
    wind = world.wind * np.exp(0.5 * rng.standard_normal(relations))
    return slow, _returning(half_life, wind, _gusts(world, relations, weeks, rng), rng)


def single_shifts(
    relations: int, weeks: int, seed: int, *, size: float = 1.0, world: Shape = CALM,
) -> tuple[States, NDArray[np.int64]]:
    """Relations near balance whose level shifts once by ±`size`, and the week in which it did (R,).

    The shift comes in the middle half of the time; it is the only one, whatever `world` says of shifts.
    """
    rng = np.random.default_rng(seed)
    world = replace(world, shifts=0.0)
    at = rng.integers(weeks // 4, 3 * weeks // 4, relations)
    sign = rng.choice((-1.0, 1.0), relations)
    slow, fast = paths(world, relations, weeks, rng)
    slow += np.where(np.arange(weeks) >= at[:, None], size * sign[:, None], 0.0)
    return _observed(world, slow, fast, rng), at


def commitments(relations: int, weeks: int, seed: int, *, world: Shape | None = None) -> States:
    """Deferral observations: n = 1 per commitment, y = 1/2 ± half of how much one side waited for the other.

    Between one commitment in eight weeks and four a week fall due (a relation's own rate, log-uniform). y is Beta around sigma(x), with a third of the commitments
    met exactly as agreed where the relation lies in balance, and fewer the farther it is from it.
    """
    shape = world or Shape(shifts=0.1, gusts=1.5, spread=0.15, far=0.2, wind=0.25, half_life=5.0)
    rng = np.random.default_rng(seed)
    slow = _level(shape, relations, weeks, rng)
    half_life = shape.half_life * np.exp(0.5 * rng.standard_normal(relations))
    wind = shape.wind * np.exp(0.5 * rng.standard_normal(relations))
    fast = _returning(half_life, wind, _gusts(shape, relations, weeks, rng), rng)
    x = slow + fast
    rate = np.exp(rng.uniform(np.log(1 / 8), np.log(4.0), (relations, 1)))
    count = np.minimum(rng.poisson(rate, x.shape), MOST_COMMITMENTS)
    total = np.zeros_like(x)
    for k in range(MOST_COMMITMENTS):
        share = 1.0 / (1.0 + np.exp(-x))
        met = rng.random(x.shape) < np.exp(-np.abs(x)) / 3
        waited = rng.beta(4.0 * share, 4.0 * (1.0 - share))
        total += np.where(count > k, np.where(met, 0.5, waited), 0.0)
    return _rows(slow, fast, total, count.astype(np.float64))


def _level(world: Shape, relations: int, weeks: int, rng: np.random.Generator) -> NDArray[np.float64]:
    spread = world.spread * np.where(rng.random(relations) < world.far, 5.0, 1.0)
    move = world.drift / np.sqrt(WEEKS_A_YEAR) * rng.standard_normal((relations, weeks))
    move += _jumps(world.shifts, world.shift_size, (relations, weeks), rng)
    move[:, 0] = spread * rng.standard_normal(relations)
    return np.cumsum(move, axis=1)


def _gusts(world: Shape, relations: int, weeks: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return _jumps(world.gusts, world.gust_size, (relations, weeks), rng)


def _jumps(a_year: float, size: float, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    comes = rng.random(shape) < a_year / WEEKS_A_YEAR
    return np.where(comes, size * rng.standard_normal(shape), 0.0)


def _returning(
    half_life: NDArray[np.float64], wind: NDArray[np.float64], gusts: NDArray[np.float64], rng: np.random.Generator,
) -> NDArray[np.float64]:
    rho = 0.5 ** (1.0 / half_life)
    noise = rng.standard_normal(gusts.shape)
    fast = np.empty_like(gusts)
    now = wind * noise[:, 0] + gusts[:, 0]
    fast[:, 0] = now
    for week in range(1, gusts.shape[1]):
        now = rho * now + wind * np.sqrt(1.0 - rho * rho) * noise[:, week] + gusts[:, week]
        fast[:, week] = now
    return fast


def _observed(
    world: Shape, slow: NDArray[np.float64], fast: NDArray[np.float64], rng: np.random.Generator,
) -> States:
    share = 1.0 / (1.0 + np.exp(-(slow + fast)))
    rate = world.events * rng.gamma(2.0, 0.5, (slow.shape[0], 1))
    if world.bursty:
        return _rows(slow, fast, *_threads(share, np.broadcast_to(rate / 4.0, share.shape), rng))
    n = np.minimum(rng.poisson(rate, share.shape), MOST_A_WEEK)
    return _rows(slow, fast, rng.binomial(n, share).astype(np.float64), n.astype(np.float64))


def _threads(
    share: NDArray[np.float64], rate: NDArray[np.float64], rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(a, n) of weeks in which threads are written: A's part of the words, and the effective number of messages."""
    threads = rng.poisson(rate).ravel()
    cell = np.repeat(np.arange(threads.size), threads)
    by_a = rng.random(cell.size) < share.ravel()[cell]
    length = rng.geometric(0.25, cell.size)
    cell, by_a = np.repeat(cell, length), np.repeat(by_a, length)
    words = np.exp(4.0 + rng.standard_normal(cell.size))
    total = np.bincount(cell, words, threads.size)
    squares = np.bincount(cell, words * words, threads.size)
    of_a = np.bincount(cell, words * by_a, threads.size)
    filled = total > 0
    n = np.minimum(np.divide(total * total, squares, out=np.zeros_like(total), where=filled), MOST_A_WEEK)
    y = np.divide(of_a, total, out=np.zeros_like(total), where=filled)
    return (n * y).reshape(share.shape), n.reshape(share.shape)


def _rows(
    slow: NDArray[np.float64], fast: NDArray[np.float64], a: NDArray[np.float64], n: NDArray[np.float64],
) -> States:
    """Leaves the empty weeks out."""
    relation, week = np.nonzero(n > 0)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(relation, minlength=slow.shape[0]))))
    return States(
        offsets.astype(np.int64), week.astype(np.int64), np.minimum(a, n)[relation, week], n[relation, week], slow, fast,
    )
