"""From one mail to events: who speaks to which organisations, with how many own words, and whether something is asked."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evenwicht.importers.letters import dates
from evenwicht.importers.letters.automatic import is_automatic, is_robot
from evenwicht.importers.letters.bodies import Body, read_body
from evenwicht.importers.letters.headers import Headers, addresses, message_ids, read_headers, text_of
from evenwicht.importers.letters.own_words import own_of, segments
from evenwicht.importers.letters.subjects import is_reply, reference_of
from evenwicht.importers.letters.words import asks, count_words
from evenwicht.importers.source import MailTally
from evenwicht.ledger.events import AUTOMATIC, Event
from evenwicht.ledger.identifiers import SHARED_SENDERS, of_address, registrable_domain
from evenwicht.ledger.mentions import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from evenwicht.importers.source import Reading, Source

MOST_BYTES = 30_000_000
"""A larger mail is kept as an event, but its words are not counted."""
MOST_ORGANISATIONS = 10
"""A mail to more organisations than this is a circular (CONTRACT, kinds)."""

_UID = re.compile(rb"^UID[^:\r\n]{0,200}:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
_FORM = re.compile(r"^(?:wordpress|www-data|apache|nginx|web-?form|webform|form|forms|formulier|contact-?form|website|webmaster|wp)$")
_DRAFTS = frozenset({"draft", "drafts", "concepten", "concept", "entwürfe", "brouillons", "borradores", "bozze", "rascunhos", "utkast"})
_LABEL_FIELDS = ((b"x-gmail-labels", ","), (b"x-keywords", ","), (b"keywords", ","), (b"x-label", ","), (b"x-mozilla-keys", " "))


@dataclass(slots=True)
class Envelope:
    """Who and when of one mail, from its headers alone.

    author      address of who speaks, or None; `to` addresses of To and Cc
    organisation    the identifier behind the author, or None
    """

    head: Headers
    id: str
    author: str | None
    organisation: str | None
    senders: tuple[str, ...]
    to: tuple[str, ...]
    references: tuple[str, ...]
    parent: str | None
    thread: str


@dataclass(slots=True)
class Intake:
    """Takes one mail after the other of one source and writes into one `Reading`. `close` when all are taken."""

    source: Source
    reading: Reading
    seen: set[str] = field(default_factory=set)

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
        head = read_headers(data)
        if not head.values:
            self._no_mail(data, place)
            return
        when, own_date = sent_at(head, self.source.now)
        if when is None:
            when = dates.believed(arrived, self.source.now)
        if when is None or not self._in_range(when):
            if when is not None:
                return
            if self.source.since is not None:
                return  # the reading without a lower bound reports it
        envelope = envelope_of(head)
        counted = self.reading.counted
        counted["mail"] += 1
        if self._excluded(envelope, labels):
            counted["excluded"] += 1
            return
        if draft or not _DRAFTS.isdisjoint(each.casefold() for each in _labels(head)):
            counted["draft"] += 1
            return
        if when is None:
            self.reading.problem(
                place, "The mail has no date that can be believed, so it cannot be placed in time.",
                "Export the mail again from the mail program, or leave it out.",
            )
            return
        if not own_date:
            self._note_date(when, place)
        self._record(envelope, data, when, place, cut=cut)

    def close(self) -> None:
        """Add one mention for each organisation that was seen."""
        self.reading.mentions.extend(Mention((identifier,)) for identifier in sorted(self.seen))

    def _no_mail(self, data: bytes, place: str) -> None:
        self.reading.counted["mail"] += 1
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            self.reading.problem(
                place, "This is an Outlook .msg file, which is not a mail in the internet format.",
                "Save it from Outlook as .eml, or export the folder as .mbox.",
            )
            return
        self.reading.problem(
            place, "There are no mail headers here, so it cannot be told who wrote to whom.",
            "Export the mail again from the mail program, with all its headers.",
        )

    def _in_range(self, when: datetime) -> bool:
        since, before = self.source.since, self.source.before
        return (since is None or when >= since) and (before is None or when < before)

    def _note_date(self, when: datetime, place: str) -> None:
        self.reading.counted["date_elsewhere"] += 1
        self.reading.problem(
            place, "The mail has no usable Date; the time at which it was received or filed, {when}, is used.",
            "Nothing needs to be done; the time may be off by the time of delivery.", "note",
            when=when.isoformat(timespec="minutes"),
        )

    def _excluded(self, envelope: Envelope, labels: Iterable[str]) -> bool:
        exclude = self.source.exclude
        if not exclude:
            return False
        if exclude.threads:
            wanted = {each.strip().strip("<>") for each in exclude.threads}
            if not wanted.isdisjoint({envelope.id, envelope.thread, envelope.parent, *envelope.references}):
                return True
        if exclude.labels:
            wanted = {each.strip().casefold() for each in exclude.labels}
            if not wanted.isdisjoint(each.casefold() for each in (*labels, *_labels(envelope.head))):
                return True
        if exclude.parties:
            wanted = {each.strip().lower() for each in exclude.parties}
            hidden = addresses(envelope.head.all(b"bcc") + envelope.head.all(b"sender") + envelope.head.all(b"reply-to"))
            return any(_is_of(address, wanted) for address in (*envelope.senders, *envelope.to, *hidden))
        return False

    def _record(self, envelope: Envelope, data: bytes, when: datetime, place: str, *, cut: bool) -> None:
        head, tally, counted = envelope.head, self.tally, self.reading.counted
        body = Body(hidden="large") if cut else read_body(head, data)
        self._note_body(body, place)
        tally.first = when if tally.first is None else min(tally.first, when)
        tally.last = when if tally.last is None else max(tally.last, when)
        again = envelope.id in tally.ids
        tally.ids.add(envelope.id)
        if again:
            counted["again"] += 1
        else:
            tally.delivered.update(_once(addresses(
                head.all(b"delivered-to") + head.all(b"x-original-to") + head.all(b"envelope-to"))))
        for calendar in _calendars(body):
            self._invite(calendar, place)
        own, amount = "", None
        if body.text:
            parts = segments(body.text)
            own = own_of(body.text, parts)
            amount = float(count_words(own))
        elif not (body.empty or body.hidden or body.limit):
            amount = 0.0
        receivers = self._receivers(envelope)
        automatic = body.report or is_automatic(head, envelope.author) or (bool(body.calendars) and not amount)
        if automatic or len(receivers) > MOST_ORGANISATIONS:
            counted[AUTOMATIC] += 1
            self._write(envelope, receivers, when, place, kind=AUTOMATIC, amount=0.0, unit="words")
            return
        if self._unusable(envelope, receivers, place):
            return
        if not again:
            self._count(envelope)
        if not receivers:
            counted["internal"] += 1
            if envelope.organisation is not None:
                self.seen.add(envelope.organisation)
            return
        counted["message"] += 1
        unit = "" if body.empty else "words"
        self._write(envelope, receivers, when, place, kind="message", amount=amount, unit=unit)
        asking = asks(own)
        opening = envelope.parent is None and not is_reply(envelope.head.text(b"subject"))
        if asking or opening:
            self._write(envelope, receivers, when, place, kind="question", amount=1.0, unit="count", asking=asking)

    def _note_body(self, body: Body, place: str) -> None:
        if body.hidden == "encrypted":
            self.reading.problem(
                place, "The mail is encrypted, so its words cannot be counted; that it was sent does count.",
                "Export the mail decrypted from the mail program if its words should count.", "warning",
            )
        elif body.hidden == "winmail":
            self.reading.problem(
                place, "Outlook packed a part of this mail into winmail.dat, which is not read.",
                "Nothing needs to be done; ask the sender to write in plain text or HTML.", "note",
            )
        elif body.hidden == "large":
            self.reading.problem(
                place, "The mail is larger than {most} MB, so its words were not counted; that it was sent does count.",
                "Nothing needs to be done; save it without attachments if its words should count.", "warning",
                most=MOST_BYTES // 1_000_000,
            )
        if body.limit:
            self.reading.problem(
                place, "The mail is built too oddly to be read whole (limit: {limit}); what was read before that counts.",
                "Open it in a mail program and save it again if its words matter.", "warning", limit=body.limit,
            )

    def _invite(self, calendar: bytes, place: str) -> None:
        """An invitation is read by the calendar's own reader; the mail around it stays a message."""
        from evenwicht.importers.calendars.reading import events_of  # few mails need it

        self.reading.counted["invitation"] += 1
        events_of(calendar, self.reading, self.source, place)

    def _receivers(self, envelope: Envelope) -> dict[str, list[str]]:
        """The addressees by organisation, without the author's own."""
        found: dict[str, list[str]] = defaultdict(list)
        for address in envelope.to:
            organisation = of_address(address)
            if organisation is None:
                self.reading.counted["unknown_address"] += 1
            elif organisation != envelope.organisation:
                found[organisation].append(address)
        return found

    def _unusable(self, envelope: Envelope, receivers: dict[str, list[str]], place: str) -> bool:
        if envelope.organisation is None:
            service = _service_of(envelope.author)
            if service:
                self.reading.problem(
                    place, "The mail was sent by the service {service} in somebody else's name, and does not say whose.",
                    "Nothing needs to be done; such mails are left out.", "warning", service=service,
                )
            else:
                self.reading.problem(
                    place, "The mail names no sender with a usable address, so it cannot be told who spoke.",
                    "Check the From line of the mail, or leave the mail out.",
                )
            return True
        if not receivers and not any(of_address(address) for address in envelope.to):
            self.reading.problem(
                place, "The mail names nobody in To or Cc with a usable address, so it cannot be told who was spoken to.",
                "Nothing needs to be done for drafts and mails sent in blind copy; they are left out.",
            )
            return True
        return False

    def _count(self, envelope: Envelope) -> None:
        tally = self.tally
        author = envelope.author or ""
        tally.messages += 1
        tally.by[author] += 1
        tally.to.update(envelope.to)
        tally.present.update({*envelope.senders, author, *envelope.to})
        if envelope.parent is not None:
            tally.answered.append((author, envelope.parent))

    def _write(
        self, envelope: Envelope, receivers: dict[str, list[str]], when: datetime, place: str, *, kind: str,
        amount: float | None, unit: str, asking: bool = False,
    ) -> None:
        giver = envelope.organisation
        if giver is None:
            return
        self.seen.add(giver)
        pseudonym = self.source.pseudonym
        person = pseudonym(envelope.author or "")
        question = kind == "question"
        mark = ("asks" if asking else None) if question else reference_of(envelope.head.text(b"subject"))
        evidence = (f"{self.source.label}#{place}",)
        for receiver, people in receivers.items():
            self.seen.add(receiver)
            towards = sorted({each for each in map(pseudonym, people) if each})
            self.reading.events.append(Event(
                id=f"{envelope.id}#q" if question else envelope.id, at=when, giver=giver, receiver=receiver, kind=kind,
                amount=amount, unit=unit, person=person, counter_person=" ".join(towards) or None,
                thread=envelope.thread, answers=None if question else envelope.parent, evidence=evidence,
                references=(mark,) if mark else (),
            ))


