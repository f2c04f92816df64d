"""Who has the floor in one meeting: each speaker's part of the talk, of the whole meeting and window by window.

The definition is that of ConvoKit's `TalkTimeSharing` (C. Danescu-Niculescu-Mizil and others; Cornell Conversational
Analysis Toolkit, convokit.cornell.edu), for any number of speakers: each stands against all the rest, and every share
has a sign, a size and what it rests on. `benchmarks/peers/talk_time.py` holds the two side by side.

It says how one conversation went. Over the weeks of a relation, the axis `words` counts talk with everything else.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from evenwicht.errors import WrongCall
from evenwicht.measures.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

WINDOW, STEP = 150.0, 30.0
"""Seconds: how long a window is and how far the next one begins after it (both ConvoKit's)."""

_Z = 1.6448536269514722
"""The 95 % point of the normal distribution."""

_AGREE = 1e-6
"""Seconds that a start may lie before the one above it, as rounding may leave it."""


def talk_time(
    offsets: ArrayLike, start: ArrayLike, end: ArrayLike, speaker: ArrayLike, *,
    window: float = WINDOW, step: float = STEP, ends: bool = False,
) -> dict[str, Floats | Integers]:
    """The parts of the talk, as a mapping of arrays. R meetings, N utterances, K speakers in the largest meeting.

    offsets     (R+1,) integers from 0 to N: meeting r owns the utterances offsets[r]:offsets[r+1]
    start, end  (N,) seconds; starts do not descend within a meeting, no end lies before its start
    speaker     (N,) integers from 0, who speaks, counted anew in each meeting: a person, or a side of several persons
    window, step  seconds
    ends        False: the first and the last utterance, greeting and goodbye, are left out

    seconds      (R, K) what each said; 0 where a meeting has fewer speakers
    share        (R, K) its part of all talk, 0 to 1; more than 1/2 means more than all the rest together. NaN: nobody spoke
    n            (R,) how many utterances of equal length the meeting is worth (Kish)
    share_low, share_high   (R, K) Wilson's 90 % interval of the share with that n, as if turns were drawn one by one
    window_offsets          (R+1,) meeting r owns the windows window_offsets[r]:window_offsets[r+1]
    window_share            (W, K) the part within each window; NaN where nobody spoke

    A window ends at the first utterance that runs beyond it: what begins after that one, though it be inside, is not
    counted there. Without an utterance that runs past its end there is no window.

    Raises `WrongCall` for input that does not fit together.
    """
    first, begins, stops, who = _checked(offsets, start, end, speaker)
    if not (window > 0 and step > 0 and math.isfinite(window) and math.isfinite(step)):
        raise WrongCall("window and step must be above 0 seconds; they are {window} and {step}.", window=window, step=step)
    speakers = int(who.max()) + 1 if who.size else 0
    meetings = first.size - 1
    rim = 0 if ends else 1
    most = np.zeros(meetings + 1, dtype=np.int64)
    _window_counts(first, begins, stops, rim, window, step, most)
    at = np.cumsum(most)
    seconds = np.zeros((meetings, speakers))
    squares = np.zeros(meetings)
    shares = np.full((int(at[-1]), speakers), np.nan)
    _shares(first, begins, stops, who, rim, window, step, at, seconds, squares, shares)
    total = seconds.sum(axis=1)
    n = np.divide(total * total, squares, out=np.zeros(meetings), where=squares > 0)
    share = np.divide(seconds, total[:, None], out=np.full_like(seconds, np.nan), where=total[:, None] > 0)
    low, high = _wilson(share, n[:, None])
    return {
        "seconds": seconds, "share": share, "n": n, "share_low": low, "share_high": high,
        "window_offsets": at, "window_share": shares,
    }


def floor(window_share: Floats, threshold: float = 0.6) -> NDArray[np.int8]:
    """Who has the floor in each window (W, K): 1 the speaker, -1 the rest, 0 neither has more than `threshold`."""
    with np.errstate(invalid="ignore"):
        return (np.asarray(window_share > threshold, np.int8) - np.asarray(1.0 - window_share > threshold, np.int8))


def _wilson(share: Floats, n: Floats) -> tuple[Floats, Floats]:
    """E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927."""
    with np.errstate(invalid="ignore", divide="ignore"):
        z2 = _Z * _Z / n
        middle = (share + 0.5 * z2) / (1.0 + z2)
        half = np.sqrt(z2 * (share * (1.0 - share) + 0.25 * z2)) / (1.0 + z2)
    return middle - half, middle + half


def _checked(offsets: ArrayLike, start: ArrayLike, end: ArrayLike, speaker: ArrayLike) -> tuple[Integers, Floats, Floats, Integers]:
    first, who = np.asarray(offsets), np.asarray(speaker)
    begins, stops = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    if who.size == 0:
        who = who.astype(np.int64)
    if first.ndim != 1 or first.dtype.kind not in "iu" or who.dtype.kind not in "iu":
        raise WrongCall("offsets and speaker must be rows of whole numbers, not {offsets} and {speaker}.",
                        offsets=first.dtype.name, speaker=who.dtype.name)
    if not begins.shape == stops.shape == who.shape == (begins.size,):
        raise WrongCall("start, end and speaker must be equally long rows; their shapes are {start}, {end} and {speaker}.",
                        start=begins.shape, end=stops.shape, speaker=who.shape)
    if first.size == 0 or first[0] != 0 or first[-1] != begins.size or (np.diff(first.astype(np.int64)) < 0).any():
        raise WrongCall("offsets must start at 0, never descend and end at the number of utterances, {rows}.", rows=begins.size)
    if who.size and int(who.min()) < 0:
        raise WrongCall("speaker must be 0 or more; it is {speaker}.", speaker=int(who.min()))
    order, begins, stops = np.ascontiguousarray(first, dtype=np.int64), np.ascontiguousarray(begins), np.ascontiguousarray(stops)
    row = int(_first_wrong(order, begins, stops))
    if row >= 0 and not (math.isfinite(begins[row]) and math.isfinite(stops[row]) and stops[row] >= begins[row]):
        raise WrongCall("An utterance must end after it starts; number {row} lasts from {start} to {end}.",
                        row=row, start=float(begins[row]), end=float(stops[row]))
    if row >= 0:
        raise WrongCall("Utterances must stand in order of their start; number {row} starts at {start}, after {before}.",
                        row=row, start=float(begins[row]), before=float(begins[row - 1]))
    return order, begins, stops, np.ascontiguousarray(who, dtype=np.int64)


@compiled
def _first_wrong(first: Integers, start: Floats, end: Floats) -> int:
    """The first utterance that does not end after it starts, or starts before the one above it; -1 where all is well."""
    for meeting in range(first.size - 1):
        before = -np.inf
        for row in range(first[meeting], first[meeting + 1]):
            # written so that NaN is wrong too
            if not (math.isfinite(start[row]) and math.isfinite(end[row]) and end[row] >= start[row] and start[row] >= before - _AGREE):
                return row
            before = start[row]
    return -1


@compiled
def _window_counts(first: Integers, start: Floats, end: Floats, rim: int, window: float, step: float, count: Integers) -> None:
    """Writes the number of windows of meeting r into count[r + 1]."""
    for meeting in range(first.size - 1):
        low, high = first[meeting] + rim, first[meeting + 1] - rim
        if high - low < 2:  # noqa: PLR2004 - one utterance holds no window
            continue
        opens = start[low]
        closes = opens + window
        last = low
        runs = low
        while last != high - 1 and closes < end[high - 1]:
            while end[runs] <= closes:
                runs += 1
            last = runs - 1 if start[runs] > closes else runs
            count[meeting + 1] += 1
            opens += step
            closes += step


@compiled
def _shares(
    first: Integers, start: Floats, end: Floats, who: Integers, rim: int, window: float, step: float, at: Integers,
    seconds: Floats, squares: Floats, shares: Floats,
) -> None:
    """Fills seconds (R, K), squares (R,) and shares (W, K).

    What lies whole inside a window comes from running sums; only what is cut by an edge is looked at by itself.
    """
    speakers = seconds.shape[1]
    longest = 0
    for meeting in range(first.size - 1):
        longest = max(longest, first[meeting + 1] - first[meeting])
    sums = np.zeros((longest + 1) * speakers)
    spoken = np.zeros(speakers)
    for meeting in range(first.size - 1):
        low, high = first[meeting] + rim, first[meeting + 1] - rim
        if high <= low:
            continue
        spoken[:] = 0.0
        squared = 0.0
        place = 0
        for row in range(low, high):
            length = end[row] - start[row]
            spoken[who[row]] += length
            squared += length * length
            place += speakers
            for k in range(speakers):
                sums[place + k] = spoken[k]
        squares[meeting] = squared
        for k in range(speakers):
            seconds[meeting, k] = spoken[k]
        opens = start[low]
        closes = opens + window
        passed = low
        inside = low
        runs = low
        for row in range(at[meeting], at[meeting + 1]):
            while end[runs] <= closes:
                runs += 1
            while end[passed] < opens:
                passed += 1
            while inside < runs and start[inside] < opens:
                inside += 1
            # `runs` is the first utterance beyond the end; before `passed` all is over, from `inside` on nothing began
            # before the window.
            total = 0.0
            upper, lower = (runs - low) * speakers, (inside - low) * speakers
            for k in range(speakers):
                spoken[k] = sums[upper + k] - sums[lower + k]
            for cut in range(passed, inside):
                if end[cut] > opens:
                    spoken[who[cut]] += end[cut] - opens
            if start[runs] <= closes:
                spoken[who[runs]] += closes - max(start[runs], opens)
            for k in range(speakers):
                spoken[k] = max(spoken[k], 0.0)
                total += spoken[k]
            if total > 0.0:
                for k in range(speakers):
                    shares[row, k] = spoken[k] / total
            opens += step
            closes += step
