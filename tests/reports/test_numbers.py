"""Days, numbers and money as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.reports import numbers


def test_days() -> None:
    assert numbers.day("2026-02-09", "en") == "9\u00a0February 2026"
    assert numbers.day(date(2026, 2, 9), "nl") == "9\u00a0februari 2026"
    assert numbers.day("2026-08-14T00:00:00Z", "nl", year=False) == "14\u00a0augustus"
    assert numbers.short_day("2026-06-30", "en") == "30\u00a0Jun"
    assert numbers.short_day("2026-03-01", "nl", year=True) == "1\u00a0mrt 2026"
    assert numbers.month("2026-03-01", "nl") == "maart\u00a02026"
    assert numbers.moment(datetime(2026, 2, 9, 14, 5, tzinfo=UTC), "en") == "9\u00a0February 2026 14:05 UTC"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(["en", "nl"]))
def test_a_day_is_never_torn_and_never_english_in_dutch(day: date, language: str) -> None:
    said = numbers.day(day, language)
    assert said.startswith(f"{day.day}\u00a0")
    assert said.endswith(f" {day.year}")
    assert numbers.english_day(numbers.day(day, "en"), language) == said
    assert numbers.english_day(day.isoformat(), language) == said


def test_what_is_no_day_is_left() -> None:
    for text in ("31 February 2026", "2026-13-01", "Acme NV", "9 Brumaire 1799"):
        assert numbers.english_day(text, "nl") == text


def test_percentages_are_closed_up() -> None:
    assert numbers.percent(0.93, "en") == numbers.percent(0.93, "nl") == "93%"
    assert numbers.percent(0.115, "nl", digits=1) == "11,5%"
    assert numbers.percent(0.115, "en", digits=1) == "11.5%"
    assert numbers.percent(-0.0, "en") == "0%"


def test_money() -> None:
    assert numbers.money(18240, "EUR", "en") == "€\u00a018,240.00"
    assert numbers.money(18240, "EUR", "nl") == "€\u00a018.240,00"
    assert numbers.money(-5.5, "EUR", "nl") == "€\u00a0-5,50"
    assert numbers.money(1200, "JPY", "en") == "¥\u00a01,200" or numbers.money(1200, "JPY", "en").startswith("JP¥")
    assert numbers.short_money(4_610_000, "EUR", "en") == "€\u00a04.61 million"
    assert numbers.short_money(4_610_000, "EUR", "nl") == "€\u00a04,61 miljoen"
    assert numbers.short_money(412_300.4, "EUR", "nl") == "€\u00a0412.300"


def test_numbers() -> None:
    assert numbers.number(2418, "en", digits=0) == "2,418"
    assert numbers.number(2418, "nl", digits=0) == "2.418"
    assert numbers.number(5.0, "nl") == "5"
    assert numbers.number(5.84, "nl") == "5,8"
    assert numbers.number(-0.01, "en") == "0"
    assert numbers.times(1.0, "nl") == "1,0\u00a0×"


@pytest.mark.parametrize(("value", "unit", "en", "nl"), [
    (1, "hours", "1 hour", "1 uur"), (6, "hours", "6 hours", "6 uur"), (412, "words", "412 words", "412 woorden"),
    (1, "working days", "1 working day", "1 werkdag"), (200, "EUR", "€\u00a0200.00", "€\u00a0200,00"),
    (0.5, "days", "0.5 days", "0,5 dagen"), (14, "%", "14%", "14%"), (3, "pallets", "3 pallets", "3 pallets"),
    (3, "", "3", "3"),
])
def test_amounts(value: float, unit: str, en: str, nl: str) -> None:
    assert numbers.amount(value, unit, "en") == en
    assert numbers.amount(value, unit, "nl") == nl


def test_lists() -> None:
    assert numbers.listed(["a", "b", "c"], "en") == "a, b and c"
    assert numbers.listed(["a", "b"], "nl") == "a en b"
    assert numbers.listed([], "en") == ""


def test_what_cannot_be_said_is_none() -> None:
    assert numbers.finite(float("nan")) is None
    assert numbers.finite(float("inf")) is None
    assert numbers.finite("7") is None
    assert numbers.finite(value=True) is None
    assert numbers.finite(7) == 7.0
