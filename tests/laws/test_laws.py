"""The laws of the method as properties, over every axis the registry finds."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evenwicht import registry
from evenwicht.engines.local import assess
from evenwicht.errors import EvenwichtError
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.resolve import resolve
from evenwicht.ledger.table import Ledger, frame_of
from evenwicht.measures.found import SIDED, SIGNED, Found, mirrored
from evenwicht.reports.formats import text
from laws.portfolios import PARTIES, START, WEEKS, ledgers

UNTIL = (START + timedelta(weeks=WEEKS)).date()
CLOSE = 1e-9
few = settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # an example is slow: no shrinking


def judged(events: list[Event], *, plain: bool = False, until: date = UNTIL, coverage: list[Coverage] | None = None) -> Found:
    return assess(Ledger(frame_of(events), coverage=None if coverage is None else tuple(coverage)), until, working_calendars=not plain)


def same(one: object, other: object) -> bool:
    """Equal, numbers to 1e-9."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(x, y) for x, y in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
    return one == other


def relation(found: Found, a: str, b: str) -> dict[str, object]:
    return found.between(a, b).seen_from(a).as_dict()


def renamed(value: object, names: dict[str, str]) -> object:
    if isinstance(value, dict):
        return {key: renamed(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [renamed(part, names) for part in value]
    if isinstance(value, str):
        for old, new in names.items():
            value = value.replace(old, f"\x00{new}")
        return value.replace("\x00", "")
    return value


def test_the_laws_see_every_axis() -> None:
    """The generated ledgers hold events of every axis, so that a new axis cannot slip past the laws."""
    events: list[Event] = []
    for seed in range(3):
        events.extend(busy(seed))
    axes = set(judged(events).axes["axis"].unique().to_list())
    assert axes == set(registry.members("evenwicht.measures.axes"))


def busy(seed: int, weeks: int = 30) -> list[Event]:
    """A lively relation with everything in it, without Hypothesis."""
    rng = random.Random(seed)
    a, b = PARTIES[:2]
    found = []
    for week in range(weeks):
        at = START + timedelta(weeks=week, days=rng.randint(0, 4), hours=rng.randint(8, 16))
        one, other = (a, b) if rng.random() < 0.6 else (b, a)
        name = f"s{seed}w{week}"
        found += [
            Event(name, at, one, other, "message", rng.uniform(20, 400), "words", thread=name),
            Event(f"{name}#q", at, one, other, "question", 1.0, "count"),
            Event(f"{name}r", at + timedelta(hours=rng.randint(2, 90)), other, one, "message", rng.uniform(20, 400), "words",
                  thread=name, answers=name),
            Event(f"invoice:{a}:{name}:2025", at, a, b, "invoice", 100.0, "EUR", due=at + timedelta(days=14)),
            Event(f"pay:{name}", at + timedelta(days=rng.randint(10, 40)), b, a, "payment", 100.0, "EUR",
                  answers=f"invoice:{a}:{name}:2025"),
            Event(f"{name}d", at + timedelta(days=rng.randint(0, 9)), a, b, "delivery", 1.0, "count", due=at + timedelta(days=5)),
            Event(f"{name}m", at, one, other, "meeting", 60.0, "minutes"),
            Event(f"{name}m#attendance", at, other, one, "attendance", 30.0 * rng.randint(1, 4), "minutes", answers=f"{name}m"),
            Event(f"{name}f", at, other, one, "favour", rng.uniform(1, 5), rng.choice(["hours", "EUR"])),
        ]
    return found


@given(ledgers())
@few
def test_law_1a_the_other_chair_is_the_same_page_mirrored(events: list[Event]) -> None:
    a, b = PARTIES[:2]
    seen = judged(events).between(a, b)
    mine, theirs = seen.seen_from(a).as_dict(), seen.seen_from(b).as_dict()
    assert json.dumps(mirrored(mine), sort_keys=True) == json.dumps(theirs, sort_keys=True)
    assert json.dumps(mirrored(theirs), sort_keys=True) == json.dumps(mine, sort_keys=True)
    for axis, other in zip(mine["axes"], theirs["axes"], strict=True):
        assert axis["verdict"] == other["verdict"]
        for name in SIGNED:
            assert axis[name] is None or axis[name] == -other[name]
        for one, two in SIDED:
            assert axis[one] == other[two]


@given(ledgers())
@few
def test_law_1b_renaming_turns_the_pair_and_nothing_else(events: list[Event]) -> None:
    a, b = PARTIES[:2]
    turned_names = {a: "zelkova.example", b: "acorn.example"}
    turned = [
        replace(event, giver=turned_names[event.giver], receiver=turned_names[event.receiver],
                id=str(renamed(event.id, turned_names)), answers=None if event.answers is None else str(renamed(event.answers, turned_names)))
        for event in events
    ]
    before, after = judged(events), judged(turned)
    expected = renamed(mirrored(relation(before, a, b)), turned_names)
    assert same(relation(after, "acorn.example", "zelkova.example"), expected)
    assert said(after, "acorn.example") == renamed(said(before, b), turned_names)


def said(found: Found, chair: str) -> str:
    import io

    pair = found.relations.select("a", "b").row(0)
    target = io.StringIO()
    text.write(found, target, language="en", chair=chair, between=pair)
    return " ".join(target.getvalue().replace("=", "").split())


@given(ledgers(parties=PARTIES, least=2), st.randoms(use_true_random=False))
@few
def test_law_2_order_splitting_and_reading_twice_do_not_matter(events: list[Event], rng: random.Random) -> None:
    whole = resolve(frame_of(events), coverage=None).ledger
    shuffled = list(events)
    rng.shuffle(shuffled)
    cut = rng.randint(0, len(shuffled))
    first = resolve(frame_of(shuffled[:cut] or shuffled), coverage=None).ledger
    second = resolve(pl.concat([frame_of(shuffled[cut:]), first.events, frame_of(shuffled[:1])]), coverage=None).ledger
    assert second.events.equals(whole.events)
    assert json.dumps(assess(second, UNTIL).as_dict()) == json.dumps(assess(whole, UNTIL).as_dict())


@given(ledgers(), ledgers(parties=(PARTIES[1], PARTIES[2]), least=5))
@few
def test_law_3_other_relations_change_nothing_to_the_last_bit(events: list[Event], others: list[Event]) -> None:
    apart = [replace(event, id=f"o{event.id}", answers=None if event.answers is None else f"o{event.answers}") for event in others]
    alone, together = judged(events), judged(events + apart)
    a, b = PARTIES[:2]
    assert json.dumps(relation(alone, a, b)) == json.dumps(relation(together, a, b))
    assert alone.history_of(a, b).equals(together.history_of(a, b))


@given(ledgers(), st.integers(1, 200))
@few
def test_law_3_whole_weeks_shift_the_result(events: list[Event], weeks: int) -> None:
    shift = timedelta(weeks=weeks)
    later = [replace(event, at=event.at + shift, due=None if event.due is None else event.due + shift) for event in events]
    before, after = judged(events, plain=True), judged(later, plain=True, until=UNTIL + shift)
    a, b = PARTIES[:2]
    assert same(_moved(relation(before, a, b), shift), relation(after, a, b))


def _moved(value: object, shift: timedelta) -> object:
    if isinstance(value, dict):
        return {key: _moved(part, shift) for key, part in value.items()}
    if isinstance(value, list):
        return [_moved(part, shift) for part in value]
    if isinstance(value, str):
        try:
            return (date.fromisoformat(value) + shift).isoformat()
        except ValueError:
            pass
        try:
            return (datetime.fromisoformat(value) + shift).isoformat().replace("+00:00", "Z")
        except ValueError:
            return value
    return value


@given(ledgers(), st.sampled_from([0.5, 2.0, 1024.0]), st.sampled_from([("EUR",), ("words", "seconds"), ("count",)]))
@few
def test_law_4_a_factor_on_both_sides_amounts_changes_no_verdict(events: list[Event], factor: float, units: tuple[str, ...]) -> None:
    """One factor on a currency, or on mail and talk together: both are words."""
    scaled = [replace(event, amount=event.amount * factor if event.amount is not None and event.unit in units else event.amount)
              for event in events]
    fields = [name for name in judged(events).axes.columns if name not in {"a_short", "b_short", "a_long", "b_long"}]
    before, after = judged(events).axes.select(fields).to_dicts(), judged(scaled).axes.select(fields).to_dicts()
    assert same(before, after)


@pytest.mark.parametrize("events", [
    pytest.param([], id="no data"),
    pytest.param([Event("1", START, *PARTIES[:2], "message", 5.0, "words")], id="one event"),
    pytest.param([Event(str(i), START + timedelta(days=i), *PARTIES[:2], "message", 5.0, "words") for i in range(200)], id="one side"),
    pytest.param([Event("1", START - timedelta(days=3653), *PARTIES[:2], "message", 5.0, "words"),
                  Event("2", START, *PARTIES[:2][::-1], "message", 5.0, "words")], id="ten years of silence"),
    pytest.param([Event(str(i), START + timedelta(days=i % 200), *PARTIES[:2], "message", 0.0, "words") for i in range(50)], id="amounts of 0"),
    pytest.param([Event(str(i), START + timedelta(days=i), *PARTIES[:2], "message", math.nan, "words") for i in range(20)], id="NaN"),
    pytest.param([Event(str(i), START + timedelta(days=i), *PARTIES[: 2][:: 1 if i % 3 else -1], "message", 1e15, "words") for i in range(60)], id="1e15"),
    pytest.param([Event(f"{week}-{i}", START + timedelta(weeks=week, minutes=i), *PARTIES[:2][:: 1 if (i < 97) == (week == 0) else -1],
                        "message", 1.0, "words") for week in (0, 1) for i in range(100)], id="97/100 then 3/100"),
])
def test_law_5_a_defined_answer_or_a_clear_sentence(events: list[Event]) -> None:
    try:
        found = judged(events)
    except EvenwichtError as error:
        sentence = str(error)
        found = None
    if found is None:
        assert sentence.endswith(".")
        return
    json.dumps(found.as_dict(), allow_nan=False)
    for row in found.axes.iter_rows(named=True):
        assert row["verdict"] in {"balanced", "temporary", "undecided", "structural", "too_little_data", "no_signal"}
        if row["n"]:
            assert all(math.isfinite(row[name]) for name in ("now", "level", "p_outside", "p_structural"))


def test_law_5_a_million_events_in_a_week() -> None:
    count = 1_000_000
    frame = pl.DataFrame({
        "id": pl.int_range(count, eager=True).cast(pl.String), "kind": ["message"] * count,
        "at": pl.Series([START]).extend_constant(START, count - 1),
        "giver": [PARTIES[0]] * count, "receiver": [PARTIES[1]] * count, "amount": [1.0] * count, "unit": ["words"] * count,
    })
    row = assess(frame, UNTIL).axes.filter(pl.col("axis") == "words").row(0, named=True)
    assert row["n"] == count
    assert math.isfinite(row["now"])


SOURCES = (("message", "question"), ("talk",), ("meeting",), ("invoice",), ("payment",), ("delivery", "order", "order_response"), ("promise", "promise_kept"))


def _covering(kinds: tuple[str, ...], party: str, sees: str = "both") -> Coverage:
    return Coverage("+".join(kinds), party, None, kinds, START - timedelta(days=1), START + timedelta(weeks=WEEKS), sees)


@given(ledgers(least=10, most=60), st.sampled_from(SOURCES))
@few
def test_law_8_removing_a_source_never_makes_a_verdict_structural(events: list[Event], gone: tuple[str, ...]) -> None:
    sources = [_covering(kinds, PARTIES[0]) for kinds in SOURCES]
    before = judged(events, coverage=sources)
    left = [event for event in events if event.kind not in gone]
    if not left:
        return
    try:
        after = judged(left, coverage=[source for source in sources if source.kinds != gone])
    except EvenwichtError:
        return
    assert _structural(after) <= _structural(before)


@given(ledgers(least=10, most=60), st.sampled_from(["given", "received"]))
@few
def test_law_8_mail_of_one_direction_is_not_judged(events: list[Event], sees: str) -> None:
    a = PARTIES[0]
    mail = {"message", "question"}
    seen = [event for event in events if event.kind not in mail or (event.giver == a) == (sees == "given")]
    sources = [_covering(kinds, a, sees if set(kinds) == mail else "both") for kinds in SOURCES]
    if not any(event.kind in mail for event in seen):
        return
    axes = judged(seen, coverage=sources).axes.filter(pl.col("axis").is_in(["response"]))
    assert set(axes["verdict"].to_list()) <= {"too_little_data"}


def _structural(found: Found) -> set[tuple[str, str, str]]:
    return set(found.axes.filter(pl.col("verdict") == "structural").select("a", "b", "axis").iter_rows())
