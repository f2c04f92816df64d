"""An Outlook item goes the way of every mail, or of every calendar."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evenwicht.importers.calendars.owner import owner_of
from evenwicht.importers.calendars.reading import events_of
from evenwicht.importers.letters.message import MOST_BYTES, Intake
from evenwicht.importers.outlook.letters import is_draft, is_letter, letter_of
from evenwicht.importers.outlook.meetings import invitation_of, is_appointment, is_meeting, is_repeated, series_in
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.identifiers import is_person, of_address
from evenwicht.ledger.mentions import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from evenwicht.importers.outlook.items import Item
    from evenwicht.importers.source import Reading, Source


@dataclass(slots=True)
class Mailroom:
    """Takes one item after the other of one source. `close` when all are taken.

    present     in how many meetings each address is, and `peopled` how many meetings with people there are
    first, last start of the first and the last meeting of the calendar
    """

    source: Source
    reading: Reading
    mail: Intake = field(init=False)
    present: Counter[str] = field(default_factory=Counter)
    peopled: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def __post_init__(self) -> None:
        self.mail = Intake(self.source, self.reading)

    def take(self, item: Item, place: str, *, labels: Iterable[str] = ()) -> bool:
        """Read one item. False: it is neither mail nor meeting (a contact, a task, a note), and was left alone.

        `place` is where it stands in the source, `labels` are names of the folder it lies in.
        """
        if is_appointment(item):
            self._note_series(item, place)
            self._appointment(item, place)
            return True
        if not is_letter(item):
            return False
        if is_meeting(item):
            self._note_series(item, place)
        letter = letter_of(item)
        self.mail.take(letter[:MOST_BYTES], place, labels=labels, draft=is_draft(item), cut=len(letter) > MOST_BYTES)
        return True

    def close(self, *, calendar: bool) -> None:
        """Add the mentions, and, of a whole `calendar`, what it would have shown: the meetings of its owner."""
        self.mail.close()
        if not calendar or self.first is None or self.last is None:
            return
        owner = owner_of((), self.present, self.peopled)
        party = of_address(owner.address) if owner.address else owner.organisation
        person = self.source.pseudonym(owner.address) if owner.address else None
        self.reading.coverage.append(Coverage(self.source.label, party, person, ("meeting", "attendance"), self.first, self.last))
        if party is not None and not is_person(party):
            self.reading.mentions.append(Mention((party,), own=True))

    def _appointment(self, item: Item, place: str) -> None:
        events, source = self.reading.events, self.source
        before = len(events)
        shown = events_of((invitation_of(item),), self.reading, source, place)
        kept = [event for event in events[before:]
                if (source.since is None or event.at >= source.since) and (source.before is None or event.at < source.before)]
        self.reading.counted["outside_time"] += len(events) - before - len(kept)
        events[before:] = kept
        self.present.update(shown.present)
        self.peopled += shown.peopled
        self.first = min((each for each in (self.first, shown.first) if each is not None), default=None)
        self.last = max((each for each in (self.last, shown.last) if each is not None), default=None)

    def _note_series(self, item: Item, place: str) -> None:
        if is_repeated(item) and item.recipients and series_in(item) is None:
            self.reading.problem(
                place, "The days of this Outlook series cannot be read; only its first meeting counts.",
                "Export the calendar as iCalendar (.ics), and read that too.", "warning",
            )
