"""Time zones people can choose, and moments as they are read there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_datetime

from evenwicht.reports.days import locale

if TYPE_CHECKING:
    from datetime import datetime


@cache
def known() -> frozenset[str]:
    """Names of places, as `Europe/Amsterdam`, and UTC."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right", "SystemV"))) | {"UTC"}


@cache
def sorted_names() -> tuple[str, ...]:
    """The names in order, UTC first."""
    return ("UTC", *sorted(known() - {"UTC"}))


def moment(value: datetime, zone: str, language: str) -> str:
    """9 February 2026, 14:05, on the clock of the reader."""
    there = value.astimezone(ZoneInfo(zone if zone in known() else "UTC"))
    return format_datetime(there, "d\u00a0MMMM y, HH:mm", locale=locale(language))
