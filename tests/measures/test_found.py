"""The result of `assess`: CONTRACT's JSON, both chairs, the history, and clear words for who is not there."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from evenwicht import registry
from evenwicht.errors import UnknownParty, WrongCall
from evenwicht.ledger.parties import Party
from evenwicht.measures.found import AXIS_FIELDS, KINDS_OF_AXIS_EVENTS, Found, mirrored
from measures.lines import A, B, C, day, judged

RELATION = ("a b verdict because toward both_ways since since_low since_high probability events first last speed robustness "
            "pattern axes").split()
AXIS = ("axis group n weeks now now_low now_high level level_low level_high p_outside p_structural half_life_weeks verdict toward "
        "king since since_low since_high expected_back expected_back_low expected_back_high needs a_short b_short a_long b_long unit "
        "rates").split()
START = "2024-01-01"
UNTIL = "2025-06-29"


def lively() -> list[str]:
    """A with the floor, waiting for answers and for its money, and promising well: B is king; and a young C."""
    found = []
    for week in range(78):
        first = week % 2  # who begins the week changes, or the turns would look forced
        at, asked = day(START, 7 * week + first + 10 / 24), day(START, 7 * week + 1 - first + 10 / 24)
        found += [
            f"{at} A -> B message 30 words <a{week}> thread <a{week}>", f"{at} A -> B question 1 count <a{week}#q>",
            f"{day(START, 7 * week + 4 + 12 / 24)} B -> A message 90 words <ar{week}> answers <a{week}> thread <a{week}>",
            f"{asked} B -> A message 90 words <b{week}> thread <b{week}>", f"{asked} B -> A question 1 count <b{week}#q>",
            f"{day(START, 7 * week + 1 - first + 11 / 24)} A -> B message 30 words <br{week}> answers <b{week}> thread <b{week}>",
            f"{day(START, 7 * week)} A -> B invoice 100 EUR <i{week}> due {day(START, 7 * week + 14)}",
            f"{day(START, 7 * week + 14 + 21)} B -> A payment 100 EUR <p{week}> answers <i{week}>",
            f"{day(START, 7 * week + 3)} A -> B delivery 1 count <d{week}> due {day(START, 7 * week + 3)}",
        ]
    return [*found, f"{day(START, 3)} A -> C message 10 words <c1>", f"{day(START, 5)} B -> C message 10 words <c2>"]


PARTIES = (Party(A, "Alder BV", "organisation", (A, "vat:NL001234567B01")), Party(B, "Birch NV", "organisation", (B,), ("Berk",)),
           Party(C, "Cedar", "organisation", (C,)), Party("oak.example", "Oak", "organisation", ("oak.example",)))


@pytest.fixture(scope="module")
def found() -> Found:
    return judged(lively(), UNTIL, parties=PARTIES, us=A)


def test_the_object_has_exactly_the_keys_of_the_contract(found: Found):
    whole = found.as_dict()
    assert list(whole) == ["schema", "until", "us", "parameters", "expected_wrong", "needs", "relations"]
    assert (whole["schema"], whole["until"], whole["us"]) == (1, UNTIL, A)
    assert set(whole["parameters"]) == {"id", "sha256"}
    assert len(whole["parameters"]["sha256"]) == 64
    assert [(one["a"], one["b"]) for one in whole["relations"]] == [(A, B), (A, C), (B, C)]
    assert list(AXIS_FIELDS) == AXIS
    for relation in whole["relations"]:
        assert list(relation) == RELATION
        assert list(relation["speed"]) == ["now", "normal", "ratio", "p_standstill"]
        assert list(relation["robustness"]) == ["ruptures", "repaired", "median_days"]
        for axis in relation["axes"]:
            assert list(axis) == AXIS
            if axis["rates"] is not None:
                assert set(axis["rates"]) == {"a", "b"}
                assert all(set(side) == {"n", "kept", "median_wait"} for side in axis["rates"].values())
            assert (axis["rates"] is not None) == (axis["axis"] in {"money", "promises", "response"})


def test_it_is_json_without_nan_and_dates_are_iso(found: Found):
    text = json.dumps(found.as_dict(), allow_nan=False)
    assert json.loads(text) == found.as_dict()
    [relation, *_] = found.as_dict()["relations"]
    assert datetime.fromisoformat(relation["first"]) == datetime.fromisoformat("2024-01-01T00:00:00+00:00")
    assert relation["first"].endswith("Z")
    for axis in relation["axes"]:
        for name in ("since", "since_low", "since_high"):
            assert axis[name] is None or date.fromisoformat(axis[name]).weekday() == 0


def test_the_customer_who_is_king_is_found(found: Found):
    relation = found.between(A, B).as_dict()
    assert relation["pattern"] == {"name": "king_and_lackey", "king": B, "lackey": A, "axes": ["money", "response", "words"]}
    assert (relation["verdict"], relation["toward"], relation["both_ways"]) == ("structural", B, False)
    assert set(relation["because"]) == {"money", "response", "words"}
    assert relation["probability"] == max(axis["p_structural"] for axis in relation["axes"] if axis["axis"] in relation["because"])
    verdicts = {axis["axis"]: axis["verdict"] for axis in relation["axes"]}
    assert verdicts["promises"] == verdicts["initiative"] == "balanced"
    assert found.expected_wrong == pytest.approx(1 - relation["probability"])
    assert relation["events"] == sum(1 for line in lively() if " question " not in line and C not in line and " C " not in line
                                     and datetime.fromisoformat(line.split()[0]).date() <= date.fromisoformat(UNTIL))


def test_a_relation_with_too_little_says_so_and_has_no_probability(found: Found):
    relation = found.between(A, C).as_dict()
    assert (relation["verdict"], relation["because"], relation["probability"], relation["pattern"]) == ("too_little_data", [], None, None)
    assert (relation["axes"][0]["toward"], relation["axes"][0]["king"]) == (None, None)


def test_both_chairs_hold_the_same_figures_mirrored(found: Found):
    between = found.between(A, B)
    mine, theirs = between.seen_from(A).as_dict(), between.seen_from(B).as_dict()
    assert theirs == mirrored(mine)
    assert mirrored(theirs) == mine
    assert (theirs["a"], theirs["b"]) == (B, A)
    assert {key: value for key, value in theirs.items() if key not in {"a", "b", "axes"}} == {
        key: value for key, value in mine.items() if key not in {"a", "b", "axes"}}
    money, other = (next(axis for axis in side["axes"] if axis["axis"] == "money") for side in (mine, theirs))
    assert (other["level"], other["level_low"], other["level_high"]) == (-money["level"], -money["level_high"], -money["level_low"])
    assert (other["now_low"], other["now_high"]) == (-money["now_high"], -money["now_low"])
    assert (other["a_long"], other["b_long"]) == (money["b_long"], money["a_long"])
    assert other["rates"] == {"a": money["rates"]["b"], "b": money["rates"]["a"]}
    same = ("axis", "n", "p_structural", "verdict", "toward", "king", "since", "half_life_weeks")
    assert [other[name] for name in same] == [money[name] for name in same]


def test_empty_figures_have_two_sides_too():
    from evenwicht.ledger.coverage import Coverage
    from measures.lines import moment

    nothing = Coverage("x", C, None, ("talk",), moment("2024-01-01"), moment("2024-02-01"))
    between = judged(lively()[:9], "2024-01-14", coverage=[nothing]).between(A, B)
    axis = between.seen_from(B).as_dict()["axes"][0]
    assert (axis["now"], axis["now_low"], axis["rates"]) == (None, None, None)


def test_parties_are_found_by_key_identifier_and_name(found: Found):
    between = found.between("birch nv", "vat:NL001234567B01")
    assert (between.a, between.b, between.chair, between.other) == (A, B, A, B)
    turned = between.seen_from("Berk")
    assert (turned.chair, turned.other) == (B, A)
    assert turned.seen_from(A).chair == A
    assert found.names == {A: "Alder BV", B: "Birch NV", C: "Cedar", "oak.example": "Oak"}


def test_an_unknown_party_is_told_with_what_looks_like_it(found: Found):
    with pytest.raises(UnknownParty, match=r"^brich\.example is not a party of this ledger\. Did you mean .*birch\.example"):
        found.between("brich.example", A)
    with pytest.raises(UnknownParty, match="zzz is not a party"):
        found.between(A, B).seen_from("zzz")


def test_without_known_parties_some_of_those_there_are_named():
    bare = judged(lively()[:9], "2024-01-14")
    with pytest.raises(UnknownParty, match=f"Did you mean {A}, {B}"):
        bare.between("zzz", A)
    assert bare.names == {A: A, B: B}


def test_two_who_share_no_relation_are_told_so(found: Found):
    with pytest.raises(WrongCall, match=r"There is no relation between oak\.example and alder\.example up to 2025-06-29"):
        found.between("oak.example", A)


def test_who_is_no_side_of_it_has_no_chair(found: Found):
    with pytest.raises(WrongCall, match=rf"{C} is no side of the relation between {A} and {B}"):
        found.between(A, B).seen_from(C)


def test_the_history_of_one_relation_is_its_part_of_the_whole(found: Found):
    alone = found.between(A, B).history
    assert "history" not in found.__dict__  # not by making that of the others
    whole = found.history
    assert whole.columns == ["a", "b", "axis", "week", "n", "a_given", "b_given", "slow", "slow_low", "slow_high", "fast", "x", "x_low", "x_high"]
    part = whole.filter((pl.col("a") == A) & (pl.col("b") == B))
    keys = ["axis", "week"]
    assert_frame_equal(alone.sort(keys), part.sort(keys), check_exact=True)
    assert_frame_equal(found.history_of(B, A).sort(keys), part.sort(keys), check_exact=True)
    assert whole.filter(pl.col("b") == C).height > 0


def test_the_history_has_a_row_for_each_filled_week_and_ends_where_the_verdict_stands(found: Found):
    rows = found.history_of(A, B).filter(pl.col("axis") == "words").sort("week")
    assert rows["week"].to_list() == [date(2024, 1, 1) + timedelta(weeks=week) for week in range(78)]
    last = rows.row(-1, named=True)
    words = found.axes.filter((pl.col("a") == A) & (pl.col("b") == B) & (pl.col("axis") == "words")).row(0, named=True)
    assert last["x"] == pytest.approx(words["now"], abs=1e-9)
    assert last["slow"] == pytest.approx(words["level"], abs=1e-9)
    assert rows.select(((pl.col("a_given") + pl.col("b_given") - pl.col("n")).abs() < 1e-12).all()).item()
    assert rows.select(((pl.col("slow_low") <= pl.col("slow")) & (pl.col("slow") <= pl.col("slow_high"))).all()).item()
    assert rows.select(((pl.col("slow") + pl.col("fast") - pl.col("x")).abs() < 1e-9).all()).item()


def test_a_silent_end_stands_in_the_history_with_nothing_observed(found: Found):
    rows = found.history_of(A, C).filter(pl.col("axis") == "words").sort("week")
    assert rows["week"].to_list() == [date(2024, 1, 1), date(2025, 6, 23)]
    assert rows["n"].to_list()[1] == 0


def test_the_events_behind_a_relation_and_behind_an_axis(found: Found):
    assert set(found.events_of(B, A, "money")["kind"].unique()) == {"invoice", "payment"}
    assert found.events_of(A, C)["id"].to_list() == ["c1"]
    assert found.events_of(A, B, "disturbance").height == 0
    assert found.events_of(A, B)["at"].max().date() <= date.fromisoformat(UNTIL)


def test_a_result_that_was_not_made_from_a_ledger_has_no_history(found: Found):
    bare = Found(found.ledger, found.until, None, {}, float("nan"), (), found.relations, found.axes)
    assert bare.history.is_empty()
    assert bare.as_dict()["expected_wrong"] is None
    assert bare.as_dict()["us"] is None


def test_the_events_of_every_axis_are_those_it_is_made_from_and_those_that_answer_them():
    axes = registry.members("evenwicht.measures.axes")
    assert set(KINDS_OF_AXIS_EVENTS) == set(axes)
    for name, axis in axes.items():
        assert {*axis.KINDS, *([axis.ANSWER] if hasattr(axis, "ANSWER") else [])} <= set(KINDS_OF_AXIS_EVENTS[name])
