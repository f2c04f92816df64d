"""Who may be one party or one group: with reasons, never what was decided, and never persons."""

from __future__ import annotations

import random

import pytest

from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.notation import parsed
from evenwicht.ledger.parties import known
from evenwicht.ledger.party import Decision, Party
from evenwicht.ledger.suggestions import suggested, unlinked
from evenwicht.ledger.table import Ledger, empty, frame_of

VAT_1, VAT_2 = "vat:NL111111111B01", "vat:NL222222222B01"
ACCOUNT = "iban:NL91ABNA0417164300"


def book(*mentions: Mention, lines: tuple[str, ...] = (), decisions: tuple[Decision, ...] = ()) -> Ledger:
    events = frame_of(map(parsed, lines)) if lines else empty()
    seen = {*events["giver"].to_list(), *events["receiver"].to_list()}
    return Ledger(events, known(seen, mentions, decisions)[1], "birch.nl", None, decisions, mentions)


def pairs(ledger: Ledger) -> dict[tuple[str, str, str], str]:
    return {(one.kind, one.one, one.other): "; ".join(map(str, one.reasons)) for one in suggested(ledger)}


ACME = (Mention(("acme.nl",), "Acme"), Mention(("name:acme-bv",), "Acme B.V."))


def test_a_name_apart_from_its_legal_form_and_a_domain() -> None:
    found = suggested(book(*ACME))
    assert [(one.kind, one.one, one.other, one.likeness) for one in found] == [("merge", "acme.nl", "name:acme-bv", 100.0)]
    assert [str(reason) for reason in found[0].reasons] == [
        "Acme and Acme B.V. are the same name apart from the legal form", "the name Acme B.V. is that of the domain acme.nl"]
    assert found[0].command("l.parquet") == "evenwicht parties l.parquet --merge acme.nl name:acme-bv"


def test_a_name_that_is_the_domain_of_a_party_without_a_name() -> None:
    assert list(pairs(book(Mention(("iban:NL1", "name:oak-en-zoon-bv"), "Oak en Zoon BV"), lines=(
        "2026-03-02T09:14Z birch.nl -> oak-en-zoon.nl message 4 words <m>",)))) == [("merge", "iban:NL1", "oak-en-zoon.nl")]


def test_who_has_the_domain_and_another_name_is_meant_only_where_nobody_else_is() -> None:
    assert list(pairs(book(*ACME, Mention(("acme.de",), "Something Else GmbH")))) == [
        ("merge", "acme.nl", "name:acme-bv"), ("group", "acme.nl", "acme.de")]
    assert ("merge", "acme.de", "name:acme-bv") in pairs(book(ACME[1], Mention(("acme.de",), "Something Else GmbH")))


def test_typing_errors_and_other_word_order() -> None:
    found = pairs(book(Mention(("jb.nl",), "Bakkerij Jansen B.V."), Mention(("iban:NL1", "name:jansn-bakkerij"), "Jansn Bakkerij")))
    assert list(found) == [("merge", "iban:NL1", "jb.nl")]
    assert found["merge", "iban:NL1", "jb.nl"].startswith("the names are alike: ")


@pytest.mark.parametrize("one, other", [("Beheer Maas 1 BV", "Beheer Maas 2 BV"), ("Oak BV", "Elm BV"), ("Bakkerij Jansen", "Garage Jansen"), ("AB", "AB BV")])
def test_names_that_are_two(one: str, other: str) -> None:
    assert pairs(book(Mention(("one.nl",), one), Mention(("other.nl",), other))) == {}


def test_two_registrations_are_a_group_at_most() -> None:
    found = pairs(book(Mention((VAT_1, "iban:NL1"), "Oak B.V."), Mention((VAT_2, "iban:NL2"), "Oak Holding B.V."), Mention(("kvk:12345678",), "Elm B.V.")))
    assert found == {("group", VAT_2, VAT_1): "Oak B.V. and Oak Holding B.V. begin alike, and go on with a place or a branch"}
    same = pairs(book(Mention((VAT_1,), "Oak B.V."), Mention((VAT_2,), "Oak N.V.")))
    assert list(same) == [("group", VAT_1, VAT_2)]
    assert pairs(book(Mention((VAT_1,), "Oakwood Trees B.V."), Mention((VAT_2,), "Oakwod Trees B.V."))) == {}


