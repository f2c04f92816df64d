"""CAMT: the samples, the direction of money, what makes a payment one and the same, and what a statement covers."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.importers.xml_papers import check_sample, read_bytes, said, samples

from evenwicht.importers import camt
from evenwicht.importers.source import Exclusions, Head, Reading, Source

US = "NL93RABO0312445566"
ACME = "NL38ABNA0541223307"
ELM = "NL52INGB0006778899"


def detail(
    *, debtor: str = "", creditor: str = "", e2e: str = "", text: str = "", more: str = "", amount: str = "", way: str = "",
) -> str:
    def side(role: str, iban: str) -> str:
        return f"<{role}><Nm>Firma {iban[-4:]}</Nm></{role}><{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct>" if iban else ""

    return (
        f"<TxDtls><Refs><EndToEndId>{e2e}</EndToEndId></Refs>"
        f"{f'<Amt Ccy={chr(34)}EUR{chr(34)}>{amount}</Amt>' if amount else ''}{f'<CdtDbtInd>{way}</CdtDbtInd>' if way else ''}"
        f"<RltdPties>{side('Dbtr', debtor)}{side('Cdtr', creditor)}</RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf>{more}</TxDtls>"
    )


def entry(
    details: str = "", *, way: str = "CRDT", amount: str = "10.00", day: str = "2026-03-02", status: str = "<Sts>BOOK</Sts>", more: str = "",
) -> str:
    booked = f"<BookgDt><Dt>{day}</Dt></BookgDt>" if day else ""
    return (f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{more}{status}{booked}'
            f"<NtryDtls>{details}</NtryDtls></Ntry>")


def statement(
    *entries: str, account: str = f"<Acct><Id><IBAN>{US}</IBAN></Id><Ownr><Nm>Birch B.V.</Nm></Ownr></Acct>", before: str = "",
    kind: str = "Stmt", namespace: str = "camt.053.001.02",
) -> str:
    return (f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{namespace}"><BkToCstmrStmt>'
            f"<{kind}><Id>1</Id>{before}{account}{''.join(entries)}</{kind}></BkToCstmrStmt></Document>")


def flows(reading: Reading) -> list[tuple[str, str, str, float | None]]:
    return [(event.kind, event.giver.removeprefix("iban:"), event.receiver.removeprefix("iban:"), event.amount) for event in reading.events]


@pytest.mark.parametrize("name", samples("camt"))
def test_a_sample_gives_its_ledger(name: str) -> None:
    check_sample(camt, name)


@pytest.mark.parametrize(("head", "claimed"), [
    (statement(), True), (statement(namespace="camt.052.001.08"), True), (statement(namespace="camt.054.001.04"), True),
    ('<Document xmlns="urn:x"><BkToCstmrStmt/></Document>', True), ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"/>', False),
    ("camt.053.001.02", False), ("<Invoice/>", False),
])
def test_the_message_decides(tmp_path: Path, head: str, claimed: bool) -> None:
    path = tmp_path / "x"
    path.write_text(head)
    assert camt.identify(Head.of(path)) is claimed


# ── direction ──


@pytest.mark.parametrize(("way", "reversal", "returned", "roles", "flow"), [
    ("CRDT", "", "", {"debtor": ACME, "creditor": US}, ("payment", ACME, US)),
    ("DBIT", "", "", {"debtor": US, "creditor": ACME}, ("payment", US, ACME)),
    ("DBIT", "true", "", {"debtor": ACME, "creditor": US}, ("reversal", ACME, US)),
    ("DBIT", "1", "", {"creditor": ACME}, ("reversal", ACME, US)),
    ("CRDT", "true", "", {"debtor": ACME}, ("reversal", US, ACME)),
    ("CRDT", "false", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>", {"creditor": ACME}, ("reversal", US, ACME)),
])
def test_who_pays_whom(tmp_path: Path, way: str, reversal: str, returned: str, roles: dict[str, str], flow: tuple[str, str, str]) -> None:
    sign = f"<RvslInd>{reversal}</RvslInd>" if reversal else ""
    reading = read_bytes(camt, tmp_path, statement(entry(detail(e2e="E-1", more=returned, **roles), way=way, more=sign)))
    assert flows(reading) == [(*flow, 10.0)]
    assert reading.events[0].id == "E-1"
    assert reading.events[0].answers == ("E-1" if flow[0] == "reversal" else None)


def test_a_negative_amount_turns_the_direction(tmp_path: Path) -> None:
    assert flows(read_bytes(camt, tmp_path, statement(entry(detail(debtor=ACME), amount="-10")))) == [("payment", US, ACME, 10.0)]


def test_the_other_side_by_name_alone_and_the_ultimate_one(tmp_path: Path) -> None:
    named = "<TxDtls><RltdPties><Dbtr><Nm>Acme NV</Nm></Dbtr></RltdPties></TxDtls>"
    ultimate = "<TxDtls><RltdPties><UltmtDbtr><Nm>Acme NV</Nm></UltmtDbtr></RltdPties></TxDtls>"
    domestic = "<TxDtls><RltdPties><Dbtr><Nm>Acme NV</Nm></Dbtr><DbtrAcct><Id><Othr><Id>1234567</Id></Othr></Id></DbtrAcct></RltdPties></TxDtls>"
    for one in (named, ultimate, domestic):
        assert flows(read_bytes(camt, tmp_path, statement(entry(one)))) == [("payment", "name:acme-nv", US, 10.0)]


def test_what_has_no_other_side_is_counted(tmp_path: Path) -> None:
    us_only = "<TxDtls><RltdPties><Dbtr><Nm>BIRCH BV</Nm></Dbtr></RltdPties></TxDtls>"
    reading = read_bytes(camt, tmp_path, statement(entry(), entry("<TxDtls/>"), entry(us_only), entry(detail(debtor=US))))
    assert reading.events == []
    assert reading.problems == []
    assert reading.counted["without counterparty"] == 4


def test_a_batch_without_details_hides_who_paid(tmp_path: Path) -> None:
    reading = read_bytes(camt, tmp_path, statement(entry("<Btch/>"), entry("<Btch><NbOfTxs>7</NbOfTxs></Btch>")))
    assert [words.split(" is booked")[0] for words in said(reading)] == ["A batch of payments", "A batch of 7 payments"]
    assert reading.events == []


def test_only_what_is_booked_counts(tmp_path: Path) -> None:
    one = detail(debtor=ACME)
    reading = read_bytes(camt, tmp_path, statement(
        entry(one, status="<Sts>PDNG</Sts>"), entry(one, status="<Sts><Cd>PDNG</Cd></Sts>"), entry(one, status="<Sts>INFO</Sts>"),
        entry(one, status=""), entry(one, status="<Sts><Cd>BOOK</Cd></Sts>"), entry(one, amount="0.00"),
    ))
    assert len(reading.events) == 2
    assert (reading.counted["pending"], reading.counted["status INFO"], reading.counted["without amount"]) == (2, 1, 1)


@pytest.mark.parametrize(("broken", "words"), [
    (entry(detail(debtor=ACME), way="XXXX"), "came in or went out"), (entry(detail(debtor=ACME), amount="NaN"), "no readable amount"),
    (entry(detail(debtor=ACME), day="2026-13-01"), "has no day"), (entry(detail(debtor=ACME), day="2096-01-01"), "cannot be"),
    ("<Ntry><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry>", "no readable amount"),
])
def test_one_bad_line_does_not_take_the_others(tmp_path: Path, broken: str, words: str) -> None:
    good = entry(detail(debtor=ACME, e2e="GOED"))
    reading = read_bytes(camt, tmp_path, statement(good, broken, good.replace("GOED", "OOK")))
    assert [event.id for event in reading.events] == ["GOED", "OOK"]
    assert [problem.place for problem in reading.problems] == ["Stmt[1]/Ntry[2]"]
    assert words in said(reading)[0]


# ── identity ──


@pytest.mark.parametrize("e2e", ["", "NOTPROVIDED", "not provided", "NotProvided"])
def test_without_a_reference_the_line_makes_the_id(tmp_path: Path, e2e: str) -> None:
    lines = [entry(detail(debtor=ACME, e2e=e2e), amount="10.50"), entry(detail(debtor=ACME, e2e=e2e), amount="10.5"),
             entry(detail(debtor=ELM, e2e=e2e), amount="10.50", day="2026-03-03")]
    reading = read_bytes(camt, tmp_path, statement(*lines))
    wanted = [f"{US}|2026-03-02|10.5|EUR|1", f"{US}|2026-03-02|10.5|EUR|2", f"{US}|2026-03-03|10.5|EUR|1"]
    assert [event.id for event in reading.events] == ["pay:" + hashlib.sha256(one.encode()).hexdigest()[:24] for one in wanted]


def test_a_reference_used_for_many_payments_is_no_identity(tmp_path: Path) -> None:
    lines = [entry(detail(debtor=ACME, e2e="HUUR"), day=f"2026-0{month}-01") for month in (1, 2, 3)]
    reading = read_bytes(camt, tmp_path, statement(*lines, entry(detail(debtor=ELM, e2e="HUUR"))))
    assert len({(event.id, event.giver) for event in reading.events}) == 4
    assert [event.id for event in reading.events if event.giver.endswith(ELM)] == ["HUUR"]
    assert [problem.severity for problem in reading.problems] == ["note"]
    assert "HUUR" in said(reading)[0]


def test_a_line_that_stands_in_two_statements_is_one_payment(tmp_path: Path) -> None:
    one = statement(entry(detail(debtor=ACME, e2e="E-1")))
    body = re.search("<Stmt>.*</Stmt>", one)
    assert body is not None
    reading = read_bytes(camt, tmp_path, one.replace(body[0], body[0] * 2))
    assert [event.id for event in reading.events] == ["E-1", "E-1"]
    assert len(reading.mentions) == 2
    assert reading.problems == []


# ── details ──


def test_each_detail_is_a_payment_of_its_own(tmp_path: Path) -> None:
    two = detail(debtor=ACME, e2e="A", amount="7") + detail(debtor=ELM, e2e="B", amount="3", way="CRDT")
    reading = read_bytes(camt, tmp_path, statement(entry(two)))
    assert flows(reading) == [("payment", ACME, US, 7.0), ("payment", ELM, US, 3.0)]
    assert reading.problems == []
    assert reading.events[1].evidence == ("paper.xml#Stmt[1]/Ntry[1]/TxDtls[2]",)


def test_equal_references_within_one_entry_are_told_apart(tmp_path: Path) -> None:
    two = detail(debtor=ACME, e2e="A", amount="5") * 2
    assert [event.id for event in read_bytes(camt, tmp_path, statement(entry(two))).events] == ["A", "A#2"]


def test_details_that_do_not_add_up_are_named(tmp_path: Path) -> None:
    two = detail(debtor=ACME, amount="7") + detail(debtor=ELM, amount="2")
    assert "add up to 9 EUR, but 10.00 EUR was booked" in said(read_bytes(camt, tmp_path, statement(entry(two))))[0]
    bad = detail(debtor=ACME, amount="7") + detail(debtor=ELM, amount="x")
    reading = read_bytes(camt, tmp_path, statement(entry(bad)))
    assert len(reading.events) == 1
    assert reading.problems[0].place == "Stmt[1]/Ntry[1]/TxDtls[2]"


@pytest.mark.parametrize(("roles", "flow"), [
    ({"debtor": US, "creditor": ACME}, (US, ACME)), ({"debtor": ACME, "creditor": US}, (ACME, US)), ({"debtor": ACME}, (ACME, US)),
])
def test_a_detail_that_contradicts_its_entry_is_settled_by_our_account(tmp_path: Path, roles: dict[str, str], flow: tuple[str, str]) -> None:
    two = detail(amount="5", way="CRDT", **roles) + detail(creditor=ELM, amount="5", way="DBIT")
    reading = read_bytes(camt, tmp_path, statement(entry(two, way="DBIT")))
    assert flows(reading)[0][1:3] == flow


def test_a_total_is_not_shared_out(tmp_path: Path) -> None:
    reading = read_bytes(camt, tmp_path, statement(entry(detail(debtor=ACME) + detail(debtor=ELM))))
    assert reading.events == []
    assert "2 payments of different parties" in said(reading)[0]
    reading = read_bytes(camt, tmp_path, statement(entry(detail(debtor=ACME) * 2)))
    assert flows(reading) == [("payment", ACME, US, 10.0)]


def test_amounts_of_details_in_older_versions(tmp_path: Path) -> None:
    old = detail(debtor=ACME, more='<AmtDtls><InstdAmt><Amt Ccy="USD">8</Amt></InstdAmt></AmtDtls>')
    newer = detail(debtor=ELM, more='<AmtDtls><InstdAmt><Amt Ccy="USD">8</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">3</Amt></TxAmt></AmtDtls>')
    reading = read_bytes(camt, tmp_path, statement(entry(old + newer)))
    assert [(event.amount, event.unit) for event in reading.events] == [(8.0, "USD"), (3.0, "EUR")]


def test_version_1_has_details_without_a_wrapper(tmp_path: Path) -> None:
    paper = statement(entry(detail(debtor=ACME)), namespace="camt.053.001.01").replace("<NtryDtls>", "").replace("</NtryDtls>", "")
    assert flows(read_bytes(camt, tmp_path, paper)) == [("payment", ACME, US, 10.0)]


def test_a_booking_without_a_currency_has_that_of_its_account(tmp_path: Path) -> None:
    account = f"<Acct><Id><IBAN>{US}</IBAN></Id><Ccy>CHF</Ccy></Acct>"
    bare = entry(detail(debtor=ACME)).replace(' Ccy="EUR"', "")
    assert read_bytes(camt, tmp_path, statement(bare, account=account)).events[0].unit == "CHF"
    assert read_bytes(camt, tmp_path, statement(bare)).events[0].unit == ""


# ── references ──


def test_references_name_invoices_and_never_words(tmp_path: Path) -> None:
    structured = ("<RmtInf><Strd><RfrdDocInf><Nb>2026-0113</Nb></RfrdDocInf><CdtrRefInf><Ref>RF18 5390 0754 7034</Ref></CdtrRefInf>"
                  "<AddtlRmtInf>klant 77123</AddtlRmtInf></Strd></RmtInf>")
    one = detail(debtor=ACME, e2e="acme/1", text="Factuur F88-12 van Jan", more=structured)
    [event] = read_bytes(camt, tmp_path, statement(entry(one))).events
    assert event.references == (f"account:{US}", "ACME/1", "RF18539007547034", "2026-0113", "77123", "F88-12", "F8812", "F88")
    fallback = "<TxDtls><RltdPties><Dbtr><Nm>Acme</Nm></Dbtr></RltdPties><AddtlTxInf>nota 5566</AddtlTxInf></TxDtls>"
    assert read_bytes(camt, tmp_path, statement(entry(fallback))).events[0].references[1:] == ("5566",)
    last = entry("<TxDtls><RltdPties><Dbtr><Nm>Acme</Nm></Dbtr></RltdPties></TxDtls>").replace("</Ntry>", "<AddtlNtryInf>nota 7788</AddtlNtryInf></Ntry>")
    assert read_bytes(camt, tmp_path, statement(last)).events[0].references[1:] == ("7788",)


# ── whose account, and what it covers ──


@pytest.mark.parametrize(("account", "us", "identifiers", "name", "problems"), [
    (f"<Acct><Id><IBAN>{US}</IBAN></Id><Nm>Betaalrekening</Nm></Acct>", f"iban:{US}", (f"iban:{US}",), "Betaalrekening", 0),
    (f"<Acct><Id><Othr><Id>{US}</Id></Othr></Id></Acct>", f"iban:{US}", (f"iban:{US}",), "", 0),
    ("<Acct><Id><Othr><Id>123</Id></Othr></Id><Ownr><Pty><Nm>Birch</Nm></Pty></Ownr></Acct>", "name:birch", ("name:birch",), "Birch", 0),
    ("<Acct><Id><Othr><Id>123</Id></Othr></Id></Acct>", "@us", None, "", 1), ("", "@us", None, "", 1),
])
def test_whose_account_it_is(
    tmp_path: Path, account: str, us: str, identifiers: tuple[str, ...] | None, name: str, problems: int,
) -> None:
    reading = read_bytes(camt, tmp_path, statement(entry(detail(debtor=ACME)), account=account))
    assert reading.events[0].receiver == us
    own = [mention for mention in reading.mentions if mention.own]
    assert [(mention.identifiers, mention.name) for mention in own] == ([(identifiers, name)] if identifiers else [])
    assert len(reading.problems) == problems
    assert reading.coverage[0].party == us


def period(first: str, last: str) -> str:
    return f"<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>"


@pytest.mark.parametrize(("before", "days", "covered"), [
    (period("2026-03-01", "2026-03-31"), ["2026-03-02"], ("2026-03-01", "2026-03-31")),
    (period("2026-03-31", "2026-03-01"), ["2026-03-02"], ("2026-03-02", "2026-03-02")),
    (period("2007-10-18", "2007-10-18"), ["2026-03-02", "2026-03-09"], ("2026-03-02", "2026-03-09")),
    ("", ["2026-03-09", "2026-03-02"], ("2026-03-02", "2026-03-09")),
    ("<Bal><Dt><Dt>2026-03-01</Dt></Dt></Bal><Bal><Dt><DtTm>2026-03-08T01:00:00</DtTm></Dt></Bal>", [], ("2026-03-01", "2026-03-08")),
    ("<FrToDt><FrDt>2026-03-01</FrDt><ToDt>2026-03-05</ToDt></FrToDt>", [], ("2026-03-01", "2026-03-05")),
    ("", [], None),
])
def test_what_a_statement_covers(tmp_path: Path, before: str, days: list[str], covered: tuple[str, str] | None) -> None:
    entries = [entry(detail(debtor=ACME, e2e=f"E{day}"), day=day) for day in days]
    coverage = read_bytes(camt, tmp_path, statement(*entries, before=before)).coverage
    assert [(f"{one.start:%Y-%m-%d}", f"{one.end:%Y-%m-%d}") for one in coverage] == ([covered] if covered else [])
    for one in coverage:
        assert (one.sees, one.kinds) == ("both", ("payment", "reversal"))


def test_a_notification_covers_nothing(tmp_path: Path) -> None:
    reading = read_bytes(camt, tmp_path, statement(entry(detail(debtor=ACME)), kind="Ntfctn"))
    assert len(reading.events) == 1
    assert reading.coverage == []


def test_a_file_without_a_statement_says_so(tmp_path: Path) -> None:
    assert said(read_bytes(camt, tmp_path, statement().replace("Stmt>", "Leeg>"))) == ["The file holds no statement of any account."]


def test_a_file_that_is_cut_off_keeps_its_lines_but_covers_nothing(tmp_path: Path) -> None:
    whole = statement(entry(detail(debtor=ACME, e2e="A")), entry(detail(debtor=ACME, e2e="B")))
    reading = read_bytes(camt, tmp_path, whole[:whole.rindex("<Ntry>") + 30])
    assert [event.id for event in reading.events] == ["A"]
    assert reading.events[0].receiver == f"iban:{US}"
    assert reading.coverage == []
    assert len(reading.problems) == 1


def test_what_is_excluded_leaves_no_trace(tmp_path: Path) -> None:
    reading = read_bytes(camt, tmp_path, statement(entry(detail(debtor=ACME))), exclude=Exclusions(parties=frozenset({f"iban:{ACME}"})))
    assert reading.events == []
    assert [mention.own for mention in reading.mentions] == [True]
    assert reading.counted["excluded"] == 1


# ── laws ──

MOVES = st.lists(st.tuples(
    st.sampled_from([ACME, ELM]), st.decimals("0.01", "99999", places=2), st.integers(1, 28), st.booleans(), st.sampled_from(["", "NOTPROVIDED", "X-{}"]),
), max_size=12)


def moves(rows: list[tuple[str, object, int, bool, str]], *, turned: bool) -> str:
    lines = []
    for number, (other, amount, day, incoming, e2e) in enumerate(rows):
        comes = incoming is not turned
        roles = {"debtor" if comes else "creditor": other}
        lines.append(entry(detail(e2e=e2e.format(number), **roles), way="CRDT" if comes else "DBIT", amount=f"{amount:f}", day=f"2026-03-{day:02}"))
    return statement(*lines)


@given(MOVES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_turning_every_line_round_turns_every_payment_round(tmp_path: Path, rows: list[tuple[str, object, int, bool, str]]) -> None:
    there = read_bytes(camt, tmp_path, moves(rows, turned=False)).events
    back = read_bytes(camt, tmp_path, moves(rows, turned=True)).events
    assert [(event.id, event.giver, event.receiver, event.amount, event.at) for event in there] == [
        (event.id, event.receiver, event.giver, event.amount, event.at) for event in back]


@given(MOVES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_two_lines_become_one_row(tmp_path: Path, rows: list[tuple[str, object, int, bool, str]]) -> None:
    events = read_bytes(camt, tmp_path, moves(rows, turned=False)).events
    assert len({(event.id, event.kind, event.giver, event.receiver) for event in events}) == len(rows)
    assert sum(event.amount or 0 for event in events) == pytest.approx(sum(float(row[1]) for row in rows))


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_never_raises(tmp_path: Path, data: st.DataObject) -> None:
    paper = bytearray(statement(entry(detail(debtor=ACME, e2e="A", text="nota 12345"))).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(paper) - 1))
        paper[place:place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    reading = read_bytes(camt, tmp_path, bytes(paper))
    assert reading.events or reading.problems or reading.counted


def test_real_files_are_read_without_an_exception(shared: Path | None) -> None:
    if shared is None:
        return
    events = 0
    for folder in ("camt", "security", "bank_other"):
        for path in sorted((shared / "fixtures" / folder).iterdir()):
            if camt.identify(Head.of(path)):
                reading = camt.read(Source(path, path.name, datetime(2026, 11, 24, tzinfo=UTC)))
                assert reading.events or reading.problems or reading.coverage, path.name
                assert all(event.giver != event.receiver for event in reading.events)
                events += len(reading.events)
    assert events >= 21
