"""All benchmarks there are, one after the other, into `benchmarks/RESULTS.md`; what `make bench` runs.

    python -m benchmarks.peers.everything [--data FOLDER] [--only NAME]... [--long]

Those beside the alternatives write their own section. Of the others, what they print becomes a section. `--long` measures on more
relations, seeds and shapes: an hour instead of half of one. Without the public data sets, what needs them is left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.results import ORDER, put, signed

TOP = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Benchmark:
    """One of them: how it is called, in short and long, and whether it takes or needs the public data (`last`: needs them, as its last word)."""

    name: str
    call: tuple[str, ...]
    more: tuple[str, ...] = ()
    data: str = "none"
    title: str = ""


EVERY = (
    Benchmark("kernel", ("-m", "benchmarks.peers.kernel"), ("--beside", "200")),
    Benchmark("detection", ("-m", "benchmarks.peers.detection"), ("--relations", "600", "--every", "2")),
    Benchmark("talk_time", ("-m", "benchmarks.peers.talk_time"), ("--meetings", "170"), "takes"),
    Benchmark("speed_of_relation", ("-m", "benchmarks.peers.speed_of_relation"), (), "takes"),
    Benchmark("kernel_speed", ("benchmarks/kernel_speed.py",), (), "none", "The kernel by itself"),
    Benchmark("accuracy", ("-m", "benchmarks.accuracy_book", "--relations", "1000", "--seed", "211"), ("--relations", "3000"), "takes", "Accuracy"),
    Benchmark("end_to_end", ("-m", "benchmarks.end_to_end"), (), "none", "Verdicts on simulated ledgers, from facts to words"),
    Benchmark("real_data", ("-m", "benchmarks.real_data"), (), "last", "Public data from end to end"),
)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, help="folder of the public data sets")
    arguments.add_argument("--only", action="append", choices=[one.name for one in EVERY], help="this one; may be given again")
    arguments.add_argument("--long", action="store_true")
    chosen = arguments.parse_args()
    data = chosen.data.resolve() if chosen.data else None
    failed = []
    for one in EVERY:
        if chosen.only and one.name not in chosen.only:
            continue
        call = command(one, data, long=chosen.long)
        if call is None:
            print(f"{one.name}: the public data sets are not here; DATA=FOLDER measures on them (benchmarks/public_sets.py names them).", flush=True)
            continue
        print(f"{one.name}: {' '.join(call)}", flush=True)
        if not run(one, call):
            failed.append(one.name)
    if failed:
        print(f"Did not finish: {', '.join(failed)}. Their sections stay as they were.", file=sys.stderr)
    return 1 if failed else 0


def command(one: Benchmark, data: Path | None, *, long: bool) -> list[str] | None:
    """What is called after the name of the interpreter; None where data are needed that are not here."""
    given = {"takes": ["--data", str(data)], "last": [str(data)], "none": []}[one.data]
    if data is None:
        if one.data == "last":
            return None
        given = []
    return [*one.call, *(one.more if long else ()), *given]


def run(one: Benchmark, call: list[str]) -> bool:
    """Runs one; what it prints becomes its section unless it has written that itself. Gives whether it finished."""
    begin = time.perf_counter()
    # the linear algebra of the peers in one thread, for the processor that is there (benchmarks/peers/__init__.py)
    calm = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    done = subprocess.run([sys.executable, *call], cwd=TOP, env={**calm, "OPENBLAS_NUM_THREADS": "1"}, text=True,
                          stdout=subprocess.PIPE, check=False)
    took = time.perf_counter() - begin
    print(done.stdout, flush=True)
    if done.returncode != 0 or not done.stdout.strip():
        return False
    if one.title:
        shown = " ".join("FOLDER" if part.startswith(os.sep) else part for part in call)
        put(one.name, f"## {one.title}\n\n`python {shown}`, {took:.0f} s\n\n{as_markdown(done.stdout)}\n\n{signed()}")
    return True


def as_markdown(printed: str) -> str:
    """Tables stay tables; other lines become paragraphs of their own."""
    lines = []
    for line in printed.strip().splitlines():
        if lines and not (line.startswith("|") and lines[-1].startswith("|")) and lines[-1] and line:
            lines.append("")
        lines.append(line.rstrip())
    return "\n".join(lines)


assert {one.name for one in EVERY} <= set(ORDER), "every benchmark has its place on the page"

if __name__ == "__main__":
    sys.exit(main())
