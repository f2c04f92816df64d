"""Generated ledgers for the laws: events of every kind an axis reads, between a few parties, over some weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from evenwicht.ledger.events import Event

START = datetime(2025, 1, 6, tzinfo=UTC)
PARTIES = ("alder.example", "birch.example", "cedar.example")
WEEKS = 40

_amounts = st.one_of(st.floats(1, 5_000), st.sampled_from([0.0, 1.0, 1e15, 250.0]))


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """A working moment in the span; minutes, so that times seldom tie."""
    return START + timedelta(days=draw(st.integers(0, WEEKS * 7 - 40)), minutes=draw(st.integers(480, 1_000)))


@st.composite
def happenings(draw: st.DrawFn, number: int, pair: tuple[str, str]) -> list[Event]:
    """One thing that happens between two: a mail with its question and perhaps an answer, an invoice, a delivery …"""
    giver, receiver = pair if draw(st.booleans()) else pair[::-1]
    at = draw(moments())
    name = f"{number}-{giver}"
    what = draw(st.sampled_from(["mail", "mail", "mail", "talk", "meeting", "invoice", "delivery", "promise", "order", "favour"]))
    later = at + timedelta(hours=draw(st.integers(1, 400)))
    due = at + timedelta(days=draw(st.integers(0, 30)))
    amount = draw(_amounts)
    if what == "mail":
        found = [Event(name, at, giver, receiver, "message", draw(st.one_of(st.none(), _amounts)), "words", thread=name),
                 Event(f"{name}#q", at, giver, receiver, "question", 1.0, "count")]
        if draw(st.booleans()):
            found.append(Event(f"{name}r", later, receiver, giver, "message", amount, "words", thread=name, answers=name))
        return found
    if what == "talk":
        return [Event(name, at, giver, receiver, "talk", amount, "seconds")]
    if what == "meeting":
        found = [Event(name, at, giver, receiver, "meeting", 60.0, "minutes")]
        if draw(st.booleans()):
            heads = float(draw(st.integers(1, 4)))
            found.append(Event(f"{name}#attendance", at, receiver, giver, "attendance", 60.0 * heads, "minutes", answers=name))
        if draw(st.integers(0, 4)) == 0:
            found.append(Event(f"{name}n", at, giver, receiver, "norm", 0.6, "share", thread="time"))
        return found
    if what == "favour":
        unit = draw(st.sampled_from(["hours", "EUR", "count"]))
        return [Event(name, at, giver, receiver, "favour", draw(st.one_of(st.none(), _amounts)), unit)]
    if what == "invoice":
        identity = f"invoice:{giver}:{number}:2025"
        found = [Event(identity, at, giver, receiver, "invoice", amount, "EUR", due=due)]
        if draw(st.booleans()):
            found.append(Event(f"pay:{name}", later, receiver, giver, "payment", amount, "EUR", answers=identity))
        return found
    if what == "delivery":
        return [Event(name, later, giver, receiver, "delivery", 1.0, "count", due=due)]
    if what == "promise":
        found = [Event(name, at, giver, receiver, "promise", 1.0, "count", due=due)]
        if draw(st.booleans()):
            found.append(Event(f"{name}k", later, giver, receiver, "promise_kept", 1.0, "count", answers=name))
        return found
    order = f"order:{receiver}:{number}:2025"
    found = [Event(order, at, receiver, giver, "order", amount, "EUR"),
             Event(f"{name}o", at, giver, receiver, "order_response", amount, "EUR", due=due, answers=order)]
    if draw(st.booleans()):
        found.append(Event(f"{name}d", later, giver, receiver, "delivery", 1.0, "count", answers=order))
    return found


@st.composite
def ledgers(draw: st.DrawFn, parties: tuple[str, ...] = PARTIES[:2], least: int = 1, most: int = 40) -> list[Event]:
    """Events between the first party and each of the others."""
    count = draw(st.integers(least, most))
    found: list[Event] = []
    for number in range(count):
        other = draw(st.sampled_from(parties[1:]))
        found.extend(draw(happenings(number, (parties[0], other))))
    return found
