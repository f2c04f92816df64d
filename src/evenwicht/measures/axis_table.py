"""One axis over a portfolio: observations → states → one row per relation, with its verdict and what it still needs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from evenwicht.measures import needs as wanted
from evenwicht.measures.agreements import agreed_disturbances, agreed_norms
from evenwicht.measures.balance import balance
from evenwicht.measures.forecast import NEVER, expected_back
from evenwicht.measures.observations import LARGEST, SMALLEST, Observed, Series, is_flow, series
from evenwicht.measures.since import since
from evenwicht.measures.smooth import smoothed
from evenwicht.measures.verdict import axis_verdicts, rounded, turns_forced
from evenwicht.measures.weeks import DAY_US, WEEK_US, monday

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from numpy.typing import NDArray

    from evenwicht.measures.facts import Facts
    from evenwicht.measures.grid import Grid
    from evenwicht.measures.parameters import ParameterSet
    from evenwicht.phrase import Phrase

BANDS = {"money": math.log(60 / 40), "promises": math.log(55 / 45), "response": math.log(55 / 45)}
FLOW_BAND = math.log(60 / 40)
"""Half-widths of the band in log-odds (CONTRACT): 60/40, and 55/45 for promises and response."""

SHORT, LONG = 13, 156
"""The two horizons, in weeks."""

LATE_END_DAYS = 14
"""A source that ends more than this before `until` is named: what comes after it is not known."""

_RATE = pl.Struct({"n": pl.Int64, "kept": pl.Int64, "median_wait": pl.Float64})
ROW: dict[str, Any] = {
    "a": pl.String, "b": pl.String, "axis": pl.String, "group": pl.String, "n": pl.Int64, "weeks": pl.Int64,
    "now": pl.Float64, "now_low": pl.Float64, "now_high": pl.Float64, "level": pl.Float64, "level_low": pl.Float64,
    "level_high": pl.Float64, "p_outside": pl.Float64, "p_structural": pl.Float64, "half_life_weeks": pl.Float64,
    "verdict": pl.String, "toward": pl.String, "king": pl.String, "since": pl.Date, "since_low": pl.Date,
    "since_high": pl.Date, "expected_back": pl.Date, "expected_back_low": pl.Date, "expected_back_high": pl.Date,
    "needs": pl.List(pl.String), "a_short": pl.Float64, "b_short": pl.Float64, "a_long": pl.Float64, "b_long": pl.Float64,
    "unit": pl.List(pl.String), "rates": pl.Struct({"a": _RATE, "b": _RATE}),
}
"""Columns of `found.axes`, in order."""


@dataclass(frozen=True, slots=True)
class AxisTable:
    """One axis, judged. `series`, `norm` and `grid` are kept so that the history can be drawn when it is asked for."""

    name: str
    rows: pl.DataFrame
    needs: Mapping[tuple[str, str, str], tuple[Phrase, ...]]
    series: Series
    observed: Observed
    norm: NDArray[np.float64]
    band: float
    end: NDArray[np.int64]
    grid: Grid


@dataclass(slots=True)
class _Judged:
    """Columns of one axis, one entry per relation that has any event of it."""

    pairs: list[tuple[str, str]]
    columns: dict[str, Any] = field(default_factory=dict)


def axis_table(
    axis: ModuleType, observed: Observed, facts: Facts, parameters: ParameterSet, asking: wanted.Wanted, *, until_week: int,
) -> AxisTable:
    """Judge one axis for every relation that has any event of it, covered or not."""
    name = observed.name
    band = BANDS.get(name, FLOW_BAND)
    grid = parameters.grid(axis.FAMILY)
    weekly = series(observed.weekly, parameters.dispersion(name))
    touched = sorted(set(facts.any_of(*axis.KINDS).select("a", "b").unique().iter_rows()) | set(weekly.pairs))
    ends = {pair: _last_seen(facts, pair, axis) for pair in touched}
    end = np.array([min(until_week, _week(ends[pair], until_week)) for pair in weekly.pairs], np.int64)
    end = np.maximum(end, weekly.week[weekly.offsets[1:] - 1]) if len(weekly.pairs) else end
    norms = agreed_norms(facts, name)
    norm = np.array([norms.get(pair, 0.0) for pair in weekly.pairs], np.float64)
    agreed = agreed_disturbances(facts)
    states = balance(weekly.offsets, weekly.week, weekly.a, weekly.n, grid, norm=norm, band=band, end=end)
    rows = _figures(axis, observed, weekly, states, norm, band, end, grid, facts, agreed)
    needs = _needs(axis, rows, touched, facts, ends, asking)
    seen = set(weekly.pairs)
    missing = [pair for pair in touched if pair not in seen]
    frame = pl.DataFrame(
        [*_as_rows(rows, needs, name), *[_empty_row(axis, pair, needs) for pair in missing]], schema=ROW, orient="row")
    return AxisTable(name, frame, needs, weekly, observed, norm, band, end, grid)


def _week(moment: int | None, default: int) -> int:
    return default if moment is None else (moment - 4 * DAY_US) // WEEK_US


def _last_seen(facts: Facts, pair: tuple[str, str], axis: ModuleType) -> int | None:
    """The last moment (µs) up to which the axis's kinds were seen both ways for a relation; None = no limit known."""
    if facts.covered.complete:
        return None
    kinds = (*axis.KINDS, axis.ANSWER) if hasattr(axis, "ANSWER") else axis.KINDS
    if hasattr(axis, "ANSWER"):
        kinds = (axis.ANSWER,)
    found = []
    for kind in kinds:
        both = [facts.covered.ends(giver, receiver, kind) for giver, receiver in (pair, pair[::-1])]
        known = [moment for moment in both if moment is not None]
        if len(known) == len(both):
            found.append(min(known))
    return max(found) if found else None


