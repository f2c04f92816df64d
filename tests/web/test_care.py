"""Teams, who cares for what, tags, saved lists, and the list narrowed by them."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from tests.web.application import Cast, send

from evenwicht.errors import WrongCall
from evenwicht.web.books import queries as books
from evenwicht.web.books.rows import Book, Relation, Snapshot
from evenwicht.web.care import acts, queries
from evenwicht.web.care.asked import Asked, asked_of, query_of
from evenwicht.web.care.rows import Carer, Tag, Tagged, Team, View

ACME, BIRCH, CEDAR = (("acme.example", "berk.example"), ("berk.example", "birch.example"), ("berk.example", "cedar.example"))
PART = {"HX-Request": "true", "HX-Target": "list"}


def snapshot(cast: Cast) -> Snapshot:
    return Book.objects.get(pk=cast.organisation.pk).snapshot


def shown(cast: Cast, query: str, who: str = "member") -> set[str]:
    """Whom the list is about, without berk."""
    answer = cast.client(who).get(f"/?{query}", headers=PART)
    assert answer.status_code == 200
    page = answer.content.decode()
    return {name for name in ("acme", "birch", "cedar") if f"<bdi>{name}.example</bdi></a>" in page}


def number(cast: Cast, pair: tuple[str, str]) -> int:
    return Relation.objects.get(snapshot=snapshot(cast), a=pair[0], b=pair[1]).pk


def told(client: Any, answer: Any) -> str:
    assert answer.status_code == 302
    return str(client.get(answer.headers["Location"]).content.decode())


def test_rows_are_ticked_and_tagged_and_the_list_is_narrowed_to_the_tag(cast: Cast) -> None:
    client = cast.client("member")
    answer = send(client, reverse("care-for"), pair=[number(cast, ACME), number(cast, CEDAR)], do="tag", tag="  key   account ", back="sort=name")
    page = told(client, answer)
    assert "Done for 2 relations." in page
    assert answer.headers["Location"] == "/?sort=name#all"
    tag = Tag.objects.get()
    assert tag.name == "key account"
    assert shown(cast, f"tag={tag.pk}") == {"acme", "cedar"}
    assert page.count('<bdi>key account</bdi></span>') == 2
    send(client, reverse("care-for"), pair=[number(cast, BIRCH)], do="tag", tag="KEY ACCOUNT")
    assert Tag.objects.count() == 1
    send(client, reverse("care-for"), every=1, back="who=all", do="untag", tag="key account")
    assert not Tagged.objects.exists()
    assert not Tag.objects.exists()


def test_nothing_ticked_and_names_that_cannot_be_get_a_sentence(cast: Cast) -> None:
    client = cast.client("member")
    assert "tick one or more rows" in told(client, send(client, reverse("care-for"), do="tag", tag="x"))
    for name in ("", "x" * 41):
        assert "at least one letter" in told(client, send(client, reverse("care-for"), pair=[number(cast, ACME)], do="tag", tag=name))
    assert "Choose a person or a team" in told(client, send(client, reverse("care-for"), pair=[number(cast, ACME)], do="assign", who="team-999999"))
    stranger = cast.client("stranger")
    assert "tick one or more rows" in told(stranger, send(stranger, reverse("care-for"), pair=[number(cast, ACME), "x", "9" * 30], do="tag", tag="theirs"))
    assert not Tag.objects.exists()
    Book.objects.filter(pk=cast.organisation.pk).update(snapshot=None)
    assert send(client, reverse("care-for"), every=1, do="tag", tag="x").status_code == 302


def test_what_one_cares_for_is_what_one_sees_first(cast: Cast) -> None:
    client = cast.client("member")
    assert client.get("/").status_code == 200  # nobody cares for anything yet
    seat = cast.seats["member"]
    send(client, reverse("care-for"), pair=[number(cast, ACME)], do="assign", who=f"seat-{seat.pk}")
    answer = client.get("/?lang=nl")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/?who=mine&lang=nl")
    assert shown(cast, "who=mine") == {"acme"}
    assert shown(cast, "who=all") == {"acme", "birch", "cedar"}
    assert shown(cast, "who=nobody") == {"birch", "cedar"}
    assert shown(cast, f"who=seat-{seat.pk}", "owner") == {"acme"}
    assert shown(cast, "who=mine", "owner") == set()
    assert "member@berk.example" in client.get("/?who=mine").content.decode()
    send(client, reverse("care-for"), pair=[number(cast, ACME)], do="assign", who="nobody")
    assert not Carer.objects.exists()


def test_a_team_cares_together_and_ends(cast: Cast) -> None:
    owner, seat = cast.client("owner"), cast.seats["reader"]
    send(owner, reverse("make-team"), name="East")
    team = Team.objects.get(name="East")
    send(owner, reverse("change-team", args=[team.pk]), name="East and south", seat=[seat.pk, cast.seats["stranger"].pk, "x", "9" * 5_000])
    assert list(team.seats.all()) == [seat]  # somebody of elsewhere is not
    send(owner, reverse("care-for"), pair=[number(cast, BIRCH)], do="assign", who=f"team-{team.pk}")
    assert shown(cast, "who=mine", "reader") == {"birch"}
    assert shown(cast, f"who=team-{team.pk}") == {"birch"}
    page = owner.get(reverse("teams")).content.decode()
    assert "East and south" in page
    assert f'href="/?who=team-{team.pk}#all">1 relation</a>' in page
    for address, sent in ((reverse("make-team"), {"name": "East and south"}), (reverse("change-team", args=[team.pk]), {"name": cast.team.name}),
                          (reverse("make-team"), {"name": " "})):
        assert send(owner, address, **sent).status_code == 400
    send(owner, reverse("end-team", args=[team.pk]))
    assert not Carer.objects.exists()


def test_one_of_both_cares_and_the_later_choice_holds(cast: Cast) -> None:
    seat = cast.seats["member"]
    acts.assign(seat, f"team-{cast.team.pk}", [ACME, BIRCH])
    acts.assign(seat, f"seat-{seat.pk}", [BIRCH])
    found = queries.cared(seat, [ACME, BIRCH, CEDAR])
    assert [found[pair].carer for pair in (ACME, BIRCH, CEDAR)] == ["Sales north", "member@berk.example", ""]
    assert queries.cares(cast.organisation) == {cast.team.pk: 1}


def test_a_list_is_kept_shown_first_and_taken_away(cast: Cast) -> None:
    client = cast.client("reader")
    send(client, reverse("keep-view"), name="Grave ones", back="verdict=structural&sort=name&page=3&nonsense=1", first=1, shared=1)
    kept = View.objects.get(name="Grave ones")
    assert (kept.query, kept.person_id) == ("verdict=structural&sort=name", cast.seats["reader"].person_id)  # a reader keeps for oneself alone
    assert client.get("/").headers["Location"] == "/?verdict=structural&sort=name"
    assert cast.client("member").get("/").status_code == 200
    send(client, reverse("keep-view"), name="Grave ones", back="turn=us", first=1)
    assert View.objects.get(name="Grave ones").query == "turn=us"
    page = client.get("/?turn=us").content.decode()
    assert 'aria-current="true"><bdi>Grave ones</bdi>' in page
    assert cast.client("member").post(reverse("drop-view", args=[kept.pk])).status_code == 404
    assert "taken away" in told(client, send(client, reverse("drop-view", args=[kept.pk])))
    assert "at least one letter" in told(client, send(client, reverse("keep-view"), name=""))


def test_the_lists_of_the_organisation_are_for_all_and_the_own_one_comes_first(cast: Cast) -> None:
    owner = cast.client("owner")
    send(owner, reverse("keep-view"), name="All of us", back="sort=events", first=1, shared=1)
    assert cast.client("reader").get("/").headers["Location"] == "/?sort=events"
    send(cast.client("reader"), reverse("keep-view"), name="Mine first", back="sort=last", first=1)
    assert cast.client("reader").get("/").headers["Location"] == "/?sort=last"
    assert cast.client("stranger").get("/").status_code == 200
    send(cast.client("member"), reverse("drop-view", args=[View.objects.get(name="All of us").pk]))
    assert cast.client("member").get("/").status_code == 200


def test_there_is_an_end_to_tags_and_lists(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MOST_TAGS", 1)
    monkeypatch.setattr(acts, "MOST_VIEWS", 1)
    seat = cast.seats["member"]
    acts.tag(seat, "one", [ACME])
    acts.tag(seat, "one", [BIRCH])
    with pytest.raises(WrongCall, match="1 tags already"):
        acts.tag(seat, "two", [ACME])
    acts.keep_view(seat, "one", "turn=us", shared=False, first=False)
    with pytest.raises(WrongCall, match="1 saved lists"):
        acts.keep_view(seat, "two", "turn=us", shared=False, first=False)


def test_what_an_organisation_keeps_is_on_no_page_of_another_nor_of_the_relation(cast: Cast) -> None:
    acts.tag(cast.seats["member"], "difficult", [ACME])
    tag = Tag.objects.get()
    relation = cast.client("reader").get(reverse("relation", args=ACME)).content.decode()
    assert "difficult" not in relation
    assert "difficult" not in cast.client("stranger").get("/").content.decode()
    stranger = cast.client("stranger").get(f"/?tag={tag.pk}", headers=PART).content.decode()
    assert "No relation is like that" in stranger
    assert "difficult" not in cast.client("member").get("/relations.json").content.decode()


def test_whose_turn_toward_whom_and_what_is_missing(cast: Cast) -> None:
    rows = Relation.objects.filter(snapshot=snapshot(cast))
    rows.update(turn="", lean="", axes="|", lacking="")
    rows.filter(a=ACME[0]).update(turn="us", lean="them", axes="|words|money|", verdict="structural")
    rows.filter(b=BIRCH[1]).update(turn="both", lean="both", axes="|response|")
    rows.filter(b=CEDAR[1]).update(lacking="\nsent mail of berk.example\nbank statements\n", verdict="too_little_data")
    for query, found in {
        "turn=us": {"acme", "birch"}, "turn=them": {"birch"}, "turn=nobody": {"cedar"}, "lean=them": {"acme", "birch"}, "lean=us": {"birch"},
        "axis=money": {"acme"}, "axis=response": {"birch"}, "lacks=bank+statements": {"cedar"}, "lacks=bank": set(), "axis=words&turn=us&find=acme": {"acme"},
        "tag=x": set(), "who=seat-x": set(), "who=nonsense": {"acme", "birch", "cedar"},
    }.items():
        assert shown(cast, query) == found, query
    page = cast.client("member").get("/?lacks=bank+statements&verdict=too_little_data").content.decode()
    assert '<option value="bank statements" selected>' in page
    assert "<details open>" in page


def test_an_address_holds_what_was_asked_and_nothing_else() -> None:
    asked = Asked("a & b", "structural", turn="us", who="mine", sort="name", page=4)
    assert asked_of(QueryDict(query_of(asked, page=4))) == asked
    assert query_of(Asked()) == "who=all"
    assert query_of(asked) == query_of(Asked(**{name: getattr(asked, name) for name in asked.__slots__ if name != "page"}))
    assert asked_of({"page": "x", "find": "y" * 999, "who": ""}) == Asked(find="y" * 200)


def test_the_columns_of_a_relation_say_whose_turn_it_is_and_toward_whom_it_leans(cast: Cast) -> None:
    """Every invoice of the year was paid, one side late: nobody is to move, and what leans is said as the result says it."""
    for row in Relation.objects.filter(snapshot=snapshot(cast)):
        one = books.stored(row)
        leaning = one.result["verdict"] in {"structural", "temporary", "undecided"}
        toward = one.result["toward"]
        assert row.lean == ("" if not leaning else "both" if one.result["both_ways"] else "us" if toward == "berk.example" else "them")
        assert row.axes == "".join(f"|{axis['axis']}" for axis in one.result["axes"] if axis["verdict"] in {"structural", "temporary", "undecided"}) + "|"
        assert (row.turn == "") == (one.turn is None)
