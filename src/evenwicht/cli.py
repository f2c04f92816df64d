"""The command line. Standard output carries only the result; everything else goes to standard error."""

from __future__ import annotations

import json
import logging
import os
import sys
import tomllib
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from evenwicht import __version__
from evenwicht.engines.home import home
from evenwicht.errors import EvenwichtError, FileMissing, NothingRead, OwnFault, WrongCall
from evenwicht.phrase import Phrase
from evenwicht.reports.catalogue import LANGUAGES, spoken, translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evenwicht.engines.reading import Report
    from evenwicht.ledger.problems import Problem
    from evenwicht.ledger.table import Ledger
    from evenwicht.measures.found import Found


def _language() -> str:
    """The language of the reader: EVENWICHT_LANG, else the locale of the shell, else English."""
    for name in ("EVENWICHT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = os.environ.get(name, "")[:2].lower()
        if code in LANGUAGES:
            return code
    return "en"


LANGUAGE = _language()
_ = translator(LANGUAGE)
said = Console(stderr=True, highlight=False, soft_wrap=True)
app = typer.Typer(
    name="evenwicht", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help=_("Measures whether a customer and a supplier are in balance, from both chairs, with honest certainty."),
)

LedgerPath = Annotated[Path, typer.Argument(metavar="LEDGER", help=_("A ledger file, as “read” writes it."))]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help=_("Write here instead of to standard output."))]
Lang = Annotated[str, typer.Option("--lang", metavar="en|nl", help=_("Language of the result."))]


def say(template: str, /, **values: object) -> None:
    """One line for the reader, on standard error."""
    said.print(spoken(Phrase(template, values), LANGUAGE), markup=False)


@app.callback(invoke_without_command=True)
def _start(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=_("Show the version and stop."))] = False,
) -> None:
    if version:
        typer.echo(f"evenwicht {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


@app.command(help=_("Read mail, calendars, invoices, bank statements, audit files and tables into a ledger.\n\n"
                    "Example: evenwicht read mail.mbox invoices/ bank.xml --us birch.nl -o ledger.parquet"))
def read(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help=_("Files and folders; a folder is read with everything in it."))],
    us: Annotated[list[str] | None, typer.Option("--us", metavar="X", help=_("Our domain, address or key; may be repeated. Without it, it is worked out and said."))] = None,
    me: Annotated[Path | None, typer.Option("--me", metavar="FILE.toml", help=_("Names, domains, VAT, KvK and IBANs of our side."))] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", metavar="X", help=_("A domain, address, thread:ID or label:NAME that is never stored; may be repeated."))] = None,
    layout: Annotated[str | None, typer.Option("--layout", metavar="NAME|FILE", help=_("Read tables by this layout."))] = None,
    between_others: Annotated[bool, typer.Option("--between-others", help=_("Keep what happens between two others."))] = False,
    strict: Annotated[bool, typer.Option("--strict", help=_("Exit with 1 when there was any problem."))] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="LEDGER", help=_("The ledger to write, or to add to when it exists."))] = None,
) -> None:
    from evenwicht.engines.reading import Settings, exclusions
    from evenwicht.ledger import table

    settings = Settings(us=tuple(us or ()), me=_me(me), exclude=exclusions(exclude or ()), layout=layout,
                        between_others=between_others)
    into = None
    if output is not None and output.exists():
        into, stored = table.read(output)
        _tell_problems(stored, None)
    report = _read_with_progress(paths, settings, into, output)
    if output is not None:
        table.write(report.ledger, output)
    _tell_reading(report)
    _tell_problems(report.problems, output)
    _tell_needs(report.ledger)
    if output is not None:
        say("Written to {path}. Next: evenwicht assess {path}", path=output)
    else:
        from evenwicht.ledger.notation import written

        for event in _events(report.ledger):
            typer.echo(written(event))
    if strict and report.problems:
        raise typer.Exit(1)


