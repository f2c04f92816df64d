"""The layouts that come along: each has a sample, each sample is known by one layout only, and ids do not depend on the order of rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from tests.importers.xml_papers import NOW, SAMPLES, read_bytes, said

from evenwicht.importers import table
from evenwicht.importers.source import Head, Source
from evenwicht.importers.tables.dialect import encoding_of, vote
from evenwicht.importers.tables.layout import match, match_shape, plain
from evenwicht.importers.tables.layout_file import FOLDER, shipped

OLDER = {
    "bank_ing": "ing", "bank_rabobank": "rabobank", "open_items": "debiteuren", "open_items_payable": "crediteuren",
    "interaction_log": "log", "deliveries": "deliveries",
}
"""Layouts whose sample has another name."""

TEXTS = sorted(path for path in (SAMPLES / "table").iterdir() if path.suffix in {".csv", ".tsv", ".tab"} and path.stem != "unknown")


def top(path: Path, quote: str = '"') -> list[list[str]]:
    """The first rows of a sample, as a reader sees them."""
    text = path.read_bytes().decode(encoding_of(path)).removeprefix("\ufeff")
    rows = vote(text)[1] if quote == '"' else [row for row in csv.reader(io.StringIO(text), quotechar=quote) if any(row)]
    return [[cell.strip() for cell in row] for row in rows[:table.HEAD_WITHIN]]


def known(path: Path) -> set[str]:
    return knowing(top(path)) or knowing(top(path, "'"))


def knowing(rows: list[list[str]]) -> set[str]:
    """All layouts of a certain program that know a table; those for tables from anywhere where none does."""
    found = {name for name, layout in shipped().items()
             if any(not match(layout, row).lacking for row in rows) or match_shape(layout, rows) is not None}
    certain = {name for name in found if not shipped()[name].generic}
    return certain or found


def test_every_layout_has_a_sample() -> None:
    names = {path.stem for path in (SAMPLES / "table").glob("*.ledger")}
    assert {OLDER.get(name, name) for name in shipped()} <= names


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_table_is_known_by_two_layouts(path: Path) -> None:
    assert len(known(path)) == 1


@pytest.mark.parametrize("name", sorted(set(shipped()) - set(OLDER)))
def test_a_sample_is_known_by_the_layout_of_its_name(name: str) -> None:
    path = next(one for one in (SAMPLES / "table").glob(f"{name}.*") if one.suffix != ".ledger")
    assert table.identify(Head.of(path))
    assert known(path) == {name}


def test_no_two_layouts_want_the_same_heads() -> None:
    """With all the heads that a layout prefers, and no others, no layout of another program is satisfied."""
    for name, layout in shipped().items():
        heads = [rule.heads[0] for rule in layout.columns.values() if rule.heads]
        assert name in knowing([heads])
        others = knowing([heads]) - {name}
        assert not (others and not layout.generic), (name, others)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_layout_says_where_its_columns_come_from(path: Path) -> None:
    """What was not seen in a real export names its source, and the note says so to whoever reads by it."""
    comment = "".join(line for line in path.read_text("utf-8").splitlines(keepends=True) if line.startswith("#"))
    layout = shipped()[path.stem]
    if not layout.verified:
        assert "Source of the columns:" in comment


@pytest.mark.parametrize("name", sorted(set(shipped()) - set(OLDER) - {"crm_salesforce_emails"}))
def test_the_order_of_rows_changes_no_id(name: str, tmp_path: Path) -> None:
    """What is exported again comes in another order: the same events have the same ids."""
    path = next(one for one in (SAMPLES / "table").glob(f"{name}.*") if one.suffix != ".ledger")
    encoding = encoding_of(path)
    lines = path.read_bytes().decode(encoding).splitlines()
    rows = top(path)
    behind = next((index for index, row in enumerate(rows, start=1) if not match(shipped()[name], row).lacking), 0)
    while behind and rows[behind - 1][-1].replace('"', "") not in lines[behind - 1]:
        behind += 1
    turned = "\n".join([*lines[:behind], *reversed(lines[behind:])])
    again = read_bytes(table, tmp_path, turned.encode(encoding), path.name)
    first = table.read(Source(path, path.name, NOW))
    assert {(one.id, one.kind, one.giver, one.receiver) for one in again.events} == {
        (one.id, one.kind, one.giver, one.receiver) for one in first.events}


def test_shared_tables_are_claimed_by_the_right_layouts(shared: Path | None) -> None:
    if shared is None:
        return
    claimed = {}
    for path in sorted((shared / "fixtures").glob("csv/*.csv")) + sorted((shared / "fixtures").glob("bank_other/*.csv")):
        if table.identify(Head.of(path)) and (names := knowing(top(path))):
            claimed[path.name] = names
    assert claimed == {
        "Netherlands__csv_ing_example_format1_20090202.csv": {"bank_ing"}, "roundcubemail__gmail.csv": {"contacts_google"},
    }


def test_contacts_name_parties_and_give_no_events(tmp_path: Path) -> None:
    heads = "First Name,E-mail Address,Company,Job Title\n"
    reading = read_bytes(table, tmp_path, heads + "Jörg,joerg@birch.nl,Birch B.V.,x\nPiet,,,\n", "c.csv")
    assert [mention.identifiers for mention in reading.mentions] == [("birch.nl", "name:birch-bv")]
    assert (reading.events, reading.coverage, len(reading.problems)) == ([], [], 1)


def test_a_day_of_a_statement_stands_in_two_ways_only_where_the_bank_says_which(tmp_path: Path) -> None:
    """Knab writes 03-04-2026 and the layout does not say which stands first: it is a problem, no guess."""
    heads = "Rekeningnummer;Transactiedatum;Valutacode;CreditDebet;Bedrag;Tegenrekeningnummer;Tegenrekeninghouder;Omschrijving\n"
    row = "NL99KNAB0255443322;03-04-2026;EUR;C;1,00;NL93RABO0312445566;Birch;x\n"
    reading = read_bytes(table, tmp_path, heads + row, "k.csv")
    assert (reading.events, len(reading.problems)) == ([], 1)
    assert "day first and month first" in said(reading)[0]


def test_the_account_number_of_abn_amro_is_that_of_its_mt940(tmp_path: Path) -> None:
    line = ("541223307\tEUR\t20260302\t0,00\t10,00\t20260302\t10,00\t"
            "/TRTP/SEPA OVERBOEKING/IBAN/NL93RABO0312445566/BIC/RABONL2U/NAME/Birch/REMI/x/EREF/E1\n")
    reading = read_bytes(table, tmp_path, line, "TXT260302.TAB")
    assert [(one.receiver, one.id) for one in reading.events] == [("iban:NL38ABNA0541223307", "E1")]
    assert [mention.own for mention in reading.mentions] == [True, False]


@pytest.mark.parametrize("spoilt", [
    "541223307\tEUR\t20260302\t0.00\t10,00\t20260302\t10,00\tx", "541223307\tEUR\t2026-03-02\t0,00\t10,00\t20260302\t10,00\tx",
    "54122\tEUR\t20260302\t0,00\t10,00\t20260302\t10,00\tx", "541223307\tEUR\t20260302\t0,00\t10,00\t20260302\t10,00",
])
def test_a_table_without_heads_is_claimed_strictly(tmp_path: Path, spoilt: str) -> None:
    good = "541223307\tEUR\t20260302\t0,00\t10,00\t20260302\t10,00\tx\n"
    reading = read_bytes(table, tmp_path, good + spoilt + "\n", "a.tab")
    assert not reading.events
    assert any("No layout knows this table" in one for one in said(reading))


def test_an_unknown_ending_does_not_hide_a_table_without_heads(tmp_path: Path) -> None:
    path = tmp_path / "statement.txt"
    path.write_bytes((SAMPLES / "table" / "bank_abn_amro.tab").read_bytes())
    assert table.identify(Head.of(path))


def test_commas_in_a_cell_with_single_quotes_do_not_split_it(tmp_path: Path) -> None:
    row = ("02-03-2026,NL32SNSB0908123456,NL93RABO0312445566,birch,,,,EUR,1.00,EUR,{amount},02-03-2026,02-03-2026,8822,OVB,1,'','{text}',3\n")
    rows = "".join(row.format(amount=f"{number}.00", text="a" if number < 30 else "betreft F-7731, spoed") for number in range(1, 41))
    reading = read_bytes(table, tmp_path, rows, "asn.csv")
    assert len(reading.events) == 40
    assert "F-7731" in reading.events[-1].references
    assert reading.problems == []


def test_plain_heads_of_a_layout_are_different() -> None:
    for layout in shipped().values():
        assert all(head == plain(head) for rule in layout.columns.values() for head in rule.heads)
        assert layout.without.isdisjoint(head for rule in layout.columns.values() for head in rule.heads)


def test_the_last_columns_of_a_table_without_heads_may_lack(tmp_path: Path) -> None:
    rows = [line.rsplit(b",", 2)[0] for line in (SAMPLES / "table" / "bank_triodos.csv").read_bytes().splitlines()[:2]]
    reading = read_bytes(table, tmp_path, b"\n".join(rows) + b"\n", "t.csv")
    assert [one.amount for one in reading.events] == [1210, 225.5]
    assert len(reading.problems) == 1
