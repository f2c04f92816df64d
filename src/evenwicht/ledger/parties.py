"""Who is who: identifiers that documents put together become one party, with the best of them as its key.

A pure function of everything that is known (mentions, identifiers in the rows, decisions of people), so that the order
in which files came in does not matter, and so that every decision can be undone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from evenwicht.ledger.identifiers import TRUST, is_person, of_name, trust_of
from evenwicht.ledger.naming import has_legal_form, taken_apart
from evenwicht.ledger.party import Decision, Party
from evenwicht.ledger.people import is_of_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evenwicht.ledger.mentions import Mention

__all__ = ["Decision", "Party", "find", "known", "near", "shared_by"]


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
    different VAT or KvK numbers (a billing service, a payment provider, the VAT number of a group); names join only
    where nothing contradicts. A name that says under which other it trades joins the two.
    """
    mentions = sorted({mention for mention in mentions if not is_of_people(mention)})
    alone = {name for decision in decisions if decision.operation == "split" for name in decision.names}
    joined = _Joined()
    for identifier in identifiers:
        joined.find(identifier)
    companies = _Companies(mentions)
    common = _common(mentions, companies)
    for mention in mentions:
        strong = [i for i in mention.identifiers if not i.startswith("name:") and i not in common and i not in alone]
        for identifier in mention.identifiers:
            joined.find(identifier)
        for identifier in strong[1:]:
            joined.join(strong[0], identifier)
    _join_names(joined, mentions, alone, common, companies)
    for names in _merges(decisions):
        for name in names:
            joined.join(names[0], name)
    return _described(joined, mentions, decisions, common)


def _merges(decisions: Sequence[Decision]) -> list[tuple[str, ...]]:
    """The identifiers that people said are one party; a later split or apart takes its identifiers out of earlier merges."""
    found: list[tuple[str, ...]] = []
    for decision in decisions:
        if decision.operation in {"merge", "us"}:
            found.append(decision.names)
        elif decision.operation == "split":
            found = [tuple(name for name in names if name not in decision.names) for names in found]
        elif decision.operation == "apart":
            found = [tuple(name for name in names if name not in decision.names[1:]) if set(decision.names) <= set(names) else names
                     for names in found]
    return [names for names in found if names]


class _Companies:
    """Which registrations are of one company: a KvK number and the VAT numbers beside it.

    A company may have several VAT numbers. A VAT number beside two KvK numbers is that of a group of companies.
    """

    def __init__(self, mentions: Sequence[Mention]) -> None:
        chambers: dict[str, set[str]] = defaultdict(set)
        for mention in mentions:
            numbers = {i for i in mention.identifiers if i.startswith("kvk:")}
            for identifier in mention.identifiers:
                if identifier.startswith("vat:"):
                    chambers[identifier] |= numbers
        self.of_groups = {vat for vat, numbers in chambers.items() if len(numbers) > 1}
        self._company = {vat: min(numbers) for vat, numbers in chambers.items() if len(numbers) == 1}

    def contradict(self, registrations: Iterable[str]) -> bool:
        """Whether two of these registrations, of one country and kind, are of different companies."""
        seen: dict[str, set[str]] = defaultdict(set)
        for registration in registrations:
            if registration not in self.of_groups:
                scheme = registration[:6] if registration.startswith("vat:") else "kvk:"  # vat:NL, vat:DE, kvk:
                seen[scheme].add(self._company.get(registration, registration))
        return any(len(companies) > 1 for companies in seen.values())


def _registrations(identifiers: Iterable[str]) -> set[str]:
    return {i for i in identifiers if i.startswith(("vat:", "kvk:"))}


def _common(mentions: Sequence[Mention], companies: _Companies) -> set[str]:
    """Identifiers that stand beside registrations of different companies: of a service, or an account, used by several."""
    beside: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        registrations = _registrations(mention.identifiers)
        if registrations:
            for identifier in mention.identifiers:
                if not identifier.startswith(("vat:", "kvk:", "name:")):
                    beside[identifier] |= registrations
    return {identifier for identifier, numbers in beside.items() if len(numbers) > 1 and companies.contradict(numbers)} | companies.of_groups


def shared_by(mentions: Iterable[Mention]) -> dict[str, tuple[str, ...]]:
    """Identifiers that several companies name as theirs, and the registrations of those: they belong to none of them."""
    mentions = sorted(set(mentions))
    found: dict[str, set[str]] = {identifier: set() for identifier in _common(mentions, _Companies(mentions))}
    for mention in mentions:
        for identifier in found.keys() & set(mention.identifiers):
            found[identifier] |= _registrations(mention.identifiers) - found.keys()
    return {identifier: tuple(sorted(numbers)) for identifier, numbers in sorted(found.items())}


def _traded(mentions: Sequence[Mention]) -> dict[Mention, list[str]]:
    """For mentions whose name says under which names it trades: the identifiers of those, and of the legal name.

    A name under which several legal bodies trade is left out, and so is the legal name of a sole trader: others bear it too.
    """
    found: dict[Mention, list[str]] = {}
    bodies: dict[str, set[str | None]] = defaultdict(set)
    for mention in mentions:
        said = taken_apart(mention.name)
        if said.trading:
            under = [name for text in said.trading if (name := of_name(text)) is not None]
            for name in under:
                bodies[name].add(of_name(said.legal))
            legal = of_name(said.legal) if has_legal_form(said.legal) else None
            found[mention] = under if legal is None else [*under, legal]
    return {mention: [name for name in names if len(bodies[name]) <= 1] for mention, names in found.items()}


