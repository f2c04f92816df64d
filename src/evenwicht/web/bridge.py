"""The only door between rows of the database and the numbers: files in, a result out, a stored result back onto a page.

Everything that knows Polars is here. What goes in and comes out are paths, plain values and markup.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.engines import reading
from evenwicht.engines.local import assess
from evenwicht.errors import NothingRead, WrongCall
from evenwicht.ledger import table
from evenwicht.ledger.parties import Decision
from evenwicht.ledger.resolve import raw_rows, resolve
from evenwicht.ledger.suggestions import suggested
from evenwicht.measures import loops
from evenwicht.measures.changes import changes
from evenwicht.measures.contacts import contact_changes
from evenwicht.measures.found import KINDS_OF_AXIS_EVENTS
from evenwicht.measures.turns import mover
from evenwicht.measures.weeks import end_of
from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say
from evenwicht.reports.pages import evidence, portfolio, relation
from evenwicht.reports.pages.seen import Seen, Served, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from evenwicht.ledger.problems import Problem
    from evenwicht.ledger.table import Ledger
    from evenwicht.measures.found import Found
    from evenwicht.phrase import Phrase
    from evenwicht.reports.pictures.element import Markup

SHOWN_EVENTS = ("id", "at", "giver", "receiver", "kind", "amount", "unit", "thread", "answers", "due", "evidence")
"""Columns of an event that a page shows. People, also as pseudonyms, are not among them."""


# 1. files → a ledger file ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of an import.

    fault   why nothing was read; None where something was
    """

    events: int
    files: list[dict[str, Any]]
    told: dict[str, Any]
    problems: Sequence[Problem]
    fault: Phrase | None = None


def read_files(
    paths: Sequence[Path], target: Path, *, us: Sequence[str], exclude: Sequence[str], now: datetime,
    advance: Callable[[str, int], None], layout: str | None = None,
) -> Brought:
    """Read files into a ledger file of their own. What was wrong is a value, also where nothing could be read."""
    sizes: Counter[str] = Counter()

    def advanced(label: str, count: int) -> None:
        sizes[label] += count
        advance(label, count)

    settings = reading.Settings(us=tuple(us), exclude=reading.exclusions(exclude), layout=layout)
    try:
        report = reading.read(paths, settings, now=now, advance=advanced)
    except NothingRead as error:
        return Brought(0, _files(sizes, {}, error.problems), {"unknown": unknown_tables(error.problems)}, error.problems, error.phrase)
    except WrongCall as error:
        return Brought(0, _files(sizes, {}, ()), {}, (), error.phrase)
    table.write(report.ledger, target)
    told = {"importers": dict(report.files), "internal": report.internal, "between_others": report.between_others,
            "parties": len(report.ledger.parties),
            "people": sum(party.kind == "person" for party in report.ledger.parties.values()), "unknown": unknown_tables(report.problems)}
    return Brought(len(report.ledger), _files(sizes, _events_of_files(report.ledger), report.problems), told, report.problems)


UNKNOWN = "No layout knows this table. Its columns are: {columns}."


def unknown_tables(problems: Sequence[Problem]) -> list[str]:
    """The labels of tables that no layout knew: a person can say what they are."""
    return sorted({problem.file for problem in problems if problem.what == UNKNOWN})


def _events_of_files(ledger: Ledger) -> dict[str, int]:
    """How many events each file gave, by its label."""
    counted = ledger.events.select(pl.col("evidence").list.first().str.split("#").list.first().alias("file")).drop_nulls()
    return dict(counted.group_by("file").len().iter_rows())


def files_of(path: Path) -> list[dict[str, Any]]:
    """The files a ledger was read from, as an import lists them."""
    return _files({}, _events_of_files(table.read(path)[0]), ())


def _files(sizes: Mapping[str, int], events: Mapping[str, int], problems: Sequence[Problem]) -> list[dict[str, Any]]:
    wrong = Counter(problem.file for problem in problems if problem.severity != "note")
    return [{"label": label, "size": sizes.get(label, 0), "events": events.get(label, 0), "problems": wrong.get(label, 0)}
            for label in sorted({*sizes, *events})]


def kept(ledger: Ledger, path: Path) -> None:
    """Write a ledger file."""
    table.write(ledger, path)


def ledger_at(path: Path) -> Ledger:
    """The ledger in a file."""
    return table.read(path)[0]


# 2. ledger files → one ledger → a result ------------------------------------------------------------------------------


