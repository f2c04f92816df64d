"""Groups: a parent and its subsidiaries, who stay parties of their own, and can be looked at as one.

Who belongs to whom is a decision of a person, kept in the ledger. The ledger itself is not changed by it: `rolled_up`
makes another one, in which a group is one party and what happens within it is left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from evenwicht.errors import WrongCall
from evenwicht.ledger.party import Decision, Party
from evenwicht.ledger.resolve import one_row_each
from evenwicht.ledger.table import IDENTITY, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evenwicht.ledger.table import Ledger

_PEOPLE = ("person", "counter_person")

_HEADS = ("attendance",)
"""Kinds of which the amounts of several members of a group add up: each brings its own people."""


def parents_of(decisions: Sequence[Decision], parties: Mapping[str, Party]) -> dict[str, str]:
    """Subsidiary → its parent, as keys of parties; the later decision holds, and none that would close a circle."""
    keys = {identifier: key for key, party in parties.items() for identifier in (*party.identifiers, key)}
    found: dict[str, str] = {}
    for decision in decisions:
        names = [keys.get(name, name) for name in decision.names]
        if decision.operation == "group":
            for child in names[1:]:
                if child not in _above(names[0], found):
                    found[child] = names[0]
        elif decision.operation == "ungroup":
            for child in names:
                found.pop(child, None)
    return found


def _above(key: str, parents: Mapping[str, str]) -> list[str]:
    """A party, its parent, the parent of that, up to the top."""
    chain = [key]
    while (parent := parents.get(chain[-1])) is not None:
        chain.append(parent)
    return chain


def tops_of(decisions: Sequence[Decision], parties: Mapping[str, Party]) -> dict[str, str]:
    """Every party that has a parent → the party at the top of its group."""
    parents = parents_of(decisions, parties)
    return {child: _above(child, parents)[-1] for child in parents}


def grouped(ledger: Ledger, parent: str, children: Iterable[str]) -> Decision:
    """The decision that `parent` is the parent of `children`; all are identifiers that stand in the ledger.

    Raises WrongCall where one would be above itself.
    """
    children = tuple(children)
    keys = {identifier: key for key, party in ledger.parties.items() for identifier in (*party.identifiers, key)}
    above = _above(keys.get(parent, parent), parents_of(ledger.decisions, ledger.parties))
    for child in children:
        key = keys.get(child, child)
        if key == above[0]:
            raise WrongCall("A group needs two parties; {parent} and {child} are the same one.", parent=parent, child=child)
        if key in above:
            raise WrongCall("{child} cannot be below {parent}, because {parent} is already below {child}. Take it out first, with --ungroup {parent}.",
                            child=child, parent=parent)
    return Decision("group", (parent, *children))


def ungrouped(ledger: Ledger, child: str) -> Decision:
    """The decision that `child` has no parent any more. Raises WrongCall where it has none."""
    parents = parents_of(ledger.decisions, ledger.parties)
    key = next((key for key, party in ledger.parties.items() if child in party.identifiers), child)
    if key not in parents:
        raise WrongCall("{child} has no parent. --ungroup takes a subsidiary; those there are: {known}.", child=child,
                        known=", ".join(sorted(parents)) or "–")
    return Decision("ungroup", (child,))


def rolled_up(ledger: Ledger) -> Ledger:
    """The ledger in which every group is one party, that of its top; what happens within a group is left out.

    A mail to two members is one mail. The ledger that is given stays as it is, and without groups it is what comes back.
    """
    tops = tops_of(ledger.decisions, ledger.parties)
    if not tops:
        return ledger
    rows = ledger.events.with_columns(pl.col("giver").replace(tops), pl.col("receiver").replace(tops))
    rows = _one_each(rows.filter(pl.col("giver") != pl.col("receiver")))
    coverage = None if ledger.coverage is None else tuple(sorted(
        {replace(entry, party=tops[entry.party]) if entry.party in tops else entry for entry in ledger.coverage}, key=str))
    us = None if ledger.us is None else tops.get(ledger.us, ledger.us)
    return replace(ledger, events=in_order(rows), parties=_as_groups(ledger.parties, tops), us=us, coverage=coverage, set_aside=None)


def _one_each(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of members that are one fact about the group: one row, with the people of all of them."""
    keys = list(IDENTITY)
    again = pl.struct(keys).is_duplicated()
    several = rows.filter(again)
    if several.height == 0:
        return rows
    people = [pl.col(name).str.split(" ").explode().drop_nulls().unique().sort().str.join(" ").replace("", None).alias(name) for name in _PEOPLE]
    heads = pl.when(pl.col("kind").is_in(_HEADS)).then(pl.col("amount").sum()).otherwise(pl.col("amount").max()).first().alias("amount")
    united = several.group_by(keys, maintain_order=True).agg(*people, heads)
    merged = one_row_each(several)[0].drop(*_PEOPLE, "amount").join(united, on=keys, how="left")
    return pl.concat([rows.filter(~again), merged.select(rows.columns)])


def _as_groups(parties: Mapping[str, Party], tops: Mapping[str, str]) -> dict[str, Party]:
    members: dict[str, list[Party]] = defaultdict(list)
    for key, party in sorted(parties.items()):
        members[tops.get(key, key)].append(party)
    found: dict[str, Party] = {}
    for top, below in members.items():
        head = next((party for party in below if party.key == top), Party(top, top, identifiers=(top,)))
        others = [party for party in below if party.key != top]
        if not others:
            found[top] = head
            continue
        identifiers = tuple(dict.fromkeys(i for party in (head, *others) for i in party.identifiers))
        names = tuple(n for n in dict.fromkeys(
            alias for party in (head, *others) for alias in (party.name, *party.aliases)) if n not in {head.name, top})
        found[top] = replace(head, kind="organisation", identifiers=identifiers, aliases=names)
    return found
