"""Patterns over axes: king and lackey, and two kings (CONTRACT)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_THRONES = 3
FEWEST_BALANCED = 4
ALIVE = 0.75
KEPT = 0.8
_SPEAKING, _GIVING = "speaking_listening", "giving_taking"


def pattern(a: str, b: str, axes: Sequence[dict[str, Any]], speed_ratio: float | None) -> dict[str, Any] | None:
    """The pattern a relation shows, or None. `axes` are those of the relation, as in CONTRACT's JSON."""
    structural = [axis for axis in axes if axis["verdict"] == "structural"]
    for king, lackey in ((a, b), (b, a)):
        held = [axis for axis in structural if axis["king"] == king]
        groups = {axis["group"] for axis in held}
        if len(held) >= FEWEST_THRONES and {_SPEAKING, _GIVING} <= groups:
            return {"name": "king_and_lackey", "king": king, "lackey": lackey, "axes": [axis["axis"] for axis in held]}
    judged = [axis for axis in axes if axis["verdict"] in {"structural", "undecided", "temporary", "balanced"}]
    even = len(judged) >= FEWEST_BALANCED and all(axis["verdict"] == "balanced" for axis in judged)
    if even and speed_ratio is not None and speed_ratio >= ALIVE and _both_keep(axes):
        return {"name": "two_kings", "axes": [axis["axis"] for axis in judged]}
    return None


def _both_keep(axes: Sequence[dict[str, Any]]) -> bool:
    """Kept-rate of at least .8 on both sides, over promises and money; a side that owed nothing broke nothing."""
    for side in ("a", "b"):
        rates = [axis["rates"][side] for axis in axes if axis["axis"] in {"promises", "money"} and axis["rates"] is not None]
        owed = sum(rate["n"] for rate in rates)
        if owed and sum(rate["kept"] for rate in rates) < KEPT * owed:
            return False
    return True