def combined(paths: Sequence[Path], *, us: Sequence[str], decisions: Sequence[Mapping[str, Any]]) -> Ledger | None:
    """One ledger from those of all imports that hold, as if all their files had been read together. None without any row."""
    books = [table.read(path)[0] for path in paths]
    books = [book for book in books if len(book) or book.set_aside is not None]
    if not books:
        return None
    made = [Decision("us", tuple(us)), *(Decision.from_dict(dict(one)) for one in decisions)]
    coverage = None if any(book.coverage is None for book in books) else [entry for book in books for entry in book.coverage or ()]
    done = resolve(pl.concat([raw_rows(book) for book in books]), mentions={one for book in books for one in book.mentions},
                   decisions=made, coverage=coverage, us=us[0] if us else None)
    return done.ledger


def events_in(path: Path) -> int:
    """Rows of a ledger file."""
    return int(pl.scan_parquet(path).select(pl.len()).collect().item()) if path.is_file() else 0


def judged(ledger: Ledger, *, today: date, until: date | None = None, advance: Callable[[str], None] = lambda _: None) -> Found | None:
    """What is found in a ledger; None where it holds no event between two parties yet."""
    try:
        return assess(ledger, until, today=today, advance=advance)
    except WrongCall:
        return None


# 3. a result → rows ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """A relation as it is stored: the columns of `Relation` and of `Detail`, without the snapshot."""

    relation: tuple[Any, ...]
    detail: tuple[Any, ...]


RELATION_COLUMNS = ("a", "b", "a_name", "b_name", "search", "verdict", "rank", "certainty", "events", "last", "speed", "name", "result",
                    "turn", "lean", "moves", "axes", "lacking")
DETAIL_COLUMNS = ("a", "b", "history", "events", "contacts", "loops")


MOST_SUGGESTIONS = 100


def summary(found: Found, us: str) -> dict[str, Any]:
    """The columns of a snapshot."""
    parties = [
        {"key": key, "name": party.name, "kind": party.kind, "identifiers": list(party.identifiers), "us": key == us}
        for key, party in sorted(found.ledger.parties.items(), key=lambda item: (item[1].kind, item[1].name.casefold()))
    ]
    return {
        "until": found.until, "us": us, "us_name": words.name_of(us, found.names), "events": len(found.ledger),
        "expected_wrong": found.expected_wrong, "needs": [str(need) for need in found.needs], "parameters": dict(found.parameters),
        "parties": parties,
        "suggestions": [
            {"kind": one.kind, "one": one.one, "other": one.other, "likeness": round(one.likeness),
             "reasons": [{"template": reason.template, "values": {name: str(value) for name, value in reason.values.items()}} for reason in one.reasons]}
            for one in suggested(found.ledger)[:MOST_SUGGESTIONS]],
    }


def pairs(found: Found, us: str) -> Iterator[Pair]:
    """Every relation of a result, ready to be stored."""
    result = found.as_dict()
    weeks = _by_pair(found.history)
    shared = found.ledger.events.filter(pl.col("shared") & (pl.col("at").dt.date() <= found.until)).with_columns(
        a=pl.min_horizontal("giver", "receiver"), b=pl.max_horizontal("giver", "receiver"))
    events = _by_pair(shared)
    people = _identifiers(found)
    turns = found.turns_by_pair()
    for one in result["relations"]:
        a, b = one["a"], one["b"]
        turn = turns.get((a, b))
        view = _plain(one, found.names, us, "en", found.until, turn=turn)
        rank, certainty, *_ = portfolio.attention(view)
        mine = events.get((a, b))
        changes = []
        if mine is not None and mine["person"].null_count() < mine.height:
            changes = contact_changes(mine.drop("a", "b"), found.until, found.ledger.coverage).to_dicts()
        other = portfolio.other_name(view)
        yield Pair(
            (a, b, words.name_of(a, found.names), words.name_of(b, found.names),
             " ".join([other, *people.get(a if b == us else b, ())]).casefold(), one["verdict"], rank, -certainty, one["events"],
             one["last"], numbers.finite(one["speed"].get("ratio")), other.casefold()[:255], json.dumps(one, ensure_ascii=False), _side(mover(turn), us), _lean(one, us),
             "" if turn is None else json.dumps({name: str(value) if isinstance(value, date) else value for name, value in turn.items()}),
             "".join(f"|{axis['axis']}" for axis in one["axes"] if axis["verdict"] in LEANING)[:159] + "|", _lacking(one)),
            (a, b, _packed(weeks.get((a, b), found.history.clear()).drop("a", "b", strict=False)),
             _packed(shared.clear().select(SHOWN_EVENTS) if mine is None else mine.select(SHOWN_EVENTS)),
             json.dumps([{name: str(value) if isinstance(value, date) else value for name, value in change.items()} for change in changes]),
             json.dumps(loops.told(found.loops.get((a, b), {})))),
        )


