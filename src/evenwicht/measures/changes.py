"""What changed in a relation since an earlier day, and by which events: the two results beside each other, nothing estimated.

Each axis is judged on the earlier day and now. Which events moved it is said by leaving out, one by one, what happened or fell due
in between (`measures.influence`). Documented in docs/method/loops.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenwicht.measures.verdict import JUDGED
from evenwicht.measures.weeks import end_of, microseconds

if TYPE_CHECKING:
    from evenwicht.measures.found import Found

MOST_EVENTS = 5
"""Events named an axis, those that moved it most."""

LEAST = 0.005
"""Log-odds below which an event is not said to have moved anything: an eighth of a point in a hundred."""


@dataclass(frozen=True, slots=True)
class Moving:
    """An event since the earlier day: its id, who gave it, and how far its presence moves the level (log-odds, + = a gives more)."""

    id: str
    giver: str
    moved: float


@dataclass(frozen=True, slots=True)
class Change:
    """One axis then and now. `before` is None where the axis had no event then; levels in log-odds, None where not judged."""

    axis: str
    before: str | None
    after: str
    level_before: float | None
    level_after: float | None
    events: tuple[Moving, ...]


def changes(earlier: Found, now: Found, a: str, b: str) -> list[Change]:
    """Axes of the relation whose verdict is another than on the earlier day, or that events since then moved; in order of the axes.

    earlier, now   two results of one ledger, the first with an earlier `until`. Empty where nothing moved.
    """
    a, b = sorted((a, b))
    since = microseconds(end_of(earlier.until))
    then = {row["axis"]: row for row in _of(earlier, a, b)}
    found = []
    for row in _of(now, a, b):
        old = then.get(row["axis"])
        moving: tuple[Moving, ...] = ()
        if now.mover is not None and row["verdict"] in JUDGED and row["n"]:
            moved = now.mover(a, b, row["axis"], None, since).events
            moving = tuple(Moving(one["id"], one["giver"], row["level"] - one["level_without"]) for one in moved.iter_rows(named=True)
                           if one["level_without"] is not None and abs(row["level"] - one["level_without"]) >= LEAST)[:MOST_EVENTS]
        if moving or old is None or old["verdict"] != row["verdict"]:
            found.append(Change(row["axis"], None if old is None else old["verdict"], row["verdict"], None if old is None else old["level"], row["level"], moving))
    return found


def _of(found: Found, a: str, b: str) -> list[dict[str, Any]]:
    rows = found.axes.filter((found.axes["a"] == a) & (found.axes["b"] == b))
    return list(rows.iter_rows(named=True))
