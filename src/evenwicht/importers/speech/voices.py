"""Whose words a cue holds: WebVTT voices, a name and a colon before the text, or the JSON that Teams puts in its cues.

A colon in speech is no speaker ("So here is the thing: …"): a name before a colon counts only where it returns in the
file, or where it is known: from the list of speakers beside the file, or because it holds a mail address or a company.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from evenwicht.importers.speech.turns import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evenwicht.importers.speech.cues import Cue

RETURNS = 2
"""So often a name must stand before a colon to be a speaker (formats.md, 4)."""

ROLLS = 0.3
"""Share of the cues that repeat the end of the cue before them, from which a file is one of rolling captions."""

TOUCHES = 0.1
"""Seconds between two cues within which the second can be the first, rolled on by a line."""

_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t\n]([^<>]{1,300}(?:<[^<>]{1,200}>)?)>")
_ONLY_VOICE = re.compile(r"<v[ \t]([^<>]{1,300})>[ \n]*\w[^<]*(?:</v>\s*)?\Z")
"""What nearly every cue of Teams is: one voice, and words."""

_NAMELESS = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t\n]*>")
_TAG = re.compile(r"<[^<>]*>")
_SOUND = re.compile(r"[\[(*][^\])*\n]{0,80}[\])*]|[♪♫#]")
_WORD = re.compile(r"\w", re.UNICODE)
_PREFIX = re.compile(r"[ \t]*(?:(?:-|>>+|–)[ \t]*)?\[?([^\W_][^:\n<>\[\]]{0,79}?)\]?[ \t]*\Z")
_SENTENCE = re.compile(r"[?!;…]|\.\s+\S+\s+\S+\s|,.*,")
_MOST_WORDS = 7
_NAME_WORDS = 4
_TEAMS = re.compile(r'\s*\{\s*"')


def pieces_of(cues: Sequence[Cue], known: Callable[[str], bool]) -> list[Said]:
    """What each cue says, and whose it is, in the order of the cues. `known` tells whether a text names a speaker."""
    if any("<v" in cue.text for cue in cues):
        return _by_voice(cues)
    teams = _by_teams(cues)
    if teams is not None:
        return teams
    lines = _rolled_off([_clean(cue.text) for cue in cues], cues)
    return _by_prefix(cues, lines, known)


def _by_voice(cues: Sequence[Cue]) -> list[Said]:
    found: list[Said] = []
    names: dict[str, str] = {}
    only, add = _ONLY_VOICE.match, found.append
    for start, end, text, place in cues:
        mark = only(text)
        if mark is None:
            found.extend(_shared(_parts(text), start, end, place))
            continue
        raw = mark[1]
        name = names.get(raw)
        if name is None:
            name = names[raw] = _name(raw)
        add(Said(name, start, end, 1.0, place))
    return found


def _parts(text: str) -> list[tuple[str, str]]:
    """Voices of a cue in order, with their words; what stands outside of them, or in one without a name, is nobody's."""
    marks = sorted(
        [(mark.start(), mark.end(), _name(mark[1])) for mark in _VOICE.finditer(text)]
        + [(mark.start(), mark.end(), "") for mark in _NAMELESS.finditer(text)])
    found = [("", text[:marks[0][0]] if marks else text)]
    for number, (_start, end, name) in enumerate(marks):
        within, _close, beyond = text[end:marks[number + 1][0] if number + 1 < len(marks) else len(text)].partition("</v>")
        found += [(name, within), ("", beyond)]
    return found


def _shared(parts: list[tuple[str, str]], start: float, end: float, place: int) -> list[Said]:
    """The time of one cue, divided by the words of those who speak in it."""
    words: dict[str, int] = {}
    for name, text in parts:
        if _speaks(text):
            words[name] = words.get(name, 0) + max(1, len(_TAG.sub("", text).split()))
    total = sum(words.values())
    return [Said(name, start, end, number / total, place) for name, number in words.items()]


def _speaks(text: str) -> bool:
    """Whether words are left without tags and sounds such as [Music]."""
    return text[:1].isalnum() or _WORD.search(_SOUND.sub("", _TAG.sub("", text))) is not None


def _name(text: str) -> str:
    return " ".join(html.unescape(text).split())


