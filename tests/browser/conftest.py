"""A browser that sees only the page: no network, and any word on its console fails the test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")
DESK, PHONE = 1280, 390


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, without a window."""
    path = next((found for found in map(shutil.which, NAMES) if found), None)
    if path is None:
        pytest.skip("there is no Chromium on this machine: `make browser` installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a report from its file. What is asked of elsewhere and what the console says fails the test."""
    pages: list[Page] = []
    said: list[str] = []

    def open_page(text: str, *, width: int = DESK, dark: bool = False, forced: bool = False) -> Page:
        target = tmp_path / f"report-{len(pages)}.html"
        target.write_text(text, encoding="utf-8")
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light",
            forced_colors="active" if forced else "none", reduced_motion="reduce",
        )
        page.on("console", lambda message: said.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("request", lambda asked: None if asked.url.startswith((target.as_uri(), "data:")) else said.append(asked.url))
        page.goto(target.as_uri())
        pages.append(page)
        return page

    yield open_page
    for number, page in enumerate(pages):
        if getattr(request.node, "failed", False):
            page.screenshot(path=tmp_path / f"failed-{number}.png", full_page=True)
        page.close()
    assert said == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remembers a failure, so that a picture of the page is kept."""
    report = yield
    if report.when == "call" and report.failed:  # type: ignore[attr-defined]
        item.failed = True  # type: ignore[attr-defined]
    return report