LEANING = ("structural", "undecided", "temporary")


def _side(key: str | None, us: str) -> str:
    """A party as a column says it: us, them, both, or empty for nobody."""
    return "" if not key else key if key == "both" else "us" if key == us else "them"


def _lean(one: Mapping[str, Any], us: str) -> str:
    if one["verdict"] not in LEANING:
        return ""
    return "both" if one.get("both_ways") else _side(one.get("toward"), us)


def _lacking(one: Mapping[str, Any]) -> str:
    needs = dict.fromkeys(str(need) for axis in one["axes"] if axis["verdict"] == "too_little_data" for need in axis.get("needs") or ())
    return "".join(f"\n{need}" for need in needs) + "\n" if needs else ""


def _identifiers(found: Found) -> dict[str, tuple[str, ...]]:
    return {key: (key, *party.identifiers, *party.aliases) for key, party in found.ledger.parties.items()}


def _by_pair(frame: pl.DataFrame) -> dict[tuple[Any, ...], pl.DataFrame]:
    return frame.partition_by("a", "b", as_dict=True) if frame.height else {}


def _packed(frame: pl.DataFrame) -> bytes:
    file = BytesIO()
    frame.with_columns(pl.col(pl.Categorical).cast(pl.String)).write_ipc(file, compression="zstd", compat_level=pl.CompatLevel.oldest())
    return file.getvalue()


def months(found: Found) -> Iterator[tuple[str, str, str, str, float | None]]:
    """What is said of each relation, in short: a, b, verdict, toward whom, probability."""
    for row in found.relations.iter_rows(named=True):
        yield row["a"], row["b"], row["verdict"], row["toward"] or "", numbers.finite(row["probability"])


# 4. rows → pages ------------------------------------------------------------------------------------------------------


def _plain(
    one: Mapping[str, Any], names: Mapping[str, str], us: str, language: str, until: date, served: Served | None = None,
    turn: Mapping[str, Any] | None = None,
) -> Seen:
    return replace(seen(one, us, names=names, language=language, until=until, us=us, place=""), served=served, turn=turn)


@dataclass(frozen=True, slots=True)
class Stored:
    """A relation out of the database: its result, the names of both sides, the addresses of its pages, whose turn it is."""

    result: Mapping[str, Any]
    names: Mapping[str, str]
    served: Served
    turn: Mapping[str, Any] | None = None


def overview(relations: Sequence[Stored], *, us: str, language: str, until: date, expected_wrong: float, needs: Sequence[str], address: str) -> str:
    """What stands above the table: counts, what to look at first, short against long term."""
    views = sorted((_plain(one.result, one.names, us, language, until, one.served, one.turn) for one in relations), key=portfolio.attention)
    return portfolio.overview(portfolio.Portfolio(views, language, us, expected_wrong, needs, served=address))


def listed(
    relations: Sequence[Stored], *, us: str, us_name: str, language: str, until: date, beside: Sequence[portfolio.Beside] = (),
) -> Markup:
    """Relations as rows of the table, in the order given; `beside` what else stands in each row."""
    return portfolio.table([_plain(one.result, one.names, us, language, until, one.served, one.turn) for one in relations], us_name, language, beside=beside)


def still_needed(needs: Sequence[str], language: str) -> Markup | None:
    """What would let more be said, most useful first."""
    return portfolio.missing(portfolio.Portfolio((), language, "", 0.0, needs))


def drawn_relation(
    stored: Stored, detail: tuple[bytes, bytes, str], *, chair: str, us: str, language: str, until: date, open_on: str | None = None,
) -> str:
    """The page of a relation from a chair, without what stands around it; `open_on`: what is open on each side, as JSON."""
    view = _seen(stored, detail, chair=chair, us=us, language=language, until=until)
    return relation.page(view if open_on is None else replace(view, loops=json.loads(open_on)))


def as_it_was(path: Path, stored: Stored, on: date, us: str) -> tuple[Stored, tuple[bytes, bytes, str], str] | None:
    """What would have been said of a relation at the end of a day: with no fact after it, and no source that went on after it.

    path    the ledger of everything that holds. Returns what `drawn_relation` takes: the relation as it would have been stored, its
    detail, and what was open; None where nothing between the two was known yet
    """
    a, b = stored.result["a"], stored.result["b"]
    known, _ = table.read(path, between=(a, b))
    found = judged(back_to(known, on), today=on, until=on)
    pair = None if found is None else next((one for one in pairs(found, us) if one.relation[:2] == (a, b)), None)
    if pair is None:
        return None
    row, detail = dict(zip(RELATION_COLUMNS, pair.relation, strict=True)), dict(zip(DETAIL_COLUMNS, pair.detail, strict=True))
    return replace(stored, result=json.loads(row["result"])), (detail["history"], detail["events"], detail["contacts"]), detail["loops"]


