"""Where a relation stands and where it settles: the kernel `ew.balance`, on arrays.

Relation i owns the rows offsets[i]:offsets[i+1]; per row a week, what A gave (a) and of how much (n). Everything is
float64 or int64; n already holds the dispersion of the axis (`ParameterSet.dispersion`) and is capped by the caller.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.errors import WrongCall
from evenwicht.measures import filter as kernel
from evenwicht.measures.compiled import compiled
from evenwicht.measures.grid import Grid
from evenwicht.measures.mixture import mean_of, outside, shares, upper_point
from evenwicht.measures.parameters import ParameterSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

FLOW_BAND = math.log(1.5)
"""ln(60/40): within it neither side has more than six of ten."""

FIGURES = (
    "now", "now_low", "now_high", "level", "level_low", "level_high", "p_outside", "p_structural",
    "half_life_weeks", "loglik",
)

_CHUNK = 128
"""Relations per task of a thread. It cannot change a result: no relation sees another one."""


@dataclass(frozen=True)
class Observations:
    """Checked input: R relations, N rows.

    offsets (R+1,), week (N,), d = a - n/2 (N,), n (N,), end (R,), norm (R,), band (R,); contiguous int64 or float64
    """

    offsets: Integers
    week: Integers
    d: Floats
    n: Floats
    end: Integers
    norm: Floats
    band: Floats

    def __len__(self) -> int:
        return self.offsets.size - 1

    def rows(self, relation: int) -> slice:
        return slice(int(self.offsets[relation]), int(self.offsets[relation + 1]))


def balance(
    offsets: ArrayLike, week: ArrayLike, a: ArrayLike, n: ArrayLike,
    parameters: ParameterSet | Grid | None = None, *,
    norm: ArrayLike = 0.0, band: ArrayLike = FLOW_BAND, end: ArrayLike | None = None, threads: int | None = None,
) -> dict[str, Floats]:
    """The state of every relation, as a mapping of arrays with one entry per relation.

    offsets     (R+1,) integers from 0 to N, not descending
    week        (N,) integers, ascending within a relation (week 0 is the one of Monday 5 January 1970)
    a, n        (N,) what A gave, and the effective count it was given in: 0 <= a <= n; n = 0 asks for a week
    parameters  a set (its grid for flow axes is used) or a grid; None = the shipped set
    norm, band  log-odds, one number or one per relation: the agreed share, and how far from it is still in balance
    end         (R,) or one week at which the state is wanted, not before a last row; None = the week of the last row
    threads     how many to use; None = one per processor. The result is the same to the last bit for any number

    now, now_low, now_high         x at `end`, log-odds > 0 where A gives more, with its 90 % interval
    level, level_low, level_high   the slow part at `end`, to which the relation returns, with its 90 % interval
    p_outside, p_structural        P(|x - norm| > band), P(|level - norm| > band)
    half_life_weeks                posterior mean, on a log scale, of the half-life of return
    loglik                         log evidence of the relation's rows

    Raises `WrongCall` for input that does not fit together.
    """
    observed = observations(offsets, week, a, n, norm=norm, band=band, end=end)
    grid = grid_of(parameters)
    table = np.empty((len(FIGURES), len(observed)), dtype=np.float64)

    def work(first: int, last: int) -> None:
        final = np.empty((last - first, kernel.FINAL, grid.lanes.shape[1]), dtype=np.float64)
        part = slice(first, last)
        kernel.filter_many(
            observed.offsets[first:last + 1], observed.week, observed.d, observed.n, observed.end[part],
            observed.norm[part], grid.points, 0, last - first, final,
        )
        _figures(final, grid.log_weight, grid.lanes[kernel.HALF_LIFE], observed.norm[part], observed.band[part],
                 table[:, part])

    in_threads(work, len(observed), threads)
    return {name: table[k] for k, name in enumerate(FIGURES)}


def final_states(observed: Observations, grid: Grid, threads: int | None = None) -> tuple[Floats, Floats, Floats]:
    """The state at `end` for every grid point, settled, shifting and gusty, their posterior weights and the log evidence.

    Gives (R, FINAL, 3 G), (R, 3 G), (R,); rows of the first are named in `measures.filter`.
    """
    size = grid.lanes.shape[1]
    final = np.empty((len(observed), kernel.FINAL, size), dtype=np.float64)
    weight = np.empty((len(observed), size), dtype=np.float64)
    evidence = np.empty(len(observed), dtype=np.float64)

    def work(first: int, last: int) -> None:
        kernel.filter_many(
            observed.offsets, observed.week, observed.d, observed.n, observed.end, observed.norm, grid.points,
            first, last, final,
        )
        _weigh(final[first:last], grid.log_weight, weight[first:last], evidence[first:last])

    in_threads(work, len(observed), threads)
    return final, weight, evidence


def in_threads(work: Callable[[int, int], None], relations: int, threads: int | None) -> None:
    """Calls `work(first, last)` over all relations in chunks, side by side; `work` must release the GIL to gain."""
    workers = threads if threads is not None else (os.cpu_count() or 1)
    if workers < 1:
        raise WrongCall("The number of threads must be 1 or more, not {threads}.", threads=threads)
    starts = range(0, relations, _CHUNK)
    if workers == 1 or len(starts) < 2:  # noqa: PLR2004 - one chunk needs no second thread
        for first in starts:
            work(first, min(first + _CHUNK, relations))
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(work, first, min(first + _CHUNK, relations)) for first in starts]:
            done.result()


def grid_of(parameters: ParameterSet | Grid | None) -> Grid:
    """The grid meant by what a caller gave."""
    if parameters is None:
        return ParameterSet.shipped().grid("flow")
    if isinstance(parameters, ParameterSet):
        return parameters.grid("flow")
    if isinstance(parameters, Grid):
        return parameters
    raise WrongCall(
        "parameters must be a ParameterSet, one of its grids or None, not {kind}.", kind=type(parameters).__name__,
    )


def observations(
    offsets: ArrayLike, week: ArrayLike, a: ArrayLike, n: ArrayLike, *,
    norm: ArrayLike = 0.0, band: ArrayLike = FLOW_BAND, end: ArrayLike | None = None,
) -> Observations:
    """Checks that the arrays fit together (as `balance` describes them) and brings them into one form."""
    starts, weeks = _integers("offsets", offsets), _integers("week", week)
    given, count = _numbers("a", a), _numbers("n", n)
    if not weeks.size == given.size == count.size:
        raise WrongCall(
            "week, a and n must be equally long; they have {week}, {a} and {n} rows.",
            week=weeks.size, a=given.size, n=count.size,
        )
    if starts.size == 0 or starts[0] != 0 or starts[-1] != weeks.size or (np.diff(starts) < 0).any():
        raise WrongCall(
            "offsets must start at 0, never descend and end at the number of rows, {rows}; they are {offsets}.",
            rows=weeks.size, offsets=_shown(starts),
        )
    relations = starts.size - 1
    step = np.diff(weeks)
    borders = starts[1:-1]
    within = np.ones(step.size, dtype=bool)
    within[borders[(borders > 0) & (borders < weeks.size)] - 1] = False
    wrong = np.flatnonzero(within & (step <= 0))
    if wrong.size:
        row = int(wrong[0])
        raise WrongCall(
            "Weeks must ascend within a relation, one row a week; row {row} has week {week} after week {before}.",
            row=row + 1, week=int(weeks[row + 1]), before=int(weeks[row]),
        )
    # y = 1 times a count that was scaled may end a rounding above it.
    wrong = np.flatnonzero(~((given >= 0) & (given <= count * (1 + 1e-9))))
    if wrong.size:
        row = int(wrong[0])
        raise WrongCall(
            "a must lie between 0 and n; row {row} has a = {a} of n = {n}.",
            row=row, a=float(given[row]), n=float(count[row]),
        )
    norms, bands = _per_relation("norm", norm, relations), _per_relation("band", band, relations)
    if (bands <= 0).any():
        raise WrongCall("band must be above 0; it is {band}.", band=float(bands[bands <= 0][0]))
    return Observations(
        starts, weeks, np.minimum(given, count) - 0.5 * count, count, _ends(starts, weeks, end), norms, bands,
    )


def _ends(starts: Integers, weeks: Integers, end: ArrayLike | None) -> Integers:
    relations = starts.size - 1
    filled = starts[1:] > starts[:-1]
    last = np.zeros(relations, dtype=np.int64)
    last[filled] = weeks[starts[1:][filled] - 1]
    if end is None:
        return last
    wanted = np.asarray(end)
    if wanted.dtype.kind not in "iu" or wanted.shape not in ((), (relations,)):
        raise WrongCall("end must be one whole week, or one for each of the {relations} relations.", relations=relations)
    ends = np.array(np.broadcast_to(wanted, (relations,)), dtype=np.int64)
    early = np.flatnonzero(filled & (ends < last))
    if early.size:
        raise WrongCall(
            "end must not be before the last row; relation {relation} has end {end} and a row in week {last}.",
            relation=int(early[0]), end=int(ends[early[0]]), last=int(last[early[0]]),
        )
    return ends


def _integers(name: str, values: ArrayLike) -> Integers:
    array = np.asarray(values)
    if array.size == 0 and array.ndim == 1:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise WrongCall(
            "{name} must be one row of whole numbers, not {kind} of shape {shape}.",
            name=name, kind=array.dtype.name, shape=array.shape,
        )
    return np.ascontiguousarray(array, dtype=np.int64)


def _numbers(name: str, values: ArrayLike) -> Floats:
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype.kind not in "iufb":
        raise WrongCall(
            "{name} must be one row of numbers, not {kind} of shape {shape}.",
            name=name, kind=array.dtype.name, shape=array.shape,
        )
    numbers = np.ascontiguousarray(array, dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(numbers))
    if bad.size:
        raise WrongCall(
            "{name} must be finite; row {row} is {value}.", name=name, row=int(bad[0]), value=float(numbers[bad[0]]),
        )
    return numbers


def _per_relation(name: str, value: ArrayLike, relations: int) -> Floats:
    array = np.asarray(value)
    if array.dtype.kind not in "iuf" or array.shape not in ((), (relations,)) or not np.isfinite(array).all():
        raise WrongCall(
            "{name} must be one finite number, or one for each of the {relations} relations.",
            name=name, relations=relations,
        )
    return np.array(np.broadcast_to(array, (relations,)), dtype=np.float64)


def _shown(values: Integers) -> str:
    some = ", ".join(str(int(value)) for value in values[:6])
    return f"[{some}{', …' if values.size > 6 else ''}]"  # noqa: PLR2004 - the same six


@compiled
def _weigh(final: Floats, log_weight: Floats, weight: Floats, evidence: Floats) -> None:
    for relation in range(final.shape[0]):
        evidence[relation] = shares(final[relation, kernel.LOGLIK], log_weight, weight[relation])


@compiled
def _figures(
    final: Floats, log_weight: Floats, half_life: Floats, norm: Floats, band: Floats, table: Floats,
) -> None:
    """Fills `table`, (FIGURES, R), from the final states, (R, FINAL, 3 G)."""
    weight = np.empty(log_weight.size, dtype=np.float64)
    log_half_life = np.log(half_life)
    for relation in range(final.shape[0]):
        state = final[relation]
        evidence = shares(state[kernel.LOGLIK], log_weight, weight)
        x = state[kernel.SLOW] + state[kernel.FAST]
        x_sd = np.sqrt(state[kernel.SLOW_VAR] + 2.0 * state[kernel.COVARIANCE] + state[kernel.FAST_VAR])
        level = state[kernel.SLOW]
        level_sd = np.sqrt(state[kernel.SLOW_VAR])
        table[0, relation] = mean_of(x, weight)
        table[1, relation] = -upper_point(x, x_sd, weight, -1.0)
        table[2, relation] = upper_point(x, x_sd, weight, 1.0)
        table[3, relation] = mean_of(level, weight)
        table[4, relation] = -upper_point(level, level_sd, weight, -1.0)
        table[5, relation] = upper_point(level, level_sd, weight, 1.0)
        table[6, relation] = outside(x, x_sd, weight, norm[relation], band[relation])
        table[7, relation] = outside(level, level_sd, weight, norm[relation], band[relation])
        table[8, relation] = math.exp(mean_of(log_half_life, weight))
        table[9, relation] = evidence
