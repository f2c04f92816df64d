"""Many rows at once into a table: COPY on PostgreSQL, one statement for all of them on SQLite. Never a loop of objects."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model


AT_ONCE = 500
"""Rows held in memory together."""


def write(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows; the columns are those of the table, in the order of the values."""
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(name) for name in columns)  # noqa: SLF001  Django's public way
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        waiting = iter(rows)
        while some := list(islice(waiting, AT_ONCE)):
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", some)  # noqa: S608  names of our own tables
