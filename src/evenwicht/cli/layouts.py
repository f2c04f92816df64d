"""An unknown table becomes a layout: the proposal is shown, what is open is asked, and what was accepted is written as TOML."""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from evenwicht.cli.layout_shown import meaning_of, say_what, short, show, show_reading
from evenwicht.cli.speaking import LANGUAGE, said, say, translate
from evenwicht.engines.home import home
from evenwicht.errors import FileMissing, NothingRead, WrongCall
from evenwicht.importers import table as tables
from evenwicht.importers.source import Source
from evenwicht.importers.tables.cells import year_of
from evenwicht.importers.tables.first_look import first_look
from evenwicht.importers.tables.guess import column_of, guess, looked_into
from evenwicht.importers.tables.layout import US
from evenwicht.importers.tables.layout_text import layout_text
from evenwicht.importers.tables.placing import example_of
from evenwicht.importers.tables.proposal import Proposal, Question, Said
from evenwicht.phrase import Phrase
from evenwicht.reports.catalogue import harmless, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evenwicht.importers.source import Reading
    from evenwicht.importers.tables.cell_sorts import Column
    from evenwicht.importers.tables.cells import Decimal, Order

_BIG = 20_000_000
"""Bytes from which reading the whole table takes long enough to say that it goes on."""
_ORDERS: dict[str, Order] = {"DMY": "day", "MDY": "month"}
_MARKS: dict[str, Decimal] = {",": "comma", ".": "point"}


def make_layout(path: Path, said_so: Options, output: Path | None, now: datetime, *, yes: bool) -> None:
    """Propose a layout for a table, ask what is open, and write what was accepted. Raises WrongCall where nobody can be asked."""
    if not path.is_file():
        raise FileMissing("{path} is not a file. Name one table: a CSV, TSV or XLSX file.", path=path)
    try:
        sheets, problems = first_look(path)
    except OSError as error:
        raise FileMissing("{path} cannot be opened: {reason}.", path=path, reason=error.strerror) from None
    if not sheets:
        if problems:
            raise NothingRead("No table with heads was found in {path}: {why}", path=path, why=problems[0].what_phrase)
        raise NothingRead("No table with heads was found in {path}.", path=path)
    sheet = next((one for one in sheets if said_so.kind is None and guess(one).kind is not None), sheets[0])
    talks = is_terminal()
    columns = looked_into(sheet)
    heard = said_so.heard(columns)
    target = _target(path, output)
    if output is None and target.exists() and not talks:
        raise WrongCall("{path} is there already. Name another file with -o.", path=target)
    say_what(path, sheet, len(sheets))
    name = target.stem
    while True:
        proposal = guess(sheet, heard, columns)
        if proposal.questions:
            if not talks:
                show(proposal)
                raise _unanswered(proposal, proposal.questions[0])
            heard = _asked(proposal, proposal.questions[0], heard)
            continue
        text = layout_text(proposal, name)
        show(proposal)
        show_reading(*_tried(text, path, now))
        if not talks and not yes:
            raise WrongCall("Nothing was written, for nobody could say yes. Add --yes to accept the proposal, or change it with --set FIELD=COLUMN.")
        changed = None if yes else _accepted(proposal, heard)
        if changed is None:
            break
        heard = changed
    if output is None and target.exists() and not _agreed(target):
        raise typer.Abort
    _write(target, text)
    _say_next(path, target, proposal, own=output is None)


def is_terminal() -> bool:
    """Whether somebody is there who can be asked."""
    return sys.stdin.isatty() and said.is_terminal


def answered() -> str:
    """One line from the keyboard. Raises Abort at the end of the input, which writes nothing."""
    said.print("> ", end="")
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.strip()


class Options:
    """What was said on the command line: `field=column`, `column=DMY`, `column=,`, each as it was typed."""

    def __init__(self, kind: str | None, fields: Sequence[str], dates: Sequence[str], decimals: Sequence[str]) -> None:
        self.kind, self._fields, self._dates, self._decimals = kind, fields, dates, decimals

    def heard(self, columns: Sequence[Column]) -> Said:
        """The same, with the columns of a table found. Raises WrongCall for what cannot be meant."""
        heard = Said(self.kind, dict(_pair(text, "--set", "FIELD=COLUMN") for text in self._fields))
        for text in self._dates:
            head, value = _pair(text, "--date", "COLUMN=DMY", last=True)
            chosen = [column.index for column in columns if column.day_doubt] if head == "*" else [_index(head, columns)]
            for index in chosen:
                heard = _with_order(heard, columns, index, value.upper())
        for text in self._decimals:
            head, value = _pair(text, "--decimal", "COLUMN=,", last=True)
            heard = _with_decimal(heard, _index(head, columns), value)
        return heard


