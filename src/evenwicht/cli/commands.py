"""The commands. Standard output carries only the result; everything else goes to standard error."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from evenwicht import __version__
from evenwicht.cli import serving
from evenwicht.cli.choosing import day_of, events_of, identifier_of, layout_of, ledger_of, me_of, party_of, share_of
from evenwicht.cli.speaking import LANGUAGE, said, say
from evenwicht.cli.speaking import translate as _
from evenwicht.cli.telling import (
    list_parties,
    list_suggestions,
    tell_first_verdicts,
    tell_needs,
    tell_problems,
    tell_reading,
)
from evenwicht.engines.home import home
from evenwicht.errors import FileMissing, WrongCall
from evenwicht.reports.catalogue import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenwicht.engines.reading import Report
    from evenwicht.engines.simulated_files import Made
    from evenwicht.ledger.table import Ledger
    from evenwicht.measures.found import Found
    from evenwicht.simulation.portfolio import Simulated

app = typer.Typer(
    name="evenwicht", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help=_("Measures whether a customer and a supplier are in balance, from both chairs, with honest certainty."),
)

LedgerPath = Annotated[Path, typer.Argument(metavar="LEDGER", help=_("A ledger file, as “read” writes it."))]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help=_("Write here instead of to standard output."))]
Lang = Annotated[str, typer.Option("--lang", metavar="en|nl", help=_("Language of the result."))]


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
    """Read files into a ledger, or add them to one."""
    from evenwicht.engines.reading import Settings, exclusions
    from evenwicht.ledger import table

    settings = Settings(us=tuple(us or ()), me=me_of(me), exclude=exclusions(exclude or ()), layout=layout_of(layout),
                        between_others=between_others)
    into = None
    if output is not None and output.is_dir():
        raise WrongCall("{path} is a folder. Name the ledger file to write, as in -o {path}/ledger.parquet.", path=output)
    if output is not None and output.exists():
        into, stored = table.read(output)
        tell_problems(stored, None)
    report = _read_with_progress(paths, settings, into, output)
    if output is not None:
        table.write(report.ledger, output)
    tell_reading(report)
    tell_problems(report.problems, output)
    if output is not None:
        say("Written to {path}. Next: evenwicht assess {path}", path=output)
    else:
        from evenwicht.ledger.notation import written

        for event in events_of(report.ledger):
            typer.echo(written(event))
    tell_needs(report.ledger, datetime.now(UTC).date())
    if strict and report.problems:
        raise typer.Exit(1)


BIG_MAIL = 100_000_000
"""Bytes from which the newest year of mail is read and judged first: a minute of reading on one core, with small mails."""


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
        tell_first_verdicts(first.ledger, now.date())
        progress.update(task, completed=0)
        return reading.read(paths, settings, into=first.ledger, now=now, advance=advance, before=newest)


@app.command(help=_("Propose a layout for a table that none knows, ask what is open, and write it.\n\n"
                    "Example: evenwicht layout invoices.csv --date \"Date=DMY\" --set due=\"Pay by\" --yes"))
def layout(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("A table: CSV, TSV or XLSX."))],
    fields: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=COLUMN", help=_("The column of a field, by its head or number; FIELD=- for none; may be repeated."))] = None,
    dates: Annotated[list[str] | None, typer.Option("--date", metavar="COLUMN=DMY|MDY|ISO", help=_("How days stand in a column; may be repeated."))] = None,
    decimals: Annotated[list[str] | None, typer.Option("--decimal", metavar="COLUMN=,|.", help=_("The decimal mark of a column; may be repeated."))] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help=_("log, receivable, payable, invoices, payments, deliveries, tickets or meetings."))] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Accept the proposal; what is open is still asked, or refused where nobody can be asked."))] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="NAME.toml", help=_("The layout to write; default: named after the table, in EVENWICHT_HOME/layouts."))] = None,
) -> None:
    """Propose a layout for an unknown table, and write what was accepted."""
    from evenwicht.cli.layouts import Options, make_layout

    make_layout(path, Options(kind, fields or (), dates or (), decimals or ()), output, datetime.now(UTC), yes=yes)


@app.command(help=_("Show the events of a ledger, one a line.\n\nExample: evenwicht show ledger.parquet --between birch.nl acme.com"))
def show(
    ledger: LedgerPath,
    between: Annotated[tuple[str, str] | None, typer.Option("--between", metavar="A B", help=_("Only what happened between these two."))] = None,
) -> None:
    """Print the events of a ledger."""
    import polars as pl

    from evenwicht.ledger.notation import written

    book = ledger_of(ledger)
    if between is not None:
        one, other = (party_of(book, text) for text in between)
        pair = [one, other]
        book = book.with_events(book.events.filter(pl.col("giver").is_in(pair) & pl.col("receiver").is_in(pair)))
    for event in events_of(book):
        typer.echo(written(event))


@app.command(help=_("List the parties of a ledger, or change who is who.\n\nExample: evenwicht parties ledger.parquet --merge acme.com name:acme-nv"))
def parties(
    ledger: LedgerPath,
    children: Annotated[list[str] | None, typer.Argument(metavar="[CHILD...]", help=_("With --group: the subsidiaries."))] = None,
    suggest: Annotated[bool, typer.Option("--suggest", help=_("Show who may be one party or one group, why, and what to type to accept it."))] = False,
    merge: Annotated[tuple[str, str] | None, typer.Option("--merge", metavar="A B", help=_("A and B are one party."))] = None,
    split: Annotated[str | None, typer.Option("--split", metavar="A", help=_("Take the identifier A out of its party."))] = None,
    rename: Annotated[tuple[str, str] | None, typer.Option("--rename", metavar="A NAME", help=_("Call party A by this name."))] = None,
    business: Annotated[str | None, typer.Option("--business", metavar="A", help=_("The free-mail address A is a business."))] = None,
    group: Annotated[str | None, typer.Option("--group", metavar="PARENT", help=_("PARENT is the parent of the parties named after it."))] = None,
    ungroup: Annotated[str | None, typer.Option("--ungroup", metavar="A", help=_("A has no parent any more."))] = None,
    apart: Annotated[tuple[str, str] | None, typer.Option("--apart", metavar="A B", help=_("A and B are two parties: do not suggest them again."))] = None,
    undo: Annotated[bool, typer.Option("--undo", help=_("Take back the last decision."))] = False,
) -> None:
    """List the parties, or decide who is who."""
    from evenwicht.ledger import table
    from evenwicht.ledger.groups import grouped, ungrouped
    from evenwicht.ledger.parties import Decision
    from evenwicht.ledger.resolve import again

    book = ledger_of(ledger)
    decisions = list(book.decisions)
    if not any(decision.operation == "us" for decision in decisions) and book.us is not None:
        decisions.insert(0, Decision("us", (book.us,)))
    asked = sum(bool(choice) for choice in (suggest, merge, split, rename, business, group, ungroup, apart, undo))
    if asked > 1:
        raise WrongCall("Choose one of --suggest, --merge, --split, --rename, --business, --group, --ungroup, --apart and --undo.")
    if bool(children) != bool(group):
        raise WrongCall("Name a parent and its subsidiaries, as in --group acme.com acme.nl acme.de.")
    if suggest:
        list_suggestions(book, ledger)
        return
    if undo:
        if all(decision.operation == "us" for decision in decisions):
            raise WrongCall("There is no decision about parties to undo.")
        del decisions[max(place for place, decision in enumerate(decisions) if decision.operation != "us")]
    elif merge:
        decisions.append(Decision("merge", tuple(identifier_of(book, text) for text in merge)))
    elif split:
        decisions.append(Decision("split", (identifier_of(book, split),)))
    elif rename:
        decisions.append(Decision("rename", (identifier_of(book, rename[0]),), rename[1]))
    elif business:
        decisions.append(Decision("business", (identifier_of(book, business),)))
    elif group:
        decisions.append(grouped(book, identifier_of(book, group), [identifier_of(book, text) for text in children or ()]))
    elif ungroup:
        decisions.append(ungrouped(book, identifier_of(book, ungroup)))
    elif apart:
        decisions.append(Decision("apart", tuple(identifier_of(book, text) for text in apart)))
    else:
        list_parties(book)
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
    """Record a norm that both sides agreed."""
    import polars as pl

    from evenwicht import registry
    from evenwicht.ledger import table
    from evenwicht.ledger.events import Event
    from evenwicht.ledger.table import frame_of, in_order

    book = ledger_of(ledger)
    axes = registry.members("evenwicht.measures.axes")
    if axis not in axes:
        raise WrongCall("{axis} is not an axis. Choose one of: {known}.", axis=axis, known=", ".join(axes))
    part = share_of(share)
    one, other = party_of(book, a), party_of(book, b)
    start = day_of(since, "--from") if since else book.events["at"].min().date()  # type: ignore[union-attr]
    at = datetime(start.year, start.month, start.day, tzinfo=UTC)
    if one == other:
        raise WrongCall("A norm is between two parties; {a} and {b} are the same one.", a=a, b=b)
    number = book.events.filter(pl.col("kind") == "norm").height + 1
    row = Event(f"norm:{axis}:{number:06}", at, one, other, "norm", part, "share", thread=axis)
    table.write(book.with_events(in_order(pl.concat([book.events, frame_of([row]).select(book.events.columns)]))), ledger)
    say("The norm for {axis} is {share} from {day}: {a} gives the first part, {b} the second.", axis=axis, share=share, day=start,
        a=one, b=other)


@app.command(help=_("Judge every relation of a ledger.\n\nExample: evenwicht assess ledger.parquet --until 2026-06-30 --format json -o verdicts.json"))
def assess(
    ledger: LedgerPath,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help=_("The last day that counts; default: the day of the latest message, talk, invoice, payment, delivery or order."))] = None,
    learn: Annotated[bool, typer.Option("--learn", help=_("Learn the parameters from this portfolio; for one's own eyes only."))] = False,
    parameters: Annotated[Path | None, typer.Option("--parameters", metavar="FILE", help=_("A parameter set of one's own."))] = None,
    private: Annotated[bool, typer.Option("--private", help=_("Count facts the other side does not share, too."))] = False,
    roll_up: Annotated[bool, typer.Option("--roll-up", help=_("Judge a parent and its subsidiaries as one party."))] = False,
    explain: Annotated[bool, typer.Option("--explain", help=_("Say which events carry each verdict that leans: each is left out, and the axis judged again."))] = False,
    engine: Annotated[str, typer.Option("--engine", metavar="local", help=_("How it is run."))] = "local",
    form: Annotated[str, typer.Option("--format", metavar="table|json|csv|parquet|html", help=_("Form of the result."))] = "table",
    lang: Lang = LANGUAGE,
    output: Output = None,
) -> None:
    """Judge every relation."""
    if engine != "local":
        raise WrongCall("The engine {engine} is not there. Choose: local.", engine=engine)
    if learn and parameters is not None:
        raise WrongCall("Choose --learn or --parameters, not both.")
    if explain and form not in {"table", "json"}:
        raise WrongCall("--explain goes with --format table or json, not with {form}.", form=form)
    found = _assessed(ledger_of(ledger), until, parameters, private=private, learning=learn, roll_up=roll_up)
    _write(found, form, output, lang, chair=found.us, between=None, one=False, **({"explain": True} if explain else {}))


@app.command(help=_("Show one relation, from the chair of either side.\n\nExample: evenwicht report ledger.parquet birch.nl acme.com --chair acme.com --format html -o acme.html"))
def report(
    ledger: LedgerPath,
    a: Annotated[str, typer.Argument(metavar="A", help=_("One side."))],
    b: Annotated[str, typer.Argument(metavar="B", help=_("The other side."))],
    chair: Annotated[str | None, typer.Option("--chair", metavar="A", help=_("From whose chair it is seen; the content is the same."))] = None,
    lang: Lang = LANGUAGE,
    form: Annotated[str, typer.Option("--format", metavar="text|html", help=_("Form of the result."))] = "text",
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help=_("The last day that counts; default: the day of the latest message, talk, invoice, payment, delivery or order."))] = None,
    output: Output = None,
) -> None:
    """Show one relation from one chair."""
    book = ledger_of(ledger)
    found = _assessed(book, until, None, private=False, learning=False)
    seen = found.between(a, b)
    if chair is not None:
        seen = seen.seen_from(chair)
    elif found.us in {seen.a, seen.b}:
        seen = seen.seen_from(str(found.us))
    _write(found, form, output, lang, chair=seen.chair, between=(seen.a, seen.b), one=True)


@app.command(help=_("Draw a portfolio of which the truth is known: a ledger, and beside it what nobody could see.\n\n"
                    "Example: evenwicht simulate --relations 500 --weeks 156 --seed 7 --shape gusty --with events=4 -o drawn/"))
def simulate(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help=_("The folder to write ledger.parquet, truth.parquet and around.parquet into."))],
    relations: Annotated[int, typer.Option("--relations", metavar="N", help=_("How many relations."))] = 100,
    weeks: Annotated[int, typer.Option("--weeks", metavar="T", help=_("How many weeks, the last of them ending on the last Sunday of June 2026."))] = 156,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help=_("The same seed gives the same portfolio."))] = 1,
    shape: Annotated[str, typer.Option("--shape", metavar="NAME", help=_("mixed, thin, gusty, shifty, quiet, bursty or usual."))] = "usual",
    parameters: Annotated[list[str] | None, typer.Option("--with", metavar="NAME=VALUE", help=_("Another value for a parameter of the world; may be repeated."))] = None,
    files: Annotated[bool, typer.Option("--files", help=_("Write it as mail, agenda, transcripts, documents, bank statements and tables too, in DIR/files."))] = False,
) -> None:
    """Draw a portfolio with known truth."""
    from evenwicht.cli.choosing import numbers_of
    from evenwicht.simulation import portfolio

    made = portfolio.simulate(relations, weeks, seed, shape, **numbers_of(parameters or ()))
    written = _files_of(made, output) if files else None
    try:
        portfolio.write(made, output)
    except OSError as error:
        raise WrongCall("{path} cannot be written: {reason}.", path=output, reason=error.strerror) from None
    say("{relations} relations and {events} events over {weeks} weeks are in {path}; judge them with “evenwicht assess {ledger}”.",
        relations=relations, events=len(made.ledger), weeks=weeks, path=output, ledger=output / "ledger.parquet")
    if written is None:
        return
    say("{count} files are in {folder}; read them with “evenwicht read {folder} --me {me} -o {ledger}”.",
        count=written.files, folder=written.folder, me=written.me, ledger=output / "read.parquet")
    for kind, count in sorted(written.left.items()):
        say("{count} events of kind {kind} fit in none of these files.", count=count, kind=kind)


def _files_of(made: Simulated, output: Path) -> Made:
    from evenwicht.engines.simulated_files import write_files

    with said.status(_("Writing files"), spinner="line") if said.is_terminal else nullcontext() as status:
        return write_files(made, output, advance=lambda name: status.update(name) if status is not None else None)


@app.command(help=_("Read the examples and show what is found, in the terminal and as a page."))
def demo(
    examples: Annotated[Path, typer.Option("--examples", metavar="DIR", help=_("The folder with the example files."))] = Path("examples"),
    lang: Lang = LANGUAGE,
    serve: Annotated[bool, typer.Option("--serve", help=_("Serve them as the web application too, until Ctrl-C; what was read before is not read again."))] = False,
) -> None:
    """Read and judge the examples; serve them."""
    if not serve:
        _demo(examples, lang, again=True)
        return
    with serving.demonstration() as stay:
        stay(_demo(examples, lang, again=False))


def _demo(examples: Path, lang: str, *, again: bool) -> Path:
    """Show what is found in the examples, in the terminal and as a page; the ledger file they were read into."""
    from evenwicht.engines.demonstration import read_examples
    from evenwicht.ledger import table
    from evenwicht.reports.formats import html
    from evenwicht.reports.formats import table as form

    if not examples.is_dir():
        raise FileMissing("{path} does not exist. Run the demo in the project's folder, or name the examples with --examples.", path=examples)
    folder = home()
    kept = folder / "demo.parquet"
    if again or not kept.is_file() or kept.stat().st_mtime <= max(path.stat().st_mtime for path in examples.rglob("*")):
        say("Reading the files of a small supplier and a dozen partners in {path} …", path=examples)
        gathered = read_examples(examples)
        tell_reading(gathered)
        table.write(gathered.ledger, kept)
        book = gathered.ledger
    else:
        book = ledger_of(kept)
    found = _assessed(book, None, None, private=False, learning=False)
    form.write(found, sys.stdout, language=lang, chair=found.us)
    page = folder / "demo.html"
    with page.open("w", encoding="utf-8") as target:
        html.write(found, target, language=lang, chair=found.us)
    say("The same as a page, with the events behind every figure: {path}", path=page.resolve())
    return kept


serving.add_to(app)


def _assessed(
    book: Ledger, until: str | None, parameters: Path | None, *, private: bool, learning: bool, roll_up: bool = False,
) -> Found:
    from evenwicht.engines.local import assess as judge
    from evenwicht.ledger.groups import rolled_up
    from evenwicht.measures.parameters import ParameterSet

    day = day_of(until, "--until") if until is not None else None
    chosen = ParameterSet.load(parameters) if parameters is not None else None
    book = rolled_up(book) if roll_up else book
    if learning:
        from evenwicht.engines.learning import learn

        chosen = learn(book, until=day)
    with said.status(_("Judging"), spinner="line") if said.is_terminal else nullcontext():
        return judge(book, day, parameters=chosen, private=private, today=datetime.now(UTC).date())


def _write(found: Found, form: str, output: Path | None, lang: str, *, chair: str | None, between: tuple[str, str] | None, one: bool, **more: bool) -> None:
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
            module.write(found, sys.stdout.buffer, language=lang, chair=chair, between=between, **more)
        else:
            module.write(found, sys.stdout, language=lang, chair=chair, between=between, **more)
        return
    beside = output.with_name(output.name + ".part")
    try:
        with beside.open("wb") if module.BINARY else beside.open("w", encoding="utf-8") as target:
            module.write(found, target, language=lang, chair=chair, between=between, **more)
        beside.replace(output)
    except OSError as error:
        raise WrongCall("{path} cannot be written: {reason}.", path=output, reason=error.strerror) from None
    finally:
        beside.unlink(missing_ok=True)
    say("Written to {path}.", path=output)
