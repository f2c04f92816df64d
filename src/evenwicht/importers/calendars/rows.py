"""From one meeting and the people at it to rows of the ledger, with what is said of its length and its time zone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from evenwicht.importers.calendars.drafts import LONGEST
from evenwicht.importers.calendars.times import stamped
from evenwicht.importers.calendars.zones import stated
from evenwicht.ledger.events import Event
from evenwicht.ledger.marks import HEADS, OFF, WHO
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.names import secret

if TYPE_CHECKING:
    from datetime import datetime

    from evenwicht.importers.calendars.desk import Desk
    from evenwicht.importers.calendars.drafts import Draft
    from evenwicht.importers.calendars.people import Cast, Side

MAX_ROWS = 400_000
"""Rows made of one file: a daily series with thousands of organisations would otherwise be endless."""


class _Told(NamedTuple):
    """What all instances of one draft and one cast say alike. `others`: organisation, amount, heads, marks."""

    draft: Draft
    cast: Cast
    lasts: timedelta | None
    version: int
    amount: float | None
    organiser: str | None
    marks: tuple[str, ...]
    others: list[tuple[str, float | None, str | None, tuple[str, ...]]]


class Rows:
    """The rows of one calendar, as they are made."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._made = 0
        self._parties: set[str] = set()
        self._told: _Told | None = None
        self._known: dict[Side, tuple[list[str], list[str]]] = {}

    def write(self, draft: Draft, cast: Cast, at: datetime, identity: str, lasts: timedelta | None) -> None:
        """The rows of one meeting: towards each other organisation, and of each of them towards the organiser."""
        source, place = self.desk.source, self.desk.at(draft.component)
        self.desk.shown.started(at)
        self._made += 2 * len(cast.others)
        if self._made > MAX_ROWS:
            self._full(place)
            return
        if self._told is None or self._told.draft is not draft or self._told.cast is not cast or self._told.lasts != lasts:
            self._told = self._tell(draft, cast, lasts, place)  # else the next instance of the series that was just written
        told, own, uid, add = self._told, cast.own.organisation, draft.uid, self.desk.reading.events.append
        evidence, attendance = (f"{source.label}#{place}",), f"{identity}#attendance"
        for other, amount, heads, marks in told.others:
            add(Event(identity, at, own, other, "meeting", told.amount, "minutes", told.organiser, heads, uid, None, None, True,
                      evidence, told.marks, told.version))
            add(Event(attendance, at, other, own, "attendance", amount, "minutes", heads, told.organiser, uid, identity, None, True,
                      evidence, marks, told.version))

    def _tell(self, draft: Draft, cast: Cast, lasts: timedelta | None, place: str) -> _Told:
        """What the rows of a meeting say but for its time and its identity."""
        self._zone_problems(draft, place)
        minutes = self._minutes(draft, lasts, place)
        version = draft.sequence
        if draft.cancelled:  # above the version it cancels, also where the program forgot to raise SEQUENCE
            minutes, version = 0.0, version + 1
        standing = f"{version}:{stamped(draft.stamp)}"
        self._parties.add(cast.own.organisation)
        self._parties.update([other.organisation for other in cast.others])
        amount, _, marks = self._of(cast.own, standing, minutes, cancelled=draft.cancelled)
        others = [(other.organisation, *self._of(other, standing, minutes, cancelled=draft.cancelled)) for other in cast.others]
        return _Told(draft, cast, lasts, version, amount, self.desk.source.pseudonym(cast.organiser), marks, others)

    def _of(
        self, side: Side, standing: str, minutes: float | None, *, cancelled: bool,
    ) -> tuple[float | None, str | None, tuple[str, ...]]:
        """Minutes times heads of one side, its heads, and what joins of the whole ledger need of it (`ledger.replies`,
        `ledger.talks`), in pseudonyms only: minutes and heads of this version, that it is called off, and who was invited.
        """
        known, who = self._people_of(side)
        size = len(side.heads)
        marks = [f"{OFF}{standing}"] if cancelled else []
        if minutes is not None and not cancelled and len(known) == size:
            marks.append(f"{HEADS}{standing}:{minutes:g}:{','.join(known)}")
        return None if minutes is None else minutes * size, " ".join(known) or None, (*marks, *who)

    def _people_of(self, side: Side) -> tuple[list[str], list[str]]:
        """The heads of a side, and marks of all who were invited, in pseudonyms; most sides meet more than once."""
        found = self._known.get(side)
        if found is None:
            pseudonym = self.desk.source.pseudonym
            found = self._known[side] = (
                sorted([head for head in map(pseudonym, side.heads) if head]),
                [f"{WHO}{one}" for one in map(pseudonym, map(secret, side.names)) if one],
            )
        return found

    def _full(self, place: str) -> None:
        if self.desk.first_time("full"):
            self.desk.reading.problem(
                place, "The file holds more than {limit} meetings between two organisations; the others were not read.",
                "Export the calendar in parts, for instance a year at a time.", limit=MAX_ROWS // 2,
            )

    def _minutes(self, draft: Draft, lasts: timedelta | None, place: str) -> float | None:
        """Minutes of one meeting; None where its length is not told or not believable."""
        if lasts is None or draft.cancelled:
            return None
        if timedelta() <= lasts <= LONGEST:
            return lasts / timedelta(minutes=1)
        if self.desk.first_time(f"length {draft.order}"):  # once an event, not once an instance
            if lasts < timedelta():
                self.desk.reading.problem(
                    place, "A meeting ends before it starts; how long it took is not known.",
                    "Open it in the calendar, set its end, and export again.", "warning",
                )
            else:
                self.desk.reading.problem(
                    place, "A meeting lasts {days} days; how many minutes of it were spent together is not known.",
                    "Make it an all-day event in the calendar, or set its end.", "warning",
                    days=round(lasts / timedelta(days=1)),
                )
        return None

    def _zone_problems(self, draft: Draft, place: str) -> None:
        start = draft.start
        if start is None:
            return
        if start.unknown is not None and self.desk.first_time(f"zone {start.unknown}"):
            ahead = stated(start.unknown)
            self.desk.reading.problem(
                place, "The time zone {zone} is not known; its times were read as {read_as}.",
                "Set the zone of these events in the calendar to a place, such as Europe/Amsterdam, and export again.",
                "warning", zone=start.unknown[:80], read_as=_offset_name(ahead),
            )
        if start.floating and self.desk.first_time("floating"):
            self.desk.reading.problem(
                place, "Events of this file have a time without a time zone; it was read as UTC.",
                "Nothing to do if an hour or two do not matter; else set a time zone in the calendar and export again.",
                "note",
            )

    def close(self) -> None:
        """Name the organisations that were seen."""
        self.desk.reading.mentions.extend(Mention((party,)) for party in sorted(self._parties))


def _offset_name(ahead: timedelta | None) -> str:
    """`UTC`, `UTC+03:00`."""
    if not ahead:
        return "UTC"
    minutes = round(abs(ahead) / timedelta(minutes=1))
    return f"UTC{'-' if ahead < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"
