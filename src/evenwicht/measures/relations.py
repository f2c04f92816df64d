"""From the axes of a relation to its one verdict: the gravest stands, nothing is averaged (CONTRACT)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.measures.patterns import FEWEST_BALANCED, FEWEST_THRONES, pattern
from evenwicht.measures.verdict import GRAVITY, JUDGED, SURE
from evenwicht.measures.weeks import FIRST_MONDAY, FIRST_MONDAY_US, WEEK_US

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATTERN = pl.Struct({"name": pl.String, "king": pl.String, "lackey": pl.String, "axes": pl.List(pl.String)})
_RANK = {verdict: rank for rank, verdict in enumerate(GRAVITY) if verdict in JUDGED}
_STILL = GRAVITY.index("standing_still")
_SHOWN = ("no_signal", "shown")
_FIRST_DAY = (FIRST_MONDAY - date(1970, 1, 1)).days
MOMENT = pl.Datetime("us", "UTC")
COLUMNS: dict[str, Any] = {
    "a": pl.String, "b": pl.String, "verdict": pl.String, "because": pl.List(pl.String), "toward": pl.String,
    "both_ways": pl.Boolean, "since": pl.Date, "since_low": pl.Date, "since_high": pl.Date, "probability": pl.Float64,
    "events": pl.Int64, "first": MOMENT, "last": MOMENT, "speed_now": pl.Float64, "speed_normal": pl.Float64,
    "speed_ratio": pl.Float64, "p_standstill": pl.Float64, "robustness_ruptures": pl.Int64, "robustness_repaired": pl.Int64,
    "robustness_median_days": pl.Float64, "pattern": pl.Object,
}


def relation_rows(pairs: Sequence[tuple[str, str]], axes: pl.DataFrame, speed: pl.DataFrame) -> pl.DataFrame:
    """One row per relation, in the order of `pairs`; columns as in CONTRACT with speed and robustness flattened."""
    every = pl.DataFrame({"a": [pair[0] for pair in pairs], "b": [pair[1] for pair in pairs]}, schema={"a": pl.String, "b": pl.String})
    every = every.with_row_index("_relation").join(speed, on=["a", "b"], how="left", maintain_order="left")
    axes = axes.join(every.select("a", "b", "_relation"), on=["a", "b"], how="inner", maintain_order="left").with_columns(
        pl.col("verdict").replace_strict(_RANK, default=None, return_dtype=pl.Int64).alias("_rank"),
        pl.col("verdict").is_in(_SHOWN).alias("_shown"))
    told = axes.group_by("_relation").agg(pl.col("_rank").min(), pl.col("_shown").all())
    every = every.join(told, on="_relation", how="left", maintain_order="left").with_columns(
        pl.min_horizontal("_rank", pl.when(pl.col("p_standstill") >= SURE).then(pl.lit(_STILL))).alias("_rank"))
    because = axes.join(every.select("_relation", pl.col("_rank").alias("_gravest")), on="_relation", how="inner").filter(
        pl.col("_rank") == pl.col("_gravest")).sort("_relation", "p_structural", "axis", descending=[False, True, False])
    lead = because.group_by("_relation", maintain_order=True).agg(
        pl.col("axis").alias("because"), pl.col("king").first().alias("toward"), (pl.col("king").n_unique() > 1).alias("both_ways"),
        pl.col("since", "since_low", "since_high").first(), pl.col("p_structural").max().alias("probability"))
    rows = every.join(lead, on="_relation", how="left", maintain_order="left")
    still = pl.col("_rank") == _STILL
    names = pl.col("_rank").replace_strict(list(range(len(GRAVITY))), list(GRAVITY), default=None, return_dtype=pl.String)
    last_week = (pl.col("last") - FIRST_MONDAY_US) // WEEK_US * 7 + _FIRST_DAY
    rows = rows.with_columns(
        pl.when(names.is_not_null()).then(names).when(pl.col("_shown")).then(pl.lit("no_signal")).otherwise(pl.lit("too_little_data")).alias("verdict"),
        pl.col("because").fill_null([]), pl.col("both_ways").fill_null(value=False), pl.col("events").fill_null(0),
        pl.when(~pl.col("both_ways")).then(pl.col("toward")).alias("toward"),
        pl.when(still).then(last_week.cast(pl.Int32).cast(pl.Date)).otherwise(pl.col("since")).alias("since"),
        pl.when(still).then(pl.col("p_standstill")).otherwise(pl.col("probability")).alias("probability"),
        *[pl.lit(None).alias(name) for name in ("robustness_ruptures", "robustness_repaired", "robustness_median_days")],
        *[pl.from_epoch(name, time_unit="us").dt.replace_time_zone("UTC").alias(name) for name in ("first", "last")],
        pl.Series("pattern", _patterns(every, axes), _PATTERN),
    )
    return rows.select(*[pl.col(name).cast(kind) for name, kind in COLUMNS.items() if name != "pattern"], "pattern")


def _patterns(relations: pl.DataFrame, axes: pl.DataFrame) -> list[dict[str, Any] | None]:
    """The pattern of each relation; only where there are axes enough for one is it looked for."""
    found: list[dict[str, Any] | None] = [None] * relations.height
    counts = axes.group_by("_relation").agg(
        (pl.col("verdict") == "structural").sum().alias("thrones"), (pl.col("verdict") == "balanced").sum().alias("even"))
    likely = counts.filter((pl.col("thrones") >= FEWEST_THRONES) | (pl.col("even") >= FEWEST_BALANCED)).select("_relation")
    chosen = axes.join(likely, on="_relation", how="inner", maintain_order="left").select("_relation", "axis", "group", "verdict", "king", "rates")
    by_relation: dict[int, list[dict[str, Any]]] = {}
    for row in chosen.iter_rows(named=True):
        by_relation.setdefault(row["_relation"], []).append(row)
    sides = relations.select("a", "b", "speed_ratio")
    for place, rows in by_relation.items():
        a, b, ratio = sides.row(place)
        found[place] = pattern(a, b, rows, ratio)
    return found
