"""One axis of a relation: verdict, sentence, the track, the figures of both horizons, what is marked, the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say
from evenwicht.reports.pages import evidence
from evenwicht.reports.pages.seen import (
    LONG_WEEKS,
    SHORT_WEEKS,
    Seen,
    age,
    ahead,
    band_of,
    given_in,
)
from evenwicht.reports.pages.verdict import verdict_shown
from evenwicht.reports.pictures.element import Markup, element
from evenwicht.reports.pictures.scale import RECENT_WEEKS, Road, share
from evenwicht.reports.pictures.track import Back, Label, Mark, Track, Week, track

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHORTEST_ROAD = 39
"""Weeks of road drawn at least, so that a young relation still shows the years' scale below the quarter."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_MARKS = 6
PUSH_WEEKS = 4
"""A disturbance is marked on the axes that moved in these weeks after it (METHOD 2, robustness)."""
_APART = 14


@dataclass(frozen=True, slots=True)
class Note:
    """A mark on the track and the words for it below."""

    mark: Mark
    text: str


def road_of(view: Seen, width: float) -> Road:
    """One road for all tracks of a relation: as long as its history, three years at most."""
    oldest = max((age(row["week"], view.until) for rows in view.history.values() for row in rows), default=0)
    return Road(width=width, weeks=int(min(LONG_WEEKS, max(SHORTEST_ROAD, oldest + 1))))


def article(view: Seen, axis: Mapping[str, Any], road: Road) -> Markup:
    """One axis as it stands in its group."""
    name, language = axis["axis"], view.language
    notes = notes_of(view, axis, road)
    return element(
        "article",
        element(view.heading(2), words.axis_name(name, language), id=f"{view.place}-{name}"),
        element("p", verdict_shown(view, axis)),
        element("div", element("p", view.both(lambda chair: words.axis_fact(axis, view.names, chair, language))),
                element("p", words.axis_basis(axis, view.names, language, still=view.relation["verdict"] == "standing_still"), class_="small"), class_="say"),
        _ends(view, axis),
        _picture(view, axis, road, notes),
        element("div", _figures(view, axis), _notes(notes), _table(view, axis)),
        class_="axis",
    )


def _ends(view: Seen, axis: Mapping[str, Any]) -> Markup:
    verb = element("span", words.receiving_verb(axis["axis"], view.language), class_="v")
    return element("div", element("span", element("b", view.left.label()), verb, class_="l"),
                   element("span", element("b", view.right.label()), verb, class_="r"), class_="pair ends")


def _picture(view: Seen, axis: Mapping[str, Any], road: Road, notes: Sequence[Note]) -> Markup:
    weeks = view.weeks.get(axis["axis"], [])
    title = f"{words.axis_name(axis['axis'], view.language)}: {words.verdict_line(axis, view.names, view.language)}"
    return track(
        Track(
            weeks=weeks, norm=view.norm(axis), band=None if axis["verdict"] == "shown" else band_of(axis),
            parties=view.parties,
            today=numbers.short_day(view.until, view.language), labels=labels_of(view.until, road, view.language),
            marks=[note.mark for note in notes], back=_back(view, axis),
        ),
        road, title=title, name=f"{view.place}-{axis['axis']}-track",
    )


def _back(view: Seen, axis: Mapping[str, Any]) -> Back | None:
    day = axis.get("expected_back")
    if axis["verdict"] != "temporary" or not day:
        return None
    return Back(age=ahead(day, view.until), half_life=numbers.finite(axis.get("half_life_weeks")) or 4.0,
                day=numbers.short_day(day, view.language))


def labels_of(until: date, road: Road, language: str) -> list[Label]:
    """Months beside the last quarter and the road ahead, years beside the rest; none so close that they touch."""
    month = date(until.year, until.month, 1)
    months = [_months_after(month, step) for step in range(-3, 4)]
    wanted = [(_signed_age(day, until), numbers.short_day(day, language).split(numbers.NO_BREAK)[-1]) for day in months]
    wanted = [(weeks, text) for weeks, text in wanted if -8 <= weeks <= RECENT_WEEKS + 1]  # noqa: PLR2004
    wanted += [(_signed_age(date(year, 1, 1), until), str(year))
               for year in range(until.year, until.year - 5, -1)
               if RECENT_WEEKS < _signed_age(date(year, 1, 1), until) < road.weeks - 2]
    kept: list[Label] = []
    taken = [road.y(0)]
    for weeks, text in wanted:
        if all(abs(road.y(weeks) - y) >= _APART for y in taken):
            kept.append(Label(weeks, text))
            taken.append(road.y(weeks))
    return kept


