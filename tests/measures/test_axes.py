"""Each axis against small ledgers whose shares and counts were worked out by hand from METHOD §1 and CONTRACT."""

from __future__ import annotations

import math
from types import ModuleType

import pytest

from evenwicht.measures.axes import initiative, money, promises, response, words
from measures.lines import A, B, axis_of, commitments, covering, day, facts, judged, relation_of, weekly

MARCH_2, MARCH_9 = "2026-03-02", "2026-03-09"
"""Mondays."""


def near(value: float) -> object:
    return pytest.approx(value, abs=1e-12)


# words: who has the floor


def test_words_are_shared_by_their_sum_and_counted_by_kish():
    week = weekly(words, facts("""
        2026-03-02T09:00Z A -> B message 300 words <1>
        2026-03-08T23:59Z B -> A message 100 words <2>
        2026-03-09T00:00Z B -> A message 50 words <3>
    """))
    assert list(week) == [MARCH_2, MARCH_9]
    assert week[MARCH_2]["y"] == near(0.75)
    assert week[MARCH_2]["n"] == near(400**2 / (300**2 + 100**2))
    assert (week[MARCH_2]["given_a"], week[MARCH_2]["given_b"], week[MARCH_2]["events"]) == (300, 100, 2)
    assert (week[MARCH_9]["y"], week[MARCH_9]["n"]) == (near(0), near(1))


def test_one_long_mail_among_ten_short_ones_is_about_one_observation():
    short = [f"2026-03-03T09:{i:02}Z B -> A message 5 words <{i}>" for i in range(10)]
    week = weekly(words, facts([*short, "2026-03-04T09:00Z A -> B message 900 words <long>"]))
    assert week[MARCH_2]["n"] == near(950**2 / (900**2 + 10 * 5**2))
    assert week[MARCH_2]["n"] < 1.2
    assert week[MARCH_2]["y"] == near(900 / 950)


def test_a_second_of_talk_is_two_words_and_a_half():
    week = weekly(words, facts("""
        2026-03-02T09:00Z A -> B talk 60 seconds <m>
        2026-03-03T09:00Z B -> A message 150 words <1>
    """))[MARCH_2]
    assert (week["y"], week["n"], week["given_a"], week["given_b"]) == (near(0.5), near(2), 150, 150)


def test_unknown_words_count_as_one_message_beside_the_known_ones():
    """Two units, averaged by their number of events: words .75 of two, messages 0 of one."""
    week = weekly(words, facts("""
        2026-03-02T09:00Z A -> B message 30 words <1>
        2026-03-02T10:00Z B -> A message 10 words <2>
        2026-03-02T11:00Z B -> A message ? words <3>
    """))[MARCH_2]
    assert week["y"] == near((0.75 * 2 + 0.0 * 1) / 3)
    assert week["n"] == near(40**2 / (30**2 + 10**2) + 1)


def test_automatic_mail_and_messages_without_own_words_say_nothing():
    week = weekly(words, facts("""
        2026-03-02T09:00Z A -> B message 30 words <1>
        2026-03-02T10:00Z B -> A message 0 words <2>
        2026-03-02T11:00Z B -> A automatic 0 words <3>
        2026-03-02T12:00Z B -> A question 1 count <1#q>
    """))[MARCH_2]
    assert (week["y"], week["n"], week["events"]) == (near(1), near(1), 1)


# initiative: who makes the first move


def test_a_conversation_is_begun_by_the_first_message_of_its_thread():
    week = weekly(initiative, facts("""
        2026-03-02T09:00Z A -> B message 30 words <1> thread <t>
        2026-03-02T10:00Z B -> A message 10 words <2> answers <1> thread <t>
        2026-03-06T10:00Z B -> A message 10 words <3> thread <t>
        2026-03-03T09:00Z B -> A message 10 words <4> thread <u>
        2026-03-04T09:00Z B -> A message 10 words <5> answers <lost> thread <v>
        2026-03-05T09:00Z A -> B message 10 words <6> thread <w>
    """))[MARCH_2]
    assert (week["given_a"], week["given_b"]) == (2, 1)
    assert week["y"] == near(2 / 3)
    assert week["n"] == near(3)


