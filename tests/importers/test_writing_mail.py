"""Mails that are written are mails to everybody: to Python's own mailbox and email, and to the importer."""

from __future__ import annotations

import mailbox
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.importers.read_again import PSEUDONYM, START, facts, read_again

from evenwicht.importers import mbox
from evenwicht.importers.letters.writing import MOST_WORDS, written
from evenwicht.importers.written import address
from evenwicht.ledger.events import Event

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

COLUMNS = ("id", "at", "giver", "receiver", "kind", "amount", "unit", "answers", "thread", "person", "counter_person")
US, THEY, THIRD = "birch.example", "acme.example", "cedar.example"


def mail(number: int, **other: object) -> Event:
    plain = Event(f"m{number}@birch.example", START + timedelta(hours=number), US, THEY, "message", 40.0, "words", "jan", "ann",
                  thread=f"m{number}@birch.example")
    return replace(plain, **other)  # type: ignore[arg-type]


def question(event: Event) -> Event:
    return replace(event, id=f"{event.id}#q", kind="question", amount=1.0, unit="count", answers=None, thread=event.thread or event.answers or event.id)


def python_reads(path: Path) -> list[mailbox.mboxMessage]:
    with closing(mailbox.mbox(path, create=False)) as box:
        return list(box)


def as_read(event: Event) -> Event:
    """A mail says of everybody who it is, and belongs to a conversation."""
    above = event.id.removesuffix("#q")
    return replace(event, thread=event.thread or event.answers or above,
                   person=PSEUDONYM(address(event.person, event.giver)),
                   counter_person=" ".join(sorted(PSEUDONYM(address(one, event.receiver)) or "" for one in (event.counter_person or "office").split())))


def test_python_reads_what_was_meant(tmp_path: Path) -> None:
    opening = mail(0, amount=61.0)
    answer = mail(5, giver=THEY, receiver=US, person="ann", counter_person="jan", answers=opening.id, thread=opening.id, amount=7.0)
    third = mail(9, answers=answer.id, thread=opening.id, amount=12.0)
    left = mbox.write([opening, question(opening), answer, question(answer), third], tmp_path / "mail" / "birch.mbox")
    assert left == []
    box = python_reads(tmp_path / "mail" / "birch.mbox")
    assert [one["Message-ID"] for one in box] == [f"<{one.id}>" for one in (opening, answer, third)]
    assert [parsedate_to_datetime(one["Date"]) for one in box] == [one.at for one in (opening, answer, third)]
    assert [(one["From"], one["To"]) for one in box] == [("jan@birch.example", "ann@acme.example"), ("ann@acme.example", "jan@birch.example"),
                                                        ("jan@birch.example", "ann@acme.example")]
    assert [one["In-Reply-To"] for one in box] == [None, f"<{opening.id}>", f"<{answer.id}>"]
    assert box[2]["References"].split() == [f"<{opening.id}>", f"<{answer.id}>"]
    assert [one["Subject"].startswith("Re: ") for one in box] == [False, True, True]
    bodies = [one.get_payload().split("\nOn ")[0] for one in box]
    assert [len(body.split()) for body in bodies] == [61, 7, 12]
    assert ["?" in body for body in bodies] == [False, True, False]
    assert [">" in one.get_payload() for one in box] == [False, True, True]
    quoted = [line.removeprefix("> ") for line in box[1].get_payload().splitlines() if line.startswith("> ")]
    assert " ".join(quoted).split() == bodies[0].split()


def test_a_line_that_begins_with_from_begins_no_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenwicht.importers.letters.writing._WORDS", ["from", "here"])
    events = [mail(0, amount=3.0), mail(1, amount=200.0)]
    mbox.write(events, tmp_path / "a.mbox")
    assert b"\n>From here" in (tmp_path / "a.mbox").read_bytes()
    assert len(python_reads(tmp_path / "a.mbox")) == 2
    assert [one.amount for one in read_again(mbox, tmp_path / "a.mbox").events if one.kind == "message"] == [3.0, 200.0]