BIG_MAIL = 400_000_000
"""Bytes of mail from which the newest year is read and judged first: about a minute of reading on one core."""


def _read_with_progress(paths: Sequence[str], settings: Any, into: Ledger | None, output: Path | None) -> Report:
    from evenwicht.engines import reading
    from evenwicht.ledger import table

    total = reading.size_of(paths)
    now = datetime.now(UTC)
    with Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=said,
                  transient=True, disable=not said.is_terminal) as progress:
        task = progress.add_task(_("Reading"), total=total)

        def advance(label: str, count: int) -> None:
            progress.update(task, advance=count, description=label[-40:])

        if total < BIG_MAIL:
            return reading.read(paths, settings, into=into, now=now, advance=advance)
        newest = reading.newest_year(paths, now)
        if newest is None:
            return reading.read(paths, settings, into=into, now=now, advance=advance)
        first = reading.read(paths, settings, into=into, now=now, advance=advance, since=newest)
        if output is not None:
            table.write(first.ledger, output)
        _tell_first_verdicts(first.ledger)
        progress.update(task, completed=0)
        return reading.read(paths, settings, into=first.ledger, now=now, advance=advance, before=newest)


def _tell_first_verdicts(ledger: Ledger) -> None:
    from evenwicht.engines.local import assess as judge
    from evenwicht.reports.formats import table as form

    say("First verdicts, from the newest year; the rest follows.")
    try:
        form.write(judge(ledger, today=datetime.now(UTC).date()), said.file, language=LANGUAGE)
    except WrongCall as error:
        said.print(spoken(error.phrase, LANGUAGE), markup=False)


@app.command(help=_("Show the events of a ledger, one a line.\n\nExample: evenwicht show ledger.parquet --between birch.nl acme.com"))
def show(
    ledger: LedgerPath,
    between: Annotated[tuple[str, str] | None, typer.Option("--between", metavar="A B", help=_("Only what happened between these two."))] = None,
) -> None:
    import polars as pl

    from evenwicht.ledger.notation import written

    book = _ledger(ledger)
    if between is not None:
        one, other = (_party(book, text) for text in between)
        pair = [one, other]
        book = book.with_events(book.events.filter(pl.col("giver").is_in(pair) & pl.col("receiver").is_in(pair)))
    for event in _events(book):
        typer.echo(written(event))


@app.command(help=_("List the parties of a ledger, or change who is who.\n\nExample: evenwicht parties ledger.parquet --merge acme.com name:acme-nv"))
def parties(
    ledger: LedgerPath,
    suggest: Annotated[bool, typer.Option("--suggest", help=_("Show parties whose names look alike."))] = False,
    merge: Annotated[tuple[str, str] | None, typer.Option("--merge", metavar="A B", help=_("A and B are one party."))] = None,
    split: Annotated[str | None, typer.Option("--split", metavar="A", help=_("Take the identifier A out of its party."))] = None,
    rename: Annotated[tuple[str, str] | None, typer.Option("--rename", metavar="A NAME", help=_("Call party A by this name."))] = None,
    business: Annotated[str | None, typer.Option("--business", metavar="A", help=_("The free-mail address A is a business."))] = None,
    undo: Annotated[bool, typer.Option("--undo", help=_("Take back the last decision."))] = False,
) -> None:
    from evenwicht.ledger import table
    from evenwicht.ledger.parties import Decision, suggestions
    from evenwicht.ledger.resolve import again

    book = _ledger(ledger)
    decisions = list(book.decisions)
    if not any(decision.operation == "us" for decision in decisions) and book.us is not None:
        decisions.insert(0, Decision("us", (book.us,)))
    asked = sum(bool(choice) for choice in (suggest, merge, split, rename, business, undo))
    if asked > 1:
        raise WrongCall("Choose one of --suggest, --merge, --split, --rename, --business and --undo.")
    if suggest:
        for one, other, likeness in suggestions(book.parties):
            typer.echo(f"{one}\t{other}\t{likeness:.0f}")
        return
    if undo:
        mine = [decision for decision in decisions if decision.operation != "us"]
        if not mine:
            raise WrongCall("There is no decision about parties to undo.")
        decisions.remove(mine[-1])
    elif merge:
        decisions.append(Decision("merge", tuple(_identifier(book, text) for text in merge)))
    elif split:
        decisions.append(Decision("split", (_identifier(book, split),)))
    elif rename:
        decisions.append(Decision("rename", (_identifier(book, rename[0]),), rename[1]))
    elif business:
        decisions.append(Decision("business", (_identifier(book, business),)))
    else:
        _list_parties(book)
        return
    done = again(book, decisions)
    table.write(done.ledger, ledger)
    say("Done. {path} now holds {count} parties.", path=ledger, count=len(done.ledger.parties))


