"""Tables that no layout knows: a person says which column is what, the table is read, and the next one like it by itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from tests.web.application import Cast, send
from tests.web.test_imports import bring

from evenwicht.web import tables_seen
from evenwicht.web.books import acts, queries, shelves, tasks
from evenwicht.web.books.rows import FAILED, READ, Import, Layout

Later = list[tuple[str, tuple[Any, ...]]]

HEADS = "Relatienaam;Factuurnr;Datum;Vervalt op;Openstaand;Opmerking\n"
TABLE = (HEADS + "".join(f"Firma {row % 4} BV;2026-{row:03};0{row % 9 + 1}/0{row % 7 + 1}/2026;1{row % 9}/0{row % 7 + 2}/2026;1.{row:03};x\n"
                         for row in range(1, 20))).encode()
"""Days and amounts that can be read in two ways."""

CHOSEN = {"kind": "receivable", "of": "receivable", "date-2": "day", "decimal-4": "point"}


def unknown(cast: Cast, later: Later, **given: Any) -> Import:
    """An import of the table, which was not understood."""
    bring(cast.client("member"), "facturen.csv", TABLE, **given)
    tasks.read_import.call(later.pop()[1][0])
    return Import.objects.latest("pk")


def test_an_unknown_table_is_asked_about_chosen_and_read(cast: Cast, later: Later) -> None:
    one = unknown(cast, later)
    assert one.state == FAILED
    assert queries.unknown(one) == ["facturen.csv"]
    client = cast.client("member")
    page = client.get(reverse("import", args=[one.pk])).content.decode()
    address = f"{reverse('unknown-table', args=[one.pk])}?{urlencode({'file': 'facturen.csv'})}"
    assert f'href="{address}"' in page
    assert address not in cast.client("reader").get(reverse("import", args=[one.pk])).content.decode()

    first = client.get(address).content.decode()
    assert first.count("<td><bdi>") == 5 * 6
    keep = reverse("keep-table", args=[one.pk])
    again = send(client, keep, file="facturen.csv", kind="receivable", do="look")
    text = again.content.decode()
    assert again.status_code == 200
    assert "Days under Datum, such as" in text
    assert "Amounts under Openstaand, such as" in text
    assert 'type="radio" name="date-2" value="day"' in text
    assert "checked" not in text  # nothing that can be read in two ways is chosen beforehand

    refused = send(client, keep, file="facturen.csv", kind="receivable", of="receivable")
    assert refused.status_code == 400
    assert "Something must be chosen still" in refused.content.decode()
    assert not Layout.objects.exists()

    done = send(client, keep, file="facturen.csv", **CHOSEN)
    made = Import.objects.latest("pk")
    assert done.headers["Location"] == reverse("import", args=[made.pk])
    assert later.pop() == ("read_import", (made.pk,))
    tasks.read_import.call(made.pk)
    made.refresh_from_db()
    assert (made.state, made.events, made.layout.name) == (READ, 19, "facturen")
    one.refresh_from_db()
    assert queries.unknown(one) == []
    assert send(client, keep, file="facturen.csv", **CHOSEN).status_code == 404  # a second click finds it read


def test_the_next_table_with_these_heads_is_read_by_itself(cast: Cast, later: Later) -> None:
    book = queries.book_of(cast.organisation)
    one = unknown(cast, later)
    shown = tables_seen.unknown(shelves.brought(one.pk, "facturen.csv"), CHOSEN, "facturen.csv")
    assert shown is not None
    acts.keep_layout(book, "facturen", shown.key, shown.layout)
    other = unknown(cast, later, ticket="u" * 32)
    made = Import.objects.latest("pk")
    assert later == [("read_import", (made.pk,))]
    assert made.pk == other.pk
    tasks.read_import.call(made.pk)
    assert Import.objects.get(pk=made.pk).events == 19
    assert acts.read_by(other, "facturen.csv", Layout.objects.get()) is None
    assert queries.layout_for(queries.book_of(cast.seats["stranger"].organisation), shown.key) is None  # another organisation's own


def test_what_is_said_of_columns_counts_and_what_cannot_be_meant_gets_a_sentence(cast: Cast, later: Later) -> None:
    one = unknown(cast, later)
    path = shelves.brought(one.pk, "facturen.csv")
    assert path is not None

    def seen(**given: str) -> tables_seen.Unknown:
        found = tables_seen.unknown(path, given, "x")
        assert found is not None
        return found

    assert seen(kind="nonsense").wrong is not None
    moved = seen(**CHOSEN, **{"f-customer_name": "6", "f-due": "-"})
    assert {place.name: place.chosen for place in moved.places}["customer_name"] == "6"
    assert {place.name: place.chosen for place in moved.places}["due"] == "-"
    assert "Vervalt op" not in moved.layout
    assert seen(kind="receivable", of="payable", **{"f-due": "-"}).places == seen(kind="receivable").places  # chosen under another kind
    missing = seen(**CHOSEN, **{"f-number": "-"})
    assert missing.lacking == (("number",),)
    assert missing.layout == ""
    for nowhere in ("77", "²", "9" * 5_000):
        assert seen(**CHOSEN, **{"f-due": nowhere}).wrong is not None
    client = cast.client("member")
    text = send(client, reverse("keep-table", args=[one.pk]), file="facturen.csv", do="look", **CHOSEN, **{"f-number": "-"}).content.decode()
    assert "To be chosen still: Invoice number." in text
    assert "no column 77" in send(client, reverse("keep-table", args=[one.pk]), file="facturen.csv", do="look", **CHOSEN,
                                  **{"f-due": "77"}).content.decode().lower()


def test_the_way_of_payments_must_be_chosen(tmp_path: Any) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("Datum;Tegenrekening;Naam;Bedrag\n" + "".join(f"2026-03-{day:02};NL91ABNA0417164300;Firma {day};{day},50\n" for day in range(1, 15)))
    found = tables_seen.unknown(path, {"kind": "payments"}, "bank")
    assert found is not None
    assert [one.sort for one in found.opened] == ["direction"]
    chosen = tables_seen.unknown(path, {"kind": "payments", "of": "payments", "direction": "in"}, "bank")
    assert chosen is not None
    assert chosen.opened[0].chosen == "in"
    assert chosen.layout


@pytest.mark.parametrize("file", ["../../secrets.csv", "nothing.csv", ""])
def test_only_tables_of_the_import_are_opened(cast: Cast, later: Later, file: str) -> None:
    one = unknown(cast, later)
    for who in ("member", "stranger"):
        assert cast.client(who).get(f"{reverse('unknown-table', args=[one.pk])}?{urlencode({'file': file})}").status_code == 404
    assert shelves.brought(one.pk, "../../x") is None


def test_no_table_is_no_page(cast: Cast, later: Later, tmp_path: Any) -> None:
    one = unknown(cast, later)
    path = shelves.brought(one.pk, "facturen.csv")
    assert path is not None
    path.write_bytes(b"")
    assert cast.client("member").get(f"{reverse('unknown-table', args=[one.pk])}?file=facturen.csv").status_code == 404
    assert send(cast.client("member"), reverse("keep-table", args=[one.pk]), file="facturen.csv").status_code == 404
    assert tables_seen.key_of(path) == ""
    assert tables_seen.key_of(tmp_path / "missing.csv") == ""


def test_what_is_known_is_taken_away_and_what_is_not_waits(tmp_path: Any) -> None:
    for name in ("a.csv", "b/c.eml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    shelves.leave(tmp_path, [tmp_path / "a.csv"])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.csv"]
    shelves.leave(tmp_path, [])
    assert not tmp_path.exists()
