"""Bytes to text with whatever charset a mail names: known ones only, and never an exception."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

_TEXT_CODECS = frozenset("""
    ascii utf-8 utf-7 utf-16 utf-16-be utf-16-le utf-32 utf-32-be utf-32-le
    iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11
    iso8859-13 iso8859-14 iso8859-15 iso8859-16
    cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874
    cp932 cp949 cp950 cp1006 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
    big5 big5hkscs euc_jp euc_jis_2004 euc_jisx0213 euc_kr gb2312 gbk gb18030 hz johab
    iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr
    koi8-r koi8-t koi8-u kz1048 ptcp154 tis-620 viscii
    mac-cyrillic mac-greek mac-iceland mac-latin2 mac-roman mac-turkish
    shift_jis shift_jis_2004 shift_jisx0213
""".split())
"""Python's own names of the codecs that turn bytes into text. Others (idna, rot13, zlib, undefined …) are no charsets."""

_ALIASES = {
    # What a sender calls a standard is often the narrower one: these name the codec that holds both.
    "iso8859-1": "cp1252", "ascii": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "shift_jis": "cp932", "unicode-1-1-utf-7": "utf-7", "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8",
    "ks_c_5601-1987": "cp949", "x-sjis": "cp932", "x-gbk": "gb18030", "windows-874": "cp874", "cp-850": "cp850",
    "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "utf8mb4": "utf-8", "unicode": "utf-16",
}

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters, line ends among them: none may survive in a decoded header value."""


@lru_cache(maxsize=512)
def codec_of(charset: str) -> str | None:
    """The codec for a charset as a mail names it; None for one that is unknown or no text charset."""
    wanted = charset.strip(" \t\"'").lower()
    if not wanted or len(wanted) > 40 or not wanted.isascii():  # noqa: PLR2004  the longest real name has 23 letters
        return None
    wanted = _ALIASES.get(wanted, wanted)
    try:
        name = codecs.lookup(wanted).name
    except (LookupError, ValueError):
        return None
    return _ALIASES.get(name, name) if name in _TEXT_CODECS else None


def guessed(data: bytes) -> str:
    """Text of bytes that name no usable charset: UTF-8 when it is that, else Windows-1252."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def decoded(data: bytes, charset: str = "") -> str:
    """Text of `data` in the charset the mail names; a wrong or unknown name falls back to a guess."""
    codec = codec_of(charset) if charset else None
    if codec is None:
        return guessed(data)
    try:
        return data.decode(codec)
    except UnicodeError:
        pass
    if codec == "utf-8":
        return guessed(data)
    return data.decode(codec, "replace")
