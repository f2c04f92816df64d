"""One large file a format: the examples and the samples of the tests over and over, each time with other ids, days or amounts.

What a reader keeps of earlier lines (people, accounts, days) comes back in a real file of this size too; what is never the
same twice there (ids, references, amounts) is never the same here. Invoices are many small files, as they are in life.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOME = Path(__file__).resolve().parents[1]
SAMPLES = HOME / "tests" / "samples"
EXAMPLE = HOME / "examples" / "berk"

BYTES = 8_000_000
"""Bytes of each file, about."""


def _rounds(change: Callable[[int], bytes]) -> Iterator[bytes]:
    made = number = 0
    while made < BYTES:
        part = change(number)
        made, number = made + len(part), number + 1
        yield part


def mbox() -> bytes:
    """Small mails with answers under them, signatures, and now and then an HTML part."""
    texts = [(EXAMPLE / "mail" / name).read_bytes() for name in ("inge.mbox", "ruud.mbox")]  # some mails stand in both
    ids = re.compile(rb"^((?:Message-ID|In-Reply-To|References): <)", re.MULTILINE)
    return b"".join(_rounds(lambda number: ids.sub(rb"\g<1>%d." % number, texts[number % 2])))


def ics() -> bytes:
    """A calendar of meetings with four or five people, and series."""
    text = (EXAMPLE / "agenda" / "inge.ics").read_bytes()
    head, begin, rest = text.partition(b"BEGIN:VEVENT")
    events, end, tail = (begin + rest).rpartition(b"END:VCALENDAR")
    return head + b"".join(_rounds(lambda number: events.replace(b"UID:", b"UID:%d-" % number))) + end + tail


def mt940() -> bytes:
    """Statements in the dialects of eight banks."""
    texts = (path.read_bytes().strip() for path in sorted((SAMPLES / "mt940").iterdir()) if path.suffix != ".ledger")
    text = b"\n".join(texts).replace(b"2602300230", b"2602270227").replace(b":C260230", b":C260227")
    amount = re.compile(rb"(\n:61:\d{6,10}(?:R|E)?[CD]R?)(?=\d)")
    reference = re.compile(rb"(/EREF/|EREF\+|[Ff]actuur |FACTUUR |nota |Betaling )")
    return b"\n".join(_rounds(lambda number: reference.sub(rb"\g<1>%d-" % number, amount.sub(rb"\g<1>%d" % (number % 997 + 1), text))))


def camt() -> bytes:
    """One statement of many entries."""
    texts = [path.read_bytes() for path in sorted((EXAMPLE / "bank").glob("*.xml"))]
    head, _, _ = texts[0].partition(b"<Ntry>")
    entries = b"\n".join(b"<Ntry>".join([b"", *re.split(b"<Ntry>", text)[1:]]).rpartition(b"</Ntry>")[0] + b"</Ntry>" for text in texts)
    ids = re.compile(rb"(<EndToEndId>)(?!NOTPROVIDED)|(<Ustrd>)")
    made = _rounds(lambda number: ids.sub(lambda found: b"%s%d " % (found[0], number), entries))
    return head + b"".join(made) + b"\n</Stmt></BkToCstmrStmt></Document>\n"


def vtt() -> bytes:
    """What three people said, as Teams writes it."""
    text = next((SAMPLES / "vtt").glob("*_teams.vtt")).read_bytes().replace(b"100:00:", b"00:01:")
    head, _, cues = text.partition(b"e84a")
    return head + b"".join(_rounds(lambda number: _later(b"e84a" + cues + b"\n", number)))


def srt() -> bytes:
    """The same as subtitles, names before a colon."""
    text = next((SAMPLES / "srt").glob("*.srt")).read_bytes().replace(b"1:00:00", b"00:00:50").replace(b"1:00:02", b"00:00:52")
    return b"".join(_rounds(lambda number: _later(text + b"\n", number)))


def _later(text: bytes, minutes: int) -> bytes:
    clock = re.compile(rb"(?:00:)?00:(\d\d[.,]\d)")
    return clock.sub(lambda found: b"%02d:%02d:%s" % (minutes // 60 % 100, minutes % 60, found[1]), text)


def ubl(fixtures: Path | None) -> list[bytes]:
    """Invoices, a file each: real ones where there are any, else those of the examples."""
    real = sorted((fixtures / "ubl").glob("*.xml")) if fixtures is not None else []
    texts = [path.read_bytes() for path in real or sorted((EXAMPLE / "invoices").rglob("*.xml"))]
    number = re.compile(rb"(<(?:cbc:)?ID[^<>]*>)", re.IGNORECASE)
    return list(_rounds(lambda at: number.sub(rb"\g<1>%d-" % at, texts[at % len(texts)], count=1)))


BIG: dict[str, tuple[str, Callable[[], bytes]]] = {
    "mbox": ("mbox", mbox), "ics": ("ics", ics), "mt940": ("sta", mt940), "camt": ("xml", camt), "vtt": ("vtt", vtt), "srt": ("srt", srt),
}
"""Importer, ending of the file, and what makes it."""


def written(into: Path, name: str, fixtures: Path | None) -> list[Path]:
    """The files of one format, written into a folder."""
    if name == "ubl":
        made = [(into / f"ubl{number}.xml", text) for number, text in enumerate(ubl(fixtures))]
    else:
        ending, make = BIG[name]
        # the day of a recording stands in the name of its file
        made = [(into / f"2026-03-02T09.00.00+0100 {name}.{ending}", make())]
    for path, text in made:
        path.write_bytes(text)
    return [path for path, _text in made]


NAMES = (*BIG, "ubl")


def bare(name: str, data: bytes) -> object:
    """The least that a reader of a format must do: the measure of ours.

    mbox the tree of each mail by the standard library · ics unfolded lines of twelve names · mt940 one expression for
    :61: and :86: · camt, ubl the tree of lxml · vtt, srt one expression for times and text.
    """
    if name == "mbox":
        from email import message_from_bytes

        return [message_from_bytes(mail) for mail in data.split(b"\n\nFrom ")]
    if name == "ics":
        wanted = re.compile(r"(?:BEGIN|END|UID|DTSTART|DTEND|DURATION|RRULE|RECURRENCE-ID|ORGANIZER|ATTENDEE|STATUS|SEQUENCE)\b")
        lines = re.sub(r"\r?\n[ \t]", "", data.decode()).splitlines()
        return [line.partition(":") for line in lines if wanted.match(line)]
    if name == "mt940":
        return re.findall(r":61:([^\n]*)\n(?:([^:\n][^\n]*)\n)?(?::86:((?:(?!\n:|\n-)[\s\S])*))?", data.decode())
    if name in {"vtt", "srt"}:
        return [(float(found[1].replace(",", ".")), float(found[3].replace(",", ".")), found[4]) for found in re.findall(
            r"([\d:]+):(\d\d[.,]\d+) --> ([\d:]+):(\d\d[.,]\d+)[^\n]*\n((?:[^\n]+\n)*)", data.decode())]
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(huge_tree=True))
