"""Who is who: what joins, what does not, and decisions that can be taken back."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.parties import Decision, Party, find, known, near, shared_by

BIRCH = ("birch.nl", "vat:NL854321098B01", "kvk:12345678", "iban:NL91ABNA0417164300", "name:birch-bv")
ACME_1 = Mention(("acme.com", "vat:NL801122334B01"), "Acme NV")
VAT_1, VAT_2, GERMAN = "vat:NL111111111B01", "vat:NL222222222B01", "vat:DE129273398"


def keys_of(*mentions: Mention, decisions: tuple[Decision, ...] = (), seen: tuple[str, ...] = ()) -> dict[str, str]:
    return known(seen, mentions, decisions)[0]


@pytest.mark.parametrize("link", BIRCH)
def test_two_papers_that_share_any_identifier_are_of_one_party(link: str) -> None:
    keys = keys_of(Mention((link, "peppol:0088:1")), Mention((link, "peppol:0088:2")))
    assert len(set(keys.values())) == 1


def test_the_key_is_the_most_trusted_identifier_and_the_rest_are_aliases() -> None:
    for length in range(1, 6):
        part = BIRCH[-length:]
        keys, parties = known((), [Mention(tuple(reversed(part)), "Birch BV")])
        assert keys == dict.fromkeys(part, part[0])
        assert parties == {part[0]: Party(part[0], "Birch BV", "organisation", part, part[1:])}


def test_what_only_stands_in_rows_is_a_party_by_itself() -> None:
    keys, parties = known(["oak.nl", "elm.nl"], [])
    assert keys == {"oak.nl": "oak.nl", "elm.nl": "elm.nl"}
    assert parties["oak.nl"] == Party("oak.nl", "oak.nl", "organisation", ("oak.nl",), ())


@pytest.mark.parametrize("common", ["billing.example", "iban:NL91ABNA0417164300", "peppol:0088:1"])
def test_a_shared_billing_service_does_not_join_two_vat_numbers(common: str) -> None:
    keys = keys_of(Mention((VAT_1, common), "Oak"), Mention((VAT_2, common), "Elm"))
    assert len({keys[VAT_1], keys[VAT_2], keys[common]}) == 3


def test_a_shared_domain_does_not_join_two_chamber_numbers() -> None:
    keys = keys_of(Mention(("kvk:11111111", "group.nl")), Mention(("kvk:22222222", "group.nl")))
    assert keys["kvk:11111111"] != keys["kvk:22222222"]


def test_vat_numbers_of_two_countries_contradict_nothing() -> None:
    keys = keys_of(Mention((VAT_1, "oak.nl")), Mention((GERMAN, "oak.nl")), Mention(("kvk:11111111", "oak.nl")))
    assert set(keys.values()) == {"oak.nl"}


def test_a_name_joins_where_nothing_contradicts() -> None:
    keys = keys_of(Mention((VAT_1, "name:oak-bv")), Mention(("oak.nl", "name:oak-bv")), Mention(("iban:NL1", "name:oak-bv")))
    assert set(keys.values()) == {"oak.nl"}


def test_two_registrations_stop_a_name() -> None:
    keys = keys_of(Mention((VAT_1, "name:oak-bv")), Mention((VAT_2, "name:oak-bv")), Mention(("oak.nl", "name:oak-bv")))
    assert len({keys[VAT_1], keys[VAT_2], keys["oak.nl"], keys["name:oak-bv"]}) == 4


def test_two_names_do_not_join_in_two_steps_what_one_would_not() -> None:
    keys = keys_of(Mention((VAT_1, "name:a")), Mention(("oak.nl", "name:a")), Mention(("oak.nl", "name:b")), Mention((VAT_2, "name:b")))
    assert keys[VAT_1] != keys[VAT_2]
    assert keys[VAT_1] == keys["oak.nl"]


def test_a_name_with_a_conflict_far_away_is_stopped_too() -> None:
    keys = keys_of(Mention((VAT_1, "oak.nl")), Mention(("oak.nl", "name:oak")), Mention((VAT_2, "elm.nl")), Mention(("elm.nl", "name:oak")))
    assert keys["oak.nl"] != keys["elm.nl"]


def test_the_name_on_a_shared_account_joins_nobody() -> None:
    keys = keys_of(Mention((VAT_1, "iban:NL1", "name:oak")), Mention((VAT_2, "iban:NL1", "name:elm")))
    assert keys["name:oak"] == keys[VAT_1] != keys["name:elm"]
    assert keys["iban:NL1"] == "iban:NL1"


def test_a_mention_that_says_nothing_is_no_party() -> None:
    assert known((), [Mention((), "Nobody")]) == ({}, {})


def test_the_written_name_is_the_one_beside_the_best_identifier() -> None:
    mentions = [Mention(("iban:NL1", "oak.nl"), "OAK BV"), Mention(("oak.nl",), "Oak B.V."), Mention(("iban:NL1",), "Oak Bank"), Mention(("oak.nl",))]
    party = known((), mentions)[1]["oak.nl"]
    assert party.name == "Oak B.V."
    assert party.aliases == ("iban:NL1", "OAK BV", "Oak Bank")


def test_free_mail_is_a_person_until_marked() -> None:
    assert known(["jan@gmail.com"], [])[1]["jan@gmail.com"].kind == "person"
    business = (Decision("business", ("jan@gmail.com",)),)
    assert known(["jan@gmail.com"], [], business)[1]["jan@gmail.com"].kind == "organisation"


def test_a_person_with_a_vat_number_is_an_organisation() -> None:
    keys, parties = known((), [Mention(("jan@gmail.com", VAT_1), "Jan de Vries")])
    assert keys["jan@gmail.com"] == VAT_1
    assert parties[VAT_1].kind == "organisation"


def test_us_is_keyed_by_the_first_name() -> None:
    us = (Decision("us", ("kvk:12345678", "birch.nl", "birch.de")),)
    keys, parties = known((), [Mention(("birch.nl", "iban:NL1"), "Birch")], us)
    assert {keys[one] for one in ("kvk:12345678", "birch.nl", "birch.de", "iban:NL1")} == {"kvk:12345678"}
    assert parties["kvk:12345678"].identifiers == ("birch.de", "birch.nl", "kvk:12345678", "iban:NL1")


def test_a_merge_holds_and_is_undone() -> None:
    merge = Decision("merge", ("oak.nl", "elm.nl"))
    before = known(["oak.nl", "elm.nl"], [])
    keys, parties = known(["oak.nl", "elm.nl"], [], (merge,))
    assert keys == {"oak.nl": "elm.nl", "elm.nl": "elm.nl"}
    assert parties["elm.nl"].aliases == ("oak.nl",)
    assert known(["oak.nl", "elm.nl"], [], (merge,)[:-1]) == before


def test_a_split_takes_one_identifier_out_again() -> None:
    mentions = (Mention(("oak.nl", VAT_1, "iban:NL1")), Mention(("oak.nl", "name:oak")))
    assert len(set(keys_of(*mentions).values())) == 1
    keys = keys_of(*mentions, decisions=(Decision("split", ("iban:NL1",)),))
    assert keys["iban:NL1"] == "iban:NL1"
    assert keys["oak.nl"] == keys[VAT_1] == "oak.nl"
    assert keys_of(*mentions, decisions=(Decision("split", ("name:oak",)),))["name:oak"] == "name:oak"


def test_a_rename_is_said_and_joins_nothing() -> None:
    rename = (Decision("rename", ("kvk:12345678",), "Berk"),)
    keys, parties = known(["oak.nl"], [Mention(("birch.nl", "kvk:12345678"), "Birch")], rename)
    assert parties["birch.nl"].name == "Berk"
    assert "Birch" in parties["birch.nl"].aliases
    assert keys["oak.nl"] == "oak.nl"


def test_a_chain_of_thousands_is_one_party() -> None:
    links = 3_000
    chain = [Mention((f"{50_000 + n}.nl", "49999.nl" if n == 0 else f"{50_000 + n - 1}.nl", f"{40_000 - n}.nl")) for n in range(links)]
    assert len(set(keys_of(*chain).values())) == 1


IDENTIFIERS = st.sampled_from([
    "a.nl", "b.nl", "c.com", "jan@gmail.com", VAT_1, VAT_2, GERMAN, "kvk:11111111", "kvk:22222222", "iban:NL1", "iban:NL2", "name:a", "name:b",
    "peppol:0088:1",
])
MENTIONS = st.lists(st.builds(Mention, st.lists(IDENTIFIERS, max_size=4, unique=True).map(tuple), st.sampled_from(["", "A", "A BV", "B", "A BV h/o B", "B BV t/a A"])), max_size=8)
DECISIONS = st.lists(st.one_of(
    st.builds(lambda one, two: Decision("merge", (one, two)), IDENTIFIERS, IDENTIFIERS), st.builds(lambda one: Decision("split", (one,)), IDENTIFIERS),
    st.builds(lambda one: Decision("rename", (one,), "New"), IDENTIFIERS), st.builds(lambda one: Decision("business", (one,)), IDENTIFIERS),
    st.builds(lambda one: Decision("us", (one, "us.nl")), IDENTIFIERS),
    st.builds(lambda kind, one, two: Decision(kind, (one, two)), st.sampled_from(["group", "apart"]), IDENTIFIERS, IDENTIFIERS),
    st.builds(lambda one: Decision("ungroup", (one,)), IDENTIFIERS),
), max_size=3).map(tuple)


@given(MENTIONS, st.lists(IDENTIFIERS, max_size=4), DECISIONS, st.randoms(use_true_random=False))
def test_the_order_of_mentions_does_not_matter(mentions: list[Mention], seen: list[str], decisions: tuple[Decision, ...], rng: random.Random) -> None:
    expected = known(seen, mentions, decisions)
    mixed, others = [*mentions, *mentions[:2]], list(seen)
    rng.shuffle(mixed)
    rng.shuffle(others)
    turned = [Mention(tuple(rng.sample(one.identifiers, len(one.identifiers))), one.name) for one in mixed]
    assert known(others, mixed, decisions) == expected
    assert known(others, turned, decisions) == expected


@given(MENTIONS, st.lists(IDENTIFIERS, max_size=4), DECISIONS)
def test_every_identifier_has_one_party_that_lists_it(mentions: list[Mention], seen: list[str], decisions: tuple[Decision, ...]) -> None:
    keys, parties = known(seen, mentions, decisions)
    assert set(keys.values()) == set(parties)
    for identifier, key in keys.items():
        assert identifier in parties[key].identifiers
        assert keys[key] == key
    assert sum(len(party.identifiers) for party in parties.values()) == len(keys)
    assert keys.keys() >= set(seen)
    for party in parties.values():
        assert party.key not in party.aliases


@given(MENTIONS)
def test_names_alone_never_join_two_vat_numbers_of_one_country(mentions: list[Mention]) -> None:
    apart = [one for one in mentions if not {VAT_1, VAT_2} <= set(one.identifiers)]
    keys = keys_of(*[Mention(tuple(i for i in one.identifiers if i.startswith(("vat:NL", "name:")))) for one in apart])
    assert keys.get(VAT_1, "1") != keys.get(VAT_2, "2")


@given(DECISIONS)
def test_decisions_and_parties_survive_their_json(decisions: tuple[Decision, ...]) -> None:
    assert tuple(Decision.from_dict(one.as_dict()) for one in decisions) == decisions
    party = Party("a.nl", "A", "person", ("a.nl", "name:a"), ("name:a", "Aa"))
    assert Party.from_dict("a.nl", party.as_dict()) == party
    assert Party.from_dict("a.nl", {}) == Party("a.nl", "a.nl")


PARTIES = {
    "birch.nl": Party("birch.nl", "Birch BV", identifiers=("birch.nl", "kvk:12345678", "iban:NL91ABNA0417164300"), aliases=("kvk:12345678", "Berk")),
    "acme.com": Party("acme.com", "Acme NV", identifiers=("acme.com",)),
    "name:acme-n-v": Party("name:acme-n-v", "Acme N.V", identifiers=("name:acme-n-v",)),
    "jan@gmail.com": Party("jan@gmail.com", "Acme N.V.", "person", ("jan@gmail.com",)),
    "oak.nl": Party("oak.nl", "oak.nl", identifiers=("oak.nl",)), "oak.de": Party("oak.de", "oak.de", identifiers=("oak.de",)),
}


@pytest.mark.parametrize("text, key", [
    ("birch.nl", "birch.nl"), ("BIRCH.NL", "birch.nl"), ("jan@sales.birch.nl", "birch.nl"), ("kvk:12345678", "birch.nl"), ("birch bv", "birch.nl"),
    ("BERK", "birch.nl"), ("iban:NL91 ABNA 0417 1643 00", "birch.nl"), ("Acme NV", "acme.com"), ("jan@gmail.com", "jan@gmail.com"), ("elm.nl", None), ("", None),
])
def test_a_person_is_understood(text: str, key: str | None) -> None:
    assert find(PARTIES, text) == key


def test_what_was_mistyped_gets_a_hint() -> None:
    assert near(PARTIES, "brich.nl")[0] == "birch.nl"
    assert near(PARTIES, "Birch B.V.")[0] == "birch.nl"
    assert len(near(PARTIES, "acme")) <= 3
    assert near(PARTIES, "qqqqqqqq") == []
    assert near({}, "birch.nl") == []


# Legal and trading names

def test_a_name_with_a_trading_name_joins_both() -> None:
    keys, parties = known((), [
        Mention(("iban:NL1", "name:oak-beheer-bv-h-o-elm"), "Oak Beheer B.V. h/o Elm"), Mention(("elm.nl", "name:elm"), "Elm"),
        Mention((VAT_1, "name:oak-beheer-bv"), "OAK BEHEER BV")])
    assert {keys[i] for i in ("iban:NL1", "elm.nl", "name:elm", VAT_1, "name:oak-beheer-bv")} == {"elm.nl"}
    assert (parties["elm.nl"].name, parties["elm.nl"].legal_name, parties["elm.nl"].trading_names) == ("Elm", "Oak Beheer B.V.", ("Elm",))
    assert find(parties, "oak beheer b.v.") == find(parties, "ELM") == "elm.nl"


def test_shops_of_a_chain_are_not_one_party() -> None:
    shops = [Mention(("iban:NL1", "name:oak-bv-h-o-chain"), "Oak BV h/o Chain"), Mention(("iban:NL2", "name:elm-bv-h-o-chain"), "Elm BV h/o Chain")]
    keys = keys_of(*shops, Mention(("chain.nl", "name:chain"), "Chain"))
    assert len({keys[i] for i in ("iban:NL1", "iban:NL2", "chain.nl")}) == 3


def test_a_trading_name_does_not_join_two_domains() -> None:
    keys = keys_of(Mention(("oak.nl", "name:oak-bv"), "Oak BV h/o Chain"), Mention(("chain.nl", "name:chain"), "Chain"))
    assert keys["oak.nl"] != keys["chain.nl"]


def test_the_name_of_a_sole_trader_joins_nobody_else() -> None:
    keys = keys_of(Mention(("iban:NL1", "name:j-jansen-h-o-elm"), "J. Jansen h/o Elm"), Mention(("iban:NL2", "name:j-jansen"), "J. Jansen"))
    assert keys["iban:NL1"] != keys["iban:NL2"]


def test_two_names_on_one_paper_are_of_one_party() -> None:
    keys = keys_of(Mention(("name:oak", "name:elm")), Mention(("oak.nl", "name:oak")))
    assert keys["name:elm"] == "oak.nl"


def test_the_legal_name_is_told_where_it_is_another() -> None:
    parties = known((), [Mention(("oak.nl",), "Oak"), Mention(("oak.nl",), "Oak Holding B.V.")])[1]
    assert (parties["oak.nl"].name, parties["oak.nl"].legal_name) == ("Oak", "Oak Holding B.V.")
    assert Party.from_dict("oak.nl", parties["oak.nl"].as_dict()) == parties["oak.nl"]
    assert "legal_name" not in Party("oak.nl", "Oak").as_dict()


# Registrations

def test_the_vat_number_of_a_group_joins_no_two_companies() -> None:
    mentions = (Mention(("kvk:11111111", VAT_1, "oak.nl")), Mention(("kvk:22222222", VAT_1, "elm.nl")))
    keys = keys_of(*mentions)
    assert len({keys["oak.nl"], keys["elm.nl"], keys[VAT_1]}) == 3
    assert shared_by(mentions) == {VAT_1: ("kvk:11111111", "kvk:22222222")}


def test_one_company_may_have_two_vat_numbers() -> None:
    keys = keys_of(Mention(("kvk:11111111", VAT_1, "oak.nl")), Mention(("kvk:11111111", VAT_2, "oak.nl", "name:oak")), Mention((VAT_2, "name:oak")))
    assert set(keys.values()) == {"oak.nl"}


def test_who_shares_an_account_is_told() -> None:
    assert shared_by([Mention((VAT_1, "iban:NL1")), Mention((VAT_2, "iban:NL1")), Mention((VAT_2, "oak.nl"))]) == {"iban:NL1": (VAT_1, VAT_2)}


# Decisions

def test_apart_takes_back_an_earlier_merge_and_a_later_merge_holds() -> None:
    merge, apart = Decision("merge", ("oak.nl", "elm.nl")), Decision("apart", ("oak.nl", "elm.nl"))
    for decisions, count in (((merge, apart), 2), ((apart, merge), 1), ((merge, Decision("apart", ("oak.nl", "ash.nl"))), 1)):
        assert len(set(known(["oak.nl", "elm.nl"], [], decisions)[0].values())) == count


def test_a_group_joins_nobody() -> None:
    assert known(["oak.nl", "elm.nl"], [], (Decision("group", ("oak.nl", "elm.nl")), Decision("ungroup", ("elm.nl",)))) == known(["oak.nl", "elm.nl"], [])
