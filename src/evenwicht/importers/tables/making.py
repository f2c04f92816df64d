"""The blocks of a table become events, as its layout says: one list per field, then all rows at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import compress, repeat, starmap
from typing import TYPE_CHECKING

from evenwicht.importers.tables.bookings import Bookings, references_of
from evenwicht.importers.tables.filling import Filling
from evenwicht.importers.tables.judging import Judge
from evenwicht.importers.tables.layout import US
from evenwicht.importers.tables.parties import Parties, Persons
from evenwicht.importers.tables.rows import circular_column
from evenwicht.importers.tables.units import Kinds, Units
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import AUTOMATIC, KINDS, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from evenwicht.importers.source import Reading, Source
    from evenwicht.importers.tables.columns import Block, Plan
    from evenwicht.importers.tables.complaints import Complaints
    from evenwicht.importers.tables.layout import EventRule
    from evenwicht.importers.tables.rows import Rows

CONVERSATION = frozenset({"message", "question", "talk", "meeting", "attendance", AUTOMATIC})
"""Kinds that a bound in time leaves out. Invoices and deliveries are read whole: a late payment answers an old one."""

MONEY = frozenset({"order", "order_response", "delivery", "invoice", "credit_note", "payment", "reversal"})
"""Kinds whose amount is money, and which should name its currency."""

FEWEST_FOR_ANSWERS = 8
"""Messages from which a table without any answer is one that leaves answers out."""


class Maker:
    """Makes the events of one table and adds them to a Reading, with mentions, coverage and counts."""

    def __init__(self, reading: Reading, source: Source, plan: Plan, complaints: Complaints) -> None:
        self._reading, self._source, self._plan, self._complaints = reading, source, plan, complaints
        self._layout = plan.layout
        self._parties = {name: Parties(rule, source.exclude) for name, rule in self._layout.parties.items()}
        self._persons = Persons(source.pseudonym)
        self._units = Units({"": ""})
        self._kinds = {rule.name: Kinds(rule.kind.default, dict(rule.kind.words)) for rule in self._layout.events}
        self._circulars: frozenset[str] = frozenset()
        self._equal: Counter[str] = Counter()
        self._redated: Counter[tuple[str, str]] = Counter()
        self._without_currency = 0
        self._made: Counter[str] = Counter()
        self._span: tuple[datetime, datetime] | None = None
        self._bookings = Bookings()
        self._judge = Judge(reading, plan, complaints, self._parties)
        self._given: dict[str, set[tuple[str, str | None, str | None]]] = {
            rule.name: set() for rule in self._layout.events if rule.once}

    def find_circulars(self, rows: Rows) -> None:
        """Of the ids that stand in many rows, keep those with many receivers: they are circulars."""
        watched = circular_column(self._plan)
        rule = next((rule for rule in self._layout.events if rule.circular is not None), None)
        if watched is None or rule is None or not rows.often:
            return
        column, above = watched
        receivers: dict[str, set[str]] = {}
        for block in rows.blocks():
            sides = zip(block.text(column), self._side(block, rule.giver), self._side(block, rule.receiver), strict=True)
            for text, giver, receiver in sides:
                if text in rows.often and receiver is not None and receiver != giver:
                    receivers.setdefault(text, set()).add(receiver)
        self._circulars = frozenset(text for text, found in receivers.items() if len(found) > above)

    def add(self, block: Block) -> None:
        """Add the events of a block of rows."""
        usable = self._judge.usable(block, {name: self._side(block, name) for name in self._parties})
        accounted = [not one for one in usable] if self._layout.events else [True] * len(block)
        for rule in self._layout.events:
            here = self._events(block, rule, usable, first=rule is self._layout.events[0])
            accounted = [one or other for one, other in zip(accounted, here, strict=True)]
        if False in accounted:
            for number in compress(block.numbers, [not one for one in accounted]):
                self._reading.counted["without event"] += 1
                self._complaints.no_event(number)

    def finish(self) -> None:
        """Add mentions and coverage, and say what was noticed along the way."""
        for party in self._parties.values():
            self._reading.mentions += [
                mention for mention in party.mentions if party.excluded.isdisjoint(mention.identifiers)
            ]
        self._bookings.tell_apart(self._reading.events)
        for (kind, column), count in self._redated.items():
            self._complaints.redated(kind, count, self._complaints.head(column))
        if self._without_currency:
            self._complaints.without_currency(self._without_currency)
        for kind, count in sorted(self._made.items()):
            if kind not in KINDS:
                self._complaints.odd_kind(kind, count)
        rule = self._layout.coverage
        if rule is not None and self._span is not None:
            unseen = {AUTOMATIC} if self._shows_answers() else {AUTOMATIC, "question"}
            kinds = rule.kinds or tuple(sorted({*self._made, *self._implied()} - unseen))
            self._reading.coverage.append(
                Coverage(self._source.label, rule.party, None, kinds, *self._span, rule.sees))

    def _shows_answers(self) -> bool:
        """Whether the table says what answers what. In one of some length that never does, an answer cannot be recognised,
        and a question in it is not unanswered but unknown: as in a mailbox without reply headers.
        """
        return self._made["message"] < FEWEST_FOR_ANSWERS or any(
            event.answers is not None for event in self._reading.events if event.kind == "message")

    def _implied(self) -> set[str]:
        """Kinds that would have been seen beside those that were: questions in a log that holds messages."""
        implied = set()
        for event in self._layout.events:
            after = {kind for condition in event.when for kind in condition.kinds}
            if not event.kind.column and (not after or after & set(self._made)):
                implied.add(event.kind.default)
        return implied

    def _in_time(self, ok: list[bool], at: Sequence[datetime | None], kinds: Sequence[str]) -> list[bool]:
        since, before = self._source.since, self._source.before
        if since is None and before is None:
            return ok
        inside = [
            one and (kind not in CONVERSATION or when is None
                     or ((since is None or when >= since) and (before is None or when < before)))
            for one, when, kind in zip(ok, at, kinds, strict=True)
        ]
        self._reading.counted["outside"] += sum(ok) - sum(inside)
        return inside

    # -- the events of one rule

    def _events(self, block: Block, rule: EventRule, usable: list[bool], *, first: bool) -> list[bool]:
        """Add one sort of event for each row that gives it; which rows gave it, or are accounted for otherwise."""
        at = _first_filled([block.moments(name) for name in rule.at])
        giver, receiver = self._side(block, rule.giver), self._side(block, rule.receiver)
        ok = [use and when is not None for use, when in zip(usable, at, strict=True)]
        if rule.when:
            ok = [one and holds for one, holds in zip(ok, block.holds(rule.when), strict=True)]
        accounted = ok
        ok = self._named(block, rule, ok, giver, receiver)
        internal = [one and giver_ == receiver_ for one, giver_, receiver_ in zip(ok, giver, receiver, strict=True)]
        if True in internal:
            ok = [one and not inside for one, inside in zip(ok, internal, strict=True)]
            if first:
                self._reading.counted["internal"] += sum(internal)
        kinds = self._kinds_of(block, rule)
        filling = Filling(block, rule.name, at, giver, receiver)
        booked: list[str] = []
        ids = filling.fill(rule.id)
        if rule.booking is not None:
            booked = self._bookings.known_by(block, rule.booking, at, *self._amounts(block, rule, kinds, filling), ok)
            ids = [id_ or spare for id_, spare in zip(ids, booked, strict=True)]
        elif "" in ids:
            said = zip(at, giver, receiver, kinds, *self._amounts(block, rule, kinds, filling), strict=True)
            ids = [id_ or (self._hashed(*words) if fine else "") for id_, fine, words in zip(ids, ok, said, strict=True)]
        if rule.numbered:
            ids = self._apart(rule.name, ok, ids, giver, receiver)
        if rule.once:
            ok = self._once(rule.name, ok, zip(ids, giver, receiver, strict=True))
        filling.own_ids = ids
        if rule.circular is not None and self._circulars:
            of, becomes, circulars = rule.circular.of, rule.circular.kind, self._circulars
            kinds = [becomes if kind == of and id_ in circulars else kind for kind, id_ in zip(kinds, ids, strict=True)]
        ok = self._in_time(ok, at, kinds)
        thread = filling.fill(rule.thread)
        if self._source.exclude.threads:
            banned = [one and text in self._source.exclude.threads for one, text in zip(ok, thread, strict=True)]
            self._reading.counted["excluded"] += sum(banned)
            ok = [one and not out for one, out in zip(ok, banned, strict=True)]
        block.made[rule.name] = ok, kinds
        block.ids[rule.name] = [id_ if one else "" for id_, one in zip(ids, ok, strict=True)]
        if True in ok:
            amount, unit = self._amounts(block, rule, kinds, filling)
            references = _several([filling.fill((template,)) for template in rule.references])
            if rule.booking is not None:
                self._bookings.note(len(self._reading.events), compress(booked, ok))
                references = references_of(block, rule.booking, references)
            self._reading.events.extend(starmap(Event, compress(zip(
                ids, at, giver, receiver, kinds, amount, unit,
                self._people(block, rule.giver_person), self._people(block, rule.receiver_person),
                _or_none(thread), _or_none(filling.fill(rule.answers)),
                _first_filled([block.moments(name) for name in rule.due]) if rule.due else repeat(None),
                repeat(rule.shared), self._evidence(block),
                references,
            ), ok)))
            self._note(block, rule, compress(kinds, ok), [when for when in compress(at, ok) if when is not None], ok)
            if not MONEY.isdisjoint(self._kinds_possible(rule)):
                self._without_currency += sum(
                    one and kind in MONEY and not unit_ and amount_ is not None
                    for one, kind, unit_, amount_ in zip(ok, kinds, unit, amount, strict=True))
        return accounted

    def _named(
        self, block: Block, rule: EventRule, ok: list[bool], giver: Sequence[str | None], receiver: Sequence[str | None],
    ) -> list[bool]:
        """Which rows name both sides; where one may be missing, a row that needs it is a problem."""
        for side, found in ((rule.giver, giver), (rule.receiver, receiver)):
            if side in self._parties and self._parties[side].optional and None in found:
                for number, one, who in zip(block.numbers, ok, found, strict=True):
                    if one and who is None:
                        self._reading.counted["left out"] += 1
                        self._complaints.nobody(number, side)
                ok = [one and who is not None for one, who in zip(ok, found, strict=True)]
        return ok

    def _kinds_possible(self, rule: EventRule) -> set[str]:
        return set(self._kinds[rule.name].values()) | {rule.kind.default}

    def _note(self, block: Block, rule: EventRule, kinds: Iterable[str], moments: Sequence[datetime], ok: list[bool]) -> None:
        self._made.update(kinds)
        first, last = min(moments), max(moments)
        self._span = (min(first, self._span[0]), max(last, self._span[1])) if self._span else (first, last)
        if len(rule.at) > 1:
            own = block.moments(rule.at[0])
            borrowed = next((name for name in rule.at[1:] if self._plan.has(name)), rule.at[0])
            count = sum(one and moment is None for one, moment in zip(ok, own, strict=True))
            if count:
                self._redated[rule.kind.default, borrowed] += count

    def _side(self, block: Block, name: str) -> list[str | None]:
        if name == US:
            return [US] * len(block)
        if name not in block.sides:
            party = self._parties[name]
            block.sides[name] = [party[texts] for texts in zip(*map(block.text, party.columns), strict=True)]
        return block.sides[name]

    def _kinds_of(self, block: Block, rule: EventRule) -> list[str]:
        if not rule.kind.column or rule.kind.column not in self._plan.match.columns:
            return [rule.kind.default] * len(block)
        kinds = self._kinds[rule.name]
        return [kinds[text] for text in block.text(rule.kind.column)]

    def _apart(
        self, name: str, ok: Sequence[bool], ids: Sequence[str], giver: Sequence[str | None], receiver: Sequence[str | None],
    ) -> list[str]:
        """Equal ids of the same two with a running number behind the second and later ones."""
        apart = []
        for one, id_, from_, to in zip(ok, ids, giver, receiver, strict=True):
            key = f"{name}|{id_}|{from_}|{to}"
            self._equal[key] += one
            apart.append(f"{id_}-{self._equal[key]}" if one and self._equal[key] > 1 else id_)
        return apart

    def _once(self, name: str, ok: Sequence[bool], keys: Iterable[tuple[str, str | None, str | None]]) -> list[bool]:
        """Which rows are the first that give an event: a row for each line of an invoice names the invoice again."""
        given, first = self._given[name], []
        for one, key in zip(ok, keys, strict=True):
            first.append(one and key not in given)
            if one:
                given.add(key)
        return first

    def _hashed(
        self, at: datetime | None, giver: str | None, receiver: str | None, kind: str, amount: float | None, unit: str,
    ) -> str:
        """An id for a row without one: of what it says, and of how many rows before it said the same."""
        said = f"{at.isoformat() if at else ''}|{giver}|{receiver}|{kind}" + (f"|{amount!r} {unit}" if amount is not None else "")
        self._equal[said] += 1
        return "sha256:" + hashlib.sha256(f"{said}|{self._equal[said]}".encode()).hexdigest()

    def _amounts(
        self, block: Block, rule: EventRule, kinds: Sequence[str], filling: Filling,
    ) -> tuple[list[float | None], list[str]]:
        """Amounts and their units: the row's own unit, else that of its column, its kind, or the currency in the cells."""
        amount: list[float | None] = []
        unit: list[str] = []
        for sign, name in rule.amount:
            if not self._plan.has(name):
                continue
            figures = block.figures(name)
            if sign <= 0:
                figures = [None if figure is None else abs(figure) if sign == 0 else 0.0 - figure for figure in figures]
            readable = self._plan.typed.get(name)
            column, spare = self._layout.columns[name].unit, readable.currency if readable is not None else ""
            if rule.units and not column:
                units = [rule.units.get(kind, spare) for kind in kinds]
            else:
                units = [column or spare] * len(block)
            if amount:
                unit = [had if old is not None else new for old, had, new in zip(amount, unit, units, strict=True)]
                amount = [figure if old is None else old for old, figure in zip(amount, figures, strict=True)]
            else:
                amount, unit = figures, units
        if not amount:
            amount, unit = [None] * len(block), [""] * len(block)
        given = [self._units[text] for text in filling.fill(rule.unit)] if rule.unit else unit
        unit = [(new or had) if value is not None else "" for new, had, value in zip(given, unit, amount, strict=True)]
        if rule.count is not None:
            number, what = rule.count, "count"
            unit = [what if value is None else had for value, had in zip(amount, unit, strict=True)]
            amount = [number if value is None else value for value in amount]
        if rule.amounts:
            fixed, names = rule.amounts, rule.units
            unit = [names.get(kind, had) if kind in fixed else had for kind, had in zip(kinds, unit, strict=True)]
            amount = [fixed.get(kind, value) for kind, value in zip(kinds, amount, strict=True)]
        return amount, unit

    def _people(self, block: Block, column: str) -> Iterable[str | None]:
        if column not in self._plan.match.columns:
            return repeat(None)
        return [self._persons[text] for text in block.text(column)]

    def _evidence(self, block: Block) -> list[tuple[str]]:
        start = f"{self._source.label}#{self._complaints.place(0)[:-1]}"
        return [(f"{start}{number}",) for number in block.numbers]


def _first_filled(lists: Sequence[list[datetime | None]]) -> list[datetime | None]:
    """For each row the first moment that is there."""
    filled = lists[0]
    for other in lists[1:]:
        filled = [one or spare for one, spare in zip(filled, other, strict=True)]
    return filled


def _or_none(texts: Sequence[str]) -> list[str | None]:
    return [text or None for text in texts]


def _several(lists: Sequence[list[str]]) -> Iterable[tuple[str, ...]]:
    """For each row the texts that are not empty, each once."""
    if not lists:
        return repeat(())
    return [tuple(dict.fromkeys(filter(None, texts))) for texts in zip(*lists, strict=True)]
