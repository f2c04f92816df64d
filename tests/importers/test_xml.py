"""The room in which foreign XML is opened: nothing gets in that should not, and nothing is guessed."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from evenwicht.importers.source import Reading, Source
from evenwicht.importers.xml import parse, values
from evenwicht.importers.xml.access import attribute, each, fields, first, local, text, texts
from evenwicht.importers.xml.accounts import role_of
from evenwicht.importers.xml.nodes import Node
from evenwicht.importers.xml.parties import apart, beside, named, unwanted
from evenwicht.importers.xml.roots import root_of
from evenwicht.importers.xml.terms import days_of

NOW = datetime(2026, 6, 30, tzinfo=UTC)


def source(folder: Path, data: bytes) -> Source:
    path = folder / "x.xml"
    path.write_bytes(data)
    return Source(path, "x.xml", NOW)


def tree_of(folder: Path, data: bytes) -> tuple[str | None, list[str]]:
    reading = Reading(label="x.xml")
    root = parse.tree(source(folder, data), reading)
    return None if root is None else "".join(str(part) for part in root.itertext()), [str(one.what_phrase) for one in reading.problems]


def records_of(folder: Path, data: bytes, *names: str) -> tuple[list[str], list[str]]:
    reading = Reading(label="x.xml")
    found = [f"{name}:{text(element, 'v')}" for name, element in parse.records(source(folder, data), reading, *names)]
    return found, [str(one.what_phrase) for one in reading.problems]


# ── roots ──


@pytest.mark.parametrize(("start", "name", "namespace", "doctype"), [
    (b"<a/>", "a", "", False),
    (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <b> --><q:a xmlns="urn:x" xmlns:q=\'urn:q\'>', "a", "urn:q", False),
    (b'<!DOCTYPE x [<!ENTITY a "]>">]><x xmlns="urn:x">', "", "", True),
    (b'<!DOCTYPE x SYSTEM "x.dtd"><x xmlns="urn:x">', "x", "urn:x", True),
    (b"<!doctype x", "", "", True),
    (b"<!DOCTYPE x [<!ENTITY", "", "", True),
    ('<a xmlns="urn:é">'.encode("utf-16"), "a", "urn:é", False),
    ("<a>".encode("utf-16-le"), "a", "", False),
    ("<a>".encode("utf-16-be"), "a", "", False),
])
def test_the_head_tells_the_root(start: bytes, name: str, namespace: str, doctype: bool) -> None:
    root = root_of(start)
    assert root is not None
    assert root.doctype is doctype
    if name:
        assert (root.name, root.namespace) == (name, namespace)


@pytest.mark.parametrize("start", [b"", b"PK\x03\x04", b"From: a@b.nl", b"{}", b"<!-- never closed", b"a;b;c", b"< a>"])
def test_what_is_no_xml_has_no_root(start: bytes) -> None:
    assert root_of(start) is None


@given(st.binary(max_size=400))
def test_no_head_breaks_the_look_at_it(start: bytes) -> None:
    root_of(start)
    root_of(b"<!DOCTYPE a [" + start)


# ── parse ──


def test_declared_encodings_that_are_wrong_are_put_right(tmp_path: Path) -> None:
    body = "<a>Café Müller €</a>"
    right = "Café Müller €"
    assert tree_of(tmp_path, body.encode()) == (right, [])
    assert tree_of(tmp_path, codecs.BOM_UTF8 + f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode()) == (right, [])
    assert tree_of(tmp_path, f'<?xml version="1.0" encoding="UTF-16"?>{body}'.encode()) == (right, [])
    assert tree_of(tmp_path, f'<?xml version="1.0" encoding="us-ascii"?>{body}'.encode()) == (right, [])
    assert tree_of(tmp_path, f'<?xml version="1.0" encoding="ansi-klerk"?>{body}'.encode()) == (right, [])
    assert tree_of(tmp_path, f'<?xml version="1.0"?>{body}'.encode("utf-16")) == (right, [])
    assert tree_of(tmp_path, f'<?xml version="1.0" encoding="windows-1252"?>{body}'.encode("cp1252")) == (right, [])
    found, problems = tree_of(tmp_path, f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode("cp1252"))
    assert found == right
    assert problems == ["The file says it is written in UTF-8, but it is not; it was read as Windows-1252."]
    found, problems = tree_of(tmp_path, b"<a>\xe9\x81</a>")
    assert (found, len(problems)) == ("é\x81", 1)


@pytest.mark.parametrize("before", [b"\n", b" \r\n", codecs.BOM_UTF8 * 2, codecs.BOM_UTF8 + b"\n"])
def test_what_stands_before_or_behind_the_xml_is_passed_over(tmp_path: Path, before: bytes) -> None:
    data = before + '<?xml version="1.0" encoding="utf-8"?><a><r><v>Café</v></r></a>'.encode()
    root = root_of(data)
    assert root is not None
    assert root.name == "a"
    assert tree_of(tmp_path, data + b"\0\0\x1a") == ("Café", [])
    assert records_of(tmp_path, data, "r") == (["r:Café"], [])
    latin = before + '<?xml version="1.0" encoding="iso-8859-1"?><a>Café</a>'.encode("latin-1" if b"\xef" not in before else "utf-8")
    assert tree_of(tmp_path, latin) == ("Café", [])


def test_a_wrong_encoding_is_put_right_in_a_stream_too(tmp_path: Path) -> None:
    found, problems = records_of(tmp_path, b'<?xml version="1.0" encoding="UTF-8"?><a><r><v>Caf\xe9</v></r></a>', "r")
    assert found == ["r:Café"]
    assert len(problems) == 1


def test_utf7_hides_no_markup(tmp_path: Path) -> None:
    found, problems = tree_of(tmp_path, b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a+AD4-')
    assert found is None
    assert "not well-formed" in problems[-1]


@pytest.mark.parametrize("doctype", [
    b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">', b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>', b"<!DOCTYPE a>",
    b"<!--" + b"x" * 70_000 + b"--><!DOCTYPE a>",
])
def test_every_doctype_is_refused(tmp_path: Path, doctype: bytes) -> None:
    assert tree_of(tmp_path, doctype + b"<a><r><v>1</v></r></a>") == (
        None, ["The file begins with a DOCTYPE, which can pull in other files; such files are not read."])
    found, problems = records_of(tmp_path, doctype + b"<a><r><v>1</v></r></a>", "r")
    assert (found, len(problems)) == ([], 1)
    found, problems = records_of(tmp_path, doctype + b"<a></a>", "r")
    assert (found, len(problems)) == ([], 1)


def test_what_is_cut_off_keeps_what_came_before(tmp_path: Path) -> None:
    found, problems = records_of(tmp_path, b"<a>\n<r><v>1</v></r>\n<r><v>2</v></r>\n<r><v>3</v", "r")
    assert found == ["r:1", "r:2"]
    assert problems == ["The XML breaks off here: Couldn't find end of Start Tag v. What stands before it was read."] or (
        len(problems) == 1 and problems[0].startswith("The XML breaks off here"))
    assert records_of(tmp_path, b"", "r")[1][0].startswith("This is not well-formed XML")


def test_depth_is_limited(tmp_path: Path) -> None:
    found, problems = tree_of(tmp_path, b"<a>" * 20_000 + b"</a>" * 20_000)
    assert found is None
    assert len(problems) == 1


def test_embedded_files_are_left_out_before_parsing(tmp_path: Path) -> None:
    big = b"QUJD" * 4_000_000  # 16 MB, more than libxml2 takes in one text
    data = (b'<a xmlns:cbc="urn:b"><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf">' + big
            + b"</cbc:EmbeddedDocumentBinaryObject><b>kept</b></a>")
    assert tree_of(tmp_path, data) == ("kept", [])


def test_sizes_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MOST_TAGS", 20)
    assert "more elements" in tree_of(tmp_path, b"<a>" + b"<b/>" * 30 + b"</a>")[1][0]
    monkeypatch.setattr(parse, "MOST_TAGS", 20_000)
    data = b"<a>" + b"<r><v>1</v></r>" + b"<b/>" * 60_000 + b"<r/></a>"
    found, problems = records_of(tmp_path, data, "r")
    assert found == ["r:1"]
    assert "more elements" in problems[0]
    monkeypatch.setattr(parse, "LARGEST_TREE", 10)
    monkeypatch.setattr(parse, "LARGEST_STREAM", 10)
    assert "MB" in tree_of(tmp_path, data)[1][0]
    assert "MB" in records_of(tmp_path, data, "r")[1][0]


def test_a_stream_forgets_what_it_gave(tmp_path: Path) -> None:
    reading, left = Reading(), []
    data = b"<a><h><v>kept</v></h>" + b"<r><v>1</v></r>" * 500 + b"</a>"
    for _name, element in parse.records(source(tmp_path, data), reading, "r"):
        parent = element.getparent()
        assert parent is not None
        left.append(len(each(parent, "r")))
        assert text(parent, "h", "v") == "kept"
    assert len(left) == 500
    assert left[-1] <= 2


def test_progress_adds_up_to_the_size(tmp_path: Path) -> None:
    data = b"<a>" + b"<r><v>1</v></r>" * 20_000 + b"</a>"
    path = tmp_path / "x.xml"
    path.write_bytes(data)
    seen: list[int] = []
    told = Source(path, "x.xml", NOW, advance=seen.append)
    assert sum(1 for _ in parse.records(told, Reading(), "r")) == 20_000
    assert sum(seen) == len(data)
    seen.clear()
    parse.tree(told, Reading())
    assert sum(seen) == len(data)


# ── access ──


def test_elements_are_found_whatever_their_namespace(tmp_path: Path) -> None:
    reading = Reading()
    root = parse.tree(source(tmp_path, b'<a xmlns:p="urn:p" p:q=" 1 " q=" 2 "><!-- x --><p:b> een\n twee </p:b><b/><b xmlns="urn:z">drie</b></a>'), reading)
    assert root is not None
    assert local(root) == "a"
    assert [local(one) for one in each(root, "b")] == ["b", "b", "b"]
    assert text(root, "b") == "een twee"
    assert texts(root, "b") == ["een twee", "drie"]
    assert text(root, "c") == ""
    assert first(root, "c", "d") is None
    assert fields(root) == {"b": "een twee"}
    assert attribute(root, "q") == "2"
    assert text(root, "b", longest=3) == "een"


# ── values ──


@pytest.mark.parametrize(("written", "value"), [
    ("1234.50", Decimal("1234.50")), ("-0.00", Decimal(0)), ("+5", Decimal(5)), (".5", Decimal("0.5")), ("5.", Decimal(5)),
    ("8.85000", Decimal("8.85")), ("NaN", None), ("Infinity", None), ("1e5", None), ("1,5", None), ("1_000", None), ("", None),
    ("9" * 31, None), ("٣", None),
])
def test_amounts_are_exact_or_nothing(written: str, value: Decimal | None) -> None:
    assert values.amount(written) == value
    if value == 0:
        assert str(values.number(values.amount(written))) == "0.0"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4))
def test_amounts_have_one_way_of_writing(value: Decimal) -> None:
    plain = values.plain(value)
    assert Decimal(plain) == value
    assert values.plain(Decimal(f"{value:f}0")) == plain
    assert values.amount(plain) == value


@pytest.mark.parametrize(("date", "time", "at"), [
    ("2026-03-02", "", datetime(2026, 3, 2, tzinfo=UTC)), ("2026-03-02+01:00", "", datetime(2026, 3, 2, tzinfo=UTC)),
    ("2026-03-02Z", "09:14:30.5Z", datetime(2026, 3, 2, 9, 14, 30, tzinfo=UTC)),
    ("2026-03-02", "00:30:00+01:00", datetime(2026, 3, 1, 23, 30, tzinfo=UTC)),
    ("2026-03-02", "23:30:00-02:00", datetime(2026, 3, 3, 1, 30, tzinfo=UTC)),
    ("2026-03-02", "25:00:00", datetime(2026, 3, 2, tzinfo=UTC)), ("2026-03-02", "ochtend", datetime(2026, 3, 2, tzinfo=UTC)),
    ("2026-02-30", "", None), ("20260302", "", None), ("", "10:00:00", None), ("2026-03-021", "", None),
    ("0001-01-01", "00:00:00+01:00", None),
])
def test_moments_are_read_as_written(date: str, time: str, at: datetime | None) -> None:
    assert values.moment(date, time) == at


def test_what_cannot_have_happened_is_not_believed() -> None:
    assert values.believable(datetime(2026, 7, 1, tzinfo=UTC), NOW)
    assert not values.believable(datetime(2026, 7, 3, tzinfo=UTC), NOW)
    assert not values.believable(datetime(1967, 8, 13, tzinfo=UTC), NOW)


def test_tokens_of_free_text() -> None:
    assert values.tokens(["Betreft factuur f2026-113, en nr. 88/2026 van mevrouw De Vries"]) == (
        "F2026-113", "F2026113", "88/2026", "882026", "F2026", "113", "2026")
    assert values.tokens(["IBAN NL93RABO0312445566 kenmerk 12 abc"]) == ()
    assert len(values.tokens([" ".join(f"nr{number}" for number in range(100))])) == 40
    assert values.tokens(["9" * 41]) == ()


@given(st.lists(st.text(max_size=60), max_size=5))
def test_tokens_never_keep_words(words: list[str]) -> None:
    for one in values.tokens(words):
        assert any(letter.isdigit() for letter in one)
        assert 3 <= len(one) <= 40
        assert one == one.upper()
        assert " " not in one


# ── parties, terms, accounts ──


def test_the_best_identifier_stands_first_and_persons_are_left_out() -> None:
    found = named(["name:x", "iban:NL93RABO0312445566", "jan@gmail.com", "kvk:62417358", None, "birch.nl", "birch.nl"], "Birch B.V.")
    assert found is not None
    assert found.identifiers == ("birch.nl", "kvk:62417358", "iban:NL93RABO0312445566", "name:x", "name:birch-bv")
    assert named(["jan@gmail.com"], "") is None
    assert named([], "Betaalrekening", nameable=False) is None
    assert unwanted(found, frozenset({"birch.nl"}))
    assert not unwanted(found, frozenset({"acme.com"}))


def test_shared_identifiers_tell_nothing_unless_there_is_nothing_else() -> None:
    one, two = named(["vat:NL1", "name:a"]), named(["vat:NL1", "name:b"])
    assert one is not None
    assert two is not None
    both = apart(one, two)
    assert both is not None
    assert [side.best for side in both] == ["name:a", "name:b"]
    three = named(["vat:NL1"])
    assert three is not None
    both = apart(one, three)
    assert both is not None
    assert [side.identifiers for side in both] == [("name:a",), ("vat:NL1",)]
    assert apart(three, three) is None
    assert beside(three, one) is None


@pytest.mark.parametrize(("note", "days"), [
    ("Netto 30 dagen", 30), ("30 days net", 30), ("Betaling binnen 14 dagen na factuurdatum", 14), ("14 Tage", 14),
    ("30 jours net", 30), ("30 dagar netto. Dröjsmålsränta:12 %", 30), ("10 Tage 3% Skonto, 30 Tage netto", 30),
    ("Net 45", 45), ("Zahlbar innerhalb 30 Tagen netto bis 12.08.2026, 3% Skonto innerhalb 10 Tagen", 30),
    ("Payment within 10 days, 2% discount", None), ("2 % korting bij betaling binnen 8 dagen", None),
    ("binnen 14 dagen na ontvangst", None), ("14 of 30 dagen", None), ("30 werkdagen", None), ("Please pay within a day", None),
    ("50% prepaid, 50% within 30 days", None), ("900 dagen", None), ("", None), ("30 days end of month", None),
    ("20 dagen netto of 30 dagen netto", None), ("2,30 dagen", None), ("Volgens afspraak", None),
])
def test_terms_count_only_where_one_reading_is_possible(note: str, days: int | None) -> None:
    assert days_of(note) == days


@pytest.mark.parametrize(("name", "kind", "codes", "role"), [
    ("Debiteuren", "B", (), "debtors"), ("Handelscrediteuren", "B", (), "creditors"), ("Accounts receivable", "", (), "debtors"),
    ("Voorziening dubieuze debiteuren", "B", (), None), ("Rabobank", "B", ("BLimBanRba",), "money"), ("Kas", "B", (), "money"),
    ("BTW hoog", "B", (), "vat"), ("Iets", "B", ("", "BVorDebHad"), "debtors"), ("Iets", "B", ("BVorDebVdd",), None),
    ("Iets", "B", ("BSchCreHac",), "creditors"), ("Debiteurenkosten", "P", (), None), ("Bankkosten", "P", (), None), ("Omzet", "P", (), None),
])
def test_what_an_account_is_for(name: str, kind: str, codes: tuple[str, ...], role: str | None) -> None:
    assert role_of(name, kind, codes) == role


def _written(tree: tuple[str, str, list[object]]) -> str:
    name, words, below = tree
    return f"<{name} xmlns='urn:{len(words)}'>{words}{''.join(_written(one) for one in below)}</{name}>"  # type: ignore[arg-type]


TREES = st.recursive(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["", " ", "x", " y  z "]), st.just([])),
    lambda below: st.tuples(st.sampled_from("abc"), st.sampled_from(["", "x"]), st.lists(below, max_size=4)), max_leaves=12)


@given(TREES, st.lists(st.sampled_from("abc"), max_size=3))
def test_a_node_finds_what_the_element_finds(tree: tuple[str, str, list[object]], path: list[str]) -> None:
    root = etree.fromstring(_written(tree))
    node = Node(root)
    for _twice in range(2):
        assert [one.element for one in node.each(*path)] == each(root, *path)
        assert (node.text(*path), node.texts(*path)) == (text(root, *path), texts(root, *path))
        found, wanted = node.first(*path), first(root, *path)
        assert (found.element if found is not None else None) is wanted
