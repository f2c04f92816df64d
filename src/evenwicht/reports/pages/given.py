"""Figures of both sides beside each other: what each gave, agreements kept, weight and pulse, speed, robustness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.pages import evidence
from evenwicht.reports.pages.seen import LONG_WEEKS, Seen, age
from evenwicht.reports.pages.tracks import SHORTEST_ROAD, labels_of
from evenwicht.reports.pages.verdict import verdict_shown
from evenwicht.reports.pictures.butterfly import bar
from evenwicht.reports.pictures.element import Markup, element
from evenwicht.reports.pictures.scale import RECENT_WEEKS, Road
from evenwicht.reports.pictures.stream import Moves, stream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenwicht.reports.pages.seen import Party

    Rate: TypeAlias = Mapping[str, Any]
    """One side's commitments on a deferral axis: n, kept, median_wait."""

GIVEN = {
    "words": template("said and written"), "response": template("waited for answers"),
    "initiative": template("conversations begun"), "money": template("credit given"),
    "promises": template("patience with promises"), "favours": template("extras given"),
    "time": template("attention given"), "dependence": template("weight in the business"),
    "perception": template("in the pulse"),
}
DEFERRALS = ("response", "money", "promises")
_SMOOTHED = 4


def heads(view: Seen, middle: Markup | str = "", kind: str = "") -> Markup:
    """The two names above a column of figures."""
    return element("div", element("b", view.left.label(), class_="l"), element("span", middle, class_="m"),
                   element("b", view.right.label(), class_="r"), class_=f"pair hd {kind}".strip())


def accounts(view: Seen) -> Markup | None:
    """What each gave, per axis and unit, this quarter and over three years; nothing converted, nothing netted."""
    rows = [_account(view, axis, index, unit) for axis in view.axes
            for index, unit in enumerate(axis.get("unit") or [""]) if axis["group"] != "customer_supplier"]
    rows = [row for row in rows if row is not None]
    if not rows:
        return None
    language = view.language
    middle = Markup(element("span", say(language, "this quarter")) + element("span", say(language, "three years")))
    return element("div", heads(view, middle), rows, class_="acct")


def _account(view: Seen, axis: Mapping[str, Any], index: int, unit: str) -> Markup | None:
    sides = [_sums(view, axis, party, index, unit) for party in (view.left, view.right)]
    if all(side is None for side in sides):
        return None
    name = axis["axis"]
    middle = element("span", element("b", words.axis_name(name, view.language)),
                     element("span", say(view.language, GIVEN[name]) if name in GIVEN else unit), class_="m")
    cells = [element("span", element("span", short, class_="num q"), element("span", long, class_="num y"), class_=place)
             for place, (short, long) in zip(("l", "r"), (side or ("–", "–") for side in sides), strict=True)]
    return element("div", cells[0], middle, cells[1], class_="pair")


def _sums(view: Seen, axis: Mapping[str, Any], party: Party, index: int, unit: str) -> tuple[str, str] | None:
    short, long = view.of(axis, party, "short"), view.of(axis, party, "long")
    if index >= len(short) and index >= len(long):
        return None
    return tuple(_amount(values[index], unit, view.language) if index < len(values) else "–"  # type: ignore[return-value]
                 for values in (short, long))


def _amount(value: float, unit: str, language: str) -> str:
    """Money without cents, a bare count without a unit, everything else with it."""
    if unit == "count":
        return numbers.number(value, language)
    if len(unit) == 3 and unit.isupper():  # noqa: PLR2004 - ISO 4217
        return numbers.short_money(value, unit, language)
    return numbers.amount(value, unit, language, digits=0 if abs(value) >= 100 else 1)  # noqa: PLR2004


def agreements(view: Seen) -> Markup | None:
    """Answers, payments and promises kept, the same count and the same scale for both sides."""
    rows = [(axis, _rate(axis, view.left), _rate(axis, view.right)) for axis in view.axes if axis["axis"] in DEFERRALS]
    rows = [(axis, left, right) for axis, left, right in rows if left or right]
    if not rows:
        return None
    language = view.language
    middle = say(language, "kept on the agreed day or before")
    return element("div", heads(view, middle, "head"), [
        [_kept(view, axis, left, right), _waits(view, axis, left, right)] for axis, left, right in rows
    ], class_="bfly")


def _rate(axis: Mapping[str, Any], party: Party) -> Rate | None:
    rate = (axis.get("rates") or {}).get(party.letter)
    return rate if rate and rate.get("n") else None


def _kept(view: Seen, axis: Mapping[str, Any], left: Rate | None, right: Rate | None) -> Markup:
    cells = []
    for place, party, rate in (("l", view.left, left), ("r", view.right, right)):
        part = (rate.get("kept") or 0) / rate["n"] if rate else None
        figure = numbers.percent(part, view.language) if part is not None else "–"
        drawn = bar(part, 1, party.letter) if part is not None else None
        cells.append(_bar(drawn, figure, place))
    return element("div", cells[0], element("span", words.axis_name(axis["axis"], view.language), class_="m"), cells[1],
                   class_="pair")


def _bar(drawn: Markup | None, figure: str, place: str) -> Markup:
    return element("span", element("span", drawn, element("span", figure, class_="num"), class_="bar"), class_=place)


def _waits(view: Seen, axis: Mapping[str, Any], left: Rate | None, right: Rate | None) -> Markup:
    """How many fell due on each side, and the median wait for them."""
    unit = (axis.get("unit") or [""])[0]
    cells = []
    for place, rate in (("l", left), ("r", right)):
        cells.append(element("span", _waited(rate, unit, view.language) if rate else "–", class_=place))
    return element("div", cells[0], element("span", say(view.language, "fell due, median wait"), class_="m"), cells[1],
                   class_="pair wait")


