"""The tables of people: who they are, which organisation they sit at, the links that let them in once, who did what."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

OWNER, MEMBER, READER = "owner", "member", "reader"
ROLES = (OWNER, MEMBER, READER)


class Persons(BaseUserManager):
    """How persons are made and found."""

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Somebody who may sign in. No figure is ever about them; their rows hold what they need to work.

    seen_at     when they last asked for a page, to the hour
    stamp       part of what a session is signed with: another one ends every session
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, blank=True)
    zone = models.CharField(max_length=64, default="Europe/Amsterdam")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    stamp = models.CharField(max_length=32, blank=True)

    objects = Persons()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session carries along; it no longer fits once the stamp is another."""
        return str(salted_hmac("evenwicht.people.session", self.password + self.stamp, secret=secret, algorithm="sha256").hexdigest())


class Organisation(models.Model):
    """One side: a tenant. `us` are the identifiers it is known by, the first its key.

    kept    how long what is kept (`house.terms`); empty = everything, until somebody decides otherwise
    """

    name = models.CharField(max_length=160)
    us = models.JSONField(default=list)
    kept = models.JSONField(default=dict)
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


class Deed(models.Model):
    """Something somebody did that others may have to look up.

    who     the mail address then; it stays readable when the person is no longer here
    what    which deed, a word of `people.deeds`
    about   whom or what it was done to
    told    values of the sentence
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="deeds")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="deeds")
    who = models.CharField(max_length=254)
    what = models.CharField(max_length=32)
    about = models.CharField(max_length=254, blank=True)
    told = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=("organisation", "-at"), name="deeds_latest_first"),)

    def __str__(self) -> str:
        return f"{self.who} {self.what}"


class Ticket(models.Model):
    """A form that was sent: the same one again is not done twice."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tickets")
    ticket = models.CharField(max_length=32)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "ticket"), name="one_sending_a_ticket"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at:%Y-%m-%d}"
