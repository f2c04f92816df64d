"""The rows of one transcript: each organisation that speaks, to each other one, in seconds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from evenwicht.importers.speech.speakers import Speakers, Whom
from evenwicht.importers.speech.speeches import marks, speeches
from evenwicht.importers.speech.start import believable, start_in
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.mentions import Mention

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from evenwicht.importers.source import Reading, Source
    from evenwicht.importers.speech.sidecar import Sidecar
    from evenwicht.importers.speech.start import Start
    from evenwicht.importers.speech.turns import Spoken, Turn

MOST_UNKNOWN = 0.2
"""Share of the speech that may be of people whose organisation is not known. If all of it belonged to one side of two
that spoke equally long, that side would have 60 %: the edge of the band of balance (CONTRACT, norm and band)."""

_KINDS = ("talk",)


@dataclass(slots=True)
class _Side:
    """One organisation at the meeting."""

    seconds: float = 0.0
    place: int | None = None
    addresses: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def add(self, turn: Turn, whom: Whom) -> None:
        self.seconds += turn.seconds
        self.place = turn.place if self.place is None else min(self.place, turn.place)
        self.join(whom)

    def join(self, whom: Whom) -> None:
        if whom.address:
            self.addresses.add(whom.address)
        if whom.name:
            self.names.add(whom.name)


def tell(
    source: Source, reading: Reading, spoken: Spoken, sidecar: Sidecar, stated: Start | None, place_of: Callable[[int], str],
    meeting: str = "",
) -> None:
    """Put the rows of a transcript, or what is missing for them, in `reading`.

    stated    the start that the file itself gives
    place_of  from the place of a turn to how people find it: a line, or an element of a list
    meeting   the id of the meeting in the calendar, where the file gives it
    """
    reading.counted["transcript"] += 1
    reading.counted["speaker"] += len(spoken.voices.keys() - {""})
    if not spoken.voices or spoken.seconds <= 0:
        reading.counted["without_speech"] += 1
        reading.problem("", "Nobody says anything in this transcript.", "Check that the whole file was exported.", "note")
        return
    if spoken.voices.keys() == {""}:
        reading.counted["without_speakers"] += 1
        reading.problem(
            "", "The transcript does not say who speaks, so nothing of it was counted.",
            "Export it again with the names of the speakers; captions without them cannot be used.", "warning")
        return
    start = _start(source, reading, sidecar, stated)
    sides = _sides(source, reading, spoken, sidecar, place_of)
    meeting = sidecar.meeting or meeting
    if start is not None and _outside(source, start):
        reading.counted["outside_time"] += 1
        return
    if start is None or sides is None:
        _for_later(source, reading, spoken, sidecar, start, meeting, place_of)
        return
    if len(sides) < 2:  # noqa: PLR2004  a relation has two
        reading.counted["internal"] += 1
        return
    reading.counted["talked"] += 1
    reading.events.extend(_rows(source, sides, meeting, start, spoken.end, place_of))
    reading.coverage.append(
        Coverage(source.label, None, None, _KINDS, start.at, start.at + timedelta(seconds=min(spoken.end, 86_400 * 5.0))))
    reading.mentions.extend(
        Mention((party,), name) for party, side in sorted(sides.items()) for name in sorted(side.names))


def _outside(source: Source, start: Start) -> bool:
    """Whether a meeting lies outside the time that was asked for."""
    return (source.since is not None and start.at < source.since) or (source.before is not None and start.at >= source.before)


def _for_later(
    source: Source, reading: Reading, spoken: Spoken, sidecar: Sidecar, start: Start | None, meeting: str, place_of: Callable[[int], str],
) -> None:
    """What the calendar may still tell: a row per speaker. Those who are left out, or excluded, are so here too."""
    speakers = Speakers(sidecar)
    speakers.learn(spoken.voices)
    told = [(name, turn, speakers.whom(name) if name else Whom()) for name, turn in spoken.voices.items()]
    kept = [(name, turn, whom.organisation) for name, turn, whom in told
            if not whom.out and turn.seconds > 0 and source.exclude.parties.isdisjoint({whom.organisation or "", whom.address})]
    stem = _stem(source)
    references = (f"file:{stem}", *marks(start, spoken.end, source))
    reading.events.extend(speeches(source, kept, start, meeting, references, place_of))


def _stem(source: Source) -> str:
    return source.path.stem.removesuffix(".transcript").removesuffix(".cc")


def _start(source: Source, reading: Reading, sidecar: Sidecar, stated: Start | None) -> Start | None:
    """When the meeting began: by the list beside the file, by the file, by its name; None after a problem."""
    start = sidecar.start or stated or start_in(source.path.name)
    if start is None:
        reading.counted["without_date"] += 1
        reading.problem(
            "", "Nothing says when this meeting was, so nothing of it was counted.",
            "Put the start in {list} beside the file, as start = 2026-03-02T09:00:00+01:00, or in the name of the file: 2026-03-02 09.00.",
            list=_list_name(source))
        return None
    if not believable(start, source.now):
        reading.counted["without_date"] += 1
        reading.problem("", "The meeting would have begun on {day}, which cannot be, so nothing of it was counted.",
                        "Put the start in {list} beside the file, as start = 2026-03-02T09:00:00+01:00.",
                        day=f"{start.at:%Y-%m-%d}", list=_list_name(source))
        return None
    if start.floating:
        reading.problem("", "The start of the meeting has no time zone and was read as UTC.",
                        "Put the start with its zone in {list} beside the file, as start = 2026-03-02T09:00:00+01:00.",
                        "note", list=_list_name(source))
    return start


def _sides(
    source: Source, reading: Reading, spoken: Spoken, sidecar: Sidecar, place_of: Callable[[int], str],
) -> dict[str, _Side] | None:
    """The organisations at the meeting; None after a problem, where too much of it is of people nobody knows."""
    speakers = Speakers(sidecar)
    speakers.learn(spoken.voices)
    sides: dict[str, _Side] = defaultdict(_Side)
    strangers: list[Turn] = []
    left_out = 0.0
    for name, turn in spoken.voices.items():
        whom = speakers.whom(name) if name else Whom()
        if whom.out:
            left_out += turn.seconds
            reading.counted["left_out"] += 1
        elif whom.organisation is None:
            strangers.append(turn)
        elif not source.exclude.parties.isdisjoint((whom.organisation, whom.address)):
            left_out += turn.seconds
            reading.counted["excluded"] += 1
        else:
            sides[whom.organisation].add(turn, whom)
    for name, party in sidecar.organisations.items():
        address = sidecar.addresses.get(name, "")
        if party is not None and source.exclude.parties.isdisjoint((party, address)):
            sides[party].join(Whom(party, address=address))
    unknown = sum(turn.seconds for turn in strangers)
    if not strangers:
        return sides
    first = place_of(min(turn.place for turn in strangers))
    minutes = round(unknown / 60, 1)
    reading.counted["unknown_speaker"] += len(strangers)
    if unknown > MOST_UNKNOWN * (spoken.seconds - left_out):
        reading.counted["without_organisations"] += 1
        reading.problem(
            first, "The file does not say for which organisation {count} of {all} speakers speak ({minutes} minutes), so nothing of it was counted.",
            'Write {list} beside the file: [speakers], and a line such as "Anna de Vries" = "birch.example" for each of them.',
            "warning", count=len(strangers), all=len(spoken.voices), minutes=minutes, list=_list_name(source))
        return None
    reading.problem(
        first, "The file does not say for which organisation {count} of {all} speakers speak; their {minutes} minutes were left out.",
        'Write {list} beside the file: [speakers], and a line such as "Anna de Vries" = "birch.example" for each of them.',
        "warning", count=len(strangers), all=len(spoken.voices), minutes=minutes, list=_list_name(source))
    return sides


def _list_name(source: Source) -> str:
    return f"{source.path.stem}.speakers.toml"


def _rows(
    source: Source, sides: dict[str, _Side], meeting: str, start: Start, seconds: float, place_of: Callable[[int], str],
) -> Iterable[Event]:
    stem = _stem(source)
    references = (f"file:{stem}", f"start:{start.at:%Y-%m-%d}" if start.day_only else f"start:{start.at:%Y-%m-%dT%H:%M:%SZ}",
                  *marks(start, seconds, source))
    key = meeting or f"transcript:{start.text}{'/' + stem if start.day_only else ''}"
    people = {party: _people(source, side) for party, side in sides.items()}
    for giver, side in sorted(sides.items()):
        if side.place is None or side.seconds <= 0:
            continue  # was there, and said nothing
        for receiver in sorted(sides):
            if receiver != giver:
                yield Event(
                    id=f"{key}#talk:{giver}", at=start.at, giver=giver, receiver=receiver, kind="talk",
                    amount=round(side.seconds, 3), unit="seconds", person=people[giver], counter_person=people[receiver],
                    thread=meeting.partition("/")[0] or None, answers=meeting or None,
                    evidence=(f"{source.label}#{place_of(side.place)}",), references=references,
                )


def _people(source: Source, side: _Side) -> str | None:
    """Keyed pseudonyms of those at the meeting whose address is known."""
    found = [one for one in (source.pseudonym(address) for address in sorted(side.addresses)) if one]
    return " ".join(found) or None