def test_two_first_messages_at_one_moment_are_one_first_move_and_always_the_same_one():
    for order in (1, -1):
        week = weekly(initiative, facts([
            "2026-03-02T09:00Z A -> B message 30 words <1> thread <t>",
            "2026-03-02T09:00Z B -> A message 30 words <2> thread <t>",
        ][::order]))[MARCH_2]
        assert (week["given_a"], week["given_b"]) == (1, 0)


def test_without_threads_a_conversation_begins_after_three_days_of_silence():
    week = weekly(initiative, facts("""
        2026-03-02T09:00Z A -> B message 30 words <1>
        2026-03-05T09:00Z B -> A message 30 words <2>
        2026-03-08T09:01Z B -> A message 30 words <3>
    """))[MARCH_2]
    assert (week["given_a"], week["given_b"]) == (1, 1)


def test_an_answer_breaks_the_silence_between_the_two():
    """Nothing is silent for three days here: B answers on the second day, A goes on two days later."""
    week = weekly(initiative, facts("""
        2026-03-02T09:00Z A -> B message 30 words <1>
        2026-03-04T09:00Z B -> A message 30 words <2> answers <1>
        2026-03-06T09:00Z A -> B message 30 words <3>
    """))[MARCH_2]
    assert (week["given_a"], week["given_b"]) == (1, 0)


def test_a_meeting_is_a_first_move_of_who_invites_and_attendance_is_none():
    week = weekly(initiative, facts("""
        2026-03-02T09:00Z B -> A meeting 60 minutes <m>
        2026-03-02T09:00Z A -> B attendance 60 minutes <m> answers <m>
        2026-03-03T09:00Z A -> B meeting ? minutes <n>
        2026-03-04T09:00Z A -> B meeting 0 minutes <declined>
    """))[MARCH_2]
    assert (week["given_a"], week["given_b"], week["n"]) == (1, 1, near(2))


# response: who waits for answers


def waited(lines: str, until: str = "2026-12-31") -> list[dict[str, object]]:
    return commitments(response, facts(lines, until))


def test_the_one_who_asked_gives_the_patience():
    """Monday nine to Wednesday nine is sixteen working hours: g = 1 − 2^(−8/16), and A waited."""
    [one] = waited("""
        2026-03-02T09:00Z A -> B question 1 count <1#q>
        2026-03-02T09:00Z A -> B message 20 words <1>
        2026-03-04T09:00Z B -> A message 20 words <2> answers <1>
    """)
    assert one["wait"] == near(16)
    assert one["size"] == near(1 - 2**-0.5)
    assert one["y"] == near(0.5 + (1 - 2**-0.5) / 2)
    assert (one["n"], one["kept"], one["creditor"], one["debtor"]) == (1, False, A, B)


def test_the_other_way_it_is_mirrored():
    [one] = waited("""
        2026-03-02T09:00Z B -> A question 1 count <1#q>
        2026-03-04T09:00Z A -> B message 20 words <2> answers <1>
    """)
    assert one["y"] == near(0.5 - (1 - 2**-0.5) / 2)


@pytest.mark.parametrize(("answered", "size", "kept"), [
    ("2026-03-02T10:00Z", 0, True), ("2026-03-03T09:00Z", 0, True), ("2026-03-03T09:16Z", 1 - 2 ** (-16 / 60 / 16), False),
    ("2026-03-07T12:00Z", 0.75, False), ("2026-03-09T09:00Z", 0.75, False),
])
def test_eight_working_hours_are_grace_and_nights_and_weekends_do_not_count(answered: str, size: float, kept: bool):
    [one] = waited(f"""
        2026-03-02T09:00Z A -> B question 1 count <1#q>
        {answered} B -> A message 20 words <2> answers <1>
    """)
    assert (one["size"], one["kept"]) == (near(size), kept)


def test_an_answer_is_what_follows_from_the_other_side_in_the_thread():
    [one] = waited("""
        2026-03-01T09:00Z B -> A message 20 words <0> thread <t>
        2026-03-02T09:00Z A -> B message 20 words <1> thread <t>
        2026-03-02T09:00Z A -> B question 1 count <1#q> thread <t>
        2026-03-02T10:00Z A -> B message 20 words <2> thread <t>
        2026-03-02T11:00Z C -> A message 20 words <3> thread <t>
        2026-03-02T12:00Z B -> A message 20 words <4> thread <other>
        2026-03-04T09:00Z B -> A message 20 words <5> thread <t>
        2026-03-05T09:00Z B -> A message 20 words <6> thread <t> answers <1>
    """)
    assert one["wait"] == near(16)


