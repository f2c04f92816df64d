"""Working hours of the answering side: Monday to Friday 9–17 by its own clock, less its public holidays.

A party's country is read from its identifiers (a country's mail domain, a VAT number, KvK); where it is not known the
hours are those of UTC without holidays. The same for both sides, whoever looks.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from evenwicht.ledger.parties import Party

OPENS, CLOSES = 9, 17
HOURS_A_DAY = CLOSES - OPENS
_DAY_US = 86_400_000_000
_HOUR_US = 3_600_000_000
_FRIDAY, _THURSDAY = 4, 3  # 1 January 1970 was a Thursday

_ZONES = {
    "NL": "Europe/Amsterdam", "BE": "Europe/Brussels", "DE": "Europe/Berlin", "FR": "Europe/Paris", "LU": "Europe/Luxembourg",
    "GB": "Europe/London", "IE": "Europe/Dublin", "AT": "Europe/Vienna", "CH": "Europe/Zurich", "IT": "Europe/Rome",
    "ES": "Europe/Madrid", "PT": "Europe/Lisbon", "DK": "Europe/Copenhagen", "SE": "Europe/Stockholm",
    "NO": "Europe/Oslo", "FI": "Europe/Helsinki", "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "GR": "Europe/Athens",
    "HU": "Europe/Budapest", "RO": "Europe/Bucharest", "JP": "Asia/Tokyo", "IN": "Asia/Kolkata", "SG": "Asia/Singapore",
}
"""Countries with one time zone for business; others keep UTC."""

_DOMAIN_COUNTRY = {"uk": "GB"} | {country.lower(): country for country in _ZONES}


def country_of(party: Party | None, key: str) -> str | None:
    """ISO 3166 code of a party's country, or None: VAT first, then KvK, then the domain's last label."""
    identifiers = party.identifiers if party is not None else (key,)
    for identifier in identifiers:
        if identifier.startswith("vat:"):
            code = identifier[4:6].replace("EL", "GR")
            if code in _ZONES:
                return code
    if any(identifier.startswith("kvk:") for identifier in identifiers):
        return "NL"
    for identifier in identifiers:
        if ":" not in identifier and "." in identifier:
            found = _DOMAIN_COUNTRY.get(identifier.rsplit(".", 1)[1])
            if found:
                return found
    return None


@dataclass(frozen=True, slots=True)
class _Days:
    """Opening moment (µs UTC) of each day from 1 January 1970, its open length (µs), and the open time before it."""

    opens: NDArray[np.int64]
    length: NDArray[np.int64]
    before: NDArray[np.int64]


_ORIGIN = 1970
"""The first year of every table: the origin of the hours must not depend on the moments that are asked about."""

_LAST = 2100
"""The last year of a table. Some programs write 9999 for "never"; what lies beyond counts as the end of this year."""


def _offset_us(zone: ZoneInfo, clock: datetime) -> int:
    offset = zone.utcoffset(clock)
    assert offset is not None
    return offset // timedelta(microseconds=1)


@lru_cache(maxsize=64)
def _days(country: str | None, last: int, *, plain: bool) -> _Days:
    """Working days of one country up to and with a year. `plain`: Monday to Friday in UTC, no holidays."""
    days = (date(last + 1, 1, 1) - date(_ORIGIN, 1, 1)).days
    day = np.arange(days, dtype=np.int64)
    opens = day * _DAY_US + OPENS * _HOUR_US
    weekday = (day + _THURSDAY) % 7
    length = np.where(weekday <= _FRIDAY, HOURS_A_DAY * _HOUR_US, 0).astype(np.int64)
    if country and not plain:
        zone, first = ZoneInfo(_ZONES[country]), datetime(_ORIGIN, 1, 1, OPENS)  # noqa: DTZ001  the clock of the zone
        opens -= np.array([_offset_us(zone, first + timedelta(days=index)) for index in range(days)], np.int64)
        with warnings.catch_warnings():  # of some countries only certain years are known: the others have none
            warnings.simplefilter("ignore", UserWarning)
            free = holidays.country_holidays(country, years=range(_ORIGIN, last + 1))
        length[[(one - first.date()).days for one in free]] = 0
    before = np.concatenate([[0], np.cumsum(length)[:-1]])
    return _Days(opens, length, before)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Working time of every party. `plain=True` switches holidays and time zones off (METHOD, law 3)."""

    parties: Mapping[str, Party] = field(default_factory=dict)
    plain: bool = False
    names: tuple[str, ...] = ()

    def of(self, names: Sequence[str]) -> Calendars:
        """The same calendars, asked for by places in `names`."""
        return replace(self, names=tuple(names))

    def worked(self, party: NDArray[np.int64], moments: NDArray[np.int64]) -> NDArray[np.float64]:
        """Working hours of `party` from 1970 up to each moment (µs UTC); differences are hours waited, between calls too.

        party: places in `names`; moments: as many. Returns hours, float64, of the same length.
        """
        return self._each(party, moments, _worked)

    def days(self, party: NDArray[np.int64], moments: NDArray[np.int64]) -> NDArray[np.float64]:
        """Working days of `party` from 1970 up to and with the day (UTC) of each moment; differences are whole
        working days, whatever the hour and on whichever side of a weekend or a change of the clock.
        """
        return self._each(party, moments, _days_passed)

    def after(self, party: NDArray[np.int64], moments: NDArray[np.int64], hours: float) -> NDArray[np.int64]:
        """The moment (µs UTC) at which so many working hours have passed since each moment."""
        def later(days: _Days, at: NDArray[np.int64]) -> NDArray[np.float64]:
            target = _worked(days, at) * _HOUR_US + hours * _HOUR_US
            index = np.clip(np.searchsorted(days.before + days.length, target - 0.5), 0, len(days.before) - 1)
            return np.asarray(days.opens[index] + (target - days.before[index]), float)

        return self._each(party, moments, later).astype(np.int64)

    def _each(
        self, party: NDArray[np.int64], moments: NDArray[np.int64],
        function: Callable[[_Days, NDArray[np.int64]], NDArray[np.float64]],
    ) -> NDArray[np.float64]:
        result = np.zeros(len(moments), np.float64)
        if len(moments) == 0:
            return result
        latest = int(moments.max().astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64)) + _ORIGIN
        last = min(max(latest, _ORIGIN) + 1, _LAST)
        countries: dict[str | None, int] = {}
        of_party = np.zeros(len(self.names), np.int64)
        asked = np.flatnonzero(np.bincount(party, minlength=len(self.names)))
        for code in asked.tolist():
            name = self.names[code]
            country = None if self.plain else country_of(self.parties.get(name), name)
            of_party[code] = countries.setdefault(country, len(countries))
        if len(countries) == 1:
            return function(_days(next(iter(countries)), last, plain=self.plain), moments)
        of_row = of_party[party]
        for country, number in countries.items():
            chosen = of_row == number
            result[chosen] = function(_days(country, last, plain=self.plain), moments[chosen])
        return result


def _days_passed(days: _Days, moments: NDArray[np.int64]) -> NDArray[np.float64]:
    index = np.clip(moments // _DAY_US, 0, len(days.opens) - 1)
    return np.asarray((days.before[index] + days.length[index]) / (HOURS_A_DAY * _HOUR_US), float)


def _worked(days: _Days, moments: NDArray[np.int64]) -> NDArray[np.float64]:
    index = np.clip(np.searchsorted(days.opens, moments, side="right") - 1, 0, len(days.opens) - 1)
    into = np.clip(moments - days.opens[index], 0, days.length[index])
    return np.asarray((days.before[index] + into) / _HOUR_US, float)
