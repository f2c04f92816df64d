"""Every form a result can take: the contract of the family, and what each form promises on its own."""

from __future__ import annotations

import csv as stdlib_csv
import io
import json as stdlib_json
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports.stand_in import UNTIL, US, StandIn, axis, relation

from evenwicht import registry
from evenwicht.errors import UnknownParty, WrongCall
from evenwicht.phrase import Phrase
from evenwicht.reports.formats import chosen, csv, json, only, parquet, table, text
from evenwicht.reports.formats.columns import AXIS_COLUMNS

FOUND = StandIn()
EMPTY = StandIn(found=[], needs=())
PAIR = ("birch.nl", "acme.com")
FORMATS = registry.members("evenwicht.reports.formats")


def written(form: Any, found: StandIn = FOUND, **options: Any) -> str:
    target = io.StringIO()
    form.write(found, target, **options)
    return target.getvalue()


# the family ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_members_say_what_they_are(name: str) -> None:
    form = FORMATS[name]
    assert name == form.NAME
    assert form.SUFFIX.startswith(".")
    assert isinstance(form.BINARY, bool)
    assert form.ONE_RELATION in {True, False, None}


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("language", ["en", "nl"])
def test_members_write_one_relation_twice_the_same(name: str, language: str) -> None:
    form = FORMATS[name]
    made = []
    for _ in range(2):
        target: Any = io.BytesIO() if form.BINARY else io.StringIO()
        form.write(FOUND, target, language=language, chair=US, between=PAIR)
        made.append(target.getvalue())
    assert made[0] == made[1]
    assert made[0]


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_members_refuse_two_who_have_no_relation(name: str) -> None:
    form = FORMATS[name]
    target: Any = io.BytesIO() if form.BINARY else io.StringIO()
    with pytest.raises(UnknownParty, match="zebra"):
        form.write(FOUND, target, between=("birch.nl", "zebra.com"))


def test_the_order_of_the_pair_does_not_matter() -> None:
    assert chosen(FOUND.as_dict()["relations"], PAIR) == chosen(FOUND.as_dict()["relations"], PAIR[::-1])


def test_it_must_be_clear_which_relation() -> None:
    with pytest.raises(WrongCall, match="9"):
        only(FOUND.as_dict()["relations"], None, None)
    with pytest.raises(WrongCall, match=r"cobalt\.de has no chair"):
        only(FOUND.as_dict()["relations"], PAIR, "cobalt.de")


# json ----------------------------------------------------------------------------------------------------------------

KEYS = {"schema", "until", "us", "parameters", "expected_wrong", "needs", "relations"}


def test_json_is_the_contract() -> None:
    found = StandIn(found=FOUND.found[::-1])
    read = stdlib_json.loads(written(json, found))
    assert set(read) == KEYS
    assert read["relations"] == sorted(FOUND.as_dict()["relations"], key=lambda one: (one["a"], one["b"]))
    assert read["until"] == "2026-06-30"
    assert read["needs"] == [str(one) for one in FOUND.needs]


def test_json_is_the_same_in_every_language_and_from_every_chair() -> None:
    assert written(json, language="nl", chair="acme.com") == written(json)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=8,
))
def test_no_nan_can_get_into_json(value: Any) -> None:
    said = stdlib_json.dumps(json.plain(value), allow_nan=False)
    assert "NaN" not in said or "NaN" in str(value)


def test_json_says_days_and_phrases() -> None:
    assert json.plain([date(2026, 1, 2), Phrase("since {day}", {"day": "x"}), (1, float("inf"))]) == \
        ["2026-01-02", "since x", [1, None]]


# csv -----------------------------------------------------------------------------------------------------------------


def rows(found: StandIn = FOUND, **options: Any) -> list[dict[str, str]]:
    return list(stdlib_csv.DictReader(io.StringIO(written(csv, found, **options))))


def test_csv_has_one_row_for_each_relation_and_axis() -> None:
    read = rows()
    assert tuple(read[0]) == AXIS_COLUMNS
    assert [(one["a"], one["b"], one["axis"]) for one in read] == [
        (one["a"], one["b"], part["axis"]) for one in FOUND.found for part in one["axes"]
    ]
    assert {one["b"] for one in rows(between=PAIR)} == {US}


def test_csv_keeps_figures_and_shows_several_values_of_a_cell() -> None:
    favours = next(one for one in rows(between=PAIR) if one["axis"] == "favours")
    assert favours["unit"] == "hours; EUR"
    assert favours["a_long"] == "41.0; 900.0"
    money = next(one for one in rows(between=PAIR) if one["axis"] == "money")
    assert float(money["level"]) == -1.1  # a negative figure is no formula
    assert stdlib_json.loads(money["rates"])["a"] == {"n": 24, "kept": 3, "median_wait": 17.0}
    assert money["expected_back"] == ""


