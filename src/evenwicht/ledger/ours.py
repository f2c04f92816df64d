"""Who we are among the parties, and which of the books that were read are ours.

A file that shows one firm's own view (a mailbox, an account, an audit file) has an owner. Where no document says that the
owner is us, its name may; otherwise its rows wait in the ledger until a document, or a person, says whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evenwicht.ledger.coverage import Coverage

US = "@us"
"""What an importer writes for our side when its file does not say who that is."""

ALIKE = 80
"""Names of one firm are at least this alike (0–100), legal form and word order aside."""

MOST_WAITING = 200_000
"""Rows of others' books that a ledger holds back at most; beyond that they are left out, and a problem says so."""

_DOCUMENTS = ("invoice", "credit_note", "payment", "reversal", "order", "order_response", "delivery")


@dataclass(frozen=True, slots=True)
class Owners:
    """Owners of the books that were read, beside us.

    ours      they bear our name, or own all that was read
    others    nothing says that they are us
    """

    ours: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def owners_of(keys: Mapping[str, str], mentions: Iterable[Mention], coverage: Iterable[Coverage] | None) -> set[str]:
    """The parties whose own books, account or mailbox was read."""
    own = {keys[i] for mention in mentions if mention.own for i in mention.identifiers[:1]}
    return own | {keys[entry.party] for entry in coverage or () if entry.person is not None and entry.party is not None and entry.party in keys}


def inferred(rows: pl.DataFrame, own: Iterable[str]) -> str | None:
    """Who we are when nobody said so: of the owners of what was read, the one with most rows.

    rows    with `giver` and `receiver` as keys of parties
    """
    counts = {key: rows.filter((pl.col("giver") == key) | (pl.col("receiver") == key)).height for key in own}
    return min(counts, key=lambda key: (-counts[key], key), default=None)


def owners_beside(us: str, own: Iterable[str], keys: Mapping[str, str]) -> Owners:
    """Which other owners are us: those of our name, or the only one when we own nothing else that was read.

    Never one that contradicts us, and none where two that could be us contradict each other.
    """
    members: dict[str, set[str]] = {key: set() for key in (us, *own)}
    for identifier, key in keys.items():
        if key in members and identifier != US:
            members[key].add(identifier)
    beside = sorted(set(own) - {us})
    only = us not in own and len(beside) == 1
    possible = [key for key in beside if not _contradict(members[us], members[key]) and (only or _akin(members[us], members[key]))]
    if any(_contradict(members[one], members[two]) for one, two in combinations(possible, 2)):
        return Owners((), tuple(beside))
    return Owners(tuple(possible), tuple(key for key in beside if key not in possible))


def _contradict(one: set[str], two: set[str]) -> bool:
    """Two parties are not one: each has a registration, or a domain, of its own, or they bear unlike names."""
    first, second = _registrations(one), _registrations(two)
    if any(first[scheme] != second[scheme] for scheme in first.keys() & second.keys()):
        return True
    return bool(_names(one) and _names(two)) and not _akin(one, two)


def _akin(one: set[str], two: set[str]) -> bool:
    """One name of the first is like one of the second; a domain bears the name before its first dot."""
    from rapidfuzz import fuzz

    return any(fuzz.token_set_ratio(name, other) >= ALIKE
               for name in _names(one) | _labels(one) for other in _names(two) | _labels(two))


def _registrations(identifiers: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for identifier in identifiers:
        scheme, colon, _rest = identifier.partition(":")
        if not colon:
            found.setdefault("domain", set()).add(identifier)
        elif scheme == "kvk":
            found.setdefault("kvk", set()).add(identifier)
        elif scheme == "vat":
            found.setdefault(identifier[:6], set()).add(identifier)
    return found


def _names(identifiers: set[str]) -> set[str]:
    return {identifier.removeprefix("name:").replace("-", " ") for identifier in identifiers if identifier.startswith("name:")}


def _labels(identifiers: set[str]) -> set[str]:
    return {identifier.partition(".")[0].replace("-", " ") for identifier in identifiers if ":" not in identifier and "@" not in identifier}


def apart(rows: pl.DataFrame, us: str, own: Iterable[str]) -> tuple[pl.DataFrame, pl.DataFrame, list[Problem]]:
    """Rows with us; rows between two others, held back because a later file may tell that one of them is us; and problems.

    Beyond MOST_WAITING only documents and the books of owners are held back, and a problem says how many were left out.
    """
    with_us = (pl.col("giver") == us) | (pl.col("receiver") == us)
    waiting = rows.filter(~with_us)
    if waiting.height <= MOST_WAITING:
        return rows.filter(with_us), waiting, []
    beside = sorted(set(own) - {us})
    chosen = waiting.filter(
        pl.col("giver").is_in(beside) | pl.col("receiver").is_in(beside) | pl.col("kind").is_in(_DOCUMENTS))
    if chosen.height > MOST_WAITING:
        chosen = chosen.clear()
    return rows.filter(with_us), chosen, [Problem(
        "", "", "{count} rows between two others are too many to hold back, so they were left out.",
        "If some prove to be ours, read all files again in one run, with all our names in --me.", "warning",
        {"count": waiting.height - chosen.height})]


def told(us: str, found: Owners, rows: pl.DataFrame, coverage: Sequence[Coverage], apart_by_hand: set[str]) -> list[Problem]:
    """What is said about the books of owners other than us: which were taken as ours, and which are held back.

    rows            all rows, with keys of parties
    coverage        to name the file
    apart_by_hand   identifiers that people took out of a party: nothing needs to be said about these any more
    """
    files = {entry.party: entry.source for entry in sorted(coverage, key=str) if entry.party is not None}
    problems = [
        Problem(files.get(owner, ""), owner, "The books of {owner} were taken as ours: they bear our name, or nothing else was read.",
                "If they are not, say so with “evenwicht parties LEDGER --split {owner}”.", "note", {"owner": owner})
        for owner in found.ours
    ]
    for owner in found.others:
        held = rows.filter((pl.col("giver") == owner) | (pl.col("receiver") == owner)).filter(
            (pl.col("giver") != us) & (pl.col("receiver") != us)).height
        if held and owner not in apart_by_hand:
            problems.append(Problem(
                files.get(owner, ""), owner, "{count} rows in the books of {owner} do not count yet: no file says that {owner} is us.",
                "If it is us, say so with “evenwicht parties LEDGER --merge {us} {owner}”, or name it with --me; "
                "if not, nothing needs to be done.", "warning", {"count": held, "owner": owner, "us": us}))
    return problems
