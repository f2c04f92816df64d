"""From bytes to cards: unfolded lines of the few properties that tell an organisation; pictures are never joined.

Written for what address books export: three versions of the standard, lines folded with a space or with the soft breaks
of quoted-printable, cards inside cards, cards that never end.
"""

from __future__ import annotations

import quopri
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 500_000
"""Cards of one file that are read."""

MAX_LINE = 65_536
"""Letters of one line that are looked at."""

PER_CARD = 200
"""Lines of one property in one card that are kept."""

WANTED = frozenset({"ORG", "EMAIL", "FN", "N", "KIND", "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND", "TEL"})

_LINE = re.compile(r"[ \t]*(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)[ \t]*([;:])")
_PARAMETER = re.compile(r';[ \t]*(?:([A-Za-z0-9-]+)[ \t]*=[ \t]*)?("[^"]*"?|[^;:"]*)')
_ESCAPE = re.compile(r"\\([\\;,:nN\"])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Line:
    """One property: its parameters (names in capitals; bare ones of vCard 2.1 under TYPE) and its value, undone of its
    transport encoding but not of its escapes. `sure` is false where its letters had to be guessed.
    """

    parameters: dict[str, list[str]]
    value: str
    sure: bool = True

    def texts(self) -> list[str]:
        r"""The parts of a structured value between `;`, without escapes and control characters."""
        return [plain(part) for part in _split(self.value)]


@dataclass(slots=True)
class Card:
    """One card: the number of its first line, its wanted lines, and whether its END is there."""

    number: int
    lines: dict[str, list[Line]] = field(default_factory=dict)
    closed: bool = False

    def all(self, name: str) -> list[Line]:
        return self.lines.get(name, [])

    def text(self, name: str) -> str:
        """The first value of a property as plain text, "" where the card has none."""
        found = self.lines.get(name)
        return plain(found[0].value) if found else ""


def plain(text: str) -> str:
    r"""Without the escapes `\,` `\;` `\n`, with control characters and runs of spaces made one space."""
    if "\\" in text:
        text = _ESCAPE.sub(lambda found: " " if found[1] in "nN" else found[1], text)
    return " ".join(_CONTROL.sub(" ", text).split())


def _split(value: str) -> list[str]:
    """A value between its semicolons; an escaped one does not count."""
    parts = [""]
    for piece in re.split(r"(\\.|;)", value):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def cards_in(data: bytes, text: str | None) -> Iterator[Card]:
    """Every card of a file, in the order in which they begin; one inside another stands by itself.

    `text` is the whole file decoded, where it is in UTF-16 or UTF-32; None = bytes whose letters each line may name.
    """
    open_cards: list[Card] = []
    began = 0
    for number, raw in _unfolded(text.encode("utf-8") if text is not None else data):
        name, card = _name(raw), open_cards[-1] if open_cards else None
        if name == "BEGIN":
            if began < MOST and raw.rpartition(b":")[2].strip().upper() == b"VCARD":
                began += 1
                open_cards.append(Card(number))
                if len(open_cards) > PER_CARD:  # nobody nests so deep: the outermost was never closed
                    yield open_cards.pop(0)
        elif card is None:
            continue
        elif name == "END":
            card.closed = True
            yield open_cards.pop()
        else:
            lines = card.lines.setdefault(name, [])
            if len(lines) < PER_CARD:
                lines.append(_line(raw))
    yield from open_cards


_FOLDED = (b" ", b"\t")


def _unfolded(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each logical line of a wanted property, of BEGIN and of END."""
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    parts: list[bytes] = []
    started, soft, seen = 0, False, False
    for number, raw in enumerate(data.split(b"\n"), 1):
        if soft or (seen and raw[:1] in _FOLDED):
            if not parts:
                continue  # goes on with a property that nobody wants
            if raw[:1] in _FOLDED:
                raw = raw[1:]  # noqa: PLW2901  the fold, also where a soft break stands before it
            soft = soft and raw.endswith(b"=")
            parts.append(raw[:-1] if soft else raw)
            continue
        if parts:
            yield started, b"".join(parts)
        parts = []
        seen = seen or bool(raw.strip())
        name = _name(raw)
        if name:
            soft = raw.endswith(b"=") and b"QUOTED-PRINTABLE" in raw[:200].upper()
            parts, started = [raw[:-1] if soft else raw], number
    if parts:
        yield started, b"".join(parts)


def _name(raw: bytes) -> str:
    """The name of the property of a line, in capitals, where it is a wanted one; else ""."""
    head = raw[:80].decode("latin-1")
    match = _LINE.match(head)
    name = match[1].upper() if match is not None else ""
    return name if name in WANTED or name in {"BEGIN", "END"} else ""


def _line(raw: bytes) -> Line:
    raw = raw[:MAX_LINE]
    head = raw.decode("latin-1")
    parameters: dict[str, list[str]] = {}
    match = _LINE.match(head)
    place = match.end() - 1 if match is not None else 0
    while head[place:place + 1] == ";":
        found = _PARAMETER.match(head, place)
        if found is None or found.end() == place:  # pragma: no cover  the pattern takes at least the semicolon
            break
        key = (found[1] or "TYPE").upper()
        value = found[2].strip().strip('"').upper()
        if found[1] is None and value in {"QUOTED-PRINTABLE", "BASE64"}:
            key = "ENCODING"
        parameters.setdefault(key, []).extend(part for part in value.split(",") if part)
        place = found.end()
    colon = head.find(":", place)
    value_bytes = raw[colon + 1:] if colon >= 0 else b""
    if "QUOTED-PRINTABLE" in parameters.get("ENCODING", ()):
        value_bytes = quopri.decodestring(value_bytes)
    text, sure = _decoded(value_bytes, parameters.get("CHARSET", [""])[0])
    return Line(parameters, text.strip(), sure)


def _decoded(data: bytes, charset: str) -> tuple[str, bool]:
    if charset.isascii() and charset.lower() in _CHARSETS:
        return data.decode(charset, "replace"), True
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), False


_CHARSETS = frozenset(
    ["utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "shift_jis", "iso-2022-jp", "euc-jp", "gb2312", "gbk", "gb18030", "big5", "euc-kr",
     "koi8-r", "koi8-u", *(f"iso-8859-{n}" for n in (*range(1, 12), 13, 14, 15, 16)), *(f"windows-{n}" for n in range(1250, 1259))])
"""Names that senders use for charsets of text; another is read as UTF-8, else as Windows-1252."""
