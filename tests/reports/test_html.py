"""The HTML report: one file that needs nothing, the same from both chairs, and proof against hostile names."""

from __future__ import annotations

import base64
import gzip
import hashlib
import math
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as reader
from tests.reports import stand_in
from tests.reports.with_ledger import WithLedger

from evenwicht.errors import UnknownParty, WrongCall
from evenwicht.reports import catalogue
from evenwicht.reports.formats import html
from evenwicht.reports.pages import evidence, frame, portfolio
from evenwicht.reports.pages.seen import seen, weeks_of
from evenwicht.reports.pages.tracks import labels_of, notes_of, road_of
from evenwicht.reports.pages.verdict import lead_axis, lean_of, parted
from evenwicht.reports.pictures.scale import Road

if TYPE_CHECKING:
    from pathlib import Path

A, B = "acme.com", "birch.nl"
HOSTILE = ('<script>alert("1")</script>', '"><img src=x onerror=alert(1)>', "</style><script>1</script>", "' onload='x",
           "javascript:alert(1)", "\u202egnp.exe", "a" * 300, "&amp;&lt;", "\x00\x1b[31m", "مرحبا")


@pytest.fixture(scope="module")
def found() -> WithLedger:
    return WithLedger()


@cache
def made(language: str, chair: str | None = None, between: tuple[str, str] | None = None) -> str:
    """The page of the stand-in, once."""
    return html.page(WithLedger(), language=language, chair=chair, between=between)


@pytest.fixture(scope="module", params=["en", "nl"])
def whole(request: pytest.FixtureRequest, found: WithLedger) -> str:
    return made(request.param)


@pytest.fixture(scope="module", params=[A, B])
def single(request: pytest.FixtureRequest, found: WithLedger) -> str:
    return made("en", chair=request.param, between=(A, B))


def texts(page: str) -> Counter[str]:
    """Every piece of text in the body, as often as it is there."""
    body = reader.fromstring(page).find("body")
    return Counter(text.strip() for text in body.itertext() if text.strip())


# one file that needs nothing


def test_nothing_is_loaded_and_nothing_runs(whole: str) -> None:
    root = reader.fromstring(whole)
    assert not root.xpath("//script | //link | //iframe | //img | //object | //embed | //form | //base")
    assert not root.xpath("//@style | //@src | //@onclick | //@onload | //@srcset")
    assert all(href.startswith("#") for href in root.xpath("//@href"))
    assert not re.findall(r"url\((?!data:font/woff2)", whole)
    assert "@import" not in whole
    assert "http://" not in whole


def test_the_policy_knows_the_one_style_sheet_by_its_digest(whole: str) -> None:
    root = reader.fromstring(whole)
    styles = re.findall(r"<style>(.*?)</style>", whole, re.DOTALL)
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    assert len(styles) == 1
    assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_every_link_has_its_target_and_every_id_is_there_once(whole: str, single: str) -> None:
    for page in (whole, single):
        root = reader.fromstring(page)
        ids = Counter(root.xpath("//@id"))
        assert not [name for name, count in ids.items() if count > 1]
        assert not [href for href in root.xpath("//@href") if href[1:] not in ids]
        named = [name for value in root.xpath("//@aria-labelledby") for name in value.split()]
        assert not [name for name in named if name not in ids]


def test_the_font_has_its_licence_beside_it() -> None:
    home = frame.files("evenwicht.reports.pages") / "font"
    assert "SIL Open Font License" in (home / "archivo-LICENSE.txt").read_text(encoding="utf-8")
    assert (home / "archivo-latin-wght-normal.woff2").read_bytes()[:4] == b"wOF2"


def test_a_dozen_relations_of_three_years_fit_in_300_kb() -> None:
    class Dozen(WithLedger):
        @cached_property
        def history(self) -> pl.DataFrame:
            restless = pl.int_range(pl.len()).cast(pl.Float64)
            return super().history.with_columns(x=pl.col("x") + .25 * (restless * 12.9898).sin() + .2 * (restless * 7.3).cos())

    one = WithLedger().found[0]
    dozen = Dozen(found=[one, *({**one, "a": f"party{index}.nl", "b": "zebra.nl"} for index in range(11))])
    page = html.page(dozen, language="nl")
    assert page.count('class="relation seen"') == 12
    assert len(gzip.compress(page.encode())) <= 300_000


