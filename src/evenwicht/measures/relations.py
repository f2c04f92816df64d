"""From the axes of a relation to its one verdict: the gravest stands, nothing is averaged (CONTRACT)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.measures.patterns import pattern
from evenwicht.measures.verdict import GRAVITY, JUDGED, SURE
from evenwicht.measures.weeks import monday

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATTERN = pl.Struct({"name": pl.String, "king": pl.String, "lackey": pl.String, "axes": pl.List(pl.String)})
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
    by_pair: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in axes.iter_rows(named=True):
        by_pair.setdefault((row["a"], row["b"]), []).append(row)
    paces = {(row["a"], row["b"]): row for row in speed.iter_rows(named=True)}
    rows = [_relation(pair, by_pair.get(pair, []), paces.get(pair)) for pair in pairs]
    moments = ("first", "last")
    plain = {name: kind for name, kind in COLUMNS.items() if name != "pattern"}
    frame = pl.DataFrame(
        {name: [row[name] for row in rows] for name in plain},
        schema={name: (pl.Int64 if name in moments else kind) for name, kind in plain.items()},
    ).with_columns(pl.from_epoch(name, time_unit="us").dt.replace_time_zone("UTC") for name in moments)
    return frame.with_columns(pl.Series("pattern", [row["pattern"] for row in rows], dtype=_PATTERN))


def _relation(pair: tuple[str, str], axes: list[dict[str, Any]], pace: dict[str, Any] | None) -> dict[str, Any]:
    judged = [axis for axis in axes if axis["verdict"] in JUDGED]
    standing = pace is not None and pace["p_standstill"] >= SURE
    codes = {axis["verdict"] for axis in judged} | ({"standing_still"} if standing else set())
    verdict = next((code for code in GRAVITY if code in codes), None) or _unjudged(axes)
    because = sorted((axis for axis in judged if axis["verdict"] == verdict), key=lambda x: (-x["p_structural"], x["axis"]))
    kings = {axis["king"] for axis in because}
    chances = [axis["p_structural"] for axis in because] or ([pace["p_standstill"]] if verdict == "standing_still" and pace else [])
    lead = because[0] if because else {}
    row: dict[str, Any] = {
        "a": pair[0], "b": pair[1], "verdict": verdict, "because": [axis["axis"] for axis in because],
        "toward": kings.pop() if len(kings) == 1 else None, "both_ways": len(kings) > 1,
        "since": lead.get("since"), "since_low": lead.get("since_low"), "since_high": lead.get("since_high"),
        "probability": max(chances, default=None), "robustness_ruptures": None, "robustness_repaired": None,
        "robustness_median_days": None, **_pace(pace),
        "pattern": pattern(*pair, axes, pace["speed_ratio"] if pace else None),
    }
    if verdict == "standing_still" and pace is not None:
        row["since"] = monday((pace["last"] - 345_600_000_000) // 604_800_000_000)
    return row


def _unjudged(axes: list[dict[str, Any]]) -> str:
    silent = bool(axes) and all(axis["verdict"] in {"no_signal", "shown"} for axis in axes)
    return "no_signal" if silent else "too_little_data"


def _pace(pace: dict[str, Any] | None) -> dict[str, Any]:
    names = ("events", "first", "last", "speed_now", "speed_normal", "speed_ratio", "p_standstill")
    return {name: pace[name] if pace else 0 if name == "events" else None for name in names}
