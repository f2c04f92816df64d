"""One relation from one chair: signs turned, sides in order, figures ready to draw.

Signs (CONTRACT): in the result log-odds are positive when `a` gives more. Here they are positive toward the *right*
side, which is the side that receives more when the left gives more; the chair sits left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlencode

import polars as pl

from evenwicht.reports import words
from evenwicht.reports.numbers import as_date, finite
from evenwicht.reports.pictures.element import Markup, element, escape
from evenwicht.reports.pictures.track import Week

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Events: TypeAlias = Callable[[str | None], pl.DataFrame | None]
    """Events of an axis of one relation (None: of all of it), the newest first; None where there is none at hand."""

EQUAL_BAND, KEPT_BAND = math.log(60 / 40), math.log(55 / 45)
"""CONTRACT, Signs: the band of flow axes and money, and that of promises and response."""

LONG_WEEKS, SHORT_WEEKS = 156, 13
NORM = "norm"
"""Kind of the event that states an agreed norm: amount is the giver's share, thread the axis."""


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a relation. `letter` is "a" or "b" in the ledger's order: it decides the colour."""

    key: str
    name: str
    letter: str

    def label(self) -> Markup:
        """The name with its disc. `bdi` keeps a name that runs right to left inside its own place."""
        return element("span", element("span", class_=f"disc of-{self.letter}", aria_hidden="true"),
                       element("bdi", self.name), class_="who")


@dataclass(frozen=True, slots=True)
class Served:
    """Where a page that is served finds the others; a page that is one file has none of these.

    all         the portfolio; a verdict's part of it is `all?verdict=…`
    relation    this relation
    """

    all: str
    relation: str

    def chair(self, key: str) -> str:
        """This relation from the chair of a party."""
        return f"{self.relation}?{urlencode({'chair': key})}"

    def evidence(self, axis: str) -> str:
        """Every event of an axis."""
        return f"{self.relation}evidence/?{urlencode({'axis': axis})}"


@dataclass(frozen=True)
class Seen:
    """A relation as it is read from the chair of `left`."""

    relation: Mapping[str, Any]
    names: Mapping[str, str]
    left: Party
    right: Party
    language: str
    until: date
    us: str
    place: str
    history: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    events: Events = field(default=lambda _: None)
    depth: int = 2
    contacts: Sequence[Mapping[str, Any]] = ()
    moves: Sequence[Mapping[str, Any]] = ()
    turn: Mapping[str, Any] | None = None
    loops: Mapping[str, Any] | None = None
    served: Served | None = None

    def heading(self, below: int) -> str:
        """The element of a heading: `depth` is that of the relation's own, `below` counts the steps under it."""
        return f"h{self.depth + below}"

    @cached_property
    def weeks(self) -> Mapping[str, list[Week]]:
        """The weeks of each axis, turned."""
        return {axis: weeks_of(self, axis) for axis in self.history}

    @cached_property
    def norms(self) -> Mapping[str, float]:
        """The agreed norm of each axis that has one, in log-odds, positive toward the right; the latest holds."""
        frame = self.events(None)
        if frame is None or "thread" not in frame.columns:
            return {}
        rows = frame.filter(frame["kind"].cast(pl.String) == NORM).select("thread", "giver", "amount")
        return {
            axis: math.log(part / (1 - part)) * (1 if giver == self.left.key else -1)
            for axis, giver, part in reversed(rows.rows())
            if axis is not None and part is not None and 0 < part < 1
        }

    def norm(self, axis: Mapping[str, Any]) -> float:
        """The norm the axis is judged against, positive toward the right; zero is equality."""
        given = self.turned(axis.get("norm"))
        return self.norms.get(axis["axis"], 0.0) if given is None else given

    @property
    def sign(self) -> int:
        return 1 if self.left.letter == "a" else -1

    @property
    def parties(self) -> tuple[str, str]:
        """Letters of left and right, for colours."""
        return self.left.letter, self.right.letter

    @property
    def in_ledger_order(self) -> tuple[Party, Party]:
        """The two sides as the ledger orders them: for tables, which do not turn with the chair."""
        return (self.left, self.right) if self.left.letter == "a" else (self.right, self.left)

    @property
    def axes(self) -> list[dict[str, Any]]:
        return words.axes_of(self.relation)

    def axis(self, name: str) -> dict[str, Any] | None:
        return next((axis for axis in self.axes if axis["axis"] == name), None)

    def turned(self, value: object) -> float | None:
        """Log-odds of the result, positive toward the right side; None where there is no figure."""
        number = finite(value)
        return None if number is None else self.sign * number + 0.0

    def interval(self, axis: Mapping[str, Any], what: str) -> tuple[float, float] | None:
        ends = [self.turned(axis.get(f"{what}_low")), self.turned(axis.get(f"{what}_high"))]
        known = [end for end in ends if end is not None]
        return (min(known), max(known)) if len(known) == len(ends) else None

    def side_of(self, key: str | None) -> int:
        """+1 for the right party, -1 for the left, 0 for neither."""
        return 1 if key == self.right.key else -1 if key == self.left.key else 0

    def of(self, axis: Mapping[str, Any], party: Party, what: str) -> list[float]:
        """The sums one party gave, `what` "short" or "long", one per unit; empty where nothing is known."""
        value = axis.get(f"{party.letter}_{what}")
        values = [finite(one) for one in (value if isinstance(value, list | tuple) else [value])]
        return [one for one in values if one is not None] if None not in values else []

    def both(self, said: Callable[[str], str | None]) -> Markup | None:
        """A sentence from both chairs: they differ in who is named first, and the switch shows the one that fits."""
        own = said(self.left.key)
        other = own if self.served else said(self.right.key)
        if not own or not other:
            return None
        if own == other:
            return escape(own)
        return Markup(element("span", own, class_="own") + element("span", other, class_="other"))


