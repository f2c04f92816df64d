"""What clock times mean: names of zones in every spelling, and the file's own zones."""

# ruff: noqa: DTZ001  a wall clock has no zone

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.importers.calendars.lines import calendars_in
from evenwicht.importers.calendars.recurrence import Budget
from evenwicht.importers.calendars.zones import Zones, clean, described, named, stated

SUMMER, WINTER = datetime(2026, 7, 1, 10), datetime(2026, 1, 5, 10)


def ahead(name: str, clock: datetime = SUMMER, text: str = "") -> float | None:
    zones = calendars_in(text.encode())[0].zones if text else []
    zone = Zones(zones, 2027, Budget()).find(name)
    return None if zone is None else (clock.replace(tzinfo=UTC) - zone(clock)) / timedelta(hours=1)


@pytest.mark.parametrize(("name", "summer", "winter"), [
    ("Europe/Amsterdam", 2, 1), ("europe/amsterdam", 2, 1), ("/Europe/Stockholm", 2, 1), ("America/Los Angeles", -7, -8), ("UTC", 0, 0), ("Z", None, None),
    ("US/Eastern", -4, -5), ("Japan", 9, 9), ("Etc/GMT-2", 2, 2), ("GMT", 0, 0), ("TZID=Europe/Paris", 2, 1),
    ("/freeassociation.sourceforge.net/Tzfile/Europe/London", 1, 0), ("/softwarestudio.org/Olson_20011030_5/America/New_York", -4, -5),
    ("/mozilla.org/20050126_1/America/Argentina/Buenos_Aires", -3, -3),
    ("W. Europe Standard Time", 2, 1), ("FLE Standard Time", 3, 2), ("romance standard time", 2, 1), ("Pacific Standard Time", -7, -8),
    ("India Standard Time", 5.5, 5.5), ("Tokyo Standard Time", 9, 9), ("UTC-11", -11, -11), ("Arabian Standard Time", 4, 4),
    ("(UTC-05:00) Eastern Time (US & Canada)", -4, -5), ("(GMT-08:00) Pacific Time (US & Canada); Tijuana", -7, -8),
    ("Pacific Time (US & Canada)\\, Tijuana", -7, -8), ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", 2, 1),
    ("(GMT+01.00) Brussels, Copenhagen, Madrid, Paris", 2, 1), ("(UTC) Dublin, Edinburgh, Lisbon, London", 1, 0),
    ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", 1, 0), ("(GMT+10:00) Canberra, Melbourne, Sydney", 10, 11), ("Kuala Lumpur, Singapore", 8, 8),
    ("(UTC-03:00) Brasília", -3, -3), ("(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius", 3, 2), ("Eastern", -4, -5),
    ("(UTC) Coordinated Universal Time", 0, 0), ("tzone://Microsoft/Utc", 0, 0), ("Europe/Germany", 2, 1), ("Western/Central Europe", 2, 1),
    ("UTC+11", 11, 11), ("GMT+0100", 1, 1), ("UTC-03:30", -3.5, -3.5), ("+0200", 2, 2), ("(GMT +01:00)", 1, 1),
    ("Customized Time Zone", None, None), ("tzone://Microsoft/Custom", None, None), ("(UTC+03:00) Atlantis", None, None), ("", None, None),
    ("localtime", None, None), ("Europe", None, None), ("../../etc/passwd", None, None), ("/etc/localtime", None, None), ("zone.tab", None, None),
    ("x" * 5_000, None, None), ("UTC+99", None, None), ("\x00", None, None), ("Factory", None, None), ("a/" * 500, None, None),
])
def test_a_name_in_summer_and_in_winter(name: str, summer: float | None, winter: float | None) -> None:
    assert (ahead(name), ahead(name, WINTER)) == (summer, winter)


@pytest.mark.parametrize(("name", "hours"), [
    ("(UTC+03:00) Atlantis", 3), ("(GMT-9:30) Sea", -9.5), ("UTC+5 somewhere", 5), ("(UTC) Atlantis", None), ("Atlantis", None), ("(UTC+27:00) Moon", None),
    ("", None),
])
def test_an_unknown_name_may_state_its_offset(name: str, hours: float | None) -> None:
    found = stated(name)
    assert (None if found is None else found / timedelta(hours=1)) == hours


def test_names_are_cleaned() -> None:
    assert clean('"TZID=TZID:Europe/Germany"') == "Europe/Germany"
    assert clean(r"Pacific Time (US & Canada)\, Tijuana") == "Pacific Time (US & Canada), Tijuana"


OWN = """BEGIN:VCALENDAR
{}BEGIN:VTIMEZONE
TZID:Own
BEGIN:STANDARD
DTSTART:{}
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:{}
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
END:VCALENDAR
"""


@pytest.mark.parametrize("first", [("16010101T030000", "16010101T020000"), ("19961027T030000", "19970330T020000")])
@given(clock=st.datetimes(datetime(2000, 1, 1), datetime(2026, 12, 31)))
def test_a_zone_of_the_file_agrees_with_the_zone_it_copies(first: tuple[str, str], clock: datetime) -> None:
    zone = Zones(calendars_in(OWN.format("", *first).encode())[0].zones, 2027, Budget()).find("Own")
    assert zone is not None
    assert zone(clock) == clock.replace(tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)


@pytest.mark.parametrize(("lines", "hours"), [
    ("BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\n", 5.5),
    ("BEGIN:STANDARD\nTZOFFSETTO:+0530\nEND:STANDARD\n", 5.5),
    ("BEGIN:STANDARD\nDTSTART:20300101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0400\nEND:STANDARD\n", 3),
    ("BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nRDATE:20260601T000000,20260801T000000\nEND:STANDARD\n", 1),
    ("BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:-001736\nTZOFFSETTO:-001736\nEND:STANDARD\n", -1056 / 3600),
    ("BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:x\nTZOFFSETTO:+0100\nRRULE:FREQ=SECONDLY\nRRULE:FREQ=ODD\nEND:STANDARD\n", 1),
    (("BEGIN:DAYLIGHT\nDTSTART:19700301T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;UNTIL=19800301T000000Z\nEND:DAYLIGHT\n"
     "BEGIN:STANDARD\nDTSTART:19701001T000000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;UNTIL=19801001T000000Z\nEND:STANDARD\n"), 1),
    ("", None), ("BEGIN:STANDARD\nEND:STANDARD\n", None), ("BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETTO:+9900\nEND:STANDARD\n", None),
])
def test_zones_of_files_as_they_come(lines: str, hours: float | None) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Own\n{lines}END:VTIMEZONE\nEND:VCALENDAR\n"
    assert ahead("Own", text=text) == hours


def test_a_name_that_everyone_knows_goes_before_the_copy_in_the_file() -> None:
    text = OWN.format("", "16010101T030000", "16010101T020000").replace("TZID:Own", "TZID:Asia/Tokyo")
    assert ahead("Asia/Tokyo", text=text) == 9


def test_the_zone_of_the_file_goes_before_a_guess_at_its_name() -> None:
    text = OWN.format("", "16010101T030000", "16010101T020000").replace("TZID:Own", "TZID:Tokyo")
    assert ahead("Tokyo", text=text) == 2


def test_a_zone_without_an_end_does_not_cost_the_file_its_time() -> None:
    budget = Budget(10)
    Zones(calendars_in(OWN.format("", "16010101T030000", "16010101T020000").encode())[0].zones, 2027, budget).find("Own")
    assert budget.steps < 0


@given(st.text(max_size=40))
def test_no_name_raises(name: str) -> None:
    ahead(name)
    named(name)
    described(name)
    stated(name)
