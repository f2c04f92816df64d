"""What a buyer answers to an invoice (UBL ApplicationResponse): received, in process, queried, rejected, accepted, paid.

A rejection, a query and a condition say that the buyer sees it differently: a `difference` about the invoice, which is
no fault of anybody's. The other answers are kept as `invoice_response`, a kind that no measure reads: to accept is not
to acknowledge a mistake, and "paid" gives neither amount nor day: the payment itself stands in the bank statement.
What a machine answers (message level response, profile and technical codes) is `automatic`.

Source: UN/CEFACT 4343 as Peppol BIS Invoice Response 3 and Message Level Response 3 use it; OIOUBL ApplicationResponse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenwicht.importers.xml.access import each, first, text
from evenwicht.importers.xml.papers import CREDIT_TYPES
from evenwicht.importers.xml.values import day, token
from evenwicht.ledger.events import AUTOMATIC, Event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lxml.etree import _Element

    from evenwicht.importers.xml.parties import Named
    from evenwicht.importers.xml.ubl_paper import UblPaper

RESPONSE, DIFFERENCE = "invoice_response", "difference"

_ANSWERS = {
    "AB": RESPONSE, "IP": RESPONSE, "AP": RESPONSE, "PD": RESPONSE, "PPD": RESPONSE,
    "RE": DIFFERENCE, "UQ": DIFFERENCE, "CA": DIFFERENCE,
}
"""What follows from a status (UN/CEFACT 4343): received, in process, accepted, paid, partly paid; rejected, under query,
accepted on a condition."""

_SPELLED = {
    "BUSINESSACCEPT": "AP", "BUSINESSREJECT": "RE", "ACCEPTED": "AP", "REJECTED": "RE", "PAID": "PD", "UNDER QUERY": "UQ",
    "CONDITIONALLY ACCEPTED": "CA", "IN PROCESS": "IP", "ACKNOWLEDGED": "AB",
}
"""Statuses in words: OIOUBL, and programs that write the name of a code."""

_MACHINES = ("PROFILE", "TECHNICAL")
_MACHINE_LETTERS = (":mlr:", "trns071", ":mls:")
"""How message level responses call themselves, in the third and the second generation of Peppol."""

_INVOICE_LETTERS = ("invoice_response", "trns111")
_CREDIT_CODES = CREDIT_TYPES | {"CREDITNOTE"}
_INVOICE_CODES = frozenset({
    "71", "80", "82", "84", "130", "202", "203", "204", "211", "218", "219", "295", "325", "326", "331", "380", "382", "383",
    "384", "385", "386", "387", "388", "389", "390", "393", "394", "395", "456", "457", "527", "553", "575", "623", "633",
    "751", "780", "817", "870", "875", "876", "877", "935", "INVOICE",
})
_BY_THE_BUYER = frozenset({"261", "389", "527"})
"""Invoices that the buyer writes: who answers those is the seller."""


def responses(paper: UblPaper) -> Iterator[Event]:
    """One row per document that is answered: from who sends the answer to who gets it."""
    at = paper.issued()
    root = paper.root
    answered = each(root, "DocumentResponse")
    about = [(one, _subject(root, one)) for one in answered]
    if not any(subject for _one, subject in about):
        paper.reading.counted["UBL ApplicationResponse"] += 1
        paper.reading.problem(
            paper.place, "The response {number} is about no invoice, so nothing follows from it.", "Nothing needs to be done.",
            "note", number=paper.place,
        )
        return
    by_seller = all(_type(one) in _BY_THE_BUYER for one, subject in about if subject)
    roles = (("SenderParty",), ("ReceiverParty",)) if by_seller else (("ReceiverParty",), ("SenderParty",))
    both = paper.sides(*roles)
    if at is None or both is None:
        return
    seller = both[0]
    giver, receiver = both if by_seller else (both[1], both[0])
    identity = f"{RESPONSE}:{giver.best}:{paper.number()}:{at.year}"
    if any(subject not in {"", AUTOMATIC} for _one, subject in about):
        paper.covers(giver, (RESPONSE,), at)
    for count, (one, subject) in enumerate(about, 1):
        if subject:
            yield _answer(paper, one, subject, seller, (giver, receiver), at, identity if len(about) == 1 else f"{identity}#{count}")


def _answer(
    paper: UblPaper, response: _Element, subject: str, seller: Named, ways: tuple[Named, Named], at: datetime, identity: str,
) -> Event:
    giver, receiver = ways
    status = _status(response)
    kind = AUTOMATIC if subject == AUTOMATIC or status.startswith(_MACHINES) else _ANSWERS.get(status)
    if kind is None:
        kind = RESPONSE
        paper.reading.problem(
            paper.place, "The response {number} has a status that is not known ({status}); it was kept without a meaning.",
            "Ask the sender what it means if it matters.", "note", number=paper.place, status=status or "–",
        )
    answers, references = (None, ()) if kind == AUTOMATIC else _answered(response, subject, seller)
    return Event(
        id=identity, at=at, giver=giver.best, receiver=receiver.best, kind=kind,
        amount={DIFFERENCE: 1.0, AUTOMATIC: 0.0}.get(kind), unit={DIFFERENCE: "count", AUTOMATIC: "words"}.get(kind, ""),
        answers=answers, evidence=paper.evidence(), references=(*references, f"status:{status}") if status else references,
    )


def _status(response: _Element) -> str:
    """`UQ`; words are made codes where they are known."""
    written = text(response, "Response", "ResponseCode").upper()
    return _SPELLED.get(written, written)


def _type(response: _Element) -> str:
    reference = first(response, "DocumentReference")
    return "" if reference is None else (text(reference, "DocumentTypeCode") or text(reference, "DocumentType")).upper().replace(" ", "")


def _subject(root: _Element, response: _Element) -> str:
    """What is answered: `invoice` or `credit_note`, `automatic` for a machine's answer to a message; "" for anything else."""
    letters = f"{text(root, 'CustomizationID')} {text(root, 'ProfileID')}".lower()
    if any(one in letters for one in _MACHINE_LETTERS):
        return AUTOMATIC
    code = _type(response)
    if code in _CREDIT_CODES:
        return "credit_note"
    if code in _INVOICE_CODES or (code == "" and any(one in letters for one in _INVOICE_LETTERS)):
        return "invoice"
    return ""


def _answered(response: _Element, subject: str, seller: Named) -> tuple[str | None, tuple[str, ...]]:
    """The id of the invoice where the answer dates it, and its number to look it up by."""
    number = text(response, "DocumentReference", "ID")
    issued = day(text(response, "DocumentReference", "IssueDate"))
    if not number:
        return None, ()
    return f"{subject}:{seller.best}:{number}:{issued.year}" if issued is not None else None, (f"{subject}:{token(number)}",)
