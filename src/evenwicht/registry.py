"""Finds the members of a family (importers, axes, report formats) by scanning their folder: no central list."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from evenwicht.errors import OwnFault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType


@cache
def members(package: str) -> Mapping[str, ModuleType]:
    """Every module of `package` that gives itself a `NAME`, by that name, in alphabetical order.

    A module without a `NAME` is a room beside the family, not a member of it. Two members of one name are
    an `OwnFault`: the order of files must never decide which of them is used.
    """
    home = importlib.import_module(package)
    found: dict[str, ModuleType] = {}
    for entry in pkgutil.iter_modules(home.__path__):
        if entry.ispkg:
            continue
        module = importlib.import_module(f"{package}.{entry.name}")
        name = getattr(module, "NAME", None)
        if name is None:
            continue
        if name in found:
            raise OwnFault(
                "Two members of {package} are both called {name}: {first} and {second}. Rename one of them.",
                package=package, name=name, first=found[name].__name__, second=module.__name__,
            )
        found[name] = module
    return MappingProxyType(dict(sorted(found.items())))
