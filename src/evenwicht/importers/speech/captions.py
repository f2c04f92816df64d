"""A file of cues from its bytes to its rows: what WebVTT and SubRip have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.source import Reading
from evenwicht.importers.speech.cues import LONGEST, MOST, cues_in
from evenwicht.importers.speech.sidecar import beside
from evenwicht.importers.speech.speakers import Speakers
from evenwicht.importers.speech.start import Start, moment
from evenwicht.importers.speech.talks import tell
from evenwicht.importers.speech.text import text_of, whole
from evenwicht.importers.speech.turns import counted
from evenwicht.importers.speech.voices import pieces_of, teams_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from evenwicht.importers.source import Source
    from evenwicht.importers.speech.cues import Cue, Cues

MAX_BYTES = 100_000_000
"""Larger files are refused: a day of speech is two megabytes."""


def read_captions(source: Source, tidy: Callable[[list[Cue]], list[Cue]] | None = None) -> Reading:
    """Read a file of cues. `tidy` mends them before they are looked at."""
    reading = Reading(label=source.label)
    data = whole(source, reading, MAX_BYTES)
    if data is None:
        return reading
    found = cues_in(text_of(data))
    cues = found.cues if tidy is None else tidy(found.cues)
    reading.counted["cue"] += len(cues)
    _complain(found, reading)
    sidecar = beside(source.path, reading)
    spoken = counted(pieces_of(cues, Speakers(sidecar).knows))
    tell(source, reading, spoken, sidecar, _stated(cues), lambda place: str(found.line(place)))
    source.advance(len(data))
    return reading


def _stated(cues: list[Cue]) -> Start | None:
    """The start that Teams writes into its first cue."""
    told = teams_of(cues[0].text) if cues else None
    start = moment(told.get("startDateTime")) if told is not None else None
    return start.earlier(cues[0].start) if start is not None else None


def _complain(found: Cues, reading: Reading) -> None:
    """One problem per kind of mistake, at the first of its kind."""
    if found.backwards:
        reading.problem(str(found.line(found.backwards[0])), "Cues that end before they start were left out: {count}, of which this is the first.",
                        "Correct their times, or export the transcript again.", count=len(found.backwards))
    if found.endless:
        reading.problem(str(found.line(found.endless[0])), "Cues that stay longer than {minutes} minutes were left out: {count}, of which this is the first.",
                        "Correct their times, or export the transcript again.", count=len(found.endless),
                        minutes=round(LONGEST / 60))
    if found.unreadable:
        reading.problem(str(found.line(found.unreadable[0])), "Lines of times cannot be read, so their cues were left out: {count}, of which this is the first.",
                        "Write times as in 00:00:04.500 --> 00:00:07.900.", count=len(found.unreadable))
    if found.beyond:
        reading.problem("", "Of the cues {limit} were read; {count} more were left out.", "Export it in parts.",
                        count=found.beyond, limit=MOST)
