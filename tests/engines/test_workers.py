"""Files that hang, swallow memory or break their reader cost themselves, and nothing around them."""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.engines.workers import pool, worker
from evenwicht.engines.workers.columns import packed, rows
from evenwicht.engines.workers.limits import Limits, cores
from evenwicht.engines.workers.one_file import Outcome, Task, Terms, read_file
from evenwicht.engines.workers.pool import NoProcessError, batches, read_all
from evenwicht.errors import FileMissing, WrongCall
from evenwicht.importers.source import Reading
from evenwicht.ledger.events import Event
from evenwicht.ledger.persons import Pseudonyms
from evenwicht.ledger.problems import Problem
from evenwicht.ledger.table import empty, frame_of

NOW = datetime(2026, 11, 24, tzinfo=UTC)
MIB = 1 << 20
TIGHT = Limits(seconds=1, patience=60, memory=400 * MIB)
"""A second of computing; on the clock a busy machine gets its time."""

PACKAGE = "hostile_importers"
IMPORTERS = {
    "gives": """
        source.advance(source.path.stat().st_size)
        reading.events.append(Event(source.label, source.now, "birch.nl", "acme.com", "message", 3, "words", source.pseudonym("a@birch.nl")))
    """,
    "hangs": "while True: pass",
    "waits": """
        source.path.with_suffix(".pid").write_text(str(os.getpid()))
        time.sleep(600)
    """,
    "swallows": """
        kept = []
        while True: kept.append(bytearray(1 << 20))
    """,
    "leaves": "os._exit(3)",
    "breaks": "os.kill(os.getpid(), signal.SIGSEGV)",
    "counts": """
        path = source.path.with_suffix(".times")
        path.write_text(path.read_text() + "x" if path.exists() else "x")
        if path.read_text() == "x": os._exit(0)
    """,
    "stumbles": "raise ZeroDivisionError",
    "refuses": "raise FileMissing('{file} names no layout, nor {other}.', file=source.label, other=source.path)",
    "shouts": """
        print("not an answer " * 10_000)
        os.write(1, b"not an answer" * 10_000)
        reading.problem("1", "A voice.", "None.", size=1)
    """,
    "tells": "reading.problem('1', ' '.join(sorted(sys.modules)).replace('{', ''), '', 'note')",
    "halves": r"reading.problem('\ud800', 'Half {of} {path}.', '', of='a \udfff', path=source.path)",
    "starves": "raise MemoryError",
    "forges": """
        for number in range(3, 9):
            try: os.write(number, pickle.dumps(("read", 77, None, 0)))
            except OSError: pass
        time.sleep(600)
    """,
    "takes_over": "reading.counted = TakesOver()",
    "crawls": """
        for _ in range(5):
            time.sleep(0.15)
            source.advance(10)
    """,
}
PREAMBLE = """
import os, pickle, signal, sys, time
from evenwicht.errors import FileMissing
from evenwicht.importers.source import Reading
from evenwicht.ledger.events import Event

NAME = {name!r}

class TakesOver:
    def __reduce__(self):
        return os.mkdir, ("taken",)

def identify(head):
    return NAME.encode() in head.start.split()

def read(source):
    reading = Reading(label=source.label)
"""


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package of importers, each of which reads the files that begin with its name, and harms."""
    folder = tmp_path_factory.mktemp("importers")
    (folder / PACKAGE).mkdir()
    (folder / PACKAGE / "__init__.py").write_text("", "utf-8")
    for name, body in IMPORTERS.items():
        text = PREAMBLE.format(name=name) + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n    return reading\n"
        (folder / PACKAGE / f"{name}.py").write_text(text, "utf-8")
    return folder


@pytest.fixture
def terms(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> Terms:
    monkeypatch.syspath_prepend(str(hostile))
    return Terms(now=NOW, pseudonym=Pseudonyms(b"key"), importers=PACKAGE)


def tasks_for(folder: Path, *kinds: str) -> list[Task]:
    made = []
    for number, kind in enumerate(kinds):
        path = folder / f"{number}-{kind.partition(' ')[0]}"
        path.write_text(kind, "utf-8")
        made.append(Task(number, path, path.name, path.stat().st_size))
    return made


def said(outcome: Outcome) -> str:
    return " ".join(f"{problem.what_phrase} {problem.remedy_phrase}" for problem in outcome.reading.problems)


def heights(done: dict[int, Outcome]) -> list[int]:
    return [done[number].events.height if done[number].events else 0 for number in sorted(done)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_harms_costs_only_itself(workers: int, terms: Terms, tmp_path: Path) -> None:
    tasks = tasks_for(tmp_path, "gives", "hangs", "gives", "leaves", "breaks", "gives", "swallows", "stumbles", "shouts", "gives")
    done = read_all(tasks, terms, TIGHT, workers)
    assert sorted(done) == list(range(10))
    assert heights(done) == [1, 0, 1, 0, 0, 1, 0, 0, 0, 1]
    assert "longer than 1 seconds" in said(done[1])
    assert "broke the process that read it (exit code 3)" in said(done[3])
    assert "SIGSEGV" in said(done[4])
    assert "more than 400 MiB of memory" in said(done[6])
    assert "made a mistake on this file (ZeroDivisionError)" in said(done[7])
    assert "ZeroDivisionError" in done[7].mistake
    assert said(done[8]) == "A voice. None."
    assert all(problem.file == tasks[number].label for number in done for problem in done[number].reading.problems)


def test_who_waits_and_does_not_compute_is_ended_by_the_clock(terms: Terms, tmp_path: Path) -> None:
    done = read_all(tasks_for(tmp_path, "waits"), terms, Limits(seconds=1, patience=0.5), 1)
    assert "longer than 0.5 seconds" in said(done[0])


def test_a_file_that_breaks_its_process_by_accident_is_tried_again_alone(terms: Terms, tmp_path: Path) -> None:
    done = read_all(tasks_for(tmp_path, "gives", "counts", "gives", "gives", "gives"), terms, TIGHT, 1)
    assert (tmp_path / "1-counts.times").read_text() == "xx"
    assert (heights(done), said(done[1])) == ([1, 0, 1, 1, 1], "")


def test_a_worker_knows_the_importers_and_nothing_heavy(terms: Terms, tmp_path: Path) -> None:
    done = read_all(tasks_for(tmp_path, "tells"), terms, TIGHT, 1)
    modules = set(done[0].reading.problems[0].what.split())
    assert "evenwicht.engines.workers.worker" in modules
    assert not modules & {"polars", "numba", "numpy", "pandas", "pyarrow", "narwhals", "rich", "typer", "evenwicht.engines.reading"}


def test_the_real_importers_load_nothing_heavy_in_a_worker() -> None:
    code = ("import sys, evenwicht.engines.workers.worker as w; from evenwicht.engines.workers.one_file import IMPORTERS; "
            "from evenwicht.registry import members; assert len(members(IMPORTERS)) > 10; print(*sys.modules)")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert not set(ran.stdout.split()) & {"polars", "numba", "numpy", "pandas", "pyarrow", "narwhals"}


def test_what_an_answer_names_is_not_run(terms: Terms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = read_all(tasks_for(tmp_path, "takes_over"), terms, TIGHT, 1)
    assert "broke the process" in said(done[0])
    assert not (tmp_path / "taken").exists()


def test_an_answer_about_another_file_ends_who_gave_it(terms: Terms, tmp_path: Path) -> None:
    done = read_all(tasks_for(tmp_path, "gives", "forges", "gives"), terms, TIGHT, 1)
    assert heights(done) == [1, 0, 1]
    assert "broke the process that read it (SIGKILL)" in said(done[1])


def test_half_characters_and_odd_values_become_plain_text(terms: Terms, tmp_path: Path) -> None:
    tasks = tasks_for(tmp_path, "halves")
    done = read_all(tasks, terms, TIGHT, 1)
    assert done[0].reading.problems == [Problem("0-halves", "?", "Half {of} {path}.", "", "error", {"of": "a ?", "path": str(tasks[0].path)})]


def test_the_wrong_call_about_the_first_file_is_raised(terms: Terms, tmp_path: Path) -> None:
    tasks = tasks_for(tmp_path, *["gives"] * 20, "refuses", *["gives"] * 20, "refuses", *["gives"] * 20)
    with pytest.raises(FileMissing, match=f"20-refuses names no layout, nor {tmp_path}/20-refuses") as caught:
        read_all(tasks, terms, TIGHT, 2)
    assert caught.value.exit_code == 2


def test_the_only_file_that_two_claim_is_a_wrong_call(terms: Terms, tmp_path: Path) -> None:
    both = tasks_for(tmp_path, "gives shouts")
    with pytest.raises(WrongCall, match="claimed by two importers, gives and shouts"):
        read_all(both, Terms(now=NOW, pseudonym=Pseudonyms(b"k"), importers=PACKAGE, alone=True), TIGHT, 1)
    done = read_all(both, terms, TIGHT, 1)
    assert "Two importers claim this file: gives and shouts" in said(done[0])


def test_progress_is_told_within_a_file(terms: Terms, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    tasks = tasks_for(tmp_path, "crawls", "gives", "unknown " * 10)
    read_all(tasks, terms, TIGHT, 1, lambda task, dealt: told.append((task.label, dealt)))
    crawled = [dealt for label, dealt in told if label == "0-crawls"]
    assert len(crawled) > 2
    assert crawled == sorted(crawled)
    assert crawled[-1] == 50
    assert ("2-unknown", tasks[2].size) in told


@pytest.mark.parametrize("start, executable, reason", [
    ("pass", None, "exit code 0"), ("import sys; sys.exit(7)", None, "exit code 7"), ("pass", "/nowhere/python", "No such file"),
])
def test_where_no_process_starts_it_is_said(start: str, executable: str | None, reason: str, terms: Terms, tmp_path: Path,
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_START", start)
    if executable:
        monkeypatch.setattr(sys, "executable", executable)
    with pytest.raises(NoProcessError, match=reason) as caught:
        read_all(tasks_for(tmp_path, "gives", "gives"), terms, TIGHT, 2)
    assert caught.value.done == {}


def test_a_process_that_never_gets_ready_is_not_waited_for(terms: Terms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_START", "import time; time.sleep(600)")
    monkeypatch.setattr(pool, "SLOWEST_START", 0.2)
    with pytest.raises(NoProcessError, match="no answer"):
        read_all(tasks_for(tmp_path, "gives"), terms, TIGHT, 1)


def test_with_fewer_processes_than_wanted_it_goes_on(terms: Terms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def popen(*args: object, **more: object) -> object:
        if started:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        started.append(process(*args, **more))  # type: ignore[call-overload]
        return started[0]

    process = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", popen)
    assert heights(read_all(tasks_for(tmp_path, *["gives"] * 9), terms, TIGHT, 3)) == [1] * 9


def test_the_time_in_which_this_process_was_stopped_does_not_count(terms: Terms, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def get(self, timeout: float) -> None:
            raise Empty

    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    hall = pool._Pool(terms, TIGHT, 1, lambda _task, _dealt: None)
    worker = pool._Worker(process, deadline=110.0, listener=threading.Thread(target=bool))
    worker.listener.start()
    hall._workers.append(worker)
    hall._inbox = Silent()  # type: ignore[assignment]
    with hall:
        clock = iter([100.0, 500.0])
        monkeypatch.setattr(pool.time, "monotonic", lambda: next(clock))
        hall._listen()
        assert (worker.deadline, worker.late) == (110.0 + 390.0, False)
        monkeypatch.undo()
    assert process.returncode == -signal.SIGKILL


def test_a_process_that_does_not_end_is_ended(terms: Terms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SLOWEST_END", 0.05)
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    worker = pool._Worker(process, 0.0, ready=True, listener=threading.Thread(target=bool))
    worker.listener.start()
    assert pool._Pool(terms, TIGHT, 1, lambda _task, _dealt: None)._ended(worker) == -signal.SIGKILL


def test_how_a_process_ended_is_said() -> None:
    assert [pool._how(code) for code in (0, 3, -9, -200)] == ["exit code 0", "exit code 3", "SIGKILL", "signal 200"]


class Left(Exception):
    """Instead of the end of the test."""


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker in this process: it must not end it, nor limit it."""
    def leave(code: int) -> None:
        raise Left(code)

    monkeypatch.setattr(worker.os, "_exit", leave)
    monkeypatch.setattr(worker, "_limit", lambda _memory, _seconds: None)
    monkeypatch.setattr(worker, "_listen", lambda given, batches: batches.put(pickle.load(given)) or batches.put(None))


