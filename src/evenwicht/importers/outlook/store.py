"""A store of items, opened by libpff ([MS-PST]): an extra, since it is a native library under the LGPL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pypff

from evenwicht.importers.letters.charsets import decoded
from evenwicht.importers.outlook.items import (
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
    from collections.abc import Iterator
    from pathlib import Path

MOST_DEPTH = 60
MOST_ATTACHED = 30_000_000
_FAILS = (OSError, ValueError, OverflowError, MemoryError, SystemError)
"""What pypff raises for a store, an item or a property that it cannot read."""


class Unreadable(Exception):
    """The store cannot be opened, or read on."""


def items_in(path: Path) -> Iterator[tuple[str, tuple[str, ...], Item | None]]:
    """(number of the item in the store, names of the folders it lies in, the item), folder by folder. None: damaged.

    Raises Unreadable.
    """
    store = pypff.file()
    try:
        store.open(str(path))
        root = store.get_root_folder()
        names = _names(store)
    except _FAILS as error:
        raise Unreadable from error
    try:
        yield from _folder(root, (), names, set())
    finally:
        store.close()


def _folder(
    folder: Any, above: tuple[str, ...], names: dict[int, tuple[str, int]], seen: set[int],
) -> Iterator[tuple[str, tuple[str, ...], Item | None]]:
    if folder is None or folder.identifier in seen or len(above) > MOST_DEPTH:
        return
    seen.add(folder.identifier)
    here = (*above, folder.name) if folder.name else above
    for number in range(folder.number_of_sub_messages):
        try:
            message = folder.get_sub_message(number)
            yield str(message.identifier), here, _item(message, names)
        except _FAILS:
            yield f"{'/'.join(here)}/{number + 1}", here, None
    for number in range(folder.number_of_sub_folders):
        try:
            inner = folder.get_sub_folder(number)
        except _FAILS:
            yield f"{'/'.join(here)}/{number + 1}", here, None
            continue
        yield from _folder(inner, here, names, seen)


def _names(store: Any) -> dict[int, tuple[str, int]]:
    """The numbers of named properties: the same two streams as in a .msg."""
    table = store.get_name_to_id_map()
    if table is None:
        return {}
    found = {entry.entry_type: entry.data for records in table.record_sets for entry in records.entries if entry.entry_type in {2, 3}}
    return names_in(found.get(2) or b"", found.get(3) or b"")


def _item(message: Any, names: dict[int, tuple[str, int]]) -> Item:
    item = Item()
    for records in message.record_sets:
        values, named = _values(records, names)
        item.values.update(values)
        item.named.update(named)
    recipients = message.recipients
    for records in (recipients.record_sets if recipients is not None else ()):
        if len(item.recipients) < MOST_RECIPIENTS:
            item.recipients.append(_values(records, {})[0])
    for number in range(min(message.number_of_attachments, MOST_ATTACHMENTS)):
        item.attachments.append(_attachment(message, number))
    return item


def _attachment(message: Any, number: int) -> Attachment:
    try:
        attachment = message.get_attachment(number)
        values: dict[int, Value] = {}
        for records in attachment.record_sets:
            values.update(_values(records, {})[0])
    except _FAILS:
        return Attachment({}, bytes)
    found = Attachment(values, bytes)
    if found.is_calendar or found.is_sealed:
        raw = _content(attachment)
        found.data = lambda: raw
    return found


def _content(attachment: Any) -> bytes:
    try:
        return attachment.read_buffer(min(attachment.size, MOST_ATTACHED)) or b""
    except _FAILS:
        return b""


def _values(records: Any, names: dict[int, tuple[str, int]]) -> tuple[dict[int, Value], dict[tuple[str, int], Value]]:
    found: dict[int, Value] = {}
    named: dict[tuple[str, int], Value] = {}
    later: list[tuple[int, bytes]] = []
    for number in range(records.number_of_entries):
        entry = records.get_entry(number)
        name = entry.entry_type
        if name not in WANTED and name not in names:
            continue
        try:
            raw, kind = entry.data, entry.value_type
        except _FAILS:
            continue
        if raw is None:
            continue
        if kind == 0x001E:  # noqa: PLR2004  text in the item's code page, which may stand after it
            later.append((name, raw))
            continue
        value = _value(raw, kind)
        if value is None:
            continue
        if name in names:
            named[names[name]] = value
        else:
            found[name] = value
    page = found.get(MESSAGE_CODEPAGE, 0)
    for name, raw in later:
        charset = codec_of_page(page) if isinstance(page, int) and name != TRANSPORT_HEADERS else ""
        found[name] = decoded(raw.rstrip(b"\0"), charset)
    return found, named


def _value(raw: bytes, kind: int) -> Value | None:
    """A property as its type says ([MS-OXCDATA] 2.11.1)."""
    if kind == 0x001F:  # noqa: PLR2004
        return raw[:len(raw) & ~1].decode("utf-16-le", "replace").rstrip("\0")
    if kind == 0x0003:  # noqa: PLR2004
        return int.from_bytes(raw[:4], "little", signed=True)
    if kind == 0x000B:  # noqa: PLR2004
        return any(raw)
    if kind == 0x0040:  # noqa: PLR2004
        return filetime(int.from_bytes(raw[:8], "little"))
    return raw if kind == 0x0102 else None  # noqa: PLR2004