def envelope_of(head: Headers) -> Envelope:
    """Who speaks to whom, and in answer to what."""
    senders = addresses(head.all(b"from"))
    author = next((each for each in senders if of_address(each)), senders[0] if senders else None)
    to = addresses(head.all(b"to") + head.all(b"cc"))
    if author is None or of_address(author) is None:
        author = next((each for each in addresses(head.all(b"sender")) if of_address(each)), author)
    author = _behind(author, to, head)
    references = message_ids(head.raw(b"references"))
    replied = message_ids(head.raw(b"in-reply-to"))
    parent = replied[0] if replied else (references[-1] if references else None)
    own = message_ids(head.raw(b"message-id"))
    identity = own[0] if own else _made_id(head)
    if parent == identity:
        parent = None
    return Envelope(
        head=head, id=identity, author=author, organisation=of_address(author) if author else None, senders=senders, to=to,
        references=references, parent=parent, thread=references[0] if references else parent or identity,
    )


def _behind(author: str | None, to: tuple[str, ...], head: Headers) -> str | None:
    """Who really writes when a service or a web form sends in somebody's name: the Reply-To of another organisation."""
    if author is None or b"reply-to" not in head.values:
        return author
    replies = addresses(head.all(b"reply-to"))
    organisation = of_address(author)
    other = next((each for each in replies if of_address(each) not in {None, organisation}), None)
    if other is None:
        return author
    if organisation is None:
        return other
    local = author.partition("@")[0]
    own_form = (is_robot(author) or bool(_FORM.match(local))) and bool(to) and all(of_address(each) == organisation for each in to)
    return other if own_form else author


