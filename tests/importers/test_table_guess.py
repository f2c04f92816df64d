"""The layout guesser: measured against layouts and tables of which the truth is known, and against what must be asked."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenwicht.errors import WrongCall
from evenwicht.importers import table
from evenwicht.importers.source import Source
from evenwicht.importers.tables.cell_sorts import looked_at
from evenwicht.importers.tables.first_look import first_look
from evenwicht.importers.tables.guess import guess
from evenwicht.importers.tables.head_likeness import like_any, words_of
from evenwicht.importers.tables.head_words import KINDS
from evenwicht.importers.tables.layout import match
from evenwicht.importers.tables.layout_file import from_table, shipped
from evenwicht.importers.tables.layout_text import layout_text
from evenwicht.importers.tables.proposal import Proposal, Said, Sheet, is_turned
from evenwicht.ledger.notation import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SAMPLES = Path(__file__).parent.parent / "samples" / "table"
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def sheet(text: str, *hints: str) -> Sheet:
    """A table written with semicolons."""
    rows = list(csv.reader(io.StringIO(text.strip()), delimiter=";"))
    return Sheet(tuple(rows[0]), rows[1:], "", hints)


def found(proposal: Proposal) -> dict[str, str]:
    """Field → head."""
    return {name: proposal.sheet.heads[placed.column] for name, placed in proposal.places.items() if placed.column is not None}


def asked(proposal: Proposal) -> list[tuple[str, str]]:
    """What is asked, and about which column or field."""
    return [(one.sort, proposal.sheet.heads[one.column] if one.column is not None else "/".join(one.fields)) for one in proposal.questions]


# -- measured: what the guesser says of tables whose layout is known

KIND_OF = {"interaction_log": "log", "open_items": "receivable", "open_items_payable": "payable", "deliveries": "deliveries",
           "bank_ing": "payments", "bank_rabobank": "payments"}
FIELD_OF = {"vendor": "supplier", "buyer": "customer", "value_usd": "amount", "value": "amount", "text_1": "text"}


def own() -> Iterator[tuple[str, Sheet, str | None, dict[str, str]]]:
    """The tables among our samples: (name, table, true kind, field → head), by the layouts that come along."""
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix == ".ledger":
            continue
        for one in first_look(path)[0][:1]:
            fitting = [known for layout in shipped().values() if not (known := match(layout, one.heads)).lacking]
            best = max(fitting, key=lambda known: known.strength, default=None)
            if best is not None and best.layout.name in KIND_OF:
                yield (path.name, one, KIND_OF[best.layout.name],
                       {FIELD_OF.get(name, name): one.heads[index] for name, index in best.columns.items()})
    yield "unknown.csv", first_look(SAMPLES / "unknown.csv")[0][0], None, {}


ODOO = {"at": "Date", "amount": "Amount", "currency": "Currency", "other_account": "Bank Account", "other_name": "Partner Name", "text": "Label"}
SHARED: dict[str, tuple[str | None, dict[str, str]]] = {
    "Fakturoid-script__jira.csv": (None, {}),
    "Jira-To-CodeArts-Req__jira.csv": ("tickets", {
        "id": "Issue key", "created": "Created", "requester": "Reporter", "agent": "Assignee", "closed": "Resolved", "due": "Due date",
        "replied": "Custom field ([CHART] Date of First Response)"}),
    "Netherlands__csv_ing_example_format1_20090202.csv": ("payments", {
        "at": "Datum", "other_name": "Naam / Omschrijving", "account": "Rekening", "other_account": "Tegenrekening", "way": "Af Bij",
        "amount": "Bedrag (EUR)", "text": "Mededelingen"}),
    "dbt_hubspot__ticket_data.csv": ("tickets", {
        "id": "id", "created": "property_createdate", "closed": "property_closed_date", "replied": "property_first_agent_reply_date",
        "agent": "property_hubspot_owner_id"}),
    "dbt_hubspot__engagement_meeting_data.csv": ("meetings", {"id": "engagement_id", "start": "start_time"}),
    "dbt_jira__issue.csv": ("tickets", {"id": "id", "created": "created", "requester": "reporter", "agent": "assignee", "closed": "resolved",
                                        "due": "due_date"}),
    "dbt_jira__comment_redshift.csv": ("log", {"time": "created", "from": "author_id", "id": "id", "thread": "issue_id"}),
    "edb-tickets__tickets.csv": ("tickets", {"requester": "user_email", "agent": "assignee_email", "created": "created_at"}),
    "grimoirelab-perceval__bugzilla_buglist.csv": ("tickets", {"id": "bug_id", "agent": "assigned_to"}),
    "bank-statement-import__balance.csv": ("payments", {name: head for name, head in ODOO.items() if name != "currency"}),
    "bank-statement-import__debit_credit.csv": ("payments", {**{name: head for name, head in ODOO.items() if name != "currency"}, "way": "D/C"}),
    "bank-statement-import__debit_credit_amount.csv": ("payments", {
        "at": "Date", "debit": "Debit", "credit": "Credit", "other_account": "Bank Account", "other_name": "Partner Name", "text": "Label"}),
    "bank-statement-import__empty_statement_en.csv": ("payments", ODOO),
    "bank-statement-import__empty_statement_en.xlsx": ("payments", ODOO),
    "bank-statement-import__original_currency.csv": ("payments", ODOO),
    "bank-statement-import__sample_statement_en.csv": ("payments", ODOO),
    "bank-statement-import__sample_statement_en_empty_values.xlsx": ("payments", {
        "at": "DATE", "debit": "DEBIT", "credit": "CREDIT", "text": "DESCRIPTION"}),
    "bank-statement-import__meta_data_separated_credit_debit.xlsx": ("payments", {"at": "Date", "debit": "Debit", "credit": "Credit", "text": "Label"}),
    "WA_Fn-UseC_-Accounts-Receivable.csv": ("receivable", {
        "customer": "customerID", "number": "invoiceNumber", "invoice_date": "InvoiceDate", "due": "DueDate", "amount": "InvoiceAmount",
        "settled": "SettledDate", "disputed": "Disputed"}),
    "SCMS_Delivery_History_Dataset.csv": ("deliveries", {
        "id": "ID", "supplier": "Vendor", "customer": "Country", "order": "PO / SO #", "ordered": "PO Sent to Vendor Date",
        "promised": "Scheduled Delivery Date", "delivered": "Delivered to Client Date", "amount": "Line Item Value"}),
    "soc-sign-bitcoinotc.csv": ("log", {"from": "Source", "to": "Target", "time": "Timestamp", "amount": "Weight"}),
    "sample.csv": ("log", {"id": "tweet_id", "from": "author_id", "time": "created_at", "answers": "in_response_to_tweet_id"}),
    "vamp_donations19.csv": ("log", {"from": "donor", "to": "receiver", "time": "date", "amount": "duration"}),
    "2013_oxytocin_social_data.csv": ("log", {"from": "donor", "to": "subject", "time": "date", "amount": "sharing"}),
}
"""The truth of other people's tables, by hand. All others among them are lists of people, settings and links: no kind fits."""


