"""Law 2 over whole files: their order, and spreading them over several readings, do not matter."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from evenwicht.engines.reading import Settings, read
from evenwicht.ledger.parties import Decision
from evenwicht.ledger.resolve import again
from evenwicht.ledger.table import Ledger, write
from evenwicht.ledger.table import read as opened

EXAMPLES = Path(__file__).parents[2] / "examples" / "berk"

MAIL = """From: Inge <inge@berk.example>
To: Wim <wim@acme.example>
Date: Mon, 2 Mar 2026 09:14:00 +0000
Message-ID: <m{n}@berk.example>
Delivered-To: inge@berk.example
Subject: tiles {n}

How many do you need for the {n} houses?
"""

OPEN_ITEMS = """Customer,Invoice Number,Invoice Date,Due Date,Invoice Amount,Settled Date
Acme BV,26001,2026-03-02,2026-04-01,1210.00,2026-03-30
Acme BV,26002,2026-03-16,2026-04-15,242.00,2026-04-20
"""
STATEMENT = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1</Id>
<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id>{holder}</Acct>{entries}</Stmt></BkToCstmrStmt></Document>"""
ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs><RltdPties><Dbtr><Nm>Acme BV</Nm></Dbtr><DbtrAcct><Id><IBAN>NL20INGB0001234567</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>invoice {ref}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def bank(path: Path, holder: str = "") -> Path:
    entries = ENTRY.format(amount="1210.00", day="2026-03-30", ref="26001") + ENTRY.format(amount="242.00", day="2026-04-20", ref="26002")
    path.write_text(STATEMENT.format(entries=entries, holder=f"<Ownr><Nm>{holder}</Nm></Ownr>" if holder else ""), encoding="utf-8")
    return path


def in_steps(paths: list[Path], settings: Settings, folder: Path) -> Ledger:
    """Each path in a reading of its own, through the file between the readings."""
    book = None
    for path in paths:
        target = folder / "steps.parquet"
        write(read([path], settings, into=book).ledger, target)
        book, problems = opened(target)
        assert problems == []
    assert book is not None
    return book


def same(one: Ledger, two: Ledger) -> bool:
    assert one.events.equals(two.events)
    assert one.parties == two.parties
    assert (one.us, one.decisions, one.mentions, one.coverage) == (two.us, two.decisions, two.mentions, two.coverage)
    return (one.set_aside is None) == (two.set_aside is None) and (one.set_aside is None or two.set_aside is None or one.set_aside.equals(two.set_aside))


@pytest.mark.parametrize("us", [("berk.example",), ()])
def test_the_examples_read_one_after_the_other_are_the_examples_read_at_once(us: tuple[str, ...], tmp_path: Path) -> None:
    settings = Settings(us=us)
    parts = [EXAMPLES / name for name in ("bank", "invoices", "books", "agenda")]
    whole = read(parts, settings).ledger
    for order in list(permutations(parts))[::11]:
        assert same(in_steps(list(order), settings, tmp_path), whole)


def test_a_bank_file_read_before_anything_links_it_to_us_loses_nothing(tmp_path: Path) -> None:
    mail = tmp_path / "mail"
    mail.mkdir()
    for number in range(3):
        (mail / f"{number}.eml").write_text(MAIL.format(n=number), encoding="utf-8")
    statement = bank(tmp_path / "bank.xml", "Someone Else Holding")
    other = bank(tmp_path / "other.xml", "Quite Another Firm")
    other.write_text(other.read_text(encoding="utf-8").replace("NL91ABNA0417164300", "NL38ABNA0541223307"), encoding="utf-8")
    settings = Settings(us=("berk.example",))
    report = read([mail, statement, other], settings)
    assert set(report.ledger.events["kind"]) == {"message", "question"}
    assert report.ledger.set_aside is not None
    said = [problem for problem in report.problems if "do not count yet" in problem.what]
    assert sorted(str(problem.what_phrase) for problem in said) == [
        "2 rows in the books of iban:NL38ABNA0541223307 do not count yet: no file says that iban:NL38ABNA0541223307 is us.",
        "2 rows in the books of iban:NL91ABNA0417164300 do not count yet: no file says that iban:NL91ABNA0417164300 is us.",
    ]
    for order in permutations([mail, statement, other]):
        assert same(in_steps(list(order), settings, tmp_path), report.ledger)


def test_an_account_of_our_name_is_ours_and_that_is_said(tmp_path: Path) -> None:
    mail = tmp_path / "one.eml"
    mail.write_text(MAIL.format(n=1), encoding="utf-8")
    report = read([mail, bank(tmp_path / "bank.xml", "Berk Tegels VOF")], Settings(us=("berk.example",)))
    assert report.ledger.events.filter(pl.col("kind") == "payment")["receiver"].unique().to_list() == ["berk.example"]
    assert [problem.severity for problem in report.problems if "taken as ours" in problem.what] == ["note"]
    assert again(report.ledger, report.ledger.decisions).ledger.events.equals(report.ledger.events)
    split = again(report.ledger, (*report.ledger.decisions, Decision("split", ("iban:NL91ABNA0417164300",)))).ledger
    assert "payment" not in split.events["kind"].to_list()
    assert again(split, report.ledger.decisions).ledger.events.equals(report.ledger.events)


@pytest.mark.parametrize("currency", ["", "EUR"])
def test_open_items_without_a_currency_beside_a_bank_file_count_a_payment_once(currency: str, tmp_path: Path) -> None:
    table, statement = tmp_path / "open.csv", bank(tmp_path / "bank.xml", "Berk Tegels VOF")
    table.write_text(OPEN_ITEMS.replace("\n", f",{currency}\n").replace(f"Settled Date,{currency}", "Settled Date,Currency" if currency else "Settled Date,"),
                     encoding="utf-8")
    settings = Settings(us=("berk.example",), layout="open_items")
    together = read([table, statement], settings)
    money = together.ledger.events.filter(pl.col("kind") == "payment").sort("at")
    assert money.select("amount", "unit", "answers").rows() == [
        (1210.0, "EUR", "invoice:berk.example:26001:2026"), (242.0, "EUR", "invoice:berk.example:26002:2026")]
    assert not [problem for problem in together.problems if "different" in problem.what]
    for order in permutations([table, statement]):
        assert same(in_steps(list(order), settings, tmp_path), together.ledger)


@pytest.mark.parametrize("between_others", [False, True])
def test_all_real_files_in_three_readings_and_another_order_are_all_read_at_once(between_others: bool, shared: Path | None, tmp_path: Path) -> None:
    if shared is None:
        return
    folders = sorted(path for path in (shared / "fixtures").iterdir() if path.is_dir())
    settings, now = Settings(between_others=between_others), datetime(2026, 11, 25, tzinfo=UTC)
    whole = read(folders, settings, now=now).ledger
    assert len(whole) > (400 if between_others else 50)
    order = random.Random(4).sample(folders, len(folders))
    target, book = tmp_path / "steps.parquet", None
    for start in range(0, len(order), 7):
        write(read(order[start:start + 7], settings, into=book, now=now).ledger, target)
        book, _problems = opened(target)
    assert book is not None
    assert same(book, whole)
