from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.importers.tables.cells import DateSetting, Decimal, amounts, days, text_of

AS_IT_STANDS = DateSetting()


def moment(text: str, setting: DateSetting = AS_IT_STANDS) -> str | None:
    found = days([text], setting).moments.get(text)
    return None if found is None else found.isoformat().removesuffix("+00:00")


@pytest.mark.parametrize(("text", "wanted"), [
    ("2026-02-13", "2026-02-13T00:00:00"), ("20260213", "2026-02-13T00:00:00"), ("2026/2/3", "2026-02-03T00:00:00"),
    ("2010.12.06", "2010-12-06T00:00:00"), ("2026-03-02T09:14Z", "2026-03-02T09:14:00"), ("2020-07-09 3:15:52", "2020-07-09T03:15:52"),
    ("2020-07-09 03:15:52.051", "2020-07-09T03:15:52.051000"), ("2026-03-02T09:14+02:00", "2026-03-02T07:14:00"),
    ("2026-03-02 09:14:00 +0530", "2026-03-02T03:44:00"), ("2026-03-02 09:14 -05", "2026-03-02T14:14:00"), ("2026-03-02 09:14 UTC", "2026-03-02T09:14:00"),
    ("2-Jun-06", "2006-06-02T00:00:00"), ("13 februari 2026", "2026-02-13T00:00:00"), ("13 maart 2026", "2026-03-13T00:00:00"),
    ("vr 13 feb. 2026", "2026-02-13T00:00:00"), ("1 mei '26", None), ("2 okt 99", "1999-10-02T00:00:00"), ("2 okt 69", "2069-10-02T00:00:00"),
    ("February 13th, 2026", "2026-02-13T00:00:00"), ("Jun 2, 2006 2:05 PM", "2006-06-02T14:05:00"), ("09/Jan/24 12:55 AM", "2024-01-09T00:55:00"),
    ("Wed Oct 11 06:55:44 +0200 2017", "2017-10-11T04:55:44"), ("Wed, 11 Oct 2017 06:55:44 GMT", "2017-10-11T06:55:44"),
    ("13/02/2026 14.30", "2026-02-13T14:30:00"), ("25/12/70", "1970-12-25T00:00:00"), ("12/25/26 1:00 pm", "2026-12-25T13:00:00"),
    ("31/02/2026", None), ("2026-13-01", None), ("13 vanavond 2026", None), ("13/02/2026 25:00", None), ("1/1/2026 13:00 pm", None),
    ("44927", None), ("1767225600", None), ("never", None), ("", None), ("13/13/2026", None), ("9" * 70, None), ("0000-00-00", None),
    ("9999-12-31T23:59-12:00", None), ("0001-01-01T00:00+12:00", None), ("07/07/2026", "2026-07-07T00:00:00"),
])
def test_one_cell(text: str, wanted: str | None) -> None:
    assert moment(text) == wanted


@pytest.mark.parametrize(("text", "setting", "wanted"), [
    ("1767225600", DateSetting(epoch=True), "2026-01-01T00:00:00"), ("1767225600123", DateSetting(epoch=True), "2026-01-01T00:00:00.123000"),
    ("1767225600.5", DateSetting(epoch=True), "2026-01-01T00:00:00.500000"), ("20260213", DateSetting(epoch=True), "2026-02-13T00:00:00"),
    ("0", DateSetting(epoch=True), "1970-01-01T00:00:00"), ("2026-02-13", DateSetting(epoch=True), "2026-02-13T00:00:00"),
    ("99999999999999", DateSetting(epoch=True), "5138-11-16T09:46:39.999000"), ("999999999999999", DateSetting(epoch=True), None),
    ("44927", DateSetting(serial=True), "2023-01-01T00:00:00"), ("44927.25", DateSetting(serial=True), "2023-01-01T06:00:00"),
    ("2026-07-01 12:00", DateSetting(zone=ZoneInfo("Europe/Amsterdam")), "2026-07-01T10:00:00"),
    ("2026-07-01T12:00Z", DateSetting(zone=ZoneInfo("Europe/Amsterdam")), "2026-07-01T12:00:00"),
    ("2026-07-01", DateSetting(zone=ZoneInfo("Europe/Amsterdam")), "2026-07-01T00:00:00"),
    ("13-07-2026", DateSetting(zone=ZoneInfo("Europe/Amsterdam")), "2026-07-13T00:00:00"),
    ("03/04/2026", DateSetting(order="day"), "2026-04-03T00:00:00"), ("03/04/2026", DateSetting(order="month"), "2026-03-04T00:00:00"),
    ("13/04/2026", DateSetting(order="month"), None),
])
def test_what_a_layout_says_of_a_date_column(text: str, setting: DateSetting, wanted: str | None) -> None:
    assert moment(text, setting) == wanted