def others(shared: Path) -> Iterator[tuple[str, Sheet, str | None, dict[str, str]]]:
    paths = [path for folder in ("fixtures/csv", "fixtures/bank_other", "data") for path in sorted((shared / folder).rglob("*"))]
    for path in paths:
        if path.suffix in {".csv", ".xlsx"} and (sheets := first_look(path)[0]):
            yield path.name, replace(sheets[0], rows=sheets[0].rows[:200]), *SHARED.get(path.name, (None, {}))


def measured(tables: Iterator[tuple[str, Sheet, str | None, dict[str, str]]]) -> list[tuple[str, str | None, str | None, int, int, int]]:
    """(file, true kind, kind that was guessed, fields right, fields in truth, fields that are wrong)."""
    lines = []
    for name, one, kind, truth in tables:
        proposal = guess(one)
        places = found(proposal) if proposal.kind == kind else {}
        right = sum(places.get(field) == head for field, head in truth.items())
        lines.append((name, kind, proposal.kind, right, len(truth), sum(truth.get(field) != head for field, head in places.items())))
    return lines


def test_our_own_samples_are_recognised_as_their_layouts_say() -> None:
    lines = measured(own())
    assert [line for line in lines if line[1] != line[2]] == []
    right, all_ = sum(line[3] for line in lines), sum(line[4] for line in lines)
    assert right >= .9 * all_, lines
    assert sum(line[5] for line in lines) == 0, lines


