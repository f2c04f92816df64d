"""A store of Outlook (`.pst`, `.ost`, [MS-PST]): all its mail and appointments, folder by folder.

The store is opened by libpff, which comes with the extra `outlook`; without it the file is a problem that says how to go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.source import Reading

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Source

NAME = "pst"

_MAGIC = b"!BDN"


def identify(head: Head) -> bool:
    """A file that begins as every store of Outlook does."""
    return not head.is_folder and head.start.startswith(_MAGIC)


def read(source: Source) -> Reading:
    """Read every mail and appointment of the store."""
    from evenwicht.importers.outlook.intake import Mailroom

    reading = Reading(label=source.label)
    try:
        from evenwicht.importers.outlook.store import Unreadable, items_in
    except ImportError:
        reading.problem(
            "", "This is a store of Outlook (.pst or .ost); the program part that opens it is not installed.",
            "Install it with “pip install evenwicht[outlook]”; or export the folder from Outlook, or make an mbox of it with readpst.",
        )
        return reading
    room = Mailroom(source, reading)
    other = 0
    try:
        for place, folders, item in items_in(source.path):
            if item is None:
                reading.problem(place, "This item of the store is damaged.", "Repair the store with Outlook's scanpst, and read it again.")
            elif not room.take(item, place, labels=folders):
                other += 1
    except Unreadable:
        reading.problem("", "The store of Outlook is damaged, or cannot be opened.",
                        "Repair it with Outlook's scanpst, or export it again.")
    if other:
        reading.counted["outlook_other"] += other
        reading.problem("", "{count} items are no mail and no meeting (contacts, tasks, notes); they are left out.",
                        "Nothing needs to be done.", "note", count=other)
    source.advance(source.path.stat().st_size)
    room.close(calendar=True)
    return reading
