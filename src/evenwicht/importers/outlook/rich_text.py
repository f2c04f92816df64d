"""Bodies in rich text: unpacked ([MS-OXRTFCP]), and the HTML or text in them taken out again ([MS-OXRTFEX])."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evenwicht.importers.letters.charsets import codec_of, guessed

MOST_BYTES = 16_000_000
"""Of rich text, unpacked: pictures may stand in it, words of this size may not."""
MOST_DEPTH = 1_000

_PACKED, _PLAIN = b"LZFu", b"MELA"
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New Roman"
    rb"Courier{\colortbl\red0\green0\blue0" b"\r\n" rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What the dictionary holds before the first byte ([MS-OXRTFCP] 2.1.2.1)."""
_RING = 4_096

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?"          # a word, its number, and the blank that ends it
    rb"|\\'([0-9a-fA-F]{2})"                       # a byte
    rb"|\\([^a-zA-Z])"                             # a sign
    rb"|([{}])"
    rb"|([^\\{}\r\n]+)"
    rb"|[\r\n]+|\\")
_SKIPPED = frozenset(
    "fonttbl colortbl stylesheet info pict object themedata colorschememapping listtable listoverridetable rsidtbl generator datastore "
    "latentstyles xmlnstbl header footer headerl headerr footerl footerr mmathPr".split())
