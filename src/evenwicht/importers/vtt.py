"""WebVTT transcripts of meetings (W3C), as Teams, Zoom, Meet and others export them.

Each organisation that speaks gives its seconds to each other one. `Reading.counted`: `transcript` = `talked` (rows) +
`internal` (one organisation) + `without_speech` + `without_speakers` (captions) + `without_date` or `without_organisations`
(or both) + `outside_time`; beside these `cue`, `speaker`, and of the speakers `unknown_speaker`, `left_out`, `excluded`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.speech.captions import read_captions
from evenwicht.importers.speech.text import text_of
from evenwicht.importers.speech.writing import write as write  # noqa: PLC0414  the door to what writes it

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Reading, Source

NAME = "vtt"


def identify(head: Head) -> bool:
    """Whether the first word is WEBVTT, after a byte order mark, white space, or in UTF-16."""
    if head.is_folder:
        return False
    first = text_of(head.start[:4096]).lstrip("\ufeff \t\n")
    return first.startswith("WEBVTT") and (first[6:7].isspace() or first[6:] == "")


def read(source: Source) -> Reading:
    """Read one transcript: a `talk` per organisation and other organisation, and coverage of its time."""
    return read_captions(source)
