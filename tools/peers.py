#!/usr/bin/env python3
"""Makes .venv-peers from its own lock: Evenwicht with the programs that the benchmarks run beside it.

Called by `make bench` alone. Where a package cannot be had, the benchmarks run with what there is and say what is missing.
"""

import hashlib
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
VENV = TOP / ".venv-peers"
LOCK = TOP / "requirements-peers.lock"
STAMP = VENV / ".made-from"


def main():
    """Bring .venv-peers to what the lock says; returns the exit code."""
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return 0
    print("environment of the peers, about 1.5 GB, in .venv-peers", flush=True)
    python = VENV / "bin" / "python"
    uv = TOP / ".uv" / "bin" / "uv"
    try:
        if uv.exists():
            run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
            install = [uv, "pip", "install", "--quiet", "--python", python]
        else:
            run(sys.executable, "-m", "venv", "--clear", VENV)
            install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        # the lock is whole; convokit also asks for packages that only its learned models use, which it leaves out
        run(*install, "--no-deps", "--require-hashes", "-r", LOCK)
        run(*install, "--no-deps", "--editable", ".")
    except subprocess.CalledProcessError as failed:
        print("The peers could not be installed ({}); the benchmarks run without those that are missing.".format(
            " ".join(str(part) for part in failed.cmd)), file=sys.stderr)
        return 1
    STAMP.write_text(wanted)
    return 0


def run(*command):
    """Run a command in the top folder; raises CalledProcessError when it fails."""
    subprocess.check_call([str(part) for part in command], cwd=str(TOP))


if __name__ == "__main__":
    sys.exit(main())
