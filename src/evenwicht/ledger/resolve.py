"""Joins what single files cannot know: who is who, what answers what, which payment settles which invoice.

A pure function of the whole ledger that starts from the raw columns each time. The order of files, splitting them, or
reading them twice makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from evenwicht.ledger import parties as who
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.problems import Problem
from evenwicht.ledger.settle import mirrored, same_payers, settled
from evenwicht.ledger.table import RAW, SCHEMA, Ledger, in_order, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from evenwicht.ledger.coverage import Coverage
    from evenwicht.ledger.parties import Decision

US = "@us"
"""What an importer writes for our side when its file does not say who that is."""

ANSWER_WINDOW = pl.duration(days=14)
"""Without reply headers, a mail with the same subject within this time is taken as the answer (CONTRACT)."""

IDENTITY = ("id", "kind", "giver", "receiver")

_PART = r"#part\d+$"
"""The suffix of the rows into which a payment of several invoices is split (`ledger.settle`)."""

_FILLED = ("amount", "due", "answers", "answers_raw", "thread", "person", "counter_person")
"""What one source may know and another not: of equal rows the first that knows it is believed."""

_UNITED = ("evidence", "references")
"""Of equal rows these are joined."""

_TALK = "#talk:"
"""What stands between a meeting and the speaking party in the id of a talk."""

_NUMBERED = ("invoice", "credit_note", "order", "order_response", "delivery")
"""Kinds whose ids hold an identifier of the supplier (or buyer), `kind:identifier:number:year`."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A ledger, what was wrong with it, and how many rows were left out and why.

    internal        giver and receiver are one party
    between_others  we are neither
    unnamed         the file does not say who we are, and nothing else does
    """

    ledger: Ledger
    problems: list[Problem] = field(default_factory=list)
    internal: int = 0
    between_others: int = 0
    unnamed: int = 0


def resolve(
    raw: pl.DataFrame, *, mentions: Iterable[Mention] = (), decisions: Sequence[Decision] = (),
    coverage: Iterable[Coverage] | None = None, between_others: bool = False,
) -> Resolved:
    """Rows as importers gave them → a ledger.

    raw         rows with SCHEMA and RAW columns; only the raw ones, and those that no join writes, are looked at
    mentions    identifiers that stood together on documents
    decisions   what people decided about parties, the `us` ones among them
    coverage    None when nothing is known about it (everything counts as covered)
    """
    mentions = tuple(sorted(set(mentions)))
    entries = None if coverage is None else tuple(sorted(set(coverage), key=str))
    raw = _from_raw(raw)
    us_names = [name for decision in decisions if decision.operation == "us" for name in decision.names]
    named = raw.filter((pl.col("giver") != US) & (pl.col("receiver") != US))
    seen = {i for column in ("giver", "receiver") for i in named[column].unique().to_list()} | set(us_names)
    seen |= {entry.party for entry in entries or () if entry.party not in {None, US}}
    keys, parties = who.known(seen, mentions, decisions)
    us = keys[us_names[0]] if us_names else _inferred(named, keys, mentions, entries)
    owners = _owners(keys, mentions, entries)
    if us_names and len(owners) == 1 and us not in owners:  # all the books read are of one owner, whom we call by another name
        mentions = (*mentions, Mention((us_names[0], next(iter(owners)))))
        keys, parties = who.known(seen, mentions, decisions)
        us = keys[us_names[0]]
    unnamed = 0 if us is not None else raw.height - named.height
    if us is None:
        raw = named
        entries = None if entries is None else tuple(entry for entry in entries if entry.party != US)
    else:
        raw = _with_us(raw, us)
        entries = None if entries is None else tuple(_covering(entry, us) for entry in entries)
    extra = same_payers(_rekeyed(raw, keys))
    if extra:
        keys, parties = who.known(seen, (*mentions, *extra), decisions)
        us = keys[us] if us is not None else None
    if us is not None:
        keys[US] = us
    rows = _with_canonical_ids(_rekeyed(raw, keys), keys)
    within = rows.filter(pl.col("giver") == pl.col("receiver"))
    inside = within.height
    joined_by_hand = within.filter(pl.col("giver_raw") != pl.col("receiver_raw"))
    rows = rows.filter(pl.col("giver") != pl.col("receiver"))
    outside = 0
    if us is not None and not between_others:
        ours = (pl.col("giver") == us) | (pl.col("receiver") == us)
        outside = rows.filter(~ours).height
        rows = rows.filter(ours)
    rows, differing, problems = _one_row_each(rows)
    rows = _answered_by_subject(in_order(rows))
    rows = _following_orders(rows)
    rows, twice = mirrored(rows)
    aside = differing if twice is None else pl.concat([differing, twice.join(differing, on=list(IDENTITY), how="anti")])
    if joined_by_hand.height:
        told = in_order(joined_by_hand).unique(
            ["id_raw", "kind", "giver_raw", "receiver_raw", "at", "amount", "unit", "version"], keep="first", maintain_order=True)
        aside = pl.concat([aside, told.select(aside.columns)])
    rows = settled(rows)
    living = {*rows["giver"].unique().to_list(), *rows["receiver"].unique().to_list(), us}
    parties = {key: party for key, party in parties.items() if key in living}
    entries = None if entries is None else tuple(sorted({_covering_key(entry, keys) for entry in entries}, key=str))
    ledger = Ledger(in_order(rows), parties, us, entries, tuple(decisions), mentions, in_order(aside) if aside.height else None)
    return Resolved(ledger, problems, inside, outside, unnamed)


def again(ledger: Ledger, decisions: Sequence[Decision], *, between_others: bool = True) -> Resolved:
    """The same rows under other decisions about parties. Rows between others were left out before, if they were."""
    return resolve(raw_rows(ledger), mentions=ledger.mentions, decisions=decisions, coverage=ledger.coverage,
                   between_others=between_others)


def raw_rows(ledger: Ledger) -> pl.DataFrame:
    """All rows of a ledger, ready to be resolved again: those that were joined as they were before."""
    columns = list(SCHEMA | RAW)
    rows = ledger.events.select(columns)
    if ledger.set_aside is None:
        return rows
    joined = rows.with_columns(pl.col("id").str.replace(_PART, "").alias("_id")).join(
        ledger.set_aside, left_on=["_id", *IDENTITY[1:]], right_on=list(IDENTITY), how="anti").drop("_id")
    return pl.concat([joined, ledger.set_aside.select(columns)])


def opened(path: Path) -> tuple[Ledger, list[Problem]]:
    """A ledger file, by whatever program it was written: as `table.read`, with equal identity made one row."""
    ledger, problems = read(path)
    if ledger.events.height == ledger.events.select(IDENTITY).n_unique():
        return ledger, problems
    events, differing = one_row_each(ledger.events)
    return ledger.with_events(events), [*problems, *differing]


def one_row_each(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """Rows of a table from elsewhere, with equal identity made one row as CONTRACT says; and what differed."""
    merged, _differing, problems = _one_row_each(rows)
    return in_order(merged), problems


def _from_raw(raw: pl.DataFrame) -> pl.DataFrame:
    """Forget earlier joins: parts of a split payment become one again, parties and answers are as the files gave them."""
    part = raw["id"].str.contains(_PART) & raw["kind"].is_in(["payment", "reversal"])
    whole = raw.with_columns(
        pl.col("id_raw").fill_null(pl.col("id")).alias("id"),
        pl.col("giver_raw").fill_null(pl.col("giver")).alias("giver"),
        pl.col("receiver_raw").fill_null(pl.col("receiver")).alias("receiver"),
        pl.col("answers_raw").alias("answers"),
        *[pl.col(name).list.unique().list.sort() for name in _UNITED if (raw[name].list.len() > 1).any()],
    )
    parts = whole.filter(part)
    if parts.height == 0:
        return whole
    again_whole = (
        parts.with_columns(pl.col("id", "id_raw").str.replace(_PART, ""))
        .group_by("id", "kind", "giver", "receiver", maintain_order=True)
        .agg(pl.col("amount").sum().round(6), pl.exclude("amount").first())
        .select(whole.columns)
    )
    return pl.concat([whole.filter(~part), again_whole])


def _with_us(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.with_columns(pl.col(name).replace(US, key) for name in ("giver", "receiver", "giver_raw", "receiver_raw"))


def _covering(entry: Coverage, key: str) -> Coverage:
    from dataclasses import replace

    return replace(entry, party=key) if entry.party == US else entry


def _covering_key(entry: Coverage, keys: dict[str, str]) -> Coverage:
    from dataclasses import replace

    return entry if entry.party is None else replace(entry, party=keys.get(entry.party, entry.party))


def _rekeyed(rows: pl.DataFrame, keys: dict[str, str]) -> pl.DataFrame:
    changed = {identifier: key for identifier, key in keys.items() if identifier != key}
    if not changed:
        return rows
    return rows.with_columns(pl.col("giver").replace(changed), pl.col("receiver").replace(changed))


def _with_canonical_ids(rows: pl.DataFrame, keys: dict[str, str]) -> pl.DataFrame:
    """Put the party's key where an id holds another of its identifiers, so that one invoice from two sources is one row."""
    numbered = "^(" + "|".join(_NUMBERED) + "):"
    held = pl.concat([rows["id"], rows["answers"].drop_nulls()])
    changed = {}
    for identity in held.filter(held.str.contains(_TALK, literal=True)).unique().to_list():
        meeting, _, speaker = identity.rpartition(_TALK)
        if keys.get(speaker, speaker) != speaker:
            changed[identity] = f"{meeting}{_TALK}{keys[speaker]}"
    for identity in held.filter(held.str.contains(numbered)).unique().to_list():
        kind, _, rest = identity.partition(":")
        scheme = rest.partition(":")[0]
        length = {"vat": 2, "kvk": 2, "iban": 2, "name": 2, "peppol": 3}.get(scheme, 1)
        pieces = rest.split(":")
        holder, tail = ":".join(pieces[:length]), ":".join(pieces[length:])
        canonical = f"{kind}:{keys.get(holder, holder)}:{tail}"
        if canonical != identity:
            changed[identity] = canonical
    if not changed:
        return rows
    return rows.with_columns(pl.col(name).replace(changed) for name in ("id", "answers"))


