"""SubRip and SBV: what differs from WebVTT."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.importers.speech_files import WHEN, beside, source, talks, told

from evenwicht.importers import srt
from evenwicht.importers.source import Head

FIRST = "1\n00:00:01,000 --> 00:00:03,000\nanna@birch.example: Hello.\n"


@pytest.mark.parametrize("start", [
    FIRST, "\ufeff" + FIRST, "00:01.000 --> 00:02.000\nx", "a title\n" + FIRST, "0:00:00.378,0:00:11.378\nCaption\n", "\n\n" + FIRST])
def test_it_knows_a_transcript_by_its_times(start: str) -> None:
    for codec in ("utf-8", "utf-16"):
        assert srt.identify(Head(Path("no.name"), 9, start.encode(codec)))


@pytest.mark.parametrize("start", [
    "", "1\nsome text", "WEBVTT\n\n" + FIRST, "From: a@b.nl\nSubject: x\nTo: c\n\n" + FIRST, "a --> b\n", "start,end\n1,2\n", "{\"a\": 1}",
    "\n" * 4000, " \n" * 2000 + "x"])
def test_it_leaves_other_files_alone(start: str) -> None:
    began = time.perf_counter()
    assert not srt.identify(Head(Path("a.srt"), 9, start.encode()))
    assert time.perf_counter() - began < 0.5
    assert not srt.identify(Head(Path("a.srt"), 0, b"", is_folder=True))


def read(folder: Path, body: str):
    return srt.read(source(beside(folder, f"{WHEN}.srt", body)))


def test_numbers_without_an_empty_line_are_no_speech(tmp_path: Path) -> None:
    found = read(tmp_path, FIRST + "2\n00:00:03,000 --> 00:00:04,000\n42\n\n3\n00:00:04,000 --> 00:00:06,500\ndee@acme.example: Yes.")
    assert talks(found) == {("birch.example", "acme.example"): 3.0, ("acme.example", "birch.example"): 2.5}
    assert not found.problems


def test_a_name_once_that_is_known_and_a_bracket_that_is_no_company(tmp_path: Path) -> None:
    found = read(tmp_path, FIRST + "\n2\n00:00:03,000 --> 00:00:05,000\nDee (Acme): Yes.\n\n3\n00:00:05,000 --> 00:00:06,000\nand (well): no.\n")
    assert talks(found) == {("birch.example", "name:acme"): 2.0, ("name:acme", "birch.example"): 3.0}


def test_captions_without_speakers_say_so(tmp_path: Path) -> None:
    found = read(tmp_path, "1\n00:00:01,000 --> 00:00:03,000\nHello.\n")
    (_place, severity, text), = told(found)
    assert severity == "warning"
    assert "does not say who speaks" in text


def test_shared_files_are_read(shared: Path | None) -> None:
    if shared is None:
        return
    files = [path for path in sorted((shared / "fixtures" / "srt").iterdir()) if path.suffix in {".srt", ".sbv"}]
    cues = {path.name: srt.read(source(path)).counted["cue"] for path in files}
    assert len(cues) == 18
    assert [name for name, count in cues.items() if not count] == ["webvtt-py__invalid_format3.srt"]  # it has no times at all
    assert [path.name for path in files if not srt.identify(Head.of(path))] == ["webvtt-py__invalid_format3.srt"]
    assert len({count for name, count in cues.items() if "bom-utf" in name}) == 1
    assert cues["pysrt__utf-8.srt"] == cues["pysrt__windows-1252.srt"] == 1332
    for path in sorted((shared / "fixtures" / "security").glob("srt*")):
        began = time.perf_counter()
        srt.read(source(path))
        assert time.perf_counter() - began < 10
