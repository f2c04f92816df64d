"""The header block of a mail: only the fields an event needs, each capped, none of them able to raise."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from evenwicht.importers.letters.charsets import CONTROLS, decoded, guessed

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_BYTES = 32_768
"""Longest header value that is decoded; what is longer is cut there."""
MOST_HEADERS = 2_000
MOST_ADDRESSES = 2_000
_MOST_STRAYS = 5

_KEPT = frozenset({
    b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc", b"date", b"received", b"message-id", b"in-reply-to",
    b"references", b"subject", b"return-path", b"auto-submitted", b"precedence", b"list-id", b"list-unsubscribe",
    b"x-auto-response-suppress", b"x-autoreply", b"x-autorespond", b"x-failed-recipients", b"x-loop", b"content-type",
    b"content-transfer-encoding", b"content-disposition", b"x-gmail-labels", b"x-keywords", b"keywords", b"x-label",
    b"x-mozilla-keys", b"delivered-to", b"x-original-to", b"envelope-to", b"mime-version",
})
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*")
_LONGEST_NAME = 220
_MOST_PLAIN = 16_384
"""Bytes of an ordinary header block; a longer one is read field by field."""
_FOLD = re.compile(r"[ \t]*\r?\n[ \t]+")
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"(?![ \t]*@)', re.DOTALL)
_AT_WORD = re.compile(r"^([^\s@<>]+) at ([^\s@<>]+\.[^\s@<>]+)$", re.IGNORECASE)
_BARE = re.compile(r"[^\s<>]+@[^\s<>]+")
_ID = re.compile(r"<([^<>]{1,998})>")
_ONE_ID = re.compile(rb"\s*<([!-;=?-~]{1,998})>\s*\Z")
_SHORT = 1_000
"""Bytes up to which a value is kept in memory with what was read in it: a mailbox says the same few things over and over."""


@dataclass(slots=True)
class Headers:
    """The kept fields of one header block by lower-case name, in order, as raw bytes.

    body        where the body begins in the bytes that were read
    from_line   the mbox From_ line before the headers, if any
    fields      how many header lines there were, kept or not
    """

    values: dict[bytes, list[bytes]] = field(default_factory=dict)
    body: int = 0
    from_line: bytes = b""
    fields: int = 0

    def raw(self, name: bytes) -> bytes | None:
        """The first value of a field, not decoded."""
        found = self.values.get(name)
        return found[0] if found else None

    def text(self, name: bytes) -> str:
        """The first value of a field, decoded and on one line; `""` when it is not there."""
        found = self.values.get(name)
        return text_of(found[0]) if found else ""

    def all(self, name: bytes) -> list[bytes]:
        return self.values.get(name, [])


def read_headers(data: bytes, *, inside: bool = False) -> Headers:
    """Read the header block at the beginning. It ends at an empty line or at the first line that is no header.

    `inside`: of a part inside a mail, where an empty first line means that there are no headers.
    """
    head = Headers()
    position = 0 if inside else _after_strays(data, head)
    if _read_plain(data, position, head):
        return head
    values = head.values
    match, kept, strays, fields = _FIELD.match, _KEPT, 0, 0
    while fields < MOST_HEADERS:
        found = match(data, position)
        if found is None:
            strays += 1
            after = _past_stray(data, position) if strays <= _MOST_STRAYS and not inside else 0
            if not after:
                break
            position = after
            continue
        fields += 1
        position = found.end()
        name = found[1].lower()
        if name in kept:
            if name in values:
                values[name].append(found[2])
            else:
                values[name] = [found[2]]
    head.fields = fields
    head.body = _body_start(data, position, capped=fields >= MOST_HEADERS)
    return head


def _past_stray(data: bytes, position: int) -> int:
    """Where the headers go on after a line that is none, 0 when they do not: a body may begin without an empty line."""
    end = data.find(b"\n", position)
    if end < 0 or not data[position:end].strip():
        return 0
    while data[end + 1:end + 2] in {b" ", b"\t"}:
        end = data.find(b"\n", end + 1)
        if end < 0:
            return 0
    found = _FIELD.match(data, end + 1)
    if found is None:
        return 0
    name = found[1].lower()
    return end + 1 if name in _KEPT or name.startswith(b"x-") else 0


def _after_strays(data: bytes, head: Headers) -> int:
    """Skip what may stand before the first header: empty lines, a BOM, an mbox From_ line, a continuation of nothing."""
    position, end = 0, len(data)
    if data.startswith(b"From "):
        begin = data.find(b"\n") + 1
        if begin and _begins_plainly(data, begin):
            head.from_line = data[:min(begin - 1, 998)]
            return begin
    elif _begins_plainly(data, 0):
        return 0
    if data.startswith(b"\xef\xbb\xbf"):
        position = 3
    while position < end and data[position] in b"\r\n":
        position += 1
    for _ in range(10):
        first = data[position:position + 6]
        if first.startswith((b"From ", b">From ")) or first.rstrip(b"\r\n") == b"From":
            end = data.find(b"\n", position)
            end = len(data) if end < 0 else end
            head.from_line = head.from_line or data[position:min(end, position + 998)]
        elif first[:1] in {b" ", b"\t", b"\r", b"\n"} and _FIELD.match(data, position) is None:
            end = data.find(b"\n", position)
            if end < 0:
                return position
        else:
            return position
        position = end + 1
    return position


def _begins_plainly(data: bytes, at: int) -> bool:
    """Whether a letter stands here, and no From_ line."""
    first = data[at:at + 6]
    return first[:1].isalpha() and not first.startswith(b"From ") and first.rstrip(b"\r\n") != b"From"


@lru_cache(maxsize=4_096)
def _known(name: bytes) -> bytes | None:
    """The lower-case name of a field that is kept, empty for another field, None for what is no field name."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    lowered = found[1].lower()
    return lowered if lowered in _KEPT else b""


