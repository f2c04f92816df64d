"""All relations: how many of each verdict, which to look at first and why, short against long term, the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.ledger.naming import without_form
from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.pages.seen import Seen, band_of
from evenwicht.reports.pages.verdict import lead_axis, lean_of, leaning_side, parted, parts_of_hundred, throne_sign
from evenwicht.reports.pictures import scatter
from evenwicht.reports.pictures.element import Markup, element
from evenwicht.reports.pictures.lean import glyph, line
from evenwicht.reports.pictures.strip import strip

if TYPE_CHECKING:
    from collections.abc import Sequence

ORDER = ("structural", "undecided", "temporary", "standing_still", "balanced", "too_little_data", "no_signal")
"""The verdicts as they are counted."""

ATTENTION = ("structural", "standing_still", "undecided", "temporary")
MOST_AXES = 100
FIRST = 7
DETAILED = 60
"""Relations that get their own section; the others stand in the table alone."""

_COUNTED = {
    "structural": template("structural"), "undecided": template("undecided"), "temporary": template("temporary"),
    "standing_still": template("standing still"), "balanced": template("balanced"),
    "too_little_data": template("too little data"), "no_signal": template("no signal"),
}


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All relations of one side, the gravest first."""

    views: Sequence[Seen]
    language: str
    us: str
    expected_wrong: float
    needs: Sequence[object]
    served: str | None = None
    """Address of the portfolio where it is served; None in a page that is one file."""


def attention(view: Seen) -> tuple[int, float, str, str]:
    """The order of the lists (docs/method/attention.md): gravest verdict, then what waits for the own side past its day; within
    each the most axes, then certainty, then the keys. The first figure is both of the first together.
    """
    verdict, axes = view.relation["verdict"], len(view.relation.get("because") or ())
    if verdict in ATTENTION:
        rank = ATTENTION.index(verdict)
    elif own_moves(view, "overdue"):
        rank, axes = len(ATTENTION), own_moves(view, "overdue")
    else:
        rank, axes = len(ATTENTION) + 1 + (ORDER.index(verdict) if verdict in ORDER else len(ORDER)), 0
    return (rank + 1) * MOST_AXES - min(axes, MOST_AXES - 1), -(numbers.finite(view.relation.get("probability")) or 0.0), \
        view.relation["a"], view.relation["b"]


def own_moves(view: Seen, what: str = "moves") -> int:
    """How many things wait for the side the portfolio is seen from; `what` may be "overdue"."""
    side = view.left if view.left.key == view.us else view.right if view.right.key == view.us else None
    return 0 if view.turn is None or side is None else int(view.turn[f"{side.letter}_{what}"])


def _waits(view: Seen) -> Markup | None:
    """What waits longest, of the own side where it is its turn, under the name."""
    if view.turn is None:
        return None
    own = view.left.letter if view.left.key == view.us else view.right.letter
    side = own if own_moves(view) else "b" if view.turn["a_moves"] == 0 else "a"
    return element("small", words.turn_waits(view.turn, side, view.language))


def wants(view: Seen) -> bool:
    """Whether a relation stands among those that need attention."""
    return view.relation["verdict"] in ATTENTION or own_moves(view, "overdue") > 0


def page(portfolio: Portfolio) -> Markup:
    """The portfolio as the first part of a page."""
    return element("div", overview(portfolio), _all(portfolio), missing(portfolio), id="portfolio")


def overview(portfolio: Portfolio) -> Markup:
    """What stands above the table of all relations."""
    return Markup(
        element("div", _head(portfolio), _sum(portfolio), class_="wrap")
        + element("section", _first(portfolio), _picture(portfolio), class_="sec wrap desk",
                  aria_label=say(portfolio.language, "Overview")))


def other_name(view: Seen) -> str:
    """Whom a relation is with; both names where the chair is not one of the two."""
    if view.us in {view.left.key, view.right.key}:
        return (view.right if view.left.key == view.us else view.left).name
    return f"{view.left.name} – {view.right.name}"


