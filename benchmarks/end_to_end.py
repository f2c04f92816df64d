"""How often verdicts on simulated ledgers are right: from facts through every axis to the word on the page.

The accuracy table (`benchmarks.accuracy`) hands arrays to the kernel; here the same truth is first turned into mail, meetings, invoices
and promises (`evenwicht.simulation`), and comes back through observations, kernel and rule. Prints Markdown, or writes it
between the marks of docs/method/simulation.md.

    python -m benchmarks.end_to_end [--relations 300] [--seed 11] [--write docs/method/simulation.md]
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from evenwicht.engines.local import assess
from evenwicht.measures.axis_table import BANDS, FLOW_BAND
from evenwicht.simulation.portfolio import Simulated, simulate
from evenwicht.simulation.states import SHAPES

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEKS = 156
BEGIN, END = "<!-- end to end -->", "<!-- /end to end -->"
TRUTHS = ("structural", "temporary", "balanced")
CODES = ("structural", "undecided", "temporary", "balanced", "too_little_data", "no_signal")
NORMAL = 1.96


def judged(made: Simulated) -> pl.DataFrame:
    """Every relation × axis that was judged, with what was true on the last day."""
    found = assess(made.ledger)
    last = made.truth.filter(pl.col("week") == made.truth["week"].max()).with_columns(
        pl.col("axis").replace_strict(BANDS, default=FLOW_BAND).alias("band"))
    true = pl.when(pl.col("slow").abs() > pl.col("band")).then(pl.lit("structural")).when(
        pl.col("now").abs() > pl.col("band")).then(pl.lit("temporary")).otherwise(pl.lit("balanced"))
    told = last.with_columns(true.alias("true")).rename({"slow": "true_level", "now": "true_now"})
    still = found.relations.filter(pl.col("verdict") == "standing_still").select("a", "b")
    return found.axes.join(told, on=["a", "b", "axis"]).join(still, on=["a", "b"], how="anti")


def tables(shapes: Sequence[str], relations: int, seed: int) -> str:
    """Markdown: one line per shape and axis, then what each verdict was in truth."""
    lines = ["| shape | axis | n | covers level | covers now | structural: not so | balanced or temporary: structural | undecided |",
             "|---|---|---|---|---|---|---|---|"]
    every = []
    for number, shape in enumerate(shapes):
        rows = judged(simulate(relations, WEEKS, seed + number, shape))
        every.append(rows.select("verdict", "true"))
        print(f"{shape}: {rows.height} relation-axes", file=sys.stderr)
        for (axis,), part in sorted(rows.group_by("axis")):
            lines.append(f"| {shape} | {axis} | {part.height} | {_covers(part, 'level')} | {_covers(part, 'now')} | "
                         f"{_wrong(part, ['structural'], structural=False)} | {_wrong(part, ['balanced', 'temporary'], structural=True)} | "
                         f"{_share(part.filter(pl.col('verdict') == 'undecided').height, part.height)} |")
    together = pl.concat(every)
    lines += ["", "| verdict | n | " + " | ".join(f"truly {true}" for true in TRUTHS) + " |", "|---|---|---|---|---|"]
    for code in CODES:
        part = together.filter(pl.col("verdict") == code)
        if part.height:
            lines.append(f"| {code} | {part.height} | " + " | ".join(
                _share(part.filter(pl.col("true") == true).height, part.height) for true in TRUTHS) + " |")
    return "\n".join(lines)


def _covers(rows: pl.DataFrame, name: str) -> str:
    told = rows.filter(pl.col(name).is_not_null())
    inside = told.filter((pl.col(f"true_{name}") >= pl.col(f"{name}_low")) & (pl.col(f"true_{name}") <= pl.col(f"{name}_high")))
    return f"{inside.height / told.height:.2f}" if told.height else "–"


def _wrong(rows: pl.DataFrame, codes: list[str], *, structural: bool) -> str:
    part = rows.filter(pl.col("verdict").is_in(codes))
    return _share(part.filter((pl.col("true") == "structural") == structural).height, part.height)


def _share(count: int, total: int) -> str:
    """A share with its 95 % margin (Wald, widened by one observation), or a dash."""
    if total == 0:
        return "–"
    p = count / total
    margin = NORMAL * math.sqrt(np.clip(p * (1 - p), 1 / (total + 1), None) / total) if 0 < p < 1 else NORMAL / math.sqrt(total) / 4
    return f"{100 * p:.0f} ± {100 * margin:.0f} % of {total}"


def main() -> None:
    """Run it from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--relations", type=int, default=300, help="relations per shape")
    arguments.add_argument("--seed", type=int, default=11)
    arguments.add_argument("--shapes", nargs="*", default=[name for name in SHAPES if name != "bursty"])
    arguments.add_argument("--write", type=Path, help="the page to write the tables into")
    given = arguments.parse_args()
    text = (f"{given.relations} relations of {WEEKS} weeks a shape, seed {given.seed}, shipped parameters. "
            f"Regenerated by `python -m benchmarks.end_to_end --write docs/method/simulation.md`.\n\n"
            f"{tables(given.shapes, given.relations, given.seed)}\n")
    if given.write is None:
        print(text)
        return
    page = given.write.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    given.write.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