def _by_teams(cues: Sequence[Cue]) -> list[Said] | None:
    """Cues that hold JSON with `speakerName` and `spokenText` (Microsoft Graph, metadata of a transcript)."""
    found: list[Said] = []
    for number, (start, end, text, place) in enumerate(cues):
        told = teams_of(text)
        if told is None:
            if number == 0:
                return None
            continue
        if _speaks(str(told.get("spokenText") or "")):
            found.append(Said(_name(str(told.get("speakerName") or "")), start, end, 1.0, place))
    return found if cues else None


def teams_of(text: str) -> dict[str, object] | None:
    """The JSON object of a Teams cue; None for any other text."""
    if _TEAMS.match(text) is None:
        return None
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and "spokenText" in told else None


def _clean(text: str) -> list[str]:
    """The lines of a cue that hold anything, without tags and entities."""
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return [line for line in text.split("\n") if line and not line.isspace()]


def _rolled_off(lines: list[list[str]], cues: Sequence[Cue]) -> list[list[str]]:
    """Without what a cue repeats of the one before it, where the file is one of rolling captions."""
    repeats = [0] * len(lines)
    for number in range(1, len(lines)):
        before, here = lines[number - 1], lines[number]
        if before and here and here[0].strip() == before[-1].strip() and cues[number].start - cues[number - 1].end <= TOUCHES:
            repeats[number] = 1
        elif before and before == here and cues[number].start - cues[number - 1].end <= TOUCHES:
            repeats[number] = len(here)
    if sum(1 for repeat in repeats if repeat) < ROLLS * len(lines):
        return lines
    return [here[repeat:] for here, repeat in zip(lines, repeats, strict=True)]


def _by_prefix(cues: Sequence[Cue], lines: list[list[str]], known: Callable[[str], bool]) -> list[Said]:
    """Names before a colon. A line without one goes on with who spoke; one name that never returns is nobody known."""
    prefixes = [[_prefix(line) for line in shown] for shown in lines]
    times = Counter(name for shown in prefixes for name, _rest in shown if name)
    speakers = {name for name, number in times.items() if number >= RETURNS or known(name)}
    found: list[Said] = []
    speaking = ""
    for cue, shown, marked in zip(cues, lines, prefixes, strict=True):
        if len(shown) == 1:  # nearly all of them
            name, text = marked[0]
            if name in speakers:
                speaking = voice = name
            elif name and speakers and _is_name(name):
                speaking = voice = ""
            else:
                voice, text = speaking, shown[0]
            if _speaks(text):
                found.append(Said(voice, cue.start, cue.end, 1.0, cue.place))
            continue
        parts: list[tuple[str, str]] = []
        for line, (name, rest) in zip(shown, marked, strict=True):
            if name in speakers:
                speaking = name
                parts.append((name, rest))
            elif name and _is_name(name) and speakers:
                speaking = ""
                parts.append(("", rest))
            else:
                parts.append((speaking, line))
        if len({name for name, _text in parts}) == 1:
            if any(_speaks(text) for _name, text in parts):
                found.append(Said(parts[0][0], cue.start, cue.end, 1.0, cue.place))
        else:
            found.extend(_shared(parts, cue.start, cue.end, cue.place))
    return found


def _prefix(line: str) -> tuple[str, str]:
    """What stands before a colon and could be a name, and what follows; ("", line) without."""
    place = line.find(":")
    if place < 0:
        return "", line
    rest = line[place + 1:]
    if rest and rest[0] not in " \t":
        return "", line
    rest = rest.lstrip(" \t")
    name = _before(line[:place])
    return (name, rest) if name and not rest.startswith("//") else ("", line)


@lru_cache(maxsize=65_536)
def _before(head: str) -> str:
    """The name in what stands before a colon, "" where it holds none: the same few come back all through a file."""
    match = _PREFIX.match(head)
    if match is None:
        return ""
    name = " ".join(match[1].split())
    return "" if len(name.split()) > _MOST_WORDS or _SENTENCE.search(name) is not None else name


def _is_name(text: str) -> bool:
    """Whether a text looks like somebody's name: a few words that begin with a capital letter."""
    words = text.split()
    return len(words) <= _NAME_WORDS and all(word[:1].isupper() for word in (words[0], words[-1]))