_SAID = {"par": "\r\n", "line": "\r\n", "row": "\r\n", "sect": "\r\n", "page": "\r\n", "tab": "\t", "cell": "\t", "lquote": "‘",
         "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "endash": "–", "emdash": "—", "emspace": " ", "enspace": " "}
_SIGNS = {b"~": "\u00a0", b"_": "\u2011", b"-": "\u00ad", b"\\": "\\", b"{": "{", b"}": "}", b"\r": "\r\n", b"\n": "\r\n"}
_CHARSETS = {0: 1252, 77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257,
             204: 1251, 222: 874, 238: 1250}
"""Windows code page by the number that a font has as its charset."""


def unpacked(data: bytes) -> bytes:
    """Rich text as it was before it was packed; what is cut off or false ends it. b"" when it is none."""
    if len(data) < 16:  # noqa: PLR2004
        return b""
    size, raw_size, kind = int.from_bytes(data[0:4], "little"), int.from_bytes(data[4:8], "little"), data[8:12]
    body = data[16:min(len(data), size + 4)]
    if kind == _PLAIN:
        return body[:min(raw_size, MOST_BYTES)]
    if kind != _PACKED:
        return data[:MOST_BYTES] if data.startswith(b"{\\rtf") else b""
    return _inflated(body, min(raw_size, MOST_BYTES))


def _inflated(body: bytes, most: int) -> bytes:
    """The variant of LZ77 of [MS-OXRTFCP] 2.2: a bit a token, a byte or a (place, length) in a ring of 4,096 bytes."""
    ring = bytearray(_BEGINNING.ljust(_RING, b"\0"))
    write, position, end = len(_BEGINNING), 0, len(body)
    out = bytearray()
    while position < end and len(out) < most:
        control = body[position]
        position += 1
        for bit in range(8):
            if position >= end:
                break
            if not control >> bit & 1:
                out.append(body[position])
                ring[write] = body[position]
                write = (write + 1) % _RING
                position += 1
                continue
            if position + 1 >= end:
                return bytes(out[:most])
            reference = body[position] << 8 | body[position + 1]
            position += 2
            place, length = reference >> 4, (reference & 0xF) + 2
            if place == write:
                return bytes(out[:most])
            for _ in range(length):
                byte = ring[place]
                out.append(byte)
                ring[write] = byte
                write, place = (write + 1) % _RING, (place + 1) % _RING
    return bytes(out[:most])


@dataclass(slots=True)
class _State:
    r"""What holds in one group: whether it is skipped, or hidden by `\htmlrtf`, how many letters stand for one in Unicode, its charset."""

    skip: bool = False
    hidden: bool = False
    fallback: int = 1
    charset: str = "cp1252"

    def inner(self) -> _State:
        return _State(self.skip, self.hidden, self.fallback, self.charset)


def body_in(rtf: bytes) -> tuple[str, bool]:
    """The text in rich text, and whether it is HTML: an HTML body that Outlook wrapped comes out as it was sent."""
    return _Reader(rtf).read()


class _Reader:
    """Walks once through the tokens of rich text."""

    def __init__(self, rtf: bytes) -> None:
        self.rtf = rtf
        self.is_html = re.search(rb"\\fromhtml(?:1|\b)", rtf[:4_096]) is not None
        self.state = _State()
        self.above: list[_State] = []
        self.deeper = 0
        self.out: list[str] = []
        self.waiting = bytearray()
        self.pending = 0
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.in_fonts = 0
        self.default = "cp1252"

    def read(self) -> tuple[str, bool]:
        """The text, and whether it is HTML."""
        starred = False
        for found in _TOKEN.finditer(self.rtf):
            word, argument, byte, sign, brace, plain = found.groups()
            if brace == b"{":
                self._open()
            elif brace == b"}":
                self._close()
            elif word is not None:
                self._word(word.decode("ascii"), int(argument) if argument else None, starred=starred)
            elif byte is not None:
                self._bytes(bytes.fromhex(byte.decode("ascii")))
            elif sign is not None:
                if sign == b"*":
                    starred = True
                    continue
                self._sign(sign)
            elif plain is not None:
                self._bytes(plain)
            starred = False
        self._flush()
        text = "".join(self.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # joins pairs
        return text, self.is_html

    def _open(self) -> None:
        self._flush()
        if len(self.above) >= MOST_DEPTH:
            self.deeper += 1
            return
        self.above.append(self.state)
        self.state = self.state.inner()

    def _close(self) -> None:
        self._flush()
        if self.deeper:
            self.deeper -= 1
        elif self.above:
            self.state = self.above.pop()
            if len(self.above) < self.in_fonts:
                self.in_fonts = 0

    def _word(self, word: str, argument: int | None, *, starred: bool) -> None:
        state = self.state
        if word == "u" and argument is not None:
            self._letter(argument)
            return
        self._flush()
        if word == "htmlrtf":
            state.hidden = argument != 0
        elif word == "htmltag" and self.is_html:
            pass
        elif word == "fonttbl":
            state.skip, self.in_fonts = True, len(self.above)
        elif starred or word in _SKIPPED:
            state.skip = True
        elif word == "uc" and argument is not None:
            state.fallback = max(0, min(argument, 10))
        elif word == "ansicpg" and argument is not None:
            self.default = state.charset = codec_of(f"cp{argument}") or ("utf-8" if argument == 65001 else "cp1252")  # noqa: PLR2004
        elif word == "f" and argument is not None:
            self.font = argument
            state.charset = self.fonts.get(argument, self.default)
        elif word == "fcharset" and argument is not None and self.in_fonts:
            self.fonts[self.font] = codec_of(f"cp{_CHARSETS[argument]}") or self.default if argument in _CHARSETS else self.default
        elif word in _SAID:
            self._say(_SAID[word])

    def _sign(self, sign: bytes) -> None:
        self._flush()
        if sign in _SIGNS:
            self._say(_SIGNS[sign])

    def _letter(self, code: int) -> None:
        """A letter by its number, in UTF-16: the letters after it, for programs that know no Unicode, are passed over."""
        self._flush()
        self._say(chr(code & 0xFFFF))
        self.pending = self.state.fallback

    def _bytes(self, raw: bytes) -> None:
        if self.pending:
            passed = min(self.pending, len(raw))
            self.pending -= passed
            raw = raw[passed:]
        if not (self.state.skip or self.state.hidden):
            self.waiting += raw

    def _flush(self) -> None:
        self.pending = 0
        if self.waiting:
            raw = bytes(self.waiting)
            self.waiting.clear()
            try:
                self.out.append(raw.decode(self.state.charset))
            except UnicodeDecodeError:
                self.out.append(guessed(raw))

    def _say(self, text: str) -> None:
        if not (self.state.skip or self.state.hidden):
            self.out.append(text)
