"""Is this relation still alive? Our speed beside lifetimes' BG/NBD on the purchases of CDNOW.

    python -m benchmarks.peers.speed_of_relation [--data FOLDER]

23,570 customers of one shop, 78 weeks. Both see the first 39 weeks; the question is who buys again in the other 39. One-directional:
nothing here is about balance. AUC, and the time from the rows to a figure for each customer.
"""

from __future__ import annotations

import argparse
import warnings
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import process_time

import narwhals as nw
import numpy as np
import polars as pl
from benchmarks.peers.results import least, peer, put, ratio, seconds, signed, table

from evenwicht.measures.facts import facts_of
from evenwicht.measures.speed import speeds
from evenwicht.measures.weeks import microseconds, week_number

FILE = Path("cdnow") / "CDNOW_master.txt"
CUT, LAST = date(1997, 9, 30), date(1998, 6, 30)
SHOP = "zz-shop"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, help="folder of the public data sets")
    data = arguments.parse_args().data
    text = measured(read(data), "CDNOW" if data is not None and (data / FILE).exists() else "drawn purchases")
    print(text)
    put("speed_of_relation", text)


def measured(bought: pl.DataFrame, source: str) -> str:
    seen, later = bought.filter(pl.col("day") <= CUT), bought.filter(pl.col("day") > CUT)
    truth = np.isin(seen["customer"].unique().sort().to_numpy(), later["customer"].unique().to_numpy())
    ours: dict[str, np.ndarray] = {}
    spent = least(lambda: ours.update(_ours(seen)), process_time, 3)
    rows = [("Evenwicht", name, _text(area(score, truth)), seconds(spent)) for name, score in ours.items()]
    theirs = beside(seen, truth)
    times = ratio(spent, theirs[0]) if theirs else "–"
    rows += theirs[1] if theirs else [("lifetimes BG/NBD", "not installed", "", "")]
    rows += [("a ruler", name, _text(area(score, truth)), "") for name, score in _rulers(seen).items()]
    return "\n\n".join((
        "## Speed of a relation beside lifetimes",
        (f"{truth.size:,} customers of {source}, {seen.height:,} purchases up to {CUT}; {truth.mean():.3f} of them buy again by {LAST}. AUC of “buys again”; "
        f"time of all customers, one core, lifetimes with its fit: {times} ours."),
        table(("program", "figure", "AUC", "processor time"), rows), signed("lifetimes", "polars"),
    ))


def _ours(seen: pl.DataFrame) -> dict[str, np.ndarray]:
    """From the rows to speed now and the chance of standing still, in order of customer."""
    moment = pl.col("day").cast(pl.Datetime("us", "UTC")) + pl.duration(hours=12)
    empty = [pl.lit(None, pl.String).alias(name) for name in ("thread", "answers", "person", "counter_person")]
    events = seen.with_row_index("id").select(
        pl.col("id").cast(pl.String), moment.alias("at"), pl.col("customer").alias("giver"), pl.lit(SHOP).alias("receiver"),
        pl.lit("order").alias("kind"), pl.lit(1.0).alias("amount"), pl.lit("USD").alias("unit"), *empty,
        pl.lit(None, pl.Datetime("us", "UTC")).alias("due"), pl.lit(value=True).alias("shared"),
    )
    facts = facts_of(nw.from_native(events, eager_only=True), None, until_us=microseconds(datetime.combine(CUT, time(23), UTC)))
    found = speeds(facts, week_number(CUT)).sort("a")
    return {
        "speed now": found["speed_now"].to_numpy(), "speed's ratio to its own normal": found["speed_ratio"].to_numpy(),
        "not standing still (1 − p_standstill)": 1 - found["p_standstill"].to_numpy(),
    }


def beside(seen: pl.DataFrame, truth: np.ndarray) -> tuple[float, list[tuple[str, str, str, str]]] | None:
    """Processor time of fit and figures, and the rows of the table; None where lifetimes is not installed."""
    if peer("lifetimes") is None:
        return None
    from lifetimes import BetaGeoFitter

    frequency, recency, age = history(seen)
    told: dict[str, np.ndarray] = {}

    def work() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = BetaGeoFitter(penalizer_coef=0.0).fit(frequency, recency, age)
            told["purchases expected in 39 weeks"] = np.asarray(
                model.conditional_expected_number_of_purchases_up_to_time(39.0, frequency, recency, age))
            told["P(alive)"] = np.asarray(model.conditional_probability_alive(frequency, recency, age))

    spent = least(work, process_time, 3)
    return spent, [("lifetimes BG/NBD", name, _text(area(score, truth)), seconds(spent)) for name, score in told.items()]


def history(seen: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What BG/NBD takes, in weeks and in order of customer: repeat purchases, time of the last one, age."""
    by = seen.group_by("customer").agg(
        (pl.col("day").n_unique() - 1).alias("frequency"), (pl.col("day").max() - pl.col("day").min()).dt.total_days().alias("recency"),
        (pl.lit(CUT) - pl.col("day").min()).dt.total_days().alias("age"),
    ).sort("customer")
    return by["frequency"].to_numpy().astype(float), by["recency"].to_numpy() / 7.0, by["age"].to_numpy() / 7.0


def _rulers(seen: pl.DataFrame) -> dict[str, np.ndarray]:
    frequency, recency, age = history(seen)
    return {"number of purchases": frequency, "days since the last": recency - age}


def area(score: np.ndarray, truth: np.ndarray) -> float | None:
    """AUC; ties count half."""
    from scipy import stats

    yes, no = int(truth.sum()), int((~truth).sum())
    if yes == 0 or no == 0:
        return None
    return float((stats.rankdata(score)[truth].sum() - yes * (yes + 1) / 2) / (yes * no))


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def read(data: Path | None) -> pl.DataFrame:
    """customer, day: of CDNOW where its file is, else drawn."""
    if data is None or not (data / FILE).exists():
        return drawn(300)
    rows = [line.split() for line in (data / FILE).read_text("utf-8").splitlines()[1:] if line.strip()]
    return pl.DataFrame({"customer": [f"c{row[0]}" for row in rows], "day": [row[1] for row in rows]}).with_columns(
        pl.col("day").str.to_date("%Y%m%d"))


def drawn(customers: int) -> pl.DataFrame:
    """Customers who each buy at a rate of their own until they stop."""
    rng = np.random.default_rng(5)
    names, days = [], []
    for number in range(customers):
        at = float(rng.uniform(0, 84))
        stops, gap = at + rng.exponential(300), rng.gamma(2.0, 30.0)
        while at < min(stops, (LAST - date(1997, 1, 1)).days):
            names.append(f"c{number:05}")
            days.append(date(1997, 1, 1) + timedelta(days=int(at)))
            at += rng.exponential(gap) + 1
    return pl.DataFrame({"customer": names, "day": days}, schema={"customer": pl.String, "day": pl.Date})


if __name__ == "__main__":
    main()
