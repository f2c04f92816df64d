"""A layout: a TOML file that describes a kind of table.

    name, title.en, title.nl        what it is called
    extends                         another layout, of which this one changes what it writes down itself
    delimiter, encoding, sheet      where guessing is not wanted; they count when the layout is named
    timezone                        of moments without one (UTC)
    empty                           cells that mean nothing: "N/A"
    [columns.NAME]                  heads, type, required, order, epoch, serial, decimal, unit, empty
    [parties.NAME]                  any, address, domain, vat, kvk, iban, name: the columns that say who it is
    [[exclude]]                     rows that are left out, and the word under which they are counted
    [[events]]                      what one row is: kind, at, giver, receiver, id, amount, unit, due, thread, answers …
    [coverage]                      what the table would have shown: kinds, party, sees

Texts with `{places}` are templates; a list of them means: the first that can be filled.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evenwicht.errors import WrongCall
from evenwicht.importers.tables.cells import DateSetting, Decimal, Order
from evenwicht.importers.tables.dialect import DELIMITERS
from evenwicht.importers.tables.layout import (
    US,
    Booking,
    CellType,
    Circular,
    ColumnRule,
    Condition,
    CoverageRule,
    EventRule,
    Exclusion,
    IdentifierType,
    KindRule,
    Layout,
    PartyRule,
    Template,
    plain,
)
from evenwicht.importers.tables.toml_table import Table
from evenwicht.ledger.coverage import Sees

FOLDER = Path(__file__).parent.parent / "layouts"

_PLACE = re.compile(r"\{([^{}]*)\}")
_LARGEST_LAYOUT = 1_000_000


@cache
def shipped() -> Mapping[str, Layout]:
    """The layouts that come with Evenwicht, by name."""
    found = {path.stem: from_file(path) for path in sorted(FOLDER.glob("*.toml"))}
    return MappingProxyType(found)


def named(wanted: str) -> Layout:
    """The layout of this name, or in this TOML file. Raises WrongCall with the choices when there is none."""
    if wanted in shipped():
        return shipped()[wanted]
    path = Path(wanted)
    if path.suffix.lower() == ".toml" or path.is_file():
        return from_file(path)
    close = get_close_matches(wanted, shipped(), n=1)
    raise WrongCall(
        "There is no layout {wanted!r}. Layouts are {choices}; or give the path of a TOML file of your own. {hint}",
        wanted=wanted, choices=", ".join(shipped()), hint=f"Did you mean {close[0]}?" if close else "",
    )


def from_file(path: Path) -> Layout:
    """Read and check a layout. Raises WrongCall with the place and what is allowed there."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WrongCall(
            "The layout {path} cannot be opened: {reason}. Give one of {choices}, or the path of a TOML file.",
            path=str(path), reason=error.strerror or "it is not a file", choices=", ".join(_names()),
        ) from error
    try:
        if len(raw) > _LARGEST_LAYOUT:
            raise ValueError("it is larger than a layout can be")  # noqa: TRY301
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise WrongCall(
            "The layout {path} is not valid TOML: {reason}. Write it as UTF-8 text like the layouts in {folder}.",
            path=str(path), reason=str(error), folder=FOLDER.name,
        ) from error
    return from_table(table, str(path))


def _names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def from_table(table: dict[str, Any], origin: str) -> Layout:
    """Check a layout that stands in a dict, as TOML gives it. Raises WrongCall."""
    extended = table.get("extends")
    if extended is not None:
        if extended not in _names():
            raise WrongCall(
                "The layout {origin} extends {wanted!r}; allowed are {choices}.",
                origin=origin, wanted=extended, choices=", ".join(_names()),
            )
        base = tomllib.loads((FOLDER / f"{extended}.toml").read_text("utf-8"))
        table = _merged(base, {key: value for key, value in table.items() if key != "extends"})
    return _layout(Table(origin, "", table))


