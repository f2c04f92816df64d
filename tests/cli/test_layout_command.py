"""`evenwicht layout`: what it shows, asks and writes, with a terminal and without."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

import evenwicht.cli as cli
from evenwicht.cli import layouts
from evenwicht.cli.layout_shown import line_of
from evenwicht.cli.layouts import _amount_as, _quoted
from evenwicht.importers.tables.layout_file import from_file
from evenwicht.ledger.notation import parsed

SURE = "Klant;Factuurnummer;Factuurdatum;Vervaldatum;Bedrag;Notitie\nAcme;1;13-02-2026;15-03-2026;1.234,56;a\nBirch;2;14-02-2026;31-03-2026;7,50;b\n"
DOUBT = "van,naar,datum,bedrag\nbirch.nl,acme.com,03/04/2026,1.234\nbirch.nl,acme.com,05/06/2026,5\nbirch.nl,acme.com,07/07/2026,6\n"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    monkeypatch.setenv("EVENWICHT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*words: object, keys: list[str] | None = None) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["evenwicht", *map(str, words)])
        if keys is not None:
            left = iter(keys)
            monkeypatch.setattr(layouts, "is_terminal", lambda: True)
            monkeypatch.setattr(layouts, "answered", lambda: next(left))
        code = cli._run()
        if keys is not None:
            assert list(left) == [], "every answer was asked for"
        said = capsys.readouterr()
        assert said.out == ""
        return code, said.err

    return run


@pytest.fixture
def table(tmp_path: Path):
    def write(text: str, name: str = "items.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_sure_table_is_shown_and_written_and_read_with_the_call_it_names(call, table, tmp_path: Path) -> None:
    table(SURE)
    code, err = call("layout", "items.csv", "--yes")
    assert code == 0
    assert "what customers owe us" in err
    assert "2026-02-13T00:00Z @us -> name:acme invoice 1234.56" in err
    assert "Of 2 rows 2 become events: 2 invoice." in err
    assert "Columns that are not used: Notitie." in err
    assert "evenwicht read items.csv --layout items -o ledger.parquet" in err
    layout = from_file(tmp_path / "home" / "layouts" / "items.toml")
    assert (layout.columns["due"].date.order, layout.columns["amount"].decimal) == ("day", "comma")
    assert call("read", "items.csv", "--layout", "items", "--us", "berk.example", "-o", "l.parquet")[0] == 0


def test_without_a_terminal_nothing_is_accepted_for_anybody(call, table, tmp_path: Path) -> None:
    table(SURE)
    code, err = call("layout", "items.csv")
    assert (code, err.strip().splitlines()[-1].startswith("Nothing was written")) == (2, True)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("options", "sentence"), [
    ([], 'Say which with --date "datum=DMY" or --date "datum=MDY".'),
    (["--date", "datum=MDY"], 'Say which with --decimal "bedrag=," or --decimal "bedrag=.".'),
    (["--date", "datum=ISO"], "Days under datum, such as 03/04/2026, do not begin with the year. Say DMY or MDY."),
    (["--date", "datum=YMD"], "YMD is no order of day, month and year. Choose one of: DMY, MDY, ISO."),
    (["--date", "datum"], "--date datum cannot be read. Write it as COLUMN=DMY."),
    (["--decimal", "bedrag=;"], "; is no decimal mark. Choose , or ."),
    (["--set", "due=later"], "There is no column later. Columns are: van, naar, datum, bedrag."),
    (["--kind", "bills"], "bills is no kind of table. Choose one of: log"),
    (["--kind", "receivable"], "No column was found for customer / customer_name"),
    (["-o", "."], ". is a folder. Name the layout to write, as in -o ./mine.toml."),
])
def test_what_is_open_is_one_sentence_that_names_the_option(call, table, options: list[str], sentence: str) -> None:
    table(DOUBT)
    code, err = call("layout", "items.csv", "--yes", *options)
    assert code == 2
    assert sentence in err.strip().splitlines()[-1]


@pytest.mark.parametrize(("text", "sentence"), [
    ("Relatie;Factuurnummer;Factuurdatum;Bedrag\nAcme;1;2026-01-01;5,50\n", "It is not sure what kind of table this is. Say it with --kind: receivable, payable"),
    ("Klant;Factuurnummer;Factuurdatum;Bedrag\nAcme;1;13/02/2026;5,50\nAcme;2;02/13/2026;5,50\nAcme;3;02/03/2026;5,50\n",
     "Some days under Factuurdatum can only be day first and others only month first."),
    ("Datum;Bedrag;Tegenrekening;Naam\n2026-01-01;5,50;NL91ABNA0417164300;Acme\n", "Say it with --set direction=in, direction=out, or direction=signed."),
    ("Leverancier;Factuurnummer;Factuurdatum;Bedrag\nA;1;2026-01-01;5\nA;2;2026-01-01;-5\n", "--set sign=normal or --set sign=turned"),
    ("id;vendor;promised date;delivered to client date;delivered to depot date\n1;Acme;2026-01-01;2026-01-02;2026-01-02\n",
     "More than one column can be delivered: delivered to client date, delivered to depot date."),
])
def test_every_open_question_has_its_sentence(call, table, text: str, sentence: str) -> None:
    table(text)
    code, err = call("layout", "items.csv", "--yes")
    assert code == 2
    assert sentence in err.strip().splitlines()[-1]


def test_the_dialogue_asks_until_it_is_answered_and_takes_corrections(call, table, tmp_path: Path) -> None:
    table(DOUBT)
    code, err = call("layout", "items.csv", keys=[
        "", "2", "9", "2", "what", "due=nowhere", "datum=DMY", "bedrag=,", "unit=hours", "amount=-", "kind=bills", "kind=log", ""])
    assert code == 0
    assert "  1  03/04/2026 is 3 April 2026 (day first)" in err.replace("\u00a0", " ")
    assert "  2  decimal point: 1.234 is 1 and a fraction" in err
    assert "Choose a number from 1 to 2, or q to stop." in err
    assert "what is not understood." in err
    assert "There is no column nowhere." in err
    assert "2026-04-03T00:00Z birch.nl -> acme.com message" in err
    assert from_file(tmp_path / "home" / "layouts" / "items.toml").columns["time"].date.order == "day"


@pytest.mark.parametrize("keys", [["q"], ["1", "q"], ["1", "1", "q"]])
def test_q_stops_and_writes_nothing(call, table, tmp_path: Path, keys: list[str]) -> None:
    table(DOUBT)
    code, err = call("layout", "items.csv", keys=keys)
    assert (code, err.strip().splitlines()[-1]) == (130, "Stopped. Nothing was written.")
    assert not (tmp_path / "home").exists()


def test_kinds_fields_and_signs_are_asked_in_their_turn(call, table, tmp_path: Path) -> None:
    table("Relatie;Nota;Factuurdatum;Bedrag\nAcme;1;13/02/2026;5\nAcme;2;02/13/2026;-5\nAcme;3;02/03/2026;-5\n")
    code, err = call("layout", "items.csv", "-o", "mine", keys=["2", "q"])
    assert code == 130
    code, err = call("layout", "items.csv", "--kind", "payable", "-o", "mine", keys=["", "nope", "2", "1", "1", ""])
    assert code == 0, err
    assert "No column was found for number. Which one is it?" in err
    assert "Which should be read? The others become problems." in err
    assert "Where do invoices stand?" in err
    assert from_file(tmp_path / "mine.toml").columns["number"].heads == ("nota",)
    assert f"--layout {'mine.toml'}" in err


def test_the_way_of_money_and_rivals_are_asked(call, table) -> None:
    table("Datum;Bedrag;Tegenrekening;Naam\n2026-01-01;5,50;NL91ABNA0417164300;Acme\n", "bank.csv")
    for number, sentence in ((1, "all amounts come in"), (2, "all amounts go out"), (3, "below zero under Bedrag goes out")):
        code, err = call("layout", "bank.csv", "-o", f"b{number}.toml", keys=[str(number), ""])
        assert (code, sentence in err) == (0, True)
    table("id;vendor;order date;promised date;delivered to client date;delivered to depot date\n1;Acme;2026-01-01;2026-01-01;2026-01-02;2026-01-02\n", "d.csv")
    code, err = call("layout", "d.csv", "-o", "d.toml", keys=["delivered=5", ""])
    assert (code, "Which one is it? Enter: none of them." in err) == (0, True)
    assert call("layout", "d.csv", "-o", "d2.toml", keys=["", ""])[0] == 0
    assert call("layout", "d.csv", "-o", "d3.toml", keys=["q"])[0] == 130


def test_a_side_that_is_always_us_can_be_said(call, table) -> None:
    table("time,from\n2026-01-01,acme.com\n2026-01-02,birch.nl\n")
    code, err = call("layout", "items.csv", "--kind", "log", keys=["@us", ""])
    assert code == 0
    assert "@us  it is always us" in err
    assert "acme.com -> @us message" in err


def test_a_layout_that_is_there_is_not_written_over_unasked(call, table, tmp_path: Path) -> None:
    table(SURE)
    assert call("layout", "items.csv", "--yes")[0] == 0
    code, err = call("layout", "items.csv", "--yes")
    assert (code, "is there already. Name another file with -o." in err) == (2, True)
    assert call("layout", "items.csv", keys=["", "n"])[0] == 130
    assert call("layout", "items.csv", keys=["", "y"])[0] == 0
    (tmp_path / "file").write_text("x")
    assert "cannot be written" in call("layout", "items.csv", "--yes", "-o", "file/x.toml")[1]


def test_what_is_no_table_is_said(call, table, tmp_path: Path) -> None:
    assert call("layout", "gone.csv")[0] == 2
    table("one\n1\n", "one.csv")
    assert call("layout", "one.csv")[0] == 1
    (tmp_path / "bad.xlsx").write_bytes(b"PK\3\4xl/workbook.xml")
    code, err = call("layout", "bad.xlsx")
    assert (code, "No table with heads was found in bad.xlsx: The workbook cannot be read" in err) == (1, True)


def test_a_table_that_cannot_be_opened_is_said(call, table, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    table(SURE)
    monkeypatch.setattr(layouts, "first_look", refused)
    assert call("layout", "items.csv") == (2, "items.csv cannot be opened: Permission denied.\n")


def test_a_workbook_names_its_sheet_and_problems_are_shown(call, repository: Path) -> None:
    book = Workbook()
    for name, rows in (("Notes", [["name", "note"], ["Jan", "x"]]), ("Sales", [row.split(";") for row in SURE.strip().splitlines()])):
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save("book.xlsx")
    code, err = call("layout", "book.xlsx", "--yes")
    assert (code, "book.xlsx, sheet Sales of 2" in err, "Of 2 rows 2 become events" in err) == (0, True, True)
    _, err = call("layout", repository / "tests/samples/table/debiteuren.csv", "--yes")
    assert "The row does not say who the debtor is" in " ".join(err.split())
    _, err = call("layout", repository / "tests/samples/table/ing.csv", "--yes")
    assert "the column Af Bij says whether money came in or went out" in err
    assert "--us iban:NL52INGB0006778899" in err


def test_an_unknown_table_names_the_command(call, table) -> None:
    table("Relatie;Nummer;Dag\nAcme;1;2026-01-01\n", "odd.csv")
    assert "Have one proposed with “evenwicht layout odd.csv”" in call("read", "odd.csv")[1]


@pytest.mark.parametrize("width", [80, 120])
def test_lines_fit_the_terminal(call, table, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    table(SURE)
    _, err = call("layout", "items.csv", "--yes")
    assert all(len(line) <= width for line in err.split("Written to")[0].splitlines())


def test_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("due=Datum \n"))
    assert not layouts.is_terminal()
    assert layouts.answered() == "due=Datum"
    with pytest.raises(BaseException) as raised:
        layouts.answered()
    assert type(raised.value).__name__ == "Abort"


def test_small_parts_of_what_is_said() -> None:
    assert str(_amount_as("€ 1.234", ",")) == "decimal comma: € 1.234 is the whole number 1234"
    assert _quoted("Bedrag=.") == '"Bedrag=."'
    assert _quoted('a"b=.') == "'a\"b=.'"
    long = parsed("2026-03-02T09:14Z birch.nl -> acme.com message 412 words <sha256:0123456789012345678901234567890123456789> evidence <a#1>")
    assert line_of(long) == "2026-03-02T09:14Z birch.nl -> acme.com message 412 words <sha256:0123456789…4567890123456789>"


@pytest.mark.parametrize(("options", "keys"), [(["--date", "*=DMY", "--yes"], None), ([], ["3", ""])])
def test_one_answer_may_hold_for_all_columns_that_are_open(call, table, options: list[str], keys: list[str] | None, tmp_path: Path) -> None:
    table("Klant;Factuurnummer;Factuurdatum;Vervaldatum;Bedrag\nAcme;1;03/04/2026;05/04/2026;1,50\n")
    assert call("layout", "items.csv", *options, keys=keys)[0] == 0
    columns = from_file(tmp_path / "home" / "layouts" / "items.toml").columns
    assert (columns["invoice_date"].date.order, columns["due"].date.order) == ("day", "day")
