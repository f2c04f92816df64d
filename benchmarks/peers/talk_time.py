"""Talk time within meetings beside ConvoKit's `TalkTimeSharing`, on the 170 meetings of AMI: equal, and how fast.

    python -m benchmarks.peers.talk_time [--data FOLDER] [--meetings 40]

ConvoKit knows two groups. So it is run on each speaker against the rest, and on two halves of the speakers; we do the first for
all speakers of a meeting at once. Without the data set, meetings are drawn.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.peers.results import least, peer, put, ratio, seconds, signed, table

from evenwicht.measures.talk_time import floor, talk_time

THRESHOLD = 0.6
FILE = Path("ami_meetings") / "ami_only_words.rttm.gz"


@dataclass(frozen=True)
class Meetings:
    """Utterances of R meetings by (start, end, speaker); `who` counts the speakers of a meeting from 0, by name."""

    offsets: np.ndarray
    start: np.ndarray
    end: np.ndarray
    who: np.ndarray
    source: str

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def halves(self) -> Meetings:
        """The speakers of each meeting in two groups: the first half by name, and the rest."""
        who = self.who.copy()
        for low, high in zip(self.offsets[:-1], self.offsets[1:], strict=True):
            who[low:high] = who[low:high] >= (who[low:high].max() + 1) // 2
        return Meetings(self.offsets, self.start, self.end, who, self.source)

    def first(self, meetings: int) -> Meetings:
        offsets = self.offsets[:meetings + 1]
        rows = slice(0, int(offsets[-1]))
        return Meetings(offsets, self.start[rows], self.end[rows], self.who[rows], self.source)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, help="folder of the public data sets")
    arguments.add_argument("--meetings", type=int, default=40, help="meetings that ConvoKit does speaker by speaker; halves are done of all")
    chosen = arguments.parse_args()
    text = measured(read(chosen.data), chosen.meetings)
    print(text)
    put("talk_time", text)


def measured(meetings: Meetings, some: int) -> str:
    rows = []
    for name, given, peers_share in (
        ("two halves of the speakers", meetings.halves(), meetings.halves()),
        ("each speaker against the rest", meetings, meetings.first(some)),
    ):
        arrays = (given.offsets, given.start, given.end, given.who)
        talk_time(*arrays)
        ours = least(lambda arrays=arrays: talk_time(*arrays), time.process_time, 20) / len(given)
        theirs, built, check = beside(peers_share)
        rows += [
            (f"{name}: a meeting", seconds(ours), seconds(theirs), ratio(ours, theirs)),
            (f"{name}: the same with the peer's corpus built", seconds(ours), seconds(built), ratio(ours, built)),
            (f"{name}: agreement", check, "", ""),
        ]
    return "\n\n".join((
        "## Talk time beside ConvoKit",
        (f"{len(meetings)} meetings of {meetings.source}, {len(meetings.start):,} utterances; one core, processor time. The first and the last utterance "
        f"are left out, windows of 150 s every 30 s, both as ConvoKit does. ConvoKit did all meetings in halves and the first {min(some, len(meetings))} speaker by speaker "
        "(a conversation for each)."),
        table(("what", "Evenwicht", "ConvoKit", "ratio"), rows), signed("convokit"),
    ))


def beside(meetings: Meetings) -> tuple[float | None, float | None, str]:
    """Seconds a meeting of ConvoKit's transformer, the same with building its corpus, and how far the two agree."""
    with contextlib.redirect_stderr(io.StringIO()):
        found = peer("convokit")
    if found is None:
        return None, None, "not compared: convokit is not installed"
    from convokit.talktimesharing import TalkTimeSharing

    begin = time.process_time()
    corpus, conversations = _corpus(found, meetings)
    built = time.process_time()
    with contextlib.redirect_stderr(io.StringIO()):  # its progress bars
        TalkTimeSharing().transform(corpus)
    done = time.process_time()
    return (done - built) / len(meetings), (done - begin) / len(meetings), _agreement(corpus, conversations, meetings)


