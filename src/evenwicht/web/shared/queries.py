"""What is read of tables. A table is there for its two sides alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from evenwicht.reports.pages.seen import Served
from evenwicht.web.books.rows import Book
from evenwicht.web.bridge import Stored
from evenwicht.web.people.queries import digest_of
from evenwicht.web.shared.rows import AGREED, CORRECTION, QUIET, Invitation, Proposal, Remark, Table, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.web.people.rows import Membership, Organisation


@dataclass(frozen=True, slots=True)
class Seated:
    """A table, and on which side of it the one who asks sits. `seat` None: through a link, without an account."""

    table: Table
    of_host: bool
    seat: Membership | None


def tables(organisation: Organisation) -> Sequence[Table]:
    """The tables an organisation sits at, the newest first."""
    return list(Table.objects.select_related("host", "guest").filter(Q(host=organisation) | Q(guest=organisation))
                .defer("result", "history", "events", "contacts").order_by("-pk")[:200])


def table_of(seat: Membership, name: str) -> Seated | None:
    """One table, for those who sit at it."""
    organisation = seat.organisation
    found = Table.objects.select_related("host", "guest").filter(Q(host=organisation) | Q(guest=organisation), name=name).first()
    return None if found is None else Seated(found, found.host_id == organisation.pk, seat)


def invitation_of(secret: str) -> Invitation | None:
    """The invitation with this secret while it lasts."""
    found: Invitation | None = (
        Invitation.objects.filter(digest=digest_of(secret), revoked_at=None, until__gt=timezone.now(), table__closed_at=None)
        .select_related("table__host", "table__guest").first()
    )
    return found


def invitation_at(table: Table, number: int) -> Invitation | None:
    """One invitation to a table, by its number."""
    found: Invitation | None = table.invitations.filter(pk=number).first()
    return found


def invitations(table: Table) -> Sequence[Invitation]:
    """The links to a table that still work."""
    return list(table.invitations.filter(revoked_at=None, until__gt=timezone.now()).order_by("-pk")[:20])


def is_open(table: Table) -> bool:
    """Whether the verdict is open: the guest has looked, or had two weeks for it. It opens for both at one moment."""
    return table.looked_at is not None or (table.joined_at is not None and table.joined_at + QUIET <= timezone.now())


def remarks(table: Table) -> Sequence[Remark]:
    """What was said, the newest first."""
    return list(table.remarks.order_by("-pk")[:200])


def proposals(table: Table) -> Sequence[Proposal]:
    """What was proposed, the newest first."""
    return list(table.proposals.order_by("-pk")[:200])


def proposal_at(table: Table, number: int) -> Proposal | None:
    """One proposal at a table, by its number."""
    found: Proposal | None = table.proposals.filter(pk=number).first()
    return found


def holds(one: Proposal) -> bool:
    """Whether a proposal holds: agreed, or a correction that nobody answered for two weeks."""
    return one.answer == AGREED or (one.kind == CORRECTION and not one.answer and one.made_at + QUIET <= timezone.now())


def holding(table: Table) -> Sequence[Proposal]:
    """The proposals that hold, in the order they were made."""
    return [one for one in table.proposals.order_by("pk") if holds(one)]


def stamp(table: Table) -> str:
    """Of which facts and agreements a result would be made now."""
    built = dict(Book.objects.filter(organisation__in=[one for one in (table.host_id, table.guest_id) if one]).values_list("pk", "built"))
    agreed = ",".join(str(one.pk) for one in holding(table))
    return f"{built.get(table.host_id, 0)}.{built.get(table.guest_id, 0) if table.guest_id else '-'}.{agreed}"[-400:]


def visits(table: Table) -> Sequence[Visit]:
    """Who saw and did what, the newest first."""
    return list(table.visits.order_by("-pk")[:100])


def stored(table: Table) -> Stored | None:
    """The result of a table as pages take it; None before the first."""
    if not table.result:
        return None
    result = json.loads(table.result)
    guest = result["b"] if table.host_key == result["a"] else result["a"]
    return Stored(result, {table.host_key: table.host.name, guest: guest_name(table)}, Served(reverse("together"), reverse("table", args=[table.name])))


def guest_name(table: Table) -> str:
    """What the invited side is called: by itself once it sits down."""
    return table.guest.name if table.guest is not None else table.other_name


def detail(table: Table) -> tuple[bytes, bytes, str]:
    """What the page is drawn from."""
    return bytes(table.history), bytes(table.events), table.contacts