@app.command(help=_("Record a norm both sides agreed on for one axis: what the first side gives, then the second.\n\n"
                    "Example: evenwicht norm ledger.parquet birch.nl acme.com words 65/35 --from 2026-01-01"))
def norm(
    ledger: LedgerPath,
    a: Annotated[str, typer.Argument(metavar="A", help=_("The side whose share stands first."))],
    b: Annotated[str, typer.Argument(metavar="B", help=_("The other side."))],
    axis: Annotated[str, typer.Argument(metavar="AXIS", help=_("The axis, for example words."))],
    share: Annotated[str, typer.Argument(metavar="65/35", help=_("What A gives, and what B gives."))],
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help=_("From which day it holds; default: from the beginning."))] = None,
) -> None:
    import polars as pl

    from evenwicht import registry
    from evenwicht.ledger import table
    from evenwicht.ledger.events import Event
    from evenwicht.ledger.table import frame_of, in_order

    book = _ledger(ledger)
    axes = registry.members("evenwicht.measures.axes")
    if axis not in axes:
        raise WrongCall("{axis} is not an axis. Choose one of: {known}.", axis=axis, known=", ".join(axes))
    part = _share(share)
    one, other = _party(book, a), _party(book, b)
    start = _day(since, "--from") if since else book.events["at"].min().date()  # type: ignore[union-attr]
    at = datetime(start.year, start.month, start.day, tzinfo=UTC)
    number = book.events.filter(pl.col("kind") == "norm").height + 1
    row = Event(f"norm:{axis}:{number}", at, one, other, "norm", part, "share", thread=axis)
    table.write(book.with_events(in_order(pl.concat([book.events, frame_of([row]).select(book.events.columns)]))), ledger)
    say("The norm for {axis} is {share} from {day}: {a} gives the first part, {b} the second.", axis=axis, share=share, day=start,
        a=one, b=other)


@app.command(help=_("Judge every relation of a ledger.\n\nExample: evenwicht assess ledger.parquet --until 2026-06-30 --format json -o verdicts.json"))
def assess(
    ledger: LedgerPath,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help=_("The last day that counts; default: the day of the latest event."))] = None,
    learn: Annotated[bool, typer.Option("--learn", help=_("Learn the parameters from this portfolio; for one's own eyes only."))] = False,
    parameters: Annotated[Path | None, typer.Option("--parameters", metavar="FILE", help=_("A parameter set of one's own."))] = None,
    private: Annotated[bool, typer.Option("--private", help=_("Count facts the other side does not share, too."))] = False,
    engine: Annotated[str, typer.Option("--engine", metavar="local", help=_("How it is run."))] = "local",
    form: Annotated[str, typer.Option("--format", metavar="table|json|csv|parquet|html", help=_("Form of the result."))] = "table",
    lang: Lang = LANGUAGE,
    output: Output = None,
) -> None:
    if engine != "local":
        raise WrongCall("The engine {engine} is not there. Choose: local.", engine=engine)
    if learn and parameters is not None:
        raise WrongCall("Choose --learn or --parameters, not both.")
    found = _assessed(_ledger(ledger), until, parameters, private=private, learning=learn)
    _write(found, form, output, lang, chair=found.us, between=None, one=False)


