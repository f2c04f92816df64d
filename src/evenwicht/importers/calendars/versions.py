"""All that stands in a calendar under one UID: versions of the meeting, of changed instances, and replies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenwicht.importers.calendars.desk import Desk
    from evenwicht.importers.calendars.drafts import Draft


@dataclass(slots=True)
class Versions:
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


def latest(desk: Desk, drafts: list[Draft]) -> Draft:
    """The version that holds; a cancellation, which may say little, is filled from the version it cancels."""
    if len(drafts) == 1:
        return drafts[0]
    desk.counted["superseded"] += len(drafts) - 1
    newest = max(drafts, key=lambda draft: draft.age)
    if newest.cancelled:
        known = [draft for draft in drafts if not draft.cancelled and draft.start is not None]
        return max(known, key=lambda draft: draft.age).cancelled_by(newest) if known else newest
    rivals = (draft for draft in drafts if draft.age[:2] == newest.age[:2] and draft.differs(newest))
    if "ATTENDEE" in newest.component.lines and any(rivals):
        desk.reading.problem(
            desk.at(newest.component),
            "The same meeting stands in this file with different times, and nothing tells which is newer; "
            "the last one was read.",
            "Look up the time of this meeting in the calendar itself.", "warning",
        )
    return newest
