"""The mail that an Outlook item was: the same bytes, in all that counts, as if it had been saved as .eml.

Outlook keeps the headers of a mail that came in, and takes its body apart. Mail that was sent, and mail inside one Exchange, has no
headers: they are written from the properties.
"""

from __future__ import annotations

import base64
import re
from email.utils import format_datetime

from evenwicht.importers.letters.charsets import CONTROLS, decoded
from evenwicht.importers.letters.headers import parameter
from evenwicht.importers.outlook import items
from evenwicht.importers.outlook.items import Item, codec_of_page, data, moment, number, text
from evenwicht.importers.outlook.meetings import invitation_of, is_meeting
from evenwicht.importers.outlook.people import address_of, all_in, author_of, bare, sender_of
from evenwicht.importers.outlook.rich_text import body_in, unpacked

UNSENT = 0x08
"""MSGFLAG_UNSENT: the item lies as a draft ([MS-OXCMSG] 2.2.1.6)."""

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n|\Z)")
_BODY_FIELDS = re.compile(rb"(?:content-[a-z-]+|mime-version)\Z", re.IGNORECASE)
_PEOPLE = (b"from", b"to", b"cc")
"""Inside one Exchange these headers may hold names only; then the properties, which know the addresses, say it better."""
_BOUNDARY = "=_evenwicht_{}_="
_AUTOMATIC = ("ipm.note.rules.", "ipm.outlook.recall", "ipm.recall", "ipm.note.storagequotawarning")
_TO, _CC, _BCC = 1, 2, 3


def is_letter(item: Item) -> bool:
    """Whether an item is a mail, a report on one, or an invitation: what comes and goes by mail."""
    return item.kind.startswith(("ipm.note", "report.", "ipm.schedule.meeting", "ipm.outlook.recall", "ipm.recall", "ipm.replytemplate",
                                 "ipm.post", "ipm.document")) or item.kind in {"", "ipm"}


def is_draft(item: Item) -> bool:
    """Whether it was never sent. A mail that came in has headers, whatever the program that saved it says."""
    return bool(number(item.values, items.MESSAGE_FLAGS) & UNSENT) and not text(item.values, items.TRANSPORT_HEADERS).strip()


def letter_of(item: Item) -> bytes:
    """The mail as RFC 822 bytes: its own headers where it has them, completed from the properties, and its body."""
    own = _own_headers(text(item.values, items.TRANSPORT_HEADERS))
    kind = next((raw for name, raw in own if name.lower() == b"content-type"), b"").partition(b":")[2].strip()
    made = {name.lower().encode(): f"{name}: {_one_line(value)}\r\n".encode("utf-8", "replace") for name, value in _headers(item) if value}
    kept = [(name.lower(), raw) for name, raw in own if not _BODY_FIELDS.match(name)]
    better = {name for name in _PEOPLE if b"@" in made.get(name, b"") and not any(b"@" in raw for had, raw in kept if had == name)}
    had = {name for name, _raw in kept} - better
    lines = [raw for name, raw in kept if name not in better] + [raw for name, raw in made.items() if name not in had]
    return b"".join(lines) + b"MIME-Version: 1.0\r\n" + _body(item, kind)


