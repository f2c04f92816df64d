"""Somebody who leaves one firm and writes from another is told, with days and firms; who is still there, is not."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from evenwicht.ledger.events import Event
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.table import frame_of
from evenwicht.measures.moves import moves

START = datetime(2025, 1, 6, 9, tzinfo=UTC)
ONE_PERSON = [Mention(("who:f", "who:p")), Mention(("who:f", "who:q"))]
END = date(2025, 12, 31)


def letters(firm: str, person: str, days: list[int], to: str = "us.nl") -> list[Event]:
    return [Event(id=f"{firm}{to}{day}", at=START + timedelta(days=day), giver=firm, receiver=to, kind="message", amount=9.0, unit="words", person=person)
            for day in days]


def found(*events: list[Event], mentions: list[Mention] = ONE_PERSON, until: date = END) -> list[dict[str, object]]:
    return moves(frame_of([one for part in events for one in part]), until, mentions).to_dicts()


OLD, NEW = letters("acme.com", "p", [0, 7, 14, 21]), letters("birch.nl", "q", [40, 47])


def test_a_contact_who_moved_is_told_without_saying_who() -> None:
    assert found(OLD, NEW) == [{"side": "acme.com", "to": "birch.nl", "with": "us.nl", "about": date(2025, 2, 15), "low": date(2025, 1, 27),
                                "high": date(2025, 2, 15)}]


def test_two_people_are_no_move() -> None:
    assert found(OLD, NEW, mentions=[]) == []
    assert found(OLD, NEW, mentions=[Mention(("who:f", "who:p")), Mention(("who:g", "who:q"))]) == []


def test_who_still_writes_from_the_old_firm_did_not_move() -> None:
    assert found(OLD, letters("acme.com", "p", [80]), NEW) == []


def test_a_late_word_is_of_the_handing_over() -> None:
    assert [row["about"] for row in found(OLD, letters("acme.com", "p", [45]), NEW)] == [date(2025, 2, 15)]


def test_a_silence_no_longer_than_usual_is_no_silence() -> None:
    assert found(letters("acme.com", "p", [0, 7, 60]), letters("birch.nl", "q", [62, 64]), until=date(2025, 5, 1)) == []


def test_few_conversations_say_nothing() -> None:
    assert found(OLD[:2], NEW) == []
    assert found(OLD, NEW[:1]) == []


def test_a_private_address_is_no_firm() -> None:
    assert found(OLD, letters("jan@gmail.com", "q", [40, 47])) == []


def test_somebody_away_for_years_is_not_dated() -> None:
    assert found(OLD, letters("birch.nl", "q", [500, 507]), until=date(2027, 1, 1)) == []


def test_only_who_heard_from_both_firms_is_told() -> None:
    assert [row["with"] for row in found(OLD, letters("acme.com", "p", [1, 2], to="other.nl"), NEW)] == ["us.nl"]


def test_what_is_after_until_does_not_exist() -> None:
    assert found(OLD, NEW, until=date(2025, 2, 1)) == []


def test_the_order_of_rows_makes_no_difference() -> None:
    frame = frame_of([*OLD, *NEW])
    assert moves(frame, END, ONE_PERSON).equals(moves(frame.reverse(), END, ONE_PERSON[::-1]))
    assert moves(frame.filter(pl.lit(value=False)), END, ONE_PERSON).height == 0