def _counts(portfolio: Portfolio) -> dict[str, int]:
    counts = dict.fromkeys(ORDER, 0)
    for view in portfolio.views:
        counts[view.relation["verdict"]] = counts.get(view.relation["verdict"], 0) + 1
    return counts


def _head(portfolio: Portfolio) -> Markup:
    language, counts = portfolio.language, _counts(portfolio)
    count = len(portfolio.views)
    events = sum(view.relation["events"] for view in portfolio.views)
    title = say(language, "1 relation") if count == 1 else say(language, "{n} relations", n=numbers.number(count, language))
    until = portfolio.views[0].until if portfolio.views else None
    told = [words.wrong_sentence(portfolio.expected_wrong, counts["structural"], language)
            if counts["structural"] else None,
            say(language, "Seen from the chair of {party}.", party=_us(portfolio))]
    base = say(language, "{events} until {day}.", events=numbers.amount(events, "events", language, digits=0),
               day=numbers.day(until, language)) if until else ""
    lean = sum(counts[verdict] for verdict in ("structural", "undecided", "temporary"))
    unknown = count - lean - counts["balanced"] - counts["standing_still"]
    first = say(language, "In balance: {balanced}; leaning: {leaning}; standing still: {still}; nothing to say yet: "
                          "{unknown}.",
                balanced=numbers.number(counts["balanced"], language), leaning=numbers.number(lean, language),
                still=numbers.number(counts["standing_still"], language), unknown=numbers.number(unknown, language))
    return element("header", element("h1", title), element("p", first, " ", " ".join(text for text in told if text), " ",
                                                           element("span", base, class_="quiet")), class_="page-head halves")


def _us(portfolio: Portfolio) -> str:
    return words.name_of(portfolio.us, portfolio.views[0].names if portfolio.views else {})


def _sum(portfolio: Portfolio) -> Markup:
    language, counts = portfolio.language, _counts(portfolio)
    return element("nav", [
        element("a" if counts[verdict] else "span", glyph(verdict, 1), element("b", numbers.number(counts[verdict], language)),
                element("span", say(language, _COUNTED[verdict])), href=_counted_at(portfolio, verdict) if counts[verdict] else None,
                class_=f"count {line(verdict)}")
        for verdict in ORDER
    ], class_="sum", aria_label=say(language, "Relations by verdict"))


def _counted_at(portfolio: Portfolio, verdict: str) -> str:
    return f"#v-{verdict}" if portfolio.served is None else f"{portfolio.served}?verdict={verdict}#all"


def _first(portfolio: Portfolio) -> Markup:
    language = portfolio.language
    wanted = [view for view in portfolio.views if wants(view)]
    items = [
        element("li", glyph(view.relation["verdict"], _side(view)),
                element("div", element("h3", _link(view)), element("p", _reason(view))), turn_mark(view))
        for view in wanted[:FIRST]
    ]
    more = len(wanted) - FIRST
    return element(
        "div", element("h2", say(language, "Needs attention first"), class_="h3 lift"),
        element("ol", items, class_="todo") if items else element("p", say(language, "Nothing asks for attention now.")),
        element("p", say(language, "In this order: structural, standing still, undecided, temporary, then what waits for {party} past its "
                                   "day; within each the most axes first, then the most certain.", party=_us(portfolio)),
                " ", element("a", say(language, "{n} more in the table", n=more), href="#all") if more > 0 else None,
                class_="small lift"),
    )


def _reason(view: Seen) -> str:
    """Why, and what each side does, as two or three sentences."""
    reason = words.attention_reason(view.relation, view.names, view.language)
    leads = words.headline(view.relation, view.names, view.us, view.language).leads
    said = leads[-1:] if view.relation["verdict"] == "standing_still" else leads[:1]
    turn = words.turn_sentence(view.turn, view.names, view.us, view.language)
    return " ".join([f"{reason[:1].upper()}{reason[1:]}."] * bool(reason) + ([turn] if turn else list(said)))


def turn_mark(view: Seen) -> Markup | None:
    """Whose turn it is: a field of marker where it is that of the side the page is seen from, and where it is both sides'."""
    if view.turn is None:
        return None
    word = element("bdi", without_form(words.turn_word(view.turn, view.names, view.language)))
    return element("span", word, class_="turn" if own_moves(view) else "turn-o")


