"""One axis as two sides. Every sentence is made from these, so that exchanging the sides can only exchange the names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenwicht.reports.catalogue import harmless
from evenwicht.reports.numbers import finite

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS = ("speaking_listening", "giving_taking", "customer_supplier")
AXES = ("words", "response", "initiative", "money", "promises", "favours", "time", "dependence", "perception")
"""The order of the page: the essay's, from words to how each sees the other (DESIGN §5)."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Side:
    """What one side gave on one axis.

    key, name    the party
    short, long  raw sums over 13 and 156 weeks, one per unit of the axis; empty where nothing is known
    n, kept      own commitments that fell due, and how many were kept; None off the deferral axes
    wait         median waiting on those, in the unit of the axis: positive after the day, negative before it
    """

    key: str
    name: str
    short: tuple[float, ...]
    long: tuple[float, ...]
    n: int | None = None
    kept: int | None = None
    wait: float | None = None


def axes_of(relation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The axes of a relation in the order of the page, each with its two sides `a` and `b` beside it."""
    return sorted(({**axis, "a": relation["a"], "b": relation["b"]} for axis in relation["axes"]), key=_place)


def _place(axis: Mapping[str, Any]) -> tuple[int, int]:
    """Where an axis stands on the page; one that is added later comes last in its group."""
    group, name = axis["group"], axis["axis"]
    return (GROUPS.index(group) if group in GROUPS else len(GROUPS), AXES.index(name) if name in AXES else len(AXES))


def name_of(key: str | None, names: Mapping[str, str]) -> str:
    """The name of a party, in one line and harmless; its key where it has none, nothing where it is not known."""
    return "" if key is None else harmless(names.get(key) or key)


def in_order(one: Mapping[str, Any], chair: str | None) -> tuple[str, str]:
    """The two letters "a" and "b", the chair's first; without a chair the party whose key sorts first."""
    first = chair if chair in {one["a"], one["b"]} else min(one["a"], one["b"])
    return ("a", "b") if first == one["a"] else ("b", "a")


def keys_in_order(one: Mapping[str, Any], chair: str | None) -> tuple[str, str]:
    """The keys of the two parties, the chair's first."""
    first, second = in_order(one, chair)
    return str(one[first]), str(one[second])


def sides(axis: Mapping[str, Any], names: Mapping[str, str], chair: str | None) -> tuple[Side, Side]:
    """The two sides of an axis, the chair's first."""
    first, second = in_order(axis, chair)
    return _side(axis, first, names), _side(axis, second, names)


def _side(axis: Mapping[str, Any], letter: str, names: Mapping[str, str]) -> Side:
    rate = (axis.get("rates") or {}).get(letter) or {}
    return Side(
        key=axis[letter], name=name_of(axis[letter], names),
        short=_sums(axis.get(f"{letter}_short")), long=_sums(axis.get(f"{letter}_long")),
        n=rate.get("n"), kept=rate.get("kept"), wait=finite(rate.get("median_wait")),
    )


def _sums(value: object) -> tuple[float, ...]:
    values = list(value) if isinstance(value, list | tuple) else [value]
    known = [finite(one) for one in values]
    return tuple(one for one in known if one is not None) if None not in known else ()


def hundred(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[int, int] | None:
    """Two sums as parts of a hundred that add up to it whichever is named first; None where nothing was given.

    Only the larger part is rounded, so that exchanging the sides exchanges the two figures.
    """
    if not first or not second or len(first) != 1 or len(second) != 1:
        return None
    low, high = min(first[0], second[0]), max(first[0], second[0])
    if low < 0 or high <= 0:
        return None
    larger = round(MOST * high / (low + high))
    larger = min(larger, MOST - 1) if low > 0 else larger  # "none" is said of nothing only
    return (MOST - larger, larger) if first[0] < second[0] else (larger, MOST - larger)
