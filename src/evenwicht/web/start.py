"""Starting: the database brought up to date, static files in place, the server, a worker beside it, the way in."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from evenwicht.errors import WrongCall
from evenwicht.web.environment import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

SETTINGS = "evenwicht.web.settings"
BLOCKING_THREADS = 4


def set_up() -> None:
    """Make Django ready in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()


def prepare() -> None:
    """Bring the database and the static files to what this release needs; nothing to do the second time."""
    os.umask(0o077)  # what is kept is for this account alone
    set_up()
    _migrate()
    _collect()


def _migrate() -> None:
    """Apply the migrations. A new SQLite file is written without waiting for the disk: if that is cut off, it is begun anew."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    fresh = connection.vendor == "sqlite" and not executor.loader.applied_migrations
    if fresh:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    if fresh:
        connections.close_all()


def _collect() -> None:
    """Static files under names of their content, where the release or one of them changed."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".made-from"
    made_from = "\n".join(sorted(f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in _sources()))
    if stamp.is_file() and stamp.read_text("utf-8") == made_from:
        return
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)
    stamp.write_text(made_from, "utf-8")  # last: what was cut off is made anew


def _sources() -> list[Path]:
    from django.contrib.staticfiles.finders import get_finders

    return [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list(())]


# the ways in ----------------------------------------------------------------------------------------------------------


def base() -> str:
    """The address the application is reached under."""
    here = environment()
    if here.url:
        return here.url
    host = "127.0.0.1" if here.host in {"0.0.0.0", "::"} else f"[{here.host}]" if ":" in here.host else here.host  # noqa: S104
    return f"http://{host}:{here.port}"


def listening() -> tuple[str, int]:
    """Address and port to listen on."""
    here = environment()
    return here.host, here.port


def free() -> None:
    """Raises WrongCall where another program listens already."""
    host, port = listening()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as error:
            raise WrongCall("{host} port {port} cannot be listened on: {reason}. Choose another with PORT and HOST.", host=host, port=port,
                            reason=error.strerror or str(error)) from None


def first_link() -> str | None:
    """The address of the first-run page, where there is no account yet."""
    from evenwicht.web.people import acts, queries

    return None if queries.anybody() else f"{base()}/accounts/first/{acts.make_link(None)}/"


def sign_in_link(email: str, lasts: timedelta | None = None) -> str:
    """A one-time link for somebody who has an account. Raises WrongCall for one who has none."""
    from evenwicht.web.people import acts, queries

    person = queries.person_by_email(email)
    if person is None:
        raise WrongCall("Nobody here has the mail address {value}. The page of people gives a seat.", value=email)
    return f"{base()}/accounts/link/{acts.make_link(person) if lasts is None else acts.make_link(person, lasts)}/"


# the server and the worker ---------------------------------------------------------------------------------------------


def serve(*, host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serve until stopped. With `with_worker` a worker process runs beside, and is started again where it ends."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    stop = threading.Event()
    beside = threading.Thread(target=_keep_a_worker, args=(stop,), daemon=True) if with_worker else None
    if beside is not None:
        beside.start()
    connections.close_all()
    try:
        Granian("evenwicht.web.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
                blocking_threads=BLOCKING_THREADS, log_access=False, log_level=LogLevels.warning, websockets=False,
                respawn_failed_workers=True).serve()
    finally:
        stop.set()
        if beside is not None:
            beside.join(timeout=10)


def _keep_a_worker(stop: threading.Event) -> None:
    """A worker process, and another one where it ended by itself."""
    while not stop.is_set():
        process = subprocess.Popen([sys.executable, "-m", "evenwicht.web.start"], env={**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS})
        while process.poll() is None and not stop.wait(0.5):
            pass
        for sign in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):  # after this task; now; at once
            if process.poll() is None:
                process.send_signal(sign)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=1.5)
        stop.wait(1.0)


def work(arguments: Sequence[str] = (), told: Callable[[], None] = lambda: None) -> None:
    """Do what waits to be done, until stopped."""
    set_up()
    from evenwicht.web.books.waiting import pick_up

    pick_up()
    told()
    call_command("db_worker", *arguments, interval=0.5, startup_delay=False, reload=False, verbosity=0)


if __name__ == "__main__":
    work()
