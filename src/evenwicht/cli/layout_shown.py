"""What is shown of an unknown table: how it is understood and why, and its first rows as they would be read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from evenwicht.cli.speaking import LANGUAGE, said, say, translate
from evenwicht.importers.tables.head_words import KINDS
from evenwicht.importers.tables.layout import US
from evenwicht.importers.tables.layout_text import unit_of
from evenwicht.importers.tables.placing import example_of
from evenwicht.importers.tables.proposal import is_turned
from evenwicht.ledger.notation import written
from evenwicht.phrase import Phrase
from evenwicht.reports.catalogue import harmless, spoken, template

if TYPE_CHECKING:
    from evenwicht.importers.source import Reading
    from evenwicht.importers.tables.cell_sorts import Column
    from evenwicht.importers.tables.proposal import Placed, Proposal, Sheet
    from evenwicht.ledger.events import Event

ROWS_SHOWN = 5
PROBLEMS_SHOWN = 3
_LONGEST_CELL, _LONGEST_ID = 28, 34

_MEANINGS = {
    "log": template("a log of contacts: one row is one message, call or meeting of one side with another"),
    "receivable": template("what customers owe us: one row is one invoice of ours"),
    "payable": template("what we owe suppliers: one row is one invoice of theirs"),
    "invoices": template("invoices that name both sides: one row is one invoice"),
    "payments": template("a bank statement: one row is one payment"),
    "deliveries": template("deliveries: one row is what was ordered, promised and delivered"),
    "tickets": template("tickets: one row is one request to us"),
    "meetings": template("meetings: one row is one meeting of an organiser and a guest"),
}

_KINDS_SAID = {
    "message": template("message"), "question": template("question"), "talk": template("talk"), "meeting": template("meeting"),
    "attendance": template("attendance"), "order": template("order"), "delivery": template("delivery"), "invoice": template("invoice"),
    "credit_note": template("credit note"), "payment": template("payment"), "difference": template("difference"),
}


def meaning_of(kind: str) -> Phrase:
    """What one row of a table of this kind is."""
    return Phrase(_MEANINGS[kind])


def say_what(path: Path, sheet: Sheet, sheets: int) -> None:
    """Which table it is, and how much of it was looked at."""
    if sheets > 1 and sheet.name:
        say("{file}, sheet {sheet} of {sheets}: {columns} columns; the first {rows} rows were looked at.", file=path.name, sheet=sheet.name, sheets=sheets,
            columns=len(sheet.heads), rows=len(sheet.rows))
    else:
        say("{file}: {columns} columns; the first {rows} rows were looked at.", file=path.name, columns=len(sheet.heads), rows=len(sheet.rows))


def show(proposal: Proposal) -> None:
    """The kind, and for each field the column, an example and the reasons."""
    if proposal.kind is None:
        say("Nearest kinds: {kinds}.", kinds=", ".join(name for name, _fit in proposal.kinds[:3]))
        return
    say("It looks like {meaning}.", meaning=meaning_of(proposal.kind))
    shown = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    shown.add_column(translate("field"), no_wrap=True)
    shown.add_column(translate("column"), max_width=24, overflow="fold")
    shown.add_column(translate("example"), max_width=max(16, min(_LONGEST_CELL, said.width // 5)), overflow="ellipsis", no_wrap=True)
    shown.add_column(translate("sure"), justify="right", no_wrap=True)
    shown.add_column(translate("why"), overflow="fold", ratio=1)
    for name, placed in proposal.places.items():
        if not placed.known and not placed.reasons:
            continue
        head, example = _head_and_example(proposal, placed)
        sure = f"{100 * placed.confidence:.0f} %" if placed.known else "–"
        shown.add_row(*map(Text, (name, head, example, sure, _why(proposal, name, placed))))
    said.print()
    said.print(shown, soft_wrap=False)
    said.print()
    for line in _remarks(proposal):
        print_hanging("  ", spoken(line, LANGUAGE))


def _head_and_example(proposal: Proposal, placed: Placed) -> tuple[str, str]:
    if placed.column is None:
        return (translate("us") if placed.fixed == US else placed.fixed or "–"), ""
    column = proposal.columns[placed.column]
    return harmless(column.head), short(example_of(column))


def short(text: str) -> str:
    """A cell as an example: harmless on a terminal, and cut where it is long."""
    text = harmless(text)
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL - 1] + "…"


def _why(proposal: Proposal, name: str, placed: Placed) -> str:
    reasons = [spoken(_shortened(reason), LANGUAGE) for reason in placed.reasons]
    column = proposal.column(name)
    field = KINDS[proposal.kind or ""].field(name)
    if column is not None and field is not None:
        reasons += [spoken(phrase, LANGUAGE) for phrase in _notations(proposal, field.sort, column)]
    return "; ".join(reasons)


def _shortened(reason: Phrase) -> Phrase:
    return Phrase(reason.template, {name: short(value) if isinstance(value, str) and name in {"example", "values"} else value
                                    for name, value in reason.values.items()})


def _notations(proposal: Proposal, sort: str, column: Column) -> list[Phrase]:
    """How days and amounts of a column are read."""
    notes: list[Phrase] = []
    if sort == "moment":
        order = proposal.said.orders.get(column.index, column.order)
        if order in {"day", "month"}:
            notes.append(Phrase("day first") if order == "day" else Phrase("month first"))
        elif column.day_doubt:
            notes.append(Phrase("day or month first?"))
        elif column.written == "iso":
            notes.append(Phrase("year first"))
        if column.silent:
            notes.append(Phrase("{words} means none", {"words": ", ".join(column.silent)}))
    if sort == "amount" and (column.decimal or column.mark_doubt):
        mark = proposal.said.decimals.get(column.index, column.decimal)
        notes.append(Phrase("comma or point?") if mark is None else Phrase("decimal comma") if mark == "comma" else Phrase("decimal point"))
    return notes


def _remarks(proposal: Proposal) -> list[Phrase]:
    """What holds for all rows: who is us, which way amounts go, in which currency; and what was left open."""
    remarks = [] if proposal.us_reason is None else [Phrase("Us: {reason}.", {"reason": proposal.us_reason})]
    amount = proposal.column("amount") or proposal.column("debit") or proposal.column("credit")
    if amount is not None and proposal.kind not in {"log", "meetings"}:
        remarks += [_sign(proposal, amount)] if proposal.kind in {"payments", "receivable", "payable", "invoices"} else []
        remarks.append(_currency(proposal, amount))
    if proposal.kind == "log" and amount is not None and not proposal.has("unit") and not unit_of(proposal, amount):
        remarks.append(Phrase("Unit: none was found for {head}; it is read as words of messages, seconds of calls, minutes of meetings. "
                              "Say another with {option}.", {"head": amount.head, "option": "unit=hours"}))
    unused = [harmless(column.head) for column in proposal.columns
              if column.head and all(placed.column != column.index for placed in proposal.places.values())]
    if unused:
        remarks.append(Phrase("Columns that are not used: {heads}.", {"heads": ", ".join(unused)}))
    open_ = [name for name, placed in proposal.places.items() if not placed.known and not placed.reasons]
    if open_:
        remarks.append(Phrase("Fields that were not found and may stay open: {fields}.", {"fields": ", ".join(open_)}))
    return remarks


def _sign(proposal: Proposal, amount: Column) -> Phrase:
    if proposal.kind != "payments":
        return Phrase("Sign: invoices stand below zero, credit notes above.") if is_turned(proposal) else Phrase(
            "Sign: invoices stand above zero; an amount below zero is a credit note.")
    way = proposal.column("way")
    if way is not None:
        return Phrase("Sign: the column {head} says whether money came in or went out.", {"head": way.head})
    if proposal.has("debit", "credit"):
        return Phrase("Sign: what goes out and what comes in stand in columns of their own.")
    match proposal.fixed("direction"):
        case "in":
            return Phrase("Sign: all amounts come in.")
        case "out":
            return Phrase("Sign: all amounts go out.")
    return Phrase("Sign: what is below zero under {head} goes out.", {"head": amount.head})


def _currency(proposal: Proposal, amount: Column) -> Phrase:
    column = proposal.column("currency")
    if column is not None:
        return Phrase("Currency: from the column {head}.", {"head": column.head})
    unit = unit_of(proposal, amount)
    if unit or amount.currency:
        return Phrase("Currency: {unit}.", {"unit": unit or amount.currency})
    return Phrase("Currency: none was found; amounts are kept without one. Say it with {option}.", {"option": "currency=EUR"})


def show_reading(reading: Reading, label: str) -> None:
    """The first rows as events, and what became of all rows."""
    by_row: dict[int, list[Event]] = {}
    for event in reading.events:
        number = re.search(r"(\d+)$", event.evidence[0].removeprefix(f"{label}#"))
        by_row.setdefault(int(number[1]) if number else 0, []).append(event)
    said.print()
    say("The first rows as they would be read:")
    for row in sorted(by_row)[:ROWS_SHOWN]:
        for event in by_row[row]:
            print_hanging(f"  {row:>4}  ", line_of(event))
    kinds = Counter(event.kind for event in reading.events)
    said.print()
    say("Of {rows} rows {used} become events: {kinds}.", rows=reading.counted["rows"], used=len(by_row),
        kinds=", ".join(f"{count} {translate(_KINDS_SAID[kind]) if kind in _KINDS_SAID else kind}" for kind, count in kinds.most_common()) or "–")
    grave = [problem for problem in reading.problems if problem.severity != "note"]
    say("Problems: {count}, of which notes: {notes}.", count=len(reading.problems), notes=len(reading.problems) - len(grave))
    for problem in grave[:PROBLEMS_SHOWN]:
        print_hanging("  ", f"{problem.place}: {spoken(problem.what_phrase, LANGUAGE)} {spoken(problem.remedy_phrase, LANGUAGE)}")
    said.print()


def line_of(event: Event) -> str:
    """An event in the notation, without what only machines look at; long ids are cut."""
    def cut(text: str | None) -> str | None:
        return text if text is None or len(text) <= _LONGEST_ID else f"{text[:_LONGEST_ID // 2]}…{text[1 - _LONGEST_ID // 2:]}"

    bare = replace(event, id=cut(event.id) or "", answers=cut(event.answers), evidence=(), references=(), thread=None, person=None, counter_person=None)
    return harmless(written(bare))


def print_hanging(before: str, text: str) -> None:
    """A long line, broken between words and set in under its beginning."""
    width = max(40, said.width) - len(before)
    lines = Text(text).wrap(said, width)
    for number, line in enumerate(lines):
        said.print(f"{before if number == 0 else ' ' * len(before)}{line.plain.rstrip()}", markup=False)
