"""A .msg file: an item as a compound file, one stream a property ([MS-OXMSG], [MS-CFB])."""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from typing import TYPE_CHECKING

import olefile

from evenwicht.importers.letters.charsets import decoded
from evenwicht.importers.outlook.items import (
    ATTACHED,
    HTML,
    INTERNET_CODEPAGE,
    MESSAGE_CODEPAGE,
    MOST_ATTACHMENTS,
    MOST_RECIPIENTS,
    TRANSPORT_HEADERS,
    WANTED,
    Attachment,
    Item,
    Value,
    codec_of_page,
    filetime,
    names_in,
)

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROPERTIES = "__properties_version1.0"
MOST_STREAM = 30_000_000
"""Bytes of one property that are read."""

BROKEN = (OSError, struct.error, IndexError, KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError, MemoryError)
"""What olefile raises on files that are damaged or made to harm."""

_FIXED, _ENTRY = 8, 16
_BINARY, _UNICODE, _ANSI = 0x0102, 0x001F, 0x001E
_STREAM = re.compile(r"__substg1\.0_([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})")
_NUMBERED = re.compile(r"__(recip|attach)_version1\.0_#([0-9A-Fa-f]{8})")


class Unreadable(Exception):
    """It is no item: the file is damaged, or a document of another kind."""


def is_item(path: Path) -> bool:
    """Whether a compound file holds an Outlook item."""
    try:
        with olefile.OleFileIO(path) as file:
            return bool(file.exists(PROPERTIES))
    except BROKEN:
        return False


def item_of(path: Path) -> Item:
    """Read the item in a file. Attachments are taken out only as far as they may be invitations. Raises Unreadable."""
    try:
        with olefile.OleFileIO(path) as file:
            if not file.exists(PROPERTIES):
                raise Unreadable
            return _Reader(file).item()
    except BROKEN as error:
        raise Unreadable from error


class _Reader:
    """Reads the storages of one open file."""

    def __init__(self, file: olefile.OleFileIO) -> None:
        self.file = file
        self.page = ""
        entries = file.listdir(streams=True, storages=True)
        self.names = {"/".join(parts).lower() for parts in entries}  # asking olefile for each would search its tree each time
        self.kinds: dict[tuple[str, int], set[int]] = defaultdict(set)
        for parts in entries:
            found = _STREAM.fullmatch(parts[-1])
            if found:
                self.kinds["".join(f"{part}/" for part in parts[:-1]).lower(), int(found[1], 16)].add(int(found[2], 16))
        self.folders = sorted({parts[0] for parts in entries if _NUMBERED.fullmatch(parts[0])})

    def item(self) -> Item:
        fixed = self._fixed("", 32)
        pages = [fixed.get(each, 0) for each in (MESSAGE_CODEPAGE, INTERNET_CODEPAGE)]
        self.page = next((codec_of_page(page & 0xFFFFFFFF) for page in pages if isinstance(page, int) and page > 0), "")
        item = Item(self._values("", fixed))
        item.named = self._named(fixed)
        for name in self.folders:
            if name.startswith("__recip") and len(item.recipients) < MOST_RECIPIENTS:
                item.recipients.append(self._values(f"{name}/", self._fixed(f"{name}/", 8)))
            elif name.startswith("__attach") and len(item.attachments) < MOST_ATTACHMENTS:
                item.attachments.append(self._attachment(f"{name}/"))
        return item

    def _attachment(self, folder: str) -> Attachment:
        found = Attachment(self._values(folder, self._fixed(folder, 8)), bytes)
        if found.is_calendar or found.is_sealed:
            raw = self._stream(f"{folder}__substg1.0_{ATTACHED:04X}{_BINARY:04X}")
            found.data = lambda: raw
        return found

    def _fixed(self, folder: str, header: int) -> dict[int, Value]:
        """The numbers and times of a storage, from its stream of properties."""
        raw = self._stream(f"{folder}{PROPERTIES}")
        found: dict[int, Value] = {}
        for position in range(header, min(len(raw), header + 100_000 * _ENTRY) - _ENTRY + 1, _ENTRY):
            kind, name = struct.unpack_from("<HH", raw, position)
            value = raw[position + _FIXED:position + _ENTRY]
            if kind == 0x0003:  # noqa: PLR2004  PtypInteger32
                found[name] = int.from_bytes(value[:4], "little", signed=True)
            elif kind == 0x000B:  # noqa: PLR2004  PtypBoolean
                found[name] = value[0] != 0
            elif kind == 0x0040:  # noqa: PLR2004  PtypTime
                when = filetime(int.from_bytes(value, "little"))
                if when is not None:
                    found[name] = when
        return found

    def _values(self, folder: str, fixed: dict[int, Value]) -> dict[int, Value]:
        found = {name: value for name, value in fixed.items() if name in WANTED}
        for name in WANTED:
            value = self._variable(folder, name)
            if value is not None:
                found[name] = value
        return found

    def _variable(self, folder: str, name: int) -> Value | None:
        kinds = self.kinds.get((folder.lower(), name))
        if not kinds:
            return None
        stream = f"{folder}__substg1.0_{name:04X}"
        if _UNICODE in kinds:
            raw = self._stream(f"{stream}{_UNICODE:04X}")
            return raw[:len(raw) & ~1].decode("utf-16-le", "replace").rstrip("\0")
        if name != HTML and _ANSI in kinds:
            raw = self._stream(f"{stream}{_ANSI:04X}").rstrip(b"\0")
            return decoded(raw, "" if name == TRANSPORT_HEADERS else self.page)
        kind = next((each for each in (_BINARY, _ANSI) if each in kinds), None)
        return None if kind is None else self._stream(f"{stream}{kind:04X}")

    def _stream(self, name: str) -> bytes:
        if name.lower() not in self.names:
            return b""
        with self.file.openstream(name) as stream:
            return bytes(stream.read(MOST_STREAM))

    def _named(self, fixed: dict[int, Value]) -> dict[tuple[str, int], Value]:
        """Properties that have a number of their own in each file, by the name they stand for ([MS-OXMSG] 2.2.3)."""
        sets, entries = (self._stream(f"__nameid_version1.0/__substg1.0_000{number}0102") for number in (2, 3))
        found: dict[tuple[str, int], Value] = {}
        for name, known in names_in(sets, entries).items():
            value = fixed.get(name)
            value = self._variable("", name) if value is None else value
            if value is not None:
                found[known] = value
        return found