def test_other_peoples_tables_are_recognised_or_left_alone(shared: Path | None) -> None:
    if shared is None:
        return
    lines = measured(others(shared))
    kinds = sum(line[1] == line[2] for line in lines)
    right, all_ = sum(line[3] for line in lines), sum(line[4] for line in lines)
    wrong_kind = [line for line in lines if line[2] is not None and line[1] != line[2]]
    assert kinds >= .92 * len(lines), [line for line in lines if line[1] != line[2]]
    assert right >= .75 * all_, lines
    assert wrong_kind == [], "a kind is left open rather than wrong"
    assert sum(line[5] for line in lines) <= 2, [line for line in lines if line[5]]


EXPECTED = (("bank_", {"payments"}), ("tickets_", {"tickets"}), ("contacts_", set()), ("deliveries_", {"deliveries"}), ("orders_", {"deliveries"}),
            ("crm_", {"log", "meetings"}), ("purchase_invoices_", {"payable"}), ("invoices_", {"receivable", "payable", "invoices"}),
            ("open_items_", {"receivable", "payable"}))


def test_exports_of_known_programs_are_never_taken_for_another_kind() -> None:
    for path in sorted(SAMPLES.iterdir()):
        kinds = next((kinds for start, kinds in EXPECTED if path.name.startswith(start)), None)
        if path.suffix == ".ledger" or kinds is None:
            continue
        for one in first_look(path)[0][:1]:
            assert guess(one).kind in {*kinds, None}, path.name


# -- what must be asked

ITEMS = """
Klant;Factuurnr;Factuurdatum;Vervaldatum;Bedrag
Acme;1;{a};{b};10,50
Birch;2;{a};{b};11,50
"""


@pytest.mark.parametrize(("day", "order", "question"), [
    ("2026-03-04", None, []),
    ("13-02-2026", "day", []),
    ("02/13/2026", "month", []),
    ("03/04/2026", None, [("date", "Factuurdatum"), ("date", "Vervaldatum")]),
    ("4 maart 2026", None, []),
])
def test_the_notation_of_days_is_what_the_cells_prove(day: str, order: str | None, question: list[tuple[str, str]]) -> None:
    proposal = guess(sheet(ITEMS.format(a=day, b=day)))
    assert asked(proposal) == question
    assert proposal.columns[2].order == order


def test_a_column_of_both_orders_is_asked_about_even_beside_one_that_is_sure() -> None:
    proposal = guess(sheet("Klant;Factuurnr;Factuurdatum;Vervaldatum;Bedrag\nA;1;13/02/2026;03/04/2026;1,50\nB;2;02/13/2026;05/04/2026;2,50\n"))
    assert asked(proposal) == [("date", "Factuurdatum"), ("date", "Vervaldatum")] or asked(proposal) == [("date", "Vervaldatum")]
    sure = guess(sheet("Klant;Factuurnr;Factuurdatum;Vervaldatum;Bedrag\nA;1;13/02/2026;03/04/2026;1,50\nB;2;14/02/2026;05/04/2026;2,50\n"))
    assert asked(sure) == [("date", "Vervaldatum")], "the order of a neighbour is no proof"


