"""Which payment settles which invoice, which two bookings are one payment, and whose account it was."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.notation import parsed, read_lines
from evenwicht.ledger.settle import denominated, mirrored, same_payers, settled, tokens_of
from evenwicht.ledger.table import frame_of


def frame(*lines: str) -> pl.DataFrame:
    return frame_of(map(parsed, lines))


def invoice(number: str, amount: float | str, day: str = "03-02", unit: str = "EUR", more: str = "") -> str:
    return f"2026-{day}T00:00Z birch.nl -> acme.com invoice {amount} {unit} <invoice:birch.nl:{number}:2026> {more}"


def payment(name: str, amount: float | str, day: str = "04-02", ref: str = "", more: str = "", unit: str = "EUR") -> str:
    refs = "".join(f" ref <{one}>" for one in ref.split())
    return f"2026-{day}T00:00Z acme.com -> birch.nl payment {amount} {unit} <{name}> {more} {refs}"


def reversal(name: str, amount: float, day: str, more: str = "") -> str:
    return f"2026-{day}T00:00Z acme.com -> birch.nl reversal {amount} EUR <{name}> {more}"


def answers(*lines: str) -> dict[str, tuple[str | None, float]]:
    """id → (number of the invoice it settles, or what it answers; amount), for all that is no invoice."""
    found = {}
    for row in settled(frame(*lines)).filter(pl.col("kind") != "invoice").iter_rows(named=True):
        target = row["answers"]
        found[row["id"]] = (target.split(":")[2] if target and target.startswith("invoice:") else target, row["amount"])
    return found


def test_a_reference_goes_before_amount_and_age() -> None:
    assert answers(invoice("A100", 50), invoice("A101", 50, "03-03"), payment("p", 50, ref="A101")) == {"p": ("A101", 50)}


@pytest.mark.parametrize("number, ref", [("2026-014", "2026014"), ("a-14", "A-14"), ("A14", "account:NL1 a14"), ("X/77", "X77")])
def test_a_reference_is_known_in_other_clothes(number: str, ref: str) -> None:
    assert answers(invoice("999", 50, "03-01"), invoice(number, 50), payment("p", 50, ref=ref))["p"] == (number, 50)


def test_a_reference_of_the_invoice_counts_as_its_number() -> None:
    assert answers(invoice("100", 50), invoice("101", 50, more="ref <RF18000>"), payment("p", 50, ref="rf18000"))["p"] == ("101", 50)


@pytest.mark.parametrize("ref", ["14", "account:A14", "subject:A14", "RENT"])
def test_chance_is_no_reference(ref: str) -> None:
    assert answers(invoice("999", 70, "03-01"), invoice("14", 50), invoice("RENT", 50), payment("p", 70, ref=ref))["p"] == ("999", 70)


def test_the_exact_open_amount_the_oldest_first() -> None:
    lines = [invoice("100", 75), invoice("101", 50, "03-03"), invoice("102", 50, "03-04"), payment("p", 50), payment("q", 50, "04-03")]
    assert answers(*lines) == {"p": ("101", 50), "q": ("102", 50)}


def test_an_invoice_of_later_is_not_paid_by_amount_but_is_by_reference() -> None:
    assert answers(invoice("100", 50, "05-02"), payment("p", 50)) == {"p": (None, 50)}
    assert answers(invoice("100", 50, "05-02"), payment("p", 50, ref="100")) == {"p": ("100", 50)}


def test_a_run_of_neighbours() -> None:
    lines = [invoice(str(100 + n), amount, f"03-0{n + 1}") for n, amount in enumerate((10, 20.1, 30.2, 40))]
    assert answers(*lines, payment("p", 50.3)) == {"p#part1": ("101", 20.1), "p#part2": ("102", 30.2)}


@pytest.mark.parametrize("amounts, paid, parts", [
    ((10, 25, 40), 50, {"100": 10, "102": 40}), ((10, 25, 40, 75, 3), 53, {"100": 10, "102": 40, "104": 3}),
])
def test_a_few_that_are_no_neighbours(amounts: tuple[float, ...], paid: float, parts: dict[str, float]) -> None:
    lines = [invoice(str(100 + n), amount, f"03-0{n + 1}") for n, amount in enumerate(amounts)]
    assert dict(answers(*lines, payment("p", paid)).values()) == parts


def test_what_fits_nothing_answers_nothing() -> None:
    assert answers(invoice("100", 50), invoice("101", 20), payment("p", 33)) == {"p": (None, 33)}


def test_partial_payments_fill_an_invoice() -> None:
    lines = [invoice("100", 100), payment("p", 30, "04-01", "100"), payment("q", 30, "04-02", "100"), payment("r", 40, "04-03")]
    assert answers(*lines) == {"p": ("100", 30), "q": ("100", 30), "r": ("100", 40)}


def test_an_overpayment_keeps_what_is_over() -> None:
    assert answers(invoice("100", 100), payment("p", 130, ref="100")) == {"p#part1": ("100", 100), "p#part2": (None, 30)}


def test_a_payment_of_two_named_invoices_is_split_and_loses_nothing() -> None:
    found = settled(frame(invoice("100", 100), invoice("101", 20, "03-03"), payment("p", 120, ref="101 100", more="evidence <bank#1>")))
    rows = found.filter(pl.col("kind") == "payment").sort("id")
    assert rows.select("id", "answers", "amount").rows() == [
        ("p#part1", "invoice:birch.nl:100:2026", 100.0), ("p#part2", "invoice:birch.nl:101:2026", 20.0)]
    assert rows["evidence"].to_list() == [["bank#1"], ["bank#1"]]
    assert rows["id_raw"].to_list() == ["p", "p"]


def test_what_is_paid_is_not_paid_again() -> None:
    assert answers(invoice("100", 50), payment("p", 50, "04-01", "100"), payment("q", 50, "04-02", "100")) == {"p": ("100", 50), "q": (None, 50)}


@pytest.mark.parametrize("other", [payment("p", 50, unit="USD"), payment("p", "?"), "2026-04-02T00:00Z birch.nl -> acme.com payment 50 EUR <p>"])
def test_other_money_settles_nothing(other: str) -> None:
    assert answers(invoice("100", 50), other)["p"][0] is None


def test_a_payment_that_says_what_it_pays_is_believed() -> None:
    given_ = payment("p", 50, "04-01", more="answers <invoice:birch.nl:101:2026>")
    assert answers(invoice("100", 50), invoice("101", 50, "03-03"), given_, payment("q", 50)) == {"p": ("101", 50), "q": ("100", 50)}
    unknown = payment("p", 50, "04-01", more="answers <invoice:birch.nl:7:2019>")
    assert answers(invoice("100", 50), unknown, payment("q", 50)) == {"p": ("7", 50), "q": ("100", 50)}


def credit(name: str, amount: float, more: str) -> str:
    return f"2026-03-20T00:00Z birch.nl -> acme.com credit_note {amount} EUR <credit_note:birch.nl:{name}:2026> {more}"


@pytest.mark.parametrize("more", ["answers <invoice:birch.nl:100:2026>", "answers <invoice:birch.nl:100:2025>", "ref <100>"])
def test_a_credit_note_lowers_what_is_open(more: str) -> None:
    found = answers(invoice("100", 100), invoice("101", 70, "03-03"), credit("C1", 30, more), payment("p", 70))
    assert found == {"credit_note:birch.nl:C1:2026": ("100", 30), "p": ("100", 70)}


def test_a_credit_note_that_names_two_or_none_lowers_nothing() -> None:
    lines = [invoice("100", 100), invoice("101", 70, "03-03")]
    assert answers(*lines, credit("C1", 30, "ref <100> ref <101>"))["credit_note:birch.nl:C1:2026"] == (None, 30)
    assert answers(*lines, credit("C1", 30, ""), payment("p", 100))["p"] == ("100", 100)
    assert answers(*lines, credit("C1", 30, "answers <invoice:birch.nl:9:2025>"))["credit_note:birch.nl:C1:2026"] == ("9", 30)


def test_a_reversal_answers_the_last_payment_of_its_amount() -> None:
    lines = [payment("p", 50, "04-01"), payment("q", 50, "04-02"), payment("r", 50, "04-09"), payment("s", 40, "04-03")]
    assert answers(*lines, reversal("x", 50, "04-05"), reversal("y", 50, "04-06"), reversal("z", 50, "04-07")) == {
        "p": (None, 50), "q": (None, 50), "r": (None, 50), "s": (None, 40), "x": ("q", 50), "y": ("p", 50), "z": (None, 50)}


def test_a_reversal_that_names_its_payment_is_believed() -> None:
    lines = [payment("p", 50, "04-01"), payment("q", 50, "04-02")]
    assert answers(*lines, reversal("x", 50, "04-05", "answers <q>"), reversal("y", 50, "04-06")) == {
        "p": (None, 50), "q": (None, 50), "x": ("q", 50), "y": ("p", 50)}


@pytest.mark.parametrize("ref, named", [("100", ""), ("", ""), ("", "answers <p>")])
def test_a_payment_that_was_taken_back_leaves_the_invoice_open_for_the_next(ref: str, named: str) -> None:
    lines = [invoice("100", 50), payment("p", 50, "04-01", ref), reversal("x", 50, "04-05", named), payment("q", 50, "04-20", ref)]
    assert answers(*lines) == {"p": ("100", 50), "x": ("p", 50), "q": ("100", 50)}


def test_before_it_is_taken_back_the_invoice_is_paid() -> None:
    lines = [invoice("100", 50), payment("p", 50, "04-01", "100"), payment("q", 50, "04-02", "100"), reversal("x", 50, "04-05", "answers <p>")]
    assert answers(*lines)["q"] == (None, 50)


def test_a_payment_with_its_answer_that_was_taken_back_lowers_nothing() -> None:
    lines = [invoice("100", 50), payment("p", 50, "04-01", more="answers <invoice:birch.nl:100:2026>"), reversal("x", 50, "04-05"), payment("q", 50, "04-20")]
    assert answers(*lines) == {"p": ("100", 50), "x": ("p", 50), "q": ("100", 50)}


def test_taking_back_a_split_payment_takes_back_each_part() -> None:
    lines = [invoice("100", 30), invoice("101", 20, "03-03"), payment("p", 50, "04-01", "100 101"), reversal("x", 50, "04-05", "answers <p>"), payment("q", 30, "04-20")]
    assert answers(*lines) == {
        "p#part1": ("100", 30), "p#part2": ("101", 20), "x#part1": ("p#part1", 30), "x#part2": ("p#part2", 20), "q": ("100", 30)}


def test_rows_that_are_no_money_pass_through() -> None:
    rows = frame("2026-03-02T09:14Z a.nl -> b.nl message 4 words <m>")
    assert settled(rows).equals(rows)
    assert mirrored(rows) == (rows, None)
    assert same_payers(rows) == []


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 28)), max_size=9), st.lists(st.tuples(st.integers(1, 200), st.integers(1, 28), st.sampled_from(["", "inv1", "inv2 inv3"])), max_size=9))
@settings(max_examples=50)
def test_no_cent_comes_or_goes_and_no_invoice_is_paid_twice(billed: list[tuple[int, int]], paid: list[tuple[int, int, str]]) -> None:
    lines = [invoice(f"inv{n}", amount / 4, f"03-{day:02}") for n, (amount, day) in enumerate(billed)]
    lines += [payment(f"p{n}", amount / 4, f"04-{day:02}", ref) for n, (amount, day, ref) in enumerate(paid)]
    found = settled(frame(*lines)) if lines else frame()
    money = found.filter(pl.col("kind") == "payment")
    assert money["amount"].sum() == sum(amount for amount, _day, _ref in paid) / 4
    per_payment = dict(money.group_by("id_raw").agg(pl.col("amount").sum()).iter_rows())
    assert per_payment == {f"p{n}": amount / 4 for n, (amount, _day, _ref) in enumerate(paid)}
    for target, total in money.drop_nulls("answers").group_by("answers").agg(pl.col("amount").sum()).iter_rows():
        assert total <= billed[int(target.split(":")[2].removeprefix("inv"))][0] / 4 + 1e-9


BOOKS = ("ref <account:NL1> evidence <ours.xml#1>", "ref <account:NL2> evidence <theirs.xml#1>")


def pair(first: str, second: str, *, more: tuple[str, str] = BOOKS, days: tuple[str, str] = ("04-02", "04-04"), amounts: tuple[float, float] = (50, 50)) -> pl.DataFrame:
    return frame(*(payment(name, amount, day, more=where) for name, amount, day, where in zip((first, second), amounts, days, more, strict=True)))


def test_one_payment_in_two_books_is_one() -> None:
    rows, aside = mirrored(pair("p", "q"))
    assert rows["id"].to_list() == ["p"]
    assert rows["evidence"].to_list() == [["ours.xml#1", "theirs.xml#1"]]
    assert rows["references"].to_list() == [["account:NL1", "account:NL2"]]
    assert aside is not None
    assert aside.equals(pair("p", "q"))


@pytest.mark.parametrize("more", [
    ("ref <account:NL1> evidence <a.xml#1>", "ref <account:NL1> evidence <b.xml#1>"), ("evidence <a.csv#1>", "evidence <a.csv#2>"),
    ("ref <account:NL1> ref <A100>", "ref <account:NL2> ref <A101>"),
])
def test_two_in_one_book_or_with_other_references_are_two(more: tuple[str, str]) -> None:
    rows, aside = mirrored(pair("p", "q", more=more))
    assert (rows.height, aside) == (2, None)


@pytest.mark.parametrize("more", [
    ("ref <account:NL1> ref <A100>", "ref <account:NL2>"), ("ref <account:NL1> ref <a100> ref <X99>", "ref <account:NL2> ref <A100>"),
    ("evidence <a.csv#1>", "evidence <b.csv#1>"), ("ref <account:NL1> evidence <same.csv#1>", "ref <account:NL2> evidence <same.csv#2>"),
])
def test_books_are_told_apart_by_account_else_by_file(more: tuple[str, str]) -> None:
    assert mirrored(pair("p", "q", more=more))[0].height == 1


@pytest.mark.parametrize("days, amounts, left", [
    (("04-02", "04-07"), (50, 50), 1), (("04-02", "04-08"), (50, 50), 2), (("04-02", "04-02"), (50, 50), 1), (("04-02", "04-02"), (50, 50.01), 2),
])
def test_five_days_and_the_very_amount(days: tuple[str, str], amounts: tuple[float, float], left: int) -> None:
    assert mirrored(pair("p", "q", days=days, amounts=amounts))[0].height == left


def test_a_book_that_leaves_out_the_currency_contradicts_nobody() -> None:
    untold, told = payment("p", 50, more="evidence <open.csv#1>", unit="-"), payment("q", 50, "04-03", more="evidence <bank.xml#1>")
    rows, _aside = mirrored(frame(untold, told))
    assert rows.select("id", "unit").rows() == [("p", "EUR")]
    assert mirrored(frame(payment("p", 50, unit="USD", more="evidence <a.csv#1>"), told))[0].height == 2


@pytest.mark.parametrize("lines, units", [
    ((invoice("100", 50, unit="-"), payment("p", 50, unit="USD", more="answers <invoice:birch.nl:100:2026>"), payment("q", 7)), ["USD", "USD", "EUR"]),
    ((invoice("100", 50), payment("p", 50, unit="-", more="answers <invoice:birch.nl:100:2026>"), payment("q", 7, unit="USD")), ["EUR", "EUR", "USD"]),
    ((invoice("100", 50, unit="-"), payment("q", 7)), ["EUR", "EUR"]),
    ((invoice("100", 50, unit="-"), payment("q", 7), payment("r", 7, unit="USD")), ["", "EUR", "USD"]),
    ((invoice("100", 50, unit="-"), "2026-04-02T00:00Z oak.nl -> birch.nl payment 50 EUR <o>"), ["", "EUR"]),
    ((invoice("100", 50, unit="-"), payment("q", "?", unit="-")), ["", ""]),
])
def test_an_untold_currency_is_that_of_the_answer_else_the_only_one_of_the_pair(lines: tuple[str, ...], units: list[str]) -> None:
    assert denominated(frame(*lines))["unit"].to_list() == units


def test_two_payments_in_two_books_are_two_and_not_one() -> None:
    rows = pl.concat([pair("p1", "q1", days=("04-02", "04-03")), pair("p2", "q2", days=("04-04", "04-05"))])
    kept, aside = mirrored(rows)
    assert sorted(kept["id"].to_list()) == ["p1", "p2"]
    assert aside is not None
    assert aside.height == 4


def test_what_the_second_book_knows_of_the_invoice_stays_known() -> None:
    more = (BOOKS[0], BOOKS[1] + " answers <invoice:birch.nl:100:2026>")
    assert mirrored(pair("p", "q", more=more))[0]["answers"].to_list() == ["invoice:birch.nl:100:2026"]


def test_the_account_that_pays_an_invoice_to_the_cent_is_the_buyers() -> None:
    paid = "2026-04-02T00:00Z iban:NL1 -> birch.nl payment {} EUR <p> ref <{}>"
    assert same_payers(frame(invoice("A100", 50), paid.format(50, "a100"))) == [Mention(("iban:NL1", "acme.com"))]
    assert same_payers(frame(invoice("A100", 50), paid.format(49, "a100"))) == []
    assert same_payers(frame(invoice("A100", 50), paid.format(50, "a101"))) == []
    assert same_payers(frame(invoice("100", 50), paid.format(50, "100"))) == []
    assert same_payers(frame(invoice("A100", 50), paid.format(50, "a100").replace("iban:NL1", "oak.nl"))) == []


def test_who_pays_for_two_buyers_proves_nothing() -> None:
    rows = frame(
        invoice("A100", 50), invoice("A101", 50).replace("acme.com", "oak.nl"),
        *(f"2026-04-02T00:00Z iban:NL1 -> birch.nl payment 50 EUR <p{n}> ref <A{n}>" for n in (100, 101)))
    assert same_payers(rows) == []


def test_tokens() -> None:
    assert tokens_of(["a100", "account:NL1", "subject:x", "12", "123"]) == {"A100", "123"}


def test_a_number_and_a_payment_reference_of_one_invoice_do_not_contradict() -> None:
    """The books name the invoice, the bank its structured reference: one payment, seen twice."""
    lines = [
        "2026-03-01T00:00Z birch.nl -> acme.com invoice 121 EUR <invoice:birch.nl:2026-0001:2026> ref <2026-0001> ref <8000202600010001>",
        "2026-03-20T00:00Z acme.com -> birch.nl payment 121 EUR <E2E-1> ref <8000202600010001> ref <account:NL91ABNA0417164300> evidence <bank.xml#1>",
        "2026-03-21T00:00Z acme.com -> birch.nl payment 121 EUR <pay:1> ref <2026-0001> evidence <books.xaf#7>",
    ]
    assert mirrored(frame_of(read_lines(lines)))[0].filter(pl.col("kind") == "payment").height == 1
    other = lines[2].replace("ref <2026-0001>", "ref <2026-0002>")
    assert mirrored(frame_of(read_lines([*lines[:2], other])))[0].filter(pl.col("kind") == "payment").height == 2
