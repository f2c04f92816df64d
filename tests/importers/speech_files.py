"""Transcripts made for a test, beside a list of speakers where one is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from evenwicht.importers.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from evenwicht.importers.source import Reading
    from evenwicht.ledger.events import Event

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WHEN = "20260302-090000Z"


def source(path: Path, **given: object) -> Source:
    return replace(Source(path, path.name, NOW, lambda address: f"p:{address}"), **given)


def beside(folder: Path, name: str, text: str | bytes, speakers: str | None = None) -> Path:
    """Write a transcript, and its list of speakers."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if speakers is not None:
        (folder / f"{path.stem}.speakers.toml").write_text(speakers, encoding="utf-8")
    return path


def talks(reading: Reading) -> dict[tuple[str, str], float | None]:
    """Seconds by speaker and listener; every row is a talk of this meeting with a unit."""
    assert all(event.kind == "talk" and event.unit == "seconds" for event in reading.events)
    assert len({event.at for event in reading.events}) <= 1
    return {(event.giver, event.receiver): event.amount for event in reading.events}


def talked(reading: Reading) -> list[Event]:
    """The rows that count; what waits for a calendar (`ledger.talks`) stands beside them."""
    assert {event.kind for event in reading.events} <= {"talk", "speech"}
    return [event for event in reading.events if event.kind == "talk"]


def told(reading: Reading) -> list[tuple[str, str, str]]:
    """Place, severity and English text of each problem; every one of them says what to do."""
    assert all(str(problem.remedy_phrase).endswith(".") for problem in reading.problems)
    return [(problem.place, problem.severity, str(problem.what_phrase)) for problem in reading.problems]