@app.command(help=_("Show one relation, from the chair of either side.\n\nExample: evenwicht report ledger.parquet birch.nl acme.com --chair acme.com --format html -o acme.html"))
def report(
    ledger: LedgerPath,
    a: Annotated[str, typer.Argument(metavar="A", help=_("One side."))],
    b: Annotated[str, typer.Argument(metavar="B", help=_("The other side."))],
    chair: Annotated[str | None, typer.Option("--chair", metavar="A", help=_("From whose chair it is seen; the content is the same."))] = None,
    lang: Lang = LANGUAGE,
    form: Annotated[str, typer.Option("--format", metavar="text|html", help=_("Form of the result."))] = "text",
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help=_("The last day that counts; default: the day of the latest event."))] = None,
    output: Output = None,
) -> None:
    book = _ledger(ledger)
    found = _assessed(book, until, None, private=False, learning=False)
    seen = found.between(a, b)
    if chair is not None:
        seen = seen.seen_from(chair)
    elif found.us in {seen.a, seen.b}:
        seen = seen.seen_from(str(found.us))
    _write(found, form, output, lang, chair=seen.chair, between=(seen.a, seen.b), one=True)


@app.command(help=_("Read the examples and show what is found, in the terminal and as a page."))
def demo(
    examples: Annotated[Path, typer.Option("--examples", metavar="DIR", help=_("The folder with the example files."))] = Path("examples"),
    lang: Lang = LANGUAGE,
) -> None:
    from evenwicht.engines.demonstration import read_examples
    from evenwicht.ledger import table
    from evenwicht.reports.formats import html
    from evenwicht.reports.formats import table as form

    if not examples.is_dir():
        raise FileMissing("{path} does not exist. Run the demo in the project's folder, or name the examples with --examples.", path=examples)
    say("Reading the files of a small supplier and a dozen partners in {path} …", path=examples)
    gathered = read_examples(examples)
    _tell_reading(gathered)
    folder = home()
    table.write(gathered.ledger, folder / "demo.parquet")
    found = _assessed(gathered.ledger, None, None, private=False, learning=False)
    form.write(found, sys.stdout, language=lang, chair=found.us)
    page = folder / "demo.html"
    with page.open("w", encoding="utf-8") as target:
        html.write(found, target, language=lang, chair=found.us)
    say("The same as a page, with the events behind every figure: {path}", path=page.resolve())


def _me(path: Path | None) -> Any:
    from evenwicht.ledger import identifiers
    from evenwicht.ledger.mentions import Mention

    if path is None:
        return None
    if not path.is_file():
        raise FileMissing("{path} does not exist. It is a TOML file with names, domains, vat, kvk and ibans of our side.", path=path)
    try:
        stored = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongCall("{path} is not TOML: {reason}.", path=path, reason=error) from None
    makers = {"domains": identifiers.registrable_domain, "addresses": identifiers.of_address, "vat": identifiers.of_vat,
              "kvk": identifiers.of_kvk, "ibans": identifiers.of_iban, "names": identifiers.of_name}
    found: list[str] = []
    for name, make in makers.items():
        values = stored.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            identifier = make(str(value))
            if identifier is None:
                raise WrongCall("{value} under {name} in {path} cannot be read as one of {name}.", value=value, name=name, path=path)
            found.append(identifier)
    if not found:
        raise WrongCall("{path} names nothing of ours. Give at least one of: {known}.", path=path, known=", ".join(makers))
    names = stored.get("names", [])
    return Mention(tuple(dict.fromkeys(found)), str(names[0] if isinstance(names, list) and names else names or ""), own=True)


def _ledger(path: Path) -> Ledger:
    from evenwicht.ledger import table

    book, problems = table.read(path)
    _tell_problems(problems, None)
    return book


