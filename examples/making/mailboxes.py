"""Mails as they lie on a disk: two mbox files, a folder of .eml, a Maildir; with what else lies among them."""

from __future__ import annotations

import quopri
import random
from collections.abc import Callable, Iterable
from datetime import date, datetime
from email.header import Header
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from making import clock
from making.firms import BEA, BERK, FIRMS, INGE, RUUD, SANNE, Person
from making.letters import paragraphs
from making.plan import SEED, Mail

DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
LONDON = ZoneInfo("Europe/London")


def write(mails: Iterable[Mail], folder: Path) -> None:
    """inge.mbox, ruud.mbox, sanne/*.eml and administratie/ (Maildir) below `folder`."""
    boxes: dict[str, list[tuple[datetime, str, bytes]]] = {one.address: [] for one in (INGE, RUUD, SANNE, BEA)}
    for mail in mails:
        owner = mail.sender if mail.ours else mail.receiver
        boxes[owner.address].append((mail.at, mail.id, _rendered(mail, to_owner=None if mail.ours else owner)))
        if mail.copy:
            boxes[mail.copy.address].append((mail.at, mail.id, _rendered(mail, to_owner=mail.copy)))
    for owner, at, name, raw in _beside():
        boxes[owner.address].append((at, name, raw))
    for box in boxes.values():
        box.sort(key=lambda one: (one[0], one[1]))
    _mbox(boxes[INGE.address], folder / "inge.mbox")
    _mbox(boxes[RUUD.address], folder / "ruud.mbox")
    _eml(boxes[SANNE.address], folder / "sanne")
    _maildir(boxes[BEA.address], folder / "administratie")


# --- one mail ------------------------------------------------------------------------------------------------------------


def _header(name: str, value: str) -> str:
    return f"{name}: {value if value.isascii() else Header(value, 'utf-8').encode()}"


def _to(person: Person) -> str:
    return f"{person.name} <{person.address}>"


def _rendered(mail: Mail, to_owner: Person | None) -> bytes:
    rng = random.Random(f"{SEED} {mail.id}")
    subject = mail.subject if mail.quoted is None else f"Re: {mail.subject}"
    zone = LONDON if mail.language == "en" and not mail.ours else clock.HERE
    head = [f"Delivered-To: {to_owner.address}"] if to_owner else []
    head += [
        f"From: {_to(mail.sender)}", f"To: {_to(mail.receiver)}", *([f"Cc: {_to(mail.copy)}"] if mail.copy else []),
        f"Date: {format_datetime(mail.at.astimezone(zone))}", _header("Subject", subject), f"Message-ID: <{mail.id}>",
    ]
    if mail.quoted:
        head.append(f"In-Reply-To: <{mail.quoted.id}>")
        if len(mail.chain) > 1:
            head.append("References: " + "\n ".join(f"<{one}>" for one in mail.chain))
    text = "\n".join([*_greeting(rng, mail), *paragraphs(rng, mail.text), *_signature(rng, mail), *_quotation(rng, mail)]) + "\n"
    if mail.language == "en" and not mail.ours and rng.random() < .3:
        return _with_html(head, text, mail.id)
    return _plain(head, text, quoted_printable=rng.random() < .12)


def _plain(head: list[str], text: str, *, quoted_printable: bool = False) -> bytes:
    charset = "us-ascii" if text.isascii() else "utf-8"
    way = "quoted-printable" if quoted_printable else "7bit" if text.isascii() else "8bit"
    top = "\n".join([*head, f"Content-Type: text/plain; charset={charset}", *([f"Content-Transfer-Encoding: {way}"] if way != "7bit" else [])])
    raw = text.encode()
    return (top + "\n\n").encode() + (quopri.encodestring(raw) if quoted_printable else raw)


