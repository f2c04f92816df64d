"""The tables of care: teams, who cares for a relation, tags, saved views.

A relation is named by the keys of its two sides, a before b, so that it is the same one in every snapshot. All of this belongs to
one organisation and is shown to nobody else, never on a page that the other side sees too.
"""

from __future__ import annotations

from django.db import models

from evenwicht.web.people.rows import Membership, Organisation, Person


class Team(models.Model):
    """Some of an organisation's people."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)
    seats = models.ManyToManyField(Membership, related_name="teams")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("organisation", "name"), name="one_team_a_name"),)

    def __str__(self) -> str:
        return self.name


class Carer(models.Model):
    """Who cares for a relation: a person or a team, one at a time."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    a = models.CharField(max_length=255)
    b = models.CharField(max_length=255)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("organisation", "a", "b"), name="one_carer_a_relation"),
            models.CheckConstraint(condition=models.Q(person=None) ^ models.Q(team=None), name="a_person_or_a_team"),
        )

    def __str__(self) -> str:
        return f"{self.a} {self.b}"


class Tag(models.Model):
    """A word that an organisation hangs on relations."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("organisation", "name"), name="one_tag_a_name"),)

    def __str__(self) -> str:
        return self.name


class Tagged(models.Model):
    """A relation with a tag."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged")
    a = models.CharField(max_length=255)
    b = models.CharField(max_length=255)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tag", "a", "b"), name="one_tag_a_relation"),)
        indexes = (models.Index(fields=("a", "b"), name="tagged_by_pair"),)

    def __str__(self) -> str:
        return f"{self.a} {self.b}"


class View(models.Model):
    """A list as it was asked for, under a name: of one person, or without one of the whole organisation.

    query    what stands in the address
    first    it is shown where nothing is asked for
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="views")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=800)
    first = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
