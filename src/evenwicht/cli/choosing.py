"""What a person typed, turned into what is meant; or one sentence that says what is allowed."""

from __future__ import annotations

import math
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.cli.telling import tell_problems
from evenwicht.engines.home import home
from evenwicht.errors import FileMissing, UnknownParty, WrongCall
from evenwicht.ledger import identifiers
from evenwicht.ledger.events import Event
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.parties import find, near
from evenwicht.ledger.resolve import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from evenwicht.ledger.table import Ledger


def me_of(path: Path | None) -> Mention | None:
    """Our side as the file of `--me` describes it: a mention that is our own."""
    if path is None:
        return None
    if not path.is_file():
        raise FileMissing("{path} does not exist. It is a TOML file with names, domains, vat, kvk and ibans of our side.", path=path)
    try:
        stored = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongCall("{path} is not TOML: {reason}.", path=path, reason=error) from None
    makers: dict[str, Callable[[str], str | None]] = {"domains": identifiers.registrable_domain, "addresses": identifiers.of_address, "vat": identifiers.of_vat,
              "kvk": identifiers.of_kvk, "ibans": identifiers.of_iban, "names": identifiers.of_name}
    found: list[str] = []
    for name, make in makers.items():
        values = stored.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            identifier = make(str(value))
            if identifier is None:
                raise WrongCall("{value} under {name} in {path} cannot be read as one of {name}.", value=value, name=name, path=path)
            found.append(identifier)
    if not found:
        raise WrongCall("{path} names nothing of ours. Give at least one of: {known}.", path=path, known=", ".join(makers))
    names = stored.get("names", [])
    return Mention(tuple(dict.fromkeys(found)), str(names[0] if isinstance(names, list) and names else names or ""), own=True)


def numbers_of(texts: Iterable[str]) -> dict[str, Any]:
    """`--with NAME=VALUE`, as often as it was given. Raises WrongCall for what is not of this form."""
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise WrongCall("--with {value} is not a name and a number, as in “events=4”.", value=text)
    return found


def layout_of(text: str | None) -> str | None:
    """A layout's name or file; one that was saved in `EVENWICHT_HOME/layouts` is found by its name there."""
    saved = home() / "layouts" / f"{text}.toml"
    return str(saved) if text is not None and saved.is_file() else text


def ledger_of(path: Path) -> Ledger:
    """A ledger file; what is wrong in it is told."""
    book, problems = opened(path)
    tell_problems(problems, None)
    return book


def events_of(book: Ledger) -> Iterator[Event]:
    """The rows of a ledger as events."""
    for row in book.events.iter_rows(named=True):
        yield Event(
            id=row["id"], at=row["at"], giver=row["giver"], receiver=row["receiver"], kind=row["kind"], amount=row["amount"],
            unit=row["unit"], person=row["person"], counter_person=row["counter_person"], thread=row["thread"],
            answers=row["answers"], due=row["due"], shared=row["shared"], evidence=tuple(row["evidence"]))


def party_of(book: Ledger, text: str) -> str:
    """The key of the party that is meant. Raises UnknownParty with the nearest names."""
    if book.events.filter((pl.col("giver") == text) | (pl.col("receiver") == text)).height:
        return text
    key = find(book.parties, text)
    if key is None:
        raise UnknownParty("{party} is not a party of this ledger. Did you mean {near}?", party=text,
                           near=", ".join(near(book.parties, text)) or "–")
    return key


def identifier_of(book: Ledger, text: str) -> str:
    """An identifier as it stands in the ledger, not the key of its party: decisions are about identifiers."""
    for party in book.parties.values():
        if text in party.identifiers:
            return text
    return party_of(book, text)


def day_of(text: str, option: str) -> date:
    """A day written as 2026-06-30."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongCall("{option} {value} is not a date. Write it as 2026-06-30.", option=option, value=text) from None


def share_of(text: str) -> float:
    """`65/35` → 0.65, the share of the side that stands first."""
    first, slash, second = text.partition("/")
    try:
        one, other = float(first), float(second)
    except ValueError:
        one = other = -1.0
    if not slash or not (0 < one < math.inf and 0 < other < math.inf):
        raise WrongCall("{share} is not a share. Write what the first and the second side give, as 65/35.", share=text)
    return one / (one + other)
