"""What is asked of a list, as it stands in its address; a saved list is such an address under a name."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from evenwicht.web.care.queries import ALL
from evenwicht.web.given import whole

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked of the table.

    axis    one that leans;  lean, turn: us, them, both, nobody
    who     who cares for it: mine, all, nobody, seat-3, team-4;  tag: its number
    lacks   what is missing, as it is said in English
    """

    find: str = ""
    verdict: str = ""
    axis: str = ""
    lean: str = ""
    turn: str = ""
    who: str = ALL
    tag: str = ""
    lacks: str = ""
    sort: str = "attention"
    page: int = 1


PLAIN = Asked()
_LONGEST = {"find": 200, "lacks": 300}


def asked_of(given: Mapping[str, str]) -> Asked:
    """What an address asks of the table; what cannot be meant is left out."""
    texts = {one.name: given.get(one.name, "").strip()[:_LONGEST.get(one.name, 40)] or getattr(PLAIN, one.name) for one in fields(Asked) if one.name != "page"}
    return Asked(page=whole(given.get("page", ""), 1, digits=6), **texts)


def query_of(asked: Asked, **changed: Any) -> str:
    """The query of the address of a table, with something else asked of it. Never empty: the empty one is whatever is shown first."""
    other = replace(asked, **({"page": 1} | changed))
    kept = {one.name: getattr(other, one.name) for one in fields(Asked) if getattr(other, one.name) != getattr(PLAIN, one.name)}
    return urlencode(kept or {"who": ALL})


def address_of(asked: Asked) -> str:
    """Where a list is shown as it was looked at: only what a list understands goes into its address."""
    return f"{reverse('portfolio')}?{query_of(asked, page=asked.page)}#all"
