"""Who is who: identifiers that documents put together become one party, with the best of them as its key.

A pure function of everything that is known (mentions, identifiers in the rows, decisions of people), so that the order
in which files came in does not matter, and so that every decision can be undone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evenwicht.ledger.identifiers import TRUST, is_person, trust_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evenwicht.ledger.mentions import Mention

Operation = Literal["us", "merge", "split", "rename", "business"]


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation, or a person who writes from a free-mail address.

    key         its best identifier
    name        for people to read
    kind        `organisation`, or `person`: listed apart, in no relation until marked as a business
    identifiers everything it is known by, the key included, best first
    aliases     the identifiers that rows may carry instead of the key, and other names it was seen under
    """

    key: str
    name: str
    kind: Literal["organisation", "person"] = "organisation"
    identifiers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind, "identifiers": list(self.identifiers), "aliases": list(self.aliases)}

    @classmethod
    def from_dict(cls, key: str, stored: dict[str, Any]) -> Party:
        return cls(key, stored.get("name", key), stored.get("kind", "organisation"),
                   tuple(stored.get("identifiers", ())), tuple(stored.get("aliases", ())))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about parties. Kept in the ledger, so that it survives another import; the last can be undone.

    us          `names` are all ours; the first is our key
    merge       `names` are one party
    split       the identifier `names[0]` is taken out of the party it was joined to
    rename      the party of `names[0]` is called `text`
    business    the free-mail address `names[0]` is a business
    """

    operation: Operation
    names: tuple[str, ...]
    text: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"operation": self.operation, "names": list(self.names), "text": self.text}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Decision:
        return cls(stored["operation"], tuple(stored["names"]), stored.get("text", ""))


class _Joined:
    """Disjoint sets of identifiers; the smallest member stands for its set, so order cannot matter."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, item: str) -> str:
        root = self._parent.setdefault(item, item)
        while (parent := self._parent[root]) != root:
            root = parent
        while item != root:  # the next search is one step; a loop, because a chain may be longer than the stack
            self._parent[item], item = root, self._parent[item]
        return root

    def join(self, first: str, second: str) -> None:
        one, two = self.find(first), self.find(second)
        if one != two:
            self._parent[max(one, two)] = min(one, two)

    def sets(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for item in sorted(self._parent):
            found[self.find(item)].append(item)
        return found


def known(
    identifiers: Iterable[str], mentions: Iterable[Mention], decisions: Sequence[Decision] = (),
) -> tuple[dict[str, str], dict[str, Party]]:
    """Map every identifier to the key of its party, and describe the parties.

    identifiers that stand together in a mention are one party, unless one of them is shared by organisations with
    different VAT or KvK numbers (a billing service, a payment provider); names join only where nothing contradicts.
    """
    mentions = sorted(set(mentions))
    alone = {name for decision in decisions if decision.operation == "split" for name in decision.names}
    joined = _Joined()
    for identifier in identifiers:
        joined.find(identifier)
    common = _common(mentions)
    for mention in mentions:
        strong = [i for i in mention.identifiers if not i.startswith("name:") and i not in common and i not in alone]
        for identifier in mention.identifiers:
            joined.find(identifier)
        for identifier in strong[1:]:
            joined.join(strong[0], identifier)
    _join_names(joined, mentions, alone, common)
    for names in _merges(decisions):
        for name in names:
            joined.join(names[0], name)
    return _described(joined, mentions, decisions)


def _merges(decisions: Sequence[Decision]) -> list[tuple[str, ...]]:
    """The identifiers that people said are one party; a later split takes its identifier out of earlier merges."""
    found: list[tuple[str, ...]] = []
    for decision in decisions:
        if decision.operation in {"merge", "us"}:
            found.append(decision.names)
        elif decision.operation == "split":
            found = [tuple(name for name in names if name not in decision.names) for names in found]
    return [names for names in found if names]


def _registrations(mention: Mention) -> set[str]:
    return {i for i in mention.identifiers if i.startswith(("vat:", "kvk:"))}


def _common(mentions: Sequence[Mention]) -> set[str]:
    """Identifiers that stand beside different VAT (or KvK) numbers: of a service used by several organisations."""
    beside: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for mention in mentions:
        for identifier in mention.identifiers:
            if identifier.startswith(("vat:", "kvk:", "name:")):
                continue
            for registration in _registrations(mention):
                beside[identifier][registration[:6]].add(registration)  # vat:NL, vat:DE, kvk:12 …
    shared = set()
    for identifier, by_scheme in beside.items():
        vat: dict[str, set[str]] = defaultdict(set)
        for scheme, numbers in by_scheme.items():
            vat[scheme if scheme.startswith("vat:") else "kvk:"] |= numbers
        if any(len(numbers) > 1 for numbers in vat.values()):
            shared.add(identifier)
    return shared


def _join_names(joined: _Joined, mentions: Sequence[Mention], alone: set[str], common: set[str]) -> None:
    """One name in several documents is one party, unless these documents give it different registrations."""
    bearers: dict[str, set[str]] = defaultdict(set)
    registered: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        for identifier in mention.identifiers:
            root = joined.find(identifier)
            registered[root] |= _registrations(mention) if identifier not in common else set()
    for mention in mentions:
        names = [i for i in mention.identifiers if i.startswith("name:") and i not in alone]
        others = [i for i in mention.identifiers if not i.startswith("name:") and i not in common and i not in alone]
        for name in names:
            bearers[name].update(joined.find(other) for other in others)
    for name, bearing in sorted(bearers.items()):
        # one name may have joined what another now tells apart, so the sets are looked at as they are by now
        roots = {joined.find(root) for root in bearing} | {joined.find(name)}
        together = set().union(*(registered[root] for root in roots))
        numbers: dict[str, set[str]] = defaultdict(set)
        for registration in together:
            numbers[registration[:6] if registration.startswith("vat:") else "kvk:"].add(registration)
        if all(len(found) == 1 for found in numbers.values()):
            for root in sorted(roots):
                joined.join(name, root)
            registered[joined.find(name)] = together


def _described(
    joined: _Joined, mentions: Sequence[Mention], decisions: Sequence[Decision],
) -> tuple[dict[str, str], dict[str, Party]]:
    renamed = {joined.find(d.names[0]): d.text for d in decisions if d.operation == "rename"}
    business = {joined.find(d.names[0]) for d in decisions if d.operation == "business"}
    first = {joined.find(d.names[0]): d.names[0] for d in decisions if d.operation == "us"}
    written: dict[str, set[tuple[int, bool, int, str]]] = defaultdict(set)
    for mention in mentions:
        if not mention.name:
            continue
        rank = (min((trust_of(i) for i in mention.identifiers), default=len(TRUST)), mention.name.isupper(), len(mention.name), mention.name)
        for root in {joined.find(i) for i in mention.identifiers}:
            written[root].add(rank)
    keys: dict[str, str] = {}
    parties: dict[str, Party] = {}
    for root, members in joined.sets().items():
        ordered = sorted(members, key=lambda i: (trust_of(i), i))
        key = first.get(root, ordered[0])
        names = [rank[3] for rank in sorted(written[root])]
        name = renamed.get(root) or (names[0] if names else key)
        kind: Literal["organisation", "person"] = "person" if is_person(key) and root not in business else "organisation"
        parties[key] = Party(key, name, kind, tuple(ordered),
                             tuple(i for i in ordered if i != key) + tuple(n for n in dict.fromkeys(names) if n != name))
        for member in members:
            keys[member] = key
    return keys, parties


def find(parties: Mapping[str, Party], text: str) -> str | None:
    """The key of the party that a person means by `text`: its key, an identifier, or its name in any case."""
    from evenwicht.ledger.identifiers import of_user

    if text in parties:
        return text
    wanted = {text.casefold(), (of_user(text) or text).casefold()}
    for key, party in parties.items():
        if wanted & {i.casefold() for i in party.identifiers} or text.casefold() in {
            party.name.casefold(), *(alias.casefold() for alias in party.aliases),
        }:
            return key
    return None


def near(parties: Mapping[str, Party], text: str) -> list[str]:
    """Up to three keys that look like what was typed, for a hint."""
    from rapidfuzz import process, utils

    choices = {key: f"{key} {party.name}" for key, party in parties.items()}
    return [str(found[2]) for found in process.extract(text, choices, processor=utils.default_process, limit=3,
                                                     score_cutoff=50)]


def suggestions(parties: Mapping[str, Party]) -> list[tuple[str, str, float]]:
    """Pairs of parties whose names look alike, best first: (key, key, likeness 0–100). Never joined by themselves."""
    from rapidfuzz import fuzz, process

    named = [(key, party.name.casefold()) for key, party in sorted(parties.items())
             if party.kind == "organisation" and party.name != key]
    found = []
    for index, (key, name) in enumerate(named):
        rest = dict(named[index + 1:])
        for _label, score, other in process.extract(name, rest, scorer=fuzz.token_sort_ratio, score_cutoff=85, limit=5):
            found.append((key, str(other), float(score)))
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))
