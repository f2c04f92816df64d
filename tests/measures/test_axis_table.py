"""One axis over a portfolio: figures, dates, sums on two horizons, rates, needs, and the agreements of both."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest

from evenwicht.engines.local import assess
from evenwicht.measures.axis_table import BANDS, FLOW_BAND
from evenwicht.measures.grid import Grid
from evenwicht.measures.parameters import ParameterSet
from measures.lines import A, B, C, axis_of, covering, day, judged, ledger, relation_of

START = "2024-01-01"  # a Monday
WEEKS = 104
UNTIL = "2025-12-28"  # the Sunday that ends the last of them


def talk(words_a: int, words_b: int, weeks: range = range(WEEKS), one: str = "A", other: str = "B") -> list[str]:
    """Each writes twice a week, at different moments, so that no turns are taken."""
    found = []
    for week in weeks:
        for part in range(2):
            at = day(START, 7 * week + part / 24)
            found += [f"{at} {one} -> {other} message {words_a} words <{one}{week}.{part}>",
                      f"{day(START, 7 * week + 2 + part / 24)} {other} -> {one} message {words_b} words <{other}{week}.{part}>"]
    return found


def test_the_bands_are_those_of_the_contract():
    assert math.log(60 / 40) == FLOW_BAND == BANDS["money"]
    assert BANDS["promises"] == BANDS["response"] == math.log(55 / 45)


def test_who_has_the_floor_sits_on_the_throne_of_words_and_the_other_receives():
    found = judged(talk(90, 30), UNTIL)
    row = axis_of(found, "words")
    assert (row["verdict"], row["king"], row["toward"]) == ("structural", A, B)
    assert row["n"] == 4 * WEEKS
    assert row["weeks"] == WEEKS
    assert row["level_low"] < math.log(3) < row["level_high"]
    assert row["p_structural"] > 0.95
    assert date.fromisoformat(row["since"]) == date(2024, 1, 1)
    assert (row["expected_back"], row["needs"], row["rates"], row["unit"]) == (None, [], None, ["words"])
    relation = relation_of(found)
    assert relation["toward"] == A  # the king, not the receiver


@pytest.mark.parametrize(("words_a", "words_b", "king", "toward"), [(30, 70, B, A), (70, 30, A, B)])
def test_a_gentle_lean_has_its_side_too(words_a: int, words_b: int, king: str, toward: str):
    """Less than one in log-odds from the norm, to either side of it."""
    row = axis_of(judged(talk(words_a, words_b), UNTIL), "words")
    assert abs(row["level"]) < 1
    assert (row["verdict"], row["king"], row["toward"]) == ("undecided", king, toward)


def test_sums_stand_on_two_horizons():
    """Thirteen weeks and three years: four weeks in which A wrote 10 words more fall in the short one only from week 94."""
    lines = [*talk(50, 40, range(200)), *talk(60, 40, range(200, 208))]
    row = axis_of(judged(lines, "2027-12-26"), "words")
    assert (row["a_short"], row["b_short"]) == (2 * (5 * 50 + 8 * 60), 2 * 13 * 40)
    assert (row["a_long"], row["b_long"]) == (2 * (148 * 50 + 8 * 60), 2 * 156 * 40)


def test_too_few_observations_or_weeks_are_named_with_the_figures_given():
    row = axis_of(judged(talk(50, 50, range(3)), "2024-01-21"), "words")
    assert (row["verdict"], row["n"], row["weeks"]) == ("too_little_data", 12, 3)
    assert row["needs"] == ["a longer history: 8 observations in 4 weeks are needed"]
    assert row["now"] is not None
    assert row["a_long"] == 300


def test_norms_of_both_shift_the_zero_whichever_side_is_named():
    """A writes four of five words. Against equality that is structural; against 80/20, agreed, it is balance."""
    lines = talk(80, 20)
    assert axis_of(judged(lines, UNTIL), "words")["verdict"] == "structural"
    for norm in ("A -> B norm 0.8", "B -> A norm 0.2"):
        found = judged([*lines, f"2024-01-01T09:00Z {norm} share <norm> thread <words>"], UNTIL)
        assert axis_of(found, "words")["verdict"] == "balanced"
    wrong = judged([*lines, "2024-01-01T09:00Z B -> A norm 0.8 share <norm> thread <words>"], UNTIL)
    row = axis_of(wrong, "words")
    assert (row["verdict"], row["king"]) == ("structural", A)
    assert row["p_structural"] > 0.99


def test_an_even_relation_is_out_of_balance_with_a_norm_that_says_otherwise():
    row = axis_of(judged([*talk(50, 50), "2024-01-01T09:00Z A -> B norm 0.8 share <norm> thread <words>"], UNTIL), "words")
    assert (row["verdict"], row["king"], row["toward"]) == ("structural", B, A)  # A gives less than was agreed


CHOSEN = ["2025-11-03T00:00Z A -> B disturbance 90 days <m> due 2026-02-01T00:00Z",
          "2025-11-04T00:00Z B -> A disturbance 120 days <t> due 2026-03-04T00:00Z"]


def test_a_disturbance_both_agreed_on_makes_it_temporary_until_its_day():
    row = axis_of(judged([*talk(90, 30), *CHOSEN], UNTIL), "words")
    assert (row["verdict"], row["king"], row["toward"]) == ("temporary", A, B)
    assert row["p_structural"] >= 0.9
    assert (row["expected_back"], row["expected_back_low"], row["expected_back_high"]) == ("2026-01-26", None, None)


def test_a_disturbance_of_one_side_or_of_the_past_changes_nothing():
    assert axis_of(judged([*talk(90, 30), CHOSEN[0]], UNTIL), "words")["verdict"] == "structural"
    ended = [line.replace("due 2026", "due 2025") for line in CHOSEN]
    assert axis_of(judged([*talk(90, 30), *ended], UNTIL), "words")["verdict"] == "structural"


GUSTY = Grid.of([(0.05, 0.01, 4.0, 0.6)])
"""A world in which levels hardly move and gusts of about a month are common."""


def gust(weeks: int, until: str = UNTIL) -> dict[str, Any]:
    """Deliveries on the day for two years, and in the last weeks seven days late."""
    lines = []
    for week in range(WEEKS - 1):
        late = 7 if week >= WEEKS - 1 - weeks else 0
        lines += [f"{day(START, 7 * week + part + late)} A -> B delivery 1 count <{week}.{part}> due {day(START, 7 * week + part)}"
                  for part in range(7)]
    known = ParameterSet("gusty", "for this test", {"flow": GUSTY, "deferral": GUSTY}, {"promises": 4.0})
    return axis_of(assess(ledger(lines), until, parameters=known, working_calendars=False), "promises")


def test_a_gust_is_temporary_and_expected_back():
    row = gust(3)
    assert (row["verdict"], row["king"], row["toward"]) == ("temporary", A, A)  # B waits, A is waited for
    assert row["p_structural"] <= 0.2
    assert row["p_outside"] >= 0.8
    assert row["now"] < row["level"] < 0
    monday = date(2025, 12, 22)  # the week of `until`
    back, low, high = (date.fromisoformat(row[name]) for name in ("expected_back", "expected_back_low", "expected_back_high"))
    assert monday < low <= back <= high < monday + timedelta(weeks=52)
    assert back.weekday() == low.weekday() == high.weekday() == 0
    assert date(2025, 11, 3) <= date.fromisoformat(row["since"]) <= monday


def test_without_a_gust_there_is_nothing_to_come_back_from():
    row = gust(0)
    assert (row["verdict"], row["king"], row["since"], row["expected_back"]) == ("balanced", None, None, None)


def test_forced_turns_are_no_signal_and_speech_of_known_length_is_not_forced():
    """Turn by turn, ten a week. Messages of which only the number is known say nothing; of known length they do."""
    def turns(amount: str) -> list[str]:
        return [f"{day(START, 7 * week + part / 4)} {'AB'[part % 2]} -> {'BA'[part % 2]} message {(amount, '20')[part % 2] if amount != '?' else '?'} words <{week}.{part}>"
                for week in range(60) for part in range(10)]

    found = judged(turns("?"), "2025-02-23")
    row = axis_of(found, "words")
    assert (row["verdict"], row["king"], row["toward"], row["since"]) == ("no_signal", None, None, None)
    assert row["unit"] == ["count"]
    row = axis_of(judged(turns("80"), "2025-02-23"), "words")
    assert (row["verdict"], row["king"]) == ("structural", A)


def test_rates_are_those_of_the_last_three_years():
    lines = []
    for week in range(0, 208, 2):
        due = day(START, 7 * week + 1)
        came = day(START, 7 * week + (1 if week >= 52 else 3))
        lines.append(f"{came} A -> B delivery 1 count <{week}> due {due}")
    row = axis_of(judged(lines, "2027-12-26"), "promises")
    assert row["rates"] == {"a": {"n": 78, "kept": 78, "median_wait": 0.0}, "b": {"n": 0, "kept": 0, "median_wait": None}}
    assert (row["a_long"], row["b_long"]) == (0, 0)
    assert row["n"] == 104


def test_an_axis_of_which_nothing_was_covered_stands_there_empty_with_what_it_needs():
    coverage = [covering(A, "message", "2024-01-01", UNTIL, "received")]
    found = judged([*talk(50, 50), *talk(50, 50, one="A", other="C")], UNTIL, coverage=coverage, us=A)
    for other in (B, C):
        row = axis_of(found, "words", A, other)
        assert (row["verdict"], row["n"], row["weeks"], row["now"], row["rates"]) == ("too_little_data", 0, 0, None, None)
        assert row["needs"] == [f"sent mail of {A}"]
        assert (row["a_short"], row["b_long"], row["unit"]) == (0, 0, [])
    assert [str(need) for need in found.needs] == [f"sent mail of {A}"]


@pytest.mark.parametrize(("end", "needs"), [("2025-12-14", []), ("2025-12-13", [f"mail of {A} after 2025-12-13"])])
def test_a_source_that_ended_a_fortnight_before_is_named_and_the_axis_judged_there(end: str, needs: list[str]):
    coverage = [covering(A, "message", "2024-01-01", end)]
    row = axis_of(judged(talk(90, 30), UNTIL, coverage=coverage, us=A), "words")
    assert row["verdict"] == "structural"
    assert row["needs"] == needs


def test_the_axis_is_judged_where_its_source_ended():
    """A year of mail and a year without: its level is as sure as it was then, not as unsure as it is now."""
    whole = axis_of(judged(talk(90, 30, range(52)), "2024-12-29"), "words")
    ended = axis_of(judged(talk(90, 30, range(52)), UNTIL, coverage=[covering(A, "message", "2024-01-01", "2024-12-29")], us=A), "words")
    for name in ("now", "now_low", "now_high", "level", "p_structural", "a_short"):
        assert ended[name] == pytest.approx(whole[name], abs=1e-12)
    silent = axis_of(judged(talk(90, 30, range(52)), UNTIL), "words")
    assert silent["now_high"] - silent["now_low"] > ended["now_high"] - ended["now_low"]


def test_an_axis_without_any_event_is_absent():
    found = judged(talk(50, 50, range(5)), "2024-02-04")
    assert set(found.axes["axis"].to_list()) == {"words", "initiative"}
