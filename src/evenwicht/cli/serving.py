"""The commands that serve: `serve` and `worker`. The web is an extra, so it is looked for when it is asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evenwicht.cli.speaking import say
from evenwicht.cli.speaking import translate as _
from evenwicht.engines.home import home
from evenwicht.errors import WrongCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 120
"""Seconds the server may take to answer before it is given up."""


def web() -> Any:
    """The part that starts the web application. Raises WrongCall where it is not installed."""
    try:
        return import_module("evenwicht.web.start")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"django", "allauth", "granian", "whitenoise", "django_tasks", "django_tasks_db", "django_htmx"}:
            raise WrongCall("The web application is not installed: {module} is missing. Install evenwicht[web].", module=error.name) from None
        raise


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command(help=_("Serve the web application, with a worker beside it.\n\nExample: PORT=8000 evenwicht serve"))(serve)
    app.command(help=_("Do what waits beside the web application: reading files, working out relations.\n\nExample: evenwicht worker"))(worker)


def serve(
    host: Annotated[str | None, typer.Option("--host", metavar="ADDRESS", help=_("The address to listen on; default: HOST, else 127.0.0.1."))] = None,
    port: Annotated[int | None, typer.Option("--port", metavar="PORT", min=1, max=65535, help=_("The port to listen on; default: PORT, else 8000."))] = None,
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=1, max=64, help=_("Processes that answer."))] = 2,
    no_worker: Annotated[bool, typer.Option("--no-worker", help=_("No worker beside: “evenwicht worker” runs elsewhere."))] = False,
    link: Annotated[str | None, typer.Option("--link", metavar="ADDRESS", help=_("Print a one-time sign-in link for this mail address."))] = None,
) -> None:
    """Serve until Ctrl-C."""
    if host is not None:
        os.environ["HOST"] = host
    if port is not None:
        os.environ["PORT"] = str(port)
    start = web()
    start.free()
    start.prepare()
    if link is not None:
        typer.echo(start.sign_in_link(link))
    first = start.first_link()
    if first is not None:
        say("There is no account yet. This page makes the first one; it opens once, within a day:")
        typer.echo(first)
    say("Evenwicht is at {address} until Ctrl-C.", address=start.base())
    here = start.listening()
    start.serve(host=here[0], port=here[1], workers=workers, with_worker=not no_worker)


def worker() -> None:
    """Work until Ctrl-C."""
    start = web()
    start.prepare()
    start.work((), lambda: say("Working until Ctrl-C."))


@contextmanager
def demonstration() -> Iterator[Callable[[Path], None]]:
    """A server for the examples, in a home of its own, started at once; gives what brings their ledger to it and stays until Ctrl-C."""
    web().free()
    surroundings = {**os.environ, "EVENWICHT_HOME": str(home() / "demo")}
    surroundings.pop("DATABASE_URL", None)
    server = subprocess.Popen([sys.executable, "-m", "evenwicht.cli", "serve"], env=surroundings, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def stay(ledger: Path) -> None:
        address = web().base()
        _wait(address, server)
        told = subprocess.run([sys.executable, "-m", "evenwicht.web.demonstration", str(ledger.resolve())], env=surroundings,  # noqa: S603  ourselves
                              text=True, stdout=subprocess.PIPE, check=True).stdout
        say("Evenwicht is at {address} until Ctrl-C. These links sign in once, within a day:", address=address)
        for line in told.splitlines():
            role, _tab, link = line.partition("\t")
            typer.echo(f"{role}: {link}")
        sys.stdout.flush()
        server.wait()

    for sign in (signal.SIGINT, signal.SIGTERM):  # a shell may have told its children to ignore Ctrl-C
        signal.signal(sign, signal.default_int_handler)
    try:
        yield stay
    except KeyboardInterrupt:
        say("Stopped.")
    finally:
        server.terminate()
        try:
            server.wait(timeout=12)
        except subprocess.TimeoutExpired:  # with all it started
            os.killpg(server.pid, signal.SIGKILL)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server can work. Raises WrongCall where it ended or takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):  # noqa: S310  our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise WrongCall("The server did not start. “evenwicht serve” says why.")
