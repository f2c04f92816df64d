"""Columns that are made of others, rows that stand for several, and what a layout may say of events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importers.xml_papers import read_bytes, said

from evenwicht.errors import WrongCall
from evenwicht.importers import table
from evenwicht.importers.source import Reading
from evenwicht.importers.tables.layout_file import from_table
from evenwicht.importers.tables.made import iban_at

COLUMNS = """
name = "own"
title = { en = "Own", nl = "Eigen" }
[columns.day]
heads = ["Day"]
required = "head"
[columns.hour]
heads = ["Hour"]
[columns.id]
heads = ["Id"]
type = "id"
[columns.who]
heads = ["Who"]
required = "head"
[columns.text]
heads = ["Text"]
[columns.amount]
heads = ["Amount"]
type = "amount"
[columns.at]
type = "date"
joined = ["day", "hour"]
"""
REST = """
[parties.guest]
any = "who"
[[events]]
kind = "favour"
at = "at"
giver = "guest"
receiver = "@us"
id = "v:{id}"
amount = "amount"
"""
HEADS = "Day;Hour;Id;Who;Text;Amount\n"


def read(folder: Path, rows: str, *, columns: str = "", rest: str = REST, top: str = "", heads: str = HEADS) -> Reading:
    layout = folder / "own.toml"
    layout.write_text(top + COLUMNS + columns + rest, encoding="utf-8")
    return read_bytes(table, folder, heads + rows, "t.csv", layout=str(layout))


def with_amount(what: str) -> str:
    return REST.replace('amount = "amount"', what)


def test_a_day_and_a_time_in_two_columns_are_one_moment(tmp_path: Path) -> None:
    reading = read(tmp_path, "2026-03-02;09:14;1;a.nl;;1\n2026-03-03;;2;a.nl;;1\n;09:00;3;a.nl;;1\n")
    assert [f"{one.at:%d %H:%M}" for one in reading.events] == ["02 09:14", "03 00:00"]
    assert [(problem.place, problem.severity) for problem in reading.problems] == [("4", "note")]


@pytest.mark.parametrize(("cell", "minutes"), [
    ("0:12:30", 12.5), ("01:30", 90), ("1h 5m", 65), ("2 uur", 120), ("45 sec", .75), ("600", 10), ("half a day", None), ("", None),
])
def test_a_length_of_time_is_minutes(tmp_path: Path, cell: str, minutes: float | None) -> None:
    columns = '[columns.length]\nclock = { of = "text" }\n'
    reading = read(tmp_path, f"2026-03-02;;1;a.nl;{cell};1\n", columns=columns, rest=with_amount('amount = "length"'))
    assert [(one.amount, one.unit) for one in reading.events] == [(minutes, "minutes" if minutes is not None else "")]
    assert len(reading.problems) == (cell == "half a day")


def test_a_problem_of_a_made_column_names_the_head_it_is_made_of(tmp_path: Path) -> None:
    columns = '[columns.length]\nclock = { of = "text" }\n'
    reading = read(tmp_path, "2026-03-02;;1;a.nl;long;1\n", columns=columns, rest=with_amount('amount = "length"'))
    assert said(reading) == ["long under Text is no amount that can be read."]


def test_plain_numbers_of_a_clock_may_be_milliseconds(tmp_path: Path) -> None:
    columns = '[columns.length]\nclock = { of = "text", unit = "milliseconds" }\n'
    reading = read(tmp_path, "2026-03-02;;1;a.nl;90000;1\n", columns=columns, rest=with_amount('amount = "length"'))
    assert reading.events[0].amount == 1.5


def test_words_are_the_writers_own_and_tags_are_none(tmp_path: Path) -> None:
    columns = '[columns.words]\nwords = "text"\n[columns.asks]\nasks = "text"\n'
    rest = with_amount('amount = "words"') + """
