"""Names as whole numbers, in the order of the names; identities as codes that are the same where the names are."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.errors import WrongCall
from evenwicht.ledger.notation import read_lines
from evenwicht.ledger.table import frame_of, in_order
from evenwicht.measures import codes
from measures.lines import A, B, C, written


def rows(text: str) -> pl.DataFrame:
    return frame_of(read_lines(written(text)))


TIED = """
    2026-03-02T09:00Z A -> B message 1 words <1>
    2026-03-02T09:00Z A -> B question 1 count <1>
    2026-03-02T09:00Z A -> C message 1 words <2>
    2026-03-02T09:00Z B -> A message 1 words <2>
    2026-03-02T09:00Z B -> C message 1 words <2>
    2026-03-03T09:00Z A -> B message 1 words <0>
"""


@given(st.permutations(range(6)))
def test_rows_are_in_order_when_sorting_would_change_nothing(order: list[int]) -> None:
    shuffled = rows(TIED)[order]
    ids = ["id", "kind", "giver", "receiver"]
    already = shuffled.select("at", *ids).equals(in_order(shuffled).select("at", *ids))
    assert codes.in_its_order(shuffled) == already
    assert codes.ordered(shuffled).select(ids).equals(in_order(shuffled).select(ids))
    assert (codes.ordered(shuffled) is shuffled) == already


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_few_rows_are_sorted_too(count: int) -> None:
    some = rows(TIED).tail(count)
    assert codes.ordered(some.reverse()).select("at", "id", "receiver").equals(some.select("at", "id", "receiver"))


def test_one_row_or_none_is_in_order() -> None:
    some = rows(TIED)
    assert codes.ordered(some.head(1)).height == 1
    assert codes.ordered(some.head(0)).height == 0


@given(st.lists(st.tuples(st.text(min_size=1, max_size=4), st.text(min_size=1, max_size=4)), max_size=8))
def test_codes_of_parties_are_in_the_order_of_their_names(pairs: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame({"giver": [one for one, _ in pairs], "receiver": [other for _, other in pairs]},
                         schema={"giver": pl.String, "receiver": pl.String})
    names = codes.names_in(frame)
    assert list(names) == sorted({name for pair in pairs for name in pair})
    coded = codes.party_codes(frame, names)
    for (giver, receiver), (one, other) in zip(pairs, coded.iter_rows(), strict=True):
        assert (one < other) == (giver < receiver)
        assert codes.decoded([one, other], names).to_list() == [giver, receiver]


def test_identities_are_the_same_where_the_names_are() -> None:
    found = codes.identities(rows("""
        2026-03-02T09:00Z A -> B message 1 words <m> thread <m>
        2026-03-02T09:00Z A -> B question 1 count <m#q>
        2026-03-03T09:00Z B -> A message 1 words <n> answers <m> thread <m>
        2026-03-03T09:00Z B -> A message 1 words <odd#q>
    """))
    first, question, reply, odd = found.iter_rows(named=True)
    assert first["id"] == first["thread"] == question["id"] == reply["answers"] == reply["thread"] == codes.identity("m")
    assert question["thread"] is None
    assert first["answers"] is None
    assert odd["id"] == codes.identity("odd#q")
    assert len({first["id"], reply["id"], odd["id"]}) == 3


def test_parts_of_a_payment_and_what_takes_it_back_are_of_the_whole() -> None:
    found = codes.identities(rows("""
        2026-03-02T09:00Z A -> B payment 1 EUR <p#part1> answers <i>
        2026-03-02T09:00Z A -> B payment 1 EUR <p#part12> answers <j#part1>
        2026-03-03T09:00Z B -> A reversal 2 EUR <r> answers <p#part1>
        2026-03-04T09:00Z B -> A reversal 2 EUR <s> answers <p>
        2026-03-04T09:00Z B -> A reversal 2 EUR <t>
    """))
    whole = codes.identity("p")
    assert found["id"].to_list()[:2] == [whole, whole]
    assert found["answers"].to_list()[2:] == [whole, whole, None]
    assert found["answers"].to_list()[1] == codes.identity("j#part1")


def test_few_words_are_in_their_own_order_and_none_is_empty() -> None:
    found = codes.few_words(pl.Series(["words", None, "EUR", "words"]))
    assert found.cast(pl.String).to_list() == ["words", "", "EUR", "words"]
    assert found.sort().cast(pl.String).to_list() == ["", "EUR", "words", "words"]


def test_what_a_key_cannot_hold_is_refused() -> None:
    codes.fits(2_000_000, 550_000)
    with pytest.raises(WrongCall, match="4000000000 parties over 1 weeks are more than one run can hold"):
        codes.fits(4_000_000_000, 1)
    codes.fits(2**31, 1)
    with pytest.raises(WrongCall, match="are more than one run can hold"):
        codes.fits(2**31, 2)  # 2^63 itself is one more than a whole number of 64 bits


def test_the_names_of_these_tests_are_in_order() -> None:
    assert A < B < C
