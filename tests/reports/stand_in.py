"""A small portfolio with every verdict in it, built from dictionaries of CONTRACT's shape: what reports are tested on.

Nothing here is computed: the figures are invented, and agree with each other only as far as a report could notice.
Names hold what a report must survive: a formula, a tag, letters outside ASCII.
"""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from evenwicht.phrase import Phrase

US = "birch.nl"
UNTIL = date(2026, 6, 30)

NAMES = {
    "acme.com": "Acme NV", "birch.nl": "Birch BV", "cobalt.de": "Cobalt GmbH", "dune.nl": "Dune & Zn.",
    "elm.be": "Elm", "fjord.no": "Fjørd AS", "gable.nl": "Gable", "heron.nl": "Heron", "iris.nl": "Iris BV",
    "juno.nl": '=HYPERLINK("x") <b>Juno</b>',
}

GROUPS = {
    "words": "speaking_listening", "response": "speaking_listening", "initiative": "speaking_listening",
    "money": "giving_taking", "promises": "giving_taking", "favours": "giving_taking", "time": "giving_taking",
    "dependence": "customer_supplier", "perception": "customer_supplier",
}
AXES = tuple(GROUPS)
DEFERRAL = ("response", "money", "promises")
VERDICTS = ("balanced", "temporary", "undecided", "structural", "standing_still", "too_little_data", "no_signal",
            "shown")

UNITS = {
    "words": ["words"], "response": ["working hours"], "initiative": ["count"], "money": ["days"],
    "promises": ["working days"], "favours": ["hours", "EUR"], "time": ["minutes"], "dependence": ["%"],
    "perception": ["points"],
}
_SUMS = {  # a_short, b_short, a_long, b_long of a relation in which a gives more
    "words": (7100.0, 2900.0, 108000.0, 96000.0), "response": (190.0, 50.0, 1400.0, 1350.0),
    "initiative": (21.0, 14.0, 180.0, 172.0), "money": (408.0, 30.0, 1900.0, 420.0),
    "promises": (31.0, 4.0, 90.0, 60.0), "favours": ([6.0, 200.0], [2.0, 0.0], [41.0, 900.0], [18.0, 350.0]),
    "time": (5400.0, 3000.0, 61000.0, 34000.0), "dependence": (14.0, 9.0, 12.0, 10.0),
    "perception": (5.5, 4.0, 5.2, 4.9),
}
_RATES = {  # each side's own commitments: what it was asked, had to pay, had promised
    "response": {"a": {"n": 40, "kept": 36, "median_wait": 5.0}, "b": {"n": 36, "kept": 12, "median_wait": 19.0}},
    "money": {"a": {"n": 18, "kept": 17, "median_wait": -1.0}, "b": {"n": 24, "kept": 3, "median_wait": 17.0}},
    "promises": {"a": {"n": 48, "kept": 45, "median_wait": 0.0}, "b": {"n": 41, "kept": 30, "median_wait": 3.0}},
}


def axis(name: str, verdict: str, a: str, b: str, *, level: float = 0.0, now: float | None = None,
         **changed: Any) -> dict[str, Any]:
    """One axis of the relation a, b. A positive level or now: a gives more, so it leans toward b."""
    now = level if now is None else now
    tilt = level if verdict == "structural" else now
    leans = verdict in {"structural", "temporary", "undecided"} and tilt != 0
    toward = (b if tilt > 0 else a) if leans else None
    king = None if toward is None else ({a: b, b: a}[toward] if name == "words" else toward)
    p = {"structural": 0.93, "undecided": 0.62, "temporary": 0.12, "balanced": 0.04}.get(verdict)
    short_a, short_b, long_a, long_b = _SUMS[name]
    rates = deepcopy(_RATES.get(name))
    if tilt < 0:
        short_a, short_b, long_a, long_b = short_b, short_a, long_b, long_a
        rates = {"a": rates["b"], "b": rates["a"]} if rates else None
    judged = verdict not in {"shown", "no_signal"}
    made: dict[str, Any] = {
        "axis": name, "group": GROUPS[name], "n": 128 if verdict != "too_little_data" else 5,
        "weeks": 61 if verdict != "too_little_data" else 3,
        "now": now, "now_low": now - 0.4, "now_high": now + 0.4,
        "level": level, "level_low": level - 0.3, "level_high": level + 0.3,
        "p_outside": {"structural": 0.95, "undecided": 0.7, "temporary": 0.91, "balanced": 0.06}.get(verdict),
        "p_structural": p, "half_life_weeks": 4.0 if judged else None, "verdict": verdict, "toward": toward,
        "king": king, "since": None, "since_low": None, "since_high": None, "expected_back": None,
        "expected_back_low": None, "expected_back_high": None, "needs": [],
        "a_short": short_a, "b_short": short_b, "a_long": long_a, "b_long": long_b,
        "unit": list(UNITS[name]), "rates": rates,
    }
    if verdict in {"structural", "undecided"}:
        made |= {"since": "2026-02-09", "since_low": "2026-01-26", "since_high": "2026-02-23"}
    if verdict == "temporary":
        made |= {
            "since": "2026-05-18", "since_low": "2026-05-04", "since_high": "2026-06-22",
            "expected_back": "2026-08-14", "expected_back_low": "2026-07-13", "expected_back_high": "2026-10-05",
        }
    if verdict == "too_little_data":
        made |= {"p_outside": None, "p_structural": None, "needs": [f"sent mail of {b}"]}
    return made | changed


