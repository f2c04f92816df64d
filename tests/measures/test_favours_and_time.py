"""Favours: extras that their receiver confirmed. Time: each side's own heads, judged only against an agreed norm."""

from __future__ import annotations

import math
from types import ModuleType

import pytest

from evenwicht.measures.axes import favours, time
from measures.lines import axis_of, covering, day, facts, judged, relation_of, weekly

MARCH_2 = "2026-03-02"
FAVOURS = """
    2026-03-02T09:00Z A -> B favour 3 hours <1>
    2026-03-03T09:00Z A -> B favour 1 hours <2>
    2026-03-04T09:00Z B -> A favour 2 hours <3>
    2026-03-05T09:00Z B -> A favour ? hours <4>
"""


def near(value: float) -> object:
    return pytest.approx(value, abs=1e-9)


def test_favours_are_shared_per_unit_and_units_averaged_by_their_number():
    hours = weekly(favours, facts(FAVOURS.rsplit("\n", 2)[0]))[MARCH_2]
    assert (hours["y"], hours["n"]) == (near(4 / 6), near(36 / 14))
    both = weekly(favours, facts(FAVOURS))[MARCH_2]
    assert both["y"] == near((3 * 4 / 6 + 0) / 4)
    assert both["events"] == 4
    assert (both["given_a"], both["given_b"]) == (4, 3)  # an unknown size is one
    assert sorted(favours.flows(facts(FAVOURS))["unit"].unique().to_list()) == ["count", "hours"]


@pytest.mark.parametrize(("axis", "line"), [
    (favours, "favour 3 hours <1>"), (time, "meeting 60 minutes <1>"), (time, "attendance 60 minutes <1>"),
])
def test_both_are_giving_and_count_only_what_a_source_would_have_shown(axis: ModuleType, line: str):
    assert (axis.GROUP, axis.KIND_OF_KING) == ("giving_taking", "receiver")
    one = f"2026-03-02T09:00Z A -> B {line}"
    assert len(weekly(axis, facts(one))) == 1
    assert weekly(axis, facts(one, coverage=[covering("alder.example", "message", "2026-01-01", "2026-12-31")])) == {}


def test_a_favour_that_nobody_confirmed_counts_only_for_ones_own_eyes():
    line = "2026-03-02T09:00Z A -> B favour 3 hours <1> private"
    assert weekly(favours, facts(line)) == {}
    assert weekly(favours, facts(line, private=True))[MARCH_2]["y"] == near(1)


def test_in_a_meeting_each_side_counts_its_own_heads():
    week = weekly(time, facts("""
        2026-03-02T09:00Z A -> B meeting 90 minutes <m>
        2026-03-02T09:00Z B -> A attendance 60 minutes <m> answers <m>
        2026-03-03T09:00Z A -> B meeting ? minutes <unknown>
        2026-03-04T09:00Z A -> B meeting 0 minutes <nobody>
    """))
    assert list(week) == [MARCH_2]
    assert week[MARCH_2]["y"] == near(0.6)
    assert (week[MARCH_2]["given_a"], week[MARCH_2]["given_b"], week[MARCH_2]["events"]) == (90, 60, 2)


def test_the_shortest_meeting_counts_and_one_of_no_length_does_not():
    lines = "2026-03-02T09:00Z A -> B meeting 1 minutes <m>\n2026-03-03T09:00Z A -> B meeting 0 minutes <n>"
    assert time.flows(facts(lines))["amount"].to_list() == [1]


def met(share: float, weeks: int = 60) -> list[str]:
    return [line for week in range(weeks) for line in (
        f"{day('2025-01-06T09:00', 7 * week)} A -> B meeting {round(300 * share)} minutes <m{week}>",
        f"{day('2025-01-06T09:00', 7 * week)} B -> A attendance {round(300 * (1 - share))} minutes <m{week}> answers <m{week}>",
        f"{day('2025-01-07T09:00', 7 * week)} {'A -> B' if week % 2 else 'B -> A'} message 50 words <w{week}>",
    )]


def test_without_a_norm_time_is_shown_and_moves_no_verdict():
    found = judged(met(0.8))
    axis = axis_of(found, "time")
    assert (axis["verdict"], axis["toward"], axis["king"], axis["since"]) == ("shown", None, None, None)
    assert axis["level"] > math.log(2)
    assert "time" not in relation_of(found)["because"]


def test_with_a_norm_time_is_judged_against_it():
    norm = "2025-01-06T00:00Z A -> B norm {} share <n> thread <time>"
    agreed = axis_of(judged([*met(0.8), norm.format(0.8)]), "time")
    assert agreed["verdict"] == "balanced"
    equal = axis_of(judged([*met(0.8), norm.format(0.5)]), "time")
    assert equal["verdict"] == "structural"
    assert (equal["toward"], equal["king"]) == ("birch.example", "birch.example")


def test_little_time_is_little_whether_agreed_or_not():
    assert axis_of(judged(met(0.8, 3)), "time")["verdict"] == "too_little_data"
