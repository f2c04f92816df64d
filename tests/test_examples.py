"""The example files: made again they are the same, they are sound in their own formats, and they show what they are for.

What they *mean* is checked against the plan they were made from, not against the importers.
"""

from __future__ import annotations

import csv
import email
import mailbox
import re
import sys
import tomllib
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent.parent / "examples"
BERK = HERE / "berk"


@pytest.fixture(scope="module")
def making() -> Any:
    """The modules that make the files."""
    sys.path.insert(0, str(HERE))
    try:
        import make_examples

        return make_examples
    finally:
        sys.path.remove(str(HERE))


@pytest.fixture(scope="module")
def happened(making: Any) -> Any:
    return making.plan.everything()


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_made_again_they_are_the_same_to_the_byte(making: Any, tmp_path: Path) -> None:
    making.write(tmp_path / "berk")
    again, there = _tree(tmp_path / "berk"), _tree(BERK)
    assert sorted(again) == sorted(there)
    assert [name for name in again if again[name] != there[name]] == []


def test_they_stay_small() -> None:
    assert sum(path.stat().st_size for path in BERK.rglob("*") if path.is_file()) < 6_100_000


def test_no_real_firm_is_meant() -> None:
    for path in BERK.rglob("*"):
        if path.is_file() and path.suffix != ".xlsx":
            found = {name.lower() for name in re.findall(r"[\w.+-]+@([\w.-]+\w)", path.read_bytes().replace(b"\r\n ", b"").decode("utf-8", "replace"))}
            assert all(name.endswith((".example", "gmail.com")) for name in found), path


def _mails() -> list[email.message.Message]:
    boxes = [mailbox.mbox(BERK / "mail" / f"{name}.mbox", create=False) for name in ("inge", "ruud")]
    found: list[email.message.Message] = [mail for box in boxes for mail in box]
    for box in boxes:
        box.close()
    found += [email.message_from_bytes(path.read_bytes()) for path in sorted((BERK / "mail" / "sanne").glob("*.eml"))]
    found += [email.message_from_bytes(path.read_bytes()) for folder in ("cur", "new")
              for path in sorted((BERK / "mail" / "administratie" / folder).iterdir())]
    return found


def test_every_mail_of_the_plan_lies_in_a_mailbox(happened: Any) -> None:
    there = Counter(mail["Message-ID"].strip("<>") for mail in _mails())
    planned = {mail.id for mail in happened.mails}
    assert planned <= set(there)
    assert {name: count for name, count in there.items() if count > 1}.keys() <= {
        mail.id for mail in happened.mails if mail.copy} | {name for name in there if ".team@" in name}
    assert 5_000 < len(planned) < 6_500


def test_answers_name_a_mail_that_was_there_before(happened: Any) -> None:
    at = {mail.id: mail.at for mail in happened.mails}
    answers = [mail for mail in happened.mails if mail.quoted]
    assert len(answers) > len(at) / 2
    assert all(at[mail.quoted.id] < mail.at for mail in answers)
    assert len({mail.id for mail in happened.mails}) == len(happened.mails)


def test_no_relation_takes_strict_turns(happened: Any) -> None:
    """A medium in which the turn changes in more than 70 % of steps would be `no_signal`."""
    for key in {mail.firm for mail in happened.mails}:
        turns = [mail.ours for mail in happened.mails if mail.firm == key]
        changes = sum(one != other for one, other in pairwise(turns))
        assert changes < .68 * (len(turns) - 1), key


def test_a_question_mark_stands_only_in_what_asks_and_every_question_is_answered(happened: Any) -> None:
    by_thread: dict[str, list[Any]] = {}
    for mail in happened.mails:
        by_thread.setdefault(mail.chain[0] if len(mail.chain) == 1 else mail.chain[0] if mail.chain else mail.id, []).append(mail)
    asked = [mail for mail in happened.mails if "?" in " ".join(mail.text)]
    answered_by = {mail.quoted.id for mail in happened.mails if mail.quoted and mail.quoted.ours != mail.ours}
    open_ones = [mail for mail in asked if mail.id not in answered_by and mail.at.date() < date(2026, 6, 15)]
    assert len(open_ones) < .25 * len(asked), "those are answered through a later mail of the same side, and must be few"


def test_the_floor_and_the_waits_are_as_meant(happened: Any) -> None:
    def part(key: str) -> float:
        words = Counter[bool]()
        for mail in happened.mails:
            if mail.firm == key:
                words[mail.ours] += sum(len(text.split()) for text in mail.text)
        return words[True] / words.total()

    assert part("koster") < .25
    assert part("voskarton") > .75
    for even in ("hendriks", "visser", "molenaar", "dewit", "overveld", "jansensmit", "vandam"):
        assert .45 < part(even) < .55, even


