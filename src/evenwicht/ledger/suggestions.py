"""Who may be one party, or one group: suggestions with their reasons. Nothing is ever joined by itself.

Every rule gathers pairs from what they have in common (a core of a name, the label of a domain, an account, a person),
so nobody is compared with everybody; names that are only alike are found among neighbours (`_neighbours`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from evenwicht.ledger.groups import parents_of
from evenwicht.ledger.identifiers import of_name, public_suffix, trust_of
from evenwicht.ledger.naming import core_of, taken_apart
from evenwicht.ledger.parties import known, shared_by
from evenwicht.ledger.problems import Problem
from evenwicht.phrase import Phrase

if TYPE_CHECKING:
    from evenwicht.ledger.mentions import Mention
    from evenwicht.ledger.party import Decision, Party
    from evenwicht.ledger.table import Ledger

Kind = Literal["merge", "group"]
Pair = tuple[str, str]

ALIKE = 88.0
"""Names at least this alike (0–100, order of words and legal form aside) are suggested."""

PAYER_ALIKE = 75.0
"""Enough where the one pays and the other is billed by the same party."""

SHORTEST = 3
"""Letters below which a name or a domain proves nothing."""

MOST_SHARING = 6
"""Parties that have one account, person or label in common, beyond which it is a service and says nothing."""

MOST_NEIGHBOURS = 40
"""Names that share a word, beyond which the word says nothing (“transport”)."""

NEXT = 3
"""How many names behind it each is compared with, in the order of the alphabet and of the reversed names."""

_PLACES = frozenset("""
    nederland netherlands nl holland belgie belgium belgique benelux deutschland duitsland germany de france frankrijk uk gb england
    britain ireland italia italy espana spain iberia portugal polska poland polen czech slovakia hungary romania austria osterreich
    schweiz suisse switzerland sverige sweden danmark denmark norge norway suomi finland nordic nordics baltics europe europa emea apac
    asia africa americas america usa us canada australia china india japan singapore worldwide global international internationaal
    noord zuid oost west north south east
""".split())
_ROLES = frozenset("""
    holding holdings group groep groupe gruppe beheer participaties vastgoed services service diensten sales verkoop trading
    logistics logistiek finance financial production productie operations retail digital online solutions systems engineering
