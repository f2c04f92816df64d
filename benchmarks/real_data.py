"""Real data, end to end: other people's mail, deliveries and invoices, read and judged, and three of each checked by hand.

    python -m benchmarks.real_data [FOLDER]        FOLDER holds the data sets, default ../shared/data

The Enron mails are written out as a mailbox with headers (one domain a person, To and Cc as given; blind copies have no
header and are left out) and, beside it, as a plain interaction log: both must give the same relations and verdicts.
The ten relations with the highest chance of a structural imbalance are listed for each set; three are counted again from
the raw rows, without this package.
"""

from __future__ import annotations

import csv
import gzip
import json
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import polars as pl

from evenwicht.engines.local import assess
from evenwicht.engines.reading import Report, Settings, read
from evenwicht.ledger.persons import Pseudonyms
from evenwicht.measures.found import Found

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_BELIEVED = 1990
"""Rows of Enron dated 1979 are bad clocks; a mail of that year is not believed either."""


def reading(path: Path, *, us: tuple[str, ...] = (), between_others: bool = True) -> tuple[Report, float]:
    begun = time.perf_counter()
    report = read([path], Settings(us=us, between_others=between_others, pseudonym=Pseudonyms(b"benchmark")), now=NOW)
    return report, time.perf_counter() - begun


def judged(report: Report, until: str | None = None) -> tuple[Found, float]:
    begun = time.perf_counter()
    found = assess(report.ledger, until)
    return found, time.perf_counter() - begun


def heading(name: str, report: Report, read_s: float, found: Found, assess_s: float) -> None:
    counts = Counter(found.relations["verdict"].to_list())
    print(f"\n## {name}\n")
    print(f"{len(report.ledger):,} events, {found.relations.height:,} relations, {len(report.problems)} problems; read {read_s:.1f} s, "
          f"assessed {assess_s:.1f} s; " + ", ".join(f"{name} {count}" for name, count in counts.most_common()) + "\n")


def top(found: Found, axis: str, count: int = 10) -> list[dict[str, object]]:
    rows = found.axes.filter((pl.col("axis") == axis) & pl.col("verdict").is_in(["structural", "undecided", "temporary", "balanced"]))
    rows = rows.sort("p_structural", "n", descending=True).head(count)
    print("| relation | axis | verdict | n | weeks | level | p structural | toward |\n|---|---|---|---|---|---|---|---|")
    for row in rows.iter_rows(named=True):
        print(f"| {row['a']} – {row['b']} | {axis} | {row['verdict']} | {row['n']} | {row['weeks']} | {row['level']:+.2f} | "
              f"{row['p_structural']:.3f} | {row['toward'] or ''} |")
    return rows.to_dicts()


def enron(folder: Path, work: Path) -> None:
    with gzip.open(folder / "enron_exec" / "enron_edges.csv.gz", "rt") as source:
        rows = list(csv.DictReader(source))
    mails: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in rows:
        if row["Reciptype"] != "bcc":
            mails.setdefault((row["src"], row["Time"]), {}).setdefault(row["Reciptype"], []).append(row["dst"])
    mbox, log = work / "enron.mbox", work / "enron.csv"
    raw: Counter[tuple[str, str]] = Counter()
    with mbox.open("w", newline="\n") as mailbox, log.open("w", newline="") as table:
        out = csv.writer(table)
        out.writerow(["id", "time", "from", "to"])
        for number, ((author, moment), to) in enumerate(sorted(mails.items(), key=lambda item: (item[0][1], item[0][0])), 1):
            at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
            headers = "".join(f"{name}: " + ", ".join(f"a@p{one}.example" for one in dict.fromkeys(to[kind])) + "\n"
                              for kind, name in (("to", "To"), ("cc", "Cc")) if kind in to)
            mailbox.write(f"From a@p{author}.example {at:%a %b %d %H:%M:%S %Y}\nFrom: a@p{author}.example\n{headers}"
                          f"Date: {format_datetime(at)}\nMessage-ID: <{number}@enron.example>\n\n")
            if at.year < FIRST_BELIEVED:
                continue
            receivers = dict.fromkeys(to.get("to", []) + to.get("cc", []))
            for one in receivers:
                out.writerow([f"{number}@enron.example", at.isoformat(), f"p{author}.example", f"p{one}.example"])
            others = [one for one in receivers if one != author]
            if len(others) <= 10:
                raw.update((f"p{author}.example", f"p{one}.example") for one in others)
    by_mail, mail_s = reading(mbox)
    by_log, log_s = reading(log)
    first, first_s = judged(by_mail, "2002-06-30")
    second, second_s = judged(by_log, "2002-06-30")
    heading(f"Enron, {len(rows):,} edges as a mailbox", by_mail, mail_s, first, first_s)
    heading("Enron, the same as an interaction log", by_log, log_s, second, second_s)
    one, two = first.as_dict()["relations"], second.as_dict()["relations"]
    same = sum(json.dumps(x) == json.dumps(y) for x, y in zip(one, two, strict=False))
    print(f"Relations equal in every figure and verdict: {same} of {len(one)} and {len(two)}.\n")
    checked(top(first, "words"), raw)