def _side(view: Seen) -> int:
    return view.side_of(view.relation.get("toward")) or leaning_side(view, view.relation)


def _link(view: Seen) -> Markup:
    name = element("bdi", other_name(view))
    if view.served is not None:
        return element("a", name, href=view.served.relation)
    return element("a", name, href=f"#{view.place}") if view.place else name


def _picture(portfolio: Portfolio) -> Markup:
    language = portfolio.language
    points, named = [], 0
    for view in portfolio.views:
        axis = lead_axis(view)
        if axis is None or view.relation["verdict"] == "too_little_data":
            continue
        level, _, _, now = lean_of(view, axis)
        named += view.relation["verdict"] in ATTENTION
        label = other_name(view) if view.relation["verdict"] in ATTENTION and named <= FIRST else ""
        points.append(scatter.Point(view.relation["verdict"], level, now, _short(without_form(label))))
    us = _us(portfolio)
    title = say(language, "{n} relations: long term across, now upward. In the centre those in balance; above and below those "
                          "temporarily out of it; left and right the structural ones.", n=numbers.number(len(points), language))
    text = scatter.Words(
        title=title, now=say(language, "now"), long_term=say(language, "long term"), structural=say(language, "structural"),
        temporary=say(language, "temporary"), toward_us=_short(say(language, "toward {party}", party=without_form(us)), 24),
        toward_other=say(language, "toward the other"))
    key = element("ul", [
        element("li", element("svg", scatter.shape(verdict, 16, 10), viewBox="0 0 32 20", aria_hidden="true"),
                say(language, _COUNTED[verdict]))
        for verdict in ORDER if verdict != "too_little_data"
    ], class_="key k4")
    return element("div", element("h2", say(language, "Short against long term"), class_="h3 lift"),
                   scatter.scatter(points, text, name="scatter"), key)


def _short(text: str, most: int = 20) -> str:
    return text if len(text) <= most else f"{text[:most - 1]}…"


def _all(portfolio: Portfolio) -> Markup:
    language = portfolio.language
    us = _us(portfolio)
    opening = element("header", element("h2", say(language, "All relations"), id="all-h"), element("p", reading_help(language)),
                      class_="sec-head halves")
    shown = sum(1 for view in portfolio.views if view.place)
    left_out = None if shown == len(portfolio.views) else element("p", say(
        language, "The first {shown} relations have their own section below; the other {others} stand in this table alone. "
                  "A page of one relation: {command}.", shown=numbers.number(shown, language),
        others=numbers.number(len(portfolio.views) - shown, language), command="evenwicht report LEDGER A B --format html"),
        class_="lift")
    seen: set[str] = set()
    anchors = []
    for view in portfolio.views:
        verdict = view.relation["verdict"]
        anchors.append(None if verdict in seen else f"v-{verdict}")
        seen.add(verdict)
    return element("section", opening, left_out, table(portfolio.views, us, language, anchors), class_="sec wrap", id="all",
                   aria_labelledby="all-h")


