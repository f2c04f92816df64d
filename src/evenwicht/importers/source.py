"""What an importer is given, and what it gives back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from evenwicht.ledger.coverage import Coverage
    from evenwicht.ledger.events import Event
    from evenwicht.ledger.mentions import Mention
    from evenwicht.ledger.problems import Problem, Severity

HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a file before it is read: its path, size, and first 64 KiB. A folder has no bytes."""

    path: Path
    size: int
    start: bytes
    is_folder: bool = False

    @classmethod
    def of(cls, path: Path) -> Head:
        """Look at the beginning of a file or folder. Raises OSError where it cannot be opened."""
        if path.is_dir():
            return cls(path, 0, b"", is_folder=True)
        with path.open("rb") as file:
            return cls(path, path.stat().st_size, file.read(HEAD_BYTES))


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What is left out before anything is stored: domains or addresses, threads, labels or folders of mail."""

    parties: frozenset[str] = frozenset()
    threads: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.parties or self.threads or self.labels)


def _nobody(_address: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """One file (or one Maildir folder) to read, and the few things a reader may need to be told.

    path        the file
    label       how it is called in evidence and problems: relative to what the user named
    pseudonym   maps a person's address to a keyed pseudonym; gives None when no key was handed in
    exclude     what must not be stored
    since, before   read only what happened in [since, before); None = no bound. A big mailbox is read newest first
    layout      name or path of a table layout; only tables look at it
    now         the moment of reading: dates after it plus two days are not believed
    advance     called with the number of bytes dealt with since the last call, for the progress bar
    """

    path: Path
    label: str
    now: datetime
    pseudonym: Callable[[str], str | None] = _nobody
    exclude: Exclusions = Exclusions()
    since: datetime | None = None
    before: datetime | None = None
    layout: str | None = None
    advance: Callable[[int], None] = lambda _n: None


@dataclass(slots=True)
class MailTally:
    """What a mail file shows of whose mailbox it is; added up over all files of one source before it is judged.

    messages    mails that are no bounce, receipt or circular
    by, to      mails per address as author, and as addressee (each address once a mail)
    delivered   mails per address in Delivered-To, X-Original-To or Envelope-To
    parents     ids of mails in the file, and `asked`: In-Reply-To ids per author address
    first, last time of the first and the last mail
    """

    messages: int = 0
    by: Counter[str] = field(default_factory=Counter)
    to: Counter[str] = field(default_factory=Counter)
    present: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    answered: list[tuple[str, str]] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None

    def add(self, other: MailTally) -> None:
        """Add another file of the same source; the order does not matter."""
        self.messages += other.messages
        for mine, theirs in ((self.by, other.by), (self.to, other.to), (self.present, other.present),
                             (self.delivered, other.delivered)):
            mine.update(theirs)
        self.ids |= other.ids
        self.answered.extend(other.answered)
        firsts = [moment for moment in (self.first, other.first) if moment is not None]
        lasts = [moment for moment in (self.last, other.last) if moment is not None]
        self.first, self.last = min(firsts, default=None), max(lasts, default=None)


@dataclass(slots=True)
class Reading:
    """All that came out of one file. Nothing is silently dropped: what is not an event is a problem or a count.

    counted     how many records were seen and what became of them, for the summary: `mail`, `automatic` …
    mail        what a mail file shows of its owner; None for other files
    """

    events: list[Event] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    mail: MailTally | None = None
    label: str = ""

    def problem(
        self, place: str, what: str, remedy: str, severity: Severity = "error", **values: object,
    ) -> None:
        """Note a problem of this file; `what` and `remedy` are literal English templates, so that they can be
        collected for the Dutch catalogue.
        """
        from evenwicht.ledger.problems import Problem

        self.problems.append(Problem(self.label, place, what, remedy, severity, dict(values)))