def _inferred(
    rows: pl.DataFrame, keys: dict[str, str], mentions: Sequence[Mention], coverage: Sequence[Coverage] | None,
) -> str | None:
    """Who we are: of the parties whose own books, account or mailbox was read, the one with most rows."""
    own = _owners(keys, mentions, coverage)
    if not own:
        return None
    rows = _rekeyed(rows, keys)
    counts = {key: rows.filter((pl.col("giver") == key) | (pl.col("receiver") == key)).height for key in own}
    return min(own, key=lambda key: (-counts[key], key))


def _owners(keys: dict[str, str], mentions: Sequence[Mention], coverage: Sequence[Coverage] | None) -> set[str]:
    """The parties whose own books, account or mailbox was read."""
    own = {keys[i] for mention in mentions if mention.own for i in mention.identifiers[:1]}
    return own | {keys[entry.party] for entry in coverage or () if entry.person is not None and entry.party in keys}


def _one_row_each(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, list[Problem]]:
    """Equal identity is one row: the higher version, else the later time, else the larger amount; evidence is joined.

    Returns the rows; those that differed, as they were (a third one, read later, must meet them and not their union);
    and a problem for each difference that matters.
    """
    keys = list(IDENTITY)
    if rows.height == rows.select(keys).n_unique():
        return rows, rows.clear(), []
    single = rows.filter(pl.struct(keys).is_unique())
    repeated = (
        rows.filter(pl.struct(keys).is_duplicated())
        .group_by(pl.exclude(_UNITED), maintain_order=True)
        .agg(pl.col(name).explode().drop_nulls().unique().sort() for name in _UNITED)
        .select(rows.columns)
    )
    differing = repeated.filter(pl.struct(keys).is_duplicated())
    merged = (
        repeated.sort(
            "version", "at", "amount", "due", "answers", "thread", "unit", "giver_raw", "receiver_raw", "person",
            "counter_person", "shared", "id_raw", descending=True, nulls_last=True,
        )
        .group_by(keys, maintain_order=True)
        .agg(
            pl.exclude(*_UNITED, *_FILLED).first(),
            *[pl.col(name).drop_nulls().first() for name in _FILLED],
            *[pl.col(name).explode().drop_nulls().unique().sort() for name in _UNITED],
            *[(pl.col(name).drop_nulls().n_unique() > 1).alias(f"_{name}") for name in ("at", "amount", "unit", "due")],
            (pl.col("version").n_unique() > 1).alias("_version"),
        )
    )
    problems = [
        Problem(
            (row["evidence"] or [""])[0].partition("#")[0], row["id"],
            "The {kind} {id} stands in the files twice with a different {field}.",
            "The later or larger one was kept. Compare {places}, and remove the wrong one if it is wrong.", "note" if row["_version"] else "warning",
            {"kind": row["kind"], "id": row["id"], "places": ", ".join(row["evidence"][:4]) or row["id"],
             "field": ", ".join(name for name in ("at", "amount", "unit", "due") if row[f"_{name}"])},
        )
        for row in merged.filter(
            pl.col("_at") | pl.col("_amount") | pl.col("_unit") | pl.col("_due"),
        ).sort(keys).iter_rows(named=True)
    ]
    return pl.concat([single, merged.select(rows.columns)]), differing, problems


