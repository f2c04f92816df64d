"""Where files of books stand below EVENWICHT_HOME: what is being uploaded, and the ledger of each import."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_PARTS, LONGEST_PART = 12, 120


def arriving() -> Path:
    """Uploads while they come in."""
    return _folder(Path(settings.HOME) / "uploads" / "arriving")


def upload(number: int) -> Path:
    """What one import brought, until it is read."""
    return Path(settings.HOME) / "uploads" / str(number)


def brought(number: int, label: str) -> Path | None:
    """A file of an import by its label, while it is here; nothing outside the import's folder."""
    path = upload(number) / label
    return path if ".." not in path.parts and path.is_relative_to(upload(number)) and path.is_file() else None


def leave(folder: Path, wanted: Collection[Path]) -> None:
    """Take away what a folder holds but for some files; the folder itself where none are wanted."""
    if not wanted:
        remove(folder)
        return
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in wanted:
            path.unlink()


def layout(organisation: int, number: int) -> Path:
    """One of an organisation's own layouts."""
    return _folder(Path(settings.HOME) / "books" / str(organisation)) / f"layout-{number}.toml"


def ledger(organisation: int, number: int) -> Path:
    """The ledger file of one import."""
    return _folder(Path(settings.HOME) / "books" / str(organisation)) / f"{number}.parquet"


def whole(organisation: int) -> Path:
    """The ledger of everything that holds, for downloads and for the command line."""
    return _folder(Path(settings.HOME) / "books" / str(organisation)) / "ledger.parquet"


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def within(folder: Path, named: str) -> Path:
    r"""A place below a folder for a name that somebody sent: no way up, no hidden files, nothing too long.

    `../../etc/passwd` → `etc/passwd`, `C:\mail\a.eml` → `C_/mail/a.eml`
    """
    parts = []
    for part in PurePosixPath(named.replace("\\", "/")).parts:
        clean = "".join(sign if sign.isprintable() and sign not in '<>:"|?*\x00/' else "_" for sign in part).strip(" ").lstrip(".")
        if clean and part != "/":
            stem, dot, ending = clean.rpartition(".")
            room = LONGEST_PART - len(ending) - 1
            parts.append(clean if len(clean) <= LONGEST_PART else f"{stem[:room]}{dot}{ending}" if dot and room > 0 else clean[:LONGEST_PART])
    return folder.joinpath(*parts[-MOST_PARTS:]) if parts else folder / "file"


def free(path: Path) -> Path:
    """The path, or one beside it where something stands there already."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def remove(path: Path) -> None:
    """A file or a folder with all in it; what is not there is no matter."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