@given(st.text(max_size=20))
def test_no_text_cell_can_be_run(said: str) -> None:
    one = csv.cell(said)
    assert isinstance(one, str)
    assert not one.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert one == (f"'{said}" if said[:1] in tuple("=+-@\t\r\n") and said else said)


def test_a_party_that_is_a_formula_is_only_text() -> None:
    attack = "=cmd|'/C calc'!A0"
    found = StandIn(found=[relation(attack, "birch.nl", "balanced", [axis("words", "balanced", attack, "birch.nl",
                                                                          needs=["@SUM(A1)"])])])
    assert rows(found)[0]["a"] == f"'{attack}"
    assert rows(found)[0]["needs"] == "'@SUM(A1)"


# parquet -------------------------------------------------------------------------------------------------------------


def test_parquet_has_the_names_of_the_json_and_keeps_types() -> None:
    target = io.BytesIO()
    parquet.write(FOUND, target)
    read = pl.read_parquet(io.BytesIO(target.getvalue()))
    assert tuple(read.columns) == AXIS_COLUMNS
    assert read.height == sum(len(one["axes"]) for one in FOUND.found)
    assert read["level"].dtype == pl.Float64
    assert read["unit"].dtype == pl.List(pl.String)
    one = io.BytesIO()
    parquet.write(FOUND, one, between=PAIR)
    assert set(pl.read_parquet(io.BytesIO(one.getvalue()))["a"]) == {"acme.com"}


# table and text ------------------------------------------------------------------------------------------------------


def test_the_table_says_the_gravest_first_and_what_it_costs_to_believe_it() -> None:
    said = written(table)
    order = [said.index(name) for name in ("Acme", "Elm", "Dune", "Cobalt", "Gable", "Fjørd", "Heron")]
    assert order == sorted(order)
    assert "Of the 3 called structurally out of balance, fewer than one is expected not to be." in said
    assert "sent mail of Fjørd AS" in said
    assert "Shared facts until 30\u00a0June 2026." in said
    assert "Birch BV" not in said.split("Shared facts")[0]  # from our own seat the other is named


def test_what_a_list_costs_is_not_said_of_one_relation() -> None:
    said = written(table, between=PAIR)
    assert "Acme NV" in said
    assert "Dune" not in said
    assert "called structurally out of balance" not in said


def test_the_table_in_dutch() -> None:
    said = written(table, language="nl")
    assert "Structureel" in said
    assert "bankafschriften van Birch BV na 31\u00a0mei 2026" in said
    assert "Structural" not in said


def test_the_handlebar_leans_toward_the_side_that_receives_more() -> None:
    one = FOUND.found[0]  # toward acme.com
    assert table.glyph(one, "birch.nl") == "╱╱"  # own seat left, so it leans right
    assert table.glyph(one, "acme.com") == "╲╲"
    assert table.glyph(FOUND.found[7], US) == "╳"
    assert table.glyph(FOUND.found[5], US) == "│"


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_table_keeps_to_its_width(width: int, language: str) -> None:
    for line in written(table, width=width, language=language).splitlines():
        assert len(line) <= width


def test_an_empty_result_is_said() -> None:
    assert "No relation has been found." in written(table, EMPTY)
    assert "Er is geen relatie gevonden." in written(table, EMPTY, language="nl")
    assert rows(EMPTY) == []
    assert stdlib_json.loads(written(json, EMPTY))["relations"] == []


def test_names_are_not_markup_and_cannot_steer_the_terminal() -> None:
    found = StandIn(names={**FOUND.names, "acme.com": "[red]Acme[/red]\x1b[2J"})
    said = written(table, found, width=200)
    assert "[red]Acme[/red]" in said
    assert "\x1b" not in said


def test_the_text_of_a_relation() -> None:
    said = written(text, between=PAIR, chair=US)
    assert said.startswith("Birch BV and Acme NV\n====")
    assert "Structural imbalance toward Acme NV since 9\u00a0February 2026." in said
    for title in ("Speaking and listening", "Giving and taking", "Customer and supplier", "Speed and robustness"):
        assert f"\n{title}\n{'-' * len(title)}\n" in said
    assert max(map(len, said.splitlines())) <= text.WIDTH
    assert "1,986 events" in said
    assert said.endswith(".\n")


def test_the_text_from_the_other_chair_has_the_same_words() -> None:
    mine, theirs = (written(text, between=PAIR, chair=chair) for chair in ("birch.nl", "acme.com"))
    assert mine != theirs
    letters = [sorted(one.lower().split()) for one in (mine.replace(";", "").replace(".", "").replace(",", ""),
                                                       theirs.replace(";", "").replace(".", "").replace(",", ""))]
    assert letters[0] == letters[1]


def test_the_text_in_dutch() -> None:
    said = written(text, between=PAIR, language="nl")
    assert said.startswith("Acme NV en Birch BV\n")
    assert "1.986 gebeurtenissen die beide kanten kennen, tot en met 30\u00a0juni 2026." in said


def test_until_is_what_the_stand_in_says() -> None:
    assert FOUND.until == UNTIL
