from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from evenwicht.importers import table
from evenwicht.importers.source import Head, Reading, Source
from evenwicht.importers.tables import workbook

ROWS: list[list[object]] = [["time", "from", "to", "answers", "amount"], [datetime(2026, 1, 2, 8), "a.nl", "b.nl", "x", 5]]  # noqa: DTZ001


def made(tmp_path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "table.xlsx")
    return tmp_path / "table.xlsx"


def read(path: Path, layout: str | None = None) -> Reading:
    return table.read(Source(path, path.name, datetime(2026, 11, 24, tzinfo=UTC), layout=layout))


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_every_sheet_with_known_heads_is_read(tmp_path: Path) -> None:
    path = made(tmp_path, Notes=[["Hello"]], First=ROWS, Second=[[], *ROWS])
    found = read(path)
    assert table.identify(Head.of(path))
    assert [(one.evidence, one.amount) for one in found.events] == [(("table.xlsx#First!2",), 5), (("table.xlsx#Second!3",), 5)]
    assert len({one.id for one in found.events}) == 1, "the same row in two sheets is the same fact"


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    path = made(tmp_path, First=ROWS).rename(tmp_path / "export.csv")
    assert table.identify(Head.of(path))
    assert len(read(path).events) == 1


def test_a_layout_may_name_the_sheet(tmp_path: Path) -> None:
    path = made(tmp_path, First=ROWS, Second=ROWS)
    (tmp_path / "own.toml").write_text('extends = "interaction_log"\nsheet = "second"\n', encoding="utf-8")
    assert [one.evidence for one in read(path, str(tmp_path / "own.toml")).events] == [("table.xlsx#Second!2",)]


def test_a_workbook_without_known_heads_lists_them(tmp_path: Path) -> None:
    found = read(made(tmp_path, Only=[["Naam", "Plaats"], ["Jan", "Ede"]]))
    assert "Its columns are: Naam, Plaats." in str(found.problems[0].what_phrase)


def test_cells_of_every_sort(tmp_path: Path) -> None:
    path = made(tmp_path, Only=[["a"], [None, True, False, 1.5, 2, "x", date(2026, 1, 2), time(8, 30), timedelta(hours=2), None]])
    sheet = workbook.sheets(path, Reading())[0]
    assert sheet.lines[1] == ["", "TRUE", "FALSE", 1.5, 2, "x", datetime(2026, 1, 2), "08:30:00", "2:00:00"]  # noqa: DTZ001


def test_a_number_under_a_date_is_no_day_unless_the_layout_says_so(tmp_path: Path) -> None:
    path = made(tmp_path, Only=[ROWS[0], [46024, "a.nl", "b.nl", "x", 5], [0, 0, 0, 0, 0]])
    assert "46024 under time is no date" in str(read(path).problems[0].what_phrase)
    (tmp_path / "own.toml").write_text('extends = "interaction_log"\n[columns.time]\nepoch = false\nserial = true\n', encoding="utf-8")
    assert read(path, str(tmp_path / "own.toml")).events[0].at == datetime(2026, 1, 2, tzinfo=UTC)


def test_a_formula_is_its_last_value_and_never_run(tmp_path: Path) -> None:
    found = read(made(tmp_path, Only=[ROWS[0], [ROWS[1][0], "a.nl", '=HYPERLINK("http://evil.example")', "x", 5]]))
    assert not found.events
    assert "The cell under to is empty" in str(found.problems[0].what_phrase)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path, Only=ROWS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/blank.bin", b"\0" * 5_000_000)
    assert "unpacks to more" in str(read(path).problems[0].what_phrase)


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path, Only=ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(1_001):
            archive.writestr(f"x/{number}", b"")
    assert "unpacks to more" in str(read(path).problems[0].what_phrase)


def test_entities_are_refused(tmp_path: Path) -> None:
    path = rewritten(made(tmp_path, Only=ROWS), "xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
    assert not read(path).events
    assert "declares entities" in str(read(path).problems[0].what_phrase)


@pytest.mark.parametrize(("part", "old", "new"), [
    ("xl/worksheets/sheet1.xml", b"</row>", b"</rov>"), ("xl/workbook.xml", b"<sheets>", b"<sheetz>"),
    ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="!!"'), ("xl/workbook.xml", b"rId1", b"rId9"),
    ("xl/worksheets/sheet1.xml", b't="n"', b't="s"'),
])
def test_a_damaged_workbook_is_a_problem(tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
    path = rewritten(made(tmp_path, Only=ROWS), part, old, new)
    found = read(path)
    assert found.events or found.problems


def test_half_a_workbook_is_a_problem(tmp_path: Path) -> None:
    path = made(tmp_path, Only=ROWS)
    for share in (0.3, 0.6, 0.95):
        half = tmp_path / "half.xlsx"
        half.write_bytes(path.read_bytes()[:int(path.stat().st_size * share)])
        found = read(half)
        assert not found.events
        assert found.problems


def test_a_cell_at_the_far_end_does_not_fill_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_CELLS", 50_000)
    far: list[list[object]] = [["x"] for _ in range(5)]
    path = made(tmp_path, Only=[*ROWS, *far])
    rewritten(path, "xl/worksheets/sheet1.xml", b'r="A3"', b'r="XFD3"')
    rewritten(path, "xl/worksheets/sheet1.xml", b'r="A4"', b'r="XFD4"')
    rewritten(path, "xl/worksheets/sheet1.xml", b'r="A5"', b'r="XFD5"')
    rewritten(path, "xl/worksheets/sheet1.xml", b'r="A6"', b'r="XFD6"')
    found = read(path)
    assert any("far outside its table" in str(problem.what_phrase) for problem in found.problems)
    assert len(found.events) == 1


def test_wrong_dimensions_do_not_matter(tmp_path: Path) -> None:
    path = rewritten(made(tmp_path, Only=ROWS), "xl/worksheets/sheet1.xml", b'ref="A1:E2"', b'ref="A1:XFD1048576"')
    assert len(read(path).events) == 1
    path = rewritten(made(tmp_path, Only=ROWS), "xl/worksheets/sheet1.xml", b'ref="A1:E2"', b'ref="A1:A1"')
    assert len(read(path).events) == 1


def test_another_office_file_is_not_claimed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "text.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert not table.identify(Head.of(tmp_path / "text.docx"))


def test_a_workbook_is_known_when_its_sheets_come_late(tmp_path: Path) -> None:
    path = made(tmp_path, Only=ROWS)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", parts.pop("[Content_Types].xml"))
        archive.writestr("a/big.bin", bytes(range(256)) * 400)
        for name, content in parts.items():
            archive.writestr(name, content)
    assert table.identify(Head.of(path))