def _months_after(month: date, step: int) -> date:
    count = month.year * 12 + month.month - 1 + step
    return date(count // 12, count % 12 + 1, 1)


def _signed_age(day: date, until: date) -> float:
    return ((until - day).days + 1) / 7


def notes_of(view: Seen, axis: Mapping[str, Any], road: Road) -> list[Note]:
    """What is marked on the track: where the present verdict began, and the disturbances both sides know."""
    found: list[tuple[date, str, int, str]] = []
    side = view.side_of(axis.get("toward"))
    since = axis.get("since")
    if since and axis["verdict"] in {"structural", "temporary", "undecided"}:
        kind = "shift" if axis["verdict"] == "structural" else "gust"
        found.append((numbers.as_date(since), kind, side, _since(axis, view.language)))
    for day, text in evidence.disturbances(view):
        push = _push(view.weeks.get(axis["axis"], []), age(day, view.until))
        if abs(push) >= band_of(axis) / 2:
            found.append((day, "gust", 1 if push > 0 else -1, text))
    dated = [one for one in sorted(found, key=lambda one: one[0], reverse=True)
             if 0 <= age(one[0], view.until) <= road.weeks][:MOST_MARKS]
    return [
        Note(Mark(age(day, view.until), "shift" if kind == "shift" else "gust", towards, LETTERS[index]),
             f"{numbers.day(day, view.language)}: {text}")
        for index, (day, kind, towards, text) in enumerate(dated)
    ]


def _push(weeks: Sequence[Week], when: float) -> float:
    """How far the relation moved in the four weeks after a moment, against the four before it; positive: right."""
    after = [week.now for week in weeks if when - PUSH_WEEKS <= week.age <= when]
    before = [week.now for week in weeks if when < week.age <= when + PUSH_WEEKS]
    return sum(after) / len(after) - sum(before) / len(before) if after and before else 0.0


def _since(axis: Mapping[str, Any], language: str) -> str:
    low, high = axis.get("since_low"), axis.get("since_high")
    structural = axis["verdict"] == "structural"
    if low and high and low != high:
        between = {"low": numbers.day(low, language), "high": numbers.day(high, language)}
        if structural:
            return say(language, "it settles outside the band from here; the day lies between {low} and {high}",
                       **between)
        return say(language, "it leaves the band here; the day lies between {low} and {high}", **between)
    return say(language, "it settles outside the band from here") if structural else say(
        language, "it leaves the band here")


def received(view: Seen, axis: Mapping[str, Any], what: str) -> tuple[int, int] | None:
    """Parts of a hundred that left and right received; several units count alike. None where nothing was given."""
    left, right = view.of(axis, view.left, what), view.of(axis, view.right, what)
    pairs = [(mine, theirs) for mine, theirs in zip(left, right, strict=False) if mine >= 0 and theirs >= 0 and
             mine + theirs > 0]
    if not pairs:
        return None
    part = sum(mine / (mine + theirs) for mine, theirs in pairs) / len(pairs)
    larger = round(100 * max(part, 1 - part))
    return (100 - larger, larger) if part > .5 else (larger, 100 - larger)  # noqa: PLR2004


def _figures(view: Seen, axis: Mapping[str, Any]) -> list[Markup]:
    """Both horizons: the share each side received, linked to the events behind it."""
    rows = []
    language, facts = view.language, f"#{view.place}-{axis['axis']}-facts"
    for what, text, kind in (("short", say(language, "this quarter"), ""),
                             ("long", say(language, "three years"), " long")):
        figures = received(view, axis, what)
        if figures is None:
            continue
        left, right = (
            element("span", element("a", str(figure), element(
                "span", " ", say(language, "% received by {party}", party=party.name), class_="sr"), href=facts),
                class_=f"{place} num")
            for place, figure, party in (("l", figures[0], view.left), ("r", figures[1], view.right)))
        rows.append(element("div", left, element("span", text, class_="m"), right, class_=f"pair figs{kind}"))
    return rows


def _notes(notes: Sequence[Note]) -> Markup | None:
    if not notes:
        return None
    return element("ul", [element("li", element("b", note.mark.letter), element("span", note.text)) for note in notes],
                   class_="notes")


def _table(view: Seen, axis: Mapping[str, Any]) -> Markup:
    """The figures behind the picture: the last quarter by week, what lies before it by quarter."""
    language = view.language
    count = say(language, "{n} observations in {weeks} weeks, as a table",
                n=numbers.number(axis["n"], language), weeks=numbers.number(axis["weeks"], language))
    head = element("tr", *(
        element("th", text, scope="col", class_="n" if index else None)
        for index, text in enumerate((
            say(language, "Week of"), *(say(language, "{party} gave", party=party.name) for party in view.in_ledger_order),
            say(language, "settles at"), say(language, "is now at"),
        ))
    ))
    rows = table_rows(view, axis["axis"])
    note = say(language, "The last two columns: parts of a hundred that {party} receives.",
               party=view.in_ledger_order[1].name)
    table = element("table", element("caption", note), element("thead", head), element("tbody", rows))
    label = f"{view.left.name}, {view.right.name}, {words.axis_name(axis['axis'], language)}: {count}"
    scrolled = element("div", table, class_="scroll", tabindex="0", role="region", aria_label=label)
    return element("details", element("summary", count), scrolled, id=f"{view.place}-{axis['axis']}-table")


def table_rows(view: Seen, axis: str) -> list[Markup]:
    """One row a week for the last quarter, one row a quarter below it, the newest first."""
    rows = sorted(view.history.get(axis, ()), key=lambda row: str(row["week"]), reverse=True)
    made = [_row(view, [row], numbers.short_day(row["week"], view.language, year=True)) for row in rows[:SHORT_WEEKS]]
    for start in range(SHORT_WEEKS, len(rows), SHORT_WEEKS):
        some = rows[start:start + SHORT_WEEKS]
        first = numbers.as_date(some[-1]["week"])
        last = numbers.as_date(some[0]["week"]) + timedelta(days=6)
        made.append(_row(view, some, f"{numbers.short_day(first, view.language, year=True)} – "
                                     f"{numbers.short_day(last, view.language, year=True)}"))
    return made


def _row(view: Seen, rows: Sequence[Mapping[str, Any]], when: str) -> Markup:
    newest, cells = rows[0], []
    for party in view.in_ledger_order:
        given = [value for row in rows for value in [given_in(row, party.letter)] if value is not None]
        cells.append(numbers.number(sum(given), view.language) if given else "–")
    for what in ("slow", "x"):
        value = numbers.finite(newest.get(what))  # positive toward b, whose part the columns show
        cells.append("–" if value is None else numbers.number(100 * share(value), view.language, digits=0))
    return element("tr", element("th", when, scope="row"), [element("td", cell, class_="n") for cell in cells])


def key(language: str) -> Markup:
    """How to read a track."""
    band = '<rect class="ch-band" x="6" y="0" width="20" height="20"/>'
    items = (
        (band + '<path class="ch-norm" d="M16 0V20"/>', say(language, "band of balance around the norm")),
        (band + '<path class="ch-slow" d="M15 20C14 13 18 8 17 0"/>', say(language, "slow line: where it settles")),
        (band + '<path class="ch-fast" d="M14 20L18 16L13 12L22 8L16 4L18 0"/>',
         say(language, "fast line: how it is now")),
        ('<path class="ch-now-a" d="M8 0h8v20h-8Z"/><path class="ch-now-b" d="M16 0h8v20h-8Z"/>',
         say(language, "outside the band for now")),
        ('<path class="ch-set-a" d="M8 0h8v20h-8Z"/><path class="ch-set-b" d="M16 0h8v20h-8Z"/>',
         say(language, "settled outside the band")),
        ('<path class="ch-gust" d="M11 4L21 10L11 16Z"/>', say(language, "gust: it may pass")),
        ('<path class="ch-shift" d="M11 5h10v10h-10Z"/>', say(language, "shift: it stays")),
    )
    return element("ul", [
        element("li", element("svg", Markup(drawn), viewBox="0 0 32 20", aria_hidden="true"), text) for drawn, text in items
    ], class_="key", aria_label=say(language, "How to read a track"))


