"""One element of speech in JSON: when it was said, by whom, and in which words, whatever its keys are called."""

from __future__ import annotations

import math
import re
from typing import Any

SECONDS, MILLISECONDS, TICKS, SAMPLES = 1.0, 1e-3, 1e-7, 1 / 16_000

LATEST = 360_000.0
"""Seconds from the beginning that are believed: a hundred hours."""

LONGEST = 7_200.0
"""Seconds of one turn that are believed: a lecture of two hours."""

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


def times_of(element: dict[str, Any], unit: float) -> tuple[float, float] | None:
    """Start and end of an element in seconds; None where they cannot be used."""
    begin, until = value_of(element, _BEGIN), value_of(element, _END)
    start = seconds(begin, unit)
    if until is None:
        lasts = seconds(value_of(element, _LASTS), unit)
        end = start + lasts if start is not None and lasts is not None else None
    else:
        end = seconds(until, unit)
    if start is None or end is None or end < start or end > LATEST or end - start > LONGEST:
        return None
    return start, end


def text_of(element: dict[str, Any]) -> str | None:
    """The words of an element; None where the shape holds none beside its times."""
    found = value_of(element, _TEXT)
    if found is None and isinstance(element.get("nBest"), list):
        found = value_of(table_of(first_of(element["nBest"])), _TEXT)
    return None if found is None else str(found)


def voice_of(element: dict[str, Any], names: dict[str, str]) -> str:
    """Who speaks in an element, as text: a name, an address beside it, or a label such as SPEAKER_00."""
    for key in _SPEAKER:
        value = element.get(key)
        if isinstance(value, dict):
            value = person_of(value)
        elif isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        text = " ".join(str(value).split())[:300]
        if text.casefold() not in _NOBODY:
            return names.get(text, text)
    return ""


def person_of(told: dict[str, Any]) -> str:
    """`Anna <anna@birch.nl>` of an object that describes a person."""
    name = next((told[key] for key in ("name", "speaker_name", "displayName", "label", "id") if isinstance(told.get(key), str | int)), "")
    address = told.get("email")
    return f"{name} <{address}>" if isinstance(address, str) and "@" in address else str(name)


def value_of(element: dict[str, Any], keys: tuple[str, ...]) -> Any:
    """The first of several names under which an element has a value; None without."""
    for key in keys:
        value = element.get(key)
        if value is not None:
            return value
    return None


def began(element: dict[str, Any]) -> Any:
    """When an element begins, as written."""
    return value_of(element, _BEGIN)


def ended(element: dict[str, Any]) -> Any:
    """When an element ends, as written."""
    return value_of(element, _END)


def is_timed(element: dict[str, Any]) -> bool:
    """Whether an element has a time at which it begins, and one at which it ends."""
    return value_of(element, _BEGIN) is not None and (value_of(element, _END) is not None or value_of(element, _LASTS) is not None)


def is_speech(element: dict[str, Any]) -> bool:
    """Whether an element has times and, under a name that means nothing else, a speaker."""
    return is_timed(element) and any(key in element for key in _SPEAKER[:-2])


def table_of(value: Any) -> dict[str, Any]:
    """A table, or an empty one where a value is none."""
    return value if isinstance(value, dict) else {}


def first_of(value: Any) -> Any:
    """The first of a list; None where a value is none."""
    return value[0] if isinstance(value, list) and value else None


def list_of(value: Any, key: str) -> list[Any]:
    """The list under a key of a table; an empty one without."""
    found = table_of(value).get(key)
    return found if isinstance(found, list) else []
