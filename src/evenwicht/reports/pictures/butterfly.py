"""The butterfly: one quantity of both sides, from the middle outward on one scale, the figure at the end."""

from __future__ import annotations

from evenwicht.reports.pictures.element import Markup, decimals, element

LONGEST = 62
"""Percent of its half that the longest bar takes: the figure stands beside it."""


def bar(value: float, largest: float, party: str) -> Markup:
    """One bar, as wide as its part of the largest; zero keeps a hairline, so that it is seen to be zero."""
    width = max(.4, LONGEST * value / largest) if largest > 0 else .4
    return element("svg", element("rect", class_=f"fill-{party}", width="100%", height="100%"),
                   width=f"{decimals(width)}%", height="24", aria_hidden="true")
