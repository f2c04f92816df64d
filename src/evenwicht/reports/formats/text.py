"""One relation in plain text: the sentences of its page, in reading order, for a mail or a terminal."""

from __future__ import annotations

from textwrap import fill
from typing import IO, TYPE_CHECKING, Any

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say
from evenwicht.reports.formats import only

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenwicht.reports.formats import Found

NAME = "text"
SUFFIX = ".txt"
BINARY = False
ONE_RELATION = True

WIDTH = 78


def write(
    found: Found, target: IO[str], *, language: str = "en", chair: str | None = None,
    between: tuple[str, str] | None = None,
) -> None:
    """Write the page of one relation. Raises WrongCall where it is not clear which, UnknownParty where there is none."""
    result = found.as_dict()
    relation = only(result["relations"], between, chair)
    paragraphs = [*_opening(relation, found.names, chair, language), *_causes(found, relation, chair, language), *_turn(found, relation, chair, language), *_groups(relation, found.names, chair, language),
                  *_closing(relation, result, language)]
    target.write("\n".join(paragraphs) + "\n")


def _opening(relation: Mapping[str, Any], names: Mapping[str, str], chair: str | None, language: str) -> list[str]:
    first, second = words.keys_in_order(relation, chair)
    title = say(language, "{first} and {second}", first=words.name_of(first, names),
                second=words.name_of(second, names))
    said = words.headline(relation, names, chair, language)
    return [title, "=" * min(len(title), WIDTH), "", _filled(f"{said.line}."), "",
            *(part for lead in said.leads for part in (_filled(lead), ""))]


def _causes(found: Found, relation: Mapping[str, Any], chair: str | None, language: str) -> list[str]:
    """What may have caused it; nothing for a result that does not hold its ledger."""
    reader = getattr(found, "contact_changes_of", None)
    changes = [] if reader is None else reader(relation["a"], relation["b"]).to_dicts()
    movers = getattr(found, "moves_of", None)
    gone = [] if movers is None else movers(relation["a"], relation["b"]).to_dicts()
    told = [*words.cause_sentences(changes, relation, found.names, found.until, language),
            *words.move_sentences(gone, relation, found.names, found.until, language, chair=chair or found.us)]
    return [part for text in told for part in (_filled(text), "")]


def _turn(found: Found, relation: Mapping[str, Any], chair: str | None, language: str) -> list[str]:
    """Whose turn it is; nothing where it is nobody's, or where the result does not say."""
    reader = getattr(found, "turns_by_pair", None)
    turn = None if reader is None else reader().get(tuple(sorted((relation["a"], relation["b"]))))
    said = words.turn_sentence(turn, found.names, chair, language)
    return [_filled(said), ""] if said else []


def _groups(relation: Mapping[str, Any], names: Mapping[str, str], chair: str | None, language: str) -> list[str]:
    lines: list[str] = []
    axes = words.axes_of(relation)
    for group in dict.fromkeys(axis["group"] for axis in axes):
        title = words.group_name(group, language)
        lines += [title, "-" * len(title), ""]
        for axis in axes:
            if axis["group"] == group:
                verdict = words.verdict_line(axis, names, language)
                lines += [
                    _filled(f"{words.axis_name(axis['axis'], language)}: {verdict}"),
                    _filled(words.axis_sentence(axis, names, chair, language, still=relation["verdict"] == "standing_still"), indent="  "), "",
                ]
    return lines


def _closing(relation: Mapping[str, Any], result: Mapping[str, Any], language: str) -> list[str]:
    until = say(language, "{events} both sides know, until {day}. Parameter set {id}.",
                events=numbers.amount(relation["events"], "events", language, digits=0),
                day=numbers.day(result["until"], language), id=result["parameters"]["id"])
    title = say(language, "Speed and robustness")
    return [title, "-" * len(title), "", _filled(words.speed_sentence(relation["speed"], language)),
            _filled(words.robustness_sentence(relation["robustness"], language)), "", _filled(until)]


def _filled(text: str, indent: str = "") -> str:
    return fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False,
                break_on_hyphens=False)
