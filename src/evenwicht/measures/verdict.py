"""The verdict: from chances to words, by the rule of CONTRACT. Pure functions on arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRAVITY = ("structural", "standing_still", "undecided", "temporary", "balanced")
"""From the gravest to the lightest."""

JUDGED = frozenset(GRAVITY) - {"standing_still"}
"""Verdicts of an axis that could be judged."""

FEWEST_OBSERVATIONS, FEWEST_WEEKS, WIDEST = 8, 4, 3.0
SURE, UNLIKELY, LIKELY = 0.9, 0.2, 0.8
TURNS = 0.7
FEWEST_STEPS = 50
"""Steps between successive events from which forced turns are read: at 50 the share is known to about ± .06."""

ALIKE = 0.1
"""Amounts with a smaller coefficient of variation say no more than a count does."""

_DIGITS = 9


def rounded(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances to 1e-9, so that the last bits never decide a verdict."""
    return np.round(chance, _DIGITS)


def axis_verdicts(
    observations: NDArray[np.int64], weeks: NDArray[np.int64], width: NDArray[np.float64],
    p_structural: NDArray[np.float64], p_outside: NDArray[np.float64], *,
    forced: NDArray[np.bool_], agreed: NDArray[np.bool_],
) -> NDArray[np.str_]:
    """One code per relation, for one judged axis.

    observations, weeks   how much there is; width: of the 90 % interval of `now`, log-odds
    p_structural, p_outside   P(|level − norm| > band), P(|x − norm| > band), rounded
    forced                the medium makes both take turns
    agreed                both chose a disturbance that still runs
    """
    p, o = p_structural, p_outside
    few = (observations < FEWEST_OBSERVATIONS) | (weeks < FEWEST_WEEKS) | ~(width <= WIDEST)
    return np.select(
        [few, forced, (p >= SURE) & ~agreed, (p > UNLIKELY) & ~agreed, p > UNLIKELY,
         (p <= UNLIKELY) & (o >= LIKELY)],
        ["too_little_data", "no_signal", "structural", "undecided", "temporary", "temporary"],
        default="balanced",
    )


def turns_forced(
    relation: NDArray[np.int64], by_a: NDArray[np.bool_], amount: NDArray[np.float64], relations: int,
) -> NDArray[np.bool_]:
    """Whether the medium, and not the two, decides who gives: turns are taken, and what is given a turn is always alike.

    relation  index of the relation of each event, ascending, in order of time within it
    by_a      whether a gave;  amount: how much

    The giver changes in more than 70 % of at least 50 steps (CONTRACT), and amounts vary by less than a tenth: where the
    length of what is said is known, taking turns does not hide who has the floor.
    """
    if len(relation) == 0:
        return np.zeros(relations, bool)
    same = relation[1:] == relation[:-1]
    changed = same & (by_a[1:] != by_a[:-1])
    steps = np.bincount(relation[1:][same], minlength=relations)
    changes = np.bincount(relation[1:][changed], minlength=relations)
    count = np.maximum(np.bincount(relation, minlength=relations), 1)
    mean = np.bincount(relation, weights=amount, minlength=relations) / count
    square = np.bincount(relation, weights=amount**2, minlength=relations) / count
    alike = square - mean**2 <= (ALIKE * mean) ** 2
    return (steps >= FEWEST_STEPS) & (changes > TURNS * steps) & alike
