"""Samples: a real file beside the lines it must give, found by scanning `tests/samples/<importer>/`.

`NAME.ledger` stands beside `NAME.<anything>` (a file, or a folder for Maildir). A line is one event; `! PLACE text` is one
expected problem at that place, whose English sentence contains `text` (`! text` where it is of the whole file). An event is
compared by everything that the two sides know (at, who, kind, amount, unit, id, answers, due, private); thread, person,
references, version and evidence only where the line writes them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from evenwicht.importers.source import Head, Source
from evenwicht.ledger.events import Event
from evenwicht.ledger.notation import fields_written, parsed, written
from evenwicht.ledger.problems import Problem
from evenwicht.registry import members

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parent / "samples"
IMPORTERS = members("evenwicht.importers")
ALWAYS = ("at", "giver", "receiver", "kind", "amount", "unit", "id", "answers", "due", "shared")
WHERE_WRITTEN = {"thread": "thread", "person": "person", "counter": "counter_person", "version": "version"}
JOINED = {"ref": "references", "evidence": "evidence"}


def pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Every sample in a folder with its ledger. A file without a ledger, or a ledger without a file, has no pair: KeyError,
    or the test that counts them."""
    files = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix != ".ledger" and not path.name.startswith(".")}
    return [(files[ledger.stem], ledger) for ledger in sorted(folder.glob("*.ledger"))]


def differences(text: str, events: list[Event], problems: list[Problem]) -> list[str]:
    """What was expected and did not come, and what came and was not expected; empty when all is as the lines say."""
    found = list(events)
    wrong = []
    for line in text.splitlines():
        if not line.strip() or line.startswith(("#", "!")):
            continue
        fits = [event for event in found if _as_said(line, event)]
        if fits:
            found.remove(fits[0])
        else:
            wrong.append(f"missing: {line}")
    wrong.extend(f"superfluous: {written(event)}" for event in found)
    left = list(problems)
    for line in text.splitlines():
        if line.startswith("!"):
            told = [problem for problem in left if _as_warned(line, problem)]
            if told:
                left.remove(told[0])
            else:
                wrong.append(f"missing: {line}")
    wrong.extend(f"superfluous: ! {problem.place} {problem.what_phrase}" for problem in left)
    return wrong


def _as_said(line: str, event: Event) -> bool:
    wanted, stated = parsed(line), fields_written(line)
    names = [*ALWAYS, *(name for word, name in WHERE_WRITTEN.items() if word in stated)]
    joined = [name for word, name in JOINED.items() if word in stated]
    return all(getattr(wanted, name) == getattr(event, name) for name in names) and all(
        sorted(getattr(wanted, name)) == sorted(getattr(event, name)) for name in joined)


def _as_warned(line: str, problem: Problem) -> bool:
    text = line[1:].strip()
    if not problem.place:
        return text in str(problem.what_phrase)
    return text.startswith(f"{problem.place} ") and text[len(problem.place) + 1:].strip() in str(problem.what_phrase)


@pytest.mark.parametrize("importer", list(IMPORTERS))
def test_every_importer_has_samples_and_every_file_its_lines(importer: str) -> None:
    assert (SAMPLES / importer).is_dir(), f"tests/samples/{importer}/ is missing: an importer comes with its samples"
    found = pairs(SAMPLES / importer)
    assert found, f"tests/samples/{importer}/ holds no sample"
    named = {path.stem for path in (SAMPLES / importer).iterdir()}
    assert named == {ledger.stem for _file, ledger in found}
    assert len(list((SAMPLES / importer).iterdir())) == 2 * len(found), "two files of one name"


def test_every_folder_of_samples_has_its_importer() -> None:
    assert {path.name for path in SAMPLES.iterdir() if path.is_dir()} <= set(IMPORTERS)


FOUND = [(importer, file, ledger) for importer in IMPORTERS if (SAMPLES / importer).is_dir() for file, ledger in pairs(SAMPLES / importer)]


@pytest.mark.parametrize("importer, file, ledger", FOUND, ids=[f"{importer}-{file.name}" for importer, file, _ledger in FOUND])
def test_a_sample_gives_its_lines_no_more_and_no_less(importer: str, file: Path, ledger: Path) -> None:
    assert [name for name, module in IMPORTERS.items() if module.identify(Head.of(file))] == [importer]
    reading = IMPORTERS[importer].read(Source(file, file.name, NOW))
    assert differences(ledger.read_text(encoding="utf-8"), reading.events, reading.problems) == []
    lines = [line for line in ledger.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
    for index, line in enumerate(lines):  # the runner itself: with a line less, or one twice, it says which
        fewer = differences("\n".join(lines[:index] + lines[index + 1:]), reading.events, reading.problems)
        assert len(fewer) == 1
        assert fewer[0].startswith("superfluous: ")
        more = differences("\n".join([*lines, line]), reading.events, reading.problems)
        assert more == [f"missing: {line}"]


EVENT = "2026-03-02T09:14Z a.nl -> b.nl invoice 4 EUR <i> answers <o> due 2026-04-01T00:00Z thread <t> person <p> counter <c> ref <r> version 2 evidence <e>"


@pytest.mark.parametrize("was, becomes", [
    ("09:14Z", "09:15Z"), ("a.nl", "c.nl"), ("b.nl", "c.nl"), ("invoice", "order"), (" 4 ", " 5 "), (" 4 ", " ? "), ("EUR", "USD"), ("<i>", "<j>"),
    ("<o>", "<x>"), (" answers <o>", ""), ("2026-04-01", "2026-04-02"), (" due 2026-04-01T00:00Z", ""), ("<t>", "<x>"), ("<p>", "<x>"), ("<c>", "<x>"),
    ("<r>", "<x>"), ("version 2", "version 3"), ("<e>", "<x>"), ("version 2", "version 2 private"), ("<r>", "<r> ref <s>"),
])
def test_every_difference_is_seen(was: str, becomes: str) -> None:
    assert differences(EVENT, [parsed(EVENT)], []) == []
    assert len(differences(EVENT.replace(was, becomes, 1), [parsed(EVENT)], [])) == 2


@pytest.mark.parametrize("words", [" thread <t>", " person <p>", " counter <c>", " ref <r>", " version 2", " evidence <e>"])
def test_what_a_line_does_not_write_is_not_compared(words: str) -> None:
    assert differences(EVENT.replace(words, ""), [parsed(EVENT)], []) == []


@pytest.mark.parametrize("line, fits", [("! 4 is odd", True), ("! 5 is odd", False), ("! 4 is even", False), ("! is odd", False)])
def test_a_problem_has_its_place_and_words(line: str, fits: bool) -> None:
    assert (differences(line, [], [Problem("x", "4", "Row {n} is odd.", "Mend it.", values={"n": 4})]) == []) is fits