def test_a_question_is_in_the_thread_of_the_mail_that_asks_it():
    [one] = waited("""
        2026-03-02T09:00Z A -> B message 20 words <1> thread <t>
        2026-03-02T09:00Z A -> B question 1 count <1#q>
        2026-03-04T09:00Z B -> A message 20 words <2> thread <t>
    """)
    assert one["wait"] == near(16)


def test_an_open_question_counts_with_what_it_waited_until_then():
    lines = "2026-03-02T09:00Z A -> B question 1 count <1#q>"
    [one] = waited(lines, "2026-03-06")
    assert (one["wait"], one["size"], one["y"]) == (near(40), near(0.75), near(0.875))
    assert waited(lines, "2026-03-02") == []  # eight hours have just passed: not yet due
    assert len(waited(lines, "2026-03-03")) == 1


def test_a_question_falls_due_eight_working_hours_later():
    """Asked on Friday afternoon at four, it may be answered until Monday at four: the week of that Monday."""
    week = weekly(response, facts("""
        2026-03-06T16:00Z A -> B question 1 count <1#q>
        2026-03-06T16:30Z B -> A message 20 words <2> answers <1>
    """))
    assert list(week) == [MARCH_9]
    assert (week[MARCH_9]["y"], week[MARCH_9]["n"]) == (near(0.5), near(1))


def test_the_plain_sums_of_waiting_stop_at_a_working_week():
    week = weekly(response, facts("2026-03-02T09:00Z A -> B question 1 count <1#q>", "2026-12-31"))[MARCH_2]
    assert (week["given_a"], week["given_b"]) == (near(40), near(0))


# money: who gives credit


def owed(lines: str, until: str = "2026-12-31") -> list[dict[str, object]]:
    return commitments(money, facts(lines, until))


BILL = "2026-02-24T00:00Z A -> B invoice 100 EUR <i> due 2026-03-10T00:00Z"


@pytest.mark.parametrize(("paid", "wait", "y", "kept"), [
    ("2026-03-10T23:00Z", 0, 0.5, True), ("2026-03-25T00:00Z", 15, 0.75, False), ("2026-04-09T00:00Z", 30, 1.0, False),
    ("2026-05-09T00:00Z", 60, 1.0, False), ("2026-03-04T00:00Z", -6, 0.4, True), ("2026-02-24T00:00Z", -14, 0.5 - 14 / 60, True),
])
def test_who_pays_late_takes_credit_and_who_pays_early_gives_it(paid: str, wait: float, y: float, kept: bool):
    known = facts(f"{BILL}\n{paid} B -> A payment 100 EUR <p> answers <i>")
    [one] = commitments(money, known)
    assert (one["wait"], one["y"], one["kept"], one["n"]) == (near(wait), near(y), kept, 1)
    assert (one["creditor"], one["debtor"]) == (A, B)
    assert list(weekly(money, known)) == [MARCH_9]


def test_the_other_seller_is_mirrored():
    [one] = owed("""
        2026-02-24T00:00Z B -> A invoice 100 EUR <i> due 2026-03-10T00:00Z
        2026-03-25T00:00Z A -> B payment 100 EUR <p> answers <i>
    """)
    assert one["y"] == near(0.25)


def test_early_payment_is_the_payers_gift_in_the_plain_sums():
    week = weekly(money, facts(f"{BILL}\n2026-03-04T00:00Z B -> A payment 100 EUR <p> answers <i>"))[MARCH_9]
    assert (week["given_a"], week["given_b"]) == (near(0), near(6))


def test_two_invoices_of_a_week_are_two_observations():
    week = weekly(money, facts(f"""
        {BILL}
        2026-02-25T00:00Z B -> A invoice 9999 USD <j> due 2026-03-12T00:00Z
        2026-03-25T00:00Z B -> A payment 100 EUR <p> answers <i>
        2026-03-12T00:00Z A -> B payment 9999 USD <r> answers <j>
    """))[MARCH_9]
    assert (week["y"], week["n"]) == (near((0.75 + 0.5) / 2), near(2))


