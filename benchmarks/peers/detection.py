"""Noticing that a level has shifted: false alarms a relation-year against the delay, beside ruptures, river and a Beta count.

    python -m benchmarks.peers.detection [--relations 200] [--every 4] [--seed 11]

Three worlds in which gusts come and go, each twice: with no shift of the level at all, where every alarm is false, and with
one shift of 1.0 (from 50/50 to 73/27). Every `--every` weeks from week 26 on, each method looks at all there is up to then.
An *alarm* is the look at which its state turns from no to yes. The delay runs from the shift to the first alarm after it, and
is endless where none comes; the median is over all relations. A curve is one method with its own knob turned:

    Evenwicht            p_structural >= knob
    Beta count           P(share outside 40-60) >= knob, forgetting with a half-life of 20 weeks
    KernelCPD            ruptures; penalty = knob · log n (times the variance of the noise for the linear kernel), at least four
                         weeks in a segment. "change": any change point; "outside": the last segment's share lies outside 40-60
    ADWIN                river; delta = knob, on the weekly shares. "change": a drift since the last look; "outside": the mean of
                         its window lies outside 40-60
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from benchmarks.peers.curve import Curve, Panel, picture
from benchmarks.peers.results import peer, put, seconds, signed, table

from evenwicht.measures.balance import FLOW_BAND, balance
from evenwicht.measures.parameters import ParameterSet
from evenwicht.simulation.states import CALM, SHAPES, Shape, States, portfolio, single_shifts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WEEKS, FIRST_LOOK, A_YEAR = 156, 26, 52
HALF_LIFE = 20.0
SHORTEST = 4
WORLDS = {
    "calm": CALM,
    "quiet": SHAPES["quiet"],
    "gusty": replace(SHAPES["gusty"], shifts=0.0, spread=0.1, drift=0.0),
}
"""Near balance in light wind and few gusts; in ordinary wind, a gust a year; in ordinary wind, four gusts a year."""

ALLOWED = (0.05, 0.1, 0.2)
"""False alarms a relation-year at which delays are compared."""

OURS, VERDICT = "Evenwicht", 0.9
"""The knob at which the verdict says structural."""

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "detection.svg"

States3: TypeAlias = np.ndarray
"""(K, L, R) truth: is the method's state "out of balance" with knob k at look l for relation r."""


@dataclass(frozen=True, eq=False)
class Dense:
    """Weeks as a table, (R, T) each, with the weeks at which one looks. Two are the same only if they are one."""

    a: np.ndarray
    n: np.ndarray
    looks: np.ndarray

    @property
    def odds(self) -> np.ndarray:
        return np.log((self.a + 0.5) / (self.n - self.a + 0.5))


@dataclass(frozen=True)
class Method:
    """A way of noticing: its knobs, what they are called, and what it says."""

    name: str
    knobs: tuple[float, ...]
    says: Callable[[States, Dense, tuple[float, ...]], States3]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--relations", type=int, default=200)
    arguments.add_argument("--every", type=int, default=4, help="weeks between looks")
    arguments.add_argument("--seed", type=int, default=11)
    arguments.add_argument("--picture", type=Path, default=PICTURE)
    chosen = arguments.parse_args()
    text = measured(chosen.relations, chosen.every, chosen.seed, chosen.picture)
    print(text)
    put("detection", text)