""".split())
_HEADS = frozenset("holding holdings group groep groupe gruppe beheer".split())
"""Words of a parent's name."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two parties that may be one, or parent and subsidiary.

    kind       `merge` or `group`; of a group, `one` is rather the parent
    one, other keys of parties
    likeness   how alike they are, 0–100; 100 where something is the same
    reasons    in words, the strongest first
    """

    kind: Kind
    one: str
    other: str
    likeness: float
    reasons: tuple[Phrase, ...]

    def command(self, ledger: str) -> str:
        """What to type to accept it."""
        return f"evenwicht parties {ledger} --{self.kind} {_quoted(self.one)} {_quoted(self.other)}"


def _quoted(key: str) -> str:
    return key if all(letter.isalnum() or letter in ".:@-_" for letter in key) else f"'{key}'"


@dataclass
class _Found:
    """Reasons per pair, gathered from all rules."""

    likeness: dict[tuple[Kind, Pair], float] = field(default_factory=dict)
    reasons: dict[tuple[Kind, Pair], dict[str, Phrase]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, kind: Kind, one: str, other: str, likeness: float, reason: Phrase) -> None:
        place = (kind, (min(one, other), max(one, other)))
        self.likeness[place] = max(likeness, self.likeness.get(place, 0.0))
        self.reasons[place].setdefault(str(reason), reason)


def suggested(ledger: Ledger) -> list[Suggestion]:
    """Pairs of parties that may be one party or one group, best first. Persons are never among them."""
    shared = shared_by(ledger.mentions)
    parties = {key: party for key, party in sorted(ledger.parties.items())
               if party.kind == "organisation" and not shared.keys() >= set(party.identifiers or (key,))}
    names = {key: _names(party) for key, party in parties.items()}
    found = _Found()
    _same_names(parties, names, found)
    _domain_labels(parties, names, found)
    _shared_identifiers(shared, parties, found)
    _same_people(ledger, parties, found)
    _payers(ledger, names, found)
    _alike(names, found)
    return _decided_out(found, parties, ledger)


def _names(party: Party) -> tuple[str, ...]:
    """The names of a party as written, taken apart; its `name:` identifiers where nothing is written."""
    called = [party.name, party.legal_name, *party.trading_names, *party.aliases]
    shown = [text for name in called if name and name not in party.identifiers and name != party.key
             for text in (taken_apart(name).legal, *taken_apart(name).trading)]
    written = {of_name(name) for name in (*called, *shown)}
    shown += [name.removeprefix("name:").replace("-", " ") for name in party.identifiers if name.startswith("name:") and name not in written]
    return tuple(dict.fromkeys(shown))


def _long_enough(core: Sequence[str]) -> bool:
    return sum(map(len, core)) >= SHORTEST


def _same_names(parties: Mapping[str, Party], names: Mapping[str, tuple[str, ...]], found: _Found) -> None:
    """The same name apart from legal form, or from places and roles (“Nederland”, “Holding”)."""
    cores: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    stems: dict[tuple[str, ...], dict[str, tuple[tuple[str, ...], str]]] = defaultdict(dict)
    for key, texts in names.items():
        for text in texts:
            core = core_of(text)
            if _long_enough(core):
                cores[core].setdefault(key, text)
                stem = tuple(word for word in core if word not in _PLACES and word not in _ROLES)
                if _long_enough(stem) and core[:len(stem)] == stem:
                    stems[stem].setdefault(key, (core[len(stem):], text))
    for bearers in cores.values():
        for one, other in _pairs(bearers) or _star(bearers):
            called: dict[str, object] = {"one": bearers[one], "other": bearers[other]}
            reason = Phrase("both are called {one}", called) if bearers[one] == bearers[other] else Phrase(
                "{one} and {other} are the same name apart from the legal form", called)
            found.add(_kind(parties[one], parties[other]), one, other, 100.0, reason)
    for members in stems.values():
        if len({rest for rest, _text in members.values()}) > 1:
            for one, other in _pairs(members) or _star(members):
                if members[one][0] != members[other][0]:
                    reason = Phrase("{one} and {other} begin alike, and go on with a place or a branch", {"one": members[one][1], "other": members[other][1]})
                    found.add("group", one, other, 95.0, reason)


def _pairs(members: Iterable[str]) -> list[Pair]:
    """Each with each of the others; none where there are so many that it says nothing."""
    members = sorted(members)
    return list(combinations(members, 2)) if len(members) <= MOST_SHARING else []


def _star(members: Iterable[str]) -> list[Pair]:
    """The best-known of many with each of the others."""
    first, *others = sorted(members, key=lambda key: (trust_of(key), key))
    return [(first, other) for other in others]


def _kind(one: Party, other: Party) -> Kind:
    """Two registrations of one kind are two companies: a group at most."""
    return "group" if _apart_by_law(one, other) else "merge"


def _apart_by_law(one: Party, other: Party) -> bool:
    first, second = _registered(one), _registered(other)
    return any(not first[scheme] & second[scheme] for scheme in first.keys() & second.keys())


def _registered(party: Party) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for identifier in party.identifiers:
        if identifier.startswith(("vat:", "kvk:")):
            found[identifier[:6] if identifier.startswith("vat:") else "kvk:"].add(identifier)
    return found


def _domain_labels(parties: Mapping[str, Party], names: Mapping[str, tuple[str, ...]], found: _Found) -> None:
    """A name that is the label of a domain (`name:acme-bv`, acme.nl), and one label under two suffixes (acme.nl, acme.de)."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for key, party in parties.items():
        for domain in party.identifiers:
            if trust_of(domain) == 0:
                suffix = public_suffix(domain)
                label = domain.removesuffix("." + suffix) if suffix else domain
                if len(label) >= SHORTEST:
                    labels[label.replace("-", "")].setdefault(key, domain)
    for bearers in labels.values():
        for one, other in _pairs(bearers):
            found.add("group", one, other, 95.0, Phrase(
                "{one} and {other} differ in nothing but the ending", {"one": bearers[one], "other": bearers[other]}))
    for key, texts in names.items():
        if any(trust_of(i) == 0 for i in parties[key].identifiers):
            continue
        for text in texts:
            core = core_of(text)
            bearers = labels.get("".join(core), {})
            # who has the domain and another name is meant only where nobody else is
            fitting = [other for other in bearers if not names[other] or core in map(core_of, names[other])] or sorted(bearers)
            for other in fitting if len(fitting) <= MOST_SHARING else ():
                reason = Phrase("the name {name} is that of the domain {domain}", {"name": text, "domain": bearers[other]})
                found.add(_kind(parties[key], parties[other]), key, other, 98.0, reason)