@pytest.mark.parametrize(("amounts", "decimal", "question"), [
    (("1.234,56", "7"), "comma", []),
    (("1,234.56", "7"), "point", []),
    (("1.234", "7"), None, [("decimal", "Bedrag")]),
    (("1,234", "7"), None, [("decimal", "Bedrag")]),
    (("12", "7"), None, []),
    (("1.234", "5,50"), "comma", []),
])
def test_the_notation_of_amounts_is_what_the_cells_prove(amounts: tuple[str, str], decimal: str | None, question: list[tuple[str, str]]) -> None:
    proposal = guess(sheet(f"Klant;Factuurnr;Factuurdatum;Bedrag\nA;1;2026-03-01;{amounts[0]}\nB;2;2026-03-02;{amounts[1]}\n"))
    assert asked(proposal) == question
    assert proposal.columns[3].decimal == decimal


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(2000, 2025)).filter(lambda day: day[0] != day[1]), min_size=1, max_size=6))
def test_days_that_read_both_ways_are_never_chosen(days: list[tuple[int, int, int]]) -> None:
    rows = "\n".join(f"birch.nl;acme.com;{one:02}/{two:02}/{year}" for one, two, year in days)
    assert asked(guess(sheet(f"from;to;time\n{rows}"))) == [("date", "time")]


@settings(max_examples=25)
@given(st.lists(st.integers(1, 999), min_size=1, max_size=5), st.sampled_from([",", "."]))
def test_amounts_that_read_both_ways_are_never_chosen(wholes: list[int], mark: str) -> None:
    rows = "\n".join(f"birch.nl;acme.com;2026-01-01;{whole}{mark}250" for whole in wholes)
    assert asked(guess(sheet(f"from;to;time;amount\n{rows}"))) == [("decimal", "amount")]


def test_a_tie_between_kinds_is_asked() -> None:
    proposal = guess(sheet("Relatie;Factuurnummer;Factuurdatum;Bedrag\nAcme;1;2026-01-01;5,50\n"))
    assert proposal.kind is None
    assert set(proposal.questions[0].choices) >= {"receivable", "payable"}
    assert guess(sheet("Relatie;Factuurnummer;Factuurdatum;Bedrag\nAcme;1;2026-01-01;5,50\n", "Crediteuren mei")).kind == "payable"


def test_columns_that_could_both_be_meant_are_asked_about() -> None:
    text = ("id;vendor;promised date;delivered to client date;delivered to depot date\n"
            "1;Acme;2026-01-01;2026-01-02;2026-01-02\n2;Birch;2026-01-01;2026-01-02;2026-01-02\n")
    assert [one.fields for one in guess(sheet(text)).questions] == [("delivered",)]
    chosen = guess(sheet(text), Said(fields={"delivered": "delivered to depot date"}))
    assert chosen.questions == ()
    assert found(chosen)["delivered"] == "delivered to depot date"


def test_payments_of_one_sign_and_invoices_on_both_sides_of_zero_are_asked_about() -> None:
    bank = "Datum;Bedrag;Tegenrekening;Naam\n2026-01-01;{};NL91ABNA0417164300;Acme\n2026-01-02;7,50;NL52INGB0006778899;Birch\n"
    assert asked(guess(sheet(bank.format("5,50")))) == [("direction", "Bedrag")]
    assert asked(guess(sheet(bank.format("-5,50")))) == []
    assert asked(guess(sheet(bank.format("5,50")), Said(fields={"direction": "in"}))) == []
    items = "Leverancier;Factuurnummer;Factuurdatum;Bedrag\n" + "A;{};2026-01-01;{}\n" * 2
    assert asked(guess(sheet(items.format(1, -5, 2, 5)))) == [("sign", "Bedrag")]
    assert is_turned(guess(sheet(items.format(1, -5, 2, -5))))
    assert not is_turned(guess(sheet(items.format(1, -5, 2, -5)), Said(fields={"sign": "normal"})))


# -- values decide over heads

def test_cells_that_contradict_a_head_leave_the_field_open_and_say_so() -> None:
    proposal = guess(sheet("Klant;Factuurnummer;Factuurdatum;Vervaldatum;Bedrag\nAcme;1;2026-01-01;n.v.t.;vijf\nBirch;2;2026-01-02;straks;zes\n"),
                     Said(kind="receivable"))
    assert "amount" not in found(proposal)
    assert [str(reason) for reason in proposal.places["amount"].reasons] == ["the head says so", "but 0 % are amounts, such as vijf"]
    assert ("field", "amount") in asked(proposal)


