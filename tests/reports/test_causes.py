"""A changed contact is told with its day and certainty: as a probable cause where something leans since then, and never by name."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.reports.stand_in import NAMES, UNTIL, StandIn
from tests.reports.with_ledger import WithLedger

from evenwicht.measures.contacts import SCHEMA
from evenwicht.reports import words
from evenwicht.reports.formats import html, text

CHANGE = {"a": "acme.com", "b": "birch.nl", "side": "acme.com", "about": date(2026, 4, 10), "low": date(2026, 4, 7), "high": date(2026, 4, 13), "certainty": 0.999}


def leaning(since: str | None, verdict: str = "temporary") -> dict[str, Any]:
    one = {"axis": "response", "group": "speaking_listening", "verdict": verdict, "since": since}
    return {"a": "acme.com", "b": "birch.nl", "axes": [one, {**one, "axis": "words", "verdict": "balanced"}]}


def said(change: dict[str, Any] = CHANGE, relation: dict[str, Any] | None = None, until: date | str = UNTIL, language: str = "en") -> list[str]:
    found = words.cause_sentences([change], leaning(None) if relation is None else relation, NAMES, until, language)
    return [" ".join(one.split()) for one in found]


def test_a_change_by_itself() -> None:
    assert said() == ["The main contact of Acme NV changed on or near 10 April 2026 (more than 99% certain)."]
    assert said(CHANGE | {"high": date(2026, 4, 20), "certainty": 0.93}) == ["The main contact of Acme NV changed about 10 April 2026 (93% certain)."]
    assert said(language="nl") == ["Het vaste contact van Acme NV wisselde op of rond 10 april 2026 (meer dan 99% zeker)."]


@pytest.mark.parametrize("verdict", ["temporary", "undecided", "structural"])
def test_a_probable_cause_of_what_leans_since_then(verdict: str) -> None:
    ending = ": a probable cause of what leans since then on answers."
    assert said(relation=leaning("2026-04-13", verdict))[0].endswith(ending)
    assert "about 10 April" in said(CHANGE | {"low": date(2026, 3, 1)}, leaning("2026-04-13", verdict))[0]
    assert said(relation=leaning("2026-04-13", verdict), language="nl")[0].endswith(": een waarschijnlijke oorzaak van wat sindsdien overhelt op antwoorden.")


@pytest.mark.parametrize("since", ["2026-03-16", "2026-07-20", None])
def test_what_began_at_another_time_has_another_cause(since: str | None) -> None:
    assert "cause" not in said(relation=leaning(since))[0]


def test_an_old_change_is_told_only_where_it_explains_something() -> None:
    assert said(until="2027-06-30") == []
    assert len(said(relation=leaning("2026-04-13"), until="2027-06-30")) == 1


def test_the_latest_stands_first() -> None:
    changes = [CHANGE | {"about": date(2025, 11, 3)}, CHANGE, CHANGE | {"side": "birch.nl"}]
    found = words.cause_sentences(changes, leaning(None), NAMES, UNTIL, "en")
    assert [("2025" in one, "Birch" in one) for one in found] == [(False, True), (False, False), (True, False)]


class Changed(WithLedger):
    def contact_changes_of(self, a: str, b: str) -> pl.DataFrame:
        return pl.DataFrame([CHANGE | {"a": a, "b": b}] if {a, b} == {"acme.com", "birch.nl"} else [], schema=SCHEMA, orient="row")


@pytest.mark.parametrize("chair", ["acme.com", "birch.nl"])
def test_it_stands_on_the_page_and_in_the_text_of_both_chairs(chair: str) -> None:
    sentence = "The main contact of Acme NV changed on or near 10 April 2026"
    target = io.StringIO()
    text.write(Changed(), target, chair=chair, between=("acme.com", "birch.nl"))
    assert sentence in " ".join(target.getvalue().split())
    page = " ".join(html.page(Changed(), language="en", chair=chair, between=("acme.com", "birch.nl")).split())
    assert page.count(sentence) == 1
    assert sentence in " ".join(html.page(Changed(), language="en").split())


def test_a_result_without_a_ledger_says_nothing_of_it() -> None:
    target = io.StringIO()
    text.write(StandIn(), target, between=("acme.com", "birch.nl"))
    assert "main contact" not in target.getvalue()
    assert "main contact" not in html.page(StandIn(), language="en", between=("acme.com", "birch.nl"))


MOVE = {"side": "acme.com", "to": "cedar.nl", "with": "birch.nl", "about": date(2026, 4, 10), "low": date(2026, 4, 1), "high": date(2026, 4, 10)}


def moved(move: dict[str, Any] = MOVE, relation: dict[str, Any] | None = None, until: str | date = UNTIL, language: str = "en", chair: str | None = None) -> list[str]:
    found = words.move_sentences([move], leaning(None) if relation is None else relation, NAMES, until, language, chair=chair)
    return [" ".join(one.split()) for one in found]


def test_the_new_firm_is_named_to_the_side_that_hears_from_it_alone() -> None:
    assert moved(chair="birch.nl") == ["A contact of Acme NV writes from cedar.nl since 10 April 2026."]
    assert moved(chair="acme.com") == moved() == ["A contact of Acme NV writes from another firm since 10 April 2026."]
    assert moved(chair="birch.nl", language="nl") == ["Een contact van Acme NV schrijft sinds 10 april 2026 vanuit cedar.nl."]


def test_a_move_is_a_probable_cause_of_what_leans_since_then() -> None:
    assert moved(relation=leaning("2026-04-13"), chair="birch.nl") == [
        "A contact of Acme NV writes from cedar.nl since 10 April 2026: a probable cause of what leans since then on answers."]
    assert moved(relation=leaning("2026-04-13"), until="2027-06-30")[0].startswith("A contact of Acme NV writes from another firm")
    assert moved(until="2027-06-30") == []


class Moved(StandIn):
    """A result in which a contact moved."""

    def moves_of(self, a: str, b: str) -> pl.DataFrame:
        return pl.DataFrame([MOVE] if {a, b} == {"acme.com", "birch.nl"} else [], schema=list(MOVE))


def test_a_page_with_both_chairs_in_it_names_no_third_firm() -> None:
    page = html.page(Moved(), language="en", between=("acme.com", "birch.nl"))
    assert "writes from another firm since 10 April 2026" in " ".join(page.split())
    assert "cedar.nl" not in page
    for chair, named in (("birch.nl", True), ("acme.com", False)):
        target = io.StringIO()
        text.write(Moved(), target, between=("acme.com", "birch.nl"), chair=chair)
        assert ("cedar.nl" in target.getvalue()) is named
