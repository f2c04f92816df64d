#!/usr/bin/env python3
"""Writes the example files of Berk Verpakkingen into examples/berk, the same bytes every time.

    python examples/make_examples.py [FOLDER]
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from making import agenda, bank, books, invoices, mailboxes, plan, tables  # noqa: E402  after the path is known


def write(folder: Path) -> None:
    """All files, after what stood there was removed."""
    if folder.exists():
        shutil.rmtree(folder)
    happened = plan.everything()
    mailboxes.write(happened.mails, folder / "mail")
    agenda.write(happened.meetings, folder / "agenda" / "inge.ics")
    invoices.write(happened.invoices, folder / "invoices")
    bank.write(happened.payments, folder / "bank")
    books.write(happened, folder / "books" / f"auditfile-{books.YEAR}.xaf")
    tables.write(happened, folder / "tables")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "berk")
