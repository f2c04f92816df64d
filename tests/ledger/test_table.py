"""The ledger as a file: what is written is read back, what other programs wrote is read too, and what is no ledger is told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenwicht.errors import FileMissing, NotALedger, WrongCall
from evenwicht.ledger import table
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.notation import read_lines
from evenwicht.ledger.parties import Decision, Party
from evenwicht.ledger.table import RAW, SCHEMA, Ledger, empty, frame_of, in_order, read, validated, write

LINES = """
2026-03-02T09:14Z birch.nl -> acme.com message 412 words <m1@birch.nl> thread <m1@birch.nl> person <p1> counter <p2> evidence <a.mbox#1>
2026-03-03T09:14:00.000007Z acme.com -> birch.nl message ? words <m2@acme.com> answers <m1@birch.nl>
2026-03-04T00:00Z birch.nl -> acme.com invoice 121 EUR <invoice:birch.nl:7:2026> due 2026-04-03T00:00Z ref <7> version 2 private
"""
MARCH = datetime(2026, 3, 2, tzinfo=UTC)
NAIVE = MARCH.replace(tzinfo=None)
BARE = {"id": ["m1"], "at": [MARCH], "giver": ["birch.nl"], "receiver": ["acme.com"], "kind": ["message"]}


def frame(text: str = LINES) -> pl.DataFrame:
    return frame_of(read_lines(text.strip().splitlines()))


def stored(path: Path, data: object) -> Path:
    pq.write_table(data if isinstance(data, pa.Table) else pa.table(data), path)
    return path


def full_ledger() -> Ledger:
    return Ledger(
        in_order(frame()), {"birch.nl": Party("birch.nl", "Birch BV", "organisation", ("birch.nl", "kvk:12345678"), ("kvk:12345678", "Birch")),
                            "jan@gmail.com": Party("jan@gmail.com", "Jan", "person", ("jan@gmail.com",))},
        "birch.nl", (Coverage("a.mbox", "birch.nl", "p1", ("message",), MARCH, MARCH + timedelta(days=9), "given"),),
        (Decision("us", ("birch.nl",)), Decision("rename", ("birch.nl",), "Birch")), (Mention(("birch.nl", "kvk:12345678"), "Birch BV", own=True),),
        frame().head(1),
    )


def test_a_ledger_is_written_and_read_back(tmp_path: Path) -> None:
    ledger = full_ledger()
    write(ledger, tmp_path / "deep" / "ledger.parquet")
    back, problems = read(tmp_path / "deep" / "ledger.parquet")
    assert problems == []
    assert back.events.equals(ledger.events)
    assert back.events.schema == pl.Schema(SCHEMA | RAW)
    assert back.set_aside is not None
    assert ledger.set_aside is not None
    assert back.set_aside.equals(ledger.set_aside)
    assert (back.parties, back.us, back.coverage, back.decisions, back.mentions) == (
        ledger.parties, ledger.us, ledger.coverage, ledger.decisions, ledger.mentions)
    assert len(back) == 3


def test_the_metadata_is_that_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "ledger.parquet"
    write(full_ledger(), path)
    metadata = pq.read_schema(path).metadata
    assert metadata[b"evenwicht.schema"] == b"1"
    assert metadata[b"evenwicht.us"] == b"birch.nl"
    assert json.loads(metadata[b"evenwicht.parties"]) == {
        "birch.nl": {"name": "Birch BV", "kind": "organisation", "identifiers": ["birch.nl", "kvk:12345678"], "aliases": ["kvk:12345678", "Birch"]},
        "jan@gmail.com": {"name": "Jan", "kind": "person", "identifiers": ["jan@gmail.com"], "aliases": []},
    }
    assert json.loads(metadata[b"evenwicht.coverage"]) == [{
        "source": "a.mbox", "party": "birch.nl", "person": "p1", "kinds": ["message"], "from": "2026-03-02T00:00:00+00:00",
        "to": "2026-03-11T00:00:00+00:00", "sees": "given"}]


def test_the_columns_are_those_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "ledger.parquet"
    write(Ledger(frame()), path)
    types = {field.name: str(field.type).replace("large_", "") for field in pq.read_schema(path)}
    moment = "timestamp[us, tz=UTC]"
    expected = {
        "id": "string", "at": moment, "giver": "string", "receiver": "string", "kind": "string", "amount": "double", "unit": "string",
        "person": "string", "counter_person": "string", "thread": "string", "answers": "string", "due": moment, "shared": "bool"}
    assert {name: types[name] for name in expected} == expected
    assert types["evidence"].startswith("list<")
    assert list(types)[:14] == [*expected, "evidence"]


def test_nothing_known_is_written_as_nothing_known(tmp_path: Path) -> None:
    path = tmp_path / "ledger.parquet"
    write(Ledger(frame()), path)
    back, _ = read(path)
    assert (back.coverage, back.us, dict(back.parties), back.set_aside) == (None, None, {}, None)
    write(Ledger(frame(), coverage=()), path)
    assert read(path)[0].coverage == ()


MOMENTS = st.integers(-8_000_000_000_000_000, 7_000_000_000_000_000).map(lambda us: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us))
EVENTS = st.builds(
    Event, id=st.text(min_size=1, max_size=8), at=MOMENTS,
    giver=st.just("a.nl"), receiver=st.text(min_size=1, max_size=8).filter(lambda text: text != "a.nl"), kind=st.text(max_size=8),
    amount=st.none() | st.floats(allow_nan=False, allow_infinity=False), unit=st.text(max_size=4), thread=st.none() | st.text(max_size=4),
    due=st.none() | MOMENTS, shared=st.booleans(),
    evidence=st.lists(st.text(max_size=4), max_size=2).map(tuple), references=st.lists(st.text(max_size=4), max_size=2).map(tuple),
    version=st.integers(0, 9),
)


@settings(max_examples=30)
@given(rows=st.lists(EVENTS, max_size=6))
def test_any_events_survive_the_file(rows: list[Event], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "ledger.parquet"
    ledger = Ledger(in_order(frame_of(rows)), set_aside=frame_of(rows))
    write(ledger, path)
    back, problems = read(path)
    assert not problems
    assert back.events.equals(ledger.events)
    assert (back.set_aside is None and not rows) or (back.set_aside is not None and back.set_aside.equals(frame_of(rows)))


def test_a_frame_of_polars_without_metadata_is_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "polars.parquet"
    pl.DataFrame(BARE).write_parquet(path)
    ledger, problems = read(path)
    assert problems == []
    assert ledger.coverage is None
    row = ledger.events.row(0, named=True)
    assert row == BARE_ROW


BARE_ROW = {
    "id": "m1", "at": MARCH, "giver": "birch.nl", "receiver": "acme.com", "kind": "message", "amount": None, "unit": "", "person": None,
    "counter_person": None, "thread": None, "answers": None, "due": None, "shared": True, "evidence": [], "id_raw": "m1", "giver_raw": "birch.nl",
    "receiver_raw": "acme.com", "answers_raw": None, "unit_raw": None, "references": [], "version": 0,
}


def test_a_frame_of_pandas_is_a_ledger(tmp_path: Path) -> None:
    made = pd.DataFrame({
        **BARE, "at": pd.to_datetime(["2026-03-02T01:00:00+01:00"]), "kind": pd.Categorical(["message"]), "amount": [4], "evidence": ["a.mbox#1"],
        "mood": ["good"],
    }, index=[7])
    made.to_parquet(tmp_path / "pandas.parquet")
    ledger, problems = read(tmp_path / "pandas.parquet")
    assert problems == []
    row = ledger.events.row(0, named=True)
    assert {name: row[name] for name in BARE_ROW} == BARE_ROW | {"amount": 4.0, "evidence": ["a.mbox#1"]}
    assert row["mood"] == "good"


@pytest.mark.parametrize("at", [
    pa.array([NAIVE], pa.timestamp("ns")), pa.array([NAIVE], pa.timestamp("ms")), pa.array([date(2026, 3, 2)]),
    pa.array([datetime(2026, 3, 2, 1, tzinfo=timezone(timedelta(hours=1)))], pa.timestamp("us", "Europe/Amsterdam")),
    pa.array(["2026-03-02"]), pa.array(["2026-03-02T00:00:00Z"]), pa.array(["2026-03-02T00:00Z"]), pa.array(["2026-03-02 00:00"]),
    pa.array(["2026-03-02T01:00:00.000+01:00"]), pa.array(["2026-03-02 00:00:00+00:00"]), pa.array(["2026-03-02"]).dictionary_encode(),
], ids=str)
def test_times_in_other_forms_are_the_same_time(tmp_path: Path, at: pa.Array) -> None:
    ledger, problems = read(stored(tmp_path / "x.parquet", {**BARE, "at": at, "due": at}))
    assert problems == []
    assert ledger.events["at"].to_list() == ledger.events["due"].to_list() == [MARCH]


def test_one_date_that_cannot_be_read_loses_one_row() -> None:
    rows = {"id": ["a", "b", "c"], "at": ["2026-03-02", "yesterday", "2026-03-04T10:00Z"], "giver": ["x.nl"] * 3, "receiver": ["y.nl"] * 3, "kind": ["message"] * 3}
    kept, problems = validated(pl.DataFrame(rows), "t")
    assert kept["id"].to_list() == ["a", "c"]
    assert [(problem.place, str(problem.remedy_phrase)) for problem in problems] == [("row 2", "Correct the row b and read the ledger again.")]


@pytest.mark.parametrize("column, values, expected", [
    ("evidence", ["a#1"], ["a#1"]), ("evidence", pa.array(["a#1"]).dictionary_encode(), ["a#1"]), ("evidence", [["a#1", "b#2"]], ["a#1", "b#2"]),
    ("evidence", pa.array([None], pa.string()), []), ("evidence", pa.array([None]), []), ("evidence", pa.array([None], pa.list_(pa.string())), []),
    ("evidence", pa.array([[]]), []), ("kind", pa.array(["message"]).dictionary_encode(), "message"), ("giver", pa.array(["b.nl"]).dictionary_encode(), "b.nl"),
    ("unit", pa.array([None], pa.string()), ""), ("shared", pa.array([None], pa.bool_()), True), ("shared", [False], False), ("version", pa.array([None], pa.int32()), 0),
    ("amount", [Decimal("1.50")], 1.5), ("amount", pa.array([3], pa.int8()), 3.0), ("amount", pa.array([None]), None), ("due", pa.array([None]), None),
    ("person", pa.array([None]), None), ("thread", pa.array(["t"], pa.large_string()), "t"),
])
def test_columns_in_other_types_are_understood(tmp_path: Path, column: str, values: object, expected: object) -> None:
    ledger, problems = read(stored(tmp_path / "x.parquet", {**BARE, column: values}))
    assert problems == []
    assert ledger.events[column].to_list() == [expected]
    assert ledger.events.schema[column] == (SCHEMA | RAW)[column]


@pytest.mark.parametrize("change, what", [
    ({"at": pa.array([None], pa.timestamp("us", "UTC"))}, "no time"), ({"at": pa.array([None])}, "no time"),
    ({"giver": pa.array([None], pa.string())}, "no giver"), ({"giver": [""]}, "no giver"), ({"receiver": pa.array([None], pa.string())}, "no receiver"),
    ({"receiver": [""]}, "no receiver"), ({"receiver": ["birch.nl"]}, "same party"), ({"amount": [float("nan")]}, "not a finite number"),
    ({"amount": [float("inf")]}, "not a finite number"), ({"amount": [float("-inf")]}, "not a finite number"),
    ({"giver": [""], "receiver": [""], "at": pa.array([None]), "amount": [float("nan")]}, "no time"),
])
def test_a_row_that_cannot_be_is_left_out_with_its_problem(tmp_path: Path, change: dict[str, object], what: str) -> None:
    good = stored(tmp_path / "good.parquet", {**BARE, "amount": [1.0], "id": ["good"]})
    bad = pa.table({**BARE, "amount": [1.0], **change})
    both = pa.concat_tables([pq.read_table(good), bad], promote_options="permissive")
    ledger, problems = read(stored(tmp_path / "x.parquet", both))
    assert ledger.events["id"].to_list() == ["good"]
    assert len(problems) == 1
    assert what in str(problems[0].what_phrase)
    assert (problems[0].file, problems[0].place, problems[0].severity) == (str(tmp_path / "x.parquet"), "row 2", "error")
    assert "m1" in str(problems[0].remedy_phrase)


def test_a_row_without_an_id_that_is_wrong_is_still_named() -> None:
    _, problems = validated(pl.DataFrame({**BARE, "id": [None], "giver": [""]}))
    assert str(problems[0].remedy_phrase) == "Correct the row ? and read the ledger again."


@pytest.mark.parametrize("change, said", [
    ({"amount": ["much"]}, "the column amount is String, and should be Float64"), ({"id": [4]}, "the column id is Int64"),
    ({"shared": ["yes"]}, "the column shared is String"), ({"evidence": [4]}, "the column evidence is Int64"),
    ({"evidence": [[4]]}, "the column evidence is List(Int64)"), ({"at": [4]}, "the column at is Int64"), ({"due": [True]}, "the column due is Boolean"),
    ({"giver": [["a"]]}, "the column giver is List(String)"), ({"unit": [{"a": 1}]}, "the column unit is Struct"),
])
def test_a_column_that_means_something_else_is_no_ledger(tmp_path: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(NotALedger) as caught:
        read(stored(tmp_path / "x.parquet", {**BARE, **change}))
    assert said in str(caught.value)
    assert str(tmp_path / "x.parquet") in str(caught.value)


def test_missing_columns_are_named() -> None:
    with pytest.raises(NotALedger) as caught:
        validated(pl.DataFrame({"id": ["a"], "giver": ["b"], "price": [1]}))
    assert str(caught.value).startswith("The table is not a ledger: the column at, receiver, kind is missing.")


@pytest.mark.parametrize("data", [b"", b"hello", b"PAR1", b"PAR1" + b"\x00" * 40 + b"PAR1", b"id,at,giver\n1,2,3\n"])
def test_what_is_no_parquet_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(data)
    with pytest.raises(NotALedger, match="is not a Parquet file"):
        read(path)


def test_a_file_cut_in_half_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    write(full_ledger(), path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(NotALedger):
        read(path)


def test_two_columns_of_one_name_are_told(tmp_path: Path) -> None:
    twice = pa.table([pa.array(["a"]), pa.array(["b"])], names=["id", "id"])
    with pytest.raises(NotALedger, match=r"its columns cannot be read \(.*id"):
        read(stored(tmp_path / "x.parquet", twice))


def test_a_folder_named_like_a_partition_adds_no_column(tmp_path: Path) -> None:
    (tmp_path / "kind=invoice").mkdir()
    assert read(stored(tmp_path / "kind=invoice" / "x.parquet", BARE))[0].events["kind"].to_list() == ["message"]


@pytest.mark.parametrize("version", [b"2", b"99", b"", b"\xff", b"1.0"])
def test_another_schema_asks_for_another_release(tmp_path: Path, version: bytes) -> None:
    data = pa.table(BARE).replace_schema_metadata({b"evenwicht.schema": version})
    with pytest.raises(NotALedger, match="this release reads schema 1"):
        read(stored(tmp_path / "x.parquet", data))


@pytest.mark.parametrize("name, value", [
    ("parties", b"{"), ("parties", b"[]"), ("parties", b'{"a": 4}'), ("coverage", b'[{"source": "a"}]'), ("coverage", b"4"), ("coverage", b'["a"]'),
    ("decisions", b'[{"names": []}]'), ("mentions", b"[[1]]"), ("set_aside", b"{"), ("us", b"\xff"), ("parties", b"\xff"),
])
def test_damaged_metadata_is_told(tmp_path: Path, name: str, value: bytes) -> None:
    data = pa.table(BARE).replace_schema_metadata({f"evenwicht.{name}".encode(): value})
    with pytest.raises(NotALedger, match=r"metadata of .* is damaged"):
        read(stored(tmp_path / "x.parquet", data))


def test_metadata_of_other_programs_is_no_matter(tmp_path: Path) -> None:
    data = pa.table(BARE).replace_schema_metadata({b"\xff": b"\xff", b"geo": b"{"})
    assert len(read(stored(tmp_path / "x.parquet", data))[0]) == 1


@pytest.mark.parametrize("name", ["missing.parquet", "."])
def test_a_path_that_is_no_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileMissing, match="does not exist"):
        read(tmp_path / name)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, OSError(28, "No space left on device")])
def test_a_killed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException | type[BaseException]) -> None:
    path = tmp_path / "ledger.parquet"
    write(full_ledger(), path)
    before = path.read_bytes()

    def dies(_table: pa.Table, where: Path, **_options: object) -> None:
        Path(where).write_bytes(b"PAR1 half")
        raise error

    monkeypatch.setattr(table.pq, "write_table", dies)
    with pytest.raises((KeyboardInterrupt, MemoryError, WrongCall)):
        write(Ledger(frame().head(1)), path)
    assert path.read_bytes() == before


def test_a_full_disk_is_told_and_leaves_nothing_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_table: pa.Table, where: Path, **_options: object) -> None:
        Path(where).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(table.pq, "write_table", dies)
    with pytest.raises(WrongCall, match=r"cannot be written: No space left on device\."):
        write(full_ledger(), tmp_path / "ledger.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("I am no folder")
    with pytest.raises(WrongCall, match="cannot be written"):
        write(full_ledger(), tmp_path / "file" / "ledger.parquet")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WrongCall, match="cannot be written"):
        write(full_ledger(), tmp_path / "folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_an_empty_ledger_has_every_column(tmp_path: Path) -> None:
    write(Ledger(empty()), tmp_path / "x.parquet")
    back, problems = read(tmp_path / "x.parquet")
    assert len(back) == len(problems) == 0
    assert back.events.schema == pl.Schema(SCHEMA | RAW)


def test_rows_are_read_in_the_canonical_order(tmp_path: Path) -> None:
    mixed = {"id": ["b", "a", "c"], "at": [MARCH, MARCH, MARCH - timedelta(days=1)], "giver": ["x"] * 3, "receiver": ["y"] * 3, "kind": ["k"] * 3}
    assert read(stored(tmp_path / "x.parquet", mixed))[0].events["id"].to_list() == ["c", "a", "b"]


def test_with_events_changes_the_rows_alone() -> None:
    ledger = full_ledger()
    fewer = ledger.with_events(ledger.events.head(1))
    assert (len(fewer), fewer.us, fewer.parties) == (1, ledger.us, ledger.parties)
