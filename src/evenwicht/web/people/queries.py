"""What is read about people."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from evenwicht.web.people.rows import Link, Membership, Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evenwicht.web.people.rows import Organisation


def digest_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def seat_of(person: Person) -> Membership | None:
    """The organisation a person sits at: the one joined first that has not ended."""
    found: Membership | None = (
        Membership.objects.filter(person=person, ended_at=None).select_related("organisation").order_by("since", "pk").first()
    )
    return found


def members(organisation: Organisation) -> Sequence[Membership]:
    """Everybody at an organisation, those who left last."""
    found = Membership.objects.filter(organisation=organisation).select_related("person")
    return sorted(found, key=lambda one: (one.ended_at is not None, one.person.email))


def member(organisation: Organisation, number: int) -> Membership | None:
    """One seat at an organisation, by its number."""
    found: Membership | None = Membership.objects.filter(organisation=organisation, pk=number).select_related("person").first()
    return found


def owners(organisation: Organisation) -> int:
    """How many owners an organisation has now."""
    return int(Membership.objects.filter(organisation=organisation, role="owner", ended_at=None, person__is_active=True).count())


def anybody() -> bool:
    """Whether there is any account yet."""
    return bool(Person.objects.exists())


def link_of(secret: str, now: datetime) -> Link | None:
    """The link with this secret, if it can still be used."""
    found: Link | None = (
        Link.objects.filter(digest=digest_of(secret), used_at=None, until__gt=now).select_related("person").first()
    )
    return found


def person_by_email(email: str) -> Person | None:
    """The person with a mail address, in whatever case it is written."""
    found: Person | None = Person.objects.filter(email__iexact=email).first()
    return found