def relation(a: str, b: str, verdict: str, axes: list[dict[str, Any]], **changed: Any) -> dict[str, Any]:
    """One relation; `because` holds the axes that carry its verdict."""
    because = [one["axis"] for one in axes if one["verdict"] == verdict]
    kings = {one["king"] for one in axes if one["axis"] in because}
    first = next((one for one in axes if one["axis"] in because), None)
    dated = first is not None and verdict in {"structural", "temporary", "undecided"}
    made: dict[str, Any] = {
        "a": a, "b": b, "verdict": verdict, "because": because,
        "toward": next(iter(kings)) if dated and len(kings) == 1 else None, "both_ways": dated and len(kings) > 1,
        "since": first["since"] if dated and first else None,
        "since_low": first["since_low"] if dated and first else None,
        "since_high": first["since_high"] if dated and first else None,
        "probability": max((one["p_structural"] or 0.0 for one in axes if one["axis"] in because), default=None),
        "events": sum(one["n"] for one in axes), "first": "2023-07-03", "last": "2026-06-29",
        "speed": {"now": 5.8, "normal": 5.2, "ratio": 1.115, "p_standstill": 0.001},
        "robustness": {"ruptures": 8, "repaired": 6, "median_days": 35.0}, "pattern": None, "axes": axes,
    }
    return made | changed


def _relations() -> list[dict[str, Any]]:
    a, b = "acme.com", US
    acme = relation(a, b, "structural", [
        axis("words", "structural", a, b, level=0.9, n=758),
        axis("response", "structural", a, b, level=-0.8, n=541, since_low="2025-11-03", since_high="2026-03-30"),
        axis("initiative", "balanced", a, b, level=0.1),
        axis("money", "structural", a, b, level=-1.1, n=42),
        axis("promises", "undecided", a, b, level=-0.35),
        axis("favours", "temporary", a, b, level=0.1, now=0.8),
        axis("time", "shown", a, b, level=0.5),
        axis("dependence", "shown", a, b, now=None),
        axis("perception", "too_little_data", a, b, needs=["a longer history: the figures are still too uncertain"]),
    ], pattern={"name": "king_and_lackey", "king": a, "lackey": b, "axes": ["words", "response", "money"]})
    b, c = US, "cobalt.de"
    cobalt = relation(b, c, "temporary", [
        axis("words", "balanced", b, c), axis("response", "temporary", b, c, level=0.1, now=0.9),
        axis("initiative", "balanced", b, c, level=-0.1), axis("money", "balanced", b, c),
    ])
    dune = relation(b, "dune.nl", "undecided", [
        axis("words", "undecided", b, "dune.nl", level=-0.5), axis("initiative", "balanced", b, "dune.nl"),
    ])
    elm = relation(b, "elm.be", "standing_still", [
        axis("words", "balanced", b, "elm.be"), axis("money", "balanced", b, "elm.be"),
    ], last="2025-03-03", speed={"now": 0.3, "normal": 4.1, "ratio": 0.073, "p_standstill": 0.97},
        robustness={"ruptures": 0, "repaired": 0, "median_days": None})
    fjord = relation(b, "fjord.no", "too_little_data", [axis("words", "too_little_data", b, "fjord.no")],
                     events=5, first="2026-05-04", last="2026-06-01",
                     speed={"now": None, "normal": None, "ratio": None, "p_standstill": None},
                     robustness={"ruptures": 0, "repaired": 0, "median_days": None})
    gable = relation(b, "gable.nl", "balanced", [
        axis("words", "balanced", b, "gable.nl"), axis("response", "balanced", b, "gable.nl"),
        axis("money", "balanced", b, "gable.nl"), axis("promises", "balanced", b, "gable.nl"),
    ], pattern={"name": "two_kings", "axes": ["words", "response", "money", "promises"]})
    heron = relation(b, "heron.nl", "no_signal", [axis("words", "no_signal", b, "heron.nl")])
    iris = relation(b, "iris.nl", "structural", [
        axis("words", "balanced", b, "iris.nl"), axis("promises", "structural", b, "iris.nl", level=0.9),
        axis("favours", "structural", b, "iris.nl", level=-1.2),
    ])
    juno = relation(b, "juno.nl", "structural", [
        axis("money", "structural", b, "juno.nl", level=1.0,
             rates={"a": {"n": 0, "kept": 0, "median_wait": None}, "b": {"n": 24, "kept": 3, "median_wait": 17.0}}),
    ])
    return [acme, cobalt, dune, elm, fjord, gable, heron, iris, juno]


