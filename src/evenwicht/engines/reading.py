"""Read files into a ledger: walk to them, have each read, gather what they give, and resolve it as a whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from evenwicht import registry
from evenwicht.engines.archives import Archives
from evenwicht.engines.gathering import Gathered
from evenwicht.engines.home import pseudonyms
from evenwicht.engines.leftovers import summed
from evenwicht.engines.walking import Found, Walk, size
from evenwicht.engines.workers.limits import Limits, took_too_much, without_processes
from evenwicht.engines.workers.one_file import IMPORTERS, Outcome, Task, Terms, read_file, unread
from evenwicht.engines.workers.pool import NoProcessError, read_all
from evenwicht.errors import NothingRead, WrongCall
from evenwicht.importers.source import Exclusions, Head
from evenwicht.ledger.identifiers import of_user
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.parties import Decision
from evenwicht.ledger.persons import Pseudonyms
from evenwicht.ledger.problems import Problem
from evenwicht.ledger.resolve import keeps_others, raw_rows, resolve
from evenwicht.ledger.suggestions import unlinked
from evenwicht.ledger.table import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evenwicht.ledger.coverage import Coverage

_CALENDAR_TELLS = ("Nothing says when this meeting was", "The file does not say for which organisation")
"""What a transcript lacks and a calendar may tell: said no more once it did."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person says about a reading.

    us, me          identifiers of our side: one party, keyed by the first; `me` adds names and numbers to it
    exclude         what must not be stored
    layout          name or path of a table layout
    between_others  keep what happens between two others
    pseudonym       a person's address → keyed pseudonym; None = the key of this installation. Only `Pseudonyms` can go
                    to other processes: with another callable the files are read in this one, without limits
    limits          what one file may take of the machine
    """

    us: tuple[str, ...] = ()
    me: Mention | None = None
    exclude: Exclusions = field(default_factory=Exclusions)
    layout: str | None = None
    between_others: bool = False
    pseudonym: Callable[[str], str | None] | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class Report:
    """The outcome of a reading: the ledger, everything that was wrong, and what was counted on the way.

    files       per importer: how many files; counted: what became of the records
    internal, between_others   rows left out
    inferred    whether `ledger.us` was worked out, and not told
    """

    ledger: Ledger
    problems: list[Problem]
    files: Counter[str] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)
    internal: int = 0
    between_others: int = 0
    inferred: bool = False
    own_rows: int = 0


def read(
    paths: Sequence[str | Path], settings: Settings | None = None, *, into: Ledger | None = None, now: datetime | None = None,
    advance: Callable[[str, int], None] = lambda _label, _bytes: None, since: datetime | None = None,
    before: datetime | None = None,
) -> Report:
    """Read files and folders into a ledger, or add them to one.

    now             the moment of reading; default: the latest time of change among the files
    advance         told the file's label and the bytes dealt with
    since, before   only mail in [since, before): a big mailbox is read newest year first

    Raises FileMissing for a path that is not there, WrongCall for a wrong setting or a file that two importers claim,
    NothingRead when no usable event came out.
    """
    told = settings or Settings()
    if not paths:
        raise WrongCall("Nothing to read: name at least one file or folder, as in “evenwicht read mail.mbox invoices/”.")
    decisions = _decisions(told, into)
    ours = {name for decision in decisions if decision.operation == "us" for name in decision.names}
    pseudonym = told.pseudonym or pseudonyms()
    gathered = Gathered(pseudonym, ours)
    with Archives() as archives:
        walk = Walk(archives)
        found = list(walk.through(paths))
        gathered.problems.extend(walk.problems)
        terms = Terms(now=now or _latest_change(found), pseudonym=pseudonym, exclude=told.exclude, layout=told.layout, since=since,
                      before=before, alone=len(found) == 1)
        outcomes = _outcomes([Task(number, one.path, one.label, one.size) for number, one in enumerate(found)], terms, told.limits,
                             _Progress(advance), gathered.problems)
    for number, one in enumerate(found):
        gathered.add(one, outcomes[number])
    return _resolved(gathered, told, decisions, into)


class _Progress:
    """Passes on how many bytes of a file were dealt with since the last time; one that is read again is not told twice."""

    def __init__(self, advance: Callable[[str, int], None]) -> None:
        self._advance = advance
        self._told: Counter[int] = Counter()

    def __call__(self, task: Task, dealt: int) -> None:
        if dealt > self._told[task.number]:
            self._advance(task.label, dealt - self._told[task.number])
            self._told[task.number] = dealt


def _outcomes(tasks: list[Task], terms: Terms, limits: Limits, progress: _Progress, problems: list[Problem]) -> dict[int, Outcome]:
    """What became of each file, by its number: read in worker processes, or here where that is not wanted or cannot be."""
    done: dict[int, Outcome] = {}
    workers = limits.workers_for(len(tasks), sum(task.size for task in tasks)) if isinstance(terms.pseudonym, Pseudonyms) else 0
    if workers:
        try:
            return read_all(tasks, terms, limits, workers, progress)
        except NoProcessError as error:
            done = error.done
            problems.append(without_processes(str(error)))
    for task in tasks:
        if task.number not in done:
            done[task.number] = _read_here(task, terms, limits, progress)
    return done


def _read_here(task: Task, terms: Terms, limits: Limits, progress: _Progress) -> Outcome:
    dealt = 0

    def advance(count: int) -> None:
        nonlocal dealt
        dealt += count
        progress(task, dealt)

    try:
        outcome = read_file(task, terms, advance)
    except MemoryError:
        outcome = unread(took_too_much(task.label, limits.memory_for(task.size)))
    progress(task, task.size)
    return outcome


def _decisions(told: Settings, into: Ledger | None) -> list[Decision]:
    decisions = list(into.decisions) if into is not None else []
    names = []
    for text in told.us:
        identifier = of_user(text)
        if identifier is None:
            raise WrongCall("--us {value} is not a domain, a mail address or a key such as kvk:12345678.", value=text)
        names.append(identifier)
    if told.me is not None:
        names.extend(told.me.identifiers)
    if names:
        decisions = [decision for decision in decisions if decision.operation != "us"]
        decisions.insert(0, Decision("us", tuple(dict.fromkeys(names))))
        if told.me is not None and told.me.name:
            decisions.append(Decision("rename", (names[0],), told.me.name))
    return decisions


def _latest_change(found: Sequence[Found]) -> datetime:
    """The latest time at which one of the files was changed: nothing in them can have happened after it."""
    times = [one.path.stat().st_mtime for one in found if one.path.exists()]
    return datetime.fromtimestamp(max(times, default=0.0), UTC)


def _resolved(gathered: Gathered, settings: Settings, decisions: list[Decision], into: Ledger | None) -> Report:
    if gathered.events == 0:
        raise _nothing(gathered)
    mentions = set(gathered.mentions) | (set(into.mentions) if into is not None else set())
    if settings.me is not None:
        mentions.add(settings.me)
    frames = [gathered.frame()] if into is None else [raw_rows(into), gathered.frame()]
    coverage: list[Coverage] | None = gathered.all_coverage()
    if into is not None:
        coverage = None if into.coverage is None else [*into.coverage, *(coverage or ())]
    done = resolve(pl.concat(frames) if len(frames) > 1 else frames[0], mentions=mentions, decisions=decisions,
                   coverage=coverage, between_others=settings.between_others or (into is not None and keeps_others(into)),
                   us=None if into is None else into.us)
    told = [problem for problem in gathered.problems if problem.file not in done.solved or not problem.what.startswith(_CALENDAR_TELLS)]
    problems = summed([*told, *done.problems, *unlinked(done.ledger.mentions, done.ledger.parties)])
    if done.unnamed:
        problems.append(Problem(
            "", "", "{rows} rows are about “us”, and no file says who that is.", "Read the files again with --us and your domain.",
            "error", {"rows": done.unnamed}))
    if len(done.ledger) == 0 and into is None:
        gathered.problems[:] = problems
        if done.between_others:
            raise NothingRead(
                "None of the {count} events between organisations is with {us}. Check --us, or name your IBAN, VAT number "
                "and firm with --me; --between-others keeps what happens between others.", count=done.between_others, us=done.ledger.us)
        raise _nothing(gathered)
    inferred = not any(decision.operation == "us" for decision in decisions)
    us = done.ledger.us
    own = done.ledger.events.filter((pl.col("giver") == us) | (pl.col("receiver") == us)).height if us else 0
    return Report(done.ledger, problems, gathered.files, gathered.counted, done.internal, done.between_others, inferred, own)


def _nothing(gathered: Gathered) -> NothingRead:
    gathered.problems[:] = summed(gathered.problems)
    if gathered.problems:
        first = gathered.problems[0]
        error = NothingRead("Nothing usable was read. {file}: {what} {remedy}", file=first.file or "–", what=str(first.what_phrase),
                            remedy=str(first.remedy_phrase))
    else:
        error = NothingRead("Nothing usable was read: {files} files held no event between two organisations.",
                            files=sum(gathered.files.values()))
    error.problems = tuple(gathered.problems)
    return error


def exclusions(given: Sequence[str]) -> Exclusions:
    """What `--exclude` names: a domain, an address, `thread:<id>` or `label:NAME`. Raises WrongCall for anything else."""
    parties, threads, labels = set(), set(), set()
    for text in given:
        scheme, colon, rest = text.partition(":")
        if colon and scheme == "thread":
            threads.add(rest.strip().strip("<>"))
        elif colon and scheme == "label":
            labels.add(rest.strip().casefold())
        elif of_user(text) is not None:
            parties.add(text.strip().lower())
        else:
            raise WrongCall("--exclude {value} is not a domain, an address, thread:ID or label:NAME.", value=text)
    return Exclusions(frozenset(parties), frozenset(threads), frozenset(labels))


def size_of(paths: Sequence[str | Path]) -> int:
    """Bytes of everything named, for the progress bar; 0 for what is not there."""
    return sum(size(Path(named)) for named in paths)


def newest_year(paths: Sequence[str | Path], now: datetime) -> datetime | None:
    """The beginning of the newest year of mail in the big mailboxes among what is named; None when there is no mailbox."""
    mbox = registry.members(IMPORTERS)["mbox"]
    latest = None
    for one in Walk().through(paths):
        if one.path.is_file() and mbox.identify(Head.of(one.path)):
            found = mbox.newest(one.path)
            if found is not None and found <= now + timedelta(days=2) and (latest is None or found > latest):
                latest = found
    return None if latest is None else latest - timedelta(days=365)
