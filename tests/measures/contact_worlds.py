"""Sides of relations of which it is known when their main contact changed, and how often a change is told that was none.

    PYTHONPATH=src:. python -m tests.measures.contact_worlds        the table of docs/how-to/who-is-who.md
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, date, datetime, timedelta

import polars as pl

from evenwicht.measures.contacts import contact_changes

START, UNTIL = datetime(2023, 1, 2, tzinfo=UTC), date(2025, 12, 31)
YEARS = 3
SIDES = 300
WORLDS = ("one", "two", "three", "turns", "holidays")
"""One contact with a colleague now and then; two alike; three; people who take turns per project of weeks; a stand-in in holidays."""


def side(world: str, a_week: float, rng: random.Random, change: date | None = None) -> list[tuple[datetime, str]]:
    """The conversations of one side: when, and by whom. From `change` on somebody new is the main contact."""
    found: list[tuple[datetime, str]] = []
    moment, project = START, 0
    while True:
        moment += timedelta(weeks=rng.expovariate(a_week))
        if moment.date() > UNTIL:
            return found
        if world == "turns" and rng.random() < 0.12:
            project = rng.randrange(3)
        who = _speaks(world, project, moment, rng)
        found.append((moment, "new" if change is not None and moment.date() >= change and who == "p0" else who))


def _speaks(world: str, project: int, moment: datetime, rng: random.Random) -> str:
    if world == "one":
        return "p0" if rng.random() < 0.92 else "p1"
    if world == "two":
        return rng.choice(("p0", "p1"))
    if world == "three":
        return rng.choices(("p0", "p1", "p2"), (6, 3, 1))[0]
    if world == "turns":
        return f"p{project}"
    return "p1" if moment.timetuple().tm_yday in range(200, 222) else "p0"


def frame(sides: list[list[tuple[datetime, str]]]) -> pl.DataFrame:
    rows = [(f"t{n}-{k}", at, f"x{n}.example", "birch.example", "message", f"t{n}-{k}", f"{who}-{n}", True)
            for n, one in enumerate(sides) for k, (at, who) in enumerate(one)]
    return pl.DataFrame(rows, schema={"id": pl.String, "at": pl.Datetime("us", "UTC"), "giver": pl.String, "receiver": pl.String, "kind": pl.String,
                                      "thread": pl.String, "person": pl.String, "shared": pl.Boolean}, orient="row")


def main() -> None:
    """Print the table."""
    for world in WORLDS:
        for a_week in (0.2, 0.5, 1.0, 3.0):
            rng = random.Random(7)
            quiet = frame([side(world, a_week, rng) for _ in range(SIDES)])
            alarms = contact_changes(quiet, UNTIL).height / SIDES / YEARS
            days = [START.date() + timedelta(days=rng.randrange(200, 900)) for _ in range(SIDES)]
            told = contact_changes(frame([side(world, a_week, rng, day) for day in days]), UNTIL)
            right, within = 0, 0
            for a, b, about, low, high in told.select("a", "b", "about", "low", "high").iter_rows():
                day = days[int(next(key for key in (a, b) if key != "birch.example")[1:].partition(".")[0])]
                right += abs((about - day).days) <= 60
                within += low <= day <= high
            sys.stdout.write(f"{world:9} {a_week:4} a week: false {alarms:.4f} a year; found {right / SIDES:.2f}, of those told interval holds "
                             f"{within / max(told.height, 1):.2f}, false beside {(told.height - right) / SIDES / YEARS:.4f}\n")


if __name__ == "__main__":
    main()
