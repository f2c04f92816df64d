"""Archives are unpacked into a temporary folder, within limits, and read like the folders they were made of.

A bank delivers its statements as a ZIP, Google a mailbox as a .tgz, an archive of a list its months as .gz. What is in them must
come out as it would unpacked.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from evenwicht.engines.containers import DAMAGE, MOST_RATIO, RATIO_FROM, kind_of, members
from evenwicht.ledger.problems import Problem

if TYPE_CHECKING:
    from types import TracebackType

    from evenwicht.engines.containers import Kind, Member
    from evenwicht.ledger.problems import Severity

MOST_MEMBERS = 100_000
"""Files and folders of one archive, with the archives in it: as many mails as a large export holds."""
MOST_BYTES = 64_000_000_000
"""Unpacked, of one archive: more than the largest part (50 GB) in which Google delivers an export."""
LEFT_FREE = 1_000_000_000
"""Bytes of the disk that are never filled."""
MOST_NESTED = 2
"""Archives within an archive: a ZIP in the ZIP of an export, and one in that."""
MOST_PARTS = 40
"""Folders within folders."""
MOST_NAME = 180
"""Bytes of one name; a longer one is shortened, with a mark that keeps it apart from others."""
_BLOCK = 1 << 20
_NAMED = 3

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>"|?*]')
_DRIVE = re.compile(r"[A-Za-z]:")
_LEFT_OUT = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini", "$recycle.bin"})

# Why members were left out: what is said of them, and what to do.
_SAID: dict[str, tuple[str, str]] = {
    "locked": (
        "Locked with a password, and left out: {names}.",
        "Unpack the archive with its password, and read the folder."),
    "method": (
        "Packed in a way that is not opened here, and left out: {names}.",
        "Unpack the archive with the program that made it, and read the folder."),
    "link": (
        "Links and devices in an archive are not followed: {names}.",
        "Pack the files themselves if they are wanted."),
    "overlap": (
        "These files claim the bytes of another file in the archive, and were left out: {names}.",
        "Do not trust this archive; ask who made it for another."),
    "path": (
        "These names lead outside the archive, so the files were left out: {names}.",
        "Do not trust this archive; ask who made it for another."),
    "damaged": (
        "Damaged inside the archive, and left out: {names}.",
        "Make or download the archive again; the other files in it were read."),
    "ratio": (
        "These files unpack to more than {ratio} times their size, as an attack does, and were left out: {names}.",
        "If they are sound, unpack them with another program, and read the folder."),
    "nested": (
        "More than {nested} archives within each other are not opened: {names}.",
        "Unpack them, and read the folder."),
    "disk": (
        "These files could not be written to the temporary folder, and were left out: {names}.",
        "Make room on the disk of the temporary folder, and read the archive again."),
}


class _TooMuch(Exception):
    """A limit of the whole archive was reached; nothing more of it is unpacked."""


class Archives:
    """One temporary folder for all archives of a reading; it is gone at the end of the `with` block."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def opened(self, path: Path, label: str) -> tuple[Path, list[Problem]] | None:
        """Unpack `path`, if it is an archive: a folder with its files, and what was wrong with it.

        None: it is no archive (its content decides), or a document that is a ZIP inside, as a workbook is. An archive in
        it becomes a folder of its name. Problems carry `label` as their file, and the name in the archive as their place.
        Raises OSError when the file cannot be opened.
        """
        kind = kind_of(path)
        if kind is None:
            return None
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="evenwicht-", ignore_cleanup_errors=True)
        self._count += 1
        target = Path(self._folder.name) / str(self._count) / _shortened(path.name)
        target.mkdir(parents=True)
        about = path.stat()
        room = min(MOST_BYTES, max(0, shutil.disk_usage(target).free - LEFT_FREE))
        unpacking = _Unpacking(label, room, max(RATIO_FROM, MOST_RATIO * about.st_size), about.st_mtime_ns)
        unpacking.whole(path, kind, target)
        return target, unpacking.problems()