def _events(book: Ledger) -> Iterable[Any]:
    from evenwicht.ledger.events import Event

    for row in book.events.iter_rows(named=True):
        yield Event(
            id=row["id"], at=row["at"], giver=row["giver"], receiver=row["receiver"], kind=row["kind"], amount=row["amount"],
            unit=row["unit"], person=row["person"], counter_person=row["counter_person"], thread=row["thread"],
            answers=row["answers"], due=row["due"], shared=row["shared"], evidence=tuple(row["evidence"]))


def _party(book: Ledger, text: str) -> str:
    import polars as pl

    from evenwicht.errors import UnknownParty
    from evenwicht.ledger.parties import find, near

    if book.events.filter((pl.col("giver") == text) | (pl.col("receiver") == text)).height:
        return text
    key = find(book.parties, text)
    if key is None:
        raise UnknownParty("{party} is not a party of this ledger. Did you mean {near}?", party=text,
                           near=", ".join(near(book.parties, text)) or "–")
    return key


def _identifier(book: Ledger, text: str) -> str:
    """An identifier as it stands in the ledger, not the key of its party: decisions are about identifiers."""
    for party in book.parties.values():
        if text in party.identifiers:
            return text
    return _party(book, text)


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongCall("{option} {value} is not a date. Write it as 2026-06-30.", option=option, value=text) from None


def _share(text: str) -> float:
    first, slash, second = text.partition("/")
    try:
        one, other = float(first), float(second)
    except ValueError:
        one = other = -1.0
    if not slash or not (one > 0 and other > 0):
        raise WrongCall("{share} is not a share. Write what the first and the second side give, as 65/35.", share=text)
    return one / (one + other)


def _assessed(book: Ledger, until: str | None, parameters: Path | None, *, private: bool, learning: bool) -> Found:
    from evenwicht.engines.local import assess as judge
    from evenwicht.measures.parameters import ParameterSet

    day = _day(until, "--until") if until is not None else None
    chosen = ParameterSet.load(parameters) if parameters is not None else None
    if learning:
        from evenwicht.engines.learning import learn

        chosen = learn(book, until=day)
    with said.status(_("Judging"), spinner="line") if said.is_terminal else _Silent():
        return judge(book, day, parameters=chosen, private=private, today=datetime.now(UTC).date())


class _Silent:
    def __enter__(self) -> None: ...
    def __exit__(self, *_args: object) -> None: ...


def _write(found: Found, form: str, output: Path | None, lang: str, *, chair: str | None, between: tuple[str, str] | None, one: bool) -> None:
    from evenwicht import registry

    forms = registry.members("evenwicht.reports.formats")
    if lang not in LANGUAGES:
        raise WrongCall("The language {language} is not known. Use one of: {known}.", language=lang, known=", ".join(LANGUAGES))
    fitting = [name for name, module in forms.items() if name == "html" or one == module.ONE_RELATION]
    if form not in fitting:
        raise WrongCall("The format {form} is not there. Choose one of: {known}.", form=form, known=", ".join(fitting))
    module = forms[form]
    if output is None:
        if module.BINARY:
            if sys.stdout.isatty():
                raise WrongCall("{form} is not for the screen. Name a file with -o.", form=form)
            module.write(found, sys.stdout.buffer, language=lang, chair=chair, between=between)
        else:
            module.write(found, sys.stdout, language=lang, chair=chair, between=between)
        return
    beside = output.with_name(output.name + ".part")
    try:
        with beside.open("wb") if module.BINARY else beside.open("w", encoding="utf-8") as target:
            module.write(found, target, language=lang, chair=chair, between=between)
        beside.replace(output)
    except OSError as error:
        raise WrongCall("{path} cannot be written: {reason}.", path=output, reason=error.strerror) from None
    finally:
        beside.unlink(missing_ok=True)
    say("Written to {path}.", path=output)


