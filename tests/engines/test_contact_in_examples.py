"""The example firm whose contact leaves in April 2026: found with its day, beside the answers that lean since then."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from evenwicht.engines.local import assess
from evenwicht.engines.reading import Settings, read
from evenwicht.reports import words

if TYPE_CHECKING:
    from pathlib import Path


def test_the_contact_who_moves_is_found_and_nobody_else(examples: Path) -> None:
    told = Settings(us=("berk.example",), pseudonym=lambda address: hashlib.sha256(address.encode()).hexdigest()[:16] if address else None)
    ledger = read([examples / "berk" / "mail" / "inge.mbox"], told).ledger
    found = assess(ledger, "2026-05-31", today=date(2026, 7, 1))
    partners = {key for pair in found.relations.select("a", "b").rows() for key in pair} - {"berk.example"}
    changes = {key: found.contact_changes_of("berk.example", key).rows(named=True) for key in sorted(partners)}
    assert {key for key, rows in changes.items() if rows} == {"visser.example"}
    (change,) = changes["visser.example"]
    assert (change["side"], change["low"] <= date(2026, 4, 10) <= change["high"]) == ("visser.example", True)
    relation = found.between("berk.example", "visser.example").as_dict()
    (sentence,) = words.cause_sentences([change], relation, found.names, found.until, "en")
    assert sentence.startswith("The main contact of")
    assert sentence.endswith("a probable cause of what leans since then on answers.")