def test_the_file_is_written_whole_and_as_utf_8(tmp_path: Path, found: WithLedger) -> None:
    target = tmp_path / "report.html"
    html.write(found, target, language="nl", chair=B)
    assert target.read_bytes().decode("utf-8") == made("nl", chair=B)
    assert html.NAME == "html"


# what it says


def test_a_page_stands_in_its_language(whole: str) -> None:
    language = reader.fromstring(whole).get("lang")
    assert ("1,986" in whole, "1.986" in whole) == (language == "en", language == "nl")
    assert ("30\u00a0June 2026" in whole, "30\u00a0juni 2026" in whole) == (language == "en", language == "nl")


def test_a_language_that_is_not_known_is_a_wrong_call(found: WithLedger) -> None:
    with pytest.raises(WrongCall):
        html.page(found, language="fr")


def test_every_verdict_is_counted_and_every_relation_is_a_row(found: WithLedger) -> None:
    root = reader.fromstring(made("en"))
    counts = {item.get("class").split("line-")[1]: int(item.find("b").text) for item in root.find_class("count")}
    assert counts == {"structural": 3, "undecided": 1, "temporary": 1, "still": 1, "balanced": 1, "unknown": 1, "nosignal": 1}
    assert len(root.xpath("//table[@class='list']/tbody/tr")) == len(found.found)
    assert [item.text_content() for item in root.xpath("//ol[@class='todo']//h3")][:2] == ["Acme NV", "Iris BV"]


def test_the_page_says_how_many_are_expected_to_be_wrong_and_what_is_missing(whole: str) -> None:
    assert "0.2" in whole or "0,2" in whole
    assert "Fjørd AS" in reader.fromstring(whole).get_element_by_id("missing").text_content()


def test_more_than_sixty_relations_are_said_plainly() -> None:
    one = WithLedger().found[2]
    many = stand_in.StandIn(found=[{**one, "b": f"party{index:03}.nl"} for index in range(75)])
    root = reader.fromstring(html.page(many, language="en"))
    assert len(root.find_class("relation")) == portfolio.DETAILED == 60
    assert len(root.xpath("//table[@class='list']/tbody/tr")) == 75
    assert "The first 60 relations have their own section below; the other 15 stand in this table alone." in \
        root.get_element_by_id("all").text_content()


def test_a_portfolio_without_relations_is_a_page() -> None:
    page = html.page(stand_in.StandIn(found=[], needs=()), language="en")
    assert "0 relations" in page
    assert "Nothing asks for attention now." in page


def test_a_result_without_a_ledger_is_still_drawn_and_says_so() -> None:
    page = html.page(stand_in.StandIn(), language="en", between=(A, B))
    assert "was not at hand" in page
    assert page.count('class="track"') == 7


def test_a_relation_that_is_not_there_or_a_chair_outside_it_is_a_wrong_call(found: WithLedger) -> None:
    with pytest.raises(UnknownParty, match="no relation between acme"):
        made("en", between=(A, "elm.be"))
    with pytest.raises(UnknownParty, match="is not one of the two sides"):
        made("en", chair="elm.be", between=(A, B))


def test_the_figures_lead_to_the_events_and_events_to_what_they_answer(found: WithLedger) -> None:
    root = reader.fromstring(made("en", between=(B, A)))
    table = root.get_element_by_id("r1-money-facts")
    assert root.xpath("//*[@href='#r1-money-facts']")
    rows = table.xpath("./div[@id]")
    assert len(rows) == 42
    assert rows[0].xpath(".//a/@href") == ["#r1-money-e2"]
    assert "bank.xml#1000" in rows[0].text_content()
    assert "€\u00a0100.00" in rows[0].text_content()


def test_in_a_portfolio_the_newest_events_are_shown_and_the_others_are_named() -> None:
    page = made("en")
    root = reader.fromstring(page)
    place = next(item.get("id") for item in root.find_class("relation") if "Acme NV" in item.text_content())
    assert len(root.get_element_by_id(f"{place}-words-facts").xpath("./div[@id]")) == evidence.SHOWN_EACH
    assert "The newest 30 of 90. The others: evenwicht show LEDGER --between acme.com birch.nl." in texts(page)


def test_an_event_stands_on_the_side_that_gave_it(found: WithLedger) -> None:
    root = reader.fromstring(made("en", chair=B, between=(A, B)))
    events = found.events_of(A, B, "money").sort("at", "id", descending=True)
    for row, giver in zip(root.get_element_by_id("r1-money-facts").xpath("./div[@id]"), events["giver"], strict=True):
        filled = [cell.get("class") for cell in row if cell.get("class") != "m" and cell.text_content()]
        assert filled == ["l" if giver == B else "r"]


