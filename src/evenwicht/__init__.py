"""Evenwicht: whether a customer and a supplier are in balance, from both chairs, with honest certainty.

    import evenwicht as ew
    ledger, problems = ew.read("mail.mbox", "invoices/", "bank.xml", us=["birch.nl"])
    found = ew.assess(ledger, until="2026-06-30")
    found.between("birch.nl", "acme.com").seen_from("acme.com")

Importing this package loads no numbers and no web framework; both come with the first call that needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evenwicht.engines.local import assess
    from evenwicht.ledger.problems import Problem
    from evenwicht.ledger.table import Ledger
    from evenwicht.measures.balance import balance
    from evenwicht.measures.learn import learn
    from evenwicht.simulation.portfolio import simulate

    __version__: str

__all__ = ["__version__", "assess", "balance", "learn", "read", "simulate"]

_LATE = {
    "assess": "evenwicht.engines.local", "balance": "evenwicht.measures.balance", "learn": "evenwicht.engines.learning",
    "simulate": "evenwicht.simulation.portfolio",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'evenwicht' has no attribute {name!r}")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow to load, and reading files does without it

    try:
        return version("evenwicht")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0"


def read(
    *paths: str | Path, us: Sequence[str] | str = (), exclude: Sequence[str] = (), layout: str | None = None,
    between_others: bool = False, into: Ledger | None = None,
) -> tuple[Ledger, list[Problem]]:
    """Read files and folders into a ledger.

    paths           files, folders, Maildirs; a folder is read with everything in it
    us              our domains, addresses or keys: one party, keyed by the first; without it, worked out and noted
    exclude         domains, addresses, `thread:<id>` or `label:NAME` that are never stored
    layout          name or file of a table layout
    between_others  keep what happens between two others
    into            an earlier ledger to add to

    Returns the ledger and every problem, a value each. Raises `errors.WrongCall` for a call that cannot be carried out
    and `errors.NothingRead` when no usable event came out.
    """
    from evenwicht.engines.reading import Settings, exclusions
    from evenwicht.engines.reading import read as gather

    given = Settings(us=(us,) if isinstance(us, str) else tuple(us), exclude=exclusions(exclude), layout=layout, between_others=between_others)
    report = gather(paths, given, into=into)
    return report.ledger, report.problems
