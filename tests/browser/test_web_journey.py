"""The whole way, as a person goes it: first run, import, portfolio, a relation, the evidence of a mail. And every page after it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
DESK, PHONE = 1280, 390
READ = 120_000
"""Milliseconds the examples may take to be read and judged on a machine with other things to do."""


class Journey:
    """A server, and a person in a browser who went the whole way."""

    def __init__(self, server: served.Served, context: BrowserContext, said: list[str]) -> None:
        self.server, self.context, self.said = server, context, said

    def page(self, address: str, *, width: int = DESK, lang: str = "en", dark: bool = False) -> Page:
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        joiner = "&" if "?" in address else "?"
        page.goto(f"{self.server.address}{address}{joiner}lang={lang}")
        return page


def heard(context: BrowserContext, address: str) -> list[str]:
    """What the console says and what is asked of elsewhere."""
    said: list[str] = []
    context.on("console", lambda message: said.append(f"console: {message.text}"))
    context.on("weberror", lambda error: said.append(f"error: {error.error}"))
    context.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else said.append(asked.url))
    return said


@pytest.fixture
def journey(browser: Browser, tmp_path: Path) -> Iterator[Journey]:
    home = tmp_path
    examples = Path(__file__).resolve().parents[2] / "examples"
    archive = home / "berk.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted((examples / "berk").rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(examples))
    server = served.serve(home)
    context = browser.new_context(viewport={"width": DESK, "height": 900}, locale="en-GB")
    said = heard(context, server.address)
    try:
        travel(context.new_page(), server, archive)
        yield Journey(server, context, said)
    finally:
        context.close()
        server.stop()
    assert said == []


def travel(page: Page, server: served.Served, archive: Path) -> None:
    """First run → import → portfolio → relation → evidence of a mail."""
    page.goto(server.first)
    page.get_by_label("Name of the organisation").fill("Berk Verpakkingen BV")
    page.get_by_label("Its domains, mail addresses").fill("berk.example")
    page.get_by_label("Mail address of the first owner").fill("anna@berk.example")
    page.get_by_role("button", name="Begin").click()

    page.wait_for_url("**/imports/")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Keep").click()

    page.locator("#files").set_input_files(archive)
    page.get_by_text("1 files,").wait_for()
    page.get_by_role("button", name="Read them").click()
    page.wait_for_url("**/imports/1/")
    page.get_by_role("link", name="To the relations").click(timeout=READ)  # the page asks for itself until it is there

    page.get_by_role("heading", name="12 relations").wait_for()
    page.get_by_label("Find a relation").fill("visser")
    page.get_by_text("1 to 1 of 1").wait_for()
    verdict = page.locator(".list .vdl b").inner_text()
    page.get_by_role("link", name="Visser Logistiek BV").last.click()
    page.get_by_role("heading", level=1).get_by_text("Visser Logistiek BV").wait_for()
    assert page.locator(".headline .verdict b").inner_text() == verdict

    page.locator("summary", has_text="Words: ").click()
    page.get_by_role("link", name="All of them, one by one").first.click()
    page.get_by_text("1 to 100 of").wait_for()
    assert page.locator(".ledger .where").first.inner_text().startswith("berk.zip/berk/mail/")


def the_other_chair_is_the_mirror(journey: Journey) -> None:
    page = journey.page("/relations/berk.example/visser.example/")
    names = page.locator("h1 bdi").all_inner_texts()
    page.get_by_role("navigation", name="One page, seen from the chair of").get_by_role("link", name="Visser").click()
    page.wait_for_url("**chair=visser.example")
    assert page.locator("h1 bdi").all_inner_texts() == names[::-1]
    page.close()


PAGES = ("/", "/relations/berk.example/koster.example/", "/relations/berk.example/koster.example/?on=2026-03-01", "/relations/berk.example/koster.example/changes/",
         "/relations/berk.example/noorderlicht.example/evidence/", "/imports/", "/imports/1/", "/parties/",
         "/accounts/", "/accounts/people/", "/accounts/2fa/totp/activate/", "/help/", "/teams/", "/?who=all&turn=us&axis=words")


def axe(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"][:3]]


def a_page_can_be_read_by_everybody(journey: Journey, address: str) -> None:
    """Both languages, phone and desk, light and dark: no finding of axe, no sideways scrolling."""
    for width, lang, dark in ((DESK, "en", False), (PHONE, "nl", True)):
        page = journey.page(address, width=width, lang=lang, dark=dark)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.locator("html").get_attribute("lang") == lang, address
        assert axe(page) == [], address
        page.close()


def a_folder_can_be_dropped_and_the_keyboard_reaches_everything(journey: Journey) -> None:
    page = journey.page("/imports/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    assert page.get_by_text("Choose a folder").is_visible()
    assert page.locator("#folder").evaluate("one => one.webkitdirectory")
    page.close()


def without_script_the_table_can_still_be_asked(journey: Journey, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB", storage_state=journey.context.storage_state())
    page = context.new_page()
    page.goto(f"{journey.server.address}/")
    page.get_by_label("Verdict", exact=True).select_option("balanced")
    page.get_by_role("button", name="Show").click()
    assert "verdict=balanced" in page.url
    assert page.get_by_text(re.compile(r"1 to \d+ of \d+")).is_visible()
    context.close()


def rows_are_tagged_with_the_keyboard_and_without_script(journey: Journey, browser: Browser) -> None:
    """Tick two rows, write a tag, press the button; the list can be kept and is shown first."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB", storage_state=journey.context.storage_state())
    page = context.new_page()
    page.goto(f"{journey.server.address}/?who=all&sort=name")
    for name in ("Koster", "Visser"):
        box = page.get_by_role("checkbox", name=re.compile(f"Choose .*{name}"))
        box.focus()
        page.keyboard.press("Space")
        assert box.is_checked()
    page.locator("#do-tag").focus()
    page.keyboard.type("key account")
    page.keyboard.press("Enter")  # the first button of the form adds the tag
    page.get_by_text("Done for 2 relations.").wait_for()
    assert page.locator(".kept .tag").count() == 2
    page.locator(".tools summary").click()
    page.get_by_label("Tag", exact=True).first.select_option(label="key account")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("1 to 2 of 2").wait_for()
    page.locator(".keep summary").click()
    page.get_by_label("Name of the list").fill("Key accounts")
    page.get_by_label("Show it first").check()
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_text("The list is kept.").wait_for()
    page.goto(journey.server.address)
    page.get_by_text("1 to 2 of 2").wait_for()
    context.close()


def a_filter_changes_the_list_at_once(journey: Journey) -> None:
    page = journey.page("/?who=all")
    page.locator("#turn").select_option("us")
    page.wait_for_url("**turn=us**")
    assert page.locator(".list .turn").count() == page.locator(".list tbody tr").count() > 0
    assert axe(page) == []
    page.close()


def test_the_whole_way_and_every_page_after_it(journey: Journey, browser: Browser) -> None:
    """One test, because starting and reading take longest: the journey itself is in the fixture."""
    the_other_chair_is_the_mirror(journey)
    for address in PAGES:
        a_page_can_be_read_by_everybody(journey, address)
    a_folder_can_be_dropped_and_the_keyboard_reaches_everything(journey)
    without_script_the_table_can_still_be_asked(journey, browser)
    a_filter_changes_the_list_at_once(journey)
    rows_are_tagged_with_the_keyboard_and_without_script(journey, browser)
