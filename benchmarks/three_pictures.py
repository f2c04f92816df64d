"""Three pictures for the documentation: a gust that returns, a shift that stays, a relation that stands still.

    python -m benchmarks.three_pictures [--into docs/pictures]

One simulated portfolio (seed 20), judged nine weeks or more before its end, drawn as the report draws it; over that, dashed, the
truth that nobody saw, also of the nine weeks to come. Each picture is the first relation by name of which the truth is what the
picture is about and the verdict says so, on the first of the days that are tried. How many others there were by then, and what was
said of them, is printed: a picture shows one case, and the accuracy page the rest. Needs Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.engines.local import assess
from evenwicht.reports.pages import frame
from evenwicht.reports.pages.seen import Seen, seen
from evenwicht.reports.pages.tracks import article, key, road_of
from evenwicht.reports.pages.verdict import verdict_shown
from evenwicht.reports.pictures.element import Markup, decimals, element
from evenwicht.reports.pictures.lean import symbols
from evenwicht.reports.pictures.path import drawn
from evenwicht.reports.pictures.scale import TODAY, TOP, Road
from evenwicht.simulation.portfolio import LAST_DAY, Simulated, simulate

if TYPE_CHECKING:
    from collections.abc import Callable

INTO = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SEED, RELATIONS, WEEKS, AHEAD = 20, 240, 165, 9
DAYS = tuple(LAST_DAY - timedelta(weeks=AHEAD + back) for back in (0, 4, 8, 12))
"""Days on which the portfolio is judged, until a picture is found."""
BAND = 0.405
WORLD = {"stops": 0.12, "gusts": 2.5, "gust_size": 1.8, "half_life": 4.5, "shifts": 0.12, "shift_size": 1.2, "events": 14.0, "wind": 0.3}
"""Livelier than most: much is said, gusts and shifts are large, many fall silent. So that there is something to see."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

STYLE = """
body{background:#fff;margin:0}
.sheet{width:1000px;padding:28px 36px 30px;display:grid;grid-template-columns:440px 1fr;column-gap:40px}
.sheet>article.axis{min-width:0;display:block}
.sheet details,.sheet .sr,.sheet .other,.sheet .figs{display:none}
.sheet .say{margin:8px 0 18px}
.truth-slow{fill:none;stroke:#b3261e;stroke-width:2;stroke-dasharray:7 4}
.truth-now{fill:none;stroke:#b3261e;stroke-width:1;stroke-dasharray:1.5 2.5}
.truth-end{fill:none;stroke:#b3261e;stroke-width:2}
.aside{font:15px/1.5 "Archivo Variable",sans-serif;padding-top:8px}
.aside h1{font-size:24px;line-height:1.2;margin:0 0 12px}
.aside p{margin:0 0 12px}
.aside svg{width:32px;height:20px;vertical-align:-5px;margin-right:8px}
.aside .key{display:block;margin:18px 0 0;padding:0}
.aside .key li{display:flex;align-items:center;margin:0 0 6px}
.aside .key svg{flex:none;margin-right:10px}
"""


@dataclass(frozen=True)
class Truth:
    """The words of one relation: Monday, level and position of every week, log-odds > 0 where `a` gives more."""

    weeks: tuple[date, ...]
    slow: tuple[float, ...]
    now: tuple[float, ...]
    stopped: date | None
    until: date

    @property
    def at(self) -> int:
        """The place of the week in which it is judged."""
        return self.weeks.index(self.until - timedelta(days=self.until.weekday()))


@dataclass(frozen=True)
class Wanted:
    """One picture: what must be true, what must be said of it, and the words beside it."""

    name: str
    title: str
    text: str
    true: Callable[[Truth], bool]
    verdict: str


