"""Invoice ↔ payment: which payment settles which invoice, and which two bookings are one payment.

Order of trust: a reference that names the invoice; the exact open amount; a sum of open invoices. The oldest first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import polars as pl

from evenwicht.ledger.mentions import Mention
from evenwicht.ledger.table import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

MIRROR_DAYS = 5
"""Two bookings of one payment in two books are at most this many days apart (CONTRACT)."""

CENT = 0.005
"""Amounts that differ by less than this are equal."""

SUBSET_LIMIT = 12
"""Open invoices among which a sum is looked for; beyond the oldest of these only runs of neighbours are tried."""

_ACCOUNT = "account:"
_SUBJECT = "subject:"


@dataclass(slots=True)
class _Invoice:
    id: str
    at: datetime
    open: float
    tokens: frozenset[str]


@dataclass(slots=True)
class _Payment:
    row: int
    id: str
    at: datetime
    left: float
    tokens: frozenset[str]
    taken_back: datetime | None = None
    parts: list[tuple[str, float]] = field(default_factory=list)


def tokens_of(references: Iterable[str]) -> frozenset[str]:
    """The references that can name an invoice, in capitals; account and subject marks are not among them."""
    return frozenset(text.upper() for text in references if not text.startswith((_ACCOUNT, _SUBJECT)) and len(text) >= 3)  # noqa: PLR2004  shorter ones are chance


def _number(invoice_id: str) -> str:
    """The number inside `invoice:supplier:number:year`; suppliers may hold colons, numbers may too."""
    parts = invoice_id.split(":")
    return parts[-2].upper() if len(parts) >= 4 else ""  # noqa: PLR2004  the four parts of the id


def _names(row: dict[str, Any]) -> frozenset[str]:
    found = set(tokens_of(row["references"] or ()))
    number = _number(row["id"])
    if len(number) >= 3:  # noqa: PLR2004  shorter ones are chance
        found |= {number, "".join(letter for letter in number if letter.isalnum())}
    return frozenset(token for token in found if any(letter.isdigit() for letter in token))


def same_payers(rows: pl.DataFrame) -> list[Mention]:
    """Accounts that belong to a buyer, because a payment from it names that buyer's invoice and has its exact amount.

    A payer that matches invoices of two buyers pays for others, and proves nothing.
    """
    invoices = rows.filter((pl.col("kind") == "invoice") & pl.col("amount").is_not_null())
    payments = rows.filter((pl.col("kind") == "payment") & pl.col("amount").is_not_null())
    if invoices.height == 0 or payments.height == 0:
        return []
    billed: dict[tuple[str, float, str], set[tuple[str, str]]] = defaultdict(set)
    for row in invoices.select("id", "giver", "receiver", "amount", "unit", "references").iter_rows(named=True):
        for token in _names(row):
            if len(token) >= 4:  # noqa: PLR2004  a shorter number may be anything
                billed[(row["giver"], round(row["amount"], 2), token)].add((row["receiver"], row["unit"]))
    proved: dict[str, set[str]] = defaultdict(set)
    for row in payments.select("giver", "receiver", "amount", "unit", "references").iter_rows(named=True):
        for token in tokens_of(row["references"] or ()):
            found = billed.get((row["receiver"], round(row["amount"], 2), token), set())
            buyers = {buyer for buyer, unit in found if _one_unit(unit, row["unit"])}
            if len(buyers) == 1:
                proved[row["giver"]] |= buyers
    return sorted(
        Mention((payer, buyer)) for payer, buyers in proved.items() if len(buyers) == 1
        for buyer in buyers if buyer != payer and payer.startswith(("iban:", "name:"))
    )


def _one_unit(one: str, two: str) -> bool:
    """A source may leave out the currency; only two different ones contradict."""
    return one == two or not one or not two


def denominated(rows: pl.DataFrame) -> pl.DataFrame:
    """Give money of an untold currency the one of what it answers, or is answered by; else the pair's only one."""
    money = pl.col("kind").is_in(["invoice", "credit_note", "payment", "reversal"])
    untold = rows.filter(money & (pl.col("unit") == "") & pl.col("amount").is_not_null())
    if untold.height == 0:
        return rows
    told = rows.filter(money & (pl.col("unit") != ""))
    pair = [pl.min_horizontal("giver", "receiver").alias("_a"), pl.max_horizontal("giver", "receiver").alias("_b")]
    links = pl.concat([
        told.select(*pair, pl.col("answers").alias("_of"), "unit"),
        told.select(*pair, pl.col("id").alias("_of"), "unit"),
    ]).filter(pl.col("_of").is_not_null())
    by_link = _only(links, ["_a", "_b", "_of"], "_linked")
    by_pair = _only(told.select(*pair, "unit"), ["_a", "_b"], "_usual")
    keys = [*IDENTITY]
    found = (
        untold.select(*keys, *pair, "answers")
        .join(by_link, left_on=["_a", "_b", "id"], right_on=["_a", "_b", "_of"], how="left")
        .join(by_link.rename({"_linked": "_answered"}), left_on=["_a", "_b", "answers"], right_on=["_a", "_b", "_of"], how="left")
        .join(by_pair, on=["_a", "_b"], how="left")
        .select(*keys, pl.coalesce("_linked", "_answered", "_usual").alias("_unit"))
        .filter(pl.col("_unit").is_not_null())
    )
    return rows.join(found, on=keys, how="left", maintain_order="left").with_columns(
        pl.coalesce("_unit", "unit").alias("unit")).drop("_unit")


