"""One file: who claims it, and what its importer gives. Runs in a worker process, and in this one where there is none."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from evenwicht import registry
from evenwicht.engines.workers.columns import Columns, packed
from evenwicht.errors import WrongCall
from evenwicht.importers.source import Exclusions, Head, Reading, Source
from evenwicht.ledger.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

IMPORTERS = "evenwicht.importers"
_PLAIN = (str, int, float, bool, type(None), datetime, date, timedelta, Decimal)
"""What a problem may hold to fill its sentence with; anything else is said as text."""


@dataclass(frozen=True, slots=True)
class Task:
    """One file or Maildir to read: its place in the order, where it is, how it is called, and its bytes."""

    number: int
    path: Path
    label: str
    size: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every file of one reading; see `importers.source.Source`.

    alone      there is only one file: two importers that claim it are a wrong call
    importers  the package whose members read
    """

    now: datetime
    pseudonym: Callable[[str], str | None]
    exclude: Exclusions = field(default_factory=Exclusions)
    layout: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    alone: bool = False
    importers: str = IMPORTERS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    importer  who read it; empty when nobody did
    reading   what it gave, but for its events
    events    those, packed
    mistake   where our own code failed on it, for the log; empty when it did not
    """

    importer: str
    reading: Reading
    events: Columns | None = None
    mistake: str = ""


def unread(problem: Problem) -> Outcome:
    """The outcome of a file that could not be read."""
    return Outcome("", Reading(problems=[problem], label=problem.file))


def read_file(task: Task, terms: Terms, advance: Callable[[int], None]) -> Outcome:
    """Find the importer of one file and run it.

    Raises WrongCall for a wrong setting, or when the only file is claimed by two importers; MemoryError when it takes too much.
    """
    try:
        head = Head.of(task.path)
    except OSError as error:
        return unread(Problem(
            task.label, "", "The file cannot be opened: {reason}.", "Check that it may be read, and read it again.", "error",
            {"reason": error.strerror or "unknown"}))
    if head.size == 0 and not head.is_folder:
        return unread(Problem(task.label, "", "The file is empty.", "Export it again.", "note"))
    importers = registry.members(terms.importers)
    claims: list[str] = []
    try:
        claims.extend(name for name, importer in importers.items() if importer.identify(head))
        if len(claims) == 1:
            source = Source(path=task.path, label=task.label, now=terms.now, pseudonym=terms.pseudonym, exclude=terms.exclude,
                            since=terms.since, before=terms.before, layout=terms.layout, advance=advance)
            reading = _tidy(importers[claims[0]].read(source))
            events = packed(reading.events)
            reading.events.clear()
            return Outcome(claims[0], reading, events)
    except (WrongCall, MemoryError):
        raise
    except (Exception, RecursionError) as error:  # noqa: BLE001  a mistake of ours, whatever it is; it goes to the log
        return _mistake(claims[0] if claims else "", task.label, error)
    if claims:
        return unread(_claimed_twice(task.label, " and ".join(claims), alone=terms.alone))
    return unread(Problem(
        task.label, "", "No importer knows this kind of file.",
        "Read mail, calendars, e-invoices, bank statements, audit files or tables; “evenwicht read --help” lists them.", "warning"))


def _claimed_twice(label: str, names: str, *, alone: bool) -> Problem:
    if alone:
        raise WrongCall("{file} is claimed by two importers, {names}, so it was not read. Please report it with the first "
                        "lines of the file.", file=label, names=names)
    return Problem(label, "", "Two importers claim this file: {names}.", "Please report it with the first lines of the file.",
                   "error", {"names": names})


def _mistake(importer: str, label: str, error: Exception) -> Outcome:
    """A mistake of ours in one file must not lose the others: it is logged, and named as a problem."""
    reading = Reading(label=label)
    reading.problem("", "Evenwicht made a mistake on this file ({kind}); nothing of it was read.",
                    "Please report it; the other files were read.", "error", kind=type(error).__name__)
    return Outcome(importer, reading, mistake="".join(traceback.format_exception(error, limit=-20)))


def _tidy(reading: Reading) -> Reading:
    """What an importer gave, in texts that can be written and values that can be sent. Events are seen to in `columns`."""
    reading.problems = [
        replace(problem, file=_text(problem.file), place=_text(problem.place),
                values={name: plain(value) for name, value in problem.values.items()})
        for problem in reading.problems]
    reading.mentions = [replace(mention, identifiers=tuple(map(_text, mention.identifiers)), name=_text(mention.name))
                        for mention in dict.fromkeys(reading.mentions)]
    return reading


def plain(value: object) -> object:
    """A value as it can be sent: what is no plain one is said as text."""
    sent = value if type(value) in _PLAIN else str(value)
    return _text(sent) if isinstance(sent, str) else sent


def _text(text: str) -> str:
    """Without half pairs (U+D800 to U+DFFF), which no file can hold."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text
