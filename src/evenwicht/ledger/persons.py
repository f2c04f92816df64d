"""People are keyed pseudonyms. Deleting the key is the erasure: nothing in a ledger leads back to a name."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache


class Pseudonyms:
    """Maps a person's address to 16 hexadecimal digits with a secret key; the same person gives the same digits."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._of = lru_cache(maxsize=65_536)(self._make)

    def _make(self, address: str) -> str:
        return hmac.new(self._key, address.strip().lower().encode(), hashlib.sha256).hexdigest()[:16]

    def __reduce__(self) -> tuple[type[Pseudonyms], tuple[bytes]]:
        return Pseudonyms, (self._key,)

    def __call__(self, address: str) -> str | None:
        return self._of(address) if address else None