def _figures(
    axis: ModuleType, observed: Observed, weekly: Series, states: dict[str, NDArray[np.float64]], norm: NDArray[np.float64],
    band: float, end: NDArray[np.int64], grid: Grid, facts: Facts, agreed: Mapping[tuple[str, str], int],
) -> _Judged:
    count = len(weekly.pairs)
    filled = np.diff(weekly.offsets)
    events = observed.weekly["events"].to_numpy().astype(np.int64)
    observations = np.add.reduceat(events, weekly.offsets[:-1]) if count else np.zeros(0, np.int64)
    p, o = rounded(states["p_structural"]), rounded(states["p_outside"])
    chosen = np.array([pair in agreed for pair in weekly.pairs], bool)
    forced = _forced(axis, facts, weekly.pairs) if is_flow(axis) else np.zeros(count, bool)
    verdict = axis_verdicts(observations, filled, states["now_high"] - states["now_low"], p, o, forced=forced, agreed=chosen)
    settled = np.isin(verdict, ("structural", "undecided"))
    leaning = settled | (verdict == "temporary")
    away = np.where(settled, states["level"], states["now"]) - norm
    a_gives = away > 0
    giver = [pair[0] if gives else pair[1] for pair, gives in zip(weekly.pairs, a_gives, strict=True)]
    receiver = [pair[1] if gives else pair[0] for pair, gives in zip(weekly.pairs, a_gives, strict=True)]
    king = giver if axis.KIND_OF_KING == "giver" else receiver
    judged = _Judged(weekly.pairs)
    judged.columns = {
        "n": observations, "weeks": filled, **{key: states[key] for key in (
            "now", "now_low", "now_high", "level", "level_low", "level_high")}, "p_outside": o, "p_structural": p,
        "half_life_weeks": states["half_life_weeks"], "verdict": verdict,
        "toward": [who if out else None for who, out in zip(receiver, leaning, strict=True)],
        "king": [who if out else None for who, out in zip(king, leaning, strict=True)],
    }
    _dates(judged, weekly, grid, norm, band, end, verdict, np.where(a_gives, 1, -1).astype(np.int8), agreed)
    _sums(judged, observed, end)
    judged.columns["group"] = axis.GROUP
    return judged


def _forced(axis: ModuleType, facts: Facts, pairs: Sequence[tuple[str, str]]) -> NDArray[np.bool_]:
    flows = axis.flows(facts).sort("a", "b", "t")
    index = {pair: i for i, pair in enumerate(pairs)}
    place = np.array([index.get(pair, -1) for pair in flows.select("a", "b").iter_rows()], np.int64)
    by_a = (flows["giver"] == flows["a"]).to_numpy()
    kept = place >= 0
    return turns_forced(place[kept], by_a[kept], np.clip(flows["amount"].to_numpy()[kept], SMALLEST, LARGEST), len(pairs))


