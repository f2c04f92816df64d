"""`evenwicht parties` and `assess --roll-up`: who is who, decided, shown and taken back."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import evenwicht as ew
import evenwicht.cli as cli
from evenwicht.ledger import table
from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.notation import parsed
from evenwicht.ledger.party import Decision
from evenwicht.ledger.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., tuple[int, list[str], str]]

ACCOUNT = "iban:NL91ABNA0417164300"
LINES = [
    f"{datetime(2025, 1, 6, 9, tzinfo=UTC) + timedelta(days=7 * week + day):%Y-%m-%dT%H:%MZ} {one} -> {other} message {words} words <{week}-{day}-{one}>"
    for week in range(40)
    for day, one, other, words in ((0, "birch.nl", "acme.nl", 90), (1, "acme.nl", "birch.nl", 120), (2, "acme.de", "birch.nl", 400), (3, "birch.nl", "acme.de", 90))
] + ["2025-03-03T00:00Z name:acme-nederland-bv -> birch.nl payment 4 EUR <p1>", "2025-03-03T09:00Z oak.nl -> birch.nl message 4 words <o>"]
MENTIONS = (Mention(("acme.nl",), "Acme Nederland"), Mention(("name:acme-nederland-bv", ACCOUNT), "Acme Nederland B.V. h/o Acme Dozen"),
            Mention(("acme.de",), "Acme Deutschland GmbH"))


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    monkeypatch.setenv("EVENWICHT_HOME", str(tmp_path / "home"))

    def run(*given: object) -> tuple[int, list[str], str]:
        monkeypatch.setattr(sys, "argv", ["evenwicht", *map(str, given)])
        code = cli._run()
        said = capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return code, said.out.splitlines(), said.err.strip()

    return run


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.parquet"
    made = resolve(table.frame_of(map(parsed, LINES)), mentions=MENTIONS, decisions=(Decision("us", ("birch.nl",)),))
    table.write(made.ledger, path)
    return path


def test_suggestions_say_why_and_what_to_type(call: Call, ledger: Path) -> None:
    code, out, err = call("parties", ledger, "--suggest")
    assert code == 0
    assert "--apart" in err
    one, other, likeness, reasons, command = out[0].split("\t")
    assert (one, other, likeness) == ("acme.nl", ACCOUNT, "100")
    assert "same name apart from the legal form" in reasons
    assert command == f"evenwicht parties {ledger} --merge acme.nl {ACCOUNT}"
    assert call(*command.split()[1:])[0] == 0
    assert not any(ACCOUNT in line for line in call("parties", ledger, "--suggest")[1])
    listed = next(line for line in call("parties", ledger)[1] if line.startswith("acme.nl\t"))
    assert "trades as: Acme Dozen" in listed
    assert "by law: Acme Nederland B.V." in listed


def test_two_that_are_apart_are_not_suggested_until_that_is_undone(call: Call, ledger: Path) -> None:
    before = call("parties", ledger, "--suggest")[1]
    assert call("parties", ledger, "--apart", "acme.nl", ACCOUNT)[0] == 0
    assert not any(line.startswith(f"acme.nl\t{ACCOUNT}") for line in call("parties", ledger, "--suggest")[1])
    assert call("parties", ledger, "--undo")[0] == 0
    assert call("parties", ledger, "--suggest")[1] == before


def test_a_group_is_judged_as_one_only_where_that_is_asked(call: Call, ledger: Path) -> None:
    assert call("parties", ledger, "--group", "acme.nl", "acme.de", "name:acme-nederland-bv")[0] == 0
    assert sum("parent: acme.nl" in line for line in call("parties", ledger)[1]) == 2
    apart = json.loads("\n".join(call("assess", ledger, "--format", "json")[1]))
    rolled = json.loads("\n".join(call("assess", ledger, "--roll-up", "--format", "json")[1]))
    assert [one["a"] for one in apart["relations"]] == ["acme.de", "acme.nl", "birch.nl", "birch.nl"]
    assert [(one["a"], one["b"]) for one in rolled["relations"]] == [("acme.nl", "birch.nl"), ("birch.nl", "oak.nl")]
    assert rolled["relations"][0]["events"] == 161
    book, _ = table.read(ledger)
    assert ew.assess(book, roll_up=True).as_dict()["relations"] == rolled["relations"]
    assert call("parties", ledger, "--ungroup", "acme.de")[0] == 0
    assert sum("parent: acme.nl" in line for line in call("parties", ledger)[1]) == 1


@pytest.mark.parametrize(("given", "named"), [
    (("--group", "acme.nl"), "--group acme.com acme.nl acme.de"), (("oak.nl",), "--group acme.com"), (("--group", "acme.nl", "acme.nl"), "the same one"),
    (("--group", "zzz.nl", "acme.nl"), "zzz.nl"), (("--ungroup", "oak.nl"), "oak.nl has no parent"), (("--apart", "oak.nl", "acme.nl", "--undo"), "--apart"),
    (("--merge", "oak.nl", "acme.nl", "--suggest"), "--ungroup"),
])
def test_a_wrong_call_gets_one_sentence(call: Call, ledger: Path, given: tuple[str, ...], named: str) -> None:
    code, out, err = call("parties", ledger, *given)
    assert (code, out) == (2, [])
    assert named in err.splitlines()[-1]


def test_a_circle_is_refused(call: Call, ledger: Path) -> None:
    call("parties", ledger, "--group", "acme.nl", "acme.de")
    code, _out, err = call("parties", ledger, "--group", "acme.de", "acme.nl")
    assert code == 2
    assert "acme.nl cannot be below acme.de" in err
