"""How long each voice spoke: the time in which its words were shown, each moment counted once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Said(NamedTuple):
    """One piece of speech. `voice` is the speaker as the file names him, "" where it does not.

    start, end  seconds from the beginning of the recording
    share       part of this time that is his, where several speak in it
    place       where it stands: a place in the text of a file of cues, a number in a list of JSON
    """

    voice: str
    start: float
    end: float
    share: float
    place: int


@dataclass(slots=True)
class Turn:
    """All that one voice said: seconds, how often, and the place of the first."""

    place: int
    seconds: float = 0.0
    times: int = 0
    end: float = 0.0


@dataclass(slots=True)
class Spoken:
    """Everybody who spoke, and the last second of speech."""

    voices: dict[str, Turn] = field(default_factory=dict)
    end: float = 0.0

    @property
    def seconds(self) -> float:
        """Seconds of all voices together; two who speak at once count twice."""
        return sum(turn.seconds for turn in self.voices.values())


def counted(pieces: list[Said]) -> Spoken:
    """Seconds per voice; `pieces` in order of their start.

    Pieces of one voice that overlap (captions that stay a while, a word list beside its sentence) count once.
    """
    spoken = Spoken()
    voices, latest = spoken.voices, 0.0
    for voice, start, end, share, place in pieces:
        turn = voices.get(voice)
        if turn is None:
            turn = voices[voice] = Turn(place)
        turn.times += 1
        begin = start if start > turn.end else turn.end  # noqa: FURB136  `max` would take as long as all the rest
        if end > begin:
            turn.seconds += (end - begin) * share
            if share == 1.0:  # where several share a cue, each may go on in it
                turn.end = end
            latest = max(latest, end)
    spoken.end = latest
    return spoken
