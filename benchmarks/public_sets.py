"""The public data sets the numbers are learned and measured on, as weekly rows. None of them is part of this repository.

`--data FOLDER` of the benchmarks is where they stand, one folder each: `email_eu_core` (SNAP email-Eu-core-temporal),
`enron_exec` (igraphdata), `scms_delivery` (USAID SCMS delivery history), `ibm_late_payment` (IBM accounts receivable).
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.measures.learn import Rows

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DAY = 86_400
WEEK = 7 * DAY
SILENCE = 3 * DAY
"""A mail after this much silence between the two begins a conversation."""


@dataclass(frozen=True)
class Mails:
    """Mails between pairs: pair number, moment in seconds, and whether the first of the pair wrote it; by pair and time."""

    pair: NDArray[np.int64]
    at: NDArray[np.float64]
    by_a: NDArray[np.bool_]

    def rows(self, *, least: int = 8, importance: float = 1.0) -> Rows:
        """Weekly counts of the pairs with at least so many mails."""
        return weekly(self.pair, self.at, self.by_a.astype(np.float64), least=least, importance=importance)

    def initiations(self) -> Mails:
        """Only the mails that begin a conversation."""
        first = np.ones(self.pair.size, dtype=bool)
        first[1:] = (np.diff(self.pair) != 0) | (np.diff(self.at) > SILENCE)
        return Mails(self.pair[first], self.at[first], self.by_a[first])


def weekly(
    pair: NDArray[np.int64], at: NDArray[np.float64], share: NDArray[np.float64], *,
    least: int = 1, importance: float = 1.0,
) -> Rows:
    """Sums single observations (share of A, 0 to 1) to rows; pairs with fewer than `least` are left out."""
    _, pair, size = np.unique(pair, return_inverse=True, return_counts=True)
    kept = size[pair] >= least
    pair, at, share = pair[kept], at[kept], share[kept]
    week = np.floor(at / WEEK).astype(np.int64)
    cells, cell = np.unique(np.stack((pair, week), axis=1), axis=0, return_inverse=True)
    n = np.bincount(cell).astype(np.float64)
    a = np.bincount(cell, share)
    offsets = np.concatenate(([0], np.flatnonzero(np.diff(cells[:, 0])) + 1, [cells.shape[0]]))
    return Rows(offsets.astype(np.int64), np.ascontiguousarray(cells[:, 1]), np.minimum(a, n), n, importance)


def eu_core(data: Path) -> Mails:
    """332,334 mails inside a research institution, 804 days."""
    with gzip.open(data / "email_eu_core" / "email-Eu-core-temporal.txt.gz", "rt") as lines:
        table = np.loadtxt(lines, dtype=np.int64)
    return _mails(table[:, 0], table[:, 1], table[:, 2].astype(np.float64))


def enron(data: Path) -> Mails:
    """Mails `to` one another of 184 people at Enron, June 1999 to March 2002; each mail once per receiver."""
    seen = set()
    with gzip.open(data / "enron_exec" / "enron_edges.csv.gz", "rt", newline="") as lines:
        for line in csv.DictReader(lines):
            if line["Reciptype"] == "to" and "1999-06" <= line["Time"] < "2002-04":
                at = datetime.fromisoformat(line["Time"] + "+00:00").timestamp()
                seen.add((int(line["src"]), int(line["dst"]), at))
    table = np.array(sorted(seen))
    return _mails(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])


def scms_lateness(data: Path, *, least: int = 8, importance: float = 1.0) -> Rows:
    """Promised against actual deliveries per vendor and country, without the programme's own warehouse.

    A = the vendor: late by 5 working days or more, the country has waited fully (y = 0); on time or early, y = 1/2.
    """
    text = (data / "scms_delivery" / "SCMS_Delivery_History_Dataset.csv").read_text(encoding="utf-8", errors="replace")
    pairs, at, share = [], [], []
    names: dict[tuple[str, str], int] = {}
    for line in csv.DictReader(text.splitlines(), delimiter="\t"):
        vendor = line["Vendor"]
        if vendor == "SCMS from RDC":
            continue
        due, done = _day(line["Scheduled Delivery Date"], "%d-%b-%y"), _day(line["Delivered to Client Date"], "%d-%b-%y")
        if due is None or done is None:
            continue
        late = int(np.busday_count(due, done)) if done > due else 0
        pairs.append(names.setdefault((vendor, line["Country"]), len(names)))
        at.append(_seconds(due))
        share.append(0.5 - 0.5 * min(1.0, late / 5))
    return _by_pair(pairs, at, share, least, importance)


def ibm_payment(data: Path, *, least: int = 8, importance: float = 1.0) -> Rows:
    """Invoices of 100 customers: A = the supplier gives credit beyond the due day, the payer before it."""
    pairs, at, share = [], [], []
    names: dict[str, int] = {}
    with (data / "ibm_late_payment" / "WA_Fn-UseC_-Accounts-Receivable.csv").open(newline="", encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            due, paid = _day(line["DueDate"], "%m/%d/%Y"), _day(line["SettledDate"], "%m/%d/%Y")
            if due is None or paid is None:
                continue
            days = (paid - due).days
            pairs.append(names.setdefault(line["customerID"], len(names)))
            at.append(_seconds(due))
            share.append(0.5 + 0.5 * float(np.clip(days / 30, -1.0, 1.0)))
    return _by_pair(pairs, at, share, least, importance)


def _by_pair(pairs: list[int], at: list[float], share: list[float], least: int, importance: float) -> Rows:
    return weekly(np.array(pairs), np.array(at), np.array(share), least=least, importance=importance)


def _mails(source: NDArray[np.int64], target: NDArray[np.int64], at: NDArray[np.float64]) -> Mails:
    other = source != target
    source, target, at = source[other], target[other], at[other]
    low, high = np.minimum(source, target), np.maximum(source, target)
    pair = low * (int(high.max()) + 1) + high
    order = np.lexsort((at, pair))
    return Mails(pair[order], at[order], (source == low)[order])


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return None


def _seconds(day: date) -> float:
    return float((day - date(1970, 1, 5)).days * DAY)
