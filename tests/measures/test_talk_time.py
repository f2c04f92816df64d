"""Talk time within a meeting, beside the definition written out plainly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenwicht.errors import WrongCall
from evenwicht.measures import talk_time as kernels
from evenwicht.measures.talk_time import STEP, WINDOW, floor, talk_time

Turn = tuple[float, float, int]


def plain(turns: list[Turn], speakers: int, window: float = WINDOW, step: float = STEP) -> tuple[list[float], list[list[float] | None]]:
    """Seconds a speaker, and the parts in each window: every window goes through all utterances in their order."""
    kept = turns[1:-1]
    seconds = [sum(end - start for start, end, who in kept if who == k) for k in range(speakers)]
    windows: list[list[float] | None] = []
    if not kept:
        return seconds, windows
    opens, last = kept[0][0], 0
    closes = opens + window
    while last != len(kept) - 1 and closes < kept[-1][1]:
        spoken = [0.0] * speakers
        for number, (start, end, who) in enumerate(kept):
            if end > closes:
                if start <= closes:
                    spoken[who] += closes - max(start, opens)
                last = number - 1 if start > closes else number
                break
            if end > opens:
                spoken[who] += end - max(start, opens)
        total = sum(spoken)
        windows.append([one / total for one in spoken] if total > 0 else None)
        opens, closes = opens + step, closes + step
    return seconds, windows


def arrays(meetings: list[list[Turn]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    flat = [turn for turns in meetings for turn in turns]
    offsets = np.cumsum([0, *(len(turns) for turns in meetings)])
    return (offsets, np.array([t[0] for t in flat], float), np.array([t[1] for t in flat], float),
            np.array([t[2] for t in flat], np.int64))


@st.composite
def meeting(draw: st.DrawFn) -> list[Turn]:
    gaps = draw(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 240), st.integers(0, 2)), max_size=40))
    at, turns = draw(st.integers(0, 100)), []
    for gap, length, who in gaps:
        at += gap
        turns.append((at / 4, (at + length) / 4, who))
    return turns


@settings(max_examples=60, deadline=None)
@given(st.lists(meeting(), min_size=1, max_size=3))
def test_the_fast_one_equals_the_plain_one(meetings: list[list[Turn]]) -> None:
    found = talk_time(*arrays(meetings), window=20.0, step=5.0)
    speakers = found["share"].shape[1]
    for number, turns in enumerate(meetings):
        seconds, windows = plain(turns, speakers, 20.0, 5.0)
        np.testing.assert_allclose(found["seconds"][number], seconds, atol=1e-9)
        rows = found["window_share"][found["window_offsets"][number]:found["window_offsets"][number + 1]]
        assert len(rows) == len(windows)
        for row, expected in zip(rows, windows, strict=True):
            np.testing.assert_allclose(row, [np.nan] * speakers if expected is None else expected, atol=1e-9)


def test_the_kernels_are_the_same_without_their_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    turns, at = [], 0.0
    for who in rng.integers(0, 3, 60):
        turns.append((at, at + float(rng.integers(0, 40)), int(who)))
        at += float(rng.integers(0, 25))
    given = arrays([turns, [(0.0, 1.0, 0)], [(0.0, 90.0, 0), (1.0, 2.0, 1), (3.0, 4.0, 1), (99.0, 100.0, 0)]])
    fast = talk_time(*given, window=20.0, step=5.0)
    for name in ("_first_wrong", "_window_counts", "_shares"):
        kernel = getattr(kernels, name)
        monkeypatch.setattr(kernels, name, getattr(kernel, "py_func", kernel))
    plainly = talk_time(*given, window=20.0, step=5.0)
    for name, values in fast.items():
        np.testing.assert_array_equal(plainly[name], values)
    with pytest.raises(WrongCall, match=r"number 1 lasts from 3\.0 to 2\.0"):
        talk_time([0, 2], [0.0, 3.0], [1.0, 2.0], [0, 0])


def test_greeting_and_goodbye_do_not_count_unless_asked_for() -> None:
    given = arrays([[(0, 100, 0), (100, 130, 0), (130, 140, 1), (140, 240, 1)]])
    assert talk_time(*given)["seconds"].tolist() == [[30, 10]]
    assert talk_time(*given)["share"].tolist() == [[.75, .25]]
    assert talk_time(*given, ends=True)["seconds"].tolist() == [[130, 110]]


def test_the_interval_is_wide_where_little_was_said() -> None:
    few = talk_time(*arrays([[(i, i + 1, i % 2) for i in range(6)]]), ends=True)
    many = talk_time(*arrays([[(i, i + 1, i % 2) for i in range(600)]]), ends=True)
    assert few["n"].tolist() == [6]
    assert many["n"].tolist() == [600]
    for found in (few, many):
        assert (found["share_low"] < .5).all()
        assert (found["share_high"] > .5).all()
    assert (few["share_high"] - few["share_low"] > 8 * (many["share_high"] - many["share_low"])).all()


def test_one_long_speech_counts_as_little_more_than_one_utterance() -> None:
    found = talk_time(*arrays([[(0, 1000, 0), (1000, 1001, 1), (1001, 1002, 1)]]), ends=True)
    assert found["n"][0] == pytest.approx(1.004, abs=1e-3)
    assert found["share_low"][0, 0] < .5


def test_who_has_the_floor() -> None:
    shares = np.array([[.7, .3], [.55, .45], [.39, .61], [np.nan, np.nan]])
    assert floor(shares).tolist() == [[1, -1], [0, 0], [-1, 1], [0, 0]]


def test_nobody_there_and_nobody_speaking() -> None:
    found = talk_time([0], [], [], [])
    assert found["share"].shape == (0, 0)
    silent = talk_time([0, 0, 2], [1.0, 2.0], [1.0, 2.0], [0, 1], ends=True)
    assert np.isnan(silent["share"]).all()
    assert silent["n"].tolist() == [0, 0]


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"offsets": [0, 1]}, "end at the number of utterances, 2"),
    ({"offsets": [0.0, 2.0]}, "whole numbers"),
    ({"start": [1.0, 0.0]}, "number 1 starts at 0.0, after 1.0"),
    ({"end": [1.0, np.nan]}, "lasts from 1.0 to nan"),
    ({"end": [1.0]}, "equally long"),
    ({"speaker": [0, -1]}, "0 or more; it is -1"),
    ({"speaker": [0.0, 1.0]}, "whole numbers"),
    ({"window": 0.0}, "above 0 seconds"),
    ({"step": float("inf")}, "above 0 seconds"),
])
def test_what_does_not_fit_together_is_refused(changed: dict[str, object], sentence: str) -> None:
    right: dict[str, object] = {"offsets": [0, 2], "start": [0.0, 1.0], "end": [1.0, 2.0], "speaker": [0, 1]}
    with pytest.raises(WrongCall, match=sentence):
        talk_time(**(right | changed))  # type: ignore[arg-type]


def test_a_new_meeting_may_begin_at_zero_again() -> None:
    assert talk_time([0, 1, 2], [5.0, 0.0], [6.0, 1.0], [0, 0], ends=True)["seconds"].tolist() == [[1], [1]]
