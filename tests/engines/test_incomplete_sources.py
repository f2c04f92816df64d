"""What a source does not show is unknown: incomplete sources give no structural verdict, and each names what is missing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import polars as pl
import pytest

from evenwicht.engines.local import assess
from evenwicht.engines.reading import Report, Settings, read
from evenwicht.ledger.persons import Pseudonyms
from evenwicht.measures.found import Found

NOW = datetime(2026, 7, 1, tzinfo=UTC)
START = datetime(2025, 1, 6, 9, tzinfo=UTC)
ANNA, BERT, CARL = "anna@birch.example", "bert@birch.example", "carl@acme.example"


def mail(number: int, at: datetime, by: str, to: tuple[str, ...], words: int, parent: str | None = None) -> tuple[str, datetime, str, tuple[str, ...], str]:
    identity = f"<{number}@test.example>"
    answers = f"In-Reply-To: {parent}\nReferences: {parent}\n" if parent else ""
    body = " ".join(["woord"] * words)
    text = (f"From: {by}\nTo: {', '.join(to)}\nDate: {format_datetime(at)}\nMessage-ID: {identity}\nSubject: zaak {number}\n{answers}"
            f"\n{body}\n")
    return identity, at, by, to, text


def correspondence(answering: str) -> list[tuple[str, datetime, str, tuple[str, ...], str]]:
    """A balanced year and a half: both begin as often and write as much; at Birch `answering` writes to the customer."""
    rng = random.Random(3)
    found = []
    number = 0
    for week in range(75):
        for begun_by_birch in (True, False):
            number += 1
            at = START + timedelta(weeks=week, days=rng.randint(0, 3), hours=rng.randint(0, 6))
            one, other = (answering, CARL) if begun_by_birch else (CARL, answering)
            first = mail(number, at, one, (other,), rng.randint(40, 120))
            number += 1
            found += [first, mail(number, at + timedelta(hours=3), other, (one,), rng.randint(40, 120), first[0])]
    return found


def mbox(path: Path, mails: list[tuple[str, datetime, str, tuple[str, ...], str]]) -> Path:
    path.write_text("".join(f"From x {at:%a %b %d %H:%M:%S %Y}\n{text}\n" for _i, at, _b, _t, text in sorted(mails, key=lambda m: m[1])), "utf-8")
    return path


def reading(*paths: Path) -> Report:
    return read(list(paths), Settings(us=("birch.example",), pseudonym=Pseudonyms(b"test")), now=NOW)


def verdicts(found: Found) -> dict[str, str]:
    return dict(found.axes.select("axis", "verdict").iter_rows())


def test_a_whole_mailbox_is_judged(tmp_path: Path) -> None:
    found = assess(reading(mbox(tmp_path / "anna.mbox", correspondence(ANNA))).ledger)
    assert verdicts(found)["words"] == "balanced"
    assert verdicts(found)["initiative"] == "balanced"


def test_an_inbox_without_sent_mail_is_not_judged_and_asks_for_it(tmp_path: Path) -> None:
    inbox = [m for m in correspondence(ANNA) if m[2] != ANNA]
    found = assess(reading(mbox(tmp_path / "inbox.mbox", inbox)).ledger)
    assert set(verdicts(found).values()) == {"too_little_data"}
    assert "sent mail of birch.example" in [str(need) for need in found.needs]


def test_sent_mail_completes_an_inbox(tmp_path: Path) -> None:
    mails = correspondence(ANNA)
    inbox = mbox(tmp_path / "inbox.mbox", [m for m in mails if m[2] != ANNA])
    sent = mbox(tmp_path / "sent.mbox", [m for m in mails if m[2] == ANNA])
    assert verdicts(assess(reading(inbox, sent).ledger))["words"] == "balanced"


def test_one_mailbox_of_two_colleagues_is_not_judged_and_asks_for_the_other(tmp_path: Path) -> None:
    """Carl writes to Anna with Bert in copy; Bert answers, without Anna. In Anna's mailbox only Carl speaks."""
    rng = random.Random(5)
    mails = []
    for week in range(75):
        at = START + timedelta(weeks=week, hours=rng.randint(0, 5))
        asked = mail(2 * week, at, CARL, (ANNA, BERT), rng.randint(40, 120))
        mails += [asked, mail(2 * week + 1, at + timedelta(hours=4), BERT, (CARL,), rng.randint(40, 120), asked[0])]
        mails.append(mail(10_000 + week, at + timedelta(days=1), ANNA, (CARL,), 5))
    anna = mbox(tmp_path / "anna.mbox", [m for m in mails if ANNA == m[2] or ANNA in m[3]])
    found = assess(reading(anna).ledger)
    assert "structural" not in verdicts(found).values()
    assert verdicts(found)["words"] == "too_little_data"
    assert any("colleagues at birch.example" in str(need) for need in found.needs)
    bert = mbox(tmp_path / "bert.mbox", [m for m in mails if BERT == m[2] or BERT in m[3]])
    assert verdicts(assess(reading(anna, bert).ledger))["words"] != "too_little_data"


