"""Whose turn it is, in a word and in a sentence: a name, what waits, since when, and how much more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.words.sides import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHAT = {
    "question": template("a question of {day}"), "order": template("an order of {day}"), "invoice": template("an invoice due on {day}"),
    "promise": template("a promise of {day}"), "day": template("a promise for {day}"),
}


def turn_word(turn: Mapping[str, Any] | None, names: Mapping[str, str], language: str) -> str:
    """Whose turn it is: a name, both, or nobody."""
    if turn is None:
        return say(language, "nobody")
    return say(language, "both") if turn["turn"] == "both" else name_of(turn[turn["turn"]], names)


def turn_sentence(turn: Mapping[str, Any] | None, names: Mapping[str, str], chair: str | None, language: str) -> str:
    """Whose turn it is, with what waits longest: one sentence a side, the chair's first; empty where it is nobody's."""
    if turn is None:
        return ""
    sides = ("b", "a") if chair == turn["b"] else ("a", "b")
    return " ".join(_said(turn, side, names, language) for side in sides if turn[f"{side}_moves"])


def _said(turn: Mapping[str, Any], side: str, names: Mapping[str, str], language: str) -> str:
    return say(language, "It is {party}’s turn: {what}.", party=name_of(turn[side], names), what=turn_waits(turn, side, language))


def turn_waits(turn: Mapping[str, Any], side: str, language: str) -> str:
    """What waits for a side ("a" or "b"), the longest waiting by name."""
    what, day, more = turn[f"{side}_what"], turn[f"{side}_since"], turn[f"{side}_moves"] - 1
    if what == "promise" and turn[f"{side}_due"]:
        what, day = "day", turn[f"{side}_due"]
    waits = say(language, _WHAT[what], day=numbers.day(day, language))
    return say(language, "{what} and {n} more", what=waits, n=numbers.number(more, language)) if more else waits
