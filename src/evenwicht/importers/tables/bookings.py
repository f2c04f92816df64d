"""Rows that are lines of a bank account: known by the same ids, and joined on the same references, as in CAMT and MT940."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evenwicht.importers.xml.values import digest, plain, token, tokens
from evenwicht.ledger.identifiers import of_iban

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from evenwicht.importers.tables.columns import Block
    from evenwicht.importers.tables.layout import Booking
    from evenwicht.ledger.events import Event


class Bookings:
    """Numbers equal lines of a day, and keeps the id that each event would have without a reference of its payer."""

    def __init__(self) -> None:
        self._equal: Counter[tuple[str, str, str, str]] = Counter()
        self._spare: dict[int, str] = {}

    def known_by(
        self, block: Block, rule: Booking, at: Sequence[datetime | None], amount: Sequence[float | None], unit: Sequence[str], ok: Sequence[bool],
    ) -> list[str]:
        """The id of each row by account, day, amount, currency and number; "" for rows that give nothing."""
        ids = []
        for text, day, value, currency, fine in zip(block.text(rule.account), at, amount, unit, ok, strict=True):
            if not fine or day is None or value is None:
                ids.append("")
                continue
            line = (_account(text), f"{day:%Y-%m-%d}", plain(abs(Decimal(repr(value)))), currency)
            self._equal[line] += 1
            ids.append(f"pay:{digest(*line, self._equal[line])}")
        return ids

    def note(self, start: int, ids: Iterable[str]) -> None:
        """Keep the ids of events that are added from `start` on."""
        self._spare.update(enumerate(ids, start))

    def tell_apart(self, events: list[Event]) -> None:
        """A reference that one payer uses for payments on different days or of different amounts is a label, no identity."""
        facts: dict[tuple[str, str, str, str], set[tuple[datetime, float | None, str]]] = {}
        for place in self._spare:
            one = events[place]
            facts.setdefault((one.id, one.kind, one.giver, one.receiver), set()).add((one.at, one.amount, one.unit))
        for place, spare in self._spare.items():
            one = events[place]
            if len(facts[one.id, one.kind, one.giver, one.receiver]) > 1:
                events[place] = replace(one, id=spare, answers=None)


def references_of(block: Block, rule: Booking, given: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The account, the references that the layout names, and numbers in the text; never the words of it."""
    texts = zip(*(block.text(name) for name in rule.text), strict=True) if rule.text else ((),) * len(block)
    return [
        tuple(dict.fromkeys(one for one in (account and f"account:{_account(account)}", *map(token, named), *tokens(words)) if one))
        for account, named, words in zip(block.text(rule.account), given, texts, strict=False)
    ]


def _account(text: str) -> str:
    iban = of_iban(text)
    return iban.removeprefix("iban:") if iban is not None else text
