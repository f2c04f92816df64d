"""Content lines, dates and lengths."""

# ruff: noqa: DTZ001  a wall clock has no zone

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.importers.calendars import lines, reading
from evenwicht.importers.calendars.lines import calendars_in, split, text_of
from evenwicht.importers.calendars.times import Written, length, moment, offset

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("line", "parameters", "value"), [
    ("UID:a:b", {}, "a:b"),
    ("DTSTART;TZID=Europe/Amsterdam:20260302T090000", {"TZID": "Europe/Amsterdam"}, "20260302T090000"),
    ('X;cn="a:b;c";Role=CHAIR:v', {"CN": "a:b;c", "ROLE": "CHAIR"}, "v"),
    ('X;CN="never closed:v', {"CN": "never closed"}, "v"),
    ('X;CN=a;CN=b:"quoted"', {"CN": "a"}, '"quoted"'),
    ("X;CN=:v", {"CN": ""}, "v"), ("X;CN:v", {}, "v"), ("X; CN = a : v ", {"CN": "a"}, "v"), ("X", {}, ""), ('X"', {}, ""), ("X:", {}, ""),
])
def test_parameters_and_value(line: str, parameters: dict[str, str], value: str) -> None:
    assert split(line) == (parameters, value)


def test_escapes_and_control_characters() -> None:
    assert text_of(r" a\, b\; c\\n\nd\x ") == r"a, b; c\n d\x"
    assert text_of("a\x00b\r\nc") == "a b  c"


@pytest.mark.parametrize("width", [1, 2, 5, 75])
def test_folding_at_any_width_changes_nothing(width: int) -> None:
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:zoë-€-1\nATTENDEE;CN=\"Zoë\":mailto:zoe@acme.com\nEND:VEVENT\nEND:VCALENDAR\n"
    folded = b"\r\n".join(
        b"\r\n ".join(line[place:place + width] for place in range(0, len(line), width)) for line in text.encode().splitlines()
    )
    (calendar,) = calendars_in(folded)
    (event,) = calendar.events
    assert event.text("UID") == "zoë-€-1"
    assert event.lines["ATTENDEE"] == ['ATTENDEE;CN="Zoë":mailto:zoe@acme.com']


def test_what_stands_inside_an_alarm_is_not_the_events_own() -> None:
    data = b"BEGIN:VEVENT\nUID:a\nBEGIN:VALARM\nUID:b\nATTENDEE:mailto:x@y.nl\nEND:VALARM\nDTSTART:20260302\nEND:VEVENT\n"
    (event,) = calendars_in(data)[0].events
    assert (event.lines["UID"], "ATTENDEE" in event.lines, event.text("DTSTART")) == (["UID:a"], False, "20260302")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    data = b"BEGIN:VCALENDAR\r\nX-NOTE:a\r\n b\r\n\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n"
    assert [event.line for event in calendars_in(data)[0].events] == [5, 7]


def test_several_calendars_keep_their_own_heads() -> None:
    data = b"".join(b"BEGIN:VCALENDAR\nMETHOD:%s\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n" % name for name in (b"REQUEST", b"CANCEL"))
    assert [(one.head.text("METHOD"), len(one.events)) for one in calendars_in(data)] == [("REQUEST", 1), ("CANCEL", 1)]


def test_more_events_than_are_read_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_EVENTS", 3)
    (calendar,) = calendars_in(b"BEGIN:VEVENT\nEND:VEVENT\n" * 5)
    assert (len(calendar.events), calendar.too_many) == (3, 2)
    assert reading.MAX_EVENTS >= 100_000


def test_a_line_is_read_up_to_its_limit() -> None:
    (calendar,) = calendars_in(b"BEGIN:VEVENT\nUID:" + b"x" * 1_000_000 + b"\nEND:VEVENT\n")
    assert len(calendar.events[0].lines["UID"][0]) == lines.MAX_LINE


