"""What the axes see: shared events up to `until`, of relations, in weeks that were covered."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from evenwicht.measures.facts import Facts
from evenwicht.measures.weeks import week_number
from measures.lines import A, B, C, covering, facts, ledger, moment, written

LINES = """
    2026-03-01T23:59Z B -> A message 10 words <1>
    2026-03-02T00:00Z A -> B message 20 words <2>
    2026-03-02T10:00Z B -> A message 30 words <3> private
    2026-03-03T10:00Z B -> C message 40 words <4>
    2026-03-04T23:59:59.999999Z A -> B invoice 50 EUR <5> due 2026-03-20T00:00Z
    2026-03-05T00:00Z A -> B message 60 words <6>
"""


def ids(known: Facts) -> list[str]:
    return known.named()["id"].to_list()


def test_the_day_until_is_included_and_what_comes_later_does_not_exist():
    assert ids(facts(LINES, "2026-03-04")) == ["1", "2", "4", "5"]
    assert ids(facts(LINES, "2026-03-05")) == ["1", "2", "4", "5", "6"]


def test_facts_that_are_not_shared_count_only_when_asked():
    assert "3" not in ids(facts(LINES))
    assert "3" in ids(facts(LINES, private=True))


def test_persons_are_in_no_relation():
    assert ids(facts(LINES, persons=[C])) == ["1", "2", "5", "6"]
    assert ids(facts(LINES, persons=[B])) == []


def test_the_pair_is_in_order_and_the_week_is_that_of_the_moment():
    rows = {row["id"]: row for row in facts(LINES).named().iter_rows(named=True)}
    assert (rows["1"]["a"], rows["1"]["b"]) == (rows["2"]["a"], rows["2"]["b"]) == (A, B)
    assert rows["2"]["week"] == rows["1"]["week"] + 1  # a Sunday and the Monday after it
    assert rows["5"]["due_t"] - rows["2"]["t"] == 18 * 86_400_000_000


def test_without_coverage_all_is_present():
    known = facts(LINES)
    assert known.events["present"].to_list() == [True] * 5
    assert known.of("message").shape[0] == 4
    assert known.of("message", "invoice").shape[0] == 5
    assert known.covered.complete


def test_of_gives_what_is_covered_and_any_of_gives_all():
    known = facts(LINES, coverage=[covering(B, "message", "2026-01-01", "2026-12-31")])
    assert known.named(known.of("message", "invoice"))["id"].to_list() == ["1", "2", "4", "6"]
    assert known.named(known.any_of("message", "invoice"))["id"].to_list() == ["1", "2", "4", "5", "6"]


def test_rows_lie_by_pair_and_then_in_the_order_of_the_ledger_whatever_order_they_came_in():
    rows = """
        2026-03-04T10:00Z B -> C message 40 words <5>
        2026-03-02T10:00Z C -> B message 30 words <3>
        2026-03-02T10:00Z B -> A message 30 words <2>
        2026-03-02T10:00Z A -> B message 30 words <1>
        2026-03-01T10:00Z A -> C message 30 words <4>
    """
    known = facts(rows)
    assert [known.ids[place] for place in known.events["place"].to_list()] == ["1", "2", "4", "3", "5"]
    assert known.events["cell"].to_list() == sorted(known.events["cell"].to_list())
    assert known.named()["id"].to_list() == ["4", "1", "2", "3", "5"]
    assert [row["by_a"] for row in known.named().iter_rows(named=True)] == [True, True, False, False, True]


def test_the_first_and_the_last_week_keep_their_numbers():
    known = facts(LINES, "2026-03-05")
    weeks = {row["id"]: row["week"] for row in known.named().iter_rows(named=True)}
    assert weeks == {one: week_number(moment(f"2026-03-{day}").date()) for one, day in
                     {"1": "01", "2": "02", "4": "03", "5": "04", "6": "05"}.items()}
    assert known.weeks == 2


def test_a_pair_and_a_week_make_the_cell_that_the_events_have():
    known = facts(LINES)
    week = (nw.col("t") - 4 * 86_400_000_000) // (7 * 86_400_000_000)
    made = known.events.select("cell", known.cell_of(nw.col("pair"), week).alias("made"))
    assert made["cell"].to_list() == made["made"].to_list()
    pairs = known.events.select("pair", known.pair_of(nw.min_horizontal("giver", "receiver"), nw.max_horizontal("giver", "receiver")).alias("made"))
    assert pairs["pair"].to_list() == pairs["made"].to_list()


def test_every_column_of_parties_is_named():
    known = facts(LINES)
    coded = nw.from_native(pl.DataFrame({name: [0, 1] for name in ("giver", "receiver", "a", "b", "debtor", "creditor")}), eager_only=True)
    assert all(column.to_list() == [A, B] for column in known.named(coded))


def test_an_event_that_fell_due_before_everything_has_a_place_too():
    known = facts("2026-03-02T10:00Z A -> B invoice 30 EUR <1> due 1999-01-04T00:00Z")
    assert known.named()["week"].to_list() == [2930]
    assert known.first_week == 1513


def test_a_ledger_without_rows_up_to_until_has_no_events():
    known = facts(LINES, "2025-12-31")
    assert known.events.shape[0] == 0
    assert known.parties == ()


def test_the_lines_of_these_tests_are_ledger_lines():
    assert written("2026-03-02T09:00Z A -> B message 1 words <A>") == [f"2026-03-02T09:00Z {A} -> {B} message 1 words <A>"]
    assert len(ledger(LINES)) == 6