INVOICE = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>2025-{number:04}</cbc:ID><cbc:IssueDate>{issued:%Y-%m-%d}</cbc:IssueDate><cbc:DueDate>{due:%Y-%m-%d}</cbc:DueDate>
 <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>NL001234567B01</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Birch BV</cbc:RegistrationName></cac:PartyLegalEntity>
  <cac:Contact><cbc:ElectronicMail>{seller}</cbc:ElectronicMail></cac:Contact></cac:Party></cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Acme NV</cbc:RegistrationName></cac:PartyLegalEntity>
  <cac:Contact><cbc:ElectronicMail>{buyer}</cbc:ElectronicMail></cac:Contact></cac:Party></cac:AccountingCustomerParty>
 <cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="EUR">{amount:.2f}</cbc:PayableAmount></cac:LegalMonetaryTotal>
</Invoice>
"""
STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1</Id>
<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Birch BV</Nm></Ownr></Acct>
{entries}</Stmt></BkToCstmrStmt></Document>
"""
ENTRY = """<Ntry><Amt Ccy="EUR">{amount:.2f}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day:%Y-%m-%d}</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties>{party}</RltdPties>
<RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
"""
DEBTOR = "<Dbtr><Nm>Acme NV</Nm></Dbtr><DbtrAcct><Id><IBAN>NL20INGB0001234567</IBAN></Id></DbtrAcct>"
CREDITOR = "<Cdtr><Nm>Acme NV</Nm></Cdtr><CdtrAcct><Id><IBAN>NL20INGB0001234567</IBAN></Id></CdtrAcct>"
COUNT = 52


def invoices(folder: Path) -> Path:
    folder.mkdir()
    for number in range(COUNT):
        issued = START + timedelta(weeks=number)
        (folder / f"{number}.xml").write_text(INVOICE.format(
            number=number, issued=issued, due=issued + timedelta(days=14), amount=100 + number, seller=ANNA, buyer=CARL), "utf-8")
    return folder


def bank(path: Path, late: int, until_week: int = 200, refunds: bool = False) -> Path:
    entries = []
    for number in range(COUNT):
        day = START + timedelta(weeks=number, days=14 + late)
        if day < START + timedelta(weeks=until_week):
            entries.append((day, ENTRY.format(amount=100 + number, side="CRDT", day=day, party=DEBTOR, words=f"factuur 2025-{number:04}")))
        if refunds:
            day = START + timedelta(weeks=number, days=3)
            entries.append((day, ENTRY.format(amount=33.33 + number, side="DBIT", day=day, party=CREDITOR, words=f"uw nota A{number:03}")))
    if not refunds and until_week > COUNT:  # a booking near the end, so that the statement reaches until then
        day = START + timedelta(weeks=70)
        entries.append((day, ENTRY.format(amount=1.0, side="DBIT", day=day, party="<Cdtr><Nm>Dorp BV</Nm></Cdtr>", words="huur")))
    path.write_text(STATEMENT.format(entries="".join(text for _day, text in sorted(entries))), "utf-8")
    return path


def money(found: Found) -> dict[str, object]:
    return found.axes.filter((pl.col("axis") == "money") & ((pl.col("a") == "acme.example") | (pl.col("b") == "acme.example"))).row(0, named=True)


