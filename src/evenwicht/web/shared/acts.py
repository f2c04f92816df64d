"""What changes tables: inviting, sitting down, accepting, looking, saying, proposing, answering, leaving."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from evenwicht.errors import WrongCall
from evenwicht.reports.catalogue import say
from evenwicht.web.people.queries import digest_of
from evenwicht.web.shared.rows import AGREED, DECLINED, TAKEN_BACK, Invitation, Proposal, Remark, Table, Visit

if TYPE_CHECKING:
    from evenwicht.phrase import Phrase
    from evenwicht.web.people.rows import Membership, Organisation, Person
    from evenwicht.web.shared.joint import Joined
    from evenwicht.web.shared.queries import Seated

LASTS = timedelta(days=14)
LONGEST = 4_000


def lay(seat: Membership, other: str, other_name: str) -> Table:
    """A table with one other side, whose joint arrangement the host accepts by laying it. Where one stands already it is that one."""
    try:
        with transaction.atomic():
            return Table.objects.create(name=secrets.token_hex(16), host=seat.organisation, other=other, other_name=other_name[:255],
                                        host_terms=timezone.now())
    except IntegrityError:
        return Table.objects.get(host=seat.organisation, other=other, closed_at=None)


def invite(table: Table, email: str) -> str:
    """A secret that lets the other side sit down once. It is told now and never again."""
    secret = secrets.token_urlsafe(24)
    Invitation.objects.create(table=table, digest=digest_of(secret), email=email, until=timezone.now() + LASTS)
    return secret


def mail_invitation(table: Table, email: str, address: str, language: str) -> None:
    """Mail the link of an invitation."""
    send_mail(
        say(language, "{host} asks {guest} to look at one page together", host=table.host.name, guest=table.other_name),
        say(language, "It shows how speaking and listening, giving and taking are balanced between the two. Both see the same figures.")
        + f"\n\n{address}\n\n" + say(language, "The link works for two weeks. No answer is an answer too: nobody is told.") + "\n",
        None, [email])


def revoke(one: Invitation) -> None:
    """The link no longer works."""
    Invitation.objects.filter(pk=one.pk, revoked_at=None).update(revoked_at=timezone.now())


def sit_down(invitation: Invitation, organisation: Organisation) -> None:
    """An organisation takes the other side of a table, and accepts the joint arrangement. Raises WrongCall where it is taken, or is one's own."""
    if organisation.pk == invitation.table.host_id:
        raise WrongCall("This link is for the other side; {organisation} sits at this table already.", organisation=str(organisation))
    with transaction.atomic():
        now = timezone.now()
        if not Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None).update(used_at=now):
            raise WrongCall("This link was used before. {host} can make another.", host=invitation.table.host.name)
        if not Table.objects.filter(pk=invitation.table_id, guest=None, closed_at=None).update(guest=organisation, joined_at=now, guest_terms=now):
            raise WrongCall("The other side of this table is taken. {host} can say by whom.", host=invitation.table.host.name)


def looked(at: Seated) -> None:
    """The guest has looked at the facts: the verdict opens for both at this moment."""
    Table.objects.filter(pk=at.table.pk, looked_at=None).update(looked_at=timezone.now())
    seen(at, "looked")


def remark(at: Seated, words: str, *, about: str = "", contests: bool = False, signed: str = "") -> None:
    """Say something. Raises WrongCall for nothing."""
    if not words.strip():
        raise WrongCall("There are no words in this remark.")
    Remark.objects.create(table=at.table, of_host=at.of_host, person=_person(at), signed=signed[:120], about=about[:24], contests=contests,
                          words=words.strip()[:LONGEST])


def propose(at: Seated, kind: str, told: dict[str, Any], words: str) -> Proposal:
    """Propose something to the other side; the same thing twice is one proposal."""
    waiting: Proposal | None = Proposal.objects.filter(table=at.table, kind=kind, of_host=at.of_host, told=told, answer="").first()
    return waiting or Proposal.objects.create(table=at.table, kind=kind, of_host=at.of_host, person=_person(at), told=told, words=words.strip()[:LONGEST])


def answer(at: Seated, one: Proposal, answered: str) -> None:
    """Agree or decline what the other side proposed, or take back one's own. The first answer stays."""
    allowed = {TAKEN_BACK} if one.of_host == at.of_host else {AGREED, DECLINED}
    if answered not in allowed:
        raise WrongCall("Only the other side can agree to or decline what one side proposed.")
    if not Proposal.objects.filter(pk=one.pk, answer="").update(answer=answered, answered_at=timezone.now()):
        raise WrongCall("This was answered before; the first answer stays.")


def close(at: Seated) -> None:
    """Withdraw: the page is closed for both, the joint result is gone, remarks go with their side; what was imported stays with its owner."""
    with transaction.atomic():
        Table.objects.filter(pk=at.table.pk, closed_at=None).update(
            closed_at=timezone.now(), closed_by=at.seat.organisation if at.seat else None, result="", history=b"", events=b"", contacts="[]", loops="", stamp="")
        Remark.objects.filter(table=at.table, of_host=at.of_host).delete()
        Invitation.objects.filter(table=at.table, revoked_at=None).update(revoked_at=timezone.now())
    seen(at, "withdrew")


def seen(at: Seated, what: str) -> None:
    """Write down who saw or did what; the same within the hour once."""
    recent = Visit.objects.filter(table=at.table, of_host=at.of_host, person=_person(at), what=what, at__gt=timezone.now() - timedelta(hours=1))
    if not recent.exists():
        Visit.objects.create(table=at.table, of_host=at.of_host, person=_person(at), what=what)


def keep(table: Table, found: Joined, stamp: str) -> None:
    """The result of what lies on the table, for both."""
    Table.objects.filter(pk=table.pk, closed_at=None).update(
        stamp=stamp, host_key=found.host_key, until=found.until, result=found.result, history=found.history, events=found.events,
        contacts=found.contacts, loops=found.loops, fault=None)


def unfound(table: Table, phrase: Phrase, stamp: str) -> None:
    """Why there is no result."""
    Table.objects.filter(pk=table.pk).update(stamp=stamp, fault={"template": phrase.template, "values": dict(phrase.values)})


def _person(at: Seated) -> Person | None:
    return None if at.seat is None else at.seat.person
