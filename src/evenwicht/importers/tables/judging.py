"""Which rows of a table can be used: all that they must have is there, and nobody in them is to be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.tables.columns import is_empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenwicht.importers.source import Reading
    from evenwicht.importers.tables.columns import Block, Plan
    from evenwicht.importers.tables.complaints import Complaints
    from evenwicht.importers.tables.parties import Parties


class Judge:
    """Judges the rows of one table; what a row lacks is a problem of the Reading, and counted there."""

    def __init__(self, reading: Reading, plan: Plan, complaints: Complaints, parties: Mapping[str, Parties]) -> None:
        self._reading, self._plan, self._complaints, self._parties = reading, plan, complaints, parties

    def usable(self, block: Block, sides: Mapping[str, Sequence[str | None]]) -> list[bool]:
        """Which rows have all that they must have; what the others lack is a problem."""
        usable = [True] * len(block)
        for name in self._plan.match.columns:
            self._judge_cells(block, name, usable)
        for name, party in self._parties.items():
            found = sides[name]
            if None not in found and not party.excluded:
                continue
            for row, identifier in enumerate(found):
                if identifier is None and party.optional:
                    continue
                if identifier is None and usable[row]:
                    usable[row] = False
                    self._lost()
                    self._complaints.nobody(block.numbers[row], name)
                elif identifier in party.excluded and usable[row]:
                    usable[row] = False
                    self._reading.counted["excluded"] += 1
        return usable

    def _lost(self) -> None:
        self._reading.counted["left out"] += 1

    def _judge_cells(self, block: Block, name: str, usable: list[bool]) -> None:
        rule, readable = self._plan.layout.columns[name], self._plan.typed.get(name)
        if readable is None:
            if rule.filled and "" in (texts := block.text(name)):
                for row, text in enumerate(texts):
                    if not text and usable[row]:
                        usable[row] = False
                        self._lost()
                        self._complaints.missing(block.numbers[row], name)
            return
        values: Sequence[object] = block.moments(name) if rule.type == "date" else block.figures(name)
        if None not in values:
            return
        if not (rule.filled or readable.bad or readable.unbelieved or readable.in_doubt):
            return
        for row, (cell, value) in enumerate(zip(block.raw(name), values, strict=True)):
            if value is not None:
                continue
            if is_empty(cell, rule):
                if not (rule.filled and usable[row]):
                    continue
                self._complaints.missing(block.numbers[row], name)
            elif cell in readable.in_doubt:
                self._complaints.in_doubt(name, cell)
            elif cell in readable.unbelieved:
                self._complaints.unbelieved(block.numbers[row], name, cell)
            else:
                self._complaints.unreadable(block.numbers[row], name, cell, lost=rule.filled)
            if rule.filled and usable[row]:
                usable[row] = False
                self._lost()
