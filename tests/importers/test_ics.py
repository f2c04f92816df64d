"""Calendars: the samples, and what must not be lost or counted twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.importers import ics
from evenwicht.importers.calendars import lines
from evenwicht.importers.calendars import reading as reading_room
from evenwicht.importers.calendars import rows as rows_room
from evenwicht.importers.calendars.owner import Owner, owner_of
from evenwicht.importers.calendars.reading import events_of
from evenwicht.importers.calendars.recurrence import Budget
from evenwicht.importers.source import Exclusions, Head, Reading, Source
from evenwicht.ledger.notation import fields_written, parsed
from evenwicht.ledger.persons import Pseudonyms

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "ics"
FATES = {
    "meeting", "cancelled", "private", "all_day", "internal", "without_attendees", "without_organiser", "ahead",
    "superseded", "unreadable", "reply", "excluded",
}


def source(path: Path = Path("agenda.ics"), **given: object) -> Source:
    return replace(Source(path, path.name, NOW, lambda address: f"p:{address}"), **given)


def reading_of(text: str, **given: object) -> Reading:
    reading = Reading(label="agenda.ics")
    events_of([text.encode()], reading, source(**given), "")
    return reading


def event(*lines: str, uid: str = "a@birch.nl", who: str = "ann@birch.nl", whom: str = "dee@acme.com") -> str:
    people = [f"ORGANIZER:mailto:{who}", f"ATTENDEE:mailto:{whom}"]
    times = [] if any(line.startswith("DTSTART") for line in lines) else ["DTSTART:20260302T090000Z", "DURATION:PT30M"]
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *times, *people, *lines, "END:VEVENT", ""])


def calendar(*events: str, head: str = "VERSION:2.0\n") -> str:
    return f"BEGIN:VCALENDAR\n{head}{''.join(events)}END:VCALENDAR\n"


def meetings(reading: Reading) -> list[tuple[str, str, float | None, str]]:
    return [(found.id, found.receiver, found.amount, f"{found.at:%Y-%m-%dT%H:%M}") for found in reading.events
            if found.kind == "meeting"]


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.ics")))
def test_a_sample_gives_its_ledger(name: str) -> None:
    path = SAMPLES / f"{name}.ics"
    assert ics.identify(Head.of(path))
    found = ics.read(source(path))
    lines = [line for line in (SAMPLES / f"{name}.ledger").read_text(encoding="utf-8").splitlines()
             if line.strip() and not line.startswith(("#", "!"))]
    kept = [one for one in found.events if one.kind != "reply"]  # pseudonyms stand in their ids
    assert len(kept) == len(lines)
    by_identity = {(one.id, one.kind, one.giver, one.receiver): one for one in found.events}
    for line in lines:
        wanted = parsed(line)
        got = by_identity[wanted.id, wanted.kind, wanted.giver, wanted.receiver]
        names = {"at", "amount", "unit", "answers", "due", "shared", *(fields_written(line) & {"thread", "version"})}
        assert {name: getattr(got, name) for name in names} == {name: getattr(wanted, name) for name in names}


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.ics")))
def test_a_sample_has_its_problems_and_no_others(name: str) -> None:
    found = ics.read(source(SAMPLES / f"{name}.ics"))
    wanted = [line[1:].split(maxsplit=1) for line in (SAMPLES / f"{name}.ledger").read_text(encoding="utf-8").splitlines()
              if line.startswith("!")]
    left = [(problem.place, str(problem.what_phrase)) for problem in found.problems]
    for place, text in wanted:
        fits = [one for one in left if one[0] == place and text in one[1]]
        assert fits, (place, text, left)
        left.remove(fits[0])
    assert not left
    assert all(str(problem.remedy_phrase).endswith(".") for problem in found.problems)


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.ics")))
def test_every_event_has_one_fate(name: str) -> None:
    counted = ics.read(source(SAMPLES / f"{name}.ics")).counted
    assert counted["calendar_event"] == sum(counted[fate] for fate in FATES)


@pytest.mark.parametrize("start", [
    b"BEGIN:VCALENDAR\r\n", b"\xef\xbb\xbf\r\n begin:vcalendar\n", b"Begin:VCalendar", "\ufeffBEGIN:VCALENDAR".encode("utf-16-le"),
    b"BEGIN:VEVENT\n",
])
def test_it_knows_a_calendar_by_its_content(start: bytes) -> None:
    assert ics.identify(Head(Path("no.name"), len(start), start))


@pytest.mark.parametrize("start", [
    b"", b"BEGIN:VCARD\r\n", b"From: x\n\nBEGIN:VCALENDAR", b"\xff\xfeB", b"<BEGIN:VCALENDAR>", b"BEGIN:VCAL",
])
def test_it_leaves_other_files_alone(start: bytes) -> None:
    assert not ics.identify(Head(Path("agenda.ics"), len(start), start))


def test_a_file_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    found = ics.read(source(tmp_path / "gone.ics"))
    assert [problem.severity for problem in found.problems] == ["error"]
    assert not found.events


def test_a_file_that_is_too_large_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.ics"
    path.write_text(calendar(event()))
    monkeypatch.setattr(ics, "MAX_BYTES", 10)
    found = ics.read(source(path))
    assert "more than" in str(found.problems[0].what_phrase)
    assert not found.events


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_encodings_and_line_ends_do_not_matter(encoding: str, end: str) -> None:
    reading = Reading(label="x")
    events_of([calendar(event(uid="zoë")).replace("\n", end).encode(encoding)], reading, source(), "")
    assert meetings(reading) == [("zoë", "acme.com", 30.0, "2026-03-02T09:00")]


def test_bytes_that_are_no_utf8_are_read_as_windows_does() -> None:
    reading = Reading(label="x")
    events_of([calendar(event(uid="zoë")).encode("cp1252")], reading, source(), "")
    assert meetings(reading)[0][0] == "zoë"


def test_persons_are_pseudonyms_and_nothing_else_of_them_is_kept() -> None:
    text = calendar(event("SUMMARY:Talk with Dee Vries", "DESCRIPTION:secret", "ATTENDEE;CN=Eve:mailto:eve@acme.com"))
    found = reading_of(text, pseudonym=Pseudonyms(b"key"))
    meeting, attendance = found.events
    both = " ".join(sorted(filter(None, map(Pseudonyms(b"key"), ("dee@acme.com", "eve@acme.com")))))
    assert (meeting.person, meeting.counter_person) == (Pseudonyms(b"key")("ann@birch.nl"), both)
    assert (attendance.person, attendance.counter_person) == (meeting.counter_person, meeting.person)
    everything = repr(found)
    assert not any(word in everything for word in ("Vries", "secret", "eve@", "dee@", "ann@"))


def test_without_a_key_there_are_no_persons() -> None:
    found = reading_of(calendar(event()), pseudonym=lambda _address: None)
    assert {(one.person, one.counter_person) for one in found.events} == {(None, None)}


@pytest.mark.parametrize(("attendee", "heads"), [
    ("ATTENDEE:mailto:eve@acme.com", 2), ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@acme.com", 2),
    ("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:eve@acme.com", 1), ("ATTENDEE;PARTSTAT=DECLINED:mailto:eve@acme.com", 1),
    ("ATTENDEE;PARTSTAT=TENTATIVE:mailto:eve@acme.com", 1), ("ATTENDEE;PARTSTAT=DELEGATED:mailto:eve@acme.com", 1),
    ("attendee;partstat=accepted:EVE@ACME.COM", 2), ("ATTENDEE:mailto:dee@acme.com", 1),
    ("ATTENDEE;ROLE=NON-PARTICIPANT:mailto:eve@acme.com", 1), ("ATTENDEE;CN=\"Eve, x: y\":<mailto:eve@acme.com>", 2),
    ("ATTENDEE;EMAIL=eve@acme.com:invalid:nomail", 2), ("ATTENDEE;CN=Eve: of Acme:MAILTO:eve@acme.com", 2),
    ("ATTENDEE:mailto:eve%40acme.com", 2), ("ATTENDEE:mailto:mailto:eve@acme.com", 2), ("ATTENDEE:", 1), ("ATTENDEE;", 1),
    ("ATTENDEE:mailto:zaal4@acme.com", 1), ("ATTENDEE:mailto:meeting-room.3@acme.com", 1), ("ATTENDEE:mailto:vergaderzaal_oost@acme.com", 1),
    ("ATTENDEE:mailto:x@rooms.acme.com", 1), ("ATTENDEE:mailto:zaalberg@acme.com", 2), ("ATTENDEE:mailto:roomservice@acme.com", 2),
    ("ATTENDEE:mailto:room-1@resource.calendar.google.com", 1), ("ATTENDEE:mailto:unknownorganizer@calendar.google.com", 1),
    ("ATTENDEE;SENT-BY=\"mailto:zed@acme.com\":mailto:eve@acme.com", 2),
])
def test_who_counts_as_a_head(attendee: str, heads: int) -> None:
    found = reading_of(calendar(event(attendee)))
    assert [(one.receiver, one.amount) for one in found.events] == [("acme.com", 30.0), ("birch.nl", 30.0 * heads)]


def test_an_organiser_who_declined_his_own_meeting_is_no_head() -> None:
    own = [reading_of(calendar(event(f"ATTENDEE;PARTSTAT={answer}:mailto:ann@birch.nl"))).events[0].amount
           for answer in ("ACCEPTED", "NEEDS-ACTION", "DECLINED")]
    assert own == [30.0, 30.0, 0.0]


def test_a_free_mail_address_is_a_party_and_a_service_is_none() -> None:
    text = calendar(event("ATTENDEE:mailto:jan@gmail.com", "ATTENDEE:mailto:bot@zoom.us", "ATTENDEE:mailto:x@localhost"))
    assert [receiver for _id, receiver, _amount, _at in meetings(reading_of(text))] == ["acme.com", "jan@gmail.com"]


def test_parties_are_mentioned_once() -> None:
    found = reading_of(calendar(event(), event(uid="b")))
    assert [mention.identifiers for mention in found.mentions] == [("acme.com",), ("birch.nl",)]


@pytest.mark.parametrize(("lines", "minutes"), [
    (("DTSTART:20260302T090000Z", "DTEND:20260302T094500Z"), 45.0),
    (("DTSTART:20260302T090000Z", "DTEND:20260302T094500Z", "DURATION:PT5H"), 45.0),
    (("DTSTART:20260302T090000Z", "DURATION:P1DT30M"), 1470.0),
    (("DTSTART;TZID=Europe/Amsterdam:20260302T090000", "DTEND:20260302T094500"), 45.0),
    (("DTSTART;TZID=Europe/Amsterdam:20260302T090000", "DTEND;TZID=Nowhere at all:20260302T094500"), 45.0),
    (("DTSTART;TZID=Europe/Amsterdam:20260329T013000", "DTEND;TZID=Europe/Amsterdam:20260329T033000"), 60.0),
    (("DTSTART:20260302T090000Z", "DTEND:20260302T090000Z"), 0.0),
    (("DTSTART:20260302T090000Z",), None),
    (("DTSTART:20260302T090000Z", "DTEND:some day"), None),
    (("DTSTART:20260302T090000Z", "DTEND;VALUE=DATE:20260303"), None),
    (("DTSTART:20260302T090000Z", "DURATION:-PT5M"), None),
    (("DTSTART:20260302T090000Z", "DTEND:20270302T090000Z"), None),
])
def test_how_long_it_lasts(lines: tuple[str, ...], minutes: float | None) -> None:
    assert [one.amount for one in reading_of(calendar(event(*lines))).events] == [minutes, minutes]


def test_a_length_that_cannot_be_is_said_once_a_series() -> None:
    lines = ("DTSTART:20260302T090000Z", "DTEND:20260302T080000Z", "RRULE:FREQ=DAILY;COUNT=5")
    found = reading_of(calendar(event(*lines)))
    assert len(found.events) == 10
    assert len(found.problems) == 1


def test_meetings_ahead_have_not_been_held() -> None:
    found = reading_of(calendar(event("DTSTART:20261125T090000Z"), event("DTSTART:20261125T090000Z", "RRULE:FREQ=DAILY", uid="b"),
                                event("DTSTART:20261122T090000Z", "RRULE:FREQ=DAILY", uid="c")))
    assert [one[3] for one in meetings(found)] == ["2026-11-22T09:00", "2026-11-23T09:00"]
    assert found.counted["ahead"] == 2
    assert not found.problems


def test_the_second_dtstart_is_read_where_the_first_cannot_be() -> None:
    assert meetings(reading_of(calendar(event("DTSTART:today", "DTSTART:20260302T100000Z"))))[0][3] == "2026-03-02T10:00"


@pytest.mark.parametrize("start", ["DTSTART:", "DTSTART:00111203T000000Z", "DTSTART:99991231T235959Z", "DTSTART:20260230"])
def test_a_start_that_is_no_date_loses_one_event_only(start: str) -> None:
    found = reading_of(calendar(event(start), event(uid="b")))
    assert [one[0] for one in meetings(found)] == ["b"]
    assert [(problem.severity, problem.place) for problem in found.problems] == [("error", "3")]


@pytest.mark.parametrize("bad", [
    "BEGIN:VEVENT\n", "END:VEVENT\n", "BEGIN:VALARM\n", "END:VALARM\nEND:X\n", "garbage\n", ":::\n;;;\n", "BEGIN:VEVENT\nUID:z\n",
    "BEGIN:VTIMEZONE\nTZID:x\n", "\x00\x01\x02\n", " leading space\n", "END:VCALENDAR\n", "BEGIN:VCALENDAR\n", "BEGIN:\n", "X\n",
    "BEGIN:X\n" * 60, "BEGIN:VEVENT;X=1:VEVENT\n",
])
def test_rubbish_between_events_loses_none_of_them(bad: str) -> None:
    found = reading_of(calendar(event(uid="a"), bad, event(uid="b")))
    assert [one[0] for one in meetings(found)] == ["a", "b"]


def test_events_without_a_uid_are_known_by_what_they_say() -> None:
    first = event(uid="").replace("UID:\n", "")
    other = first.replace("20260302", "20260303")
    once, twice = meetings(reading_of(calendar(first, other))), meetings(reading_of(calendar(other, first, first)))
    assert len(once) == 2
    assert {one[0] for one in once} == {one[0] for one in twice}
    assert all(one[0].startswith("sha256:") for one in once)


def test_a_uid_of_a_megabyte_is_hashed() -> None:
    assert len(meetings(reading_of(calendar(event(uid="x" * 1_000_000))))[0][0]) == len("sha256:") + 64


# Versions


@pytest.mark.parametrize("turned", [False, True])
def test_the_highest_sequence_holds_in_any_order(turned: bool) -> None:
    versions = [event("SEQUENCE:0", "DTSTART:20260302T090000Z"), event("SEQUENCE:10", "DTSTART:20260304T090000Z"),
                event("SEQUENCE:9", "DTSTAMP:20260901T000000Z", "DTSTART:20260303T090000Z")]
    found = reading_of(calendar(*(reversed(versions) if turned else versions)))
    assert [(one[3], found.events[0].version) for one in meetings(found)] == [("2026-03-04T09:00", 10)]
    assert found.counted["superseded"] == 2


def test_of_equal_sequences_the_one_written_later_holds() -> None:
    found = reading_of(calendar(event("DTSTAMP:20260202T000000Z", "DTSTART:20260303T090000Z"),
                                event("DTSTAMP:20260201T000000Z", "DTSTART:20260304T090000Z")))
    assert meetings(found)[0][3] == "2026-03-03T09:00"
    assert not found.problems


def test_two_times_and_nothing_that_tells_which_is_a_problem() -> None:
    found = reading_of(calendar(event("DTSTART:20260303T090000Z"), event("DTSTART:20260304T090000Z")))
    assert meetings(found)[0][3] == "2026-03-04T09:00"
    assert ["which is newer" in str(problem.what_phrase) for problem in found.problems] == [True]


def test_the_same_event_twice_is_one_and_no_problem() -> None:
    found = reading_of(calendar(event(), event()))
    assert len(meetings(found)) == 1
    assert not found.problems


def test_a_cancelled_meeting_stands_above_itself_with_nothing_given() -> None:
    found = reading_of(calendar(event("STATUS:CANCELLED", "SEQUENCE:4")))
    assert [(one.kind, one.amount, one.version) for one in found.events] == [("meeting", 0.0, 5), ("attendance", 0.0, 5)]
    assert found.counted["cancelled"] == 1


def test_a_cancelled_series_cancels_every_instance() -> None:
    series = event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;COUNT=3")
    gone = calendar("BEGIN:VEVENT\nUID:a@birch.nl\nSEQUENCE:1\nEND:VEVENT\n", head="METHOD:CANCEL\n")
    found = reading_of(calendar(series) + gone)
    assert [(one[0][-16:], one[2]) for one in meetings(found)] == [
        ("20260302T090000Z", 0.0), ("20260303T090000Z", 0.0), ("20260304T090000Z", 0.0),
    ]


def test_a_cancellation_of_one_instance_needs_no_start() -> None:
    found = reading_of(calendar(event("RECURRENCE-ID:20260303T090000Z", "DTSTART:nothing"), head="METHOD:CANCEL\n"))
    assert meetings(found) == [("a@birch.nl/20260303T090000Z", "acme.com", 0.0, "2026-03-03T09:00")]
    assert not found.problems


def test_a_cancellation_of_something_unknown_is_counted() -> None:
    found = reading_of(calendar("BEGIN:VEVENT\nUID:x\nATTENDEE:mailto:a@b.nl\nEND:VEVENT\n", head="METHOD:CANCEL\n"))
    assert not found.events
    assert not found.problems
    assert found.counted["cancelled"] == 1


def test_a_reply_changes_one_instance() -> None:
    series = event("DTSTART:20260302T090000Z", "DURATION:PT30M", "RRULE:FREQ=DAILY;COUNT=3")
    answer = ("BEGIN:VEVENT\nUID:a@birch.nl\nRECURRENCE-ID:20260303T090000Z\nDTSTART:20260303T090000Z\n"
              "ATTENDEE;PARTSTAT=DECLINED:mailto:dee@acme.com\nEND:VEVENT\n")
    found = reading_of(calendar(series) + calendar(answer, head="METHOD:REPLY\n"))
    assert [one.amount for one in found.events if one.kind == "attendance"] == [30.0, 0.0, 30.0]
    assert found.counted["reply"] == 1


@pytest.mark.parametrize("method", ["COUNTER", "REFRESH", "DECLINECOUNTER", "REPLY"])
def test_what_an_attendee_sends_is_no_meeting(method: str) -> None:
    found = reading_of(calendar(event(), head=f"METHOD:{method}\n"))
    assert not found.events
    assert found.counted["reply"] == 1


# Series


def test_an_instance_changed_and_everything_after_it() -> None:
    text = calendar(
        event("DTSTART:20260302T090000Z", "DURATION:PT30M", "RRULE:FREQ=WEEKLY;COUNT=4"),
        event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260316T090000Z", "DTSTART:20260317T100000Z", "DURATION:PT1H"),
    )
    found = {(one[0].rpartition("/")[2], one[3], one[2]) for one in meetings(reading_of(text))}
    assert found == {
        ("20260302T090000Z", "2026-03-02T09:00", 30.0), ("20260309T090000Z", "2026-03-09T09:00", 30.0),
        ("20260316T090000Z", "2026-03-17T10:00", 60.0), ("20260323T090000Z", "2026-03-24T10:00", 60.0),
    }


def test_an_instance_known_by_its_day_replaces_the_one_of_that_day() -> None:
    text = calendar(
        event("DTSTART;TZID=Europe/Amsterdam:20260302T090000", "RRULE:FREQ=DAILY;COUNT=2"),
        event("RECURRENCE-ID;VALUE=DATE:20260303", "DTSTART:20260305T090000Z"),
    )
    assert [one[3] for one in meetings(reading_of(text))] == ["2026-03-02T08:00", "2026-03-05T09:00"]


def test_a_private_instance_is_left_out_of_its_series() -> None:
    text = calendar(event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;COUNT=3"),
                    event("RECURRENCE-ID:20260303T090000Z", "DTSTART:20260303T090000Z", "CLASS:CONFIDENTIAL"))
    assert [one[3] for one in meetings(reading_of(text))] == ["2026-03-02T09:00", "2026-03-04T09:00"]


def test_an_added_date_is_an_instance_of_its_own() -> None:
    added = calendar(event("DTSTART:20260310T090000Z", "SEQUENCE:1"), head="METHOD:ADD\n")
    found = reading_of(calendar(event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;COUNT=2")) + added)
    assert [one[0].rpartition("/")[2] for one in meetings(found)] == ["20260302T090000Z", "20260303T090000Z", "20260310T090000Z"]


@pytest.mark.parametrize(("line", "left"), [
    ("EXDATE:20260303T090000Z", [2, 4]), ("EXDATE:20260303T090000Z,20260304T090000Z", [2]),
    ("EXDATE;VALUE=DATE:20260303", [2, 4]), ("EXDATE;TZID=Europe/Amsterdam:20260303T100000", [2, 4]),
    ("EXDATE:20260303T090000", [2, 4]), ("EXDATE:rubbish", [2, 3, 4]), ("EXDATE:20260302T090000Z", [3, 4]),
    ("EXRULE:FREQ=DAILY;INTERVAL=2", [3]), ("EXRULE:FREQ=SECONDLY", [2, 3, 4]), ("RDATE:20260310T090000Z", [2, 3, 4, 10]),
    ("RDATE;VALUE=DATE:20260310,20260311", [2, 3, 4, 10, 11]), ("RDATE;VALUE=PERIOD:20260310T090000Z/PT2H", [2, 3, 4, 10]),
    ("RDATE:20990310T090000Z", [2, 3, 4]), ("RDATE:", [2, 3, 4]),
])
def test_dates_taken_out_and_added(line: str, left: list[int]) -> None:
    text = calendar(event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;COUNT=3", line))
    assert [int(one[3][8:10]) for one in meetings(reading_of(text))] == left


@pytest.mark.parametrize("period", ["20260310T090000Z/PT2H", "20260310T090000Z/20260310T110000Z"])
def test_a_period_brings_its_own_length(period: str) -> None:
    text = calendar(event("DTSTART:20260302T090000Z", "DURATION:PT30M", f"RDATE;VALUE=PERIOD:{period}"))
    assert [one[2] for one in meetings(reading_of(text))] == [30.0, 120.0]


@pytest.mark.parametrize(("until", "count"), [
    ("20260304T090000Z", 3), ("20260304T085959Z", 2), ("20260304", 3), ("20260304T100000", 3), ("20260301", 1),
])
def test_until_is_inclusive_and_a_day_is_a_whole_day(until: str, count: int) -> None:
    text = calendar(event("DTSTART;TZID=Europe/Amsterdam:20260302T100000", f"RRULE:FREQ=DAILY;UNTIL={until}"))
    assert len(meetings(reading_of(text))) == count


def test_an_endless_series_keeps_its_latest_two_thousand() -> None:
    found = reading_of(calendar(event("DTSTART:19900101T090000Z", "DURATION:PT15M", "RRULE:FREQ=DAILY")))
    held = meetings(found)
    assert len(held) == 2_000
    assert held[-1][3] == "2026-11-23T09:00"
    assert [problem.severity for problem in found.problems] == ["warning"]


def test_a_series_of_thirty_years_keeps_its_latest_twenty() -> None:
    found = meetings(reading_of(calendar(event("DTSTART:19900115T090000Z", "DURATION:PT15M", "RRULE:FREQ=MONTHLY"))))
    assert (found[0][3], found[-1][3]) == ("2006-11-15T09:00", "2026-11-15T09:00")


def test_an_old_series_that_ended_is_whole() -> None:
    found = reading_of(calendar(event("DTSTART:19970901T090000Z", "RRULE:FREQ=MONTHLY;COUNT=10")))
    assert len(meetings(found)) == 10
    assert not found.problems


def test_many_endless_series_end_in_a_problem_and_in_time() -> None:
    found = reading_of(calendar(*(event("DTSTART:19700101T090000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", uid=str(number))
                                  for number in range(100))))
    assert len(meetings(found)) == 100
    assert sum("more dates than are looked at" in str(problem.what_phrase) for problem in found.problems) == 1


# What is asked to be left out


def test_excluded_parties_leave_nothing_behind() -> None:
    text = calendar(event("ATTENDEE:mailto:eve@secret.com", "ATTENDEE:mailto:bas@birch.nl"), event(uid="b", whom="x@secret.com"),
                    event(uid="c", who="x@secret.com"))
    found = reading_of(text, exclude=Exclusions(parties=frozenset({"secret.com", "bas@birch.nl"})))
    assert meetings(found) == [("a@birch.nl", "acme.com", 30.0, "2026-03-02T09:00")]
    assert "secret.com" not in repr(found)
    assert found.counted["excluded"] == 2


def test_excluded_threads_leave_nothing_behind() -> None:
    found = reading_of(calendar(event(), event(uid="b")), exclude=Exclusions(threads=frozenset({"a@birch.nl"})))
    assert [one[0] for one in meetings(found)] == ["b"]


def test_only_the_time_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "agenda.ics"
    path.write_text(calendar(event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;COUNT=10")))
    since, before = datetime(2026, 3, 4, 9, tzinfo=UTC), datetime(2026, 3, 6, 9, tzinfo=UTC)
    found = ics.read(source(path, since=since, before=before))
    assert [one[3] for one in meetings(found)] == ["2026-03-04T09:00", "2026-03-05T09:00"]
    assert (found.coverage[0].start, found.coverage[0].end) == (since, before)
    assert not ics.read(source(path, since=datetime(2026, 5, 1, tzinfo=UTC))).coverage


# Places, progress, coverage, owner


def test_events_of_a_mail_stand_where_the_mail_stands() -> None:
    reading = Reading(label="mail.mbox")
    events_of([calendar(event("DTSTART:nothing", uid="b"), event()).encode()], reading, source(), "1042")
    assert {one.evidence for one in reading.events} == {("agenda.ics#1042",)}
    assert {problem.place for problem in reading.problems} == {"1042"}
    assert not reading.coverage


def test_the_bytes_of_the_file_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "agenda.ics"
    path.write_text(calendar(event()))
    done: list[int] = []
    ics.read(source(path, advance=done.append))
    assert sum(done) == path.stat().st_size


def test_a_calendar_covers_its_owner_from_first_to_last_event(tmp_path: Path) -> None:
    path = tmp_path / "agenda.ics"
    path.write_text(calendar(
        event("DTSTART;VALUE=DATE:19500101", uid="birthday"), event("DTSTART:20260105T090000Z", "CLASS:PRIVATE", uid="b"),
        event("DTSTART:20260302T090000Z", "RRULE:FREQ=WEEKLY;COUNT=3", uid="c"), event("DTSTART:20270101T090000Z", uid="d"),
        head="X-WR-CALNAME:bas@birch.nl\n",
    ))
    found = ics.read(source(path))
    (covered,) = found.coverage
    assert (covered.party, covered.person, covered.kinds, covered.sees) == (
        "birch.nl", "p:bas@birch.nl", ("meeting", "attendance"), "both")
    assert (covered.start, covered.end) == (datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 3, 16, 9, tzinfo=UTC))
    assert [mention.identifiers for mention in found.mentions if mention.own] == [("birch.nl",)]


def test_a_calendar_of_nobody_covers_what_everyone_shows(tmp_path: Path) -> None:
    path = tmp_path / "agenda.ics"
    path.write_text(calendar(event()))
    (covered,) = ics.read(source(path)).coverage
    assert (covered.party, covered.person) == (None, None)


@pytest.mark.parametrize(("names", "present", "events", "owner"), [
    ([], {}, 0, Owner()),
    (["ann@birch.nl"], {}, 0, Owner("ann@birch.nl", "birch.nl")),
    (["Work", "Ann@Birch.nl"], {}, 0, Owner("ann@birch.nl", "birch.nl")),
    (["ann@birch.nl", "bas@birch.nl"], {}, 0, Owner()),
    (["x1y2@group.calendar.google.com"], {}, 0, Owner()),
    (["ann@birch.nl"], {"dee@acme.com": 9}, 9, Owner("ann@birch.nl", "birch.nl")),
    (["Agenda"], {"ann@birch.nl": 9, "dee@acme.com": 5}, 10, Owner("ann@birch.nl", "birch.nl")),
    ([], {"ann@birch.nl": 8, "dee@acme.com": 5}, 10, Owner()),
    ([], {"ann@birch.nl": 2}, 2, Owner()),
    ([], {"ann@birch.nl": 5, "bas@birch.nl": 5}, 5, Owner("", "birch.nl")),
    ([], {"ann@birch.nl": 5, "dee@acme.com": 5}, 5, Owner()),
])
def test_whose_calendar_it_is(names: list[str], present: dict[str, int], events: int, owner: Owner) -> None:
    assert owner_of(names, Counter(present), events) == owner


# Laws


@given(st.binary(max_size=400))
def test_no_bytes_at_all_raise(data: bytes) -> None:
    events_of([data], Reading(label="x"), source(), "")


PIECES = st.sampled_from([
    "BEGIN:VCALENDAR\n", "END:VCALENDAR\n", "BEGIN:VEVENT\n", "END:VEVENT\n", "BEGIN:VTIMEZONE\n", "END:VTIMEZONE\n", "BEGIN:STANDARD\n",
    "END:STANDARD\n", "TZID:Own\n", "TZOFFSETTO:+0100\n", "TZOFFSETFROM:+9999\n", "TZOFFSETFROM:+0200\n", "UID:a\n", "UID:b\n",
    "DTSTART:20260302T090000Z\n", "DTSTART;TZID=Own:20260302T090000\n", "DTSTART;TZID=x:00010101T000000\n", "DTSTART;VALUE=DATE:20260302\n",
    "DTSTART:22001231T235959\n", "DTEND;TZID=Pacific/Apia:21991231T235959\n", "DTEND:20260302T100000Z\n", "DURATION:P999999W\n", "DURATION:PT1H\n",
    "RRULE:FREQ=DAILY;COUNT=3\n", "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO\n", "RRULE:FREQ=MONTHLY;UNTIL=00010101\n", "RRULE:\n",
    "RRULE:FREQ=WEEKLY;UNTIL=99991231\n", "EXDATE:20260303T090000Z\n", "RDATE;VALUE=PERIOD:20260303T090000Z/P1W\n", "RECURRENCE-ID:20260303T090000Z\n",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260302T090000Z\n", "ORGANIZER:mailto:ann@birch.nl\n", "ATTENDEE:mailto:dee@acme.com\n",
    "ATTENDEE;PARTSTAT=DECLINED:mailto:eve@cedar.com\n", "STATUS:CANCELLED\n", "SEQUENCE:3\n", "SEQUENCE:-1\n", "METHOD:REPLY\n", "METHOD:CANCEL\n",
    "CLASS:PRIVATE\n", "VERSION:1.0\n", " folded\n", "\n",
])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_order_of_lines_gives_rows_that_hold(text: str) -> None:
    found = reading_of(text)
    identities = [(one.id, one.kind, one.giver, one.receiver) for one in found.events]
    assert len(identities) == len(set(identities))
    assert found.counted["calendar_event"] == sum(found.counted[fate] for fate in FATES)
    for one in found.events:
        assert one.giver != one.receiver
        assert one.at <= NOW
        assert one.amount is None or one.amount >= 0
    of_meetings = {(one.id, one.giver, one.receiver, one.at) for one in found.events if one.kind == "meeting"}
    assert of_meetings == {(one.answers, one.receiver, one.giver, one.at) for one in found.events if one.kind == "attendance"}


@given(st.permutations(range(6)))
def test_the_order_of_events_does_not_matter(order: list[int]) -> None:
    events = [event("SEQUENCE:1"), event("SEQUENCE:2", "DTSTART:20260303T090000Z"), event(uid="b"), event("CLASS:PRIVATE", uid="c"),
              event("RRULE:FREQ=DAILY;COUNT=3", "DTSTART:20260302T090000Z", uid="d"),
              event("RECURRENCE-ID:20260303T090000Z", "DTSTART:20260305T090000Z", uid="d")]
    found = reading_of(calendar(*(events[place] for place in order)))
    wanted = reading_of(calendar(*events))
    assert {replace(one, evidence=()) for one in found.events} == {replace(one, evidence=()) for one in wanted.events}
    assert found.counted == wanted.counted


# Limits


def test_more_attendees_than_are_looked_at_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lines._PER_EVENT, "ATTENDEE", 2)
    found = reading_of(calendar(event("ATTENDEE:mailto:eve@acme.com", "ATTENDEE:mailto:fay@acme.com")))
    assert found.events[1].amount == 60.0
    assert "1 attendees or dates" in str(found.problems[0].what_phrase)


def test_more_rows_than_are_made_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_room, "MAX_ROWS", 6)
    found = reading_of(calendar(event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;COUNT=9")))
    assert len(found.events) == 6
    assert [problem.severity for problem in found.problems] == ["error"]


def test_more_events_than_are_read_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_EVENTS", 1)
    found = reading_of(calendar(event(), event(uid="b"), event(uid="c")))
    assert len(meetings(found)) == 1
    assert (found.counted["calendar_event"], found.counted["unreadable"]) == (3, 2)


def test_an_instance_answered_on_its_own_after_the_budget_keeps_the_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_room, "Budget", lambda: Budget(12))
    answer = ("BEGIN:VEVENT\nUID:a@birch.nl\nRECURRENCE-ID:20260303T090000Z\n"
              "ATTENDEE;PARTSTAT=DECLINED:mailto:dee@acme.com\nEND:VEVENT\n")
    text = calendar(event("DTSTART:20260302T090000Z", "DURATION:PT30M", "RRULE:FREQ=DAILY;COUNT=3"))
    found = reading_of(text + calendar(answer, head="METHOD:REPLY\n"))
    assert [one.amount for one in found.events if one.kind == "attendance"] == [30.0, 30.0, 30.0]
