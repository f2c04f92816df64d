"""Parents and subsidiaries: a decision, taken back without a trace, and a ledger in which a group is one party."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenwicht.errors import WrongCall
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.groups import grouped, parents_of, rolled_up, tops_of, ungrouped
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.notation import parsed
from evenwicht.ledger.party import Decision, Party
from evenwicht.ledger.resolve import again, raw_rows, resolve
from evenwicht.ledger.table import Ledger, frame_of, read, write

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("acme.com", "acme.de", "acme.nl", "birch.nl", "oak.nl")
PARTIES = {key: Party(key, key.partition(".")[0].title(), identifiers=(key, f"name:{key.replace('.', '-')}")) for key in KEYS}
LINES = (
    "2026-03-02T09:14Z birch.nl -> acme.nl message 412 words <m1>", "2026-03-02T09:14Z birch.nl -> acme.de message 412 words <m1>",
    "2026-03-03T09:14Z acme.de -> acme.nl message 9 words <m2>", "2026-03-04T09:14Z acme.com -> birch.nl message 12 words <m3>",
    "2026-03-05T09:00Z birch.nl -> acme.nl meeting 60 minutes <u>", "2026-03-05T09:00Z birch.nl -> acme.de meeting 60 minutes <u>",
    "2026-03-05T09:00Z acme.nl -> birch.nl attendance 120 minutes <u>", "2026-03-05T09:00Z acme.de -> birch.nl attendance 30 minutes <u>",
    "2026-03-06T09:14Z oak.nl -> birch.nl message 1 words <m4>",
)
GROUP = Decision("group", ("acme.com", "acme.nl", "acme.de"))


def book(*decisions: Decision, lines: tuple[str, ...] = LINES, **more: object) -> Ledger:
    return Ledger(frame_of(map(parsed, lines)), PARTIES, "birch.nl", None, decisions, **more)  # type: ignore[arg-type]


def test_without_groups_the_ledger_comes_back() -> None:
    one = book(Decision("rename", ("oak.nl",), "Oak"))
    assert rolled_up(one) is one


def test_a_group_is_one_party_and_what_happens_within_is_left_out() -> None:
    before = book(GROUP)
    rolled = rolled_up(before)
    rows = rolled.events.select("id", "giver", "receiver", "kind", "amount").rows()
    assert rows == [
        ("m1", "birch.nl", "acme.com", "message", 412.0), ("m3", "acme.com", "birch.nl", "message", 12.0),
        ("u", "acme.com", "birch.nl", "attendance", 150.0), ("u", "birch.nl", "acme.com", "meeting", 60.0),
        ("m4", "oak.nl", "birch.nl", "message", 1.0)]
    assert before.events.height == len(LINES)
    assert set(rolled.parties) == {"acme.com", "birch.nl", "oak.nl"}
    assert rolled.parties["acme.com"].identifiers[:2] == ("acme.com", "name:acme-com")
    assert {"acme.nl", "acme.de", "name:acme-nl"} <= set(rolled.parties["acme.com"].identifiers)


def test_the_people_of_all_members_stand_in_the_one_row() -> None:
    one = book(GROUP, lines=LINES[:2])
    one = one.with_events(one.events.with_columns(pl.lit("p1").alias("person"), pl.Series("counter_person", ["p3 p2", "p4"])))
    assert rolled_up(one).events.select("person", "counter_person").rows() == [("p1", "p2 p3 p4")]
    assert rolled_up(book(GROUP, lines=LINES[:2])).events.select("person", "counter_person").rows() == [(None, None)]


def test_a_parent_of_a_parent_is_the_top_and_ours_may_be_below_it() -> None:
    rolled = rolled_up(book(GROUP, Decision("group", ("oak.nl", "acme.com", "birch.nl"))))
    assert set(rolled.events["giver"].to_list() + rolled.events["receiver"].to_list()) == set()
    assert rolled.us == "oak.nl"
    assert tops_of((GROUP, Decision("group", ("oak.nl", "acme.com"))), PARTIES) == dict.fromkeys(("acme.nl", "acme.de", "acme.com"), "oak.nl")


def test_coverage_of_a_member_is_of_the_group() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    covered = (Coverage("t", "acme.de", None, ("message",), start, start), Coverage("t", None, None, ("message",), start, start))
    one = Ledger(book().events, PARTIES, "birch.nl", covered, (GROUP,))
    assert [entry.party for entry in rolled_up(one).coverage or ()] == ["acme.com", None]


def test_a_parent_that_is_in_no_event_is_a_party_of_the_rolled_up_ledger() -> None:
    found = rolled_up(book(Decision("group", ("vat:NL1", "acme.nl", "acme.de"))))
    assert found.parties["vat:NL1"].aliases[:1] == ("Acme",)


def test_identifiers_of_a_member_do_as_well_as_its_key() -> None:
    assert parents_of((Decision("group", ("name:acme-com", "name:acme-nl")),), PARTIES) == {"acme.nl": "acme.com"}


def test_circles_are_refused_with_a_sentence() -> None:
    one = book(GROUP)
    for parent, child, named in (("acme.nl", "acme.com", "already below"), ("acme.nl", "acme.nl", "the same one")):
        with pytest.raises(WrongCall, match=named):
            grouped(one, parent, [child])
    assert grouped(one, "oak.nl", iter(["acme.com"])) == Decision("group", ("oak.nl", "acme.com"))


def test_only_a_subsidiary_can_be_taken_out() -> None:
    one = book(GROUP)
    assert ungrouped(one, "name:acme-nl") == Decision("ungroup", ("name:acme-nl",))
    assert parents_of((GROUP, ungrouped(one, "acme.nl")), PARTIES) == {"acme.de": "acme.com"}
    with pytest.raises(WrongCall, match=r"acme\.de, acme\.nl"):
        ungrouped(one, "oak.nl")


def test_a_later_parent_holds() -> None:
    assert parents_of((GROUP, Decision("group", ("oak.nl", "acme.nl"))), PARTIES)["acme.nl"] == "oak.nl"


NAMES = st.sampled_from(KEYS)
DECISIONS = st.lists(st.one_of(
    st.builds(lambda one, two: Decision("group", (one, two)), NAMES, NAMES), st.builds(lambda one: Decision("ungroup", (one,)), NAMES),
    st.builds(lambda one, two: Decision("merge", (one, two)), NAMES, NAMES), st.builds(lambda one: Decision("split", (one,)), NAMES),
    st.builds(lambda one, two: Decision("apart", (one, two)), NAMES, NAMES), st.builds(lambda one: Decision("rename", (one,), "New"), NAMES),
    st.builds(lambda one: Decision("business", (one,)), NAMES),
), max_size=5).map(tuple)


@given(DECISIONS)
def test_there_is_never_a_circle(decisions: tuple[Decision, ...]) -> None:
    parents = parents_of(decisions, PARTIES)
    tops = tops_of(decisions, PARTIES)
    assert set(tops) == set(parents)
    assert not set(tops.values()) & set(parents)
    rolled = rolled_up(book(*decisions)).events
    assert not set(rolled["giver"].to_list() + rolled["receiver"].to_list()) & set(parents)
    assert rolled.filter(pl.col("giver") == pl.col("receiver")).height == 0


MENTIONS = (Mention(("acme.nl", "vat:NL111111111B01"), "Acme Nederland B.V."), Mention(("oak.nl", "name:oak-bv"), "Oak B.V."))


@settings(max_examples=25)
@given(DECISIONS, st.lists(st.tuples(st.sampled_from(["file", "decide", "undo"]), st.integers(0, 4)), max_size=8))
def test_decisions_and_files_in_any_order_undone_are_as_if_nothing_was_decided(
    decisions: tuple[Decision, ...], steps: list[tuple[str, int]],
) -> None:
    us = Decision("us", ("birch.nl",))
    frames = [frame_of(map(parsed, part)) for part in (LINES[:2], LINES[2:4], LINES[4:8], LINES[8:])]
    rest = list(range(len(frames)))
    ledger = resolve(frames[rest.pop(0)], mentions=MENTIONS[:1], decisions=(us,), between_others=True).ledger
    made: list[Decision] = []
    todo = list(decisions)
    for step, which in [*steps, *[("file", 0)] * len(frames)]:
        if step == "file" and rest:
            ledger = _added(ledger, frames[rest.pop(which % len(rest))], (us, *made))
        elif step == "decide" and todo:
            made.append(todo.pop(0))
            ledger = again(ledger, (us, *made)).ledger
        elif step == "undo" and made:
            made.pop()
            ledger = again(ledger, (us, *made)).ledger
    whole = resolve(pl.concat(frames), mentions=MENTIONS, decisions=(us, *made), between_others=True).ledger
    _same(ledger, whole)
    while made:
        made.pop()
        ledger = again(ledger, (us, *made)).ledger
    _same(ledger, resolve(pl.concat(frames), mentions=MENTIONS, decisions=(us,), between_others=True).ledger)


def _added(ledger: Ledger, frame: pl.DataFrame, decisions: tuple[Decision, ...]) -> Ledger:
    return resolve(pl.concat([raw_rows(ledger), frame]), mentions={*ledger.mentions, *MENTIONS}, decisions=decisions, coverage=ledger.coverage,
                   between_others=True).ledger


def _same(one: Ledger, other: Ledger) -> None:
    assert one.events.select(pl.exclude("evidence")).rows() == other.events.select(pl.exclude("evidence")).rows()
    assert (one.parties, one.us, one.decisions) == (other.parties, other.us, other.decisions)


def test_groups_survive_the_file(tmp_path: Path) -> None:
    write(book(GROUP, Decision("apart", ("acme.nl", "oak.nl"))), tmp_path / "l.parquet")
    stored, _ = read(tmp_path / "l.parquet")
    assert parents_of(stored.decisions, stored.parties) == {"acme.nl": "acme.com", "acme.de": "acme.com"}
