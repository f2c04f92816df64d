"""One table of a TOML file, from which keys are taken one by one. What is wrong is a WrongCall that says where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from evenwicht.errors import WrongCall

_NAME = re.compile(r"[a-z][a-z0-9_]*$")


class Table:
    """One table of a layout, from which keys are taken; `done` refuses the ones that nobody took."""

    def __init__(self, origin: str, where: str, values: dict[str, Any]) -> None:
        self.origin, self.where, self._values = origin, where, values
        self._known: list[str] = []

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def wrong(self, key: str, allowed: str) -> WrongCall:
        """The sentence for a value that cannot be used."""
        return WrongCall(
            "In the layout {origin}, {key} is {found!r}; allowed is {allowed}.",
            origin=self.origin, key=self._at(key), found=self._values.get(key), allowed=allowed,
        )

    def has(self, key: str) -> bool:
        return key in self._values

    def names(self) -> list[str]:
        return list(self._values)

    def take(self, key: str) -> Any:
        """The value as it stands, None when it is not there."""
        self._known.append(key)
        return self._values.get(key)

    def text(self, key: str) -> str | None:
        value = self.take(key)
        if value is not None and not (isinstance(value, str) and value):
            raise self.wrong(key, "a text")
        return value

    def needed(self, key: str) -> str:
        text = self.text(key)
        if text is None:
            raise self.wrong(key, "a text, and it must be given")
        return text

    def choice(self, key: str, choices: Iterable[str | bool]) -> Any:
        value = self.take(key)
        if value is not None and not any(value is choice or (value == choice and type(value) is type(choice))
                                         for choice in choices):
            raise self.wrong(key, " or ".join(repr(choice) for choice in choices))
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def number(self, key: str) -> float | None:
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < float("inf"):
            raise self.wrong(key, "a number")
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.take(key)
        if value is None:
            return ()
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(text, str) and text for text in listed):
            raise self.wrong(key, "a text or a list of texts")
        return tuple(listed)

    def table(self, key: str) -> Table:
        """A table inside this one, empty when it is not there."""
        value = self.take(key)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(key, "a table")
        return Table(self.origin, self._at(key), value or {})

    def tables(self, key: str) -> list[Table]:
        """The tables in a list of tables."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key, "a list of tables")
        return [Table(self.origin, f"{self._at(key)}[{index}]", one) for index, one in enumerate(value, start=1)]

    def members(self) -> list[tuple[str, Table]]:
        """The tables in this one, by name."""
        for key in self._values:
            if not _NAME.match(key):
                raise WrongCall(
                    "In the layout {origin}, {key} is no name; allowed are small letters, digits and _.",
                    origin=self.origin, key=self._at(key),
                )
        return [(key, self.table(key)) for key in self._values]

    def mapped(self, key: str, read: Callable[[Table, str], Any]) -> dict[str, Any]:
        """A table of single values, each read by `read`."""
        inner = self.table(key)
        return {name: read(inner, name) for name in inner.names()}

    def done(self) -> None:
        for key in self._values:
            if key not in self._known:
                close = get_close_matches(key, self._known, n=1)
                allowed = ", ".join(sorted(set(self._known)))
                if close:
                    raise WrongCall(
                        "In the layout {origin}, {key} is not known. Did you mean {near}? Allowed are {allowed}.",
                        origin=self.origin, key=self._at(key), near=close[0], allowed=allowed,
                    )
                raise WrongCall(
                    "In the layout {origin}, {key} is not known; allowed are {allowed}.",
                    origin=self.origin, key=self._at(key), allowed=allowed,
                )
