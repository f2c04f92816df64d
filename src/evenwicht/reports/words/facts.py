"""What happens between the two sides on one axis: figures of both, this quarter and over three years.

Each axis has its own sentence. All of them name both sides with the same verb and the same number of figures, so that
exchanging the sides gives the same sentence with the names exchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.words.sides import MOST, Side, hundred, sides

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHARES = {
    "words": (
        template("of every 100 words this quarter {first} spoke {x} and {second} {y}"),
        template("of every 100 words in three years {first} spoke {x} and {second} {y}"),
    ),
    "initiative": (
        template("of every 100 conversations this quarter {first} began {x} and {second} {y}"),
        template("of every 100 conversations in three years {first} began {x} and {second} {y}"),
    ),
    "time": (
        template("of every 100 person-minutes this quarter {first} gave {x} and {second} {y}"),
        template("of every 100 person-minutes in three years {first} gave {x} and {second} {y}"),
    ),
}
_ANY_SHARE = (
    template("of all that was given this quarter {x} came from {first} and {y} from {second}"),
    template("of all that was given in three years {x} came from {first} and {y} from {second}"),
)
_DEFERRED = {
    "response": (
        template("of all waiting for answers this quarter {x} was done by {first} and {y} by {second}"),
        template("of all waiting for answers in three years {x} was done by {first} and {y} by {second}"),
    ),
    "money": (
        template("of all credit this quarter {x} came from {first} and {y} from {second}"),
        template("of all credit in three years {x} came from {first} and {y} from {second}"),
    ),
    "promises": (
        template("of all waiting for promises this quarter {x} was done by {first} and {y} by {second}"),
        template("of all waiting for promises in three years {x} was done by {first} and {y} by {second}"),
    ),
}
_RATES = {  # none due, on the day, after it, before it
    "response": (
        template("no question went to {name}"),
        template("a question to {name} is answered within the hour (median of {n})"),
        template("a question to {name} waits {wait} (median of {n})"),
        template("a question to {name} waits {wait} (median of {n})"),
    ),
    "money": (
        template("no payment of {name} was due"),
        template("payments of {name} come on the agreed day (median of {n})"),
        template("payments of {name} come {wait} after the agreed day (median of {n})"),
        template("payments of {name} come {wait} before the agreed day (median of {n})"),
    ),
    "promises": (
        template("no promise of {name} was due"),
        template("promises of {name} kept on the day: {kept} of {n}, median on the day"),
        template("promises of {name} kept on the day: {kept} of {n}, median {wait} after it"),
        template("promises of {name} kept on the day: {kept} of {n}, median {wait} before it"),
    ),
}
_OPEN_RATES = {  # due, but no median known: all of them are still waiting
    "response": template("questions to {name}: {n}"),
    "money": template("payments of {name} that were due: {n}"),
    "promises": template("promises of {name} kept on the day: {kept} of {n}"),
}
_AMOUNTS = (
    template("favours this quarter: {first} gave {x}, {second} gave {y}"),
    template("favours in three years: {first} gave {x}, {second} gave {y}"),
)
_AMOUNTS_ALSO = template("over three years {first} gave {x}, {second} gave {y}")
_POINTS = (
    template("of at most 7 points {first} gives {x} this quarter and {second} {y}"),
    template("of at most 7 points {first} gave {x} in three years and {second} {y}"),
)
_WAIT_UNITS = {"response": "working hours", "money": "days", "promises": "working days"}
_ALSO = template("over three years {x} and {y}")
_NOTHING = template("nothing was given in three years, by {first} or by {second}")


def axis_fact(axis: Mapping[str, Any], names: Mapping[str, str], chair: str | None, language: str) -> str:
    """What happens on this axis, in one or two sentences with the figures of both sides; no verdict."""
    first, second = sides(axis, names, chair)
    name = axis["axis"]
    if name in _RATES:
        rates = _rates(name, first, second, language)
        # In balance what was waited is little, and its parts of a hundred would make much of it.
        little = bool(rates) and axis.get("verdict") == "balanced"
        shares = "" if little else _two_horizons(_DEFERRED[name], first, second, language, percent=True)
        return " ".join(part for part in (rates, shares) if part) or _nothing(first, second, language)
    if name == "dependence":
        return _dependence(first, second, axis["unit"], language)
    if name == "perception":
        return _perception(first, second, language)
    if name == "favours":
        return _favours(first, second, axis["unit"], language)
    return _shares(name, first, second, axis["unit"], language)


def _shares(axis: str, first: Side, second: Side, unit: list[str], language: str) -> str:
    """Shares in the axis's own words; in general ones where several units were added up."""
    alone = len(unit) == 1 and (axis != "words" or unit == ["words"])
    clauses = _SHARES.get(axis, _ANY_SHARE) if alone else _ANY_SHARE
    said = _two_horizons(clauses, first, second, language, percent=clauses is _ANY_SHARE)
    return said or _nothing(first, second, language)


