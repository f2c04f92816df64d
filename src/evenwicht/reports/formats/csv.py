"""One row per relation and axis, for a spreadsheet: the names of the JSON, a point in decimals, nothing translated."""

from __future__ import annotations

import csv
import json
from typing import IO, TYPE_CHECKING, Any

from evenwicht.reports.formats import chosen
from evenwicht.reports.formats.columns import AXIS_COLUMNS
from evenwicht.reports.formats.json import plain

if TYPE_CHECKING:
    from evenwicht.reports.formats import Found

NAME = "csv"
SUFFIX = ".csv"
BINARY = False
ONE_RELATION = False

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Text that begins like this is run as a formula by spreadsheets (OWASP, "CSV injection")."""


def write(
    found: Found, target: IO[str], *, language: str = "en", chair: str | None = None,
    between: tuple[str, str] | None = None,
) -> None:
    """Write the axes as CSV in UTF-8; several values of one cell stand behind each other with "; "."""
    del language, chair
    rows = csv.writer(target, lineterminator="\n")
    rows.writerow(AXIS_COLUMNS)
    for relation in chosen(found.as_dict()["relations"], between):
        for axis in relation["axes"]:
            known = {**axis, "a": relation["a"], "b": relation["b"]}
            rows.writerow([cell(plain(known.get(column))) for column in AXIS_COLUMNS])


def cell(value: Any) -> str | int | float:
    """A value as a cell: text that a spreadsheet would run gets a ' before it, figures stay figures."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, list):
        return cell("; ".join(str(one) for one in value)) if len(value) != 1 else cell(value[0])
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value if isinstance(value, int | float) else str(value)