def checked(rows: list[dict[str, object]], raw: Counter[tuple[str, str]]) -> None:
    print("\nThe first three, counted in the raw rows:\n")
    for row in rows[:3]:
        a, b = str(row["a"]), str(row["b"])
        print(f"- {a} → {b}: {raw[(a, b)]} mails, {b} → {a}: {raw[(b, a)]}; ledger: n = {row['n']}, level {row['level']:+.2f} "
              f"(positive: {a} gives more)")


def eu_core(folder: Path, work: Path) -> None:
    start = datetime(2003, 10, 1, tzinfo=UTC)
    raw: Counter[tuple[str, str]] = Counter()
    path = work / "eu_core.csv"
    with gzip.open(folder / "email_eu_core" / "email-Eu-core-temporal.txt.gz", "rt") as source, path.open("w", newline="") as table:
        out = csv.writer(table)
        out.writerow(["time", "from", "to"])
        for line in source:
            one, other, seconds = line.split()
            out.writerow([(start + timedelta(seconds=int(seconds))).isoformat(), f"u{one}.example", f"u{other}.example"])
            if one != other:
                raw[(f"u{one}.example", f"u{other}.example")] += 1
    report, read_s = reading(path)
    found, assess_s = judged(report)
    heading("Eu-core, 332,334 mails as an interaction log", report, read_s, found, assess_s)
    checked(top(found, "words"), raw)


def scms(folder: Path) -> None:
    path = folder / "scms_delivery" / "SCMS_Delivery_History_Dataset.csv"
    report, read_s = reading(path)
    found, assess_s = judged(report)
    heading("SCMS deliveries", report, read_s, found, assess_s)
    rows = top(found, "promises")
    late: dict[tuple[str, str], list[int]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as source:
        for record in csv.DictReader(source, delimiter="\t"):
            due, came = (datetime.strptime(record[name], "%d-%b-%y").replace(tzinfo=UTC) for name in ("Scheduled Delivery Date", "Delivered to Client Date"))
            late[(record["Vendor"], record["Country"])].append((came - due).days)
    print("\nThe first three, counted in the raw rows:\n")
    for row in rows[:3]:
        names = {found.names[str(row["a"])], found.names[str(row["b"])]}
        days = next(value for (vendor, country), value in late.items() if {vendor, country} == names)
        print(f"- {' – '.join(sorted(names))}: {len(days)} deliveries, {sum(day > 0 for day in days)} after the scheduled day, "
              f"{sum(day > 7 for day in days)} by more than a week; ledger: n = {row['n']}, level {row['level']:+.2f}")


def ibm(folder: Path) -> None:
    path = folder / "ibm_late_payment" / "WA_Fn-UseC_-Accounts-Receivable.csv"
    report, read_s = reading(path, us=("supplier.example",), between_others=False)
    found, assess_s = judged(report)
    heading("IBM open items", report, read_s, found, assess_s)
    rows = top(found, "money")
    late: dict[str, list[int]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as source:
        for record in csv.DictReader(source):
            due, paid = (datetime.strptime(record[name], "%m/%d/%Y").replace(tzinfo=UTC) for name in ("DueDate", "SettledDate"))
            late[record["customerID"]].append((paid - due).days)
    print("\nThe first three, counted in the raw rows:\n")
    for row in rows[:3]:
        customer = next(found.names[str(row[side])] for side in ("a", "b") if row[side] != "supplier.example")
        days = late[customer]
        print(f"- {customer}: {len(days)} invoices, paid {statistics.median(days):+.0f} days from the due day (median), "
              f"{sum(day > 0 for day in days)} after it; ledger: n = {row['n']}, level {row['level']:+.2f}, toward {row['toward']}")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        raise SystemExit(f"{folder} does not exist. Name the folder with the data sets.")
    print("# Real data, end to end")
    with tempfile.TemporaryDirectory() as work:
        enron(folder, Path(work))
        eu_core(folder, Path(work))
    scms(folder)
    ibm(folder)


if __name__ == "__main__":
    main()
