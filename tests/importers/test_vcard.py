"""Address books: which name and which mail domain are one organisation, and no name of a person."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.speech_files import beside, source, told

from evenwicht.importers import vcard
from evenwicht.importers.cards import lines, organisations
from evenwicht.importers.cards.lines import cards_in
from evenwicht.importers.source import Exclusions, Head
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.people import is_of_people, same_people

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "vcard" / "book.vcf"
FATES = ("organisation", "several_domains", "person", "excluded")


def card(*content: str, name: str = "Dee Doe", parts: str = "Doe;Dee;;;", version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", f"FN:{name}", f"N:{parts}", *content, "END:VCARD", ""])


def read(folder: Path, text: str | bytes, **given: object):
    return vcard.read(source(beside(folder, "book.vcf", text), **given))


def mentions(folder: Path, text: str | bytes) -> list[tuple[tuple[str, ...], str]]:
    found = read(folder, text)
    assert not found.events
    assert found.counted["card"] == sum(found.counted[fate] for fate in FATES)
    return [(one.identifiers, one.name) for one in found.mentions if not is_of_people(one)]


def test_the_sample() -> None:
    found = vcard.read(source(SAMPLE))
    assert [one for one in found.mentions if not is_of_people(one)] == [
        Mention(("acme.example", "name:acme-bv"), "Acme B.V."), Mention(("cedar.co.uk", "name:cedar-ltd"), "Cedar Ltd"),
        Mention(("koenig.example", "name:konig-sohne-co"), "König Söhne; Co"), Mention(("name:dune-nv",), "Dune NV")]
    assert found.counted == {"card": 5, "organisation": 3, "several_domains": 1, "person": 1}
    assert [(place, severity) for place, severity, _text in told(found)] == [("21", "warning")]


@pytest.mark.parametrize("content, wanted", [
    (["ORG:Acme", "EMAIL:d@acme.example"], [(("acme.example", "name:acme"), "Acme")]),
    (["ORG:Acme", "EMAIL:d@gmail.com"], [(("name:acme",), "Acme")]),
    (["ORG:Acme", "EMAIL:mailto:d@acme.example", "EMAIL:e@sales.acme.example"], [(("acme.example", "name:acme"), "Acme")]),
    (["ORG:Acme", "EMAIL;TYPE=work:d@acme.example", "EMAIL;TYPE=home:d@doe.example"], [(("acme.example", "name:acme"), "Acme")]),
    (["ORG:Acme BV", "EMAIL:d@acme-group.example", "EMAIL:d@old.example"], [(("acme-group.example", "name:acme-bv"), "Acme BV")]),
    (["ORG:Acme", "EMAIL:d@one.example", "EMAIL:d@two.example"], [(("name:acme",), "Acme")]),
    (["EMAIL:d@acme.example"], []), (["ORG:;Sales", "EMAIL:d@acme.example"], []), (["ORG:Dee Doe"], []), (["ORG:doe dee"], []), (["ORG:--"], []),
    (["ORG:", "ORG:Acme"], [(("name:acme",), "Acme")]), (["ORG:Acme\\, Inc\\; Ltd;x"], [(("name:acme-inc-ltd",), "Acme, Inc; Ltd")]),
    (["item1.ORG:Acme", "item1.EMAIL;type=\"a:b\",pref:d@acme.example"], [(("acme.example", "name:acme"), "Acme")]),
    (["ORG:Ac", " me", "EMAIL:no address"], [(("name:acme",), "Acme")]), (["TEL:1", "NOTE:ORG:x", " ORG:y"], []),
])
def test_what_a_card_says(tmp_path: Path, content: list[str], wanted: list[tuple[tuple[str, ...], str]]) -> None:
    assert mentions(tmp_path, card(*content)) == wanted


@pytest.mark.parametrize("text, name", [
    (card("ORG:Acme", "X-ABShowAs:COMPANY", name="Acme", parts="Acme;;;;"), "Acme"), (card("KIND:org", name="Acme", parts=""), "Acme"),
    (card("ORG:Acme", name="Acme", parts=";;;;"), "Acme"), (card("KIND:org", "ORG:Acme;Sales", name="Acme Sales", parts=";;;;"), "Acme"),
])
def test_a_card_of_a_company(tmp_path: Path, text: str, name: str) -> None:
    assert [found for _identifiers, found in mentions(tmp_path, text)] == [name]


@pytest.mark.parametrize("line, name, sure", [
    (b"ORG;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:K=C3=B6nig", "König", True), (b"ORG;QUOTED-PRINTABLE:K=F6nig", "König", False),
    (b"ORG;CHARSET=windows-1251:\xcc\xe8\xf0", "Мир", True), (b"ORG;CHARSET=nonsense:K\xc3\xb6nig", "König", True), (b"ORG:K\xf6nig", "König", False),
    (b"ORG;ENCODING=QUOTED-PRINTABLE:K=C3=\r\n=B6nig", "König", True), (b"ORG;ENCODING=QUOTED-PRINTABLE:Kon=\r\n ig=\r\ns", "Konigs", True),
    (b"ORG:K\xc3\r\n \xb6nig", "König", True),
])
def test_how_letters_are_written(tmp_path: Path, line: bytes, name: str, sure: bool) -> None:
    found = read(tmp_path, b"BEGIN:VCARD\r\nVERSION:2.1\r\n" + line + b"\r\nEND:VCARD\r\n")
    assert [one.name for one in found.mentions] == [name]
    assert ([severity for _place, severity, _text in told(found)] == []) is sure


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_files_in_wide_letters(tmp_path: Path, codec: str) -> None:
    data = card("ORG:König").encode(codec)
    assert vcard.identify(Head(Path("x"), len(data), data))
    assert mentions(tmp_path, data) == [(("name:konig",), "König")]


@pytest.mark.parametrize("start, known", [
    (b"BEGIN:VCARD\r\n", True), (b"\n\n begin:vcard\n", True), (b"BEGIN : VCARD", True), (b"BEGIN:VCALENDAR", False), (b"", False), (b"FN:x\nBEGIN:VCARD", False),
])
def test_it_knows_a_book_by_its_beginning(start: bytes, known: bool) -> None:
    assert vcard.identify(Head(Path("no.name"), len(start), start)) is known


def test_cards_inside_cards_and_without_an_end() -> None:
    found = list(cards_in(b"BEGIN:VCARD\nORG:A\nBEGIN:VCARD\nORG:B\nEND:VCARD\nORG:C\nEND:VCARD\nEND:VCARD\nORG:D\nBEGIN:OTHER\nBEGIN:VCARD\nORG:E\n", None))
    assert [([line.value for line in one.all("ORG")], one.closed, one.number) for one in found] == [
        (["B"], True, 3), (["A", "C"], True, 1), (["E"], False, 11)]
    assert len(list(cards_in(b"BEGIN:VCARD\n" * 1000, None))) == 1000


def test_limits_and_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be opened" in told(vcard.read(source(tmp_path / "gone.vcf")))[0][2]
    assert "no card" in told(read(tmp_path, "x"))[0][2]
    assert read(tmp_path, card("ORG:Acme"), exclude=Exclusions(parties=frozenset({"name:acme"}))).counted["excluded"] == 1
    assert len(next(cards_in(("BEGIN:VCARD\n" + "ORG:a\n" * 1000).encode(), None)).all("ORG")) == lines.PER_CARD
    monkeypatch.setattr(lines, "MOST", 1)
    monkeypatch.setattr(vcard, "MOST", 1)
    found = read(tmp_path, card("ORG:Acme") * 2)
    assert found.counted["card"] == 1
    assert "Of the cards 1 were read" in told(found)[0][2]
    monkeypatch.setattr(vcard, "MAX_BYTES", 10)
    assert "is not read" in told(read(tmp_path, card()))[0][2]


@given(st.lists(st.sampled_from([
    b"BEGIN:VCARD", b"END:VCARD", b"ORG:A", b"ORG;ENCODING=QUOTED-PRINTABLE:=", b"N:;;", b"N:a;b", b"FN:", b" =", b"=", b"EMAIL:a@b.nl", b"EMAIL;TYPE=\"x", b"ORG;", b"",
    b"ORG;;;=:", b"KIND:org", b"\xff\xfe", b"ORG;CHARSET=utf-16:x"]), max_size=15))
def test_any_book_is_read(content: list[bytes]) -> None:
    from evenwicht.importers.source import Reading

    reading = Reading(label="x")
    vcard._gather(b"\n".join(content), source(Path("x")), reading)
    assert reading.counted["card"] == sum(reading.counted[fate] for fate in FATES)


def test_shared_books_are_read_and_no_person_comes_out(shared: Path | None) -> None:
    if shared is None:
        return
    cards = firms = 0
    for path in sorted((shared / "fixtures" / "vcard").glob("*.vcf")) + sorted((shared / "fixtures" / "security").glob("vcf*")):
        began = time.perf_counter()
        found = vcard.read(source(path))
        assert time.perf_counter() - began < 10, path.name
        assert vcard.identify(Head.of(path)), path.name
        assert found.counted["card"] >= 1, path.name
        if path.parent.name == "vcard":
            cards += found.counted["card"]
            firms += found.counted["organisation"] + found.counted["several_domains"]
            people = {one.text("FN") for one in cards_in(path.read_bytes(), None) if not organisations.is_company(one)}
            assert not ({mention.name for mention in found.mentions} - {""}) & people, path.name
    assert cards >= 95
    assert firms >= 25


def test_the_addresses_of_one_person_are_one_person(tmp_path: Path) -> None:
    work, private = card("ORG:Acme", "EMAIL:d@acme.example", "TEL:+31 6 1234 5678"), card("EMAIL:dee@gmail.com", "TEL;TYPE=cell:06-12345678")
    people = same_people(read(tmp_path, work + private).mentions)
    assert people["p:d@acme.example"] == people["p:dee@gmail.com"]


@pytest.mark.parametrize("other", [
    card("EMAIL:j@acme.example", "TEL:+31 6 1234 5678", name="Jon Joe", parts="Joe;Jon;;;"), card("EMAIL:dee@gmail.com", "TEL:+31 6 8765 4321"),
    card("EMAIL:dee@gmail.com", "TEL:123"), card("KIND:org", "EMAIL:dee@gmail.com", "TEL:+31 6 1234 5678", name="Dee Doe", parts=";;;;"),
])
def test_a_number_or_a_name_alone_joins_nobody(tmp_path: Path, other: str) -> None:
    people = same_people(read(tmp_path, card("ORG:Acme", "EMAIL:d@acme.example", "TEL:+31 6 1234 5678") + other).mentions)
    assert [one for one, first in people.items() if first == people["p:d@acme.example"] and "@" in one] == ["p:d@acme.example"]


def test_an_address_that_is_left_out_is_in_no_mention(tmp_path: Path) -> None:
    found = read(tmp_path, card("EMAIL:dee@acme.example", "EMAIL:dee@gmail.com"), exclude=Exclusions(parties=frozenset({"acme.example"})))
    assert "acme.example" not in str(found.mentions)
