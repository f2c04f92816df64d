"""The stand-in portfolio with a ledger behind it: weeks with what each side gave, and the events of each axis."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl
from tests.reports.stand_in import UNTIL, StandIn

KINDS_OF = {
    "words": ("message", "words"), "response": ("question", "count"), "initiative": ("meeting", "minutes"),
    "money": ("payment", "EUR"), "promises": ("delivery", "count"), "favours": ("favour", "hours"),
    "time": ("attendance", "minutes"),
}
NOON = datetime(UNTIL.year, UNTIL.month, UNTIL.day, 12, tzinfo=UTC)


class WithLedger(StandIn):
    """What `Found` offers to a report, the ledger included."""

    @cached_property
    def history(self) -> pl.DataFrame:  # type: ignore[override]
        frame = super().history
        wobble = pl.int_range(pl.len()).mod(7).sub(3).truediv(4)
        share = 1 / (1 + (-(pl.col("x") + wobble)).exp())
        return frame.with_columns(a_given=(share * pl.col("n")).round(2), b_given=((1 - share) * pl.col("n")).round(2))

    def history_of(self, a: str, b: str) -> pl.DataFrame:
        return self.history.filter((pl.col("a") == a) & (pl.col("b") == b))

    def events_of(self, a: str, b: str, axis: str | None = None) -> pl.DataFrame:
        one = next(one for one in self.found if (one["a"], one["b"]) == (a, b))
        rows: list[dict[str, Any]] = []
        for part in one["axes"]:
            if part["axis"] in KINDS_OF and axis in {None, part["axis"]}:
                rows += self._events(a, b, part["axis"], min(part["n"], 90))
        if axis is None:
            rows.append(self._row("gust", NOON - timedelta(days=43), b, a, "disturbance", 60.0, "days",
                                  due=NOON + timedelta(days=45)))
        return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"due": pl.Datetime("us", "UTC"), "answers": pl.String})

    def _events(self, a: str, b: str, axis: str, count: int) -> list[dict[str, Any]]:
        kind, unit = KINDS_OF[axis]
        rows = []
        for index in range(count):
            giver, receiver = (a, b) if math.sin(index * 2.1) > 0 else (b, a)
            at = NOON - timedelta(days=index * 9 + index % 3)
            rows.append(self._row(
                f"{axis}-{index}", at, giver, receiver, kind, 100.0 + index * 7 % 400, unit,
                due=at + timedelta(days=14) if axis in {"money", "promises"} else None,
                answers=f"{axis}-{index + 1}" if index % 4 == 0 else None,
                evidence=[f"{'bank.xml' if axis == 'money' else 'mail.mbox'}#{1000 + index}"],
            ))
        return rows

    @staticmethod
    def _row(key: str, at: datetime, giver: str, receiver: str, kind: str, amount: float, unit: str,
             **more: Any) -> dict[str, Any]:
        return {"id": key, "at": at, "giver": giver, "receiver": receiver, "kind": kind, "amount": amount, "unit": unit,
                "due": None, "answers": None, "evidence": ["by hand"], **more}
