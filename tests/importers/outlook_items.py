"""Writes Outlook items as .msg for tests ([MS-OXMSG]), and the sample files.

    python -m tests.importers.outlook_items tests/samples/msg
"""

from __future__ import annotations

import struct
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.importers.compound_files import compound

APPOINTMENT, MEETING = "00062002-0000-0000-c000-000000000046", "6ed8da90-450b-101b-98da-00aa003f1305"
NAMED = {"start": (APPOINTMENT, 0x820D), "end": (APPOINTMENT, 0x820E), "all_day": (APPOINTMENT, 0x8215), "series": (APPOINTMENT, 0x8223),
         "sequence": (APPOINTMENT, 0x8201), "state": (APPOINTMENT, 0x8217),
         "pattern": (APPOINTMENT, 0x8216), "zone": (APPOINTMENT, 0x8260), "global_id": (MEETING, 0x0003), "clean_id": (MEETING, 0x0023)}
OUTER = bytes.fromhex("040000008200e00074c5b7101a82e008")
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def msg(properties, recipients=(), attachments=(), *, named=None, ansi=None):
    """The bytes of a .msg: properties by number, named ones by name. `ansi`: text is written in this charset, not in Unicode."""
    tree, named = {}, named or {}
    properties = {0x001A: "IPM.Note", **properties}
    if named:
        sets = [APPOINTMENT, MEETING]
        entries = b""
        for index, (name, value) in enumerate(named.items()):
            group, number = NAMED[name]
            entries += struct.pack("<IHH", number, (sets.index(group) + 3) << 1, index)
            properties[0x8000 + index] = value
        entries += struct.pack("<IHH", 0, 1, 99)  # one that is known by a text
        tree["__nameid_version1.0"] = {
            "__substg1.0_00020102": b"".join(uuid.UUID(each).bytes_le for each in sets), "__substg1.0_00030102": entries}
    tree |= _storage(properties, 32, ansi)
    for number, each in enumerate(recipients):
        tree[f"__recip_version1.0_#{number:08X}"] = _storage(each, 8, ansi)
    for number, each in enumerate(attachments):
        tree[f"__attach_version1.0_#{number:08X}"] = _storage(each, 8, ansi)
    return compound(tree)


def _storage(properties, header, ansi):
    table, found = bytes(header), {}
    for number, value in properties.items():
        if isinstance(value, bool):
            kind, fixed = 0x000B, struct.pack("<Q", value)
        elif isinstance(value, int):
            kind, fixed = 0x0003, struct.pack("<iI", value, 0)
        elif isinstance(value, datetime):
            kind, fixed = 0x0040, struct.pack("<Q", (value - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10)
        else:
            if isinstance(value, str):
                kind, raw = (0x001E, value.encode(ansi)) if ansi else (0x001F, value.encode("utf-16-le"))
            else:
                kind, raw = 0x0102, value
            found[f"__substg1.0_{number:04X}{kind:04X}"] = raw
            fixed = struct.pack("<II", len(raw), 0)
        table += struct.pack("<HHI", kind, number, 6) + fixed
    return found | {"__properties_version1.0": table}


def person(address, kind=1, **more):
    """One to whom an item goes: 1 To, 2 Cc, 3 Bcc or a room."""
    return {0x0C15: kind, 0x3001: address.partition("@")[0], 0x3002: "SMTP", 0x3003: address, 0x39FE: address} | more


def sent(author="jan@birch.nl", **more):
    """The properties of a mail that was sent, and has no headers."""
    return {0x0C1A: "Jan", 0x0C1E: "SMTP", 0x0C1F: author, 0x5D01: author, 0x5D02: author, 0x0039: MORNING, 0x0E07: 1,
            0x1035: "<m@birch.nl>", 0x0037: "Offerte", 0x1000: "Dag Piet.\r\n"} | {int(key[1:], 16): value for key, value in more.items()}


HEADERS = """Received: from mx.birch.nl by mail.acme.com; Mon, 2 Mar 2026 09:00:05 +0000
From: Jan <jan@birch.nl>
To: Piet <piet@acme.com>, els@cedar.example
Subject: =?utf-8?q?Offerte_voor_vijf_stoelen?=
Date: Mon, 2 Mar 2026 10:00:00 +0100
Message-ID: <77a1@birch.nl>
In-Reply-To: <12@acme.com>
References: <11@acme.com> <12@acme.com>
Content-Type: multipart/alternative; boundary="weg"
MIME-Version: 1.0

"""
SAMPLES = {
    # a mail that came in: its own headers, the body beside them
    "ontvangen": lambda: msg({
        0x007D: HEADERS.replace("\n", "\r\n"), 0x0E07: 1, 0x0037: "Offerte voor vijf stoelen",
        0x1000: "Dag Piet,\r\n\r\nKunnen jullie voor vrijdag antwoorden?\r\n\r\n> Wat kost het?\r\n",
        0x1013: b"<p>Dag Piet,</p>", 0x3FDE: 65001}, [person("piet@acme.com"), person("els@cedar.example")]),
    # sent inside Exchange: the sender is a name of Exchange, known from a copy to themselves; text in code page 1252
    "verzonden": lambda: msg({
        0x0C1E: "EX", 0x0C1F: "/o=Birch/cn=Recipients/cn=jan", 0x0064: "EX", 0x0065: "/O=BIRCH/CN=RECIPIENTS/CN=JAN", 0x0042: "Jan",
        0x0039: MORNING, 0x0E07: 1, 0x1035: "<88@birch.nl>", 0x1042: "<77@acme.com>", 0x0037: "RE: Stoelen",
        0x1000: "Zéér graag; zes stoelen komen morgen.\r\n", 0x3FFD: 1252},
        [person("piet@acme.com"), {0x0C15: 2, 0x3002: "EX", 0x3003: "/o=Birch/cn=Recipients/cn=jan", 0x39FE: "jan@birch.nl"}], ansi="cp1252"),
    # an invitation of which nothing but properties is left
    "uitnodiging": lambda: msg({
        0x001A: "IPM.Schedule.Meeting.Request", 0x5D01: "jan@birch.nl", 0x5D02: "jan@birch.nl", 0x0039: MORNING, 0x0E07: 1,
        0x1035: "<99@birch.nl>", 0x0037: "Kwartaalgesprek"},
        [person("piet@acme.com"), person("zaal3@acme.com", 3)],
        named={"start": datetime(2026, 3, 9, 13, 0, tzinfo=UTC), "end": datetime(2026, 3, 9, 14, 30, tzinfo=UTC), "sequence": 1,
               "global_id": OUTER + bytes.fromhex("07ea0309") + bytes(8) + bytes.fromhex("10000000") + bytes(range(16))}),
    "concept": lambda: msg(sent(x0E07=9), [person("piet@acme.com")]),
    "taak": lambda: msg({0x001A: "IPM.Task", 0x0037: "Bellen"}),
    "afgebroken": lambda: msg(sent(), [person("piet@acme.com")])[:700],
}


if __name__ == "__main__":
    for name, made in SAMPLES.items():
        (Path(sys.argv[1]) / f"{name}.msg").write_bytes(made())
