"""Learn a private parameter set from one's own portfolio (`assess --learn`). Never for what the other side sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evenwicht import registry
from evenwicht.engines.local import ledger_of, prepared
from evenwicht.measures.learn import Rows, sampled
from evenwicht.measures.learn import learn as learn_set
from evenwicht.measures.observations import observe, series

if TYPE_CHECKING:
    from datetime import date

    from evenwicht.ledger.table import Ledger
    from evenwicht.measures.parameters import Family, ParameterSet


def learn(ledger: Ledger, until: date | str | None = None, *, start: ParameterSet | None = None) -> ParameterSet:
    """The weights of the grid and the dispersion of each axis, as this portfolio has them.

    Needs at least 200 relations with 20 events; of more than 20,000 a sample is taken by the hash of the pair, so that
    it does not depend on the order. Raises WrongCall when the portfolio is too small.
    """
    facts, last = prepared(ledger_of(ledger), until)
    axes: dict[Family, dict[str, Rows]] = {}
    for name, axis in registry.members("evenwicht.measures.axes").items():
        found = series(observe(axis, facts), 1.0)
        rows = Rows(found.offsets, found.week, found.a, found.n)
        chosen = sampled(found.pairs)
        axes.setdefault(axis.FAMILY, {})[name] = rows if len(chosen) == len(found.pairs) else rows.taken(np.sort(chosen))
    return learn_set("private", f"Learned from one's own portfolio up to {last.isoformat()}.", axes, start)
