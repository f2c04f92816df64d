"""WebVTT: who speaks, for whom, how long, and what is said where that cannot be known."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.speech_files import WHEN, beside, source, talked, talks, told

from evenwicht.importers import vtt
from evenwicht.importers.source import Exclusions, Head, Reading
from evenwicht.importers.speech import captions, cues, sidecar
from evenwicht.importers.speech.cues import cues_in
from evenwicht.importers.speech.sidecar import Sidecar
from evenwicht.importers.speech.speakers import Speakers
from evenwicht.importers.speech.start import Start, moment, start_in
from evenwicht.importers.speech.text import text_of
from evenwicht.importers.speech.turns import Said, counted
from evenwicht.importers.speech.voices import pieces_of
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.mentions import Mention

ANNA, DEE = "<v anna@birch.example>", "<v dee@acme.example>"
TWO = f"00:00.000 --> 00:10.000\n{ANNA}One two three.</v>\n\n00:10.000 --> 00:15.000\n{DEE}Four five.</v>\n\n"


def read(folder: Path, body: str, speakers: str | None = None, name: str = f"{WHEN}.vtt", **given: object):
    return vtt.read(source(beside(folder, name, "WEBVTT\n\n" + body, speakers), **given))


def spoken(body: str, known: str = "") -> dict[str, float]:
    found = counted(pieces_of(cues_in(body).cues, lambda name: name == known))
    return {name: round(turn.seconds, 3) for name, turn in found.voices.items()}


# ── which files ──

@pytest.mark.parametrize("start", [
    b"WEBVTT", b"WEBVTT\n", b"WEBVTT - a title\r\n", b"\xef\xbb\xbfWEBVTT\t\n", b"\n\nWEBVTT\n", "\ufeffWEBVTT\n".encode("utf-16-le"),
    "WEBVTT\n".encode("utf-16-be"), "WEBVTT\n\n".encode("utf-16-le"), "\ufeffWEBVTT\n".encode("utf-32-be"),
])
def test_it_knows_a_transcript_by_its_first_word(start: bytes) -> None:
    assert vtt.identify(Head(Path("no.name"), len(start), start))


@pytest.mark.parametrize("start", [b"", b"WEBVTTX\n", b"webvtt\n", b"1\n00:00:01,000 --> 00:00:02,000\n", b"From: WEBVTT\n", b"{}"])
def test_it_leaves_other_files_alone(start: bytes) -> None:
    assert not vtt.identify(Head(Path("a.vtt"), len(start), start))
    assert not vtt.identify(Head(Path("WEBVTT"), 0, b"WEBVTT", is_folder=True))


# ── rows ──

def test_both_sides_give_their_seconds_and_their_people(tmp_path: Path) -> None:
    found = read(tmp_path, TWO)
    assert talks(found) == {("birch.example", "acme.example"): 10.0, ("acme.example", "birch.example"): 5.0}
    by_acme, by_birch = sorted(found.events, key=lambda event: event.giver)
    assert (by_birch.person, by_birch.counter_person) == ("p:anna@birch.example", "p:dee@acme.example")
    assert by_acme.evidence == (f"{WHEN}.vtt#6",)
    assert by_birch.evidence == (f"{WHEN}.vtt#3",)
    assert by_birch.at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert by_birch.shared
    assert found.coverage == [Coverage(f"{WHEN}.vtt", None, None, ("talk",), by_birch.at, by_birch.at + timedelta(seconds=15))]
    assert not found.problems


def test_three_organisations_speak_to_each_other(tmp_path: Path) -> None:
    found = read(tmp_path, TWO + "00:20.000 --> 00:21.000\n<v Cem (Cedar Ltd)>Six.</v>\n")
    assert talks(found) == {
        ("birch.example", "acme.example"): 10.0, ("birch.example", "name:cedar-ltd"): 10.0, ("acme.example", "birch.example"): 5.0,
        ("acme.example", "name:cedar-ltd"): 5.0, ("name:cedar-ltd", "birch.example"): 1.0, ("name:cedar-ltd", "acme.example"): 1.0}
    assert found.mentions == [Mention(("name:cedar-ltd",), "Cedar Ltd")]
    assert len({event.id for event in found.events}) == 3


def test_the_same_meeting_in_two_formats_has_the_same_ids(tmp_path: Path) -> None:
    from evenwicht.importers import srt

    first = read(tmp_path, TWO)
    second = srt.read(source(beside(tmp_path, f"{WHEN}.srt", TWO.replace("</v>", ""))))
    assert [(event.id, event.amount) for event in first.events] == [(event.id, event.amount) for event in second.events]


def test_one_organisation_alone_is_no_meeting_between_two(tmp_path: Path) -> None:
    found = read(tmp_path, TWO.replace("acme", "birch"))
    assert not found.events
    assert not found.problems
    assert not found.coverage
    assert found.counted["internal"] == 1


def test_what_is_excluded_is_not_stored(tmp_path: Path) -> None:
    for party in ("acme.example", "dee@acme.example"):
        found = read(tmp_path, TWO, exclude=Exclusions(parties=frozenset({party})))
        assert (found.events, found.problems, found.counted["excluded"]) == ([], [], 1)


def test_only_the_time_that_was_asked_for(tmp_path: Path) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert read(tmp_path, TWO, since=at, before=at + timedelta(seconds=1)).events
    for outside in ({"since": at + timedelta(seconds=1)}, {"before": at}):
        found = read(tmp_path, TWO, **outside)
        assert (found.events, found.coverage, found.counted["outside_time"]) == ([], [], 1)


# ── who is who ──

def test_people_whose_organisation_is_not_known_stop_the_whole_from_being_counted(tmp_path: Path) -> None:
    found = read(tmp_path, TWO + "00:20.000 --> 00:25.000\n<v Zoe Zwart>Something.</v>\n")
    assert not talked(found)
    (place, severity, text), = told(found)
    assert (place, severity) == ("9", "warning")
    assert "1 of 3 speakers" in text
    assert "Zoe" not in text
    assert f"{WHEN}.speakers.toml" in str(found.problems[0].remedy_phrase)


def test_a_word_of_a_stranger_is_left_out_alone(tmp_path: Path) -> None:
    found = read(tmp_path, TWO + "00:20.000 --> 00:23.000\n<v Zoe Zwart>Something.</v>\n")
    assert len(found.events) == 2  # 3 of 18 seconds; from a fifth on it could tip the balance
    (_place, severity, text), = told(found)
    assert severity == "warning"
    assert "were left out" in text


@pytest.mark.parametrize("name, party", [
    ("anna@birch.example", "birch.example"), ("Anna <anna@mail.birch.example>", "birch.example"), ("Anna (anna@birch.example)", "birch.example"),
    ("jan@gmail.com", "jan@gmail.com"), ("Anna de Vries (Birch B.V.)", "name:birch-bv"), ("Anna [Birch]", "name:birch"),
    ("Birch | Anna", "name:birch"), ("Anna (birch.nl)", "birch.nl"), ("Birch | Anna (Guest)", "name:birch"), ("Anna (Bol.com)", "bol.com"),
])
def test_a_name_that_holds_an_organisation(name: str, party: str) -> None:
    speakers = Speakers(Sidecar())
    speakers.learn([name])
    assert speakers.whom(name).organisation == party


@pytest.mark.parametrize("name", [
    "Anna de Vries", "Anna (Guest)", "Anna (she/her)", "Anna (Unverified)", "Speaker 1", "SPEAKER_00", "Anna (2)", "Anna (iPhone)", "(Birch)",
    "a | b | c", "Anna |", "someone@zoom.us", "Anna (???)",
])
def test_a_name_that_holds_none(name: str) -> None:
    speakers = Speakers(Sidecar())
    speakers.learn([name])
    assert speakers.whom(name).organisation is None


@pytest.mark.parametrize("names, party", [
    (["Anna | Birch", "Bas | Birch"], "name:birch"), (["Anna | Birch BV"], "name:birch-bv"), (["Birch | Anna", "Birch | Bas"], "name:birch"),
    (["Anna | birch.nl"], "birch.nl"), (["Birch | Anna", "Acme | Dee"], "name:birch"),
])
def test_on_which_side_of_the_bar_the_company_stands(names: list[str], party: str) -> None:
    speakers = Speakers(Sidecar())
    speakers.learn(names)
    assert speakers.whom(names[0]).organisation == party


# ── the list beside the file ──

LIST = """
start = 2026-03-02T09:00:00+01:00
meeting = "kickoff@birch.example/20260302T080000Z"
[speakers]
"anna de vries" = "anna@birch.example"
"Dee Doe" = "Acme B.V."
"Silent One" = "cedar.example"
"Speaker 2" = ""
"""
CALL = "00:01.000 --> 00:05.000\n<v Anna de Vries>Hello.\n\n00:05.000 --> 00:08.000\n<v Speaker 2>Beep.\n\n00:08.000 --> 00:09.000\n<v Dee Doe (Guest)>Hi.\n"


def test_the_list_says_who_when_and_which_meeting(tmp_path: Path) -> None:
    found = read(tmp_path, CALL, LIST, "call.vtt")
    assert talks(found) == {
        ("birch.example", "name:acme-bv"): 4.0, ("birch.example", "cedar.example"): 4.0, ("name:acme-bv", "birch.example"): 1.0,
        ("name:acme-bv", "cedar.example"): 1.0}
    event = found.events[0]
    assert event.at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert event.answers == "kickoff@birch.example/20260302T080000Z"
    assert event.thread == "kickoff@birch.example"
    assert event.id.startswith("kickoff@birch.example/20260302T080000Z#talk:")
    assert not found.problems
    assert found.counted["left_out"] == 1


def test_the_list_may_carry_the_whole_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "call.vtt.speakers.toml").write_text(LIST)
    assert len(read(tmp_path, CALL, None, "call.vtt").events) == 4


@pytest.mark.parametrize("text, place, part", [
    ("[speakers", "call.speakers.toml", "is no TOML"), ("speakers = 3", "call.speakers.toml", "no table of names"),
    ('[speakers]\n"Anna de Vries" = 3', "call.speakers.toml", "Line 1 of [speakers] names no organisation"),
    ('[speakers]\n"Anna de Vries" = "?"', "call.speakers.toml", "Line 1 of [speakers] names no organisation"),
    ('start = "soon"', "call.speakers.toml", "start is no date"), ("start = 09:00:00", "call.speakers.toml", "start is no date"),
    ("start = true", "call.speakers.toml", "start is no date"), ('"Anna de Vries" = "birch.example"', "call.speakers.toml", "not known: 1"),
    ("start = 2126-03-02T09:00:00Z", "", "2126-03-02, which cannot be"), ("start = 1826-03-02", "", "1826-03-02, which cannot be"),
    ("a = " + "[" * 3000, "call.speakers.toml", "is no TOML"),
])
def test_what_is_wrong_with_a_list_is_told_without_names(tmp_path: Path, text: str, place: str, part: str) -> None:
    found = read(tmp_path, CALL, text, "call.vtt")
    assert not talked(found)
    assert [one for one in told(found) if one[0] == place and part in one[2]]
    assert not [one for one in told(found) if "Anna" in one[2] or "Vries" in one[2]]


def test_a_list_that_is_too_large_or_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidecar, "MAX_BYTES", 10)
    assert any("larger than a megabyte" in text for _place, _severity, text in told(read(tmp_path, CALL, LIST, "call.vtt")))
    monkeypatch.undo()
    monkeypatch.setattr(Path, "read_bytes", lambda self: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    inside = Reading(label="x")
    assert sidecar.beside(tmp_path / "call.vtt", inside) == Sidecar()
    assert "Permission denied" in told(inside)[0][2]


def test_a_local_start_is_read_as_utc_and_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, TWO, "start = 2026-03-02T09:00:00", "call.vtt")
    assert found.events[0].at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert told(found) == [("", "note", "The start of the meeting has no time zone and was read as UTC.")]


# ── when ──

@pytest.mark.parametrize("name, text, floating", [
    ("GMT20260302-090000_Recording.transcript.vtt", "20260302T090000Z", False), ("GMT20260302-090000-Klant.vtt", "20260302T090000Z", False),
    ("2026-03-02 09.00.vtt", "20260302T090000Z", True), ("Call 2026-03-02 09.00-10.00.vtt", "20260302T090000Z", True),
    ("2026-03-02T09:00:00Z.vtt", "20260302T090000Z", False), ("2026-03-02T09:00:00.123+01:00.vtt", "20260302T080000Z", False),
    ("2026-03-02T09-00-00-0500.vtt", "20260302T140000Z", False), ("Kick-off-20260302_101533-Meeting Recording.vtt", "20260302T101533Z", True),
    ("202603020915.vtt", "20260302T091500Z", True), ("20260302091500.vtt", "20260302T091500Z", True), ("2026-03-02.vtt", "20260302", False),
    ("Overleg 2026_03_02 om 14h30.vtt", "20260302T143000Z", True), ("Sync (2026-03-02 at 14:00 GMT+2).vtt", "20260302T120000Z", False),
    ("Sync - 2026/03/02 14:00 CEST - Transcript.vtt", "20260302T120000Z", False), ("2026-13-02 2026-03-02.vtt", "20260302", False),
    ("2026-03-02 1200 stuks.vtt", "20260302T120000Z", True), ("2026-03-02 25.00.vtt", "20260302", False),
])
def test_the_start_in_the_name_of_a_file(name: str, text: str, floating: bool) -> None:
    start = start_in(name)
    assert start is not None
    assert (start.text, start.floating) == (text, floating)


@pytest.mark.parametrize("name", ["call.vtt", "12345678.vtt", "offerte 2026.vtt", "120260302.vtt", "2026-02-30.vtt", "1234567890123.vtt"])
def test_a_name_without_a_date(name: str) -> None:
    assert start_in(name) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)))  # noqa: DTZ001  the strategy takes naive bounds
def test_every_moment_written_in_a_name_is_read_back(at: datetime) -> None:
    wanted = Start(at.replace(microsecond=0, tzinfo=UTC))
    assert start_in(f"GMT{at:%Y%m%d-%H%M%S}_x.vtt") == wanted
    assert start_in(f"a {at:%Y-%m-%dT%H:%M:%S}Z b.vtt") == wanted


def test_a_moment_in_a_value() -> None:
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert moment(1772442000) == moment(1772442000000) == moment("2026-03-02T10:00:00+01:00") == Start(nine)
    assert moment("2026-03-02T09:00:00") == Start(nine, floating=True)
    assert moment("2026-03-02") == Start(datetime(2026, 3, 2, tzinfo=UTC), day_only=True)
    for odd in ("soon", None, True, float("nan"), 1e300, [], "0001-01-01T00:00:00+14:00"):
        assert moment(odd) is None, odd
    assert Start(datetime(1, 1, 1, tzinfo=UTC)).earlier(10) == Start(datetime(1, 1, 1, tzinfo=UTC))


def test_without_a_date_nothing_is_counted(tmp_path: Path) -> None:
    found = read(tmp_path, TWO, None, "call.vtt")
    assert not talked(found)
    (place, severity, text), = told(found)
    assert (place, severity) == ("", "error")
    assert "when this meeting was" in text


def test_two_meetings_of_one_day_are_two(tmp_path: Path) -> None:
    first, second = (read(tmp_path, TWO, None, name) for name in ("2026-03-02 a.vtt", "2026-03-02 b.vtt"))
    assert {event.id for event in first.events}.isdisjoint(event.id for event in second.events)
    assert "start:2026-03-02" in first.events[0].references


def test_teams_writes_json_into_its_cues(tmp_path: Path) -> None:
    body = "".join(
        f"00:00:{at}.000 --> 00:00:{at + 5}.000\n"
        f'{{"startDateTime":"2026-03-02T09:00:{at}Z","speakerName":"{name}","spokenText":"{text}","spokenLanguage":"en-us"}}\n\n'
        for at, name, text in ((10, "Anna (Birch)", "Hello."), (20, "Dee (Acme)", "Hi."), (30, "Dee (Acme)", "")))
    found = read(tmp_path, body + "00:40.000 --> 00:41.000\n{broken\n\n00:42.000 --> 00:43.000\n{\"a\": \"b\"\n", None, "call.vtt")
    assert talks(found) == {("name:birch", "name:acme"): 5.0, ("name:acme", "name:birch"): 5.0}
    assert found.events[0].at == datetime(2026, 3, 2, 9, tzinfo=UTC)


# ── cues ──

@pytest.mark.parametrize("line, seconds", [
    ("00:01.000 --> 00:02.500", 1.5), ("00:00:01.000-->00:00:02.500 line:0", 1.5), ("100:00:00.000 --> 100:00:01.000", 1.0),
    ("00:01,5 --> 00:02,75", 1.25), ("\t00:01.000  -->  00:02.000", 1.0),
])
def test_ways_to_write_times(line: str, seconds: float) -> None:
    cue, = cues_in(f"WEBVTT\n\n{line}\nHello\n").cues
    assert cue.end - cue.start == pytest.approx(seconds)
    assert cue.text == "Hello\n"


def test_a_cue_ends_at_an_empty_line_or_the_next_times() -> None:
    found = cues_in("00:01.000 --> 00:02.000\na\nb\n\nno cue\n00:03.000 --> 00:04.000\n00:05.000 --> 00:06.000\nc")
    assert [cue.text for cue in found.cues] == ["a\nb\n", "", "c"]


def test_cues_out_of_order_are_put_in_order() -> None:
    assert [cue.start for cue in cues_in("00:05.000 --> 00:06.000\na\n\n00:01.000 --> 00:02.000\nb\n").cues] == [1.0, 5.0]


def test_an_arrow_in_a_comment_is_no_mistake_and_one_outside_is() -> None:
    assert not cues_in("WEBVTT\n\nNOTE\na --> b\n").unreadable
    assert len(cues_in("WEBVTT\n\nNOTE x\n\na --> b\n\n00:01.000 --> 00:99\n").unreadable) == 2


def test_mistakes_are_counted_once_per_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cues, "MOST", 6)
    found = read(tmp_path, TWO + "00:09.000 --> 00:08.000\na\n\n" * 2 + "00:00:09.000 --> 02:00:08.000\na\n\n" + "x --> y\n\n" * 3
                 + f"00:16.000 --> 00:17.000\n{DEE}a\n\n" * 2)
    assert [(place, text.partition(":")[0]) for place, _severity, text in told(found)] == [
        ("9", "Cues that end before they start were left out"), ("15", "Cues that stay longer than 30 minutes were left out"),
        ("18", "Lines of times cannot be read, so their cues were left out"), ("", "Of the cues 1000000 were read; 1 more were left out.")]
    assert talks(found)["acme.example", "birch.example"] == 6.0


def test_files_that_cannot_be_opened_or_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be opened" in told(vtt.read(source(tmp_path / "gone.vtt")))[0][2]
    monkeypatch.setattr(captions, "MAX_BYTES", 10)
    assert "more than 0 MB" in told(read(tmp_path, TWO))[0][2]


@pytest.mark.parametrize("body", ["", "00:01.000 --> 00:01.000\n<v A>nothing lasts\n", "00:01.000 --> 00:02.000\n<v A>[Music]\n", "00:01.000 --> 00:02.000\n\n"])
def test_without_speech(tmp_path: Path, body: str) -> None:
    found = read(tmp_path, body)
    assert [(severity, text) for _place, severity, text in told(found)] == [("note", "Nobody says anything in this transcript.")]


# ── voices ──

def test_voices_of_one_cue_share_its_time_by_their_words() -> None:
    assert spoken("00:00.000 --> 00:10.000\n<v A>one two three</v> <v.loud B>four five</v>\n") == {"A": 6.0, "B": 4.0}
    assert spoken("00:00.000 --> 00:10.000\nbefore <v A>one two</v> after\n") == {"": 5.0, "A": 5.0}
    assert spoken("00:00.000 --> 00:10.000\n<v>nobody\n") == {"": 10.0}
    assert spoken("00:00.000 --> 00:10.000\n<v A>a\n<v A>b\n\n00:10.000 --> 00:20.000\n<v A></v><v B>b\n") == {"A": 10.0, "B": 10.0}
    assert spoken("00:00.000 --> 00:10.000\n<v A &amp; B>yes <i>no</i>\n\n00:10.000 --> 00:11.000\n<v A  &amp;\tB>yes\n") == {"A & B": 11.0}


def test_what_overlaps_counts_once_for_one_voice_and_for_each_of_two() -> None:
    body = "00:00.000 --> 00:10.000\n<v A>a\n\n00:05.000 --> 00:12.000\n<v A>a\n\n00:06.000 --> 00:08.000\n<v A>a\n\n00:06.000 --> 00:08.000\n<v B>b\n"
    assert spoken(body) == {"A": 12.0, "B": 2.0}


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 50), st.integers(0, 20)), max_size=30))
def test_no_second_counts_twice_and_none_is_lost(pieces: list[tuple[str, int, int]]) -> None:
    ordered = sorted((Said(voice, float(start), float(start + lasts), 1.0, 0) for voice, start, lasts in pieces), key=lambda one: one.start)
    found = counted(ordered)
    for voice in "AB":
        seconds = {second for one in ordered if one.voice == voice for second in range(int(one.start), int(one.end))}
        assert (found.voices[voice].seconds if voice in found.voices else 0) == len(seconds)


def test_a_name_before_a_colon_counts_when_it_returns_or_is_known() -> None:
    body = ("00:00.000 --> 00:01.000\nPriya Raman: one\n\n00:01.000 --> 00:02.000\nTom Able: two\n\n"
            "00:02.000 --> 00:04.000\nPriya Raman: Great. So here's the thing: we're behind.\n\n00:04.000 --> 00:05.000\nbecause: of that\n")
    assert spoken(body) == {"Priya Raman": 4.0, "": 1.0}
    assert spoken(body, known="Tom Able") == {"Priya Raman": 4.0, "Tom Able": 1.0}
    assert spoken("00:00.000 --> 00:01.000\nGreat. So here's the thing: yes\n\n00:01.000 --> 00:02.000\nhttp://a.example: no\n") == {"": 2.0}


def test_lines_of_two_speakers_in_one_cue() -> None:
    body = "00:00.000 --> 00:10.000\n- Ann: one two three\n- Bob: four\nfive\n\n00:10.000 --> 00:12.000\n>> Bob: six\n\n00:12.000 --> 00:13.000\n[Ann]: seven\n"
    assert spoken(body) == {"Ann": 7.0, "Bob": 6.0}


def test_rolling_captions_say_each_line_once() -> None:
    rolling = ("00:00.000 --> 00:02.000\n \nAnn: one two\n\n00:02.000 --> 00:02.010\nAnn: one two\n \n\n00:02.010 --> 00:04.000\nAnn: one two\nBob: three\n\n"
               "00:04.000 --> 00:04.010\nBob: three\n\n00:04.010 --> 00:06.000\nBob: three\nAnn: four\n\n00:06.000 --> 00:08.000\nAnn: four\nBob: five\n")
    assert spoken(rolling) == {"Ann": pytest.approx(3.99), "Bob": pytest.approx(3.99)}
    assert spoken("00:00.000 --> 00:01.000\nAnn: yes\n\n00:01.000 --> 00:02.000\nAnn: no\n\n00:02.000 --> 00:03.000\nAnn: no\n\n"
                  "00:03.000 --> 00:04.000\nAnn: so\n\n00:04.000 --> 00:05.000\nAnn: well\n") == {"Ann": 5.0}
    assert spoken("00:00.000 --> 00:01.000\nAnn: a\nAnn: b\n\n00:01.000 --> 00:02.000\nAnn: a\nAnn: b\n") == {"Ann": 1.0}


# ── bytes ──

@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_ways_to_write_letters(codec: str) -> None:
    assert text_of("Één\r\ntwee\rdrie\n".encode(codec) if not codec.startswith("utf-16-") else "Een\r\ntwee\rdrie\n".encode(codec)).endswith("n\ntwee\ndrie\n")
    assert text_of("Één".encode("cp1252")) == "Één"
    assert text_of("één €".encode()[:-1]) == "één "


@given(st.text(alphabet=st.sampled_from("\n\n\n0123456789:.->< vABWEBTNO,{}\"é\t"), max_size=300))
def test_any_text_is_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    vtt.read(source(beside(folder, f"{WHEN}-any.vtt", "WEBVTT\n\n" + text)))


@pytest.mark.parametrize("line", ["<" * 60_000, "<v " * 30_000, "<v a" * 20_000, "&" * 60_000, "a: " * 30_000, "[" * 60_000, "(" * 60_000 + ")", " " * 60_000 + "x",
                                  "1" * 60_000, "00:" * 30_000, "-->" * 20_000, "{\"" * 20_000, "{\"a\":" * 20_000, "<v " + "a" * 60_000 + ">x", "x@" * 30_000 + ":",
                                  "\n".join(["NOTE"] * 10_000), "\n\n-->" * 20_000])
def test_no_line_takes_long(tmp_path: Path, line: str) -> None:
    began = time.perf_counter()
    read(tmp_path, f"00:00.000 --> 00:01.000\n{line}\n\n00:01.000 --> 00:02.000\n<v {line}\n\n{line}\n")
    read(tmp_path, f"00:00.000 --> 00:01.000\n{line}\n\n00:01.000 --> 00:02.000\n{line}: a\n\n{line}\n".replace("<v ", ""))
    assert time.perf_counter() - began < 5


def test_shared_files_are_read(shared: Path | None) -> None:
    if shared is None:
        return
    seen, read_cues = 0, 0
    for path in sorted((shared / "fixtures" / "vtt").glob("*.vtt")) + sorted((shared / "fixtures" / "security").glob("vtt*")):
        began = time.perf_counter()
        found = vtt.read(source(path))
        assert time.perf_counter() - began < 10, path.name
        assert found.label == path.name
        assert found.problems, path.name  # none of them says when it was
        assert not talked(found)
        seen += vtt.identify(Head.of(path))
        read_cues += found.counted["cue"]
    assert seen >= 160
    assert read_cues > 7_000
    found = vtt.read(source(shared / "fixtures" / "vtt" / "turnchunk__renewal-call.vtt"))
    assert found.counted["speaker"] == 3
