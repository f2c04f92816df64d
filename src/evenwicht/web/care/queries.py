"""What is read of care. Everything takes the seat of the one who asks: what is another organisation's is not there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q

from evenwicht.web.care.rows import Carer, Tag, Tagged, Team, View
from evenwicht.web.given import whole
from evenwicht.web.people.rows import Membership, Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

MINE, ALL, NOBODY = "mine", "all", "nobody"

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a list can be narrowed to: people (by number of their seat), teams and tags of an organisation, saved views."""

    seats: Sequence[Membership]
    teams: Sequence[Team]
    tags: Sequence[Tag]
    views: Sequence[View]


@dataclass(frozen=True, slots=True)
class Cared:
    """What an organisation keeps of a relation beside its figures."""

    carer: str = ""
    tags: tuple[str, ...] = ()


def choices(seat: Membership) -> Choices:
    """What the one who asks can choose from."""
    organisation = seat.organisation
    return Choices(
        list(Membership.objects.filter(organisation=organisation, ended_at=None).select_related("person").order_by("person__name", "person__email")),
        list(Team.objects.filter(organisation=organisation).order_by("name")), list(Tag.objects.filter(organisation=organisation).order_by("name")), views(seat))


def teams(organisation: Organisation) -> Sequence[Team]:
    """The teams of an organisation, by name, with who is in them."""
    return list(Team.objects.filter(organisation=organisation).prefetch_related("seats__person").order_by("name"))


def team(organisation: Organisation, number: int) -> Team | None:
    """One team of an organisation."""
    found: Team | None = Team.objects.filter(organisation=organisation, pk=number).first()
    return found


def seats(organisation: Organisation) -> Sequence[Membership]:
    """Who may be in a team: everybody who is there."""
    return list(Membership.objects.filter(organisation=organisation, ended_at=None).select_related("person").order_by("person__email"))


def views(seat: Membership) -> Sequence[View]:
    """The saved views of a person and of the organisation, by name."""
    return list(View.objects.filter(Q(person=None) | Q(person=seat.person), organisation=seat.organisation).order_by("name", "pk"))


def view(seat: Membership, number: int) -> View | None:
    """A saved view that the one who asks can take away: their own, or one of the organisation where they may."""
    mine = Q(person=seat.person) | (Q(person=None) if seat.works else Q(pk__in=()))
    found: View | None = View.objects.filter(mine, organisation=seat.organisation, pk=number).first()
    return found


def first(seat: Membership) -> str:
    """What is shown where nothing is asked: the own saved view for that, else that of the organisation, else what is cared for by
    the one who asks, where there is anything; as the query of an address.
    """
    kept = sorted((one for one in views(seat) if one.first), key=lambda one: one.person_id is None)
    if kept:
        return str(kept[0].query)
    return f"who={MINE}" if Carer.objects.filter(_mine(seat), organisation=seat.organisation).exists() else ""


def _mine(seat: Membership) -> Q:
    return Q(person=seat.person) | Q(team__in=Team.objects.filter(seats=seat))


def narrowed(found: QuerySet[Any], seat: Membership, who: str, tag: str) -> QuerySet[Any]:
    """Of rows with a and b, those that somebody cares for, and that have a tag. `who`: mine, nobody, seat-3, team-4."""
    cared = Carer.objects.filter(organisation=seat.organisation, a=OuterRef("a"), b=OuterRef("b"))
    sort, _, number = who.partition("-")
    if who == MINE:
        found = found.filter(Exists(cared.filter(_mine(seat))))
    elif who == NOBODY:
        found = found.filter(~Exists(cared))
    elif sort in {"seat", "team"}:
        known = whole(number)
        which = Q(team_id=known) if sort == "team" else Q(person__memberships=known, person__memberships__organisation=seat.organisation)
        found = found.filter(Exists(cared.filter(which)))
    if tag:
        found = found.filter(Exists(Tagged.objects.filter(tag__organisation=seat.organisation, tag_id=whole(tag), a=OuterRef("a"), b=OuterRef("b"))))
    return found


def cared(seat: Membership, pairs: Iterable[Pair]) -> Mapping[Pair, Cared]:
    """Who cares for some relations, and their tags; in two queries, however many there are."""
    wanted = set(pairs)
    known = Q(a__in={a for a, _ in wanted}, b__in={b for _, b in wanted})
    carers: dict[Pair, str] = {}
    for one in Carer.objects.filter(known, organisation=seat.organisation).select_related("person", "team"):
        carers[(one.a, one.b)] = str(one.team or one.person)
    tags: dict[Pair, list[str]] = defaultdict(list)
    for a, b, name in Tagged.objects.filter(known, tag__organisation=seat.organisation).order_by("tag__name").values_list("a", "b", "tag__name"):
        tags[(a, b)].append(name)
    return {pair: Cared(carers.get(pair, ""), tuple(tags.get(pair, ()))) for pair in wanted}


def cares(organisation: Organisation) -> Mapping[int, int]:
    """How many relations each team cares for."""
    return dict(Carer.objects.filter(organisation=organisation).exclude(team=None).values_list("team").annotate(n=Count("pk")).order_by())
