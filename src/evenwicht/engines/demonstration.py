"""The examples: a small Dutch supplier and a dozen partners, read as their owner would read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.engines.reading import Report, Settings, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

FIRM = "berk"
"""The folder of the example firm's own files."""

US = ("berk.example",)


def read_examples(
    folder: Path, *, now: datetime | None = None, advance: Callable[[str, int], None] = lambda _label, _bytes: None,
) -> Report:
    """The ledger of the example firm, from all its files."""
    return read([folder / FIRM], Settings(us=US), now=now, advance=advance)