class _Unpacking:
    """One archive and the archives in it: what is left of the limits, and what was left out.

    room    bytes for which there is room; dense: bytes beyond which the whole is packed as only an attack is
    changed time of change of the archive, ns: the files have it too, so that a reading does not depend on its own hour
    """

    def __init__(self, label: str, room: int, dense: int, changed: int) -> None:
        self.label = label
        self.room_left = room
        self.dense_left = dense
        self.changed = changed
        self.members_left = MOST_MEMBERS
        self.files = 0
        self.found: list[Problem] = []
        self.out: dict[str, list[str]] = defaultdict(list)

    def whole(self, path: Path, kind: Kind, target: Path) -> None:
        """Unpack the archive that was named, up to a limit."""
        try:
            self._into(path, kind, target, "", 0)
        except _TooMuch as stop:
            self.found.append(stop.args[0])
        if not self.files and not self.found and not self.out:
            self._say("", "There is nothing in this archive.", "Make or download it again.", "warning")

    def problems(self) -> list[Problem]:
        """All that was wrong, at most one problem of each sort."""
        for reason, names in self.out.items():
            what, remedy = _SAID[reason]
            shown = ", ".join(names[:_NAMED]) + (f", … ({len(names)})" if len(names) > _NAMED else "")
            self.found.append(Problem(self.label, names[0], what, remedy, "warning" if reason == "link" else "error",
                                      {"names": shown, "ratio": MOST_RATIO, "nested": MOST_NESTED}))
        self.out.clear()
        return self.found

    def _say(self, place: str, what: str, remedy: str, severity: Severity = "error", **values: object) -> None:
        self.found.append(Problem(self.label, place, what, remedy, severity, values))

    def _into(self, path: Path, kind: Kind, target: Path, prefix: str, depth: int) -> None:
        if kind == "foreign":
            self._say(prefix, "This is a 7-Zip, RAR or XZ archive, which is not opened here.", "Unpack it, and read the folder.")
            return
        taken: set[str] = set()
        try:
            for member in members(path, kind, target.name):
                self.members_left -= 1
                if self.members_left < 0:
                    raise _TooMuch(Problem(
                        self.label, prefix, "The archive holds more than {most} files; the rest was not unpacked.",
                        "Unpack it, and read the folder.", "error", {"most": MOST_MEMBERS}))
                self._take(member, target, prefix, depth, taken)
        except DAMAGE:
            self._say(prefix, "The archive is damaged or cut off; what could be unpacked of it was read.", "Make or download it again.")

    def _take(self, member: Member, target: Path, prefix: str, depth: int, taken: set[str]) -> None:
        parts = _parts(member.name)
        said = f"{prefix}{_UNSAFE.sub('_', member.name)[:MOST_NAME]}"
        if parts is None:
            self.out["path"].append(said)
        elif not parts or not _LEFT_OUT.isdisjoint(part.lower() for part in parts) or parts[-1].startswith("._"):
            return
        elif member.refused:
            self.out[member.refused].append(said)
        else:
            self._write(member, target, parts, said, depth, taken)

    def _write(self, member: Member, target: Path, parts: list[str], said: str, depth: int, taken: set[str]) -> None:
        name = "/".join(parts)
        aim = target.joinpath(*parts)
        try:
            if member.folder:
                aim.mkdir(parents=True, exist_ok=True)
                return
            number = 1
            while f"{name}\0{number}".casefold() in taken or aim.exists():  # two files of one name are both wanted
                number += 1
                aim = target.joinpath(*parts[:-1], f"{Path(parts[-1]).stem} ({number}){Path(parts[-1]).suffix}")
            taken.add(f"{name}\0{number}".casefold())
            aim.parent.mkdir(parents=True, exist_ok=True)
            into = aim.open("xb")
        except OSError:
            self.out["disk"].append(said)
            return
        with into:
            reason = self._copy(member, into)
        if reason:
            aim.unlink()
            self.out[reason].append(said)
            return
        os.utime(aim, ns=(self.changed, self.changed))
        self.files += 1
        self._open_inner(aim, said, depth)

    def _copy(self, member: Member, into: IO[bytes]) -> str:
        """Write a member, block by block. Returns why it could not be, or ""."""
        written = 0
        try:
            source = member.open()
        except DAMAGE:
            return "damaged"
        with source:
            while True:
                try:
                    block = source.read(_BLOCK)
                except DAMAGE:
                    return "damaged"
                if not block:
                    return ""
                written += len(block)
                if member.packed is not None and written > RATIO_FROM and written > MOST_RATIO * member.packed:
                    return "ratio"
                self._spend(len(block))
                try:
                    into.write(block)
                except OSError:
                    return "disk"

    def _spend(self, size: int) -> None:
        self.room_left -= size
        self.dense_left -= size
        if self.room_left < 0:
            raise _TooMuch(Problem(
                self.label, "", "The archive unpacks to more than there is room for; the rest was not unpacked.",
                "Make room on the disk of the temporary folder, or unpack it elsewhere and read the folder.", "error"))
        if self.dense_left < 0:
            raise _TooMuch(Problem(
                self.label, "", "The archive unpacks to more than {ratio} times its size, as an attack does; the rest was not unpacked.",
                "If it is sound, unpack it with another program, and read the folder.", "error", {"ratio": MOST_RATIO}))

    def _open_inner(self, path: Path, said: str, depth: int) -> None:
        """An archive in the archive becomes a folder of its own name."""
        kind = kind_of(path)
        if kind is None:
            return
        if depth >= MOST_NESTED:
            self.out["nested"].append(said)
            path.unlink()
            return
        packed = path.with_name(f"{path.name[:MOST_NAME]}.evenwicht-inner")
        path.rename(packed)
        path.mkdir()
        try:
            self._into(packed, kind, path, f"{said}/", depth + 1)
        finally:
            packed.unlink()


def _parts(name: str) -> list[str] | None:
    """The parts of a member's name, each safe as a file name; None when the name leads outside the archive."""
    name = name.replace("\\", "/")
    pieces = [piece for piece in name.split("/") if piece not in {"", "."}]
    if name.startswith("/") or _DRIVE.match(name) or ".." in (piece.strip(" .") or piece.strip() for piece in pieces):
        return None
    if len(pieces) > MOST_PARTS:
        pieces = [*pieces[:MOST_PARTS - 1], _shortened("/".join(pieces[MOST_PARTS - 1:]).replace("/", "_") + "~" * MOST_NAME)]
    return [_shortened(piece) for piece in pieces]


def _shortened(name: str) -> str:
    """A name that every file system takes. A colon, which a Maildir has in its names, becomes the semicolon it has on Windows."""
    safe = _UNSAFE.sub("_", name).replace(":", ";").encode("utf-8", "replace").decode("utf-8")
    safe = safe.rstrip(" .") or "_"
    raw = safe.encode("utf-8")
    if len(raw) <= MOST_NAME:
        return safe
    mark = hashlib.sha256(raw).hexdigest()[:8]
    ending = Path(safe).suffix[:10]
    return f"{raw[:MOST_NAME - 30].decode('utf-8', 'ignore')}~{mark}{ending}"
