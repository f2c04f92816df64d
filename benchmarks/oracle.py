"""What can be known at most: a filter that is told every true parameter of every relation. How far a model could still go.

Nothing of it is learned, and nothing of the model is in it: the worlds of `evenwicht.simulation.states` as they are written
there (drift, shifts, half-life, wind and gusts), followed by particles, each a level and a part that returns. With a
thousand particles a chance is known to about .01, so that what it reaches is the bound to within a few thousandths of AUC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from evenwicht.measures.balance import FLOW_BAND, in_threads
from evenwicht.simulation.states import SHAPES, WEEKS_A_YEAR, Shape, States, _level

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARTICLES = 1000


def true_parameters(world: Shape, relations: int, weeks: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Level (R, T), half-life (R,) and wind (R,) of `portfolio(world, relations, weeks, seed)`: drawn again, in its order."""
    rng = np.random.default_rng(seed)
    slow = _level(world, relations, weeks, rng)
    half_life = world.half_life * np.exp(0.5 * rng.standard_normal(relations))
    return slow, half_life, world.wind * np.exp(0.5 * rng.standard_normal(relations))


def oracle(name: str, states: States, seed: int, particles: int = PARTICLES, threads: int | None = None) -> NDArray[np.float64] | None:
    """(R,) P(the level lies outside the band at the end), all parameters known; None for a shape whose likelihood is not binomial."""
    world = SHAPES[name]
    if world.bursty:
        return None
    relations, weeks = states.slow.shape
    slow, half_life, wind = true_parameters(world, relations, weeks, seed)
    if not np.array_equal(slow, states.slow):
        raise AssertionError(f"The parameters of {name} were not those it was drawn with.")
    rho = 0.5 ** (1.0 / half_life)
    told = np.array((
        world.spread, world.far, world.drift / np.sqrt(WEEKS_A_YEAR), world.shifts / WEEKS_A_YEAR, world.shift_size,
        world.gusts / WEEKS_A_YEAR, world.gust_size, FLOW_BAND,
    ))
    found = np.empty(relations)

    def work(first: int, last: int) -> None:
        _follow(states.offsets, states.week, states.a, states.n, rho, wind, told, weeks, particles, seed, first, last, found)

    in_threads(work, relations, threads)
    return found


@njit(nogil=True)
def _follow(offsets, week, a, n, rho, wind, told, weeks, particles, seed, first, last, found):
    spread, far, drift, shifts, shift_size, gusts, gust_size, band = told
    slow, fast = np.empty(particles), np.empty(particles)
    slow_next, fast_next = np.empty(particles), np.empty(particles)
    weight = np.empty(particles)
    for relation in range(first, last):
        np.random.seed((seed * 1_000_003 + relation) % 2**31)  # noqa: NPY002 - compiled code has no other
        row = offsets[relation]
        fresh = wind[relation] * np.sqrt(1.0 - rho[relation] ** 2)
        weight[:] = 1.0 / particles
        for t in range(weeks):
            for k in range(particles):
                if t == 0:
                    slow[k] = spread * (5.0 if np.random.random() < far else 1.0) * np.random.standard_normal()  # noqa: NPY002
                    fast[k] = wind[relation] * np.random.standard_normal()  # noqa: NPY002
                else:
                    if drift > 0:
                        slow[k] += drift * np.random.standard_normal()  # noqa: NPY002
                    fast[k] = rho[relation] * fast[k] + fresh * np.random.standard_normal()  # noqa: NPY002
                chance = np.random.random()  # noqa: NPY002
                if chance < gusts:
                    fast[k] += gust_size * np.random.standard_normal()  # noqa: NPY002
                elif chance > 1.0 - shifts and t > 0:
                    slow[k] += shift_size * np.random.standard_normal()  # noqa: NPY002
            if row == offsets[relation + 1] or week[row] != t:
                continue
            # the weight of every particle by the binomial, from its largest; then, where few are left, drawn anew, evenly spread
            top = -np.inf
            for k in range(particles):
                x = slow[k] + fast[k]
                slow_next[k] = a[row] * x - n[row] * (max(x, 0.0) + np.log1p(np.exp(-abs(x))))
                top = max(top, slow_next[k])
            total = 0.0
            for k in range(particles):
                weight[k] *= np.exp(slow_next[k] - top)
                total += weight[k]
            squares = 0.0
            for k in range(particles):
                weight[k] /= total
                squares += weight[k] ** 2
            row += 1
            if squares * particles > 2.0:
                at, passed = 0, weight[0]
                begin = np.random.random()  # noqa: NPY002
                for k in range(particles):
                    while passed < (begin + k) / particles and at < particles - 1:
                        at += 1
                        passed += weight[at]
                    slow_next[k], fast_next[k] = slow[at], fast[at]
                slow, slow_next = slow_next, slow
                fast, fast_next = fast_next, fast
                weight[:] = 1.0 / particles
        outside = 0.0
        for k in range(particles):
            if abs(slow[k]) > band:
                outside += weight[k]
        found[relation] = outside
