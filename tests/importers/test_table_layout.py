from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evenwicht.errors import WrongCall
from evenwicht.importers import table
from evenwicht.importers.source import Reading, Source
from evenwicht.importers.tables.layout import match, plain
from evenwicht.importers.tables.layout_file import FOLDER, from_table, named, shipped
from evenwicht.ledger.events import KINDS

SMALL = """
name = "visits"
title = { en = "Visits", nl = "Bezoeken" }
[columns.day]
heads = ["Day"]
type = "date"
required = true
[columns.who]
heads = ["Who"]
required = true
[columns.cost]
heads = ["Cost"]
type = "amount"
[parties.guest]
any = "who"
[[events]]
kind = "favour"
at = "day"
giver = "guest"
receiver = "@us"
id = "visit:{giver}:{at.year}"
amount = "cost"
"""


def changed(old: str, new: str) -> dict[str, Any]:
    assert old in SMALL
    return tomllib.loads(SMALL.replace(old, new))


def read(tmp_path: Path, text: str, layout: str | None) -> Reading:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    given = layout
    if layout is not None and "\n" in layout:
        (tmp_path / "own.toml").write_text(layout, encoding="utf-8")
        given = str(tmp_path / "own.toml")
    return table.read(Source(path, path.name, datetime(2026, 11, 24, tzinfo=UTC), layout=given))


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_a_shipped_layout_is_whole(name: str) -> None:
    layout = shipped()[name]
    assert layout.name == name
    assert set(layout.title) == {"en", "nl"}
    assert (layout.coverage is not None) == bool(layout.events)
    for event in layout.events:
        assert {event.kind.default, *event.kind.words.values()} <= set(KINDS)
    heads = [head for rule in layout.columns.values() for head in rule.heads]
    assert len(heads) == len(set(heads)), "one head for two columns"


def test_heads_are_compared_without_capitals_spaces_and_punctuation() -> None:
    assert {plain(text) for text in ("Invoice No.", "invoice_no", " INVOICE  no ", "InvoiceNo")} == {"invoiceno"}


def test_the_preferred_head_wins_and_a_double_one_is_said() -> None:
    found = match(shipped()["interaction_log"], ["date", "Time", "from", "to", "time", "To"])
    assert (found.columns["time"], found.columns["to"], found.doubled) == (1, 3, ("Time", "to"))


def test_a_layout_of_ones_own_is_used_without_being_recognised(tmp_path: Path) -> None:
    found = read(tmp_path, "Day;Who;Cost\n2026-01-02;Acme;1,50\n", SMALL)
    assert [(one.id, one.giver, one.receiver, one.amount) for one in found.events] == [("visit:name:acme:2026", "name:acme", "@us", 1.5)]
    assert not found.coverage


def test_a_layout_may_change_another_one(tmp_path: Path) -> None:
    text = "time,from,to,answers,amount\n03/04/2026,a.nl,b.nl,x,1.234\n"
    assert read(tmp_path, text, None).events == []
    change = ('extends = "interaction_log"\n[columns.time]\norder = "day"\n[columns.amount]\ndecimal = "comma"\nunit = "seconds"\n')
    found = read(tmp_path, text, change)
    assert [(one.at.month, one.amount, one.unit) for one in found.events] == [(4, 1234, "seconds")]
    assert not found.problems


def test_a_named_layout_whose_columns_are_not_there_is_a_problem(tmp_path: Path) -> None:
    found = read(tmp_path, "time,from\n2026-01-02,a.nl\n", "interaction_log")
    assert not found.events
    assert "needs columns that are not in the table: to (to, receiver, recipient, dst); receiver" in str(found.problems[0].what_phrase)


def test_delimiter_and_encoding_of_a_named_layout_count(tmp_path: Path) -> None:
    odd = SMALL.replace("title", 'delimiter = ";"\nencoding = "ascii"\ntitle', 1)
    found = read(tmp_path, "Day;Who;a,b,c\n2026-01-02;Caf\u00e9;a,b,c\n", odd)
    assert [one.giver for one in found.events] == ["name:cafe"]
    assert "not written in ascii, as the layout says; it was read as utf-8" in str(found.problems[0].what_phrase)


