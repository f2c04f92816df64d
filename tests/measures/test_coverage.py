"""What a source could not have shown is unknown, not zero (CONTRACT, Coverage)."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.ledger.coverage import Coverage
from evenwicht.measures.coverage import Covered
from evenwicht.measures.weeks import end_of, microseconds, week_number
from measures.lines import A, B, C, axis_of, covering, day, facts, judged, moment

MAIL = "message question"
PARTIES = (A, B, C)


def us(text: str) -> int:
    return microseconds(moment(text))


def seen(covered: Covered, giver: str, receiver: str, kind: str, on: str) -> tuple[bool, bool]:
    codes = {name: [PARTIES.index(name)] for name in PARTIES}
    frame = pl.DataFrame({
        "giver": codes[giver], "receiver": codes[receiver], "kind": [kind], "week": [week_number(moment(on).date())]})
    asked = covered.weeks_seen(frame.with_columns(kind=pl.lit("pulse")), kind).select("seen_there", "seen_back").row(0)
    assert asked == covered.weeks_seen(frame).select("seen_there", "seen_back").row(0)
    return covered.weeks_seen(frame).select("seen_there", "seen_back").row(0)


def seen_until(covered: Covered, debtor: str, creditor: str, kind: str, at: str, until: str = "2026-12-31") -> int | None:
    frame = nw.from_native(pl.DataFrame({"debtor": [PARTIES.index(debtor)], "creditor": [PARTIES.index(creditor)], "t": [us(at)]}))
    return covered.answer_end(frame, kind, microseconds(end_of(moment(until).date())))["seen_until"].to_list()[0]


# statements


def test_no_statement_at_all_means_that_everything_was_seen():
    covered = Covered(None, PARTIES)
    assert seen(covered, A, B, "message", "2026-03-02") == (True, True)
    assert seen_until(covered, A, B, "payment", "2026-03-02") == microseconds(end_of(moment("2026-12-31").date()))
    assert covered.ends(A, B, "message") is None


def test_an_empty_list_of_statements_means_that_nothing_was_seen():
    covered = Covered([], PARTIES)
    assert not covered.complete
    assert seen(covered, A, B, "message", "2026-03-02") == (False, False)
    assert seen_until(covered, A, B, "payment", "2026-03-02") is None
    assert covered.ends(A, B, "message") is None


@pytest.mark.parametrize(("sees", "from_party", "to_party"), [
    ("both", (True, True), (True, True)), ("given", (True, False), (False, True)), ("received", (False, True), (True, False)),
])
def test_a_party_sees_what_it_gave_or_received(sees: str, from_party: tuple[bool, bool], to_party: tuple[bool, bool]):
    covered = Covered([covering(A, MAIL, "2026-01-05", "2026-06-30", sees)], PARTIES)  # type: ignore[arg-type]
    assert seen(covered, A, B, "message", "2026-03-02") == from_party
    assert seen(covered, B, A, "message", "2026-03-02") == to_party
    assert seen(covered, B, C, "message", "2026-03-02") == (False, False)
    assert seen(covered, A, B, "talk", "2026-03-02") == (False, False)


def test_two_halves_make_a_whole():
    covered = Covered([covering(A, MAIL, "2026-01-05", "2026-06-30", "given"), covering(B, MAIL, "2026-01-05", "2026-06-30", "given")], PARTIES)
    assert seen(covered, A, B, "message", "2026-03-02") == (True, True)


def test_weeks_are_covered_from_the_first_to_the_last():
    covered = Covered([covering(A, MAIL, "2026-03-04", "2026-03-24")], PARTIES)
    weeks = ["2026-02-23", "2026-03-02", "2026-03-16", "2026-03-23", "2026-03-30"]
    assert [seen(covered, A, B, "message", one)[0] for one in weeks] == [False, True, True, True, False]


def test_each_party_has_its_own_weeks_however_far_apart():
    covered = Covered([covering(A, MAIL, "2026-01-05", "2026-06-30"), covering(B, MAIL, "2019-01-07", "2019-06-30")], PARTIES)
    asked = [(A, C, "2026-03-02"), (B, C, "2019-03-04"), (A, C, "2019-03-04"), (B, C, "2026-03-02"), (A, B, "2019-03-04"), (A, B, "2026-03-02")]
    assert [seen(covered, one, other, "message", on)[0] for one, other, on in asked] == [True, True, False, False, True, True]


def test_a_source_of_everyone_covers_every_pair():
    covered = Covered([covering(None, "message", "2026-01-05", "2026-06-30")], PARTIES)
    assert seen(covered, B, C, "message", "2026-03-02") == (True, True)
    assert seen_until(covered, B, C, "message", "2026-03-02") == covered.ends(C, B, "message")


def test_the_end_is_the_last_day_of_any_source_that_would_have_shown_it():
    covered = Covered([covering(A, "payment", "2026-01-05", "2026-03-31"), covering(B, "payment", "2026-01-05", "2026-05-31", "given")], PARTIES)
    assert covered.ends(B, A, "payment") == microseconds(end_of(moment("2026-05-31").date()))
    either = covered.ends_of(np.array([1, 0, 0]), np.array([0, 1, 2]), "payment").tolist()
    assert either == [covered.ends(B, A, "payment"), covered.ends(A, B, "payment"), covered.ends(A, C, "payment")]
    assert covered.ends_of(np.array([0]), np.array([1]), "message").tolist() == [0]
    assert covered.ends(A, B, "payment") == microseconds(end_of(moment("2026-03-31").date()))
    assert covered.ends(A, B, "message") is None


def test_neighbouring_spans_are_one_and_a_real_gap_stays_a_gap():
    neighbours = Covered([covering(A, "payment", "2026-01-01", "2026-01-30"), covering(A, "payment", "2026-02-02", "2026-03-31")], PARTIES)
    assert seen_until(neighbours, B, A, "payment", "2026-01-15") == us("2026-04-01") - 1
    assert seen(neighbours, A, B, "payment", "2026-01-26") == (True, True)
    apart = Covered([covering(A, "payment", "2026-01-01", "2026-01-30"), covering(A, "payment", "2026-02-27", "2026-03-31")], PARTIES)
    assert seen_until(apart, B, A, "payment", "2026-01-15") == us("2026-01-31") - 1
    assert seen_until(apart, B, A, "payment", "2026-02-10") is None
    assert seen_until(apart, B, A, "payment", "2026-03-10") == us("2026-04-01") - 1
    assert [seen(apart, A, B, "payment", one)[0] for one in ("2026-01-26", "2026-02-09", "2026-02-23")] == [True, False, True]


def test_an_answer_is_seen_through_either_side_without_a_break():
    """What B pays stands in A's bank file until April, and in B's own from March: together until June."""
    covered = Covered([covering(A, "payment", "2026-01-01", "2026-03-31"), covering(B, "payment", "2026-03-15", "2026-06-30")], PARTIES)
    assert seen_until(covered, B, A, "payment", "2026-02-01") == us("2026-07-01") - 1
    assert seen_until(covered, B, A, "payment", "2026-02-01", "2026-05-31") == us("2026-06-01") - 1
    assert seen_until(covered, B, A, "payment", "2026-02-01", "2025-12-31") is None


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), max_size=8), st.integers(0, 360), st.randoms())
def test_how_the_spans_are_cut_and_ordered_does_not_matter(spans: list[tuple[int, int]], at: int, rng: random.Random):
    start = datetime(2026, 1, 1, tzinfo=UTC)

    def span(first: int, last: int) -> Coverage:
        return Coverage("test", A, None, ("payment",), start + timedelta(days=first),
                        datetime.combine((start + timedelta(days=last)).date(), time.max, UTC))

    whole = [span(first, first + length) for first, length in spans]
    pieces = [part for first, length in spans for part in (span(first, first + length // 2), span(first + length // 2, first + length))]
    rng.shuffle(pieces)
    asked = f"{start + timedelta(days=at):%Y-%m-%d}"
    found = seen_until(Covered(whole, PARTIES), B, A, "payment", asked)
    assert found == seen_until(Covered(pieces, PARTIES), B, A, "payment", asked)
    inside = [first + length for first, length in spans if first <= at <= first + length]
    if inside:
        assert found is not None
        assert found >= microseconds(start + timedelta(days=max(inside)))


# persons


def test_mail_with_a_colleague_whose_mailbox_was_not_read_is_left_out():
    lines = [f"{day('2026-03-02', i)} A -> B message 10 words <{i}> person <anna> counter <carl>" for i in range(20)]
    lines += ["2026-03-03T09:00Z B -> A message 10 words <x> person <carl> counter <bert>"]
    known = facts(lines, coverage=[covering(A, MAIL, "2026-01-05", "2026-12-31", person="anna")])
    rows = {row["id"]: row["present"] for row in known.named().iter_rows(named=True)}
    assert (rows["0"], rows["x"]) == (True, False)
    assert known.lost == frozenset()


def test_more_than_a_tenth_with_colleagues_loses_the_relations_mail_and_nothing_else():
    def mail(alone: int, copied: int) -> list[str]:
        return [f"{day('2026-03-02', i / 4)} B -> A message 10 words <{i}> person <carl> counter <{'anna' if i < alone else 'anna%20bert'}>"
                for i in range(alone + copied)]

    coverage = [covering(A, MAIL, "2026-01-05", "2026-12-31", person="anna"), covering(A, "meeting", "2026-01-05", "2026-12-31")]
    others = ["2026-03-03T09:00Z A -> B meeting 60 minutes <m>", "2026-03-03T09:00Z A -> C message 60 words <c> person <anna>"]
    kept = facts([*mail(9, 1), *others], coverage=coverage)
    assert kept.of("message").shape[0] == 10
    lost = facts([*mail(8, 1), *others], coverage=coverage)
    assert lost.lost == {(A, B, A)}
    assert sorted(lost.named(lost.of("message", "meeting"))["id"].to_list()) == ["c", "m"]


def test_two_mailboxes_hear_two_colleagues_and_a_whole_party_hears_everyone():
    lines = [f"{day('2026-03-02', i)} B -> A message 10 words <{i}> person <carl> counter <anna%20bert>" for i in range(9)]
    anna, bert = (covering(A, MAIL, "2026-01-05", "2026-12-31", person=one) for one in ("anna", "bert"))
    assert facts(lines, coverage=[anna]).of("message").shape[0] == 0
    assert facts(lines, coverage=[anna, bert]).of("message").shape[0] == 9
    assert facts(lines, coverage=[anna, covering(A, MAIL, "2026-01-05", "2026-12-31")]).of("message").shape[0] == 9
    money = covering(A, "payment", "2026-01-05", "2026-12-31", person="anna")
    assert facts(lines, coverage=[anna, bert, money]).of("message").shape[0] == 9


# whole sources: none of them gives a structural verdict where half is missing, and each says which half


def correspondence(only_from: str | None = None) -> list[str]:
    """A year in which both write as much; the source may show only what one of them wrote."""
    found = []
    for week in range(52):
        for one, other, hour in (("A", "B", 10), ("B", "A", 12)):
            if only_from in {None, one}:
                at, name = day("2025-01-06", 7 * week + hour / 24), f"{one}{week}"
                found.append(f"{at} {one} -> {other} message 80 words <{name}> thread <{name}>")
                found.append(f"{at} {one} -> {other} question 1 count <{name}#q>")
            if only_from is None:
                at = day("2025-01-06", 7 * week + (hour + 1) / 24)
                found.append(f"{at} {other} -> {one} message 80 words <{one}{week}r> answers <{one}{week}> thread <{one}{week}>")
    return found


def mail_needs(lines: list[str], *coverage: Coverage) -> tuple[set[str], list[str]]:
    found = judged(lines, "2025-12-31", coverage=coverage, us=A)
    return set(found.axes["verdict"].to_list()), [str(one) for one in found.needs]


def test_an_inbox_without_sent_mail_asks_for_it():
    verdicts, needs = mail_needs(correspondence("B"), covering(A, MAIL, "2025-01-06", "2025-12-31", "received"))
    assert verdicts == {"too_little_data"}
    assert needs == [f"sent mail of {A}"]


def test_sent_mail_without_an_inbox_asks_for_it():
    verdicts, needs = mail_needs(correspondence("A"), covering(A, MAIL, "2025-01-06", "2025-12-31", "given"))
    assert verdicts == {"too_little_data"}
    assert needs == [f"received mail of {A}"]


def test_both_halves_are_judged():
    verdicts, needs = mail_needs(correspondence(), covering(A, MAIL, "2025-01-06", "2025-12-31", "given"),
                                 covering(A, MAIL, "2025-01-06", "2025-12-31", "received"))
    assert "too_little_data" not in verdicts
    assert needs == []


def test_one_mailbox_of_two_colleagues_asks_for_the_other():
    """In Anna's mailbox only the customer speaks: her colleague Bert answers from his own."""
    lines = [f"{day('2025-01-06', 7 * week)} B -> A message 80 words <{week}> person <carl> counter <anna%20bert>" for week in range(52)]
    found = judged(lines, "2025-12-31", coverage=[covering(A, MAIL, "2025-01-06", "2025-12-31", person="anna")], us=A)
    assert set(found.axes["verdict"].to_list()) == {"too_little_data"}
    assert [str(one) for one in found.needs] == [f"mailboxes of the colleagues at {A} who also write with {B}"]


