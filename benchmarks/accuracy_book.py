"""The accuracy book: every table of docs/method/accuracy.md, measured again and written between its marks.

    python -m benchmarks.accuracy_book --relations 1000 --seed 211 [--data FOLDER] [--only simulated|real] [--page FILE]

A table stands between `<!-- table: NAME -->` and `<!-- /table -->`; the sentences around it are people's, and hold no figure that no table
holds (tests/test_accuracy_book.py). Without the public data (benchmarks/public_sets.py names them) the tables of real sets stay as they are.
Prints the main table, and where the rest is.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks import accuracy
from benchmarks import real_accuracy as real
from benchmarks.accuracy import Dates, World

from evenwicht.measures.parameters import ParameterSet
from evenwicht.simulation.states import SHAPES

T = TypeVar("T")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "method" / "accuracy.md"
SIMULATED = ("run", "auc", "coverage", "calibration", "limits", "verdicts", "verdicts learned", "confusion", "confusion learned", "ranks", "since", "returns", "reached")
REAL = ("mail", "persistence", "persistence calibration", "deliveries", "cards", "reached on real sets")
PROTOTYPE = {"mixed": 0.883, "thin": 0.767, "gusty": 0.824, "shifty": 0.899}
"""AUC of the prototype, with weights learned per portfolio: what was set out to be reached."""

MAIL_LOSS = {"Eu-core mails": 0.555, "Enron mails": 0.470}
PERSISTS = {"Eu-core": 0.882}
_MARKED = re.compile(r"(<!-- table: ([^>]+?) -->\n).*?(\n?<!-- /table -->)", re.DOTALL)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--relations", type=int, default=1000, help="a shape")
    arguments.add_argument("--seed", type=int, default=211)
    arguments.add_argument("--data", type=Path, help="folder of the public data sets")
    arguments.add_argument("--parameters", help="a parameter set in a file, instead of the shipped one")
    arguments.add_argument("--page", type=Path, default=PAGE)
    arguments.add_argument("--only", choices=("simulated", "real"), help="one half of the page")
    chosen = arguments.parse_args()
    if chosen.only == "real" and chosen.data is None:
        arguments.error("the public data sets are needed for this half: --data FOLDER")
    given = ParameterSet.load(chosen.parameters) if chosen.parameters else ParameterSet.shipped()
    wanted = (SIMULATED if chosen.only != "real" else ()) + (REAL if chosen.data is not None and chosen.only != "simulated" else ())
    filled(chosen.page.read_text("utf-8"), dict.fromkeys(wanted, ""))
    tables: dict[str, str] = {}
    if chosen.only != "real":
        tables |= simulated(given, chosen.relations, chosen.seed)
    if chosen.data is not None and chosen.only != "simulated":
        tables |= measured(chosen.data)
    chosen.page.write_text(filled(chosen.page.read_text("utf-8"), tables), "utf-8")
    print(tables.get("run", ""), tables.get("auc", tables.get("mail", "")), f"All tables: docs/method/{chosen.page.name}.", sep="\n\n")
    return 0


def filled(page: str, tables: Mapping[str, str]) -> str:
    """The page with these tables; those not given stay. A table that the page does not have is a mistake."""
    missing = set(tables) - set(marks(page))
    if missing:
        raise ValueError(f"The page has no marks for: {', '.join(sorted(missing))}.")
    return _MARKED.sub(lambda found: f"{found[1]}{tables[found[2]]}\n<!-- /table -->" if found[2] in tables else found[0], page)


def marks(page: str) -> dict[str, str]:
    """The tables of a page by name."""
    return {found[2]: found[0] for found in _MARKED.finditer(page)}


def simulated(given: ParameterSet, relations: int, seed: int, shapes: Sequence[str] = tuple(SHAPES)) -> dict[str, str]:
    """Everything whose truth is known, by name of its table."""
    worlds = {name: timed(name, lambda name=name: accuracy.world(name, given, relations, seed)) for name in shapes}
    ranked = timed("ranks", lambda: accuracy.ranks(given, relations, seed))
    dated = timed("dates", lambda: accuracy.dates(given, relations, seed))
    return {
        "run": (
            f"{relations} relations of {accuracy.WEEKS} weeks a shape, seed {seed}; parameter set {given.id} (`{given.sha256[:12]}`); "
            f"for returns {relations * accuracy.MORE_GUSTS} relations a shape. A share of {relations} is known to ± {margin(relations)}, "
            f"one of a tenth of them to ± {margin(relations // 10)}."
        ),
        "auc": accuracy.auc_table(worlds), "coverage": accuracy.coverage_table(worlds), "calibration": accuracy.calibration_table(worlds),
        "limits": accuracy.limits_table(worlds), "verdicts": accuracy.verdict_table(worlds, "shipped"), "verdicts learned": accuracy.verdict_table(worlds, "learned"),
        "confusion": accuracy.confusion_table(worlds, "shipped"), "confusion learned": accuracy.confusion_table(worlds, "learned"),
        "ranks": accuracy.ranks_table(ranked, relations), "since": accuracy.since_table(dated), "returns": accuracy.returns_table(dated),
        "reached": reached(worlds, ranked, dated, relations),
    }


def measured(data: Path) -> dict[str, str]:
    """Everything on the public sets, by name of its table."""
    sets = real.mail_sets(data)
    years = timed("deliveries", lambda: real.lateness(real.deliveries(data)))
    mails = timed("mail", lambda: real.mails(sets))
    lasting = timed("persistence", lambda: [real.persistence(name, some.rows()) for name, some in sets.items()])
    return {
        "mail": real.mail_table(mails), "persistence": real.persistence_table(lasting),
        "persistence calibration": real.persistence_calibration_table(lasting),
        "deliveries": real.lateness_table(years),
        "cards": timed("cards", lambda: real.card_table(*real.cards(data))),
        "reached on real sets": reached_on_real_sets(mails, lasting, years),
    }


def reached(
    worlds: Mapping[str, World], ranked: Mapping[str, tuple[float, float]], dated: Mapping[str, Dates], relations: int,
) -> str:
    """Each figure that was set out to be reached, and where it is not, by either set."""
    def by(kind: str, value: Callable[[World, str], float | None], good: Callable[[float, str], bool], digits: int = 3) -> str:
        return verdict({name: found for name, one in worlds.items() if (found := value(one, kind)) is not None}, good, digits)

    asked = [one for name, one in worlds.items() if name in PROTOTYPE]

    def area(one: World, kind: str) -> float | None:
        return accuracy.area(one.sets[kind].p, one.truth) if any(one is each for each in asked) else None

    def precision(one: World, kind: str) -> float | None:
        wrong = accuracy.mean(~one.truth[one.sets[kind].code == "structural"])
        return wrong if one.truth.any() else None

    def clear(one: World, kind: str) -> float | None:
        code = one.sets[kind].code
        return accuracy.mean(one.truth[(code == "temporary") | (code == "balanced")])

    def flagged(one: World, kind: str) -> float | None:
        return None if one.truth.any() else float((one.sets[kind].code == "structural").mean())

    def excess(one: World, kind: str) -> float:
        return accuracy.calibration(one.sets[kind].p, one.truth)[1]

    rows: list[tuple[str, ...]] = []
    for what, value, shipped, learned, digits in (
        ("AUC: not below the prototype (mixed .883, thin .767, gusty .824, shifty .899) by more than .015, learned .004", area,
         lambda found, name: found >= PROTOTYPE[name] - 0.015,
         lambda found, name: found >= PROTOTYPE[name] - 0.004, 3),
        ("90 % interval of the position covers .85–.95, learned .88–.92", lambda one, kind: one.sets[kind].covers_x,
         lambda found, _: 0.85 <= found <= 0.95, lambda found, _: 0.88 <= found <= 0.92, 3),
        ("90 % interval of the level covers .85–.95, learned .88–.92", lambda one, kind: one.sets[kind].covers_slow,
         lambda found, _: 0.85 <= found <= 0.95, lambda found, _: 0.88 <= found <= 0.92, 3),
        ("worst calibration gap beyond chance at most .10, learned .03", excess, lambda found, _: found <= 0.10, lambda found, _: found <= 0.03, 3),
        ("of temporary or balanced at most .20 structural (thin .25)", clear, *[lambda found, name: found <= (0.25 if name == "thin" else 0.20)] * 2, 3),
        ("of structural at most .05 not so", precision, *[lambda found, _: found <= 0.05] * 2, 3),
        ("where nothing is structural at most .010 called so", flagged, *[lambda found, _: found <= 0.01] * 2, 3),
    ):
        rows.append((what, by("shipped", value, shipped, digits), by("learned", value, learned, digits)))
    even = {name: away for name, (away, _) in ranked.items()}
    chance = 1.36 / relations**0.5
    rows.append(("ranks under the set's own prior even to .030, or to chance if that is more", verdict(even, lambda found, _: found <= max(0.03, chance)), "–"))
    rows.append(("`since`: median error at most 3 weeks, .85 within 13, interval covers .85–.95", *(
        verdict({"error": one.error, "within": one.within, "covers": one.covers}, lambda found, name: {
            "error": found <= 3, "within": found >= 0.85, "covers": 0.85 <= found <= 0.95}[name]) for one in dated.values())))
    rows.append((f"`expected_back` covers .85–.95, where at least {accuracy.FEWEST_IN_BIN} are truly so", *(
        verdict({name: covers for name, (_, out, covers, _) in one.returns.items() if covers is not None and out >= accuracy.FEWEST_IN_BIN},
                lambda found, _: 0.85 <= found <= 0.95) for one in dated.values())))
    return accuracy.table(("figure to reach", "shipped", "learned"), rows)


def reached_on_real_sets(mails: Sequence[real.Mail], lasting: Sequence[real.Persistence], years: Sequence[real.Year]) -> str:
    rows = [
        ("log loss at most .555 on Eu-core mails, .470 on Enron mails", *(
            verdict({one.name: one.loss[kind] for one in mails if one.name in MAIL_LOSS}, lambda found, name: found <= MAIL_LOSS[name]) for kind in real.SETS)),
        ("not behind a Beta count by more than two standard errors", *(
            verdict({one.name: one.better[kind][0] for one in mails}, lambda found, name, kind=kind: found >= -2 * next(
                one.better[kind][1] for one in mails if one.name == name), 4) for kind in real.SETS)),
        ("90 % interval of the next share covers .88–.92", *(
            verdict({one.name: one.covers[kind] for one in mails}, lambda found, _: 0.88 <= found <= 0.92) for kind in real.SETS)),
        ("persistence on Eu-core: AUC at least .882", *(
            verdict({one.name: found for one in lasting if one.name in PERSISTS and (found := accuracy.area(one.scores[kind], one.truth)) is not None},
                    lambda found, name: found >= PERSISTS[name]) for kind in real.SETS)),
        ("its calibration: by fifths at most .05 between said and seen", verdict(
            {one.name: max(abs(said - seen) for said, seen in real.fifths(one)) for one in lasting}, lambda found, _: found <= 0.05), "–"),
        ("late deliveries: AUC not below that of the share late before", *(
            verdict({str(one.year): (one.auc[kind] or 0) - (one.auc["share late before"] or 0) for one in years}, lambda found, _: found >= 0) for kind in real.SETS)),
    ]
    return accuracy.table(("figure to reach", "shipped", "learned"), rows)


def verdict(found: Mapping[str, float], good: Callable[[float, str], bool], digits: int = 3) -> str:
    """What is reached, and in bold what is not, with its figure."""
    missed = [f"{name} ({value:.{digits}f})" for name, value in found.items() if not good(value, name)]
    if not found:
        return "too few to say"
    if not missed:
        return "reached"
    kept = [name for name, value in found.items() if good(value, name)]
    return (f"**not on {', '.join(missed)}**" + (f"; reached on {', '.join(kept)}" if kept else "")).replace("(-", "(−")


def margin(size: int) -> str:
    """Twice the standard error of a share of one half."""
    return f"{1 / max(size, 1) ** 0.5:.2f}"


def timed(name: str, work: Callable[[], T]) -> T:
    """Runs it, and says how long that took."""
    begin = time.perf_counter()
    found = work()
    sys.stderr.write(f"{name}: {time.perf_counter() - begin:.0f} s\n")
    return found


if __name__ == "__main__":
    sys.exit(main())
