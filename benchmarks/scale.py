"""How the work grows with the events: reading a ledger, facts, observations, kernel and tables, verdicts, a second run.

    python -m benchmarks.scale [--events 10000 100000 1000000] [--folder FOLDER] [-o speed.json]

Simulated portfolios of some hundred events a relation, drawn with fixed seeds. Each size runs in a process of its own, so
that its memory is its own, and the reading of the ledger file in one more: what follows begins with the events alone, in
memory. One small run before it compiles what is to be compiled. Every figure is wall time and processor
time in seconds; on a machine that does other things too, only the second says something. Beside them stands one bare Polars
group-by of the same events with whole numbers for names, streaming from its file: pair × week, ten sums.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht import registry
from evenwicht.engines.incremental import assess_again
from evenwicht.engines.local import assess, prepared
from evenwicht.ledger import table
from evenwicht.measures.observations import observe
from evenwicht.simulation.portfolio import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (10_000, 100_000, 1_000_000)
A_RELATION = 96.6
"""Events of a relation in these portfolios: 10,000 relations gave 965,768."""

Times = dict[str, tuple[float, float]]


@contextmanager
def timed(times: Times, name: str) -> Iterator[None]:
    """Wall and processor seconds of a step."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    times[name] = (time.perf_counter() - wall, time.process_time() - cpu)


