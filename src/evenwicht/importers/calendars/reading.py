"""From the bytes of a calendar to meetings: who called whom together, for how many minutes, with how many heads.

`events_of` is used for calendar files and for invitations inside mails alike. The same UID may stand in a file many
times (updates, replies, cancellations, changed instances): all of it is brought together before a row is made.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from evenwicht.importers.calendars.drafts import LONGEST, Draft, draft_of
from evenwicht.importers.calendars.lines import MAX_EVENTS, calendars_in
from evenwicht.importers.calendars.people import cast_of, person_of
from evenwicht.importers.calendars.recurrence import Budget
from evenwicht.importers.calendars.series import MAX_INSTANCES, series_of
from evenwicht.importers.calendars.times import basic
from evenwicht.importers.calendars.zones import Zones, stated
from evenwicht.ledger.events import Event
from evenwicht.ledger.mentions import Mention

if TYPE_CHECKING:
    from datetime import datetime

    from evenwicht.importers.calendars.lines import Calendar, Component
    from evenwicht.importers.calendars.people import Cast
    from evenwicht.importers.calendars.series import Instance, Series
    from evenwicht.importers.source import Reading, Source

_FROM_ATTENDEES = frozenset({"REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"})
"""METHODs that are no statement of the organiser about the meeting; of these only REPLY says who comes."""

MAX_ROWS = 400_000
"""Rows made of one file: a daily series with thousands of organisations would otherwise be endless."""


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
class _Versions:
    """All that stands in a file under one UID.

    whole       versions of the meeting or series itself
    single      versions of changed instances, by their original start
    answers     PARTSTAT of replies: by original start ("" = the whole), then by address
    """

    whole: list[Draft] = field(default_factory=list)
    single: dict[str, list[Draft]] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)

    def answers_to(self, instance: str) -> dict[str, str]:
        """The replies that hold for an instance: those to it, else those to the whole."""
        return {**self.answers.get("", {}), **self.answers.get(instance, {})} if self.answers else {}


def events_of(data: bytes, reading: Reading, source: Source, place: str) -> None:
    """Add to `reading` the meetings, problems and mentions of one calendar; raises nothing for bad data.

    `place` is where the calendar stands in the source (a mail of a mailbox); "" = the source is the calendar itself,
    and each event is known by the line it begins on. Meetings after `source.now` have not been held: counted only.
    """
    shown_in(data, reading, source, place)


def shown_in(data: bytes, reading: Reading, source: Source, place: str) -> Shown:
    """As `events_of`, and what the calendar shows of itself."""
    room = _Room(reading, source, place)
    groups: dict[str, _Versions] = {}
    for calendar in calendars_in(data):
        for draft in room.drafts_of(calendar):
            room.sort(draft, groups)
    for versions in groups.values():
        room.bring_together(versions)
    room.close()
    return room.shown


class _Room:
    """One calendar being read: where its findings go, and what is said only once a file."""

    def __init__(self, reading: Reading, source: Source, place: str) -> None:
        self.reading = reading
        self.counted = reading.counted
        self.source = source
        self.place = place
        self.budget = Budget()
        self.shown = Shown()
        self.order = 0
        self.rows = 0
        self.parties: set[str] = set()
        self.told: set[str] = set()
        self.no_organiser: list[str] = []

    # The components of the file

    def drafts_of(self, calendar: Calendar) -> list[Draft]:
        """The events of one calendar that can be read, not yet compared with each other."""
        self.counted["calendar_event"] += len(calendar.events) + calendar.too_many
        if calendar.others:
            self.counted["calendar_other"] += calendar.others
        if calendar.too_many:
            self.counted["unreadable"] += calendar.too_many
            self.reading.problem(
                self.place, "The file holds more than {limit} events; {count} of them were not read.",
                "Export the calendar in parts, for instance a year at a time.",
                limit=MAX_EVENTS, count=calendar.too_many,
            )
        if calendar.events and calendar.head.text("VERSION").startswith("1."):
            self.counted["unreadable"] += len(calendar.events)
            self.reading.problem(
                self._at(calendar.head),
                "This is a vCalendar 1.0 calendar, the format before iCalendar; its events ({count}) were not read.",
                "Export it again as iCalendar 2.0 (.ics).", count=len(calendar.events),
            )
            return []
        self.shown.names.extend(filter(None, [calendar.head.text("X-WR-CALNAME")]))
        zones = Zones(calendar.zones, self.source.now.year + 1, self.budget)
        method = calendar.head.text("METHOD").upper()
        drafts = []
        for component in calendar.events:
            if self._is_whole(component):
                self.order += 1
                drafts.append(draft_of(component, zones, method, self.order))
        return drafts

    def _is_whole(self, component: Component) -> bool:
        if component.cut_off:
            self.counted["unreadable"] += 1
            self.reading.problem(
                self._at(component), "The file ends in the middle of an event; the event is left out.",
                "The file is cut off: export or download the calendar again.",
            )
        elif not component.closed and self._first_time("open"):
            self.reading.problem(
                self._at(component), "Events are not closed with END:VEVENT; each was read up to where the next begins.",
                "Export the calendar again, or check the program that wrote it.", "warning",
            )
        return not component.cut_off

    def _at(self, component: Component) -> str:
        return self.place or str(component.line)

    def _first_time(self, about: str) -> bool:
        """Whether this has not been said yet of this file; says it."""
        first = about not in self.told
        self.told.add(about)
        return first

    def sort(self, draft: Draft, groups: dict[str, _Versions]) -> None:
        """Put a draft with the others of its UID; of a reply only the answers are kept."""
        if draft.uid in self.source.exclude.threads:
            self.counted["excluded"] += 1
            return
        versions = groups.setdefault(draft.uid, _Versions())
        key = basic(draft.instance.at) if draft.instance is not None else ""
        if draft.method in _FROM_ATTENDEES:
            self.counted["reply"] += 1
            if draft.method == "REPLY":
                answers = versions.answers.setdefault(key, {})
                for person in filter(None, map(person_of, draft.component.lines.get("ATTENDEE", ()))):
                    if person.answer:
                        answers[person.address] = person.answer
        elif key:
            versions.single.setdefault(key, []).append(draft)
        else:
            versions.whole.append(draft)

    def close(self) -> None:
        """Say what is said once, and name the organisations that were seen."""
        if self.no_organiser:
            self.reading.problem(
                self.no_organiser[0],
                "Events with attendees but no organiser whose organisation is known: {count}. "
                "It cannot be told who called them together, so they are left out.",
                "Nothing to do if they are private appointments; else export the calendar with its organisers.",
                "note", count=len(self.no_organiser),
            )
        self.reading.mentions.extend(Mention((party,)) for party in sorted(self.parties))

    # What belongs to one UID

    def bring_together(self, versions: _Versions) -> None:
        """Of each meeting and each changed instance the version that holds, and from these the rows."""
        singles = {key: self._latest(drafts) for key, drafts in versions.single.items()}
        if versions.whole:
            whole = self._latest(versions.whole)
            if whole.repeats:
                self._series(whole, versions, singles)
            else:
                self._one(whole, whole.uid, versions.answers_to(""))
        for key, draft in singles.items():
            self._one(draft, f"{draft.uid}/{key}", versions.answers_to(key))

    def _latest(self, drafts: list[Draft]) -> Draft:
        """The version that holds; a cancellation, which may say little, is filled from the version it cancels."""
        if len(drafts) == 1:
            return drafts[0]
        self.counted["superseded"] += len(drafts) - 1
        latest = max(drafts, key=lambda draft: draft.age)
        if latest.cancelled:
            known = [draft for draft in drafts if not draft.cancelled and draft.start is not None]
            return max(known, key=lambda draft: draft.age).cancelled_by(latest) if known else latest
        rivals = (draft for draft in drafts if draft.age[:2] == latest.age[:2] and draft.differs(latest))
        if "ATTENDEE" in latest.component.lines and any(rivals):
            self.reading.problem(
                self._at(latest.component),
                "The same meeting stands in this file with different times, and nothing tells which is newer; "
                "the last one was read.",
                "Look up the time of this meeting in the calendar itself.", "warning",
            )
        return latest

    def _one(self, draft: Draft, identity: str, answers: dict[str, str]) -> None:
        """A meeting that does not repeat, or one changed instance."""
        cast = self._cast(draft, answers)
        start = draft.start or draft.instance
        if cast is None or start is None:
            return
        if start.at > self.source.now:
            self.counted["ahead"] += 1
            return
        self.counted["cancelled" if draft.cancelled else "meeting"] += 1
        self._rows(draft, cast, start.at, identity, draft.lasts())

    def _series(self, draft: Draft, versions: _Versions, singles: dict[str, Draft]) -> None:
        """The instances of a series; those that were changed are left to their own drafts."""
        cast = self._cast(draft, versions.answers_to(""))
        if cast is None or draft.start is None:
            return
        series = series_of(draft, draft.start, self.source.now, self.budget)
        self._series_problems(draft, series)
        if series.too_often:
            self.counted["unreadable"] += 1
            return
        self.counted["ahead" if not series.instances else "cancelled" if draft.cancelled else "meeting"] += 1
        stamps = [one.instance for one in singles.values() if one.instance is not None]
        days = {stamp.clock.date() for stamp in stamps if stamp.is_day}
        onwards = sorted(key for key, one in singles.items() if one.to_the_end)
        casts = {"": cast}
        lasts = draft.lasts()
        for instance in series.instances:
            key = basic(instance.at)
            if key in singles or instance.clock.date() in days:
                continue
            self.counted["instance"] += 1
            identity = f"{draft.uid}/{key}"
            place = bisect_right(onwards, key)
            if place:
                self._moved(singles[onwards[place - 1]], instance, identity, versions, casts)
            else:
                own = self._recast(draft, versions, key, casts) if key in versions.answers else cast
                self._rows(draft, own, instance.at, identity, instance.lasts or lasts)

    def _moved(
        self, change: Draft, instance: Instance, identity: str, versions: _Versions, casts: dict[str, Cast],
    ) -> None:
        """An instance after one that was changed THISANDFUTURE: moved by as much, with the people named there."""
        if change.start is None or change.instance is None or change.is_private:
            return
        key = f"from {change.order}"
        if key not in casts:
            casts[key] = cast_of(change.component, versions.answers_to(""), self.source.exclude.parties)
        at = instance.at + (change.start.at - change.instance.at)
        if casts[key].fate is None and at <= self.source.now:
            self._rows(change, casts[key], at, identity, change.lasts())

    def _recast(self, draft: Draft, versions: _Versions, key: str, casts: dict[str, Cast]) -> Cast:
        """Who is at one instance that was answered on its own, while the budget lasts; else who is at the series."""
        if not self.budget.spend(5 * len(draft.component.lines["ATTENDEE"])):  # an attendee costs as much as 5 dates
            return casts[""]
        return cast_of(draft.component, versions.answers_to(key), self.source.exclude.parties)

    def _series_problems(self, draft: Draft, series: Series) -> None:
        place = self._at(draft.component)
        if series.too_often:
            self.reading.problem(
                place, "A series repeats every hour, minute or second; no meeting does, so it is left out.",
                "Look up how this event repeats in the calendar itself.",
            )
        if series.bad_rule:
            self.reading.problem(
                place, "How this meeting repeats cannot be read; only its first date was read.",
                "Look up how this event repeats in the calendar itself.", "warning",
            )
        if series.cut:
            self.reading.problem(
                place, "A series is longer than {limit} meetings or 20 years; its oldest ({count}) are left out.",
                "Give the series an end date in the calendar if it has ended.", "warning",
                limit=MAX_INSTANCES, count=series.cut,
            )
        if series.spent and self._first_time("spent"):
            self.reading.problem(
                place, "The series of this file have more dates than are looked at; later meetings are left out.",
                "Export the calendar in parts, for instance a year at a time.",
            )

    # From a draft to rows

    def _cast(self, draft: Draft, answers: dict[str, str]) -> Cast | None:
        """Who is at the meeting; None where it is none between organisations, which is then counted by its reason."""
        component = draft.component
        if draft.start is None and not (draft.cancelled and draft.instance is not None):
            self._without_start(draft)
            return None
        fate = "all_day" if draft.is_all_day else None
        if "ATTENDEE" not in component.lines:
            self._no_meeting(draft, fate or "without_attendees")
            return None
        if component.skipped:
            self.reading.problem(
                self._at(component), "An event has more lines than are looked at; {count} attendees or dates were not read.",
                "Invite by a list, or split the event in the calendar.", "warning", count=component.skipped,
            )
        cast = cast_of(component, answers, self.source.exclude.parties)
        if cast.people:
            self.shown.peopled += 1
            self.shown.present.update(cast.people)
        if fate is None:
            fate = "private" if draft.is_private else cast.fate
        if fate is None:
            return cast
        self._no_meeting(draft, fate)
        return None

    def _no_meeting(self, draft: Draft, fate: str) -> None:
        """Count what is no meeting between organisations; its time still shows that the calendar was kept then."""
        self.counted[fate] += 1
        if fate == "without_organiser":
            self.no_organiser.append(self._at(draft.component))
        if fate != "all_day" and draft.start is not None and draft.start.at <= self.source.now:
            self.shown.started(draft.start.at)

    def _without_start(self, draft: Draft) -> None:
        fate = "cancelled" if draft.cancelled else "unreadable"
        if "ATTENDEE" not in draft.component.lines:
            fate = "without_attendees"
        elif fate == "unreadable":
            self.reading.problem(
                self._at(draft.component), "A meeting has no start that can be read ({written}); it is left out.",
                "Open it in the calendar, set its date and time, and export again.",
                written=draft.component.text("DTSTART")[:40] or "no DTSTART",
            )
        self.counted[fate] += 1

    def _rows(self, draft: Draft, cast: Cast, at: datetime, identity: str, lasts: timedelta | None) -> None:
        """The rows of one meeting: towards each other organisation, and of each of them towards the organiser."""
        source, place = self.source, self._at(draft.component)
        self.shown.started(at)
        self.rows += 2 * len(cast.others)
        if self.rows > MAX_ROWS:
            self._full(place)
            return
        self._zone_problems(draft, place)
        minutes = self._minutes(draft, lasts, place)
        version = draft.sequence
        if draft.cancelled:  # above the version it cancels, also where the program forgot to raise SEQUENCE
            minutes, version = 0.0, version + 1
        evidence = (f"{source.label}#{place}",)
        organiser = source.pseudonym(cast.organiser)
        self.parties.add(cast.own.organisation)
        for other in cast.others:
            self.parties.add(other.organisation)
            heads = " ".join(sorted(filter(None, map(source.pseudonym, other.heads)))) or None
            self.reading.events.append(Event(
                id=identity, at=at, giver=cast.own.organisation, receiver=other.organisation, kind="meeting",
                amount=None if minutes is None else minutes * len(cast.own.heads), unit="minutes",
                person=organiser, counter_person=heads, thread=draft.uid, evidence=evidence, version=version,
            ))
            self.reading.events.append(Event(
                id=f"{identity}#attendance", at=at, giver=other.organisation, receiver=cast.own.organisation,
                kind="attendance", amount=None if minutes is None else minutes * len(other.heads), unit="minutes",
                person=heads, counter_person=organiser, thread=draft.uid, answers=identity, evidence=evidence,
                version=version,
            ))

    def _full(self, place: str) -> None:
        if self._first_time("full"):
            self.reading.problem(
                place, "The file holds more than {limit} meetings between two organisations; the others were not read.",
                "Export the calendar in parts, for instance a year at a time.", limit=MAX_ROWS // 2,
            )

    def _minutes(self, draft: Draft, lasts: timedelta | None, place: str) -> float | None:
        """Minutes of one meeting; None where its length is not told or not believable."""
        if lasts is None or draft.cancelled:
            return None
        if timedelta() <= lasts <= LONGEST:
            return lasts / timedelta(minutes=1)
        if self._first_time(f"length {draft.order}"):  # once an event, not once an instance
            if lasts < timedelta():
                self.reading.problem(
                    place, "A meeting ends before it starts; how long it took is not known.",
                    "Open it in the calendar, set its end, and export again.", "warning",
                )
            else:
                self.reading.problem(
                    place, "A meeting lasts {days} days; how many minutes of it were spent together is not known.",
                    "Make it an all-day event in the calendar, or set its end.", "warning",
                    days=round(lasts / timedelta(days=1)),
                )
        return None

    def _zone_problems(self, draft: Draft, place: str) -> None:
        start = draft.start
        if start is None:
            return
        if start.unknown is not None and self._first_time(f"zone {start.unknown}"):
            ahead = stated(start.unknown)
            self.reading.problem(
                place, "The time zone {zone} is not known; its times were read as {read_as}.",
                "Set the zone of these events in the calendar to a place, such as Europe/Amsterdam, and export again.",
                "warning", zone=start.unknown[:80], read_as=_offset_name(ahead),
            )
        if start.floating and self._first_time("floating"):
            self.reading.problem(
                place, "Events of this file have a time without a time zone; it was read as UTC.",
                "Nothing to do if an hour or two do not matter; else set a time zone in the calendar and export again.",
                "note",
            )


def _offset_name(ahead: timedelta | None) -> str:
    """`UTC`, `UTC+03:00`."""
    if not ahead:
        return "UTC"
    minutes = round(abs(ahead) / timedelta(minutes=1))
    return f"UTC{'-' if ahead < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"
