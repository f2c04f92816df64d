"""Files that nobody reads are told once a kind."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import evenwicht
from evenwicht.engines.leftovers import UNKNOWN, summed
from evenwicht.ledger.problems import Problem


def unknown(name):
    return Problem(name, "", UNKNOWN, "Read mail.", "warning")


def test_one_note_for_all_of_one_ending_under_one_name():
    other = Problem("Takeout/a.mbox", "3", "Stuk.", "Maak het heel.")
    found = summed([unknown("Takeout/Photos/1.jpg"), other, unknown("Takeout/2.JPG"), unknown("Takeout/a.html"), unknown("elders/3.jpg"),
                    unknown("Takeout/x"), unknown("Takeout/y")])
    assert [(problem.file, problem.severity) for problem in found] == [
        ("Takeout", "note"), ("Takeout/a.mbox", "error"), ("Takeout/a.html", "warning"), ("elders/3.jpg", "warning"), ("Takeout", "note")]
    assert str(found[0].what_phrase) == "2 files in it end in .jpg and are of no kind that is read, such as Takeout/Photos/1.jpg."
    assert "2 files in it have no ending" in str(found[-1].what_phrase)


@given(st.lists(st.sampled_from([unknown(name) for name in ("", "a.jpg", "b/a.jpg", "b/c.jpg", "b/d")] + [Problem("b/a", "", "x", "y")])))
def test_no_other_problem_is_lost_and_twice_is_once(problems):
    found = summed(problems)
    assert [problem for problem in found if problem.what == "x"] == [problem for problem in problems if problem.what == "x"]
    assert len(found) <= len(problems)
    assert summed(found) == found


def test_the_sentence_is_the_one_that_is_used():
    house = Path(evenwicht.__file__).parent
    assert any(UNKNOWN in path.read_text("utf-8") for path in house.rglob("*.py") if path.name != "leftovers.py")
