"""Who may do what at a table. It is there for its two sides alone; for all others it is missing.

    at_table(request, name)   anybody who sits at one of the two sides
    acting(request, name)     one of them who may decide: member, owner
    invited(secret)           whoever holds a link that still works
    seated(request)           the seat of whoever opens such a link, where there is one
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from evenwicht.web.people import access
from evenwicht.web.people.access import sitting, working
from evenwicht.web.people.queries import seat_of
from evenwicht.web.shared import queries

if TYPE_CHECKING:
    from django.http import HttpRequest

    from evenwicht.web.people.rows import Membership
    from evenwicht.web.shared.queries import Seated
    from evenwicht.web.shared.rows import Invitation

__all__ = ["acting", "at_table", "invited", "seated", "sitting", "working"]


def at_table(request: HttpRequest, name: str) -> Seated:
    """The table, for whoever sits at it."""
    return _there(queries.table_of(access.sitting(request), name))


def acting(request: HttpRequest, name: str) -> Seated:
    """The table, for whoever may speak for a side of it, while it stands."""
    found = _there(queries.table_of(access.working(request), name))
    if found.table.closed_at is not None:
        raise Http404
    return found


def invited(secret: str) -> Invitation | None:
    """The invitation whose link somebody holds; None where it no longer works."""
    return queries.invitation_of(secret)


def seated(request: HttpRequest) -> Membership | None:
    """The seat of whoever asks; None for a stranger, and for somebody without one."""
    return seat_of(access.person(request)) if request.user.is_authenticated else None


def _there(found: Seated | None) -> Seated:
    if found is None:
        raise Http404
    return found
