"""The report as one self-contained HTML file: the portfolio and its relations, or one relation."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import polars as pl

from evenwicht.errors import UnknownParty
from evenwicht.measures.loops import told
from evenwicht.reports import words
from evenwicht.reports.catalogue import say
from evenwicht.reports.numbers import as_date
from evenwicht.reports.pages import evidence, frame, portfolio, relation
from evenwicht.reports.pages.seen import Seen, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from evenwicht.reports.pictures.element import Markup

    History: TypeAlias = Callable[[str, str], list[dict[str, Any]]]

NAME = "html"
SUFFIX = ".html"
BINARY = False
ONE_RELATION = None


def page(found: Any, *, language: str, chair: str | None = None, between: tuple[str, str] | None = None) -> str:
    """The document. `between` two party keys: that relation alone, with `chair` (default: the first) on the left.

    Without it the portfolio, each relation from the chair of `found.us`, or of `chair` where one is given.
    Raises UnknownParty where there is no relation between the two, or the chair is not one of them.
    """
    result = found.as_dict()
    until = as_date(result["until"])
    if between is not None:
        return _one(found, result, between, chair, language, until)
    us = chair or _our_chair(result)
    turns = _turns_of(found)
    ordered = sorted((_plain(found, one, us, language, until, turns.get((one["a"], one["b"]))) for one in result["relations"]),
                     key=portfolio.attention)
    history = _history_of(found)
    views = [
        replace(_seen(found, view.relation, us, f"r{index}", language, until, history), turn=view.turn) if index <= portfolio.DETAILED else view
        for index, view in enumerate(ordered, start=1)
    ]
    told = portfolio.Portfolio(views, language, us, result.get("expected_wrong") or 0.0, result.get("needs") or ())
    title = say(language, "Relations of {party}", party=words.name_of(us, found.names))
    details: list[Markup] = [relation.page(view) for view in views if view.place]
    return frame.document(title, portfolio.page(told), details, language=language, until=until, whole=True)


def write(
    found: Any, target: IO[str] | str | Path, *, language: str = "en", chair: str | None = None,
    between: tuple[str, str] | None = None,
) -> None:
    """Write the document to an open text file, or to a path (UTF-8)."""
    text = page(found, language=language, chair=chair, between=between)
    if isinstance(target, str | Path):
        Path(target).write_text(text, encoding="utf-8", newline="\n")
    else:
        target.write(text)


def _one(
    found: Any, result: Mapping[str, Any], between: tuple[str, str], chair: str | None, language: str, until: date,
) -> str:
    one = next((one for one in result["relations"] if {one["a"], one["b"]} == set(between)), None)
    if one is None:
        raise UnknownParty("There is no relation between {a} and {b} in this result.", a=between[0], b=between[1])
    if chair is not None and chair not in between:
        raise UnknownParty("The chair {chair} is not one of the two sides. Use {a} or {b}.", chair=chair, a=one["a"],
                           b=one["b"])
    view = replace(_seen(found, one, chair or between[0], "r1", language, until, _history_of(found)), depth=1)
    title = say(language, "{left} and {right}", left=view.left.name, right=view.right.name)
    return frame.document(title, relation.page(view), language=language, until=until, whole=False)


def _our_chair(result: Mapping[str, Any]) -> str:
    """Our key; in a result without one, the party that stands in most relations, so that the page has one side."""
    us = result["us"]
    if us:
        return str(us) if isinstance(us, str) else str(us[0])
    counted = Counter(key for one in result["relations"] for key in (one["a"], one["b"]))
    return min(counted, key=lambda key: (-counted[key], key), default="")


def _turns_of(found: Any) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Whose turn it is, by relation; a result that does not say gives none."""
    reader = getattr(found, "turns_by_pair", None)
    return {} if reader is None else reader()


def _plain(
    found: Any, one: Mapping[str, Any], chair: str, language: str, until: date, turn: Mapping[str, Any] | None = None,
) -> Seen:
    """A relation with its figures alone, for the table."""
    return replace(seen(one, chair, names=found.names, language=language, until=until, us=chair, place=""), turn=turn)


def _seen(
    found: Any, one: Mapping[str, Any], chair: str, place: str, language: str, until: date, history: History,
) -> Seen:
    """A relation with its history and events, for a section of its own."""
    a, b = one["a"], one["b"]

    @cache
    def events(axis: str | None) -> pl.DataFrame | None:
        reader = getattr(found, "events_of", None)
        return None if reader is None else evidence.newest_first(reader(a, b, axis))

    changes, open_ends = getattr(found, "contact_changes_of", None), getattr(found, "loops", None)
    loops = None if open_ends is None else told(open_ends.get((a, b), {}))
    movers = getattr(found, "moves_of", None)
    return replace(seen(one, chair, names=found.names, language=language, until=until, us=chair, place=place,
                        history=history(a, b), events=events), contacts=() if changes is None else changes(a, b).to_dicts(), loops=loops,
                   moves=() if movers is None else movers(a, b).to_dicts())


def _history_of(found: Any) -> History:
    """A function from the two keys of a relation to its weeks, all axes; what has to be made is made once."""
    reader = getattr(found, "history_of", None)
    whole = cache(lambda: found.history)

    def rows(a: str, b: str) -> list[dict[str, Any]]:
        frame = whole() if reader is None else reader(a, b)
        if reader is None and frame.height:
            frame = frame.filter((pl.col("a") == a) & (pl.col("b") == b))
        return list(frame.iter_rows(named=True))

    return rows
