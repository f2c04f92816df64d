"""Curves of false alarms against delay as one SVG: panels beside each other, a logarithmic road across, weeks up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.reports.pictures.element import Markup, decimals, element

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, LEFT, TOP, GAP = 300.0, 250.0, 46.0, 62.0, 34.0
LOW, HIGH = 0.005, 3.0
"""False alarms a relation-year from edge to edge; fewer than the least are drawn at the edge."""
MOST_WEEKS = 60.0
STYLES = {
    "Evenwicht": ("#1d3f8f", 3.0, None), "Beta count": ("#4a4a4a", 1.6, "2 3"),
    "KernelCPD linear, change": ("#b4551d", 1.6, None), "KernelCPD linear, outside": ("#b4551d", 1.6, "6 3"),
    "KernelCPD rbf, change": ("#8a2f6b", 1.6, None), "KernelCPD rbf, outside": ("#8a2f6b", 1.6, "6 3"),
    "ADWIN, change": ("#2c7a4b", 1.6, None), "ADWIN, outside": ("#2c7a4b", 1.6, "6 3"),
}
"""Colour, width and dashes: one colour a family, dashed where the rule is "outside", so that print without colour can tell."""


@dataclass(frozen=True)
class Curve:
    """One method: (false alarms a relation-year, median delay in weeks) for each knob; delays may be endless.

    marked: the point that gets a ring, the one that is used.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    marked: tuple[float, float] | None = None


@dataclass(frozen=True)
class Panel:
    """One world."""

    title: str
    curves: tuple[Curve, ...]


def picture(panels: Sequence[Panel]) -> str:
    """The whole SVG on a white ground, with a legend below."""
    names = list(dict.fromkeys(curve.name for panel in panels for curve in panel.curves))
    across = LEFT + len(panels) * (WIDTH + GAP)
    legend = TOP + HEIGHT + 70
    rows = -(-len(names) // 4)
    high = legend + 22 * rows + 6
    return element(
        "svg", element("title", "False alarms a relation-year against the median delay, per method", id="t"),
        element("rect", width=decimals(across), height=decimals(high), fill="#fff"),
        [_panel(panel, LEFT + number * (WIDTH + GAP), first=number == 0) for number, panel in enumerate(panels)],
        [_legend(name, LEFT + (number % 4) * (across - LEFT) / 4, legend + 22 * (number // 4)) for number, name in enumerate(names)],
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {decimals(across)} {decimals(high)}", role="img", aria_labelledby="t",
        font_family="Archivo, Helvetica, Arial, sans-serif", font_size="13", fill="#222",
    ) + "\n"


def _panel(panel: Panel, left: float, *, first: bool) -> list[Markup]:
    bottom = TOP + HEIGHT
    grid = []
    for rate, text in ((0.01, ".01"), (0.05, ".05"), (0.2, ".2"), (1.0, "1")):
        x = left + _x(rate)
        grid += [_line(x, TOP, x, bottom), _text(text, x, bottom + 18, "middle")]
    for weeks in range(0, int(MOST_WEEKS) + 1, 13):
        y = TOP + _y(weeks)
        grid += [_line(left, y, left + WIDTH, y), *([_text(str(weeks), left - 8, y + 4, "end")] if first else [])]
    return [
        element("text", panel.title, x=decimals(left), y=decimals(TOP - 16), font_weight="600"), *grid,
        *(_curve(curve, left) for curve in panel.curves),
        _text("false alarms a relation-year", left + WIDTH / 2, bottom + 40, "middle"),
        *([_text("weeks until noticed, median", 8, TOP - 44, "start")] if first else []),
    ]


def _curve(curve: Curve, left: float) -> Markup | None:
    points = [(left + _x(rate), TOP + _y(weeks)) for rate, weeks in sorted(curve.points) if math.isfinite(weeks) and weeks <= MOST_WEEKS]
    if not points:
        return None
    colour, width, dashes = STYLES.get(curve.name, ("#888", 1.6, None))
    ring = None
    if curve.marked is not None and curve.marked[1] <= MOST_WEEKS:
        ring = element("circle", cx=decimals(left + _x(curve.marked[0])), cy=decimals(TOP + _y(curve.marked[1])), r="7", fill="none",
                       stroke=colour, stroke_width="1.5")
    path = "M" + "L".join(f"{decimals(x)} {decimals(y)}" for x, y in points)
    return element("g", element("path", d=path, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dashes),
                   [element("circle", cx=decimals(x), cy=decimals(y), r=decimals(1.4 + width / 2), fill=colour) for x, y in points], ring)


def _legend(name: str, x: float, y: float) -> list[Markup]:
    colour, width, dashes = STYLES.get(name, ("#888", 1.6, None))
    return [element("path", d=f"M{decimals(x)} {decimals(y - 4)}h28", stroke=colour, stroke_width=width, stroke_dasharray=dashes),
            _text(name, x + 34, y, "start")]


def _x(rate: float) -> float:
    part = math.log(min(max(rate, LOW), HIGH) / LOW) / math.log(HIGH / LOW)
    return part * WIDTH


def _y(weeks: float) -> float:
    return HEIGHT * (1 - weeks / MOST_WEEKS)


def _line(x0: float, y0: float, x1: float, y1: float) -> Markup:
    return element("path", d=f"M{decimals(x0)} {decimals(y0)}L{decimals(x1)} {decimals(y1)}", stroke="#ddd")


def _text(text: str, x: float, y: float, anchor: str) -> Markup:
    return element("text", text, x=decimals(x), y=decimals(y), text_anchor=anchor)
