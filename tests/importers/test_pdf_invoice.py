"""Invoices inside PDFs: the samples, where the attachment may stand, and what a hostile PDF cannot do."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from tests.importers.xml_papers import NOW, SAMPLES, check_sample, read_bytes, said, samples

from evenwicht.importers import cii, pdf_invoice
from evenwicht.importers.paged import attachments
from evenwicht.importers.source import Head, Reading, Source

INVOICE = (SAMPLES / "cii" / "invoice.xml").read_bytes()


def written(writer: PdfWriter) -> bytes:
    with BytesIO() as out:
        writer.write(out)
        return out.getvalue()


def pdf(*files: tuple[str, bytes], password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    for name, data in files:
        writer.add_attachment(name, data)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    return written(writer)


def read(folder: Path, data: bytes) -> Reading:
    return read_bytes(pdf_invoice, folder, data, "x.pdf")


def refused(reading: Reading, words: str) -> bool:
    return reading.events == [] and len(reading.problems) == 1 and words in said(reading)[0]


@pytest.mark.parametrize("name", samples("pdf_invoice"))
def test_a_sample_gives_its_ledger(name: str) -> None:
    check_sample(pdf_invoice, name)


@pytest.mark.parametrize(("head", "claimed"), [
    (b"%PDF-1.7\n", True), (b"\xef\xbb\xbf%PDF-1.7", True), (b"\r\n%PDF-1.3", True), (b"<a>%PDF-1.7</a>", False), (b"Subject: %PDF-", False), (b"", False),
])
def test_its_sign_decides(tmp_path: Path, head: bytes, claimed: bool) -> None:
    path = tmp_path / "x"
    path.write_bytes(head)
    assert pdf_invoice.identify(Head.of(path)) is claimed


def test_the_same_invoice_as_the_bare_xml() -> None:
    inside = pdf_invoice.read(Source(SAMPLES / "pdf_invoice" / "factuur.pdf", "factuur", NOW))
    bare = cii.read(Source(SAMPLES / "cii" / "invoice.xml", "factuur", NOW))
    assert (inside.events, inside.mentions, inside.coverage) == (bare.events, bare.mentions, bare.coverage)


@pytest.mark.parametrize("name", ["factur-x.xml", "Factur-X.XML", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "order-x.xml", "rechnung.xml"])
def test_names_of_the_attachment(tmp_path: Path, name: str) -> None:
    assert len(read(tmp_path, pdf(("werkbon.xml", b"<werkbon/>"), (name, INVOICE))).events) == 1


def test_the_newest_of_two_versions_is_read(tmp_path: Path) -> None:
    older = INVOICE.replace(b">2026-0113<", b">OUD<", 1)
    [event] = read(tmp_path, pdf(("ZUGFeRD-invoice.xml", older), ("factur-x.xml", INVOICE))).events
    assert event.id == "invoice:birch.nl:2026-0113:2026"


def test_a_picture_of_an_invoice_is_one_note(tmp_path: Path) -> None:
    for files in ((), (("foto.txt", b"x"),), (("ubl.xml", b"<Invoice/>"),)):
        reading = read(tmp_path, pdf(*files))
        assert refused(reading, "no invoice or order as XML")
        assert (reading.problems[0].severity, reading.counted["pdf without invoice"]) == ("note", 1)


def test_an_attachment_that_is_only_associated_and_one_in_a_deeper_tree(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.add_attachment("factur-x.xml", INVOICE)
    names = writer.root_object["/Names"]["/EmbeddedFiles"]
    leaf, specification = names["/Names"], names["/Names"][1]
    del names["/Names"]
    writer.root_object[NameObject("/AF")] = ArrayObject([specification])
    assert len(read(tmp_path, written(writer)).events) == 1
    del writer.root_object["/AF"]
    names[NameObject("/Kids")] = ArrayObject([DictionaryObject({NameObject("/Names"): leaf})])
    assert len(read(tmp_path, written(writer)).events) == 1
    del specification.get_object()["/F"]
    assert len(read(tmp_path, written(writer)).events) == 1
    specification.get_object()[NameObject("/EF")] = DictionaryObject()
    assert refused(read(tmp_path, written(writer)), "does not hold it")
    leaf[1] = TextStringObject("geen bestand")
    assert refused(read(tmp_path, written(writer)), "no invoice or order")


def test_a_tree_that_is_its_own_child_ends(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.add_attachment("a.txt", b"x")
    tree = writer.root_object["/Names"].raw_get("/EmbeddedFiles")
    tree.get_object()[NameObject("/Kids")] = ArrayObject([tree] * 50)
    started = time.process_time()
    assert refused(read(tmp_path, written(writer)), "no invoice or order")
    assert time.process_time() - started < 5


def test_a_locked_pdf(tmp_path: Path) -> None:
    assert refused(read(tmp_path, pdf(("factur-x.xml", INVOICE), password="geheim")), "password")


@pytest.mark.parametrize("data", [
    b"", b"%PDF-1.7\n", b"%PDF-1.7\nstartxref\n9\n%%EOF\n", b"%PDF-1.4\n" + b"a" * 100_000,
    b"%PDF-1.4\n1 0 obj\n" + b"[" * 50_000 + b"\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n", pdf(("factur-x.xml", INVOICE))[:900],
])
def test_a_damaged_pdf(tmp_path: Path, data: bytes) -> None:
    assert refused(read(tmp_path, data), "")
    assert pdf_invoice.read(Source(tmp_path / "x.pdf", "x", NOW)).problems[0].severity in {"error", "note"}


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pdf(("factur-x.xml", INVOICE))
    monkeypatch.setattr(attachments, "LARGEST_XML", 100)
    assert refused(read(tmp_path, whole), "unpacks to more than")
    monkeypatch.setattr(attachments, "LARGEST_PDF", 100)
    assert refused(read(tmp_path, whole), "PDFs are read up to")


def test_progress_adds_up_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf(("factur-x.xml", INVOICE)))
    seen: list[int] = []
    pdf_invoice.read(Source(path, "x", NOW, advance=seen.append))
    assert sum(seen) == path.stat().st_size


def test_xml_that_breaks_inside_a_pdf(tmp_path: Path) -> None:
    assert refused(read(tmp_path, pdf(("factur-x.xml", INVOICE[:400]))), "not well-formed")
    assert refused(read(tmp_path, pdf(("factur-x.xml", b"<!DOCTYPE a>" + INVOICE[38:]))), "DOCTYPE")
    assert refused(read(tmp_path, pdf(("factur-x.xml", b"<a/>"))), "of a kind that is known")


def test_real_files_are_all_read_within_their_time(shared: Path | None) -> None:
    if shared is None:
        return
    events, plain = 0, 0
    for folder in ("facturx_pdf", "security"):
        for path in sorted((shared / "fixtures" / folder).iterdir()):
            if pdf_invoice.identify(Head.of(path)):
                started = time.process_time()
                reading = pdf_invoice.read(Source(path, path.name, datetime(2026, 11, 24, tzinfo=UTC)))
                assert time.process_time() - started < 10, path.name
                assert reading.events or reading.problems, path.name
                events += len(reading.events)
                plain += reading.counted["pdf without invoice"]
    assert (events, plain) == (42, 1)
