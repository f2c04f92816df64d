"""Statements that are written follow from each other, and each line is a payment to the importer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.importers.read_again import facts, read_again

from evenwicht.importers import camt
from evenwicht.importers.bank.camt_writing import OPENING, written
from evenwicht.importers.xml.creditor_reference import creditor_reference
from evenwicht.importers.xml.parties import Named
from evenwicht.ledger.events import Event

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

US, THEY, THIRD = "birch.example", "acme.example", "cedar.example"
PARTIES = {
    US: Named((US, "iban:NL18EVEN0000000002"), "Birch & Zonen B.V."), THEY: Named((THEY, "iban:NL45EVEN0000000001"), "Acme N.V."),
    THIRD: Named((THIRD,), "Cedar"),
}
FIRST, LAST = date(2026, 2, 10), date(2026, 5, 3)
DAY = datetime(2026, 3, 2, tzinfo=UTC)
SPACE = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.02}"
COLUMNS = ("id", "at", "giver", "receiver", "kind", "amount", "unit")
ORDER = {
    # From the message definition of camt.053.001.02, as far as these elements go.
    "Document": "BkToCstmrStmt", "BkToCstmrStmt": "GrpHdr Stmt", "GrpHdr": "MsgId CreDtTm", "Stmt": "Id ElctrncSeqNb CreDtTm FrToDt Acct Bal TxsSummry Ntry",
    "FrToDt": "FrDtTm ToDtTm", "Acct": "Id Tp Ccy Nm Ownr Svcr", "Ownr": "Nm", "Bal": "Tp Amt CdtDbtInd Dt", "Tp": "CdOrPrtry", "CdOrPrtry": "Cd", "Dt": "Dt",
    "Ntry": "NtryRef Amt CdtDbtInd RvslInd Sts BookgDt ValDt AcctSvcrRef BkTxCd NtryDtls AddtlNtryInf", "BookgDt": "Dt", "ValDt": "Dt", "BkTxCd": "Domn",
    "Domn": "Cd Fmly", "Fmly": "Cd SubFmlyCd", "NtryDtls": "TxDtls", "TxDtls": "Refs RltdPties RmtInf", "Refs": "EndToEndId",
    "RltdPties": "Dbtr DbtrAcct UltmtDbtr Cdtr CdtrAcct UltmtCdtr", "Dbtr": "Nm", "Cdtr": "Nm", "DbtrAcct": "Id", "CdtrAcct": "Id", "Id": "IBAN",
    "RmtInf": "Ustrd Strd", "Strd": "RfrdDocInf RfrdDocAmt CdtrRefInf", "RfrdDocInf": "Tp Nb", "CdtrRefInf": "Tp Ref",
}
NEEDED = {"Stmt": "Id CreDtTm Acct Bal", "Ntry": "Amt CdtDbtInd Sts BkTxCd", "Bal": "Tp Amt CdtDbtInd Dt", "Acct": "Id"}


def payment(name: str = "payment1", amount: float = 403.59, **other: object) -> Event:
    return replace(Event(name, DAY, THEY, US, "payment", amount, "EUR", answers="invoice:birch.example:36:2026"), **other)  # type: ignore[arg-type]


def statements(events: list[Event]) -> dict[str, etree._Element]:
    return {name: etree.fromstring(data) for name, data in written(events, US, PARTIES, FIRST, LAST).files.items()}


def signed(element: etree._Element) -> Decimal:
    amount = Decimal(element.findtext(f"{SPACE}Amt") or "")
    return amount if element.findtext(f"{SPACE}CdtDbtInd") == "CRDT" else -amount


def test_each_balance_follows_from_the_one_before() -> None:
    events = [payment(), payment("p2", 150_000.0, giver=US, receiver=THEY), payment("p3", 20.125, at=DAY + timedelta(days=40)),
              payment("p1", 403.59, kind="reversal", answers="p1", at=DAY + timedelta(days=45))]
    found = statements(events)
    assert list(found) == ["2026-02.xml", "2026-03.xml", "2026-04.xml", "2026-05.xml"]
    standing, until = OPENING, FIRST - timedelta(days=1)
    for root in found.values():
        opening, closing = root.iter(f"{SPACE}Bal")
        assert signed(opening) == standing
        standing = signed(closing)
        assert standing == signed(opening) + sum((signed(one) for one in root.iter(f"{SPACE}Ntry")), Decimal(0))
        start, end = (date.fromisoformat((root.findtext(f".//{SPACE}{name}") or "")[:10]) for name in ("FrDtTm", "ToDtTm"))
        assert start == until + timedelta(days=1)
        until = end
    assert until == LAST
    assert standing == OPENING + Decimal("403.59") - 150_000 + Decimal("20.125") - Decimal("403.59")
    assert signed(next(iter(found["2026-04.xml"].iter(f"{SPACE}Bal")))) < 0


def test_elements_stand_in_the_order_of_the_message() -> None:
    for root in statements([payment(), payment("p2", giver=US, receiver=THEY, answers=None), payment("p3", kind="reversal", answers="p3")]).values():
        for element in root.iter():
            name, below = etree.QName(element).localname, [etree.QName(one).localname for one in element]
            if below:
                places = [ORDER[name].split().index(one) for one in below]
                assert places == sorted(places), f"{name}: {below}"
            assert set(NEEDED.get(name, "").split()) <= set(below)


def test_a_payment_names_its_invoice_both_ways(tmp_path: Path) -> None:
    events = [payment(), payment("p2", giver=US, receiver=THEY, answers="no invoice")]
    assert camt.write_statements(events, tmp_path, US, PARTIES, FIRST, LAST) == []
    two, one = read_again(camt, tmp_path / "2026-03.xml").events
    assert (one.giver, one.receiver) == ("iban:NL45EVEN0000000001", "iban:NL18EVEN0000000002")
    assert {"36", creditor_reference("invoice:birch.example:36:2026"), "PAYMENT1"} <= set(one.references)
    assert {creditor_reference("no invoice"), "P2"} <= set(two.references)
    found = read_again(camt, tmp_path / "2026-02.xml")
    assert [(one.start.date(), one.end.date()) for one in found.coverage] == [(FIRST, date(2026, 2, 28))]


def test_what_no_statement_can_say_is_left() -> None:
    good = payment()
    odd = [
        payment("a", unit="USD"), payment("b", 0.0), payment("c", -1.0), payment("d", amount=None), payment("e", 1e-7), payment("f", shared=False), payment("g", due=DAY),
        payment("h", at=DAY + timedelta(hours=1)), payment("x" * 36), payment("NOT-PROVIDED"), payment("j#part1"), payment("two  blanks"), payment("k", giver=THIRD),
        payment("l", giver="elm.example"), payment("m", giver=THIRD, receiver=THEY), payment("n", at=DAY.replace(year=2025)), payment("o", kind="reversal"),
        payment("p", kind="invoice"),
    ]
    assert written([good, *odd], US, PARTIES, FIRST, LAST).left == tuple(odd)
    assert written([good], THIRD, PARTIES, FIRST, LAST).left == (good,)
    assert written([good], US, {THEY: PARTIES[THEY]}, FIRST, LAST).files == {}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 10**8), st.integers(0, 82), st.booleans(), st.integers(0, 3)), min_size=1, max_size=12))
def test_what_is_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, moved: list[tuple[int, int, bool, int]]) -> None:
    folder = tmp_path_factory.mktemp("bank")
    events = []
    for number, (cents, day, ours, decimals) in enumerate(moved):
        giver, receiver = (US, THEY) if ours else (THEY, US)
        at = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) + timedelta(days=day)
        events.append(payment(f"payment{number}", cents / 10**decimals, giver=giver, receiver=receiver, at=at))
        if not cents % 3:
            events.append(replace(events[-1], kind="reversal", answers=events[-1].id))
    assert camt.write_statements(events, folder, US, PARTIES, FIRST, LAST) == []
    found = [read_again(camt, path) for path in sorted(folder.iterdir())]
    keys = {"iban:NL18EVEN0000000002": US, "iban:NL45EVEN0000000001": THEY}
    read = [replace(event, giver=keys[event.giver], receiver=keys[event.receiver]) for one in found for event in one.events]
    assert facts(read, *COLUMNS) == facts(events, *COLUMNS)
    assert {one.answers for one in read if one.kind == "reversal"} == {one.id for one in events if one.kind == "reversal"}
    assert [str(problem.what_phrase) for one in found for problem in one.problems] == []
