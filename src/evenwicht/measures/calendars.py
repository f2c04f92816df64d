"""Working hours of the answering side: Monday to Friday 9–17 by its own clock, less its public holidays.

A party's country is read from its identifiers (a country's mail domain, a VAT number, KvK); where it is not known the
hours are those of UTC without holidays. The same for both sides, whoever looks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from evenwicht.ledger.parties import Party

OPENS, CLOSES = 9, 17
HOURS_A_DAY = CLOSES - OPENS
_DAY_US = 86_400_000_000
_HOUR_US = 3_600_000_000
_FRIDAY = 4

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
    """Opening moment (µs UTC) of each day from `first`, its open length (µs), and the open time before it."""

    first: int
    opens: NDArray[np.int64]
    length: NDArray[np.int64]
    before: NDArray[np.int64]


@lru_cache(maxsize=64)
def _days(country: str | None, first: int, last: int, *, plain: bool) -> _Days:
    """Working days of one country between two years, both included. `plain`: Monday to Friday in UTC, no holidays."""
    zone = ZoneInfo(_ZONES[country]) if country and not plain else UTC
    free: set[date] = set()
    if country and not plain:
        free = set(holidays.country_holidays(country, years=range(first, last + 1)))
    start, end = date(first, 1, 1), date(last, 12, 31)
    count = (end - start).days + 1
    opens = np.zeros(count, np.int64)
    length = np.zeros(count, np.int64)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    for index in range(count):
        day = start + timedelta(days=index)
        opened = datetime.combine(day, time(OPENS), zone).astimezone(UTC)
        opens[index] = int((opened - epoch).total_seconds()) * 1_000_000
        if day.weekday() <= _FRIDAY and day not in free:
            length[index] = HOURS_A_DAY * _HOUR_US
    before = np.concatenate([[0], np.cumsum(length)[:-1]])
    return _Days((start - date(1970, 1, 1)).days, opens, length, before)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Working time of every party. `plain=True` switches holidays and time zones off (METHOD, law 3)."""

    parties: Mapping[str, Party] = field(default_factory=dict)
    plain: bool = False

    def worked(self, party: NDArray[np.object_], moments: NDArray[np.int64]) -> NDArray[np.float64]:
        """Working hours of `party` from a fixed origin up to each moment (µs UTC); differences are hours waited.

        party, moments: arrays of one length; returns hours, float64, of the same length.
        """
        return self._each(party, moments, _worked)

    def after(self, party: NDArray[np.object_], moments: NDArray[np.int64], hours: float) -> NDArray[np.int64]:
        """The moment (µs UTC) at which so many working hours have passed since each moment."""
        def later(days: _Days, at: NDArray[np.int64]) -> NDArray[np.float64]:
            target = _worked(days, at) * _HOUR_US + hours * _HOUR_US
            index = np.clip(np.searchsorted(days.before + days.length, target - 0.5), 0, len(days.before) - 1)
            return np.asarray(days.opens[index] + (target - days.before[index]), float)

        return self._each(party, moments, later).astype(np.int64)

    def _each(
        self, party: NDArray[np.object_], moments: NDArray[np.int64],
        function: Callable[[_Days, NDArray[np.int64]], NDArray[np.float64]],
    ) -> NDArray[np.float64]:
        result = np.zeros(len(moments), np.float64)
        if len(moments) == 0:
            return result
        years = [datetime.fromtimestamp(int(edge) / 1e6, UTC).year for edge in (moments.min(), moments.max())]
        names, codes = np.unique(party.astype(str), return_inverse=True)
        countries: dict[str | None, list[int]] = {}
        for code, name in enumerate(names):
            country = None if self.plain else country_of(self.parties.get(name), name)
            countries.setdefault(country, []).append(code)
        for country, members in countries.items():
            chosen = np.isin(codes, members)
            days = _days(country, years[0] - 1, years[1] + 1, plain=self.plain)
            result[chosen] = function(days, moments[chosen])
        return result


def _worked(days: _Days, moments: NDArray[np.int64]) -> NDArray[np.float64]:
    index = np.clip(np.searchsorted(days.opens, moments, side="right") - 1, 0, len(days.opens) - 1)
    into = np.clip(moments - days.opens[index], 0, days.length[index])
    return np.asarray((days.before[index] + into) / _HOUR_US, float)
