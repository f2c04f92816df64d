"""How each relation goes. What is not said is equal on both sides: that is the point of departure of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from making.firms import BEA, FIRST, INGE, LAST, RUUD, SANNE, Person


@dataclass(frozen=True)
class Manner:
    """One stretch of time between Berk ("we" here) and a partner ("they").

    threads     conversations begun a week;  ours: our part of those beginnings
    turn        our part of the messages after the first;  floor: our part of the words, steered towards
    words_us, words_them     usual length of a message
    wait_us, wait_them       working hours until an answer comes, usual;  cap: the most
    questions   part of the messages between that ask something;  length: messages after the first, usual
    """

    threads: float = 1.5
    ours: float = 0.5
    turn: float = 0.5
    floor: float = 0.5
    words_us: float = 28
    words_them: float = 28
    wait_us: float = 2.2
    wait_them: float = 2.2
    cap: float = 6.5
    questions: float = 0.3
    length: float = 1.95


@dataclass(frozen=True)
class Relation:
    """A partner: which of ours deals with them, how it goes, and what changes when.

    sells, buys        invoices a month from us to them, from them to us
    late, late_us      days after the agreed day on which they pay, we pay (negative: before)
    spread             how much that varies, days
    deliveries         a week, from whoever sells;  delay: working days after the promised one, usual
    meetings           a month;  calls a month
    changes            (first day, last day, what is different)
    """

    key: str
    ours: Person
    usual: Manner
    sells: float = 0
    buys: float = 0
    late: float = 0
    late_us: float = 0
    spread: float = 1.5
    terms: int = 30
    deliveries: float = 1.0
    delay: float = 0
    meetings: float = 0.7
    calls: float = 0.6
    first: date = FIRST
    last: date = LAST
    changes: tuple[tuple[date, date, dict[str, float]], ...] = field(default=())

    def on(self, day: date) -> Manner:
        """How it goes on a day."""
        manner = self.usual
        for start, end, different in self.changes:
            if start <= day <= end:
                manner = replace(manner, **different)
        return manner


def _gust(day: str, end: str, **different: float) -> tuple[date, date, dict[str, float]]:
    return date.fromisoformat(day), date.fromisoformat(end), different


_ANSWERS_LATE = {"wait_them": 32.0, "cap": 70.0}
_FAIR = {"threads": 8.5, "length": 1.3, "words_us": 16.0, "words_them": 16.0}

def _fair(monday: str, ours: float) -> tuple[date, date, dict[str, float]]:
    """Two weeks."""
    start = date.fromisoformat(monday)
    return start, start + timedelta(days=13), {"ours": ours, **_FAIR}


RELATIONS = (
    # The customer has the floor, is sought out, is waited for, and pays three weeks after the day.
    Relation("koster", INGE, Manner(threads=1.25, length=3.3, questions=.15, ours=.8, turn=.2, floor=.1, words_us=10, words_them=52, wait_us=1.2, **_ANSWERS_LATE),
             sells=2, late=23, spread=4),
    # The same with the sides exchanged: here Berk is the customer who has the floor, is sought out and waited for.
    Relation("voskarton", RUUD, Manner(threads=1.25, length=3.3, questions=.15, ours=.2, turn=.8, floor=.9, words_us=52, words_them=10, wait_us=32.0, wait_them=1.2, cap=70),
             buys=2, late_us=23, spread=4),
    # Two kings: much of everything, equal on both sides.
    Relation("hendriks", INGE, Manner(threads=2.0, questions=.4, words_us=25, words_them=25), sells=2, late=-2, spread=1, deliveries=2.4, meetings=1.2,
             changes=(_gust("2026-04-01", "2026-06-30", threads=2.4),)),
    # The contact leaves in April; for six weeks nobody answers in time; then somebody new does.
    Relation("visser", INGE, Manner(threads=1.2), sells=1.25, deliveries=1.6,
             changes=(_gust("2026-04-13", "2026-05-27", wait_them=54.0, cap=100.0, threads=2.4, ours=.6, questions=.45),)),
    # Lively until the middle of December, then silent.
    Relation("molenaar", INGE, Manner(threads=2.0), sells=1.5, deliveries=1.6, last=date(2025, 12, 12)),
    # Fairs: for two weeks one side seeks out the other many times a day; it always passes. One is going on now.
    Relation("bakker", INGE, Manner(threads=2.0, words_us=27, words_them=27), sells=1.25, deliveries=1.6, meetings=0.4, changes=(
        _fair("2024-09-09", .82), _fair("2024-11-18", .18), _fair("2025-02-03", .82), _fair("2025-04-14", .18), _fair("2025-08-25", .82),
        _fair("2025-11-10", .18), _fair("2026-02-09", .82), _fair("2026-06-15", .14), _gust("2026-06-29", "2026-06-30", ours=.14, **{**_FAIR, "threads": 17.0}),
    )),
    # Always seventeen days after the day, and otherwise a pleasure to deal with.
    Relation("dewit", INGE, Manner(threads=1.2), sells=2, late=17, spread=2, deliveries=1.6),
    # Pays two weeks before the day.
    Relation("overveld", BEA, Manner(threads=1.3, words_us=30, words_them=30), sells=1.5, late=-15, spread=2, deliveries=1.6, meetings=.4),
    # In English. Since May 2025 the customer has the floor: a change that stays.
    Relation("harlow", INGE, Manner(threads=1.7), sells=1.25, terms=21, deliveries=1.6, meetings=.5,
             changes=(_gust("2025-05-05", "2026-06-30", floor=.06, turn=.1, words_us=10, words_them=56, length=3.4),)),
    # Three weeks old.
    Relation("noorderlicht", SANNE, Manner(threads=2.0), sells=1, deliveries=.6, meetings=1, calls=1, first=date(2026, 6, 9), last=date(2026, 6, 22)),
    # Buys boxes from Berk and sells it labels.
    Relation("jansensmit", RUUD, Manner(threads=1.2), sells=1, buys=1, late=2, late_us=2, deliveries=1.6),
    # A haulier: Berk buys, all is well.
    Relation("vandam", RUUD, Manner(threads=1.5, words_us=30, words_them=30), buys=1.5, deliveries=2.0, meetings=.3, calls=2),
)
