"""Nothing undocumented, nothing documented that is not there."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

from evenwicht.registry import members

TOP = Path(__file__).resolve().parent.parent
DOCS = TOP / "docs"
HOUSE = TOP / "src" / "evenwicht"


def read(*parts: str) -> str:
    return DOCS.joinpath(*parts).read_text(encoding="utf-8")


def pages() -> list[Path]:
    return [*sorted(DOCS.rglob("*.md")), TOP / "README.md", TOP / "CHANGELOG.md"]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, heading rows and rulers left out."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines() if line.startswith("|") and not set(line) <= set("|-: ")
    ]


def family(package: str) -> list[str]:
    return sorted(members(package)) if (HOUSE.joinpath(*package.split(".")[1:]) / "__init__.py").exists() else []


def slug(heading: str) -> str:
    """The anchor MkDocs gives a heading."""
    plain = re.sub(r"[^\w\s-]", "", re.sub(r"`|\*", "", heading)).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)


def test_links_inside_the_documentation_resolve() -> None:
    broken = []
    for page in pages():
        prose = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            if re.match(r"(https?|mailto):", target):
                continue
            name, _, anchor = target.partition("#")
            aim = (page.parent / name).resolve() if name else page
            if not aim.exists():
                broken.append(f"{page.relative_to(TOP)} → {target}")
            elif anchor and anchor not in {slug(one) for one in re.findall(r"^#+ (.+)$", aim.read_text("utf-8"), re.MULTILINE)}:
                broken.append(f"{page.relative_to(TOP)} → {target}: no such heading")
    assert not broken, broken


def test_every_page_is_reached_from_the_table_of_contents() -> None:
    contents = (TOP / "mkdocs.yml").read_text("utf-8")
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).as_posix()
        listed = name in contents or (name.startswith("decisions/") and f"({page.name})" in read("decisions", "index.md"))
        assert listed, f"docs/{name} stands in no table of contents"


@pytest.mark.parametrize("axis", family("evenwicht.measures.axes"))
def test_every_axis_has_its_page_and_its_dutch_label(axis: str) -> None:
    page = read("method", f"{axis}.md")
    for part in ("What a gives to b", "Formula", "On the throne", "Left out", "Example"):
        assert f"**{part}" in page, f"docs/method/{axis}.md does not say: {part}"
    label = re.search(r"On the page: \*\*(.+?)\*\* · \*\*(.+?)\*\*", page)
    assert label, f"docs/method/{axis}.md does not give the label in both languages"
    catalogue = HOUSE / "locale" / "nl" / "LC_MESSAGES"
    texts = "\n".join(path.read_text("utf-8") for path in catalogue.glob("*.po"))
    assert re.search(rf'msgid "{label[1]}"\nmsgstr "{label[2]}"', texts, re.IGNORECASE), (
        f"the Dutch catalogue does not call {label[1]!r} {label[2]!r}"
    )


def test_every_importer_stands_in_the_table_of_formats() -> None:
    listed = {name for row in rows(read("reference", "formats.md")) for name in re.findall(r"^`(\w+)`$", row[0])}
    assert listed == set(family("evenwicht.importers"))


def test_every_kind_of_event_is_in_the_reference() -> None:
    from evenwicht.ledger.events import KINDS

    listed = {kind for row in rows(read("reference", "ledger-file.md").split("## Kinds")[1]) for kind in re.findall(r"`(\w+)`", row[0])}
    assert listed - {"kind"} == set(KINDS)


def test_the_columns_of_an_event_are_in_the_reference() -> None:
    from dataclasses import fields

    from evenwicht.ledger.events import Event

    table = read("reference", "ledger-file.md").split("## Metadata")[0]
    listed = {name for row in rows(table) for name in re.findall(r"`(\w+)`", row[0])}
    inner = {"references", "version"}  # what resolve joins on; kept as extra columns
    assert listed == {one.name for one in fields(Event)} - inner


def test_every_verdict_is_explained() -> None:
    told = read("method", "verdicts.md")
    for verdict in ("too_little_data", "no_signal", "structural", "undecided", "temporary", "balanced"):
        assert f"`{verdict}`" in told
    assert "standing still" in told


def test_terms_of_the_glossary_point_at_code_that_is_there() -> None:
    for row in rows(read("glossary.md"))[1:]:
        word, dutch, term, place = row
        assert word
        assert dutch
        assert term
        dotted = place.strip("`")
        parts = dotted.split(".")
        module, rest = importlib.import_module("evenwicht"), parts[1:]
        while rest and importlib.util.find_spec(f"{module.__name__}.{rest[0]}"):
            module, rest = importlib.import_module(f"{module.__name__}.{rest[0]}"), rest[1:]
            if not hasattr(module, "__path__"):
                break
        thing: object = module
        for name in rest:
            assert hasattr(thing, name), f"{word}: {dotted} is not there"
            thing = getattr(thing, name)


def test_the_map_names_every_room_and_no_other() -> None:
    told = read("map.md")
    rooms = {path.name for path in HOUSE.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    for room in rooms:
        assert f"`{room}/`" in told, f"docs/map.md does not name {room}/"
    for path in HOUSE.glob("*.py"):
        if path.name not in {"__init__.py", "__main__.py"}:
            assert f"`{path.name}`" in told, f"docs/map.md does not name {path.name}"
    for path in sorted((HOUSE / "ledger").glob("*.py")):
        if path.name != "__init__.py":
            assert f"`{path.name}`" in told, f"docs/map.md does not name ledger/{path.name}"
    for folder in re.findall(r"`([a-z]+)/`", told):
        assert (HOUSE / folder).is_dir() or (TOP / folder).is_dir() or list(HOUSE.glob(f"*/{folder}")) or list(TOP.glob(f"tests/{folder}")), (
            f"docs/map.md names {folder}/, which is not there"
        )


def test_the_layers_on_the_map_are_those_of_the_contract() -> None:
    import tomllib

    contracts = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    said = "  ›  ".join(re.sub(r"[()]", "", layer) for layer in layers)
    assert said in read("map.md")


def _commands() -> dict[str, set[str]]:
    """Every command of the command line with its long options."""
    if importlib.util.find_spec("evenwicht.cli") is None:
        return {}
    import typer.main

    cli = importlib.import_module("evenwicht.cli")
    group = typer.main.get_command(cli.app)
    return {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in group.commands.items()
        if not command.hidden
    }


def test_every_command_and_option_is_in_the_reference_and_no_other() -> None:
    told = read("reference", "command-line.md")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", told, re.MULTILINE | re.DOTALL))
    commands = _commands()
    if not commands:
        return
    assert set(sections) == set(commands)
    for name, options in commands.items():
        written = set(re.findall(r"--[a-z][a-z-]+", sections[name]))
        assert options <= written, f"{name}: not in the reference: {sorted(options - written)}"
        assert written <= options | {"--help"}, f"{name}: in the reference, not in the program: {sorted(written - options)}"


def test_the_commands_of_the_readme_are_verbs_of_the_makefile() -> None:
    verbs = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in pages():
        for verb in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE):
            assert verb in verbs, f"{page.relative_to(TOP)} speaks of `make {verb}`"
    readme = (TOP / "README.md").read_text("utf-8")
    assert "make demo" in readme
    assert "make test" in readme


def test_the_evenwicht_commands_on_the_pages_exist() -> None:
    commands = _commands()
    if not commands:
        return
    for page in pages():
        for block in re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", page.read_text("utf-8"), re.DOTALL):
            for name in re.findall(r"(?:^|/)evenwicht ([a-z]+)\b", "".join(block), re.MULTILINE):
                assert name in commands, f"{page.relative_to(TOP)} speaks of `evenwicht {name}`"


def test_paths_of_the_example_files_on_the_pages_exist() -> None:
    for page in pages():
        for path in re.findall(r"\bexamples/[\w./-]*\w", page.read_text("utf-8")):
            assert (TOP / path).exists(), f"{page.relative_to(TOP)} speaks of {path}"


def test_every_line_of_the_notation_page_can_be_read() -> None:
    from evenwicht.ledger import notation

    lines = [line for line in read("reference", "notation.md").splitlines() if re.match(r"\d{4}-\d\d-\d\dT", line)]
    assert len(lines) >= 4
    for line in lines:
        assert notation.written(notation.parsed(line)) == line


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=TOP, capture_output=True, text=True, check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert built.returncode == 0, built.stdout + built.stderr
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert not re.findall(r"""<(?:script|link|img)[^>]+(?:src|href)=["']https?://""", page), "the site fetches something from elsewhere"
