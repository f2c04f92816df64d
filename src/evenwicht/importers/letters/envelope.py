"""Who writes to whom, when, and in answer to what: one mail by its headers alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.importers.letters import dates
from evenwicht.importers.letters.automatic import is_robot
from evenwicht.importers.letters.headers import Headers, addresses, message_ids, text_of
from evenwicht.ledger.identifiers import SHARED_SENDERS, of_address, registrable_domain

if TYPE_CHECKING:
    from datetime import datetime

_FORM = re.compile(r"^(?:wordpress|www-data|apache|nginx|web-?form|webform|form|forms|formulier|contact-?form|website|webmaster|wp)$")


@dataclass(slots=True)
class Envelope:
    """Who and when of one mail, from its headers alone.

    author      address of who speaks, or None; `to` addresses of To and Cc
    organisation    the identifier behind the author, or None
    """

    head: Headers
    id: str
    author: str | None
    organisation: str | None
    senders: tuple[str, ...]
    to: tuple[str, ...]
    references: tuple[str, ...]
    parent: str | None
    thread: str


def envelope_of(head: Headers) -> Envelope:
    """Who speaks to whom, and in answer to what."""
    there = head.values
    senders = addresses(head.all(b"from"))
    author = _first_of_organisation(senders) or (senders[0] if senders else None)
    to = addresses(head.all(b"to") + there[b"cc"] if b"cc" in there else head.all(b"to"))
    if b"sender" in there and (author is None or of_address(author) is None):
        author = _first_of_organisation(addresses(there[b"sender"])) or author
    if b"reply-to" in there:
        author = _behind(author, to, head)
    references = message_ids(head.raw(b"references")) if b"references" in there else ()
    replied = message_ids(head.raw(b"in-reply-to")) if b"in-reply-to" in there else ()
    parent = replied[0] if replied else (references[-1] if references else None)
    own = message_ids(head.raw(b"message-id"))
    identity = own[0] if own else _made_id(head)
    if parent == identity:
        parent = None
    return Envelope(
        head=head, id=identity, author=author, organisation=of_address(author) if author else None, senders=senders, to=to,
        references=references, parent=parent, thread=references[0] if references else parent or identity,
    )


def _first_of_organisation(addressed: tuple[str, ...]) -> str | None:
    for address in addressed:
        if of_address(address):
            return address
    return None


def _behind(author: str | None, to: tuple[str, ...], head: Headers) -> str | None:
    """Who really writes when a service or a web form sends in somebody's name: the Reply-To of another organisation."""
    if author is None:
        return author
    replies = addresses(head.all(b"reply-to"))
    organisation = of_address(author)
    other = next((each for each in replies if of_address(each) not in {None, organisation}), None)
    if other is None:
        return author
    if organisation is None:
        return other
    local = author.partition("@")[0]
    own_form = (is_robot(author) or bool(_FORM.match(local))) and bool(to) and all(of_address(each) == organisation for each in to)
    return other if own_form else author


def service_of(address: str | None) -> str | None:
    """The service that writes in somebody else's name behind an address, or None."""
    domain = registrable_domain(address.rpartition("@")[2]) if address else None
    return domain if domain in SHARED_SENDERS else None


def _made_id(head: Headers) -> str:
    """For a mail without Message-ID: `sha256:` of From, To, Date and Subject, blanks squeezed."""
    said = "\n".join(" ".join(head.text(name).split()) for name in (b"from", b"to", b"date", b"subject"))
    return f"sha256:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()}"


def sent_at(head: Headers, now: datetime) -> tuple[datetime | None, bool]:
    """When it was sent, and whether its Date says so.

    Else the first hop that received it, else the mbox From_ line; None when none of them is believable.
    """
    found = dates.believed(dates.moment(head.text(b"date")), now)
    if found is not None:
        return found, True
    for raw in reversed(head.all(b"received")[-50:]):
        found = dates.believed(dates.moment(text_of(raw[-300:]).rpartition(";")[2]), now)
        if found is not None:
            return found, False
    if head.from_line:
        return dates.believed(dates.moment(text_of(head.from_line).partition(" ")[2][-120:]), now), False
    return None, False
