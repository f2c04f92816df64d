"""The ledger as a table: schema, validation, Parquet with metadata.

Beside the columns of the schema stand the raw ones, as the importers gave them (`giver_raw`, `receiver_raw`,
`answers_raw`, `references`, `version`): `ledger.resolve` always starts from those, so the order in which files were
read cannot matter. Other programs may leave them out, and readers may ignore them.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from evenwicht.errors import FileMissing, NotALedger, WrongCall
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.parties import Decision, Party
from evenwicht.ledger.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from evenwicht.ledger.events import Event
    from evenwicht.ledger.mentions import Mention

SCHEMA_VERSION = 1
MOMENT = pl.Datetime("us", "UTC")

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String, "at": MOMENT, "giver": pl.String, "receiver": pl.String, "kind": pl.String,
    "amount": pl.Float64, "unit": pl.String, "person": pl.String, "counter_person": pl.String, "thread": pl.String,
    "answers": pl.String, "due": MOMENT, "shared": pl.Boolean, "evidence": pl.List(pl.String),
}
"""The columns of schema 1 in their order, with Polars types."""

RAW: dict[str, pl.DataType | type[pl.DataType]] = {
    "id_raw": pl.String, "giver_raw": pl.String, "receiver_raw": pl.String, "answers_raw": pl.String,
    "unit_raw": pl.String, "references": pl.List(pl.String), "version": pl.Int64,
}
"""What importers gave before anything was joined."""

_ROW = "row number while rows are checked"

IDENTITY = ("id", "kind", "giver", "receiver")
"""What makes two rows one (CONTRACT)."""

REQUIRED = ("id", "at", "giver", "receiver", "kind")


@dataclass(frozen=True, slots=True)
class Ledger:
    """Events and what is known about the parties in them. Immutable.

    events      one row per event: SCHEMA and RAW columns, sorted by (at, id, kind, giver, receiver)
    parties     key → who it is; empty where nothing is known
    us          our own key, or None
    coverage    what the sources could have shown; None = everything (a ledger from elsewhere)
    decisions   what people decided about parties (merge, split, rename …), in order
    set_aside   rows that were joined into one (both books of a payment, two readings of an invoice), as they were
                before, with the identity that the one row has: joins are always made again from these
    others      whether rows between two others are kept; None = not known (a ledger from elsewhere)
    """

    events: pl.DataFrame
    parties: Mapping[str, Party] = field(default_factory=dict)
    us: str | None = None
    coverage: tuple[Coverage, ...] | None = None
    decisions: tuple[Decision, ...] = ()
    mentions: tuple[Mention, ...] = ()
    set_aside: pl.DataFrame | None = None
    others: bool | None = None

    def __len__(self) -> int:
        return self.events.height

    def with_events(self, events: pl.DataFrame) -> Ledger:
        return replace(self, events=events)


def empty() -> pl.DataFrame:
    """A frame of no events with every column of the schema and the raw ones."""
    return pl.DataFrame(schema=SCHEMA | RAW)


def frame_of(events: Iterable[Event]) -> pl.DataFrame:
    """Events as rows, straight from importers: raw and resolved columns are still the same."""
    rows = list(events)
    text, texts, moment = pa.string(), pa.list_(pa.string()), pa.timestamp("us", "UTC")
    kinds = {pl.String: text, pl.List(pl.String): texts, MOMENT: moment, pl.Float64: pa.float64(), pl.Boolean: pa.bool_(), pl.Int64: pa.int64()}
    columns: dict[str, list[Any]] = {
        "id": [e.id for e in rows], "at": [e.at for e in rows], "giver": [e.giver for e in rows],
        "receiver": [e.receiver for e in rows], "kind": [e.kind for e in rows], "amount": [e.amount for e in rows],
        "unit": [e.unit for e in rows], "person": [e.person for e in rows],
        "counter_person": [e.counter_person for e in rows], "thread": [e.thread for e in rows],
        "answers": [e.answers for e in rows], "due": [e.due for e in rows], "shared": [e.shared for e in rows],
        "evidence": [list(e.evidence) for e in rows], "id_raw": [e.id for e in rows], "giver_raw": [e.giver for e in rows],
        "receiver_raw": [e.receiver for e in rows], "answers_raw": [e.answers for e in rows],
        "unit_raw": [e.unit for e in rows], "references": [list(e.references) for e in rows], "version": [e.version for e in rows],
    }
    arrays = {name: pa.array(columns[name], kinds[kind]) for name, kind in (SCHEMA | RAW).items()}
    made = pl.from_arrow(pa.table(arrays), schema=SCHEMA | RAW)
    assert isinstance(made, pl.DataFrame)
    return made


def validated(frame: pl.DataFrame, source: str = "") -> tuple[pl.DataFrame, list[Problem]]:
    """Any frame with at least the required columns as rows of the schema, and a problem for each row left out.

    Missing optional columns are filled (null, true, empty); extra columns stay. Naive times are taken as UTC.
    Raises NotALedger when a required column is missing or a column has a type that cannot be one of the schema.
    """
    missing = [name for name in REQUIRED if name not in frame.columns]
    if missing:
        raise NotALedger(
            "{source} is not a ledger: the column {missing} is missing. A ledger has at least id, at, giver, receiver "
            "and kind. Files of other programs are read with “evenwicht read”.",
            source=source or "The table", missing=", ".join(missing),
        )
    foreign = [name for name in RAW if name in frame.columns and not _castable(frame.schema[name], RAW[name])]
    frame = frame.drop(foreign)  # another program's columns of the same name: ignored, like all that are not of the schema
    frame = frame.with_columns(_column(frame, name, kind, source) for name, kind in (SCHEMA | RAW).items())
    checks = {
        "at": (pl.col("at").is_null(), "The event has no time."),
        "giver": (pl.col("giver").fill_null("") == "", "The event has no giver."),
        "receiver": (pl.col("receiver").fill_null("") == "", "The event has no receiver."),
        "self": (pl.col("giver") == pl.col("receiver"), "Giver and receiver are the same party."),
        "amount": (pl.col("amount").is_nan() | pl.col("amount").is_infinite(), "The amount is not a finite number."),
    }
    problems: list[Problem] = []
    bad = pl.lit(value=False)
    numbered = frame.with_row_index(_ROW)
    for condition, what in checks.values():
        here = condition.fill_null(value=False) & ~bad
        problems.extend(
            Problem(source, f"row {row + 1}", what, "Correct the row {id} and read the ledger again.", "error", {"id": name or "?"})
            for row, name in numbered.filter(here).select(_ROW, "id").iter_rows()
        )
        bad = bad | condition.fill_null(value=False)
    kept = frame.filter(~bad) if problems else frame
    return kept, problems


def _column(frame: pl.DataFrame, name: str, kind: pl.DataType | type[pl.DataType], source: str) -> pl.Expr:
    if name not in frame.columns:
        return _filled(name, frame)
    have = frame.schema[name]
    column = pl.col(name)
    try:
        if name in {"evidence", "references"}:
            if have != pl.List(pl.String):
                if not (_castable(have, pl.String) or (isinstance(have, pl.List) and have.inner in (pl.String, pl.Categorical, pl.Null))):
                    raise _unfit(source, name, have, pl.List(pl.String))
                column = column if isinstance(have, pl.List) else pl.concat_list(column.cast(pl.String))
            return column.cast(pl.List(pl.String)).fill_null([]).list.drop_nulls().alias(name)
        if kind == MOMENT:
            return _moment(column, have).alias(name)
        column = column.cast(kind)
    except pl.exceptions.PolarsError as error:
        raise _unfit(source, name, have, kind) from error
    if not _castable(have, kind):
        raise _unfit(source, name, have, kind)
    if name == "unit":
        column = column.fill_null("")
    if name == "shared":
        column = column.fill_null(value=True)
    if name == "version":
        column = column.fill_null(0)
    return column.alias(name)


def _castable(have: pl.DataType, kind: pl.DataType | type[pl.DataType]) -> bool:
    if isinstance(kind, pl.List):
        return isinstance(have, pl.List) and have.inner in (pl.String, pl.Null)
    if have in (kind, pl.Null):
        return True
    if kind == pl.String:
        return isinstance(have, pl.String | pl.Enum | pl.Categorical)
    return kind in (pl.Float64, pl.Int64) and have.is_numeric()


def _moment(column: pl.Expr, have: pl.DataType) -> pl.Expr:
    if have == pl.Date:
        return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    if isinstance(have, pl.String | pl.Categorical):
        column = column.cast(pl.String)
        # each cell by itself, so that one that cannot be read (or is only a day) does not lose the others
        forms = (r"%+", "%Y-%m-%dT%H:%M%#z", "%Y-%m-%d %H:%M:%S%.f%#z")
        bare = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
        return pl.coalesce(
            *(column.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False) for form in forms),
            *(column.str.to_datetime(form, time_unit="us", strict=False).dt.replace_time_zone("UTC") for form in bare),
            column.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        )
    if have == pl.Null:
        return column.cast(MOMENT)
    if isinstance(have, pl.Datetime):
        column = column.dt.cast_time_unit("us")
        return column.dt.replace_time_zone("UTC") if have.time_zone is None else column.dt.convert_time_zone("UTC")
    raise pl.exceptions.InvalidOperationError(str(have))


def _unfit(source: str, name: str, have: pl.DataType, kind: object) -> NotALedger:
    return NotALedger(
        "{source} is not a ledger of this schema: the column {name} is {have}, and should be {kind}.",
        source=source or "The table", name=name, have=str(have), kind=str(kind),
    )


def _filled(name: str, frame: pl.DataFrame) -> pl.Expr:
    raw_of = {"id_raw": "id", "giver_raw": "giver", "receiver_raw": "receiver", "answers_raw": "answers", "unit_raw": "unit"}
    if name in raw_of:
        origin = raw_of[name]
        return (pl.col(origin) if origin in frame.columns else pl.lit(None)).cast(pl.String).alias(name)
    if name == "unit":
        return pl.lit("").alias(name)
    if name == "shared":
        return pl.lit(value=True).alias(name)
    if name in {"evidence", "references"}:
        return pl.lit([], dtype=pl.List(pl.String)).alias(name)
    if name == "version":
        return pl.lit(0, dtype=pl.Int64).alias(name)
    kind = (SCHEMA | RAW)[name]
    return pl.lit(None, dtype=kind).alias(name)


def write(ledger: Ledger, path: Path) -> None:
    """Write a ledger as Parquet with its metadata, beside the target and then renamed: a killed run leaves the old
    file or none. Raises WrongCall when the folder cannot be written.
    """
    table = ledger.events.to_arrow(compat_level=pl.CompatLevel.oldest())
    metadata = {
        b"evenwicht.schema": str(SCHEMA_VERSION).encode(),
        b"evenwicht.parties": _json({key: party.as_dict() for key, party in sorted(ledger.parties.items())}),
        b"evenwicht.us": (ledger.us or "").encode(),
        b"evenwicht.decisions": _json([decision.as_dict() for decision in ledger.decisions]),
        b"evenwicht.mentions": _json([[list(m.identifiers), m.name, m.own] for m in ledger.mentions]),
    }
    if ledger.others is not None:
        metadata[b"evenwicht.between_others"] = _json(ledger.others)
    if ledger.coverage is not None:
        metadata[b"evenwicht.coverage"] = _json([entry.as_dict() for entry in ledger.coverage])
    if ledger.set_aside is not None and ledger.set_aside.height:
        metadata[b"evenwicht.set_aside"] = _packed(ledger.set_aside)
    table = table.replace_schema_metadata(metadata)
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, beside, compression="zstd")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):  # its folder may be no folder
            beside.unlink(missing_ok=True)
        raise WrongCall("{path} cannot be written: {reason}.", path=path, reason=error.strerror or str(error)) from error


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read(path: Path, between: tuple[str, str] | None = None) -> tuple[Ledger, list[Problem]]:
    """Read a ledger from Parquet; `between` two parties: their events alone, with all that is known beside them.

    Raises FileMissing, or NotALedger for another program's file.
    """
    from evenwicht.ledger.mentions import Mention

    if not path.is_file():
        raise FileMissing("{path} does not exist. Make it with “evenwicht read … -o {name}”.", path=path, name=path.name)
    try:
        with pq.ParquetFile(path) as file:
            metadata = file.schema_arrow.metadata
            table = file.read() if between is None else None
        if table is None:
            sides = list(between or ())
            table = pq.read_table(path, filters=[("giver", "in", sides), ("receiver", "in", sides)])
    except (pa.ArrowException, OSError):
        raise NotALedger("{path} is not a Parquet file, so it is no ledger. Files of other programs are read with "
                         "“evenwicht read {path} -o ledger.parquet”.", path=path) from None
    stored = {key.decode(errors="replace"): value for key, value in (metadata or {}).items()}
    version = stored.get("evenwicht.schema", b"1").decode(errors="replace")
    if version != str(SCHEMA_VERSION):
        raise NotALedger("{path} has ledger schema {version}; this release reads schema {known}. Install a newer release.",
                         path=path, version=version, known=SCHEMA_VERSION)
    try:
        frame = pl.from_arrow(table.replace_schema_metadata(None))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:  # one name twice, a number of 50 digits
        raise NotALedger("{path} is not a ledger: its columns cannot be read ({reason}).", path=path,
                         reason=str(error).partition("\n")[0]) from None
    assert isinstance(frame, pl.DataFrame)
    events, problems = validated(frame, str(path))
    try:
        parties = {key: Party.from_dict(key, value) for key, value in _stored(stored, "parties", {}).items()}
        coverage = (tuple(Coverage.from_dict(entry) for entry in _stored(stored, "coverage", []))
                    if "evenwicht.coverage" in stored else None)
        decisions = tuple(Decision.from_dict(entry) for entry in _stored(stored, "decisions", []))
        mentions = tuple(Mention(tuple(ids), name, own) for ids, name, own in _stored(stored, "mentions", []))
        aside = stored.get("evenwicht.set_aside")
        set_aside = _unpacked(aside) if aside else None
        us = stored.get("evenwicht.us", b"").decode().strip('"') or None
        others = _stored(stored, "between_others", None)
    except (ValueError, KeyError, TypeError, AttributeError, pl.exceptions.PolarsError):
        raise NotALedger("The metadata of {path} is damaged. Read the original files again into a new ledger.",
                         path=path) from None
    return Ledger(in_order(events), parties, us, coverage, decisions, mentions, set_aside, others), problems


def _packed(rows: pl.DataFrame) -> bytes:
    """Rows as text that fits into metadata: an Arrow file, compressed, in base 64."""
    file = BytesIO()
    rows.write_ipc(file, compression="zstd", compat_level=pl.CompatLevel.oldest())
    return b64encode(file.getvalue())


def _unpacked(stored: bytes) -> pl.DataFrame:
    """What `_packed` made. Raises ValueError, or an error of Polars, for anything else."""
    return pl.read_ipc(BytesIO(b64decode(stored, validate=True))).select(
        pl.col(name).cast(kind) for name, kind in (SCHEMA | RAW).items())


def _stored(metadata: dict[str, bytes], name: str, default: Any) -> Any:
    text = metadata.get(f"evenwicht.{name}")
    return default if text is None else json.loads(text)


def in_order(events: pl.DataFrame) -> pl.DataFrame:
    """The canonical order of rows: time, then identity."""
    return events.sort("at", "id", "kind", "giver", "receiver", maintain_order=True)
