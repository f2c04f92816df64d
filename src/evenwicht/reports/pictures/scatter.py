"""Short against long term: every relation as one mark, where it settles across, where it is now upward.

The shape says the verdict: grey dot balanced, ring temporary, half ring undecided, square structural, dash standing
still, cross no signal; too little data is not drawn. Ink only: where many parties meet, colour has no meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.reports.pictures.element import Markup, decimals, element, join
from evenwicht.reports.pictures.scale import REACH, clamp, log_odds

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 440, 452
_MIDDLE, _UNIT, _FIRST, _LAST = 220.0, 186 / 1.75, 34.0, 406.0
_BAND = log_odds(.6)
_WORDS = 24
"""Height above and below the middle that the words of the fields take."""
ABOVE_ALL = ("structural", "undecided", "temporary")


@dataclass(frozen=True, slots=True)
class Point:
    """One relation: log-odds of level and now, positive toward the other side; `label` names the few that matter."""

    verdict: str
    level: float
    now: float
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The texts in the picture."""

    title: str
    now: str
    long_term: str
    structural: str
    temporary: str
    toward_us: str
    toward_other: str


def scatter(points: Sequence[Point], words: Words, *, name: str) -> Markup:
    """The picture as one `svg`."""
    plain = sorted(points, key=lambda point: ABOVE_ALL.index(point.verdict) if point.verdict in ABOVE_ALL else -1)
    return element(
        "svg", element("title", words.title, id=f"{name}-t"), _ground(), _fields(words),
        [shape(point.verdict, *_place(point), large=bool(point.label)) for point in reversed(plain)],
        _named(points), _ticks(words),
        class_="scatter", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_labelledby=f"{name}-t",
    )


def shape(verdict: str, x: float, y: float, *, large: bool = False) -> Markup | None:
    """The mark of a verdict at one place; also used in the key below the picture."""
    r, cx, cy = 4.6 if large else 3.6, decimals(x), decimals(y)
    if verdict == "structural":
        return element("path", class_="sc-str", d=f"M{decimals(x - r)} {decimals(y - r)}h{decimals(2 * r)}"
                                                  f"v{decimals(2 * r)}h{decimals(-2 * r)}Z")
    if verdict == "undecided":
        half = f"M{cx} {decimals(y - r)}A{decimals(r)} {decimals(r)} 0 0 1 {cx} {decimals(y + r)}Z"
        return join(element("circle", class_="sc-tmp", cx=cx, cy=cy, r=decimals(r)),
                    element("path", class_="sc-str", d=half))
    if verdict == "temporary":
        return element("circle", class_="sc-tmp", cx=cx, cy=cy, r=decimals(r))
    if verdict == "standing_still":
        return element("path", class_="sc-still", d=f"M{decimals(x - 4)} {cy}h8")
    if verdict == "no_signal":
        return element("path", class_="sc-none", d=f"M{decimals(x - 3)} {decimals(y - 3)}l6 6m0-6l-6 6")
    if verdict == "balanced":
        return element("path", class_="sc-bal", d=f"M{cx} {cy}h0")
    return None


def _place(point: Point) -> tuple[float, float]:
    return (_MIDDLE + clamp(point.level, REACH + .2) * _UNIT, _MIDDLE - clamp(point.now, REACH + .2) * _UNIT)


def _ground() -> Markup:
    low, high = decimals(_MIDDLE - _BAND * _UNIT), decimals(_MIDDLE + _BAND * _UNIT)
    wide = decimals(2 * _BAND * _UNIT)
    return join(
        element("rect", class_="ch-band", x=low, y=decimals(_FIRST), width=wide, height=decimals(_LAST - _FIRST)),
        element("rect", class_="sc-core", x=low, y=low, width=wide, height=wide),
        element("path", class_="ch-grid", d=f"M{_FIRST:g} {low}H{_LAST:g}M{_FIRST:g} {high}H{_LAST:g}"),
        element("path", class_="ch-axis", d=f"M220 {_FIRST:g}V{_LAST:g}M{_FIRST:g} 220H{_LAST:g}"),
        element("path", class_="ch-diag", d="M39.3 400.7L400.7 39.3"),
    )


def _fields(words: Words) -> list[Markup]:
    """What each field of the picture means, in its corner."""
    low, high = _MIDDLE - _BAND * _UNIT, _MIDDLE + _BAND * _UNIT
    return [
        _text("sc-n", 37, 211, words.structural), _text("sc-r", 37, 238, words.toward_us),
        _text("sc-n", 403, 211, words.structural, "end"), _text("sc-r", 403, 238, words.toward_other, "end"),
        _text("sc-n", low - 8, 47, words.temporary, "end"), _text("sc-r", low - 8, 64, words.toward_other, "end"),
        _text("sc-n", high + 8, 384, words.temporary), _text("sc-r", high + 8, 401, words.toward_us),
    ]


def _named(points: Sequence[Point]) -> list[Markup]:
    """Names beside their marks, on the side with more room, never over one another or over the words on the axis."""
    out: list[Markup] = []
    taken: list[tuple[float, float]] = []
    for point in points:
        if not point.label:
            continue
        x, y = _place(point)
        if abs(y - _MIDDLE) < _WORDS or any(abs(y - other_y) < 15 and abs(x - other_x) < 110 for other_x, other_y in taken):  # noqa: PLR2004
            continue
        taken.append((x, y))
        right = x < _MIDDLE + 60
        text = _text("sc-n", x + 9 if right else x - 9, y + 4.5, point.label, "start" if right else "end")
        out.append(element("a", text, href=point.href) if point.href else text)
    return out


def _ticks(words: Words) -> list[Markup]:
    marks = []
    for part, side in ((.8, -1), (.6, -1), (.6, 1), (.8, 1)):
        away = side * log_odds(part) * _UNIT
        marks += [_text("ch-t", _MIDDLE + away, 422, str(round(part * 100)), "middle"),
                  _text("ch-t", 26, _MIDDLE - away + 4.3, str(round(part * 100)), "end")]
    return [*marks, _text("ch-t", _MIDDLE, 422, "50", "middle"), _text("sc-n", 406, 444, words.long_term, "end"),
            _text("sc-n", 8, 20, words.now)]


def _text(kind: str, x: float, y: float, text: str, anchor: str | None = None) -> Markup:
    return element("text", text, class_=kind, x=decimals(x), y=decimals(y), text_anchor=anchor)