def measured(relations: int, every: int, seed: int, to: Path | None = None) -> str:
    looks = np.arange(FIRST_LOOK, WEEKS + 1, every)
    rows, panels, spent, verdicts = [], [], {}, []
    for world, shape in WORLDS.items():
        still = portfolio(replace(shape, shifts=0.0), relations, WEEKS, seed)
        moved, at = single_shifts(relations, WEEKS, seed + 1, world=shape)
        still_table, moved_table = dense(still, looks), dense(moved, looks)
        curves = []
        for method in methods():
            begin = time.process_time()
            false = false_alarms(method.says(still, still_table, method.knobs), looks)
            delays = delay(method.says(moved, moved_table, method.knobs), looks, at)
            family = method.name.partition(",")[0]
            per_knob = 1 if method.name in {OURS, "Beta count"} else len(method.knobs)
            spent[family] = spent.get(family, 0.0) + (time.process_time() - begin) / per_knob
            rows.append((world, method.name, *(at_rate(false, delays, rate, method.knobs) for rate in ALLOWED)))
            points = tuple(zip(false.tolist(), np.median(delays, axis=1).tolist(), strict=True))
            used = points[method.knobs.index(VERDICT)] if method.name == OURS else None
            curves.append(Curve(method.name, points, used))
            if used is not None:
                seen = np.isfinite(delays[method.knobs.index(VERDICT)]).mean()
                verdicts.append(f"{world} {used[0]:.3f} a year, noticed {seen:.0%}, median {used[1]:.0f} weeks".replace("inf weeks", "endless"))
        panels.append(Panel(_title(world, shape), tuple(curves)))
    if to is not None:
        to.write_text(picture(panels), "utf-8")
    looked = 2 * len(WORLDS) * relations * len(looks)
    speeds = [(family, seconds(total / looked)) for family, total in spent.items()]
    return "\n\n".join((
        "## Noticing a shift, beside ruptures and river",
        (f"{relations} relations a world with no shift and as many with one shift of 1.0, {WEEKS} weeks, seed {seed}, a look every {every} weeks from week "
        f"{FIRST_LOOK}. Median weeks until the first alarm after the shift, when at most so many false alarms come a relation-year; the knob that does it in brackets; "
        "– where no knob does. Picture: `docs/pictures/detection.svg`."),
        table(("world", "method", *(f"at most {rate:g} a year" for rate in ALLOWED)), rows),
        f"The verdict itself says structural at {VERDICT:g} and is slow on purpose: {'; '.join(verdicts)}.",
        "Processor time of one look at one relation with one knob (for Evenwicht and the Beta count, with all knobs):",
        table(("method", "time"), speeds), signed("ruptures", "river"),
    ))


def _title(world: str, shape: Shape) -> str:
    return f"{world}: {shape.gusts:g} gusts a year, wind {shape.wind:g}".replace("1 gusts", "1 gust")


