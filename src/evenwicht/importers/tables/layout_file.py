"""A layout: a TOML file that describes a kind of table.

    name, title.en, title.nl        what it is called
    extends                         another layout, of which this one changes what it writes down itself
    delimiter, encoding, sheet      where guessing is not wanted; they count when the layout is named
    quote                           the mark around cells: " or '
    timezone                        of moments without one (UTC)
    empty                           cells that mean nothing: "N/A"
    without                         heads with which a table is of another kind
    generic                         counts only where no layout of a certain program fits
    verified                        false: made from a published list of columns, not from a real export
    [columns.NAME]                  heads, type, required, order, epoch, serial, decimal, unit, empty; or what it is made of:
                                    joined, words, asks, clock, piece, iban, later, between
    [shape]                         a table without heads: columns in their order, cells = what they look like
    [unfold]                        column, separator, keep: a row for each of several cells, or pieces of one
    [parties.NAME]                  any, address, domain, vat, kvk, iban, name: the columns that say who it is
    [[exclude]]                     rows that are left out, and the word under which they are counted
    [[events]]                      what one row is: kind, at, giver, receiver, id, amount, unit, due, thread, answers …
    [coverage]                      what the table would have shown: kinds, party, sees

Texts with `{places}` are templates; a list of them means: the first that can be filled.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evenwicht.errors import WrongCall
from evenwicht.importers.tables.dialect import DELIMITERS
from evenwicht.importers.tables.layout import Layout, plain
from evenwicht.importers.tables.layout_columns import Known, columns_of, party_of, shape_of, unfold_of, zone_of
from evenwicht.importers.tables.layout_events import coverage_of, event_of, exclusion_of
from evenwicht.importers.tables.toml_table import Table

FOLDER = Path(__file__).parent.parent / "layouts"

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
    if close:
        raise WrongCall(
            "There is no layout {wanted!r}. Did you mean {near}? Layouts are {choices}; or give the path of a TOML file of your own.",
            wanted=wanted, near=close[0], choices=", ".join(shipped()),
        )
    raise WrongCall(
        "There is no layout {wanted!r}. Layouts are {choices}; or give the path of a TOML file of your own.",
        wanted=wanted, choices=", ".join(shipped()),
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
    zone = zone_of(table)
    empty = frozenset(text.casefold() for text in table.texts("empty"))
    columns = columns_of(table.table("columns"), zone, empty)
    known = Known(columns)
    parties = {key: party_of(key, inner, known) for key, inner in table.table("parties").members()}
    if overlap := set(parties) & set(columns):
        raise WrongCall(
            "In the layout {origin}, {name} is both a column and a party; give one of them another name.",
            origin=table.origin, name=min(overlap),
        )
    known.parties = frozenset(parties)
    exclude = tuple(exclusion_of(inner, known) for inner in table.tables("exclude"))
    events = []
    for inner in table.tables("events"):
        event = event_of(inner, known)
        known.events.append(event.name)
        events.append(event)
    if not events and not parties:
        raise table.wrong("events", "a list of at least one table [[events]], or parties that the table only names")
    delimiter, encoding = table.choice("delimiter", DELIMITERS), table.text("encoding")
    if encoding is not None:
        try:
            "".encode(encoding)
        except LookupError as error:
            raise table.wrong("encoding", "the name of an encoding, such as 'cp1252'") from error
    sheet = table.text("sheet")
    coverage = coverage_of(table.table("coverage")) if table.has("coverage") else None
    quote = table.choice("quote", ('"', "'")) or '"'
    without = frozenset(filter(None, map(plain, table.texts("without"))))
    generic, verified = table.flag("generic"), table.flag("verified", default=True)
    shape = shape_of(table.table("shape"), known) if table.has("shape") else None
    unfold = unfold_of(table.table("unfold"), known) if table.has("unfold") else None
    table.done()
    return Layout(
        name=name, title=MappingProxyType(title), columns=MappingProxyType(columns), parties=MappingProxyType(parties),
        events=tuple(events), exclude=exclude, empty=empty, delimiter=delimiter, encoding=encoding, sheet=sheet,
        coverage=coverage, without=without, generic=generic, verified=verified, shape=shape, unfold=unfold, quote=quote,
    )
