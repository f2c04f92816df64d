"""An event is a value: equal by its fields, never changed, copied with changes."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, datetime
from inspect import signature

import pytest

from evenwicht.ledger.events import Event

AT = datetime(2026, 3, 2, tzinfo=UTC)
VALUES = ("id", AT, "birch.nl", "acme.com", "message", 12.0, "words", "p1", "p2", "thread", "parent", AT, False, ("a#1",), ("r",), 3)


def test_each_field_is_filled_by_its_own_argument() -> None:
    names = [one.name for one in fields(Event)]
    assert names == list(signature(Event).parameters)
    event = Event(*VALUES)
    assert tuple(getattr(event, name) for name in names) == VALUES
    assert Event(**dict(zip(names, VALUES, strict=True))) == event


def test_what_is_not_given_is_what_the_field_says() -> None:
    event = Event("id", AT, "birch.nl", "acme.com", "message")
    assert all(getattr(event, one.name) == one.default for one in fields(Event)[5:])
    assert [parameter.default for parameter in signature(Event).parameters.values()][5:] == [one.default for one in fields(Event)[5:]]


def test_an_event_is_a_value() -> None:
    event = Event(*VALUES)
    assert {event, Event(*VALUES), replace(event)} == {event}
    assert replace(event, amount=2.0) != event
    assert pickle.loads(pickle.dumps(event)) == event == copy.deepcopy(event)
    with pytest.raises(FrozenInstanceError):
        event.amount = 1.0  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del event.amount  # type: ignore[misc]
