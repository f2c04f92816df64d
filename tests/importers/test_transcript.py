"""Transcripts in JSON: every shape, its unit of time, and what is no time at all."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.speech_files import WHEN, beside, source, talks, told

from evenwicht.importers import transcript
from evenwicht.importers.source import HEAD_BYTES, Head
from evenwicht.importers.speech import told as told_room
from evenwicht.importers.speech.elements import seconds
from evenwicht.importers.speech.shapes import shape_of
from evenwicht.importers.speech.told import told_by
from evenwicht.importers.speech.turns import counted

A, B = "a@birch.example", "b@acme.example"


def spoken(data: Any) -> dict[str, float]:
    shape = shape_of(data)
    assert shape is not None
    return {name: round(turn.seconds, 3) for name, turn in counted(told_by(data, shape).pieces).voices.items()}


def turn(who: object, start: object, end: object, text: str = "one two three four five", **more: object) -> dict[str, object]:
    return {"speaker": who, "start": start, "end": end, "text": text, **more}


def word(who: object, start: float, end: float, key: str = "speaker") -> dict[str, object]:
    return {"word": "hello", "start": start, "end": end, key: who}


SHAPES: dict[str, tuple[Any, dict[str, float]]] = {
    "whisperx": ({"segments": [turn("SPEAKER_00", 0.5, 2.5), turn("SPEAKER_01", 2.5, 4.0), turn(None, 4.0, 5.0)]},
                 {"SPEAKER_00": 2.0, "SPEAKER_01": 1.5, "": 1.0}),
    "azure": ({"recognizedPhrases": [
        {"speaker": 1, "offsetInTicks": 5e6, "durationInTicks": 9e6, "nBest": [{"display": "Hello."}]},
        {"channel": 0, "offset": "PT2S", "duration": "PT1M0.5S", "nBest": [{"display": "Hi."}]}]}, {"1": 0.9, "0": 60.5}),
    "aws": ({"jobName": "m", "results": {"transcripts": [{"transcript": "x"}], "speaker_labels": {"segments": [
        {"start_time": "0.5", "end_time": "1.5", "speaker_label": "spk_0", "items": []}]}}}, {"spk_0": 1.0}),
    "deepgram": ({"results": {"channels": [], "utterances": [{"start": 1, "end": 2.5, "transcript": "x", "speaker": 0}]}}, {"0": 1.5}),
    "deepgram words": ({"results": {"channels": [{"alternatives": [{"words": [word(0, 0, 1), word(1, 1, 3)]}]}]}}, {"0": 1.0, "1": 2.0}),
    "deepgram channels": ({"results": {"channels": [
        {"alternatives": [{"words": [{"word": "a", "start": 0, "end": 1}]}]}, {"alternatives": [{"words": [{"word": "b", "start": 1, "end": 3}]}]}]}},
        {"channel 0": 1.0, "channel 1": 2.0}),
    "assemblyai": ({"audio_url": "x", "utterances": [turn("A", 250, 2250), turn("B", 3000, 4000)]}, {"A": 2.0, "B": 1.0}),
    "assemblyai without its mark": ({"utterances": [turn("A", 250, 2250), turn("B", 3000, 4000)]}, {"A": 2.0, "B": 1.0}),
    "assemblyai by its length": ({"audio_duration": 4, "utterances": [turn("A", 250, 2250, "a"), turn("B", 3000, 4000, "b")]}, {"A": 2.0, "B": 1.0}),
    "utterances in seconds": ({"utterances": [turn("A", 1, 3), turn("B", 3, 4)]}, {"A": 2.0, "B": 1.0}),
    "rev": ({"speakers": [{"id": 0, "name": "Ann"}], "monologues": [
        {"speaker": 0, "elements": [{"type": "text", "value": "Hi", "ts": 0.5, "end_ts": 1.0}, {"type": "punct", "value": "."},
                                    {"type": "text", "value": "there", "ts": 1.0, "end_ts": 2.0}]},
        {"speaker": 1, "elements": [{"type": "text", "value": "Yes", "timestamp": "00:00:02,000", "end_timestamp": "00:00:02,500"}]},
        {"speaker": 1, "elements": [{"type": "punct", "value": "."}]}]}, {"Ann": 1.5, "1": 0.5}),
    "otter": ({"speech": {"duration": 20, "speakers": [{"id": 7, "speaker_name": "Ann"}], "transcripts": [
        {"start_offset": 0, "end_offset": 160_000, "transcript": "x", "speaker_id": 7},
        {"start_offset": 160_000, "end_offset": 320_000, "transcript": "x", "speaker_id": 8}]}}, {"Ann": 10.0, "8": 10.0}),
    "teams": ({"entries": [{"speakerDisplayName": "Ann", "speakerId": "u@t", "startOffset": "00:00:04.7950000", "endOffset": "00:01:10.5950000", "text": "x"}]},
              {"Ann": 65.8}),
    "fireflies": ({"sentences": [{"speaker_name": "Ann", "start_time": "0.5", "end_time": 2, "text": "x"}]}, {"Ann": 1.5}),
    "gladia": ({"result": {"transcription": {"utterances": [turn(0, 0.5, 2)]}}}, {"0": 1.5}),
    "google": ({"results": [{"alternatives": [{"words": [{"word": "x"}]}]}, {"alternatives": [{"words": [
        {"startTime": "1.400s", "endTime": "1.800s", "word": "hi", "speakerTag": 1}]}]}]}, {"1": 0.4}),
    "speechmatics": ({"results": [
        {"type": "word", "start_time": 0.5, "end_time": 1.0, "alternatives": [{"content": "Hi", "speaker": "S1"}]},
        {"type": "punctuation", "start_time": 1.0, "end_time": 1.0, "alternatives": [{"content": ".", "speaker": "S1"}]},
        {"type": "word", "start_time": 1.0, "end_time": 2.0, "alternatives": [{"content": "Hm", "speaker": "UU"}]}]}, {"S1": 0.5, "": 1.0}),
    "recall": ([{"participant": {"name": "Ann", "email": A}, "words": [
        {"text": "hi", "start_timestamp": {"relative": 1.0}, "end_timestamp": {"relative": 2.0}},
        {"text": "ho", "start_timestamp": {"relative": 2.0}, "end_timestamp": {"relative": 3.5}}]}], {f"Ann <{A}>": 2.5}),
    "a plain list": ([turn("Ann", 0, 2), turn({"id": 4}, 2, 3)], {"Ann": 2.0, "4": 1.0}),
    "names in a table": ({"speakers": {"A": "Ann"}, "segments": [turn("A", 0, 2)]}, {"Ann": 2.0}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_gives_its_speakers_and_seconds(name: str) -> None:
    data, wanted = SHAPES[name]
    assert spoken(data) == pytest.approx(wanted)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_known_whole_and_by_its_beginning(name: str) -> None:
    text = json.dumps(SHAPES[name][0]).encode()
    assert transcript.identify(Head(Path("no.name"), len(text), text))
    if name != "google":
        assert transcript.identify(Head(Path("no.name"), HEAD_BYTES + 1, b"\xef\xbb\xbf" + text[:-1]))


@pytest.mark.parametrize("text", [
    "", "[]", "{}", "[1, 2]", '{"segments": []}', '{"segments": [1]}', '{"words": ["a"]}', '{"transcript": "x"}', '{"results": []}', '{"results": {}}',
    '{"entries": [{"id": 1, "start": 1}]}', "[" * 60_000, "{\"segments\": [", '{"events": [{"start": "2026-03-02", "end": "2026-03-03", "name": "x"}]}',
    '{"sentences": [{"text": "a"}]}', "speaker,start,end\n", '"segments"', '[{"name": "a", "start": 1, "end": 2}]',
])
def test_other_json_is_left_alone(text: str) -> None:
    assert not transcript.identify(Head(Path("a.json"), len(text), text.encode()))
    assert not transcript.identify(Head(Path("a.json"), 0, b"", is_folder=True))


@pytest.mark.parametrize("value, unit, wanted", [
    (1.5, 1.0, 1.5), (1500, 1e-3, 1.5), ("1.5", 1.0, 1.5), ("1500", 1e-3, 1.5), ("1.5s", 1e-3, 1.5), ("01:02", 1e-3, 62.0), ("1:00:02,5", 1.0, 3602.5),
    ("PT1H1M1S", 1.0, 3661.0), ({"relative": 2}, 1.0, 2.0), (0, 1.0, 0.0),
    (-1, 1.0, None), (float("nan"), 1.0, None), (float("inf"), 1.0, None), (True, 1.0, None), (None, 1.0, None), ("", 1.0, None), ("soon", 1.0, None),
    ("PT", 1.0, None), ([], 1.0, None), ({}, 1.0, None), (10 ** 400, 1.0, None), ("-3", 1.0, None),
])
def test_a_value_as_seconds(value: Any, unit: float, wanted: float | None) -> None:
    found = seconds(value, unit)
    assert found == (pytest.approx(wanted) if wanted is not None else None)


def test_the_rows_of_a_file(tmp_path: Path) -> None:
    data = json.dumps({"startDateTime": "2026-03-02T09:00:00Z", "segments": [turn(A, 0, 4), turn(B, 4, 5), turn(B, 5, 5.5, "...")]})
    found = transcript.read(source(beside(tmp_path, "call.json", data)))
    assert talks(found) == {("birch.example", "acme.example"): 4.0, ("acme.example", "birch.example"): 1.0}
    assert found.events[0].evidence == ("call.json#segments[1]",)
    assert not found.problems


def test_labels_need_the_list_beside_the_file(tmp_path: Path) -> None:
    data = json.dumps({"segments": [turn("SPEAKER_00", 0, 4), turn("SPEAKER_01", 4, 5)]})
    path = beside(tmp_path, f"{WHEN}.json", data)
    (place, severity, text), = told(transcript.read(source(path)))
    assert (place, severity) == ("segments[0]", "warning")
    assert "2 of 2 speakers" in text
    beside(tmp_path, f"{WHEN}.json", data, '[speakers]\nSPEAKER_00 = "birch.example"\nSPEAKER_01 = "acme.example"')
    assert len(transcript.read(source(path)).events) == 2


def test_a_list_of_speakers_is_no_unknown_file(tmp_path: Path) -> None:
    path = tmp_path / "call.speakers.toml"
    path.write_text('[speakers]\n"Anna" = "birch.example"\n')
    assert transcript.identify(Head.of(path))
    assert not transcript.identify(Head(tmp_path / "other.toml", 9, b"[speakers]"))
    assert "No transcript stands beside" in told(transcript.read(source(path)))[0][2]
    (tmp_path / "call.vtt").write_text("WEBVTT\n")
    found = transcript.read(source(path))
    assert (found.events, found.problems, found.counted["speaker_list"]) == ([], [], 1)


@pytest.mark.parametrize("text, part", [
    ("{", "no JSON"), ("[" * 100_000, "too deep"), ('{"a": ' * 100_000, "too deep"), ("{}", "no list of who spoke"), ("1" * 10_000, "no JSON"),
    ('{"segments":[{"start":NaN,"end":1e999,"text":"ja","speaker":null},{"start":-5,"end":"00:03","text":42},{"start":5,"end":3},7]}', "left out: 4"),
    (json.dumps({"results": {"utterances": [turn("a", 0, 1e6), turn("a", 0, 1e4)]}}), "left out: 2"),
])
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str, part: str) -> None:
    began = time.perf_counter()
    found = transcript.read(source(beside(tmp_path, f"{WHEN}.json", text)))
    assert time.perf_counter() - began < 5
    assert any(part in one[2] for one in told(found))
    assert not found.events


def test_too_many_and_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = beside(tmp_path, f"{WHEN}.json", json.dumps([turn(A, 0, 1), turn(B, 1, 2), turn(B, 2, 3)]))
    monkeypatch.setattr(told_room, "MOST", 2)
    assert any("1 more were left out" in one[2] for one in told(transcript.read(source(path))))
    monkeypatch.setattr(transcript, "MAX_BYTES", 2)
    assert "is not read" in told(transcript.read(source(path)))[0][2]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["segments", "results", "utterances", "words", "alternatives", "channels", "elements", "monologues", "participant", "speakers", "speech", "transcripts",
         "start", "end", "speaker", "text", "id", "name", "duration", "start_time", "nBest", "metadata", "relative", "type", "email"]), inner, max_size=6),
    max_leaves=25)


@given(JSON)
def test_any_json_is_read(data: Any) -> None:
    shape = shape_of(data)
    if shape is not None:
        found = told_by(data, shape)
        assert all(0 <= piece.start <= piece.end for piece in found.pieces)
        counted(found.pieces)


def test_shared_files_are_read(shared: Path | None) -> None:
    if shared is None:
        return
    files = sorted((shared / "fixtures" / "transcript_json").glob("*.json"))
    for path in files:
        assert transcript.identify(Head.of(path)), path.name
        assert transcript.read(source(path)).counted["speaker"] == 2, path.name
    for path in sorted((shared / "fixtures" / "security").glob("json*")):
        began = time.perf_counter()
        assert transcript.read(source(path)).problems
        assert time.perf_counter() - began < 10
    assert len(files) == 5


MINE = {"vtt": "vtt", "srt": "srt", "transcript_json": "transcript", "vcard": "vcard"}


def test_no_two_importers_claim_one_real_file(shared: Path | None) -> None:
    if shared is None:
        return
    from evenwicht.registry import members

    importers = members("evenwicht.importers")
    for path in sorted((shared / "fixtures").rglob("*")):
        if path.is_file() and path.name not in {"SOURCES.tsv", "README.md"}:
            head = Head.of(path)
            ours = [name for name in MINE.values() if importers[name].identify(head)]
            if ours:
                assert [name for name, module in importers.items() if module.identify(head)] == ours, path
                assert len(ours) == 1
                assert path.parent.name in {*MINE, "security"}, path
