"""`evenwicht simulate --files` writes what `evenwicht read` is told to read, and says how."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import evenwicht.cli as cli
from evenwicht.engines.workers.limits import Limits
from evenwicht.ledger import table

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str]:
    monkeypatch.setenv("EVENWICHT_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.setattr(sys, "argv", ["evenwicht", *words])
    monkeypatch.setattr(Limits, "workers_for", lambda *_: 0)
    code = cli._run()
    return code, " ".join(capsys.readouterr().err.split())


def test_the_command_that_is_told_reads_the_same_ledger(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    drawn = tmp_path / "drawn"
    code, said = run(monkeypatch, capsys, tmp_path, "simulate", "--relations", "2", "--weeks", "8", "--seed", "3", "--files", "-o", str(drawn))
    assert code == 0
    command = said.rpartition("“evenwicht ")[2].partition("”")[0]
    assert command == f"read {drawn}/files --me {drawn}/me.toml -o {drawn}/read.parquet"
    code, said = run(monkeypatch, capsys, tmp_path, *shlex.split(command))
    assert code == 0
    assert "warning" not in said
    assert "error" not in said
    one, two = table.read(drawn / "ledger.parquet")[0], table.read(drawn / "read.parquet")[0]
    assert len(one) == len(two)
    assert one.us == two.us
    assert one.parties.keys() == two.parties.keys()


def test_without_the_option_there_are_no_files(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(monkeypatch, capsys, tmp_path, "simulate", "--relations", "1", "--weeks", "4", "-o", str(tmp_path / "drawn"))[0] == 0
    assert sorted(one.name for one in (tmp_path / "drawn").iterdir()) == ["around.parquet", "ledger.parquet", "truth.parquet"]


def test_files_that_are_there_are_not_mixed_with(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "drawn" / "files").mkdir(parents=True)
    (tmp_path / "drawn" / "files" / "old.mbox").write_text("old")
    code, said = run(monkeypatch, capsys, tmp_path, "simulate", "--relations", "1", "--weeks", "4", "--files", "-o", str(tmp_path / "drawn"))
    assert code == 2
    assert "is not empty" in said
    assert [one.name for one in (tmp_path / "drawn").iterdir()] == ["files"]


def test_what_fits_in_no_file_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.setattr("evenwicht.importers.table.write", lambda events, _path: list(events))
    code, said = run(monkeypatch, capsys, tmp_path, "simulate", "--relations", "2", "--weeks", "8", "--files", "-o", str(tmp_path / "drawn"))
    assert code == 0
    assert "events of kind promise fit in none of these files." in said