def gust(told: Truth) -> bool:
    """Out of the band now, its level well inside for half a year, and back inside within the nine weeks."""
    quiet = all(abs(level) < 0.3 for level in told.slow[told.at - 26:told.at + AHEAD])
    out = abs(told.now[told.at]) > BAND + 0.3 and any(abs(now) < BAND for now in told.now[told.at - 12:told.at])
    return told.stopped is None and quiet and out and any(abs(now) < BAND for now in told.now[told.at + 1:told.at + 1 + AHEAD])


def shift(told: Truth) -> bool:
    """One step of the level out of the band, half a year to two years ago, and there ever since."""
    steps = [week for week in range(told.at - 104, told.at - 26) if abs(told.slow[week] - told.slow[week - 1]) > 0.6]
    return (told.stopped is None and len(steps) == 1 and abs(told.slow[steps[0] - 1]) < 0.3
            and all(BAND + 0.2 < abs(level) < 1.45 for level in told.slow[steps[0]:]))


def still(told: Truth) -> bool:
    """Silent for good since four to ten months, and near balance when last seen."""
    if told.stopped is None or not 17 <= (told.until - told.stopped).days / 7 <= 43:
        return False
    return abs(told.slow[max(told.weeks.index(told.stopped) - 1, 0)]) < 0.3