[[events]]
kind = "question"
when = { column = "asks", is = "yes" }
at = "at"
giver = "guest"
receiver = "@us"
id = "{favour.id}#q"
amount = 1
unit = "count"
"""
    rows = ('2026-03-02;;1;a.nl;"<p>Komt het <b>morgen</b>?</p>";\n2026-03-02;;2;a.nl;"Ja.\n> Komt het?";\n2026-03-02;;3;a.nl;;\n')
    reading = read(tmp_path, rows, columns=columns, rest=rest)
    assert [(one.id, one.amount, one.unit) for one in reading.events if one.kind == "favour"] == [
        ("v:1", 3, "words"), ("v:2", 1, "words"), ("v:3", None, "")]
    assert [one.id for one in reading.events if one.kind == "question"] == ["v:1#q"]


def test_a_piece_of_a_text_is_a_column(tmp_path: Path) -> None:
    columns = "[columns.name]\npiece = { of = \"text\", pattern = 'Naam: (.+?);|Name: (.+?);' }\nempty = [\"n/a\"]\n"
    rest = REST.replace('any = "who"', 'name = ["name", "who"]')
    rows = '2026-03-02;;1;x;"a Name: Acme; b";1\n2026-03-02;;2;x;"Naam: N/A;";1\n2026-03-02;;3;x;nothing;1\n'
    assert [one.giver for one in read(tmp_path, rows, columns=columns, rest=rest).events] == ["name:acme", "name:x", "name:x"]


@given(st.integers(1, 10**10 - 1), st.sampled_from(["ABNA", "INGB", "TRIO"]))
def test_an_account_number_gets_the_check_digits_of_its_iban(number: int, bank: str) -> None:
    iban = iban_at(bank, str(number))
    assert len(iban) == 18
    assert int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1


def test_what_is_no_account_number_stays_as_it_is() -> None:
    assert [iban_at("ABNA", text) for text in ("NL02ABNA0123456789", "", "12345678901", "1²3")] == ["NL02ABNA0123456789", "", "12345678901", "1²3"]
    assert iban_at("ABNA", "12.34.56.789") == iban_at("ABNA", "0123456789")


LATER = '[columns.minutes]\nheads = ["Minutes"]\ntype = "amount"\n[columns.replied]\ntype = "date"\nlater = { than = "at", by = "minutes" }\n'


def test_a_moment_some_time_after_another(tmp_path: Path) -> None:
    rest = REST.replace('at = "at"', 'at = "replied"')
    rows = "2026-03-02;09:00;1;a.nl;;1;46\n2026-03-02;09:00;2;a.nl;;1;\n2026-03-02;09:00;3;a.nl;;1;-5\n2026-03-02;09:00;4;a.nl;;1;99999999999\n"
    reading = read(tmp_path, rows, columns=LATER, rest=rest, heads=HEADS.replace("\n", ";Minutes\n"))
    assert [f"{one.id} {one.at:%H:%M}" for one in reading.events] == ["v:1 09:46"]


def test_without_the_column_of_the_wait_the_other_day_counts(tmp_path: Path) -> None:
    rest = REST.replace('at = "at"', 'at = ["replied", "at"]')
    reading = read(tmp_path, "2026-03-02;09:00;1;a.nl;;1\n", columns=LATER, rest=rest)
    assert len(reading.events) == 1
    assert "no day of its own" in said(reading)[0]


def test_the_time_between_two_moments_is_an_amount(tmp_path: Path) -> None:
    columns = ('[columns.end]\nheads = ["End"]\ntype = "date"\n[columns.minutes]\ntype = "amount"\nunit = "minutes"\n'
               'between = { from = "at", until = "end" }\n')
    rows = "2026-03-02;09:00;1;a.nl;;1;2026-03-02 10:30\n2026-03-02;09:00;2;a.nl;;1;\n2026-03-02;09:00;3;a.nl;;1;2026-03-02 08:00\n"
    reading = read(tmp_path, rows, columns=columns, rest=with_amount('amount = "minutes"'), heads=HEADS.replace("\n", ";End\n"))
    assert [(one.amount, one.unit) for one in reading.events] == [(90, "minutes"), (None, ""), (None, "")]


def unfolded(**given: Any) -> str:
    said_ = "".join(f"{key} = {value}\n" for key, value in given.items())
    return f'[unfold]\ncolumn = "who"\n{said_}'


def test_several_receivers_in_a_cell_are_rows(tmp_path: Path) -> None:
    rows = '2026-03-02;;1;"a@a.nl, b@b.nl ,c@a.nl,";;1\n2026-03-02;;2;;;1\n'
    rest = REST + "once = true\n" + unfolded(separator='","')
    reading = read(tmp_path, rows, rest=rest)
    assert [(one.id, one.giver, one.evidence) for one in reading.events] == [
        ("v:1", "a.nl", ("t.csv#2",)), ("v:1", "b.nl", ("t.csv#2",))]
    assert [problem.place for problem in reading.problems] == ["3"]


def test_a_column_that_stands_in_the_table_several_times_is_rows(tmp_path: Path) -> None:
    heads = "Day;Who;Who;Id;Who\n"
    rows = "2026-03-02;a.nl;b.nl;1;\n2026-03-02;;;2;c.nl\n"
    reading = read(tmp_path, rows, rest=REST + unfolded(), heads=heads)
    assert [(one.id, one.giver) for one in reading.events] == [("v:1", "a.nl"), ("v:1", "b.nl"), ("v:2", "c.nl")]
    assert reading.problems == []


def test_a_row_that_stands_for_too_many_things_is_said(tmp_path: Path) -> None:
    many = ",".join(f"a{number}.nl" for number in range(1_001))
    reading = read(tmp_path, f'2026-03-02;;1;"{many}";;1\n', rest=REST + unfolded(separator='","'))
    assert len(reading.events) == 1_000
    assert "stands for 1001 things; the first 1000 were read" in said(reading)[0]


def test_many_unfolded_rows_are_read_in_blocks(tmp_path: Path) -> None:
    cell = ",".join(f"a{number}.nl" for number in range(500))
    rows = "".join(f'2026-03-02;;{number};"{cell}";;1\n' for number in range(40))
    assert len(read(tmp_path, rows, rest=REST + unfolded(separator='","')).events) == 20_000


def test_equal_ids_may_be_told_apart(tmp_path: Path) -> None:
    rows = "2026-03-02;;1;a.nl;;1\n2026-03-02;;1;a.nl;;2\n2026-03-02;;1;b.nl;;2\n"
    assert [one.id for one in read(tmp_path, rows, rest=REST + "numbered = true\n").events] == ["v:1", "v:1-2", "v:1"]


@pytest.mark.parametrize("word", ["", "null", "NULL", "None", "NaN", "-", "(null)"])
def test_rows_without_an_id_are_not_one_event(tmp_path: Path, word: str) -> None:
    rows = f"2026-03-02;;{word};a.nl;;1\n2026-03-02;;{word};a.nl;;2\n2026-03-02;;{word};a.nl;;1\n"
    ids = [one.id for one in read(tmp_path, rows).events]
    assert len(set(ids)) == 3
    turned = "".join(reversed(rows.splitlines(keepends=True)))
    assert {one.id for one in read(tmp_path, turned).events} == set(ids)


def test_an_amount_may_be_read_without_its_sign(tmp_path: Path) -> None:
    reading = read(tmp_path, "2026-03-02;;1;a.nl;;-5\n2026-03-02;;2;a.nl;;\n", rest=with_amount('amount = "+amount"'))
    assert [one.amount for one in reading.events] == [5, None]


def test_a_party_that_may_be_missing_is_a_problem_only_where_it_is_needed(tmp_path: Path) -> None:
    rest = REST.replace('any = "who"', 'any = "who"\noptional = true') + 'when = { column = "text", differs_from = "id" }\n'
    reading = read(tmp_path, "2026-03-02;;1;;1;1\n2026-03-02;;2;;x;1\n2026-03-02;;3;a.nl;x;1\n", rest=rest)
    assert [one.id for one in reading.events] == ["v:3"]
    assert [(problem.place, problem.severity) for problem in reading.problems] == [("3", "error"), ("2", "note")]
    assert reading.counted["left out"] == 1


def test_heads_of_another_kind_of_table(tmp_path: Path) -> None:
    reading = read(tmp_path, "2026-03-02;;1;a.nl;;1\n", top='without = ["Amount"]\n')
    assert "needs columns that are not in the table: amount" in said(reading)[0]


def test_an_unverified_layout_says_so(tmp_path: Path) -> None:
    reading = read(tmp_path, "2026-03-02;;1;a.nl;;1\n", top="verified = false\n")
    assert [(problem.place, problem.severity) for problem in reading.problems] == [("1", "note")]
    assert "The layout own was made from a published list of columns" in said(reading)[0]


def test_what_cannot_be_read_is_answered_with_an_example(tmp_path: Path) -> None:
    reading = read(tmp_path, "soon;;1;a.nl;;much\n", columns='[columns.extra]\nheads = ["Extra"]\n')
    remedies = [str(problem.remedy_phrase) for problem in reading.problems]
    assert all("for example" in one for one in remedies if "in a way that can be read" in one)
    assert sum("for example" in one for one in remedies) == 2


@pytest.mark.parametrize(("columns", "words"), [
    ('[columns.x]\nheads = ["X"]\nwords = "text"\n', "columns.x.heads"),
    ('[columns.x]\nwords = "nothing"\n', "columns.x.words is 'nothing'"),
    ('[columns.x]\nclock = { of = "text", unit = "years" }\n', "columns.x.clock.unit is 'years'"),
    ('[columns.x]\npiece = { of = "text", pattern = "(" }\n', "columns.x.piece.pattern"),
    ('[columns.x]\npiece = { of = "text", pattern = "a" }\n', "a regular expression with a (group)"),
    ('[columns.x]\niban = { of = "text" }\n', "columns.x.iban.bank"),
    ('[columns.x]\nlater = { than = "at", by = "amount" }\n', "columns.x.type is None; allowed is 'date' with later"),
    ('[columns.x]\ntype = "date"\nlater = { than = "text", by = "amount" }\n', "columns.x.later.than is 'text'"),
    ('[columns.x]\ntype = "date"\nrequired = true\nlater = { than = "at", by = "amount" }\n', "columns.x.required"),
    ('[columns.x]\ntype = "amount"\nbetween = { from = "at", until = "at", unit = "weeks" }\n', "columns.x.between.unit"),
    ('[unfold]\ncolumn = "nobody"\n', "unfold.column"),
    ('[shape]\ncolumns = []\n', "shape.columns is []"),
    ('[shape]\ncolumns = ["day", "nobody"]\n', "shape.columns"),
    ('[shape]\ncolumns = ["day"]\n', "shape.cells"),
    ("[shape]\ncolumns = [\"day\"]\n[shape.cells]\nwho = 'x'\n", "shape.cells"),
])
def test_what_a_column_cannot_be_made_of_is_a_wrong_call(columns: str, words: str) -> None:
    import tomllib

    with pytest.raises(WrongCall) as caught:
        from_table(tomllib.loads(COLUMNS + columns + REST), "own.toml")
    assert words in str(caught.value)


@pytest.mark.parametrize(("old", "new", "words"), [
    ('name = "own"', 'name = "own"\nnme = 1', "nme is not known. Did you mean name?"),
    ('name = "own"', 'name = "own"\nqqqqq = 1', "qqqqq is not known; allowed are"),
    ('name = "own"', 'name = "own"\nquote = "x"', "quote is 'x'"),
])
def test_a_hint_is_given_only_where_something_is_near(old: str, new: str, words: str) -> None:
    import tomllib

    with pytest.raises(WrongCall) as caught:
        from_table(tomllib.loads((COLUMNS + REST).replace(old, new, 1)), "own.toml")
    assert words in str(caught.value)
    assert ("Did you mean" in str(caught.value)) == ("Did you mean" in words)


def test_a_day_that_is_borrowed_from_one_that_follows_names_its_head(tmp_path: Path) -> None:
    columns = LATER + '[columns.own_day]\nheads = ["Own"]\ntype = "date"\n'
    rest = REST.replace('at = "at"', 'at = ["own_day", "replied"]')
    reading = read(tmp_path, "2026-03-02;09:00;1;a.nl;;1;46;\n", columns=columns, rest=rest, heads=HEADS.replace("\n", ";Minutes;Own\n"))
    assert said(reading) == ["1 times a favour has no day of its own; it stands on the day under Day."]


def test_no_more_than_twenty_of_a_sort_are_listed(tmp_path: Path) -> None:
    sorts = ["2026-03-02;;1;;x;1", "soon;;1;a.nl;x;1", "1066-10-14;;1;a.nl;x;1", "2026-03-02;;1;a.nl;x;1;2;3"]
    reading = read(tmp_path, "".join(f"{row}\n" * 25 for row in sorts))
    counts = [str(problem.what_phrase) for problem in reading.problems if "more rows have the same problem" in str(problem.what_phrase)]
    assert len(counts) == 5
    assert sum(one.startswith("5 more") for one in counts) == 4