def served(terms: Terms, tasks: list[Task], answers: io.BytesIO) -> list[tuple[object, ...]]:
    worker.serve(io.BytesIO(pickle.dumps((terms, TIGHT)) + pickle.dumps(tasks)), answers)
    answers.seek(0)
    said = []
    while answers.tell() < len(answers.getvalue()):
        said.append(pickle.load(answers))
    return said


def test_a_worker_says_what_it_does(held: None, terms: Terms, tmp_path: Path) -> None:
    answers = served(terms, tasks_for(tmp_path, "gives", "crawls", "refuses", "stumbles"), io.BytesIO())
    assert [answer[:2] for answer in answers if answer[0] != "dealt"] == [("ready",), ("read", 0), ("read", 1), ("wrong", 2), ("read", 3)]
    assert answers[-2] == ("wrong", 2, "FileMissing", "{file} names no layout, nor {other}.",
                           {"file": "2-refuses", "other": str(tmp_path / "2-refuses")})


def test_a_worker_without_memory_leaves_with_its_own_code(held: None, terms: Terms, tmp_path: Path) -> None:
    with pytest.raises(Left, match=str(worker.EXHAUSTED)):
        served(terms, tasks_for(tmp_path, "starves"), io.BytesIO())


def test_a_worker_to_whom_nobody_listens_leaves(held: None, terms: Terms, tmp_path: Path) -> None:
    class Deaf(io.BytesIO):
        def write(self, _data: object) -> int:
            raise BrokenPipeError

    with pytest.raises(Left, match="0"):
        served(terms, tasks_for(tmp_path, "gives"), Deaf())


