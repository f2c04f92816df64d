"""Transcripts in JSON, by the shapes of the services that write them (`speech/shapes.py`), and lists of speakers.

A list of speakers (`NAME.speakers.toml`, `speech/sidecar.py`) is read with its transcript; by itself it says nothing.
`Reading.counted`: see `vtt`; `turn` = elements of speech; `speaker_list` = lists of speakers.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from evenwicht.importers.source import Reading
from evenwicht.importers.speech.shapes import shape_of
from evenwicht.importers.speech.sidecar import beside, is_sidecar, transcript_beside
from evenwicht.importers.speech.talks import tell
from evenwicht.importers.speech.text import text_of, whole
from evenwicht.importers.speech.told import MOST, told_by
from evenwicht.importers.speech.turns import counted

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Source

NAME = "transcript"

MAX_BYTES = 100_000_000
"""Larger files are refused: three hours with every word in it are ten megabytes."""

_KEY = r'"(?:{})"\s*:'
_LISTS = re.compile(_KEY.format(
    "segments|recognizedPhrases|speaker_labels|utterances|monologues|entries|sentences|transcripts|transcript|words|channels|alternatives"))
_TIMES = re.compile(_KEY.format(
    "start|start_time|startTime|startOffset|start_offset|offsetInTicks|start_timestamp|ts|startMs|start_ms"))
_SAID = re.compile(_KEY.format(
    "speaker|speaker_label|speakerDisplayName|speaker_name|speakerName|speaker_id|speakerId|speakerTag|participant|monologues|"
    "recognizedPhrases|speaker_labels|utterances|text|transcript|word|punctuated_word"))
_SPEAKERS = re.compile(_KEY.format("speaker|speaker_label|speakerDisplayName|speaker_name|speakerName|speaker_id|speakerId|participant"))
_AWS = re.compile(r'"jobName"\s*:.*"results"\s*:\s*\{\s*"transcripts"\s*:', re.DOTALL)
_LOOSE = frozenset({"words", "transcript", "transcripts", "sentences", "entries", "segments"})


def identify(head: Head) -> bool:
    """Whether a file is JSON with a list of speech in it, or a list of speakers.

    A whole file is parsed; of one that is longer than its head, the names in its beginning decide.
    """
    if is_sidecar(head):
        return True
    if head.is_folder or head.start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] not in (b"{", b"["):
        return False
    text = text_of(head.start)
    if head.size <= len(head.start):
        return _is_speech(_parsed(text.encode())[0])
    if text.lstrip()[:1] == "[" and _SPEAKERS.search(text) is not None and _TIMES.search(text) is not None:
        return True
    return _AWS.search(text) is not None or all(keys.search(text) is not None for keys in (_LISTS, _TIMES, _SAID))


def read(source: Source) -> Reading:
    """Read one transcript: a `talk` per organisation and other organisation, and coverage of its time."""
    reading = Reading(label=source.label)
    if source.path.name.lower().endswith(".speakers.toml"):
        return _of_list(source, reading)
    data = whole(source, reading, MAX_BYTES)
    if data is None:
        return reading
    value, reason = _parsed(text_of(data).encode("utf-8", "replace"))
    source.advance(len(data))
    shape = shape_of(value)
    if reason:
        reading.problem("", "The file is no JSON that can be read: {reason}.", "Export the transcript again.", reason=reason)
    elif shape is None:
        reading.problem("", "The file holds no list of who spoke from when to when.",
                        "Export the transcript with its speakers and times, as JSON or WebVTT.")
    if shape is None:
        return reading
    told = told_by(value, shape)
    reading.counted["turn"] += len(told.pieces)
    if told.unreadable:
        reading.problem(told.place(told.unreadable[0]), "Turns without times that can be used were left out: {count}, of which this is the first.",
                        "Correct their times, or export the transcript again.", count=len(told.unreadable))
    if told.beyond:
        reading.problem("", "Of the turns {limit} were read; {count} more were left out.", "Export it in parts.", count=told.beyond, limit=MOST)
    sidecar = beside(source.path, reading)
    tell(source, reading, counted(told.pieces), sidecar, told.start, told.place, told.meeting)
    return reading


def _of_list(source: Source, reading: Reading) -> Reading:
    reading.counted["speaker_list"] += 1
    if not transcript_beside(source.path):
        reading.problem("", "No transcript stands beside this list of speakers.",
                        "Give it the name of the transcript: call.speakers.toml beside call.vtt.", "warning")
    source.advance(source.path.stat().st_size if source.path.is_file() else 0)
    return reading


def _parsed(text: bytes) -> tuple[Any, str]:
    """The JSON value of a text and why there is none ("" where there is). NaN and Infinity become null."""
    try:
        return json.loads(text, parse_constant=lambda _name: None), ""
    except RecursionError:
        return None, "too deep"
    except ValueError as error:
        return None, str(error)[:100]


def _is_speech(value: Any) -> bool:
    """Whether a whole file is speech: a list of it is there and, under a common name, somebody or something said in it."""
    shape = shape_of(value)
    if shape is None:
        return False
    if shape.path.rpartition(".")[2] not in _LOOSE:
        return True
    told = told_by(value, shape)
    return bool(told.pieces or told.unreadable)
