"""Reading files into a ledger gives one result, whoever reads them and in whatever order they are ready."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evenwicht.engines import reading
from evenwicht.engines.reading import Report, Settings, newest_year, read, size_of
from evenwicht.engines.walking import Walk
from evenwicht.engines.workers import pool
from evenwicht.engines.workers.limits import Limits
from evenwicht.errors import FileMissing, NothingRead, WrongCall
from evenwicht.ledger.persons import Pseudonyms
from evenwicht.ledger.problems import Problem

KEY = Pseudonyms(b"a key for tests")


def settings(workers: int | None = None, **more: object) -> Settings:
    return Settings(us=("berk.example",), pseudonym=KEY, limits=Limits(workers=workers), **more)  # type: ignore[arg-type]


def letter(number: int, day: int = 6) -> str:
    return (f"From: Anna <anna@berk.example>\nTo: c@acme.example\nDate: Mon, {day:02} Jan 2025 09:00:00 +0000\n"
            f"Message-ID: <{number}@berk.example>\nSubject: s\n\nDag, hier is brief {number}.\n")


def letters(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number:03}.eml").write_text(letter(number), "utf-8")
    return folder


def everything(report: Report) -> tuple[object, ...]:
    ledger = report.ledger
    return (ledger.events.to_dicts(), ledger.parties, ledger.us, ledger.coverage, ledger.mentions, [p.as_dict() for p in report.problems],
            report.files, report.counted, report.internal)


def test_the_number_of_workers_changes_nothing(examples: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.xml").write_text("<odd/>", "utf-8")
    (tmp_path / "empty.csv").touch()
    firm = examples / "berk"
    paths = [tmp_path / "odd.xml", firm / "agenda", firm / "bank", firm / "tables", tmp_path / "empty.csv", letters(tmp_path / "mail", 5)]
    here = read(paths, settings(0))
    assert len(here.problems) >= 2
    assert here.ledger.coverage
    for workers in (1, 2):
        assert everything(read(paths, settings(workers))) == everything(here)


def test_the_order_in_which_files_are_ready_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = letters(tmp_path / "mail", 9)
    (folder / "004.txt").write_text("nothing", "utf-8")
    (folder / "002.txt").write_text("nothing", "utf-8")
    once = everything(read([folder], settings(2)))
    monkeypatch.setattr(pool, "batches", lambda tasks, _workers, _most: [[task] for task in reversed(tasks)])
    assert everything(read([folder], settings(2))) == once


def test_a_pseudonym_that_cannot_go_elsewhere_is_used_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    report = read([letters(tmp_path / "mail", 2)], Settings(us=("berk.example",), pseudonym=lambda address: address[:1] or None))
    assert report.ledger.events["person"].to_list() == ["a"] * report.ledger.events.height


def test_where_no_process_can_be_started_the_files_are_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = letters(tmp_path / "mail", 3)
    usual = read([folder], settings())
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    report = read([folder], settings())
    assert report.ledger.events.equals(usual.ledger.events)
    (problem,) = report.problems
    assert problem.severity == "warning"
    assert str(problem.what_phrase) == (
        "No separate processes could be started to read the files in (No such file or directory); they were read without limits on time "
        "and memory.")


@pytest.mark.parametrize("workers", [0, 1])
def test_progress_adds_up_to_the_bytes_of_every_file(workers: int, tmp_path: Path) -> None:
    folder = letters(tmp_path / "mail", 4)
    (folder / "odd.bin").write_bytes(b"\x00\x01" * 50)
    told: Counter[str] = Counter()
    read([folder], settings(workers), advance=lambda label, count: told.update({label: count}))
    assert told == {f"mail/{path.name}": path.stat().st_size for path in folder.iterdir()}
    assert told.total() == size_of([folder])


def test_a_file_that_takes_too_much_memory_here_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(task: object, *_rest: object) -> object:
        if "001" in str(task):
            raise MemoryError
        return first(task, *_rest)  # type: ignore[arg-type]

    first = reading.read_file
    monkeypatch.setattr(reading, "read_file", greedy)
    report = read([letters(tmp_path / "mail", 3)], settings(0))
    (problem,) = report.problems
    assert (problem.file, str(problem.what_phrase)) == ("mail/001.eml", "Reading this file needed more than 1024 MiB of memory; nothing of it was read.")
    assert report.files == {"mail": 2}


def test_an_archive_is_read_as_the_folder_in_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"inbox/{number}.eml", letter(number))
        archive.writestr("notes.bin", b"\x00\x01\x02")
    report = read([tmp_path / "export.zip"], settings())
    assert {entry for cell in report.ledger.events["evidence"] for entry in cell} == {f"export.zip/inbox/{number}.eml#1" for number in range(3)}
    assert [problem.file for problem in report.problems] == ["export.zip/notes.bin"]
    inside = tmp_path / "folder"
    inside.mkdir()
    (tmp_path / "export.zip").rename(inside / "export.zip")
    again = read([inside], settings())
    assert again.ledger.events["id"].to_list() == report.ledger.events["id"].to_list()
    assert again.problems[0].file == "folder/export.zip/notes.bin"


class Locked:
    """Archives that cannot be opened, or that have something wrong with them."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def opened(self, path: Path, label: str) -> tuple[Path, list[Problem]] | None:
        if self.folder is None:
            raise PermissionError(13, "Permission denied")
        if path.suffix != ".zip":
            return None
        return self.folder, [Problem(label, "", "Half of it.", "Again.")]


