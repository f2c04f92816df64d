"""Learning a parameter set: how common each point of the grid is, and how much an observation of an axis is worth.

The weights of the grid by expectation-maximisation over relations (each relation lives in one point); between rounds
the dispersion of each axis, so that standardised innovations have variance one. Both are pooled: a single relation
has too few weeks to tell.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.errors import WrongCall
from evenwicht.measures import filter as kernel
from evenwicht.measures.balance import final_states, observations
from evenwicht.measures.grid import Grid
from evenwicht.measures.parameters import DISPERSION_LIMITS, ParameterSet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from evenwicht.measures.parameters import Family

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

STEPS = 60
ROUNDS = 4
MOST_A_WEEK = 200.0
MOST_POINTS = 8
"""Grid points that stay: one block. With 16 no AUC of the accuracy table was more than .007 better, at twice the time."""

LEAST_RELATIONS = 200
LEAST_EVENTS = 20
MOST_RELATIONS = 20_000


@dataclass(frozen=True)
class Rows:
    """The observations of one axis over all relations, as the kernel takes them but without dispersion.

    offsets (R+1,), week, a, n (N,); `importance` scales how much one relation counts in the learning
    """

    offsets: Integers
    week: Integers
    a: Floats
    n: Floats
    importance: float = 1.0

    def scaled(self, c: float) -> tuple[Integers, Integers, Floats, Floats]:
        """With the dispersion, and the cap of 200 a week, as an axis hands them to the filter."""
        n = np.minimum(self.n * c, MOST_A_WEEK)
        share = np.divide(self.a, self.n, out=np.zeros_like(n), where=self.n > 0)
        return self.offsets, self.week, share * n, n

    def taken(self, chosen: NDArray[np.int64]) -> Rows:
        """Only these relations."""
        size = np.diff(self.offsets)[chosen]
        offsets = np.concatenate(([0], np.cumsum(size)))
        row = np.repeat(self.offsets[:-1][chosen] - offsets[:-1], size) + np.arange(offsets[-1])
        return replace(self, offsets=offsets, week=self.week[row], a=self.a[row], n=self.n[row])


def learn(
    id: str, note: str, axes: Mapping[Family, Mapping[str, Rows]],  # noqa: A002 - the name of the set
    start: ParameterSet | None = None,
) -> ParameterSet:
    """A private set from one's own portfolio.

    axes    family → axis → its rows; a family that is not there, or has fewer than 200 relations with 20 events, keeps
            the grid and the dispersions of `start`
    start   None = the shipped set, whose points are kept and only weighed anew

    Raises `WrongCall` when no family has enough.
    """
    base = start or ParameterSet.shipped()
    grids, dispersions = dict(base.grids), dict(base.dispersions)
    learned = False
    for family, members in axes.items():
        enough = {axis: _enough(rows) for axis, rows in members.items()}
        if sum(rows.offsets.size - 1 for rows in enough.values()) < LEAST_RELATIONS:
            continue
        usable = {axis: rows for axis, rows in enough.items() if rows.offsets.size > 1}
        began = {axis: base.dispersion(axis) for axis in usable}
        grids[family], found = learn_family(usable, base.grid(family), began)
        dispersions.update(found)
        learned = True
    if not learned:
        raise WrongCall(
            "Learning needs at least {relations} relations with {events} observations on the axes of one family. "
            "Leave --learn out and use the shipped set.", relations=LEAST_RELATIONS, events=LEAST_EVENTS,
        )
    return ParameterSet(id, note, grids, dispersions)


def learn_family(
    axes: Mapping[str, Rows], grid: Grid, dispersions: Mapping[str, float], *,
    rounds: int = ROUNDS, steps: int = STEPS, even: float = 0.0, most: int | None = None,
) -> tuple[Grid, dict[str, float]]:
    """Grid weights shared by the axes of one family, and the dispersion of each axis; `rounds` times one after the other.

    `grid` gives the points and where the weights start; `even` is handed to `weights`; at the end at most `most` points
    stay (None = all). A part of the input need not be an axis: a data set or a simulated shape will do.
    """
    names = sorted(axes)
    c = {name: dispersions[name] for name in names}
    found = grid
    for turn in range(rounds):
        states = {name: _states(axes[name], c[name], found) for name in names}
        loglik = np.concatenate([_loglik(states[name][0], len(found)) for name in names])
        importance = np.concatenate([np.full(axes[name].offsets.size - 1, axes[name].importance) for name in names])
        found = replace(found, weight=tuple(weights(loglik, np.array(found.weight), importance, steps, even).tolist()))
        if turn == rounds - 1 and most is not None:
            found = thinned(found, loglik, importance, most, steps, even)
        if turn < rounds - 1:
            c = {name: dispersion(c[name], states[name][0], states[name][1]) for name in names}
    return found, c


def weights(loglik: Floats, start: Floats, importance: Floats, steps: int = STEPS, even: float = 0.0) -> Floats:
    """EM for the weights of a mixture: `loglik` (R, G) per relation and point, `start` (G,), `importance` (R,).

    `even` mixes so much of equal weights into every step (a Dirichlet prior): a set that must serve portfolios it has
    not seen keeps points that few of the relations it was learned on needed.
    """
    finite = np.isfinite(loglik).all(axis=1)
    relative = np.exp(loglik[finite] - loglik[finite].max(axis=1, keepdims=True))
    each = importance[finite] / importance[finite].sum()
    weight = start / start.sum()
    for _ in range(steps):
        joint = relative * weight
        weight = (each / joint.sum(axis=1)) @ joint + even / weight.size
        weight /= weight.sum()
    return np.asarray(weight)


def dispersion(c: float, final: Floats, weight: Floats) -> float:
    """The next dispersion of an axis: c over the mean squared standardised innovation, within its limits.

    final (R, FINAL, 3 G) and weight (R, 3 G) as `final_states` gives them, filtered with c
    """
    lowest, highest = DISPERSION_LIMITS
    seen = float(final[:, kernel.SEEN, 0].sum())
    squared = float((weight * final[:, kernel.SURPRISE]).sum())
    if seen == 0 or not np.isfinite(squared):
        return c
    if squared <= 0:
        return highest
    return float(np.clip(c * seen / squared, lowest, highest))


def thinned(
    grid: Grid, loglik: Floats, importance: Floats, most: int = MOST_POINTS, steps: int = STEPS, even: float = 0.0,
) -> Grid:
    """At most `most` points: again and again the lightest go, a sixth of the surplus at a time, and the rest are weighed anew.

    All at once would not do: of two points that are alike, each has half of the weight that the other would take over.
    """
    kept, weight = np.arange(len(grid)), np.array(grid.weight)
    while kept.size > most:
        stay = kept.size - max(1, (kept.size - most) // 6)
        place = np.sort(np.argsort(-weight, kind="stable")[:stay])
        kept = kept[place]
        weight = weights(loglik[:, kept], weight[place], importance, steps, even)
    points = list(zip(grid.tau, grid.q, grid.h, grid.s, grid.jumps, strict=True))
    return Grid.of([points[one] for one in kept], weight.tolist())


def sampled(pairs: Sequence[tuple[str, str]], most: int = MOST_RELATIONS) -> NDArray[np.int64]:
    """Which relations to learn from, ascending: all, or the `most` with the lowest hash of (a, b), whatever their order."""
    if len(pairs) <= most:
        return np.arange(len(pairs))
    keys = [hashlib.sha256("\n".join(pair).encode()).digest() for pair in pairs]
    return np.array(sorted(sorted(range(len(pairs)), key=keys.__getitem__)[:most]), dtype=np.int64)


def _states(rows: Rows, c: float, grid: Grid) -> tuple[Floats, Floats]:
    final, weight, _ = final_states(observations(*rows.scaled(c)), grid)
    return final, weight


def _loglik(final: Floats, size: int) -> Floats:
    """(R, G) the log likelihood of each relation under each point, settled or not."""
    lanes = final[:, kernel.LOGLIK]
    sides = lanes.reshape(lanes.shape[0], kernel.SIDES, lanes.shape[1] // kernel.SIDES)[:, :, :size]
    return np.asarray(np.logaddexp.reduce(sides, axis=1))


def _enough(rows: Rows) -> Rows:
    events = np.add.reduceat(np.append(rows.n, 0.0), rows.offsets[:-1]) if rows.offsets.size > 1 else np.zeros(0)
    events = np.where(np.diff(rows.offsets) > 0, events, 0.0)
    return rows.taken(np.flatnonzero(events >= LEAST_EVENTS))
