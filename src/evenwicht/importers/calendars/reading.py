"""From the bytes of a calendar to meetings: who called whom together, for how many minutes, with how many heads.

`events_of` is used for calendar files and for invitations inside mails alike. The same UID may stand in a file many
times (updates, replies, cancellations, changed instances): all of it is brought together before a row is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.calendars.desk import Desk
from evenwicht.importers.calendars.drafts import draft_of
from evenwicht.importers.calendars.lines import MAX_EVENTS, calendars_in
from evenwicht.importers.calendars.meetings import Meetings
from evenwicht.importers.calendars.people import person_of
from evenwicht.importers.calendars.recurrence import Budget
from evenwicht.importers.calendars.replies import rows_of
from evenwicht.importers.calendars.times import basic
from evenwicht.importers.calendars.versions import Versions
from evenwicht.importers.calendars.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.importers.calendars.desk import Shown
    from evenwicht.importers.calendars.drafts import Draft
    from evenwicht.importers.calendars.lines import Calendar, Component
    from evenwicht.importers.source import Reading, Source

_FROM_ATTENDEES = frozenset({"REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"})
"""METHODs that are no statement of the organiser about the meeting; of these only REPLY says who comes."""


def events_of(parts: Sequence[bytes], reading: Reading, source: Source, place: str) -> Shown:
    """Add to `reading` the meetings, problems and mentions of one calendar; raises nothing for bad data.

    `parts` are the calendars of one file or of one mail, brought together as if they stood in one. `place` is where they
    stand in the source (a mail of a mailbox); "" = the source is the calendar itself, and each event is known by the line
    it begins on. Meetings after `source.now` have not been held: counted only. Returns what the calendar shows of itself.
    """
    desk = Desk(reading, source, place, Budget())
    groups = _Groups(desk)
    for data in parts:
        for calendar in calendars_in(data):
            groups.take(calendar)
    meetings = Meetings(desk)
    for versions in groups.by_uid.values():
        meetings.bring_together(versions)
    meetings.close()
    return desk.shown


class _Groups:
    """The events of a calendar by their UID."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.by_uid: dict[str, Versions] = {}
        self._order = 0

    def take(self, calendar: Calendar) -> None:
        """Read the events of one VCALENDAR and put each with the others of its UID."""
        for draft in self._drafts_of(calendar):
            self._sort(draft)

    def _drafts_of(self, calendar: Calendar) -> list[Draft]:
        """The events of one calendar that can be read, not yet compared with each other."""
        self.desk.counted["calendar_event"] += len(calendar.events) + calendar.too_many
        if calendar.others:
            self.desk.counted["calendar_other"] += calendar.others
        if calendar.too_many:
            self.desk.counted["unreadable"] += calendar.too_many
            self.desk.reading.problem(
                self.desk.place, "The file holds more than {limit} events; {count} of them were not read.",
                "Export the calendar in parts, for instance a year at a time.",
                limit=MAX_EVENTS, count=calendar.too_many,
            )
        if calendar.events and calendar.head.text("VERSION").startswith("1."):
            self.desk.counted["unreadable"] += len(calendar.events)
            self.desk.reading.problem(
                self.desk.at(calendar.head),
                "This is a vCalendar 1.0 calendar, the format before iCalendar; its events ({count}) were not read.",
                "Export it again as iCalendar 2.0 (.ics).", count=len(calendar.events),
            )
            return []
        self.desk.shown.names.extend(filter(None, [calendar.head.text("X-WR-CALNAME")]))
        zones = Zones(calendar.zones, self.desk.source.now.year + 1, self.desk.budget)
        method = calendar.head.text("METHOD").upper()
        drafts = []
        for component in calendar.events:
            if self._is_whole(component):
                self._order += 1
                drafts.append(draft_of(component, zones, method, self._order))
        return drafts

    def _is_whole(self, component: Component) -> bool:
        if component.cut_off:
            self.desk.counted["unreadable"] += 1
            self.desk.reading.problem(
                self.desk.at(component), "The file ends in the middle of an event; the event is left out.",
                "The file is cut off: export or download the calendar again.",
            )
        elif not component.closed and self.desk.first_time("open"):
            self.desk.reading.problem(
                self.desk.at(component), "Events are not closed with END:VEVENT; each was read up to where the next begins.",
                "Export the calendar again, or check the program that wrote it.", "warning",
            )
        return not component.cut_off

    def _sort(self, draft: Draft) -> None:
        """Put a draft with the others of its UID; of a reply only the answers are kept."""
        if draft.uid in self.desk.source.exclude.threads:
            self.desk.counted["excluded"] += 1
            return
        versions = self.by_uid.setdefault(draft.uid, Versions())
        key = basic(draft.instance.at) if draft.instance is not None else ""
        if draft.method in _FROM_ATTENDEES:
            self.desk.counted["reply"] += 1
            if draft.method == "REPLY":
                self.desk.reading.events.extend(rows_of(self.desk, draft, key))
                answers = versions.answers.setdefault(key, {})
                for person in filter(None, map(person_of, draft.component.lines.get("ATTENDEE", ()))):
                    if person.answer:
                        answers[person.address] = person.answer
        elif key:
            versions.single.setdefault(key, []).append(draft)
        else:
            versions.whole.append(draft)