def test_a_due_day_before_the_invoice_is_no_due_day() -> None:
    rows = "\n".join(f"Acme;{n};2026-03-1{n};2026-02-1{n};5,50" for n in range(5))
    proposal = guess(sheet(f"Klant;Factuurnummer;Factuurdatum;Vervaldatum;Bedrag\n{rows}"))
    assert "due" not in found(proposal)
    assert "100 % of its days lie before those under Factuurdatum" in str(proposal.places["due"].reasons[-1])


def test_a_parent_that_is_no_row_is_not_what_a_message_answers() -> None:
    rows = "\n".join(f"birch.nl;acme.com;2026-03-1{n};m{n};{{}}" for n in range(3))
    assert "answers" not in found(guess(sheet(f"from;to;time;id;parent id\n{rows.format('case-1', 'case-1', 'case-2')}")))
    assert found(guess(sheet(f"from;to;time;id;parent id\n{rows.format('m1', 'm0', '')}")))["answers"] == "parent id"


def test_cells_alone_fill_a_need_where_only_one_column_can_be_meant() -> None:
    proposal = guess(sheet("wie;x1;x2\nbirch.nl;acme.com;2026-01-01\nacme.com;birch.nl;2026-01-02\n"), Said(kind="log"))
    assert found(proposal) == {"from": "wie", "to": "x1", "time": "x2"}
    assert str(proposal.places["time"].reasons[0]) == "only its cells say so"
    assert found(guess(sheet("x1;x2\nacme.com;2026-01-01\n"), Said(kind="log"))) == {"time": "x2"}, "which side it is does not show"
    bank = guess(sheet("k1;k2;k3;k4;k5\n" + "".join(
        f"NL91ABNA0417164300;NL52INGB000677889{n};-{n},25;EUR;2026-01-0{n}\n" for n in range(1, 5))), Said(kind="payments"))
    assert found(bank) == {"account": "k1", "other_account": "k2", "amount": "k3", "currency": "k4", "at": "k5"}
    assert bank.us == "iban:NL91ABNA0417164300"


def test_of_two_unnamed_days_the_one_that_is_never_later_is_the_invoice() -> None:
    rows = "\n".join(f"Acme;{n};2026-04-1{n};2026-03-1{n};5,50" for n in range(5))
    proposal = guess(sheet(f"Klant;Factuurnummer;d1;d2;Bedrag\n{rows}"))
    assert (found(proposal)["invoice_date"], found(proposal)["due"]) == ("d2", "d1")


def test_who_stands_in_every_row_is_probably_us() -> None:
    proposal = guess(sheet("from;to;time\nbirch.nl;acme.com;2026-01-01\nelm.org;birch.nl;2026-01-02\nbirch.nl;oak.de;2026-01-03\n"))
    assert proposal.us == "birch.nl"
    assert guess(sheet("from;to;time\nbirch.nl;acme.com;2026-01-01\n")).us is None


# -- what a person says

def test_what_is_said_by_hand_wins_and_frees_the_column_elsewhere() -> None:
    one = sheet(ITEMS.format(a="2026-01-01", b="2026-02-01"))
    proposal = guess(one, Said(fields={"settled": "Vervaldatum", "currency": "eur", "timezone": "Europe/Amsterdam", "customer_name": "1"}))
    assert found(proposal)["settled"] == "Vervaldatum"
    assert "due" not in found(proposal)
    assert "customer" not in found(proposal), "the first column was named by its number"
    assert (proposal.fixed("currency"), proposal.fixed("timezone")) == ("EUR", "Europe/Amsterdam")
    assert "due" not in found(guess(one, Said(fields={"due": "-"})))


