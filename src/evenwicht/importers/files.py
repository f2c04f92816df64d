"""A file as bytes: whole when it is not too large, or a problem that says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenwicht.importers.source import Reading, Source


def whole(source: Source, reading: Reading, limit: int, what: str, remedy: str) -> bytes | None:
    """All bytes of a file of at most `limit` bytes; None after a problem where it cannot be opened or is larger.

    `what` and `remedy` say, for the latter, what the file is and how to get a smaller one; `{size}` and `{limit}` in them are MB.
    """
    try:
        size = source.path.stat().st_size
        data = source.path.read_bytes() if size <= limit else None
    except OSError as error:
        reading.problem("", "The file cannot be opened: {reason}.", "Check that it is there and may be read.",
                        reason=error.strerror or type(error).__name__)
        return None
    if data is None:
        reading.problem("", what, remedy, size=size // 1_000_000, limit=limit // 1_000_000)
    return data
