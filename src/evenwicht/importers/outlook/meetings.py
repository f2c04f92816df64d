"""The meeting in an Outlook item, as the invitation (iCalendar) it would be in a mail ([MS-OXOCAL], [MS-OXCICAL])."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from evenwicht.importers.letters.charsets import CONTROLS
from evenwicht.importers.outlook import items
from evenwicht.importers.outlook.items import APPOINTMENT, MEETING, Item, number, text
from evenwicht.importers.outlook.people import address_of, author_of
from evenwicht.importers.outlook.series import Series, series_of

_STATUS = {3: "ACCEPTED", 2: "TENTATIVE", 4: "DECLINED"}
"""PidTagRecipientTrackStatus → PARTSTAT ([MS-OXCICAL] 2.1.3.1.1.20.2)."""
_ANSWERS = {"pos": "ACCEPTED", "neg": "DECLINED", "tent": "TENTATIVE"}
_NOON = timedelta(hours=12)
"""A whole day begins at midnight of a zone that the item names elsewhere: its noon is on that day in UTC, nearly everywhere."""
_RESOURCE = 3
_ORGANISER = 0x2
_PRIVATE = 2
_CANCELLED = 0x4
_OUTER = bytes.fromhex("040000008200e00074c5b7101a82e008")
_FOREIGN = b"vCal-Uid\x01\x00\x00\x00"


def is_meeting(item: Item) -> bool:
    """Whether an item invites to a meeting, answers or cancels one, and says when it is."""
    return item.kind.startswith("ipm.schedule.meeting") and _when(item, 0x820D) is not None


def is_appointment(item: Item) -> bool:
    """Whether an item is an entry of a calendar."""
    return item.kind.startswith("ipm.appointment")


def is_repeated(item: Item) -> bool:
    """Whether the meeting is one of a series, or the series itself."""
    return bool(item.named.get((APPOINTMENT, 0x8223), False))


def invitation_of(item: Item) -> bytes:
    """The calendar with the one meeting. What the item does not say is left out of it."""
    sender = author_of(item)
    answer = next((status for word, status in _ANSWERS.items() if item.kind.startswith(f"ipm.schedule.meeting.resp.{word}")), "")
    cancelled = item.kind.startswith("ipm.schedule.meeting.canceled") or bool(_number(item, 0x8217) & _CANCELLED)
    people = [(address_of(each), each) for each in item.recipients]
    organiser = next((address for address, each in people if address and number(each, items.RECIPIENT_FLAGS) & _ORGANISER), "")
    method = "REPLY" if answer else "CANCEL" if cancelled else "REQUEST"
    if answer:
        organiser = organiser or next((address for address, _each in people if address), "")
        invited = [(sender, answer)]
    else:
        organiser = sender if sender and not is_appointment(item) else organiser or sender
        invited = [(address, _STATUS.get(number(each, items.TRACK_STATUS), "NEEDS-ACTION")) for address, each in people
                   if number(each, items.RECIPIENT_TYPE) & 0xF != _RESOURCE and address.lower() != organiser.lower()]
    said = [
        f"UID:{_uid(item)}",
        f"SEQUENCE:{_number(item, 0x8201)}",
        f"ORGANIZER:mailto:{organiser}" if organiser else "",
        *(f"ATTENDEE;PARTSTAT={status}:mailto:{address}" for address, status in invited if address),
        "STATUS:CANCELLED" if cancelled else "",
        "CLASS:PRIVATE" if number(item.values, items.SENSITIVITY) == _PRIVATE else "",
        f"SUMMARY:{_escaped(text(item.values, items.SUBJECT))}",
    ]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}"]
    for times in _times(item):
        lines += ["BEGIN:VEVENT", *said, *times, "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{line}\r\n" for line in lines if line).encode("utf-8", "replace")


def _uid(item: Item) -> str:
    """The UID that the meeting has in every other program: of a foreign one its own, else the global id in hexadecimal."""
    raw = item.named.get((MEETING, 0x0023)) or item.named.get((MEETING, 0x0003)) or b""
    if not isinstance(raw, bytes) or not raw:
        return ""
    foreign = raw.find(_FOREIGN)
    if foreign >= 0:
        return CONTROLS.sub("", raw[foreign + len(_FOREIGN):].rstrip(b"\0").decode("utf-8", "replace"))
    if raw.startswith(_OUTER):  # the day of an instance stands in bytes 16 to 19, and is no part of the identity
        raw = raw[:16] + bytes(4) + raw[20:]
    return raw.hex().upper()


def series_in(item: Item) -> Series | None:
    """The series that the item is; None for a single meeting, and for a series of which the days cannot be read."""
    start = _when(item, 0x820D)
    if not is_repeated(item) or start is None or item.kind.startswith("ipm.schedule.meeting.resp"):
        return None
    return series_of(item, start)


def _times(item: Item) -> list[list[str]]:
    """When the meeting is, once for each event that says it: a series, and each meeting of it that was moved."""
    start, end = _when(item, 0x820D), _when(item, 0x820E)
    if start is None:
        return [[]]
    if item.named.get((APPOINTMENT, 0x8215)):
        return [[f"DTSTART;VALUE=DATE:{start + _NOON:%Y%m%d}", f"DTEND;VALUE=DATE:{end + _NOON:%Y%m%d}" if end else ""]]
    series = series_in(item)
    if series is not None:
        return [series.times, *series.changed]
    first = f"RECURRENCE-ID:{start:%Y%m%dT%H%M%SZ}" if is_repeated(item) else ""  # the identity it has in the whole series
    return [[first, f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}" if end else ""]]


def _when(item: Item, name: int) -> datetime | None:
    value = item.named.get((APPOINTMENT, name))
    return value if isinstance(value, datetime) else None


def _number(item: Item, name: int) -> int:
    value = item.named.get((APPOINTMENT, name))
    return value if isinstance(value, int) else 0


def _escaped(said: str) -> str:
    return CONTROLS.sub(" ", re.sub(r"([\\;,])", r"\\\1", said))[:1_000]