def _dates(
    judged: _Judged, weekly: Series, grid: Grid, norm: NDArray[np.float64], band: float, end: NDArray[np.int64],
    verdict: NDArray[np.str_], side: NDArray[np.int8], agreed: Mapping[tuple[str, str], int],
) -> None:
    """When it began, and when it is expected back, for the relations whose verdict has such a date."""
    count = len(weekly.pairs)
    for name in ("since", "since_low", "since_high", "expected_back", "expected_back_low", "expected_back_high"):
        judged.columns[name] = [None] * count
    dated = np.flatnonzero(np.isin(verdict, ("structural", "temporary", "undecided")))
    if len(dated):
        part, rows = _part(weekly, dated)
        structural = np.isin(verdict[dated], ("structural", "undecided"))
        weeks = since(part, weekly.week[rows], weekly.a[rows], weekly.n[rows], grid, norm[dated], band,
                      structural=structural, side=side[dated])
        for name, values in zip(("since", "since_low", "since_high"), weeks, strict=True):
            for relation, value in zip(dated, values, strict=True):
                judged.columns[name][relation] = monday(int(value))
    waiting = np.flatnonzero(verdict == "temporary")
    if len(waiting):
        part, rows = _part(weekly, waiting)
        back = expected_back(part, weekly.week[rows], weekly.a[rows], weekly.n[rows], grid, norm=norm[waiting], band=band,
                             end=end[waiting])
        for name, values in zip(("expected_back", "expected_back_low", "expected_back_high"), back, strict=True):
            for relation, ahead in zip(waiting, values, strict=True):
                if ahead != NEVER:
                    judged.columns[name][relation] = monday(int(end[relation] + ahead))
        for relation in waiting:
            due = agreed.get(weekly.pairs[relation])
            if due is not None and judged.columns["p_structural"][relation] > 0.2:  # noqa: PLR2004  by agreement of both
                judged.columns["expected_back"][relation] = monday(_week(due, 0))
                judged.columns["expected_back_low"][relation] = judged.columns["expected_back_high"][relation] = None


