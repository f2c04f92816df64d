"""From bytes to components: unfolded content lines, kept only where a meeting can depend on them (RFC 5545, 3.1).

One pass over the physical lines. What is not needed (descriptions, attachments, alarms) is never joined or decoded, so
that a calendar is read at the speed of splitting lines. Wrong nesting is repaired, never refused: one bad event must
not lose the others.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE = 262_144
"""Bytes of one unfolded line that are looked at: 15,000 dates of an EXDATE, or one attendee many times over."""

MAX_EVENTS = 200_000
"""Events of one file; more is counted as one problem. Ten years of a whole department's calendar is a tenth of it."""

MAX_ATTENDEES = 10_000
"""Attendees of one event that are looked at: more than any hall holds."""

_PER_EVENT = {"ATTENDEE": MAX_ATTENDEES, "RDATE": 500, "EXDATE": 2_000, "RRULE": 20, "EXRULE": 20}

_OF_CALENDAR = frozenset({"VERSION", "METHOD", "X-WR-CALNAME"})
_OF_EVENT = frozenset({
    "UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "EXRULE", "ORGANIZER",
    "ATTENDEE", "STATUS", "CLASS", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "X-MICROSOFT-CDO-ALLDAYEVENT",
    "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT",
})
_OF_ZONE = frozenset({"TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"})
_WANTED = {
    "VCALENDAR": _OF_CALENDAR, "VEVENT": _OF_EVENT, "VTIMEZONE": _OF_ZONE, "STANDARD": _OF_ZONE, "DAYLIGHT": _OF_ZONE,
}

_LEADS = frozenset(
    pair.encode()
    for name in ("BEGIN", "END", *_OF_CALENDAR, *_OF_EVENT, *_OF_ZONE)
    for pair in (name[:2], name[:2].lower(), name[:2].capitalize(), name[:2].swapcase(), name[:1].lower() + name[1:2])
)
_KNOWN = frozenset({"BEGIN", "END"}).union(*_WANTED.values())
_NOTHING: frozenset[str] = frozenset()
_SURELY_SHORT = MAX_LINE // 4
"""Characters that are no more than MAX_LINE bytes."""

_FOLDED = frozenset(b" \t")
_END_OF_LINE = ord("\n")
_NAME = re.compile(rb"([A-Za-z0-9-]+)[ \t]*([;:])")
_LINE = re.compile(
    rf"\n(({'|'.join(sorted({'BEGIN', 'END'} | _OF_CALENDAR | _OF_EVENT | _OF_ZONE))})[ \t]*+[;:][^\n]*+(?:\n++[ \t][^\n]*+)*+)",
    re.IGNORECASE | re.ASCII)
"""A content line of a wanted name with what is folded under it, and the name."""

_FOLDED_NAME = re.compile(r"\n[A-Za-z0-9-]++[ \t]*+\n++[ \t]")
_FOLD = re.compile(r"\n+[ \t]")
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*("[^"]*"?|[^;]*)')
_ESCAPE = re.compile(r"\\([\\;,:nN\"])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(slots=True)
class Component:
    """One BEGIN … END: its kind, the line it starts on, its wanted content lines by name, and what stands inside it.

    `lines` holds whole unfolded content lines (`DTSTART;TZID=Europe/Amsterdam:20260302T100000`), still to be split.
    `closed` is false where its END is missing; `cut_off` is true where the file ends inside it; `skipped` counts lines
    beyond what one event may have.
    """

    kind: str
    line: int
    lines: dict[str, list[str]] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)
    closed: bool = True
    cut_off: bool = False
    skipped: int = 0

    def first(self, name: str) -> str | None:
        """The first content line of that name, or None."""
        found = self.lines.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The value of the first content line of that name, as text; "" where it is absent."""
        found = self.lines.get(name)
        if not found:
            return ""
        head, _, value = found[0].partition(":")
        return text_of(value.strip() if '"' not in head else split(found[0])[1])


@dataclass(slots=True)
class Calendar:
    """One VCALENDAR: its own lines, its time zones, its events. Events outside any VCALENDAR have one of their own."""

    head: Component
    zones: list[Component] = field(default_factory=list)
    events: list[Component] = field(default_factory=list)
    others: int = 0
    too_many: int = 0


def as_utf8(data: bytes) -> bytes:
    """The same content lines in UTF-8 or another superset of ASCII, one line end, no byte order mark."""
    for mark, encoding in ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
                           (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            data = data.decode(encoding, "replace").encode("utf-8", "replace")
            break
    else:
        if data[:4] == b"B\x00E\x00":
            data = data.decode("utf-16-le", "replace").encode("utf-8", "replace")
        elif data[:4] == b"\x00B\x00E":
            data = data.decode("utf-16-be", "replace").encode("utf-8", "replace")
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\r" in data:
        data = data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _unfolded(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Line number and bytes of each logical line that can matter; the others are skipped unjoined."""
    started = 0
    parts: list[bytes] = []
    for number, raw in enumerate(BytesIO(data), 1):
        lead = raw[0]
        if lead in _FOLDED:
            if parts:
                parts.append(raw[1:])
        elif lead != _END_OF_LINE:
            if parts:
                yield started, _joined(parts)
                parts = []
            if raw[:2] in _LEADS or len(raw) <= 2:  # noqa: PLR2004  a name that is folded after its first letter
                parts.append(raw)
                started = number
    if parts:
        yield started, _joined(parts)


