"""Read files into a ledger: find the importer of each, gather what they give, and resolve it as a whole."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from evenwicht import registry
from evenwicht.engines.home import pseudonyms
from evenwicht.engines.mailboxes import coverage_of
from evenwicht.errors import FileMissing, NothingRead, WrongCall
from evenwicht.importers.source import Exclusions, Head, MailTally, Reading, Source
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.identifiers import of_user
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.parties import Decision
from evenwicht.ledger.problems import Problem
from evenwicht.ledger.resolve import raw_rows, resolve
from evenwicht.ledger.table import Ledger, frame_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

log = logging.getLogger(__name__)

IMPORTERS = "evenwicht.importers"
_DOCUMENTS = frozenset({"invoice", "credit_note", "order", "order_response", "delivery"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person says about a reading.

    us, me          identifiers of our side: one party, keyed by the first; `me` adds names and numbers to it
    exclude         what must not be stored
    layout          name or path of a table layout
    between_others  keep what happens between two others
    pseudonym       a person's address → keyed pseudonym; None = the key of this installation
    """

    us: tuple[str, ...] = ()
    me: Mention | None = None
    exclude: Exclusions = field(default_factory=Exclusions)
    layout: str | None = None
    between_others: bool = False
    pseudonym: Callable[[str], str | None] | None = None


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
    found = list(_files(paths))
    moment = now or _latest_change(found)
    gathered = _Gathered(told.pseudonym or pseudonyms(), ours)
    for path, label, root in found:
        source = Source(path=path, label=label, now=moment, pseudonym=gathered.pseudonym, exclude=told.exclude, since=since,
                        before=before, layout=told.layout, advance=lambda n, label=label: advance(label, n))  # type: ignore[misc]
        _read_one(source, root, gathered, alone=len(found) == 1)
    return _resolved(gathered, told, decisions, into)


class _Gathered:
    """Everything the importers gave, before it is resolved."""

    def __init__(self, pseudonym: Callable[[str], str | None], ours: set[str]) -> None:
        self.pseudonym = pseudonym
        self.ours = ours
        self.frames: list[pl.DataFrame] = []
        self.events = 0
        self.problems: list[Problem] = []
        self.coverage: list[Coverage] = []
        self.mentions: set[Mention] = set()
        self.tallies: dict[str, MailTally] = defaultdict(MailTally)
        self.files: Counter[str] = Counter()
        self.counted: Counter[str] = Counter()
        self._documents: dict[tuple[object, ...], list[Coverage]] = defaultdict(list)

    def add(self, importer: str, mailbox: str, root: str, reading: Reading) -> None:
        self.files[importer] += 1
        self.problems.extend(reading.problems)
        self.mentions.update(reading.mentions)
        self.counted.update(reading.counted)
        if reading.events:
            self.frames.append(frame_of(reading.events))
            self.events += len(reading.events)
        for entry in reading.coverage:
            if set(entry.kinds) <= _DOCUMENTS:
                self._documents[(root, entry.party, entry.person, entry.kinds, entry.sees)].append(entry)
            else:
                self.coverage.append(entry)
        if reading.mail is not None:
            self.tallies[mailbox].add(reading.mail)

    def all_coverage(self) -> list[Coverage]:
        """Coverage of every source: single documents of one folder are one source, from the first to the last."""
        found = list(self.coverage)
        for (root, *_key), entries in self._documents.items():
            found.append(replace(entries[0], source=str(root), start=min(e.start for e in entries), end=max(e.end for e in entries)))
        for mailbox, tally in sorted(self.tallies.items()):
            found.extend(coverage_of(tally, mailbox, self.pseudonym, self.ours))
        return found


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


def _files(paths: Sequence[str | Path]) -> Iterator[tuple[Path, str, str]]:
    """Every file or Maildir under what was named, with its label and the name of the whole it belongs to."""
    folders = list(registry.members(IMPORTERS).values())
    for named in paths:
        path = Path(named)
        if not path.exists():
            raise FileMissing("{path} does not exist. Check the name; a folder is read with everything in it.", path=str(named))
        if path.is_file():
            yield path, path.name, path.resolve().parent.name
            continue
        yield from _inside(path, path, folders)


def _inside(folder: Path, root: Path, importers: Sequence[ModuleType]) -> Iterator[tuple[Path, str, str]]:
    label = str(folder.relative_to(root.parent)) if folder != root else root.name
    head = Head.of(folder)
    if any(importer.identify(head) for importer in importers):
        yield folder, label, label
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _inside(entry, root, importers)
        elif entry.is_file():
            yield entry, str(entry.relative_to(root.parent)), label


