"""Joins what single files cannot know: who is who, what answers what, which payment settles which invoice.

A pure function of the whole ledger that starts from the raw columns each time. The order of files, splitting them, or
reading them twice makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from evenwicht.ledger import parties as who
from evenwicht.ledger import talks
from evenwicht.ledger.coverage import as_told
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.ours import US, Owners, apart, inferred, owners_beside, owners_of, told
from evenwicht.ledger.problems import Problem
from evenwicht.ledger.replies import replied
from evenwicht.ledger.settle import denominated, mirrored, same_payers, settled
from evenwicht.ledger.table import IDENTITY, RAW, SCHEMA, Ledger, in_order, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from evenwicht.ledger.coverage import Coverage
    from evenwicht.ledger.parties import Decision

ANSWER_WINDOW = pl.duration(days=14)
"""Without reply headers, a mail with the same subject within this time is taken as the answer (CONTRACT)."""

_PART = r"#part\d+$"
"""The suffix of the rows into which a payment of several invoices is split (`ledger.settle`)."""

_FILLED = ("amount", "due", "answers", "answers_raw", "thread", "person", "counter_person")
"""What one source may know and another not: of equal rows the first that knows it is believed."""

_UNITED = ("evidence", "references")
"""Of equal rows these are joined."""

_known_unit = pl.col("unit").filter(pl.col("unit") != "")
"""A unit that a source did not tell is no difference."""

_TALK = "#talk:"
"""What stands between a meeting and the speaking party in the id of a talk."""

_NUMBERED = ("invoice", "credit_note", "order", "order_response", "delivery", "invoice_response")
"""Kinds whose ids hold an identifier of the supplier (or buyer), `kind:identifier:number:year`."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A ledger, what was wrong with it, and how many rows were left out and why.

    internal        giver and receiver are one party
    between_others  we are neither
    unnamed         the file does not say who we are, and nothing else does
    solved          files of transcripts of which the calendar now tells what they lacked
    """

    ledger: Ledger
    problems: list[Problem] = field(default_factory=list)
    internal: int = 0
    between_others: int = 0
    unnamed: int = 0
    solved: frozenset[str] = frozenset()


def resolve(
    raw: pl.DataFrame, *, mentions: Iterable[Mention] = (), decisions: Sequence[Decision] = (),
    coverage: Iterable[Coverage] | None = None, between_others: bool = False, us: str | None = None,
) -> Resolved:
    """Rows as importers gave them → a ledger.

    raw         rows with SCHEMA and RAW columns; only the raw ones, and those that no join writes, are looked at
    mentions    identifiers that stood together on documents
    decisions   what people decided about parties, the `us` ones among them
    coverage    None when nothing is known about it (everything counts as covered)
    us          our key where neither a decision nor the files say who we are
    """
    mentions = tuple(sorted(set(mentions)))
    recorded = talks.joined(_from_raw(raw))
    raw = recorded.rows
    entries = None if coverage is None else tuple(sorted(as_told((*coverage, *recorded.coverage)), key=str))
    named = raw.filter((pl.col("giver") != US) & (pl.col("receiver") != US))
    keys, parties, us, beside = _who(raw, named, mentions, decisions, entries, us)
    unnamed = raw.clear() if us is not None else raw.filter((pl.col("giver") == US) | (pl.col("receiver") == US))
    rows = _with_canonical_ids(_rekeyed(raw if us is not None else named, keys), keys)
    within = rows.filter(pl.col("giver") == pl.col("receiver"))
    joined_by_hand = within.filter(pl.col("giver_raw") != pl.col("receiver_raw"))
    rows = rows.filter(pl.col("giver") != pl.col("receiver"))
    problems = list(recorded.problems)
    waiting, outside = unnamed, 0
    if us is not None and not between_others:
        split = {name for one in decisions if one.operation == "split" for name in one.names}
        problems += told(us, beside, rows, [entry.of(keys) for entry in entries or ()], split)
        everything = rows.height
        rows, waiting, too_many = apart(rows, us, owners_of(keys, mentions, entries))
        outside = everything - rows.height
        problems += too_many
    rows, differing, contradictions = _one_row_each(rows)
    answered = replied(rows)
    rows = _answered_by_subject(in_order(answered.rows))
    rows = _following_papers(_following_orders(rows))
    rows, twice = mirrored(denominated(rows))
    rows = settled(denominated(rows))
    columns = list(SCHEMA | RAW)
    more = [frame.select(columns) for frame in (joined_by_hand, waiting, recorded.aside, answered.aside)]
    living = {*rows["giver"].unique().to_list(), *rows["receiver"].unique().to_list(), us}
    parties = {key: party for key, party in parties.items() if key in living}
    entries = None if entries is None else tuple(sorted({entry.of(keys) for entry in entries}, key=str))
    ledger = Ledger(in_order(rows), parties, us, entries, tuple(decisions), mentions, _set_aside(differing, twice, pl.concat(more)),
                    between_others)
    return Resolved(ledger, [*problems, *contradictions], within.height, outside, unnamed.height, recorded.solved)


def _who(
    raw: pl.DataFrame, named: pl.DataFrame, mentions: Sequence[Mention], decisions: Sequence[Decision],
    coverage: Sequence[Coverage] | None, fallback: str | None,
) -> tuple[dict[str, str], dict[str, who.Party], str | None, Owners]:
    """Every identifier's party, the parties, which of them is us, and the other owners of what was read.

    raw     all rows; named: those of them that name both sides
    """
    names = [name for decision in decisions if decision.operation == "us" for name in decision.names]
    seen = {i for column in ("giver", "receiver") for i in named[column].unique().to_list()} | set(names)
    seen |= {entry.party for entry in coverage or () if entry.party not in {None, US}}
    if fallback is not None:
        seen.add(fallback)
    keys, parties = who.known(seen, mentions, decisions)
    owners = owners_of(keys, mentions, coverage)
    us = keys[names[0]] if names else inferred(_rekeyed(named, keys), owners) or keys.get(fallback or "")
    payers = same_payers(_rekeyed(raw if us is not None else named, keys | {US: us or US}))
    if payers:
        mentions = (*mentions, *payers)
        keys, parties = who.known(seen, mentions, decisions)
    if us is None:
        return keys, parties, None, Owners()
    us = keys[us]
    beside = owners_beside(us, owners_of(keys, mentions, coverage), keys)
    if beside.ours:
        keys, parties = who.known(seen, (*mentions, *(Mention((us, owner)) for owner in beside.ours)), decisions)
        us = keys[us]
        beside = Owners(tuple(owner for owner in beside.ours if keys[owner] == us), beside.others)
    return keys | {US: us}, parties, us, beside


def _set_aside(differing: pl.DataFrame, twice: pl.DataFrame | None, more: pl.DataFrame) -> pl.DataFrame | None:
    """Rows that are not in the ledger as the files gave them, to be met again by the next reading; each once."""
    aside = differing if twice is None else pl.concat([differing, twice.join(differing, on=list(IDENTITY), how="anti")])
    if more.height:
        once = in_order(more).group_by(pl.exclude(_UNITED), maintain_order=True).agg(
            pl.col(name).explode().drop_nulls().unique().sort() for name in _UNITED)
        aside = pl.concat([aside, once.select(aside.columns)])
    order = ["at", *IDENTITY, "id_raw", "giver_raw", "receiver_raw", "amount", "unit", "version", pl.col("evidence").list.join(" ")]
    return aside.sort(order, nulls_last=True, maintain_order=True) if aside.height else None


def again(ledger: Ledger, decisions: Sequence[Decision]) -> Resolved:
    """The same rows under other decisions about parties. A ledger without rows between two others goes on without them."""
    return resolve(raw_rows(ledger), mentions=ledger.mentions, decisions=decisions, coverage=ledger.coverage,
                   between_others=keeps_others(ledger), us=ledger.us)


def keeps_others(ledger: Ledger) -> bool:
    """Whether a ledger holds rows between two others: then it goes on holding them."""
    if ledger.others is not None or ledger.us is None:
        return bool(ledger.others)
    return ledger.events.filter((pl.col("giver") != ledger.us) & (pl.col("receiver") != ledger.us)).height > 0


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
        pl.col("unit_raw").fill_null(pl.col("unit")).alias("unit"),
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
            pl.exclude("unit", *_UNITED, *_FILLED).first(),
            _known_unit.first().fill_null("").alias("unit"),
            *[pl.col(name).drop_nulls().first() for name in _FILLED],
            *[pl.col(name).explode().drop_nulls().unique().sort() for name in _UNITED],
            *[(pl.col(name).drop_nulls().n_unique() > 1).alias(f"_{name}") for name in ("at", "amount", "due")],
            (_known_unit.n_unique() > 1).alias("_unit"),
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


def _following_papers(rows: pl.DataFrame) -> pl.DataFrame:
    """An answer to an invoice or credit note that names it by its number alone answers the last such paper before it."""
    waiting = rows.filter(pl.col("answers").is_null() & pl.col("kind").is_in(["difference", "invoice_response"]))
    papers = rows.filter(pl.col("kind").is_in(["invoice", "credit_note"]))
    if waiting.height == 0 or papers.height == 0:
        return rows
    marked = pl.col("references").list.eval(
        pl.element().filter(pl.element().str.contains("^(invoice|credit_note):"))).list.first()
    asked = waiting.select(*IDENTITY, "at", marked.alias("_ref")).filter(pl.col("_ref").is_not_null()).sort("at")
    number = pl.col("id").str.extract(r"([^:]+):[^:]*$", 1).str.replace_all(r"\s", "").str.to_uppercase()
    known = papers.select("at", pl.col("giver").alias("receiver"), pl.col("receiver").alias("giver"),
                          (pl.col("kind") + ":" + number).alias("_ref"), pl.col("id").alias("_paper")).sort("at", "_paper")
    found = asked.join_asof(known, on="at", by=["giver", "receiver", "_ref"], strategy="backward", check_sortedness=False)
    found = found.filter(pl.col("_paper").is_not_null()).select(*IDENTITY, "_paper")
    return rows.join(found, on=list(IDENTITY), how="left", maintain_order="left").with_columns(
        pl.coalesce("answers", "_paper").alias("answers")).drop("_paper")


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