def test_one_label_under_two_endings_and_names_of_countries() -> None:
    found = pairs(book(Mention(("acme.nl",), "Acme Nederland B.V."), Mention(("acme.de",), "Acme Deutschland GmbH")))
    assert list(found) == [("group", "acme.de", "acme.nl")]
    assert "differ in nothing but the ending" in found["group", "acme.de", "acme.nl"]
    assert "a place or a branch" in found["group", "acme.de", "acme.nl"]


def test_one_account_named_by_two() -> None:
    one = book(Mention((VAT_1, ACCOUNT, "oak.nl"), "Oak"), Mention((VAT_2, ACCOUNT, "elm.nl"), "Elm"))
    assert pairs(one) == {("group", "elm.nl", "oak.nl"): "both name the account NL91ABNA0417164300, so it was given to neither"}
    problems = unlinked(one.mentions, one.parties)
    assert [(problem.place, problem.severity) for problem in problems] == [(ACCOUNT, "warning")]
    assert "Elm, Oak" in str(problems[0].what_phrase)
    assert f"--merge elm.nl {ACCOUNT}" in str(problems[0].remedy_phrase)
    assert unlinked(one.mentions, {"oak.nl": one.parties["oak.nl"]}) == []


def test_an_account_is_left_where_a_person_has_put_it() -> None:
    mentions = (Mention((VAT_1, ACCOUNT, "oak.nl"), "Oak"), Mention((VAT_2, ACCOUNT, "elm.nl"), "Elm"))
    assert pairs(book(*mentions, decisions=(Decision("merge", ("oak.nl", ACCOUNT)),))) == {}


def test_a_vat_number_and_a_domain_of_two_companies() -> None:
    found = pairs(book(Mention(("kvk:11111111", VAT_1, "oak.nl"), "Oak"), Mention(("kvk:22222222", VAT_1, "elm.nl"), "Elm")))
    assert found == {("group", "elm.nl", "oak.nl"): "both stand on documents with the VAT number NL111111111B01"}
    found = pairs(book(Mention(("kvk:11111111", "shared.nl"), "Oak"), Mention(("kvk:22222222", "shared.nl"), "Elm")))
    assert found == {("group", "kvk:11111111", "kvk:22222222"): "both stand on documents with shared.nl"}


def test_a_service_used_by_many_says_nothing() -> None:
    many = [Mention((f"vat:NL{n:09}B01", ACCOUNT), f"{'abcdefgh'[n]}{'mnopqrst'[n]}{'hgfedcba'[n]}x Works") for n in range(8)]
    assert pairs(book(*many)) == {}


def test_one_name_of_many_is_suggested_with_the_best_known() -> None:
    many = [Mention((f"iban:NL{n}",), "Receiver of Taxes") for n in range(8)]
    found = pairs(book(*many, Mention(("taxes.nl",), "Receiver of Taxes")))
    assert len(found) == 8
    assert {pair[2] for pair in found} == {"taxes.nl"}


def test_the_same_people_write_for_both() -> None:
    one = book(lines=("2026-03-02T09:14Z oak.nl -> birch.nl message 4 words <m>", "2026-03-02T09:15Z elm.nl -> birch.nl message 4 words <n>"))
    one = one.with_events(one.events.with_columns(person=one.events["id"].replace_strict({"m": "0011", "n": "0011"})))
    assert pairs(one) == {("merge", "elm.nl", "oak.nl"): "the same people write for both (people: 1)"}