# two chairs


def test_both_chairs_read_the_same_texts(found: WithLedger) -> None:
    for language in catalogue.LANGUAGES:
        one, other = (texts(made(language, chair=chair, between=(A, B))) for chair in (A, B))
        assert one == other


def test_the_chair_sits_left_and_colour_stays_with_the_party(found: WithLedger) -> None:
    for chair, name, letter in ((A, "Acme NV", "a"), (B, "Birch BV", "b")):
        root = reader.fromstring(made("en", chair=chair, between=(A, B)))
        left = root.xpath("//h1/span[@class='l']")[0]
        assert left.text_content() == name
        assert left.xpath(f".//*[contains(@class, 'of-{letter}')]")


def test_pictures_from_the_other_chair_are_mirrored(found: WithLedger) -> None:
    sums = []
    for chair in (A, B):
        root = reader.fromstring(made("en", chair=chair, between=(A, B)))
        sums.append([(float(dot.get("cx")), float(dot.get("cy")), float(svg.get("viewbox").split()[2]))
                     for svg in root.find_class("track") for dot in svg.xpath(".//g[@class='ch-dots']/circle")])
    assert sums[0]
    for (x, y, width), (other_x, other_y, _) in zip(*sums, strict=True):
        assert x + other_x == pytest.approx(width, abs=.11)
        assert y == other_y


def test_in_a_portfolio_each_relation_is_seen_from_our_chair(whole: str) -> None:
    lefts = [name.text_content() for name in reader.fromstring(whole).xpath("//h2[contains(@class, 'mast')]/span[@class='l']")]
    assert len(lefts) == 9
    assert set(lefts) == {"Birch BV"}


def test_a_relation_between_two_others_is_named_by_both() -> None:
    one = WithLedger().found[0]
    root = reader.fromstring(html.page(stand_in.StandIn(found=[one], us="none.nl"), language="en"))
    assert root.xpath("//td[@class='nm'] | //th[@class='nm']")[0].text_content().startswith("Acme NV – Birch BV")


def test_without_a_side_of_our_own_the_party_in_most_relations_takes_the_chair() -> None:
    found = WithLedger()
    root = reader.fromstring(html.page(stand_in.StandIn(found=found.found[1:4], us=""), language="en"))
    assert {name.text_content() for name in root.xpath("//h2[contains(@class, 'mast')]/span[@class='l']")} == {"Birch BV"}


def test_signs_turn_with_the_chair_and_the_relation_leans_to_the_throne(found: WithLedger) -> None:
    relation = found.found[0]
    views = [seen(relation, chair, names=found.names, language="en", until=found.until, us=chair, place="r1") for chair in (A, B)]
    axes = [lead_axis(view) for view in views]
    levels = [lean_of(view, axis)[0] for view, axis in zip(views, axes, strict=True) if axis]
    assert axes[0] is not None
    assert axes[0]["axis"] == "words"
    assert levels == [-.9, .9]  # Acme has the floor: toward Acme, which sits left in its own chair and right in Birch's


# the small decisions


def test_the_day_of_the_verdict_and_a_disturbance_are_marked_where_they_moved_something(found: WithLedger) -> None:
    relation = found.found[0]
    view = seen(relation, B, names=found.names, language="en", until=found.until, us=B, place="r1",
                history=list(found.history_of(A, B).iter_rows(named=True)), events=lambda axis: evidence.newest_first(found.events_of(A, B, axis)))
    notes = {axis["axis"]: [(note.mark.kind, note.mark.side, note.text.split(":")[1][:12]) for note in notes_of(view, axis, Road())]
             for axis in view.axes}
    assert notes["money"] == [("shift", 1, " it settles ")]
    assert [kind for kind, *_ in notes["favours"]] == ["gust", "gust"]
    assert notes["favours"][1][2] == " disturbance"
    assert notes["initiative"] == []


def test_a_young_relation_gets_a_short_road(found: WithLedger) -> None:
    relation = found.found[0]
    newest = found.until - timedelta(weeks=10)
    rows = list(found.history_of(A, B).filter(pl.col("week") > newest).iter_rows(named=True))
    view = seen(relation, A, names={}, language="en", until=found.until, us=A, place="", history=rows)
    assert road_of(view, 384).weeks == 39
    assert len(weeks_of(view, "words")) == 10
    assert weeks_of(replace(view, history={"words": [{"week": newest, "slow": math.nan}]}), "words") == []


