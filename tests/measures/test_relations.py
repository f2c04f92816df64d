"""From axes to the one verdict of a relation: the gravest stands, nothing is averaged (CONTRACT)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from evenwicht.measures.axis_table import ROW
from evenwicht.measures.relations import COLUMNS, relation_rows
from evenwicht.measures.weeks import microseconds
from measures.lines import A, B, C

PAIR = (A, B)
LAST = datetime(2026, 3, 4, 15, tzinfo=UTC)  # a Wednesday


def axis(name: str, verdict: str, p: float = 0.0, king: str | None = None, **more: Any) -> dict[str, Any]:
    group = "giving_taking" if name in {"money", "promises"} else "speaking_listening"
    return {"a": A, "b": B, "axis": name, "group": group, "verdict": verdict, "p_structural": p, "king": king, **more}


def frame(*axes: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([tuple(one.get(key) for key in ROW) for one in axes], schema=ROW, orient="row")


def pace(standstill: float = 0.0, ratio: float = 1.0, pair: tuple[str, str] = PAIR) -> pl.DataFrame:
    return pl.DataFrame({"a": [pair[0]], "b": [pair[1]], "events": [120], "first": [microseconds(datetime(2024, 1, 8, tzinfo=UTC))],
                         "last": [microseconds(LAST)], "speed_now": [ratio], "speed_normal": [1.0], "speed_ratio": [ratio],
                         "p_standstill": [standstill]})


def relation(*axes: dict[str, Any], speed: pl.DataFrame | None = None) -> dict[str, Any]:
    return relation_rows([PAIR], frame(*axes), pace() if speed is None else speed).row(0, named=True)


ALL = {"structural": 0.95, "undecided": 0.5, "temporary": 0.1, "balanced": 0.05}


@pytest.mark.parametrize(("present", "expected"), [
    (("balanced", "temporary", "undecided", "structural"), "structural"), (("balanced", "temporary", "undecided"), "undecided"),
    (("temporary", "balanced"), "temporary"), (("balanced",), "balanced"),
    (("balanced", "too_little_data"), "balanced"), (("too_little_data", "no_signal"), "too_little_data"),
    (("no_signal", "shown"), "no_signal"), (("shown",), "no_signal"), ((), "too_little_data"),
])
def test_the_gravest_verdict_stands(present: tuple[str, ...], expected: str):
    names = ("initiative", "money", "promises", "response")
    row = relation(*(axis(name, verdict, ALL.get(verdict, 0.99)) for name, verdict in zip(names, present, strict=False)))
    assert row["verdict"] == expected
    assert row["because"] == [name for name, verdict in zip(names, present, strict=False) if verdict == expected and expected in ALL]
    assert row["probability"] == ALL.get(expected)


@pytest.mark.parametrize(("verdict", "expected"), [
    ("structural", "structural"), ("undecided", "standing_still"), ("temporary", "standing_still"), ("balanced", "standing_still"),
    ("too_little_data", "standing_still"),
])
def test_standing_still_comes_between_structural_and_undecided(verdict: str, expected: str):
    row = relation(axis("money", verdict, ALL.get(verdict, 0.0), A), speed=pace(0.9))
    assert row["verdict"] == expected
    if expected == "standing_still":
        assert (row["because"], row["toward"], row["both_ways"], row["probability"]) == ([], None, False, 0.9)
        assert row["since"] == date(2026, 3, 2)  # the Monday of the last sign of life


def test_nearly_standing_still_is_not():
    assert relation(axis("money", "balanced"), speed=pace(0.8999))["verdict"] == "balanced"


def test_because_is_ordered_by_chance_and_the_first_one_dates_it():
    row = relation(
        axis("initiative", "structural", 0.92, A, since=date(2025, 1, 6)), axis("money", "structural", 0.99, A, since=date(2025, 6, 2),
             since_low=date(2025, 5, 5), since_high=date(2025, 7, 7)),
        axis("response", "structural", 0.92, A, since=date(2024, 1, 1)), axis("words", "undecided", 0.89, B, since=date(2023, 1, 2)))
    assert row["because"] == ["money", "initiative", "response"]
    assert row["probability"] == 0.99
    assert (row["since"], row["since_low"], row["since_high"]) == (date(2025, 6, 2), date(2025, 5, 5), date(2025, 7, 7))
    assert (row["toward"], row["both_ways"]) == (A, False)


def test_two_kings_of_the_gravest_axes_lean_both_ways():
    row = relation(axis("money", "structural", 0.95, A), axis("words", "structural", 0.91, B))
    assert (row["toward"], row["both_ways"]) == (None, True)
    row = relation(axis("money", "structural", 0.95, A), axis("words", "undecided", 0.5, B))
    assert (row["toward"], row["both_ways"]) == (A, False)
    row = relation(axis("money", "balanced"), axis("words", "balanced"))
    assert (row["toward"], row["both_ways"]) == (None, False)


def test_pace_and_span_stand_beside_the_verdict():
    row = relation(axis("money", "balanced"), speed=pace(0.01, 0.6))
    assert (row["events"], row["first"], row["last"]) == (120, datetime(2024, 1, 8, tzinfo=UTC), LAST)
    assert (row["speed_now"], row["speed_normal"], row["speed_ratio"], row["p_standstill"]) == (0.6, 1.0, 0.6, 0.01)


def test_a_relation_of_questions_alone_has_no_pace():
    row = relation_rows([PAIR, (B, C)], frame(axis("response", "balanced")), pace(0.95, pair=(B, C))).rows(named=True)
    assert row[0]["verdict"] == "balanced"
    assert (row[0]["events"], row[0]["last"], row[0]["speed_ratio"]) == (0, None, None)
    assert (row[1]["a"], row[1]["verdict"]) == (B, "standing_still")


def test_the_pattern_is_that_of_its_axes():
    row = relation(*(axis(name, "structural", 0.95, B) for name in ("money", "response", "words")))
    assert row["pattern"] == {"name": "king_and_lackey", "king": B, "lackey": A, "axes": ["money", "response", "words"]}
    assert relation(axis("money", "balanced"))["pattern"] is None


def test_axes_of_relations_that_were_not_asked_for_are_left_out():
    others = [{**axis(name, "structural", 0.95, C), "a": B, "b": C} for name in ("money", "response", "words")]
    rows = relation_rows([PAIR], frame(axis("money", "balanced"), *others), pace()).rows(named=True)
    assert [(row["a"], row["b"], row["verdict"], row["pattern"]) for row in rows] == [(A, B, "balanced", None)]


def test_no_relations_are_a_table_with_the_same_columns():
    rows = relation_rows([], frame(), pace())
    assert rows.height == 0
    assert rows.columns == list(COLUMNS)
