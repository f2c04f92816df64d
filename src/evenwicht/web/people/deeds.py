"""Deeds that are written down: which there are, and how each is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.reports.catalogue import template
from evenwicht.web.people import queries
from evenwicht.web.people.rows import Deed

if TYPE_CHECKING:
    from evenwicht.web.people.rows import Organisation, Person

SENTENCES = {
    "signed-in": template("signed in: {way}"),
    "second-step-on": template("switched on a second step: {way}"),
    "second-step-off": template("switched off a second step: {way}"),
    "codes-anew": template("made new recovery codes"),
    "introduced": template("was recognised by {way}"),
    "seated-by-way": template("got a seat as {role} through {way}"),
    "invited": template("gave {about} a seat as {role}"),
    "role": template("made {about} {role}"),
    "ended": template("ended the seat of {about}"),
    "link": template("made a one-time link for {about}"),
    "closed": template("closed the account of {about}"),
    "opened": template("opened the account of {about} again"),
    "signed-out": template("signed {about} out everywhere"),
    "kept": template("changed how long things are kept: {about}"),
    "swept": template("old things were deleted: {about}"),
    "exclusions": template("changed what stays out: {about}"),
    "mail-tested": template("sent a test mail: {about}"),
}
WAYS = {
    "code": template("by a code from the mail"), "link": template("by a one-time link"), "passkey": template("by passkey"),
    "totp": template("an authenticator app"), "webauthn": template("a passkey"),
}
"""Ways by their word; of an identity provider its name stands in the deed."""


def note(organisation: Organisation | None, person: Person | None, what: str, about: str = "", **told: str) -> None:
    """Write down what somebody did; without an organisation there is nobody to read it."""
    if organisation is not None:
        Deed.objects.create(organisation=organisation, person=person, who=person.email if person is not None else "", what=what,
                            about=about[:254], told=told)


def note_own(person: Person, what: str, **told: str) -> None:
    """Write down what somebody did with their own account, where they sit."""
    seat = queries.seat_of(person)
    note(seat.organisation if seat is not None else None, person, what, **told)
