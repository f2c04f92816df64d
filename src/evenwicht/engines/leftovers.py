"""Files that nobody reads, told once a kind: an export holds hundreds of pictures and pages that are no facts of business."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePath
from typing import TYPE_CHECKING

from evenwicht.ledger.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN = "No importer knows this kind of file."
"""How a file that nobody claims is told ("workers/one_file.py")."""


def summed(problems: Sequence[Problem]) -> list[Problem]:
    """The problems, with one note for all unclaimed files of one ending under one name that a person gave.

    A single one stays as it is. The note stands where the first of them stood; its file is the name that was given.
    """
    alike: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.what == UNKNOWN:
            alike[_sort(problem)].append(problem)
    told: set[tuple[str, str]] = set()
    found: list[Problem] = []
    for problem in problems:
        sort = _sort(problem)
        if problem.what != UNKNOWN or len(alike[sort]) == 1:
            found.append(problem)
        elif sort not in told:
            told.add(sort)
            found.append(_note(sort, alike[sort]))
    return found


def _sort(problem: Problem) -> tuple[str, str]:
    path = PurePath(problem.file)
    return path.parts[0] if path.parts else "", path.suffix.lower()


def _note(sort: tuple[str, str], problems: Sequence[Problem]) -> Problem:
    named, ending = sort
    values: dict[str, object] = {"count": len(problems), "ending": ending, "example": problems[0].file}
    if ending:
        return Problem(named, "", "{count} files in it end in {ending} and are of no kind that is read, such as {example}.",
                       "Nothing needs to be done if they are pictures, pages or settings.", "note", values)
    return Problem(named, "", "{count} files in it have no ending and are of no kind that is read, such as {example}.",
                   "Nothing needs to be done if they are pictures, pages or settings.", "note", values)