def test_numbers_of_eight_digits_are_seconds_when_another_number_is_no_day() -> None:
    read = days(["20260213", "20269999"], DateSetting(epoch=True))
    assert {one.year for one in read.moments.values()} == {1970}


def test_days_of_a_spreadsheet_are_not_taken_for_seconds() -> None:
    assert not days(["44927", "45001.5"], DateSetting(epoch=True)).moments
    assert len(days(["44927", "90000"], DateSetting(epoch=True)).moments) == 2


def test_one_cell_decides_for_the_column() -> None:
    assert days(["03/04/2026", "13/04/2026"], AS_IT_STANDS).moments["03/04/2026"].month == 4
    assert days(["03/04/2026", "04/13/2026"], AS_IT_STANDS).moments["03/04/2026"].month == 3


def test_a_column_that_reads_both_ways_is_left_open() -> None:
    read = days(["03/04/2026", "05/05/2026", "2026-01-02"], AS_IT_STANDS)
    assert (read.doubt, read.in_doubt, len(read.moments)) == ("both", frozenset({"03/04/2026"}), 2)


def test_another_column_may_lend_its_order() -> None:
    read = days(["03/04/2026"], AS_IT_STANDS, fallback="month")
    assert (read.doubt, read.order, read.moments["03/04/2026"].month) == ("", "month", 3)


def test_a_column_that_contradicts_itself_keeps_the_certain_days() -> None:
    read = days(["03/04/2026", "13/04/2026", "04/13/2026"], AS_IT_STANDS, fallback="day")
    assert (read.doubt, read.in_doubt) == ("mixed", frozenset({"03/04/2026"}))
    assert {one.isoformat()[:10] for one in read.moments.values()} == {"2026-04-13"}


def test_moments_of_a_workbook_stand_in_the_zone_of_the_layout_and_days_do_not() -> None:
    setting = DateSetting(zone=ZoneInfo("Europe/Amsterdam"))
    noon, day = datetime(2026, 7, 1, 12), datetime(2026, 7, 1)  # noqa: DTZ001
    read = days([noon, day, 44927.0], setting)
    assert read.moments == {noon: datetime(2026, 7, 1, 10, tzinfo=UTC), day: datetime(2026, 7, 1, tzinfo=UTC)}


FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d")


@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)), st.sampled_from(FORMS))
def test_a_day_survives_every_way_of_writing_it(day: date, form: str) -> None:
    assert moment(day.strftime(form)) == f"{day}T00:00:00"


@given(st.lists(st.dates(date(1970, 1, 1), date(2069, 12, 31)), min_size=1), st.booleans(), st.sampled_from("-/."), st.booleans())
def test_no_day_is_ever_read_as_another(listed: list[date], day_first: bool, mark: str, short: bool) -> None:
    form = mark.join(["%d", "%m"] if day_first else ["%m", "%d"]) + mark + ("%y" if short else "%Y")
    written = {day.strftime(form): day for day in listed}
    read = days(list(written), AS_IT_STANDS)
    if not short or all(1970 <= day.year <= 2069 for day in listed):
        assert all(read.moments[cell].date() == day for cell, day in written.items() if cell in read.moments)
    assert set(written) == set(read.moments) | read.in_doubt
    assert bool(read.in_doubt) == (read.doubt != "")


