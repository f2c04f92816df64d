"""What is being read, and what has been said of it already: handed from room to room while one calendar is read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from evenwicht.importers.calendars.lines import Component
    from evenwicht.importers.calendars.recurrence import Budget
    from evenwicht.importers.source import Reading, Source


@dataclass(slots=True)
class Shown:
    """What a calendar shows of itself, for its coverage and its owner.

    names       X-WR-CALNAME of each calendar of the file
    present     in how many events with people each address is, as organiser or attendee
    peopled     how many events with people there are
    first, last first and last start of a timed event, UTC, not after now
    """

    names: list[str] = field(default_factory=list)
    present: Counter[str] = field(default_factory=Counter)
    peopled: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def started(self, at: datetime) -> None:
        """A timed event started at this moment."""
        self.first = at if self.first is None else min(at, self.first)
        self.last = at if self.last is None else max(at, self.last)


@dataclass(slots=True)
class Desk:
    """One calendar being read. `place` is where it stands in the source; "" = each event is known by its own line."""

    reading: Reading
    source: Source
    place: str
    budget: Budget
    shown: Shown = field(default_factory=Shown)
    told: set[str] = field(default_factory=set)

    @property
    def counted(self) -> Counter[str]:
        """How many events had which fate."""
        return self.reading.counted

    def at(self, component: Component) -> str:
        """Where a component stands, for problems and evidence."""
        return self.place or str(component.line)

    def first_time(self, about: str) -> bool:
        """Whether this has not been said yet of this file; says it."""
        first = about not in self.told
        self.told.add(about)
        return first