def methods() -> Iterator[Method]:
    """All there are, with the peers that are installed."""
    chances = (0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
    yield Method(OURS, chances, _evenwicht)
    yield Method("Beta count", chances, _beta)
    if peer("ruptures") is not None:
        linear, rbf = (2.0, 3.0, 4.0, 6.0, 9.0, 14.0, 20.0, 30.0), (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
        for rule in ("change", "outside"):
            yield Method(f"KernelCPD linear, {rule}", linear, _kernel_cpd("linear", rule))
            yield Method(f"KernelCPD rbf, {rule}", rbf, _kernel_cpd("rbf", rule))
    if peer("river.drift") is not None:
        deltas = (0.5, 0.3, 0.1, 0.03, 0.01, 0.002, 0.0002)
        for rule in ("change", "outside"):
            yield Method(f"ADWIN, {rule}", deltas, _adwin(rule))


def dense(states: States, looks: np.ndarray) -> Dense:
    relations = states.offsets.size - 1
    relation = np.repeat(np.arange(relations), np.diff(states.offsets))
    a, n = np.zeros((relations, WEEKS)), np.zeros((relations, WEEKS))
    a[relation, states.week], n[relation, states.week] = states.a, states.n
    return Dense(a, n, looks)


def onsets(state: States3) -> States3:
    """Where a state turns from no to yes."""
    before = np.concatenate([np.zeros_like(state[:, :1]), state[:, :-1]], axis=1)
    return state & ~before


def false_alarms(state: States3, looks: np.ndarray) -> np.ndarray:
    """(K,) a relation-year, of relations in which nothing shifts."""
    years = state.shape[2] * (looks[-1] - looks[0] + looks[1] - looks[0]) / A_YEAR
    return onsets(state).sum(axis=(1, 2)) / years


def delay(state: States3, looks: np.ndarray, at: np.ndarray) -> np.ndarray:
    """(K, R) weeks from the shift to the first alarm at a look that saw it; inf where none comes."""
    alarms = onsets(state) & (looks[:, None] > at)
    first = looks[alarms.argmax(axis=1)] - at
    return np.where(alarms.any(axis=1), first, np.inf)


def at_rate(false: np.ndarray, delays: np.ndarray, rate: float, knobs: tuple[float, ...]) -> str:
    """The shortest median delay of the knobs that keep to a rate of false alarms."""
    median = np.where(false <= rate, np.median(delays, axis=1), np.inf)
    best = int(median.argmin())
    return f"{median[best]:.0f} ({knobs[best]:g})" if np.isfinite(median[best]) else "–"


def _evenwicht(states: States, table_: Dense, knobs: tuple[float, ...]) -> States3:
    shipped = ParameterSet.shipped()
    grid, c = shipped.grid("flow"), shipped.dispersion("initiative")
    relation = np.repeat(np.arange(states.offsets.size - 1), np.diff(states.offsets))
    p = np.empty((len(table_.looks), states.offsets.size - 1))
    for row, look in enumerate(table_.looks):
        kept = states.week < look
        offsets = np.concatenate(([0], np.cumsum(np.bincount(relation[kept], minlength=p.shape[1]))))
        p[row] = balance(offsets, states.week[kept], c * states.a[kept], c * states.n[kept], grid, end=int(look) - 1)["p_structural"]
    return p >= np.array(knobs)[:, None, None]


def _beta(states: States, table_: Dense, knobs: tuple[float, ...]) -> States3:
    from scipy import stats

    del states
    keep = 0.5 ** (1 / HALF_LIFE)
    a = b = np.full(len(table_.a), 0.0)
    seen = []
    for week in range(WEEKS):
        a, b = keep * a + table_.a[:, week], keep * b + table_.n[:, week] - table_.a[:, week]
        if week + 1 in table_.looks:
            seen.append(stats.beta.sf(0.6, 2 + a, 2 + b) + stats.beta.cdf(0.4, 2 + a, 2 + b))
    return np.array(seen) >= np.array(knobs)[:, None, None]


def _kernel_cpd(kernel: str, rule: str) -> Callable[[States, Dense, tuple[float, ...]], States3]:
    return lambda _, table_, knobs: _segmented(kernel, table_, knobs)[rule]


@lru_cache(maxsize=4)
def _segmented(kernel: str, table_: Dense, knobs: tuple[float, ...]) -> dict[str, States3]:
    """What both rules say of the segments."""
    import ruptures

    state = {rule: np.zeros((len(knobs), len(table_.looks), len(table_.a)), bool) for rule in ("change", "outside")}
    odds = table_.odds
    for r in range(len(table_.a)):
        filled = np.flatnonzero(table_.n[r] > 0)
        for row, look in enumerate(table_.looks):
            weeks = filled[filled < look]
            if weeks.size < 2 * SHORTEST:
                continue
            series = odds[r, weeks]
            # from the steps between weeks, so that a shift does not count as noise
            noise = 1.0 if kernel == "rbf" else max(float(np.median(np.abs(np.diff(series))) / 0.9539) ** 2, 1e-3)
            fitted = ruptures.KernelCPD(kernel=kernel, min_size=SHORTEST).fit(series)
            for k, knob in enumerate(knobs):
                ends = fitted.predict(pen=knob * noise * np.log(weeks.size))
                last = weeks[ends[-2]:] if len(ends) > 1 else weeks
                state["change"][k, row, r] = len(ends) > 1
                state["outside"][k, row, r] = _outside(table_.a[r, last].sum(), table_.n[r, last].sum())
    return state


def _adwin(rule: str) -> Callable[[States, Dense, tuple[float, ...]], States3]:
    def says(states: States, table_: Dense, knobs: tuple[float, ...]) -> States3:
        del states
        from river.drift import ADWIN

        state = np.zeros((len(knobs), len(table_.looks), len(table_.a)), bool)
        rows = {int(look): row for row, look in enumerate(table_.looks)}
        for k, knob in enumerate(knobs):
            for r in range(len(table_.a)):
                # by default it looks once in 32 updates, which is more than half a year of weeks
                window, drifted = ADWIN(delta=knob, clock=1, min_window_length=SHORTEST, grace_period=2 * SHORTEST), False
                for week in range(WEEKS):
                    if table_.n[r, week] > 0:
                        window.update(float(table_.a[r, week] / table_.n[r, week]))
                        drifted |= window.drift_detected
                    if week + 1 in rows:
                        state[k, rows[week + 1], r] = drifted if rule == "change" else _outside(window.estimation, 1.0)
                        drifted = False
        return state

    return says


def _outside(a: float, n: float) -> bool:
    share = min(max(a / n, 1e-9), 1 - 1e-9)
    return abs(np.log(share / (1 - share))) > FLOW_BAND


if __name__ == "__main__":
    main()
