"""A main contact that changed is found with its day; chance, holidays, turns and thin data are not taken for one."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measures.contact_worlds import START, UNTIL, WORLDS, YEARS, frame, side

from evenwicht.ledger.coverage import Coverage
from evenwicht.measures.contacts import SCHEMA, _at_a_border, contact_changes

DAY = date(2024, 9, 16)


def weekly(first: date, last: date, who: str, every: int = 7) -> list[tuple[datetime, str]]:
    return [(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), who)
            for day in (first + timedelta(days=k) for k in range(0, (last - first).days, every))]


def changed(*parts: list[tuple[datetime, str]], until: date = UNTIL, **more: object) -> list[dict[str, object]]:
    return contact_changes(frame([[one for part in parts for one in part]]), until, **more).to_dicts()  # type: ignore[arg-type]


OLD, NEW = weekly(date(2024, 1, 1), DAY, "old"), weekly(DAY, date(2025, 3, 3), "new")


def test_one_falls_silent_and_another_is_new() -> None:
    found = changed(OLD, NEW)
    assert [(one["a"], one["b"], one["side"]) for one in found] == [("birch.example", "x0.example", "x0.example")]
    assert date(2024, 9, 8) <= found[0]["low"] <= found[0]["about"] <= found[0]["high"] <= DAY  # type: ignore[operator]
    assert 0.99 < found[0]["certainty"] <= 1.0  # type: ignore[operator]


def test_what_comes_after_until_does_not_exist() -> None:
    whole = contact_changes(frame([[*OLD, *NEW]]), date(2024, 12, 31)).rows()
    cut = contact_changes(frame([[one for one in (*OLD, *NEW) if one[0].date() <= date(2024, 12, 31)]]), date(2024, 12, 31)).rows()
    assert whole == cut
    assert len(whole) == 1
    assert changed(OLD, NEW, until=date(2024, 10, 10)) == []
    assert contact_changes(frame([[*OLD, *NEW]]), datetime(2024, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)).rows() == whole


def test_nobody_is_named_and_the_columns_are_always_the_same() -> None:
    found = contact_changes(frame([[*OLD, *NEW]]), UNTIL)
    assert dict(found.schema) == dict(contact_changes(frame([]), UNTIL).schema) == dict(SCHEMA)
    assert not {"old-0", "new-0"} & {str(value) for row in found.rows() for value in row}


def test_two_changes_are_two() -> None:
    third = weekly(date(2025, 3, 3), date(2025, 11, 3), "third")
    assert [abs((one["about"] - day).days) <= 7 for one, day in zip(changed(OLD, NEW, third), (DAY, date(2025, 3, 3)), strict=True)] == [True, True]  # type: ignore[operator]


@pytest.mark.parametrize("parts", [
    (OLD,), (OLD, NEW[:5]), (OLD[:5], NEW), (weekly(date(2024, 1, 1), UNTIL, "old", 10), NEW),
    (OLD, weekly(DAY, date(2024, 10, 14), "new", 3), weekly(date(2024, 10, 14), UNTIL, "old")),
    (weekly(date(2024, 1, 1), UNTIL, "one", 9), weekly(date(2024, 1, 3), UNTIL, "two", 8)),
    (weekly(date(2024, 1, 1), DAY, "old", 9), weekly(date(2024, 1, 3), UNTIL, "two", 9)),
], ids=["nobody new", "too few after", "too few before", "the old one stays", "a stand-in", "two at a time", "the other was there before"])
def test_what_is_no_change(parts: tuple[list[tuple[datetime, str]], ...]) -> None:
    assert changed(*(sorted([one for part in parts for one in part]),)) == []


def test_a_silence_as_long_as_one_before_is_no_change() -> None:
    paused = [*weekly(date(2024, 1, 1), date(2024, 4, 1), "old"), *weekly(date(2024, 6, 10), DAY, "old")]
    assert changed(paused, weekly(DAY, date(2024, 12, 1), "new"), until=date(2024, 12, 31)) == []
    assert len(changed(paused, weekly(DAY, date(2025, 3, 3), "new"), until=date(2025, 3, 31))) == 1


def test_a_few_words_are_not_enough_to_be_sure() -> None:
    def turns(first: date, *people: str) -> list[tuple[datetime, str]]:
        return [one for k, who in enumerate(people) for one in weekly(first + timedelta(weeks=2 * k), first + timedelta(days=1, weeks=2 * k), who)]

    before, after = ("old", "a", "old", "a", "old", "a"), ("new", "a", "new", "a", "new", "a")
    assert changed(turns(date(2024, 6, 24), *before), turns(DAY, *after)) == []
    assert len(changed(turns(date(2023, 10, 2), *before, *before, *before, *before), turns(DAY, *after, *after, *after, *after))) == 1


def test_before_a_change_there_may_be_too_little_for_another() -> None:
    assert len(changed(weekly(date(2024, 7, 15), DAY, "old"), NEW)) == 1


def test_a_long_conversation_is_one_turn() -> None:
    many = frame([[*OLD, *weekly(DAY, date(2024, 12, 1), "new", 2)]])
    thread = pl.when(pl.col("person") == "new-0").then(pl.lit("one")).otherwise(pl.col("thread")).alias("thread")
    assert contact_changes(many, date(2024, 12, 31)).height == 1
    assert contact_changes(many.with_columns(thread), date(2024, 12, 31)).height == 0


def test_what_only_one_side_knows_and_cells_of_several_people_do_not_count() -> None:
    whole = frame([[*OLD, *NEW]])
    assert contact_changes(whole.with_columns(shared=pl.lit(value=False)), UNTIL).height == 0
    assert contact_changes(whole.with_columns(person=pl.col("person") + " other"), UNTIL).height == 0
    assert contact_changes(whole.with_columns(kind=pl.lit("meeting")), UNTIL).height == 0


def test_a_mailbox_that_begins_then_explains_it() -> None:
    first, last = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)
    border = datetime(2024, 9, 20, tzinfo=UTC)
    one = Coverage("one", "birch.example", "p", ("message",), first, border)
    two = Coverage("two", "birch.example", "q", ("message",), border, last)
    assert changed(OLD, NEW, coverage=(one, two)) == []
    assert len(changed(OLD, NEW, coverage=(Coverage("one", "birch.example", "p", ("message",), first, last),))) == 1
    assert len(changed(OLD, NEW, coverage=(Coverage("bank", "birch.example", None, ("payment",), first, border),
                                           Coverage("any", None, None, ("message",), first, border)))) == 1


def test_sides_and_relations_do_not_touch_each_other() -> None:
    several = frame([[*OLD, *NEW], OLD, [*OLD, *NEW]])
    assert contact_changes(several, UNTIL)["side"].to_list() == ["x0.example", "x2.example"]
    turned = several.with_columns(giver="receiver", receiver="giver").filter(pl.col("receiver") == "x0.example")
    assert contact_changes(turned, UNTIL).select("a", "b", "side").rows() == [("birch.example", "x0.example", "birch.example")]


@pytest.mark.parametrize(("days", "near"), [(-15, False), (-14, True), (0, True), (3, True), (17, True), (18, False)])
def test_a_border_is_near_within_a_fortnight_of_the_interval(days: int, near: bool) -> None:
    assert _at_a_border(DAY, DAY + timedelta(days=3), [DAY + timedelta(days=days)]) is near


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rng: random.Random) -> None:
    rows = frame([[*OLD[-20:], *NEW[:20]]])
    order = list(range(rows.height))
    rng.shuffle(order)
    assert contact_changes(rows[order], UNTIL).rows() == contact_changes(rows, UNTIL).rows()


@pytest.mark.parametrize("world", ["one", "two", "three", "holidays"])
def test_false_alarms_are_rare_also_where_little_is_said(world: str) -> None:
    rng = random.Random(11)
    quiet = [side(world, a_week, rng) for a_week in (0.1, 0.2, 0.5, 1.5) for _ in range(25)]
    assert contact_changes(frame(quiet), UNTIL).height / len(quiet) / YEARS <= 0.01


def test_true_changes_are_found_with_their_day() -> None:
    rng = random.Random(12)
    days = [START.date() + timedelta(days=rng.randrange(250, 850)) for _ in range(60)]
    found = contact_changes(frame([side("one", 1.0, rng, day) for day in days]), UNTIL)
    right = [(days[int(key[1:].partition(".")[0])], low, high) for key, low, high in found.select("side", "low", "high").iter_rows()]
    assert len(right) >= 54
    assert sum(low <= day <= high for day, low, high in right) >= 0.8 * len(right)


def test_the_worlds_hold_people_of_their_own() -> None:
    for world in WORLDS:
        assert {who for _at, who in side(world, 3.0, random.Random(1))} <= {"p0", "p1", "p2"}
        assert "new" in {who for _at, who in side(world, 3.0, random.Random(1), DAY)}
