"""XML Auditfile Financieel 3.2: the Dutch audit file that every bookkeeping package exports (3.0, 3.1 and 4.0 too).

Sales journals hold what we billed, purchase journals what we were billed, bank and cash journals what was paid.
Only lines that name a customer or supplier (custSupID) tell between whom.

Which of the lines of an entry is the receivable or the payable? Many packages write the relation on all of them. The
first of these rules that finds a line decides:

1. the subledger names it (jrnID, trNr, trLineNr);
2. it is on an account of debtors or creditors: the offset account of a sales or purchase journal, an account that rule 1
   found, or one that its reference code (RGS) or its name says is one (`xml.accounts`);
3. sales and purchases: the relation's lines on one balance-sheet account that is neither VAT nor money;
   bank and cash: the relation's line on the money account itself, seen from its other side, else all its other lines.

In a sales journal a debit on that line is an invoice and a credit a credit note; in a purchase journal the other way
round. In a bank or cash journal a credit is money from the relation and a debit money to it. One invoice is the sum of
the lines of one relation with one invoice number. The due day stands in the subledger (invDueDt) and nowhere else.

Source: XmlAuditfileFinancieel3.2.xsd; the functional hierarchy of version 4.0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evenwicht.importers.source import Reading
from evenwicht.importers.xml.accounts import Role
from evenwicht.importers.xml.books import BILLING, NO_NUMBER, PAYING, TAKE, UNTYPED, Books, Line, kvk_of, vat_of
from evenwicht.importers.xml.parse import records
from evenwicht.importers.xml.parties import US, Named, beside, named, unwanted
from evenwicht.importers.xml.roots import root_of
from evenwicht.importers.xml.values import believable, digest, number, token
from evenwicht.ledger.coverage import Coverage
from evenwicht.ledger.events import Event
from evenwicht.ledger.identifiers import of_iban

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from evenwicht.importers.source import Head, Source

NAME = "xaf"

_ROOTS = frozenset({"auditfile"})


def identify(head: Head) -> bool:
    """The root `auditfile` with a namespace of version 3 or 4, or without one."""
    root = root_of(head.start)
    return root is not None and root.name in _ROOTS and "header" in root.head


def read(source: Source) -> Reading:
    """Invoices, credit notes, payments and reversals between the company and its relations."""
    reading = Reading(label=source.label)
    books = Books()
    for name, element in records(source, reading, *TAKE):
        TAKE[name](books, element)
    if not books.seen and not books.subs:
        if not reading.problems:
            reading.problem(
                "", "This audit file has no entries in the form of version 3 or 4; it is empty, or of version 2.",
                "Export it from the bookkeeping as XML Auditfile Financieel 3.2, for a period with entries.",
            )
        return reading
    _Writer(source, reading, books).write()
    return reading


class _Writer:
    """From lines to events, when the whole file is known."""

    def __init__(self, source: Source, reading: Reading, books: Books) -> None:
        self.source = source
        self.reading = reading
        self.books = books
        self.us = _own(books)
        self.skipped: Counter[str] = Counter()
        self.nameless: set[str] = set()
        self.mentioned: set[str] = set()

    def write(self) -> None:
        """Everything: mentions, events, problems, coverage."""
        reading, books = self.reading, self.books
        if self.us is not None:
            reading.mentions.append(self.us.mention(own=True))
        else:
            reading.problem(
                "company", "The audit file does not say whose books these are.",
                "Its entries were kept as ours. Say who you are with --us.", "warning",
            )
        for key, (party, kind) in books.relations.items():
            if party is not None and kind != "O":
                self._mention(key, party)
        reading.counted["line"] += books.seen
        self._join_subledger()
        usable = [line for line in books.lines if books.journals.get(line.journal) in {*BILLING, *PAYING}]
        for line in books.lines:
            if books.journals.get(line.journal) not in {*BILLING, *PAYING}:
                reading.counted["line of another journal"] += 1
        if not books.lines and not any(sub.line.opening for sub in books.subs):
            self._no_relations()
        entries: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
        for line in usable:
            entries[line.journal, line.entry, line.relation].append(line)
        billed: list[tuple[str, Line]] = [
            (sub.sells, sub.line) for sub in books.subs if sub.line.opening and sub.sells in BILLING and sub.mutation != "P"
        ]
        paid: list[Line] = []
        for (journal, entry, _relation), lines in entries.items():
            kind = books.journals[journal]
            if kind in BILLING:
                found = self._open_lines(lines, BILLING[kind])
                billed += [(kind, line) for line in found]
                if not found:
                    self.skipped[f"{journal}/{entry}"] += 1
            else:
                paid += self._paid_lines(lines)
        self._write_billed(billed)
        self._write_paid(paid, self._matched(billed))
        self._report()
        self._cover({kind for kind, line in billed if not line.opening}, paid=bool(paid))

    # ── which line ──

    def _join_subledger(self) -> None:
        """Give lines the invoice number and the days that the subledger knows of them; lines that only it ties to a relation
        come from it. Its invDt is the day of the invoice, which for a payment may be that of the invoice paid.
        """
        books = self.books
        known = {(line.journal, line.entry, line.line): line for line in books.lines}
        for sub in books.subs:
            if sub.line.opening:
                continue
            line = known.get((sub.line.journal, sub.line.entry, sub.line.line))
            kind = books.journals.get(sub.line.journal)
            if line is None or line.relation != sub.line.relation:
                if kind in BILLING:
                    books.lines.append(replace(sub.line, named=True))
                elif kind in PAYING:
                    booked = books.days.get((sub.line.journal, sub.line.entry), sub.line.booked)
                    books.lines.append(replace(sub.line, named=True, booked=booked))
                continue
            line.named = True
            line.due = sub.line.due
            if kind in BILLING:
                line.booked = sub.line.booked or line.booked
            line.invoice = sub.line.invoice if sub.line.invoice not in NO_NUMBER else line.invoice
            role = BILLING.get(sub.sells)
            if line.account and role is not None:
                books.roles.setdefault(line.account, role)

    def _open_lines(self, lines: list[Line], role: Role) -> list[Line]:
        """The receivable or payable lines of one relation in one entry of a sales or purchase journal."""
        roles = self.books.roles
        for chosen in (
            [line for line in lines if line.named],
            [line for line in lines if roles.get(line.account) == role],
            [line for line in lines if roles.get(line.account) in {"debtors", "creditors"}],
        ):
            if chosen:
                return chosen
        rest = [
            line for line in lines
            if self.books.types.get(line.account, "B") != "P" and line.account not in self.books.vat_accounts
            and roles.get(line.account) not in {"vat", "money"}
        ]
        return rest if len({line.account for line in rest}) == 1 else []

    def _paid_lines(self, lines: list[Line]) -> list[Line]:
        """The lines of one relation in one entry of a bank or cash journal that say what was paid."""
        roles = self.books.roles
        for chosen in (
            [line for line in lines if line.named],
            [line for line in lines if roles.get(line.account) in {"debtors", "creditors"}],
        ):
            if chosen:
                return chosen
        money = [line for line in lines if roles.get(line.account) == "money"]
        if money:
            return [replace(line, amount=-line.amount) for line in money]
        units = {line.unit for line in lines}
        total = sum((line.amount for line in lines), Decimal(0))
        return [replace(lines[0], amount=total)] if len(units) == 1 else list(lines)

    # ── events ──

    def _relation(self, key: str) -> Named | None:
        """Who a relation is; None when nobody can say, or nothing of it may be stored."""
        party, _kind = self.books.relations.get(key, (None, ""))
        if party is None:
            self.nameless.add(key)
            return None
        if unwanted(party, self.source.exclude.parties):
            self.reading.counted["excluded"] += 1
            return None
        other = party if self.us is None else beside(party, self.us)
        if other is None:
            self.reading.counted["with ourselves"] += 1
            return None
        self._mention(key, party)
        return other

    def _mention(self, key: str, party: Named) -> None:
        if key not in self.mentioned and not unwanted(party, self.source.exclude.parties):
            self.mentioned.add(key)
            other = party if self.us is None else beside(party, self.us)
            if other is not None:
                self.reading.mentions.append(other.mention())

    def _at(self, line: Line) -> datetime | None:
        if line.booked is not None and believable(line.booked, self.source.now):
            return line.booked
        self.books.unreadable[line.place] += 1
        return None

    def _write_billed(self, billed: list[tuple[str, Line]]) -> None:
        """One invoice or credit note per relation, number, year, currency and sign."""
        groups: dict[tuple[str, str, str, int, str, bool], list[Line]] = {}
        entries: dict[tuple[str, str, str, str, str], list[Line]] = defaultdict(list)
        for kind, line in billed:
            name = line.number or line.entry or line.line
            entries[kind, line.relation, name, line.unit, f"{line.journal}/{line.entry}" if not line.opening else ""].append(line)
        for (kind, relation, name, unit, _entry), lines in entries.items():
            at = self._at(lines[0])
            total = sum((line.amount for line in lines), Decimal(0))
            if at is None:
                continue
            if total == 0:
                self.reading.counted["without amount"] += 1
                continue
            owed = (total > 0) == (kind == "S")
            groups.setdefault((kind, relation, name, at.year, unit, owed), []).extend(lines)
        invoices = {(kind, relation, name): year for kind, relation, name, year, _unit, owed in groups if owed}
        for (kind, relation, name, year, unit, owed), lines in groups.items():
            party = self._relation(relation)
            if party is None:
                continue
            seller, buyer = (self._ours(), party.best) if kind == "S" else (party.best, self._ours())
            word = "invoice" if owed else "credit_note"
            original = invoices.get((kind, relation, name))
            self.reading.events.append(Event(
                id=f"{word}:{seller}:{name}:{year}", at=min(line.booked for line in lines if line.booked is not None),
                giver=seller, receiver=buyer, kind=word,
                amount=number(abs(sum((line.amount for line in lines), Decimal(0)))), unit=unit,
                answers=f"invoice:{seller}:{name}:{original}" if not owed and original is not None else None,
                due=max((line.due for line in lines if line.due is not None), default=None) if owed else None,
                evidence=tuple(f"{self.source.label}#{place}" for place in sorted({line.place for line in lines})),
                references=tuple(dict.fromkeys(
                    [token(name), *(f"order:{token(line.order)}" for line in lines if line.order)],
                )),
            ))
            self.reading.counted[word] += 1

    def _write_paid(self, paid: list[Line], matched: dict[tuple[str, str], tuple[str, ...]]) -> None:
        """One payment per line; one that turns back an equal earlier one of the same reference is its reversal."""
        earlier: dict[tuple[str, str, Decimal, str], list[str]] = defaultdict(list)
        dated = [(at, line.place, number, line) for number, line in enumerate(paid) if (at := self._at(line)) is not None]
        for at, _place, _number, line in sorted(dated):
            if line.amount == 0:
                self.reading.counted["without amount"] += 1
                continue
            party = self._relation(line.relation)
            if party is None:
                continue
            named_by = line.number or line.match
            names = (*((token(line.invoice),) if line.invoice not in NO_NUMBER else ()), *matched.get((line.relation, line.match), ()))
            if not names and line.document not in NO_NUMBER:
                names = (token(line.document),)
            identity = "pay:" + digest(self._ours(), line.journal, line.entry, line.line)
            before = earlier[line.relation, named_by, -line.amount, line.unit] if named_by else []
            back = before.pop() if before else None
            if back is None and named_by:
                earlier[line.relation, named_by, line.amount, line.unit].append(identity)
            incoming = (line.amount < 0) is (back is None)
            self.reading.events.append(Event(
                id=identity if back is None else back, at=at, giver=party.best if incoming else self._ours(),
                receiver=self._ours() if incoming else party.best, kind="payment" if back is None else "reversal",
                amount=number(abs(line.amount)), unit=line.unit, answers=back,
                evidence=(f"{self.source.label}#{line.place}",),
                references=tuple(dict.fromkeys(names)),
            ))
            self.reading.counted["payment" if back is None else "reversal"] += 1

    def _matched(self, billed: Iterable[tuple[str, Line]]) -> dict[tuple[str, str], tuple[str, ...]]:
        """Invoice numbers by relation and match key, for payments that carry only the key."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for _kind, line in billed:
            if line.match and line.number:
                key = (line.relation, line.match)
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), token(line.number))))
        return found

    def _ours(self) -> str:
        return self.us.best if self.us is not None else US

    # ── what to tell ──

    def _no_relations(self) -> None:
        self.reading.problem(
            "transactions",
            "None of the {lines} lines names a customer or supplier (custSupID), so it cannot be seen who billed or paid whom.",
            "In the bookkeeping, export the audit file (XAF 3.2) with debtors and creditors on the lines, or export open items "
            "and invoices as a table.", lines=self.books.seen,
        )

    def _report(self) -> None:
        reading = self.reading
        if reading.events and not self.books.unit_said:
            reading.problem(
                "header", "The audit file does not say in which currency its amounts are; they were read as euros.",
                "If they are not, correct the currency in the bookkeeping and export again.", "warning",
            )
        if self.skipped:
            reading.problem(
                min(self.skipped), "Entries in which no line can be told to be the receivable or the payable: {entries}.",
                "They were left out. Give the accounts of debtors and creditors an RGS code, or a name that says so.",
                "warning", entries=len(self.skipped),
            )
        if self.nameless:
            reading.problem(
                f"customerSupplier/{min(self.nameless)}", "Relations with neither a name nor any other identifier: {relations}, such as {example}.",
                "Their invoices and payments were left out. Fill in their names in the bookkeeping and export again.", "error",
                relations=len(self.nameless), example=min(self.nameless),
            )
        if self.books.unreadable:
            reading.problem(
                min(self.books.unreadable), "Lines without a readable amount, side or day: {lines}.",
                "They were left out. Look at the first of them in the bookkeeping, and export again.", "error",
                lines=len(self.books.unreadable),
            )
        unread = sorted({line.journal for line in self.books.lines if self.books.journals.get(line.journal, "") in UNTYPED})
        if unread:
            reading.problem(
                f"journal/{unread[0]}", "Journals that do not say what they are for: {journals}, such as {name}.",
                "Their lines were left out. Give them the type sales, purchases, bank or cash in the bookkeeping.", "warning",
                journals=len(unread), name=self.books.journal_names.get(unread[0]) or unread[0],
            )

    def _cover(self, billing: set[str], *, paid: bool) -> None:
        """From the first day of the period to the last one that had come when the file was written."""
        books = self.books
        ends = [one for one in (books.end, books.created) if one is not None]
        end = min(ends) if ends else books.last
        start = books.start
        if start is None or end is None or end < start:
            return
        if billing:
            sees = "both" if len(billing) > 1 else "given" if billing == {"S"} else "received"
            self.reading.coverage.append(Coverage(
                self.source.label, self._ours(), None, ("invoice", "credit_note"), start, end, sees,  # type: ignore[arg-type]
            ))
        if paid:
            self.reading.coverage.append(Coverage(
                self.source.label, self._ours(), None, ("payment", "reversal"), start, end, "both",
            ))


def _own(books: Books) -> Named | None:
    """The company of the file: its VAT and KvK number, its bank accounts, its name."""
    said = books.company
    country = said.get("taxregistrationcountry", "").upper()
    return named(
        [vat_of(said.get("taxregident", ""), country), kvk_of(said.get("commercenr", ""), country), *map(of_iban, books.accounts)],
        said.get("companyname", ""),
    )
