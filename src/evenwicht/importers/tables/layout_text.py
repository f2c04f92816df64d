"""A proposal written as a layout: the TOML text that `layout_file` reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evenwicht.importers.tables.cell_sorts import is_inward
from evenwicht.importers.tables.head_likeness import words_of
from evenwicht.importers.tables.head_words import KINDS
from evenwicht.importers.tables.layout import US
from evenwicht.importers.tables.layout_file import shipped
from evenwicht.importers.tables.proposal import is_turned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenwicht.importers.tables.cell_sorts import Column
    from evenwicht.importers.tables.proposal import Proposal

Event = dict[str, Any]

_TYPES = {"moment": "date", "amount": "amount", "id": "id", "code": "id"}
_MOSTLY = .95
_YES = ["yes", "true", "1", "y", "ja", "j", "waar", "oui", "x"]
_NO_REFERENCE = ("NOTPROVIDED", "NOT PROVIDED", "NONREF")
"""What banks write where a payer gave no reference."""

_CENT = .005
"""Amounts from here on are not zero."""

_TITLES = {
    "log": ("Log of contacts", "Logboek van contacten"), "receivable": ("Accounts receivable", "Openstaande posten debiteuren"),
    "payable": ("Accounts payable", "Openstaande posten crediteuren"), "invoices": ("Invoices", "Facturen"),
    "payments": ("Bank statement", "Bankafschrift"), "deliveries": ("Deliveries", "Leveringen"),
    "tickets": ("Tickets", "Meldingen"), "meetings": ("Meetings", "Vergaderingen"),
}


def layout_text(proposal: Proposal, name: str) -> str:
    """The layout of a proposal whose questions are answered."""
    title = _TITLES[proposal.kind or ""]
    lines = [f"name = {_value(name)}", f"title = {{ en = {_value(title[0])}, nl = {_value(title[1])} }}"]
    if proposal.sheet.name:
        lines.append(f"sheet = {_value(proposal.sheet.name)}")
    if zone := proposal.fixed("timezone"):
        lines.append(f"timezone = {_value(zone)}")
    for field in KINDS[proposal.kind or ""].fields:
        column = proposal.column(field.name)
        if column is not None:
            lines += ["", f"[columns.{field.name}]", *_pairs(_column(proposal, field.name, field.sort, column))]
    for party, columns in _parties(proposal).items():
        lines += ["", f"[parties.{party}]", *_pairs(columns)]
    for excluded in _excluded(proposal):
        lines += ["", "[[exclude]]", *_pairs(excluded)]
    for event in _EVENTS[proposal.kind or ""](proposal):
        words = event.pop("words", None)
        lines += ["", "[[events]]", *_pairs({key: value for key, value in event.items() if key == "id" or value not in (None, [], "")})]
        if words:
            lines += ["", "[events.kind.words]", *_pairs(words)]
    lines += ["", "[coverage]", *_pairs(_coverage(proposal))]
    return "\n".join(lines) + "\n"


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in values.items()]


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(_pairs(value)) + " }"
    return repr(value)


def _column(proposal: Proposal, name: str, sort: str, column: Column) -> dict[str, Any]:
    made: dict[str, Any] = {"heads": [column.head]}
    if sort in _TYPES:
        made["type"] = _TYPES[sort]
    needs = KINDS[proposal.kind or ""].needs
    alone = any(group == (name,) for group in needs) or (name == "amount" and any(name in group for group in needs))
    if alone:
        made["required"] = True if column.rows == 0 or column.filled >= _MOSTLY * column.rows else "head"
    elif any(name in group for group in needs):
        made["required"] = "head"
    if sort == "moment":
        order = proposal.said.orders.get(column.index, column.order)
        if order in {"day", "month"}:
            made["order"] = order
        if column.written in {"epoch", "serial"}:
            made[column.written] = True
    if sort == "amount":
        decimal = proposal.said.decimals.get(column.index, column.decimal)
        if decimal is not None:
            made["decimal"] = decimal
        if unit := "words" if name == "words" else unit_of(proposal, column):
            made["unit"] = unit
    silent = list(column.silent) + (list(_NO_REFERENCE) if name == "reference" else [])
    if silent:
        made["empty"] = silent
    return made


def unit_of(proposal: Proposal, column: Column) -> str:
    """The unit of an amount: said, or written in its head; the cells say it themselves where they can."""
    words = set(words_of(column.head))
    if proposal.kind in {"log", "meetings"}:
        if fixed := proposal.fixed("unit"):
            return fixed
        for unit, known in (("minutes", {"minutes", "minuten", "min"}), ("hours", {"hours", "uren", "hour", "h", "hrs", "uur"}),
                            ("seconds", {"seconds", "seconden", "sec", "s"})):
            if words & known:
                return unit
        return "minutes" if proposal.kind == "meetings" else ""
    if proposal.has("currency"):
        return ""
    codes = {"eur": "EUR", "euro": "EUR", "usd": "USD", "gbp": "GBP", "chf": "CHF"}
    return proposal.fixed("currency") or next((code for word, code in codes.items() if word in words), "") or (
        "EUR" if "€" in column.head else "")


# -- parties

def _side(proposal: Proposal, role: str) -> dict[str, Any]:
    """The columns that say who a party is."""
    made: dict[str, Any] = {}
    for how in ("mail", "vat", "kvk", "iban"):
        if proposal.has(f"{role}_{how}"):
            made["address" if how == "mail" else how] = f"{role}_{how}"
    names = [name for name in (f"{role}_name", role) if proposal.has(name)]
    column = proposal.column(role)
    if names and not made and column is not None and names == [role]:
        return {"any": role}
    if names:
        made["name"] = names
    return made


def _roles(proposal: Proposal) -> dict[str, str]:
    """Role → who stands for it in events: a party of the layout, or `@us`."""
    def who(role: str, party: str) -> str:
        return party if _side(proposal, role) else US

    match proposal.kind:
        case "receivable":
            return {"supplier": US, "customer": who("customer", "debtor")}
        case "payable":
            return {"supplier": who("supplier", "creditor"), "customer": US}
        case "invoices" | "deliveries":
            return {"supplier": who("supplier", "seller"), "customer": who("customer", "buyer")}
        case "log":
            return {"from": who("from", "giver"), "to": who("to", "receiver")}
        case "tickets":
            return {"requester": who("requester", "asker"), "agent": US}
        case "meetings":
            return {"organiser": who("organiser", "host"), "attendee": who("attendee", "guest")}
        case _:
            return {"account": "holder" if proposal.has("account") else US, "other": "other"}


def _parties(proposal: Proposal) -> dict[str, dict[str, Any]]:
    if proposal.kind == "payments":
        made: dict[str, dict[str, Any]] = {}
        if proposal.has("account"):
            made["holder"] = {"iban": "account", "name": "account", "own": True}
        other: dict[str, Any] = {}
        if proposal.has("other_account"):
            other["iban"] = "other_account"
        names = [name for name in ("other_name", "other_account") if proposal.has(name)]
        other["name"] = names
        return {**made, "other": other}
    return {party: _side(proposal, role) for role, party in _roles(proposal).items() if party != US}


def _excluded(proposal: Proposal) -> list[dict[str, Any]]:
    """Lines of a statement that name nobody: costs, interest, cash."""
    if proposal.kind != "payments":
        return []
    named = [name for name in ("other_account", "other_name") if proposal.has(name)]
    return [{"when": [{"column": name, "empty": True} for name in named], "counted": "without counterparty"}]


def _coverage(proposal: Proposal) -> dict[str, Any]:
    match proposal.kind:
        case "receivable" | "payable":
            return {"party": US, "kinds": ["invoice", "credit_note", *(["payment", "reversal"] if proposal.has("settled") else [])], "sees": "both"}
        case "invoices":
            return {"kinds": ["invoice", "credit_note", *(["payment"] if proposal.has("settled") else [])], "sees": "both"}
        case "payments":
            return {"party": US, "kinds": ["payment", "reversal"], "sees": "both"}
        case "deliveries":
            return {"kinds": [*(["order"] if proposal.has("ordered") else []), *(["delivery"] if proposal.has("delivered") else [])], "sees": "both"}
        case _:
            return {"sees": "both"}


# -- events

def _has(proposal: Proposal, *names: str) -> list[str]:
    return [name for name in names if proposal.has(name)]


def _places(proposal: Proposal, *names: str) -> list[str]:
    return [f"{{{name}}}" for name in names if proposal.has(name)]


def _log(proposal: Proposal) -> list[Event]:
    giver, receiver = _roles(proposal).values()
    people = {f"{side}_person": name for side, name in (("giver", "from"), ("receiver", "to")) if proposal.has(name)}
    answers, thread = _places(proposal, "answers"), _places(proposal, "thread")
    known = shipped()["interaction_log"].events[0]
    row: Event = {"name": "row", "at": "time", "giver": giver, "receiver": receiver, **people, "id": _places(proposal, "id"),
                  "amount": _has(proposal, "words", "amount"), "unit": _places(proposal, "unit"), "due": _has(proposal, "due"), "answers": answers,
                  "thread": [*thread, *answers, "{row.id}"], "amounts": {"automatic": 0},
                  "circular": {"above": 10, "of": "message", "kind": "automatic"}}
    if proposal.has("kind"):
        row["kind"] = {"column": "kind", "default": "message", "words": dict(known.kind.words)}
    else:
        row["kind"] = "message"
    if not proposal.has("unit"):
        row["units"] = dict(known.units)
    opens: list[Event] = [{"event": "row", "kind": ["message"]}]
    if answers:
        opens.append({"column": "answers", "empty": True})
    if thread:
        opens.append({"any": [{"column": "thread", "empty": True}, *([{"column": "thread", "same_as": "id"}] if proposal.has("id") else [])]})
    question: Event = {"kind": "question", "at": "time", "giver": giver, "receiver": receiver, **people, "id": "{row.id}#q", "amount": 1,
                       "unit": "count", "thread": [*thread, "{row.id}"], "when": opens}
    return [row, question]


def _items(proposal: Proposal) -> list[Event]:
    """Invoices, credit notes, and when they were settled or disputed."""
    seller, buyer = _roles(proposal)["supplier"], _roles(proposal)["customer"]
    unit, order = _places(proposal, "currency"), _places(proposal, "order")
    turned = is_turned(proposal)
    above, below = {"column": "amount", "at_least": 0}, {"column": "amount", "below": 0}
    same: Event = {"unit": unit, "thread": order}
    events: list[Event] = [
        {"kind": kind, "when": when, "at": "invoice_date", "giver": seller, "receiver": buyer, "id": f"{kind}:{{giver}}:{{number}}:{{at.year}}",
         "amount": sign + "amount", **same, **({"due": _has(proposal, "due")} if kind == "invoice" else {}), "references": ["{number}", *order]}
        for kind, when, sign in (("invoice", below if turned else above, "-" if turned else ""),
                                 ("credit_note", above if turned else below, "" if turned else "-"))]
    if proposal.has("settled"):
        events.append({"kind": "payment", "when": {"event": "invoice"}, "at": "settled", "giver": buyer, "receiver": seller,
                       "id": "{invoice.id}#payment", "amount": "-amount" if turned else "amount", **same, "answers": "{invoice.id}",
                       "references": "{number}"})
    if proposal.has("disputed"):
        events.append({"kind": "difference", "when": [{"event": "invoice"}, {"column": "disputed", "is": _YES}],
                       "at": [*_has(proposal, "disputed_on"), "invoice_date"], "giver": buyer, "receiver": seller, "id": "{invoice.id}#difference",
                       "amount": 1, "unit": "count", "thread": order, "answers": "{invoice.id}"})
    return events


def _payments(proposal: Proposal) -> list[Event]:
    us, other = _roles(proposal)["account"], "other"
    text = _has(proposal, "text", "structured")
    same: Event = {"unit": _places(proposal, "currency"), "references": _places(proposal, "reference", "structured")}
    if proposal.has("account"):
        same["booking"] = {"account": "account", "text": text}
    reference = proposal.column("reference")
    known = _places(proposal, "reference") if reference is not None and (reference.unique or proposal.has("account")) else []
    made: list[Event] = []

    def flow(name: str, *, inward: bool, amount: str, when: Sequence[Event]) -> None:
        giver, receiver = (other, us) if inward else (us, other)
        made.append({"name": name, "kind": "payment", "when": list(when), "at": "at", "giver": giver, "receiver": receiver,
                     "id": known, "amount": amount, **same})

    def both(name: str, column: str, *, inward: bool, when: Sequence[Event] = ()) -> None:
        """An amount whose way is known; some banks write what went out below zero as well."""
        flow(name, inward=inward, amount=column, when=[*when, {"column": column, "at_least": _CENT}])
        flow(f"{name}_below", inward=inward, amount=f"-{column}", when=[*when, {"column": column, "below": -_CENT}])

    way = proposal.column("way")
    if way is not None and proposal.has("amount"):
        for inward, name in ((True, "in"), (False, "out")):
            words = [word for word in way.values if is_inward(word) is inward]
            if words:
                both(name, "amount", inward=inward, when=[{"column": "way", "is": words}])
    elif proposal.has("debit") or proposal.has("credit"):
        for column, inward, name in (("credit", True, "in"), ("debit", False, "out")):
            if proposal.has(column):
                both(name, column, inward=inward)
    elif (direction := proposal.fixed("direction")) in {"in", "out"}:
        both(direction, "amount", inward=direction == "in")
    else:
        flow("in", inward=True, amount="amount", when=[{"column": "amount", "at_least": _CENT}])
        flow("out", inward=False, amount="-amount", when=[{"column": "amount", "below": 0}])
    return made


def _deliveries(proposal: Proposal) -> list[Event]:
    seller, buyer = _roles(proposal)["supplier"], _roles(proposal)["customer"]
    order = _places(proposal, "order")
    known = "{id}" if proposal.has("id") else "{order}" if proposal.has("order") else ""
    same: Event = {"unit": _places(proposal, "currency"), "due": _has(proposal, "promised"), "thread": order, "references": order}
    made: list[Event] = []
    if proposal.has("ordered"):
        made.append({"kind": "order", "at": "ordered", "giver": buyer, "receiver": seller, "id": f"order:{{receiver}}:{known}" if known else [],
                     "amount": _has(proposal, "amount"), **same})
    if proposal.has("delivered"):
        made.append({"kind": "delivery", "at": "delivered", "giver": seller, "receiver": buyer, "id": f"delivery:{{giver}}:{known}" if known else [],
                     "amount": [*_has(proposal, "amount"), 1], **same, "answers": "{order.id}" if proposal.has("ordered") else None})
    return made


def _tickets(proposal: Proposal) -> list[Event]:
    """A ticket is a message that asks. Without the moment of a first reply nothing shows whether it was answered, so nothing asks."""
    asker, desk = _roles(proposal).values()
    here: Event = {"giver": asker, "receiver": desk, "giver_person": "requester" if proposal.has("requester") else None,
                   "receiver_person": "agent" if proposal.has("agent") else None}
    back: Event = {"giver": desk, "receiver": asker, "giver_person": here["receiver_person"], "receiver_person": here["giver_person"]}
    made: list[Event] = [{"name": "ticket", "kind": "message", "at": "created", **here, "id": _places(proposal, "id"), "thread": "{ticket.id}"}]
    if proposal.has("replied"):
        made += [
            {"kind": "question", "at": "created", **here, "id": "{ticket.id}#q", "amount": 1, "unit": "count", "thread": "{ticket.id}",
             "when": {"event": "ticket"}, "due": _has(proposal, "due")},
            {"name": "reply", "kind": "message", "at": "replied", **back, "id": "{ticket.id}#reply", "answers": "{ticket.id}", "thread": "{ticket.id}",
             "when": {"event": "ticket"}}]
    return made


def _meetings(proposal: Proposal) -> list[Event]:
    host, guest = _roles(proposal).values()
    same: Event = {"at": "start", "amount": _has(proposal, "minutes")}
    return [
        {"kind": "meeting", **same, "giver": host, "receiver": guest, "id": _places(proposal, "id"),
         "giver_person": "organiser" if proposal.has("organiser") else None, "receiver_person": "attendee" if proposal.has("attendee") else None},
        {"kind": "attendance", **same, "giver": guest, "receiver": host, "id": "{meeting.id}#attendance", "answers": "{meeting.id}",
         "when": {"event": "meeting"}}]


_EVENTS = {"log": _log, "receivable": _items, "payable": _items, "invoices": _items, "payments": _payments, "deliveries": _deliveries,
           "tickets": _tickets, "meetings": _meetings}