def _only(units: pl.DataFrame, keys: list[str], name: str) -> pl.DataFrame:
    """The currency of each group that has a single one."""
    return units.group_by(keys).agg(pl.col("unit").unique().alias(name)).filter(pl.col(name).list.len() == 1).with_columns(
        pl.col(name).list.first())


def mirrored(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Take out the second booking of a payment that stands in two books; its evidence goes to the one that stays.

    Same payer, payee, currency and amount, at most 5 days apart, references not contradicting, and from different
    books: two equal payments in one account are two payments. Returns the rows, and both bookings of each pair as they
    were, to be set aside: what was joined can be told apart again only from those.
    """
    payments = rows.with_row_index("_row").filter((pl.col("kind") == "payment") & pl.col("amount").is_not_null())
    if payments.height < 2:  # noqa: PLR2004  one has no mirror
        return rows, None
    groups: dict[tuple[str, str, float], list[dict[str, Any]]] = defaultdict(list)
    for row in payments.select("_row", "id", "at", "giver", "receiver", "unit", "amount", "references", "evidence").iter_rows(named=True):
        groups[(row["giver"], row["receiver"], round(row["amount"], 2))].append(row)
    named = _billed(rows)
    gone: dict[int, int] = {}
    for group in groups.values():
        if len(group) > 1:
            gone |= _mirrors(group, named)
    if not gone:
        return rows, None
    evidence, references, answers, units = (rows[name].to_list() for name in ("evidence", "references", "answers", "unit"))
    for lost, kept in gone.items():
        evidence[kept] = sorted({*evidence[kept], *evidence[lost]})
        references[kept] = sorted({*references[kept], *references[lost]})
        answers[kept] = answers[kept] or answers[lost]
        units[kept] = units[kept] or units[lost]
    aside = rows[sorted({*gone, *gone.values()})]
    joined = rows.with_columns(
        pl.Series("evidence", evidence, dtype=pl.List(pl.String)), pl.Series("references", references, dtype=pl.List(pl.String)),
        pl.Series("answers", answers, dtype=pl.String), pl.Series("unit", units, dtype=pl.String),
    ).with_row_index("_row").filter(~pl.col("_row").is_in(sorted(gone))).drop("_row")
    return joined, aside


def _book(row: dict[str, Any]) -> frozenset[str]:
    marks = frozenset(text for text in row["references"] or () if text.startswith(_ACCOUNT))
    return marks or frozenset(place.partition("#")[0] for place in row["evidence"] or ())


def _billed(rows: pl.DataFrame) -> dict[tuple[str, str, str], str]:
    """(seller, buyer, token) → the invoice it names: one invoice may be named by its number and by a payment reference."""
    found: dict[tuple[str, str, str], str] = {}
    invoices = rows.filter(pl.col("kind") == "invoice").select("id", "giver", "receiver", "references")
    for row in invoices.sort("id").iter_rows(named=True):
        for token in _names(row):
            found.setdefault((row["giver"], row["receiver"], token), row["id"])
    return found


def _mirrors(group: Sequence[dict[str, Any]], named: dict[tuple[str, str, str], str]) -> dict[int, int]:
    """Pairs within one group of equal payments, nearest in time first: row that goes → row that stays.

    References contradict when they have nothing in common and do not name one invoice either.
    """
    def names(row: dict[str, Any]) -> frozenset[str]:
        tokens = tokens_of(row["references"] or ())
        return tokens | {named[key] for token in tokens if (key := (row["receiver"], row["giver"], token)) in named}

    pairs = []
    for one, two in combinations(sorted(group, key=lambda row: (row["at"], row["id"])), 2):
        apart = abs(two["at"] - one["at"])
        first, second = names(one), names(two)
        contradict = bool(first and second) and not first & second
        if (apart <= timedelta(days=MIRROR_DAYS) and _one_unit(one["unit"], two["unit"]) and not contradict
                and not _book(one) & _book(two)):
            pairs.append((apart, one["at"], one["id"], two["id"], one["_row"], two["_row"]))
    gone: dict[int, int] = {}
    taken: set[int] = set()
    for *_order, kept, lost in sorted(pairs):
        if kept not in taken and lost not in taken:
            taken |= {kept, lost}
            gone[lost] = kept
    return gone


def settled(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each payment the id of the invoice it settles; one that settles several becomes that many rows, `#part1` ….

    Also credit notes (by the number they name) and reversals (by the payment of the same amount before them).
    """
    money = rows.filter(pl.col("kind").is_in(["invoice", "credit_note", "payment", "reversal"]))
    if money.height == 0:
        return rows
    numbered = rows.with_row_index("_row")
    pairs: dict[tuple[str, str, str], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    columns = ["_row", "id", "at", "giver", "receiver", "kind", "amount", "unit", "answers", "references"]
    for row in numbered.filter(pl.col("kind").is_in(["invoice", "credit_note", "payment", "reversal"])).select(columns).iter_rows(named=True):
        if row["amount"] is None:
            continue
        seller, buyer = (row["giver"], row["receiver"]) if row["kind"] in {"invoice", "credit_note"} else (row["receiver"], row["giver"])
        pairs[(seller, buyer, row["unit"])][row["kind"]].append(row)
    answers: dict[int, str] = {}
    parts: dict[int, list[tuple[str, float]]] = {}
    for found in pairs.values():
        _credited(found["invoice"], found["credit_note"], answers)
        invoices = _open(found["invoice"], found["credit_note"], answers)
        taken_back = _reversed(found["payment"], found["reversal"], answers)
        payments = [
            _Payment(row["_row"], row["id"], row["at"], row["amount"], tokens_of(row["references"] or ()), taken_back.get(row["id"]))
            for row in sorted(found["payment"], key=lambda row: (row["at"], row["id"])) if row["answers"] is None
        ]
        _paid_already(invoices, [row for row in found["payment"] if row["answers"] is not None and row["id"] not in taken_back])
        _settle(invoices, payments)
        for payment in payments:
            if len(payment.parts) == 1 and payment.left < CENT:
                answers[payment.row] = payment.parts[0][0]
            elif payment.parts:
                parts[payment.row] = payment.parts + ([("", payment.left)] if payment.left >= CENT else [])
                _reversed_parts(payment, parts[payment.row], found["reversal"], answers, parts)
    return _with_answers(numbered, answers, parts)


def _credited(invoices: Sequence[dict[str, Any]], notes: Sequence[dict[str, Any]], answers: dict[int, str]) -> None:
    known = {row["id"] for row in invoices}
    by_token: dict[str, list[str]] = defaultdict(list)
    for row in sorted(invoices, key=lambda row: (row["at"], row["id"])):
        for token in _names(row):
            by_token[token].append(row["id"])
    for note in notes:
        if note["answers"] in known:
            continue
        named = sorted({found[0] for token in tokens_of(note["references"] or ()) if (found := by_token.get(token)) and len(found) == 1})
        if note["answers"] is not None and not named:
            named = by_token.get(_number(note["answers"]), [])[:1]
        if len(named) == 1:
            answers[note["_row"]] = named[0]


def _open(
    invoices: Sequence[dict[str, Any]], notes: Sequence[dict[str, Any]], answers: dict[int, str],
) -> list[_Invoice]:
    lowered: dict[str, float] = defaultdict(float)
    for note in notes:
        target = answers.get(note["_row"], note["answers"])
        if target is not None:
            lowered[target] += note["amount"]
    return [
        _Invoice(row["id"], row["at"], row["amount"] - lowered[row["id"]], _names(row))
        for row in sorted(invoices, key=lambda row: (row["at"], row["id"]))
    ]


def _paid_already(invoices: Sequence[_Invoice], payments: Sequence[dict[str, Any]]) -> None:
    by_id = {invoice.id: invoice for invoice in invoices}
    for row in payments:
        if row["answers"] in by_id:
            by_id[row["answers"]].open -= row["amount"]


def _settle(invoices: list[_Invoice], payments: list[_Payment]) -> None:
    by_token: dict[str, list[_Invoice]] = defaultdict(list)
    for invoice in invoices:
        for token in invoice.tokens:
            by_token[token].append(invoice)
    by_id = {invoice.id: invoice for invoice in invoices}
    returned = [payment for payment in payments if payment.taken_back is not None]
    for payment in payments:
        returned = _reopened(by_id, returned, payment.at)
        named = {invoice.id: invoice for token in payment.tokens for invoice in by_token.get(token, ())}
        for invoice in sorted(named.values(), key=lambda i: (i.at, i.id)):
            _pay(payment, invoice)
    for payment in payments:
        if payment.parts:
            continue
        returned = _reopened(by_id, returned, payment.at)
        standing = [i for i in invoices if i.open >= CENT and i.at <= payment.at + timedelta(days=1)]
        exact = next((i for i in standing if abs(i.open - payment.left) < CENT), None)
        for invoice in [exact] if exact is not None else _sum_of(standing, payment.left):
            _pay(payment, invoice)


def _reopened(by_id: dict[str, _Invoice], returned: list[_Payment], moment: datetime) -> list[_Payment]:
    """Open the invoices of payments that were taken back by now: a second payment settles them. Those still to come."""
    waiting = []
    for payment in returned:
        if payment.taken_back is None or payment.taken_back > moment or not payment.parts:
            waiting.append(payment)
            continue
        for invoice, amount in payment.parts:
            by_id[invoice].open = round(by_id[invoice].open + amount, 6)
    return waiting


def _pay(payment: _Payment, invoice: _Invoice) -> None:
    amount = min(payment.left, invoice.open)
    if amount >= CENT:
        payment.left = round(payment.left - amount, 6)
        invoice.open = round(invoice.open - amount, 6)
        payment.parts.append((invoice.id, amount))


def _sum_of(standing: list[_Invoice], amount: float) -> list[_Invoice]:
    """Open invoices that add up to the amount: a run of neighbours first, then any few of the oldest."""
    for start in range(len(standing)):
        total = 0.0
        for end in range(start, len(standing)):
            total += standing[end].open
            if end > start and abs(total - amount) < CENT:
                return standing[start:end + 1]
            if total > amount + CENT:
                break
    for size in (2, 3):
        for chosen in combinations(standing[:SUBSET_LIMIT], size):
            if abs(sum(invoice.open for invoice in chosen) - amount) < CENT:
                return list(chosen)
    return []


def _reversed(
    payments: Sequence[dict[str, Any]], reversals: Sequence[dict[str, Any]], answers: dict[int, str],
) -> dict[str, datetime]:
    """Which payments were taken back, and when: the one that the reversal names, else the last of its amount before it."""
    known = {row["id"] for row in payments}
    taken = {row["answers"]: row["at"] for row in reversals if row["answers"] in known}
    for row in sorted(reversals, key=lambda row: (row["at"], row["id"])):
        if row["answers"] in known:
            continue
        before = [p for p in payments if p["at"] <= row["at"] and abs(p["amount"] - row["amount"]) < CENT and p["id"] not in taken]
        if before:
            original = max(before, key=lambda p: (p["at"], p["id"]))
            taken[original["id"]] = row["at"]
            answers[row["_row"]] = original["id"]
    return taken


def _reversed_parts(
    payment: _Payment, shares: list[tuple[str, float]], reversals: Sequence[dict[str, Any]], answers: dict[int, str],
    parts: dict[int, list[tuple[str, float]]],
) -> None:
    """What takes back a payment that became parts becomes as many, each answering its part."""
    for row in reversals:
        whole = abs(sum(amount for _invoice, amount in shares) - row["amount"]) < CENT
        if whole and answers.get(row["_row"], row["answers"]) == payment.id:
            parts[row["_row"]] = [(f"{payment.id}#part{index}", amount) for index, (_invoice, amount) in enumerate(shares, 1)]


def _with_answers(
    numbered: pl.DataFrame, answers: dict[int, str], parts: dict[int, list[tuple[str, float]]],
) -> pl.DataFrame:
    if answers:
        given = pl.DataFrame({"_row": list(answers), "_answers": list(answers.values())},
                             schema={"_row": pl.UInt32, "_answers": pl.String})
        numbered = numbered.join(given, on="_row", how="left", maintain_order="left").with_columns(
            pl.coalesce("_answers", "answers").alias("answers"),
        ).drop("_answers")
    if not parts:
        return numbered.drop("_row")
    split = pl.DataFrame(
        [(row, f"#part{index}", invoice or None, amount) for row, shares in parts.items()
         for index, (invoice, amount) in enumerate(shares, 1)],
        schema={"_row": pl.UInt32, "_suffix": pl.String, "_answers": pl.String, "_amount": pl.Float64}, orient="row",
    )
    whole = numbered.filter(~pl.col("_row").is_in(list(parts)))
    pieces = split.join(numbered, on="_row", how="left", maintain_order="left").with_columns(
        (pl.col("id") + pl.col("_suffix")).alias("id"), pl.col("_answers").alias("answers"), pl.col("_amount").alias("amount"),
    ).select(numbered.columns)
    return pl.concat([whole, pieces]).drop("_row")
