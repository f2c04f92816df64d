"""SubRip transcripts (.srt), and SBV, in which the two times are joined by a comma.

As WebVTT without a heading, also where that has got lost. `Reading.counted`: see `vtt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.speech.captions import read_captions
from evenwicht.importers.speech.cues import Cue, begins_with_times, without_number
from evenwicht.importers.speech.text import text_of

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Reading, Source

NAME = "srt"


def identify(head: Head) -> bool:
    """Whether a line of times stands among the first three lines, and the file does not begin with WEBVTT."""
    if head.is_folder:
        return False
    first = text_of(head.start[:4096]).lstrip("\ufeff")
    return begins_with_times(first) and not first.lstrip().startswith("WEBVTT")


def read(source: Source) -> Reading:
    """Read one transcript: a `talk` per organisation and other organisation, and coverage of its time."""
    return read_captions(source, _tidied)


def _tidied(cues: list[Cue]) -> list[Cue]:
    """Without the number of the next cue, where no empty line stands before it."""
    return [
        Cue(cue.start, cue.end, without_number(cue.text), cue.place) if cue.text[-2:].strip().isdigit() else cue
        for cue in cues
    ]
