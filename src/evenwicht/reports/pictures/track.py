"""The track: one axis as a road seen from above. Time runs up, today near the top, the road ahead above it.

Across stands the log-odds, positive toward the right side; every value comes in turned to the chair already.
What turns when the reader takes the other chair stands in a group of class `flip`, mirrored about the spine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evenwicht.reports.pictures.element import Markup, decimals, element, join
from evenwicht.reports.pictures.path import Point, drawn, outside, simplified
from evenwicht.reports.pictures.scale import FUTURE_WEEKS, REACH, RECENT_WEEKS, TODAY, TOP, Road, clamp, log_odds

if TYPE_CHECKING:
    from collections.abc import Sequence

DOT_LARGEST, DOT_SMALLEST, DOT_FULL_AT = 3.6, 1.4, 8.0
"""Radius of a week's dot; the area grows with n until eight observations."""

TICKS = (.8, .6, .5)
LETTER = 12


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one axis. `age`: weeks before today of its middle. Log-odds; `seen` None: nothing was observed."""

    age: float
    slow: float
    slow_low: float
    slow_high: float
    now: float
    seen: float | None = None
    n: float = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened: a gust (it passes) or a shift (it stays), pushing toward `side` (> 0 right)."""

    age: float
    kind: Literal["gust", "shift"]
    side: int
    letter: str


@dataclass(frozen=True, slots=True)
class Back:
    """The way back: from now to the edge of the band, at `age` (negative: weeks ahead), with the day in words."""

    age: float
    half_life: float
    day: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word at the left of the road: a month, a year, today."""

    age: float
    text: str


@dataclass(frozen=True, slots=True)
class Track:
    """Everything a track shows.

    norm, band   log-odds; band None: shown, not judged, so no band is drawn and nothing lies beyond it
    parties      the letters of left and right, for colour
    """

    weeks: Sequence[Week]
    norm: float
    band: float | None
    parties: tuple[str, str]
    today: str
    labels: Sequence[Label] = ()
    marks: Sequence[Mark] = ()
    back: Back | None = None


def track(shown: Track, road: Road, *, title: str, name: str) -> Markup:
    """The picture as one `svg`. `title` says the finding, `name` makes the id of the title unique in the page."""
    turns = element("g", [
        _ground(shown, road), _ribbon(shown, road), _beyond(shown, road), _dots(shown, road), _lines(shown, road),
        _way_back(shown, road), [_mark(mark, road) for mark in shown.marks],
    ], class_="flip")
    return element(
        "svg", element("title", title, id=f"{name}-t"), _labels(shown, road), turns, _letters(shown, road),
        _today(shown, road), _ticks(road),
        class_="track", viewBox=f"0 0 {decimals(road.width)} {decimals(road.height)}", role="img",
        aria_labelledby=f"{name}-t",
    )


def _ground(shown: Track, road: Road) -> list[Markup]:
    if shown.band is None:
        return [_upright("ch-equal", road.x(0), road)]
    left, right = road.x(shown.norm - shown.band), road.x(shown.norm + shown.band)
    parts = [element("rect", class_="ch-band", x=decimals(left), y=decimals(TOP), width=decimals(right - left),
                     height=decimals(road.bottom - TOP))]
    if shown.norm:
        parts.append(_upright("ch-equal", road.x(0), road))
    return [*parts, _upright("ch-norm", road.x(shown.norm), road)]


def _upright(kind: str, x: float, road: Road) -> Markup:
    return element("path", class_=kind, d=f"M{decimals(x)} {decimals(TOP)}V{decimals(road.bottom)}")


def _line(shown: Track, road: Road, what: str) -> list[Point]:
    """The points of one line from the oldest week up to today, carried on to today itself."""
    points = [(road.x(getattr(week, what)), road.y(week.age)) for week in _oldest_first(shown, road)]
    return [*points, (points[-1][0], TODAY)] if points and points[-1][1] > TODAY else points


def _oldest_first(shown: Track, road: Road) -> list[Week]:
    return sorted((week for week in shown.weeks if week.age <= road.weeks), key=lambda week: -week.age)


def _ribbon(shown: Track, road: Road) -> Markup | None:
    up = simplified(_line(shown, road, "slow_high"))
    down = simplified(_line(shown, road, "slow_low"))
    return element("path", class_="ch-ribbon", d=drawn([*up, *reversed(down)], closed=True)) if len(up) > 1 else None


def _beyond(shown: Track, road: Road) -> list[Markup]:
    """Beyond the band: a wash for now, solid where the relation has settled there; in the receiving side's colour."""
    parts: list[Markup] = []
    if shown.band is None:
        return parts
    for what, how in (("now", "now"), ("slow", "set")):
        line = _line(shown, road, what)
        for party, edge, above in (
            (shown.parties[0], road.x(shown.norm - shown.band), False),
            (shown.parties[1], road.x(shown.norm + shown.band), True),
        ):
            areas = [drawn(simplified(area), closed=True) for area in outside(line, edge, above=above)]
            if areas:
                parts.append(element("path", class_=f"ch-{how}-{party}", d="".join(areas)))
    return parts


