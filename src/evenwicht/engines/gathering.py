"""Everything the importers gave, file after file, before it is resolved as a whole."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from evenwicht.engines.mailboxes import coverage_of
from evenwicht.engines.workers.columns import rows
from evenwicht.importers.source import MailTally
from evenwicht.ledger.coverage import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from evenwicht.engines.walking import Found
    from evenwicht.engines.workers.columns import Columns
    from evenwicht.engines.workers.one_file import Outcome
    from evenwicht.ledger.coverage import Coverage
    from evenwicht.ledger.mentions import Mention
    from evenwicht.ledger.problems import Problem

log = logging.getLogger(__name__)


class Gathered:
    """What was read so far. Files are added in their order, so that the result does not depend on who read them, or when."""

    def __init__(self, pseudonym: Callable[[str], str | None], ours: set[str]) -> None:
        self.pseudonym = pseudonym
        self.ours = ours
        self.columns: list[Columns] = []
        self.problems: list[Problem] = []
        self.coverage: list[Coverage] = []
        self.mentions: set[Mention] = set()
        self.tallies: dict[str, MailTally] = defaultdict(MailTally)
        self.files: Counter[str] = Counter()
        self.counted: Counter[str] = Counter()

    @property
    def events(self) -> int:
        return sum(part.height for part in self.columns)

    def add(self, found: Found, outcome: Outcome) -> None:
        """Add what became of one file. Mails that are a file each are one mailbox with those beside them."""
        reading = outcome.reading
        if outcome.mistake:
            log.error("importer %s failed on %s\n%s", outcome.importer or "?", found.label, outcome.mistake)
        if outcome.importer:
            self.files[outcome.importer] += 1
        if outcome.events is not None:
            self.columns.append(outcome.events)
        self.problems.extend(reading.problems)
        self.mentions.update(reading.mentions)
        self.counted.update(reading.counted)
        for entry in reading.coverage:
            self.coverage.append(replace(entry, source=found.root) if set(entry.kinds) <= DOCUMENTS else entry)
        if reading.mail is not None:
            self.tallies[found.root if outcome.importer in {"mail", "msg"} else found.label].add(reading.mail)

    def frame(self) -> pl.DataFrame:
        """The rows of all events, in the order of the files."""
        return rows(self.columns)

    def all_coverage(self) -> list[Coverage]:
        """Coverage of every source."""
        found = list(self.coverage)
        for mailbox, tally in sorted(self.tallies.items()):
            found.extend(coverage_of(tally, mailbox, self.pseudonym, self.ours))
        return found
