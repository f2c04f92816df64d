"""Small XML papers for tests: a parameter for what a test is about, and the rest as usual."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from evenwicht.importers.source import Head, Reading, Source
from evenwicht.ledger.events import Event
from evenwicht.ledger.notation import fields_written, parsed

NOW = datetime(2026, 6, 30, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parent.parent / "samples"
COMPARED = ("at", "giver", "receiver", "kind", "amount", "unit", "id", "answers", "due", "shared")

AGGREGATES = ('xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
              'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"')


def read_bytes(importer: ModuleType, folder: Path, data: bytes | str, name: str = "paper.xml", **given: Any) -> Reading:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return importer.read(Source(path, name, NOW, **given))


def said(reading: Reading) -> list[str]:
    return [str(problem.what_phrase) for problem in reading.problems]


def samples(importer: str) -> list[str]:
    return sorted(path.stem for path in (SAMPLES / importer).glob("*.ledger"))


def check_sample(importer: ModuleType, name: str) -> None:
    """A sample gives the lines and the problems beside it, no more and no less."""
    ledger = SAMPLES / importer.NAME / f"{name}.ledger"
    path = next(one for one in ledger.parent.glob(f"{name}.*") if one != ledger)
    assert importer.identify(Head.of(path))
    reading = importer.read(Source(path, path.name, NOW))
    text = [line for line in ledger.read_text(encoding="utf-8").splitlines() if line.strip()]
    wanted = sorted(((parsed(line), line) for line in text if line[0] not in "#!"), key=lambda pair: _order(pair[0]))
    found = sorted(reading.events, key=_order)
    assert [_compared(event) for event, _line in wanted] == [_compared(event) for event in found]
    for (event, line), event_found in zip(wanted, found, strict=True):
        if "ref" in fields_written(line):
            assert set(event.references) == set(event_found.references)
        if "evidence" in fields_written(line):
            assert event.evidence == event_found.evidence
    problems = [(problem.place, str(problem.what_phrase)) for problem in reading.problems]
    expected = [line[2:].split(" ", 1) for line in text if line.startswith("!")]
    assert len(problems) == len(expected)
    for place, words in expected:
        assert any(place == where and words in what for where, what in problems), (place, words, problems)


def _order(event: Event) -> tuple[str, ...]:
    return event.id, event.kind, event.giver, event.receiver


def _compared(event: Event) -> dict[str, object]:
    return {name: getattr(event, name) for name in COMPARED}


def party(name: str, *, mail: str = "", vat: str = "", endpoint: str = "", legal: str = "", country: str = "NL") -> str:
    tax = f"<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    return (
        f"<cac:Party>{endpoint}<cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>"
        f"<cac:PostalAddress><cac:Country><cbc:IdentificationCode>{country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
        f"{tax if vat else ''}<cac:PartyLegalEntity>{legal}</cac:PartyLegalEntity>"
        f"<cac:Contact><cbc:ElectronicMail>{mail}</cbc:ElectronicMail></cac:Contact></cac:Party>"
    )


BIRCH = party("Birch BV", mail="facturen@birch.nl", vat="NL854321098B01")
ACME = party("Acme NV", mail="inkoop@acme.com", vat="NL801122334B01")


def invoice(
    more: str = "", *, seller: str = BIRCH, buyer: str = ACME, number: str = "2026-7", issued: str = "2026-03-02",
    total: str = '<cbc:PayableAmount currencyID="EUR">121.00</cbc:PayableAmount>', root: str = "Invoice",
) -> str:
    return (
        f'<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {AGGREGATES}>'
        f"<cbc:ID>{number}</cbc:ID><cbc:IssueDate>{issued}</cbc:IssueDate>{more}"
        f"<cac:AccountingSupplierParty>{seller}</cac:AccountingSupplierParty>"
        f"<cac:AccountingCustomerParty>{buyer}</cac:AccountingCustomerParty>"
        f"<cac:LegalMonetaryTotal>{total}</cac:LegalMonetaryTotal></{root}>"
    )
