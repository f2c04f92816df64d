"""The tables of this room: who sits together, what was said and proposed, who looked when."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from evenwicht.web.people.rows import Organisation, Person

QUIET = timedelta(days=14)
"""Without an answer for so long, the verdict opens and a correction takes effect."""

CORRECTION, NORM, THREAD = "correction", "norm", "thread"
AGREED, DECLINED, TAKEN_BACK = "agreed", "declined", "taken back"


class Table(models.Model):
    """Two organisations and the page they share.

    name          in addresses, and what both sides number threads with; says nothing of them
    other         what the host's ledger calls the other side
    host_terms, guest_terms   when each accepted the joint arrangement
    looked_at     when the guest had looked at the facts: the verdict opens for both
    closed_at     withdrawn by one of the two: the page is closed for both
    stamp         of which facts and agreements the result was made
    result …      as `books.Relation` and `books.Detail` hold them
    """

    name = models.CharField(max_length=32, unique=True)
    host = models.ForeignKey(Organisation, models.CASCADE, related_name="tables_laid")
    guest = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="tables_joined")
    other = models.CharField(max_length=255)
    other_name = models.CharField(max_length=255)
    made_at = models.DateTimeField(auto_now_add=True)
    joined_at = models.DateTimeField(null=True)
    host_terms = models.DateTimeField(null=True)
    guest_terms = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    stamp = models.CharField(max_length=400, blank=True)
    host_key = models.CharField(max_length=255, blank=True)
    until = models.DateField(null=True)
    result = models.TextField(blank=True)
    history = models.BinaryField(default=bytes)
    events = models.BinaryField(default=bytes)
    contacts = models.TextField(default="[]")
    loops = models.TextField(blank=True)
    fault = models.JSONField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("host", "other"), condition=models.Q(closed_at=None), name="one_table_a_relation"),)

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link to a table. Only the digest of its secret is kept.

    used_at      an organisation sat down with it; it can do so once
    revoked_at   taken back
    """

    table = models.ForeignKey(Table, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.table_id} {self.until:%Y-%m-%d}"


class Remark(models.Model):
    """What one side says of the page. It goes with its side when that side leaves.

    about      an axis, or empty: the whole
    contests   the side does not agree with what the page says there
    signed     who says it, where it was said through a link without an account
    """

    table = models.ForeignKey(Table, models.CASCADE, related_name="remarks")
    of_host = models.BooleanField()
    person = models.ForeignKey(Person, models.SET_NULL, null=True)
    signed = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=24, blank=True)
    contests = models.BooleanField(default=False)
    words = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.words[:40]


class Proposal(models.Model):
    """What one side proposes and holds where the other agrees: a corrected fact, a norm, a thread left out.

    told     correction: identity, at (None = not of this relation), was · norm: axis, share the host gives, since · thread: thread
    answer   empty while there is none; a correction then holds after QUIET
    """

    table = models.ForeignKey(Table, models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=12)
    of_host = models.BooleanField()
    person = models.ForeignKey(Person, models.SET_NULL, null=True)
    told = models.JSONField()
    words = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(max_length=12, blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.answer}"


class Visit(models.Model):
    """Who saw or did what at a table, for both to read. A side, not a person, is named to the other."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="visits")
    of_host = models.BooleanField()
    person = models.ForeignKey(Person, models.SET_NULL, null=True)
    what = models.CharField(max_length=24)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=("table", "at"), name="visits_by_time"),)

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"