def reading_help(language: str) -> str:
    """How a line of the table is read."""
    return say(language, "Each line shows the band of balance, where the relation settles (bar, with its 90% interval) and where "
                         "it is now (ring). It leans toward the side that receives more.")


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page that is served adds to a row: a box to choose it by, and what is kept of it under its name."""

    choose: Markup | None = None
    told: Markup | None = None


def table(
    views: Sequence[Seen], us: str, language: str, anchors: Sequence[str | None] = (), *, beside: Sequence[Beside] = (),
) -> Markup:
    """Relations one a row; `us` is the name of the side they are seen from, `anchors` an id for each row that gets one."""
    choosing = any(one.choose is not None for one in beside)
    head = element("tr", element("th", element("span", say(language, "Choose"), class_="sr"), scope="col", class_="ch") if choosing else None, *(
        element("th", text, scope="col", class_=kind) for text, kind in (
            (say(language, "Relation"), None), (say(language, "Verdict"), None),
            (element("span", element("span", _short(without_form(us), 14)), element("span", say(language, "other side")),
                     class_="sthead"), None),
            (say(language, "Speed"), "n"), (say(language, "Came back"), "n"), (say(language, "Turn"), "tn"), (say(language, "Events"), "n"),
            (say(language, "Last move"), "n"), (say(language, "Missing"), "ms"))
    ))
    rows = [_row(view, anchor, more) for view, anchor, more in zip(
        views, anchors or [None] * len(views), beside or [Beside()] * len(views), strict=True)]
    return element("table", element("caption", say(language, "Relations of {party}", party=us), class_="sr"),
                   element("thead", head), element("tbody", rows), class_="list")


def _row(view: Seen, anchor: str | None, beside: Beside) -> Markup:
    language, relation = view.language, view.relation
    word, rest = parted(words.verdict_line(relation, view.names, language),
                        words.verdict_word(relation["verdict"], language))
    ratio = numbers.finite(relation["speed"].get("ratio"))
    ruptures = relation["robustness"].get("ruptures") or 0
    missing = list(dict.fromkeys(words.need(need, language)
                                 for axis in relation["axes"] for need in axis.get("needs") or ()))
    verdict = element("span", glyph(relation["verdict"], _side(view)),
                      element("span", element("b", word), element("small", rest) if rest else None), class_="vdl")
    last = relation.get("last")
    figures = (
        (say(language, "Speed"), "–" if ratio is None else numbers.times(ratio, language)),
        (say(language, "Came back"), say(language, "{repaired} of {ruptures}", ruptures=ruptures,
                                         repaired=relation["robustness"].get("repaired") or 0) if ruptures else "–"),
        (say(language, "Events"), numbers.number(relation["events"], language)),
        (say(language, "Last move"), _day(view, last) if last else "–"),
    )
    return element(
        "tr", element("td", beside.choose, class_="ch") if beside.choose is not None else None,
        element("th", _link(view), _keys(view), beside.told, scope="row", class_="nm"), element("td", verdict, class_="vd"),
        element("td", _strip(view), class_="sth"),
        [element("td", figure, class_="n", data_l=text) for text, figure in figures[:2]],
        element("td", turn_mark(view) or "–", _waits(view), class_="tn", data_l=say(language, "Turn")),
        [element("td", figure, class_="n", data_l=text) for text, figure in figures[2:]],
        element("td", missing[0] if missing else None, class_="ms",
                data_l=say(language, "Missing") if missing else None),
        id=anchor,
    )


def _keys(view: Seen) -> Markup | None:
    """The key under the name: two parties may carry one name."""
    other = view.right if view.left.key == view.us else view.left
    return element("small", element("bdi", other.key)) if other.key != other.name else None


def _day(view: Seen, last: str) -> str:
    day = numbers.as_date(last)
    return numbers.short_day(day, view.language, year=day.year != view.until.year)


def _strip(view: Seen) -> Markup | None:
    axis = lead_axis(view)
    if axis is None:
        return None
    level, low, high, now = lean_of(view, axis)
    (left, right), (left_now, right_now) = parts_of_hundred(level), parts_of_hundred(now)
    title = say(view.language, "{party}, {axis}: long term {left} to {right}, now {left_now} to {right_now}",
                party=other_name(view), axis=words.axis_name(axis["axis"], view.language), left=left, right=right,
                left_now=left_now, right_now=right_now)
    return strip(level, low, high, now, norm=throne_sign(axis) * view.norm(axis), band=band_of(axis), title=title)


def missing(portfolio: Portfolio) -> Markup | None:
    """What is still needed, most useful first."""
    if not portfolio.needs:
        return None
    language = portfolio.language
    items = [element("li", words.need(need, language)) for need in portfolio.needs]
    return element("section", element("header", element("h2", say(language, "Still needed"), id="missing-h"),
                                      element("p", say(language, "These sources would let most be said, the most useful "
                                                                 "first.")),
                                      class_="sec-head halves"),
                   element("ul", items, class_="plain"), class_="sec wrap", id="missing", aria_labelledby="missing-h")
