"""What both agreed: another zero, and disturbances both chose."""

from __future__ import annotations

import math

import polars as pl
import pytest

from evenwicht.measures.agreements import agreed_disturbances, agreed_norms
from evenwicht.measures.facts import Facts
from measures.lines import A, B, C, covering, facts

ODDS = math.log(65 / 35)


def named(found: dict[int, float], known: Facts) -> dict[tuple[str, str], float]:
    return {known.sides(pl.Series([pair])).row(0): value for pair, value in found.items()}


def norms(lines: str, until: str = "2026-12-31") -> dict[tuple[str, str], float]:
    known = facts(lines, until)
    return named(agreed_norms(known, "words"), known)


def disturbances(lines: str, until: str) -> dict[tuple[str, str], float]:
    known = facts(lines, until)
    return named(agreed_disturbances(known), known)


def test_a_norm_is_the_givers_share_whichever_name_comes_first():
    assert norms("2026-03-02T09:00Z A -> B norm 0.65 share <n> thread <words>") == {(A, B): pytest.approx(ODDS)}
    assert norms("2026-03-02T09:00Z B -> A norm 0.65 share <n> thread <words>") == {(A, B): pytest.approx(-ODDS)}


def test_the_latest_agreement_holds():
    lines = """
        2026-03-09T09:00Z A -> B norm 0.5 share <m> thread <words>
        2026-03-02T09:00Z A -> B norm 0.65 share <n> thread <words>
        2026-03-02T09:00Z B -> C norm 0.65 share <o> thread <words>
    """
    assert norms(lines) == {(A, B): 0.0, (B, C): pytest.approx(ODDS)}
    assert norms(lines, "2026-03-08")[(A, B)] == pytest.approx(ODDS)


@pytest.mark.parametrize("amount", ["0", "1", "1.5", "-0.2", "?"])
def test_a_share_that_is_none_changes_nothing(amount: str):
    assert norms(f"2026-03-02T09:00Z A -> B norm {amount} share <n> thread <words>") == {}


def test_a_norm_is_for_one_axis():
    assert norms("2026-03-02T09:00Z A -> B norm 0.65 share <n> thread <initiative>") == {}


MINE = "2026-03-02T00:00Z A -> B disturbance 60 days <m> due 2026-05-01T00:00Z"
THEIRS = "2026-03-03T00:00Z B -> A disturbance 90 days <t> due 2026-06-01T00:00Z"
MAY, JUNE = 1_777_593_600_000_000, 1_780_272_000_000_000


def test_a_disturbance_runs_by_agreement_when_both_state_it_until_the_first_of_their_days():
    assert disturbances(f"{MINE}\n{THEIRS}", "2026-04-01") == {(A, B): MAY}


@pytest.mark.parametrize(("lines", "until"), [
    (MINE, "2026-04-01"), (THEIRS, "2026-04-01"), (f"{MINE}\n{THEIRS}", "2026-05-02"), (f"{MINE}\n{THEIRS}", "2026-03-02"),
    (f"{MINE}\n{THEIRS.replace(' -> A', ' -> C')}", "2026-04-01"), (f"{MINE}\n{THEIRS.split(' due', maxsplit=1)[0]}", "2026-04-01"),
])
def test_one_side_alone_before_or_after_or_with_another_agrees_on_nothing(lines: str, until: str):
    assert disturbances(lines, until) == {}


def test_the_later_of_one_sides_days_holds():
    longer = "2026-03-20T00:00Z A -> B disturbance 90 days <m2> due 2026-07-01T00:00Z"
    assert disturbances(f"{longer}\n{MINE}\n{THEIRS}", "2026-04-01") == {(A, B): JUNE}


def test_what_was_agreed_holds_whatever_files_were_read():
    """An agreement is written into the ledger itself: no source has to cover it."""
    norm = "2026-03-02T09:00Z A -> B norm 0.65 share <n> thread <words>"
    known = facts(f"{norm}\n{MINE}\n{THEIRS}", "2026-04-01", coverage=[covering(A, "message", "2026-01-01", "2026-12-31")])
    assert named(agreed_norms(known, "words"), known) == {(A, B): pytest.approx(ODDS)}
    assert named(agreed_disturbances(known), known) == {(A, B): MAY}