def _own_headers(said: str) -> list[tuple[bytes, bytes]]:
    """The fields of the headers that came with the mail, each with its whole lines."""
    block = said.replace("\r\n", "\n").replace("\r", "\n").strip("\n\0 ").partition("\n\n")[0]
    raw = block.encode("utf-8", "replace") + b"\n"
    return [(found[1], found[0].rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n") for found in _FIELD.finditer(raw)]


def _headers(item: Item) -> list[tuple[str, str]]:
    """The headers of a mail as its properties say them; a value may be empty."""
    values = item.values
    sent, arrived = moment(values, items.SUBMIT_TIME), moment(values, items.DELIVERY_TIME)
    found = [
        ("From", author_of(item) or bare(text(values, items.REPRESENTING_NAME) or text(values, items.SENDER_NAME))),
        ("Sender", sender_of(item)),
        ("To", _people(item, _TO)), ("Cc", _people(item, _CC)), ("Bcc", _people(item, _BCC)),
        ("Reply-To", ", ".join(all_in(text(values, items.REPLY_NAMES)))),
        ("Subject", _subject(text(values, items.SUBJECT))),
        ("Date", format_datetime(sent) if sent else ""),
        ("Received", f"by mailbox; {format_datetime(arrived)}" if arrived and not sent else ""),
        ("Message-ID", _in_brackets(text(values, items.MESSAGE_ID))),
        ("In-Reply-To", _in_brackets(text(values, items.IN_REPLY_TO))),
        ("References", text(values, items.REFERENCES)),
    ]
    if item.kind.startswith(_AUTOMATIC):
        found.append(("Auto-Submitted", "auto-replied"))
    return found


def _people(item: Item, wanted: int) -> str:
    found = [
        address_of(each) or bare(text(each, items.DISPLAY_NAME)) for each in item.recipients
        if number(each, items.RECIPIENT_TYPE) & 0xF == wanted or (wanted == _TO and items.RECIPIENT_TYPE not in each)]
    return ", ".join(each for each in found if each)


def _in_brackets(identity: str) -> str:
    identity = identity.strip()
    return identity if not identity or identity.startswith("<") else f"<{identity}>"


def _subject(said: str) -> str:
    r"""Without the mark that some programs put before it, `\x01` and the length of its prefix."""
    return said[2:] if said.startswith("\x01") else said


def _one_line(value: str) -> str:
    return CONTROLS.sub(" ", value)[:30_000]


def _body(item: Item, kind: bytes) -> bytes:
    """Content-Type and body, after the kind of the mail and the headers it came with."""
    sealed = next((each for each in item.attachments if each.is_sealed), None)
    if item.kind.startswith("ipm.note.smime") and sealed is not None:
        return _sealed(sealed.data(), kind, sealed.mime)
    parts = _words(item, html_only=kind.lower().startswith(b"text/html"))
    calendars = [each.data() for each in item.attachments if each.is_calendar][:20]
    if is_meeting(item) and not calendars:
        calendars = [invitation_of(item)]
    body = _joined("alternative", [_part(name, words.encode("utf-8", "replace")) for name, words in parts])
    whole = [body] if parts else []
    whole.extend(_part("calendar", calendar) for calendar in calendars)
    whole.extend([_FILE] * min(len(item.attachments) - len(calendars), 1) if not parts else [])
    if item.kind.startswith("report."):
        whole.append(_REPORT)
        return _joined("report", whole, always=True)
    return _joined("mixed", whole) if whole else b"\r\n"


_FILE = b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\n.\r\n"
_REPORT = b"Content-Type: message/delivery-status\r\n\r\nAction: reported\r\n"


def _sealed(raw: bytes, kind: bytes, mime: str) -> bytes:
    """A signed mail as it was sealed; of an encrypted one only that it is."""
    if raw.lstrip()[:20].lower().startswith((b"content-type", b"mime-version")):
        return raw.lstrip()
    said = kind if parameter(kind, "smime-type") else (mime or "application/pkcs7-mime").encode("ascii", "replace")
    return b"Content-Type: " + said + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + _wrapped(raw[:1_000] or b".")


def _words(item: Item, *, html_only: bool) -> list[tuple[str, str]]:
    """The body as plain text, as HTML, or both, as it would have been sent: (`plain` or `html`, text)."""
    values = item.values
    plain, html = text(values, items.BODY), _html(item)
    if (not plain.strip() or html_only) and not html.strip():
        rich, is_html = body_in(unpacked(data(values, items.RTF)))
        if is_html:
            html = rich
        else:
            plain = plain if plain.strip() else rich
    if html.strip() and (html_only or not plain.strip()):
        return [("html", html)]
    if not plain.strip():
        return []
    return [("plain", plain), ("html", html)] if html.strip() else [("plain", plain)]


def _html(item: Item) -> str:
    value = item.values.get(items.HTML)
    if isinstance(value, str):
        return value
    raw = data(item.values, items.HTML).rstrip(b"\0")
    page = number(item.values, items.INTERNET_CODEPAGE) or number(item.values, items.MESSAGE_CODEPAGE)
    return decoded(raw, codec_of_page(page)) if raw else ""


def _part(name: str, content: bytes) -> bytes:
    return f"Content-Type: text/{name}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + _wrapped(content)


def _wrapped(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _joined(sub: str, parts: list[bytes], *, always: bool = False) -> bytes:
    """Parts as one body; a single part stands alone."""
    if len(parts) == 1 and not always:
        return parts[0]
    mark = _BOUNDARY.format(sub)
    inside = b"".join(f"--{mark}\r\n".encode() + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{sub}; boundary="{mark}"\r\n\r\n'.encode() + inside + f"--{mark}--\r\n".encode()
