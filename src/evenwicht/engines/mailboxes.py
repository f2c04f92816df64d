"""Whose mailbox a mail file is, and so what it would have shown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from evenwicht.ledger.coverage import Coverage, Sees
from evenwicht.ledger.identifiers import of_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from evenwicht.importers.source import MailTally

OWNER = 0.9
"""An address that stands on this share of a file's mail is its owner: the rest is undisclosed copies."""

ABSENT = 0.01
"""Below this share of the owner's own mail, sent (or received) mail is not in the file."""

DANGLING = 0.2
"""When fewer of the mails that others reply to are in the file, the mail they reply to was not exported."""
FEWEST_REPLIES = 5
FEWEST_FOR_ANSWERS = 8

MAIL_KINDS = ("message", "automatic")


def coverage_of(
    tally: MailTally, source: str, pseudonym: Callable[[str], str | None], ours: Iterable[str] = (),
) -> list[Coverage]:
    """What one mailbox would have shown.

    tally   of all files of the mailbox; source: its name; ours: identifiers that are known to be us, to break a tie
    """
    if tally.first is None or tally.last is None or tally.messages == 0:
        return []
    kinds = MAIL_KINDS if _without_replies(tally) else (*MAIL_KINDS, "question")
    owner = owner_of(tally, ours)
    if owner is not None:
        sees = _sees(tally, owner)
        return [Coverage(source, of_address(owner), pseudonym(owner), kinds, tally.first, tally.last, sees)]
    domain = _domain(tally)
    if domain is not None:
        return [Coverage(source, domain, None, kinds, tally.first, tally.last, "both")]
    return [Coverage(source, None, None, kinds, tally.first, tally.last, "both")]


def owner_of(tally: MailTally, ours: Iterable[str] = ()) -> str | None:
    """The address whose mailbox it is, or None: an archive of several, or a tie that nothing decides."""
    always = [address for address, count in tally.present.items() if count >= OWNER * tally.messages]
    if not always:
        return None
    mine = [address for address in always if of_address(address) in set(ours)]
    candidates = mine or always
    ranked = sorted(candidates, key=lambda address: (-tally.delivered[address], -tally.present[address], address))
    best = ranked[0]
    if len(ranked) == 1:
        return best
    same = [a for a in ranked[1:] if (tally.delivered[a], tally.present[a]) == (tally.delivered[best], tally.present[best])]
    return None if same else best


def _sees(tally: MailTally, owner: str) -> Sees:
    sent = tally.by[owner] >= ABSENT * tally.messages and not _dangling(tally, owner)
    received = tally.messages - tally.by[owner] >= ABSENT * tally.messages
    if sent and received:
        return "both"
    return "given" if sent else "received"


def _dangling(tally: MailTally, owner: str) -> bool:
    parents = [parent for author, parent in tally.answered if author != owner]
    if len(parents) < FEWEST_REPLIES:
        return False
    return sum(parent in tally.ids for parent in parents) < DANGLING * len(parents)


def _without_replies(tally: MailTally) -> bool:
    """No mail says what it answers: an export without reply headers, in which an answer cannot be recognised."""
    return not tally.answered and tally.messages >= FEWEST_FOR_ANSWERS


def _domain(tally: MailTally) -> str | None:
    counts: Counter[str] = Counter()
    for address, count in tally.by.items():
        domain = of_address(address)
        if domain is not None:
            counts[domain] += count
    for address, count in tally.to.items():
        domain = of_address(address)
        if domain is not None:
            counts[domain] += count
    if not counts:
        return None
    domain, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return domain if count >= OWNER * tally.messages and domain != _second(counts, domain) else None


def _second(counts: Counter[str], first: str) -> str | None:
    rest = [(count, domain) for domain, count in counts.items() if domain != first]
    best = max(rest, default=None)
    return first if best is not None and best[0] >= OWNER * counts[first] else None
