"""One relation: the same page from both chairs. Left of the spine is one side, right of it the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say
from evenwicht.reports.pages import evidence, given, loops, tracks
from evenwicht.reports.pages.seen import Seen, band_of
from evenwicht.reports.pages.verdict import lead_axis, lean_of, parts_of_hundred, throne_sign, verdict_shown
from evenwicht.reports.pictures.dial import dial
from evenwicht.reports.pictures.element import Child, Markup, element

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GROUPS = ("speaking_listening", "giving_taking")
MOST_BESIDE = 4
UNKNOWN = frozenset({"too_little_data", "no_signal"})
WIDE, NARROW = 384, 282
"""Width of a track where three or fewer stand beside each other, and where four do."""


def page(view: Seen) -> Markup:
    """The relation as a page of its own or as a part of one."""
    shown = evidence.SHOWN_ALONE if view.depth == 1 and view.served is None else evidence.SHOWN_EACH
    return element(
        "article", element("div", _mast(view), _headline(view), _facts(view), _chairs(view), _on_page(view),
                           class_="wrap"),
        [_group(view, group, first=group == GROUPS[0]) for group in GROUPS],
        _given(view), _weights(view), _agreements(view), _speed(view), _turns(view), _needs(view), _evidence(view, shown),
        class_="relation seen", id=view.place, aria_labelledby=f"{view.place}-name",
    )


def _mast(view: Seen) -> list[Markup]:
    axis = lead_axis(view)
    name = element(
        view.heading(0),
        element("span", _name(view, "left"), class_="l"),
        element("span", element("span", say(view.language, "and"), class_="sr"), _dial(view, axis), class_="m"),
        element("span", _name(view, "right"), class_="r"), class_="pair mast", id=f"{view.place}-name",
    )
    return [element("div", class_="stem"), name, *_caption(view, axis)]


def _name(view: Seen, side: str) -> Markup:
    party = view.left if side == "left" else view.right
    size = " long" if len(party.name) > 14 else ""  # noqa: PLR2004 - what fits beside the dial at full size
    size = " longer" if len(party.name) > 26 else size  # noqa: PLR2004
    return element("span", element("span", class_=f"disc of-{party.letter}", aria_hidden="true"),
                   element("bdi", party.name), class_=f"name who{size}")


def _dial(view: Seen, axis: Mapping[str, Any] | None) -> Markup:
    if axis is None:
        return dial(None, None, norm=0, band=given_band(), parties=view.parties)
    level, _, _, now = lean_of(view, axis)
    if axis["verdict"] in UNKNOWN:
        return dial(None, None, norm=0, band=band_of(axis), parties=view.parties)
    return dial(level, now, norm=throne_sign(axis) * view.norm(axis), band=band_of(axis), parties=view.parties)


def given_band() -> float:
    """The band of a dial that shows no axis."""
    return band_of({"axis": ""})


def _caption(view: Seen, axis: Mapping[str, Any] | None) -> list[Markup]:
    """Which axis the dial shows, in a word on the spine and in a sentence for who does not see it."""
    if axis is None:
        return []
    keys = [element("bdi", party.key) if party.key != party.name else None for party in (view.left, view.right)]
    return [
        element("p", view.both(lambda chair: _leaning(view, axis, chair)), class_="sr"),
        element("p", element("span", keys[0], class_="l"), element("span", _on_the_spine(view, axis), class_="m"),
                element("span", keys[1], class_="r"), class_="pair roles"),
    ]


def _on_the_spine(view: Seen, axis: Mapping[str, Any]) -> str:
    """The axis, and what the side does toward which the dial leans."""
    name, king = words.axis_name(axis["axis"], view.language), axis.get("king")
    if not king or axis["verdict"] in UNKNOWN:
        return name
    verb = (words.receiving_verb if axis.get("toward") == king else words.giving_verb)(axis["axis"], view.language)
    return say(view.language, "{axis}: {party} {does}", axis=name, party=words.name_of(king, view.names), does=verb)


def _leaning(view: Seen, axis: Mapping[str, Any], chair: str) -> str:
    """What the dial shows, in a sentence that names the chair's side first."""
    name = words.axis_name(axis["axis"], view.language)
    if axis["verdict"] in UNKNOWN:
        return say(view.language, "{axis}: nothing can be said yet of where it settles.", axis=name)
    level, _, _, now = lean_of(view, axis)
    settled, present = parts_of_hundred(level), parts_of_hundred(now)
    first, second = (0, 1) if chair == view.left.key else (1, 0)
    sides = (view.left.name, view.right.name)
    return say(view.language, "{axis}: it settles at {left} for {one} against {right} for {other}, and is now at {left_now} "
                              "against {right_now}.", axis=name, left=settled[first], one=sides[first],
               right=settled[second], other=sides[second], left_now=present[first], right_now=present[second])


