"""Law: a portfolio written as files and read back is the same ledger, and is judged the same.

*The same* is strict: every row of the ledger that was drawn stands in the ledger that was read, and no other row does; all columns of
schema 1 are equal but `evidence`, which says where a row was found. Where a format dictates how something is called, `as_files_say`
writes that down, and nothing else is allowed to differ:

- a person is the keyed pseudonym of the address that was made of the pseudonym that was drawn; a meeting may have companions;
- an attendance has `#attendance` behind the id of its meeting;
- a meeting and what belongs to it are a thread, and so is what stands in the log of contacts without one;
- UBL knows the value of an order in money only: `1 count` is read as not known;
- a payment that stands in the bank and among our open items keeps the smaller of its two ids.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal
from tests.laws.portfolios import PARTIES, START, ledgers

from evenwicht.cli.choosing import me_of
from evenwicht.engines.local import assess
from evenwicht.engines.reading import Report, Settings, read
from evenwicht.engines.simulated_files import ME, events_of, firms, write_files
from evenwicht.engines.workers.limits import Limits
from evenwicht.errors import NothingRead, WrongCall
from evenwicht.importers import camt, ics, mbox, table, ubl, vtt
from evenwicht.importers.written import address
from evenwicht.importers.xml.parties import Named
from evenwicht.ledger.persons import Pseudonyms
from evenwicht.ledger.table import SCHEMA, Ledger
from evenwicht.simulation.portfolio import Simulated, simulate

if TYPE_CHECKING:
    from pathlib import Path

    from evenwicht.ledger.events import Event
    from evenwicht.measures.found import Found

PSEUDONYM = Pseudonyms(b"a key for tests, of 32 bytes ....")
NOW = datetime(2026, 7, 1, tzinfo=UTC)
UNTIL = date(2026, 6, 28)
MOST_COMPANIONS = 60
IN_COMPANY = ("meeting", "attendance")
CONTACT = {"promise", "promise_kept"}
"""Kinds that only the log of contacts carries."""

WORLDS: tuple[dict[str, Any], ...] = (
    {"relations": 4, "weeks": 16, "seed": 1, "shape": "usual", "meetings": 0.2},
    {"relations": 3, "weeks": 20, "seed": 2, "shape": "gusty", "contact_changes": 3.0, "papers": 1.0},
    {"relations": 5, "weeks": 12, "seed": 3, "shape": "quiet", "kings": 0.5, "meetings": 0.1},
    {"relations": 3, "weeks": 14, "seed": 4, "shape": "thin", "silences": 4.0, "papers": 1.5},
    {"relations": 1, "weeks": 18, "seed": 5, "shape": "shifty", "events": 8, "meetings": 0.4},
)


def there_and_back(world: dict[str, Any], folder: Path) -> tuple[Simulated, Report]:
    drawn = simulate(**world)
    made = write_files(drawn, folder)
    assert not made.left
    settings = Settings(me=me_of(folder / ME), pseudonym=PSEUDONYM, limits=Limits(workers=0))
    return drawn, read([made.folder], settings, now=NOW)


def as_files_say(ledger: Ledger) -> pl.DataFrame:
    """The rows that were drawn, as the formats have to call them."""
    us = ledger.us
    kind, ours = pl.col("kind"), (pl.col("receiver") == us) & (pl.col("kind") == "payment")
    counted = (kind == "order") & (pl.col("unit") == "count")
    rows = ledger.events.select(*SCHEMA).drop("evidence").with_columns(
        pl.when(kind == "attendance").then(pl.col("id") + "#attendance")
        .when(ours).then(pl.min_horizontal("id", pl.col("answers") + "#payment")).otherwise("id").alias("id"),
        pl.when(kind == "meeting").then("id").when(kind.is_in(["attendance", "talk"])).then("answers")
        .when(kind.is_in(CONTACT)).then(pl.coalesce("thread", "answers", "id")).otherwise("thread").alias("thread"),
        pl.when(counted).then(None).otherwise("amount").alias("amount"),
        pl.when(counted).then(pl.lit("")).otherwise("unit").alias("unit"),
    )
    return rows.with_columns(
        pl.Series(column, [None if who is None else PSEUDONYM(address(who, party)) for who, party in rows.select(column, side).iter_rows()], pl.String)
        for column, side in (("person", "giver"), ("counter_person", "receiver")))


def without_companions(found: pl.DataFrame, drawn: pl.DataFrame) -> pl.DataFrame:
    """The rows that were read, without those at a meeting who came along with somebody; each of them must be one who could."""
    companions = {PSEUDONYM(address(who, party).replace("@", f".{number}@"))
                  for column, side in (("person", "giver"), ("counter_person", "receiver"))
                  for who, party in drawn.filter(pl.col("kind").is_in(IN_COMPANY)).select(column, side).iter_rows() if who is not None
                  for number in range(2, MOST_COMPANIONS)}

    def named(people: str | None) -> str | None:
        return None if people is None else " ".join(one for one in people.split() if one not in companions)

    there = pl.col("kind").is_in(IN_COMPANY)
    return found.with_columns(
        pl.when(there).then(pl.Series(column, [named(one) for one in found[column]], pl.String)).otherwise(column).alias(column)
        for column in ("person", "counter_person"))


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("kind", "id", "giver", "receiver")


@pytest.fixture(scope="module", params=WORLDS, ids=lambda world: f"{world['shape']}-{world['seed']}")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Simulated, Report, Found]:
    """What was drawn, what was read, and how the former is judged."""
    drawn, report = there_and_back(request.param, tmp_path_factory.mktemp("drawn"))
    return drawn, report, assess(drawn.ledger, UNTIL)


def test_what_was_drawn_is_what_is_read(both: tuple[Simulated, Report, Found]) -> None:
    drawn, report, _found = both
    assert [str(one.what_phrase) for one in report.problems] == []
    assert report.internal == report.between_others == 0
    assert report.ledger.us == drawn.ledger.us
    assert report.ledger.parties.keys() == drawn.ledger.parties.keys()
    found = without_companions(report.ledger.events.select(*SCHEMA).drop("evidence"), drawn.ledger.events)
    assert_frame_equal(in_order(found), in_order(as_files_say(drawn.ledger)), check_exact=True)
    heads_are_whole(report.ledger.events)


def heads_are_whole(events: pl.DataFrame) -> None:
    """Both sides of a meeting took the same number of minutes for each head that is named."""
    came = events.filter(pl.col("kind") == "attendance")
    called = events.filter(pl.col("kind") == "meeting")
    both = came.join(called, left_on=["answers", "giver"], right_on=["id", "receiver"], suffix="_called")
    assert both.height == came.height == called.height
    for row in both.iter_rows(named=True):
        minutes = row["amount"] / len(row["person"].split())
        assert (row["amount_called"] / minutes).is_integer()


def test_both_are_judged_the_same(both: tuple[Simulated, Report, Found]) -> None:
    """Verdicts and figures, where the files count as showing everything, as the ledger that was drawn does."""
    _drawn, report, one = both
    two = assess(replace(report.ledger, coverage=None), UNTIL)
    for name in ("relations", "axes", "history"):
        assert_frame_equal(getattr(two, name), getattr(one, name), abs_tol=1e-6, rel_tol=0)


ALL_SHOWN = ("words", "initiative", "money", "response")
"""Axes whose facts the files show from the first day to the last. Despatch advices of a seller do not show that the buyer sent none,
so of `promises` the files show less; and a calendar ends with its last meeting."""
STILL_WAITING = 0.01
"""A question that nobody answered is known to wait up to the last mail of the mailbox, not up to the last day of the portfolio."""


def test_the_files_show_enough_for_the_same_verdicts(both: tuple[Simulated, Report, Found]) -> None:
    _drawn, report, found = both
    assert report.ledger.coverage
    one, two = found.axes, assess(report.ledger, UNTIL).axes
    shown = pl.col("axis").is_in(ALL_SHOWN)
    codes = ["a", "b", "axis", "n", "weeks", "verdict", "toward", "king"]
    assert_frame_equal(two.filter(shown).select(codes), one.filter(shown).select(codes))
    figures = ["now", "level", "p_outside", "p_structural"]
    for axis in ALL_SHOWN:
        here = pl.col("axis") == axis
        assert_frame_equal(two.filter(here).select(figures), one.filter(here).select(figures), abs_tol=STILL_WAITING if axis == "response" else 1e-6, rel_tol=0)
    together = one.join(two, on=["a", "b", "axis"], suffix="_seen")
    assert together.filter(pl.col("n_seen") > pl.col("n")).height == 0


def test_the_same_portfolio_is_the_same_bytes_and_another_is_not(tmp_path: Path) -> None:
    def written(name: str, seed: int) -> dict[str, bytes]:
        made = write_files(simulate(2, 6, seed), tmp_path / name)
        assert made.files == sum(one.is_file() for one in made.folder.rglob("*"))
        return {one.relative_to(tmp_path / name).as_posix(): one.read_bytes() for one in (tmp_path / name).rglob("*") if one.is_file()}

    first, again, other = written("first", 1), written("again", 1), written("other", 2)
    assert first == again
    assert first != other
    assert {name.split("/")[1] for name in first if "/" in name} == {"mail", "agenda", "talk", "invoices", "bank", "tables"}


def test_where_nothing_happens_there_is_nothing_to_read(tmp_path: Path) -> None:
    made = write_files(simulate(1, 2, 1, events=0, papers=0), tmp_path)
    assert [one.name for one in made.folder.rglob("*") if one.is_file()] == ["open-items.xlsx"]
    assert me_of(tmp_path / ME) is not None
    with pytest.raises(NothingRead):
        read([made.folder], Settings(me=me_of(tmp_path / ME), pseudonym=PSEUDONYM, limits=Limits(workers=0)), now=NOW)


def test_files_of_another_portfolio_are_not_mixed_in(tmp_path: Path) -> None:
    drawn = simulate(2, 6, 1)
    write_files(drawn, tmp_path)
    with pytest.raises(WrongCall, match="is not empty"):
        write_files(drawn, tmp_path)


def test_a_folder_that_cannot_be_made_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "drawn").write_text("a file")
    with pytest.raises(WrongCall, match="cannot be written"):
        write_files(simulate(2, 6, 1), tmp_path / "drawn")


def test_what_fits_nowhere_is_counted(tmp_path: Path) -> None:
    drawn = simulate(2, 6, 1)
    private = drawn.ledger.events.with_columns(pl.when(pl.col("kind") == "promise").then(pl.lit(value=False)).otherwise("shared").alias("shared"))
    made = write_files(replace(drawn, ledger=drawn.ledger.with_events(private)), tmp_path)
    assert made.left == {"promise": private.filter(~pl.col("shared")).height}
    assert made.left["promise"] > 0


def test_accounts_and_locations_check() -> None:
    for who in firms(simulate(12, 2, 1).ledger).values():
        iban = next(one.removeprefix("iban:") for one in who.identifiers if one.startswith("iban:"))
        assert int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1
        gln = next(one.rpartition(":")[2] for one in who.identifiers if one.startswith("peppol:0088:"))
        assert len(gln) == 13
        assert sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(gln)) % 10 == 0


@settings(max_examples=25)
@given(ledgers())
def test_every_event_is_in_one_file_or_left(tmp_path_factory: pytest.TempPathFactory, events: list[Event]) -> None:
    """Whatever the ledger: each writer carries an event or leaves it, and what all files together say is what was not left."""
    folder = tmp_path_factory.mktemp("any")
    us, start, end = PARTIES[0], START.date(), date(2026, 7, 1)
    who = {key: Named((key, f"iban:NL{number:02}EVEN0000000001"), key) for number, key in enumerate(PARTIES, 10)}
    one_each = list({(one.id, one.kind, one.giver, one.receiver): one for one in events}.values())
    left = mbox.write(one_each, folder / "a.mbox")
    left = ics.write(left, folder / "a.ics")
    left = vtt.write(left, folder / "talk")
    left = ubl.write(left, folder / "invoices", who)
    left = camt.write_statements(left, folder / "bank", us, who, start, end)
    left = table.write(left, folder / "log.csv")
    kept = {(one.id, one.kind, one.giver, one.receiver) for one in one_each} - {(one.id, one.kind, one.giver, one.receiver) for one in left}
    if not kept:
        return
    report = read([folder], Settings(us=(us,), pseudonym=PSEUDONYM, limits=Limits(workers=0), between_others=True), now=NOW)
    found = {(one.id, one.kind, one.giver, one.receiver) for one in events_of(report.ledger)}
    assert found == {(f"{name}#attendance" if kind == "attendance" and not name.endswith("#attendance") else name, kind, *sides) for name, kind, *sides in kept}
