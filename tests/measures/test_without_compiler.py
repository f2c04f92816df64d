"""The kernels run once as plain Python: the same verdicts, and every line of them is seen."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from evenwicht.engines.local import assess
from evenwicht.ledger.events import Event
from evenwicht.ledger.table import Ledger, frame_of
from evenwicht.measures.found import Found
from evenwicht.measures.grid import Grid
from evenwicht.measures.parameters import ParameterSet

CODE = "from measures.test_without_compiler import figures; print(figures())"
START = datetime(2025, 1, 6, 9, tzinfo=UTC)


def story() -> Found:
    """Even for 30 weeks, then a push on words that nobody expects to stay; payments always late; promises kept."""
    a, b = "alder.example", "birch.example"
    events = []
    for week in range(36):
        at = START + timedelta(weeks=week)
        for mail in range(8):
            by_a = mail in {0, 3, 4, 7} if week < 30 else mail != 1
            events.append(Event(f"m{week}-{mail}", at + timedelta(hours=mail), *((a, b) if by_a else (b, a)), "message", 30.0 + 10.0 * mail, "words"))
        if week % 2 == 0:
            events += [Event(f"i{week}", at, a, b, "invoice", 10.0, "EUR", due=at + timedelta(days=14)),
                       Event(f"p{week}", at + timedelta(days=34), b, a, "payment", 10.0, "EUR", answers=f"i{week}")]
    shipped = ParameterSet.shipped()
    gusty = Grid.of([(0.1, 0.02, 3.0, 1.2), (0.1, 0.02, 1.0, 1.0)])
    calm = Grid.of([(1.5, 0.1, 4.0, 0.2), (0.1, 0.05, 12.0, 0.2)])
    small = ParameterSet("small", "For this test.", {"flow": gusty, "deferral": calm}, {**shipped.dispersions, "words": 4.0})
    return assess(Ledger(frame_of(events)), (START + timedelta(weeks=36)).date(), parameters=small)


def figures() -> str:
    found = story()
    rows = found.history.select("slow", "x", "x_low", "x_high").rows()
    return json.dumps([found.as_dict()["relations"], [[round(value, 12) for value in row] for row in rows]])


def same(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


def test_without_their_compiler_the_kernels_give_the_same_verdicts_and_dates() -> None:
    verdicts = dict(story().axes.select("axis", "verdict").iter_rows())
    assert verdicts["money"] == "structural"
    assert verdicts["words"] == "temporary"
    tests = Path(__file__).resolve().parents[1]
    ran = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=False,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent / "src")])},
    )
    assert ran.returncode == 0, ran.stderr
    assert same(json.loads(ran.stdout), json.loads(figures()))
