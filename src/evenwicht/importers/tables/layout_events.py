"""What the rows of a layout are, as its TOML file writes it: which are left out, which events they give, what is covered."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, cast, get_args

from evenwicht.importers.tables.layout import (
    US,
    Booking,
    Circular,
    Condition,
    CoverageRule,
    EventRule,
    Exclusion,
    KindRule,
    Template,
)
from evenwicht.importers.tables.toml_table import Table
from evenwicht.ledger.coverage import Sees

if TYPE_CHECKING:
    from evenwicht.importers.tables.layout_columns import Known

_SIGNS = {"-": -1, "+": 0}
_PLACE = re.compile(r"\{([^{}]*)\}")


def _conditions(table: Table, key: str, known: Known) -> tuple[Condition, ...]:
    if isinstance(table.take(key), dict):
        return (_condition(table.table(key), known),)
    return tuple(_condition(inner, known) for inner in table.tables(key))


def _condition(table: Table, known: Known) -> Condition:
    event = table.choice("event", known.events) or ""
    values, not_values = table.texts("is"), table.texts("is_not")
    below, at_least = table.number("below"), table.number("at_least")
    types = ("amount",) if below is not None or at_least is not None else ()
    found = Condition(
        column=known.optional(table, "column", *types),
        values=frozenset(text.casefold() for text in values) or None,
        not_values=frozenset(text.casefold() for text in not_values) or None,
        empty=table.flag("empty") if table.has("empty") else None,
        below=below, at_least=at_least,
        same_as=known.optional(table, "same_as"), differs_from=known.optional(table, "differs_from"),
        event=event, kinds=frozenset(table.texts("kind")),
        any_of=_conditions(table, "any", known),
    )
    for key in ("empty", "any"):
        table.take(key)
    table.done()
    tests = (found.values, found.not_values, found.empty, found.below, found.at_least, found.same_as or None,
             found.differs_from or None)
    if found.column and all(test is None for test in tests):
        raise table.wrong("is", "a list of texts (or is_not, empty, same_as, differs_from, below, at_least): what the column must be")
    if not found.column and any(test is not None for test in tests):
        raise table.wrong("column", "a column, and it must be given")
    if not (found.column or found.event or found.any_of):
        raise table.wrong("column", "a column, and it must be given (or event, or any)")
    return found


def exclusion_of(table: Table, known: Known) -> Exclusion:
    """Which rows are left out. Raises WrongCall, as the others here do."""
    found = Exclusion(_conditions(table, "when", known), table.text("counted") or "excluded")
    table.done()
    if not found.when or any(one.event or one.below is not None or one.at_least is not None for one in found.when):
        raise table.wrong("when", "at least one condition on the text of a column")
    return found


def _template(table: Table, key: str, known: Known, own: str) -> tuple[Template, ...]:
    templates = []
    for text in table.texts(key):
        parts = _PLACE.split(text)
        for place in parts[1::2]:
            _check_place(table, key, place, known, own)
        templates.append(Template(tuple(parts)))
    return tuple(templates)


def _check_place(table: Table, key: str, place: str, known: Known, own: str) -> None:
    events = [*known.events, own] if own and key != "id" else known.events
    allowed = ["giver", "receiver", "at", "at.year", *known.columns, *(f"{name}.id" for name in events)]
    if place not in allowed:
        raise table.wrong(key, "a text whose {places} are " + ", ".join(allowed))


def _kind(table: Table, known: Known) -> KindRule:
    if isinstance(table.take("kind"), str):
        return KindRule(table.needed("kind"))
    inner = table.table("kind")
    found = KindRule(
        inner.needed("default"), known.optional(inner, "column"),
        MappingProxyType({word.casefold(): kind for word, kind in inner.mapped("words", Table.needed).items()}),
    )
    inner.done()
    return found


def event_of(table: Table, known: Known) -> EventRule:
    """One event that a row may give."""
    kind = _kind(table, known)
    name = table.text("name") or kind.default
    if name in known.events:
        raise table.wrong("name", f"a name other than {', '.join(known.events)}")
    columns, count = _amount(table, known)
    event = EventRule(
        name=name, kind=kind, at=known.listed(table, "at", "date"),
        giver=_side(table, "giver", known), receiver=_side(table, "receiver", known),
        id=_template(table, "id", known, ""),
        amount=columns, count=count,
        unit=_template(table, "unit", known, name),
        units=MappingProxyType(table.mapped("units", Table.needed)),
        amounts=MappingProxyType(table.mapped("amounts", lambda inner, key: inner.number(key))),
        due=known.listed(table, "due", "date"),
        thread=_template(table, "thread", known, name),
        answers=_template(table, "answers", known, name),
        references=_template(table, "references", known, name),
        when=_conditions(table, "when", known),
        circular=_circular(table.table("circular")) if table.has("circular") else None,
        shared=table.flag("shared", default=True),
        giver_person=known.optional(table, "giver_person"),
        receiver_person=known.optional(table, "receiver_person"),
        booking=_booking(table.table("booking"), known) if table.has("booking") else None,
        once=table.flag("once"), numbered=table.flag("numbered"),
    )
    table.take("booking")
    table.take("circular")
    table.done()
    if not event.at:
        raise table.wrong("at", "a column of type date, and it must be given")
    return event


def _side(table: Table, key: str, known: Known) -> str:
    name = table.needed(key)
    if name != US and name not in known.parties:
        raise table.wrong(key, f"a party: {', '.join([*sorted(known.parties), US])}")
    return name


def _amount(table: Table, known: Known) -> tuple[tuple[tuple[int, str], ...], float | None]:
    """The columns of an amount with their signs, and the number that stands at the end of them."""
    value = table.take("amount")
    listed = value if isinstance(value, list) else [] if value is None else [value]
    columns, count = [], None
    for one in listed:
        if isinstance(one, str) and count is None:
            name = known.column(table, "amount", one[1:] if one[:1] in _SIGNS else one, "amount")
            columns.append((_SIGNS.get(one[:1], 1), name))
        elif isinstance(one, (int, float)) and not isinstance(one, bool) and count is None and abs(one) < float("inf"):
            count = float(one)
        else:
            raise table.wrong("amount", "columns of type amount, a - before one that is turned, a + before one whose sign does not count, and at the end a number")
    return tuple(columns), count


def _booking(table: Table, known: Known) -> Booking:
    found = Booking(known.column(table, "account", table.needed("account")), known.listed(table, "text"))
    table.done()
    return found


def _circular(table: Table) -> Circular:
    above = table.number("above")
    if above is None:
        raise table.wrong("above", "a number, and it must be given")
    found = Circular(int(above), table.needed("of"), table.needed("kind"))
    table.done()
    return found


def coverage_of(table: Table) -> CoverageRule:
    """What the table would have shown."""
    found = CoverageRule(
        kinds=table.texts("kinds"), party=table.choice("party", (US,)),
        sees=cast("Sees", table.choice("sees", get_args(Sees)) or "both"),
    )
    table.done()
    return found
