"""What may have caused an imbalance, as far as the data show it: a main contact that changed, a contact who went to another firm.

Dates and certainty, nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.words.label import axis_name
from evenwicht.reports.words.sides import axes_of, name_of
from evenwicht.reports.words.verdicts import certainty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

TOLD_DAYS = 365
"""A change longer ago than this is told only where an imbalance began with it."""

BEFORE_DAYS, AFTER_DAYS = 14, 91
"""An imbalance that began from two weeks before a change until a quarter after it may have come with it."""

WIDE_DAYS = 7
"""The day of a change is "about" that day where 90 % of the probability lies in more than a week."""


def cause_sentences(
    changes: Iterable[Mapping[str, Any]], relation: Mapping[str, Any], names: Mapping[str, str], until: date | str, language: str,
) -> list[str]:
    """Sentences about changes of a main contact, the latest first: as a probable cause of what leans since then, or by itself.

    changes    rows of `measures.contacts.contact_changes` of this relation: side, about, low, high, certainty
    """
    last = numbers.as_date(until)
    found = []
    for change in sorted(changes, key=lambda one: (str(one["about"]), one["side"]), reverse=True):
        leaning = [axis for axis in axes_of(relation) if axis["verdict"] in {"temporary", "undecided", "structural"} and _began_with(axis, change)]
        if not leaning and (last - numbers.as_date(change["about"])).days > TOLD_DAYS:
            continue
        wide = (numbers.as_date(change["high"]) - numbers.as_date(change["low"])).days > WIDE_DAYS
        values = {"party": name_of(change["side"], names), "day": numbers.day(change["about"], language), "certain": certainty(change["certainty"], language)}
        if leaning:
            text = template("The main contact of {party} changed about {day} ({certain}): a probable cause of what leans since then on {axes}.") if wide else \
                template("The main contact of {party} changed on or near {day} ({certain}): a probable cause of what leans since then on {axes}.")
            axes = numbers.listed([axis_name(axis["axis"], language).lower() for axis in leaning], language)
            found.append(say(language, text, axes=axes, **values))
        else:
            text = template("The main contact of {party} changed about {day} ({certain}).") if wide else \
                template("The main contact of {party} changed on or near {day} ({certain}).")
            found.append(say(language, text, **values))
    return found


def move_sentences(
    moves: Iterable[Mapping[str, Any]], relation: Mapping[str, Any], names: Mapping[str, str], until: date | str, language: str,
    *, chair: str | None = None,
) -> list[str]:
    """Sentences about contacts who went to another firm, the latest first; in each chair as many.

    moves    rows of `measures.moves` of this relation: side, to, with, about, low, high
    chair    who reads. The firm where somebody is now is named to the side that hears from it alone: the old firm, and a page
             without a chair, learn nothing of relations with others
    """
    last = numbers.as_date(until)
    found = []
    for move in sorted(moves, key=lambda one: (str(one["about"]), one["side"], one["to"]), reverse=True):
        leaning = [axis for axis in axes_of(relation) if axis["verdict"] in {"temporary", "undecided", "structural"} and _began_with(axis, move)]
        if not leaning and (last - numbers.as_date(move["about"])).days > TOLD_DAYS:
            continue
        values = {"party": name_of(move["side"], names), "day": numbers.day(move["about"], language)}
        named = chair is not None and chair == move["with"]
        if named:
            values["to"] = name_of(move["to"], names)
        if leaning:
            text = template("A contact of {party} writes from {to} since {day}: a probable cause of what leans since then on {axes}.") if named else \
                template("A contact of {party} writes from another firm since {day}: a probable cause of what leans since then on {axes}.")
            values["axes"] = numbers.listed([axis_name(axis["axis"], language).lower() for axis in leaning], language)
        else:
            text = template("A contact of {party} writes from {to} since {day}.") if named else \
                template("A contact of {party} writes from another firm since {day}.")
        found.append(say(language, text, **values))
    return found


def _began_with(axis: Mapping[str, Any], change: Mapping[str, Any]) -> bool:
    """Whether an axis began to lean about the time of a change."""
    if not axis.get("since"):
        return False
    begins, ends = numbers.as_date(change["low"]) - timedelta(days=BEFORE_DAYS), numbers.as_date(change["high"]) + timedelta(days=AFTER_DAYS)
    return begins <= numbers.as_date(axis["since"]) <= ends
