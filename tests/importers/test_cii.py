"""CII: the samples, the same invoice as in UBL, the older names of ZUGFeRD 1, and orders of Order-X."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.importers.xml_papers import NOW, SAMPLES, check_sample, read_bytes, said, samples
from tests.importers.xml_papers import invoice as ubl_invoice

from evenwicht.importers import cii, ubl
from evenwicht.importers.source import Exclusions, Head, Reading, Source
from evenwicht.importers.xml import cross_industry

SPACES = ('xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
          'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
          'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"')


def at(written: str, style: str = "102") -> str:
    return f'<udt:DateTimeString format="{style}">{written}</udt:DateTimeString>'


def party(name: str, *, vat: str = "", mail: str = "", more: str = "") -> str:
    return (f"<ram:Name>{name}</ram:Name>{more}"
            f"<ram:DefinedTradeContact><ram:EmailURIUniversalCommunication><ram:URIID>{mail}</ram:URIID></ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>"
            f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{vat}</ram:ID></ram:SpecifiedTaxRegistration>')


BIRCH = party("Birch BV", mail="facturen@birch.nl", vat="NL854321098B01")
ACME = party("Acme NV", mail="inkoop@acme.com", vat="NL801122334B01")


def document(
    *, number: str = "2026-7", code: str = "380", issued: str = at("20260302"), seller: str = BIRCH, buyer: str = ACME,
    total: str = "<ram:DuePayableAmount>121.00</ram:DuePayableAmount>", agreed: str = "", settled: str = "", currency: str = "EUR", delivery: str = "",
    root: str = "CrossIndustryInvoice", spaces: str = SPACES,
) -> str:
    return (
        f"<rsm:{root} {spaces}><rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{code}</ram:TypeCode>"
        f"<ram:IssueDateTime>{issued}</ram:IssueDateTime></rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>"
        f"<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>{seller}</ram:SellerTradeParty><ram:BuyerTradeParty>{buyer}</ram:BuyerTradeParty>"
        f"{agreed}</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery>{delivery}</ram:ApplicableHeaderTradeDelivery>"
        f"<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{currency}</ram:InvoiceCurrencyCode>{settled}"
        f"<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{total}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:{root}>"
    )


def account(iban: str, role: str = "PayeePartyCreditorFinancialAccount") -> str:
    return f"<ram:SpecifiedTradeSettlementPaymentMeans><ram:{role}><ram:IBANID>{iban}</ram:IBANID></ram:{role}></ram:SpecifiedTradeSettlementPaymentMeans>"


def read(folder: Path, paper: str, **given: object) -> Reading:
    return read_bytes(cii, folder, paper, **given)


@pytest.mark.parametrize("name", samples("cii"))
def test_a_sample_gives_its_ledger(name: str) -> None:
    check_sample(cii, name)


@pytest.mark.parametrize(("head", "claimed"), [
    (document(), True), (f"<!-- {'x' * 3000} -->{document()}", True), ('<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:x"/>', True),
    ('<rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="urn:x"/>', True), ('<rsm:Invoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CBFBUY:5"/>', True),
    (f'<StandardBusinessDocument xmlns="urn:sbdh">{document()}</StandardBusinessDocument>', True), ("<testSet><test/></testSet>", False),
    ("<Invoice/>", False), (ubl_invoice(), False), (f'<StandardBusinessDocument xmlns="urn:sbdh">{ubl_invoice()}</StandardBusinessDocument>', False),
    ("CrossIndustryInvoice", False), ("", False),
])
def test_the_root_decides(tmp_path: Path, head: str, claimed: bool) -> None:
    path = tmp_path / "x"
    path.write_text(head, encoding="utf-8")
    assert cii.identify(Head.of(path)) is claimed


def test_the_same_invoice_in_ubl_gives_the_same_row_and_mentions() -> None:
    readings = [importer.read(Source(SAMPLES / folder / name, "factuur", NOW)) for importer, folder, name in (
        (cii, "cii", "invoice.xml"), (ubl, "ubl", "nlcius.xml"))]
    one, two = readings
    assert [dataclasses.replace(event) for event in one.events] == two.events
    assert one.coverage == two.coverage
    assert [set(mention.identifiers) for mention in one.mentions] == [set(mention.identifiers) for mention in two.mentions]


@pytest.mark.parametrize(("code", "total", "kind", "amount", "noted"), [
    ("380", "121.00", "invoice", 121.0, 0), ("381", "121.00", "credit_note", 121.0, 0), ("384", "-5", "credit_note", 5.0, 1), ("384", "5", "invoice", 5.0, 0),
    ("389", "5", "invoice", 5.0, 0), ("261", "5", "credit_note", 5.0, 0), ("381", "-5", "credit_note", 5.0, 1), ("380", "-0.00", "invoice", 0.0, 0), ("", "1", "invoice", 1.0, 0),
])
def test_what_lowers_a_debt_is_a_credit_note(tmp_path: Path, code: str, total: str, kind: str, amount: float, noted: int) -> None:
    reading = read(tmp_path, document(code=code, total=f"<ram:DuePayableAmount>{total}</ram:DuePayableAmount>"))
    [event] = reading.events
    assert (event.kind, event.amount, event.giver, event.receiver, event.id) == (kind, amount, "birch.nl", "acme.com", f"{kind}:birch.nl:2026-7:2026")
    assert len(reading.problems) == noted


def test_what_is_left_to_pay_counts(tmp_path: Path) -> None:
    both = "<ram:GrandTotalAmount>121</ram:GrandTotalAmount><ram:TotalPrepaidAmount>21</ram:TotalPrepaidAmount>"
    assert read(tmp_path, document(total=f"{both}<ram:DuePayableAmount>100</ram:DuePayableAmount>")).events[0].amount == 100.0
    reading = read(tmp_path, document(total=both))
    assert (reading.events[0].amount, "total with VAT was taken" in said(reading)[0]) == (121.0, True)
    reading = read(tmp_path, document(total="<ram:DuePayableAmount>1,5</ram:DuePayableAmount>"))
    assert (reading.events[0].amount, reading.events[0].unit) == (None, "EUR")
    assert "no readable amount" in said(reading)[0]
    two = '<ram:DuePayableAmount currencyID="USD">9</ram:DuePayableAmount><ram:DuePayableAmount currencyID="EUR">8</ram:DuePayableAmount>'
    assert (event := read(tmp_path, document(total=two)).events[0]).amount == 8.0
    assert event.unit == "EUR"
    reading = read(tmp_path, document(currency=""))
    assert reading.events[0].unit == ""
    assert "in which currency" in said(reading)[0]


@pytest.mark.parametrize(("issued", "moment"), [
    (at("20260302"), "2026-03-02T00:00"), (at("202603021405", "203"), "2026-03-02T14:05"), (at("20260302140506", "204"), "2026-03-02T14:05"),
    (at("2026-03-02"), "2026-03-02T00:00"), ("<udt:DateTime>2026-03-02T14:05:00+01:00</udt:DateTime>", "2026-03-02T13:05"), ("20260302", "2026-03-02T00:00"),
    (at("20260230"), ""), (at("02.03.2026"), ""), ("", ""), (at("20960302"), ""),
])
def test_issue_dates(tmp_path: Path, issued: str, moment: str) -> None:
    reading = read(tmp_path, document(issued=issued))
    assert [f"{event.at:%Y-%m-%dT%H:%M}" for event in reading.events] == ([moment] if moment else [])
    assert len(reading.problems) == (not moment)


@pytest.mark.parametrize(("terms", "due"), [
    (f"<ram:DueDateDateTime>{at('20260401')}</ram:DueDateDateTime>", "2026-04-01"), ("<ram:Description>30 dagen netto</ram:Description>", "2026-04-01"),
    ("<ram:DueDateDateTime format='102'>20260401</ram:DueDateDateTime>", "2026-04-01"), ("<ram:Description>direct</ram:Description>", ""), ("", ""),
])
def test_due_days(tmp_path: Path, terms: str, due: str) -> None:
    paper = document(settled=f"<ram:SpecifiedTradePaymentTerms>{terms}</ram:SpecifiedTradePaymentTerms>")
    [event] = read(tmp_path, paper).events
    assert (f"{event.due:%Y-%m-%d}" if event.due else "") == due


def test_accounts_are_those_of_the_sides(tmp_path: Path) -> None:
    theirs, debited = account("NL93RABO0312445566"), account("NL38ABNA0541223307", "PayerPartyDebtorFinancialAccount")
    one, two = read(tmp_path, document(settled=theirs + debited)).mentions
    assert "iban:NL93RABO0312445566" in one.identifiers
    assert "iban:NL38ABNA0541223307" in two.identifiers
    factor = "<ram:PayeeTradeParty><ram:Name>Factor</ram:Name></ram:PayeeTradeParty>"
    for paper in (document(settled=factor + theirs), document(settled=theirs, code="381")):
        assert "iban:NL93RABO0312445566" not in read(tmp_path, paper).mentions[0].identifiers


def test_parties_in_registers_and_under_trading_names(tmp_path: Path) -> None:
    nl = '<ram:PostalTradeAddress><ram:CountryID>NL</ram:CountryID></ram:PostalTradeAddress>'
    one = party("X", more=f'<ram:ID>62417358</ram:ID>{nl}<ram:URIUniversalCommunication><ram:URIID schemeID="EM">a@elm.nl</ram:URIID></ram:URIUniversalCommunication>')
    assert read(tmp_path, document(seller=one)).mentions[0].identifiers == ("elm.nl", "kvk:62417358", "name:x")
    trading = "<ram:Name>Groep BV</ram:Name><ram:SpecifiedLegalOrganization><ram:TradingBusinessName>{}</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>"
    reading = read(tmp_path, document(seller=trading.format("Noord"), buyer=trading.format("Zuid")))
    assert [event.giver for event in reading.events] == ["name:noord"]


@pytest.mark.parametrize(("paper", "words"), [
    (document(seller=""), "who the seller is"), (document(buyer=""), "who the buyer is"), (document(buyer=BIRCH), "one and the same"),
    (document().replace("ApplicableHeaderTradeAgreement", "Other"), "who the seller is"),
    (document().replace("ExchangedDocument", "Other"), "no readable issue date"), (document().replace("SupplyChainTradeTransaction", "Other"), "who the seller is"),
])
def test_what_cannot_be_known_is_a_problem(tmp_path: Path, paper: str, words: str) -> None:
    reading = read(tmp_path, paper)
    assert reading.events == []
    assert words in said(reading)[0]


def test_without_a_settlement_the_amount_is_missing(tmp_path: Path) -> None:
    for code in ("380", "381"):
        [event] = read(tmp_path, document(code=code).replace("ApplicableHeaderTradeSettlement", "Other")).events
        assert (event.amount, event.unit, event.due, event.references) == (None, "", None, ("2026-7",))


def test_a_document_without_a_number_is_called_after_its_content(tmp_path: Path) -> None:
    reading = read(tmp_path, document(number=""))
    assert reading.events[0].id.startswith("invoice:birch.nl:unnumbered-")
    assert reading.events[0].id == read(tmp_path, document(number="")).events[0].id
    assert "has no number" in said(reading)[0]


def test_a_credit_note_without_a_day_of_its_invoice_answers_in_its_own_year(tmp_path: Path) -> None:
    billed = "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>2026-1</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>"
    assert read(tmp_path, document(code="381", settled=billed)).events[0].answers == "invoice:birch.nl:2026-1:2026"
    assert read(tmp_path, document(code="381")).events[0].answers is None


def test_who_is_excluded_leaves_no_trace(tmp_path: Path) -> None:
    reading = read(tmp_path, document(), exclude=Exclusions(parties=frozenset({"acme.com"})))
    assert (reading.events, reading.mentions, reading.counted["excluded"]) == ([], [], 1)


def order(code: str, *, total: str = "<ram:LineTotalAmount>10</ram:LineTotalAmount>", wanted: str = "", root: str = "SCRDMCCBDACIOMessageStructure") -> str:
    event = f"<ram:RequestedDeliverySupplyChainEvent>{wanted}</ram:RequestedDeliverySupplyChainEvent>"
    return document(root=root, code=code, total=total, delivery=event).replace("InvoiceCurrencyCode", "OrderCurrencyCode")


def test_orders(tmp_path: Path) -> None:
    period = (f"<ram:OccurrenceSpecifiedPeriod><ram:StartDateTime>{at('20260401')}</ram:StartDateTime>"
              f"<ram:EndDateTime>{at('202604091200', '203')}</ram:EndDateTime></ram:OccurrenceSpecifiedPeriod>")
    [event] = read(tmp_path, order("220", wanted=period)).events
    assert (event.kind, event.giver, event.receiver, event.amount, event.unit) == ("order", "acme.com", "birch.nl", 10.0, "EUR")
    assert event.due == datetime(2026, 4, 9, tzinfo=UTC)
    assert event.id == "order:birch.nl:2026-7:2026"
    response = read(tmp_path, order("231", total="").replace("ApplicableHeaderTradeDelivery", "Other")).events[0]
    assert (response.kind, response.giver, response.amount, response.due, response.answers) == ("order_response", "birch.nl", None, None, None)
    assert read(tmp_path, order("", root="CrossIndustryOrderResponse")).events[0].kind == "order_response"
    for code in ("220", "231"):
        assert read(tmp_path, order(code).replace("IssueDateTime", "Other")).events == []
    changed = read(tmp_path, order("230"))
    assert (changed.events, changed.counted["OrderChange"], [one.severity for one in changed.problems]) == ([], 1, ["note"])


def test_an_envelope_is_opened_and_its_documents_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    envelope = f"<testSet>{document(number='1')}{document(number='2')}{document(number='3')}</testSet>"
    assert [event.id for event in read(tmp_path, envelope).events] == [f"invoice:birch.nl:{one}:2026" for one in (1, 2, 3)]
    monkeypatch.setattr(cross_industry, "MOST_DOCUMENTS", 2)
    reading = read(tmp_path, envelope)
    assert len(reading.events) == 2
    assert "more than 2 documents" in said(reading)[0]
    assert "holds no invoice" in said(read(tmp_path, "<testSet/>"))[0]


def test_a_wrong_declaration_and_enclosed_files_are_read_past(tmp_path: Path) -> None:
    odd = f'<?xml version="1.0" encoding="UTF-8-W/O-BOM"?>{document(seller=BIRCH.replace("Birch BV", "Bïrch"))}'
    assert read(tmp_path, odd).mentions[0].name == "Bïrch"
    enclosed = f"<ram:AdditionalReferencedDocument><ram:AttachmentBinaryObject>{'A' * 11_000_000}</ram:AttachmentBinaryObject></ram:AdditionalReferencedDocument>"
    assert len(read(tmp_path, document(agreed=enclosed)).events) == 1
    assert "DOCTYPE" in said(read(tmp_path, f"<!DOCTYPE a [<!ENTITY b 'c'>]>{document()}"))[0]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<>&\x00", exclude_categories=("Cc", "Cs")), max_size=30),
       st.sampled_from(["380", "381", "384", "389", "220", ""]), st.text(alphabet="0123456789.-+,eE", max_size=12), st.text(alphabet="0123456789-T:", max_size=14))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_values_give_an_event_or_a_problem(tmp_path: Path, number: str, code: str, total: str, issued: str) -> None:
    reading = read(tmp_path, document(number=number, code=code, total=f"<ram:DuePayableAmount>{total}</ram:DuePayableAmount>", issued=at(issued)))
    assert reading.events or reading.problems
    assert all(event.amount is None or event.amount >= 0 for event in reading.events)


def test_real_files_are_all_read(shared: Path | None) -> None:
    if shared is None:
        return
    events = 0
    for folder in ("cii", "ubl", "other_einvoice", "security"):
        for path in sorted((shared / "fixtures" / folder).iterdir()):
            claimed = cii.identify(Head.of(path))
            assert claimed or folder != "cii" or path.suffix == ".tsv", path.name
            assert not claimed or folder != "ubl", path.name
            if claimed:
                reading = cii.read(Source(path, path.name, datetime(2026, 11, 24, tzinfo=UTC)))
                assert reading.events or reading.problems, path.name
                events += len(reading.events) if folder == "cii" else 0
    assert events == 54
