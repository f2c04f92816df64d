"""The tables of people: who they are, which organisation they sit at, the links that let them in once."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

OWNER, MEMBER, READER = "owner", "member", "reader"
ROLES = (OWNER, MEMBER, READER)


class Persons(BaseUserManager):
    """How persons are made and found."""

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Somebody who may sign in. No figure is ever about them; their rows hold what they need to work."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, blank=True)
    zone = models.CharField(max_length=64, default="Europe/Amsterdam")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = Persons()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """One side: a tenant. `us` are the identifiers it is known by, the first its key."""

    name = models.CharField(max_length=160)
    us = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person at an organisation, until it ends."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=[(role, role) for role in ROLES])
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "organisation"), name="one_seat_a_person"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation_id}"

    @property
    def works(self) -> bool:
        """Whether this seat may import and decide."""
        return self.role in {OWNER, MEMBER}

    @property
    def owns(self) -> bool:
        """Whether this seat may change people and the organisation."""
        return self.role == OWNER


class Link(models.Model):
    """A link that lets its holder in once. Only the digest of its secret is kept.

    person      whom it lets in; None = whoever opens it first becomes the first owner
    """

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="links")
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.until:%Y-%m-%d}"
