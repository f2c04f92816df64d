"""Repetition rules, against the examples of RFC 5545 and against dateutil as another route."""

# ruff: noqa: DTZ001  a wall clock has no zone

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.importers.calendars.recurrence import BadRule, Budget, TooOften, clocks, rule_of

START = datetime(1997, 9, 2, 9)


def days(rule: str, start: datetime = START, end: datetime = datetime(2005, 1, 1)) -> list[str]:
    return [f"{clock:%Y-%m-%d}" for clock in clocks(rule_of(rule), start, end, Budget())]


@pytest.mark.parametrize(("rule", "start", "wanted"), [
    # the dates of RFC 5545, 3.8.5.3
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02",
     "1997-09-02 1997-09-04 1997-09-16 1997-09-18 1997-09-30 1997-10-02 1997-10-14 1997-10-16"),
    ("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05", "1997-09-05 1997-10-03 1997-11-07 1997-12-05 1998-01-02 1998-02-06 1998-03-06 1998-04-03 1998-05-01 1998-06-05"),
    ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22", "1997-09-22 1997-10-20 1997-11-17 1997-12-22 1998-01-19 1998-02-16"),
    ("FREQ=MONTHLY;COUNT=4;BYMONTHDAY=-3", "1997-09-28", "1997-09-28 1997-10-29 1997-11-28 1997-12-29"),
    ("FREQ=MONTHLY;COUNT=4;BYMONTHDAY=1,-1", "1997-09-30", "1997-09-30 1997-10-01 1997-10-31 1997-11-01"),
    ("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "1997-01-01", "1997-01-01 1997-04-10 1997-07-19 2000-01-01 2000-04-09 2000-07-18 2003-01-01 2003-04-10 2003-07-19"),
    ("FREQ=YEARLY;BYDAY=20MO;COUNT=3", "1997-05-19", "1997-05-19 1998-05-18 1999-05-17"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", "1997-05-12", "1997-05-12 1998-05-11 1999-05-17"),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=5", "1998-02-13", "1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13"),
    ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3", "1996-11-05", "1996-11-05 2000-11-07 2004-11-02"),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "1997-09-04 1997-10-07 1997-11-06"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3", "1997-09-29", "1997-09-29 1997-10-30 1997-11-27"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-08-05 1997-08-10 1997-08-19 1997-08-24"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-08-05 1997-08-17 1997-08-19 1997-08-31"),
    ("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2000-01-15", "2000-01-15 2000-01-30 2000-02-15 2000-03-15 2000-03-30"),
    ("FREQ=YEARLY;COUNT=3", "1996-02-29", "1996-02-29 2000-02-29 2004-02-29"),
    ("FREQ=MONTHLY;COUNT=4", "1998-01-31", "1998-01-31 1998-03-31 1998-05-31 1998-07-31"),
])
def test_the_dates_of_the_standard(rule: str, start: str, wanted: str) -> None:
    assert days(rule, datetime.fromisoformat(start)) == wanted.split()


def test_times_of_day() -> None:
    rule = rule_of("FREQ=DAILY;BYHOUR=9,14;BYMINUTE=0,30;COUNT=5")
    found = [f"{clock:%d %H:%M}" for clock in clocks(rule, START, datetime(1998, 1, 1), Budget())]
    assert found == ["02 09:00", "02 09:30", "02 14:00", "02 14:30", "03 09:00"]


def test_each_monday_and_the_first_monday_are_all_mondays() -> None:
    assert days("FREQ=MONTHLY;BYDAY=MO,1MO;COUNT=4", datetime(1997, 9, 1)) == ["1997-09-01", "1997-09-08", "1997-09-15", "1997-09-22"]


def test_the_start_is_always_the_first() -> None:
    assert days("FREQ=WEEKLY;BYDAY=FR;COUNT=3") == ["1997-09-02", "1997-09-05", "1997-09-12"]
    assert days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30") == ["1997-09-02"]


