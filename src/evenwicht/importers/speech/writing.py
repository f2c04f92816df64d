"""Writes what was said in meetings into transcripts (WebVTT), each with the list of its speakers beside it.

A transcript holds turns whose lengths add up to the seconds of each side, to the millisecond; the list beside it says who
speaks for whom, when it began and which meeting of the calendar it was. Source: WebVTT (W3C).
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING

from evenwicht.importers.written import Written, addresses, has_mail, in_seconds, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from evenwicht.ledger.events import Event

_TURN_MS = 24_000
"""So long somebody speaks before another does, or a new cue begins."""
_WORDS_A_SECOND = 2.5
_LONGEST_MS = 100 * 3_600_000
_UID = re.compile(r'[^\s"\\\x00-\x1f\x7f]{1,500}')
_SAID = "yes and then we look at the next point on the list which is about the boxes for the summer".split()


def write(events: Iterable[Event], folder: Path) -> list[Event]:
    """Write the talks among the events into transcripts, one a meeting, with a list of speakers beside each.

    Returns the events that none of them holds: other kinds, and talks whose facts a transcript cannot state. Raises OSError.
    """
    return written(events).into(folder)


def written(events: Iterable[Event]) -> Written:
    """Transcripts and lists of speakers as bytes by name, and the events that are in none of them."""
    events = list(events)
    talks: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind == "talk" and event.answers is not None:
            talks[event.answers].append(event)
    files: dict[str, bytes] = {}
    carried: list[Event] = []
    for meeting, rows in sorted(talks.items(), key=lambda item: (item[1][0].at, item[0])):
        if _is_transcript(meeting, rows):
            name = f"{len(files) // 2 + 1:05}-{rows[0].at:%Y%m%dT%H%M%SZ}"
            files[f"{name}.vtt"] = _transcript(rows)
            files[f"{name}.speakers.toml"] = _speakers(meeting, rows)
            carried += rows
    return Written(files, without(events, carried))


def _is_transcript(meeting: str, rows: Sequence[Event]) -> bool:
    """Whether one transcript says all these rows: each side to each other one, as long to all of them."""
    sides = {one.giver for one in rows} | {one.receiver for one in rows}
    givers = {one.giver for one in rows}
    return (
        _UID.fullmatch(meeting) is not None and len({one.at for one in rows}) == 1
        and {(one.giver, one.receiver) for one in rows} == {(one, other) for one in givers for other in sides if one != other}
        and len(rows) == len(givers) * (len(sides) - 1) and len({(one.giver, one.amount) for one in rows}) == len(givers)
        and len({(party, people) for one in rows for party, people in ((one.giver, one.person), (one.receiver, one.counter_person))}) == len(sides)
        and all(
            one.id == f"{meeting}#talk:{one.giver}" and one.unit == "seconds" and one.amount is not None and 0 < one.amount * 1000 <= _LONGEST_MS
            and round(one.amount, 3) == one.amount and one.shared and one.due is None and has_mail(one.giver) and has_mail(one.receiver)
            and in_seconds(one) for one in rows)
    )


def _voices(rows: Sequence[Event]) -> dict[str, list[tuple[str, str]]]:
    """For each side the names of its speakers, with what the list says of each: an address, or the domain where nobody is named."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in rows:
        for party, people in ((one.giver, one.person), (one.receiver, one.counter_person)):
            if people:
                found[party] = [(mail.replace("@", " at "), mail) for mail in addresses(people, party)]
            else:
                found[party] = [(f"Somebody of {party}", party)]
    return found


def _transcript(rows: Sequence[Event]) -> bytes:
    voices = _voices(rows)
    seconds = {one.giver: round((one.amount or 0.0) * 1000) for one in rows}
    turns = [[(voices[party][0][0], length) for length in _turns(left)] for party, left in sorted(seconds.items())]
    lines = ["WEBVTT", ""]
    at = 0
    for turn in (one for together in zip_longest(*turns) for one in together if one is not None):
        name, length = turn
        count = max(1, round(length / 1000 * _WORDS_A_SECOND))
        words = " ".join(_SAID[(at // 1000 + place) % len(_SAID)] for place in range(count))
        lines += [f"{_clock(at)} --> {_clock(at + length)}", f"<v {name}>{words}</v>", ""]
        at += length
    return "\n".join(lines).encode()


def _turns(left: int) -> list[int]:
    """Milliseconds in turns."""
    return [_TURN_MS] * (left // _TURN_MS) + ([left % _TURN_MS] if left % _TURN_MS else [])


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _speakers(meeting: str, rows: Sequence[Event]) -> bytes:
    lines = [f"start = {rows[0].at:%Y-%m-%dT%H:%M:%SZ}", f'meeting = "{meeting}"', "", "[speakers]"]
    lines += [f'"{name}" = "{whose}"' for _party, known in sorted(_voices(rows).items()) for name, whose in known]
    return ("\n".join(lines) + "\n").encode()
