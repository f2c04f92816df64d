"""The application as people start it: `evenwicht serve` in a home of its own, with its worker beside."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
PATIENCE = 90


@dataclass(frozen=True)
class Served:
    """A running server: its address and the link of the first run."""

    address: str
    first: str
    process: subprocess.Popen[str]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def serve(home: Path) -> Served:
    """Start the server and wait until it can work."""
    port = free_port()
    told = home / "told.txt"
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "EVENWICHT_URL", "HOST", "DJANGO_SETTINGS_MODULE"}}
    environment |= {"EVENWICHT_HOME": str(home / "home"), "PYTHONPATH": str(SOURCE), "PORT": str(port), "EVENWICHT_LANG": "en"}
    with told.open("w") as output:
        process = subprocess.Popen([sys.executable, "-m", "evenwicht.cli", "serve", "--workers", "1"], env=environment, cwd=home, text=True,
                                   stdout=output, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        if process.poll() is not None:
            break
    else:
        process.kill()
    first = re.search(r"http\S+/accounts/first/\S+", told.read_text("utf-8"))
    assert first is not None, told.read_text("utf-8")
    return Served(address, first[0], process)