@given(st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 31)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_an_offset_moves_the_moment_to_utc(local: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    text = f"{local:%d %b %Y %H:%M:%S} {sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    wanted = local.replace(microsecond=0) - timedelta(minutes=minutes)
    assert moment(text) == wanted.isoformat()


@given(st.text(max_size=70))
def test_no_text_is_too_odd_for_a_date_column(text: str) -> None:
    for setting in (AS_IT_STANDS, DateSetting(epoch=True), DateSetting(serial=True)):
        days([text], setting)


@pytest.mark.parametrize(("text", "wanted"), [
    ("12", 12), ("1234", 1234), ("-12", -12), ("12-", -12), ("(12,00)", -12), ("+5", 5), ("1.234,56", 1234.56), ("1,234.56", 1234.56),
    ("1.234.567", 1234567), ("1,234,567", 1234567), ("12,5", 12.5), ("12.50", 12.5), ("0,125", 0.125), (".5", 0.5), ("1234.567", 1234.567),
    ("€ 12", 12), ("€12,50", 12.5), ("-€ 5,50", -5.5), ("€ -5,50", -5.5), ("5,-", 5), ("€ 5,--", 5), ("EUR 1.234,50", 1234.5),
    ("1.234,50 EUR", 1234.5), ("$1,234.50", 1234.5), ("kr 12,50", 12.5), ("1 234,50", 1234.5), ("1\u202f234,50", 1234.5), ("1'234.50", 1234.5),
    ("\u22125,25", -5.25), ("", None), ("-", None), ("abc", None), ("1.23,4", None), ("12,3,4", None), ("1.2.3", None), ("nan", None),
    ("inf", None), ("1e5", None), ("12%", None), ("=1+1", None), ("0x10", None), ("1" * 70, None), ("()", None), ("EUR", None),
])
def test_one_amount(text: str, wanted: float | None) -> None:
    assert amounts([text]).numbers.get(text) == wanted


def test_one_amount_decides_for_the_column() -> None:
    assert amounts(["1.234", "5,50"]).numbers["1.234"] == 1234
    assert amounts(["1.234", "5.50"]).numbers["1.234"] == 1.234


@pytest.mark.parametrize(("decimal", "wanted"), [("comma", 1234), ("point", 1.234)])
def test_a_layout_decides_for_the_column(decimal: Decimal, wanted: float) -> None:
    assert amounts(["1.234"], decimal).numbers["1.234"] == wanted


def test_amounts_that_read_both_ways_are_left_open() -> None:
    read = amounts(["1.234", "12", "5,678"])
    assert (read.doubt, read.in_doubt) == ("both", frozenset({"1.234", "5,678"}))
    assert read.numbers == {"12": 12}


def test_amounts_that_contradict_each_other_keep_the_certain_ones() -> None:
    read = amounts(["1.234", "5,50", "5.50"])
    assert (read.doubt, read.in_doubt) == ("mixed", frozenset({"1.234"}))
    assert read.numbers == {"5,50": 5.5, "5.50": 5.5}


def test_numbers_of_a_workbook_are_taken_as_they_are() -> None:
    read = amounts([1234.5, 7, float("nan"), float("inf"), datetime(2026, 1, 1)])  # noqa: DTZ001
    assert read.numbers == {1234.5: 1234.5, 7: 7}


def test_a_currency_is_known_when_all_cells_agree() -> None:
    assert amounts(["€ 5", "EUR 6", "7"]).currency == "EUR"
    assert amounts(["€ 5", "£ 6"]).currency == ""
    assert amounts(["$ 5"]).currency == ""


@given(st.decimals(-10**9, 10**9, places=2), st.sampled_from([".,", ",.", " ,", "'."]), st.sampled_from(["{}", "€ {}", "{} EUR"]))
def test_an_amount_survives_every_way_of_writing_it(value: float, marks: str, frame: str) -> None:
    written = frame.format(f"{value:,.2f}".replace(",", "g").replace(".", "d").replace("g", marks[0]).replace("d", marks[1]))
    assert amounts([written]).numbers[written] == float(value)


@given(st.lists(st.text("0123456789.,-() €", max_size=12)))
def test_no_amount_is_guessed(cells: list[str]) -> None:
    read = amounts(cells)
    assert not read.in_doubt & set(read.numbers)
    decimals: tuple[Decimal, ...] = ("comma", "point")
    for decimal in decimals:
        other = amounts(cells, decimal)
        assert not other.doubt


@pytest.mark.parametrize(("cell", "wanted"), [
    ("x", "x"), (5, "5"), (5.0, "5"), (5.25, "5.25"), (1e300, "1e+300"), (datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001
    (datetime(2026, 1, 2, 3), "2026-01-02T03:00:00"),  # noqa: DTZ001
])
def test_cells_as_text(cell: str | float | datetime, wanted: str) -> None:
    assert text_of(cell) == wanted
