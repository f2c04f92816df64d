"""This room, as Django knows it."""

from __future__ import annotations

from evenwicht.web.tables import Room


class Care(Room):
    """Teams, who cares for which relation, tags, saved views."""

    name = "evenwicht.web.care"
    label = "care"
