"""The command line: what it prints where, exit codes, and one clear sentence for every wrong call."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import evenwicht.cli as cli
from evenwicht import registry
from evenwicht.engines.workers.limits import Limits
from evenwicht.ledger import table
from evenwicht.ledger.notation import parsed

LINES = [
    f"{datetime(2025, 1, 6, 9, tzinfo=UTC) + timedelta(days=7 * week + day):%Y-%m-%dT%H:%MZ} {one} -> {other} message {words} words <{week}-{day}>"
    for week in range(90)
    for day, one, other, words in (
        (0, "birch.example", "acme.example", 90), (1, "birch.example", "acme.example", 120), (2, "acme.example", "birch.example", 400),
        (3, "acme.example", "birch.example", 300), (3, "birch.example", "cedar.example", 80), (4, "cedar.example", "birch.example", 85))
]


class Called:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def sentence(self) -> str:
        return self.err.strip().splitlines()[-1]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    monkeypatch.setenv("EVENWICHT_HOME", str(tmp_path / "home"))

    def run(*words: object) -> Called:
        monkeypatch.setattr(sys, "argv", ["evenwicht", *map(str, words)])
        code = cli._run()
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return Called(code, said.out, said.err)

    return run


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A plain interaction log."""
    path = tmp_path / "log.csv"
    rows = ["time,from,to,words,id"]
    for line in LINES:
        event = parsed(line)
        rows.append(f"{event.at:%Y-%m-%dT%H:%M:%SZ},{event.giver},{event.receiver},{event.amount:.0f},{event.id}")
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


