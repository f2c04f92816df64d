"""Cues of WebVTT and SubRip (and its relative SBV): what was shown from when to when.

One regular expression walks over the text, in time linear in its length. A cue begins with its line of times, whatever
stands around it, as the WebVTT standard (W3C, 6.4) has it; its text goes up to an empty line or the next line of times.
Hours may be left out or have up to four digits, and the fraction may follow a point or a comma.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

LONGEST = 1_800.0
"""Seconds of one cue. One that stays longer is a title or a mistake, not somebody who speaks."""

MOST = 1_000_000
"""Cues of one file that are read: two hundred hours of speech."""

_TIME = r"(\d{1,4}:\d\d:|\d{1,2}:)(\d\d[.,]\d{1,3})"
"""Hours and minutes, and seconds: both come back all through a file."""
_CUE = re.compile(
    rf"^[ \t]*+{_TIME}[ \t]*+-->[ \t]*+{_TIME}(?!\d)[^\n]*+\n?((?:(?![^\n]*-->)[^\n]++\n?)*+)", re.MULTILINE | re.ASCII)
_SBV = re.compile(
    rf"^[ \t]*+{_TIME},{_TIME}[ \t]*+$\n?((?:[^\n]++\n?)*+)", re.MULTILINE | re.ASCII)
_ARROW = re.compile(r"^[^\n]*-->[^\n]*$", re.MULTILINE)
_BLOCK = re.compile(r"^(?:NOTE|STYLE|REGION)\b[^\n]*\n(?:[^\n]+\n)*", re.MULTILINE)
_NUMBER_LINE = re.compile(r"\n[ \t]*\d+[ \t]*\n*$")

_LONGEST_MS = int(LONGEST * 1_000)
_FIRST_LINE = re.compile(rf"[ \t]*{_TIME}(?:[ \t]*-->[ \t]*|,){_TIME}(?!\d)", re.ASCII)
_AMONG = 3


class Cue(NamedTuple):
    """What was shown from `start` to `end`, in seconds; `place` is where its line of times begins in the text."""

    start: float
    end: float
    text: str
    place: int


@dataclass(slots=True)
class Cues:
    """The cues of one file in order of time, and what could not be used of it.

    backwards, endless, unreadable   places in the text of cues that end before they start, that stay longer than any
                                     speech, and of lines with an arrow that are no times
    beyond                           cues beyond the most that are read
    """

    text: str
    cues: list[Cue] = field(default_factory=list)
    backwards: list[int] = field(default_factory=list)
    endless: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    beyond: int = 0

    def line(self, place: int) -> int:
        """The number of the line at a place in the text, from 1."""
        return self.text.count("\n", 0, place) + 1


def begins_with_times(text: str) -> bool:
    """Whether a line of times stands among the first three lines that are not empty."""
    lines = [line for line in text.split("\n") if line.strip()]
    return any(_FIRST_LINE.match(line) is not None for line in lines[:_AMONG])


class _Minutes(dict[str, int]):
    """Hours and minutes as written (`00:04:`) → thousandths of a second."""

    def __missing__(self, written: str) -> int:
        hours, _, minutes = written[:-1].rpartition(":")
        self[written] = made = (int(hours or 0) * 60 + int(minutes)) * 60_000
        return made


class _Seconds(dict[str, int]):
    """Seconds as written (`07.900`, `07,9`) → thousandths of a second."""

    def __missing__(self, written: str) -> int:
        self[written] = made = int(written[:2]) * 1_000 + int(written[3:].ljust(3, "0"))
        return made


def cues_in(text: str) -> Cues:
    """All cues of a text. Nothing is refused: what cannot be used is counted with its place."""
    found = Cues(text)
    minutes, seconds = _Minutes(), _Seconds()
    cues, last, ordered = found.cues, 0, True
    shape = _CUE if "-->" in text else _SBV
    matched = 0
    for match in shape.finditer(text):
        matched += 1
        if matched > MOST:
            found.beyond += 1
            continue
        since, and_seconds, until, and_more, shown = match.groups()
        start, end = minutes[since] + seconds[and_seconds], minutes[until] + seconds[and_more]
        if start < last:
            ordered = False
        last = start
        if end < start:
            found.backwards.append(match.start())
        elif end - start > _LONGEST_MS:
            found.endless.append(match.start())
        else:
            cues.append(Cue(start / 1_000, end / 1_000, shown, match.start()))
    if shape is _CUE and text.count("-->") != matched:
        _note_unreadable(found)
    if not ordered:
        cues.sort(key=itemgetter(0, 1))  # start and end; of those alike the first in the file stays first
    return found


def _note_unreadable(found: Cues) -> None:
    """Lines with an arrow that are no line of times, and stand in no comment."""
    text = found.text
    times = {match.start() for match in _CUE.finditer(text)}
    blocks = [match.span() for match in _BLOCK.finditer(text)]
    starts = [start for start, _end in blocks]
    for match in _ARROW.finditer(text):
        place = match.start()
        if place in times:
            continue
        within = bisect_right(starts, place) - 1
        if within < 0 or place >= blocks[within][1]:
            found.unreadable.append(place)


def without_number(text: str) -> str:
    """The text of a cue without the number of the next one, where no empty line stands between them."""
    return _NUMBER_LINE.sub("", text)
