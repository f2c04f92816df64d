"""The benchmarks beside the alternatives run without any of them, and say which is missing; their page can be refreshed by parts."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from benchmarks import three_pictures
from benchmarks.peers import detection, everything, kernel, results, speed_of_relation, talk_time
from benchmarks.peers.curve import Curve, Panel, picture

from evenwicht.simulation.states import portfolio

PEERS = ("statsmodels", "ruptures", "river", "convokit", "lifetimes")


@pytest.fixture(autouse=True)
def no_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PEERS:
        monkeypatch.setitem(sys.modules, name, None)


def test_the_kernel_without_statsmodels(capsys: pytest.CaptureFixture[str]) -> None:
    text = kernel.measured(3, 2)
    assert "| one thread, processor time |" in text
    assert text.count("not installed") == 2
    assert "statsmodels is not installed here" in capsys.readouterr().err


def test_detection_without_ruptures_and_river(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = detection.measured(6, 26, 5, tmp_path / "curves.svg")
    rows = [line for line in text.splitlines() if line.startswith(("| calm", "| quiet", "| gusty"))]
    assert [row.split(" | ")[1] for row in rows] == ["Evenwicht", "Beta count"] * 3
    said = capsys.readouterr().err
    assert "ruptures is not installed here" in said
    assert "river is not installed here" in said
    assert ET.parse(tmp_path / "curves.svg").getroot().tag.endswith("svg")


def test_talk_time_without_convokit() -> None:
    text = talk_time.measured(talk_time.read(None), 2)
    assert text.count("not compared: convokit is not installed") == 2


def test_talk_time_reads_speakers_by_meeting(tmp_path: Path) -> None:
    import gzip

    lines = ["m2 1.0 2.0 ann", "m1 5.0 1.0 cid", "m1 0.0 4.0 bob", "m2 0.5 9.0 bob"]
    where = tmp_path / talk_time.FILE
    where.parent.mkdir()
    where.write_bytes(gzip.compress("".join(
        "SPEAKER {} 1 {} {} <NA> <NA> {} <NA> <NA>\n".format(*line.split()) for line in lines).encode()))
    found = talk_time.read(tmp_path)
    assert found.offsets.tolist() == [0, 2, 4]
    assert found.start.tolist() == [0, 5, .5, 1]
    assert found.end.tolist() == [4, 6, 9.5, 3]
    assert found.who.tolist() == [0, 1, 1, 0]


def test_speed_without_lifetimes() -> None:
    text = speed_of_relation.measured(speed_of_relation.drawn(40), "drawn purchases")
    assert "| lifetimes BG/NBD | not installed |" in text
    assert re.search(r"\| Evenwicht \| speed now \| 0\.\d{3} \|", text)


def test_an_alarm_is_a_turn_from_no_to_yes_and_late_ones_count_for_the_shift() -> None:
    looks = np.array([10, 20, 30, 40])
    state = np.array([[[1, 0], [1, 0], [0, 1], [1, 1]]], bool)  # relation 0: on, on, off, on; relation 1: on from look 30
    assert detection.onsets(state)[0].astype(int).tolist() == [[1, 0], [0, 0], [0, 1], [1, 0]]
    assert detection.false_alarms(state, looks).tolist() == [pytest.approx(3 / (2 * 40 / 52))]
    assert detection.delay(state, looks, np.array([12, 12])).tolist() == [[28, 18]]
    assert detection.delay(state, looks, np.array([12, 30])).tolist() == [[28, np.inf]]


def test_at_a_rate_of_false_alarms_the_shortest_delay_that_keeps_to_it() -> None:
    false, delays = np.array([0.3, 0.08, 0.01]), np.array([[5.0], [20.0], [30.0]])
    assert detection.at_rate(false, delays, 0.1, (0.5, 0.8, 0.9)) == "20 (0.8)"
    assert detection.at_rate(false, delays, 0.001, (0.5, 0.8, 0.9)) == "–"


def test_weeks_become_a_table_with_nothing_lost() -> None:
    states = portfolio("thin", 5, detection.WEEKS, 2)
    table = detection.dense(states, np.array([26]))
    assert table.n.sum() == states.n.sum()
    assert table.a.sum() == states.a.sum()


def test_a_section_is_refreshed_alone(tmp_path: Path) -> None:
    page = tmp_path / "RESULTS.md"
    results.put("detection", "## D\n\n| a |\n|---|", page)
    results.put("kernel", "## K, old", page)
    results.put("another", "## A", page)
    results.put("kernel", "## K, new", page)
    text = page.read_text("utf-8")
    assert results.sections(text) == {"kernel": "## K, new", "detection": "## D\n\n| a |\n|---|", "another": "## A"}
    assert list(results.sections(text)) == ["kernel", "detection", "another"]
    assert text.startswith("# Results\n")
    assert "old" not in text


@pytest.mark.parametrize(("value", "text"), [(None, "not installed"), (2.0, "2 s"), (.0125, "12.5 ms"), (3.2e-6, "3.2 µs"), (5e-9, "5 ns")])
def test_durations_have_their_unit(value: float | None, text: str) -> None:
    assert results.seconds(value) == text


def test_ratios_show_the_digits_they_have() -> None:
    assert [results.ratio(1.0, other) for other in (None, 0.52, 4.71, 5912.4)] == ["–", "0.5 ×", "4.7 ×", "5,912 ×"]


def test_without_the_data_what_needs_them_is_left_out() -> None:
    calls = {one.name: everything.command(one, None, long=False) for one in everything.EVERY}
    assert [name for name, call in calls.items() if call is None] == ["real_data"]
    assert not any("None" in call for call in calls.values() if call)
    told = everything.command(everything.EVERY[0], None, long=True)
    assert told is not None
    assert told[-2:] == ["--beside", "200"]


def test_every_benchmark_is_a_file_that_is_there() -> None:
    for one in everything.EVERY:
        name = one.call[1].replace(".", "/") + ".py" if one.call[0] == "-m" else one.call[0]
        assert (everything.TOP / name).is_file(), name


def test_printed_tables_stay_tables() -> None:
    assert everything.as_markdown("One.\nTwo.\n| a |\n|---|\n| 1 |\nThree.\n") == "One.\n\nTwo.\n\n| a |\n|---|\n| 1 |\n\nThree."


def test_the_curves_leave_out_what_never_comes() -> None:
    drawn = picture([Panel("a world", (Curve("Evenwicht", ((0.1, 20.0), (0.01, float("inf"))), (0.1, 20.0)), Curve("ADWIN, change", ((0.1, float("inf")),))))])
    root = ET.fromstring(drawn)
    circles = root.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 2  # one point, and the ring around it
    assert "inf" not in drawn
    assert "ADWIN, change" in drawn


def test_the_truth_under_the_three_pictures() -> None:
    from datetime import date, timedelta

    until = date(2026, 4, 26)
    weeks = tuple(date(2023, 5, 1) + timedelta(weeks=k) for k in range(165))
    level = [0.0] * 165
    puff = [*level[:150], 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, *level[157:]]
    step = [0.0] * 90 + [0.9] * 75
    told = three_pictures.Truth(weeks, tuple(level), tuple(puff), None, until)
    assert told.weeks[told.at] <= until < told.weeks[told.at] + timedelta(days=7)
    assert three_pictures.gust(told)
    assert not three_pictures.shift(told)
    stays = three_pictures.Truth(weeks, tuple(step), tuple(step), None, until)
    assert three_pictures.shift(stays)
    assert not three_pictures.gust(stays)
    gone = three_pictures.Truth(weeks, tuple(level), tuple(level), weeks[told.at - 20], until)
    assert three_pictures.still(gone)
    assert not three_pictures.still(told)
