"""The commands, the demonstration, and many rows at once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from tests.web.application import Cast

from evenwicht.cli import serving
from evenwicht.errors import WrongCall
from evenwicht.web import bulk, demonstration, start
from evenwicht.web.books import shelves
from evenwicht.web.books.rows import Book, Import, Month


def test_the_examples_are_brought_once_and_the_links_sign_in(cast: Cast, later: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    ledger = shelves.ledger(cast.organisation.pk, cast.imports["owner"].pk)
    cast.organisation.__class__.objects.all().delete()
    cast.seats["owner"].person.__class__.objects.all().delete()
    for _ in range(2):
        demonstration.main(ledger)
    lines = dict(line.split("\t") for line in capsys.readouterr().out.splitlines()[-2:])
    assert set(lines) == {"owner", "reader"}
    assert Import.objects.filter(ticket=demonstration.TICKET).count() == 1
    assert Book.objects.get().snapshot is not None
    for link in lines.values():
        client = Client()
        assert client.get("/" + link.split("/", 3)[3]).status_code == 302
        assert "3 relations" in client.get("/").content.decode()


def test_a_port_that_is_taken_is_told_before_anything_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(WrongCall, match="cannot be listened on"):
            start.free()


def test_without_the_extra_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise ModuleNotFoundError("No module named 'granian'", name="granian")

    monkeypatch.setattr(serving, "import_module", missing)
    with pytest.raises(WrongCall, match=r"Install evenwicht\[web\]"):
        serving.web()

    def own_mistake(_: str) -> None:
        raise ModuleNotFoundError("No module named 'evenwicht.typo'", name="evenwicht.typo")

    monkeypatch.setattr(serving, "import_module", own_mistake)
    with pytest.raises(ModuleNotFoundError):
        serving.web()


class Started:
    """Stands in for what starts things."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def __getattr__(self, name: str) -> object:
        answers = {"first_link": "http://127.0.0.1/first", "base": "http://127.0.0.1:8000", "listening": ("127.0.0.1", 8000), "sign_in_link": "http://x"}
        return lambda *given, **more: self.said.append((name, given, more)) or answers.get(name)


def test_serve_says_where_it_is_and_how_to_begin(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    started = Started()
    monkeypatch.setattr(serving, "web", lambda: started)
    monkeypatch.setenv("HOST", "")
    monkeypatch.setenv("PORT", "")
    serving.serve(host="127.0.0.2", port=8765, workers=3, no_worker=True, link="anna@berk.example")
    assert (os.environ["HOST"], os.environ["PORT"]) == ("127.0.0.2", "8765")
    told = capsys.readouterr()
    assert told.out.split() == ["http://x", "http://127.0.0.1/first"]
    assert "until Ctrl-C" in told.err
    assert ("serve", (), {"host": "127.0.0.1", "port": 8000, "workers": 3, "with_worker": False}) in started.said
    serving.worker()
    assert started.said[-2][0] == "prepare"  # type: ignore[index]
    assert started.said[-1][0] == "work"  # type: ignore[index]


def test_a_worker_does_what_waits(tmp_path: Path) -> None:
    """As a process of its own, in a home of its own."""
    code = ("from evenwicht.web import start; start.prepare(); from evenwicht.web.books import tasks; tasks.build.enqueue(404); "
            "start.work(('--batch',)); from django_tasks_db.models import DBTaskResult; print(DBTaskResult.objects.get().status)")
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "EVENWICHT_TEST_DATABASE"}},
             "EVENWICHT_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")})
    assert ran.stdout.strip() == "FAILED", ran.stderr  # there is no such book, and the worker goes on
    assert (tmp_path / "evenwicht.sqlite3").stat().st_mode & 0o077 == 0


def test_many_rows_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    columns = ("book_id", "a", "b", "month", "verdict", "toward", "certainty", "lived")
    bulk.write(Month, columns, ((cast.organisation.pk, f"a{number}", "b\t\\N", "2020-01-31", "balanced", "", None, False) for number in range(10)))
    bulk.write(Month, columns, ())
    kept = Month.objects.filter(month="2020-01-31")
    assert kept.count() == 10
    assert {row.b for row in kept} == {"b\t\\N"}
    assert {row.certainty for row in kept} == {None}
