"""Audit files: the samples, which line of an entry counts, and what cannot be told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.importers.xml_papers import check_sample, read_bytes, said, samples

from evenwicht.importers import xaf
from evenwicht.importers.source import Exclusions, Head, Reading, Source

HEADER = ("<header><fiscalYear>2025</fiscalYear><startDate>2025-01-01</startDate><endDate>2025-12-31</endDate>"
          "<curCode>EUR</curCode><dateCreated>2025-09-01</dateCreated></header>")
COMPANY = ("<companyName>Birch B.V.</companyName><taxRegistrationCountry>NL</taxRegistrationCountry>"
           "<taxRegIdent>854321098B01</taxRegIdent>")
US = "vat:NL854321098B01"


def line(account: str, amount: str, side: str, cust: str = "", inv: str = "", *, nr: str = "1", day: str = "2025-03-03", more: str = "") -> str:
    return (f"<trLine><nr>{nr}</nr><accID>{account}</accID><docRef/><effDate>{day}</effDate><amnt>{amount}</amnt><amntTp>{side}</amntTp>"
            f"{f'<custSupID>{cust}</custSupID>' if cust else ''}{f'<invRef>{inv}</invRef>' if inv else ''}{more}</trLine>")


def entry(nr: str, *lines: str, day: str = "2025-03-04") -> str:
    return f"<transaction><nr>{nr}</nr><periodNumber>3</periodNumber><trDt>{day}</trDt>{''.join(lines)}</transaction>"


def journal(kind: str, *entries: str, key: str = "", offset: str = "", name: str = "Boek", bank: str = "") -> str:
    return (f"<journal><jrnID>{key or kind or 'J'}</jrnID><desc>{name}</desc><jrnTp>{kind}</jrnTp><offsetAccID>{offset}</offsetAccID>"
            f"<bankAccNr>{bank}</bankAccNr>{''.join(entries)}</journal>")


def relation(key: str, name: str = "", more: str = "", kind: str = "C") -> str:
    return f"<customerSupplier><custSupID>{key}</custSupID><custSupName>{name}</custSupName>{more}<custSupTp>{kind}</custSupTp></customerSupplier>"


def account(key: str, name: str = "", kind: str = "B", code: str = "") -> str:
    return f"<ledgerAccount><accID>{key}</accID><accDesc>{name}</accDesc><accTp>{kind}</accTp><leadReference>{code}</leadReference></ledgerAccount>"


def sub(jrn: str, nr: str, row: str, amount: str, side: str, cust: str, inv: str, sells: str, day: str, due: str = "", mut: str = "I") -> str:
    return (f"<sbLine><nr>1</nr><jrnID>{jrn}</jrnID><trNr>{nr}</trNr><trLineNr>{row}</trLineNr><amnt>{amount}</amnt><amntTp>{side}</amntTp>"
            f"<custSupID>{cust}</custSupID><invRef>{inv}</invRef><invPurSalTp>{sells}</invPurSalTp><invDt>{day}</invDt>"
            f"<invDueDt>{due}</invDueDt><mutTp>{mut}</mutTp></sbLine>")


CHART = account("1300", "Debiteuren") + account("1600", "Crediteuren") + account("1100", "Bank") + account("8000", "Omzet", "P")
PEOPLE = relation("C", "Acme NV") + relation("S", "Elm en Zoon", kind="S")


def book(
    *journals: str, people: str = PEOPLE, chart: str = CHART, subledger: str = "", opening: str = "", company: str = COMPANY,
    header: str = HEADER, namespace: str = "http://www.auditfiles.nl/XAF/3.2", vat: str = "",
) -> str:
    ledgers = f"<subledgers><subledger>{subledger}</subledger></subledgers>" if subledger else ""
    begin = f"<openingBalance><obSubledgers><obSubledger>{opening}</obSubledger></obSubledgers></openingBalance>" if opening else ""
    return (f'<auditfile xmlns="{namespace}">{header}<company>{company}<customersSuppliers>{people}</customersSuppliers>'
            f"<generalLedger>{chart}</generalLedger><vatCodes>{vat}</vatCodes>{begin}<transactions>{''.join(journals)}{ledgers}"
            f"</transactions></company></auditfile>")


def flows(reading: Reading) -> list[tuple[str, str, str, float | None]]:
    return [(event.kind, event.giver.replace(US, "us"), event.receiver.replace(US, "us"), event.amount) for event in reading.events]


SALE = journal("S", entry("1", line("1300", "121.00", "D", "C", "F1"), line("8000", "121.00", "C", "C", "F1", nr="2")))


@pytest.mark.parametrize("name", samples("xaf"))
def test_a_sample_gives_its_ledger(name: str) -> None:
    check_sample(xaf, name)


@pytest.mark.parametrize(("head", "claimed"), [
    (book(), True), (book(namespace="http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_4.0"), True),
    ("<AuditFile><Header/></AuditFile>", False), ("<auditfile/>", False), ("<Invoice><header/></Invoice>", False), ("auditfile header", False),
])
def test_the_root_decides(tmp_path: Path, head: str, claimed: bool) -> None:
    path = tmp_path / "x"
    path.write_text(head)
    assert xaf.identify(Head.of(path)) is claimed


# ── sides and kinds ──


@pytest.mark.parametrize(("kind", "account_id", "side", "amount", "flow"), [
    ("S", "1300", "D", "121.00", ("invoice", "us", "name:acme-nv", 121.0)),
    ("S", "1300", "C", "121.00", ("credit_note", "us", "name:acme-nv", 121.0)),
    ("S", "1300", "D", "-121.00", ("credit_note", "us", "name:acme-nv", 121.0)),
    ("P", "1600", "C", "121.00", ("invoice", "name:acme-nv", "us", 121.0)),
    ("P", "1600", "D", "121.00", ("credit_note", "name:acme-nv", "us", 121.0)),
    ("B", "1300", "C", "121.00", ("payment", "name:acme-nv", "us", 121.0)),
    ("B", "1300", "D", "121.00", ("payment", "us", "name:acme-nv", 121.0)),
    ("C", "1600", "D", "121.00", ("payment", "us", "name:acme-nv", 121.0)),
    ("C", "1600", "C", "121.00", ("payment", "name:acme-nv", "us", 121.0)),
])
def test_journal_and_side_say_what_happened(
    tmp_path: Path, kind: str, account_id: str, side: str, amount: str, flow: tuple[str, str, str, float],
) -> None:
    other = "C" if side == "D" else "D"
    lines = (line(account_id, amount, side, "C", "F1"), line("8000", amount, other, "C", "F1", nr="2"))
    reading = read_bytes(xaf, tmp_path, book(journal(kind, entry("1", *lines))))
    assert flows(reading) == [flow]
    assert reading.problems == []
    assert reading.events[0].at == datetime(2025, 3, 3, tzinfo=UTC)
    assert reading.events[0].references == ("F1",)


def test_one_invoice_is_the_sum_of_its_lines(tmp_path: Path) -> None:
    split = journal("S", entry("1", line("1300", "100.10", "D", "C", "F1"), line("1300", "20.20", "D", "C", "F1", nr="2"),
                               line("1300", "5.00", "D", "C", "F2", nr="3"), line("8000", "125.30", "C", nr="4")),
                    entry("2", line("1300", "0.70", "D", "C", "F1", nr="9")))
    reading = read_bytes(xaf, tmp_path, book(split))
    assert {event.id.split(":")[-2]: event.amount for event in reading.events} == {"F1": 121.0, "F2": 5.0}
    assert reading.events[0].evidence == ("paper.xml#S/1/1", "paper.xml#S/1/2", "paper.xml#S/2/9")


def test_what_comes_to_nothing_is_counted(tmp_path: Path) -> None:
    lines = (line("1300", "1.00", "D", "C", "F1"), line("1300", "1.00", "C", "C", "F1", nr="2"))
    reading = read_bytes(xaf, tmp_path, book(journal("S", entry("1", *lines)), journal("B", entry("1", line("1300", "0", "C", "C")))))
    assert reading.events == []
    assert reading.counted["without amount"] == 2


def test_a_credit_note_answers_the_invoice_of_its_number(tmp_path: Path) -> None:
    two = journal("S", entry("1", line("1300", "121", "D", "C", "F1", day="2024-12-30")), entry("2", line("1300", "21", "C", "C", "F1")),
                  entry("3", line("1300", "9", "C", "C", "F9")))
    events = read_bytes(xaf, tmp_path, book(two)).events
    assert [(event.kind, event.answers) for event in events] == [
        ("invoice", None), ("credit_note", f"invoice:{US}:F1:2024"), ("credit_note", None)]


def test_the_number_falls_back_on_the_document_and_then_the_entry(tmp_path: Path) -> None:
    document = line("1300", "1", "D", "C", "0").replace("<docRef/>", "<docRef>D-7</docRef>")
    events = read_bytes(xaf, tmp_path, book(journal("S", entry("77", document), entry("78", line("1300", "2", "D", "C"))))).events
    assert [event.id for event in events] == [f"invoice:{US}:D-7:2025", f"invoice:{US}:78:2025"]


def test_another_currency_stays_what_it_is(tmp_path: Path) -> None:
    dollars = "<currency><curCode>USD</curCode><curAmnt>{}</curAmnt></currency>"
    one = journal("S", entry("1", line("1300", "90", "D", "C", "F1", more=dollars.format("-100")), line("1300", "9", "C", "C", "F2", more=dollars.format("10")),
                             line("1300", "5", "D", "C", "F3", more="<currency><curCode>EUR</curCode><curAmnt>7</curAmnt></currency>")))
    events = read_bytes(xaf, tmp_path, book(one)).events
    assert [(event.kind, event.amount, event.unit) for event in events] == [
        ("invoice", 100.0, "USD"), ("credit_note", 10.0, "USD"), ("invoice", 5.0, "EUR")]


def test_without_a_currency_amounts_are_euros_and_that_is_said(tmp_path: Path) -> None:
    reading = read_bytes(xaf, tmp_path, book(SALE, header=HEADER.replace("<curCode>EUR</curCode>", "<curCode>euro</curCode>")))
    assert reading.events[0].unit == "EUR"
    assert [problem.severity for problem in reading.problems] == ["warning"]
    assert read_bytes(xaf, tmp_path, book(SALE, header=HEADER.replace("EUR", "CHF"))).events[0].unit == "CHF"


# ── which line ──


def sale_on(*accounts: str) -> str:
    return entry("1", *(line(one, "121", "D" if number == 0 else "C", "C", "F1", nr=str(number)) for number, one in enumerate(accounts)))


@pytest.mark.parametrize(("chart", "offset", "vat", "found"), [
    (account("13", "X", "B", "BVorDebHad") + account("80", "Omzet", "P"), "", "", 1),
    (account("13", "Debiteuren") + account("80", "Y"), "", "", 1),
    (account("13", "X") + account("80", "Omzet", "P"), "", "", 1),
    (account("13", "X") + account("80", "Y"), "13", "", 1),
    (account("13", "X") + account("80", "Y"), "", "<vatCode><vatID>1</vatID><vatToPayAccID>80</vatToPayAccID></vatCode>", 1),
    (account("13", "X") + account("80", "Omzet", "P"), "80", "", 1),
    (account("13", "X") + account("80", "Crediteuren"), "", "", 1),
    (account("13", "X") + account("80", "Y"), "", "", 0),
])
def test_the_receivable_is_found_by_code_name_offset_or_what_is_left(tmp_path: Path, chart: str, offset: str, vat: str, found: int) -> None:
    reading = read_bytes(xaf, tmp_path, book(journal("S", sale_on("13", "80"), offset=offset), chart=chart, vat=vat))
    assert len(reading.events) == found
    assert [one for one in said(reading) if "no line can be told" in one] == ([] if found else [
        "Entries in which no line can be told to be the receivable or the payable: 1."])


def test_the_subledger_has_the_last_word(tmp_path: Path) -> None:
    lines = journal("S", entry("1", line("1", "100", "D", "C", nr="a"), line("2", "30", "D", "C", nr="b"), line("3", "130", "C", "C", nr="c")))
    chart = account("1", "X") + account("2", "Y") + account("3", "Z")
    tied = sub("S", "1", "b", "30", "D", "C", "F5", "S", "2025-02-28", "2025-03-30")
    reading = read_bytes(xaf, tmp_path, book(lines, chart=chart, subledger=tied))
    [event] = reading.events
    assert (event.id, event.amount) == (f"invoice:{US}:F5:2025", 30.0)
    assert (f"{event.at:%m-%d}", f"{event.due:%m-%d}") == ("02-28", "03-30")


def test_lines_that_only_the_subledger_ties_to_a_relation(tmp_path: Path) -> None:
    sales = journal("S", entry("1", line("1300", "121", "D", nr="1")))
    money = journal("B", entry("5", line("1300", "121", "C", nr="2"), day="2025-04-01"))
    memo = journal("M", entry("9", line("1300", "3", "C")))
    tied = (sub("S", "1", "1", "121", "D", "C", "F1", "S", "2025-03-01", "2025-03-31") + sub("B", "5", "2", "121", "C", "C", "F1", "S", "2025-03-01", mut="P")
            + sub("M", "9", "1", "3", "C", "C", "F1", "S", "2025-03-01"))
    reading = read_bytes(xaf, tmp_path, book(sales, money, memo, subledger=tied))
    assert flows(reading) == [("invoice", "us", "name:acme-nv", 121.0), ("payment", "name:acme-nv", "us", 121.0)]
    assert [f"{event.at:%m-%d}" for event in reading.events] == ["03-01", "04-01"]


def test_open_items_of_the_year_before_are_invoices(tmp_path: Path) -> None:
    item = "<obSbLine><nr>4</nr><obLineNr>1</obLineNr>" + sub("", "", "", "60", "D", "C", "F0", "S", "2024-12-01", "2024-12-31")[len("<sbLine><nr>1</nr><jrnID></jrnID><trNr></trNr><trLineNr></trLineNr>"):].replace("sbLine", "obSbLine")
    reading = read_bytes(xaf, tmp_path, book(SALE, opening=item + item.replace("<mutTp>I", "<mutTp>P").replace("F0", "F00")))
    assert [event.id for event in reading.events] == [f"invoice:{US}:F0:2024", f"invoice:{US}:F1:2025"]
    assert reading.events[0].evidence == ("paper.xml#opening/4",)


def test_a_payment_without_a_relation_on_the_open_account(tmp_path: Path) -> None:
    bank_only = journal("B", entry("1", line("1100", "50", "D", "C", "F1"), line("9999", "50", "C")))
    assert flows(read_bytes(xaf, tmp_path, book(bank_only)))[0][:3] == ("payment", "name:acme-nv", "us")
    cost_only = journal("B", entry("1", line("1100", "50", "C"), line("4600", "41.32", "D", "S", nr="2"), line("1520", "8.68", "D", "S", nr="3")))
    assert flows(read_bytes(xaf, tmp_path, book(cost_only))) == [("payment", "us", "name:elm-en-zoon", 50.0)]


# ── payments ──


def test_money_that_comes_back_is_a_reversal_by_who_paid(tmp_path: Path) -> None:
    money = journal("B", entry("1", line("1300", "50", "C", "C", "F1", day="2025-03-01")), entry("2", line("1300", "50", "D", "C", "F1", day="2025-03-05")),
                    entry("3", line("1300", "50", "D", "C", "F1", day="2025-03-06")), entry("4", line("1300", "50", "D", "C", "F2", day="2025-03-07")))
    events = read_bytes(xaf, tmp_path, book(money)).events
    assert [(event.kind, event.giver == US) for event in events] == [("payment", False), ("reversal", False), ("payment", True), ("payment", True)]
    assert events[1].answers == events[0].id == events[1].id
    assert len({(event.id, event.kind) for event in events}) == 4


def test_a_match_key_gives_a_payment_the_invoices_number(tmp_path: Path) -> None:
    key = "<matchKeyID>M1</matchKeyID>"
    reading = read_bytes(xaf, tmp_path, book(
        journal("S", entry("1", line("1300", "50", "D", "C", "F1", more=key))), journal("B", entry("2", line("1300", "50", "C", "C", more=key)))))
    assert reading.events[1].references == ("F1",)


def test_payment_ids_hold_company_journal_entry_and_line(tmp_path: Path) -> None:
    two = journal("B", entry("1", line("1300", "5", "C", "C"), line("1300", "5", "C", "C", nr="2")), entry("2", line("1300", "5", "C", "C")))
    one = read_bytes(xaf, tmp_path, book(two)).events
    other = read_bytes(xaf, tmp_path, book(two, company="<companyName>Linde</companyName>")).events
    assert len({event.id for event in (*one, *other)}) == 6


# ── who ──


@pytest.mark.parametrize(("more", "best"), [
    ("<eMail>a@acme.com</eMail><commerceNr>20184466</commerceNr>", "acme.com"), ("<eMail>jan@gmail.com</eMail>", "name:acme"),
    ("<taxRegIdent>801122334B01</taxRegIdent>", "vat:NL801122334B01"), ("<taxRegIdent>801122334B01</taxRegIdent><taxRegistrationCountry>BE</taxRegistrationCountry>", "name:acme"),
    ("<taxRegIdent>BE 0407.186.105</taxRegIdent>", "vat:BE0407186105"), ("<commerceNr>201844660001</commerceNr>", "kvk:20184466"),
    ("<commerceNr>20184466</commerceNr><taxRegistrationCountry>DE</taxRegistrationCountry>", "name:acme"),
    ("<Commercenr>20184466</Commercenr>", "kvk:20184466"), ("<commerceNr>HRB 20184466</commerceNr>", "name:acme"),
    ("<bankAccount><bankAccNr>1234567</bankAccNr></bankAccount><bankAccount><bankAccNr>NL38ABNA0541223307</bankAccNr></bankAccount>", "iban:NL38ABNA0541223307"),
])
def test_the_best_identifier_of_a_relation(tmp_path: Path, more: str, best: str) -> None:
    assert read_bytes(xaf, tmp_path, book(SALE, people=relation("C", "Acme", more))).events[0].receiver == best


def test_whose_books_they_are(tmp_path: Path) -> None:
    company = COMPANY + "<commerceNr>62417358</commerceNr>"
    reading = read_bytes(xaf, tmp_path, book(SALE, journal("B", bank="NL93 RABO 0312 4455 66"), company=company))
    [own] = [mention for mention in reading.mentions if mention.own]
    assert own.identifiers == (US, "kvk:62417358", "iban:NL93RABO0312445566", "name:birch-bv")
    assert own.name == "Birch B.V."
    reading = read_bytes(xaf, tmp_path, book(SALE, company=""))
    assert reading.events[0].giver == "@us"
    assert said(reading) == ["The audit file does not say whose books these are."]


def test_relations_without_a_name_are_named(tmp_path: Path) -> None:
    reading = read_bytes(xaf, tmp_path, book(SALE, people=relation("C") + relation("", "Niemand") + relation("O", "Jan", kind="O")))
    assert reading.events == []
    assert [problem.place for problem in reading.problems] == ["customerSupplier/C"]
    assert [mention.name for mention in reading.mentions] == ["Birch B.V."]


def test_ourselves_as_a_relation_and_what_is_excluded(tmp_path: Path) -> None:
    reading = read_bytes(xaf, tmp_path, book(SALE, people=relation("C", "Birch BV")))
    assert (reading.events, reading.counted["with ourselves"]) == ([], 1)
    reading = read_bytes(xaf, tmp_path, book(SALE), exclude=Exclusions(parties=frozenset({"name:acme-nv"})))
    assert (reading.events, reading.counted["excluded"]) == ([], 1)
    assert "Acme NV" not in {mention.name for mention in reading.mentions}


# ── what is not read ──


@pytest.mark.parametrize(("kind", "name", "read"), [
    ("", "Verkoopboek", True), ("Z", "Sales", True), ("O", "Verkopen 2025", True), ("", "Diversen", False), ("M", "Verkoopboek", False),
])
def test_journals_without_a_type_go_by_their_name(tmp_path: Path, kind: str, name: str, read: bool) -> None:
    reading = read_bytes(xaf, tmp_path, book(journal(kind, sale_on("1300", "8000"), name=name)))
    assert bool(reading.events) is read
    assert len(reading.problems) == (1 if kind == "" and not read else 0)
    assert reading.counted["line of another journal"] == (0 if read else 2)


def test_lines_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    bad = entry("1", line("1300", "x", "D", "C"), line("1300", "5", "Q", "C", nr="2"), line("1300", "5", "D", "C", "F8", nr="3", day="2099-01-01"),
                line("1300", "7", "D", "C", "F9", nr="4"))
    reading = read_bytes(xaf, tmp_path, book(journal("S", bad)))
    assert [event.amount for event in reading.events] == [7.0]
    assert said(reading) == ["Lines without a readable amount, side or day: 3."]


def test_a_file_of_version_2_or_without_entries_says_so(tmp_path: Path) -> None:
    old = "<auditfile><header><auditfileVersion>CLAIR2.00.00</auditfileVersion></header><transactions><journal><transaction><line/></transaction></journal></transactions></auditfile>"
    for paper in (old, book(), "<auditfile><header/></auditfile>"):
        reading = read_bytes(xaf, tmp_path, paper)
        assert reading.events == []
        assert len(reading.problems) == 1
    assert "version 2" in said(read_bytes(xaf, tmp_path, old))[0]


def test_a_file_that_is_cut_off_keeps_its_entries(tmp_path: Path) -> None:
    whole = book(SALE)
    reading = read_bytes(xaf, tmp_path, whole[:whole.index("</transactions>")])
    assert flows(reading) == [("invoice", "us", "name:acme-nv", 121.0)]
    assert len(reading.problems) == 1
    assert len(read_bytes(xaf, tmp_path, whole[:200]).problems) == 1


# ── coverage ──


@pytest.mark.parametrize(("journals", "covered"), [
    ([SALE], [("invoice", "given")]),
    ([journal("P", entry("1", line("1600", "5", "C", "S", "X1")))], [("invoice", "received")]),
    ([SALE, journal("P", entry("1", line("1600", "5", "C", "S", "X1"))), journal("B", entry("1", line("1300", "5", "C", "C")))],
     [("invoice", "both"), ("payment", "both")]),
    ([journal("B", entry("1", line("1300", "5", "C")))], []),
])
def test_what_it_covers_is_what_it_can_show(tmp_path: Path, journals: list[str], covered: list[tuple[str, str]]) -> None:
    coverage = read_bytes(xaf, tmp_path, book(*journals)).coverage
    assert [(one.kinds[0], one.sees) for one in coverage] == covered
    for one in coverage:
        assert (one.party, f"{one.start:%Y-%m-%d}", f"{one.end:%Y-%m-%d}") == (US, "2025-01-01", "2025-09-01")


def test_without_an_end_the_last_entry_is_the_end(tmp_path: Path) -> None:
    bare = "<header><startDate>2025-01-01</startDate><curCode>EUR</curCode></header>"
    [coverage] = read_bytes(xaf, tmp_path, book(SALE, header=bare)).coverage
    assert coverage.end == datetime(2025, 3, 4, tzinfo=UTC)
    assert read_bytes(xaf, tmp_path, book(SALE, header="<header><curCode>EUR</curCode></header>")).coverage == []


# ── laws ──

ROWS = st.lists(st.tuples(st.sampled_from("CS"), st.integers(1, 4), st.integers(-900, 900), st.booleans()), min_size=1, max_size=10)


@given(rows=ROWS, seed=st.integers(0, 99))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_lines_and_entries_does_not_matter(tmp_path: Path, rows: list[tuple[str, int, int, bool]], seed: int) -> None:
    def text(shuffled: bool) -> str:
        random = Random(seed)
        entries = []
        for number, (who, invoice, cents, paid) in enumerate(rows):
            account_id = "1300" if who == "C" else "1600"
            lines = [line(account_id, f"{cents / 100:.2f}", "D", who, f"F{invoice}", nr="1"), line("8000", f"{cents / 100:.2f}", "C", who, f"F{invoice}", nr="2")]
            if shuffled:
                random.shuffle(lines)
            entries.append(("B" if paid else "S" if who == "C" else "P", entry(str(number), *lines)))
        if shuffled:
            random.shuffle(entries)
        return book(*(journal(kind, *(one for other, one in entries if other == kind)) for kind in "SPB"))

    def facts(reading: Reading) -> list[tuple[object, ...]]:
        return sorted((event.kind, event.giver, event.receiver, event.amount, f"{event.at}") for event in reading.events)

    one, other = read_bytes(xaf, tmp_path, text(shuffled=False)), read_bytes(xaf, tmp_path, text(shuffled=True))
    billing = [fact for fact in facts(one) if fact[0] in {"invoice", "credit_note"}]
    assert billing == [fact for fact in facts(other) if fact[0] in {"invoice", "credit_note"}]
    assert len(one.events) == len(other.events)
    assert len({(event.id, event.kind, event.giver, event.receiver) for event in one.events}) == len(one.events)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_never_raises(tmp_path: Path, data: st.DataObject) -> None:
    paper = bytearray(book(SALE, subledger=sub("S", "1", "1", "121.00", "D", "C", "F1", "S", "2025-03-01")).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(paper) - 1))
        paper[place:place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    reading = read_bytes(xaf, tmp_path, bytes(paper))
    assert reading.events or reading.problems or reading.counted


def test_real_files_are_read_without_an_exception(shared: Path | None) -> None:
    if shared is None:
        return
    kinds: dict[str, int] = {}
    for folder in ("xaf", "security"):
        for path in sorted((shared / "fixtures" / folder).iterdir()):
            if xaf.identify(Head.of(path)):
                reading = xaf.read(Source(path, path.name, datetime(2026, 11, 24, tzinfo=UTC)))
                assert reading.events or reading.problems, path.name
                for event in reading.events:
                    kinds[event.kind] = kinds.get(event.kind, 0) + 1
    assert kinds == {"invoice": 18, "payment": 4}
