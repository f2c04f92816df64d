"""Regular expressions that are compiled at their first use."""

from __future__ import annotations

import re

import pytest

from evenwicht.importers.late import late


def test_a_late_pattern_finds_what_the_pattern_finds() -> None:
    text = "Mon 3 and TUE 14"
    for ask in ("findall", "split"):
        assert getattr(late(r"([a-z]+) (\d+)", re.IGNORECASE), ask)(text) == getattr(re.compile(r"([a-z]+) (\d+)", re.IGNORECASE), ask)(text)
    pattern = late(r"\d+")
    assert pattern.sub("#", text) == "Mon # and TUE #"
    assert [found[0] for found in pattern.finditer(text)] == ["3", "14"]
    found = pattern.search(text)
    assert found is not None
    assert (found[0], pattern.match(text), pattern.fullmatch("14") is not None) == ("3", None, True)


def test_it_is_compiled_once_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = re.compile
    monkeypatch.setattr(re, "compile", lambda pattern, flags=0: compiled.append(pattern) or real(pattern, flags))
    pattern = late("a+b")
    assert compiled == []
    assert pattern.search("xaab") is not None
    assert pattern.search("x") is None
    assert pattern.match("ab") is not None
    assert compiled == ["a+b"]


def test_what_is_no_pattern_says_so_at_its_first_use() -> None:
    with pytest.raises(re.error):
        late("(").search("x")


def test_what_else_a_pattern_knows_can_be_asked() -> None:
    assert late("(?P<day>x)").groupindex == {"day": 1}
