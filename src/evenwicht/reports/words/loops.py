"""What is open, in words: what it is, how much of it, and how long the other side has waited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenwicht.reports import numbers
from evenwicht.reports.catalogue import say, template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_NAMES = {"question": template("question"), "promise": template("promise"), "order": template("order"), "invoice": template("invoice")}
_AFTER = {"invoice": template("{n} days after the agreed day"), "promise": template("{n} working days after the agreed day"),
          "order": template("{n} working days after the agreed day")}
_HOURS_A_DAY, _LONG_HOURS, _STALE_DAYS = 8.0, 16.0, 7


def loop_name(sort: str, language: str) -> str:
    """What is open, in a word."""
    return say(language, _NAMES[sort])


def loop_words(one: Mapping[str, Any], until: date, language: str) -> str:
    """One open loop (`measures.loops.told`): what is open of it, and how long it waits or until when there is time."""
    parts = []
    if one["amount"] is not None and one["unit"] != "count":
        parts.append(numbers.amount(one["amount"], one["unit"], language))
    parts.append(_waits(one, language))
    seen = numbers.as_date(one["until"])
    if (until - seen).days > _STALE_DAYS:
        parts.append(say(language, "as far as is known on {day}", day=numbers.short_day(seen, language, year=True)))
    return ", ".join(parts)


def _waits(one: Mapping[str, Any], language: str) -> str:
    if one["sort"] == "question":
        if one["wait"] < _LONG_HOURS:
            return say(language, "has waited {n} working hours", n=numbers.number(one["wait"], language, digits=0))
        return say(language, "has waited {n} working days", n=numbers.number(one["wait"] / _HOURS_A_DAY, language, digits=0))
    if one["due"] is None:
        return say(language, "no day was agreed")
    day = say(language, "agreed for {day}", day=numbers.short_day(one["due"], language, year=True))
    if not one["overdue"] or one["wait"] <= 0:
        return day
    return f"{day}, {say(language, _AFTER[one['sort']], n=numbers.number(one['wait'], language, digits=0))}"
