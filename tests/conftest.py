"""What every test may ask for, and two house rules: warnings are errors (pyproject), skipping is failing in CI."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Generator

REPOSITORY = Path(__file__).resolve().parent.parent

settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("wide", settings.get_profile("ci"), max_examples=5_000, derandomize=False)
settings.register_profile("quick", settings.get_profile("ci"), max_examples=10)
settings.load_profile("ci")  # `--hypothesis-profile=wide` searches further, with new examples every time


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path | None:
    """The folder of other people's real files beside the repository; None where it is not there.

    A test over it returns early when it is None: that is no skip, the project's own samples say the same in small.
    """
    folder = REPOSITORY.parent / "shared"
    return folder if (folder / "fixtures").is_dir() else None


@pytest.fixture(scope="session")
def examples() -> Path:
    """The example files of a small supplier."""
    return REPOSITORY / "examples"


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1", "yes"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that is skipped has failed: what is never run cannot be relied on. An expected failure is none."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and in_ci():
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which fails in CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that is skipped when it is collected."""
    report = yield
    if report.skipped and in_ci():
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, which fails in CI: {report.longrepr}"
    return report
