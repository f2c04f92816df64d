"""Working hours: nine to five of the answering side's own clock, less its weekends and holidays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.ledger.parties import Party
from evenwicht.measures.calendars import Calendars, country_of
from evenwicht.measures.weeks import microseconds
from measures.lines import moment

DUTCH, NOWHERE = "birch.nl", "birch.example"


naive = datetime.fromisoformat
"""Hypothesis takes its bounds without a zone."""


def hours(party: str, start: str, end: str, calendars: Calendars | None = None) -> float:
    at = np.array([microseconds(moment(start)), microseconds(moment(end))], np.int64)
    begun, ended = (calendars or Calendars()).of([party]).worked(np.array([0, 0]), at)
    return float(ended - begun)


def days(party: str, start: str, end: str, calendars: Calendars | None = None) -> float:
    at = np.array([microseconds(moment(start)), microseconds(moment(end))], np.int64)
    begun, ended = (calendars or Calendars()).of([party]).days(np.array([0, 0]), at)
    return float(ended - begun)


@pytest.mark.parametrize(("start", "end", "expected"), [
    ("2026-03-02T09:00", "2026-03-02T17:00", 8), ("2026-03-02T10:00", "2026-03-02T12:30", 2.5),
    ("2026-03-02T17:00", "2026-03-03T09:00", 0), ("2026-03-03T01:00", "2026-03-03T05:00", 0),
    ("2026-03-02T16:00", "2026-03-03T10:00", 2), ("2026-03-06T17:00", "2026-03-09T09:00", 0),
    ("2026-03-07T09:00", "2026-03-08T17:00", 0), ("2026-03-02T00:00", "2026-03-09T00:00", 40),
])
def test_nights_and_weekends_are_free(start: str, end: str, expected: float):
    assert hours(NOWHERE, start, end) == pytest.approx(expected)


def test_the_clock_is_that_of_the_party():
    assert hours(DUTCH, "2026-03-03T08:00", "2026-03-03T16:00") == 8  # winter: an hour before UTC
    assert hours(DUTCH, "2026-07-07T07:00", "2026-07-07T15:00") == 8  # summer: two
    assert hours(DUTCH, "2026-07-07T15:00", "2026-07-07T17:00") == 0
    assert hours("maple.uk", "2026-03-03T09:00", "2026-03-03T17:00") == 8


@pytest.mark.parametrize(("start", "end"), [
    ("2026-03-27T08:00", "2026-03-30T07:00"),  # Friday nine to Monday nine over the beginning of summer time
    ("2026-10-23T07:00", "2026-10-26T08:00"),  # and over its end
])
def test_a_change_of_the_clock_is_no_hour_worked_or_lost(start: str, end: str):
    assert hours(DUTCH, start, end) == 8
    assert days(DUTCH, start, end) == 1


@pytest.mark.parametrize("day", [
    "2026-01-01", "2026-04-06", "2026-04-27", "2026-05-14", "2026-05-25", "2026-12-25",
])  # New Year, Easter Monday, King's day, Ascension, Whit Monday, Christmas
def test_dutch_holidays_are_free(day: str):
    after = f"{moment(day) + timedelta(days=1):%Y-%m-%d}"
    assert hours(DUTCH, day, after) == 0
    assert hours(NOWHERE, day, after) == 8
    assert hours(DUTCH, day, after, Calendars(plain=True)) == 8
    before = f"{moment(day) - timedelta(days=1):%Y-%m-%d}"
    assert days(DUTCH, before, day) == 0


def test_plain_mode_knows_neither_zones_nor_holidays():
    plain = Calendars(plain=True)
    assert hours(DUTCH, "2026-07-07T09:00", "2026-07-07T17:00", plain) == 8
    assert hours(DUTCH, "2026-07-07T07:00", "2026-07-07T09:00", plain) == 0


@pytest.mark.parametrize(("start", "end", "expected"), [
    ("2026-03-02T23:59", "2026-03-03T00:00", 1), ("2026-03-02T00:00", "2026-03-02T23:59", 0), ("2026-03-06", "2026-03-09", 1),
    ("2026-03-06", "2026-03-07", 0), ("2026-03-07", "2026-03-09T12:00", 1), ("2026-03-02", "2026-03-16", 10),
])
def test_working_days_are_whole(start: str, end: str, expected: float):
    assert days(NOWHERE, start, end) == expected


def test_the_country_comes_from_vat_then_kvk_then_the_domain():
    def party(*identifiers: str) -> Party:
        return Party(identifiers[0], "someone", "organisation", identifiers)

    assert country_of(party("birch.de", "kvk:12345678", "vat:BE0123456789"), "birch.de") == "BE"
    assert country_of(party("birch.de", "kvk:12345678"), "birch.de") == "NL"
    assert country_of(party("birch.com", "birch.de"), "birch.com") == "DE"
    assert country_of(party("vat:EL123456789"), "vat:EL123456789") == "GR"
    assert country_of(party("vat:XX1", "birch.fr"), "vat:XX1") == "FR"
    assert country_of(None, "maple.co.uk") == "GB"
    assert country_of(None, "birch.com") is None
    assert country_of(None, "name:birch.nl") is None


def test_each_party_keeps_its_own_hours_in_one_call():
    known = {"birch.com": Party("birch.com", "Birch", "organisation", ("birch.com", "vat:NL001234567B01"))}
    parties = np.array([0, 1, 2, 0])
    start = np.full(4, microseconds(moment("2026-04-27")), np.int64)
    end = np.full(4, microseconds(moment("2026-04-28")), np.int64)
    calendars = Calendars(known).of(["birch.com", "other.com", DUTCH])
    assert (calendars.worked(parties, end) - calendars.worked(parties, start)).tolist() == [0, 8, 0, 0]


def test_no_moments_are_no_hours():
    none = np.array([], np.int64), np.array([], np.int64)
    assert Calendars().worked(*none).tolist() == []
    assert Calendars().after(*none, 8.0).tolist() == []


minutes_of_years = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: datetime(2023, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(st.lists(minutes_of_years, min_size=1, max_size=5), st.integers(15, 24_000),
       st.sampled_from([DUTCH, NOWHERE, "maple.jp", "maple.uk"]), st.booleans())
def test_after_is_the_first_moment_at_which_the_hours_have_been_worked(moments: list[datetime], minutes: int, party: str, plain: bool):
    calendars = Calendars(plain=plain).of([NOWHERE, party])
    parties, start = np.ones(len(moments), np.int64), np.array([microseconds(one) for one in moments], np.int64)
    end = calendars.after(parties, start, minutes / 60)
    begun = calendars.worked(parties, start)
    assert np.allclose(calendars.worked(parties, end) - begun, minutes / 60, atol=1e-6)
    assert (calendars.worked(parties, end - 60_000_000) - begun < minutes / 60 - 1 / 60 + 1e-6).all()


def test_the_origin_does_not_depend_on_what_else_is_asked():
    """Asked in December, answered in January: each in its own call, with other moments beside it or not."""
    asked, answered, old = (np.array([microseconds(moment(one))], np.int64) for one in ("2025-12-30", "2026-01-06", "1999-05-05"))
    dutch = Calendars().of([DUTCH])
    for function in (dutch.worked, dutch.days):
        alone = function(np.array([0]), answered) - function(np.array([0]), asked)
        together = function(np.array([0] * 3), np.concatenate([old, asked, answered]))
        assert alone.tolist() == [together[2] - together[1]]
    assert hours(DUTCH, "2025-12-30", "2026-01-06") == 4 * 8  # Tuesday to Monday, less New Year's day


def test_a_date_that_stands_for_never_is_no_harm():
    """9999-12-31 in a due field; and a year beyond what a Python date can hold, as other programs may store it."""
    far = np.array([microseconds(moment("2026-03-02")), microseconds(moment("9999-12-31")), 2**62], np.int64)
    found = Calendars().of([DUTCH]).worked(np.array([0] * 3), far)
    assert found[0] < found[1] == found[2]
    assert Calendars().of([DUTCH]).worked(np.array([0]), np.array([-(2**50)], np.int64)).tolist() == [0]


def test_years_of_which_a_country_has_no_holidays_pass_without_a_word():
    assert hours("maple.in", "1995-03-06", "1995-03-07") == 8  # a warning would fail this test


@given(st.datetimes(naive("2024-02-01"), naive("2026-11-01"), timezones=st.just(UTC)), st.integers(0, 10_000))
def test_hours_only_grow_and_never_faster_than_the_clock(start: datetime, minutes: int):
    at = np.array([microseconds(start), microseconds(start + timedelta(minutes=minutes))], np.int64)
    for party in (DUTCH, NOWHERE):
        begun, ended = Calendars().of([party]).worked(np.array([0, 0]), at)
        assert -1e-9 <= ended - begun <= minutes / 60 + 1e-9