def test_a_payer_with_the_name_of_a_buyer() -> None:
    one = book(Mention(("oak.nl",), "Oakwood Trees B.V."), Mention(("iban:NL1",), "Stichting Oakwood"), lines=(
        "2026-03-02T00:00Z birch.nl -> oak.nl invoice 4 EUR <i>", "2026-03-09T00:00Z iban:NL1 -> birch.nl payment 4 EUR <p>",
        "2026-03-09T00:00Z iban:NL2 -> birch.nl payment 4 EUR <q>"))
    assert pairs(one) == {}  # one word of two is not enough
    one = book(Mention(("oak.nl",), "Oakwood Trees B.V."), Mention(("iban:NL1",), "Oakwood Trees Beheerstichting"), lines=(
        "2026-03-02T00:00Z birch.nl -> oak.nl invoice 4 EUR <i>", "2026-03-09T00:00Z iban:NL1 -> birch.nl payment 4 EUR <p>",
        "2026-03-09T00:00Z iban:NL2 -> birch.nl payment 4 EUR <q>"))
    assert pairs(one) == {("merge", "iban:NL1", "oak.nl"): (
        "payments come from an account in the name Oakwood Trees Beheerstichting, and Oakwood Trees B.V. is billed")}


def test_what_was_decided_is_not_suggested_again() -> None:
    assert pairs(book(*ACME, decisions=(Decision("apart", ("acme.nl", "name:acme-bv")),))) == {}
    assert pairs(book(*ACME, decisions=(Decision("merge", ("acme.nl", "name:acme-bv")),))) == {}
    joined = Mention(("acme.nl", "name:acme-bv"), "Acme B.V.")
    assert pairs(book(joined, decisions=(Decision("split", ("name:acme-bv",)),))) == {}
    assert pairs(book(joined, Mention(("iban:NL1",), "Acme"), decisions=(Decision("split", ("name:acme-bv",)),))) != {}


def test_a_group_is_not_suggested_again() -> None:
    mentions = tuple(Mention((f"acme.{end}",), f"Acme {place}") for end, place in (("nl", "Nederland"), ("de", "Deutschland"), ("com", "Group")))
    assert ("group", "acme.com", "acme.nl") in pairs(book(*mentions))
    assert pairs(book(*mentions, decisions=(Decision("group", ("acme.com", "acme.nl", "acme.de")),))) == {}
    assert len(pairs(book(*mentions, decisions=(Decision("group", ("acme.com", "acme.nl")),)))) == 2


def test_persons_and_nobody_are_never_suggested() -> None:
    assert suggested(book()) == []
    assert suggested(book(Mention(("jan@gmail.com",), "Acme N.V."), Mention(("acme.nl",), "Acme NV"))) == []
    assert suggested(Ledger(empty(), {"a b": Party("a b", "Acme Works")})) == []


def test_a_key_with_a_blank_can_be_typed() -> None:
    one = Ledger(empty(), {"a b": Party("a b", "Acme Works"), "acme.nl": Party("acme.nl", "Acme Works BV", identifiers=("acme.nl",))})
    assert suggested(one)[0].command("l") == "evenwicht parties l --merge 'a b' acme.nl"


def test_the_order_of_parties_does_not_matter_and_nobody_is_missed_among_many() -> None:
    rng = random.Random(4)
    letters = "bdfgklmnprst"
    names = {f"d{n}.nl": "".join(rng.choice(letters) + rng.choice("aeiou") for _ in range(5)) + " " + rng.choice(["Transport", "Bouw"]) for n in range(600)}
    for n in range(20):
        names[f"e{n}.nl"] = names[f"d{n}.nl"][:4] + "x" + names[f"d{n}.nl"][4:]
    parties = {key: Party(key, name, identifiers=(key,)) for key, name in names.items()}
    found = suggested(Ledger(empty(), parties))
    wanted = {(f"d{n}.nl", f"e{n}.nl") for n in range(20)}
    assert wanted <= {(one.one, one.other) for one in found}
    shuffled = list(parties.items())
    rng.shuffle(shuffled)
    assert suggested(Ledger(empty(), dict(shuffled))) == found