def _joined(parts: list[bytes]) -> bytes:
    if len(parts) == 1:
        return parts[0].rstrip(b"\n")
    return b"".join([part.rstrip(b"\n") for part in parts])


def _decoded(raw: bytes) -> str:
    if len(raw) > MAX_LINE:
        raw = raw[:MAX_LINE]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


class _Nest:
    """The open components while lines pass by; repairs what is closed twice, never, or in the wrong order."""

    def __init__(self) -> None:
        self.calendars: list[Calendar] = []
        self.open: list[Component] = []
        self.calendar: Calendar | None = None
        self.events = 0

    def begin(self, kind: str, line: int) -> None:
        if kind == "VCALENDAR":
            self._close_down_to(0)
            self.calendar = Calendar(Component(kind, line))
            self.calendars.append(self.calendar)
            self.open.append(self.calendar.head)
            return
        if kind == "VEVENT":
            for depth, component in enumerate(self.open):
                if component.kind != "VCALENDAR":
                    self._close_down_to(depth)
                    break
        component = Component(kind, line)
        if kind in ("STANDARD", "DAYLIGHT") and self.open and self.open[-1].kind == "VTIMEZONE":
            self.open[-1].parts.append(component)
        elif kind in ("VEVENT", "VTIMEZONE") and (not self.open or self.open[-1].kind == "VCALENDAR"):
            self._keep(component)
        elif self.open and self.open[-1].kind == "VCALENDAR" and self.calendar is not None:
            self.calendar.others += 1
        self.open.append(component)

    def _keep(self, component: Component) -> None:
        if self.calendar is None:
            self.calendar = Calendar(Component("VCALENDAR", component.line))
            self.calendars.append(self.calendar)
        if component.kind == "VTIMEZONE":
            self.calendar.zones.append(component)
        elif self.events < MAX_EVENTS:
            self.calendar.events.append(component)
            self.events += 1
        else:
            self.calendar.too_many += 1

    def end(self, kind: str) -> None:
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth].kind == kind:
                self._close_down_to(depth + 1)
                self.open.pop()
                break
        if kind == "VCALENDAR":
            self.calendar = None

    def _close_down_to(self, depth: int) -> None:
        while len(self.open) > depth:
            self.open.pop().closed = False

    def finished(self) -> list[Calendar]:
        """All calendars, when the file has ended: what is open then was cut off."""
        for component in self.open:
            component.closed, component.cut_off = False, True
        return self.calendars


