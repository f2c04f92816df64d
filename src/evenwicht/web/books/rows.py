"""The tables of books: imports and their problems, and results as they are shown. Events stand in ledger files (ADR 30)."""

from __future__ import annotations

from django.db import models

from evenwicht.web.people.rows import Organisation, Person

WAITING, READING, READ, FAILED, UNDONE = "waiting", "reading", "read", "failed", "undone"
OPEN = (WAITING, READING)


class Book(models.Model):
    """What one organisation knows.

    generation   grows with everything that changes what is known: an import, an undo, a decision about parties
    built        the generation of the snapshot that is shown; behind `generation` while a new one is made
    beat         the last sign of life of whoever makes it
    confirmed    what was confirmed before the first mailbox: which, by whom, when
    exclusions   what is never stored: domains, addresses, `thread:<id>`, `label:NAME`
    decisions    what people decided about parties, in order
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="book")
    generation = models.PositiveIntegerField(default=0)
    built = models.PositiveIntegerField(default=0)
    beat = models.DateTimeField(null=True)
    fault = models.JSONField(null=True)
    snapshot = models.ForeignKey("Snapshot", models.SET_NULL, null=True, related_name="+")
    confirmed = models.JSONField(default=dict)
    exclusions = models.JSONField(default=list)
    decisions = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.organisation_id)


class Layout(models.Model):
    """How an organisation's own tables are read: made on a page from a table that no layout knew, and kept as TOML.

    key    the heads of such a table, one a line: the next one with these heads is read like it
    """

    book = models.ForeignKey(Book, models.CASCADE, related_name="layouts")
    name = models.CharField(max_length=80)
    key = models.TextField()
    text = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One reading of files that were brought together.

    ticket   made with the form, so that sending it twice is one import
    files    what was read, one entry a file: label, bytes, events, problems
    told     counts and notes of the reading
    fault    the sentence why nothing was read: template and values
    layout   the organisation's own layout by which its table is read
    """

    book = models.ForeignKey(Book, models.CASCADE, related_name="imports")
    person = models.ForeignKey(Person, models.SET_NULL, null=True)
    ticket = models.CharField(max_length=32)
    made_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, default=WAITING)
    title = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True)
    beat = models.DateTimeField(null=True)
    events = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)
    files = models.JSONField(default=list)
    told = models.JSONField(default=dict)
    fault = models.JSONField(null=True)
    layout = models.ForeignKey(Layout, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("book", "ticket"), name="one_import_a_ticket"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class Trouble(models.Model):
    """A problem of an import, as it was found."""

    brought = models.ForeignKey(Import, models.CASCADE, related_name="troubles")
    file = models.TextField()
    place = models.TextField()
    what = models.TextField()
    remedy = models.TextField()
    severity = models.CharField(max_length=8)
    told = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.file} {self.place}"


class Snapshot(models.Model):
    """One result: everything found in what was known at a moment."""

    book = models.ForeignKey(Book, models.CASCADE, related_name="snapshots")
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateField()
    us = models.CharField(max_length=255)
    us_name = models.CharField(max_length=255)
    events = models.PositiveIntegerField()
    expected_wrong = models.FloatField()
    needs = models.JSONField()
    parameters = models.JSONField()
    parties = models.JSONField(default=list)
    suggestions = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.book_id} {self.until}"


class Relation(models.Model):
    """One relation of a snapshot: what a list sorts and searches by, and the result as CONTRACT has it.

    turn, lean   whose turn it is, and toward whom it leans: us, them, both, or empty
    moves        what waits on either side (`measures.turns`), as JSON; empty where nothing does
    axes         the axes that lean, as `|words|money|`
    lacking      what is missing to say more, one a line
    """

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="relations")
    a = models.CharField(max_length=255)
    b = models.CharField(max_length=255)
    a_name = models.CharField(max_length=255)
    b_name = models.CharField(max_length=255)
    search = models.TextField()
    verdict = models.CharField(max_length=16)
    rank = models.PositiveSmallIntegerField()
    certainty = models.FloatField()
    events = models.PositiveIntegerField()
    last = models.DateTimeField(null=True)
    speed = models.FloatField(null=True)
    name = models.CharField(max_length=255)
    result = models.TextField()
    turn = models.CharField(max_length=4, default="")
    lean = models.CharField(max_length=4, default="")
    moves = models.TextField(default="")
    axes = models.CharField(max_length=160, default="")
    lacking = models.TextField(default="")

    class Meta:
        indexes = (
            models.Index(fields=("snapshot", "rank", "certainty", "a", "b"), name="relations_by_attention"),
            models.Index(fields=("snapshot", "a", "b"), name="relations_by_pair"),
        )

    def __str__(self) -> str:
        return f"{self.a} {self.b}"


class Detail(models.Model):
    """What the page of one relation is drawn from: weeks and events as columns, changes of contacts, what is open (`measures.loops`)."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="details")
    a = models.CharField(max_length=255)
    b = models.CharField(max_length=255)
    history = models.BinaryField()
    events = models.BinaryField()
    contacts = models.TextField()
    loops = models.TextField(default="{}")

    class Meta:
        indexes = (models.Index(fields=("snapshot", "a", "b"), name="details_by_pair"),)

    def __str__(self) -> str:
        return f"{self.a} {self.b}"


class Drawing(models.Model):
    """A part of a page that was drawn before, compressed: the overview of a portfolio, or a relation from one chair."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="drawings")
    key = models.CharField(max_length=800)
    body = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("snapshot", "key"), name="one_drawing_a_key"),)

    def __str__(self) -> str:
        return self.key


class Month(models.Model):
    """What is said of a relation at the end of a month.

    lived   said when the month had just ended, and kept as it was said; otherwise looked back upon
    """

    book = models.ForeignKey(Book, models.CASCADE, related_name="months")
    a = models.CharField(max_length=255)
    b = models.CharField(max_length=255)
    month = models.DateField()
    verdict = models.CharField(max_length=16)
    toward = models.CharField(max_length=255, blank=True)
    certainty = models.FloatField(null=True)
    lived = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("book", "a", "b", "month"), name="one_verdict_a_month"),)

    def __str__(self) -> str:
        return f"{self.a} {self.b} {self.month}"
