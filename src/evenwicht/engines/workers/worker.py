"""What runs in a worker process: it is told the terms, then given batches of files, and says what became of each.

Both ways go pickles, one after the other: in come the terms and then lists of `Task`; out go tuples, `("ready",)`,
`("dealt", number, bytes so far)`, `("read", number, outcome, bytes)` and `("wrong", number, name of the error, template, values)`.
"""

from __future__ import annotations

import gc
import math
import os
import pickle
import signal
import sys
import threading
import time
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING

from evenwicht import registry
from evenwicht.engines.workers.one_file import Task, Terms, plain, read_file
from evenwicht.errors import WrongCall

if TYPE_CHECKING:
    from typing import BinaryIO

    from evenwicht.engines.workers.limits import Limits

EXHAUSTED = 83
"""Exit code of a process that could get no more memory."""
EVERY = 0.1
"""Seconds between two messages about one file."""
COLLECT_EVERY = 50_000
"""New objects between two searches for rings of objects that only hold each other. Readers make none, and the 700 of the language
would have all that a file gave looked at over and over: a fifth of the time on MT940, little elsewhere."""
GRACE = 1.0
"""Seconds in which a process that nobody listens to any more may end by itself."""


def main() -> None:
    """Serve on standard input and output. Nothing that a library prints can get between the answers."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; who started this process ends it
    gc.set_threshold(COLLECT_EVERY, 20, 100)
    serve(sys.stdin.buffer, answers)


def serve(given: BinaryIO, answers: BinaryIO) -> None:
    """Read the files that are handed out, until nothing comes any more, or no more memory is to be had."""
    terms, limits = pickle.load(given)  # noqa: S301  from the process that started this one
    registry.members(terms.importers)
    batches: SimpleQueue[list[Task] | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(given, batches), daemon=True).start()
    try:
        _say(answers, "ready")
        while (batch := batches.get()) is not None:
            for task in batch:
                _take(task, terms, limits, answers)
    except MemoryError:
        os._exit(EXHAUSTED)
    except BrokenPipeError:
        os._exit(0)


def _listen(given: BinaryIO, batches: SimpleQueue[list[Task] | None]) -> None:
    """Pass on what comes in. When it ends while a file is being read, nobody is left to stop that: then this does."""
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            batches.put(pickle.load(given))  # noqa: S301  as above
    batches.put(None)
    time.sleep(GRACE)
    os._exit(0)


def _take(task: Task, terms: Terms, limits: Limits, answers: BinaryIO) -> None:
    _limit(limits.memory_for(task.size), limits.seconds_for(task.size))
    dealt, said = 0, time.monotonic()

    def advance(count: int) -> None:
        nonlocal dealt, said
        dealt += count
        if time.monotonic() - said >= EVERY:
            said = time.monotonic()
            _say(answers, "dealt", task.number, dealt)

    try:
        outcome = read_file(task, terms, advance)
    except WrongCall as error:
        _say(answers, "wrong", task.number, type(error).__name__, error.phrase.template,
             {key: plain(value) for key, value in error.phrase.values.items()})
    else:
        _say(answers, "read", task.number, outcome, dealt)


def _say(answers: BinaryIO, *message: object) -> None:
    pickle.Pickler(answers, protocol=5).dump(message)
    answers.flush()


def _limit(memory: int, seconds: float) -> None:
    """Set what the next file may take of this process, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    computed = math.ceil(time.process_time() + seconds)
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, computed), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        with suppress(ValueError, OSError):  # a system that knows the limit and does not take it
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
