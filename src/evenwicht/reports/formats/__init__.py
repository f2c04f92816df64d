"""The forms a result can take: one file per form, found by scanning this folder.

A member is a module with

    NAME = "csv"            what `--format` calls it
    SUFFIX = ".csv"         of a file that is written without a name for it
    BINARY = False          whether `target` takes bytes or text
    ONE_RELATION = False    True: it shows one relation (`report`) · False: the list (`assess`) · None: either
    def write(found, target, *, language="en", chair=None, between=None) -> None

`found` is the result (`Found` below says what is used of it), `target` an open file. `between` is the pair of keys of
the relation to show; a form that shows a list shows all of it without. `chair` is the key of the party to name first.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Protocol

from evenwicht.errors import UnknownParty, WrongCall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import polars as pl


class Found(Protocol):
    """What a form uses of a result of `assess`."""

    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def us(self) -> str | None: ...
    @property
    def until(self) -> date: ...
    @property
    def needs(self) -> Sequence[object]: ...
    @property
    def expected_wrong(self) -> float: ...
    @property
    def relations(self) -> pl.DataFrame: ...
    @property
    def axes(self) -> pl.DataFrame: ...
    @property
    def history(self) -> pl.DataFrame: ...

    def as_dict(self) -> dict[str, Any]: ...


class Format(Protocol):
    """A member of this folder."""

    NAME: str
    SUFFIX: str
    BINARY: bool
    ONE_RELATION: bool | None

    def write(
        self, found: Found, target: IO[Any], *, language: str = "en", chair: str | None = None,
        between: tuple[str, str] | None = None,
    ) -> None: ...


def chosen(
    relations: Sequence[Mapping[str, Any]], between: tuple[str, str] | None,
) -> list[Mapping[str, Any]]:
    """The relations to show, sorted by their two keys: all of them, or the one between two parties.

    Raises UnknownParty where there is no relation between those two.
    """
    if between is None:
        return sorted(relations, key=lambda one: (one["a"], one["b"]))
    kept = [one for one in relations if {one["a"], one["b"]} == set(between)]
    if not kept:
        raise UnknownParty(
            "There is no relation between {first} and {second} in this ledger. "
            "“evenwicht parties LEDGER” lists who is in it.", first=between[0], second=between[1],
        )
    return kept


def only(
    relations: Sequence[Mapping[str, Any]], between: tuple[str, str] | None, chair: str | None,
) -> Mapping[str, Any]:
    """The one relation to show, for a form that shows one. Raises WrongCall where it is not clear which, or where
    `chair` is not one of its two sides.
    """
    kept = chosen(relations, between)
    if len(kept) != 1:
        raise WrongCall("This form shows one relation, and the ledger holds {n}. Name its two parties.", n=len(kept))
    one = kept[0]
    if chair is not None and chair not in {one["a"], one["b"]}:
        raise WrongCall("{chair} has no chair in this relation. Its two sides are {a} and {b}.",
                        chair=chair, a=one["a"], b=one["b"])
    return one