def test_when_nothing_comes_any_more_a_worker_ends_whatever_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(code: int) -> None:
        raise Left(code)

    monkeypatch.setattr(worker.os, "_exit", leave)
    monkeypatch.setattr(worker, "GRACE", 0)
    batches: SimpleQueue[list[Task] | None] = SimpleQueue()
    with pytest.raises(Left):
        worker._listen(io.BytesIO(pickle.dumps([1]) + b"\x80"), batches)
    assert (batches.get(), batches.get()) == ([1], None)


def test_the_only_file_that_two_claim_is_a_wrong_call_here_too(terms: Terms, tmp_path: Path) -> None:
    (both,) = tasks_for(tmp_path, "gives shouts")
    with pytest.raises(WrongCall, match="two importers"):
        read_file(both, replace(terms, alone=True), lambda _n: None)
    assert "Two importers" in said(read_file(both, terms, lambda _n: None))


def test_a_worker_ends_when_nobody_listens_any_more(hostile: Path, tmp_path: Path) -> None:
    (task,) = tasks_for(tmp_path, "waits")
    code = f"""
from datetime import datetime
from pathlib import Path
from evenwicht.engines.workers.pool import Limits, Task, Terms, read_all
from evenwicht.ledger.persons import Pseudonyms
terms = Terms(now=datetime(2026, 1, 1), pseudonym=Pseudonyms(b"k"), importers={PACKAGE!r})
read_all([Task(0, Path({str(task.path)!r}), "x", 1)], terms, Limits(), 1)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": os.pathsep.join([str(hostile), *sys.path])})
    noted = task.path.with_suffix(".pid")
    _until(lambda: noted.exists() and noted.read_text() != "")
    parent.kill()
    parent.wait()
    _until(lambda: not _lives(int(noted.read_text())))


def _until(so: object) -> None:
    for _ in range(600):
        if so():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError("It did not come about within a minute.")


def _lives(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked after (a zombie) does not."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.parametrize("way", ["script", "input"])
def test_reading_works_in_a_script_without_a_guard_and_from_standard_input(way: str, examples: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(f"""
import evenwicht as ew
print("once")
ledger, problems = ew.read({str(examples / "berk" / "agenda")!r}, us="berk.example")
print(len(ledger) > 0, problems)
""", "utf-8")
    (tmp_path / "pickle.py").write_text("raise SystemExit('a file of the folder one stands in was run')", "utf-8")
    path = os.pathsep.join(entry for entry in sys.path if entry)
    ran = subprocess.run(
        [sys.executable, "-P", *([str(script)] if way == "script" else ["-"])], input=script.read_text("utf-8"), capture_output=True, text=True,
        check=False, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path, "EVENWICHT_HOME": str(tmp_path / "home")})
    assert (ran.stdout.split("\n")[0], ran.stdout.split("\n")[1]) == ("once", "True []"), ran.stderr


# ---------------------------------------------------------------- batches and limits

@given(st.lists(st.integers(0, 20_000_000), min_size=1, max_size=300), st.integers(1, 8), st.integers(1, 64))
def test_batches_hold_every_file_once_and_are_small(sizes: list[int], workers: int, most: int) -> None:
    tasks = [Task(number, Path(str(number)), str(number), size) for number, size in enumerate(sizes)]
    made = batches(tasks, workers, most)
    assert sorted(task.number for batch in made for task in batch) == list(range(len(sizes)))
    for batch in made:
        assert 1 <= len(batch) <= most
        assert len(batch) == 1 or sum(task.size for task in batch) <= pool.BATCH_BYTES
        assert [task.number for task in batch] == list(range(batch[0].number, batch[0].number + len(batch)))


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_larger_file_has_no_less_time_and_memory(one: int, other: int) -> None:
    small, large = sorted((one, other))
    limits = Limits()
    assert limits.seconds_for(small) <= limits.seconds_for(large)
    assert limits.memory_for(small) <= limits.memory_for(large)


def test_ordinary_files_have_the_plain_limits() -> None:
    limits = Limits()
    assert (limits.seconds_for(10_000_000), limits.memory_for(10_000_000)) == (10, 1024 * MIB)
    assert limits.seconds_for(20_000_000) == 30
    assert limits.files == 64


def test_no_more_workers_than_the_files_are_worth() -> None:
    assert Limits().workers_for(1, 10**12) == 1
    assert Limits().workers_for(10, 10_000) == 1
    assert Limits().workers_for(10_000, 10**9) == min(8, cores())
    assert Limits(workers=3).workers_for(10, 10) == 3
    assert Limits(workers=3).workers_for(2, 10) == 2
    assert Limits(workers=0).workers_for(10, 10**9) == 0


def test_without_files_there_is_no_process() -> None:
    assert Limits().workers_for(0, 0) == 0


# ---------------------------------------------------------------- columns

moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  aware by the strategy
texts = st.text(max_size=8)
maybe = st.none() | texts
events = st.builds(
    Event, texts, moments, texts, texts, texts, st.none() | st.floats(allow_nan=False), texts, maybe, maybe, maybe, maybe, st.none() | moments,
    st.booleans(), st.lists(texts, max_size=3).map(tuple), st.lists(texts, max_size=3).map(tuple), st.integers(-2**63, 2**63 - 1))


@given(st.lists(events, max_size=6), st.integers(0, 6))
def test_packed_columns_are_the_rows_of_the_table(found: list[Event], cut: int) -> None:
    assert rows([packed(found[:cut]), packed(found[cut:])]).equals(frame_of(found))


def test_no_events_are_an_empty_table() -> None:
    assert rows([]).equals(empty())
    assert rows([packed([])]).schema == empty().schema


def test_half_a_character_becomes_a_question_mark() -> None:
    frame = rows([packed([Event("\ud83d", NOW, "a", "b", "message", evidence=("x\udc00",))])])
    assert (frame["id"][0], frame["evidence"][0].to_list()) == ("?", ["x?"])


# ---------------------------------------------------------------- real files

def test_an_event_that_is_none_is_a_mistake_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from evenwicht import registry

    text = tmp_path / "x.eml"
    text.write_text("From: a@b.nl\nTo: c@d.nl\nSubject: x\nDate: Mon, 6 Jan 2025 09:00:00 +0000\n\nx", "utf-8")
    wrong = Event("id", NOW, "a", "b", "message", version=2**70)
    monkeypatch.setattr(registry.members("evenwicht.importers")["mail"], "read", lambda source: Reading(events=[wrong], label=source.label))
    outcome = read_file(Task(0, text, "x.eml", 1), Terms(now=NOW, pseudonym=Pseudonyms(b"k")), lambda _n: None)
    assert "made a mistake on this file (OverflowError)" in said(outcome)


def test_a_file_that_cannot_be_opened_or_is_empty_is_a_problem(tmp_path: Path) -> None:
    terms = Terms(now=NOW, pseudonym=Pseudonyms(b"k"))
    (tmp_path / "empty").touch()
    assert "cannot be opened: No such file" in said(read_file(Task(0, tmp_path / "x", "x", 0), terms, lambda _n: None))
    assert "is empty" in said(read_file(Task(0, tmp_path / "empty", "x", 0), terms, lambda _n: None))


def test_every_hostile_file_is_answered(shared: Path | None) -> None:
    if shared is None:
        return
    files = sorted(path for path in (shared / "fixtures" / "security").iterdir() if path.suffix != ".tsv")
    tasks = [Task(number, path, path.name, path.stat().st_size) for number, path in enumerate(files)]
    done = read_all(tasks, Terms(now=NOW, pseudonym=Pseudonyms(b"k")), Limits(), 2)
    assert len(done) == len(tasks)
    for number, outcome in done.items():
        reading = outcome.reading
        answered = heights({number: outcome})[0] or reading.problems or reading.mentions or reading.counted
        assert answered, f"{tasks[number].label} gave nothing and no reason"
        assert not outcome.mistake, outcome.mistake
        assert not any("longer than" in problem.what or "memory" in problem.what for problem in reading.problems), tasks[number].label