def _corpus(convokit: object, meetings: Meetings) -> tuple[object, list[tuple[str, int, int]]]:
    """A conversation per meeting and speaker, or one where there are two groups."""
    speakers: dict[int, object] = {}
    utterances, conversations = [], []
    for number, (low, high) in enumerate(zip(meetings.offsets[:-1], meetings.offsets[1:], strict=True)):
        present = int(meetings.who[low:high].max()) + 1
        for against in range(1 if present == 2 else present):
            name = f"{number}-{against}"
            conversations.append((name, number, against))
            for row in range(low, high):
                who = int(meetings.who[row])
                speaker = speakers.setdefault(who, convokit.Speaker(id=f"s{who}"))
                utterances.append(convokit.Utterance(
                    id=f"{name}-{row}", speaker=speaker, conversation_id=name, reply_to=None, text="x",
                    timestamp=float(meetings.start[row]), meta={
                        "start": float(meetings.start[row]), "stop": float(meetings.end[row]),
                        "utt_group": "groupA" if who == against else "groupB",
                    }))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return convokit.Corpus(utterances=utterances), conversations


def _agreement(corpus: object, conversations: list[tuple[str, int, int]], meetings: Meetings) -> str:
    found = talk_time(meetings.offsets, meetings.start, meetings.end, meetings.who)
    holds = floor(found["window_share"], THRESHOLD)
    largest, windows, differing, ties, sides = 0.0, 0, 0, 0, 0
    for name, meeting, who in conversations:
        told = corpus.get_conversation(name).meta
        share = found["share"][meeting, who]
        largest = max(largest, abs(max(share, 1 - share) - told["balance_score"]))
        sign = 1 if share > 0.5 else -1
        sides += (told["primary_speaker"] == "groupA") != (sign > 0)
        rows = slice(found["window_offsets"][meeting], found["window_offsets"][meeting + 1])
        spoken = ~np.isnan(found["window_share"][rows, who])
        ours = (sign * holds[rows, who][spoken]).tolist()
        windows += len(ours)
        part = found["window_share"][rows, who][spoken]
        on_edge = (np.abs(np.abs(part - 0.5) - (THRESHOLD - 0.5)) < 1e-9).tolist()
        differ = [one != other for one, other in zip(ours, told["balance_lst"], strict=False)]
        ties += sum(one and edge for one, edge in zip(differ, on_edge, strict=False))
        differing += abs(len(ours) - len(told["balance_lst"])) + sum(differ)
    shown = f" ({ties} of them lie on the threshold itself, to 1e-9)" if ties else ""
    return (f"{len(conversations):,} conversations: scores to {largest:.0e}; {differing} of {windows:,} windows{shown} and {sides} "
            "leading sides differ")


def read(data: Path | None) -> Meetings:
    """AMI where its file is, else drawn meetings."""
    if data is None or not (data / FILE).exists():
        return drawn(12)
    by_meeting: dict[str, list[tuple[float, float, str]]] = {}
    for line in gzip.decompress((data / FILE).read_bytes()).decode().splitlines():
        _, meeting, _, start, duration, _, _, speaker, *_ = line.split()
        by_meeting.setdefault(meeting, []).append((float(start), float(start) + float(duration), speaker))
    return _meetings([sorted(turns) for _, turns in sorted(by_meeting.items())], "AMI")


def drawn(meetings: int) -> Meetings:
    """Meetings of four who take turns at random."""
    rng = np.random.default_rng(3)
    made = []
    for _ in range(meetings):
        starts = np.cumsum(rng.exponential(4.0, 300)).round(2)
        lengths = rng.exponential(5.0, 300).round(2) + 0.2
        made.append([(float(s), float(s + d), f"speaker {k}") for s, d, k in zip(starts, lengths, rng.integers(0, 4, 300), strict=True)])
    return _meetings(made, "drawn turns")


def _meetings(made: list[list[tuple[float, float, str]]], source: str) -> Meetings:
    who = []
    for turns in made:
        names = {name: k for k, name in enumerate(sorted({turn[2] for turn in turns}))}
        who += [names[turn[2]] for turn in turns]
    flat = [turn for turns in made for turn in turns]
    return Meetings(
        np.cumsum([0, *(len(turns) for turns in made)]), np.array([t[0] for t in flat]), np.array([t[1] for t in flat]),
        np.array(who, dtype=np.int64), source)


if __name__ == "__main__":
    main()
