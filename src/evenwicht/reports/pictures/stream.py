"""The stream: the speed of a relation, each side's moves a week as a width from the spine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.reports.pictures.element import Markup, decimals, element, join
from evenwicht.reports.pictures.path import drawn, simplified
from evenwicht.reports.pictures.scale import TODAY, Road

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.reports.pictures.track import Label

_TOP = 50
STEPS, MOST_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000), 3


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves a week of the left and the right side, `age` weeks before today, newest first."""

    age: float
    left: float
    right: float


def stream(
    moves: Sequence[Moves], road: Road, *, normal: float | None, parties: tuple[str, str], labels: Sequence[Label],
    today: str, title: str, name: str,
) -> Markup:
    """The picture as one `svg`. Dashes: the relation's own normal, half on each side; dots: a quarter of it."""
    widest = max([*(move.left for move in moves), *(move.right for move in moves), (normal or 0) / 2, 1e-9])
    unit = (road.width / 2 - road.left) * .92 / widest
    grid = [
        join(element("path", class_="ch-grid", d=f"M{decimals(road.left)} {decimals(y)}H{decimals(road.right)}"),
             element("text", label.text, class_="ch-t", x="0", y=decimals(y + 4)))
        for label in labels if label.age > 0 for y in [road.y(label.age)]
    ]
    turns = element("g", [
        _side(moves, road, -unit, parties[0], "left"), _side(moves, road, unit, parties[1], "right"),
        _normal(normal, road, unit), element("path", class_="ch-axis", d=_pair(0, road)),
    ], class_="flip")
    return element(
        "svg", element("title", title, id=f"{name}-t"), grid, turns,
        element("path", class_="ch-today", d=f"M{decimals(road.left)} {decimals(TODAY)}H{decimals(road.right)}"),
        element("text", today, class_="ch-t ch-tb", x="0", y=decimals(TODAY + 4)), _ticks(road, unit, widest),
        class_="track", viewBox=f"0 {_TOP} {decimals(road.width)} {decimals(road.height - _TOP)}", role="img",
        aria_labelledby=f"{name}-t",
    )


def _side(moves: Sequence[Moves], road: Road, unit: float, party: str, which: str) -> Markup:
    line = [(road.middle + unit * getattr(move, which), road.y(move.age)) for move in moves]
    if not line:
        return element("path", class_=f"ch-flow-{party}", d="")
    points = [(road.middle, TODAY), (line[0][0], TODAY), *line, (road.middle, line[-1][1])]
    return element("path", class_=f"ch-flow-{party}", d=drawn(simplified(points), closed=True))


def _normal(normal: float | None, road: Road, unit: float) -> list[Markup]:
    if not normal:
        return []
    return [element("path", class_="ch-own", d=_pair(normal / 2 * unit, road)),
            element("path", class_="ch-quarter", d=_pair(normal / 8 * unit, road))]


def _pair(away: float, road: Road) -> str:
    sides = sorted({-away, away})
    return "".join(f"M{decimals(road.middle + side)} {decimals(TODAY)}V{decimals(road.bottom)}" for side in sides)


def _ticks(road: Road, unit: float, widest: float) -> list[Markup]:
    step = next((step for step in STEPS if widest / step <= MOST_TICKS), STEPS[-1])
    marks = [side * step * count for count in range(int(widest / step) + 1) for side in ((1, -1) if count else (1,))]
    return [
        join(element("path", class_="ch-tick", d=f"M{decimals(x)} {decimals(road.bottom)}v4"),
             element("text", str(abs(mark)), class_="ch-t", x=decimals(x), y=decimals(road.bottom + 17),
                     text_anchor="middle"))
        for mark in marks for x in [road.middle + mark * unit]
    ]
