#!/usr/bin/env python3
"""Makes .venv from the lock, in a few steps that say what they do; the second time nothing is left to do.

Runs with any Python 3, also one that is too old, so that it can say so: nothing newer than Python 3.5 in this file.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
VENV = TOP / ".venv"
UV_HOME = TOP / ".uv"
STAMP = VENV / ".made-from"
OLDEST, NEWEST = (3, 11), (3, 13)
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def main():
    """Bring .venv to what the lock says; returns the exit code."""
    refusal = unusable()
    if refusal:
        print(refusal, file=sys.stderr)
        return 1
    spark = "--spark" in sys.argv[1:]
    lock = TOP / ("requirements-spark.lock" if spark else "requirements.lock")
    wanted = fingerprint(lock)
    if STAMP.exists() and STAMP.read_text() == wanted:
        return 0
    if not spark and STAMP.exists() and STAMP.read_text() == fingerprint(TOP / "requirements-spark.lock"):
        return 0  # what SPARK=1 made holds all that is needed without it
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.pop("PYTHONPATH", None)
    os.environ.pop("VIRTUAL_ENV", None)
    os.chdir(str(TOP))
    if STAMP.exists():
        STAMP.unlink()
    began = time.time()
    try:
        install(lock)
    except subprocess.CalledProcessError as failed:
        print("The set-up stopped at: {}".format(" ".join(map(str, failed.cmd))), file=sys.stderr)
        print("What it said stands above. Mend that and run the same command again.", file=sys.stderr)
        return 1
    compile_ahead()
    STAMP.write_text(wanted)
    print("Ready in {:.0f} s: {} in .venv".format(time.time() - began, size(VENV)), flush=True)
    return 0


def unusable():
    """One sentence that says what to install, or None when this Python can make the environment."""
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        return "Evenwicht needs Python 3.11, 3.12 or 3.13 as `python3`; this one is {}.{}: install one of them.".format(*version)
    for module in ("venv", "ensurepip"):
        try:
            __import__(module)
        except ImportError:
            return (
                "This Python {}.{} comes without the module `{}`, which makes environments: install it "
                "(on Debian and Ubuntu `apt-get install python{}.{}-venv`).".format(version[0], version[1], module, *version)
            )
    return None


def fingerprint(lock):
    """What .venv is made from: the lock, the project file, this Python and this script."""
    digest = hashlib.sha256()
    for path in (lock, TOP / "pyproject.toml", pathlib.Path(__file__).resolve()):
        digest.update(path.read_bytes() if path.exists() else b"")
    return "{} {} {}\n".format(sys.version.split()[0], lock.name, digest.hexdigest())


def install(lock):
    """Environment, locked packages and the project itself; raises CalledProcessError where a step fails."""
    count = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line and not line.startswith("#"))
    uv = installer()
    remake = not made_by_this_python()
    if uv is None:
        step(2, "environment, Python {}".format(sys.version.split()[0]))
        if remake:
            shutil.rmtree(str(VENV), ignore_errors=True)
            run(sys.executable, "-m", "venv", str(VENV))
        pip = [str(VENV / SCRIPTS / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        step(3, "{} locked packages, about 1 GB, with pip: two minutes or so".format(count))
        run(*pip, "--require-hashes", "-r", str(lock))
        run(*pip, "--no-deps", "--editable", ".")
        return
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    os.environ["VIRTUAL_ENV"] = str(VENV)
    step(2, "environment, Python {}".format(sys.version.split()[0]))
    if remake:
        shutil.rmtree(str(VENV), ignore_errors=True)
        run(uv, "venv", "--quiet", "--python", sys.executable, str(VENV))
    step(3, "{} locked packages, about 1 GB".format(count))
    run(uv, "pip", "sync", "--quiet", "--require-hashes", str(lock))
    run(uv, "pip", "install", "--quiet", "--no-deps", "--editable", ".")


def installer():
    """The path of uv, installed beside the environment; None where it cannot be had, then pip does the work."""
    uv = UV_HOME / SCRIPTS / "uv"
    step(1, "installer")
    if uv.exists() and subprocess.call([str(uv), "--version"], stdout=subprocess.DEVNULL) == 0:
        return str(uv)
    shutil.rmtree(str(UV_HOME), ignore_errors=True)
    run(sys.executable, "-m", "venv", str(UV_HOME))
    got = subprocess.call([str(UV_HOME / SCRIPTS / "python"), "-m", "pip", "install", "--quiet",
                           "--disable-pip-version-check", "uv"])
    if got == 0 and uv.exists():
        return str(uv)
    print("      uv could not be installed; pip does the same, more slowly", flush=True)
    return None


def made_by_this_python():
    """Whether .venv exists and was made with the Python that runs this."""
    python = VENV / SCRIPTS / "python"
    if not python.exists():
        return False
    asked = subprocess.run([str(python), "-c", "import sys; print(sys.version)"], stdout=subprocess.PIPE, check=False)
    return asked.returncode == 0 and asked.stdout.decode().strip() == sys.version.strip()


def compile_ahead():
    """Compile the numeric kernels now, so that the first `assess` does not have to."""
    python = str(VENV / SCRIPTS / "python")
    there = "import importlib.util, sys; sys.exit(importlib.util.find_spec('evenwicht.engines.warm') is None)"
    if subprocess.call([python, "-c", there], stderr=subprocess.DEVNULL) != 0:
        return
    step(4, "compiling the numeric kernels")
    if subprocess.call([python, "-m", "evenwicht.engines.warm"]) != 0:
        print("      they could not be compiled ahead; the first `evenwicht assess` tries again", flush=True)


def step(number, what):
    """Say which step begins."""
    print("{}/4  {}".format(number, what), flush=True)


def run(*command):
    """Run a command, its output shown; raises CalledProcessError when it fails."""
    subprocess.check_call([str(part) for part in command])


def size(folder):
    """The size of a folder for people to read: files with several names in it count once."""
    seen, total = set(), 0
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            state = path.stat()
            if state.st_ino not in seen:
                seen.add(state.st_ino)
                total += state.st_size
    return "{:.1f} GB".format(total / 1e9) if total > 1e9 else "{:.0f} MB".format(total / 1e6)  # noqa: PLR2004  units


if __name__ == "__main__":
    sys.exit(main())
