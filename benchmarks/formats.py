"""Every importer over a folder of real files: files, understood, events, problems, megabytes a second, peak memory.

    python -m benchmarks.formats FIXTURES        prints a Markdown table; FIXTURES holds one folder a format

Each folder is read in a process of its own, so that the memory is its own too. *Understood* are files that gave an event,
a mention or a record that was counted, or that hold nothing but what is rightly left out.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

FOLDERS = ("eml", "mbox", "maildir", "ics", "ubl", "camt", "xaf", "csv", "vtt", "srt", "transcript_json", "mt940", "cii",
           "facturx_pdf", "vcard", "bank_other", "security")
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


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured(Path(sys.argv[2]))))
        return
    fixtures = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared" / "fixtures"
    if not fixtures.is_dir():
        raise SystemExit(f"{fixtures} does not exist. Name the folder with one folder of files a format.")
    print("| folder | files | claimed | understood | events | problems | notes | CPU s | MB/s | slowest file s | peak MB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in FOLDERS:
        if not (fixtures / name).is_dir():
            continue
        done = subprocess.run([sys.executable, "-m", "benchmarks.formats", "--one", str(fixtures / name)],
                              capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[1])
        row = json.loads(done.stdout)
        speed = row["bytes"] / 1e6 / row["seconds"] if row["seconds"] else 0.0
        print(f"| {name} | {row['files']} | {row['claimed']} | {row['understood']} | {row['events']:,} | {row['problems']} | {row['notes']} | "
              f"{row['seconds']:.2f} | {speed:.1f} | {row['slowest']:.2f} | {row['peak']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
