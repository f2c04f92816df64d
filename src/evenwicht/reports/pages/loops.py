"""Open loops beside each other: each on the side whose move it is, the day since when on the spine, the longest waiting first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say
from evenwicht.reports.pictures.element import Markup, element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenwicht.reports.pages.seen import Party, Seen

MOST = 12
"""Loops listed a side; of more the number is told."""


def listed(view: Seen) -> Markup:
    """Both sides, equal; a sentence where nothing is open."""
    language = view.language
    sides = {party.letter: _side(view, party) for party in (view.left, view.right)}
    rows = [(one, party) for party in (view.left, view.right) for one in sides[party.letter]["loops"][:MOST]]
    rows.sort(key=lambda row: (not row[0]["overdue"], row[0]["since"], row[0]["evidence"]))
    if not rows and not any(side["faded"] for side in sides.values()):
        return element("p", say(language, "Nothing is open on either side."))
    places = _places(view, {one["evidence"][0] for one, _ in rows})
    head = element("div", element("b", view.left.label(), _count(view, sides[view.left.letter]), class_="l", role="columnheader"),
                   element("span", element("span", say(language, "Day"), class_="sr"), class_="m", role="columnheader"),
                   element("b", view.right.label(), _count(view, sides[view.right.letter]), class_="r", role="columnheader"), class_="pair", role="row")
    more = [text for party in (view.left, view.right) for text in _more(view, party, sides[party.letter])]
    return element("div", element("div", head, [_row(view, one, party, places) for one, party in rows], class_="ledger", role="table",
                                  aria_label=say(language, "Whose turn it is")),
                   [element("p", text, class_="small") for text in more])


def _side(view: Seen, party: Party) -> Mapping[str, Any]:
    return (view.loops or {}).get(party.letter) or {"loops": [], "faded": 0}


def _count(view: Seen, side: Mapping[str, Any]) -> Markup:
    return element("span", " ", say(view.language, "{n} open", n=numbers.number(len(side["loops"]), view.language)), class_="small")


def _more(view: Seen, party: Party, side: Mapping[str, Any]) -> list[str]:
    """What is not listed: loops beyond the most that are, and questions nobody waits for any more."""
    language, beyond = view.language, len(side["loops"]) - MOST
    found = []
    if beyond > 0:
        found.append(say(language, "{party}: {n} more.", party=party.name, n=numbers.number(beyond, language)))
    if side["faded"]:
        found.append(say(language, "{party}: {n} questions older than a quarter, which nobody waits for any more.", party=party.name,
                         n=numbers.number(side["faded"], language)))
    return found


def _row(view: Seen, one: Mapping[str, Any], party: Party, places: Mapping[str, str]) -> Markup:
    cells = {"l": None, "r": None} | {"l" if party is view.left else "r": [
        element("span", words.loop_name(one["sort"], view.language), class_="kind"), words.loop_words(one, view.until, view.language),
        element("span", places.get(one["evidence"][0], ""), class_="where")]}
    when = numbers.as_date(one["since"])
    day = element("time", numbers.short_day(when, view.language, year=when.year != view.until.year), datetime=when.isoformat())
    return element("div", element("span", cells["l"], class_="l", role="cell"), element("span", day, class_="m", role="cell"),
                   element("span", cells["r"], class_="r", role="cell"), class_="pair", role="row")


def _places(view: Seen, ids: set[str]) -> dict[str, str]:
    """Where the events with these ids were read."""
    frame = view.events(None)
    if frame is None or "evidence" not in frame.columns or not ids:
        return {}
    found = frame.filter(frame["id"].is_in(sorted(ids))).select("id", "evidence").rows()
    return {key: place if isinstance(place, str) else "; ".join(place or ()) for key, place in found}
