"""Who is who: what people decide, and taking it back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from tests.web.application import Cast, send

from evenwicht.web.books import tasks
from evenwicht.web.books.rows import Book

Later = list[tuple[str, tuple[Any, ...]]]


def relations(cast: Cast) -> set[tuple[str, str]]:
    return set(Book.objects.get(pk=cast.organisation.pk).snapshot.relations.values_list("a", "b"))


def test_two_parties_become_one_and_two_again(cast: Cast, later: Later) -> None:
    assert len(relations(cast)) == 3
    answer = send(cast.client("member"), reverse("decide"), operation="merge", one="acme.example", other="cedar.example")
    assert answer.status_code == 302
    assert later.pop() == ("build", (cast.organisation.pk,))
    tasks.build.call(cast.organisation.pk)
    assert len(relations(cast)) == 2
    assert "The last decision" in cast.client("member").get(reverse("parties")).content.decode()
    later.clear()
    send(cast.client("member"), reverse("take-back"))
    tasks.build.call(cast.organisation.pk)
    assert len(relations(cast)) == 3
    later.clear()
    send(cast.client("member"), reverse("take-back"))
    assert not later  # there is nothing left to take back


def test_a_party_gets_a_name(cast: Cast, later: Later) -> None:
    send(cast.client("member"), reverse("decide"), operation="rename", one="acme.example", text="Acme NV <b>")
    tasks.build.call(cast.organisation.pk)
    page = cast.client("reader").get("/").content.decode()
    assert "Acme NV &lt;b&gt;" in page
    assert "Acme NV" in cast.client("reader").get("/?find=acme+nv").content.decode()


@pytest.mark.parametrize(("sent", "told"), [
    ({"operation": "explode", "one": "acme.example"}, "cannot be decided"),
    ({"operation": "merge", "one": "acme.example", "other": "nobody.example"}, "is not a party"),
    ({"operation": "merge", "one": "acme.example", "other": "acme.example"}, "named twice"),
    ({"operation": "rename", "one": "acme.example"}, "fill in which"),
    ({"operation": "split", "one": ""}, "is not a party"),
    ({"operation": "merge", "one": "acme.example", "other": "dune.example"}, "is not a party"),  # another organisation's
])
def test_a_decision_that_cannot_be_gets_a_sentence(cast: Cast, later: Later, sent: dict[str, str], told: str) -> None:
    answer = send(cast.client("member"), reverse("decide"), **sent)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not later


def test_a_reader_sees_parties_and_no_buttons(cast: Cast) -> None:
    page = cast.client("reader").get(reverse("parties")).content.decode()
    assert "acme.example" in page
    assert "<form" not in page


def suggest(cast: Cast, kind: str = "merge") -> None:
    """What the ledger of the cast does not suggest by itself."""
    shown = Book.objects.get(pk=cast.organisation.pk).snapshot
    shown.suggestions = [{"kind": kind, "one": "acme.example", "other": "cedar.example", "likeness": 91, "reasons": [
        {"template": "the head says so", "values": {}}]}]
    shown.save()


def test_what_may_be_one_is_asked_with_its_reasons_and_answered(cast: Cast, later: Later) -> None:
    suggest(cast)
    client = cast.client("member")
    page = client.get(reverse("parties")).content.decode()
    assert "One party?" in page
    assert "the head says so" in page
    assert "One party?" not in cast.client("reader").get(reverse("parties")).content.decode()
    send(client, reverse("decide"), operation="apart", one="acme.example", other="cedar.example")
    assert "One party?" not in client.get(reverse("parties")).content.decode()  # answered
    send(client, reverse("take-back"))
    assert "One party?" in client.get(reverse("parties")).content.decode()
    send(client, reverse("decide"), operation="merge", one="acme.example", other="cedar.example")
    tasks.build.call(cast.organisation.pk)
    assert len(relations(cast)) == 2


def test_parent_and_subsidiary_are_kept_as_a_group(cast: Cast, later: Later) -> None:
    suggest(cast, "group")
    client = cast.client("member")
    assert "Parent and subsidiary?" in client.get(reverse("parties")).content.decode()
    assert send(client, reverse("decide"), operation="group", one="acme.example", other="cedar.example").status_code == 302
    tasks.build.call(cast.organisation.pk)
    assert len(relations(cast)) == 3  # they stay two parties


def test_private_persons_stand_apart_and_are_marked_as_a_business(cast: Cast, later: Later) -> None:
    shown = Book.objects.get(pk=cast.organisation.pk).snapshot
    shown.parties = [*shown.parties, {"key": "jan@gmail.com", "name": "jan@gmail.com", "kind": "person", "identifiers": ["jan@gmail.com"], "us": False}]
    shown.save()
    page = cast.client("member").get(reverse("parties")).content.decode()
    assert page.index("Private persons") > page.index("</table>")
    assert page.count("<bdi>jan@gmail.com</bdi>") == 1
    assert "jan@gmail.com" not in cast.client("reader").get(reverse("parties")).content.decode()
    assert send(cast.client("member"), reverse("decide"), operation="business", one="jan@gmail.com").status_code == 302


def test_suggestions_are_made_with_the_result(cast: Cast) -> None:
    from evenwicht.web import bridge
    from evenwicht.web.books import shelves

    found = bridge.judged(bridge.ledger_at(shelves.whole(cast.organisation.pk)), today=date(2026, 8, 1))
    assert found is not None
    assert bridge.summary(found, "berk.example")["suggestions"] == []