def _service_of(address: str | None) -> str | None:
    domain = registrable_domain(address.rpartition("@")[2]) if address else None
    return domain if domain in SHARED_SENDERS else None


def _made_id(head: Headers) -> str:
    """For a mail without Message-ID: `sha256:` of From, To, Date and Subject, blanks squeezed."""
    said = "\n".join(" ".join(head.text(name).split()) for name in (b"from", b"to", b"date", b"subject"))
    return f"sha256:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()}"


def sent_at(head: Headers, now: datetime) -> tuple[datetime | None, bool]:
    """When it was sent, and whether its Date says so.

    Else the first hop that received it, else the mbox From_ line; None when none of them is believable.
    """
    found = dates.believed(dates.moment(head.text(b"date")), now)
    if found is not None:
        return found, True
    for raw in reversed(head.all(b"received")[-50:]):
        found = dates.believed(dates.moment(text_of(raw[-300:]).rpartition(";")[2]), now)
        if found is not None:
            return found, False
    if head.from_line:
        return dates.believed(dates.moment(text_of(head.from_line).partition(" ")[2][-120:]), now), False
    return None, False


def _labels(head: Headers) -> list[str]:
    found: list[str] = []
    for name, mark in _LABEL_FIELDS:
        for raw in head.all(name):
            text = text_of(raw)
            found.extend(each.strip().strip('"') for each in text.split(mark))
            if name == b"x-keywords" and mark not in text:
                found.extend(text.split())
    return [each for each in found if each]


def _is_of(address: str, wanted: set[str]) -> bool:
    host = address.rpartition("@")[2]
    return address in wanted or host in wanted or any(host.endswith(f".{each}") for each in wanted) or of_address(address) in wanted


def _once(found: tuple[str, ...]) -> dict[str, int]:
    return dict.fromkeys(found, 1)


def _calendars(body: Body) -> list[bytes]:
    """The invitations of one mail, each event once: many mails hold it as a part and again as an attachment."""
    if len(body.calendars) < 2:  # noqa: PLR2004
        return body.calendars
    kept: list[bytes] = []
    known: set[bytes] = set()
    for calendar in body.calendars:
        uids = {b"".join(uid.split()) for uid in _UID.findall(calendar)}
        if uids and uids <= known:
            continue
        known |= uids
        kept.append(calendar)
    return kept