def _pair(text: str, option: str, form: str, *, last: bool = False) -> tuple[str, str]:
    one, equal, other = text.rpartition("=") if last else text.partition("=")
    if not equal or not one.strip():
        raise WrongCall("{option} {value} cannot be read. Write it as {form}.", option=option, value=text, form=form)
    return one.strip(), other.strip()


def _index(head: str, columns: Sequence[Column]) -> int:
    index = column_of(head, columns)
    return -1 if index is None else index


def _with_order(heard: Said, columns: Sequence[Column], index: int, value: str) -> Said:
    if value == "ISO":
        if columns[index].day_doubt:
            raise WrongCall("Days under {head}, such as {cell}, do not begin with the year. Say DMY or MDY.", head=columns[index].head,
                            cell=columns[index].doubtful_day)
        return replace(heard, orders={**heard.orders, index: "iso"})
    if value not in _ORDERS:
        raise WrongCall("{value} is no order of day, month and year. Choose one of: DMY, MDY, ISO.", value=value or "–")
    return replace(heard, orders={**heard.orders, index: _ORDERS[value]})


def _with_decimal(heard: Said, index: int, value: str) -> Said:
    if value not in _MARKS:
        raise WrongCall("{value} is no decimal mark. Choose , or .", value=value or "–")
    return replace(heard, decimals={**heard.decimals, index: _MARKS[value]})


def _target(path: Path, output: Path | None) -> Path:
    if output is not None:
        if output.is_dir():
            raise WrongCall("{path} is a folder. Name the layout to write, as in -o {path}/mine.toml.", path=output)
        return output if output.suffix else output.with_suffix(".toml")
    slug = re.sub(r"[^a-z0-9]+", "_", path.stem.casefold()).strip("_") or "table"
    return home() / "layouts" / f"{slug}.toml"


# -- what is asked

def _unanswered(proposal: Proposal, question: Question) -> WrongCall:
    """The one sentence for a question that nobody is there to answer: what is open, and the option that says it."""
    column = proposal.columns[question.column] if question.column is not None else None
    head = column.head if column is not None else ""
    match question.sort:
        case "kind":
            near = ", ".join(question.choices)
            return WrongCall("It is not sure what kind of table this is. Say it with --kind: {near}.", near=near)
        case "date" if column is not None and column.day_doubt == "mixed":
            return WrongCall("Some days under {head} can only be day first and others only month first. Correct the table, or say which to read with "
                             "--date {dmy} or --date {mdy}.", head=head, dmy=_quoted(f"{head}=DMY"), mdy=_quoted(f"{head}=MDY"))
        case "date" if column is not None:
            return WrongCall("Days under {head}, such as {cell}, can be read day first and month first. Say which with --date {dmy} or --date {mdy}.",
                             head=head, cell=column.doubtful_day, dmy=_quoted(f"{head}=DMY"), mdy=_quoted(f"{head}=MDY"))
        case "decimal" if column is not None:
            return WrongCall("Amounts under {head}, such as {cell}, can be read with a decimal comma and with a decimal point. Say which with "
                             "--decimal {comma} or --decimal {point}.", head=head, cell=column.doubtful_amount,
                             comma=_quoted(f"{head}=,"), point=_quoted(f"{head}=."))
        case "direction":
            return WrongCall("No amount under {head} is below zero, so it is not sure whether money came in or went out. Say it with --set direction=in, "
                             "direction=out, or direction=signed.", head=head)
        case "sign":
            return WrongCall("Amounts under {head} stand above and below zero. Say with --set sign=normal or --set sign=turned whether invoices are above "
                             "zero.", head=head)
        case _ if question.choices:
            return WrongCall("More than one column can be {field}: {heads}. Say which with --set {field}=COLUMN, or --set {field}=- for none.",
                             field=question.fields[0], heads=", ".join(question.choices))
        case _:
            return WrongCall("No column was found for {fields}. Say it with --set {field}=COLUMN; columns are: {heads}.",
                             fields=_either(question.fields), field=question.fields[0], heads=", ".join(filter(None, proposal.sheet.heads)))


