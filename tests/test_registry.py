"""The registry: a folder is scanned, what names itself is a member, and a name is nobody's twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenwicht.errors import OwnFault
from evenwicht.registry import members


@pytest.fixture
def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / f"family_{tmp_path.name}"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def test_members_are_found_by_the_name_they_give_themselves(family: Path) -> None:
    (family / "a.py").write_text("NAME = 'zebra'")
    (family / "z.py").write_text("NAME = 'ant'")
    (family / "beside.py").write_text("NAMES = 'no member'")
    (family / "room").mkdir()
    (family / "room" / "__init__.py").write_text("NAME = 'a room is no member'")
    found = members(family.name)
    assert list(found) == ["ant", "zebra"]
    assert found["zebra"].__name__ == f"{family.name}.a"
    assert members(family.name) is found


def test_two_of_one_name_are_our_own_fault(family: Path) -> None:
    (family / "first.py").write_text("NAME = 'ubl'")
    (family / "second.py").write_text("NAME = 'ubl'")
    with pytest.raises(OwnFault) as caught:
        members(family.name)
    assert str(caught.value) == (f"Two members of {family.name} are both called ubl: {family.name}.first and {family.name}.second. Rename one of them.")


def test_an_empty_family_has_no_members(family: Path) -> None:
    assert dict(members(family.name)) == {}


def test_a_family_cannot_be_changed_from_outside(family: Path) -> None:
    with pytest.raises(TypeError):
        members(family.name)["new"] = None  # type: ignore[index]


@pytest.mark.parametrize("package, wanted", [
    ("evenwicht.importers", ("NAME", "identify", "read")), ("evenwicht.measures.axes", ("NAME",)), ("evenwicht.reports.formats", ("NAME",)),
])
def test_the_families_of_the_house_are_found_whole(package: str, wanted: tuple[str, ...]) -> None:
    found = members(package)
    assert len(found) >= 3
    for name, module in found.items():
        assert name == module.NAME
        assert all(hasattr(module, one) for one in wanted), name
