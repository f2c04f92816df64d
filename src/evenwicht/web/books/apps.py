"""This room, as Django knows it."""

from __future__ import annotations

from evenwicht.web.tables import Room


class Books(Room):
    """Imports, problems, results."""

    name = "evenwicht.web.books"
    label = "books"
