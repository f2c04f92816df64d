"""What changes people: the first owner, invitations, roles, leaving, links."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from evenwicht.errors import WrongCall
from evenwicht.ledger.identifiers import of_user
from evenwicht.reports.catalogue import say
from evenwicht.web.people import queries
from evenwicht.web.people.rows import OWNER, ROLES, Link, Membership, Organisation, Person

if TYPE_CHECKING:
    from collections.abc import Sequence

LASTS = timedelta(hours=24)
INVITATION = timedelta(days=7)
SECRET_BYTES = 24


def make_link(person: Person | None, lasts: timedelta = LASTS) -> str:
    """A secret that lets somebody in once. It is told now and never again."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    Link.objects.create(digest=queries.digest_of(secret), person=person, until=timezone.now() + lasts)
    return secret


def use_link(link: Link) -> bool:
    """Whether the link could be used: of two who open it at once, one."""
    return bool(Link.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()))


def identifiers_of(text: str) -> list[str]:
    """What a person wrote of their own side, as identifiers. Raises WrongCall for a word that is none."""
    found = []
    for word in text.replace(",", " ").split():
        identifier = of_user(word)
        if identifier is None:
            raise WrongCall("{value} is not a domain, a mail address or a key such as kvk:12345678.", value=word)
        found.append(identifier)
    if not found:
        raise WrongCall("At least one domain, mail address or key of the own side is needed, such as birch.nl.")
    return list(dict.fromkeys(found))


def checked_address(email: str) -> str:
    """A mail address without what stands around it. Raises WrongCall for what is none."""
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise WrongCall("{value} is not a mail address.", value=address or "–") from None
    return address


@transaction.atomic
def found_organisation(name: str, us: Sequence[str], email: str, person_name: str = "", language: str = "") -> Membership:
    """The first owner and their organisation."""
    organisation = Organisation.objects.create(name=name.strip() or us[0], us=list(us))
    return seat(organisation, email, OWNER, person_name, language)


@transaction.atomic
def seat(organisation: Organisation, email: str, role: str, name: str = "", language: str = "") -> Membership:
    """A person at an organisation: made, or back again. Raises WrongCall for a role or an address that is none."""
    if role not in ROLES:
        raise WrongCall("{role} is not a role. Choose owner, member or reader.", role=role)
    address = checked_address(email)
    person = queries.person_by_email(address)
    if person is None:
        try:
            with transaction.atomic():
                person = Person(email=address.lower(), name=name.strip(), language=language)
                person.set_unusable_password()
                person.save()
        except IntegrityError:  # somebody else invited them this very moment
            person = Person.objects.get(email__iexact=address)
    EmailAddress.objects.get_or_create(user=person, email=person.email, defaults={"primary": True, "verified": True})
    found, _ = Membership.objects.update_or_create(person=person, organisation=organisation, defaults={"role": role, "ended_at": None})
    return found


def change_role(one: Membership, role: str) -> None:
    """Another role. Raises WrongCall for the last owner."""
    if role not in ROLES:
        raise WrongCall("{role} is not a role. Choose owner, member or reader.", role=role)
    with transaction.atomic():
        one.organisation.__class__.objects.select_for_update().get(pk=one.organisation_id)
        if role != OWNER and one.role == OWNER and queries.owners(one.organisation) <= 1:
            raise WrongCall("There must be an owner: make somebody else one first.")
        Membership.objects.filter(pk=one.pk).update(role=role)


def end_seat(one: Membership) -> None:
    """A person leaves; what they brought stays. Raises WrongCall for the last owner."""
    with transaction.atomic():
        one.organisation.__class__.objects.select_for_update().get(pk=one.organisation_id)
        if one.role == OWNER and queries.owners(one.organisation) <= 1:
            raise WrongCall("There must be an owner: make somebody else one first.")
        Membership.objects.filter(pk=one.pk).update(ended_at=timezone.now())
        Link.objects.filter(person=one.person, used_at=None).delete()


def invite(one: Membership, address: str, language: str) -> None:
    """Mail a one-time link to a person who was given a seat."""
    send_mail(
        say(language, "Evenwicht: a seat at {organisation}", organisation=one.organisation.name),
        say(language, "This link signs in once, within a week:") + f"\n\n{address}\n\n"
        + say(language, "After that the mail address is enough to sign in.") + "\n",
        None, [one.person.email],
    )


def remember(person: Person, *, name: str, language: str, zone: str) -> None:
    """What a person chose for themselves."""
    person.name, person.language, person.zone = name[:120], language, zone
    person.save(update_fields=["name", "language", "zone"])

