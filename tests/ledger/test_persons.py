"""Pseudonyms: the same person gives the same digits, and without the key nothing leads back."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from evenwicht.ledger.persons import Pseudonyms


@given(st.emails())
def test_the_same_person_has_one_pseudonym_under_one_key(address: str) -> None:
    of = Pseudonyms(b"k" * 32)
    digits = of(address)
    assert digits is not None
    assert re.fullmatch("[0-9a-f]{16}", digits)
    assert of(f"  {address.upper().lower()} ") == Pseudonyms(b"k" * 32)(address.lower())
    assert Pseudonyms(b"K" * 32)(address) != digits


def test_case_and_white_space_are_no_other_person() -> None:
    of = Pseudonyms(b"k")
    assert of(" Jan@Birch.NL ") == of("jan@birch.nl")
    assert of("piet@birch.nl") != of("jan@birch.nl")


def test_nobody_has_no_pseudonym() -> None:
    assert Pseudonyms(b"k")("") is None
