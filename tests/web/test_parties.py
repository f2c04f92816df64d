"""Who is who: what people decide, and taking it back."""

from __future__ import annotations

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