@pytest.mark.parametrize(("said", "sentence"), [
    (Said(kind="bills"), "bills is no kind of table"),
    (Said(fields={"deu": "Klant"}), "Did you mean due?"),
    (Said(fields={"zzzzzz": "Klant"}), "Fields are: customer"),
    (Said(fields={"due": "Vervaldatun"}), "Did you mean Vervaldatum?"),
    (Said(fields={"due": "qqq"}), "Columns are: Klant, Factuurnr"),
    (Said(fields={"direction": "up"}), "It can be: in, out, signed"),
])
def test_what_cannot_be_meant_is_one_sentence(said: Said, sentence: str) -> None:
    with pytest.raises(WrongCall, match=r"no|cannot") as raised:
        guess(sheet(ITEMS.format(a="2026-01-01", b="2026-02-01")), said)
    assert sentence in str(raised.value)


def test_fields_need_a_kind() -> None:
    with pytest.raises(WrongCall, match="--kind"):
        guess(sheet("a;b\n1;2\n"), Said(fields={"due": "a"}))


# -- a proposal is a layout

TABLES = {
    "log": "Tijdstip;Van;Naar;Soort;Duur;Kenmerk;Gesprek;Antwoord op\n2026-01-01 10:00;birch.nl;acme.com;mail;5;a;;\n2026-01-01 11:00;acme.com;birch.nl;mail;6;b;a;a\n",
    "receivable": "Klant;E-mail klant;KvK klant;Factuurnummer;Factuurdatum;Vervaldatum;Bedrag (EUR);Betaald op;Betwist;Betwist op;Ordernummer\n"
                  "Acme;a@acme.com;12345678;1;2026-01-02;2026-02-01;100,50;2026-02-03;ja;2026-01-20;77\nBirch;b@birch.nl;;2;2026-01-02;;-5,25;;nee;;\n"
                  "Cedar;c@cedar.org;;3;2026-01-03;;7,00;;nee;;\n",
    "payable": "Leverancier;IBAN;Factuurnummer;Factuurdatum;Vervaldatum;Totaal;Valuta\nAcme;NL91ABNA0417164300;1;13-01-2026;15-2-2026;-100,5;EUR\n"
               "Acme;NL91ABNA0417164300;2;14-01-2026;16-2-2026;-100,5;EUR\n",
    "invoices": "supplier;customer;invoice number;invoice date;amount;currency\nbirch.nl;acme.com;1;2026-01-02;5.50;EUR\n",
    "payments": "Datum;Rekening;Af;Bij;Tegenrekening;Naam;Omschrijving\n" + "".join(
        f"2026-01-0{n};NL91ABNA0417164300;{n},25;;NL52INGB0006778899;Acme;x\n2026-01-0{n};NL91ABNA0417164300;;{n},75;NL52INGB0006778899;Acme;y\n"
        for n in range(1, 4)),
    "deliveries": "Leverancier;Ordernummer;Besteldatum;Toegezegde leverdatum;Geleverd op;Waarde\nAcme;O1;2026-01-01;2026-01-10;2026-01-12;50,25\n",
    "tickets": "Ticket ID;Requester;Assignee;Created at;First reply at;Status;Subject;Priority\n7;jan@birch.nl;ann@acme.com;2026-01-01 10:00;2026-01-01 12:00;closed;x;low\n",
    "meetings": "organizer;attendee;start time;end time;duration minutes;meeting id\njan@birch.nl;ann@acme.com;2026-01-01 10:00;2026-01-01 11:00;60;m1\n",
}
LINES = {
    "log": ["2026-01-01T10:00Z birch.nl -> acme.com message 5 words <a>", "2026-01-01T10:00Z birch.nl -> acme.com question 1 count <a#q>",
            "2026-01-01T11:00Z acme.com -> birch.nl message 6 words <b> answers <a>"],
    "receivable": ["2026-01-02T00:00Z @us -> acme.com invoice 100.5 EUR <invoice:@us:1:2026> due 2026-02-01T00:00Z",
                   "2026-01-02T00:00Z @us -> birch.nl credit_note 5.25 EUR <credit_note:@us:2:2026>",
                   "2026-01-03T00:00Z @us -> cedar.org invoice 7 EUR <invoice:@us:3:2026>",
                   "2026-01-20T00:00Z acme.com -> @us difference 1 count <invoice:@us:1:2026#difference> answers <invoice:@us:1:2026>",
                   "2026-02-03T00:00Z acme.com -> @us payment 100.5 EUR <invoice:@us:1:2026#payment> answers <invoice:@us:1:2026>"],
    "payable": [f"2026-01-1{n + 2}T00:00Z iban:NL91ABNA0417164300 -> @us invoice 100.5 EUR <invoice:iban:NL91ABNA0417164300:{n}:2026> due 2026-02-1{n + 4}T00:00Z"
                for n in (1, 2)],
    "invoices": ["2026-01-02T00:00Z birch.nl -> acme.com invoice 5.5 EUR <invoice:birch.nl:1:2026>"],
    "payments": None,
    "deliveries": ["2026-01-01T00:00Z @us -> name:acme order 50.25 - <order:name:acme:O1> due 2026-01-10T00:00Z",
                   "2026-01-12T00:00Z name:acme -> @us delivery 50.25 - <delivery:name:acme:O1> answers <order:name:acme:O1> due 2026-01-10T00:00Z"],
    "tickets": ["2026-01-01T10:00Z birch.nl -> @us message <7>", "2026-01-01T10:00Z birch.nl -> @us question 1 count <7#q>",
                "2026-01-01T12:00Z @us -> birch.nl message <7#reply> answers <7>"],
    "meetings": ["2026-01-01T10:00Z acme.com -> birch.nl attendance 60 minutes <m1#attendance> answers <m1>",
                 "2026-01-01T10:00Z birch.nl -> acme.com meeting 60 minutes <m1>"],
}


