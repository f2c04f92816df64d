"""What an attendee answers, as rows: a reply stands in another mail than the invitation, so `ledger.replies` joins them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.calendars.people import person_of, shut_out_by
from evenwicht.importers.calendars.times import moment, stamped
from evenwicht.importers.calendars.zones import utc
from evenwicht.ledger.events import Event
from evenwicht.ledger.marks import REPLY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evenwicht.importers.calendars.desk import Desk
    from evenwicht.importers.calendars.drafts import Draft

AWAITED = frozenset({"", "NEEDS-ACTION", "DELEGATED"})
"""PARTSTAT that answers nothing."""


def rows_of(desk: Desk, draft: Draft, instance: str) -> Iterator[Event]:
    """One row per person of another organisation than the organiser's who answers: 1 head comes, or 0.

    Nobody's without a pseudonym, without an organiser, or without the moment of the answer (DTSTAMP): they could not be
    told from one another, or from what the calendar knew already. Answers within one organisation are internal.
    """
    source = desk.source
    line = draft.component.first("ORGANIZER")
    organiser = person_of(line) if line is not None else None
    stamp = stamped(draft.stamp)
    if organiser is None or organiser.organisation is None or not stamp or shut_out_by(organiser, source.exclude.parties):
        return
    identity = f"{draft.uid}/{instance}" if instance else draft.uid
    written = moment(stamp)
    assert written is not None, "a stamp is a moment"
    for line in draft.component.lines.get("ATTENDEE", ()):
        person = person_of(line)
        if person is None or person.answer in AWAITED or person.organisation in {None, organiser.organisation}:
            continue
        known = source.pseudonym(person.address)
        if known is None or shut_out_by(person, source.exclude.parties):
            continue
        assert person.organisation is not None
        yield Event(
            id=f"{identity}#reply:{known}:{stamp}", at=utc(written.clock), giver=person.organisation,
            receiver=organiser.organisation, kind=REPLY, amount=1.0 if person.comes else 0.0, unit="heads", person=known,
            counter_person=source.pseudonym(organiser.address), thread=draft.uid, answers=identity,
            evidence=(f"{source.label}#{desk.at(draft.component)}",), version=draft.sequence,
        )
