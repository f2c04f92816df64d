"""Whether the process lives, and whether it can work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest

_migrated = False


def alive(_: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def ready(_: HttpRequest) -> HttpResponse:
    """The database answers and has every migration."""
    global _migrated  # noqa: PLW0603  once migrated, a process stays so; looking again costs a tenth of a second
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain; charset=utf-8")
    if not _migrated:
        return HttpResponse("the database wants its migrations\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
