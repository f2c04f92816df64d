"""How much one file may take of the machine, and what is said when it takes more."""

from __future__ import annotations

import os
from dataclasses import dataclass

from evenwicht.ledger.problems import Problem

MIB = 1 << 20
ORDINARY = 10_000_000
"""Bytes up to which a file has the plain limit of time; a mailbox of many gigabytes is no attack."""
AMPLE = 64 * MIB
"""Bytes up to which a file has the plain limit of memory."""
MOST_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take.

    workers   how many processes; None = as many as there are cores to run on, at most 8, and no more than the files are
              worth; 0 = read in this process, without limits
    seconds   of computing, for a file of up to 10 MB; a larger one has twice that for each further 10 MB. Counted by the
              system as processor time where it can, so that a busy machine loses no file
    patience  how many times `seconds` may pass on the clock: for a reader that waits and does not compute
    memory    bytes of address space, for a file of up to 64 MiB; a larger one has four more for each further byte
    files     most files in one batch
    """

    workers: int | None = None
    seconds: float = 10.0
    patience: float = 6.0
    memory: int = 1024 * MIB
    files: int = 64

    def seconds_for(self, size: int) -> float:
        """Seconds of computing that a file of this many bytes may take."""
        return self.seconds * (1 + 2 * max(0, size - ORDINARY) / ORDINARY)

    def memory_for(self, size: int) -> int:
        """Bytes of address space that a process may have while it reads a file of this many bytes."""
        return self.memory + 4 * max(0, size - AMPLE)

    def workers_for(self, files: int, size: int) -> int:
        """How many processes so many files and bytes are worth: starting one costs about as much as reading a megabyte."""
        if self.workers is not None:
            return min(self.workers, files)
        worth = max(size // 500_000, files // 32, 1)
        return min(cores(), MOST_WORKERS, worth, files)


def cores() -> int:
    """Processors that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def took_too_long(label: str, seconds: float) -> Problem:
    """A file that was still being read when its time was over."""
    return Problem(
        label, "", "Reading this file took longer than {seconds} seconds; nothing of it was read.",
        "Open it in the program it came from, and export it again in smaller parts; the other files were read.", "error",
        {"seconds": f"{seconds:.10g}" if seconds < 10 else f"{seconds:.0f}"})  # noqa: PLR2004  3.5 seconds, but 35


def took_too_much(label: str, memory: int) -> Problem:
    """A file whose reader asked for more memory than there is for it."""
    return Problem(
        label, "", "Reading this file needed more than {mebibytes} MiB of memory; nothing of it was read.",
        "Open it in the program it came from, and export it again in smaller parts; the other files were read.", "error",
        {"mebibytes": memory // MIB})


def broke_its_process(label: str, how: str) -> Problem:
    """A file that ended the process in which it was read alone."""
    return Problem(
        label, "", "Reading this file broke the process that read it ({how}); nothing of it was read.",
        "It may be damaged: export it again. If that does not help, please report it; the other files were read.", "error",
        {"how": how})


def without_processes(reason: str) -> Problem:
    """Reading went on in this process, because no other could be started."""
    return Problem(
        "", "", "No separate processes could be started to read the files in ({reason}); they were read without limits on time and memory.",
        "Nothing was lost. Read files of strangers only where new processes can be started.", "warning", {"reason": reason})
