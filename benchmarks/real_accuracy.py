"""What is foreseen on public data, with the shipped set and with one learned on what came before: the tables, as Markdown.

`python -m benchmarks.accuracy_book --data FOLDER` calls this and puts the tables on the page.

Mail: per pair with at least 8 mails before a cut, at three cuts (40, 60 and 80 % of all mails written): who writes the mails of
the next 12 weeks, in log loss per mail (a coin: .693), and how often the 90 % interval of the share covers (a share of few
mails takes few values: a place is drawn within the chance of the one that came, or every interval would cover too often).
Beside it a Beta count with forgetting, its half-life chosen in hindsight; the difference with its standard error over pairs.
Then: of a pair of whose mails of the last six weeks (at least 5) three quarters are one side's, whether that side writes at
least .65 of the next 12 weeks.

Deliveries: per vendor and country with at least 5 that fell due before a year begins, which deliveries of that year come late.
Cards: per client, from six months, who is late in the next one.

*Learned* is weights and dispersion learned on the weeks before the first cut, beginning with the shipped set, and used at all cuts. The
shipped set was learned on mail and deliveries, pooled with simulated shapes: there it says how well one set fits, not how it does on
sets it has never seen. The cards it has not seen.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from benchmarks import public_sets
from benchmarks.accuracy import area, table, text
from scipy import stats

from evenwicht.measures import filter as kernel
from evenwicht.measures.balance import final_states, observations
from evenwicht.measures.learn import Rows, learn_family
from evenwicht.measures.parameters import ParameterSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from evenwicht.measures.grid import Grid

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

AHEAD = 12
LEAST = 8
HALF_LIVES = (4, 8, 16, 32, 64, 1e9)
SCORES = stats.norm.ppf((np.arange(40) + 0.5) / 40)
CUTS, LOOKS = (0.4, 0.6, 0.8), (0.3, 0.45, 0.6, 0.75, 0.9)
MOST_LEARNED = 20_000
"""Relations a set is learned on, as many as `assess --learn` takes."""
YEARS = (2010, 2011, 2012, 2013)
LEAST_DELIVERIES = 5
LATE_DAYS = 5
MONTH_WEEKS = 365.25 / 12 / 7
SETS = ("shipped", "learned")


@dataclass(frozen=True)
class Mail:
    """One set of mails: losses, coverage, and how the persistence of an imbalance is foreseen."""

    name: str
    pairs: int
    mails: float
    beta: float
    half_life: float
    loss: Mapping[str, float]
    better: Mapping[str, tuple[float, float]]
    covers: Mapping[str, float]


@dataclass(frozen=True)
class Persistence:
    """Does an imbalance of six weeks persist? Truth, scores by name, and the chance that was said by the shipped set."""

    name: str
    truth: NDArray[np.bool_]
    scores: Mapping[str, Floats]
    said: Floats


def mail_sets(data: Path) -> dict[str, public_sets.Mails]:
    return {"Eu-core": public_sets.eu_core(data), "Enron": public_sets.enron(data)}


def mails(sets: Mapping[str, public_sets.Mails]) -> list[Mail]:
    return [
        foretold(f"{name} {kind}", rows)
        for name, some in sets.items() for kind, rows in (("mails", some.rows()), ("initiations", some.initiations().rows()))
    ]


def cuts_of(rows: Rows, shares: tuple[float, ...]) -> list[int]:
    """Weeks before which so much of all was written, with 12 weeks that hold something after each."""
    order = np.argsort(rows.week, kind="stable")
    written = np.cumsum(rows.n[order]) / rows.n.sum()
    last = int(rows.week[order][np.searchsorted(written, 0.999)])
    return [min(int(rows.week[order][np.searchsorted(written, share)]), last - AHEAD) for share in shares]


def parameters(rows: Rows, cut: int, family: str, c: float, least: float = LEAST) -> dict[str, tuple[Grid, float]]:
    """Grid and dispersion of the shipped set (`c` is the dispersion used with it), and those learned on the weeks before a cut."""
    grid = ParameterSet.shipped().grid(family)
    pair = np.repeat(np.arange(rows.offsets.size - 1), np.diff(rows.offsets))
    enough = np.flatnonzero(np.bincount(pair, rows.n * (rows.week < cut), rows.offsets.size - 1) >= least)
    some = np.sort(np.random.default_rng(3).permutation(enough)[:MOST_LEARNED])
    learned, found = learn_family({"these": before(rows, cut, some)}, grid, {"these": c})
    return {"shipped": (grid, c), "learned": (learned, found["these"])}


def before(rows: Rows, cut: int, chosen: Integers) -> Rows:
    """Of the chosen relations, what there is before a week."""
    pair = np.repeat(np.arange(rows.offsets.size - 1), np.diff(rows.offsets))
    kept = (rows.week < cut) & np.isin(pair, chosen)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(pair[kept], minlength=rows.offsets.size - 1)[chosen])))
    return Rows(offsets, rows.week[kept], rows.a[kept], rows.n[kept])


@dataclass(frozen=True)
class Forecast:
    """Mixtures of normal x, one per relation: (R, G) mean, spread and weight."""

    mean: Floats
    spread: Floats
    weight: Floats

    def share(self) -> Floats:
        """(R,) the expected share of A."""
        return self.average(lambda share: share)

    def average(self, of) -> Floats:
        draws = 1 / (1 + np.exp(-(self.mean[:, :, None] + self.spread[:, :, None] * SCORES)))
        return (self.weight[:, :, None] * of(draws)).sum(axis=(1, 2)) / SCORES.size


def forecast(rows: Rows, cut: int, chosen: Integers, ahead: int, grid: Grid, c: float) -> Forecast:
    """What is expected of x of the chosen relations so many weeks after a cut, from what came before it."""
    final, weight, _ = final_states(observations(*before(rows, cut, chosen).scaled(c), end=cut + ahead), grid)
    return Forecast(
        final[:, kernel.SLOW] + final[:, kernel.FAST],
        np.sqrt(final[:, kernel.SLOW_VAR] + 2 * final[:, kernel.COVARIANCE] + final[:, kernel.FAST_VAR]), weight,
    )


def counts(rows: Rows, cut: int, half_life: float, start: float = 1.0) -> Floats:
    """(R,) the share of A by a Beta count with forgetting, at a cut."""
    pair = np.repeat(np.arange(rows.offsets.size - 1), np.diff(rows.offsets))
    size = rows.offsets.size - 1
    faded = 0.5 ** (np.maximum(cut - rows.week, 0) / half_life) * (rows.week < cut)
    return (np.bincount(pair, faded * rows.a, size) + start) / (np.bincount(pair, faded * rows.n, size) + 2 * start)


def foretold(name: str, rows: Rows) -> Mail:
    cuts = cuts_of(rows, CUTS)
    sets = parameters(rows, cuts[0], "flow", 1.0)
    parts = [foreseen(rows, cut, sets) for cut in cuts]
    n, a = (np.concatenate([part[k] for part in parts]) for k in range(2))
    betas = [np.concatenate([part[2][k] for part in parts]) for k in range(len(HALF_LIVES))]
    losses = [loss(a, n, one) for one in betas]
    best = int(np.argmin(losses))
    shares = {kind: np.concatenate([part[3][kind] for part in parts]) for kind in sets}
    ranks = {kind: np.concatenate([part[4][kind] for part in parts]) for kind in sets}
    drawn = np.random.default_rng(2).integers(0, n.size, (400, n.size))
    better = {}
    for kind, share in shares.items():
        gain = each(a, n, betas[best]) - each(a, n, share)
        better[kind] = float(gain.sum() / n.sum()), float(np.std(gain[drawn].sum(axis=1) / n[drawn].sum(axis=1)))
    return Mail(
        name, n.size, float(n.sum()), losses[best], HALF_LIVES[best], {kind: loss(a, n, share) for kind, share in shares.items()}, better,
        {kind: float(np.mean((rank > 0.05) & (rank < 0.95))) for kind, rank in ranks.items()},
    )


def foreseen(rows: Rows, cut: int, sets: Mapping[str, tuple[Grid, float]]):
    """For the pairs heard before and after the cut: n, a after it, the Beta counts, and by set the expected share and the rank of the
    share that came among those expected.
    """
    pair = np.repeat(np.arange(rows.offsets.size - 1), np.diff(rows.offsets))
    size = rows.offsets.size - 1
    past, after = rows.week < cut, (rows.week >= cut) & (rows.week < cut + AHEAD)
    chosen = np.flatnonzero((np.bincount(pair, rows.n * past, size) >= LEAST) & (np.bincount(pair, rows.n * after, size) > 0))
    n = np.bincount(pair, rows.n * after, size)[chosen]
    a = np.bincount(pair, rows.a * after, size)[chosen]
    shares, ranks = {}, {}
    for kind, (grid, c) in sets.items():
        ahead = forecast(rows, cut, chosen, AHEAD // 2, grid, c)
        shares[kind] = ahead.share()
        rng = np.random.default_rng(1)
        cumulative = np.cumsum(ahead.weight, axis=1)
        point = (rng.random((chosen.size, 400))[:, :, None] > cumulative[:, None, :]).sum(axis=2).clip(max=ahead.weight.shape[1] - 1)
        x = np.take_along_axis(ahead.mean, point, 1) + np.take_along_axis(ahead.spread, point, 1) * rng.standard_normal(point.shape)
        drawn = rng.binomial(n[:, None].astype(int), 1 / (1 + np.exp(-x)))
        ranks[kind] = (drawn < a[:, None]).mean(axis=1) + rng.random(chosen.size) * (drawn == a[:, None]).mean(axis=1)
    return n, a, [counts(rows, cut, half_life)[chosen] for half_life in HALF_LIVES], shares, ranks


def mail_table(found: list[Mail]) -> str:
    return table(
        ("set", "pairs × cuts", "mails", "Beta count (half-life)", "shipped", "better by", "learned", "better by", "90 % of next share covers, shipped", "learned"),
        ((one.name, one.pairs, f"{one.mails:.0f}", f"{one.beta:.4f} ({weeks(one.half_life)})",
          *(cell for kind in SETS for cell in (f"{one.loss[kind]:.4f}", signed(*one.better[kind]))),
          *(f"{one.covers[kind]:.3f}" for kind in SETS)) for one in found),
    )


def persistence(name: str, rows: Rows) -> Persistence:
    pair = np.repeat(np.arange(rows.offsets.size - 1), np.diff(rows.offsets))
    size = rows.offsets.size - 1
    cuts = cuts_of(rows, LOOKS)
    sets = parameters(rows, cuts[0], "flow", 1.0)
    found = []
    for cut in cuts:
        def sums(first, last, values):
            return np.bincount(pair, values * ((rows.week >= first) & (rows.week < last)), size)
        recent, of_a = sums(cut - 6, cut, rows.n), sums(cut - 6, cut, rows.a)
        later, a_later = sums(cut, cut + AHEAD, rows.n), sums(cut, cut + AHEAD, rows.a)
        share = of_a / np.maximum(recent, 1)
        chosen = np.flatnonzero((recent >= 5) & (later >= 5) & (np.abs(share - 0.5) >= 0.25))
        side = np.where(share[chosen] > 0.5, 1.0, -1.0)
        ahead = {kind: forecast(rows, cut, chosen, AHEAD // 2, *one) for kind, one in sets.items()}
        n = later[chosen][:, None, None]
        least = np.ceil(0.65 * n - 1e-9)

        def enough(draws, side=side[:, None, None], n=n, least=least):
            return stats.binom.sf(least - 1, n, np.where(side > 0, draws, 1 - draws))
        found.append(np.stack((
            side * (a_later[chosen] / later[chosen] - 0.5) >= 0.15 - 1e-9, ahead["shipped"].average(enough),
            *(side * (one - 0.5) for one in (
                ahead["shipped"].share(), ahead["learned"].share(), counts(rows, cut, 20.0)[chosen], share[chosen], counts(rows, cut, 1e9)[chosen])),
        )))
    whole = np.concatenate(found, axis=1)
    names = ("shipped", "learned", "Beta count, 20 weeks", "last 6 weeks", "all history")
    return Persistence(name, whole[0] > 0, dict(zip(names, whole[2:], strict=True)), whole[1])


def persistence_table(found: list[Persistence]) -> str:
    return table(("does an imbalance of six weeks persist?", "imbalances", "persist", *found[0].scores), (
        (f"{one.name} mails", one.truth.size, f"{one.truth.mean():.2f}", *(text(area(score, one.truth)) for score in one.scores.values()))
        for one in found
    ))


def fifths(one: Persistence) -> list[tuple[float, float]]:
    """Said and seen, in the mean, by fifths of what was said."""
    parts = np.array_split(np.argsort(one.said, kind="stable"), 5)
    return [(float(one.said[part].mean()), float(one.truth[part].mean())) for part in parts]


def persistence_calibration_table(found: list[Persistence]) -> str:
    rows = [(f"{one.name} mails", *(f"{said:.2f} → {seen:.2f}" for said, seen in fifths(one))) for one in found]
    return table(("said → seen, shipped", *(f"{which} fifth" for which in ("lowest", "second", "third", "fourth", "highest"))), rows)


@dataclass(frozen=True)
class Deliveries:
    """Promised and actual: pair, due and delivered (days, numbered), days late in working days."""

    pair: Integers
    due: NDArray[np.datetime64]
    done: NDArray[np.datetime64]

    def late(self, seen: np.datetime64 | None = None) -> Integers:
        """(N,) working days late; what has not come by `seen` has waited until then."""
        done = self.done if seen is None else np.minimum(self.done, seen)
        return np.where(done > self.due, np.busday_count(self.due, np.maximum(done, self.due)), 0)

    def rows(self, seen: np.datetime64) -> Rows:
        """What a day knows: rows per week in which deliveries fell due before it."""
        known = self.due < seen
        share = 0.5 - 0.5 * np.minimum(1.0, self.late(seen)[known] / LATE_DAYS)
        pair = np.concatenate((self.pair[known], np.arange(self.pair.max() + 1)))  # every pair keeps its number: an empty row each
        at = np.concatenate((weeks_of(self.due[known]), np.full(self.pair.max() + 1, weeks_of(self.due.min())))).astype(np.int64)
        n = np.concatenate((np.ones(known.sum()), np.zeros(self.pair.max() + 1)))
        return summed(pair, at, np.concatenate((share, np.zeros(self.pair.max() + 1))), n)


def deliveries(data: Path) -> Deliveries:
    """SCMS, without the programme's own warehouse; a pair is a vendor and a country."""
    written = (data / "scms_delivery" / "SCMS_Delivery_History_Dataset.csv").read_text(encoding="utf-8", errors="replace")
    names: dict[tuple[str, str], int] = {}
    pair, due, done = [], [], []
    for line in csv.DictReader(written.splitlines(), delimiter="\t"):
        if line["Vendor"] == "SCMS from RDC":
            continue
        promised, came = (day(line[f"{name} Date"], "%d-%b-%y") for name in ("Scheduled Delivery", "Delivered to Client"))
        if promised is not None and came is not None:
            pair.append(names.setdefault((line["Vendor"], line["Country"]), len(names)))
            due.append(promised)
            done.append(came)
    return Deliveries(np.array(pair), np.array(due, "datetime64[D]"), np.array(done, "datetime64[D]"))


