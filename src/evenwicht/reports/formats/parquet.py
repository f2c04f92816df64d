"""One row per relation and axis as Parquet, for a data frame: the names of the JSON, values in their own types."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import polars as pl

from evenwicht.reports.formats import chosen
from evenwicht.reports.formats.columns import AXIS_COLUMNS

if TYPE_CHECKING:
    from evenwicht.reports.formats import Found

NAME = "parquet"
SUFFIX = ".parquet"
BINARY = True
ONE_RELATION = False


def write(
    found: Found, target: IO[bytes], *, language: str = "en", chair: str | None = None,
    between: tuple[str, str] | None = None,
) -> None:
    """Write the frame of axes; the order of rows and columns does not depend on how they were computed."""
    del language, chair
    axes = found.axes
    if between is not None:
        chosen(found.as_dict()["relations"], between)  # raises UnknownParty for two who have no relation
        axes = axes.filter(pl.col("a").is_in(between) & pl.col("b").is_in(between))
    first = [column for column in AXIS_COLUMNS if column in axes.columns]
    more = [column for column in axes.columns if column not in AXIS_COLUMNS]
    axes.select(first + more).sort("a", "b", maintain_order=True).write_parquet(target)
