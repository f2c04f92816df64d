"""Everything that one file of JSON says: who spoke from when to when, when the meeting began, and which meeting it was."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evenwicht.importers.speech.elements import (
    LATEST,
    MILLISECONDS,
    SAMPLES,
    SECONDS,
    began,
    person_of,
    table_of,
    text_of,
    times_of,
    voice_of,
)
from evenwicht.importers.speech.start import moment
from evenwicht.importers.speech.turns import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.importers.speech.shapes import Shape
    from evenwicht.importers.speech.start import Start

MOST = 2_000_000
"""Elements of one list that are read."""

WORDS_A_SECOND = 2.5
"""How fast people speak (CONTRACT, talk): what tells seconds from milliseconds where nothing else does."""

_WORD = re.compile(r"\w")
_STARTS = ("startDateTime", "meetingStartDateTime", "meeting_start_time", "meetingStartTime", "started_at", "start_time",
           "startTime", "recordedAt")
_MEETINGS = ("iCalUId", "ical_uid", "icaluid", "iCalUID", "meeting_uid", "calendar_event_uid", "calendarEventUid", "event_uid")
_LONGEST_UID = 512


@dataclass(slots=True)
class Told:
    """What one file of JSON says: pieces in order of time, places of elements that cannot be used, its start, and the id
    of its meeting in the calendar ("" where it does not say).
    """

    path: str
    pieces: list[Said] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    start: Start | None = None
    beyond: int = 0
    meeting: str = ""

    def place(self, number: int) -> str:
        """Where an element stands: `segments[3]`."""
        return f"{self.path}[{number}]"


def told_by(data: Any, shape: Shape) -> Told:
    """Everything the elements of a shape say. What cannot be used is counted by its place, and nothing raises."""
    told = Told(shape.path, start=_start_of(data), meeting=_meeting_of(data))
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
    text = text_of(element)
    if text is not None and _WORD.search(text) is None:
        return Said("", 0.0, 0.0, 0.0, number)
    times = times_of(element, unit)
    if times is None:
        return None
    return Said(voice_of(element, names), *times, 1.0, number)


def _guessed(elements: Sequence[Any], units: tuple[float, ...], length: float | None) -> float:
    """Seconds of one unit: the one with which the whole fits in the stated length, and people speak most like people."""
    words = total = latest = 0.0
    for element in elements[:2_000]:
        times = times_of(element, MILLISECONDS) if isinstance(element, dict) else None
        if times is not None and not isinstance(began(element), str):
            words += len((text_of(element) or "").split())
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


def _names_of(data: Any) -> dict[str, str]:
    """Names by the numbers that stand for them, from a list or table of speakers in the file."""
    found: dict[str, str] = {}
    if not isinstance(data, dict):
        return found
    for holder in (data, table_of(data.get("speech"))):
        for key in ("speakers", "participants", "speaker_names"):
            listed = holder.get(key)
            if isinstance(listed, dict):
                found.update({str(number): name for number, name in listed.items() if isinstance(name, str) and name})
            elif isinstance(listed, list):
                for one in listed:
                    number, name = table_of(one).get("id"), person_of({k: v for k, v in table_of(one).items() if k != "id"})
                    if isinstance(number, int | str) and name:
                        found[str(number)] = name
    return found


def _start_of(data: Any) -> Start | None:
    """The start of the meeting, where a file states it as a date."""
    if not isinstance(data, dict):
        return None
    for holder in (data, table_of(data.get("speech")), table_of(data.get("meeting"))):
        for key in _STARTS:
            value = holder.get(key)
            if isinstance(value, str) or (isinstance(value, int | float) and value > 1e8):  # noqa: PLR2004  seconds since 1970, not an offset
                start = moment(value)
                if start is not None:
                    return start
    return None


def _meeting_of(data: Any) -> str:
    """The UID of the meeting in the calendar, where a file gives it under one of its usual names."""
    for holder in (table_of(data), *(table_of(table_of(data).get(key)) for key in ("meeting", "calendar_event", "calendarEvent", "event"))):
        for key in _MEETINGS:
            value = holder.get(key)
            if isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_UID:
                return value.strip()
    return ""
