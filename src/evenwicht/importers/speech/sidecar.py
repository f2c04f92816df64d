"""What a person says beside a transcript, in `NAME.speakers.toml`: who is who, and when it was.

    start = 2026-03-02T09:00:00+01:00       when the recording begins
    meeting = "040000008200E00074C5@birch"  id of the meeting in the calendar, where it is known
    [speakers]
    "Anna de Vries" = "birch.example"       a domain, mail address, key (kvk:12345678) or name of an organisation
    "Speaker 2" = ""                        left out: an interpreter, a recording that is played

Whoever is listed was there, also one who never spoke. What is wrong here is told without the names in it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from evenwicht.importers.speech.start import Start, moment
from evenwicht.ledger.identifiers import of_name, of_user

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Reading

SUFFIX = ".speakers.toml"
MAX_BYTES = 1_000_000

_KEYS = frozenset({"start", "meeting", "speakers"})


@dataclass(frozen=True, slots=True)
class Sidecar:
    """`organisations` by the name of a speaker in small letters; None for one who is left out."""

    organisations: dict[str, str | None] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    start: Start | None = None
    meeting: str = ""


def is_sidecar(head: Head) -> bool:
    """Whether a file is such a list: its name says so and it holds one of its keys."""
    return (head.path.name.lower().endswith(SUFFIX) and not head.is_folder
            and any(key in head.start for key in (b"[speakers]", b"start", b"meeting")))


def transcript_beside(path: Path) -> bool:
    """Whether a transcript stands beside a list of speakers."""
    stem = path.name[:-len(SUFFIX)]
    return any(
        (path.parent / f"{stem}{suffix}").is_file() for suffix in ("", ".vtt", ".srt", ".sbv", ".json", ".VTT", ".SRT", ".JSON"))


def beside(path: Path, reading: Reading) -> Sidecar:
    """The list beside a transcript: `call.speakers.toml`, or `call.vtt.speakers.toml`; an empty one without."""
    for name in (path.name + SUFFIX, path.stem + SUFFIX):
        file = path.with_name(name)
        if file.is_file():
            return _read(file, reading)
    return Sidecar()


def _read(file: Path, reading: Reading) -> Sidecar:
    try:
        if file.stat().st_size > MAX_BYTES:
            reading.problem(file.name, "The list of speakers is larger than a megabyte.", "Keep one line per speaker.")
            return Sidecar()
        told = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reading.problem(file.name, "The file cannot be opened: {reason}.", "Check that it is there and may be read.",
                        reason=error.strerror or type(error).__name__)
        return Sidecar()
    except (ValueError, RecursionError) as error:
        reading.problem(file.name, "The list of speakers is no TOML: {reason}.",
                        'Write lines such as "Anna de Vries" = "birch.example" under [speakers].',
                        reason=str(error).partition("\n")[0][:100])
        return Sidecar()
    strange = len(told.keys() - _KEYS)
    if strange:
        reading.problem(file.name, "The list of speakers holds entries that are not known: {count}.",
                        "It may hold start and meeting, and names under [speakers].", "warning", count=strange)
    organisations, addresses = _organisations(told.get("speakers"), file.name, reading)
    meeting = told.get("meeting")
    return Sidecar(organisations, addresses, _start(told.get("start"), file.name, reading),
                   meeting.strip() if isinstance(meeting, str) else "")


def _organisations(
    told: object, place: str, reading: Reading,
) -> tuple[dict[str, str | None], dict[str, str]]:
    organisations: dict[str, str | None] = {}
    addresses: dict[str, str] = {}
    if told is not None and not isinstance(told, dict):
        reading.problem(place, "[speakers] is no table of names.", 'Write lines such as "Anna de Vries" = "birch.example" under [speakers].')
        return organisations, addresses
    for number, (name, value) in enumerate((told or {}).items(), 1):
        key = " ".join(str(name).split()).casefold()
        if isinstance(value, str) and not value.strip():
            organisations[key] = None
            continue
        found = (of_user(value) or of_name(value)) if isinstance(value, str) else None
        if found is None:
            reading.problem(place, "Line {number} of [speakers] names no organisation.",
                            "Give a domain, a mail address, a key such as kvk:12345678, or a name.", number=number)
            continue
        organisations[key] = found
        if "@" in str(value):
            addresses[key] = str(value).strip().lower()
    return organisations, addresses


def _start(value: object, place: str, reading: Reading) -> Start | None:
    if value is None or isinstance(value, time):
        found = None
    elif isinstance(value, date) and not isinstance(value, datetime):
        found = moment(value.isoformat())
    else:
        found = moment(value) if isinstance(value, datetime | str) else None
    if value is not None and found is None:
        reading.problem(place, "The start is no date and time.", "Write it as in start = 2026-03-02T09:00:00+01:00.")
    return found
