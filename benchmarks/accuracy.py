"""How often the verdicts are right on the seven simulated shapes, beside an oracle and the simple opponents: the tables, as Markdown.

`python -m benchmarks.accuracy_book` calls this and puts the tables on the page.

Structural in truth: the level lies outside ±ln 1.5 at the end; temporary: the position does, and the level does not. The opponents get
the same rows: a Beta count with forgetting (half-life 20 weeks, the best one in hindsight), and the plain share over the last 13, 26 or
52 weeks. *Learned* is what `assess --learn` does: weights and dispersion from the portfolio itself, beginning with the shipped ones.

The model and the shipped set were shaped by looking at tables of seeds 7 and 501. What they do on portfolios they were not
shaped on is what another seed says, 211 for instance: quote that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.oracle import oracle
from scipy import stats

from evenwicht.measures import filter as kernel
from evenwicht.measures.balance import FLOW_BAND, balance, final_states, observations
from evenwicht.measures.forecast import expected_back
from evenwicht.measures.learn import Rows, learn_family
from evenwicht.measures.since import since
from evenwicht.measures.verdict import SURE, axis_verdicts, rounded
from evenwicht.simulation.states import SHAPES, States, portfolio, single_shifts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from evenwicht.measures.grid import Grid
    from evenwicht.measures.parameters import ParameterSet

WEEKS = 156
AHEAD = 104
BETA_HALF_LIFE = 20.0
WINDOWS = (13, 26, 52)
BINS = 6
FEWEST_IN_BIN = 20
CODES = ("structural", "undecided", "temporary", "balanced", "too_little_data")
TRUTHS = ("structural", "temporary", "balanced")
SETS = ("shipped", "learned")
GUSTY = ("usual", "gusty", "quiet")
MORE_GUSTS = 4
"""So many times as many relations where a return is foreseen, for few are called temporary."""


@dataclass(frozen=True)
class Set:
    """One set's answers on one portfolio: chances, intervals hit, and the code of each relation."""

    p: NDArray[np.float64]
    covers_x: float
    covers_slow: float
    code: NDArray[np.str_]


@dataclass(frozen=True)
class World:
    """One shape: the truth, what both sets say of it, and the opponents' scores."""

    truth: NDArray[np.bool_]
    state: NDArray[np.int64]
    sets: Mapping[str, Set]
    beta: NDArray[np.float64]
    windows: tuple[NDArray[np.float64], ...]
    oracle: NDArray[np.float64] | None  # (2, R) of the level, of the position


@dataclass(frozen=True)
class Dates:
    """How well beginnings are dated, and returns foreseen, by one set; returns per shape as (called, truly out, hits, median error)."""

    flagged: int
    error: float
    within: float
    covers: float
    width: float
    returns: Mapping[str, tuple[int, int, float | None, float | None]]


def world(name: str, given: ParameterSet, relations: int, seed: int) -> World:
    states = portfolio(name, relations, WEEKS, seed)
    rows = Rows(states.offsets, states.week, states.a, states.n)
    truth = states.structural(FLOW_BAND)
    return World(
        truth=truth, state=np.select([truth, np.abs(states.x[:, -1]) > FLOW_BAND], [0, 1], default=2),
        sets={kind: judged(states, rows, grid, c) for kind, (grid, c) in both(given, rows, bursty=SHAPES[name].bursty).items()},
        beta=beta_count(states), windows=tuple(window(states, weeks) for weeks in WINDOWS),
        oracle=oracle(name, states, seed) if truth.any() else None,
    )


def both(given: ParameterSet, rows: Rows, *, bursty: bool = False) -> dict[str, tuple[Grid, float]]:
    """Grid and dispersion of the shipped set, and those learned on these rows."""
    grid, c = given.grid("flow"), given.dispersion("words" if bursty else "initiative")
    learned, found = learn_family({"shape": rows}, grid, {"shape": c})
    return {"shipped": (grid, c), "learned": (learned, found["shape"])}


def judged(states: States, rows: Rows, grid: Grid, c: float) -> Set:
    found = balance(*rows.scaled(c), grid, end=WEEKS - 1)
    x, slow = states.x[:, -1], states.slow[:, -1]
    return Set(
        p=found["p_structural"],
        covers_x=float(((found["now_low"] <= x) & (x <= found["now_high"])).mean()),
        covers_slow=float(((found["level_low"] <= slow) & (slow <= found["level_high"])).mean()),
        code=codes(rows, found),
    )


