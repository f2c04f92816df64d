"""A simulated portfolio as the files that our side would have: mail, agenda, transcripts, documents, the bank, tables.

Each writer takes what its format can say and leaves the rest to the next; last comes the log of contacts, which can say nearly
anything. Read with `evenwicht read`, the files give the same ledger: `tests/laws/test_files_written_and_read.py`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evenwicht.errors import WrongCall
from evenwicht.importers import camt, ics, mbox, table, ubl, vtt
from evenwicht.importers.xml.parties import Named
from evenwicht.ledger.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from evenwicht.ledger.table import Ledger
    from evenwicht.simulation.portfolio import Simulated

FILES, ME = "files", "me.toml"
_BANK = "EVEN"
"""Of the accounts of a simulation. No bank is called so."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a portfolio.

    files   how many were written; me: the file that says who we are
    left    per kind, how many events no file can hold
    """

    folder: Path
    me: Path
    files: int
    left: Counter[str]


def write_files(made: Simulated, folder: Path, *, advance: Callable[[str], None] = lambda _folder: None) -> Made:
    """Write a portfolio as `folder/files/` and `folder/me.toml`.

    advance   told the name of each folder that was finished: mail, agenda, talk, invoices, bank, tables

    Raises WrongCall where `folder/files` holds anything (files of another portfolio would be read along), or cannot be written.
    """
    home = folder / FILES
    us = made.ledger.us or ""
    parties = firms(made.ledger)
    weeks: list[date] = made.truth["week"].unique().to_list()
    first, last = min(weeks), max(weeks) + timedelta(days=6)
    events = list(events_of(made.ledger))
    try:
        if home.exists() and any(home.iterdir()):
            raise WrongCall("{path} is not empty, and what is in it would be read along. Name another folder with -o, or remove it first.", path=home)
        left = mbox.write(events, home / "mail" / f"{us}.mbox")
        advance("mail")
        left = ics.write(left, home / "agenda" / f"{us}.ics")
        advance("agenda")
        left = vtt.write(left, home / "talk")
        advance("talk")
        left = ubl.write(left, home / "invoices", parties)
        advance("invoices")
        left = camt.write_statements(left, home / "bank", us, parties, first.replace(day=1), last)
        advance("bank")
        left = table.write(left, home / "tables" / "log.csv")
        table.write_open_items(events, home / "tables" / "open-items.xlsx", us, parties)
        advance("tables")
        (folder / ME).write_text(me_file(parties[us]), encoding="utf-8")
    except OSError as error:
        raise WrongCall("{path} cannot be written: {reason}.", path=error.filename or home, reason=error.strerror or str(error)) from None
    return Made(home, folder / ME, sum(1 for one in home.rglob("*") if one.is_file()), Counter(one.kind for one in left))


def firms(ledger: Ledger) -> dict[str, Named]:
    """Who the parties of a simulation are in documents: a name, a GLN and an account, made from their place in the portfolio.

    A VAT number would say in which country they are, and with it by which clock and holidays they work: they live in UTC.
    """
    names = {ledger.us or "": "Ours"} | {key: party.name for key, party in ledger.parties.items()}
    return {key: Named((key, f"peppol:0088:{_gln(number)}", f"iban:{_iban(number)}"), f"{name} B.V.")
            for number, (key, name) in enumerate(sorted(names.items()), 1)}


def me_file(us: Named) -> str:
    """What `--me` is told: our name, domain and account."""
    iban = next(one.removeprefix("iban:") for one in us.identifiers if one.startswith("iban:"))
    return f'names = ["{us.name}"]\ndomains = ["{us.best}"]\nibans = ["{iban}"]\n'


def events_of(ledger: Ledger) -> Iterable[Event]:
    """The rows of a ledger as events."""
    for row in ledger.events.iter_rows(named=True):
        yield Event(
            id=row["id"], at=row["at"], giver=row["giver"], receiver=row["receiver"], kind=row["kind"], amount=row["amount"], unit=row["unit"],
            person=row["person"], counter_person=row["counter_person"], thread=row["thread"], answers=row["answers"], due=row["due"], shared=row["shared"])


def _iban(number: int) -> str:
    """A Dutch account number that checks (modulo 97), at a bank that does not exist."""
    letters = "".join(str(ord(letter) - 55) for letter in _BANK + "NL")
    account = f"{number:010}"
    check = 98 - int(letters[:-4] + account + letters[-4:] + "00") % 97
    return f"NL{check:02}{_BANK}{account}"


def _gln(number: int) -> str:
    """A global location number that checks (modulo 10), of those that GS1 keeps for examples (952)."""
    digits = f"952{number:09}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
