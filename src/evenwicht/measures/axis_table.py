"""One axis over a portfolio: observations → states → one row per relation, with its verdict and what it still needs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from evenwicht.measures import needs as wanted
from evenwicht.measures.agreements import agreed_disturbances, agreed_norms
from evenwicht.measures.balance import balance
from evenwicht.measures.forecast import NEVER, expected_back
from evenwicht.measures.observations import Observed, Series, series
from evenwicht.measures.since import since
from evenwicht.measures.smooth import smoothed
from evenwicht.measures.verdict import FEWEST_OBSERVATIONS, FEWEST_WEEKS, UNLIKELY, axis_verdicts, rounded
from evenwicht.measures.weeks import DAY_US, FIRST_MONDAY, FIRST_MONDAY_US, WEEK_US, monday

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from numpy.typing import NDArray

    from evenwicht.measures.facts import Facts
    from evenwicht.measures.grid import Grid
    from evenwicht.measures.parameters import ParameterSet
    from evenwicht.phrase import Phrase

    Codes = NDArray[np.int64]

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


_BACK = ("expected_back", "expected_back_low", "expected_back_high")
_NO_WEEK = np.iinfo(np.int64).min


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
    """Columns of one axis, one entry per relation that has any observation of it."""

    weekly: Series
    columns: dict[str, Any] = field(default_factory=dict)


def axis_table(
    axis: ModuleType, observed: Observed, facts: Facts, parameters: ParameterSet, asking: wanted.Wanted, *, until_week: int,
) -> AxisTable:
    """Judge one axis for every relation that has any event of it, covered or not."""
    name = observed.name
    band = BANDS.get(name, FLOW_BAND)
    grid = parameters.grid(axis.FAMILY)
    weekly = series(observed, parameters.dispersion(name))
    touched = np.union1d(facts.any_of(*axis.KINDS)["pair"].unique().to_numpy(), weekly.codes)
    last_seen = _last_seen(facts, touched, axis)
    ends = last_seen[np.searchsorted(touched, weekly.codes)]
    end = np.where(ends == 0, until_week, np.minimum(until_week, (ends - FIRST_MONDAY_US) // WEEK_US))
    end = np.maximum(end, weekly.week[weekly.offsets[1:] - 1]) if len(weekly.pairs) else end
    norms = agreed_norms(facts, name)
    norm = np.array([norms.get(pair, 0.0) for pair in weekly.codes.tolist()], np.float64)
    states = balance(weekly.offsets, weekly.week, weekly.a, weekly.n, grid, norm=norm, band=band, end=end)
    judged = _figures(axis, observed, weekly, states, norm, norms, band, end, grid, agreed_disturbances(facts))
    needs = _needs(axis, judged, touched, facts, last_seen, asking)
    frame = _as_rows(axis, judged, touched, facts, needs)
    found = {(a, b, name): phrases for a, b, phrases in zip(frame["a"].to_list(), frame["b"].to_list(), needs, strict=True) if phrases}
    return AxisTable(name, frame, found, weekly, observed, norm, band, end, grid)


def _last_seen(facts: Facts, pairs: Codes, axis: ModuleType) -> Codes:
    """The last moment (µs) up to which the axis's kinds were seen both ways for each pair; 0 = no limit known."""
    last = np.zeros(len(pairs), np.int64)
    if facts.covered.complete:
        return last
    a, b = np.divmod(pairs, len(facts.parties))
    for kind in (axis.ANSWER,) if hasattr(axis, "ANSWER") else axis.KINDS:
        there, back = facts.covered.ends_of(a, b, kind), facts.covered.ends_of(b, a, kind)
        last = np.maximum(last, np.minimum(there, back))
    return last


def _figures(
    axis: ModuleType, observed: Observed, weekly: Series, states: dict[str, NDArray[np.float64]], norm: NDArray[np.float64],
    norms: Mapping[int, float], band: float, end: Codes, grid: Grid, agreed: Mapping[int, int],
) -> _Judged:
    count = len(weekly.pairs)
    filled = np.diff(weekly.offsets)
    events = observed.cells["events"].to_numpy().astype(np.int64)
    observations = np.add.reduceat(events, weekly.offsets[:-1]) if count else np.zeros(0, np.int64)
    p, o = rounded(states["p_structural"]), rounded(states["p_outside"])
    chosen = np.isin(weekly.codes, list(agreed))
    forced = np.zeros(count, bool) if observed.forced is None else observed.forced
    verdict = axis_verdicts(observations, filled, states["now_high"] - states["now_low"], p, o, forced=forced, agreed=chosen)
    if getattr(axis, "BY_AGREEMENT", False):
        verdict = np.where(~np.isin(weekly.codes, list(norms)) & (verdict != "too_little_data"), "shown", verdict)
    settled = np.isin(verdict, ("structural", "undecided"))
    leaning = settled | (verdict == "temporary")
    away = np.where(settled, states["level"], states["now"]) - norm
    a_gives = away > 0
    judged = _Judged(weekly)
    toward = _side(weekly, a=~a_gives, where=leaning)
    judged.columns = {
        "n": observations, "weeks": filled, **{key: states[key] for key in (
            "now", "now_low", "now_high", "level", "level_low", "level_high")}, "p_outside": o, "p_structural": p,
        "half_life_weeks": states["half_life_weeks"], "verdict": pl.Series(verdict.tolist(), dtype=pl.String), "toward": toward,
        "king": _side(weekly, a=a_gives, where=leaning) if axis.KIND_OF_KING == "giver" else toward,
    }
    _dates(judged, grid, norm, band, end, verdict, np.where(a_gives, 1, -1).astype(np.int8), agreed)
    _sums(judged, observed, end)
    return judged


