"""The named sets of numbers that were learned once and are used for everything two sides can see.

A set holds one grid per family of axes and one dispersion per axis. With a given set no relation's figure depends on
another relation; `measures.learn` makes sets, `benchmarks/learn_parameters.py` made the shipped one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from evenwicht.errors import FileMissing, WrongCall
from evenwicht.measures.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Mapping

Family = Literal["flow", "deferral"]

SHIPPED = "2026-2"

DISPERSION_LIMITS = (0.1, 4.0)


@dataclass(frozen=True)
class ParameterSet:
    """A grid per family of axes and a dispersion per axis, under one name.

    id           its name, `2026-2`
    note         what it was learned on, a sentence or two
    grids        family → grid
    dispersions  axis → c: an axis hands a = n·y·c and n·c to the filter
    """

    id: str
    note: str
    grids: Mapping[str, Grid]
    dispersions: Mapping[str, float]

    def __post_init__(self) -> None:
        lowest, highest = DISPERSION_LIMITS
        for axis, c in self.dispersions.items():
            if not lowest <= c <= highest:
                raise WrongCall(
                    "The dispersion of an axis lies between {lowest} and {highest}; {axis} has {c}.",
                    lowest=lowest, highest=highest, axis=axis, c=c,
                )
        for family in get_args(Family):
            if family not in self.grids:
                raise WrongCall("The parameter set {id} has no grid for {family}.", id=self.id, family=family)

    @classmethod
    @cache
    def shipped(cls) -> ParameterSet:
        """The set in the package, the default of every figure."""
        source = resources.files(__package__).joinpath(f"{SHIPPED}.json")
        return cls.from_dict(json.loads(source.read_text(encoding="utf-8")))

    @classmethod
    def load(cls, path: Path | str) -> ParameterSet:
        """The set in a JSON file as `dump` writes it."""
        place = Path(path)
        try:
            stored = json.loads(place.read_text(encoding="utf-8"))
        except OSError as problem:
            raise FileMissing("The parameter set {path} cannot be read: {why}.", path=path, why=problem.strerror) from None
        except ValueError:
            raise WrongCall("{path} is not a parameter set: it is not JSON.", path=path) from None
        try:
            return cls.from_dict(stored)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise WrongCall(
                "{path} is not a parameter set: it needs id, note, dispersion and grids with rows of "
                "tau, q, h, s, weight.", path=path,
            ) from None

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ParameterSet:
        """The set a JSON object describes."""
        grids = {
            family: Grid(*(tuple(float(value) for value in column) for column in zip(*rows, strict=True)))
            for family, rows in stored["grids"].items()
        }
        dispersions = {axis: float(c) for axis, c in stored["dispersion"].items()}
        return cls(str(stored["id"]), str(stored["note"]), MappingProxyType(grids), MappingProxyType(dispersions))

    def as_dict(self) -> dict[str, Any]:
        """The JSON object: rows of tau, q, h, s, weight, jumps."""
        return {
            "id": self.id,
            "note": self.note,
            "dispersion": dict(sorted(self.dispersions.items())),
            "grids": {
                family: [list(row) for row in zip(g.tau, g.q, g.h, g.s, g.weight, g.jumps, strict=True)]
                for family, g in sorted(self.grids.items())
            },
        }

    def dump(self, path: Path | str) -> None:
        """Writes the set, one grid point a line."""
        Path(path).write_text(_written(self.as_dict()), encoding="utf-8")

    @property
    def sha256(self) -> str:
        """Of the numbers and names, whatever the layout of the file."""
        canonical = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def grid(self, axis_family: Family) -> Grid:
        """The grid of `flow` axes (words, initiative, favours, time) or `deferral` axes (response, money, promises)."""
        try:
            return self.grids[axis_family]
        except KeyError:
            raise WrongCall(
                "There is no family of axes {family}; there are {families}.",
                family=axis_family, families=", ".join(sorted(self.grids)),
            ) from None

    def dispersion(self, axis: str) -> float:
        """The c of an axis; 1 for an axis the set does not know, which counts its observations as they come."""
        return self.dispersions.get(axis, 1.0)


def _written(stored: Mapping[str, Any]) -> str:
    lines = ["{", f' "id": {json.dumps(stored["id"])},', f' "note": {json.dumps(stored["note"])},']
    lines.append(f' "dispersion": {json.dumps(stored["dispersion"])},')
    lines.append(' "columns": ["tau", "q", "h", "s", "weight", "jumps"],')
    grids = [
        f'  {json.dumps(family)}: [\n' + ",\n".join(f"   {json.dumps(row)}" for row in rows) + "\n  ]"
        for family, rows in stored["grids"].items()
    ]
    return "\n".join((*lines, ' "grids": {', ",\n".join(grids), " }", "}", ""))
