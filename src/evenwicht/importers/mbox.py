"""Many mails in one file (mbox, RFC 4155 and its relatives): Thunderbird, Gmail Takeout, Apple Mail, mailing lists.

The file is streamed: at no time is more than one mail and one block of it in memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenwicht.importers.letters import dates
from evenwicht.importers.letters.envelope import sent_at
from evenwicht.importers.letters.headers import read_headers, text_of
from evenwicht.importers.letters.message import MOST_BYTES, Intake
from evenwicht.importers.letters.writing import write as write  # noqa: PLC0414  the door to what writes it
from evenwicht.importers.source import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from io import BufferedIOBase
    from pathlib import Path

    from evenwicht.importers.source import Head, Source

NAME = "mbox"

BLOCK = 1 << 20
KEPT_OF_HUGE = 262_144
"""Of a mail over the limit only this much is kept: its headers."""
_LOOK_BACK = 2_048
"""A From_ line and the line under it fit in this; so much is looked at again with the next block."""

_FROM = re.compile(
    rb"(?:\xef\xbb\xbf)?From(?P<rest>[ \t][^\n]{0,998})?(?P<end>\r?\n)"
    rb"(?=(?P<next>>?From [^\n]{0,998}\n|[!-9;-~]{1,100}[ \t]*:(?!//)))")
_USUAL = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d (?:19|20)\d\d\Z")
_MONTH = re.compile(rb"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b")
_TIME_OR_YEAR = re.compile(rb"\d{1,2}:\d{2}|\b(?:19|20)\d\d\b")
_ISO_DAY = re.compile(rb"\b(?:19|20)\d\d-\d\d-\d\d")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_MAIL_HEADER = re.compile(
    rb"(?:From|Sender|To|Cc|Subject|Date|Received|Message-ID|Return-Path|MIME-Version|Content-Type|Delivered-To|Status|X-[A-Za-z0-9-]+|"
    rb"In-Reply-To|References|Reply-To|DKIM-Signature)[ \t]*:", re.IGNORECASE)
_DATE = re.compile(rb"^Date[ \t]*:([^\n]{0,300})", re.IGNORECASE | re.MULTILINE)


def identify(head: Head) -> bool:
    """A file that begins with a From_ line and a header under it."""
    if head.is_folder:
        return False
    start = head.start.lstrip(b"\r\n")
    found = _FROM.match(start)
    return found is not None and _is_from_line(found, start, first=True)


def read(source: Source) -> Reading:
    """Read the mails in [since, before). What lies outside is passed over by its Date line alone."""
    reading = Reading(label=source.label)
    intake = Intake(source, reading)
    bounded = source.since is not None or source.before is not None
    done = 0
    with source.path.open("rb") as file:
        for number, (data, size) in enumerate(split(file), 1):
            source.advance(size)
            done += size
            if bounded and _outside(data, source):
                continue
            huge = size > MOST_BYTES
            if not huge and b">From " in data:
                data = _ESCAPED.sub(rb"\1", data)  # noqa: PLW2901
            intake.take(data, str(number), cut=huge)
    intake.close()
    return reading


def newest(path: Path, now: datetime | None = None) -> datetime | None:
    """The time of the newest mail, from the headers alone; None when no mail has one. Later than `now` is not believed."""
    latest: datetime | None = None
    with path.open("rb") as file:
        for data, _size in split(file):
            when = _quick_date(data)
            if when is None or when < dates.EARLIEST or (now is not None and when > now + dates.LEEWAY):
                when = sent_at(read_headers(data), now)[0] if now is not None else None
            if when is not None and (latest is None or when > latest):
                latest = when
    return latest


def _quick_date(data: bytes) -> datetime | None:
    end = data.find(b"\n\r\n" if b"\r\n" in data[:1_000] else b"\n\n")
    found = _DATE.search(data, 0, end if end >= 0 else len(data))
    return dates.moment(text_of(found[1])) if found else None


def _outside(data: bytes, source: Source) -> bool:
    """Whether a mail surely lies outside the wanted time; one without a believable date is looked at in full."""
    when = dates.believed(_quick_date(data), source.now)
    if when is None:
        when = sent_at(read_headers(data), source.now)[0]
    if when is None:
        return source.since is not None
    return (source.since is not None and when < source.since) or (source.before is not None and when >= source.before)


def split(file: BufferedIOBase) -> Iterator[tuple[bytes, int]]:
    """The mails of an mbox, each with its From_ line, and its size in the file.

    A From_ line counts when it holds a date as mail programs write it, or is only "From" or "From -", and the next line
    looks like a header: "From Russia with love" and "From 10:00 we are open" in a text begin no mail. Of a mail over
    30 MB only the first part is given; its size is the whole.
    """
    pending = bytearray()
    size = searched = 0
    while True:
        block = file.read(BLOCK)
        pending += block
        at_end = not block
        limit = len(pending) if at_end else max(0, len(pending) - _LOOK_BACK)
        begin = 0
        at = pending.find(b"\nFrom", searched)
        while 0 <= at < limit:
            found = _FROM.match(pending, at + 1) if pending[at + 5:at + 6] != b":" else None  # else the header From
            if found is not None and _is_from_line(found, pending, first=False):
                yield bytes(pending[begin:at + 1]), size + at + 1 - begin
                begin, size = at + 1, 0
            at = pending.find(b"\nFrom", at + 5)
        if begin:
            del pending[:begin]
        if at_end:
            break
        searched = max(0, len(pending) - _LOOK_BACK)
        if size + len(pending) > MOST_BYTES + BLOCK:
            size, searched = _shortened(pending, size)
    if pending.strip() or size:
        yield bytes(pending), size + len(pending)


def _shortened(pending: bytearray, size: int) -> tuple[int, int]:
    """Throw away the middle of a huge mail. Returns how much was thrown away in all, and where to search on."""
    end = len(pending) - _LOOK_BACK
    cut = pending.rfind(b"\n", KEPT_OF_HUGE, end)
    cut = end if cut < 0 else cut  # the line end stays: a From_ line may follow it
    dropped = cut - KEPT_OF_HUGE
    del pending[KEPT_OF_HUGE:cut]
    return size + dropped, KEPT_OF_HUGE


def _is_from_line(found: re.Match[bytes], data: bytes | bytearray, *, first: bool) -> bool:
    rest = (found["rest"] or b"").strip()
    if _USUAL.match(rest[-24:]):
        return True
    if rest in {b"", b"-"}:
        return True
    if _TIME_OR_YEAR.search(rest) is None:
        return first and b"@" in rest and _MAIL_HEADER.match(found["next"]) is not None
    if _MONTH.search(rest) or _ISO_DAY.search(rest):
        return True
    before = bytes(data[max(0, found.start() - 3):found.start()])
    return (first or before.endswith((b"\n\n", b"\n\r\n"))) and _MAIL_HEADER.match(found["next"]) is not None