@pytest.mark.parametrize(("late", "verdict"), [(17, "structural"), (0, "balanced")])
def test_invoices_with_their_bank_file_are_judged(tmp_path: Path, late: int, verdict: str) -> None:
    report = reading(invoices(tmp_path / "invoices"), bank(tmp_path / "bank.xml", late))
    row = money(assess(report.ledger))
    before_the_statement = -(-(14 + late) // 7)  # invoices sent before the first booking could have been paid before it
    assert row["n"] == COUNT - before_the_statement
    assert row["verdict"] == verdict
    if late:
        assert row["king"] == "acme.example"
        assert row["rates"]["a"]["median_wait"] == late  # type: ignore[index]


def test_invoices_without_a_bank_file_are_not_judged(tmp_path: Path) -> None:
    found = assess(reading(invoices(tmp_path / "invoices")).ledger)
    assert money(found)["verdict"] == "too_little_data"
    assert "bank statements of Birch BV" in [str(need) for need in found.needs]


def test_a_bank_file_shorter_than_the_invoices_leaves_the_later_ones_out_and_says_so(tmp_path: Path) -> None:
    """The customer pays on the day; the statement ends after half a year. What falls due later is unknown, not unpaid."""
    row = money(assess(reading(invoices(tmp_path / "invoices"), bank(tmp_path / "bank.xml", 0, until_week=26)).ledger))
    assert row["verdict"] == "balanced"
    assert row["n"] <= 26
    assert any("bank statements of Birch BV after" in need for need in row["needs"])  # type: ignore[union-attr]


def test_payments_that_settle_nothing_known_show_that_invoices_are_missing(tmp_path: Path) -> None:
    """We pay Acme for bills that were not read: with those unknown, Acme's late payments may well be set against ours."""
    row = money(assess(reading(invoices(tmp_path / "invoices"), bank(tmp_path / "bank.xml", 17, refunds=True)).ledger))
    assert row["verdict"] == "too_little_data"
    assert any("invoices from Acme NV to Birch BV" in need for need in row["needs"])  # type: ignore[union-attr]


def test_loose_mails_are_one_mailbox_however_they_are_named(tmp_path: Path) -> None:
    """A folder, or each of its files by name: the same coverage and the same verdicts (law 2)."""
    folder = tmp_path / "mails"
    folder.mkdir()
    for number, (_identity, _at, _by, _to, text) in enumerate(correspondence(ANNA)):
        (folder / f"{number:04}.eml").write_text(text, "utf-8")
    whole, loose = reading(folder), reading(*sorted(folder.iterdir()))
    assert loose.ledger.coverage == whole.ledger.coverage
    assert assess(loose.ledger).as_dict() == assess(whole.ledger).as_dict()


def test_a_log_that_never_says_what_answers_what_shows_no_unanswered_questions(tmp_path: Path) -> None:
    """Every row opens a conversation of its own, for all one can tell; nobody is waiting."""
    rows = "".join(f"2025-{month:02}-{day:02}T09:00:00Z,{'birch' if (month + day) % 3 else 'acme'}.example,"
                   f"{'acme' if (month + day) % 3 else 'birch'}.example\n" for month in range(1, 13) for day in range(1, 28, 3))
    path = tmp_path / "log.csv"
    path.write_text("time,from,to\n" + rows, "utf-8")
    found = assess(reading(path).ledger)
    assert verdicts(found)["response"] == "too_little_data"
    assert any("reply headers" in str(need) for need in found.needs)
    path.write_text("time,from,to,id,answers\n" + "".join(
        f"{line},m{number},{f'm{number - 1}' if number % 2 else ''}\n" for number, line in enumerate(rows.splitlines())), "utf-8")
    assert assess(reading(path).ledger).axes.filter(pl.col("axis") == "response").row(0, named=True)["n"] > 0


def test_a_bank_file_alone_is_ours_when_we_say_who_we_are(tmp_path: Path) -> None:
    """Nothing in the statement holds our domain; but it is the one account that was read, so it is ours."""
    report = reading(bank(tmp_path / "bank.xml", 0))
    assert report.ledger.us == "birch.example"
    assert report.ledger.events.filter(pl.col("receiver") == "birch.example").height == COUNT


@pytest.mark.parametrize("holder, ours", [("Birch BV", True), ("Acme NV", False)])
def test_beside_our_mail_a_bank_file_is_ours_when_it_bears_our_name(holder: str, ours: bool, tmp_path: Path) -> None:
    statement = bank(tmp_path / "bank.xml", 0)
    statement.write_text(statement.read_text("utf-8").replace("Birch BV", holder).replace("Acme NV", "Oak NV"), "utf-8")
    report = reading(mbox(tmp_path / "anna.mbox", correspondence(ANNA)), statement)
    assert ("iban:NL91ABNA0417164300" in report.ledger.parties["birch.example"].identifiers) == ours
    assert any("do not count yet" in problem.what for problem in report.problems) != ours