def calendars_in(data: bytes) -> list[Calendar]:
    """Every calendar of a file, in order. `data` is as it stands in the file, of any size and any quality."""
    data = as_utf8(data)
    try:
        text = "\n" + data.decode("utf-8")
    except UnicodeDecodeError:  # another encoding, or a letter that is cut in two by a fold
        return _line_by_line(data)
    if _FOLDED_NAME.search(text) is not None:
        return _line_by_line(data)
    nest = _Nest()
    wanted: frozenset[str] = frozenset()
    lines: dict[str, list[str]] = {}
    here: Component | None = None
    number, place, count, most = 1, 0, text.count, _PER_EVENT.get
    for found in _LINE.finditer(text):
        line, name = found.groups()
        if name not in _KNOWN:
            name = name.upper()
        if name in wanted:
            several = lines.get(name)
            if several is None:
                several = lines[name] = []
            if len(several) < most(name, 2):
                if "\n" in line:
                    line = line.replace("\n ", "")
                    line = line if "\n" not in line else _FOLD.sub("", line)
                several.append(line if len(line) <= _SURELY_SHORT else _decoded(line.encode()))
            elif name in _PER_EVENT and here is not None:
                here.skipped += 1
            continue
        if name == "BEGIN":
            number += count("\n", place + 1, found.start() + 1)
            place = found.start()
            nest.begin(_kind_of(line), number)
        elif name == "END":
            nest.end(_kind_of(line))
        else:
            continue
        here = nest.open[-1] if nest.open else None
        wanted, lines = (_WANTED.get(here.kind, _NOTHING), here.lines) if here is not None else (_NOTHING, {})
    return nest.finished()


@lru_cache(maxsize=1_024)
def _kind_of(line: str) -> str:
    """The kind in a BEGIN or END: the same few all through a file."""
    raw = _FOLD.sub("", line).encode()
    matched = _NAME.match(raw)
    return _kind(raw, matched.end()) if matched is not None else ""


def _line_by_line(data: bytes) -> list[Calendar]:
    """The same for what cannot be read as one text: each line is joined first, and decoded by itself."""
    nest = _Nest()
    names: dict[bytes, str] = {}
    for number, raw in _unfolded(data):
        matched = _NAME.match(raw)
        if matched is None:
            continue
        name = names.get(matched[1])
        if name is None:
            name = names[matched[1]] = matched[1].decode("ascii").upper()
        if name == "BEGIN":
            nest.begin(_kind(raw, matched.end()), number)
        elif name == "END":
            nest.end(_kind(raw, matched.end()))
        elif nest.open and name in _WANTED.get(nest.open[-1].kind, ()):
            component = nest.open[-1]
            found = component.lines.setdefault(name, [])
            if len(found) < _PER_EVENT.get(name, 2):
                found.append(_decoded(raw))
            elif name in _PER_EVENT:
                component.skipped += 1
    return nest.finished()


def _kind(raw: bytes, start: int) -> str:
    return raw[start:start + 64].strip().decode("latin-1").upper()


def split(line: str) -> tuple[dict[str, str], str]:
    """Parameters (upper-case names, quotes taken off) and value of a content line; a colon in quotes does not count."""
    if '"' not in line:
        head, _, value = line.partition(":")
    else:
        place = _colon(line)
        head, value = line[:place], line[place + 1:]
    return parameters_of(head), value.strip()


def _colon(line: str) -> int:
    """Place of the colon before the value: the first outside quotes, or the first of all where quotes never end."""
    quoted = False
    for place, letter in enumerate(line):
        if letter == '"':
            quoted = not quoted
        elif letter == ":" and not quoted:
            return place
    return line.find(":") if ":" in line else len(line)


def parameters_of(head: str) -> dict[str, str]:
    """The parameters before the colon: `ATTENDEE;PARTSTAT=ACCEPTED;CN="Jan"` → PARTSTAT, CN; the first of a name."""
    if ";" not in head:
        return {}
    found: dict[str, str] = {}
    for name, value in _PARAMETER.findall(head):
        found.setdefault(name.upper(), value.strip().strip('"'))
    return found


def text_of(value: str) -> str:
    r"""A TEXT value without its escapes (`\,` `\;` `\\` `\n`), control characters made spaces."""
    if "\\" in value:
        value = _ESCAPE.sub(lambda found: " " if found[1] in "nN" else found[1], value)
    return value.strip() if value.isprintable() else _CONTROL.sub(" ", value).strip()
