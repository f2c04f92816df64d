"""`ew.balance` beside statsmodels' structural time series on the same series, in one run.

    python -m benchmarks.peers.kernel [--relations 2000] [--beside 40]

The peer is `UnobservedComponents(level="rwalk", autoregressive=1)`: a level that wanders and a part that returns, fitted to
each series by maximum likelihood. It sees the log-odds of the weekly shares as plain numbers, since it knows no counts.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from benchmarks.peers.results import least, peer, put, ratio, seconds, signed, table

from evenwicht.measures.balance import balance
from evenwicht.measures.parameters import ParameterSet

WEEKS = 156


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--relations", type=int, default=2000)
    arguments.add_argument("--beside", type=int, default=40, help="series that the peer fits: it takes a hundred times as long")
    chosen = arguments.parse_args()
    text = measured(chosen.relations, chosen.beside)
    print(text)
    put("kernel", text)


def measured(relations: int, beside: int) -> str:
    a, n = drawn(relations)
    offsets, week = np.arange(relations + 1) * WEEKS, np.tile(np.arange(WEEKS), relations)
    flat = (offsets, week, a.ravel(), n.ravel())
    balance(offsets[:3], week[:2 * WEEKS], *(rows.ravel()[:2 * WEEKS] for rows in (a, n)))
    alone = least(lambda: balance(*flat, threads=1), time.process_time) / relations
    together = least(lambda: balance(*flat, threads=2)) / relations
    series = log_odds(a, n)[:beside]
    theirs, side_by_side = (None, None) if peer("statsmodels.api") is None else (_alone(series), _in_two(series))
    rows = [
        ("one thread, processor time", seconds(alone), seconds(theirs), ratio(alone, theirs)),
        ("two threads, wall clock; the peer in two processes", seconds(together), seconds(side_by_side), ratio(together, side_by_side)),
    ]
    points = len(ParameterSet.shipped().grid("flow"))
    return "\n\n".join((
        "## The kernel beside statsmodels",
        (f"A relation of {WEEKS} filled weeks, its state and both probabilities: ours over a grid of {points} points, of {relations:,} "
        f"relations; the peer's fit and filter, of {beside}. Neither is compiling."),
        table(("what", "Evenwicht", "statsmodels", "ratio"), rows), signed("statsmodels"),
    ))


def drawn(relations: int) -> tuple[np.ndarray, np.ndarray]:
    """(R, T) what A gave and of how much, every week filled: a level that wanders and a part that returns."""
    rng = np.random.default_rng(7)
    slow = rng.normal(0, 0.5, (relations, 1)) + np.cumsum(rng.normal(0, 0.03, (relations, WEEKS)), axis=1)
    fast = np.zeros((relations, WEEKS))
    for one in range(1, WEEKS):
        fast[:, one] = 0.8 * fast[:, one - 1] + rng.normal(0, 0.3, relations)
    n = 1 + rng.poisson(5, (relations, WEEKS))
    return rng.binomial(n, 1 / (1 + np.exp(-slow - fast))).astype(float), n.astype(float)


def log_odds(a: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Of the weekly shares, half an event added to either side."""
    return np.log((a + 0.5) / (n - a + 0.5))


def fit(series: np.ndarray) -> float:
    """The peer on one series; gives its log likelihood."""
    import statsmodels.api as sm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where it does not converge; that is part of what it does
        return float(sm.tsa.UnobservedComponents(series, level="rwalk", autoregressive=1).fit(disp=False).llf)


def _alone(series: np.ndarray) -> float:
    fit(series[0])
    begin = time.process_time()
    for one in series:
        fit(one)
    return (time.process_time() - begin) / len(series)


def _in_two(series: np.ndarray) -> float:
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        list(pool.map(fit, series[:4]))  # both have imported it then
        begin = time.perf_counter()
        list(pool.map(fit, series))
        return (time.perf_counter() - begin) / len(series)


if __name__ == "__main__":
    main()
