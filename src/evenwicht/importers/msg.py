"""One item of Outlook in a file (`.msg`, [MS-OXMSG]): a mail is read as if it had been saved as `.eml`, an appointment as from `.ics`.

`Reading.counted` is that of mail and calendars; `outlook_other` are contacts, tasks and notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.source import Reading

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Source

NAME = "msg"

MOST_FILE = 512_000_000
"""Larger files are refused: Outlook itself stops at less than half of it."""

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRIES = ("__substg1.0_".encode("utf-16le"), "__properties_version1.0".encode("utf-16le"))
_ENDINGS = frozenset({".msg", ".oft"})


def identify(head: Head) -> bool:
    """A compound file with the storages of an Outlook item in it, or one that is called .msg."""
    if head.is_folder or not head.start.startswith(_MAGIC):
        return False
    if head.path.suffix.lower() in _ENDINGS or any(entry in head.start for entry in _ENTRIES):
        return True
    if head.size <= len(head.start):
        return False
    from evenwicht.importers.outlook.compound import is_item  # olefile is needed by few

    return is_item(head.path)


def read(source: Source) -> Reading:
    """Read the one item in the file."""
    from evenwicht.importers.outlook.compound import Unreadable, item_of
    from evenwicht.importers.outlook.intake import Mailroom

    reading = Reading(label=source.label)
    try:
        size = source.path.stat().st_size
        if size > MOST_FILE:
            reading.problem("", "The Outlook file is {size} MB; more than {limit} MB is not read.",
                            "Save the mail without its attachments.", size=size // 1_000_000, limit=MOST_FILE // 1_000_000)
            return reading
        item = item_of(source.path)
    except (OSError, Unreadable):
        reading.problem("", "The Outlook file is damaged, or holds no item.", "Save it again from Outlook, as .msg or as .eml.")
        return reading
    room = Mailroom(source, reading)
    if not room.take(item, "1"):
        reading.counted["outlook_other"] += 1
        reading.mail = None
        reading.problem("", "This is no mail and no meeting, but an item of the kind {kind}; it is left out.",
                        "Nothing needs to be done.", "note", kind=item.kind[:60])
    source.advance(size)
    room.close(calendar=False)
    return reading