def test_one_mail_to_several_is_one_mail(tmp_path: Path) -> None:
    rows = [mail(0, person=None), mail(0, person=None, receiver=THIRD, counter_person="kees eva")]
    assert mbox.write([*rows, *map(question, rows)], tmp_path / "a.mbox") == []
    (one,) = python_reads(tmp_path / "a.mbox")
    assert one["From"] == "office@birch.example"
    assert one["To"].replace("\n", "").split(", ") == ["ann@acme.example", "kees@cedar.example", "eva@cedar.example"]
    found = read_again(mbox, tmp_path / "a.mbox")
    assert facts(found.events, *COLUMNS) == facts(map(as_read, [*rows, *map(question, rows)]), *COLUMNS)


def test_a_machine_says_that_it_is_one(tmp_path: Path) -> None:
    event = mail(0, kind="automatic", amount=0.0)
    assert mbox.write([event], tmp_path / "a.mbox") == []
    assert python_reads(tmp_path / "a.mbox")[0]["Auto-Submitted"] == "auto-generated"
    assert [one.kind for one in read_again(mbox, tmp_path / "a.mbox").events] == ["automatic"]


def test_what_no_mail_can_say_is_left() -> None:
    opening = mail(0)
    several = [mail(1), mail(1, receiver=THIRD)]
    elsewhere = mail(21)
    odd = [
        mail(2, amount=1.5), mail(3, unit="pages"), mail(4, amount=None), mail(5, amount=MOST_WORDS + 1.0), mail(6, shared=False),
        mail(7, due=START), mail(8, at=START + timedelta(microseconds=1)), mail(9, receiver="iban:NL00"), mail(10, giver="jan@gmail.com"),
        mail(11, id="no address"), mail(12, thread="m0@birch.example"), mail(13, answers="m13@birch.example"), mail(14, answers="of a table"),
        mail(15, person="jan eva"), mail(16, kind="automatic", amount=3.0), mail(17, receiver=US),
        mail(18), mail(18, receiver=THIRD, amount=3.0), *(mail(19, receiver=f"p{number}.example") for number in range(11)),
        question(several[0]), replace(question(opening), amount=2.0), replace(question(mail(20)), id="m20@birch.example"),
        replace(question(elsewhere), thread="another@birch.example"),
        replace(opening, id="p", kind="promise"),
    ]
    left = written([opening, *several, elsewhere, *odd]).left
    assert left == tuple(odd)


def test_nothing_to_write_is_no_file(tmp_path: Path) -> None:
    assert mbox.write([], tmp_path / "a.mbox") == []
    assert list(tmp_path.iterdir()) == []


@st.composite
def letters(draw: st.DrawFn) -> list[Event]:
    """Conversations, with what mail can and cannot carry."""
    found: list[Event] = []
    for number in range(draw(st.integers(1, 8))):
        above = draw(st.sampled_from([None, *found])) if found else None
        if above is not None and above.kind == "question":
            above = None
        event = mail(
            number, amount=draw(st.one_of(st.integers(0, 260).map(float), st.none(), st.just(2.5))),
            at=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 5_000_000))),
            person=draw(st.sampled_from(["jan", None, "De Vries"])), answers=above.id if above else None,
            thread=draw(st.sampled_from([None, above.thread])) if above else draw(st.sampled_from([None, f"m{number}@birch.example"])))
        if event.amount is None:
            event = replace(event, unit="")
        if draw(st.booleans()):
            event = replace(event, giver=THEY, receiver=US, person=event.counter_person, counter_person=event.person)
        rows = [event] if draw(st.integers(0, 3)) else [event, replace(event, receiver=THIRD, counter_person=None)]
        found += rows
        if draw(st.booleans()):
            found += map(question, rows)
    return found


@settings(max_examples=60)
@given(letters())
def test_what_is_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, events: list[Event]) -> None:
    path = tmp_path_factory.mktemp("mail") / "a.mbox"
    left = mbox.write(events, path)
    kept = [one for one in events if all(one is not other for other in left)]
    found = read_again(mbox, path) if path.exists() else None
    assert facts(found.events if found else [], *COLUMNS) == facts(map(as_read, kept), *COLUMNS)
    assert not found or found.problems == []
    assert written(events).files == written(events).files
