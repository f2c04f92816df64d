"""Wrong moments: a session that ended while somebody typed, a form sent twice, two people who change the same thing.

    kept        what was typed is kept beside the anonymous session; after signing in it is shown, to be sent or left
    first_time  a form with a ticket counts once, however often it is sent
    unchanged   a form carries a mark of what it was made from; where that is another by now, nothing is changed and it is said

None of these needs a column in the tables of whoever uses them.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string

from evenwicht.errors import WrongCall
from evenwicht.web.forms import hidden
from evenwicht.web.people.rows import Ticket

if TYPE_CHECKING:
    from django.http import HttpRequest

    from evenwicht.reports.pictures.element import Markup
    from evenwicht.web.people.rows import Person

KEPT = "kept form"
LASTS = 30 * 60
"""Seconds for which what was typed waits."""
MOST = 200_000
"""Characters that wait; what is longer has to be typed again."""
SECRETS = frozenset({"csrfmiddlewaretoken", "code", "credential", "secret", "password"})
TICKET, MARK = "ticket", "mark"
LENGTH = 32


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that waits: where it goes, the page it stood on, what was typed, whether files were with it."""

    to: str
    page: str
    values: tuple[tuple[str, str], ...]
    files: bool


def keep(request: HttpRequest) -> bool:
    """Keep what was typed in a form whose session has ended; whether it could be kept."""
    values = [(name, value) for name, some in request.POST.lists() if name not in SECRETS for value in some]
    if sum(len(name) + len(value) for name, value in values) > MOST:
        return False
    page = urlsplit(request.headers.get("Referer", ""))
    request.session[KEPT] = {
        "to": request.path, "page": page.path if page.netloc == request.get_host() else "/", "values": values, "files": bool(request.FILES),
        "at": time.time(),
    }
    return True


def kept(request: HttpRequest) -> Kept | None:
    """What waits, if it does."""
    found: dict[str, Any] | None = request.session.get(KEPT)
    if found is None or time.time() - found["at"] > LASTS:
        return None
    return Kept(found["to"], found["page"], tuple((name, value) for name, value in found["values"]), found["files"])


def forget(request: HttpRequest) -> None:
    """Nothing waits any more."""
    request.session.pop(KEPT, None)


def ticket() -> Markup:
    """The field that makes a form count once."""
    return hidden(TICKET, get_random_string(LENGTH))


def first_time(request: HttpRequest, person: Person) -> bool:
    """Whether this form is sent for the first time; a form without a ticket always is."""
    given = request.POST.get(TICKET, "")
    if not given:
        return True
    try:
        with transaction.atomic():
            Ticket.objects.create(person=person, ticket=given[:LENGTH])
    except IntegrityError:
        return False
    return True


def mark_of(*values: object) -> str:
    """A short mark of values that JSON can hold; equal values have an equal mark."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


def mark(*values: object) -> Markup:
    """The field that says what a form was made from."""
    return hidden(MARK, mark_of(*values))


class ChangedMeanwhileError(WrongCall):
    """Somebody else changed it while the form was open."""


def unchanged(request: HttpRequest, *values: object) -> None:
    """Raises ChangedMeanwhileError where a form was made from other values than there are now. Ask with the row locked."""
    if request.POST.get(MARK) not in {None, mark_of(*values)}:
        raise ChangedMeanwhileError("Somebody else changed this while the page was open. Nothing was overwritten: what stands here now is theirs, "
                                    "what was typed is still in the form. Sending it again replaces it.")
