"""Working hours: Monday to Friday from nine to five in Amsterdam, without the public holidays of the two years."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Amsterdam")
OPENS, CLOSES = 9, 17

HOLIDAYS = frozenset(date.fromisoformat(day) for day in (
    "2024-12-25 2024-12-26 2025-01-01 2025-04-18 2025-04-21 2025-04-26 2025-05-05 2025-05-29 2025-06-09 2025-12-25 "
    "2025-12-26 2026-01-01 2026-04-03 2026-04-06 2026-04-27 2026-05-05 2026-05-14 2026-05-25"
).split())


def works(day: date) -> bool:
    """Whether it is a working day."""
    return day.weekday() < 5 and day not in HOLIDAYS


def workday(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not works(day):
        day += timedelta(days=1)
    return day


def later(day: date, days: int) -> date:
    """So many working days later (or before, when negative)."""
    step = 1 if days >= 0 else -1
    for _ in range(abs(days)):
        day += timedelta(days=step)
        while not works(day):
            day += timedelta(days=step)
    return day


def at(day: date, hour: float) -> datetime:
    """A moment of a day, in Amsterdam."""
    return datetime.combine(day, time(), HERE) + timedelta(seconds=round(hour * 3600))


def after(moment: datetime, hours: float) -> datetime:
    """So many working hours later."""
    moment = moment.astimezone(HERE)
    day, clock = moment.date(), moment.hour + moment.minute / 60 + moment.second / 3600
    if not works(day) or clock >= CLOSES:
        day, clock = workday(day + timedelta(days=1)), float(OPENS)
    clock = max(clock, float(OPENS))
    while clock + hours > CLOSES:
        hours -= CLOSES - clock
        day, clock = workday(day + timedelta(days=1)), float(OPENS)
    return at(day, clock + hours)


def mondays(first: date, last: date) -> list[date]:
    """The Mondays of the weeks from one day to another."""
    day = first - timedelta(days=first.weekday())
    found = []
    while day <= last:
        found.append(day)
        day += timedelta(weeks=1)
    return found