def bills(late: int, *, paid_before: str = "2030-01-01") -> list[str]:
    found = []
    for number in range(40):
        due = f"{moment('2025-01-20') + timedelta(days=7 * number):%Y-%m-%d}"
        found.append(f"{day('2025-01-06', 7 * number)} A -> B invoice {100 + number} EUR <i{number}> due {day(due)}")
        if moment(due) + timedelta(days=late) < moment(paid_before):
            found.append(f"{day(due, late)} B -> A payment {100 + number} EUR <p{number}> answers <i{number}>")
    return found


SALES = covering(A, "invoice", "2025-01-06", "2025-12-31", "given")


def bank(end: str) -> Coverage:
    return covering(A, "payment", "2025-01-01", end)


def test_invoices_without_a_bank_file_ask_for_it():
    row = axis_of(judged(bills(0, paid_before="2020-01-01"), "2025-12-31", coverage=[SALES], us=A), "money")
    assert (row["verdict"], row["n"]) == ("too_little_data", 0)
    assert set(row["needs"]) == {f"bank statements of {A}", f"invoices from {B} to {A}"}


@pytest.mark.parametrize(("late", "verdict"), [(0, "balanced"), (17, "structural")])
def test_outgoing_invoices_with_a_bank_file_of_both_directions_are_judged(late: int, verdict: str):
    row = axis_of(judged(bills(late), "2025-12-31", coverage=[SALES, bank("2025-12-31")], us=A), "money")
    assert (row["verdict"], row["n"], row["needs"]) == (verdict, 40, [])