def _quoted(text: str) -> str:
    """A word as it is typed after an option; always in quotation marks, so that a mark at its end is seen."""
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'


def _either(names: Sequence[str]) -> str:
    return " / ".join(names)


def _asked(proposal: Proposal, question: Question, heard: Said) -> Said:
    """Ask one question until it is answered."""
    column = proposal.columns[question.column] if question.column is not None else None
    match question.sort:
        case "kind":
            return _ask_kind(proposal, heard)
        case "date" if column is not None:
            others = [one.column for one in proposal.questions if one.sort == "date" and one.column is not None]
            return _ask_order(column, heard, [index for index in others if index != column.index])
        case "decimal" if column is not None:
            say("Amounts under {head}, such as {cell}, can be read in two ways.", head=column.head, cell=column.doubtful_amount)
            chosen = _choice((_amount_as(column.doubtful_amount, ","), _amount_as(column.doubtful_amount, ".")))
            return _with_decimal(heard, column.index, ",."[chosen])
        case "direction" if column is not None:
            say("No amount under {head} is below zero. Which way does the money go?", head=column.head)
            chosen = _choice((Phrase("it comes in to us"), Phrase("it goes out"), Phrase("amounts below zero go out, there are none yet")))
            return _with_field(heard, "direction", ("in", "out", "signed")[chosen])
        case "sign" if column is not None:
            say("Amounts under {head} stand above and below zero. Where do invoices stand?", head=column.head)
            chosen = _choice((Phrase("above zero; below are credit notes"), Phrase("below zero; above are credit notes")))
            return _with_field(heard, "sign", ("normal", "turned")[chosen])
        case _:
            return _ask_field(proposal, question, heard)


def _amount_as(cell: str, mark: str) -> Phrase:
    """What a cell such as 1.234 is with this decimal mark."""
    name = Phrase("decimal comma") if mark == "," else Phrase("decimal point")
    whole, _, fraction = re.sub(rf"[^\d{re.escape(mark)}]", "", cell).partition(mark)
    if fraction:
        return Phrase("{mark}: {cell} is {whole} and a fraction", {"mark": name, "cell": cell, "whole": whole})
    return Phrase("{mark}: {cell} is the whole number {whole}", {"mark": name, "cell": cell, "whole": whole})


def _choice(choices: Sequence[Phrase]) -> int:
    """Show numbered choices and wait for one of the numbers; there is nothing that Enter could accept."""
    for number, choice in enumerate(choices, start=1):
        said.print(f"  {number}  {spoken(choice, LANGUAGE)}", markup=False)
    while True:
        line = answered()
        if line.isdigit() and 1 <= int(line) <= len(choices):
            return int(line) - 1
        if line.casefold() == "q":
            raise typer.Abort
        say("Choose a number from 1 to {last}, or q to stop.", last=len(choices))


def _ask_kind(proposal: Proposal, heard: Said) -> Said:
    say("It is not sure what kind of table this is. What is it?")
    names = [name for name, _fit in proposal.kinds]
    return replace(heard, kind=names[_choice([meaning_of(name) for name in names])])


def _ask_order(column: Column, heard: Said, others: Sequence[int]) -> Said:
    """Ask how days stand in a column; where other columns are open too, one answer may hold for all of them."""
    if column.day_doubt == "mixed":
        say("Some days under {head} can only be day first and others only month first. Which should be read? The others become problems.",
            head=column.head)
        chosen = _choice((Phrase("day first"), Phrase("month first")))
    else:
        say("Days under {head}, such as {cell}, can be read in two ways.", head=column.head, cell=column.doubtful_day)
        one, two, year = re.findall(r"\d+", column.doubtful_day)[:3]
        day_first, month_first = date(year_of(year), int(two), int(one)), date(year_of(year), int(one), int(two))
        both = [Phrase("day first, in all columns that are open"), Phrase("month first, in all columns that are open")] if others else []
        chosen = _choice((Phrase("{cell} is {day} (day first)", {"cell": column.doubtful_day, "day": day_first}),
                          Phrase("{cell} is {day} (month first)", {"cell": column.doubtful_day, "day": month_first}), *both))
    order: Order = "month" if chosen % 2 else "day"
    return replace(heard, orders={**heard.orders, **dict.fromkeys([column.index, *(others if chosen > 1 else [])], order)})