LIMITS = {
    "BYMONTH": st.lists(st.integers(1, 12), min_size=1, max_size=3), "BYMONTHDAY": st.lists(
        st.integers(-31, 31).filter(bool), min_size=1, max_size=3),
    "BYYEARDAY": st.lists(st.integers(-366, 366).filter(bool), min_size=1, max_size=3),
    "BYWEEKNO": st.lists(st.integers(-53, 53).filter(bool), min_size=1, max_size=3),
    "BYDAY": st.lists(st.sampled_from("MO TU WE TH FR SA SU".split()), min_size=1, max_size=3),
    "BYSETPOS": st.lists(st.integers(-4, 4).filter(bool), min_size=1, max_size=2),
    "BYHOUR": st.lists(st.integers(0, 23), min_size=1, max_size=2),
}


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    names = draw(st.lists(st.sampled_from(sorted(LIMITS)), max_size=3, unique=True))
    if freq != "YEARLY":
        names = [name for name in names if name != "BYWEEKNO"]
    if freq == "WEEKLY":
        names = [name for name in names if name not in ("BYMONTHDAY", "BYYEARDAY")]  # not allowed by the standard
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 4))}", f"WKST={draw(st.sampled_from(['MO', 'SU', 'WE']))}"]
    for name in names:
        values = [str(value) for value in draw(LIMITS[name])]
        if name == "BYDAY" and freq in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in names:
            which = [""] if draw(st.booleans()) else ["1", "-1", "2", "+3", "-5", "5"]  # dateutil misreads a mixture
            values = [f"{draw(st.sampled_from(which))}{value}" for value in values]
        parts.append(f"{name}={','.join(values)}")
    if names == ["BYSETPOS"]:
        parts.pop()
    return ";".join(parts)


# so late because dateutil walks a rule that never matches to the year 9999; the calendar repeats every 400 years
LATE = st.datetimes(datetime(9980, 1, 1), datetime(9990, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0))


@given(rules(), LATE)
def test_it_agrees_with_dateutil(text: str, start: datetime) -> None:
    end = start + timedelta(days=1_600)
    wanted = set(rrulestr(text, dtstart=start).between(start, end, inc=True)) | {start}
    found = list(clocks(rule_of(text), start, end, Budget()))
    assert found == sorted(wanted)
    counted = list(clocks(rule_of(f"{text};COUNT=3"), start, end, Budget()))
    assert counted == found[:3]


@pytest.mark.parametrize("text", [
    "FREQ=SECONDLY", "freq=minutely;count=999999999", "FREQ=HOURLY;BYDAY=MO", "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5",
])
def test_a_rule_within_the_day_is_refused(text: str) -> None:
    with pytest.raises(TooOften):
        rule_of(text)


@pytest.mark.parametrize("text", [
    "", "COUNT=3", "FREQ=", "FREQ=FORTNIGHTLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=x",
    "FREQ=DAILY;COUNT=99999999999", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=YEARLY;BYMONTH=13", "FREQ=WEEKLY;BYDAY=XX",
    "FREQ=WEEKLY;BYDAY=100MO", "RSCALE=CHINESE;FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=5L", "FREQ=MONTHLY;SKIP=FORWARD", "FREQ=DAILY;INTERVAL=³",
])
def test_a_rule_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(BadRule):
        rule_of(text)


@pytest.mark.parametrize("text", [
    "RRULE:AnythingRandom;FREQ=WEEKLY;COUNT=2", r"FREQ=WEEKLY\;COUNT=2", "freq=weekly;count=2", "FREQ=WEEKLY;;COUNT=2;", " FREQ = WEEKLY ; COUNT = 2 ",
    "FREQ=WEEKLY;COUNT=2;BYDAY=;X-ODD=1;WKST=??", "FREQ=WEEKLY;COUNT=2;COUNT=9", "RSCALE=GREGORIAN;SKIP=OMIT;FREQ=WEEKLY;COUNT=2",
])
def test_small_mistakes_are_forgiven(text: str) -> None:
    assert days(text) == ["1997-09-02", "1997-09-09"]


@pytest.mark.parametrize("text", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", "FREQ=DAILY"])
def test_a_rule_stops_where_the_budget_does(text: str) -> None:
    budget = Budget(1_000)
    found = list(islice(clocks(rule_of(text), START, datetime(2100, 1, 1), budget), 2_000))
    assert len(found) <= 501
    assert budget.steps < 0


def test_a_rule_never_passes_its_end() -> None:
    end = datetime(1997, 12, 24, 9)
    assert max(clocks(rule_of("FREQ=DAILY"), START, end, Budget())) == end
    assert list(clocks(rule_of("FREQ=DAILY"), START, datetime(1990, 1, 1), Budget())) == [START]


def test_a_rule_near_the_end_of_the_calendar_does_not_overflow() -> None:
    for freq in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY", "YEARLY;BYWEEKNO=1", "YEARLY;BYDAY=-1SU"):
        list(clocks(rule_of(f"FREQ={freq}"), datetime(2198, 12, 28), datetime(2200, 12, 31), Budget()))


def test_a_moment_is_not_a_clock() -> None:
    assert all(clock.tzinfo is None for clock in clocks(rule_of("FREQ=DAILY;COUNT=2"), START, datetime(1998, 1, 1), Budget()))
    assert datetime(1997, 9, 2, tzinfo=UTC).tzinfo is not None
