"""Everything that can be wrong with a *call*. Wrong *data* is a `ledger.problems.Problem`, a value, never raised.

EvenwichtError              exit code
├── WrongCall               2   a value the caller gave: what it was, what is allowed, a hint
│   ├── FileMissing             a path that is not there
│   ├── NotALedger              a file that is not a ledger, or of a schema this release does not know
│   └── UnknownParty            a party the ledger does not hold
├── NothingRead             1   no usable event in anything that was given
└── OwnFault                3   a mistake of ours, with a reference to the log
"""

from __future__ import annotations

from typing import Any

from evenwicht.phrase import Phrase


class EvenwichtError(Exception):
    """A sentence that says what is wrong, where, and what to do. `phrase` can be said in another language."""

    exit_code = 3

    def __init__(self, template: str, /, **values: object) -> None:
        self.phrase = Phrase(template, values)
        super().__init__(str(self.phrase))


class WrongCall(EvenwichtError):
    """The caller gave a value that cannot be used."""

    exit_code = 2


class FileMissing(WrongCall):
    """A path that does not exist or cannot be opened."""


class NotALedger(WrongCall):
    """A file that is not a ledger this release can read."""


class UnknownParty(WrongCall):
    """A party that is not in the ledger."""


class NothingRead(EvenwichtError):
    """Nothing usable came out of what was given."""

    exit_code = 1
    problems: tuple[Any, ...] = ()
    """The `ledger.problems.Problem`s on the way to nothing."""


class OwnFault(EvenwichtError):
    """A mistake in Evenwicht itself."""

    exit_code = 3