def read_with(tmp_path: Path, text: str, said: Said | None = None) -> list[str]:
    """The events of a table, read by its own proposal."""
    data, layout = tmp_path / "t.csv", tmp_path / "t.toml"
    data.write_text(text, "utf-8")
    proposal = guess(first_look(data)[0][0], said)
    assert proposal.questions == ()
    layout.write_text(layout_text(proposal, "t"), "utf-8")
    reading = table.read(Source(data, "t.csv", NOW, layout=str(layout)))
    assert [str(problem.what) for problem in reading.problems if problem.severity != "note"] == []
    return sorted(written(replace(event, evidence=(), references=(), thread=None)) for event in reading.events)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_becomes_a_layout_that_reads_its_table(kind: str, tmp_path: Path) -> None:
    assert guess(sheet(TABLES[kind])).kind == kind
    lines = read_with(tmp_path, TABLES[kind])
    if kind == "payments":
        assert [line.partition(" <")[0] for line in lines] == sorted(
            f"2026-01-0{n}T00:00Z iban:{one} -> iban:{other} payment {n}.{cents} -" for n in range(1, 4)
            for one, other, cents in (("NL91ABNA0417164300", "NL52INGB0006778899", "25"), ("NL52INGB0006778899", "NL91ABNA0417164300", "75")))
    else:
        assert lines == sorted(LINES[kind])


WAYS = "Date;Amount;Debit/Credit;Counterparty name;Counterparty account;Transaction reference\n2026-01-01;5.25;D;Acme;NL91ABNA0417164300;x\n2026-01-02;-6.25;C;Acme;NL91ABNA0417164300;x\n"
SIGNED = "Date;Amount;Counterparty name;Counterparty account\n2026-01-01;{}5.25;Acme;NL91ABNA0417164300\n2026-01-02;6.25;Acme;NL91ABNA0417164300\n"


@pytest.mark.parametrize(("text", "said", "ways"), [
    (WAYS, None, [("@us", 5.25), ("iban", 6.25)]),
    (SIGNED.format("-"), None, [("@us", 5.25), ("iban", 6.25)]),
    (SIGNED.format(""), Said(fields={"direction": "out"}), [("@us", 5.25), ("@us", 6.25)]),
    (SIGNED.format(""), Said(fields={"direction": "in"}), [("iban", 5.25), ("iban", 6.25)]),
])
def test_money_goes_the_way_that_the_table_or_the_person_says(
        text: str, said: Said | None, ways: list[tuple[str, float]], tmp_path: Path) -> None:
    words = [line.split() for line in read_with(tmp_path, text, said)]
    assert [(line[1].partition(":")[0], float(line[5])) for line in words] == ways
    assert len({line[7] for line in words}) == 2, "a reference that comes twice is no identity"


