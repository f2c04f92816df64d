"""The verdict in one line, the sentence with its grounds, certainty in words, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenwicht.phrase import Phrase
from evenwicht.reports import numbers
from evenwicht.reports.catalogue import recognised, say, spoken, template
from evenwicht.reports.words.facts import axis_fact
from evenwicht.reports.words.label import verdict_word
from evenwicht.reports.words.sides import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ABOUT_DAYS = 42
"""`since` is "about" a day where its 90 % interval is wider than six weeks (CONTRACT)."""
FEWEST_EVENTS, FEWEST_WEEKS = 8, 4
"""Below these an axis is not judged (CONTRACT)."""
_TEMPORARY_P, _TEMPORARY_O = 0.2, 0.8
_NEARLY = 0.995
_HARDLY = 0.005
_ONE = 0.95
"""An expected number below this is said as fewer than one."""


def certainty(p: float | None, language: str) -> str:
    """"93% certain". Never 100% and never 0%: nothing here is known that well."""
    known = numbers.finite(p)
    if known is None:
        return say(language, "certainty not known")
    return say(language, "{share} certain", share=chance(known, language))


def chance(p: float | None, language: str) -> str:
    """A probability as a percentage, with "more than 99%" and "less than 1%" at the ends."""
    if p is None:
        return say(language, "not known")
    if p > _NEARLY:
        return say(language, "more than {share}", share=numbers.percent(0.99, language))
    if p < _HARDLY:
        return say(language, "less than {share}", share=numbers.percent(0.01, language))
    return numbers.percent(p, language)


def since_words(one: Mapping[str, Any], language: str, *, short: bool = False) -> str:
    """"since 9 February 2026", "since about …" where the day is known to no better than six weeks; empty if unknown."""
    if not one.get("since"):
        return ""
    low, high = one.get("since_low"), one.get("since_high")
    wide = low is not None and high is not None and (numbers.as_date(high) - numbers.as_date(low)).days > ABOUT_DAYS
    text = template("since about {day}") if wide else template("since {day}")
    said = numbers.short_day(one["since"], language, year=True) if short else numbers.day(one["since"], language)
    return say(language, text, day=said)


def verdict_line(one: Mapping[str, Any], names: Mapping[str, str], language: str) -> str:
    """The verdict of a relation or of an axis with toward whom, since when, and back by when; no full stop."""
    code = one["verdict"]
    if code == "structural":
        return _leaning(one, names, language, template("Structural imbalance toward {toward}"),
                        template("Structural imbalance both ways"))
    if code == "temporary":
        line = _leaning(one, names, language, template("Temporary imbalance toward {toward}"),
                        template("Temporary imbalance both ways"))
        back = one.get("expected_back") or back_of(one)
        return line if back is None else say(language, "{line}, expected back by {day}", line=line,
                                             day=numbers.day(back, language))
    if code == "undecided":
        p = numbers.finite(one.get("probability", one.get("p_structural")))
        known = {"toward": name_of(one.get("toward"), names), "chance": chance(p, language)}
        if not one.get("toward"):
            return say(language, "Leans both ways: it cannot yet be said whether it stays ({chance})",
                       chance=known["chance"])
        return say(language, "Leans toward {toward}: it cannot yet be said whether it stays ({chance})", **known)
    if code == "standing_still":
        return _still(one, language)
    if code == "no_signal":
        return say(language, "No signal: this medium makes both take turns")
    if code == "shown":
        return say(language, "Shown, not judged")
    return verdict_word(code, language)


def _leaning(one: Mapping[str, Any], names: Mapping[str, str], language: str, toward: str, both: str) -> str:
    line = say(language, toward, toward=name_of(one["toward"], names)) if one.get("toward") else say(language, both)
    since = since_words(one, language)
    return f"{line} {since}" if since else line


def back_of(relation: Mapping[str, Any]) -> str | None:
    """When the last of the axes that carry a relation's verdict is expected back."""
    days = [axis.get("expected_back") for axis in relation.get("axes", ())
            if axis["axis"] in relation.get("because", ())]
    return max(days) if days and all(days) else None


def _still(one: Mapping[str, Any], language: str) -> str:
    """A relation that stands still says when it last moved, and, where nothing leaned, that it was upright then."""
    last = one.get("last")
    if not last:
        return say(language, "Standing still")
    verdicts = {axis["verdict"] for axis in one.get("axes", ())}
    upright = "balanced" in verdicts and not verdicts & {"undecided", "temporary", "structural"}
    text = template("Standing still, last seen upright on {day}") if upright else \
        template("Standing still, last move on {day}")
    return say(language, text, day=numbers.day(last, language))


def axis_sentence(axis: Mapping[str, Any], names: Mapping[str, str], chair: str | None, language: str, *, still: bool = False) -> str:
    """What each side gave, both horizons, and what that means with its certainty and the number of events behind it."""
    return f"{axis_fact(axis, names, chair, language)} {axis_basis(axis, names, language, still=still)}"


def axis_basis(axis: Mapping[str, Any], names: Mapping[str, str], language: str, *, still: bool = False) -> str:
    """The verdict of an axis as a sentence with its certainty, the number of events behind it, and what is missing.

    still   the relation stands still: nothing is said to hold or to stay, only how it was when it last moved
    """
    seen = seen_words(axis, language)
    said = _when_it_last_moved(axis, names, seen, language) if still else _grounds(axis, names, seen, language)
    missing = needs_sentence(axis.get("needs") or (), language)
    return f"{said} {missing}" if missing else said