PIECES = [b"BEGIN:", b"END", b"VEVENT", b"VCALENDAR", b"\n", b"\n ", b"\r\n\t", b"\n\n", b" ", b":", b";", b"UID", b"uid:", b"Dt", b"START:2", b"ATTENDEE;",
          b"X-A:", b"\x00", "é".encode(), b"\xe9"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"".join(pieces)))
def test_one_text_and_line_by_line_give_the_same(data: bytes) -> None:
    assert calendars_in(data) == lines._line_by_line(lines.as_utf8(data))


def test_real_calendars_give_the_same_line_by_line(shared: Path | None) -> None:
    for path in sorted((shared / "fixtures" / "ics").glob("*.ics")) if shared is not None else ():
        data = path.read_bytes()
        assert calendars_in(data) == lines._line_by_line(lines.as_utf8(data)), path.name


def test_lines_beyond_what_an_event_may_have_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lines._PER_EVENT, "ATTENDEE", 2)
    (calendar,) = calendars_in(b"BEGIN:VEVENT\n" + b"ATTENDEE:mailto:a@b.nl\n" * 5 + b"END:VEVENT\n")
    assert (len(calendar.events[0].lines["ATTENDEE"]), calendar.events[0].skipped) == (2, 3)


@given(st.lists(st.sampled_from([b"BEGIN:", b"END:", b"VEVENT", b"VCALENDAR", b"\n", b"\r", b" ", b":", b";", b"\x00", b"UID", b"\xff"])).map(b"".join))
def test_any_nesting_can_be_read(data: bytes) -> None:
    for calendar in calendars_in(data):
        assert all(event.kind == "VEVENT" for event in calendar.events)


@pytest.mark.parametrize(("text", "wanted"), [
    ("20260302T090000Z", Written(datetime(2026, 3, 2, 9), is_utc=True)), ("20260302T090000", Written(datetime(2026, 3, 2, 9))),
    ("20260302", Written(datetime(2026, 3, 2), is_day=True)), ("2026-03-02T09:00:00Z", Written(datetime(2026, 3, 2, 9), is_utc=True)),
    ("2026-03-02", Written(datetime(2026, 3, 2), is_day=True)), ("20260302T0900", Written(datetime(2026, 3, 2, 9))),
    ("20260302T090000+0100", Written(datetime(2026, 3, 2, 8), is_utc=True)), ("20260302T090000.123Z", Written(datetime(2026, 3, 2, 9), is_utc=True)),
    ("20260302T235960Z", Written(datetime(2026, 3, 2, 23, 59, 59), is_utc=True)), ("20260302T240000", Written(datetime(2026, 3, 3))),
    (" 20260302t090000z ", Written(datetime(2026, 3, 2, 9), is_utc=True)), ("20260230T090000", None), ("20260302T250000Z", None), ("00000000T000000Z", None), ("", None), ("99991231T240000", None),
    ("202103206T200210Z", None), ("00010101T000000+0200", None), ("２０２６０３０２", None),
])
def test_moments(text: str, wanted: Written | None) -> None:
    assert moment(text) == wanted


@pytest.mark.parametrize(("text", "minutes"), [
    ("PT1H30M", 90), ("P1W", 10_080), ("P1DT2H", 1_560), ("-PT15M", -15), ("+PT15M", 15), ("PT90S", 1.5), ("pt1h", 60), ("PT0S", 0), ("P1H", 60),
    ("P", None), ("PT", None), ("1H", None), ("PT1Y", None), ("", None), ("PT99999999999999S", None),
])
def test_lengths(text: str, minutes: float | None) -> None:
    found = length(text)
    assert (None if found is None else found / timedelta(minutes=1)) == minutes


@pytest.mark.parametrize(("text", "seconds"), [("+0100", 3_600), ("-05:30", -19_800), ("+013045", 5_445), ("Z", 0), ("+9900", None), ("0100", None), ("", None)])
def test_offsets(text: str, seconds: int | None) -> None:
    found = offset(text)
    assert (None if found is None else found.total_seconds()) == seconds
