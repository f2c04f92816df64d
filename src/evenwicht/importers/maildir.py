"""A Maildir: a folder with `cur` and `new`, one mail a file, sub-folders named `.Sent`. It is read, never changed."""

from __future__ import annotations

import base64
import binascii
import os
import re
from typing import TYPE_CHECKING

from evenwicht.importers.letters.message import MOST_BYTES, Intake
from evenwicht.importers.source import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evenwicht.importers.source import Head, Source

NAME = "maildir"

MOST_DEPTH = 10
_FLAGS = re.compile(r"[:;!,\uf022]2,([A-Za-z,]*)$")
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


def identify(head: Head) -> bool:
    """A folder that holds `cur` and `new`, or one of them and `tmp`."""
    if not head.is_folder:
        return False
    return is_maildir(head.path)


def is_maildir(path: Path) -> bool:
    """Whether a folder holds the rooms of a Maildir."""
    cur, new = (path / "cur").is_dir(), (path / "new").is_dir()
    return (cur and new) or ((cur or new) and (path / "tmp").is_dir())


def read(source: Source) -> Reading:
    """Read the folder and its sub-folders, in the order of their names. Drafts (flag D) were never sent: counted only."""
    reading = Reading(label=source.label)
    intake = Intake(source, reading)
    for folder, labels in _folders(source.path, (), 0):
        for room in ("cur", "new"):
            for path in _files(folder / room):
                _take(path, intake, labels)
    intake.close()
    return reading


def _take(path: Path, intake: Intake, labels: tuple[str, ...]) -> None:
    source = intake.source
    place = _plain_name(path.relative_to(source.path).as_posix())
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as failed:
        intake.reading.problem(
            place, "The mail could not be opened: {reason}.", "Check that you may read this file.", reason=failed.strerror or "?",
        )
        return
    flags = _FLAGS.search(path.name)
    draft = flags is not None and "D" in flags[1] and path.parent.name == "cur"
    intake.take(data, place, labels=labels, draft=draft, cut=len(data) > MOST_BYTES)
    source.advance(len(data))


def _folders(path: Path, labels: tuple[str, ...], depth: int) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The Maildir itself and every Maildir in it, with the names it may be excluded by. Links are not followed."""
    yield path, labels or ("INBOX",)
    if depth >= MOST_DEPTH:
        return
    for entry in _entries(path):
        if entry.name in {"cur", "new", "tmp"} or not entry.is_dir(follow_symlinks=False):
            continue
        inner = path / entry.name
        if is_maildir(inner):
            yield from _folders(inner, _names(entry.name, labels), depth + 1)


def _files(room: Path) -> Iterator[Path]:
    for entry in _entries(room):
        if entry.is_file(follow_symlinks=False) and not entry.name.startswith("."):
            yield room / entry.name


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _names(folder: str, above: tuple[str, ...]) -> tuple[str, ...]:
    """`.My Folder.Sent` may be excluded as `My Folder.Sent`, `My Folder/Sent`, `My Folder` or `Sent`."""
    whole = _readable(folder.removeprefix("."))
    parts = [part for part in whole.split(".") if part]
    return tuple(dict.fromkeys((*above, folder, whole, "/".join(parts), *parts)))


def _readable(name: str) -> str:
    """Folder names in IMAP's modified UTF-7 (RFC 3501, 5.1.3): `Verzonden &AOk-n` → `Verzonden één`-like text."""
    def letters(found: re.Match[str]) -> str:
        if not found[1]:
            return "&"
        packed = found[1].replace(",", "/")
        try:
            return base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-16-be")
        except (binascii.Error, UnicodeDecodeError):
            return found[0]

    return _SHIFTED.sub(letters, name)


def _plain_name(name: str) -> str:
    """Without the flags: they change when a mail is read, and its place must not."""
    return _FLAGS.sub("", name)
