"""One mail in a file, as mail programs save it (RFC 5322, `.eml`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenwicht.importers.letters.message import MOST_BYTES, Intake
from evenwicht.importers.source import Reading

if TYPE_CHECKING:
    from evenwicht.importers.source import Head, Source

NAME = "mail"

_HEADER = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_TELLING = re.compile(
    rb"^(?:From|Sender|Reply-To|To|Cc|Bcc|Subject|Date|Received|Message-ID|Return-Path|MIME-Version|In-Reply-To|References|"
    rb"Delivered-To|Resent-From|Resent-To|Envelope-To|Delivery-Date|DKIM-Signature|X-Original-To|"
    rb"Content-Type|Content-Transfer-Encoding|X-[A-Za-z0-9-]{1,60})[ \t]*:", re.IGNORECASE)
_SURE = re.compile(
    rb"^(?:From|Sender|To|Cc|Subject|Date|Received|Recieved|Message-ID|Return-Path|MIME-Version|Delivered-To|Resent-From)[ \t]*:", re.IGNORECASE)
_CODED = re.compile(rb"=\?[A-Za-z0-9_-]{2,40}\?[BbQq]\?|<[^<>@\s]+@[^<>@\s]+>")
_SURE_ALONE = re.compile(rb"^(?:Received|Message-ID|Return-Path|MIME-Version|Delivered-To|Content-Type|DKIM-Signature)[ \t]*:", re.IGNORECASE)


def identify(head: Head) -> bool:
    """A file that begins with mail headers."""
    if head.is_folder:
        return False
    return begins_like_mail(head.start)


def begins_like_mail(start: bytes) -> bool:
    """Whether bytes begin with a header block: every line a header or a continuation, and telling ones among them."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if text[:1] in {b" ", b"\t"}:
        text = text.lstrip(b" \t\r\n")
    if text.startswith((b"From ", b">From ")):
        return False
    headers = sure = alone = telling = coded = 0
    for number, line in enumerate(text.split(b"\n", 400)[:400]):
        if not line.strip():
            break
        if line[:1] in {b" ", b"\t"}:
            continue
        if _HEADER.match(line) is None or line[:40].lower().startswith((b"http:", b"https:", b"begin:")):
            if number == 0:
                return False
            break
        headers += 1
        sure += bool(_SURE.match(line))
        alone += bool(_SURE_ALONE.match(line))
        telling += bool(_TELLING.match(line))
        coded += _CODED.search(line) is not None
    if alone or (sure and coded):
        return True
    return sure >= 2 or (sure == 1 and telling >= 2 and headers == telling)  # noqa: PLR2004


def read(source: Source) -> Reading:
    """Read the one mail in the file."""
    reading = Reading(label=source.label)
    intake = Intake(source, reading)
    with source.path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    intake.take(data, "1", cut=len(data) > MOST_BYTES)
    source.advance(source.path.stat().st_size)
    intake.close()
    return reading