@pytest.mark.parametrize(("name", "words"), [
    ("interaction_logs", "Did you mean interaction_log?"), ("nothing", "bank_abn_amro, bank_bunq"),
    ("missing.toml", "cannot be opened"), (".", "no layout"),
])
def test_a_wrong_name_names_the_choices(name: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(WrongCall) as caught:
        read(tmp_path, "a,b\n1,2\n", name)
    assert words in str(caught.value)


@pytest.mark.parametrize("raw", [b"name = ", b"\xff\xfe\x00", b"name = 1\n" * 200_000, b"x = [" + b"[" * 5_000])
def test_a_file_that_is_no_toml_is_a_wrong_call(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(raw)
    with pytest.raises(WrongCall, match="not valid TOML"):
        named(str(tmp_path / "own.toml"))


@pytest.mark.parametrize(("old", "new", "words"), [
    ('name = "visits"', "", "name is None; allowed is a text, and it must be given"),
    ('name = "visits"', "name = 3", "name is 3"),
    ('name = "visits"', 'name = "visits"\nheadz = 1', "headz is not known"),
    ('name = "visits"', 'name = "visits"\nencoding = "klingon"', "encoding is 'klingon'"),
    ('name = "visits"', 'name = "visits"\ndelimiter = ":"', "delimiter is ':'; allowed is ',' or ';'"),
    ('name = "visits"', 'name = "visits"\ntimezone = "Europe/Atlantis"', "timezone is 'Europe/Atlantis'"),
    ('name = "visits"', 'name = "visits"\nextends = "nothing"', "extends 'nothing'"),
    ('heads = ["Day"]', 'heads = ["#"]', "columns.day.heads"),
    ('heads = ["Day"]', "heads = [1]", "columns.day.heads is [1]; allowed is a text or a list of texts"),
    ('type = "date"', 'type = "moment"', "columns.day.type is 'moment'; allowed is 'text' or 'id' or 'date' or 'amount'"),
    ('type = "date"', 'type = "date"\norder = "year"', "columns.day.order is 'year'; allowed is 'day' or 'month'"),
    ('type = "date"', 'type = "date"\nepoch = 1', "columns.day.epoch is 1; allowed is true or false"),
    ('type = "date"', 'type = "date"\nepoch = true\nserial = true', "columns.day.serial"),
    ('type = "date"\nrequired = true', 'type = "date"\nrequired = 1', "columns.day.required is 1"),
    ('type = "date"', 'type = "date"\nheds = "x"', "Did you mean heads?"),
    ("[columns.day]", "[columns.Day]", "columns.Day is no name"),
    ('title = { en = "Visits", nl = "Bezoeken" }', 'title = "Visits"', "title is 'Visits'; allowed is a table"),
    ('any = "who"', "", "parties.guest.any"),
    ('any = "who"', 'any = "whom"', "parties.guest.any is 'whom'; allowed is a column: day, who, cost"),
    ("[parties.guest]", "[parties.who]", "who is both a column and a party"),
    ("[[events]]", "[[visits]]", "visits is not known"),
    ("[[events]]", "[events]", "a list of tables"),
    ('at = "day"', "", "events[1].at is None"),
    ('at = "day"', 'at = "who"', "events[1].at is 'who'; allowed is a column of type date: day"),
    ('giver = "guest"', 'giver = "who"', "events[1].giver is 'who'; allowed is a party: guest, @us"),
    ('amount = "cost"', 'amount = "day"', "a column of type amount: cost"),
    ('amount = "cost"', "amount = true", "events[1].amount is True"),
    ('amount = "cost"', 'amount = [1, "cost"]', "events[1].amount"),
    ('id = "visit:{giver}:{at.year}"', 'id = "{other}"', "events[1].id is '{other}'; allowed is a text whose {places} are giver"),
    ('id = "visit:{giver}:{at.year}"', 'id = "{favour.id}"', "events[1].id"),
    ('kind = "favour"', "kind = 3", "events[1].kind is 3"),
    ('kind = "favour"', 'kind = { column = "who" }', "events[1].kind.default"),
    ('kind = "favour"', 'kind = "favour"\nwhen = { column = "who" }', "events[1].when.is"),
    ('kind = "favour"', 'kind = "favour"\nwhen = { is = "x" }', "events[1].when.column"),
    ('kind = "favour"', 'kind = "favour"\nwhen = [{}]', "events[1].when[1].column"),
    ('kind = "favour"', 'kind = "favour"\nwhen = { column = "who", below = 1 }', "a column of type amount"),
    ('kind = "favour"', 'kind = "favour"\nwhen = { column = "cost", below = "x" }', "when.below is 'x'; allowed is a number"),
    ('kind = "favour"', 'kind = "favour"\nwhen = { event = "later" }', "events[1].when.event"),
    ('kind = "favour"', 'kind = "favour"\ncircular = { of = "message", kind = "automatic" }', "events[1].circular.above"),
    ("[[events]]", "[[exclude]]\ncounted = 'x'\n[[events]]", "exclude[1].when"),
    ("[[events]]", "[[exclude]]\nwhen = { column = 'cost', below = 1 }\n[[events]]", "on the text of a column"),
    ("[[events]]", "[coverage]\nsees = 'all'\n[[events]]", "coverage.sees is 'all'"),
    ("[[events]]", "[coverage]\nparty = 'birch.nl'\n[[events]]", "coverage.party"),
])
def test_a_wrong_layout_says_where_and_what_is_allowed(old: str, new: str, words: str) -> None:
    with pytest.raises(WrongCall) as caught:
        from_table(changed(old, new), "own.toml")
    assert words in str(caught.value)
    assert "own.toml" in str(caught.value)


def test_two_events_of_one_name_are_a_wrong_call() -> None:
    twice = SMALL + SMALL[SMALL.index("[[events]]"):]
    with pytest.raises(WrongCall, match="name other than favour"):
        from_table(tomllib.loads(twice), "own.toml")


def test_two_layouts_that_know_a_table_equally_well_are_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = from_table(tomllib.loads(SMALL), "a"), from_table(changed('name = "visits"', 'name = "calls"'), "b")
    monkeypatch.setattr(table, "shipped", lambda: {"visits": one, "calls": other})
    found = read(tmp_path, "day,who\n2026-01-02,Acme\n", None)
    assert not found.events
    assert "More than one layout knows this table: calls, visits." in str(found.problems[0].what_phrase)
