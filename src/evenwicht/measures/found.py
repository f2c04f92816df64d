"""What was found: one row per relation, one per relation × axis, one per relation × axis × week; and both chairs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.errors import UnknownParty, WrongCall
from evenwicht.ledger.parties import find, near
from evenwicht.measures.contacts import contact_changes
from evenwicht.measures.moves import moves
from evenwicht.measures.turns import COLUMNS as TURN_COLUMNS
from evenwicht.measures.verdict import SURE, UNLIKELY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from evenwicht.ledger.table import Ledger
    from evenwicht.measures.influence import Moved
    from evenwicht.measures.loops import Loops
    from evenwicht.phrase import Phrase

AXIS_FIELDS = (
    "axis", "group", "n", "weeks", "now", "now_low", "now_high", "level", "level_low", "level_high", "p_outside",
    "p_structural", "half_life_weeks", "verdict", "toward", "king", "since", "since_low", "since_high", "expected_back",
    "expected_back_low", "expected_back_high", "needs", "a_short", "b_short", "a_long", "b_long", "unit", "rates",
)
"""The fields of one axis in CONTRACT's JSON, in its order."""

RELATION_FIELDS = (
    "a", "b", "verdict", "because", "toward", "both_ways", "since", "since_low", "since_high", "probability", "events",
    "first", "last", "speed", "robustness", "pattern",
)

MOVABLE = {"structural": SURE, "undecided": UNLIKELY}
"""Verdicts of which it can be said which events carry them, and the chance below which they would be another."""

SIGNED = ("now", "level")
SIDED = (("a_short", "b_short"), ("a_long", "b_long"))

KINDS_OF_AXIS_EVENTS = {
    "words": ("message", "talk"), "initiative": ("message", "meeting"), "response": ("question", "message"),
    "money": ("invoice", "credit_note", "payment", "reversal"),
    "favours": ("favour",), "time": ("meeting", "attendance"),
    "promises": ("promise", "promise_kept", "promise_released", "promise_renegotiated", "delivery", "order", "order_response"),
}