def test_an_invoice_is_paid_when_its_last_part_is():
    [one] = owed(f"""
        {BILL}
        2026-03-10T00:00Z B -> A payment 60 EUR <p> answers <i>
        2026-03-25T00:00Z B -> A payment 40 EUR <q> answers <i>
        2026-03-30T00:00Z B -> A payment 40 EUR <r> answers <i>
    """)
    assert one["wait"] == near(15)


def test_a_credit_note_lowers_the_invoice_it_answers():
    [one] = owed(f"""
        {BILL}
        2026-03-01T00:00Z A -> B credit_note 40 EUR <c> answers <i>
        2026-03-10T00:00Z B -> A payment 60 EUR <p> answers <i>
    """)
    assert (one["wait"], one["y"]) == (near(0), near(0.5))


def test_an_invoice_credited_whole_is_no_commitment():
    assert owed(f"{BILL}\n2026-03-01T00:00Z A -> B credit_note 100 EUR <c> answers <i>") == []


def test_a_payment_taken_back_has_not_paid():
    [one] = owed(f"""
        {BILL}
        2026-03-10T00:00Z B -> A payment 100 EUR <p> answers <i>
        2026-03-12T00:00Z B -> A reversal 100 EUR <r> answers <p>
        2026-03-25T00:00Z B -> A payment 100 EUR <q> answers <i>
    """)
    assert one["wait"] == near(15)


def test_a_payment_for_two_invoices_taken_back_has_paid_neither():
    """One payment of two invoices stands in the ledger as its parts; the reversal names the whole."""
    found = owed(f"""
        {BILL}
        2026-02-24T00:00Z A -> B invoice 50 EUR <j> due 2026-03-10T00:00Z
        2026-03-10T00:00Z B -> A payment 100 EUR <p#part1> answers <i>
        2026-03-10T00:00Z B -> A payment 50 EUR <p#part2> answers <j>
        2026-03-12T00:00Z B -> A reversal 150 EUR <r> answers <p>
    """, until="2026-03-25")
    assert [one["wait"] for one in found] == [near(15), near(15)]


def test_a_payment_whose_amount_says_nothing_settles_what_it_answers():
    """Unknown is not zero, and dollars are not euros: that the invoice was paid is known all the same."""
    for amount in ("? EUR", "85 GBP"):
        [one] = owed(f"{BILL}\n2026-03-25T00:00Z B -> A payment {amount} <p> answers <i>")
        assert one["wait"] == near(15)


@pytest.mark.parametrize(("paid", "settled"), [("999.1", True), ("998.9", False)])
def test_a_thousandth_may_stay_open(paid: str, settled: bool):
    [one] = owed(f"""
        2026-02-24T00:00Z A -> B invoice 1000 EUR <i> due 2026-03-10T00:00Z
        2026-03-10T00:00Z B -> A payment {paid} EUR <p> answers <i>
    """)
    assert one["kept"] is settled


def test_an_open_invoice_counts_with_what_it_waited_and_one_not_yet_due_does_not():
    assert owed(BILL, "2026-03-10") == []
    [one] = owed(BILL, "2026-03-11")
    assert (one["wait"], one["y"]) == (near(1), near(0.5 + 1 / 60))
    [one] = owed(BILL, "2026-03-20")
    assert (one["wait"], one["y"], one["kept"]) == (near(10), near(0.5 + 1 / 6), False)


def test_an_invoice_without_an_agreed_day_or_amount_is_not_in_money():
    assert owed("""
        2026-02-24T00:00Z A -> B invoice 100 EUR <i>
        2026-02-24T00:00Z A -> B invoice ? EUR <j> due 2026-03-10T00:00Z
        2026-02-24T00:00Z A -> B invoice 0 EUR <k> due 2026-03-10T00:00Z
    """) == []


def test_bills_that_no_source_would_have_shown_are_left_out_whatever_the_bank_shows():
    lines = f"{BILL}\n2026-03-25T00:00Z B -> A payment 100 EUR <p> answers <i>"
    bank, sales = covering(A, "payment", "2026-01-01", "2026-12-31"), covering(A, "invoice", "2026-01-01", "2026-12-31", "given")
    assert commitments(money, facts(lines, coverage=[bank])) == []
    assert commitments(money, facts(lines, coverage=[sales])) == []
    assert len(commitments(money, facts(lines, coverage=[bank, sales]))) == 1


