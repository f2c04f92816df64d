from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.importers import table
from evenwicht.importers.source import Exclusions, Head, Reading, Source
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.notation import fields_written, parsed
from evenwicht.ledger.persons import Pseudonyms

SAMPLES = Path(__file__).parent.parent / "samples" / "table"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FILES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".ledger")


def source(path: Path, **given: Any) -> Source:
    return Source(path, path.name, given.pop("now", NOW), **given)


def read(tmp_path: Path, text: str | bytes, **given: Any) -> Reading:
    path = tmp_path / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return table.read(source(path, **given))


def said(reading: Reading) -> list[str]:
    assert all(str(problem.remedy_phrase).endswith(".") for problem in reading.problems)
    return [f"{problem.place} {problem.what_phrase}" for problem in reading.problems]


@pytest.mark.parametrize("name", FILES)
def test_a_sample_gives_its_ledger(name: str) -> None:
    found = table.read(source(SAMPLES / name))
    text = (SAMPLES / name).with_suffix(".ledger").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("#", "!"))]

    def key(event: Any) -> tuple[str, ...]:
        return event.id, event.kind, event.giver, event.receiver

    assert len(found.events) == len(lines)
    for line, got, wanted in zip(
        sorted(lines, key=lambda one: key(parsed(one))), sorted(found.events, key=key), sorted(map(parsed, lines), key=key),
        strict=True,
    ):
        assert key(got) == key(wanted)
        names = ["at", "amount", "unit", "answers", "due", "shared"]
        names += [long for short, long in (("thread", "thread"), ("ref", "references"), ("evidence", "evidence"))
                  if short in fields_written(line)]
        assert {one: getattr(got, one) for one in names} == {one: getattr(wanted, one) for one in names}


@pytest.mark.parametrize("name", FILES)
def test_a_sample_has_its_problems_and_no_others(name: str) -> None:
    left = [(problem.place, str(problem.what_phrase)) for problem in table.read(source(SAMPLES / name)).problems]
    for line in (SAMPLES / name).with_suffix(".ledger").read_text(encoding="utf-8").splitlines():
        if line.startswith("!"):
            place, text = line[1:].split(maxsplit=1)
            fits = [one for one in left if one[0] == place and text in one[1]]
            assert fits, (place, text, left)
            left.remove(fits[0])
    assert not left


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_known_as_a_table(name: str) -> None:
    assert table.identify(Head.of(SAMPLES / name))


@pytest.mark.parametrize("start", [
    b'{"a": 1, "b": 2}', b'[{"a": 1,\n"b": 2}]', b"<a>1,2</a>\n<b>3,4</b>", b"BEGIN:VCARD\nN:Jansen;Jan\n", b"WEBVTT\n\n00:01,x\n",
    b"From: Jan, Piet\nTo: Ann, Bea\n\nHello, you\n", b"From jan@birch.nl Mon\nSubject: a, b\n", b":20:1,2\n:25:3,4\n",
    b"{1:F01ABN}{2:1,2}\n", b"%PDF-1.7\n1,2\n", b"1\n00:00:01,000 --> 00:00:02,000\nYes, well\n", b"PK\x03\x04 word/document.xml",
    b"Dear Jan,\n\nThank you for your mail, it came at the right time.\n\nKind regards,\nAnn\n", b"\x00\x01\x02,\x03\n\x04,\x05\n", b"",
    b"one word\n", b"Well, no.\n",
])
def test_it_leaves_other_files_alone(start: bytes) -> None:
    assert not table.identify(Head(Path("some.txt"), len(start), start))


@pytest.mark.parametrize("text", [
    "a,b\n1,2\n3,4\n", "naam;bedrag\r\nJan;1,50\r\n", "x\ty\r1\t2\r3\t4\r", "Name|Day\nJan|1\n", "Title\nOf July;;\n\nfrom;to;at\na;b;c\n",
    '"naam, voluit","e-mail"\n"Jansen, Jan",jan@birch.nl\n', "id,naam,e-mail\n",
])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_it_knows_a_table_by_its_heads(text: str, encoding: str) -> None:
    start = text.encode(encoding)
    assert table.identify(Head(Path("no.name"), len(start), start))


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    assert not table.identify(Head.of(tmp_path))


