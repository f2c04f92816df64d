"""The columns and parties of a layout, as its TOML file writes them: what they are called, and what they are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evenwicht.importers.tables.cells import DateSetting, Decimal, Order
from evenwicht.importers.tables.layout import (
    CellType,
    ColumnRule,
    How,
    IdentifierType,
    Made,
    PartyRule,
    Shape,
    Span,
    Unfold,
    plain,
)
from evenwicht.importers.tables.toml_table import Table

_SECONDS = {"milliseconds": 0.001, "seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
_UNITS = {"words": "words", "clock": "minutes"}
_OF_ONE: tuple[How, ...] = ("words", "asks")
_LONGEST_PATTERN = 300


@dataclass(slots=True)
class Known:
    """The names that a layout has given so far, and to which later parts of it may refer."""

    columns: Mapping[str, ColumnRule]
    parties: frozenset[str] = frozenset()
    events: list[str] = field(default_factory=list)

    def column(self, table: Table, key: str, name: str, *types: str) -> str:
        """A column of one of these types (none given: any)."""
        fitting = [rule.name for rule in self.columns.values() if not types or rule.type in types]
        if name not in fitting:
            raise table.wrong(key, f"a column{' of type ' + ' or '.join(types) if types else ''}: {', '.join(fitting)}")
        return name

    def optional(self, table: Table, key: str, *types: str) -> str:
        name = table.text(key)
        return "" if name is None else self.column(table, key, name, *types)

    def listed(self, table: Table, key: str, *types: str) -> tuple[str, ...]:
        return tuple(self.column(table, key, name, *types) for name in table.texts(key))


def zone_of(table: Table) -> ZoneInfo | None:
    """The time zone of moments that name none. Raises WrongCall."""
    name = table.text("timezone")
    try:
        return ZoneInfo(name) if name is not None else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise table.wrong("timezone", "a time zone such as 'Europe/Amsterdam'") from error


def columns_of(table: Table, zone: ZoneInfo | None, empty: frozenset[str]) -> dict[str, ColumnRule]:
    """The columns by name; one that is made of others stands behind them. Raises WrongCall."""
    found: dict[str, ColumnRule] = {}
    for name, inner in table.members():
        found[name] = _column(name, inner, zone, empty, Known(found))
    return found


def _column(name: str, table: Table, zone: ZoneInfo | None, empty: frozenset[str], known: Known) -> ColumnRule:
    made, span = _made(table, known), _span(table, known)
    heads = tuple(dict.fromkeys(filter(None, map(plain, table.texts("heads")))))
    if not heads and made is None and span is None:
        raise table.wrong("heads", "a list of at least one column head with a letter or digit")
    if heads and (made or span):
        raise table.wrong("heads", "not given beside what the column is made of")
    type_ = table.choice("type", get_args(CellType))
    unit = table.text("unit") or ""
    if made is not None and made.how in _UNITS:
        type_, unit = "amount", unit or _UNITS[made.how]
    elif span is not None and type_ not in {"date", "amount"}:
        raise table.wrong("type", "'date' with later, 'amount' with between")
    required = table.choice("required", (True, False, "head"))
    rule = ColumnRule(
        name=name, heads=heads, type=cast("CellType", type_ or "text"),
        required=required in {True, "head"}, filled=required is True,
        date=DateSetting(
            order=cast("Order | None", table.choice("order", get_args(Order))),
            epoch=table.flag("epoch"), serial=table.flag("serial"), zone=zone,
        ),
        decimal=cast("Decimal | None", table.choice("decimal", get_args(Decimal))),
        unit=unit, empty=empty | {text.casefold() for text in table.texts("empty")}, made=made, span=span,
    )
    table.done()
    if rule.date.epoch and rule.date.serial:
        raise table.wrong("serial", "not true beside epoch = true: a number is either seconds or days")
    if span is not None and rule.required:
        raise table.wrong("required", "not given for a column that follows from others")
    return rule


def _made(table: Table, known: Known) -> Made | None:
    """What a column is made of: `joined`, `words` and `asks` name columns, `clock`, `piece` and `iban` say more."""
    joined = known.listed(table, "joined")
    if joined:
        return Made("joined", joined)
    for how in _OF_ONE:
        name = known.optional(table, how)
        if name:
            return Made(how, (name,))
    found = None
    if table.has("clock"):
        inner = table.table("clock")
        found = Made("clock", (known.column(inner, "of", inner.needed("of")),), scale=_SECONDS[inner.choice("unit", _SECONDS) or "seconds"])
        inner.done()
    if table.has("piece"):
        inner = table.table("piece")
        found = Made("piece", (known.column(inner, "of", inner.needed("of")),), pattern(inner, "pattern", groups=True))
        inner.done()
    if table.has("iban"):
        inner = table.table("iban")
        found = Made("iban", (known.column(inner, "of", inner.needed("of")),), bank=inner.needed("bank"))
        inner.done()
    for key in ("clock", "piece", "iban"):
        table.take(key)
    return found


def _span(table: Table, known: Known) -> Span | None:
    found = None
    if table.has("later"):
        inner = table.table("later")
        found = Span(known.column(inner, "than", inner.needed("than"), "date"), known.column(inner, "by", inner.needed("by"), "amount"),
                     _SECONDS[inner.choice("unit", _SECONDS) or "minutes"])
        inner.done()
    if table.has("between"):
        inner = table.table("between")
        found = Span(known.column(inner, "from", inner.needed("from"), "date"), known.column(inner, "until", inner.needed("until"), "date"),
                     _SECONDS[inner.choice("unit", _SECONDS) or "minutes"])
        inner.done()
    for key in ("later", "between"):
        table.take(key)
    return found


def pattern(table: Table, key: str, *, groups: bool = False) -> re.Pattern[str]:
    """A regular expression; `groups` says that its first filled group is what is wanted."""
    text = table.needed(key)
    try:
        found = re.compile(text) if len(text) <= _LONGEST_PATTERN else None
    except (re.error, RecursionError, OverflowError):
        found = None
    if found is None or (groups and not found.groups):
        raise table.wrong(key, "a regular expression" + (" with a (group)" if groups else ""))
    return found


def shape_of(table: Table, known: Known) -> Shape:
    """Which column stands where in a table without heads, and what its cells look like."""
    names = table.take("columns")
    if not isinstance(names, list) or not names:
        raise table.wrong("columns", "a list of columns, one for each cell of a row, '' for the others")
    columns = tuple("" if name == "" else known.column(table, "columns", name) for name in names)
    inner = table.table("cells")
    cells = {name: pattern(inner, name) for name in inner.names()}
    if not cells or any(name not in columns for name in cells):
        raise table.wrong("cells", "patterns for some of the columns in the shape")
    least = table.number("least")
    table.done()
    return Shape(columns, cells, len(columns) if least is None else max(1, int(least)))


def unfold_of(table: Table, known: Known) -> Unfold:
    """The column of which each cell, or each piece of a cell, is a row."""
    found = Unfold(known.column(table, "column", table.needed("column")), table.text("separator") or "", table.flag("keep"))
    table.done()
    return found


def party_of(name: str, table: Table, known: Known) -> PartyRule:
    """The columns that say who a party is. Raises WrongCall."""
    columns = tuple(
        (cast("IdentifierType", how), known.listed(table, how)) for how in get_args(IdentifierType) if table.has(how)
    )
    if not columns:
        raise table.wrong("any", "a column that says who this party is (or one of address, domain, vat, kvk, iban, name)")
    own, optional = table.flag("own"), table.flag("optional")
    for how in get_args(IdentifierType):
        table.take(how)
    table.done()
    return PartyRule(name, columns, own, optional)
