"""One canonical identifier from what documents say, and never an exception for what they should not have said."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.ledger import identifiers as i


@pytest.mark.parametrize("host, domain", [
    ("birch.nl", "birch.nl"), ("MAIL.Birch.NL", "birch.nl"), ("a.b.acme.co.uk", "acme.co.uk"), ("acme.co.uk.", "acme.co.uk"),
    ("xn--mller-kva.de", "xn--mller-kva.de"), ("Müller.de", "xn--mller-kva.de"), ("co.uk", None), ("nl", None), ("", None),
    ("192.168.1.7", None), ("localhost", None), ("a b.nl", None), ("a\tb.nl", None), ("..", None), ("a..nl", None),
    ("https://www.birch.nl/", None), ("birch.nl/x", None), (f"{'ü' * 70}.nl", None),
])
def test_the_domain_an_organisation_registers(host: str, domain: str | None) -> None:
    assert i.registrable_domain(host) == domain


@pytest.mark.parametrize("address, identifier", [
    ("jan@birch.nl", "birch.nl"), (" Jan.de.Vries@Sales.Acme.CO.UK ", "acme.co.uk"), ("Jan@GMAIL.com", "jan@gmail.com"),
    ("piet@ziggo.nl", "piet@ziggo.nl"), ("x@acme.zendesk.com", None), ("bounce@sendgrid.net", None), ("jan", None), ("@birch.nl", None),
    ("jan@", None), ("a@b@birch.nl", None), ("jan@localhost", None), ("info@co.uk", None), ("jan@[10.0.0.1]", None),
])
def test_the_identifier_behind_an_address(address: str, identifier: str | None) -> None:
    assert i.of_address(address) == identifier


@pytest.mark.parametrize("number, identifier", [
    ("NL1234.56.789.B01", "vat:NL123456789B01"), ("nl 123456789 b01", "vat:NL123456789B01"), ("DE 129 273 398", "vat:DE129273398"),
    ("GB 980 7806 84", "vat:GB980780684"), ("XI980780684", "vat:XI980780684"), ("BE0428.759.497", "vat:BE0428759497"),
    ("EL094259216", "vat:EL094259216"), ("CHE-123.456.788", "vat:CHE123456788"), ("NL000099998B57", "vat:NL000099998B57"),
    ("123456789B01", None), ("NL", None), ("", None), ("+31 20 624 1111", None), ("US123456789", None), ("NLABCDEFG", None),
])
def test_vat_numbers(number: str, identifier: str | None) -> None:
    assert i.of_vat(number) == identifier


@pytest.mark.parametrize("number, identifier", [
    ("12345678", "kvk:12345678"), ("KvK 12.34.56.78", "kvk:12345678"), ("123456780001", "kvk:12345678"), ("1234567", None),
    ("+31 6 12345678", None), ("", None), ("１２３４５６７８", None),
])
def test_chamber_of_commerce_numbers(number: str, identifier: str | None) -> None:
    assert i.of_kvk(number) == identifier


@pytest.mark.parametrize("number, identifier", [
    ("NL91 ABNA 0417 1643 00", "iban:NL91ABNA0417164300"), ("de89370400440532013000", "iban:DE89370400440532013000"),
    ("GB33BUKB20201555555555", "iban:GB33BUKB20201555555555"), ("NL00ABNA0000000000", "iban:NL00ABNA0000000000"),
    ("0417164300", None), ("", None), ("NOTPROVIDED", None), ("+31612345678", None),
])
def test_accounts(number: str, identifier: str | None) -> None:
    assert i.of_iban(number) == identifier


@pytest.mark.parametrize("scheme, value, identifier", [
    ("0106", "12345678", "kvk:12345678"), ("NL:KVK", "12345678", "kvk:12345678"), ("0106", "123", None),
    ("9944", "NL123456789B01", "vat:NL123456789B01"), ("9930", "DE129273398", "vat:DE129273398"),
    ("9932", "GB980780684", "vat:GB980780684"), ("9944", "sample", "peppol:9944:SAMPLE"), ("EM", "inkoop@acme.com", "acme.com"),
    ("0088", "8712345 000004", "peppol:0088:8712345000004"), ("GLN", "8712345000004", "peppol:0088:8712345000004"),
    ("NL:OIN", "00000001003214345000", "peppol:0190:00000001003214345000"), ("0190", "1", "peppol:0190:1"), ("0204", "991-1", "peppol:0204:9911"),
    ("", "x", None), ("0106", " ", None), ("9905", "x", "peppol:9905:X"), ("9958", "DE129273398", "peppol:9958:DE129273398"), ("²", "1", "peppol:²:1"),
])
def test_endpoints(scheme: str, value: str, identifier: str | None) -> None:
    assert i.of_endpoint(scheme, value) == identifier


@pytest.mark.parametrize("names, identifier", [
    (["ACME  N.V.", "Acme NV", "acme n.v.", "Acme N. V.", "Acme Naamloze Vennootschap"], "name:acme-nv"),
    (["Café Müller GmbH", "CAFE MULLER G.m.b.H."], "name:cafe-muller-gmbh"),
    (["Oak & Elm Ltd", "Oak and Elm Limited", "OAK & ELM LTD."], "name:oak-and-elm-ltd"),
    (["Bakkerij van der Meer B.V.", "bakkerij van der meer bv"], "name:bakkerij-van-der-meer-bv"),
    (["B.V."], "name:bv"), (["V.O.F. Elm en Zoon"], "name:vof-elm-en-zoon"), (["ℌolz"], "name:holz"),
])
def test_names_in_other_clothes(names: list[str], identifier: str) -> None:
    assert {i.of_name(name) for name in names} == {identifier}


def test_other_legal_forms_are_other_names() -> None:
    assert len({i.of_name(name) for name in ("Birch BV", "Birch NV", "Birch", "Birch Holding BV")}) == 4


@pytest.mark.parametrize("name", ["", "  ", "--", "€ !"])
def test_nothing_is_no_name(name: str) -> None:
    assert i.of_name(name) is None


@pytest.mark.parametrize("text, identifier", [
    ("birch.nl", "birch.nl"), (" Mail.Birch.nl ", "birch.nl"), ("jan@birch.nl", "birch.nl"), ("jan@gmail.com", "jan@gmail.com"),
    ("vat:nl123456789b01", "vat:NL123456789B01"), ("kvk:12345678", "kvk:12345678"), ("iban:NL91 ABNA 0417 1643 00", "iban:NL91ABNA0417164300"),
    ("name:Acme N.V.", "name:acme-nv"), ("peppol:0106:12345678", "kvk:12345678"), ("peppol:0204:991-1", "peppol:0204:9911"),
    ("birch", None), ("kvk:12", None), ("", None), ("who knows", None),
])
def test_what_a_person_types(text: str, identifier: str | None) -> None:
    assert i.of_user(text) == identifier


def test_trust_follows_the_contract() -> None:
    best_first = ["birch.nl", "vat:NL1", "kvk:1", "peppol:0088:1", "iban:NL1", "name:x", "jan@gmail.com"]
    ranks = [i.trust_of(one) for one in best_first]
    assert ranks == sorted(set(ranks))
    assert i.is_person("jan@gmail.com")
    assert not i.is_person("gmail.nl")


TEXT = st.one_of(
    st.text(max_size=40), st.from_regex(r"\+?[0-9 ()./-]{6,18}", fullmatch=True), st.text("NLDEGB0123456789.- B@:²٣", max_size=24),
    st.from_regex(r"[a-z\u00a0ü。.@-]{1,20}", fullmatch=True), st.builds("{}@{}".format, st.text(max_size=8), st.text(max_size=12)),
)


@given(TEXT, TEXT)
def test_no_text_raises_and_what_comes_out_is_canonical(text: str, other: str) -> None:
    for found in (i.registrable_domain(text), i.of_address(text)):
        assert found is None or not re.search(r"\s|:|/", found)
    assert i.registrable_domain(i.registrable_domain(text) or "birch.nl") is not None
    for maker, scheme in ((i.of_vat, "vat:"), (i.of_kvk, "kvk:"), (i.of_iban, "iban:")):
        found = maker(text)
        if found is not None:
            assert re.fullmatch(scheme + "[A-Z0-9]+", found)
            assert maker(found.removeprefix(scheme)) == found
    name = i.of_name(text)
    assert name is None or i.of_name(name.removeprefix("name:").replace("-", " ")) == name
    i.of_endpoint(text, other)
    for typed in (text, f"vat:{text}", f"peppol:{text}", f"peppol:{text}:{other}"):
        found = i.of_user(typed)
        assert found is None or 0 <= i.trust_of(found) < len(i.TRUST)