THREE = (
    Wanted("gust", "A gust that returns", "The level never left the band; only where it is now did. The verdict is temporary, with the day by which it is expected back; "
           "the dotted line shows when it truly came back.", gust, "temporary"),
    Wanted("shift", "A shift that stays", "The level stepped out of the band once and stayed there. The square marks the week that was found; the dashed line shows the week in which it "
           "truly happened.", shift, "structural"),
    Wanted("still", "One that stands still", "Nobody has written since the red line; only what was still owed came after it. Where the two stood by then is all that can be known, so the line of "
           "balance is drawn on, and the verdict is on the relation: standing still.", still, "standing_still"),
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--into", type=Path, default=INTO)
    arguments.add_argument("--relations", type=int, default=RELATIONS)
    chosen = arguments.parse_args()
    made = simulate(chosen.relations, WEEKS, SEED, **WORLD)
    waiting = {wanted.name: wanted for wanted in THREE}
    counts = {name: Counter[str]() for name in waiting}
    for until in DAYS:
        found, truths = assess(made.ledger, until), truths_of(made, until)
        rows = {(row["a"], row["b"]): row for row in found.relations.iter_rows(named=True)}
        for wanted in tuple(waiting.values()):
            said = {pair: _said(found, rows[pair], wanted) for pair, told in truths.items() if pair in rows and wanted.true(told)}
            counts[wanted.name].update(said.values())
            shown = next((pair for pair, verdict in said.items() if verdict == wanted.verdict), None)
            if shown is not None:
                shoot(sheet(found, shown, truths[shown], wanted), chosen.into / f"{wanted.name}.png")
                del waiting[wanted.name]
                print(f"{wanted.name}: {shown[1]}, {until}; alike in truth by then {counts[wanted.name].total()}, said of them "
                      f"{dict(counts[wanted.name].most_common())}")
    for name in waiting:
        print(f"{name}: none was found; alike in truth {counts[name].total()}, said of them {dict(counts[name].most_common())}")


def truths_of(made: Simulated, until: date) -> dict[tuple[str, str], Truth]:
    """Per relation, in order of name, the truth of its words."""
    stopped = {(a, b): when for a, b, when in made.around.select("a", "b", "stopped").iter_rows()}
    words = made.truth.filter(pl.col("axis") == "words").sort("a", "b", "week")
    return {
        (str(a), str(b)): Truth(tuple(rows["week"]), tuple(rows["slow"]), tuple(rows["now"]), stopped[a, b], until)
        for (a, b), rows in sorted(words.group_by("a", "b", maintain_order=True), key=lambda one: [str(key) for key in one[0]])
    }


def _said(found: Any, relation: dict[str, Any], wanted: Wanted) -> str:
    """The verdict that the picture is about: of the words, or of the relation where it stands still."""
    if wanted.verdict == "standing_still":
        return str(relation["verdict"])
    rows = found.axes.filter((pl.col("a") == relation["a"]) & (pl.col("b") == relation["b"]) & (pl.col("axis") == "words"))
    return str(rows["verdict"][0]) if rows.height else "not there"


def sheet(found: Any, pair: tuple[str, str], told: Truth, wanted: Wanted) -> str:
    """One page: the axis as the report shows it, with the truth over it, and the words beside it."""
    one = next(row for row in found.as_dict()["relations"] if (row["a"], row["b"]) == pair)
    history = found.between(*pair).history.to_dicts()
    view = seen(one, pair[0], names=found.names, language="en", until=told.until, us=found.us, place="r1", history=history)
    axis = view.axis("words")
    assert axis is not None
    road = road_of(view, 384)
    shown = article(view, axis, road)
    lines = "".join(truth_lines(view, told, road, with_end=wanted.verdict == "standing_still"))
    shown = Markup(_into_track(shown, lines))
    dashes = element("li", element("svg", Markup('<path class="truth-slow" d="M0 10H32"/>'), viewBox="0 0 32 20"), "the truth: where it settles")
    dots = element("li", element("svg", Markup('<path class="truth-now" d="M0 10H32"/>'), viewBox="0 0 32 20"), "the truth: where it is")
    aside = element("div", element("h1", wanted.title), element("p", verdict_shown(view, view.relation)) if wanted.verdict == "standing_still" else None,
                    element("p", wanted.text),
                    element("p", "Above the black line lie the nine weeks that came after: nobody had seen them."), key("en"), element("ul", dashes, dots, class_="key"), class_="aside")
    return (f"<!doctype html><html lang=en><meta charset=utf-8><style>{frame.style()}{STYLE}</style>"
            f"<body>{symbols()}<div class='sheet'>{shown}{aside}</div></body></html>")


def _into_track(shown: str, lines: str) -> str:
    """The lines at the end of the svg of class track."""
    begin = shown.index('class="track"')
    end = shown.index("</svg>", begin)
    return shown[:end] + lines + shown[end:]


def truth_lines(view: Seen, told: Truth, road: Road, *, with_end: bool) -> list[Markup]:
    """The true level and the true position on the road, up to nine weeks ahead; and the end, where there is one."""
    ages = [((view.until - week).days - 3) / 7 for week in told.weeks]
    lines = []
    for kind, values in (("slow", told.slow), ("now", told.now)):
        last = next((k for k, week in enumerate(told.weeks) if told.stopped is not None and week >= told.stopped), len(values))
        points = [(road.x(view.turned(value) or 0.0), max(road.y(when), TOP)) for when, value in list(zip(ages, values, strict=True))[:last]
                  if -AHEAD <= when <= road.weeks]
        if kind == "now":  # months ago it would be a scribble over the lines of the report
            points = [point for point in points if point[1] <= road.y(13)]
        lines.append(element("path", class_=f"truth-{kind}", d=drawn(points)))
    if with_end and told.stopped is not None:
        y = road.y((view.until - told.stopped).days / 7)
        lines.append(element("path", class_="truth-end", d=f"M{decimals(road.left)} {decimals(max(y, TODAY))}H{decimals(road.right)}"))
    return lines


def shoot(page: str, to: Path) -> None:
    """The page as a PNG, light, at twice the size."""
    from playwright.sync_api import sync_playwright

    path = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if path is None:
        print("There is no Chromium on this machine: `make browser` installs it.")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        source = Path(folder) / "page.html"
        source.write_text(page, "utf-8")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 1100, "height": 900}, color_scheme="light", device_scale_factor=1.5)
        opened.goto(source.as_uri())
        opened.evaluate("document.fonts.ready")
        opened.locator(".sheet").screenshot(path=to)
        browser.close()


if __name__ == "__main__":
    main()
