"""What a source could have shown, as the metadata of a ledger keeps it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenwicht.ledger.coverage import Coverage

MOMENT = st.datetimes(timezones=st.just(UTC))
ENTRIES = st.builds(
    Coverage, source=st.text(), party=st.none() | st.text(), person=st.none() | st.text(), kinds=st.lists(st.text()).map(tuple),
    start=MOMENT, end=MOMENT, sees=st.sampled_from(["both", "given", "received"]),
)


@given(ENTRIES)
def test_an_entry_survives_json(entry: Coverage) -> None:
    assert Coverage.from_dict(json.loads(json.dumps(entry.as_dict()))) == entry


def test_the_names_are_those_of_the_contract() -> None:
    entry = Coverage("bank.xml", "birch.nl", None, ("payment", "reversal"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC))
    assert entry.as_dict() == {
        "source": "bank.xml", "party": "birch.nl", "person": None, "kinds": ["payment", "reversal"],
        "from": "2026-01-01T00:00:00+00:00", "to": "2026-03-31T00:00:00+00:00", "sees": "both",
    }


def test_person_and_direction_may_be_left_out() -> None:
    entry = Coverage.from_dict({"source": "s", "party": None, "kinds": [], "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"})
    assert (entry.person, entry.sees, entry.party) == (None, "both", None)
    assert entry.start == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("gone", ["source", "party", "kinds", "from", "to"])
def test_an_entry_without_its_heart_is_refused(gone: str) -> None:
    stored = {"source": "s", "party": None, "kinds": [], "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
    del stored[gone]
    with pytest.raises(KeyError):
        Coverage.from_dict(stored)
