"""Results as files to take along: CSV, a workbook, Parquet. One row per relation and axis, the columns of CONTRACT."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.reports.formats import csv
from evenwicht.reports.formats.columns import AXIS_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def as_csv(results: Sequence[Mapping[str, Any]]) -> str:
    """One row per relation and axis; text that a spreadsheet would run as a formula is defused."""
    target = StringIO()
    found: Any = _Results(results)  # it asks for as_dict alone
    csv.write(found, target)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class _Results:
    results: Sequence[Mapping[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        return {"relations": list(self.results)}


_DAYS = ("since", "since_low", "since_high", "expected_back", "expected_back_low", "expected_back_high")


def as_xlsx(results: Sequence[Mapping[str, Any]]) -> bytes:
    """One row per relation and axis, in a workbook: figures are figures, days are days, and no text is run as a formula."""
    from openpyxl import Workbook  # heavy: only who takes a workbook along pays for it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("evenwicht")
    sheet.freeze_panes = "A2"
    sheet.append(AXIS_COLUMNS)
    for row in _rows(results):
        sheet.append([csv.cell(value) if isinstance(value, str) else value for value in row.values()])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def as_parquet(results: Sequence[Mapping[str, Any]]) -> bytes:
    """One row per relation and axis, values in their own types; sums and rates as JSON text."""
    text = {"a", "b", "axis", "group", "verdict", "toward", "king", "unit", "needs", "rates", "a_short", "b_short", "a_long", "b_long"}
    schema = {column: pl.String if column in text else pl.Date if column in _DAYS else pl.Float64 for column in AXIS_COLUMNS}
    target = BytesIO()
    pl.DataFrame(list(_rows(results)), schema=schema).write_parquet(target)
    return target.getvalue()


def _rows(results: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every relation and axis, its columns in order, each value of its own type."""
    for one in results:
        for axis in one["axes"]:
            known = {**axis, "a": one["a"], "b": one["b"]}
            yield {column: _cell(column, known.get(column)) for column in AXIS_COLUMNS}


def _cell(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column in _DAYS:
        return date.fromisoformat(str(value)[:10])
    if isinstance(value, dict | list) or column in {"a_short", "b_short", "a_long", "b_long"}:
        return json.dumps(value, ensure_ascii=False)
    return float(value) if isinstance(value, int | float) else value
