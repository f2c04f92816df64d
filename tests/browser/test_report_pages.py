"""The HTML report in a browser: both chairs, both languages, phone and desk, light, dark, forced colours and paper."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.reports.with_ledger import WithLedger

from evenwicht.reports.formats import html

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Opened = Callable[..., Page]

A, B = "acme.com", "birch.nl"
BOTH, WIDTHS = ("en", "nl"), (1280, 390)
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


class Few(WithLedger):
    """Three relations with a dozen events each axis: every part of a page, and few enough for axe."""

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "relations": self.found[:3]}

    def events_of(self, a: str, b: str, axis: str | None = None) -> pl.DataFrame:
        return super().events_of(a, b, axis).head(12)


@cache
def whole(language: str) -> str:
    return html.page(Few(), language=language)


@cache
def single(language: str, chair: str = B) -> str:
    return html.page(Few(), language=language, chair=chair, between=(A, B))


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"][:3]]


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(opened: Opened, language: str, width: int) -> None:
    assert violations(opened(whole(language), width=width)) == []
    page = opened(single(language), width=width)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert violations(page) == []


def test_axe_finds_nothing_in_the_dark_or_from_the_other_chair(opened: Opened) -> None:
    page = opened(single("en"), dark=True)
    page.locator(".chair-other").check()
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 700, 390, 320])
def test_no_page_scrolls_sideways(opened: Opened, width: int) -> None:
    for text in (whole("nl"), single("nl")):
        page = opened(text, width=width)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


SIZES = """() => [...document.querySelectorAll('.seen .pair')].filter((pair) => pair.offsetParent).map((pair) => {
  const [left, right] = ['.l', '.r'].map((side) => pair.querySelector(`:scope > ${side}`)?.getBoundingClientRect());
  const box = pair.getBoundingClientRect();
  return left && right && [left.width - right.width, left.top - right.top, left.left - box.left, box.right - right.right];
}).filter(Boolean)"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("chair", [A, B])
def test_both_sides_have_blocks_of_one_size(opened: Opened, width: int, chair: str) -> None:
    page = opened(single("en", chair), width=width)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    sizes = page.evaluate(SIZES)
    assert len(sizes) > 100
    for wider, _, before, after in sizes:
        assert abs(wider) <= 1
        assert abs(before - after) <= 1


PLACES = """() => Object.fromEntries([...document.querySelectorAll('.mast .name, .roles bdi, .facts dd, .acct .q, .axis .ends b')]
  .map((one, index) => [index + one.textContent, [one.getBoundingClientRect().left, innerWidth - one.getBoundingClientRect().right]]))"""


@pytest.mark.parametrize("width", WIDTHS)
def test_the_switch_of_the_chair_mirrors_the_page(opened: Opened, width: int) -> None:
    page = opened(single("en"), width=width)
    width = page.evaluate("document.documentElement.clientWidth")
    before = page.evaluate(PLACES)
    page.locator(".chair-other").check()
    after = page.evaluate(PLACES)
    assert before.keys() == after.keys()
    moved = [name for name, (left, _) in before.items() if abs(after[name][0] - left) > 1]
    assert len(moved) > 20
    names = [key for key in before if key.endswith(("Birch BV", "Acme NV"))]
    for name in names[:2]:
        assert before[name][0] == pytest.approx(after[name][1], abs=1)


def test_the_switched_page_is_the_page_of_the_other_chair(opened: Opened) -> None:
    switched, served = opened(single("en", B)), opened(single("en", A))
    switched.locator(".chair-other").check()
    shown = "() => [...document.querySelectorAll('.headline p, .say, h1 .l, h1 .r')].map((one) => one.innerText.trim())"
    assert switched.evaluate(shown)[2:] == served.evaluate(shown)[2:]
    boxes = ("() => [...document.querySelectorAll('.fill-a, .fill-b, .ch-set-a, .ch-set-b, .dial-nowdot')].map((one) =>"
             " [one.getAttribute('class'), Math.round(one.getBoundingClientRect().left)]).sort()")
    for one, other in zip(switched.evaluate(boxes), served.evaluate(boxes), strict=True):
        assert one[0] == other[0]
        assert abs(one[1] - other[1]) <= 1


def test_the_chair_is_changed_with_the_keyboard_alone(opened: Opened) -> None:
    page = opened(single("en"))
    page.locator(".chair-own").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".chair-other").is_checked()
    assert page.locator(".headline .other").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.seg label:has(:focus-visible)')).outlineStyle") == "solid"


def test_a_figure_opens_the_events_behind_it(opened: Opened) -> None:
    page = opened(single("nl"))
    page.locator("a[href='#r1-money-facts']").first.click()
    assert page.locator("#r1-money-e1").is_visible()
    page.locator("#r1-money-facts a").first.click()
    assert "r1-money-e2" in page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_touched_is_44_pixels_high(opened: Opened, width: int) -> None:
    page = opened(whole("en"), width=width)
    small = page.evaluate("""() => [...document.querySelectorAll('nav a, summary, .seg label, .figs a, .list a, .todo a, .brand')]
      .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5)
      .map((one) => one.outerHTML.slice(0, 120))""")
    assert small == []


def test_nothing_is_smaller_than_twelve_pixels(opened: Opened) -> None:
    page = opened(whole("en"))
    sizes = page.evaluate("[...document.querySelectorAll('main *')].map((one) => parseFloat(getComputedStyle(one).fontSize))")
    assert min(sizes) >= 12.5


def test_dark_paper_and_forced_colours_keep_the_lines_visible(opened: Opened) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    line = "getComputedStyle(document.querySelector('.ch-slow')).stroke"
    assert opened(single("en"), dark=True).evaluate(ground) == "rgb(18, 20, 23)"
    light = opened(single("en"), dark=True)
    light.emulate_media(media="print", color_scheme="dark")
    assert light.evaluate(ground) == "rgb(255, 255, 255)"
    assert light.evaluate(line) == "rgb(0, 0, 0)"
    assert opened(single("en"), forced=True).evaluate(line) != "none"


def test_a_hostile_name_stays_a_name(opened: Opened) -> None:
    name = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    relation = {**WithLedger().found[0], "a": name}
    page = opened(html.page(WithLedger(found=[relation], names={}), language="en"))
    assert page.locator("script, img").count() == 0
    assert page.locator("h2 .r").inner_text() == name
