"""This room, as Django knows it."""

from __future__ import annotations

from evenwicht.web.tables import Room


class People(Room):
    """Persons, organisations, members, one-time links."""

    name = "evenwicht.web.people"
    label = "people"
