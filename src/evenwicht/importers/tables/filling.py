"""Templates such as `invoice:{giver}:{number}:{at.year}`, filled for all rows of a block at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from evenwicht.importers.tables.columns import Block
from evenwicht.importers.tables.layout import Template


class Filling:
    """Fills templates for all rows of a block. A template is filled in a row when none of its places is empty there."""

    def __init__(
        self, block: Block, name: str, at: Sequence[datetime | None], giver: Sequence[str | None], receiver: Sequence[str | None],
    ) -> None:
        self._block, self._name, self._at, self._giver, self._receiver = block, name, at, giver, receiver
        self.own_ids: list[str] = []

    def fill(self, templates: Sequence[Template]) -> list[str]:
        """The first template that is filled, for each row; empty where none is."""
        filled: list[str] = []
        for template in templates:
            texts = self._one(template)
            filled = [old or new for old, new in zip(filled, texts, strict=True)] if filled else texts
        return filled or [""] * len(self._block)

    def _one(self, template: Template) -> list[str]:
        lists = [self._place(place) for place in template.places]
        if not lists:
            return [template.parts[0]] * len(self._block)
        start, *between = template.parts[::2]
        if len(lists) == 1:
            end = between[0]
            return lists[0] if not (start or end) else [f"{start}{text}{end}" if text else "" for text in lists[0]]
        return [
            start + "".join(text + fixed for text, fixed in zip(texts, between, strict=True)) if all(texts) else ""
            for texts in zip(*lists, strict=True)
        ]

    def _place(self, place: str) -> list[str]:
        if place == "giver":
            return [text or "" for text in self._giver]
        if place == "receiver":
            return [text or "" for text in self._receiver]
        if place == "at":
            return [f"{moment:%Y-%m-%dT%H:%MZ}" if moment is not None else "" for moment in self._at]
        if place == "at.year":
            return [str(moment.year) if moment is not None else "" for moment in self._at]
        event, dot, _id = place.partition(".")
        if dot:
            return self.own_ids if event == self._name else self._block.ids[event]
        return self._block.text(place)