def _read_plain(data: bytes, position: int, head: Headers) -> bool:
    """Read an ordinary header block that ends at an empty line. False, and nothing read, when it is not that ordinary."""
    end = data.find(b"\n\n", position, position + _MOST_PLAIN)
    limit = end + 2 if end >= 0 else position + _MOST_PLAIN
    other = data.find(b"\n\r\n", position, limit)
    if other >= 0:
        end = other
    if end < 0:
        return False
    values: dict[bytes, list[bytes]] = {}
    fields, last = 0, None
    for line in data[position:end].split(b"\n"):
        if line[:1] in {b" ", b"\t"} and last is not None:
            if last:
                values[last][-1] += b"\n" + line
            continue
        name, colon, value = line.partition(b":")
        last = _known(name) if colon and len(name) <= _LONGEST_NAME else None
        if last is None:
            return False
        fields += 1
        if last in values:
            values[last].append(value)
        elif last:
            values[last] = [value]
    head.values, head.fields = values, fields
    head.body = end + (3 if end == other else 2)
    return True


def _body_start(data: bytes, position: int, *, capped: bool) -> int:
    if capped:
        found = re.compile(rb"\n\r?\n").search(data, max(0, position - 1))
        return found.end() if found else len(data)
    if data.startswith(b"\r\n", position):
        return position + 2
    if data.startswith(b"\n", position):
        return position + 1
    return min(position, len(data))


def text_of(raw: bytes, most: int = MOST_BYTES) -> str:
    """One header value as text: cut, repaired (raw 8-bit bytes), unfolded, encoded words decoded, no control characters."""
    text = guessed(raw[:most].strip())
    if "\n" in text:
        text = _FOLD.sub(" ", text)
    if "=?" in text:
        text = _words_decoded(text)
    if text.isprintable():
        return text.strip()
    return CONTROLS.sub(" ", text).strip()


def _words_decoded(text: str) -> str:
    """Decode the encoded words of RFC 2047. Neighbours in one charset are joined first: some cut inside a letter."""
    text = _BETWEEN.sub(r"\1", text)
    out: list[str] = []
    waiting, charset, position = b"", "", 0
    for found in _ENCODED.finditer(text):
        if found.start() > position or found[1].lower() != charset:
            out.append(_in_charset(waiting, charset))
            waiting, charset = b"", found[1].lower()
            out.append(text[position:found.start()])
        waiting += _unpacked(found[3], found[2])
        position = found.end()
    out.extend((_in_charset(waiting, charset), text[position:]))
    return "".join(out)


def _in_charset(data: bytes, charset: str) -> str:
    return decoded(data, charset.partition("*")[0]) if data else ""