@dataclass(frozen=True, slots=True)
class Moved:
    """What changed on one axis: verdicts then (None: no event yet) and now, and the events, each with what it is and how far it moved
    the level, in log-odds, positive when `a` gives more.
    """

    axis: str
    before: str | None
    after: str
    events: Sequence[tuple[Mapping[str, Any], float]]


def changed_since(path: Path, stored: Stored, on: date, until: date) -> Sequence[Moved] | None:
    """What changed in a relation since the end of a day, axis by axis; None where nothing was known by then."""
    a, b = stored.result["a"], stored.result["b"]
    known, _ = table.read(path, between=(a, b))
    now, before = judged(known, today=until, until=until), judged(back_to(known, on), today=on, until=on)
    if now is None or before is None:
        return None
    events = {row["id"]: row for row in now.events_of(a, b).select(SHOWN_EVENTS).iter_rows(named=True)}
    return [Moved(one.axis, one.before, one.after, [(events[event.id], event.moved) for event in one.events if event.id in events])
            for one in changes(before, now, a, b)]


def back_to(ledger: Ledger, on: date) -> Ledger:
    """A ledger as it stood at the end of a day: what happened later is not in it, and no source reaches beyond it."""
    end = end_of(on)
    coverage = None if ledger.coverage is None else tuple(
        replace(entry, end=min(entry.end, end)) for entry in ledger.coverage if entry.start <= end)
    return replace(ledger, events=ledger.events.filter(pl.col("at") <= end), coverage=coverage)


def _seen(stored: Stored, detail: tuple[bytes, bytes, str], *, chair: str, us: str, language: str, until: date) -> Seen:
    history, events, contacts = detail
    weeks = pl.read_ipc(BytesIO(history)).iter_rows(named=True)
    everything = evidence.newest_first(pl.read_ipc(BytesIO(events)))

    @cache
    def of_axis(axis: str | None) -> pl.DataFrame | None:
        if axis is None or everything is None:
            return everything
        kept = everything.filter(pl.col("kind").is_in(KINDS_OF_AXIS_EVENTS.get(axis, (axis,))))
        return kept if kept.height else None

    view = seen(stored.result, chair, names=stored.names, language=language, until=until, us=us, place="r", history=weeks, events=of_axis, depth=1)
    return replace(view, served=stored.served, contacts=json.loads(contacts))


@dataclass(frozen=True, slots=True)
class Facts:
    """Some of the events of a relation, drawn, and how many there are of them in all."""

    body: Markup
    count: int
    left: str
    right: str


def facts(
    stored: Stored, detail: tuple[bytes, bytes, str], *, chair: str, us: str, language: str, until: date, axis: str, start: int, most: int,
) -> Facts:
    """Events of a relation, or of one of its axes, the newest first, from `start`."""
    view = _seen(stored, detail, chair=chair, us=us, language=language, until=until)
    frame = view.events(axis or None)
    count = 0 if frame is None else frame.height
    rows = [] if frame is None else list(frame.slice(start, most).iter_rows(named=True))
    label = words.axis_name(axis, language) if axis else say(language, "Everything")
    return Facts(evidence.listed(view, rows, label, "all"), count, view.left.name, view.right.name)


def identities(events: bytes, start: int, most: int) -> list[dict[str, Any]]:
    """Which events those of `facts` are: id, kind, giver, receiver, at, thread, and the key by which a form names them."""
    frame = evidence.newest_first(pl.read_ipc(BytesIO(events)))
    rows = [] if frame is None else frame.slice(start, most).select(*table.IDENTITY, "at", "thread").to_dicts()
    return [row | {"key": _key_of(row)} for row in rows]


def identified(events: bytes, key: str) -> dict[str, Any] | None:
    """The event that a form names by its key, as `identities` has it; None where there is none."""
    rows = pl.read_ipc(BytesIO(events)).select(*table.IDENTITY, "at", "thread").iter_rows(named=True) if key else ()
    return next((row for row in rows if _key_of(row) == key), None)


def _key_of(row: Mapping[str, Any]) -> str:
    return hashlib.sha256("\0".join(row[name] for name in table.IDENTITY).encode()).hexdigest()[:32]
