"""Where the application's state lives, and which day it is. Beside `cli` and `web` the only place that looks outside."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, date, datetime
from pathlib import Path

from evenwicht.ledger.persons import Pseudonyms

KEY_BYTES = 32


def home() -> Path:
    """`EVENWICHT_HOME`, default `./var`."""
    return Path(os.environ.get("EVENWICHT_HOME") or "var")


def today() -> date:
    """The day in UTC: what is dated later cannot have happened."""
    return datetime.now(UTC).date()  # noqa: TID251  a caller who wants another day says so


def pseudonyms(folder: Path | None = None) -> Pseudonyms:
    """The pseudonyms of this installation. Their key is made once and kept readable for its owner only; whoever deletes
    it erases the way back from a pseudonym to a person.
    """
    path = (folder or home()) / "person.key"
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        key = secrets.token_bytes(KEY_BYTES)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
    return Pseudonyms(key)
