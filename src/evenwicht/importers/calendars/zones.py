"""What a clock time in a calendar means in UTC: IANA names, Windows names, free text, and the file's own VTIMEZONE.

A zone is a function from a wall clock (without zone) to a moment in UTC. A clock time that does not exist, or exists
twice, is read with the offset that held before the change (RFC 5545, 3.3.5).
"""

from __future__ import annotations

import re
import zoneinfo
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from evenwicht.importers.calendars.lines import split, text_of
from evenwicht.importers.calendars.recurrence import BadRule, Budget, TooOften, clocks, rule_of
from evenwicht.importers.calendars.times import moment, offset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evenwicht.importers.calendars.lines import Component

Zone = Callable[[datetime], datetime]

MAX_OBSERVANCES = 200
"""STANDARD and DAYLIGHT parts of one VTIMEZONE that are looked at; the fullest real ones have about 60."""

MAX_ZONES = 500
"""VTIMEZONE components of one calendar that are looked at."""

_AMERICAN = {
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
}

_WORDS = {
    "coordinated universal time": "UTC", "universal time": "UTC", "universal time coordinated": "UTC", "zulu": "UTC",
    "utc": "UTC", "greenwich mean time": "Europe/London", "gmt standard time": "Europe/London",
    "western european time": "Europe/Lisbon", "central european time": "Europe/Berlin",
    "central european standard time": "Europe/Berlin", "central european summer time": "Europe/Berlin",
    "eastern european time": "Europe/Bucharest", "western/central europe": "Europe/Berlin",
    "w. europe": "Europe/Berlin", "west europe": "Europe/Berlin", "romance": "Europe/Paris",
    **{f"{name}{ending}": zone for name, zone in _AMERICAN.items()
       for ending in ("", " time", " time (us & canada)", " time (us and canada)")},
    "pacific time (us & canada), tijuana": "America/Los_Angeles",
    "pacific time (us & canada); tijuana": "America/Los_Angeles",
    "atlantic time (canada)": "America/Halifax", "atlantic": "America/Halifax", "newfoundland": "America/St_Johns",
    "alaska": "America/Anchorage", "hawaii": "Pacific/Honolulu", "arizona": "America/Phoenix",
    "indiana (east)": "America/Indiana/Indianapolis", "saskatchewan": "America/Regina",
    "central america": "America/Guatemala", "baja california": "America/Tijuana", "chetumal": "America/Cancun",
    "greenland": "America/Nuuk", "mid-atlantic": "Etc/GMT+2", "azores": "Atlantic/Azores",
    "cabo verde is.": "Atlantic/Cape_Verde", "cape verde is.": "Atlantic/Cape_Verde", "abu dhabi, muscat": "Asia/Dubai",
    "islamabad, karachi": "Asia/Karachi", "chennai, kolkata, mumbai, new delhi": "Asia/Kolkata",
    "bombay, calcutta, madras, new delhi": "Asia/Kolkata", "sri jayawardenepura": "Asia/Colombo",
    "beijing, chongqing, hong kong, urumqi": "Asia/Shanghai", "beijing": "Asia/Shanghai",
    "beijing, chongqing, hong kong sar, urumqi": "Asia/Shanghai", "tzone://microsoft/utc": "UTC",
    "osaka, sapporo, tokyo": "Asia/Tokyo", "guam, port moresby": "Pacific/Port_Moresby", "fiji": "Pacific/Fiji",
    "west central africa": "Africa/Lagos", "kuwait, riyadh": "Asia/Riyadh", "nairobi": "Africa/Nairobi",
    "volgograd, moscow, st. petersburg": "Europe/Moscow", "moscow, st. petersburg, volgograd": "Europe/Moscow",
    "moscow, st. petersburg": "Europe/Moscow", "harare, pretoria": "Africa/Johannesburg",
    "helsinki, kyiv, riga, sofia, tallinn, vilnius": "Europe/Helsinki", "athens, bucharest": "Europe/Bucharest",
    "brasilia": "America/Sao_Paulo", "brasília": "America/Sao_Paulo",
    "auckland, wellington": "Pacific/Auckland", "magadan, solomon is., new caledonia": "Pacific/Guadalcanal",
}
"""Names that are neither IANA's nor Windows' own, lower case, as Outlook, Exchange and older programs write them."""