@pytest.mark.parametrize(("refunds", "counted"), [(0, 1), (1, 1), (2, 0)])
def test_two_payments_the_other_way_that_settle_nothing_are_no_accident(refunds: int, counted: int):
    lines = [BILL, "2026-03-25T00:00Z B -> A payment 100 EUR <p> answers <i>",
             *(f"2026-03-{20 + number}T00:00Z A -> B payment 33 EUR <r{number}>" for number in range(refunds))]
    half = [covering(A, "payment", "2026-01-01", "2026-12-31"), covering(A, "invoice", "2026-01-01", "2026-12-31", "given")]
    assert len(commitments(money, facts(lines, coverage=half))) == counted


# promises: who waits for what was promised


def promised(lines: str, until: str = "2026-12-31") -> list[dict[str, object]]:
    return commitments(promises, facts(lines, until))


WORD = "2026-03-02T09:00Z B -> A promise 1 count <w> due 2026-03-10T00:00Z"  # a Tuesday


@pytest.mark.parametrize(("kept_at", "wait", "y", "kept"), [
    ("2026-03-10T22:00Z", 0, 0.5, True), ("2026-03-06T10:00Z", -2, 0.5, True), ("2026-03-11T08:00Z", 1, 0.6, False),
    ("2026-03-16T08:00Z", 4, 0.9, False), ("2026-03-17T08:00Z", 5, 1.0, False), ("2026-04-17T08:00Z", 28, 1.0, False),
])
def test_a_promise_weighs_by_the_working_days_it_is_late(kept_at: str, wait: float, y: float, kept: bool):
    [one] = promised(f"{WORD}\n{kept_at} B -> A promise_kept 1 count <k> answers <w>")
    assert (one["wait"], one["y"], one["kept"], one["n"]) == (near(wait), near(y), kept, 1)
    assert (one["creditor"], one["debtor"]) == (A, B)


def test_working_days_do_not_care_for_the_hour_of_the_clock_change():
    """Summer time begins on Sunday 29 March 2026: from Friday to Monday is one working day, in the Netherlands too."""
    from evenwicht.measures.calendars import Calendars

    lines = """
        2026-03-20T09:00Z acme.nl -> birch.nl promise 1 count <w> due 2026-03-27T00:00Z
        2026-03-30T08:00Z acme.nl -> birch.nl promise_kept 1 count <k> answers <w>
    """
    [one] = commitments(promises, facts(lines, calendars=Calendars()))
    assert (one["wait"], one["size"]) == (near(1), near(0.2))


def test_a_promise_due_on_a_saturday_may_be_kept_until_monday_begins():
    lines = "2026-03-02T09:00Z B -> A promise 1 count <w> due 2026-03-14T00:00Z\n{} B -> A promise_kept 1 count <k> answers <w>"
    assert promised(lines.format("2026-03-15T12:00Z"))[0]["kept"] is True
    assert promised(lines.format("2026-03-16T12:00Z"))[0]["wait"] == near(1)


def test_an_open_promise_counts_once_its_day_has_passed():
    assert promised(WORD, "2026-03-10") == []
    [one] = promised(WORD, "2026-03-12")
    assert (one["wait"], one["y"], one["kept"]) == (near(2), near(0.7), False)
    assert promised(WORD, "2026-06-30")[0]["y"] == near(1)


def test_a_released_promise_is_none_and_a_renegotiated_one_has_the_latest_day_agreed():
    assert promised(f"{WORD}\n2026-03-09T09:00Z A -> B promise_released <r> answers <w>") == []
    moved = f"{WORD}\n2026-03-04T09:00Z A -> B promise_renegotiated <r> answers <w> due 2026-03-20T00:00Z"
    kept = "2026-03-18T09:00Z B -> A promise_kept 1 count <k> answers <w>"
    assert promised(f"{moved}\n{kept}")[0]["y"] == near(0.5)
    again = f"{moved}\n2026-03-05T09:00Z A -> B promise_renegotiated <s> answers <w> due 2026-03-16T00:00Z"
    assert promised(f"{again}\n{kept}")[0]["wait"] == near(2)


