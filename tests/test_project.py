"""The house itself: its verbs, its licence, its locks, and what may never be committed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
VERBS = {"setup", "demo", "test", "check", "fix", "bench", "parameters", "docs", "openapi", "help"}
TEXT = {".py", ".md", ".toml", ".lock", ".txt", ".yml", ".yaml", ".html", ".css", ".svg", ".po", ".json", ".ledger", "",
        ".xml", ".csv", ".ics", ".mbox", ".eml", ".xaf"}


def committed() -> list[Path]:
    """The files git knows, or would know after `git add`; the whole tree where this is no clone."""
    ran = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=TOP, capture_output=True, check=False,
    )
    if ran.returncode == 0:
        names = [name for name in ran.stdout.decode().split("\0") if name]
        return [path for name in names if (path := TOP / name).is_file()]
    return [path for path in TOP.rglob("*") if path.is_file() and not {".venv", ".uv", ".git", "var"} & set(path.parts)]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.suffix in TEXT else ""


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=TOP, capture_output=True, text=True, check=False,
        env={**os.environ, "MAKEFLAGS": "", "MAKELEVEL": "", **environment},
    )


def test_every_verb_is_there_and_help_names_it() -> None:
    listed = set(re.findall(r"^  make (\w+)", make("help").stdout, re.MULTILINE))
    assert listed >= VERBS


@pytest.mark.parametrize("verb", sorted(VERBS - {"help", "openapi"}))
def test_every_verb_sets_up_what_it_needs(verb: str) -> None:
    assert "tools/setup.py" in make("--dry-run", verb).stdout


def test_a_verb_without_its_subject_says_so_in_one_sentence() -> None:
    if (TOP / "src" / "evenwicht" / "web").exists():
        return
    ran = make("openapi")
    assert ran.returncode != 0
    assert ran.stdout == ""
    assert "no web interface yet" in ran.stderr.splitlines()[0]


def test_a_python_that_is_not_there_gets_one_sentence() -> None:
    ran = make("setup", "PYTHON=python-that-is-not-there")
    assert ran.returncode != 0
    assert ran.stderr.splitlines()[0].startswith("Evenwicht needs Python 3.11, 3.12 or 3.13")


def pretend(code: str) -> subprocess.CompletedProcess[str]:
    """tools/setup.py run by a Python that was changed by `code` first."""
    script = TOP / "tools" / "setup.py"
    return subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nimport runpy\nrunpy.run_path({str(script)!r}, run_name='__main__')"],
        cwd=TOP, capture_output=True, text=True, check=False,
    )


@pytest.mark.parametrize("version", ["(3, 10, 4, 'final', 0)", "(3, 14, 0, 'final', 0)", "(2, 7, 18, 'final', 0)"])
def test_another_python_gets_one_sentence_that_says_what_to_install(version: str) -> None:
    ran = pretend(f"sys.version_info = {version}")
    assert ran.returncode == 1
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "needs Python 3.11, 3.12 or 3.13" in ran.stderr
    assert "install" in ran.stderr


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_gets_one_sentence_that_says_what_to_install(module: str) -> None:
    ran = pretend(f"sys.modules[{module!r}] = None")
    assert ran.returncode == 1
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "-venv" in ran.stderr


def test_the_set_up_script_is_understood_by_a_python_that_is_too_old() -> None:
    """No syntax newer than Python 3.5 (no f-strings, no annotations of variables): else it could not say its sentence."""
    import ast

    for name in ("setup.py", "browser.py"):
        source = (TOP / "tools" / name).read_text("utf-8")
        ast.parse(source, feature_version=(3, 5))
        assert not re.search(r"\bf[\"']", source)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-spark.lock", "requirements-peers.lock"])
def test_the_locks_hold_names_versions_and_hashes_only(lock: str) -> None:
    text = (TOP / lock).read_text("utf-8")
    assert not re.search(r"https?:|index-url|find-links|file:", text)
    for line in text.splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_.\[\]-]+==[^ ]+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|#.*", line), line


def test_the_locks_hold_what_the_project_needs() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    needed = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    extra = project["project"]["optional-dependencies"]["spark"]

    def names(wanted: list[str]) -> set[str]:
        return {re.split(r"[<>=~!\[; ]", one, maxsplit=1)[0].lower() for one in wanted}

    def locked(lock: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9_.-]+)==", (TOP / lock).read_text("utf-8"), re.MULTILINE))

    assert names(needed) <= locked("requirements.lock")
    assert names(needed + extra) <= locked("requirements-spark.lock")
    peers = project["project"]["dependencies"] + project["dependency-groups"]["peers"]
    assert names(peers) <= locked("requirements-peers.lock")


def test_ci_runs_the_verb_a_developer_runs() -> None:
    run = (TOP / ".ci" / "run").read_text("utf-8")
    assert run.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in run
    assert re.search(r"^make test$", run, re.MULTILINE)


def test_the_licence_is_whole_and_the_one_that_is_named() -> None:
    text = (TOP / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert "Apache-2.0" in (TOP / "README.md").read_text("utf-8")


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    version = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    headings = re.findall(r"^## +\[?([0-9.]+)", (TOP / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[:1] == [version]


def test_no_address_of_a_package_and_no_path_of_a_machine_is_committed() -> None:
    address = re.compile(r"https?://[^ \"')>]+\.(?:whl|tar\.gz|tgz)\b|--(?:extra-)?index-url[ =]+https?:|\"resolved\": *\"http")
    here = str(TOP.parent) + "/"
    found = []
    for path in committed():
        text = text_of(path)
        if path == Path(__file__).resolve():
            continue
        found += [f"{path.relative_to(TOP)}: {match[0][:60]}" for match in address.finditer(text)]
        if len(here) > len("/x/") and here in text:
            found.append(f"{path.relative_to(TOP)}: a path of this machine")
    assert not found, found


def test_nothing_large_is_committed() -> None:
    large = [(str(path.relative_to(TOP)), size) for path in committed() if (size := path.stat().st_size) > 3_000_000]
    assert not large, large
