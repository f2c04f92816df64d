"""From one mail to events: who speaks to which organisations, with how many own words, and whether something is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evenwicht.importers.letters import complaints, dates
from evenwicht.importers.letters.automatic import is_automatic
from evenwicht.importers.letters.bodies import Body, read_body
from evenwicht.importers.letters.complaints import MOST_BYTES
from evenwicht.importers.letters.envelope import envelope_of, sent_at
from evenwicht.importers.letters.exclusions import is_draft, is_excluded
from evenwicht.importers.letters.headers import addresses, name_beside, read_headers
from evenwicht.importers.letters.own_words import count, own_of, segments
from evenwicht.importers.letters.subjects import is_reply, reference_of
from evenwicht.importers.letters.words import asks
from evenwicht.importers.source import MailTally
from evenwicht.ledger.events import AUTOMATIC, Event
from evenwicht.ledger.identifiers import is_person, of_address
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.people import face_of, mention_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from evenwicht.importers.letters.envelope import Envelope
    from evenwicht.importers.source import Reading, Source

__all__ = ["MOST_BYTES", "MOST_ORGANISATIONS", "Intake"]

MOST_ORGANISATIONS = 10
"""A mail to more organisations than this is a circular (CONTRACT, kinds)."""
_DELIVERED = frozenset({b"delivered-to", b"x-original-to", b"envelope-to"})


@dataclass(slots=True)
class _Said:
    """What the body of one mail says.

    amount      own words; None when they are not known
    own         the own text
    marks       references beside the subject: `words:SAID/ALL` where words were cut away
    """

    amount: float | None = None
    own: str = ""
    marks: tuple[str, ...] = ()


@dataclass(slots=True)
class Intake:
    """Takes one mail after the other of one source and writes into one `Reading`. `close` when all are taken."""

    source: Source
    reading: Reading
    seen: set[str] = field(default_factory=set)
    authors: set[tuple[str, bytes]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reading.label = self.reading.label or self.source.label
        self.reading.mail = self.tally

    @property
    def tally(self) -> MailTally:
        """What the mails taken so far show of whose mailbox it is."""
        if self.reading.mail is None:
            self.reading.mail = MailTally()
        return self.reading.mail

    def take(
        self, data: bytes, place: str, *, labels: Iterable[str] = (), arrived: datetime | None = None, draft: bool = False,
        cut: bool = False,
    ) -> None:
        """Read one mail. `place` is where it stands in the source, for evidence and problems.

        `labels`: of the folder it lies in. `arrived`: when it came, known from elsewhere (IMAP INTERNALDATE); used when
        the mail has no date of its own. `draft`: it was never sent. `cut`: `data` is only the beginning of a huge mail.
        """
        head, source, reading = read_headers(data), self.source, self.reading
        counted = reading.counted
        if not head.values:
            counted["mail"] += 1
            complaints.no_mail(reading, data, place)
            return
        when, own_date = sent_at(head, source.now)
        if when is None:
            when = dates.believed(arrived, source.now)
        if when is None and source.since is not None:
            return  # the reading without a lower bound reports it
        if when is not None and not self._in_range(when):
            return
        envelope = envelope_of(head)
        counted["mail"] += 1
        if source.exclude and is_excluded(envelope, source.exclude, labels):
            counted["excluded"] += 1
            return
        if draft or is_draft(head):
            counted["draft"] += 1
            return
        if when is None:
            complaints.no_date(reading, place)
            return
        if not own_date:
            complaints.dated_elsewhere(reading, when, place)
        self._record(envelope, Body(hidden="large") if cut else read_body(head, data), when, place)

    def close(self) -> None:
        """Add one mention for each organisation that was seen, and of each author by whom the same person is known elsewhere."""
        self.reading.mentions.extend(Mention((identifier,)) for identifier in sorted(self.seen))
        faces = {(author, face_of(name_beside(written), author)) for author, written in self.authors if not is_person(of_address(author) or "@")}
        people = (mention_of(self.source.pseudonym, known) for known in faces if known[1])
        self.reading.mentions.extend(sorted(each for each in people if each is not None))

    def _in_range(self, when: datetime) -> bool:
        since, before = self.source.since, self.source.before
        return (since is None or when >= since) and (before is None or when < before)

    def _record(self, envelope: Envelope, body: Body, when: datetime, place: str) -> None:
        reading, head = self.reading, envelope.head
        counted = reading.counted
        if body.hidden or body.limit:
            complaints.unread(reading, body, place)
        again = self._file(envelope, when)
        if body.calendars:
            self._invite(body.calendars, place)
        said = _said(body)
        receivers = self._receivers(envelope)
        automatic = body.report or is_automatic(head, envelope.author) or (bool(body.calendars) and not said.amount)
        if automatic or len(receivers) > MOST_ORGANISATIONS:
            counted[AUTOMATIC] += 1
            mark = reference_of(head.text(b"subject"))
            self._write(envelope, receivers, when, place, AUTOMATIC, 0.0, "words", marks=(mark,) if mark else ())
            return
        if complaints.without_side(reading, envelope, receivers, place):
            return
        if not again:
            self._count(envelope)
        if not receivers:
            counted["internal"] += 1
            if envelope.organisation is not None:
                self.seen.add(envelope.organisation)
            return
        counted["message"] += 1
        subject = head.text(b"subject")
        mark = reference_of(subject)
        marks = (mark, *said.marks) if mark else said.marks
        self._write(envelope, receivers, when, place, "message", said.amount, "" if body.empty else "words", marks=marks)
        asking = asks(said.own)
        if asking or (envelope.parent is None and not is_reply(subject)):
            self._write(envelope, receivers, when, place, "question", 1.0, "count", marks=("asks",) if asking else ())

    def _file(self, envelope: Envelope, when: datetime) -> bool:
        """Note when the mailbox begins and ends and to whom it is delivered. Returns whether the mail was there already."""
        tally, head = self.tally, envelope.head
        if tally.first is None or when < tally.first:
            tally.first = when
        if tally.last is None or when > tally.last:
            tally.last = when
        if envelope.id in tally.ids:
            self.reading.counted["again"] += 1
            return True
        tally.ids.add(envelope.id)
        if not _DELIVERED.isdisjoint(head.values):
            for address in addresses([raw for name in sorted(_DELIVERED) for raw in head.all(name)]):
                tally.delivered[address] += 1
        return False

    def _invite(self, calendars: list[bytes], place: str) -> None:
        """What a mail invites to, calls off and answers is read together, by the calendar's own reader; the mail around it stays a message."""
        from evenwicht.importers.calendars.reading import events_of  # few mails need it
        from evenwicht.importers.letters.invitations import distinct

        invitations = distinct(calendars)
        self.reading.counted["invitation"] += len(invitations)
        events_of(invitations, self.reading, self.source, place)

    def _receivers(self, envelope: Envelope) -> dict[str, list[str]]:
        """The addressees by organisation, without the author's own."""
        found: dict[str, list[str]] = {}
        for address in envelope.to:
            organisation = of_address(address)
            if organisation is None:
                self.reading.counted["unknown_address"] += 1
            elif organisation != envelope.organisation:
                found.setdefault(organisation, []).append(address)
        return found

    def _count(self, envelope: Envelope) -> None:
        tally = self.tally
        author = envelope.author or ""
        tally.messages += 1
        tally.by[author] += 1
        if envelope.senders == (author,):
            self.authors.add((author, envelope.head.values[b"from"][0]))
        for address in envelope.to:
            tally.to[address] += 1
        for address in {*envelope.senders, author, *envelope.to}:
            tally.present[address] += 1
        if envelope.parent is not None:
            tally.answered.append((author, envelope.parent))

    def _write(
        self, envelope: Envelope, receivers: dict[str, list[str]], when: datetime, place: str, kind: str, amount: float | None,
        unit: str, *, marks: tuple[str, ...],
    ) -> None:
        giver = envelope.organisation
        if giver is None:
            return
        self.seen.add(giver)
        pseudonym = self.source.pseudonym
        person = pseudonym(envelope.author or "")
        question = kind == "question"
        identity, answers = (f"{envelope.id}#q", None) if question else (envelope.id, envelope.parent)
        evidence = (f"{self.source.label}#{place}",)
        for receiver, people in receivers.items():
            self.seen.add(receiver)
            towards = sorted({each for each in map(pseudonym, people) if each}) if len(people) > 1 else [pseudonym(people[0]) or ""]
            self.reading.events.append(Event(
                identity, when, giver, receiver, kind, amount, unit, person, " ".join(towards) or None, envelope.thread, answers,
                evidence=evidence, references=marks,
            ))


def _said(body: Body) -> _Said:
    """The own words of a mail. Where some were cut away the wider counts are kept beside them, so that a wrong cut shows."""
    if not body.text:
        return _Said() if body.empty or body.hidden or body.limit else _Said(0.0)
    parts = segments(body.text)
    words = count(body.text, parts)
    marks = (f"words:{words.said}/{words.all}",) if words.own != words.all else ()
    return _Said(float(words.own), own_of(body.text, parts), marks)