def band_of(axis: Mapping[str, Any]) -> float:
    """The half width of the band in log-odds."""
    given = finite(axis.get("band"))
    if given:
        return given
    return KEPT_BAND if axis["axis"] in {"promises", "response"} else EQUAL_BAND


def seen(
    relation: Mapping[str, Any], chair: str, *, names: Mapping[str, str], language: str, until: date, us: str,
    place: str, history: Iterable[Mapping[str, Any]] = (), events: Events | None = None, depth: int = 2,
) -> Seen:
    """The relation from the chair of a party key; a chair outside the relation sits at `a`.

    `place` is the beginning of every id in the relation's section, empty where it gets none; `depth` is 1 where the
    relation is the page, 2 where it is a part of one.
    """
    a = Party(relation["a"], words.name_of(relation["a"], names), "a")
    b = Party(relation["b"], words.name_of(relation["b"], names), "b")
    left, right = (b, a) if chair == b.key else (a, b)
    by_axis: dict[str, list[Mapping[str, Any]]] = {}
    for row in history:
        by_axis.setdefault(row["axis"], []).append(row)
    return Seen(relation, names, left, right, language, until, us, place, by_axis, events or (lambda _: None), depth)


def weeks_of(view: Seen, axis: str) -> list[Week]:
    """The weeks of one axis, turned and dated by their distance from today; rows without a level are left out."""
    weeks = []
    for row in view.history.get(axis, ()):
        slow, low, high, now = (view.turned(row.get(what)) for what in ("slow", "slow_low", "slow_high", "x"))
        if slow is None or low is None or high is None or now is None:
            continue
        weeks.append(Week(
            age=age(as_date(row["week"]) + timedelta(days=3), view.until), slow=slow, slow_low=min(low, high),
            slow_high=max(low, high), now=now, seen=_observed(view, row), n=finite(row.get("n")) or 0,
        ))
    return weeks


def age(day: date | datetime | str, until: date) -> float:
    """Weeks from a day to the end of `until`; a day in the week that is still running counts as today."""
    return max(0.0, ((until - as_date(day)).days + 1) / 7)


def ahead(day: date | str, until: date) -> float:
    """Weeks from the end of `until` to a day after it, as a negative age."""
    return -max(0.0, ((as_date(day) - until).days) / 7)


def given_in(row: Mapping[str, Any], letter: str) -> float | None:
    """What a side gave in a week of the history."""
    return finite(row.get(f"{letter}_given"))


def _observed(view: Seen, row: Mapping[str, Any]) -> float | None:
    """Log-odds of the share seen in one week, positive toward the right; half a part on each side keeps it finite."""
    a, b = given_in(row, "a"), given_in(row, "b")
    n = finite(row.get("n")) or 0
    if a is None or b is None or a < 0 or b < 0 or a + b <= 0 or n <= 0:
        return None
    part = a / (a + b)
    return view.sign * math.log((part * n + .5) / ((1 - part) * n + .5))
