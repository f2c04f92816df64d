"""Every test has the application, the cast, and a database that is as it was afterwards."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.web import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

application.ready()


@pytest.fixture(scope="session")
def made_cast() -> Iterator[application.Cast]:
    """The cast, made once and taken away at the end."""
    from django.core.management import call_command

    made = application.Cast()
    yield made
    call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Path:
    """What reads EVENWICHT_HOME finds the home of the tests."""
    place = application.ready()
    monkeypatch.setenv("EVENWICHT_HOME", str(place))
    return place


@pytest.fixture
def cast(made_cast: application.Cast, home: Path) -> Iterator[application.Cast]:
    """The cast; what a test changes in the database or among the files is gone after it."""
    from django.core import mail
    from django.core.cache import cache
    from django.db import transaction

    mail.outbox = []
    cache.clear()
    books, uploads, aside = home / "books", home / "uploads", home / "aside"
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(books, aside)
    with transaction.atomic():
        yield made_cast
        transaction.set_rollback(True)
    shutil.rmtree(books)
    aside.rename(books)
    shutil.rmtree(uploads, ignore_errors=True)
    (uploads / "arriving").mkdir(parents=True)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """What was put in the queue: a name and arguments each. Nothing is done with it but by the test."""
    from django_tasks.base import Task

    waiting: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(Task, "enqueue", lambda self, *args, **_: waiting.append((self.name, args)))
    return waiting