def test_a_promise_without_a_day_is_not_judged_and_invoices_are_not_promises():
    assert promised(f"2026-03-02T09:00Z B -> A promise 1 count <w>\n{BILL}") == []


def test_a_delivery_with_its_promised_day_is_one_commitment():
    [one] = promised("2026-03-12T09:00Z A -> B delivery 1 count <d> due 2026-03-10T00:00Z")
    assert (one["wait"], one["y"], one["creditor"]) == (near(2), near(0.3), B)


def test_an_order_confirmed_for_a_day_is_met_by_the_first_delivery_of_it():
    found = promised("""
        2026-03-02T09:00Z B -> A order 500 EUR <o>
        2026-03-03T09:00Z A -> B order_response 500 EUR <c> answers <o> due 2026-03-10T00:00Z
        2026-03-11T09:00Z A -> B delivery 1 count <d> answers <o>
        2026-03-20T09:00Z A -> B delivery 1 count <e> answers <o>
    """)
    assert [(one["id"], one["wait"]) for one in found] == [("c", near(1))]


def test_a_delivery_that_states_the_day_is_not_counted_again_for_its_order():
    found = promised("""
        2026-03-02T09:00Z B -> A order 500 EUR <o>
        2026-03-03T09:00Z A -> B order_response 500 EUR <c> answers <o> due 2026-03-10T00:00Z
        2026-03-11T09:00Z A -> B delivery 1 count <d> answers <o> due 2026-03-10T00:00Z
    """)
    assert [one["id"] for one in found] == ["d"]


def test_an_order_confirmed_twice_is_one_commitment_for_the_last_day_confirmed():
    found = promised("""
        2026-03-02T09:00Z B -> A order 500 EUR <o>
        2026-03-03T09:00Z A -> B order_response 500 EUR <c> answers <o> due 2026-03-10T00:00Z
        2026-03-05T09:00Z A -> B order_response 500 EUR <f> answers <o> due 2026-03-12T00:00Z
        2026-03-16T09:00Z A -> B delivery 1 count <d> answers <o>
    """)
    assert [(one["id"], one["wait"]) for one in found] == [("f", near(2))]


def test_an_order_without_a_delivery_waits():
    [one] = promised("2026-03-03T09:00Z A -> B order_response 500 EUR <c> answers <o> due 2026-03-10T00:00Z", "2026-03-13")
    assert (one["wait"], one["y"]) == (near(3), near(0.2))


@pytest.mark.parametrize(("kinds", "counted"), [("order_response delivery", 1), ("order_response order", 0), ("delivery", 0)])
def test_an_order_waits_only_where_its_delivery_would_have_been_seen(kinds: str, counted: int):
    line = "2026-03-03T09:00Z A -> B order_response 500 EUR <c> answers <o> due 2026-03-10T00:00Z"
    assert len(commitments(promises, facts(line, coverage=[covering(A, kinds, "2026-01-01", "2026-12-31")]))) == counted


# what every axis is, and what none may count


@pytest.mark.parametrize(("axis", "group", "king", "unit"), [
    (words, "speaking_listening", "giver", None), (response, "speaking_listening", "receiver", "hours"),
    (initiative, "speaking_listening", "receiver", None), (money, "giving_taking", "receiver", "days"),
    (promises, "giving_taking", "receiver", "days"),
])
def test_each_axis_has_its_group_its_throne_and_its_unit(axis: ModuleType, group: str, king: str, unit: str | None):
    assert (axis.GROUP, axis.KIND_OF_KING, getattr(axis, "UNIT", None)) == (group, king, unit)
    assert axis.__name__.endswith(axis.NAME)


