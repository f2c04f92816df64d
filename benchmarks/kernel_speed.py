"""Microseconds per relation and axis of 156 filled weeks through `ew.balance`, on one thread and on all.

    python benchmarks/kernel_speed.py [--relations 2000]

Prints the processor time of one thread, which other work on the machine hardly changes, and the wall-clock time with
all threads, the best of five. Compilation is not counted.
"""

from __future__ import annotations

import argparse
import os
import time

import numpy as np

from evenwicht.measures.balance import balance
from evenwicht.measures.filter import SIDES
from evenwicht.measures.parameters import ParameterSet
from evenwicht.measures.smooth import smoothed

WEEKS = 156


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--relations", type=int, default=2000)
    relations = arguments.parse_args().relations
    rng = np.random.default_rng(7)
    offsets = np.arange(relations + 1) * WEEKS
    week = np.tile(np.arange(WEEKS), relations)
    n = 1.0 + rng.poisson(5, week.size)
    level = np.repeat(rng.normal(0, 0.6, relations), WEEKS)
    a = rng.binomial(n.astype(int), 1 / (1 + np.exp(-level))).astype(float)
    points = len(ParameterSet.shipped().grid("flow"))
    balance(offsets[:3], week[:2 * WEEKS], a[:2 * WEEKS], n[:2 * WEEKS])
    alone = min(_spent(time.process_time, lambda: balance(offsets, week, a, n, threads=1)) for _ in range(5))
    together = min(_spent(time.perf_counter, lambda: balance(offsets, week, a, n)) for _ in range(5))
    print(f"{relations} relations × {WEEKS} filled weeks, {points} grid points of {SIDES} Gaussians")
    print(f"balance, one thread, processor time: {1e6 * alone / relations:.0f} µs a relation, "
          f"{1e9 * alone / relations / WEEKS / points / SIDES:.0f} ns a week and Gaussian")
    print(f"balance, {os.cpu_count()} threads, wall clock: {1e6 * together / relations:.0f} µs a relation")
    some = min(200, relations)
    rows = slice(0, some * WEEKS)
    smoothed(offsets[:2], week[:WEEKS], a[:WEEKS], n[:WEEKS])
    path = _spent(time.process_time, lambda: smoothed(offsets[:some + 1], week[rows], a[rows], n[rows], threads=1))
    print(f"smoothed, one thread, processor time: {1e6 * path / some:.0f} µs a relation")


def _spent(clock, work):
    begin = clock()
    work()
    return clock() - begin


if __name__ == "__main__":
    main()
