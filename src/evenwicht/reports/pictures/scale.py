"""Where things stand in a track: log-odds across, weeks up, the last quarter taller than the years below."""

from __future__ import annotations

import math
from dataclasses import dataclass

REACH = 1.55
"""Log-odds from the spine to the edge: 82 against 18 (LOOK 6)."""

GUTTER = 44
TOP, TODAY, FUTURE_WEEKS = 8.0, 62.0, 9
RECENT_WEEKS, RECENT_STEP, PAST_STEP, FUTURE_STEP = 13, 9.0, 1.45, 6.0


def clamp(value: float, limit: float = REACH) -> float:
    """The value, kept between -limit and limit."""
    return max(-limit, min(limit, value))


def share(log_odds: float) -> float:
    """The part the right side receives, 0 to 1, of log-odds that are positive toward the right."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))


def log_odds(part: float) -> float:
    """The log-odds of a part strictly between 0 and 1."""
    return math.log(part / (1 - part))


@dataclass(frozen=True, slots=True)
class Road:
    """The geometry of one track: `width` in user units, `weeks` of history drawn below today."""

    width: float = 384
    weeks: int = 156

    @property
    def middle(self) -> float:
        return self.width / 2

    @property
    def left(self) -> float:
        return GUTTER

    @property
    def right(self) -> float:
        return self.width - GUTTER

    @property
    def bottom(self) -> float:
        return self.y(self.weeks)

    @property
    def height(self) -> float:
        return self.bottom + 24

    def x(self, value: float) -> float:
        """Across: log-odds, kept on the road."""
        return self.middle + clamp(value) * (self.width - 2 * GUTTER) / (2 * REACH)

    def y(self, age: float) -> float:
        """Up: weeks before today; negative ages are the future."""
        if age <= 0:
            return TODAY + max(age, -FUTURE_WEEKS) * FUTURE_STEP
        if age <= RECENT_WEEKS:
            return TODAY + age * RECENT_STEP
        return TODAY + RECENT_WEEKS * RECENT_STEP + (min(age, max(self.weeks, RECENT_WEEKS)) - RECENT_WEEKS) * PAST_STEP
