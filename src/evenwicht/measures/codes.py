"""Names as whole numbers: parties, kinds, units and identities are compared millions of times, and written down once.

A party's code is its place among the sorted names, so that codes are in the order of the names. An identity (of an event,
its thread, what it answers) becomes a 64-bit hash: axes only ask whether two identities *of one relation* are the same. Two
of ten thousand different ones share a hash with a chance of 1 in 10^11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from evenwicht.errors import WrongCall
from evenwicht.ledger.table import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ASKED = r"#q$"
"""A question stands beside the mail that asks it, under the mail's id and this."""

PART = r"#part[0-9]+$"
"""A payment of several invoices stands in the ledger as its parts; one that takes it back names the whole."""

_SHORT = {"question": ASKED, "payment": PART}
"""Kinds whose id is that of another row and an ending."""

_ORDER = ("id", "kind", "giver", "receiver")


def ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in the ledger's order (time, then identity); those that are in it already are not sorted again."""
    if rows.height < 2 or in_its_order(rows):  # noqa: PLR2004  one row is in order
        return rows
    return in_order(rows)


def in_its_order(rows: pl.DataFrame) -> bool:
    """Whether the rows are sorted by (at, id, kind, giver, receiver)."""
    if not rows["at"].is_sorted():
        return False
    tied = rows.select(
        "at", *_ORDER, pl.col("at").shift(1).alias("_at"), *[pl.col(name).shift(1).alias(f"_{name}") for name in _ORDER],
    ).filter(pl.col("at") == pl.col("_at"))
    wrong = pl.lit(value=False)
    for name in reversed(_ORDER):
        wrong = (pl.col(name) < pl.col(f"_{name}")) | ((pl.col(name) == pl.col(f"_{name}")) & wrong)
    return not tied.select(wrong.any()).item()


def names_in(rows: pl.DataFrame) -> tuple[str, ...]:
    """The parties of some rows, sorted."""
    return tuple(pl.concat([rows["giver"].unique(), rows["receiver"].unique()]).unique().sort().to_list())


def party_codes(rows: pl.DataFrame, parties: Sequence[str]) -> pl.DataFrame:
    """Columns giver and receiver as places in `parties`, int64."""
    known = pl.Enum(parties)
    return rows.select(pl.col(side).cast(known).to_physical().cast(pl.Int64) for side in ("giver", "receiver"))


def identities(rows: pl.DataFrame) -> pl.DataFrame:
    """Columns id, thread and answers as 64-bit codes (null stays null).

    The id of a question is that of its mail, the id of a payment's part that of the whole payment; and a reversal answers
    the whole payment.
    """
    codes = {name: rows[name].hash() for name in ("id", "thread", "answers")}
    for kind, ending in _SHORT.items():
        codes["id"] = _shortened(codes["id"], rows, "id", kind, ending)
    codes["answers"] = _shortened(codes["answers"], rows, "answers", "reversal", PART)
    return pl.DataFrame(codes).with_columns(
        pl.when(rows[name].is_not_null()).then(pl.col(name)).alias(name) for name in ("thread", "answers"))


def identity(text: str) -> int:
    """The code of one identity."""
    return int(pl.Series([text]).hash()[0])


def _shortened(codes: pl.Series, rows: pl.DataFrame, name: str, kind: str, ending: str) -> pl.Series:
    """The codes, with those of one kind made of the text without its ending."""
    chosen = rows["kind"] == kind
    if not chosen.any():
        return codes
    values: NDArray[np.uint64] = codes.to_numpy().copy()
    values[chosen.to_numpy()] = rows[name].filter(chosen).str.replace(ending, "").hash().to_numpy()
    return pl.Series(name, values)


def few_words(column: pl.Series) -> pl.Series:
    """A column of few different words as an enumeration in the order of the words."""
    column = column.fill_null("")
    return column.cast(pl.Enum(column.unique().sort()))


def fits(parties: int, weeks: int) -> None:
    """Refuse what the packed key of pair and week cannot hold: more than two million parties over the longest of times."""
    if parties * parties * weeks >= 2**63:
        raise WrongCall("{parties} parties over {weeks} weeks are more than one run can hold. Give a part of the ledger.",
                        parties=parties, weeks=weeks)


def decoded(codes: Any, parties: Sequence[str]) -> pl.Series:
    """Names of party codes."""
    return pl.Series(parties, dtype=pl.String).gather(pl.Series(codes))
