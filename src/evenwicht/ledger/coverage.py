"""What a source could have shown. Outside it a fact is unknown, never zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Sees = Literal["both", "given", "received"]


@dataclass(frozen=True, slots=True, order=True)
class Coverage:
    """One statement: this source would have shown these kinds of events of this party, in this time.

    party       an identifier of the party whose view it is; None = of everyone in the source
    person      keyed pseudonym of the person whose mailbox it is; None = the whole party
    kinds       kinds of events it would have shown
    start, end  first and last moment covered, aware, UTC, both included
    sees        `given`: what the party gave · `received`: what it received · `both`
    """

    source: str
    party: str | None
    person: str | None
    kinds: tuple[str, ...]
    start: datetime
    end: datetime
    sees: Sees = "both"

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of `evenwicht.coverage`."""
        return {
            "source": self.source, "party": self.party, "person": self.person, "kinds": list(self.kinds),
            "from": self.start.isoformat(), "to": self.end.isoformat(), "sees": self.sees,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Coverage:
        return cls(
            source=stored["source"], party=stored["party"], person=stored.get("person"),
            kinds=tuple(stored["kinds"]), start=datetime.fromisoformat(stored["from"]),
            end=datetime.fromisoformat(stored["to"]), sees=stored.get("sees", "both"),
        )
