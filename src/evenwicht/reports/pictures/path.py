"""Lines and areas as short SVG paths: only the points an eye can tell apart, in relative steps of a tenth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from evenwicht.reports.pictures.element import decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

Point: TypeAlias = tuple[float, float]

TOLERANCE = .3
"""Largest distance in user units between a drawn line and the points left out of it; a hairline is 1."""


def simplified(points: Sequence[Point], tolerance: float = TOLERANCE) -> list[Point]:
    """The points without those that lie within `tolerance` of the line through the rest (Douglas and Peucker)."""
    if len(points) < 3:  # noqa: PLR2004 - two points are a line already
        return list(points)
    keep = [False] * len(points)
    keep[0] = keep[-1] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, distance = first, tolerance
        for i in range(first + 1, last):
            away = _distance(points[i], points[first], points[last])
            if away > distance:
                farthest, distance = i, away
        if farthest != first:
            keep[farthest] = True
            spans += [(first, farthest), (farthest, last)]
    return [point for point, kept in zip(points, keep, strict=True) if kept]


def drawn(points: Sequence[Point], *, closed: bool = False) -> str:
    """The `d` of a path through the points. Steps are taken from the rounded place, so errors do not add up."""
    if not points:
        return ""
    at = (round(points[0][0] * 10), round(points[0][1] * 10))
    out = [f"M{_tenths(at[0])} {_tenths(at[1])}"]
    for x, y in points[1:]:
        to = (round(x * 10), round(y * 10))
        dx, dy = _tenths(to[0] - at[0]), _tenths(to[1] - at[1])
        out.append("l" + dx + (dy if dy.startswith("-") else f" {dy}"))
        at = to
    return "".join(out) + ("Z" if closed else "")


def outside(points: Sequence[Point], edge: float, *, above: bool) -> list[list[Point]]:
    """The areas between a line and `edge` where the line's x lies beyond it: each a closed run of points.

    `above`: beyond means x > edge, else x < edge. Crossings are found on the straight pieces between the points.
    """
    areas: list[list[Point]] = []
    run: list[Point] = []
    previous: Point | None = None
    for point in points:
        beyond = point[0] > edge if above else point[0] < edge
        was = previous is not None and (previous[0] > edge if above else previous[0] < edge)
        if beyond and not was:
            run = [_crossing(previous, point, edge)] if previous is not None else [(edge, point[1])]
        if beyond:
            run.append(point)
        elif was and previous is not None:
            areas.append([*run, _crossing(previous, point, edge)])
            run = []
        previous = point
    if run and previous is not None:
        areas.append([*run, (edge, previous[1])])
    return areas


def _crossing(one: Point, other: Point, edge: float) -> Point:
    (x0, y0), (x1, y1) = one, other
    return (edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0))


def _distance(point: Point, start: Point, end: Point) -> float:
    (x, y), (x0, y0), (x1, y1) = point, start, end
    dx, dy = x1 - x0, y1 - y0
    length = math.hypot(dx, dy)
    if length == 0:
        return math.hypot(x - x0, y - y0)
    return abs(dy * (x - x0) - dx * (y - y0)) / length


def _tenths(value: int) -> str:
    return decimals(value / 10)
