"""What was said, written as a transcript: each side speaks as long as its event says, to the millisecond."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.importers.read_again import PSEUDONYM, START, facts, read_again

from evenwicht.importers import vtt
from evenwicht.importers.speech.writing import written
from evenwicht.importers.written import address
from evenwicht.ledger.events import Event

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

US, THEY, THIRD = "birch.example", "acme.example", "cedar.example"
COLUMNS = ("id", "at", "giver", "receiver", "kind", "amount", "unit", "answers", "person", "counter_person")
CUE = re.compile(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n<v ([^>]+)>([^<]+)</v>\n")


def talk(giver: str, receiver: str, seconds: float, uid: str = "m1@birch.example", **other: object) -> Event:
    people = {US: "jan", THEY: "ann"}
    plain = Event(f"{uid}#talk:{giver}", START, giver, receiver, "talk", seconds, "seconds", people.get(giver), people.get(receiver), answers=uid)
    return replace(plain, **other)  # type: ignore[arg-type]


def as_read(event: Event) -> Event:
    return replace(event, person=event.person and PSEUDONYM(address(event.person, event.giver)),
                   counter_person=event.counter_person and PSEUDONYM(address(event.counter_person, event.receiver)))


def seconds(hours: str, minutes: str, rest: str) -> Decimal:
    return int(hours) * 3600 + int(minutes) * 60 + Decimal(rest)


def test_the_cues_add_up_and_nobody_interrupts(tmp_path: Path) -> None:
    assert vtt.write([talk(US, THEY, 75.0), talk(THEY, US, 3700.25)], tmp_path / "talk") == []
    transcript, = (tmp_path / "talk").glob("*.vtt")
    text = transcript.read_text()
    assert text.startswith("WEBVTT\n\n")
    cues = [(seconds(*found[:3]), seconds(*found[3:6]), found[6], found[7]) for found in CUE.findall(text)]
    assert len(cues) == text.count("-->")
    total: Counter[str] = Counter()
    for start, end, who, _said in cues:
        total[who] += end - start  # type: ignore[assignment]  decimals
    assert total == {"jan at birch.example": Decimal("75.000"), "ann at acme.example": Decimal("3700.250")}
    assert [start for start, *_rest in cues] == [Decimal(0), *[end for _start, end, *_rest in cues[:-1]]]
    speed = sum(len(said.split()) for *_times, said in cues) / 3775.25
    assert 2.4 < speed < 2.6
    listed = tomllib.loads(transcript.with_suffix(".speakers.toml").read_text())
    assert listed == {"start": START, "meeting": "m1@birch.example",
                      "speakers": {"jan at birch.example": "jan@birch.example", "ann at acme.example": "ann@acme.example"}}


def test_who_is_silent_is_listed(tmp_path: Path) -> None:
    event = talk(THIRD, US, 12.5)
    assert vtt.write([event], tmp_path) == []
    found = read_again(vtt, next(tmp_path.glob("*.vtt")))
    assert facts(found.events, *COLUMNS) == facts([as_read(event)], *COLUMNS)
    listed = tomllib.loads(next(tmp_path.glob("*.toml")).read_text())["speakers"]
    assert listed == {"jan at birch.example": "jan@birch.example", "Somebody of cedar.example": "cedar.example"}


def test_what_no_transcript_can_say_is_left() -> None:
    good = [talk(US, THEY, 4.0), talk(THEY, US, 5.0)]
    odd = [
        talk(US, THEY, 0.0, "a"), talk(US, THEY, 1.00001, "b"), talk(US, THEY, 4e5, "c"), talk(US, THEY, 1.0, "d", amount=None), talk(US, THEY, 1.0, "e", unit="minutes"),
        talk(US, THEY, 1.0, "f", id="f"), talk(US, THEY, 1.0, "g", shared=False), talk(US, THEY, 1.0, "h", due=START), talk(US, THEY, 1.0, 'i"'),
        talk(US, THEY, 1.0, "j", at=START + timedelta(microseconds=1)), talk(US, "name:acme", 1.0, "k"), talk(US, THEY, 1.0, "l", answers=None),
        talk(US, THEY, 1.0, "m"), talk(THEY, US, 1.0, "m", at=START + timedelta(seconds=1)), talk(US, THEY, 1.0, "n"), talk(US, THIRD, 2.0, "n"),
        talk(US, THEY, 1.0, "o"), talk(THEY, THIRD, 1.0, "o"), talk(US, THEY, 1.0, "p"), talk(THEY, US, 1.0, "p", person="eva"), talk(US, THEY, 1.0, kind="meeting"),
    ]
    assert written([*good, *odd]).left == tuple(odd)
    assert len(written([*good, *odd]).files) == 2


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 400_000), st.integers(1, 90_000), st.integers(0, 3)), min_size=1, max_size=3))
def test_what_is_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, spoken: list[tuple[int, int, int]]) -> None:
    folder = tmp_path_factory.mktemp("talk")
    events: list[Event] = []
    for number, (ours, theirs, sort) in enumerate(spoken):
        uid = f"m{number}@birch.example"
        events.append(talk(US, THEY, ours / 1000, uid))
        if sort:
            events.append(talk(THEY, US, theirs / 1000, uid))
        if sort == 2:
            events += [talk(US, THIRD, ours / 1000, uid), talk(THEY, THIRD, theirs / 1000, uid)]
    assert vtt.write(events, folder) == []
    found = [read_again(vtt, path) for path in sorted(folder.glob("*.vtt"))]
    assert len(found) == len(spoken)
    assert facts([event for one in found for event in one.events], *COLUMNS) == facts(map(as_read, events), *COLUMNS)
    assert [problem for one in found for problem in one.problems] == []
