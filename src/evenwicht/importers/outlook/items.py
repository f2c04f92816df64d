"""One Outlook item: properties, recipients, attachments ([MS-OXCMSG], [MS-OXPROPS])."""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Value = str | bytes | int | bool | datetime

# [MS-OXPROPS], property ids
MESSAGE_CLASS = 0x001A
SENSITIVITY = 0x0036
SUBJECT = 0x0037
SUBMIT_TIME = 0x0039
REPRESENTING_NAME = 0x0042
REPLY_NAMES = 0x0050
REPRESENTING_TYPE = 0x0064
REPRESENTING_ADDRESS = 0x0065
TRANSPORT_HEADERS = 0x007D
RECIPIENT_TYPE = 0x0C15
SENDER_NAME = 0x0C1A
SENDER_TYPE = 0x0C1E
SENDER_ADDRESS = 0x0C1F
DELIVERY_TIME = 0x0E06
MESSAGE_FLAGS = 0x0E07
BODY = 0x1000
RTF = 0x1009
HTML = 0x1013
MESSAGE_ID = 0x1035
REFERENCES = 0x1039
IN_REPLY_TO = 0x1042
DISPLAY_NAME = 0x3001
ADDRESS_TYPE = 0x3002
ADDRESS = 0x3003
ATTACHED = 0x3701
ATTACH_NAME = 0x3704
ATTACH_METHOD = 0x3705
ATTACH_LONG_NAME = 0x3707
ATTACH_MIME = 0x370E
SMTP_ADDRESS = 0x39FE
INTERNET_CODEPAGE = 0x3FDE
MESSAGE_CODEPAGE = 0x3FFD
SENDER_SMTP = 0x5D01
REPRESENTING_SMTP = 0x5D02
RECIPIENT_FLAGS = 0x5FFD
TRACK_STATUS = 0x5FFF

WANTED = frozenset({
    MESSAGE_CLASS, SENSITIVITY, SUBJECT, SUBMIT_TIME, REPRESENTING_NAME, REPLY_NAMES, REPRESENTING_TYPE,
    REPRESENTING_ADDRESS, TRANSPORT_HEADERS, RECIPIENT_TYPE, SENDER_NAME, SENDER_TYPE, SENDER_ADDRESS, DELIVERY_TIME, MESSAGE_FLAGS,
    BODY, RTF, HTML, MESSAGE_ID, REFERENCES, IN_REPLY_TO, DISPLAY_NAME, ADDRESS_TYPE, ADDRESS, ATTACH_NAME, ATTACH_METHOD,
    ATTACH_LONG_NAME, ATTACH_MIME, SMTP_ADDRESS, INTERNET_CODEPAGE, MESSAGE_CODEPAGE, SENDER_SMTP, REPRESENTING_SMTP,
    RECIPIENT_FLAGS, TRACK_STATUS,
})
"""The properties that are read; the others (several hundred in an item) are passed over."""

APPOINTMENT = "00062002-0000-0000-c000-000000000046"
MEETING = "6ed8da90-450b-101b-98da-00aa003f1305"
"""The property sets PSETID_Appointment and PSETID_Meeting."""
WANTED_NAMED = frozenset({
    (APPOINTMENT, 0x8201), (APPOINTMENT, 0x820D), (APPOINTMENT, 0x820E), (APPOINTMENT, 0x8215), (APPOINTMENT, 0x8217), (APPOINTMENT, 0x8216),
    (APPOINTMENT, 0x8223), (APPOINTMENT, 0x8234), (APPOINTMENT, 0x8260),
    (MEETING, 0x0003), (MEETING, 0x0023),
})

_PUBLIC = {1: "00020328-0000-0000-c000-000000000046", 2: "00020329-0000-0000-c000-000000000046"}

MOST_RECIPIENTS = 2_000
MOST_ATTACHMENTS = 1_000

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Attachment:
    """A file or an item in an item; `data` unpacks it only when it is wanted."""

    values: dict[int, Value]
    data: Callable[[], bytes]

    @property
    def name(self) -> str:
        return text(self.values, ATTACH_LONG_NAME) or text(self.values, ATTACH_NAME)

    @property
    def mime(self) -> str:
        return text(self.values, ATTACH_MIME).strip().lower()

    @property
    def is_calendar(self) -> bool:
        return self.mime in {"text/calendar", "application/ics"} or self.name.lower().endswith(".ics")

    @property
    def is_sealed(self) -> bool:
        """The whole mail, signed or encrypted ([MS-OXOSMIME]), and not a file that came with it."""
        return self.mime in {"multipart/signed", "application/pkcs7-mime", "application/x-pkcs7-mime"}


@dataclass(slots=True)
class Item:
    """A mail, a meeting, a contact: its class says which.

    values      by property id (`WANTED`); text as str, times in UTC
    named       by property set and number (`WANTED_NAMED`)
    """

    values: dict[int, Value] = field(default_factory=dict)
    named: dict[tuple[str, int], Value] = field(default_factory=dict)
    recipients: list[dict[int, Value]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The message class in lower case, `ipm.note` for a mail ([MS-OXCMSG] 2.2.1.3)."""
        return text(self.values, MESSAGE_CLASS).strip().lower()


def text(values: dict[int, Value], name: int) -> str:
    """A property that is text; "" when it is not there, or no text."""
    value = values.get(name)
    return value if isinstance(value, str) else ""


def number(values: dict[int, Value], name: int) -> int:
    """A property that is a number; 0 when it is not there, or no number."""
    value = values.get(name)
    return value if isinstance(value, int) else 0


def data(values: dict[int, Value], name: int) -> bytes:
    """A property that is bytes; none when it is not there, or no bytes."""
    value = values.get(name)
    return value if isinstance(value, bytes) else b""


def moment(values: dict[int, Value], name: int) -> datetime | None:
    """A property that is a time, UTC."""
    value = values.get(name)
    return value if isinstance(value, datetime) else None


def filetime(ticks: int) -> datetime | None:
    """A time as Windows counts it, in 100 ns from 1601; None for one that cannot be."""
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None


def codec_of_page(page: int) -> str:
    """The charset name of a Windows code page, as a mail would name it."""
    return {65001: "utf-8", 1200: "utf-16-le", 1201: "utf-16-be", 20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u",
            50220: "iso2022_jp", 50221: "iso2022_jp", 50222: "iso2022_jp", 50225: "iso2022_kr", 51932: "euc_jp", 51949: "euc_kr",
            51936: "gb2312", 52936: "hz", 54936: "gb18030", 10000: "mac-roman"}.get(
        page, f"iso-8859-{page - 28590}" if 28591 <= page <= 28605 else f"cp{page}" if page > 0 else "")  # noqa: PLR2004


def names_in(sets: bytes, entries: bytes) -> dict[int, tuple[str, int]]:
    """Which of its own numbers a file gives to the named properties that are wanted ([MS-OXMSG] 2.2.3.1, [MS-PST] 2.4.7)."""
    found: dict[int, tuple[str, int]] = {}
    for position in range(0, min(len(entries), 800_000) - 7, 8):
        number_, kind, index = struct.unpack_from("<IHH", entries, position)
        place = kind >> 1
        if kind & 1:  # known by a text, not by a number
            continue
        raw = sets[(place - 3) * 16:(place - 2) * 16] if place >= 3 else b""  # noqa: PLR2004  1 and 2 are fixed
        group = str(uuid.UUID(bytes_le=raw)) if len(raw) == 16 else _PUBLIC.get(place, "")  # noqa: PLR2004
        if (group, number_) in WANTED_NAMED:
            found[0x8000 + index] = (group, number_)
    return found
