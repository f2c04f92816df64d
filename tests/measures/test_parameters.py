"""The shipped set and sets in files."""

from __future__ import annotations

import json

import numpy as np
import pytest

from evenwicht.errors import FileMissing, WrongCall
from evenwicht.measures.grid import Grid
from evenwicht.measures.parameters import ParameterSet


def test_the_shipped_set_says_what_it_is():
    shipped = ParameterSet.shipped()
    assert shipped.id == "2026-2"
    assert len(shipped.sha256) == 64
    assert "Learned by EM" in shipped.note
    assert set(shipped.dispersions) == {"words", "initiative", "favours", "time", "response", "money", "promises"}
    assert all(0.1 <= c <= 4.0 for c in shipped.dispersions.values())
    for family in ("flow", "deferral"):
        grid = shipped.grid(family)
        assert 8 <= len(grid) <= 36
        assert sum(grid.weight) == pytest.approx(1.0, abs=1e-6)
        assert min(grid.weight) >= 0.005


def test_a_set_that_was_written_and_read_is_the_same_set(tmp_path):
    shipped = ParameterSet.shipped()
    shipped.dump(tmp_path / "set.json")
    again = ParameterSet.load(tmp_path / "set.json")
    assert again == shipped
    assert again.sha256 == shipped.sha256


def test_the_hash_knows_the_numbers_and_not_the_layout(tmp_path):
    stored = ParameterSet.shipped().as_dict()
    (tmp_path / "flat.json").write_text(json.dumps(stored))
    assert ParameterSet.load(tmp_path / "flat.json").sha256 == ParameterSet.shipped().sha256
    stored["dispersion"]["words"] += 1e-9
    (tmp_path / "other.json").write_text(json.dumps(stored))
    assert ParameterSet.load(tmp_path / "other.json").sha256 != ParameterSet.shipped().sha256


def test_an_unknown_axis_counts_as_it_comes_and_an_unknown_family_is_a_wrong_call():
    assert ParameterSet.shipped().dispersion("knowledge") == 1.0
    with pytest.raises(WrongCall, match="no family of axes shape; there are deferral, flow"):
        ParameterSet.shipped().grid("shape")


def test_files_that_are_no_set_are_a_wrong_call(tmp_path):
    with pytest.raises(FileMissing, match="cannot be read"):
        ParameterSet.load(tmp_path / "none.json")
    wrong = tmp_path / "wrong.json"
    for text, says in (
        ("{", "not JSON"), ("[]", "it needs id"), ('{"id": "x"}', "it needs id"),
        ('{"id": "x", "note": "", "dispersion": {}, "grids": {"flow": [[1, 2]]}}', "it needs id"),
        ('{"id": "x", "note": "", "dispersion": {}, "grids": {}}', "no grid for flow"),
        ('{"id": "x", "note": "", "dispersion": {"words": 9}, "grids": {}}', "words has 9.0"),
    ):
        wrong.write_text(text)
        with pytest.raises(WrongCall, match=says):
            ParameterSet.load(wrong)


@pytest.mark.parametrize(("points", "weight"), [
    ([(0.0, 0.1, 1.0, 0.1)], [1.0]),
    ([(0.1, -0.1, 1.0, 0.1)], [1.0]),
    ([(0.1, 0.1, 0.0, 0.1)], [1.0]),
    ([(0.1, 0.1, 1.0, 0.1, -1.0)], [1.0]),
    ([(0.1, 0.1, 1.0, 0.1, 27.0)], [1.0]),
    ([(0.1, 0.1, 1.0, float("nan"))], [1.0]),
    ([(0.1, 0.1, 1.0, 0.1)], [-1.0]),
    ([], []),
])
def test_a_point_that_cannot_be_is_a_wrong_call(points, weight):
    jumps = tuple(point[4] for point in points if len(point) > 4)
    with pytest.raises(WrongCall):
        Grid(*(tuple(point[k] for point in points) for k in range(4)), tuple(weight), jumps)


def test_weights_must_sum_to_one_and_columns_be_equally_long():
    with pytest.raises(WrongCall, match=r"must sum to 1; these sum to 0\.5"):
        Grid((0.1,), (0.1,), (1.0,), (0.1,), (0.5,))
    with pytest.raises(WrongCall, match="as many values"):
        Grid((0.1, 0.2), (0.1,), (1.0,), (0.1,), (1.0,))


def test_padding_has_no_weight():
    grid = Grid.of([(0.1, 0.1, 1.0, 0.1), (0.2, 0.1, 1.0, 0.1)], [3.0, 1.0])
    assert grid.weight == (0.75, 0.25)
    assert grid.points.shape == (6, 8)
    assert grid.log_weight[2:8].tolist() == [-float("inf")] * 6
    assert grid.log_weight[8:].tolist() == grid.log_weight[:8].tolist() * 2


def test_a_set_from_before_the_jumps_still_reads_and_never_shifts(tmp_path):
    stored = ParameterSet.shipped().as_dict()
    stored["grids"] = {family: [row[:5] for row in rows] for family, rows in stored["grids"].items()}
    (tmp_path / "old.json").write_text(json.dumps(stored))
    old = ParameterSet.load(tmp_path / "old.json")
    assert set(old.grid("flow").jumps) == {0.0}
    assert (old.grid("flow").lanes == np.tile(old.grid("flow").points, 3)).all()
    ahead = ParameterSet.shipped().grid("flow")
    assert (ahead.lanes[1] > np.tile(ahead.points[1], 3)).all()
