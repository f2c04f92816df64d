"""This room, as Django knows it."""

from __future__ import annotations

from evenwicht.web.tables import Room


class Shared(Room):
    """Tables of two, what is said and agreed at them."""

    name = "evenwicht.web.shared"
    label = "shared"
