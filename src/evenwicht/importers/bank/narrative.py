"""The dialects of :86:, in which banks write who paid whom and why.

Code words between slashes (Rabobank, ING, ABN AMRO, bunq), Dutch labels (ABN AMRO's fixed columns, Knab), numbered
parts (Triodos, German banks), an IBAN and a name on the first line (ASN, SNS, RegioBank), and the numbered notes (:NS:)
of other banks. What is none of these is free text: nobody is guessed from it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from evenwicht.ledger.identifiers import of_iban

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.importers.bank.entries import Entry

LONGEST = 4_000
"""Characters of one narrative that are read: the standard allows 390, and several fields of them occur."""

_WORDS = ("EREF KREF PREF IREF RREF MARF CSID CNTP BENM ORDP ULTC ULTD ULTB ULTR REMI TRTP TRCD IBAN BIC NAME ADDR ISDT PURP RTRN "
          "CREF BREF FREF SVCL CHGS EXCH OCMT CDTRREFTP CDTRREF UDTR UCRD INID").replace(" ", "|")
_READ = frozenset({"CNTP", "IBAN", "NAME", "EREF", "RTRN", "REMI", "CDTRREF"})
"""Code words of which the text is used; the others only end it."""

_SLASH = re.compile(rf"/({_WORDS})/")
_LABEL = re.compile(
    r"\b(IBAN|BIC|REK(?:ENING)?|NAAM|NAME|OMSCHRIJVING|KENMERK|MACHTIGING|INCASSANT|BETALINGSKENM\.?|TEGENREKENING)\s?: ?",
)
_PART = re.compile(r"\s*\d{0,3}\s*([?>~^<])(?=\d\d)", re.ASCII)
_PARTS = {mark: re.compile(re.escape(mark) + r"(\d\d)", re.ASCII) for mark in "?>~^<"}
_ENOUGH = 3
"""Slashes behind `/CNTP/`: account, bank and name."""

_SEAM = "\x1f"
_KEYWORD = re.compile(rf"(?<![^\s{_SEAM}])(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|MDAT)[+:] ?")
"""Key words of numbered parts stand at the beginning of one, or behind a space."""

_NOTE = re.compile(r"^(\d\d)", re.MULTILINE | re.ASCII)
_IBAN_FIRST = re.compile(r"\s*([A-Z]{2}\d{2}[A-Z]{4}[A-Z0-9]{7,22})(?: +(\S[^\n]*))?(?:\n|$)(.*)", re.DOTALL | re.ASCII)
_LETTER = re.compile(r"[^\W\d_]")
_NO_REFERENCE = frozenset({"NONREF", "EREF", "KREF", "PREF", "MARF", "MREF", "IREF", "NOTPROVIDED", "NOTAVAILABLE"})
_SHORT_LINE = 60
"""A line of a narrative is full at 61 to 65 characters; a shorter one was ended on purpose, or lost the space at its end."""

_NAME_WIDTH = 27
"""Characters of one numbered part: a name that fills it goes on in the next without a space."""

_LONGEST_REFERENCE = 35
"""Characters of an EndToEndId; what is longer has run into something else, and identifies nothing."""

_DIGIT = re.compile(r"\d", re.ASCII)
_ACCOUNT_WIDTH = 16
"""Old Rabobank lines have the other account in 16 columns, and the name behind them."""


@lru_cache(maxsize=65_536)
def iban_of(written: str) -> str | None:
    """The few accounts of a statement come back on every line."""
    return of_iban(written)


class Told(NamedTuple):
    """What a narrative tells: the other side, the payer's reference, references that may name an invoice, and free text."""

    account: str = ""
    name: str = ""
    end_to_end: str = ""
    returned: bool = False
    references: tuple[str, ...] = ()
    free: tuple[str, ...] = ()


def told(entry: Entry, narratives: Sequence[str], notes: str = "") -> Told:
    """All that an entry, its :86: fields and its :NS: field say together."""
    if len(narratives) == 1:
        lines = narratives[0][:LONGEST].strip("\n").split("\n")
    else:
        lines = [line for text in narratives for line in text[:LONGEST].strip("\n").split("\n")]
    found = _narrated(lines)
    if notes:
        found = _noted(notes[:LONGEST], found)
    return _completed(entry, found)


def owner_of(notes: str) -> str:
    """The name of the account's holder, in a :NS: before the first booking."""
    name = " ".join(_numbered(_NOTE, notes[:LONGEST]).get("22", "").split())
    return name if _LETTER.search(name) else ""


def _narrated(lines: list[str]) -> Told:
    first = (lines[0].lstrip() if lines else "") or next((line.lstrip() for line in lines if line.strip()), "")
    if first.startswith("/"):
        pieces = _SLASH.split(_joined(lines))
        if len(pieces) > 1:
            return _slashed(pieces)
    part = _PART.match(first)
    if part is not None:
        return _parted("".join(lines), part[1])
    account = _IBAN_FIRST.match("\n".join(lines))
    if account is not None and iban_of(account[1]) is not None:
        return Told(account=account[1], name=_plain(account[2] or ""), free=(_plain(account[3]),))
    text = " ".join(lines)
    marks = list(_LABEL.finditer(text))
    return _labelled(text, marks) if len(marks) > 1 else Told(free=(_plain(text),))