def _dots(shown: Track, road: Road) -> Markup | None:
    recent = [week for week in _oldest_first(shown, road)
              if week.seen is not None and week.n > 0 and 0 <= week.age < RECENT_WEEKS]
    circles = [element("circle", cx=decimals(road.x(week.seen or 0)), cy=decimals(road.y(week.age)),
                       r=decimals(_radius(week.n))) for week in recent]
    return element("g", circles, class_="ch-dots") if circles else None


def _radius(n: float) -> float:
    return float(max(DOT_SMALLEST, DOT_LARGEST * min(1.0, n / DOT_FULL_AT) ** .5))


def _lines(shown: Track, road: Road) -> list[Markup]:
    slow, now = simplified(_line(shown, road, "slow")), simplified(_line(shown, road, "now"))
    if len(now) < 2:  # noqa: PLR2004 - one point is no line
        return []
    return [element("path", class_="ch-slow", d=drawn(slow)), element("path", class_="ch-fast", d=drawn(now))]


def _way_back(shown: Track, road: Road) -> list[Markup]:
    """Half of the distance to where it settles is ridden in each half-life, so the way back is a curve."""
    if shown.back is None or shown.band is None or not shown.weeks:
        return []
    newest = min(shown.weeks, key=lambda week: week.age)
    side = 1 if newest.now > newest.slow else -1
    edge = shown.norm + side * shown.band
    ahead = min(max(-shown.back.age, .5), FUTURE_WEEKS)
    half_life = max(shown.back.half_life, .25)
    fallen = 1 - 2 ** (-ahead / half_life)
    start, points = clamp(newest.now), []
    for step in range(13):
        part = (1 - 2 ** (-ahead * step / 12 / half_life)) / fallen
        points.append((road.x(start + (edge - start) * part), road.y(-ahead * step / 12)))
    ring = points[-1]
    return [
        element("path", class_="ch-back", d=drawn(points)),
        element("circle", class_="ch-backdot", cx=decimals(ring[0]), cy=decimals(ring[1]), r="4"),
    ]


def _mark(mark: Mark, road: Road) -> Markup:
    y, side = road.y(mark.age), 1 if mark.side >= 0 else -1
    x = road.x(side * REACH) - side * LETTER
    across = element("path", class_="ch-event", d=f"M{decimals(road.left)} {decimals(y)}H{decimals(road.right)}")
    if mark.kind == "shift":
        return join(across, element("path", class_="ch-shift", d=f"M{decimals(x - 5)} {decimals(y - 5)}h10v10h-10Z"))
    base = x - side * 5
    return join(across, element("path", class_="ch-gust", d=(
        f"M{decimals(base)} {decimals(y - 5)}L{decimals(base + side * 10)} {decimals(y)}"
        f"L{decimals(base)} {decimals(y + 5)}Z")))


def _letters(shown: Track, road: Road) -> list[Markup]:
    edge = decimals(road.width)
    return [element("text", text, class_="ch-m", x=edge, y=decimals(y + 4), text_anchor="end")
            for y, text in _apart(shown, road)]


def _apart(shown: Track, road: Road) -> list[tuple[float, str]]:
    """The texts at the right with their heights, from the top down; those too close to read apart share one line."""
    wanted = [(road.y(mark.age), mark.letter) for mark in shown.marks]
    if shown.back is not None and shown.band is not None and shown.weeks:
        wanted.append((road.y(min(shown.back.age, -.5)), shown.back.day))
    placed: list[tuple[float, str]] = []
    for y, text in sorted(wanted):
        if placed and y - placed[-1][0] < LETTER:
            placed[-1] = (placed[-1][0], f"{placed[-1][1]} {text}")
        else:
            placed.append((y, text))
    return placed


def _labels(shown: Track, road: Road) -> list[Markup]:
    return [
        join(element("path", class_="ch-grid", d=f"M{decimals(road.left)} {decimals(y)}H{decimals(road.right)}"),
             element("text", label.text, class_="ch-t", x="0", y=decimals(y + 4)))
        for label in shown.labels for y in [road.y(label.age)]
    ]


def _today(shown: Track, road: Road) -> Markup:
    return join(
        element("path", class_="ch-today", d=f"M{decimals(road.left)} {decimals(TODAY)}H{decimals(road.right)}"),
        element("text", shown.today, class_="ch-t ch-tb", x="0", y=decimals(TODAY + 4)),
    )


def _ticks(road: Road) -> list[Markup]:
    """The share received: 80, 60, 50, 60, 80, the same to both sides, so the ticks need not turn."""
    marks = [(side * log_odds(part), part) for part in TICKS for side in ((1, -1) if log_odds(part) else (1,))]
    return [
        join(element("path", class_="ch-tick", d=f"M{decimals(x)} {decimals(road.bottom)}v4"),
             element("text", str(round(part * 100)), class_="ch-t", x=decimals(x), y=decimals(road.bottom + 17),
                     text_anchor="middle"))
        for value, part in marks for x in [road.x(value)]
    ]
