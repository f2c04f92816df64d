"""What can be known at most: a filter that is told every true parameter of every relation. How far a model could still go.

Nothing of it is learned, and nothing of the model is in it: the worlds of `evenwicht.simulation.states` as they are written there (drift,
shifts, half-life, wind and gusts), followed on a mesh of levels and of parts that return, week by week. Particles would not do: a level
that hardly moves leaves few of them after three years. The edges of the band lie half-way between two levels of the mesh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from evenwicht.measures.balance import FLOW_BAND, in_threads
from evenwicht.simulation.states import SHAPES, WEEKS_A_YEAR, Shape, States, _level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEP = FLOW_BAND / 3.5
LEVELS = STEP * np.arange(-45, 46)
"""Log-odds, as far as ± 5.2; a level that would go farther stays at the end."""
RETURNING = np.sinh(np.linspace(-4.5, 4.5, 61)) / 9
"""Log-odds, close to one another where it is mostly, as far as ± 5."""
_FAR = 1e6


def true_parameters(world: Shape, relations: int, weeks: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Level (R, T), half-life (R,) and wind (R,) of `portfolio(world, relations, weeks, seed)`: drawn again, in its order."""
    rng = np.random.default_rng(seed)
    slow = _level(world, relations, weeks, rng)
    half_life = world.half_life * np.exp(0.5 * rng.standard_normal(relations))
    return slow, half_life, world.wind * np.exp(0.5 * rng.standard_normal(relations))


def oracle(name: str, states: States, seed: int, threads: int | None = None) -> Floats | None:
    """(2, R) P(the level lies outside the band at the end) and the same of the position, all parameters known.

    None for a shape whose likelihood is not binomial.
    """
    world = SHAPES[name]
    if world.bursty:
        return None
    relations, weeks = states.slow.shape
    slow, half_life, wind = true_parameters(world, relations, weeks, seed)
    if not np.array_equal(slow, states.slow):
        raise AssertionError(f"The parameters of {name} were not those it was drawn with.")
    moves = level_moves(world).astype(np.float32)
    began = sum(part * spread(LEVELS, 0.0, world.spread * times) for part, times in ((1 - world.far, 1.0), (world.far, 5.0)))
    x = LEVELS[:, None] + RETURNING
    soft, away = np.logaddexp(0.0, x).astype(np.float32), np.abs(x) > FLOW_BAND
    x = x.astype(np.float32)
    found = np.empty((2, relations))

    def work(first: int, last: int) -> None:
        for one in range(first, last):
            begin, back = returning_moves(world, 0.5 ** (1.0 / half_life[one]), wind[one])
            mass, back = np.outer(began, begin).astype(np.float32), back.astype(np.float32)
            row = states.offsets[one]
            for week in range(weeks):
                if week:
                    mass = moves @ mass @ back
                if row < states.offsets[one + 1] and states.week[row] == week:
                    told = np.float32(states.a[row]) * x - np.float32(states.n[row]) * soft
                    mass *= np.exp(told - told.max())
                    mass /= mass.sum()
                    row += 1
            mass = mass.astype(np.float64)
            found[:, one] = mass[np.abs(LEVELS) > FLOW_BAND].sum() / mass.sum(), mass[away].sum() / mass.sum()

    in_threads(work, relations, threads)
    return found


def level_moves(world: Shape) -> Floats:
    """(S, S) chances of passing in a week, to a level (row) from a level (column): drift, and now and then a shift."""
    chance = (world.drift / STEP) ** 2 / WEEKS_A_YEAR
    drift = (1 - chance) * np.eye(LEVELS.size) + chance / 2 * (np.eye(LEVELS.size, k=1) + np.eye(LEVELS.size, k=-1))
    drift[0, 0] += chance / 2
    drift[-1, -1] += chance / 2
    shifts = world.shifts / WEEKS_A_YEAR
    jump = np.stack([spread(LEVELS, one, world.shift_size) for one in LEVELS], axis=1)
    return (1 - shifts) * drift + shifts * jump


def returning_moves(world: Shape, rho: float, wind: float) -> tuple[Floats, Floats]:
    """(F,) chances at the start, and (F, F) of passing in a week, from (row) to (column): what is left of it, the wind, perhaps a gust."""
    gusts = world.gusts / WEEKS_A_YEAR
    fresh = wind * np.sqrt(1 - rho * rho)
    passed = [(1 - gusts) * hats(RETURNING, rho * RETURNING, fresh), gusts * hats(RETURNING, rho * RETURNING, np.hypot(fresh, world.gust_size))]
    began = [(1 - gusts) * hats(RETURNING, np.zeros(1), wind)[0], gusts * hats(RETURNING, np.zeros(1), np.hypot(wind, world.gust_size))[0]]
    return sum(began), sum(passed)


def spread(mesh: Floats, mean: float, sd: float) -> Floats:
    """(S,) the chance of the cell of each point of an even mesh under a normal; what lies beyond the mesh goes to its ends."""
    edges = np.concatenate(([-_FAR], (mesh[1:] + mesh[:-1]) / 2, [_FAR]))
    return np.diff(ndtr((edges - mean) / max(sd, 1e-9)))


def hats(mesh: Floats, mean: Floats, sd: float) -> Floats:
    """(M, F) a normal shared out over the two points around each value, so that its mean is kept however narrow it is.

    The weight of a point is the second difference of E max(X - point, 0) over the mesh.
    """
    z = (mean[:, None] - mesh) / sd
    above = sd * (z * ndtr(z) + np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi))  # E max(X - point, 0)
    slope = np.diff(above, axis=1) / np.diff(mesh)
    whole = np.concatenate((np.full((mean.size, 1), -1.0), slope, np.zeros((mean.size, 1))), axis=1)
    return np.clip(np.diff(whole, axis=1), 0.0, None)
