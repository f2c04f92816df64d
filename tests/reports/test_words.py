"""Every sentence, for every verdict, axis, chair and language: whole, fair, mirrored, and in its own language."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports import stand_in

from evenwicht.phrase import Phrase
from evenwicht.reports import words

A, B = "acme.com", "birch.nl"
NAMES = {A: "Acme NV", B: "Birch BV"}
EVERY = list(product(stand_in.VERDICTS, stand_in.AXES, (A, B, None), ("en", "nl")))

UNFAIR = {
    "en": "we us our ours they them their theirs you your yours fails failed refuses refused neglects owes owed late "
          "blame fault because",
    "nl": "wij we ons onze jullie jouw uw zij hen hun ze weigert weigerde faalt verzuimt laat schuld schuldig omdat",
}
"""LOOK §7: names instead of pronouns, and no word of blame or of cause. Dutch `ze` is left out below: there it stands
for the relation, never for a party."""

ENGLISH = """
the be to and a that have it for not on with he as you do at this but his by from they say she or an will my one all
would there their what so up out if about who get which go me when make can like time no just him know take people
into year your good some could them see other than then now look only come its think also back after use two how our
work first well way new because any these give day most us are were has said did does got made went find long little
very much before must through too where right old same tell three small home large great still such again never between
few those both each while last since number toward leans both gives speaks more certain events weeks every quarter
words waits question days hours payments agreed kept promises balance holds expected here turn under around
without though another always often during against second side sides nothing moves own normal standing answered
answers conversation began spoke gave missing sent mail pattern king lackey certainty more less known too little
data temporary structural undecided balanced signal shown judged relation seen medium makes waiting settles became
begins happened needs needed wanted year month months today tomorrow yesterday earlier later sooner within among around
above below across along everyone someone something anything everything
""".split()
HOMOGRAPHS = {
    "be", "he",  # syllables of Dutch words never stand alone here, but "he" is a Dutch interjection
    "a", "an",  # letters and initials of names
    "me", "her", "men", "had", "was", "of", "in", "is", "we", "been", "over", "door", "die", "want", "even",  # Dutch words
    "as", "at", "most", "last", "do", "so", "no",  # ash, ate, must (wine), burden, Thursday's short form, ordinals
    "mail", "data", "medium", "normal",  # the same word in both languages
}

WORD = re.compile(r"[^\W\d_]+")


def rendered(verdict: str, axis: str, chair: str | None, language: str) -> dict[str, str]:
    """All that is said of one axis, by the function that says it."""
    one = _axis(verdict, axis)
    return {
        "verdict_word": words.verdict_word(verdict, language), "verdict_line": words.verdict_line(one, NAMES, language),
        "axis_name": words.axis_name(axis, language), "axis_sentence": words.axis_sentence(one, NAMES, chair, language),
        "receiving_verb": words.receiving_verb(axis, language), "giving_verb": words.giving_verb(axis, language),
        "group_name": words.group_name(stand_in.GROUPS[axis], language),
        "headline": str(words.headline(_relation(verdict, axis), NAMES, chair, language)),
        "attention": words.attention_reason(_relation(verdict, axis), NAMES, language),
        "speed": words.speed_sentence(_relation(verdict, axis)["speed"], language),
        "robustness": words.robustness_sentence(_relation(verdict, axis)["robustness"], language),
    }


def _axis(verdict: str, axis: str, **changed: Any) -> dict[str, Any]:
    needs = ["sent mail of Acme NV", "bank statements of Birch BV after 2026-05-31"] if verdict == "too_little_data" else []
    made = stand_in.axis(axis, verdict, A, B, level=-0.8, needs=needs)
    return {**made, "a": A, "b": B, **changed}


def _relation(verdict: str, axis: str) -> dict[str, Any]:
    others = [name for name in stand_in.AXES if name != axis][:3]
    speed = {"now": 0.3, "normal": 4.1, "ratio": 0.07, "p_standstill": 0.97} if verdict == "standing_still" else \
        {"now": 5.8, "normal": 5.2, "ratio": 1.1, "p_standstill": 0.0}
    made = stand_in.relation(A, B, verdict, [
        _axis(verdict, axis), _axis("balanced", others[0]), _axis("temporary", others[1]),
        _axis("too_little_data", others[2]),
    ], speed=speed)
    if verdict == "structural":
        made["pattern"] = {"name": "king_and_lackey", "king": A, "lackey": B, "axes": [axis]}
    if verdict == "balanced":
        made["pattern"] = {"name": "two_kings", "axes": [axis, others[0]]}
    return made


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_sentence_is_whole(language: str) -> None:
    for verdict, axis, chair, _ in (one for one in EVERY if one[3] == language):
        for name, text in rendered(verdict, axis, chair, language).items():
            where = (verdict, axis, chair, name, text)
            assert not set(text) & set("{}"), where
            assert not {"None", "nan", "inf"} & set(WORD.findall(text)), where
            assert not re.search(r"  |^[ ;,]|[ ;,]$| [.,;]", text), where
            assert text or name == "attention", where
            if name in {"axis_sentence", "headline", "speed", "robustness"}:
                assert re.fullmatch(r"[A-Z].*\.", text), where
                assert ".." not in text, where


@pytest.mark.parametrize("language", ["en", "nl"])
def test_nobody_is_we_or_they_and_nobody_is_blamed(language: str) -> None:
    unfair = set(UNFAIR[language].split()) - {"ze"}
    for verdict, axis, chair, _ in (one for one in EVERY if one[3] == language):
        for name, text in rendered(verdict, axis, chair, language).items():
            said = {word.lower() for word in WORD.findall(text)}
            assert not said & unfair, (verdict, axis, chair, name, text, said & unfair)


def test_english_and_dutch_differ() -> None:
    for verdict, axis, chair, language in EVERY:
        if language == "nl":
            continue
        dutch = rendered(verdict, axis, chair, "nl")
        for name, text in rendered(verdict, axis, chair, "en").items():
            assert not text or text != dutch[name], (verdict, axis, name, text)


def test_dutch_holds_no_english() -> None:
    assert len(set(ENGLISH) - HOMOGRAPHS) >= 200
    english = set(ENGLISH) - HOMOGRAPHS
    for verdict, axis, chair, language in EVERY:
        if language == "en":
            continue
        for name, text in rendered(verdict, axis, chair, "nl").items():
            said = {word.lower() for word in WORD.findall(text)}
            assert not said & english, (verdict, axis, chair, name, text, said & english)


def test_both_sides_are_named_in_every_axis_sentence() -> None:
    for verdict, axis, chair, language in EVERY:
        fact = words.axis_fact(_axis(verdict, axis), NAMES, chair, language)
        assert fact.count("Acme NV") == fact.count("Birch BV") > 0, fact


def test_the_chair_is_named_first_and_changes_nothing_else() -> None:
    for verdict, axis, language in product(stand_in.VERDICTS, stand_in.AXES, ("en", "nl")):
        facts = {chair: words.axis_fact(_axis(verdict, axis), NAMES, chair, language) for chair in (A, B)}
        for chair, fact in facts.items():
            assert min((A, B), key=lambda key: fact.index(NAMES[key])) == chair, fact
        assert sorted(re.findall(r"\w+", facts[A].lower())) == sorted(re.findall(r"\w+", facts[B].lower()))


# exchanging the sides ------------------------------------------------------------------------------------------------

SIDED = (("a_short", "b_short"), ("a_long", "b_long"))


def exchanged(axis: dict[str, Any]) -> dict[str, Any]:
    """The same axis with `a` and `b` exchanged: signs turn, sides change place, parties stay who they are."""
    turned = {**deepcopy(axis), "a": axis["b"], "b": axis["a"]}
    for name in ("now", "level"):
        turned[name] = -axis[name]
        turned[f"{name}_low"], turned[f"{name}_high"] = -axis[f"{name}_high"], -axis[f"{name}_low"]
    for mine, theirs in SIDED:
        turned[mine], turned[theirs] = axis[theirs], axis[mine]
    if axis["rates"]:
        turned["rates"] = {"a": axis["rates"]["b"], "b": axis["rates"]["a"]}
    return turned


def renamed(axis: dict[str, Any]) -> dict[str, Any]:
    """What one party did is now done by the other: every party key is exchanged, then the order is canonical again."""
    other = {axis["a"]: axis["b"], axis["b"]: axis["a"], None: None}
    turned = exchanged(axis)
    return {**turned, "a": axis["a"], "b": axis["b"], "toward": other[axis["toward"]], "king": other[axis["king"]],
            "needs": [names_exchanged(need) for need in axis["needs"]]}


def names_exchanged(text: str) -> str:
    return text.replace(NAMES[A], "\0").replace(NAMES[B], NAMES[A]).replace("\0", NAMES[B])


figures = st.floats(0, 1e9, allow_nan=False) | st.integers(0, 50).map(float)
maybe = st.none() | figures


@st.composite
def axes(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(stand_in.AXES))
    one = _axis(draw(st.sampled_from(stand_in.VERDICTS)), name)
    several = name == "favours" and draw(st.booleans())
    value = st.lists(figures, min_size=2, max_size=2) if several else maybe
    for pair in SIDED:
        for key in pair:
            one[key] = draw(value)
    one["unit"] = draw(st.sampled_from([["count", "words"], ["words"]])) if name == "words" else one["unit"]
    if one["rates"]:
        side = st.fixed_dictionaries({"n": st.integers(0, 60), "kept": st.integers(0, 60),
                                      "median_wait": st.none() | st.floats(-60, 400, allow_nan=False)})
        one["rates"] = {"a": draw(side), "b": draw(side)}
    return one


@given(axes(), st.sampled_from(["en", "nl"]), st.sampled_from([A, B, None]))
def test_the_order_of_the_pair_does_not_show(axis: dict[str, Any], language: str, chair: str | None) -> None:
    assert words.axis_sentence(exchanged(axis), NAMES, chair, language) == \
        words.axis_sentence(axis, NAMES, chair, language)
    assert words.verdict_line(exchanged(axis), NAMES, language) == words.verdict_line(axis, NAMES, language)


@given(axes(), st.sampled_from(["en", "nl"]))
def test_exchanging_the_parties_exchanges_the_names(axis: dict[str, Any], language: str) -> None:
    mirror = renamed(axis)
    for chair, other in ((A, B), (B, A)):
        assert words.axis_sentence(mirror, NAMES, other, language) == \
            names_exchanged(words.axis_sentence(axis, NAMES, chair, language))
    assert words.verdict_line(mirror, NAMES, language) == names_exchanged(words.verdict_line(axis, NAMES, language))


@pytest.mark.parametrize("language", ["en", "nl"])
def test_headlines_are_mirrored(language: str) -> None:
    for verdict, axis in product(stand_in.VERDICTS, stand_in.AXES):
        one = _relation(verdict, axis)
        other = {A: B, B: A, None: None}
        mirror = {**deepcopy(one), "toward": other[one["toward"]]}
        mirror["axes"] = [renamed({**part, "a": A, "b": B}) for part in one["axes"]]
        if one["pattern"] and one["pattern"]["name"] == "king_and_lackey":
            mirror["pattern"] = {**one["pattern"], "king": B, "lackey": A}
        for chair, across in ((A, B), (B, A)):
            assert str(words.headline(mirror, NAMES, across, language)) == \
                names_exchanged(str(words.headline(one, NAMES, chair, language)))


# single sentences ----------------------------------------------------------------------------------------------------


def test_the_table_of_the_voice() -> None:
    """The sentences LOOK §7 gives as examples, as near as figures of both sides allow."""
    money = _axis("structural", "money", rates={"a": {"n": 24, "kept": 3, "median_wait": 17.0},
                                                "b": {"n": 18, "kept": 18, "median_wait": 0.0}})
    assert words.axis_fact(money, NAMES, A, "en").startswith(
        "Payments of Acme NV come 17 days after the agreed day (median of 24); "
        "payments of Birch BV come on the agreed day (median of 18).")
    assert words.axis_fact(money, NAMES, A, "nl").startswith(
        "Betalingen van Acme NV komen 17 dagen na de afgesproken dag (mediaan van 24); "
        "betalingen van Birch BV komen op de afgesproken dag (mediaan van 18).")
    answers = _axis("structural", "response")
    assert words.axis_fact(answers, NAMES, A, "en").startswith(
        "A question to Acme NV waits 19 working hours (median of 36); a question to Birch BV waits 5 working hours")
    assert words.axis_fact(answers, NAMES, B, "nl").startswith(
        "Een vraag aan Birch BV wacht 5 werkuren (mediaan van 40); een vraag aan Acme NV wacht 19 werkuren")
    assert words.verdict_line(money, NAMES, "en") == "Structural imbalance toward Acme NV since 9\u00a0February 2026"
    assert words.verdict_line(money, NAMES, "nl") == "Structureel uit balans richting Acme NV sinds 9\u00a0februari 2026"


def test_verdict_lines() -> None:
    lines = {verdict: words.verdict_line(_axis(verdict, "money"), NAMES, "en") for verdict in stand_in.VERDICTS}
    assert lines["balanced"] == "Balanced"
    assert lines["temporary"] == \
        "Temporary imbalance toward Acme NV since about 18\u00a0May 2026, expected back by 14\u00a0August 2026"
    assert lines["undecided"] == "Leans toward Acme NV: it cannot yet be said whether it stays (62%)"
    assert lines["standing_still"] == "Standing still"
    assert lines["too_little_data"] == "Too little data"
    assert lines["no_signal"] == "No signal: this medium makes both take turns"


def test_since_is_about_where_it_is_known_to_no_better_than_six_weeks() -> None:
    exact = {"since": "2026-02-09", "since_low": "2026-01-26", "since_high": "2026-03-09"}  # 42 days
    assert words.since_words(exact, "en") == "since 9\u00a0February 2026"
    assert words.since_words({**exact, "since_high": "2026-03-10"}, "en") == "since about 9\u00a0February 2026"
    assert words.since_words({**exact, "since_low": None}, "nl") == "sinds 9\u00a0februari 2026"
    assert words.since_words({"since": None}, "en") == ""


def test_certainty_is_never_complete() -> None:
    assert words.certainty(0.93, "en") == "93% certain"
    assert words.certainty(0.93, "nl") == "93% zeker"
    assert words.certainty(1.0, "en") == "more than 99% certain"
    assert words.certainty(0.0, "nl") == "minder dan 1% zeker"
    assert words.certainty(None, "en") == "certainty not known"
    assert words.certainty(float("nan"), "en") == "certainty not known"


def test_parts_of_a_hundred_add_up_whoever_is_named_first() -> None:
    half = _axis("balanced", "words", a_short=1.0, b_short=199.0, a_long=None, b_long=None)  # 0.5 and 99.5
    first = [int(part) for part in re.findall(r" (\d+)\b", words.axis_fact(half, NAMES, A, "en").split("quarter")[1])]
    second = [int(part) for part in re.findall(r" (\d+)\b", words.axis_fact(half, NAMES, B, "en").split("quarter")[1])]
    assert first == second[::-1]
    assert sum(first) == 100


def test_none_is_said_of_nothing_only() -> None:
    nearly = _axis("structural", "words", a_short=9_999.0, b_short=1.0, a_long=5.0, b_long=0.0)
    assert words.axis_fact(nearly, NAMES, A, "en") == (
        "Of every 100 words this quarter Acme NV spoke 99 and Birch BV 1; over three years 100 and 0.")


def test_only_what_is_known_is_said() -> None:
    unknown = {"a_short": None, "b_short": None}
    words_long = _axis("balanced", "words", **unknown)
    assert words.axis_fact(words_long, NAMES, A, "en").startswith("Of every 100 words in three years Acme NV spoke 47")
    nothing = _axis("balanced", "words", **unknown, a_long=0.0, b_long=0.0)
    assert words.axis_fact(nothing, NAMES, A, "en") == "Nothing was given in three years, by Acme NV or by Birch BV."
    favours = _axis("balanced", "favours", a_short=[0.0, 0.0], b_short=[0.0, 0.0])
    assert words.axis_fact(favours, NAMES, A, "nl") == (
        "Gunsten in drie jaar: Acme NV gaf 18 uur en €\u00a0350,00, Birch BV gaf 41 uur en €\u00a0900,00.")
    pulse = _axis("shown", "perception", **unknown)
    assert words.axis_fact(pulse, NAMES, A, "en").startswith("Of at most 7 points Acme NV gave 4.9 in three years")
    silent = _axis("shown", "perception", **unknown, a_long=None, b_long=None)
    assert words.axis_fact(silent, NAMES, A, "en") == "The pulse has not been answered on both sides."
    alone = _axis("shown", "dependence", a_short=None, a_long=None)
    assert words.axis_fact(alone, NAMES, A, "en") == "The shares of business are not known for both."
    as_part = _axis("shown", "dependence", a_short=0.14, b_short=0.09, unit=["share"])
    assert words.axis_fact(as_part, NAMES, A, "en") == \
        "Of the business of Acme NV 14% is with Birch BV, of the business of Birch BV 9% is with Acme NV."


def test_lines_without_a_day_and_both_ways() -> None:
    bare = {"since": None, "expected_back": None}
    said = {verdict: words.verdict_line({**_axis(verdict, "money"), **bare}, NAMES, "en")
            for verdict in ("structural", "temporary")}
    assert said == {"structural": "Structural imbalance toward Acme NV", "temporary": "Temporary imbalance toward Acme NV"}
    both = {**_relation("undecided", "words"), "toward": None, "both_ways": True, "probability": None}
    assert words.verdict_line(both, NAMES, "en") == \
        "Leans both ways: it cannot yet be said whether it stays (not known)"
    assert words.verdict_line({**both, "verdict": "structural", "since": None}, NAMES, "nl") == \
        "Structureel uit balans naar beide kanten"
    still = {**_relation("standing_still", "words"), "last": "2025-03-03"}
    assert words.verdict_line(still, NAMES, "en") == "Standing still, last move on 3\u00a0March 2025"  # another leaned
    still["axes"] = still["axes"][1:2]
    assert words.verdict_line(still, NAMES, "en") == "Standing still, last seen upright on 3\u00a0March 2025"


def test_the_relation_is_back_when_its_last_axis_is() -> None:
    axes = [_axis("temporary", "words"), _axis("temporary", "money", expected_back="2026-09-07")]
    relation = stand_in.relation(A, B, "temporary", axes)
    assert words.verdict_line(relation, NAMES, "en").endswith("expected back by 7\u00a0September 2026")
    axes[0]["expected_back"] = None
    assert "expected back" not in words.verdict_line(relation, NAMES, "en")
    assert words.axis_basis(axes[0], NAMES, "en").startswith(
        "It leans toward Acme NV now, 91% certain, and is expected to come back")
    agreed = _axis("temporary", "money", p_structural=0.95, p_outside=0.97, expected_back=None)
    assert words.axis_basis(agreed, NAMES, "en").startswith("It leans toward Acme NV by agreement of both (")


def test_too_little_data_says_how_much_it_takes() -> None:
    few = _axis("too_little_data", "words", needs=[])
    assert words.axis_basis(few, NAMES, "en") == \
        "Too little data: 5 events in 3 weeks; a verdict needs 8 events in 4 weeks."
    wide = {**few, "n": 40, "weeks": 20}
    assert words.axis_basis(wide, NAMES, "en") == \
        "Too little data: what is there (40 events in 20 weeks) still leaves too much open."
    assert words.axis_basis(_axis("too_little_data", "words"), NAMES, "en").startswith(
        "Too little data (5 events in 3 weeks). Missing: sent mail of Acme NV")


def test_why_a_relation_asks_for_attention() -> None:
    portfolio = stand_in.StandIn()
    said = [words.attention_reason(one, portfolio.names, "en") for one in portfolio.found]
    assert said[:3] == [
        "structural toward Acme NV since 9\u00a0February 2026: words, answers and money",
        "for now toward Cobalt GmbH, expected back by 14\u00a0August 2026: answers",
        "could be structural toward Dune & Zn., 62%: words",
    ]
    assert said[3:] == [
        "no move since 3\u00a0March 2025", "missing: sent mail of fjord.no", "", "",
        "structural toward both sides since 9\u00a0February 2026: promises and favours", said[8],
    ]


def test_a_side_without_commitments_is_said_to_have_none() -> None:
    none = _axis("structural", "promises", rates={"a": {"n": 0, "kept": 0, "median_wait": None},
                                                  "b": {"n": 3, "kept": 1, "median_wait": None}})
    fact = words.axis_fact(none, NAMES, A, "en")
    assert fact.startswith("No promise of Acme NV was due; promises of Birch BV kept on the day: 1 of 3.")


def test_words_and_messages_added_up_are_not_called_words() -> None:
    mixed = _axis("balanced", "words", unit=["count", "words"])
    assert "100 words" not in words.axis_fact(mixed, NAMES, A, "en")


def test_temporary_by_agreement_says_so() -> None:
    agreed = _axis("temporary", "money", p_structural=0.95, p_outside=0.97)
    assert "by agreement of both" in words.axis_basis(agreed, NAMES, "en")
    assert "by agreement" not in words.axis_basis(_axis("temporary", "money"), NAMES, "en")


def test_needs() -> None:
    sent = Phrase("sent mail of {party}", {"party": "Acme NV"})
    assert words.needs_sentence([], "en") == ""
    assert words.needs_sentence([sent, sent], "en") == "Missing: sent mail of Acme NV."
    assert words.needs_sentence([sent], "nl") == "Ontbreekt: verzonden mail van Acme NV."
    stored = ["sent mail of Acme NV", "bank statements of Birch BV after 2026-05-31"]
    assert words.needs_sentence(stored, "nl") == \
        "Ontbreekt: verzonden mail van Acme NV en bankafschriften van Birch BV na 31\u00a0mei 2026."
    assert words.needs_sentence(stored[1:], "en") == "Missing: bank statements of Birch BV after 31\u00a0May 2026."


def test_patterns_name_what_each_does_in_as_many_verbs() -> None:
    relation = stand_in.StandIn().found[0]
    said = words.pattern_sentence(relation, stand_in.NAMES, stand_in.US, "en")
    assert said == (
        "The pattern is king and lackey, since 9\u00a0February 2026: Birch BV listens, waits for answers and gives "
        "credit; Acme NV has the floor, is answered and receives credit."
    )
    assert words.pattern_sentence({**relation, "pattern": None}, stand_in.NAMES, None, "en") == ""


def test_the_headline_shows_the_axis_named_first() -> None:
    relation = {**stand_in.StandIn().found[0], "because": ["money", "words"], "pattern": None}
    said = words.headline(relation, stand_in.NAMES, stand_in.US, "en")
    assert said.leads[0] == ("Birch BV gives more credit and listens more; "
                             "Acme NV receives more credit and speaks more.")
    assert said.leads[1].startswith("Payments of Birch BV")


def test_headlines_without_a_balance_to_count() -> None:
    relation = stand_in.StandIn().found[4]
    assert words.headline(relation, stand_in.NAMES, None, "en").leads == ("Missing: sent mail of fjord.no.",)
    alone = {**_relation("balanced", "words"), "pattern": None, "because": ["words"]}
    alone["axes"] = alone["axes"][:1]
    assert words.headline(alone, NAMES, None, "en").leads == ("The one balance that could be judged holds.",)


def test_speed_and_robustness_that_are_not_known() -> None:
    assert words.speed_sentence({"now": None, "normal": None, "ratio": None, "p_standstill": None}, "en") == \
        "The speed is not known yet."
    assert words.robustness_sentence({"ruptures": None, "repaired": None, "median_days": None}, "en") == \
        "The robustness is not known yet."
    assert words.speed_sentence({"now": 5.0, "normal": 5.2, "ratio": None, "p_standstill": None}, "nl") == \
        "In beweging: 5 zetten per week, eigen normaal 5,2."
    assert words.robustness_sentence({"ruptures": 2, "repaired": 0, "median_days": None}, "en") == \
        "Ruptures after which the relation came back: 0 of 2."
    assert "nothing can be said" in words.robustness_sentence({"ruptures": 0, "repaired": 0, "median_days": None}, "en")


def test_axes_come_in_the_order_of_the_page() -> None:
    relation = {**stand_in.StandIn().found[0]}
    relation["axes"] = relation["axes"][::-1]
    assert tuple(axis["axis"] for axis in words.axes_of(relation)) == stand_in.AXES


def test_names_cannot_steer_a_terminal_or_break_a_line() -> None:
    names = {A: "Ac\x1b[31mme\n\u202eNV", B: ""}
    fact = words.axis_fact(_axis("balanced", "words"), names, A, "en")
    assert "Ac[31mme NV spoke" in fact
    assert "birch.nl" in fact  # a party without a name is called by its key


def test_an_axis_or_verdict_of_a_later_release_is_still_said() -> None:
    later = {**_axis("balanced", "words"), "axis": "shared_knowledge", "verdict": "not_yet_known"}
    assert words.axis_name("shared_knowledge", "en") == "Shared knowledge"
    assert words.verdict_line(later, NAMES, "en") == "Not yet known"
    assert "came from Acme NV" in words.axis_fact(later, NAMES, A, "en")


@pytest.mark.parametrize("wrong, said", [
    (0.0, "Of the 5 called structurally out of balance, fewer than one is expected not to be."),
    (0.94, "Of the 5 called structurally out of balance, fewer than one is expected not to be."),
    (2.3, "Of the 5 called structurally out of balance, about 2.3 are expected not to be."),
])
def test_what_a_list_costs_to_believe(wrong: float, said: str) -> None:
    assert words.wrong_sentence(wrong, 5, "en") == said


@pytest.mark.parametrize("language, certain", [("en", "certain"), ("nl", "zeker")])
def test_where_nothing_moves_nothing_is_said_to_stay(language: str, certain: str) -> None:
    for code in ("structural", "undecided", "temporary", "balanced"):
        axis = _axis(code, "words")
        assert certain not in words.axis_basis(axis, NAMES, language, still=True)
        assert ("Acme" in words.axis_basis(axis, NAMES, language, still=True)) == (code != "balanced")
