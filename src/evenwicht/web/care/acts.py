"""What changes care: teams, who cares for what, tags, saved views."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from evenwicht.errors import WrongCall
from evenwicht.web.care import queries
from evenwicht.web.care.rows import Carer, Tag, Tagged, Team, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.db.models import QuerySet

    from evenwicht.web.care.queries import Pair
    from evenwicht.web.people.rows import Membership, Organisation

AT_ONCE = 300
LONGEST_TAG, LONGEST_NAME, LONGEST_QUERY = 40, 80, 800
MOST_TAGS, MOST_VIEWS = 200, 100


def _named(name: str, most: int) -> str:
    """A name without what stands around it. Raises WrongCall where nothing is left, or too much."""
    made = " ".join(name.split())
    if not made or len(made) > most:
        raise WrongCall("A name has at least one letter and at most {most}.", most=most)
    return made


def make_team(organisation: Organisation, name: str) -> Team:
    """A team without anybody in it yet. Raises WrongCall where there is one of that name."""
    named = _named(name, LONGEST_NAME)
    try:
        with transaction.atomic():
            made: Team = Team.objects.create(organisation=organisation, name=named)
    except IntegrityError:
        raise WrongCall("There is a team of that name already: {name}.", name=named) from None
    return made


def change_team(team: Team, name: str, numbers: Iterable[int]) -> None:
    """Another name, and who is in it, by the numbers of their seats; those of others are left out. Raises WrongCall for a name that
    is taken.
    """
    team.name = _named(name, LONGEST_NAME)
    try:
        with transaction.atomic():
            team.save(update_fields=["name"])
            wanted = set(numbers)
            team.seats.set([seat for seat in queries.seats(team.organisation) if seat.pk in wanted])
    except IntegrityError:
        raise WrongCall("There is a team of that name already: {name}.", name=team.name) from None


def end_team(team: Team) -> None:
    """A team is no more; nobody cares for its relations until somebody is chosen."""
    team.delete()


def tag(seat: Membership, name: str, pairs: Iterable[Pair]) -> None:
    """Hang a tag on relations; those that have it keep it."""
    named = _named(name, LONGEST_TAG)
    known = Tag.objects.filter(organisation=seat.organisation, name__iexact=named).first()
    if known is None and Tag.objects.filter(organisation=seat.organisation).count() >= MOST_TAGS:
        raise WrongCall("There are {most} tags already. Take one away from all its relations first.", most=MOST_TAGS)
    one = known or Tag.objects.get_or_create(organisation=seat.organisation, name=named)[0]
    for some in _some(pairs):
        Tagged.objects.bulk_create([Tagged(tag=one, a=a, b=b) for a, b in some], ignore_conflicts=True)


def untag(seat: Membership, name: str, pairs: Iterable[Pair]) -> None:
    """Take a tag away from relations; one that hangs on nothing any more is gone."""
    for some in _some(pairs):
        _of(Tagged.objects.filter(tag__organisation=seat.organisation, tag__name__iexact=name.strip()), some).delete()
    Tag.objects.filter(organisation=seat.organisation, tagged=None).delete()


def assign(seat: Membership, who: str, pairs: Iterable[Pair]) -> None:
    """Let somebody care for relations: `seat-3`, `team-4`, or `nobody`. Raises WrongCall for who is not there."""
    sort, _, number = who.partition("-")
    person = next((one.person_id for one in queries.seats(seat.organisation) if sort == "seat" and str(one.pk) == number), None)
    team = next((one.pk for one in queries.teams(seat.organisation) if sort == "team" and str(one.pk) == number), None)
    if person is None and team is None and who != queries.NOBODY:
        raise WrongCall("Choose a person or a team of the organisation.")
    for some in _some(pairs):
        with transaction.atomic():
            _of(Carer.objects.filter(organisation=seat.organisation), some).delete()
            if who != queries.NOBODY:
                Carer.objects.bulk_create([Carer(organisation=seat.organisation, a=a, b=b, person_id=person, team_id=team) for a, b in some],
                                          update_conflicts=True, unique_fields=["organisation", "a", "b"], update_fields=["person", "team"])


def keep_view(seat: Membership, name: str, query: str, *, shared: bool, first: bool) -> View:
    """Keep a list under a name, in place of the one of that name; one at most is first for a person, and one for the organisation."""
    named = _named(name, LONGEST_NAME)
    mine = View.objects.filter(organisation=seat.organisation, person=None if shared else seat.person)
    with transaction.atomic():
        if not mine.filter(name=named).exists() and mine.count() >= MOST_VIEWS:
            raise WrongCall("There are {most} saved lists already. Take one away first.", most=MOST_VIEWS)
        if first:
            mine.update(first=False)
        made: View = View.objects.update_or_create(
            organisation=seat.organisation, person=None if shared else seat.person, name=named,
            defaults={"query": query[:LONGEST_QUERY], "first": first})[0]
    return made


def drop_view(view: View) -> None:
    """Take a saved list away."""
    view.delete()


def _some(pairs: Iterable[Pair]) -> Iterator[Sequence[Pair]]:
    waiting = iter(dict.fromkeys(pairs))
    while some := list(islice(waiting, AT_ONCE)):
        yield some


def _of(rows: QuerySet[Any], some: Sequence[Pair]) -> QuerySet[Any]:
    which = Q(pk__in=())
    for a, b in some:
        which |= Q(a=a, b=b)
    return rows.filter(which)
