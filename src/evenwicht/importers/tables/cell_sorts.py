"""What the cells of one column are, whatever its head says: days and how they are written, amounts, addresses, words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenwicht.importers.tables.cells import DateSetting, amounts, days, text_of
from evenwicht.importers.tables.parties import address_in
from evenwicht.ledger import identifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from evenwicht.importers.tables.cells import Cell, Decimal, Doubt, Order
    from evenwicht.importers.tables.head_words import Sort

NOTHING = frozenset({"n/a", "na", "n.v.t.", "nvt", "-", "--", "null", "(null)", "none", "#n/a", "?", "unknown", "onbekend", "nan", "nil", "geen", "tbd"})
"""Words that stand in a cell to say that it says nothing, in small letters."""

_FEW = 6
"""So many different words may stand in a column of days to say that there is none."""

_FLAGS = frozenset("yes no y n true false t f 1 0 ja nee j waar onwaar oui non nein x".split())
_INWARD = frozenset("bij credit c cr crdt in + haben h eingang incoming inkomend inkomsten ontvangst received deposit".split())
_OUTWARD = frozenset("af debit debet d dr dbit out uit - soll s ausgang outgoing uitgaand uitgaven withdrawal paid".split())
_CURRENCIES = frozenset("eur usd gbp chf sek nok dkk pln czk huf ron jpy cny cad aud nzd zar inr brl try € $ £".split())
_DOMAIN = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z]{2,24}$", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?=(?:\D*\d){5})[A-Z]{0,4}[A-Z0-9][A-Z0-9 .\-]{4,33}$", re.IGNORECASE)
_KVK = re.compile(r"\d{8}(?:\d{4})?$")
_WHOLE = re.compile(r"[-+]?\d+$")
_COMPACT = re.compile(r"(?:19|20)\d{6}$")
_SPLIT = re.compile(r"[.,]\d{1,2}\D*$|[€$£]")

_EPOCH_FROM, _EPOCH_TO = 631_152_000, 4_102_444_800
"""1990 and 2100, in seconds."""
_SERIAL_FROM, _SERIAL_TO = 32_874, 73_050
"""1990 and 2100, as a spreadsheet counts days."""
_ALL = .995


@dataclass(frozen=True, slots=True)
class Column:
    """One column, looked at. Shares are of the cells that say something, between 0 and 1.

    filled, distinct, rows   cells that say something, different ones among them, and all
    moments, numbers         its cells as days and as numbers, row by row, None where they are neither
    order, day_doubt         which of day and month stands first, and why that is open
    written                  how days stand there: iso, words, two ways, compact, epoch, serial; "" for none
    decimal, mark_doubt      the decimal mark that all amounts can have; why it is open
    values, texts            its cells as texts, each once; `values` only where they are few
    silent                   words that say that a cell says nothing, as they stand
    """

    index: int
    head: str
    rows: int
    filled: int
    distinct: int
    shares: Mapping[Sort, float]
    examples: tuple[str, ...] = ()
    moments: Sequence[datetime | None] = ()
    numbers: Sequence[float | None] = ()
    written: str = ""
    order: Order | None = None
    day_doubt: Doubt = ""
    doubtful_day: str = ""
    decimal: Decimal | None = None
    mark_doubt: Doubt = ""
    doubtful_amount: str = ""
    currency: str = ""
    broken: float = 0.0
    negative: float = 0.0
    domains: int = 0
    silent: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        return self.filled == 0

    @property
    def constant(self) -> bool:
        return self.distinct == 1 and self.filled > 2  # noqa: PLR2004  two equal cells are no habit

    @property
    def unique(self) -> bool:
        return self.distinct == self.filled > 0


def looked_at(index: int, head: str, cells: Sequence[Cell]) -> Column:
    """Look at the cells of one column."""
    texts = [text_of(cell).strip() for cell in cells]
    silent = tuple(dict.fromkeys(text for text in texts if text and text.casefold() in NOTHING))
    kept = [cell if text and text.casefold() not in NOTHING else "" for cell, text in zip(cells, texts, strict=True)]
    counted = Counter(text for text, cell in zip(texts, kept, strict=True) if cell != "")
    filled = counted.total()
    if not filled:
        nothing = [None] * len(cells)
        return Column(index, head, len(cells), 0, 0, {}, moments=nothing, numbers=nothing, silent=silent)
    seen = {cell for cell in kept if cell != ""}
    weight = Counter(cell for cell in kept if cell != "")

    written = _numbers_written(counted)
    setting = DateSetting(epoch=written == "epoch", serial=written == "serial")
    read = days(seen, setting)
    known = {cell for cell, moment in read.moments.items() if 1970 <= moment.year < 2200} | read.in_doubt  # noqa: PLR2004  as `columns`
    dated = sum(weight[cell] for cell in known)
    words = {text_of(cell).strip() for cell in seen - known}
    spare = sum(counted[word] for word in words)
    if dated >= filled * .2 and 0 < len(words) <= _FEW and spare > len(words) and not any(map(str.isdigit, "".join(words))):
        silent, base = silent + tuple(sorted(words)), filled - spare
    else:
        base = filled
    if not written and dated:
        written = _written(known, read.order, read.in_doubt)

    figures = amounts(seen)
    numbered = sum(weight[cell] for cell in set(figures.numbers) | figures.in_doubt)
    decimal, mark_doubt = _decimal(seen, figures.doubt) if numbered else (None, figures.doubt)
    values = [figures.numbers.get(cell) if cell != "" else None for cell in kept]
    addresses = {text: found for text in counted if "@" in text and (found := address_in(text))}

    def share(test: Callable[[str], object]) -> float:
        return sum(count for text, count in counted.items() if test(text)) / filled

    moment, number = dated / max(base, 1), numbered / filled
    broken = share(_SPLIT.search) if number else 0.0
    address = sum(counted[text] for text in addresses) / filled
    short = share(lambda text: len(text) <= 80)  # noqa: PLR2004  a name or a code, no story
    plain = max(0.0, short - max(moment if written not in {"compact", "epoch", "serial"} else 0.0, broken if number > .9 else 0.0))  # noqa: PLR2004
    flat = {text.casefold() for text in counted}
    shares: dict[Sort, float] = {
        "moment": moment, "amount": number if moment < _ALL or written in {"epoch", "serial", "compact"} else 0.0,
        "party": plain, "name": plain * (1 - .7 * share(_WHOLE.match)), "address": address,
        "vat": share(identifiers.of_vat), "kvk": share(_KVK.match),
        "account": max(share(identifiers.of_iban), .8 * share(_ACCOUNT.match) if moment < .5 and not broken else 0.0),  # noqa: PLR2004
        "id": plain, "code": plain, "currency": share(lambda text: text.casefold() in _CURRENCIES),
        "flag": share(lambda text: text.casefold() in _FLAGS) if len(flat) <= _FEW else 0.0,
        "way": share(lambda text: text.casefold() in _INWARD | _OUTWARD) if len(flat) <= _FEW else 0.0,
        "word": plain if len(counted) <= max(20, filled * .5) else .3, "text": 1.0 - (moment if moment > .5 else 0.0),  # noqa: PLR2004
    }
    mapped = read.moments
    return Column(
        index, head, len(cells), filled, len(counted), shares,
        examples=tuple(text for text, _count in counted.most_common(3)),
        moments=[mapped.get(cell) if cell != "" else None for cell in kept], numbers=values,
        written=written if moment else "", order=read.order, day_doubt=read.doubt, doubtful_day=_first(read.in_doubt),
        decimal=decimal, mark_doubt=mark_doubt, doubtful_amount=_first(figures.in_doubt), currency=figures.currency,
        broken=broken, negative=sum(one < 0 for one in values if one is not None) / max(1, sum(one is not None for one in values)),
        domains=len({one.rpartition("@")[2] for one in addresses.values()}), silent=silent,
        values=tuple(sorted(counted)) if len(counted) <= _FEW else (), texts=frozenset(counted),
    )


def is_inward(word: str) -> bool | None:
    """Whether a word of a statement says that money came in (True) or went out (False); None for any other word."""
    low = word.casefold()
    return True if low in _INWARD else False if low in _OUTWARD else None


def is_domain(text: str) -> bool:
    """Whether a cell is a mail domain or a mail address: something that names an organisation beyond doubt."""
    return bool(_DOMAIN.match(text)) or bool(address_in(text))


def _numbers_written(counted: Mapping[str, int]) -> str:
    """What whole numbers could be as days; "" where they are no whole numbers or could be nothing."""
    if not all(_WHOLE.match(text) for text in counted):
        return ""
    values = [abs(int(text)) for text in counted]
    if all(_COMPACT.match(text) for text in counted):
        return "compact"
    if all(_EPOCH_FROM <= (value // 1000 if value >= 10**11 else value) <= _EPOCH_TO for value in values):
        return "epoch"
    return "serial" if all(_SERIAL_FROM <= value <= _SERIAL_TO for value in values) else ""


def _written(known: set[Cell], order: Order | None, in_doubt: frozenset[Cell]) -> str:
    if order is not None or in_doubt:
        return "two ways"
    texts = [cell for cell in known if isinstance(cell, str)]
    if any(letter.isalpha() and letter not in "TZtz" for text in texts for letter in text):
        return "words"
    return "iso"


def _decimal(seen: set[Cell], doubt: Doubt) -> tuple[Decimal | None, Doubt]:
    """The mark with which every text that can be an amount is one; both ways open is doubt only where a cell depends on it."""
    comma, point = set(amounts(seen, "comma").numbers), set(amounts(seen, "point").numbers)
    texts = {cell for cell in comma | point if isinstance(cell, str)}
    marked = {cell for cell in texts if re.search(r"\d[.,]\d", str(cell))}
    if not marked or doubt:
        return None, doubt
    if marked <= comma and not marked <= point:
        return "comma", ""
    if marked <= point and not marked <= comma:
        return "point", ""
    return None, ""


def _first(cells: frozenset[Cell]) -> str:
    return min((text_of(cell).strip() for cell in cells), default="")
