"""What is open, in words and beside each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from evenwicht.reports import words
from evenwicht.reports.pages import loops
from evenwicht.reports.pages.seen import seen

ONE = {"sort": "invoice", "since": "2026-01-05T00:00:00+00:00", "due": "2026-02-04T00:00:00+00:00", "overdue": True, "wait": 6.0, "wait_unit": "days",
       "amount": 500.0, "unit": "EUR", "evidence": ["i1"], "until": "2026-02-10T23:59:59+00:00"}
UNTIL = date(2026, 2, 10)


@pytest.mark.parametrize(("changed", "ends"), [
    ({}, "6 days after the agreed day"), ({"overdue": False}, "2026"), ({"due": None}, "no day was agreed"),
    ({"sort": "promise"}, "6 working days after the agreed day"), ({"sort": "question", "wait": 13.0, "amount": None}, "has waited 13 working hours"),
    ({"sort": "question", "wait": 46 * 8.0, "amount": None}, "has waited 46 working days"), ({"until": "2026-01-31T23:59:59+00:00"}, "2026"),
])
def test_one_open_thing_in_words(changed: dict[str, Any], ends: str) -> None:
    said = words.loop_words(ONE | changed, UNTIL, "en")
    assert said.endswith(ends)
    assert ("as far as is known" in said) == ("until" in changed)


def test_of_many_the_number_is_told_and_faded_questions_are_counted() -> None:
    relation = {"a": "acorn.example", "b": "birch.example", "axes": []}
    many = [ONE | {"evidence": [f"i{number}"]} for number in range(loops.MOST + 3)]
    view = replace(seen(relation, "acorn.example", names={}, language="en", until=UNTIL, us="acorn.example", place="r"),
                   loops={"a": {"loops": [], "faded": 2}, "b": {"loops": many, "faded": 0}})
    drawn = loops.listed(view)
    assert drawn.count('class="kind"') == loops.MOST
    assert "birch.example: 3 more." in drawn
    assert "acorn.example: 2 questions older than a quarter" in drawn
    assert "Nothing is open" in loops.listed(replace(view, loops={}))
