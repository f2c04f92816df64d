"""Bank statements as tables: the same rows as CAMT and MT940 give, by a layout that says `booking`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.importers.xml_papers import NOW, SAMPLES, check_sample, read_bytes

from evenwicht.errors import WrongCall
from evenwicht.importers import mt940, table
from evenwicht.importers.source import Source
from evenwicht.importers.tables.layout_file import FOLDER, from_file

RABO = '"IBAN/BBAN","Munt","Datum","Bedrag","Tegenrekening IBAN/BBAN","Naam tegenpartij","Transactiereferentie"\n'
US = "NL93RABO0312445566"
ACME = "NL38ABNA0541223307"


@pytest.mark.parametrize("name", ["ing", "rabobank"])
def test_a_sample_gives_its_ledger(name: str) -> None:
    check_sample(table, name)


def test_the_same_payments_as_in_mt940() -> None:
    rows = table.read(Source(SAMPLES / "table" / "rabobank.csv", "x", NOW)).events
    lines = mt940.read(Source(SAMPLES / "mt940" / "rabobank.940", "x", NOW)).events
    ids = {(event.id, event.kind, event.giver, event.receiver, event.at, event.amount) for event in lines}
    assert ids <= {(event.id, event.kind, event.giver, event.receiver, event.at, event.amount) for event in rows}


def test_the_holder_of_the_account_is_us(tmp_path: Path) -> None:
    reading = read_bytes(table, tmp_path, RABO + f'"{US}","EUR","2026-03-02","+5,00","{ACME}","Acme","E-1"\n', "x.csv")
    assert [(mention.identifiers, mention.own) for mention in reading.mentions] == [
        ((f"iban:{US}",), True), ((f"iban:{ACME}", "name:acme"), False)]
    assert reading.mentions[0].name == ""
    assert reading.problems == []


def test_a_reference_on_several_payments_is_no_identity(tmp_path: Path) -> None:
    rows = "".join(f'"{US}","EUR","2026-0{month}-02","-5,00","{ACME}","Acme","HUUR"\n' for month in (1, 2, 3))
    ids = [event.id for event in read_bytes(table, tmp_path, RABO + rows, "x.csv").events]
    assert len(set(ids)) == 3
    assert all(one.startswith("pay:") for one in ids)


@pytest.mark.parametrize(("written", "wrong"), [
    ('booking = { account = "account", text = ["text_1", "text_2", "text_3"] }', 'booking = { account = "nergens" }'),
    ('booking = { account = "account", text = ["text_1", "text_2", "text_3"] }', 'booking = { account = "account", text = ["nergens"] }'),
    ('booking = { account = "account", text = ["text_1", "text_2", "text_3"] }', 'booking = { account = "account", tekst = ["text_1"] }'),
])
def test_a_layout_that_names_no_column_is_a_wrong_call(tmp_path: Path, written: str, wrong: str) -> None:
    layout = tmp_path / "mijn.toml"
    layout.write_text((FOLDER / "bank_rabobank.toml").read_text("utf-8").replace(written, wrong, 1), encoding="utf-8")
    with pytest.raises(WrongCall):
        from_file(layout)


def test_a_booking_without_text_columns(tmp_path: Path) -> None:
    layout = tmp_path / "mijn.toml"
    text = (FOLDER / "bank_rabobank.toml").read_text("utf-8").replace(', text = ["text_1", "text_2", "text_3"]', "")
    layout.write_text(text, encoding="utf-8")
    reading = read_bytes(table, tmp_path, RABO + f'"{US}","EUR","2026-03-02","+5,00","{ACME}","Acme","E-1"\n', "x.csv", layout=str(layout))
    assert reading.events[0].references == (f"account:{US}", "E-1")