def test_a_file_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    found = table.read(source(tmp_path / "gone.csv"))
    assert not found.events
    assert "cannot be opened" in said(found)[0]


@pytest.mark.parametrize("text", [b"", b"\n\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_table_is_a_problem(tmp_path: Path, text: bytes) -> None:
    assert said(read(tmp_path, text)) == [" The table is empty."]


def test_heads_without_rows_are_said(tmp_path: Path) -> None:
    assert said(read(tmp_path, "time,from,to\n\n,,\n")) == ["1 The table has heads and no rows."]


def test_bytes_that_are_no_text_are_a_problem(tmp_path: Path) -> None:
    assert "not text" in said(read(tmp_path, bytes(range(32)) * 100))[0]


@pytest.mark.parametrize(("encoding", "delimiter", "end"), [
    ("utf-8", ",", "\n"), ("utf-8-sig", ";", "\r\n"), ("cp1252", "\t", "\r"), ("utf-16", "|", "\n"), ("utf-16-le", ";", "\r\n"),
])
def test_encoding_delimiter_and_line_ends_make_no_difference(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    rows = [["Tijd", "Van", " NAAR ", "id", "answers"], ["2026-03-02T09:14Z", "Café Zoë B.V.", "acme.com", "1", "0"]]
    found = read(tmp_path, end.join(delimiter.join(row) for row in rows).encode(encoding))
    assert [(one.giver, one.receiver, one.at.minute) for one in found.events] == [("name:cafe-zoe-bv", "acme.com", 14)]
    assert not found.problems


def test_bytes_that_windows_1252_does_not_know_are_read_as_latin_1(tmp_path: Path) -> None:
    found = read(tmp_path, b"time,from,to,answers\n2026-03-02,a\xe9\x81b,acme.com,x\n")
    assert found.events[0].giver.startswith("name:a")


def test_persons_are_pseudonyms_and_names_are_none(tmp_path: Path) -> None:
    key = Pseudonyms(b"secret")
    found = read(tmp_path, "time,from,to,answers\n2026-03-02,Jan <JAN@birch.nl>,Acme,x\n", pseudonym=key)
    assert (found.events[0].person, found.events[0].counter_person) == (key("jan@birch.nl"), None)


def test_excluded_parties_addresses_and_threads_are_not_stored(tmp_path: Path) -> None:
    text = ("time,from,to,thread,id\n2026-03-02,jan@birch.nl,acme.com,t1,1\n2026-03-02,acme.com,secret.example,t1,2\n"
            "2026-03-02,ann@birch.nl,acme.com,t1,3\n2026-03-02,birch.nl,acme.com,t2,4\n")
    exclude = Exclusions(parties=frozenset({"secret.example", "t3@x.nl"}), threads=frozenset({"t2"}))
    found = read(tmp_path, text, exclude=exclude)
    assert sorted(one.id for one in found.events) == ["1", "3"]
    assert found.counted["excluded"] == 2
    assert not any("secret" in str(mention) for mention in found.mentions)


def test_a_bound_in_time_leaves_conversation_out(tmp_path: Path) -> None:
    text = "time,from,to,kind,answers,id\n" + "".join(
        f"2026-0{month}-01,birch.nl,acme.com,{kind},x,{month}{kind}\n" for month in (1, 2, 3) for kind in ("message", "invoice"))
    found = read(tmp_path, text, since=datetime(2026, 2, 1, tzinfo=UTC), before=datetime(2026, 3, 1, tzinfo=UTC))
    assert sorted(one.id for one in found.events) == ["1invoice", "2invoice", "2message", "3invoice"]
    assert found.counted["outside"] == 2


def test_days_in_the_future_and_before_1970_are_not_believed(tmp_path: Path) -> None:
    found = read(tmp_path, "time,from,to,answers,id\n1969-12-31,a.nl,b.nl,x,1\n2026-11-26,a.nl,b.nl,x,2\n2026-11-27,a.nl,b.nl,x,3\n")
    assert [one.id for one in found.events] == ["2"]
    assert [text.split()[0] for text in said(found)] == ["2", "4"]


def test_moments_of_one_column_are_bounded_however_they_are_written(tmp_path: Path) -> None:
    days = ["1969-12-31T23:59Z", "2026-11-26T11:59Z", "2026-11-26T12:00Z", "2026-11-26T12:30+01:00", "26 Nov 2026 11:59", "26 Nov 2026 12:00"]
    found = read(tmp_path, "time,from,to,answers,id\n" + "".join(f"{day},a.nl,b.nl,x,{row}\n" for row, day in enumerate(days)))
    assert [one.id for one in found.events] == ["1", "3", "4"]
    assert [text.split()[0] for text in said(found)] == ["2", "4", "7"]


def test_a_day_to_come_may_be_due(tmp_path: Path) -> None:
    found = read(tmp_path, "time,from,to,kind,due,id\n2026-11-24,a.nl,b.nl,promise,2027-05-01,1\n")
    assert found.events[0].due == datetime(2027, 5, 1, tzinfo=UTC)


def test_every_row_has_one_fate(tmp_path: Path) -> None:
    text = ("time,from,to,answers,id\n2026-01-01,a.nl,b.nl,x,1\n2026-01-01,a.nl,a.nl,x,2\nnever,a.nl,b.nl,x,3\n,a.nl,b.nl,x,4\n"
            "2026-01-01,---,b.nl,x,5\n2026-01-01,a.nl,b.nl,x,6,7,8\n2026-01-01,a.nl\n,,,,\n\n")
    found = read(tmp_path, text)
    assert found.counted == Counter({"rows": 7, "internal": 1, "left out": 4})
    assert [one.id for one in found.events] == ["1", "6"]
    assert len(found.problems) == 6


def test_no_more_than_twenty_problems_of_a_sort_are_listed(tmp_path: Path) -> None:
    found = read(tmp_path, "time,from,to,answers\n" + "never,a.nl,b.nl,x\n" * 50)
    assert len(found.problems) == 21
    assert "30 more rows have the same problem" in said(found)[-1]


def test_an_unknown_kind_is_kept_and_said(tmp_path: Path) -> None:
    found = read(tmp_path, "time,from,to,kind,id\n2026-01-01,a.nl,b.nl,Zoom Call,1\n")
    assert found.events[0].kind == "zoom_call"
    assert "zoom_call" in said(found)[0]


def test_a_log_covers_everyone_from_first_to_last(tmp_path: Path) -> None:
    found = read(tmp_path, "time,from,to,id,answers\n2026-03-01,a.nl,b.nl,1,x\n2026-01-01,b.nl,a.nl,2,x\n")
    assert found.coverage == [Coverage("table.csv", None, None, ("message", "question"), datetime(2026, 1, 1, tzinfo=UTC),
                                       datetime(2026, 3, 1, tzinfo=UTC), "both")]


def test_a_log_of_calls_covers_no_questions(tmp_path: Path) -> None:
    found = read(tmp_path, "time,from,to,kind,id\n2026-03-01,a.nl,b.nl,call,1\n")
    assert found.coverage[0].kinds == ("talk",)


def test_open_items_cover_our_side_up_to_the_last_day() -> None:
    found = table.read(source(SAMPLES / "debiteuren.csv"))
    assert found.coverage == [Coverage("debiteuren.csv", "@us", None, ("invoice", "credit_note", "payment", "reversal"),
                                       datetime(2026, 2, 13, tzinfo=UTC), datetime(2026, 3, 17, tzinfo=UTC), "both")]
    assert any(mention.name == "Bakkerij Van Dér Meer B.V." for mention in found.mentions)


def test_a_party_is_known_by_its_best_identifier_and_mentioned_with_all(tmp_path: Path) -> None:
    found = read(tmp_path, "customer name,kvk,customer e-mail,invoice no,invoice date,amount,currency\n"
                           "Acme NV,12345678,pay@acme.com,7,2026-01-31,10,EUR\n")
    assert found.events[0].receiver == "acme.com"
    assert found.mentions[0].identifiers == ("acme.com", "kvk:12345678", "name:acme-nv")
    assert found.mentions[0].name == "Acme NV"


def test_an_undecided_day_follows_the_other_days_of_the_table_and_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, "customer,invoice no,invoice date,due date,amount,currency\nA,1,03/04/2026,25/04/2026,5,EUR\n")
    assert found.events[0].at == datetime(2026, 4, 3, tzinfo=UTC)
    assert "they were read as those under due date" in said(found)[0]


@pytest.mark.parametrize(("rows", "words"), [
    ("03/04/2026,5\n13/04/2026,5\n04/13/2026,5\n", "Some days under date can only be day first and others only month first; 1 cells"),
    ("2026-01-01,1.234\n2026-01-01,\"5,50\"\n2026-01-01,5.50\n", "Some amounts under amount have a decimal comma and others"),
])
def test_a_column_that_contradicts_itself_is_a_problem(tmp_path: Path, rows: str, words: str) -> None:
    lines = [line.split(",", 1) for line in rows.splitlines()]
    found = read(tmp_path, "date,amount,from,to,answers\n" + "".join(f"{day},{amount},a.nl,b.nl,x\n" for day, amount in lines))
    assert any(words in text for text in said(found))
    assert len(found.events) in {2, 3}


def test_what_lies_behind_the_last_row_that_is_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenwicht.importers.tables.rows.MOST_ROWS", 8_000)
    found = read(tmp_path, "time,from,to,answers\n" + "2026-01-01,a.nl,b.nl,x\n" * 10_000)
    assert len(found.events) == 8_000
    assert "more than 8000 rows" in said(found)[0]


def test_a_text_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "LARGEST", 10)
    assert "more than the 10 that are read at once" in said(read(tmp_path, "time,from,to\n2026-01-01,a.nl,b.nl\n"))[0]


def test_words_count_before_amounts_and_currencies_are_spelled_alike(tmp_path: Path) -> None:
    found = read(tmp_path, "time,from,to,kind,words,amount,unit,id\n2026-01-01,a.nl,b.nl,message,7,9,,1\n"
                           "2026-01-01,a.nl,b.nl,favour,,9,uur,2\n2026-01-01,a.nl,b.nl,invoice,,9,eur,3\n2026-01-01,a.nl,b.nl,invoice,,€ 9,,4\n")
    assert {one.id: (one.amount, one.unit) for one in found.events if one.kind != "question"} == {
        "1": (7, "words"), "2": (9, "hours"), "3": (9, "EUR"), "4": (9, "EUR")}


def test_progress_adds_up_to_the_size_of_the_file(tmp_path: Path) -> None:
    for name in FILES:
        steps: list[int] = []
        table.read(source(SAMPLES / name, advance=steps.append))
        assert sum(steps) == (SAMPLES / name).stat().st_size
        assert min(steps) >= 0


def test_rows_over_many_blocks_keep_their_numbers_and_circulars(tmp_path: Path) -> None:
    lines = [f"2026-01-01T00:00Z,a.nl,c{row}.nl,id{row},x" for row in range(20_000)]
    for row in (3, 9_000, 12_000, 19_999):
        lines[row:row + 1] = [f"2026-01-01T00:00Z,a.nl,d{row}-{n}.nl,many,x" for n in range(3)]
    found = read(tmp_path, "time,from,to,id,answers\n" + "\n".join(lines))
    kinds = Counter(one.kind for one in found.events)
    assert kinds == {"message": 19_996, "automatic": 12}
    assert [one.evidence[0] for one in found.events] == [f"table.csv#{row}" for row in range(2, 20_010)]


def test_quotations_that_never_end_are_given_up_after_twenty(tmp_path: Path) -> None:
    rows = "".join(f"2026-01-01,a.nl,b{row}.nl,{row},x\n" + f'2026-01-01,a.nl,"b{row}.nl,-{row},x\n' for row in range(30))
    found = read(tmp_path, "time,from,to,id,answers\n" + rows)
    assert [one.id for one in found.events] == [str(row) for row in range(20)]
    assert sum("never closed" in text for text in said(found)) == 21
    assert any("rest of the table was not read" in text for text in said(found))


def test_text_behind_a_closed_quotation_harms_nobody(tmp_path: Path) -> None:
    found = read(tmp_path, 'time,from,to,id,answers\n2026-01-01,"Jan" Jansen,b.nl,1,x\n2026-01-01,a.nl,b.nl,2,x\n')
    assert [one.giver for one in found.events] == ["name:jan-jansen", "a.nl"]
    assert not found.problems


def test_a_cell_that_is_too_long_loses_its_row_alone(tmp_path: Path) -> None:
    found = read(tmp_path, 'time,from,to,id,answers\n2026-01-01,a.nl,b.nl,1,x\n2026-01-01,a.nl,b.nl,"' + "y" * 1_000_001
                 + '",x\n2026-01-01,a.nl,b.nl,3,x\n')
    assert [one.id for one in found.events] == ["1", "3"]
    assert said(found)[0].startswith("3 A quotation mark")


def test_ibm_invoices_and_payments(shared: Path | None) -> None:
    if shared is None:
        return
    found = table.read(source(next((shared / "data" / "ibm_late_payment").glob("*.csv"))))
    kinds = Counter(one.kind for one in found.events)
    assert kinds == {"invoice": 2466, "payment": 2466, "difference": 561}
    late: Counter[bool] = Counter()
    invoices = {one.id: one for one in found.events if one.kind == "invoice"}
    for one in found.events:
        if one.kind == "payment":
            due = invoices[one.answers or ""].due
            assert due is not None
            late[one.at > due] += 1
    assert late == {False: 2466 - 877, True: 877}
    assert round(sum(one.amount or 0 for one in invoices.values()), 2) == 147703.18
    assert all(problem.severity == "note" for problem in found.problems)


def test_scms_deliveries_without_the_warehouse(shared: Path | None) -> None:
    if shared is None:
        return
    found = table.read(source(next((shared / "data" / "scms_delivery").glob("*.csv"))))
    assert Counter(one.kind for one in found.events) == {"delivery": 4920, "order": 4592}
    assert found.counted["warehouse"] == 5404
    assert not found.problems
    assert len({(one.id, one.kind) for one in found.events}) == 9512


def test_every_real_table_is_answered(shared: Path | None) -> None:
    if shared is None:
        return
    for path in [*(shared / "fixtures" / "csv").iterdir(), *(shared / "fixtures" / "security").glob("csv_*")]:
        assert table.identify(Head.of(path)), path
        found = table.read(source(path))
        assert found.events or found.problems or found.mentions, path


def test_no_other_format_is_claimed(shared: Path | None) -> None:
    if shared is None:
        return
    claimed = [path for path in (shared / "fixtures").rglob("*")
               if path.is_file() and path.suffix.lower() not in {".csv", ".tsv", ".xlsx"} and table.identify(Head.of(path))]
    assert claimed == []


def test_every_hostile_file_is_survived(shared: Path | None) -> None:
    if shared is None:
        return
    for path in (shared / "fixtures" / "security").iterdir():
        assert not table.read(source(path)).events, path


@given(st.binary(max_size=400), st.sampled_from([b"", b"time,from,to,id,amount\n", b"\xff\xfet\0i\0m\0e\0", b"PK\x03\x04xl/workbook.xml"]))
def test_no_bytes_are_too_odd(folder: Path, tail: bytes, start: bytes) -> None:
    path = folder / "odd.csv"
    path.write_bytes(start + tail)
    table.identify(Head.of(path))
    found = table.read(source(path))
    assert found.events or said(found) or found.counted["rows"] == found.counted["internal"]


ROW = st.tuples(
    st.integers(0, 400).map(lambda day: (datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()),
    st.sampled_from(["a.nl", "ann@b.nl", "Café C.V.", "9", "jan@gmail.com"]), st.sampled_from(["d.nl", "ann@b.nl", '"q", x', ""]),
    st.sampled_from(["", "1", "2,50", "€ 3", "veel"]), st.sampled_from(["", "t1", "t2"]),
)


@given(st.lists(ROW, min_size=1, max_size=20, unique_by=lambda row: row[:3]), st.randoms(use_true_random=False), st.sampled_from(",;\t|"))
def test_the_order_of_rows_makes_no_difference(folder: Path, rows: list[tuple[str, ...]], random: Random, delimiter: str) -> None:
    def facts(listed: list[tuple[str, ...]]) -> list[Any]:
        with (folder / "log.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerows([("time", "from", "to", "amount", "thread"), *listed])
        found = table.read(source(folder / "log.csv"))
        assert found.counted["rows"] == len(listed)
        assert len([one for one in found.events if one.kind == "message"]) + found.counted["internal"] + found.counted["left out"] == len(listed)
        return sorted((one.id, one.at, one.giver, one.receiver, one.kind, one.unit) for one in found.events)

    shuffled = list(rows)
    random.shuffle(shuffled)
    assert facts(rows) == facts(shuffled)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("table")