def codes(rows: Rows, found: Mapping[str, NDArray[np.float64]]) -> NDArray[np.str_]:
    """The rule itself. Forced turns and agreed disturbances are not in these worlds, so `no_signal` does not come."""
    size = rows.offsets.size - 1
    relation = np.repeat(np.arange(size), np.diff(rows.offsets))
    none = np.zeros(size, bool)
    return axis_verdicts(
        np.rint(np.bincount(relation, rows.n, size)).astype(np.int64), np.diff(rows.offsets), found["now_high"] - found["now_low"],
        rounded(found["p_structural"]), rounded(found["p_outside"]), forced=none, agreed=none,
    )


def auc_table(worlds: Mapping[str, World]) -> str:
    rows = []
    for name, one in worlds.items():
        known = one.oracle[0] if one.oracle is not None else None
        flagged = known >= SURE if known is not None else None
        rows.append((
            name, f"{one.truth.mean():.2f}", text(area(known, one.truth) if known is not None else None),
            *(text(area(one.sets[kind].p, one.truth)) for kind in SETS), text(area(one.beta, one.truth)),
            " / ".join(text(area(each, one.truth)) for each in one.windows),
            f"{text(mean(one.truth[flagged]), 2)}, {text(mean(flagged[one.truth]), 2)}" if flagged is not None else "–",
        ))
    return table(("shape", "structural in truth", "oracle", "shipped", "learned", "Beta count", "13 / 26 / 52 weeks",
                  "oracle's precision, recall at .9"), rows)


def coverage_table(worlds: Mapping[str, World]) -> str:
    return table(
        ("shape", "position, shipped", "position, learned", "level, shipped", "level, learned"),
        ((name, *(f"{one.sets[kind].covers_x:.3f}" for kind in SETS), *(f"{one.sets[kind].covers_slow:.3f}" for kind in SETS))
         for name, one in worlds.items()),
    )


def calibration_table(worlds: Mapping[str, World]) -> str:
    rows = []
    for name, one in worlds.items():
        bins = dict(reliability(one.sets["shipped"].p, one.truth))
        worst = [calibration(one.sets[kind].p, one.truth) for kind in SETS]
        rows.append((name, *(f"{bins[k][0]:.2f} → {bins[k][1]:.2f} ({bins[k][2]})" if k in bins else "–" for k in range(BINS)),
                     *(f"{gap:.3f} ({excess:.3f})" for gap, excess in worst)))
    edges = tuple(f"{k / BINS:.2f}–{(k + 1) / BINS:.2f}" for k in range(BINS))
    return table(("shape", *edges, "worst gap (beyond chance), shipped", "learned"), rows)


def verdict_table(worlds: Mapping[str, World], kind: str) -> str:
    rows = []
    for name, one in worlds.items():
        code = one.sets[kind].code
        flagged, clear = code == "structural", np.isin(code, ("temporary", "balanced"))
        rows.append((
            name, f"{text(mean(one.truth[flagged]), 2)} of {flagged.sum()}", text(mean(flagged[one.truth]), 2), f"{flagged.mean():.3f}",
            f"{text(mean(one.truth[clear]))} of {clear.sum()}",
            *(f"{(code == each).mean():.{3 if each == 'temporary' else 2}f}" for each in CODES[1:]),
        ))
    return table(("shape", "structural is so", "recall", "flagged", "clear but structural", "undecided", "temporary", "balanced", "too little data"), rows)


def limits_table(worlds: Mapping[str, World]) -> str:
    """What the same rule says of the oracle's chances, beside what it says of ours: nobody can well say more."""
    rows = []
    for name, one in worlds.items():
        if one.oracle is None:
            continue
        none, enough = np.zeros(one.truth.size, bool), np.full(one.truth.size, WEEKS)
        known = axis_verdicts(enough, enough, np.zeros(one.truth.size), *(rounded(each) for each in one.oracle), forced=none, agreed=none)
        ours = one.sets["shipped"].code
        rows.append((name, *(f"{(known == code).mean():.2f} / {(ours == code).mean():.2f}" for code in CODES[:4]),
                     text(mean(one.state[known == "temporary"] == 1), 2), f"{(one.state == 1).mean():.2f}"))
    return table(("oracle / shipped", *CODES[:4], "oracle's temporary is so", "temporary in truth"), rows)


def confusion_table(worlds: Mapping[str, World], kind: str) -> str:
    """What was said against what was so, all shapes together."""
    said = np.concatenate([one.sets[kind].code for one in worlds.values()])
    so = np.concatenate([one.state for one in worlds.values()])
    return table((f"said, of {said.size}", *(f"truly {name}" for name in TRUTHS)), (
        (f"{code} ({(said == code).sum()})", *(text(mean(so[said == code] == k), 2) for k in range(len(TRUTHS)))) for code in CODES
    ))


