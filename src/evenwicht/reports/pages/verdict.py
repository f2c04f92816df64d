"""A verdict as it is shown everywhere: glyph and word, then toward whom, since when, back by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenwicht.reports import words
from evenwicht.reports.pictures.element import Markup, element
from evenwicht.reports.pictures.lean import glyph
from evenwicht.reports.pictures.scale import share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenwicht.reports.pages.seen import Seen

GIVER_IS_KING = frozenset({"words"})
"""Axes on which the throne is the giver's: who has the floor (CONTRACT, Signs)."""


def parted(line: str, word: str) -> tuple[str, str]:
    """The verdict's word and what follows it, so that the word can be set apart."""
    return word, line[len(word):].lstrip(",: ") if line.startswith(word) else line[:1].lower() + line[1:]


def verdict_shown(view: Seen, one: Mapping[str, Any]) -> Markup:
    """The verdict of the relation or of an axis."""
    word, rest = parted(words.verdict_line(one, view.names, view.language),
                        words.verdict_word(one["verdict"], view.language))
    side = view.side_of(one.get("toward")) or leaning_side(view, one)
    return element("span", glyph(one["verdict"], side),
                   element("span", element("b", word), [" ", element("i", rest)] if rest else None),
                   class_=f"verdict v-{one['verdict']}")


def leaning_side(view: Seen, one: Mapping[str, Any]) -> int:
    """The side of a relation that leans both ways: that of the axis named first, as in the masthead."""
    axis = lead_axis(view) if "because" in one else None
    return view.side_of(axis.get("king")) if axis is not None else 0


def lead_axis(view: Seen) -> dict[str, Any] | None:
    """The axis the masthead shows: named first in `because`, else the first with a level."""
    for name in view.relation.get("because") or ():
        axis = view.axis(name)
        if axis is not None and view.turned(axis.get("level")) is not None:
            return axis
    return next((axis for axis in view.axes
                 if view.turned(axis.get("level")) is not None and axis["group"] != "customer_supplier"), None)


def throne_sign(axis: Mapping[str, Any]) -> int:
    """-1 where the side on the throne is the one that gives: there a relation leans toward the giver, else +1."""
    toward, king = axis.get("toward"), axis.get("king")
    if toward and king:
        return 1 if toward == king else -1
    return -1 if axis["axis"] in GIVER_IS_KING else 1


def lean_of(view: Seen, axis: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """Level, its 90 % interval, and now, positive toward the right side, in the direction of the relation's lean."""
    sign = throne_sign(axis)
    level = view.turned(axis.get("level")) or 0.0
    low, high = view.interval(axis, "level") or (level, level)
    now = view.turned(axis.get("now"))
    values = [sign * value for value in (level, low, high, level if now is None else now)]
    return values[0], min(values[1:3]), max(values[1:3]), values[3]


def parts_of_hundred(log_odds: float) -> tuple[int, int]:
    """Left and right parts received, for words beside a picture."""
    right = round(100 * share(log_odds))
    return 100 - right, right
