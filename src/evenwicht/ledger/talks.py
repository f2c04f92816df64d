"""Joins recordings of meetings with the calendar: whose words they are, and when it was.

A transcript knows its speakers by name and seldom says when it was; a calendar knows who was invited and when. What a
transcript cannot say itself stands in rows of kind `speech`, one a speaker, under a pseudonym of the name. Here each
recording finds its meeting, and its speakers the organisations that were invited under the same pseudonym of a name:
within that one meeting, for two people of one name are two. No name is ever stored.

A recording belongs to the meeting that it names (UID); else to one that it overlaps in time and in which at least one
speaker was invited; else, where only its day or the time of its file is known, to one of that time in which speakers
of two organisations were invited. Where two fit equally well, neither is taken.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.marks import CHANGED, DAY, EXACT, HEADS, SPEAKER, SPEECH, TIME, TOOK, WHO
from evenwicht.ledger.problems import Problem
from evenwicht.ledger.table import frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_UNKNOWN = 0.2
"""Share of the speech that may be of people whose organisation is not known, as in a transcript by itself."""

SPOKEN = "spoken"
"""Mark of the talks that are made here: they are made anew each time."""

_TALK = "#talk:"
_RECORDED = "transcript:"
_EARLY = timedelta(minutes=15)
"""People come early, and a meeting runs late: this much outside its time a recording still belongs to it."""

_USUAL = timedelta(hours=1)
"""How long a meeting is taken to last whose length is not known."""

_SAVED = timedelta(hours=12)
"""So long after a meeting the file of its recording may have been written."""

_A_DAY = (timedelta(hours=14), timedelta(hours=36))
"""A day without a zone begins and ends so far from midnight UTC, somewhere on earth."""

_TWO = 2


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of the recordings.

    rows       all rows but the speeches, with the talks made of them; recordings that were complete know their meeting
    aside      the speeches, to be kept beside the ledger: a calendar read later may still join them
    problems   what could not be told
    coverage   talk was covered while these recordings ran
    solved     files of transcripts that lacked something and lack it no more: what their reading complained of is over
    """

    rows: pl.DataFrame
    aside: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)
    coverage: tuple[Coverage, ...] = ()
    solved: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Meeting:
    """One meeting of the calendar: organisations that were there, and pseudonyms of the names invited by each."""

    identity: str
    uid: str
    at: datetime
    version: int = -1
    lasts: timedelta = _USUAL
    present: set[str] = field(default_factory=set)
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def end(self) -> datetime:
        return self.at + self.lasts

    def whose(self, voice: str) -> str | None:
        """The organisation of a voice; None where nobody, or somebody of two of them, was invited under that name."""
        if not voice.startswith(SPEAKER):
            return voice
        found = [party for party, names in self.names.items() if voice.removeprefix(SPEAKER) in names]
        return found[0] if len(found) == 1 else None


@dataclass(slots=True)
class _Recording:
    """One transcript: seconds and evidence by voice, when and how long it was, as far as it says."""

    key: str
    uid: str | None
    start: datetime
    how: str
    took: timedelta
    changed: datetime | None
    voices: dict[str, float] = field(default_factory=dict)
    evidence: dict[str, tuple[str, ...]] = field(default_factory=dict)
    references: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return min(one.rpartition("#")[0] for places in self.evidence.values() for one in places)


def joined(rows: pl.DataFrame) -> Joined:
    """Give speeches their meeting, and their speakers an organisation; complete talks their meeting.

    rows   as importers gave them, nothing joined yet: columns of `table.SCHEMA` and `table.RAW`
    """
    speeches = rows.filter(pl.col("kind") == SPEECH)
    made = (pl.col("kind") == "talk") & pl.col("references").list.contains(SPOKEN)
    if speeches.height:
        rows = rows.filter((pl.col("kind") != SPEECH) & ~made)
    elif not (rows["kind"] == "talk").any():
        return Joined(rows, speeches)
    meetings = _meetings(rows)
    events: list[Event] = []
    problems: list[Problem] = []
    coverage: list[Coverage] = []
    solved: set[str] = set()
    for recording in _recordings(speeches):
        fitting = _fitting(recording, meetings)
        if len(fitting) > 1:
            problems.append(_ambiguous(recording, fitting))
        elif fitting:
            talks = list(_talks(recording, fitting[0], problems))
            if talks:
                events += talks
                at = talks[0].at
                coverage.append(Coverage(recording.file, None, None, ("talk",), at, at + recording.took))
                solved.add(recording.file)
    rows = _placed(rows, meetings)
    if events:
        rows = pl.concat([rows, frame_of(events).select(rows.columns)])
    return Joined(rows, speeches, problems, tuple(coverage), frozenset(solved))


