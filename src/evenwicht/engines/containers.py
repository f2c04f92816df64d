"""What lies in a ZIP, a tar or a packed file, member by member, and nothing of it on disk or in memory yet.

Nothing in an archive is believed: not its names, not its sizes, not that its members lie apart.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Kind = Literal["zip", "tar", "packed tar", "packed", "foreign"]
Refusal = Literal["", "locked", "method", "link", "overlap"]

DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error, IndexError,
    NotImplementedError, OverflowError, KeyError,
)
"""What the readers of the standard library raise on archives that are damaged or made to harm."""

_UNIX = 3
"""The system that a ZIP names where its members have modes of Unix."""

MOST_DIRECTORY = 64_000_000
"""Bytes of a ZIP's table of contents: some 500,000 names of usual length. It is the one thing that is held in memory."""
MOST_RATIO = 200
"""Unpacked to packed. Statements and mail reach 50, the most that deflate can do is 1,032."""
RATIO_FROM = 10_000_000
"""Bytes from which a ratio is looked at: small files may be very regular."""
_MOST_AT_ONCE = 1 << 24
"""A tar reader that asks for more than this at once was told a false length."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_FOREIGN = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\x00")
_OFFICE = frozenset({"[content_types].xml", "mimetype", "meta-inf/manifest.mf", "meta-inf/reportpackage.json", "index/document.iwa",
                     "androidmanifest.xml"})
"""Names by which a ZIP is one document: Office and OpenDocument, EPUB, Java and Android programs, XBRL report packages, iWork."""
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
"""How members may be packed. LZMA may ask for gigabytes of memory, Deflate64 and the others the standard library cannot open."""
_LOCKED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_UNICODE_NAME = 0x7075


@dataclass(frozen=True, slots=True)
class Member:
    """One file or folder of an archive.

    name        as the archive says it: unsafe, `/` between its parts
    open        gives its bytes; may raise one of DAMAGE then, or while they are read
    packed      bytes it takes in the archive; None where that is not known of one member (tar)
    folder      it is a folder
    refused     why it is not opened: `locked` with a password, an unknown `method`, a `link` or device, an `overlap` with another
    """

    name: str
    open: Callable[[], IO[bytes]]
    packed: int | None = None
    folder: bool = False
    refused: Refusal = ""


def kind_of(path: Path) -> Kind | None:
    """What kind of archive a file is, by its content; None: none, or a document that is a ZIP inside. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(1_024)
    if start.startswith(_ZIP):
        return None if _is_document(path, start) else "zip"
    if start.startswith(_FOREIGN):
        return "foreign"
    if _is_tar(start):
        return "tar"
    if start.startswith((b"\x1f\x8b\x08", b"BZh")):
        try:
            with _unpacked(path) as inside:
                return "packed tar" if _is_tar(inside.read(1_024)) else "packed"
        except DAMAGE:
            return "packed"
    return None


def members(path: Path, kind: Kind, named: str) -> Iterator[Member]:
    """The members of an archive in their order; `named` is what the archive is called, for the one file in a packed file.

    Raises one of DAMAGE when the archive itself cannot be read (on).
    """
    if kind == "zip":
        yield from _of_zip(path)
    elif kind in {"tar", "packed tar"}:
        yield from _of_tar(path, packed=kind == "packed tar")
    elif kind == "packed":
        name = re.sub(r"(?i)(?<=.)\.(?:gz|bz2)$", "", named)
        yield Member(name, lambda: cast("IO[bytes]", _opener(path)(path, "rb")), path.stat().st_size)


def _is_document(path: Path, start: bytes) -> bool:
    length = int.from_bytes(start[26:28], "little") if start.startswith(_ZIP[0]) else 0
    first = start[30:30 + length].lower()
    if first in {b"[content_types].xml", b"mimetype"}:
        return True
    try:
        with _opened(path) as archive:
            return any(info.orig_filename.lower() in _OFFICE for info in archive.infolist())
    except DAMAGE:
        return False