def _part(weekly: Series, relations: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Offsets and row numbers of some relations."""
    lengths = np.diff(weekly.offsets)[relations]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    rows = np.concatenate([np.arange(weekly.offsets[r], weekly.offsets[r + 1]) for r in relations])
    return offsets, rows.astype(np.int64)


def _sums(judged: _Judged, observed: Observed, end: NDArray[np.int64]) -> None:
    """Raw sums over both horizons, units, and the plain rates of each side."""
    last = nw.from_dict(
        {"a": [pair[0] for pair in judged.pairs], "b": [pair[1] for pair in judged.pairs], "_end": end.tolist(),
         "_place": list(range(len(judged.pairs)))},
        schema={"a": nw.String(), "b": nw.String(), "_end": nw.Int64(), "_place": nw.Int64()},
        backend=nw.get_native_namespace(observed.weekly))
    placed = observed.weekly.join(last, on=["a", "b"], how="inner")
    for horizon, weeks in (("short", SHORT), ("long", LONG)):
        within = placed.filter(nw.col("week") > nw.col("_end") - weeks)
        place = within["_place"].to_numpy()
        for side in ("a", "b"):
            judged.columns[f"{side}_{horizon}"] = np.bincount(
                place, weights=within[f"given_{side}"].to_numpy(), minlength=len(judged.pairs))
    units: dict[tuple[str, str], list[str]] = {}
    for a, b, unit in observed.units.iter_rows():
        units.setdefault((a, b), []).append(unit)
    judged.columns["unit"] = [units.get(pair, []) for pair in judged.pairs]
    judged.columns["rates"] = [None] * len(judged.pairs)
    if observed.commitments is not None:
        each = observed.commitments.join(last, on=["a", "b"], how="inner").filter(nw.col("week") > nw.col("_end") - LONG)
        rates = each.group_by("_place", "debtor").agg(
            nw.len().alias("n"), nw.col("kept").cast(nw.Int64()).sum(), nw.col("wait").median().alias("median_wait"))
        found = {(place, debtor): {"n": n, "kept": kept, "median_wait": wait}
                 for place, debtor, n, kept, wait in rates.iter_rows()}
        none = {"n": 0, "kept": 0, "median_wait": None}
        judged.columns["rates"] = [
            {"a": found.get((place, pair[0]), none), "b": found.get((place, pair[1]), none)}
            for place, pair in enumerate(judged.pairs)
        ]


def _needs(
    axis: ModuleType, judged: _Judged, touched: Sequence[tuple[str, str]], facts: Facts,
    ends: Mapping[tuple[str, str], int | None], asking: wanted.Wanted,
) -> dict[tuple[str, str, str], tuple[Phrase, ...]]:
    answer = getattr(axis, "ANSWER", None)
    place = {pair: i for i, pair in enumerate(judged.pairs)}
    seen: dict[tuple[str, str], list[str]] = {}
    for a, b, kind in facts.any_of(*axis.KINDS).select("a", "b", "kind").unique().iter_rows():
        seen.setdefault((a, b), []).append(kind)
    found: dict[tuple[str, str, str], tuple[Phrase, ...]] = {}
    for pair in touched:
        index = place.get(pair)
        few = index is None or judged.columns["verdict"][index] == "too_little_data"
        phrases: tuple[Phrase, ...] = ()
        if few:
            kinds = tuple(kind for kind in axis.KINDS if kind in seen[pair])
            phrases = asking.missing(facts, *pair, kinds, answer)
            if not phrases:
                n, weeks = (0, 0) if index is None else (int(judged.columns["n"][index]), int(judged.columns["weeks"][index]))
                phrases = (wanted.more(n, weeks),)
        moment = ends[pair]
        if moment is not None and moment < facts.until_us - LATE_END_DAYS * DAY_US:
            ours = asking.us if asking.us in pair else pair[0]
            phrases = (*phrases, wanted.later(asking.name(str(ours)), answer or axis.KINDS[0], moment))
        if phrases:
            found[(*pair, str(axis.NAME))] = phrases
    return found


def _as_rows(judged: _Judged, needs: Mapping[tuple[str, str, str], tuple[Phrase, ...]], name: str) -> list[tuple[Any, ...]]:
    columns = judged.columns
    rows = []
    for i, (a, b) in enumerate(judged.pairs):
        values: dict[str, Any] = {"a": a, "b": b, "axis": name, "needs": [str(need) for need in needs.get((a, b, name), ())]}
        for key in ROW:
            if key not in values:
                value = columns[key] if key == "group" else columns[key][i]
                values[key] = value.item() if isinstance(value, np.generic) else value
        rows.append(tuple(values[key] for key in ROW))
    return rows


def _empty_row(
    axis: ModuleType, pair: tuple[str, str], needs: Mapping[tuple[str, str, str], tuple[Phrase, ...]],
) -> tuple[Any, ...]:
    """An axis that has events, none of which could be counted."""
    known: dict[str, Any] = {
        "a": pair[0], "b": pair[1], "axis": axis.NAME, "group": axis.GROUP, "n": 0, "weeks": 0, "verdict": "too_little_data",
        "needs": [str(need) for need in needs.get((*pair, str(axis.NAME)), ())], "a_short": 0.0, "b_short": 0.0,
        "a_long": 0.0, "b_long": 0.0, "unit": [],
    }
    return tuple(known.get(key) for key in ROW)


def smoothed_history(tables: Sequence[AxisTable], pairs: Sequence[tuple[str, str]] | None) -> pl.DataFrame:
    """`found.history` for some relations, or for all: the smoothed path, one row per week with observations, and the last.

    a_given, b_given: what each side gave that week, in effective counts of n; slow, fast and x in log-odds, with 90 % intervals.
    """
    schema = {"a": pl.String, "b": pl.String, "axis": pl.String, "week": pl.Date, **dict.fromkeys(
        ("n", "a_given", "b_given", "slow", "slow_low", "slow_high", "fast", "x", "x_low", "x_high"), pl.Float64)}
    frames = [pl.DataFrame(schema=schema)]
    wanted_pairs = None if pairs is None else {tuple(sorted(pair)) for pair in pairs}
    for table in tables:
        chosen = np.array([i for i, pair in enumerate(table.series.pairs) if wanted_pairs is None or pair in wanted_pairs], np.int64)
        if len(chosen):
            frames.append(_history(table, chosen, schema))
    return pl.concat(frames)


def _history(table: AxisTable, chosen: NDArray[np.int64], schema: dict[str, Any]) -> pl.DataFrame:
    source = table.series
    weeks, given, count, lengths = [], [], [], []
    for relation in chosen:
        rows = slice(source.offsets[relation], source.offsets[relation + 1])
        week, a, n = source.week[rows], source.a[rows], source.n[rows]
        if week[-1] < table.end[relation]:
            week, a, n = np.append(week, table.end[relation]), np.append(a, 0.0), np.append(n, 0.0)
        weeks.append(week)
        given.append(a)
        count.append(n)
        lengths.append(len(week))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    week, a, n = np.concatenate(weeks), np.concatenate(given), np.concatenate(count)
    path = smoothed(offsets, week, a, n, table.grid, table.norm[chosen], table.band)
    each = np.repeat(chosen, lengths)
    names = [source.pairs[i] for i in each]
    return pl.DataFrame({
        "a": [pair[0] for pair in names], "b": [pair[1] for pair in names], "axis": [table.name] * len(names),
        "week": [monday(w) for w in week], "n": n, "a_given": a, "b_given": n - a, **{key: path[key] for key in (
            "slow", "slow_low", "slow_high", "fast", "x", "x_low", "x_high")},
    }, schema=schema)