def _waited(rate: Rate, unit: str, language: str) -> str:
    wait, count = numbers.finite(rate.get("median_wait")), numbers.number(rate["n"], language)
    if wait is None:
        return count
    amount = numbers.amount(abs(wait), unit, language)
    return say(language, "{n}; {amount} before the day", n=count, amount=amount) if wait < 0 else say(
        language, "{n}; {amount}", n=count, amount=amount)


def weights(view: Seen) -> list[Markup]:
    """Dependence and perception: two figures each, shown and not judged."""
    return [_weight(view, axis) for axis in view.axes if axis["group"] == "customer_supplier"]


def _weight(view: Seen, axis: Mapping[str, Any]) -> Markup:
    language, name = view.language, axis["axis"]
    unit = (axis.get("unit") or [""])[0]
    values = [next(iter(view.of(axis, party, "short") or view.of(axis, party, "long")), None)
              for party in (view.left, view.right)]
    largest = max((value for value in values if value), default=0.0)
    cells = [
        _bar(bar(value, largest, party.letter) if value is not None else None,
             "–" if value is None else numbers.amount(value, unit, language), place)
        for place, party, value in zip(("l", "r"), (view.left, view.right), values, strict=True)
    ]
    middle = element("span", say(language, GIVEN[name]) if name in GIVEN else unit, class_="m")
    needs = words.needs_sentence(axis.get("needs") or (), language)
    return element(
        "article", element(view.heading(2), words.axis_name(name, language)), element("p", verdict_shown(view, axis)),
        element("p", view.both(lambda chair: words.axis_fact(axis, view.names, chair, language)), class_="say2"),
        element("div", heads(view, "", "head"), element("div", cells[0], middle, cells[1], class_="pair"), class_="bfly"),
        element("p", needs, class_="small needs") if needs else None,
    )


def speed(view: Seen) -> Markup:
    """The pace of the relation against its own normal, and each side's moves as a stream."""
    language, figures = view.language, view.relation["speed"]
    now, normal = numbers.finite(figures.get("now")), numbers.finite(figures.get("normal"))
    said = element("p", words.speed_sentence(figures, language), class_="say2")
    big = None if now is None else element(
        "p", numbers.number(now, language), " ",
        element("small", say(language, "moves a week; own normal {normal}", normal=numbers.number(normal, language))
                if normal is not None else say(language, "moves a week")), class_="big")
    return element("article", element(view.heading(2), say(language, "Speed")), big, said, _stream(view, normal))


def _stream(view: Seen, normal: float | None) -> Markup | None:
    """Weekly moves of both sides, averaged over four weeks; None where the events are not at hand."""
    first = evidence.oldest(view)
    if first is None:
        return None
    road = Road(weeks=int(min(LONG_WEEKS, max(SHORTEST_ROAD, age(first, view.until) + 1))))
    counts = evidence.moves(view, road.weeks) or []
    drawn = []
    for week in range(len(counts)):
        around = counts[max(0, week - _SMOOTHED // 2):week + _SMOOTHED // 2]
        drawn.append(Moves(week + .5, sum(left for left, _ in around) / len(around),
                           sum(right for _, right in around) / len(around)))
    language = view.language
    verb = element("span", say(language, "moves"), class_="v")
    ends = element("div", element("span", element("b", view.left.label()), verb, class_="l"),
                   element("span", element("b", view.right.label()), verb, class_="r"), class_="pair ends")
    picture = stream(
        drawn, road, normal=normal, parties=view.parties, labels=labels_of(view.until, road, language),
        today=numbers.short_day(view.until, language), name=f"{view.place}-speed-track",
        title=say(language, "Moves a week on each side. {sentence}",
                  sentence=words.speed_sentence(view.relation["speed"], language)),
    )
    caption = say(language, "Dashes: the relation’s own normal, half on each side. Dots: a quarter of it, where standing "
                            "still begins.")
    return element("div", ends, picture, element("p", caption, class_="small"), _moves_table(view, counts),
                   class_="axis flat")


def _moves_table(view: Seen, counts: Sequence[Sequence[float]]) -> Markup:
    language = view.language
    order = [0 if party is view.left else 1 for party in view.in_ledger_order]
    rows = [
        element("tr", element("th", say(language, "weeks {first} to {last} before today", first=start + 1,
                                        last=min(start + RECENT_WEEKS, len(counts))), scope="row"),
                [element("td", numbers.number(sum(one[side] for one in counts[start:start + RECENT_WEEKS]), language),
                         class_="n") for side in order])
        for start in range(0, len(counts), RECENT_WEEKS)
    ]
    head = element("tr", element("th", say(language, "Quarter"), scope="col"),
                   [element("th", party.name, scope="col", class_="n") for party in view.in_ledger_order])
    summary = say(language, "Moves a quarter, as a table")
    table = element("table", element("thead", head), element("tbody", rows))
    return element("details", element("summary", summary), table)


def robustness(view: Seen) -> Markup:
    """How often the relation came back, without a guess at why."""
    language, figures = view.language, view.relation["robustness"]
    ruptures, repaired = figures.get("ruptures") or 0, figures.get("repaired") or 0
    big = element("p", say(language, "{repaired} of {ruptures}", repaired=repaired, ruptures=ruptures), " ",
                  element("small", say(language, "ruptures after which it came back")), class_="big") if ruptures else None
    return element("article", element(view.heading(2), say(language, "Robustness")), big,
                   element("p", words.robustness_sentence(figures, language), class_="say2"))
