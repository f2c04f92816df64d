"""What the samples are expected to give, read from the same files by programs that are not ours.

The lines beside a sample were written by hand; here each of their facts is looked up in the file by another route:
XML by the standard library's ElementTree, mail by `mailbox` and `email`, calendars by `icalendar`.
"""

from __future__ import annotations

import email
import email.policy
import mailbox
import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote

import icalendar
import pytest

from evenwicht.ledger.events import Event
from evenwicht.ledger.notation import parsed

SAMPLES = Path(__file__).resolve().parent / "samples"


def expected(ledger: Path) -> list[Event]:
    return [parsed(line) for line in ledger.read_text("utf-8").splitlines() if line.strip() and not line.startswith(("#", "!"))]


def samples(*importers: str) -> list[tuple[Path, Path]]:
    return [(file, ledger) for importer in importers for ledger in sorted((SAMPLES / importer).glob("*.ledger"))
            for file in sorted((SAMPLES / importer).glob(f"{ledger.stem}.*")) if file.suffix != ".ledger" and file.stem == ledger.stem]


def name(value: object) -> str:
    return value.name if isinstance(value, Path) else ""


def texts(file: Path) -> set[str]:
    found = set()
    for element in ET.parse(file).iter():
        found |= {(text or "").strip() for text in (element.text, *element.attrib.values())}
    return found - {""}


def numbers(found: set[str]) -> set[float]:
    return {abs(float(text)) for text in found if re.fullmatch(r"[-+]?\d+(\.\d+)?", text)}


def days(found: set[str]) -> set[date]:
    told = set()
    for text in found:
        for digits in re.findall(r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?:T| |$|\d{4}$|[Z+-])", text):
            try:
                told.add(date(*map(int, digits)))
            except ValueError:
                continue
    return told


@pytest.mark.parametrize("file, ledger", samples("ubl", "cii", "camt", "xaf"), ids=name)
def test_every_fact_of_a_business_paper_stands_in_its_xml(file: Path, ledger: Path) -> None:
    found = texts(file)
    amounts, told = numbers(found), days(found)
    squeezed = re.sub(r"[^A-Za-z0-9]", "", " ".join(sorted(found))).upper()
    for event in expected(ledger):
        if event.amount is not None and event.unit not in {"", "count"}:
            assert any(abs(event.amount - one) < 0.005 for one in amounts), event
        assert any(abs((event.at.date() - day).days) <= 1 for day in told), event
        parts = event.id.partition("#")[0].split(":")
        if event.kind in {"invoice", "credit_note", "order"} and len(parts) > 3:
            assert re.sub(r"[^A-Za-z0-9]", "", unquote(parts[-2])).upper() in squeezed, event
        for party in (event.giver, event.receiver):
            scheme, _, rest = party.partition(":")
            if scheme in {"vat", "kvk", "iban"}:
                assert re.sub(r"^[A-Z]{2}", "", rest).lstrip("0") in squeezed, event


def letters(path: Path) -> list[email.message.EmailMessage]:
    if path.suffix == ".mbox":
        box: mailbox.Mailbox[mailbox.mboxMessage] = mailbox.mbox(path, create=False)
        raw = [bytes(message) for message in box]
        box.close()
    elif path.is_dir():
        raw = [one.read_bytes() for place in ("cur", "new") for one in sorted((path / place).iterdir())]
    else:
        raw = [path.read_bytes()]
    return [email.message_from_bytes(one, policy=email.policy.default) for one in raw]


def dated(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None


@pytest.mark.parametrize("file, ledger", samples("mail", "mbox", "maildir"), ids=name)
def test_every_mail_is_there_with_its_moment_and_sender(file: Path, ledger: Path) -> None:
    read = {}
    for letter in letters(file):
        identity = str(letter["Message-ID"] or "").strip().strip("<>")
        moment = dated(str(letter["Date"] or ""))
        read[identity] = (moment, [one.domain.casefold() for one in letter["From"].addresses] if letter["From"] else [],
                          str(letter["In-Reply-To"] or "").strip().strip("<>"))
    for event in expected(ledger):
        if event.kind != "message" or event.id not in read:
            continue
        moment, senders, parent = read[event.id]
        assert moment is None or moment.replace(second=0) == event.at.replace(second=0), event
        assert any(domain == event.giver or domain.endswith(f".{event.giver}") or event.giver.endswith(f"@{domain}") for domain in senders), event
        assert (event.answers or "") in {parent, ""} or parent == "", event
    known = {event.id for event in expected(ledger) if event.kind == "message"}
    assert known & set(read) or all(event.kind != "message" or event.id.startswith("sha256:") for event in expected(ledger))


@pytest.mark.filterwarnings("ignore::icalendar.error.GloballyUniqueTZIDGuessed")
@pytest.mark.parametrize("file, ledger", samples("ics"), ids=name)
def test_every_meeting_is_there_with_its_moment_and_length(file: Path, ledger: Path) -> None:
    begins: dict[str, set[datetime]] = {}
    lengths: dict[str, Counter[float]] = {}
    try:
        calendars = icalendar.Calendar.from_ical(file.read_bytes(), multiple=True)
    except ValueError:
        calendars = []  # what the library refuses as a whole is in the samples to be rescued
    for event in (one for calendar in calendars for one in calendar.walk("VEVENT")):
        if "DTSTART" not in event or not isinstance(event.start, datetime):
            continue
        start = event.start if event.start.tzinfo else event.start.replace(tzinfo=UTC)
        begins.setdefault(str(event["UID"]), set()).add(start.astimezone(UTC))
        try:
            lengths.setdefault(str(event["UID"]), Counter())[event.duration / timedelta(minutes=1)] += 1
        except icalendar.InvalidCalendar:
            continue
    for fact in expected(ledger):
        uid, _, again = fact.id.partition("#")[0].partition("/")
        if fact.kind != "meeting" or uid not in begins:
            continue
        if not again:
            assert any(abs(fact.at - start) <= timedelta(hours=12) and fact.at.minute == start.minute for start in begins[uid]), fact
        if fact.amount and uid in lengths:
            assert any(minutes and fact.amount % minutes == 0 for minutes in lengths[uid]), fact


def test_there_is_something_to_look_up() -> None:
    counted = Counter(event.kind for _file, ledger in samples("ubl", "cii", "camt", "xaf", "mail", "mbox", "maildir", "ics") for event in expected(ledger))
    assert min(counted[kind] for kind in ("invoice", "payment", "message", "meeting", "order")) >= 2
    assert counted["delivery"] >= 1