@pytest.fixture
def ledger(call, log: Path, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.parquet"
    assert call("read", log, "--us", "birch.example", "-o", path).code == 0
    return path


def test_read_writes_the_ledger_and_says_on_standard_error_what_to_do_next(call, log: Path, tmp_path: Path) -> None:
    path = tmp_path / "l.parquet"
    done = call("read", log, "--us", "birch.example", "-o", path)
    assert (done.code, done.out) == (0, "")
    assert "Files read: 1 (table 1)" in done.err
    assert f"evenwicht assess {path}" in done.err
    book, problems = table.read(path)
    assert problems == []
    assert book.us == "birch.example"
    assert len(book.events.filter(pl.col("kind") == "message")) == len(LINES)


def test_read_without_a_ledger_prints_events_in_notation(call, log: Path) -> None:
    done = call("read", log, "--us", "birch.example")
    events = [parsed(line) for line in done.out.splitlines()]
    assert sum(event.kind == "message" for event in events) == len(LINES)


def test_reading_the_same_file_again_adds_nothing(call, log: Path, ledger: Path) -> None:
    before, _ = table.read(ledger)
    assert call("read", log, "--us", "birch.example", "-o", ledger).code == 0
    after, _ = table.read(ledger)
    assert after.events.equals(before.events)


def test_strict_exits_with_1_when_there_was_a_problem(call, log: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.bin"
    odd.write_bytes(b"\x00\x01\x02 nothing we know")
    assert call("read", log, odd, "--us", "birch.example", "-o", tmp_path / "a.parquet").code == 0
    assert call("read", log, odd, "--us", "birch.example", "--strict", "-o", tmp_path / "b.parquet").code == 1
    listed = [json.loads(line) for line in (tmp_path / "b.parquet.problems.jsonl").read_text("utf-8").splitlines()]
    assert any(entry["file"] == "odd.bin" for entry in listed)
    assert {"file", "place", "what", "remedy", "severity"} == set(listed[0])


def test_show_prints_only_what_happened_between_the_two(call, ledger: Path) -> None:
    events = [parsed(line) for line in call("show", ledger, "--between", "birch.example", "cedar.example").out.splitlines()]
    assert events
    assert {event.giver for event in events} | {event.receiver for event in events} == {"birch.example", "cedar.example"}


def test_assess_as_json_is_the_contract(call, ledger: Path) -> None:
    found = json.loads(call("assess", ledger, "--format", "json").out)
    assert sorted(found) == sorted(["schema", "until", "us", "parameters", "expected_wrong", "needs", "relations"])
    assert [(r["a"], r["b"]) for r in found["relations"]] == [("acme.example", "birch.example"), ("birch.example", "cedar.example")]
    words = next(axis for axis in found["relations"][0]["axes"] if axis["axis"] == "words")
    assert words["verdict"] == "structural"
    assert (words["king"], words["toward"]) == ("acme.example", "birch.example")


@pytest.mark.parametrize("form", ["csv", "parquet", "html", "json", "table"])
def test_assess_writes_every_form_to_a_file(call, ledger: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"out.{form}"
    done = call("assess", ledger, "--format", form, "-o", path)
    assert (done.code, done.out) == (0, "")
    assert path.stat().st_size > 100
    assert not path.with_name(path.name + ".part").exists()


def test_until_cuts_off_what_came_later(call, ledger: Path) -> None:
    found = json.loads(call("assess", ledger, "--until", "2025-02-02", "--format", "json").out)
    assert found["until"] == "2025-02-02"
    assert all(relation["events"] <= 24 for relation in found["relations"])


def test_report_is_the_same_from_both_chairs_but_for_the_order(call, ledger: Path) -> None:
    mine = call("report", ledger, "birch.example", "acme.example", "--chair", "birch.example").out
    theirs = call("report", ledger, "acme.example", "birch.example", "--chair", "acme.example").out
    assert mine.splitlines()[0] == "birch.example and acme.example"
    assert theirs.splitlines()[0] == "acme.example and birch.example"
    assert sorted(mine.replace("=", "").split())[:5] == sorted(theirs.replace("=", "").split())[:5]


def test_report_speaks_dutch(call, ledger: Path) -> None:
    done = call("report", ledger, "birch.example", "acme.example", "--lang", "nl")
    assert "Structureel uit balans" in done.out


def test_parties_can_be_merged_and_that_can_be_undone(call, ledger: Path) -> None:
    assert len(call("parties", ledger).out.splitlines()) == 3
    assert call("parties", ledger, "--merge", "acme.example", "cedar.example").code == 0
    assert len(call("parties", ledger).out.splitlines()) == 2
    assert call("parties", ledger, "--undo").code == 0
    assert len(call("parties", ledger).out.splitlines()) == 3
    assert call("parties", ledger, "--undo").code == 2


def test_parties_can_be_renamed(call, ledger: Path) -> None:
    assert call("parties", ledger, "--rename", "acme.example", "Acme NV").code == 0
    assert "Acme NV" in call("parties", ledger).out
    assert "Acme NV" in call("report", ledger, "birch.example", "Acme NV").out


def test_an_agreed_norm_moves_the_zero(call, ledger: Path) -> None:
    assert call("norm", ledger, "acme.example", "birch.example", "words", "77/23").code == 0
    found = json.loads(call("assess", ledger, "--format", "json").out)
    words = next(axis for axis in found["relations"][0]["axes"] if axis["axis"] == "words")
    assert words["verdict"] == "balanced"


def test_examples_of_the_help_name_real_options(call) -> None:
    for command in ("read", "show", "parties", "norm", "assess", "report", "demo"):
        done = call(command, "--help")
        assert done.code == 0
        assert "Example" in done.out or command == "demo"


WRONG = [
    (("read", "nowhere.mbox"), 2, "nowhere.mbox"),
    (("read",), 2, "missing"),
    (("assess", "nowhere.parquet"), 2, "nowhere.parquet"),
    (("assess", "{ledger}", "--until", "2026-13-01"), 2, "2026-13-01"),
    (("assess", "{ledger}", "--format", "xml"), 2, "xml"),
    (("assess", "{ledger}", "--engine", "abacus"), 2, "abacus"),
    (("assess", "{ledger}", "--learn"), 2, "200"),
    (("assess", "{ledger}", "--until", "1999-01-01"), 2, "1999-01-01"),
    (("assess", "{log}"), 2, "log.csv"),
    (("report", "{ledger}", "birch.example", "acne.example"), 2, "acme.example"),
    (("report", "{ledger}", "birch.example", "acme.example", "--chair", "cedar.example"), 2, "cedar.example"),
    (("report", "{ledger}", "birch.example", "acme.example", "--lang", "fr"), 2, "fr"),
    (("norm", "{ledger}", "birch.example", "acme.example", "word", "65/35"), 2, "words"),
    (("norm", "{ledger}", "birch.example", "acme.example", "words", "65"), 2, "65/35"),
    (("show", "{ledger}", "--between", "birch.example", "zzz.example"), 2, "zzz.example"),
    (("parties", "{ledger}", "--merge", "a.example", "b.example", "--undo"), 2, "--undo"),
    (("assess", "{ledger}", "--whatever"), 2, "--whatever"),
    (("frobnicate",), 2, "command"),
    (("read", "{log}", "--us", "not a party!"), 2, "not a party!"),
    (("read", "{log}", "--exclude", "not a party!"), 2, "not a party!"),
    (("read", "{log}", "--layout", "no_such_layout"), 2, "no_such_layout"),
    (("read", "{log}", "--me", "nowhere.toml"), 2, "nowhere.toml"),
]


@pytest.mark.parametrize(("words", "code", "named"), WRONG, ids=[" ".join(words) for words, _code, _named in WRONG])
def test_a_wrong_call_gets_one_sentence(call, ledger: Path, log: Path, words: tuple[str, ...], code: int, named: str) -> None:
    done = call(*(word.format(ledger=ledger, log=log) for word in words))
    assert done.code == code
    assert named in done.sentence
    assert done.out == ""


def test_another_programs_parquet_is_no_ledger(call, tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    pl.DataFrame({"a": [1], "b": ["x"]}).write_parquet(path)
    done = call("assess", path)
    assert done.code == 2
    assert "is not a ledger" in done.sentence


def test_an_empty_ledger_is_said_to_be_empty(call, tmp_path: Path) -> None:
    path = tmp_path / "empty.parquet"
    table.write(table.Ledger(table.empty()), path)
    done = call("assess", path)
    assert done.code == 2
    assert "empty" in done.sentence


def test_nothing_usable_exits_with_1(call, tmp_path: Path) -> None:
    path = tmp_path / "odd.bin"
    path.write_bytes(b"\x00\x01 nothing")
    done = call("read", path)
    assert done.code == 1
    assert "odd.bin" in done.sentence


def test_two_importers_that_claim_one_file_are_named(call, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mbox = registry.members("evenwicht.importers")["mbox"]
    monkeypatch.setattr(mbox, "identify", lambda _head: True)
    monkeypatch.setattr(Limits, "workers_for", lambda *_: 0)  # the other processes do not know what is patched here
    done = call("read", log)
    assert done.code == 2
    assert "mbox and table" in done.sentence


def test_a_mistake_of_ours_is_logged_and_never_shown_as_a_traceback(call, ledger: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import evenwicht.engines.local as local

    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(local, "prepared", broken)
    done = call("assess", ledger)
    assert done.code == 3
    reference = done.sentence.split("under ")[1].split(";")[0]
    assert reference in (tmp_path / "home" / "evenwicht.log").read_text("utf-8")


def test_an_importer_that_fails_loses_only_its_own_file(call, log: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_source: object) -> None:
        raise RecursionError

    monkeypatch.setattr(registry.members("evenwicht.importers")["ubl"], "read", broken)
    monkeypatch.setattr(Limits, "workers_for", lambda *_: 0)
    (tmp_path / "i.xml").write_text('<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>1</ID></Invoice>', "utf-8")
    done = call("read", log, tmp_path / "i.xml", "--us", "birch.example", "-o", tmp_path / "l.parquet")
    assert done.code == 0
    assert "made a mistake on this file" in done.err


def test_who_we_are_is_inferred_and_said(call, tmp_path: Path) -> None:
    path = tmp_path / "sent.mbox"
    path.write_text("".join(
        f"From x Mon Jan 06 09:00:00 2025\nFrom: {one}\nTo: {other}\nDate: Mon, {day:02} Jan 2025 09:00:00 +0000\nMessage-ID: <{day}@x>\nSubject: s\n\nHallo daar.\n\n"
        for day, one, other in [(6, "anna@birch.example", "c@acme.example"), (7, "c@acme.example", "anna@birch.example"),
                                (8, "anna@birch.example", "d@dorp.example"), (9, "d@dorp.example", "anna@birch.example")]), "utf-8")
    done = call("read", path, "-o", tmp_path / "l.parquet")
    assert done.code == 0
    assert "Read as birch.example" in done.err


def test_me_names_our_side(call, log: Path, tmp_path: Path) -> None:
    me = tmp_path / "me.toml"
    me.write_text('names = ["Birch BV"]\ndomains = ["birch.example"]\nkvk = "12345678"\n', "utf-8")
    path = tmp_path / "l.parquet"
    assert call("read", log, "--me", me, "-o", path).code == 0
    book, _ = table.read(path)
    assert book.us == "birch.example"
    assert book.parties["birch.example"].name == "Birch BV"


def test_the_version_is_told(call) -> None:
    assert call("--version").out.startswith("evenwicht ")


def shown(call, path: Path, *words: object) -> list[str]:
    return sorted(call("show", path, *words).out.splitlines())


def test_a_merge_with_our_own_side_can_be_undone_without_loss(call, ledger: Path) -> None:
    before = shown(call, ledger)
    assert call("parties", ledger, "--merge", "birch.example", "acme.example").code == 0
    assert len(shown(call, ledger)) < len(before)
    assert call("parties", ledger, "--undo").code == 0
    assert shown(call, ledger) == before


def test_a_later_split_takes_an_identifier_out_of_a_merge(call, ledger: Path) -> None:
    call("parties", ledger, "--merge", "acme.example", "cedar.example")
    assert call("parties", ledger, "--split", "cedar.example").code == 0
    assert len(call("parties", ledger).out.splitlines()) == 3


def test_undo_takes_back_the_last_decision_even_where_an_earlier_one_was_the_same(call, ledger: Path) -> None:
    for name in ("Xylem BV", "Yew BV", "Xylem BV"):
        call("parties", ledger, "--rename", "acme.example", name)
    call("parties", ledger, "--undo")
    assert "Yew BV" in call("parties", ledger).out


def test_adding_a_file_keeps_what_happens_between_others(call, tmp_path: Path) -> None:
    path = tmp_path / "l.parquet"
    (tmp_path / "a.csv").write_text("time,from,to,id\n2025-01-06T09:00:00Z,birch.example,acme.example,1\n2025-01-07T09:00:00Z,dorp.example,elm.example,2\n", "utf-8")
    (tmp_path / "b.csv").write_text("time,from,to,id\n2025-01-08T09:00:00Z,acme.example,birch.example,3\n", "utf-8")
    call("read", tmp_path / "a.csv", "--us", "birch.example", "--between-others", "-o", path)
    call("read", tmp_path / "b.csv", "-o", path)
    assert any("dorp.example -> elm.example" in line for line in shown(call, path))


def test_adding_nothing_usable_exits_with_1_and_leaves_the_ledger(call, ledger: Path, tmp_path: Path) -> None:
    before = ledger.read_bytes()
    (tmp_path / "odd.bin").write_bytes(b"\x00\x01 nothing")
    assert call("read", tmp_path / "odd.bin", "-o", ledger).code == 1
    assert ledger.read_bytes() == before


def test_us_that_is_in_no_event_is_said_so(call, log: Path) -> None:
    done = call("read", log, "--us", "ghost.example")
    assert done.code == 1
    assert "ghost.example" in done.sentence


def test_problems_of_an_earlier_run_do_not_stay_beside_the_ledger(call, log: Path, ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.bin").write_bytes(b"\x00\x01 nothing")
    listed = ledger.with_name(ledger.name + ".problems.jsonl")
    call("read", log, tmp_path / "odd.bin", "-o", ledger)
    assert listed.exists()
    call("read", log, "-o", ledger)
    assert not listed.exists()


@pytest.mark.parametrize("share", ["inf/35", "nan/1", "0/1", "-1/2"])
def test_a_norm_must_be_a_share(call, ledger: Path, share: str) -> None:
    done = call("norm", ledger, "birch.example", "acme.example", "words", "--", share) if share.startswith("-") else call(
        "norm", ledger, "birch.example", "acme.example", "words", share)
    assert done.code == 2


def test_a_norm_is_between_two(call, ledger: Path) -> None:
    assert call("norm", ledger, "birch.example", "birch.example", "words", "65/35").code == 2


def test_called_with_nothing_it_shows_what_it_can_do(call) -> None:
    done = call()
    assert done.code == 0
    assert "assess" in done.out


def test_a_folder_as_output_is_refused(call, log: Path, tmp_path: Path) -> None:
    done = call("read", log, "-o", tmp_path)
    assert done.code == 2
    assert str(tmp_path) in done.sentence
