"""Two people in two browsers at one table: invited, the facts first, one verdict for both, and both sides in the same size."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser import served
from tests.browser.test_web_journey import RULES, heard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "berk"
WIDTHS = (1280, 390)
SIDES = """() => [...document.querySelectorAll('#voices .both > div')].map(side => {
    const box = side.getBoundingClientRect(); return [box.left, box.right, box.width, getComputedStyle(side.querySelector('h3')).fontSize] })"""


@pytest.fixture
def berk(tmp_path: Path) -> Iterator[tuple[served.Served, str]]:
    """The examples, served: the server and the link of their owner."""
    server = served.serve(tmp_path)
    known = os.environ | {"EVENWICHT_HOME": str(tmp_path / "home"), "PYTHONPATH": str(served.SOURCE), "EVENWICHT_URL": server.address}
    known.pop("DATABASE_URL", None)
    ledger = tmp_path / "berk.parquet"
    try:
        subprocess.run([sys.executable, "-m", "evenwicht.cli", "read", str(EXAMPLES), "--us", "berk.example", "-o", str(ledger)], env=known,
                       check=True, capture_output=True)
        told = subprocess.run([sys.executable, "-m", "evenwicht.web.demonstration", str(ledger)], env=known, check=True, capture_output=True, text=True)
        links = dict(line.split("\t") for line in told.stdout.splitlines())
        yield server, links["owner"]
    finally:
        server.stop()


def settled(page: Page, address: str, sign: str) -> None:
    """Wait until the page says something."""
    for _ in range(60):
        page.goto(address)
        if page.get_by_text(sign).count():
            return
        page.wait_for_timeout(1_000)
    pytest.fail(f"{address} never said {sign!r}: {page.inner_text('main')[:400]}")


def test_two_people_look_at_one_page(browser: Browser, berk: tuple[served.Served, str]) -> None:
    server, link = berk
    contexts = [browser.new_context(viewport={"width": 1280, "height": 900}, locale=locale) for locale in ("en-GB", "nl-NL")]
    said = [heard(context, server.address) for context in contexts]
    host, guest = (context.new_page() for context in contexts)
    try:
        host.goto(link)
        host.wait_for_url(f"{server.address}/**")
        host.goto(f"{server.address}/together/?lang=en")
        host.get_by_label("With whom").select_option("visser.example")
        host.get_by_label("Accepted, for this organisation").check()
        host.get_by_role("button", name="Make the link").click()
        invitation = re.search(r"http\S+/together/invitation/\S+/", host.inner_text("main"))
        assert invitation is not None
        host.get_by_role("link", name="To the page", exact=True).click()
        table = host.url.partition("?")[0]

        guest.goto(f"{invitation[0]}?lang=nl")
        assert not Axe().run(guest, options=RULES).response["violations"]
        guest.get_by_label("Haar domeinen").fill("visser.example")
        guest.get_by_label("Mailadres", exact=True).fill("eva@visser.example")
        guest.get_by_label("Aanvaard, namens deze organisatie").check()
        guest.get_by_role("button", name="Aanschuiven").click()
        guest.wait_for_url(f"{server.address}/**")
        settled(guest, f"{table}?lang=nl", "nog zonder oordeel")
        settled(host, f"{table}?lang=en", "without a verdict yet")
        assert not host.locator(".relation .mast").count()
        guest.get_by_role("button", name="Bekeken; het oordeel openen voor beide").click()
        settled(guest, f"{table}?lang=nl", "Beide stemmen")
        guest.get_by_label("Wat er te zeggen is").fill("Het klopt, op de ritten na.")
        guest.get_by_role("button", name="Zeggen, voor beide te lezen").click()
        host.goto(f"{table}?lang=en")
        assert "Het klopt, op de ritten na." in host.inner_text("#voices")
        for page in (host, guest):
            assert page.locator("article.relation").count() == 1
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                (left, end, wide, size), (start, right, as_wide, as_large) = page.evaluate(SIDES)
                assert abs(wide - as_wide) <= 1
                assert size == as_large
                assert end <= start + 1
                assert abs(left - (width - right)) <= 1, "the two sides mirror about the middle of the page"
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert not Axe().run(page, options=RULES).response["violations"]
    finally:
        for context in contexts:
            context.close()
    assert said == [[], []]