def _with_html(head: list[str], text: str, name: str) -> bytes:
    """As Outlook does: the same text twice, plain and marked up."""
    mark = f"=_{name.partition('@')[0]}"
    marked = "".join(
        f"<blockquote>{line[1:].strip()}</blockquote>" if line.startswith(">") else f"<p>{line}</p>" for line in text.splitlines() if line
    )
    body = (f"--{mark}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--{mark}\nContent-Type: text/html; charset=utf-8\n\n"
            f"<html><body>{marked}</body></html>\n--{mark}--\n")
    top = "\n".join([*head, "MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{mark}"'])
    return f"{top}\n\n{body}".encode()


def _greeting(rng: random.Random, mail: Mail) -> list[str]:
    if mail.quoted and rng.random() < .5:
        return []
    first = mail.receiver.name.split()[0]
    said = rng.choice(("Dag {}", "Hoi {}", "Beste {}") if mail.language == "nl" else ("Hi {}", "Dear {}"))
    return [said.format(first) + ",", ""]


def _signature(rng: random.Random, mail: Mail) -> list[str]:
    firm = BERK if mail.ours else FIRMS[mail.firm]
    wish = rng.choice(("Met vriendelijke groet,", "Groet,", "Vriendelijke groeten,")) if mail.language == "nl" else rng.choice(("Kind regards,", "Best regards,"))
    if rng.random() < .4:
        return ["", wish, mail.sender.name.split()[0]]
    mark = ["-- "] if rng.random() < .4 else []
    return ["", wish, "", *mark, mail.sender.name, f"{firm.name}, {firm.town}"]


def _quotation(rng: random.Random, mail: Mail) -> list[str]:
    """What most programs put below an answer, cut to a few lines; some leave nothing."""
    before, way = mail.quoted, rng.random()
    if before is None or way < .62:
        return []
    at = before.at.astimezone(clock.HERE)
    lines = paragraphs(random.Random(0), before.text)[:2]
    if mail.language == "en":
        return ["", f"On {at:%a}, {at.day} {at:%b %Y} at {at:%H:%M}, {before.sender.name} wrote:", *(f"> {line}" for line in lines)]
    if way > .92:
        return ["", "-----Oorspronkelijk bericht-----", f"Van: {_to(before.sender)}", f"Verzonden: {at.day} {MONTHS[at.month - 1]} {at:%Y %H:%M}",
                f"Aan: {before.receiver.name}", f"Onderwerp: {mail.subject}", "", *lines]
    day = f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at.year}"
    return ["", f"Op {day} om {at:%H:%M} schreef {before.sender.name}:", *(f"> {line}" for line in lines)]


# --- what else lies in a mailbox -------------------------------------------------------------------------------------------


def _beside() -> list[tuple[Person, datetime, str, bytes]]:
    """Colleagues, newsletters, an absence, a bounce, private people: none of it is a relation, and all of it is there."""
    rng = random.Random(f"{SEED} beside")
    found: list[tuple[Person, datetime, str, bytes]] = []

    def add(owners: tuple[Person, ...], at: datetime, name: str, sender: str, to: str, subject: str, text: str, *more: str) -> None:
        head = [f"From: {sender}", f"To: {to}", f"Date: {format_datetime(at)}", _header("Subject", subject), f"Message-ID: <{name}>", *more]
        found.extend((owner, at, name, _plain(head, text)) for owner in owners)

    for index, monday in enumerate(clock.mondays(date(2024, 7, 8), date(2026, 6, 22))):
        day = clock.workday(monday)
        if index % 2 == 0:
            add((INGE, RUUD), clock.at(day, 9.2), f"{day:%y%m%d}.team@berk.example", _to(INGE), _to(RUUD), f"Weekstart {day.isocalendar().week}",
                "Ruud, dit staat er deze week op het bord. Zullen we om half elf even zitten?\n\nInge\n")
        if index % 4 == 1:
            owner = rng.choice((INGE, RUUD))
            add((owner,), clock.at(day, 11.1), f"nb{index}@vakblad.example", "Verpakking Vandaag <nieuws@vakblad.example>", _to(owner),
                "Nieuws uit de verpakkingsbranche", "Lees deze week: minder plastic, meer papier.\n\nAfmelden kan onderaan.\n",
                "List-Id: <nieuws.vakblad.example>", "List-Unsubscribe: <mailto:uit@vakblad.example>", "Precedence: bulk", f"Delivered-To: {owner.address}")
    anna = FIRMS["visser"].people[0]
    for day in (date(2025, 8, 4), date(2025, 8, 11), date(2026, 4, 14), date(2026, 4, 22)):
        add((INGE,), clock.at(day, 10.1), f"ooo{day:%y%m%d}@visser.example", _to(anna), _to(INGE), "Automatisch antwoord: afwezig",
            "Ik ben er niet. Uw bericht wordt niet gelezen; bel in dringende gevallen de receptie.\n", "Auto-Submitted: auto-replied",
            "X-Auto-Response-Suppress: All", f"Delivered-To: {INGE.address}")
    add((RUUD,), clock.at(date(2025, 3, 12), 14.3), "b250312@mail.vandam.example", "Mail Delivery Subsystem <mailer-daemon@vandam.example>", _to(RUUD),
        "Undelivered Mail Returned to Sender", "Het bericht aan planing@vandam.example kon niet worden bezorgd: onbekend adres.\n",
        "Auto-Submitted: auto-replied", "Return-Path: <>", f"Delivered-To: {RUUD.address}")
    for index, (day, text) in enumerate((
        (date(2024, 11, 5), "Goedemiddag, verkopen jullie ook verhuisdozen aan particulieren? Ik heb er twaalf nodig."),
        (date(2025, 6, 17), "Hallo, ik zoek een doos voor een lamp van 90 cm. Kan dat per stuk?"),
        (date(2026, 2, 10), "Dag, mijn dochter doet een werkstuk over karton. Mag ze eens komen kijken?"),
    )):
        add((INGE,), clock.at(day, 13.4), f"CA{index}{day:%y%m%d}@mail.gmail.com", f"particulier{index} <particulier{index}.voorbeeld@gmail.com>", _to(INGE),
            "Vraagje", text + "\n", f"Delivered-To: {INGE.address}")
        add((INGE,), clock.at(day, 15.1), f"{day:%y%m%d}.p{index}@berk.example", _to(INGE), f"particulier{index}.voorbeeld@gmail.com", "Re: Vraagje",
            "Dag, dat kan zeker. Kom gerust langs op een vrijdagmiddag.\n\nInge Mulder\n", f"In-Reply-To: <CA{index}{day:%y%m%d}@mail.gmail.com>")
    return found


# --- on the disk -----------------------------------------------------------------------------------------------------------


def _mbox(box: list[tuple[datetime, str, bytes]], path: Path) -> None:
    """mboxrd: a From_ line before each mail, body lines that look like one get a `>`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for at, _name, raw in box:
            sender = next(line for line in raw.split(b"\n") if line.startswith(b"From: ")).rsplit(b"<", 1)[-1].rstrip(b">").split()[-1]
            file.write(b"From " + sender + b" " + f"{at.astimezone(clock.HERE):%a %b %d %H:%M:%S %Y}".encode() + b"\n")
            for line in raw.rstrip(b"\n").split(b"\n"):
                file.write((b">" if line.lstrip(b">").startswith(b"From ") else b"") + line + b"\n")
            file.write(b"\n")


def _eml(box: list[tuple[datetime, str, bytes]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, (at, _name, raw) in enumerate(box, 1):
        (folder / f"{at:%Y-%m-%d} {number:03d}.eml").write_bytes(raw)


def _maildir(box: list[tuple[datetime, str, bytes]], folder: Path) -> None:
    """Flags stand after `;2,`, as mail programs write them where a colon may not stand in a name."""
    place: Callable[[str], Path] = lambda name: folder / name  # noqa: E731
    for name in ("cur", "new", "tmp"):
        place(name).mkdir(parents=True, exist_ok=True)
    (folder / "tmp" / ".keep").write_bytes(b"")  # an empty folder would not be kept by git
    for number, (at, _name, raw) in enumerate(box, 1):
        name = f"{int(at.timestamp())}.{number:04d}.berk"
        path = place("new") / name if number > len(box) - 4 else place("cur") / f"{name};2,{'RS' if number % 3 else 'S'}"
        path.write_bytes(raw)