def _unpacked(text: str, how: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if how in "qQ":
        return binascii.a2b_qp(data, header=True)
    return base64_bytes(data)


_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


def base64_bytes(data: bytes) -> bytes:
    """Base64 as it is found: line ends, blanks, wrong padding and a cut end are forgiven."""
    padding = data.find(b"=")
    clean = (data if padding < 0 else data[:padding]).translate(None, _NOT_BASE64)
    clean = clean[:len(clean) - (len(clean) % 4 == 1)]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def addresses(values: list[bytes]) -> tuple[str, ...]:
    """The mail addresses of some header fields, lower case, each once, at most `MOST_ADDRESSES`. Names are not read."""
    if not values:
        return ()
    return _addresses(tuple(values)) if sum(map(len, values)) <= _SHORT else _found_in(values)


def name_beside(raw: bytes) -> str:
    """The name beside the one address of a field: `Jan de Vries <jan@acme.com>`, `jan@acme.com (Jan de Vries)`; "" without one."""
    text = text_of(raw, _SHORT)
    before, opened, _ = text.rpartition("<")
    if opened:
        return before.strip(' "\'')
    _, opened, comment = text.partition("(")
    return comment.rpartition(")")[0].strip() if opened else ""


@lru_cache(maxsize=4_096)
def _addresses(values: tuple[bytes, ...]) -> tuple[str, ...]:
    return _found_in(values)


def _found_in(values: Iterable[bytes]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for raw in values:
        text = guessed(raw[:MOST_BYTES])
        if text.count("@") == 0 and " at " not in text and "=?" not in text:
            continue
        for piece in _pieces(text):
            address = _address_in(piece)
            if address:
                found[address] = None
                if len(found) >= MOST_ADDRESSES:
                    return tuple(found)
    return tuple(found)


def _pieces(text: str) -> list[str]:
    """The parts of an address list, without quoted names and comments."""
    if "\n" in text:
        text = _FOLD.sub(" ", text)
    if '"' in text:
        text = _QUOTED.sub(" ", text)
    if "(" in text:
        text = _without_comments(text)
    return text.replace(";", ",").split(",") if "," in text or ";" in text else [text]


def _without_comments(text: str) -> str:
    """Take away `(…)`, nested to any depth; one that never closes runs to the end."""
    out: list[str] = []
    depth, position = 0, 0
    for found in re.finditer(r"[()]", text):
        if found[0] == "(":
            if depth == 0:
                out.append(text[position:found.start()])
            depth += 1
        elif depth:
            depth -= 1
            position = found.end()
    if depth == 0:
        out.append(text[position:])
    return " ".join(out)


def _address_in(piece: str) -> str | None:
    opened = piece.rfind("<")
    if opened >= 0:
        inside = piece[opened + 1:].partition(">")[0]
        return _clean(inside) or _clean(piece[:opened].rpartition(":")[2])
    piece = piece.rstrip("> \t")
    if "=?" in piece and "@" not in piece:
        piece = _words_decoded(piece)
    return _clean(piece) or _clean(piece.rpartition(":")[2])


def _clean(address: str) -> str | None:
    address = CONTROLS.sub("", address).strip().strip("'\"").strip()
    if address[:7].lower() == "mailto:":
        address = address[7:]
    spelled = _AT_WORD.match(address)
    if spelled:
        address = f"{spelled[1]}@{spelled[2]}"
    if address.startswith("@") and ":" in address:
        address = address.rpartition(":")[2]
    if " " in address:
        bare = _BARE.findall(address)
        if not bare or (len(bare) > 1 and len(bare) != len(address.split())):
            return None
        address = bare[0]
    local, at, host = address.rpartition("@")
    if not at or not local or not host or len(address) > 320:  # noqa: PLR2004  RFC 5321: 64 + 1 + 255
        return None
    return address.rstrip(".>").lower()


def message_ids(raw: bytes | None) -> tuple[str, ...]:
    """The ids of Message-ID, In-Reply-To or References, without brackets. Of a long list only the ends are read."""
    if not raw:
        return ()
    one = _ONE_ID.match(raw)
    if one is not None and b"=?" not in raw:
        return (one[1].decode("ascii"),)
    data = raw if len(raw) <= MOST_BYTES else raw[:MOST_BYTES // 2] + b" " + raw[-MOST_BYTES // 2:]
    text = guessed(data)
    if "=?" in text:
        text = _words_decoded(text)
    found = [_id_text(each) for each in _ID.findall(text)]
    if not found:
        bare = [token for token in text.split() if "@" in token and len(token) <= 998]  # noqa: PLR2004  RFC 5322 line
        found = [_id_text(token.strip("<>")) for token in bare]
    return tuple(each for each in found if each)


def _id_text(text: str) -> str:
    if " " not in text and text.isprintable():
        return text
    return "".join(CONTROLS.sub("", text).split())


def parameter(raw: bytes | None, name: str) -> str:
    """A parameter of Content-Type or Content-Disposition, `""` when it is not there. RFC 2231 pieces are joined."""
    if not raw or b"=" not in raw:
        return ""
    return _parameter(raw, name) if len(raw) <= _SHORT else _parameter_in(raw, name)


@lru_cache(maxsize=1_024)
def _parameter(raw: bytes, name: str) -> str:
    return _parameter_in(raw, name)


def _parameter_in(raw: bytes, name: str) -> str:
    text = guessed(raw[:MOST_BYTES])
    found = re.search(rf';[\s]*{name}\*?\s*=\s*(?:"((?:[^"\\]|\\.)*+)"|([^\s;"]+))', text, re.IGNORECASE)
    if found:
        value = found[1] if found[1] is not None else found[2]
        return CONTROLS.sub("", value.replace('\\"', '"'))
    pieces = re.findall(rf';[\s]*{name}\*(\d{{1,3}})(\*?)\s*=\s*"?([^";\s]*)', text, re.IGNORECASE)
    joined = ""
    for number, percent, piece in sorted(pieces, key=lambda each: int(each[0])):
        said = piece.split("'", 2)[-1] if percent and int(number) == 0 else piece
        joined += unquote(said) if percent else said
    return CONTROLS.sub("", joined)
