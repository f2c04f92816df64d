"""The meetings one draft describes: itself, or the instances of its series up to now."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from evenwicht.importers.calendars.drafts import dated, placed
from evenwicht.importers.calendars.lines import split
from evenwicht.importers.calendars.recurrence import BadRule, TooOften, clocks, rule_of
from evenwicht.importers.calendars.times import length, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evenwicht.importers.calendars.drafts import Draft, Stamp
    from evenwicht.importers.calendars.recurrence import Budget, Rule

MAX_INSTANCES = 2_000
"""Instances kept of one series: the latest ones."""

MAX_SPAN = timedelta(days=20 * 365 + 5)
"""Twenty years: what a series held longer before its last instance is left out."""


class Instance(NamedTuple):
    """One meeting of a series: when it was to start, UTC and on the wall, and how long where it differs (a period)."""

    at: datetime
    clock: datetime
    lasts: timedelta | None = None


@dataclass(slots=True)
class Series:
    """Instances in order of time, and what went wrong: a rule within the day, one not understood, some left out."""

    instances: list[Instance]
    too_often: bool = False
    bad_rule: bool = False
    cut: int = 0
    spent: bool = False


def series_of(draft: Draft, start: Stamp, now: datetime, budget: Budget) -> Series:
    """Every instance of a repeating draft that starts at or before `now`, without the excluded dates.

    DTSTART is the first instance (RFC 5545, 3.8.5.3). A rule within the day gives none; one that is not understood
    gives DTSTART alone.
    """
    found = Series([])
    kept: dict[datetime, Instance] = {start.at: Instance(start.at, start.clock)}
    seen = 1
    for line in draft.component.lines.get("RRULE", ()):
        try:
            rule = rule_of(split(line)[1])
            until = _until(rule, start)
        except TooOften:
            return Series([], too_often=True)
        except BadRule:
            found.bad_rule = True
            continue
        latest: deque[Instance] = deque(maxlen=MAX_INSTANCES)
        for instance in _ruled(rule, start, until, now, budget):
            latest.append(instance)
            seen += 1
        kept.update((instance.at, instance) for instance in latest)
    kept.update((instance.at, instance) for instance in _dates(draft, start, "RDATE", budget))
    for unwanted in _excluded(draft, start, kept, now, budget):
        kept.pop(unwanted, None)
    found.spent = budget.steps < 0
    ordered = sorted((instance for instance in kept.values() if instance.at <= now), key=lambda found: found.at)
    if ordered:
        floor = ordered[-1].at - MAX_SPAN
        found.instances = [instance for instance in ordered if instance.at >= floor][-MAX_INSTANCES:]
        found.cut = len(ordered) - len(found.instances) + max(0, seen - MAX_INSTANCES - 1)
    return found


def _until(rule: Rule, start: Stamp) -> datetime | None:
    """The last moment a rule allows; a day without time means the whole day, where the meeting is."""
    if rule.until is None:
        return None
    written = moment(rule.until)
    if written is None:
        raise BadRule(rule.until)
    try:
        if written.is_day:
            return start.zone(written.clock + timedelta(days=1)) - timedelta(seconds=1)
        return written.clock.replace(tzinfo=UTC) if written.is_utc else start.zone(written.clock)
    except OverflowError:
        return None


def _ruled(rule: Rule, start: Stamp, until: datetime | None, now: datetime, budget: Budget) -> Iterator[Instance]:
    last = min(now, until) if until is not None else now
    horizon = last.replace(tzinfo=None) + timedelta(days=2)  # no zone is two days from UTC
    for clock in clocks(rule, start.clock, horizon, budget):
        at = start.zone(clock)
        if at > last:
            return
        yield Instance(at, clock)


def _dates(draft: Draft, start: Stamp, name: str, budget: Budget) -> Iterator[Instance]:
    """The dates of RDATE or EXDATE: moments, days (at the time the meeting starts), or periods."""
    for line in draft.component.lines.get(name, ()):
        parameters, values = dated(line) if "," not in line and "/" not in line else split(line)
        for value in values.split(","):
            if not budget.spend():
                return
            text, _, rest = value.partition("/")
            stamp = placed(text, parameters, draft.zones, start.zone)
            if stamp is None:
                continue
            clock = stamp.clock
            if stamp.is_day:
                clock = datetime.combine(clock.date(), start.clock.time())
                yield Instance(start.zone(clock), clock)
                continue
            lasts = None
            if rest:
                end = placed(rest, parameters, draft.zones, stamp.zone)
                lasts = end.at - stamp.at if end is not None else length(rest)
            yield Instance(stamp.at, clock, lasts)


def _excluded(
    draft: Draft, start: Stamp, kept: dict[datetime, Instance], now: datetime, budget: Budget,
) -> list[datetime]:
    """Starts of instances that EXDATE or the old EXRULE take away."""
    gone = [instance.at for instance in _dates(draft, start, "EXDATE", budget)]
    for line in draft.component.lines.get("EXRULE", ()):
        try:
            rule = rule_of(split(line)[1])
            until = _until(rule, start)
        except (BadRule, TooOften):
            continue
        gone.extend(instance.at for instance in _ruled(rule, start, until, now, budget) if instance.at in kept)
    return gone
