"""What a reading or an assessment tells beside its result: counts, problems, and what is still needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from evenwicht.cli.speaking import LANGUAGE, said, say, say_phrase, translate
from evenwicht.errors import WrongCall
from evenwicht.reports.catalogue import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from evenwicht.engines.reading import Report
    from evenwicht.ledger.problems import Problem
    from evenwicht.ledger.table import Ledger

LISTED = 5
MOST_NEEDS = 6


def tell_reading(report: Report) -> None:
    """How many files and events, who we are taken to be, and what was left out."""
    counts = ", ".join(f"{name} {count}" for name, count in sorted(report.files.items()))
    say("Files read: {files} ({counts}). Events: {events}. Parties: {parties}.", files=sum(report.files.values()), counts=counts or "–",
        events=len(report.ledger), parties=len(report.ledger.parties))
    if report.inferred and report.ledger.us is not None and report.own_rows:
        say("Read as {us}: {own} of {all} events are with it; change with --us.", us=report.ledger.us, own=report.own_rows,
            all=report.own_rows + report.between_others)
    elif report.ledger.us is None:
        say("No file says who we are; everything is kept as between others. Say it with --us.")
    if report.internal or report.between_others:
        say("Left out: {internal} within one organisation, {others} between two others.", internal=report.internal,
            others=report.between_others)
    persons = sum(party.kind == "person" for party in report.ledger.parties.values())
    if persons:
        say("People who write from free-mail addresses: {persons}. They are in no relation until marked as a business "
            "(evenwicht parties --business).", persons=persons)


def tell_problems(problems: Sequence[Problem], output: Path | None) -> None:
    """The gravest problems in words, the number of all, and all of them in a file beside the ledger."""
    listed = output.with_name(output.name + ".problems.jsonl") if output is not None else None
    if not problems:
        if listed is not None:
            listed.unlink(missing_ok=True)
        return
    if listed is not None:
        with listed.open("w", encoding="utf-8") as file:
            for problem in problems:
                file.write(json.dumps(problem.as_dict(), ensure_ascii=False) + "\n")
    grave = [problem for problem in problems if problem.severity != "note"]
    for problem in grave[:LISTED]:
        where = ", ".join(part for part in (problem.file, problem.place) if part)
        said.print(f"  {where}: {spoken(problem.what_phrase, LANGUAGE)} {spoken(problem.remedy_phrase, LANGUAGE)}", markup=False)
    if listed is not None:
        say("Problems: {count}, of which notes: {notes}; all listed in {path}", count=len(problems), notes=len(problems) - len(grave),
            path=listed)
    else:
        say("Problems: {count}, of which notes: {notes}.", count=len(problems), notes=len(problems) - len(grave))


def tell_needs(book: Ledger, today: date) -> None:
    """What is still missing, most useful first: printed last."""
    from evenwicht.engines.local import assess as judge

    try:
        found = judge(book, today=today)
    except WrongCall:
        return
    if found.needs:
        say("Still needed, most useful first:")
        for need in found.needs[:MOST_NEEDS]:
            say_phrase(need, "  ")


def tell_first_verdicts(ledger: Ledger, today: date) -> None:
    """A first table from the newest year of a big mailbox, while the rest is still to be read."""
    from evenwicht.engines.local import assess as judge
    from evenwicht.reports.formats import table as form

    say("First verdicts, from the newest year; the rest follows.")
    try:
        form.write(judge(ledger, today=today), said.file, language=LANGUAGE)
    except WrongCall as error:
        say_phrase(error.phrase)


def list_parties(book: Ledger) -> None:
    """One party a line on standard output: key, name, mark, other identifiers, what it trades as, and its parent."""
    from evenwicht.ledger.groups import parents_of

    parents = parents_of(book.decisions, book.parties)
    for key, party in sorted(book.parties.items(), key=lambda item: (item[1].kind, item[0])):
        mark = {"person": translate("person, in no relation"), "organisation": ""}[party.kind]
        if key == book.us:
            mark = translate("us")
        others = " ".join(alias for alias in party.identifiers if alias != key)
        also = [translate("by law: {name}").format(name=party.legal_name)] if party.legal_name else []
        also += [translate("trades as: {name}").format(name=name) for name in party.trading_names if name != party.name]
        also += [translate("parent: {name}").format(name=parents[key])] if key in parents else []
        typer.echo("\t".join((key, party.name if party.name != key else "", mark, others, "; ".join(also))).rstrip())


def list_suggestions(book: Ledger, path: Path) -> None:
    """One suggestion a line on standard output: the two keys, likeness, reasons, and what to type to accept it."""
    from evenwicht.ledger.suggestions import suggested

    for one in suggested(book):
        reasons = "; ".join(spoken(reason, LANGUAGE) for reason in one.reasons)
        typer.echo("\t".join((one.one, one.other, f"{one.likeness:.0f}", reasons, one.command(str(path)))))
    say("If two are not one, say so with --apart A B, and they are not suggested again.")
