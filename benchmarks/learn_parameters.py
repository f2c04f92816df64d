"""Learns the shipped parameter set from the simulated shapes and, with `--data`, the public data sets.

    python benchmarks/learn_parameters.py [--data FOLDER] [-o src/evenwicht/measures/parameters/2026-2.json]

The same input gives the same set.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import public_sets
from evenwicht.measures.grid import Grid
from evenwicht.measures.learn import MOST_POINTS, Rows, learn_family
from evenwicht.measures.parameters import SHIPPED, ParameterSet
from evenwicht.simulation.states import SHAPES, States, commitments, portfolio

if TYPE_CHECKING:
    from collections.abc import Mapping

WEEKS = 156
SEED = 2026

FLOW = [
    *itertools.product((0.08, 0.25, 0.6, 1.5), (0.05,), (1.5, 4.0), (0.25, 0.45, 0.7, 1.2), (0.03, 0.2, 0.9)),
    *itertools.product((0.25, 0.6, 1.5), (0.05,), (12.0,), (0.45, 1.2), (0.03, 0.9)),
    *itertools.product((1.5, 2.5), (0.05, 0.5), (2.0, 8.0), (0.6, 1.2), (0.3, 1.0)),
]
DEFERRAL = list(itertools.product((0.1, 0.3, 0.8, 2.0), (0.05, 0.3), (1.5, 4.0, 12.0), (0.2, 0.5, 1.0), (0.03, 0.2)))
"""tau, q, h, s, jumps: wide enough that the outer values get little weight; no relation is sure never to shift."""

EVEN = 0.05
"""How far the weights are drawn to equal ones."""

SIMULATED = {"mixed": 1.0, "thin": 1.0, "gusty": 1.0, "shifty": 1.5, "quiet": 1.0, "bursty": 1.0, "usual": 1.0}
"""Shape → how much it counts. All alike, and the one in which everything shifts half as much again: calling that balanced does most
harm. The public mail sets together count for 1.5."""
BURSTY_START = 0.4
MOST_PAIRS = 1000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, help="folder of the public data sets; without it: simulated shapes only")
    arguments.add_argument("--relations", type=int, default=600, help="relations per simulated shape")
    arguments.add_argument("-o", type=Path, default=Path("src/evenwicht/measures/parameters") / f"{SHIPPED}.json")
    chosen = arguments.parse_args()

    flow, words_are_like = flow_parts(chosen.relations, chosen.data)
    deferral, deferral_are_like = deferral_parts(chosen.relations, chosen.data)
    flow_grid, flow_c = _learned(flow, FLOW)
    deferral_grid, deferral_c = _learned(deferral, DEFERRAL)
    for name, c in sorted({**flow_c, **deferral_c}.items()):
        sys.stdout.write(f"{name:24} {len(flow.get(name, deferral.get(name)).offsets) - 1:6} relations, c = {c:.3f}\n")
    dispersions = {axis: round(flow_c[part], 3) for axis, part in words_are_like.items()}
    dispersions |= {axis: round(deferral_c[part], 3) for axis, part in deferral_are_like.items()}
    ParameterSet(
        SHIPPED, _note(chosen.data is not None), {"flow": flow_grid, "deferral": deferral_grid}, dispersions,
    ).dump(chosen.o)
    sys.stdout.write(f"{len(flow_grid)} + {len(deferral_grid)} points -> {chosen.o}\n")


def flow_parts(relations: int, data: Path | None) -> tuple[dict[str, Rows], dict[str, str]]:
    """The parts that share the grid of flow axes, and which part each axis takes its dispersion from."""
    parts = {
        f"simulated {name}": _rows(portfolio(SHAPES[name], relations, WEEKS, SEED + k), weight)
        for k, (name, weight) in enumerate(SIMULATED.items())
    }
    axes = {
        "words": "simulated bursty", "initiative": "simulated usual", "favours": "simulated usual",
        "time": "simulated usual",
    }
    if data is not None:
        mails = {"Eu-core": public_sets.eu_core(data), "Enron": public_sets.enron(data)}
        for name, some in mails.items():
            parts[f"{name} mails"] = _counted(some.rows(), 0.5 * relations)
            parts[f"{name} initiations"] = _counted(some.initiations().rows(), 0.25 * relations)
    return parts, axes


def deferral_parts(relations: int, data: Path | None) -> tuple[dict[str, Rows], dict[str, str]]:
    """The parts that share the grid of deferral axes, and which part each axis takes its dispersion from."""
    parts = {"simulated commitments": _rows(commitments(relations, WEEKS, SEED), 1.0)}
    axes = dict.fromkeys(("money", "promises", "response"), "simulated commitments")
    if data is not None:
        parts["SCMS lateness"] = _counted(public_sets.scms_lateness(data), 0.4 * relations)
        parts["IBM payment"] = _counted(public_sets.ibm_payment(data), 0.4 * relations)
    return parts, axes


def _learned(parts: Mapping[str, Rows], points: list[tuple[float, float, float, float]]) -> tuple[Grid, dict[str, float]]:
    """Learns on the wide grid, keeps the points that matter, and learns their weights again."""
    start = {name: BURSTY_START if name == "simulated bursty" else 1.0 for name in parts}
    wide, c = learn_family(parts, Grid.of(points), start, rounds=3, even=EVEN, most=MOST_POINTS)
    kept, c = learn_family(parts, wide, c, rounds=3, even=EVEN)
    return replace(kept, weight=tuple(round(w, 9) for w in kept.weight)), c


def _rows(states: States, importance: float) -> Rows:
    return Rows(states.offsets, states.week, states.a, states.n, importance)


def _counted(rows: Rows, relations: float) -> Rows:
    """At most `MOST_PAIRS` of a data set, spread evenly over its pairs, weighed as if they were so many relations."""
    size = rows.offsets.size - 1
    some = rows.taken(np.unique(np.linspace(0, size - 1, min(size, MOST_PAIRS)).astype(np.int64)))
    return replace(some, importance=relations / (some.offsets.size - 1))


def _note(with_data: bool) -> str:
    simulated = (
        "Learned by EM (benchmarks/learn_parameters.py) on the seven simulated shapes (flow axes) and on simulated "
        "commitments (deferral axes)"
    )
    if not with_data:
        return f"{simulated}."
    return (
        f"{simulated}, together with mails and initiations of Eu-core and Enron (flow) and with SCMS deliveries and IBM "
        "invoices (deferral); only these numbers were kept, none of the data. IBM's invoices look simulated."
    )


if __name__ == "__main__":
    main()
