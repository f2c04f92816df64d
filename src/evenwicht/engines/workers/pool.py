"""Starts worker processes, hands out the files, ends who stays too long, and gathers what became of each file.

A process is a new interpreter and not a copy of this one: it holds none of this program's memory, and starting it does not
run the user's script again (`multiprocessing` would, and a script without a guard would start itself over and over).
"""

from __future__ import annotations

import math
import pickle
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Self

from evenwicht.engines.workers.limits import Limits, broke_its_process, took_too_long, took_too_much
from evenwicht.engines.workers.one_file import Outcome, Task, Terms, unread
from evenwicht.engines.workers.worker import EXHAUSTED
from evenwicht.errors import WrongCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_START = ("import sys, pickle; sys.path[:] = pickle.load(sys.stdin.buffer); "
          "from evenwicht.engines.workers.worker import main; main()")
SLOWEST_START = 60.0
"""Seconds after which a process that has not said that it is ready never will."""
SLOWEST_END = 2.0
"""Seconds after which a process that does not end is ended."""
BATCHES_EACH = 4
"""A worker gets its share in about so many batches: few, and yet none waits long for another."""
BATCH_BYTES = 8_000_000
LEAST_BATCH_BYTES = 100_000
_MAY_COME = {
    ("builtins", "set"), ("collections", "Counter"), ("datetime", "datetime"), ("datetime", "date"), ("datetime", "timedelta"),
    ("datetime", "timezone"), ("decimal", "Decimal"), ("evenwicht.engines.workers.one_file", "Outcome"),
    ("evenwicht.engines.workers.columns", "Columns"), ("evenwicht.engines.workers.columns", "Packed"),
    ("evenwicht.importers.source", "Reading"), ("evenwicht.importers.source", "MailTally"),
    ("evenwicht.ledger.problems", "Problem"), ("evenwicht.ledger.coverage", "Coverage"), ("evenwicht.ledger.mentions", "Mention"),
}
"""All that an answer is made of. A pickle may name anything; what a hostile file has taken over must not."""
_WRONG: dict[str, type[WrongCall]] = {"WrongCall": WrongCall} | {kind.__name__: kind for kind in WrongCall.__subclasses__()}
_BROKEN = (pickle.UnpicklingError, OSError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError)


class NoProcessError(Exception):
    """No worker process could be started. `done` is what was read before."""

    def __init__(self, reason: str, done: dict[int, Outcome]) -> None:
        super().__init__(reason)
        self.done = done


