"""What is still missing before an axis can be judged: sentences that name the source to bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from evenwicht.measures.verdict import FEWEST_OBSERVATIONS, FEWEST_WEEKS
from evenwicht.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenwicht.measures.facts import Facts

_SOURCE = {
    "message": "message", "question": "message", "talk": "talk", "meeting": "meeting", "invoice": "invoice",
    "payment": "payment", "delivery": "delivery", "order_response": "delivery", "promise": "promise",
}
_BESIDE = frozenset({"talk", "meeting"})
"""Sources that add to an axis which mail alone can fill: never what is missing."""



@dataclass(frozen=True, slots=True)
class Wanted:
    """Names for people, and which of the two we are (None when neither)."""

    names: Mapping[str, str]
    us: str | None

    def name(self, key: str) -> str:
        return self.names.get(key, key)

    def missing(self, facts: Facts, a: str, b: str, kinds: tuple[str, ...], answer: str | None) -> tuple[Phrase, ...]:
        """The sources without which this pair and these kinds are not seen both ways."""
        found: dict[str, Phrase] = {}
        if not facts.covered.complete:
            sources = dict.fromkeys(_SOURCE[kind] for kind in (*kinds, *((answer,) if answer else ())) if kind in _SOURCE)
            for kind in [source for source in sources if source not in _BESIDE or len(sources) == 1]:
                for giver, receiver in ((a, b), (b, a)):
                    if facts.covered.ends(giver, receiver, kind) is None:
                        phrase = self._source(kind, giver, receiver)
                        found[str(phrase)] = phrase
        if set(kinds) & {"message", "question"}:
            for party in (a, b):
                if (a, b, party) in facts.lost:
                    phrase = Phrase("mailboxes of the colleagues at {party} who also write with {other}",
                                    {"party": self.name(party), "other": self.name(b if party == a else a)})
                    found[str(phrase)] = phrase
            if "question" in kinds and not found and all(
                facts.covered.ends(giver, receiver, "question") is None for giver, receiver in ((a, b), (b, a))
            ) and not facts.covered.complete:
                phrase = Phrase("mail with its reply headers, or a log that says what answers what")
                found[str(phrase)] = phrase
        return tuple(found.values())

    def _source(self, kind: str, giver: str, receiver: str) -> Phrase:
        holder = receiver if self.us == receiver else giver
        values: dict[str, object] = {"party": self.name(holder)}
        if kind == "message":
            if holder == giver:
                return Phrase("sent mail of {party}", values)
            return Phrase("received mail of {party}", values)
        if kind == "payment":
            return Phrase("bank statements of {party}", values)
        if kind == "invoice":
            return Phrase("invoices from {giver} to {receiver}", {"giver": self.name(giver), "receiver": self.name(receiver)})
        if kind == "delivery":
            return Phrase("deliveries from {giver} to {receiver}", {"giver": self.name(giver), "receiver": self.name(receiver)})
        if kind == "promise":
            return Phrase("promises of both sides", {})
        return Phrase("calendar of {party}", values)


def later(party: str, kind: str, end_us: int) -> Phrase:
    """What ends before `until`: the axis is judged there, and says so."""
    day = datetime.fromtimestamp(end_us / 1e6, UTC).date()
    if kind == "payment":
        return Phrase("bank statements of {party} after {day}", {"party": party, "day": day})
    if kind == "message":
        return Phrase("mail of {party} after {day}", {"party": party, "day": day})
    return Phrase("records of {party} after {day}", {"party": party, "day": day})


def more(observations: int, weeks: int) -> Phrase:
    """A longer history, or more of it."""
    if observations < FEWEST_OBSERVATIONS or weeks < FEWEST_WEEKS:
        return Phrase("a longer history: {fewest} observations in {few_weeks} weeks are needed",
                      {"fewest": FEWEST_OBSERVATIONS, "few_weeks": FEWEST_WEEKS})
    return Phrase("a longer history: the figures are still too uncertain", {})
