"""The portfolio and the pages of relations: what they show, in which order, in how many queries, as which files."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from tests.web.application import Cast

from evenwicht.web.books import queries, tasks
from evenwicht.web.books.rows import Book, Detail, Month, Relation, Snapshot
from evenwicht.web.care.asked import Asked

RELATION = ("acme.example", "berk.example")


def snapshot(cast: Cast) -> Snapshot:
    return Book.objects.get(pk=cast.organisation.pk).snapshot


def text(cast: Cast, address: str, who: str = "reader", **headers: str) -> str:
    answer = cast.client(who).get(address, headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_portfolio_shows_every_relation_the_gravest_first(cast: Cast) -> None:
    page = text(cast, "/")
    assert page.index("acme.example</bdi>") < page.index("cedar.example</bdi>")
    assert page.count('<th scope="row" class="nm">') == 3
    assert reverse("relation", args=["berk.example", "birch.example"]) in page
    assert "dune.example" not in page


@pytest.mark.parametrize(("asked", "found"), [
    ("find=birch", {"birch.example"}), ("find=BIRCH+example", {"birch.example"}), ("find=nothing", set()), ("find=%25", set()),
    ("verdict=balanced", {"cedar.example"}), ("sort=name", {"acme.example", "birch.example", "cedar.example"}),
    ("sort=nonsense&page=99", {"acme.example", "birch.example", "cedar.example"}), ("page=x", {"acme.example", "birch.example", "cedar.example"}),
])
def test_the_table_answers_what_is_asked(cast: Cast, asked: str, found: set[str]) -> None:
    part = text(cast, f"/?{asked}", **{"HX-Request": "true", "HX-Target": "list"})
    assert part.startswith('<div')
    assert {name for name in ("acme.example", "birch.example", "cedar.example") if f"<bdi>{name}</bdi></a>" in part} == found


def test_pages_of_the_table(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(queries.relations, "__defaults__", (2, None))
    first = text(cast, "/", **{"HX-Request": "true", "HX-Target": "list"})
    assert "1 to 2 of 3" in first
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    last = text(cast, "/?page=2", **{"HX-Request": "true", "HX-Target": "list"})
    assert "3 to 3 of 3" in last
    assert 'rel="prev"' in last


def test_orders(cast: Cast) -> None:
    def keys(sort: str) -> list[str]:
        return [one.result["a"] if one.result["b"] == "berk.example" else one.result["b"]
                for one in queries.relations(snapshot(cast), Asked(sort=sort)).relations]

    assert keys("name") == ["acme.example", "birch.example", "cedar.example"]
    Relation.objects.filter(b="birch.example").update(events=9_999, speed=None)
    assert keys("events")[0] == "birch.example"
    assert keys("speed")[-1] == "birch.example"
    assert len(keys("last")) == 3


def more_relations(cast: Cast, count: int) -> None:
    """Copies of a relation under other names."""
    one, two = (model.objects.get(snapshot=snapshot(cast), a=RELATION[0], b=RELATION[1]) for model in (Relation, Detail))
    for number in range(count):
        name = f"a{number:03}.example"
        for row in (one, two):
            row.pk, row.a = None, name
        one.result = one.result.replace('"a": "acme.example"', f'"a": "{name}"')
        one.save(force_insert=True)
        two.save(force_insert=True)


def counted(cast: Cast, address: str) -> int:
    client = cast.client("reader")
    client.get(address)
    with CaptureQueriesContext(connection, ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", ["/", "/?find=a", "/imports/", "/parties/", "/relations.csv"])
def test_queries_do_not_grow_with_the_rows(cast: Cast, address: str) -> None:
    before = counted(cast, address)
    more_relations(cast, 40)
    assert counted(cast, address) == before <= 17


def test_a_relation_that_was_drawn_is_not_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from evenwicht.web import bridge

    address = reverse("relation", args=RELATION)
    first = text(cast, address)
    monkeypatch.setattr(bridge, "drawn_relation", lambda *_, **__: pytest.fail("it was drawn again"))
    assert text(cast, address) == first


def test_both_chairs_and_both_orders_of_the_address(cast: Cast) -> None:
    address, turned = reverse("relation", args=RELATION), reverse("relation", args=RELATION[::-1])
    ours, theirs = text(cast, address), text(cast, f"{address}?chair=acme.example")
    assert text(cast, turned).replace("berk.example/acme.example", "acme.example/berk.example") == ours
    assert ours != theirs
    assert 'href="/relations/acme.example/berk.example/?chair=acme.example"' in ours
    own, other = '<a href="/relations/acme.example/berk.example/?chair=berk.example" aria-current="true"', 'chair=acme.example" aria-current="true"'
    assert own in ours
    assert other in theirs
    assert text(cast, f"{address}?chair=nobody.example").partition("<main")[2] == ours.partition("<main")[2]


def test_the_relation_page_needs_nothing_of_the_ledger_file(cast: Cast) -> None:
    from evenwicht.web.books import shelves

    shelves.whole(cast.organisation.pk).rename(shelves.whole(cast.organisation.pk).with_suffix(".away"))
    try:
        assert "mail.mbox" in text(cast, reverse("relation", args=RELATION))
    finally:
        shelves.whole(cast.organisation.pk).with_suffix(".away").rename(shelves.whole(cast.organisation.pk))


def test_every_event_can_be_reached(cast: Cast) -> None:
    address = reverse("evidence", args=RELATION)
    pages = [text(cast, f"{address}?axis=words&page={page}") for page in (1, 2)]
    assert "1 to 100 of 200" in pages[0]
    assert "101 to 200 of 200" in pages[1]
    assert all(page.count('id="all-e') == 100 for page in pages)
    assert "mail.mbox#message 0" in pages[1]
    assert "bank.xml" not in pages[0]
    assert "bank.xml" in text(cast, address)
    assert cast.client("reader").get(f"{address}?axis=nonsense").status_code == 404
    assert "0 to" in text(cast, f"{address}?page=900")


def test_earlier_verdicts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MONTHS", 2)
    tasks.look_back.call(cast.organisation.pk)
    months = queries.months(queries.book_of(cast.organisation), *RELATION)
    assert months[0].month == date(2026, 7, 31)
    assert [one.month for one in months] == sorted((one.month for one in months), reverse=True)
    assert not any(one.lived for one in months)
    assert "Earlier verdicts" in text(cast, reverse("relation", args=RELATION))


def test_a_month_that_was_lived_is_never_said_otherwise(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MONTHS", 3)
    book = Book.objects.get(pk=cast.organisation.pk)
    Month.objects.filter(book=book).delete()
    Month.objects.create(book=book, a=RELATION[0], b=RELATION[1], month=date(2026, 6, 30), verdict="no_signal", lived=True)
    Month.objects.create(book=book, a=RELATION[0], b=RELATION[1], month=date(2026, 5, 31), verdict="no_signal", lived=False)
    tasks.look_back.call(book.pk)
    said = {one.month: one.verdict for one in queries.months(book, *RELATION)}
    assert said[date(2026, 6, 30)] == "no_signal"
    assert said[date(2026, 5, 31)] != "no_signal"


@pytest.mark.parametrize(("until", "last"), [(date(2026, 6, 30), date(2026, 6, 30)), (date(2026, 6, 29), date(2026, 5, 31)), (date(2026, 1, 31), date(2026, 1, 31))])
def test_ends_of_months(until: date, last: date) -> None:
    found = tasks.ends_of_months(until, 14)
    assert found[0] == last
    assert len(set(found)) == 14
    assert all(one.month != (one.replace(day=28) if one.day > 28 else one).month or one.day >= 28 for one in found)


# files to take along --------------------------------------------------------------------------------------------------


def take(cast: Cast, form: str, asked: str = "") -> bytes:
    answer = cast.client("reader").get(f"{reverse('take-along', args=[form])}{asked}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.content)


def test_json_is_the_result_of_assess(cast: Cast) -> None:
    from evenwicht.web import bridge
    from evenwicht.web.books import shelves

    result = json.loads(take(cast, "json"))
    found = bridge.judged(bridge.ledger_at(shelves.ledger(cast.organisation.pk, cast.imports["owner"].pk)), today=date(2026, 11, 25))
    expected = json.loads(json.dumps(found.as_dict()))  # type: ignore[union-attr]
    key = lambda one: (one["a"], one["b"])  # noqa: E731
    assert sorted(result["relations"], key=key) == sorted(expected["relations"], key=key)
    assert result["until"] == expected["until"]


def test_files_hold_what_the_table_shows(cast: Cast) -> None:
    rows = list(csv.DictReader(io.StringIO(take(cast, "csv", "?find=birch").decode())))
    assert {row["b"] for row in rows} == {"birch.example"}
    frame = pl.read_parquet(io.BytesIO(take(cast, "parquet", "?verdict=balanced")))
    assert set(frame["b"]) == {"cedar.example"}
    assert frame.schema["level"] == pl.Float64
    assert frame.schema["since"] == pl.Date
    sheet = load_workbook(io.BytesIO(take(cast, "xlsx", "?verdict=balanced"))).active
    assert sheet is not None
    table = [dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in line], strict=True)) for line in list(sheet.rows)[1:]]
    assert [row["level"] for row in table] == pytest.approx(frame["level"].to_list())
    assert json.loads(take(cast, "json", "?find=nothing"))["relations"] == []
    assert pl.read_parquet(io.BytesIO(take(cast, "parquet", "?find=nothing"))).height == 0
    assert cast.client("reader").get("/relations.exe").status_code == 404


def test_a_name_that_is_a_formula_stays_text(cast: Cast) -> None:
    from evenwicht.web import along

    one = queries.relation(snapshot(cast), *RELATION)
    assert one is not None
    result: dict[str, Any] = {**one.result, "a": '=HYPERLINK("x")'}
    assert "'=HYPERLINK" in along.as_csv([result])
    sheet = load_workbook(io.BytesIO(along.as_xlsx([result]))).active
    assert sheet is not None
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert sheet["A2"].value == "'=HYPERLINK(\"x\")"