def portfolio(relations: int, folder: Path) -> Path:
    """A simulated ledger file of so many relations over three years; drawn once."""
    path = folder / f"ledger-{relations}.parquet"
    if not path.exists():
        parts = [simulate(min(relations - done, 10_000), 156, 3 + done // 10_000, "usual", events=0.35, papers=0.03).ledger
                 for done in range(0, relations, 10_000)]
        events = pl.concat([_renumbered(part.events, index) for index, part in enumerate(parts)])
        table.write(table.Ledger(table.in_order(events), {}, parts[0].us), path)
    return path


def _renumbered(events: pl.DataFrame, index: int) -> pl.DataFrame:
    """The same events with other partners and other identities."""
    if index == 0:
        return events
    ours = "ours.example"
    return events.with_columns(
        *[pl.when(pl.col(side) == ours).then(pl.lit(ours)).otherwise(pl.lit(f"{index}-") + pl.col(side)).alias(side)
          for side in ("giver", "receiver", "giver_raw", "receiver_raw")],
        *[(pl.lit(f"{index}-") + pl.col(name)).alias(name) for name in ("id", "thread", "answers", "id_raw", "answers_raw")])


def coded(path: Path, folder: Path) -> Path:
    """The same events with whole numbers for names, as a file of another program would hold them."""
    target = folder / f"coded-{path.stem}.parquet"
    if not target.exists():
        events = pl.read_parquet(path, columns=["at", "giver", "receiver", "kind", "amount"])
        names = pl.Enum(pl.concat([events["giver"], events["receiver"]]).unique().sort())
        events.select("at", pl.col("giver", "receiver").cast(names).to_physical(), pl.col("kind").cast(pl.Categorical).to_physical(),
                      "amount").write_parquet(target)
    return target


def bare(path: Path) -> pl.DataFrame:
    """One group-by: pair × week, ten sums."""
    a, b = pl.min_horizontal("giver", "receiver").cast(pl.Int64), pl.max_horizontal("giver", "receiver").cast(pl.Int64)
    week = pl.col("at").dt.timestamp("us") // 604_800_000_000
    mine = pl.col("giver") < pl.col("receiver")
    return pl.scan_parquet(path).group_by(((a * 2**24 + b) * 2**14 + week).alias("cell")).agg(
        pl.len().alias("events"), pl.col("amount").sum(), (pl.col("amount") ** 2).sum().alias("squares"),
        pl.when(mine).then("amount").otherwise(0.0).sum().alias("from_a"), mine.sum().alias("by_a"),
        *[(pl.col("kind") == kind).sum().alias(f"kind_{kind}") for kind in range(5)],
    ).collect(engine="streaming")


def measured(path: Path, coded_path: Path) -> dict[str, Any]:
    """All steps on one ledger file, and the peak memory of this process in bytes."""
    times: Times = {}
    small = simulate(20, 30, 1, "usual").ledger
    assess_again(assess(small), small)
    bare(coded_path)
    with timed(times, "bare group-by"):
        bare(coded_path)
    ledger = table.Ledger(pl.read_parquet(path), {}, "ours.example")
    times |= {f"observe {name}": spent for name, spent in _observed(ledger, times).items()}
    with timed(times, "assess"):
        found = assess(ledger)
    peak = peak_memory()
    last = ledger.events.tail(1).with_columns(pl.lit("one more").alias("id"))
    grown = ledger.with_events(pl.concat([ledger.events, last]))
    with timed(times, "assess again"):
        assess_again(found, grown, found.until)
    return {"events": len(ledger), "relations": found.relations.height, "peak_bytes": peak,
            "seconds": {name: {"wall": round(wall, 3), "cpu": round(cpu, 3)} for name, (wall, cpu) in times.items()}}


def peak_memory() -> int:
    """The most memory this process has had, in bytes. The usual `ru_maxrss` would count that of the process that began it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def reading(path: Path) -> dict[str, Any]:
    """Reading one ledger file, and the peak memory of this process in bytes."""
    times: Times = {}
    with timed(times, "read"):
        table.read(path)
    return {"read": {"wall": round(times["read"][0], 3), "cpu": round(times["read"][1], 3)},
            "read_peak_bytes": peak_memory()}


def _observed(ledger: table.Ledger, times: Times) -> Times:
    """Facts and observations by themselves, each axis in turn."""
    with timed(times, "facts"):
        facts, _last = prepared(ledger)
    each: Times = {}
    for name, axis in registry.members("evenwicht.measures.axes").items():
        with timed(each, name):
            observe(axis, facts)
    times["observations"] = (sum(wall for wall, _cpu in each.values()), sum(cpu for _wall, cpu in each.values()))
    return each


def shown(results: list[dict[str, Any]]) -> str:
    """A table in Markdown: processor seconds, and wall seconds in brackets."""
    steps = [name for name in results[0]["seconds"] if not name.startswith("observe ")]
    lines = ["| events | relations | " + " | ".join(steps) + " | peak MB | read | peak MB |", "|---" * (len(steps) + 5) + "|"]
    for one in results:
        figures = [f"{one['seconds'][name]['cpu']:.2f} ({one['seconds'][name]['wall']:.2f})" for name in steps]
        lines.append(f"| {one['events']:,} | {one['relations']:,} | " + " | ".join(figures) + f" | {one['peak_bytes'] / 1e6:,.0f} | "
                     f"{one['read']['cpu']:.2f} ({one['read']['wall']:.2f}) | {one['read_peak_bytes'] / 1e6:,.0f} |")
    return "\n".join(lines)


def main(words: list[str]) -> None:
    """Each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--one", type=int, default=None, help="measure one size in this process, and write JSON")
    parser.add_argument("--reading", action="store_true", help="with --one: only read the file")
    parser.add_argument("-o", dest="output", type=Path, default=None)
    chosen = parser.parse_args(words)
    folder = chosen.folder or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    if chosen.one is not None:
        path = portfolio(chosen.one, folder)
        print(json.dumps(reading(path) if chosen.reading else measured(path, coded(path, folder))))
        return
    results = []
    for events in chosen.events:
        relations = max(1, round(events / A_RELATION))
        coded(portfolio(relations, folder), folder)  # drawn here, so that the memory of drawing does not count
        one = [sys.executable, "-m", "benchmarks.scale", "--one", str(relations), "--folder", str(folder)]
        parts = [subprocess.run(call, check=True, capture_output=True, text=True).stdout for call in (one, [*one, "--reading"])]
        results.append({name: value for part in parts for name, value in json.loads(part.splitlines()[-1]).items()})
    print(shown(results))
    if chosen.output is not None:
        chosen.output.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
