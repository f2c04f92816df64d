"""The columns of a relation's axis, in the order of CONTRACT: the same in JSON, CSV and Parquet."""

from __future__ import annotations

AXIS_COLUMNS = (
    "a", "b", "axis", "group", "n", "weeks", "now", "now_low", "now_high", "level", "level_low", "level_high",
    "p_outside", "p_structural", "half_life_weeks", "verdict", "toward", "king", "since", "since_low", "since_high",
    "expected_back", "expected_back_low", "expected_back_high", "needs", "a_short", "b_short", "a_long", "b_long",
    "unit", "rates",
)
