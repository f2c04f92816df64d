"""Pseudonyms of one person at several firms are joined, and firms never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.parties import known
from evenwicht.ledger.people import face_of, is_of_people, mention_of, same_people
from evenwicht.ledger.persons import Pseudonyms

PSEUDONYM = Pseudonyms(b"k" * 32)


def test_the_same_name_and_holder_at_two_firms_are_one_face() -> None:
    assert face_of("Jan de Vries", "j.devries@acme.com") == face_of("Vries, Jan de", "j-devries+x@Birch.nl") != ""


@pytest.mark.parametrize(("written", "address"), [
    ("Jan", "jan@acme.com"), ("Acme Sales", "info@acme.com"), ("Acme Support", "acme@acme.com"), ("Jo An Li", "jl@acme.com"),
    ("", "jan@acme.com"), ("Jan de Vries", "nothing"),
])
def test_what_does_not_say_who_it_is_is_no_face(written: str, address: str) -> None:
    assert face_of(written, address) == ""


def test_namesakes_with_another_address_and_others_at_one_address_stay_two() -> None:
    assert face_of("Jan de Vries", "jan@acme.com") != face_of("Jan de Vries", "vries@birch.nl")
    assert face_of("Jan de Vries", "jan@acme.com") != face_of("Jan Bos", "jan@birch.nl")


def test_a_mention_of_a_person_holds_pseudonyms_alone() -> None:
    mention = mention_of(PSEUDONYM, {"jan@acme.com", "face:jan vries|jan"})
    assert mention is not None
    assert is_of_people(mention)
    assert "jan" not in str(mention)
    assert mention_of(PSEUDONYM, {"jan@acme.com"}) is None
    assert not is_of_people(Mention(()))


def test_a_person_of_two_firms_does_not_make_them_one_party() -> None:
    person = mention_of(PSEUDONYM, {"jan@acme.com", "jan@birch.nl"})
    assert person is not None
    keys, parties = known(["acme.com", "birch.nl"], [person, Mention(("acme.com",)), Mention(("birch.nl",))])
    assert keys == {"acme.com": "acme.com", "birch.nl": "birch.nl"}
    assert set(parties) == {"acme.com", "birch.nl"}


@given(st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=2, max_size=3), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_mentions_makes_no_difference(groups: list[set[str]], chance: object) -> None:
    mentions = [Mention(tuple(sorted(f"who:{one}" for one in group))) for group in groups]
    shuffled = list(mentions)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    joined = same_people(mentions)
    assert joined == same_people(shuffled)
    assert all(len({joined[one] for one in group}) == 1 for group in groups)
    assert all(joined[one] <= one for one in joined)