@dataclass(frozen=True)
class Year:
    """One year of deliveries: how many of how many pairs, the share late, AUC and log loss by name."""

    year: int
    deliveries: int
    pairs: int
    late: float
    auc: Mapping[str, float | None]
    loss: Mapping[str, float]


def lateness(some: Deliveries) -> list[Year]:
    """Which deliveries of a year come late, per year: AUC over deliveries, and log loss of how late they come."""
    sets = None
    found = []
    pairs = int(some.pair.max()) + 1
    for year in YEARS:
        begin, end = np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01")
        known, cut = some.rows(begin), int(weeks_of(begin)) + 1
        if sets is None:
            sets = parameters(known, cut, "deferral", ParameterSet.shipped().dispersion("promises"), LEAST_DELIVERIES)
        past = some.due < begin
        often = np.bincount(some.pair[past], minlength=pairs)
        chosen = np.flatnonzero(often >= LEAST_DELIVERIES)
        later = (some.due >= begin) & (some.due < end) & np.isin(some.pair, chosen)
        place = np.searchsorted(chosen, some.pair[later])
        days = some.late()[later]
        late, one = days > 0, np.ones(days.size)
        y = 0.5 - 0.5 * np.minimum(1.0, days / LATE_DAYS)
        shares = {kind: forecast(known, cut, chosen, 26, *own).share()[place] for kind, own in sets.items()}
        shares["Beta count"] = min((counts(known, cut, half_life)[chosen][place] for half_life in HALF_LIVES), key=lambda share: loss(y, one, share))
        was_late = np.bincount(some.pair[past], some.late(begin)[past] > 0, pairs) / np.maximum(often, 1)
        frequency = area(often[chosen][place].astype(float), late)
        found.append(Year(year, late.size, np.unique(place).size, float(late.mean()), {
            **{name: area(-share, late) for name, share in shares.items()}, "share late before": area(was_late[chosen][place], late),
            "frequency": frequency if frequency is None else max(frequency, 1 - frequency),
        }, {name: loss(y, one, share) for name, share in shares.items()}))
    return found


