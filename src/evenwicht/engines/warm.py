"""Compile the kernels ahead, so that the first assessment does not wait for it. `python -m evenwicht.engines.warm`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from evenwicht.engines.local import assess
from evenwicht.ledger.events import Event
from evenwicht.ledger.table import Ledger, frame_of


def warm() -> None:
    """Assess a small ledger in which every kernel is used once; Numba keeps what it compiled beside the code."""
    start = datetime(2025, 1, 6, 9, tzinfo=UTC)
    events = []
    for week in range(60):
        at = start + timedelta(weeks=week)
        for number in range(6):
            givers = ("a.example", "b.example") if number < (5 if week > 52 else 3) else ("b.example", "a.example")  # noqa: PLR2004
            events.append(Event(f"m{week}-{number}", at + timedelta(hours=number), *givers, "message", 100.0, "words"))
        due = at + timedelta(days=30)
        events.append(Event(f"i{week}", at, "a.example", "b.example", "invoice", 100.0, "EUR", due=due))
        events.append(Event(f"p{week}", due + timedelta(days=17), "b.example", "a.example", "payment", 100.0, "EUR",
                            answers=f"i{week}"))
    found = assess(Ledger(frame_of(events)))
    found.history  # noqa: B018  draws the path once, which compiles the smoother


if __name__ == "__main__":
    warm()
