"""What tests of writers ask: the file read by our own importer, as rows that can be compared."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from evenwicht.importers.source import Source
from evenwicht.ledger.persons import Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import ModuleType

    from evenwicht.importers.source import Reading
    from evenwicht.ledger.events import Event

PSEUDONYM = Pseudonyms(b"key")
NOW = datetime(2026, 7, 1, tzinfo=UTC)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read_again(importer: ModuleType, path: Path) -> Reading:
    found: Reading = importer.read(Source(path, path.name, NOW, PSEUDONYM))
    return found


def facts(events: Iterable[Event], *names: str) -> list[tuple[Any, ...]]:
    """These columns of the events, in an order of their own."""
    return sorted((tuple(getattr(one, name) for name in names) for one in events), key=repr)
