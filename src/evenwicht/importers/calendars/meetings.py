"""From all versions of one UID to its meetings: which one holds, which instances there are, and who is at each."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from evenwicht.importers.calendars.people import cast_of
from evenwicht.importers.calendars.rows import Rows
from evenwicht.importers.calendars.series import MAX_INSTANCES, series_of
from evenwicht.importers.calendars.times import basic
from evenwicht.importers.calendars.versions import Versions, latest

if TYPE_CHECKING:
    from evenwicht.importers.calendars.desk import Desk
    from evenwicht.importers.calendars.drafts import Draft
    from evenwicht.importers.calendars.people import Cast
    from evenwicht.importers.calendars.series import Instance, Series


class Meetings:
    """The meetings of one calendar, UID by UID."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.rows = Rows(desk)
        self._no_organiser: list[str] = []

    def bring_together(self, versions: Versions) -> None:
        """Of each meeting and each changed instance the version that holds, and from these the rows."""
        singles = {key: latest(self.desk, drafts) for key, drafts in versions.single.items()}
        if versions.whole:
            whole = latest(self.desk, versions.whole)
            if whole.repeats:
                self._series(whole, versions, singles)
            else:
                self._one(whole, whole.uid, versions.answers_to(""))
        for key, draft in singles.items():
            self._one(draft, f"{draft.uid}/{key}", versions.answers_to(key))

    def _one(self, draft: Draft, identity: str, answers: dict[str, str]) -> None:
        """A meeting that does not repeat, or one changed instance."""
        cast = self._cast(draft, answers)
        start = draft.start or draft.instance
        if cast is None or start is None:
            return
        if start.at > self.desk.source.now:
            self.desk.counted["ahead"] += 1
            return
        self.desk.counted["cancelled" if draft.cancelled else "meeting"] += 1
        self.rows.write(draft, cast, start.at, identity, draft.lasts())

    def _series(self, draft: Draft, versions: Versions, singles: dict[str, Draft]) -> None:
        """The instances of a series; those that were changed are left to their own drafts."""
        cast = self._cast(draft, versions.answers_to(""))
        if cast is None or draft.start is None:
            return
        series = series_of(draft, draft.start, self.desk.source.now, self.desk.budget)
        self._series_problems(draft, series)
        if series.too_often:
            self.desk.counted["unreadable"] += 1
            return
        self.desk.counted["ahead" if not series.instances else "cancelled" if draft.cancelled else "meeting"] += 1
        stamps = [one.instance for one in singles.values() if one.instance is not None]
        days = {stamp.clock.date() for stamp in stamps if stamp.is_day}
        onwards = sorted(key for key, one in singles.items() if one.to_the_end)
        casts = {"": cast}
        lasts = draft.lasts()
        for instance in series.instances:
            key = basic(instance.at)
            if key in singles or instance.clock.date() in days:
                continue
            self.desk.counted["instance"] += 1
            identity = f"{draft.uid}/{key}"
            place = bisect_right(onwards, key)
            if place:
                self._moved(singles[onwards[place - 1]], instance, identity, versions, casts)
            else:
                own = self._recast(draft, versions, key, casts) if key in versions.answers else cast
                self.rows.write(draft.for_instance(instance.at), own, instance.at, identity, instance.lasts or lasts)

    def _moved(
        self, change: Draft, instance: Instance, identity: str, versions: Versions, casts: dict[str, Cast],
    ) -> None:
        """An instance after one that was changed THISANDFUTURE: moved by as much, with the people named there."""
        if change.start is None or change.instance is None or change.is_private:
            return
        key = f"from {change.order}"
        if key not in casts:
            casts[key] = cast_of(change.component, versions.answers_to(""), self.desk.source.exclude.parties)
        at = instance.at + (change.start.at - change.instance.at)
        if casts[key].fate is None and at <= self.desk.source.now:
            self.rows.write(change, casts[key], at, identity, change.lasts())

    def _recast(self, draft: Draft, versions: Versions, key: str, casts: dict[str, Cast]) -> Cast:
        """Who is at one instance that was answered on its own, while the budget lasts; else who is at the series."""
        if not self.desk.budget.spend(5 * len(draft.component.lines["ATTENDEE"])):  # an attendee costs as much as 5 dates
            return casts[""]
        return cast_of(draft.component, versions.answers_to(key), self.desk.source.exclude.parties)

    def _series_problems(self, draft: Draft, series: Series) -> None:
        place = self.desk.at(draft.component)
        if series.too_often:
            self.desk.reading.problem(
                place, "A series repeats every hour, minute or second; no meeting does, so it is left out.",
                "Look up how this event repeats in the calendar itself.",
            )
        if series.bad_rule:
            self.desk.reading.problem(
                place, "How this meeting repeats cannot be read; only its first date was read.",
                "Look up how this event repeats in the calendar itself.", "warning",
            )
        if series.cut:
            self.desk.reading.problem(
                place, "A series is longer than {limit} meetings or 20 years; its oldest ({count}) are left out.",
                "Give the series an end date in the calendar if it has ended.", "warning",
                limit=MAX_INSTANCES, count=series.cut,
            )
        if series.spent and self.desk.first_time("spent"):
            self.desk.reading.problem(
                place, "The series of this file have more dates than are looked at; later meetings are left out.",
                "Export the calendar in parts, for instance a year at a time.",
            )

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
            self.desk.reading.problem(
                self.desk.at(component), "An event has more lines than are looked at; {count} attendees or dates were not read.",
                "Invite by a list, or split the event in the calendar.", "warning", count=component.skipped,
            )
        cast = cast_of(component, answers, self.desk.source.exclude.parties)
        if cast.people:
            self.desk.shown.peopled += 1
            self.desk.shown.present.update(cast.people)
        if fate is None:
            fate = "private" if draft.is_private else cast.fate
        if fate is None:
            return cast
        self._no_meeting(draft, fate)
        return None

    def _no_meeting(self, draft: Draft, fate: str) -> None:
        """Count what is no meeting between organisations; its time still shows that the calendar was kept then."""
        self.desk.counted[fate] += 1
        if fate == "without_organiser":
            self._no_organiser.append(self.desk.at(draft.component))
        if fate != "all_day" and draft.start is not None and draft.start.at <= self.desk.source.now:
            self.desk.shown.started(draft.start.at)

    def _without_start(self, draft: Draft) -> None:
        fate = "cancelled" if draft.cancelled else "unreadable"
        if "ATTENDEE" not in draft.component.lines:
            fate = "without_attendees"
        elif fate == "unreadable":
            self.desk.reading.problem(
                self.desk.at(draft.component), "A meeting has no start that can be read ({written}); it is left out.",
                "Open it in the calendar, set its date and time, and export again.",
                written=draft.component.text("DTSTART")[:40] or "no DTSTART",
            )
        self.desk.counted[fate] += 1

    def close(self) -> None:
        """Say what is said once, and name the organisations that were seen."""
        if self._no_organiser:
            self.desk.reading.problem(
                self._no_organiser[0],
                "Events with attendees but no organiser whose organisation is known: {count}. "
                "It cannot be told who called them together, so they are left out.",
                "Nothing to do if they are private appointments; else export the calendar with its organisers.",
                "note", count=len(self._no_organiser),
            )
        self.rows.close()