def _slashed(pieces: list[str]) -> Told:
    """`/EREF/…/BENM//NAME/…/REMI/…`, `/CNTP/iban/bic/name/place//REMI/USTD//…` and `/TRTP/…/IBAN/…/NAME/…`."""
    said: dict[str, str] = {}
    for place in range(1, len(pieces), 2):
        word = pieces[place]
        if word in _READ and word not in said:
            said[word] = " ".join(pieces[place + 1].split()).strip("/ ")
    account, name = said.get("IBAN", ""), said.get("NAME", "")
    if "CNTP" in said:
        account, _bic, name = ([*_behind(pieces, "CNTP").split("/", 3), "", "", ""])[:3]
        name = _plain(name) or said.get("NAME", "")
    remittance = said.get("REMI", "")
    structured: tuple[str, ...] = ()
    if remittance.startswith("STRD/"):
        structured, remittance = (remittance.rpartition("/")[2],), ""
    return Told(
        account=_plain(account), name=name, end_to_end=said.get("EREF", ""), returned="RTRN" in said,
        references=(*structured, *(said[one] for one in ("CDTRREF",) if said.get(one))),
        free=(remittance.removeprefix("USTD").strip("/ "),),
    )


def _behind(pieces: list[str], word: str) -> str:
    """What stands behind a code word, other words included, up to the last slash that matters."""
    place = pieces.index(word, 1)
    if pieces[place + 1].count("/") >= _ENOUGH:
        return pieces[place + 1]
    return pieces[place + 1] + "".join(f"/{one}/" if number % 2 == 0 else one for number, one in enumerate(pieces[place + 2:]))


def _labelled(text: str, marks: list[re.Match[str]]) -> Told:
    """`SEPA OVERBOEKING  IBAN: …  BIC: …  NAAM: …  OMSCHRIJVING: …  KENMERK: …` and `REK: …/NAAM: …`."""
    said: dict[str, str] = {}
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        said.setdefault(mark[1].rstrip("."), _plain(text[mark.end():after.start() if after is not None else None]).strip("/ "))
    account = next((said[one] for one in ("IBAN", "REK", "REKENING", "TEGENREKENING") if said.get(one)), "")
    return Told(
        account=account, name=said.get("NAAM") or said.get("NAME", ""), end_to_end=said.get("KENMERK", ""),
        free=tuple(one for one in (_plain(text[:marks[0].start()]), said.get("OMSCHRIJVING"), said.get("BETALINGSKENM")) if one),
    )


def _parted(text: str, mark: str) -> Told:
    """`166?00…?20EREF+…?30BIC?31account?32name` and the `>20…>31…` of Triodos."""
    parts = _numbered(_PARTS[mark], text)
    words = _SEAM.join(parts[one] for one in sorted(parts) if "20" <= one <= "29" or "60" <= one <= "63")
    one, two = parts.get("32", ""), parts.get("33", "")
    name = _plain(one + two if len(one) >= _NAME_WIDTH else f"{one} {two}")
    account = next((parts[key] for key in ("38", "31") if iban_of(parts.get(key, "")) is not None), "")
    marks = list(_KEYWORD.finditer(words))
    if not marks:
        return Told(account=account, name=name, free=(_seamless(words),))
    said: dict[str, str] = {}
    for here, after in zip(marks, [*marks[1:], None], strict=True):
        said.setdefault(here[1], _seamless(words[here.end():after.start() if after is not None else None]))
    return Told(
        account=account or said.get("IBAN", ""), name=name, end_to_end=said.get("EREF", ""),
        free=(said.get("SVWZ") or _seamless(words[:marks[0].start()]),),
    )


def _noted(notes: str, found: Told) -> Told:
    """Numbered notes beside a booking: words from 01, the other side's name in 15 and 16."""
    parts = _numbered(_NOTE, notes)
    words = tuple(_plain(parts[one]) for one in sorted(parts) if "01" <= one <= "14")
    name = _plain("".join(parts.get(one, "").strip("\n") for one in ("15", "16")))
    return found._replace(name=found.name or name, free=(*found.free, *words))


def _completed(entry: Entry, found: Told) -> Told:
    """What the booked line itself adds: an account, a name, or a reference where the bank puts those there."""
    reference, details = entry.reference, entry.details
    account, name, end_to_end = found.account, found.name, found.end_to_end
    references = found.references
    if len(end_to_end) > _LONGEST_REFERENCE:
        end_to_end, references = "", (*references, end_to_end)
    if not account:
        behind = details.partition(" ")[0]
        account = reference if iban_of(reference) is not None else behind if iban_of(behind) is not None else ""
    if not name and len(reference) > _ACCOUNT_WIDTH and iban_of(reference) is None:
        behind = _plain(reference[_ACCOUNT_WIDTH:])
        name, reference = (behind, "") if _LETTER.search(behind) else (name, reference)
    elif not name and iban_of(reference) is not None and details and _LETTER.search(details):
        name = details
    compact = _plain(reference)
    if _DIGIT.search(compact) and compact.upper() not in _NO_REFERENCE and iban_of(compact) is None:
        references = (*references, compact)
    return Told(account, name, end_to_end, found.returned, references, found.free)


def _numbered(mark: re.Pattern[str], text: str) -> dict[str, str]:
    """The parts of a text by the two digits before them; a number that comes back goes on."""
    pieces = mark.split(text)
    parts: dict[str, str] = {}
    for number, words in zip(pieces[1::2], pieces[2::2], strict=True):
        parts[number] = parts.get(number, "") + words
    return parts


def _joined(lines: list[str]) -> str:
    """Lines as one: a full line was cut in the middle of a word, after a short one a space was lost."""
    if len(lines) == 1:
        return lines[0].rstrip()
    return "".join([line if len(line) >= _SHORT_LINE or line.endswith("/") else line + " " for line in lines]).rstrip()


def _seamless(words: str) -> str:
    return _plain(words.replace(_SEAM, ""))


def _plain(text: str) -> str:
    return " ".join(text.split())
