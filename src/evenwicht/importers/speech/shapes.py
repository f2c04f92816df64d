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

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenwicht.importers.speech.elements import (
    MILLISECONDS,
    SECONDS,
    TICKS,
    began,
    ended,
    first_of,
    is_speech,
    is_timed,
    list_of,
    table_of,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Shape:
    """One list of speech in a file: its path, its elements, and how many seconds one unit of time is (None: to be told)."""

    path: str
    elements: list[Any]
    unit: float | None


def shape_of(data: Any) -> Shape | None:
    """The list of speech in a JSON value; None where it holds none."""
    if isinstance(data, list):
        if _any(data, lambda one: isinstance(one.get("words"), list) and "participant" in one):
            return Shape("", [_joined(one, one["words"]) for one in data if isinstance(one, dict)], SECONDS)
        return Shape("", data, None) if _any(data, is_speech) else None
    if not isinstance(data, dict):
        return None
    for path, unit in _PATHS:
        found = _at(data, path)
        if isinstance(found, list) and _any(found, is_timed):
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
        channels = list_of(results, "channels")
        words = [
            word if "speaker" in word or len(channels) == 1 else {**word, "speaker": f"channel {number}"}
            for number, channel in enumerate(channels)
            for word in list_of(first_of(table_of(channel).get("alternatives")), "words") if isinstance(word, dict)
        ]
        return Shape("results.channels.words", words, SECONDS) if _any(words, is_timed) else None
    if isinstance(results, list) and results:
        words = list_of(first_of(table_of(results[-1]).get("alternatives")), "words")
        if _any(words, is_timed):
            return Shape("results.words", words, SECONDS)
        if _any(results, lambda one: is_timed(one) and isinstance(one.get("alternatives"), list)):
            return Shape("results", [
                {**one, **{key: value for key, value in table_of(first_of(one.get("alternatives"))).items() if key in {"speaker", "content"}}}
                for one in results if isinstance(one, dict) and one.get("type", "word") == "word"], SECONDS)
    return None


def _joined(element: dict[str, Any], words: list[Any]) -> dict[str, Any]:
    """An element whose times and words stand in its words."""
    timed = [word for word in words if isinstance(word, dict) and is_timed(word)]
    text = " ".join(text_of(word) or "" for word in timed)
    if not timed:
        return {**element, "text": text}
    return {**element, "text": text, "start": began(timed[0]), "end": ended(timed[-1])}


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
