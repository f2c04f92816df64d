"""What a simulated portfolio is like: the shape of its balances, and what happens around them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Any

from evenwicht.errors import WrongCall
from evenwicht.simulation.states import SHAPES, Shape


@dataclass(frozen=True, slots=True)
class World:
    """A shape, and what happens beside it.

    shape            how balances move (`simulation.states`)
    silences         a year: both sides are away, two to five weeks
    stops            a year: the relation falls silent for good
    contact_changes  a year and side: another person takes over
    seasons          how much the busiest month has above the mean, as a part of it
    meetings         part of the conversations that are held and not written
    papers           invoices, deliveries and promises each, a week
    kings            part of the relations in which one side is king on every axis
    """

    shape: Shape = field(default_factory=lambda: SHAPES["usual"])
    silences: float = 0.3
    stops: float = 0.02
    contact_changes: float = 0.15
    seasons: float = 0.2
    meetings: float = 0.03
    papers: float = 0.4
    kings: float = 0.03


def world_of(shape: str, parameters: dict[str, Any]) -> World:
    """A world by the name of its shape, with any parameter of World or Shape set anew. Raises WrongCall for unknown ones."""
    if shape not in SHAPES:
        raise WrongCall("The shape {shape} is not there. Choose one of: {known}.", shape=shape, known=", ".join(SHAPES))
    own = {one.name for one in fields(World)} - {"shape"}
    of_shape = {one.name for one in fields(Shape)}
    for name, value in parameters.items():
        if name not in own | of_shape:
            near = get_close_matches(name, sorted(own | of_shape), 1)
            raise WrongCall("{name} is not a parameter of a simulated world. {hint}Choose among: {known}.", name=name,
                            hint=f"{near[0]}? " if near else "", known=", ".join(sorted(own | of_shape)))
        if not isinstance(value, int | float) or value < 0 or value != value:  # noqa: PLR0124  NaN
            raise WrongCall("{name} is {value}, and should be a number of at least 0.", name=name, value=str(value))
    return replace(World(), shape=replace(SHAPES[shape], **{k: v for k, v in parameters.items() if k in of_shape}),
                   **{k: v for k, v in parameters.items() if k in own})