def _merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in change.items():
        old = both.get(key)
        both[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def _layout(table: Table) -> Layout:
    name = table.needed("name")
    title = table.mapped("title", Table.needed)
    zone = _zone(table)
    empty = frozenset(text.casefold() for text in table.texts("empty"))
    columns = {key: _column(key, inner, zone, empty) for key, inner in table.table("columns").members()}
    known = Known(columns)
    parties = {key: _party(key, inner, known) for key, inner in table.table("parties").members()}
    if overlap := set(parties) & set(columns):
        raise WrongCall(
            "In the layout {origin}, {name} is both a column and a party; give one of them another name.",
            origin=table.origin, name=min(overlap),
        )
    known.parties = frozenset(parties)
    exclude = tuple(_exclusion(inner, known) for inner in table.tables("exclude"))
    events = []
    for inner in table.tables("events"):
        event = _event(inner, known)
        known.events.append(event.name)
        events.append(event)
    if not events:
        raise table.wrong("events", "a list of at least one table [[events]]")
    delimiter, encoding = table.choice("delimiter", DELIMITERS), table.text("encoding")
    if encoding is not None:
        try:
            "".encode(encoding)
        except LookupError as error:
            raise table.wrong("encoding", "the name of an encoding, such as 'cp1252'") from error
    sheet = table.text("sheet")
    coverage = _coverage(table.table("coverage")) if table.has("coverage") else None
    table.done()
    return Layout(
        name=name, title=MappingProxyType(title), columns=MappingProxyType(columns), parties=MappingProxyType(parties),
        events=tuple(events), exclude=exclude, empty=empty, delimiter=delimiter, encoding=encoding, sheet=sheet,
        coverage=coverage,
    )


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


def _zone(table: Table) -> ZoneInfo | None:
    name = table.text("timezone")
    try:
        return ZoneInfo(name) if name is not None else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise table.wrong("timezone", "a time zone such as 'Europe/Amsterdam'") from error


def _column(name: str, table: Table, zone: ZoneInfo | None, empty: frozenset[str]) -> ColumnRule:
    heads = tuple(dict.fromkeys(filter(None, map(plain, table.texts("heads")))))
    if not heads:
        raise table.wrong("heads", "a list of at least one column head with a letter or digit")
    required = table.choice("required", (True, False, "head"))
    rule = ColumnRule(
        name=name, heads=heads,
        type=cast("CellType", table.choice("type", get_args(CellType)) or "text"),
        required=required in {True, "head"}, filled=required is True,
        date=DateSetting(
            order=cast("Order | None", table.choice("order", get_args(Order))),
            epoch=table.flag("epoch"), serial=table.flag("serial"), zone=zone,
        ),
        decimal=cast("Decimal | None", table.choice("decimal", get_args(Decimal))),
        unit=table.text("unit") or "",
        empty=empty | {text.casefold() for text in table.texts("empty")},
    )
    table.done()
    if rule.date.epoch and rule.date.serial:
        raise table.wrong("serial", "not true beside epoch = true: a number is either seconds or days")
    return rule


def _party(name: str, table: Table, known: Known) -> PartyRule:
    columns = tuple(
        (cast("IdentifierType", how), known.listed(table, how)) for how in get_args(IdentifierType) if table.has(how)
    )
    if not columns:
        raise table.wrong("any", "a column that says who this party is (or one of address, domain, vat, kvk, iban, name)")
    own = table.flag("own")
    for how in get_args(IdentifierType):
        table.take(how)
    table.done()
    return PartyRule(name, columns, own)


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
        same_as=known.optional(table, "same_as"),
        event=event, kinds=frozenset(table.texts("kind")),
        any_of=_conditions(table, "any", known),
    )
    for key in ("empty", "any"):
        table.take(key)
    table.done()
    tests = (found.values, found.not_values, found.empty, found.below, found.at_least, found.same_as or None)
    if found.column and all(test is None for test in tests):
        raise table.wrong("is", "a list of texts (or is_not, empty, same_as, below, at_least): what the column must be")
    if not found.column and any(test is not None for test in tests):
        raise table.wrong("column", "a column, and it must be given")
    if not (found.column or found.event or found.any_of):
        raise table.wrong("column", "a column, and it must be given (or event, or any)")
    return found


def _exclusion(table: Table, known: Known) -> Exclusion:
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
    allowed = ["giver", "receiver", "at.year", *known.columns, *(f"{name}.id" for name in events)]
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


def _event(table: Table, known: Known) -> EventRule:
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
            name = known.column(table, "amount", one.removeprefix("-"), "amount")
            columns.append((-1 if one.startswith("-") else 1, name))
        elif isinstance(one, (int, float)) and not isinstance(one, bool) and count is None and abs(one) < float("inf"):
            count = float(one)
        else:
            raise table.wrong("amount", "columns of type amount, a - before one that is turned, and at the end a number")
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


def _coverage(table: Table) -> CoverageRule:
    found = CoverageRule(
        kinds=table.texts("kinds"), party=table.choice("party", (US,)),
        sees=cast("Sees", table.choice("sees", get_args(Sees)) or "both"),
    )
    table.done()
    return found
