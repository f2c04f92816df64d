"""Regular expressions that are compiled when they are first used: each process that reads files would else compile them all,
and most files need few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that is compiled at its first use. Raises `re.error` only then."""
    return cast("re.Pattern[str]", _Late(pattern, flags))


class _Late:
    """Holds the methods of the compiled pattern from the first use on: no slower than the pattern itself."""

    __slots__ = ("_flags", "_pattern", "findall", "finditer", "fullmatch", "match", "search", "split", "sub")

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._pattern, self._flags)
        for method in self.__slots__[2:]:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