def ranks(given: ParameterSet, relations: int, seed: int) -> dict[str, tuple[float, float]]:
    """Simulation-based calibration: worlds drawn from the set's own prior; where the truth stands among what is believed.

    Per state: how far the ranks are from even (Kolmogorov), and how often the 90 % interval covers.
    """
    grid = given.grid("flow")
    rng = np.random.default_rng(seed)
    point = rng.choice(len(grid), relations, p=np.array(grid.weight) / sum(grid.weight))
    tau2, drift, half_life, fast2, shift, gust = grid.points[:, point]
    slow, fast = np.sqrt(tau2) * rng.standard_normal(relations), np.sqrt(fast2) * rng.standard_normal(relations)
    rho = 0.5 ** (1 / half_life)
    often = np.stack((np.ones(relations), shift * kernel.SHIFT_WEEKS, gust * kernel.GUST_WEEKS))
    side = (rng.random(relations) > np.cumsum(often / often.sum(axis=0), axis=0)).sum(axis=0)
    weeks = 100
    n = rng.poisson(3.0, (relations, weeks)).astype(np.float64) + 1.0
    a = np.empty_like(n)
    for week in range(weeks):
        if week:
            u = rng.random(relations)
            begins = np.where(u < shift, 1, np.where(u < shift + gust, 2, 0))
            ends = u < np.where(side == 1, kernel.ARRIVES, kernel.SUBSIDES)
            side = np.where(side == 0, begins, np.where(ends, 0, side))
            wild = np.where(side == 1, (kernel.JUMP2 + tau2) / kernel.SHIFT_WEEKS, 0.0)
            blow = np.where(side == 2, kernel.GUST2 / kernel.GUST_WEEKS, 0.0)
            slow = slow + np.sqrt(drift + wild) * rng.standard_normal(relations)
            fast = rho * fast + np.sqrt(fast2 * (1 - rho * rho) + blow) * rng.standard_normal(relations)
        a[:, week] = rng.binomial(n[:, week].astype(int), 1 / (1 + np.exp(-slow - fast)))
    final, weight, _ = final_states(observations(
        np.arange(relations + 1) * weeks, np.tile(np.arange(weeks), relations), a.ravel(), n.ravel(),
    ), grid)
    ranked = {}
    for name, truth, mean_, variance in (
        ("level", slow, final[:, kernel.SLOW], final[:, kernel.SLOW_VAR]),
        ("position", slow + fast, final[:, kernel.SLOW] + final[:, kernel.FAST],
         final[:, kernel.SLOW_VAR] + 2 * final[:, kernel.COVARIANCE] + final[:, kernel.FAST_VAR]),
    ):
        rank = (weight * stats.norm.cdf((truth[:, None] - mean_) / np.sqrt(variance))).sum(axis=1)
        ranked[name] = float(stats.kstest(rank, "uniform").statistic), float(((rank > 0.05) & (rank < 0.95)).mean())
    return ranked


def ranks_table(ranked: Mapping[str, tuple[float, float]], relations: int) -> str:
    return table(("under the set's own prior", "ranks from even", "chance alone, once in twenty", "90 % covers"), (
        (name, f"{away:.3f}", f"{1.36 / relations**0.5:.3f}", f"{covers:.3f}") for name, (away, covers) in ranked.items()
    ))


def dates(given: ParameterSet, relations: int, seed: int) -> dict[str, Dates]:
    """How well a beginning is dated, and a return foreseen, by either set."""
    states, at = single_shifts(relations, WEEKS, seed)
    rows = Rows(states.offsets, states.week, states.a, states.n)
    returned: dict[str, dict[str, tuple[int, int, float | None, float | None]]] = {kind: {} for kind in SETS}
    for name in GUSTY:
        world = portfolio(name, relations * MORE_GUSTS, WEEKS + AHEAD, seed + 1)
        seen = until(world, WEEKS)
        for kind, (grid, c) in both(given, seen).items():
            returned[kind][name] = returns(world, seen, grid, c)
    found = {}
    for kind, (grid, c) in both(given, rows).items():
        arrays = rows.scaled(c)
        told = balance(*arrays, grid, end=WEEKS - 1)
        flagged = codes(rows, told) == "structural"
        side = np.where(flagged, np.sign(told["level"]), 0).astype(np.int8)
        begin, low, high = since(*arrays, grid, structural=flagged, side=side)
        error = np.abs(begin - at)[flagged]
        found[kind] = Dates(
            flagged=int(flagged.sum()), error=float(np.median(error)) if error.size else np.nan, within=float((error <= 13).mean()) if error.size else np.nan,
            covers=float(((low <= at) & (at <= high))[flagged].mean()) if error.size else np.nan,
            width=float(np.median((high - low)[flagged])) if error.size else np.nan, returns=returned[kind],
        )
    return found


