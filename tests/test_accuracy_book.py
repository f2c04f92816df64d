"""The accuracy book: its page has a mark for every table and no figure of its own, and its parts count what they say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from benchmarks import accuracy, accuracy_book, real_accuracy
from benchmarks.oracle import oracle

from evenwicht.measures.parameters import ParameterSet
from evenwicht.simulation.states import portfolio

PAGE = accuracy_book.PAGE.read_text("utf-8")
CONSTANTS = {".65", ".693"}
"""What is called lasting, and the log loss of a coin: definitions too."""
DEFINED = {"40", "60", "80", "90"}
"""Per cents that are definitions: cuts, and intervals."""


def test_the_page_has_every_table_once_and_filled() -> None:
    written = re.findall(r"<!-- table: (.+?) -->", PAGE)
    assert sorted(written) == sorted(accuracy_book.SIMULATED + accuracy_book.REAL)
    for name, text in accuracy_book.marks(PAGE).items():
        assert len(text.splitlines()) >= 3, name


def test_no_sentence_holds_a_figure_that_no_table_holds() -> None:
    tables = "\n".join(accuracy_book.marks(PAGE).values())
    sentences = re.sub(r"```.*?```", "", re.sub(r"<!-- table: .*?<!-- /table -->", "", PAGE, flags=re.DOTALL), flags=re.DOTALL)
    figures = set(re.findall(r"(?<![\d.])0?(\.\d{2,})\b", sentences))
    held = set(re.findall(r"(\.\d{2,})\b", tables))
    assert figures <= held | CONSTANTS
    assert set(re.findall(r"(\d+) %", sentences)) <= DEFINED


def test_a_table_is_put_between_its_marks_and_the_rest_stays() -> None:
    page = "Words.\n\n<!-- table: a -->\n| old |\n<!-- /table -->\n\nMore.\n\n<!-- table: b c -->\n<!-- /table -->\n"
    new = accuracy_book.filled(page, {"b c": "| new |"})
    assert new == page.replace("<!-- table: b c -->\n", "<!-- table: b c -->\n| new |\n")
    assert accuracy_book.filled(new, {"b c": "| new |"}) == new
    with pytest.raises(ValueError, match="no marks for: d"):
        accuracy_book.filled(page, {"d": "| new |"})


def test_the_simulated_half_gives_every_table_it_promises() -> None:
    tables = accuracy_book.simulated(ParameterSet.shipped(), 12, 4, ("thin", "quiet"))
    assert set(tables) == set(accuracy_book.SIMULATED)
    rows = [line.split(" | ")[0] for line in tables["auc"].splitlines()[2:]]
    assert rows == ["| thin", "| quiet"]
    assert sum(map(int, re.findall(r"\((\d+)\)", tables["confusion"]))) == 24


def test_the_oracle_is_told_what_the_relations_were_drawn_with_and_beats_a_count() -> None:
    states = portfolio("shifty", 60, accuracy.WEEKS, 8)
    truth = states.structural(accuracy.FLOW_BAND)
    known = oracle("shifty", states, 8)
    assert known is not None
    assert np.array_equal(known, oracle("shifty", states, 8, threads=1))
    reached = accuracy.area(known[0], truth)
    out = accuracy.area(known[1], np.abs(states.x[:, -1]) > accuracy.FLOW_BAND)
    assert out is not None
    assert out > 0.75
    assert reached is not None
    assert reached > 0.75
    with pytest.raises(AssertionError, match="not those it was drawn with"):
        oracle("shifty", states, 9)
    assert oracle("bursty", portfolio("bursty", 2, 20, 8), 8) is None


def test_what_is_reached_and_what_is_not() -> None:
    assert accuracy_book.verdict({"a": 0.1, "b": 0.3}, lambda found, _: found < 0.2) == "**not on b (0.300)**; reached on a"
    assert accuracy_book.verdict({"a": 0.1}, lambda found, _: found < 0.2) == "reached"
    assert accuracy_book.verdict({}, lambda found, _: found < 0.2) == "too few to say"
    assert accuracy_book.verdict({"a": -0.1}, lambda found, _: found > 0) == "**not on a (−0.100)**"


def test_calibration_counts_only_bins_with_enough() -> None:
    p = np.r_[np.full(50, 0.05), np.full(50, 0.95), np.full(5, 0.5)]
    truth = np.r_[np.zeros(45, bool), np.ones(5, bool), np.ones(50, bool), np.zeros(5, bool)]
    gap, excess = accuracy.calibration(p, truth)
    assert gap == pytest.approx(0.05)
    assert excess == 0.0
    assert [bin_ for bin_, _ in accuracy.reliability(p, truth)] == [0, 5]


def scms(folder: Path) -> Path:
    where = folder / "scms_delivery"
    where.mkdir()
    lines = ["Vendor\tCountry\tScheduled Delivery Date\tDelivered to Client Date",
             "SCMS from RDC\tA\t1-Jan-08\t9-Jan-08", "V\tA\t2-Nov-09\t2-Nov-09", "V\tA\t28-Dec-09\t11-Jan-10", "V\tB\t4-Jan-10\tnot known"]
    (where / "SCMS_Delivery_History_Dataset.csv").write_text("\r".join(lines), "utf-8")
    return folder


def test_what_had_not_come_yet_has_waited_until_the_day_it_is_looked_at(tmp_path: Path) -> None:
    some = real_accuracy.deliveries(scms(tmp_path))
    assert some.pair.tolist() == [0, 0]
    assert some.late().tolist() == [0, 10]
    assert some.late(np.datetime64("2010-01-01")).tolist() == [0, 4]
    rows = some.rows(np.datetime64("2010-01-01"))
    assert rows.n.sum() == 2
    assert rows.a.sum() == pytest.approx(0.5 + 0.1)


def test_a_month_without_a_bill_is_no_commitment() -> None:
    rows = real_accuracy.card_rows(np.array([[-2, -1, 0, 2, 0, 0], [-2, -2, -2, -2, -2, 1]]))
    assert rows.offsets.tolist() == [0, 5, 6]
    assert rows.a.tolist() == [0.5, 0.5, 1, 0.5, 0.5, 1]
    assert rows.week.tolist() == [4, 9, 13, 17, 22, 22]
