"""Joining what single files cannot know. Law 2: the order of files, splitting them, and reading twice make no difference."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.notation import parsed
from evenwicht.ledger.parties import Decision
from evenwicht.ledger.resolve import Resolved, again, raw_rows, resolve
from evenwicht.ledger.table import Ledger, empty, frame_of, read, write

US = Decision("us", ("birch.nl",))
VAT, KVK, ACCOUNT = "vat:NL854321098B01", "kvk:12345678", "iban:NL38ABNA0541223307"
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC)


def frame(*lines: str) -> pl.DataFrame:
    return frame_of(map(parsed, lines))


def joined(*lines: str, mentions: tuple[Mention, ...] = (), decisions: tuple[Decision, ...] = (), **more: object) -> Resolved:
    return resolve(frame(*lines), mentions=mentions, decisions=decisions, **more)  # type: ignore[arg-type]


def ids(done: Resolved) -> list[str]:
    return done.ledger.events["id"].to_list()


def one(done: Resolved, identity: str) -> dict[str, object]:
    return done.ledger.events.row(by_predicate=pl.col("id") == identity, named=True)


MAIL = "2026-03-02T09:14Z birch.nl -> acme.com message 412 words <m1>"


# Parties and ourselves

def test_rows_carry_the_keys_of_parties_and_keep_what_the_file_said() -> None:
    done = joined(f"2026-03-02T00:00Z {VAT} -> acme.com invoice 4 EUR <i>", mentions=(Mention(("birch.nl", VAT), "Birch"),))
    row = one(done, "i")
    assert (row["giver"], row["giver_raw"], row["receiver"]) == ("birch.nl", VAT, "acme.com")
    assert set(done.ledger.parties) == {"birch.nl", "acme.com"}


def test_internal_rows_are_counted_and_left_out() -> None:
    done = joined(MAIL, "2026-03-02T09:14Z birch.nl -> birch.de message 1 words <m2>", decisions=(Decision("us", ("birch.nl", "birch.de")),))
    assert (ids(done), done.internal) == (["m1"], 1)


def test_what_happens_between_others_is_kept_on_request() -> None:
    lines = (MAIL, "2026-03-02T09:14Z oak.nl -> acme.com message 1 words <m2>")
    assert (ids(joined(*lines, decisions=(US,))), joined(*lines, decisions=(US,)).between_others) == (["m1"], 1)
    assert ids(joined(*lines, decisions=(US,), between_others=True)) == ["m1", "m2"]
    assert ids(joined(*lines)) == ["m1", "m2"]
    assert set(joined(*lines, decisions=(US,)).ledger.parties) == {"acme.com", "birch.nl"}


ROWS_OF_US = ("2026-03-02T00:00Z @us -> acme.com invoice 4 EUR <invoice:@us:7:2026>",
              "2026-03-09T00:00Z acme.com -> @us payment 4 EUR <invoice:@us:7:2026#payment> answers <invoice:@us:7:2026>")


def test_our_own_place_is_filled_when_it_is_known() -> None:
    done = joined(*ROWS_OF_US, decisions=(US,), coverage=[Coverage("t", "@us", None, ("invoice",), START, END)])
    assert ids(done) == ["invoice:birch.nl:7:2026", "invoice:birch.nl:7:2026#payment"]
    assert one(done, "invoice:birch.nl:7:2026#payment")["answers"] == "invoice:birch.nl:7:2026"
    assert done.ledger.coverage == (Coverage("t", "birch.nl", None, ("invoice",), START, END, identifier="@us"),)
    assert done.unnamed == 0


def test_without_us_our_own_rows_are_counted_and_left_out() -> None:
    done = joined(MAIL, *ROWS_OF_US, coverage=[Coverage("t", "@us", None, ("invoice",), START, END)])
    assert (ids(done), done.unnamed, done.ledger.us) == (["m1"], 2, None)


def test_rows_of_an_unnamed_us_wait_until_a_file_says_who_that_is() -> None:
    first = joined(*ROWS_OF_US).ledger
    assert len(first) == 0
    later = resolve(pl.concat([raw_rows(first), frame(MAIL)]), decisions=(US,)).ledger
    assert later.events.equals(joined(MAIL, *ROWS_OF_US, decisions=(US,)).ledger.events)


def test_a_table_and_an_e_invoice_of_one_invoice_are_one_row() -> None:
    done = joined(ROWS_OF_US[0], f"2026-03-02T00:00Z {VAT} -> acme.com invoice 4 EUR <invoice:{VAT}:7:2026>",
                  mentions=(Mention((VAT, "birch.nl")),), decisions=(US,))
    assert ids(done) == ["invoice:birch.nl:7:2026"]
    assert done.problems == []


@pytest.mark.parametrize("mentions, coverage, us", [
    ((Mention(("oak.nl",), own=True), Mention(("acme.com",), own=True)), None, "acme.com"),
    ((Mention(("oak.nl",)),), [Coverage("m", "oak.nl", "p1", ("message",), START, END)], "oak.nl"),
    ((Mention((VAT, "acme.com"), own=True),), None, "acme.com"),
    ((), [Coverage("m", "oak.nl", None, ("payment",), START, END)], None), ((), [Coverage("m", None, "p1", ("payment",), START, END)], None), ((), None, None),
])
def test_who_we_are_is_inferred_from_whose_books_were_read(mentions: tuple[Mention, ...], coverage: list[Coverage] | None, us: str | None) -> None:
    lines = (MAIL, "2026-03-02T09:14Z oak.nl -> acme.com message 1 words <m2>", "2026-03-02T09:14Z acme.com -> elm.nl message 1 words <m3>")
    assert joined(*lines, mentions=mentions, coverage=coverage).ledger.us == us


def test_what_was_told_goes_before_what_can_be_inferred() -> None:
    assert joined(MAIL, mentions=(Mention(("acme.com",), own=True),), decisions=(US,)).ledger.us == "birch.nl"


def test_the_account_of_a_buyer_is_learned_from_what_it_pays() -> None:
    done = joined("2026-03-02T00:00Z birch.nl -> acme.com invoice 50 EUR <invoice:birch.nl:A100:2026>",
                  f"2026-03-20T00:00Z {ACCOUNT} -> birch.nl payment 50 EUR <p> ref <A100>",
                  f"2026-04-20T00:00Z {ACCOUNT} -> birch.nl payment 9 EUR <q>", decisions=(US,))
    assert [one(done, name)["giver"] for name in "pq"] == ["acme.com", "acme.com"]
    assert one(done, "p")["answers"] == "invoice:birch.nl:A100:2026"
    assert ACCOUNT in done.ledger.parties["acme.com"].aliases


def test_coverage_speaks_of_parties_by_their_key() -> None:
    done = joined(MAIL, mentions=(Mention(("birch.nl", VAT)),), coverage=[Coverage("b", VAT, None, ("payment",), START, END), Coverage("c", None, None, (), START, END)])
    assert {entry.party for entry in done.ledger.coverage or ()} == {"birch.nl", None}


# One row each

UBL = f"2026-03-02T00:00Z {VAT} -> acme.com invoice 121 EUR <invoice:{VAT}:7:2026> due 2026-04-01T00:00Z evidence <ubl.xml#1>"
XAF = f"2026-03-02T00:00Z {KVK} -> acme.com invoice 121 EUR <invoice:{KVK}:7:2026> evidence <audit.xaf#9>"
BIRCH = (Mention(("birch.nl", VAT), "Birch"), Mention((KVK, "birch.nl"), "Birch"))


def test_one_invoice_from_an_e_invoice_and_an_audit_file_is_one_row_with_its_due_day() -> None:
    done = joined(XAF, UBL, mentions=BIRCH)
    row = one(done, "invoice:birch.nl:7:2026")
    assert len(done.ledger) == 1
    assert row["due"] == datetime(2026, 4, 1, tzinfo=UTC)
    assert row["evidence"] == ["audit.xaf#9", "ubl.xml#1"]
    assert done.problems == []


@pytest.mark.parametrize("holder", ["peppol:0088:8712345000004", "iban:NL91ABNA0417164300", "name:birch-bv", "old.nl"])
def test_any_identifier_inside_an_id_becomes_the_key(holder: str) -> None:
    done = joined(f"2026-03-02T00:00Z {holder} -> acme.com order 1 EUR <order:{holder}:a:7:2026>",
                  f"2026-03-03T00:00Z acme.com -> {holder} delivery 1 EUR <d> answers <order:{holder}:a:7:2026>", mentions=(Mention(("birch.nl", holder)), Mention(("birch.nl", "old.nl"))),
                  decisions=(US,))
    assert ids(done) == ["order:birch.nl:a:7:2026", "d"]
    assert one(done, "d")["answers"] == "order:birch.nl:a:7:2026"


@pytest.mark.parametrize("other, kept, field", [
    ("2026-03-03T00:00Z a.nl -> b.nl invoice 4 EUR <i> evidence <z#1>", {"at": datetime(2026, 3, 3, tzinfo=UTC)}, "at"),
    ("2026-03-02T00:00Z a.nl -> b.nl invoice 5 EUR <i> evidence <z#1>", {"amount": 5.0}, "amount"),
    ("2026-03-02T00:00Z a.nl -> b.nl invoice 3 EUR <i> evidence <z#1>", {"amount": 4.0}, "amount"),
    ("2026-03-02T00:00Z a.nl -> b.nl invoice 4 USD <i> evidence <z#1>", {}, "unit"),
    ("2026-03-02T00:00Z a.nl -> b.nl invoice 4 EUR <i> due 2026-05-01T00:00Z evidence <z#1>", {}, "due"),
    ("2026-03-03T00:00Z a.nl -> b.nl invoice 3 USD <i> evidence <z#1>", {"at": datetime(2026, 3, 3, tzinfo=UTC), "amount": 3.0}, "at, amount, unit"),
])
def test_a_contradiction_is_one_problem_that_names_the_field(other: str, kept: dict[str, object], field: str) -> None:
    done = joined("2026-03-02T00:00Z a.nl -> b.nl invoice 4 EUR <i> due 2026-04-01T00:00Z evidence <y#1>", other)
    row = one(done, "i")
    assert len(done.ledger) == 1
    assert {name: row[name] for name in kept} == kept
    assert row["evidence"] == ["y#1", "z#1"]
    assert len(done.problems) == 1
    problem = done.problems[0]
    assert str(problem.what_phrase) == f"The invoice i stands in the files twice with a different {field}."
    assert "Compare y#1, z#1" in str(problem.remedy_phrase)
    assert (problem.file, problem.place, problem.severity) == ("y", "i", "warning")


def test_the_higher_version_stays_and_the_difference_is_noted() -> None:
    done = joined("2026-03-09T00:00Z a.nl -> b.nl meeting 60 minutes <u>", "2026-03-02T00:00Z a.nl -> b.nl meeting 30 minutes <u> version 1")
    assert (one(done, "u")["amount"], one(done, "u")["version"]) == (30.0, 1)
    assert [(problem.severity, problem.values["field"]) for problem in done.problems] == [("note", "at, amount")]


def test_unknown_is_no_contradiction() -> None:
    done = joined("2026-03-02T00:00Z a.nl -> b.nl message ? words <m> thread <t>", "2026-03-02T00:00Z a.nl -> b.nl message 7 words <m> answers <x> person <p>")
    row = one(done, "m")
    assert (row["amount"], row["thread"], row["answers"], row["person"], done.problems) == (7.0, "t", "x", "p", [])


def test_another_receiver_or_kind_is_another_row() -> None:
    assert len(joined(MAIL, MAIL.replace("acme.com", "oak.nl"), MAIL.replace("message", "automatic")).ledger) == 3


# Answers

FIRST = "2026-03-02T09:00Z acme.com -> birch.nl message 9 words <m1> thread <t1> ref <subject:aa>"
REPLY = "2026-03-03T09:00Z birch.nl -> acme.com message 9 words <m2> thread <m2> ref <subject:aa>"


def test_a_mail_without_headers_answers_the_nearest_of_its_subject() -> None:
    nearer = "2026-03-02T12:00Z acme.com -> birch.nl message 9 words <m0> thread <t0> ref <subject:aa>"
    assert one(joined(FIRST, REPLY), "m2")["answers"] == "m1"
    row = one(joined(FIRST, REPLY, nearer), "m2")
    assert (row["answers"], row["thread"]) == ("m0", "t0")


@pytest.mark.parametrize("parent", [
    FIRST.replace("subject:aa", "subject:bb"), FIRST.replace("acme.com", "oak.nl"), FIRST.replace("03-02", "02-15"), FIRST.replace("03-02", "03-04"),
    FIRST.replace("acme.com -> birch.nl", "birch.nl -> acme.com"), FIRST.replace("message", "automatic"), FIRST.replace("03-02", "03-03"),
])
def test_another_subject_party_direction_or_time_is_no_parent(parent: str) -> None:
    assert one(joined(parent, REPLY), "m2")["answers"] is None


def test_fourteen_days_are_within_fourteen_days() -> None:
    assert one(joined(FIRST.replace("03-02", "02-17"), REPLY), "m2")["answers"] == "m1"


def test_what_a_mail_says_itself_goes_before_its_subject() -> None:
    row = one(joined(FIRST, f"{REPLY} answers <elsewhere>"), "m2")
    assert (row["answers"], row["thread"]) == ("elsewhere", "m2")


def test_an_answer_opens_no_thread_so_it_is_no_question_unless_it_asks() -> None:
    opening = "2026-03-03T09:00Z birch.nl -> acme.com question 1 count <m2#q>"
    assert ids(joined(FIRST, REPLY, opening)) == ["m1", "m2"]
    assert ids(joined(FIRST, REPLY, f"{opening} ref <asks>")) == ["m1", "m2", "m2#q"]
    assert ids(joined(REPLY, opening)) == ["m2", "m2#q"]


def test_a_chain_of_answers_has_the_thread_of_its_beginning_at_once() -> None:
    third = "2026-03-04T09:00Z acme.com -> birch.nl message 9 words <m3> thread <m3> ref <subject:aa>"
    done = joined(third, REPLY, FIRST)
    assert done.ledger.events["thread"].to_list() == ["t1", "t1", "t1"]
    assert again(done.ledger, ()).ledger.events.equals(done.ledger.events)


def test_what_names_an_order_by_its_number_answers_the_last_one_before_it() -> None:
    order = "2026-0{}-01T00:00Z acme.com -> birch.nl order 9 EUR <order:acme.com:PO%207:202{}>"
    done = joined(order.format(1, 5), order.format(2, 6), order.format(4, 7), "2026-03-01T00:00Z birch.nl -> acme.com delivery 9 EUR <d> ref <order:PO7>",
                  "2026-03-01T00:00Z birch.nl -> oak.nl delivery 9 EUR <e> ref <order:PO7>", "2026-03-01T00:00Z birch.nl -> acme.com delivery 9 EUR <f> ref <order:PO8>")
    assert [one(done, name)["answers"] for name in "def"] == ["order:acme.com:PO 7:2026", None, None]


# Decisions

def test_decisions_are_made_again_on_the_same_rows_and_undone() -> None:
    lines = (MAIL, "2026-03-02T09:15Z old.nl -> acme.com message 1 words <m2>")
    before = joined(*lines)
    merge = Decision("merge", ("birch.nl", "old.nl"))
    merged = again(before.ledger, (merge,))
    assert set(merged.ledger.events["giver"]) == {"birch.nl"}
    undone = again(merged.ledger, ())
    assert undone.ledger.events.equals(before.ledger.events)
    assert undone.ledger.parties == before.ledger.parties


def test_a_split_gives_ids_back_what_the_file_said() -> None:
    whole = joined(UBL, XAF, mentions=BIRCH)
    apart = again(whole.ledger, (Decision("split", (KVK,)),))
    assert sorted(ids(apart)) == [f"invoice:{'birch.nl'}:7:2026", f"invoice:{KVK}:7:2026"]
    assert again(apart.ledger, ()).ledger.events.equals(whole.ledger.events)


def test_nothing_resolves_to_nothing() -> None:
    done = resolve(empty())
    assert (len(done.ledger), done.problems, done.ledger.us, done.ledger.parties) == (0, [], None, {})


def test_a_ledger_from_elsewhere_without_raw_columns_is_joined_too() -> None:
    lines = [MAIL, "2026-03-20T00:00Z acme.com -> birch.nl payment 9 EUR <p#part1>", "2026-03-20T00:00Z acme.com -> birch.nl payment 4 EUR <p#part2>"]
    bare = frame(*lines).with_columns(pl.lit(None, pl.String).alias(name) for name in ("id_raw", "giver_raw", "receiver_raw"))
    done = resolve(bare)
    assert done.ledger.events.select("id", "amount").rows() == [("m1", 412.0), ("p", 13.0)]


# Law 2

PLACES = ("birch.nl", VAT, KVK, "acme.com", ACCOUNT, "name:acme-nv", "oak.nl")
DAYS = st.integers(1, 20).map(lambda day: datetime(2026, 3, day, tzinfo=UTC))
AMOUNTS = st.sampled_from([10.0, 20.0, 30.0, 50.0])


@st.composite
def happenings(draw: st.DrawFn) -> Event:
    """An event of the kinds that are joined, from few parties, days and amounts, so that they meet often."""
    giver, receiver = draw(st.lists(st.sampled_from(PLACES), min_size=2, max_size=2, unique=True))
    kind = draw(st.sampled_from(["message", "question", "invoice", "invoice", "credit_note", "payment", "payment", "payment", "reversal"]))
    number = draw(st.sampled_from(["A100", "A101", "A102"]))
    at, amount = draw(DAYS), draw(AMOUNTS)
    evidence = (draw(st.sampled_from(["x.xml#1", "y.xml#1", "z.csv#4"])),)
    references: tuple[str, ...] = ()
    due = answers = thread = None
    unit = "EUR"
    if kind in {"message", "question"}:
        identity, unit = draw(st.sampled_from(["m1", "m2", "m3", "m4"])), "words"
        references = (draw(st.sampled_from(["subject:a", "subject:b"])),)
        thread = f"t-{identity}"
        if kind == "question":
            identity, references = f"{identity}#q", draw(st.sampled_from([(), ("asks",)]))
    elif kind in {"invoice", "credit_note"}:
        identity = f"{kind}:{giver}:{number}:2026"
        due = draw(st.none() | DAYS)
        references = draw(st.sampled_from([(), ("A100",)])) if kind == "credit_note" else ()
    else:
        identity = draw(st.sampled_from(["p1", "p2", "p3", "p4", "p5"]))
        references = draw(st.sampled_from([(), (number,), ("A100", "A101"), ("account:NL1",), ("account:NL2", number)]))
        answers = draw(st.sampled_from([None, None, None, "p1", f"invoice:{receiver}:{number}:2026"]))
    return Event(identity, at, giver, receiver, kind, amount, unit, thread=thread, answers=answers, due=due, evidence=evidence,
                 references=references, version=draw(st.sampled_from([0, 0, 0, 1])))


MENTIONS = st.lists(st.sampled_from([
    *BIRCH, Mention(("acme.com", "name:acme-nv"), "Acme"), Mention((ACCOUNT, "name:acme-nv")), Mention((VAT, KVK)), Mention(("oak.nl",), "Oak"),
    Mention(("vat:NL801122334B01", "name:acme-nv")), Mention(("oak.nl", "vat:NL111111111B01", "name:acme-nv")),
]), max_size=5)
LEDGERS = st.lists(happenings(), max_size=14)


def told(done: Resolved) -> list[str]:
    return sorted(f"{problem.file} {problem.place} {problem.what_phrase} {problem.remedy_phrase}" for problem in done.problems)


def same(first: Resolved, second: Resolved) -> None:
    assert first.ledger.events.rows() == second.ledger.events.rows()
    assert first.ledger.parties == second.ledger.parties
    assert told(first) == told(second)
    assert first.ledger.mentions == second.ledger.mentions


@settings(max_examples=30)
@given(LEDGERS, MENTIONS, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_mentions_does_not_matter(events: list[Event], mentions: list[Mention], rng: random.Random) -> None:
    expected = resolve(frame_of(events), mentions=mentions)
    mixed, others = list(events), list(mentions)
    rng.shuffle(mixed)
    rng.shuffle(others)
    same(resolve(frame_of(mixed), mentions=others), expected)


@settings(max_examples=30)
@given(LEDGERS, MENTIONS, st.integers(0, 14), st.integers(0, 5))
def test_reading_in_two_times_is_reading_at_once(events: list[Event], mentions: list[Mention], cut: int, known: int) -> None:
    expected = resolve(frame_of(events), mentions=mentions, between_others=True)
    first = resolve(frame_of(events[:cut]), mentions=mentions[:known], between_others=True)
    both = pl.concat([raw_rows(first.ledger), frame_of(events[cut:])])
    same(resolve(both, mentions=[*first.ledger.mentions, *mentions[known:]], between_others=True), expected)


@settings(max_examples=30)
@given(LEDGERS, MENTIONS)
def test_reading_twice_adds_nothing(events: list[Event], mentions: list[Mention]) -> None:
    once = resolve(frame_of(events), mentions=mentions)
    same(resolve(frame_of([*events, *events]), mentions=[*mentions, *mentions]), once)
    twice = resolve(pl.concat([raw_rows(once.ledger), frame_of(events)]), mentions=mentions)
    same(twice, once)
    same(again(twice.ledger, ()), once)
    assert raw_rows(twice.ledger).height == raw_rows(once.ledger).height


@settings(max_examples=10)
@given(events=LEDGERS, mentions=MENTIONS)
def test_the_file_between_two_readings_changes_nothing(events: list[Event], mentions: list[Mention], tmp_path_factory: pytest.TempPathFactory) -> None:
    once = resolve(frame_of(events), mentions=mentions, coverage=())
    path = tmp_path_factory.mktemp("between") / "ledger.parquet"
    write(once.ledger, path)
    back, problems = read(path)
    assert problems == []
    same(again(back, ()), once)


def test_two_books_joined_once_stay_joined() -> None:
    lines = ("2026-03-01T00:00Z birch.nl -> acme.com invoice 30 EUR <invoice:birch.nl:A100:2026>",
             "2026-03-01T00:00Z birch.nl -> acme.com invoice 20 EUR <invoice:birch.nl:A101:2026>",
             "2026-03-09T00:00Z acme.com -> birch.nl payment 50 EUR <p> ref <account:NL1> evidence <a#1>",
             "2026-03-10T00:00Z acme.com -> birch.nl payment 50 EUR <q> ref <account:NL2> evidence <b#1>")
    done = joined(*lines)
    assert ids(done)[2:] == ["p#part1", "p#part2"]
    assert ids(again(done.ledger, ())) == ids(done)
    more = resolve(pl.concat([raw_rows(done.ledger), frame(lines[3])]))
    assert more.ledger.events.equals(done.ledger.events)


def test_a_ledger_keeps_what_it_was_resolved_with() -> None:
    done = joined(MAIL, mentions=BIRCH, decisions=(US,), coverage=[])
    assert isinstance(done.ledger, Ledger)
    assert (done.ledger.decisions, done.ledger.coverage, set(done.ledger.mentions)) == ((US,), (), set(BIRCH))
    assert done.ledger.set_aside is None
