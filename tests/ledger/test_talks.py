"""Transcripts find their meeting in the calendar, and their speakers an organisation, without a name being kept."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from evenwicht.importers import transcript, vtt
from evenwicht.importers.calendars.reading import events_of
from evenwicht.importers.source import Reading, Source
from evenwicht.importers.speech.speeches import marks, speeches
from evenwicht.importers.speech.turns import Turn
from evenwicht.ledger.names import name_in, name_of
from evenwicht.ledger.persons import Pseudonyms
from evenwicht.ledger.table import frame_of
from evenwicht.ledger.talks import Joined, joined

if TYPE_CHECKING:
    from evenwicht.ledger.events import Event

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KEY = Pseudonyms(b"k" * 32)
ANN, DEE, EVE = '"Vries, Ann de":mailto:ann@birch.nl', "Dee Doe (Acme):mailto:d.doe@acme.com", "eve:mailto:eve.el@acme.com"


def meeting(start: str, *people: str, uid: str = "u@birch.nl", end: str = "DURATION:PT1H") -> str:
    return (f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\nDTSTART:{start}\n{end}\nORGANIZER;CN={ANN}\n"
            + "".join(f"ATTENDEE;CN={one}\n" for one in people or (DEE, EVE)) + "END:VEVENT\n")


def calendar(*events: str) -> list[Event]:
    reading = Reading(label="agenda.ics")
    events_of([f"BEGIN:VCALENDAR\n{''.join(events)}END:VCALENDAR\n".encode()], reading, Source(Path("agenda.ics"), "agenda.ics", NOW, KEY), "")
    return reading.events


def spoken(folder: Path, name: str = "2026-03-02T10:01:00Z call.vtt", *, changed: str = "", **seconds: int) -> list[Event]:
    """The rows of a transcript in which each speaks so many seconds; `_` stands for a space in a name."""
    at, cues = 0, []
    for who, lasts in (seconds or {"Ann_de_Vries": 60, "Dee_Doe": 30}).items():
        cues.append(f"{at // 60:02}:{at % 60:02}.000 --> {(at + lasts) // 60:02}:{(at + lasts) % 60:02}.000\n<v {who.replace('_', ' ')}>Words.\n")
        at += lasts
    path = folder / name
    path.write_text("WEBVTT\n\n" + "\n".join(cues))
    if changed:
        moment = datetime.fromisoformat(changed).timestamp()
        os.utime(path, (moment, moment))
    return vtt.read(Source(path, name, NOW, KEY)).events


def talks(found: Joined) -> dict[tuple[str, str], float]:
    rows = found.rows.filter(pl.col("kind") == "talk")
    return {(row["giver"], row["receiver"]): row["amount"] for row in rows.iter_rows(named=True)}


BOTH = {("birch.nl", "acme.com"): 60.0, ("acme.com", "birch.nl"): 30.0}


def test_speakers_belong_to_whom_the_calendar_invited(tmp_path: Path) -> None:
    events = [*calendar(meeting("20260302T100000Z")), *spoken(tmp_path)]
    found = joined(frame_of(events))
    assert talks(found) == BOTH
    row = found.rows.filter(pl.col("kind") == "talk").row(0, named=True)
    assert (row["answers"], row["thread"], row["at"]) == ("u@birch.nl", "u@birch.nl", datetime(2026, 3, 2, 10, 1, tzinfo=UTC))
    assert row["id"] == f"u@birch.nl#talk:{row['giver']}"
    assert (found.solved, found.problems) == (frozenset({"2026-03-02T10:01:00Z call.vtt"}), [])
    assert [(one.kinds, one.start) for one in found.coverage] == [(("talk",), datetime(2026, 3, 2, 10, 1, tzinfo=UTC))]
    assert found.aside["kind"].to_list() == ["speech", "speech"]


def test_no_name_is_stored_anywhere(tmp_path: Path) -> None:
    text = repr([*calendar(meeting("20260302T100000Z")), *spoken(tmp_path)])
    for name in ("Vries", "Doe", "Dee", "Ann de", "vries", "doe dee", "dee doe"):
        assert name not in text


def test_the_calendar_may_be_read_later_and_all_again(tmp_path: Path) -> None:
    words, agenda = frame_of(spoken(tmp_path)), frame_of(calendar(meeting("20260302T100000Z")))
    first = joined(words)
    assert (first.rows.height, first.aside.height, first.solved) == (0, 2, frozenset())
    second = joined(pl.concat([first.rows, first.aside, agenda]))
    assert talks(second) == BOTH
    third = joined(pl.concat([second.rows, second.aside]))
    assert third.rows.sort("id", "kind", "giver").equals(second.rows.sort("id", "kind", "giver"))
    other = frame_of(calendar(meeting("20260302T100000Z", "Ann de Vries:mailto:av@acme.com", DEE)))
    assert talks(joined(pl.concat([third.rows.filter(pl.col("kind") == "talk"), third.aside, other]))) == {}  # a name of both sides tells nothing


def test_the_later_of_two_meetings_and_the_nearest_start(tmp_path: Path) -> None:
    agenda = calendar(meeting("20260302T090000Z", uid="early"), meeting("20260302T100000Z", uid="right"), meeting("20260303T100000Z", uid="next"))
    found = joined(frame_of([*agenda, *spoken(tmp_path)]))
    assert set(found.rows.filter(pl.col("kind") == "talk")["thread"]) == {"right"}


def test_two_meetings_that_fit_alike_get_neither(tmp_path: Path) -> None:
    agenda = calendar(meeting("20260302T100000Z", uid="one"), meeting("20260302T100000Z", uid="two"))
    found = joined(frame_of([*agenda, *spoken(tmp_path)]))
    assert talks(found) == {}
    assert [(one.file, one.severity) for one in found.problems] == [("2026-03-02T10:01:00Z call.vtt", "warning")]
    assert "2 meetings" in str(found.problems[0].what_phrase)


@pytest.mark.parametrize("name, changed, whole", [
    ("2026-03-02 call.vtt", "", True), ("2026-03-05 call.vtt", "", False), ("call.vtt", "2026-03-02T11:20:00+00:00", True),
    ("call.vtt", "2026-03-04T11:20:00+00:00", False), ("call.vtt", "2026-03-02T09:20:00+00:00", False),
])
def test_a_day_or_the_time_of_the_file_with_speakers_of_both_sides(tmp_path: Path, name: str, changed: str, whole: bool) -> None:
    found = joined(frame_of([*calendar(meeting("20260302T100000Z")), *spoken(tmp_path, name, changed=changed)]))
    assert talks(found) == (BOTH if whole else {})
    if whole:
        assert set(found.rows.filter(pl.col("kind") == "talk")["at"]) == {datetime(2026, 3, 2, 10, tzinfo=UTC)}
    one_side = spoken(tmp_path, name, changed=changed, Ann_de_Vries=60)
    assert talks(joined(frame_of([*calendar(meeting("20260302T100000Z")), *one_side]))) == {}


def test_strangers_are_left_out_or_stop_the_whole(tmp_path: Path) -> None:
    agenda = calendar(meeting("20260302T100000Z"))
    few = joined(frame_of([*agenda, *spoken(tmp_path, Ann_de_Vries=60, Dee_Doe=30, Zoe_Zwart=9)]))
    assert talks(few) == BOTH
    assert "1 of 3 speakers" in str(few.problems[0].what_phrase)
    many = joined(frame_of([*agenda, *spoken(tmp_path, Ann_de_Vries=60, Dee_Doe=30, Zoe_Zwart=60)]))
    assert (talks(many), many.solved) == ({}, frozenset())


def test_who_was_there_and_silent_listens(tmp_path: Path) -> None:
    agenda = calendar(meeting("20260302T100000Z", DEE, "Fay:mailto:fay@cedar.com", "PARTSTAT=DECLINED:mailto:gus@elm.com"))
    agenda = [one for one in agenda if one.giver != "elm.com"]
    found = talks(joined(frame_of([*agenda, *spoken(tmp_path, Ann_de_Vries=60, Dee_Doe=30)])))
    assert found == {**BOTH, ("birch.nl", "cedar.com"): 60.0, ("acme.com", "cedar.com"): 30.0}


def test_a_meeting_that_the_file_names_needs_no_time(tmp_path: Path) -> None:
    path = tmp_path / "call.json"
    path.write_text('{"meeting": {"iCalUId": "u@birch.nl"}, "segments": ['
                    '{"speaker": "Ann de Vries", "start": "0:00:00", "end": "0:01:00", "text": "a"}, {"speaker": "Dee Doe", "start": "0:01:00", "end": "0:01:30", "text": "b"}]}')
    events = transcript.read(Source(path, "call.json", NOW, KEY)).events
    assert {one.answers for one in events} == {"u@birch.nl"}
    agenda = calendar(meeting("20260302T100000Z"), meeting("20260309T100000Z", uid="other"))
    assert talks(joined(frame_of([*agenda, *events]))) == BOTH
    assert talks(joined(frame_of(events))) == {}


def test_a_complete_transcript_gets_its_meeting(tmp_path: Path) -> None:
    events = [*calendar(meeting("20260302T100000Z")), *spoken(tmp_path, **{"Ann_(birch.nl)": 60, "Dee_(acme.com)": 30})]
    found = joined(frame_of(events))
    assert talks(found) == BOTH
    assert set(found.rows.filter(pl.col("kind") == "talk")["answers"]) == {"u@birch.nl"}
    assert set(found.rows.filter(pl.col("kind") == "talk")["id"]) == {"u@birch.nl#talk:birch.nl", "u@birch.nl#talk:acme.com"}
    elsewhere = joined(frame_of([*calendar(meeting("20260302T140000Z")), *events[2:]]))
    assert elsewhere.rows.filter(pl.col("kind") == "talk")["answers"].null_count() == 2


def test_a_newer_version_of_the_meeting_holds(tmp_path: Path) -> None:
    moved = meeting("20260302T100000Z").replace("DTSTAMP", "SEQUENCE:2\nDTSTAMP")
    old = meeting("20260302T150000Z")
    assert talks(joined(frame_of([*calendar(old), *calendar(moved), *spoken(tmp_path)]))) == BOTH


@pytest.mark.parametrize("written, name", [
    ("Jan de Vries", "de jan vries"), ("Vries, Jan de", "de jan vries"), ("JAN DE VRIES (Acme)", "de jan vries"), ("Zoë Bäcker", "backer zoe"),
    ("Jan", ""), ("Speaker 2", ""), ("SPEAKER_00", ""), ("", ""), ("[Gast] Jan Smit", "jan smit"),
])
def test_one_way_to_write_a_name(written: str, name: str) -> None:
    assert name_of(written) == name


def test_a_name_in_an_address() -> None:
    assert (name_in("jan.de.vries+x@acme.com"), name_in("jan@acme.com"), name_in("info-nl2@acme.com")) == ("de jan vries", "", "info nl")


def test_a_file_that_has_no_time_waits_for_a_meeting_that_it_names(tmp_path: Path) -> None:
    source = Source(tmp_path / "gone.vtt", "gone.vtt", NOW, KEY)
    assert marks(None, 12.4, source) == ("time:none", "took:12")
    rows = speeches(source, [("Ann de Vries", Turn(3, 4.0), None)], None, "", marks(None, 12.4, source), str)
    found = joined(frame_of([*calendar(meeting("20260302T100000Z")), *rows]))
    assert (talks(found), found.problems, found.aside.height) == ({}, [], 1)