# ── what there is ──

def _meetings(rows: pl.DataFrame) -> list[_Meeting]:
    """Meetings by their identity, each as its newest version has it; names are those of every version."""
    found: dict[str, _Meeting] = {}
    relevant = rows.filter(pl.col("kind").is_in(["meeting", "attendance"])).sort("version", "at", "id", "giver", "receiver")
    for row in relevant.iter_rows(named=True):
        identity = row["id"] if row["kind"] == "meeting" else row["answers"]
        if identity is None:
            continue
        meeting = found.setdefault(identity, _Meeting(identity, row["thread"] or identity, row["at"]))
        marks = row["references"] or []
        meeting.names[row["giver"]].update(one.removeprefix(WHO) for one in marks if one.startswith(WHO))
        if row["version"] > meeting.version:
            meeting.version, meeting.present, meeting.at = row["version"], set(), row["at"]
        if row["amount"] is None or row["amount"] > 0:
            meeting.present.add(row["giver"])
        minutes = [float(one.split(":")[3]) for one in marks if one.startswith(f"{HEADS}{row['version']}:")]
        if minutes:
            meeting.lasts = timedelta(minutes=max(minutes))
    return [found[identity] for identity in sorted(found)]


def _recordings(speeches: pl.DataFrame) -> Iterable[_Recording]:
    """Recordings by their key; one that was exported twice is read as its longest export of each voice."""
    found: dict[str, _Recording] = {}
    for row in speeches.sort("receiver", "id", "giver", "amount").iter_rows(named=True):
        recording = found.get(row["receiver"])
        if recording is None:
            recording = found[row["receiver"]] = _recording_of(row)
        voice = row["giver"]
        recording.voices[voice] = max(recording.voices.get(voice, 0.0), row["amount"] or 0.0)
        recording.evidence[voice] = tuple(sorted({*recording.evidence.get(voice, ()), *(row["evidence"] or ())}))
    return found.values()


