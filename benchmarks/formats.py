"""Every importer over a folder of real files: files, understood, events, problems, megabytes a second, peak memory.

    python -m benchmarks.formats FIXTURES                prints a Markdown table; FIXTURES holds one folder a format
    python -m benchmarks.formats FIXTURES --into PAGE    and puts it between the markers of a page
    python -m benchmarks.formats [FIXTURES] --big        one large file a format, beside the least any reader must do (`big_files`)

Each folder is read in a process of its own, so that the memory is its own too. *Understood* are files that gave an event,
a mention or a record that was counted, or that hold nothing but what is rightly left out.
"""

from __future__ import annotations

import gc
import json
import math
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks import big_files

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = ("eml", "mbox", "maildir", "ics", "ubl", "camt", "xaf", "csv", "vtt", "srt", "transcript_json", "mt940", "cii",
         "facturx_pdf", "vcard", "bank_other", "security")
"""Folders in the order of the page; others come behind them, but for those that hold no files of a format."""

NO_FORMAT = frozenset({"reply_text"})
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
BEGIN_BIG, END_BIG = "<!-- measured, large files: begin -->", "<!-- measured, large files: end -->"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def measured(folder: Path) -> dict[str, object]:
    """One folder, read file by file in this process."""
    from evenwicht import registry
    from evenwicht.importers.source import Head, Source

    importers = registry.members("evenwicht.importers")
    paths = [folder / "stalwart"] if folder.name == "maildir" else sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name not in {"SOURCES.tsv", "README.md"})
    found = {"files": len(paths), "claimed": 0, "understood": 0, "events": 0, "notes": 0, "problems": 0, "bytes": 0, "slowest": 0.0}
    spent = 0.0
    for path in paths:
        head = Head.of(path)
        claims = [module for module in importers.values() if module.identify(head)]
        if len(claims) != 1:
            continue
        begun = time.process_time()
        reading = claims[0].read(Source(path=path, label=path.name, now=NOW))
        took = time.process_time() - begun
        spent += took
        grave = [problem for problem in reading.problems if problem.severity == "error"]
        found["claimed"] += 1
        found["understood"] += bool(reading.events or reading.mentions or sum(reading.counted.values()) or not grave)
        found["events"] += len(reading.events)
        found["notes"] += sum(problem.severity == "note" for problem in reading.problems)
        found["problems"] += sum(problem.severity != "note" for problem in reading.problems)
        found["bytes"] += head.size or sum(entry.stat().st_size for entry in path.rglob("*") if entry.is_file())
        found["slowest"] = max(found["slowest"], took)
    found["seconds"] = spent
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def measured_big(name: str, fixtures: Path | None) -> dict[str, float]:
    """One large file (of `ubl` many small ones), read in this process as a worker does: the least CPU seconds of three."""
    from evenwicht import registry
    from evenwicht.engines.workers.columns import packed
    from evenwicht.engines.workers.worker import COLLECT_EVERY
    from evenwicht.importers.source import Source
    from evenwicht.ledger.persons import Pseudonyms

    gc.set_threshold(COLLECT_EVERY, 20, 100)
    read, pseudonym = registry.members("evenwicht.importers")[name].read, Pseudonyms(b"benchmark")
    found = {"bytes": 0.0, "events": 0.0, "read": math.inf, "packed": math.inf, "bare": math.inf}
    with TemporaryDirectory() as folder:
        paths = big_files.written(Path(folder), name, fixtures)
        found["bytes"] = float(sum(path.stat().st_size for path in paths))
        for _ in range(3):
            spent = {"read": 0.0, "packed": 0.0, "bare": 0.0}
            found["events"] = 0.0
            for path in paths:
                begun = time.process_time()
                events = read(Source(path=path, label=path.name, now=NOW, pseudonym=pseudonym)).events
                done = time.process_time()
                packed(events)
                spent["read"] += done - begun
                spent["packed"] += time.process_time() - begun
                found["events"] += len(events)
                data = path.read_bytes()
                begun = time.process_time()
                big_files.bare(name, data)
                spent["bare"] += time.process_time() - begun
            found |= {key: min(found[key], seconds) for key, seconds in spent.items()}
    return found