def _tell_reading(report: Report) -> None:
    counts = ", ".join(f"{name} {count}" for name, count in sorted(report.files.items()))
    say("Read {files} files ({counts}): {events} events, {parties} parties.", files=sum(report.files.values()), counts=counts or "–",
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
        say("{persons} people write from free-mail addresses; they are in no relation until marked as a business "
            "(evenwicht parties --business).", persons=persons)


LISTED = 5


def _tell_problems(problems: Sequence[Problem], output: Path | None) -> None:
    if not problems:
        return
    listed = output.with_name(output.name + ".problems.jsonl") if output is not None else None
    if listed is not None:
        with listed.open("w", encoding="utf-8") as file:
            for problem in problems:
                file.write(json.dumps(problem.as_dict(), ensure_ascii=False) + "\n")
    grave = [problem for problem in problems if problem.severity != "note"]
    for problem in grave[:LISTED]:
        where = ", ".join(part for part in (problem.file, problem.place) if part)
        said.print(f"  {where}: {spoken(problem.what_phrase, LANGUAGE)} {spoken(problem.remedy_phrase, LANGUAGE)}", markup=False)
    if listed is not None:
        say("{count} problems ({notes} of them notes), all listed in {path}", count=len(problems), notes=len(problems) - len(grave),
            path=listed)
    else:
        say("{count} problems, {notes} of them notes.", count=len(problems), notes=len(problems) - len(grave))


MOST_NEEDS = 6


def _tell_needs(book: Ledger) -> None:
    """What is still missing, most useful first: printed last."""
    from evenwicht.engines.local import assess as judge

    try:
        found = judge(book, today=datetime.now(UTC).date())
    except WrongCall:
        return
    if found.needs:
        say("Still needed, most useful first:")
        for need in found.needs[:MOST_NEEDS]:
            said.print(f"  {spoken(need, LANGUAGE)}", markup=False)


def _list_parties(book: Ledger) -> None:
    for key, party in sorted(book.parties.items(), key=lambda item: (item[1].kind, item[0])):
        mark = {"person": _("person, in no relation"), "organisation": ""}[party.kind]
        if key == book.us:
            mark = _("us")
        others = " ".join(alias for alias in party.identifiers if alias != key)
        typer.echo("\t".join((key, party.name if party.name != key else "", mark, others)).rstrip())


def _fault(error: BaseException) -> OwnFault:
    """Write the whole story of a mistake of ours to the log, and give the reference to it."""
    reference = uuid.uuid4().hex[:8]
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=folder / "evenwicht.log", format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("evenwicht").error("reference %s", reference, exc_info=error)
    return OwnFault("Evenwicht made a mistake. What happened is in {log} under {reference}; please report it.",
                    log=folder / "evenwicht.log", reference=reference)


def main() -> None:
    """Run the command line. Exit codes: 0 done · 1 nothing usable, or --strict · 2 wrong call · 3 our own fault."""
    sys.exit(_run())


def _run() -> int:
    try:
        result = app(standalone_mode=False)
    except EvenwichtError as error:
        if isinstance(error, NothingRead):
            _tell_problems([problem for problem in error.problems if hasattr(problem, "as_dict")], None)  # type: ignore[misc]
        said.print(spoken(error.phrase, LANGUAGE), markup=False)
        return error.exit_code
    except click.exceptions.Abort:
        say("Stopped. Nothing was written.")
        return 130
    except click.ClickException as error:
        said.print(_usage(error), markup=False)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        say("Stopped. Nothing was written.")
        return 130
    except Exception as error:  # noqa: BLE001  the border to the person: no traceback ever reaches it
        said.print(spoken(_fault(error).phrase, LANGUAGE), markup=False)
        return OwnFault.exit_code
    return result if isinstance(result, int) else 0


def _usage(error: click.ClickException) -> str:
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx is not None else "evenwicht"
    hint = spoken(Phrase("“{command} --help” shows what it takes.", {"command": command}), LANGUAGE)
    return f"{error.format_message()} {hint}"


if __name__ == "__main__":
    main()