@dataclass(frozen=True)
class Found:
    """The result of `assess`. Immutable; frames are Polars.

    relations   one row per relation, columns of CONTRACT's JSON (speed and robustness flattened with `_`)
    axes        one row per relation × axis: a, b and the fields of CONTRACT; needs and unit are lists
    until       the last day that exists for this result
    needs       what is missing, most useful first, as phrases
    options     what else was asked for: private, working_calendars, roll_up
    """

    ledger: Ledger
    until: date
    us: str | None
    parameters: Mapping[str, str]
    expected_wrong: float
    needs: tuple[Phrase, ...]
    relations: pl.DataFrame
    axes: pl.DataFrame
    axis_needs: Mapping[tuple[str, str, str], tuple[Phrase, ...]] = field(default_factory=dict)
    smoother: Callable[[Sequence[tuple[str, str]] | None], pl.DataFrame] | None = None
    mover: Callable[..., Moved] | None = None
    options: Mapping[str, bool] = field(default_factory=dict)
    turner: Callable[[], pl.DataFrame] | None = None
    looper: Callable[[], Loops] | None = None

    @cached_property
    def turns(self) -> pl.DataFrame:
        """Whose turn it is (`measures.turns`): one row per relation in which somebody is to move. Made when first asked for."""
        return self.turner() if self.turner is not None else pl.DataFrame(schema=TURN_COLUMNS)

    @cached_property
    def loops(self) -> Loops:
        """What is open on each side of each relation (`measures.loops`). Made when first asked for."""
        return self.looper() if self.looper is not None else {}

    def turns_by_pair(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The rows of `turns` by relation (a, b)."""
        return {(row["a"], row["b"]): row for row in self.turns.iter_rows(named=True)}

    @cached_property
    def history(self) -> pl.DataFrame:
        """Relation × axis × week: a, b (keys), axis, week, n, a_given, b_given, slow, slow_low, slow_high, fast, x, x_low, x_high.

        Made when first asked for, because it is much larger than the verdicts.
        """
        return self.smoother(None) if self.smoother is not None else pl.DataFrame()

    def history_of(self, a: str, b: str) -> pl.DataFrame:
        """The history of one relation, without making that of the others."""
        a, b = sorted((a, b))
        if "history" in self.__dict__ or self.smoother is None:
            return self.history.filter((pl.col("a") == a) & (pl.col("b") == b))
        return self.smoother([(a, b)])

    @cached_property
    def names(self) -> dict[str, str]:
        """Key → the name for people, of every party of the ledger."""
        known = {key: party.name for key, party in self.ledger.parties.items()}
        seen = set(self.relations["a"].to_list()) | set(self.relations["b"].to_list())
        return {key: known.get(key, key) for key in sorted(seen | set(known))}

    def events_of(self, a: str, b: str, axis: str | None = None) -> pl.DataFrame:
        """The ledger's shared events behind a relation, or behind one of its axes, oldest first."""
        pair = sorted((a, b))
        kept = self.ledger.events.filter(
            (pl.min_horizontal("giver", "receiver") == pair[0]) & (pl.max_horizontal("giver", "receiver") == pair[1])
            & pl.col("shared") & (pl.col("at").dt.date() <= self.until))
        if axis is not None:
            kept = kept.filter(pl.col("kind").is_in(KINDS_OF_AXIS_EVENTS.get(axis, (axis,))))
        return kept

    def contact_changes_of(self, a: str, b: str) -> pl.DataFrame:
        """When the main contact of either side of a relation changed (`measures.contacts`): days and certainty, nobody."""
        return contact_changes(self.events_of(a, b), self.until, self.ledger.coverage)

    @cached_property
    def moves(self) -> pl.DataFrame:
        """Contacts who moved from one firm to another (`measures.moves`): days and firms, nobody. Tells of relations with several sides."""
        return moves(self.ledger.events, self.until, self.ledger.mentions)

    def moves_of(self, a: str, b: str) -> pl.DataFrame:
        """The moves of contacts of either side of a relation, who wrote to the other side before."""
        kept = self.moves
        return kept.filter(((pl.col("side") == a) & (pl.col("with") == b)) | ((pl.col("side") == b) & (pl.col("with") == a)))

    def moved(self, a: str, b: str, axis: str) -> Moved | None:
        """Which events carry the verdict of an axis, by leaving each out (`measures.influence`); None where nothing leans.

        `fewest` are those without which a structural axis is no longer that, or one that leans would be in balance.
        """
        a, b = sorted((a, b))
        row = self.axes.filter((pl.col("a") == a) & (pl.col("b") == b) & (pl.col("axis") == axis))
        if self.mover is None or row.height == 0 or row["verdict"][0] not in MOVABLE:
            return None
        return self.mover(a, b, axis, MOVABLE[row["verdict"][0]])

    def between(self, one: str, other: str) -> Between:
        """One relation. Raises UnknownParty when either is not in the ledger, WrongCall when they share no relation."""
        a, b = sorted((self._key(one), self._key(other)))
        if self.relations.filter((pl.col("a") == a) & (pl.col("b") == b)).height == 0:
            raise WrongCall("There is no relation between {one} and {other} up to {until}. “evenwicht assess” lists "
                            "the relations there are.", one=one, other=other, until=self.until.isoformat())
        return Between(self, a, b, a)

    def _key(self, text: str) -> str:
        seen = set(self.relations["a"].to_list()) | set(self.relations["b"].to_list())
        if text in seen:
            return text
        key = find(self.ledger.parties, text)
        if key is not None:
            return key
        close = near(self.ledger.parties, text) or sorted(seen)[:3]
        raise UnknownParty("{party} is not a party of this ledger. Did you mean {near}?", party=text,
                           near=", ".join(close) or "–")

    def as_dict(self) -> dict[str, Any]:
        """CONTRACT's JSON object: no NaN, dates as ISO text, relations sorted by (a, b)."""
        by_pair: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in self.axes.iter_rows(named=True):
            by_pair.setdefault((row["a"], row["b"]), []).append({name: _plain(row[name]) for name in AXIS_FIELDS})
        return {
            "schema": 1, "until": self.until.isoformat(), "us": self.us, "parameters": dict(self.parameters),
            "expected_wrong": _plain(self.expected_wrong), "needs": [str(need) for need in self.needs],
            "relations": [
                _relation(row, by_pair.get((row["a"], row["b"]), [])) for row in self.relations.iter_rows(named=True)
            ],
        }


@dataclass(frozen=True)
class Between:
    """One relation, seen from the chair of one of its two sides. Both chairs hold the same figures."""

    found: Found
    a: str
    b: str
    chair: str

    def seen_from(self, party: str) -> Between:
        """The same relation from the other chair, or the same one."""
        key = self.found._key(party)  # noqa: SLF001  the same module
        if key not in {self.a, self.b}:
            raise WrongCall("{party} is no side of the relation between {a} and {b}.", party=party, a=self.a, b=self.b)
        return Between(self.found, self.a, self.b, key)

    @property
    def other(self) -> str:
        return self.b if self.chair == self.a else self.a

    @cached_property
    def history(self) -> pl.DataFrame:
        return self.found.history_of(self.a, self.b)

    def as_dict(self) -> dict[str, Any]:
        """CONTRACT's object of this relation with the chair as `a`: signs and sides turned, names as they are."""
        row = self.found.relations.filter((pl.col("a") == self.a) & (pl.col("b") == self.b)).row(0, named=True)
        axes = [
            {name: _plain(axis[name]) for name in AXIS_FIELDS}
            for axis in self.found.axes.filter((pl.col("a") == self.a) & (pl.col("b") == self.b)).iter_rows(named=True)
        ]
        relation = _relation(row, axes)
        return relation if self.chair == self.a else mirrored(relation)


def mirrored(relation: dict[str, Any]) -> dict[str, Any]:
    """The same relation with a and b exchanged: figures change sign, sides change place, nothing else."""
    turned = {**relation, "a": relation["b"], "b": relation["a"]}
    turned["axes"] = [_turned(axis) for axis in relation["axes"]]
    return turned


def _turned(axis: dict[str, Any]) -> dict[str, Any]:
    turned = dict(axis)
    for name in SIGNED:
        if axis[name] is not None:
            turned[name] = -axis[name]
            turned[f"{name}_low"], turned[f"{name}_high"] = -axis[f"{name}_high"], -axis[f"{name}_low"]
    for mine, theirs in SIDED:
        turned[mine], turned[theirs] = axis[theirs], axis[mine]
    if axis["rates"] is not None:
        turned["rates"] = {"a": axis["rates"]["b"], "b": axis["rates"]["a"]}
    return turned


def _relation(row: dict[str, Any], axes: list[dict[str, Any]]) -> dict[str, Any]:
    values = dict(row)
    if row["pattern"] is not None:
        values["pattern"] = {name: part for name, part in row["pattern"].items() if part is not None}
    values["speed"] = {
        "now": row["speed_now"], "normal": row["speed_normal"], "ratio": row["speed_ratio"], "p_standstill": row["p_standstill"],
    }
    values["robustness"] = {
        "ruptures": row["robustness_ruptures"], "repaired": row["robustness_repaired"],
        "median_days": row["robustness_median_days"],
    }
    return {**{name: _plain(values[name]) for name in RELATION_FIELDS}, "axes": axes}


def _plain(value: Any) -> Any:
    """A value that JSON can hold: ISO dates, no NaN, no infinity, -0.0 as 0.0."""
    from datetime import date, datetime

    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return None if value != value or value in (float("inf"), float("-inf")) else value + 0.0  # noqa: PLR0124  NaN
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value
