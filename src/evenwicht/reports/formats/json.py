"""One JSON object, exactly as CONTRACT says under "assess --format json": what other programs read."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from evenwicht.phrase import Phrase
from evenwicht.reports.formats import chosen
from evenwicht.reports.words.influence import explained

if TYPE_CHECKING:
    from evenwicht.reports.formats import Found

NAME = "json"
SUFFIX = ".json"
BINARY = False
ONE_RELATION = False


def write(
    found: Found, target: IO[str], *, language: str = "en", chair: str | None = None,
    between: tuple[str, str] | None = None, explain: bool = False,
) -> None:
    """Write the result as JSON; codes and keys are the same in every language and from every chair.

    explain   each axis gets `explain`: which events carry it, and how few would make it another verdict; null where it does not lean
    """
    del language, chair
    result = found.as_dict()
    result["relations"] = chosen(result["relations"], between)
    if explain:
        for relation in result["relations"]:
            for axis in relation["axes"]:
                axis["explain"] = explained(found, relation["a"], relation["b"], axis["axis"])
    json.dump(plain(result), target, ensure_ascii=False, allow_nan=False, indent=2)
    target.write("\n")


def plain(value: Any) -> Any:
    """The same value in what JSON knows: no NaN and no infinity (null), days as ISO 8601, phrases as their English."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Phrase) else value
