"""One observation per commitment: met as agreed 1/2, waiting moves it toward who waited (METHOD §1)."""

from __future__ import annotations

import narwhals as nw
import polars as pl
import pytest

from evenwicht.measures.axes import money, promises, response
from evenwicht.measures.commitments import COLUMNS, observed
from measures.lines import A, B, commitments, facts


@pytest.mark.parametrize(("creditor", "size", "y"), [
    (A, 0.0, 0.5), (B, 0.0, 0.5), (A, 1.0, 1.0), (B, 1.0, 0.0), (A, 0.5, 0.75), (B, 0.5, 0.25), (A, -1.0, 0.0), (B, -0.4, 0.7),
])
def test_the_share_leans_to_who_waited(creditor: str, size: float, y: float):
    debtor = B if creditor == A else A
    row = observed(nw.from_native(pl.DataFrame({"debtor": [debtor], "creditor": [creditor], "size": [size]}))).row(0)
    assert row[3:] == (A, B, pytest.approx(y), 1.0)


def test_every_deferral_axis_gives_the_columns_of_a_commitment():
    known = facts("""
        2026-03-02T09:00Z A -> B question 1 count <1#q>
        2026-02-24T00:00Z A -> B invoice 100 EUR <i> due 2026-03-10T00:00Z
        2026-03-02T09:00Z B -> A promise 1 count <w> due 2026-03-10T00:00Z
    """)
    for axis in (money, promises, response):
        assert axis.commitments(known).columns == [*COLUMNS, "place"]
        [row] = commitments(axis, known)
        assert -1 <= row["size"] <= 1
        assert row["kept"] == (row["size"] <= 0)
