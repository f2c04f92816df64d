"""One event is one line of text.

    2026-03-02T09:14Z birch.nl -> acme.com message 412 words <20260302.77a1@birch.nl>

    AT GIVER -> RECEIVER KIND [AMOUNT UNIT] <ID> [answers <ID>] [due AT] [thread <ID>] [person P] [counter P]
       [ref <TOKEN>]... [version N] [private] [evidence <PLACE>]...

An amount that is not known is `?`, a unit that is empty is `-`; where both are so, neither is written. White space,
`<`, `>`, `%` and control characters inside a word are percent-encoded, as UTF-8.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from evenwicht.errors import WrongCall
from evenwicht.ledger.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ODD = re.compile(r"[\s<>%\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_WHOLE = re.compile(r"^-?[0-9]+$")
_UTC_FORMS = re.compile(r"^\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z$")


def _quoted(text: str) -> str:
    def percent(found: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))

    return _ODD.sub(percent, text)


def _unquoted(text: str) -> str:
    try:
        return unquote(text, errors="surrogatepass")
    except UnicodeDecodeError:
        raise WrongCall("In {word} the percent signs do not stand for letters in UTF-8. Write % itself as %25.", word=text) from None


def written_moment(at: datetime) -> str:
    """A moment as the notation writes it: minutes, and seconds only where there are any, in UTC."""
    at = at.astimezone(UTC).replace(tzinfo=None)
    spec = "microseconds" if at.microsecond else "seconds" if at.second else "minutes"
    return at.isoformat(timespec=spec) + "Z"


def read_moment(text: str) -> datetime:
    """The moment a word of the notation stands for. Raises WrongCall for anything else."""
    if not _UTC_FORMS.match(text):
        raise WrongCall(
            "{text} is not a moment in UTC. Write it as 2026-03-02T09:14Z, with seconds where they matter.", text=text,
        )
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise WrongCall("{text} is not a day that exists. Write it as 2026-03-02T09:14Z.", text=text) from None


def written(event: Event) -> str:
    """The line of one event; `parsed` reads it back to an equal event."""
    words = [written_moment(event.at), _quoted(event.giver) or "%", "->", _quoted(event.receiver) or "%",
             _quoted(event.kind) or "%"]
    if event.amount is not None or event.unit:
        words += ["?" if event.amount is None else _number(event.amount), _unit(event.unit)]
    words.append(f"<{_quoted(event.id)}>")
    if event.answers is not None:
        words += ["answers", f"<{_quoted(event.answers)}>"]
    if event.due is not None:
        words += ["due", written_moment(event.due)]
    if event.thread is not None:
        words += ["thread", f"<{_quoted(event.thread)}>"]
    if event.person is not None:
        words += ["person", f"<{_quoted(event.person)}>"]
    if event.counter_person is not None:
        words += ["counter", f"<{_quoted(event.counter_person)}>"]
    for token in event.references:
        words += ["ref", f"<{_quoted(token)}>"]
    if event.version:
        words += ["version", str(event.version)]
    if not event.shared:
        words.append("private")
    for place in event.evidence:
        words += ["evidence", f"<{_quoted(place)}>"]
    return " ".join(words)


def parsed(line: str) -> Event:
    """The event that one line says. Raises WrongCall naming the word that does not fit."""
    return _Line(line).event()


def read_lines(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a text: one a line; blank lines, and lines that begin with `#` or `!`, are passed over."""
    for line in lines:
        if line.strip() and not line.startswith(("#", "!")):
            yield parsed(line)


def fields_written(line: str) -> frozenset[str]:
    """Which of the optional fields a line states, so that a sample compares no more than it says."""
    words = set(line.partition(" <")[2].split())  # what stands before the <id> are names of parties and of the kind
    return frozenset(words & {"answers", "due", "thread", "person", "counter", "ref", "version", "private", "evidence"})


def _unit(unit: str) -> str:
    return "%2D" if unit == "-" else _quoted(unit) or "-"  # a bare - is no unit


def _number(amount: float) -> str:
    return str(int(amount)) if float(amount).is_integer() and abs(amount) < 1e15 else repr(float(amount))  # noqa: PLR2004


class _Line:
    """Reads one line word by word."""

    def __init__(self, line: str) -> None:
        self._line = line.strip()
        self._words = self._line.split()
        self._next = 0

    def _wrong(self, wanted: str) -> WrongCall:
        word = self._words[self._next] if self._next < len(self._words) else "the end of the line"
        return WrongCall("In “{line}” {wanted} was expected where {word} stands.",
                         line=self._line, wanted=wanted, word=word)

    def _peek(self) -> str | None:
        return self._words[self._next] if self._next < len(self._words) else None

    def _take(self, wanted: str) -> str:
        word = self._peek()
        if word is None:
            raise self._wrong(wanted)
        self._next += 1
        return word

    def _bracketed(self, wanted: str) -> str:
        word = self._peek()
        if word is None or not (word.startswith("<") and word.endswith(">")):
            raise self._wrong(wanted)
        self._next += 1
        return _unquoted(word[1:-1])

    def _word(self, wanted: str) -> str:
        word = self._take(wanted)
        return "" if word == "%" else _unquoted(word)

    def _amount(self) -> tuple[float | None, str]:
        if (self._peek() or "").startswith("<"):
            return None, ""
        text = self._take("an amount or an <id>")
        try:
            amount = None if text == "?" else float(text)
        except ValueError:
            self._next -= 1
            raise self._wrong("an amount, ? or an <id>") from None
        unit = self._take("a unit")
        return amount, "" if unit == "-" else _unquoted(unit)

    def event(self) -> Event:
        at = read_moment(self._take("a moment"))
        giver = self._word("the giver")
        if self._take("->") != "->":
            self._next -= 1
            raise self._wrong("->")
        receiver = self._word("the receiver")
        kind = self._word("a kind")
        amount, unit = self._amount()
        identity = self._bracketed("an <id>")
        answers = thread = person = counter = None
        due = None
        references: list[str] = []
        evidence: list[str] = []
        version, shared = 0, True
        while (word := self._peek()) is not None:
            self._next += 1
            match word:
                case "answers":
                    answers = self._bracketed("the <id> it answers")
                case "due":
                    due = read_moment(self._take("a moment"))
                case "thread":
                    thread = self._bracketed("a <thread>")
                case "person":
                    person = self._bracketed("a <person>")
                case "counter":
                    counter = self._bracketed("a <person>")
                case "ref":
                    references.append(self._bracketed("a <reference>"))
                case "version":
                    number = self._take("a whole number")
                    if not _WHOLE.match(number):
                        self._next -= 1
                        raise self._wrong("a whole number")
                    version = int(number)
                case "private":
                    shared = False
                case "evidence":
                    evidence.append(self._bracketed("a <place>"))
                case _:
                    self._next -= 1
                    raise self._wrong("answers, due, thread, person, counter, ref, version, private or evidence")
        return Event(
            id=identity, at=at, giver=giver, receiver=receiver, kind=kind, amount=amount, unit=unit, person=person,
            counter_person=counter, thread=thread, answers=answers, due=due, shared=shared, evidence=tuple(evidence),
            references=tuple(references), version=version,
        )