def _following_orders(rows: pl.DataFrame) -> pl.DataFrame:
    """What names an order by its number alone (`order:<REF>` in references) answers the last such order before it."""
    marked = pl.col("references").list.eval(pl.element().filter(pl.element().str.starts_with("order:"))).list.first()
    pair = [pl.min_horizontal("giver", "receiver").alias("_a"), pl.max_horizontal("giver", "receiver").alias("_b")]
    waiting = rows.filter(pl.col("answers").is_null() & (pl.col("kind") != "order")).with_columns(marked.alias("_ref"), *pair)
    waiting = waiting.filter(pl.col("_ref").is_not_null())
    orders = rows.filter(pl.col("kind") == "order")
    if waiting.height == 0 or orders.height == 0:
        return rows
    number = pl.col("id").str.extract(r"([^:]+):[^:]*$", 1).str.replace_all(r"\s", "").str.to_uppercase()
    placed = orders.select(*pair, ("order:" + number).alias("_ref"), "at", pl.col("id").alias("_order")).sort("at", "_order")
    found = waiting.select(*IDENTITY, "_a", "_b", "_ref", "at").sort("at").join_asof(
        placed, on="at", by=["_a", "_b", "_ref"], strategy="backward", check_sortedness=False,
    ).filter(pl.col("_order").is_not_null()).select(*IDENTITY, "_order")
    return rows.join(found, on=list(IDENTITY), how="left", maintain_order="left").with_columns(
        pl.coalesce("answers", "_order").alias("answers")).drop("_order")