@given(st.dates(min_value=stand_in.UNTIL - timedelta(days=800), max_value=stand_in.UNTIL + timedelta(days=800)))
def test_labels_beside_a_road_never_touch(until: object) -> None:
    road = Road()
    heights = sorted([road.y(0), *(road.y(label.age) for label in labels_of(until, road, "nl"))])  # type: ignore[arg-type]
    assert all(below - above >= 13.9 for above, below in pairwise(heights))


def test_the_word_of_a_verdict_is_set_apart_from_what_follows() -> None:
    assert parted("Structural imbalance toward Acme", "Structural") == ("Structural", "imbalance toward Acme")
    assert parted("Leans toward Acme", "Undecided") == ("Undecided", "leans toward Acme")
    assert parted("Standing still, last move on 3 March", "Standing still") == ("Standing still", "last move on 3 March")
    assert parted("Balanced", "Balanced") == ("Balanced", "")


def test_the_agreed_norm_moves_the_band(found: WithLedger) -> None:
    class Agreed(WithLedger):
        def events_of(self, a: str, b: str, axis: str | None = None) -> pl.DataFrame:
            events = super().events_of(a, b, axis).with_columns(thread=pl.lit(None, pl.String))
            older, newer = (events.tail(1).with_columns(
                kind=pl.lit("norm"), thread=pl.lit("words"), giver=pl.lit(A), amount=pl.lit(share), id=pl.lit(name),
            ) for share, name in ((.8, "x"), (.65, "y")))
            return pl.concat([events, older, newer]) if axis is None else events

    for chair, sign in ((A, 1), (B, -1)):
        root = reader.fromstring(html.page(Agreed(), language="en", chair=chair, between=(A, B)))
        words, answers = root.find_class("track")[:2]
        middle = Road().x(sign * math.log(65 / 35))
        assert words.xpath(".//*[@class='ch-norm']/@d")[0].startswith(f"M{middle:.1f}".rstrip("0").rstrip("."))
        assert words.find_class("ch-equal")
        assert not answers.find_class("ch-equal")


# hostile names and values


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(name: str) -> None:
    relation = {**WithLedger().found[0], "a": name, "b": "zebra"}
    found = WithLedger(found=[relation], names={"zebra": name}, us="zebra")
    for page in (html.page(found, language="en"), html.page(found, language="nl", between=(name, "zebra"))):
        root = reader.fromstring(page)
        assert not root.xpath("//script | //img | //@onerror | //@onload")
        assert len(root.xpath("//style")) == 1
        assert len(root.xpath("//meta[@http-equiv]")) == 1
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e]", page)


@settings(max_examples=15)
@given(st.text(min_size=1, max_size=40))
def test_any_name_is_a_page_with_the_same_shape(name: str) -> None:
    found = stand_in.StandIn(found=stand_in.StandIn().found[:1], names={A: name, B: "Birch BV"})
    page = html.page(found, language="en", between=(A, B), chair=A)
    assert page.count("<section") == html.page(replace(found, names={}), language="en", between=(A, B), chair=A).count("<section")
    page.encode("utf-8")


def test_hostile_values_of_events_are_only_text(found: WithLedger) -> None:
    class Hostile(WithLedger):
        def events_of(self, a: str, b: str, axis: str | None = None) -> pl.DataFrame:
            return super().events_of(a, b, axis).with_columns(kind=pl.lit("<b>x</b>"), unit=pl.lit('"><i>'),
                                                              evidence=pl.lit("<script>#1"))

    root = reader.fromstring(html.page(Hostile(), language="en", between=(A, B)))
    assert not root.xpath("//script")
    assert "<b>x</b>" in root.get_element_by_id("r1-words-facts").text_content()


def test_missing_figures_are_dashes_never_nan() -> None:
    relation = WithLedger().found[0]
    bare = {**relation, "verdict": "undecided", "speed": dict.fromkeys(relation["speed"]), "probability": None, "last": None,
            "robustness": {"ruptures": 0, "repaired": 0, "median_days": None},
            "axes": [{**axis, **dict.fromkeys(("level", "now", "a_short", "b_short", "a_long", "b_long", "rates"))}
                     for axis in relation["axes"]]}
    for between in (None, (A, B)):
        page = html.page(stand_in.StandIn(found=[bare]), language="en", between=between)
        body = " ".join(texts(page))
        assert "nan" not in body.lower().split()
        assert "None" not in body
        assert "–" in body