def _shared_identifiers(shared: Mapping[str, tuple[str, ...]], parties: Mapping[str, Party], found: _Found) -> None:
    """An account, a domain or a VAT number that stands on documents of both, and so was given to neither."""
    keys = {identifier: key for key, party in parties.items() for identifier in party.identifiers}
    for identifier, numbers in shared.items():
        holders = {keys[number] for number in numbers if number in keys}
        holders = {key for key in holders if identifier not in parties[key].identifiers}
        for one, other in _pairs(holders):
            if identifier.startswith("vat:"):
                found.add("group", one, other, 100.0, Phrase("both stand on documents with the VAT number {number}", {"number": identifier.removeprefix("vat:")}))
            elif identifier.startswith("iban:"):
                found.add(_kind(parties[one], parties[other]), one, other, 100.0, Phrase(
                    "both name the account {iban}, so it was given to neither", {"iban": identifier.removeprefix("iban:")}))
            else:
                found.add("group", one, other, 90.0, Phrase("both stand on documents with {identifier}", {"identifier": identifier}))


def _same_people(ledger: Ledger, parties: Mapping[str, Party], found: _Found) -> None:
    """The same people act for both. Only that it is so is told: nothing about who."""
    acting = ledger.events.filter(pl.col("person").is_not_null() & ~pl.col("person").str.contains(" ", literal=True))
    several = acting.select("person", "giver").unique().group_by("person").agg(pl.col("giver").sort())
    several = several.filter(pl.col("giver").list.len().is_between(2, MOST_SHARING))
    count: dict[Pair, int] = defaultdict(int)
    for givers in several["giver"].to_list():
        for pair in combinations((key for key in givers if key in parties), 2):
            count[pair] += 1
    for (one, other), people in sorted(count.items()):
        found.add(_kind(parties[one], parties[other]), one, other, 90.0, Phrase("the same people write for both (people: {count})", {"count": people}))


def _payers(ledger: Ledger, names: Mapping[str, tuple[str, ...]], found: _Found) -> None:
    """Somebody known by an account or a name alone who pays a party, and a buyer of that party whose name is alike."""
    from rapidfuzz import fuzz

    events = ledger.events
    pays = events.filter((pl.col("kind") == "payment") & pl.col("giver").str.contains("^(?:iban|name):")).select("giver", "receiver").unique()
    bills = events.filter(pl.col("kind") == "invoice").select(pl.col("giver").alias("receiver"), pl.col("receiver").alias("buyer")).unique()
    for payer, buyer in sorted(pays.join(bills, on="receiver").filter(pl.col("giver") != pl.col("buyer")).select("giver", "buyer").unique().iter_rows()):
        if payer not in names or buyer not in names:
            continue
        best = max((fuzz.token_set_ratio(" ".join(core_of(one)), " ".join(core_of(other)))
                    for one in names[payer] for other in names[buyer] if _long_enough(core_of(one)) and _long_enough(core_of(other))), default=0.0)
        if best >= PAYER_ALIKE:
            found.add("merge", payer, buyer, best, Phrase(
                "payments come from an account in the name {name}, and {buyer} is billed",
                {"name": names[payer][0], "buyer": names[buyer][0]}))


def _alike(names: Mapping[str, tuple[str, ...]], found: _Found) -> None:
    """Names that are written nearly alike: typing errors, other word order."""
    from rapidfuzz import fuzz, process

    owners: list[str] = []
    cores: list[tuple[str, ...]] = []
    written: list[str] = []
    for key, called in names.items():
        for core, text in {tuple(sorted(core_of(text))): text for text in reversed(called)}.items():
            if sum(map(len, core)) > SHORTEST:
                owners.append(key)
                cores.append(core)
                written.append(text)
    if len(cores) < 2:  # noqa: PLR2004  one has none beside it
        return
    texts = [" ".join(core) for core in cores]
    first, second = _neighbours(cores)
    scores = process.cpdist([texts[i] for i in first], [texts[i] for i in second], scorer=fuzz.ratio, score_cutoff=ALIKE)
    for place in np.flatnonzero(scores >= ALIKE):
        one, other = int(first[place]), int(second[place])
        if owners[one] != owners[other] and cores[one] != cores[other] and _numbers(cores[one]) == _numbers(cores[other]):
            found.add("merge", owners[one], owners[other], float(scores[place]), Phrase(
                "the names are alike: {one}, {other}", {"one": written[one], "other": written[other]}))


def _numbers(core: Sequence[str]) -> list[str]:
    """The words with a figure in them: “Beheer 1” and “Beheer 2” are two."""
    return [word for word in core if any(letter.isdigit() for letter in word)]


