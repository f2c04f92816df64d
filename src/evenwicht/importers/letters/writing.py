"""Writes mails into an mbox: messages with exactly as many own words as their events say, and what they answer below them.

The file is the archive of one firm, sent and received mail together, in order of time (mboxrd: a line that begins with
From stands behind `>`). A text is made of plain sentences; it asks (`?`) where a question event says so and the mail does not
open its conversation, for then it counts as a question by itself (CONTRACT, kinds). Source: RFC 5322, RFC 4155.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from email.utils import format_datetime
from hashlib import sha256
from textwrap import wrap
from time import asctime
from typing import TYPE_CHECKING

from evenwicht.importers.written import Written, address, addresses, has_mail, in_seconds, without
from evenwicht.ledger.events import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from evenwicht.ledger.events import Event

MOST_WORDS = 50_000
"""A longer text would not be read to its end."""
_MOST_RECEIVERS = 10
"""A mail to more organisations is a circular (CONTRACT, kinds)."""
_MOST_REFERENCES = 20
_WIDTH = 72
_ID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)

_WORDS = (
    "the pallets are ready in the second hall and the driver comes at noon we changed the count as agreed last week our team looked "
    "at the new drawing again and the size fits well the colour now matches the sample that came in yesterday so we can print the "
    "boxes before the end of the month the board is a little stronger than before which helps when they are stacked high please keep "
    "some room near the gate for the next run the rest follows with the truck of thursday and the price stays the same up to a "
    "thousand pieces it would be good to see one more proof before we start"
).split()
_SENTENCES = (9, 13, 7, 11, 15, 8)
_PARAGRAPH = 5


@dataclass(frozen=True, slots=True)
class _Letter:
    """One mail: its rows, one per receiving organisation, the questions in it, and whether its text asks."""

    rows: tuple[Event, ...]
    questions: tuple[Event, ...] = ()

    @property
    def event(self) -> Event:
        return self.rows[0]


def write(events: Iterable[Event], path: Path) -> list[Event]:
    """Write the messages, questions and automatic mails among the events into one mbox.

    Returns the events that it does not hold: other kinds, and mails whose facts a mail cannot state. Raises OSError.
    """
    return written(events, path.name).into(path.parent)


def written(events: Iterable[Event], name: str = "mail.mbox") -> Written:
    """The mbox as bytes, and the events that are not in it."""
    events = list(events)
    letters = _letters(events)
    by_id = {letter.event.id: letter for letter in letters}
    parts: list[bytes] = []
    for letter in sorted(letters, key=lambda one: (one.event.at, one.event.id)):
        data = _rendered(letter, by_id).encode("ascii")
        parts.append(f"From {_author(letter.event)} {asctime(letter.event.at.timetuple())}\n".encode() + _FROM.sub(rb">\1", data) + b"\n")
    carried = [one for letter in letters for one in (*letter.rows, *letter.questions)]
    return Written({name: b"".join(parts)} if parts else {}, without(events, carried))


def _letters(events: Sequence[Event]) -> list[_Letter]:
    mails: dict[str, list[Event]] = defaultdict(list)
    questions: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind in {"message", AUTOMATIC}:
            mails[event.id].append(event)
        elif event.kind == "question" and event.id.endswith("#q"):
            questions[event.id.removesuffix("#q")].append(event)
    found = []
    for identity, rows in mails.items():
        if _is_mail(rows):
            asked = questions.get(identity, [])
            found.append(_Letter(tuple(rows), tuple(asked) if _are_its(asked, rows) else ()))
    return found


def _is_mail(rows: Sequence[Event]) -> bool:
    """Whether one mail can say all of these rows, one per receiving organisation."""
    first = rows[0]
    alike = {(one.at, one.giver, one.kind, one.amount, one.unit, one.person, one.answers, one.thread) for one in rows}
    receivers = {one.receiver for one in rows}
    return (
        len(alike) == 1 and len(receivers) == len(rows) <= _MOST_RECEIVERS and first.giver not in receivers
        and _ID.fullmatch(first.id) is not None and " " not in (first.person or "") and _is_countable(first) and _is_threaded(first)
        and all(one.shared and one.due is None and has_mail(one.giver) and has_mail(one.receiver) and in_seconds(one) for one in rows)
    )


def _is_countable(event: Event) -> bool:
    if event.kind == AUTOMATIC:
        return event.amount == 0 and event.unit == "words"
    if event.amount is None:
        return event.unit == ""
    return event.unit == "words" and event.amount.is_integer() and 0 <= event.amount <= MOST_WORDS


def _is_threaded(event: Event) -> bool:
    """Whether its headers can name its conversation: an opening mail is its own, and ids are those of mails."""
    if event.answers is None:
        return event.thread in {None, event.id}
    return event.answers != event.id and all(_ID.fullmatch(one) for one in (event.answers, event.thread) if one is not None)


def _are_its(questions: Sequence[Event], rows: Sequence[Event]) -> bool:
    """Whether these questions are what one mail asks of everybody it goes to. An empty mail asks only by opening."""
    first = rows[0]
    if first.kind != "message" or {one.receiver for one in questions} != {one.receiver for one in rows}:
        return False
    if first.amount is None and first.answers is not None:
        return False
    conversation = first.thread or first.answers or first.id
    return len(questions) == len(rows) and all(
        (one.at, one.giver, one.amount, one.unit, one.answers, one.due, one.shared) == (first.at, first.giver, 1.0, "count", None, None, True)
        and one.thread in {None, conversation} for one in questions)


def _author(event: Event) -> str:
    return address(event.person, event.giver)


def _rendered(letter: _Letter, known: dict[str, _Letter]) -> str:
    event = letter.event
    to = [one for row in letter.rows for one in addresses(row.counter_person, row.receiver)]
    subject = f"Conversation {event.thread or event.answers or event.id}"
    if event.answers is not None or (event.kind == "message" and not letter.questions):
        subject = f"Re: {subject}"
    head = [f"From: {_author(event)}", "To: " + ",\n ".join(dict.fromkeys(to)), f"Date: {format_datetime(event.at)}", f"Subject: {subject}",
            f"Message-ID: <{event.id}>"]
    if event.answers is not None:
        head.append(f"In-Reply-To: <{event.answers}>")
        if event.thread is not None:
            head.append("References: " + "\n ".join(f"<{one}>" for one in _references(event, known)))
    if event.kind == AUTOMATIC:
        head.append("Auto-Submitted: auto-generated")
    head += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=us-ascii", "Content-Transfer-Encoding: 7bit"]
    parent = known.get(event.answers or "")
    body = "" if event.amount is None else _body(letter, parent)
    return "\n".join(head) + "\n\n" + body


def _references(event: Event, known: dict[str, _Letter]) -> list[str]:
    """From the mail that opened the conversation down to the one that is answered; of a long one its end."""
    chain: list[str] = []
    above = event.answers
    while above is not None and above != event.thread and len(chain) < _MOST_REFERENCES:
        chain.append(above)
        above = known[above].event.answers if above in known else None
    return [event.thread or "", *reversed(chain)]


def _body(letter: _Letter, parent: _Letter | None) -> str:
    """The own text, and below it what it answers, as mail programs put it."""
    lines = _own_text(letter)
    if parent is not None and parent.event.amount:
        above = parent.event
        lines += ["", f"On {format_datetime(above.at)[:16]} at {above.at:%H:%M}, {_author(above)} wrote:", *(f"> {line}".rstrip() for line in _own_text(parent))]
    return "\n".join(lines) + "\n"


def _own_text(letter: _Letter) -> list[str]:
    """Lines of as many words as the event has; they ask where a question cannot be told by the mail's opening."""
    event = letter.event
    asks = bool(letter.questions) and event.answers is not None
    count = int(event.amount or 0)
    if event.kind == AUTOMATIC:
        return ["This mail was sent by a machine."]
    if count == 0:
        return ["?" if asks else "..."]
    start = int.from_bytes(sha256(event.id.encode()).digest()[:4])
    sentences: list[str] = []
    said = 0
    while said < count:
        length = min(_SENTENCES[(start + len(sentences)) % len(_SENTENCES)], count - said)
        words = [_WORDS[(start + said + place) % len(_WORDS)] for place in range(length)]
        said += length
        sentences.append(" ".join(words).capitalize() + ("?" if asks and said == count else "."))
    paragraphs = [" ".join(sentences[at:at + _PARAGRAPH]) for at in range(0, len(sentences), _PARAGRAPH)]
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += [*([""] if lines else []), *wrap(paragraph, _WIDTH)]
    return lines
