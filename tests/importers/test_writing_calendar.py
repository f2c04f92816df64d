"""Meetings that are written are meetings to icalendar too, and the importer finds the minutes of every head."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from tests.importers.read_again import PSEUDONYM, START, facts, read_again

from evenwicht.importers import ics
from evenwicht.importers.calendars.writing import written
from evenwicht.ledger.events import Event

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

US, THEY, THIRD = "birch.example", "acme.example", "cedar.example"
COLUMNS = ("id", "at", "giver", "receiver", "kind", "amount", "unit", "answers", "thread")


def meeting(uid: str = "m1@birch.example", minutes: float = 90.0, theirs: float = 45.0, **other: object) -> list[Event]:
    called = Event(uid, START, US, THEY, "meeting", minutes, "minutes", "jan", "ann")
    came = Event(f"{uid}#attendance", START, THEY, US, "attendance", theirs, "minutes", "ann", "jan", answers=uid)
    return [replace(one, **other) for one in (called, came)]  # type: ignore[arg-type]


def as_read(event: Event) -> Event:
    uid = event.answers or event.id
    return replace(event, id=f"{uid}#attendance" if event.answers else uid, thread=uid)


def test_icalendar_reads_what_was_meant(tmp_path: Path) -> None:
    events = [*meeting(), *meeting("m2@birch.example", 30.0, 30.0, at=START + timedelta(days=1, seconds=30))]
    assert ics.write(events, tmp_path / "agenda" / "birch.ics") == []
    text = (tmp_path / "agenda" / "birch.ics").read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n")
    assert max(map(len, text.split(b"\r\n"))) <= 75
    one, two = Calendar.from_ical(text).walk("VEVENT")
    assert (str(one["UID"]), one.start, one.duration) == ("m1@birch.example", START, timedelta(minutes=45))
    assert str(one["ORGANIZER"]) == "mailto:jan@birch.example"
    assert [(str(who), who.params["PARTSTAT"]) for who in one["ATTENDEE"]] == [
        ("mailto:jan@birch.example", "ACCEPTED"), ("mailto:jan.2@birch.example", "ACCEPTED"), ("mailto:ann@acme.example", "ACCEPTED")]
    assert (two.start, two.duration, len(two["ATTENDEE"])) == (START + timedelta(days=1, seconds=30), timedelta(minutes=30), 2)


def test_who_had_no_head_there_declined(tmp_path: Path) -> None:
    events = meeting(theirs=0.0)
    assert ics.write(events, tmp_path / "a.ics") == []
    one = Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")[0]
    assert [who.params["PARTSTAT"] for who in one["ATTENDEE"]] == ["ACCEPTED", "DECLINED"]
    assert facts(read_again(ics, tmp_path / "a.ics").events, *COLUMNS) == facts(map(as_read, events), *COLUMNS)


def test_everybody_who_is_named_is_there(tmp_path: Path) -> None:
    events = [replace(one, person="ann eva kees" if one.kind == "attendance" else one.person) for one in meeting(minutes=60.0, theirs=180.0)]
    assert ics.write(events, tmp_path / "a.ics") == []
    came = next(one for one in read_again(ics, tmp_path / "a.ics").events if one.kind == "attendance")
    assert set((came.person or "").split()) == {PSEUDONYM(f"{who}@acme.example") for who in ("ann", "eva", "kees")}
    assert came.amount == 180.0


def test_what_no_calendar_can_say_is_left() -> None:
    good = meeting("good@birch.example")
    odd = [
        *meeting("a", amount=None, unit=""), *meeting("b", unit="hours"), *meeting("c", shared=False), *meeting("d", due=START), *meeting("e f"),
        *meeting("g", at=START + timedelta(microseconds=5)), *meeting("h", minutes=-1.0), *meeting("i", minutes=0.001), *meeting("j", minutes=1440.0, theirs=1440.0, at=START.replace(hour=0)),
        *meeting("k", minutes=1e6, theirs=1e6 + 1 / 60), *meeting("l")[:1], *meeting("m")[1:], *meeting("n", answers="n"),
        replace(meeting("o")[0], person="jan eva"), meeting("o")[1], meeting("p")[0], replace(meeting("p")[1], at=START + timedelta(days=1)),
        meeting("q")[0], replace(meeting("q")[1], receiver=THIRD), *meeting("r"), replace(meeting("r")[0], receiver=THIRD),
        *meeting("s"), meeting("s")[1], meeting("t")[0], replace(meeting("t")[1], giver="name:acme"), replace(good[0], kind="promise"),
    ]
    assert written([*good, *odd]).left == tuple(odd)
    assert written(odd).files == {}


@st.composite
def meetings(draw: st.DrawFn) -> list[Event]:
    found: list[Event] = []
    for number in range(draw(st.integers(1, 6))):
        minutes = draw(st.sampled_from([0.0, 15.0, 30.0, 45.0, 60.0, 62.5]))
        at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 100_000)))
        uid, own = f"meeting-{number}@a-rather-long-name-of-a-server.birch.example", draw(st.integers(0, 4))
        for other in draw(st.sampled_from([[THEY], [THEY, THIRD]])):
            heads = draw(st.integers(0, 5))
            called, came = meeting(uid, minutes * own, minutes * heads, at=at)
            found += [replace(called, receiver=other), replace(came, giver=other)]
    return found


@settings(max_examples=60)
@given(meetings())
def test_what_is_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, events: list[Event]) -> None:
    path = tmp_path_factory.mktemp("agenda") / "a.ics"
    left = ics.write(events, path)
    kept = [one for one in events if all(one is not other for other in left)]
    found = read_again(ics, path) if path.exists() else None
    assert facts(found.events if found else [], *COLUMNS) == facts(map(as_read, kept), *COLUMNS)
    assert not found or found.problems == []
    assert written(events).files == written(events).files