def _is_tar(block: bytes) -> bool:
    """A tar begins with a header whose check sum is right; many old ones hold no mark."""
    if len(block) < tarfile.BLOCKSIZE or not block[:1].strip(b"\0"):
        return False
    try:
        tarfile.TarInfo.frombuf(block[:tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


def _opener(path: Path) -> Callable[..., object]:
    with path.open("rb") as file:
        return gzip.open if file.read(2) == b"\x1f\x8b" else bz2.open


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    with cast("IO[bytes]", _opener(path)(path, "rb")) as inside:
        yield inside


def _opened(path: Path) -> zipfile.ZipFile:
    """The table of contents of a ZIP. Raises BadZipFile also where it is larger than it may be."""
    if _directory_bytes(path) > MOST_DIRECTORY:
        raise zipfile.BadZipFile("table of contents")
    return zipfile.ZipFile(path)


def _directory_bytes(path: Path) -> int:
    """Bytes of the table of contents, as the end of a ZIP says (APPNOTE 4.3.14 and 4.3.16); 0 where it says nothing."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 66_000))
        tail = file.read()
    wide = tail.rfind(b"PK\x06\x06")
    if wide >= 0:
        return int.from_bytes(tail[wide + 40:wide + 48], "little")
    end = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[end + 12:end + 16], "little") if end >= 0 else 0


def _of_zip(path: Path) -> Iterator[Member]:
    with _opened(path) as archive:
        infos = archive.infolist()
        hidden = _inside_others(infos)
        for number, info in enumerate(infos):
            mode = info.external_attr >> 16
            refused: Refusal = ""
            if number in hidden:
                refused = "overlap"
            elif info.create_system == _UNIX and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
                refused = "link"
            elif info.flag_bits & _LOCKED:
                refused = "locked"
            elif info.compress_type not in _METHODS:
                refused = "method"
            name = _name(info)
            yield Member(name, partial(archive.open, info), info.compress_size, name.endswith(("/", "\\")), refused)


def _inside_others(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Members that begin within the bytes of another: the way to pack the same bytes a thousand times."""
    found: set[int] = set()
    end = 0
    for number in sorted(range(len(infos)), key=lambda each: infos[each].header_offset):
        info = infos[number]
        if info.header_offset < end:
            found.add(number)
        else:
            end = info.header_offset + 30 + info.compress_size
    return found


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its maker meant it: the Unicode field, else UTF-8 where it is that, else code page 437 (APPNOTE, D)."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    extra, position = info.extra, 0
    while position + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, position)
        if tag == _UNICODE_NAME and length > 5 and struct.unpack_from("<I", extra, position + 5)[0] == zlib.crc32(raw):  # noqa: PLR2004
            return extra[position + 9:position + 4 + length].decode("utf-8", "replace")
        position += 4 + length
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return info.orig_filename


class _Careful:
    """A file that refuses to give too much at once: a tar that names a header of gigabytes gets none of it.

    most    how far it may be sought: what is packed is unpacked on the way
    """

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = most

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > _MOST_AT_ONCE:
            raise tarfile.ReadError("length")
        return self._file.read(size)

    def seek(self, position: int, whence: int = 0) -> int:
        if whence or position > self._most:
            raise tarfile.ReadError("position")
        return self._file.seek(position)

    def tell(self) -> int:
        return self._file.tell()


def _of_tar(path: Path, *, packed: bool) -> Iterator[Member]:
    size = path.stat().st_size
    most = max(RATIO_FROM, MOST_RATIO * size) if packed else size
    with (
        cast("IO[bytes]", _opener(path)(path, "rb")) if packed else path.open("rb") as file,
        tarfile.open(fileobj=cast("IO[bytes]", _Careful(file, most)), mode="r:") as archive,
    ):
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # what was passed is not kept: a tar may hold millions
            refused: Refusal = "" if info.isdir() or (info.isreg() and not info.issparse()) else "link"
            yield Member(info.name, partial(_of, archive, info), None, info.isdir(), refused)


def _of(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    found = archive.extractfile(info)
    if found is None:
        raise tarfile.ReadError(info.name)
    return found
