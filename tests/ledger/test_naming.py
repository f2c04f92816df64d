"""What a written name says: by law, in trade, and without the legal form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.ledger.identifiers import of_name, public_suffix
from evenwicht.ledger.naming import Said, core_of, has_legal_form, taken_apart, without_form, words_of


@pytest.mark.parametrize("name, legal, trading", [
    ("Jansen Beheer B.V. h/o De Gouden Appel", "Jansen Beheer B.V.", ("De Gouden Appel",)),
    ("J. Jansen t/a Golden Apples", "J. Jansen", ("Golden Apples",)),
    ("Oak BV, handelend onder de naam Elm", "Oak BV", ("Elm",)),
    ("Oak BV tevens handelend onder Elm / Birch", "Oak BV", ("Elm", "Birch")),
    ("Oak Ltd (trading as Elm)", "Oak Ltd", ("Elm",)),
    ("Oak Inc. d/b/a Elm", "Oak Inc.", ("Elm",)), ("Oak LLC DBA Elm", "Oak LLC", ("Elm",)),
    ("Oak BV h/o Elm h/o Birch h/o Elm", "Oak BV", ("Elm", "Birch")), ("Oak BV  H/O:  Elm", "Oak BV", ("Elm",)),
])
def test_legal_and_trading_names(name: str, legal: str, trading: tuple[str, ...]) -> None:
    assert taken_apart(name) == Said(legal, trading)


@pytest.mark.parametrize("name", [
    "Oak BV", "Handelend Onder BV", "DBA Systems BV", "h/o", "Oak BV h/o", "h/o Elm", "Who/other BV", "Foh/oak", "", "Oak BV h/o €",
])
def test_other_names_are_left_whole(name: str) -> None:
    assert taken_apart(name) == Said(name)


@pytest.mark.parametrize("names, core", [
    (["ACME B.V.", "Acme", "name:acme-nv", "Acme N. V.", "acme gmbh & co. kg", "Acme Sp. z o.o.", "Acme Sp. z o. o.", "Acme S.à r.l.", "Acme S.p.A.",
      "Acme s.r.o.", "Acme V.O.F.", "Acme OÜ", "Acme L.L.C.", "B.V. Acme"], ("acme",)),
    (["Oak & Elm Ltd", "OAK AND ELM LIMITED"], ("oak", "and", "elm")), (["B.V.", "name:bv"], ("bv",)), (["", "€"], ()),
    (["Bakkerij van der Meer VOF"], ("bakkerij", "van", "der", "meer")),
])
def test_what_is_left_without_the_legal_form(names: list[str], core: tuple[str, ...]) -> None:
    assert {core_of(name) for name in names} == {core}


@pytest.mark.parametrize("name, formed", [("Acme BV", True), ("V.O.F. Elm", True), ("J. Jansen", False), ("BV", False), ("", False)])
def test_who_has_a_legal_form(name: str, formed: bool) -> None:
    assert has_legal_form(name) is formed


def test_what_anyone_can_register_under() -> None:
    assert [public_suffix(one) for one in ("acme.co.uk", "acme.nl", "acme.example")] == ["co.uk", "nl", "example"]


@given(st.text(max_size=60), st.sampled_from(["", " h/o ", " BV t/a ", " handelend onder de naam "]), st.text(max_size=30))
def test_any_text_is_taken_apart_and_names_survive_their_identifier(first: str, between: str, second: str) -> None:
    name = first + between + second
    said = taken_apart(name)
    assert all(of_name(text) for text in said.trading)
    assert said.trading == () or of_name(said.legal) is not None
    called = of_name(name)
    assert words_of(name) == (() if called is None else words_of(called))
    assert core_of(name) == (() if called is None else core_of(called))


@pytest.mark.parametrize("name, short", [
    ("Berk Verpakkingen B.V.", "Berk Verpakkingen"), ("Koster Groep NV", "Koster Groep"), ("Müller GmbH & Co. KG", "Müller"),
    ("Jansen & Smit VOF", "Jansen & Smit"), ("Studio, Inc.", "Studio"), ("Acme", "Acme"), ("B.V.", "B.V."), ("", ""),
])
def test_a_name_without_its_legal_form_is_written_as_it_was(name: str, short: str) -> None:
    assert without_form(name) == short
