"""How well the next twelve weeks of two public mail sets are foreseen, with the shipped set. Prints a Markdown table.

    python benchmarks/real_accuracy.py --data FOLDER

Per pair with at least 8 mails before a cut, at three cuts (40, 60 and 80 % of all mails written): who writes the mails of
the next 12 weeks, in log loss per mail (a coin: .693), and how often the 90 % interval of the share covers (a share of few
mails takes few values: a place is drawn within the chance of the one that came, or every interval would cover too often).
Beside it a Beta count with forgetting, its half-life chosen in hindsight; the difference with its standard error over pairs.

Then: of a pair of whose mails of the last six weeks (at least 5) three quarters are one side's, whether that side writes at
least .65 of the next 12 weeks. AUC of the expected share, beside the count, the last six weeks and all history. The parameter set was learned on these sets too, pooled with simulated shapes: this says
how well one set fits, not how it does on sets it has never seen.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy import stats

import public_sets
from accuracy import area
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
    print("| set | pairs × cuts | mails | Beta count (half-life) | Evenwicht | better by | 90 % of next share covers |")
    print("|---|---|---|---|---|---|---|")
    sets = (("Eu-core", public_sets.eu_core(data)), ("Enron", public_sets.enron(data)))
    for name, mails in sets:
        for kind, rows in (("mails", mails.rows()), ("initiations", mails.initiations().rows())):
            report(f"{name} {kind}", rows)
    print("\n| does it persist? | imbalances | persist | Evenwicht | Beta count, 20 weeks | last 6 weeks | all history |")
    print("|---|---|---|---|---|---|---|")
    for name, mails in sets:
        persistence(name, mails.rows())


def cuts_of(rows: Rows, shares) -> list[int]:
    """Weeks before which so much of all was written, with 12 weeks that hold something after each."""
    order = np.argsort(rows.week, kind="stable")
    written = np.cumsum(rows.n[order]) / rows.n.sum()
    last = int(rows.week[order][np.searchsorted(written, 0.999)])
    return [min(int(rows.week[order][np.searchsorted(written, share)]), last - AHEAD) for share in shares]


def report(name: str, rows: Rows) -> None:
    parts = [foreseen(rows, cut) for cut in cuts_of(rows, (0.4, 0.6, 0.8))]
    n, a, share, rank = (np.concatenate([part[k] for part in parts]) for k in range(4))
    betas = [np.concatenate([part[4][k] for part in parts]) for k in range(len(HALF_LIVES))]
    losses = [loss(a, n, one) for one in betas]
    best = int(np.argmin(losses))
    gain = each(a, n, betas[best]) - each(a, n, share)
    rng = np.random.default_rng(2)
    drawn = rng.integers(0, n.size, (400, n.size))
    spread = np.std(gain[drawn].sum(axis=1) / n[drawn].sum(axis=1))
    covers = float(np.mean((rank > 0.05) & (rank < 0.95)))
    kept = f"{HALF_LIVES[best]:.0f} weeks" if HALF_LIVES[best] < 1e6 else "none"
    print(f"| {name} | {n.size} | {n.sum():.0f} | {losses[best]:.4f} ({kept}) | {loss(a, n, share):.4f} "
          f"| {gain.sum() / n.sum():+.4f} ± {spread:.4f} | {covers:.3f} |")


def persistence(name: str, rows: Rows) -> None:
    pair = np.repeat(np.arange(rows.offsets.size - 1), np.diff(rows.offsets))
    size = rows.offsets.size - 1
    found = []
    for cut in cuts_of(rows, (0.3, 0.45, 0.6, 0.75, 0.9)):
        def sums(first, last, values):
            return np.bincount(pair, values * ((rows.week >= first) & (rows.week < last)), size)
        recent, of_a = sums(cut - 6, cut, rows.n), sums(cut - 6, cut, rows.a)
        later, a_later = sums(cut, cut + AHEAD, rows.n), sums(cut, cut + AHEAD, rows.a)
        share = of_a / np.maximum(recent, 1)
        chosen = np.flatnonzero((recent >= 5) & (later >= 5) & (np.abs(share - 0.5) >= 0.25))
        side = np.where(share[chosen] > 0.5, 1.0, -1.0)
        expected = expectation(rows, cut, chosen)[0]
        faded = 0.5 ** ((cut - rows.week) / 20.0) * (rows.week < cut)
        beta = (np.bincount(pair, faded * rows.a, size) + 1) / (np.bincount(pair, faded * rows.n, size) + 2)
        whole = (sums(-10**6, cut, rows.a) + 1) / (sums(-10**6, cut, rows.n) + 2)
        toward = side * (a_later[chosen] / later[chosen] - 0.5) >= 0.15
        found.append(np.stack((toward, *(side * (one - 0.5) for one in (expected, beta[chosen], share[chosen], whole[chosen])))))
    table = np.concatenate(found, axis=1)
    truth = table[0] > 0
    scores = " | ".join(f"{area(one, truth):.3f}" for one in table[1:])
    print(f"| {name} mails | {truth.size} | {truth.mean():.2f} | {scores} |")


def expectation(rows: Rows, cut: int, chosen):
    """What is expected of the share of the chosen pairs in the 12 weeks after a cut, and the parts it comes from."""
    pair = np.repeat(np.arange(rows.offsets.size - 1), np.diff(rows.offsets))
    size = rows.offsets.size - 1
    kept = (rows.week < cut) & np.isin(pair, chosen)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(pair[kept], minlength=size)[chosen])))
    arrays = Rows(offsets, rows.week[kept], rows.a[kept], rows.n[kept]).scaled(1.0)
    final, weight, _ = final_states(observations(*arrays, end=cut + AHEAD // 2), ParameterSet.shipped().grid("flow"))
    mean = final[:, kernel.SLOW] + final[:, kernel.FAST]
    spread = np.sqrt(final[:, kernel.SLOW_VAR] + 2 * final[:, kernel.COVARIANCE] + final[:, kernel.FAST_VAR])
    draws = 1 / (1 + np.exp(-(mean[:, :, None] + spread[:, :, None] * SCORES)))
    return (weight[:, :, None] * draws).sum(axis=(1, 2)) / SCORES.size, mean, spread, weight


def foreseen(rows: Rows, cut: int):
    """For the pairs heard before and after the cut: n, a after it, the expected share, the rank of the share that came
    among those expected, the Beta counts.
    """
    pair = np.repeat(np.arange(rows.offsets.size - 1), np.diff(rows.offsets))
    size = rows.offsets.size - 1
    before, after = rows.week < cut, (rows.week >= cut) & (rows.week < cut + AHEAD)
    chosen = np.flatnonzero((np.bincount(pair, rows.n * before, size) >= LEAST) & (np.bincount(pair, rows.n * after, size) > 0))
    expected, mean, spread, weight = expectation(rows, cut, chosen)
    n = np.bincount(pair, rows.n * after, size)[chosen]
    a = np.bincount(pair, rows.a * after, size)[chosen]
    rng = np.random.default_rng(1)
    cumulative = np.cumsum(weight, axis=1)
    point = (rng.random((chosen.size, 400))[:, :, None] > cumulative[:, None, :]).sum(axis=2).clip(max=weight.shape[1] - 1)
    x = np.take_along_axis(mean, point, 1) + np.take_along_axis(spread, point, 1) * rng.standard_normal(point.shape)
    drawn = rng.binomial(n[:, None].astype(int), 1 / (1 + np.exp(-x)))
    below, equal = (drawn < a[:, None]).mean(axis=1), (drawn == a[:, None]).mean(axis=1)
    rank = below + rng.random(chosen.size) * equal
    betas = []
    for half_life in HALF_LIVES:
        faded = 0.5 ** ((cut - rows.week) / half_life) * before
        of_a = np.bincount(pair, faded * rows.a, size)[chosen]
        betas.append((of_a + 1.0) / (np.bincount(pair, faded * rows.n, size)[chosen] + 2.0))
    return n, a, expected, rank, betas


def each(a, n, share):
    """Log loss of every pair, over all its mails."""
    return -(a * np.log(share) + (n - a) * np.log1p(-share))


def loss(a, n, share) -> float:
    """Log loss per mail."""
    return float(each(a, n, share).sum() / n.sum())


if __name__ == "__main__":
    main()
