"""Log lines name nobody: what looks like a mail address or the secret of a link is replaced before it is written."""

from __future__ import annotations

import logging
import re

_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_SECRET = re.compile(r"(/accounts/(?:link|first)/)[\w-]+")


def nameless(text: str) -> str:
    """The text without mail addresses and without the secrets of one-time links."""
    return _SECRET.sub(r"\1…", _ADDRESS.sub("…@…", text))


class Nobody(logging.Filter):
    """Makes every line nameless; what came with an error is kept as it is made by our own code, without values."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = nameless(record.getMessage()), None
        return True