def _headline(view: Seen) -> Markup:
    chairs = [words.headline(view.relation, view.names, party.key, view.language) for party in (view.left, view.right)]

    first = view.both(lambda chair: next(iter(chairs[chair != view.left.key].leads), None))
    more = view.both(lambda chair: " ".join(chairs[chair != view.left.key].leads[1:]))
    told = (view.relation, view.names, view.until, view.language)
    causes = [*words.cause_sentences(view.contacts, *told), *words.move_sentences(view.moves, *told)]  # a page has both chairs in it
    return element("div", element("p", verdict_shown(view, view.relation)),
                   element("p", first, class_="lead") if first else None,
                   element("p", more, class_="lead more") if more else None,
                   [element("p", text, class_="lead more") for text in causes], class_="headline")


def _facts(view: Seen) -> Markup:
    """Five figures, the middle one on the spine."""
    language, relation = view.language, view.relation
    judged = [axis for axis in view.axes if axis["verdict"] in {"balanced", "temporary", "undecided", "structural"}]
    hold = sum(axis["verdict"] == "balanced" for axis in judged)
    ruptures = relation["robustness"].get("ruptures") or 0
    ratio = numbers.finite(relation["speed"].get("ratio"))
    pairs: list[tuple[str, str]] = [
        _certainty(view),
        (say(language, "ruptures came back"),
         say(language, "{repaired} of {ruptures}", repaired=relation["robustness"].get("repaired") or 0, ruptures=ruptures)
         if ruptures else "–"),
        (say(language, "speed, against its own normal"), "–" if ratio is None else numbers.times(ratio, language)),
        (say(language, "balances hold"), say(language, "{repaired} of {ruptures}", repaired=hold, ruptures=len(judged))
         if judged else "–"),
        (say(language, "facts until {day}", day=numbers.day(view.until, language)),
         numbers.number(relation["events"], language)),
    ]
    return element("dl", [element("div", element("dt", text), element("dd", figure)) for text, figure in pairs], class_="facts")


def _certainty(view: Seen) -> tuple[str, str]:
    """The figure that belongs to the verdict, with its words."""
    language, relation = view.language, view.relation
    p = numbers.finite(relation.get("probability"))
    code = relation["verdict"]
    if code == "standing_still":
        p = numbers.finite(relation["speed"].get("p_standstill"))
        text = say(language, "certainty that it stands still")
    elif code == "structural":
        text = say(language, "certainty that it is structural")
    elif code in {"too_little_data", "no_signal"}:
        return say(language, "certainty: nothing can be said yet"), "–"
    else:
        text = say(language, "chance that an imbalance is structural")
    return text, "–" if p is None else words.verdicts.chance(p, language)


def _chairs(view: Seen) -> Markup:
    """The switch: two radio buttons, so that it works with the keyboard and without a script; two links where the page is served."""
    legend = say(view.language, "One page, seen from the chair of")
    if view.served is not None:
        links = [element("a", party.label(), href=view.served.chair(party.key), aria_current="true" if party is view.left else None)
                 for party in view.in_ledger_order]
        return element("nav", element("span", legend, class_="lab"), element("div", links, class_="seg"), class_="chair served noprint",
                       aria_label=legend)
    buttons = [
        element("label", element("input", type="radio", name=f"{view.place}-chair", class_=f"chair-{which}",
                                 checked=which == "own", autocomplete="off"), party.label())
        for which, party in (("own", view.left), ("other", view.right))
    ]
    return element("fieldset", element("legend", legend, class_="lab"), element("div", buttons, class_="seg"),
                   class_="chair noprint")


def _on_page(view: Seen) -> Markup:
    language = view.language
    links = [(group, words.group_name(group, language)) for group in GROUPS if _of_group(view, group)]
    back = element("a", say(language, "All relations"), href="#all") if view.depth > 1 else None
    links += [("gave", say(language, "What each gave")), ("speed", say(language, "Speed")),
              *([("turns", say(language, "Turns"))] if view.loops is not None else []),
              ("needs", say(language, "Still needed")), ("evidence", say(language, "Evidence"))]
    label = say(language, "On this page: {left} and {right}", left=view.left.name, right=view.right.name)
    return element("nav", back, [element("a", text, href=f"#{view.place}-{where}") for where, text in links],
                   class_="onpage noprint", aria_label=label)


