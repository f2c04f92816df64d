"""One way to write a person's name, from which a keyed pseudonym is made: the name itself is never stored.

A transcript knows people by name and a calendar by name and address; both make the same pseudonym of the same name, and
`ledger.talks` joins them within one meeting. Nowhere else do names join anybody.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MOST_NAMES = 200
"""Names of one side of one meeting that are kept: who speaks among more is not looked up."""

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2
"""Words of a name that can be joined on: a first name alone is nobody in particular."""

_LONGEST = 200


@lru_cache(maxsize=65_536)
def name_of(written: str) -> str:
    """`Vries, Jan de (Acme)` and `Jan de Vries` → `de jan vries`; "" for labels, numbers and single words."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", _ASIDE.sub(" ", written[:_LONGEST])).casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _WORD.findall(plain)
    return " ".join(sorted(words)) if len(words) >= _LEAST else ""


def name_in(address: str) -> str:
    """The name that a mail address is made of: `jan.de.vries@acme.com` → `de jan vries`; "" where it holds none."""
    holder = address.partition("@")[0].partition("+")[0]
    return name_of(re.sub(r"[._-]", " ", holder)) if re.search(r"[._-]", holder) else ""


def secret(name: str) -> str:
    """What the pseudonym of a name is made of: never equal to that of an address."""
    return f"name:{name}"
