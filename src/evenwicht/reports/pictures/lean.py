"""The lean: one handlebar with two equal grips on one wheel, seen from behind. A shape for every verdict.

    balanced        upright, solid grips             temporary    17 degrees, hollow grips, an arrow back
    structural      34 degrees, a wedge holds it     undecided    17 degrees, hollow grips, a dotted arc both ways
    standing_still  on its stand, hollow grips       no_signal    upright, no bar between the grips
    too_little_data dotted

Right means toward the right side; left is its mirror image. Each shape is a symbol, used by reference.
"""

from __future__ import annotations

from evenwicht.reports.pictures.element import Markup, element, join

SHAPES = {
    "balanced": "balanced", "temporary": "temporary", "structural": "structural", "undecided": "undecided",
    "standing_still": "still", "too_little_data": "unknown", "no_signal": "nosignal", "shown": "shown",
}
"""The shape of each verdict code."""

LEANING = frozenset({"temporary", "structural", "undecided"})
"""Shapes that exist as a left and a right."""

_GROUND = '<path d="M1.5 14.5h13" fill="none" stroke="currentColor"/>'
_LEAN_17 = '<path d="M6.4 14L8.91 5.78M4.32 4.37L13.5 7.18" fill="none" stroke="currentColor" stroke-width="2"/>'
_UPRIGHT = '<path d="M8 14L8 5M2.6 5L13.4 5" fill="none" stroke="currentColor" stroke-width="2"/>'


def _solid(x: float, y: float, r: float = 2) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="currentColor"/>'


def _hollow(x: float, y: float, r: float = 1.6) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="var(--lean-hole,Canvas)" stroke="currentColor" stroke-width="1.3"/>'


def _dots(*places: tuple[float, float], r: float = 1) -> str:
    return "".join(_solid(x, y, r) for x, y in places)


_DRAWN = {
    "balanced": _GROUND + _UPRIGHT + _solid(2.6, 5) + _solid(13.4, 5),
    "temporary": (
        _GROUND + _LEAN_17 + _hollow(4.32, 4.37) + _hollow(13.5, 7.18)
        + '<path d="M14.6 4.2A8 8 0 0 0 10 1.1" fill="none" stroke="currentColor" stroke-width="1.3"/>'
        '<path d="M10.9 -.75L7.9 1L10.6 3.1Z" fill="currentColor"/>'
    ),
    "structural": (
        _GROUND
        + '<path d="M3.4 14.2V8.52L8.09 8.53L5.2 14.2Z" fill="currentColor"/>'
        '<path d="M4.4 14L9.77 6.04M5.87 3.41L13.66 8.67" fill="none" stroke="currentColor" stroke-width="2"/>'
        + _solid(5.87, 3.41, 1.9) + _solid(13.66, 8.67, 1.9)
    ),
    # It leans as far as the temporary one, but nothing points back: the upright it may return to is only dotted.
    "undecided": (
        _GROUND + _LEAN_17 + _hollow(4.32, 4.37) + _hollow(13.5, 7.18)
        + _dots((6.4, .8), (9.5, .5), (12.3, 1.7), (14.6, 3.7), r=.8)
    ),
    "still": (
        _GROUND + _UPRIGHT
        + '<path d="M8 8.2L3.4 14M8 8.2L12.6 14" fill="none" stroke="currentColor" stroke-width="1.6"/>'
        + _hollow(2.6, 5, 1.7) + _hollow(13.4, 5, 1.7)
    ),
    "unknown": _dots((2.4, 5), (5.2, 5), (8, 5), (10.8, 5), (13.6, 5), (8, 8), (8, 11), (8, 14)),
    # Grips and wheel are there, the bar that would carry a lean from one to the other is not.
    "nosignal": (
        _GROUND + '<path d="M8 14V9.4" fill="none" stroke="currentColor" stroke-width="2"/>'
        + _hollow(2.6, 5, 1.7) + _hollow(13.4, 5, 1.7)
        + '<path d="M6.6 5h2.8" fill="none" stroke="currentColor" stroke-width="1.3"/>'
    ),
    # Two grips on one bar without a post: shown, not judged.
    "shown": (
        _GROUND + '<path d="M2.6 8H13.4" fill="none" stroke="currentColor" stroke-width="1.3"/>'
        + _solid(2.6, 8) + _solid(13.4, 8)
    ),
}

_MIRRORED = '<g transform="matrix(-1 0 0 1 16 0)">{}</g>'


def symbols() -> Markup:
    """The hidden sheet of symbols; once in a page, before the first `glyph`."""
    drawn: list[Markup] = []
    for shape, markup in _DRAWN.items():
        if shape in LEANING:
            drawn.append(element("symbol", Markup(markup), id=f"lean-{shape}-right", viewBox="0 -1 16 16"))
            drawn.append(element("symbol", Markup(_MIRRORED.format(markup)), id=f"lean-{shape}-left",
                                 viewBox="0 -1 16 16"))
        else:
            drawn.append(element("symbol", Markup(markup), id=f"lean-{shape}", viewBox="0 -1 16 16"))
    return element("svg", join(drawn), width="0", height="0", aria_hidden="true", focusable="false", class_="sr")


def glyph(verdict: str, side: int = 0) -> Markup:
    """The glyph of a verdict code; `side` > 0 is toward the right, < 0 toward the left, 0 not toward one side.

    A leaning verdict without one side (the axes pull both ways) is drawn toward the right in the one case that
    needs a shape at all; the word beside it says that it leans both ways.
    """
    shape = SHAPES.get(verdict, "unknown")
    if shape in LEANING:
        shape += "-left" if side < 0 else "-right"
    return element("svg", element("use", href=f"#lean-{shape}"), class_="lean", aria_hidden="true")


def line(verdict: str) -> str:
    """The class of the verdict as a line: the weight of ink says how long it lasts."""
    return f"line-{SHAPES.get(verdict, 'unknown')}"
