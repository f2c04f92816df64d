"""The list of relations for the terminal: verdict, toward whom, since when or back when, certainty, speed, what is
missing; below it how many of the verdicts are expected to be wrong, and what would help most.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say
from evenwicht.reports.formats import chosen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenwicht.reports.formats import Found

NAME = "table"
SUFFIX = ".txt"
BINARY = False
ONE_RELATION = False

WIDTH = 120
"""Characters to a line where the target is no terminal that knows better."""

EXPLAINED = 10
"""Relations whose verdicts are explained below the list."""

GRAVITY = ("structural", "standing_still", "undecided", "temporary", "balanced", "too_little_data", "no_signal", "shown")
_UPRIGHT = {"balanced": "│", "standing_still": "║", "too_little_data": "┊", "no_signal": "~", "shown": "○"}
_LEANING = {"structural": ("╲╲", "╱╱"), "temporary": ("╲", "╱"), "undecided": ("╲?", "╱?")}
_BOTH_WAYS = "╳"
_CALLED = ("structural", "temporary", "undecided")


def write(
    found: Found, target: IO[str], *, language: str = "en", chair: str | None = None,
    between: tuple[str, str] | None = None, width: int | None = None, explain: bool = False,
) -> None:
    """Write the list, gravest first; `width` in characters, by default what the terminal has.

    explain   below it, which events carry the verdicts of the first relations that lean
    """
    console = Console(file=target, width=width or (None if target.isatty() else WIDTH), highlight=False, markup=False,
                      emoji=False)
    seat = chair or found.us
    relations = in_order(chosen(found.as_dict()["relations"], between))
    if relations:
        console.print(_table(relations, found.names, seat, language))
    else:
        console.print(say(language, "No relation has been found."))
    console.print(_below(found, relations if between is None else (), language), soft_wrap=False)
    if explain:
        console.print(_carried(found, relations, seat, language), soft_wrap=True)


def in_order(relations: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Gravest first, then the most certain, then by key."""
    return sorted(relations, key=lambda one: (
        GRAVITY.index(one["verdict"]) if one["verdict"] in GRAVITY else len(GRAVITY),
        -(numbers.finite(one.get("probability")) or 0.0), one["a"], one["b"],
    ))


def _table(relations: Sequence[Mapping[str, Any]], names: Mapping[str, str], seat: str | None,
           language: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(say(language, "Relation"), overflow="fold", ratio=3)
    table.add_column(say(language, "Verdict"), no_wrap=True)
    table.add_column(say(language, "Toward"), overflow="fold", ratio=2)
    table.add_column(say(language, "Since, back"), overflow="fold", ratio=3)
    table.add_column(say(language, "Chance"), justify="right", no_wrap=True)
    table.add_column(say(language, "Speed"), justify="right", no_wrap=True)
    table.add_column(say(language, "Events"), justify="right", no_wrap=True)
    table.add_column(say(language, "Missing"), overflow="fold", ratio=3)
    for one in relations:
        table.add_row(*(Text(text) for text in row(one, names, seat, language)))
    return table


def row(one: Mapping[str, Any], names: Mapping[str, str], seat: str | None, language: str) -> tuple[str, ...]:
    """One relation as the texts of its row; from our own seat only the other party is named."""
    own = seat in {one["a"], one["b"]}
    others = [key for key in (one["a"], one["b"]) if not (own and key == seat)]
    ratio = numbers.finite(one["speed"]["ratio"])
    probability = numbers.finite(one["probability"])
    toward = say(language, "both ways") if one["both_ways"] else words.name_of(one["toward"], names)
    return (
        " – ".join(words.name_of(key, names) for key in others),
        f"{glyph(one, seat):<2} {words.verdict_word(one['verdict'], language)}",
        toward, _when(one, language),
        words.chance(probability, language) if probability is not None and one["verdict"] in _CALLED else "",
        numbers.times(ratio, language) if ratio is not None else "",
        numbers.number(one["events"], language, digits=0),
        _missing(one, language),
    )


def _missing(one: Mapping[str, Any], language: str) -> str:
    """The first thing that is missing, and how many more there are."""
    needs = list(dict.fromkeys(words.need(need, language) for axis in one["axes"] for need in axis["needs"] or ()))
    if len(needs) > 1:
        return say(language, "{need}, and {n} more", need=needs[0], n=len(needs) - 1)
    return needs[0] if needs else ""


def glyph(one: Mapping[str, Any], seat: str | None) -> str:
    """The handlebar in letters: it leans toward the side that receives more; the seat's own side is left."""
    if one["verdict"] in _UPRIGHT:
        return _UPRIGHT[one["verdict"]]
    if one["verdict"] not in _LEANING or one["toward"] is None:
        return _BOTH_WAYS if one["both_ways"] else " "
    left = seat if seat in {one["a"], one["b"]} else min(one["a"], one["b"])
    return _LEANING[one["verdict"]][one["toward"] != left]


def _when(one: Mapping[str, Any], language: str) -> str:
    if one["verdict"] == "standing_still":
        return say(language, "last move {day}", day=numbers.short_day(one["last"], language, year=True)) \
            if one["last"] else ""
    if one["verdict"] not in _CALLED:
        return ""
    back = words.back_of(one)
    parts = [words.since_words(one, language, short=True)]
    if back is not None and one["verdict"] == "temporary":
        parts.append(say(language, "back by {day}", day=numbers.short_day(back, language, year=True)))
    return ", ".join(part for part in parts if part)


def _carried(found: Any, relations: Sequence[Mapping[str, Any]], seat: str | None, language: str) -> str:
    lines = ["", say(language, "What carries these verdicts: each event left out by itself, and the axis judged again.")]
    told = 0
    for one in relations:
        said = words.influence_lines(found, one, language)
        if said and told < EXPLAINED:
            told += 1
            lines += ["", row(one, found.names, seat, language)[0], *(f"  {line}" for line in said)]
    return "\n".join(lines)


def _below(found: Found, relations: Sequence[Mapping[str, Any]], language: str) -> str:
    """What holds for the list as a whole; `relations` is empty where only one of them is shown."""
    seen = say(language, "Shared facts until {day}.", day=numbers.day(found.until, language))
    called = sum(one["verdict"] == "structural" for one in relations)
    lines = [seen]
    if called:
        lines.append(words.wrong_sentence(found.expected_wrong, called, language))
    needs = list(dict.fromkeys(words.need(one, language) for one in found.needs))
    if needs:
        lines.append(say(language, "What would help most:"))
        lines += [f"  {need}" for need in needs]
    return "\n".join(lines)