def lateness_table(found: list[Year]) -> str:
    return table(("year", "deliveries (pairs)", "late", *(f"AUC, {name}" for name in found[0].auc), *(f"log loss, {name}" for name in found[0].loss)), (
        (one.year, f"{one.deliveries} ({one.pairs})", f"{one.late:.2f}", *(text(auc) for auc in one.auc.values()),
         *(f"{lost:.4f}" for lost in one.loss.values())) for one in found
    ))


def cards(data: Path) -> tuple[Integers, NDArray[np.bool_]]:
    """UCI: (R, 6) the state of payment per month, April to September 2005 (months late; 0 and below: none), and default in October."""
    with (data / "uci_credit_card" / "UCI_Credit_Card.csv").open(newline="", encoding="utf-8") as lines:
        read = [[int(float(line[name])) for name in ("PAY_6", "PAY_5", "PAY_4", "PAY_3", "PAY_2", "PAY_0", "default.payment.next.month")]
                for line in csv.DictReader(lines)]
    whole = np.array(read)
    return whole[:, :6], whole[:, 6] > 0


def card_rows(state: Integers) -> Rows:
    """One commitment a month, but in months without a bill (-2): a month late or more, A, the bank, has waited fully."""
    relation, month = np.nonzero(state > -2)
    week = np.rint(np.arange(state.shape[1]) * MONTH_WEEKS).astype(np.int64)[month]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(relation, minlength=state.shape[0]))))
    return Rows(offsets, week, np.where(state[relation, month] > 0, 1.0, 0.5), np.ones(relation.size))


