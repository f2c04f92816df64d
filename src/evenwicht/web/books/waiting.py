"""What a worker that died left behind is taken up again by the next one."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from evenwicht.web.books import queries, tasks
from evenwicht.web.books.rows import READING, Book, Import


def pick_up() -> int:
    """Put back in the queue what somebody began and nobody goes on with; how much it was."""
    since = timezone.now() - queries.SILENT
    left = list(Import.objects.filter(state=READING, beat__lt=since).values_list("pk", flat=True))
    for number in left:
        tasks.read_import.enqueue(number)
    unbuilt = list(Book.objects.filter(built__lt=F("generation"), fault__isnull=True).exclude(beat__gte=since).values_list("pk", flat=True))
    for number in unbuilt:
        tasks.build.enqueue(number)
    return len(left) + len(unbuilt)
