"""Transcripts in JSON: the shapes that speech services and meeting programs write, and their units of time.

| shape                      | list                                   | speaker            | times                      |
|----------------------------|----------------------------------------|--------------------|----------------------------|
| Whisper, WhisperX, OpenAI  | segments                               | speaker            | seconds                    |
| Azure Speech               | recognizedPhrases                      | speaker, channel   | ticks of 100 ns            |
| AWS Transcribe             | results.speaker_labels.segments        | speaker_label      | seconds as text            |
| Deepgram                   | results.utterances, or words           | speaker            | seconds                    |
| AssemblyAI                 | utterances, or words                   | speaker            | milliseconds               |
| Rev                        | monologues                             | speaker            | seconds                    |
| Otter                      | transcripts                            | speaker_id         | samples or seconds         |
| Teams and Stream           | entries                                | speakerDisplayName | clock: 00:00:04.795        |
| Fireflies                  | sentences                              | speaker_name       | seconds                    |
| Gladia                     | result.transcription.utterances        | speaker            | seconds                    |
| Google Speech-to-Text      | results[-1].alternatives[0].words      | speakerTag         | "1.400s"                   |
| Speechmatics               | results                                | in alternatives    | seconds                    |
| Recall                     | the file itself                        | participant        | seconds                    |

Source: the public documentation of these services. A list of another name of which the elements have a speaker, a start
and an end is read as well; whether it counts seconds or milliseconds is told by how fast people speak.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evenwicht.importers.speech.start import moment
from evenwicht.importers.speech.turns import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evenwicht.importers.speech.start import Start

SECONDS, MILLISECONDS, TICKS, SAMPLES = 1.0, 1e-3, 1e-7, 1 / 16_000
WORDS_A_SECOND = 2.5
"""How fast people speak (CONTRACT, talk): what tells seconds from milliseconds where nothing else does."""

LATEST = 360_000.0
"""Seconds from the beginning that are believed: a hundred hours."""

LONGEST = 7_200.0
"""Seconds of one turn that are believed: a lecture of two hours."""

MOST = 2_000_000
"""Elements of one list that are read."""

_SPEAKER = ("speaker", "speaker_label", "speakerDisplayName", "speaker_name", "speakerName", "speakerLabel", "speakerTag",
            "speaker_id", "speakerId", "participant", "name", "channel")
_BEGIN = ("start", "start_time", "startTime", "startOffset", "start_offset", "offsetInTicks", "start_timestamp", "begin",
          "startTimestamp", "startMs", "start_ms", "ts", "timestamp", "offset")
_END = ("end", "end_time", "endTime", "endOffset", "end_offset", "end_timestamp", "endTimestamp", "endMs", "end_ms",
        "end_ts", "stop")
_LASTS = ("durationInTicks", "duration", "dur", "duration_ms")
_TEXT = ("text", "transcript", "display", "sentence", "raw_text", "content", "punctuated_word", "word", "value", "utterance",
         "spokenText")
_NOBODY = frozenset({"", "unknown", "uu", "none", "null", "unidentified", "unknown speaker"})
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d{1,9})?)$", re.ASCII)
_PLAIN = re.compile(r"(\d{1,18}(?:\.\d{1,18})?)s?$", re.ASCII)
_SPAN = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8}(?:\.\d{1,9})?)S)?$", re.ASCII)
_WORD = re.compile(r"\w")
_STARTS = ("startDateTime", "meetingStartDateTime", "meeting_start_time", "meetingStartTime", "started_at", "start_time",
           "startTime", "recordedAt")


@dataclass(frozen=True, slots=True)
class Shape:
    """One list of speech in a file: its path, its elements, and how many seconds one unit of time is (None: to be told)."""

    path: str
    elements: list[Any]
    unit: float | None


@dataclass(slots=True)
class Told:
    """What one file of JSON says: pieces in order of time, places of elements that cannot be used, and its start."""

    path: str
    pieces: list[Said] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    start: Start | None = None
    beyond: int = 0

    def place(self, number: int) -> str:
        """Where an element stands: `segments[3]`."""
        return f"{self.path}[{number}]"


def shape_of(data: Any) -> Shape | None:
    """The list of speech in a JSON value; None where it holds none."""
    if isinstance(data, list):
        if _any(data, lambda one: isinstance(one.get("words"), list) and "participant" in one):
            return Shape("", [_joined(one, one["words"]) for one in data if isinstance(one, dict)], SECONDS)
        return Shape("", data, None) if _any(data, _speaks) else None
    if not isinstance(data, dict):
        return None
    for path, unit in _PATHS:
        found = _at(data, path)
        if isinstance(found, list) and _any(found, _timed):
            elements = [_joined(one, one["elements"]) if isinstance(one, dict) and isinstance(one.get("elements"), list) else one
                        for one in found] if path == "monologues" else found
            return Shape(path, elements, unit if unit is not None else _unit_of(data, path))
    return _of_results(data.get("results"))


_PATHS: tuple[tuple[str, float | None], ...] = (
    ("recognizedPhrases", TICKS), ("results.speaker_labels.segments", SECONDS), ("results.utterances", SECONDS),
    ("monologues", SECONDS), ("result.transcription.utterances", SECONDS), ("transcription.utterances", SECONDS),
    ("speech.transcripts", None), ("transcripts", None), ("entries", SECONDS), ("data.transcript.sentences", SECONDS),
    ("sentences", SECONDS), ("utterances", None), ("segments", None), ("transcript.segments", None), ("transcript", None),
    ("words", None),
)


def _unit_of(data: dict[str, Any], path: str) -> float | None:
    if path in {"utterances", "words"} and ("audio_url" in data or "acoustic_model" in data or "speech_model" in data):
        return MILLISECONDS
    return None


def _of_results(results: Any) -> Shape | None:
    """Lists deeper inside `results`: words of Deepgram, Google and Speechmatics."""
    if isinstance(results, dict):
        channels = _list(results, "channels")
        words = [
            word if "speaker" in word or len(channels) == 1 else {**word, "speaker": f"channel {number}"}
            for number, channel in enumerate(channels)
            for word in _list(_first(_dict(channel).get("alternatives")), "words") if isinstance(word, dict)
        ]
        return Shape("results.channels.words", words, SECONDS) if _any(words, _timed) else None
    if isinstance(results, list) and results:
        words = _list(_first(_dict(results[-1]).get("alternatives")), "words")
        if _any(words, _timed):
            return Shape("results.words", words, SECONDS)
        if _any(results, lambda one: _timed(one) and isinstance(one.get("alternatives"), list)):
            return Shape("results", [
                {**one, **{key: value for key, value in _dict(_first(one.get("alternatives"))).items() if key in {"speaker", "content"}}}
                for one in results if isinstance(one, dict) and one.get("type", "word") == "word"], SECONDS)
    return None


def told_by(data: Any, shape: Shape) -> Told:
    """Everything the elements of a shape say. What cannot be used is counted by its place, and nothing raises."""
    told = Told(shape.path, start=_start_of(data))
    elements = shape.elements[:MOST]
    told.beyond = len(shape.elements) - len(elements)
    unit = shape.unit if shape.unit is not None else _guessed(elements, _units_for(shape.path), _length_of(data))
    names = _names_of(data)
    for number, element in enumerate(elements):
        piece = _piece(element, number, unit, names)
        if piece is None:
            told.unreadable.append(number)
        elif piece.share:
            told.pieces.append(piece)
    told.pieces.sort(key=lambda piece: (piece.start, piece.end, piece.place))
    return told


def _units_for(path: str) -> tuple[float, ...]:
    return (SECONDS, MILLISECONDS, SAMPLES) if path.endswith("transcripts") else (SECONDS, MILLISECONDS)


def _piece(element: Any, number: int, unit: float, names: dict[str, str]) -> Said | None:
    """One element as speech; with a share of 0 where it holds no words; None where its times cannot be used."""
    if not isinstance(element, dict):
        return None
    text = _text_of(element)
    if text is not None and _WORD.search(text) is None:
        return Said("", 0.0, 0.0, 0.0, number)
    times = _times(element, unit)
    if times is None:
        return None
    return Said(_voice(element, names), *times, 1.0, number)


def _times(element: dict[str, Any], unit: float) -> tuple[float, float] | None:
    begin, until = _value(element, _BEGIN), _value(element, _END)
    start = seconds(begin, unit)
    if until is None:
        lasts = seconds(_value(element, _LASTS), unit)
        end = start + lasts if start is not None and lasts is not None else None
    else:
        end = seconds(until, unit)
    if start is None or end is None or end < start or end > LATEST or end - start > LONGEST:
        return None
    return start, end


def seconds(value: Any, unit: float) -> float | None:
    """A time as seconds. Numbers, and texts that hold one, are in `unit`; clocks, "1.4s" and PT1.4S are in seconds.

    None for what is no time: negative, infinite or not a number, true and false, other texts.
    """
    if isinstance(value, dict):  # Recall: {"relative": 1.2, "absolute": "2026-03-02T…"}
        value = value.get("relative")
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        try:
            found = float(value) * unit
        except OverflowError:
            return None
        return found if math.isfinite(found) and found >= 0 else None
    if not isinstance(value, str):
        return None
    value = value.strip()
    plain = _PLAIN.match(value)
    if plain is not None:
        return float(plain[1]) * (SECONDS if value.endswith("s") else unit)
    clock = _CLOCK.match(value)
    if clock is not None:
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + float(clock[3].replace(",", "."))
    span = _SPAN.match(value)
    if span is not None and any(span.groups()):
        return int(span[1] or 0) * 3600 + int(span[2] or 0) * 60 + float(span[3] or 0)
    return None


def _guessed(elements: Sequence[Any], units: tuple[float, ...], length: float | None) -> float:
    """Seconds of one unit: the one with which the whole fits in the stated length, and people speak most like people."""
    words = total = latest = 0.0
    for element in elements[:2_000]:
        times = _times(element, MILLISECONDS) if isinstance(element, dict) else None
        if times is not None and not isinstance(_value(element, _BEGIN), str):
            words += len((_text_of(element) or "").split())
            total += (times[1] - times[0]) / MILLISECONDS
            latest = max(latest, times[1] / MILLISECONDS)
    if length is not None and latest > 0:
        return min(units, key=lambda unit: abs(math.log(latest * unit / length)))
    if words <= 0 or total <= 0:
        return SECONDS
    return min(units, key=lambda unit: abs(math.log(words / (total * unit) / WORDS_A_SECOND)))


def _length_of(data: Any) -> float | None:
    """The length of the recording in seconds, as the file states it; None where it does not."""
    if not isinstance(data, dict):
        return None
    for holder in (data, data.get("speech"), data.get("metadata")):
        for key in ("audio_duration", "duration", "duration_seconds"):
            value = holder.get(key) if isinstance(holder, dict) else None
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < LATEST:
                return float(value)
    return None


def _voice(element: dict[str, Any], names: dict[str, str]) -> str:
    """Who speaks in an element, as text: a name, an address beside it, or a label such as SPEAKER_00."""
    for key in _SPEAKER:
        value = element.get(key)
        if isinstance(value, dict):
            value = _person(value)
        elif isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        text = " ".join(str(value).split())[:300]
        if text.casefold() not in _NOBODY:
            return names.get(text, text)
    return ""


def _person(told: dict[str, Any]) -> str:
    """`Anna <anna@birch.nl>` of an object that describes a person."""
    name = next((told[key] for key in ("name", "speaker_name", "displayName", "label", "id") if isinstance(told.get(key), str | int)), "")
    address = told.get("email")
    return f"{name} <{address}>" if isinstance(address, str) and "@" in address else str(name)


def _names_of(data: Any) -> dict[str, str]:
    """Names by the numbers that stand for them, from a list or table of speakers in the file."""
    found: dict[str, str] = {}
    if not isinstance(data, dict):
        return found
    for holder in (data, _dict(data.get("speech"))):
        for key in ("speakers", "participants", "speaker_names"):
            listed = holder.get(key)
            if isinstance(listed, dict):
                found.update({str(number): name for number, name in listed.items() if isinstance(name, str) and name})
            elif isinstance(listed, list):
                for one in listed:
                    number, name = _dict(one).get("id"), _person({k: v for k, v in _dict(one).items() if k != "id"})
                    if isinstance(number, int | str) and name:
                        found[str(number)] = name
    return found


def _start_of(data: Any) -> Start | None:
    """The start of the meeting, where a file states it as a date."""
    if not isinstance(data, dict):
        return None
    for holder in (data, _dict(data.get("speech")), _dict(data.get("meeting"))):
        for key in _STARTS:
            value = holder.get(key)
            if isinstance(value, str) or (isinstance(value, int | float) and value > 1e8):  # noqa: PLR2004  seconds since 1970, not an offset
                start = moment(value)
                if start is not None:
                    return start
    return None


def _text_of(element: dict[str, Any]) -> str | None:
    """The words of an element; None where the shape holds none beside its times."""
    found = _value(element, _TEXT)
    if found is None and isinstance(element.get("nBest"), list):
        found = _value(_dict(_first(element["nBest"])), _TEXT)
    return None if found is None else str(found)


def _joined(element: dict[str, Any], words: list[Any]) -> dict[str, Any]:
    """An element whose times and words stand in its words."""
    timed = [word for word in words if isinstance(word, dict) and _timed(word)]
    text = " ".join(str(_value(word, _TEXT) or "") for word in timed)
    if not timed:
        return {**element, "text": text}
    return {**element, "text": text, "start": _value(timed[0], _BEGIN), "end": _value(timed[-1], _END)}


def _value(element: dict[str, Any], keys: tuple[str, ...]) -> Any:
    for key in keys:
        value = element.get(key)
        if value is not None:
            return value
    return None


def _timed(element: dict[str, Any]) -> bool:
    return _value(element, _BEGIN) is not None and (_value(element, _END) is not None or _value(element, _LASTS) is not None)


def _speaks(element: dict[str, Any]) -> bool:
    return _timed(element) and any(key in element for key in _SPEAKER[:-2])


def _any(elements: list[Any], fits: Callable[[dict[str, Any]], bool]) -> bool:
    """Whether one of the first elements fits, or one of the things inside it does (monologues)."""
    for element in elements[:50]:
        if isinstance(element, dict):
            inner = element.get("elements")
            if fits(element) or (isinstance(inner, list) and any(isinstance(one, dict) and fits(one) for one in inner[:50])):
                return True
    return False


def _at(data: dict[str, Any], path: str) -> Any:
    found: Any = data
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None


def _list(value: Any, key: str) -> list[Any]:
    found = _dict(value).get(key)
    return found if isinstance(found, list) else []
