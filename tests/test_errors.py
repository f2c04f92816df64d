"""Errors, problems and sentences: what is wrong, where, what to do, in any language."""

from __future__ import annotations

import inspect
import re

import pytest

from evenwicht import errors
from evenwicht.errors import EvenwichtError, FileMissing, NotALedger, NothingRead, OwnFault, UnknownParty, WrongCall
from evenwicht.ledger.problems import Problem
from evenwicht.phrase import Phrase

DUTCH = {"{name} is missing.": "{name} ontbreekt.", "Nothing.": "Niets."}


@pytest.mark.parametrize("kind, code", [
    (WrongCall, 2), (FileMissing, 2), (NotALedger, 2), (UnknownParty, 2), (NothingRead, 1), (OwnFault, 3), (EvenwichtError, 3),
])
def test_exit_codes_are_those_of_the_contract(kind: type[EvenwichtError], code: int) -> None:
    assert kind("x").exit_code == code


def test_every_error_stands_in_the_tree_at_the_top_of_the_file() -> None:
    drawn = re.findall(r"^[│├└─ ]*(\w+)\s", str(errors.__doc__).partition("\n\n")[2], re.MULTILINE)
    tree = [name for name, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, EvenwichtError)]
    assert sorted(drawn) == sorted(tree)


def test_an_error_is_a_sentence_that_can_be_said_in_another_language() -> None:
    error = WrongCall("{name} is missing.", name="a{b}.parquet")
    assert str(error) == "a{b}.parquet is missing."
    assert error.phrase.said(lambda text: DUTCH[text]) == "a{b}.parquet ontbreekt."


def test_nothing_read_carries_its_problems() -> None:
    error = NothingRead("Nothing.")
    assert error.problems == ()
    error.problems = (Problem("a", "", "b", "c"),)
    assert NothingRead("Nothing.").problems == ()


def test_a_sentence_without_values_may_hold_braces() -> None:
    assert str(Phrase("Write {name}.")) == "Write {name}."
    assert Phrase("Nothing.").said(lambda text: DUTCH[text]) == "Niets."


def test_a_sentence_is_hashed_by_what_it_says() -> None:
    assert len({Phrase("a {n}", {"n": 1, "m": [2]}), Phrase("a {n}", {"m": [2], "n": 1}), Phrase("a {n}", {"n": 2}), Phrase("b {n}", {"n": 1})}) == 3


def test_a_problem_is_one_line_of_the_problem_file() -> None:
    problem = Problem("a.csv", "row 4", "The day {day} does not exist.", "Correct {day}.", "warning", {"day": "30-02"})
    assert problem.as_dict() == {
        "file": "a.csv", "place": "row 4", "what": "The day 30-02 does not exist.", "remedy": "Correct 30-02.", "severity": "warning"}
    assert problem.what_phrase == Phrase("The day {day} does not exist.", {"day": "30-02"})
    assert problem.remedy_phrase.template == "Correct {day}."


def test_equal_problems_are_one_in_a_set() -> None:
    assert len({Problem("a", "1", "{x}", "", values={"x": 1}), Problem("a", "1", "{x}", "", values={"x": 1}), Problem("a", "1", "{x}", "", values={"x": 2})}) == 2
    assert Problem("a", "", "b", "c").severity == "error"