def _answered_by_subject(rows: pl.DataFrame) -> pl.DataFrame:
    """A message without reply headers answers the other side's nearest earlier one of the same subject, within 14 days."""
    subject = pl.col("references").list.eval(pl.element().filter(pl.element().str.starts_with("subject:"))).list.first()
    pair = [pl.min_horizontal("giver", "receiver").alias("_a"), pl.max_horizontal("giver", "receiver").alias("_b")]
    messages = rows.filter(pl.col("kind") == "message").with_columns(subject.alias("_subject"), *pair)
    loose = messages.filter(pl.col("answers").is_null() & pl.col("_subject").is_not_null())
    if loose.height == 0:
        return rows
    earlier = messages.sort("at", "id").filter(pl.col("_subject").is_not_null()).select(
        "_a", "_b", "_subject", "at", pl.col("at").alias("_at"), pl.col("giver").alias("_by"), pl.col("id").alias("_parent"),
        pl.col("thread").alias("_thread"),
    )
    found = (
        loose.select("id", "giver", "receiver", "at", "_a", "_b", "_subject")
        .sort("at").with_columns(pl.col("receiver").alias("_by"))
        .join_asof(earlier, on="at", by=["_a", "_b", "_subject", "_by"], strategy="backward",
                   allow_exact_matches=False, check_sortedness=False)
        .filter(pl.col("_parent").is_not_null() & (pl.col("at") - pl.col("_at") <= ANSWER_WINDOW))
        .select("id", "giver", "receiver", pl.lit("message").alias("kind"), "_parent", "_thread")
    )
    if found.height == 0:
        return rows
    threads: dict[tuple[str, str, str], str | None] = {}
    for row in found.iter_rows(named=True):  # by time, so that the whole chain has the thread of its beginning
        above = threads.get((row["_parent"], row["receiver"], row["giver"]), row["_thread"])
        threads[row["id"], row["giver"], row["receiver"]] = above
    found = found.with_columns(pl.Series("_thread", list(threads.values()), dtype=pl.String))
    joined = rows.join(found, on=list(IDENTITY), how="left", maintain_order="left")
    joined = joined.with_columns(
        pl.coalesce("answers", "_parent").alias("answers"),
        pl.when(pl.col("_parent").is_not_null()).then(pl.coalesce("_thread", "thread")).otherwise(pl.col("thread")).alias("thread"),
    ).drop("_parent", "_thread")
    opened = found.select((pl.col("id") + "#q").alias("id"), pl.lit("question").alias("kind"), "giver", "receiver")
    asks = pl.col("references").list.contains("asks")
    return joined.filter(asks | (pl.col("kind") != "question")).vstack(
        joined.filter(~asks & (pl.col("kind") == "question")).join(opened, on=list(IDENTITY), how="anti"),
    ).sort("at", "id", "kind", "giver", "receiver")
