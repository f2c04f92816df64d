"""The large files that speed is measured on are what they say: each is claimed by its importer alone, and read to the end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks import big_files

from evenwicht import registry
from evenwicht.importers.source import Head, Source

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize("name", big_files.NAMES)
def test_a_big_file_is_read_by_its_importer(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(big_files, "BYTES", 30_000)
    importers = registry.members("evenwicht.importers")
    paths = big_files.written(tmp_path, name, None)
    found = []
    for path in paths:
        assert [called for called, module in importers.items() if module.identify(Head.of(path))] == [name]
        reading = importers[name].read(Source(path=path, label=path.name, now=NOW))
        assert [str(problem.what_phrase) for problem in reading.problems if problem.severity == "error"] == []
        found += reading.events
        assert big_files.bare(name, path.read_bytes()) is not None
    assert found
    keys = {(event.id, event.kind, event.giver, event.receiver) for event in found}
    assert len(keys) == len(found)
