"""Which events carry a verdict, in words: each left out by itself, and what it takes for another verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say
from evenwicht.reports.words.label import axis_name, verdict_word
from evenwicht.reports.words.sides import name_of
from evenwicht.reports.words.verdicts import chance

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 5
"""Events named per axis, those that carry it most."""


def explained(found: Any, a: str, b: str, axis: str) -> dict[str, Any] | None:
    """What moves one axis as a value for programs: events (id, at, giver, kind, amount, unit, level_without, p_without,
    moves) and fewest (ids, or None). None where nothing leans.
    """
    moved = found.moved(a, b, axis)
    if moved is None:
        return None
    known = found.events_of(a, b).select("id", "giver", "at", "kind", "amount", "unit").unique(["id", "giver"], maintain_order=True)
    events = moved.events.join(known.drop("giver").unique("id", maintain_order=True), on="id", how="left", maintain_order="left")
    return {
        "events": events.select("id", "at", "giver", "kind", "amount", "unit", "level_without", "p_without", "moves").to_dicts(),
        "fewest": None if moved.fewest is None else list(moved.fewest),
    }


def influence_lines(found: Any, relation: Mapping[str, Any], language: str) -> list[str]:
    """The same as lines of text for every axis of a relation that leans; empty where none does."""
    lines = []
    for axis in relation["axes"]:
        told = explained(found, relation["a"], relation["b"], axis["axis"])
        if told is None:
            continue
        lines.append(say(language, "{axis}: {verdict}, {chance}", axis=axis_name(axis["axis"], language),
                         verdict=verdict_word(axis["verdict"], language), chance=chance(axis["p_structural"], language)))
        carrying = [event for event in told["events"] if event["moves"] > 0]
        lines += [f"  {_event(event, relation, found.names, language)}" for event in carrying[:SHOWN]]
        lines.append("  " + _enough(told["fewest"], language))
    return lines


def _event(event: Mapping[str, Any], relation: Mapping[str, Any], names: Mapping[str, str], language: str) -> str:
    other = relation["b"] if event["giver"] == relation["a"] else relation["a"]
    day = numbers.short_day(event["at"], language, year=True) if event["at"] is not None else ""
    return say(language, "{day}, {giver} to {receiver}, {id}: without it {chance}", day=day, giver=name_of(event["giver"], names),
               receiver=name_of(other, names), id=event["id"], chance=chance(event["p_without"], language))


def _enough(fewest: list[str] | None, language: str) -> str:
    if fewest is None:
        return say(language, "No few events carry it: without the 25 that carry it most it stays the same.")
    if len(fewest) == 1:
        return say(language, "Without the first of these it would be another verdict.")
    return say(language, "Without the {count} that carry it most it would be another verdict.",
               count=numbers.number(len(fewest), language, digits=0))