_COUNTRIES = {
    "germany": "Berlin", "netherlands": "Amsterdam", "nederland": "Amsterdam", "holland": "Amsterdam",
    "belgium": "Brussels", "france": "Paris", "spain": "Madrid", "italy": "Rome", "austria": "Vienna",
    "switzerland": "Zurich", "denmark": "Copenhagen", "sweden": "Stockholm", "norway": "Oslo", "finland": "Helsinki",
    "poland": "Warsaw", "portugal": "Lisbon", "ireland": "Dublin", "greece": "Athens", "hungary": "Budapest",
    "czechia": "Prague", "romania": "Bucharest", "bulgaria": "Sofia", "croatia": "Zagreb", "england": "London",
    "united kingdom": "London", "uk": "London", "ukraine": "Kyiv", "turkey": "Istanbul",
}
"""A country where a city should stand: `Europe/Germany`. Only countries of one zone."""

_PREFIX = re.compile(r"^\(?\s*(?:UTC|GMT)\s*([+-]\s*\d{1,2}(?::?\d\d)?)?\s*\)?\s*", re.IGNORECASE)
_FIXED = re.compile(r"(?:UTC|GMT|Z)?\s*([+-])\s*(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)


def utc(clock: datetime) -> datetime:
    """The zone of times that are UTC already, or that say nothing."""
    return clock.replace(tzinfo=UTC)


def fixed(ahead: timedelta) -> Zone:
    """A zone that is always the same length of time ahead of UTC."""
    return lambda clock: (clock - ahead).replace(tzinfo=UTC)


def clean(name: str) -> str:
    """A zone name without quotes, escapes, and a `TZID=` that was pasted in with it."""
    name = text_of(name).strip().strip('"').strip()
    while name[:5].upper() in ("TZID=", "TZID:"):
        name = name[5:].strip()
    return name


@cache
def named(name: str) -> Zone | None:
    """The zone of a name that means the same everywhere; None where it is no such name.

    IANA's names in any case, with or without a maker's prefix (`/citadel.org/20210210_1/Europe/Berlin`), and Windows'.
    """
    parts = name.strip("/ ").split("/")
    for skipped in range(min(max(1, len(parts) - 1), 8)):
        zone = _spelled("/".join(parts[skipped:]))
        if zone is not None:
            return zone
    return None


def _spelled(name: str) -> Zone | None:
    """The zone of an IANA key in any capitals, with spaces for underscores or without, or of a Windows name."""
    low = name.lower()
    key = _keys().get(low) or _keys().get(low.replace(" ", "_")) or _windows().get(low)
    return _of_key(key) if key else None


@cache
def _keys() -> dict[str, str]:
    """IANA keys by their lower case, from the list that the tzdata package carries.

    Only these are ever looked up: a name in a file is never used as the name of a file or of a module.
    """
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return {key.lower(): key for key in listed.split() if key != "Factory"}


@cache
def _windows() -> dict[str, str]:
    """Windows names → IANA keys: the Unicode table `windowsZones`, as the icalendar library carries it."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # slow to load, and seldom needed

    return {name.lower(): key for name, key in WINDOWS_TO_OLSON.items()}


@cache
def _of_key(key: str) -> Zone | None:
    try:
        zone = zoneinfo.ZoneInfo(key)
    except zoneinfo.ZoneInfoNotFoundError:  # a Windows name that stands for a zone this tzdata does not know
        return None
    return lambda clock: clock.replace(tzinfo=zone).astimezone(UTC)


@cache
def described(name: str) -> Zone | None:
    """The zone of a free text: `(UTC-05:00) Eastern Time (US & Canada)`, `(GMT+10:00) Canberra, Melbourne, Sydney`."""
    text = _PREFIX.sub("", name).strip()
    for candidate in (text, name):
        key = _WORDS.get(candidate.lower())
        zone = _of_key(key) if key else _spelled(candidate)
        if zone is not None:
            return zone
    region, _, place = name.strip("/").partition("/")
    if region.lower() == "europe" and place.lower() in _COUNTRIES:
        return _of_key(f"Europe/{_COUNTRIES[place.lower()]}")
    for city in re.split(r"[,;]", text):
        key = _cities().get(city.strip().lower())
        if key:
            return _of_key(key)
    matched = _FIXED.fullmatch(name.strip("() "))
    ahead = _length_of(matched) if matched else None
    return fixed(ahead) if ahead is not None else None


@cache
def _cities() -> dict[str, str]:
    """`amsterdam` → `Europe/Amsterdam`: the last part of each IANA key that has a continent or an ocean before it."""
    continents = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return {
        key.rsplit("/", 1)[1].replace("_", " ").lower(): key
        for key in sorted(_keys().values()) if key.startswith(continents)
    }


def _length_of(matched: re.Match[str]) -> timedelta | None:
    """The length of time in `UTC+03:00`; None where no zone is so far ahead or behind."""
    hours, minutes = int(matched[2]), int(matched[3] or 0)
    if hours > 14 or minutes > 59:  # noqa: PLR2004  the furthest is Kiritimati, 14 hours ahead
        return None
    ahead = timedelta(hours=hours, minutes=minutes)
    return -ahead if matched[1] == "-" else ahead


def stated(name: str) -> timedelta | None:
    """How far ahead of UTC a name that is not known says it is: `(UTC+03:00) Somewhere`; None where it says nothing."""
    matched = _PREFIX.match(clean(name))
    found = _FIXED.fullmatch((matched[1] or "").replace(" ", "")) if matched else None
    return _length_of(found) if found else None


class Zones:
    """The zones of one calendar: asks names first, then the VTIMEZONE components of the file, then free text."""

    def __init__(self, components: Iterable[Component], last_year: int, budget: Budget) -> None:
        self._own: dict[str, Component] = {}
        for component in components:
            if len(self._own) < MAX_ZONES:
                self._own.setdefault(clean(component.text("TZID")), component)
        self._last_year = last_year
        self._budget = budget
        self._found: dict[str, Zone | None] = {}

    def find(self, name: str) -> Zone | None:
        """The zone of a TZID as written; None where nothing tells what it is."""
        if name not in self._found:
            tidy = clean(name)
            own = self._own.get(tidy)
            self._found[name] = (
                named(tidy)
                or (_of_component(own, self._last_year, self._budget) if own is not None else None)
                or described(tidy)
            )
        return self._found[name]


def _of_component(component: Component, last_year: int, budget: Budget) -> Zone | None:
    """The zone a VTIMEZONE describes, up to the end of `last_year`; None where it describes none."""
    changes: list[tuple[datetime, timedelta, timedelta]] = []
    for part in component.parts[:MAX_OBSERVANCES]:
        before, after = offset(part.text("TZOFFSETFROM")), offset(part.text("TZOFFSETTO"))
        if after is None:
            continue
        before = after if before is None else before
        changes.extend((onset + max(after - before, timedelta()), before, after)
                       for onset in _onsets(part, last_year, budget))
    if not changes:
        return None
    changes.sort(key=lambda change: change[0])
    starts = [start for start, _before, _after in changes]

    def zone(clock: datetime) -> datetime:
        place = bisect_right(starts, clock)
        ahead = changes[place - 1][2] if place else changes[0][1]
        return (clock - ahead).replace(tzinfo=UTC)

    return zone


def _onsets(part: Component, last_year: int, budget: Budget) -> list[datetime]:
    line = part.first("DTSTART")
    start = moment(split(line)[1]) if line is not None else None
    if start is None:
        return [datetime(1, 1, 2)] if not part.lines.get("RRULE") else []  # noqa: DTZ001  holds always
    found = [start.clock]
    end = datetime(last_year, 12, 31)  # noqa: DTZ001  a wall clock
    for line in part.lines.get("RRULE", ()):
        try:
            rule = rule_of(split(line)[1])
        except (BadRule, TooOften):
            continue
        first = start.clock
        if rule.count is None and rule.interval == 1 and first.year < _EARLY:
            first = first.replace(year=_EARLY)  # 1601 in Outlook's files; no meeting is older than 1970
        until = moment(rule.until) if rule.until else None
        found.extend(clock for clock in clocks(rule, first, end, budget)
                     if clock != first and (until is None or clock <= until.clock + timedelta(days=1)))
    for line in part.lines.get("RDATE", ()):
        written = (moment(value.partition("/")[0]) for value in split(line)[1].split(","))
        found.extend(date.clock for date in written if date is not None)
    return found


_EARLY = 1968
"""Leap year before every believable meeting: 29 February can be moved there."""
