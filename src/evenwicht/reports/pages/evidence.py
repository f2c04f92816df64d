"""The events behind each figure: one table an axis, each fact on the side that gave it, the day on the spine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.reports import numbers, words
from evenwicht.reports.catalogue import say, template
from evenwicht.reports.pictures.element import Markup, element

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from evenwicht.reports.pages.seen import Seen

KINDS = {
    "message": template("message"), "question": template("question"), "talk": template("talk in a meeting"),
    "meeting": template("meeting called"), "attendance": template("meeting attended"), "order": template("order"),
    "order_response": template("order confirmed"), "invoice_response": template("answer to an invoice"), "delivery": template("delivery"), "invoice": template("invoice"),
    "credit_note": template("credit note"), "payment": template("payment"), "reversal": template("payment taken back"),
    "favour": template("favour"), "promise": template("promise"), "promise_kept": template("promise kept"),
    "promise_released": template("promise released"), "promise_renegotiated": template("promise on a new day"),
    "difference": template("difference raised"), "mistake": template("mistake owned"),
    "acknowledgement": template("acknowledgement"), "repair": template("repair"), "settlement": template("settlement"),
    "disturbance": template("disturbance"), "pulse": template("answer to the pulse"),
    "automatic": template("automatic message"),
}

FILES_APART = 3
"""Files of one folder that are named one by one; of more, the folder is."""

SHOWN_EACH, SHOWN_ALONE = 30, 200
"""Most events shown per axis: in a file of many relations, and in that of one."""


def newest_first(frame: pl.DataFrame | None) -> pl.DataFrame | None:
    """Events in the order in which they are shown; None where there is none."""
    return None if frame is None or not frame.height else frame.sort("at", "id", descending=True)


def kind_name(kind: str, language: str) -> str:
    """What an event is called; a kind this release does not know keeps its own name."""
    return say(language, KINDS[kind]) if kind in KINDS else kind.replace("_", " ")


def disturbances(view: Seen) -> list[tuple[date, str]]:
    """Disturbances both sides know: the day and what is said of it."""
    frame = view.events(None)
    if frame is None:
        return []
    found = []
    for row in frame.filter(frame["kind"].cast(pl.String) == "disturbance").iter_rows(named=True):
        name, back = words.name_of(row["giver"], view.names), row.get("due")
        text = say(view.language, "disturbance at {party}, expected back by {day}", party=name,
                   day=numbers.day(back, view.language)) if back else say(
                       view.language, "disturbance at {party}", party=name)
        found.append((numbers.as_date(row["at"]), text))
    return found


def section(view: Seen, axes: Sequence[Mapping[str, Any]], most: int) -> list[Markup]:
    """One closed table an axis, opened by the figures that link to it; nothing where no event is at hand."""
    frames = [(axis["axis"], view.events(axis["axis"])) for axis in axes]
    return [_facts(view, axis, frame, most) for axis, frame in frames if frame is not None]


def _facts(view: Seen, axis: str, frame: pl.DataFrame, most: int) -> Markup:
    language, place = view.language, f"{view.place}-{axis}"
    summary = say(language, "{axis}: {events}", axis=words.axis_name(axis, language),
                  events=numbers.amount(frame.height, "events", language, digits=0))
    shown = list(frame.head(most).iter_rows(named=True))
    said = None if len(shown) == frame.height else _others(view, axis, len(shown), frame.height)
    return element("details", element("summary", summary), listed(view, shown, summary, place), said)


def _others(view: Seen, axis: str, shown: int, everything: int) -> Markup:
    """Where the events are that are not shown."""
    language = view.language
    counts = {"shown": numbers.number(shown, language), "all": numbers.number(everything, language)}
    if view.served is not None:
        return element("p", say(language, "The newest {shown} of {all}.", **counts), " ",
                       element("a", say(language, "All of them, one by one"), href=view.served.evidence(axis)), class_="small")
    return element("p", say(language, "The newest {shown} of {all}. The others: {command}.",
                            command=f"evenwicht show LEDGER --between {view.relation['a']} {view.relation['b']}", **counts), class_="small")


def listed(view: Seen, rows: Sequence[Mapping[str, Any]], label: str, place: str) -> Markup:
    """Events one by one, each on the side that gave it; `label` says which they are, `place` begins their ids."""
    anchors = {row["id"]: f"{place}-e{index}" for index, row in enumerate(rows, start=1)}
    return element("div", _sides(view), [_fact(view, row, f"{place}-e{index}", anchors) for index, row in enumerate(rows, start=1)],
                   class_="ledger", role="table", aria_label=label, id=f"{place}-facts")


def _sides(view: Seen) -> Markup:
    return element("div", element("b", view.left.label(), class_="l", role="columnheader"),
                   element("span", element("span", say(view.language, "Day"), class_="sr"), class_="m", role="columnheader"),
                   element("b", view.right.label(), class_="r", role="columnheader"), class_="pair", role="row")


def _fact(view: Seen, row: Mapping[str, Any], anchor: str, anchors: Mapping[str, str]) -> Markup:
    told = _told(view, row, anchors)
    cells = {"l": None, "r": None} | {"l" if row["giver"] == view.left.key else "r": told}
    when = numbers.as_date(row["at"])
    return element(
        "div", element("span", cells["l"], class_="l", role="cell"),
        element("span", element("time", numbers.short_day(when, view.language, year=when.year != view.until.year),
                                datetime=when.isoformat()), class_="m", role="cell"),
        element("span", cells["r"], class_="r", role="cell"), class_="pair", role="row", id=anchor,
    )


def _told(view: Seen, row: Mapping[str, Any], anchors: Mapping[str, str]) -> list[Markup | str]:
    """Kind, amount, the agreed day, what it answers, and where it was read."""
    language = view.language
    told: list[Markup | str] = [element("span", kind_name(row["kind"], language), class_="kind")]
    pieces = []
    amount = numbers.finite(row.get("amount"))
    if amount is not None and row["kind"] not in {"question", "automatic"}:
        pieces.append(numbers.amount(amount, row.get("unit") or "", language))
    if row.get("due"):
        pieces.append(say(language, "agreed for {day}", day=numbers.short_day(row["due"], language, year=True)))
    if pieces:
        told.append(", ".join(pieces))
    answered = anchors.get(row.get("answers") or "")
    if answered:
        told += [" ", element("a", say(language, "what it answers"), href=f"#{answered}")]
    places = row.get("evidence") or ()
    told.append(element("span", "; ".join([places] if isinstance(places, str) else places), class_="where"))
    return told


def sources(view: Seen) -> Markup | None:
    """Whose figures these are: the sources the facts were read from, with their number and span.

    The files of a folder that holds more than a few are one line: a year of statements is one source to a reader.
    """
    frame = view.events(None)
    if frame is None or "evidence" not in frame.columns:
        return None
    if isinstance(frame.schema["evidence"], pl.List):
        frame = frame.explode("evidence")
    counted = (
        frame.select("id", "kind", "giver", "at", source=pl.col("evidence").str.split("#").list.first())
        .drop_nulls("source").unique(["id", "kind", "giver", "source"])
        .with_columns(folder=pl.col("source").str.extract(r"^(.*)/[^/]+$", 1))
        .with_columns(files=pl.col("source").n_unique().over("folder"))
        .with_columns(source=pl.when(pl.col("folder").is_not_null() & (pl.col("files") > FILES_APART))
                      .then(pl.col("folder")).otherwise("source"), file=pl.col("source"))
        .group_by("source").agg(facts=pl.struct("id", "kind", "giver").n_unique(), files=pl.col("file").n_unique(),
                                first=pl.col("at").min(), last=pl.col("at").max())
        .sort("facts", "source", descending=[True, False])
    )
    if not counted.height:
        return None
    language = view.language
    head = element("tr", [
        element("th", text, scope="col", class_=kind) for text, kind in (
            (say(language, "Source"), None), (say(language, "facts"), "n"), (say(language, "from"), "n"),
            (say(language, "until"), "n"))
    ])
    rows = [
        element("tr", element("th", _source(row, language), scope="row"), [element("td", text, class_="n") for text in (
            numbers.number(row["facts"], language), numbers.short_day(row["first"], language, year=True),
            numbers.short_day(row["last"], language, year=True))])
        for row in counted.iter_rows(named=True)
    ]
    return element("table", element("thead", head), element("tbody", rows), class_="sources")


def _source(row: dict[str, Any], language: str) -> str:
    if row["files"] == 1:
        return str(row["source"])
    return say(language, "{folder}: {count} files", folder=row["source"], count=numbers.number(row["files"], language, digits=0))


def moves(view: Seen, weeks: int) -> list[tuple[float, float]] | None:
    """Moves of the left and the right side in each of the last weeks, this one first; None without events."""
    frame = view.events(None)
    if frame is None:
        return None
    counts = [[0.0, 0.0] for _ in range(weeks)]
    day = pl.lit(view.until) - pl.col("at").dt.date()
    per_week = (
        frame.filter(frame["kind"].cast(pl.String) != "automatic").with_columns(week=day.dt.total_days() // 7)
        .filter(pl.col("week").is_between(0, weeks - 1))
        .group_by("week", left=pl.col("giver").cast(pl.String) == view.left.key).len()
    )
    for week, left, count in per_week.iter_rows():
        counts[week][0 if left else 1] += count
    return [(left, right) for left, right in counts]


def oldest(view: Seen) -> date | None:
    """The day of the first event at hand."""
    frame = view.events(None)
    return None if frame is None else numbers.as_date(frame["at"].min())  # type: ignore[arg-type]