def test_a_bank_file_that_ends_early_leaves_out_what_falls_due_later_and_says_so():
    """Thirteen invoices fall due from 20 January up to 14 April; those after 17 April are unknown, not unpaid."""
    lines = bills(0, paid_before="2025-04-18")
    row = axis_of(judged(lines, "2025-12-31", coverage=[SALES, bank("2025-04-17")], us=A), "money")
    assert (row["verdict"], row["n"]) == ("balanced", 13)
    assert row["needs"] == [f"bank statements of {A} after 2025-04-17"]


def test_payments_the_other_way_that_settle_nothing_known_show_that_invoices_are_missing():
    refunds = [f"{day('2025-01-09', 7 * number)} A -> B payment {33 + number} EUR <r{number}>" for number in range(40)]
    row = axis_of(judged([*bills(17), *refunds], "2025-12-31", coverage=[SALES, bank("2025-12-31")], us=A), "money")
    assert (row["verdict"], row["n"]) == ("too_little_data", 0)
    assert row["needs"] == [f"invoices from {B} to {A}"]


def test_a_refund_or_two_is_no_sign_of_missing_invoices():
    refunds = [f"{day('2025-01-09', 7 * number)} A -> B payment {33 + number} EUR <r{number}>" for number in range(4)]
    row = axis_of(judged([*bills(17), *refunds], "2025-12-31", coverage=[SALES, bank("2025-12-31")], us=A), "money")
    assert (row["verdict"], row["n"]) == ("structural", 40)


def test_a_ledger_without_coverage_counts_everything():
    row = axis_of(judged(bills(17), "2025-12-31"), "money")
    assert (row["verdict"], row["n"]) == ("structural", 40)
