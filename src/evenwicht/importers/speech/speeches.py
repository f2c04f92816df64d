"""What a transcript says that does not know its day, or for whom its speakers speak: one row a speaker, for a later join.

`ledger.talks` gives it its meeting from the calendar. A speaker is known by the pseudonym of the name, where it is one
that could be joined on, else by a number that means nothing outside this recording.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from evenwicht.importers.speech.start import EARLIEST
from evenwicht.ledger.events import Event
from evenwicht.ledger.marks import CHANGED, DAY, EXACT, MEETING, NONE, SPEAKER, SPEECH, TIME, TOOK
from evenwicht.ledger.names import name_of, secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from evenwicht.importers.source import Source
    from evenwicht.importers.speech.start import Start
    from evenwicht.importers.speech.turns import Turn


def marks(start: Start | None, seconds: float, source: Source) -> tuple[str, ...]:
    """How the start is known, how long the recording is, and, where the start is not known, when its file was changed."""
    how = NONE if start is None else DAY if start.day_only else EXACT
    found = (f"{TIME}{how}", f"{TOOK}{seconds:.0f}")
    return found if start is not None else (*found, *_changed(source))


def _changed(source: Source) -> tuple[str, ...]:
    try:
        at = datetime.fromtimestamp(source.path.stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return ()
    return (f"{CHANGED}{at:%Y%m%dT%H%M%SZ}",)


def speeches(
    source: Source, voices: Iterable[tuple[str, Turn, str | None]], start: Start | None, meeting: str, references: tuple[str, ...],
    place_of: Callable[[int], str],
) -> list[Event]:
    """A row per speaker. `voices` are name, what was said, and the organisation where it is known."""
    said: dict[str, tuple[float, int]] = {}
    for number, (name, turn, party) in enumerate(voices, 1):
        plain = name_of(name)
        voice = party or f"{SPEAKER}{(source.pseudonym(secret(plain)) if plain else None) or number}"
        seconds, place = said.get(voice, (0.0, turn.place))
        said[voice] = (seconds + turn.seconds, min(place, turn.place))
    key = meeting or f"transcript:{start.text if start is not None and not start.day_only else _content(source, said)}"
    return [
        Event(
            id=f"{key}#speech:{voice.removeprefix(SPEAKER)}", at=EARLIEST if start is None else start.at, giver=voice,
            receiver=f"{MEETING}{key}", kind=SPEECH, amount=round(seconds, 3), unit="seconds", thread=meeting.partition("/")[0] or None,
            answers=meeting or None, evidence=(f"{source.label}#{place_of(place)}",), references=references,
        )
        for voice, (seconds, place) in sorted(said.items())
    ]


def _content(source: Source, said: dict[str, tuple[float, int]]) -> str:
    """A recording without a start is known by its name and by how long each spoke."""
    told = "|".join([source.path.stem, *sorted(f"{seconds:.1f}" for seconds, _place in said.values())])
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]
