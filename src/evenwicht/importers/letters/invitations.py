"""The invitations of one mail: many hold the same one as a part and again as an attachment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.calendars.lines import calendars_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evenwicht.importers.calendars.lines import Calendar

_SAYS_WHO = ("UID", "RECURRENCE-ID", "SEQUENCE", "DTSTAMP")
"""Which meeting, which of its dates, and which version of it (RFC 5546, 2.1.5)."""
_ONE_AND_THE_SAME = frozenset({"", "PUBLISH", "REQUEST"})
"""METHODs that say the same of a meeting: the attached copy often has another one than the part, or none."""


def distinct(calendars: Sequence[bytes]) -> Sequence[bytes]:
    """The calendars in a mail without those of which every event stands in one before: as the same version of the same
    date of the same meeting, and no cancellation or answer where the other invites.
    """
    if len(calendars) <= 1:
        return calendars
    kept: list[bytes] = []
    known: set[tuple[str, ...]] = set()
    for data in calendars:
        events = {event for calendar in calendars_in(data) for event in _events(calendar)}
        if events and events <= known:
            continue
        known |= events
        kept.append(data)
    return kept


def _events(calendar: Calendar) -> Iterator[tuple[str, ...]]:
    method = calendar.head.text("METHOD").upper()
    said = "" if method in _ONE_AND_THE_SAME else method
    for event in calendar.events:
        yield said, *(event.text(name) for name in _SAYS_WHO)
