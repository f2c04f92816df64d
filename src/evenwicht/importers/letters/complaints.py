"""What can be wrong with one mail, in words for whoever exported it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.letters.envelope import service_of
from evenwicht.ledger.identifiers import of_address

if TYPE_CHECKING:
    from datetime import datetime

    from evenwicht.importers.letters.bodies import Body
    from evenwicht.importers.letters.envelope import Envelope
    from evenwicht.importers.source import Reading

MOST_BYTES = 30_000_000
"""A larger mail is kept as an event, but its words are not counted."""


def no_mail(reading: Reading, data: bytes, place: str) -> None:
    """There is no header in the bytes."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        reading.problem(
            place, "This is an Outlook .msg file, which is not a mail in the internet format.",
            "Save it from Outlook as .eml, or export the folder as .mbox.",
        )
        return
    reading.problem(
        place, "There are no mail headers here, so it cannot be told who wrote to whom.",
        "Export the mail again from the mail program, with all its headers.",
    )


def no_date(reading: Reading, place: str) -> None:
    """Neither a Date, nor a hop, nor the program that filed it says when."""
    reading.problem(
        place, "The mail has no date that can be believed, so it cannot be placed in time.",
        "Export the mail again from the mail program, or leave it out.",
    )


def dated_elsewhere(reading: Reading, when: datetime, place: str) -> None:
    """The date was taken from another place than the Date line."""
    reading.counted["date_elsewhere"] += 1
    reading.problem(
        place, "The mail has no usable Date; the time at which it was received or filed, {when}, is used.",
        "Nothing needs to be done; the time may be off by the time of delivery.", "note",
        when=when.isoformat(timespec="minutes"),
    )


def unread(reading: Reading, body: Body, place: str) -> None:
    """Parts of the body that could not be read, or not whole."""
    if body.hidden == "encrypted":
        reading.problem(
            place, "The mail is encrypted, so its words cannot be counted; that it was sent does count.",
            "Export the mail decrypted from the mail program if its words should count.", "warning",
        )
    elif body.hidden == "winmail":
        reading.problem(
            place, "Outlook packed a part of this mail into winmail.dat, which is not read.",
            "Nothing needs to be done; ask the sender to write in plain text or HTML.", "note",
        )
    elif body.hidden == "large":
        reading.problem(
            place, "The mail is larger than {most} MB, so its words were not counted; that it was sent does count.",
            "Nothing needs to be done; save it without attachments if its words should count.", "warning",
            most=MOST_BYTES // 1_000_000,
        )
    if body.limit:
        reading.problem(
            place, "The mail is built too oddly to be read whole (limit: {limit}); what was read before that counts.",
            "Open it in a mail program and save it again if its words matter.", "warning", limit=body.limit,
        )


def without_side(reading: Reading, envelope: Envelope, receivers: dict[str, list[str]], place: str) -> bool:
    """Whether a mail names no author or nobody spoken to, which is then said."""
    if envelope.organisation is None:
        service = service_of(envelope.author)
        if service:
            reading.problem(
                place, "The mail was sent by the service {service} in somebody else's name, and does not say whose.",
                "Nothing needs to be done; such mails are left out.", "warning", service=service,
            )
        else:
            reading.problem(
                place, "The mail names no sender with a usable address, so it cannot be told who spoke.",
                "Check the From line of the mail, or leave the mail out.",
            )
        return True
    if not receivers and not any(of_address(address) for address in envelope.to):
        reading.problem(
            place, "The mail names nobody in To or Cc with a usable address, so it cannot be told who was spoken to.",
            "Nothing needs to be done for drafts and mails sent in blind copy; they are left out.",
        )
        return True
    return False