def _when_it_last_moved(axis: Mapping[str, Any], names: Mapping[str, str], seen: str, language: str) -> str:
    if axis["verdict"] == "balanced":
        return say(language, "When the relation last moved it was in balance ({seen}).", seen=seen)
    if axis["verdict"] in {"structural", "undecided", "temporary"}:
        return say(language, "When the relation last moved it leaned toward {toward} ({seen}).", seen=seen,
                   toward=name_of(axis.get("toward"), names) or say(language, "one side"))
    return _grounds(axis, names, seen, language)


def _grounds(axis: Mapping[str, Any], names: Mapping[str, str], seen: str, language: str) -> str:
    code = axis["verdict"]
    if code in {"structural", "undecided", "temporary"}:
        return _leans(axis, name_of(axis.get("toward"), names) or say(language, "one side"), seen, language)
    if code == "balanced":
        stays = numbers.finite(axis.get("p_structural"))
        return say(language, "It is in balance: {certain} that this holds ({seen}).",
                   certain=certainty(None if stays is None else 1 - stays, language), seen=seen)
    if code == "too_little_data":
        return _too_little(axis, seen, language)
    if code == "standing_still":
        return say(language, "The relation stands still; this is how it was last seen ({seen}).", seen=seen)
    if code == "no_signal":
        return say(language, "No signal: this medium makes both take turns ({seen}).", seen=seen)
    if axis["axis"] == "dependence":
        return say(language, "Shown, not judged: unequal is not the same as unhealthy ({seen}).", seen=seen)
    return say(language, "Shown, not judged ({seen}).", seen=seen)


def _leans(axis: Mapping[str, Any], toward: str, seen: str, language: str) -> str:
    stays, outside = numbers.finite(axis.get("p_structural")), numbers.finite(axis.get("p_outside"))
    if axis["verdict"] == "structural":
        return say(language, "It leans toward {toward}: {certain} that this stays ({seen}).",
                   toward=toward, certain=certainty(stays, language), seen=seen)
    if axis["verdict"] == "undecided":
        return say(language, "It leans toward {toward}; the chance that this stays is {chance} ({seen}).",
                   toward=toward, chance=chance(stays, language), seen=seen)
    return _passing(axis, toward, stays, outside, seen, language)


def _passing(axis: Mapping[str, Any], toward: str, stays: float | None, outside: float | None, seen: str,
             language: str) -> str:
    """Temporary, because the numbers say so or because both agreed on it."""
    back = axis.get("expected_back")
    day = numbers.day(back, language) if back else ""
    agreed = stays is None or outside is None or stays > _TEMPORARY_P or outside < _TEMPORARY_O
    if agreed and day:
        text = template("It leans toward {toward} by agreement of both, and is expected back by {day} ({seen}).")
    elif agreed:
        text = template("It leans toward {toward} by agreement of both ({seen}).")
    elif day:
        text = template("It leans toward {toward} now, {certain}, and is expected back by {day} ({seen}).")
    else:
        text = template("It leans toward {toward} now, {certain}, and is expected to come back ({seen}).")
    return say(language, text, toward=toward, day=day, certain=certainty(outside, language), seen=seen)


def _too_little(axis: Mapping[str, Any], seen: str, language: str) -> str:
    """What there is, and, unless a sentence about what is missing follows, how much it takes."""
    if axis.get("needs"):
        return say(language, "Too little data ({seen}).", seen=seen)
    few = axis["n"] < FEWEST_EVENTS or axis["weeks"] < FEWEST_WEEKS
    if few:
        return say(language, "Too little data: {seen}; a verdict needs {events} in {weeks}.", seen=seen,
                   events=numbers.amount(FEWEST_EVENTS, "events", language, digits=0),
                   weeks=numbers.amount(FEWEST_WEEKS, "weeks", language, digits=0))
    return say(language, "Too little data: what is there ({seen}) still leaves too much open.", seen=seen)


def seen_words(axis: Mapping[str, Any], language: str) -> str:
    """"128 events in 61 weeks": what a verdict rests on."""
    return say(language, "{events} in {weeks}", events=numbers.amount(axis["n"], "events", language, digits=0),
               weeks=numbers.amount(axis["weeks"], "weeks", language, digits=0))


def need(one: object, language: str) -> str:
    """One thing that is missing: a phrase, or its English text out of a stored result."""
    return spoken(one, language) if isinstance(one, Phrase) else recognised(str(one), language)


def needs_sentence(needs: Iterable[object], language: str) -> str:
    """"Missing: sent mail of birch.nl and bank statements after 31 May 2026." Empty where nothing is."""
    parts = list(dict.fromkeys(need(one, language) for one in needs))
    return say(language, "Missing: {needs}.", needs=numbers.listed(parts, language)) if parts else ""


def wrong_sentence(expected_wrong: float, called: int, language: str) -> str:
    """How many verdicts of a list are expected to be wrong: the price of every list, said beside it."""
    known = {"called": numbers.number(called, language, digits=0), "wrong": numbers.number(expected_wrong, language)}
    if expected_wrong < _ONE:
        return say(language, "Of the {called} called structurally out of balance, fewer than one is expected not to be.", **known)
    return say(language, "Of the {called} called structurally out of balance, about {wrong} are expected not to be.", **known)
