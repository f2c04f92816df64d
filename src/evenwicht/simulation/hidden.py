"""The hidden truth of a simulated portfolio: per axis the path of every relation, and what happens around it.

A is our side, in every relation. Log-odds throughout, > 0 where A gives more of the axis; arrays are (R, T), weeks from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.simulation.states import WEEKS_A_YEAR, Shape, paths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evenwicht.simulation.worlds import World

FLOWS = ("words", "initiative")
DEFERRALS = ("response", "money", "promises")
GIVES_MORE = {"words": 1.0, "initiative": -1.0, "response": -1.0, "money": -1.0, "promises": -1.0}
"""Sign of the log-odds on each axis when A is king: on words a king gives more, on the others it receives."""

PATIENCE = 0.3
"""Mean g of a side that lets wait as long as the other does."""

_CALMER = 0.5
"""Agreed days bind more than habits: levels and their moves on deferral axes are this much smaller."""

_KING = 1.2
"""How far a king stands from equality on every axis, in log-odds."""


@dataclass(frozen=True)
class Hidden:
    """What nobody sees.

    slow, fast   axis → (R, T): the level, and what returns. For `response` and `promises` this is the
                 tendency to let wait, for `money` to pay late; the share that follows from it is in `truth`
    alive        (R, T): whether anything happens in that week at all; stopped (R,): in which week it fell silent for good, or T
    contacts     (R, T, 2) int: which person stands on A's and B's side
    pace         (R, T): expected conversations, papers scaled alike
    seller       (R,): 0 = A sells, 1 = B sells, 2 = both
    king         (R,): 1 = A is king on every axis, -1 = B is, 0 = nobody by design
    """

    slow: dict[str, NDArray[np.float64]]
    fast: dict[str, NDArray[np.float64]]
    alive: NDArray[np.bool_]
    stopped: NDArray[np.int64]
    contacts: NDArray[np.int64]
    pace: NDArray[np.float64]
    seller: NDArray[np.int64]
    king: NDArray[np.int64]


def hidden(world: World, relations: int, weeks: int, rng: np.random.Generator) -> Hidden:
    """Draw the truth of a whole portfolio."""
    king = rng.choice((1, -1), relations) * (rng.random(relations) < world.kings)
    slow, fast = {}, {}
    for axis in (*FLOWS, *DEFERRALS):
        shape = world.shape if axis in FLOWS else _calmer(world.shape)
        slow[axis], fast[axis] = paths(shape, relations, weeks, rng)
        slow[axis] += _KING * GIVES_MORE[axis] * king[:, None]
    stopped = np.where(rng.random(relations) < 1 - np.exp(-world.stops * weeks / WEEKS_A_YEAR),
                       rng.integers(0, max(weeks, 1), relations), weeks)
    alive = ~_spells(world.silences, relations, weeks, rng) & (np.arange(weeks) < stopped[:, None])
    changes = rng.random((relations, weeks, 2)) < world.contact_changes / WEEKS_A_YEAR
    season = 1 + world.seasons * np.cos(2 * np.pi * (np.arange(weeks) - rng.integers(0, 52, (relations, 1))) / WEEKS_A_YEAR)
    pace = world.shape.events * rng.gamma(2.0, 0.5, (relations, 1)) * season * alive
    return Hidden(slow, fast, alive, stopped, np.cumsum(changes, axis=1), pace,
                  rng.choice((0, 1, 2), relations, p=(0.55, 0.3, 0.15)), king)


def _calmer(shape: Shape) -> Shape:
    return replace(shape, spread=shape.spread * _CALMER, shift_size=shape.shift_size * _CALMER, drift=shape.drift * _CALMER,
                   gust_size=shape.gust_size * _CALMER, wind=shape.wind * _CALMER)


def _spells(a_year: float, relations: int, weeks: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """(R, T) whether both sides are away."""
    away = np.zeros((relations, weeks), bool)
    begins, length = rng.random((relations, weeks)) < a_year / WEEKS_A_YEAR, rng.integers(2, 6, (relations, weeks))
    for back in range(5):
        reach = begins & (length > back)
        away[:, back:] |= reach[:, :weeks - back]
    return away


def logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of A at log-odds x."""
    return 1.0 / (1.0 + np.exp(-x))


def logit(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of a share of A."""
    return np.log(p) - np.log1p(-p)


def patience(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean g of A when A waits, and of B when B waits, at a tendency x."""
    return PATIENCE * 2 * logistic(x), PATIENCE * 2 * logistic(-x)


def waited_share(x: NDArray[np.float64], asks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of A's expected share of the waiting, where A is the one who waits with probability `asks`."""
    of_a, of_b = patience(x)
    return logit(0.5 + (asks * of_a - (1 - asks) * of_b) / 2)


def on_the_day(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability that an invoice is paid on the very day that was agreed, at a tendency x."""
    return np.exp(-np.abs(x)) / 3


def credit_share(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of A's expected share of the credit."""
    agreed = on_the_day(x)
    return logit(agreed / 2 + (1 - agreed) * logistic(x))


def truth(told: Hidden) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Axis → (slow, now), each (R, T): the log-odds that a faultless observer would find, of the level and of the week."""
    found = {axis: (told.slow[axis], told.slow[axis] + told.fast[axis]) for axis in FLOWS}
    opens, opens_now = (logistic(x) for x in found["initiative"])
    level, now = told.slow["response"], told.slow["response"] + told.fast["response"]
    found["response"] = waited_share(level, opens), waited_share(now, opens_now)
    found["money"] = credit_share(told.slow["money"]), credit_share(told.slow["money"] + told.fast["money"])
    level, now = told.slow["promises"], told.slow["promises"] + told.fast["promises"]
    waits = promises_to_a(told.seller)[:, None]
    found["promises"] = waited_share(level, waits), waited_share(now, waits)
    return found


def promises_to_a(seller: NDArray[np.int64]) -> NDArray[np.float64]:
    """(R,) part of all deliveries and promises that are made to A: deliveries come from the seller, as many promises from both."""
    return (np.choose(seller, (0.0, 1.0, 0.5)) + 0.5) / 2