def _latest_change(found: Sequence[tuple[Path, str, str]]) -> datetime:
    """The latest time at which one of the files was changed: nothing in them can have happened after it."""
    times = [path.stat().st_mtime for path, _label, _root in found]
    return datetime.fromtimestamp(max(times, default=0.0), UTC)


def _read_one(source: Source, root: str, gathered: _Gathered, *, alone: bool) -> None:
    try:
        head = Head.of(source.path)
    except OSError as error:
        gathered.problems.append(Problem(
            source.label, "", "The file cannot be opened: {reason}.", "Check that it may be read, and read it again.", "error",
            {"reason": error.strerror or "unknown"}))
        return
    if head.size == 0 and not head.is_folder:
        gathered.problems.append(Problem(source.label, "", "The file is empty.", "Export it again.", "note"))
        return
    claims = [name for name, module in registry.members(IMPORTERS).items() if module.identify(head)]
    if len(claims) > 1:
        names = " and ".join(claims)
        if alone:
            raise WrongCall("{file} is claimed by two importers, {names}, so it was not read. Please report it with the first "
                            "lines of the file.", file=source.label, names=names)
        gathered.problems.append(Problem(
            source.label, "", "Two importers claim this file: {names}.", "Please report it with the first lines of the file.",
            "error", {"names": names}))
        return
    if not claims:
        gathered.problems.append(Problem(
            source.label, "", "No importer knows this kind of file.",
            "Read mail, calendars, e-invoices, bank statements, audit files or tables; “evenwicht read --help” lists them.", "warning"))
        return
    reading = _guarded(claims[0], source)
    mailbox = root if claims[0] == "mail" else source.label
    gathered.add(claims[0], mailbox, root, reading)


def _guarded(importer: str, source: Source) -> Reading:
    """Run an importer. A mistake of ours in one file must not lose the others: it is logged, and named as a problem."""
    try:
        return registry.members(IMPORTERS)[importer].read(source)  # type: ignore[no-any-return]
    except WrongCall:
        raise
    except (Exception, RecursionError) as error:
        log.exception("importer %s failed on %s", importer, source.label)
        reading = Reading(label=source.label)
        reading.problem("", "Evenwicht made a mistake on this file ({kind}); nothing of it was read.",
                        "Please report it; the other files were read.", "error", kind=type(error).__name__)
        return reading


def _resolved(gathered: _Gathered, told: Settings, decisions: list[Decision], into: Ledger | None) -> Report:
    if gathered.events == 0:
        raise _nothing(gathered)
    mentions = set(gathered.mentions) | (set(into.mentions) if into is not None else set())
    if told.me is not None:
        mentions.add(told.me)
    frames = gathered.frames if into is None else [raw_rows(into), *gathered.frames]
    coverage: list[Coverage] | None = gathered.all_coverage()
    if into is not None:
        coverage = None if into.coverage is None else [*into.coverage, *(coverage or ())]
    if not any(decision.operation == "us" for decision in decisions) and into is not None and into.us is not None:
        decisions = [Decision("us", (into.us,)), *decisions]
    done = resolve(pl.concat(frames) if len(frames) > 1 else frames[0], mentions=mentions, decisions=decisions,
                   coverage=coverage, between_others=told.between_others or _keeps_others(into))
    problems = [*gathered.problems, *done.problems]
    if done.unnamed:
        problems.append(Problem(
            "", "", "{rows} rows are about “us”, and no file says who that is.", "Read the files again with --us and your domain.",
            "error", {"rows": done.unnamed}))
    if len(done.ledger) == 0:
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


def _keeps_others(into: Ledger | None) -> bool:
    """Whether a ledger that is added to holds rows between two others: then it goes on holding them."""
    if into is None or into.us is None:
        return False
    return into.events.filter((pl.col("giver") != into.us) & (pl.col("receiver") != into.us)).height > 0


def _nothing(gathered: _Gathered) -> NothingRead:
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
    total = 0
    for named in paths:
        path = Path(named)
        if path.is_file():
            total += path.stat().st_size
        elif path.is_dir():
            total += sum(entry.stat().st_size for entry in path.rglob("*") if entry.is_file() and not entry.is_symlink())
    return total


def newest_year(paths: Sequence[str | Path], now: datetime) -> datetime | None:
    """The beginning of the newest year of mail in the big mailboxes among what is named; None when there is no mailbox."""
    mbox = registry.members(IMPORTERS)["mbox"]
    latest = None
    for path, _label, _root in _files(paths):
        if path.is_file() and mbox.identify(Head.of(path)):
            found = mbox.newest(path)
            if found is not None and found <= now + timedelta(days=2) and (latest is None or found > latest):
                latest = found
    return None if latest is None else latest - timedelta(days=365)
