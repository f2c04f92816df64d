"""A sentence that can still be said in another language: a template and the values that fill it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence, written once in English and looked up in the catalogue for any other language.

    `template` is the English text with `{name}` places; it is the key in the Dutch catalogue.
    `values` fill the places. `str(phrase)` is the English sentence.
    """

    template: str
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language; `translate` maps an English template to that language."""
        template = translate(self.template)
        return template.format(**self.values) if self.values else template

    def __hash__(self) -> int:
        return hash((self.template, tuple(sorted((k, str(v)) for k, v in self.values.items()))))