def _recording_of(row: dict[str, Any]) -> _Recording:
    marks = row["references"] or []

    def said(mark: str) -> str:
        return next((one.removeprefix(mark) for one in marks if one.startswith(mark)), "")

    changed = said(CHANGED)
    return _Recording(
        row["receiver"], row["answers"], row["at"], said(TIME), timedelta(seconds=float(said(TOOK) or 0.0)),
        datetime.strptime(changed, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if changed else None,
        references=tuple(one for one in marks if one.startswith(("file:", "start:"))),
    )


# ── which meeting ──

def _fitting(recording: _Recording, meetings: list[_Meeting]) -> list[_Meeting]:
    """The meetings that fit best: none, the one, or several that fit equally well."""
    if recording.uid:
        named = [one for one in meetings if one.identity == recording.uid] or [one for one in meetings if one.uid == recording.uid]
        meetings, needed = named, 0
    else:
        needed = 1 if recording.how == EXACT else _TWO
    ranked: dict[tuple[int, float], list[_Meeting]] = defaultdict(list)
    for meeting in meetings:
        near = _near(recording, meeting)
        known = {meeting.whose(voice) for voice in recording.voices} - {None}
        voices = sum(meeting.whose(voice) is not None for voice in recording.voices)
        invited = known & meeting.names.keys()
        if near is None and not (recording.uid and len(meetings) == 1):
            continue
        if len(invited) < needed or (needed == _TWO and voices < _TWO):
            continue
        ranked[voices if not recording.uid else 0, near or 0.0].append(meeting)
    return ranked[max(ranked)] if ranked else []


def _near(recording: _Recording, meeting: _Meeting) -> float | None:
    """How well the times agree, the more the better; None where they do not."""
    if recording.how == EXACT:
        begins, ends = recording.start, recording.start + recording.took
        if begins > meeting.end + _EARLY or ends < meeting.at - _EARLY:
            return None
        return -abs((begins - meeting.at).total_seconds())
    if recording.how == DAY:
        before, after = _A_DAY
        return 0.0 if recording.start - before <= meeting.at <= recording.start + after else None
    if recording.changed is None or not meeting.at <= recording.changed <= meeting.end + _SAVED:
        return None
    return -abs((recording.changed - meeting.end).total_seconds())


# ── whose words ──

def _talks(recording: _Recording, meeting: _Meeting, problems: list[Problem]) -> Iterable[Event]:
    """A talk per organisation that spoke and other one that was there; nothing, with a problem, of too many strangers."""
    sides: dict[str, list[str]] = defaultdict(list)
    strangers: list[str] = []
    for voice in sorted(recording.voices):
        party = meeting.whose(voice)
        if party is None:
            strangers.append(voice)
        else:
            sides[party].append(voice)
    unknown = sum(recording.voices[voice] for voice in strangers)
    if unknown > MOST_UNKNOWN * sum(recording.voices.values()):
        return
    if strangers:
        problems.append(Problem(
            recording.file, min(one.rpartition("#")[2] for one in recording.evidence[strangers[0]]),
            "Of {count} of {all} speakers neither the transcript nor the calendar says for whom they speak; their {minutes} minutes were left out.",
            "Write a list of speakers beside the transcript, with a line for each of them.", "warning",
            {"count": len(strangers), "all": len(recording.voices), "minutes": round(unknown / 60, 1)}))
    at = recording.start if recording.how == EXACT else meeting.at
    for giver in sorted(sides):
        seconds = sum(recording.voices[voice] for voice in sides[giver])
        places = sorted({one for voice in sides[giver] for one in recording.evidence[voice]})
        for receiver in sorted({*sides, *meeting.present} - {giver}):
            yield Event(
                id=f"{meeting.identity}{_TALK}{giver}", at=at, giver=giver, receiver=receiver, kind="talk",
                amount=round(seconds, 3), unit="seconds", thread=meeting.uid, answers=meeting.identity,
                evidence=tuple(places), references=(SPOKEN, *recording.references),
            )


def _ambiguous(recording: _Recording, fitting: list[_Meeting]) -> Problem:
    return Problem(
        recording.file, "", "The transcript fits {count} meetings of the calendar equally well, so it was put with none of them.",
        "Write the start, or the id of the meeting, in a list of speakers beside the transcript.", "warning", {"count": len(fitting)})


# ── talks that lack nothing but their meeting ──

def _placed(rows: pl.DataFrame, meetings: list[_Meeting]) -> pl.DataFrame:
    """Talks of a transcript that says who and when get the meeting of the same time and organisations."""
    loose = rows.filter((pl.col("kind") == "talk") & pl.col("answers").is_null() & pl.col("id").str.starts_with(_RECORDED))
    found: dict[str, _Recording] = {}
    for row in loose.sort("id", "giver", "receiver").iter_rows(named=True):
        key = row["id"].rpartition(_TALK)[0]
        recording = found.setdefault(key, _recording_of(row))
        recording.voices |= dict.fromkeys((row["giver"], row["receiver"]), 1.0)
    chosen: dict[str, _Meeting] = {}
    for key, recording in found.items():
        there = [one for one in meetings if recording.voices.keys() <= one.names.keys() and recording.how == EXACT]
        fitting = _fitting(recording, there)
        if len(fitting) == 1:
            chosen[key] = fitting[0]
    if not chosen:
        return rows
    key = pl.col("id").str.replace(rf"{_TALK}[^#]*$", "")
    answers = key.replace_strict({one: meeting.identity for one, meeting in chosen.items()}, default=None, return_dtype=pl.String)
    threads = key.replace_strict({one: meeting.uid for one, meeting in chosen.items()}, default=None, return_dtype=pl.String)
    here = (pl.col("kind") == "talk") & pl.col("answers").is_null() & answers.is_not_null()
    return rows.with_columns(
        pl.when(here).then(pl.concat_str(answers, pl.col("id").str.extract(rf"({_TALK}[^#]*)$", 1))).otherwise(pl.col("id")).alias("id"),
        pl.when(here).then(threads).otherwise(pl.col("thread")).alias("thread"),
        pl.when(here).then(answers).otherwise(pl.col("answers")).alias("answers"),
    )
