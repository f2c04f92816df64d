"""UBL: the samples, who stands on either side, and the same invoice in other clothes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.importers.xml_papers import (
    ACME,
    AGGREGATES,
    BIRCH,
    NOW,
    check_sample,
    invoice,
    party,
    read_bytes,
    said,
    samples,
)

from evenwicht.importers import ubl
from evenwicht.importers.source import Exclusions, Head, Reading, Source
from evenwicht.ledger.identifiers import trust_of

DAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("name", samples("ubl"))
def test_a_sample_gives_its_ledger(name: str) -> None:
    check_sample(ubl, name)


def test_an_invoice_covers_its_own_day_and_mentions_both_sides(tmp_path: Path) -> None:
    reading = read_bytes(ubl, tmp_path, invoice())
    [coverage] = reading.coverage
    assert (coverage.party, coverage.sees, coverage.start, coverage.end) == ("birch.nl", "given", DAY, DAY)
    assert coverage.kinds == ("invoice", "credit_note")
    assert [mention.identifiers for mention in reading.mentions] == [
        ("birch.nl", "vat:NL854321098B01", "name:birch-bv"), ("acme.com", "vat:NL801122334B01", "name:acme-nv")]
    assert not any(mention.own for mention in reading.mentions)
    assert dict(reading.counted) == {"invoice": 1}
    assert reading.events[0].evidence == ("paper.xml#2026-7",)


@pytest.mark.parametrize(("root", "claimed"), [
    (invoice(), True), (invoice(root="Catalogue"), True), ("<Invoice/>", False), ("<Foo>bar</Foo>", False),
    ('<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>', False),
    (f'<StandardBusinessDocument xmlns="urn:sbdh">{invoice()}</StandardBusinessDocument>', True),
    ('<StandardBusinessDocument xmlns="urn:sbdh"/>', False), ("%PDF-1.7", False),
])
def test_the_root_decides(tmp_path: Path, root: str, claimed: bool) -> None:
    path = tmp_path / "x"
    path.write_text(root)
    assert ubl.identify(Head.of(path)) is claimed


def test_an_envelope_is_opened(tmp_path: Path) -> None:
    bare = read_bytes(ubl, tmp_path, invoice())
    packed = read_bytes(ubl, tmp_path, f'<StandardBusinessDocument xmlns="urn:sbdh"><Header/>{invoice()}</StandardBusinessDocument>')
    assert packed.events == bare.events
    empty = read_bytes(ubl, tmp_path, '<StandardBusinessDocument xmlns="urn:sbdh"><Header/></StandardBusinessDocument>')
    assert said(empty) == ["A UBL StandardBusinessDocument is not read yet."]


@pytest.mark.parametrize("root", ["Catalogue", "ApplicationResponse", "OrderChange", "OrderCancellation", "DebitNote"])
def test_other_documents_are_named(tmp_path: Path, root: str) -> None:
    reading = read_bytes(ubl, tmp_path, invoice(root=root))
    assert reading.events == []
    assert [problem.severity for problem in reading.problems] == ["note"]
    assert dict(reading.counted) == {f"UBL {root}": 1}


# ── amounts and kinds ──


@pytest.mark.parametrize(("root", "code", "total", "kind", "amount", "noted"), [
    ("Invoice", "380", "121.00", "invoice", 121.0, 0), ("Invoice", "384", "-121.00", "credit_note", 121.0, 1),
    ("Invoice", "381", "121.00", "credit_note", 121.0, 0), ("CreditNote", "381", "121.00", "credit_note", 121.0, 0),
    ("CreditNote", "381", "-121.00", "credit_note", 121.0, 1), ("Invoice", "wrong", "0.00", "invoice", 0.0, 0),
    ("Invoice", "380", "-0.00", "invoice", 0.0, 0), ("SelfBilledInvoice", "389", "5", "invoice", 5.0, 0),
    ("SelfBilledCreditNote", "261", "5", "credit_note", 5.0, 0),
])
def test_what_lowers_a_debt_is_a_credit_note(
    tmp_path: Path, root: str, code: str, total: str, kind: str, amount: float, noted: int,
) -> None:
    paper = invoice(f"<cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>", root=root,
                    total=f'<cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount>')
    reading = read_bytes(ubl, tmp_path, paper)
    [event] = reading.events
    assert (event.kind, event.amount, event.giver, event.receiver) == (kind, amount, "birch.nl", "acme.com")
    assert event.id == f"{kind}:birch.nl:2026-7:2026"
    assert len(reading.problems) == noted
    assert str(event.amount) != "-0.0"


def test_without_an_amount_to_pay_the_total_stands_in(tmp_path: Path) -> None:
    reading = read_bytes(ubl, tmp_path, invoice(total='<cbc:TaxInclusiveAmount currencyID="SEK">88</cbc:TaxInclusiveAmount>'))
    assert (reading.events[0].amount, reading.events[0].unit) == (88.0, "SEK")
    assert "total with VAT was taken" in said(reading)[0]
    for total in ("", '<cbc:PayableAmount currencyID="EUR">NaN</cbc:PayableAmount>', "<cbc:PayableAmount>1e9</cbc:PayableAmount>"):
        reading = read_bytes(ubl, tmp_path, invoice("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", total=total))
        assert (reading.events[0].amount, reading.events[0].unit) == (None, "EUR")
        assert "no readable amount" in said(reading)[0]


def test_the_currency_is_that_of_the_amount(tmp_path: Path) -> None:
    paper = invoice("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>GBP</cbc:TaxCurrencyCode>",
                    total='<cbc:PayableAmount currencyID="usd">7</cbc:PayableAmount>')
    assert read_bytes(ubl, tmp_path, paper).events[0].unit == "USD"
    paper = invoice("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", total="<cbc:PayableAmount>7</cbc:PayableAmount>")
    assert read_bytes(ubl, tmp_path, paper).events[0].unit == "EUR"
    reading = read_bytes(ubl, tmp_path, invoice(total="<cbc:PayableAmount>7</cbc:PayableAmount>"))
    assert reading.events[0].unit == ""
    assert "in which currency" in said(reading)[0]


# ── days ──


@pytest.mark.parametrize(("more", "due", "noted"), [
    ("<cbc:DueDate>2026-04-01</cbc:DueDate>", "2026-04-01", 0),
    (("<cac:PaymentMeans><cbc:PaymentDueDate>2026-04-02</cbc:PaymentDueDate></cac:PaymentMeans>"
      "<cac:PaymentMeans><cbc:PaymentDueDate>2026-05-02</cbc:PaymentDueDate></cac:PaymentMeans>"), "2026-05-02", 0),
    ("<cac:PaymentTerms><cbc:PaymentDueDate>2026-04-03</cbc:PaymentDueDate></cac:PaymentTerms>", "2026-04-03", 0),
    ("<cac:PaymentTerms><cac:SettlementPeriod><cbc:EndDate>2026-04-04</cbc:EndDate></cac:SettlementPeriod></cac:PaymentTerms>", "2026-04-04", 0),
    ("<cac:PaymentTerms><cbc:Note>30 dagen netto</cbc:Note></cac:PaymentTerms>", "2026-04-01", 1),
    ("<cac:PaymentTerms><cbc:Note>30 dagen</cbc:Note></cac:PaymentTerms><cac:PaymentTerms><cbc:Note>14 dagen</cbc:Note></cac:PaymentTerms>", None, 0),
    ("<cbc:DueDate>binnenkort</cbc:DueDate>", None, 0), ("", None, 0),
])
def test_when_it_is_due(tmp_path: Path, more: str, due: str | None, noted: int) -> None:
    reading = read_bytes(ubl, tmp_path, invoice(more))
    found = reading.events[0].due
    assert (None if found is None else f"{found:%Y-%m-%d}") == due
    assert len(reading.problems) == noted


@pytest.mark.parametrize(("issued", "words"), [
    ("", "no readable issue date"), ("2 maart 2026", "no readable issue date"), ("2062-03-02", "which cannot be"), ("1926-03-02", "which cannot be"),
])
def test_without_a_day_to_believe_nothing_is_kept(tmp_path: Path, issued: str, words: str) -> None:
    reading = read_bytes(ubl, tmp_path, invoice(issued=issued))
    assert reading.events == []
    assert reading.coverage == []
    assert words in said(reading)[0]


def test_a_credit_note_without_a_dated_invoice_takes_its_own_year(tmp_path: Path) -> None:
    billed = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{}</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
    reading = read_bytes(ubl, tmp_path, invoice(billed.format("2026-1") + billed.format("2026-2"), root="CreditNote"))
    assert reading.events[0].answers == "invoice:birch.nl:2026-1:2026"
    assert reading.events[0].references == ("2026-7", "2026-1", "2026-2")
    assert read_bytes(ubl, tmp_path, invoice(root="CreditNote")).events[0].answers is None


def test_an_invoice_without_a_number_is_the_same_each_time(tmp_path: Path) -> None:
    one = read_bytes(ubl, tmp_path, invoice(number=""))
    two = read_bytes(ubl, tmp_path, invoice(number=""))
    other = read_bytes(ubl, tmp_path, invoice(number="", issued="2026-03-03"))
    assert one.events == two.events
    assert one.events[0].id != other.events[0].id
    assert said(one) == ["The Invoice has no number (ID)."]


# ── who ──


@pytest.mark.parametrize(("given", "best"), [
    ({"mail": "a@Shop.Birch.co.uk", "vat": "NL854321098B01"}, "birch.co.uk"),
    ({"mail": "birch@gmail.com", "vat": "nl 8543.21.098.B01"}, "vat:NL854321098B01"),
    ({"mail": "geen"}, "name:birch"),
    ({"endpoint": '<cbc:EndpointID schemeID="EM">post@birch.nl</cbc:EndpointID>'}, "birch.nl"),
    ({"endpoint": '<cbc:EndpointID schemeID="EM">birch@gmail.com</cbc:EndpointID>'}, "name:birch"),
    ({"endpoint": '<cbc:EndpointID schemeID="9944">NL854321098B01</cbc:EndpointID>'}, "vat:NL854321098B01"),
    ({"endpoint": '<cbc:EndpointID schemeID="0192">987654325</cbc:EndpointID>'}, "peppol:0192:987654325"),
    ({"endpoint": "<cbc:EndpointID>987654325</cbc:EndpointID>"}, "name:birch"),
    ({"endpoint": '<cbc:EndpointID schemeID="UK:CH">987654325</cbc:EndpointID>'}, "name:birch"),
    ({"legal": '<cbc:CompanyID schemeID="0106">62417358</cbc:CompanyID>'}, "kvk:62417358"),
    ({"legal": '<cbc:CompanyID schemeID="NL:KVK">6241.7358</cbc:CompanyID>'}, "kvk:62417358"),
    ({"legal": '<cbc:CompanyID schemeID="NL:VAT">854321098B01</cbc:CompanyID>'}, "vat:NL854321098B01"),
    ({"legal": '<cbc:CompanyID schemeID="SEPA">NL12ZZZ62417358</cbc:CompanyID>'}, "name:birch"),
    ({"legal": "<cbc:CompanyID>62417358</cbc:CompanyID>"}, "kvk:62417358"),
    ({"legal": "<cbc:CompanyID>62417358</cbc:CompanyID>", "country": "DE"}, "name:birch"),
    ({"legal": "<cbc:RegistrationName>Birch Holding N.V.</cbc:RegistrationName>"}, "name:birch-holding-nv"),
])
def test_the_best_identifier_of_a_party(tmp_path: Path, given: dict[str, str], best: str) -> None:
    reading = read_bytes(ubl, tmp_path, invoice(seller=party("Birch", **given)))
    assert reading.events[0].giver == best


def test_accounts_are_the_sellers_only_where_they_surely_are(tmp_path: Path) -> None:
    means = ("<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>NL93 RABO 0312 4455 66</cbc:ID></cac:PayeeFinancialAccount>"
             "<cac:PaymentMandate><cac:PayerFinancialAccount><cbc:ID>NL38ABNA0541223307</cbc:ID></cac:PayerFinancialAccount></cac:PaymentMandate>"
             "</cac:PaymentMeans>")
    seller, buyer = read_bytes(ubl, tmp_path, invoice(means)).mentions
    assert "iban:NL93RABO0312445566" in seller.identifiers
    assert "iban:NL38ABNA0541223307" in buyer.identifiers
    factored = read_bytes(ubl, tmp_path, invoice(means + "<cac:PayeeParty/>")).mentions[0]
    credited = read_bytes(ubl, tmp_path, invoice(means, root="CreditNote")).mentions[0]
    assert not any(one.startswith("iban:") for one in (*factored.identifiers, *credited.identifiers))


def test_a_number_that_stands_on_both_sides_tells_nothing(tmp_path: Path) -> None:
    reading = read_bytes(ubl, tmp_path, invoice(seller=party("Birch", vat="NL333333333B01"), buyer=party("Acme", vat="NL333333333B01")))
    assert (reading.events[0].giver, reading.events[0].receiver) == ("name:birch", "name:acme")
    assert "vat:NL333333333B01" in said(reading)[0]
    legal = "<cbc:RegistrationName>Registration name</cbc:RegistrationName>"
    reading = read_bytes(ubl, tmp_path, invoice(seller=party("Birch", legal=legal), buyer=party("Acme", legal=legal)))
    assert (reading.events[0].giver, reading.events[0].receiver) == ("name:birch", "name:acme")
    reading = read_bytes(ubl, tmp_path, invoice(seller=party("Birch"), buyer=party("Birch")))
    assert reading.events == []
    assert "one and the same" in said(reading)[0]


@pytest.mark.parametrize(("seller", "buyer", "side"), [("", ACME, "seller"), (BIRCH, "", "buyer"), (party(""), ACME, "seller")])
def test_a_side_without_anything_is_a_problem(tmp_path: Path, seller: str, buyer: str, side: str) -> None:
    reading = read_bytes(ubl, tmp_path, invoice(seller=seller, buyer=buyer))
    assert reading.events == []
    assert said(reading) == [f"The Invoice 2026-7 does not say who the {side} is."]


def test_a_role_that_is_missing_is_a_problem(tmp_path: Path) -> None:
    paper = re.sub(r"<cac:AccountingCustomerParty>.*</cac:AccountingCustomerParty>", "", invoice())
    assert read_bytes(ubl, tmp_path, paper).events == []


def test_what_is_excluded_leaves_no_trace(tmp_path: Path) -> None:
    reading = read_bytes(ubl, tmp_path, invoice(), exclude=Exclusions(parties=frozenset({"acme.com"})))
    assert (reading.events, reading.mentions, reading.coverage) == ([], [], [])
    assert dict(reading.counted) == {"excluded": 1}


# ── orders ──


def order(lines: str = "", more: str = "", root: str = "Order") -> str:
    return (f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {AGGREGATES}><cbc:ID>PO-1</cbc:ID>'
            f"<cbc:IssueDate>2026-03-02</cbc:IssueDate>{more}<cac:BuyerCustomerParty>{ACME}</cac:BuyerCustomerParty>"
            f"<cac:SellerSupplierParty>{BIRCH}</cac:SellerSupplierParty>{lines}</{root}>")


def test_the_value_of_an_order_is_the_sum_of_its_lines_where_all_have_one(tmp_path: Path) -> None:
    line = '<cac:OrderLine><cac:LineItem><cbc:LineExtensionAmount currencyID="{}">{}</cbc:LineExtensionAmount></cac:LineItem></cac:OrderLine>'
    reading = read_bytes(ubl, tmp_path, order(line.format("EUR", "0.10") * 3))
    assert (reading.events[0].amount, reading.events[0].unit) == (0.3, "EUR")
    assert (reading.events[0].giver, reading.events[0].receiver, reading.events[0].id) == ("acme.com", "birch.nl", "order:birch.nl:PO-1:2026")
    for lines in (line.format("EUR", "1") + "<cac:OrderLine/>", line.format("EUR", "1") + line.format("USD", "1"), line.format("EUR", "x")):
        assert read_bytes(ubl, tmp_path, order(lines)).events[0].amount is None


def test_orders_need_a_day_and_two_sides_too(tmp_path: Path) -> None:
    for root in ("Order", "OrderResponse", "DespatchAdvice"):
        paper = order(root=root)
        assert len(read_bytes(ubl, tmp_path, paper).events) == 1
        assert read_bytes(ubl, tmp_path, paper.replace("2026-03-02", "ooit")).events == []
        assert read_bytes(ubl, tmp_path, paper.replace(BIRCH, "")).events == []


def test_a_delivery_falls_back_on_the_roles_of_the_goods(tmp_path: Path) -> None:
    third = party("Magazijn", mail="x@magazijn.nl")
    more = f"<cac:DespatchSupplierParty>{third}</cac:DespatchSupplierParty>"
    paper = order(root="DespatchAdvice", more=more).replace(BIRCH, ACME)  # seller and buyer written as one
    assert read_bytes(ubl, tmp_path, paper).events[0].giver == "magazijn.nl"


# ── laws ──


@given(prefix=st.sampled_from(["", "a", "cbc2", "x-y"]), spaces=st.sampled_from(["", "\n", "\n\t  "]), comment=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_clothes_do_not_matter(tmp_path: Path, prefix: str, spaces: str, comment: bool) -> None:
    plain = read_bytes(ubl, tmp_path, invoice())
    paper = re.sub(r"(</?)cbc:", rf"\1{prefix}:" if prefix else r"\1", invoice())
    declared = f"xmlns:{prefix}=" if prefix else "xmlns="
    paper = paper.replace("xmlns:cbc=", declared) if prefix else paper.replace("cbc:", "").replace(" xmlns:cbc=", " xmlns:unused=")
    paper = paper.replace("><", f">{spaces}{'<!-- ja -->' if comment else ''}<")
    assert read_bytes(ubl, tmp_path, paper).events == plain.events


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_never_raises(tmp_path: Path, data: st.DataObject) -> None:
    paper = bytearray(invoice("<cbc:DueDate>2026-04-01</cbc:DueDate>").encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(paper) - 1))
        paper[place:place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    reading = read_bytes(ubl, tmp_path, bytes(paper))
    assert reading.events or reading.problems or reading.counted


def test_real_files_are_read_without_an_exception(shared: Path | None) -> None:
    if shared is None:
        return
    read: list[Reading] = []
    for folder in ("ubl", "security", "cii", "other_einvoice"):
        for path in sorted((shared / "fixtures" / folder).iterdir()):
            if ubl.identify(Head.of(path)):
                reading = ubl.read(Source(path, path.name, NOW))
                assert reading.events or reading.problems, path.name
                for event in reading.events:
                    assert event.giver != event.receiver
                    assert event.kind in {
                        "invoice", "credit_note", "order", "order_response", "delivery", "difference", "invoice_response", "automatic"}
                    assert trust_of(event.giver) <= trust_of("name:x")
                read.append(reading)
    assert sum(bool(reading.events) for reading in read) >= 190
    assert not any(problem.what.startswith("This is not well-formed") for reading in read for problem in reading.problems)


# ── responses to invoices ──

LETTERS = "urn:fdc:peppol.eu:poacc:trns:invoice_response:3"


def answer(*responses: str, letters: str = LETTERS, day: str = "<cbc:IssueDate>2026-03-09</cbc:IssueDate>") -> str:
    def role(name: str, number: str) -> str:
        return (f'<cac:{name}><cbc:EndpointID schemeID="0106">{number}</cbc:EndpointID></cac:{name}>')

    return (f'<ApplicationResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2" {AGGREGATES}>'
            f"<cbc:CustomizationID>{letters}</cbc:CustomizationID><cbc:ID>R-1</cbc:ID>{day}"
            f'{role("SenderParty", "87654321")}{role("ReceiverParty", "12345678")}{"".join(responses)}</ApplicationResponse>')


def to(status: str, code: str = "380", number: str = "7", issued: str = "") -> str:
    return (f"<cac:DocumentResponse><cac:Response><cbc:ResponseCode>{status}</cbc:ResponseCode></cac:Response><cac:DocumentReference>"
            f"<cbc:ID>{number}</cbc:ID>{issued and f'<cbc:IssueDate>{issued}</cbc:IssueDate>'}"
            f"<cbc:DocumentTypeCode>{code}</cbc:DocumentTypeCode></cac:DocumentReference></cac:DocumentResponse>")


@pytest.mark.parametrize("status, kind, amount", [
    ("AB", "invoice_response", None), ("IP", "invoice_response", None), ("AP", "invoice_response", None), ("PD", "invoice_response", None),
    ("RE", "difference", 1.0), ("uq", "difference", 1.0), ("CA", "difference", 1.0), ("BusinessReject", "difference", 1.0),
    ("BusinessAccept", "invoice_response", None), ("TechnicalReject", "automatic", 0.0), ("ProfileAccept", "automatic", 0.0),
])
def test_what_follows_from_a_status(tmp_path: Path, status: str, kind: str, amount: float | None) -> None:
    [event] = read_bytes(ubl, tmp_path, answer(to(status, issued="2025-12-30"))).events
    assert (event.kind, event.amount, event.giver, event.receiver) == (kind, amount, "kvk:87654321", "kvk:12345678")
    assert event.answers == (None if kind == "automatic" else "invoice:kvk:12345678:7:2025")


def test_a_status_that_is_not_known_is_kept_without_a_meaning(tmp_path: Path) -> None:
    reading = read_bytes(ubl, tmp_path, answer(to("XX"), to("")))
    assert [event.kind for event in reading.events] == ["invoice_response", "invoice_response"]
    assert [event.id for event in reading.events] == [f"invoice_response:kvk:87654321:R-1:2026#{number}" for number in (1, 2)]
    assert ["not known" in str(one.what_phrase) for one in reading.problems] == [True, True]


def test_an_answer_to_an_invoice_that_the_buyer_wrote_comes_from_the_seller(tmp_path: Path) -> None:
    [event] = read_bytes(ubl, tmp_path, answer(to("UQ", "389", issued="2026-03-02"))).events
    assert (event.giver, event.answers) == ("kvk:87654321", "invoice:kvk:87654321:7:2026")


def test_a_machine_answers_a_message_and_nobody_a_catalogue(tmp_path: Path) -> None:
    [event] = read_bytes(ubl, tmp_path, answer(to("RE", "9"), letters="urn:fdc:peppol.eu:poacc:trns:mlr:3")).events
    assert (event.kind, event.amount, event.unit, event.answers) == ("automatic", 0.0, "words", None)
    reading = read_bytes(ubl, tmp_path, answer(to("AP", "9"), letters="urn:fdc:peppol.eu:poacc:trns:catalogue_response:3"))
    assert not reading.events
    assert [one.severity for one in reading.problems] == ["note"]
    assert reading.counted == {"UBL ApplicationResponse": 1}


def test_an_answer_without_a_day_or_about_no_number(tmp_path: Path) -> None:
    assert not read_bytes(ubl, tmp_path, answer(to("UQ"), day="")).events
    [event] = read_bytes(ubl, tmp_path, answer(to("UQ", "", number=""))).events
    assert (event.kind, event.answers, event.references) == ("difference", None, ("status:UQ",))
