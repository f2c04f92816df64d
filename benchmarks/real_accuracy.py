"""How well the next twelve weeks of two public mail sets are foreseen, with the shipped set. Prints a Markdown table.

    python benchmarks/real_accuracy.py --data FOLDER

Per pair with at least 8 mails before a cut, at three cuts: who writes the mails of the next 12 weeks, in log loss per
mail (a coin: .693), and how often the 90 % interval of the share covers. Beside it a Beta count with forgetting, its
half-life chosen in hindsight. The parameter set was learned on these sets too, pooled with simulated shapes: this says
how well one set fits, not how it does on sets it has never seen.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy import stats

import public_sets
from evenwicht.measures import filter as kernel
from evenwicht.measures.balance import final_states, observations
from evenwicht.measures.learn import Rows
from evenwicht.measures.parameters import ParameterSet

AHEAD = 12
LEAST = 8
HALF_LIVES = (4, 8, 16, 32, 64, 1e9)
SCORES = stats.norm.ppf((np.arange(40) + 0.5) / 40)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    data = arguments.parse_args().data
    print("| set | pairs × cuts | mails | coin | Beta count (half-life) | Evenwicht | 90 % of next share covers |")
    print("|---|---|---|---|---|---|---|")
    for name, mails in (("Eu-core", public_sets.eu_core(data)), ("Enron", public_sets.enron(data))):
        for kind, rows in (("mails", mails.rows()), ("initiations", mails.initiations().rows())):
            report(f"{name} {kind}", rows)


def report(name: str, rows: Rows) -> None:
    first, last = rows.week.min(), rows.week.max()
    cuts = [int(first + share * (last - first - AHEAD)) for share in (0.55, 0.75, 0.95)]
    parts = [foreseen(rows, cut) for cut in cuts]
    n, a, share, low, high = (np.concatenate([part[k] for part in parts]) for k in range(5))
    betas = [np.concatenate([part[5][k] for part in parts]) for k in range(len(HALF_LIVES))]
    losses = [loss(a, n, one) for one in betas]
    best = int(np.argmin(losses))
    covers = float(np.mean((low <= a / n) & (a / n <= high)))
    kept = f"{HALF_LIVES[best]:.0f} weeks" if HALF_LIVES[best] < 1e6 else "none"
    print(f"| {name} | {n.size} | {n.sum():.0f} | {np.log(2):.4f} | {losses[best]:.4f} ({kept}) | {loss(a, n, share):.4f} "
          f"| {covers:.3f} |")


def foreseen(rows: Rows, cut: int):
    """For the pairs heard before and after the cut: n, a after it, the expected share, its interval, the Beta counts."""
    pair = np.repeat(np.arange(rows.offsets.size - 1), np.diff(rows.offsets))
    size = rows.offsets.size - 1
    before, after = rows.week < cut, (rows.week >= cut) & (rows.week < cut + AHEAD)
    enough = (np.bincount(pair, rows.n * before, size) >= LEAST) & (np.bincount(pair, rows.n * after, size) > 0)
    kept = before & enough[pair]
    chosen = np.flatnonzero(enough)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(pair[kept], minlength=size)[chosen])))
    grid = ParameterSet.shipped().grid("flow")
    arrays = Rows(offsets, rows.week[kept], rows.a[kept], rows.n[kept]).scaled(1.0)
    observed = observations(*arrays, end=cut + AHEAD // 2)
    final, weight, _ = final_states(observed, grid)
    mean = final[:, kernel.SLOW] + final[:, kernel.FAST]
    spread = np.sqrt(final[:, kernel.SLOW_VAR] + 2 * final[:, kernel.COVARIANCE] + final[:, kernel.FAST_VAR])
    draws = 1 / (1 + np.exp(-(mean[:, :, None] + spread[:, :, None] * SCORES)))
    expected = (weight[:, :, None] * draws).sum(axis=(1, 2)) / SCORES.size
    n = np.bincount(pair, rows.n * after, size)[chosen]
    a = np.bincount(pair, rows.a * after, size)[chosen]
    rng = np.random.default_rng(1)
    cumulative = np.cumsum(weight, axis=1)
    point = (rng.random((chosen.size, 400))[:, :, None] > cumulative[:, None, :]).sum(axis=2).clip(max=weight.shape[1] - 1)
    x = np.take_along_axis(mean, point, 1) + np.take_along_axis(spread, point, 1) * rng.standard_normal(point.shape)
    next_share = rng.binomial(n[:, None].astype(int), 1 / (1 + np.exp(-x))) / n[:, None]
    low, high = np.quantile(next_share, (0.05, 0.95), axis=1)
    betas = []
    for half_life in HALF_LIVES:
        faded = 0.5 ** ((cut - rows.week) / half_life) * before
        of_a = np.bincount(pair, faded * rows.a, size)[chosen]
        betas.append((of_a + 1.0) / (np.bincount(pair, faded * rows.n, size)[chosen] + 2.0))
    return n, a, expected, low, high, betas


def loss(a, n, share) -> float:
    """Log loss per mail."""
    return float(-(a * np.log(share) + (n - a) * np.log1p(-share)).sum() / n.sum())


if __name__ == "__main__":
    main()
