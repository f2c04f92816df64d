"""Events as a few blocks of bytes, and those as rows: what goes over the pipe.

Objects are slow to send: the columns of all events of a file are packed where they are made, by the many, and become rows
without a loop over events where they are gathered, by the one.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import polars as pl
    import pyarrow as pa

    from evenwicht.ledger.events import Event

TEXTS = ("id", "giver", "receiver", "kind", "unit", "person", "counter_person", "thread", "answers")
LISTS = ("evidence", "references")
MOMENTS = ("at", "due")
COPIES = {"id_raw": "id", "giver_raw": "giver", "receiver_raw": "receiver", "answers_raw": "answers", "unit_raw": "unit"}
"""Before anything is joined the raw columns are the same as the resolved ones."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Packed:
    """One column. Columns of several files are joined by joining each block.

    there    one byte a value: 1, or 0 where there is none
    data     texts one after the other in UTF-8; numbers as the machine writes them, 8 bytes each; flags a byte each
    lengths  bytes of each text, 4 bytes each; empty where all values are equally long
    """

    there: bytes
    data: bytes
    lengths: bytes = b""


@dataclass(frozen=True, slots=True)
class Columns:
    """Packed columns of events. `counts` says how many values of a list column belong to each event, 4 bytes each."""

    height: int
    columns: dict[str, Packed]
    counts: dict[str, bytes]


def packed(events: Sequence[Event]) -> Columns:
    """Pack events. A character that UTF-8 cannot write (half of a pair) becomes a question mark.

    Raises what an event that is not as its type says leads to: AttributeError, TypeError, OverflowError.
    """
    columns = {name: _texts([getattr(event, name) for event in events]) for name in TEXTS}
    counts = {}
    for name in LISTS:
        lists = [getattr(event, name) for event in events]
        counts[name] = array("i", map(len, lists)).tobytes()
        columns[name] = _texts([text for texts in lists for text in texts])
    for name in MOMENTS:
        moments = [getattr(event, name) for event in events]
        there = _there(moments)
        columns[name] = Packed(there, array("q", [0 if m is None else (m - _EPOCH) // _MICROSECOND for m in moments]).tobytes())
    amounts = [event.amount for event in events]
    columns["amount"] = Packed(_there(amounts), array("d", [0.0 if a is None else a for a in amounts]).tobytes())
    columns["shared"] = Packed(b"\1" * len(events), bytes(bool(event.shared) for event in events))
    columns["version"] = Packed(b"\1" * len(events), array("q", [event.version for event in events]).tobytes())
    return Columns(len(events), columns, counts)


def _there(values: Sequence[object]) -> bytes:
    return bytes(value is not None for value in values)


def _texts(values: Sequence[str | None]) -> Packed:
    written = [b"" if value is None else value.encode("utf-8", "replace") for value in values]
    return Packed(_there(values), b"".join(written), array("i", map(len, written)).tobytes())


def rows(parts: Iterable[Columns]) -> pl.DataFrame:
    """The rows of all events of several files, in their order, as `ledger.table.frame_of` makes them."""
    import numpy as np
    import polars as pl
    import pyarrow as pa

    from evenwicht.ledger.table import RAW, SCHEMA, empty

    parts = [part for part in parts if part.height]
    if not parts:
        return empty()
    height = sum(part.height for part in parts)
    arrays: dict[str, pa.Array] = {}
    for name in TEXTS:
        arrays[name] = _text_array(_joined(parts, name))
    for name in LISTS:
        counts = np.frombuffer(b"".join(part.counts[name] for part in parts), np.int32)
        arrays[name] = pa.LargeListArray.from_arrays(pa.array(_offsets(counts)), _text_array(_joined(parts, name)))
    for name, kind in (("at", pa.timestamp("us", "UTC")), ("due", pa.timestamp("us", "UTC")), ("amount", pa.float64()), ("version", pa.int64())):
        column = _joined(parts, name)
        arrays[name] = pa.Array.from_buffers(kind, height, [_bitmap(column), pa.py_buffer(column.data)])
    arrays["shared"] = pa.array(np.frombuffer(_joined(parts, "shared").data, np.bool_))
    for copy, original in COPIES.items():
        arrays[copy] = arrays[original]
    made = pl.from_arrow(pa.table({name: arrays[name] for name in SCHEMA | RAW}), schema=SCHEMA | RAW)
    assert isinstance(made, pl.DataFrame)
    return made


def _joined(parts: Sequence[Columns], name: str) -> Packed:
    columns = [part.columns[name] for part in parts]
    return Packed(b"".join(c.there for c in columns), b"".join(c.data for c in columns), b"".join(c.lengths for c in columns))


def _text_array(column: Packed) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    offsets = _offsets(np.frombuffer(column.lengths, np.int32))
    return pa.Array.from_buffers(pa.large_string(), len(column.there), [_bitmap(column), pa.py_buffer(offsets), pa.py_buffer(column.data)])


def _offsets(lengths: np.ndarray) -> np.ndarray:
    import numpy as np

    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def _bitmap(column: Packed) -> pa.Buffer | None:
    """Where values are, a bit each as Arrow writes it; None where all are there."""
    import numpy as np
    import pyarrow as pa

    if 0 not in column.there:
        return None
    return pa.py_buffer(np.packbits(np.frombuffer(column.there, np.uint8), bitorder="little"))