def test_the_calendar_is_whole() -> None:
    raw = (BERK / "agenda" / "inge.ics").read_bytes()
    lines = raw.split(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    depth: list[bytes] = []
    for line in lines:
        if line.startswith(b"BEGIN:"):
            depth.append(line[6:])
        if line.startswith(b"END:"):
            assert depth.pop() == line[4:]
    assert depth == []
    for kind in (b"RRULE:FREQ=MONTHLY", b"STATUS:CANCELLED", b"CLASS:PRIVATE", b"DTSTART;VALUE=DATE"):
        assert kind in raw


def _texts(root: ET.Element, name: str) -> list[str]:
    return [element.text or "" for element in root.iter() if element.tag.rpartition("}")[2] == name]


def test_every_invoice_adds_up_and_has_its_file(happened: Any) -> None:
    files = {path: ET.parse(path).getroot() for path in (BERK / "invoices").rglob("*.xml")}
    assert len(files) == len(happened.invoices)
    kinds = Counter(root.tag.rpartition("}")[2] for root in files.values())
    assert kinds["CreditNote"] == 1
    for path, root in files.items():
        net, gross = Decimal(_texts(root, "TaxExclusiveAmount")[0]), Decimal(_texts(root, "TaxInclusiveAmount")[0])
        assert net + Decimal(_texts(root, "TaxAmount")[0]) == gross == Decimal(_texts(root, "PayableAmount")[0]), path
        assert len(_texts(root, "ElectronicMail")) == 2
    assert {path.parent.name for path in files} == {"verkoop", "voskarton", "vandam", "jansensmit"}


def test_the_bank_statements_follow_on_each_other(happened: Any) -> None:
    closing = None
    entries = 0
    for path in sorted((BERK / "bank").glob("*.xml")):
        root = ET.parse(path).getroot()
        amounts = _texts(root, "Amt")
        opening, end = Decimal(amounts[0]), Decimal(amounts[1])
        assert closing in (None, opening), path
        total = opening
        for entry in (element for element in root.iter() if element.tag.rpartition("}")[2] == "Ntry"):
            entries += 1
            total += Decimal(_texts(entry, "Amt")[0]) * (1 if _texts(entry, "CdtDbtInd")[0] == "CRDT" else -1)
        assert total == end, path
        closing = end
    assert entries == len(happened.payments) + 24


def test_payments_come_as_late_as_is_meant(happened: Any) -> None:
    def days(key: str) -> float:
        invoices = {(one.buyer if one.seller == "berk" else one.seller, one.number): one for one in happened.invoices}
        waits = [(payment.day - invoices[payment.firm, number].due).days for payment in happened.payments
                 if payment.firm == key for number in payment.pays]
        assert len(waits) > 15
        return sum(waits) / len(waits)

    assert 15.5 < days("dewit") < 18.5
    assert 20 < days("koster") < 26
    assert 20 < days("voskarton") < 26
    assert -17 < days("overveld") < -12
    assert -3 < days("hendriks") <= 0
    assert all(abs(days(key)) < 2 for key in ("visser", "jansensmit", "vandam", "harlow", "bakker"))


def test_some_payments_are_for_two_invoices_and_some_say_nothing(happened: Any) -> None:
    together = [payment for payment in happened.payments if len(payment.pays) == 2]
    silent = [payment for payment in happened.payments if not any(number in payment.text for number in payment.pays)]
    assert len(together) > 20
    assert 5 < len(silent) < 40
    assert Counter(payment.reference == "NOTPROVIDED" for payment in happened.payments).most_common(1)[0][0] is True


def test_the_audit_file_balances() -> None:
    root = ET.parse(next((BERK / "books").glob("*.xaf"))).getroot()
    sums = {"D": Decimal(0), "C": Decimal(0)}
    lines = 0
    for transaction in (element for element in root.iter() if element.tag.endswith("}transaction")):
        here = {"D": Decimal(0), "C": Decimal(0)}
        for line in (element for element in transaction if element.tag.endswith("}trLine")):
            lines += 1
            here[_texts(line, "amntTp")[0]] += Decimal(_texts(line, "amnt")[0])
        assert here["D"] == here["C"], _texts(transaction, "nr")[0]
        sums = {kind: sums[kind] + here[kind] for kind in sums}
    assert _texts(root, "linesCount") == [str(lines)]
    assert [Decimal(text) for name in ("totalDebit", "totalCredit") for text in _texts(root, name)] == [sums["D"], sums["C"]]


def test_the_tables_hold_what_the_plan_holds(happened: Any) -> None:
    def table(name: str) -> list[dict[str, str]]:
        with (BERK / "tables" / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))

    assert len(table("telefoon.csv")) == 2 * len(happened.calls)
    deliveries = table("leveringen.csv")
    assert len({row["Leveringsnummer"] for row in deliveries}) == len(deliveries) == len(happened.deliveries)
    with zipfile.ZipFile(BERK / "tables" / "openstaand.xlsx") as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert len([row for row in sheet.iter() if row.tag.endswith("}row")]) > 5


def test_what_is_expected_is_said_for_every_partner(making: Any) -> None:
    expected = tomllib.loads((HERE / "expected.toml").read_text("utf-8"))
    told = (HERE / "README.md").read_text("utf-8")
    assert set(expected["partners"]) == {firm.domain for firm in making.bank.FIRMS.values()}
    for partner, row in expected["partners"].items():
        line = next(line for line in told.splitlines() if line.startswith(f"| `{partner}`"))
        assert row["verdict"].replace("_", " ") in line, partner
        if "pattern" in row:
            assert row["pattern"].replace("_", " ") in line
