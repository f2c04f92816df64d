"""The MIME parts of a mail: which text is to be counted, which invitations it holds, what could not be read."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from functools import lru_cache

from evenwicht.importers.letters.charsets import decoded
from evenwicht.importers.letters.headers import Headers, base64_bytes, parameter, read_headers
from evenwicht.importers.letters.html_text import text_of_html

MOST_DEPTH = 100
MOST_PARTS = 1_000
MOST_TEXT = 1_000_000
"""Bytes of one text part, and letters of the text in all, that are read: about 150,000 words."""
MOST_LINES = 20_000

_TYPE = re.compile(rb"\s*([\w!#$&^.+-]+)\s*/\s*([\w!#$&^.+-]+)")
_LINE_ENDS = re.compile(r"\r\n?")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ENCRYPTED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PLAIN = frozenset({"plain", "markdown", "x-markdown", "x-plain", "unknown"})
_MARKED_UP = frozenset({"html", "xhtml", "enriched", "richtext"})
_READ = _PLAIN | _MARKED_UP


@dataclass(slots=True)
class Body:
    r"""What a mail's body holds.

    text        the text to be counted, line ends `\n`; HTML already turned into lines
    calendars   text/calendar parts and .ics attachments, decoded to bytes, at most 20
    files       how many parts were attachments
    empty       no body at all: not one byte, no attachment
    hidden      `encrypted`, `winmail`, or "": why the words cannot be seen
    limit       `depth`, `parts`, `text`, or "": which limit stopped the reading
    report      a bounce, a receipt: multipart/report and its kin
    """

    text: str = ""
    calendars: list[bytes] = field(default_factory=list)
    files: int = 0
    empty: bool = False
    hidden: str = ""
    limit: str = ""
    report: bool = False
    parts: int = 0


@dataclass(slots=True)
class _Piece:
    """One text part; HTML is turned into lines only when it is the one that is counted."""

    raw: str
    html: bool

    def text(self) -> str:
        return text_of_html(self.raw) if self.html else self.raw


@lru_cache(maxsize=512)
def _type(raw: bytes) -> str:
    found = _TYPE.match(raw)
    return f"{found[1].decode('latin-1')}/{found[2].decode('latin-1')}".lower() if found is not None else ""


def type_of(raw: bytes | None, default: str = "text/plain") -> str:
    """`type/subtype` in lower case; what is missing or malformed is text/plain (RFC 2045, 5.2)."""
    if not raw:
        return default
    return _type(raw[:1_000]) or default


def read_body(head: Headers, data: bytes) -> Body:
    """Read the body that follows `head` in `data`. Raises nothing; limits are told in the result."""
    body = Body()
    content = data[head.body:]
    if not content or content.isspace():
        body.empty = True
        return body
    pieces = _read_part(head, content, body, 0, "text/plain")
    body.text = "\n".join(text for text in (piece.text() for piece in pieces) if text)
    body.text = _within_limits(body.text, body)
    if body.hidden == "encrypted" or "-----BEGIN PGP MESSAGE-----" in body.text[:2_000]:
        body.hidden, body.text = "encrypted", ""
    return body


def _within_limits(text: str, body: Body) -> str:
    if len(text) > MOST_TEXT:
        text, body.limit = text[:MOST_TEXT], body.limit or "text"
    if text.count("\n") > MOST_LINES:
        text, body.limit = "\n".join(text.split("\n", MOST_LINES)[:MOST_LINES]), body.limit or "text"
    return text


def _read_part(head: Headers, content: bytes, body: Body, depth: int, default: str) -> list[_Piece]:
    body.parts += 1
    raw_type = head.raw(b"content-type")
    kind = type_of(raw_type, default)
    main, _, sub = kind.partition("/")
    if main == "multipart":
        return _read_multipart(head, content, body, depth, sub)
    if main == "message":
        body.report = body.report or (depth <= 1 and sub in {"delivery-status", "disposition-notification"})
        body.files += 1
        return []
    if kind in _ENCRYPTED and parameter(raw_type, "smime-type").lower() not in {"signed-data", "certs-only"}:
        body.hidden = "encrypted"
    named = b"content-disposition" in head.values or (raw_type is not None and b"name" in raw_type.lower())
    if kind == "application/ms-tnef" or (named and _named(head, "winmail.dat")):
        body.hidden = body.hidden or "winmail"
        body.files += 1
        return []
    if kind in {"text/calendar", "application/ics"} or (named and main in {"text", "application"} and _named(head, ".ics")):
        if len(body.calendars) < 20:  # noqa: PLR2004  a mail that invites holds one or two
            body.calendars.append(_payload(head, content))
        return []
    if main != "text" or _is_file(head, depth) or sub not in _READ:
        body.files += 1
        return []
    return [_text_piece(head, content, body, sub)]


def _text_piece(head: Headers, content: bytes, body: Body, sub: str) -> _Piece:
    if len(content) > MOST_TEXT:
        body.limit = body.limit or "text"
        content = content[:MOST_TEXT]
    text = decoded(_payload(head, content), parameter(head.raw(b"content-type"), "charset"))
    return _Piece(text if sub in _MARKED_UP else clean_text(text), html=sub in _MARKED_UP)


def clean_text(text: str) -> str:
    r"""Line ends as `\n`, control characters as blanks."""
    if "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    text = _UNREADABLE.sub(" ", text)
    return text if text.isascii() else text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\ufeff", "")


def _read_multipart(head: Headers, content: bytes, body: Body, depth: int, sub: str) -> list[_Piece]:
    if sub == "report":
        body.report = body.report or depth == 0
    if sub == "encrypted":
        body.hidden = "encrypted"
    if depth >= MOST_DEPTH:
        body.limit = body.limit or "depth"
        return []
    boundary = parameter(head.raw(b"content-type"), "boundary").rstrip()
    sections = split_parts(content, boundary.encode("utf-8", "replace")) if boundary else []
    if not sections:
        return [_Piece(clean_text(decoded(content[:MOST_TEXT])), html=False)]
    default = "message/rfc822" if sub == "digest" else "text/plain"
    found: list[list[_Piece]] = []
    for begin, end in sections:
        if body.parts > MOST_PARTS:
            body.limit = body.limit or "parts"
            break
        section = content[begin:end]
        inner = read_headers(section, inside=True)
        found.append(_read_part(inner, section[inner.body:], body, depth + 1, default))
    if sub == "alternative":
        return _chosen(found)
    return [piece for pieces in found for piece in pieces]


def _chosen(found: list[list[_Piece]]) -> list[_Piece]:
    """Of alternatives: the first plain text that says something, else the first of any kind that does."""
    for pieces in found:
        if any(not piece.html and piece.raw.strip() for piece in pieces):
            return pieces
    return next((pieces for pieces in found if any(piece.raw.strip() for piece in pieces)), [])


def split_parts(content: bytes, boundary: bytes) -> list[tuple[int, int]]:
    """Where the parts between `--boundary` lines begin and end. The last part may be without its closing line."""
    mark = b"--" + boundary
    sections: list[tuple[int, int]] = []
    begin = -1
    at = content.find(mark)
    while at >= 0:
        after = at + len(mark)
        line_end = content.find(b"\n", after)
        line_end = len(content) if line_end < 0 else line_end
        rest = content[after:min(line_end, after + 100)].rstrip()
        if (at == 0 or content[at - 1] in b"\r\n") and rest in {b"", b"--"}:
            if begin >= 0:
                end = at - 1 - (content[at - 2:at] == b"\r\n")
                sections.append((begin, max(begin, end)))
            if rest == b"--" or len(sections) > MOST_PARTS:
                return sections
            begin = min(line_end + 1, len(content))
        at = content.find(mark, after)
    if begin >= 0:
        sections.append((begin, len(content)))
    return sections


def _payload(head: Headers, content: bytes) -> bytes:
    how = (head.raw(b"content-transfer-encoding") or b"")[:100].strip().lower()
    if how == b"base64":
        return base64_bytes(content)
    if how == b"quoted-printable":
        return binascii.a2b_qp(content)
    return content


def _named(head: Headers, ending: str) -> bool:
    """Whether a part's file name ends so. The name is compared only: it is never used as a path."""
    for name, key in ((b"content-disposition", "filename"), (b"content-type", "name")):
        raw = head.raw(name)
        if raw and b"=" in raw and ending.encode() in raw.lower()[:2_000] and parameter(raw[:2_000], key).lower().endswith(ending):
            return True
    return False


def _is_file(head: Headers, depth: int) -> bool:
    raw = head.raw(b"content-disposition")
    if raw is None:
        return False
    how = raw[:200].strip().lower()
    return how.startswith(b"attachment") and (depth > 0 or b"filename" in raw[:2_000].lower())