def _nothing(first: Side, second: Side, language: str) -> str:
    return _sentence(say(language, _NOTHING, first=first.name, second=second.name))


def _sentence(*clauses: str) -> str:
    """Clauses as one sentence. No clause begins with a name, so the first letter may be made a capital."""
    text = "; ".join(clauses)
    return f"{text[:1].upper()}{text[1:]}."


def _two_horizons(
    clauses: tuple[str, str], first: Side, second: Side, language: str, *, percent: bool = False,
) -> str:
    """Parts of a hundred this quarter and over three years; empty where neither is known."""
    def said(parts: tuple[int, int] | None) -> tuple[str, str] | None:
        if parts is None or not percent:
            return parts and (str(parts[0]), str(parts[1]))
        return numbers.percent(parts[0] / MOST, language), numbers.percent(parts[1] / MOST, language)

    short, long = said(hundred(first.short, second.short)), said(hundred(first.long, second.long))
    if short is not None and long is not None:
        return _sentence(_clause(clauses[0], first, second, short, language),
                         say(language, _ALSO, x=long[0], y=long[1]))
    if short is not None:
        return _sentence(_clause(clauses[0], first, second, short, language))
    if long is not None:
        return _sentence(_clause(clauses[1], first, second, long, language))
    return ""


def _clause(clause: str, first: Side, second: Side, figures: tuple[object, object], language: str) -> str:
    return say(language, clause, first=first.name, second=second.name, x=str(figures[0]), y=str(figures[1]))


def _rates(axis: str, first: Side, second: Side, language: str) -> str:
    """The plain rates of both sides' own commitments; empty where neither side's are known."""
    if first.n is None or second.n is None:
        return ""
    return _sentence(_rate(axis, first, language), _rate(axis, second, language))


def _rate(axis: str, side: Side, language: str) -> str:
    none, on_time, after, before = _RATES[axis]
    figures = {"n": numbers.number(side.n or 0, language, digits=0),
               "kept": numbers.number(side.kept or 0, language, digits=0)}
    if not side.n:
        return say(language, none, name=side.name)
    if side.wait is None:
        return say(language, _OPEN_RATES[axis], name=side.name, **figures)
    wait = round(side.wait, 1)
    text = on_time if wait == 0 else after if wait > 0 else before
    return say(language, text, name=side.name, wait=numbers.amount(abs(wait), _WAIT_UNITS[axis], language), **figures)


def _dependence(first: Side, second: Side, unit: list[str], language: str) -> str:
    """Each side's own share of business with the other, as it stated it."""
    shares = [side.short or side.long for side in (first, second)]
    if not all(shares):
        return _sentence(say(language, "the shares of business are not known for both"))
    as_parts = unit in (["%"], ["percent"])
    x, y = (numbers.percent(share[0] / MOST if as_parts else share[0], language) for share in shares)
    return _sentence(say(
        language, "of the business of {first} {x} is with {second}, of the business of {second} {y} is with {first}",
        first=first.name, second=second.name, x=x, y=y,
    ))


def _perception(first: Side, second: Side, language: str) -> str:
    """What each side says of the other, in points of the pulse."""
    short, long = ([numbers.number(sums[0], language) for sums in pair if sums]
                   for pair in ((first.short, second.short), (first.long, second.long)))
    if len(short) == 2 and len(long) == 2:  # noqa: PLR2004 - two sides
        return _sentence(_clause(_POINTS[0], first, second, (short[0], short[1]), language),
                         say(language, _ALSO, x=long[0], y=long[1]))
    if len(short) == 2:  # noqa: PLR2004
        return _sentence(_clause(_POINTS[0], first, second, (short[0], short[1]), language))
    if len(long) == 2:  # noqa: PLR2004
        return _sentence(_clause(_POINTS[1], first, second, (long[0], long[1]), language))
    return _sentence(say(language, "the pulse has not been answered on both sides"))


def _favours(first: Side, second: Side, unit: list[str], language: str) -> str:
    def given(sums: tuple[float, ...]) -> str:
        if not any(sums):
            return say(language, "nothing")
        return numbers.listed(
            [numbers.amount(value, one, language) for value, one in zip(sums, unit, strict=True) if value], language,
        )

    if any(len(sums) != len(unit) for side in (first, second) for sums in (side.short, side.long) if sums):
        return _shares("favours", first, second, unit, language)
    if not any((*first.short, *second.short, *first.long, *second.long)):
        return _nothing(first, second, language)
    if not any((*first.short, *second.short)):
        return _sentence(_clause(_AMOUNTS[1], first, second, (given(first.long), given(second.long)), language))
    return _sentence(
        _clause(_AMOUNTS[0], first, second, (given(first.short), given(second.short)), language),
        _clause(_AMOUNTS_ALSO, first, second, (given(first.long), given(second.long)), language),
    )
