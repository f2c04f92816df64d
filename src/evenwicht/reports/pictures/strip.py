"""The strip: one axis in one line of a list. Band, bar = where it settles with its 90 % line, ring = now."""

from __future__ import annotations

from evenwicht.reports.pictures.element import Markup, decimals, element
from evenwicht.reports.pictures.scale import clamp

WIDTH, HEIGHT = 168, 22
_MIDDLE, _UNIT = 84, 45.9
"""Log-odds of 1.55 reach 71 of 84 units, so that a ring at the edge stays inside the picture."""


def strip(
    level: float, low: float, high: float, now: float, *, norm: float, band: float, title: str,
) -> Markup:
    """All values are log-odds, positive toward the right side."""
    left, right = _x(norm - band), _x(norm + band)
    return element("svg", element("g", [
        element("rect", class_="ch-band", x=decimals(left), y="2", width=decimals(right - left), height="18"),
        element("path", class_="ch-norm", d=f"M{decimals(_x(norm))} 0V{HEIGHT}"),
        element("path", class_="ch-int", d=f"M{decimals(_x(low))} 11H{decimals(_x(high))}"),
        element("path", class_="ch-slow", d=f"M{decimals(_x(level))} 3.5V18.5"),
        element("circle", class_="ch-nowdot", cx=decimals(_x(now)), cy="11", r="4"),
    ], class_="flip"), class_="strip", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=title)


def _x(value: float) -> float:
    return _MIDDLE + clamp(value) * _UNIT
