"""Writes payments into bank statements (CAMT.053, ISO 20022): one account, one file a month, every balance following from the one before.

Elements stand in the order of the schema camt.053.001.02. A payment names its invoice by number and by the payment reference of
the invoice (`creditor_reference`), as its payer would; its id is the payer's own reference (EndToEndId).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from evenwicht.importers.written import Written, without
from evenwicht.importers.xml.creditor_reference import creditor_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from evenwicht.importers.xml.parties import Named
    from evenwicht.ledger.events import Event

OPENING = Decimal("100000.00")
"""What the account holds before the first statement."""

_MOST_DECIMALS, _LONGEST_ID = 5, 35
_REFERENCE = re.compile(rf"[A-Za-z0-9/?:().,'+ -]{{1,{_LONGEST_ID}}}")
"""The letters of SEPA (EPC217-08)."""
_NONE = frozenset({"NOTPROVIDED", "NOTAVAILABLE", "NONREF"})


def write_statements(
    events: Iterable[Event], folder: Path, us: str, parties: Mapping[str, Named], first: date, last: date, currency: str = "EUR",
) -> list[Event]:
    """Write the payments and reversals between us and others into statements from `first` to `last`, one a month: `2026-03.xml`.

    us        our key, whose account it is; parties: who everybody is, with an `iban:` each
    Returns the events that none of them holds. Raises OSError.
    """
    return written(events, us, parties, first, last, currency).into(folder)


def written(
    events: Iterable[Event], us: str, parties: Mapping[str, Named], first: date, last: date, currency: str = "EUR",
) -> Written:
    """Statements as bytes by name, and the events that are in none of them."""
    events = list(events)
    carried = [one for one in events if _is_booked(one, us, parties, currency) and first <= one.at.date() <= last]
    if us not in parties or _iban(parties[us]) is None:
        carried = []
    files: dict[str, bytes] = {}
    balance = OPENING
    for start, end in _months(first, last) if carried else ():
        lines = sorted((one for one in carried if start <= one.at.date() <= end), key=lambda one: (one.at, one.id, one.kind))
        closing = balance + sum((_signed(one, us) for one in lines), Decimal(0))
        files[f"{start:%Y-%m}.xml"] = _statement(lines, us, parties, (start, end), (balance, closing), currency).encode()
        balance = closing
    return Written(files, without(events, carried))


def _is_booked(event: Event, us: str, parties: Mapping[str, Named], currency: str) -> bool:
    """Whether a line of the account can say this: a whole day, an amount above zero, a reference that payers can give."""
    if event.kind not in {"payment", "reversal"} or us not in {event.giver, event.receiver} or event.unit != currency or not event.amount:
        return False
    amount = Decimal(repr(event.amount))
    other = event.receiver if event.giver == us else event.giver
    return (
        event.amount > 0 and _decimals(amount) <= _MOST_DECIMALS and event.at.hour == event.at.minute == event.at.second == event.at.microsecond == 0
        and event.shared and event.due is None and _REFERENCE.fullmatch(event.id) is not None and event.id == " ".join(event.id.split())
        and event.id.upper().replace(" ", "").replace("-", "") not in _NONE and other in parties and _iban(parties[other]) is not None
        and (event.answers is None or event.kind == "payment" or event.answers == event.id)
    )


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else _MOST_DECIMALS + 1


def _iban(party: Named) -> str | None:
    return next((one.removeprefix("iban:") for one in party.identifiers if one.startswith("iban:")), None)


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The first and the last day of each month from `first` to `last`, cut off at both."""
    start = first
    while start <= last:
        end = min(last, start.replace(day=monthrange(start.year, start.month)[1]))
        yield start, end
        start = end + timedelta(days=1)


def _signed(event: Event, us: str) -> Decimal:
    """What a line does to the balance."""
    amount = Decimal(repr(event.amount))
    return amount if _comes_in(event, us) else -amount


def _comes_in(event: Event, us: str) -> bool:
    return (event.receiver == us) is (event.kind == "payment")


def _money(amount: Decimal) -> str:
    return f"{abs(amount):f}" if _decimals(amount) > 2 else f"{abs(amount):.2f}"  # noqa: PLR2004  cents


def _statement(
    lines: list[Event], us: str, parties: Mapping[str, Named], days: tuple[date, date], balances: tuple[Decimal, Decimal], currency: str,
) -> str:
    start, end = days
    written_at = f"{end}T23:59:59"
    return "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>',
        f"<GrpHdr><MsgId>{start:%Y%m}</MsgId><CreDtTm>{written_at}</CreDtTm></GrpHdr>",
        f"<Stmt><Id>{start:%Y%m}</Id><CreDtTm>{written_at}</CreDtTm><FrToDt><FrDtTm>{start}T00:00:00</FrDtTm><ToDtTm>{written_at}</ToDtTm></FrToDt>",
        f"<Acct><Id><IBAN>{_iban(parties[us])}</IBAN></Id><Ccy>{currency}</Ccy><Ownr><Nm>{escape(parties[us].name)}</Nm></Ownr></Acct>",
        _balance("OPBD", balances[0], start, currency), _balance("CLBD", balances[1], end, currency),
        *(_entry(number, one, us, parties, currency) for number, one in enumerate(lines, 1)),
        "</Stmt></BkToCstmrStmt></Document>", "",
    ])


def _balance(code: str, amount: Decimal, day: date, currency: str) -> str:
    return (f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{_money(amount)}</Amt>'
            f"<CdtDbtInd>{'CRDT' if amount >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>")


def _entry(number: int, event: Event, us: str, parties: Mapping[str, Named], currency: str) -> str:
    incoming, day = _comes_in(event, us), event.at.date()
    other = parties[event.receiver if event.giver == us else event.giver]
    role = "Dbtr" if incoming else "Cdtr"
    code = f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{'RCDT' if incoming else 'ICDT'}</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
    return (
        f'<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="{currency}">{_money(Decimal(repr(event.amount)))}</Amt><CdtDbtInd>{"CRDT" if incoming else "DBIT"}</CdtDbtInd>'
        f"{'<RvslInd>true</RvslInd>' if event.kind == 'reversal' else ''}<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>{code}"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{escape(event.id)}</EndToEndId></Refs>"
        f"<RltdPties><{role}><Nm>{escape(other.name)}</Nm></{role}><{role}Acct><Id><IBAN>{_iban(other)}</IBAN></Id></{role}Acct></RltdPties>"
        f"{_remittance(event)}</TxDtls></NtryDtls></Ntry>"
    )


def _remittance(event: Event) -> str:
    """The invoice that is paid, by its number and by its payment reference."""
    if event.kind != "payment" or event.answers is None:
        return ""
    pieces = event.answers.rsplit(":", 2)
    number = f"<RfrdDocInf><Nb>{escape(pieces[1][:_LONGEST_ID])}</Nb></RfrdDocInf>" if len(pieces) == 3 else ""  # noqa: PLR2004  kind and supplier, number, year
    return f"<RmtInf><Strd>{number}<CdtrRefInf><Ref>{creditor_reference(event.answers)}</Ref></CdtrRefInf></Strd></RmtInf>"
