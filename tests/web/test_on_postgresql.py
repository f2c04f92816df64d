"""The same tests on PostgreSQL: a cluster of its own, made for this test and taken away."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
ALREADY = "EVENWICHT_TEST_DATABASE"
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def tools() -> Path:
    """Where PostgreSQL's programs are; installed from Debian where they are missing and this is root."""
    def found() -> Path | None:
        there = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb"))) or [path for path in [shutil.which("initdb")] if path]
        return Path(there[-1]).parent if there else None

    if found() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "postgresql"]):
            subprocess.run(command, env=quiet, check=True, capture_output=True)
    place = found()
    assert place is not None, "PostgreSQL is missing: install it (Debian and Ubuntu: apt-get install postgresql)"
    return place


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database in a cluster of its own."""
    programs, place = tools(), Path(tempfile.mkdtemp(prefix="evenwicht-pg-"))
    place.chmod(0o755)
    as_nobody = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_nobody:
        shutil.chown(place, "postgres")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]

    def run(*command: object) -> None:
        subprocess.run([*as_nobody, *map(str, command)], check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    run(programs / "initdb", "-D", place / "data", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres")
    run(programs / "pg_ctl", "-D", place / "data", "-w", "-l", place / "log", "-o",
        f"-p {port} -k {place} -c listen_addresses=127.0.0.1 {FAST}", "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", place / "data", "-m", "immediate", "stop")
        shutil.rmtree(place, ignore_errors=True)


def test_everything_about_rows_holds_on_postgresql_too(database: str) -> None:
    if ALREADY in os.environ:  # this run is the one on PostgreSQL
        return
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/web", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--deselect", "tests/web/test_answers.py",
         "--deselect", "tests/web/test_who_may.py", "--deselect", "tests/web/test_starting.py::test_a_worker_does_what_waits"],
        cwd=TOP, env={**os.environ, ALREADY: database, "PYTHONPATH": str(TOP / "src")}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout
