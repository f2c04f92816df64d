"""The lean in the masthead, to scale: 25 degrees for one unit of log-odds, up to the reach of a track.

Thick post: where it settles. Thin line: now. Sector: the band of balance. The baseline is the road.
"""

from __future__ import annotations

import math

from evenwicht.reports.pictures.element import Markup, decimals, element
from evenwicht.reports.pictures.scale import clamp

DEGREES = 25
WIDTH, HEIGHT = 344, 196
"""Wide enough for the lower grip at the steepest lean."""
_FOOT = (WIDTH / 2, 198.0)
_POST, _BAR, _GRIP, _NEEDLE, _SECTOR = 142.0, 82.0, 16, 170.0, 168.0


def dial(level: float | None, now: float | None, *, norm: float, band: float, parties: tuple[str, str]) -> Markup:
    """Log-odds, positive toward the right side; without a level only the band and the spine are drawn."""
    parts = [_sector(norm, band), element("path", class_="ch-spine", d=f"M{WIDTH // 2} 0V{HEIGHT}")]
    if level is not None:
        if now is not None:
            end = _along(now, _NEEDLE)
            parts += [
                element("path", class_="dial-now", d=_to(_FOOT, end)),
                element("circle", class_="dial-nowdot", cx=decimals(end[0]), cy=decimals(end[1]), r="5"),
            ]
        top, angle = _along(level, _POST), _angle(level)
        dx, dy = _BAR * math.cos(angle), _BAR * math.sin(angle)
        left, right = (top[0] - dx, top[1] - dy), (top[0] + dx, top[1] + dy)
        parts += [
            element("path", class_="dial-post", d=_to(_FOOT, top) + _to(left, right)),
            _grip(left, parties[0]), _grip(right, parties[1]),
        ]
    else:
        parts.append(element("path", class_="dial-unknown", d="M172 196V56M90 56H254"))
    return element("svg", element("g", parts, class_="flip"), class_="dial", viewBox=f"0 0 {WIDTH} {HEIGHT}",
                   aria_hidden="true")


def _angle(value: float) -> float:
    return math.radians(clamp(value) * DEGREES)


def _along(value: float, length: float) -> tuple[float, float]:
    angle = _angle(value)
    return (_FOOT[0] + length * math.sin(angle), _FOOT[1] - length * math.cos(angle))


def _sector(norm: float, band: float) -> Markup:
    left, right = _along(norm - band, _SECTOR), _along(norm + band, _SECTOR)
    return element("path", class_="ch-band", d=(
        f"{_to(_FOOT, left)}A{decimals(_SECTOR)} {decimals(_SECTOR)} 0 0 1 {decimals(right[0])} {decimals(right[1])}Z"))


def _grip(place: tuple[float, float], party: str) -> Markup:
    return element("circle", class_=f"fill-{party}", cx=decimals(place[0]), cy=decimals(place[1]), r=_GRIP)


def _to(start: tuple[float, float], end: tuple[float, float]) -> str:
    return f"M{decimals(start[0])} {decimals(start[1])}L{decimals(end[0])} {decimals(end[1])}"