@pytest.mark.parametrize(("axis", "line", "seen"), [
    (words, "message 30 words <1>", "question"), (initiative, "message 30 words <1>", "question"),
    (response, "question 1 count <1#q>", "message"), (promises, "promise 1 count <1> due 2026-03-04T00:00Z", "message"),
    (promises, "delivery 1 count <1> due 2026-03-02T00:00Z", "message"),
    (promises, "order_response 1 count <1> due 2026-03-04T00:00Z", "delivery"),
])
def test_what_no_source_would_have_shown_does_not_count(axis: ModuleType, line: str, seen: str):
    """Unknown is not zero: an event that happens to be there, of a kind that is not covered, is left out."""
    one = f"2026-03-02T09:00Z A -> B {line}"
    assert len(weekly(axis, facts(one))) == 1
    assert weekly(axis, facts(one, coverage=[covering(A, seen, "2026-01-01", "2026-12-31")])) == {}


# what must show


def invoices(late: int, count: int = 52) -> list[str]:
    """One every fortnight, due after two weeks, paid so many days later."""
    found = []
    for number in range(count):
        start = 14 * number
        found += [f"{day('2024-01-08', start)} A -> B invoice 100 EUR <i{number}> due {day('2024-01-08', start + 14)}",
                  f"{day('2024-01-08', start + 14 + late)} B -> A payment 100 EUR <p{number}> answers <i{number}>"]
    return found


def test_a_payer_who_is_always_seventeen_days_late_is_structural():
    found = judged(invoices(17), "2026-01-31")
    row = axis_of(found, "money")
    assert (row["verdict"], row["toward"], row["king"]) == ("structural", B, B)
    assert row["level"] > math.log(1.5)
    assert row["rates"]["b"] == {"n": 52, "kept": 0, "median_wait": 17.0}
    assert row["rates"]["a"] == {"n": 0, "kept": 0, "median_wait": None}
    relation = relation_of(found)
    assert (relation["verdict"], relation["because"], relation["toward"]) == ("structural", ["money"], B)


def test_a_payer_on_the_day_is_in_balance():
    row = axis_of(judged(invoices(0), "2026-01-31"), "money")
    assert (row["verdict"], row["toward"], row["king"]) == ("balanced", None, None)
    assert row["rates"]["b"] == {"n": 52, "kept": 52, "median_wait": 0.0}


def test_two_hundred_promises_all_kept_on_both_sides_are_in_balance():
    lines = []
    for number in range(200):
        one, other = "AB" if number % 2 else "BA"
        lines += [f"{day('2024-01-08', 3 * number)} {one} -> {other} promise 1 count <w{number}> due {day('2024-01-08', 3 * number + 2)}",
                  f"{day('2024-01-08', 3 * number + 1.5)} {one} -> {other} promise_kept 1 count <k{number}> answers <w{number}>"]
    row = axis_of(judged(lines, "2025-09-30"), "promises")
    assert row["verdict"] == "balanced"
    assert row["n"] == 200
    assert (row["rates"]["a"]["kept"], row["rates"]["b"]["kept"]) == (100, 100)


def test_a_customer_answered_at_once_who_answers_after_days_is_on_the_throne():
    lines = []
    for number in range(104):
        monday = 7 * number
        asked, other = day("2024-01-08", monday + 9 / 24), day("2024-01-09", monday + 9 / 24)
        lines += [f"{asked} B -> A message 40 words <c{number}>", f"{asked} B -> A question 1 count <c{number}#q>",
                  f"{day('2024-01-08', monday + 10 / 24)} A -> B message 40 words <ca{number}> answers <c{number}>",
                  f"{other} A -> B message 40 words <s{number}>", f"{other} A -> B question 1 count <s{number}#q>",
                  f"{day('2024-01-12', monday + 16 / 24)} B -> A message 40 words <sa{number}> answers <s{number}>"]
    row = axis_of(judged(lines, "2026-01-31"), "response")
    assert (row["verdict"], row["toward"], row["king"]) == ("structural", B, B)
    assert row["unit"] == ["hours"]
    assert row["rates"]["a"] == {"n": 104, "kept": 104, "median_wait": near(1)}
    assert row["rates"]["b"]["kept"] == 0
    assert row["rates"]["b"]["median_wait"] == near(3 * 8 + 7)


def test_a_question_over_the_turn_of_the_year_waited_no_longer_and_no_shorter():
    """Every question of the ledger is asked in December and answered in January."""
    [one] = waited("""
        2025-12-31T09:00Z A -> B question 1 count <1#q>
        2026-01-02T09:00Z B -> A message 20 words <2> answers <1>
    """)
    assert one["wait"] == near(16)