def _history(relations: list[dict[str, Any]], weeks: int = 156) -> pl.DataFrame:
    """A smooth made-up path per axis; a gust or a shift where the verdict says so."""
    last_monday = UNTIL - timedelta(days=UNTIL.weekday())
    rows: list[dict[str, Any]] = []
    for one in relations:
        for part in one["axes"]:
            if part["now"] is None:
                continue
            for step in range(weeks):
                week = last_monday - timedelta(weeks=weeks - 1 - step)
                turned = part["since"] is None or week >= date.fromisoformat(part["since"])
                slow = part["level"] if turned else 0.15 * part["level"]
                x = (part["now"] if turned else slow) + 0.12 * math.sin(step * 0.9)
                count = float(3 + step % 5)
                rows.append({
                    "a": one["a"], "b": one["b"], "axis": part["axis"], "week": week,
                    "n": count, "a_given": count / (1 + math.exp(-x)), "b_given": count / (1 + math.exp(x)),
                    "slow": slow, "slow_low": slow - 0.3, "slow_high": slow + 0.3, "fast": x - slow,
                    "x": x, "x_low": x - 0.4, "x_high": x + 0.4,
                })
    return pl.DataFrame(rows)


@dataclass(frozen=True)
class StandIn:
    """What reports use of `measures.found.Found`."""

    found: list[dict[str, Any]] = field(default_factory=_relations)
    names: dict[str, str] = field(default_factory=lambda: dict(NAMES))
    us: str = US
    until: date = UNTIL
    needs: tuple[Phrase, ...] = (
        Phrase("sent mail of {party}", {"party": "Fjørd AS"}),
        Phrase("bank statements of {party} after {day}", {"party": "Birch BV", "day": date(2026, 5, 31)}),
    )

    @property
    def expected_wrong(self) -> float:
        """The sum of 1 − p over the relations that are called structural."""
        return sum(1 - one["probability"] for one in self.found if one["verdict"] == "structural")

    def as_dict(self) -> dict[str, Any]:
        return {
            "schema": 1, "until": self.until.isoformat(), "us": self.us,
            "parameters": {"id": "2026-1", "sha256": "0" * 64}, "expected_wrong": self.expected_wrong,
            "needs": [str(need) for need in self.needs], "relations": deepcopy(self.found),
        }

    @property
    def relations(self) -> pl.DataFrame:
        """One row per relation: speed and robustness flattened with `_`, without `axes`."""
        rows = []
        for one in self.found:
            row = {key: value for key, value in one.items() if key not in {"axes", "speed", "robustness"}}
            row |= {key if key == "p_standstill" else f"speed_{key}": value for key, value in one["speed"].items()}
            row |= {f"robustness_{key}": value for key, value in one["robustness"].items()}
            rows.append(row)
        return pl.DataFrame(rows, infer_schema_length=None, strict=False)

    @property
    def axes(self) -> pl.DataFrame:
        """One row per relation × axis; sums over several units stand as lists, so every sum is a list here."""
        rows = []
        for one in self.found:
            for part in one["axes"]:
                row = {"a": one["a"], "b": one["b"], **part}
                for key in ("a_short", "b_short", "a_long", "b_long"):
                    row[key] = row[key] if isinstance(row[key], list) else [row[key]]
                rows.append(row)
        return pl.DataFrame(rows, infer_schema_length=None, strict=False)

    @property
    def history(self) -> pl.DataFrame:
        """relation × axis × week: a, b, axis, week, n, what each gave, and the lines."""
        return _history(self.found)