def _neighbours(cores: Sequence[tuple[str, ...]]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs worth comparing, as two arrays of positions: those that share a word few others have, and those next to each
    other in the alphabet, read forwards or backwards (so that a typing error hides no name).
    """
    words: dict[str, int] = {}
    held = np.array([(words.setdefault(word, len(words)), place) for place, core in enumerate(cores) for word in core], dtype=np.int64)
    held = held[np.lexsort((held[:, 1], held[:, 0]))]
    rare = np.bincount(held[:, 0], minlength=len(words))[held[:, 0]] <= MOST_NEIGHBOURS
    held = held[rare]
    parts = []
    for step in range(1, MOST_NEIGHBOURS):
        same = held[step:, 0] == held[:-step, 0]
        if not same.any():
            break
        parts.append(np.stack((held[:-step, 1][same], held[step:, 1][same])))
    joined = ["".join(core) for core in cores]
    for spelled in (joined, [text[::-1] for text in joined]):
        order = np.array(sorted(range(len(cores)), key=spelled.__getitem__), dtype=np.int64)
        parts += [np.stack((order[:-step], order[step:])) for step in range(1, min(NEXT, len(cores) - 1) + 1)]
    pairs = np.concatenate(parts, axis=1)
    pairs = np.unique(np.sort(pairs, axis=0), axis=1)
    return pairs[0], pairs[1]


def _decided_out(found: _Found, parties: Mapping[str, Party], ledger: Ledger) -> list[Suggestion]:
    """Without pairs about which a person decided, or which the law keeps apart; best first."""
    decisions = ledger.decisions
    keys = {identifier: key for key, party in ledger.parties.items() for identifier in (*party.identifiers, key)}
    apart = {frozenset(keys.get(name, name) for name in pair) for decision in decisions if decision.operation == "apart"
             for pair in combinations(decision.names, 2)}
    parents = parents_of(decisions, ledger.parties)
    together = _before_splits(ledger)
    merges = {pair for kind, pair in found.likeness if kind == "merge" and not _apart_by_law(parties[pair[0]], parties[pair[1]])}
    kept = []
    for (kind, pair), likeness in found.likeness.items():
        one, other = pair
        if frozenset(pair) in apart or together.get(one, one) == together.get(other, other):
            continue
        if kind == "merge" and pair not in merges:
            continue
        if kind == "group" and (pair in merges or parents.get(one) == other or parents.get(other) == one
                                or (one in parents and parents.get(one) == parents.get(other))):
            continue
        reasons = dict(found.reasons[kind, pair])
        if kind == "merge":
            reasons |= found.reasons.get(("group", pair), {})
        else:
            one, other = sorted(pair, key=lambda key: (not _heads(parties[key]), len(core_of(parties[key].name)), key))
        kept.append(Suggestion(kind, one, other, likeness, tuple(reasons.values())))
    return sorted(kept, key=lambda each: (-each.likeness, -len(each.reasons), each.one, each.other))


def _heads(party: Party) -> bool:
    return bool(_HEADS & {word for name in _names(party) for word in core_of(name)})


def _before_splits(ledger: Ledger) -> dict[str, str]:
    """Key of a party → what it would be part of if nothing had been split: a split is an answer, too."""
    if not any(decision.operation == "split" for decision in ledger.decisions):
        return {}
    decisions: Sequence[Decision] = [decision for decision in ledger.decisions if decision.operation in {"us", "merge"}]
    whole, _ = known((i for party in ledger.parties.values() for i in party.identifiers), ledger.mentions, decisions)
    return {key: whole.get(key, key) for key in ledger.parties}


def unlinked(mentions: Iterable[Mention], parties: Mapping[str, Party]) -> list[Problem]:
    """A problem for each account that several companies name as theirs: it was given to none of them.

    parties    those of the ledger; an account of which fewer than two remain there needs no word
    """
    keys = {identifier: key for key, party in parties.items() for identifier in party.identifiers}
    problems = []
    for identifier, numbers in shared_by(mentions).items():
        holders = sorted({keys[number] for number in numbers if number in keys})
        if identifier.startswith("iban:") and len(holders) > 1:
            names = [parties[key].name for key in holders]
            problems.append(Problem(
                "", identifier, "The account {iban} is named as theirs by several parties, {parties}, so it was given to none of them.",
                "If they are one, say so with “evenwicht parties LEDGER --merge {one} {other}”; if it is of one of them, with "
                "“--merge {one} {account}”.", "warning",
                {"iban": identifier.removeprefix("iban:"), "parties": ", ".join(names[:4]) + (" …" if len(names) > 4 else ""),  # noqa: PLR2004
                 "one": holders[0], "other": holders[1], "account": identifier}))
    return problems
