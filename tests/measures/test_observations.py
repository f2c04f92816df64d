"""Weekly observations and the arrays the kernel takes (METHOD §1). What each axis gives is in test_axes."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from evenwicht import registry
from evenwicht.measures.axes import promises, response, words
from evenwicht.measures.commitments import COLUMNS
from evenwicht.measures.observations import MOST, Observed, is_flow, observe, series
from measures.lines import A, B, C, facts


def observed(*rows: tuple[str, str, int, float, float]) -> Observed:
    """Weekly observations of an axis: a, b, week, y, n."""
    known = facts("2026-03-02T09:00Z A -> B pulse 5 points <1>\n2026-03-02T09:00Z B -> C pulse 5 points <2>")
    cells = pl.DataFrame([(3 * known.parties.index(a) + known.parties.index(b), *rest) for a, b, *rest in rows], orient="row",
                         schema={"pair": pl.Int64, "week": pl.Int64, "y": pl.Float64, "n": pl.Float64})
    frame = nw.from_native(cells.sort("pair", "week"), eager_only=True)
    return Observed(words, known, frame, None, None, frame)


def units(found: Observed) -> list[tuple[str, str, str]]:
    return found.facts.named(found.units).select("a", "b", "unit").rows()


def test_every_axis_is_a_flow_or_a_deferral_and_never_both():
    for axis in registry.members("evenwicht.measures.axes").values():
        assert hasattr(axis, "flows") != hasattr(axis, "commitments")
        assert is_flow(axis) == (axis.FAMILY == "flow")
        assert axis.KIND_OF_KING in {"giver", "receiver"}
        assert axis.GROUP in {"speaking_listening", "giving_taking", "customer_supplier"}


def test_the_throne_is_the_givers_on_words_and_the_receivers_elsewhere():
    kings = {name: axis.KIND_OF_KING for name, axis in registry.members("evenwicht.measures.axes").items()}
    assert kings.pop("words") == "giver"
    assert set(kings.values()) == {"receiver"}


def test_arrays_hold_each_relation_in_order_of_its_weeks():
    found = series(observed((B, C, 3, 0.5, 4.0), (A, B, 9, 0.25, 8.0), (A, B, 2, 1.0, 1.0)), 1.0)
    assert found.pairs == [(A, B), (B, C)]
    assert found.offsets.tolist() == [0, 2, 3]
    assert found.week.tolist() == [2, 9, 3]
    assert found.a.tolist() == [1.0, 2.0, 2.0]
    assert found.n.tolist() == [1.0, 8.0, 4.0]


@pytest.mark.parametrize(("n", "dispersion", "count"), [(10.0, 0.4, 4.0), (10.0, 4.0, 40.0), (200.0, 1.0, 200.0), (1e6, 0.5, MOST), (499.0, 0.4, 199.6)])
def test_counts_are_dispersed_and_at_most_two_hundred_a_week(n: float, dispersion: float, count: float):
    found = series(observed((A, B, 0, 0.75, n)), dispersion)
    assert found.n.tolist() == [pytest.approx(count)]
    assert found.a.tolist() == [pytest.approx(0.75 * count)]


def test_no_observations_are_no_relations():
    found = series(observed(), 1.0)
    assert found.pairs == []
    assert found.offsets.tolist() == [0]


def test_rounding_never_puts_more_on_one_side_than_there_is():
    found = series(observed((A, B, 0, 1.0 + 1e-12, 3.0), (A, B, 1, -1e-12, 3.0)), 1.0)
    assert ((found.a >= 0) & (found.a <= found.n)).all()


def test_a_million_events_of_a_week_and_amounts_of_every_size_are_finite():
    lines = [f"2026-03-02T09:{i:02}Z A -> B message {amount} words <{i}>" for i, amount in enumerate([1e15, 1, 1e-9, 0])]
    [row] = observe(words, facts(lines)).weekly.iter_rows(named=True)
    assert row["y"] == 1
    assert row["n"] == pytest.approx(1)
    assert row["events"] == 3


def test_units_are_named_and_stand_beside_each_other():
    found = observe(words, facts("""
        2026-03-02T09:00Z A -> B message 30 words <1>
        2026-03-02T10:00Z B -> A message ? words <2>
        2026-03-02T10:00Z B -> C message 5 words <3>
    """))
    assert units(found) == [(A, B, "count"), (A, B, "words"), (B, C, "words")]
    assert (found.name, found.commitments) == ("words", None)


def test_what_each_side_gave_is_its_own_sum():
    found = observe(words, facts("""
        2026-03-02T09:00Z A -> B message 30 words <1>
        2026-03-02T10:00Z A -> B message 20 words <2>
        2026-03-02T11:00Z B -> A message 5 words <3>
        2026-03-02T10:00Z B -> C message 7 words <4>
    """))
    assert found.weekly.select("a", "b", "given_a", "given_b", "events").rows() == [(A, B, 50, 5, 3), (B, C, 7, 0, 1)]


def test_commitments_of_a_week_are_averaged_and_their_waiting_summed():
    """B waits 2 and 4 working days for A (.3 and .1 of A's share), A waits 1 day for B (.6): y = 1/3, three observations."""
    found = observe(promises, facts("""
        2026-03-05T09:00Z A -> B delivery 1 count <1> due 2026-03-03T00:00Z
        2026-03-09T09:00Z A -> B delivery 1 count <2> due 2026-03-03T00:00Z
        2026-03-05T09:00Z B -> A delivery 1 count <3> due 2026-03-04T00:00Z
    """))
    [row] = found.weekly.iter_rows(named=True)
    assert row["y"] == pytest.approx((0.3 + 0.1 + 0.6) / 3)
    assert (row["n"], row["events"], row["given_a"], row["given_b"]) == (3, 3, pytest.approx(1), pytest.approx(6))
    assert units(found) == [(A, B, "days")]
    assert set(found.commitments.columns) == {*COLUMNS, "place", "y", "n", "pair", "week"}


def test_the_plain_sums_stop_where_g_does():
    found = observe(promises, facts("2026-05-05T09:00Z A -> B delivery 1 count <1> due 2026-03-03T00:00Z"))
    assert found.weekly["given_b"].to_list() == [5.0]
    assert np.isclose(found.commitments["wait"].to_list()[0], 45)  # nine whole weeks later


def test_an_axis_without_events_observes_nothing():
    for axis in (words, response):
        found = observe(axis, facts("2026-03-02T09:00Z A -> B pulse 5 points <1>"))
        assert found.weekly.shape[0] == 0
        assert found.units.shape[0] == 0
