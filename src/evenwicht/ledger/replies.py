"""Joins answers to invitations with the meetings they answer, and called-off series with their meetings.

An invitation, its answers and its cancellation reach a mailbox in mails of their own, each read as a file of its own.
Here they meet: who answered that he comes is a head, who answered that he does not is none. A reply holds for its own
instance, else for every instance of its series; it holds against what was written before it, of no newer version.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.ledger.marks import HEADS, OFF, REPLY
from evenwicht.ledger.table import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Replied:
    """Rows with replies taken into account, and the replies themselves, to be kept beside the ledger."""

    rows: pl.DataFrame
    aside: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Heads:
    """What one version says of one side: when it was written, minutes of the meeting, pseudonyms of its heads."""

    stamp: str
    minutes: float
    heads: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Reply:
    meeting: str
    person: str
    stamp: str
    comes: bool
    version: int


def replied(rows: pl.DataFrame) -> Replied:
    """Take replies out of the rows and let them change how many heads an organisation had at a meeting.

    rows    one row per identity, parties already known: columns of `table.SCHEMA` and `table.RAW`
    Amounts are made anew from what the versions say each time, so that the order in which files are read is free.
    """
    replies = rows.filter(pl.col("kind") == REPLY)
    rest = rows.filter(pl.col("kind") != REPLY) if replies.height else rows
    gone = _called_off(rest)
    if not replies.height and not gone:
        return Replied(rest, replies)
    answers = _answers(replies)
    threads = {thread for thread, _giver in answers} | gone.keys()
    concerned = rest.filter(pl.col("kind").is_in(["meeting", "attendance"]) & pl.col("thread").is_in(sorted(threads)))
    changed = [change for row in concerned.iter_rows(named=True) if (change := _changed(row, answers, gone)) is not None]
    if not changed:
        return Replied(rest, replies)
    new = pl.DataFrame(changed, schema={**dict.fromkeys(IDENTITY, pl.String), "_amount": pl.Float64, "_person": pl.String}, orient="row")
    joined = rest.join(new, on=list(IDENTITY), how="left", maintain_order="left")
    touched = pl.col("_amount").is_not_null()
    return Replied(joined.with_columns(
        pl.coalesce("_amount", "amount").alias("amount"),
        pl.when(touched & (pl.col("kind") == "attendance")).then(pl.col("_person")).otherwise(pl.col("person")).alias("person"),
    ).select(rest.columns), replies)


def _answers(replies: pl.DataFrame) -> dict[tuple[str, str], list[_Reply]]:
    """Replies by series and organisation."""
    found: dict[tuple[str, str], list[_Reply]] = defaultdict(list)
    for row in replies.iter_rows(named=True):
        found[row["thread"], row["giver"]].append(_Reply(
            row["answers"], row["person"], f"{row['at']:%Y%m%dT%H%M%SZ}", bool(row["amount"]), row["version"]))
    return found


def _called_off(rows: pl.DataFrame) -> dict[str, tuple[int, str]]:
    """Series that were called off as a whole: version and moment of it."""
    whole = rows.filter((pl.col("kind") == "meeting") & (pl.col("id") == pl.col("thread")) & (pl.col("amount") == 0))
    found: dict[str, tuple[int, str]] = {}
    for row in whole.iter_rows(named=True):
        stamps = [parts[1] for parts in _versioned(row["references"], OFF, row["version"])]
        if stamps:
            found[row["thread"]] = max(found.get(row["thread"], (-1, "")), (row["version"], max(stamps)))
    return found


def _changed(
    row: dict[str, Any], answers: dict[tuple[str, str], list[_Reply]], gone: dict[str, tuple[int, str]],
) -> tuple[str, str, str, str, float, str | None] | None:
    identity = (row["id"], row["kind"], row["giver"], row["receiver"])
    version, since = gone.get(row["thread"], (-1, ""))
    if row["version"] < version and row["thread"] not in {row["id"], row["answers"]} and f"{row['at']:%Y%m%dT%H%M%SZ}" >= since:
        return (*identity, 0.0, row["person"])
    given = answers.get((row["thread"], row["giver"]))
    said = _latest(row) if given and row["kind"] == "attendance" else None
    if not given or said is None:
        return None
    heads = set(said.heads)
    for reply in _holding(given, row, said.stamp):
        (heads.add if reply.comes else heads.discard)(reply.person)
    return (*identity, said.minutes * len(heads), " ".join(sorted(heads)) or None)


def _holding(given: list[_Reply], row: dict[str, Any], since: str) -> Iterable[_Reply]:
    """Of each person the answer that holds for this meeting: the latest to it, else the latest to its series."""
    held: dict[str, _Reply] = {}
    for reply in given:
        if reply.meeting not in {row["answers"], row["thread"]} or reply.version < row["version"] or reply.stamp < since:
            continue
        before = held.get(reply.person)
        if before is None or _rank(reply, row) > _rank(before, row):
            held[reply.person] = reply
    return held.values()


def _rank(reply: _Reply, row: dict[str, Any]) -> tuple[bool, int, str, bool]:
    return reply.meeting == row["answers"], reply.version, reply.stamp, reply.comes


def _latest(row: dict[str, Any]) -> _Heads | None:
    """What the version that stands says of the heads; of several sources the one written last."""
    said = [
        _Heads(stamp, float(minutes), frozenset(people.split(",")) - {""})
        for _version, stamp, minutes, people in _versioned(row["references"], HEADS, row["version"])
    ]
    return max(said, key=lambda one: (one.stamp, one.minutes, sorted(one.heads)), default=None)


def _versioned(references: list[str] | None, mark: str, version: int) -> list[list[str]]:
    """The parts of the marks of one kind and version."""
    parts = {HEADS: 4, OFF: 2}[mark]
    found = [one.removeprefix(mark).split(":", parts - 1) for one in references or () if one.startswith(mark)]
    return [one for one in found if len(one) == parts and one[0] == str(version)]