def test_what_is_wrong_with_an_archive_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    walk = Walk(Locked(letters(tmp_path / "unpacked", 1)))
    assert [(found.label, found.root) for found in walk.through([tmp_path / "a.zip"])] == [("a.zip/000.eml", "a.zip")]
    assert [problem.what for problem in walk.problems] == ["Half of it."]


def test_an_archive_that_cannot_be_opened_is_left_to_who_reads_it(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    assert [found.label for found in Walk(Locked(None)).through([tmp_path / "a.zip"])] == ["a.zip"]


def test_a_folder_that_cannot_be_opened_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letters(tmp_path / "mail" / "open", 2)
    letters(tmp_path / "mail" / "shut", 2)
    listed = Path.iterdir

    def iterdir(self: Path) -> object:
        if self.name == "shut":
            raise PermissionError(13, "Permission denied")
        return listed(self)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    report = read([tmp_path / "mail"], settings(0))
    assert [(problem.file, str(problem.what_phrase)) for problem in report.problems] == [
        ("mail/shut", "The folder cannot be opened: Permission denied.")]
    assert report.files == {"mail": 2}


def test_links_and_hidden_files_in_a_folder_are_not_read(tmp_path: Path) -> None:
    folder = letters(tmp_path / "mail", 2)
    (folder / ".hidden.eml").write_text(letter(7), "utf-8")
    (folder / "link.eml").symlink_to(folder / "000.eml")
    (folder / "loop").symlink_to(folder)
    assert [found.path.name for found in Walk().through([folder])] == ["000.eml", "001.eml"]


def test_a_maildir_is_one_thing_to_read_and_as_large_as_what_is_in_it(tmp_path: Path) -> None:
    box = tmp_path / "box"
    for room in ("cur", "new", "tmp"):
        (box / room).mkdir(parents=True)
    (box / "cur" / "1:2,S").write_text(letter(1), "utf-8")
    (box / "cur" / "link").symlink_to(box / "cur" / "1:2,S")
    (found,) = Walk().through([tmp_path])
    assert (found.label, found.root, found.size) == (f"{tmp_path.name}/box", f"{tmp_path.name}/box", len(letter(1)))


def test_what_is_neither_a_file_nor_a_folder_is_a_wrong_call(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WrongCall, match="neither a file nor a folder"):
        read([tmp_path / "pipe"], settings())


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="does not exist"):
        read([tmp_path / "nothing.mbox"], settings())
    with pytest.raises(WrongCall, match="Nothing to read"):
        read([], settings())
    assert size_of([tmp_path / "nothing.mbox"]) == 0


def test_an_empty_folder_gives_nothing_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(NothingRead, match="0 files held no event"):
        read([tmp_path], settings())


def test_the_newest_year_of_a_mailbox(tmp_path: Path) -> None:
    now = datetime(2025, 12, 1, tzinfo=UTC)
    assert newest_year([letters(tmp_path / "mail", 1)], now) is None
    (tmp_path / "a.mbox").write_text("".join(f"From x Mon Jan 06 09:00:00 2025\n{letter(n, n)}\n" for n in (6, 9)), "utf-8")
    assert newest_year([tmp_path], now) == datetime(2024, 1, 10, 9, tzinfo=UTC)


def test_a_reading_in_two_parts_is_one_reading(tmp_path: Path) -> None:
    (tmp_path / "a.mbox").write_text("".join(f"From x Mon Jan 06 09:00:00 2025\n{letter(n, n)}\n" for n in (6, 7, 8, 9)), "utf-8")
    half = datetime(2025, 1, 8, tzinfo=UTC)
    first = read([tmp_path / "a.mbox"], settings(), since=half)
    both = read([tmp_path / "a.mbox"], settings(), into=first.ledger, before=half)
    assert first.ledger.events.height < both.ledger.events.height
    assert both.ledger.events.equals(read([tmp_path / "a.mbox"], settings(0)).ledger.events)
