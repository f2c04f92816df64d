"""The opening of a relation: the verdict, what carries it, and what else there is to know, both sides named alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.words.facts import axis_fact
from evenwicht.reports.words.label import axis_name, giving_verb, receiving_verb
from evenwicht.reports.words.sides import axes_of, keys_in_order, name_of
from evenwicht.reports.words.verdicts import (
    back_of,
    certainty,
    chance,
    need,
    needs_sentence,
    since_words,
    verdict_line,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STILL_RATIO, STILL_CERTAIN = 0.25, 0.9
"""A relation stands still where its speed is below a quarter of its own normal with this certainty (CONTRACT)."""
_JUDGED = ("structural", "undecided", "temporary", "balanced")

_THRONE = {  # the side on the throne, and the side before it
    "words": (template("has the floor"), template("listens")),
    "response": (template("is answered"), template("waits for answers")),
    "initiative": (template("is sought out"), template("makes the first move")),
    "money": (template("receives credit"), template("gives credit")),
    "promises": (template("receives patience"), template("gives patience")),
    "favours": (template("receives favours"), template("gives favours")),
    "time": (template("receives time"), template("gives time")),
}


@dataclass(frozen=True, slots=True)
class Headline:
    """A line (no full stop) and the sentences under it, most telling first."""

    line: str
    leads: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((f"{self.line}.", *self.leads))


def headline(relation: Mapping[str, Any], names: Mapping[str, str], chair: str | None, language: str) -> Headline:
    """The verdict in a line, then: what each side does on the axes that carry it, the first of those in figures, the
    pattern, how many balances hold, which are expected back, where there is too little data, and the standstill.
    """
    axes = axes_of(relation)
    carrying = {axis["axis"]: axis for axis in axes}
    leaning = [carrying[name] for name in relation["because"] if name in carrying and carrying[name].get("toward")]
    pattern = pattern_sentence(relation, names, chair, language)
    leads = [
        pattern or _doing(leaning, relation, names, chair, language),
        axis_fact(leaning[0], names, chair, language) if leaning else "",
        _holding(axes, language) if relation["verdict"] != "standing_still" else "",
        _returning(axes, names, language),
        _unknown(axes, language) if relation["verdict"] != "too_little_data" else needs_sentence(
            [one for axis in axes for one in axis.get("needs") or ()], language),
        speed_sentence(relation["speed"], language) if relation["verdict"] == "standing_still" else "",
    ]
    return Headline(verdict_line(relation, names, language), tuple(lead for lead in leads if lead))


def _doing(axes: Sequence[Mapping[str, Any]], relation: Mapping[str, Any], names: Mapping[str, str],
           chair: str | None, language: str) -> str:
    """On these axes: what each side does more of, as many verbs on either side."""
    if not axes:
        return ""
    does = {
        key: numbers.listed([
            (receiving_verb if axis["toward"] == key else giving_verb)(axis["axis"], language) for axis in axes
        ], language)
        for key in keys_in_order(relation, chair)
    }
    first, second = keys_in_order(relation, chair)
    return say(language, "{first} {does}; {second} {also}.", first=name_of(first, names), does=does[first],
               second=name_of(second, names), also=does[second])


def _names_of(axes: Sequence[Mapping[str, Any]], language: str) -> str:
    return numbers.listed([axis_name(axis["axis"], language).lower() for axis in axes], language)


def _holding(axes: Sequence[Mapping[str, Any]], language: str) -> str:
    judged = [axis for axis in axes if axis["verdict"] in _JUDGED]
    if not judged:
        return ""
    hold = sum(axis["verdict"] == "balanced" for axis in judged)
    if hold == len(judged):
        text = template("The one balance that could be judged holds.") if hold == 1 else \
            template("All {n} balances that could be judged hold.")
    else:
        text = template("Balances that hold: {hold} of the {n} that could be judged.")
    return say(language, text, n=str(len(judged)), hold=str(hold))


def _returning(axes: Sequence[Mapping[str, Any]], names: Mapping[str, str], language: str) -> str:
    parts = []
    for axis in axes:
        if axis["verdict"] != "temporary":
            continue
        back = axis.get("expected_back")
        text = template("{axis} (toward {toward}, by {day})") if back else template("{axis} (toward {toward})")
        parts.append(say(language, text, axis=axis_name(axis["axis"], language).lower(),
                         toward=name_of(axis.get("toward"), names) or say(language, "one side"),
                         day=numbers.day(back, language) if back else ""))
    return say(language, "Expected back: {axes}.", axes=numbers.listed(parts, language)) if parts else ""


def _unknown(axes: Sequence[Mapping[str, Any]], language: str) -> str:
    few = [axis for axis in axes if axis["verdict"] == "too_little_data"]
    return say(language, "Too little data: {axes}.", axes=_names_of(few, language)) if few else ""


def pattern_sentence(relation: Mapping[str, Any], names: Mapping[str, str], chair: str | None, language: str) -> str:
    """King and lackey, or two kings: what each side does, in as many verbs on either side. Empty without a pattern."""
    pattern = relation.get("pattern")
    if not pattern:
        return ""
    axes = [axis for axis in axes_of(relation) if axis["axis"] in pattern["axes"]]
    if pattern["name"] == "two_kings":
        return say(language, "The pattern is two kings: {first} and {second} give and receive alike on {axes}.",
                   first=name_of(keys_in_order(relation, chair)[0], names),
                   second=name_of(keys_in_order(relation, chair)[1], names), axes=_names_of(axes, language))
    said = {
        key: numbers.listed([_on_the_throne(axis, key, pattern["king"], language) for axis in axes], language)
        for key in keys_in_order(relation, chair)
    }
    first, second = keys_in_order(relation, chair)
    started = [axis.get("since") for axis in axes]
    values = {"first": name_of(first, names), "does": said[first], "second": name_of(second, names),
              "also": said[second]}
    if axes and all(started):
        last = max(axes, key=lambda axis: str(axis["since"]))
        return say(language, "The pattern is king and lackey, {since}: {first} {does}; {second} {also}.",
                   since=since_words(last, language), **values)
    return say(language, "The pattern is king and lackey: {first} {does}; {second} {also}.", **values)


def _on_the_throne(axis: Mapping[str, Any], key: str, king: str, language: str) -> str:
    """What a side does on an axis of the pattern; on an axis added later, by its giving and receiving verb."""
    if axis["axis"] in _THRONE:
        return say(language, _THRONE[axis["axis"]][key != king])
    return (receiving_verb if axis["toward"] == key else giving_verb)(axis["axis"], language)


def speed_sentence(speed: Mapping[str, Any], language: str) -> str:
    """Moves a week against the relation's own normal; standing still below a quarter of it."""
    now, normal, ratio = (numbers.finite(speed.get(key)) for key in ("now", "normal", "ratio"))
    if now is None or normal is None:
        return say(language, "The speed is not known yet.")
    figures = {"now": numbers.number(now, language), "normal": numbers.number(normal, language)}
    still = numbers.finite(speed.get("p_standstill"))
    if still is not None and still >= STILL_CERTAIN:
        return say(language, "Standing still, {certain}: {now} moves a week, own normal {normal}.",
                   certain=certainty(still, language), **figures)
    if ratio is None:
        return say(language, "Riding: {now} moves a week, own normal {normal}.", **figures)
    return say(language, "Riding: {now} moves a week, own normal {normal} ({ratio}).",
               ratio=numbers.times(ratio, language), **figures)


