"""Writes tables: a log of contacts as CSV, which carries any kind of event, and our open items as a workbook (XLSX).

The log has the columns of the layout `interaction_log`, the workbook those of `open_items`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from evenwicht.importers.tables.parties import of_anything
from evenwicht.importers.written import Written, address, has_mail, in_seconds, without
from evenwicht.ledger.events import AUTOMATIC, KINDS
from evenwicht.ledger.identifiers import is_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from evenwicht.importers.xml.parties import Named
    from evenwicht.ledger.events import Event

LOG = ("time", "from", "to", "kind", "amount", "unit", "id", "answers", "thread", "due")
OPEN_ITEMS = ("Invoice number", "Invoice date", "Due date", "Customer name", "Customer e-mail", "Customer VAT", "Amount", "Currency", "Paid on")

_CELL = re.compile(r"[^\s=+@<>\x00-\x1f\x7f-][^\s<>\x00-\x1f\x7f]*")
"""A text that a spreadsheet does not take for a formula, and a reader not for two."""
_UNIT = re.compile(r"[A-Z]{3}|count|words|seconds|minutes|hours|days|points|share")
_MOST_RECEIVERS = 10
"""A message to more organisations is a circular (CONTRACT, kinds)."""
_THOUSANDS = 3
_ZIPPED = (1980, 1, 1, 0, 0, 0)
_CHANGED = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


# ── the log ──

def write(events: Iterable[Event], path: Path) -> list[Event]:
    """Write a log of contacts, one row per event. Returns the events that it does not hold. Raises OSError."""
    return written(events, path.name).into(path.parent)


def written(events: Iterable[Event], name: str = "log.csv") -> Written:
    """The log as bytes, and the events that are not in it: private ones, people in company, texts that are no cells.

    A message that opens its conversation is a question too, by the layout: it stands there where both are among the events.
    """
    events = list(events)
    told = Counter(map(_opening, events))
    sent = Counter((one.id, one.giver) for one in events if one.kind == "message")
    rows = [
        one for one in events
        if _is_row(one) and (one.kind != "message" or (sent[one.id, one.giver] <= _MOST_RECEIVERS and (not _opens(one) or told[_opening(_question(one))])))
    ]
    implied = Counter(_opening(_question(one)) for one in rows if one.kind == "message" and _opens(one))
    said = [one for one in events if one.kind == "question" and implied[_opening(one)]]
    rows = [one for one in rows if one.kind != "question" or not implied[_opening(one)]]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(LOG)
    table.writerows(_row(one) for one in sorted(rows, key=lambda one: (one.at, one.id, one.kind, one.giver, one.receiver)))
    return Written({name: text.getvalue().encode()} if rows else {}, without(events, [*rows, *said]))


def _opens(message: Event) -> bool:
    return message.answers is None and message.thread in {None, message.id}


def _question(message: Event) -> Event:
    """The question that a message is by opening its conversation."""
    return replace(message, id=f"{message.id}#q", kind="question", amount=1.0, unit="count", answers=None, due=None, thread=message.id)


def _opening(event: Event) -> tuple[object, ...]:
    """All that a reader finds in the row of such a question."""
    return (event.id, event.kind, event.at, event.giver, event.receiver, event.amount, event.unit, event.person, event.counter_person, event.answers,
            event.due, event.shared, event.thread or event.id.removesuffix("#q"))


def _is_row(event: Event) -> bool:
    texts = [event.id, *(one for one in (event.answers, event.thread) if one is not None)]
    return (
        event.kind in KINDS and event.shared and in_seconds(event) and all(_CELL.fullmatch(one) for one in texts) and _says_amount(event)
        and _is_side(event.giver, event.person) and _is_side(event.receiver, event.counter_person)
    )


def _says_amount(event: Event) -> bool:
    if event.amount is None:
        return not event.unit and event.kind != AUTOMATIC
    return _UNIT.fullmatch(event.unit) is not None and (event.kind != AUTOMATIC or (event.amount, event.unit) == (0, "words"))


def _is_side(party: str, people: str | None) -> bool:
    """Whether a cell can name a side: by its key, or by the address of one of its people."""
    if people is None:
        return not is_person(party) and of_anything(party) == party and _CELL.fullmatch(party) is not None
    return " " not in people and has_mail(party)


def _row(event: Event) -> tuple[str, ...]:
    return (
        _moment(event.at), _side(event.giver, event.person), _side(event.receiver, event.counter_person), event.kind,
        "" if event.amount is None else _figure(event.amount), event.unit, event.id, event.answers or "", event.thread or "",
        _moment(event.due) if event.due else "",
    )


def _side(party: str, person: str | None) -> str:
    return party if person is None else address(person, party)


def _figure(amount: float) -> str:
    """All digits of an amount; never three behind the point, which could be thousands."""
    value = Decimal(repr(amount))
    value = value.to_integral_value() if value == value.to_integral_value() else value
    return f"{value:f}0" if value.as_tuple().exponent == -_THOUSANDS else f"{value:f}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


# ── open items ──

def write_open_items(events: Iterable[Event], path: Path, us: str, parties: Mapping[str, Named]) -> None:
    """Write what others owe and owed us as a workbook: our invoices, and the day on which one payment settled each. Raises OSError.

    Invoices and payments in it stand in other files too: a second book of the same facts.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(open_items(events, us, parties))


def open_items(events: Iterable[Event], us: str, parties: Mapping[str, Named]) -> bytes:
    """The workbook as bytes; the same events give the same bytes."""
    from openpyxl import Workbook  # heavy: only who writes a workbook pays for it

    events = list(events)
    paid: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind == "payment" and event.answers is not None and event.receiver == us:
            paid[event.answers].append(event)
    book = Workbook(write_only=True)
    sheet = cast("WriteOnlyWorksheet", book.create_sheet("Open items"))
    sheet.append(list(OPEN_ITEMS))
    for event in sorted(events, key=lambda one: (one.at, one.id)):
        if event.kind in {"invoice", "credit_note"} and event.giver == us and event.amount is not None and has_mail(event.receiver):
            sheet.append([_cell(sheet, one) for one in _item(event, parties.get(event.receiver), paid.get(event.id, []))])
    file = io.BytesIO()
    book.save(file)
    return _without_clock(file.getvalue())


def _item(event: Event, other: Named | None, paid: Sequence[Event]) -> list[str | float | datetime | None]:
    whole = len(paid) == 1 and (paid[0].amount, paid[0].unit) == (event.amount, event.unit)
    vat = next((one.removeprefix("vat:") for one in (other.identifiers if other else ()) if one.startswith("vat:")), None)
    amount = event.amount or 0.0
    return [
        event.id.rsplit(":", 2)[-2] if event.id.count(":") >= 3 else event.id,  # noqa: PLR2004  kind:supplier:number:year
        event.at.replace(tzinfo=None), event.due.replace(tzinfo=None) if event.due else None, other.name if other else event.receiver,
        address(None, event.receiver), vat, -amount if event.kind == "credit_note" else amount, event.unit,
        paid[0].at.replace(tzinfo=None) if whole else None,
    ]


def _cell(sheet: WriteOnlyWorksheet, value: str | float | datetime | None) -> Cell:
    """A value as a cell; a text stays a text, also where it begins as a formula does."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _without_clock(data: bytes) -> bytes:
    """The workbook without the time of writing, which stands in its properties and beside each of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = _CHANGED.sub(b"", content)
            new.writestr(zipfile.ZipInfo(part.filename, _ZIPPED), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
