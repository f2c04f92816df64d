"""vCard address books (RFC 6350, RFC 2426, vCard 2.1): which name and which mail domain are one organisation.

No events: a card says who belongs together, not what happened. Of the addresses of one person
it is kept, as pseudonyms, that they are one's. `Reading.counted`: `card` = `organisation` +
`several_domains` (its domains were not joined with its name) + `person` (no organisation in it) + `excluded`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.cards.lines import MOST, cards_in
from evenwicht.importers.cards.organisations import mention_of, name_sure
from evenwicht.importers.cards.people import person_of
from evenwicht.importers.files import whole
from evenwicht.importers.source import Reading

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Source
    from evenwicht.ledger.mentions import Mention

NAME = "vcard"

MAX_BYTES = 200_000_000
"""Larger files are refused: ten thousand cards with a picture each are half of it."""

_WIDE = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def identify(head: Head) -> bool:
    """Whether a file begins with BEGIN:VCARD, in any case, after a byte order mark and white space; also in UTF-16."""
    start = head.start[:4096].replace(b"\x00", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        start = start.removeprefix(mark)
    return start.lstrip()[:60].replace(b" ", b"").upper().startswith(b"BEGIN:VCARD")


def read(source: Source) -> Reading:
    """Read one address book: a mention per organisation in it."""
    reading = Reading(label=source.label)
    data = whole(source, reading, MAX_BYTES, "The address book is {size} MB; more than {limit} MB is not read.",
                 "Export it in parts, or without pictures.")
    if data is None:
        return reading
    _gather(data, source, reading)
    source.advance(len(data))
    return reading


def _gather(data: bytes, source: Source, reading: Reading) -> None:
    found: dict[Mention, None] = {}
    unclosed: list[int] = []
    unsure: list[int] = []
    for card in cards_in(data, _text_of(data)):
        reading.counted["card"] += 1
        if not card.closed:
            unclosed.append(card.number)
        mention, fate = mention_of(card)
        if mention is not None and not source.exclude.parties.isdisjoint(mention.identifiers):
            reading.counted["excluded"] += 1
            continue
        if mention is not None:
            found[mention] = None
            if not name_sure(card):
                unsure.append(card.number)
        person = person_of(card, source)
        if person is not None:
            found[person] = None
        reading.counted[fate] += 1
    reading.mentions.extend(sorted(found))
    if reading.counted["card"] >= MOST:
        reading.problem("", "Of the cards {limit} were read; the rest was left out.", "Export the address book in parts.", limit=MOST)
    if unclosed:
        reading.problem(str(min(unclosed)), "Cards are not closed with END:VCARD: {count}, of which this is the first. What they hold was read.",
                        "Export the address book again if it may have been cut off.", "warning", count=len(unclosed))
    if unsure:
        reading.problem(str(min(unsure)), "Names of organisations were read as Windows-1252, for the file does not say how its letters are "
                        "written: {count}, of which this is the first.", "Export the address book as vCard 3.0 or 4.0.", "note", count=len(unsure))
    if not reading.counted["card"]:
        reading.problem("", "The file holds no card.", "Export the address book again.")


def _text_of(data: bytes) -> str | None:
    """The text of a file in UTF-16 or UTF-32; None for one in which each line may have its own letters."""
    for mark, codec in _WIDE:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    if data[1:4:2] == b"\x00\x00":
        return data.decode("utf-16-le", "replace")
    return data.decode("utf-16-be", "replace") if data[:3:2] == b"\x00\x00" else None
