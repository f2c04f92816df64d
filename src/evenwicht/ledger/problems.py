"""Wrong data is a value: what is wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from evenwicht.phrase import Phrase

Severity = Literal["note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that could not be read or not be trusted; everything around it was read.

    file, place     where: a path and a line, record or element ("" = the whole file)
    what, remedy    English templates with `{name}` places, filled from `values`; keys of the Dutch catalogue
    severity        `note`: nothing lost · `warning`: a part was left out or assumed · `error`: the record is lost
    """

    file: str
    place: str
    what: str
    remedy: str
    severity: Severity = "error"
    values: dict[str, object] = field(default_factory=dict)

    @property
    def what_phrase(self) -> Phrase:
        return Phrase(self.what, self.values)

    @property
    def remedy_phrase(self) -> Phrase:
        return Phrase(self.remedy, self.values)

    def as_dict(self) -> dict[str, str]:
        """The line of `LEDGER.problems.jsonl`: file, place, what, remedy, severity, in English."""
        return {
            "file": self.file, "place": self.place, "what": str(self.what_phrase),
            "remedy": str(self.remedy_phrase), "severity": self.severity,
        }

    def __hash__(self) -> int:
        return hash((self.file, self.place, str(self.what_phrase)))
