"""What is left out before anything of it is stored, and which mails were never sent: labels, threads, parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.letters.headers import addresses, text_of
from evenwicht.ledger.identifiers import of_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evenwicht.importers.letters.envelope import Envelope
    from evenwicht.importers.letters.headers import Headers
    from evenwicht.importers.source import Exclusions

_DRAFTS = frozenset({"draft", "drafts", "concepten", "concept", "entwürfe", "brouillons", "borradores", "bozze", "rascunhos", "utkast"})
_LABEL_FIELDS = ((b"x-gmail-labels", ","), (b"x-keywords", ","), (b"keywords", ","), (b"x-label", ","), (b"x-mozilla-keys", " "))
_LABEL_NAMES = frozenset(name for name, _mark in _LABEL_FIELDS)


def is_draft(head: Headers) -> bool:
    """Whether the labels of a mail say that it was never sent."""
    if _LABEL_NAMES.isdisjoint(head.values):
        return False
    return not _DRAFTS.isdisjoint(each.casefold() for each in labels_of(head))


def is_excluded(envelope: Envelope, exclude: Exclusions, labels: Iterable[str]) -> bool:
    """Whether a mail was asked to be left out; `labels` are those of the folder in which it lies."""
    if exclude.threads:
        wanted = {each.strip().strip("<>") for each in exclude.threads}
        if not wanted.isdisjoint({envelope.id, envelope.thread, envelope.parent, *envelope.references}):
            return True
    if exclude.labels:
        wanted = {each.strip().casefold() for each in exclude.labels}
        if not wanted.isdisjoint(each.casefold() for each in (*labels, *labels_of(envelope.head))):
            return True
    if exclude.parties:
        wanted = {each.strip().lower() for each in exclude.parties}
        hidden = addresses(envelope.head.all(b"bcc") + envelope.head.all(b"sender") + envelope.head.all(b"reply-to"))
        return any(_is_of(address, wanted) for address in (*envelope.senders, *envelope.to, *hidden))
    return False


def labels_of(head: Headers) -> list[str]:
    """The labels that mail programs write into a mail."""
    found: list[str] = []
    for name, mark in _LABEL_FIELDS:
        for raw in head.all(name):
            text = text_of(raw)
            found.extend(each.strip().strip('"') for each in text.split(mark))
            if name == b"x-keywords" and mark not in text:
                found.extend(text.split())
    return [each for each in found if each]


def _is_of(address: str, wanted: set[str]) -> bool:
    host = address.rpartition("@")[2]
    return address in wanted or host in wanted or any(host.endswith(f".{each}") for each in wanted) or of_address(address) in wanted
