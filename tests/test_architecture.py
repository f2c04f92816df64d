"""The rooms of the house and who may know whom: the import contracts of pyproject.toml, and what they cannot see."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent / "src" / "evenwicht"
NEVER_NAMED = {"utils", "util", "helpers", "helper", "base", "common", "misc", "core", "tools", "manager", "models"}
AMBIENT = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
           ("os", "environ"), ("os", "getenv"), ("os", "environb")}
MAY_ASK_THE_WORLD = ("cli", "cli.py", "web", "mcp", "engines/home.py")
"""The doors; `engines/home.py` asks for EVENWICHT_HOME, where an installation keeps the key of its pseudonyms."""


def modules() -> list[Path]:
    return sorted(HOUSE.rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _run(code: str, *, env: dict[str, str] | None = None) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=HOUSE.parent,
        env={**os.environ, "PYTHONPATH": str(HOUSE.parent), **(env or {})},
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def _loaded_by(*statements: str) -> set[str]:
    """The first part of every module that these statements load."""
    code = "; ".join((*statements, "import sys; print(' '.join({name.partition('.')[0] for name in sys.modules}))"))
    return set(_run(code).split())


def test_the_import_contracts_hold(repository: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        capture_output=True, text=True, check=False, cwd=repository,
        env={**os.environ, "PYTHONPATH": str(HOUSE.parent)},
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]


def test_evenwicht_loads_without_django() -> None:
    loaded = _loaded_by("import evenwicht")
    assert not loaded & {"django", "pyspark", "pandas", "playwright"}


@pytest.mark.parametrize("heavy", ["polars", "numba", "pandas", "pyarrow", "narwhals", "django"])
def test_importers_load_nothing_heavy(heavy: str) -> None:
    assert heavy not in _importers_loaded()


_CACHE: dict[str, set[str]] = {}


def _importers_loaded() -> set[str]:
    """What stands in memory when every importer has been loaded the way the registry loads it."""
    if "importers" not in _CACHE:
        _CACHE["importers"] = _loaded_by(
            "from evenwicht.registry import members", "found = members('evenwicht.importers')", "assert found",
        )
    return _CACHE["importers"]


def test_no_room_has_a_name_that_says_nothing() -> None:
    poor = [_name(path) for path in HOUSE.rglob("*") if path.suffix in {"", ".py"} and path.stem in NEVER_NAMED]
    assert not poor, f"named after nothing: {poor}; call a module after its subject"


def test_every_folder_of_code_is_a_package() -> None:
    bare = [folder for folder in {path.parent for path in modules()} if not (folder / "__init__.py").exists()]
    assert not bare, f"without __init__.py: {bare}"


def _is_door(path: Path) -> bool:
    inside = path.relative_to(HOUSE)
    return inside.parts[0] in MAY_ASK_THE_WORLD or inside.as_posix() in MAY_ASK_THE_WORLD


def _ambient_uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    # `time.time` is the clock only where `time` is the module, not the class of that name in datetime
    clock = any(isinstance(node, ast.Import) and "time" in {alias.name for alias in node.names} for node in ast.walk(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            if (name, node.attr) in AMBIENT and (name != "time" or clock):
                yield node.lineno, f"{name}.{node.attr}"
        if isinstance(node, ast.Import):
            yield from ((node.lineno, "import random") for alias in node.names if alias.name == "random")
        if isinstance(node, ast.ImportFrom) and node.module == "random":
            yield node.lineno, "from random import"


def test_what_is_ambient_is_an_argument() -> None:
    """The clock, chance and the environment are read at the door (cli, web), never in a room behind it."""
    found = []
    for path in modules():
        if _is_door(path):
            continue
        found += [f"{_name(path)}:{line} {what}" for line, what in _ambient_uses(ast.parse(path.read_text("utf-8")))]
    assert not found, found


def test_no_blanket_except() -> None:
    """An exception that is not expected is a mistake of ours and must be seen; bad data is a Problem."""
    found = []
    for path in modules():
        found += [
            f"{_name(path)}:{node.lineno}" for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ExceptHandler) and not _is_door(path) and (
                node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        ]
    assert not found, found


def test_every_module_says_what_it_is() -> None:
    silent = [_name(path) for path in modules() if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert not silent, f"without a docstring: {silent}"


def test_importers_know_nothing_of_each_other() -> None:
    """A member of the family may use the rooms beside it (no NAME of their own), never another member."""
    folder = HOUSE / "importers"
    texts = {path.stem: path.read_text("utf-8") for path in folder.glob("*.py") if path.stem != "__init__"}
    members = {stem for stem, text in texts.items() if any(
        isinstance(node, ast.Assign | ast.AnnAssign) and "NAME" in {
            target.id for target in (node.targets if isinstance(node, ast.Assign) else [node.target]) if isinstance(target, ast.Name)
        } for node in ast.parse(text).body)}
    wrong = []
    for stem in sorted(members):
        for node in ast.walk(ast.parse(texts[stem])):
            if isinstance(node, ast.ImportFrom) and node.module:
                last = node.module.removeprefix("evenwicht.importers").strip(".").split(".")[0]
                named = {last} if last else {alias.name for alias in node.names}
                if node.module.startswith("evenwicht.importers"):
                    wrong += [f"{stem} imports {other}" for other in named & (members - {stem})]
    assert not wrong, wrong
