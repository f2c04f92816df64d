"""Which files there are under what a person named, each with its label and the whole it belongs to."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from evenwicht import registry
from evenwicht.engines.workers.one_file import IMPORTERS
from evenwicht.errors import FileMissing, WrongCall
from evenwicht.importers.source import Head
from evenwicht.ledger.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType


class Opener(Protocol):
    """What can open archives: gives the folder with what was in one and what was wrong with it, None for another file."""

    def opened(self, path: Path, label: str) -> tuple[Path, list[Problem]] | None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """One file or Maildir: where it is, how it is called, the name of the whole it belongs to, and its bytes."""

    path: Path
    label: str
    root: str
    size: int


@dataclass(slots=True)
class Walk:
    """A way through everything that was named. `problems` are folders and archives that could not be opened in full."""

    archives: Opener | None = None
    problems: list[Problem] = field(default_factory=list)

    def through(self, paths: Sequence[str | Path]) -> Iterator[Found]:
        """Every file or Maildir under what was named. Links in folders are not followed, hidden files not read.

        Raises FileMissing for a path that is not there, WrongCall for one that is neither a file nor a folder.
        """
        importers = list(registry.members(IMPORTERS).values())
        for named in paths:
            path = Path(named)
            if path.is_file():
                yield from self._file(path, path.name, path.resolve().parent.name, importers)
            elif path.is_dir():
                yield from self._folder(path, path.name, importers)
            elif path.exists():
                raise WrongCall("{path} is neither a file nor a folder. Save what comes out of it in a file, and name that.", path=str(named))
            else:
                raise FileMissing("{path} does not exist. Check the name; a folder is read with everything in it.", path=str(named))

    def _file(self, path: Path, label: str, root: str, importers: Sequence[ModuleType]) -> Iterator[Found]:
        try:
            opened = self.archives.opened(path, label) if self.archives is not None else None
        except OSError:  # who reads it says so
            opened = None
        if opened is None:
            yield Found(path, label, root, size(path))
            return
        folder, problems = opened
        self.problems.extend(problems)
        # archives within it are folders by now: nothing is opened beyond the limits that were kept there
        yield from Walk(problems=self.problems)._folder(folder, label, importers)  # noqa: SLF001

    def _folder(self, folder: Path, label: str, importers: Sequence[ModuleType]) -> Iterator[Found]:
        head = Head.of(folder)
        if any(importer.identify(head) for importer in importers):
            yield Found(folder, label, label, size(folder))
            return
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self.problems.append(Problem(
                label, "", "The folder cannot be opened: {reason}.", "Check that it may be read, and read it again.", "error",
                {"reason": error.strerror or "unknown"}))
            return
        for entry in entries:
            if entry.is_symlink() or entry.name.startswith("."):
                continue
            inner = str(Path(label, entry.name))
            if entry.is_dir():
                yield from self._folder(entry, inner, importers)
            elif entry.is_file():
                yield from self._file(entry, inner, label, importers)


def size(path: Path) -> int:
    """Bytes of a file, or of everything in a folder; 0 for what is not there, or goes while one looks."""
    try:
        if not path.is_dir():
            return path.stat().st_size
        total = 0
        for folder, _inner, names in os.walk(path):
            for name in names:
                inside = Path(folder, name)
                if not inside.is_symlink() and inside.is_file():
                    total += inside.stat().st_size
    except OSError:
        return 0
    return total