def robustness_sentence(robustness: Mapping[str, Any], language: str) -> str:
    """How many ruptures there were, after how many the relation came back, and how fast."""
    ruptures, repaired = robustness.get("ruptures"), robustness.get("repaired") or 0
    median = numbers.finite(robustness.get("median_days"))
    if ruptures is None:
        return say(language, "The robustness is not known yet.")
    if not ruptures:
        return say(language, "No ruptures so far, so nothing can be said of coming back from one.")
    figures = {"repaired": str(repaired), "ruptures": str(ruptures)}
    if median is None:
        return say(language, "Ruptures after which the relation came back: {repaired} of {ruptures}.", **figures)
    return say(language, "Ruptures after which the relation came back: {repaired} of {ruptures}, median {days}.",
               days=numbers.amount(median, "days", language, digits=0), **figures)


def attention_reason(relation: Mapping[str, Any], names: Mapping[str, str], language: str) -> str:
    """Why a relation stands in the list of those to look at, in a few words; empty where it need not."""
    code = relation["verdict"]
    axes = [axis for axis in axes_of(relation) if axis["axis"] in relation["because"]]
    known = {"axes": _names_of(axes, language), "since": since_words(relation, language),
             "toward": name_of(relation.get("toward"), names) or say(language, "both sides")}
    if code == "structural":
        text = template("structural toward {toward} {since}: {axes}") if known["since"] else \
            template("structural toward {toward}: {axes}")
        return say(language, text, **known)
    if code == "undecided":
        return say(language, "could be structural toward {toward}, {chance}: {axes}",
                   chance=chance(numbers.finite(relation.get("probability")), language), **known)
    if code == "temporary":
        back = back_of(relation)
        text = template("for now toward {toward}, expected back by {day}: {axes}") if back else \
            template("for now toward {toward}: {axes}")
        return say(language, text, day=numbers.day(back, language) if back else "", **known)
    if code == "standing_still":
        last = relation.get("last")
        return say(language, "no move since {day}", day=numbers.day(last, language)) if last else \
            say(language, "standing still")
    if code == "too_little_data":
        missing = [need(one, language) for axis in relation["axes"] for one in axis.get("needs") or ()]
        return say(language, "missing: {needs}", needs=missing[0]) if missing else ""
    return ""
