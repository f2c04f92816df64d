"""What is missing, as sentences that name the source to bring."""

from __future__ import annotations

import pytest

from evenwicht.measures.facts import Facts
from evenwicht.measures.needs import Wanted, later, more
from evenwicht.measures.weeks import microseconds
from measures.lines import A, B, covering, facts, moment

NAMES = {A: "Alder BV", B: "Birch NV"}
OUR = Wanted(NAMES, A)


def known(*coverage: object, lines: str = "2026-03-02T09:00Z A -> B message 1 words <1>") -> Facts:
    return facts(lines, coverage=coverage)  # type: ignore[arg-type]


def missing(asking: Wanted, seen: Facts, *kinds: str, answer: str | None = None) -> list[str]:
    return [str(one) for one in asking.missing(seen, A, B, kinds, answer)]


def test_where_everything_was_seen_nothing_is_missing():
    assert missing(OUR, facts("2026-03-02T09:00Z A -> B message 1 words <1>"), "message", "invoice", answer="payment") == []


@pytest.mark.parametrize(("kind", "sentences"), [
    ("message", ["sent mail of Alder BV", "received mail of Alder BV"]),
    ("question", ["sent mail of Alder BV", "received mail of Alder BV"]),
    ("invoice", ["invoices from Alder BV to Birch NV", "invoices from Birch NV to Alder BV"]),
    ("delivery", ["deliveries from Alder BV to Birch NV", "deliveries from Birch NV to Alder BV"]),
    ("order_response", ["deliveries from Alder BV to Birch NV", "deliveries from Birch NV to Alder BV"]),
    ("promise", ["promises of both sides"]),
    ("meeting", ["calendar of Alder BV"]),
    ("talk", ["calendar of Alder BV"]),
    ("pulse", []),
])
def test_each_kind_has_its_source(kind: str, sentences: list[str]):
    assert missing(OUR, known(), kind) == sentences


def test_the_answer_has_a_source_too():
    whole = covering(A, "invoice", "2026-01-01", "2026-12-31")
    assert missing(OUR, known(whole), "invoice", answer="payment") == ["bank statements of Alder BV"]


def test_only_the_direction_that_was_not_seen_is_asked_for():
    inbox, sent = (covering(A, "message", "2026-01-01", "2026-12-31", way) for way in ("received", "given"))  # type: ignore[arg-type]
    assert missing(OUR, known(inbox), "message") == ["sent mail of Alder BV"]
    assert missing(OUR, known(sent), "message") == ["received mail of Alder BV"]
    assert missing(OUR, known(sent, inbox), "message") == []


def test_meetings_and_talk_beside_mail_are_never_what_is_missing():
    assert missing(OUR, known(covering(A, "message", "2026-01-01", "2026-12-31")), "message", "talk", "meeting") == []


def test_from_the_other_chair_the_files_of_the_other_are_asked_for():
    theirs = Wanted(NAMES, B)
    assert missing(theirs, known(), "message") == ["received mail of Birch NV", "sent mail of Birch NV"]
    assert missing(theirs, known(), "invoice", answer="payment")[-1] == "bank statements of Birch NV"


def test_where_we_are_neither_each_side_is_asked_for_what_it_gave():
    nobody = Wanted({}, None)
    assert missing(nobody, known(), "message") == [f"sent mail of {A}", f"sent mail of {B}"]


def test_colleagues_who_were_not_heard_are_asked_for_on_mail_axes_only():
    lines = "2026-03-02T09:00Z B -> A message 1 words <1> counter <bert>"
    seen = known(covering(A, "message question", "2026-01-01", "2026-12-31", person="anna"), lines=lines)
    sentence = "mailboxes of the colleagues at Alder BV who also write with Birch NV"
    assert missing(OUR, seen, "message") == [sentence]
    assert sentence not in missing(OUR, seen, "promise")
    theirs = known(covering(B, "message question", "2026-01-01", "2026-12-31", person="anna"),
                   lines="2026-03-02T09:00Z B -> A message 1 words <1> person <bert>")
    assert missing(OUR, theirs, "question") == ["mailboxes of the colleagues at Birch NV who also write with Alder BV"]


@pytest.mark.parametrize(("kind", "sentence"), [
    ("payment", "bank statements of Alder BV after 2026-05-31"), ("message", "mail of Alder BV after 2026-05-31"),
    ("delivery", "records of Alder BV after 2026-05-31"),
])
def test_a_source_that_ends_early_is_named_with_its_last_day(kind: str, sentence: str):
    assert str(later("Alder BV", kind, microseconds(moment("2026-06-01")) - 1)) == sentence


def test_a_longer_history_says_how_much_is_needed():
    assert str(more(7, 9)) == "a longer history: 8 observations in 4 weeks are needed"
    assert str(more(9, 3)) == "a longer history: 8 observations in 4 weeks are needed"
    assert str(more(8, 4)) == "a longer history: the figures are still too uncertain"