def test_seconds_and_silent_words_and_a_time_zone_come_through(tmp_path: Path) -> None:
    assert read_with(tmp_path, "src|dst|timestamp\n12|7|1767225600\n7|12|1767229200\n")[0].startswith("2026-01-01T00:00Z name:12 -> name:7")
    late = "from;to;time;due\n" + "".join(f"birch.nl;acme.com;2026-01-0{n} 12:00;{due}\n" for n, due in enumerate(
        ["2026-02-01", "Pending", "Pending", "2026-02-02"], start=1))
    assert read_with(tmp_path, late, Said(fields={"timezone": "Europe/Amsterdam"}))[0].startswith("2026-01-01T11:00Z")


@settings(max_examples=20)
@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=6), min_size=1, max_size=5), st.sampled_from([*KINDS]))
def test_any_table_and_any_said_kind_give_a_layout_that_loads(rows: list[list[str]], kind: str) -> None:
    proposal = guess(Sheet(tuple(rows[0]), rows[1:]), Said(kind=kind))
    if not proposal.questions:
        from_table(tomllib.loads(layout_text(proposal, 'a "name"')), "test")


# -- the parts

@pytest.mark.parametrize(("head", "words", "low", "high"), [
    ("InvoiceDate", ("invoice date",), 1, 1), ("factuur_datum", ("factuurdatum",), 1, 1), ("Échéance", ("echeance",), 1, 1),
    ("Fällig am", ("faellig am",), 1, 1), ("property_amount", ("amount",), .95, 1), ("date of invoice", ("invoice date",), .89, .91),
    ("Factuurdatm", ("factuurdatum",), .7, .8), ("Final delivery date", ("delivery date",), .7, .8), ("Orderbedrag", ("bedrag",), .5, .6),
    ("Leverdatum", ("datum",), 0, .45), ("Original currency", ("currency",), 0, 0), ("Date sent to vendor", ("date vendor",), .5, .7), ("#", ("x",), 0, 0),
])
def test_likeness_of_heads(head: str, words: tuple[str, ...], low: float, high: float) -> None:
    assert low <= like_any(head, words).score <= high


def test_words_of_a_head() -> None:
    assert words_of("PO / SO #") == ("po", "so", "no")
    assert words_of("customerID") == ("customer", "id")


def test_sorts_of_cells() -> None:
    def shares(*cells: str) -> Mapping[str, float]:
        return looked_at(0, "x", cells).shares

    assert shares("NL91 ABNA 0417 1643 00")["account"] == 1
    assert shares("Af", "Bij", "af")["way"] == 1
    assert shares("EUR", "usd")["currency"] == 1
    assert shares("NL900112016B01")["vat"] == 1
    assert shares("jan@birch.nl", "x")["address"] == .5
    assert looked_at(0, "x", ["", "n.v.t."]).empty
    assert looked_at(0, "x", [45000.0, 45001.0]).written == "serial"
    assert looked_at(0, "x", [datetime(2026, 1, 1)]).written == "iso"  # noqa: DTZ001


def test_the_first_look_finds_heads_below_a_title_and_the_fullest_sheet(tmp_path: Path) -> None:
    looked, problems = first_look(SAMPLES / "debiteuren.csv")
    assert (looked[0].head_row, looked[0].heads[0], problems) == (4, "Debiteur", [])
    assert "Openstaande posten" in looked[0].hints
    assert first_look(SAMPLES / "crediteuren.xlsx")[0][0].name == "2026"
    for name, content in (("blob.csv", b"\0\1\2" * 99), ("empty.csv", b""), ("one.csv", b"a\nb\n")):
        (tmp_path / name).write_bytes(content)
        assert first_look(tmp_path / name)[0] == []