def big_table(fixtures: Path | None) -> Iterator[str]:
    """The lines of the table of large files, as they are measured; each in a process of its own."""
    yield "| format | MB | events | read MB/s | and packed | bare MB/s | bare : read |"
    yield "|---|---|---|---|---|---|---|"
    for name in big_files.NAMES:
        done = subprocess.run([sys.executable, "-m", "benchmarks.formats", "--one-big", name, *([str(fixtures)] if fixtures else [])],
                              capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[1])
        row = json.loads(done.stdout)
        read, packed, bare = (row["bytes"] / 1e6 / row[key] for key in ("read", "packed", "bare"))
        yield f"| {name} | {row['bytes'] / 1e6:.1f} | {row['events']:,.0f} | {read:.1f} | {packed:.1f} | {bare:.0f} | {bare / read:.1f} |"


def folders(fixtures: Path) -> list[str]:
    """The folders there are, known ones first."""
    there = {path.name for path in fixtures.iterdir() if path.is_dir()} - NO_FORMAT
    return [*(name for name in FIRST if name in there), *sorted(there.difference(FIRST))]


def table(fixtures: Path) -> Iterator[str]:
    """The lines of the table, as they are measured."""
    yield "| folder | files | claimed | understood | events | problems | notes | CPU s | MB/s | slowest file s | peak MB |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for name in folders(fixtures):
        done = subprocess.run([sys.executable, "-m", "benchmarks.formats", "--one", str(fixtures / name)],
                              capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[1])
        row = json.loads(done.stdout)
        speed = row["bytes"] / 1e6 / row["seconds"] if row["seconds"] else 0.0
        yield (f"| {name} | {row['files']} | {row['claimed']} | {row['understood']} | {row['events']:,} | {row['problems']} | {row['notes']} | "
               f"{row['seconds']:.2f} | {speed:.1f} | {row['slowest']:.2f} | {row['peak']:.0f} |")


def placed(page: str, lines: list[str], begin_mark: str = BEGIN, end_mark: str = END) -> str:
    """A page with the table between its markers. Raises ValueError where it has none."""
    before, begin, rest = page.partition(begin_mark)
    _old, end, after = rest.partition(end_mark)
    if not begin or not end:
        raise ValueError
    return f"{before}{begin}\n{chr(10).join(lines)}\n{end}{after}"


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured(Path(sys.argv[2]))))
        return
    if sys.argv[1:2] == ["--one-big"]:
        print(json.dumps(measured_big(sys.argv[2], Path(sys.argv[3]) if len(sys.argv) > 3 else None)))
        return
    arguments = sys.argv[1:]
    big = "--big" in arguments
    if big:
        arguments.remove("--big")
    into = arguments.index("--into") if "--into" in arguments else None
    page = Path(arguments[into + 1]) if into is not None else None
    named = arguments[:into] if into is not None else arguments
    fixtures = Path(named[0]) if named else Path(__file__).resolve().parents[2] / "shared" / "fixtures"
    if not big and not fixtures.is_dir():
        raise SystemExit(f"{fixtures} does not exist. Name the folder with one folder of files a format.")
    marks = (BEGIN_BIG, END_BIG) if big else (BEGIN, END)
    lines = []
    for line in big_table(fixtures if fixtures.is_dir() else None) if big else table(fixtures):
        print(line, flush=True)
        lines.append(line)
    if page is not None:
        try:
            page.write_text(placed(page.read_text(encoding="utf-8"), lines, *marks), encoding="utf-8")
        except ValueError:
            raise SystemExit(f"{page} has no place for the table: write {marks[0]} and {marks[1]} where it is to stand.") from None


if __name__ == "__main__":
    main()
