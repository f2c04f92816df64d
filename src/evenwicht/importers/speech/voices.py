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

_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?(?:[ \t\n]([^<>]{1,300}(?:<[^<>]{1,200}>)?)|[ \t\n]*)>")
"""A voice, with a name or without."""
_ONLY_VOICE = re.compile(r"<v[ \t]([^<>]{1,300})>[ \n]*\w[^<]*(?:</v>\s*)?\Z")
"""What nearly every cue of Teams is: one voice, and words."""

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
    return _by_prefix([(cue, shown) for cue, shown in zip(cues, lines, strict=True) if shown], known)


def _by_voice(cues: Sequence[Cue]) -> list[Said]:
    found: list[Said] = []
    only, add = _ONLY_VOICE.match, found.append
    for start, end, text, place in cues:
        mark = only(text)
        if mark is not None:
            add(Said(_name(mark[1]), start, end, 1.0, place))
        else:
            found.extend(_shared(_parts(text), start, end, place))
    return found


def _parts(text: str) -> list[tuple[str, str]]:
    """Voices of a cue in order, with their words; what stands outside of them, or in one without a name, is nobody's."""
    outside, *voices = _VOICE.split(text)
    found = [("", outside)]
    for name, words in zip(voices[::2], voices[1::2], strict=True):
        within, _close, beyond = words.partition("</v>")
        found += [(_name(name or ""), within), ("", beyond)]
    return found


def _shared(parts: list[tuple[str, str]], start: float, end: float, place: int) -> list[Said]:
    """The time of one cue, divided by the words of those who speak in it."""
    words: dict[str, int] = {}
    for name, text in parts:
        if _speaks(text):
            plain = _TAG.sub("", text) if "<" in text else text
            words[name] = words.get(name, 0) + (len(plain.split()) or 1)
    total = sum(words.values())
    return [Said(name, start, end, number / total, place) for name, number in words.items()]


def _speaks(text: str) -> bool:
    """Whether words are left without tags and sounds such as [Music]."""
    if text[:1].isalnum():
        return True
    return not (not text or text.isspace()) and _WORD.search(_SOUND.sub("", _TAG.sub("", text))) is not None


@lru_cache(maxsize=4_096)
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
    text = text.strip("\n")
    if "\n" not in text:
        return [text] if text and not text.isspace() else []
    return [line for line in text.split("\n") if line and not line.isspace()]


def _rolled_off(lines: list[list[str]], cues: Sequence[Cue]) -> list[list[str]]:
    """Without what a cue repeats of the one before it, where the file is one of rolling captions."""
    repeats: list[int] = []
    before: list[str] = []
    until = 0.0
    for here, (start, end, _text, _place) in zip(lines, cues, strict=True):
        repeat = 0
        if before and here and start - until <= TOUCHES:
            if here[0].strip() == before[-1].strip():
                repeat = 1
            elif before == here:
                repeat = len(here)
        repeats.append(repeat)
        before, until = here, end
    if len(repeats) - repeats.count(0) < ROLLS * len(lines):
        return lines
    return [here[repeat:] for here, repeat in zip(lines, repeats, strict=True)]


def _by_prefix(spoken: list[tuple[Cue, list[str]]], known: Callable[[str], bool]) -> list[Said]:
    """Names before a colon. A line without one goes on with who spoke; one name that never returns is nobody known."""
    prefixes = [[_prefix(line) if ":" in line else ("", line) for line in shown] for _cue, shown in spoken]
    times = Counter([name for shown in prefixes for name, _rest in shown if name])
    speakers = {name: name for name, number in times.items() if number >= RETURNS or known(name)}
    if speakers:
        speakers = {name: "" for name in times if _is_name(name)} | speakers
    found: list[Said] = []
    speaking = ""
    for ((start, end, _text, place), shown), marked in zip(spoken, prefixes, strict=True):
        if len(shown) == 1:  # nearly all of them
            voice = speakers.get(marked[0][0])
            words = shown[0] if voice is None else marked[0][1]
            speaking = speaking if voice is None else voice
            if _speaks(words):
                found.append(Said(speaking, start, end, 1.0, place))
            continue
        parts: list[tuple[str, str]] = []
        for line, (name, rest) in zip(shown, marked, strict=True):
            voice = speakers.get(name)
            if voice is None:
                parts.append((speaking, line))
            else:
                speaking = voice
                parts.append((voice, rest))
        found.extend(_shared(parts, start, end, place))
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