def returns(states: States, seen: Rows, grid: Grid, c: float) -> tuple[int, int, float | None, float | None]:
    """Of those called temporary: how many; how many are truly out with the level inside; the interval's hits and the median error there."""
    arrays = seen.scaled(c)
    temporary = codes(seen, balance(*arrays, grid, end=WEEKS - 1)) == "temporary"
    back, low, high = expected_back(*arrays, grid, end=WEEKS - 1, chosen=temporary)
    inside = np.abs(states.x[:, WEEKS:]) <= FLOW_BAND
    true = np.where(inside.any(axis=1), inside.argmax(axis=1) + 1, AHEAD)
    gusts = temporary & (back > 0) & (np.abs(states.x[:, WEEKS - 1]) > FLOW_BAND) & (np.abs(states.slow[:, WEEKS - 1]) <= FLOW_BAND)
    error = np.abs(back - true)[gusts]
    return int(temporary.sum()), int(gusts.sum()), mean(((low <= true) & (true <= high))[gusts]), float(np.median(error)) if error.size else None


def since_table(dated: Mapping[str, Dates]) -> str:
    return table(("single shifts of 1.0", "flagged", "median error", "within 13 weeks", "interval covers", "median width"), (
        (kind, one.flagged, f"{one.error:.0f} weeks", f"{one.within:.2f}", f"{one.covers:.3f}", f"{one.width:.0f} weeks") for kind, one in dated.items()
    ))


def returns_table(dated: Mapping[str, Dates]) -> str:
    return table(("gusts in", "set", "called temporary", "truly so", "interval covers", "median error"), (
        (name, kind, called, out, text(covers), "–" if error is None else f"{error:.0f} weeks")
        for name in GUSTY for kind, one in dated.items() for called, out, covers, error in [one.returns[name]]
    ))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)])


def until(states: States, weeks: int) -> Rows:
    """Only the rows before a week."""
    kept = states.week < weeks
    relation = np.repeat(np.arange(states.offsets.size - 1), np.diff(states.offsets))[kept]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(relation, minlength=states.offsets.size - 1))))
    return Rows(offsets, states.week[kept], states.a[kept], states.n[kept])


def area(score: NDArray[np.float64], truth: NDArray[np.bool_]) -> float | None:
    """AUC; ties count half."""
    yes, no = int(truth.sum()), int((~truth).sum())
    if yes == 0 or no == 0:
        return None
    return float((stats.rankdata(score)[truth].sum() - yes * (yes + 1) / 2) / (yes * no))


def calibration(p: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """The worst gap between said and seen over six bins of equal width, and the worst beyond two standard errors."""
    gap = excess = 0.0
    for _, (said, seen, size) in reliability(p, truth):
        gap = max(gap, abs(said - seen))
        excess = max(excess, abs(said - seen) - 2 * float(np.sqrt(said * (1 - said) / size)))
    return gap, excess


def reliability(p: NDArray[np.float64], truth: NDArray[np.bool_]) -> Iterable[tuple[int, tuple[float, float, int]]]:
    """Per bin of equal width: what was said and what was so, in the mean, and of how many; bins of fewer than 20 are left out."""
    which = np.minimum((p * BINS).astype(int), BINS - 1)
    for one in range(BINS):
        inside = which == one
        if inside.sum() >= FEWEST_IN_BIN:
            yield one, (float(p[inside].mean()), float(truth[inside].mean()), int(inside.sum()))


def beta_count(states: States) -> NDArray[np.float64]:
    """P(share outside 40-60) under a Beta(2, 2) count with forgetting."""
    weight = 0.5 ** ((WEEKS - 1 - states.week) / BETA_HALF_LIFE)
    relation = np.repeat(np.arange(states.offsets.size - 1), np.diff(states.offsets))
    size = states.offsets.size - 1
    a = 2.0 + np.bincount(relation, weight * states.a, size)
    b = 2.0 + np.bincount(relation, weight * (states.n - states.a), size)
    return np.asarray(stats.beta.sf(0.6, a, b) + stats.beta.cdf(0.4, a, b))


def window(states: States, weeks: int) -> NDArray[np.float64]:
    """|share - 1/2| over the last weeks, one event added to either side."""
    weight = (states.week >= WEEKS - weeks).astype(np.float64)
    relation = np.repeat(np.arange(states.offsets.size - 1), np.diff(states.offsets))
    size = states.offsets.size - 1
    a = 1.0 + np.bincount(relation, weight * states.a, size)
    n = 2.0 + np.bincount(relation, weight * states.n, size)
    return np.abs(a / n - 0.5)


def mean(values: NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if values.size else None


def text(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