def _join_names(
    joined: _Joined, mentions: Sequence[Mention], alone: set[str], common: set[str], companies: _Companies,
) -> None:
    """One name in several documents is one party, unless these documents give it different registrations.

    A name that something trades under joins less: many shops of one chain trade under one name.
    """
    bearers: dict[str, set[str]] = defaultdict(set)
    traded: dict[str, set[str]] = defaultdict(set)
    registered: dict[str, set[str]] = defaultdict(set)
    sites: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        for identifier in mention.identifiers:
            root = joined.find(identifier)
            registered[root] |= _registrations(mention.identifiers) - common if identifier not in common else set()
            if identifier not in common and trust_of(identifier) == 0:
                sites[root].add(identifier)
    trading = _traded(mentions)
    for mention in mentions:
        names = [i for i in mention.identifiers if i.startswith("name:") and i not in alone]
        others = [i for i in mention.identifiers if not i.startswith("name:") and i not in common and i not in alone]
        for name in names:
            bearers[name].update(joined.find(other) for other in others)
            bearers[name].update(names)
        for name in trading.get(mention, ()):
            if name not in alone and (names or others):
                traded[name].update([*(joined.find(other) for other in others), *names])
    for name, bearing in sorted(bearers.items()):
        _join_bearers(joined, name, bearing, registered, sites, companies, most_sites=None)
    written = {name: {joined.find(name)} for name in traded if name in bearers}
    for name, bearing in sorted(traded.items()):
        _join_bearers(joined, name, bearing | written.get(name, set()), registered, sites, companies, most_sites=1)


def _join_bearers(
    joined: _Joined, name: str, bearing: set[str], registered: dict[str, set[str]], sites: dict[str, set[str]],
    companies: _Companies, *, most_sites: int | None,
) -> None:
    # one name may have joined what another now tells apart, so the sets are looked at as they are by now
    roots = {joined.find(root) for root in bearing} | {joined.find(name)}
    together = set().union(*(registered[root] for root in roots))
    domains = set().union(*(sites[root] for root in roots))
    if companies.contradict(together) or (most_sites is not None and len(domains) > most_sites):
        return
    for root in sorted(roots):
        joined.join(name, root)
    registered[joined.find(name)], sites[joined.find(name)] = together, domains


def _described(
    joined: _Joined, mentions: Sequence[Mention], decisions: Sequence[Decision], common: set[str],
) -> tuple[dict[str, str], dict[str, Party]]:
    renamed = {joined.find(d.names[0]): d.text for d in decisions if d.operation == "rename"}
    business = {joined.find(d.names[0]) for d in decisions if d.operation == "business"}
    first = {joined.find(d.names[0]): d.names[0] for d in decisions if d.operation == "us"}
    written: dict[str, set[tuple[int, bool, int, str]]] = defaultdict(set)
    for mention in mentions:
        if not mention.name:
            continue
        rank = (min((trust_of(i) for i in mention.identifiers), default=len(TRUST)), mention.name.isupper(), len(mention.name), mention.name)
        for root in {joined.find(i) for i in mention.identifiers if i not in common}:  # what several share has no name
            written[root].add(rank)
    keys: dict[str, str] = {}
    parties: dict[str, Party] = {}
    for root, members in joined.sets().items():
        ordered = sorted(members, key=lambda i: (trust_of(i), i))
        key = first.get(root, ordered[0])
        names = [rank[3] for rank in sorted(written[root])]
        name = renamed.get(root) or (names[0] if names else key)
        kind: Literal["organisation", "person"] = "person" if is_person(key) and root not in business else "organisation"
        legal, trading = _by_law(names, name)
        parties[key] = Party(key, name, kind, tuple(ordered), tuple(i for i in ordered if i != key) + tuple(
            n for n in dict.fromkeys(names) if n != name), legal, trading)
        for member in members:
            keys[member] = key
    return keys, parties


def _by_law(written: Sequence[str], name: str) -> tuple[str, tuple[str, ...]]:
    """The legal name, where it is not `name`, and the trading names, of a party whose names are `written`, best first."""
    said = [taken_apart(text) for text in written]
    trading = tuple(dict.fromkeys(text for one in said for text in one.trading))
    bodies = [one.legal for one in said if has_legal_form(one.legal)] or [one.legal for one in said if one.trading]
    legal = "" if not bodies or name in bodies or (not trading and has_legal_form(name)) else min(bodies, key=str.isupper)
    return legal, trading


def find(parties: Mapping[str, Party], text: str) -> str | None:
    """The key of the party that a person means by `text`: its key, an identifier, or its name in any case."""
    from evenwicht.ledger.identifiers import of_user

    if text in parties:
        return text
    wanted = {text.casefold(), (of_user(text) or text).casefold()}
    for key, party in parties.items():
        if wanted & {i.casefold() for i in party.identifiers} or text.casefold() in {
            party.name.casefold(), party.legal_name.casefold() or party.key,
            *(other.casefold() for other in (*party.aliases, *party.trading_names)),
        }:
            return key
    return None


def near(parties: Mapping[str, Party], text: str) -> list[str]:
    """Up to three keys that look like what was typed, for a hint."""
    from rapidfuzz import process, utils

    choices = {key: f"{key} {party.name}" for key, party in parties.items()}
    return [str(found[2]) for found in process.extract(text, choices, processor=utils.default_process, limit=3,
                                                     score_cutoff=50)]