def _side(weekly: Series, *, a: NDArray[np.bool_], where: NDArray[np.bool_]) -> pl.Series:
    """The name of a, or else of b, where it is wanted."""
    return pl.Series([pair[0 if first else 1] if wanted else None
                      for pair, first, wanted in zip(weekly.pairs, a.tolist(), where.tolist(), strict=True)], dtype=pl.String)


def _dates(
    judged: _Judged, grid: Grid, norm: NDArray[np.float64], band: float, end: Codes, verdict: NDArray[np.str_],
    side: NDArray[np.int8], agreed: Mapping[int, int],
) -> None:
    """When it began, and when it is expected back, for the relations whose verdict has such a date."""
    weekly = judged.weekly
    none = np.full(len(weekly.pairs), _NO_WEEK, np.int64)
    weeks = {name: none.copy() for name in ("since", "since_low", "since_high", *_BACK)}
    dated = np.flatnonzero(np.isin(verdict, ("structural", "temporary", "undecided")))
    if len(dated):
        part, rows = _part(weekly, dated)
        structural = np.isin(verdict[dated], ("structural", "undecided"))
        began = since(part, weekly.week[rows], weekly.a[rows], weekly.n[rows], grid, norm[dated], band,
                      structural=structural, side=side[dated])
        for name, values in zip(("since", "since_low", "since_high"), began, strict=True):
            weeks[name][dated] = values
    waiting = np.flatnonzero(verdict == "temporary")
    if len(waiting):
        part, rows = _part(weekly, waiting)
        back = expected_back(part, weekly.week[rows], weekly.a[rows], weekly.n[rows], grid, norm=norm[waiting], band=band,
                             end=end[waiting])
        for name, ahead in zip(_BACK, back, strict=True):
            weeks[name][waiting] = np.where(ahead == NEVER, _NO_WEEK, end[waiting] + ahead)
        chance = judged.columns["p_structural"]
        for relation in np.flatnonzero((verdict == "temporary") & (chance > UNLIKELY) & np.isin(weekly.codes, list(agreed))):
            due = agreed[int(weekly.codes[relation])]  # temporary by agreement of both, until its date
            for name, value in zip(_BACK, ((due - FIRST_MONDAY_US) // WEEK_US, _NO_WEEK, _NO_WEEK), strict=True):
                weeks[name][relation] = value
    judged.columns |= {name: _mondays(values) for name, values in weeks.items()}


def _mondays(weeks: Codes) -> pl.Series:
    """The Mondays of weeks, null where there is none."""
    known = weeks != _NO_WEEK
    days = np.where(known, weeks, 0) * 7 + (FIRST_MONDAY - date(1970, 1, 1)).days
    return pl.DataFrame({"day": days, "known": known}).select(pl.when("known").then(pl.col("day")).cast(pl.Int32).cast(pl.Date))["day"]


def _part(weekly: Series, relations: Codes) -> tuple[Codes, Codes]:
    """Offsets and row numbers of some relations."""
    lengths = np.diff(weekly.offsets)[relations]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    rows = np.arange(offsets[-1]) + np.repeat(weekly.offsets[:-1][relations] - offsets[:-1], lengths)
    return offsets, rows.astype(np.int64)


def _sums(judged: _Judged, observed: Observed, end: Codes) -> None:
    """Raw sums over both horizons, units, and the plain rates of each side."""
    weekly = judged.weekly
    count = len(weekly.pairs)
    place = np.repeat(np.arange(count), np.diff(weekly.offsets))
    for horizon, weeks in (("short", SHORT), ("long", LONG)):
        within = weekly.week > end[place] - weeks
        for side in ("a", "b"):
            given = observed.cells[f"given_{side}"].to_numpy()
            judged.columns[f"{side}_{horizon}"] = np.bincount(place[within], weights=given[within], minlength=count)
    pairs = pl.DataFrame({"pair": weekly.codes})
    units = pl.DataFrame(observed.units.to_native()).group_by("pair", maintain_order=True).agg("unit")
    judged.columns["unit"] = pairs.join(units, on="pair", how="left", maintain_order="left")["unit"].fill_null([])
    judged.columns["rates"] = pl.Series([None] * count, dtype=ROW["rates"])
    if observed.commitments is not None and count:
        each = pl.DataFrame(observed.commitments.select("pair", "week", "debtor", "creditor", "kept", "wait").to_native())
        each = each.join(pairs.with_columns(pl.Series("_end", end)), on="pair", how="inner").filter(pl.col("week") > pl.col("_end") - LONG)
        rates = each.group_by("pair", pl.col("debtor") < pl.col("creditor")).agg(pl.struct(
            pl.len().cast(pl.Int64).alias("n"), pl.col("kept").cast(pl.Int64).sum(), pl.col("wait").median().alias("median_wait")).alias("rate"))
        none = pl.struct(pl.lit(0, pl.Int64).alias("n"), pl.lit(0, pl.Int64).alias("kept"), pl.lit(None, pl.Float64).alias("median_wait"))
        for side in ("a", "b"):
            of_side = rates.filter(pl.col("debtor") == (side == "a")).select("pair", pl.col("rate").alias(side))
            pairs = pairs.join(of_side, on="pair", how="left", maintain_order="left")
        judged.columns["rates"] = pairs.select(pl.struct(
            pl.when(pl.col(side).is_null()).then(none).otherwise(pl.col(side)).alias(side) for side in ("a", "b")).alias("rates"))["rates"]


def _needs(
    axis: ModuleType, judged: _Judged, touched: Codes, facts: Facts, last_seen: Codes, asking: wanted.Wanted,
) -> list[tuple[Phrase, ...]]:
    """What each of the touched relations still needs on this axis."""
    answer = getattr(axis, "ANSWER", None)
    place = np.searchsorted(touched, judged.weekly.codes)
    few = np.ones(len(touched), bool)
    few[place] = (judged.columns["verdict"] == "too_little_data").to_numpy()
    observations, weeks = np.zeros((2, len(touched)), np.int64)
    observations[place], weeks[place] = judged.columns["n"], judged.columns["weeks"]
    early = (last_seen != 0) & (last_seen < facts.until_us - LATE_END_DAYS * DAY_US)
    found: list[tuple[Phrase, ...]] = [()] * len(touched)
    longer = {short: (wanted.more(n, n),) for short, n in ((True, 0), (False, LONG))}
    short = (observations < FEWEST_OBSERVATIONS) | (weeks < FEWEST_WEEKS)
    known = facts.covered.complete and not facts.lost
    kinds = {} if known else _kinds_of(axis, facts)
    for index in np.flatnonzero(few | early).tolist():
        phrases: tuple[Phrase, ...] = ()
        a, b = (facts.parties[code] for code in divmod(int(touched[index]), len(facts.parties)))
        if few[index]:
            missing = () if known else asking.missing(facts, a, b, kinds.get(int(touched[index]), ()), answer)
            phrases = missing or longer[bool(short[index])]
        if early[index]:
            ours = asking.us if asking.us in {a, b} else a
            phrases = (*phrases, wanted.later(asking.name(str(ours)), answer or axis.KINDS[0], int(last_seen[index])))
        found[index] = phrases
    return found


def _kinds_of(axis: ModuleType, facts: Facts) -> dict[int, tuple[str, ...]]:
    """Which of the axis's kinds each pair has, in the axis's order."""
    seen: dict[int, set[str]] = {}
    for pair, kind in facts.any_of(*axis.KINDS).select("pair", "kind").unique().iter_rows():
        seen.setdefault(pair, set()).add(kind)
    return {pair: tuple(kind for kind in axis.KINDS if kind in kinds) for pair, kinds in seen.items()}


def _as_rows(axis: ModuleType, judged: _Judged, touched: Codes, facts: Facts, needs: Sequence[tuple[Phrase, ...]]) -> pl.DataFrame:
    """One row per touched relation; where nothing could be counted, without figures."""
    different = {id(phrases): phrases for phrases in needs}  # many relations need the same: each is said once
    place = {identity: index for index, identity in enumerate(different)}
    said = pl.Series([[str(phrase) for phrase in phrases] for phrases in different.values()], dtype=ROW["needs"])
    every = facts.sides(pl.Series(touched)).with_columns(
        pl.Series("pair", touched), pl.lit(axis.NAME).alias("axis"), pl.lit(axis.GROUP).alias("group"),
        said.gather([place[id(phrases)] for phrases in needs]).alias("needs"))
    figures = pl.DataFrame({"pair": judged.weekly.codes, **judged.columns}, schema={
        "pair": pl.Int64, **{name: ROW[name] for name in judged.columns}})
    nothing = {"n": 0, "weeks": 0, "verdict": "too_little_data", "a_short": 0.0, "b_short": 0.0, "a_long": 0.0, "b_long": 0.0}
    rows = every.join(figures, on="pair", how="left", maintain_order="left")
    return rows.with_columns(*[pl.col(name).fill_null(value) for name, value in nothing.items()], pl.col("unit").fill_null([])).select(
        pl.col(name).cast(kind) for name, kind in ROW.items())


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
