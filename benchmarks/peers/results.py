"""`benchmarks/RESULTS.md`: a section for each benchmark, between markers, so that one can be measured again alone."""

from __future__ import annotations

import importlib
import os
import platform
import re
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

RESULTS = Path(__file__).resolve().parent.parent / "RESULTS.md"
ORDER = (
    "kernel", "detection", "talk_time", "speed_of_relation", "kernel_speed", "accuracy", "end_to_end", "real_data",
)
"""Sections from the top down; others follow in the order in which they came."""

PREFACE = """# Results

How fast and how right, beside what one would use instead. `make bench` measures all of it again and writes this page; `make bench ONLY=kernel`
does one section. What each comparison means, and where the others win: `docs/method/beside-others.md`.

"""

_PACKAGES = {"sklearn": "scikit-learn"}


def put(name: str, text: str, path: Path = RESULTS) -> None:
    """Writes one section in its place; the others stay as they are."""
    known = sections(path.read_text("utf-8")) if path.exists() else {}
    known[name] = text.strip()
    order = [one for one in ORDER if one in known] + [one for one in known if one not in ORDER]
    body = "\n\n".join(f"<!-- begin: {one} -->\n{known[one]}\n<!-- end: {one} -->" for one in order)
    path.write_text(PREFACE + body + "\n", "utf-8")


def sections(text: str) -> dict[str, str]:
    """The sections of a page by name."""
    found = re.findall(r"<!-- begin: (\w+) -->\n(.*?)\n<!-- end: \1 -->", text, re.DOTALL)
    return dict(found)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)])


def signed(*packages: str) -> str:
    """When, on what, and with which versions: the last line of a section."""
    versions = [f"{name} {_version(name)}" for name in ("evenwicht", "numpy", "numba", *packages)]
    return f"{time.strftime('%Y-%m-%d')}, {machine()}{_load()}, Python {platform.python_version()}; {', '.join(versions)}."


def _load() -> str:
    """How many programs wanted the processors: above their number, wall clock says little."""
    return f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def machine() -> str:
    """The processor and how many of them."""
    name = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if told.exists():
        model = re.search(r"^model name\s*:\s*(.+)$", told.read_text("utf-8"), re.MULTILINE)
        name = model[1] if model else name
    return f"{os.cpu_count()} × {name}"


def peer(name: str) -> Any:
    """The module of a peer, or None, said in one sentence, where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        package = name.partition(".")[0]
        sys.stderr.write(f"{_PACKAGES.get(package, package)} is not installed here, so it is left out (`make bench` installs it).\n")
        return None


def least(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter, times: int = 5) -> float:
    """Seconds of the fastest of several runs: what other work on the machine adds is not ours."""
    spent = []
    for _ in range(times):
        begin = clock()
        work()
        spent.append(clock() - begin)
    return min(spent)


def ratio(ours: float, other: float | None) -> str:
    """How many times as long the other takes, in two digits that mean something."""
    if other is None:
        return "–"
    times = other / ours
    return f"{times:,.0f} ×" if times >= 10 else f"{times:.1f} ×"


def seconds(value: float | None) -> str:
    """A duration with its unit."""
    if value is None:
        return "not installed"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