def card_table(state: Integers, default: NDArray[np.bool_]) -> str:
    """Who is late in the next month: September from five months, October (default) from six."""
    rows = []
    for name, months, late in (("a month late in September", 5, state[:, 5] > 0), ("default in October", 6, default)):
        seen = state[:, :months]
        chosen = np.flatnonzero((seen > -2).any(axis=1))
        known, truth = card_rows(seen[chosen]), late[chosen]
        everyone = np.arange(chosen.size)
        cut = int(np.rint(months * MONTH_WEEKS))
        sets = parameters(known, cut, "deferral", ParameterSet.shipped().dispersion("money"), 1)
        shares = {kind: forecast(known, cut, everyone, 0, *one).share() for kind, one in sets.items()}
        betas = [counts(known, cut, half_life) for half_life in HALF_LIVES]
        y = np.where(truth, 1.0, 0.5)
        best = min(betas, key=lambda one: loss(y, np.ones(y.size), one))
        billed = (seen[chosen] > -2).sum(axis=1)
        was_late = (seen[chosen] > 0).sum(axis=1) / billed
        rows.append((
            name, truth.size, f"{truth.mean():.2f}", *(text(area(shares[kind], truth)) for kind in SETS), text(area(best, truth)),
            text(area(was_late, truth)), text(area(seen[chosen, -1].astype(float), truth)), text(area(-billed.astype(float), truth)),
            *(f"{loss(y, np.ones(y.size), one):.4f}" for one in (shares["shipped"], shares["learned"], best)),
        ))
    return table(("who is late next?", "clients", "are", "AUC, shipped", "learned", "Beta count", "share of months late", "last month", "months with a bill",
                  "log loss, shipped", "learned", "Beta count"), rows)


