"""Tables that are written are tables to Python's csv and to openpyxl, and to the importer by the layouts they follow."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.importers.read_again import PSEUDONYM, START, facts, read_again

from evenwicht.importers import table
from evenwicht.importers.tables.writing import OPEN_ITEMS, open_items, written
from evenwicht.importers.written import address
from evenwicht.importers.xml.parties import Named
from evenwicht.ledger.events import Event

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

US, THEY = "birch.example", "acme.example"
DAY = datetime(2026, 3, 2, tzinfo=UTC)
PARTIES = {THEY: Named((THEY, "vat:NL123456789B01"), "Acme N.V.")}
COLUMNS = ("id", "at", "giver", "receiver", "kind", "amount", "unit", "answers", "thread", "due", "person", "counter_person")


def promise(name: str = "p1", **other: object) -> Event:
    return replace(Event(name, START, US, THEY, "promise", 1.0, "count", due=DAY + timedelta(days=14)), **other)  # type: ignore[arg-type]


def as_read(event: Event) -> Event:
    """A row without a thread is in that of what it answers, or its own."""
    return replace(event, thread=event.thread or event.answers or event.id, person=event.person and PSEUDONYM(address(event.person, event.giver)),
                   counter_person=event.counter_person and PSEUDONYM(address(event.counter_person, event.receiver)))


def test_csv_reads_what_was_meant(tmp_path: Path) -> None:
    kept = promise("p1#kept", kind="promise_kept", answers="p1", due=None, at=START + timedelta(days=15), person="jan", counter_person="ann")
    assert table.write([kept, promise()], tmp_path / "tables" / "log.csv") == []
    with (tmp_path / "tables" / "log.csv").open(newline="") as file:
        first, second = csv.DictReader(file)
    assert first == {"time": "2026-03-02T09:00:00Z", "from": US, "to": THEY, "kind": "promise", "amount": "1", "unit": "count", "id": "p1", "answers": "",
                     "thread": "", "due": "2026-03-16T00:00:00Z"}
    assert (second["from"], second["to"], second["answers"]) == ("jan@birch.example", "ann@acme.example", "p1")
    found = read_again(table, tmp_path / "tables" / "log.csv")
    assert facts(found.events, *COLUMNS) == facts(map(as_read, [promise(), kept]), *COLUMNS)


def test_what_the_log_cannot_say_is_left() -> None:
    odd = [
        promise("a", shared=False), promise("=1+1"), promise("two words"), promise("c", kind="unheard_of"), promise("d", at=START + timedelta(microseconds=1)),
        promise("e", person="jan eva"), promise("f", giver="jan@gmail.com", person="jan"), promise("g", unit="fl oz"), promise("h", amount=None),
        promise("l", giver="jan@gmail.com"), promise("m", giver="birch"), promise("n", unit=""), promise("o", kind="automatic"),
        promise("p", kind="message", unit="words"), *(promise("q", kind="message", unit="words", answers="e", receiver=f"p{number}.example") for number in range(11)),
        promise("i", thread="a b"), promise("j", answers="-1"), promise("k", giver="kvk:12345678", person="jan"),
    ]
    assert written([promise(), *odd]).left == tuple(odd)
    assert written(odd).files == {}


def test_openpyxl_reads_the_open_items(tmp_path: Path) -> None:
    number = "invoice:birch.example:36:2026"
    paid = Event(number, DAY, US, THEY, "invoice", 403.59, "EUR", due=DAY + timedelta(days=30))
    waiting = replace(paid, id="invoice:birch.example:=37:2026", amount=10.0, due=None)
    note = replace(paid, id="credit_note:birch.example:5:2026", kind="credit_note", amount=3.5, due=None, at=DAY + timedelta(days=1))
    in_parts = replace(paid, id="loose", amount=8.0, at=DAY + timedelta(days=2))
    money = [Event("m1", DAY + timedelta(days=31), THEY, US, "payment", 403.59, "EUR", answers=number),
             *(Event(f"m{part}", DAY, THEY, US, "payment", 4.0, "EUR", answers="loose") for part in (2, 3))]
    beside = [replace(paid, id="invoice:acme.example:9:2026", giver=THEY, receiver=US), promise(), replace(paid, amount=None), replace(paid, receiver="kvk:1")]
    events = [note, waiting, paid, in_parts, *money, *beside]
    table.write_open_items(events, tmp_path / "tables" / "open.xlsx", US, PARTIES)
    sheet = load_workbook(tmp_path / "tables" / "open.xlsx").worksheets[0]
    rows = list(sheet.values)
    assert sheet["A3"].data_type == "s"  # a text, no formula
    bare = DAY.replace(tzinfo=None)
    same = ("Acme N.V.", "office@acme.example", "NL123456789B01")
    assert rows == [
        OPEN_ITEMS,
        ("36", bare, bare + timedelta(days=30), *same, 403.59, "EUR", bare + timedelta(days=31)),
        ("=37", bare, None, *same, 10, "EUR", None),
        ("5", bare + timedelta(days=1), None, *same, -3.5, "EUR", None),
        ("loose", bare + timedelta(days=2), bare + timedelta(days=30), *same, 8, "EUR", None),
    ]
    found = read_again(table, tmp_path / "tables" / "open.xlsx")
    assert sorted((one.kind, one.amount, one.at) for one in found.events) == [
        ("credit_note", 3.5, note.at), ("invoice", 8.0, in_parts.at), ("invoice", 10.0, DAY), ("invoice", 403.59, DAY), ("payment", 403.59, DAY + timedelta(days=31))]


def test_a_workbook_knows_no_clock() -> None:
    events = [Event("invoice:birch.example:36:2026", DAY, US, "elm.example", "invoice", 403.59, "EUR")]
    data = open_items(events, US, {})
    assert data == open_items(events, US, {})
    assert b"created" not in data


def test_an_opening_message_is_a_question_in_the_log_too(tmp_path: Path) -> None:
    message = promise("m1", kind="message", amount=40.0, unit="words", due=None)
    asked = replace(message, id="m1#q", kind="question", amount=1.0, unit="count")
    answer = replace(message, id="m2", giver=THEY, receiver=US, answers="m1", thread="m1", amount=None, unit="")
    asks = replace(answer, id="m2#q", kind="question", answers=None, amount=1.0, unit="count")
    machine = replace(message, id="m3", kind="automatic", amount=0.0)
    assert table.write([message, asked, answer, asks, machine], tmp_path / "log.csv") == []
    with (tmp_path / "log.csv").open(newline="") as file:
        assert sorted(row["id"] for row in csv.DictReader(file)) == ["m1", "m2", "m2#q", "m3"]
    found = read_again(table, tmp_path / "log.csv")
    thread = {"m1#q": "m1", "m3": "m3"}
    expected = [replace(as_read(one), thread=thread.get(one.id, as_read(one).thread)) for one in (message, asked, answer, asks, machine)]
    assert facts(found.events, *COLUMNS) == facts(expected, *COLUMNS)


def test_a_side_is_named_by_whatever_it_is_known_by(tmp_path: Path) -> None:
    keys = ["vat:NL123456789B01", "kvk:12345678", "iban:NL18EVEN0000000002", "peppol:0088:9520000000011", "name:acme-nv"]
    events = [promise(f"p{number}", receiver=key) for number, key in enumerate(keys)]
    assert table.write(events, tmp_path / "log.csv") == []
    assert facts(read_again(table, tmp_path / "log.csv").events, *COLUMNS) == facts(map(as_read, events), *COLUMNS)


KINDS = ("promise", "promise_kept", "favour", "talk", "meeting", "payment", "invoice", "disturbance")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 99_999), st.integers(0, 10**6), st.sampled_from([None, "jan"]), st.booleans(), st.booleans()),
                min_size=1, max_size=8))
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, int, str | None, bool, bool]],
) -> None:
    path = tmp_path_factory.mktemp("tables") / "log.csv"
    events = []
    for number, (kind, amount, seconds, person, answers, due) in enumerate(rows):
        unit = {"talk": "seconds", "meeting": "minutes", "payment": "EUR", "invoice": "EUR", "favour": "hours", "disturbance": "days"}.get(kind, "count")
        events.append(promise(f"e{number}", kind=kind, amount=amount / 10 ** (amount % 4), unit=unit, at=START + timedelta(seconds=seconds), person=person,
                              answers="e0" if answers and number else None, due=DAY if due else None))
    assert table.write(events, path) == []
    found = read_again(table, path)
    assert facts(found.events, *COLUMNS) == facts(map(as_read, events), *COLUMNS)
    assert written(events).files == written(events).files