def _of_group(view: Seen, group: str) -> list[dict[str, Any]]:
    return [axis for axis in view.axes if axis["group"] == group]


def section(view: Seen, name: str, heading: str, text: str, *content: Child) -> Markup:
    """A section: heading left of the spine, one or two sentences right of it."""
    opening = element("header", element(view.heading(1), heading), element("p", text), class_="sec-head halves")
    return element("section", opening, *content, class_="sec wrap", id=f"{view.place}-{name}")


def _group(view: Seen, group: str, *, first: bool) -> Markup | None:
    axes = _of_group(view, group)
    if not axes:
        return None
    language = view.language
    text = say(language, "Every track is a road seen from above. Time runs up the page, the last quarter drawn six times as "
                         "tall. The line leans toward the side that receives more.") if first else say(
        language, "Credit, kept promises, extras and attention, each in its own kind. A dotted line marks equality where both "
                  "sides agreed on another norm.")
    count = len(axes) if len(axes) <= MOST_BESIDE else MOST_BESIDE - 1
    road = tracks.road_of(view, NARROW if count == MOST_BESIDE else WIDE)
    return section(view, group, words.group_name(group, language), text,
                   tracks.key(language) if first else None,
                   element("div", [tracks.article(view, axis, road) for axis in axes], class_=f"tracks n{count}"))


def _given(view: Seen) -> Markup | None:
    rows = given.accounts(view)
    language = view.language
    return section(view, "gave", say(language, "What each gave"),
                   say(language, "Kept apart by kind and by unit. Nothing is converted, nothing is set against anything else."),
                   rows) if rows is not None else None


def _weights(view: Seen) -> Markup | None:
    articles = given.weights(view)
    language = view.language
    return section(view, "sides", words.group_name("customer_supplier", language),
                   say(language, "How much each weighs in the other’s business, and how each sees it. Figures, no judgement."),
                   element("div", articles, class_="two")) if articles else None


def _agreements(view: Seen) -> Markup | None:
    rows = given.agreements(view)
    language = view.language
    return section(view, "fair", say(language, "Agreements kept"),
                   say(language, "Answers, payments and promises have a day. The same count, the same scale, from the "
                                 "middle outward."),
                   rows) if rows is not None else None


def _speed(view: Seen) -> Markup:
    language = view.language
    return section(view, "speed", say(language, "Speed and robustness"),
                   say(language, "Without speed a cyclist falls over. A relation has its own pace, and its own way of "
                                 "coming back after a push."),
                   element("div", given.speed(view), given.robustness(view), class_="two"))


def _turns(view: Seen) -> Markup | None:
    """What is open on each side; nothing where the page was made without knowing."""
    if view.loops is None:
        return None
    language = view.language
    return section(view, "turns", say(language, "Whose turn it is"),
                   say(language, "Questions, promises, orders and invoices that are open, each on the side whose move it is, with the day since "
                                 "when. Only what a source would have shown closed is called open."),
                   loops.listed(view))


def _needs(view: Seen) -> Markup:
    """What would let more be said, per axis; a sentence where nothing is missing."""
    language = view.language
    missing: list[tuple[str, Sequence[object]]] = [
        (words.axis_name(axis["axis"], language), axis["needs"]) for axis in view.axes if axis.get("needs")]
    content = element("ul", [
        element("li", element("b", name),
                element("span", numbers.listed([words.need(one, language) for one in needs], language)))
        for name, needs in missing
    ], class_="plain") if missing else element("p", say(language, "Nothing is missing for the balances shown here."))
    return section(view, "needs", say(language, "Still needed"),
                   say(language, "What a source could not have shown is unknown, never zero. This would let more be "
                                 "said."), content)


def _evidence(view: Seen, most: int) -> Markup:
    language = view.language
    tables = evidence.section(view, view.axes, most)
    whose = evidence.sources(view)
    content = [tables or element("p", say(language, "The ledger behind these figures was not at hand when this page was "
                                                    "made.")),
               element("div", element(view.heading(2), say(language, "Whose figures")),
                       element("p", say(language, "Every fact was read from one of these sources; it counts once, "
                                                  "whoever recorded it."),
                               class_="say2"), whose, class_="sub") if whose is not None else None]
    return section(view, "evidence", say(language, "Evidence"),
                   say(language, "The events behind each figure. Each stands on the side that gave it; words of "
                                 "messages are counted, never kept."),
                   content)