def summed(pair: Integers, week: Integers, a: Floats, n: Floats) -> Rows:
    """Rows per pair and week; pairs are numbered from 0 without gaps."""
    cells, cell = np.unique(np.stack((pair, week), axis=1), axis=0, return_inverse=True)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(cells[:, 0]))))
    return Rows(offsets.astype(np.int64), np.ascontiguousarray(cells[:, 1]), np.bincount(cell, a), np.bincount(cell, n))


def day(written: str, form: str) -> np.datetime64 | None:
    try:
        return np.datetime64(datetime.strptime(written.strip(), form).date())  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return None


def weeks_of(day):
    """Weeks since Monday 5 January 1970."""
    return (day - np.datetime64("1970-01-05")).astype(np.int64) // 7


def signed(gain: float, spread: float) -> str:
    return f"{gain:+.4f} ± {spread:.4f}".replace("-", "−")


def weeks(half_life: float) -> str:
    return f"{half_life:.0f} weeks" if half_life < 1e6 else "none"


def each(a: Floats, n: Floats, share: Floats) -> Floats:
    """Log loss of every pair, over all its mails."""
    return -(a * np.log(share) + (n - a) * np.log1p(-share))


def loss(a: Floats, n: Floats, share: Floats) -> float:
    """Log loss per mail."""
    return float(each(a, n, share).sum() / n.sum())
