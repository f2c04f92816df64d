"""What people write into addresses and forms, as values."""

from __future__ import annotations


def whole(text: str, otherwise: int = 0, *, digits: int = 9) -> int:
    """The whole number that is meant; `otherwise` for what is none, or has more digits than any can have."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else otherwise