def _ask_field(proposal: Proposal, question: Question, heard: Said) -> Said:
    """Ask for the column of a field; of a group of fields, the first is filled, or the one that is named with the column."""
    if question.choices:
        say("More than one column can be {field}. Which one is it? Enter: none of them.", field=question.fields[0])
    else:
        say("No column was found for {fields}. Which one is it?", fields=_either(question.fields))
    listed = [column for column in proposal.columns if column.head and (not question.choices or column.head in question.choices)]
    wide = min(30, max((len(column.head) for column in listed), default=0))
    for column in listed:
        said.print(f"  {column.index + 1:>3}  {harmless(column.head):<{wide}}  {short(example_of(column))}".rstrip(), markup=False)
    if US_ALLOWED & set(question.fields):
        say("{us}  it is always us", us=US)
    while True:
        line = answered()
        if line.casefold() == "q":
            raise typer.Abort
        if not line and question.choices:
            return _with_field(heard, question.fields[0], "-")
        name, equal, value = line.partition("=")
        if not equal or name.strip() not in question.fields:
            name, value = question.fields[0], line
        changed = _changed(proposal, heard, name.strip(), value.strip()) if line else None
        if changed is not None:
            return changed
        if not line:
            say("Write the number or the head of a column, or q to stop.")


US_ALLOWED = frozenset({"from", "to", "supplier", "customer", "requester", "organiser", "attendee"})
"""Fields for which `@us` can be said."""


def _with_field(heard: Said, name: str, value: str) -> Said:
    return replace(heard, fields={**heard.fields, name: value})


def _accepted(proposal: Proposal, heard: Said) -> Said | None:
    """What was changed in the proposal; None when it is accepted."""
    say("Enter writes this layout. FIELD=COLUMN changes a field (FIELD=- leaves it out), kind=KIND the kind; q stops.")
    while True:
        line = answered()
        if not line:
            return None
        if line.casefold() == "q":
            raise typer.Abort
        name, equal, value = (part.strip() for part in line.partition("="))
        if not equal:
            say("{word} is not understood. Write, for instance, due={head}, or press Enter.", word=line, head=proposal.sheet.heads[0])
            continue
        changed = _changed(proposal, heard, name, value)
        if changed is not None:
            return changed


def _changed(proposal: Proposal, heard: Said, name: str, value: str) -> Said | None:
    """What was said, with one change: a kind, how a column is written, or a field; None where it cannot be meant, which is said."""
    try:
        if name == "kind":
            changed = Said(value, {}, heard.orders, heard.decimals)
        elif name not in proposal.places and value.upper() in {*_ORDERS, "ISO"}:
            changed = _with_order(heard, proposal.columns, _index(name, proposal.columns), value.upper())
        elif name not in proposal.places and value in _MARKS:
            changed = _with_decimal(heard, _index(name, proposal.columns), value)
        else:
            changed = replace(_with_field(heard, name, value), kind=proposal.kind)
        guess(proposal.sheet, changed, proposal.columns)
    except WrongCall as error:
        said.print(spoken(error.phrase, LANGUAGE), markup=False)
        return None
    return changed


def _agreed(target: Path) -> bool:
    say("{path} is there already. Write over it? (y/n)", path=target)
    return answered().casefold() in {"y", "yes", "j", "ja"}


# -- what is written

def _tried(text: str, path: Path, now: datetime) -> tuple[Reading, str]:
    """Read the whole table with a layout; the second value is what its evidence begins with."""
    with tempfile.TemporaryDirectory() as folder:
        layout = Path(folder) / "layout.toml"
        layout.write_text(text, "utf-8")
        big = path.stat().st_size > _BIG and said.is_terminal
        with said.status(translate("Reading"), spinner="line") if big else nullcontext():
            return tables.read(Source(path, path.name, now, layout=str(layout))), path.name


def _write(target: Path, text: str) -> None:
    beside = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, "utf-8")
        beside.replace(target)
    except OSError as error:
        raise WrongCall("{path} cannot be written: {reason}.", path=target, reason=error.strerror) from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _say_next(path: Path, target: Path, proposal: Proposal, *, own: bool) -> None:
    us = [] if proposal.us is None else ["--us", proposal.us]
    call = shlex.join(["evenwicht", "read", str(path), "--layout", target.stem if own else str(target), *us, "-o", "ledger.parquet"])
    say("Written to {path}. Read the table with it:", path=target)
    said.print(f"  {call}", markup=False)
    if proposal.us is None:
        say("Add --us and our domain, VAT number, KvK number or IBAN, so that it is known which side we are.")
