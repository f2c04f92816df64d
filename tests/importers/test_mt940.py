"""MT940: the samples, the dialects of the banks, dates that no calendar has, and the same payment as in CAMT."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.importers.xml_papers import check_sample, read_bytes, said, samples

from evenwicht.importers import camt, mt940
from evenwicht.importers.bank.entries import account_of, day_of, entry_of
from evenwicht.importers.bank.fields import decoded, fields, healed
from evenwicht.importers.source import Exclusions, Head, Reading, Source

US = "NL93RABO0312445566"
ACME = "NL38ABNA0541223307"
ELM = "NL52INGB0006778899"


def booking(text: str = "", *, line: str = "2603020302C10,00NTRFNONREF", below: str = "") -> str:
    return f":61:{line}\n{below}" + (f":86:{text}\n" if text else "")


def statement(*bookings: str, account: str = US, opening: str = "C260301EUR0,00", closing: str = "C260309EUR1,00") -> str:
    return (f":20:1\n:25:{account}\n:28C:1\n" + (f":60F:{opening}\n" if opening else "") + "".join(bookings)
            + (f":62F:{closing}\n-\n" if closing else "-\n"))


def acme(more: str = "", **given: str) -> str:
    return booking(f"/ORDP//NAME/Acme N.V./IBAN/{ACME}/{more}", **given)


def read(folder: Path, *bookings: str, **given: str) -> Reading:
    return read_bytes(mt940, folder, statement(*bookings, **given), "x.sta")


def flows(reading: Reading) -> list[tuple[str, str, str, float | None]]:
    return [(event.kind, event.giver.removeprefix("iban:"), event.receiver.removeprefix("iban:"), event.amount) for event in reading.events]


@pytest.mark.parametrize("name", samples("mt940"))
def test_a_sample_gives_its_ledger(name: str) -> None:
    check_sample(mt940, name)


@pytest.mark.parametrize(("head", "claimed"), [
    (":20:X\n:25:1", True), ("\r\n:20:X", True), ("\ufeff:20:X", True), ("{1:F01ASNBNL21XXXX0000000000}{2:O940", True), ("ABNANL2A\n940\n:20:X", True),
    ("0000 01INGBNL2AXXXX00001\n940 00\n:20:MPBZ", True), (":61:110701CN50,00NZ10NONREF", True),
    (":99:X", False), ("Subject: x\n:20:X", False), ("a,b\n:20:X", False), ("1\n2\n3\n4\n5\n6\n7\n8\n9\n:20:X", False), ("", False), ("{1: 2}", False),
])
def test_tags_decide(tmp_path: Path, head: str, claimed: bool) -> None:
    path = tmp_path / "x"
    path.write_text(head, encoding="utf-8")
    assert mt940.identify(Head.of(path)) is claimed


@pytest.mark.parametrize(("mark", "flow"), [
    ("C", ("payment", ACME, US)), ("D", ("payment", US, ACME)), ("RC", ("reversal", ACME, US)), ("RD", ("reversal", US, ACME)), ("CR", ("payment", ACME, US)),
])
def test_who_pays_whom(tmp_path: Path, mark: str, flow: tuple[str, str, str]) -> None:
    reading = read(tmp_path, acme(line=f"2603020302{mark}10,00NTRFNONREF"))
    assert flows(reading) == [(*flow, 10.0)]


def test_a_return_is_a_reversal_that_answers_its_payment(tmp_path: Path) -> None:
    [event] = read(tmp_path, acme("EREF/E-1/RTRN/AC04/", line="2603020302C10,00NTRFEREF")).events
    assert (event.kind, event.id, event.answers, event.giver) == ("reversal", "E-1", "E-1", f"iban:{US}")


def test_the_same_payments_as_camt_have_the_same_rows(tmp_path: Path) -> None:
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{value}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt><NtryDtls><TxDtls>'
        f"<Refs><EndToEndId>{e2e}</EndToEndId></Refs><RltdPties><Dbtr><Nm>Acme N.V.</Nm></Dbtr><DbtrAcct><Id><IBAN>{ACME}</IBAN></Id></DbtrAcct>"
        f"</RltdPties><RmtInf><Ustrd>Factuur 2026-0113</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for value, e2e in (("10.50", "NOTPROVIDED"), ("10.5", ""), ("99", "E-7")))
    paper = (f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>{US}</IBAN></Id></Acct>'
             f"{entries}</Stmt></BkToCstmrStmt></Document>")
    other = read_bytes(camt, tmp_path, paper)
    mine = read(tmp_path, *(acme(f"{eref}REMI/Factuur 2026-0113/", line=f"2603020302C{value}NTRFNONREF")
                            for value, eref in (("10,50", "EREF/NOTPROVIDED/"), ("10,5", ""), ("99,", "EREF/E-7/"))))
    assert [(e.id, e.at, e.giver, e.receiver, e.amount, e.unit, e.references) for e in mine.events] == [
        (e.id, e.at, e.giver, e.receiver, e.amount, e.unit, e.references) for e in other.events]
    assert mine.events[1].id == "pay:" + hashlib.sha256(f"{US}|2026-03-02|10.5|EUR|2".encode()).hexdigest()[:24]
    assert mine.mentions == other.mentions
    assert [(c.party, c.start, c.end, c.sees, c.kinds) for c in mine.coverage] == [(c.party, c.start, c.end, c.sees, c.kinds) for c in other.coverage]


# ── dates and amounts ──


@pytest.mark.parametrize(("line", "at", "words"), [
    ("2602300230D1,00NTRFNONREF", "2026-02-28", "the last of that month"), ("260301    D1,00NTRF", "2026-03-01", "without a booking day"),
    ("260301D1,00NTRFNONREF", "2026-03-01", "without a booking day"), ("2601021231D1,00NTRF", "2025-12-31", ""), ("2512310102D1,00NTRF", "2026-01-02", ""),
    ("2602300301D1,00NTRF", "2026-03-01", ""), ("7101010101D1,00NTRF", "1971-01-01", ""), ("2402290229D1,00NTRF", "2024-02-29", ""),
])
def test_days(tmp_path: Path, line: str, at: str, words: str) -> None:
    reading = read(tmp_path, acme(line=line))
    assert [f"{event.at:%Y-%m-%d}" for event in reading.events] == [at]
    assert [words in one for one in said(reading)] == ([True] if words else [])
    assert all(problem.severity == "note" for problem in reading.problems)


@pytest.mark.parametrize(("line", "words"), [
    ("2613010101D1,00NTRF", "could not be read"), ("kapot", "could not be read"), ("2603020302D,NTRF", "could not be read"), ("", "could not be read"),
    ("9603020302D1,00NTRF", ""), ("6603020302D1,00NTRF", "cannot be"),
])
def test_one_bad_line_does_not_take_the_others(tmp_path: Path, line: str, words: str) -> None:
    reading = read(tmp_path, acme("EREF/A/"), acme(line=line), acme("EREF/B/"))
    assert {"A", "B"} <= {event.id for event in reading.events}
    assert [words in one for one in said(reading)] == ([True] if words else [])
    if words:
        assert reading.problems[0].place == "7"


@pytest.mark.parametrize("opening", ["C260230EUR0,00", "C261399EUR0,00", "kapot", "", "CEUR"])
def test_a_bad_opening_balance_loses_nothing_else(tmp_path: Path, opening: str) -> None:
    reading = read(tmp_path, acme(), opening=opening, closing="C260309EUR1,00")
    assert [(event.amount, event.unit) for event in reading.events] == [(10.0, "EUR")]
    assert reading.problems == []
    empty = read(tmp_path, opening=opening)
    assert len(empty.coverage) == 1
    assert len(empty.problems) == (opening == "C260230EUR0,00")


@pytest.mark.parametrize(("written", "value"), [("1000,", 1000.0), (",50", 0.5), ("12,3", 12.3), ("500", 500.0), ("7.25", 7.25), ("000000000025,00", 25.0)])
def test_amounts(tmp_path: Path, written: str, value: float) -> None:
    assert [event.amount for event in read(tmp_path, acme(line=f"2603020302C{written}NTRFNONREF")).events] == [value]
    assert read(tmp_path, acme(line="2603020302C0,00NTRF")).counted["without amount"] == 1


def test_what_is_expected_has_not_happened(tmp_path: Path) -> None:
    reading = read(tmp_path, acme(line="2603020302EC5,00NTRF"), acme(line="2603020302ED5,00NTRF"))
    assert (reading.events, reading.counted["pending"]) == ([], 2)


# ── dialects ──


@pytest.mark.parametrize(("text", "other", "name", "identity"), [
    (f"/EREF/E-1/BENM//NAME/Firma met een heel lange naam die door het midde\nn breekt/REMI/x/IBAN/{ACME}", ACME, "Firma met een heel lange naam die door het midden breekt", "E-1"),
    (f"/BENM//NAME/Korte\nregel/IBAN/{ACME}/", ACME, "Korte regel", ""),
    (f"/CNTP/{ACME}/ABNANL2A/Acme N.V./UTRECHT//REMI/USTD//woorden/", ACME, "Acme N.V.", ""),
    (f"/CNTP/{ACME}//", ACME, "", ""), ("/CNTP/", "", "", ""),
    (f"/TRTP/SEPA OVERBOEKING/IBAN/{ACME}/BIC/ABNANL2A/NAME/Acme/EREF/E-2", ACME, "Acme", "E-2"),
    (f"SEPA INCASSO ALGEMEEN  INCASSANT: NL20ZZZ30\nNAAM: Acme NV   MACHTIGING: M1\nIBAN: {ACME}  KENMERK: K-9 OMSCHRIJVING: nota 8", ACME, "Acme NV", "K-9"),
    (f"iets REK: {ACME}/NAAM: ACME", ACME, "ACME", ""),
    (f"{ACME} acme nv\n\nBetaling", ACME, "acme nv", ""), (f"{ACME}\n\nBetaling", ACME, "", ""),
    (f"166?20EREF+E-3?22KREF+x?31{ACME}?32Eine sehr lange Bezeichnun?33g GmbH", ACME, "Eine sehr lange Bezeichnun g GmbH", "E-3"),
    (f"166?20SVWZ+Text?21IBAN+{ACME}", ACME, "", ""), (f"166?20zahlung EREF+E-4?38{ACME}?32Acme", ACME, "Acme", "E-4"),
    (f"000>100390>20HUUR>31{ACME}>32Acme", ACME, "Acme", ""),
    ("/PT/FT/PY/SOMETHING ELSE", "", "", ""), ("Kosten 12", "", "", ""), ("166?00GUTSCHRIFT?20SVWZ+Test", "", "", ""),
    ("/EREF/een kenmerk dat langer is dan 35 tekens/NAME/Acme/", "name:acme", "Acme", ""),
])
def test_who_the_other_side_is(tmp_path: Path, text: str, other: str, name: str, identity: str) -> None:
    reading = read(tmp_path, booking(text))
    if not other:
        assert reading.events == []
        assert reading.counted["without counterparty"] == 1
        return
    [event] = reading.events
    assert event.giver == (other if ":" in other else f"iban:{other}")
    assert reading.mentions[-1].name == name
    assert (event.id == identity) if identity else event.id.startswith("pay:")


@pytest.mark.parametrize(("line", "below", "giver", "references"), [
    ("2603020302C5,00N102EREF", f"{ACME}\n", f"iban:{ACME}", ()), (f"2603020302C5,00NOVB{ACME}", "acme nv\n", f"iban:{ACME}", ()),
    (f"2603020302C5,00NOVB{ACME}", "", f"iban:{ACME}", ()), ("2603020302C5,00N0440121470966      W.P. Jansen", "", "name:wp-jansen", ()),
    ("2603020302C5,00N044NONREF          Tomte", "", "name:tomte", ()), (f"2603020302C5,00NTRFFACT-77//B1\n{ACME}", "", f"iban:{ACME}", ("FACT-77",)),
])
def test_what_the_booked_line_adds(tmp_path: Path, line: str, below: str, giver: str, references: tuple[str, ...]) -> None:
    [event] = read(tmp_path, booking("iets", line=line, below=below)).events
    assert event.giver == giver
    assert event.references == (f"account:{US}", *references)


def test_notes_beside_a_booking(tmp_path: Path) -> None:
    text = f":20:1\n:25:{US}\n:NS:22Birch B.V.\n23Rekening\n:60F:C260301HUF1,00\n:61:2603020302D5,00NTRF\n:NS:01nota 778\n15ERGO Versicherung\n16s AG\n:62F:C260302HUF1,00\n"
    reading = read_bytes(mt940, tmp_path, text)
    assert reading.events[0].receiver == "name:ergo-versicherungs-ag"
    assert reading.events[0].references == (f"account:{US}", "778")
    assert reading.mentions[0].name == "Birch B.V."
    assert read_bytes(mt940, tmp_path, text.replace("22Birch B.V.", "223037010000")).mentions[0].name == ""


def test_the_other_side_is_never_us(tmp_path: Path) -> None:
    reading = read(tmp_path, booking(f"/IBAN/{US}/NAME/Wij/"))
    assert (reading.events, reading.counted["without counterparty"]) == ([], 1)
    owned = statement(booking("/NAME/Birch B.V./"), account="123").replace(":60F", ":NS:22Birch B.V.\n:60F")
    assert read_bytes(mt940, tmp_path, owned).counted["without counterparty"] == 1


def test_who_is_excluded_leaves_no_trace(tmp_path: Path) -> None:
    reading = read_bytes(mt940, tmp_path, statement(acme()), exclude=Exclusions(parties=frozenset({f"iban:{ACME}"})))
    assert (reading.events, len(reading.mentions), reading.counted["excluded"]) == ([], 1, 1)


# ── files ──


@pytest.mark.parametrize(("written", "account", "unit"), [
    ("NL93RABO0312445566 EUR", US, "EUR"), ("NL93RABO0312445566EUR", US, "EUR"), ("nl93 rabo 0312 4455 66", US, ""), ("RABONL2U/NL93RABO0312445566", US, ""),
    ("1291.99.348EUR", "1291.99.348", "EUR"), ("51210600/9223382012EUR", "51210600/9223382012", "EUR"), ("", "", ""),
])
def test_account_numbers(written: str, account: str, unit: str) -> None:
    assert account_of(written) == (account, unit)


def test_an_account_without_iban_is_ours_and_said_once(tmp_path: Path) -> None:
    reading = read_bytes(mt940, tmp_path, statement(acme(), account="123") * 2)
    assert [event.receiver for event in reading.events] == ["@us", "@us"]
    assert len(reading.problems) == 1
    assert "neither an IBAN" in said(reading)[0]
    assert reading.coverage[0].party == "@us"
    assert "of which account" in said(read_bytes(mt940, tmp_path, acme()))[0]


def test_statements_are_told_apart_without_their_tags(tmp_path: Path) -> None:
    by_account = f":20:1\n:25:{US}\n:60F:C260301EUR1,00\n{acme()}:62F:C260302EUR1,00\n:25:{ELM}\n:60F:C260301EUR1,00\n{acme()}:62F:C260302EUR1,00\n"
    assert [event.receiver for event in read_bytes(mt940, tmp_path, by_account).events] == [f"iban:{US}", f"iban:{ELM}"]
    by_balance = by_account.replace(f":25:{ELM}\n", "")
    assert len(read_bytes(mt940, tmp_path, by_balance).coverage) == 2


def test_the_currency_of_an_interim_report(tmp_path: Path) -> None:
    report = f":20:1\n:25:{US}\n:28C:1\n:34F:SEK0,\n:13D:2603021200+0100\n{acme()}:90C:1SEK10,00\n-"
    assert read_bytes(mt940, tmp_path, report).events[0].unit == "SEK"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-8-sig", "utf-16"])
def test_encodings_and_line_breaks(tmp_path: Path, encoding: str) -> None:
    text = statement(booking(f"/IBAN/{ACME}/NAME/Müller & Söhne/")).replace("\n", "\r\n")
    assert read_bytes(mt940, tmp_path, text.encode(encoding)).mentions[-1].name == "Müller & Söhne"


def test_tags_that_are_none_and_tags_that_are_broken() -> None:
    text = ":20:1\n:86:/PL 12-09-2014T16\n:26:37 en om 15\n:20:07 nog eens\n-\n"
    assert [one.tag for one in fields(text)] == ["20", "86", ""]
    assert [one.tag for one in fields(healed("{1:F01}{4::20:1\n:61:x\n:\n86:166\n-}"))] == ["", "20", "61", "86", ""]
    assert [one.line for one in fields(":20:1\n\n:25:2\n:86:a\nb\n:62F:x")] == [1, 3, 4, 6]


def test_nothing_and_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "holds no statement" in said(read_bytes(mt940, tmp_path, ":20:1\n"))[0]
    monkeypatch.setattr(mt940, "LARGEST", 3)
    assert "read up to" in said(read_bytes(mt940, tmp_path, ":20:1\n"))[0]


def test_progress_adds_up_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.sta"
    path.write_text(statement(acme()) * 3, encoding="utf-8")
    seen: list[int] = []
    mt940.read(Source(path, "x", datetime(2026, 6, 1, tzinfo=UTC), advance=seen.append))
    assert sum(seen) == path.stat().st_size
    assert all(one >= 0 for one in seen)


@given(st.integers(100_000, 999_999), st.text(alphabet="0123456789 ", max_size=4), st.text(max_size=12))
@settings(max_examples=200, deadline=None)
def test_any_line_is_read_or_refused(day: int, booked: str, rest: str) -> None:
    entry = entry_of(f"{day}{booked}C{rest}")
    assert entry is None or (entry.amount >= 0 and (entry.booked or entry.value) is not None)
    found = day_of(str(day))
    assert found is None or 1 <= found.at.day <= 31


@given(st.lists(st.sampled_from([":20:x", ":25:NL93RABO0312445566", ":60F:C260301EUR1,00", ":61:2603020302C5,00NTRFNONREF", ":61:", ":86:", "-", ":NS:15A", "",
                                 f":86:/CNTP/{ACME}/", ":86:166?20EREF+1?32A?33B", ":62F:C260301EUR1,00", ":86:>20>31", "tekst", "\x00"]), max_size=25))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_fields_is_read(tmp_path: Path, lines: list[str]) -> None:
    reading = read_bytes(mt940, tmp_path, "\n".join(lines))
    assert reading.events or reading.problems or reading.coverage or reading.counted
    assert all(event.giver != event.receiver and event.kind in {"payment", "reversal"} for event in reading.events)


def test_real_files_are_read_without_an_exception(shared: Path | None) -> None:
    if shared is None:
        return
    counted = 0
    for folder in ("mt940", "security", "bank_other"):
        for path in sorted((shared / "fixtures" / folder).iterdir()):
            if mt940.identify(Head.of(path)):
                assert folder != "bank_other", path.name
                reading = mt940.read(Source(path, path.name, datetime(2026, 11, 24, tzinfo=UTC)))
                assert reading.events or reading.problems or reading.coverage, path.name
                counted += len(reading.events)
    assert counted >= 43


def test_a_number_at_the_end_of_a_line_is_no_time_of_day() -> None:
    """`NR. 14` before `:61:` looked like the hour of a time that was broken over two lines."""
    text = ":20:1\n:25:1\n:61:260302D1,NSTON\n:86:999STANDING ORDER NR. 14\n:61:260302C2,NCLRN\n:86:printed 02-03-2026 15\n:20:07 and sent"
    assert [(one.tag, one.line) for one in fields(text)] == [("20", 1), ("25", 2), ("61", 3), ("86", 4), ("61", 5), ("86", 6)]


# Of each shared file: how many bookings the mt-940 library (5.1.1) found, and what they add up to without signs. Counted once by
# that library alone; its own regular expression refuses one more file that has a name with a line of its own.
COUNTED_BY_THE_LIBRARY = {
    "mt940__171011_01234945.sta": (3, "9437.00"),
    "mt940__citi__mt940.txt": (5, "1142.75"),
    "mt940__details_60-63.sta": (1, "233.15"),
    "mt940__empty_entry_date.sta": (1, "50.00"),
    "mt940__february_30.sta": (1, "6.00"),
    "mt940__generic.sta": (2, "20.00"),
    "mt940__gv_codes.sta": (2, "257.45"),
    "mt940__ing.sta": (7, "54.95"),
    "mt940__knab.sta": (3, "8260.00"),
    "mt940__mt940.sta": (16, "132546.18"),
    "mt940__mt940.txt": (8, "5600.86"),
    "mt940__mt940_with_spaces_for_entry_date.txt": (8, "5600.86"),
    "mt940__mt942.sta": (3, "0.03"),
    "mt940__rabobank-iban.sta": (4, "70.00"),
    "mt940__rabobank.sta": (5, "1589.09"),
    "mt940__raphaelm.sta": (9, "195000.00"),
    "mt940__sepa_snippet.sta": (11, "5004814.83"),
    "mt940__sparkassen.sta": (1, "30.00"),
    "mt940__transaction_details_wrapped.sta": (1, "6.00"),
    "mt940__triodos.sta": (2, "715.70"),
    "mt940__whitespace.sta": (1, "233.15"),
    "mt940__with_binary_character.sta": (4, "207497.35"),
    "mt940__with_newline_in_tnr.sta": (2, "89.00"),
    "mt940__wrapped_timestamp.sta": (1, "6.00"),
}


def test_bookings_are_those_the_library_counted(shared: Path | None) -> None:
    if shared is None:
        return
    for name, (count, total) in COUNTED_BY_THE_LIBRARY.items():
        text = healed(decoded((shared / "fixtures" / "mt940" / name).read_bytes()))
        found = [entry for one in fields(text) if one.tag == "61" and (entry := entry_of(one.text)) is not None]
        assert (len(found), f"{sum(entry.amount for entry in found):.2f}") == (count, total), name