class _Answers(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _MAY_COME:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


@dataclass(eq=False, slots=True)
class _Worker:
    """A process, the files in its hands (the first is being read), and the moment on the clock at which it is late."""

    process: subprocess.Popen[bytes]
    deadline: float
    ready: bool = False
    late: bool = False
    alone: bool = False
    tasks: list[Task] = field(default_factory=list)
    listener: threading.Thread | None = None

    def send(self, *things: object) -> None:
        assert self.process.stdin is not None
        with suppress(OSError):  # it has gone: the listener tells
            for thing in things:
                pickle.dump(thing, self.process.stdin, protocol=5)
            self.process.stdin.flush()


def read_all(
    tasks: Sequence[Task], terms: Terms, limits: Limits, workers: int,
    advance: Callable[[Task, int], None] = lambda _task, _dealt: None,
) -> dict[int, Outcome]:
    """Read files in worker processes. Returns what became of each, by its number; it does not depend on who was ready first.

    workers  how many processes at most, at least 1
    advance  told, for a file, how many of its bytes have been dealt with so far

    Raises WrongCall as `one_file.read_file` does, and NoProcessError when no process can be started.
    """
    with _Pool(terms, limits, workers, advance) as pool:
        return pool.read(batches(tasks, workers, limits.files))


def batches(tasks: Iterable[Task], workers: int, most: int) -> list[list[Task]]:
    """Files in their order in batches of at most `most` files and about equal bytes; the largest batch first."""
    tasks = list(tasks)
    files = min(most, math.ceil(len(tasks) / (workers * BATCHES_EACH)))
    share = sum(task.size for task in tasks) // (workers * BATCHES_EACH)
    size = min(BATCH_BYTES, max(LEAST_BATCH_BYTES, share))
    made: list[list[Task]] = []
    held = 0
    for task in tasks:
        if not made or len(made[-1]) >= files or held + task.size > size:
            made.append([])
            held = 0
        made[-1].append(task)
        held += task.size
    return sorted(made, key=lambda batch: -sum(task.size for task in batch))


class _Pool:
    def __init__(self, terms: Terms, limits: Limits, most: int, advance: Callable[[Task, int], None]) -> None:
        self._terms, self._limits, self._most, self._advance = terms, limits, most, advance
        self._workers: list[_Worker] = []
        self._inbox: SimpleQueue[tuple[_Worker, tuple[Any, ...]]] = SimpleQueue()
        self._waiting: list[list[Task]] = []
        self._done: dict[int, Outcome] = {}
        self._wrong: tuple[int, WrongCall] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        for worker in self._workers:
            if kind is not None or worker.tasks or not worker.ready:
                worker.process.kill()
            assert worker.process.stdin is not None
            with suppress(OSError):
                worker.process.stdin.close()
        for worker in self._workers:
            self._ended(worker)

    def read(self, waiting: list[list[Task]]) -> dict[int, Outcome]:
        self._waiting = waiting
        while self._waiting or any(worker.tasks for worker in self._workers):
            while len(self._workers) < min(self._most, len(self._waiting) + sum(bool(w.tasks) for w in self._workers)):
                self._start()
            self._hand_out()
            self._listen()
        if self._wrong is not None:
            raise self._wrong[1]
        return self._done

    def _start(self) -> None:
        # -I: neither the folder one stands in nor PYTHONPATH decides what is imported; the path of this process does
        command = [sys.executable, "-I", *(["-X", "utf8"] if sys.flags.utf8_mode else []), "-c", _START]
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
        except OSError as error:
            self._not_started(error.strerror or type(error).__name__)
            return
        worker = _Worker(process, time.monotonic() + SLOWEST_START)
        worker.listener = threading.Thread(target=self._hear, args=(worker,), daemon=True)
        worker.listener.start()
        self._workers.append(worker)
        worker.send([entry or str(Path.cwd()) for entry in sys.path], (self._terms, self._limits))

    def _not_started(self, reason: str) -> None:
        """Go on with the processes that are there; without any there is no way on."""
        if not self._workers:
            raise NoProcessError(reason, self._done)
        self._most = len(self._workers)

    def _hear(self, worker: _Worker) -> None:
        """Runs beside, one for each worker: passes on what it says, and at last that it has gone."""
        assert worker.process.stdout is not None
        try:
            while True:
                self._inbox.put((worker, _Answers(worker.process.stdout).load()))
        except EOFError:
            pass
        except _BROKEN:  # cut off as it ended, or no answer of ours
            worker.process.kill()
        self._inbox.put((worker, ("gone",)))

    def _hand_out(self) -> None:
        for worker in self._workers:
            if self._waiting and worker.ready and not worker.tasks:
                worker.tasks = self._waiting.pop(0)
                worker.alone = len(worker.tasks) == 1
                self._begin(worker)
                worker.send(list(worker.tasks))

    def _begin(self, worker: _Worker) -> None:
        if worker.tasks:
            worker.deadline = time.monotonic() + self._limits.patience * self._limits.seconds_for(worker.tasks[0].size)

    def _listen(self) -> None:
        """Deal with one message, or end who is late."""
        at_work = [worker for worker in self._workers if not worker.late and (worker.tasks or not worker.ready)]
        now = time.monotonic()
        wait = max(0.0, min((worker.deadline for worker in at_work), default=now + 1) - now)
        try:
            worker, message = self._inbox.get(timeout=wait + 0.01)
        except Empty:
            lost = time.monotonic() - now - wait
            if lost > 1:  # this process itself was stopped and went on later (Ctrl-Z, a closed lid): so were the others
                for worker in at_work:
                    worker.deadline += lost
                return
            for worker in at_work:
                if worker.deadline <= time.monotonic():
                    worker.late = True
                    worker.process.kill()
            return
        match message:
            case ("ready",):
                worker.ready = True
            case ("dealt", int(), int(dealt)) if worker.tasks:
                self._advance(worker.tasks[0], dealt)
            case ("read", int(number), Outcome() as outcome, int(dealt)) if worker.tasks and number == worker.tasks[0].number:
                self._finish(worker.tasks.pop(0), outcome, dealt)
                self._begin(worker)
            case ("wrong", int(number), str(name), str(template), dict(values)) if worker.tasks and name in _WRONG:
                self._note_wrong(number, _WRONG[name](template, **values))
                del worker.tasks[0]
                self._begin(worker)
            case ("gone",):
                self._bury(worker)
            case _:  # no answer of ours
                worker.process.kill()

    def _finish(self, task: Task, outcome: Outcome, dealt: int = 0) -> None:
        self._done[task.number] = outcome
        self._advance(task, max(dealt, task.size))

    def _note_wrong(self, number: int, error: WrongCall) -> None:
        """A wrong call ends the reading: the one about the first file counts, so files before it are still looked at."""
        if self._wrong is None or number < self._wrong[0]:
            self._wrong = (number, error)
        self._waiting = [batch for batch in self._waiting if batch[0].number < self._wrong[0]]

    def _bury(self, worker: _Worker) -> None:
        """A process has gone: its file is the cause, or is tried again alone; the others in its hands are read one by one."""
        self._workers.remove(worker)
        code = self._ended(worker)
        if not worker.ready:
            self._not_started("no answer" if worker.late else _how(code))
        if not worker.tasks:
            return
        task, *rest = worker.tasks
        seconds = self._limits.seconds_for(task.size)
        if worker.late:
            self._finish(task, unread(took_too_long(task.label, seconds * self._limits.patience)))
        elif code == -getattr(signal, "SIGXCPU", 0):
            self._finish(task, unread(took_too_long(task.label, seconds)))
        elif not worker.alone:
            rest.insert(0, task)
        elif code == EXHAUSTED:
            self._finish(task, unread(took_too_much(task.label, self._limits.memory_for(task.size))))
        else:
            self._finish(task, unread(broke_its_process(task.label, _how(code))))
        self._waiting[:0] = [[task] for task in rest]

    def _ended(self, worker: _Worker) -> int:
        """Wait until a process has ended, and let go of its pipes. Returns its exit code."""
        try:
            code = worker.process.wait(timeout=SLOWEST_END)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            code = worker.process.wait()
        assert worker.process.stdin is not None
        assert worker.process.stdout is not None
        assert worker.listener is not None
        with suppress(OSError):
            worker.process.stdin.close()
        worker.listener.join()
        worker.process.stdout.close()
        return code


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
